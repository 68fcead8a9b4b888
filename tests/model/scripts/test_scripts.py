import ast
import io
import json
import os
import subprocess
import sys
from dataclasses import fields, replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Network, NetworkSettings
from model.data.formula import FUNCTIONS, MAX_CHARACTERS, Formula
from model.data.naming import Axis
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import OUTPUT_ACTIVATIONS
from model.scripts.formula import NUMPY, formula_source
from model.scripts.scripts import npz_bytes, numpy_script, pytorch_script, save_npz, weights_json
from model.scripts.wording import Wording

TORCH_PYTHON = os.environ.get("TORCH_PYTHON", sys.executable)
"""An interpreter that has PyTorch, if the one of the tests has not."""

PREDICT = """
import runpy, sys
import numpy as np
folder, count = sys.argv[1], int(sys.argv[2])
points = np.load(f"{folder}/points.npy")
outputs = [np.asarray(runpy.run_path(f"{folder}/{index}.py")["predict"](points)) for index in range(count)]
assert "model" not in sys.modules
np.savez(f"{folder}/outputs.npz", *outputs)
"""

POINTS = np.concatenate(
    [[[0.0, 0.0], [-6.0, 6.0], [7.5, -9.0], [40.0, -30.0]], np.random.default_rng(0).uniform(-6.0, 6.0, (60, 2))]
)

FEATURES = (
    ("x2", "x1"),
    ("x1", "x1**2", "x2**2", "x1*x2", "sin(x1)", "sin(x2)"),
    ("x1 - x2 - 3", "x1 - (x2 - 3)", "x1/(1 + x2**2)/2", "x1/(2*(1 + abs(x2)))", "(x1 + x2)*x1", "−x1^2 + 2·x2"),
    ("2**-x1", "(-2)**2*x1", "-(x1 - 1)**3", "(x1**2)**0.5", "2**3**tanh(x1)", "x1*-x2", "--x1", "e**x2", "2*pi*x1"),
    ("2.5", "sin(1)*x1", "max(x1, 0)", "min(0.5, x2)", "hypot(x1, 2)", "atan2(1, x1 + 7)", "x1**0", "cos(pi)"),
    ("x1 + floor(x2)", "sign(x1)*x2", "0*exp(x1) + x1 + 1", "x1/3 + 1/3 - 2**0.5*x2", "9**(9**tanh(x1/100) - 9)"),
    # Outside the plane they have no finite value, and count as 0.
    ("sqrt(x1 + 6)", "log(x2 + 6.5)", "sign(sqrt(x1 + 6)) + 1", "1/(x1 + 7.25)", "(x1 + 6.125)**0.5 + 1", "x1"),
    tuple(
        f"tanh({name}({'x1/5 + 2' if entry.n_arguments == 1 else 'x1, x2'})/9)"
        for name, entry in list(FUNCTIONS.items())[:12]
    ),
    tuple(f"{name}(x1 - 0.1, x2)" for name, entry in FUNCTIONS.items() if entry.n_arguments == 2),
)


CURVE_FEATURES = (
    ("x",),
    ("x", "x**2", "x**3", "sin(x)"),
    ("2.5", "sin(1)*x", "max(x, 0)", "x**0", "sqrt(x + 6)", "2**3**tanh(x)", "1/(x + 7.25)"),
)


def filled(settings, seed=0, scale=0.8):
    """Return a network with every parameter drawn, biases too."""
    generator = np.random.default_rng(seed)
    return Network.from_settings(settings, generator.normal(0.0, scale, settings.n_parameters))


def settings_of(hidden, output, bias, n_inputs=2, **options):
    n_out = OUTPUT_ACTIVATIONS[output].min_units
    return NetworkSettings(
        (n_inputs, 5, 4, n_out + (output == "linear")), (hidden, hidden), output, bias=bias, **options
    )


