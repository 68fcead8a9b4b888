import math
from dataclasses import replace
from itertools import cycle

import numpy as np
import pytest

from model import Dataset, Metrics, Network, Trainer, TrainingSettings
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.network.workspace import Workspace
from model.training.metrics import has_diverged
from model.training.optimizers import OPTIMIZERS
from model.training.regularization import REGULARIZATIONS

pytestmark = pytest.mark.usefixtures("engine")


def network_of(sizes=(2, 4, 4, 2), hidden="tanh", output="softmax", seed=0):
    return Network(list(sizes), hidden, output, initializer="uniform", seed=seed)


def dataset_of(n_points=25, n_classes=2, seed=0, **sets):
    points = np.random.default_rng(seed).uniform(-6.0, 6.0, (n_points, 2))
    return Dataset(points, np.arange(n_points) % n_classes, n_classes=n_classes, **sets)


def trainer_of(dataset=None, seed=0, network=None, **settings):
    dataset = dataset_of() if dataset is None else dataset
    network = network or network_of((2, 4, 4, dataset.n_classes))
    return Trainer(network, dataset, TrainingSettings(**settings), seed=seed)


def parameters_after(trainer, n_steps):
    trainer.run_steps(n_steps)
    return trainer.network.parameters.copy()


def changes_of_single_steps(trainer, n_steps):
    """Return how each of `n_steps` steps changes the parameters, shape (n_steps, n_parameters)."""
    start = trainer.network.parameters.copy()
    return np.diff([start, *(parameters_after(trainer, 1) for _ in range(n_steps))], axis=0)


class TestSteps:
    def test_a_full_batch_step_goes_against_the_gradient(self):
        trainer = trainer_of(learning_rate=0.2, batch_size=None)
        dataset, before = trainer.dataset, trainer.network.parameters.copy()
        gradient = trainer.network.gradient(dataset.points, dataset.labels)

        np.testing.assert_allclose(parameters_after(trainer, 1), before - 0.2 * gradient, rtol=0, atol=1e-15)

    @pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
    def test_training_lowers_the_loss(self, output):
        network = network_of((2, 4, 1 if OUTPUT_ACTIVATIONS[output].min_units == 1 else 2), output=output)
        points = dataset_of(50).points
        loss = "cross_entropy" if output in LOSSES["cross_entropy"].outputs else "squared_error"
        dataset = Dataset(points, points[:, 0] > points[:, 1])
        trainer = trainer_of(dataset, network=network, learning_rate=0.1, loss=loss)
        before = trainer.metrics()

        trainer.run_steps(500)

        assert trainer.metrics().train_loss < 0.2 * before.train_loss
        assert trainer.metrics().train_accuracy > max(before.train_accuracy, 0.95)

    def test_steps_and_epochs_are_counted(self):
        trainer = trainer_of(batch_size=10)
        counts = []
        for _ in range(7):
            trainer.run_steps(1)
            counts.append((trainer.step_count, trainer.epoch_count, trainer.steps_left_in_epoch))

        assert counts == [(1, 0, 2), (2, 0, 1), (3, 1, 3), (4, 1, 2), (5, 1, 1), (6, 2, 3), (7, 2, 2)]

    def test_run_epoch_completes_the_present_epoch(self):
        trainer = trainer_of(batch_size=10)
        trainer.run_steps(4)

        trainer.run_epoch()
        assert (trainer.step_count, trainer.epoch_count) == (6, 2)
        trainer.run_epoch()
        assert (trainer.step_count, trainer.epoch_count) == (9, 3)

    def test_steps_at_once_and_one_by_one_are_the_same_to_the_bit(self):
        at_once, one_by_one = trainer_of(), trainer_of()

        at_once.run_steps(20)
        for _ in range(20):
            one_by_one.run_steps(1)

        np.testing.assert_array_equal(at_once.network.parameters, one_by_one.network.parameters)
        assert at_once.epoch_count == one_by_one.epoch_count == 6

    def test_metrics_in_between_change_nothing(self):
        quiet, watched = trainer_of(), trainer_of()

        quiet.run_steps(12)
        for _ in range(12):
            watched.run_steps(1)
            watched.metrics()

        np.testing.assert_array_equal(watched.network.parameters, quiet.network.parameters)


