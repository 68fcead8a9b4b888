"""The loss of one point along one output, with all other outputs as they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from model.data.formula import Formula
from model.explain.chain_rule import ChainRule
from model.network.activations import ACTIVATIONS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.settings import output_loss
from model.types import FloatArray

_N_SAMPLES = 161
_REACH, _LEAST_REACH = 1.5, 1.0
_NEAREST_END = 1e-3
"""How near samples come to where the loss may be infinite."""


@dataclass(frozen=True, slots=True, eq=False)
class OutputLossCurve:
    """The curve of a loss over an output.

    Attributes
    ----------
    outputs, losses : ndarray of shape (n_samples,)
        The curve.
    other_losses : ndarray of shape (n_samples,) or None
        What it would be for a point of the other class, or of another; None in a regression.
    output, target, loss : float
        What the output says, what it should be, and the loss of the point.
    slope : float
        dC / doutput.
    """

    outputs: FloatArray
    losses: FloatArray
    other_losses: FloatArray | None
    output: float
    target: float
    loss: float
    slope: float


def right_output(rule: ChainRule) -> int | None:
    """Return the one output on which the loss of a point depends; None where it depends on all.

    Cross-entropy with softmax is the logarithm of the right class's probability alone.
    """
    by_outputs = rule.layers[-1].loss_by_activations
    if rule.loss == "cross_entropy" and len(by_outputs) > 1 and np.count_nonzero(by_outputs) == 1:
        return int(np.flatnonzero(by_outputs)[0])
    return None


def loss_over_output(rule: ChainRule, output_activation: str, index: int) -> OutputLossCurve:
    """Return the loss of a rule's point over one of the outputs.

    Parameters
    ----------
    rule : ChainRule
    output_activation : str
        A key of :data:`model.network.losses.OUTPUT_ACTIVATIONS`.
    index : int
        Of the output.

    Notes
    -----
    For cross-entropy with softmax it is C = -log a, the figure of seed 002_2220fc8ca6ad7e5c.txt.
    """
    entry, factors = OUTPUT_ACTIVATIONS[output_activation], rule.layers[-1]
    formula = _formula(output_loss(rule.loss, output_activation).formula)
    output, target = float(factors.activations[index]), float(rule.targets[index])
    samples = _samples(output_activation, output, target)
    others = np.delete(np.arange(len(rule.targets)), index)
    rest = float(formula(factors.activations[others], rule.targets[others]).sum())
    is_class = isinstance(rule.label, int)
    other = entry.absent if target == entry.present else entry.present
    return OutputLossCurve(
        samples,
        formula(samples, target) + rest,
        formula(samples, other) + rest if is_class else None,
        output,
        target,
        rule.loss_value,
        float(factors.loss_by_activations[index]),
    )


@lru_cache
def _formula(text: str) -> Formula:
    return Formula(text, ("a", "y"))


def _samples(output_activation: str, output: float, target: float) -> FloatArray:
    """Return outputs over the range that the activation has, without its ends; about the target if it has none."""
    entry, same = OUTPUT_ACTIVATIONS[output_activation], ACTIVATIONS.get(output_activation)
    if same is not None and same.bound is None:
        reach = max(_REACH * abs(output - target), _LEAST_REACH)
        return np.linspace(target - reach, target + reach, _N_SAMPLES)
    near = _NEAREST_END * (entry.present - entry.absent)
    return np.linspace(entry.absent + near, entry.present - near, _N_SAMPLES)
