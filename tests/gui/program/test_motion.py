"""Nothing moves for the sake of moving where a person, or the desktop, has asked for that."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from gui.program import motion

FILES = {
    "kdeglobals": "[KDE]\nAnimationDurationFactor=0\n",
    "gtk-3.0/settings.ini": "[Settings]\ngtk-enable-animations=0\n",
    "gtk-4.0/settings.ini": "[Settings]\ngtk-enable-animations=false\n",
}


@pytest.fixture
def folder(qapp, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    yield tmp_path
    QSettings().remove("reduce_motion")


@pytest.mark.parametrize("reduces", [True, False])
@pytest.mark.parametrize("name", FILES)
def test_the_desktop_s_setting_is_followed(folder, name, reduces):
    assert not motion.desktop_reduces()
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(FILES[name] if reduces else FILES[name].replace("=0", "=1").replace("=false", "=true"))
    assert motion.desktop_reduces() is reduces
    assert motion.is_reduced() is reduces


def test_what_a_person_says_here_counts_and_is_remembered(folder):
    (folder / "kdeglobals").write_text(FILES["kdeglobals"])
    motion.set_reduced(False)
    assert not motion.is_reduced()
    motion.set_reduced(True)
    assert motion.is_reduced()
    assert QSettings().value("reduce_motion") == "true"


def test_bending_is_then_shown_at_once(folder, shared_window, named, qtbot, answered):
    window = shared_window
    window._actions["reduce_motion"].trigger()
    assert window._actions["reduce_motion"].isChecked()
    window.document.view.set(shows="hidden")
    answered(window.document)
    bend = named(window, "Bend", QToolButton)
    slider = named(window, "Way through the layer")
    qtbot.waitUntil(bend.isEnabled)
    for expected in (slider.minimum(), slider.maximum()):
        QTest.mouseClick(bend, Qt.MouseButton.LeftButton)
        assert slider.value() == expected
    window._actions["reduce_motion"].trigger()
    assert not window._actions["reduce_motion"].isChecked()
