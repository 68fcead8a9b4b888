import itertools
import queue
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtTest import QSignalSpy

from gui.training_thread import messages
from gui.training_thread import thread as thread_module
from gui.training_thread.thread import TrainingThread
from model import Dataset, Network, NetworkSettings, Trainer, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.network.change_problem import change_problem
from model.network.surgery import remove_unit, set_output
from model.run.run import Diverged, Run
from model.run.snapshot import Plane, SnapshotMaker
from model.training.settings import Setup
from model.training.stopping import Stop

pytestmark = pytest.mark.usefixtures("engine")

DATASET = generate(GeneratorSettings(n_points=120, n_classes=2))
NETWORK = NetworkSettings((2, 4, 2), ("tanh",))
TRAINING = TrainingSettings(learning_rate=0.1)


NUMBERS = itertools.count(1)


def setup_of(dataset=DATASET, network=NETWORK, **training):
    return Setup(dataset, network, TrainingSettings(**{"learning_rate": 0.1, **training}))


def start(run=1, **training):
    return messages.Begin(next(NUMBERS), run, setup_of(**training))


def revise(surgery=None, **changes):
    return messages.Revise(next(NUMBERS), setup_of(**changes), surgery)


def trainer_alone(training=TRAINING):
    return Trainer(Network.from_settings(NETWORK), DATASET, training, seed=NETWORK.seed)


def curve_alone(n_steps, training=TRAINING):
    """Return the points of the curve that a run without a thread has until `n_steps`."""
    run = Run(Setup(DATASET, NETWORK, training))
    curve = [run.moment().metrics]
    while run.step + run.steps_to_next_point <= n_steps:
        curve.append(run.advance(n_steps).metrics)
    return curve


class Clock:
    """In the place of the module `time`: fifty microseconds pass from one look to the next."""

    seconds = 0.0

    def perf_counter(self):
        self.seconds += 50e-6
        return self.seconds


class Waits(queue.SimpleQueue):
    """A queue that notes for how long its reader was ready to wait where nothing lay in it."""

    def __init__(self):
        self.seconds = []

    def get(self, block=True, timeout=None):
        if block and timeout is not None:
            self.seconds.append(timeout)
        return super().get(block, timeout)

    def get_nowait(self):
        return super().get(False)


class Reader(QObject):
    """Takes the mail as the window does."""

    def __init__(self, thread):
        super().__init__()
        self.thread_read = thread
        self.snapshots, self.curve, self.pauses, self.notifications = [], [], [], 0
        thread.mail_arrived.connect(self.read)

    @Slot()
    def read(self):
        self.notifications += 1
        mail = self.thread_read.take_mail()
        self.curve += mail.curve
        if mail.pause is not None:
            self.pauses.append(mail.pause)
        if mail.snapshot is not None:
            self.snapshots.append(mail.snapshot)
            self.thread_read.send(messages.FrameDrawn())

    @property
    def newest(self):
        return self.snapshots[-1] if self.snapshots else None

    @property
    def step(self):
        return self.newest.step if self.snapshots else -1


@pytest.fixture
def thread(qapp):
    thread = TrainingThread()
    yield thread
    thread.stop()
    thread.deleteLater()


@pytest.fixture
def reader(thread):
    return Reader(thread)


@pytest.fixture
def made(monkeypatch):
    """Wait, without processing events, until so many snapshots of a run are made; return them.

    All but the last of them are in the mailbox, or were.
    """
    snapshots, another = [], threading.Condition()
    make = SnapshotMaker.make

    def note(*arguments, **options):
        snapshot = make(*arguments, **options)
        with another:
            snapshots.append(snapshot)
            another.notify()
        return snapshot

    monkeypatch.setattr(SnapshotMaker, "make", note)

    def wait(count, run=1):
        def of_the_run():
            return [snapshot for snapshot in snapshots if snapshot.run == run]

        with another:
            assert another.wait_for(lambda: len(of_the_run()) >= count, timeout=5.0), "there came no snapshot"
            return of_the_run()

    return wait


@pytest.fixture
def settle(thread, reader, qtbot):
    """Wait until the thread has answered all messages, and the answers have been read."""

    def wait():
        plane = Plane(x_max=7.0 + len(reader.snapshots))
        thread.send(messages.Look(plane, None))
        qtbot.waitUntil(lambda: reader.newest is not None and reader.newest.surface.plane == plane)

    return wait


