"""Activation functions: a registry of what a hidden neuron can do to its pre-activation.

A new activation is one entry of :data:`ACTIVATIONS`: menus, training, exported scripts and formulas have it from there.
Arrays here are laid out ``(n_units, n_points)``, the layout of :mod:`model.network.workspace`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from model.network import scalars
from model.network.scalars import LEAK, SELU_ALPHA, SELU_SCALE, ScalarRule
from model.network.special import erf
from model.types import Array


@dataclass(frozen=True, slots=True)
class Source:
    """How an exported script computes an activation.

    Attributes
    ----------
    call : str
        What is called with the pre-activations, an array of shape (n_points, n_units); empty: nothing is.
    definition : str
        The function that the script needs for it, if the library has none.
    needs : tuple of str
        Activations whose functions the definition calls.
    """

    call: str
    definition: str = ""
    needs: tuple[str, ...] = ()

    def applied(self, z: str) -> str:
        """Return the source of the activations, given that of the pre-activations."""
        return f"{self.call}({z})" if self.call else z


def defined(name: str, returns: str, *body: str, needs: tuple[str, ...] = ()) -> Source:
    """Return the source of an activation that is a function of z in the script: what it returns, in words and lines."""
    lines = [f"def {name}(z):", f'"""Return {returns}"""', *body]
    return Source(name, "\n    ".join(lines), needs)


@dataclass(frozen=True, slots=True)
class Activation:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`ACTIVATIONS`, as settings and files write it.
    label : str
        What a person calls it.
    formula : str
        The function of ``z`` as a person reads it, and as :mod:`model.explain.formulas` takes derivatives of it: with
        exp, log, tanh, sin, abs, min, max, the step H, the normal distribution Φ, and selu's λ and α.
    tip : str
        One sentence for the person who chooses.
    function : callable
        ``function(z, out)`` writes the activation into `out`; `out` never shares memory with `z`.
    derivative : callable
        ``derivative(z, a, out)`` writes da/dz into `out`, given the pre-activation and the activation.
    bound : float or None
        The largest ``|a|`` that the function can reach, None where it has no bound. Colour scales start from it.
    numpy, pytorch : Source
        How exported scripts compute it.
    stuck : "dead", "saturated" or None
        What a neuron is called that stays where the function is flat: dead where it is then silent, saturated where it
        is at an end of its range. None where it cannot get stuck: the function is flat nowhere, everywhere, or in
        passing.
    derivative_formula : str
        The derivative as a function of z and a, in the same words and with cos, the density φ of the normal
        distribution, and comparisons in parentheses, which are 1 where they hold and otherwise 0.
    compiled : ScalarRule or None
        The same for the compiled engine; None: a network with it is trained by NumPy.
    """

    name: str
    formula: str
    tip: str
    function: Callable[[Array, Array], None]
    derivative: Callable[[Array, Array, Array], None]
    bound: float | None
    numpy: Source
    pytorch: Source
    stuck: Literal["dead", "saturated"] | None = None
    label: str = field(kw_only=True)
    derivative_formula: str = field(kw_only=True)
    compiled: ScalarRule | None = field(default=None, kw_only=True)


def sigmoid(z: Array, out: Array) -> None:
    """Write 1 / (1 + exp(-z)) into `out`.

    Notes
    -----
    The form (1 + tanh(z / 2)) / 2 is the same function and cannot overflow.
    """
    np.multiply(z, 0.5, out=out)
    np.tanh(out, out=out)
    np.add(out, 1.0, out=out)
    np.multiply(out, 0.5, out=out)


def softmax(z: Array, out: Array) -> None:
    """Write exp(z) / sum(exp(z)), summed over the units of each point, into `out`.

    Notes
    -----
    The largest pre-activation of each point is subtracted first: the result is the same and exp cannot overflow.
    """
    np.subtract(z, np.maximum.reduce(z, axis=0), out=out)
    np.exp(out, out=out)
    np.divide(out, np.add.reduce(out, axis=0), out=out)


