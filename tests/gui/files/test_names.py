"""Names that no file can have, or that cannot be read or written: a sentence for each, wherever it comes from."""

import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QLineEdit, QMessageBox, QPushButton

BAD = {
    "of nobody's home": "~nobody-here/x",
    "of 300 letters": "n" * 300,
    "with a NUL": "a\0b",
    "in a file": "a-file/x",
    "in no folder": "gone/x",
    "of the system": "/proc/x",
}
CHOSEN = {
    "open": ".netcanvas",
    "save_as": ".netcanvas",
    "import_data": ".csv",
    "export_data": ".csv",
    "export_network": ".py",
}
"""Action that asks the system's dialog for a name -> how the name ends."""

TYPED = {"export_picture": ".png", "export_animation": ".mp4"}
"""Action that opens a dialog with a line for a name -> how the name ends."""


@pytest.fixture
def here(tmp_path, monkeypatch):
    folder = tmp_path / "here"
    folder.mkdir()
    (folder / "a-file").touch()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HOME", str(folder))
    return folder


def said(widget):
    """Return what is said in front of a window, or in a dialog, to a person who asked for a file."""
    boxes = [box for box in widget.findChildren(QMessageBox) if box.isVisible()]
    assert len(boxes) == 1
    (box,) = boxes
    text = f"{box.text()} {box.informativeText()}"
    box.close()
    return text


@pytest.mark.parametrize("suffix", [True, False], ids=["with its end", "without its end"])
@pytest.mark.parametrize("name", BAD.values(), ids=BAD)
@pytest.mark.parametrize("action", CHOSEN)
def test_a_name_from_the_systems_dialog_that_cannot_be(shared_window, here, monkeypatch, action, name, suffix):
    window, before = shared_window, sorted(os.listdir(here))
    chosen = name + CHOSEN[action] if suffix else name
    for asks in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, asks, lambda *_: (chosen, ""))
    window.findChild(QAction, action).trigger()
    assert said(window).rstrip().endswith(".")
    assert sorted(os.listdir(here)) == before


@pytest.mark.parametrize("name", BAD.values(), ids=BAD)
@pytest.mark.parametrize("action", TYPED)
def test_a_typed_name_that_cannot_be(shared_window, here, qtbot, action, name):
    window, before = shared_window, sorted(os.listdir(here))
    window.document.run.step()
    qtbot.waitUntil(lambda: window.document.displayed.step > 0)
    window.findChild(QAction, action).trigger()
    (dialog,) = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
    (line,) = [line for line in dialog.findChildren(QLineEdit) if line.accessibleName().startswith("File of")]
    line.setText(f"{name}{TYPED[action]}")
    (write,) = [button for button in dialog.findChildren(QPushButton) if button.objectName() == "primary"]

    def errors():
        labels = [label for label in dialog.findChildren(QLabel) if label.property("role") == "error"]
        return [label.text() for label in labels if label.isVisible() and label.text()]

    QTest.mouseClick(write, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: errors() != [])
    (sentence,) = errors()
    assert sentence.endswith(".")
    dialog.close()
    assert sorted(os.listdir(here)) == before
