import os
import socket
import sys
from pathlib import Path

import pytest

from gui.program import startup

ROOT = Path(startup.__file__).parents[2]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looked at on Linux only")


def is_one_sentence(text):
    return text.startswith("NetCanvas ") and "\n" not in text and text.endswith(".")


@linux_only
@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "neither DISPLAY nor WAYLAND_DISPLAY is set"),
        ({"DISPLAY": "", "QT_QPA_PLATFORM": ""}, "neither DISPLAY nor WAYLAND_DISPLAY is set"),
        ({"DISPLAY": ":4321"}, "DISPLAY=:4321"),
        ({"DISPLAY": "nonsense"}, "DISPLAY=nonsense"),
    ],
)
def test_a_screen_that_is_not_there_is_named(environment, named):
    problem = startup.find_problem(environment)
    assert is_one_sentence(problem)
    assert named in problem


@pytest.mark.parametrize(
    "environment",
    [
        {"WAYLAND_DISPLAY": "wayland-7"},
        {"WAYLAND_DISPLAY": "wayland-7", "DISPLAY": ":4321"},
        {"XDG_SESSION_TYPE": "wayland"},
        {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":4321"},
    ],
)
def test_what_only_qt_can_tell_is_left_to_qt(environment):
    assert startup.find_problem(environment) is None


@pytest.mark.skipif(not os.environ.get("DISPLAY"), reason="there is no X server")
def test_the_x_display_of_this_test_run_answers():
    assert startup.x_server_answers(os.environ["DISPLAY"])


@linux_only
def test_without_its_library_nobody_can_tell_whether_an_x_server_answers(monkeypatch):
    def load(library):
        raise OSError(f"{library}: cannot open shared object file")

    monkeypatch.setattr(startup.ctypes, "CDLL", load)
    assert startup.find_problem({"DISPLAY": ":4321"}) is None


@linux_only
def test_an_x_display_that_never_answers_is_given_up(monkeypatch):
    monkeypatch.setattr(startup, "CONNECTION_SECONDS", 0.1)
    for number in range(1000, 1100):
        server = socket.socket()
        try:
            server.bind(("127.0.0.1", 6000 + number))
        except OSError:
            server.close()
            continue
        break
    with server:
        server.listen()
        assert not startup.x_server_answers(f"127.0.0.1:{number}")


@pytest.mark.parametrize(
    ("error", "named", "command"),
    [
        (ModuleNotFoundError("No module named 'numpy'", name="numpy"), "numpy", startup.INSTALL_COMMAND),
        (ModuleNotFoundError("No module named 'PySide6.QtSvg'", name="PySide6.QtSvg"), "PySide6", "pip install"),
        (
            ImportError("libEGL.so.1: cannot open shared object file: No such file or directory"),
            "libEGL.so.1",
            startup.APT_COMMAND,
        ),
    ],
)
def test_what_is_not_installed_is_named_with_the_command(error, named, command):
    problem = startup.explain_import(error)
    assert is_one_sentence(problem)
    assert f" {named}, " in problem
    assert command in problem


@pytest.mark.parametrize(
    "error",
    [
        ModuleNotFoundError("No module named 'gui.nothing'", name="gui.nothing"),
        ImportError("cannot import name 'nothing' from 'model'", name="model"),
    ],
)
def test_a_mistake_of_the_program_is_not_explained_away(error):
    assert startup.explain_import(error) is None


def test_what_qt_says_becomes_a_sentence():
    problem = startup.explain_qt(["could not connect to display :7", 'Could not load "xcb".\n'])
    assert is_one_sentence(problem)
    assert '(Qt says: could not connect to display :7; Could not load "xcb")' in problem


def test_the_readme_has_the_commands():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"\n{startup.INSTALL_COMMAND}\n" in readme
    assert f"\n{startup.APT_COMMAND}\n" in readme
