from dataclasses import replace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QToolButton, QWidget

from gui import theme
from gui.document.view import LOSS_PAGES, known_view
from gui.items.lines_item import LinesItem
from gui.panels.loss.panel import LossPanel
from gui.theme import Scheme
from model import Metrics
from model.data.dataset import PROBLEM_KINDS

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, actions, show):
    parts = (document.run, document.changes, document.view, document.pins, document.landscape, document.network)
    return show(LossPanel(*parts, actions), 420, 320)


@pytest.fixture
def view(panel):
    return panel.findChild(pg.PlotWidget, "loss_view")


@pytest.fixture
def train(document, answered, qtbot):
    def take(n_steps):
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step >= n_steps, timeout=60_000)
        document.run.set_playing(False)
        answered(document)

    return take


@pytest.fixture
def show_metrics(document, answered):
    """Look back at a moment with these metrics."""

    def show(metrics):
        answered(document)
        frame = document.run.history.frames[-1]
        document.run.history.append(replace(frame, metrics=metrics))
        document.run.history.append(replace(frame, checkpoint=replace(frame.checkpoint, step_count=1)))
        document.run.look_back(0)
        assert document.displayed.metrics == metrics

    return show


def figures(panel):
    """Return the four figures: training loss and accuracy, test loss and accuracy."""
    labels = {label.accessibleName(): label.text() for label in panel.findChildren(QLabel) if label.accessibleName()}
    return [
        labels[name]
        for name in (
            "Mean loss over the training points.",
            "Share of the training points whose class is right.",
            "Mean loss over the test points.",
            "Share of the test points whose class is right.",
        )
    ]


def test_figures_follow_training_and_are_those_of_the_moment_in_which_it_stops(panel, document, qtbot):
    shown, stopped = set(), []
    document.run.playing_changed.connect(lambda playing: playing or stopped.append(figures(panel)[0]))
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: bool(shown.add(figures(panel)[0])) or len(shown) > 5, timeout=60_000)
    document.run.set_playing(False)
    assert stopped == [f"{document.displayed.metrics.train_loss:.4f}"]


def pixels(view):
    """Return what a view shows, blue, green and red of each pixel."""
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)[..., :3].copy()


def curve_columns(view):
    """Return the columns of pixels in which the training curve's colour is seen."""
    accent, panel, muted = (
        np.abs(pixels(view) - theme.rgb_array(colour)[::-1]).sum(axis=2)
        for colour in (theme.current().accent, theme.current().panel, theme.current().muted)
    )
    return np.flatnonzero(((accent < panel) & (accent < muted)).any(axis=0))


def ranges(view):
    return view.getPlotItem().getViewBox().viewRange()


def test_the_figures_are_those_of_the_displayed_moment(panel, document, train):
    train(300)
    metrics = document.displayed.metrics
    assert figures(panel) == [
        f"{metrics.train_loss:.4f}",
        f"{metrics.train_accuracy:.1%}",
        f"{metrics.test_loss:.4f}",
        f"{metrics.test_accuracy:.1%}",
    ]


@pytest.mark.parametrize("name", ["plane", "noisy_cubic"])
def test_a_regression_has_other_figures(panel, document, train, name):
    document.points.generate(name=name, label_noise=0.1)
    train(200)
    metrics = document.displayed.metrics
    shown = {label.accessibleName(): label.text() for label in panel.findChildren(QLabel) if label.isVisible()}
    for text, kind in (("training", "train"), ("test", "test")):
        loss, r2, mae = (getattr(metrics, f"{kind}_{quantity}") for quantity in ("loss", "r2", "mae"))
        assert shown[f"Mean loss over the {text} points."] == f"{loss:.4f}"
        assert shown[f"Mean absolute error over the {text} points."] == f"{mae:.4f}"
        (shown_r2,) = [value for name, value in shown.items() if name.startswith(f"R² of the {text} points")]
        assert shown_r2 == f"{r2:.3f}"
    assert not any("class is right" in name for name in shown)
    texts = {label.text() for label in panel.findChildren(QLabel) if label.isVisible()}
    assert {"R²", "MAE", "mean half squared error"} <= texts
    assert "accuracy" not in texts


