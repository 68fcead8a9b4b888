"""The page of the landscape as a person uses it, in the loss panel and in a window of its own."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QToolButton

from gui.dialogs.landscape import LandscapeDialog
from gui.items.landscape.page import LandscapePage
from gui.items.landscape.scene import loss_at
from gui.widgets.fields import NumberBox, Slider
from model.types import readable

with_popups = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT, NO_MODIFIER = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture(params=["card", "window"])
def page(request, document, actions, answered, qtbot):
    answered(document)
    enlarge = actions["loss_landscape"] if request.param == "card" else None
    page = LandscapePage(document.landscape, document.run, document.view, document.network, enlarge)
    qtbot.addWidget(page)
    page.resize(420, 340)
    with qtbot.waitExposed(page):
        page.show()
    return page


@pytest.fixture
def complete(document, page, qtbot):
    """Wait until the landscape is there in full, and shown."""

    def wait():
        part = document.landscape
        qtbot.waitUntil(lambda: part.is_settled and part.landscape is not None and part.landscape.is_finest)
        qtbot.waitUntil(lambda: page.shown.scene is not None and page.shown.scene.landscape is part.landscape)
        page.grab()
        return part.landscape

    return wait


def text_of(page):
    return page.findChild(QLabel, "landscape_text").accessibleName()


def hover(page, place):
    """Move the mouse over a place of the plane, and return which it is to the pixel."""
    pixel = page.flat.on_page(place).toPoint()
    QTest.mouseMove(page.flat, pixel - QPoint(3, 3))
    QTest.mouseMove(page.flat, pixel)
    return page.flat.place_at(pixel.toPointF())


def choose(menu, text):
    (action,) = [action for action in menu.actions() if action.text() == text]
    action.trigger()
    menu.close()


def open_menu(page, pixel, qtbot):
    menu = next(menu for menu in page.findChildren(QMenu) if menu.parent() is page)
    reason = QContextMenuEvent.Reason.Mouse
    QApplication.sendEvent(page.flat, QContextMenuEvent(reason, pixel, page.flat.mapToGlobal(pixel)))
    qtbot.waitUntil(menu.isVisible)
    return menu


def test_it_is_computed_while_it_is_seen(page, document, complete, qtbot):
    complete()
    page.hide()
    before = document.landscape.landscape
    document.view.set(landscape_seed=3)
    assert document.landscape.landscape is before
    page.show()
    qtbot.waitUntil(lambda: document.landscape.landscape is not before)
    assert "% of the gradient" in text_of(page)


def test_the_mouse_tells_the_loss_at_a_place(page, document, complete, qtbot):
    made = complete()
    place = hover(page, (0.4, -0.3))
    expected = readable(f"loss ≈ {loss_at(made, place):.3g} at ({place[0]:.3g}, {place[1]:.3g})")
    qtbot.waitUntil(lambda: text_of(page) == expected)
    assert page.flat.accessibleDescription() == expected


def test_the_keys_tell_it_too_and_show_more_or_less(page, document, complete, qtbot):
    made = complete()
    page.flat.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(page.flat, Qt.Key.Key_Right)
    qtbot.keyClick(page.flat, Qt.Key.Key_Up, Qt.KeyboardModifier.ShiftModifier)
    extent = made.extent
    x, y = (extent.x_max - extent.x_min) / 40, 8 * (extent.y_max - extent.y_min) / 40
    assert text_of(page).endswith(readable(f"at ({x:.3g}, {y:.3g})"))
    qtbot.keyClick(page.flat, Qt.Key.Key_Minus)
    np.testing.assert_allclose(document.view.settings.landscape_reach, 1.25)
    qtbot.keyClick(page.flat, Qt.Key.Key_Plus)
    qtbot.keyClick(page.flat, Qt.Key.Key_Plus)
    np.testing.assert_allclose(document.view.settings.landscape_reach, 0.8)
    qtbot.keyClick(page.flat, Qt.Key.Key_0)
    assert document.view.settings.landscape_reach == 1.0


def test_the_wheel_and_the_slider_show_more_or_less(page, document, complete, named, wheel, qtbot):
    before = complete().extent
    wheel(page.flat, QPoint(200, 150), -2)
    assert document.view.settings.landscape_reach > 1.2
    assert complete().extent.x_max > before.x_max
    slider = named(page, "Range of the landscape", Slider)
    QTest.mouseClick(slider, LEFT, NO_MODIFIER, QPoint(2, slider.height() // 2))
    assert document.view.settings.landscape_reach < 0.1
    assert complete().extent.x_max < before.x_max / 2


def test_the_range_is_typed_too(page, document, complete, named, qtbot):
    before = complete().extent
    field = named(page, "Range of the landscape as a number", NumberBox)
    assert field.text() == "1×"
    field.selectAll()
    qtbot.keyClicks(field, "2,5")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert document.view.settings.landscape_reach == 2.5
    assert complete().extent.x_max == pytest.approx(2.5 * before.x_max, rel=0.1)
    assert field.text() == "2.5×"
    field.selectAll()
    qtbot.keyClicks(field, "3x")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert document.view.settings.landscape_reach == 3.0
    assert field.text() == "3×"


def test_a_narrow_card_has_the_range_as_a_field_alone(page, named):
    page.resize(280, 340)
    assert named(page, "Range of the landscape", Slider).isVisible() == page._is_roomy
    assert named(page, "Range of the landscape as a number", NumberBox).isVisible()
    page.resize(420, 340)
    assert named(page, "Range of the landscape", Slider).isVisible()


def test_the_directions_are_chosen_with_the_keyboard(page, document, complete, named, qtbot):
    complete()
    box = named(page, "Directions of the landscape")
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert document.view.settings.landscape == "weights"
    complete()
    assert page.flat.scene.axes == ("w x₁ → h1.1", "w x₂ → h1.1")
    qtbot.keyClick(box, Qt.Key.Key_Down)
    assert document.view.settings.landscape == "path"
    qtbot.waitUntil(lambda: page.flat.scene is None)
    document.run.step()
    complete()


def test_it_turns_in_space(page, document, complete, named, qtbot):
    complete()
    flat = page.shown.grab().toImage()
    qtbot.mouseClick(named(page, "Landscape drawn: 3D", QToolButton), LEFT)
    assert document.view.settings.landscape_in_space
    complete()
    assert page.space.isVisible()
    assert not page.flat.isVisible()
    first = page.space.grab().toImage()
    assert first != flat
    QTest.mousePress(page.space, LEFT, NO_MODIFIER, QPoint(200, 150))
    QTest.mouseMove(page.space, QPoint(240, 160))
    QTest.mouseMove(page.space, QPoint(260, 160))
    QTest.mouseRelease(page.space, LEFT, NO_MODIFIER, QPoint(260, 160))
    assert page.space.grab().toImage() != first
    pixels = [QPoint(x, y) for y in range(20, page.space.height(), 10) for x in range(20, page.space.width(), 10)]
    met = itertools.cycle([pixel for pixel in pixels if page.space.met(QPointF(pixel)) is not None])

    def is_told():
        QTest.mouseMove(page.space, next(met))
        return text_of(page).startswith("loss ≈")

    qtbot.waitUntil(is_told)


@with_popups
def test_a_place_can_become_the_weights_and_undo_brings_them_back(page, document, complete, answered, qtbot):
    made = complete()
    before = document.displayed.network.parameters
    pixel = page.flat.on_page((0.5, 0.25)).toPoint()
    place = page.flat.place_at(pixel.toPointF())
    choose(open_menu(page, pixel, qtbot), "Set the Weights to This Place")
    answered(document)
    expected = made.directions.at(np.array([place]))[0]
    np.testing.assert_array_equal(document.displayed.network.parameters, expected)
    np.testing.assert_allclose(document.landscape.place().places[0], place, atol=1e-9)
    np.testing.assert_allclose(document.displayed.metrics.train_loss, loss_at(made, place), rtol=0.05)
    document.changes.undo()
    answered(document)
    np.testing.assert_array_equal(document.displayed.network.parameters, before)


@with_popups
def test_the_menu_renews_the_plane_and_changes_the_scale(page, document, complete, answered, qtbot):
    before = complete()
    document.network.set_parameter(0, 0.123)
    answered(document)
    choose(open_menu(page, QPoint(200, 150), qtbot), "Landscape Here")
    assert complete().directions is not before.directions
    assert document.landscape.landscape.directions.origin[0] == 0.123
    choose(open_menu(page, QPoint(200, 150), qtbot), "Other Directions")
    assert document.view.settings.landscape_seed == 1
    assert document.view.settings.log_landscape
    choose(open_menu(page, QPoint(200, 150), qtbot), "Logarithmic Scale")
    assert not document.view.settings.log_landscape


def test_a_past_moment_moves_along_the_path(page, document, complete, answered, qtbot):
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.run.step_count > 50)
    document.run.set_playing(False)
    answered(document)
    complete()
    qtbot.waitUntil(lambda: page.flat.scene.path.n_passed == len(page.flat.scene.path.places) > 1)
    document.run.look_back(0)
    qtbot.waitUntil(lambda: page.flat.scene.path.n_passed == 1)
    np.testing.assert_allclose(page.flat.scene.place, page.flat.scene.path.places[0], atol=1e-12)


def test_a_window_of_its_own_shows_the_same(window, answered, qtbot):
    document = window.document
    answered(document)
    action = window.findChild(QAction, "loss_landscape")
    action.trigger()
    (dialog,) = window.findChildren(LandscapeDialog)
    with qtbot.waitActive(dialog):
        dialog.activateWindow()
    part = document.landscape
    qtbot.waitUntil(lambda: part.landscape is not None and part.landscape.is_finest)
    qtbot.waitUntil(lambda: dialog.page.shown.scene is not None)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not dialog.isVisible())


def test_one_that_nobody_sees_keeps_its_names_where_the_network_has_become_another(page, document, complete, answered):
    """A picture of any other view asks for it, too."""
    document.view.set(landscape="weights", landscape_weights=(0, 1))
    complete()
    names = page.scene().axes
    page.hide()
    for _ in range(3):
        document.network.insert_layer()
    answered(document)
    last = document.network_settings.n_parameters - 1
    document.view.set(landscape_weights=(last, last - 1))
    assert page.scene().axes == names