@pytest.fixture
def pause(thread, settle):
    """Pause, and wait until all that the thread had to say has been read."""

    def stop_training():
        thread.send(messages.Play(False))
        settle()

    return stop_training


class TestTheRun:
    @pytest.mark.parametrize(("speed", "n_steps"), [(None, 3000), (1000.0, 300), (200.0, 60)])
    def test_is_that_of_a_trainer_alone_to_the_bit_at_any_speed(self, thread, reader, pause, qtbot, speed, n_steps):
        thread.start()
        for message in (start(), messages.SetSpeed(speed), messages.Play(True)):
            thread.send(message)
        qtbot.waitUntil(lambda: reader.step >= n_steps)
        pause()

        alone = trainer_alone()
        alone.run_steps(reader.step)
        np.testing.assert_array_equal(reader.newest.network.parameters, alone.network.parameters)
        assert reader.newest.metrics == alone.metrics()
        assert reader.newest.epoch == alone.epoch_count
        assert reader.curve == curve_alone(reader.step)

    @pytest.mark.parametrize(
        "stop", [Stop(steps=123), Stop(epochs=7), Stop(loss=0.6), Stop(plateau=3, improvement=0.5)]
    )
    def test_ends_by_itself_at_the_same_step_at_any_speed(self, thread, reader, settle, qtbot, stop):
        thread.start()
        steps = []
        for run, speed in ((2, None), (3, 5000.0), (4, 900.0)):
            reader.pauses.clear()
            for message in (start(run, stop=stop), messages.SetSpeed(speed), messages.Play(True)):
                thread.send(message)
            qtbot.waitUntil(lambda: len(reader.pauses) > 0)
            settle()
            assert reader.step == reader.pauses[0].metrics.step
            steps.append(reader.step)
        alone = Run(setup_of(stop=stop))
        while alone.advance(10_000).pause is None:
            pass
        assert steps == [alone.step] * 3

    def test_is_the_same_when_pauses_and_single_steps_come_between(self, thread, reader, pause, qtbot):
        thread.start()
        thread.send(start())
        for n_steps in (50, 120, 300):
            thread.send(messages.Play(True))
            qtbot.waitUntil(lambda n_steps=n_steps: reader.step >= n_steps)
            pause()
            thread.send(messages.Advance(whole_epoch=False))
            thread.send(messages.Advance(whole_epoch=True))
        pause()

        assert reader.curve == curve_alone(reader.step)

    def test_is_repeated_by_rewinding(self, thread, reader, pause, qtbot):
        thread.start()
        thread.send(start())
        runs = []
        for run in (2, 3):
            reader.curve.clear()
            thread.send(messages.Rewind(next(NUMBERS), run))
            thread.send(messages.Play(True))
            qtbot.waitUntil(lambda: len(reader.curve) > 300)
            pause()
            runs.append(reader.curve[:301])

        assert runs[0] == runs[1] == curve_alone(300)

    def test_is_as_fast_as_it_was_told(self, thread, reader, monkeypatch):
        clock = Clock()
        monkeypatch.setattr(thread_module, "time", clock)
        rates = []

        def note_and_end():
            rates.append(reader.step / clock.seconds)
            if reader.step >= 400:
                thread.send(messages.Stop())

        thread.mail_arrived.connect(note_and_end)
        for message in (start(), messages.SetSpeed(2000.0), messages.Play(True)):
            thread.send(message)
        thread.work()

        assert rates[-1] == pytest.approx(2000.0, rel=0.05)

    def test_stands_still_while_paused(self, thread, reader, pause, qtbot):
        thread.start()
        thread.send(start())
        thread.send(messages.Play(True))
        qtbot.waitUntil(lambda: reader.step > 10)
        pause()
        step = reader.step
        pause()

        assert reader.step == step

    @pytest.mark.parametrize(("whole_epoch", "n_steps"), [(False, 1), (True, 9)])
    def test_takes_one_step_or_completes_the_epoch(self, thread, reader, settle, qtbot, whole_epoch, n_steps):
        thread.start()
        thread.send(start())
        thread.send(messages.Advance(whole_epoch))
        qtbot.waitUntil(lambda: reader.step >= n_steps)  # 84 training points in batches of 10 are 9 steps.
        settle()

        assert reader.step == n_steps
        assert reader.newest.epoch == int(whole_epoch)

    def test_goes_on_when_a_neuron_is_removed(self, thread, reader, pause, qtbot):
        thread.start()
        thread.send(start())
        thread.send(messages.Play(True))
        qtbot.waitUntil(lambda: reader.step > 10)
        pause()
        before = reader.newest
        surgery = remove_unit(NETWORK, 1, 0)
        thread.send(revise(surgery, network=surgery.settings))
        pause()

        assert reader.newest.network.settings.layer_sizes == (2, 3, 2)
        assert reader.step == before.step
        np.testing.assert_array_equal(reader.newest.network.weights[0], before.network.weights[0][:, 1:])