class TestSeeds:
    def test_same_seed_same_run_to_the_bit(self):
        first, again = (parameters_after(trainer_of(seed=5), 100) for _ in range(2))

        np.testing.assert_array_equal(first, again)

    def test_another_seed_is_another_run(self):
        first, other = (parameters_after(trainer_of(seed=seed), 100) for seed in (5, 6))

        assert not np.array_equal(first, other)

    def test_another_network_seed_is_another_run(self):
        runs = [parameters_after(trainer_of(network=network_of(seed=seed)), 100) for seed in (5, 6)]

        assert not np.array_equal(*runs)

    def test_nothing_depends_on_the_global_generator(self):
        np.random.seed(1)  # noqa: NPY002
        first = parameters_after(trainer_of(), 30)
        np.random.seed(2)  # noqa: NPY002

        np.testing.assert_array_equal(parameters_after(trainer_of(), 30), first)


class TestEpochs:
    """With a tiny learning rate the changes of an epoch's steps add up, weighted by their batch sizes.

    The sum is the full gradient when every point is in exactly one batch and the batches have the sizes expected.
    """

    learning_rate = 1e-6

    @pytest.mark.parametrize(
        ("n_points", "batch_size", "sizes"),
        [(25, 10, [10, 10, 5]), (20, 10, [10, 10]), (3, 10, [3]), (1, 10, [1]), (7, 1, [1] * 7), (25, None, [25])],
    )
    def test_every_point_is_used_once_and_the_rest_is_a_smaller_batch(self, n_points, batch_size, sizes):
        trainer = trainer_of(dataset_of(n_points), learning_rate=self.learning_rate, batch_size=batch_size)
        dataset = trainer.dataset
        gradient = trainer.network.gradient(dataset.points, dataset.labels)

        for epoch in range(3):
            assert trainer.steps_left_in_epoch == len(sizes)
            changes = changes_of_single_steps(trainer, len(sizes))
            assert trainer.epoch_count == epoch + 1
            total = np.array(sizes) @ changes
            np.testing.assert_allclose(total, -self.learning_rate * n_points * gradient, rtol=0, atol=1e-9)

    def test_every_epoch_has_its_own_order(self):
        trainer = trainer_of(learning_rate=self.learning_rate, batch_size=10)

        first_steps = [changes_of_single_steps(trainer, 3)[0] for _ in range(4)]

        for index, change in enumerate(first_steps):
            for other in first_steps[:index]:
                assert np.abs(change - other).max() > 0.01 * self.learning_rate

    def test_test_points_are_not_learnt_from(self):
        is_test = np.arange(25) % 3 == 0
        with_test = dataset_of(is_test=is_test)

        both = [parameters_after(trainer_of(dataset), 50) for dataset in (with_test, with_test.subset(test=False))]

        np.testing.assert_array_equal(*both)


