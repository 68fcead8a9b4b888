from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Dataset, Network, NetworkSettings, Trainer, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.data.naming import Naming
from model.run.history import DEFAULT_BUDGET, Event, History, KeyFrame
from model.run.run import Run
from model.training.checkpoint import Checkpoint
from model.training.metrics import Metrics
from model.training.settings import Setup, first_setup

DATASET = Dataset([[0, 0], [1, 1]], [0, 1])
NETWORK = Network([2, 3, 2])
TRAINING = TrainingSettings()


def frame(step, value=0.0, dataset=DATASET, n=100):
    checkpoint = Checkpoint(np.full(n, value), step, step // 2, (1, 3, 0, 0))
    return KeyFrame(checkpoint, Metrics(step, 1.0, None), Setup(dataset, NETWORK.settings, TRAINING))


def filled(steps, budget=10**9):
    history = History(budget)
    for step in steps:
        history.append(frame(step))
    return history


def steps_of(history):
    return [frame.step for frame in history.frames]


def test_keeps_every_frame_while_there_is_room():
    history = filled(range(50))

    assert steps_of(history) == list(range(50))
    assert history.stride == 1
    assert history.n_bytes == sum(f.own_bytes(None) for f in history.frames) - 49 * (
        DATASET.points.nbytes + DATASET.labels.nbytes + DATASET.is_test.nbytes
    )


def test_every_other_frame_goes_when_it_is_full():
    history = filled(range(1000), budget=300_000)

    assert history.n_bytes <= 300_000
    assert 40 < len(history) < 110
    assert (steps_of(history)[0], steps_of(history)[-1]) == (0, 999)
    gaps = np.diff(steps_of(history)[:-1])
    assert history.stride in gaps
    assert gaps.max() <= 2 * history.stride


@given(st.lists(st.integers(1, 50), min_size=1, max_size=300), st.integers(5_000, 200_000))
def test_any_run_stays_within_the_budget(gaps, budget):
    history, step, steps = History(budget), 0, []
    for gap in gaps:
        history.append(frame(step))
        steps.append(step)
        assert history.n_bytes <= budget or len(history) <= 2
        assert steps_of(history)[-1] == step
        step += gap
    assert steps_of(history) == sorted(set(steps_of(history)))
    assert set(steps_of(history)) <= set(steps)
    assert steps_of(history)[0] == 0


def test_another_state_of_the_last_step_takes_its_place():
    history = filled(range(5))
    history.append(frame(4, 7.0))

    assert steps_of(history) == [0, 1, 2, 3, 4]
    assert history.frames[-1].checkpoint.parameters[0] == 7.0


def test_an_earlier_step_begins_a_branch():
    history = filled(range(10))
    history.note(8, "late")
    history.append(frame(4, 7.0))

    assert steps_of(history) == [0, 1, 2, 3, 4]
    assert list(history.events) == []


def test_forgets_what_came_after():
    history = filled(range(0, 100, 10))
    for step in (5, 35, 60):
        history.note(step, f"at {step}")
    history.forget_after(35)

    assert steps_of(history) == [0, 10, 20, 30]
    assert list(history.events) == [Event(5, "at 5"), Event(35, "at 35")]
    history.append(frame(36))
    assert steps_of(history) == [0, 10, 20, 30, 36]


def test_finds_moments():
    history = filled([0, 10, 20, 100])

    assert [history.index_at(step) for step in (-5, 0, 9, 10, 99, 100, 500)] == [0, 0, 0, 1, 2, 3, 3]
    assert [history.nearest(step) for step in (-5, 0, 4, 6, 61, 59, 500)] == [0, 0, 0, 1, 3, 2, 3]


class CountedStep(int):
    """A step that counts how often it is compared with another."""

    n_comparisons = 0

    def __lt__(self, other):
        CountedStep.n_comparisons += 1
        return super().__lt__(other)


def test_a_moment_of_many_is_found_in_a_few_comparisons():
    history = filled(range(5000))

    assert history.nearest(CountedStep(1234)) == 1234
    assert 0 < CountedStep.n_comparisons < 20


def test_the_same_event_is_noted_once():
    history = filled(range(3))
    history.note(2, "+1 point")
    history.note(2, "+1 point")
    history.note(2, "learning rate")

    assert [event.text for event in history.events] == ["+1 point", "learning rate"]


def test_a_copy_goes_its_own_way():
    history = filled(range(3))
    history.note(1, "a")
    other = history.copy()
    history.append(frame(3))
    history.note(3, "b")

    assert (len(other), len(other.events)) == (3, 1)
    assert other.n_bytes < history.n_bytes


def test_points_that_change_count():
    larger = Dataset(np.zeros((1000, 2)), np.zeros(1000, dtype=int))
    history = filled(range(2))
    before = history.n_bytes
    history.append(frame(2, dataset=larger))

    assert history.n_bytes - before > 1000 * 16


@pytest.mark.soak
def test_a_million_steps_stay_within_the_budget():
    history = checked_long_run(1_000_000, DEFAULT_BUDGET)

    assert len(history) > 500


def test_a_run_that_needs_more_than_the_budget_stays_within_it():
    history = checked_long_run(3_000, 1_500_000)

    assert history.stride == 2
    assert len(history) > 200


def checked_long_run(n_steps, budget):
    """Train and keep the run, and go on from the middle of what is left of it as the run itself did."""
    dataset = generate(GeneratorSettings("moons", n_points=200))
    training = TrainingSettings(optimizer="adam", learning_rate=0.001)
    run = Run(Setup(dataset, NetworkSettings((2, 8, 8, 2), ("tanh", "tanh")), training))
    history = History(budget)
    while run.step < n_steps:
        frame = run.advance(n_steps).frame
        if frame is not None:
            history.append(frame)

    assert history.n_bytes <= budget
    for index in range(0, len(history), max(len(history) // 50, 1)):
        assert history.nearest(history.frames[index].step) == index
    middle = history.frames[len(history) // 2]
    again = Trainer(Network.from_settings(middle.network), middle.dataset, middle.training)
    again.restore(middle.checkpoint)
    after = history.frames[len(history) // 2 + 1]
    again.run_steps(after.step - middle.step)
    np.testing.assert_array_equal(again.network.parameters, after.checkpoint.parameters)
    return history


def test_settings_of_the_moment_are_kept():
    other = replace(TRAINING, learning_rate=1.0)
    history = filled(range(2))
    history.append(replace(frame(2), setup=replace(frame(2).setup, training=other)))

    assert [f.training.learning_rate for f in history.frames] == [0.03, 0.03, 1.0]


def test_another_budget_holds_at_once():
    history = filled(range(2000))
    history.set_budget(1_000_000)

    assert history.budget == 1_000_000
    assert history.n_bytes <= 1_000_000
    assert (steps_of(history)[0], steps_of(history)[-1]) == (0, 1999)
    with pytest.raises(ValueError, match="the budget must be 1,000,000 bytes or more; got 5"):
        history.set_budget(5)


def moment_of(step, dataset):
    return KeyFrame(Checkpoint(np.zeros(2), step, 0, (1, 3, 0, 0)), Metrics(step, 1.0, None), first_setup(dataset))


class TestOtherNames:
    NAMED = Naming(classes=("cold", "warm"))

    @staticmethod
    def names(history):
        return [frame.dataset.class_names for frame in history.frames]

    def test_moments_of_the_same_points_get_them(self):
        fewer, more = DATASET.take([0]), DATASET.like([[0, 0], [1, 1], [2, 2]], [0, 1, 1])
        history = History()
        for step, dataset in enumerate((fewer, DATASET, DATASET, more)):
            history.append(moment_of(step, dataset))
        history.rename(more, more.named(self.NAMED))
        assert self.names(history) == [("cold", "warm")] * 4
        frames = history.frames
        assert frames[1].dataset is frames[2].dataset, "what was one is one"
        assert frames[1].dataset.points is DATASET.points
        history.rename(frames[-1].dataset, more)
        assert self.names(history) == [("A", "B")] * 4

    @pytest.mark.parametrize(
        "other",
        [
            Dataset([[3, 3], [4, 4]], [0, 1]),
            DATASET.named(Naming(classes=("left",))),
            Dataset([[0, 0], [1, 1]], [0.5, 1.0]),
        ],
        ids=["points", "names", "kind"],
    )
    def test_moments_of_others_keep_theirs(self, other):
        history = History()
        for step, dataset in enumerate((DATASET, other, DATASET)):
            history.append(moment_of(step, dataset))
        history.rename(DATASET, DATASET.named(self.NAMED))
        assert [frame.dataset for frame in history.frames[:2]] == [DATASET, other]
        assert history.frames[2].dataset.class_names == ("cold", "warm")

    def test_moments_with_fewer_classes_get_the_names_that_they_have_classes_for(self):
        three = Dataset([[0, 0], [1, 1]], [0, 1], n_classes=3)
        history = History()
        for step, dataset in enumerate((DATASET, three)):
            history.append(moment_of(step, dataset))
        history.rename(three, three.named(Naming(classes=("cold", "warm", "hot"))))
        assert self.names(history) == [("cold", "warm"), ("cold", "warm", "hot")]
