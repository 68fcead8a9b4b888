from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QLabel,
    QLineEdit,
    QSlider,
    QSpinBox,
    QStyle,
    QStyleOptionSlider,
    QToolButton,
)

from gui import theme
from gui.items.plane_view import PlaneView
from gui.items.points_layer import curve_colour, value_colour
from gui.panels.data import DataPanel
from gui.theme import Scheme
from gui.widgets.fields import NumberBox
from gui.widgets.scroll import VerticalScroll
from gui.widgets.slider_field import SliderField
from gui.widgets.texts import as_sentence
from model import Dataset
from model.data.dataset import CURVE_UNIT, PROBLEM_KINDS
from model.data.edits import ReplaceAll
from model.data.generators import GENERATORS, GeneratorSettings
from model.data.naming import Axis, Naming
from tests.gui.refusals import said_under

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, actions, show):
    return show(
        DataPanel(document.run, document.changes, document.points, document.view, document.probe, actions), 330, 760
    )


@pytest.fixture
def canvas_hand(panel, hand_on):
    return hand_on(panel.findChild(PlaneView, "data_canvas"))


def test_the_longest_number_of_each_field_has_room(panel, document):
    document.points.generate(name="spiral", n_points=5000, noise=0.125, label_noise=0.125)
    own = Dataset(np.ones((241, 2)), [0] * 241, is_test=np.arange(241) >= 169)
    document.changes.edit_points("own", ReplaceAll(own))
    fields = [field for field in panel.findChildren(SliderField) if field.isVisible()]
    texts = [field.box.text() for field in fields]
    assert {"5,000", "70.1%"} <= set(texts)
    for field in fields:
        line = field.box.findChild(QLineEdit)
        margins = line.textMargins()
        room = line.width() - margins.left() - margins.right()
        assert line.fontMetrics().horizontalAdvance(field.box.text()) <= room, field.box.text()


def numbers(panel):
    """Return what the number fields show."""
    return [box.text() for box in panel.findChildren(QAbstractSpinBox) if box.isVisible()]


def plain(tip):
    return " ".join(tip.split())


def texts(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def handle_of(slider):
    """Return where in a slider its handle is."""
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    rect = slider.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    )
    return rect.center()


