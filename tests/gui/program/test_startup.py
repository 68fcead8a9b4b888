import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import PySide6
import pytest
import shiboken6

from gui.program import startup

ROOT = Path(startup.__file__).parents[2]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looked at on Linux only")


def loader(*missing):
    """Load everything but the libraries named."""

    def load(library):
        if library in missing:
            raise OSError(f"{library}: cannot open shared object file")

    return load


def reached(*reachable):
    return lambda platform, environment: platform in reachable


def is_one_sentence(text):
    return text.startswith("NetCanvas ") and "\n" not in text and text.endswith(".")


# Where Qt will look for a screen


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, []),
        ({"DISPLAY": ""}, []),
        ({"DISPLAY": ":0"}, ["xcb"]),
        ({"WAYLAND_DISPLAY": "wayland-0"}, ["wayland"]),
        ({"WAYLAND_DISPLAY": "wayland-0", "DISPLAY": ":0"}, ["wayland", "xcb"]),
        ({"XDG_SESSION_TYPE": "wayland"}, ["wayland"]),
        ({"QT_QPA_PLATFORM": "offscreen", "DISPLAY": ":0"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "offscreen:size=800x600"}, ["offscreen"]),
        ({"QT_QPA_PLATFORM": "wayland-egl;xcb"}, ["wayland", "xcb"]),
        ({"QT_QPA_PLATFORM": "", "DISPLAY": ":0"}, ["xcb"]),
    ],
)
def test_platforms_are_those_that_qt_tries(environment, expected):
    assert startup.platforms(environment) == expected


# No screen


def test_no_display_is_named():
    problem = startup.find_linux_problem({}, loader())
    assert is_one_sentence(problem)
    assert "DISPLAY" in problem


@pytest.mark.parametrize(
    "environment", [{"DISPLAY": ":7"}, {"WAYLAND_DISPLAY": "wayland-7"}, {"XDG_SESSION_TYPE": "wayland"}]
)
def test_a_display_that_does_not_answer_is_named(environment):
    problem = startup.find_linux_problem(environment, loader(), reached())
    assert is_one_sentence(problem)
    assert all(value in problem for name, value in environment.items() if "DISPLAY" in name)


def test_one_display_that_answers_is_enough():
    environment = {"DISPLAY": ":7", "WAYLAND_DISPLAY": "wayland-7"}
    for platform in ("xcb", "wayland"):
        assert startup.find_linux_problem(environment, loader(), reached(platform)) is None


@pytest.mark.parametrize("platform", ["offscreen", "minimal", "vnc"])
def test_platforms_without_a_display_server_always_answer(platform):
    assert startup.answers(platform, {})


@linux_only
@pytest.mark.parametrize("display", [":4321", "nonsense", ""])
def test_a_dead_x_display_does_not_answer(display, monkeypatch):
    monkeypatch.delenv("DISPLAY", raising=False)  # libxcb looks there when it is given an empty name
    assert not startup.answers("xcb", {"DISPLAY": display})


@pytest.mark.skipif(not os.environ.get("DISPLAY"), reason="there is no X server")
def test_the_x_display_of_this_test_run_answers():
    assert startup.answers("xcb", os.environ)


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
        assert not startup.answers("xcb", {"DISPLAY": f"127.0.0.1:{number}"})


@linux_only
def test_a_wayland_display_answers_when_something_listens(tmp_path):
    relative = {"XDG_RUNTIME_DIR": str(tmp_path), "WAYLAND_DISPLAY": "wayland-7"}
    absolute = {"WAYLAND_DISPLAY": str(tmp_path / "wayland-7")}
    assert not startup.answers("wayland", relative)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert startup.answers("wayland", relative)
        assert startup.answers("wayland", absolute)
    assert not startup.answers("wayland", absolute)
    assert startup.answers("wayland", {"WAYLAND_SOCKET": "5"})


# Missing libraries


