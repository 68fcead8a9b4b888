"""Files keep the engine of a run: what goes on with it is the same to the bit."""

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from model.data.generators import GeneratorSettings, generate
from model.experiment import Experiment, ExperimentError, load_experiment, save_experiment
from model.run.history import History
from model.run.run import Run, trainer_at
from model.training.engines import NUMPY, Engine
from model.training.settings import first_setup

COMPILED, OTHER = Engine("compiled", "numba 1, abc"), Engine("compiled", "numba 2, def")
SETUP = first_setup(generate(GeneratorSettings(n_points=40)))


def experiment_of(*engines, first_step=0):
    """Return a run of key frames at steps 0, 3, 6 ... with these engines."""
    run, history = Run(SETUP), History()
    for number, engine in enumerate(engines):
        moment = run.moment()
        history.append(replace(moment, checkpoint=replace(moment.checkpoint, engine=engine)))
        if number < len(engines) - 1:
            run.advance(1), run.advance(1), run.advance(1)
    return Experiment(SETUP, GeneratorSettings(n_points=40), history)


def read_again(experiment, path):
    save_experiment(experiment, path)
    return [frame.checkpoint.engine for frame in load_experiment(path).history.frames]


def content_of(path):
    with zipfile.ZipFile(path) as file:
        return json.loads(file.read("experiment.json"))


@pytest.mark.parametrize(
    "engines",
    [
        (COMPILED,) * 3,
        (COMPILED, COMPILED, NUMPY, NUMPY),
        (NUMPY, NUMPY, COMPILED),
        (COMPILED, OTHER, COMPILED),
        (COMPILED,),
    ],
)
def test_come_back(engines, tmp_path):
    assert read_again(experiment_of(*engines), tmp_path / "run.netcanvas") == list(engines)
    assert content_of(tmp_path / "run.netcanvas")["version"] == 3


@pytest.mark.parametrize(("engines", "expected"), [((NUMPY,) * 3, (NUMPY,) * 3), ((None,), (None,))])
def test_without_compiled_code_it_is_a_file_for_earlier_programs(engines, expected, tmp_path):
    assert read_again(experiment_of(*engines), tmp_path / "run.netcanvas") == list(expected)
    content = content_of(tmp_path / "run.netcanvas")
    assert content["version"] < 3
    assert "engines" not in content


def test_a_run_without_a_step_may_still_take_either(tmp_path):
    assert read_again(experiment_of(NUMPY), tmp_path / "run.netcanvas") == [None]


@pytest.mark.parametrize(
    ("engines", "sentence"),
    [
        ([{"step": 3, "engine": {"name": "gpu"}}], "engine"),
        ([{"step": 3, "engine": {"name": "numpy"}}, {"step": 3, "engine": {"name": "compiled"}}], "ascend"),
        ([{"step": -1, "engine": {"name": "numpy"}}], "ascend"),
        ([{"step": 1, "engine": {"name": "compiled", "version": "x" * 201}}], "200 characters"),
        ([{"step": step, "engine": {"name": "compiled"}} for step in range(1001)], "1,000 engines"),
    ],
)
def test_what_cannot_be_is_refused(engines, sentence, tmp_path):
    path = tmp_path / "run.netcanvas"
    save_experiment(experiment_of(COMPILED, COMPILED), path)
    with zipfile.ZipFile(path) as file:
        content, arrays = json.loads(file.read("experiment.json")), file.read("arrays.npz")
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("experiment.json", json.dumps(content | {"engines": engines}))
        file.writestr("arrays.npz", arrays)

    with pytest.raises(ExperimentError, match=sentence):
        load_experiment(path)


def test_what_is_opened_goes_on_to_the_bit(engine, tmp_path):
    run, history = Run(SETUP), History()
    for _ in range(25):
        run.advance(1)
    history.append(run.moment())
    save_experiment(Experiment(SETUP, GeneratorSettings(n_points=40), history), tmp_path / "run.netcanvas")
    for _ in range(40):
        run.advance(1)

    trainer = trainer_at(load_experiment(tmp_path / "run.netcanvas").history.frames[-1])
    trainer.run_steps(40)
    assert trainer.engine == engine
    np.testing.assert_array_equal(trainer.network.parameters, run.moment().checkpoint.parameters)
