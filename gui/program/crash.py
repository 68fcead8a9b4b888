"""What happens to an error that nobody caught: it is logged, a dialog tells of it, and the program goes on."""

import contextlib
import logging
import math
import sys
import threading
import time
import traceback
from collections.abc import Callable
from types import TracebackType
from typing import Any, ClassVar

import shiboken6
from PySide6.QtCore import QCoreApplication, QMetaObject, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

logger = logging.getLogger(__name__)

UNEXPECTED = "NetCanvas met an error that it did not expect."
"""The sentence for an error that nobody caught."""

REASSURANCE = "The program goes on. If this happens again, please report it with the details below."

QUIET_SECONDS = 2.0
"""How long there must have been no error before the next one opens a dialog again.

A person who closes the dialog while every frame brings an error would get a new one at once otherwise.
"""

DETAILS_SHOWN = 20
"""How many different errors one dialog shows in full; further ones are only counted."""

_WIDTH_LINES, _HEIGHT_LINES = 40, 25
"""Of the dialog, in heights of a line."""


def report_error(sentence: str, details: str) -> None:
    """Log an error and tell the person of it. May be called in any thread.

    Parameters
    ----------
    sentence : str
        One sentence for the person: what happened, and what to do if there is something.
    details : str
        For whoever mends it, usually a traceback.
    """
    reporter = CrashReporter.installed
    if reporter is None:
        logger.error("%s\n%s", sentence, details)
    else:
        reporter.report(sentence, details)


class CrashReporter(QObject):
    """Takes errors from Python's hooks, whatever their thread, to one dialog in the thread of the window."""

    installed: ClassVar["CrashReporter | None"] = None

    reported = Signal(str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._dialog: CrashDialog | None = None
        self._last_logged = ""
        self._last_time = -math.inf
        self._previous_hooks: tuple[Callable[..., Any], Callable[..., Any]] | None = None
        # Queued also within one thread: an error while the dialog is painted must not enter the dialog again.
        self.reported.connect(self._on_reported, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over Python's hooks for errors that nobody caught; `report_error` comes here from now on."""
        self._previous_hooks = (sys.excepthook, threading.excepthook)
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread_exception
        CrashReporter.installed = self

    def uninstall(self) -> None:
        """Give the hooks back."""
        if self._previous_hooks is not None:
            sys.excepthook, threading.excepthook = self._previous_hooks
            self._previous_hooks = None
        if CrashReporter.installed is self:
            CrashReporter.installed = None

    def report(self, sentence: str, details: str) -> None:
        """Log an error and show it, in the dialog that is open or in a new one. May be called in any thread.

        Parameters
        ----------
        sentence : str
            One sentence for the person.
        details : str
            For whoever mends it, usually a traceback.
        """
        # An error in a paint event comes with every frame: once in the log is enough.
        if details != self._last_logged:
            self._last_logged = details
            logger.error("%s\n%s", sentence, details)
        with contextlib.suppress(RuntimeError):  # The window is closed, Qt's half of this object deleted.
            self.reported.emit(sentence, details)

    @property
    def dialog(self) -> "CrashDialog | None":
        """The dialog that is open, or None."""
        dialog = self._dialog
        # Closing deletes the dialog, and so does the end of the window that it belongs to.
        return dialog if dialog is not None and shiboken6.isValid(dialog) and dialog.isVisible() else None

    @Slot(str, str)
    def _on_reported(self, sentence: str, details: str) -> None:
        now = time.monotonic()
        quiet = now - self._last_time > QUIET_SECONDS
        self._last_time = now
        dialog = self.dialog
        if dialog is not None:
            dialog.add(sentence, details)
        elif quiet:
            self._dialog = CrashDialog(sentence, details, _window_in_front())
            self._dialog.show()

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            application = QCoreApplication.instance()
            if application is not None:
                # Queued, because only the thread of the windows may close them.
                QMetaObject.invokeMethod(application, "quit", Qt.ConnectionType.QueuedConnection)
            return
        self.report(UNEXPECTED, "".join(traceback.format_exception(kind, error, trace)))

    def _on_thread_exception(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is None or issubclass(arguments.exc_type, SystemExit):
            return
        self._on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)


class CrashDialog(QDialog):
    """Tells in a sentence that something went wrong, and keeps the details ready for a report.

    Parameters
    ----------
    sentence : str
        One sentence for the person.
    details : str
        For whoever mends it, usually a traceback.
    parent : QWidget, optional
        The window that it stays in front of.
    """

    def __init__(self, sentence: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("crash_dialog")
        self.setWindowTitle("Something went wrong")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._sentence = sentence
        self._shown = {details}
        self._further = 0

        self._message = QLabel(f"{sentence}\n\n{REASSURANCE}")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setWordWrap(True)
        self._count = QLabel()
        self._count.setObjectName("crash_count")
        self._count.hide()
        self._text = QPlainTextEdit(details.rstrip())
        self._text.setObjectName("crash_details")
        self._text.setAccessibleName("Details of the error")
        self._text.setReadOnly(True)
        # Readable with the keyboard too, and Tab must leave it again.
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextBrowserInteraction)
        self._text.setTabChangesFocus(True)
        self._text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(self.fontInfo().pixelSize())
        self._text.setFont(font)

        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())  # Qt's is black in the dark theme too
        copy = QPushButton("Copy details", buttons)
        buttons.addButton(copy, QDialogButtonBox.ButtonRole.ActionRole)
        copy.setObjectName("copy_details")
        copy.clicked.connect(self.copy_details)
        buttons.rejected.connect(self.reject)

        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(self._message)
        layout.addWidget(self._count)
        layout.addWidget(self._text, 1)
        layout.addWidget(buttons)
        line = self.fontMetrics().height()
        self.resize(_WIDTH_LINES * line, _HEIGHT_LINES * line)

    def add(self, sentence: str, details: str) -> None:
        """Count one more error, and show it when it is another one.

        Parameters
        ----------
        sentence : str
            One sentence for the person.
        details : str
            For whoever mends it, usually a traceback.
        """
        self._further += 1
        self._count.setText("One more since then." if self._further == 1 else f"{self._further:,} more since then.")
        self._count.show()
        if details in self._shown or len(self._shown) >= DETAILS_SHOWN:
            return
        self._shown.add(details)
        heading = "" if sentence == self._sentence else f"{sentence}\n"
        self._text.appendPlainText(f"\n{heading}{details.rstrip()}")

    @Slot()
    def copy_details(self) -> None:
        """Put all that is shown on the clipboard."""
        further = f"{self._count.text()}\n\n" if self._further else ""
        QGuiApplication.clipboard().setText(f"{self._message.text()}\n\n{further}{self._text.toPlainText()}\n")


def _window_in_front() -> QWidget | None:
    # A modal window blocks every other, and would block a dialog of another one too.
    active = QApplication.activeModalWidget() or QApplication.activeWindow()
    if active is not None:
        return active
    windows = (widget for widget in QApplication.topLevelWidgets() if widget.isVisible())
    return next((window for window in windows if window.windowType() == Qt.WindowType.Window), None)