class TestFewPoints:
    def test_fewer_points_than_the_batch_size_still_train(self):
        trainer = trainer_of(dataset_of(3), batch_size=10, learning_rate=0.5)
        before = trainer.metrics().train_loss

        trainer.run_steps(100)

        assert trainer.step_count == trainer.epoch_count == 100
        assert trainer.metrics().train_loss < 0.5 * before

    @pytest.mark.parametrize("dataset", [Dataset([], []), dataset_of(5, is_test=[True] * 5)], ids=["none", "all test"])
    def test_without_training_points_nothing_happens(self, dataset):
        trainer = trainer_of(dataset)
        before = trainer.network.parameters.copy()

        np.testing.assert_array_equal(parameters_after(trainer, 10), before)
        trainer.run_epoch()

        assert not trainer.can_train
        assert (trainer.step_count, trainer.epoch_count, trainer.steps_left_in_epoch) == (0, 0, 0)
        assert (trainer.metrics().train_loss, trainer.metrics().train_accuracy) == (None, None)

    def test_no_points_have_no_metrics(self):
        assert trainer_of(Dataset([], [])).metrics() == Metrics(0, None, None, None, None)

    def test_no_test_points_have_no_test_metrics(self):
        metrics = trainer_of().metrics()

        assert (metrics.test_loss, metrics.test_accuracy) == (None, None)
        assert math.isfinite(metrics.train_loss)

    def test_test_points_alone_have_test_metrics(self):
        metrics = trainer_of(dataset_of(5, is_test=[True] * 5)).metrics()

        assert math.isfinite(metrics.test_loss)
        assert 0.0 <= metrics.test_accuracy <= 1.0

    @pytest.mark.parametrize("output", OUTPUT_ACTIVATIONS)
    @pytest.mark.parametrize("labels", [[1], [1] * 12], ids=["one point", "one class"])
    def test_one_point_or_one_class_is_learnt(self, output, labels):
        network = network_of((2, 4, 1 if OUTPUT_ACTIVATIONS[output].min_units == 1 else 2), output=output)
        points = np.random.default_rng(0).uniform(-6.0, 6.0, (len(labels), 2))
        loss = "cross_entropy" if output in LOSSES["cross_entropy"].outputs else "squared_error"
        trainer = trainer_of(Dataset(points, labels), network=network, learning_rate=0.1, loss=loss)

        trainer.run_steps(1000)

        assert trainer.metrics().train_accuracy == 1.0
        assert 0.0 <= trainer.metrics().train_loss < 0.1


class TestMetrics:
    @pytest.mark.parametrize(("output", "n_classes"), [("softmax", 2), ("softmax", 4), ("sigmoid", 2)])
    def test_metrics_are_mean_cross_entropy_and_share_of_right_classes(self, output, n_classes):
        is_test = np.arange(30) % 3 == 0
        dataset = dataset_of(30, n_classes, is_test=is_test)
        network = network_of((2, 5, 1 if output == "sigmoid" else n_classes), output=output)
        probabilities = network.class_probabilities(dataset.points)
        losses = -np.log(probabilities[np.arange(30), dataset.labels])
        right = probabilities.argmax(axis=1) == dataset.labels

        metrics = trainer_of(dataset, network=network).metrics()

        assert metrics.train_loss == pytest.approx(losses[~is_test].mean(), rel=1e-12)
        assert metrics.test_loss == pytest.approx(losses[is_test].mean(), rel=1e-12)
        assert metrics.train_accuracy == right[~is_test].mean()
        assert metrics.test_accuracy == right[is_test].mean()

    def test_metrics_belong_to_the_present_parameters(self):
        trainer = trainer_of()
        trainer.metrics()

        trainer.network.set_parameters(
            [w * 0 for w in trainer.network.weights], [b * 0 for b in trainer.network.biases]
        )

        assert trainer.metrics().train_loss == pytest.approx(np.log(2.0), rel=1e-15)


