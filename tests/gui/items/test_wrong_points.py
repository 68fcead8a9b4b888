"""Which points the network gets wrong, and how badly, as a person asks for it by a key or in the menu."""

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.items.plane_view import PlaneView
from gui.items.wrong_points import WrongPoints
from model import Dataset


@pytest.fixture
def window(shared_window, answered):
    yield shared_window
    answered(shared_window.document)
    QTest.qWait(20)


@pytest.fixture
def rings(window):
    """Return the places and widths of the rings on the output."""
    canvas = window.findChild(PlaneView, "output_view")

    def read():
        QTest.qWait(20)
        scatter = canvas.findChild(WrongPoints)._rings
        assert isinstance(scatter, pg.ScatterPlotItem)
        x, y = scatter.getData()
        return np.stack([x, y], axis=1), np.array([spot.size() for spot in scatter.points()])

    return read


def wrong_of(document):
    dataset, network = document.displayed.moment.dataset, document.displayed.network
    wrong = network.predicted_classes(dataset.points) != dataset.labels
    losses = -np.log(network.class_probabilities(dataset.points)[np.arange(len(dataset)), dataset.labels])
    return wrong, losses


def test_a_key_rings_what_is_wrong_the_worse_the_wider(window, rings):
    document, canvas = window.document, window.findChild(PlaneView, "output_view")
    assert len(rings()[0]) == 0
    before = canvas.grab().toImage()
    QTest.keyClick(window, Qt.Key.Key_W)
    wrong, losses = wrong_of(document)
    assert 0 < wrong.sum() < len(wrong)
    places, widths = rings()
    np.testing.assert_array_equal(places, document.dataset.points[wrong])
    assert np.all(np.diff(widths[np.argsort(losses[wrong])]) >= 0)
    assert widths.max() == 22
    assert canvas.grab().toImage() != before

    QTest.keyClick(window, Qt.Key.Key_W)
    assert len(rings()[0]) == 0


def test_of_many_points_few_widths_are_drawn(window, rings, answered):
    """For each width a picture is made."""
    document = window.document
    document.points.generate(n_points=1000)
    answered(document)
    document.view.set(mark_wrong=True)
    _, widths = rings()
    assert len(widths) > 300
    assert 10 < len(np.unique(widths)) <= 23


def test_they_follow_training_and_the_past(window, rings, qtbot):
    document = window.document
    QTest.keyClick(window, Qt.Key.Key_W)
    first = rings()[0]
    for _ in range(30):
        document.run.step()
    qtbot.waitUntil(lambda: document.displayed.step == 30)
    np.testing.assert_array_equal(rings()[0], document.dataset.points[wrong_of(document)[0]])
    document.run.look_back(0)
    np.testing.assert_array_equal(rings()[0], first)


def test_test_points_that_are_not_shown_have_none(window, rings):
    document = window.document
    document.view.set(mark_wrong=True, show_test_points=False)
    wrong = wrong_of(document)[0] & ~document.dataset.is_test
    np.testing.assert_array_equal(rings()[0], document.dataset.points[wrong])


def test_of_values_those_far_from_their_targets(window, rings, answered):
    document = window.document
    document.points.generate(name="sine")
    answered(document)
    document.view.set(mark_wrong=True)
    dataset = document.dataset
    far = np.abs(document.displayed.network.predict(dataset.points)[:, 0] - dataset.labels) > 0.25
    np.testing.assert_array_equal(rings()[0], dataset.points[far])


@pytest.mark.parametrize("what", ["no points", "no number"])
def test_where_there_is_nothing_to_rate_there_is_none(window, rings, answered, what):
    document = window.document
    if what == "no points":
        document.points.set_data("points", Dataset([], [], n_classes=3))
    else:
        document.network.set_parameter(0, np.nan)
    answered(document)
    document.view.set(mark_wrong=True)
    assert len(rings()[0]) == 0


def test_hidden_it_is_not_computed_and_shown_again_it_is_of_now(window, rings, qtbot, monkeypatch):
    document = window.document
    document.view.set(mark_wrong=True)
    window.show_panel("Output", False)
    asked = []
    compute = WrongPoints.compute
    monkeypatch.setattr(WrongPoints, "compute", lambda self: (asked.append(1), compute(self)))
    document.run.step()
    qtbot.waitUntil(lambda: document.displayed.step == 1)
    QTest.qWait(20)
    assert asked == []
    window.show_panel("Output", True)
    np.testing.assert_array_equal(rings()[0], document.dataset.points[wrong_of(document)[0]])


def test_of_a_curve_a_line_leads_from_each_to_what_the_network_says(window, rings, answered):
    document, canvas = window.document, window.findChild(PlaneView, "output_view")
    document.points.set_kind("curve")
    document.points.generate(name="parabola", n_points=30)
    answered(document)
    document.view.set(mark_wrong=True)
    dataset = document.dataset
    said = document.displayed.network.predict(dataset.points)[:, 0]
    far = np.abs(said - dataset.labels) > 0.25
    assert 0 < far.sum() < len(far)
    np.testing.assert_array_equal(rings()[0], dataset.points[far])
    assert canvas.findChild(WrongPoints)._residuals.n_vertices == 2 * far.sum()
    document.view.set(mark_wrong=False)
    rings()
    assert canvas.findChild(WrongPoints)._residuals.n_vertices == 0
