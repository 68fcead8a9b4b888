import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPushButton, QTableWidget

from gui import theme
from gui.dialogs.compare import CompareDialog
from gui.document.pins import MAX_PINNED, differing_settings
from gui.items.lines_item import LinesItem


@pytest.fixture
def ran(document, qtbot, answered):
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 100)
    document.run.set_playing(False)
    answered(document)
    return document


def test_a_pinned_run_stays_as_it_was(ran, answered):
    metrics, n_points = ran.displayed.metrics, len(ran.run.curve)
    ran.pins.pin()
    ran.learning.set_training(optimizer="adam")
    ran.learning.reinitialise()
    answered(ran)
    (run,) = ran.pins.runs

    assert run.snapshot.metrics == metrics
    assert len(run.curve) == n_points
    assert run.training.optimizer == "sgd"
    assert run.name == "1: 2–6–5–3, SGD 0.1"
    assert run.seconds > 0


def test_at_most_eight_are_kept(ran):
    for _ in range(MAX_PINNED + 2):
        ran.pins.pin()

    assert [run.number for run in ran.pins.runs] == list(range(3, MAX_PINNED + 3))
    ran.pins.unpin(ran.pins.runs[0])
    assert [run.number for run in ran.pins.runs] == list(range(4, MAX_PINNED + 3))


def test_the_settings_that_differ(ran, answered):
    ran.pins.pin()
    ran.learning.set_training(optimizer="random_search", learning_rate=0.01, regularization="l2")
    ran.network.insert_unit(1)
    answered(ran)
    ran.pins.pin()

    assert differing_settings(list(ran.pins.runs)) == {
        "layer sizes": ["2, 6, 5, 3", "2, 7, 5, 3"],
        "optimizer": ["SGD", "Random search"],
        "learning rate": ["0.1", "0.01"],
        "regularization": ["None", "L2"],
    }
    assert differing_settings([]) == {}


