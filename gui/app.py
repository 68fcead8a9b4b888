"""The program around the window: QApplication, log file, crash handling, Ctrl+C."""

import logging
import logging.handlers
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

import platformdirs
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QMessageLogContext,
    QObject,
    QSocketNotifier,
    Qt,
    QTimer,
    QtMsgType,
    Signal,
    Slot,
    qInstallMessageHandler,
)
from PySide6.QtGui import QFileOpenEvent, QGuiApplication, QIcon
from PySide6.QtWidgets import QApplication

from gui.icons import ICON_FOLDER
from gui.program.crash import CrashReporter
from gui.program.garbage import GarbageCollector
from gui.program.guard import guarded
from gui.program.memory import reuse_memory
from gui.program.startup import explain_qt, version

NAME = "NetCanvas"

SWITCH_INTERVAL_SECONDS = 0.0005

_SETTLED_MS = 1500
"""So long after the window has opened nobody waits for its start any more."""

ENDING_SIGNALS = tuple(
    getattr(signal, name)
    for name in ("SIGINT", "SIGTERM", "SIGHUP")
    if hasattr(signal, name)  # Windows has no terminal that hangs up.
)

if TYPE_CHECKING:
    from gui.files.experiments import ExperimentFiles

logger = logging.getLogger(__name__)


def run(argv: list[str], file: str | None = None, state: str | None = None) -> int:
    """Open the window and stay until it is closed.

    `gui.program.startup.find_problem` must have found nothing, or Qt may wait long for its screen.

    Parameters
    ----------
    argv : list of str
        The program's name and Qt's own arguments.
    file : str, optional
        An experiment, a table of points or a lesson to open in the window.
    state : str, optional
        A state that was copied as a text, to open instead.

    Returns
    -------
    int
        The exit status.
    """
    start_logging(Path(platformdirs.user_log_dir(NAME, appauthor=False)))
    # The thread that trains holds the GIL for up to this long while the window wants to paint. With Python's 5 ms, the
    # median gap between frames was 279 ms, with this one 49 ms; the pauses that the thread makes do the rest.
    sys.setswitchinterval(SWITCH_INTERVAL_SECONDS)
    application = make_application(argv)
    reporter = CrashReporter(application)
    reporter.install()
    collector = GarbageCollector(application)
    try:
        with interruptible():
            return _show_window(application, collector, file, state)
    except Exception:
        logger.critical("The program ended with an error", exc_info=True)  # Python prints it, if there is a terminal.
        raise
    finally:
        collector.stop()
        reporter.uninstall()


class Application(QApplication):
    """The application, which also hears of files that the desktop wants it to open.

    macOS tells of a double click on a file by an event, where other systems start the program with its name.

    Attributes
    ----------
    file_asked : signal(str)
        The desktop wants this file to be opened.
    """

    file_asked = Signal(str)

    @guarded
    def event(self, event: QEvent) -> bool:
        """Tell of a file that is to be opened."""
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_asked.emit(event.file())
            return True
        return super().event(event)


def make_application(argv: list[str]) -> Application:
    """Make the QApplication under the program's name and icon.

    Parameters
    ----------
    argv : list of str
        The program's name and Qt's own arguments.

    Returns
    -------
    Application
        The only one of the process.
    """
    reuse_memory()
    # Sharp at 125 % or 150 % too, instead of rounded to whole multiples.
    QGuiApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    QCoreApplication.setOrganizationName(NAME)
    QCoreApplication.setApplicationName(NAME)
    QCoreApplication.setApplicationVersion(version())
    QGuiApplication.setDesktopFileName("netcanvas")
    with explained_end():
        application = Application(argv)
    application.setWindowIcon(QIcon(str(ICON_FOLDER / "netcanvas.svg")))
    return application


