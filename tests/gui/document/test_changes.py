import numpy as np
import pytest
from PySide6.QtGui import QUndoStack

from gui.document.changes import Change
from gui.document.undoing import UndoableChange
from model import NetworkSettings, TrainingSettings
from model.network.surgery import insert_unit


class Holder:
    """A document in small: holds learning rates, and notes what was applied to it."""

    def __init__(self):
        self.training = TrainingSettings(learning_rate=1.0)
        self.applied = []

    def apply(self, change):
        before, self.training = self.training, change.training
        self.applied.append(change)
        return Change(training=before)

    @property
    def rate(self):
        return self.training.learning_rate


@pytest.fixture
def holder():
    return Holder()


@pytest.fixture
def stack(qapp):
    return QUndoStack()


def to_rate(rate, **others):
    return Change(training=TrainingSettings(learning_rate=rate), **others)


def push(stack, holder, rate, gesture=-1, **others):
    change = to_rate(rate, **others)
    stack.push(UndoableChange("rate", holder.apply, change, holder.apply(change), gesture))


def test_undo_and_redo(stack, holder):
    push(stack, holder, 2.0)
    for _ in range(3):
        stack.undo()
        assert holder.rate == 1.0
        stack.redo()
        assert holder.rate == 2.0


def test_a_change_has_been_applied_and_is_not_applied_again(stack, holder):
    push(stack, holder, 2.0)
    assert len(holder.applied) == 1
    assert stack.undoText() == "rate"
    stack.undo()
    assert holder.rate == 1.0
    stack.redo()
    assert holder.rate == 2.0


def test_changes_of_one_gesture_are_one_step_from_its_start_to_its_end(stack, holder):
    for rate in (2.0, 3.0, 4.0):
        push(stack, holder, rate, gesture=7)
    assert stack.count() == 1
    stack.undo()
    assert holder.rate == 1.0
    stack.redo()
    assert holder.rate == 4.0


def test_other_gestures_and_none_are_steps_of_their_own(stack, holder):
    for rate, gesture in ((2.0, 1), (3.0, 2), (4.0, -1), (5.0, -1)):
        push(stack, holder, rate, gesture)
    assert stack.count() == 4


def test_changes_of_shape_in_one_gesture_are_all_applied_and_taken_back_in_turn(stack, holder):
    settings = NetworkSettings((2, 3, 2), ("tanh",))
    for rate in (2.0, 3.0, 4.0):
        surgery = insert_unit(settings, 1, 0, np.random.default_rng(0))
        settings = surgery.settings
        push(stack, holder, rate, gesture=7, surgery=surgery)
    assert stack.count() == 1
    holder.applied.clear()
    stack.undo()
    assert [change.training.learning_rate for change in holder.applied] == [3.0, 2.0, 1.0]
    holder.applied.clear()
    stack.redo()
    assert [change.surgery.settings.layer_sizes[1] for change in holder.applied] == [4, 5, 6]


def test_an_error_of_numpy_while_undoing_can_be_caught(stack, holder):
    """PySide ends the process where such an error leaves a method that Qt called."""

    def fail(change):
        if change.training.learning_rate == 1.0:
            return np.zeros(3)[np.array([5])]
        return holder.apply(change)

    stack.push(UndoableChange("rate", fail, to_rate(2.0), holder.apply(to_rate(2.0))))
    with pytest.raises(IndexError, match="out of bounds"):
        stack.undo()
