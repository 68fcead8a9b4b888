"""The program's own lessons: every figure that they state, computed again from the seeds and their experiments."""

import re

import numpy as np
import pytest

from model.lessons import read_lesson
from model.run.run import Run
from tests.model.lessons.experiments import EXPERIMENTS, LESSONS, begun, place, trained
from tests.model.training.test_seed_002 import wavy_border
from tests.seeds import CIRCLE, GAUSSIANS

NAMES = sorted(folder.name for folder in LESSONS.iterdir() if folder.is_dir())


@pytest.fixture(scope="module")
def lessons():
    return {name: read_lesson(LESSONS / name) for name in NAMES}


@pytest.mark.parametrize("name", EXPERIMENTS)
def test_experiments_are_what_their_module_makes(name, lessons):
    folder, _, file = name.partition("/")
    stored, made = lessons[folder].experiment(f"{file}.netcanvas"), EXPERIMENTS[name]()
    assert (stored.setup, stored.generator, stored.view) == (made.setup, made.generator, made.view)
    for ours, theirs in zip(stored.history.frames, made.history.frames, strict=True):
        np.testing.assert_array_equal(ours.checkpoint.parameters, theirs.checkpoint.parameters)


def test_every_experiment_has_its_maker_and_is_opened(lessons):
    stored = {f"{name}/{file}" for name, lesson in lessons.items() for file in lesson.experiments}
    assert stored == {f"{name}.netcanvas" for name in EXPERIMENTS}
    opened = {
        f"{name}/{do.value}"
        for name, lesson in lessons.items()
        for step in lesson.steps
        for do in step.actions
        if do.action == "open"
    }
    assert opened == stored
    assert sum(place(name).stat().st_size for name in EXPERIMENTS) < 150_000


def clouds():
    return begun("01-softmax/three-clouds").moment()


def clouds_in_the_end():
    return trained("01-softmax/three-clouds", GAUSSIANS["steps"])


def mean_gradient(layer_class, scale=1.0):
    moment = clouds()
    gradient = Run(moment.setup, moment.checkpoint.parameters).trainer.network.gradient(
        moment.dataset.points, moment.dataset.labels
    )
    return scale * gradient[layer_class]  # The first row of weights: from x1 to each class.


def accuracy_without_biases():
    network = Run(clouds().setup, clouds_in_the_end().checkpoint.parameters).trainer.network
    network.biases[0][:] = 0.0
    return float(np.mean(network.predicted_classes(clouds().dataset.points) == clouds().dataset.labels))


def wrong(of_class):
    moment = begun("03-what-a-neuron-sees/made-up").moment()
    predicted = Run(moment.setup, moment.checkpoint.parameters).trainer.network.predicted_classes(moment.dataset.points)
    return int(np.count_nonzero((moment.dataset.labels == of_class) & (predicted != of_class)))


def seven(n_steps, **training):
    return trained("04-one-formula/seven-numbers", n_steps, **training)


def answer(moment):
    return float(np.exp(-moment.metrics.train_loss))


def seven_gradient():
    run = begun("04-one-formula/seven-numbers")
    return run.trainer.network.gradient(run.setup.dataset.points, run.setup.dataset.labels)


def n_of(name):
    return len(EXPERIMENTS[name]().dataset)


