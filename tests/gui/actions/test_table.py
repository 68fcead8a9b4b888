"""Each action of the table does something that a person sees."""

import numpy as np
import pytest
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog

from gui import theme
from gui.actions.action import actions_of
from gui.actions.series import PANELS
from gui.actions.table import MENUS
from gui.document.view import SPEEDS
from gui.program import motion
from gui.theme import Scheme
from gui.tools import TOOLS
from model import Dataset

TABLE = [action for menu in MENUS for action in actions_of(menu)]
THREE = Dataset([[1, 1], [2, 2], [3, 3]], [0, 1, 2])
EIGHT = Dataset(THREE.points, THREE.labels, n_classes=8)
FIRST_CHOICES = ("tool_point", "class_1")


def prepare(window, name):
    """Bring the window into a state in which the action can do something."""
    document = window.document
    document.run.set_playing(False)
    document.points.set_data("new data", EIGHT if name.startswith("class") else THREE)
    document.view.select_points(np.array([1]))
    window.files.forget_changes()
    first = 0 if name in FIRST_CHOICES else 1
    document.view.set(tool=list(TOOLS)[1 - first], current_class=1 - first, speed=SPEEDS[-2])
    document.view.set(edges="updates" if name == "edges_weights" else "weights")
    if name == "theme_system":
        theme.manager().set_scheme(Scheme.DARK)
    if name == "usual_size":
        theme.manager().set_scale(1.25)
    QGuiApplication.clipboard().setText("1,2,A\n3,4,B")
    document.probe.release()
    if name == "release_probe":
        document.probe.pin(0)
    if name == "step_back":
        document.run.step()
    if name == "redo":
        document.points.clear()
        document.changes.undo()


@pytest.fixture
def asked(monkeypatch):
    """Cancel every file dialog, and note its title."""
    titles = []

    def cancel(_parent, title, *_):
        titles.append(title)
        return ("", "")

    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, cancel)
    return titles


def seen(window, asked):
    """Return what a person sees that actions change."""
    document, clipboard = window.document, QGuiApplication.clipboard()
    return (
        document.dataset.points.tobytes(),
        document.probe.pinned,
        document.dataset.n_classes,
        document.network_settings,
        document.view.settings,
        document.view.selection,
        document.view.left_out,
        tuple(document.view.selected_points),
        document.pins.runs,
        document.run.playing,
        document.displayed.step,
        [window.is_panel_shown(name) for name in PANELS],
        window.splitters["across"].sizes(),
        window.cards.enlarged,
        window.isFullScreen(),
        window.focusWidget(),
        motion.is_reduced(),
        theme.manager().scheme,
        theme.manager().scale,
        clipboard.text(),
        clipboard.image().isNull(),
        [dialog.objectName() for dialog in window.findChildren(QDialog) if dialog.isVisible()],
        tuple(asked),
        window.statusBar().currentMessage(),
        window.hints.are_shown,
        window.document.lesson.lesson,
        window.tables.has_decimal_comma,
        window.isVisible(),
    )


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_each_action_does_something(window, asked, qtbot, answered):
    """One window for all: each is triggered in it, and something changes; the last one closes the window."""
    idle = []
    for action in sorted(TABLE, key=lambda action: action.id == "quit"):
        prepare(window, action.id)
        if action.id in ("rewind", "pin_run", "export_animation"):
            window.document.run.step()
        answered(window.document)
        before = seen(window, asked)
        window.findChild(QAction, action.id).trigger()
        try:
            qtbot.waitUntil(lambda before=before: seen(window, asked) != before, timeout=1000)
        except qtbot.TimeoutError:
            idle.append(action.id)
        for dialog in window.findChildren(QDialog):
            dialog.close()
    theme.manager().set_scheme(Scheme.SYSTEM)
    theme.manager().set_scale(1.0)
    assert idle == []
    assert not window.isVisible()
