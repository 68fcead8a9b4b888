from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDoubleSpinBox,
    QLabel,
    QScrollBar,
    QSlider,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
    QWidget,
)

from gui import theme
from gui.document.changes import Change
from gui.document.view import PAGES
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.inspector.rows import ParameterRow
from gui.theme import Scheme
from gui.widgets.choices import Segments
from model import Network
from model.network.parts import Edge, Unit, bias_position, weight_position

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, probed, actions, show):
    parts = document.run, document.changes, document.network, document.view, document.probe, probed, actions
    return show(InspectorPanel(*parts), 760, 230)


@pytest.fixture
def select(panel, document):
    """Select a part of the network, and let the panel show its new rows."""

    def select_and_show(selection):
        document.view.select(selection)
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
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step > 200)
    document.run.set_playing(False)
    answered(document)
    for name, value in (("bias", document.displayed.network.biases[1][3]),):
        assert fields(panel)[name].value() == pytest.approx(value, abs=5e-4)


def shown_and_true(panel, document):
    """Return what the fields of the biases and weights say that are seen, and what the displayed network has there."""
    parameters = document.displayed.network.parameters
    rows = [row for row in panel.findChildren(ParameterRow) if not row.visibleRegion().isEmpty()]
    shown = [row.findChild(QDoubleSpinBox).value() for row in rows]
    return shown, pytest.approx([float(parameters[row.parameter.position]) for row in rows], abs=5e-4)


def test_what_was_hidden_shows_the_moment_that_is_displayed_when_it_is_seen_again(panel, document, select, answered):
    select(Unit(2, 3))
    panel.hide()
    document.run.step(50)
    answered(document)
    panel.show()
    shown, true = shown_and_true(panel, document)
    assert len(shown) > 1
    assert shown == true


def test_what_is_scrolled_into_sight_shows_the_moment_that_is_displayed(panel, document, select, answered):
    document.network.resize_layer(1, 24)
    select(Unit(2, 3))
    document.run.step(50)
    answered(document)
    seen, _ = shown_and_true(panel, document)
    bar = next(bar for bar in panel.findChildren(QScrollBar) if bar.isVisible() and bar.maximum() > 0)
    bar.setValue(bar.maximum())
    shown, true = shown_and_true(panel, document)
    assert 1 < len(seen) < 25
    assert shown == true


@pytest.mark.parametrize("playing", [False, True])
def test_a_typed_value_sets_the_weight(panel, document, select, answered, qtbot, playing):
    document.learning.set_training(learning_rate=1e-9)
    select(Unit(1, 2))
    document.run.set_playing(playing)
    type_into(fields(panel)["w ← x₂"], "1.25")
    type_into(fields(panel)["bias"], "-0.5")
    answered(document)

    network = document.displayed.network
    assert network.weights[0][1, 2] == pytest.approx(1.25, abs=1e-3)
    assert network.biases[0][2] == pytest.approx(-0.5, abs=1e-3)
    assert document.changes.undo_stack.count() == 3
    document.changes.undo()
    document.changes.undo()
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
    assert document.changes.undo_stack.count() == 1
    document.changes.undo()
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


