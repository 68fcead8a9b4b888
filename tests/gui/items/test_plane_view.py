from collections import Counter

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui import theme
from gui.items.plane_view import PlaneView
from gui.theme import Scheme
from model.run.snapshot import Plane


@pytest.fixture
def view(qtbot, keep_plot, mouse_aside):
    view = keep_plot(PlaneView("A plane", grid=True))
    view.resize(330, 320)
    with qtbot.waitExposed(view):
        view.show()
    mouse_aside(view)
    return view


@pytest.fixture
def hand(view, hand_on):
    return hand_on(view)


def test_shows_the_plane_from_minus_6_to_6_with_equal_scale(view):
    plane = view.plane
    assert plane.x_min <= -6 < 6 <= plane.x_max
    assert plane.y_min <= -6 < 6 <= plane.y_max
    assert min(plane.x_max - plane.x_min, plane.y_max - plane.y_min) == pytest.approx(12)
    origin, right, up = (view.from_plane(QPointF(x, y)) for x, y in ((0, 0), (3, 0), (0, 3)))
    assert right.x() - origin.x() == pytest.approx(origin.y() - up.y()), "and the y axis points up"


@pytest.mark.parametrize(("x", "y"), [(0, 0), (-5.5, 2.25), (6, -6)])
def test_positions_and_data_units_are_each_others_inverse(view, x, y):
    back = view.to_plane(view.from_plane(QPointF(x, y)))
    assert (back.x(), back.y()) == (pytest.approx(x, abs=1e-9), pytest.approx(y, abs=1e-9))


@pytest.mark.parametrize("zoom", [1.0, 0.02])
def test_a_place_of_the_mouse_has_the_digits_that_a_pixel_has(view, hand, qtbot, zoom):
    view.zoom(zoom, QPointF(0, 0))
    for x in range(0, view.width(), 7):
        position = QPointF(x, x * 0.7)
        place, exact = view.place_at(position), view.to_plane(position)
        assert abs(place.x() - exact.x()) < view.units_per_pixel / 10
        assert abs(place.y() - exact.y()) < view.units_per_pixel / 10
        assert len(repr(place.x())) <= 8, "not 0.30000000000000004"
        assert "-0.0" not in (repr(place.x()), repr(place.y()))


def test_a_unit_has_as_many_pixels_as_it_says(view):
    pixels = view.from_plane(QPointF(1, 0)).x() - view.from_plane(QPointF(0, 0)).x()
    assert view.units_per_pixel == pytest.approx(1 / pixels, rel=1e-3)


def test_a_resized_view_still_fits(view, qtbot):
    view.resize(500, 280)
    qtbot.waitUntil(lambda: view.plane.x_max > 8)
    assert view.plane.y_max == pytest.approx(6)


def test_a_zoomed_view_stays_zoomed_when_resized(view, qtbot):
    view.zoom(0.25, QPointF(2, 2))
    view.resize(400, 360)
    qtbot.wait(0)
    assert view.plane.x_max < 5
    view.fit()
    assert view.plane.x_max >= 6


def test_says_what_part_of_the_plane_it_shows(view, qtbot):
    with qtbot.waitSignal(view.plane_changed) as changed:
        view.zoom(0.5)
    assert changed.args == [view.plane]
    assert isinstance(view.plane, Plane)


