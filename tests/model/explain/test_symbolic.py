import math
import re
import subprocess
import sys
from itertools import cycle, product
from pathlib import Path

import numpy as np
import pytest
import sympy

import model
from model import Dataset, Network, NetworkSettings
from model.explain.formulas import latex, python
from model.explain.names import MAX_PARAMETERS
from model.explain.symbolic import SymbolicNetwork
from model.explain.symbolic_training import Descent, train
from model.network.activations import ACTIVATIONS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS

PAIRS = [(output, loss) for loss, entry in LOSSES.items() for output in entry.outputs]
# A hidden layer knows neither output nor loss: each activation once, and each pair at least twice.
COMBINATIONS = [(hidden, output, loss) for hidden, (output, loss) in zip(ACTIVATIONS, cycle(PAIRS), strict=False)]

# Formulas of one hidden neuron are short. How neurons are summed is seen in one activation.
SHORT = {"tanh": (2,)}

# Seed 004_541265211640a973.txt: a 2-2-1 network with one bias, its weights named as there.
SEED_NAMES = {
    "w0": "w0",
    "w13": "w1_1_1",
    "w14": "w1_1_2",
    "w23": "w1_2_1",
    "w24": "w1_2_2",
    "w35": "w2_1_1",
    "w45": "w2_2_1",
}
SEED_POINT = [0.35, 0.9]
SEED_START = {"w0": 0.1, "w13": 0.2, "w14": 0.8, "w23": 0.6, "w24": 0.4, "w35": 0.1, "w45": 0.5}
SEED_OUTPUT = 0.6498644775261518
SEED_GRADIENT = {
    "w0": -0.7889359843485577,
    "w13": -0.002611411510491371,
    "w14": -0.012904952884659355,
    "w23": -0.0067150581698349554,
    "w24": -0.03318416456055263,
    "w35": -0.24233212289782266,
    "w45": -0.2445574833348581,
}
SEED_ONE_AT_A_TIME = {1: 0.7745389306705989, 10: 0.952052266916697, 100: 0.99467987408843, 999: 0.9994531855343979}
SEED_PARAMETERS = {
    True: [
        2.4846334374192356,
        0.2056137265599781,
        0.8126079554509478,
        0.6144346065563233,
        0.4324142091373462,
        1.0784676489695095,
        1.4723134021271758,
    ],
    False: [
        2.447105053273008,
        0.20732718028196473,
        0.8170259784604175,
        0.6188413207250536,
        0.44378108746964434,
        1.1136434597650382,
        1.5166243069428762,
    ],
}
SEED_OUTPUT_AT_THE_END = {True: 0.9994531855343979, False: 0.9994550920282003}


def seed_network():
    return SymbolicNetwork(NetworkSettings((2, 2, 1), ("sigmoid",), "sigmoid"), bias="shared")


def train_seed(n_iterations, *, one_at_a_time, compiled=True):
    return train(
        seed_network(),
        SEED_POINT,
        1,
        learning_rate=0.3,
        n_iterations=n_iterations,
        one_at_a_time=one_at_a_time,
        parameters=list(SEED_START.values()),
        compiled=compiled,
    )


def network_of(hidden="tanh", output="softmax", n_out=3, hidden_sizes=(3,), seed=1):
    network = Network([2, *hidden_sizes, n_out], hidden, output, initializer="uniform", seed=seed)
    network.parameters[:] = np.random.default_rng(seed).uniform(-1.5, 1.5, len(network.parameters))
    return network


def test_seed_names_and_order():
    assert [symbol.name for symbol in seed_network().parameters] == list(SEED_NAMES.values())


def test_seed_formula():
    symbols = {name: sympy.Symbol(own, real=True) for name, own in SEED_NAMES.items()}
    x1, x2 = sympy.symbols("x1 x2", real=True)

    def neuron(u, a, v, b):
        return 1 / (1 + sympy.exp(-((u * a + symbols["w0"]) + (v * b + symbols["w0"]))))

    f3 = neuron(x1, symbols["w13"], x2, symbols["w23"])
    f4 = neuron(x1, symbols["w14"], x2, symbols["w24"])
    f5 = neuron(f3, symbols["w35"], f4, symbols["w45"])

    assert seed_network().training_function() == (f5,)
    assert seed_network().loss(1) == -sympy.log(f5)
    assert seed_network().loss(0) == -sympy.log(1 - f5)


