"""A window in which somebody works until the program is killed: python work_until_killed.py FOLDER NAME SEED.

It restores what was left or begins an experiment NAME, trains, adds points, saves to FOLDER/NAME.netcanvas now and
then, and keeps what is unsaved every so often, as the program does. The second point of an experiment tells it apart.
"""

import os
import random
import sys
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from gui.app import make_application
from gui.dialogs.recovery import RecoveryDialog
from gui.files import experiments

AUTOSAVE_MS = 200
"""Kept this often instead of every half minute."""

ACT_MS = 30


class Worker:
    def __init__(self, folder, name, seed):
        from gui.main_window import MainWindow

        experiments.AUTOSAVE_INTERVAL_MS = AUTOSAVE_MS
        self.folder, self.name, self.random = Path(folder), name, random.Random(int(seed))
        self.window = MainWindow()
        self.window.document.view.set(speed=None)
        self.window.show()
        self.window.files.offer_recovery()
        QTimer.singleShot(self.random.randrange(300), self.begin)

    def begin(self):
        dialog = self.window.findChild(RecoveryDialog)
        choices = dialog.findChildren(QPushButton) if dialog is not None else []
        restore = [button for button in choices if button.text() == "Restore" and button.isEnabled()]
        if restore and self.random.random() < 0.9:
            QTest.mouseClick(self.random.choice(restore), Qt.MouseButton.LeftButton)
        elif dialog is not None:
            dialog.reject()
        document = self.window.document
        if self.window.files.path is None and number_of(document.dataset) is None:
            document.points.clear()
            document.points.add("place points", [[-5.0, -5.0], place(int(self.name)), [1.0, 1.0], [2.0, -1.0]])
        document.run.set_playing(True)
        self.timer = QTimer()
        self.timer.timeout.connect(self.act)
        self.timer.start(ACT_MS)
        print("works", flush=True)  # noqa: T201 - who waits for it reads this

    def act(self):
        document, files = self.window.document, self.window.files
        match self.random.randrange(12):
            case 0:
                number = number_of(document.dataset)
                path = self.folder / f"{number}.netcanvas"
                experiments.QFileDialog.getSaveFileName = lambda *_: (str(path), "")
                files.save()
            case 1 if len(document.dataset) < 300:
                document.points.add("place point", [[self.random.uniform(-5, 5), self.random.uniform(-5, 5)]])
            case 2:
                document.run.toggle_playing()
                document.run.set_playing(True)
            case 3:
                document.network.set_parameter(0, self.random.uniform(-1, 1))


def place(number):
    """Return the point that tells experiment `number` apart."""
    return [number / 1000, -5.5]


def number_of(dataset):
    """Return which experiment these points are of, None where they are of none."""
    numbers = dataset.points[1:2][dataset.points[1:2, 1] == -5.5, 0] if len(dataset) > 1 else []
    return round(numbers[0] * 1000) if len(numbers) else None


def end_with(*error):
    sys.__excepthook__(*error)
    sys.stderr.flush()
    os._exit(1)


if __name__ == "__main__":
    sys.excepthook = end_with
    application = make_application([])
    worker = Worker(*sys.argv[1:])
    QCoreApplication.exec()
