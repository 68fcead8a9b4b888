from dataclasses import replace

import numpy as np
import pytest
import resvg_py
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontInfo, QImage, QPainter

from gui import theme
from gui.export.race import RACE_VIEWS, RacePictures
from gui.items.plot_axes import LEFT_AXIS
from gui.items.race_plots import RaceScene, lane_text, losses_text, paint_race_boundaries
from gui.theme import figure_font
from model import Dataset
from model.data.dataset import CURVE_UNIT, PROBLEM_KINDS
from model.data.generators import GeneratorSettings, generate
from model.run.race import Race, lane_names
from model.run.snapshot import SnapshotMaker
from model.training.settings import first_setup

AREA = QRectF(0, 0, 400, 300)


@pytest.fixture(autouse=True)
def application(qapp):
    theme.manager()


def scene_of(dataset, goal=40, **looks):
    """Return the scene of a race of three lanes, of which the last diverges."""
    setup = first_setup(dataset)
    base = setup.training
    lanes = [
        replace(base, optimizer="adam", learning_rate=0.02),
        base,
        replace(base, optimizer="momentum", learning_rate=1e12),
    ]
    race = Race(setup, lanes, goal)
    race.advance(goal)
    state = race.state()
    maker = SnapshotMaker(1, 48)
    snapshots = tuple(maker.make(place, lane.trained.moment) for place, lane in enumerate(state.lanes))
    leaders = state.by_step().leaders
    return RaceScene(state.lanes, snapshots, lane_names(lanes), dataset, leaders, state.step, **looks)


@pytest.fixture(scope="module")
def scene():
    return scene_of(generate(GeneratorSettings("moons", n_points=60)))


@pytest.fixture
def curve_scene():
    x = np.linspace(-5, 5, 40)
    return scene_of(Dataset(np.stack([x, np.sin(x) * CURVE_UNIT], axis=1), kind="curve"), 300)


def drawn(paint, scene, width=400, height=300):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(theme.current().panel)
    painter = QPainter(image)
    paint(painter, QRectF(0, 0, width, height), scene, theme.current())
    painter.end()
    return image


class TestLosses:
    def test_at_the_mouse_are_those_of_the_curves(self, scene):
        found = [losses_text(AREA, scene, QPointF(x, 100)) for x in range(400)]
        shown = {text.split("\n")[0]: text for text in found if text}
        text = shown["After 20 steps:"]
        assert "After 40 steps:" in shown
        rows = scene.lanes[0].trained.curve.rows
        first = float(text.split("\n")[1].split(": ")[1])
        assert rows[19:22, 1].min() * 0.99 <= first <= rows[19:22, 1].max() * 1.01
        # The lane that has diverged has no loss there.
        assert [line.split(":")[0] for line in text.split("\n")[1:]] == list(scene.names[:2])

    def test_over_time_are_those_after_that_time(self, scene):
        timed = replace(scene, by_time=True)
        texts = [losses_text(AREA, timed, QPointF(x, 100)) for x in range(60, 390)]
        assert all(text.startswith("After ") and "ms each:" in text for text in texts[:100])

    @pytest.mark.parametrize("place", [QPointF(2, 100), QPointF(100, 299)])
    def test_beside_the_plot_there_are_none(self, scene, place):
        assert losses_text(AREA, scene, place) == ""

    def test_of_no_race_there_are_none(self, scene):
        empty = replace(scene, lanes=(), snapshots=())
        assert losses_text(AREA, empty, QPointF(200, 100)) == ""


def test_a_lane_that_has_diverged_says_so_and_has_no_loss(scene):
    assert lane_text(scene.lanes[2], scene) == "diverged after step 0"
    assert lane_text(scene.lanes[0], scene).startswith("loss ")


def test_a_curve_is_drawn_at_its_heights(curve_scene):
    image = drawn(paint_race_boundaries, curve_scene, 300, 290)
    snapshot = curve_scene.snapshots[0]
    colour = theme.current().lane_colour(0)
    # What the axes leave of the picture, a square at its top, is the plane from -6 to 6.
    left, top, side = LEFT_AXIS, 6, 300 - LEFT_AXIS - 8
    at = np.linspace(60, len(snapshot.curve.x) - 60, 15).astype(int)
    n_near = 0
    for x, y in zip(snapshot.curve.x[at], snapshot.curve.y[at] * CURVE_UNIT, strict=True):
        column, row = round(left + (x + 6) / 12 * side), round(top + (6 - y) / 12 * side)
        around = [image.pixelColor(column + across, row + down) for across in (-1, 0, 1) for down in (-1, 0, 1)]
        n_near += any(abs(c.red() - colour.red()) + abs(c.green() - colour.green()) < 60 for c in around)
    # Here and there another lane or a point lies over it.
    assert n_near >= 11


@pytest.mark.parametrize("kind", PROBLEM_KINDS)
@pytest.mark.parametrize("view", RACE_VIEWS)
def test_every_view_is_written_of_every_kind_of_problem(kind, view):
    dataset = generate(GeneratorSettings("moons", n_points=30)).as_kind(kind)
    made = scene_of(dataset, 8)
    pictures = RacePictures(lambda: made)
    assert b"<svg" in pictures.encoded(view, "svg")
    assert pictures.encoded(view, "pdf", 85.0, "mm").startswith(b"%PDF")
    image = pictures.image(view)
    assert image.width() == round(pictures.width(view))


@pytest.mark.parametrize("view", RACE_VIEWS)
def test_another_program_draws_an_svg_as_the_pixels_are(scene, view):
    pictures = RacePictures(lambda: scene)
    pixels = pictures.image(view)
    options = {"width": pixels.width(), "height": pixels.height(), "dpi": 96.0}
    options["sans_serif_family"] = QFontInfo(figure_font(12)).family()
    svg = pictures.encoded(view, "svg").decode()
    drawn = QImage.fromData(bytes(resvg_py.svg_to_bytes(svg_string=svg, **options))).scaled(pixels.size())
    assert np.abs(grey(drawn) - grey(pixels)).mean() < 2.5
    assert "non-scaling-stroke" not in svg


def grey(image):
    pixels = image.convertToFormat(QImage.Format.Format_Grayscale8)
    array = np.frombuffer(pixels.constBits(), np.uint8).reshape(pixels.height(), pixels.bytesPerLine())
    return array[:, : pixels.width()].astype(float)


def test_before_the_race_there_are_points_alone(scene):
    empty = replace(scene, lanes=(), snapshots=(None,) * 3, leaders=())
    for view in RACE_VIEWS.values():
        assert not drawn(view.paint, empty, 720, 600).isNull()