def drag_handle(slider, dx):
    start = handle_of(slider)
    QTest.mousePress(slider, LEFT, pos=start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(slider, start + QPoint(round(dx * share), 0))
    QTest.mouseRelease(slider, LEFT, pos=start + QPoint(dx, 0))


def shown_tiles(panel):
    """Return the names of the generators that the gallery shows, by place."""
    tiles = [tile for tile in panel.findChildren(QToolButton) if tile.accessibleName().startswith("Data set")]
    places = {tile.accessibleName()[9:]: tile.mapTo(panel, QPoint()) for tile in tiles if tile.isVisible()}
    return sorted(places, key=lambda label: (places[label].y(), places[label].x()))


def is_inside(panel, widget):
    return panel.rect().contains(widget.rect().translated(widget.mapTo(panel, QPoint())))


class TestGallery:
    @pytest.mark.parametrize("name", GENERATORS)
    def test_a_click_draws_the_data_set(self, panel, document, named, qtbot, name):
        document.points.set_kind(GENERATORS[name].kind)
        button = named(panel, f"Data set {GENERATORS[name].label}", QToolButton)
        qtbot.mouseClick(button, LEFT)

        assert document.changes.generator_settings.name == name
        assert button.isChecked()
        checked = [other.accessibleName() for other in panel.findChildren(QToolButton) if other.isChecked()]
        assert len([other for other in checked if other.startswith("Data set")]) == 1
        assert GENERATORS[name].tip in button.toolTip().replace("\n", " ")

    def test_a_second_click_keeps_it_chosen(self, panel, document, named, qtbot):
        button = named(panel, "Data set Spiral", QToolButton)
        qtbot.mouseClick(button, LEFT)
        assert button.isChecked()

    def test_each_has_a_thumbnail_of_its_own(self, panel, document, named):
        for kind in PROBLEM_KINDS:
            document.points.set_kind(kind)
        icons = [named(panel, f"Data set {entry.label}", QToolButton).icon() for entry in GENERATORS.values()]
        images = [icon.pixmap(34, 34).toImage() for icon in icons]
        assert not any(image.isNull() for image in images)
        assert all(first != second for index, first in enumerate(images) for second in images[:index])

    @pytest.mark.parametrize("kind", PROBLEM_KINDS)
    def test_shows_the_generators_of_the_problem(self, panel, document, named, kind):
        document.points.set_kind(kind)
        entries = [entry for entry in GENERATORS.values() if entry.kind == kind]
        assert shown_tiles(panel) == [entry.label for entry in entries]
        tiles = [named(panel, f"Data set {entry.label}", QToolButton) for entry in entries]
        assert all(is_inside(panel, tile) for tile in tiles)
        widths = [tile.width() for tile in tiles]
        assert max(widths) - min(widths) <= 1
        assert len({tile.height() for tile in tiles}) == 1

    def test_nothing_below_moves_with_the_problem(self, panel, document, named, qtbot):
        tool = named(panel, document.view.settings.tool.capitalize(), QToolButton)
        before = tool.mapTo(panel, QPoint())
        document.points.set_kind("values")
        qtbot.waitUntil(lambda: shown_tiles(panel) == ["Plane", "Multi-Gaussian", "Sine"])
        QApplication.processEvents()
        assert tool.mapTo(panel, QPoint()) == before


class TestProblem:
    def test_the_switch_turns_classes_into_values_and_back(self, panel, document, named, qtbot):
        qtbot.mouseClick(named(panel, "Problem: Values", QToolButton), LEFT)
        assert document.dataset.is_regression
        assert named(panel, "Problem: Values", QToolButton).isChecked()
        document.changes.undo()
        assert document.dataset.n_classes == 3
        assert named(panel, "Problem: Classes", QToolButton).isChecked()

    def test_what_belongs_to_classes_is_hidden_in_a_regression(self, panel, document, actions, named):
        names = ("Classes", "Add Class", "Remove Last Class", "Class A, 80 points")
        widgets = [named(panel, name, QSlider if name == "Classes" else QToolButton) for name in names]
        assert all(widget.isVisible() for widget in widgets)
        document.points.set_kind("values")
        assert not any(widget.isVisible() for widget in widgets)
        assert not any(action.isEnabled() for action in actions.classes)
        assert not actions["add_class"].isEnabled()
        document.points.set_kind("classes")
        assert named(panel, "Add Class", QToolButton).isVisible()
        assert not named(panel, "Value", QSlider).isVisible()

    def test_a_slider_draws_values_again_after_classes_were_turned_into_them(self, panel, document, named):
        document.points.set_kind("values")
        drag_handle(named(panel, "Points", QSlider), 20)
        assert document.dataset.is_regression
        assert document.changes.generator_settings.name == "plane"
        assert document.changes.undo_stack.count() == 2

    def test_what_has_no_room_is_scrolled_to(self, panel, document, qtbot):
        document.view.set(tool="brush")
        document.points.generate(name="rule")
        QApplication.processEvents()
        panel.resize(panel.minimumWidth(), 300)
        view, scroll = panel.findChild(PlaneView, "data_canvas"), panel.findChild(VerticalScroll)
        qtbot.waitUntil(lambda: view.height() == 132 and scroll.verticalScrollBar().isVisible())
        for widget in [*panel.findChildren(QAbstractButton), *panel.findChildren(QSlider)]:
            if widget.isVisible() and scroll.isAncestorOf(widget):
                scroll.ensureWidgetVisible(widget, 0, 0)
                assert is_inside(panel, widget), widget


class TestCurve:
    @pytest.fixture
    def curve(self, panel, document, named, qtbot):
        """The data set after a click on Curve, and one on the sine."""
        qtbot.mouseClick(named(panel, "Problem: Curve", QToolButton), LEFT)
        qtbot.mouseClick(named(panel, "Data set Sine wave", QToolButton), LEFT)
        return document

    @pytest.fixture
    def canvas(self, panel):
        return panel.findChild(PlaneView, "data_canvas")

    def test_the_switch_turns_classes_into_a_curve_and_back(self, panel, document, named, qtbot):
        points = document.dataset.points
        qtbot.mouseClick(named(panel, "Problem: Curve", QToolButton), LEFT)
        assert document.dataset.is_curve
        assert document.network_settings.features == ("x",)
        np.testing.assert_array_equal(document.dataset.points, points)
        np.testing.assert_array_equal(document.dataset.labels, points[:, 1] / CURVE_UNIT)
        document.changes.undo()
        assert document.dataset.n_classes == 3
        assert document.network_settings.layer_sizes[0] == 2
        document.changes.redo()
        assert document.dataset.is_curve
        qtbot.mouseClick(named(panel, "Problem: Classes", QToolButton), LEFT)
        assert document.dataset.n_classes == 2

    def test_there_are_neither_classes_nor_values_to_choose(self, panel, curve, actions, named):
        for name in ("Classes", "Value", "Label noise"):
            assert not named(panel, name, QSlider).isVisible()
        assert not any(action.isEnabled() for action in actions.classes)
        assert not named(panel, "Add Class", QToolButton).isVisible()
        assert named(panel, "Noise", QSlider).isVisible()
        assert "y" in named(panel, "Noise", QSlider).toolTip()

    def test_noise_moves_y_alone(self, panel, curve, named):
        drag_handle(named(panel, "Noise", QSlider), -300)
        without = curve.dataset.points
        np.testing.assert_allclose(without[:, 1], CURVE_UNIT * np.sin(without[:, 0]), atol=1e-9)
        drag_handle(named(panel, "Noise", QSlider), 30)
        with_noise = curve.dataset.points
        np.testing.assert_array_equal(with_noise[:, 0], without[:, 0])
        assert np.abs(with_noise[:, 1] - without[:, 1]).max() > 0.1

    def test_its_points_all_look_alike_in_a_colour_that_stands_for_no_sign(self, panel, curve):
        colours = theme.current()
        assert curve_colour(colours) not in (colours.positive, colours.negative)
        image = panel.findChild(PlaneView, "data_canvas").viewport().grab().toImage()
        seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}
        assert curve_colour(colours).name() in seen
        assert not seen & {colours.classes[0].name(), colours.classes[1].name()}

    @pytest.mark.parametrize("theme_scheme", [Scheme.LIGHT, Scheme.DARK])
    def test_a_click_places_a_point_at_x_and_y(self, panel, document, canvas, theme_scheme):
        theme.manager().set_scheme(theme_scheme)
        document.points.set_kind("curve")
        document.points.clear()
        QTest.mouseClick(canvas.viewport(), LEFT, pos=canvas.from_plane(QPointF(2.0, -1.0 * CURVE_UNIT)).toPoint())
        np.testing.assert_allclose(document.dataset.points, [[2.0, -4.0]], atol=0.1)
        np.testing.assert_allclose(document.dataset.labels, [-1.0], atol=0.03)
        document.changes.undo()
        assert len(document.dataset) == 0
        theme.manager().set_scheme(Scheme.SYSTEM)

    def test_a_stroke_of_the_brush_is_one_step_and_a_drag_moves_the_height_along(self, panel, document, canvas, qtbot):
        document.points.set_kind("curve")
        document.points.clear()
        document.view.set(tool="brush")
        start, end = (canvas.from_plane(QPointF(*place)).toPoint() for place in ((-3.0, 2.0), (3.0, 2.0)))
        QTest.mousePress(canvas.viewport(), LEFT, pos=start)
        QTest.mouseMove(canvas.viewport(), end)
        qtbot.waitUntil(lambda: len(document.dataset) > 3)
        QTest.mouseRelease(canvas.viewport(), LEFT, pos=end)
        assert document.dataset.is_curve
        np.testing.assert_array_equal(document.dataset.labels, document.dataset.points[:, 1] / CURVE_UNIT)
        document.changes.undo()
        assert len(document.dataset) == 0

        document.points.add("one", [[0.0, 0.0]])
        document.view.set(tool="move")
        start, end = (canvas.from_plane(QPointF(*place)).toPoint() for place in ((0.0, 0.0), (1.0, 4.0)))
        QTest.mousePress(canvas.viewport(), LEFT, pos=start)
        QTest.mouseMove(canvas.viewport(), end)
        QTest.mouseRelease(canvas.viewport(), LEFT, pos=end)
        np.testing.assert_allclose(document.dataset.labels, [1.0], atol=0.05)

    def test_what_is_typed_for_y_draws_and_can_be_taken_back(self, panel, curve, named, qtbot):
        qtbot.mouseClick(named(panel, "Data set y = f(x)", QToolButton), LEFT)
        field, before = named(panel, "Rule", QLineEdit), curve.changes.generator_settings.curve_rule
        assert field.isVisible()
        assert field.text() == before
        assert "y =" in texts(panel)
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, "x/10 + 0.5")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert curve.changes.generator_settings.curve_rule == "x/10 + 0.5"
        line = CURVE_UNIT * (curve.dataset.points[:, 0] / 10 + 0.5)
        assert np.median(np.abs(curve.dataset.points[:, 1] - line)) < 1.0, "but for the noise"
        curve.changes.undo()
        assert field.text() == before

    @pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    @pytest.mark.parametrize("text", ["x +", "x2", "x + 100"])
    def test_a_formula_that_is_none_is_refused_with_a_sentence(self, panel, curve, named, qtbot, text):
        qtbot.mouseClick(named(panel, "Data set y = f(x)", QToolButton), LEFT)
        field, before = named(panel, "Rule", QLineEdit), curve.changes.generator_settings
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(said_under(field)))
        assert curve.changes.generator_settings == before
        field.clearFocus()
        assert field.text() == before.curve_rule

    def test_beside_the_canvas_stand_heights(self, curve, canvas):
        axis = canvas.getAxis("left")
        assert axis.tickStrings([CURVE_UNIT], 1.0, CURVE_UNIT) == ["1"]
        curve.points.set_kind("classes")
        assert axis.tickStrings([CURVE_UNIT], 1.0, CURVE_UNIT) == ["4"]


