"""What compiled code trains, and what it leaves to NumPy by one rule."""

from dataclasses import replace

import numpy as np
import pytest

from model import Dataset, Network, NetworkSettings, Trainer, TrainingSettings
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES
from model.training.compiled.coverage import FEW, WIDEST, WIDEST_OF_FEW, codes_of
from model.training.optimizers import OPTIMIZERS
from model.training.regularization import REGULARIZATIONS
from model.training.schedules import SCHEDULES, Schedule
from model.training.settings import BATCH_ORDERS, Setup

DATASET = Dataset(np.random.default_rng(0).uniform(-3.0, 3.0, (20, 2)), np.arange(20) % 2)


def setup_of(network=None, **training):
    return Setup(DATASET, network or NetworkSettings((2, 3, 2), ("tanh",)), TrainingSettings(**training))


def test_everything_that_follows_a_gradient_is_covered():
    for names in zip(ACTIVATIONS, reversed(ACTIVATIONS), strict=True):
        assert codes_of(setup_of(NetworkSettings((2, 3, 3, 2), names)))
    for loss in LOSSES.values():
        for output in loss.outputs:
            assert codes_of(setup_of(NetworkSettings((2, 3, 2), ("tanh",), output), loss=loss.name))
    for bias in BIAS_KINDS:
        assert codes_of(setup_of(NetworkSettings((2, 3, 2), ("tanh",), bias=bias, muted=frozenset({(1, 0)}))))
    for name in SCHEDULES:
        assert codes_of(setup_of(schedule=Schedule(name)))
    for name in REGULARIZATIONS:
        assert codes_of(setup_of(regularization=name, regularization_rate=0.1))
    for name in BATCH_ORDERS:
        assert codes_of(setup_of(batch_order=name, dropout=0.5, clip_norm=1.0, patience=3))
    for name, entry in OPTIMIZERS.items():
        assert (codes_of(setup_of(optimizer=name)) is not None) == (entry.make is not None)


@pytest.mark.parametrize(("batch_size", "widest"), [(FEW, WIDEST_OF_FEW), (FEW + 1, WIDEST), (None, WIDEST)])
def test_layers_that_blas_multiplies_more_quickly_are_left_to_numpy(batch_size, widest):
    width = int(widest**0.5)
    many = Dataset(np.random.default_rng(0).uniform(-3.0, 3.0, (100, 2)), np.arange(100) % 2)

    def codes(dataset, *hidden):
        network = NetworkSettings((2, *hidden, 2), ("tanh",) * len(hidden))
        return codes_of(Setup(dataset, network, TrainingSettings(batch_size=batch_size)))

    assert codes(many, width, width)
    assert codes(many, 4 * width)
    assert codes(many, width, width + 1) is None
    # With 20 points every batch is of few.
    assert codes(DATASET, int(WIDEST_OF_FEW**0.5), int(WIDEST_OF_FEW**0.5))


def test_an_entry_that_compiled_code_has_not_seen_is_left_to_numpy(monkeypatch):
    """One that comes later, with a rule or without."""
    monkeypatch.setitem(ACTIVATIONS, "new", replace(ACTIVATIONS["tanh"], name="new", compiled=None))
    assert codes_of(setup_of(NetworkSettings((2, 3, 2), ("new",)))) is None

    rule = replace(ACTIVATIONS["tanh"].compiled, function=lambda z: z)
    monkeypatch.setitem(ACTIVATIONS, "new", replace(ACTIVATIONS["tanh"], name="new", compiled=rule))
    assert codes_of(setup_of(NetworkSettings((2, 3, 2), ("new",)))) is None


def test_what_is_left_to_numpy_is_its_run_to_the_bit():
    pytest.importorskip("numba")
    wide = NetworkSettings((2, 65, 65, 2), ("tanh", "tanh"))
    runs = [
        (NetworkSettings((2, 3, 2), ("tanh",)), TrainingSettings(optimizer="random_search")),
        (wide, TrainingSettings(learning_rate=0.01)),
    ]
    for network, training in runs:
        trainers = [Trainer(Network.from_settings(network), DATASET, training, engine=e) for e in ("numpy", "compiled")]
        for trainer in trainers:
            trainer.run_steps(30)
            assert trainer.engine == "numpy"
        np.testing.assert_array_equal(trainers[0].network.parameters, trainers[1].network.parameters)


def test_an_engine_that_there_is_not_is_named():
    with pytest.raises(ValueError, match="engine must be one of numpy, compiled; got 'gpu'"):
        Trainer(Network([2, 2]), DATASET, TrainingSettings(), engine="gpu")