def test_missing_libraries_are_named_with_their_packages():
    missing = loader(
        "libEGL.so.1", "libxcb-cursor.so.0", "libxcb-icccm.so.4", "libglib-2.0.so.0", "libgthread-2.0.so.0"
    )
    problem = startup.find_linux_problem({"DISPLAY": ":0"}, missing, reached("xcb"))
    assert is_one_sentence(problem)
    assert "`sudo apt install libegl1 libglib2.0-0 libxcb-cursor0 libxcb-icccm4`" in problem
    assert "libxcb-cursor.so.0" in problem


def test_offscreen_demands_nothing_of_xcb():
    load = loader(*startup.PLATFORM_LIBRARIES["xcb"])
    assert startup.find_linux_problem({"QT_QPA_PLATFORM": "offscreen"}, load) is None
    assert startup.find_linux_problem({"QT_QPA_PLATFORM": "offscreen"}, loader("libGL.so.1")) is not None


def test_the_libraries_of_one_reachable_display_are_enough():
    environment = {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}
    no_wayland = loader(*startup.PLATFORM_LIBRARIES["wayland"])
    assert startup.find_linux_problem(environment, no_wayland, reached("xcb", "wayland")) is None
    assert "libwayland-client0" in startup.find_linux_problem(environment, no_wayland, reached("wayland"))


@linux_only
def test_this_machine_has_what_the_tests_run_with():
    assert startup.find_problem() is None
    assert startup.missing_libraries("offscreen") == {}


@linux_only
def test_a_library_that_is_not_there_is_missing(monkeypatch):
    monkeypatch.setitem(startup.QT_LIBRARIES, "libnetcanvas.so.9", "libnetcanvas9")
    assert startup.missing_libraries("offscreen") == {"libnetcanvas.so.9": "libnetcanvas9"}


@linux_only
@pytest.mark.skipif(shutil.which("readelf") is None, reason="needs readelf of binutils")
@pytest.mark.parametrize(
    ("platform", "files"),
    [
        ("offscreen", ["QtWidgets.abi3.so", "QtSvg.abi3.so", "QtOpenGLWidgets.abi3.so", "QtTest.abi3.so"]),
        ("offscreen", ["Qt/plugins/platforms/libqoffscreen.so", "Qt/plugins/imageformats/libqsvg.so"]),
        ("xcb", ["Qt/plugins/platforms/libqxcb.so"]),
        ("wayland", ["Qt/plugins/platforms/libqwayland.so", "Qt/plugins/wayland-shell-integration/libxdg-shell.so"]),
    ],
)
def test_the_tables_are_complete_for_the_installed_qt(platform, files):
    needed = libraries_needed(Path(PySide6.__file__).parent / name for name in files)
    c_library = {name for name in needed if re.match(r"(libc|libm|libdl|libpthread|librt|ld-linux.*)\.so", name)}
    assert needed - c_library <= {*startup.QT_LIBRARIES, *startup.PLATFORM_LIBRARIES.get(platform, {})}


def libraries_needed(files):
    """Give the names of all libraries that the files need and the wheels do not contain, directly or through others."""
    folders = [Path(PySide6.__file__).parent, Path(shiboken6.__file__).parent]
    contained = {path.name: path for folder in folders for path in folder.rglob("*.so*")}
    outside, seen, waiting = set(), set(), [path for path in files if path.exists()]
    assert waiting
    while waiting:
        path = waiting.pop()
        seen.add(path)
        listed = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
        for name in re.findall(r"\(NEEDED\).*\[(.+)\]", listed):
            if name not in contained:
                outside.add(name)
            elif contained[name] not in seen:
                waiting.append(contained[name])
    return outside


# Missing Python packages, and the README that the sentences point to


def test_missing_python_packages_are_named_with_the_command():
    problem = startup.find_missing_python_packages(lambda name: None if name == "PySide6" else object())
    assert is_one_sentence(problem)
    assert "(PySide6)" in problem
    assert startup.INSTALL_COMMAND in problem
    assert startup.find_missing_python_packages() is None


def test_readme_has_the_command_and_the_packages():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert startup.INSTALL_COMMAND in readme
    (line,) = re.findall(r"^sudo apt install (.+)$", readme, re.MULTILINE)
    tables = {**startup.QT_LIBRARIES, **startup.PLATFORM_LIBRARIES["xcb"]}
    assert set(line.split()) <= {*tables.values(), "python3-venv"}