class TestValue:
    @pytest.fixture(autouse=True)
    def _regression(self, document):
        document.points.set_kind("values")

    def test_the_slider_chooses_it(self, panel, document, named):
        drag_handle(named(panel, "Value", QSlider), -60)
        value = document.view.settings.current_value
        assert -1 <= value < 1
        assert named(panel, "Value as a number", NumberBox).value() == value
        assert document.changes.undo_stack.count() == 1, "only the switch to values"

    def test_the_number_is_typed_stepped_and_scrolled(self, panel, document, named, qtbot, wheel):
        box = named(panel, "Value as a number", NumberBox)
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, "-0,35")
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert document.view.settings.current_value == -0.35
        assert named(panel, "Value", QSlider).value() == -35
        qtbot.keyClick(box, Qt.Key.Key_Up)
        assert document.view.settings.current_value == pytest.approx(-0.25)
        wheel(box, QPoint(10, 10), 1)
        assert document.view.settings.current_value == pytest.approx(-0.15)

    @pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    def test_nonsense_is_refused(self, panel, document, named, qtbot):
        box = named(panel, "Value as a number", NumberBox)
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, "3")
        qtbot.keyClick(box, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: said_under(box) == "“3” is not a number from −1 to 1.")
        assert document.view.settings.current_value == 1.0

    def test_the_swatch_has_its_colour(self, panel, document, named):
        slider = named(panel, "Value", QSlider)
        for value in (-1.0, 0.4):
            document.view.set(current_value=value)
            row = slider.parentWidget().grab().toImage()
            assert row.pixelColor(9, row.height() // 2) == value_colour(value, theme.current())

    def test_new_points_get_it(self, panel, document, hand_on):
        document.view.set(current_value=-0.5)
        hand_on(panel.findChild(PlaneView, "data_canvas")).click(1.0, 1.0)
        assert document.dataset.labels[-1] == -0.5


class TestRule:
    @pytest.fixture
    def field(self, panel, document, named):
        document.points.generate(name="rule")
        return named(panel, "Rule", QLineEdit)

    def enter(self, qtbot, field, text):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)

    def test_is_there_for_its_generator_alone(self, field, document):
        assert field.isVisible()
        assert field.text() == document.changes.generator_settings.rule
        document.points.generate(name="circle")
        assert not field.isVisible()

    def test_a_typed_one_draws_and_can_be_taken_back(self, field, document, qtbot):
        before = document.changes.generator_settings.rule, document.dataset
        self.enter(qtbot, field, "x1 - 1")
        assert document.changes.generator_settings.rule == "x1 - 1"
        above = document.dataset.points[:, 1] > document.dataset.points[:, 0] - 1
        assert np.mean(above == document.dataset.labels) > 0.95, "but for the noise"
        assert document.changes.undo_stack.count() == 2
        document.changes.undo()
        assert (document.changes.generator_settings.rule, document.dataset) == before
        assert field.text() == before[0]

    @pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
    def test_a_wrong_one_is_refused_with_the_model_s_sentence(self, field, document, qtbot):
        before = document.changes.generator_settings
        with pytest.raises(ValueError, match="x3") as refusal:
            GeneratorSettings(name="rule", rule="x3 +")
        self.enter(qtbot, field, "x3 +")
        qtbot.waitUntil(lambda: said_under(field) == as_sentence(refusal.value))
        assert field.hasFocus(), "to be mended"
        assert field.text() == "x3 +"
        assert document.changes.generator_settings == before
        field.clearFocus()
        assert field.text() == before.rule


