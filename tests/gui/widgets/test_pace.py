"""Work that follows something live: how often it is done, and when."""

import time

import pytest
from PySide6.QtCore import QObject
from PySide6.QtTest import QTest

from gui.widgets.pace import Pace


@pytest.fixture
def owner(qapp):
    owner = QObject()
    yield owner
    owner.deleteLater()


def test_what_is_due_is_done_before_the_picture_that_is_about_to_be_drawn(owner):
    done = []
    pace = Pace(lambda: done.append(1), owner)
    pace.ask(urgent=False)
    assert done == [1]


def test_what_is_not_due_waits_for_the_next_who_asks(owner):
    done = []
    pace = Pace(lambda: done.append(time.perf_counter()), owner)
    start = time.perf_counter()
    while time.perf_counter() < start + 0.5:
        asked = time.perf_counter()
        n_before = len(done)
        pace.ask(urgent=False)
        assert len(done) == n_before or done[-1] >= asked
        time.sleep(0.02)  # Without an event loop no timer does it.
    assert 4 <= len(done) <= 7


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
def test_dear_work_is_done_less_often_and_so_is_what_is_dear_to_draw(owner, work_s, drawing_s):
    done = []
    pace = Pace(lambda: (time.sleep(work_s), done.append(1)), owner)
    start = time.perf_counter()
    while time.perf_counter() < start + 0.5:
        pace.ask(urgent=False)
        pace.note_drawing(drawing_s)
        time.sleep(0.01)
    assert len(done) == 2
