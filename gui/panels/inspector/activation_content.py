"""What the plot of the activation shows of a neuron: every point, the function, and the probe point on it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gui.items.scales import round_up
from model import Dataset, Network
from model.explain.chain_rule import ChainRule
from model.network.activations import ACTIVATIONS, Activation, sigmoid
from model.network.parts import Unit
from model.network.settings import NetworkSettings
from model.run.snapshot import Snapshot
from model.types import FloatArray, IntArray

MOST_POINTS = 500
"""More markers than these cover each other, and take their time."""

_N_SAMPLES = 161
_LIMIT_ALONE = 4.0
"""How far a curve goes at the least where there are no points."""

_ROOM = 0.08


@dataclass(frozen=True, slots=True)
class ProbedPlace:
    """The probe point.

    Attributes
    ----------
    x, y : float
        Where it lies.
    slope : float or None
        da / dz there; None over x1 + x2, and where the neuron is muted.
    """

    x: float
    y: float
    slope: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """What is seen of a neuron.

    Attributes
    ----------
    points : Dataset
        Points at (z, a), (x1 + x2, a) or (x1 + x2, z), along a curve x for x1 + x2, no more than :data:`MOST_POINTS`.
    z : ndarray of shape (n_points,)
        Of every point.
    labels : ndarray of shape (n_points,)
        Their classes; all 0 in a regression.
    n_classes : int
        0 in a regression.
    axes : str
        An entry of :data:`gui.document.view.ACTIVATION_AXES`.
    is_of_curve : bool
        Whether what is over a sum of coordinates is over x alone.
    curve : tuple of ndarray or None
        z from one end of its axis to the other, the activation and its derivative; None over x1 + x2, and where a is no
        function of the neuron's own z alone. Of softmax it is that at the probe point, the other outputs' z as there.
        Over x it is x, the neuron's a or z there, and no derivative: NaN.
    name : str
        Of the activation.
    x_limit : float
        The axis goes from its negative to this.
    y_range : tuple of float
        Ends of the other axis.
    probe : ProbedPlace or None
    """

    points: Dataset
    z: FloatArray
    labels: IntArray
    n_classes: int
    axes: str
    is_of_curve: bool
    curve: tuple[FloatArray, FloatArray, FloatArray] | None
    name: str
    x_limit: float
    y_range: tuple[float, float]
    probe: ProbedPlace | None

    @property
    def is_empty(self) -> bool:
        """Whether there is neither a point, nor a curve, nor the probe point."""
        return not len(self.z) and self.curve is None and self.probe is None

    @property
    def is_curve_of_probe(self) -> bool:
        """Whether the curve is that at the probe point alone, so that other points lie beside it."""
        return self.curve is not None and self.name not in ACTIVATIONS


def content_of(
    snapshot: Snapshot,
    unit: Unit,
    *,
    axes: str = "a_z",
    rule: ChainRule | None = None,
    place: tuple[float, float] = (0.0, 0.0),
) -> Content | None:
    """Return what there is to see of a neuron behind the input; None where something is not finite.

    Parameters
    ----------
    snapshot : Snapshot
    unit : Unit
    axes : str
    rule : ChainRule or None
        At the probe point.
    place : tuple of float
        Of the probe point, if there is one.
    """
    dataset, network = snapshot.moment.dataset, snapshot.network
    z, a = network.unit_values(dataset.points, unit.layer, unit.index)
    if not (np.isfinite(z).all() and np.isfinite(a).all()):
        return None
    over_sum = axes != "a_z"
    over = dataset.points[:, 0] if dataset.is_curve else dataset.points.sum(axis=1)
    x, y = over if over_sum else z, z if axes == "z_sum" else a
    total = place[0] if dataset.is_curve else sum(place)
    probe = None if rule is None else _probed(network.settings, rule, unit, axes, total)
    reached = np.abs(np.append(x, [] if probe is None else probe.x)).max(initial=1.0 if len(x) else _LIMIT_ALONE)
    limit = round_up(float(reached))
    if not over_sum:
        curve = _curve(network.settings, unit, limit, rule)
    else:
        curve = _over_x(network, unit, axes, limit) if dataset.is_curve else None
    values = np.concatenate([y, [] if curve is None else curve[1], [] if probe is None else [probe.y]])
    n = len(z)
    chosen = np.arange(n) if n <= MOST_POINTS else np.linspace(0, n - 1, MOST_POINTS).astype(np.intp)
    # Here points have the colour of a height, and not the height itself.
    coloured = dataset.as_kind("values") if dataset.is_curve else dataset
    points = coloured.like(np.stack([x, y], axis=1), coloured.labels, coloured.is_test).take(chosen)
    labels = np.zeros(len(z), dtype=np.intp) if dataset.is_regression else dataset.labels
    name = _name(network.settings, unit)
    return Content(
        points, z, labels, dataset.n_classes, axes, dataset.is_curve, curve, name, limit, _ends(values), probe
    )


def _probed(settings: NetworkSettings, rule: ChainRule, unit: Unit, axes: str, total: float) -> ProbedPlace:
    """Return where the rule's point lies, whose coordinates have this sum."""
    factors, j = rule.layers[unit.layer - 1], unit.index
    is_muted = (unit.layer, unit.index) in settings.muted
    z, a = float(factors.pre_activations[j]), 0.0 if is_muted else float(factors.activations[j])
    if axes != "a_z":
        return ProbedPlace(total, z if axes == "z_sum" else a, None)
    return ProbedPlace(z, a, None if is_muted else float(factors.activation_jacobian[j, j]))


