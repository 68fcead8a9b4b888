"""What the diagram shows of the probe point: neurons' values beside their maps, marks, what an edge contributes."""

from typing import ClassVar

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QMouseEvent, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from gui import theme
from gui.document.changes import Change
from gui.items.diagram_probe import short_number
from gui.items.plane_view import PlaneView
from gui.panels.network import panel as network_panel
from gui.theme import Scheme
from model import Network
from model.network.parts import Edge, Unit


class Painter(QPainter):
    """Notes what is written, and where."""

    written: ClassVar[list] = []

    def drawStaticText(self, place, text):
        Painter.written.append((text.text(), place, self.font()))
        super().drawStaticText(place, text)

    def drawText(self, *arguments):
        Painter.written.append((next(one for one in arguments if isinstance(one, str)), None, None))
        super().drawText(*arguments)


@pytest.fixture
def document(shared_window, answered):
    yield shared_window.document
    answered(shared_window.document)
    QTest.qWait(20)


@pytest.fixture
def diagram(shared_window):
    return shared_window.findChild(QWidget, "network_view")


@pytest.fixture
def written(diagram, monkeypatch):
    """Draw the diagram, and return the texts in it with their places."""
    monkeypatch.setattr(network_panel, "QPainter", Painter)

    def draw():
        Painter.written = []
        diagram.grab()
        return Painter.written

    return draw


@pytest.fixture
def reshape(document, answered):
    def change(*sizes, **options):
        document.changes.perform("shape", Change(restart=Network(list(sizes), **options)))
        answered(document)

    return change


def values_of(written):
    return [text for text, place, _ in written if place is not None]


def wanted(document, place):
    """Return the value of each neuron behind the input, and the probability of each class, as they are written."""
    network = document.displayed.network
    *layers, _ = network.layer_outputs([place])
    values = [short_number(value) for layer in layers for value in layer[0].tolist()]
    return [*values, *(f"{share:.1%}" for share in network.class_probabilities([place])[0])]


def hover(widget, position):
    none = Qt.MouseButton.NoButton
    at = QPointF(position)
    event = QMouseEvent(QEvent.Type.MouseMove, at, widget.mapToGlobal(at), none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, event)


@pytest.mark.parametrize("name", ["data_canvas", "output_view"])
def test_with_the_mouse_on_a_plane_each_neuron_has_its_value(shared_window, document, written, name):
    assert values_of(written()) == []
    view = shared_window.findChild(PlaneView, name)
    hover(view.viewport(), view.from_plane(QPointF(2.0, -1.0)))
    place = document.probe.point.place
    assert values_of(written()) == wanted(document, place)

    hover(view.viewport(), QPointF(2, 60))
    assert document.probe.point is None
    assert values_of(written()) == []


def test_a_pinned_point_keeps_the_values_and_they_follow_the_moment(document, written, qtbot):
    document.probe.pin((1.0, 2.0))
    first = values_of(written())
    document.run.step()
    qtbot.waitUntil(lambda: document.displayed.step == 1)
    second = values_of(written())
    assert second == wanted(document, (1.0, 2.0)) != first
    document.run.look_back(0)
    assert values_of(written()) == first


@pytest.mark.parametrize("name", ["sine", "sine_wave"])
def test_a_regression_has_a_value_at_its_output(document, written, answered, name):
    document.points.generate(name=name)
    answered(document)
    document.probe.pin((1.0, 2.0))
    value = document.displayed.network.predict([(1.0, 2.0)])[0, 0]
    assert values_of(written())[-1] == short_number(value)


def test_a_single_output_has_the_probability_of_its_class(document, written, reshape):
    document.points.generate(name="moons", n_classes=2)
    reshape(2, 3, 1, output_activation="sigmoid")
    document.probe.pin((1.0, 2.0))
    probability = document.displayed.network.class_probabilities([(1.0, 2.0)])[0, 1]
    assert values_of(written())[-1] == f"{probability:.1%}"


def test_a_muted_neuron_counts_as_0(document, written, answered):
    document.network.set_muted(Unit(1, 2), True)
    answered(document)
    document.probe.pin((1.0, 2.0))
    assert values_of(written())[2 + 2] == "0.00"


def test_what_is_no_number_is_not_written(document, written, answered):
    document.network.set_parameter(0, np.nan)
    answered(document)
    document.probe.pin((1.0, 2.0))
    assert values_of(written()) == []


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
@pytest.mark.parametrize("sizes", [(2, 6, 5, 3), (2, 8, 8, 8, 3), (2, 12, 12, 3), (2, *(8,) * 10, 3)])
def test_no_value_lies_on_a_map_or_on_another_value(shared_window, document, diagram, written, reshape, size, sizes):
    shared_window.resize(*size)
    reshape(*sizes)
    document.probe.pin((1.0, 2.0))
    taken = [_ink(*one) for one in written() if one[1] is not None]
    assert taken
    maps = [rect for rects in diagram.diagram.layout.rects for rect in rects]
    for index, box in enumerate(taken):
        assert diagram.rect().contains(box.toAlignedRect())
        assert not any(box.intersects(rect) for rect in maps)
        assert not any(box.intersects(other) for other in taken[:index])
    shared_window.resize(1280, 800)


