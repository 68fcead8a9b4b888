"""A run keeps the engine with which it begins: through rewinding, branches and changes, and where it is not there."""

import numpy as np
import pytest

from model import NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.run.run import Run, changed, trainer_at
from model.training import engines
from model.training.compiled import cache
from model.training.engines import NUMPY, Engine, engine_here
from model.training.settings import Setup

SPIRAL = generate(GeneratorSettings(n_points=120, n_classes=2))


def setup_of(**training):
    return Setup(SPIRAL, NetworkSettings((2, 4, 2), ("tanh",)), TrainingSettings(learning_rate=0.1, **training))


@pytest.fixture
def nothing_there(monkeypatch):
    """Let there be no compiled code from now on."""
    return lambda: monkeypatch.setattr(cache, "ready_kernel", lambda: None)


def advanced(run, n_steps):
    last = run.step + n_steps
    while run.step < last:
        run.advance(last - run.step)
    return run.moment()


def begun(setup=None):
    run = Run(setup or setup_of(), engine=None)
    assert (run.engine, run.moment().checkpoint.engine) == ("numpy", None)
    assert run.settle_engine()
    assert not run.settle_engine(), "it is decided once"
    return run


@pytest.mark.usefixtures("compiled_engine")
class TestWhereThereIsCompiledCode:
    def test_a_run_that_has_not_begun_takes_it(self):
        run = begun()

        assert run.engine == "compiled"
        assert run.moment().checkpoint.engine == Engine("compiled", cache.version())
        assert advanced(run, 30).checkpoint.engine == Engine("compiled", cache.version())

    def test_rewinding_repeats_the_run_to_the_bit(self):
        run = begun()
        end = advanced(run, 100)
        run.rewind()

        assert not run.settle_engine()
        np.testing.assert_array_equal(advanced(run, 100).checkpoint.parameters, end.checkpoint.parameters)

    def test_a_branch_goes_on_to_the_bit_with_the_engine_of_its_moment(self):
        for run in (begun(), Run(setup_of(), engine="numpy")):
            first, moment = run.moment(), advanced(run, 33)
            end = advanced(run, 60)
            other = Run(setup_of(), engine=None)
            other.branch(moment, first)

            assert not other.settle_engine()
            assert other.engine == run.engine
            np.testing.assert_array_equal(advanced(other, 60).checkpoint.parameters, end.checkpoint.parameters)

    def test_what_is_changed_between_two_steps_keeps_it(self):
        run = begun()
        moment = advanced(run, 12)
        setup = setup_of(batch_size=7)

        assert changed(moment, setup, run.trainer.network).checkpoint.engine == moment.checkpoint.engine
        run.revise(setup)
        assert run.moment().checkpoint.engine == moment.checkpoint.engine

    def test_what_it_does_not_cover_is_trained_by_numpy_in_between(self):
        run = begun()
        run.revise(setup_of(optimizer="random_search"))
        assert (run.engine, run.moment().checkpoint.engine.name) == ("numpy", "compiled")
        run.revise(setup_of())
        assert run.engine == "compiled"

    def test_a_moment_goes_on_alone_as_its_run_did(self):
        run = begun()
        moment = advanced(run, 33)
        trainer = trainer_at(moment)
        trainer.run_steps(40)

        assert trainer.engine == "compiled"
        np.testing.assert_array_equal(trainer.network.parameters, advanced(run, 40).checkpoint.parameters)

    def test_what_began_with_other_compiled_code_goes_on_with_this_and_says_so(self, monkeypatch):
        run = begun()
        first, moment = run.moment(), advanced(run, 20)
        monkeypatch.setattr(cache, "version", lambda: "another")
        run.branch(moment, first)

        assert run.settle_engine()
        assert run.moment().checkpoint.engine == Engine("compiled", "another")
        assert run.engine == "compiled"

    def test_what_began_with_it_goes_on_with_numpy_where_it_is_gone(self, nothing_there):
        run = begun()
        first, moment = run.moment(), advanced(run, 20)
        nothing_there()
        run.branch(moment, first)

        assert run.settle_engine()
        assert (run.engine, run.moment().checkpoint.engine) == ("numpy", NUMPY)
        reference = trainer_at(moment)
        reference.run_engine = NUMPY
        reference.run_steps(15)
        np.testing.assert_array_equal(advanced(run, 15).checkpoint.parameters, reference.network.parameters)

    def test_a_run_that_diverges_goes_back_with_it(self):
        run = begun(Setup(SPIRAL, NetworkSettings((2, 4, 2), ("relu",)), TrainingSettings(learning_rate=1e6)))
        pauses = [progress.pause for progress in (run.advance(1) for _ in range(60)) if progress.pause is not None]

        assert pauses
        assert run.moment().checkpoint.engine.name == "compiled"


def test_a_run_that_began_with_numpy_keeps_it_when_compiled_code_comes(compiled_engine):
    with pytest.MonkeyPatch.context() as patches:
        patches.setattr(cache, "ready_kernel", lambda: None)
        run = begun()
        end = advanced(run, 25)
    run.rewind()

    assert not run.settle_engine()
    assert (run.engine, end.checkpoint.engine) == ("numpy", NUMPY)
    np.testing.assert_array_equal(advanced(run, 25).checkpoint.parameters, end.checkpoint.parameters)


def test_whoever_wants_none_has_none(monkeypatch):
    monkeypatch.setenv(cache.ENGINE_VARIABLE, "numpy")
    monkeypatch.setattr(cache, "is_ready", lambda: True)

    assert engine_here("compiled", wait=False) is NUMPY


def test_an_engine_is_one_that_there_is():
    with pytest.raises(ValueError, match="engine"):
        Engine("gpu")
    with pytest.raises(ValueError, match="engine"):
        engine_here("gpu")
    with pytest.raises(ValueError, match="200 characters"):
        Engine("compiled", "x" * 201)
    assert engines.ENGINES.keys() == {"numpy", "compiled"}