def _sigmoid_derivative(z: Array, a: Array, out: Array) -> None:
    np.subtract(1.0, a, out=out)
    np.multiply(out, a, out=out)


def _tanh(z: Array, out: Array) -> None:
    np.tanh(z, out=out)


def _tanh_derivative(z: Array, a: Array, out: Array) -> None:
    np.multiply(a, a, out=out)
    np.subtract(1.0, out, out=out)


def _heaviside(z: Array, out: Array) -> None:
    np.greater_equal(z, 0.0, out=out, casting="unsafe")


def _no_derivative(z: Array, a: Array, out: Array) -> None:
    out.fill(0.0)


def _relu(z: Array, out: Array) -> None:
    np.maximum(z, 0.0, out=out)


def _relu_derivative(z: Array, a: Array, out: Array) -> None:
    # a is never negative, so its sign is the step function, with 0 at the kink.
    np.sign(a, out=out)


def _linear(z: Array, out: Array) -> None:
    np.copyto(out, z)


def _linear_derivative(z: Array, a: Array, out: Array) -> None:
    out.fill(1.0)


def _leaky_relu(z: Array, out: Array) -> None:
    np.multiply(z, LEAK, out=out)
    np.maximum(z, out, out=out)


def _leaky_relu_derivative(z: Array, a: Array, out: Array) -> None:
    np.greater(z, 0.0, out=out, casting="unsafe")
    np.multiply(out, 1.0 - LEAK, out=out)
    np.add(out, LEAK, out=out)


def _exponential_below(z: Array, out: Array) -> None:
    """Write z above 0 and exp(z) - 1 below it."""
    np.minimum(z, 0.0, out=out)
    np.expm1(out, out=out)
    np.add(out, np.maximum(z, 0.0), out=out)


def _exponential_below_derivative(z: Array, a: Array, out: Array) -> None:
    np.minimum(z, 0.0, out=out)
    np.exp(out, out=out)


def _selu(z: Array, out: Array) -> None:
    np.minimum(z, 0.0, out=out)
    np.expm1(out, out=out)
    np.multiply(out, SELU_ALPHA, out=out)
    np.add(out, np.maximum(z, 0.0), out=out)
    np.multiply(out, SELU_SCALE, out=out)


def _selu_derivative(z: Array, a: Array, out: Array) -> None:
    np.minimum(z, 0.0, out=out)
    np.exp(out, out=out)
    # Above 0 the slope is 1, below it alpha * exp(z).
    np.multiply(out, np.where(z > 0, 1.0, SELU_ALPHA), out=out)
    np.multiply(out, SELU_SCALE, out=out)


def _softplus(z: Array, out: Array) -> None:
    np.logaddexp(z, 0.0, out=out)


def _softplus_derivative(z: Array, a: Array, out: Array) -> None:
    sigmoid(z, out)


def _gelu(z: Array, out: Array) -> None:
    np.add(erf(z * np.sqrt(0.5).astype(z.dtype)), 1.0, out=out)
    np.multiply(out, z, out=out)
    np.multiply(out, 0.5, out=out)


def _gelu_derivative(z: Array, a: Array, out: Array) -> None:
    density = np.exp(-0.5 * z * z) / np.sqrt(2.0 * np.pi)
    np.add(erf(z * np.sqrt(0.5)), 1.0, out=out)
    np.multiply(out, 0.5, out=out)
    np.add(out, z * density, out=out)


def _silu(z: Array, out: Array) -> None:
    sigmoid(z, out)
    np.multiply(out, z, out=out)


def _silu_derivative(z: Array, a: Array, out: Array) -> None:
    # With s = sigmoid(z) the slope is s + z s (1 - s), and z s is the activation itself.
    sigmoid(z, out)
    np.subtract(out, out * a, out=out)
    np.add(out, a, out=out)


def _sin(z: Array, out: Array) -> None:
    np.sin(z, out=out)