class TestChangesDuringARun:
    def test_a_new_learning_rate_holds_from_the_next_step_on(self):
        trainer = trainer_of(learning_rate=0.1, batch_size=None)
        dataset, before = trainer.dataset, parameters_after(trainer, 5)
        gradient = trainer.network.gradient(dataset.points, dataset.labels)

        trainer.set_settings(TrainingSettings(learning_rate=0.7, batch_size=None))

        np.testing.assert_array_equal(trainer.network.parameters, before)
        np.testing.assert_allclose(parameters_after(trainer, 1), before - 0.7 * gradient, rtol=0, atol=1e-14)
        assert trainer.step_count == 6

    def test_a_new_learning_rate_leaves_the_order_of_the_points(self):
        plain, changed = trainer_of(learning_rate=0.1), trainer_of(learning_rate=0.4)
        changed.set_settings(plain.settings)

        np.testing.assert_array_equal(parameters_after(plain, 10), parameters_after(changed, 10))
        plain.set_settings(TrainingSettings(learning_rate=0.2))
        plain.set_settings(changed.settings)
        np.testing.assert_array_equal(parameters_after(plain, 10), parameters_after(changed, 10))

    def test_a_new_batch_size_begins_a_new_epoch_without_a_reset(self):
        trainer = trainer_of(batch_size=10)
        before = parameters_after(trainer, 4)

        trainer.set_settings(TrainingSettings(batch_size=5))

        np.testing.assert_array_equal(trainer.network.parameters, before)
        assert (trainer.step_count, trainer.epoch_count, trainer.steps_left_in_epoch) == (4, 1, 5)
        trainer.run_epoch()
        assert (trainer.step_count, trainer.epoch_count) == (9, 2)
        assert not np.array_equal(trainer.network.parameters, before)

    def test_another_data_set_is_learnt_from_the_next_step_on(self):
        trainer, other = trainer_of(batch_size=None, learning_rate=0.2), dataset_of(40, seed=9)
        before = parameters_after(trainer, 3)
        gradient = trainer.network.gradient(other.points, other.labels)

        trainer.set_dataset(other)

        np.testing.assert_array_equal(trainer.network.parameters, before)
        np.testing.assert_allclose(parameters_after(trainer, 1), before - 0.2 * gradient, rtol=0, atol=1e-14)
        assert trainer.step_count == 4
        assert trainer.dataset is other

    def test_a_data_set_drawn_point_by_point_during_a_run(self):
        trainer = trainer_of(Dataset([], []), network=network_of())
        points = dataset_of(12)
        for n_points in range(1, 13):
            trainer.set_dataset(Dataset(points.points[:n_points], points.labels[:n_points]))
            trainer.run_epoch()

        assert trainer.epoch_count == 12
        assert trainer.step_count == 10 * 1 + 2 * 2
        assert math.isfinite(trainer.metrics().train_loss)

    def test_a_data_set_with_too_many_classes_is_refused(self):
        trainer, untouched = trainer_of(), trainer_of()

        with pytest.raises(ValueError, match="the network tells 2 classes apart; the data set has 3"):
            trainer.set_dataset(dataset_of(n_classes=3))

        np.testing.assert_array_equal(parameters_after(trainer, 10), parameters_after(untouched, 10))

    def test_another_network_goes_on_with_the_counts(self):
        trainer, network = trainer_of(batch_size=10), network_of((2, 7, 3), "relu")
        trainer.run_steps(4)
        before = network.parameters.copy()

        trainer.set_network(network, dataset_of(30, 3))
        trainer.run_epoch()

        assert (trainer.step_count, trainer.epoch_count) == (7, 2)
        assert not np.array_equal(network.parameters, before)

    def test_a_network_with_too_few_outputs_is_refused(self):
        trainer, untouched = trainer_of(), trainer_of()

        with pytest.raises(ValueError, match="the network tells 3 classes apart; the data set has 4"):
            trainer.set_network(network_of((2, 7, 3)), dataset_of(n_classes=4))

        np.testing.assert_array_equal(parameters_after(trainer, 10), parameters_after(untouched, 10))

    def test_a_checkpoint_brings_a_moment_back(self):
        trainer = trainer_of(batch_size=10)
        then = parameters_after(trainer, 4)
        checkpoint = trainer.checkpoint()
        trainer.run_steps(50)

        trainer.fall_back(checkpoint)

        np.testing.assert_array_equal(trainer.network.parameters, then)
        assert (trainer.step_count, trainer.epoch_count, trainer.steps_left_in_epoch) == (4, 1, 3)
        assert not checkpoint.parameters.flags.writeable


