"""Setup: which points its network has an output for."""

import pytest

from model import Dataset, NetworkSettings, TrainingSettings
from model.data.problems import PROBLEMS
from model.training.settings import Setup


def setup_of(dataset, n_outputs, output, loss="squared_error"):
    features = PROBLEMS[dataset.kind].raw_features
    network = NetworkSettings((len(features), n_outputs), (), output, features=features)
    return Setup(dataset, network, TrainingSettings(loss=loss))


@pytest.mark.parametrize(("label", "has_output"), [(0, True), (2, True), (3, False), (0.0, False), (-0.5, False)])
def test_of_classes_there_is_an_output_for_each_that_the_network_tells_apart(label, has_output):
    setup = setup_of(Dataset([[0.0, 0.0]], [1], n_classes=2), 3, "softmax", "cross_entropy")
    assert setup.has_output_for(label) == has_output


@pytest.mark.parametrize(("label", "has_output"), [(0, True), (1, True), (2, False)])
def test_a_single_output_tells_two_classes_apart(label, has_output):
    assert setup_of(Dataset([[0.0, 0.0]], [1], n_classes=2), 1, "sigmoid").has_output_for(label) == has_output


@pytest.mark.parametrize(("label", "has_output"), [(0.0, True), (-0.5, True), (0, False), (1, False)])
@pytest.mark.parametrize("dataset", [Dataset([[0.0, 0.0]], [0.5], n_classes=0), Dataset.curve([[0.0, 0.0]])])
def test_of_values_and_heights_there_is_an_output_for_each(dataset, label, has_output):
    assert setup_of(dataset, 1, "linear").has_output_for(label) == has_output


@pytest.mark.parametrize("dataset", [Dataset([[0.0, 0.0]], [0.5], n_classes=0), Dataset.curve([[0.0, 0.0]])])
def test_a_height_beyond_the_values_is_none_of_these(dataset):
    assert setup_of(dataset, 1, "linear").has_output_for(-1.25) == dataset.is_curve
