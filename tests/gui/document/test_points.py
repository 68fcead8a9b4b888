"""Points, classes and values as the document changes them, and back."""

import numpy as np
import pytest

from model import Dataset
from model.data.dataset import CURVE_UNIT
from model.data.edits import ReplaceAll
from model.data.generators import GENERATORS
from model.data.naming import Axis, Naming
from model.network.parts import Unit


class TestClasses:
    def test_adding_one_adds_an_output_and_keeps_the_weights(self, trained, answered):
        before = trained.displayed.network
        trained.points.add_class()
        answered(trained)

        after = trained.displayed.network
        assert trained.dataset.n_classes == after.settings.layer_sizes[-1] == 4
        assert trained.view.settings.current_class == 3
        np.testing.assert_array_equal(after.weights[0], before.weights[0])
        np.testing.assert_array_equal(after.weights[-1][:, :3], before.weights[-1])
        assert trained.displayed.step > 0, "the run goes on"

    def test_removing_one_removes_its_points_and_output(self, trained, answered):
        before, points = trained.displayed.network, trained.dataset
        trained.points.remove_class(1)
        answered(trained)

        after = trained.displayed.network
        assert trained.dataset.n_classes == 2
        np.testing.assert_array_equal(trained.dataset.points, points.points[points.labels != 1])
        np.testing.assert_array_equal(after.weights[-1], before.weights[-1][:, [0, 2]])
        trained.changes.undo()
        answered(trained)
        assert trained.dataset == points
        np.testing.assert_array_equal(trained.displayed.network.parameters, before.parameters)

    def test_there_are_two_to_eight(self, document):
        for _ in range(10):
            document.points.add_class()
        assert document.dataset.n_classes == 8
        for _ in range(10):
            document.points.remove_current_class()
        assert document.dataset.n_classes == 2
        assert document.view.settings.current_class < 2

    def test_a_single_output_becomes_one_for_each_class(self, document, answered):
        document.points.remove_class(2)
        document.network.set_output("sigmoid", single_unit=True)
        assert document.network_settings.layer_sizes[-1] == 1
        answered(document)
        before = document.displayed.surface.probabilities
        document.network.set_output("softmax", single_unit=False)
        answered(document)

        np.testing.assert_allclose(document.displayed.surface.probabilities, before, atol=1e-5)

    def test_three_classes_need_an_output_each(self, document):
        document.network.set_output("sigmoid", single_unit=True)
        assert (document.network_settings.output_activation, document.network_settings.layer_sizes[-1]) == (
            "sigmoid",
            3,
        )

    def test_an_output_without_cross_entropy_brings_the_squared_error(self, document, answered):
        document.points.remove_class(2)
        document.network.set_output("tanh", single_unit=True)
        assert document.training_settings.loss == "squared_error"
        document.changes.undo()
        assert document.training_settings.loss == "cross_entropy"
        answered(document)
        assert document.displayed.network.settings == document.network_settings


class TestData:
    @pytest.mark.parametrize("name", GENERATORS)
    def test_every_generator_can_be_chosen_and_undone(self, document, answered, name, what_undo_restores):
        before = what_undo_restores(document)
        document.points.generate(name=name)
        answered(document)
        smallest, largest = GENERATORS[name].class_range

        assert smallest <= document.dataset.n_classes <= largest
        assert document.displayed.moment.dataset.kind == GENERATORS[name].kind
        assert document.displayed.network.settings.n_classes == max(document.dataset.n_classes, 2)
        document.changes.undo()
        assert what_undo_restores(document) == before

    def test_regenerate_takes_the_next_seed(self, document):
        before = document.dataset
        document.points.regenerate()
        assert document.changes.generator_settings.seed == 1
        assert len(document.dataset) == len(before)
        assert document.dataset != before

    def test_training_share_splits_the_same_points(self, document):
        before = document.dataset
        document.points.set_training_share(0.5)

        np.testing.assert_array_equal(document.dataset.points, before.points)
        assert document.dataset.n_training == 120

    def test_the_selection_goes_with_its_points(self, document):
        document.view.select_points(np.arange(10))
        document.points.delete_selected()
        assert len(document.dataset) == 230
        assert len(document.view.selected_points) == 0
        document.points.select_all()
        document.points.move(document.view.selected_points, document.dataset.points * 0.5)
        assert len(document.view.selected_points) == 230, "moved points stay selected"
        document.view.select(Unit(1, 0))
        document.view.select_none()
        assert len(document.view.selected_points) == 0
        assert document.view.selection is None

    def test_looking_back_all_that_is_shown_is_selected(self, trained, qtbot):
        trained.points.remove("delete points", np.arange(100))
        qtbot.waitUntil(lambda: len(trained.displayed.moment.dataset) == 140)
        trained.run.look_back(0)

        trained.points.select_all()
        assert len(trained.view.selected_points) == 240
        trained.run.look_at_present()
        assert len(trained.view.selected_points) == 0

    def test_new_points_are_used_at_once(self, trained, answered):
        before = trained.displayed.metrics.train_loss
        trained.points.add("brush", np.full((50, 2), 3.0), class_index=0)
        answered(trained)
        assert trained.displayed.metrics.train_loss != before


