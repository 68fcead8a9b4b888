"""Each optimizer against its written formula: torch.optim's documentation, parameter by parameter, in plain Python."""

from math import sqrt

import numpy as np
import pytest

from model.training.optimizers import OPTIMIZERS

LEARNING_RATE = 0.05
GRADIENTS = np.random.default_rng(3).normal(size=(12, 5))
START = np.array([1.0, -2.0, 0.0, 3.0, -0.5])


def sgd(p, gradients, weight_decay=0.0):
    for g in gradients:
        p -= LEARNING_RATE * (g + weight_decay * p)
    return p


def momentum(p, gradients, momentum=0.9, weight_decay=0.0):
    velocity = None
    for raw in gradients:
        g = raw + weight_decay * p
        velocity = g if velocity is None else momentum * velocity + g
        p -= LEARNING_RATE * velocity
    return p


def nesterov(p, gradients, momentum=0.9, weight_decay=0.0):
    velocity = None
    for raw in gradients:
        g = raw + weight_decay * p
        velocity = g if velocity is None else momentum * velocity + g
        p -= LEARNING_RATE * (g + momentum * velocity)
    return p


def adagrad(p, gradients, eps=1e-10, weight_decay=0.0):
    squares = 0.0
    for raw in gradients:
        g = raw + weight_decay * p
        squares += g * g
        p -= LEARNING_RATE * g / (sqrt(squares) + eps)
    return p


def rmsprop(p, gradients, alpha=0.99, eps=1e-8, weight_decay=0.0):
    squares = 0.0
    for raw in gradients:
        g = raw + weight_decay * p
        squares = alpha * squares + (1 - alpha) * g * g
        p -= LEARNING_RATE * g / (sqrt(squares) + eps)
    return p


def adam(p, gradients, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.0):
    mean = squares = 0.0
    for t, raw in enumerate(gradients, start=1):
        g = raw + weight_decay * p
        mean = betas[0] * mean + (1 - betas[0]) * g
        squares = betas[1] * squares + (1 - betas[1]) * g * g
        p -= LEARNING_RATE * (mean / (1 - betas[0] ** t)) / (sqrt(squares / (1 - betas[1] ** t)) + eps)
    return p


def adamw(p, gradients, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01):
    mean = squares = 0.0
    for t, g in enumerate(gradients, start=1):
        p -= LEARNING_RATE * weight_decay * p
        mean = betas[0] * mean + (1 - betas[0]) * g
        squares = betas[1] * squares + (1 - betas[1]) * g * g
        p -= LEARNING_RATE * (mean / (1 - betas[0] ** t)) / (sqrt(squares / (1 - betas[1] ** t)) + eps)
    return p


def coordinate(p, gradients, k):
    # One parameter a step: this one's turn comes every len(START) steps.
    for step, g in enumerate(gradients):
        if step % len(START) == k:
            p -= LEARNING_RATE * g
    return p


FORMULAS = {f.__name__: f for f in (sgd, momentum, nesterov, adagrad, rmsprop, adam, adamw)}
OTHER_OPTIONS = {
    "sgd": {"weight_decay": 0.1},
    "momentum": {"momentum": 0.5, "weight_decay": 0.1},
    "nesterov": {"momentum": 0.5, "weight_decay": 0.1},
    "adagrad": {"eps": 1e-2, "weight_decay": 0.1},
    "rmsprop": {"alpha": 0.9, "eps": 1e-2, "weight_decay": 0.1},
    "adam": {"betas": (0.7, 0.9), "eps": 1e-2, "weight_decay": 0.1},
    "adamw": {"betas": (0.7, 0.9), "eps": 1e-2, "weight_decay": 0.2},
    "coordinate": {},
}
BY_GRADIENT = [name for name, entry in OPTIMIZERS.items() if entry.make is not None]


def run(name, options):
    parameters = START.copy()
    optimizer = OPTIMIZERS[name].make(len(parameters), **options)
    for gradient in GRADIENTS:
        optimizer.update(parameters, gradient.copy(), LEARNING_RATE)
    return parameters


@pytest.mark.parametrize("with_options", [False, True], ids=["defaults", "options"])
@pytest.mark.parametrize("name", BY_GRADIENT)
def test_agrees_with_its_formula(name, with_options):
    options = OTHER_OPTIONS[name] if with_options else {}
    if name == "coordinate":
        expected = [coordinate(float(p), GRADIENTS[:, k].tolist(), k) for k, p in enumerate(START)]
    else:
        expected = [FORMULAS[name](float(p), GRADIENTS[:, k].tolist(), **options) for k, p in enumerate(START)]

    np.testing.assert_allclose(run(name, options), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("name", BY_GRADIENT)
def test_changes_the_parameters_in_place(name):
    parameters = START.copy()
    view = parameters[:1]

    OPTIMIZERS[name].make(len(parameters)).update(parameters, GRADIENTS[0].copy(), LEARNING_RATE)

    assert view[0] == parameters[0] != START[0]


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("sgd", {"momentum": 0.9}, "option of sgd must be one of weight_decay; got 'momentum'"),
        ("momentum", {"momentum": 1.0}, "momentum must be 0 or more and below 1; got 1.0"),
        ("adam", {"betas": (0.9, -0.1)}, r"betas must be 0 or more and below 1; got \(0.9, -0.1\)"),
        ("adam", {"betas": 0.9}, "betas must be two numbers; got 0.9"),
        ("rmsprop", {"alpha": (0.9, 0.9)}, r"alpha must be one number; got \(0.9, 0.9\)"),
        ("adagrad", {"eps": float("nan")}, "eps must be 0 or more and below inf; got nan"),
    ],
)
def test_wrong_options_are_named_with_what_is_allowed(name, options, sentence):
    with pytest.raises(ValueError, match=sentence):
        OPTIMIZERS[name].check(options)