def test_seed_output_and_gradient():
    network = seed_network()
    numbers = network.numbers(SEED_POINT, list(SEED_START.values()))

    assert float(network.training_function(numbers)[0]) == pytest.approx(SEED_OUTPUT, abs=1e-14)
    gradient = np.array(network.gradient(1, numbers=numbers), dtype=np.float64)
    np.testing.assert_allclose(gradient, list(SEED_GRADIENT.values()), rtol=0, atol=1e-14)
    for name, expected in SEED_GRADIENT.items():
        assert float(network.loss_derivative(SEED_NAMES[name], 1, numbers=numbers)) == pytest.approx(
            expected, abs=1e-14
        )


@pytest.mark.parametrize(("n_iterations", "output"), SEED_ONE_AT_A_TIME.items())
def test_seed_training_one_parameter_at_a_time(n_iterations, output):
    run = train_seed(n_iterations, one_at_a_time=True)

    assert run.outputs.shape == (1, 1)
    assert run.outputs[0, 0] == pytest.approx(output, abs=1e-9)


@pytest.mark.parametrize("one_at_a_time", [True, False])
def test_seed_parameters_after_training(one_at_a_time):
    run = train_seed(999, one_at_a_time=one_at_a_time)

    assert run.outputs[0, 0] == pytest.approx(SEED_OUTPUT_AT_THE_END[one_at_a_time], abs=1e-9)
    np.testing.assert_allclose(run.parameters, SEED_PARAMETERS[one_at_a_time], rtol=0, atol=1e-9)


@pytest.mark.parametrize("one_at_a_time", [True, False])
def test_substitution_comes_to_the_same_as_compiled_formulas(one_at_a_time):
    plain = train_seed(2, one_at_a_time=one_at_a_time, compiled=False)
    compiled = train_seed(2, one_at_a_time=one_at_a_time)

    np.testing.assert_allclose(plain.parameters, compiled.parameters, rtol=0, atol=1e-12)
    np.testing.assert_allclose(plain.outputs, compiled.outputs, rtol=0, atol=1e-12)


@pytest.mark.parametrize(("hidden", "output", "loss"), COMBINATIONS)
def test_derivatives_are_the_gradient(hidden, output, loss):
    for n_out, point, label in [(OUTPUT_ACTIVATIONS[output].min_units, [0.7, -1.2], 1), (3, [-1.9, 0.4], 0)]:
        network = network_of(hidden, output, n_out)
        symbolic = SymbolicNetwork(network)
        numbers = symbolic.numbers(point, network.parameters)
        gradient = np.array(symbolic.gradient(label, loss, numbers), dtype=np.float64)

        expected = network.gradient([point], [label], loss)
        np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-10)
        # The way that goes up from one parameter, against the way that comes down to all.
        names = [symbol.name for symbol in symbolic.parameters]
        one = symbolic.loss_derivative("w1_2_1", label, loss, numbers)
        assert float(one) == pytest.approx(expected[names.index("w1_2_1")], abs=1e-10)


