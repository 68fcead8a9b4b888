"""Dialogs on the smallest screen, and on one that is too small for a large interface, and on one with room for it."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QPushButton, QScrollBar

from gui import theme
from gui.widgets import screens
from tests.gui.walk import DIALOGS, cut_texts, outside, small_prints

ROOM = QRect(4, 34, 1016, 526)
"""On a screen of 1024 to 600 pixels with a task bar, within a frame."""

HORIZONTAL = Qt.Orientation.Horizontal
ALL = (*DIALOGS, "import")

LARGE_ROOM = QRect(4, 34, 3800, 2000)

TABLE = """height of the plant;width of the leaf;species
5,1;3,5;setosa
4,9;3,0;setosa
7,0;3,2;versicolor
6,4;3,2;virginica
"""

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def opened(shared_window, monkeypatch, qtbot, tmp_path):
    """Open a dialog by its action, or that of a table."""
    monkeypatch.setattr(screens, "room_for", lambda window: ROOM)

    table = tmp_path / "table.csv"
    table.write_text(TABLE)

    def open_it(name):
        before = set(shared_window.findChildren(QDialog))
        if name == "compare_runs":
            shared_window.document.run.step()
            shared_window.document.pins.pin()
        if name == "import":
            shared_window.tables.open(table)
        else:
            action = shared_window.findChild(QAction, name)
            action.setEnabled(True)
            action.trigger()
        qtbot.waitUntil(lambda: any(found.isVisible() for found in shown_since(shared_window, before)))
        (dialog,) = shown_since(shared_window, before)
        QApplication.processEvents()
        return dialog

    yield open_it
    for dialog in shared_window.findChildren(QDialog):
        dialog.close()
    theme.manager().set_scale(1.0)


def shown_since(window, before):
    return [found for found in window.findChildren(QDialog) if found not in before and found.isVisible()]


def is_whole(dialog, widget):
    return dialog.rect().contains(widget.rect().translated(widget.mapTo(dialog, QPoint())))


@pytest.mark.parametrize("name", ALL)
def test_all_buttons_are_seen_at_once(opened, name, qtbot):
    dialog = opened(name)
    assert dialog.width() <= ROOM.width()
    assert dialog.height() <= ROOM.height()
    buttons = [button for button in dialog.findChildren(QPushButton) if button.isVisible()]
    assert buttons or name == "loss_landscape"
    qtbot.waitUntil(lambda: all(is_whole(dialog, button) for button in buttons))
    qtbot.waitUntil(lambda: cut_texts(dialog) == [] == outside(dialog))


@pytest.mark.parametrize("name", ALL)
def test_what_has_no_room_at_twice_the_size_is_scrolled_to(opened, name, qtbot):
    theme.manager().set_scale(2.0)
    dialog = opened(name)
    assert dialog.width() <= ROOM.width()
    assert dialog.height() <= ROOM.height()
    for button in dialog.findChildren(QPushButton):
        area = next((area for area in dialog.findChildren(QAbstractScrollArea) if area.isAncestorOf(button)), None)
        if button.isVisible() and area is not None and hasattr(area, "ensureWidgetVisible"):
            area.ensureWidgetVisible(button)
        qtbot.waitUntil(lambda button=button: not button.isVisible() or is_whole(dialog, button))


def test_a_page_without_a_foot_has_the_whole_dialog(opened, qtbot):
    theme.manager().set_scale(2.0)
    dialog = opened("loss_landscape")
    qtbot.waitUntil(lambda: dialog.page.shown.height() > 0.5 * dialog.height())


@pytest.mark.parametrize("name", ["export_picture", "export_animation", "compare_runs", "loss_landscape", "import"])
def test_it_is_as_much_larger_as_the_interface_where_there_is_room(opened, name, monkeypatch, qtbot):
    monkeypatch.setattr(screens, "room_for", lambda window: LARGE_ROOM)
    small = opened(name)
    before = small.size()
    small.close()
    theme.manager().set_scale(2.0)
    dialog = opened(name)
    qtbot.waitUntil(lambda: cut_texts(dialog) == [] == outside(dialog))
    assert small_prints(dialog) == []
    assert not any(bar.isVisible() for bar in dialog.findChildren(QScrollBar) if bar.orientation() is HORIZONTAL)
    assert dialog.width() >= 1.5 * before.width()
    assert dialog.height() >= 1.5 * before.height()
