"""The inspector's plots: what they show is what the network that is displayed has, and hidden they cost nothing."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QEnterEvent, QFontMetricsF
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider, QToolButton

from gui import theme
from gui.document.view import ACTIVATION_AXES
from gui.items.chart import Chart
from gui.items.plot_axes import LEFT_AXIS
from gui.panels.inspector.activation import _AXES, ActivationPlot
from gui.panels.inspector.activation_content import MOST_POINTS
from gui.panels.inspector.output_loss import OutputLossPlot
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.inspector.plots import NOT_FINITE, PartPlot
from gui.panels.inspector.rows import Parameter, ParameterRow
from gui.panels.inspector.weight_plots import CoursePlot, LossAlongPlot
from model import Dataset
from model.explain.chain_rule import chain_rule
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.parts import Edge, Unit, bias_position, weight_position
from model.types import readable
from tests.gui.events import settle

WIDE, WIDEST = (760, 240), (1200, 260)
PLACE = (2.31, -1.08)


@pytest.fixture
def show_panel(document, probed, actions, show):
    def show_selected(selection, size=WIDE):
        parts = document.run, document.changes, document.network, document.view, document.probe, probed, actions
        panel = show(InspectorPanel(*parts), *size)
        document.view.select(selection)
        settle()
        return panel

    return show_selected


def let_it_answer(document, qtbot):
    """Wait until the points and the network that are shown are those that were asked for."""
    asked = document.changes
    qtbot.waitUntil(lambda: document.run.displayed.moment.dataset is asked.dataset)
    qtbot.waitUntil(lambda: document.run.displayed.network.settings == asked.network_settings)
    settle()


@pytest.fixture
def lines(monkeypatch):
    """Return what is drawn below the titles of plots, the last one last."""
    drawn, paint_frame = [], Chart.paint_frame

    def note(chart, painter, colours, title, text="", taken=0.0):
        drawn.append(text)
        paint_frame(chart, painter, colours, title, text, taken)

    monkeypatch.setattr(Chart, "paint_frame", note)
    return drawn


def plots_of(panel):
    return [plot for plot in panel.findChildren(PartPlot) if plot.isVisible()]


def the(panel, kind):
    return next(plot for plot in plots_of(panel) if isinstance(plot, kind))


def step(document, qtbot):
    before = document.run.displayed.step
    document.run.step()
    qtbot.waitUntil(lambda: document.run.displayed.step == before + 1)
    settle()


class TestRoom:
    @pytest.mark.parametrize(
        ("selection", "size", "kinds"),
        [
            (None, WIDEST, []),
            (Unit(1, 0), (480, 240), []),
            (Unit(1, 0), WIDE, [ActivationPlot]),
            (Unit(1, 0), WIDEST, [ActivationPlot, LossAlongPlot]),
            (Unit(0, 0), WIDEST, [LossAlongPlot]),
            (Edge(1, 0, 0), WIDE, [LossAlongPlot, CoursePlot]),
            (Edge(1, 0, 0), (500, 240), [LossAlongPlot]),
        ],
    )
    def test_there_are_as_many_plots_as_fit_beside_the_numbers(self, selection, size, kinds, show_panel):
        assert [type(plot) for plot in plots_of(show_panel(selection, size))] == kinds

    def test_plots_and_numbers_lie_beside_each_other_within_the_panel(self, show_panel):
        panel = show_panel(Unit(1, 0), WIDEST)
        parts = [panel.findChild(ParameterRow), *plots_of(panel)]
        places = [part.mapTo(panel, part.rect().topLeft()).x() for part in parts]

        assert places == sorted(places)
        for part, place, next_place in zip(parts, places, [*places[1:], panel.width()], strict=True):
            assert place + part.width() <= next_place

    @pytest.mark.parametrize("width", [760, 900, 1200, 1700])
    def test_sliders_keep_a_length_that_can_be_dragged(self, width, show_panel):
        panel = show_panel(Unit(2, 1), (width, 260))

        assert min(slider.width() for slider in panel.findChildren(QSlider) if slider.isVisible()) >= 60


class TestAnotherShape:
    @pytest.mark.parametrize("kind", [Unit, Edge])
    def test_looking_back_to_a_moment_without_the_number_says_so(self, kind, document, qtbot, show_panel):
        new = document.changes.network_settings.layer_sizes[1]
        selection = Unit(1, new) if kind is Unit else Edge(1, new, 0)
        step(document, qtbot)
        document.network.insert_unit(1)
        step(document, qtbot)
        let_it_answer(document, qtbot)
        panel = show_panel(selection, WIDEST)
        document.run.look_back(0)
        settle()

        for plot in plots_of(panel):
            if not isinstance(plot, ActivationPlot):
                assert "another shape" in plot.problem


class TestActivation:
    def test_every_point_lies_on_the_function(self, document, show_panel):
        content = the(show_panel(Unit(1, 2)), ActivationPlot).content
        network, points = document.run.displayed.network, document.changes.dataset.points
        z = points @ network.weights[0][:, 2] + network.biases[0][2]

        np.testing.assert_allclose(content.z, z, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(content.points.points, np.stack([z, np.tanh(z)], axis=1), rtol=1e-12, atol=1e-12)
        np.testing.assert_array_equal(content.points.labels, document.changes.dataset.labels)

    def test_points_are_seen_in_the_colours_of_their_classes(self, show_panel):
        plot = the(show_panel(Unit(1, 2), WIDEST), ActivationPlot)
        image = plot.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

        assert {colour.name() for colour in theme.current().classes[:3]} <= colours

    def test_it_follows_a_step(self, document, show_panel, qtbot):
        plot = the(show_panel(Unit(1, 2)), ActivationPlot)
        before = plot.content.z

        step(document, qtbot)

        assert not np.array_equal(plot.content.z, before)
        outputs = document.run.displayed.network.layer_outputs(document.changes.dataset.points)
        np.testing.assert_array_equal(plot.content.points.points[:, 1], outputs[1][:, 2])

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_every_activation_can_be_seen(self, name, document, show_panel, qtbot):
        document.network.set_activation(1, name)
        plot = the(show_panel(Unit(1, 0)), ActivationPlot)
        let_it_answer(document, qtbot)

        assert (plot.problem, plot.content.name) == ("", name)
        low, high = plot.content.y_range
        assert ((plot.content.points.points[:, 1] >= low) & (plot.content.points.points[:, 1] <= high)).all()

    def test_softmax_is_no_function_of_one_z(self, document, show_panel):
        content = the(show_panel(Unit(3, 1)), ActivationPlot).content

        assert (content.curve, content.name) == (None, "softmax")
        probabilities = document.run.displayed.network.class_probabilities(document.changes.dataset.points)
        np.testing.assert_allclose(content.points.points[:, 1], probabilities[:, 1], rtol=1e-12)

    def test_of_many_points_some_are_drawn_and_all_are_counted(self, document, show_panel, qtbot):
        points = np.random.default_rng(0).uniform(-6.0, 6.0, (5_000, 2))
        document.points.set_data("Many points", Dataset(points, np.arange(5_000) % 3))
        let_it_answer(document, qtbot)
        content = the(show_panel(Unit(1, 0)), ActivationPlot).content

        assert (len(content.points), len(content.z)) == (MOST_POINTS, 5_000)

    @pytest.mark.parametrize("name", ACTIVATIONS)
    def test_without_points_there_is_the_function(self, name, document, show_panel, qtbot):
        document.network.set_activation(1, name)
        document.points.clear()
        plot = the(show_panel(Unit(1, 0)), ActivationPlot)
        let_it_answer(document, qtbot)

        assert (plot.problem, len(plot.content.points)) == ("", 0)
        without_probe = plot.grab().toImage()
        z, a, _ = plot.content.curve
        assert z[-1] >= 4.0
        low, high = plot.content.y_range
        assert ((a >= low) & (a <= high)).all()
        document.probe.pin(PLACE)
        settle()
        assert plot.content.probe.slope is not None
        assert plot.grab().toImage() != without_probe

    def test_with_neither_points_nor_probe_softmax_has_nothing_to_see_and_says_so(self, document, show_panel, qtbot):
        document.points.clear()
        plot = the(show_panel(Unit(3, 1)), ActivationPlot)
        let_it_answer(document, qtbot)
        for axes in ACTIVATION_AXES:
            document.view.set(activation_axes=axes)
            settle()
            assert "Draw points" in plot.problem
        for axes in ACTIVATION_AXES:
            document.view.set(activation_axes=axes)
            document.probe.pin(PLACE)
            settle()
            assert plot.problem == ""
            assert plot.content.probe is not None

    @pytest.mark.parametrize("kind", ["values", "curve"])
    def test_values_can_be_seen_too(self, document, show_panel, qtbot, kind):
        document.points.set_kind(kind)
        let_it_answer(document, qtbot)

        content = the(show_panel(Unit(1, 0)), ActivationPlot).content
        assert content.n_classes == 0
        assert content.points.is_regression


class TestCurve:
    """Where there is no x₂, what is over the sum of both coordinates is over x, and has a line."""

    @pytest.mark.parametrize("axes", ["a_sum", "z_sum"])
    def test_a_and_z_are_over_x_with_the_neuron_s_line(self, document, show_panel, qtbot, axes):
        document.points.set_kind("curve")
        document.view.set(activation_axes=axes)
        document.probe.pin(PLACE)
        let_it_answer(document, qtbot)

        plot = the(show_panel(Unit(1, 0)), ActivationPlot)
        content, network = plot.content, document.displayed.network
        np.testing.assert_array_equal(content.points.points[:, 0], document.dataset.points[:, 0])
        x, y, _ = content.curve
        z, a = network.unit_values(x[:, np.newaxis], 1, 0)
        np.testing.assert_allclose(y, z if axes == "z_sum" else a, atol=1e-12)
        assert content.probe.x == PLACE[0]
        assert content.is_of_curve

    def test_a_network_that_is_given_a_constant_alone_has_its_line_too(self, document, show_panel, qtbot):
        document.points.set_kind("curve")
        document.network.toggle_feature("3")
        document.network.toggle_feature("x")
        document.view.set(activation_axes="a_sum")
        let_it_answer(document, qtbot)
        x, y, _ = the(show_panel(Unit(1, 0)), ActivationPlot).content.curve
        assert len(x) > 100
        assert len(set(y)) == 1

    @pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    def test_so_the_menu_says(self, document, show_panel, qtbot):
        document.points.set_kind("curve")
        let_it_answer(document, qtbot)
        plot = the(show_panel(Unit(1, 0)), ActivationPlot)
        plot._menu.aboutToShow.emit()
        texts = [action.text() for action in plot._menu.actions()]
        assert {"a over z", "a over x", "z over x"} <= set(texts)


class TestProbe:
    """The probe point on the activation, and its loss over an output."""

    def test_it_lies_on_the_curve_with_its_slope(self, document, show_panel):
        plot = the(show_panel(Unit(2, 1)), ActivationPlot)
        assert plot.content.probe is None
        document.probe.pin(PLACE)
        settle()

        layer = chain_rule(document.displayed.network, PLACE, document.probe.point.label).layers[1]
        probe = plot.content.probe
        assert (probe.x, probe.y) == (layer.pre_activations[1], layer.activations[1])
        assert probe.slope == pytest.approx(1 - layer.activations[1] ** 2)
        z, a, _ = plot.content.curve
        assert np.interp(probe.x, z, a) == pytest.approx(probe.y, abs=0.01)

    def test_with_the_others_as_there_softmax_has_a_curve(self, document, show_panel):
        plot = the(show_panel(Unit(3, 1)), ActivationPlot)
        document.probe.pin(PLACE)
        settle()

        z, a, slope = plot.content.curve
        probe = plot.content.probe
        assert np.interp(probe.x, z, a) == pytest.approx(probe.y, abs=0.01)
        assert np.interp(probe.x, z, slope) == pytest.approx(probe.slope, abs=0.01)

    def test_it_is_called_what_it_is(self, document, show_panel, lines):
        plot = the(show_panel(Unit(2, 1)), ActivationPlot)
        document.view.set_cursor(PLACE)
        settle()
        plot.grab()
        assert lines[-1].endswith(" at the mouse")
        document.probe.pin(PLACE)
        settle()
        plot.grab()
        assert lines[-1].endswith(" at the probe")

    @pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
    def test_that_other_points_lie_beside_the_curve_is_said(self, document, show_panel, qtbot, lines, output):
        document.network.set_output(output, single_unit=False)
        document.probe.pin(PLACE)
        plot = the(show_panel(Unit(3, 1)), ActivationPlot)
        let_it_answer(document, qtbot)
        plot.grab()

        z, a, _ = plot.content.curve
        x, y = plot.content.points.points.T
        is_beside = not np.allclose(np.interp(x, z, a), y, atol=0.02)
        assert is_beside == ("curve of the probe only" in lines[-1])
        assert readable(f"slope {plot.content.probe.slope:.3g}") in lines[-1]

    def test_a_muted_neuron_says_0(self, document, show_panel, qtbot):
        document.network.set_muted(Unit(2, 1), True)
        document.probe.pin(PLACE)
        plot = the(show_panel(Unit(2, 1)), ActivationPlot)
        let_it_answer(document, qtbot)

        assert (plot.content.probe.y, plot.content.probe.slope) == (0.0, None)

    def test_the_right_output_has_the_loss_of_the_seed_s_figure(self, document, show_panel):
        document.view.set(page="loss")
        plot = the(show_panel(Unit(3, 2)), OutputLossPlot)
        assert plot.problem.startswith("Point at the plane, or pin")
        index = int(np.flatnonzero(document.dataset.labels == 2)[0])
        document.probe.pin(index)
        settle()

        assert plot.problem == ""
        probability = document.displayed.network.predict([document.dataset.points[index]])[0, 2]
        assert plot.curve.output == pytest.approx(probability)
        assert plot.curve.loss == pytest.approx(-np.log(probability))
        assert plot.curve.slope == pytest.approx(-1 / probability)
        document.view.select(Unit(3, 0))
        settle()
        assert plot.problem.startswith("The loss is −log a of class C")

    @pytest.mark.parametrize(("output", "single_unit"), [("sigmoid", False), ("tanh", False), ("linear", False)])
    def test_other_losses_have_a_curve_for_every_output(self, document, show_panel, qtbot, output, single_unit):
        document.network.set_output(output, single_unit=single_unit)
        document.view.set(page="loss")
        document.probe.pin(PLACE)
        plot = the(show_panel(Unit(3, 1)), OutputLossPlot)
        let_it_answer(document, qtbot)

        assert plot.problem == ""
        assert plot.curve.loss == pytest.approx(
            chain_rule(
                document.displayed.network, PLACE, document.probe.point.label, document.training_settings.loss
            ).loss_value
        )

    @pytest.mark.parametrize("kind", ["values", "curve"])
    def test_a_value_has_its_loss_too(self, document, show_panel, qtbot, kind):
        document.points.set_kind(kind)
        document.view.set(page="loss")
        document.probe.pin(0)
        plot = the(show_panel(Unit(3, 0)), OutputLossPlot)
        let_it_answer(document, qtbot)

        assert plot.problem == ""
        assert plot.curve.target == document.dataset.labels[0]


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
class TestSwitches:
    def switch(self, plot, text):
        """Open the menu in the plot's corner and click on an entry."""
        button = plot.findChild(QToolButton, "activation_options")
        assert button.isVisible()
        button.menu().popup(button.mapToGlobal(button.rect().bottomLeft()))
        action = next(action for action in button.menu().actions() if action.text() == text)
        QTest.mouseClick(button.menu(), Qt.MouseButton.LeftButton, pos=button.menu().actionGeometry(action).center())
        settle()

    @pytest.mark.parametrize("unit", [Unit(1, 2), Unit(3, 1)])
    def test_points_over_the_sum_of_their_coordinates_have_no_curve(self, document, show_panel, unit):
        plot = the(show_panel(unit), ActivationPlot)
        document.probe.pin(PLACE)
        points, network = document.dataset.points, document.displayed.network
        values = network.unit_values(points, unit.layer, unit.index)
        for text, heights in (("z over x₁ + x₂", values[0]), ("a over x₁ + x₂", values[1])):
            self.switch(plot, text)

            content = plot.content
            assert content.curve is None
            np.testing.assert_allclose(content.points.points, np.stack([points.sum(axis=1), heights], axis=1))
            assert content.probe.x == pytest.approx(sum(PLACE))
            assert content.probe.y == pytest.approx(
                network.unit_values([PLACE], unit.layer, unit.index)[text.startswith("a")][0]
            )
        self.switch(plot, "a over z")
        assert plot.content.curve is not None

    @pytest.mark.parametrize("text", ["Derivative", "Histogram of z"])
    def test_what_is_drawn_beside_the_points_can_be_switched_off_and_on(self, show_panel, text):
        plot = the(show_panel(Unit(1, 2), WIDEST), ActivationPlot)
        pictures = []
        for _ in range(3):
            pictures.append(plot.grab().toImage())
            self.switch(plot, text)

        assert pictures[0] != pictures[1]
        assert pictures[0] == pictures[2]

    def test_another_window_on_the_same_document_has_the_same(self, document, show_panel):
        document.view.set(activation_axes="z_sum")

        assert the(show_panel(Unit(1, 2)), ActivationPlot).content.axes == "z_sum"

    def test_the_document_knows_the_same_axes(self):
        assert tuple(_AXES) == ACTIVATION_AXES


