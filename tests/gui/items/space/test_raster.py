from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gui.items.space.camera import HALF_HEIGHT, Camera, Projection
from gui.items.space.raster import Columns, heights_at, peeled, pixels_of

WIDTH, HEIGHT = 360, 300
CAMERAS = [Camera(-62, 30), Camera(10, 12), Camera(135, 60), Camera(-90, 45), Camera(180, 0), Camera(45, 90)]
UPPER, LOWER = 0xFF112233, 0xFF445566
N_STEPS = 6000


def hills(n=40, seed=0):
    rng = np.random.default_rng(seed)
    x, y = np.meshgrid(np.linspace(-3, 3, n), np.linspace(-3, 3, n))
    waves = sum(np.sin(a * x + b * y + c) for a, b, c in rng.uniform(-2, 2, (4, 3)))
    return (waves / 4 * HALF_HEIGHT).astype(np.float32)


def columns(field, camera):
    area = QRectF(0, 0, WIDTH, HEIGHT)
    return Columns.of([field], Projection.fitting(camera, area).within(area, 1.0), WIDTH, HEIGHT)


def texture():
    sides = np.empty((2, 64, 64), dtype=np.uint32)
    sides[0], sides[1] = UPPER, LOWER
    return sides


def whole(pixels):
    """Return colours and distances of a whole picture, its first row the highest."""
    colours, away = np.zeros((HEIGHT, WIDTH), dtype=np.uint32), np.full((HEIGHT, WIDTH), np.inf)
    rows = slice(pixels.top, pixels.top + len(pixels.colours))
    at = slice(pixels.left, pixels.left + pixels.colours.shape[1])
    colours[rows, at], away[rows, at] = pixels.colours[::-1], pixels.away[::-1]
    return colours, away


def walked(field, projection, x, y):
    """Walk along the ray of a pixel and return how far away it meets the field, and whether from above."""
    (turn_cos, turn_sin), (tilt_cos, tilt_sin) = projection.turn, projection.tilt
    right, up = (x - projection.x) / projection.scale, (projection.y - y) / projection.scale
    away = np.linspace(-1.5, 1.5, N_STEPS)
    ground_x, ground_y = -turn_sin * right - turn_cos * away, turn_cos * right - turn_sin * away
    inside = (np.abs(ground_x) <= 1) & (np.abs(ground_y) <= 1)
    if not inside.any():
        return np.inf, True
    seen_up = tilt_sin * away + tilt_cos * heights_at([field], ground_x, ground_y)
    above = (seen_up > up)[inside]
    crossed = np.flatnonzero(above[1:] != above[:-1])
    return (away[inside][crossed[0]], not above[0]) if len(crossed) else (np.inf, True)


def test_a_field_is_found_between_its_samples():
    field = np.arange(9.0).reshape(3, 3)
    middles = np.array([-2 / 3, 0, 2 / 3])
    x, y = np.meshgrid(middles, middles)
    assert heights_at([field], x, y) == pytest.approx(field)
    assert heights_at([field], np.array([1 / 3]), np.array([0.0])) == pytest.approx([4.5])
    assert heights_at([field], np.array([-1.0, 1.0]), np.array([-1.0, 1.0])) == pytest.approx([0, 8])
    assert heights_at([np.array([[0.3]])], np.array([-1.0, 0.2]), np.array([0.5, 1.0])) == pytest.approx([0.3, 0.3])


def test_the_highest_of_several_fields_has_its_crease_where_they_cross():
    falls, rises = np.array([[1.0, 0.0]] * 2), np.array([[0.0, 1.0]] * 2)
    x = np.array([-0.5, -0.25, 0.0, 0.25])
    assert heights_at([falls, rises], x, np.zeros(4)) == pytest.approx([1, 0.75, 0.5, 0.75])


@pytest.mark.parametrize("camera", CAMERAS[:-2])
def test_each_pixel_shows_what_a_ray_meets_first(camera):
    field = hills()
    found = columns(field, camera)
    colours, away = whole(pixels_of(found, texture()))
    rng, wrong = np.random.default_rng(1), 0
    places = np.column_stack([rng.integers(0, WIDTH, 600), rng.integers(0, HEIGHT, 600)]).tolist()
    for column, row in places:
        distance, from_above = walked(field, found.projection, column + 0.5, row + 0.5)
        if np.isinf(distance):
            wrong += colours[row, column] != 0
        else:
            same_side = colours[row, column] == (UPPER if from_above else LOWER)
            wrong += not (same_side and abs(away[row, column] - distance) < 0.05)
    # At its edges a pixel may see what lies before or behind.
    assert wrong <= 12


@pytest.mark.parametrize("camera", CAMERAS)
@pytest.mark.parametrize("height", [-HALF_HEIGHT, 0.0, HALF_HEIGHT])
def test_an_even_field_covers_the_ground_and_is_seen_from_above(camera, height):
    pixels = pixels_of(columns(np.full((5, 5), height, dtype=np.float32), camera), texture())
    if camera.elevation == 0:
        assert pixels is None or np.count_nonzero(pixels.colours) <= WIDTH * 2
        return
    colours, _ = whole(pixels)
    assert set(np.unique(colours)) == {0, UPPER}
    projection = Projection.fitting(camera, QRectF(0, 0, WIDTH, HEIGHT))
    covered = 4 * projection.scale**2 * projection.tilt[1]
    assert np.count_nonzero(colours) == pytest.approx(covered, rel=0.04)