class TestTheEngine:
    def test_is_decided_with_the_first_step_and_kept(self, thread, engine, settle, pause, qtbot):
        frames, take = [], thread.take_mail

        def take_and_note():
            mail = take()
            frames.extend(mail.frames)
            return mail

        thread.take_mail = take_and_note
        thread.start()
        thread.send(start())
        settle()
        assert [frame.checkpoint.engine for frame in frames] == [None]
        thread.send(messages.Advance(whole_epoch=False))
        qtbot.waitUntil(lambda: frames[-1].step == 1)
        pause()

        assert {frame.checkpoint.engine.name for frame in frames[1:]} == {engine}
        assert frames[1].step == 0, "the first key frame is said again: a branch from it begins with this engine too"
        thread.send(messages.Branch(next(NUMBERS), 2, frames[1], frames[1]))
        thread.send(messages.Advance(whole_epoch=True))
        qtbot.waitUntil(lambda: frames[-1].step == 9)
        assert frames[-1].checkpoint.engine == frames[1].checkpoint.engine

    @pytest.mark.parametrize("n_processors", [1, 2])
    def test_trains_while_the_window_draws_where_it_can(self, thread, engine, monkeypatch, n_processors):
        monkeypatch.setattr(thread_module, "N_PROCESSORS", n_processors)
        waits = Waits()
        thread._messages = waits
        advance, n_steps = Run.advance, 0

        def note(run, n):
            nonlocal n_steps
            progress = advance(run, n)
            n_steps += progress.n_steps
            if n_steps > 500:
                thread.send(messages.Stop())
            return progress

        monkeypatch.setattr(Run, "advance", note)
        for message in (start(), messages.Play(True)):
            thread.send(message)
        thread.work()  # Nobody says that a picture is drawn.

        assert bool(waits.seconds) == (engine == "numpy" or n_processors == 1)

    def test_can_be_fetched_ahead_of_a_run(self, thread, engine, monkeypatch):
        asked = []
        monkeypatch.setattr("model.training.compiled.cache.ready_kernel", lambda: asked.append(True))
        thread.send(messages.FetchEngine())
        thread.send(messages.Stop())
        thread.work()

        assert asked == [True]


class TestTheMailbox:
    def test_notifies_once_however_much_there_is_to_say(self, thread, made, qtbot):
        notifications = QSignalSpy(thread.mail_arrived)
        thread.start()
        thread.send(start())
        thread.send(messages.Play(True))
        first, second, *_ = made(3)  # Nobody reads: no event is processed until then.
        thread.send(messages.Play(False))
        qtbot.waitUntil(lambda: notifications.count() > 0)
        qtbot.wait(0)

        assert notifications.count() == 1
        mail = thread.take_mail()
        assert mail.snapshot.step >= second.step > first.step, "the newest one is kept"

    def test_loses_no_point_of_the_curve_while_nobody_reads(self, thread, reader, made, pause):
        thread.start()
        thread.send(start())
        thread.send(messages.Play(True))
        made(2)
        pause()

        assert len(reader.curve) > 100
        assert reader.curve == curve_alone(reader.step)

    def test_is_empty_once_taken(self, thread):
        posted = threading.Event()
        thread.mail_arrived.connect(posted.set, Qt.ConnectionType.DirectConnection)
        thread.start()
        thread.send(start())
        assert posted.wait(5.0)
        assert thread.take_mail().snapshot is not None

        mail = thread.take_mail()
        assert (mail.run, mail.snapshot, mail.curve, mail.pause) == (1, None, [], None)

    def test_holds_nothing_of_an_older_run(self, thread, reader, made, pause):
        thread.start()
        thread.send(start(run=1))
        thread.send(messages.Play(True))
        made(2)
        thread.send(start(run=2, learning_rate=0.2))
        made(1, run=2)
        pause()

        assert reader.newest.run == 2
        assert reader.curve == curve_alone(reader.step, TrainingSettings(learning_rate=0.2))

    def test_has_snapshots_that_nobody_can_change(self, thread, reader, qtbot):
        thread.start()
        thread.send(start())
        thread.send(messages.Look(Plane(), (1, 2)))
        qtbot.waitUntil(lambda: reader.newest is not None and reader.newest.probe == (1, 2))

        snapshot = reader.newest
        network, surface = snapshot.network, snapshot.surface
        arrays = [network.parameters, *network.weights, *network.biases, *snapshot.unit_maps]
        assert not any(array.flags.writeable for array in [*arrays, surface.probabilities, surface.unit_map])