@contextmanager
def explained_end() -> Iterator[None]:
    """Say in a sentence why Qt ends the process, which it does where it finds no screen or cannot load its plugin."""
    messages: list[str] = []

    def on_message(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if kind is QtMsgType.QtFatalMsg:
            os.write(2, f"{explain_qt(messages)}\n".encode())
            os._exit(1)
        messages.append(text)

    previous = qInstallMessageHandler(on_message)
    try:
        yield
    finally:
        qInstallMessageHandler(previous)
        for text in messages:
            logger.warning("Qt says: %s", text)


def start_logging(folder: Path) -> None:
    """Write the log of the program into a folder.

    When that cannot be, Python's own last resort prints warnings and errors to the terminal.

    Parameters
    ----------
    folder : Path
        Where ``netcanvas.log`` belongs; made if it is not there. At a megabyte a new file is begun, and the three
        before it are kept.
    """
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "netcanvas.log", maxBytes=1_000_000, backupCount=3, encoding="utf-8"
        )
    except OSError as error:
        logger.warning("The log file cannot be written, so errors are printed here: %s", error)
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root.addHandler(handler)
    logger.info("NetCanvas %s, Python %s, %s", version(), sys.version.split()[0], sys.platform)


def _show_window(application: Application, collector: GarbageCollector, file: str | None, state: str | None) -> int:
    from gui.items.typeset import load_early
    from gui.main_window import MainWindow

    window = MainWindow()
    window.hints.show_at_first_start()
    window.show()
    collector.settle()
    logger.info("The window is open")
    # Whoever logs out may still think better of it: the window stays as it is. What is connected takes no argument:
    # PySide 6.11.3 was seen to crash where it hands the session manager on.
    application.commitDataRequest.connect(keep_unsaved, Qt.ConnectionType.DirectConnection)
    if CrashReporter.installed is not None:
        CrashReporter.installed.reported.connect(window.files.autosave)
    application.file_asked.connect(lambda asked: window.open_file(Path(asked)))
    if file is not None:
        window.open_file(Path(file).absolute())
    if state is not None:
        window.files.settle_and_open_state(state)
    window.files.offer_recovery()
    QTimer.singleShot(_SETTLED_MS, load_early)
    QTimer.singleShot(_SETTLED_MS, window.document.engine.prepare)
    return application.exec()


def keep_unsaved() -> None:
    """Have on the disk what is unsaved in any window, as for the case of a crash: the session may be about to end."""
    for files in _open_files():
        files.keep()


def _open_files() -> "Iterator[ExperimentFiles]":
    """Return the files of each window."""
    return (window.files for window in QApplication.topLevelWidgets() if hasattr(window, "files"))


class SignalListener(QObject):
    """Ends the program on Ctrl+C, SIGTERM and SIGHUP, the way that closing the window does.

    Python runs its signal handlers only between two of its own instructions, and there are none while Qt waits for
    events. So Python's C handler writes the signal's number into a socket (`signal.set_wakeup_fd`), and Qt waits for
    that socket too: no timer has to wake the program for it.
    """

    def __init__(self, reader: socket.socket, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reader = reader
        self._notifier = QSocketNotifier(reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    def stop(self) -> None:
        """Listen no more; the socket may then be closed."""
        self._notifier.setEnabled(False)
        self.deleteLater()

    @Slot()
    def _on_signal(self) -> None:
        if any(number in ENDING_SIGNALS for number in self._reader.recv(64)):
            for files in _open_files():
                # Nobody may be there to be asked: what is unsaved is offered at the next start.
                files.keep_for_next_start()
            QCoreApplication.quit()


@contextmanager
def interruptible() -> Iterator[None]:
    """Let the signals that end a program end this one as it should; what it was started to ignore stays ignored."""
    reader, writer = socket.socketpair()
    with reader, writer:
        reader.setblocking(False)
        writer.setblocking(False)
        previous_descriptor = signal.set_wakeup_fd(writer.fileno())
        heard = [number for number in ENDING_SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]  # As by nohup.
        previous_handlers = {number: signal.signal(number, _on_interrupt) for number in heard}
        listener = SignalListener(reader)
        try:
            yield
        finally:
            for number, handler in previous_handlers.items():
                signal.signal(number, handler)
            signal.set_wakeup_fd(previous_descriptor)
            listener.stop()


def _on_interrupt(number: int, _frame: FrameType | None) -> None:
    # The socket has told Qt. If the window refuses to close or hangs, the second Ctrl+C ends the process at once.
    signal.signal(number, signal.SIG_DFL)
