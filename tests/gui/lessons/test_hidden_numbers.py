"""A number of a card is hidden with its caption, and nothing else is."""

import pytest
from PySide6.QtWidgets import QLabel, QToolButton

from gui.items.plane_view import PlaneView
from gui.lessons.places import find
from gui.panels.inspector.rows import ParameterRow
from gui.widgets.slider_field import SliderField
from model.network.parts import Unit

NUMBERS = ("Points", "Noise", "Label noise", "Training share")


def seen(card):
    return {label.text() for label in card.findChildren(QLabel) if label.isVisible()}


@pytest.mark.parametrize("name", [*NUMBERS, "Data seed", "New points"])
def test_what_is_hidden_of_a_card_takes_nothing_else_with_it(window, begin, name):
    card = window._panels["Data"]
    before = seen(card)
    begin(f"title: x\nhide: {name}\n\n## a\nText.\n")
    assert before - seen(card) == {name}
    assert window.findChild(PlaneView, "data_canvas").isVisible()
    fields = [field for field in card.findChildren(SliderField) if field.slider.accessibleName() == name]
    assert not any(field.isVisible() for field in fields)


def test_a_tool_that_is_called_like_a_caption_is_hidden_alone(window, begin, named):
    card = window._panels["Data"]
    window.document.view.set(tool="erase")
    before = seen(card)
    begin("title: x\nhide: Brush\n\n## a\nText.\n")
    assert seen(card) == before
    assert window.findChild(PlaneView, "data_canvas").isVisible()
    tools = [tool for tool in card.findChildren(QToolButton) if tool.defaultAction() and tool.text() == "Brush"]
    assert tools
    assert not any(tool.isVisible() for tool in tools)


def test_the_bias_is_hidden_with_its_slider_and_no_weight_is(window, begin):
    window.document.view.select(Unit(1, 0))
    inspector = window._panels["Inspector"]
    begin("title: x\nhide: bias\n\n## a\nText.\n")
    rows = {row.parameter.name: row.isVisible() for row in inspector.findChildren(ParameterRow)}
    assert rows.pop("bias") is False
    assert rows
    assert all(rows.values())


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_pointed_at_and_not_all_of_its_card(window, name):
    assert find(window, name).area().height() < 60
