"""Dialogs on the smallest screen, and on one that is too small for a large interface: no larger, and scrolled."""

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QDialog, QPushButton

from gui import theme
from gui.widgets import screens
from tests.gui.walk import cut_texts, outside

ROOM = QRect(4, 34, 1016, 526)
"""On a screen of 1024 to 600 pixels with a task bar, within a frame."""

DIALOGS = (
    "export_picture",
    "export_animation",
    "compare_runs",
    "race",
    "formula",
    "loss_landscape",
    "shortcuts",
    "about",
)

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def opened(shared_window, monkeypatch, qtbot):
    """Open a dialog by its action."""
    monkeypatch.setattr(screens, "room_for", lambda window: ROOM)

    def open_it(name):
        action = shared_window.findChild(QAction, name)
        before = set(shared_window.findChildren(QDialog))
        if name == "compare_runs":
            shared_window.document.run.step()
            shared_window.document.pins.pin()
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


@pytest.mark.parametrize("name", DIALOGS)
def test_all_buttons_are_seen_at_once(opened, name, qtbot):
    dialog = opened(name)
    assert dialog.width() <= ROOM.width()
    assert dialog.height() <= ROOM.height()
    buttons = [button for button in dialog.findChildren(QPushButton) if button.isVisible()]
    assert buttons or name == "loss_landscape"
    qtbot.waitUntil(lambda: all(is_whole(dialog, button) for button in buttons))
    qtbot.waitUntil(lambda: cut_texts(dialog) == [] == outside(dialog))


@pytest.mark.parametrize("name", DIALOGS)
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
