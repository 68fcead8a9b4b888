import numpy as np
import pytest
import resvg_py
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage

from gui import theme
from gui.export.page import Page, encoded, image_of
from gui.items.space.camera import HALF_HEIGHT, Camera, Projection
from gui.items.space.plot import paint_space
from gui.items.space.relief import NOT_FINITE, Relief, Sheet
from gui.items.space.spots import Spots
from gui.theme import named
from model import Dataset
from model.run.snapshot import Plane
from tests.gui.items.space.moments import Noting

WIDTH, HEIGHT = 420, 340
AREA = QRectF(0, 0, WIDTH, HEIGHT)
NO_POINTS = Spots(Dataset(np.empty((0, 2)), [], None, 3), np.empty(0))
BLUE, GREEN = 0xFF2040C0, 0xFF20C040
SIDES = [(azimuth, elevation) for azimuth in range(-180, 180, 15) for elevation in (0, 10, 30, 60, 90)]

pytestmark = pytest.mark.usefixtures("qapp")


def field(heights, colour=BLUE):
    return Sheet((heights,), np.full(heights.shape, colour, dtype=np.uint32))


def relief(*sheets, low=-1.0, high=1.0, plane=None, name="y"):
    return Relief(plane or Plane(), low, high, name, sheets, opacity=0.72 if len(sheets) > 1 else 1.0)


def even(height, colour=BLUE):
    return field(np.full((20, 20), height), colour)


def ridge():
    """Return a wall across the middle of the plane, along the second axis."""
    heights = np.full((60, 60), -1.0)
    heights[:, 28:32] = 1.0
    return field(heights)


def drawn(shown, spots=NO_POINTS, camera=None, scheme="light", **options):
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(named(scheme).panel)
    painter = Noting(image)
    paint_space(painter, AREA, shown, spots, camera or Camera(), named(scheme), **options)
    painter.end()
    return image, painter.texts


def place_of(shown, camera, x, y, height):
    """Return the pixel at which a place of the plane is, at a height."""
    ground = shown.on_ground(np.array([[x, y]]))[0]
    projection = Projection.fitting(camera, AREA)
    right, down, _ = projection.seen(np.array([[*ground, float(shown.in_box(np.array([height]))[0])]]))[0]
    return QPointF(right, down).toPoint()


def nearest(image, place, colour, reach=1):
    """Return how far from a colour the most similar pixel about a place is."""
    offsets = range(-reach, reach + 1)
    return min(distance(image.pixel(place.x() + dx, place.y() + dy), colour) for dx in offsets for dy in offsets)


def distance(first, second):
    return float(np.abs(theme.rgb_array(QColor(first)) - theme.rgb_array(QColor(second))).max())


