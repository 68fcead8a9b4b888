"""Reading lessons: what a folder or a zip of it means, and the sentence with file and line for what is wrong."""

import os
import re
import zipfile
from pathlib import Path

import pytest

from model.data.generators import GeneratorSettings, generate
from model.experiment import Experiment, save_experiment
from model.lessons import Lesson, LessonError, read_lesson
from model.lessons.conditions import Condition
from model.lessons.lesson import Best
from model.lessons.parsing import parse_lesson
from model.lessons.reading import is_lesson
from model.network.parts import Unit
from model.run.history import History
from model.run.run import Run
from model.training.settings import first_setup

LESSON = """title: Two spirals
summary: A first look.
minutes: 3
hide: Features, Settings
limit: hidden_units <= 5

## Look

The loss is $-\\log p$, and
the price is 3 \\$.

> A quotation stays one.

> point: Data
> do: open two.netcanvas
> do: generate spiral n_points=200 noise=0 n_classes=2
> offer: train 50

```
## no step
> until: playing
```

## Learn ##
> do: select h1.2
> do: set learning_rate 0.3
> until: test_loss < 0.1
> until: not playing
> best: steps lower
Well done.
"""


@pytest.fixture(scope="module")
def experiment():
    setup = first_setup(generate(GeneratorSettings(n_points=20)))
    history = History()
    history.append(Run(setup).moment())
    return Experiment(setup, GeneratorSettings(n_points=20), history)


@pytest.fixture
def folder(tmp_path, experiment):
    path = tmp_path / "my-lesson"
    path.mkdir()
    (path / "lesson.md").write_text(LESSON, encoding="utf-8")
    (path / "notes.txt").write_text("mine")
    save_experiment(experiment, path / "two.netcanvas")
    return path


def zipped(folder: Path, inside: str = "") -> Path:
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        if inside:
            archive.writestr(inside, "")
            archive.writestr("__MACOSX/._lesson.md", b"\0")
        for file in folder.iterdir():
            archive.write(file, f"{inside}{file.name}")
    return path


def check(lesson: Lesson, experiment: Experiment) -> None:
    assert (lesson.name, lesson.title, lesson.summary, lesson.minutes) == (
        "my-lesson",
        "Two spirals",
        "A first look.",
        3,
    )
    assert lesson.hidden == (("Features", 4), ("Settings", 4))
    assert [(limit.condition.words, limit.line) for limit in lesson.limits] == [("hidden neurons ≤ 5", 5)]
    first, second = lesson.steps
    assert (first.title, second.title, first.line) == ("Look", "Learn", 7)
    assert first.text == (
        "The loss is $-\\log p$, and\nthe price is 3 \\$.\n\n> A quotation stays one.\n\n\n"
        "```\n## no step\n> until: playing\n```"
    )
    assert [point.name for point in first.points] == ["Data"]
    assert [(do.action, do.value, do.is_offered, do.line) for do in first.actions] == [
        ("open", "two.netcanvas", False, 15),
        ("generate", GeneratorSettings("spiral", 200, 0, 2), False, 16),
        ("train", 50, True, 17),
    ]
    assert first.actions[-1].title == "Train 50 steps"
    assert not first.waits
    assert [do.value for do in second.actions] == [Unit(1, 1), ("learning_rate", 0.3)]
    assert [until.condition.text for until in second.untils] == ["test_loss < 0.1", "not playing"]
    assert second.is_done({"test_loss": 0.05})
    assert not second.is_done({"test_loss": 0.05, "playing": True})
    assert second.best == Best("steps", True, 29)
    assert second.text == "Well done."
    assert [limit.line for limit in lesson.broken_limits({"hidden_units": 6})] == [5]
    assert lesson.experiment("two.netcanvas").dataset == experiment.dataset


def test_a_folder_and_its_text_and_its_zips_are_the_same_lesson(folder, experiment):
    for path in (folder, folder / "lesson.md", zipped(folder), zipped(folder, "my-lesson/")):
        check(read_lesson(path), experiment)


