import warnings

import numpy as np
import pytest
from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QImage, QPainter, QTransform

from gui import theme
from gui.document.landscape_paths import LandscapePath
from gui.items.landscape.plot import LandscapePlot, later_pen, paint_paths, path_pens, to_page_of
from gui.items.landscape.scene import LandscapeScene
from gui.items.landscape.space import paint_landscape_in_space, relief_of_landscape
from gui.items.space.camera import Camera
from gui.theme import contrast, mixed
from model.landscape.directions import Directions
from model.landscape.landscape import Extent, Landscape

ROOM = QRectF(0, 0, 420, 320)
PLANE = Directions(np.zeros(3), np.eye(3)[0], np.eye(3)[1])
PATH = np.stack([np.linspace(-0.8, 0.2, 30), np.linspace(1.5, 0.1, 30) ** 2], axis=1)


def scene_of(losses, **changes):
    made = Landscape(PLANE, Extent(-1.0, 1.0, -2.0, 2.0), np.array(losses, dtype=np.float64), 5, 5, False, True)
    return LandscapeScene(made, ("one", "other"), **changes)


def a_bowl(n_side=33):
    x, y = np.meshgrid(np.linspace(-1, 1, n_side), np.linspace(-2, 2, n_side))
    return 0.01 + x**2 + (y / 2) ** 2


@pytest.fixture(params=["flat", "space"])
def draw(request, qapp):
    """Draw a scene from above, or in 3D."""
    theme.manager()

    def paint(scene, colours=None):
        colours = colours or theme.named("light")
        image = QImage(420, 320, QImage.Format.Format_RGB32)
        image.fill(colours.panel)
        painter = QPainter(image)
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            if request.param == "flat":
                LandscapePlot().paint(painter, ROOM, scene, colours)
            else:
                paint_landscape_in_space(painter, ROOM, scene, relief_of_landscape(scene, colours), Camera(), colours)
        painter.end()
        return image

    return paint


def pixels(image):
    return np.array(image.constBits()).reshape(image.height(), image.width(), 4).copy()


@pytest.mark.parametrize("log", [False, True])
@pytest.mark.parametrize(
    "losses",
    [
        np.zeros((9, 9)),
        np.full((9, 9), 0.7),
        np.full((9, 9), 1e300),
        np.full((9, 9), np.inf),
        np.full((9, 9), np.nan),
        np.where(np.arange(81).reshape(9, 9) % 7 == 0, np.inf, 1.0),
        10.0 ** np.linspace(-300, 300, 81).reshape(9, 9),
    ],
)
def test_every_landscape_is_drawn_without_a_warning(draw, losses, log):
    place = LandscapePath(np.array([[0.0, 0.0], [np.nan, np.nan], [1e300, 0.0], [0.5, 0.5]]), 3, 0.5)
    scene = scene_of(
        losses, log=log, loss=float(losses[4, 4]), place=(0.1, 0.1), path=place, descent=np.array([1e-9, 2])
    )
    assert draw(scene) != draw(scene_of(a_bowl()))


def test_the_lowest_place_has_the_strongest_colour_and_paths_lie_on_it(draw):
    without = pixels(draw(scene_of(a_bowl())))
    path = LandscapePath(PATH, 20, 0.9)
    with_path = pixels(draw(scene_of(a_bowl(), path=path)))
    changed = (with_path != without).any(axis=2)
    assert 100 < changed.sum() < 6000
    pinned = pixels(draw(scene_of(a_bowl(), pinned=((0, path),))))
    colour = theme.named("light").run_colour(0)
    wanted = np.array([colour.blue(), colour.green(), colour.red()])
    assert (np.abs(pinned[..., :3].astype(int) - wanted).sum(axis=2) < 30).sum() > 30


def test_the_way_down_is_an_arrow_from_where_the_run_is(draw):
    without = pixels(draw(scene_of(a_bowl(), place=(0.4, 0.4))))
    down = pixels(draw(scene_of(a_bowl(), place=(0.4, 0.4), descent=np.array([-1e-6, -1e-6]))))
    up = pixels(draw(scene_of(a_bowl(), place=(0.4, 0.4), descent=np.array([1e-6, 1e-6]))))
    for image in (down, up):
        assert (image != without).any()
    assert (down != up).any()


