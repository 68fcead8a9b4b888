"""The output of a curve: seed 003's workshop of sigmoids, as it is seen, and as the mouse finds its way in it."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton, QToolTip

from gui import theme
from gui.document.view import known_view
from gui.items.plane_view import PlaneView
from gui.panels.output.curve import CurveLayer
from gui.panels.output.legend import Legend
from gui.panels.output.panel import OutputPanel
from model.data.dataset import CURVE_UNIT
from model.network.parts import Edge, Unit, bias_position, weight_position

LEFT = Qt.MouseButton.LeftButton
ANSWER = "y, what the network says"


def expit(z):
    return 0.5 * (1.0 + np.tanh(0.5 * z))


@pytest.fixture
def turn(document, answered):
    """Turn weights and biases as the inspector does: by what they belong to."""

    def turn_some(values):
        settings = document.network_settings
        for part, value in values.items():
            find = weight_position if isinstance(part, Edge) else bias_position
            document.network.set_parameter(find(settings, part), value)
        answered(document)

    return turn_some


@pytest.fixture
def workshop(document, turn):
    """Two sigmoids, whose smooth sum is seed 003's: expit(2x + 3) - expit(2x - 3)."""
    document.points.set_kind("curve")
    document.points.clear()
    document.network.remove_layer()
    while document.network_settings.layer_sizes[1] > 2:
        document.network.remove_unit(1)
    document.network.set_activation(1, "sigmoid")
    weights = {Edge(0, 0, 0): 2.0, Edge(0, 0, 1): 2.0, Edge(1, 0, 0): 1.0, Edge(1, 1, 0): -1.0}
    turn(weights | {Unit(1, 0): 3.0, Unit(1, 1): -3.0, Unit(2, 0): 0.0})
    return document


@pytest.fixture
def panel(document, workshop, show, answered):
    parts = document.run, document.changes, document.points, document.view, document.probe, document.pins
    panel = show(OutputPanel(*parts), 420, 460)
    answered(document)
    return panel


@pytest.fixture
def view(panel):
    return panel.findChild(PlaneView, "output_view")


@pytest.fixture
def lines(panel):
    """Return the lines that are drawn, by what they are."""
    layer = panel.findChild(CurveLayer)
    return lambda: {line.text: line for line in layer.lines}


def heights(line):
    return line.vertices[:, 1] / CURVE_UNIT


def strongest(view, x, y, share):
    """Return how much of the greatest change a colour's share of light has, of what is seen about a place."""
    image, place = view.viewport().grab().toImage(), view.from_plane(QPointF(x, y * CURVE_UNIT)).toPoint()
    near = [image.pixelColor(place.x() + dx, place.y() + dy) for dx in range(-8, 9) for dy in range(-2, 3)]
    return max(share(colour) for colour in near)


def darkness(colour):
    return 255 - colour.lightness()


def blueness(colour):
    return colour.blue() - colour.red()


class TestLines:
    @pytest.mark.parametrize("x", [-4.0, -1.5, 0.0, 2.0])
    def test_the_curve_is_seen_where_the_network_says(self, view, x):
        y = expit(2 * x + 3) - expit(2 * x - 3)
        assert strongest(view, x, y, darkness) > 150
        assert strongest(view, x, y - 0.5, darkness) < 120

    def test_what_each_neuron_adds_is_seen_in_the_colour_of_its_sign(self, view):
        assert strongest(view, 5.0, 1.0, blueness) > 45
        assert strongest(view, 5.0, -1.0, lambda colour: -blueness(colour)) > 45

    def test_a_button_shows_the_curve_alone_and_its_parts_again(self, panel, view, document, named, lines):
        QTest.mouseClick(named(panel, "Surface: Curve", QToolButton), LEFT)
        assert not document.view.settings.terms
        assert list(lines()) == [ANSWER]
        assert strongest(view, 5.0, 1.0, blueness) < 20
        QTest.mouseClick(named(panel, "Surface: Parts", QToolButton), LEFT)
        assert list(lines()) == ["1 · h1.1", "−1 · h1.2", ANSWER]

    def test_the_curve_is_as_wide_where_it_rises_as_where_it_falls(self, view, document):
        document.view.set(terms=False)
        image = view.viewport().grab().toImage()
        inked = []
        for x in (-1.5, 1.5):
            place = view.from_plane(QPointF(x, 0.5 * CURVE_UNIT)).toPoint()
            inked.append(sum(darkness(image.pixelColor(place.x() + dx, place.y())) for dx in range(-12, 13)))
        assert inked[0] == pytest.approx(inked[1], rel=0.15)

    def test_turning_a_weight_moves_the_curve(self, turn, lines):
        turn({Edge(0, 0, 0): 1000.0, Unit(1, 0): 0.0, Edge(1, 1, 0): 0.0})
        curve = lines()[ANSWER]
        x = curve.vertices[:, 0]
        aside = np.abs(x) > 0.01
        np.testing.assert_allclose(heights(curve)[aside], x[aside] > 0, atol=1e-3)

    def test_it_follows_training_and_the_past(self, document, lines, qtbot, answered):
        document.points.generate(name="parabola", n_points=50)
        before = heights(lines()[ANSWER])
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 300)
        document.run.set_playing(False)
        answered(document)
        assert np.abs(heights(lines()[ANSWER]) - before).max() > 0.1
        document.run.rewind()
        answered(document)
        line = lines()[ANSWER]
        said = document.displayed.network.predict(line.vertices)[:, 0]
        np.testing.assert_allclose(heights(line), said, atol=1e-9)
        assert document.displayed.step == 0

    def test_zooming_shows_the_curve_over_what_is_seen(self, view, lines, document, answered, qtbot):
        view.zoom(3.0)
        qtbot.waitUntil(lambda: lines()[ANSWER].vertices[0, 0] < -15.0)
        view.fit()
        qtbot.waitUntil(lambda: lines()[ANSWER].vertices[0, 0] > -9.0)

    def test_the_axis_beside_it_counts_heights(self, view, document, answered):
        axis = view.getAxis("left")
        assert max(float(text.replace("−", "-")) for text in texts_of(axis, view)) < 2.0
        document.points.set_kind("values")
        answered(document)
        assert max(float(text.replace("−", "-")) for text in texts_of(axis, view)) > 3.0