def _sin_derivative(z: Array, a: Array, out: Array) -> None:
    np.cos(z, out=out)


def _softsign(z: Array, out: Array) -> None:
    np.abs(z, out=out)
    np.add(out, 1.0, out=out)
    np.divide(z, out, out=out)


def _softsign_derivative(z: Array, a: Array, out: Array) -> None:
    # 1 / (1 + |z|) is 1 - |a|, and the slope is its square.
    np.abs(a, out=out)
    np.subtract(1.0, out, out=out)
    np.multiply(out, out, out=out)


ACTIVATIONS: dict[str, Activation] = {
    entry.name: entry
    for entry in (
        Activation(
            "relu",
            "max(0, z)",
            "Zero below 0, the input above.",
            _relu,
            _relu_derivative,
            bound=None,
            numpy=defined("relu", "the larger of 0 and z.", "return np.maximum(z, 0.0)"),
            pytorch=Source("torch.relu"),
            stuck="dead",
            label="ReLU",
            derivative_formula="(z > 0)",
            compiled=scalars.RELU,
        ),
        Activation(
            "tanh",
            "tanh(z)",
            "An S from −1 to 1.",
            _tanh,
            _tanh_derivative,
            1.0,
            Source("np.tanh"),
            Source("torch.tanh"),
            stuck="saturated",
            label="tanh",
            derivative_formula="1 − a**2",
            compiled=scalars.TANH,
        ),
        Activation(
            "sigmoid",
            "1 / (1 + exp(−z))",
            "An S from 0 to 1.",
            sigmoid,
            _sigmoid_derivative,
            bound=1.0,
            numpy=defined(
                "sigmoid",
                "1 / (1 + exp(-z)), in a form that cannot overflow.",
                "return 0.5 * (1.0 + np.tanh(0.5 * z))",
            ),
            pytorch=Source("torch.sigmoid"),
            stuck="saturated",
            label="sigmoid",
            derivative_formula="a·(1 − a)",
            compiled=scalars.SIGMOID,
        ),
        Activation(
            "linear",
            "z",
            "The input itself: layers of it are one.",
            _linear,
            _linear_derivative,
            bound=None,
            numpy=Source(""),
            pytorch=Source(""),
            label="linear",
            derivative_formula="1",
            compiled=scalars.LINEAR,
        ),
        Activation(
            "leaky_relu",
            "max(0.01·z, z)",
            "Relu with a small slope below 0, so that no neuron dies.",
            _leaky_relu,
            _leaky_relu_derivative,
            bound=None,
            numpy=defined("leaky_relu", "the larger of 0.01 z and z.", "return np.maximum(0.01 * z, z)"),
            # Its slope below 0 is 0.01, if nothing else is said.
            pytorch=Source("functional.leaky_relu"),
            label="Leaky ReLU",
            derivative_formula="0.01 + 0.99·(z > 0)",
            compiled=scalars.LEAKY_RELU,
        ),
        Activation(
            "elu",
            "max(0, z) + exp(min(0, z)) − 1",
            "Relu with a smooth floor at −1 (Clevert et al. 2015).",
            _exponential_below,
            _exponential_below_derivative,
            bound=None,
            numpy=defined(
                "elu",
                "z above 0 and exp(z) - 1 below.",
                "return np.maximum(z, 0.0) + np.expm1(np.minimum(z, 0.0))",
            ),
            pytorch=Source("functional.elu"),
            stuck="saturated",
            label="ELU",
            derivative_formula="exp(min(0, z))",
            compiled=scalars.ELU,
        ),
        Activation(
            "selu",
            "λ·(max(0, z) + α·(exp(min(0, z)) − 1))",
            "Elu with λ = 1.0507 and α = 1.6733, which keep mean 0 and variance 1 (Klambauer et al. 2017).",
            _selu,
            _selu_derivative,
            bound=None,
            numpy=defined(
                "selu",
                "a scaled elu, which keeps mean 0 and variance 1 (Klambauer 2017).",
                f"scale, alpha = {SELU_SCALE}, {SELU_ALPHA}",
                "return scale * (np.maximum(z, 0.0) + alpha * np.expm1(np.minimum(z, 0.0)))",
            ),
            pytorch=Source("functional.selu"),
            stuck="saturated",
            label="SELU",
            derivative_formula="λ·(α·exp(min(0, z))·(z <= 0) + (z > 0))",
            compiled=scalars.SELU,
        ),
        Activation(
            "softplus",
            "log(1 + exp(z))",
            "A smooth relu.",
            _softplus,
            _softplus_derivative,
            bound=None,
            numpy=defined(
                "softplus", "log(1 + exp(z)), in a form that cannot overflow.", "return np.logaddexp(z, 0.0)"
            ),
            pytorch=defined(
                "softplus",
                "log(1 + exp(z)); PyTorch's own is rounded to z above 20.",
                "return torch.logaddexp(z, torch.zeros_like(z))",
            ),
            stuck="dead",
            label="softplus",
            derivative_formula="1 / (1 + exp(−z))",
            compiled=scalars.SOFTPLUS,
        ),
        Activation(
            "gelu",
            "z·Φ(z)",
            "The input times the normal distribution's share below it (Hendrycks and Gimpel 2016).",
            _gelu,
            _gelu_derivative,
            bound=None,
            numpy=defined(
                "gelu",
                "z times the normal distribution's share below z.",
                "erf = np.vectorize(math.erf, otypes=[float])",
                "return 0.5 * z * (1.0 + erf(z / math.sqrt(2.0)))",
            ),
            pytorch=Source("functional.gelu"),
            stuck="dead",
            label="GELU",
            derivative_formula="Φ(z) + z·φ(z)",
            compiled=scalars.GELU,
        ),
        Activation(
            "silu",
            "z / (1 + exp(−z))",
            "The input times its sigmoid, also called swish.",
            _silu,
            _silu_derivative,
            bound=None,
            numpy=defined("silu", "z times its sigmoid.", "return z * sigmoid(z)", needs=("sigmoid",)),
            pytorch=Source("functional.silu"),
            stuck="dead",
            label="SiLU",
            derivative_formula="a + (1 − a) / (1 + exp(−z))",
            compiled=scalars.SILU,
        ),
        Activation(
            "sin",
            "sin(z)",
            "A wave.",
            _sin,
            _sin_derivative,
            1.0,
            Source("np.sin"),
            Source("torch.sin"),
            label="sine",
            derivative_formula="cos(z)",
            compiled=scalars.SIN,
        ),
        Activation(
            "softsign",
            "z / (1 + abs(z))",
            "An S from −1 to 1 with long tails.",
            _softsign,
            _softsign_derivative,
            bound=1.0,
            numpy=defined("softsign", "z / (1 + |z|).", "return z / (1.0 + np.abs(z))"),
            pytorch=Source("functional.softsign"),
            stuck="saturated",
            label="softsign",
            derivative_formula="(1 − abs(a))**2",
            compiled=scalars.SOFTSIGN,
        ),
        Activation(
            "heaviside",
            "H(z)",
            "A step, 1 from z = 0 on, to look at a perceptron: its slope is 0, so nothing before it learns.",
            _heaviside,
            _no_derivative,
            bound=1.0,
            numpy=defined("heaviside", "1 from z = 0 on, and 0 below.", "return np.where(z >= 0.0, 1.0, 0.0)"),
            pytorch=defined("heaviside", "1 from z = 0 on, and 0 below.", "return (z >= 0.0).to(z.dtype)"),
            label="step",
            derivative_formula="0",
            compiled=scalars.HEAVISIDE,
        ),
    )
}
"""Every activation of a hidden layer, by name, in the order in which menus show them."""


def activation_label(name: str) -> str:
    """Return what a person calls the activation of a layer, hidden or output."""
    return ACTIVATIONS[name].label if name in ACTIVATIONS else name
