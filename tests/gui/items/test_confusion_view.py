from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from gui import theme
from gui.items.confusion_view import ConfusionView, cell_colour
from model import Dataset
from model.data.edits import ReplaceAll

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def view(document, keep, answered):
    """The matrix of 30 points, ten of each class, that the network takes for some class or other."""
    document.points.generate(n_points=30, training_share=0.8)
    answered(document)
    view = keep(ConfusionView(document.run, document.view))
    view.resize(300, 200)
    return view


@pytest.fixture
def keep(qtbot):
    def show(view):
        qtbot.addWidget(view)
        with qtbot.waitExposed(view):
            view.show()
        with qtbot.waitActive(view):
            view.activateWindow()
        return view

    return show


def counts(document):
    return document.displayed.confusion[int(document.view.settings.test_confusion)]


def place_of(view, row, column):
    return view.cell_rect(row, column).center().toPoint()


def full_cell(document):
    """Return the row and the column of a cell with points."""
    row, column = np.argwhere(counts(document))[0]
    return int(row), int(column)


class TestClick:
    @pytest.mark.parametrize("test", [False, True])
    def test_selects_the_points_of_every_cell(self, view, document, qtbot, test):
        document.view.set(test_confusion=test)
        dataset = document.dataset
        answers = np.argmax(document.displayed.network.class_probabilities(dataset.points), axis=1)
        for row in range(3):
            for column in range(3):
                qtbot.mouseClick(view, LEFT, pos=place_of(view, row, column))
                expected = (dataset.labels == row) & (answers == column) & (dataset.is_test == test)
                np.testing.assert_array_equal(document.view.selected_points, np.flatnonzero(expected))
                assert len(document.view.selected_points) == counts(document)[row, column]

    def test_again_lets_them_go(self, view, document, qtbot):
        place = place_of(view, *full_cell(document))
        qtbot.mouseClick(view, LEFT, pos=place)
        assert len(document.view.selected_points)
        qtbot.mouseClick(view, LEFT, pos=place)
        assert not len(document.view.selected_points)

    def test_selects_anew_when_something_else_was_selected_in_between(self, view, document, qtbot):
        place = place_of(view, *full_cell(document))
        qtbot.mouseClick(view, LEFT, pos=place)
        chosen = document.view.selected_points
        document.points.select_all()
        qtbot.mouseClick(view, LEFT, pos=place)
        np.testing.assert_array_equal(document.view.selected_points, chosen)

    def test_beside_the_cells_does_nothing(self, view, document, qtbot):
        document.points.select_all()
        qtbot.mouseClick(view, LEFT, pos=QPoint(5, 100))
        qtbot.mouseClick(view, LEFT, pos=QPoint(150, 4))
        assert len(document.view.selected_points) == 30

    def test_the_chosen_cell_has_a_frame(self, view, document, qtbot):
        view.clearFocus()
        row, column = full_cell(document)
        edge = view.cell_rect(row, column).topLeft().toPoint() + QPoint(8, 1)
        qtbot.mouseClick(view, LEFT, pos=place_of(view, row, column))
        assert view.grab().toImage().pixelColor(edge) == theme.current().selected
        document.view.select_none()
        assert view.grab().toImage().pixelColor(edge) != theme.current().selected

    @pytest.mark.parametrize("output", ["sigmoid", "tanh", "linear"])
    def test_agrees_with_the_counts_for_every_output(self, view, document, answered, qtbot, output):
        document.network.set_output(output, single_unit=False)
        for position in range(document.network_settings.n_parameters):
            document.network.set_parameter(
                position, 3.0 * np.sin(position)
            )  # Large outputs, whose shares would be equal.
        answered(document)
        for row in range(3):
            for column in range(3):
                qtbot.mouseClick(view, LEFT, pos=place_of(view, row, column))
                assert len(document.view.selected_points) == counts(document)[row, column]


