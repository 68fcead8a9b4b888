import numpy as np
import pytest

from model import Dataset, NetworkSettings, TrainingSettings
from model.run.budget import SharedBudget
from model.run.history import History, KeyFrame
from model.training.checkpoint import Checkpoint
from model.training.metrics import Metrics
from model.training.settings import Setup

SETUP = Setup(Dataset([[0, 0], [1, 1]], [0, 1]), NetworkSettings((2, 3, 2), ("tanh",)), TrainingSettings())


def history_of(n_frames):
    """Return a history whose frames take some 10,000 bytes each."""
    history = History()
    for step in range(n_frames):
        checkpoint = Checkpoint(np.zeros(1000), step, 0, (1, 3, 0, 0))
        history.append(KeyFrame(checkpoint, Metrics(step, 1.0, None), SETUP))
    return history


@pytest.fixture
def budget():
    budget = SharedBudget()
    budget.set(2_000_000, History())
    return budget


def test_what_is_put_aside_takes_half_at_most_and_the_present_the_rest(budget):
    kept = [history_of(n) for n in (60, 80, 40)]
    for history in kept:
        budget.put_aside(history)
    present = History()
    budget.share_with(present)

    n_kept = sum(history.n_bytes for history in kept)
    assert n_kept <= 1_000_000
    assert present.budget == 2_000_000 - n_kept
    for history, last in zip(kept, (59, 79, 39), strict=True):
        assert (history.frames[0].step, history.frames[-1].step) == (0, last)


def test_what_nobody_has_any_more_counts_no_more(budget):
    kept = history_of(80)
    budget.put_aside(kept)
    present = History()
    budget.share_with(present)
    assert present.budget < 2_000_000
    del kept
    budget.share_with(present)
    assert present.budget == 2_000_000


def test_the_first_and_the_last_frame_stay_however_little_there_is(budget):
    kept = [history_of(2) for _ in range(300)]
    for history in kept:
        budget.put_aside(history)
    present = History()
    budget.share_with(present)

    assert all(len(history) == 2 for history in kept)
    assert present.budget == 1_000_000


def test_less_than_a_megabyte_is_refused(budget):
    with pytest.raises(ValueError, match="1,000,000 bytes or more"):
        budget.set(5, History())
    assert budget.n_bytes == 2_000_000
