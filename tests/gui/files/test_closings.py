"""A window is closed at a random moment, be it busy with whatever: it goes at once and in silence."""

import logging
import random
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QMessageBox, QPushButton

from gui.dialogs.animation import ExportDialog
from gui.dialogs.recovery import RecoveryDialog
from gui.files.recovery import Recovery
from gui.main_window import MainWindow
from model import Dataset
from model.experiment import load_experiment, save_experiment
from tests.gui.conftest import end
from tests.gui.guards import process_deferred_deletes
from tests.gui.living import live

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LONGEST_S = 1.0
LONGEST_WAIT_MS = 600

BUTTONS = QMessageBox.StandardButton

_log = logging.getLogger(__name__)


class Closer:
    """Opens windows, has them busy in some way, and closes them."""

    def __init__(self, folder, seed, answer_box):
        self.folder = folder
        self.random = random.Random(seed)
        self.answer_box = answer_box
        self.large = folder / "large.netcanvas"
        self.table = folder / "points.csv"

    def prepare(self, n_points):
        """Write an experiment and a table of so many points, which take a while to load."""
        window = MainWindow()
        window.document.view.set(speed=None)
        generator = np.random.default_rng(0)
        points = generator.uniform(-5, 5, (n_points, 2))
        window.document.points.set_data("points", Dataset(points, generator.integers(0, 2, n_points)))
        window.document.run.set_playing(True)
        live(500)
        window.document.run.set_playing(False)
        save_experiment(window.document.experiment(), self.large)
        rows = "\n".join(f"{x},{y},{'AB'[x > 0]}" for x, y in points.tolist())
        self.table.write_text(f"x1,x2,label\n{rows}\n", encoding="utf-8")
        end(window)

    def trains(self, window):
        window.document.run.set_playing(True)

    def edits_while_it_trains(self, window):
        window.document.run.set_playing(True)
        live(30)
        window.document.points.add("place points", [[1.0, 1.0], [2.0, 2.0]])
        window.files.autosave()

    def exports(self, window):
        window.document.run.set_playing(True)
        live(200)
        window.document.run.set_playing(False)
        window.dialogs.export_animation()
        dialog = window.findChild(ExportDialog)
        name = self.folder / f"{self.random.random()}.mp4"
        next(line for line in dialog.findChildren(QLineEdit) if "File" in line.accessibleName()).setText(str(name))
        (export,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "&Export"]
        QTest.mouseClick(export, Qt.MouseButton.LeftButton)

    def loads(self, window):
        assert window.files.open(self.large)
        window.document.run.set_playing(True)

    def imports(self, window):
        window.tables.open(self.table)

    def restores(self, window):
        self._leave_some(window)
        window.files.offer_recovery()
        live(self.random.randrange(60))
        dialog = window.findChild(RecoveryDialog)
        button = self.random.choice(
            [button for button in dialog.findChildren(QPushButton) if button.text() == "Restore"]
        )
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        window.document.run.set_playing(True)

    def reads_what_was_left(self, window):
        self._leave_some(window)
        window.files.offer_recovery()

    def _leave_some(self, window):
        for _ in range(3):
            left = Recovery()
            left.keep(load_experiment(self.large), 0, None)
            left.release()

    def close(self, window):
        """Close as a person does, who is asked at times; return how long the window took for it."""
        began = time.perf_counter()
        if self.random.random() < 0.3:
            window.files.keep_for_next_start()  # As at a signal.
        window.close()
        if any(box.isVisible() for box in window.findChildren(QMessageBox, "unsaved_changes")):
            self.answer_box(window, BUTTONS.Discard)
        QApplication.processEvents()
        took = time.perf_counter() - began
        assert not window.isVisible()
        return took


WAYS = (
    Closer.trains,
    Closer.edits_while_it_trains,
    Closer.exports,
    Closer.loads,
    Closer.imports,
    Closer.restores,
    Closer.reads_what_was_left,
)


def close_often(closer, n_points, n_times, caplog):
    """Close so many windows, busy in every way in turn; return how long each way took at most, in seconds."""
    closer.prepare(n_points)
    longest = dict.fromkeys((way.__name__ for way in WAYS), 0.0)
    for turn in range(n_times):
        way = WAYS[turn % len(WAYS)]
        window = MainWindow()
        window.document.view.set(speed=None)
        window.show()
        try:
            live(closer.random.randrange(LONGEST_WAIT_MS))
            way(closer, window)
            live(closer.random.randrange(LONGEST_WAIT_MS))
            longest[way.__name__] = max(longest[way.__name__], closer.close(window))
        finally:
            end(window)
        process_deferred_deletes()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    assert max(longest.values()) < LONGEST_S, longest
    return longest


def test_a_few_windows_close_at_once(tmp_path, answer_box, caplog, capfd, qapp):
    close_often(Closer(tmp_path, 1, answer_box), 5_000, len(WAYS), caplog)
    assert_silent(capfd)


@pytest.mark.soak
def test_two_hundred_windows_close_at_once(tmp_path, answer_box, caplog, capfd, qapp):
    longest = close_often(Closer(tmp_path, 2, answer_box), 50_000, 200, caplog)
    assert_silent(capfd)
    _log.info("the longest closings in seconds: %s", longest)


def assert_silent(capfd):
    out, errors = capfd.readouterr()
    lines = [line for line in (out + errors).splitlines() if "This plugin does not support" not in line]
    assert lines == []
