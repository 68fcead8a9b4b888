"""Writing lessons: what is made of an experiment is a lesson again, and nothing is left where it cannot be."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model.data.generators import GeneratorSettings, generate
from model.experiment import Experiment
from model.lessons import LessonError, read_lesson
from model.lessons import writing as writing_module
from model.lessons.parsing import parse_lesson
from model.lessons.writing import EXPERIMENT_NAME, lesson_text, write_lesson
from model.run.history import History
from model.run.run import Run
from model.training.settings import first_setup


@pytest.fixture(scope="module")
def experiment():
    generator = GeneratorSettings(n_points=20)
    run, history = Run(first_setup(generate(generator))), History()
    history.append(run.moment())
    for _ in range(3):
        run.advance(1)
        history.append(run.moment())
    return Experiment(run.setup, generator, history, name="Three arms", notes="Look at the *middle*.\n> do: play")


def test_what_is_written_is_a_lesson_of_the_experiment(tmp_path, experiment):
    write_lesson(tmp_path / "arms", experiment)
    assert sorted(path.name for path in (tmp_path / "arms").iterdir()) == [EXPERIMENT_NAME, "lesson.md"]
    lesson = read_lesson(tmp_path / "arms")
    assert (lesson.name, lesson.title) == ("arms", "Three arms")
    first, second = lesson.steps
    sizes = experiment.network.layer_sizes
    assert f"20 points in 3 classes, and a network of 2 inputs, hidden layers of {sizes[1]} neurons" in first.text
    assert first.text.endswith("Look at the \\*middle\\*.\n\n\\> do\\: play")
    assert [(do.action, do.value) for do in first.actions] == [("open", EXPERIMENT_NAME), ("select", None)]
    assert [until.condition.text for until in second.untils] == ["steps >= 103"]
    opened = lesson.experiment(EXPERIMENT_NAME)
    assert (opened.setup, [frame.step for frame in opened.history.frames]) == (experiment.setup, [0, 1, 2, 3])


def test_an_experiment_without_a_name_takes_that_of_the_folder(tmp_path, experiment):
    (tmp_path / "circles").mkdir()
    write_lesson(tmp_path / "circles", replace(experiment, name="", notes=""))
    lesson = read_lesson(tmp_path / "circles")
    assert lesson.title == "circles"
    assert "Say here what there is to see." in lesson.steps[0].text


def test_of_a_large_run_the_last_moment_is_kept(tmp_path, experiment, monkeypatch):
    write_lesson(tmp_path / "whole", experiment)
    monkeypatch.setattr(
        writing_module, "MAX_EXPERIMENT_BYTES", (tmp_path / "whole" / EXPERIMENT_NAME).stat().st_size - 1
    )
    write_lesson(tmp_path / "last", experiment)
    opened = read_lesson(tmp_path / "last").experiment(EXPERIMENT_NAME)
    assert [frame.step for frame in opened.history.frames] == [3]
    monkeypatch.setattr(writing_module, "MAX_EXPERIMENT_BYTES", 100)
    with pytest.raises(LessonError, match=r"^The lesson none cannot be made: its experiment may have 100 bytes\.$"):
        write_lesson(tmp_path / "none", experiment)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("name", ["a\0b", "\udcff\ud800", "x" * 300, "no/such/folder"])
def test_a_name_that_no_folder_can_have_is_refused(tmp_path, experiment, name):
    with pytest.raises(LessonError, match=r"^The lesson .* cannot be made: .*\.$"):
        write_lesson(tmp_path / name, experiment)
    assert not any(tmp_path.iterdir())


def test_what_is_in_a_folder_that_cannot_be_looked_into_stays(tmp_path, experiment, monkeypatch):
    (tmp_path / "lesson.md").write_text("mine")
    monkeypatch.setattr(Path, "iterdir", lambda path: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(LessonError, match="permission denied"):
        write_lesson(tmp_path, experiment)
    assert (tmp_path / "lesson.md").read_text() == "mine"


def test_what_is_there_already_stays(tmp_path, experiment):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "lesson.md").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for name in ("mine", "file"):
        with pytest.raises(LessonError, match=f"^The lesson {name} cannot be made: there is something of this name"):
            write_lesson(tmp_path / name, experiment)
    with pytest.raises(LessonError, match="there is no such folder"):
        write_lesson(tmp_path / "no" / "where", experiment)
    assert (tmp_path / "mine" / "lesson.md").read_text() == (tmp_path / "file").read_text() == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "mine"]


_TEXTS = st.text(max_size=80) | st.lists(
    st.sampled_from(
        [
            "# a",
            "## a",
            "> do: play",
            "> note: a",
            "```",
            "$x",
            "$$",
            "![a](b)",
            "<b>",
            "\\",
            "`",
            "1. a",
            "\r",
            "title:",
        ]
    )
).map("\n".join)


@settings(max_examples=60)
@given(name=_TEXTS, notes=_TEXTS, folder=_TEXTS)
def test_whatever_a_person_has_written_the_lesson_can_be_read(experiment, name, notes, folder):
    text = lesson_text(replace(experiment, name=name, notes=notes), folder)
    lesson = parse_lesson(text, "a", {EXPERIMENT_NAME: b""})
    assert [step.title for step in lesson.steps] == ["What there is", "What to do"]
    assert lesson.title
    assert len(lesson.steps[0].actions) == 2
