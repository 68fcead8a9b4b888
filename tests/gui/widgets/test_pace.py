"""Work that follows something live: how often it is done, and when."""

import gc
import weakref

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest

from gui.widgets import pace as pace_module
from gui.widgets.pace import Pace


@pytest.fixture
def owner(qapp):
    owner = QObject()
    yield owner
    owner.deleteLater()


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self):
        self.now_s = 100.0

    def perf_counter(self):
        return self.now_s

    def wait(self, seconds):
        self.now_s += seconds


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(pace_module, "time", clock)
    return clock


def test_what_is_due_is_done_before_the_picture_that_is_about_to_be_drawn(owner):
    done = []
    pace = Pace(lambda: done.append(1), owner)
    pace.ask(urgent=False)
    assert done == [1]


def test_what_is_not_due_waits_for_the_next_who_asks(owner, clock):
    done = []
    pace = Pace(lambda: done.append(clock.now_s), owner)
    asked = []
    for _ in range(25):
        asked.append(clock.now_s)
        pace.ask(urgent=False)
        clock.wait(0.03)  # Without an event loop no timer does it.
    assert done == asked[::3]


def test_the_last_change_is_never_forgotten(owner, qtbot):
    done = []
    pace = Pace(lambda: done.append(1), owner)
    pace.ask(urgent=False)
    pace.ask(urgent=False)
    assert done == [1]
    qtbot.waitUntil(lambda: done == [1, 1])
    QTest.qWait(200)
    assert done == [1, 1]


def test_what_is_urgent_is_done_once_all_events_are_through(owner, qtbot):
    done = []
    pace = Pace(lambda: done.append(1), owner)
    for _ in range(3):
        pace.ask(urgent=True)
    assert done == []
    qtbot.waitUntil(lambda: done == [1])


@pytest.mark.parametrize(("work_s", "drawing_s"), [(0.015, 0.0), (0.0, 0.015)])
def test_dear_work_is_done_less_often_and_so_is_what_is_dear_to_draw(owner, clock, work_s, drawing_s):
    done = []
    pace = Pace(lambda: (clock.wait(work_s), done.append(1)), owner)
    end_s = clock.now_s + 0.5
    while clock.now_s < end_s:
        pace.ask(urgent=False)
        pace.note_drawing(drawing_s)
        clock.wait(0.01)
    assert len(done) == 2


def test_what_has_a_pace_of_its_own_goes_without_a_collection_of_garbage(qapp):
    class Follower(QObject):
        def __init__(self):
            super().__init__()
            self.done = 0
            self.pace = Pace(self.follow, self)

        def follow(self):
            self.done += 1

    gc.disable()
    try:
        follower = Follower()
        follower.pace.work()
        assert follower.done == 1
        seen = weakref.ref(follower)
        del follower
        assert seen() is None
    finally:
        gc.enable()