class TestMouse:
    @pytest.fixture
    def said(self, view):
        """Collect what the view says of the mouse."""
        said = []
        view.pressed.connect(lambda point, modifiers: said.append(("pressed", point, modifiers)))
        view.dragged.connect(lambda point: said.append(("dragged", point)))
        view.released.connect(lambda point: said.append(("released", point)))
        view.hovered.connect(lambda point: said.append(("hovered", point)))
        view.left.connect(lambda: said.append(("left", None)))
        view.fitted_by_double_click.connect(lambda: said.append(("fitted", None)))
        return said

    @staticmethod
    def names(said):
        return [entry[0] for entry in said]

    def test_a_drag_is_said_in_data_units(self, hand, said):
        hand.drag((1.0, 1.0), (2.0, -1.0), modifiers=Qt.KeyboardModifier.ShiftModifier)
        assert self.names(said) == ["pressed", "dragged", "hovered", "released"]
        assert said[0][1].x() == pytest.approx(1.0, abs=0.05)
        assert said[0][2] == Qt.KeyboardModifier.ShiftModifier
        assert said[1][1].y() == pytest.approx(-1.0, abs=0.05)

    def test_a_drag_goes_on_outside_the_plot(self, view, hand, said):
        hand.press(5.0, 0.0)
        QTest.mouseMove(view.viewport(), QPoint(2, 100))
        QTest.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 100))
        assert self.names(said) == ["pressed", "dragged", "left", "released"]

    def test_a_press_outside_the_plot_begins_nothing(self, view, said):
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(2, 100))
        assert not {"pressed", "dragged", "released"} & set(self.names(said))

    def test_the_other_buttons_place_nothing(self, view, hand, said):
        for button in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            QTest.mouseClick(view.viewport(), button, pos=hand.at(0, 0))
        assert "pressed" not in self.names(said)

    def test_a_double_click_fits_once_zoomed(self, view, hand, said):
        hand.wheel(hand.at(0, 0), 4)
        hand.double_click(0.0, 0.0)
        assert self.names(said) == ["pressed", "released", "fitted"]
        assert view.plane.x_max >= 6

    def test_leaving_is_said(self, view, said, qtbot):
        view.leaveEvent(None)
        assert self.names(said) == ["left"]


class TestPicture:
    def test_axes_have_ticks(self, view):
        for name in ("left", "bottom"):
            (_, major), *_ = view.getAxis(name).tickValues(-6, 6, 280)
            assert len(major) >= 3

    def test_both_themes_are_painted(self, view):
        images = []
        try:
            for scheme in (Scheme.LIGHT, Scheme.DARK):
                theme.manager().set_scheme(scheme)
                image = view.grab().toImage()
                images.append(image)
                along = Counter(image.pixelColor(x, 130).name() for x in range(image.width()))
                assert along.most_common(1)[0][0] == theme.current().panel.name()
        finally:
            theme.manager().set_scheme(Scheme.SYSTEM)
        assert images[0] != images[1]

    def test_a_frame_is_shown_and_taken_away(self, view):
        plain = view.grab().toImage()
        view.show_rectangle(view.box.viewRect().adjusted(2, 2, -2, -2))
        framed = view.grab().toImage()
        view.show_rectangle(None)
        assert framed != plain
        assert view.grab().toImage() == plain


def test_ticks_are_where_the_names_leave_room_for_them(view):
    """pyqtgraph asks for the ticks of a length that is up to two pixels longer than that of the plot."""
    for width in range(300, 460):
        view.resize(width, 500)
        QApplication.processEvents()
        for axis, ends, length in (
            (view.getAxis("bottom"), view.box.viewRange()[0], view.box.width()),
            (view.getAxis("left"), view.box.viewRange()[1], view.box.height()),
        ):
            assert axis.tickValues(*ends, length + 2.0) == axis.tickValues(*ends, length)


def test_the_numbers_of_the_axes_have_the_minus_sign(view):
    written = []

    class Painter(QPainter):
        def drawText(self, *arguments):
            written.extend(one for one in arguments if isinstance(one, str))
            super().drawText(*arguments)

    picture = QPixmap(view.size())
    painter = Painter(picture)
    for side in ("left", "bottom"):
        axis = view.getAxis(side)
        axis.drawPicture(painter, *axis.generateDrawSpecs(painter))
    painter.end()
    assert written.count("−4") == 2
    assert not any("-" in text for text in written)


@pytest.mark.parametrize("size", [150, 300, 500, 1500])
def test_the_numbers_of_the_axes_have_room(view, size, qtbot):
    view.resize(size, size)
    qtbot.waitUntil(lambda: view.width() == size)
    view.grab()
    for side in ("left", "bottom"):
        axis = view.getAxis(side)
        length = axis.height() if side == "left" else axis.width()
        low, high = axis.range
        ((pitch, values),) = axis.tickValues(low, high, length)
        assert pitch * length / (high - low) >= 30
        assert len(values) >= 2
