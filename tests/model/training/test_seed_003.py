"""The network of seed 003_4c0ebcf6972e1ebf.txt, and the random search that finds such networks."""

import numpy as np
import pytest

from model import Network, Trainer, TrainingSettings
from tests.seeds import CIRCLE, circle, sigmoid_network


def test_the_parameters_of_the_seed_give_its_probabilities():
    network = sigmoid_network()
    dataset = circle()

    np.testing.assert_allclose(network.predict(dataset.points)[:, 0], CIRCLE["probabilities"], rtol=0, atol=1e-12)
    metrics = Trainer(network, dataset, TrainingSettings()).metrics()
    assert metrics.train_accuracy == CIRCLE["accuracy"] == 1.0
    assert metrics.train_loss == pytest.approx(CIRCLE["cross_entropy_mean"], abs=1e-12)


def search(seed, **options):
    settings = TrainingSettings(optimizer="random_search", optimizer_options=options, seed=seed)
    trainer = Trainer(Network([2, 3, 1], "sigmoid", "sigmoid", seed=seed), circle(), settings)
    trainer.run_steps(100_000_000)
    return trainer


# How many tries it takes is chance: from 15 thousand to 4 million. The everyday seeds are quick ones.
@pytest.mark.parametrize(
    "seed", [9, 2, *[pytest.param(seed, marks=pytest.mark.soak) for seed in (0, 1, 3, 4, 5, 6, 10, 11)]]
)
def test_random_search_gets_every_point_right(seed, record_property):
    trainer = search(seed, budget=10e6)
    metrics = trainer.metrics()
    record_property("tries", metrics.tries)

    assert trainer.finished == "all_right"
    assert metrics.train_accuracy == 1.0
    assert metrics.tries == trainer.step_count > 1000
    for weights, limit in zip(trainer.network.weights, (1.5, 10.0), strict=True):
        assert np.abs(weights).max() <= limit
    assert all(np.abs(biases).max() <= 3.0 for biases in trainer.network.biases)
