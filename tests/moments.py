"""Random moments of training runs over every choice there is, and exact derivatives to hold their numbers against.

The derivative is a central difference of sixth order in extended precision. In double precision no difference is
exact to 1e-9: what a small step gains is lost to rounding. With the 64 bits of ``numpy.longdouble`` the rounding is
about 1e-15 of the loss, and the rest of the series smaller still. Kinks are stepped around: a moment in which some
pre-activation is so near to 0 that a step could cross it gives way to one of another run.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pytest

from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.data.dataset import CURVE_UNIT, ProblemKind
from model.data.features import CURVE_FEATURES, FEATURES, RAW_FEATURES, spreads
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS, bias_views, weight_views
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS, layer_activations
from model.network.settings import output_loss
from model.run.history import KeyFrame
from model.run.run import Run
from model.training.optimizers import OPTIMIZERS
from model.training.settings import Setup

N_MOMENTS = 200
N_POINTS = 12
RELATIVE = 1e-9

is_precise = pytest.mark.skipif(
    np.finfo(np.longdouble).eps > 1e-18, reason="long double has no more digits here than double"
)

FEATURE_SETS = (
    RAW_FEATURES,
    tuple(FEATURES),
    ("x1", "x1**2", "x1*x2", "sin(x2)"),
    ("hypot(x1, x2) - 3", "x2"),
    ("sin(x1)",),
)
CURVE_FEATURE_SETS = (("x",), tuple(CURVE_FEATURES), ("max(x, 0.3)", "1.5", "x"))
_NUMBERS = ("linear", "tanh", "sigmoid")
"""Outputs of values and of a curve."""

_STEP, _FAR_FROM_KINK = 1e-4, 2e-3
_SIXTH_ORDER = {1: 45.0, 2: -9.0, 3: 1.0}


@dataclass(frozen=True)
class Case:
    """What a moment is drawn with; the run it is of follows from that."""

    number: int
    hidden: tuple[str, ...]
    loss: str
    output: str
    kind: ProblemKind
    n_classes: int
    bias: str
    features: tuple[str, ...]
    optimizer: str

    def __str__(self) -> str:
        return (
            f"{self.number}: {self.kind} {' '.join(self.hidden)} {self.output} {self.loss} {self.bias} {self.optimizer}"
        )


def cases(n_moments: int = N_MOMENTS) -> Iterator[Case]:
    """Yield cases that go through the registries.

    The first hidden layer's activation meets every pair of output and loss, for classes, for values and for a curve;
    the kinds of bias, the sets of features and the optimizers, on which no derivative depends alone, take turns.
    """
    pairs: list[tuple[str, str, ProblemKind, int]] = [
        (output, loss, "classes", n) for loss, entry in LOSSES.items() for output in entry.outputs for n in (2, 3)
    ]
    pairs += [(output, "squared_error", kind, 0) for kind in ("values", "curve") for output in _NUMBERS]
    combinations = list(product(ACTIVATIONS, pairs))
    generator = np.random.default_rng(10)
    generator.shuffle(combinations)
    names, kinds, optimizers = list(ACTIVATIONS), list(BIAS_KINDS), list(OPTIMIZERS)
    for number in range(n_moments):
        first, (output, loss, kind, n_classes) = combinations[number % len(combinations)]
        feature_sets = CURVE_FEATURE_SETS if kind == "curve" else FEATURE_SETS
        more = generator.choice(names, size=int(generator.integers(0, 3))).tolist()
        yield Case(
            number,
            (first, *more),
            loss,
            output,
            kind,
            n_classes,
            kinds[number % len(kinds)],
            # Kinds of bias are three as well, and each shall meet each set.
            feature_sets[(number // len(kinds) if kind == "curve" else number) % len(feature_sets)],
            optimizers[(number + number // len(optimizers)) % len(optimizers)],
        )


def setup_of(case: Case, seed: int) -> Setup:
    """Return points, network and training of a case."""
    generator = np.random.default_rng(seed)
    points = generator.uniform(-4.0, 4.0, (N_POINTS, 2))
    labels = np.arange(N_POINTS) % case.n_classes if case.n_classes else generator.uniform(-1.0, 1.0, N_POINTS)
    dataset = Dataset(points, labels, np.arange(N_POINTS) % 4 == 3, case.n_classes).as_kind(case.kind)
    can_be_single = case.n_classes == 2 and OUTPUT_ACTIVATIONS[case.output].min_units == 1
    n_out = 1 if case.n_classes == 0 or (can_be_single and case.number % 2) else case.n_classes
    sizes = (len(case.features), *generator.integers(2, 5, len(case.hidden)).tolist(), n_out)
    network = NetworkSettings(sizes, case.hidden, case.output, "uniform", case.bias, seed=seed, features=case.features)
    if case.number % 4 == 1:
        means, deviations = spreads(case.features, points)
        network = replace(network, standardization=tuple(zip(means.tolist(), deviations.tolist(), strict=True)))
    if case.number % 5 == 2:
        network = replace(network, muted=frozenset({(1, 1)}))
    return Setup(dataset, network, TrainingSettings(case.loss, case.optimizer, 0.02, batch_size=4, seed=seed))


def moment_of(case: Case) -> KeyFrame:
    """Train a case for a random time, and return the moment."""
    for seed in range(case.number, case.number + 100 * N_MOMENTS, N_MOMENTS):
        run = Run(setup_of(case, seed))
        for _ in range(int(np.random.default_rng(seed).integers(0, 80))):
            run.advance(1)
        moment = run.moment()
        if _is_far_from_kinks(moment, moment.dataset.points):
            return moment
    raise AssertionError(f"{case} is always near a kink")


def probe_of(case: Case, moment: KeyFrame) -> tuple[np.ndarray, float]:
    """Return a random point of the plane, away from kinks, with a class, a value or its height."""
    generator = np.random.default_rng(case.number + 1000)
    while True:
        place = generator.uniform(-6.0, 6.0, 2)
        label = int(generator.integers(case.n_classes)) if case.n_classes else float(generator.uniform(-1.0, 1.0))
        if case.kind == "curve":
            label = float(place[1] / CURVE_UNIT)
        if _is_far_from_kinks(moment, place[np.newaxis]):
            return place, label


def alone(moment: KeyFrame, point: np.ndarray, label: float) -> Dataset:
    """Return a data set of one point of the problem that a moment is of."""
    if moment.dataset.is_regression:
        return moment.dataset.like([point], [label])
    return Dataset([point], [label], n_classes=max(2, int(label) + 1))


def network_of(moment: KeyFrame) -> Network:
    return Network.read_only(moment.network, moment.checkpoint.parameters)


def _is_far_from_kinks(moment: KeyFrame, points: np.ndarray) -> bool:
    hidden = network_of(moment).pre_activations(points)[:-1]
    # Where nothing but zeros comes in and there is no bias, it is 0 whatever the weights.
    return all(np.abs(z[z != 0.0]).min(initial=1.0) > _FAR_FROM_KINK for z in hidden)


def exact_losses(settings: NetworkSettings, loss: str, variants: np.ndarray, dataset: Dataset) -> np.ndarray:
    """Return the mean loss over all points of a data set for each of many parameter vectors, in extended precision.

    Parameters
    ----------
    variants : ndarray of longdouble, shape (n_variants, n_parameters)

    Returns
    -------
    ndarray of longdouble, shape (n_variants,)
    """
    n_variants, n_points = len(variants), len(dataset)
    own = [
        (
            weight_views(parameters, settings.layer_sizes, settings.bias),
            bias_views(parameters, settings.layer_sizes, settings.bias),
        )
        for parameters in variants
    ]
    a = np.repeat(settings.inputs(dataset.points).T[:, np.newaxis].astype(np.longdouble), n_variants, axis=1)
    pair = output_loss(loss, settings.output_activation)
    activations = layer_activations(settings.hidden_activations, settings.output_activation)
    for layer, activation in enumerate(activations):
        for muted_layer, index in settings.muted:
            if muted_layer == layer:
                a[index] = 0.0
        weights = np.stack([weights[layer] for weights, _ in own])
        # A bias that all share is added once for each edge that comes in.
        times = settings.layer_sizes[layer] if settings.bias == "shared" else 1
        biases = np.stack([biases[layer] for _, biases in own]) * times
        z = np.einsum("vio,ivp->ovp", weights, a) + biases.T[..., np.newaxis]
        flat = np.ascontiguousarray(z.reshape(len(z), -1))
        out = np.empty_like(flat)
        activation.function(flat, out)
        a = out.reshape(z.shape)
    labels = dataset.labels if dataset.is_regression else dataset.labels.astype(np.intp)
    targets = np.tile(Network.from_settings(settings).targets(labels), n_variants)
    return pair.value(flat, out, targets).reshape(n_variants, n_points).mean(axis=1)


@dataclass(frozen=True)
class Exact:
    """A loss and its derivatives, and how far off the derivatives may be."""

    loss: float
    gradient: np.ndarray
    uncertainty: np.ndarray


def exact_gradient(moment: KeyFrame, dataset: Dataset) -> Exact:
    """Return the mean loss over the points, and its derivative by every parameter."""
    parameters = moment.checkpoint.parameters.astype(np.longdouble)
    steps = _steps(moment, dataset)
    places = [way * number for number in _SIXTH_ORDER for way in (1, -1)]
    moved = np.concatenate([parameters + place * np.diag(steps) for place in places])
    variants = np.vstack([parameters, moved])
    losses = exact_losses(moment.network, moment.training.loss, variants, dataset)
    ends = losses[1:].reshape(len(_SIXTH_ORDER), 2, -1)
    total = sum(factor * (ends[row, 0] - ends[row, 1]) for row, factor in enumerate(_SIXTH_ORDER.values()))
    rounding = 4 * np.finfo(np.longdouble).eps * (1 + losses[0]) / steps
    return Exact(float(losses[0]), (total / (60 * steps)).astype(np.float64), rounding.astype(np.float64))


def _steps(moment: KeyFrame, dataset: Dataset) -> np.ndarray:
    """Return how far each parameter is moved: the less, the more it is multiplied by, so that no kink is crossed."""
    settings = moment.network
    steps = np.full(settings.n_parameters, _STEP, dtype=np.longdouble)
    if settings.bias == "shared":
        steps /= max(settings.layer_sizes)
    weights = weight_views(steps, settings.layer_sizes, settings.bias)
    for views, inputs in zip(weights, network_of(moment).layer_outputs(dataset.points), strict=False):
        views[:] = _STEP / max(1.0, float(np.abs(inputs).max()))
    return steps


def assert_equal(actual: np.ndarray, exact: Exact) -> None:
    """Compare each number to 1e-9 of it, as far as the exact one is known.

    Numbers below a thousandth of the largest are compared to 1e-12 of that: where tanh is saturated, 1 - a**2 has lost
    digits in double precision.
    """
    sizes = np.abs(exact.gradient)
    tolerance = RELATIVE * np.maximum(sizes, 1e-3 * sizes.max(initial=0.0)) + exact.uncertainty
    wrong = np.flatnonzero(~(np.abs(actual - exact.gradient) <= tolerance))
    assert not len(wrong), f"{actual[wrong]} are not {exact.gradient[wrong]}, at {wrong}"
