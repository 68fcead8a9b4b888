"""The sheet of a hidden space cut into cells."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gui.items.hidden.cells import COARSE, cells_of

AREA = QRectF(0, 0, 500, 500)
BLUE, ORANGE = 0xFF2060D0, 0xFFE08020


def plane(n=96, low=10.0, high=490.0):
    ticks = np.linspace(low, high, n + 1)
    return np.stack(np.meshgrid(ticks, ticks), axis=2)


def area_of(corners):
    x, y = corners[..., 0], corners[..., 1]
    return np.abs((x * np.roll(y, -1, axis=1) - y * np.roll(x, -1, axis=1)).sum(axis=1)) / 2


def one_colour(n=96):
    return np.full((n + 1, n + 1), BLUE, dtype=np.uint32)


@pytest.mark.parametrize("n", [48, 96])
def test_a_flat_sheet_of_one_colour_has_few_cells_that_cover_it(n):
    cells = cells_of(plane(n), one_colour(n), AREA)
    assert len(cells.colours) == COARSE**2
    assert area_of(cells.corners).sum() == pytest.approx(480.0**2)


@pytest.mark.parametrize("n", [48, 96])
def test_it_is_cut_where_colours_change_and_still_covered(n):
    colours = one_colour(n)
    colours[:, n // 2 + 1 :] = ORANGE
    cells = cells_of(plane(n), colours, AREA)
    assert COARSE**2 < len(cells.colours) < 3 * COARSE**2
    assert area_of(cells.corners).sum() == pytest.approx(480.0**2)
    middle = cells.corners.mean(axis=1)
    small = area_of(cells.corners) < 300.0
    assert np.abs(middle[small, 0] - 250.0).max() < 25.0
    assert (cells.colours[middle[:, 0] < 230.0] == BLUE).all()
    assert (cells.colours[middle[:, 0] > 270.0] == ORANGE).all()


def test_it_is_cut_where_it_is_bent_and_leaves_no_gap():
    sheet = plane()
    sheet[..., 1] += 60.0 * np.tanh((sheet[..., 0] - 250.0) / 20.0)
    cells = cells_of(sheet, one_colour(), QRectF(-500, -500, 2000, 2000))
    assert len(cells.colours) > COARSE**2
    # What lies between two corners is on the outline of a fine sheet's cell, so that neighbours share it.
    assert area_of(cells.corners).sum() == pytest.approx(480.0**2, rel=1e-3)


def test_what_is_outside_or_shrunk_to_nothing_is_left_out():
    assert not len(cells_of(plane(low=600.0, high=900.0), one_colour(), AREA).colours)
    assert not len(cells_of(plane(low=250.0, high=250.0), one_colour(), AREA).colours)
    zoomed = cells_of(plane(low=-5000.0, high=5000.0), one_colour(), AREA)
    assert 0 < len(zoomed.colours) < 40


def test_depths_go_along():
    sheet = np.dstack([plane(), plane()[..., 0]])
    cells = cells_of(sheet, one_colour(), AREA)
    assert cells.corners[..., 2] == pytest.approx(cells.corners[..., 0])
    turned = cells.in_order(np.argsort(-cells.corners[..., 2].mean(axis=1)))
    assert (np.diff(turned.corners[..., 2].mean(axis=1)) <= 1e-9).all()
