"""What is left of a dialog that was closed, while the network trains: nothing, also where nobody collects garbage."""

import gc
import sys
from collections import Counter

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QGraphicsItem, QWidget

from gui.actions.action import actions_of
from gui.actions.table import MENUS
from tests.gui.guards import process_deferred_deletes

ASKING = [action.id for menu in MENUS for action in actions_of(menu) if str(action.title).endswith("…")]
"""Asks before it does something: opens a dialog of its own, or the system's dialog for files."""

N_TIMES = 2

PATIENCE_S = 60.0
"""So long the other threads wait for the interpreter."""


@pytest.fixture
def chosen_files(tmp_path, monkeypatch):
    """Let each file dialog choose a table that is there, or a name that is free; for an experiment, nothing."""
    table = tmp_path / "points.csv"
    table.write_text("x1,x2,label\n1,2,A\n3,4,B\n", encoding="utf-8")

    def open_name(_parent, title, *_):
        return (str(table), "") if "Data" in title else ("", "")

    monkeypatch.setattr(QFileDialog, "getOpenFileName", open_name)
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))


@pytest.fixture
def no_collection():
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def halves():
    """Count Python's halves of what Qt shows, by their kinds."""
    kinds = (QWidget, QGraphicsItem, QAction)
    interval = sys.getswitchinterval()
    # A tuple that the training thread is just making is among all objects: who holds it lets its making fail.
    sys.setswitchinterval(PATIENCE_S)
    try:
        return Counter(type(thing).__name__ for thing in gc.get_objects() if isinstance(thing, kinds))
    finally:
        sys.setswitchinterval(interval)


@pytest.mark.parametrize("name", [*ASKING, "shortcuts"])
def test_nothing_is_left_of_a_closed_dialog(name, shared_window, chosen_files, no_collection, qtbot):
    window = shared_window
    window.document.run.set_playing(True)
    qtbot.waitUntil(lambda: window.document.displayed.step > 20)

    def open_and_close():
        window.findChild(QAction, name).trigger()
        dialogs = [dialog for dialog in window.findChildren(QDialog) if dialog.isVisible()]
        step = window.document.displayed.step
        qtbot.waitUntil(lambda: window.document.displayed.step > step)
        while dialogs:
            dialogs.pop().close()
        process_deferred_deletes()

    open_and_close()
    gc.collect()
    before, n_widgets = halves(), len(QApplication.allWidgets())
    for _ in range(N_TIMES):
        open_and_close()
    assert halves() - before == Counter()
    assert len(QApplication.allWidgets()) <= n_widgets