@pytest.mark.parametrize("name", ["plane", "noisy_cubic"])
def test_a_regression_without_test_points_has_no_figures_of_them(panel, document, answered, name):
    document.points.generate(name=name, training_share=1.0)
    answered(document)
    labels = [label for label in panel.findChildren(QLabel) if label.isVisible() and "test" in label.accessibleName()]
    assert [label.text() for label in labels] == ["–"] * 3


@pytest.mark.parametrize(
    ("value", "text"), [(0.9876, "0.988"), (-0.5, "−0.500"), (-123.4, "−123"), (-4.6e7, "−5e7"), (1.0, "1.000")]
)
def test_r2_is_short(panel, document, show_metrics, value, text):
    document.points.set_kind("values")
    show_metrics(Metrics(0, 0.1, 0.1, train_r2=value))
    (figure,) = [label for label in panel.findChildren(QLabel) if label.accessibleName().startswith("R² of the train")]
    assert figure.text() == text
    assert figure.fontMetrics().horizontalAdvance(text) <= figure.width()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.0000"),
        (99.9, "99.900"),
        (9.99999, "10.000"),
        (9.5, "9.5000"),
        (1.26e-6, "1.3e−6"),
        (123.4, "123"),
        (1.234e10, "1.23e10"),
    ],
)
def test_a_loss_is_short(panel, show_metrics, named, value, text):
    show_metrics(Metrics(0, value, value))
    figure = named(panel, "Mean loss over the test points.", QLabel)
    assert figure.text() == text
    assert figure.fontMetrics().horizontalAdvance(text) <= figure.width()


class TestConfusion:
    def test_takes_the_place_of_the_curve(self, panel, view, document, named, qtbot):
        matrix = named(panel, "Confusion matrix")
        assert not matrix.isVisible()
        qtbot.mouseClick(named(panel, "Loss view: Confusion", QToolButton), LEFT)
        assert document.view.settings.loss_page == "confusion"
        assert matrix.isVisible()
        assert not view.isVisible()
        assert not named(panel, "Loss scale: log", QToolButton).isVisible()
        qtbot.mouseClick(named(panel, "Loss view: Curve", QToolButton), LEFT)
        assert view.isVisible()
        assert not matrix.isVisible()

    def test_counts_training_or_test_points(self, panel, document, named, qtbot):
        document.view.set(loss_page="confusion")
        matrix = named(panel, "Confusion matrix")
        assert "training" in matrix.sentence(0, 0)
        training = matrix.grab().toImage()
        qtbot.mouseClick(named(panel, "Confusion of: test", QToolButton), LEFT)
        assert document.view.settings.test_confusion
        assert "test" in matrix.sentence(0, 0)
        assert matrix.grab().toImage() != training

    def test_a_click_selects_points(self, panel, document, named, qtbot):
        document.view.set(loss_page="confusion")
        matrix = named(panel, "Confusion matrix")
        counts = document.displayed.confusion[0]
        row, column = np.argwhere(counts)[0].tolist()
        qtbot.mouseClick(matrix, LEFT, pos=matrix.cell_rect(row, column).center().toPoint())
        assert len(document.view.selected_points) == counts[row, column]

    @pytest.mark.parametrize("kind", ["values", "curve"])
    def test_is_not_there_in_a_regression(self, panel, view, document, named, kind):
        document.view.set(loss_page="confusion")
        document.points.set_kind(kind)
        assert view.isVisible()
        assert not named(panel, "Confusion matrix").isVisible()
        assert not named(panel, "Loss view: Confusion", QToolButton).isVisible()
        document.changes.undo()
        assert named(panel, "Confusion matrix").isVisible()

    def test_the_curve_is_up_to_date_when_it_comes_back(self, panel, view, document, train):
        document.view.set(loss_page="confusion")
        train(300)
        document.view.set(loss_page="curve")
        assert ranges(view)[0][1] >= document.displayed.step


