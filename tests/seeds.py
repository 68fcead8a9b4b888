"""The points and networks of the seed texts, for tests of every room."""

import json
from pathlib import Path

import numpy as np

from model import Dataset, Network

_FOLDER = Path(__file__).parent / "model" / "training"


def _reference(name: str) -> dict:
    return json.loads((_FOLDER / name).read_text(encoding="utf-8"))


GAUSSIANS = _reference("seed_000_three_gaussians.json")
"""Seeds 000 and 001: points, labels, and what fifty steps of softmax regression make of them."""

CIRCLE = _reference("seed_003_sigmoid_circle.json")
"""Seed 003: points, labels, and the network that random search found."""


def gaussians() -> Dataset:
    """Return the points of seeds 000 and 001."""
    return Dataset(GAUSSIANS["points"], GAUSSIANS["labels"])


def softmax_regression(which: str) -> Network:
    """Return the network of seeds 000 and 001 with its `initial` or `final` parameters."""
    network = Network([2, 3])
    network.set_parameters([GAUSSIANS[which]["weights"]], [GAUSSIANS[which]["biases"]])
    return network


def circle() -> Dataset:
    """Return the points of seed 003."""
    return Dataset(CIRCLE["points"], CIRCLE["labels"])


def sigmoid_network() -> Network:
    """Return the network of seed 003 as random search left it."""
    network = Network([2, 3, 1], "sigmoid", "sigmoid")
    network.set_parameters(CIRCLE["parameters"]["weights"], CIRCLE["parameters"]["biases"])
    return network


def untrained_sigmoid_network() -> Network:
    """Return the network that seed 003 begins with, its weights made up and its biases 0."""
    network = Network([2, 3, 1], "sigmoid", "sigmoid")
    network.set_parameters([[[-0.4, 0.2, 0.7], [0.6, 0.8, 0.8]], [[-1.2], [2.0], [0.1]]], [np.zeros(3), np.zeros(1)])
    return network


def relu_network(seed: int) -> Network:
    """Return the network of seed 002, its parameters drawn from -0.5 to 0.5."""
    return Network([2, 4, 4, 2], "relu", "softmax", initializer="uniform", seed=seed)


def expit(z: np.ndarray) -> np.ndarray:
    """Return SciPy's expit, with which seed 003 computes, in a form that cannot overflow."""
    return 0.5 * (1.0 + np.tanh(0.5 * np.asarray(z)))