class TestOwnPoints:
    @pytest.fixture
    def own(self, panel, document, canvas_hand):
        """Four points that were clicked."""
        document.points.clear()
        for index, place in enumerate([(-3, -3), (3, 3), (-3, 3), (3, -3)]):
            document.view.set(current_class=index // 2)
            canvas_hand.click(*place)
        return document

    def chosen(self, panel):
        tiles = [tile for tile in panel.findChildren(QToolButton) if tile.accessibleName().startswith("Data set")]
        return [tile.accessibleName()[9:] for tile in tiles if tile.isChecked()]

    def test_no_generator_is_highlighted_and_what_draws_anew_says_so(self, panel, own, named, qtbot):
        assert self.chosen(panel) == []
        assert {"Points anew", "Arms anew"} <= set(texts(panel))
        for name in ("Points", "Classes"):
            assert "this draws others in their place" in plain(named(panel, name, QSlider).toolTip())
        assert "this draws others in their place" in plain(named(panel, "Data seed", QSpinBox).toolTip())
        drag_handle(named(panel, "Points", QSlider), 20)
        assert self.chosen(panel) == ["Spiral"]
        assert "Points" in texts(panel)
        own.changes.undo()
        assert len(own.dataset) == 4
        assert self.chosen(panel) == []

    def test_an_import_highlights_none_and_undo_highlights_again(self, panel, document):
        assert self.chosen(panel) == ["Spiral"]
        document.points.set_data("import", Dataset([[0, 0], [1, 1]], [0, 1]))
        assert self.chosen(panel) == []
        document.changes.undo()
        assert self.chosen(panel) == ["Spiral"]

    def test_noise_is_laid_on_the_points_that_are_there_in_one_step_of_undo(self, panel, own, named):
        before, n_steps = own.dataset, own.changes.undo_stack.count()
        slider = named(panel, "Noise", QSlider)
        assert slider.value() == 0
        assert "laid on the points that are there" in plain(slider.toolTip())
        drag_handle(slider, 25)
        assert len(own.dataset) == 4
        moved = np.abs(own.dataset.points - before.points)
        assert 0 < moved.max() < 2
        assert slider.value() > 0
        assert own.changes.undo_stack.count() == n_steps + 1
        drag_handle(slider, -200)
        assert own.dataset == before
        drag_handle(named(panel, "Label noise", QSlider), 300)
        assert np.count_nonzero(own.dataset.labels != before.labels) == 2
        own.changes.undo()
        own.changes.undo()
        own.changes.undo()
        assert own.dataset == before


def test_minus_removes_the_last_class_and_says_what_goes(panel, document, named, qtbot):
    document.view.set(current_class=0)
    minus = named(panel, "Remove Last Class", QToolButton)
    assert "Remove class C with its 80 points" in plain(minus.toolTip())
    last = document.dataset.points[document.dataset.labels == 2]
    qtbot.mouseClick(minus, LEFT)
    assert document.dataset.class_counts.tolist() == [80, 80]
    assert not np.isin(document.dataset.points, last).all(axis=1).any()


class TestClasses:
    def test_chips_show_colour_and_count_and_choose(self, panel, document, named, qtbot):
        chip = named(panel, "Class B, 80 points", QToolButton)
        assert chip.text() == "B 80"
        image = chip.icon().pixmap(12, 12).toImage()
        assert image.pixelColor(6, 6) == theme.current().classes[1]
        qtbot.mouseClick(chip, LEFT)
        assert document.view.settings.current_class == 1
        assert chip.isChecked()

    def test_plus_and_minus(self, panel, document, named, qtbot):
        qtbot.mouseClick(named(panel, "Add Class", QToolButton), LEFT)
        assert document.dataset.n_classes == 4
        assert named(panel, "Class D, 0 points").isVisible()
        qtbot.mouseClick(named(panel, "Remove Last Class", QToolButton), LEFT)
        assert document.dataset.n_classes == 3

    def test_eight_fit(self, panel, document, named):
        for _ in range(5):
            document.points.add_class()
        QApplication.processEvents()
        chips = [named(panel, f"Class {letter}, 0 points") for letter in "DEFGH"]
        assert all(chip.isVisible() and is_inside(panel, chip) for chip in chips)
        assert len({chip.y() for chip in chips}) == 1, "in one row"
        assert chips[-1].text() == "H"
        assert not named(panel, "Add Class", QToolButton).isVisible()
        assert named(panel, "Remove Last Class", QToolButton).isVisible()

    def test_new_points_are_learned_unless_one_asks_for_test_points(self, panel, document, named, qtbot, canvas_hand):
        document.points.clear()
        canvas_hand.click(1.0, 1.0)
        qtbot.mouseClick(named(panel, "New points: test", QToolButton), LEFT)
        canvas_hand.click(-1.0, 1.0)
        document.view.set(tool="brush")
        canvas_hand.click(3.0, -3.0)
        assert document.dataset.is_test.tolist() == [False, True, True]
        assert "2 for testing" in texts(panel)
        qtbot.mouseClick(named(panel, "New points: train", QToolButton), LEFT)
        canvas_hand.click(-3.0, 3.0)
        assert not document.dataset.is_test[-1]

    def test_the_summary_says_how_many_are_for_testing_where_there_is_room(self, panel, document):
        panel.resize(480, panel.height())
        assert "240 points, 72 for testing" in texts(panel)

    def test_three_classes_have_room_for_their_counts_in_the_narrowest_card(self, panel):
        panel.resize(276, panel.height())
        QApplication.processEvents()
        chips = [button for button in panel.findChildren(QToolButton) if button.accessibleName().startswith("Class ")]
        assert [chip.text() for chip in chips[:3]] == ["A 80", "B 80", "C 80"]

    def test_the_summary_counts(self, panel, document):
        panel.resize(350, panel.height())
        assert "240 points" in texts(panel)
        document.changes.edit_points("one", ReplaceAll(Dataset([[0, 0]], [0])))
        assert "1 point" in texts(panel)
        (summary,) = [label for label in panel.findChildren(QLabel) if label.text() == "1 point"]
        assert summary.toolTip() == "1 training point and 0 test points, in 2 classes."
        document.points.clear()
        assert "0 points" in texts(panel)
        document.points.generate(name="sine")
        assert summary.toolTip() == "168 training points and 72 test points, with values."
        document.points.generate(name="parabola")
        assert summary.toolTip() == "168 training points and 72 test points, of a curve."

    def test_who_looks_back_reads_how_many_points_there_were(self, panel, document, answered, qtbot):
        panel.resize(480, panel.height())
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step >= 100)
        document.run.set_playing(False)
        answered(document)
        document.points.clear()
        document.points.add("place point", [[1.0, 1.0]])
        chips = [button for button in panel.findChildren(QToolButton) if button.accessibleName().startswith("Class ")]
        assert "1 point, 0 for testing" in texts(panel)
        assert [chip.text().split() for chip in chips[:3]] == [["A", "1"], ["B", "0"], ["C", "0"]]
        document.run.look_back(1)
        assert {"240 points, 72 for testing", "72 for testing"} <= set(texts(panel))
        assert [chip.text().split() for chip in chips[:3]] == [["A", "80"], ["B", "80"], ["C", "80"]]
        document.run.look_at_present()
        assert "1 point, 0 for testing" in texts(panel)
        document.run.look_back(1)
        document.points.set_kind("values")
        document.run.look_back(1)
        assert "240 points, 72 for testing" in texts(panel)

    @pytest.mark.parametrize("kind", PROBLEM_KINDS)
    def test_where_the_panel_is_narrow_the_kinds_are_read_and_the_count_is_a_number(self, panel, document, named, kind):
        document.points.set_kind(kind)
        panel.resize(304, panel.height())
        QApplication.processEvents()
        assert "240" in texts(panel)
        for other in PROBLEM_KINDS:
            button = named(panel, f"Problem: {other.capitalize()}", QToolButton)
            assert button.width() >= button.sizeHint().width()


