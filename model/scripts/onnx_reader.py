"""ONNX, read: a fully connected network of another program on two inputs, or on one along a curve.

A graph is followed from its input, as :mod:`model.scripts.onnx_operators` has it, to its answer.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from model.data.naming import Axis, Naming
from model.network.activations import ACTIVATIONS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.network import Network
from model.network.settings import MAX_HIDDEN_LAYERS, MAX_UNITS, NetworkSettings
from model.scripts.onnx_operators import (
    GRID,
    MOST_NUMBERS,
    Sums,
    Tensor,
    Values,
    are_close,
    attribute,
    constant,
    n_numbers,
    outputs_of,
)
from model.scripts.onnx_writer import onnx_package
from model.types import FloatArray, shortened

if TYPE_CHECKING:
    from onnx import ModelProto, NodeProto

MAX_BYTES = 10_000_000

_MOST_NODES, _MOST_OUTPUTS = 2_000, 8


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
    known: dict[str, Tensor] = {tensor.name: constant(tensor) for tensor in graph.initializer}
    inputs = [value for value in graph.input if value.name not in known]
    if len(inputs) != 1:
        names = shortened(", ".join(value.name for value in inputs), 200)
        raise ValueError(f"it needs one input; got {len(inputs)}" + (f": {names}" if names else ""))
    n_coordinates = _n_coordinates(inputs[0].type.tensor_type.shape.dim, known, graph.node)
    known[inputs[0].name] = Sums(np.eye(n_coordinates), np.zeros(n_coordinates), None)
    n_made = 0
    with np.errstate(all="ignore"):
        for node in graph.node:
            for name, tensor in zip(node.output, outputs_of(node, known), strict=False):
                known[name] = tensor
                n_made += n_numbers(tensor)
            if n_made > MOST_NUMBERS:
                raise ValueError(f"its operators make more than {MOST_NUMBERS:,} numbers")
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


def _n_coordinates(shape: Sequence[Any], known: Mapping[str, Tensor], nodes: Sequence[NodeProto]) -> int:
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


def _first_weights(node: NodeProto, known: Mapping[str, Tensor]) -> FloatArray | None:
    weights = known.get(node.input[1]) if len(node.input) > 1 else None
    if not isinstance(weights, np.ndarray) or weights.ndim != 2:
        return None
    return weights.T if attribute(node, "transB", 0) else weights


_LABELLING = frozenset(f"the operator {name}" for name in ("ArgMax", "ArrayFeatureExtractor", "TopK", "ZipMap"))

# The network


def _answer(outputs: Sequence[str], known: Mapping[str, Tensor]) -> Sums | Values:
    """Return what the model answers: its first output that is part of a network, or the last layer before others."""
    for name in outputs:
        tensor = known.get(name)
        if isinstance(tensor, Sums | Values):
            return tensor
    reasons = (known.get(name) for name in outputs)
    reason = next((reason for reason in reasons if isinstance(reason, str)), "what it has")
    # What leads to a label only comes after the answer.
    if reason in _LABELLING:
        for tensor in reversed(list(known.values())):
            if isinstance(tensor, Values) and (tensor.is_softmax or _output_of(tensor) is not None):
                return tensor
    raise ValueError(f"{reason} has no counterpart in NetCanvas, which has fully connected layers")


def _output_of(values: Values) -> tuple[str, float, float] | None:
    """Return the output activation whose values these are, and what is added to and multiplies it."""
    for name in ("linear", "sigmoid", "tanh"):
        plain = np.empty_like(GRID)
        OUTPUT_ACTIVATIONS[name].function(GRID, plain)
        unit, middle = np.polyfit(plain, values.samples, 1) if np.isfinite(values.samples).all() else (0.0, 0.0)
        if unit > 0 and np.allclose(middle + unit * plain, values.samples, rtol=1e-4, atol=1e-5 * max(unit, 1e-30)):
            is_plain = are_close(plain, values.samples)
            return (name, 0.0, 1.0) if is_plain else (name, float(f"{middle:.7g}"), float(f"{unit:.7g}"))
    return None


def _hidden_of(values: Values, layer: int) -> str:
    for name, entry in ACTIVATIONS.items():
        expected = np.empty_like(GRID)
        entry.function(GRID, expected)
        if are_close(expected, values.samples):
            return name
    raise ValueError(f"the activation of its layer {layer} is none that NetCanvas has")


def _network(answer: Sums | Values, class_names: tuple[str, ...]) -> OnnxNetwork:
    layers: list[Sums] = []
    values: Values | None = answer if isinstance(answer, Values) else Values(answer, GRID)
    found = ("softmax", 0.0, 1.0) if values is not None and values.is_softmax else values and _output_of(values)
    if values is not None and values.factors is not None:
        raise ValueError("it scales its outputs one by one")
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
    if not np.array_equal(values.samples, GRID):
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


def _axes(inputs: Sums) -> list[Axis]:
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