@pytest.fixture
def compared(window, qtbot):
    """The window with two pinned runs, and its dialog."""
    document = window.document
    for optimizer in ("sgd", "adam"):
        document.learning.set_training(optimizer=optimizer)
        document.run.set_playing(True)
        step = document.displayed.step
        qtbot.waitUntil(lambda step=step: document.displayed.step >= step + 60)
        document.run.set_playing(False)
        QTest.keyClick(window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    return window


def test_curves_and_boundaries_lie_over_each_other(compared):
    document = compared.document
    for name in ("loss_view", "output_view"):
        view = compared.findChild(object, name)
        before = view.grab().toImage()
        n_items = sum(isinstance(item, LinesItem) for item in view.scene().items())
        document.pins.unpin(document.pins.runs[0])
        assert sum(isinstance(item, LinesItem) for item in view.scene().items()) == n_items - 1
        assert view.grab().toImage() != before
        document.pins.pin()


def test_the_dialog_compares_them(compared, qtbot):
    document = compared.document
    compared.findChild(object, "compare_runs").trigger()
    dialog = compared.findChild(CompareDialog)
    with qtbot.waitExposed(dialog):
        pass
    table = dialog.findChild(QTableWidget)
    rows = {table.verticalHeaderItem(row).text(): row for row in range(table.rowCount())}
    losses = {name: [run.curve.lowest(name) for run in document.pins.runs] for name in ("training", "test")}

    assert [table.horizontalHeaderItem(column).text() for column in range(2)] == [
        run.name for run in document.pins.runs
    ]
    assert [table.item(rows["optimizer"], column).text() for column in range(2)] == ["SGD", "Adam"]
    for name, lowest in losses.items():
        shown = [float(table.item(rows[f"lowest {name} loss"], column).text()) for column in range(2)]
        assert shown == pytest.approx(lowest, rel=1e-3)
        assert np.isfinite(lowest).all()
    table.setCurrentCell(0, 0)
    QTest.mouseClick(dialog.findChild(QPushButton, "unpin"), Qt.MouseButton.LeftButton)
    assert [run.number for run in document.pins.runs] == [2]
    assert table.columnCount() == 1
    dialog.close()


class TestOfAnotherProblem:
    def test_runs_of_another_problem_are_kept_and_not_shown_until_it_is_back(self, ran, answered):
        told = []
        ran.pins.changed.connect(lambda: told.append(len(ran.pins.runs)))
        ran.pins.pin()
        ran.points.set_kind("values")
        answered(ran)
        assert ran.pins.runs == ()
        assert len(ran.pins.kept) == 1
        ran.changes.undo()
        assert len(ran.pins.runs) == 1
        assert told == [1, 0, 1]

    def test_curves_of_another_loss_are_not_drawn_on_the_same_axis(self, ran):
        ran.pins.pin()
        ran.learning.set_training(loss="squared_error")
        assert ran.pins.runs == ()


def test_names_tell_the_difference_and_can_be_given(ran):
    ran.pins.pin()
    ran.learning.set_training(regularization="l2", regularization_rate=0.01)
    ran.pins.pin()
    first, second = ran.pins.runs
    assert second.name == "2: 2–6–5–3, SGD 0.1, l2 0.01"
    ran.pins.rename(first, " without penalty ")
    assert [run.name for run in ran.pins.runs] == ["without penalty", second.name]
    ran.pins.rename(ran.pins.runs[0], "")
    assert ran.pins.runs[0].name == "1: 2–6–5–3, SGD 0.1"


def test_colours_of_the_first_pinned_runs_are_those_of_no_class_of_three():
    for name in ("light", "dark"):
        colours = theme.named(name)
        assert {colours.run_colour(place).name() for place in range(5)}.isdisjoint(
            colour.name() for colour in colours.classes[:3]
        )
        assert len({colours.run_colour(place).name() for place in range(8)}) == 8
        # A lane of a race that is pinned, and the first runs beside each other.
        assert [colours.run_colour(place) for place in range(3)] == [colours.lane_colour(place) for place in range(3)]


def test_one_can_go_back_to_a_pinned_run_and_undo_that(ran, answered, bare_window, qtbot):
    ran.pins.pin()
    pinned = ran.displayed
    first = ran.run.history.frames[0].checkpoint.parameters
    ran.learning.reinitialise()
    ran.learning.set_training(optimizer="adam")
    ran.run.step()
    answered(ran)
    other = ran.displayed.network.parameters
    dialog = CompareDialog(ran.pins, ran.changes, bare_window)
    dialog.show()
    QTest.mouseClick(dialog.findChild(QPushButton, "go_back"), Qt.MouseButton.LeftButton)
    answered(ran)
    np.testing.assert_array_equal(ran.displayed.network.parameters, pinned.network.parameters)
    assert (ran.displayed.step, ran.training_settings.optimizer) == (pinned.step, "sgd")
    ran.run.step()
    answered(ran)
    assert ran.displayed.step == pinned.step + 1
    ran.changes.rewind()
    answered(ran)
    np.testing.assert_array_equal(ran.displayed.network.parameters, first)
    ran.changes.undo()
    ran.changes.undo()
    answered(ran)
    np.testing.assert_array_equal(ran.displayed.network.parameters, other)
    dialog.close()


def test_a_name_is_typed_in_the_table(ran, bare_window, qtbot):
    ran.pins.pin()
    dialog = CompareDialog(ran.pins, ran.changes, bare_window)
    with qtbot.waitExposed(dialog):
        dialog.show()
    table = dialog.findChild(QTableWidget)
    table.setFocus()
    table.setCurrentCell(0, 0)
    QTest.keyClick(table, Qt.Key.Key_F2)
    editor = table.viewport().findChild(QLineEdit)
    QTest.keyClicks(editor, "slow")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: ran.pins.runs[0].name == "slow")
    assert table.horizontalHeaderItem(0).text() == "slow"
    table.setCurrentCell(1, 0)
    QTest.keyClick(table, Qt.Key.Key_F2)
    assert table.state() != QTableWidget.State.EditingState
    dialog.close()
