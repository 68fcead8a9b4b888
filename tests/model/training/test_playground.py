"""The same weights as TensorFlow Playground's engine, for runs of it that were written down number for number."""

import json
from pathlib import Path

import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("name", ["tanh_classifier", "sigmoid_regressor"])
def test_learns_the_same_weights(name):
    reference = json.loads((Path(__file__).parent / f"playground_{name}.json").read_text(encoding="utf-8"))
    is_regression = reference["output_activation"] == "linear"
    labels = np.array(reference["targets"]) if is_regression else (np.array(reference["targets"]) > 0).astype(int)
    network = Network(reference["layer_sizes"], reference["hidden_activation"], reference["output_activation"])
    network.set_parameters(reference["initial"]["weights"], reference["initial"]["biases"])
    settings = TrainingSettings(
        loss="squared_error",
        learning_rate=reference["learning_rate"],
        batch_size=reference["batch_size"],
        batch_order="sequential",
        regularization=reference["regularization"],
        regularization_rate=reference["regularization_rate"],
    )
    trainer = Trainer(network, Dataset(reference["points"], labels), settings)

    losses = [trainer.metrics().train_loss]
    for _ in range(reference["epochs"]):
        trainer.run_epoch()
        losses.append(trainer.metrics().train_loss)

    assert trainer.dataset.is_regression == is_regression
    np.testing.assert_allclose(losses, reference["loss_per_epoch"], rtol=0, atol=1e-9)
    for own, expected in zip(network.weights, reference["final"]["weights"], strict=True):
        np.testing.assert_allclose(own, expected, rtol=0, atol=1e-9)
    for own, expected in zip(network.biases, reference["final"]["biases"], strict=True):
        np.testing.assert_allclose(own, expected, rtol=0, atol=1e-9)