def every_network():
    networks = [
        filled(settings_of(*names), seed)
        for seed, names in enumerate(product(ACTIVATIONS, OUTPUT_ACTIVATIONS, BIAS_KINDS))
    ]
    for seed, names in enumerate(FEATURES):
        plain = settings_of("tanh", "softmax", "per_neuron", len(names), features=names)
        pairs = np.random.default_rng(seed).uniform(0.5, 2.0, (len(names), 2))
        standardized = replace(plain, standardization=tuple((float(mean), float(spread)) for mean, spread in pairs))
        networks += [filled(plain, seed, 0.3), filled(standardized, seed, 0.3)]
    for bias in BIAS_KINDS:
        muted = settings_of("gelu", "linear", bias, muted=frozenset({(0, 1), (1, 2), (2, 0), (2, 3)}))
        networks += [filled(muted), filled(replace(muted, standardization=((0.5, 2.0), (-1.0, 0.25))))]
    # Large pre-activations, of which exp would overflow, and a network without hidden layers.
    networks += [filled(settings_of(name, "softmax", "per_neuron"), 3, 30.0) for name in ACTIVATIONS if name != "sin"]
    networks += [filled(NetworkSettings((2, 3), (), output)) for output in OUTPUT_ACTIVATIONS]
    networks += [filled(NetworkSettings((2, 40, 8), ("softplus",)))]
    return networks


def every_curve():
    networks = []
    for seed, (names, output) in enumerate(product(CURVE_FEATURES, ("linear", "tanh", "sigmoid"))):
        settings = NetworkSettings((len(names), 5, 4, 1), ("tanh", "relu"), output, features=names)
        spreads = tuple((0.25 * index, 1.5) for index in range(len(names)))
        networks += [filled(settings, seed, 0.5), filled(replace(settings, standardization=spreads), seed, 0.5)]
    return networks


def predictions(scripts, points, folder, python=sys.executable):
    """Return what each script predicts, all in one clean process that knows nothing of this program."""
    np.save(folder / "points.npy", points)
    for index, script in enumerate(scripts):
        (folder / f"{index}.py").write_text(script, encoding="utf-8")
    run(folder, "-c", PREDICT, str(folder), str(len(scripts)), python=python)
    with np.load(folder / "outputs.npz") as outputs:
        return [outputs[f"arr_{index}"] for index in range(len(scripts))]


def run(folder, *arguments, python=sys.executable, text=""):
    result = start(python, "-W", "error", *arguments, input=text, cwd=folder)
    assert result.returncode == 0, result.stderr
    return result.stdout


def start(python, *arguments, **options):
    return subprocess.run(
        [python, "-I", *arguments],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
        **options,
    )


def check(networks, script_of, folder, python=sys.executable, points=POINTS):
    found = predictions([script_of(network) for network in networks], points, folder, python)
    for network, outputs in zip(networks, found, strict=True):
        np.testing.assert_allclose(
            outputs, network.predict(points), rtol=1e-12, atol=1e-12, err_msg=repr(network.settings)
        )


def test_numpy_script_predicts_the_same(tmp_path):
    check(every_network(), numpy_script, tmp_path)


def test_numpy_script_draws_the_same_curve(tmp_path):
    check(every_curve(), numpy_script, tmp_path, points=POINTS[:, :1])


@pytest.mark.parametrize("script", [numpy_script, pytorch_script])
def test_a_script_counts_its_inputs(script):
    assert "    2 inputs -> " in script(filled(NetworkSettings((2, 3), (), "softmax")))
    assert "    1 input -> " in script(filled(NetworkSettings((1, 1), (), "linear", features=("x",))))


def test_pytorch_script_predicts_the_same(tmp_path):
    if start(TORCH_PYTHON, "-c", "import torch").returncode:
        pytest.skip("PyTorch is not there; set TORCH_PYTHON to a Python that has it")

    check(every_network(), pytorch_script, tmp_path, TORCH_PYTHON)
    check(every_curve(), pytorch_script, tmp_path, TORCH_PYTHON, POINTS[:, :1])


def joined(parts):
    return st.tuples(*parts).map("".join)


def operations(inner):
    operator = st.sampled_from([" + ", " - ", "*", "/", "**"])
    return st.one_of(
        joined([inner, operator, inner]),
        joined([st.just("("), inner, operator, inner, st.just(")")]),
        joined([st.just("-"), inner]),
        *(
            joined([st.just(f"{name}("), *[inner, st.just(", ")] * (entry.n_arguments - 1), inner, st.just(")")])
            for name, entry in FUNCTIONS.items()
        ),
    )


