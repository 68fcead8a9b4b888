"""ONNX: what is written agrees with the network in another runtime, and what others write is read or refused."""

import random
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Network
from model.data.naming import Axis
from model.network.activations import ACTIVATIONS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.scripts.onnx_reader import MAX_BYTES, read_onnx
from model.scripts.onnx_writer import onnx_bytes
from model.scripts.wording import Wording

DATA = Path(__file__).parent / "data"
POINTS = np.random.default_rng(0).uniform(-6, 6, (200, 2)).astype(np.float32)
SCALED = (Axis("width", 30.0, 2.5), Axis("", -1.0, 0.5))


def answers(content, points=POINTS):
    """Return the last output of a model, as ONNX's own runtime computes it."""
    session = onnxruntime.InferenceSession(content)
    output = session.run(None, {session.get_inputs()[0].name: points.astype(np.float32)})[-1]
    return np.array([list(row.values()) for row in output]) if isinstance(output, list) else output


def assert_same_network(read, network):
    assert read.network.settings.layer_sizes == network.settings.layer_sizes
    assert read.network.settings.hidden_activations == network.settings.hidden_activations
    assert read.network.settings.output_activation == network.settings.output_activation
    np.testing.assert_allclose(read.network.parameters, network.parameters, rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_activation_is_written_and_read(activation):
    network = Network([2, 5, 4, 3], [activation, activation], seed=1)
    content = onnx_bytes(network)
    np.testing.assert_allclose(answers(content), network.predict(POINTS), rtol=0, atol=1e-6)
    assert_same_network(read_onnx(content), network)


@pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
def test_each_output_in_a_person_s_units_and_names(output):
    network = Network([2, 5, 3], output_activation=output, seed=1)
    content = onnx_bytes(network, Wording(("oak", "élm", "ash"), SCALED))
    given_points = np.stack([axis.shown(POINTS[:, k]) for k, axis in enumerate(SCALED)], axis=1)
    np.testing.assert_allclose(answers(content, given_points), network.predict(POINTS), rtol=0, atol=2e-6)
    read = read_onnx(content)
    assert_same_network(read, network)
    assert (read.naming.x1.middle, read.naming.x1.unit) == (30.0, 2.5)
    assert read.naming.classes == (() if output == "linear" else ("oak", "élm", "ash"))


@pytest.mark.parametrize("output", ["tanh", "sigmoid"])
def test_a_scaled_value(output):
    network = Network([2, 4, 1], output_activation=output, seed=1)
    read = read_onnx(onnx_bytes(network, Wording(None, (), Axis("", 10.0, 4.0))))
    assert_same_network(read, network)
    assert (read.naming.value.middle, read.naming.value.unit) == (10.0, 4.0)


def test_formulas_standardization_and_other_kinds_of_parameters():
    features = ("x1", "x2*x1^2", "hypot(x1, x2)", "max(sin(x1), 0.2)", "-abs(x2)", "3")
    network = Network([6, 4, 3], features=features, bias="shared", seed=1)
    np.testing.assert_allclose(answers(onnx_bytes(network)), network.predict(POINTS), rtol=0, atol=1e-6)
    with pytest.raises(ValueError, match="atan2 has no operator in ONNX"):
        onnx_bytes(Network([1, 3], features=["atan2(x1, x2)"]))


def test_a_curve():
    network = Network([1, 4, 1], output_activation="linear", features=["x"], seed=2)
    content = onnx_bytes(network)
    np.testing.assert_allclose(answers(content, POINTS[:, :1]), network.predict(POINTS), rtol=0, atol=1e-6)
    assert_same_network(read_onnx(content), network)


@pytest.mark.parametrize(
    ("name", "sizes", "hidden", "output"),
    [
        ("t_gelu_softmax", (2, 5, 4, 3), ("gelu", "gelu"), "softmax"),
        ("t_silu_logits", (2, 5, 4, 3), ("silu", "silu"), "linear"),
        ("t_bn", (2, 5, 2), ("relu",), "linear"),
        ("t_binary", (2, 5, 1), ("relu",), "sigmoid"),
        ("s_mlp2_relu", (2, 6, 4, 1), ("relu", "relu"), "sigmoid"),
        ("s_mlp3_tanh", (2, 6, 4, 3), ("tanh", "tanh"), "softmax"),
        ("s_pipe", (2, 6, 3), ("relu",), "softmax"),
        ("s_reg_logistic", (2, 6, 4, 1), ("sigmoid", "sigmoid"), "linear"),
    ],
)
def test_networks_of_pytorch_and_scikit_learn_are_read(name, sizes, hidden, output):
    content = (DATA / f"{name}.onnx").read_bytes()
    read = read_onnx(content)
    settings = read.network.settings
    assert (settings.layer_sizes, settings.hidden_activations, settings.output_activation) == (sizes, hidden, output)
    points = POINTS[:3]
    placed = np.stack([axis.placed(points[:, k]) for k, axis in enumerate((read.naming.x1, read.naming.x2))], axis=1)
    expected = answers(content, points)
    if expected.ndim == 2 and expected.shape[1] == 2 and sizes[-1] == 1:
        expected = expected[:, 1:]
    np.testing.assert_allclose(read.network.predict(placed), expected.reshape(3, -1), rtol=0, atol=1e-6)


def wide():
    return onnx_bytes(Network([2, 100, 2]))


def changed(change):
    model = onnx.load_model_from_string(onnx_bytes(Network([2, 3, 2])))
    change(model.graph)
    return model.SerializeToString()


def with_activation(op_type, **attributes):
    """A network whose hidden activation is another operator."""

    def change(graph):
        (node,) = [node for node in graph.node if node.op_type == "Relu"]
        node.op_type = op_type
        node.attribute.extend(onnx.helper.make_attribute(name, value) for name, value in attributes.items())

    model = onnx.load_model_from_string(onnx_bytes(Network([2, 3, 2], hidden_activation="relu")))
    change(model.graph)
    return model.SerializeToString()


@pytest.mark.parametrize(
    ("op_type", "attributes", "activation"),
    [
        ("Gelu", {}, "gelu"),
        ("Gelu", {"approximate": "none"}, "gelu"),
        ("Selu", {}, "selu"),
        ("Clip", {"min": 0.0}, "relu"),
        ("Clip", {}, "linear"),
        ("Elu", {"alpha": 1.0}, "elu"),
    ],
)
def test_what_an_operator_computes_is_our_activation(op_type, attributes, activation):
    assert read_onnx(with_activation(op_type, **attributes)).network.settings.hidden_activations == (activation,)


@pytest.mark.parametrize(
    ("op_type", "attributes"),
    [
        ("Gelu", {"approximate": "tanh"}),
        ("Selu", {"alpha": 1.5}),
        ("Selu", {"gamma": 1.0}),
        ("Clip", {"min": -1.0, "max": 1.0}),
        ("Elu", {"alpha": 0.5}),
        ("Cast", {"to": 7}),
    ],
)
def test_what_only_looks_like_it_is_refused(op_type, attributes):
    with pytest.raises(ValueError, match=r"activation of its layer 1|operator Cast"):
        read_onnx(with_activation(op_type, **attributes))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (lambda: b"", "not an ONNX model"),
        (lambda: b"hello", "not an ONNX model"),
        (lambda: b"\0" * (MAX_BYTES + 1), "may have 10,000,000 bytes"),
        (wide, "its layers are 2-100-2; NetCanvas shows up to"),
        ((DATA / "t_three.onnx").read_bytes, "takes 3 numbers for each point"),
        ((DATA / "t_prelu_logits.onnx").read_bytes, "the activation of its layer 1 is none"),
        ((DATA / "s_logreg.onnx").read_bytes, "the operator LinearClassifier has no counterpart"),
        (lambda: changed(lambda graph: setattr(graph.node[0], "op_type", "Conv")), "the operator Conv"),
        (lambda: changed(lambda graph: graph.initializer.pop(0)), "the operator Gemm"),
        (lambda: changed(lambda graph: setattr(graph.initializer[0], "data_location", 1)), "in another file"),
        (lambda: changed(lambda graph: graph.input.add(name="more")), "it needs one input; got 2"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_a_reason(content, sentence):
    with pytest.raises(ValueError, match=sentence):
        read_onnx(content())


CONTENT = onnx_bytes(Network([2, 3, 2], seed=1))


@given(st.randoms(use_true_random=False))
def test_a_damaged_model_is_refused_or_read(source: random.Random):
    content = bytearray(CONTENT)
    for _ in range(source.randint(1, 4)):
        content[source.randrange(len(content))] = source.randrange(256)
    try:
        network = read_onnx(bytes(content[: source.choice([len(content), source.randrange(len(content))])])).network
    except ValueError as refused:
        sentence = str(refused)
        assert sentence
    else:
        assert np.isfinite(network.parameters).all()
