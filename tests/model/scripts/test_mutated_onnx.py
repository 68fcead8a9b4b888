"""Mutated ONNX models: each is refused with a sentence or opened, in no time, and reaches nothing."""

import random
from pathlib import Path

import numpy as np
import onnx
import pytest

from model import Network
from model.network.activations import ACTIVATIONS
from model.scripts.onnx_operators import BINARY, UNARY
from model.scripts.onnx_reader import read_onnx
from model.scripts.onnx_writer import onnx_bytes
from tests.mutants import is_opened, mutated_bytes, watch

DATA = Path(__file__).parent / "data"
OPERATORS = sorted(
    {*BINARY, *UNARY, "Gemm", "MatMul", "Softmax", "LogSoftmax", "BatchNormalization", "Scaler", "Clip", "Where"}
    | {"Cast", "Identity", "Flatten", "Reshape", "Dropout", "Constant", "Selu", "Gelu", "Conv", "Loop", "If", "LSTM"}
)
_ATTRIBUTES = {
    "axis": 0,
    "transA": 1,
    "transB": 1,
    "alpha": 1e30,
    "beta": float("nan"),
    "to": 99,
    "epsilon": -1.0,
    "min": float("inf"),
    "offset": [1.0, 2.0, 3.0],
    "value_float": 2.0,
    "approximate": "tanh",
    "value": onnx.numpy_helper.from_array(np.ones((3, 1, 2), dtype=np.float32)),
}
_ARRAYS = [
    np.zeros((0,), dtype=np.float32),
    np.full((2, 3), np.nan, dtype=np.float32),
    np.ones((3, 3, 3), dtype=np.float64),
    np.array(1.5, dtype=np.float32),
    np.array(["text"]),
    np.arange(6, dtype=np.int8).reshape(2, 3),
    np.ones((2, 3), dtype=np.complex64),
    np.full((3,), 1e38, dtype=np.float32),
]


def sources():
    """Return the models of other programs, and one for each activation of ours."""
    ours = [onnx_bytes(Network([2, 3, 2], hidden_activation=name, seed=1)) for name in ACTIVATIONS]
    return [*(path.read_bytes() for path in sorted(DATA.glob("*.onnx"))), *ours]


def change_node(graph, chance):
    node = chance.choice(graph.node)
    match chance.randrange(5):
        case 0:
            node.op_type = chance.choice(OPERATORS)
        case 1:
            name = chance.choice(sorted(_ATTRIBUTES))
            node.attribute.append(onnx.helper.make_attribute(name, _ATTRIBUTES[name]))
        case 2 if node.input:
            known = [*(each.name for each in graph.initializer), *(name for each in graph.node for name in each.output)]
            node.input[chance.randrange(len(node.input))] = chance.choice([*known, "nothing", ""])
        case 3:
            graph.node.remove(node)
        case _:
            graph.node.insert(chance.randrange(len(graph.node)), node)


def change_numbers(graph, chance):
    if not graph.initializer:
        return
    tensor = chance.choice(graph.initializer)
    match chance.randrange(4):
        case 0:
            tensor.CopyFrom(onnx.numpy_helper.from_array(chance.choice(_ARRAYS), tensor.name))
        case 1:
            tensor.dims[:] = [chance.choice([-1, 0, 1, 2, 3, 10**9]) for _ in range(chance.randint(0, 3))]
        case 2:
            tensor.data_type = chance.randrange(-1, 30)
        case _:
            tensor.data_location = onnx.TensorProto.EXTERNAL
            tensor.external_data.add(key="location", value=chance.choice(["../../secret", "/etc/passwd"]))


def mutant(models, chance):
    """Return a model of which bytes, operators or numbers are changed."""
    data = chance.choice(models)
    if chance.random() < 0.3:
        return mutated_bytes(data, chance)
    model = onnx.load_model_from_string(data)
    for _ in range(chance.randint(1, 3)):
        if model.graph.node:
            chance.choice([change_node, change_numbers])(model.graph, chance)
    return model.SerializeToString()


def use(data):
    network = read_onnx(data).network
    assert np.isfinite(network.parameters).all()
    network.predict(np.zeros((2, network.settings.n_coordinates)))


def check(seeds, monkeypatch):
    models = sources()
    for data in models:
        is_opened(lambda data=data: use(data), ValueError)  # What libraries make when they are first used.
    reached, n_opened = watch(monkeypatch), 0
    for seed in seeds:
        data = mutant(models, random.Random(seed))
        reached.clear()
        n_opened += is_opened(lambda data=data: use(data), ValueError)
        assert reached == [], seed
    assert len(seeds) / 20 < n_opened < len(seeds) * 0.9


def test_a_hundred_mutated_models_are_refused_with_a_sentence_or_opened(monkeypatch):
    check(range(100), monkeypatch)


@pytest.mark.soak
def test_a_thousand_mutated_models_are_refused_with_a_sentence_or_opened(monkeypatch):
    check(range(100, 1100), monkeypatch)


def test_two_arrays_that_together_would_fill_the_memory_are_refused(monkeypatch):
    model = onnx.load_model_from_string(onnx_bytes(Network([2, 3, 2], hidden_activation="relu")))
    for name, shape in (("wide", (1, 1_000_000)), ("high", (1_000_000, 1))):
        model.graph.initializer.append(onnx.numpy_helper.from_array(np.zeros(shape, dtype=np.int8), name))
    for at, pair in enumerate((("wide", "high"), ("whole", "whole"))):
        model.graph.node.insert(at, onnx.helper.make_node("Add", pair, ["whole"]))
    data = model.SerializeToString()
    watch(monkeypatch)
    is_opened(lambda: use(data), ValueError)
