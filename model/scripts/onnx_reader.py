"""ONNX, read: a fully connected network of another program on two inputs, or on one along a curve.

A graph is followed from its input. What a neuron does to its pre-activation is told by what its operators make of
numbers, so that it does not matter how a program writes an activation.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from model.data.naming import Axis, Naming
from model.network.activations import ACTIVATIONS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.network import Network
from model.network.scalars import SELU_ALPHA, SELU_SCALE
from model.network.settings import MAX_HIDDEN_LAYERS, MAX_UNITS, NetworkSettings
from model.network.special import erf
from model.scripts.onnx_writer import onnx_package
from model.types import FloatArray, shortened

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto, TensorProto

SUFFIX = ".onnx"
MAX_BYTES = 10_000_000

_MOST_NODES, _MOST_OUTPUTS = 2_000, 8
_MOST_NUMBERS = 10_000_000
"""So many may come about while a graph is followed; a network that can be shown has far fewer."""

_GRID = np.concatenate([np.linspace(-6.03, 6.03, 202), [-30.0, -12.5, 12.5, 30.0]])
"""Pre-activations on which operators are tried; 0, where some are not defined alike, is not among them."""


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Pre-activations: weights of shape (n_in, n_out) and biases, on what the layer below makes; None: the input."""

    weights: FloatArray
    biases: FloatArray
    below: _Values | None


@dataclass(frozen=True, slots=True, eq=False)
class _Values:
    """What each unit makes of its pre-activation: at those of the grid, or softmax over all units."""

    sums: _Sums
    samples: FloatArray
    is_softmax: bool = False


_Tensor: TypeAlias = "_Sums | _Values | FloatArray | str"
"""What is known of a tensor: part of a network, a constant, or in a few words why it is neither."""


@dataclass(frozen=True, slots=True, eq=False)
class OnnxNetwork:
    """A network of another program.

    Attributes
    ----------
    network : Network
    naming : Naming
        The units that the model itself scales its inputs and its output from and to, and the names of its classes.
    """

    network: Network
    naming: Naming


def read_onnx(data: bytes) -> OnnxNetwork:
    """Return the network of an ONNX model.

    Raises
    ------
    ValueError
        If it is none, or not a network that the window can show, or the package onnx is not installed; the message
        says why.
    """
    model = _parsed(data)
    graph = model.graph
    if len(graph.node) > _MOST_NODES:
        raise ValueError(f"it may have {_MOST_NODES:,} operators; got {len(graph.node):,}")
    known: dict[str, _Tensor] = {tensor.name: _constant(tensor) for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in known]
    if len(inputs) != 1:
        raise ValueError(f"it needs one input; got {len(inputs)}")
    n_coordinates = _n_coordinates(inputs[0].type.tensor_type.shape.dim, known, graph.node)
    known[inputs[0].name] = _Sums(np.eye(n_coordinates), np.zeros(n_coordinates), None)
    n_numbers = 0
    with np.errstate(all="ignore"):
        for node in graph.node:
            for name, tensor in zip(node.output, _outputs(node, known), strict=False):
                known[name] = tensor
                n_numbers += _n_numbers(tensor)
            if n_numbers > _MOST_NUMBERS:
                raise ValueError(f"its operators make more than {_MOST_NUMBERS:,} numbers")
        return _network(_answer([value.name for value in graph.output], known), _class_names(model))


def _parsed(data: bytes) -> ModelProto:
    onnx = onnx_package()
    from google.protobuf.message import DecodeError  # type: ignore[import-untyped]  # It comes with onnx.

    if len(data) > MAX_BYTES:
        raise ValueError(f"it may have {MAX_BYTES:,} bytes; got {len(data):,}")
    try:
        model: ModelProto = onnx.load_model_from_string(data)
    except DecodeError:
        raise ValueError("it is not an ONNX model, or damaged") from None
    if not model.graph.node:
        raise ValueError("it is not an ONNX model, or empty")
    return model


def _n_numbers(tensor: _Tensor) -> int:
    """Return how many numbers are kept of a tensor."""
    if isinstance(tensor, _Sums):
        return tensor.weights.size
    return 0 if isinstance(tensor, str) else np.size(tensor.samples if isinstance(tensor, _Values) else tensor)


def _constant(tensor: TensorProto) -> FloatArray | str:
    from onnx import numpy_helper

    if tensor.data_location == tensor.EXTERNAL:
        return "numbers that are in another file"
    try:
        values = np.asarray(numpy_helper.to_array(tensor))
    except Exception:
        # It raises errors of every kind where a tensor is not what it says.
        raise ValueError(f"the numbers of {shortened(tensor.name, 40)!r} are damaged") from None
    return values.astype(np.float64) if values.dtype.kind in "fiub" else "numbers of a type that is not known"


