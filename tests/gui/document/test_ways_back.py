"""The ways back to other moments of a run: each is a step of undo, and nothing that was trained is lost."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from gui.dialogs.compare import CompareDialog


def kept(document):
    """Return all of a run that a way back must bring back."""
    run = document.run
    steps = [frame.step for frame in run.history.frames]
    events = list(run.history.events)
    return steps, events, run.curve.rows.tolist(), run.displayed.network.parameters.tolist(), run.trained_seconds


def assert_same(document, before):
    after = kept(document)
    assert after[:2] == before[:2]
    np.testing.assert_array_equal(after[2], before[2])
    assert after[3:] == before[3:]


def rewind(document):
    document.changes.rewind()


def reinitialise(document):
    document.learning.reinitialise()


def branch(document):
    document.run.look_back(5)
    document.changes.continue_from_here()


@pytest.mark.parametrize("leave", [rewind, reinitialise, branch])
def test_undo_brings_back_all_of_the_run(trained, answered, leave):
    trained.learning.set_training(learning_rate=0.05)
    answered(trained)
    before = kept(trained)
    assert before[4] > 0
    leave(trained)
    answered(trained)
    assert trained.displayed.step <= 5
    assert trained.run.trained_seconds < before[4] / 2
    trained.changes.undo()
    answered(trained)
    assert_same(trained, before)
    trained.changes.redo()
    trained.changes.undo()
    answered(trained)
    assert_same(trained, before)


def test_rewinding_is_one_step_of_undo_and_keeps_points_and_settings(trained, answered):
    n_steps, first = trained.changes.undo_stack.count(), trained.run.history.frames[0].checkpoint.parameters
    trained.learning.set_training(learning_rate=0.05)
    trained.points.add("place point", [(1.0, 1.0)])
    rewind(trained)
    answered(trained)

    assert trained.changes.undo_stack.count() == n_steps + 3
    assert trained.changes.undo_stack.undoText() == "rewind"
    assert trained.training_settings.learning_rate == 0.05
    assert len(trained.dataset) == 241
    np.testing.assert_array_equal(trained.displayed.network.parameters, first)


def test_a_rewound_run_that_was_trained_again_is_brought_back_over_the_new_one(trained, answered, qtbot):
    before = kept(trained)
    rewind(trained)
    trained.run.set_playing(True)
    qtbot.waitUntil(lambda: trained.displayed.step > 100)
    trained.run.set_playing(False)
    answered(trained)
    trained.changes.undo()
    answered(trained)
    assert_same(trained, before)


def test_at_the_beginning_there_is_nothing_to_rewind(document, answered):
    answered(document)
    rewind(document)
    assert not document.changes.undo_stack.canUndo()
    document.network.set_parameter(0, 2.5)
    rewind(document)
    answered(document)
    assert document.displayed.network.parameters[0] != 2.5, "a weight that was turned is not the beginning"
    document.changes.undo()
    answered(document)
    assert document.displayed.network.parameters[0] == 2.5


def test_the_time_trained_of_a_run_that_undo_brought_back_is_compared(trained, answered, bare_window):
    branch(trained)
    trained.changes.undo()
    answered(trained)
    trained.pins.pin()
    dialog = CompareDialog(trained.pins, trained.changes, bare_window)
    table = dialog._table
    rows = [table.verticalHeaderItem(row).text() for row in range(table.rowCount())]
    shown = float(table.item(rows.index("time trained"), 0).text().removesuffix(" s"))
    assert shown == pytest.approx(trained.run.trained_seconds, abs=0.051)
    assert trained.run.trained_seconds > 0


class TestTrainingOnFromWhatIsShown:
    @pytest.mark.parametrize("verb", ["toggle_playing", "step", "run_epoch"])
    def test_goes_on_from_there_says_so_and_is_undone(self, trained, answered, qtbot, verb):
        before = kept(trained)
        trained.run.look_back(5)
        shown = trained.displayed.network.parameters.tolist()
        getattr(trained, verb)()
        notice = trained.run.notice.text
        qtbot.waitUntil(lambda: trained.displayed.step > 5)
        trained.run.set_playing(False)
        answered(trained)

        assert "from step 5, which was shown" in notice
        assert f"the {before[0][-1] - 5:,} steps after it" in notice
        (frame,) = [frame for frame in trained.run.history.frames if frame.step == 5]
        assert frame.checkpoint.parameters.tolist() == shown
        trained.changes.undo()
        answered(trained)
        assert_same(trained, before)

    def test_from_the_present_nothing_is_said_and_there_is_nothing_to_undo(self, trained, answered):
        trained.step()
        answered(trained)
        assert trained.run.notice is None
        assert not trained.changes.undo_stack.canUndo()

    def test_pausing_looks_nowhere(self, document, qtbot):
        document.toggle_playing()
        qtbot.waitUntil(lambda: document.displayed.step > 10)
        document.toggle_playing()
        assert not document.run.playing
        assert not document.changes.undo_stack.canUndo()


def test_space_plays_on_from_the_moment_on_the_timeline(window, qtbot, answered):
    document = window.document
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 200)
    document.run.set_playing(False)
    answered(document)
    last = document.displayed.step
    document.run.look_back(3)
    assert "moment that is shown" in window.findChild(QAction, "play").toolTip()
    QTest.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: document.displayed.step > 3)
    QTest.keyClick(window, Qt.Key.Key_Space)
    assert not document.run.playing
    QTest.keyClick(window, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: document.displayed.step == 0)
    for _ in range(2):
        QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: document.displayed.step == last)
