"""Neurons and weights are reached and brought out by mouse and by key, and Delete removes what is selected."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider

from gui import theme
from gui.panels.network.panel import NetworkView
from gui.panels.network.walking import next_part
from model.network.parts import Edge, Unit, weight_position

LEFT, SHIFT = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
SIZES = (2, 6, 5, 3)


@pytest.fixture
def window(shared_window):
    return shared_window


@pytest.fixture
def document(window):
    return window.document


@pytest.fixture
def diagram(window):
    return window.findChild(NetworkView)


def strength_on(view, edge):
    """Return how far from the panel's colour the curve of a weight is in its middle."""
    layout = view.diagram.layout
    image, place = view.grab().toImage(), layout.path(layout.number(edge)).pointAtPercent(0.5).toPoint()
    around = [image.pixelColor(place + QPoint(0, dy)) for dy in (-1, 0, 1)]
    ground = theme.rgb_array(theme.current().panel)
    return max(np.abs(theme.rgb_array(colour) - ground).sum() for colour in around)


def bring_strong(document, answered):
    """Give all weights the same strength, so that each would be seen."""
    parameters = np.full(document.network_settings.n_parameters, 1.0)
    document.network.set_parameters(parameters, "all the same")
    answered(document)


def test_hovering_a_neuron_brings_out_its_weights_and_dims_the_others(diagram, document, answered, qtbot):
    bring_strong(document, answered)
    own, other = Edge(0, 0, 0), Edge(2, 4, 2)
    before = strength_on(diagram, own), strength_on(diagram, other)
    QTest.mouseMove(diagram, diagram.diagram.layout.rect(Unit(1, 0)).center().toPoint())
    qtbot.waitUntil(lambda: document.view.hovered == Unit(1, 0))
    qtbot.waitUntil(lambda: strength_on(diagram, other) < 0.6 * before[1])
    assert strength_on(diagram, own) >= 0.9 * before[0]
    QTest.mouseMove(diagram, QPoint(3, diagram.height() // 2))
    qtbot.waitUntil(lambda: strength_on(diagram, other) == before[1])


def test_a_neuron_that_is_clicked_stays_brought_out_until_another_is(diagram, document, answered, qtbot, mouse_aside):
    bring_strong(document, answered)
    own, other = Edge(1, 2, 1), Edge(0, 0, 5)
    before = strength_on(diagram, other)
    QTest.mouseClick(diagram, LEFT, pos=diagram.diagram.layout.rect(Unit(2, 1)).center().toPoint())
    mouse_aside(diagram.window())
    qtbot.waitUntil(lambda: document.view.hovered is None)
    assert strength_on(diagram, own) > 2 * strength_on(diagram, other)
    document.view.select_none()
    assert strength_on(diagram, other) == before


def test_in_a_wide_network_every_weight_of_the_neuron_is_drawn_and_can_be_clicked(diagram, document, answered, qtbot):
    for layer in (1, 2):
        while document.network_settings.layer_sizes[layer] < 32:
            document.network.insert_unit(layer)
    answered(document)
    unit = Unit(1, 7)
    QTest.mouseClick(diagram, LEFT, pos=diagram.diagram.layout.rect(unit).center().toPoint())
    diagram.grab()
    drawn = set(diagram.diagram.drawn_edges.tolist())
    layout = diagram.diagram.layout
    assert {layout.number(Edge(1, 7, target)) for target in range(32)} <= drawn
    assert {layout.number(Edge(0, source, 7)) for source in range(2)} <= drawn


class TestKeys:
    def test_shift_with_an_arrow_leads_to_the_weights_and_arrows_along_them(self, diagram, document):
        diagram.setFocus(Qt.FocusReason.TabFocusReason)
        document.view.select(Unit(1, 2))
        for key, modifier, expected in (
            (Qt.Key.Key_Right, SHIFT, Edge(1, 2, 0)),
            (Qt.Key.Key_Down, None, Edge(1, 2, 1)),
            (Qt.Key.Key_Down, None, Edge(1, 2, 2)),
            (Qt.Key.Key_Up, None, Edge(1, 2, 1)),
            (Qt.Key.Key_Right, None, Unit(2, 1)),
            (Qt.Key.Key_Left, SHIFT, Edge(1, 0, 1)),
            (Qt.Key.Key_Down, None, Edge(1, 1, 1)),
            (Qt.Key.Key_Left, None, Unit(1, 1)),
        ):
            QTest.keyClick(diagram, key, modifier or Qt.KeyboardModifier.NoModifier)
            assert document.view.selection == expected
        assert document.displayed.step == 0, "no arrow is a step of training"

    def test_every_weight_is_reached_from_each_of_its_ends(self):
        for layer, (n_sources, n_targets) in enumerate(pairwise(SIZES)):
            for unit, key, n, edge in (
                (Unit(layer, 1), Qt.Key.Key_Right, n_targets, lambda i, at=layer: Edge(at, 1, i)),
                (Unit(layer + 1, 1), Qt.Key.Key_Left, n_sources, lambda i, at=layer: Edge(at, i, 1)),
            ):
                part = next_part(SIZES, unit, unit, key, to_weights=True)
                seen = [part]
                for _ in range(n - 1):
                    part = next_part(SIZES, part, unit, Qt.Key.Key_Down, to_weights=False)
                    seen.append(part)
                assert seen == [edge(index) for index in range(n)]

    def test_return_goes_on_to_its_slider_which_up_and_down_turn_in_one_step_of_undo(
        self, diagram, document, answered, qtbot
    ):
        diagram.setFocus(Qt.FocusReason.TabFocusReason)
        document.view.select(Unit(1, 0))
        QTest.keyClick(diagram, Qt.Key.Key_Right, SHIFT)
        position = weight_position(document.network_settings, Edge(1, 0, 0))
        before = float(document.run.network.parameters[position])
        n_marks = len(document.run.history.events)
        QTest.keyClick(diagram, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), QSlider))
        for _ in range(3):
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Up)
        assert document.run.network.parameters[position] > before
        assert len(document.run.history.events) == n_marks + 1
        document.changes.undo()
        assert document.run.network.parameters[position] == before


