"""The landscape of a document: when it is computed, when it stands, and what lies on it."""

import numpy as np
import pytest
from PySide6.QtCore import QObject

from model import Dataset, Network
from model.landscape.landscape import landscape
from model.network.parts import Edge, weight_position


@pytest.fixture
def viewer():
    return QObject()


@pytest.fixture
def finished(document, qtbot):
    """Wait until the landscape is there in full; return it."""

    def wait():
        part = document.landscape
        qtbot.waitUntil(lambda: part.is_settled and (part.landscape is None or part.landscape.is_finest))
        return part.landscape

    return wait


@pytest.fixture
def train(document, answered, qtbot):
    """Train for some more steps."""

    def take(n_steps):
        before = document.run.step_count
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.run.step_count >= before + n_steps)
        document.run.set_playing(False)
        answered(document)

    return take


@pytest.fixture
def seen(document, viewer, answered, finished):
    """The landscape's part, looked at."""
    answered(document)
    document.landscape.look(viewer, seen=True)
    finished()
    return document.landscape


def test_nothing_is_computed_until_somebody_looks(document, train, viewer, finished):
    train(20)
    assert document.landscape.landscape is None
    assert document.landscape.is_settled
    document.landscape.look(viewer, seen=True)
    made = finished()
    document.landscape.look(viewer, seen=False)
    train(20)
    assert document.landscape.landscape is made


