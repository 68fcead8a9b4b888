"""The program's own lessons: what their steps ask for is reached in the way that they offer, and not before."""

from dataclasses import replace

import pytest

from model import NetworkSettings
from model.data.generators import GeneratorSettings, generate
from model.lessons import read_lesson
from model.lessons.facts import Moment, facts_of
from model.run.run import Run
from model.training.settings import Setup
from tests.model.lessons.experiments import EXPERIMENTS, LESSONS, begun, trained

NAMES = sorted(folder.name for folder in LESSONS.iterdir())


def is_done(lesson, title, moment, generator=None, **seen):
    """Return whether a step of a lesson is done at a moment."""
    made = next(make for name, make in EXPERIMENTS.items() if name.startswith(lesson))
    step = next(step for step in read_lesson(LESSONS / lesson).steps if step.title == title)
    assert step.waits
    return step.is_done(facts_of(Moment(moment, generator or made().generator), seen))


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_no_step_is_done_as_soon_as_it_has_opened_its_experiment(name):
    folder, _, file = name.partition("/")
    facts = facts_of(Moment(begun(name).moment(), EXPERIMENTS[name]().generator), {"selected": ""})
    for step in read_lesson(LESSONS / folder).steps:
        if any(do.value == f"{file}.netcanvas" for do in step.actions) and step.waits:
            assert not step.is_done(facts), step.title


@pytest.mark.parametrize("name", NAMES)
def test_every_step_that_waits_asks_for_something_that_a_person_can_see(name):
    steps = read_lesson(LESSONS / name).steps
    assert all(step.points for step in steps if step.waits)
    assert all(step.text for step in steps)


def test_fifty_steps_of_lesson_1():
    for n_steps in (49, 50):
        moment = trained("01-softmax/three-clouds", n_steps)
        assert is_done("01-softmax", "Fifty steps", moment) == (n_steps == 50)


@pytest.mark.parametrize(("name", "title"), [("wavy-border", "A thousand steps"), ("arch", "One more time")])
def test_a_thousand_steps_of_lesson_2(name, title):
    assert is_done("02-network-from-scratch", title, trained(f"02-network-from-scratch/{name}", 1000))


def test_most_of_the_error_of_lesson_2_falls_in_200_steps():
    losses = [trained("02-network-from-scratch/wavy-border", n).metrics.train_loss for n in (0, 200, 1000)]
    assert losses[0] - losses[1] > 0.9 * (losses[0] - losses[2])


@pytest.mark.parametrize(
    ("name", "title", "turned"),
    [
        ("sigmoid", "A sigmoid by hand", {0: 5.0}),
        ("hill", "Two of them make a hill", {2: 3.0, 3: -3.0}),
    ],
)
def test_the_numbers_that_lesson_3_lets_turn_by_hand(name, title, turned):
    run = begun(f"03-what-a-neuron-sees/{name}")
    for position, value in turned.items():
        run.set_parameter(position, value)
    assert is_done("03-what-a-neuron-sees", title, run.moment())


def test_random_search_of_lesson_3_takes_some_ten_thousand_tries():
    moment = trained("03-what-a-neuron-sees/made-up", 100_000, optimizer="random_search")
    assert is_done("03-what-a-neuron-sees", "Search at random", moment)
    assert 10_000 < moment.step < 30_000


def test_the_network_of_lesson_3_has_all_points_right():
    assert begun("03-what-a-neuron-sees/found").moment().metrics.train_accuracy == 1.0


@pytest.mark.parametrize(
    ("n_neurons", "activation", "is_enough"), [(1, "tanh", False), (2, "relu", True), (3, "linear", False)]
)
def test_the_homework_of_lesson_3_takes_two_neurons_that_bend(n_neurons, activation, is_enough):
    generator = GeneratorSettings("segments", n_points=200, noise=0.1)
    network = NetworkSettings((2, n_neurons, 1), (activation,), "sigmoid")
    training = replace(EXPERIMENTS["03-what-a-neuron-sees/found"]().training, optimizer="sgd", learning_rate=0.1)
    run = Run(Setup(generate(generator), network, training))
    run.trainer.run_steps(2000)
    assert is_done("03-what-a-neuron-sees", "Homework: a line", run.moment(), generator) == is_enough


@pytest.mark.parametrize(
    ("title", "n_steps", "optimizer"), [("All at once", 999, "sgd"), ("One at a time", 6993, "coordinate")]
)
def test_both_ways_of_lesson_4(title, n_steps, optimizer):
    moment = trained("04-one-formula/seven-numbers", n_steps, optimizer=optimizer)
    assert is_done("04-one-formula", title, moment)


def challenge(title, name, moment, **seen):
    return is_done("05-your-turn", title, moment, EXPERIMENTS[f"05-your-turn/{name}"]().generator, **seen)


def test_three_neurons_as_they_are_do_not_learn_the_spiral_and_five_do():
    five = NetworkSettings((2, 5, 3), ("tanh",))
    solved = trained("05-your-turn/spiral", 5000, five, optimizer="adam", learning_rate=0.03)
    assert challenge("A spiral with few neurons", "spiral", solved)
    assert not challenge("A spiral with few neurons", "spiral", trained("05-your-turn/spiral", 3000))


def test_without_a_hidden_layer_xor_takes_the_product_of_the_coordinates():
    product = NetworkSettings((3, 2), (), features=("x1", "x2", "x1*x2"))
    assert challenge("XOR without a hidden layer", "xor", trained("05-your-turn/xor", 100, product))
    assert not challenge("XOR without a hidden layer", "xor", trained("05-your-turn/xor", 1000))


@pytest.mark.parametrize(("rate", "is_safe"), [(0.01, True), (0.1, True), (1.0, False)])
def test_the_largest_rate_of_the_slope_lies_where_the_lesson_says(rate, is_safe):
    moment = trained("05-your-turn/slope", 300, learning_rate=rate)
    assert challenge("As fast as it goes", "slope", moment) == is_safe
    assert not challenge("As fast as it goes", "slope", moment, diverged=True)
