"""Runs to draw, trained without a window."""

import numpy as np
import pytest

from model import Dataset, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.run.record import record
from model.run.run import TrainedRun
from model.training.settings import Setup


def eight_classes() -> Dataset:
    generator = np.random.default_rng(0)
    labels = np.repeat(np.arange(8), 12)
    angles = labels * np.pi / 4
    points = 3.5 * np.stack([np.cos(angles), np.sin(angles)], axis=1) + generator.normal(0, 0.4, (len(labels), 2))
    return Dataset(points, labels, generator.random(len(labels)) < 0.3)


@pytest.fixture(scope="session")
def runs() -> dict[str, TrainedRun]:
    """A classification, a regression, one of eight classes, and a curve."""
    cubic = generate(GeneratorSettings(name="noisy_cubic", n_points=40))
    spiral = generate(GeneratorSettings(n_points=60, seed=1))
    wave = generate(GeneratorSettings(name="sine", n_points=60))
    adam = TrainingSettings(optimizer="adam", learning_rate=0.02)
    squared = TrainingSettings(loss="squared_error", optimizer="adam", learning_rate=0.02)
    return {
        "spiral": record(Setup(spiral, NetworkSettings((2, 6, 3), ("tanh",), seed=1), adam), 300),
        "wave": record(Setup(wave, NetworkSettings((2, 5, 1), ("tanh",), "linear"), squared), 300),
        "curve": record(Setup(cubic, NetworkSettings((1, 5, 1), ("tanh",), "linear", features=("x",)), squared), 300),
        "eight": record(Setup(eight_classes(), NetworkSettings((2, 6, 8), ("tanh",)), adam), 300),
    }
