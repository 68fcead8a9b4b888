import time

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QToolButton

from gui import theme
from gui.panels.loss import LossPanel
from gui.theme import Scheme
from model import Metrics

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, show):
    return show(LossPanel(document), 420, 320)


@pytest.fixture
def view(panel):
    return panel.findChild(pg.PlotWidget, "loss_view")


@pytest.fixture
def train(document, answered, qtbot):
    def take(n_steps):
        document.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step >= n_steps)
        document.set_playing(False)
        answered(document)

    return take


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


def test_without_test_points_there_are_no_figures_of_them(panel, document, answered):
    document.set_training_share(1.0)
    answered(document)
    assert figures(panel)[2:] == ["–", "–"]
    assert "nan" not in "".join(figures(panel)).lower()


def test_without_any_point_there_are_none_at_all(panel, document, answered):
    document.clear_points()
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
    assert document.view.log_loss
    assert button.isChecked()
    _, (low, high) = ranges(view)
    _, losses, _ = document.curve.thinned(300)
    assert low <= np.log10(losses.min())
    assert high >= np.log10(losses.max())
    assert low == round(low)
    assert high == round(high)
    assert (pixels(view) != linear).any()
    qtbot.mouseClick(named(panel, "Loss scale: lin", QToolButton), LEFT)
    assert (pixels(view) == linear).all()


def test_a_loss_of_0_has_a_place_on_the_log_scale(panel, view, document):
    document.set_view(log_loss=True)
    document.curve.extend([Metrics(step, 0.0, 0.0, 1.0, 1.0) for step in range(1, 50)])
    document.displayed_changed.emit()
    _, (low, high) = ranges(view)
    assert np.isfinite([low, high]).all()
    assert low < high


def test_resizing_adds_no_point(panel, view, document, train, qtbot):
    train(200)
    points, run = len(document.curve), document.displayed
    for width in (300, 500, 420):
        panel.resize(width, 320)
        panel.grab()
        qtbot.wait(0)
    document.set_view(log_loss=True, regions=True)
    panel.hide()
    panel.show()
    panel.grab()
    assert len(document.curve) == points
    assert document.displayed.step == run.step


def test_a_curve_of_a_million_steps_stays_small_and_quick(panel, view, document):
    random = np.random.default_rng(0)
    losses = 1.0 / np.arange(1, 1_000_001) ** 0.1 + random.normal(0, 0.01, 1_000_000)
    losses[700_123] = 3.0
    document.curve.extend(Metrics(step, loss, loss, 0.5, 0.5) for step, loss in enumerate(losses.tolist(), start=1))
    durations = []
    for _ in range(3):
        began = time.perf_counter()
        document.displayed_changed.emit()
        view.grab()
        durations.append(time.perf_counter() - began)

    (_, x_max), (_, y_max) = ranges(view)
    assert x_max == 1_000_000
    assert y_max >= 3.0, "a single peak is not lost"
    assert len(document.curve.thinned(300)[0]) <= 700
    assert min(durations) < 0.5
    assert len(curve_columns(view)) > 200


def test_a_real_run_s_curve_grows_slower_and_slower(document, train):
    train(9000)
    assert len(document.curve) < 4 * 1000 + 1000


def test_rewinding_empties_the_curve(panel, view, document, train, answered):
    train(300)
    document.rewind()
    answered(document)
    assert ranges(view)[0][1] == 10
    assert len(document.curve) == 1


def test_both_themes_are_painted(panel, view, document, train):
    train(100)
    try:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            theme.manager().set_scheme(scheme)
            assert len(curve_columns(view)) > 50
            assert (pixels(view)[1, 1] == theme.rgb_array(theme.current().panel)[::-1]).all()
    finally:
        theme.manager().set_scheme(Scheme.SYSTEM)