def test_the_landscape_takes_the_place_of_the_curve(panel, view, document, named, qtbot):
    assert document.landscape.landscape is None
    qtbot.mouseClick(named(panel, "Loss view: Landscape", QToolButton), LEFT)
    assert document.view.settings.loss_page == "landscape"
    landscape = named(panel, "Loss landscape")
    assert landscape.isVisible()
    assert not view.isVisible()
    qtbot.waitUntil(lambda: landscape.scene is not None)
    qtbot.mouseClick(named(panel, "Landscape drawn: 3D", QToolButton), LEFT)
    assert named(panel, "Loss landscape in 3D").isVisible()
    qtbot.mouseClick(named(panel, "Loss view: Curve", QToolButton), LEFT)
    assert view.isVisible()
    assert not landscape.isVisible()


def test_a_file_says_what_is_shown_also_one_from_before_there_were_three_pages():
    assert known_view({"show_confusion": True})["loss_page"] == "confusion"
    assert "loss_page" not in known_view({"show_confusion": False})
    assert known_view({"loss_page": "landscape", "show_confusion": True})["loss_page"] == "landscape"
    assert "loss_page" not in known_view({"loss_page": "moon"})
    kept = {"landscape": "path", "landscape_seed": 3, "landscape_reach": 0.5, "landscape_weights": [4, 2]}
    assert known_view(kept) == {**kept, "landscape_weights": (4, 2)}
    strange = {"landscape": 3, "landscape_seed": -1, "landscape_reach": float("nan"), "landscape_weights": [1, "2"]}
    assert known_view(strange) == {}


class TestPenalty:
    @pytest.fixture
    def box(self, panel, named):
        return named(panel, "Loss with penalty", QCheckBox)

    def test_is_offered_where_there_is_one(self, box, document):
        assert not box.isVisible()
        document.learning.set_training(regularization="l2", regularization_rate=0.1)
        assert box.isVisible()
        document.changes.undo()
        assert not box.isVisible()

    def test_adds_a_curve_and_a_figure(self, panel, view, box, document, train, named, qtbot):
        document.learning.set_training(regularization="l2", regularization_rate=0.1)
        train(300)
        document.run.set_playing(False)
        metrics = document.displayed.metrics
        figure = named(panel, "Mean loss over the training points with the penalty of regularization.", QLabel)
        assert figure.text() == f"{metrics.train_loss + metrics.penalty:.4f}"
        assert metrics.penalty > 0
        without, heights = pixels(view), ranges(view)[1]
        qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
        assert document.view.settings.show_penalty
        assert (pixels(view) != without).any()
        assert ranges(view)[1][1] >= heights[1]
        qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))
        assert (pixels(view) == without).all()

    def test_the_axis_has_room_for_it(self, view, document):
        document.learning.set_training(regularization="l1", regularization_rate=0.1)
        document.view.set(show_penalty=True)
        document.run.curve.extend([Metrics(step, 0.1, 0.1, penalty=7.5) for step in range(1, 50)])
        document.run.displayed_changed.emit()
        assert ranges(view)[1][1] >= 7.6
        document.view.set(log_loss=True)
        assert ranges(view)[1][1] >= np.log10(7.6)


@pytest.mark.parametrize("page", LOSS_PAGES)
@pytest.mark.parametrize("kind", PROBLEM_KINDS)
def test_nothing_is_cut_off_in_a_small_panel(panel, document, answered, kind, page, qtbot):
    document.learning.set_training(regularization="l2", regularization_rate=0.1)
    document.points.set_kind(kind)
    document.view.set(loss_page=page)
    answered(document)

    def is_small():
        # What was shown before may still have its room.
        panel.resize(320, 270)
        return panel.size() == QSize(320, 270)

    qtbot.waitUntil(is_small)
    assert panel.minimumSizeHint().width() <= 320
    for widget in panel.findChildren(QWidget):
        if widget.isVisible() and widget.parent() is panel:
            assert panel.rect().contains(widget.geometry())
            assert widget.width() >= widget.minimumSizeHint().width()
            assert widget.height() >= min(widget.minimumSizeHint().height(), 110)


def test_without_test_points_there_are_no_figures_of_them(panel, document, answered):
    document.points.set_training_share(1.0)
    answered(document)
    assert figures(panel)[2:] == ["–", "–"]
    assert "nan" not in "".join(figures(panel)).lower()


def test_without_any_point_there_are_none_at_all(panel, document, answered):
    document.points.clear()
    answered(document)
    assert figures(panel) == ["–"] * 4