class TestKeyboard:
    def test_arrows_and_return_select(self, view, document, qtbot):
        row, column = full_cell(document)
        view.setFocus()
        for _ in range(row):
            qtbot.keyClick(view, Qt.Key.Key_Down)
        for _ in range(column):
            qtbot.keyClick(view, Qt.Key.Key_Right)
        assert view.accessibleDescription() == view.sentence(row, column)
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert len(document.view.selected_points) == counts(document)[row, column]
        qtbot.keyClick(view, Qt.Key.Key_Return)
        assert not len(document.view.selected_points)

    def test_stays_on_the_matrix(self, view, qtbot):
        view.setFocus()
        for _ in range(5):
            qtbot.keyClick(view, Qt.Key.Key_Right)
        assert view.accessibleDescription() == view.sentence(0, 2)
        for _ in range(5):
            qtbot.keyClick(view, Qt.Key.Key_Left)
            qtbot.keyClick(view, Qt.Key.Key_Up)
        assert view.accessibleDescription() == view.sentence(0, 0)

    def test_only_tab_gives_the_focus(self, view, qtbot):
        view.clearFocus()
        qtbot.mouseClick(view, LEFT, pos=place_of(view, 0, 0))
        assert not view.hasFocus()
        assert view.focusPolicy() == Qt.FocusPolicy.TabFocus


class TestWords:
    def test_say_what_a_cell_counts(self, view, document, answered):
        document.changes.edit_points(
            "data", ReplaceAll(Dataset([[0, 0], [1, 1], [1, 1], [2, 2]], [0, 1, 1, 1], None, 3))
        )
        answered(document)
        first = int(counts(document)[0].argmax())
        loss = -np.log(document.displayed.network.class_probabilities([[0, 0]])[0, 0])
        says = f"1 training point of class A is taken for {'ABC'[first]}, with a loss of {loss:.3g}; click to select."
        assert view.sentence(0, first) == says
        others = [column for column in range(3) if column != first]
        assert view.sentence(0, others[0]) == f"0 training points of class A are taken for {'ABC'[others[0]]}."
        document.view.set(test_confusion=True)
        assert view.sentence(1, 0) == "0 test points of class B are taken for A."

    def test_say_how_badly_the_network_does_with_the_points_of_a_cell(self, view, document):
        dataset, network = document.dataset.subset(test=False), document.displayed.network
        predicted = network.predicted_classes(dataset.points)
        losses = -np.log(network.class_probabilities(dataset.points)[np.arange(len(dataset)), dataset.labels])
        several = [(row, column) for row, column in product(range(3), repeat=2) if counts(document)[row, column] > 1]
        assert several
        for row, column in several:
            mean = losses[(dataset.labels == row) & (predicted == column)].mean()
            assert f", with a mean loss of {mean:.3g}; " in view.sentence(row, column)

    @pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    def test_are_shown_at_the_mouse(self, view):
        for place, text in (
            (place_of(view, 1, 2), view.sentence(1, 2)),
            (QPoint(4, 4), "Rows are the points' classes, columns what the network says."),
        ):
            event = QHelpEvent(QHelpEvent.Type.ToolTip, place, view.mapToGlobal(place))
            QApplication.sendEvent(view, event)
            assert QToolTip.text() == text
        QToolTip.hideText()


class TestPicture:
    def test_a_cell_is_the_darker_the_larger_its_share_of_the_row(self, view, document, answered):
        image, colours = view.grab().toImage(), theme.current()
        shares = counts(document) / counts(document).sum(axis=1, keepdims=True)
        for row in range(3):
            for column in range(3):
                corner = view.cell_rect(row, column).bottomRight().toPoint() - QPoint(6, 6)
                expected = cell_colour(shares[row, column], colours)
                difference = theme.rgb_array(image.pixelColor(corner)) - theme.rgb_array(expected)
                assert np.abs(difference).max() <= 1

    def test_follows_the_displayed_moment(self, view, document, qtbot):
        before, first = view.grab().toImage(), counts(document)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: not np.array_equal(counts(document), first))
        assert view.grab().toImage() != before

    @pytest.mark.parametrize("n_classes", [2, 3, 8])
    def test_has_room_for_all_classes(self, view, document, answered, n_classes):
        random = np.random.default_rng(0)
        labels = random.integers(0, n_classes, 50)
        document.points.set_data("data", Dataset(random.normal(0, 2, (50, 2)), labels, None, n_classes))
        answered(document)
        view.resize(view.minimumSizeHint().width() + 100, view.minimumSizeHint().height())
        assert len(counts(document)) == n_classes
        last = view.cell_rect(n_classes - 1, n_classes - 1)
        assert view.rect().contains(last.toAlignedRect())
        assert last.height() >= 10
        assert view.grab().toImage().pixelColor(last.center().toPoint() - QPoint(0, 4)) != theme.current().panel

    def test_a_matrix_of_nothing_is_painted(self, view, document, answered):
        document.points.set_kind("values")
        answered(document)
        assert not view.grab().isNull()
        view.setFocus()