class TestDivergence:
    @pytest.mark.parametrize(
        ("train_loss", "test_loss", "first_loss", "diverged"),
        [
            (0.5, 0.6, 0.7, False),
            (None, None, None, False),
            (0.5, None, None, False),
            (math.nan, 0.5, 0.7, True),
            (0.5, math.nan, 0.7, True),
            (None, math.nan, None, True),
            (math.inf, None, None, True),
            (0.71e6, None, 0.7, True),
            (0.69e6, None, 0.7, False),
        ],
    )
    def test_what_counts_as_diverged(self, train_loss, test_loss, first_loss, diverged):
        assert has_diverged(Metrics(10, train_loss, test_loss, None, None), first_loss) is diverged

    @pytest.mark.parametrize(("hidden", "learning_rate"), [("linear", 10.0), ("relu", 1e8), ("tanh", 1e8)])
    def test_a_run_that_diverges_is_found_out_without_a_warning(self, hidden, learning_rate):
        trainer = trainer_of(network=network_of(hidden=hidden), learning_rate=learning_rate)
        first_loss = trainer.metrics().train_loss
        assert not has_diverged(trainer.metrics(), first_loss)

        trainer.run_steps(100)

        assert has_diverged(trainer.metrics(), first_loss)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"loss": "hinge"}, r"loss must be one of cross_entropy.*; got 'hinge'"),
        ({"optimizer": "newton"}, r"optimizer must be one of sgd.*; got 'newton'"),
        ({"learning_rate": 0.0}, r"learning_rate must be a number above 0; got 0\.0"),
        ({"learning_rate": -0.1}, r"learning_rate must be a number above 0; got -0\.1"),
        ({"learning_rate": math.nan}, "learning_rate must be a number above 0; got nan"),
        ({"learning_rate": math.inf}, "learning_rate must be a number above 0; got inf"),
        ({"batch_size": 0}, "batch_size must be 1 or more, or None for all points; got 0"),
    ],
)
def test_settings_outside_their_range_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        TrainingSettings(**arguments)


def regression_of(n_points=40, seed=0, **sets):
    points = np.random.default_rng(seed).uniform(-3.0, 3.0, (n_points, 2))
    return Dataset(points, np.tanh(points[:, 0] - 0.5 * points[:, 1]), n_classes=0, **sets)


def regressor(**settings):
    return trainer_of(regression_of(), network=network_of((2, 5, 1), output="linear"), loss="squared_error", **settings)


class TestRegression:
    def test_metrics_are_those_of_their_definitions(self):
        dataset = regression_of(is_test=np.arange(40) % 4 == 0)
        trainer = trainer_of(dataset, network=network_of((2, 5, 1), output="linear"), loss="squared_error")
        metrics = trainer.metrics()

        for kind, chosen in (("train", ~dataset.is_test), ("test", dataset.is_test)):
            targets = dataset.labels[chosen]
            errors = trainer.network.predict(dataset.points[chosen])[:, 0] - targets
            r2 = 1 - (errors**2).sum() / ((targets - targets.mean()) ** 2).sum()
            assert getattr(metrics, f"{kind}_loss") == pytest.approx((errors**2).mean() / 2)
            assert getattr(metrics, f"{kind}_r2") == pytest.approx(r2)
            assert getattr(metrics, f"{kind}_mae") == pytest.approx(np.abs(errors).mean())
            assert getattr(metrics, f"{kind}_accuracy") is None

    def test_learns(self):
        trainer = regressor(optimizer="adam", learning_rate=0.02)
        trainer.run_steps(3000)

        assert trainer.metrics().train_r2 > 0.99

    def test_without_variation_there_is_no_r2(self):
        dataset = Dataset([[0, 0], [1, 1]], [0.5, 0.5], n_classes=0)
        trainer = trainer_of(dataset, network=network_of((2, 5, 1), output="linear"), loss="squared_error")

        assert trainer.metrics().train_r2 is None
        assert trainer.metrics().test_mae is None

    def test_what_does_not_fit_is_refused(self):
        with pytest.raises(ValueError, match="a regression needs one output unit; got 2"):
            trainer_of(regression_of(), network=network_of(), loss="squared_error")
        with pytest.raises(ValueError, match="a regression needs the loss squared_error; got 'cross_entropy'"):
            trainer_of(regression_of(), network=network_of((2, 3, 1), output="sigmoid"))
        trainer = trainer_of(dataset_of(), network=network_of((2, 3, 2), output="linear"), loss="squared_error")
        with pytest.raises(ValueError, match="one output unit"):
            trainer.set_dataset(regression_of())
        assert not trainer.dataset.is_regression

    def test_confusion_is_empty(self):
        assert [matrix.shape for matrix in regressor().confusion()] == [(0, 0), (0, 0)]