@pytest.mark.parametrize("kind", [LossAlongPlot, CoursePlot])
def test_a_number_of_a_larger_network_before_is_not_looked_for(document, show_panel, kind):
    plot = the(show_panel(Edge(1, 2, 0), WIDE), kind)
    n_parameters = document.displayed.network.settings.n_parameters

    plot.show_parameter(Parameter("weight", n_parameters))
    settle()

    assert plot.problem == "The network of this moment has another shape: the number is not in it."


class TestLossAlong:
    def test_it_passes_through_the_loss_that_is_shown_with_its_slope(self, document, show_panel, qtbot):
        plot = the(show_panel(Edge(1, 2, 0)), LossAlongPlot)
        for _ in range(3):
            step(document, qtbot)
            snapshot, section = document.run.displayed, plot.section
            training = snapshot.moment.dataset.subset(test=False)
            position = weight_position(snapshot.network.settings, Edge(1, 2, 0))

            assert section.value == snapshot.network.parameters[position]
            assert section.loss == snapshot.metrics.train_loss
            gradient = snapshot.network.gradient(training.points, training.labels)
            np.testing.assert_allclose(section.slope, gradient[position], rtol=1e-12)
            assert section.losses[list(section.values).index(section.value)] == section.loss

    @pytest.mark.parametrize("rate", [1e-8, 1e-4, 0.01, 3.0])
    @pytest.mark.parametrize("width", [804, 1200, 1700])
    def test_its_numbers_are_whole_however_long_and_narrow(self, document, show_panel, qtbot, lines, width, rate):
        document.learning.set_training(learning_rate=rate)
        document.view.set(page="formula")
        document.network.set_parameter(bias_position(document.network_settings, Unit(3, 0)), 14.0)
        plot = the(show_panel(Unit(1, 0), (width, 260)), LossAlongPlot)
        for index in range(6):
            document.view.select(Unit(1, index))
            let_it_answer(document, qtbot)
            plot.grab()

            assert QFontMetricsF(theme.figure_font(11)).horizontalAdvance(lines[-1]) <= plot.width()
            assert "next" in lines[-1]
            digits = 3 if "next step" in lines[-1] else 2
            assert readable(f"{plot.section.slope:+.{digits}g}") in lines[-1]
        assert width < 1700 or digits == 3

    @pytest.mark.parametrize("bias", BIAS_KINDS)
    @pytest.mark.parametrize(
        ("selection", "edge"),
        [(Unit(0, 1), Edge(0, 1, 0)), (Unit(1, 2), Edge(0, 0, 2)), (Edge(1, 2, 3), Edge(1, 2, 3))],
    )
    def test_it_begins_with_the_first_weight(self, document, show_panel, qtbot, bias, selection, edge):
        document.network.set_bias(bias)
        plot = the(show_panel(selection, WIDEST), LossAlongPlot)
        let_it_answer(document, qtbot)

        assert plot.parameter.position == weight_position(document.network_settings, edge)

    def test_the_arrow_leads_where_the_next_step_leads(self, document, show_panel, qtbot):
        plot = the(show_panel(Edge(0, 1, 3)), LossAlongPlot)
        position = weight_position(document.run.displayed.network.settings, Edge(0, 1, 3))
        for _ in range(4):
            expected = plot.section.next_value
            step(document, qtbot)
            assert document.run.displayed.network.parameters[position] == expected

    @pytest.mark.parametrize("rate", [1e6, 1e12])
    def test_an_arrow_that_leads_far_away_ends_at_the_edge_of_the_plot(self, document, show_panel, qtbot, rate):
        plot = the(show_panel(Edge(0, 1, 3)), LossAlongPlot)
        document.learning.set_training(learning_rate=rate)
        qtbot.waitUntil(lambda: abs(plot.section.next_value) > 1000)
        settle()
        image, arrow, scale = plot.grab().toImage(), theme.current().negative.rgb(), plot.devicePixelRatioF()
        columns = [
            x for x in range(image.width()) for y in range(image.height()) if image.pixelColor(x, y).rgb() == arrow
        ]
        assert columns, "there is an arrow"
        assert (LEFT_AXIS - 2) * scale <= min(columns) <= max(columns) <= image.width() - 4 * scale

    def test_it_is_about_the_number_that_the_mouse_points_at(self, document, show_panel):
        panel = show_panel(Unit(2, 1), WIDEST)
        plot, rows = the(panel, LossAlongPlot), panel.findChildren(ParameterRow)
        assert plot.parameter.name == "w ← h1.1"
        centre = QPointF(rows[3].rect().center())

        QApplication.sendEvent(rows[3], QEnterEvent(centre, centre, QPointF(rows[3].mapToGlobal(centre.toPoint()))))
        settle()

        assert plot.parameter == rows[3].parameter
        assert plot.section.value == document.run.displayed.network.parameters[rows[3].parameter.position]

    def test_without_a_training_point_it_says_so(self, document, show_panel, qtbot):
        document.points.clear()
        let_it_answer(document, qtbot)

        assert "no training point" in the(show_panel(Edge(0, 0, 0)), LossAlongPlot).problem