@pytest.mark.parametrize(
    ("before", "after", "sentence"),
    [
        ("title: Two spirals\n", "", "lesson.md, line 1: the title is missing"),
        ("minutes: 3", "minutes: soon", "lesson.md, line 3: minutes must be a whole number from 1 to 999; got 'soon'."),
        ("minutes: 3", "author: me", "lesson.md, line 3: there is no author here; there are title, summary"),
        ("minutes: 3", "Welcome", "lesson.md, line 3: before the first step, a line is a word, a colon and a value"),
        (
            "title: Two",
            "# Two",
            "lesson.md, line 1: a step begins with ##, a space and its title; the lesson's own title",
        ),
        ("## Look", "##Look", "lesson.md, line 7: a step begins with ##, a space and its title"),
        ("minutes: 3", "title: Again", "lesson.md, line 3: there is a second title."),
        (
            "hidden_units <= 5",
            "units <= 5",
            "lesson.md, line 5: in “units <= 5”, at character 1: there is no fact units",
        ),
        ("## Look", "##  ", "lesson.md, line 7: a step needs a title after ##."),
        ("## Learn ##", "## Look", "lesson.md, line 24: there is a step of this title already."),
        ("is $-\\log p$", "is $-\\log p", "lesson.md, line 9: a formula has no end: a $ is missing"),
        ("Well done.", "![x](/etc/passwd)", "lesson.md, line 30: pictures are not shown"),
        ("Well done.", "<img src='x'>", "lesson.md, line 30: HTML is not shown"),
        ("Well done.", "# Done", "lesson.md, line 30: a heading in a lesson begins a step"),
        ("> A quotation stays one.", "> Note: this", "lesson.md, line 12: a line that begins so is one of > point:"),
        ("> point: Data", "> point Data", "lesson.md, line 14: a colon is missing: “> point:”; a quotation may not"),
        ("> point: Data", "> point:", "lesson.md, line 14: something must follow “> point:”."),
        (
            "open two",
            "open too",
            "lesson.md, line 15: there is no experiment too.netcanvas in the folder; there are two",
        ),
        ("generate spiral", "generate spirl", "lesson.md, line 16: generate: generator must be one of circle"),
        ("noise=0", "noise=7", "lesson.md, line 16: generate: noise must be 0 to 1; got 7."),
        ("noise=0", "noise", "lesson.md, line 16: generate: noise must be a number; got ''."),
        ("noise=0", "nose=0", "lesson.md, line 16: generate: an option is one of n_points, noise"),
        ("train 50", "train 5e9", "lesson.md, line 17: train: the number of steps must be a whole number from 1 to"),
        ("train 50", "run rm", "lesson.md, line 17: there is no action run; there are open, generate"),
        ("> do: select h1.2", "> do: select it", "lesson.md, line 25: select: a neuron is its layer and its place"),
        ("learning_rate 0.3", "learning_rate 0", "lesson.md, line 26: set: learning_rate must be a number above 0"),
        ("set learning_rate 0.3", "layers 4,4", "lesson.md, line 26: layers: sizes have spaces between them, as in"),
        ("set learning_rate 0.3", "features x1, x2", "lesson.md, line 26: features: inputs have spaces between them,"),
        (
            "steps lower",
            "epoch lower",
            "lesson.md, line 29: there is no number epoch (did you mean epochs?); there are",
        ),
        ("learning_rate 0.3", "momentum 3", "lesson.md, line 26: set: a setting is one of learning_rate"),
        ("test_loss < 0.1", "test_loss < ", "lesson.md, line 27: in “test_loss <”, at character 12: a fact, a number"),
        ("steps lower", "steps", "lesson.md, line 29: lower or higher must follow steps"),
        ("steps lower", "playing lower", "lesson.md, line 29: there is no number playing; there are noise"),
        ("best: steps lower", "best: steps lower\n> best: steps lower", "lesson.md, line 30: there is a second best"),
        ("Well done.", "```", "lesson.md, line 24: code in this step has no end"),
        ("Well done.", "\0", "lesson.md, line 30: there is a control character in it."),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(folder, before, after, sentence):
    assert LESSON.count(before) >= 1
    (folder / "lesson.md").write_text(LESSON.replace(before, after, 1), encoding="utf-8", newline="")
    with pytest.raises(LessonError) as error:
        read_lesson(folder)
    assert str(error.value).startswith(sentence)


@pytest.mark.parametrize(
    ("action", "meant"),
    [
        ("generate Spiral", "got 'Spiral' (did you mean spiral?)."),
        ("generate spiral points=200", "got 'points=200' (did you mean n_points?)."),
        ("set optimizer Adam", "got 'Adam' (did you mean adam?)."),
        ("set learning rate 0.1", "got 'learning' (did you mean learning_rate?)."),
        ("set learning_rate=0.1", "then a space and its value; got 'learning_rate=0.1' (did you mean learning_rate?)."),
        ("set optimizer qqq", "got 'qqq'."),
    ],
)
def test_a_name_that_is_nearly_right_is_told_right(action, meant):
    with pytest.raises(LessonError) as error:
        parse_lesson(f"title: x\n\n## a\n> do: {action}\n", "x", {})
    assert str(error.value).endswith(meant)


def test_a_person_s_signs_and_a_step_to_the_right_are_read_alike():
    typed = parse_lesson("title: x\n\n## a\n  > until: steps ≥ 5 and epochs ≠ 2 and points ≤ 9\n", "x", {})
    (until,) = typed.steps[0].untils
    assert until.condition.words == Condition.parse("steps >= 5 and epochs != 2 and points <= 9").words
    assert until.condition.holds({"steps": 5, "epochs": 1, "points": 9})


@pytest.mark.parametrize("name", ["Lesson.md", "lesson.md.txt", "lesson.txt"])
def test_a_text_with_nearly_the_right_name_is_named(folder, name):
    (folder / "lesson.md").rename(folder / name)
    for path in (folder, zipped(folder), zipped(folder, "my-lesson/")):
        with pytest.raises(LessonError, match=rf"in which there is lesson\.md; rename {re.escape(name)} to that\.$"):
            read_lesson(path)


def test_a_best_without_an_until_is_refused(folder):
    (folder / "lesson.md").write_text("title: a\n## b\n> best: steps lower", encoding="utf-8")
    with pytest.raises(LessonError, match=r"^lesson\.md, line 3: a best needs an until"):
        read_lesson(folder)


def test_a_lesson_needs_a_step(folder):
    (folder / "lesson.md").write_text("title: a\n", encoding="utf-8")
    with pytest.raises(LessonError, match=r"^lesson\.md, line 1: there is no step: a line such as “## Look"):
        read_lesson(folder)


def test_a_byte_that_is_not_utf_8_is_told_with_its_line(folder):
    (folder / "lesson.md").write_bytes(b"title: a\n## b\n\xff")
    with pytest.raises(LessonError, match=r"^lesson\.md, line 3: it is not UTF-8"):
        read_lesson(folder)


def test_a_text_of_windows_is_read(folder, experiment):
    (folder / "lesson.md").write_bytes(b"\xef\xbb\xbf" + LESSON.replace("\n", "\r\n").encode())
    check(read_lesson(folder), experiment)


def test_a_damaged_experiment_is_named(folder):
    (folder / "two.netcanvas").write_bytes(b"PK\3\4 and no more")
    for path in (folder, zipped(folder)):
        with pytest.raises(LessonError, match=r"^two\.netcanvas cannot be opened: it is incomplete or damaged\.$"):
            read_lesson(path)


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_file_that_leads_out_of_the_folder_is_refused(folder, tmp_path):
    outside = tmp_path / "outside.netcanvas"
    outside.write_bytes(b"")
    (folder / "three.netcanvas").symlink_to(outside)
    with pytest.raises(LessonError, match=r"^my-lesson cannot be opened: three\.netcanvas leads out of the folder\.$"):
        read_lesson(folder)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no pipes")
def test_a_pipe_is_not_waited_for(folder):
    (folder / "lesson.md").unlink()
    os.mkfifo(folder / "lesson.md")
    with pytest.raises(LessonError, match="it is not a file"):
        read_lesson(folder)


@pytest.mark.parametrize("member", ["../lesson.md", "/lesson.md", "a/../../lesson.md", "..\\lesson.md"])
def test_a_zip_that_leads_out_of_its_folder_is_refused(folder, member):
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, LESSON)
    with pytest.raises(LessonError, match=r"^my-lesson\.zip cannot be opened: .* leads out of its folder\.$"):
        read_lesson(path)


def test_a_zip_that_would_become_large_is_refused(folder):
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("lesson.md", LESSON + " " * 50_000_000)
    with pytest.raises(LessonError, match=r"lesson\.md may have 200,000 bytes"):
        read_lesson(path)


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        (["a/lesson.md", "b/lesson.md"], "there are several lessons in it"),
        (["a/b/lesson.md"], "it is not a lesson: a folder, or a zip of one"),
        (["readme.md"], "it is not a lesson"),
        (["lesson.md", *(f"{i}.netcanvas" for i in range(17))], "it may have 16 experiment files; got 17"),
        (["lesson.md", *map(str, range(40))], "it is not a lesson"),
    ],
)
def test_a_zip_of_something_else_is_refused(folder, members, sentence):
    path = folder.with_suffix(".zip")
    with zipfile.ZipFile(path, "w") as archive:
        for member in members:
            archive.writestr(member, LESSON)
    with pytest.raises(LessonError) as error:
        read_lesson(path)
    assert str(error.value).startswith(f"my-lesson.zip cannot be opened: {sentence}")


def test_other_places_are_refused(tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").write_text("hello")
    for name, sentence in (
        ("nowhere", "nowhere cannot be opened: there is no such file."),
        ("empty", "empty cannot be opened: it is not a lesson"),
        ("file.txt", "file.txt cannot be opened: it is not a lesson"),
    ):
        with pytest.raises(LessonError) as error:
            read_lesson(tmp_path / name)
        assert str(error.value).startswith(sentence)


def test_what_is_meant_as_a_lesson_is_told_from_other_files(folder, tmp_path):
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.zip").write_bytes(b"PK\3\4 and no more")
    for path in (folder, folder / "lesson.md", zipped(folder), zipped(folder, "my-lesson/")):
        assert is_lesson(path)
    for path in (folder / "two.netcanvas", folder / "notes.txt", tmp_path / "empty", tmp_path / "broken.zip"):
        assert not is_lesson(path)
    assert not is_lesson(tmp_path / "nowhere")
