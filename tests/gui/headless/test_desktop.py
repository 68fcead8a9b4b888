import re
import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

import main
from gui.headless.desktop import ICON_SIZES, files, install, program

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the entries of Linux desktops")


def exec_line(command):
    """Return the command that a desktop makes of the Exec line."""
    entry = ConfigParser(interpolation=None)
    entry.optionxform = str
    entry.read_string(files(command)["applications/netcanvas.desktop"].decode())
    value = entry["Desktop Entry"]["Exec"].replace("\\\\", "\\")
    assert value.endswith(" %f")
    parts = re.findall(r'"((?:[^"\\]|\\.)*)"', value)
    return [re.sub(r"\\(.)", r"\1", part).replace("%%", "%") for part in parts]


PATHS = st.text(st.sampled_from("ab /-_.ü\"$`\\%'"), min_size=1, max_size=12).map(lambda name: f"/{name}")


@given(st.lists(PATHS, min_size=1, max_size=2))
def test_the_entry_starts_the_program_wherever_it_is(command):
    assert exec_line(command) == command


def test_the_command_is_this_program():
    assert exec_line(program()) == [sys.executable, str(Path(main.__file__))]
    assert subprocess.run([*program(), "--version"], capture_output=True, check=True).stdout.startswith(b"NetCanvas")


@pytest.fixture
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    return tmp_path


def test_entry_type_and_icons_come_and_go(home, capsys):
    assert main.main(["desktop"]) == 0
    assert "in the menu" in capsys.readouterr().out
    assert all((home / name).is_file() for name in files([]))
    types = ElementTree.parse(home / "mime" / "packages" / "netcanvas.xml")
    assert [glob.get("pattern") for glob in types.iter() if glob.tag.endswith("}glob")] == ["*.netcanvas"]
    for size in ICON_SIZES:
        image = QImage(str(home / f"icons/hicolor/{size}x{size}/apps/netcanvas.png"))
        assert (image.width(), image.height()) == (size, size)
        assert image.pixelColor(size // 2, size // 2).alpha() == 255
    assert main.main(["desktop", "--remove"]) == 0
    assert not any((home / name).exists() for name in files([]))
    assert main.main(["desktop", "--remove"]) == 0
    assert "nothing to remove" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_said(home, capsys):
    (home / "applications").write_text("a file")
    assert main.main(["desktop"]) == 1
    assert "cannot be written" in capsys.readouterr().err


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="the program that checks it is not installed")
def test_the_entry_is_valid(tmp_path):
    install(tmp_path, program())
    path = tmp_path / "applications" / "netcanvas.desktop"
    done = subprocess.run(["desktop-file-validate", str(path)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


WHAT_IS = """
import sys
from PySide6.QtCore import QMimeDatabase
print(*(QMimeDatabase().mimeTypeForFile(name).name() for name in sys.argv[1:]))
"""


def test_the_desktop_knows_an_experiment_by_its_name_and_by_its_content(home):
    experiment, renamed = home / "run.netcanvas", home / "renamed"
    assert main.main(["train", "--steps", "2", "--quiet", "--save", str(experiment)]) == 0
    renamed.write_bytes(experiment.read_bytes())
    install(home, program())
    done = subprocess.run([sys.executable, "-c", WHAT_IS, experiment, renamed], capture_output=True, check=True)
    assert done.stdout.split() == [b"application/x-netcanvas"] * 2
