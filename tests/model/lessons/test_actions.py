"""What a lesson may do: names, what each is given, and the sentence where that is wrong."""

import pytest

from gui.document.view import PAGES, ViewSettings
from gui.tools import TOOLS
from model.lessons.actions import ACTIONS, SWITCHES, read_action


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("rewind", ("rewind", None)),
        ("generate moons", ("generate", "moons")),
        ("learning_rate 0.03", ("learning_rate", 0.03)),
        ("batch_size all", ("batch_size", None)),
        ("batch_size 10", ("batch_size", 10)),
        ("step", ("step", 1)),
        ("step 50", ("step", 50)),
        ("layers 4 4", ("layers", (4, 4))),
        ("layers none", ("layers", ())),
        ("select h1.2", ("select", (1, 2))),
        ("select none", ("select", None)),
        ("view in_space on", ("view", ("in_space", "on"))),
    ],
)
def test_what_stands_there_is_meant(text, meant):
    assert read_action(text) == meant


@pytest.mark.parametrize(
    "text",
    [
        "",
        "format disk",
        "rewind now",
        "generate cats",
        "learning_rate fast",
        "learning_rate nan",
        "learning_rate -1",
        "batch_size 0",
        "step 1e9",
        "step ²",
        "layers",
        "layers 0",
        "layers 1 1 1 1 1 1 1 1 1 1 1",
        "select 1",
        "select h1.0",
        "view in_space maybe",
        "view tool erase",
    ],
)
def test_what_is_not_allowed_is_refused_in_a_sentence(text):
    with pytest.raises(ValueError, match=r"there is no action|it must be|nothing may stand"):
        read_action(text)


def test_what_the_window_has_is_offered():
    fields = ViewSettings.__dataclass_fields__
    assert all(isinstance(fields[name].default, bool) for name in SWITCHES)
    assert set(ACTIONS["inspect"].argument.names) == set(PAGES)
    assert set(ACTIONS["tool"].argument.names) == set(TOOLS)