class TestErrors:
    def test_arrive_and_the_thread_goes_on(self, thread, reader, settle, qtbot, caplog):
        other_shape = replace(NETWORK, layer_sizes=(2, 5, 2))
        thread.start()
        thread.send(start())
        thread.send(messages.Play(True))
        thread.send(revise(network=other_shape))
        qtbot.waitUntil(lambda: len(reader.pauses) > 0)

        (failed,) = reader.pauses
        assert isinstance(failed, messages.Failed)
        assert "(2, 4, 2)" in failed.sentence
        assert "ValueError" in failed.details
        assert "the training thread raised" in caplog.text
        settle()
        step = reader.step
        settle()
        assert reader.step == step, "it is paused"
        thread.send(messages.Play(True))
        qtbot.waitUntil(lambda: reader.step > step)

    def test_divergence_pauses_at_the_last_finite_moment(self, thread, reader, settle, qtbot):
        relu = NetworkSettings((2, 4, 2), ("relu",))
        thread.start()
        thread.send(messages.Begin(1, 1, setup_of(network=relu, learning_rate=1e6)))
        thread.send(messages.Play(True))
        qtbot.waitUntil(lambda: len(reader.pauses) > 0)
        settle()

        (diverged,) = reader.pauses
        assert isinstance(diverged, Diverged)
        assert diverged.step == reader.step
        assert np.isfinite(reader.newest.metrics.train_loss)
        assert np.isfinite(reader.newest.network.parameters).all()


class TestTheEnd:
    def test_comes_at_full_speed(self, thread, reader, qtbot):
        thread.start()
        thread.send(start())
        thread.send(messages.Play(True))
        qtbot.waitUntil(lambda: reader.step > 50)
        thread.stop()

        assert thread.isFinished()

    def test_comes_while_the_window_has_not_drawn_yet(self, thread, made):
        thread.start()
        thread.send(start())
        made(1)
        thread.stop()

        assert thread.isFinished()

    def test_comes_before_another_step(self, thread, reader, monkeypatch):
        advance, steps = Run.advance, []

        def note(run, n_steps):
            progress = advance(run, n_steps)
            steps.append(run.step)
            return progress

        monkeypatch.setattr(Run, "advance", note)
        thread.mail_arrived.connect(lambda: reader.step > 50 and thread.send(messages.Stop()))
        thread.send(start())
        thread.send(messages.Play(True))
        thread.work()

        assert steps[-1] == reader.step

    def test_of_a_thread_that_never_began_is_nothing(self, thread):
        thread.stop()
        assert not thread.isRunning()


def test_the_end_does_not_wait_for_what_lies_in_the_queue(thread, reader, qtbot, monkeypatch):
    revised = []
    monkeypatch.setattr(
        "model.run.run.Run.revise", lambda run, setup, surgery: revised.append(setup) or time.sleep(0.02)
    )
    thread.send(start())
    for _ in range(400):
        thread.send(revise())
    thread.start()
    qtbot.waitUntil(lambda: len(revised) > 2)
    thread.stop()

    assert thread.isFinished()
    assert len(revised) < 400


