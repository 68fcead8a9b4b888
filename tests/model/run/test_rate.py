"""A learning rate that is too high is found out, and one that is not is left alone."""

from dataclasses import replace

import numpy as np
import pytest

from model import Network
from model.data.generators import GENERATORS, GeneratorSettings, generate
from model.network.change_problem import change_problem
from model.run.rate import RateWatch, first_loss_of, is_ruined, loss_to_beat
from model.run.record import record
from model.run.run import Diverged, Run
from model.training.settings import Setup, first_setup


def setup_of(name, activation="tanh", **training):
    setup = first_setup(generate(GeneratorSettings(name=name)))
    network = replace(setup.network, hidden_activations=(activation,) * setup.network.n_hidden_layers)
    return Setup(setup.dataset, network, replace(setup.training, **training))


def is_warned(setup, n_steps):
    run, n_warnings = Run(setup), 0
    while run.step < n_steps:
        progress = run.advance(n_steps - run.step)
        n_warnings += progress.is_rate_too_high
        if progress.pause is not None:
            break
    assert n_warnings <= 1, "it is said once"
    return bool(n_warnings)


@pytest.mark.parametrize(
    ("name", "activation", "training"),
    [
        ("spiral", "tanh", {"learning_rate": 10.0}),
        ("spiral", "tanh", {"learning_rate": 3.0}),
        ("spiral", "relu", {"learning_rate": 10.0}),
        ("spiral", "tanh", {"learning_rate": 1.0, "optimizer": "momentum"}),
        ("gaussians", "tanh", {"learning_rate": 10.0}),
        ("moons", "tanh", {"learning_rate": 10.0}),
        ("xor", "relu", {"learning_rate": 10.0}),
    ],
)
def test_a_run_that_jumps_for_ever_is_told(name, activation, training):
    assert is_warned(setup_of(name, activation, **training), 1500)


def no_false_alarm(name, n_steps):
    assert not is_warned(setup_of(name), n_steps)
    assert not is_warned(setup_of(name, batch_size=1), n_steps // 2)


@pytest.mark.parametrize("name", ["spiral", "rings", "curve_rule"])
def test_the_window_s_own_settings_are_no_false_alarm(name):
    no_false_alarm(name, 900)


@pytest.mark.soak
@pytest.mark.parametrize("name", GENERATORS)
def test_no_data_set_is_a_false_alarm(name):
    no_false_alarm(name, 6000)
    for seed in range(4):
        assert not is_warned(setup_of(name, "relu", seed=seed, learning_rate=0.03), 2000)
        assert not is_warned(setup_of(name, seed=seed, dropout=0.3), 2000)


def test_a_rate_that_is_raised_during_a_run_is_measured_by_its_beginning():
    setup = setup_of("spiral")
    run = Run(setup)
    while run.step < 300:
        run.advance(300 - run.step)
    run.revise(replace(setup, training=replace(setup.training, learning_rate=10.0)))
    found = False
    while run.step < 1500:
        found |= run.advance(1500 - run.step).is_rate_too_high
    assert found


def test_random_search_has_no_rate():
    assert not is_warned(setup_of("spiral", optimizer="random_search"), 600)


def test_a_jump_at_the_beginning_is_forgotten():
    setup = setup_of("spiral")
    watch = RateWatch(setup, 1.0, 0)
    losses = np.concatenate([np.full(150, 9.0), np.full(2000, 0.5)])
    assert not any(watch.finds(step, float(loss)) for step, loss in enumerate(losses))
    assert [watch.finds(3000 + step, 9.0) for step in range(500)].count(True) == 1


def test_what_is_to_be_beaten_is_never_less_than_knowing_nothing():
    setup = setup_of("spiral")
    assert loss_to_beat(setup, 0.001) == pytest.approx(np.log(3))
    assert loss_to_beat(setup, 5.0) == 5.0


@pytest.mark.parametrize(
    ("loss", "largest", "ruined"), [(0.5, 3.0, False), (2.5, 3.0, True), (0.5, 200.0, True), (1.5, 90.0, False)]
)
def test_a_moment_is_ruined_by_its_loss_or_its_weights(loss, largest, ruined):
    assert is_ruined(loss, 1.0, np.array([0.1, -largest]), np.array([0.5, 0.2])) == ruined


@pytest.mark.parametrize(("name", "rate", "ruined"), [("parabola", 10.0, True), ("sine", 3.0, True)])
def test_a_run_that_diverged_says_whether_its_last_moment_is_any_good(name, rate, ruined):
    run = Run(setup_of(name, "relu", learning_rate=rate))
    pause = None
    while pause is None:
        pause = run.advance(1).pause
    assert isinstance(pause, Diverged)
    assert pause.is_ruined == ruined


def test_a_good_moment_before_an_overflow_is_worth_going_on_from():
    setup = setup_of("gaussians", "relu")
    run = Run(setup)
    while run.step < 300:
        run.advance(300 - run.step)
    run.trainer.network.parameters[:] = np.nan
    _, diverged = run.check()
    assert diverged is not None
    assert not diverged.is_ruined


def switched(rate):
    """Return a run that has learned classes and then is given values, and the loss of its first weights for these."""
    first, then = setup_of("spiral", "relu", learning_rate=0.1), setup_of("sine", "relu")
    run = Run(first)
    while run.step < 1000:
        run.advance(1000 - run.step)
    surgery = change_problem(first.network, first.dataset, then.dataset, np.random.default_rng(0))
    begun = replace(first.training, loss=then.training.loss, learning_rate=rate)
    run.revise(Setup(then.dataset, surgery.settings, begun), surgery)
    return run, first_loss_of(run.setup, surgery.apply(Network.from_settings(first.network)))


def test_after_a_change_of_problem_a_run_is_measured_by_losses_of_that_problem():
    run, usual = switched(0.003)
    came_with = run.moment().metrics.train_loss
    assert came_with > 5 * usual, "weights of another problem do worse than any first ones"
    run.trainer.network.parameters[:] = np.nan
    assert not run.check()[1].is_ruined, "which is no fault of the learning rate"

    while run.moment().metrics.train_loss > usual:
        run.advance(100)
    while run.moment().metrics.train_loss < 3 * usual:
        run.trainer.network.parameters[:] *= 1.2
    assert run.moment().metrics.train_loss < came_with
    run.check()
    run.trainer.network.parameters[:] = np.nan
    assert run.check()[1].is_ruined, "it had been better than that"


def test_a_run_that_goes_on_from_a_moment_is_measured_by_the_losses_of_its_problem():
    run = Run(setup_of("gaussians", learning_rate=0.3))
    first = run.moment()
    while run.step < 300:
        run.advance(300 - run.step)
    run.revise(Setup(setup_of("xor").dataset, run.setup.network, run.setup.training))
    moment = run.moment()
    assert moment.metrics.train_loss > 2 * first.metrics.train_loss
    branched = Run(run.setup)
    branched.branch(moment, first)
    branched.trainer.network.parameters[:] = np.nan
    assert not branched.check()[1].is_ruined


def test_recording_keeps_what_was_found():
    assert record(setup_of("spiral", learning_rate=10.0), 900).is_rate_too_high
    assert not record(setup_of("spiral"), 900).is_rate_too_high