class TestConfusion:
    def test_counts_what_is_taken_for_what(self):
        dataset = dataset_of(60, 3, is_test=np.arange(60) % 3 == 0)
        trainer = trainer_of(dataset)
        predicted = trainer.network.predict(dataset.points).argmax(axis=1)

        for matrix, chosen in zip(trainer.confusion(), (~dataset.is_test, dataset.is_test), strict=True):
            expected = np.zeros((3, 3))
            np.add.at(expected, (dataset.labels[chosen], predicted[chosen]), 1)
            np.testing.assert_array_equal(matrix, expected)

    def test_agrees_with_the_accuracy(self):
        trainer = trainer_of(learning_rate=0.1)
        trainer.run_steps(50)
        matrix, nothing = trainer.confusion()

        assert np.trace(matrix) / matrix.sum() == pytest.approx(trainer.metrics().train_accuracy)
        np.testing.assert_array_equal(nothing, np.zeros((2, 2)))


class TestEarlyStopping:
    def overfitting(self, patience=5):
        # Labels without a rule: what is learnt of the training points makes the test points worse.
        points = np.random.default_rng(3).uniform(-2.0, 2.0, (60, 2))
        labels = np.random.default_rng(4).integers(2, size=60)
        dataset = Dataset(points, labels, np.arange(60) % 2 == 0)
        network = network_of((2, 16, 16, 2))
        return trainer_of(dataset, network=network, optimizer="adam", learning_rate=0.02, patience=patience)

    def test_ends_with_the_weights_of_the_lowest_test_loss(self):
        trainer, losses = self.overfitting(), []
        while trainer.finished is None:
            trainer.run_epoch()
            losses.append(trainer.metrics().test_loss)

        # The last one is measured after the best weights came back.
        assert trainer.finished == "early_stopping"
        assert losses[-1] == min(losses)
        assert len(losses) - 1 - losses.index(min(losses)) == 5
        step = trainer.step_count
        trainer.run_steps(10)
        assert trainer.step_count == step

    def test_goes_on_when_asked_to(self):
        trainer = self.overfitting()
        trainer.run_steps(10_000)
        step = trainer.step_count
        trainer.resume()
        trainer.run_steps(1)

        assert (trainer.finished, trainer.step_count) == (None, step + 1)

    def test_without_patience_or_test_points_nothing_ends(self):
        trainer = self.overfitting(None)
        trainer.run_steps(500)
        assert (trainer.finished, trainer.step_count) == (None, 500)
        trainer = trainer_of(patience=1)
        trainer.run_steps(500)
        assert (trainer.finished, trainer.step_count) == (None, 500)

    @pytest.mark.parametrize("patience", [0, -3])
    def test_wrong_patience_is_refused(self, patience):
        with pytest.raises(ValueError, match=f"patience must be 1 epoch or more, or None; got {patience}"):
            TrainingSettings(patience=patience)


def with_marks(**marks):
    network = network_of((2, 4, 4, 2))
    return Network.from_settings(replace(network.settings, **marks), network.parameters)


