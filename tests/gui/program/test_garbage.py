import gc
import subprocess
import sys
import threading
import weakref

import pytest

from gui.program.garbage import GarbageCollector


class Cycle:
    def __init__(self):
        self.itself = self


@pytest.fixture
def collector(qapp):
    assert gc.isenabled()
    collector = GarbageCollector()
    yield collector
    collector.stop()
    collector.deleteLater()
    assert gc.isenabled()


@pytest.fixture
def collecting_threads():
    """The thread of each collection that has begun since."""
    threads = []

    def on_collection(phase, info):
        if phase == "start":
            threads.append(threading.current_thread())

    gc.callbacks.append(on_collection)
    yield threads
    gc.callbacks.remove(on_collection)


def test_what_another_thread_leaves_is_collected_in_the_windows_thread(collector, collecting_threads, qtbot):
    cycles = []

    def work():
        for _ in range(20 * gc.get_threshold()[0]):
            cycle = Cycle()
        cycles.append(weakref.ref(cycle))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert collecting_threads == []
    (cycle,) = cycles
    assert cycle() is not None
    qtbot.waitUntil(lambda: cycle() is None)
    assert set(collecting_threads) == {threading.main_thread()}


def test_old_objects_have_their_turn(collector):
    cycle = Cycle()
    gc.collect(0)
    gc.collect(1)
    reference = weakref.ref(cycle)
    del cycle
    n_turns = 0
    while reference() is not None and n_turns < 1000:
        _young = [Cycle() for _ in range(2 * gc.get_threshold()[0])]
        collector.collect_due()
        n_turns += 1
    assert reference() is None
    assert n_turns <= gc.get_threshold()[1] * gc.get_threshold()[2] * 2


def test_what_is_settled_costs_no_collection_any_more(collector):
    kept = [[] for _ in range(50_000)]
    assert len(gc.get_objects()) > 50_000
    collector.settle()
    assert len(gc.get_objects()) < 5_000
    assert gc.get_freeze_count() > 50_000
    del kept


TRAINING_PROGRAM = """
import gc, threading
from PySide6.QtCore import QTimer
from gui import app, main_window

def train(window):
    show(window)
    window.document.run.set_playing(True)
    QTimer.singleShot(2000, lambda: end(window))

def end(window):
    window.files.forget_changes()
    window.close()

show, main_window.MainWindow.show = main_window.MainWindow.show, train
threads = []
gc.callbacks.append(lambda phase, info: threads.append(threading.current_thread()))
app.run(["netcanvas"])
assert len(threads) > 3
assert set(threads) == {threading.main_thread()}
"""


def test_the_program_collects_in_no_other_thread_while_it_trains(monkeypatch):
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    done = subprocess.run(
        [sys.executable, "-c", TRAINING_PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