class TestScales:
    @pytest.mark.parametrize(("azimuth", "elevation"), SIDES)
    def test_ticks_and_names_are_readable_from_every_side(self, azimuth, elevation):
        shown = relief(even(0.2))
        _, texts = drawn(shown, camera=Camera(azimuth, elevation))
        for index, (text, box) in enumerate(texts):
            assert AREA.adjusted(-1, -1, 1, 1).contains(box), text
            for other, other_box in texts[index + 1 :]:
                assert not box.adjusted(2, 2, -2, -2).intersects(other_box.adjusted(2, 2, -2, -2)), (text, other)
        names = {text for text, _ in texts} & {"x₁", "x₂", "x₁ + x₂", "y"}
        if elevation == 0 and azimuth in (-45, 135):
            assert names == {"x₁ + x₂", "y"}
            return
        length = {"x₁": abs(np.cos(np.radians(azimuth))), "x₂": abs(np.sin(np.radians(azimuth)))}
        length = {name: length[other] for name, other in (("x₁", "x₂"), ("x₂", "x₁"))}
        expected = {name for name, seen in length.items() if seen > 0.2 or elevation > 20}
        expected |= {"y"} if elevation < 80 else set()
        assert expected <= names

    @pytest.mark.parametrize(("azimuth", "elevation"), [side for side in SIDES if side[1] in (10, 30, 60)])
    def test_they_stand_below_the_near_edges_and_left_of_the_box(self, azimuth, elevation):
        camera = Camera(azimuth, elevation)
        _, texts = drawn(relief(even(0.12), low=0.11, high=0.13), camera=camera)
        boxes = dict(texts)
        projection = Projection.fitting(camera, AREA)
        corners = projection.seen(
            np.array([(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (-HALF_HEIGHT, HALF_HEIGHT)], dtype=float)
        )
        middle = projection.seen(np.array([[0.0, 0.0, -HALF_HEIGHT]]))[0]
        for name in {"x₁", "x₂"} & boxes.keys():
            assert boxes[name].center().y() > middle[1]
        assert boxes["0.12"].right() <= corners[:, 0].min() + 1

    def test_the_numbers_are_those_of_the_plane_and_of_the_heights(self):
        _, texts = drawn(relief(even(5.0), low=0.0, high=10.0, plane=Plane(100, 200, 30, 40)))
        shown = {text for text, _ in texts}
        assert {"100", "200", "4", "10"} <= shown
        assert {"30", "35", "40"} & shown

    @pytest.mark.parametrize("limit", [1e-6, 1.0, 1e6, 1e30])
    def test_no_axis_says_nan(self, limit):
        _, texts = drawn(relief(even(limit / 2), low=-limit, high=limit))
        assert not any("nan" in text.lower() or "inf" in text.lower() for text, _ in texts)


class TestSurface:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_it_is_where_its_height_says_in_its_colour(self, scheme):
        for height in (-0.8, 0.0, 0.8):
            shown, camera = relief(even(height)), Camera(-62, 35)
            image, _ = drawn(shown, camera=camera, scheme=scheme)
            for x, y in ((0.4, 0.4), (-4.5, 4.5), (4.5, -4.5)):
                assert distance(image.pixel(place_of(shown, camera, x, y, height)), BLUE) < 40

    def test_the_light_comes_from_the_upper_left(self):
        x = np.linspace(-1, 1, 60)
        rises, falls = field(np.tile(x, (60, 1))), field(np.tile(-x, (60, 1)))
        camera = Camera(-90, 40)
        darker, lighter = (
            QColor(drawn(relief(sheet), camera=camera)[0].pixel(place_of(relief(sheet), camera, 0.5, 0.5, 0))).value()
            for sheet in (falls, rises)
        )
        assert darker < lighter - 20, "what rises to the right turns its face to the left, where the light is"

    def test_what_is_nearer_hides_what_is_behind(self):
        wall, camera = relief(ridge()), Camera(0, 15)
        behind = Spots(Dataset([[-3.0, 0.3], [3.0, -3.0]], [1, 1], None, 3), np.array([-1.0, -1.0]))
        image, _ = drawn(wall, behind, camera)
        colour = named("light").classes[1]
        hidden, seen = (image.pixel(place_of(wall, camera, *place, -1.0)) for place in ((-3.0, 0.3), (3.0, -3.0)))
        assert distance(seen, colour) < 12
        assert distance(hidden, colour) > 40, "faintly"
        without = drawn(wall, camera=camera)[0].pixel(place_of(wall, camera, -3.0, 0.3, -1.0))
        assert distance(hidden, without) > 15, "but it is there"

    def test_through_several_one_sees(self):
        shown, camera = relief(even(-0.9), even(0.9, GREEN)), Camera(-62, 60)
        image, _ = drawn(shown, camera=camera)
        alone, _ = drawn(relief(even(0.9, GREEN)), camera=camera)
        place = place_of(shown, camera, 0.4, 0.4, 0.9)
        assert 10 < distance(image.pixel(place), alone.pixel(place)) < 120

    def test_where_a_value_is_not_finite_a_sentence_stands_in_the_empty_box(self):
        _, texts = drawn(relief())
        assert NOT_FINITE in [text for text, _ in texts]
        assert {"x₁", "x₂", "y"} <= {text for text, _ in texts}

    def test_no_point_lies_in_the_letters_of_the_sentence(self):
        points = np.random.default_rng(0).uniform(-6, 6, (400, 2))
        spots = Spots(Dataset(points, [0] * 400, None, 3), np.linspace(-1, 1, 400))
        without, with_points = drawn(relief())[0], drawn(relief(), spots)[0]

        def most_changed(y):
            return max(distance(without.pixel(x, y), with_points.pixel(x, y)) for x in range(150, 270))

        middle = HEIGHT // 2
        assert max(map(most_changed, range(middle - 8, middle + 9))) < 40
        assert max(map(most_changed, range(middle + 20, middle + 37))) > 100

    @pytest.mark.parametrize("n", [1, 2, 3])
    def test_a_surface_of_few_samples_is_drawn(self, n):
        image, _ = drawn(relief(field(np.zeros((n, n)))))
        assert distance(image.pixel(place_of(relief(), Camera(), 0.4, 0.4, 0)), BLUE) < 40


class TestSpots:
    @pytest.mark.parametrize("copied", [False, True])
    def test_a_point_has_its_marker_at_its_height_and_a_line_to_the_ground(self, copied):
        shown, camera = relief(even(-1.0)), Camera(-62, 30)
        spots = Spots(Dataset([[2.0, 1.0]], [1], None, 3), np.array([0.5]))
        image, _ = drawn(shown, spots, camera, copied=copied)
        assert nearest(image, place_of(shown, camera, 2, 1, 0.5), named("light").classes[1]) < 12
        plain, _ = drawn(shown, camera=camera)
        for height in (-0.7, 0.1):
            place = place_of(shown, camera, 2, 1, height)
            assert any(
                distance(image.pixel(place.x() + dx, place.y()), plain.pixel(place.x() + dx, place.y())) > 20
                for dx in (-1, 0, 1)
            )

    def test_test_points_are_rings_or_left_out(self):
        shown, camera = relief(even(-1.0)), Camera(-62, 30)
        dataset = Dataset([[2.0, 1.0]], [0], [True], 3)
        with_them, without = (
            drawn(shown, Spots(dataset, np.array([0.5]), test_points), camera)[0] for test_points in (True, False)
        )
        place = place_of(shown, camera, 2, 1, 0.5)
        assert distance(with_them.pixel(place), named("light").panel) < 12
        assert without == drawn(shown, camera=camera)[0]

    def test_points_outside_the_part_of_the_plane_or_not_finite_are_left_out(self):
        shown = relief(even(-1.0), plane=Plane(0, 1, 0, 1))
        spots = Spots(Dataset([[3.0, 0.5], [0.5, 0.5]], [0, 1], None, 3), np.array([0.2, np.nan]))
        assert drawn(shown, spots)[0] == drawn(shown)[0]

    def test_the_probe_is_marked_at_its_height(self):
        shown, camera = relief(even(-1.0)), Camera(-62, 30)
        image, _ = drawn(shown, Spots(NO_POINTS.dataset, np.empty(0), True, np.array([[1.0, -2.0, 0.4]])), camera)
        place = place_of(shown, camera, 1, -2, 0.4)
        assert nearest(image, place, named("light").text, 8) < 40
        assert nearest(image, place, named("light").text, 2) > 60, "a ring"


class TestFiles:
    @pytest.mark.parametrize("scheme", ["light", "dark"])
    @pytest.mark.parametrize("camera", [Camera(), Camera(100, 55), Camera(10, 5)])
    def test_quads_in_another_program_look_as_the_pixels_do(self, scheme, camera):
        x, y = np.meshgrid(np.linspace(-3, 3, 60), np.linspace(-3, 3, 60))
        shown = relief(field(np.sin(x) * np.cos(y)))
        spots = Spots(Dataset([[2.0, 1.0], [-2.0, 3.0]], [0, 2], None, 3), np.array([0.5, -0.4]))
        page, colours = Page(2 * WIDTH, aspect=HEIGHT / WIDTH), named(scheme)

        def paint(painter):
            paint_space(painter, AREA, shown, spots, camera, colours)

        pixels = image_of(page, paint, colours.panel)
        svg = encoded(page, "svg", paint, colours.panel)
        assert svg.count(b"<polygon") >= 3600, "curves, not a picture"
        assert b"<image" not in svg
        options = {"width": pixels.width(), "height": pixels.height(), "dpi": 96.0}
        other = QImage.fromData(bytes(resvg_py.svg_to_bytes(svg_string=svg.decode(), **options))).scaled(pixels.size())
        grey = [
            np.array([[QColor(image.pixel(x, y)).value() for x in range(0, 800, 8)] for y in range(0, 640, 8)], float)
            for image in (pixels, other)
        ]
        assert np.abs(grey[0] - grey[1]).mean() < 4.0
        assert encoded(page, "pdf", paint, colours.panel).startswith(b"%PDF-")

    def test_several_surfaces_are_seen_through_in_a_file_too(self):
        page, colours = Page(2 * WIDTH, aspect=HEIGHT / WIDTH), named("light")
        shown = relief(even(-0.5), even(0.5, GREEN))
        svg = encoded(
            page, "svg", lambda painter: paint_space(painter, AREA, shown, NO_POINTS, Camera(), colours), colours.panel
        )
        assert svg.count(b"fill-opacity") >= 7200
