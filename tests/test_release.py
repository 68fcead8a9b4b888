"""What is published of a version, and how it is built for people who have no Python."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import main
from gui.dialogs.formula import worker
from gui.program.startup import version
from model.training.compiled import cache

ROOT = Path(main.__file__).parent
START = ROOT / ".ci" / "frozen.py"

NEWEST = {
    "CHANGELOG.md": r"^## \[(\S+)\] - ",
    "CITATION.cff": r"^version: (\S+)$",
    "resources/desktop/netcanvas.metainfo.xml": r'<release version="([^"]+)"',
}
"""Where a file names a version: the first one is the newest."""

RELEASED = {
    "CHANGELOG.md": r"^## \[\S+\] - (\S+)$",
    "CITATION.cff": r"^date-released: (\S+)$",
    "resources/desktop/netcanvas.metainfo.xml": r'<release version="[^"]+" date="([^"]+)"',
}


def found(file, pattern):
    return re.search(pattern, (ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)[1]


@pytest.mark.parametrize("file", NEWEST)
def test_every_file_that_names_the_version_names_that_of_the_program(file):
    assert found(file, NEWEST[file]) == version()


def test_a_release_has_one_day():
    assert len({found(file, pattern) for file, pattern in RELEASED.items()}) == 1


def test_the_application_has_one_name_everywhere():
    identifier = found("resources/desktop/netcanvas.metainfo.xml", r"<id>(\S+)</id>")
    assert identifier == found(".ci/netcanvas.spec", r'^IDENTIFIER = "(\S+)"$')


def run_start(*arguments):
    """Run what the built program starts with, in the Python of the tests."""
    command = [sys.executable, str(START), *arguments]
    return subprocess.run(command, cwd=ROOT, input="", capture_output=True, text=True, timeout=60, check=False)


def test_the_built_program_starts_the_command_line(monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    done = run_start("--version")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, f"NetCanvas {version()}")
    assert run_start("-m", "this").returncode == 2


@pytest.fixture
def commands(monkeypatch, qapp):
    """Collect with which arguments the program starts processes of its own."""
    started = []
    with monkeypatch.context() as patch:
        patch.setattr(cache.subprocess, "Popen", lambda command, **_: started.append(command[1:]))
        patch.setattr(worker.QProcess, "start", lambda _, program, arguments: started.append(arguments))
        cache.start_build(gently=True)
        worker.Worker(qapp)._started().deleteLater()
    return started


def test_the_built_program_starts_each_process_that_the_program_asks_for(commands, monkeypatch, tmp_path):
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "file" / "below"))
    (tmp_path / "file").touch()  # Nothing can be kept there: compiling ends at once.
    assert {arguments[0] for arguments in commands} == {"-m"}
    assert sorted(arguments[1] for arguments in commands) == sorted(processes())
    compiling = cache.NOWHERE if cache.is_installed() else 1
    assert [run_start(*arguments).returncode for arguments in commands] == [compiling, 0]


def processes():
    for node in ast.parse(START.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "PROCESSES":
            return ast.literal_eval(node.value)
    raise AssertionError("there is no PROCESSES")


def test_what_the_built_program_carries_is_there():
    """The spec names files and modules that only a build would miss."""
    text = (ROOT / ".ci" / "netcanvas.spec").read_text(encoding="utf-8")
    parts = [re.findall(r'"([^"]+)"', line) for line in re.findall(r"ROOT((?: / \"[^\"]+\")+)", text)]
    assert len(parts) >= 4
    for path in parts:
        assert ROOT.joinpath(*path).exists(), path
    assert (ROOT / ".ci" / "hooks" / "hook-PySide6.QtGui.py").exists()
    kept_as_files = re.findall(r'"((?:gui|model)[\w.]*)": "', text)
    assert kept_as_files
    for module in kept_as_files:
        path = ROOT.joinpath(*module.split("."))
        assert path.is_dir() or path.with_suffix(".py").is_file(), module
