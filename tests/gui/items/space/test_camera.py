import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gui.items.space.camera import HALF_HEIGHT, LEAST_ZOOM, MOST_ZOOM, Camera, Projection

AREA = QRectF(20, 10, 560, 460)
CORNERS = np.array([(x, y, z) for x in (-1.0, 1.0) for y in (-1.0, 1.0) for z in (-HALF_HEIGHT, HALF_HEIGHT)])


def seen(place, camera):
    return Projection.fitting(camera, AREA).seen(np.array([place]))[0]


def test_from_the_second_axis_s_lower_end_the_first_goes_to_the_right_and_the_second_away():
    camera = Camera(-90.0, 30.0)
    origin, first, second, up = (seen(place, camera) for place in ((0, 0, 0), (1, 0, 0), (0, 1, 0), (0, 0, 0.5)))
    assert first[0] > origin[0] + 50
    assert first[1] == pytest.approx(origin[1])
    assert second[0] == pytest.approx(origin[0])
    assert second[2] == pytest.approx(1.0)
    assert second[1] < origin[1] - 50
    assert up[1] < origin[1] - 50


def test_from_above_it_is_the_plane_itself():
    camera = Camera(-90.0, 90.0)
    projection = Projection.fitting(camera, AREA)
    places = np.random.default_rng(0).uniform(-1, 1, (20, 3))
    found = projection.seen(places)
    expected = np.column_stack(
        [projection.x + projection.scale * places[:, 0], projection.y - projection.scale * places[:, 1]]
    )
    assert found[:, :2] == pytest.approx(expected)


@pytest.mark.parametrize("elevation", [0.0, 15.0, 30.0, 60.0, 90.0])
def test_all_of_the_box_is_in_the_area_from_every_side_in_the_same_size(elevation):
    projections = [Projection.fitting(Camera(azimuth, elevation), AREA) for azimuth in range(-180, 180, 15)]
    assert len({projection.scale for projection in projections}) == 1
    for projection in projections:
        x, y, _ = projection.seen(CORNERS).T
        assert x.min() > AREA.left() + 10
        assert x.max() < AREA.right() - 10
        assert y.min() > AREA.top() + 5
        assert y.max() < AREA.bottom() - 20


def test_pixels_of_an_area_are_where_the_page_says():
    projection = Projection.fitting(Camera(), AREA)
    inside = projection.within(AREA, 2.0)
    x, y, away = projection.seen(CORNERS).T
    expected = np.column_stack([(x - AREA.left()) * 2, (y - AREA.top()) * 2, away])
    assert inside.seen(CORNERS) == pytest.approx(expected)


def test_turning_goes_round_and_stops_above_and_on_the_ground():
    assert Camera(170.0).turned(20.0, 0.0).azimuth == pytest.approx(-170.0)
    assert Camera(0.0, 80.0).turned(0.0, 30.0).elevation == 90.0
    assert Camera(0.0, 10.0).turned(0.0, -30.0).elevation == 0.0


def test_zooming_has_ends():
    assert Camera().zoomed(2.0).zoom == 2.0
    assert Camera().zoomed(1e9).zoom == MOST_ZOOM
    assert Camera().zoomed(1e-9).zoom == LEAST_ZOOM


@pytest.mark.parametrize(
    ("values", "what"),
    [
        ({"azimuth": float("nan")}, "azimuth must be finite; got nan"),
        ({"elevation": 91.0}, "elevation must be 0 to 90; got 91"),
        ({"elevation": float("nan")}, "elevation must be 0 to 90"),
        ({"zoom": 0.0}, "zoom must be 0.5 to 8; got 0"),
    ],
)
def test_what_is_no_camera_is_refused(values, what):
    with pytest.raises(ValueError, match=what):
        Camera(**values)
