"""Activations, outputs and losses number by number: what the compiled engine makes its loops of.

The same functions as in :mod:`model.network.activations` and :mod:`model.network.losses`, whose entries name them, in
the form that a compiler turns into quick code. NumPy's form is the reference, and what is to be read.

Notes
-----
A choice between two numbers is written so that what is no number is kept: a run that diverges must be found out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from model.types import Array

LEAK = 0.01
"""The slope of leaky relu below 0."""

# Chosen by Klambauer et al. (2017) so that mean 0 and variance 1 are kept from layer to layer.
SELU_SCALE, SELU_ALPHA = 1.0507009873554804934193349852946, 1.6732632423543772848170429916717


@dataclass(frozen=True, slots=True)
class ScalarRule:
    """An activation, number by number.

    Attributes
    ----------
    function : callable
        ``function(z)`` returns the activation.
    derivative : callable
        ``derivative(z, a)`` returns da/dz, given the pre-activation and the activation.
    """

    function: Callable[[float], float]
    derivative: Callable[[float, float], float]


OutputRule: TypeAlias = Callable[[Array, Array, int, int], None]
"""``rule(z, a, n_units, n_points)`` writes the outputs into the first rows and columns of `a`."""

DeltaRule: TypeAlias = Callable[[Array, Array, Array, Array, int, int], None]
"""``rule(z, a, targets, out, n_units, n_points)`` writes the loss's derivative by the pre-activation."""


def exp(x: float) -> float:
    """Return exp(x)."""
    return math.exp(x)


def tanh(x: float) -> float:
    """Return tanh(x)."""
    return math.tanh(x)


def expm1(x: float) -> float:
    """Return exp(x) - 1, for `x` of at most 0."""
    # The division is safe: the hyperbolic tangent is not above 0 here.
    t = tanh(0.5 * x)
    return 2.0 * t / (1.0 - t)


def below_zero(z: float) -> float:
    """Return the smaller of z and 0."""
    return 0.0 if z > 0.0 else z


def above_zero(z: float) -> float:
    """Return the larger of z and 0."""
    return 0.0 if z < 0.0 else z


def constant_slope(z: float, a: float) -> float:
    """Return 1."""
    return 1.0


def no_slope(z: float, a: float) -> float:
    """Return 0."""
    return 0.0


def identity(z: float) -> float:
    """Return z."""
    return z


def relu_slope(z: float, a: float) -> float:
    """Return 1 above 0, and 0 below."""
    return 1.0 if a > 0.0 else 0.0


def tanh_slope(z: float, a: float) -> float:
    """Return 1 - a^2."""
    return 1.0 - a * a


def sigmoid(z: float) -> float:
    """Return 1 / (1 + exp(-z)), in a form that cannot overflow."""
    return 0.5 * (tanh(0.5 * z) + 1.0)


def sigmoid_slope(z: float, a: float) -> float:
    """Return a (1 - a)."""
    return (1.0 - a) * a


def leaky_relu(z: float) -> float:
    """Return the larger of 0.01 z and z."""
    return above_zero(z) + LEAK * below_zero(z)


def leaky_relu_slope(z: float, a: float) -> float:
    """Return 1 above 0, and 0.01 below."""
    return 1.0 if z > 0.0 else LEAK


def elu(z: float) -> float:
    """Return z above 0, and exp(z) - 1 below."""
    return above_zero(z) + expm1(below_zero(z))


def elu_slope(z: float, a: float) -> float:
    """Return 1 above 0, and exp(z) below."""
    return exp(below_zero(z))


def selu(z: float) -> float:
    """Return a scaled elu."""
    return SELU_SCALE * (above_zero(z) + SELU_ALPHA * expm1(below_zero(z)))


def selu_slope(z: float, a: float) -> float:
    """Return the slope of a scaled elu."""
    return SELU_SCALE * exp(below_zero(z)) * (1.0 if z > 0.0 else SELU_ALPHA)


def softplus(z: float) -> float:
    """Return log(1 + exp(z)), in a form that cannot overflow."""
    return above_zero(z) + math.log1p(exp(-abs(z)))


def softplus_slope(z: float, a: float) -> float:
    """Return the sigmoid of z."""
    return sigmoid(z)


