"""Guards for the window's tests: settings of their own, and nothing left behind."""

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEvent, QEventLoop, QSettings, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from gui import theme
from gui.widgets.pace import Pace


def keep_settings_in(folder: Path) -> None:
    """Let Qt's settings be in a folder, and none come from elsewhere: what a user has not set may be the system's."""
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for file_format in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(file_format, scope, str(folder))


@pytest.fixture(autouse=True)
def own_settings(own_settings: Path) -> Path:
    """Keep Qt's settings, too, out of the person's."""
    keep_settings_in(own_settings)
    return own_settings


_SOON_MS = 200
"""A window that lives on may still have to draw what it has put off for so long."""


def process_deferred_deletes() -> None:
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    QCoreApplication.processEvents()


def started_objects(monkeypatch: pytest.MonkeyPatch, kind: type) -> list:
    """Note each object whose `start` is called from now on."""
    started = []
    original: Callable = kind.start

    def start(self, *arguments, **options):
        started.append(self)
        return original(self, *arguments, **options)

    monkeypatch.setattr(kind, "start", start)
    return started


@pytest.fixture(autouse=True)
def nothing_left_running(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that leaves a running thread, an active timer or a window behind.

    After napari's guards. They would otherwise strike in one of the tests that follow.
    """
    # Patches of its own, so that they hold until this fixture, the first to begin, is the last to end.
    with pytest.MonkeyPatch.context() as patches:
        threads: list[QThread] = started_objects(patches, QThread)
        timers: list[QTimer] = started_objects(patches, QTimer)
        windows_before = set(top_level_widgets())
        yield
        if QCoreApplication.instance() is None:
            return
        process_deferred_deletes()
        left = [
            *end_threads(threads),
            *stop_timers(timers),
            *close_windows(windows_before),
        ]
    if left:
        pytest.fail(f"The test left behind: {'; '.join(left)}", pytrace=False)


def end_threads(threads: list[QThread]) -> list[str]:
    running = [thread for thread in threads if shiboken6.isValid(thread) and thread.isRunning()]
    for thread in running:
        thread.requestInterruption()
        thread.quit()
        if not thread.wait(5000):
            pytest.exit(f"The thread {thread} cannot be ended, so no further test can be trusted.", returncode=1)
    return [f"the running thread {thread}" for thread in running]


def still_active(timers: list[QTimer]) -> list[QTimer]:
    return [timer for timer in timers if shiboken6.isValid(timer) and timer.isActive()]


def stop_timers(timers: list[QTimer]) -> list[str]:
    """Stop them all, after what a window that lives on has left to draw is done.

    A single shot that is due at once is no more than an event that waits its turn.
    """
    deadline = QDeadlineTimer(2000)
    while any(map(_ends_soon, still_active(timers))) and not deadline.hasExpired():
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)
    active = still_active(timers)
    for timer in active:
        timer.stop()
    running = [timer for timer in dict.fromkeys(active) if timer.interval() > 0 or not timer.isSingleShot()]
    return [f"the active timer {timer} of {timer.parent()}" for timer in running]


def _ends_soon(timer: QTimer) -> bool:
    return isinstance(timer.parent(), Pace) or (timer.isSingleShot() and timer.interval() <= _SOON_MS)


def top_level_widgets() -> dict[int, QWidget]:
    """Address -> widget. Qt's own tool tip, which it keeps for the next one, is none of a test's, nor the theme's."""
    if QApplication.instance() is None:
        return {}
    return {
        shiboken6.getCppPointer(widget)[0]: widget
        for widget in QApplication.topLevelWidgets()
        if widget.parent() is None
        and widget.metaObject().className() != "QTipLabel"
        and widget.objectName() != "always_dressed"
    }


def close_windows(before: set[int]) -> list[str]:
    for attempt in range(20):  # Perhaps only a cycle of references keeps them.
        if not top_level_widgets().keys() - before:
            return []
        if attempt:
            time.sleep(0.01)  # While another thread collects, such as that of pytest-xdist, gc.collect() does nothing.
        gc.collect()
        process_deferred_deletes()
    windows = [widget for address, widget in top_level_widgets().items() if address not in before]
    names = [f"the window {window!r}" for window in windows]
    for window in windows:
        window.close()
        window.deleteLater()
    process_deferred_deletes()
    return names


@pytest.fixture(autouse=True)
def looks_as_at_first(nothing_left_running: None) -> Iterator[None]:
    """Let each test begin in the system's colours, and as large as it is."""
    yield
    if QApplication.instance() is None:
        return
    manager = theme.manager()
    if (manager.scheme, manager.scale) == (theme.Scheme.SYSTEM, 1.0):
        return
    process_deferred_deletes()  # A plot that is closed, and still there, has no axes to draw in other colours.
    if manager.scheme is not theme.Scheme.SYSTEM:
        manager.set_scheme(theme.Scheme.SYSTEM)
    manager.set_scale(1.0)