class TestSliders:
    @pytest.mark.parametrize("name", ["Points", "Classes", "Noise", "Label noise", "Training share"])
    def test_a_drag_is_one_step_of_undo(self, panel, document, named, name):
        before = document.dataset, document.changes.generator_settings
        drag_handle(named(panel, name, QSlider), 25 if name == "Label noise" else -25)

        assert (document.dataset, document.changes.generator_settings) != before
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        assert (document.dataset, document.changes.generator_settings) == before

    def test_two_drags_are_two_steps(self, panel, document, named):
        drag_handle(named(panel, "Noise", QSlider), 20)
        drag_handle(named(panel, "Noise", QSlider), 20)
        assert document.changes.undo_stack.count() == 2

    def test_a_click_into_the_groove_leads_there_and_is_one_step(self, panel, document, named):
        slider = named(panel, "Noise", QSlider)
        place = QPoint(slider.width() * 3 // 4, slider.height() // 2)
        QTest.mouseClick(slider, LEFT, pos=place)

        assert abs(handle_of(slider).x() - place.x()) < 6
        assert document.changes.undo_stack.count() == 1

    def test_each_shows_its_value(self, panel, document):
        document.points.generate(n_points=1000, noise=0.3, n_classes=4)
        document.points.set_training_share(0.55)
        assert {"1,000", "0.3", "4", "55%"} <= set(numbers(panel))

    @pytest.mark.parametrize(
        ("generator", "name", "text", "tip"),
        [
            ("spiral", "Label noise", "20%", "share of the points"),
            ("sine", "Value noise", "0.2", "Standard deviation"),
        ],
    )
    def test_label_noise_says_what_it_is(self, panel, document, named, generator, name, text, tip):
        document.points.generate(name=generator, label_noise=0.2)
        slider = named(panel, name, QSlider)
        assert slider.value() == 20
        assert text in numbers(panel)
        assert tip in slider.toolTip().replace("\n", " ")

    @pytest.mark.parametrize(
        ("name", "typed", "setting", "value"),
        [
            ("Points", "237", "n_points", 237),
            ("Points", "1,234", "n_points", 1234),
            ("Arms", "4", "n_classes", 4),
            ("Noise", "0,175", "noise", 0.175),
            ("Label noise", "12.5%", "label_noise", 0.125),
            ("Label noise", "7", "label_noise", 0.07),
            ("Training share", "66.6 %", "training_share", 0.666),
        ],
    )
    def test_each_can_be_typed(self, panel, document, named, qtbot, name, typed, setting, value):
        box = named(panel, "Classes" if name == "Arms" else name, QAbstractSpinBox)
        qtbot.mouseClick(box.lineEdit(), LEFT)
        box.selectAll()
        qtbot.keyClicks(box, typed)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert getattr(document.changes.generator_settings, setting) == pytest.approx(value)
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        assert box.text() == box.textFromValue(box.value())
        assert getattr(document.changes.generator_settings, setting) == getattr(GeneratorSettings(), setting)

    def test_a_spiral_has_arms(self, panel, document):
        assert "Arms" in texts(panel)
        document.points.generate(name="rings")
        assert "Classes" in texts(panel)

    def test_what_cannot_be_chosen_is_not_shown(self, panel, document, named):
        document.points.generate(name="circle")
        assert not named(panel, "Classes", QSlider).isVisible()
        assert document.dataset.n_classes == 2

    def test_the_brush_has_its_own_while_it_is_chosen(self, panel, document, named):
        radius, density = (named(panel, f"Brush {name}", QSlider) for name in ("radius", "rate"))
        assert not radius.isVisible()
        document.view.set(tool="erase")
        assert radius.isVisible()
        assert not density.isVisible()
        document.view.set(tool="brush")
        assert density.isVisible()
        radius.setValue(13)
        density.setValue(95)
        assert (document.view.settings.brush_radius, document.view.settings.brush_density) == (1.5, 100.0)
        assert {"1.5", "100/s"} <= set(numbers(panel))
        assert not document.changes.undo_stack.canUndo(), "how one draws is not part of undo"

    def test_the_wheel_turns_only_the_one_with_the_focus(self, panel, document, named, wheel):
        slider = named(panel, "Noise", QSlider)
        panel.setFocus()
        wheel(slider, QPoint(20, 10), 1)
        assert document.changes.generator_settings.noise == 0.15
        slider.setFocus()
        wheel(slider, QPoint(20, 10), 1)
        assert document.changes.generator_settings.noise != 0.15


class TestSeed:
    def test_typed_it_draws_another_data_set(self, panel, document, named, qtbot):
        before = document.dataset
        box = named(panel, "Data seed", QSpinBox)
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, "42")
        assert document.dataset == before, "not while it is typed"
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert document.changes.generator_settings.seed == 42
        assert document.dataset != before
        assert document.changes.undo_stack.count() == 1

    def test_regenerate_takes_the_next(self, panel, document, named, qtbot):
        qtbot.mouseClick(named(panel, "Regenerate", QToolButton), LEFT)
        assert named(panel, "Data seed", QSpinBox).value() == 1


