"""What every test gets: a screen or none, settings of its own, and guards against what it leaves behind."""

import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from gui.program import startup

# Before PySide6 is imported: Qt reads this once, and ends the process where it finds no screen.
_unusable_screen = startup.find_problem()
if _unusable_screen is not None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # as main.py does

import shiboken6  # noqa: E402
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QThread, QTimer  # noqa: E402
from PySide6.QtWidgets import QApplication, QWidget  # noqa: E402


def pytest_configure(config: pytest.Config) -> None:
    if os.environ.get("QT_QPA_PLATFORM", "").startswith("offscreen"):
        # It says so of every window with a least size, and `qt_log_level_fail` would make each a failure.
        config.addinivalue_line("qt_log_ignore", "This plugin does not support propagateSizeHints")


def pytest_report_header() -> str:
    reason = f" ({_unusable_screen})" if _unusable_screen is not None else ""
    return f"screen: {os.environ.get('QT_QPA_PLATFORM') or 'the one that is there'}{reason}"


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the person's settings and logs out of the tests, here and in programs that a test starts."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    QSettings.setDefaultFormat(QSettings.Format.IniFormat)
    for file_format in (QSettings.Format.IniFormat, QSettings.Format.NativeFormat):
        for scope in (QSettings.Scope.UserScope, QSettings.Scope.SystemScope):
            QSettings.setPath(file_format, scope, str(folder))
    return folder


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


def stop_timers(timers: list[QTimer]) -> list[str]:
    active = [timer for timer in timers if shiboken6.isValid(timer) and timer.isActive()]
    for timer in active:
        timer.stop()
    return [f"the active timer {timer} of {timer.parent()}" for timer in dict.fromkeys(active)]


def top_level_widgets() -> dict[int, QWidget]:
    """Address -> widget. Qt's own tool tip, which it keeps for the next one, is none of a test's."""
    if QApplication.instance() is None:
        return {}
    return {
        shiboken6.getCppPointer(widget)[0]: widget
        for widget in QApplication.topLevelWidgets()
        if widget.parent() is None and widget.metaObject().className() != "QTipLabel"
    }


def close_windows(before: set[int]) -> list[str]:
    if top_level_widgets().keys() - before:  # Perhaps only a cycle of references keeps them.
        gc.collect()
        process_deferred_deletes()
    windows = [widget for address, widget in top_level_widgets().items() if address not in before]
    names = [f"the window {window!r}" for window in windows]
    for window in windows:
        window.close()
        window.deleteLater()
    process_deferred_deletes()
    return names
