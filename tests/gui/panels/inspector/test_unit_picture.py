import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QWidget

from gui.document.view import known_view
from gui.items.space.camera import Camera
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.inspector.unit_space import UnitSpace
from model.network.parts import Unit

LEFT, NO_MODIFIER = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def panel(document, probed, actions, show):
    parts = document.run, document.changes, document.network, document.view, document.probe, probed, actions
    document.view.select(Unit(1, 2))
    return show(InspectorPanel(*parts), 760, 230)


@pytest.fixture
def space(panel, named, qtbot):
    """The map after a click on 3D."""
    qtbot.mouseClick(named(panel, "Map in 3D", QToolButton), LEFT)
    view = panel.findChild(UnitSpace, "unit_space")
    qtbot.waitUntil(view.isVisible)
    return view


def picture(view):
    return view.grab().toImage()


def test_a_button_shows_the_neuron_as_a_surface_and_another_click_its_map(panel, space, document, named, qtbot):
    assert document.view.settings.map_in_space
    assert not panel.findChild(QWidget, "unit_map").isVisible()
    qtbot.mouseClick(named(panel, "Map in 3D", QToolButton), LEFT)
    assert panel.findChild(QWidget, "unit_map").isVisible()
    assert not space.isVisible()
    assert known_view({"map_in_space": True})["map_in_space"]


def test_it_is_that_of_the_selected_neuron_and_follows_the_training(space, document, qtbot):
    first = picture(space)
    document.view.select(Unit(1, 4))
    qtbot.waitUntil(lambda: picture(space) != first)
    document.view.select(Unit(1, 2))
    qtbot.waitUntil(lambda: picture(space) == first)
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step > 200)
    document.run.set_playing(False)
    qtbot.waitUntil(lambda: picture(space) != first)


def test_it_is_turned_by_the_mouse_and_marks_the_probe(space, document):
    first, middle = picture(space), space.rect().center()
    document.probe.pin((2.0, 1.0))
    assert picture(space) != first
    document.probe.release()
    assert picture(space) == first
    QTest.mousePress(space, LEFT, NO_MODIFIER, middle)
    QTest.mouseMove(space, middle + QPoint(30, 5))
    QTest.mouseRelease(space, LEFT, NO_MODIFIER, middle + QPoint(30, 5))
    assert space.camera != Camera()
    assert picture(space) != first
    QTest.mouseDClick(space, LEFT, NO_MODIFIER, middle)
    assert picture(space) == first


def test_a_curve_has_no_surface(panel, space, document, answered, named):
    document.points.set_kind("curve")
    answered(document)
    document.view.select(Unit(1, 0))
    assert panel.findChild(QWidget, "unit_map").isVisible()
    assert not space.isVisible()
    button = panel.findChild(QWidget, "unit_map").parentWidget().findChild(QToolButton)
    assert not button.isVisible()


def test_numbers_that_are_not_finite_are_a_sentence(space, document, answered):
    for position in range(document.network_settings.n_parameters):
        document.network.set_parameter(position, 1e308)
    answered(document)
    assert not space.grab().isNull()
