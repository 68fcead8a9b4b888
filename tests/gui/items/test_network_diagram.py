from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from gui import theme
from gui.items import network_diagram
from gui.items.network_diagram import (
    MAX_DRAWN_EDGES,
    NetworkDiagram,
    Pointed,
    describe,
    map_colours,
    map_limit,
    weight_limit,
)
from gui.selection import Edge, Unit
from gui.theme import Scheme
from model import Network, NetworkSettings
from model.metrics import Metrics
from model.snapshot import SnapshotMaker

AREA = QRectF(0, 0, 760, 460)
METRICS = Metrics(0, 1.0, 1.0, 0.5, 0.5)


@pytest.fixture(autouse=True)
def _application(qapp):
    pass


def snapshot_of(network):
    return SnapshotMaker().make(0, 0, network, METRICS)


def network_of(*sizes, activation="tanh", output="softmax"):
    settings = NetworkSettings(sizes, (activation,) * (len(sizes) - 2), output)
    return Network.from_settings(settings)


def painted(diagram, snapshot, pointed=None, ratio=1.0, texts=None):
    """Return the picture of a diagram."""
    image = QImage((AREA.size() * ratio).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(theme.current().panel)
    painter = (Painter if texts is not None else QPainter)(image)
    if texts is not None:
        painter.texts = texts
    diagram.paint(painter, AREA, snapshot, pointed or Pointed())
    painter.end()
    return image


class Painter(QPainter):
    """Notes the texts that are drawn."""

    def drawText(self, *args):
        self.texts.append(next(argument for argument in args if isinstance(argument, str)))
        super().drawText(*args)


@pytest.mark.parametrize("sizes", [(2, 2), (2, 1, 8), (2, 6, 5, 3), (2, *(64,) * 10, 8)])
@pytest.mark.parametrize("ratio", [1.0, 1.5])
def test_every_shape_is_drawn(sizes, ratio):
    diagram, snapshot = NetworkDiagram(), snapshot_of(network_of(*sizes))
    image = painted(diagram, snapshot, ratio=ratio)
    for rects in diagram.layout.rects:
        centre = rects[0].center() * ratio
        assert image.pixelColor(centre.toPoint()) != theme.current().panel
    assert len(diagram.drawn_edges) == min(len(diagram.layout.edges), MAX_DRAWN_EDGES)


def test_of_many_weights_the_strongest_are_drawn_and_a_note_counts_the_others():
    network = network_of(2, 64, 64, 3)
    network.parameters[:] = np.random.default_rng(0).normal(size=len(network.parameters))
    diagram, texts = NetworkDiagram(), []
    painted(diagram, snapshot_of(network), texts=texts)

    weights = np.abs(np.concatenate([w.ravel() for w in network.weights]))
    assert len(diagram.drawn_edges) == 400
    left_out = np.delete(weights, diagram.drawn_edges)
    assert weights[diagram.drawn_edges].min() >= left_out.max()
    assert f"the 400 strongest of {len(weights):,} are drawn, {len(weights) - 400:,} are not" in texts


def test_where_all_are_drawn_there_is_no_note():
    texts = []
    painted(NetworkDiagram(), snapshot_of(network_of(2, 6, 5, 3)), texts=texts)
    assert not any("weights are drawn" in text for text in texts)


def test_inputs_outputs_and_the_ends_of_the_scale_are_named():
    network = network_of(2, 3, 3)
    network.parameters[:] = 0.0
    network.weights[0][0, 0] = -2.7
    texts = []
    painted(NetworkDiagram(), snapshot_of(network), texts=texts)
    assert {"x₁", "x₂", "A", "B", "C", "≤ −3"} <= set(texts)
    assert any(text.startswith("≥ 3") for text in texts)


def test_a_neuron_shows_its_map_with_x2_upwards():
    network = network_of(2, 1, 2)
    network.parameters[:] = 0.0
    network.weights[0][1, 0] = 100.0  # tanh(100 x2): +1 above, -1 below.
    diagram = NetworkDiagram()
    image = painted(diagram, snapshot_of(network))
    rect = diagram.layout.rect(Unit(1, 0))
    upper, lower = rect.center() - rect.center() * 0, rect.center() * 1
    upper.setY(rect.top() + rect.height() / 4)
    lower.setY(rect.bottom() - rect.height() / 4)

    assert image.pixelColor(upper.toPoint()) == theme.current().positive
    assert image.pixelColor(lower.toPoint()) == theme.current().negative


@pytest.mark.parametrize(("weight", "colour"), [(5.0, "positive"), (-5.0, "negative")])
def test_a_weight_is_drawn_in_its_sign_and_as_thick_as_it_is_strong(weight, colour):
    network = network_of(2, 2)
    network.parameters[:] = 0.0
    network.weights[0][0, 0] = weight
    diagram = NetworkDiagram()
    image = painted(diagram, snapshot_of(network))
    strong, weak = (diagram.layout.path(number).pointAtPercent(0.3).toPoint() for number in (0, 3))

    assert image.pixelColor(strong) == getattr(theme.current(), colour)
    assert thickness(image, strong) >= 5
    assert thickness(image, weak) <= 2


def thickness(image, at):
    """Return how many pixels of a column round a place differ from the panel."""
    panel = theme.current().panel
    return sum(image.pixelColor(at.x(), at.y() + dy) != panel for dy in range(-8, 9))


def test_a_changed_weight_is_drawn_anew():
    network = network_of(2, 2)
    network.parameters[:] = 0.0
    diagram = NetworkDiagram()
    painted(diagram, snapshot_of(network))
    network.weights[0][0, 0] = 1.0
    image = painted(diagram, snapshot_of(network))
    at = diagram.layout.path(0).pointAtPercent(0.3).toPoint()
    assert image.pixelColor(at) == theme.current().positive


def test_biases_are_shown_at_the_outputs_too():
    network = network_of(2, 3, 2)
    network.parameters[:] = 0.0
    network.biases[0][1] = 4.0
    network.biases[1][0] = -4.0
    diagram = NetworkDiagram()
    image = painted(diagram, snapshot_of(network))
    for unit, colour in ((Unit(1, 1), theme.current().positive), (Unit(2, 0), theme.current().negative)):
        at = diagram.layout.rect(unit).bottomLeft().toPoint()
        assert image.pixelColor(at) == colour


def test_what_is_selected_is_marked():
    snapshot, diagram = snapshot_of(network_of(2, 3, 2)), NetworkDiagram()
    plain = painted(diagram, snapshot)
    for part in (Unit(1, 0), Edge(0, 1, 2)):
        assert painted(diagram, snapshot, Pointed(selection=part)) != plain
        assert painted(diagram, snapshot, Pointed(hovered=part)) != plain
    assert painted(diagram, snapshot) == plain


def test_what_is_hovered_has_its_value_beside_it():
    snapshot, texts = snapshot_of(network_of(2, 3, 2)), []
    painted(NetworkDiagram(), snapshot, Pointed(hovered=Unit(2, 1)), texts=texts)
    assert f"B   bias = {snapshot.network.biases[1][1]:.3f}" in texts
    assert describe(snapshot, Edge(0, 1, 2)).startswith("x₂ → h1.3   w = ")
    assert describe(snapshot, Unit(0, 0)) == "x₁   input, −6 to 6"


@pytest.mark.parametrize("size", [0.0, 1e-300, 1e30])
def test_weights_of_any_finite_size_are_drawn(size):
    network = network_of(2, 30, 30, 3, activation="relu")
    network.parameters[:] = size
    network.parameters[::3] = -size
    painted(NetworkDiagram(), snapshot_of(network))


def test_both_themes_draw_other_pictures():
    snapshot, diagram = snapshot_of(network_of(2, 3, 2)), NetworkDiagram()
    images = []
    try:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            theme.manager().set_scheme(scheme)
            images.append(painted(diagram, snapshot))
    finally:
        theme.manager().set_scheme(Scheme.SYSTEM)
    assert images[0] != images[1]


class TestScales:
    def test_the_weights_end_is_round_and_no_weight_exceeds_it(self):
        network = network_of(2, 3, 2)
        network.parameters[:] = 0.01
        assert weight_limit(snapshot_of(network)) == 1.0
        network.weights[1][2, 1] = -4.2
        assert weight_limit(snapshot_of(network)) == 5.0

    @pytest.mark.parametrize(("activation", "limit"), [("tanh", 1.0), ("sigmoid", 1.0), ("linear", 20.0)])
    def test_the_maps_end_is_the_activations_bound_or_what_they_reach(self, activation, limit):
        network = network_of(2, 1, 2, activation=activation)
        network.parameters[:] = 0.0
        network.weights[0][0, 0] = 3.0  # 3 x1 reaches almost 18.
        assert map_limit(snapshot_of(network), 1) == limit

    def test_inputs_reach_to_the_planes_edge_and_outputs_to_1(self):
        snapshot = snapshot_of(network_of(2, 3, 2))
        assert map_limit(snapshot, 0) == 6.0
        assert map_limit(snapshot, 2) == 1.0

    @pytest.mark.parametrize(("output", "n_out", "index", "class_index"), [("softmax", 3, 2, 2), ("sigmoid", 1, 0, 1)])
    def test_an_output_has_the_colour_of_its_class(self, output, n_out, index, class_index):
        snapshot = snapshot_of(network_of(2, 3, n_out, output=output))
        colours = map_colours(snapshot, Unit(2, index), np.array([[0.0, 1.0, np.nan]]))
        assert QColor.fromRgb(int(colours[0, 0])) == theme.current().panel
        assert QColor.fromRgb(int(colours[0, 1])) == theme.current().classes[class_index]


def test_the_layout_follows_shape_and_area():
    diagram, small = NetworkDiagram(), snapshot_of(network_of(2, 2))
    diagram.fit(small, AREA)
    first = diagram.layout
    diagram.fit(small, AREA)
    assert diagram.layout is first
    diagram.fit(small, QRectF(AREA.topLeft(), QSizeF(500, 300)))
    assert diagram.layout is not first
    diagram.fit(snapshot_of(network_of(2, 4, 2)), AREA)
    assert diagram.layout.layer_sizes == (2, 4, 2)


def test_a_snapshot_of_the_same_shape_with_other_activations_is_drawn():
    network = network_of(2, 3, 2)
    diagram = NetworkDiagram()
    first = painted(diagram, snapshot_of(network))
    relu = Network.from_settings(replace(network.settings, hidden_activations=("relu",)), network.parameters)
    assert painted(diagram, snapshot_of(relu)) != first


def test_no_more_than_400_is_a_promise_of_the_window():
    assert network_diagram.MAX_DRAWN_EDGES == 400
