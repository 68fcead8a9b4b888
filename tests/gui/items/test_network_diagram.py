from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QImage, QPainter

from gui import theme
from gui.items.diagram_colours import Limits, limits_of, map_colours, weight_limit, weight_shades
from gui.items.diagram_texts import describe
from gui.items.drawn_weights import MAX_DRAWN_EDGES
from gui.items.map_scales import map_limit, map_limits
from gui.items.network_diagram import Highlight, NetworkDiagram
from gui.theme import Scheme
from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.data.naming import Naming
from model.network.parts import Edge, Unit, unit_positions, weight_position
from model.run.history import KeyFrame
from model.run.snapshot import SnapshotMaker
from model.training.checkpoint import Checkpoint
from model.training.metrics import Metrics
from model.training.settings import Setup
from model.types import read_only
from model.walk.pages import Lit

AREA = QRectF(0, 0, 760, 460)
METRICS = Metrics(0, 1.0, 1.0, 0.5, 0.5)


@pytest.fixture(autouse=True)
def _application(qapp):
    pass


def snapshot_of(network, *, regression=False):
    dataset = Dataset([], [], n_classes=0 if regression else network.settings.n_classes)
    training = TrainingSettings(loss="squared_error")
    checkpoint = Checkpoint(read_only(network.parameters.copy()), 0, 0, (1, 3, 0, 0))
    return SnapshotMaker().make(0, KeyFrame(checkpoint, METRICS, Setup(dataset, network.settings, training)))


def marked(network, **marks):
    """Return the network with other settings."""
    return Network.from_settings(replace(network.settings, **marks), network.parameters)


@pytest.fixture(params=[Scheme.LIGHT, Scheme.DARK], ids=["light", "dark"])
def in_theme(request):
    theme.manager().set_scheme(request.param)
    yield
    theme.manager().set_scheme(Scheme.SYSTEM)


def network_of(*sizes, activation="tanh", output="softmax"):
    settings = NetworkSettings(sizes, (activation,) * (len(sizes) - 2), output)
    return Network.from_settings(settings)


