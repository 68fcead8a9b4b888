"""What the operators of ONNX do to parts of a network: to the sums of a layer, and to what its units make of them.

What a neuron does to its pre-activation is told by what its operators make of numbers, so that it does not matter how a
program writes an activation.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from model.network.activations import ACTIVATIONS
from model.network.scalars import SELU_ALPHA, SELU_SCALE
from model.network.special import erf
from model.types import FloatArray, shortened

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

MOST_NUMBERS = 10_000_000
"""So many may come about while a graph is followed; a network that can be shown has far fewer."""

GRID = np.concatenate([np.linspace(-6.03, 6.03, 202), [-30.0, -12.5, 12.5, 30.0]])
"""Pre-activations on which operators are tried; 0, where some are not defined alike, is not among them."""


@dataclass(frozen=True, slots=True, eq=False)
class Sums:
    """Pre-activations: weights of shape (n_in, n_out) and biases, on what the layer below makes; None: the input."""

    weights: FloatArray
    biases: FloatArray
    below: Values | None


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """What each unit makes of its pre-activation: at those of the grid, or softmax over all units.

    Where it is scaled and shifted for each unit by itself, as normalization after an activation does, the layer above
    takes that into its weights and biases.
    """

    sums: Sums
    samples: FloatArray
    is_softmax: bool = False
    factors: FloatArray | None = None
    shifts: FloatArray | None = None

    def scaled(self, function: Callable[[Any, Any], Any], numbers: FloatArray) -> Values:
        """Return them with a number for each unit added, subtracted, multiplied or divided by."""
        if self.is_softmax:
            raise ValueError("softmax is not of each unit alone")
        n_units = self.sums.weights.shape[1]
        numbers = np.broadcast_to(numbers, (n_units,))
        factors = np.ones(n_units) if self.factors is None else self.factors
        shifts = np.zeros(n_units) if self.shifts is None else self.shifts
        if function in (np.multiply, np.divide):
            factors = function(factors, numbers)
        return replace(self, factors=factors, shifts=function(shifts, numbers))


Tensor: TypeAlias = "Sums | Values | FloatArray | str"
"""What is known of a tensor: part of a network, a constant, or in a few words why it is neither."""


def n_numbers(tensor: Tensor) -> int:
    """Return how many numbers are kept of a tensor."""
    if isinstance(tensor, Sums):
        return tensor.weights.size
    return 0 if isinstance(tensor, str) else np.size(tensor.samples if isinstance(tensor, Values) else tensor)


def constant(tensor: TensorProto) -> FloatArray | str:
    """Return the numbers of a tensor, or in a few words why they are not known; damaged ones raise a ValueError."""
    from onnx import numpy_helper

    if tensor.data_location == tensor.EXTERNAL:
        return "numbers that are in another file"
    try:
        values = np.asarray(numpy_helper.to_array(tensor))
    except Exception:
        # It raises errors of every kind where a tensor is not what it says.
        raise ValueError(f"the numbers of {shortened(tensor.name, 40)!r} are damaged") from None
    return values.astype(np.float64) if values.dtype.kind in "fiub" else "numbers of a type that is not known"


def attribute(node: NodeProto, name: str, default: Any) -> Any:
    """Return the value of an attribute; the default where the node has none such."""
    from onnx import helper

    return next((helper.get_attribute_value(found) for found in node.attribute if found.name == name), default)


def are_close(one: FloatArray, other: FloatArray) -> bool:
    """Return whether functions are the same as far as single precision tells."""
    return np.allclose(one, other, rtol=1e-4, atol=1e-5)


def outputs_of(node: NodeProto, known: Mapping[str, Tensor]) -> Sequence[Tensor]:
    """Return what is known of the outputs of a node."""
    name = node.op_type
    if name == "Constant":
        tensor = attribute(node, "value", None)
        number = attribute(node, "value_float", attribute(node, "value_int", None))
        return [constant(tensor) if tensor is not None else np.float64(number) if number is not None else "a constant"]
    inputs = [known.get(source, f"the operator {name}") for source in node.input if source]
    unknown = next((tensor for tensor in inputs if isinstance(tensor, str)), None)
    if unknown is not None:
        return [unknown] * len(node.output)
    if inputs and all(isinstance(tensor, np.ndarray | np.float64) for tensor in inputs) and name == "Cast":
        return [inputs[0]]
    try:
        return [_result(node, name, inputs)]
    except (ValueError, IndexError, TypeError):
        return [f"the operator {name}, as it is used here,"] * len(node.output)
    except KeyError:
        return [f"the operator {name}"] * len(node.output)


def _result(node: NodeProto, name: str, inputs: Sequence[Any]) -> Tensor:
    first = inputs[0]
    if name in ("Identity", "Dropout", "Cast", "Flatten", "Reshape"):
        return first if name != "Cast" or isinstance(first, np.ndarray) else _cast(node, first)
    if name in ("Gemm", "MatMul"):
        return _product(node, first, inputs[1], inputs[2] if len(inputs) > 2 else None)
    if name in ("Softmax", "LogSoftmax"):
        sums = _sums(first)
        if attribute(node, "axis", -1) not in (1, -1):
            raise ValueError("softmax over points")
        return Values(sums, GRID, is_softmax=True)
    if name == "BatchNormalization":
        scale, shift, mean, variance = inputs[1:]
        factor = scale / np.sqrt(variance + attribute(node, "epsilon", 1e-5))
        return _shifted(np.add, _shifted(np.multiply, first, factor), shift - mean * factor)
    if name == "Scaler":
        offset, factor = (np.array(attribute(node, what, [])) for what in ("offset", "scale"))
        return _shifted(np.multiply, _shifted(np.subtract, first, offset), factor)
    if name in BINARY:
        return _combined(BINARY[name], first, inputs[1])
    if name == "Clip":
        ends = attribute(node, "min", -np.inf), attribute(node, "max", np.inf)
        low, high = ((*map(float, inputs[1:]), np.inf)[:2]) if len(inputs) > 1 else ends
        return _mapped(first, lambda z: np.clip(z, low, high))
    if name == "Where":
        return _chosen(*inputs)
    if name == "Concat":
        return _both_classes(*inputs)
    if name == "Gelu" and attribute(node, "approximate", b"none") != b"none":
        return _mapped(first, _nearly_gelu)
    if name == "Selu":
        scale, slope = attribute(node, "gamma", SELU_SCALE), attribute(node, "alpha", SELU_ALPHA)
        return _mapped(first, lambda z: scale * np.where(z < 0, slope * np.expm1(z), z))
    alpha = attribute(node, "alpha", {"LeakyRelu": 0.01, "Elu": 1.0, "Celu": 1.0}.get(name))
    return _mapped(first, UNARY[name](alpha))


def _nearly_gelu(z: FloatArray) -> FloatArray:
    """Return what ONNX computes as GELU with tanh, which is off by up to 5e-4."""
    return np.asarray(0.5 * z * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (z + 0.044715 * z**3))))


def _cast(node: NodeProto, values: Sums | Values) -> Sums | Values:
    """Return values cast to numbers: a comparison is 1 or 0; to whole numbers no activation is cast."""
    if attribute(node, "to", 1) not in (1, 10, 11):
        raise ValueError("whole numbers")
    return values


def _product(node: NodeProto, below: Any, weights: Any, biases: Any) -> Sums:
    """Return the pre-activations of a layer."""
    if not isinstance(weights, np.ndarray) or weights.ndim != 2 or attribute(node, "transA", 0):
        raise ValueError("weights are not constant")
    if not isinstance(below, Sums | Values):
        raise ValueError("a product of constants")
    weights = (weights.T if attribute(node, "transB", 0) else weights) * attribute(node, "alpha", 1.0)
    biases = np.zeros(weights.shape[1]) if biases is None else biases * attribute(node, "beta", 1.0)
    biases = np.broadcast_to(np.squeeze(biases), weights.shape[1:]).astype(np.float64)
    n_below = below.weights.shape[1] if isinstance(below, Sums) else below.sums.weights.shape[1]
    if len(weights) != n_below:
        raise ValueError("a layer does not fit")
    if isinstance(below, Sums):
        return Sums(weights, biases, Values(below, GRID))
    if below.factors is not None and below.shifts is not None:
        weights, biases = below.factors[:, None] * weights, biases + below.shifts @ weights
    return Sums(weights, biases, replace(below, factors=None, shifts=None))


def _sums(tensor: Any) -> Sums:
    if not isinstance(tensor, Sums):
        raise ValueError("not the sums of a layer")
    return tensor


def _samples(tensor: Sums | Values) -> Values:
    if isinstance(tensor, Values):
        if tensor.is_softmax:
            raise ValueError("softmax is not of each unit alone")
        if tensor.factors is not None:
            raise ValueError("an activation of what is scaled")
        return tensor
    return Values(tensor, GRID)


def _mapped(tensor: Any, function: Callable[[FloatArray], FloatArray]) -> Tensor:
    if isinstance(tensor, np.ndarray | np.float64):
        return np.asarray(function(np.asarray(tensor)))
    values = _samples(tensor)
    return replace(values, samples=np.asarray(function(values.samples), dtype=np.float64))


def _combined(function: Callable[[Any, Any], Any], one: Any, other: Any) -> Tensor:
    """Return what an operator of two makes of constants, or of parts of one layer."""
    numbers = [isinstance(tensor, np.ndarray | np.float64) for tensor in (one, other)]
    if all(numbers):
        if prod(np.broadcast_shapes(np.shape(one), np.shape(other))) > MOST_NUMBERS:
            raise ValueError("too many numbers")
        return np.asarray(function(one, other), dtype=np.float64)
    if not any(numbers):
        values, others = _samples(one), _samples(other)
        if values.sums is not others.sums:
            raise ValueError("two layers")
        return replace(values, samples=np.asarray(function(values.samples, others.samples), dtype=np.float64))
    tensor, number = (other, one) if numbers[0] else (one, other)
    # A number without a dimension is part of an activation, and not the bias of a layer of one unit.
    is_of_layer = isinstance(tensor, Sums) and (tensor.below is None or np.ndim(number) > 0)
    number = np.squeeze(number)
    if _is_linear(function, is_first=not numbers[0]) and (is_of_layer or _is_of_each_unit(tensor, number)):
        return _shifted(function, tensor, number)
    if number.ndim:
        if np.ptp(number) != 0:
            raise ValueError("another number for each unit")
        number = number.flat[0]
    values = _samples(tensor)
    ends = (number, values.samples) if numbers[0] else (values.samples, number)
    return replace(values, samples=np.asarray(function(*ends), dtype=np.float64))


def _is_linear(function: Callable[[Any, Any], Any], *, is_first: bool) -> bool:
    return function in (np.add, np.multiply) or (is_first and function in (np.subtract, np.divide))


def _is_of_each_unit(tensor: Any, number: FloatArray) -> bool:
    """Return whether a number scales or shifts each unit by itself, and is no part of their activation."""
    is_scaled = isinstance(tensor, Values) and tensor.factors is not None
    return is_scaled or bool(number.ndim and np.ptp(number) != 0)


def _shifted(function: Callable[[Any, Any], Any], layer: Any, number: FloatArray) -> Sums | Values:
    """Return the sums or the values of a layer with a number for each unit, or for all, added or multiplied."""
    if isinstance(layer, Values):
        return layer.scaled(function, number)
    sums = _sums(layer)
    n_out = sums.weights.shape[1]
    numbers = np.broadcast_to(number, (n_out,))
    weights = function(sums.weights, numbers) if function in (np.multiply, np.divide) else sums.weights
    return Sums(weights, function(sums.biases, numbers), sums.below)


def _chosen(condition: Any, one: Any, other: Any) -> Tensor:
    """Return one of two for each unit, as a comparison says."""
    values = _samples(condition)
    parts = []
    for tensor in (one, other):
        is_number = isinstance(tensor, np.ndarray | np.float64)
        if not is_number and _samples(tensor).sums is not values.sums:
            raise ValueError("two layers")
        parts.append(float(np.squeeze(tensor)) if is_number else _samples(tensor).samples)
    return replace(values, samples=np.where(values.samples != 0, *parts))


def _both_classes(one: Any, other: Any) -> Values:
    """Return the probability of the second class, where that of the first, before it, is what is left to 1."""
    first, second = _samples(one), _samples(other)
    if first.sums is not second.sums or not are_close(first.samples + second.samples, np.ones_like(GRID)):
        raise ValueError("not two classes")
    return second


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    **{"Add": np.add, "Sub": np.subtract, "Mul": np.multiply, "Div": np.divide, "Pow": np.power},
    **{"Min": np.minimum, "Max": np.maximum, "PRelu": lambda z, slope: np.where(z < 0, slope * z, z)},
    **{"Greater": operator.gt, "GreaterOrEqual": operator.ge, "Less": operator.lt, "LessOrEqual": operator.le},
}


def _own(name: str) -> Callable[[Any], Callable[[Any], Any]]:
    """Return an operator that is one of our activations."""

    def function(z: FloatArray) -> FloatArray:
        out = np.empty_like(z, dtype=np.float64)
        ACTIVATIONS[name].function(z, out)
        return out

    return lambda alpha: function


UNARY: dict[str, Callable[[Any], Callable[[Any], Any]]] = {
    **{name.capitalize(): _own(name) for name in ("relu", "gelu", "softplus", "softsign", "sigmoid")},
    "LeakyRelu": lambda alpha: lambda z: np.where(z < 0, alpha * z, z),
    "Elu": lambda alpha: lambda z: np.where(z < 0, alpha * np.expm1(z), z),
    "Celu": lambda alpha: lambda z: np.where(z < 0, alpha * np.expm1(z / alpha), z),
    "Swish": lambda alpha: lambda z: z / (1.0 + np.exp(-z * (1.0 if alpha is None else alpha))),
    "Tanh": lambda alpha: np.tanh,
    "Sin": lambda alpha: np.sin,
    "Cos": lambda alpha: np.cos,
    "Exp": lambda alpha: np.exp,
    "Log": lambda alpha: np.log,
    "Sqrt": lambda alpha: np.sqrt,
    "Abs": lambda alpha: np.abs,
    "Neg": lambda alpha: np.negative,
    "Sign": lambda alpha: np.sign,
    "Erf": lambda alpha: erf,
    "Erfc": lambda alpha: lambda z: 1.0 - erf(z),  # Not of ONNX itself, but of what Keras writes for GELU.
    "Reciprocal": lambda alpha: np.reciprocal,
}
