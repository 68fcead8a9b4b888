from dataclasses import replace
from itertools import combinations, cycle

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gui import theme
from gui.export.animation.composer import Composer
from gui.export.animation.layouts import LEAST_CARD
from gui.export.animation.rendering import pixels_of
from gui.export.animation.run_limits import RunLimits
from gui.export.animation.settings import PANELS, TEXT_SIZES, AnimationSettings
from gui.items.network_diagram import NetworkDiagram
from gui.items.surface_item import surface_image
from model.data.naming import PLAIN, Axis, Naming
from model.run.curve import LossCurve
from model.run.history import History
from model.run.run import TrainedRun
from model.run.snapshot import SnapshotMaker
from tests.gui.export.named import with_names

SIZES = {"wide": (960, 540), "square": (800, 800), "tall": (540, 960)}
SUBSETS = [subset for n in range(1, len(PANELS) + 1) for subset in combinations(PANELS, n)]
PICTURES = [*((tuple(PANELS), layout) for layout in SIZES), *zip(SUBSETS[:-1], cycle(SIZES), strict=False)]
"""All panels in each layout, and each other choice of panels in one."""


def picture(settings: AnimationSettings, run: TrainedRun, index: int = -1) -> np.ndarray:
    return pixels_of(Composer(settings).picture(run.history.frames[index], run.history, run.curve))


def inside(pixels: np.ndarray, area: QRectF, inset: float = 0.0) -> np.ndarray:
    left, top = round(area.left() + inset), round(area.top() + inset)
    return pixels[top : round(area.bottom() - inset), left : round(area.right() - inset), :3]


def n_colours(pixels: np.ndarray) -> int:
    return len(np.unique(pixels @ (1 << np.array([0, 8, 16]))))  # As one number each: rows take long to sort.


_CLASSES = tuple(f"{number}, a long name of a class" for number in range(8))
LONG_NAMES = Naming(Axis("a long name of a coordinate"), classes=_CLASSES)


@pytest.mark.parametrize(("panels", "layout"), PICTURES)
def test_each_card_has_a_picture_and_none_covers_another(qapp, runs, panels, layout):
    run = runs["spiral"]
    composer = Composer(AnimationSettings(size=SIZES[layout], layout=layout, panels=panels, title="Run", caption="end"))
    image = composer.picture(run.history.frames[-1], run.history, run.curve)
    assert (image.width(), image.height()) == SIZES[layout]
    assert image.format() == QImage.Format.Format_RGB32
    pixels = pixels_of(image)
    cards = {panel: composer.card(panel) for panel in panels}
    for panel, card in cards.items():
        assert QRectF(0, 0, *SIZES[layout]).contains(card)
        assert card.contains(composer.picture_area(panel))
        assert composer.picture_area(panel).height() > 15
        assert n_colours(inside(pixels, composer.picture_area(panel))) > 8, panel
    assert not any(one.intersects(other) for one, other in combinations(cards.values(), 2))


@pytest.mark.parametrize("layout", SIZES)
@pytest.mark.parametrize("size", [(120, 3840), (3840, 120), (120, 120), (320, 180)])
@pytest.mark.parametrize("text_size", TEXT_SIZES)
def test_every_allowed_size_can_be_drawn_and_what_has_no_room_is_left_out(qapp, runs, layout, size, text_size):
    run = with_names(runs["eight"], LONG_NAMES)
    settings = AnimationSettings(
        size=size,
        layout=layout,
        panels=tuple(PANELS),
        title="A title of some words",
        caption="end",
        text_size=text_size,
    )
    composer = Composer(settings)
    composer.picture(run.history.frames[-1], run.history, run.curve)
    cards = [card for card in map(composer.card, PANELS) if not card.isEmpty()]
    assert cards
    for card in cards:
        assert QRectF(0, 0, *size).contains(card)
        large = card.width() >= LEAST_CARD[0] and card.height() >= LEAST_CARD[1]
        assert large or len(cards) == 1


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_theme_is_the_settings_whatever_the_window_shows(qapp, runs, name):
    pixels = picture(AnimationSettings(size=(320, 180), theme=name), runs["spiral"])
    window = theme.named(name).window
    assert pixels[1, 1, :3].tolist() == [window.blue(), window.green(), window.red()]


@pytest.mark.parametrize(
    ("run", "regions", "name", "index"),
    [
        ("spiral", False, "light", -1),
        ("spiral", True, "dark", 0),
        ("wave", False, "dark", -1),
        ("wave", True, "light", 0),
        ("eight", False, "dark", 0),
        ("eight", True, "light", -1),
    ],
)
def test_the_surface_has_the_colours_that_the_window_gives_it(qapp, runs, run, regions, name, index):
    recorded = runs[run]
    settings = AnimationSettings(size=(480, 480), layout="square", panels=("surface",), theme=name, regions=regions)
    # Without points, which would hide it.
    recorded_frame = recorded.history.frames[index]
    setup = replace(recorded_frame.setup, dataset=replace_points(recorded_frame.dataset))
    frame = replace(recorded_frame, setup=setup)
    composer = Composer(settings)
    pixels = pixels_of(composer.picture(frame, recorded.history, recorded.curve))
    shown = inside(pixels, composer.picture_area("surface"))[..., ::-1].astype(int)
    surface = composer.snapshot(frame).surface
    colours = surface_image(surface, theme.named(name), regions=regions)
    colours = colours[::-1]
    rows = (np.arange(shown.shape[0]) + 0.5) / shown.shape[0] * len(colours)
    columns = (np.arange(shown.shape[1]) + 0.5) / shown.shape[1] * colours.shape[1]
    wanted = colours[np.ix_(rows.astype(int), columns.astype(int))]
    wanted = np.stack([(wanted >> shift) & 255 for shift in (16, 8, 0)], axis=-1).astype(int)
    # The lines lie on it, and pixels between two samples are blended.
    differs = np.abs(shown - wanted).max(axis=-1) > 12
    assert differs.mean() < 0.16