class TestCanvas:
    @pytest.mark.parametrize(("width", "height"), [(330, 560), (420, 620), (900, 700)])
    def test_is_a_square_where_the_height_is_less_than_the_width(self, panel, qtbot, width, height):
        panel.resize(width, height)
        view = panel.findChild(PlaneView, "data_canvas")
        qtbot.waitUntil(lambda: view.width() == view.height() + 16 <= width - 26)
        assert view.box.width() == pytest.approx(view.box.height(), abs=12)
        assert view.plane.x_max == pytest.approx(6, abs=0.3)

    @pytest.mark.parametrize("size", [(330, 1000), (540, 1250)])
    def test_leaves_no_hole_in_a_large_panel(self, panel, named, qtbot, size):
        panel.resize(*size)
        view, last = panel.findChild(PlaneView, "data_canvas"), named(panel, "Regenerate", QToolButton)
        qtbot.waitUntil(lambda: panel.height() - last.mapTo(panel, last.rect().bottomLeft()).y() < 20)
        assert view.width() == size[0] - 26
        assert view.plane.x_max == pytest.approx(6, abs=0.3)

    def test_the_pictures_of_the_gallery_grow_with_it(self, panel, named, qtbot):
        tile = named(panel, "Data set Spiral", QToolButton)
        height = tile.height()
        panel.resize(540, 1250)
        qtbot.waitUntil(lambda: tile.height() > height + 10)
        assert tile.iconSize().height() > height

    def test_points_change_with_the_data(self, panel, document):
        view = panel.findChild(PlaneView, "data_canvas")
        images = [view.grab().toImage()]
        for change in (
            document.points.regenerate,
            document.points.select_all,
            document.points.clear,
            document.changes.undo,
        ):
            change()
            images.append(view.grab().toImage())
        assert all(first != second for first, second in pairwise(images))

    def test_both_themes(self, panel):
        try:
            for scheme in (Scheme.DARK, Scheme.LIGHT):
                theme.manager().set_scheme(scheme)
                image = panel.grab().toImage()
                assert image.pixelColor(8, 60) == theme.current().panel
        finally:
            theme.manager().set_scheme(Scheme.SYSTEM)


