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
from gui.headless.desktop import ICON_SIZES, files, install, program, write
from gui.theme import RESOURCES

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


VALIDATORS = {
    "applications/netcanvas.desktop": ["desktop-file-validate"],
    "metainfo/org.netcanvas.netcanvas.metainfo.xml": ["appstreamcli", "validate", "--no-net", "--pedantic"],
}


@pytest.mark.parametrize("name", VALIDATORS)
def test_entry_and_description_are_valid(name, tmp_path):
    program_name, *options = VALIDATORS[name]
    if not shutil.which(program_name):
        pytest.skip(f"{program_name} is not installed")
    write(tmp_path, program())
    done = subprocess.run(
        [program_name, *options, str(tmp_path / name)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.skipif(not shutil.which("desktop-file-validate"), reason="desktop-file-validate is not installed")
def test_the_entry_of_the_package_is_valid():
    done = subprocess.run(
        ["desktop-file-validate", str(RESOURCES / "desktop" / "netcanvas.desktop")], capture_output=True, check=False
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, b"")


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