FORMULAS = st.recursive(st.sampled_from(["x1", "x2", "2", "0.5", "0", "3", "pi", "e"]), operations, max_leaves=8)


@given(FORMULAS.filter(lambda text: len(text) <= MAX_CHARACTERS))
def test_source_of_a_formula_has_its_value_to_the_bit(text):
    formula = Formula(text)
    x1, x2 = POINTS.T

    with np.errstate(all="ignore"):
        value = eval(formula_source(formula, NUMPY), {"np": np, "x1": x1, "x2": x2})

    assert value.shape == x1.shape
    np.testing.assert_array_equal(np.where(np.isfinite(value), value, 0.0), formula(x1, x2))


@pytest.mark.parametrize("n_coordinates", [1, 3, 5])
def test_inputs_that_are_no_points_of_the_plane(n_coordinates, tmp_path):
    network = filled(NetworkSettings((n_coordinates, 4, 2), ("relu",)))
    points = np.random.default_rng(1).normal(size=(7, n_coordinates))

    (outputs,) = predictions([numpy_script(network)], points, tmp_path)

    np.testing.assert_allclose(outputs, network.predict(points), rtol=1e-12, atol=1e-12)


class TestProgram:
    NETWORK = filled(settings_of("silu", "softmax", "shared"))
    SINGLE = tuple(filled(settings_of("tanh", output, "none"), 5) for output in ("sigmoid", "tanh"))

    def lines(self, folder, network, *arguments, text="", wording=()):
        (folder / "network.py").write_text(numpy_script(network, *wording), encoding="utf-8")
        return run(folder, "network.py", *arguments, text=text).splitlines()

    @pytest.mark.parametrize("arguments", [["0.5", "-1.2", "2", "3"], ["0.5,-1.2", "2,3"], ["0.5, -1.2, 2, 3"]])
    def test_points_of_the_command_line(self, arguments, tmp_path):
        lines = self.lines(tmp_path, self.NETWORK, *arguments)

        points = np.array([line.split()[:2] for line in lines], dtype=float)
        outputs = np.array([line.split()[3:] for line in lines], dtype=float)
        assert points.tolist() == [[0.5, -1.2], [2.0, 3.0]]
        np.testing.assert_allclose(outputs, self.NETWORK.predict(points), rtol=1e-12)

    def test_points_of_the_standard_input(self, tmp_path):
        assert len(self.lines(tmp_path, self.NETWORK, text="0.5,-1.2\n2 3\n\n-1\t4\n")) == 3

    def test_a_few_points_if_there_are_none(self, tmp_path):
        assert len(self.lines(tmp_path, self.NETWORK)) == 3

    @pytest.mark.parametrize("network", [NETWORK, *SINGLE])
    def test_class_names(self, network, tmp_path):
        names = ["süß", 'it\'s "sour"\n\\']
        text = " ".join(map(str, POINTS.ravel()))
        lines = self.lines(tmp_path, network, text=text, wording=[Wording(names)])

        expected = np.argmax(network.class_probabilities(POINTS), axis=1)
        assert [0 if line.endswith(" süß") else 1 for line in lines if "->" in line] == expected.tolist()
        assert {"\\"} <= set(lines)

    @pytest.mark.parametrize("arguments", [["1", "2", "3"], ["one", "two"]])
    def test_what_is_no_point(self, arguments, tmp_path):
        (tmp_path / "network.py").write_text(numpy_script(self.NETWORK), encoding="utf-8")
        result = start(sys.executable, "network.py", *arguments, cwd=tmp_path)

        assert result.returncode == 1
        assert result.stderr == "Give 2 numbers for each point, such as 0.5,-1.2\n"

    @pytest.mark.parametrize("network", every_curve()[:8:7])
    def test_along_a_curve_each_number_is_a_point(self, network, tmp_path):
        lines = self.lines(tmp_path, network, "0.5", "-1.2,3")

        x, y = np.array([line.split(" -> ") for line in lines], dtype=float).T
        assert x.tolist() == [0.5, -1.2, 3.0]
        np.testing.assert_allclose(y, network.predict(x[:, np.newaxis])[:, 0], rtol=1e-12)
        result = start(sys.executable, "network.py", "one", cwd=tmp_path)
        assert result.stderr == "Give 1 number for each point, such as 0.5\n"


