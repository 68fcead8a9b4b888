"""The monkey on the real window while it trains: 300 actions every day, 20,000 when it soaks.

No error, no warning of Qt, no collection of garbage outside the window's thread, nothing that stays alive; and undo to
the start and redo to the end lead back. The long form prints its figures, and fails for a time in which the window did
not answer unless :data:`REASONS` says why.
"""

import faulthandler
import gc
import logging
import signal
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog

from gui.program.crash import CrashReporter
from gui.program.garbage import GarbageCollector
from gui.widgets.focus import leave_field
from tests.gui.guards import process_deferred_deletes
from tests.gui.monkey import Monkey, settle
from tests.gui.test_live import resident_mb

LONGEST_S = 0.2
"""A stall is a longer time without an answer."""

SAMPLE_S = 0.03

REASONS = {
    "theme.py:_apply": "every widget of the window and its dialogs is polished and painted in other colours",
    "dialogs/animation.py:_draw": "a picture of an animation is drawn whole, at its full size",
    "lessons/lessons.py:_begin": "every view gets the experiment of a lesson, and its card the formulas of a step",
    "lessons/lessons.py:_check": "every formula of a lesson is tried before it begins",
    "main_window.py:_draw_frame": "several pictures of a large network come one after the other",
}
"""Function of the program in which the window may stand still -> why it has to."""

WARM_UP = 500


@dataclass
class Stall:
    """A time without an answer.

    Attributes
    ----------
    seconds, own_seconds : float
        By the clock, and of the window's thread alone: another program, or the training, may have had the rest.
    action : str
        Of the monkey.
    calls : Counter of str
        Functions of the program that were under way, sampled.
    """

    seconds: float
    own_seconds: float
    action: str
    calls: Counter = field(default_factory=Counter)

    @property
    def reason(self) -> str | None:
        return next((REASONS[call] for call in self.calls if call in REASONS), None)


class Watch(QObject):
    """Notes when the window does not answer, and what it does meanwhile."""

    interval_ms = 5

    def __init__(self, monkey):
        super().__init__()
        self.stalls = []
        self.pauses = []
        self.collecting_threads = Counter()
        self._monkey = monkey
        self._calls = Counter()
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_beat)

    def start(self):
        self._beat, self._own = time.perf_counter(), time.thread_time()
        gc.callbacks.append(self._on_collection)
        self._timer.start(self.interval_ms)
        signal.signal(signal.SIGALRM, self._sample)
        signal.setitimer(signal.ITIMER_REAL, SAMPLE_S, SAMPLE_S)

    def stop(self):
        self._timer.stop()
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, signal.SIG_DFL)
        gc.callbacks.remove(self._on_collection)

    def _on_beat(self):
        now, own = time.perf_counter(), time.thread_time()
        late = now - self._beat - self.interval_ms / 1000
        if late > LONGEST_S:
            self.stalls.append(Stall(late, own - self._own, self._monkey.now, Counter(self._calls)))
        self._calls.clear()
        self._beat, self._own = now, own

    def _sample(self, _signal, frame):
        """Note what is under way, where it is under way.

        Another thread that looked would hold a frame beyond its end, and with it a painter, which must end before the
        next one begins.
        """
        if time.perf_counter() - self._beat < 0.06:
            return
        own = set()
        while frame is not None:
            file, _, name = frame.f_code.co_filename.rpartition("/gui/")
            if file and not name.startswith(("test_", "monkey")):
                own.add(f"{name}:{frame.f_code.co_name}")
            frame = frame.f_back
        self._calls.update(own)

    def _on_collection(self, phase, info):
        if phase == "start":
            self.collecting_threads[threading.current_thread().name] += 1
            self._collection = time.perf_counter()
        else:
            self.pauses.append(time.perf_counter() - self._collection)


class Failures(logging.Handler):
    """Collects what the program logs as an error or a warning."""

    def __init__(self, monkey):
        super().__init__(logging.WARNING)
        self.texts = []
        self._monkey = monkey

    def emit(self, record):
        self.texts.append("\n".join([*list(self._monkey.latest)[-6:], self.format(record)]))


@pytest.fixture
def alone(tmp_path, monkeypatch):
    """A folder and a home for the monkey, and nothing that it could do to the rest of the machine."""
    folder = tmp_path / "files"
    (folder / "folder").mkdir(parents=True)
    (folder / "points.csv").write_text("x1,x2,label\n" + "1,2,A\n3,4,B\n" * 40, encoding="utf-8")
    (folder / "broken.netcanvas").write_bytes(b"PK\3\4 broken")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: True)
    return folder


@pytest.fixture
def collector(qapp):
    collector = GarbageCollector()
    yield collector
    collector.stop()
    collector.deleteLater()


