from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QSlider, QSpinBox, QStyle, QStyleOptionSlider, QToolButton

from gui import theme
from gui.items.plane_view import PlaneView
from gui.panels.data import DataPanel
from gui.theme import Scheme
from model import Dataset
from model.edits import ReplaceAll
from model.generators import GENERATORS

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, actions, show):
    return show(DataPanel(document, actions), 330, 760)


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


class TestGallery:
    @pytest.mark.parametrize("name", GENERATORS)
    def test_a_click_draws_the_data_set(self, panel, document, named, qtbot, name):
        button = named(panel, f"Data set {GENERATORS[name].label}", QToolButton)
        qtbot.mouseClick(button, LEFT)

        assert document.generator_settings.name == name
        assert button.isChecked()
        checked = [other.accessibleName() for other in panel.findChildren(QToolButton) if other.isChecked()]
        assert len([other for other in checked if other.startswith("Data set")]) == 1
        assert GENERATORS[name].tip in button.toolTip()

    def test_a_second_click_keeps_it_chosen(self, panel, document, named, qtbot):
        button = named(panel, "Data set Spiral", QToolButton)
        qtbot.mouseClick(button, LEFT)
        assert button.isChecked()

    def test_each_has_a_thumbnail_of_its_own(self, panel, named):
        icons = [named(panel, f"Data set {entry.label}", QToolButton).icon() for entry in GENERATORS.values()]
        images = [icon.pixmap(34, 34).toImage() for icon in icons]
        assert not any(image.isNull() for image in images)
        assert all(first != second for index, first in enumerate(images) for second in images[:index])


class TestClasses:
    def test_chips_show_colour_and_count_and_choose(self, panel, document, named, qtbot):
        chip = named(panel, "Class B, 80 points", QToolButton)
        assert chip.text() == "B  80"
        image = chip.icon().pixmap(12, 12).toImage()
        assert image.pixelColor(6, 6) == theme.current().classes[1]
        qtbot.mouseClick(chip, LEFT)
        assert document.view.current_class == 1
        assert chip.isChecked()

    def test_plus_and_minus(self, panel, document, named, qtbot):
        qtbot.mouseClick(named(panel, "Add Class", QToolButton), LEFT)
        assert document.dataset.n_classes == 4
        assert named(panel, "Class D, 0 points").isVisible()
        qtbot.mouseClick(named(panel, "Remove Current Class", QToolButton), LEFT)
        assert document.dataset.n_classes == 3

    def test_eight_fit(self, panel, document, named):
        for _ in range(5):
            document.add_class()
        QApplication.processEvents()
        for letter in "DEFGH":
            chip = named(panel, f"Class {letter}, 0 points")
            assert chip.isVisible()
            assert panel.rect().contains(chip.geometry().translated(chip.parentWidget().mapTo(panel, QPoint())))

    def test_the_summary_counts(self, panel, document):
        assert "240 points · 3 classes" in texts(panel)
        document.edit_points("one", ReplaceAll(Dataset([[0, 0]], [0])))
        assert "1 point · 2 classes" in texts(panel)
        document.clear_points()
        assert "0 points · 2 classes" in texts(panel)


class TestSliders:
    @pytest.mark.parametrize("name", ["Points", "Classes", "Noise", "Training share"])
    def test_a_drag_is_one_step_of_undo(self, panel, document, named, name):
        before = document.dataset, document.generator_settings
        drag_handle(named(panel, name, QSlider), -25)

        assert (document.dataset, document.generator_settings) != before
        assert document.undo_stack.count() == 1
        document.undo()
        assert (document.dataset, document.generator_settings) == before

    def test_two_drags_are_two_steps(self, panel, document, named):
        drag_handle(named(panel, "Noise", QSlider), 20)
        drag_handle(named(panel, "Noise", QSlider), 20)
        assert document.undo_stack.count() == 2

    def test_a_click_into_the_groove_leads_there_and_is_one_step(self, panel, document, named):
        slider = named(panel, "Noise", QSlider)
        place = QPoint(slider.width() * 3 // 4, slider.height() // 2)
        QTest.mouseClick(slider, LEFT, pos=place)

        assert abs(handle_of(slider).x() - place.x()) < 6
        assert document.undo_stack.count() == 1

    def test_each_shows_its_value(self, panel, document):
        document.generate(n_points=1000, noise=0.3, n_classes=4)
        document.set_training_share(0.55)
        assert {"1,000", "0.30", "4", "55 %"} <= set(texts(panel))

    def test_a_spiral_has_arms(self, panel, document):
        assert "Arms" in texts(panel)
        document.generate(name="rings")
        assert "Classes" in texts(panel)

    def test_what_cannot_be_chosen_is_not_shown(self, panel, document, named):
        document.generate(name="circle")
        assert not named(panel, "Classes", QSlider).isVisible()
        assert document.dataset.n_classes == 2

    def test_the_brush_has_its_own_while_it_is_chosen(self, panel, document, named):
        radius, density = (named(panel, f"Brush {name}", QSlider) for name in ("radius", "density"))
        assert not radius.isVisible()
        document.set_view(tool="erase")
        assert radius.isVisible()
        assert not density.isVisible()
        document.set_view(tool="brush")
        assert density.isVisible()
        radius.setValue(15)
        density.setValue(100)
        assert (document.view.brush_radius, document.view.brush_density) == (1.5, 100.0)
        assert {"1.5", "100/s"} <= set(texts(panel))
        assert not document.undo_stack.canUndo(), "how one draws is not part of undo"

    def test_the_wheel_turns_only_the_one_with_the_focus(self, panel, document, named, wheel):
        slider = named(panel, "Noise", QSlider)
        panel.setFocus()
        wheel(slider, QPoint(20, 10), 1)
        assert document.generator_settings.noise == 0.15
        slider.setFocus()
        wheel(slider, QPoint(20, 10), 1)
        assert document.generator_settings.noise != 0.15


class TestSeed:
    def test_typed_it_draws_another_data_set(self, panel, document, named, qtbot):
        before = document.dataset
        box = named(panel, "Data seed", QSpinBox)
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, "42")
        assert document.dataset == before, "not while it is typed"
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert document.generator_settings.seed == 42
        assert document.dataset != before
        assert document.undo_stack.count() == 1

    def test_regenerate_takes_the_next(self, panel, document, named, qtbot):
        qtbot.mouseClick(named(panel, "Regenerate", QToolButton), LEFT)
        assert named(panel, "Data seed", QSpinBox).value() == 1


class TestCanvas:
    @pytest.mark.parametrize("width", [310, 330, 420, 600])
    def test_is_a_square_of_the_panels_width(self, panel, qtbot, width):
        panel.resize(width, 1000)
        view = panel.findChild(PlaneView, "data_canvas")
        qtbot.waitUntil(lambda: view.width() == width - 26)
        assert view.box.width() == pytest.approx(view.box.height(), abs=12)
        assert view.plane.x_max == pytest.approx(6, abs=0.3)

    def test_points_change_with_the_data(self, panel, document):
        view = panel.findChild(PlaneView, "data_canvas")
        images = [view.grab().toImage()]
        for change in (document.regenerate, document.select_all, document.clear_points, document.undo):
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