LENGTH, WIDTH, PRICE = Axis("length", 6.1, 0.75), Axis("width", 3e5, 1e4), Axis("price", -48.25, 0.125)


class TestOwnUnits:
    POINTS = np.random.default_rng(2).uniform([2.0, 2.5e5], [9.0, 3.5e5], (30, 2))

    def check(self, outputs, network, n_coordinates):
        axes = (LENGTH, WIDTH)[:n_coordinates]
        placed = np.stack([axis.placed(column) for axis, column in zip(axes, self.POINTS.T, strict=False)], axis=1)

        np.testing.assert_allclose(outputs, PRICE.shown(network.predict(placed)), rtol=1e-12)

    @pytest.mark.parametrize(("script_of", "python"), [(numpy_script, sys.executable), (pytorch_script, TORCH_PYTHON)])
    def test_points_are_taken_and_values_answered_in_the_units_of_the_person(self, script_of, python, tmp_path):
        if script_of is pytorch_script and start(TORCH_PYTHON, "-c", "import torch").returncode:
            pytest.skip("PyTorch is not there; set TORCH_PYTHON to a Python that has it")
        plane, curve = filled(settings_of("tanh", "linear", "none")), every_curve()[4]
        for network, n_coordinates in ((plane, 2), (curve, 1)):
            wording = Wording(None, (LENGTH, WIDTH)[:n_coordinates], PRICE)
            points = self.POINTS[:, :n_coordinates]
            (outputs,) = predictions([script_of(network, wording)], points, tmp_path, python)
            self.check(outputs, network, n_coordinates)

    def test_its_examples_are_in_these_units(self, tmp_path):
        network = filled(settings_of("tanh", "softmax", "none"))
        script = numpy_script(network, Wording(("no", "yes"), (LENGTH, WIDTH)))

        assert "python network.py 6.475 288000.0" in script
        assert "EXAMPLES = [6.1, 300000.0, 6.85, 310000.0, 4.6, 330000.0]" in script
        assert "# A point: length, width." in script
        (tmp_path / "network.py").write_text(script, encoding="utf-8")
        lines = run(tmp_path, "network.py").splitlines()
        assert lines[1].startswith("6.85 310000.0 -> ")
        expected = np.argmax(network.class_probabilities([[0, 0], [1, 1], [-2, 3]]), axis=1)
        assert [line.endswith(" yes") for line in lines] == (expected == 1).tolist()


@pytest.mark.parametrize("script_of", [numpy_script, pytorch_script])
class TestSource:
    def test_is_clean(self, script_of):
        for network in every_network() + every_curve():
            n_classes, n_coordinates = network.settings.n_classes, network.settings.n_coordinates
            names = tuple(f"class {index}" for index in range(n_classes))
            axes = (Axis("size in \n mm", 1950.25, 1 / 3), Axis('a "long" name, ' * 9, 1e-9, 1e-12))[:n_coordinates]
            source = script_of(network, Wording(names, axes, Axis("price", 1e6, 1e5)))
            tree = ast.parse(source)
            lines = source.splitlines()

            assert max(map(len, lines)) <= 88
            assert not [line for line in lines if line != line.rstrip()]
            assert source.endswith("main()\n")
            assert all(ast.get_docstring(node) for node in tree.body if isinstance(node, ast.FunctionDef))
            imported = {name.name for node in tree.body if isinstance(node, ast.Import) for name in node.names}
            assert imported <= {"math", "sys", "numpy" if script_of is numpy_script else "torch"}
            assert ("math" in imported) == ("math." in source)

    def test_refuses_what_it_cannot_write(self, script_of):
        network = filled(settings_of("relu", "softmax", "none"))
        with pytest.raises(ValueError, match="2 inputs must have as many axes; got 1"):
            script_of(network, Wording(inputs=(Axis(),)))
        with pytest.raises(ValueError, match="class_names must be 2 names"):
            script_of(network, Wording(("a",)))
        network.parameters[3] = np.inf
        with pytest.raises(ValueError, match="some weights are not finite"):
            script_of(network)


