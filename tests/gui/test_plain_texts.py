"""Texts may come from files: every label shows its text as it is, and so does every tip that looks like HTML."""

import pytest
from PySide6.QtGui import QAction, Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QLabel, QMenu, QMessageBox, QTableWidget, QWidget

from gui.actions.action import actions_of
from gui.actions.table import MENUS
from gui.dialogs.asking import ask_to_replace, warn

HOSTILE = "<b>x</b><img src='http://nowhere.invalid/y.png'>"
ASKING = [action.id for menu in MENUS for action in actions_of(menu) if str(action.title).endswith("…")]
OWN_HTML = {"shortcuts_dialog"}
"""Dialogs with a text of the program's own in HTML; what is put into it is escaped."""


@pytest.fixture
def hostile_files(tmp_path, monkeypatch):
    table = tmp_path / f"{HOSTILE.replace('/', '∕')}.csv"
    table.write_text(f"{HOSTILE},x2,label\n1,2,{HOSTILE}\n3,4,<i>z</i>\n5,6,{HOSTILE}\n", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(table), ""))
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    return table


def rich_texts(root):
    """Return what is shown, or would be shown as a tip, of which Qt would take a part for HTML that a file has."""
    found = []
    for label in root.findChildren(QLabel):
        is_own = label.window().objectName() in OWN_HTML or isinstance(label.window(), QMenu)  # pyqtgraph's menus
        is_own |= label.text() == "" or label.text().startswith("<span style=")  # the legend of pinned runs
        is_plain = label.textFormat() == Qt.TextFormat.PlainText
        if not is_plain and (not is_own or "<b>x" in label.text() or "<img" in label.text()):
            found.append(f"a label of {label.window().objectName() or label.parent()}: {label.text()!r}")
    for thing in (*root.findChildren(QWidget), *root.findChildren(QAction)):
        if Qt.mightBeRichText(thing.toolTip()) and ("<img" in thing.toolTip() or "<b>x" in thing.toolTip()):
            found.append(f"a tip of {thing.objectName() or type(thing).__name__}: {thing.toolTip()!r}")
    for table in root.findChildren(QTableWidget):
        items = [table.horizontalHeaderItem(column) for column in range(table.columnCount())]
        found += [f"a tip of a column: {item.toolTip()!r}" for item in items if item and "<b>x" in item.toolTip()]
    return found


def long_tips(root):
    """Return the tips in plain text that have a line too long for a small screen."""
    things = [thing for thing in root.findChildren(QWidget) if not isinstance(thing.window(), QMenu)]  # pyqtgraph's
    things += [action for action in root.findChildren(QAction) if not isinstance(action.parent(), QMenu)]
    tips = [thing.toolTip() for thing in things]
    return [tip for tip in tips if not Qt.mightBeRichText(tip) and max(map(len, tip.split("\n"))) > 72]


@pytest.fixture(autouse=True)
def _close_dialogs(shared_window):
    yield
    for dialog in shared_window.findChildren(QDialog):
        dialog.close()


@pytest.mark.parametrize("name", [*ASKING, "shortcuts"])
def test_a_dialog_shows_texts_of_files_as_they_are(name, shared_window, hostile_files, qtbot):
    shared_window.findChild(QAction, name).trigger()
    qtbot.wait(50)
    assert rich_texts(shared_window) == []
    assert long_tips(shared_window) == []


def test_the_window_shows_names_of_an_imported_table_as_they_are(shared_window, hostile_files, qtbot):
    window = shared_window
    window.findChild(QAction, "import_data").trigger()
    (dialog,) = [dialog for dialog in window.findChildren(QDialog) if dialog.objectName() == "import_dialog"]
    dialog.accept()
    window.document.run.run_epoch()
    qtbot.waitUntil(lambda: window.document.displayed.step > 0)
    window.findChild(QAction, "pin_run").trigger()
    assert rich_texts(window) == []


def test_what_is_asked_or_told_of_a_file_is_shown_as_it_is(shared_window, hostile_files):
    warn(shared_window, f"{hostile_files} is wrong.", HOSTILE)
    ask_to_replace(shared_window, hostile_files, lambda: None)
    assert len([box for box in shared_window.findChildren(QMessageBox) if box.isVisible()]) == 2
    assert rich_texts(shared_window) == []