def replace_points(dataset):
    """Keep two points, far out."""
    return type(dataset)([[5.9, 5.9], [-5.9, -5.9]], dataset.labels[:2], n_classes=dataset.n_classes)


@pytest.mark.parametrize("run", ["spiral", "wave", "eight"])
def test_problems_of_every_kind(qapp, runs, run):
    composer = Composer(AnimationSettings(size=(640, 360)))
    recorded = with_names(runs[run], LONG_NAMES if run == "eight" else PLAIN)
    first, last = (
        pixels_of(composer.picture(recorded.history.frames[index], recorded.history, recorded.curve))
        for index in (0, -1)
    )
    for panel in ("network", "surface", "loss"):
        area = composer.picture_area(panel)
        assert (inside(first, area) != inside(last, area)).any(), f"{panel} does not move"


def test_everything_is_drawn_at_its_size_and_not_scaled_up(qapp, runs):
    """Twice the size has finer detail than the small one enlarged: more rows differ from their neighbours."""
    run = runs["spiral"]
    small, large = (picture(AnimationSettings(size=size), run) for size in ((1280, 720), (2560, 1440)))
    enlarged = small.repeat(2, axis=0).repeat(2, axis=1)
    assert large.shape == enlarged.shape
    assert (large[::2] != large[1::2]).any(axis=-1).mean() > 0.02
    assert np.abs(large[..., :3].astype(int) - enlarged[..., :3]).mean() < 12, "and it is the same picture"


@pytest.mark.parametrize("size", [(1280, 720), (1080, 1920), (640, 360)])
def test_a_reduced_picture_has_the_layout_of_the_whole_one(qapp, runs, size):
    run = runs["spiral"]
    settings = AnimationSettings(size=size, title="A title")
    whole, half = Composer(settings), Composer(settings, reduction=0.5)
    images = [composer.picture(run.history.frames[-1], run.history, run.curve) for composer in (whole, half)]
    assert (images[1].width(), images[1].height()) == (size[0] // 2, size[1] // 2)
    for panel in settings.panels:
        card, small = whole.card(panel), half.card(panel)
        assert QRectF(small.topLeft() * 2, small.size() * 2) == card


def test_test_points_counters_title_and_caption_can_be_left_out(qapp, runs):
    run, base = runs["spiral"], AnimationSettings(size=(640, 360), title="A title", caption="A caption")
    whole = picture(base, run)
    for change in ({"test_points": False}, {"counters": False}, {"title": ""}, {"caption": ""}):
        assert (picture(replace(base, **change), run) != whole).any(), change


def test_a_run_of_one_frame_without_a_curve(qapp, runs):
    history = History()
    history.append(runs["spiral"].history.frames[0])
    image = Composer(AnimationSettings(size=(320, 180))).picture(history.frames[0], history, LossCurve())
    assert n_colours(pixels_of(image)[..., :3]) > 50


def test_the_same_moment_is_the_same_picture_in_any_order(qapp, runs):
    run = runs["eight"]
    settings = AnimationSettings(size=(640, 360))
    composer = Composer(settings)
    images = [composer.picture(run.history.frames[i], run.history, run.curve) for i in (0, 50, -1, 50)]
    assert images[1] == images[3]
    assert (pixels_of(images[2]) == picture(settings, run)).all()


def test_the_network_is_drawn_as_the_window_draws_it(qapp, runs):
    run = runs["spiral"]
    # With small text and 720 rows a unit of the layout is a pixel, as in the window.
    composer = Composer(AnimationSettings(text_size="small"))
    frame = run.history.frames[-1]
    pixels = pixels_of(composer.picture(frame, run.history, run.curve))
    area = composer.picture_area("network")
    snapshot = SnapshotMaker().make(0, frame)
    image = QImage(1280, 720, QImage.Format.Format_RGB32)
    light = theme.named("light")
    image.fill(light.panel)
    painter = QPainter(image)
    run_limits = RunLimits(run.history.frames, "fixed")
    NetworkDiagram(most_enlarged=1.6).paint(
        painter,
        area.adjusted(0, 20, 0, 4),
        snapshot,
        light,
        limits=run_limits.at(frame.time),
        strengths=run_limits.strengths(frame.network.layer_sizes),
    )
    painter.end()
    below_headings = area.adjusted(0, 20, 0, 0)
    assert (inside(pixels, below_headings) == inside(pixels_of(image), below_headings)).all()
