"""ONNX, written: a network as a graph of standard operators, for other programs.

Open Neural Network Exchange, https://onnx.ai/onnx/operators; the operators here are those of version 18 and of IR 8,
which runtimes of 2023 and later read.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from model.data.features import RAW_CURVE_FEATURES, RAW_FEATURES, feature
from model.data.formula import CONSTANTS
from model.network.losses import layer_activations
from model.network.network import Network
from model.network.scalars import SELU_ALPHA, SELU_SCALE
from model.scripts.parameters import check_finite
from model.scripts.wording import PLAIN_WORDING, Wording
from model.types import PARSING

if TYPE_CHECKING:
    from onnx import NodeProto, TensorProto

OPSET, IR_VERSION = 18, 8

OPERATORS: dict[str, tuple[str, dict[str, Any]]] = {
    "relu": ("Relu", {}),
    "tanh": ("Tanh", {}),
    "sigmoid": ("Sigmoid", {}),
    "leaky_relu": ("LeakyRelu", {"alpha": 0.01}),
    "elu": ("Elu", {"alpha": 1.0}),
    "selu": ("Selu", {}),
    "softplus": ("Softplus", {}),
    "softsign": ("Softsign", {}),
    "sin": ("Sin", {}),
    "softmax": ("Softmax", {"axis": 1}),
}
"""Activations that are one operator, with its attributes. Others are made of what their formula says."""

_SIGNS = {"−": "-", "·": "*", "λ": repr(SELU_SCALE), "α": repr(SELU_ALPHA), "Φ": "normal", "H(": "step("}
_UNARY = {
    name: name.capitalize()
    for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt", "abs", "sign", "floor")
}
"""Functions of formulas that are one operator."""

_BINARY: dict[type[ast.operator], str] = {
    ast.Add: "Add",
    ast.Sub: "Sub",
    ast.Mult: "Mul",
    ast.Div: "Div",
    ast.Pow: "Pow",
}


def onnx_package() -> Any:
    """Return the package onnx, which is an extra.

    Raises
    ------
    ValueError
        If it is not installed.
    """
    try:
        import onnx
    except ImportError:
        raise ValueError("the package onnx is not installed; `pip install onnx` brings it") from None
    return onnx


class _Graph:
    """Nodes and constants of a graph, one after the other."""

    def __init__(self) -> None:
        self.nodes: list[NodeProto] = []
        self.constants: list[TensorProto] = []

    def add(self, operator: str, *inputs: str, output: str = "", **attributes: Any) -> str:
        """Add a node, and return what its output is called."""
        from onnx import helper

        name = output or f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, inputs, [name], f"node_{len(self.nodes)}", **attributes))
        return name

    def constant(self, values: Any, name: str = "", dtype: Any = np.float32) -> str:
        """Add numbers, and return what they are called."""
        from onnx import numpy_helper

        name = name or f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, dtype=dtype), name))
        return name

    def formula(self, source: str, values: Mapping[str, str]) -> str:
        """Add what a formula in Python computes of values by their names.

        Raises
        ------
        ValueError
            If one of its functions has no operator.
        """
        with PARSING:
            return self._expression(ast.parse(source, mode="eval").body, values)

    def _expression(self, node: ast.expr, values: Mapping[str, str]) -> str:
        match node:
            case ast.Constant(value=number):
                return self.constant(number)
            case ast.Name(id=name):
                return values[name] if name in values else self.constant(CONSTANTS[name])
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self.add("Neg", self._expression(operand, values))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._expression(operand, values)
            case ast.BinOp(left=left, op=operation, right=right):
                return self.add(
                    _BINARY[type(operation)], self._expression(left, values), self._expression(right, values)
                )
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return self._call(name, [self._expression(argument, values) for argument in arguments])
        raise ValueError(f"{ast.unparse(node)} has no form in ONNX")

    def _call(self, name: str, arguments: Sequence[str]) -> str:
        if name in _UNARY:
            return self.add(_UNARY[name], *arguments)
        if name in ("min", "max"):
            return self.add(name.capitalize(), *arguments)
        if name == "hypot":
            squares = [self.add("Mul", argument, argument) for argument in arguments]
            return self.add("Sqrt", self.add("Add", *squares))
        if name == "step":
            is_reached = self.add("GreaterOrEqual", *arguments, self.constant(0.0))
            return self.add("Cast", is_reached, to=1)
        if name == "normal":
            scaled = self.add("Mul", *arguments, self.constant(np.sqrt(0.5)))
            return self.add("Mul", self.add("Add", self.add("Erf", scaled), self.constant(1.0)), self.constant(0.5))
        raise ValueError(f"the function {name} has no operator in ONNX")


def onnx_bytes(network: Network, wording: Wording = PLAIN_WORDING) -> bytes:
    """Return a network as an ONNX model.

    Parameters
    ----------
    network : Network
    wording : Wording, optional
        The names and units of what goes in and comes out.

    Returns
    -------
    bytes
        A model with one input, ``points``, of shape (n, 2), of a curve (n, 1), and one output, ``outputs``, of shape
        (n, n_out), in single precision.

    Raises
    ------
    ValueError
        If a weight is not finite, a feature has no form in ONNX, or the package onnx is not installed.
    """
    onnx = onnx_package()
    helper = onnx.helper
    check_finite(network)
    settings = network.settings
    wording.check(settings.n_classes, settings.n_coordinates)
    graph, a = _Graph(), "points"
    if wording.scales_inputs:
        a = graph.add("Sub", a, graph.constant([axis.middle for axis in wording.inputs], "middles"))
        a = graph.add("Div", a, graph.constant([axis.unit for axis in wording.inputs], "units"))
    if settings.features not in (None, RAW_FEATURES, RAW_CURVE_FEATURES):
        a = _features(graph, a, settings.features or (), RAW_CURVE_FEATURES if settings.is_of_curve else RAW_FEATURES)
    if settings.standardization:
        means, spreads = np.array(settings.standardization).T
        a = graph.add("Div", graph.add("Sub", a, graph.constant(means, "means")), graph.constant(spreads, "spreads"))
    entries = layer_activations(settings.hidden_activations, settings.output_activation)
    for layer, (matrix, entry) in enumerate(zip(network.layer_matrices(), entries, strict=True), start=1):
        weights = graph.constant(matrix[:-1] + 0.0, f"weights_{layer}")
        z = graph.add("Gemm", a, weights, graph.constant(matrix[-1], f"biases_{layer}"))
        a = _activation(graph, entry.name, entry.formula, z)
    if wording.output.is_scaled:
        a = graph.add("Mul", a, graph.constant(wording.output.unit, "output_unit"))
        a = graph.add("Add", a, graph.constant(wording.output.middle, "output_middle"))
    graph.add("Identity", a, output="outputs")
    ends = [
        helper.make_tensor_value_info(name, 1, ["n", size])
        for name, size in (("points", settings.n_coordinates), ("outputs", settings.layer_sizes[-1]))
    ]
    made = helper.make_graph(graph.nodes, "network", ends[:1], ends[1:], graph.constants)
    opset = helper.make_opsetid("", OPSET)
    model = helper.make_model(made, producer_name="NetCanvas", ir_version=IR_VERSION, opset_imports=[opset])
    if wording.class_names is not None:
        helper.set_model_props(model, {"class_names": "\n".join(" ".join(n.split()) for n in wording.class_names)})
    onnx.checker.check_model(model)
    return bytes(model.SerializeToString())


def _activation(graph: _Graph, name: str, formula: str, z: str) -> str:
    if name in OPERATORS:
        operator, attributes = OPERATORS[name]
        return graph.add(operator, z, **attributes)
    for sign, source in _SIGNS.items():
        formula = formula.replace(sign, source)
    return graph.formula(formula, {"z": z})


def _features(graph: _Graph, points: str, names: Sequence[str], coordinates: Sequence[str]) -> str:
    """Add the formulas of the features; where one has no finite value, it is 0."""
    columns = {
        name: graph.add("Gather", points, graph.constant([index], dtype=np.int64), axis=1)
        for index, name in enumerate(coordinates)
    }
    zero = graph.add("Mul", columns[coordinates[0]], graph.constant(0.0))
    parts = []
    for name in names:
        value = graph.formula(feature(name).formula.source, columns)
        # A formula without coordinates is one number for all points.
        value = graph.add("Add", value, zero)
        is_none = graph.add("Or", graph.add("IsNaN", value), graph.add("IsInf", value))
        parts.append(graph.add("Where", is_none, zero, value))
    return graph.add("Concat", *parts, axis=1)
