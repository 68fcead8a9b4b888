"""What is of the wrong type, size or range is refused with a sentence that names it."""

import numpy as np
import pytest

from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings
from model.training.schedules import Schedule

NO_NUMBERS = ["fast", None, [0.1], 1j, True, float("nan"), float("inf"), object()]
NO_WHOLE_NUMBERS = [*NO_NUMBERS, 1.5, 2.0, "3"]


def without_none(values):
    return [value for value in values if value is not None]


@pytest.mark.parametrize(
    ("make", "name", "wrong"),
    [
        (TrainingSettings, "learning_rate", [*NO_NUMBERS, 0, -1]),
        (TrainingSettings, "regularization_rate", [*NO_NUMBERS, -1e-9]),
        (TrainingSettings, "clip_norm", [*without_none(NO_NUMBERS), 0.0]),
        (TrainingSettings, "batch_size", [*without_none(NO_WHOLE_NUMBERS), 0, -5]),
        (TrainingSettings, "patience", [*without_none(NO_WHOLE_NUMBERS), 0]),
        (TrainingSettings, "dropout", [*NO_NUMBERS, 1.0, (0.1, "a")]),
        (TrainingSettings, "seed", [*NO_WHOLE_NUMBERS, -1]),
        (TrainingSettings, "optimizer", ["SGD", None, 3]),
        (TrainingSettings, "loss", ["mse", None, 3]),
        (TrainingSettings, "batch_order", ["random", None]),
        (TrainingSettings, "reduction", ["max", None]),
        (TrainingSettings, "regularization", ["L2", None]),
        (TrainingSettings, "optimizer_options", [3, None, "betas"]),
        (TrainingSettings, "schedule", ["step", None]),
        (Schedule, "period", [*NO_WHOLE_NUMBERS, 0]),
        (Schedule, "factor", [*NO_NUMBERS, 0, 1.5]),
        (Schedule, "warm_up", [*NO_WHOLE_NUMBERS, -1]),
        (GeneratorSettings, "n_points", [*NO_WHOLE_NUMBERS, 9, 5001]),
        (GeneratorSettings, "n_classes", [*NO_WHOLE_NUMBERS, 1, 9]),
        (GeneratorSettings, "noise", [*NO_NUMBERS, -0.1, 1.1]),
        (GeneratorSettings, "label_noise", [*NO_NUMBERS, -0.1, 0.6]),
        (GeneratorSettings, "training_share", [*NO_NUMBERS, 0.0, 1.1]),
        (GeneratorSettings, "seed", [*NO_WHOLE_NUMBERS, -1]),
    ],
)
def test_settings(make, name, wrong):
    for value in wrong:
        with pytest.raises(ValueError, match=f"{name}.* (must|needs)|{name} must be") as caught:
            make(**{name: value})
        assert "got" in str(caught.value)
        shown = value[1] if isinstance(value, tuple) else value
        assert repr(shown) in str(caught.value)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("seed", [*NO_WHOLE_NUMBERS, -1]),
        ("initializer_scale", [*NO_NUMBERS, -0.5]),
        ("bias_start", without_none(NO_NUMBERS)),
    ],
)
def test_network_settings(name, wrong):
    for value in wrong:
        with pytest.raises(ValueError, match=f"{name} must be .*; got "):
            NetworkSettings((2, 3, 2), ("tanh",), **{name: value})


@pytest.mark.parametrize("sizes", [[2, 0, 2], [2, 1.5, 2], [2, "4", 2], [2, None, 2], [2, -1], [2, True, 2]])
def test_sizes_of_layers(sizes):
    with pytest.raises(ValueError, match=r"every layer needs 1 unit or more, a whole number; got \[2"):
        Network(sizes)


@pytest.mark.parametrize("sizes", [3, "23", None, {2, 3}])
def test_layers_are_a_list(sizes):
    with pytest.raises(ValueError, match="layer_sizes must be a list of whole numbers; got"):
        Network(sizes)


@pytest.mark.parametrize("activation", [5, None, {"tanh"}])
def test_activations_are_names(activation):
    with pytest.raises(ValueError, match="hidden_activation must be a name"):
        Network([2, 3, 2], activation)


@pytest.mark.parametrize("points", [[["a", "b"]], [[1, 2], [3]], "points", [[1j, 0]], object()])
def test_points_are_numbers(points):
    with pytest.raises(ValueError, match="points must be numbers, in rows of the same length; got"):
        Dataset(points, [0])
    with pytest.raises(ValueError, match="points must be numbers, in rows of the same length; got"):
        Network([2, 3, 2]).predict(points)


@pytest.mark.parametrize("labels", [["a"], [None], [1j], [object()], [b"x"]])
def test_labels_are_numbers(labels):
    with pytest.raises(ValueError, match="labels must be numbers: classes from 0, or targets; got"):
        Dataset([[0, 0]], labels)


@pytest.mark.parametrize("n_classes", [1.5, "3", True, 1])
def test_numbers_of_classes(n_classes):
    with pytest.raises(ValueError, match="n_classes must be 2 to 8; got"):
        Dataset([[0, 0]], [0], n_classes=n_classes)


@pytest.mark.parametrize("wrong", ["a", [["a", 1, 2]], object()])
def test_parameters_are_numbers(wrong):
    network = Network([2, 3, 2])
    before = network.parameters.copy()
    with pytest.raises(ValueError, match="weights must be numbers"):
        network.set_parameters([wrong, wrong], network.biases)
    with pytest.raises(ValueError, match="parameters must be numbers"):
        Network.from_settings(network.settings, [wrong] * 17)
    np.testing.assert_array_equal(network.parameters, before)
