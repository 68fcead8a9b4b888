import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDoubleSpinBox,
    QLabel,
    QPushButton,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QWidget,
)

from gui.panels.inspector import InspectorPanel
from gui.selection import Edge, Unit, bias_position, weight_position

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, show):
    return show(InspectorPanel(document), 760, 230)


@pytest.fixture
def select(panel, document):
    """Select a part of the network, and let the panel show its new rows."""

    def select_and_show(selection):
        document.select(selection)
        QApplication.processEvents()

    return select_and_show


def texts(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def fields(panel):
    return {field.accessibleName(): field for field in panel.findChildren(QDoubleSpinBox) if field.isVisible()}


def handle_of(slider):
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    rect = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    return rect.center()


def type_into(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def test_nothing_selected_says_how_to_select(panel):
    assert any(text.startswith("Click a neuron or a weight") for text in texts(panel))
    assert fields(panel) == {}


@pytest.mark.parametrize(
    ("selection", "title", "names"),
    [
        (Unit(1, 2), "NEURON h1.3", ["bias", "w ← x₁", "w ← x₂"]),
        (Unit(3, 1), "OUTPUT B", ["bias", *(f"w ← h2.{n}" for n in range(1, 6))]),
        (Unit(0, 1), "INPUT x₂", [f"w → h1.{n}" for n in range(1, 7)]),
        (Edge(1, 5, 0), "WEIGHT h1.6 → h2.1", ["weight"]),
    ],
)
def test_shows_every_number_of_what_is_selected(panel, document, select, selection, title, names):
    select(selection)
    assert title in texts(panel)
    assert list(fields(panel)) == names
    assert len([slider for slider in panel.findChildren(QSlider) if slider.isVisible()]) == len(names)


def test_shows_the_values_of_the_displayed_network(panel, document, select):
    select(Unit(2, 3))
    network = document.displayed.network
    assert fields(panel)["bias"].value() == pytest.approx(network.biases[1][3], abs=5e-4)
    assert fields(panel)["w ← h1.2"].value() == pytest.approx(network.weights[1][1, 3], abs=5e-4)


def test_follows_the_training(panel, document, select, answered, qtbot):
    select(Unit(2, 3))
    document.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step > 200)
    document.set_playing(False)
    answered(document)
    for name, value in (("bias", document.displayed.network.biases[1][3]),):
        assert fields(panel)[name].value() == pytest.approx(value, abs=5e-4)


@pytest.mark.parametrize("playing", [False, True])
def test_a_typed_value_sets_the_weight(panel, document, select, answered, qtbot, playing):
    document.set_training(learning_rate=1e-9)
    select(Unit(1, 2))
    document.set_playing(playing)
    type_into(fields(panel)["w ← x₂"], "1.25")
    type_into(fields(panel)["bias"], "-0.5")
    answered(document)

    network = document.displayed.network
    assert network.weights[0][1, 2] == pytest.approx(1.25, abs=1e-3)
    assert network.biases[0][2] == pytest.approx(-0.5, abs=1e-3)
    assert document.undo_stack.count() == 3
    document.undo()
    document.undo()
    answered(document)
    assert document.displayed.network.weights[0][1, 2] != pytest.approx(1.25, abs=1e-3)


def test_a_slider_sets_the_weight_in_one_step(panel, document, select, answered):
    edge = Edge(0, 1, 2)
    select(edge)
    slider = panel.findChild(QSlider)
    before = document.displayed.network.parameters
    start = handle_of(slider)
    QTest.mousePress(slider, LEFT, pos=start)
    for dx in (20, 50, 90):
        QTest.mouseMove(slider, start + QPoint(dx, 0))
    answered(document)
    live = document.displayed.network.weights[0][1, 2]
    QTest.mouseRelease(slider, LEFT, pos=start + QPoint(90, 0))

    assert live > before[weight_position(document.network_settings, edge)] + 0.3
    assert fields(panel)["weight"].value() == pytest.approx(live, abs=5e-4)
    assert document.undo_stack.count() == 1
    document.undo()
    answered(document)
    np.testing.assert_array_equal(document.displayed.network.parameters, before)
    assert handle_of(slider).x() == pytest.approx(start.x(), abs=1)


def test_a_value_beyond_the_slider_s_range_widens_it(panel, document, select, answered):
    select(Edge(0, 1, 2))
    type_into(fields(panel)["weight"], "25")
    panel.setFocus()
    answered(document)
    slider = panel.findChild(QSlider)
    assert slider.value() == pytest.approx(25 / 30 * slider.maximum(), abs=1)


def test_what_somebody_types_is_not_disturbed(panel, document, select, qtbot):
    select(Unit(1, 2))
    field = fields(panel)["bias"]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0.77")
    document.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step > 50)
    assert field.text() == "0.77"


def test_the_metrics_belong_to_the_edited_network(panel, document, select, answered):
    select(Unit(3, 0))
    before = document.displayed.metrics
    type_into(fields(panel)["bias"], "20")
    answered(document)
    metrics = document.displayed.metrics
    share_of_a = np.mean(document.dataset.subset(test=False).labels == 0)
    assert metrics.train_accuracy == pytest.approx(share_of_a)
    assert metrics.train_loss > before.train_loss + 5


def test_the_map_of_a_neuron_and_its_value_at_the_mouse(panel, document, select):
    select(Unit(1, 2))
    map_ = panel.findChild(QWidget, "unit_map")
    first = map_.grab().toImage()
    select(Unit(1, 3))
    assert map_.grab().toImage() != first
    document.set_cursor((2.0, -1.0))
    value = document.displayed.network.layer_outputs([[2.0, -1.0]])[1][0, 3]
    assert f"at the mouse: {value:.3f}" in texts(panel)
    select(Edge(0, 0, 0))
    assert not map_.isVisible()


def test_a_neuron_is_removed_by_its_button(panel, document, select, qtbot):
    select(Unit(1, 2))
    qtbot.mouseClick(panel.findChild(QPushButton), LEFT)
    assert document.network_settings.layer_sizes == (2, 5, 5, 3)


@pytest.mark.parametrize("selection", [Unit(0, 0), Unit(3, 0), Edge(0, 0, 0), None])
def test_what_has_to_stay_has_no_such_button(panel, document, select, selection):
    select(selection)
    assert not panel.findChild(QPushButton).isVisible()


def test_the_largest_neuron_has_all_its_weights(panel, document, select, answered):
    for _ in range(58):
        document.insert_unit(1)
    select(Unit(2, 0))
    answered(document)
    names = [field.accessibleName() for field in panel.findChildren(QDoubleSpinBox)]
    assert "w ← h1.64" in names


def test_what_is_gone_is_not_shown_any_more(panel, document, select):
    select(Unit(1, 5))
    document.remove_unit(1)
    assert any(text.startswith("Click a neuron or a weight") for text in texts(panel))


def test_a_bias_is_where_the_network_has_it(document):
    position = bias_position(document.network_settings, Unit(2, 3))
    assert document.displayed.network.parameters[position] == document.displayed.network.biases[1][3]
