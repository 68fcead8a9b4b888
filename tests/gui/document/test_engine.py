"""What the window says of its engine, and that it has steps compiled without waiting for them."""

import time
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest

from gui.document.document import Document
from gui.document.engine import Compiled
from model.experiment import load_experiment, save_experiment
from model.training.compiled import cache
from model.training.engines import NUMPY


class Process:
    """A process that compiles; ends when it is told to."""

    status = None

    def poll(self):
        return self.status


@pytest.fixture
def process(monkeypatch, tmp_path):
    """Let there be no compiled code yet, and a process that makes it."""
    process = Process()
    process.n_started = 0

    def begin(gently):
        assert gently
        process.n_started += 1
        return process

    monkeypatch.setenv(cache.ENGINE_VARIABLE, "compiled")
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "compiled"))
    monkeypatch.setattr(cache, "is_installed", lambda: True)
    monkeypatch.setattr(cache, "is_ready", lambda: process.status == 0)
    monkeypatch.setattr(cache, "start_build", begin)
    monkeypatch.setattr(cache, "ready_kernel", lambda: None)
    return process


@pytest.fixture
def step(document, qtbot):
    """Take a step, and wait for it."""

    def take():
        before = document.displayed.step
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == before + 1)

    return take


def engine_of(document):
    return document.displayed.moment.checkpoint.engine


def test_what_is_not_there_is_compiled_in_the_background(document, process, qtbot):
    document.engine.prepare()
    document.engine.prepare()
    assert (document.engine.compiled, process.n_started) == (Compiled.COMPILING, 1)
    assert document.engine.words().short == "NumPy · compiling"

    process.status = 0
    with qtbot.waitSignal(document.engine.changed):
        pass
    assert document.engine.compiled is Compiled.READY
    assert document.engine.words().short == "Compiled", "a run that has not begun takes it"


@pytest.mark.parametrize(
    ("status", "compiled", "words"),
    [(cache.NOWHERE, Compiled.NOWHERE, "cannot be written"), (1, Compiled.FAILED, "log")],
    ids=["nowhere", "failed"],
)
def test_what_cannot_be_compiled_is_said(document, process, qtbot, caplog, status, compiled, words):
    document.engine.prepare()
    process.status = status
    with qtbot.waitSignal(document.engine.changed):
        pass

    assert document.engine.compiled is compiled
    assert document.engine.words().short == "NumPy"
    assert words in document.engine.words().long
    assert str(cache.base_folder()) in caplog.text


def test_without_numba_it_is_said(document, process, monkeypatch):
    def version(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(cache, "is_installed", lambda: False)
    monkeypatch.setattr(metadata, "version", version)
    cache._identity.cache_clear()
    document.engine.prepare()

    assert (document.engine.compiled, process.n_started) == (Compiled.MISSING, 0)
    assert "numba" in document.engine.words().long


def test_who_wants_none_has_nothing_compiled(document, process, monkeypatch):
    monkeypatch.setenv(cache.ENGINE_VARIABLE, "numpy")
    document.engine.prepare()

    assert (document.engine.compiled, process.n_started) == (Compiled.UNWANTED, 0)
    assert cache.ENGINE_VARIABLE in document.engine.words().long


def test_a_run_keeps_numpy_when_compiled_code_comes_and_a_new_one_has_it(
    document, compiled_engine, process, step, qtbot
):
    step()
    assert engine_of(document) == NUMPY
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(cache, "ready_kernel", cache.kernel)
        patches.setattr(cache, "is_ready", lambda: True)
        document.engine.prepare()
        assert "keeps it" in document.engine.words().long

        document.run.rewind()
        qtbot.waitUntil(lambda: document.displayed.step == 0)
        step()
        assert engine_of(document) == NUMPY
        document.learning.reinitialise()
        qtbot.waitUntil(lambda: engine_of(document) is None)
        step()
        assert engine_of(document).name == "compiled"
        assert cache.version() in document.engine.words().long

        document.changes.undo()
        step()
        assert engine_of(document) == NUMPY


def test_what_is_opened_goes_on_to_the_bit_or_says_that_it_cannot(document, compiled_engine, step, qtbot, tmp_path):
    path = Path(tmp_path, "run.netcanvas")
    document.run.run_epoch()
    qtbot.waitUntil(lambda: document.displayed.epoch == 1 and not document.run.playing)
    save_experiment(document.experiment(), path)
    start = document.displayed.step
    step()
    expected = document.displayed.network.parameters

    def gone_on():
        other = Document()
        try:
            other.open_experiment(load_experiment(path))
            other.run.step()
            qtbot.waitUntil(lambda: other.displayed.step == start + 1)
            return other.displayed, other.engine.words(), other.experiment()
        finally:
            other.close()
            other.deleteLater()

    shown, words, _ = gone_on()
    np.testing.assert_array_equal(shown.network.parameters, expected)
    assert words.short == "Compiled"
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(cache, "ready_kernel", lambda: None)
        shown, words, experiment = gone_on()
    np.testing.assert_allclose(shown.network.parameters, expected, rtol=1e-9)
    assert words.short == "NumPy"
    assert "began with compiled code" in words.long
    names = [frame.checkpoint.engine.name for frame in experiment.history.frames]
    assert (names[0], names[-1]) == ("compiled", "numpy")


def test_the_run_is_the_same_whatever_is_drawn_and_however_fast(document, engine, qtbot):
    def frames_until(n_steps, speed, drawing_s):
        document.run.rewind()
        document.view.set(speed=speed)
        qtbot.waitUntil(lambda: document.displayed.step == 0)
        drawing = document.run.displayed_changed.connect(lambda: time.sleep(drawing_s))
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step >= n_steps)
        document.run.set_playing(False)
        document.run.displayed_changed.disconnect(drawing)
        qtbot.waitUntil(lambda: document.run.history.frames[-1].step == document.displayed.step)
        return {frame.step: frame.checkpoint for frame in document.run.history.frames}

    step_by_step, *others = [frames_until(*how) for how in ((150, 500, 0.0), (400, None, 0.0), (400, None, 0.05))]
    assert {checkpoint.engine.name for checkpoint in step_by_step.values()} == {engine}
    for frames in others:
        common = frames.keys() & step_by_step.keys()
        assert len(common) > 50
        for step in common:
            np.testing.assert_array_equal(frames[step].parameters, step_by_step[step].parameters)
            assert frames[step].random == step_by_step[step].random


def test_what_compiled_code_does_not_have_is_said(document, compiled_engine, step):
    step()
    document.learning.set_training(optimizer="random_search")
    step()

    assert document.engine.words().short == "NumPy"
    assert "There is no compiled code" in document.engine.words().long
