"""Colours, slices and reach of the output in 3D, as somebody chooses them."""

import json
from dataclasses import asdict

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QToolButton, QWidget

from gui.document.looks import MOST_SLICES, reach_for
from gui.document.view import ViewSettings, known_view
from gui.items.space.output import CAMERAS, SpaceOutput
from gui.panels.output.panel import OutputPanel
from model.network.parts import Unit, bias_position
from model.run.snapshot import Plane
from tests.gui.refusals import said_under

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(document, show):
    parts = document.run, document.changes, document.points, document.view, document.probe, document.pins
    return show(OutputPanel(*parts), 620, 560)


@pytest.fixture
def space(panel, document, answered):
    document.view.set(in_space=True)
    answered(document)
    view = panel.findChild(SpaceOutput, "output_space")
    view.grab()
    return view


@pytest.fixture
def choose(panel, named):
    def choose(name, text):
        box = named(panel, name, QComboBox)
        box.setCurrentText(text)
        box.activated.emit(box.currentIndex())

    return choose


def picture(view):
    return view.grab().toImage()


class TestSlices:
    def test_a_button_cuts_the_surface_and_puts_it_together_again(self, panel, space, document, named, qtbot):
        whole, button = picture(space), named(panel, "Slices", QToolButton)
        qtbot.mouseClick(button, LEFT)
        assert document.view.settings.slices == (0.0,)
        assert named(panel, "Slices at x₂", QLineEdit).text() == "0"
        assert picture(space) != whole
        qtbot.mouseClick(button, LEFT)
        assert document.view.settings.slices == ()
        assert not named(panel, "Slices at x₂", QLineEdit).isVisible()
        assert picture(space) == whole

    def test_they_come_one_by_one_and_go(self, panel, space, document, named, qtbot):
        qtbot.mouseClick(named(panel, "Slices", QToolButton), LEFT)
        pictures = [picture(space)]
        for n_slices in (2, 3, 4):
            qtbot.mouseClick(named(panel, "Add a slice", QToolButton), LEFT)
            assert len(document.view.settings.slices) == n_slices
            pictures.append(picture(space))
        assert all(one != other for one, other in zip(pictures[1:], pictures[:-1], strict=True))
        qtbot.mouseClick(named(panel, "Remove a slice", QToolButton), LEFT)
        assert picture(space) == pictures[2]
        document.view.set(slices=tuple(np.linspace(-6, 6, MOST_SLICES).tolist()))
        assert not named(panel, "Add a slice", QToolButton).isEnabled()
        assert not space.grab().isNull()

    def test_a_list_is_typed_and_the_reach_grows_until_all_are_seen(self, panel, space, document, named, qtbot):
        document.view.set(slices=(0.0,))
        field = named(panel, "Slices at x₂", QLineEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, "10, 5, 0, -1, -5, -10")
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert document.view.settings.slices == (10, 5, 0, -1, -5, -10)
        assert document.view.settings.reach == 10.0
        qtbot.waitUntil(lambda: document.displayed.surface.plane == Plane(-10, 10, -10, 10))

    def test_what_is_no_list_is_refused_with_a_sentence(self, panel, space, document, named, qtbot):
        document.view.set(slices=(0.0, 2.0))
        field = named(panel, "Slices at x₂", QLineEdit)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, "1, many")
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: said_under(field).startswith("“many” is no number"))
        assert document.view.settings.slices == (0.0, 2.0)
        assert field.text() == "0, 2"

    def test_the_surface_behind_them_is_left_away(self, panel, space, document, named):
        document.view.set(slices=(0.0,))
        with_surface = picture(space)
        named(panel, "Surface behind its slices", QCheckBox).click()
        assert not document.view.settings.sliced_surface
        assert picture(space) != with_surface

    def test_they_follow_the_training(self, space, document, qtbot):
        document.view.set(slices=(0.0, 2.0), sliced_surface=False)
        first = picture(space)
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        qtbot.waitUntil(lambda: picture(space) != first)


class TestColours:
    def test_each_choice_looks_different_for_a_layer(self, panel, space, document, choose):
        document.view.select(Unit(1, 0))
        choose("Height", "Layer: a")
        pictures = []
        for text, key in (("Own colors", "own"), ("By height", "height"), ("By nearest point", "class")):
            choose("Colors", text)
            assert document.view.settings.colouring == key
            pictures.append(picture(space))
        assert pictures[0] != pictures[1] != pictures[2] != pictures[0]

    @pytest.mark.parametrize(
        ("text", "key"), [("Neuron: z and a", "neuron_za"), ("Layer: a", "layer_a"), ("Layer: z", "layer_z")]
    )
    def test_several_surfaces_of_the_selected_neuron_s_layer(self, panel, space, document, choose, text, key):
        plain = picture(space)
        document.view.select(Unit(2, 0))
        choose("Height", text)
        assert document.view.settings.height == key
        assert picture(space) != plain
        document.view.select(None)
        assert picture(space) == plain


class TestLeftOut:
    @pytest.mark.parametrize("look", [{"height": "layer_a"}, {"height": "neuron_z"}, {"colouring": "height"}])
    def test_its_bar_stands_back_while_neurons_are_shown(self, panel, space, document, answered, look):
        document.view.leave_out(Unit(1, 1))
        answered(document)
        bar = panel.findChild(QWidget, "left_out")
        assert bar.isVisible()
        document.view.select(Unit(1, 0))
        document.view.set(**{"height": "neuron_a", **look})
        assert not bar.isVisible()
        document.view.set(height="likeliest")
        assert bar.isVisible()


class TestRemembered:
    def test_a_file_keeps_what_was_chosen(self):
        chosen = ViewSettings(height="layer_z", colouring="class", slices=(0.0, -1.5), sliced_surface=False, reach=10.0)
        known = known_view(json.loads(json.dumps(asdict(chosen))))
        assert ViewSettings(**known) == chosen

    @pytest.mark.parametrize(
        "slices", ["0", 3, [None], ["1"], [float("nan")], [1e9], [0.0] * (MOST_SLICES + 1), {"x": 1}, []]
    )
    def test_slices_that_cannot_be_are_not_taken_from_a_file(self, slices):
        assert "slices" not in known_view({"slices": slices})
        assert "reach" not in known_view({"reach": 7.0})
        assert "colouring" not in known_view({"colouring": "pretty"})

    def test_the_reach_never_shrinks(self):
        assert reach_for((3.0,), 10.0) == 10.0
        assert reach_for((3.0, -26.0), 6.0) == 50.0
        assert reach_for((), 6.0) == 6.0


class TestPinned:
    def test_boundaries_of_a_pinned_run_lie_on_the_surface(self, space, document, answered):
        document.points.clear()
        answered(document)
        document.pins.pin()
        document.network.set_parameter(bias_position(document.network_settings, Unit(3, 0)), 1.0)
        answered(document)
        with_both = picture(space)
        document.pins.unpin(document.pins.runs[0])
        assert picture(space) != with_both


@pytest.mark.parametrize("title", CAMERAS)
def test_slices_are_seen_from_everywhere(space, document, title):
    document.view.set(slices=(0.0, 3.0), sliced_surface=False)
    space.look_from(CAMERAS[title][0])
    assert not space.grab().isNull()
