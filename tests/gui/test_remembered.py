"""What is remembered for the next start may be anything: the window and every dialog open all the same."""

import pytest
from PySide6.QtCore import QByteArray, QSettings
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDialog, QFileDialog, QMessageBox

from gui import theme
from gui.actions.action import actions_of
from gui.actions.table import MENUS
from gui.cards import _LAYOUT_VERSION as LAYOUT_VERSION
from gui.main_window import MainWindow
from tests.gui.guards import process_deferred_deletes

ASKING = [action.id for menu in MENUS for action in actions_of(menu) if str(action.title).endswith("…")]

GARBAGE = {
    "a word": "nonsense",
    "nothing": "",
    "less than nothing": "-1",
    "half of it": "64.5",
    "no number": "nan",
    "endless": "1e400",
    "40 digits": "9" * 40,
    "a list": ["a", "b"],
    "bytes": QByteArray(b"\x00\xff\x01"),
    "a NUL": "a\0b",
    "brackets": "[" * 100_000,
    "braces": '{"a": {}}',
    "a long name": "/" + "n" * 5000,
}
EXPECTED = {"theme", "timeline/megabytes", "layout/version", "layout/window", "export/folder", "files/recent"}
"""Some of the keys that are read, by which the test knows that it sees them."""


@pytest.fixture
def open_everything(qapp, monkeypatch):
    """Start the program's parts that remember something: theme, window and dialogs."""
    for asks in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, asks, lambda *_: ("", ""))

    def open_all():
        theme.ThemeManager(qapp).deleteLater()
        window = MainWindow()
        window.show()
        qapp.processEvents()
        for name in ASKING:
            window.findChild(QAction, name).trigger()
            for dialog in window.findChildren(QDialog):
                assert not isinstance(dialog, QMessageBox) or not dialog.isVisible(), dialog.text()
                dialog.close()
        menu = next(menu.menu() for menu in window.menuBar().actions() if "File" in menu.text())
        menu.aboutToShow.emit()
        assert window.isVisible()
        window.files.forget_changes()
        window.close()
        window.deleteLater()
        process_deferred_deletes()

    return open_all


@pytest.fixture
def keys(monkeypatch, open_everything):
    """Every key that is read."""
    found = set()
    QSettings().setValue("layout/version", str(LAYOUT_VERSION))
    read = QSettings.value

    def value(settings, key, *arguments, **options):
        found.add(key)
        return read(settings, key, *arguments, **options)

    with monkeypatch.context() as patches:
        patches.setattr(QSettings, "value", value)
        open_everything()
    assert found >= EXPECTED
    return found


def test_whatever_is_remembered_the_window_and_its_dialogs_open(keys, open_everything):
    for name, garbage in GARBAGE.items():
        settings = QSettings()
        for key in keys:
            settings.setValue(key, garbage)
        # Behind this everything else would not be read.
        settings.setValue("layout/version", str(LAYOUT_VERSION))
        try:
            open_everything()
        except Exception as error:
            raise AssertionError(f"{name}: {error!r}") from error
