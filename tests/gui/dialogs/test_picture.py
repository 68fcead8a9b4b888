import errno
import os
import re

import pytest
import shiboken6
from PySide6.QtCore import QObject, QSettings, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton

from gui.dialogs.picture import PictureDialog
from gui.export.stills import Stills
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import NumberBox

LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(shared_window):
    return shared_window


@pytest.fixture
def stills(window):
    document = window.document
    return Stills(window, document.run, document.view, document.pins, document.probe, document.landscape)


@pytest.fixture
def dialog(window, qtbot):
    window.findChild(QObject, "export_picture").trigger()
    dialog = window.findChild(PictureDialog)
    qtbot.waitUntil(dialog.isVisible)
    yield dialog
    if shiboken6.isValid(dialog):
        dialog.close()


@pytest.fixture
def fill(dialog, named):
    """Choose a view, a kind and a file in the dialog as a person does."""

    def choose(view, kind, path):
        for name, key in (("View", view), ("Kind of file", kind)):
            pick(named(dialog, name, ChoiceBox), key)
        line = named(dialog, "File of the picture", QLineEdit)
        line.clear()
        QTest.keyClicks(line, str(path))

    return choose


def pick(box, key):
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


def save(dialog):
    button = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Save")
    QTest.mouseClick(button, LEFT)


def message(dialog):
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_save_writes_the_view_says_so_and_closes(window, dialog, fill, stills, tmp_path, kind, qtbot):
    path = tmp_path / f"picture.{kind}"
    fill("network", kind, path)
    with qtbot.waitSignal(dialog.accepted):
        save(dialog)

    assert window.statusBar().currentMessage() == f"Wrote {path}."
    content = path.read_bytes()
    if kind == "png":
        assert QImage(str(path)).size() == stills.image("network").size()
    elif kind == "svg":
        assert QSvgRenderer(str(path)).isValid()
    else:
        assert content.startswith(b"%PDF-")
        assert b"%%EOF" in content[-16:]
    assert not list(tmp_path.glob(".netcanvas*"))


def test_the_kind_is_the_end_of_the_name(dialog, fill, tmp_path):
    fill("output", "pdf", tmp_path / "mine")
    save(dialog)

    assert (tmp_path / "mine.pdf").exists()
    assert QSettings().value("picture/kind") == "pdf"


def test_a_file_that_is_there_is_asked_about(dialog, fill, tmp_path, answer_box):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    fill("output", "png", path)
    save(dialog)
    answer_box(dialog, "Cancel")
    assert path.read_bytes() == b"old"
    save(dialog)
    answer_box(dialog, "Replace")
    assert not QImage(str(path)).isNull()


def test_the_file_dialog_s_question_is_enough(dialog, fill, tmp_path, monkeypatch, named):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    fill("output", "png", "")
    QTest.mouseClick(named(dialog, "Choose the file of the picture", QPushButton), LEFT)
    save(dialog)

    assert not QImage(str(path)).isNull()


def test_a_folder_that_is_not_there_is_told(dialog, fill, tmp_path):
    fill("output", "png", tmp_path / "nowhere" / "picture.png")
    save(dialog)

    assert "Choose a folder that exists." in message(dialog)


def test_a_full_disk_leaves_nothing(dialog, fill, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("model.writing.os.fsync", full)
    fill("output", "png", tmp_path / "picture.png")
    save(dialog)

    assert "Make room on that disk" in message(dialog)
    assert not list(tmp_path.glob("*.png"))
    assert not list(tmp_path.glob(".netcanvas*"))


def test_no_name_is_told(dialog, fill):
    fill("output", "png", "")
    save(dialog)

    assert "There is no name" in message(dialog)


def test_the_width_is_typed_in_millimetres_and_remembered(dialog, fill, named, tmp_path, qtbot):
    path = tmp_path / "column.pdf"
    fill("figure", "pdf", path)
    unit, width = named(dialog, "Unit of the width", ChoiceBox), named(dialog, "Width", NumberBox)
    assert not width.isEnabled()
    assert width.value() == 1280
    pick(unit, "mm")
    assert width.isEnabled()
    width.setFocus()
    width.selectAll()
    QTest.keyClicks(width, "85")
    QTest.keyClick(width, Qt.Key.Key_Return)
    assert width.value() == 85
    with qtbot.waitSignal(dialog.accepted):
        save(dialog)

    found = re.search(rb"/MediaBox \[0 \S+ (\S+) ", path.read_bytes())
    assert float(found[1]) == pytest.approx(85 * 72 / 25.4, abs=1e-3)
    assert (QSettings().value("picture/unit"), float(QSettings().value("picture/width"))) == ("mm", 85.0)


def test_the_width_follows_the_window_until_one_is_chosen(dialog, stills, named):
    width = named(dialog, "Width", NumberBox)
    for view in ("network", "loss", "output"):
        pick(named(dialog, "View", ChoiceBox), view)
        assert width.value() == stills.image(view).width()


def test_values_have_no_confusion_matrix(window, stills):
    window.document.points.generate(name="sine")

    assert "confusion" not in stills.offered()


def test_copy_puts_the_output_on_the_clipboard(window, stills, qtbot):
    window.findChild(QObject, "copy_picture").trigger()

    assert QGuiApplication.clipboard().image().size() == stills.image("output").size()
    QGuiApplication.clipboard().clear()


def test_copy_prefers_the_view_with_the_focus(window, stills):
    window.findChild(QObject, "network_view").setFocus()
    window.findChild(QObject, "copy_picture").trigger()

    assert QGuiApplication.clipboard().image().size() == stills.image("network").size()
    QGuiApplication.clipboard().clear()


def test_the_preview_grows_with_the_dialog(dialog, named, qtbot):
    preview = named(dialog, "Preview", QLabel)
    before = preview.pixmap().size()
    dialog.resize(2 * dialog.size())
    qtbot.waitUntil(lambda: preview.pixmap().width() > 1.5 * before.width())
