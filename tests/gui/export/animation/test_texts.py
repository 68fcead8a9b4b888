"""Text can be read in every picture, at every size, and is wrapped instead of cut."""

from collections import Counter
from dataclasses import replace
from typing import ClassVar

import numpy as np
import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QPainter

from gui import theme
from gui.export.animation.composer import Composer
from gui.export.animation.counters import Counters
from gui.export.animation.headings import fitted_caption
from gui.export.animation.rendering import pixels_of
from gui.export.animation.settings import PANELS, TEXT_SIZES, AnimationSettings
from gui.export.animation.texts import LEAST_PX, fit_text
from gui.theme import figure_font
from model.data.naming import PLAIN, Axis, Naming
from tests.gui.export.named import with_names

LONG = "A very long title that a lecturer wants above the film of a network that learns three spiral arms"


def ink_rows(pixels: np.ndarray, area: QRectF) -> list[int]:
    """How high each line of an area is that has something on its background, from top to bottom."""
    part = pixels[
        max(round(area.top()), 0) : round(area.bottom()), max(round(area.left()), 0) : round(area.right()), :3
    ].astype(int)
    inked = (np.abs(part - part[0, 0]).max(axis=-1) > 60).any(axis=1)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], inked.astype(int), [0]])))
    return [int(end - start) for start, end in zip(edges[::2], edges[1::2], strict=True)]