def texts_of(axis, view):
    low, high = view.box.viewRange()[1]
    levels = axis.tickValues(low, high, axis.height())
    return [text for spacing, values in levels for text in axis.tickStrings(values, axis.scale, spacing)]


class TestBesides:
    def test_a_hovered_neuron_has_its_activation_beside_the_curve(self, document, lines, answered):
        document.view.hover(Unit(1, 1))
        line = lines()["a of h1.2"]
        np.testing.assert_allclose(heights(line), expit(2 * line.vertices[:, 0] - 3), atol=1e-9)
        document.view.hover(None)
        assert "a of h1.2" not in lines()

    def test_a_pinned_run_stays_as_a_thin_line(self, document, lines, turn):
        document.pins.pin()
        turn({Edge(1, 0, 0): 0.0, Edge(1, 1, 0): 0.0})
        (pinned,) = (line for text, line in lines().items() if text.startswith("1: "))
        x = pinned.vertices[:, 0]
        np.testing.assert_allclose(heights(pinned), expit(2 * x + 3) - expit(2 * x - 3), atol=1e-9)
        assert pinned.pen.color() == theme.current().run_colour(0)
        document.pins.unpin(document.pins.runs[0])
        assert list(lines()) == ["0 · h1.1", "0 · h1.2", ANSWER]

    def test_pinned_runs_of_another_kind_of_problem_are_not_among_the_lines(self, document, lines, view, answered):
        document.points.set_kind("values")
        answered(document)
        document.pins.pin()
        document.points.set_kind("curve")
        answered(document)
        assert not any(text.startswith("1: ") for text in lines())

    def test_without_a_neuron_the_curve_as_it_is_is_dashed(self, document, lines, qtbot):
        document.view.leave_out(Unit(1, 1))
        qtbot.waitUntil(lambda: "y as it is" in lines())
        shown = lines()
        x = shown[ANSWER].vertices[:, 0]
        np.testing.assert_allclose(heights(shown[ANSWER]), expit(2 * x + 3), atol=1e-9)
        np.testing.assert_allclose(heights(shown["y as it is"]), expit(2 * x + 3) - expit(2 * x - 3), atol=1e-9)
        assert shown["y as it is"].pen.dashPattern()
        document.view.leave_out(None)
        qtbot.waitUntil(lambda: "y as it is" not in lines())

    def test_from_the_pinned_point_a_line_leads_to_the_curve(self, document, lines, turn):
        document.probe.pin((0.0, -2.0))
        said = expit(3.0) - expit(-3.0)
        text = f"y is +{said + 0.5:.3g} off the probe"
        np.testing.assert_allclose(lines()[text].vertices, [[0.0, -2.0], [0.0, said * CURVE_UNIT]], atol=1e-9)
        turn({Edge(1, 0, 0): 0.0, Edge(1, 1, 0): 0.0})
        assert "y is +0.5 off the probe" in lines()
        document.probe.release()
        assert not any("probe" in text for text in lines())

    def test_weights_that_are_not_finite_leave_no_line_and_no_error(self, turn, lines, panel):
        turn({Edge(1, 0, 0): 1e300, Edge(0, 0, 0): 1e300})
        panel.grab()
        assert np.isfinite(lines()[ANSWER].vertices[:, 0]).all()