def test_it_is_what_the_model_computes(document, seen, finished):
    made = finished()
    directions = seen.settings.directions(document.network_settings, document.displayed.network.parameters)
    np.testing.assert_array_equal(made.directions.first, directions.first)
    *_, expected = landscape(document.run.setup, directions, seen.settings.extent(directions))
    np.testing.assert_array_equal(made.losses, expected.losses)
    middle = made.losses[len(made.losses) // 2, len(made.losses) // 2]
    np.testing.assert_allclose(middle, document.displayed.metrics.train_loss, rtol=1e-12)


def test_the_plane_stands_while_the_path_grows_until_a_person_wants_it_here(document, seen, train, finished):
    before = finished()
    train(30)
    assert finished().directions is before.directions
    path = seen.path()
    assert path.n_passed == len(path.places) > 1
    np.testing.assert_allclose(path.places[0], 0.0, atol=1e-12)
    np.testing.assert_allclose(path.places[-1], seen.place().places[0])
    assert 0.0 < path.share < 1.0
    seen.renew()
    after = finished()
    np.testing.assert_array_equal(after.directions.origin, document.displayed.network.parameters)


def test_it_is_renewed_when_the_weights_leave_it(document, seen, finished, answered):
    document.view.set(landscape="weights", landscape_weights=(0, 1))
    before = finished()
    document.network.set_parameter(0, 2.0)
    answered(document)
    assert finished().directions is before.directions
    np.testing.assert_allclose(seen.place().places[0][0], 2.0)
    document.network.set_parameter(0, 9.0)
    answered(document)
    after = finished()
    assert after.directions is not before.directions
    assert after.extent.contains((9.0, after.directions.start[1]))
    document.changes.undo()
    answered(document)
    assert finished().extent.contains(tuple(seen.place().places[0]))


def test_another_range_keeps_the_plane_and_other_points_only_change_the_losses(document, seen, finished, answered):
    before = finished()
    document.view.set(landscape_reach=2.0)
    wider = finished()
    assert wider.directions is before.directions
    np.testing.assert_allclose(wider.extent.x_max, 2 * before.extent.x_max)
    document.points.add("add", [[1.0, 1.0]], 0)
    answered(document)
    after = finished()
    assert after.directions is before.directions
    assert after.extent == wider.extent
    assert not np.array_equal(after.losses, wider.losses)


def test_the_penalty_is_in_it_where_the_loss_view_shows_it(document, seen, finished, answered):
    document.learning.set_training(regularization="l2", regularization_rate=0.1)
    answered(document)
    without = finished()
    assert not without.with_penalty
    document.view.set(show_penalty=True)
    made = finished()
    assert made.with_penalty
    metrics = document.displayed.metrics
    middle = made.losses[len(made.losses) // 2, len(made.losses) // 2]
    np.testing.assert_allclose(middle, metrics.train_loss + metrics.penalty, rtol=1e-12)
    assert made.directions is without.directions


def test_main_directions_need_a_path_and_are_renewed_when_training_pauses(document, seen, finished, train):
    document.view.set(landscape="path")
    assert finished() is None
    assert "no path yet" in seen.problem
    train(60)
    made = finished()
    assert seen.problem == ""
    np.testing.assert_array_equal(made.directions.origin, document.displayed.network.parameters)
    assert seen.path().share > 0.8
    assert all(made.extent.contains(tuple(place)) for place in seen.path().places)


def test_a_past_moment_has_its_place_on_the_plane_that_stands(document, seen, finished, train):
    train(60)
    made = finished()
    document.run.look_back(0)
    assert finished().directions is made.directions
    path = seen.path()
    assert path.n_passed == 1 < len(path.places)
    np.testing.assert_allclose(path.places[0], seen.place().places[0])


def test_another_run_has_a_plane_of_its_own(document, seen, finished, answered):
    before = finished()
    document.learning.reinitialise()
    answered(document)
    after = finished()
    assert after.directions is not before.directions
    np.testing.assert_array_equal(after.directions.origin, document.displayed.network.parameters)


def test_another_shape_has_another_landscape(document, seen, finished, answered):
    document.network.insert_unit(1)
    answered(document)
    made = finished()
    assert len(made.directions.origin) == document.network_settings.n_parameters
    document.changes.undo()
    answered(document)
    assert len(finished().directions.origin) == document.network_settings.n_parameters


def test_pinned_runs_of_the_same_shape_have_their_paths_on_it(document, seen, finished, train, answered):
    train(60)
    end = document.displayed.network.parameters
    document.pins.pin()
    document.learning.reinitialise()
    document.network.insert_unit(1)
    answered(document)
    train(20)
    document.pins.pin()
    document.changes.undo()
    answered(document)
    document.view.set(landscape="path")
    train(20)
    made = finished()
    ((place, path),) = seen.pinned_paths()
    assert place == 0
    np.testing.assert_allclose(path.places[-1], made.directions.project(end[np.newaxis]).places[0])
    assert made.extent.contains(tuple(path.places[-1]))
    document.pins.unpin(document.pins.runs[0])
    finished()
    assert seen.pinned_paths() == []


def test_the_weights_clicked_last_span_the_plane(document, seen, finished):
    document.view.set(landscape="weights")
    network = document.network_settings
    first, second = Edge(0, 1, 2), Edge(1, 3, 4)
    document.view.select(first)
    document.view.select(second)
    assert seen.weights == (weight_position(network, second), weight_position(network, first))
    made = finished()
    assert made.directions.first[weight_position(network, second)] == 1.0
    document.view.select(first)
    assert seen.weights == (weight_position(network, second), weight_position(network, first)), "it is one already"


def test_the_way_down_is_the_gradient_projected(document, seen, finished, train):
    train(10)
    made = finished()
    gradient = document.run.numbers.gradient
    components, share = seen.descent()
    plane = np.stack([made.directions.first, made.directions.second])
    np.testing.assert_allclose(plane @ (components @ plane), plane @ -gradient, rtol=1e-9)
    assert 0.0 < share < 1.0


@pytest.mark.parametrize("spans", ["random", "weights", "path"])
def test_without_points_there_is_a_sentence_and_with_one_a_landscape(document, seen, finished, answered, spans):
    document.run.step()
    answered(document)
    document.view.set(landscape=spans)
    document.points.clear()
    answered(document)
    finished()
    assert "no training point" in seen.problem
    assert seen.path() is None
    document.points.add("add", [[1.0, 1.0]], 0)
    answered(document)
    made = finished()
    assert made.n_training == 1
    assert np.isfinite(made.losses).all()


def test_huge_and_smallest_networks_have_a_landscape_or_a_sentence(document, seen, finished, answered):
    document.network.set_parameter(0, 1e6)
    answered(document)
    assert np.isfinite(finished().losses).all()
    document.network.set_parameter(0, 1e300)
    answered(document)
    seen.renew()
    finished()
    assert seen.problem or np.isfinite(seen.landscape.extent.x_max)


def test_leaving_it_ends_the_work(document, seen, viewer, finished, qtbot):
    document.view.set(landscape_seed=5)
    document.landscape.look(viewer, seen=False)
    assert document.landscape._thread.take_answer() is None
    document.landscape.look(viewer, seen=True)
    finished()
    directions = seen.settings.directions(document.network_settings, document.displayed.network.parameters)
    np.testing.assert_array_equal(seen.landscape.directions.first, directions.first)


def test_what_fails_is_said_and_the_thread_goes_on(document, seen, finished, monkeypatch, caplog):
    def fail(*args, **kwargs):
        raise RuntimeError("out of paper")

    with monkeypatch.context() as patches:
        patches.setattr("gui.document.landscape_thread.landscape", fail)
        document.view.set(landscape_seed=9)
        finished()
    assert "out of paper" in seen.problem
    document.view.set(landscape_seed=10)
    assert finished() is not None


@pytest.mark.parametrize("kind", ["values", "curve"])
def test_values_and_curves_have_one(document, seen, finished, answered, kind):
    document.points.set_kind(kind)
    answered(document)
    made = finished()
    parameters = made.directions.at(np.zeros((1, 2)))[0]
    data: Dataset = document.dataset
    training = data.subset(test=False)
    network = Network.from_settings(document.network_settings, parameters)
    errors = network.predict(training.points)[:, 0] - training.labels
    middle = made.losses[len(made.losses) // 2, len(made.losses) // 2]
    np.testing.assert_allclose(middle, np.square(errors).mean() / 2, rtol=1e-12)


def test_a_gradient_that_takes_long_is_left_out_while_training(document, seen, finished, monkeypatch, qtbot):
    finished()
    monkeypatch.setattr("gui.document.landscape._QUICK", 0)
    assert seen.descent() is not None
    document.run.set_playing(True)
    assert seen.descent() is None
    document.run.set_playing(False)
    assert seen.descent() is not None


@pytest.mark.parametrize("in_all", [False, True])
def test_numbers_that_are_not_finite_have_a_sentence_and_come_back(document, seen, finished, answered, in_all):
    positions = range(document.network_settings.n_parameters) if in_all else [3]
    for position in positions:
        document.network.set_parameter(position, float("inf"))
    answered(document)
    seen.renew()
    finished()
    assert seen.problem == "The numbers of the network are not finite."
    for _ in positions:
        document.changes.undo()
    answered(document)
    assert np.isfinite(finished().losses).all()


def test_a_dead_layer_has_a_flat_landscape(document, seen, finished, answered):
    document.network.set_activation(1, "relu")
    for position in range(document.network_settings.n_parameters):
        document.network.set_parameter(position, 0.0)
    answered(document)
    document.view.set(landscape="weights")
    made = finished()
    assert np.isfinite(made.losses).all()
    np.testing.assert_allclose(made.losses, made.losses[0, 0])
    document.view.set(landscape="random")
    assert finished() is None
    assert "are 0" in seen.problem
