"""A network of another program among the points that are there, or without any."""

import numpy as np
import pytest

from model import Dataset, Network, TrainingSettings
from model.data.generators import GeneratorSettings
from model.data.naming import PLAIN, Axis, Naming
from model.experiment.imported import experiment_around
from model.network.settings import NetworkSettings
from model.training.settings import Setup, first_setup

RANDOM = np.random.default_rng(0)
PLACES = RANDOM.uniform(-5, 5, (30, 2))
OWN = Naming(Axis("width", 30.0, 2.5), Axis("", -1.0, 0.5), Axis("price", 100.0, 20.0))
OTHER = Naming(Axis("", 25.0, 4.0), Axis("", 0.0, 3.0), Axis("", 90.0, 10.0))
CLASSES = Dataset(PLACES, RANDOM.integers(0, 3, 30), n_classes=3)
VALUES = Dataset(PLACES, RANDOM.uniform(-1, 1, 30), n_classes=0)


def opened(network, naming, dataset):
    experiment, keeps = experiment_around(network, naming, first_setup(dataset), GeneratorSettings())
    moment = experiment.history.frames[-1]
    assert moment.setup == experiment.setup
    return experiment.dataset, Network.read_only(moment.network, moment.checkpoint.parameters), keeps


@pytest.mark.parametrize("naming", [PLAIN, OTHER, OWN], ids=["raw numbers", "other units", "same units"])
def test_with_points_in_units_it_answers_the_same_at_the_same_places(naming):
    network = Network([2, 4, 3], seed=3)
    naming = Naming(naming.x1, naming.x2)
    own = Naming(OWN.x1, OWN.x2)
    dataset, placed, keeps = opened(network, naming, CLASSES.named(own))
    assert keeps
    assert dataset == CLASSES.named(own)
    person = np.stack([axis.shown(PLACES[:, k]) for k, axis in enumerate((own.x1, own.x2))], axis=1)
    given = np.stack([axis.placed(person[:, k]) for k, axis in enumerate((naming.x1, naming.x2))], axis=1)
    np.testing.assert_allclose(placed.predict(PLACES), network.predict(given), rtol=1e-9)


@pytest.mark.parametrize("naming", [PLAIN, OTHER], ids=["raw numbers", "other units"])
def test_a_value_in_other_units_is_placed_too(naming):
    network = Network([2, 4, 1], output_activation="linear", seed=3)
    _, placed, keeps = opened(network, naming, VALUES.named(OWN))
    assert keeps
    person = np.stack([axis.shown(PLACES[:, k]) for k, axis in enumerate((OWN.x1, OWN.x2))], axis=1)
    given = np.stack([axis.placed(person[:, k]) for k, axis in enumerate((naming.x1, naming.x2))], axis=1)
    answer = naming.value.shown(network.predict(given)[:, 0])
    np.testing.assert_allclose(OWN.value.shown(placed.predict(PLACES)[:, 0]), answer, rtol=1e-9)


def test_points_without_units_stay_as_they_are():
    network = Network([2, 4, 3], seed=3)
    named = Naming(classes=("oak", "elm", "ash"))
    dataset, placed, keeps = opened(network, named, CLASSES)
    assert keeps
    assert dataset == CLASSES.named(named)
    np.testing.assert_array_equal(placed.parameters, network.parameters)


@pytest.mark.parametrize(
    ("network", "naming", "present", "n_classes", "kind"),
    [
        (Network([2, 3, 2]), PLAIN, CLASSES, 2, "classes"),
        (Network([2, 3, 3]), PLAIN, VALUES, 3, "classes"),
        (Network([2, 3, 1], output_activation="sigmoid"), PLAIN, CLASSES, 2, "classes"),
        (Network([2, 3, 1], output_activation="linear"), PLAIN, CLASSES, 0, "values"),
        (Network([1, 3, 1], output_activation="tanh", features=["x"]), PLAIN, CLASSES, 0, "curve"),
        (Network([2, 3, 3]), OTHER, CLASSES, 3, "classes"),
        (Network([2, 3, 1], output_activation="tanh"), OTHER, VALUES.named(OWN), 0, "values"),
    ],
)
def test_points_that_do_not_go_with_it_are_left_out(network, naming, present, n_classes, kind):
    dataset, placed, keeps = opened(network, naming, present)
    assert not keeps
    assert len(dataset) == 0
    assert (dataset.n_classes, dataset.kind) == (n_classes, kind)
    assert dataset.naming == naming
    np.testing.assert_array_equal(placed.parameters, network.parameters)


def test_training_settings_stay_as_far_as_they_go_with_it():
    training = TrainingSettings(optimizer="adam", learning_rate=0.5, dropout=(0.1, 0.2))
    present = Setup(CLASSES, NetworkSettings((2, 4, 4, 3), ("tanh", "tanh")), training)
    network = Network([2, 4, 3], output_activation="tanh")
    experiment, _ = experiment_around(network, PLAIN, present, GeneratorSettings())
    kept = experiment.training
    assert (kept.optimizer, kept.learning_rate) == ("adam", 0.5)
    assert (kept.loss, kept.dropout) == ("squared_error", 0.0)