class TestParameters:
    NETWORKS = tuple(
        filled(
            settings_of(
                *("selu", "softmax", bias, 3),
                features=("x1", "x2**2", "sin(3*x1)"),
                standardization=((0.1, 2.0), (0.0, 1.0), (1 / 3, 0.5)),
                muted=frozenset({(1, 2), (0, 1)}),
                frozen=frozenset({3, 1}),
                pruned=frozenset({2}),
                seed=7,
            )
        )
        for bias in BIAS_KINDS
    )

    @pytest.mark.parametrize("network", NETWORKS)
    def test_json_rebuilds_the_network_to_the_bit(self, network):
        read = json.loads(weights_json(network))

        assert (read["format"], read["version"]) == ("netcanvas weights", 1)
        own = {field.name: read[field.name] for field in fields(NetworkSettings)}
        for name in ("layer_sizes", "hidden_activations", "features"):
            own[name] = tuple(own[name])
        for name in ("frozen", "pruned"):
            own[name] = frozenset(own[name])
        own["standardization"] = tuple(map(tuple, own["standardization"]))
        own["muted"] = frozenset(map(tuple, own["muted"]))
        rebuilt = Network.from_settings(NetworkSettings(**own))
        rebuilt.set_parameters(
            [layer["weights"] for layer in read["layers"]], [layer["biases"] for layer in read["layers"]]
        )
        assert rebuilt.settings == network.settings
        assert rebuilt.parameters.tobytes() == network.parameters.tobytes()

    def test_json_of_numbers_that_came_from_numpy(self):
        settings = replace(self.NETWORKS[0].settings, seed=np.int64(3), pruned=frozenset({np.intp(4)}))

        assert json.loads(weights_json(filled(settings)))["pruned"] == [4]

    def test_json_refuses_numbers_that_it_has_no_word_for(self):
        network = filled(settings_of("relu", "softmax", "none"))
        network.parameters[3] = np.nan

        with pytest.raises(ValueError, match="some weights are not finite"):
            weights_json(network)

    @pytest.mark.parametrize("network", NETWORKS)
    def test_npz_rebuilds_the_network_to_the_bit(self, network, tmp_path):
        save_npz(network, tmp_path / "parameters of a network")
        content = (tmp_path / "parameters of a network").read_bytes()

        with np.load(io.BytesIO(content), allow_pickle=False) as read:
            assert set(read.files) == {f"{what}_{layer}" for what in ("weights", "biases") for layer in (1, 2, 3)}
            arrays = {name: read[name] for name in read.files}
        rebuilt = Network.from_settings(network.settings)
        rebuilt.set_parameters(*[[arrays[f"{what}_{layer}"] for layer in (1, 2, 3)] for what in ("weights", "biases")])
        assert rebuilt.parameters.tobytes() == network.parameters.tobytes()

    def test_names_and_units_are_there(self):
        network = self.NETWORKS[0]
        axes = (Axis("length", 6.1, 0.75), Axis("Größe", 3.2, 0.5))
        wording = Wording(("süß", "b"), axes, Axis("kind"))

        read = json.loads(weights_json(network, wording))
        assert read["class_names"] == ["süß", "b"]
        assert read["inputs"][1] == {"name": "Größe", "middle": 3.2, "unit": 0.5}
        assert read["output"]["name"] == "kind"
        with np.load(io.BytesIO(npz_bytes(network, wording)), allow_pickle=False) as arrays:
            assert arrays["class_names"].tolist() == ["süß", "b"]
            assert arrays["input_names"].tolist() == ["length", "Größe"]
            assert (arrays["input_middles"].tolist(), arrays["input_units"].tolist()) == ([6.1, 3.2], [0.75, 0.5])
            assert arrays["output_name"] == "kind"

    def test_npz_bytes_are_whole(self):
        with np.load(io.BytesIO(npz_bytes(self.NETWORKS[0]))) as read:
            assert read["weights_1"].shape == (3, 5)
            assert read["weights_1"].dtype == np.float64