class TestMouse:
    def at(self, view, x, y):
        return view.from_plane(QPointF(x, y * CURVE_UNIT)).toPoint()

    def test_on_a_neuron_s_line_it_finds_the_neuron(self, view, document, qtbot):
        QTest.mouseMove(view.viewport(), self.at(view, 5.0, -1.0))
        qtbot.waitUntil(lambda: document.view.hovered == Unit(1, 1))
        QTest.mouseMove(view.viewport(), self.at(view, 5.0, 0.5))
        qtbot.waitUntil(lambda: document.view.hovered is None)

    def test_the_curve_alone_is_no_neuron_s(self, view, document, qtbot):
        document.view.set(terms=False)
        QTest.mouseMove(view.viewport(), self.at(view, 5.0, -1.0))
        qtbot.waitUntil(lambda: document.view.cursor is not None)
        assert document.view.hovered is None

    @pytest.mark.parametrize(
        ("place", "text"), [((5.0, 1.0), "1 · h1.1"), ((5.0, -1.0), "−1 · h1.2"), ((5.0, 0.0), ANSWER)]
    )
    def test_a_tip_says_what_a_line_is(self, view, place, text):
        position = self.at(view, *place)
        event = QHelpEvent(QHelpEvent.Type.ToolTip, position, view.viewport().mapToGlobal(position))
        QApplication.sendEvent(view.viewport(), event)
        assert text in QToolTip.text()
        QToolTip.hideText()

    def test_a_click_places_a_point_that_the_curve_is_to_go_through(self, view, document):
        QTest.mouseClick(view.viewport(), LEFT, pos=self.at(view, 2.0, 1.25))
        assert document.dataset.is_curve
        np.testing.assert_allclose(document.dataset.points, [[2.0, 5.0]], atol=0.1)
        np.testing.assert_allclose(document.dataset.labels, [1.25], atol=0.03)


class TestSpace:
    def test_3d_is_not_offered_and_its_tip_says_why(self, panel, document, named):
        button = named(panel, "Dimensions: 3D", QToolButton)
        assert not button.isEnabled()
        assert "one input" in button.toolTip()
        document.points.set_kind("values")
        assert button.isEnabled()
        assert "one input" not in button.toolTip()

    def test_a_curve_is_seen_from_above_and_what_was_in_space_is_so_again(self, panel, view, document):
        document.view.set(in_space=True)
        assert view.isVisible()
        document.points.set_kind("values")
        assert not view.isVisible()
        document.points.set_kind("curve")
        assert view.isVisible()


class TestMenu:
    def test_it_offers_the_parts_of_a_curve_and_no_3d(self, panel, document, actions, lines):
        assert actions["terms"].isVisible()
        assert not actions["regions"].isVisible()
        assert not actions["in_space"].isEnabled()
        actions["terms"].trigger()
        assert list(lines()) == [ANSWER]
        document.points.set_kind("classes")
        assert not actions["terms"].isVisible()
        assert actions["regions"].isVisible()
        assert actions["in_space"].isEnabled()

    def test_a_file_remembers_whether_the_parts_are_shown(self):
        assert known_view({"terms": False})["terms"] is False
        assert "terms" not in known_view({"terms": "no"})


class TestKind:
    @pytest.mark.parametrize("kind", ["classes", "values", "curve"])
    def test_only_what_goes_with_the_problem_is_offered(self, panel, document, named, kind):
        document.points.set_kind(kind)
        first = {"classes": "Probability", "values": "Smooth", "curve": "Curve"}
        for other, text in first.items():
            assert named(panel, f"Surface: {text}", QToolButton).isVisible() == (other == kind)

    def test_in_the_hidden_space_the_colours_of_heights_are_explained_in_the_place_of_lines(
        self, panel, document, named
    ):
        legend = panel.findChild(Legend)
        document.view.set(shows="hidden")
        assert not named(panel, "Surface: Parts", QToolButton).isVisible()
        heights = legend.grab().toImage()
        hues = {heights.pixelColor(x, 7).hue() // 40 for x in range(22, 150)}
        assert len(hues) > 1, "from one colour to the other"
        document.view.set(shows="output")
        assert named(panel, "Surface: Parts", QToolButton).isVisible()
        assert legend.grab().toImage() != heights

    def test_there_is_no_surface_behind_a_curve(self, view, document, answered):
        document.points.set_kind("values")
        document.points.clear()
        answered(document)
        assert view.viewport().grab().toImage() != empty_plane(view)
        document.points.set_kind("curve")
        answered(document)
        document.view.set(terms=False)
        assert strongest(view, -4.0, 1.2, darkness) < 40

    def test_the_legend_names_the_lines_as_far_as_it_has_room(self, panel, document):
        legend = panel.findChild(Legend)
        with_parts = legend.grab().toImage()
        document.view.set(terms=False)
        assert legend.grab().toImage() != with_parts


def empty_plane(view):
    image = view.viewport().grab().toImage()
    image.fill(theme.current().panel)
    return image