FIGURES = {
    "00-first-steps": {},
    "01-softmax": {
        "60": lambda: f"{n_of('01-softmax/three-clouds')}",
        "20": lambda: f"{np.bincount(clouds().dataset.labels).max()}",
        "0.5": lambda: f"{clouds().checkpoint.parameters[3:6].max():g}",
        "33.3%": lambda: f"{np.exp(-clouds().metrics.train_loss):.1%}",
        "1.099": lambda: f"{clouds().metrics.train_loss:.3f}",
        "65.9": lambda: f"{60 * clouds().metrics.train_loss:.1f}",
        "0.80": lambda: f"{mean_gradient(0):.2f}",
        "−0.10": lambda: f"{mean_gradient(1):.2f}",
        "−0.70": lambda: f"{mean_gradient(2):.2f}",
        "48.1": lambda: f"{mean_gradient(0, 60):.1f}",
        "−5.9": lambda: f"{mean_gradient(1, 60):.1f}",
        "−42.2": lambda: f"{mean_gradient(2, 60):.1f}",
        "0.025": lambda: f"{clouds().training.learning_rate:g}",
        "−1.20": lambda: f"{trained('01-softmax/three-clouds', 1).checkpoint.parameters[0] - 1:.2f}",
        "0.52": lambda: f"{trained('01-softmax/three-clouds', 1).metrics.train_loss:.2f}",
        "50": lambda: f"{GAUSSIANS['steps']}",
        "0.258": lambda: f"{clouds_in_the_end().metrics.train_loss:.3f}",
        "88.3%": lambda: f"{clouds_in_the_end().metrics.train_accuracy:.1%}",
        "70.0%": lambda: f"{accuracy_without_biases():.1%}",
    },
    "02-network-from-scratch": {
        "200": lambda: f"{n_of('02-network-from-scratch/wavy-border') // 100 * 100}",
        "104": lambda: f"{np.bincount(wavy_border().labels).max()}",
        "42": lambda: f"{len(begun('02-network-from-scratch/arch').moment().checkpoint.parameters)}",
        "0.633": lambda: "0.633",
        "0.457": lambda: f"{-np.log(0.633):.3f}",
        "100": lambda: f"{begun('02-network-from-scratch/arch').setup.training.batch_size}",
        "0.2": lambda: f"{begun('02-network-from-scratch/arch').setup.training.learning_rate:g}",
        "1,000": lambda: "1,000",
        "98%": lambda: "98%",
    },
    "03-what-a-neuron-sees": {
        "100": lambda: f"{n_of('03-what-a-neuron-sees/made-up')}",
        "50": lambda: f"{np.bincount(CIRCLE['labels']).max()}",
        "0.4": lambda: f"{-begun('03-what-a-neuron-sees/made-up').moment().checkpoint.parameters[0]:g}",
        "0.6": lambda: f"{begun('03-what-a-neuron-sees/made-up').moment().checkpoint.parameters[3]:g}",
        "31": lambda: f"{wrong(0)}",
        "34": lambda: f"{wrong(0) + wrong(1)}",
        "13": lambda: f"{len(begun('03-what-a-neuron-sees/made-up').moment().checkpoint.parameters)}",
        "0.246": lambda: f"{begun('03-what-a-neuron-sees/found').moment().metrics.train_loss:.3f}",
        "95%": lambda: "95%",
    },
    "04-one-formula": {
        "0.35": lambda: f"{begun('04-one-formula/seven-numbers').setup.dataset.points[0, 0]:g}",
        "0.9": lambda: f"{begun('04-one-formula/seven-numbers').setup.dataset.points[0, 1]:g}",
        "0.6499": lambda: f"{answer(seven(0)):.4f}",
        "0.431": lambda: f"{seven(0).metrics.train_loss:.3f}",
        "−0.789": lambda: f"{seven_gradient()[0]:.3f}",
        "−0.0026": lambda: f"{seven_gradient()[1]:.4f}",
        "0.3": lambda: f"{seven(0).training.learning_rate:g}",
        "999": lambda: "999",
        "0.99946": lambda: f"{answer(seven(999)):.5f}",
        "0.00055": lambda: f"{seven(999).metrics.train_loss:.5f}",
        "6,993": lambda: f"{999 * 7:,}",
        "0.99945": lambda: f"{answer(seven(6993, optimizer='coordinate')):.5f}",
    },
    "05-your-turn": {
        "0.1": lambda: "0.1",
        "95%": lambda: "95%",
        "0.01": lambda: f"{begun('05-your-turn/slope').setup.training.learning_rate:g}",
        "300": lambda: "300",
    },
}
"""Each number of a lesson's text that is more than a single digit, and what it is; what a step asks for is itself."""

_NUMBER = re.compile(r"(?<![\w.^_{])[-−]?\d[\d,]*(?:\.\d+)?%?(?![\w}])")


def numbers_of(text):
    plain = re.sub(r"_\{?\d+\}?|\^\{?\d+\}?|[WahxzC]\^\d_\{?\d+\}?", "", text)
    found = {token.rstrip(",").replace("-", "−") for token in _NUMBER.findall(plain)}
    return {token for token in found if len(token.lstrip("−")) > 1}


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_of_a_lesson_is_computed_here(name, lessons):
    stated = set().union(*(numbers_of(step.text) for step in lessons[name].steps))
    known = FIGURES[name]
    assert {token.lstrip("−") for token in stated} == {token.lstrip("−") for token in known}
    for figure, compute in known.items():
        assert compute().replace("-", "−") == figure, figure
        assert any(figure in step.text.replace("-", "−") for step in lessons[name].steps), figure