@pytest.fixture
def reporter(qapp):
    reporter = CrashReporter()
    reporter.install()
    yield reporter
    reporter.uninstall()
    reporter.deleteLater()


def close_all(window):
    """Close what is open in front of the window."""
    while (popup := QApplication.activePopupWidget()) is not None:
        popup.close()
    for dialog in window.findChildren(QDialog):
        dialog.close()
    settle(50)
    process_deferred_deletes()


def assert_sound(document):
    """Fail where what is shown is not what is in force."""
    snapshot = document.displayed
    network = snapshot.network
    pruned = list(network.settings.pruned)
    assert not network.parameters[pruned].any(), "a pruned weight is not 0"
    if not snapshot.metrics.is_finite and document.run.moment is None:
        assert document.run.notice is not None, "what is shown is not finite, and nothing says so"
    dataset = document.dataset
    assert dataset.is_regression or document.view.settings.current_class < dataset.n_classes


def tell(text):
    """Say something while a long run goes on."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def state(document):
    """What undo and redo bring back."""
    return document.run.setup, document.changes.generator_settings


def undo_and_redo(document):
    """Take everything back and do it again, step by step; return their number, and fail where that leads elsewhere."""
    document.run.set_playing(False)
    leave_field()
    stack, here = document.changes.undo_stack, state(document)
    index = stack.index()
    while stack.canRedo():
        document.changes.redo()
        QApplication.processEvents()
    states, n_steps = {stack.index(): state(document)}, stack.index()
    while stack.canUndo():
        document.changes.undo()
        QApplication.processEvents()
        states[stack.index()] = state(document)
    assert states[index] == here
    while stack.canRedo():
        document.changes.redo()
        QApplication.processEvents()
        assert state(document) == states[stack.index()], f"redo of {stack.undoText()} leads elsewhere"
    return n_steps


@pytest.fixture
def live_with_monkey(make_window, wheel, alone, collector, reporter, monkeypatch):
    """Let a monkey loose; return what was measured."""

    def live(n_actions, seed):
        faulthandler.cancel_dump_traceback_later()
        window = make_window()
        monkey = Monkey(window, alone, seed, wheel)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", monkey.name_to_read)
        monkeypatch.setattr(QFileDialog, "getSaveFileName", monkey.name_to_write)
        window.document.failed.connect(lambda sentence, details: failures.texts.append(details))
        collector.settle()
        failures, watch = Failures(monkey), Watch(monkey)
        logging.getLogger().addHandler(failures)
        window.document.run.set_playing(True)
        begin, n_steps = time.perf_counter(), 0
        sizes = []
        watch.start()
        try:
            for part in [min(WARM_UP, n_actions)] * (n_actions // min(WARM_UP, n_actions)):
                monkey.act(part, lambda: assert_sound(window.document))
                close_all(window)
                n_steps += undo_and_redo(window.document)
                assert not failures.texts, failures.texts[0]
                sizes.append((len(QApplication.allWidgets()), resident_mb()))
                tell(
                    f"{monkey.n_done} actions, {time.perf_counter() - begin:.0f} s, {len(watch.stalls)} stalls, "
                    f"{sizes[-1][0]} widgets, {sizes[-1][1]:.0f} MB, {len(window.document.dataset)} points",
                )
        finally:
            watch.stop()
            logging.getLogger().removeHandler(failures)
        assert set(watch.collecting_threads) == {"MainThread"}
        tell(f"undo of {n_steps} steps")
        tell(f"collections {sum(watch.collecting_threads.values())}, longest {max(watch.pauses) * 1e3:.0f} ms")
        for stall in sorted(watch.stalls, key=lambda stall: -stall.seconds):
            tell(
                f"{stall.seconds * 1e3:.0f} ms, own {stall.own_seconds * 1e3:.0f} ms: {stall.action}: "
                f"{' '.join(call for call, _ in stall.calls.most_common(8))}"
            )
        return monkey, watch, sizes

    return live


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_a_monkey_does_no_harm_in_300_actions(live_with_monkey):
    monkey, _, _ = live_with_monkey(300, seed=1)
    assert len(monkey.counts) > 10


@pytest.mark.soak
@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("seed", [1])
def test_a_monkey_does_no_harm_in_20000_actions(live_with_monkey, seed):
    _, watch, sizes = live_with_monkey(20_000, seed)
    assert [stall for stall in watch.stalls if stall.own_seconds > LONGEST_S and stall.reason is None] == []
    # A large network has more rows in the inspector, and more to undo: the least of each half is alike.
    widgets, memory = zip(*sizes, strict=True)
    half = len(sizes) // 2
    assert min(widgets[half:]) < 1.2 * min(widgets[:half])
    assert min(memory[half:]) < min(memory[:half]) + 150