class TestWorkCalledDirectly:
    """Coverage does not see QThread.run, so the same loop also runs in this thread."""

    def test_answers_and_ends(self, thread):
        reader = Reader(thread)

        def end_at_20():
            if reader.step >= 20:
                thread.send(messages.Stop())

        thread.mail_arrived.connect(end_at_20)
        for message in (start(), messages.SetSpeed(None), messages.Play(True)):
            thread.send(message)
        thread.work()

        assert reader.curve == curve_alone(reader.step)

    def test_reports_what_is_raised(self, thread):
        reader = Reader(thread)
        thread.mail_arrived.connect(lambda: reader.pauses and thread.send(messages.Stop()))
        thread.send(start())
        thread.send(revise(network=replace(NETWORK, layer_sizes=(2, 5, 2))))
        thread.work()

        assert isinstance(reader.pauses[0], messages.Failed)

    def test_waits_where_there_is_nothing_to_learn(self, thread):
        reader = Reader(thread)
        thread.mail_arrived.connect(lambda: thread.send(messages.Stop()))
        thread.send(messages.Begin(1, 1, setup_of(Dataset([], []))))
        thread.send(messages.Play(True))
        thread.work()

        assert reader.step == 0
        assert reader.newest.metrics.train_loss is None

    def test_takes_messages_before_there_is_a_run(self, thread):
        reader = Reader(thread)
        for message in (
            messages.Rewind(1, 1),
            messages.Advance(False),
            messages.SetParameter(2, 0, 1.0),
            messages.Stop(),
        ):
            thread.send(message)
        thread.work()

        assert reader.snapshots == []


def test_a_random_search_that_ends_pauses_and_says_so(thread, reader, qtbot):
    thread.send(start())
    thread.start()
    thread.send(revise(optimizer="random_search", optimizer_options={"budget": 40.0}))
    thread.send(messages.Play(True))
    qtbot.waitUntil(lambda: len(reader.pauses) == 1)
    (ended,) = reader.pauses

    assert (ended.reason, ended.metrics.tries, ended.metrics.step) == ("budget_spent", 40, 40)
    qtbot.waitUntil(lambda: reader.newest.step == 40)
    thread.send(messages.Play(True))
    qtbot.waitUntil(lambda: len(reader.pauses) == 2)
    assert reader.pauses[1].metrics.tries == 80


def test_early_stopping_pauses_with_the_best_weights(thread, reader, qtbot):
    thread.send(start())
    thread.start()
    thread.send(revise(learning_rate=1.5, patience=3))
    thread.send(messages.Play(True))
    qtbot.waitUntil(lambda: len(reader.pauses) == 1)
    (ended,) = reader.pauses

    assert ended.reason == "early_stopping"
    qtbot.waitUntil(lambda: reader.newest.step == ended.metrics.step)
    # It is looked at when an epoch ends: after every 9 steps with 84 points in batches of 10.
    lowest = min(metrics.test_loss for metrics in reader.curve if metrics.step % 9 == 0)
    assert reader.newest.metrics.test_loss == ended.metrics.test_loss == lowest


def test_data_loss_and_outputs_change_between_the_same_two_steps(thread, reader, qtbot):
    """A regression needs another loss, and fits neither the data set nor the loss before it."""
    thread.send(start())
    thread.start()
    single = set_output(NETWORK, 2, "linear", np.random.default_rng(0))
    thread.send(revise(single, network=single.settings, loss="squared_error"))
    values = DATASET.as_kind("values")
    thread.send(revise(dataset=values, network=single.settings, loss="squared_error", learning_rate=0.2))
    qtbot.waitUntil(lambda: reader.newest is not None and reader.newest.is_regression)

    assert reader.newest.metrics.train_r2 is not None
    assert not reader.pauses


def test_points_of_the_plane_become_those_of_a_curve_between_two_steps(thread, reader, qtbot):
    thread.send(start())
    thread.start()
    curve = DATASET.as_kind("curve")
    surgery = change_problem(NETWORK, DATASET, curve, np.random.default_rng(0))
    thread.send(revise(surgery, dataset=curve, network=surgery.settings, loss="squared_error"))
    qtbot.waitUntil(lambda: reader.newest is not None and reader.newest.curve is not None)

    assert reader.newest.moment.dataset == curve
    assert reader.newest.metrics.train_r2 is not None
    assert not reader.pauses