@pytest.mark.parametrize(
    ("hidden", "hidden_sizes"), list(zip(ACTIVATIONS, cycle([(4, 3), (2,) * 8, ()]), strict=False))
)
def test_derivatives_are_the_gradient_at_every_depth(hidden, hidden_sizes):
    network = network_of(hidden, hidden_sizes=hidden_sizes, n_out=2, seed=len(hidden_sizes))
    symbolic = SymbolicNetwork(network)
    gradient = symbolic.gradient(1, numbers=symbolic.numbers([0.7, -1.2], network.parameters))

    expected = network.gradient([[0.7, -1.2]], [1])
    np.testing.assert_allclose(np.array(gradient, dtype=np.float64), expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_slopes_at_the_kink_are_those_of_training(hidden):
    network = Network([2, 2, 1], hidden, "linear", initializer="uniform", seed=1)
    network.biases[0][:] = 0
    symbolic = SymbolicNetwork(network)
    numbers = symbolic.numbers([0.0, 0.0], network.parameters)
    gradient = np.array(symbolic.gradient(1, "squared_error", numbers), dtype=np.float64)

    expected = network.gradient([[0.0, 0.0]], [1], "squared_error")
    np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("hidden", ["tanh", "sigmoid", "softplus", "gelu", "silu", "sin", "softsign"])
def test_derivatives_are_those_that_sympy_takes_of_the_whole_formula(hidden):
    network = network_of(hidden, "softmax", 2, SHORT.get(hidden, (1,)))
    symbolic = SymbolicNetwork(network)
    numbers = symbolic.numbers([0.7, -1.2], network.parameters)
    values = {sympy.Symbol(name, real=True): number for name, number in numbers.items()}
    for name in ("w1_2_1", "b2_1", "x1"):
        whole = symbolic.loss(1).diff(sympy.Symbol(name, real=True))
        own = symbolic.loss_derivative(name, 1)
        assert float(own.subs(values).evalf()) == pytest.approx(float(whole.subs(values).evalf()), abs=1e-13)


def test_gradient_as_formulas_is_that_in_numbers():
    network = network_of(hidden_sizes=(), output="sigmoid", n_out=1)
    symbolic = SymbolicNetwork(network)
    numbers = symbolic.numbers([0.7, -1.2], network.parameters)
    values = {sympy.Symbol(name, real=True): number for name, number in numbers.items()}

    formulas = [float(formula.subs(values)) for formula in symbolic.gradient(1)]
    np.testing.assert_allclose(formulas, np.array(symbolic.gradient(1, numbers=numbers), dtype=float), rtol=1e-12)


def test_derivative_of_an_output():
    network = network_of("tanh", "softmax", 3)
    symbolic = SymbolicNetwork(network)
    numbers = symbolic.numbers([0.7, -1.2], network.parameters)
    step = 1e-6
    above, below = (network.predict([[0.7 + nudge, -1.2]])[0] for nudge in (step, -step))
    for output in range(3):
        expected = (above - below)[output] / (2 * step)
        assert float(symbolic.output_derivative("x1", output, numbers)) == pytest.approx(expected, abs=1e-8)
    assert SymbolicNetwork(network_of("heaviside", "linear", 1)).output_derivative("x1") == 0


def test_outputs_and_loss_are_those_of_the_network():
    for output in OUTPUT_ACTIVATIONS:
        network = network_of("gelu", output)
        symbolic = SymbolicNetwork(network)
        numbers = symbolic.numbers([0.7, -1.2], network.parameters)
        outputs = np.array(symbolic.training_function(numbers), dtype=np.float64)
        expected = network.predict([[0.7, -1.2]])[0]

        np.testing.assert_allclose(outputs, expected, rtol=0, atol=1e-14)
        half_squared = ((expected - network.targets([2])[:, 0]) ** 2).sum() / 2
        assert float(symbolic.loss(2, "squared_error", numbers)) == pytest.approx(half_squared, abs=1e-14)


def test_parameters_are_in_the_order_of_the_network():
    network = network_of(hidden_sizes=(4, 3))
    symbolic = SymbolicNetwork(network)
    by_name = dict(zip([symbol.name for symbol in symbolic.parameters], network.parameters, strict=True))

    for layer, (weights, biases) in enumerate(zip(network.weights, network.biases, strict=True), start=1):
        for (i, j), weight in np.ndenumerate(weights):
            assert by_name[f"w{layer}_{i + 1}_{j + 1}"] == weight
        for j, bias in enumerate(biases):
            assert by_name[f"b{layer}_{j + 1}"] == bias
    np.testing.assert_array_equal(symbolic.values, network.parameters)


@pytest.mark.parametrize("bias", ["none", "shared"])
def test_bias_kinds_are_networks_whose_biases_are_tied(bias):
    symbolic = SymbolicNetwork(NetworkSettings((2, 3, 2, 2), ("tanh", "tanh")), bias=bias)
    values = np.random.default_rng(4).uniform(-1, 1, len(symbolic.parameters))
    weights, w0 = (values[1:], values[0]) if bias == "shared" else (values, 0.0)
    tied, start = Network([2, 3, 2, 2], "tanh"), 0
    for own, biases in zip(tied.weights, tied.biases, strict=True):
        own[:] = weights[start : start + own.size].reshape(own.shape)
        biases[:] = len(own) * w0
        start += own.size
    assert start == len(weights)

    numbers = symbolic.numbers([0.7, -1.2], values)
    gradient = np.array(symbolic.gradient(1, numbers=numbers), dtype=np.float64)
    free = Network.from_settings(tied.settings, tied.gradient([[0.7, -1.2]], [1]))
    expected = np.concatenate([own.ravel() for own in free.weights])
    if bias == "shared":
        by_w0 = sum(len(own) * biases.sum() for own, biases in zip(free.weights, free.biases, strict=True))
        expected = np.concatenate([[by_w0], expected])

    np.testing.assert_allclose(gradient, expected, rtol=0, atol=1e-12)
    outputs = np.array(symbolic.training_function(numbers), dtype=np.float64)
    np.testing.assert_allclose(outputs, tied.predict([[0.7, -1.2]])[0], rtol=0, atol=1e-14)


@pytest.mark.parametrize("muted", [frozenset(), frozenset({(1, 1), (0, 0)})])
@pytest.mark.parametrize("bias", ["per_neuron", "none", "shared"])
def test_derivatives_are_the_gradient_of_every_kind_of_bias(bias, muted):
    for seed in range(3):
        settings = NetworkSettings((2, 3, 2), ("tanh",), bias=bias, seed=seed, initializer="uniform", muted=muted)
        network = Network.from_settings(settings)
        symbolic = SymbolicNetwork(network)
        numbers = symbolic.numbers([0.7, -1.3], symbolic.values)

        np.testing.assert_allclose(
            np.array(symbolic.gradient(1, numbers=numbers), dtype=float),
            network.gradient([[0.7, -1.3]], [1]),
            rtol=0,
            atol=1e-10,
        )


def test_a_regression_has_a_target():
    network = Network([2, 3, 1], output_activation="linear", initializer="uniform")
    symbolic = SymbolicNetwork(network)
    numbers = symbolic.numbers([0.7, -1.3], symbolic.values)
    expected = network.gradient([[0.7, -1.3]], [0.25], "squared_error")

    np.testing.assert_allclose(
        np.array(symbolic.gradient(0.25, "squared_error", numbers), dtype=float), expected, rtol=0, atol=1e-10
    )
    run = train(symbolic, [[0.7, -1.3]], [0.25], 0.1, 1, loss="squared_error")
    np.testing.assert_allclose(run.parameters, network.parameters - 0.1 * expected, atol=1e-12)


@pytest.mark.parametrize("one_at_a_time", [False, True])
def test_training_leaves_frozen_and_pruned_parameters(one_at_a_time):
    settings = NetworkSettings((2, 2, 1), ("tanh",), "sigmoid", frozen=frozenset({0, 5}), pruned=frozenset({3}))
    network = Network.from_settings(settings)
    run = train(SymbolicNetwork(network), [0.5, 1.0], 1, 0.1, 3, one_at_a_time=one_at_a_time)

    np.testing.assert_array_equal(np.flatnonzero(run.parameters == network.parameters), [0, 3, 5])


def test_training_on_several_points_follows_the_mean_gradient():
    network = network_of("relu", "softmax", 3)
    points, labels = np.random.default_rng(5).uniform(-2, 2, (4, 2)), [0, 2, 1, 2]
    run = train(SymbolicNetwork(network), points, labels, learning_rate=0.2, n_iterations=20)

    for _ in range(20):
        network.parameters[:] -= 0.2 * network.gradient(points, labels)
    np.testing.assert_allclose(run.parameters, network.parameters, rtol=0, atol=1e-12)
    np.testing.assert_allclose(run.outputs, network.predict(points), rtol=0, atol=1e-12)


def test_training_one_parameter_at_a_time_takes_a_fresh_gradient_for_each():
    network = network_of("leaky_relu", "sigmoid", 1)
    points, labels = np.random.default_rng(5).uniform(-2, 2, (4, 2)), [0, 1, 1, 0]
    run = train(SymbolicNetwork(network), points, labels, learning_rate=0.2, n_iterations=3, one_at_a_time=True)

    for index in list(range(len(network.parameters))) * 3:
        network.parameters[index] -= 0.2 * network.gradient(points, labels)[index]
    np.testing.assert_allclose(run.parameters, network.parameters, rtol=0, atol=1e-12)


def formulas_of(symbolic, output, numbers):
    formulas = [*symbolic.training_function(numbers), symbolic.loss(1, "squared_error", numbers)]
    formulas += [symbolic.loss_derivative(by, 1, "squared_error", numbers) for by in ("w1_2_1", "b2_2")]
    if output in LOSSES["cross_entropy"].outputs:
        formulas += [symbolic.loss(0, numbers=numbers), symbolic.loss_derivative("w1_2_1", 0, numbers=numbers)]
    return formulas


def formulas_to_print():
    """Yield formulas of several kinds, some with numbers in them, their values and those of the symbols."""
    for hidden, output in [*product(ACTIVATIONS, ["softmax"]), ("tanh", "sigmoid"), ("relu", "tanh")]:
        network = network_of(hidden, output, 2, SHORT.get(hidden, (1,)))
        symbolic = SymbolicNetwork(network)
        values = symbolic.numbers([0.7, -1.2], network.parameters)
        expected = [float(formula) for formula in formulas_of(symbolic, output, values)]
        some = {name: values[name] for name in ["x1", "x2", "w1_1_1", "b2_1"]}
        for numbers in (None, some) if hidden == "tanh" else (some,):
            yield from ((f, e, values) for f, e in zip(formulas_of(symbolic, output, numbers), expected, strict=True))


@pytest.fixture(scope="module")
def printed():
    return list(formulas_to_print())


def test_python_of_formulas_evaluates_to_the_same_number(printed):
    for formula, expected, values in printed:
        assert eval(python(formula), {"math": math}, dict(values)) == pytest.approx(expected, rel=1e-12, abs=1e-14)


def test_latex_of_formulas_evaluates_to_the_same_number(printed):
    for formula, expected, values in printed:
        assert evaluate_latex(latex(formula), values) == pytest.approx(expected, rel=1e-11, abs=1e-13)


def test_latex_of_the_seed():
    network = seed_network()
    assert latex(network.inputs[0] * network.parameters[1] + network.parameters[0]) == "w_{0} + w_{1 1 1} x_{1}"


def test_latex_of_a_step():
    z = sympy.Symbol("z", real=True)
    assert latex(sympy.Heaviside(z, 0)) == r"H{\left(z \right)}"
    assert latex(sympy.Heaviside(z, 1) ** 2) == r"\left(H{\left(z \right)}\right)^{2}"


class LatexReader:
    """Evaluates the LaTeX that SymPy writes: sums, products by juxtaposition, fractions, powers, functions."""

    TOKEN = re.compile(
        r"\\left\\?[(|{]|\\right\\?[)|}]|\\operatorname\{\w+\}|\\[a-zA-Z]+|[a-z]_\{[\d ]+\}|H|\d+\.?\d*|[-+^{}(),e]"
    )
    OPENS = (r"\left(", r"\left|", "{", r"\left\{")
    CLOSES = (r"\right)", r"\right|", "}", ",", r"\right\}")

    def __init__(self, text, values):
        self.tokens = self.TOKEN.findall(text)
        leftover = re.sub(r"\s", "", self.TOKEN.sub("", text))
        assert not leftover, leftover
        self.values = {re.sub(r"\W|_", "", name): value for name, value in values.items()}

    def read(self):
        value = self.sum()
        assert not self.tokens, self.tokens
        return value

    def take(self, *expected):
        token = self.tokens.pop(0)
        assert not expected or token in expected, (token, expected)
        return token

    def peek(self):
        return self.tokens[0] if self.tokens else ""

    def sum(self):
        value = 0.0
        sign = -1.0 if self.peek() == "-" and self.take() else 1.0
        while True:
            value += sign * self.product()
            if self.peek() not in ("+", "-"):
                return value
            sign = 1.0 if self.take() == "+" else -1.0

    def product(self):
        value = self.power()
        while self.peek() not in ("", "+", "-", *self.CLOSES):
            if self.peek() == r"\cdot":
                self.take()
            value *= self.power()
        return value

    def exponent(self):
        if self.peek() != "^":
            return None
        self.take()
        return self.group()

    def power(self):
        token = self.peek()
        if token in FUNCTIONS:
            self.take()
            power = self.exponent()
            arguments = self.arguments()
            value = FUNCTIONS[token](*arguments)
            return value if power is None else value**power
        base = self.atom()
        power = self.exponent()
        return base if power is None else base**power

    def arguments(self):
        wrapped = self.peek() == "{"
        if wrapped:
            self.take()
        self.take(*self.OPENS)
        values = [self.sum()]
        while self.peek() == ",":
            self.take()
            values.append(self.sum())
        self.take(*self.CLOSES)
        if wrapped:
            self.take("}")
        return values

    def group(self):
        self.take("{")
        value = self.sum()
        self.take("}")
        return value

    def atom(self):
        token = self.take()
        if token == r"\frac":
            return self.group() / self.group()
        if token == r"\sqrt":
            return math.sqrt(self.group())
        if token == r"\pi":
            return math.pi
        if token == "e":
            return math.e
        if token in self.OPENS:
            value = self.sum()
            self.take(*self.CLOSES)
            return abs(value) if token == r"\left|" else value
        return float(token) if token[0].isdigit() else self.values[re.sub(r"\W|_", "", token)]


FUNCTIONS = {
    r"\log": math.log,
    r"\tanh": math.tanh,
    r"\sin": math.sin,
    r"\cos": math.cos,
    r"\max": max,
    r"\min": min,
    r"\operatorname{erf}": math.erf,
    r"\operatorname{sign}": lambda z: math.copysign(1.0, z),
    "H": lambda z: float(z > 0),
}


def evaluate_latex(text, values):
    return LatexReader(text, values).read()


def test_more_than_60_parameters_are_refused():
    at_most = SymbolicNetwork(NetworkSettings((3, 12, 1), ("tanh",), "sigmoid"), bias="none")
    assert MAX_PARAMETERS == 60
    assert len(at_most.parameters) == 48
    assert len(SymbolicNetwork(NetworkSettings((1, 19, 2), ("tanh",)), bias="none").parameters) == 57
    assert len(SymbolicNetwork(NetworkSettings((2, 20), ())).parameters) == 60
    with pytest.raises(ValueError, match="at most 60 parameters; this one has 61"):
        SymbolicNetwork(NetworkSettings((2, 15, 1), ("tanh",), "sigmoid"))
    with pytest.raises(ValueError, match="at most 60 parameters; this one has 61"):
        SymbolicNetwork(NetworkSettings((2, 20, 1), ("tanh",), "sigmoid"), bias="shared")


def test_a_formula_that_would_fill_a_book_is_refused_and_training_is_not():
    symbolic = SymbolicNetwork(network_of("gelu", "softmax", 2, (2,) * 8))
    with pytest.raises(ValueError, match="a formula may have 100000 parts; this one has about"):
        symbolic.loss_derivative("w1_1_1", 0)

    assert train(symbolic, [0.7, -1.2], 1, learning_rate=0.1, n_iterations=2).outputs.shape == (1, 2)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s: s.training_function({"w9": 1.0}), "name of a number must be one of x1, x2, .*; got 'w9'"),
        (lambda s: s.loss(3), "label must be 0 to 2; got 3"),
        (lambda s: s.loss(0, "hinge"), "loss must be one of .*; got 'hinge'"),
        (lambda s: s.loss_derivative("w9", 0), "by must be one of x1, .*; got 'w9'"),
        (lambda s: s.output_derivative("x1", 3), "output must be one of 0, 1, 2; got '3'"),
        (lambda s: s.numbers([1.0]), r"2 inputs are needed; got an array of shape \(1,\)"),
        (lambda s: s.numbers(parameters=[1.0]), r"21 parameters are needed; got an array of shape \(1,\)"),
        (lambda s: train(s, [1.0, 2.0], [0, 1], 0.1, 1), "got 1 points and 2 labels"),
        (lambda s: train(s, [1.0, 2.0], 0, -0.1, 1), "learning_rate must be a number above 0; got -0.1"),
        (lambda s: train(s, [1.0, 2.0], 0, 0.1, -1), "n_iterations must be 0 or more; got -1"),
        (lambda s: train(SymbolicNetwork(s.settings), [1.0, 2.0], 0, 0.1, 1), "needs parameters to start from"),
        (lambda s: SymbolicNetwork(s.settings, bias="all"), "bias must be one of per_neuron, none, shared; got 'all'"),
    ],
)
def test_refuses_what_is_not_there(call, message):
    with pytest.raises(ValueError, match=message):
        call(SymbolicNetwork(network_of()))


