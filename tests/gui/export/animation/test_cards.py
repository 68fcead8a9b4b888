"""What cards say of the moment: its legend, the marks of changes, and the loss curve as far as it is."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF

from gui import theme
from gui.export.animation import space_card
from gui.export.animation.composer import Composer
from gui.export.animation.rendering import pixels_of
from gui.export.animation.settings import AnimationSettings
from model import NetworkSettings, TrainingSettings
from model.data.dataset import PROBLEM_KINDS
from model.data.generators import GeneratorSettings, generate
from model.data.naming import Naming
from model.run.curve import LossCurve
from model.run.record import record
from model.run.run import TrainedRun
from model.run.snapshot import Plane
from model.training.settings import Setup, first_setup
from tests.gui.export.named import with_names

SQUARE = AnimationSettings(size=(800, 800), counters=False)


def pixels(composer: Composer, run: TrainedRun, index: int) -> np.ndarray:
    return pixels_of(composer.picture(run.history.frames[index], run.history, run.curve))[..., :3].astype(int)


def part(picture: np.ndarray, area: QRectF) -> np.ndarray:
    return picture[round(area.top()) : round(area.bottom()), round(area.left()) : round(area.right())]


def header_of(composer: Composer, panel: str) -> QRectF:
    card, unit = composer.card(panel), composer.scale
    return QRectF(card.left() + 2, card.top() + 2, card.width() - 4, 28 * unit)


def test_the_output_in_3d_turns_while_the_animation_passes(qapp, runs):
    run = runs["spiral"]
    still, turning = (Composer(replace(SQUARE, panels=("space",), turn=turn)) for turn in (0.0, 360.0))

    def at(composer, share):
        picture = composer.picture(run.history.frames[-1], run.history, run.curve, share)
        return part(pixels_of(picture)[..., :3].astype(int), composer.picture_area("space"))

    assert np.array_equal(at(still, 0.0), at(still, 0.5))
    assert np.array_equal(at(still, 0.0), at(turning, 0.0))
    assert np.abs(at(turning, 0.25) - at(turning, 0.0)).mean() > 3
    assert np.abs(at(turning, 1.0) - at(turning, 0.0)).mean() < 0.5, "once round"


@pytest.mark.parametrize(
    "other",
    [
        {"height": "each"},
        {"height": "A"},
        {"height": "layer_a", "neuron": "1.1"},
        {"height": "neuron_za", "neuron": "1.2"},
        {"azimuth": 10.0},
        {"elevation": 70.0},
        {"slices": (0.0, 2.0)},
        {"slices": (0.0, 9.0)},
    ],
)
def test_the_output_in_3d_is_seen_as_the_settings_say(qapp, runs, other):
    run, panels = runs["spiral"], ("space",)
    plain, chosen = (Composer(replace(SQUARE, panels=panels, **looks)) for looks in ({}, other))
    assert not np.array_equal(*(pixels(one, run, -1) for one in (plain, chosen)))


def test_slices_come_one_by_one_while_the_run_passes(qapp, runs):
    run = runs["spiral"]
    composer = Composer(replace(SQUARE, panels=("space",), slices=(0.0, 3.0, -3.0)))
    seen = [
        pixels_of(composer.picture(run.history.frames[-1], run.history, run.curve, share)).tobytes()
        for share in (0.0, 0.2, 0.5, 0.9, 1.0)
    ]
    assert seen[0] == seen[1]
    assert seen[3] == seen[4]
    assert len(set(seen)) == 3


@pytest.mark.parametrize(
    "wrong",
    [{"height": "Z"}, {"neuron": "x"}, {"azimuth": np.nan}, {"elevation": -1.0}, {"slices": (1e9,)}, {"turn": 1e9}],
)
def test_what_cannot_be_seen_in_3d_is_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        replace(SQUARE, **wrong)


def test_a_hidden_space_bends_and_turns_while_the_animation_passes(qapp, runs):
    run = runs["spiral"]
    shown = replace(SQUARE, panels=("hidden",))
    still, bending, turning = (
        Composer(settings)
        for settings in (shown, replace(shown, bend=True), replace(shown, hidden_axes="3", turn=360.0))
    )

    def at(composer, share, index=-1):
        picture = composer.picture(run.history.frames[index], run.history, run.curve, share)
        return part(pixels_of(picture)[..., :3].astype(int), composer.picture_area("hidden"))

    assert np.array_equal(at(still, 0.0), at(still, 0.5))
    assert np.abs(at(still, 0.0, 0) - at(still, 0.0)).mean() > 3, "it follows the run"
    assert np.abs(at(bending, 0.0) - at(still, 0.0)).mean() > 3
    assert np.array_equal(at(bending, 1.0), at(still, 1.0))
    assert np.abs(at(turning, 0.25) - at(turning, 0.0)).mean() > 3
    assert np.abs(at(turning, 1.0) - at(turning, 0.0)).mean() < 0.5, "once round"


def test_a_hidden_space_is_of_the_layer_that_is_wanted(qapp):
    dataset = generate(GeneratorSettings(n_points=30))
    run = record(Setup(dataset, NetworkSettings((2, 3, 2, 3), ("tanh",) * 2), TrainingSettings()), 5)
    pictures = [
        pixels(Composer(replace(SQUARE, panels=("hidden",), hidden_layer=layer)), run, -1)
        for layer in ("1", "2", "last", "9")
    ]
    assert (pictures[0] != pictures[1]).any()
    assert np.array_equal(pictures[1], pictures[2])
    assert np.array_equal(pictures[2], pictures[3])


def test_the_output_has_the_lines_where_neurons_switch(qapp, runs):
    plain, lined = (Composer(replace(SQUARE, panels=("surface",), switch_lines=lines)) for lines in (False, True))
    assert (pixels(plain, runs["spiral"], -1) != pixels(lined, runs["spiral"], -1)).sum() > 2000


def test_beside_a_wider_plane_the_output_in_3d_has_the_whole_plane(qapp, runs, monkeypatch):
    seen = []
    original = space_card.relief_of
    monkeypatch.setattr(space_card, "relief_of", lambda snapshot, *rest, **options: (
        seen.append(snapshot.surface.plane), original(snapshot, *rest, **options))[1])  # fmt: skip
    for panels in (("surface", "space"), ("space", "loss")):
        pixels(Composer(AnimationSettings(size=(1280, 720), panels=panels)), runs["spiral"], -1)
    assert seen == [Plane(), Plane()]


@pytest.fixture
def changed(runs) -> TrainedRun:
    """A run of three classes and the cross-entropy that goes on with two, without test points, and squared errors."""
    moons = generate(GeneratorSettings(name="moons", n_points=60, training_share=1.0))
    training = TrainingSettings(loss="squared_error", learning_rate=0.01)
    later = record(Setup(moons, NetworkSettings((2, 6, 2), ("tanh",), seed=1), training), 100)
    history, curve = runs["spiral"].history.copy(), runs["spiral"].curve.copy()
    start = history.frames[-1].step
    for frame in later.history.frames[1:]:
        history.append(replace(frame, checkpoint=replace(frame.checkpoint, step_count=start + frame.step)))
    return TrainedRun(history, curve)


@pytest.mark.parametrize("panel", ["surface", "loss"])
def test_a_legend_is_that_of_the_moment(qapp, runs, changed, panel):
    composer, alone = (Composer(replace(SQUARE, panels=(panel,))) for _ in range(2))
    early, late = (part(pixels(composer, changed, index), header_of(composer, panel)) for index in (0, -1))
    assert (early != late).any()
    if panel == "surface":
        before = part(pixels(alone, runs["spiral"], 0), header_of(alone, panel))
        assert (early == before).all(), "as if nothing had come after it"
        green = theme.named("light").classes[2]
        distance = [
            np.abs(header - [green.blue(), green.green(), green.red()]).max(axis=-1) for header in (early, late)
        ]
        assert distance[0].min() == 0
        assert distance[1].min() > 30, "of two classes there is no third"


@pytest.mark.parametrize("names", [(), tuple(f"the class {number} of many" for number in range(8))])
@pytest.mark.parametrize("size", [(1280, 720), (640, 360), (800, 800)])
def test_every_class_is_explained_where_there_is_room_for_two_rows(qapp, runs, names, size):
    composer = Composer(replace(SQUARE, size=size, panels=("network", "surface")))
    picture = pixels(composer, with_names(runs["eight"], Naming(classes=names)), 0)
    card, area = composer.card("surface"), composer.picture_area("surface")
    above = part(picture, QRectF(card.left() + 2, card.top() + 2, card.width() - 4, area.top() - card.top() - 4))
    for colour in theme.named("light").classes[:8]:
        # The markers have the full colour.
        assert np.abs(above - [colour.blue(), colour.green(), colour.red()]).max(axis=-1).min() < 12, colour.name()


def test_hollow_points_are_explained_where_there_are_any(qapp, runs):
    run = runs["spiral"]
    with_test, without = (Composer(replace(SQUARE, panels=("surface",), test_points=shown)) for shown in (True, False))
    headers = [part(pixels(composer, run, -1), header_of(composer, "surface")) for composer in (with_test, without)]
    inked = [(np.abs(header - header[0, 0]).max(axis=-1) > 30).sum() for header in headers]
    assert inked[0] > inked[1] + 30


@pytest.mark.parametrize("kind", PROBLEM_KINDS)
@pytest.mark.parametrize("panel", ["data", "surface"])
def test_points_of_every_kind_are_drawn_where_none_is_for_testing(qapp, kind, panel):
    dataset = generate(GeneratorSettings("moons", n_points=30, training_share=1.0)).as_kind(kind)
    run = record(first_setup(dataset), 3)
    composer = Composer(AnimationSettings(size=(320, 180), panels=(panel,)))
    picture = part(pixels(composer, run, -1), composer.picture_area(panel))
    assert len(np.unique(picture.reshape(-1, 3), axis=0)) > 8


def test_the_output_has_axes(qapp, runs):
    composer = Composer(replace(SQUARE, panels=("surface",)))
    picture = pixels(composer, runs["spiral"], -1)
    area, card = composer.picture_area("surface"), composer.card("surface")
    below = part(picture, QRectF(area.left(), area.bottom() + 3, area.width(), card.bottom() - area.bottom() - 6))
    beside = part(picture, QRectF(card.left() + 6, area.top(), area.left() - card.left() - 9, area.height()))
    for strip, axis in ((below, 0), (beside, 1)):
        inked = (np.abs(strip - strip[0, -1]).max(axis=-1) > 60).any(axis=axis)
        # Texts of at least five ticks, apart from each other.
        assert (np.diff(inked.astype(int)) == 1).sum() >= 5


def coloured(picture: np.ndarray) -> tuple[int, int]:
    """Return how many pixels are blue and how many are orange."""
    blue, _, red = picture[..., 0], picture[..., 1], picture[..., 2]
    return int((blue - red > 50).sum()), int((red - blue > 50).sum())


class TestCurve:
    SURFACE = replace(SQUARE, panels=("surface",), test_points=False)

    def test_it_moves_as_the_network_learns(self, qapp, runs):
        composer = Composer(self.SURFACE)
        pictures = [pixels(composer, runs["curve"], index) for index in (0, -1)]
        first, last = (part(picture, composer.picture_area("surface")) for picture in pictures)
        assert (np.abs(first - last).max(axis=-1) > 60).sum() > 500

    def test_its_parts_are_there_in_the_colours_of_signs_or_left_out(self, qapp, runs):
        counts = []
        for terms in (True, False):
            composer = Composer(replace(self.SURFACE, terms=terms))
            shown = part(pixels(composer, runs["curve"], -1), composer.picture_area("surface"))
            counts.append(sum(coloured(shown)))
        assert counts[0] > counts[1] + 300

    def test_its_lines_are_named(self, qapp, runs):
        with_terms, without = (Composer(replace(self.SURFACE, terms=terms)) for terms in (True, False))
        headers = [
            part(pixels(composer, runs["curve"], -1), header_of(composer, "surface"))
            for composer in (with_terms, without)
        ]
        inked = [(np.abs(header - header[0, 0]).max(axis=-1) > 30).sum() for header in headers]
        assert inked[0] > inked[1] + 200

    @pytest.mark.parametrize("panel", ["surface", "data"])
    def test_a_run_that_goes_on_with_a_curve_has_its_axes_then(self, qapp, runs, panel):
        history, start = runs["wave"].history.copy(), runs["wave"].history.frames[-1].step
        for frame in runs["curve"].history.frames[1:]:
            history.append(replace(frame, checkpoint=replace(frame.checkpoint, step_count=start + frame.step)))
        both = TrainedRun(history, runs["wave"].curve.copy())
        composer = Composer(replace(SQUARE, panels=(panel,)))
        pictures = [pixels(composer, both, index) for index in (0, -1)]
        area, card = composer.picture_area(panel), composer.card(panel)
        beside = QRectF(card.left() + 6, area.top(), area.left() - card.left() - 9, area.height())
        early, late = (part(picture, beside) for picture in pictures)
        assert (early != late).any()
        assert (np.abs(late - late[0, -1]).max(axis=-1) > 60).any()

    def test_a_card_in_3d_says_that_there_is_none(self, qapp, runs):
        composer = Composer(replace(SQUARE, panels=("space",)))
        shown = part(pixels(composer, runs["curve"], -1), composer.picture_area("space"))
        inked = np.abs(shown - shown[0, 0]).max(axis=-1) > 60
        assert 50 < inked.sum() < 5000

    def test_neurons_have_curves_in_the_diagram(self, qapp, runs):
        composer = Composer(replace(SQUARE, panels=("network",)))
        shown = [part(pixels(composer, runs["curve"], index), composer.picture_area("network")) for index in (0, -1)]
        assert (shown[0] != shown[1]).any()
        assert all(count > 100 for picture in shown for count in coloured(picture))


@pytest.fixture
def marked(runs) -> TrainedRun:
    """A run of 300 steps in which somebody changed something at step 100, twice, and at step 200."""
    history = runs["spiral"].history.copy()
    history.note(100, "learning rate 0.1")
    history.note(100, "other points")
    history.note(200, "here I doubled the rate, which was perhaps not such a good idea")
    return replace(runs["spiral"], history=history)


def index_at(run: TrainedRun, step: int) -> int:
    return run.history.index_at(step)


def orange(picture: np.ndarray) -> np.ndarray:
    """Which columns of a picture have a mark from top to bottom."""
    blue, _, red = picture[..., 0], picture[..., 1], picture[..., 2]
    return (red - blue > 60).mean(axis=0) > 0.6


def test_changes_are_marked_once_the_film_has_passed_them(qapp, marked):
    composer = Composer(replace(SQUARE, panels=("loss",)))
    n_marks = []
    for step in (50, 150, 300):
        picture = part(pixels(composer, marked, index_at(marked, step)), composer.picture_area("loss"))
        columns = orange(picture[: round(0.8 * len(picture))])
        n_marks.append(int((np.diff(columns.astype(int)) == 1).sum()))
    assert n_marks == [0, 1, 2]
    bare = Composer(replace(SQUARE, panels=("loss",), marks=False))
    assert not orange(part(pixels(bare, marked, -1), bare.picture_area("loss"))[:300]).any()


def test_the_last_change_is_told_beside_its_mark(qapp, marked):
    composer = Composer(replace(SQUARE, panels=("loss",)))
    told = pixels(composer, marked, index_at(marked, 150))
    silent = Composer(replace(SQUARE, panels=("loss",)))
    history = marked.history.copy()
    history._events = [type(event)(event.step, "x") for event in history.events]
    other = pixels(silent, replace(marked, history=history), index_at(marked, 150))
    differs = np.argwhere((told != other).any(axis=-1))
    area = composer.picture_area("loss")
    assert area.contains(QRectF(*differs.min(axis=0)[::-1].tolist(), 1, 1))
    assert area.contains(QRectF(*differs.max(axis=0)[::-1].tolist(), 1, 1))


def test_a_narrow_plot_has_marks_alone(qapp, marked):
    narrow = Composer(AnimationSettings(size=(640, 360)))
    whole = pixels(narrow, marked, index_at(marked, 250))
    picture = part(whole, narrow.picture_area("loss"))
    assert orange(picture[: round(0.8 * len(picture))]).any()
    # The frame of a caption would be a line across.
    reddish = (picture[..., 2] - picture[..., 0] > 60).sum(axis=1)
    assert reddish.max() < 10


def test_nothing_is_seen_of_a_rise_that_is_still_to_come(qapp, runs):
    losses = {0: 0.01, 100: 0.01, 200: 0.01, 200.2: 1.0, 250: 1.0, 300: 1.0}
    rows = [(step, loss, np.nan, 0.0) for step, loss in losses.items()]
    run = replace(runs["spiral"], curve=LossCurve.from_rows(np.array(rows)))
    composer = Composer(replace(SQUARE, panels=("loss",), test_points=False))
    n_blue = []
    for step in (200, 202):
        picture = part(pixels(composer, run, index_at(run, step)), composer.picture_area("loss"))
        upper = picture[len(picture) // 8 : len(picture) // 2]
        n_blue.append(int(((upper[..., 0] - upper[..., 2]) > 30).sum()))
    assert n_blue[0] == 0
    assert n_blue[1] > 20


@pytest.mark.parametrize("future", [False, True])
def test_the_loss_is_drawn_as_far_as_it_is_unless_the_whole_is_asked_for(qapp, runs, future):
    run = runs["spiral"]
    composer = Composer(replace(SQUARE, panels=("loss",), future=future))
    early = part(pixels(composer, run, index_at(run, 60)), composer.picture_area("loss"))
    later = early[: round(0.9 * len(early)), round(0.4 * early.shape[1]) :]
    # The curve's blue, faint or not; the grid is grey.
    assert ((later[..., 0] - later[..., 2]) > 30).any() == future