class TestDelete:
    @pytest.mark.parametrize(
        ("part", "is_gone"),
        [
            (Unit(1, 2), lambda d: d.network_settings.layer_sizes == (2, 5, 5, 3)),
            (Edge(1, 0, 0), lambda d: len(d.network_settings.pruned) == 1),
            (Unit(0, 1), lambda d: d.network_settings.layer_sizes[0] == 1),
        ],
        ids=["neuron", "weight", "input"],
    )
    def test_takes_out_what_is_selected_and_undo_brings_it_back(self, window, document, part, is_gone):
        before = document.network_settings
        document.view.select(part)
        QTest.keyClick(window, Qt.Key.Key_Delete)
        assert is_gone(document)
        document.changes.undo()
        assert document.network_settings == before

    def test_the_last_neuron_of_a_layer_takes_the_layer_with_it(self, window, document):
        for _ in range(4):
            document.network.remove_unit(2)
        document.view.select(Unit(2, 0))
        QTest.keyClick(window, Qt.Key.Key_Delete)
        assert document.network_settings.layer_sizes == (2, 6, 3)

    def test_points_go_first_and_an_output_stays(self, window, document):
        document.view.select(Unit(1, 2))
        document.view.select_points(np.array([0, 1]))
        n_points = len(document.dataset)
        QTest.keyClick(window, Qt.Key.Key_Delete)
        assert len(document.dataset) == n_points - 2
        assert document.network_settings.layer_sizes == (2, 6, 5, 3)
        document.view.select(Unit(3, 0))
        assert not window._actions["delete"].isEnabled()


def test_left_looks_back_step_by_step_from_the_end(window, document, answered):
    for _ in range(3):
        document.run.step()
        answered(document)
    kept = [frame.step for frame in document.run.history.frames]
    assert kept[-1] == 3
    for step in [*kept[-2::-1], kept[0]]:
        QTest.keyClick(window, Qt.Key.Key_Left)
        assert document.displayed.step == step
