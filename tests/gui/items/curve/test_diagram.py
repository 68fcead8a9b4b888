"""The diagram of a network of a curve: each neuron's activation over x in the place of its map."""

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QImage, QPainter

from gui.document.probe import ProbePoint
from gui.items.curve.boxes import place_on_curve
from gui.items.diagram_colours import limits_of
from gui.items.diagram_probe import ShownProbe
from gui.items.network_diagram import NetworkDiagram
from gui.theme import mixed, named
from model.data.dataset import CURVE_LIMIT

AREA = QRectF(0, 0, 640, 400)


def painted(diagram, snapshot, name="light", probe=None):
    image = QImage(AREA.size().toSize(), QImage.Format.Format_RGB32)
    image.fill(named(name).panel)
    painter = QPainter(image)
    diagram.paint(painter, AREA, snapshot, named(name), probe=probe)
    painter.end()
    return image


def is_near(colour, other, tolerance=12):
    return all(abs(a - b) <= tolerance for a, b in zip(colour.getRgb()[:3], other.getRgb()[:3], strict=True))


def in_box(image, rect, share_x, share_y):
    return image.pixelColor(
        QPointF(rect.left() + share_x * rect.width(), rect.top() + share_y * rect.height()).toPoint()
    )


@pytest.mark.parametrize("name", ["light", "dark"])
@pytest.mark.parametrize("cached", [True, False])
def test_each_neuron_has_its_own_curve(moment_of, name, cached):
    diagram, colours = NetworkDiagram(cached=cached), named(name)
    snapshot = moment_of(((4.0, -4.0), (1.0, 1.0)), ((0.0, 0.0), (0.0,)), hidden="tanh")
    image = painted(diagram, snapshot, name)
    above, below = (mixed(colours.panel, colour, 0.75) for colour in (colours.positive, colours.negative))
    rising, falling = diagram.layout.rects[1]
    for rect, left, right in ((rising, below, above), (falling, above, below)):
        assert is_near(in_box(image, rect, 0.2, 0.65 if left is below else 0.35), left)
        assert is_near(in_box(image, rect, 0.8, 0.35 if right is above else 0.65), right)
        assert is_near(in_box(image, rect, 0.2, 0.35 if left is below else 0.65), colours.panel)


def test_x_itself_rises_through_its_box(moment_of):
    diagram = NetworkDiagram()
    image, colours = painted(diagram, moment_of()), named("light")
    (rect,) = diagram.layout.rects[0]
    assert is_near(in_box(image, rect, 0.9, 0.4), mixed(colours.panel, colours.positive, 0.75))
    assert is_near(in_box(image, rect, 0.1, 0.6), mixed(colours.panel, colours.negative, 0.75))


def test_the_output_reaches_as_high_as_the_plane_and_hidden_neurons_to_their_bound(moment_of):
    snapshot = moment_of()
    assert [list(limits) for limits in limits_of(snapshot).maps] == [[6.0], [1.0, 1.0], [CURVE_LIMIT]]
    relu = moment_of(((2.0, 1.0), (1.0, 1.0)), ((0.0, 0.0), (0.0,)), hidden="relu")
    assert limits_of(relu).maps[1][0] == 15.0, "the next round number above 12"


def test_a_muted_neuron_is_crossed_out(moment_of):
    diagram = NetworkDiagram()
    image = painted(diagram, moment_of(muted=[(1, 0)]))
    rect = diagram.layout.rects[1][0]
    assert is_near(in_box(image, rect, 0.5, 0.2), mixed(named("light").panel, named("light").muted, 0.22))


def test_a_pinned_point_is_marked_on_each_curve(moment_of):
    diagram, snapshot = NetworkDiagram(), moment_of()
    values = [layer[0] for layer in snapshot.network.layer_outputs([[2.0, 3.0]])]
    shown = ShownProbe(ProbePoint((2.0, 3.0), 0.75, is_pinned=True), values, None)
    plain, marked = painted(diagram, snapshot), painted(diagram, snapshot, probe=shown)
    limits = limits_of(snapshot).maps
    for layer, rects in enumerate(diagram.layout.rects):
        for index, rect in enumerate(rects):
            place = place_on_curve(rect, 2.0, values[layer][index], limits[layer][index]).toPoint()
            region = place.x() - 4, place.y() - 4, 9, 9
            assert plain.copy(*region) != marked.copy(*region)


def test_numbers_that_are_not_finite_are_drawn_without_a_warning(moment_of):
    painted(NetworkDiagram(), moment_of(((float("nan"), float("inf")), (1.0, 1.0)), ((0.0, 0.0), (0.0,))))