@pytest.mark.parametrize(
    ("output", "loss", "n_iterations"),
    # The first comes to infinity; the second divides by a probability that has become 0.
    [("linear", "squared_error", 1000), ("sigmoid", "cross_entropy", 3)],
)
def test_training_that_leaves_the_range_of_numbers_says_so(output, loss, n_iterations):
    symbolic = SymbolicNetwork(network_of("linear", output, 1))
    with pytest.raises(ValueError, match="left the range of numbers; try a smaller learning rate"):
        train(symbolic, [[3.0, 3.0], [3.0, 2.9]], [1, 0], 1e3, n_iterations, loss=loss)


def test_model_itself_does_not_load_sympy():
    command = "import sys, model, model.explain.chain_rule; sys.exit('sympy' in sys.modules)"
    subprocess.run([sys.executable, "-c", command], cwd=Path(model.__file__).parents[1], check=True)


def test_each_substitution_is_told_with_its_derivative_value_and_loss():
    network = Network([2, 2, 1], hidden_activation="sigmoid", output_activation="sigmoid", bias="shared")
    symbolic = SymbolicNetwork(network)
    start = list(SEED_START.values())
    descent = Descent(symbolic, SEED_POINT, 1, 0.3, one_at_a_time=True, parameters=start)
    values = dict(zip(SEED_NAMES.values(), start, strict=True))
    for number, told in enumerate(descent.substitutions(2)):
        network.parameters[:] = list(values.values())
        gradient = dict(zip(values, network.gradient([SEED_POINT], [1]), strict=True))
        assert (told.iteration, told.parameter) == (number // 7 + 1, list(values)[number % 7])
        assert told.derivative == pytest.approx(gradient[told.parameter], rel=1e-12)
        assert told.value == pytest.approx(values[told.parameter] - 0.3 * told.derivative, rel=1e-15)
        values[told.parameter] = told.value
        network.parameters[:] = list(values.values())
        assert descent.mean_loss() == pytest.approx(-math.log(network.predict([SEED_POINT])[0, 0]), rel=1e-12)
    assert descent.values == list(values.values())
    assert number == 13


def test_of_a_curve_the_input_is_x():
    network = Network([1, 2, 1], "tanh", "linear", features=("x",))
    curve = Dataset.curve([[0.5, 2.0], [-1.5, -4.0]])
    symbolic = SymbolicNetwork(network)
    (formula,) = symbolic.training_function(symbolic.numbers(None, network.parameters))
    assert {symbol.name for symbol in formula.free_symbols} == {"x1"}
    for x in (-2.0, 0.5):
        assert float(formula.subs(symbolic.inputs[0], x)) == pytest.approx(network.predict([[x]])[0, 0], rel=1e-12)

    inputs = network.settings.inputs(curve.points).tolist()
    run = train(symbolic, inputs, curve.labels.tolist(), 0.1, 1, loss="squared_error", regression=True)
    gradient = network.gradient(curve.points, curve.labels, "squared_error", regression=True)
    np.testing.assert_allclose(run.parameters, network.parameters - 0.1 * gradient, rtol=1e-12)


def test_whole_targets_of_a_regression_are_not_taken_for_classes():
    network = Network([2, 2, 1], hidden_activation="tanh", output_activation="tanh")
    points, labels = [[0.5, 1.0], [-0.5, 0.25]], [0.0, 1.0]
    run = train(SymbolicNetwork(network), points, labels, 0.1, 1, loss="squared_error", regression=True)
    gradient = network.gradient(points, labels, "squared_error", regression=True)
    np.testing.assert_allclose(run.parameters, network.parameters - 0.1 * gradient, rtol=1e-12)