class TestUnits:
    @pytest.fixture
    def own(self, document):
        """Let a person have points on axes of these units."""

        def show(*units):
            names = ("length", "width", "heat")
            naming = Naming(*(Axis(name, 5.0, unit) for name, unit in zip(names, units, strict=True)))
            points = np.random.default_rng(0).uniform(-4, 4, (20, 2))
            document.points.set_kind("values")
            document.changes.edit_points("own", ReplaceAll(Dataset(points, np.linspace(-1, 1, 20), naming=naming)))

        return show

    @pytest.mark.parametrize("unit", [0.1, 2.5, 100.0])
    def test_what_is_as_long_in_both_ways_is_typed_in_the_persons_units(self, panel, document, own, named, qtbot, unit):
        own(unit, unit, 48.0)
        document.view.set(tool="brush", brush_radius=1.25)
        radius, noise = (named(panel, name, NumberBox) for name in ("Brush radius", "Noise"))
        assert radius.number() == pytest.approx(1.25 * unit, rel=0.01)
        assert radius.fontMetrics().horizontalAdvance(radius.text()) <= radius.findChild(QLineEdit).width()
        for field, value in ((radius, 2.0), (noise, 0.5)):
            field.selectAll()
            qtbot.keyClicks(field, f"{value * unit:g}")
            qtbot.keyClick(field, Qt.Key.Key_Return)
        assert document.view.settings.brush_radius == pytest.approx(2.0)
        assert document.points.noise[0] == pytest.approx(0.5)
        assert "plane" not in radius.toolTip()

    def test_what_is_not_says_that_it_is_of_the_plane_and_how_long_that_is(self, panel, document, own, named):
        own(0.6, 12.0, 48.0)
        document.view.set(tool="brush", brush_radius=1.25)
        for name in ("Brush radius", "Noise"):
            tip = plain(named(panel, name, NumberBox).toolTip())
            assert "In units of the plane: 1 is 0.6 of length and 12 of width." in tip
        assert named(panel, "Brush radius", NumberBox).number() == 1.25

    def test_noise_on_values_is_in_their_units(self, panel, document, own, named, qtbot):
        own(0.6, 12.0, 48.0)
        field = named(panel, "Value noise", NumberBox)
        field.selectAll()
        qtbot.keyClicks(field, "4,8")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        assert document.points.noise[1] == pytest.approx(0.1)
        assert field.number() == pytest.approx(4.8)
        document.points.generate(name=GeneratorSettings().name)
        document.points.set_kind("values")
        assert named(panel, "Noise", NumberBox).toolTip().count("plane") == 0
