"""How a hidden space is looked at."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF

from gui.items.hidden.look import LEAST_ZOOM, MOST_ZOOM, Frame, HiddenLook, share_at, shown_range, to_page
from gui.items.space.camera import HALF_HEIGHT
from model.data.naming import Axis

PLOT = QRectF(40, 10, 300, 200)


@pytest.mark.parametrize("share", [-0.1, 1.1, np.nan])
def test_a_share_is_0_to_1(share):
    with pytest.raises(ValueError, match="share must be 0 to 1"):
        HiddenLook(share)


def test_zooming_leaves_in_place_what_it_is_about():
    frame, look = Frame(np.array([1.0, -2.0]), 3.0), HiddenLook()
    about = (0.4, -0.3)
    zoomed = look.zoomed(4.0, about)
    before, after = (to_page(frame, one, PLOT).map(QPointF(*about)) for one in (look, zoomed))
    assert (before - after).manhattanLength() < 1e-9
    assert zoomed.zoom == 4.0
    assert look.zoomed(1e9, about).zoom == MOST_ZOOM
    assert look.zoomed(1e-9, about).zoom == LEAST_ZOOM
    assert zoomed.fitted() == look


def test_a_frame_holds_all_with_both_axes_to_one_scale():
    frame = Frame.round(np.array([-1.0, 4.0]), np.array([3.0, 5.0]))
    assert np.abs(frame.in_box(np.array([[-1.0, 4.0], [3.0, 5.0]]))).max() < 1.0
    low, high = shown_range(frame, HiddenLook(), PLOT)
    assert (low < [-1.0, 4.0]).all()
    assert (high > [3.0, 5.0]).all()
    assert (high - low)[0] / PLOT.width() == pytest.approx((high - low)[1] / PLOT.height())


def test_a_box_is_less_high_than_wide():
    frame = Frame.round(np.array([-1.0, -1.0, -5.0]), np.array([1.0, 1.0, 5.0]))
    assert frame.half >= 5.0 / HALF_HEIGHT
    x, _, z = frame.scales(tuple(map(Axis, "abc")))
    assert (z.high - z.low) / (x.high - x.low) == pytest.approx(HALF_HEIGHT)
    assert (x.name, z.name) == ("a", "c")


@pytest.mark.parametrize("value", [0.0, 1e-300, 1.0, 1e6, -1e300])
def test_all_in_one_place_has_a_frame(value):
    frame = Frame.round(np.full(2, value), np.full(2, value))
    assert frame.half > 0.0
    assert frame.in_box(np.full((1, 2), value)) == pytest.approx(np.zeros((1, 2)))


def test_points_go_slowly_away_from_each_station():
    times = np.linspace(0.0, 1.0, 201)
    shares = np.array([share_at(time) for time in times])
    assert shares[[0, 100, 200]] == pytest.approx([0.0, 0.5, 1.0])
    speeds = np.diff(shares)
    assert (speeds >= 0.0).all()
    assert max(speeds[0], speeds[99], speeds[100], speeds[-1]) < speeds[50] / 10