class TestMarks:
    @pytest.mark.parametrize(
        ("optimizer", "regularization"),
        list(zip([name for name, entry in OPTIMIZERS.items() if entry.make], cycle(REGULARIZATIONS), strict=False)),
    )
    def test_frozen_and_pruned_parameters_never_move(self, optimizer, regularization):
        network = with_marks(frozen=frozenset({0, 13}), pruned=frozenset({5}))
        network.parameters[5] = 0.0
        before = network.parameters.copy()
        trainer = trainer_of(
            network=network,
            optimizer=optimizer,
            regularization=regularization,
            regularization_rate=0.1,
            learning_rate=0.05,
        )
        trainer.run_steps(60)
        same = np.flatnonzero(network.parameters == before)

        np.testing.assert_array_equal(same, [0, 5, 13])
        assert network.parameters[5] == 0.0

    def test_what_leads_to_and_from_a_muted_neuron_rests(self):
        network = with_marks(muted=frozenset({(1, 2)}))
        before = network.parameters.copy()
        gradient = network.gradient(dataset_of().points, dataset_of().labels)
        trainer_of(network=network, learning_rate=0.1).run_steps(20)
        resting = np.zeros(len(before), dtype=bool)
        first, second = resting[:12].reshape(3, 4), resting[12:32].reshape(5, 4)
        first[:, 2], second[2] = True, True

        np.testing.assert_array_equal(gradient == 0, resting)
        np.testing.assert_array_equal(network.parameters == before, resting)

    def test_a_muted_neuron_says_zero(self):
        points = dataset_of().points
        muted = with_marks(muted=frozenset({(1, 2), (0, 0)}))
        by_hand = network_of((2, 4, 4, 2))
        by_hand.weights[1][2] = 0.0
        by_hand.weights[0][0] = 0.0

        np.testing.assert_array_equal(muted.layer_outputs(points)[1][:, 2], 0.0)
        np.testing.assert_array_equal(muted.layer_outputs(points)[0][:, 0], 0.0)
        np.testing.assert_allclose(muted.predict(points), by_hand.predict(points), atol=1e-15)


@pytest.mark.parametrize("bias", ["none", "shared"])
def test_every_kind_of_bias_learns(bias):
    dataset = dataset_of(60)
    dataset = Dataset(dataset.points, (dataset.points[:, 0] > dataset.points[:, 1]).astype(int))
    trainer = trainer_of(dataset, network=Network([2, 6, 2], bias=bias), learning_rate=0.1, clip_norm=1.0)
    trainer.run_steps(2000)

    assert trainer.metrics().train_accuracy > 0.95


def test_the_settings_seed_is_the_trainer_s():
    by_settings = Trainer(network_of(), dataset_of(), TrainingSettings(seed=7))
    by_argument = Trainer(network_of(), dataset_of(), TrainingSettings(), seed=7)

    np.testing.assert_array_equal(parameters_after(by_settings, 30), parameters_after(by_argument, 30))
    with pytest.raises(ValueError, match="seed must be 0 or more; got -1"):
        TrainingSettings(seed=-1)


def test_points_are_answered_once_for_the_same_parameters(monkeypatch):
    passes, forward = [], Workspace.forward
    monkeypatch.setattr(Workspace, "forward", lambda own, inputs: (passes.append(own), forward(own, inputs))[1])
    points = np.random.default_rng(0).uniform(-6, 6, (20, 2))
    dataset = Dataset(points, np.arange(20) % 2, np.arange(20) < 5, n_classes=2)
    trainer = Trainer(Network([2, 3, 2]), dataset, TrainingSettings(learning_rate=0.1))

    first = trainer.metrics(), trainer.confusion()
    assert len(passes) == 2, "the training points, and the test points"

    trainer.network.parameters[0] += 5.0
    again = trainer.metrics(), trainer.confusion()
    assert len(passes) == 4
    fresh = Trainer(
        Network.from_settings(trainer.network.settings, trainer.network.parameters), dataset, trainer.settings
    )
    assert again[0].train_loss == fresh.metrics().train_loss != first[0].train_loss
