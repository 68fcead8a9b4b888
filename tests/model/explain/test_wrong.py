import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.explain.wrong import TOLERANCE, point_errors


@pytest.mark.parametrize(
    ("output", "loss", "sizes"),
    [
        ("softmax", "cross_entropy", [2, 4, 3]),
        ("sigmoid", "squared_error", [2, 4, 3]),
        ("sigmoid", "cross_entropy", [2, 4, 1]),
        ("tanh", "squared_error", [2, 4, 1]),
    ],
)
def test_losses_and_wrong_points_add_up_to_loss_and_accuracy(output, loss, sizes):
    network = Network(sizes, output_activation=output, seed=3)
    dataset = generate(GeneratorSettings(name="spiral", n_points=90, n_classes=network.settings.n_classes))
    metrics = Trainer(network, dataset, TrainingSettings(loss=loss)).metrics()
    errors = point_errors(network, dataset, loss)
    for chosen, mean, accuracy in (
        (~dataset.is_test, metrics.train_loss, metrics.train_accuracy),
        (dataset.is_test, metrics.test_loss, metrics.test_accuracy),
    ):
        assert errors.losses[chosen].mean() == pytest.approx(mean, rel=1e-12)
        assert 1.0 - errors.is_wrong[chosen].mean() == pytest.approx(accuracy)


def test_a_value_is_wrong_beyond_the_tolerance():
    network = Network([2, 1], output_activation="linear")
    network.set_parameters([[[1.0], [0.0]]], [[0.0]])
    dataset = Dataset([(0.5, 0.0)] * 4, [0.5, 0.5 - TOLERANCE, 0.5 - TOLERANCE - 1e-9, 0.5 + TOLERANCE + 1e-9])
    errors = point_errors(network, dataset, "squared_error")
    np.testing.assert_array_equal(errors.is_wrong, [False, False, True, True])
    np.testing.assert_allclose(errors.losses, 0.5 * (0.5 - dataset.labels) ** 2)


def test_no_point_and_no_number_are_no_trouble():
    network = Network([2, 3, 2])
    assert len(point_errors(network, Dataset([], [], n_classes=2), "cross_entropy").losses) == 0
    network.parameters[:] = np.nan
    errors = point_errors(network, Dataset([(1.0, 1.0)], [0]), "cross_entropy")
    assert not np.isfinite(errors.losses).any()