def _n_coordinates(shape: Sequence[Any], known: Mapping[str, _Tensor], nodes: Sequence[NodeProto]) -> int:
    """Return how many numbers a point has: as the input says, or else the first weights."""
    n = shape[-1].dim_value if len(shape) else 0
    if not n:
        weights = (_first_weights(node, known) for node in nodes if node.op_type in ("Gemm", "MatMul"))
        n = next((len(matrix) for matrix in weights if matrix is not None), 0)
    if n not in (1, 2):
        raise ValueError(
            f"it takes {n or 'an unknown number of'} numbers for each point, and NetCanvas shows one or two"
        )
    return int(n)


def _first_weights(node: NodeProto, known: Mapping[str, _Tensor]) -> FloatArray | None:
    weights = known.get(node.input[1]) if len(node.input) > 1 else None
    if not isinstance(weights, np.ndarray) or weights.ndim != 2:
        return None
    return weights.T if _attribute(node, "transB", 0) else weights


def _attribute(node: NodeProto, name: str, default: Any) -> Any:
    from onnx import helper

    return next((helper.get_attribute_value(found) for found in node.attribute if found.name == name), default)


# What operators do


def _outputs(node: NodeProto, known: Mapping[str, _Tensor]) -> Sequence[_Tensor]:
    """Return what is known of the outputs of a node."""
    name = node.op_type
    if name == "Constant":
        tensor = _attribute(node, "value", None)
        number = _attribute(node, "value_float", _attribute(node, "value_int", None))
        return [_constant(tensor) if tensor is not None else np.float64(number) if number is not None else "a constant"]
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


def _result(node: NodeProto, name: str, inputs: Sequence[Any]) -> _Tensor:
    first = inputs[0]
    if name in ("Identity", "Dropout", "Cast", "Flatten", "Reshape"):
        return first if name != "Cast" or isinstance(first, np.ndarray) else _cast(node, first)
    if name in ("Gemm", "MatMul"):
        return _product(node, first, inputs[1], inputs[2] if len(inputs) > 2 else None)
    if name in ("Softmax", "LogSoftmax"):
        sums = _sums(first)
        if _attribute(node, "axis", -1) not in (1, -1):
            raise ValueError("softmax over points")
        return _Values(sums, _GRID, is_softmax=True)
    if name == "BatchNormalization":
        scale, shift, mean, variance = inputs[1:]
        factor = scale / np.sqrt(variance + _attribute(node, "epsilon", 1e-5))
        return _shifted(np.add, _shifted(np.multiply, _sums(first), factor), shift - mean * factor)
    if name == "Scaler":
        offset, factor = (np.array(_attribute(node, what, [])) for what in ("offset", "scale"))
        return _shifted(np.multiply, _shifted(np.subtract, _sums(first), offset), factor)
    if name in _BINARY:
        return _combined(_BINARY[name], first, inputs[1])
    if name == "Clip":
        ends = _attribute(node, "min", -np.inf), _attribute(node, "max", np.inf)
        low, high = ((*map(float, inputs[1:]), np.inf)[:2]) if len(inputs) > 1 else ends
        return _mapped(first, lambda z: np.clip(z, low, high))
    if name == "Where":
        return _chosen(*inputs)
    if name == "Gelu" and _attribute(node, "approximate", b"none") != b"none":
        return _mapped(first, _nearly_gelu)
    if name == "Selu":
        scale, slope = _attribute(node, "gamma", SELU_SCALE), _attribute(node, "alpha", SELU_ALPHA)
        return _mapped(first, lambda z: scale * np.where(z < 0, slope * np.expm1(z), z))
    alpha = _attribute(node, "alpha", {"LeakyRelu": 0.01, "Elu": 1.0, "Celu": 1.0}.get(name))
    return _mapped(first, _UNARY[name](alpha))


def _nearly_gelu(z: FloatArray) -> FloatArray:
    """Return what ONNX computes as GELU with tanh, which is off by up to 5e-4."""
    return np.asarray(0.5 * z * (1.0 + np.tanh(np.sqrt(2.0 / np.pi) * (z + 0.044715 * z**3))))


def _cast(node: NodeProto, values: _Sums | _Values) -> _Sums | _Values:
    """Return values cast to numbers: a comparison is 1 or 0; to whole numbers no activation is cast."""
    if _attribute(node, "to", 1) not in (1, 10, 11):
        raise ValueError("whole numbers")
    return values


