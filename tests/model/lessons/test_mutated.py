"""Mutated lessons: each is refused with a sentence or opened, in no time, and nothing outside its folder is touched."""

import io
import random
import shutil
import zipfile
from pathlib import Path

import pytest

from model.lessons import Lesson, LessonError, read_lesson
from model.lessons.facts import FACTS
from tests.model.lessons.experiments import LESSONS
from tests.mutants import is_opened, mutated_bytes, watch

_PIECES = [
    "title: ",
    "## ",
    "> do: open ../../secret.netcanvas",
    "> do: generate rule rule=__import__('os').system('touch/secret')",
    "> do: features __import__('os').getcwd()",
    "> until: __import__('os').system('true')",
    "> until: " + "(" * 400,
    "> until: " + "not " * 120 + "playing",
    "> do: set learning_rate 1e999",
    "> do: generate spiral n_points=99999999999999999999",
    "> do: layers 64 64 64 64 64 64 64 64 64 64 64",
    "> do: train 99999999999",
    "> do: select h99999999.99999999",
    "![x](file:///etc/passwd)",
    "<script>alert(1)</script>",
    "$" * 7,
    "`" * 5,
    "\\" * 9,
    "a" * 5000,
    "\0",
    "\u202e",
    "\ud7ff",
    "\U0001f600",
    "\r",
]


def mutated_text(text: str, chance: random.Random) -> str:
    """Return a text with some lines lost, doubled or swapped, and pieces put in."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(lines))
        match chance.randrange(6):
            case 0:
                del lines[at : at + chance.randint(1, 3)]
            case 1:
                lines.insert(at, chance.choice(lines))
            case 2:
                lines.insert(at, chance.choice(_PIECES))
            case 3:
                place = chance.randint(0, len(lines[at]))
                lines[at] = lines[at][:place] + chance.choice(_PIECES) + lines[at][place:]
            case 4:
                lines[at] = lines[at][: chance.randint(0, len(lines[at]))]
            case 5:
                lines[at] = "".join(chance.sample(lines[at], len(lines[at])))
        lines = lines or [""]
    return "\n".join(lines)


def put_folder(place: Path, files: dict[str, bytes]) -> Path:
    place.mkdir()
    for name, data in files.items():
        (place / name).write_bytes(data)
    return place


def put_zip(place: Path, files: dict[str, bytes], chance: random.Random) -> Path:
    """Write a zip of files, some of which may be said to lie elsewhere, and which may be damaged itself."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            before = chance.choice(["", "", "", "lesson/", "../", "/tmp/", "a/../../"])
            archive.writestr(before + name, data)
    data = packed.getvalue()
    path = place.with_suffix(".zip")
    path.write_bytes(mutated_bytes(data, chance) if chance.random() < 0.7 else data)
    return path


def mutant(place: Path, chance: random.Random) -> Path:
    """Put a mutated lesson at a place: a folder or a zip, of which text, experiments or container are changed."""
    source = chance.choice(sorted(path for path in LESSONS.iterdir() if path.is_dir()))
    files = {path.name: path.read_bytes() for path in source.iterdir()}
    if chance.random() < 0.7:
        files["lesson.md"] = mutated_text(files["lesson.md"].decode(), chance).encode("utf-8", "surrogatepass")
    for name in files:
        if chance.random() < 0.2:
            files[name] = mutated_bytes(files[name], chance)
    return put_zip(place, files, chance) if chance.random() < 0.5 else put_folder(place, files)


def use(lesson: Lesson) -> None:
    """Ask a lesson for all that the window asks for."""
    for step in lesson.steps:
        step.is_done(dict.fromkeys(FACTS))
        assert all(do.title for do in step.actions)
        assert all(part.words for until in step.untils for part in until.condition.parts)
    list(lesson.broken_limits({}))
    for name in lesson.experiments:
        lesson.experiment(name)


@pytest.fixture
def reached(monkeypatch):
    """Return the list of what is opened, and of what runs code."""
    for folder in LESSONS.iterdir():
        use(read_lesson(folder))  # What libraries make when they are first used, they have made then.
    return watch(monkeypatch)


def check_mutants(folder: Path, seeds: range, reached: list[str]) -> None:
    outcomes = {True: 0, False: 0}
    for seed in seeds:
        place = mutant(folder / f"mutant-{seed}", random.Random(seed))
        there = sorted(folder.rglob("*"))
        reached.clear()
        outcomes[is_opened(lambda place=place: use(read_lesson(place)), LessonError)] += 1
        assert [one for one in reached if not one.startswith(f"open {place}")] == [], seed
        assert sorted(folder.rglob("*")) == there, seed
        shutil.rmtree(place) if place.is_dir() else place.unlink()
    assert min(outcomes.values()) > len(seeds) / 10, outcomes


def test_a_hundred_mutated_lessons_are_refused_with_a_sentence_or_opened(tmp_path, reached):
    check_mutants(tmp_path, range(100), reached)


@pytest.mark.soak
def test_a_thousand_mutated_lessons_are_refused_with_a_sentence_or_opened(tmp_path, reached):
    check_mutants(tmp_path, range(100, 1100), reached)
