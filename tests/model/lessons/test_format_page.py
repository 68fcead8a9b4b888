"""resources/lesson-format.md: its example is a lesson, and its tables are the registries."""

import re
from pathlib import Path

import pytest

from model.lessons import read_lesson
from model.lessons.actions import ACTIONS
from model.lessons.facts import FACTS, Fact
from model.lessons.lesson import Best, Until
from model.lessons.parsing import parse_lesson

PAGE = Path(__file__).parents[3] / "resources" / "lesson-format.md"


def table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [f"| {' | '.join(line)} |" for line in (head, *rows)]
    return "\n".join([lines[0], "|---" * len(head) + "|", *lines[1:]])


def kind_of(fact: Fact) -> str:
    if fact.kind == "truth":
        return "true or not"
    return fact.kind + (": " + ", ".join(f'`"{choice}"`' for choice in fact.choices) if fact.choices else "")


def tables() -> tuple[str, str]:
    actions = [(f"`{action.example}`", action.description) for action in ACTIONS.values()]
    facts = [(f"`{fact.name}`", kind_of(fact), fact.description) for fact in FACTS.values()]
    return table(("action", "what it does"), actions), table(("fact", "kind", "what it is"), facts)


def test_its_tables_are_the_registries():
    text = PAGE.read_text(encoding="utf-8")
    for expected in tables():
        assert expected in text


@pytest.mark.parametrize("action", ACTIONS.values(), ids=lambda action: action.name)
def test_the_example_of_an_action_is_one_and_a_button_can_say_it(action):
    name, _, rest = action.example.partition(" ")
    assert name == action.name
    title = action.title(action.parse(rest))
    assert title[0].isupper()
    assert not title.endswith(".")
    assert "_" not in title.removeprefix("Open ")


def example() -> str:
    found = re.search(r"```markdown\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    return found[1]


def test_its_example_is_read(tmp_path):
    (tmp_path / "lesson.md").write_text(example(), encoding="utf-8")
    lesson = read_lesson(tmp_path)
    assert [step.title for step in lesson.steps] == ["Look at the data", "See it fail", "Bend the border"]
    assert isinstance(lesson.limits[0], Until)
    assert lesson.steps[-1].best == Best("hidden_units", True, 35)
    assert lesson.steps[1].actions[-1].title == "Train 200 steps"


def test_every_word_of_its_tables_is_known():
    text = PAGE.read_text(encoding="utf-8")
    heads = {"title": "a", "summary": "a", "minutes": "3", "hide": "Data", "limit": "playing"}
    assert set(re.findall(r"^\| `(\w+)` \| ", text.partition("## The head")[2].partition("##")[0], re.M)) == set(heads)
    parse_lesson("".join(f"{key}: {value}\n" for key, value in heads.items()) + "## a\n", "a", {})
    lines = set(re.findall(r"^\| `> (\w+): ", text, re.M))
    assert lines == {"point", "do", "offer", "until", "best"}
    values = {"point": "Data", "do": "play", "offer": "play", "until": "playing", "best": "steps lower"}
    parse_lesson("title: a\n## a\n" + "".join(f"> {key}: {value}\n" for key, value in values.items()), "a", {})
