"""Graphs as Keras writes them, through tf2onnx: read, and the same as ONNX's own runtime computes, or refused."""

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from model.scripts.onnx_reader import read_onnx
from tests.model.scripts.test_onnx import POINTS, answers

RANDOM = np.random.default_rng(3)
NUMBERS = {
    "w1": RANDOM.normal(size=(2, 5)),
    "b1": RANDOM.normal(size=5),
    "w2": RANDOM.normal(size=(5, 2)),
    "b2": RANDOM.normal(size=2),
    "w3": RANDOM.normal(size=(10, 2)),
    "factor": RANDOM.uniform(0.5, 1.5, 5),
    "shift": RANDOM.normal(size=5),
    "input_factor": np.array([[0.3, 0.25]]),
    "input_shift": np.array([[0.4, -0.1]]),
    "half": np.array(0.5),
    "root": np.array(0.70710677),
    "shape": np.array([-1, 2], dtype=np.int64),
    "tall": np.array([-1, 2, 1], dtype=np.int64),
}


def model(*nodes, output="y", inputs=("x",)):
    """Return a model; a node is an operator, its inputs and its output in one text, such as ``Add z b1 a``."""
    parts = [text.split() for text in nodes]
    made = [helper.make_node(name, sources, [target]) for name, *sources, target in parts]
    used = {source for _, *sources, _ in parts for source in sources}
    stored = [
        numpy_helper.from_array(value if value.dtype == np.int64 else value.astype(np.float32), name)
        for name, value in NUMBERS.items()
        if name in used and name not in inputs
    ]
    given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [None, 2]) for name in inputs]
    answer = [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)]
    graph = helper.make_graph(made, "keras", given, answer, stored)
    opset = [helper.make_opsetid("", 15)]
    return helper.make_model(graph, opset_imports=opset, ir_version=8).SerializeToString()


FIRST = ("MatMul x w1 m", "Add m b1 z")
LAST = ("MatMul a w2 n", "Add n b2 s", "Softmax s y")


@pytest.mark.parametrize(
    ("nodes", "hidden"),
    [
        ((*FIRST, "Tanh z a", *LAST), "tanh"),
        (("MatMul x w1 z", "Relu z a", "MatMul a w2 s", "Softmax s y"), "relu"),
        (("Reshape x tall r", "Reshape r shape f", "MatMul f w1 z", "Relu z a", *LAST), "relu"),
        (("MatMul x w1 m", "Mul m factor k", "Add k shift z", "Relu z a", *LAST), "relu"),
        ((*FIRST, "Relu z r", "Mul r factor k", "Add k shift a", *LAST), "relu"),
        ((*FIRST, "Sigmoid z r", "Sub r shift k", "Div k factor a", *LAST), "sigmoid"),
        ((*FIRST, "Sigmoid z r", "Mul z r a", *LAST), "silu"),
    ],
    ids=["tanh", "without biases", "flatten", "normalized before", "normalized after", "normalized by hand", "silu"],
)
def test_it_is_read_and_answers_the_same(nodes, hidden):
    content = model(*nodes)
    read = read_onnx(content)
    assert (read.network.settings.layer_sizes, read.network.settings.hidden_activations) == ((2, 5, 2), (hidden,))
    np.testing.assert_allclose(read.network.predict(POINTS), answers(content), rtol=0, atol=2e-6)


def test_inputs_that_are_normalized_are_the_units_of_the_axes():
    content = model("Mul x input_factor i", "Add i input_shift c", "MatMul c w1 z", "Relu z a", *LAST)
    read = read_onnx(content)
    axes = (read.naming.x1, read.naming.x2)
    placed = np.stack([axis.placed(POINTS[:, k].astype(float)) for k, axis in enumerate(axes)], axis=1)
    np.testing.assert_allclose(read.network.predict(placed), answers(content), rtol=0, atol=2e-6)


def test_gelu_is_written_with_an_operator_that_onnx_does_not_have():
    gelu = ("Mul half z h", "Neg z o", "Mul o root q", "Erfc q e", "Mul h e a")
    assert read_onnx(model(*FIRST, *gelu, *LAST)).network.settings.hidden_activations == ("gelu",)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (model(*FIRST, "Mystery z a", *LAST), "the operator Mystery has no counterpart"),
        (model(*FIRST, "Mul z half h", "Mystery h a", *LAST), "the operator Mystery has no counterpart"),
        (model(*FIRST, "MatMul x w1 o", "Concat z o a", "MatMul a w3 s", "Softmax s y"), "the operator Concat"),
        (model(*FIRST, "Relu z a", "Add z a r", "Mul r factor k", "Relu k t", "MatMul t w2 y"), "the operator Relu"),
        (model(*FIRST, "Tanh z r", "Mul r factor y"), "scales its outputs one by one"),
        (
            model("Sub x input_shift n", "MatMul n w1 z", "Relu z a", *LAST, inputs=("x", "input_shift")),
            "x, input_shift",
        ),
    ],
    ids=["operator", "after a layer", "branches", "two activations", "scaled output", "lost constants"],
)
def test_what_has_no_counterpart_is_refused_and_not_cut_short(content, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_onnx(content)


def test_two_classes_as_one_probability_and_what_is_left_of_it():
    content = onnx.load_model_from_string(
        model("MatMul x w1 z", "Relu z a", "MatMul a one s", "Sigmoid s p", "Sub unit p q", "Concat q p y")
    )
    content.graph.initializer.append(numpy_helper.from_array(np.ones((5, 1), dtype=np.float32), "one"))
    content.graph.initializer.append(numpy_helper.from_array(np.array([1.0], dtype=np.float32), "unit"))
    content.graph.node[-1].attribute.append(helper.make_attribute("axis", 1))
    data = content.SerializeToString()
    read = read_onnx(data)
    assert (read.network.settings.layer_sizes, read.network.settings.output_activation) == ((2, 5, 1), "sigmoid")
    np.testing.assert_allclose(read.network.predict(POINTS), answers(data)[:, 1:], rtol=0, atol=2e-6)