def test_the_curve_reaches_to_the_present_step(panel, view, document, train):
    train(300)
    (x_min, x_max), (y_min, y_max) = ranges(view)
    assert x_min == 0
    assert document.displayed.step <= x_max <= 1.6 * document.displayed.step
    assert y_min == 0
    assert y_max >= document.displayed.metrics.train_loss
    columns = curve_columns(view)
    box = view.getPlotItem().getViewBox().sceneBoundingRect()
    assert columns.min() < box.left() + 8
    assert columns.max() == pytest.approx(box.left() + document.displayed.step / x_max * box.width(), abs=5)


def test_the_log_scale(panel, view, document, train, named, qtbot):
    train(300)
    linear = pixels(view)
    button = named(panel, "Loss scale: log", QToolButton)
    qtbot.mouseClick(button, LEFT)
    assert document.view.settings.log_loss
    assert button.isChecked()
    _, (low, high) = ranges(view)
    _, losses, *_ = document.run.curve.thinned(300)
    assert low <= np.log10(losses.min())
    assert high >= np.log10(losses.max())
    assert low == round(low)
    assert high == round(high)
    assert (pixels(view) != linear).any()
    qtbot.mouseClick(named(panel, "Loss scale: lin", QToolButton), LEFT)
    assert (pixels(view) == linear).all()


def test_a_loss_of_0_has_a_place_on_the_log_scale(panel, view, document):
    document.view.set(log_loss=True)
    document.run.curve.extend([Metrics(step, 0.0, 0.0, 1.0, 1.0) for step in range(1, 50)])
    document.run.displayed_changed.emit()
    _, (low, high) = ranges(view)
    assert np.isfinite([low, high]).all()
    assert low < high


def test_resizing_adds_no_point(panel, view, document, train, qtbot):
    train(200)
    points, run = len(document.run.curve), document.displayed
    for width in (300, 500, 420):
        panel.resize(width, 320)
        panel.grab()
        qtbot.wait(0)
    document.view.set(log_loss=True, regions=True)
    panel.hide()
    panel.show()
    panel.grab()
    assert len(document.run.curve) == points
    assert document.displayed.step == run.step


def test_a_long_curve_is_drawn_with_few_points(panel, view, document):
    n_steps = 100_000
    losses = 1.0 / np.arange(1, n_steps + 1) ** 0.1 + np.random.default_rng(0).normal(0, 0.01, n_steps)
    losses[70_123] = 3.0
    document.run.curve.extend(Metrics(step, loss, loss, 0.5, 0.5) for step, loss in enumerate(losses.tolist(), start=1))
    document.run.displayed_changed.emit()

    (_, x_max), (_, y_max) = ranges(view)
    assert x_max == n_steps
    assert y_max >= 3.0, "a single peak is not lost"
    assert len(curve_columns(view)) > 200
    n_points = [item.n_vertices for item in view.items() if isinstance(item, LinesItem)]
    assert 200 < max(n_points) <= 700


def test_a_real_run_s_curve_grows_slower_and_slower(document, train):
    train(9000)
    assert len(document.run.curve) < 4 * 1000 + 1000


def test_rewinding_empties_the_curve(panel, view, document, train, answered):
    train(300)
    document.run.rewind()
    answered(document)
    assert ranges(view)[0][1] == 10
    assert len(document.run.curve) == 1


def test_both_themes_are_painted(panel, view, document, train):
    train(100)
    try:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            theme.manager().set_scheme(scheme)
            assert len(curve_columns(view)) > 50
            assert (pixels(view)[1, 1] == theme.rgb_array(theme.current().panel)[::-1]).all()
    finally:
        theme.manager().set_scheme(Scheme.SYSTEM)


def test_steps_are_written_as_in_animations(view):
    assert view.getAxis("bottom").tickStrings([0, 2000, 1_000_000], 1.0, 1000.0) == ["0", "2,000", "1,000,000"]


@pytest.mark.parametrize("kind", PROBLEM_KINDS)
def test_every_page_needs_the_same_height(panel, document, kind):
    """Or the card above it would move where a window is low."""
    document.points.set_kind(kind)
    heights = set()
    for page in LOSS_PAGES:
        document.view.set(loss_page=page)
        QApplication.processEvents()
        heights.add(panel.minimumSizeHint().height())
    assert len(heights) == 1