class TestRegression:
    def test_classes_become_values_and_undo_brings_all_back(self, document, answered, what_undo_restores):
        before = what_undo_restores(document)
        parameters = document.displayed.network.parameters.copy()
        document.points.set_kind("values")
        answered(document)

        assert document.dataset.is_regression
        assert document.displayed.is_regression
        np.testing.assert_array_equal(np.unique(document.dataset.labels), [-1, 0, 1])
        assert document.network_settings.layer_sizes[-1] == 1
        assert (document.network_settings.output_activation, document.training_settings.loss) == (
            "linear",
            "squared_error",
        )
        document.changes.undo()
        answered(document)
        assert what_undo_restores(document) == before
        np.testing.assert_array_equal(document.displayed.network.parameters, parameters)

    @pytest.mark.parametrize("name", ["plane", "sine_wave"])
    def test_values_and_curves_become_classes(self, document, answered, name):
        document.points.generate(name=name)
        document.points.set_kind("classes")
        answered(document)

        assert document.dataset.n_classes == 2
        assert not document.displayed.is_regression
        assert (document.network_settings.output_activation, document.training_settings.loss) == (
            "softmax",
            "cross_entropy",
        )

    def test_points_of_the_plane_become_those_of_a_curve_and_undo_brings_all_back(
        self, document, answered, what_undo_restores
    ):
        before = what_undo_restores(document)
        parameters = document.displayed.network.parameters.copy()
        weights = document.displayed.network.weights[0].copy()
        document.points.set_kind("curve")
        answered(document)

        assert document.dataset.is_curve
        np.testing.assert_array_equal(document.dataset.labels * CURVE_UNIT, document.dataset.points[:, 1])
        assert (document.network.features, document.network_settings.layer_sizes[-1]) == (("x",), 1)
        assert document.network_settings.output_activation == "linear"
        assert document.training_settings.loss == "squared_error"
        np.testing.assert_array_equal(document.displayed.network.weights[0], weights[:1])
        assert document.displayed.curve is not None
        document.changes.undo()
        answered(document)
        assert what_undo_restores(document) == before
        np.testing.assert_array_equal(document.displayed.network.parameters, parameters)
        assert document.displayed.curve is None

    @pytest.mark.parametrize("kind", ["classes", "values"])
    def test_a_curve_becomes_points_of_the_plane(self, document, answered, kind):
        document.points.generate(name="sine_wave", n_points=30)
        heights = document.dataset.labels
        document.points.set_kind(kind)
        answered(document)

        assert (document.dataset.kind, document.displayed.moment.dataset.kind) == (kind, kind)
        assert document.network.features == ("x1", "x2")
        expected = heights > 0 if kind == "classes" else np.clip(heights, -1, 1)
        np.testing.assert_array_equal(document.dataset.labels, expected)

    def test_points_of_a_curve_are_as_high_as_they_are_placed_and_moved(self, document):
        document.points.set_data("", Dataset.curve([[0, 1]]))
        document.view.set(current_value=0.9)
        document.points.add("place point", [[1.0, 2.0], [0.0, -6.0]])
        document.points.move(np.array([0]), [[3.0, 5.0]])

        assert document.dataset.labels.tolist() == [1.25, 0.5, -1.5]
        document.points.spray((0.0, 0.0), 30)
        np.testing.assert_array_equal(document.dataset.labels * CURVE_UNIT, document.dataset.points[:, 1])

    def test_a_standardized_network_stays_so_between_the_plane_and_a_curve(self, document, answered):
        document.network.set_standardized(True)
        document.points.set_kind("curve")
        answered(document)
        x = document.dataset.points[~document.dataset.is_test, 0]

        assert document.network_settings.standardization == ((pytest.approx(x.mean()), pytest.approx(x.std())),)
        document.points.set_kind("values")
        assert len(document.network_settings.standardization) == 2

    def test_a_feature_of_another_problem_is_refused(self, document):
        with pytest.raises(ValueError, match="a point has the coordinates x1 and x2"):
            document.network.toggle_feature("x**2")
        document.points.set_kind("curve")
        document.network.toggle_feature("x**2")
        with pytest.raises(ValueError, match="the network of a curve is given x alone"):
            document.network.toggle_feature("x1*2")
        assert document.network.features == ("x", "x**2")

    def test_new_points_have_the_current_value(self, document):
        document.points.set_kind("values")
        document.view.set(current_value=-0.35)
        document.points.add("place point", [[1.0, 2.0], [0.0, 0.0]])

        np.testing.assert_array_equal(document.dataset.labels[-2:], -0.35)

    @pytest.mark.parametrize("name", ["sine", "two_sigmoids"])
    def test_learns_while_points_are_drawn(self, document, qtbot, name):
        document.points.generate(name=name)
        document.learning.set_training(optimizer="adam", learning_rate=0.02)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step > 100)
        document.points.spray((0.0, 0.0), 30)
        qtbot.waitUntil(lambda: (document.displayed.metrics.train_r2 or 0) > 0.5)
        document.run.set_playing(False)
        assert document.run.notice is None

    @pytest.mark.parametrize("kind", ["values", "curve"])
    def test_one_value_is_no_reason_for_a_notice(self, document, kind):
        document.points.set_kind(kind)
        document.points.clear()
        document.points.add("place point", [[1.0, 2.0], [0.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
        assert document.run.notice is None


def test_a_number_of_classes_is_kept_only_where_it_was_chosen(document):
    drawn = []
    for name in ("xor", "spiral", "moons", "rings"):
        document.points.generate(name=name)
        drawn.append(document.dataset.n_classes)
    assert drawn == [2, 3, 2, 3]
    document.points.generate(n_classes=4)
    document.points.generate(name="spiral")
    assert document.dataset.n_classes == 4


class TestNoiseOnOwnPoints:
    @pytest.fixture
    def own(self, document):
        document.changes.edit_points("own", ReplaceAll(Dataset([[1, 1], [-2, 3], [4, -4]], [0, 1, 2], n_classes=3)))
        return document

    def test_what_a_generator_has_drawn_is_no_longer_its_own_after_an_edit(self, document):
        assert document.points.are_drawn
        document.points.move(np.array([0]), [(1.0, 1.0)])
        assert not document.points.are_drawn
        document.changes.undo()
        assert document.points.are_drawn
        document.points.set_kind("values")
        assert not document.points.are_drawn
        document.points.generate(name="moons")
        assert document.points.are_drawn

    def test_of_drawn_points_it_is_the_generator_s(self, document):
        document.points.set_noise(noise=0.4)
        assert document.changes.generator_settings.noise == 0.4
        assert document.points.noise == (0.4, 0.0)
        assert len(document.dataset) == 240

    def test_it_is_laid_on_the_points_that_are_there_turned_and_taken_off(self, own):
        before, n_steps = own.dataset, own.changes.undo_stack.count()
        assert own.points.noise == (0.0, 0.0)
        own.points.set_noise(noise=0.1, gesture=7)
        small = own.dataset.points - before.points
        own.points.set_noise(noise=0.3, gesture=7)
        assert own.points.noise == (0.3, 0.0)
        np.testing.assert_allclose(own.dataset.points - before.points, 3 * small)
        assert len(own.dataset) == 3
        assert own.changes.undo_stack.count() == n_steps + 1, "a drag is one step of undo"
        own.points.set_noise(label_noise=0.4)
        assert own.points.noise == (0.3, 0.4)
        assert np.count_nonzero(own.dataset.labels != before.labels) == 1
        own.points.set_noise(noise=0.0)
        own.points.set_noise(label_noise=0.0)
        assert own.dataset == before

    def test_undo_takes_it_off_and_the_noise_that_is_shown_follows(self, own):
        before = own.dataset
        own.points.set_noise(noise=0.3)
        noisy = own.dataset
        own.points.set_noise(label_noise=0.5)
        own.changes.undo()
        assert (own.dataset, own.points.noise) == (noisy, (0.3, 0.0))
        own.changes.undo()
        assert (own.dataset, own.points.noise) == (before, (0.0, 0.0))
        own.changes.redo()
        assert (own.dataset, own.points.noise) == (noisy, (0.3, 0.0))
        own.points.move(np.array([0]), [(0.0, 0.0)])
        assert own.points.noise == (0.0, 0.0), "what was touched since has no noise of its own"


class TestNaming:
    NAMING = Naming(Axis("length", 6.0, 0.25), Axis("width", 3.0, 0.125), Axis("species"), ("setosa", "other"))
    FLOWERS = Dataset([[-4, 4], [0, 2], [4, -4]], [0, 1, 1], None, 2, naming=NAMING)

    @pytest.mark.parametrize(
        "work",
        [
            lambda points: points.add("draw", [[1.0, 1.0]]),
            lambda points: points.move(np.array([0]), [[2.0, 2.0]]),
            lambda points: points.remove("erase", np.array([1])),
            lambda points: points.set_training_share(0.5),
            lambda points: points.add_class(),
        ],
    )
    def test_stays_when_points_are_drawn_and_moved(self, document, work):
        document.points.set_data("import", self.FLOWERS)
        work(document.points)

        assert document.dataset.naming == self.NAMING
        assert document.dataset != self.FLOWERS
        document.changes.undo()
        assert document.dataset == self.FLOWERS

    @pytest.mark.parametrize("work", [lambda points: points.regenerate(), lambda points: points.clear()])
    def test_goes_with_the_points(self, document, work):
        document.points.set_data("import", self.FLOWERS)
        work(document.points)

        assert document.dataset.naming.is_plain
        document.changes.undo()
        assert document.dataset == self.FLOWERS

    def test_the_name_of_a_class_goes_with_it(self, document):
        document.points.set_data("import", self.FLOWERS.named(self.NAMING, 3))
        document.points.remove_class(0)

        assert document.dataset.class_names == ("other", "B")
        document.points.set_kind("values")
        assert document.dataset.naming == Naming(self.NAMING.x1, self.NAMING.x2)
