import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from gui import theme
from gui.items.space.camera import Camera, Projection
from gui.items.space.relief import Relief, Sheet
from gui.items.space.spots import Spots
from gui.items.space.view import SpaceView
from model import Dataset
from model.run.snapshot import Plane

LEFT, NO_MODIFIER = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
MIDDLE = QPoint(210, 170)


@pytest.fixture
def view(qtbot):
    view = SpaceView("Surface")
    qtbot.addWidget(view)
    view.resize(420, 340)
    with qtbot.waitExposed(view):
        view.show()
    colours = np.full((30, 30), 0xFF2040C0, dtype=np.uint32)
    relief = Relief(Plane(), -1.0, 1.0, "y", (Sheet((np.zeros((30, 30)),), colours),))
    view.show_relief(relief, Spots(Dataset(np.empty((0, 2)), [], None, 3), np.empty(0)))
    view.grab()
    return view


def drag(view, start, end):
    QTest.mousePress(view, LEFT, NO_MODIFIER, start)
    QTest.mouseMove(view, (start + end) / 2)
    QTest.mouseMove(view, end)


def test_a_low_view_has_its_room_for_the_surface(view):
    per_pixel = {}
    for height in (128, 132):
        view.resize(420, height)
        per_pixel[height] = view.units_per_pixel
    assert per_pixel[128] < 0.7 * per_pixel[132]


def test_dragging_turns_what_is_near_along_with_the_mouse(view):
    before, first = view.grab().toImage(), view.camera
    assert view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    drag(view, MIDDLE, MIDDLE + QPoint(40, 20))
    assert view.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseRelease(view, LEFT, NO_MODIFIER, MIDDLE + QPoint(40, 20))
    assert view.cursor().shape() == Qt.CursorShape.OpenHandCursor
    near = np.array([[np.cos(np.radians(first.azimuth)), np.sin(np.radians(first.azimuth)), 0.0]])
    places = [Projection.fitting(camera, view.rect().toRectF()).seen(near)[0] for camera in (first, view.camera)]
    assert places[1][0] > places[0][0] + 10
    assert view.camera.elevation > first.elevation
    assert view.grab().toImage() != before
    turned = view.camera
    QTest.mouseMove(view, MIDDLE)
    assert view.camera == turned, "let go"


def test_the_wheel_zooms_and_a_double_click_shows_it_as_at_first(view, wheel):
    before = view.grab().toImage()
    wheel(view, MIDDLE, 2)
    assert view.camera.zoom > 1.2
    drag(view, MIDDLE, MIDDLE + QPoint(-30, 10))
    QTest.mouseRelease(view, LEFT, NO_MODIFIER, MIDDLE)
    assert view.grab().toImage() != before
    QTest.mouseDClick(view, LEFT, NO_MODIFIER, MIDDLE)
    QTest.mouseRelease(view, LEFT, NO_MODIFIER, MIDDLE)
    assert view.camera == Camera()
    assert view.grab().toImage() == before


def test_keys_turn_and_zoom_with_the_focus(view):
    view.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert view.camera == Camera().turned(5, 0)
    QTest.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.camera == Camera().turned(5, -15)
    QTest.keyClick(view, Qt.Key.Key_Plus)
    assert view.camera.zoom == pytest.approx(1.25)
    QTest.keyClick(view, Qt.Key.Key_Minus)
    assert view.camera.zoom == pytest.approx(1.0)
    QTest.keyClick(view, Qt.Key.Key_0)
    assert view.camera == Camera()


def test_the_place_under_the_mouse_is_said_in_units_of_the_plane(view, qtbot):
    found = []
    view.pointed.connect(found.append)
    projection = Projection.fitting(Camera(), view.rect().toRectF())
    x, y, _ = projection.seen(np.array([[0.5, -0.25, 0.0]]))[0]
    QTest.mouseMove(view, QPoint(8, 8))
    QTest.mouseMove(view, QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: found and found[-1] is not None)
    assert found[-1] == pytest.approx((3.0, -1.5), abs=0.15)
    assert view.units_per_pixel == pytest.approx(6 / projection.scale)
    QTest.mouseMove(view, QPoint(3, 3))
    qtbot.waitUntil(lambda: found[-1] is None)


def test_texts_of_the_box_grow_with_the_interface(view):
    def levels():
        image = view.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        image = image.scaled(420, 340, mode=Qt.TransformationMode.SmoothTransformation)
        return np.array(image.constBits(), dtype=np.uint8).reshape(340, -1)[:, :420].astype(float)

    at_one = levels()
    theme.manager().set_scale(2.0)
    differs = []
    for size in ((840, 680), (420, 340)):
        view.resize(*size)
        differs.append((np.abs(levels() - at_one) > 40).mean())
    theme.manager().set_scale(1.0)
    assert differs[0] < 0.3 * differs[1]
