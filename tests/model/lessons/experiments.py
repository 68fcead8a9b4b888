"""The experiments of the program's own lessons: run as a module, this writes their files anew."""

from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np

from model import Dataset, Network, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.experiment import Experiment, save_experiment
from model.run.history import History
from model.run.run import Run
from model.training.settings import Setup
from tests.model.training.test_seed_002 import arch, seed_002_network, wavy_border
from tests.seeds import GAUSSIANS, circle, gaussians, sigmoid_network, softmax_regression, untrained_sigmoid_network

LESSONS = Path(__file__).parents[3] / "resources" / "lessons"

QUICK_SEARCH = 9
"""With this seed random search takes about 15,000 tries, and not millions."""


def experiment(dataset, network, generator=None, view=None, **training):
    """Return points and a network at its first weights."""
    run = Run(Setup(dataset, network.settings, TrainingSettings(**training)), network.parameters, engine=None)
    history = History()
    history.append(run.moment())
    return Experiment(run.setup, generator or GeneratorSettings(), history, view=view or {})


def generated(name, network, n_points=200, noise=0.0, n_classes=2, **training):
    """Return points that a generator draws, with a network that is to learn them."""
    generator = GeneratorSettings(name, n_points=n_points, noise=noise, n_classes=n_classes)
    return experiment(generate(generator), network, generator, **training)


def three_clouds():
    """Return seeds 000 and 001 at their first step."""
    return experiment(
        gaussians(),
        softmax_regression("initial"),
        learning_rate=GAUSSIANS["learning_rate"],
        batch_size=None,
        batch_order="sequential",
        reduction="sum",
    )


def drawn(dataset, seed):
    """Return the network of seed 002 before it learns points that it has not seen."""
    return experiment(
        dataset,
        seed_002_network(seed),
        learning_rate=0.2,
        batch_size=100,
        batch_order="with_replacement",
        seed=seed,
    )


def disk(network):
    """Return the points of seed 003 with one of its networks; random search would begin with the quick seed."""
    return experiment(circle(), network, view={"page": "activation"}, learning_rate=0.1, seed=QUICK_SEARCH)


def sigmoids(points, weights, biases, out):
    """Return points of a curve and a sum of sigmoids, which a person is to turn until it goes through them."""
    network = Network([1, len(weights), 1], "sigmoid", "linear", features=("x",))
    network.set_parameters([[weights], np.transpose([out])], [biases, [0.0]])
    return generated(points, network, n_points=60, loss="squared_error", learning_rate=0.1)


def one_formula():
    """Return seed 004: one point, and a network of seven numbers."""
    network = Network([2, 2, 1], "sigmoid", "sigmoid", bias="shared")
    network.set_parameters([[[0.2, 0.8], [0.6, 0.4]], [[0.1], [0.5]]], [[0.1, 0.1], [0.1]])
    return experiment(Dataset([[0.35, 0.9]], [1], n_classes=2), network, learning_rate=0.3, batch_size=None)


def slope():
    """Return values along a slope, whose network a large learning rate throws out."""
    network = Network([2, 8, 1], "relu", "linear", seed=1)
    return generated("plane", network, noise=0.1, loss="squared_error", learning_rate=0.01, batch_size=None)


EXPERIMENTS = {
    "01-softmax/three-clouds": three_clouds,
    "02-network-from-scratch/wavy-border": lambda: drawn(wavy_border(), seed=0),
    "02-network-from-scratch/arch": lambda: drawn(arch(), seed=0),
    "03-what-a-neuron-sees/made-up": lambda: disk(untrained_sigmoid_network()),
    "03-what-a-neuron-sees/found": lambda: disk(sigmoid_network()),
    "03-what-a-neuron-sees/sigmoid": lambda: sigmoids("step", [1.0], [0.0], [1.0]),
    "03-what-a-neuron-sees/hill": lambda: sigmoids("two_sigmoids", [2.0, 2.0], [0.0, 0.0], [1.0, -1.0]),
    "04-one-formula/seven-numbers": one_formula,
    "05-your-turn/spiral": lambda: generated("spiral", Network([2, 3, 3]), 300, n_classes=3, learning_rate=0.1),
    "05-your-turn/xor": lambda: generated("xor", Network([2, 2]), learning_rate=0.1),
    "05-your-turn/slope": slope,
}
"""Each experiment, by its lesson and the name of its file."""


def place(name):
    """Return where an experiment's file is."""
    return LESSONS / f"{name}.netcanvas"


def begun(name, network=None, **training):
    """Return the run of an experiment at its first step, perhaps with another network and other settings."""
    made = EXPERIMENTS[name]()
    parameters = made.history.frames[0].checkpoint.parameters if network is None else None
    return Run(Setup(made.dataset, network or made.network, replace(made.training, **training)), parameters)


@cache
def trained(name, n_steps, network=None, **training):
    """Return the last moment of an experiment after so many steps, or where it diverges."""
    run = begun(name, network, **training)
    while run.step < n_steps:
        if run.advance(n_steps - run.step).pause is not None:
            break
    return run.moment()


if __name__ == "__main__":
    for name, make in EXPERIMENTS.items():
        place(name).parent.mkdir(parents=True, exist_ok=True)
        save_experiment(make(), place(name))