def test_both_themes_are_painted(draw):
    assert draw(scene_of(a_bowl()), theme.named("light")) != draw(scene_of(a_bowl()), theme.named("dark"))


def test_places_are_where_they_are_drawn(qapp):
    scene, area = scene_of(a_bowl()), QRectF(10, 20, 200, 100)
    to_page = to_page_of(scene, area)
    assert to_page.map(-1.0, -2.0) == (10, 120)
    assert to_page.map(1.0, 2.0) == (210, 20)


def test_heights_are_the_losses_or_their_logarithms(qapp):
    for log, top, name in ((False, 2.01, "loss"), (True, np.log10(2.01), "log₁₀ loss")):
        relief = relief_of_landscape(scene_of(a_bowl(65), log=log, loss=1.0), theme.named("light"))
        assert relief.name == name
        np.testing.assert_allclose(relief.high, top, rtol=0.01)
        assert relief.axes == ("one", "other")
        middle = len(relief.sheets[0].heights) // 2
        np.testing.assert_allclose(relief.sheets[0].heights[middle, middle], relief.low, atol=0.08)


def test_no_way_down_in_the_plane_is_no_arrow(draw):
    """The weights that span it may be those of a neuron that learns nothing."""
    scene = scene_of(a_bowl(), place=(0.1, 0.2))
    flat = scene_of(a_bowl(), place=(0.1, 0.2), descent=np.zeros(2))
    np.testing.assert_array_equal(pixels(draw(flat)), pixels(draw(scene)))


class Pieces(QPainter):
    """Notes the lines that are drawn, and with which pen."""

    def __init__(self, device):
        super().__init__(device)
        self.drawn = []

    def drawLines(self, lines):
        if isinstance(lines[0], QLineF):
            self.drawn.append((self.pen(), [(line.p1().toTuple(), line.p2().toTuple()) for line in lines]))
        super().drawLines(lines)

    def drawPath(self, path):
        assert self.pen().widthF() <= 1.0, "Qt takes long for the outline of a path that crosses itself"
        super().drawPath(path)


@pytest.fixture
def painter(qapp):
    image = QImage(420, 320, QImage.Format.Format_RGB32)
    painter = Pieces(image)
    yield painter
    painter.end()


def winding(n_places):
    return np.random.default_rng(0).normal(size=(n_places, 2))


@pytest.mark.parametrize("n_places", [2, 3, 1000])
def test_a_long_path_is_drawn_line_by_line_whole_and_with_closed_corners(painter, n_places):
    places = winding(n_places)
    to_page = QTransform(200, 0, 0, -150, 0, 150)
    paint_paths(painter, scene_of(a_bowl(), path=LandscapePath(places, n_places, 1.0)), to_page, theme.named("light"))
    assert [pen.widthF() > 2.0 for pen, _ in painter.drawn] == [True, False]
    for pen, lines in painter.drawn:
        assert pen.capStyle() == Qt.PenCapStyle.SquareCap
        assert [end for _, end in lines[:-1]] == [begin for begin, _ in lines[1:]]
        on_page = [lines[0][0], *(end for _, end in lines)]
        np.testing.assert_allclose(on_page, [to_page.map(*place) for place in places.tolist()])


@pytest.mark.parametrize("n_passed", [1, 50, 100])
def test_nor_is_one_path_made_of_it_elsewhere(painter, n_passed):
    """Of what comes after the moment, of a path with holes, of one in space."""
    places = winding(100)
    places[70] = np.nan
    scene = scene_of(a_bowl(), path=LandscapePath(places, n_passed, 1.0), place=(0.0, 0.0))
    colours = theme.named("dark")
    paint_paths(painter, scene, QTransform(200, 0, 0, -150, 0, 150), colours)
    relief = relief_of_landscape(scene, colours)
    paint_landscape_in_space(painter, QRectF(0, 0, 420, 320), scene, relief, Camera(), colours)
    assert painter.drawn


@pytest.mark.parametrize("name", ["light", "dark"])
def test_what_comes_later_is_told_from_what_it_lies_on(painter, name):
    """Its dots have no rim, of which more would be seen than of them."""
    colours = theme.named(name)
    pen = later_pen(colours)
    assert path_pens(pen, colours) == [pen]
    for background in (colours.panel, *(mixed(colours.panel, colours.accent, share) for share in (0.3, 0.6, 0.85))):
        assert contrast(pen.color(), background) > 2.0
