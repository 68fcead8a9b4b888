"""Where panels stand: in their order, chosen by the picture's shape, with the room that is given to them."""

import pytest
from PySide6.QtCore import QRectF

from gui.export.animation.layouts import Headings, lay_out, pixels_per_unit
from gui.export.animation.settings import TEXT_SIZES, AnimationSettings

SHAPES = {"wide": (1024.0, 576.0), "square": (576.0, 576.0), "tall": (576.0, 1024.0)}
PANELS = ("network", "surface", "loss")
HEADINGS = Headings(title=29.0, counters=42.0)


def cards(placing: str, panels=PANELS, **give: float) -> dict[str, QRectF]:
    return lay_out(placing, panels, SHAPES[placing], HEADINGS, give).cards


def area(card: QRectF) -> float:
    return card.width() * card.height()


@pytest.mark.parametrize(
    ("size", "placing"),
    [((1280, 720), "wide"), ((1080, 1080), "square"), ((1080, 1920), "tall"), ((1200, 1000), "square")],
)
def test_the_layout_suits_the_shape_unless_another_is_chosen(size, placing):
    assert AnimationSettings(size=size).placing == placing
    assert AnimationSettings(size=size, layout="tall").placing == "tall"


@pytest.mark.parametrize(("placing", "share"), [("wide", 0.23), ("square", 0.27), ("tall", 0.4)])
def test_the_output_has_the_room_that_it_deserves(placing, share):
    shown = cards(placing)
    width, height = SHAPES[placing]
    assert area(shown["surface"]) > share * width * height
    assert shown["surface"].width() > 0.42 * width
    assert area(shown["surface"]) > area(shown["loss"])


@pytest.mark.parametrize("placing", SHAPES)
@pytest.mark.parametrize("panel", PANELS)
def test_a_panel_that_is_given_room_gets_it(placing, panel):
    usual, more, less = (area(cards(placing, **{panel: given})[panel]) for given in (1.0, 2.0, 0.5))
    assert less < usual < more
    assert more > 1.15 * usual


@pytest.mark.parametrize("placing", SHAPES)
@pytest.mark.parametrize("panels", [PANELS, ("surface", "network", "loss"), ("loss", "data", "surface", "network")])
def test_panels_stand_in_their_order(placing, panels):
    shown = cards(placing, panels)
    assert set(shown) == set(panels)
    first = shown[panels[0]]
    assert (first.left(), first.top()) == min((card.left(), card.top()) for card in shown.values())
    if placing == "tall":
        tops = [shown[panel].top() for panel in panels]
        assert tops == sorted(tops)


@pytest.mark.parametrize("placing", SHAPES)
def test_cards_fill_the_picture_without_a_hole(placing):
    for panels in (PANELS, ("network", "surface", "loss", "data"), ("surface", "loss"), ("surface",)):
        shown = cards(placing, panels)
        whole = QRectF()
        for card in shown.values():
            whole = whole.united(card)
        # Gaps alone are free.
        assert sum(map(area, shown.values())) > 0.93 * area(whole)


def test_a_small_picture_has_fewer_units_and_not_smaller_ones():
    for text_size, factor in TEXT_SIZES.items():
        assert pixels_per_unit((1280, 720), text_size) == pytest.approx(max(factor, 1.0))
        assert pixels_per_unit((320, 180), text_size) >= 1.0
    assert pixels_per_unit((640, 360), "large") > pixels_per_unit((640, 360), "medium")


def test_headings_give_way_to_the_cards():
    high = Headings(title=29.0, counters=42.0, caption=20.0)
    placed = lay_out("wide", PANELS, (400.0, 240.0), high, {})
    assert placed.title.height() == 29.0
    assert placed.caption.isEmpty()
    assert lay_out("wide", PANELS, (1024.0, 576.0), high, {}).caption.height() == 20.0


@pytest.mark.parametrize("placing", SHAPES)
def test_each_row_of_cards_has_its_height_before_a_heading_has_room(placing):
    for height in range(300, 700, 20):
        placed = lay_out(placing, PANELS, (360.0, float(height)), HEADINGS, {})
        if not placed.counters.isEmpty():
            n_rows = len({card.top() for card in placed.cards.values()})
            heights = {card.top(): card.height() for card in placed.cards.values()}
            assert sum(heights.values()) >= 130 * n_rows - 1


def test_in_a_low_picture_all_panels_stand_beside_one_another():
    shown = lay_out("wide", PANELS, (640.0, 360.0), HEADINGS, {}).cards
    assert len({(card.top(), card.height()) for card in shown.values()}) == 1
    assert shown["surface"].height() > 200
    assert shown["surface"].width() > 1.2 * shown["network"].width()
    assert [shown[panel].left() for panel in PANELS] == sorted(card.left() for card in shown.values())