def _product(node: NodeProto, below: Any, weights: Any, biases: Any) -> _Sums:
    """Return the pre-activations of a layer."""
    if not isinstance(weights, np.ndarray) or weights.ndim != 2 or _attribute(node, "transA", 0):
        raise ValueError("weights are not constant")
    if not isinstance(below, _Sums | _Values):
        raise ValueError("a product of constants")
    weights = (weights.T if _attribute(node, "transB", 0) else weights) * _attribute(node, "alpha", 1.0)
    biases = np.zeros(weights.shape[1]) if biases is None else biases * _attribute(node, "beta", 1.0)
    biases = np.broadcast_to(np.squeeze(biases), weights.shape[1:]).astype(np.float64)
    n_below = below.weights.shape[1] if isinstance(below, _Sums) else below.sums.weights.shape[1]
    if len(weights) != n_below:
        raise ValueError("a layer does not fit")
    if isinstance(below, _Sums) and below.below is not None:
        below = _Values(below, _GRID)
    return _Sums(weights, biases, _Values(below, _GRID) if isinstance(below, _Sums) else below)


def _sums(tensor: Any) -> _Sums:
    if not isinstance(tensor, _Sums):
        raise ValueError("not the sums of a layer")
    return tensor


def _samples(tensor: _Sums | _Values) -> _Values:
    if isinstance(tensor, _Values):
        if tensor.is_softmax:
            raise ValueError("softmax is not of each unit alone")
        return tensor
    return _Values(tensor, _GRID)


def _mapped(tensor: Any, function: Callable[[FloatArray], FloatArray]) -> _Tensor:
    if isinstance(tensor, np.ndarray | np.float64):
        return np.asarray(function(np.asarray(tensor)))
    values = _samples(tensor)
    return replace(values, samples=np.asarray(function(values.samples), dtype=np.float64))


def _combined(function: Callable[[Any, Any], Any], one: Any, other: Any) -> _Tensor:
    """Return what an operator of two makes of constants, or of parts of one layer."""
    numbers = [isinstance(tensor, np.ndarray | np.float64) for tensor in (one, other)]
    if all(numbers):
        if prod(np.broadcast_shapes(np.shape(one), np.shape(other))) > _MOST_NUMBERS:
            raise ValueError("too many numbers")
        return np.asarray(function(one, other), dtype=np.float64)
    if not any(numbers):
        values, others = _samples(one), _samples(other)
        if values.sums is not others.sums:
            raise ValueError("two layers")
        return replace(values, samples=np.asarray(function(values.samples, others.samples), dtype=np.float64))
    tensor, number = (other, one) if numbers[0] else (one, other)
    # A number without a dimension is part of an activation, and not the bias of a layer of one unit.
    is_of_layer = isinstance(tensor, _Sums) and (tensor.below is None or np.ndim(number) > 0)
    number = np.squeeze(number)
    if is_of_layer and _is_linear(function, is_first=not numbers[0]):
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


def _shifted(function: Callable[[Any, Any], Any], sums: _Sums, number: FloatArray) -> _Sums:
    """Return the sums of a layer with a number for each unit, or for all, added or multiplied."""
    n_out = sums.weights.shape[1]
    numbers = np.broadcast_to(number, (n_out,))
    weights = function(sums.weights, numbers) if function in (np.multiply, np.divide) else sums.weights
    return _Sums(weights, function(sums.biases, numbers), sums.below)


def _chosen(condition: Any, one: Any, other: Any) -> _Tensor:
    """Return one of two for each unit, as a comparison says."""
    values = _samples(condition)
    parts = []
    for tensor in (one, other):
        is_number = isinstance(tensor, np.ndarray | np.float64)
        if not is_number and _samples(tensor).sums is not values.sums:
            raise ValueError("two layers")
        parts.append(float(np.squeeze(tensor)) if is_number else _samples(tensor).samples)
    return replace(values, samples=np.where(values.samples != 0, *parts))


