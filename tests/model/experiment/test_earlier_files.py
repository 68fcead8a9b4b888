"""Files in data/: they open, go on, and would be written the same today.

The curve was written by the first commit that had curves, the others by commit 4ada46f.
"""

import json
import zipfile
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from model import Network, Trainer
from model.experiment import load_experiment, save_experiment
from model.run.history import Event
from model.training.checkpoint import order_points
from model.training.schedules import Schedule

FILES = {path.stem: path for path in (Path(__file__).parent / "data").glob("*.netcanvas")}

EXPECTED = {
    "adam_mid_epoch": {
        "generator": {"name": "moons", "n_points": 40, "noise": 0.2, "seed": 3},
        "dataset": {"class_names": ("inside", "outside")},
        "network": {"layer_sizes": (2, 4, 3, 2), "hidden_activations": ("tanh", "relu"), "features": ("x1", "x2")},
        "training": {
            "optimizer": "adam",
            "optimizer_options": {"betas": (0.8, 0.99), "eps": 1e-7},
            "batch_size": 5,
            "regularization": "l2",
            "regularization_rate": 0.001,
            "clip_norm": 1.0,
        },
        "view": {"tool": "brush", "speed": None, "plane": [-6.0, 6.0], "panels": {"data": True}, "name": "Ärger 中"},
        "name": "moons",
        "notes": "a line\nand another",
    },
    "regression": {
        "dataset": {"is_regression": True, "n_training": 20},
        "history": {"stride": 1, "events": [Event(9, "learning rate 0.003"), Event(15, "points")]},
        "network": {"output_activation": "linear", "initializer": "he_normal", "seed": 7},
        "training": {
            "loss": "squared_error",
            "optimizer": "nesterov",
            "learning_rate": 0.003,
            "batch_order": "sequential",
            "reduction": "sum",
            "schedule": Schedule("cosine", period=50, factor=0.1, warm_up=3),
        },
    },
    "curve": {
        "generator": {"name": "curve_rule", "curve_rule": "sin(x)/(1 + x^2/9)", "noise": 0.05},
        "dataset": {"kind": "curve", "n_training": 17},
        "network": {
            "output_activation": "tanh",
            "features": ("x", "x**2", "max(x, 0)"),
            "standardization": ((0.5, 3.0), (9.0, 8.5), (1.25, 2.0)),
        },
        "training": {"loss": "squared_error", "optimizer": "rmsprop"},
    },
    "marks": {
        "network": {
            "bias": "shared",
            "bias_start": 0.1,
            "frozen": frozenset({0, 3, 4, 5, 9}),
            "pruned": frozenset({4, 12, 13}),
            "muted": frozenset({(0, 1), (1, 2)}),
        },
        "training": {"optimizer": "adamw", "learning_rate": 1, "batch_size": None, "seed": 2**40},
    },
    "random_search": {
        "generator": {"seed": 2**64},
        "dataset": {"n_classes": 3},
        "training": {"optimizer": "random_search", "optimizer_options": {"biases": 2.5, "budget": 60.0}},
    },
    "early_stopping": {
        "training": {"dropout": (0.25, 0.1), "patience": 12, "batch_order": "with_replacement"},
    },
    "typed_features": {
        "generator": {"name": "rule", "rule": "2*sin(x)"},
        "network": {
            "bias": "none",
            "features": ("x1", "x2", "x1^2 · x2", "hypot(x1, x2)"),
            "standardization": ((0.0, 1.0), (0.125, 2.5), (-0.5, 30.0), (4.0, 1.75)),
        },
        "training": {"optimizer": "coordinate", "batch_size": 9},
    },
}


def test_every_file_is_expected():
    assert FILES.keys() == EXPECTED.keys()


@pytest.mark.parametrize("name", FILES)
def test_opens_with_what_it_was_saved_with(name):
    experiment = load_experiment(FILES[name])
    for part, attributes in EXPECTED[name].items():
        value = getattr(experiment.setup if part in ("dataset", "network", "training") else experiment, part)
        if part in ("generator", "dataset", "network", "training", "history"):
            value = {key: getattr(value, key) for key in attributes}
        assert value == attributes
    steps = [frame.step for frame in experiment.history.frames]
    assert steps == sorted(set(experiment.curve.rows[:, 0]))
    assert experiment.history.frames[-1].setup == experiment.setup


@pytest.mark.parametrize("name", FILES)
def test_goes_on_as_it_did(name):
    for frame, after in pairwise(load_experiment(FILES[name]).history.frames):
        if (frame.dataset, frame.training) != (after.dataset, after.training):
            continue  # A person changed something between them.
        trainer = Trainer(Network.from_settings(frame.network), frame.dataset, frame.training)
        trainer.restore(frame.checkpoint)
        trainer.run_steps(after.step - frame.step)
        reached, expected = trainer.checkpoint(), after.checkpoint
        # Another processor rounds sums of products differently; all that is drawn or counted is the same.
        np.testing.assert_allclose(reached.parameters, expected.parameters, rtol=1e-9, atol=1e-12)
        assert (reached.random, reached.epoch_count, reached.next_batch) == (
            expected.random,
            expected.epoch_count,
            expected.next_batch,
        )
        assert (reached.tries, reached.finished) == (expected.tries, expected.finished)
        assert (reached.order is None) == (expected.order is None)
        if expected.order is not None:
            np.testing.assert_array_equal(order_points(reached.order), expected.order)
        assert reached.memory.keys() == expected.memory.keys()
        for memory in expected.memory:
            np.testing.assert_allclose(reached.memory[memory], expected.memory[memory], rtol=1e-9, atol=1e-12)
        assert (reached.best is None) == (expected.best is None)
        if expected.best is not None:
            np.testing.assert_allclose(reached.best.parameters, expected.best.parameters, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", FILES)
def test_is_written_again_as_it_was(name, tmp_path):
    save_experiment(load_experiment(FILES[name]), tmp_path / "again.netcanvas")
    with zipfile.ZipFile(FILES[name]) as old, zipfile.ZipFile(tmp_path / "again.netcanvas") as new:
        assert new.namelist() == old.namelist()
        # Their order counts too; only what program wrote them may differ.
        texts = [json.dumps(json.loads(zip.read("experiment.json")) | {"program": ""}) for zip in (old, new)]
        assert texts[0] == texts[1]
        assert new.read("arrays.npz") == old.read("arrays.npz")