def painted(diagram, snapshot, highlight=None, ratio=1.0, texts=None, hurried=False):
    """Return the picture of a diagram."""
    image = QImage((AREA.size() * ratio).toSize(), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(theme.current().panel)
    painter = (Painter if texts is not None else QPainter)(image)
    if texts is not None:
        painter.texts = texts
    diagram.paint(painter, AREA, snapshot, theme.current(), highlight or Highlight(), hurried=hurried)
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
    diagram, texts = NetworkDiagram(cached=False), []
    painted(diagram, snapshot_of(network), texts=texts)

    weights = np.abs(np.concatenate([w.ravel() for w in network.weights]))
    assert len(diagram.drawn_edges) == 400
    left_out = np.delete(weights, diagram.drawn_edges)
    assert weights[diagram.drawn_edges].min() >= left_out.max()
    assert f"the 400 strongest of {len(weights):,} are drawn, {len(weights) - 400:,} are not" in texts


def test_nothing_is_found_of_weights_that_were_drawn_of_a_larger_network():
    """The mouse moves after the network has become another, before it is drawn."""
    diagram = NetworkDiagram()
    painted(diagram, snapshot_of(network_of(2, 8, 8, 3)))
    diagram.fit(snapshot_of(network_of(2, 1, 2)), AREA)
    middle = diagram.layout.path(0).pointAtPercent(0.5)
    assert diagram.layout.edge_at(middle, diagram.drawn_edges) is None
    painted(diagram, snapshot_of(network_of(2, 1, 2)))
    assert diagram.layout.edge_at(diagram.layout.path(0).pointAtPercent(0.5), diagram.drawn_edges) is not None


def test_where_all_are_drawn_there_is_no_note():
    texts = []
    painted(NetworkDiagram(cached=False), snapshot_of(network_of(2, 6, 5, 3)), texts=texts)
    assert not any("weights are drawn" in text for text in texts)


def test_the_legend_follows_the_weights_the_theme_and_the_screen():
    small, large = network_of(2, 3, 3), network_of(2, 3, 3)
    large.weights[0][0, 0] = -2.7
    kept, pictures = NetworkDiagram(), []
    for scheme, ratio in product((Scheme.LIGHT, Scheme.DARK), (1.0, 1.5)):
        theme.manager().set_scheme(scheme)
        for network in (small, large, small):
            pictures.append(painted(kept, snapshot_of(network), ratio=ratio))
            assert pictures[-1] == painted(NetworkDiagram(), snapshot_of(network), ratio=ratio)
        assert pictures[-1] != pictures[-2]
    theme.manager().set_scheme(Scheme.SYSTEM)


def test_names_follow_their_renaming():
    before, texts = snapshot_of(network_of(2, 3, 3)), []
    naming = Naming(classes=("setosa", "versicolor", "virginica"))
    after = replace(before, moment=before.moment.with_dataset(before.moment.dataset.named(naming)))
    diagram, kept = NetworkDiagram(cached=False), NetworkDiagram()
    for snapshot in (before, after):
        painted(diagram, snapshot, texts=texts)
        assert painted(kept, snapshot) == painted(NetworkDiagram(), snapshot)
    assert painted(kept, before) != painted(kept, after)
    assert [text for text in texts if text in {"A", "B", "C"}] == ["A", "B", "C"]
    assert "setosa" in texts


def test_inputs_outputs_and_the_ends_of_the_scale_are_named():
    network = network_of(2, 3, 3)
    network.parameters[:] = 0.0
    network.weights[0][0, 0] = -2.7
    texts = []
    painted(NetworkDiagram(cached=False), snapshot_of(network), texts=texts)
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


class TestInAHurry:
    """While training runs, a picture may lack changes of the weights that the next one brings."""

    SIZES = (2, 8, 8, 8, 3)

    @pytest.fixture
    def network(self):
        network = network_of(*self.SIZES)
        network.parameters[:] = np.random.default_rng(2).uniform(-0.9, 0.9, len(network.parameters))
        return network

    @pytest.fixture
    def diagram(self, network):
        diagram = NetworkDiagram()
        painted(diagram, snapshot_of(network))
        return diagram

    def test_layers_are_drawn_that_have_waited_longest_until_all_are(self, network, diagram):
        network.parameters *= -1
        turned = snapshot_of(network)
        exact = painted(NetworkDiagram(), turned)
        pictures = [painted(diagram, turned, hurried=True)]
        assert diagram.is_behind
        assert pictures[0] != exact
        while diagram.is_behind:
            pictures.append(painted(diagram, turned, hurried=True))
            assert pictures[-1] != pictures[-2]
        assert pictures[-1] == exact
        assert len(pictures) < len(self.SIZES)

    def test_the_first_picture_shows_all(self, network):
        diagram = NetworkDiagram()
        assert painted(diagram, snapshot_of(network), hurried=True) == painted(NetworkDiagram(), snapshot_of(network))
        assert not diagram.is_behind

    def test_what_nobody_would_see_is_drawn_once_there_is_time(self, network, diagram):
        before = painted(diagram, snapshot_of(network)).copy(edges_of(diagram))
        network.weights[1][:] *= 0.99
        weaker = snapshot_of(network)
        assert painted(diagram, weaker, hurried=True).copy(edges_of(diagram)) == before
        assert diagram.is_behind
        assert painted(diagram, weaker).copy(edges_of(diagram)) != before
        assert painted(diagram, weaker) == painted(NetworkDiagram(), weaker)
        assert not diagram.is_behind

    @pytest.mark.parametrize("change", ["pruned", "frozen"])
    def test_a_mark_is_seen(self, network, diagram, change):
        position = weight_position(network.settings, Edge(1, 3, 4))
        marked_snapshot = snapshot_of(marked(network, **{change: frozenset({position})}))
        assert painted(diagram, marked_snapshot, hurried=True) == painted(NetworkDiagram(), marked_snapshot)


def edges_of(diagram):
    """Return where curves are between the second layer and the third, and nothing else."""
    left, right = diagram.layout.columns[1:3]
    return QRectF(left + 40, AREA.top(), right - left - 80, AREA.height() - 40).toRect()


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
        assert painted(diagram, snapshot, Highlight(selection=part)) != plain
        assert painted(diagram, snapshot, Highlight(hovered=part)) != plain
    assert painted(diagram, snapshot) == plain


def test_what_is_hovered_has_its_value_beside_it():
    snapshot, texts = snapshot_of(network_of(2, 3, 2)), []
    painted(NetworkDiagram(), snapshot, Highlight(hovered=Unit(2, 1)), texts=texts)
    assert f"B   bias = {snapshot.network.biases[1][1]:.3f}" in texts
    assert describe(snapshot, Edge(0, 1, 2)).startswith("x₂ → h1.3   w = ")
    assert describe(snapshot, Unit(0, 0)) == "x₁   input, −6 to 6"


@pytest.mark.parametrize("size", [0.0, 1e-300, 1e30])
def test_weights_of_any_finite_size_are_drawn(size):
    network = network_of(2, 30, 30, 3, activation="relu")
    network.parameters[:] = size
    network.parameters[::3] = -size
    painted(NetworkDiagram(), snapshot_of(network))


@pytest.mark.parametrize("value", [np.inf, -np.inf, np.nan])
@pytest.mark.parametrize("selection", [Unit(1, 0), Edge(0, 0, 0), None])
def test_what_is_not_finite_is_drawn_without_a_warning(value, selection):
    network = network_of(2, 3, 2)
    network.parameters[::2] = value
    with np.errstate(all="ignore"):
        snapshot = snapshot_of(network)
    painted(NetworkDiagram(), snapshot, Highlight(selection, selection))


@pytest.mark.parametrize("value", [np.inf, -np.inf])
def test_infinite_weights_have_the_end_colours(value):
    assert weight_shades(np.array([value, 1.0]), np.inf).tolist() == [np.sign(value), 0.0]


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


def differing(first, second, rect):
    """Return how many pixels of a rectangle differ clearly between two pictures."""
    area = rect.toAlignedRect()
    places = [(x, y) for x in range(area.left(), area.right() + 1) for y in range(area.top(), area.bottom() + 1)]
    return sum(
        max(abs(a - b) for a, b in zip(first.pixelColor(*at).getRgb(), second.pixelColor(*at).getRgb(), strict=True))
        > 40
        for at in places
    )


def around(point, radius):
    return QRectF(point.x() - radius, point.y() - radius, 2 * radius, 2 * radius)


@pytest.mark.usefixtures("in_theme")
class TestMarks:
    @pytest.fixture
    def network(self):
        network = network_of(2, 3, 2)
        network.parameters[:] = 0.5
        return network

    def pictures(self, network, **marks):
        """Return the diagram, and pictures without and with marks, drawn by the same diagram one after the other."""
        diagram = NetworkDiagram()
        return diagram, painted(diagram, snapshot_of(network)), painted(diagram, snapshot_of(marked(network, **marks)))

    def ink(self, diagram, image, edge):
        """Return how much of a weight's curve, sampled along it, is not the panel."""
        path = diagram.layout.path(diagram.layout.number(edge))
        places = [path.pointAtPercent(share).toPoint() for share in np.linspace(0.1, 0.9, 150)]
        panel = theme.current().panel.getRgb()
        return np.mean([np.abs(np.subtract(image.pixelColor(at).getRgb(), panel)).max() > 40 for at in places])

    def test_a_frozen_weight_is_dashed(self, network):
        edge = Edge(0, 1, 2)
        diagram, plain, image = self.pictures(network, frozen=frozenset({weight_position(network.settings, edge)}))
        assert self.ink(diagram, plain, edge) == 1.0
        assert 0.4 < self.ink(diagram, image, edge) < 0.85
        assert self.ink(diagram, image, Edge(0, 0, 0)) == 1.0

    def test_a_pruned_weight_is_dotted_in_the_muted_colour(self, network):
        edge = Edge(0, 1, 2)
        network.weights[0][1, 2] = 0.0
        diagram, _, image = self.pictures(network, pruned=frozenset({weight_position(network.settings, edge)}))
        assert 0.1 < self.ink(diagram, image, edge) < 0.6
        muted = np.array(theme.current().muted.getRgb())
        path = diagram.layout.path(diagram.layout.number(edge))
        colours = [image.pixelColor(path.pointAtPercent(s).toPoint()).getRgb() for s in np.linspace(0.1, 0.9, 150)]
        assert np.abs(np.array(colours) - muted).max(axis=1).min() < 60

    @pytest.mark.parametrize("n_units", [3, 20, 50])
    def test_a_frozen_neuron_has_a_lock(self, n_units):
        network = network_of(2, n_units, 2)
        network.parameters[:] = 0.5
        unit = Unit(1, 2)
        positions = frozenset(unit_positions(network.settings, unit))
        diagram, plain, image = self.pictures(network, frozen=positions)
        rect = diagram.layout.rect(unit)
        corner = around(rect.topRight(), max(4.0, 0.2 * rect.width()))
        assert differing(plain, image, corner) > 5
        assert differing(plain, image, around(diagram.layout.rect(Unit(1, 1)).topRight(), 2)) == 0
        _, _, partly = self.pictures(network, frozen=positions - {min(positions)})
        assert differing(plain, partly, around(rect.topRight(), 2)) == 0, "a weight of it is still trained"

    @pytest.mark.parametrize("unit", [Unit(0, 1), Unit(1, 0)])
    def test_a_muted_neuron_is_grey_and_crossed_through(self, network, unit):
        diagram, _, image = self.pictures(network, muted=frozenset({(unit.layer, unit.index)}))
        rect = diagram.layout.rect(unit)
        grey = image.pixelColor((rect.center() + QPointF(0, rect.height() / 3)).toPoint())
        cross = image.pixelColor(rect.center().toPoint())
        assert max(grey.getRgb()[:3]) - min(grey.getRgb()[:3]) < 30
        assert grey != theme.current().panel
        assert np.abs(np.subtract(grey.getRgb(), cross.getRgb())).max() > 40
        for share in (0.25, 0.75):
            at = (rect.topLeft() + QPointF(share * rect.width(), share * rect.height())).toPoint()
            assert np.abs(np.subtract(image.pixelColor(at).getRgb(), grey.getRgb())).max() > 40

    def test_a_small_muted_neuron_is_seen(self):
        network = network_of(2, 64, 2)
        network.parameters[:] = 0.5
        diagram, plain, image = self.pictures(network, muted=frozenset({(1, 30)}))
        assert differing(plain, image, diagram.layout.rect(Unit(1, 30)).adjusted(1, 1, -1, -1)) >= 4

    def test_marks_come_and_go_with_the_same_weights(self, network):
        diagram, plain, image = self.pictures(network, frozen=frozenset({0}))
        assert image != plain
        assert painted(diagram, snapshot_of(network)) == plain

    def test_a_selected_weight_is_marked_and_keeps_its_mark(self, network):
        edge = Edge(0, 1, 2)
        network.weights[0][1, 2] = 0.0
        position = frozenset({weight_position(network.settings, edge)})
        pictures = [
            painted(NetworkDiagram(), snapshot_of(marked(network, **marks)), Highlight(selection=edge))
            for marks in ({}, {"frozen": position}, {"pruned": position})
        ]
        assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


def test_what_is_pruned_is_drawn_among_many_and_counted():
    network = network_of(2, 64, 64, 3)
    network.parameters[:] = np.random.default_rng(0).normal(size=len(network.parameters))
    edge = Edge(1, 5, 6)
    network.weights[1][5, 6] = 0.0
    pruned = marked(network, pruned=frozenset({weight_position(network.settings, edge)}))
    diagram, texts = NetworkDiagram(cached=False), []
    painted(diagram, snapshot_of(pruned), texts=texts)
    assert diagram.layout.number(edge) in diagram.drawn_edges
    assert len(diagram.drawn_edges) == 400
    assert "the 399 strongest of 4,416 and 1 pruned are drawn, 4,016 are not" in texts


class TestKindsOfBias:
    def dots(self, bias):
        network = Network((2, 3, 2), bias=bias)
        network.parameters[:] = 0.7
        diagram = NetworkDiagram()
        image = painted(diagram, snapshot_of(network))
        dot = diagram.layout.rect(Unit(1, 1)).bottomLeft().toPoint()
        return snapshot_of(network), image.pixelColor(dot - QPoint(2, -2))

    def test_each_is_drawn_as_it_is(self):
        _, own = self.dots("per_neuron")
        _, shared = self.dots("shared")
        _, none = self.dots("none")
        assert own == shared
        assert own.saturationF() > 0.5
        assert none == theme.current().panel

    @pytest.mark.parametrize(
        ("bias", "text"), [("per_neuron", "bias = 0.700"), ("shared", "shared bias = 0.700"), ("none", "no bias")]
    )
    def test_each_is_described(self, bias, text):
        snapshot, _ = self.dots(bias)
        assert describe(snapshot, Unit(1, 1)) == f"h1.2   {text}"

    def test_the_legend_speaks_of_biases_where_there_are_some(self):
        for bias, text in (("none", "≥ 1  weights"), ("shared", "≥ 1  weights and biases")):
            texts = []
            network = Network((2, 3, 2), bias=bias)
            network.parameters[:] = 0.7
            painted(NetworkDiagram(cached=False), snapshot_of(network), texts=texts)
            assert text in texts


LONG = "exp(-x1**2/2)*cos(2*x2)+1"


class TestFeatures:
    @pytest.fixture
    def snapshot(self):
        return snapshot_of(Network((4, 3, 2), features=("x1", "x1**2", "sin(x1)", LONG)))

    def test_short_names_are_whole_and_long_ones_cut(self, snapshot):
        texts = []
        painted(NetworkDiagram(cached=False), snapshot, texts=texts)
        assert {"x₁", "x₁²", "sin x₁"} <= set(texts)
        assert any(text.startswith("exp") and text.endswith("…") for text in texts)

    def test_names_have_room_beside_the_first_layer(self, snapshot):
        diagram = NetworkDiagram()
        plain = NetworkDiagram()
        painted(diagram, snapshot)
        painted(plain, snapshot_of(network_of(2, 3, 2)))
        assert diagram.layout.columns[0] > plain.layout.columns[0] == 58
        image = painted(diagram, snapshot)
        assert all(image.pixelColor(0, y) == theme.current().panel for y in range(400)), "nothing is clipped"

    def test_each_is_described_by_its_formula_and_range(self, snapshot):
        assert [describe(snapshot, Unit(0, index)) for index in range(3)] == [
            "x₁   input, −6 to 6",
            "x₁²   input, 0 to 36",
            "sin x₁   input, −1 to 1",
        ]

    def test_a_very_long_name_under_the_mouse_stays_on_the_diagram(self):
        name = "+".join(["sin(x1)*cos(x2)"] * 11)
        texts = []
        snapshot = snapshot_of(Network((1, 3, 2), features=(name,)))
        painted(NetworkDiagram(), snapshot, Highlight(hovered=Unit(0, 0)), texts=texts)
        cut = [text for text in texts if "…" in text and text.startswith("sin")]
        assert cut
        assert cut[-1].endswith("   input, −11 to 11")

    def test_each_map_has_a_scale_of_its_own(self, snapshot):
        assert map_limits(snapshot, 0)[:3] == (6.0, 36.0, 1.0)
        diagram = NetworkDiagram()
        image = painted(diagram, snapshot)
        for index in (0, 1):
            rect = diagram.layout.rect(Unit(0, index))
            at = QPointF(rect.right() - 2, rect.center().y()).toPoint()
            assert np.abs(np.subtract(image.pixelColor(at).getRgb(), theme.current().positive.getRgb())).max() < 30

    def test_standardised_ones_say_so(self):
        network = Network((2, 3, 2), features=("x1", "x1**2"))
        snapshot = snapshot_of(marked(network, standardization=((0.0, 2.0), (9.0, 3.0))))
        assert describe(snapshot, Unit(0, 1)) == "x₁²   input, standardised, −3 to 9"
        assert map_limit(snapshot, Unit(0, 1)) == 9.0


def test_what_is_marked_is_described():
    network = network_of(2, 3, 2)
    settings = network.settings
    edge = Edge(0, 1, 2)
    position = frozenset({weight_position(settings, edge)})
    frozen, pruned = (snapshot_of(marked(network, **{what: position})) for what in ("frozen", "pruned"))
    assert describe(frozen, edge).endswith(", frozen")
    assert describe(pruned, edge) == "x₂ → h1.3   pruned: it stays 0"
    muted = snapshot_of(marked(network, muted=frozenset({(0, 0), (1, 1)})))
    assert describe(muted, Unit(0, 0)) == "x₁   input, −6 to 6, muted: it counts as 0"
    assert describe(muted, Unit(1, 1)).endswith(", muted: its output counts as 0")
    whole = snapshot_of(marked(network, frozen=frozenset(unit_positions(settings, Unit(1, 1)))))
    assert describe(whole, Unit(1, 1)).endswith(", frozen")
    assert not describe(whole, Unit(1, 0)).endswith(", frozen")


def test_the_output_of_a_regression_is_y_on_the_diverging_scale():
    network = network_of(2, 1, 1, output="linear")
    network.parameters[:] = 0.0
    network.weights[0][0, 0] = 100.0
    network.weights[1][0, 0] = -1.0  # −1 to the right, 1 to the left.
    diagram, texts = NetworkDiagram(), []
    snapshot = snapshot_of(network, regression=True)
    image = painted(diagram, snapshot)
    painted(NetworkDiagram(cached=False), snapshot, texts=texts)
    rect = diagram.layout.rect(Unit(2, 0))
    assert "y" in texts
    assert describe(snapshot, Unit(2, 0)).startswith("y   bias = ")
    assert describe(snapshot, Edge(1, 0, 0)).startswith("h1.1 → y   ")
    assert image.pixelColor((rect.center() + QPointF(12, 0)).toPoint()) == theme.current().negative
    assert image.pixelColor((rect.center() - QPointF(12, 0)).toPoint()) == theme.current().positive
    assert map_limits(snapshot, 2) == (1.0,)


class TestScales:
    def test_the_weights_end_is_round_and_no_weight_exceeds_it(self):
        network = network_of(2, 3, 2)
        network.parameters[:] = 0.01
        assert weight_limit(network) == 1.0
        network.weights[1][2, 1] = -4.2
        assert weight_limit(network) == 5.0

    @pytest.mark.parametrize(("activation", "limit"), [("tanh", 1.0), ("sigmoid", 1.0), ("linear", 20.0)])
    def test_the_maps_end_is_the_activations_bound_or_what_they_reach(self, activation, limit):
        network = network_of(2, 1, 2, activation=activation)
        network.parameters[:] = 0.0
        network.weights[0][0, 0] = 3.0  # 3 x1 reaches almost 18.
        assert map_limits(snapshot_of(network), 1) == (limit,)

    def test_inputs_reach_to_the_planes_edge_and_outputs_to_1(self):
        snapshot = snapshot_of(network_of(2, 3, 2))
        assert map_limits(snapshot, 0) == (6.0, 6.0)
        assert map_limits(snapshot, 2) == (1.0, 1.0)

    @pytest.mark.parametrize(("output", "n_out", "index", "class_index"), [("softmax", 3, 2, 2), ("sigmoid", 1, 0, 1)])
    def test_an_output_has_the_colour_of_its_class(self, output, n_out, index, class_index):
        snapshot = snapshot_of(network_of(2, 3, n_out, output=output))
        colours = map_colours(snapshot, Unit(2, index), np.array([[0.0, 1.0, np.nan]]), theme.current())
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
    assert MAX_DRAWN_EDGES == 400


def test_given_limits_are_those_of_the_picture_and_of_its_legend():
    network = network_of(2, 3, 2)
    network.parameters[:] = 1.0
    snapshot = snapshot_of(network)
    diagram, texts = NetworkDiagram(cached=False), []
    usual = painted(diagram, snapshot)
    image = QImage(AREA.size().toSize(), QImage.Format.Format_RGB32)
    image.fill(theme.current().panel)
    painter = Painter(image)
    painter.texts = texts
    maps = limits_of(snapshot).maps
    diagram.paint(painter, AREA, snapshot, theme.current(), limits=Limits(4.0, maps, "of all runs"))
    painter.end()
    assert image != usual
    assert "≥ 4  weights and biases, of all runs" in texts


@pytest.mark.parametrize("sizes", [(2, 8, 3), (2, 32, 3), (2, 64, 3)])
def test_weights_are_no_wider_than_neurons_are_apart(sizes):
    network = network_of(*sizes)
    network.parameters[:] = 0.0
    network.weights[0][0, 0] = 1.0
    diagram = NetworkDiagram()
    image = painted(diagram, snapshot_of(network))
    x = round(sum(diagram.layout.columns[:2]) / 2)
    blue = [y for y in range(image.height()) if (c := image.pixelColor(x, y)).blue() - c.red() > 60]
    assert 1 <= len(blue) <= max(diagram.layout.least_pitch, 3) * 1.6


def test_what_is_lit_keeps_its_colours_and_the_rest_steps_back():
    network = network_of(2, 3, 3, 2)
    network.parameters[:] = 5.0
    diagram, snapshot = NetworkDiagram(), snapshot_of(network)
    plain = painted(diagram, snapshot)
    lit = painted(diagram, snapshot, highlight=Highlight(lit=Lit(frozenset({1, 2}), frozenset({1}))))
    panel = theme.current().panel

    def strength(image, place):
        colour = image.pixelColor(place.toPoint())
        return sum(abs(a - b) for a, b in zip(colour.getRgb(), panel.getRgb(), strict=True))

    for layer, rects in enumerate(diagram.layout.rects):
        before, after = (strength(image, rects[0].center()) for image in (plain, lit))
        assert after == before if layer in (1, 2) else after < 0.3 * before
    for number, (layer, _, _) in enumerate(diagram.layout.edges.tolist()):
        place = diagram.layout.path(number).pointAtPercent(0.5)
        before, after = (strength(image, place) for image in (plain, lit))
        assert after == before if layer == 1 else after < 0.3 * before


def test_light_on_a_network_of_another_shape_does_no_harm():
    painted(
        NetworkDiagram(),
        snapshot_of(network_of(2, 2)),
        highlight=Highlight(lit=Lit(frozenset({4}), frozenset({3}), (999,))),
    )


def test_it_is_drawn_into_next_to_no_room_without_a_warning(qtlog):
    """A card that is squeezed has less than half a pixel for a name."""
    snapshot, image = snapshot_of(network_of(2, 6, 5, 3)), QImage(80, 80, QImage.Format.Format_RGB32)
    for width, height in product(np.linspace(1.0, 80.0, 60).tolist(), (1.0, 30.0, 80.0)):
        painter = QPainter(image)
        NetworkDiagram().paint(painter, QRectF(0, 0, width, height), snapshot, theme.current())
        painter.end()
    assert not qtlog.records