def _name(settings: NetworkSettings, unit: Unit) -> str:
    """Return the name of a neuron's activation."""
    is_output = unit.layer == len(settings.layer_sizes) - 1
    return settings.output_activation if is_output else settings.hidden_activations[unit.layer - 1]


def _curve(
    settings: NetworkSettings, unit: Unit, limit: float, rule: ChainRule | None
) -> tuple[FloatArray, FloatArray, FloatArray] | None:
    """Return z from one end of the axis to the other, the activation and its derivative."""
    z, activation = np.linspace(-limit, limit, _N_SAMPLES), ACTIVATIONS.get(_name(settings, unit))
    if activation is not None:
        return z, *_values(activation, z)
    if rule is None:
        return None
    # With all other z as they are, softmax is a sigmoid of this one, moved by the logarithm of their sum.
    others = np.delete(rule.layers[-1].pre_activations, unit.index)
    moved = z - np.logaddexp.reduce(others)
    a = np.empty_like(z)
    sigmoid(moved, a)
    return z, a, a * (1.0 - a)


def _over_x(network: Network, unit: Unit, axes: str, limit: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return x from one end of the axis to the other, what a neuron of a curve makes of it, and no derivative."""
    x = np.linspace(-limit, limit, _N_SAMPLES)
    with np.errstate(all="ignore"):
        z, a = network.unit_values(x[:, np.newaxis], unit.layer, unit.index)
    return x, z if axes == "z_sum" else a, np.full_like(x, np.nan)


def _values(activation: Activation, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the activation and its derivative."""
    a, slope = np.empty_like(z), np.empty_like(z)
    with np.errstate(all="ignore"):
        activation.function(z, a)
        activation.derivative(z, a, slope)
    return a, slope


def _ends(values: FloatArray) -> tuple[float, float]:
    """Return round ends of an axis with all of the values, 0, and a little room."""
    low, high = float(values.min(initial=0.0)), float(values.max(initial=0.0))
    top = round_up(high) if high > 0 else 0.0
    bottom = -round_up(-low) if low < 0 else 0.0
    if top == bottom:
        return -1.0, 1.0
    room = _ROOM * (top - bottom)
    return bottom - room, top + room
