"""Whatever a field does not take, a person sees why, however the field is left; in the window and in its dialogs."""

import pytest
import shiboken6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QDialog, QLineEdit

from gui.panels.data import DataPanel
from gui.widgets.fields import IntegerBox
from gui.widgets.refusal import Refusal, refusal_of, refuse
from tests.gui.events import settle
from tests.gui.refusals import said_under

LEFT = Qt.MouseButton.LeftButton
NONSENSE = "abc("
TEXTS = {"File of the picture", "File of the animation", "Title", "Caption", "Slices in 3D"}
"""Fields that take any text; the dialog says at its foot what is wrong with it."""


def typed_fields(root):
    """Return every field in which a person can type a number or a formula, as it is seen now."""
    boxes = [*root.findChildren(QAbstractSpinBox), *root.findChildren(QComboBox)]
    inside = {box.lineEdit() for box in boxes}
    lines = [line for line in root.findChildren(QLineEdit) if line not in inside and line.accessibleName() not in TEXTS]
    fields = [*(box for box in boxes if box.lineEdit() is not None), *lines]
    return [field for field in fields if field.isVisible() and field.isEnabled() and field.window() is root]


def leave(field, way):
    if way == "click":
        QTest.mouseClick(field.window().findChild(DataPanel).title, LEFT)
    else:
        QTest.keyClick(field, way)


def assert_refuses(field, way):
    field.setFocus()
    assert field.hasFocus()
    if isinstance(field, QComboBox):
        field.lineEdit().selectAll()
    else:
        field.selectAll()
    QTest.keyClicks(field, NONSENSE)
    leave(field, way)
    settle()
    sentence = said_under(field)
    name = f"{field.accessibleName()} after {way}"
    assert sentence, f"{name}: nothing is seen"
    assert sentence[0].isupper() or sentence[0] in "“0123456789", f"{name}: {sentence}"
    assert sentence.endswith("."), f"{name}: {sentence}"
    QTest.keyClick(field, Qt.Key.Key_Backspace)
    settle()
    assert not said_under(field), f"{name}: it stays after the next key"
    if isinstance(field, QLineEdit):
        field.clear()
    field.clearFocus()
    again = refusal_of(field)
    if again is not None:
        QTest.mouseClick(again, LEFT)
        assert not said_under(field), f"{name}: it stays after a click on it"


@pytest.fixture
def full_window(shared_window, answered):
    """The window with every field that it can have at once."""
    window, document = shared_window, shared_window.document
    window.resize(1600, 1000)
    window.show_panel("Settings", True)
    document.learning.set_training(clip_norm=1.0, patience=5, regularization="l2", regularization_rate=0.01)
    document.view.set(tool="brush", in_space=True, slices=(0.0,))
    answered(document)
    return window


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("way", [Qt.Key.Key_Return, Qt.Key.Key_Tab, "click"], ids=["return", "tab", "click"])
def test_every_field_of_the_window_says_what_it_refuses(full_window, way):
    fields = typed_fields(full_window)
    assert len(fields) > 15
    for field in fields:
        assert_refuses(field, way)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("name", ["export_animation", "race", "formula"])
def test_every_field_of_a_dialog_says_what_it_refuses(shared_window, qtbot, name):
    shared_window.findChild(QAction, name).trigger()
    (dialog,) = [dialog for dialog in shared_window.findChildren(QDialog) if dialog.isVisible()]
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    QApplication.processEvents()
    fields = typed_fields(dialog)
    assert fields
    for field in fields:
        assert_refuses(field, Qt.Key.Key_Tab)
    dialog.close()


def test_a_sentence_goes_with_its_field(bare_window):
    """The field of a layer goes with the layer, while the window is laid out anew."""
    field = IntegerBox("Neurons", "", 1, 8)
    field.setParent(bare_window)
    field.setGeometry(10, 10, 100, 24)
    field.show()
    bare_window.resize(400, 300)
    settle()
    refuse(field, "There can be up to 8.")
    settle()
    assert said_under(field)
    shiboken6.delete(field)
    bare_window.resize(bare_window.width() - 40, bare_window.height() - 40)
    settle()
    assert not bare_window.findChildren(Refusal)
