"""Where a run ends by itself: exact in steps and epochs, and at the same step however it is advanced."""

from dataclasses import replace

import pytest

from model import NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.experiment import Experiment, load_experiment, save_experiment
from model.run.curve import LossCurve
from model.run.history import History
from model.run.race import Race, verdict
from model.run.record import record
from model.run.run import Ended, Run, trainer_at
from model.training.settings import Setup, first_setup
from model.training.stopping import Stop, StopState

pytestmark = pytest.mark.usefixtures("engine")

SPIRAL = generate(GeneratorSettings(n_points=120, n_classes=2))
WAVE = generate(GeneratorSettings(name="sine", n_points=100))
NETWORK = NetworkSettings((2, 6, 2), ("tanh",))
EASY = generate(GeneratorSettings(name="gaussians", n_points=100, n_classes=2))


def setup_of(dataset=EASY, **stop):
    return Setup(dataset, NETWORK, TrainingSettings(learning_rate=0.1, stop=Stop(**stop)))


def until_it_ends(run, burst=1000, limit=20_000):
    """Advance in bursts until the run ends by itself; return why."""
    while run.step < limit:
        progress = run.advance(burst)
        if isinstance(progress.pause, Ended):
            return progress.pause.reason
    raise AssertionError("it did not end")


@pytest.mark.parametrize("burst", [1, 7, 1000])
@pytest.mark.parametrize(
    ("stop", "reason"),
    [
        ({"steps": 777}, "steps_done"),
        ({"epochs": 23}, "epochs_done"),
        ({"loss": 0.05}, "loss_reached"),
        ({"loss": 0.1, "watched": "test"}, "loss_reached"),
        ({"accuracy": 0.97}, "accuracy_reached"),
        ({"plateau": 10, "improvement": 0.2}, "plateau"),
    ],
)
def test_the_step_does_not_depend_on_the_bursts(stop, reason, burst):
    reference, run = Run(setup_of(**stop)), Run(setup_of(**stop))
    assert until_it_ends(reference, 10_000) == reason
    assert until_it_ends(run, burst) == reason
    assert run.step == reference.step
    assert run.trainer.network.parameters.tobytes() == reference.trainer.network.parameters.tobytes()


@pytest.mark.parametrize(
    ("stop", "steps"),
    [({"steps": 777}, (777, 1554)), ({"epochs": 23}, (161, 322)), ({"steps": 100, "epochs": 23}, (100, 161))],
)
def test_steps_and_epochs_are_exact_and_going_on_takes_as_many_again(stop, steps):
    run = Run(setup_of(**stop))
    for step in steps:
        until_it_ends(run)
        assert run.step == step
        run.advance(50)
        assert run.step == step, "it has ended"
        run.resume()
    run.advance(1)
    assert run.step == steps[-1] + 1


def test_what_was_set_later_counts_from_the_first_step():
    run = Run(setup_of())
    run.advance(500)
    while run.step < 1200:
        run.advance(1200 - run.step)
    run.revise(setup_of(steps=500))
    until_it_ends(run)
    assert run.step == 1500


def test_a_goal_ends_a_run_once_but_another_goal_again():
    run = Run(setup_of(loss=0.1))
    until_it_ends(run)
    first = run.step
    assert run.moment().metrics.train_loss <= 0.1
    run.resume()
    while run.step < first + 300:
        assert run.advance(first + 300 - run.step).pause is None
    run.revise(setup_of(loss=0.03))
    assert until_it_ends(run) == "loss_reached"
    assert run.moment().metrics.train_loss <= 0.03


def test_the_accuracy_of_values_is_r2():
    setup = first_setup(WAVE)
    run = Run(replace(setup, training=replace(setup.training, stop=Stop(accuracy=0.6))))
    assert until_it_ends(run) == "accuracy_reached"
    assert run.moment().metrics.train_r2 >= 0.6


def test_without_test_points_their_loss_ends_nothing():
    dataset = EASY.subset(test=False)
    run = Run(setup_of(dataset, loss=10.0, accuracy=0.01, plateau=1, watched="test"))
    assert run.advance(1).pause is None


def test_random_search_ends_after_tries():
    setup = setup_of(SPIRAL, epochs=40)
    run = Run(replace(setup, training=replace(setup.training, optimizer="random_search")))
    assert until_it_ends(run) == "epochs_done"
    assert (run.step, run.epoch) == (40, 40)


@pytest.mark.parametrize("stop", [{"plateau": 15, "improvement": 0.1}, {"loss": 0.05}, {"epochs": 30}])
def test_a_run_that_was_saved_on_the_way_ends_where_it_would_have_ended(stop, tmp_path):
    whole, part = Run(setup_of(**stop)), Run(setup_of(**stop))
    reason = until_it_ends(whole)
    part.advance(1)
    while part.step < whole.step // 2:
        part.advance(whole.step // 2 - part.step)
    path = tmp_path / "half.netcanvas"
    save_experiment(Experiment(part.setup, GeneratorSettings(), history_of(part.moment()), LossCurve()), path)
    moment = load_experiment(path).history.frames[-1]
    other = Run(moment.setup)
    other.branch(moment, moment)
    assert until_it_ends(other) == reason
    assert other.step == whole.step


def history_of(moment):
    history = History()
    history.append(moment)
    return history


def test_what_was_passed_is_kept_in_the_file(tmp_path):
    run = Run(setup_of(loss=0.1))
    until_it_ends(run)
    assert trainer_at(run.moment()).finished == "loss_reached"
    run.resume()
    run.advance(1)
    path = tmp_path / "passed.netcanvas"
    save_experiment(Experiment(run.setup, GeneratorSettings(), history_of(run.moment()), LossCurve()), path)
    kept = load_experiment(path).history.frames[-1]
    assert kept.checkpoint.stop == StopState(has_passed_loss=True)
    assert kept.training.stop == Stop(loss=0.1)


def test_recording_ends_there_and_says_why():
    trained = record(setup_of(epochs=3), 1000)
    assert (trained.how, trained.moment.step) == ("epochs_done", 21)
    assert trained.note == "training ended by itself at step 21: so many epochs were asked for"


def test_in_a_race_the_first_at_the_goal_wins():
    base = setup_of(loss=0.1)
    slow = replace(base.training, learning_rate=0.02)
    race = Race(base, [slow, base.training], 5000)
    while not race.is_over:
        race.advance(100)
    steps = [lane.run.step for lane in race.lanes]
    assert steps[1] < steps[0]
    assert verdict(race.state(), ("slow", "quick")).startswith(
        f"quick was the first at the loss that was asked for: after {steps[1]} steps."
    )


@pytest.mark.parametrize(
    ("stop", "words"),
    [
        ({"steps": 0}, "steps must be 1 or more"),
        ({"epochs": 1.5}, "epochs must be 1 or more"),
        ({"plateau": -1}, "plateau must be 1 or more"),
        ({"loss": 0.0}, "loss must be above 0"),
        ({"accuracy": 1.1}, "accuracy must be above 0 and at most 1"),
        ({"improvement": 1.0}, "improvement must be 0 or more and below 1"),
        ({"watched": "both"}, "watched must be one of training, test"),
    ],
)
def test_values_outside_their_range_are_refused(stop, words):
    with pytest.raises(ValueError, match=words):
        Stop(**stop)
