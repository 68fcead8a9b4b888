"""The lines where the neurons of a layer switch, on the output."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from gui import theme
from gui.items.numbered_lines import order_colour
from gui.items.plane_view import PlaneView
from gui.panels.output.panel import OutputPanel
from model.network.parts import Edge, Unit, bias_position


@pytest.fixture
def panel(document, show):
    parts = document.run, document.changes, document.points, document.view, document.probe, document.pins
    return show(OutputPanel(*parts), 460, 480)


@pytest.fixture
def lines(panel, document, qtbot):
    """What is drawn, once it is."""
    document.view.set(switch_lines=True)
    shown = panel.canvas._switching
    qtbot.waitUntil(lambda: bool(shown.lines))
    return shown


def units_of(lines):
    return {unit for unit, _ in lines.lines}


def test_they_are_those_of_the_selected_layer_or_of_the_first(lines, document, qtbot):
    def layer_shown(layer):
        network = document.displayed.network
        for unit, vertices in lines.lines:
            if np.abs(network.pre_activations(vertices)[layer - 1][:, unit]).max() > 0.2:
                return False
        return bool(lines.lines)

    assert layer_shown(1)
    for selected, layer in ((Unit(2, 1), 2), (Unit(0, 0), 1), (Edge(1, 0, 3), 2), (Unit(3, 0), 1), (None, 1)):
        document.view.select(selected)
        qtbot.waitUntil(lambda layer=layer: layer_shown(layer))


def test_each_has_its_neuron_s_colour(panel, lines, document):
    document.points.clear()
    image = panel.canvas.viewport().grab().toImage()
    for unit, vertices in lines.lines:
        colour = order_colour(unit, 6, theme.current())
        found = False
        for x, y in np.linspace(vertices[0], vertices[-1], 60).tolist():
            at = panel.canvas.from_plane(QPointF(x, y)).toPoint()
            near = [image.pixelColor(at.x() + dx, at.y() + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
            found |= any(
                np.abs(theme.rgb_array(seen) - theme.rgb_array(colour)).max() < 40 for seen in near if seen.isValid()
            )
        assert found, unit


def test_they_follow_a_change_and_what_is_zoomed_to(panel, lines, document, qtbot):
    first = lines.lines[0][1][0]
    position = bias_position(document.network_settings, Unit(1, 0))
    document.network.set_parameter(position, float(document.displayed.network.biases[0][0]) + 0.4)
    qtbot.waitUntil(lambda: np.abs(lines.lines[0][1][0] - first).max() > 0.01)
    panel.canvas.zoom(0.4)
    limit = panel.canvas.plane.x_max
    qtbot.waitUntil(lambda: all(np.abs(vertices).max() <= limit + 1e-9 for _, vertices in lines.lines))


def test_a_neuron_whose_sum_is_nowhere_0_has_none(lines, document, qtbot):
    assert 0 in units_of(lines)
    document.network.set_parameter(bias_position(document.network_settings, Unit(1, 0)), 1e4)
    qtbot.waitUntil(lambda: 0 not in units_of(lines))
    document.network.set_parameter(bias_position(document.network_settings, Unit(1, 1)), 1e308)
    qtbot.waitUntil(lambda: 1 not in units_of(lines))


def test_without_a_hidden_layer_there_are_none(lines, document, answered, qtbot):
    for _ in range(2):
        document.network.remove_layer()
    qtbot.waitUntil(lambda: not lines.lines)


def test_in_the_window_a_key_and_the_menu_switch_them(window, qtbot):
    shown = window.findChild(PlaneView, "output_view")._switching
    QTest.keyClick(window, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: bool(shown.lines))
    QTest.keyClick(window, Qt.Key.Key_N)
    qtbot.waitUntil(lambda: not shown.lines)
