"""Neurons that are dead or saturated, as a person sees them in the diagram."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.document.changes import Change
from gui.items import network_diagram
from gui.items.stuck_units import StuckUnits
from gui.panels.network.panel import NetworkPanel, NetworkView
from gui.theme import Scheme
from model import Network
from model.network.parts import Unit, bias_position
from model.run import numbers
from tests.gui.events import settle

DEAD, SATURATED, WELL = Unit(1, 2), Unit(2, 0), Unit(1, 0)


@pytest.fixture(params=[Scheme.LIGHT, Scheme.DARK], ids=["light", "dark"])
def in_theme(request):
    theme.manager().set_scheme(request.param)
    yield
    theme.manager().set_scheme(Scheme.SYSTEM)


@pytest.fixture
def panel(document, probed, actions, show):
    parts = document.run, document.changes, document.network, document.learning, document.view
    return show(NetworkPanel(*parts, document.probe, probed, actions), 900, 540)


@pytest.fixture
def view(panel):
    return panel.findChild(NetworkView)


@pytest.fixture
def reshape(document, answered):
    """Give the document another network."""

    def change(hidden, n_units=4):
        network = Network([2, *[n_units] * len(hidden), document.dataset.n_classes], hidden, seed=3)
        document.changes.perform("shape", Change(restart=network))
        answered(document)
        settle()

    return change


@pytest.fixture
def turn(document, answered):
    """Turn the bias of a neuron, as the inspector does."""

    def set_bias(unit, value):
        document.network.set_parameter(bias_position(document.changes.network_settings, unit), value)
        answered(document)
        settle()

    return set_bias


def picture_of(view, unit):
    """Return the picture of a neuron's upper left corner, where its sign is."""
    rect = view.diagram.layout.rect(unit)
    corner = QRectF(rect.topLeft() - QPointF(5, 5), rect.topLeft() + QPointF(12, 12))
    return view.grab(corner.toAlignedRect()).toImage()


def hover(view, unit):
    place = view.diagram.layout.rect(unit).center()
    none = Qt.MouseButton.NoButton
    event = QMouseEvent(
        QEvent.Type.MouseMove, place, view.mapToGlobal(place), none, none, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, event)
    settle()


def texts_of(view, monkeypatch):
    """Return the lines of the label beside what is under the mouse."""
    found = []
    original = network_diagram.NetworkDiagram._paint_value

    def noting(diagram, painter, area, hovered, lines):
        found[:] = lines
        original(diagram, painter, area, hovered, lines)

    monkeypatch.setattr(network_diagram.NetworkDiagram, "_paint_value", noting)
    view.grab()
    return found


@pytest.mark.usefixtures("in_theme")
def test_signs_come_and_go_with_what_holds_a_neuron(view, reshape, turn):
    reshape(("relu", "tanh"))
    before = {unit: picture_of(view, unit) for unit in (DEAD, SATURATED, WELL)}
    turn(DEAD, -90.0)
    turn(SATURATED, 90.0)

    dead, saturated = (picture_of(view, unit) for unit in (DEAD, SATURATED))
    assert dead != before[DEAD]
    assert saturated != before[SATURATED]
    assert dead != saturated
    assert picture_of(view, WELL) == before[WELL]
    inks = [image.pixelColor(8, 4) for image in (dead, saturated)]
    assert all(_distance(ink, theme.current().text) < 60 for ink in inks), "a sign of its own colours, unlike the lock"

    turn(DEAD, 0.0)
    turn(SATURATED, 0.0)
    assert view.findChild(StuckUnits).units == {}


def _distance(first, second):
    return np.abs(np.subtract(first.getRgb(), second.getRgb())).max()


def test_a_small_neuron_has_a_dot(view, reshape, turn):
    reshape(("relu",), n_units=60)
    unit = Unit(1, 30)
    area = view.diagram.layout.rect(unit).toAlignedRect()
    turn(unit, -90.0)
    image = view.grab(area).toImage()
    around = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    assert min(_distance(colour, theme.current().text) for colour in around) < 60


def test_the_label_under_the_mouse_says_it_in_a_sentence(view, reshape, turn, monkeypatch):
    reshape(("relu", "tanh"))
    turn(DEAD, -90.0)
    turn(SATURATED, 90.0)

    for unit, start in (
        (DEAD, "dead: its output is 0 for 100% of the training points, so it learns nothing"),
        (SATURATED, "saturated: the slope of tanh is 0 for 100% of the training points"),
    ):
        hover(view, unit)
        lines = texts_of(view, monkeypatch)
        assert len(lines) == 2
        assert lines[1].startswith(start)
    hover(view, WELL)
    assert len(texts_of(view, monkeypatch)) == 1


def test_a_screen_reader_hears_it(view, document, reshape, turn):
    reshape(("relu", "tanh"))
    turn(DEAD, -90.0)
    view.setFocus()
    document.view.select(DEAD)
    settle()
    assert "dead: its output is 0" in view.accessibleDescription()
    document.view.select(WELL)
    settle()
    assert "dead" not in view.accessibleDescription()


def test_it_follows_the_moment_that_is_looked_back_at(view, document, reshape, turn, qtbot):
    reshape(("relu", "tanh"))
    document.run.step()
    qtbot.waitUntil(lambda: document.run.displayed.step == 1)
    turn(DEAD, -90.0)
    document.run.step()
    qtbot.waitUntil(lambda: document.run.displayed.step == 2)
    settle()
    found = view.findChild(StuckUnits)
    assert set(found.units) == {DEAD}

    document.run.look_back(0)
    settle()
    assert document.run.displayed.step == 0
    assert found.units == {}


def counted_calls(monkeypatch):
    calls = []
    original = numbers.stuck_units
    monkeypatch.setattr(numbers, "stuck_units", lambda *args: calls.append(args) or original(*args))
    return calls


def test_a_hidden_diagram_costs_nothing_and_knows_it_when_it_is_seen(
    panel, view, document, reshape, turn, qtbot, monkeypatch
):
    reshape(("relu", "tanh"))
    calls = counted_calls(monkeypatch)
    panel.hide()
    turn(DEAD, -90.0)
    document.run.step()
    qtbot.waitUntil(lambda: document.run.displayed.step == 1)
    settle()
    assert calls == []

    panel.show()
    settle()
    assert set(view.findChild(StuckUnits).units) == {DEAD}


@pytest.mark.parametrize("activation", ["linear", "heaviside"])
def test_activations_that_hold_nobody_cost_nothing(activation, view, document, reshape, turn, qtbot, monkeypatch):
    reshape(("relu",))
    turn(DEAD, -90.0)
    reshape((activation,))
    calls = counted_calls(monkeypatch)
    document.run.step()
    qtbot.waitUntil(lambda: document.run.displayed.step == 1)
    settle()
    assert calls == []
    assert view.findChild(StuckUnits).units == {}


def test_without_points_nothing_is_marked(view, document, reshape, turn, answered):
    reshape(("relu", "tanh"))
    turn(DEAD, -90.0)
    document.points.clear()
    answered(document)
    settle()
    assert view.findChild(StuckUnits).units == {}