_BINARY: dict[str, Callable[[Any, Any], Any]] = {
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


_UNARY: dict[str, Callable[[Any], Callable[[Any], Any]]] = {
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
    "Reciprocal": lambda alpha: np.reciprocal,
}


# The network


def _answer(outputs: Sequence[str], known: Mapping[str, _Tensor]) -> _Sums | _Values:
    """Return what the model answers: its first output that is part of a network, or the last layer before others."""
    for name in outputs:
        tensor = known.get(name)
        if isinstance(tensor, _Sums | _Values):
            return tensor
    # What leads to a label only, such as ArgMax, comes after the answer.
    for tensor in reversed(list(known.values())):
        if isinstance(tensor, _Values) and (tensor.is_softmax or _output_of(tensor) is not None):
            return tensor
    reasons = (known.get(name) for name in outputs)
    reason = next((reason for reason in reasons if isinstance(reason, str)), "what it has")
    raise ValueError(f"{reason} has no counterpart in NetCanvas, which has fully connected layers")


def _output_of(values: _Values) -> tuple[str, float, float] | None:
    """Return the output activation whose values these are, and what is added to and multiplies it."""
    for name in ("linear", "sigmoid", "tanh"):
        plain = np.empty_like(_GRID)
        OUTPUT_ACTIVATIONS[name].function(_GRID, plain)
        unit, middle = np.polyfit(plain, values.samples, 1) if np.isfinite(values.samples).all() else (0.0, 0.0)
        if unit > 0 and np.allclose(middle + unit * plain, values.samples, rtol=1e-4, atol=1e-5 * max(unit, 1e-30)):
            is_plain = _are_close(plain, values.samples)
            return (name, 0.0, 1.0) if is_plain else (name, float(f"{middle:.7g}"), float(f"{unit:.7g}"))
    return None


def _are_close(one: FloatArray, other: FloatArray) -> bool:
    """Return whether functions are the same as far as single precision tells."""
    return np.allclose(one, other, rtol=1e-4, atol=1e-5)


def _hidden_of(values: _Values, layer: int) -> str:
    for name, entry in ACTIVATIONS.items():
        expected = np.empty_like(_GRID)
        entry.function(_GRID, expected)
        if _are_close(expected, values.samples):
            return name
    raise ValueError(f"the activation of its layer {layer} is none that NetCanvas has")


def _network(answer: _Sums | _Values, class_names: tuple[str, ...]) -> OnnxNetwork:
    layers: list[_Sums] = []
    values: _Values | None = answer if isinstance(answer, _Values) else _Values(answer, _GRID)
    found = ("softmax", 0.0, 1.0) if values is not None and values.is_softmax else values and _output_of(values)
    if not found:
        raise ValueError("the activation of its output is none that NetCanvas has")
    output, middle, unit = found
    hidden: list[str] = []
    while values is not None and values.sums.below is not None:
        layers.insert(0, values.sums)
        values = values.sums.below
        if values.sums.below is not None:
            hidden.insert(0, _hidden_of(values, len(layers)))
    if values is None or not layers:
        raise ValueError("it has no layer")
    if not np.array_equal(values.samples, _GRID):
        raise ValueError("it computes with its inputs before the first layer")
    sizes = (len(layers[0].weights), *(layer.weights.shape[1] for layer in layers))
    _check_sizes(sizes)
    if (middle, unit) != (0.0, 1.0) and sizes[-1] > 1:
        raise ValueError("it scales several outputs")
    features = ("x1", "x2") if sizes[0] == 2 else ("x",)
    settings = NetworkSettings(sizes, tuple(hidden), output, features=features)
    parameters = np.concatenate([np.vstack([layer.weights, layer.biases]).ravel() for layer in layers])
    if not np.isfinite(parameters).all():
        raise ValueError("some of its weights are not finite")
    scaled = _axes(values.sums)
    axes = {"x1": scaled[0], **({"x2": scaled[1]} if len(scaled) > 1 else {})}
    names = class_names if len(class_names) == settings.n_classes and output != "linear" else ()
    naming = Naming(**axes, value=Axis("", middle, unit), classes=names)
    return OnnxNetwork(Network.from_settings(settings, parameters), naming)


def _check_sizes(sizes: Sequence[int]) -> None:
    if len(sizes) - 2 > MAX_HIDDEN_LAYERS or max(sizes[1:-1], default=1) > MAX_UNITS or sizes[-1] > _MOST_OUTPUTS:
        shape = "-".join(map(str, sizes))
        raise ValueError(
            f"its layers are {shape}; NetCanvas shows up to {MAX_HIDDEN_LAYERS} hidden layers of {MAX_UNITS} units and "
            f"{_MOST_OUTPUTS} outputs"
        )


def _axes(inputs: _Sums) -> list[Axis]:
    """Return the person's units of the inputs, where the model scales them before its first layer."""
    axes = []
    for factor, shift in zip(np.diag(inputs.weights).tolist(), inputs.biases.tolist(), strict=True):
        if factor <= 0:
            raise ValueError("it turns an input round before the first layer")
        # factor * number + shift goes in.
        axes.append(Axis("", -shift / factor if shift else 0.0, 1.0 / factor))
    return axes


def _class_names(model: ModelProto) -> tuple[str, ...]:
    """Return the names of the classes, where they are different and not blank."""
    text = next((entry.value for entry in model.metadata_props if entry.key == "class_names"), "")
    names = tuple(name[:200] for name in text.split("\n"))[: _MOST_OUTPUTS + 1]
    return names if all(name.strip() for name in names) and len(set(names)) == len(names) else ()