class TestCourse:
    def test_it_has_every_key_frame_and_the_moment_that_is_shown(self, document, show_panel, qtbot):
        plot = the(show_panel(Edge(0, 0, 1)), CoursePlot)
        for _ in range(5):
            step(document, qtbot)
        position = weight_position(document.run.displayed.network.settings, Edge(0, 0, 1))
        frames = document.run.history.frames

        steps, values = plot.course
        np.testing.assert_array_equal(np.unique(steps), np.arange(6))
        for frame in frames:
            assert values[list(steps).index(frame.step)] == frame.checkpoint.parameters[position]
        assert values[-1] == document.run.displayed.network.parameters[position]


def test_numbers_that_are_not_finite_are_said_and_not_drawn(document, show_panel, qtbot):
    panel = show_panel(Edge(0, 0, 1))
    document.network.set_parameter(0, float("inf"))
    qtbot.waitUntil(lambda: np.isinf(document.run.displayed.network.parameters[0]))
    settle()

    assert {plot.problem for plot in plots_of(panel)} == {NOT_FINITE}
    document.view.select(Unit(1, 0))
    settle()
    assert {plot.problem for plot in plots_of(panel)} == {NOT_FINITE}


def test_what_is_hidden_computes_nothing(document, show_panel, qtbot, monkeypatch):
    asked = []
    for kind in (ActivationPlot, LossAlongPlot, CoursePlot):
        monkeypatch.setattr(kind, "compute", lambda self, kind=kind: asked.append(kind) or "")
    panel = show_panel(Unit(1, 0))
    assert set(asked) == {ActivationPlot}
    panel.hide()
    asked.clear()

    step(document, qtbot)
    assert asked == []

    panel.show()
    settle()
    assert set(asked) == {ActivationPlot}


def test_while_it_trains_the_plot_goes_along(document, show_panel, qtbot):
    plot = the(show_panel(Unit(1, 2)), ActivationPlot)
    before = plot.content.z
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: not np.array_equal(plot.content.z, before))
    document.run.set_playing(False)
    points = document.changes.dataset.points

    def shown():
        return document.run.displayed.network.pre_activations(points)[0][:, 2]

    qtbot.waitUntil(lambda: np.array_equal(plot.content.z, shown()))


def test_both_themes_draw_in_their_own_colours(show_panel):
    plot = the(show_panel(Unit(1, 2)), ActivationPlot)
    for scheme in (theme.Scheme.DARK, theme.Scheme.LIGHT):
        theme.manager().set_scheme(scheme)
        settle()
        image = plot.grab().toImage()
        colours = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert {theme.current().classes[0].name(), theme.current().muted.name()} <= colours