@pytest.mark.parametrize("size", [(1280, 800), (1600, 1000)])
def test_small_maps_one_close_below_the_other_have_their_values_beside_them(
    shared_window, document, diagram, written, reshape, size
):
    shared_window.resize(*size)
    reshape(2, 6, 5, 3)
    document.probe.pin((1.0, 2.0))
    for height in range(220, 420, 8):
        diagram.setFixedHeight(height)
        QApplication.processEvents()
        boxes = [_ink(*one) for one in written() if one[1] is not None]
        assert len(boxes) == 16
        assert all(diagram.rect().contains(box.toAlignedRect()) for box in boxes)
        maps = [rect for rects in diagram.diagram.layout.rects for rect in rects]
        assert not any(box.intersects(rect) for box in boxes for rect in maps)
        # Of an output there is seldom room at the right.
        assert not any(box.adjusted(0, 0, 0, 2).intersects(rect) for box in boxes[:-3] for rect in maps[:-3])
    diagram.setMinimumHeight(0)
    diagram.setMaximumHeight(16_777_215)
    shared_window.resize(1280, 800)


def _ink(text, place, font):
    """Return where the digits of a text are."""
    metrics = QFontMetricsF(font)
    top = place.y() + metrics.ascent() - metrics.capHeight()
    return QRectF(place.x(), top, metrics.horizontalAdvance(text), metrics.capHeight())


def test_where_neurons_are_tiny_values_and_marks_are_left_out(document, written, reshape):
    reshape(2, *(64,) * 10, 3)
    document.probe.pin((1.0, 2.0))
    assert len(values_of(written())) == 2 + 3


def test_an_edge_under_the_mouse_says_what_it_contributes(document, diagram, written):
    document.probe.pin((1.0, 2.0))
    edge = Edge(1, 2, 3)
    layout = diagram.diagram.layout
    diagram.grab()
    hover(diagram, layout.path(layout.number(edge)).pointAtPercent(0.5))
    edge = document.view.hovered
    network = document.displayed.network
    weight = network.weights[edge.layer][edge.source, edge.target]
    value = network.layer_outputs([(1.0, 2.0)])[edge.layer][0, edge.source]
    (label,) = [text for text, place, _ in written() if place is None and "w·a" in text]
    factor = f"({value:.3f})" if value < 0 else f"{value:.3f}"
    assert label.endswith(f"w·a = {weight:.3f} · {factor} = {weight * value:.3f}".replace("-", "−"))
    document.probe.release()
    assert not any("w·a" in text for text, _, _ in written())


@pytest.mark.parametrize("unit", [Unit(0, 1), Unit(1, 2), Unit(3, 1)])
def test_a_neuron_under_the_mouse_says_its_value_to_three_decimals(document, diagram, written, unit):
    document.probe.pin((1.0, 2.0))
    hover(diagram, diagram.diagram.layout.rect(unit).center())
    network = document.displayed.network
    value = f"a = {network.layer_outputs([(1.0, 2.0)])[unit.layer][0, unit.index]:.3f}".replace("-", "−")
    (label,) = [text for text, place, _ in written() if place is None and "a = " in text]
    assert value in label
    if unit.layer == 3:
        assert label.endswith(f", {network.class_probabilities([(1.0, 2.0)])[0, unit.index]:.1%}")


def test_nothing_moves_when_the_mouse_enters_a_plane(shared_window, document):
    def places():
        QApplication.processEvents()
        return [(widget, widget.geometry()) for widget in shared_window.findChildren(QWidget) if widget.isVisible()]

    before = places()
    document.view.set_cursor((1.0, 2.0))
    document.probe.pin((1.0, 2.0))
    assert places() == before


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
def test_a_pinned_place_is_marked_on_every_map_and_a_hovered_one_on_none(document, diagram, scheme):
    theme.manager().set_scheme(scheme)
    rects = [rect.toRect() for rects in diagram.diagram.layout.rects for rect in rects]
    ratio = diagram.devicePixelRatioF()
    assert ratio == 1.0

    def maps():
        image = diagram.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return [image.copy(rect.adjusted(3, 3, -3, -3)) for rect in rects]

    without = maps()
    document.view.set_cursor((-2.0, 3.0))
    assert maps() == without
    document.probe.pin((-2.0, 3.0))
    marked = maps()
    assert not any(map_ == before for map_, before in zip(marked, without, strict=True))
    document.probe.pin((4.0, -4.0))
    assert not any(map_ == before for map_, before in zip(maps(), marked, strict=True))
    document.probe.release()
    assert maps() == without
    theme.manager().set_scheme(Scheme.SYSTEM)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0.00"),
        (-0.5, "−0.50"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (-123.4, "−123"),
        (9999.4, "9999"),
        (12345.0, "1e4"),
        (-3.2e-4, "−3e−4"),
        (0.005, "0.01"),
        (4e-123, "4e−123"),
        (2e200, "2e200"),
    ],
)
def test_a_number_has_few_characters(value, text):
    assert short_number(value) == text
    assert len(text) <= 7
