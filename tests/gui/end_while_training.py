"""The program, which trains for a while and is then ended: python end_while_training.py SIGTERM, SIGHUP or logout."""

import os
import signal
import sys

import shiboken6
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QSessionManager
from PySide6.QtWidgets import QApplication

from gui import app


def begin():
    (window,) = [widget for widget in QApplication.topLevelWidgets() if hasattr(widget, "files")]
    window.document.run.set_playing(True)
    QTimer.singleShot(500, log_out if sys.argv[1] == "logout" else send_signal)


def send_signal():
    signal.raise_signal(signal.Signals[sys.argv[1]])


def log_out():
    """Do as a session manager does, which ends the program without another word where nobody holds it up."""
    stand_in = QObject()
    manager = shiboken6.wrapInstance(shiboken6.getCppPointer(stand_in)[0], QSessionManager)
    QApplication.instance().commitDataRequest.emit(manager)
    os.kill(os.getpid(), signal.SIGKILL)


def make_application(argv, make=app.make_application):
    application = make(argv)
    QTimer.singleShot(0, begin)
    return application


if __name__ == "__main__":
    app.make_application = make_application
    sys.exit(app.run(["netcanvas"]))