@pytest.mark.parametrize("azimuth", [-90, 0, 37, 180])
def test_the_texture_lies_on_the_field_the_right_way_round(azimuth):
    side = 64
    found = columns(np.zeros((3, 3), dtype=np.float32), Camera(azimuth, 90))
    marked = np.full((2, side, side), UPPER, dtype=np.uint32)
    marked[0, : side // 2, side // 2 :] = LOWER  # Where x is above 0 and y below.
    colours, _ = whole(pixels_of(found, marked))
    for x, y in ((0.5, -0.5), (0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5)):
        column, row, _ = found.projection.seen(np.array([[x, y, 0.0]]))[0].astype(int)
        assert colours[row, column] == (LOWER if x > 0 > y else UPPER), (x, y)


@pytest.mark.parametrize("camera", CAMERAS[:-1])
def test_what_lies_behind_or_under_a_field_is_hidden(camera):
    field, rng = hills(), np.random.default_rng(2)
    found = columns(field, camera)
    places = rng.uniform(-1, 1, (400, 3)) * (0.95, 0.95, HALF_HEIGHT)
    hidden = found.hides(places)
    wrong = 0
    for place, is_hidden in zip(places, hidden, strict=True):
        x, y, away = found.projection.seen(place[np.newaxis])[0]
        wrong += bool(is_hidden) != (walked(field, found.projection, x, y)[0] < away)
    # Nearly on the surface, or by its edge, either may be said.
    assert wrong <= 400 * 0.08
    assert 0.1 < hidden.mean() < 0.9


@pytest.mark.parametrize("camera", CAMERAS[:-2])
def test_points_on_top_of_a_surface_are_seen_from_above(camera):
    steep = Camera(camera.azimuth, 80)
    field, rng = hills() * 0.3, np.random.default_rng(3)
    x, y = rng.uniform(-0.99, 0.99, (2, 500))
    assert columns(field, steep).hides(np.column_stack([x, y, heights_at([field], x, y)])).mean() < 0.01


@pytest.mark.parametrize("camera", CAMERAS)
def test_the_place_under_a_pixel_is_the_one_that_is_drawn_there(camera):
    field, rng = hills(), np.random.default_rng(4)
    found = columns(field, camera)
    n_met = 0
    for column, row in np.column_stack([rng.integers(0, WIDTH, 200), rng.integers(0, HEIGHT, 200)]).tolist():
        met = found.met(column + 0.5, row + 0.5)
        if met is not None:
            n_met += 1
            x, y = np.array([met[0]]), np.array([met[1]])
            seen = found.projection.seen(np.column_stack([x, y, heights_at([field], x, y)]))[0]
            assert seen[:2] == pytest.approx((column + 0.5, row + 0.5), abs=1.5)
    assert n_met > 10 or camera.elevation == 0
    assert found.met(-5, 3) is None
    assert found.met(WIDTH / 2, -1000) is None


def test_out_of_the_picture_there_is_nothing():
    area = QRectF(0, 0, WIDTH, HEIGHT)
    projection = Projection.fitting(Camera(zoom=8), area).within(area.translated(3000, 0), 1.0)
    found = Columns.of([hills()], projection, WIDTH, HEIGHT)
    assert pixels_of(found, texture()) is None
    assert not found.hides(np.zeros((2, 3))).any()
    assert found.met(10, 10) is None


def test_of_several_surfaces_the_nearer_lies_over_the_farther():
    camera, sides, heights = Camera(0, 30), [], {0xFFFF0000: -0.4, 0xFF0000FF: 0.4, 0xFF00FF00: 0.1}
    for colour, height in heights.items():
        sheet = np.full((2, 64, 64), colour, dtype=np.uint32)
        sides.append(pixels_of(columns(np.full((4, 4), height, dtype=np.float32), camera), sheet))
    layers = [whole(layer) for layer in peeled(sides)]
    for (far, far_away), (near, near_away) in pairwise(layers):
        assert np.all(far_away >= near_away)
        assert not np.any((far != 0) & (near == 0)), "What is there once is in the nearest layer."
    all_of_them = np.all([whole(side)[0] != 0 for side in sides], axis=0)
    assert all_of_them.sum() > 100
    for (colours, _), colour in zip(layers, sorted(heights, key=heights.get), strict=True):
        assert set(np.unique(colours[all_of_them])) == {colour}
    for (colours, away), (other, other_away) in zip(layers, map(whole, peeled(sides[::-1])), strict=True):
        assert np.array_equal(colours, other)
        assert np.array_equal(away, other_away)


def test_a_single_layer_is_what_it_was():
    pixels = pixels_of(columns(hills(), CAMERAS[0]), texture())
    (layer,) = peeled([pixels])
    assert np.array_equal(layer.colours, pixels.colours)
    assert layer.away == pytest.approx(pixels.away, abs=1e-6)