def height_of(text: str, px: int) -> int:
    """How many rows a text of a font of this size has ink in, where a unit is a pixel."""
    image = QImage(200, 60, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setFont(figure_font(px))
    painter.drawText(QRectF(5, 5, 190, 50), Qt.AlignmentFlag.AlignVCenter, text)
    painter.end()
    return ink_rows(pixels_of(image), QRectF(0, 0, 200, 60))[0]


class Painter(QPainter):
    """Notes each text that is drawn, its size in pixels of the picture, and where it is."""

    noted: ClassVar[list[tuple[str, float]]] = []

    def drawText(self, *args):
        text = next(argument for argument in args if isinstance(argument, str))
        self.noted.append((text, self.font().pixelSize() * self.deviceTransform().m22()))
        super().drawText(*args)


@pytest.mark.parametrize("size", [(120, 120), (320, 180), (640, 360), (360, 640), (1280, 720), (1920, 1080)])
@pytest.mark.parametrize("text_size", TEXT_SIZES)
@pytest.mark.parametrize("run", ["spiral", "wave", "eight", "curve"])
def test_all_that_is_written_has_11_pixels_or_more(qapp, runs, monkeypatch, size, text_size, run):
    monkeypatch.setattr("gui.export.animation.composer.QPainter", Painter)
    monkeypatch.setattr("gui.items.pixmaps.QPainter", Painter)
    Painter.noted.clear()
    recorded = runs[run]
    history = recorded.history.copy()
    history.note(100, "a change in the middle")
    settings = AnimationSettings(size=size, text_size=text_size, panels=tuple(PANELS), title=LONG, caption="A caption")
    Composer(settings).picture(history.frames[-1], history, recorded.curve)
    assert Painter.noted
    assert [(text, px) for text, px in Painter.noted if px < 11 - 1e-6] == []


@pytest.mark.parametrize("size", [(320, 180), (640, 360), (400, 400), (1280, 720), (1080, 1920), (3840, 2160)])
@pytest.mark.parametrize("text_size", TEXT_SIZES)
def test_no_text_has_less_than_11_pixels(qapp, runs, size, text_size):
    run = runs["spiral"]
    title = AnimationSettings(size=size, text_size=text_size, panels=("loss",), title="Hx", caption="Hx", marks=False)
    composer = Composer(title)
    pixels = pixels_of(composer.picture(run.history.frames[-1], run.history, run.curve))
    card, plot, unit = composer.card("loss"), composer.picture_area("loss"), composer.scale
    least = height_of("0", 11)
    places = {
        "title of the panel": QRectF(card.left() + 6, card.top() + 6, 50 * unit, 24 * unit),
        "losses": QRectF(plot.left() - 2, plot.top() - 6, 36 * unit, plot.height() * 0.7),
        "steps": QRectF(plot.left(), plot.bottom() - 16 * unit, plot.width(), 16 * unit),
        "counters": QRectF(12 * unit, 0, 40 * unit, card.top()),
    }
    for name, area in places.items():
        heights = ink_rows(pixels, area)
        if name == "counters" and not heights:
            continue  # Left out, where the picture is too small for them.
        assert heights, name
        assert max(heights) >= least, (name, heights)


TITLES = ("A 2-4-4-2 network with ReLU learns two classes of 207 points", LONG)


@pytest.mark.parametrize("title", TITLES)
@pytest.mark.parametrize(
    ("size", "least"),
    [((640, 360), (190, 155)), ((360, 360), (150, 88)), ((360, 640), (250, 150)), ((1920, 1080), (660, 360))],
)
def test_headings_leave_the_output_its_room(qapp, runs, size, least, title):
    run = runs["spiral"]
    composer = Composer(AnimationSettings(size=size, title=title, caption="Learning rate 0.2, batches of 100"))
    composer.picture(run.history.frames[-1], run.history, run.curve)
    output = composer.picture_area("surface")
    assert output.width() >= least[0]
    assert output.height() >= least[1]
    assert all(not composer.card(panel).isEmpty() for panel in ("network", "surface", "loss"))


@pytest.mark.parametrize(("size", "is_beside"), [((640, 360), True), ((1280, 720), True), ((1080, 1080), False)])
def test_a_title_stands_beside_the_counters_where_it_need_not_be_small_for_that(qapp, runs, size, is_beside):
    run = runs["spiral"]
    settings = AnimationSettings(size=size, title=TITLES[0], test_points=False)
    with_counters, without = Composer(settings), Composer(replace(settings, counters=False))
    for composer in (with_counters, without):
        composer.picture(run.history.frames[-1], run.history, run.curve)
    tops = [composer.card("network").top() / composer.scale for composer in (with_counters, without)]
    assert (tops[0] - tops[1] < 30) == is_beside


@pytest.fixture
def written(monkeypatch):
    """What is written into a picture of a run, as often as it stands there."""
    monkeypatch.setattr("gui.export.animation.composer.QPainter", Painter)
    monkeypatch.setattr("gui.items.pixmaps.QPainter", Painter)

    def texts(run, naming=PLAIN, **settings) -> Counter[str]:
        Painter.noted.clear()
        run = with_names(run, naming)
        Composer(AnimationSettings(**settings)).picture(run.history.frames[-1], run.history, run.curve)
        return Counter(text for text, _ in Painter.noted)

    return texts


@pytest.mark.parametrize("size", [(640, 360), (360, 360), (360, 640), (1280, 720)])
def test_the_last_round_step_is_told_in_the_narrowest_plot(qapp, runs, written, size):
    shown = written(runs["spiral"], size=size)
    assert {"300", "300 steps"} & set(shown)
    assert "0 steps" not in shown


@pytest.mark.parametrize("size", [(640, 360), (360, 360), (360, 640), (1280, 720)])
def test_every_layer_has_its_name_where_columns_are_close_together(qapp, runs, written, size):
    assert {"input", "tanh", "softmax"} <= set(written(runs["spiral"], size=size))


@pytest.mark.parametrize("size", [(640, 360), (360, 640), (1280, 720)])
def test_classes_have_their_names_in_the_diagram_as_in_the_legend(qapp, runs, written, size):
    shown = written(runs["spiral"], Naming(classes=("oak", "cherry", "a very long name of a tree")), size=size)
    assert {"A", "B", "C"}.isdisjoint(shown)
    if size != (640, 360):  # Where the diagram has room for letters alone.
        assert (shown["oak"], shown["cherry"]) == (2, 2)
        assert any(text.startswith("a") and text.endswith("…") for text in shown)
    letters = written(runs["spiral"], size=size)
    assert (letters["A"], letters["B"], letters["C"]) == (2, 2, 2)


def test_each_moment_is_explained_by_its_own_points(qapp, runs, monkeypatch):
    monkeypatch.setattr("gui.items.pixmaps.QPainter", Painter)
    trees = with_names(runs["spiral"], Naming(Axis("height (m)", 20.0, 5.0), classes=("oak", "elm", "ash")))
    history = trees.history.copy()
    last, other = history.frames[-1], runs["eight"].history.frames[-1]
    history.append(replace(other, checkpoint=replace(other.checkpoint, step_count=last.step + 1)))
    composer = Composer(AnimationSettings(size=(1280, 720), panels=("surface", "data")))
    shown = []
    for frame in (last, history.frames[-1]):
        Painter.noted.clear()
        composer.picture(frame, history, runs["spiral"].curve)
        shown.append({text for text, _ in Painter.noted})
    assert {"oak", "elm", "ash", "height (m)", "30"} <= shown[0]
    assert {"A", "H", "x₁"} <= shown[1]
    assert {"oak", "height (m)"}.isdisjoint(shown[1])
    assert {"A", "x₁"}.isdisjoint(shown[0])


def test_a_caption_gets_smaller_before_it_has_a_second_line(qapp):
    theme.manager()
    text = "Learning rate 0.2, batches of 100, 1,000 steps"
    assert len(fitted_caption(text, 336.0).lines) == 1
    assert len(fitted_caption(text, 200.0).lines) == 2


def test_larger_text_is_larger(qapp, runs):
    run = runs["spiral"]
    heights = []
    for text_size in TEXT_SIZES:
        composer = Composer(AnimationSettings(text_size=text_size, panels=("surface",), counters=False))
        pixels = pixels_of(composer.picture(run.history.frames[-1], run.history, run.curve))
        card = composer.card("surface")
        heights.append(ink_rows(pixels, QRectF(card.left() + 8, card.top() + 8, 80, 40))[0])
    assert heights[0] < heights[1] < heights[2]


@pytest.mark.parametrize("size", [(640, 360), (1280, 720), (720, 720), (540, 960)])
def test_a_long_title_is_wrapped_and_whole(qapp, runs, size):
    run = runs["spiral"]
    settings = AnimationSettings(size=size)
    picture = Composer(settings).picture
    empty, whole, cut = (
        Composer(replace(settings, title=title)).picture(run.history.frames[-1], run.history, run.curve)
        for title in ("", LONG, LONG[:-5])
    )
    assert picture(run.history.frames[-1], run.history, run.curve) == empty
    assert whole != cut, "its last letters are seen"
    right = pixels_of(whole)[: size[1] // 3, -8:, :3]
    assert (right == right[0, 0]).all(), "nothing reaches the edge"


@pytest.mark.parametrize("text", [LONG, "", "word", "x" * 120, "one " * 60, "wide   spaces"])
@pytest.mark.parametrize("width", [60.0, 200.0, 1000.0])
def test_fitted_text_is_whole_and_no_wider_than_its_room(qapp, text, width):
    theme.manager()
    fitted = fit_text(text, width, 22, most_lines=2)
    metrics = QFontMetricsF(figure_font(fitted.px))
    assert "".join(fitted.lines).replace(" ", "") == text.replace(" ", "")
    assert all(metrics.horizontalAdvance(line) <= width for line in fitted.lines)
    assert len(fitted.lines) <= 2 or fitted.px == LEAST_PX
    assert (fitted.height > 0) == bool(text)


def test_a_text_that_is_cut_ends_with_dots_and_is_no_wider(qapp):
    theme.manager()
    whole = fit_text(LONG, 120.0, 12, most_lines=2)
    cut = whole.cut(2)
    assert cut.lines[0] == whole.lines[0]
    assert cut.lines[1].endswith("…")
    assert len(cut.lines) == 2
    assert cut.width <= whole.width
    assert whole.cut(50) == whole


def test_an_endless_word_takes_no_time(qapp):
    theme.manager()
    fitted = fit_text("m" * 100_000, 200.0, 22, most_lines=2)
    assert fitted.width <= 200
    assert len(fitted.lines) == 100, "more than any picture has room for"


def test_the_loss_has_as_many_digits_from_start_to_end(qapp, runs):
    run = runs["spiral"]
    frames = run.history.frames
    for lowest in (0.00032, 0.0030, 0.4, 1e-9):
        losses = np.geomspace(2.0, lowest, 50)
        counters = Counters(frames, losses, test_points=True)
        texts = [counters.loss_text(loss) for loss in losses.tolist()]
        assert len(set(map(len, texts))) == 1, texts
        assert texts[-1].replace(".", "").strip("0") != "", "the smallest can be told from 0"
