"""Walks through the window in every size, theme and scale, and prints what is cut; run by test_walk.py, when it soaks.

The scale of the screen is QT_SCALE_FACTOR of this process.
"""

import os
import sys
import tempfile

from PySide6.QtCore import QMargins, QPoint, QRect, QSettings, QSize
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.app import make_application
from gui.main_window import MainWindow
from gui.theme import Scheme
from gui.widgets import screens
from tests.gui.walk import faults, faults_of_dialogs, places

SIZES = ((960, 540), (1024, 600), (1280, 720), (1093, 614), (1600, 1000), (2560, 1440))
SCALES = (0.8, 1.0, 1.5, 2.0)
KINDS = ("classes", "values", "curve")
FRAME = QMargins(4, 34, 4, 44)
"""Round a dialog, with the task bar."""


def main() -> None:
    folder = tempfile.mkdtemp()
    os.environ["XDG_STATE_HOME"] = folder
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)
    application = make_application(sys.argv[:1])
    window = MainWindow()
    window.show()
    window.document.run.step()
    window.document.pins.pin()
    found: dict[str, str] = {}
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.manager().set_scheme(scheme)
        for scale in SCALES:
            theme.manager().set_scale(scale)
            for size in SIZES:
                window.resize(*size)
                QApplication.processEvents()
                room = QRect(QPoint(), QSize(*size)).marginsRemoved(FRAME)
                screens.room_for = lambda dialog, room=room: room
                met = [*faults(window, places(KINDS, thorough=True)), *faults_of_dialogs(window)]
                for fault in met:
                    found.setdefault(fault, f"{scheme.value}, scale {scale:g}, {size}")
    sys.stdout.writelines(f"{where}: {fault}\n" for fault, where in found.items())
    window.files.forget_changes()
    window.close()
    application.processEvents()


if __name__ == "__main__":
    main()
