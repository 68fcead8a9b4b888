import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import main
from gui.program import startup

ROOT = Path(main.__file__).parent


def run_program(*arguments, **environment):
    """Run ``python main.py`` as a person would; a variable that is None is not set."""
    variables = {name: value for name, value in {**os.environ, **environment}.items() if value is not None}
    return run([sys.executable, "main.py", *arguments], env=variables)


def run(command, **options):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False, **options)


def test_version_is_that_of_the_project():
    done = run_program("--version")
    program, packages, engine = done.stdout.splitlines()
    assert (done.returncode, program, done.stderr) == (0, f"NetCanvas {startup.version()}", "")
    assert "NumPy" in packages
    assert engine == "engine: NumPy, as the environment variable NETCANVAS_ENGINE says"
    assert f'\nversion = "{startup.version()}"\n' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_help_says_what_the_program_is():
    done = run_program("--help")
    assert done.returncode == 0
    assert "laboratory for small neural networks" in done.stdout


@pytest.mark.parametrize("arguments", [["--versio"], ["--wrong"], ["a-file"], ["trian"], ["--", "a-file"], ["a", "b"]])
def test_wrong_arguments_end_with_status_2(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main.main(arguments)
    assert stop.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert arguments[-1] in line or arguments[0] in line
    assert ("did you mean train?" in line) == (arguments == ["trian"])


@pytest.mark.parametrize(
    "arguments", [["run.netcanvas"], ["points.csv"], ["--", "train"], ["--state", "netcanvas:abc."], []]
)
def test_a_file_or_state_that_is_named_is_opened_in_the_window(arguments, monkeypatch, tmp_path):
    opened = []
    monkeypatch.chdir(tmp_path)
    for name in ("run.netcanvas", "points.csv", "train"):
        (tmp_path / name).touch()
    monkeypatch.setattr(startup, "find_problem", lambda: None)
    monkeypatch.setattr("gui.app.run", lambda argv, file, state: opened.append(file or state) or 0)
    assert main.main(arguments) == 0
    assert opened == (arguments[-1:] or [None])


@pytest.mark.skipif(sys.platform != "linux", reason="signals of POSIX, and the log's place on Linux")
def test_the_window_shows_the_experiment_that_is_named(tmp_path, own_settings):
    assert main.main(["train", "--steps", "5", "--quiet", "--save", str(tmp_path / "lesson.netcanvas")]) == 0
    screen = {"QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "main.py", str(tmp_path / "lesson.netcanvas")]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **screen}) as program:
        try:
            # What is opened is remembered at once, as one of the recent files.
            wait_until(lambda: any("lesson.netcanvas" in path.read_text() for path in own_settings.rglob("*.conf")))
            program.send_signal(signal.SIGTERM)
            assert program.wait(timeout=10) == 0
        finally:
            program.kill()


def test_arguments_are_answered_without_the_heavy_libraries():
    code = (
        "import contextlib, sys, main\n"
        "with contextlib.suppress(SystemExit):\n"
        "    main.main(['--help'])\n"
        "sys.exit(' '.join({'numpy', 'PySide6', 'pyqtgraph'} & sys.modules.keys()))"
    )
    done = run([sys.executable, "-c", code])
    assert done.stderr.strip() == ""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
@pytest.mark.parametrize("display", [None, "", ":4321", "nonsense"])
def test_without_a_screen_it_says_so_in_one_sentence(display):
    done = run_program(DISPLAY=display, WAYLAND_DISPLAY=None, XDG_SESSION_TYPE=None, QT_QPA_PLATFORM=None)
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"NetCanvas [^\n]*screen[^\n]*\.\n", done.stderr)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have one kind of screen")
@pytest.mark.parametrize(
    "variables",
    [
        {"QT_QPA_PLATFORM": "nonsense"},
        {"WAYLAND_DISPLAY": "wayland-4321"},
        {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":4321"},
    ],
)
def test_what_qt_gives_up_for_is_said_in_one_sentence(variables, tmp_path):
    screens = {"DISPLAY": None, "WAYLAND_DISPLAY": None, "QT_QPA_PLATFORM": None}
    # Without such a folder the library of Wayland has a sentence of its own.
    done = run_program(**{"XDG_RUNTIME_DIR": str(tmp_path), **screens, **variables})
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(r"NetCanvas cannot open its window[^\n]*\.\n", done.stderr)
    assert variables.get("QT_QPA_PLATFORM", "wayland") in done.stderr


@pytest.mark.parametrize(
    ("error", "named"),
    [
        ("ImportError('libEGL.so.1: cannot open shared object file: No such file or directory')", "libEGL.so.1"),
        ("ModuleNotFoundError(\"No module named 'PySide6'\", name='PySide6')", "the Python package PySide6"),
    ],
)
def test_what_is_not_installed_is_said_in_one_sentence(error, named, tmp_path):
    (tmp_path / "PySide6.py").write_text(f"raise {error}\n")
    done = run_program(PYTHONPATH=str(tmp_path), QT_QPA_PLATFORM="offscreen")
    assert (done.returncode, done.stdout) == (1, "")
    assert re.fullmatch(rf"NetCanvas needs [^\n]*{re.escape(named)}[^\n]*\.\n", done.stderr)


def test_a_mistake_of_the_program_keeps_its_traceback(monkeypatch):
    monkeypatch.setitem(sys.modules, "gui.headless.commands", None)
    with pytest.raises(ImportError):
        main.main(["train"])


def test_a_problem_is_printed_and_nothing_started(monkeypatch, capsys):
    monkeypatch.setattr(startup, "find_problem", lambda: "The sky has fallen.")
    for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(variable, "to be undone")
        monkeypatch.delenv(variable)
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    assert main.main([]) == 1
    assert capsys.readouterr().err == "The sky has fallen.\n"
    assert os.environ["OPENBLAS_NUM_THREADS"] == "1"
    assert os.environ["OMP_NUM_THREADS"] == "7", "what the person set holds"


@pytest.mark.skipif(sys.platform != "linux", reason="signals of POSIX, and the log's place on Linux")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_open_window_cleanly(number, tmp_path):
    # XDG_STATE_HOME is the fixture own_settings's.
    log = Path(os.environ["XDG_STATE_HOME"]) / "NetCanvas" / "log" / "netcanvas.log"
    screen = {} if startup.find_problem() is None else {"QT_QPA_PLATFORM": "offscreen"}
    with subprocess.Popen(
        [sys.executable, "main.py"],
        cwd=ROOT,
        env={**os.environ, **screen},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            wait_until(lambda: program.poll() is not None or (log.exists() and "window is open" in log.read_text()))
            assert program.poll() is None, program.communicate()
            program.send_signal(number)
            _, errors = program.communicate(timeout=10)
        finally:
            program.kill()
    assert program.returncode == 0
    assert "Traceback" not in errors
    assert "QThread" not in errors


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