def test_a_slider_that_is_let_go_at_its_end_goes_further(panel, document, select, answered):
    select(Edge(0, 1, 2))
    slider = panel.findChild(QSlider)
    turned = []
    for _ in range(6):
        QTest.mousePress(slider, LEFT, pos=handle_of(slider))
        QTest.mouseMove(slider, QPoint(slider.width() + 40, slider.height() // 2))
        QTest.mouseRelease(slider, LEFT, pos=QPoint(slider.width() + 40, slider.height() // 2))
        answered(document)
        turned.append(float(document.displayed.network.weights[0][1, 2]))
    assert turned == pytest.approx([3.0, 10.0, 30.0, 100.0, 300.0, 1000.0])
    # From end to end in one stroke, as seed 003's slider goes.
    QTest.mousePress(slider, LEFT, pos=handle_of(slider))
    QTest.mouseMove(slider, QPoint(-40, slider.height() // 2))
    answered(document)
    assert document.displayed.network.weights[0][1, 2] == pytest.approx(-1000.0)
    QTest.mouseRelease(slider, LEFT, pos=QPoint(-40, slider.height() // 2))
    assert fields(panel)["weight"].value() == pytest.approx(-1000.0)
    line = fields(panel)["weight"].lineEdit()
    margins = line.textMargins()
    assert line.fontMetrics().horizontalAdvance("-1000.000") + margins.left() + margins.right() < line.width()


def test_a_click_on_a_slider_s_handle_leaves_the_number_as_it_is(panel, document, select, answered):
    select(Edge(0, 1, 2))
    type_into(fields(panel)["weight"], "0.999")
    answered(document)
    slider = panel.findChild(QSlider)
    QTest.mouseClick(slider, LEFT, pos=handle_of(slider))
    answered(document)
    assert document.displayed.network.weights[0][1, 2] == pytest.approx(0.999, abs=1e-12)
    assert fields(panel)["weight"].value() == 0.999


def test_what_somebody_types_is_not_disturbed(panel, document, select, qtbot):
    select(Unit(1, 2))
    field = fields(panel)["bias"]
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "0.77")
    document.run.set_playing(True)
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
    document.view.set_cursor((2.0, -1.0))
    value = document.displayed.network.layer_outputs([[2.0, -1.0]])[1][0, 3]
    assert f"at the mouse: {value:.3f}".replace("-", "−") in texts(panel)
    document.probe.pin((2.0, -1.0))
    assert f"at the probe: {value:.3f}".replace("-", "−") in texts(panel)
    document.probe.release()
    select(Edge(0, 0, 0))
    assert not map_.isVisible()


def test_of_a_curve_a_neuron_has_its_curve_and_the_probe_is_on_it(panel, document, select, answered):
    document.points.set_kind("curve")
    answered(document)
    select(Unit(1, 2))
    map_ = panel.findChild(QWidget, "unit_map")
    first = map_.grab().toImage()
    select(Unit(0, 0))
    image, colours = map_.grab().toImage(), theme.current()
    side = image.width()
    # x itself: below 0 at the left, above it at the right.
    assert image.pixelColor(side // 8, side * 9 // 16) == theme.mixed(colours.panel, colours.negative, 0.75)
    assert image.pixelColor(side * 7 // 8, side * 7 // 16) == theme.mixed(colours.panel, colours.positive, 0.75)
    assert image.pixelColor(side // 8, side // 8) == colours.panel
    select(Unit(1, 2))
    assert map_.grab().toImage() == first
    document.probe.pin((3.0, 0.0))
    assert map_.grab().toImage() != first


def buttons(panel):
    """Return the visible buttons of what can be done, by their texts, in their order."""
    shown = [
        button
        for button in panel.findChildren(QToolButton)
        if button.isVisible() and button.objectName().startswith("part_")
    ]
    return {button.text(): button for button in sorted(shown, key=lambda button: button.x())}


def press(panel, text):
    QTest.mouseClick(buttons(panel)[text], LEFT)
    QApplication.processEvents()


class TestSurgery:
    @pytest.mark.parametrize(
        ("selection", "texts"),
        [
            (Unit(0, 0), ["Mute"]),
            (Unit(1, 0), ["Freeze", "Mute", "Split", "Remove"]),
            (Unit(3, 0), ["Freeze"]),
            (Edge(0, 0, 0), ["Freeze", "Prune"]),
            (None, []),
        ],
    )
    def test_what_applies_is_offered(self, panel, select, selection, texts):
        select(selection)
        assert list(buttons(panel)) == texts

    def test_a_neuron_is_removed(self, panel, document, select):
        select(Unit(1, 2))
        press(panel, "Remove")
        assert document.network_settings.layer_sizes == (2, 5, 5, 3)
        document.changes.undo()
        assert document.network_settings.layer_sizes == (2, 6, 5, 3)

    def test_the_last_neuron_stays(self, panel, document, select):
        for _ in range(5):
            document.network.remove_unit(1)
        select(Unit(1, 0))
        assert list(buttons(panel)) == ["Freeze", "Mute", "Split"]

    def test_a_neuron_is_split_and_says_the_same(self, panel, document, select, answered):
        select(Unit(1, 2))
        before = document.displayed.surface.probabilities
        press(panel, "Split")
        answered(document)
        assert document.displayed.network.settings.layer_sizes == (2, 7, 5, 3)
        np.testing.assert_allclose(document.displayed.surface.probabilities, before, atol=1e-5)
        assert document.view.selection == Unit(1, 2)
        document.changes.undo()
        assert document.network_settings.layer_sizes == (2, 6, 5, 3)

    def test_there_is_no_split_where_it_would_change_the_function_or_there_is_no_room(self, panel, document, select):
        document.network.set_bias("shared")
        select(Unit(1, 0))
        assert "Split" not in buttons(panel)
        document.network.set_bias("per_neuron")
        assert "Split" in buttons(panel)
        for _ in range(58):
            document.network.insert_unit(1)
        assert document.network_settings.layer_sizes[1] == 64
        assert "Split" not in buttons(panel)

    @pytest.mark.parametrize("selection", [Unit(2, 1), Unit(3, 2), Edge(1, 2, 3)])
    def test_what_is_frozen_is_not_trained_until_it_is_unfrozen(
        self, panel, document, select, answered, qtbot, selection
    ):
        select(selection)
        press(panel, "Freeze")
        assert document.network.is_frozen(selection)
        assert buttons(panel)["Unfreeze"].isChecked()
        assert any(text.startswith("frozen: training leaves it alone") for text in texts(panel))
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 20)
        document.run.set_playing(False)
        answered(document)
        first = Network.from_settings(replace(document.network_settings, frozen=frozenset())).parameters
        positions = sorted(document.network_settings.frozen)
        np.testing.assert_array_equal(document.displayed.network.parameters[positions], first[positions])
        assert not np.array_equal(document.displayed.network.parameters, first)
        press(panel, "Unfreeze")
        assert not document.network.is_frozen(selection)
        assert not buttons(panel)["Freeze"].isChecked()
        document.changes.undo()
        assert buttons(panel)["Unfreeze"].isChecked()
        document.changes.undo()
        assert not buttons(panel)["Freeze"].isChecked()

    def test_what_is_frozen_can_be_turned_by_hand_and_says_that_it_is(self, panel, document, select, answered):
        document.network.set_frozen(Edge(0, 1, 2), True)
        select(Unit(1, 2))
        rows = fields(panel)
        assert [rows[name].accessibleDescription() for name in ("bias", "w ← x₁", "w ← x₂")] == ["", "", "frozen"]
        assert rows["w ← x₂"].toolTip().replace("\n", " ").endswith("frozen: training leaves it alone.")
        type_into(rows["w ← x₂"], "1.25")
        answered(document)
        assert document.displayed.network.weights[0][1, 2] == 1.25

    @pytest.mark.parametrize(("unit", "note"), [(Unit(0, 1), "it counts as 0"), (Unit(1, 2), "its output counts as 0")])
    def test_a_muted_neuron_counts_as_0(self, panel, document, select, answered, unit, note):
        select(unit)
        press(panel, "Mute")
        answered(document)
        assert f"muted: {note}" in texts(panel)
        assert buttons(panel)["Unmute"].isChecked()
        assert not document.displayed.unit_maps[unit.layer][unit.index].any()
        map_ = panel.findChild(QWidget, "unit_map").grab().toImage()
        assert len({map_.pixel(*at) for at in ((66, 66), (66, 20))}) == 2, "it is crossed through"
        document.changes.undo()
        answered(document)
        assert document.displayed.unit_maps[unit.layer][unit.index].any()
        assert f"muted: {note}" not in texts(panel)
        document.changes.redo()
        press(panel, "Unmute")
        assert not document.network_settings.muted

    def test_a_pruned_weight_stays_0_and_comes_back(self, panel, document, select, answered, qtbot):
        edge = Edge(0, 1, 2)
        before = document.displayed.network.weights[0][1, 2]
        select(edge)
        press(panel, "Prune")
        assert list(buttons(panel)) == ["Restore"]
        assert fields(panel) == {}
        assert "pruned: it stays 0" in texts(panel)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 20)
        document.run.set_playing(False)
        answered(document)
        assert document.displayed.network.weights[0][1, 2] == 0.0
        press(panel, "Restore")
        assert list(fields(panel)) == ["weight"]
        document.run.step()
        answered(document)
        assert document.displayed.network.weights[0][1, 2] != 0.0
        document.changes.undo()
        document.changes.undo()
        answered(document)
        assert document.displayed.network.weights[0][1, 2] == before

    def test_a_pruned_weight_of_a_neuron_has_neither_slider_nor_field(self, panel, document, select):
        select(Unit(1, 2))
        heights = {row.height() for row in panel.findChildren(ParameterRow) if row.isVisible()}
        document.network.set_pruned(Edge(0, 1, 2), True)
        QApplication.processEvents()
        assert list(fields(panel)) == ["bias", "w ← x₁"]
        assert texts(panel).count("pruned: it stays 0") == 1
        assert {row.height() for row in panel.findChildren(ParameterRow) if row.isVisible()} == heights

    def test_a_mark_leaves_the_rows_where_they_are(self, panel, document, select):
        select(Unit(1, 2))
        before = fields(panel)
        press(panel, "Freeze")
        assert fields(panel) == before

    @pytest.mark.parametrize("width", [614, 800])
    @pytest.mark.parametrize("selection", [Unit(2, 1), Unit(3, 0), Edge(1, 5, 4), Unit(0, 2)])
    def test_nothing_lies_on_anything_or_beyond_the_edge(self, panel, document, select, width, selection):
        panel.resize(width, 200)
        document.network.toggle_feature("exp(-x1**2/2)*cos(2*x2) + hypot(x1, x2) + 1")
        for part in (Unit(2, 1), Unit(3, 0), Edge(1, 5, 4)):
            document.network.set_frozen(part, True)
        for unit in (Unit(2, 1), Unit(0, 2)):
            document.network.set_muted(unit, True)
        select(selection)
        header = [panel.title, *buttons(panel).values()]
        rects = [QRect(widget.mapTo(panel, QPoint()), widget.size()) for widget in header]
        assert all(panel.rect().contains(rect) for rect in rects)
        assert all(first.right() < second.left() for first, second in pairwise(rects))
        for button in buttons(panel).values():
            assert button.width() >= button.sizeHint().width()
        for row in panel.findChildren(ParameterRow):
            parts = [child for child in row.children() if isinstance(child, QWidget) and child.isVisible()]
            inside = sorted((child.geometry() for child in parts), key=QRect.left)
            assert all(first.right() < second.left() for first, second in pairwise(inside))
            assert all(slider.width() >= 60 for slider in row.findChildren(QSlider) if slider.isVisible())


class TestFormulas:
    @pytest.mark.parametrize(
        ("bias", "formula", "names"),
        [
            ("per_neuron", "z = Σ wᵢaᵢ + b,   a = tanh(z)", ["bias", "w ← x₁", "w ← x₂"]),
            ("shared", "z = Σ wᵢaᵢ + n·w₀,   a = tanh(z)", ["shared bias", "w ← x₁", "w ← x₂"]),
            ("none", "z = Σ wᵢaᵢ,   a = tanh(z)", ["w ← x₁", "w ← x₂"]),
        ],
    )
    def test_each_kind_of_bias(self, panel, document, select, bias, formula, names):
        document.network.set_bias(bias)
        select(Unit(1, 2))
        assert formula in texts(panel)
        assert list(fields(panel)) == names

    @pytest.mark.parametrize(
        ("output", "formula"),
        [
            ("softmax", "a = softmax(z)"),
            ("sigmoid", "a = 1 / (1 + exp(−z))"),
            ("tanh", "a = tanh(z)"),
            ("linear", "a = z"),
        ],
    )
    def test_each_kind_of_output(self, panel, document, select, output, formula):
        document.network.set_output(output, single_unit=False)
        select(Unit(3, 1))
        assert f"z = Σ wᵢaᵢ + b,   {formula}" in texts(panel)

    def test_the_shared_bias_is_one_number(self, panel, document, select, answered):
        document.network.set_bias("shared")
        select(Unit(2, 2))
        type_into(fields(panel)["shared bias"], "0.25")
        answered(document)
        biases = np.concatenate(document.displayed.network.biases)
        np.testing.assert_array_equal(biases, 0.25)

    def test_an_input_has_its_feature_s_formula(self, panel, document, select):
        document.network.toggle_feature("x1**2 - abs(x2)")
        select(Unit(0, 2))
        assert "INPUT x₁² − abs(x₂)" in texts(panel)
        assert "a = x1**2 - abs(x2)" in texts(panel)
        document.network.set_standardized(True)
        (mean, spread) = document.network_settings.standardization[2]
        assert f"a = (x1**2 - abs(x2) − {mean:.3g}) / {spread:.3g}" in texts(panel)

    def test_a_long_feature_is_cut_and_whole_in_the_tip(self, panel, document, select):
        name = "+".join(["sin(x1)*cos(x2)"] * 11)
        document.network.toggle_feature(name)
        select(Unit(0, 2))
        assert panel.title.text().endswith("…")
        assert panel.title.toolTip().count("cos(x₂)") == 11
        cut = next(label for label in panel.findChildren(QLabel) if label.text().startswith("a = "))
        assert cut.text().endswith("…")
        assert name in cut.toolTip().replace("\n", " ")

    @pytest.mark.parametrize(("kind", "range_"), [("values", "over the plane, ±1"), ("curve", "over x, ±1.5")])
    def test_a_regression_answers_with_y(self, panel, document, select, answered, kind, range_):
        document.points.set_kind(kind)
        answered(document)
        select(Unit(3, 0))
        assert "OUTPUT y" in texts(panel)
        assert range_ in texts(panel)
        select(Edge(2, 1, 0))
        assert "WEIGHT h2.2 → y" in texts(panel)


def test_icons_follow_the_theme(panel, select):
    select(Unit(1, 2))
    pictures = []
    try:
        for scheme in (Scheme.LIGHT, Scheme.DARK):
            theme.manager().set_scheme(scheme)
            pictures.append(buttons(panel)["Mute"].icon().pixmap(16, 16).toImage())
    finally:
        theme.manager().set_scheme(Scheme.SYSTEM)
    assert pictures[0] != pictures[1]


def test_the_largest_neuron_has_all_its_weights(panel, document, select, answered):
    for _ in range(58):
        document.network.insert_unit(1)
    select(Unit(2, 0))
    answered(document)
    names = [field.accessibleName() for field in panel.findChildren(QDoubleSpinBox)]
    assert "w ← h1.64" in names


def signs(panel):
    """Return what is said of the signs that are seen in the header."""
    seen = [label for label in panel.findChildren(QLabel) if label.isVisible() and not label.pixmap().isNull()]
    return [
        label.toolTip().replace("\n", " ")
        for label in seen
        if label.geometry().bottom() < panel.title.geometry().bottom() + 10
    ]


def test_a_neuron_that_learns_nothing_says_so_on_every_page(panel, document, select, answered):
    network = Network([2, 3, document.dataset.n_classes], "relu", seed=1)
    document.changes.perform("shape", Change(restart=network))
    dead = Unit(1, 1)
    document.network.set_parameter(bias_position(network.settings, dead), -90.0)
    answered(document)
    sentence = "dead: its output is 0 for 100% of the training points, so it learns nothing"
    for page in PAGES:
        document.view.set(page=page)
        select(dead)
        assert signs(panel) == [sentence]
        assert sentence in panel.title.toolTip().replace("\n", " ")
        select(Unit(1, 0))
        assert signs(panel) == []

    document.view.set(page="weights")
    select(dead)
    height = panel.minimumSizeHint().height()
    assert sentence in [label.accessibleName() for label in panel.findChildren(QLabel) if label.isVisible()]
    document.network.set_parameter(bias_position(network.settings, dead), 0.0)
    answered(document)
    QTest.qWait(5)
    assert signs(panel) == []
    assert panel.minimumSizeHint().height() == height, "nothing around it moves"


def test_a_file_with_a_smaller_network_leaves_no_row_of_the_larger_one(panel, document, select, answered):
    small = document.experiment()
    document.changes.perform("shape", Change(restart=Network([2, 20, 20, document.dataset.n_classes])))
    answered(document)
    select(Unit(2, 19))
    document.view.set_cursor((0.5, 0.5))

    document.open_experiment(small)
    answered(document)
    assert panel.title.text() == "INSPECTOR"
    assert fields(panel) == {}


def test_what_is_gone_is_not_shown_any_more(panel, document, select):
    select(Unit(1, 5))
    document.network.remove_unit(1)
    assert any(text.startswith("Click a neuron or a weight") for text in texts(panel))


def test_a_bias_is_where_the_network_has_it(document):
    position = bias_position(document.network_settings, Unit(2, 3))
    assert document.displayed.network.parameters[position] == document.displayed.network.biases[1][3]


def test_the_title_stands_before_the_choice_of_a_page_however_wide_the_panel_was(panel, select):
    tabs = panel.findChild(Segments)
    beside = 0
    for width in (760, 324, 440, 500, 560, 620, 900, 324, 900):
        panel.resize(width, panel.height())
        for selection in (Unit(1, 2), Edge(1, 2, 1)):
            select(selection)
            if tabs.isVisible() and tabs.geometry().center().y() < panel.title.geometry().bottom():
                beside += 1
                assert panel.title.geometry().right() < tabs.x()
    assert beside


@pytest.mark.parametrize("height", [190, 210, 260])
def test_what_is_said_of_the_map_stands_below_it_at_every_height(panel, document, select, height):
    select(Unit(1, 2))
    document.probe.pin((2.0, -1.0))
    panel.resize(760, height)
    QApplication.processEvents()
    map_ = panel.findChild(QWidget, "unit_map")
    (label,) = [label for label in panel.findChildren(QLabel) if label.text().startswith("at the probe")]
    assert map_.width() == map_.height() > 80
    assert label.geometry().top() >= map_.geometry().bottom()
    assert label.height() >= label.sizeHint().height()
    assert label.parentWidget().rect().contains(label.geometry())