def normal_share(z: float) -> float:
    """Return the share of the normal distribution below z."""
    return 0.5 * (1.0 + math.erf(z * math.sqrt(0.5)))


def gelu(z: float) -> float:
    """Return z times the normal distribution's share below it."""
    return z * normal_share(z)


def gelu_slope(z: float, a: float) -> float:
    """Return the normal distribution's share below z, and z times its density."""
    return normal_share(z) + z * exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)


def silu(z: float) -> float:
    """Return z times its sigmoid."""
    return z * sigmoid(z)


def silu_slope(z: float, a: float) -> float:
    """Return s + a (1 - s), where s is the sigmoid of z."""
    s = sigmoid(z)
    return s - s * a + a


def sine(z: float) -> float:
    """Return sin(z)."""
    return math.sin(z)


def sine_slope(z: float, a: float) -> float:
    """Return cos(z)."""
    return math.cos(z)


def softsign(z: float) -> float:
    """Return z / (1 + abs(z))."""
    return z / (1.0 + abs(z))


def softsign_slope(z: float, a: float) -> float:
    """Return (1 - abs(a))^2."""
    return (1.0 - abs(a)) * (1.0 - abs(a))


def heaviside(z: float) -> float:
    """Return 1 from z = 0 on, and 0 below."""
    return 1.0 if z >= 0.0 else 0.0


RELU = ScalarRule(above_zero, relu_slope)
TANH = ScalarRule(tanh, tanh_slope)
SIGMOID = ScalarRule(sigmoid, sigmoid_slope)
LINEAR = ScalarRule(identity, constant_slope)
LEAKY_RELU = ScalarRule(leaky_relu, leaky_relu_slope)
ELU = ScalarRule(elu, elu_slope)
SELU = ScalarRule(selu, selu_slope)
SOFTPLUS = ScalarRule(softplus, softplus_slope)
GELU = ScalarRule(gelu, gelu_slope)
SILU = ScalarRule(silu, silu_slope)
SIN = ScalarRule(sine, sine_slope)
SOFTSIGN = ScalarRule(softsign, softsign_slope)
HEAVISIDE = ScalarRule(heaviside, no_slope)


def softmax_outputs(z: Array, a: Array, n_units: int, n_points: int) -> None:
    """Write exp(z) / sum(exp(z)), with the largest pre-activation of each point taken off first."""
    for p in range(n_points):
        largest = z[0, p]
        for k in range(1, n_units):
            largest = largest if largest > z[k, p] else z[k, p]
        total = 0.0
        for k in range(n_units):
            a[k, p] = exp(z[k, p] - largest)
            total += a[k, p]
        for k in range(n_units):
            a[k, p] /= total


def each_output(function: Callable[[float], float]) -> OutputRule:
    """Return the rule of an output that does the same to each pre-activation alone."""

    def rule(z: Array, a: Array, n_units: int, n_points: int) -> None:
        for k in range(n_units):
            for p in range(n_points):
                a[k, p] = function(z[k, p])

    return rule


def output_minus_target(z: Array, a: Array, targets: Array, out: Array, n_units: int, n_points: int) -> None:
    """Write a - y."""
    for k in range(n_units):
        for p in range(n_points):
            out[k, p] = a[k, p] - targets[k, p]


def squared_delta(slope: Callable[[float, float], float]) -> DeltaRule:
    """Return the rule of the half squared error of such an output: (a - y) times its slope."""

    def rule(z: Array, a: Array, targets: Array, out: Array, n_units: int, n_points: int) -> None:
        for k in range(n_units):
            for p in range(n_points):
                out[k, p] = (a[k, p] - targets[k, p]) * slope(z[k, p], a[k, p])

    return rule


def softmax_squared_delta(z: Array, a: Array, targets: Array, out: Array, n_units: int, n_points: int) -> None:
    """Write a (e - sum(a e)), where e is a - y: the Jacobian of softmax is diag(a) - a a^T."""
    for p in range(n_points):
        total = 0.0
        for k in range(n_units):
            total += a[k, p] * (a[k, p] - targets[k, p])
        for k in range(n_units):
            out[k, p] = a[k, p] * (a[k, p] - targets[k, p] - total)
