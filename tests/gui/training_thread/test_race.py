from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, Slot

from gui.training_thread import race as messages
from gui.training_thread.messages import FrameDrawn
from gui.training_thread.race import RaceFailed, RaceReport, RaceThread
from model import NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.run.race import Race
from model.run.record import record
from model.training.settings import Setup

pytestmark = pytest.mark.usefixtures("engine")

SETUP = Setup(
    generate(GeneratorSettings("moons", n_points=80)),
    NetworkSettings((2, 4, 2), ("tanh",)),
    TrainingSettings(learning_rate=0.1),
)
LANES = [SETUP.training, replace(SETUP.training, optimizer="adam", learning_rate=0.01)]


class Reader(QObject):
    """Takes the mail as the window does."""

    def __init__(self, thread):
        super().__init__()
        self.thread_read = thread
        self.reports, self.failures = [], []
        thread.mail_arrived.connect(self.read)

    @Slot()
    def read(self):
        mail = self.thread_read.take_mail()
        if isinstance(mail, RaceReport):
            self.reports.append(mail)
            self.thread_read.send(FrameDrawn())
        elif isinstance(mail, RaceFailed):
            self.failures.append(mail)

    def has(self, number):
        """Return whether there is an answer to a request that leaves nothing under way."""
        return bool(self.reports) and self.reports[-1].number >= number and not self.reports[-1].is_playing


@pytest.fixture
def thread(qapp):
    thread = RaceThread()
    thread.start()
    yield thread
    thread.stop()


@pytest.fixture
def reader(thread):
    return Reader(thread)


def race_of(goal, lanes=LANES):
    return Race(SETUP, lanes, goal)


def test_trains_all_lanes_to_the_goal_as_they_would_be_alone(thread, reader, qtbot):
    thread.send(messages.BeginRace(1, race_of(300)))
    thread.send(messages.PlayRace(2, True))
    qtbot.waitUntil(lambda: reader.has(2))
    report = reader.reports[-1]

    assert report.state.is_over
    for lane, training in zip(report.state.lanes, LANES, strict=True):
        alone = record(replace(SETUP, training=training), 300)
        np.testing.assert_array_equal(lane.trained.moment.checkpoint.parameters, alone.moment.checkpoint.parameters)
    for snapshot, lane in zip(report.snapshots, report.state.lanes, strict=True):
        assert snapshot.moment is lane.trained.moment
        assert snapshot.surface.probabilities.shape == (2, messages.SURFACE_RESOLUTION, messages.SURFACE_RESOLUTION)


def test_tells_how_the_race_stands_while_it_goes_on_and_pauses(thread, reader, qtbot):
    thread.send(messages.BeginRace(1, race_of(10_000_000)))
    thread.send(messages.PlayRace(2, True))
    qtbot.waitUntil(lambda: len({report.state.step for report in reader.reports}) > 3)
    thread.send(messages.PlayRace(3, False))
    qtbot.waitUntil(lambda: reader.has(3))
    steps = [report.state.step for report in reader.reports]
    assert steps == sorted(steps)
    assert all(lane.trained.moment.step == steps[-1] for lane in reader.reports[-1].state.lanes)


def test_takes_single_steps_and_a_later_goal(thread, reader, qtbot):
    thread.send(messages.BeginRace(1, race_of(2)))
    for number in (2, 3, 4):
        thread.send(messages.StepRace(number))
    qtbot.waitUntil(lambda: reader.has(4) and reader.reports[-1].state.step == 2)
    thread.send(messages.SetGoal(5, 50))
    thread.send(messages.PlayRace(6, True))
    qtbot.waitUntil(lambda: reader.has(6))
    assert reader.reports[-1].state.step == 50


def test_a_race_that_has_not_begun_takes_what_is_there(thread, reader, engine, qtbot):
    thread.send(messages.BeginRace(1, Race(SETUP, LANES, 20, engine=None)))
    thread.send(messages.PlayRace(2, True))
    qtbot.waitUntil(lambda: reader.has(2))

    for lane in reader.reports[-1].state.lanes:
        assert {frame.checkpoint.engine.name for frame in lane.trained.history.frames} == {engine}


def test_has_no_picture_of_what_is_not_finite(thread, reader, qtbot):
    weights = np.full(SETUP.network.n_parameters, np.inf)
    thread.send(messages.BeginRace(1, Race(SETUP, LANES, 10, weights)))
    qtbot.waitUntil(lambda: reader.has(1))
    assert reader.reports[-1].snapshots == (None, None)


def test_an_error_is_told_and_the_thread_goes_on(thread, reader, qtbot, monkeypatch):
    def fail(*_):
        raise RuntimeError("odd")

    thread.send(messages.BeginRace(1, race_of(100)))
    qtbot.waitUntil(lambda: reader.has(1))
    with monkeypatch.context() as patches:
        patches.setattr(Race, "advance", fail)
        thread.send(messages.PlayRace(2, True))
        qtbot.waitUntil(lambda: bool(reader.failures))
    assert (reader.failures[0].number, reader.failures[0].sentence) == (2, "The training stopped: odd.")
    thread.send(messages.PlayRace(3, True))
    qtbot.waitUntil(lambda: reader.has(3))
    assert reader.reports[-1].state.step == 100


def test_ends_amid_a_race(thread, reader, qtbot):
    thread.send(messages.BeginRace(1, race_of(10_000_000)))
    thread.send(messages.PlayRace(2, True))
    qtbot.waitUntil(lambda: bool(reader.reports))
    thread.stop()
    assert thread.isFinished()
