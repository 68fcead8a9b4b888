import itertools

import numpy as np
import pytest

from model import Dataset, Network, NetworkSettings, Trainer, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.run.record import Recorder, record
from model.run.run import Run
from model.training.settings import Setup

pytestmark = pytest.mark.usefixtures("engine")

SPIRAL = generate(GeneratorSettings(n_points=120, n_classes=2))
NETWORK = NetworkSettings((2, 4, 2), ("tanh",))


def setup_of(dataset=SPIRAL, network=NETWORK, **training):
    return Setup(dataset, network, TrainingSettings(**{"learning_rate": 0.1, **training}))


def ticking():
    """A clock on which a second passes from one look to the next."""
    ticks = itertools.count()
    return lambda: float(next(ticks))


class TestRecording:
    def test_is_the_trainer_alone_to_the_bit(self):
        setup = setup_of(optimizer="adam", dropout=0.1)
        kept = record(setup, 1234)
        trainer = Trainer(Network.from_settings(setup.network), setup.dataset, setup.training)
        trainer.run_steps(1234)

        assert kept.moment.step == 1234
        assert kept.curve.rows[-1, 0] == 1234
        np.testing.assert_array_equal(kept.moment.checkpoint.parameters, trainer.network.parameters)
        assert (kept.first.step, kept.note, kept.how) == (0, "", "completed")
        assert len(np.unique(kept.curve.rows[:, 0])) == len(kept.curve)

    def test_ends_where_it_is_told_to_and_is_whole_there(self):
        calls = iter([False, False, True])
        kept = record(setup_of(), 10_000, is_stopped=lambda: next(calls))
        assert (kept.how, kept.note) == ("stopped", f"training was stopped at step {kept.moment.step:,}")
        assert 0 < kept.moment.step < 1000
        again = record(setup_of(), kept.moment.step)
        np.testing.assert_array_equal(kept.moment.checkpoint.parameters, again.moment.checkpoint.parameters)
        np.testing.assert_array_equal(kept.curve.rows, again.curve.rows)

    def test_says_why_it_ended_early(self):
        kept = record(setup_of(network=NetworkSettings((2, 4, 2), ("relu",)), learning_rate=1e6), 10_000)
        assert "diverged at learning rate 1e+06" in kept.note
        assert kept.how == "diverged"
        assert kept.moment.metrics.is_finite
        assert kept.curve.rows[-1, 0] <= kept.moment.step
        spent = record(setup_of(optimizer="random_search", optimizer_options={"budget": 20.0}), 1000)
        assert "no try left" in spent.note
        assert spent.how == "budget_spent"

    @pytest.mark.parametrize(("dataset", "n_steps"), [(Dataset([], []), 10), (SPIRAL, 0)])
    def test_needs_points_and_steps(self, dataset, n_steps):
        with pytest.raises(ValueError, match=r"training point|steps must be"):
            record(setup_of(dataset), n_steps)


class TestRecorder:
    def test_each_point_of_the_curve_has_the_time_that_the_steps_before_it_took(self):
        recorder = Recorder(Run(setup_of(), clock=ticking()))
        for _ in range(3):
            recorder.advance(700)
        trained, times = recorder.timed()

        assert len(times) == len(trained.curve)
        assert times[0] == 0.0
        # A second for each stretch, which ends at a point of the curve or where somebody wanted to stop.
        assert recorder.seconds == times[-1]
        assert (np.diff(times) >= 1.0).all()
        assert trained.moment.step == trained.curve.rows[-1, 0] == 2100

    def test_is_whole_wherever_it_is_looked_at(self):
        recorder = Recorder(Run(setup_of()))
        recorder.advance(1001)
        seen = recorder.kept()
        recorder.advance(499)

        assert seen.moment.step == 1001
        assert recorder.kept().moment.step == 1500
        assert seen.moment.step == 1001
        np.testing.assert_array_equal(recorder.kept().curve.rows, record(setup_of(), 1500).curve.rows)

    def test_what_is_not_finite_between_two_points_is_not_kept(self):
        recorder = Recorder(Run(setup_of()))
        recorder.advance(2001)
        recorder.run.trainer.network.parameters[:] = np.nan
        last_good = recorder.run.step - recorder.run.step % recorder.run.point_interval

        assert recorder.kept().moment.metrics.is_finite
        recorder.settle()
        trained, times = recorder.timed()
        assert trained.how == "diverged"
        assert trained.moment.step == trained.curve.rows[-1, 0] == last_good
        assert len(times) == len(trained.curve)
