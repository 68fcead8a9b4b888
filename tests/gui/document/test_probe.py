"""The probe point: what is pinned stays the same point, whatever is done to the points; else it is under the mouse."""

import numpy as np
import pytest

from gui.document.probe import ProbePoint
from model import Dataset
from model.data.edits import ReplaceAll

PLACES = [(-4.0, -4.0), (-4.0, 4.0), (4.0, -4.0), (4.0, 4.0), (3.0, 3.0)]


@pytest.fixture
def five(document):
    """A document with five points of two classes, the third of which is pinned."""
    document.points.set_data("points", Dataset(PLACES, [0, 1, 0, 1, 0]))
    document.probe.pin(2)
    return document


@pytest.fixture
def heard(document):
    points = []
    document.probe.changed.connect(lambda: points.append(document.probe.point))
    return points


def pinned(place, label, index=None):
    return ProbePoint(place, label, index, is_pinned=True)


def test_without_pin_it_is_under_the_mouse(document, heard):
    assert document.probe.point is None
    document.view.set(current_class=2)
    document.view.set_cursor((1.5, -0.25))
    assert document.probe.point == ProbePoint((1.5, -0.25), 2)
    assert document.probe.pinned is None

    document.view.set_cursor(None)
    assert document.probe.point is None
    assert [point is None for point in heard] == [False, True]


def test_within_reach_of_the_mouse_a_data_point_is_meant(five):
    five.probe.release()
    five.view.set_cursor((4.1, 3.9), 0.2)
    assert five.probe.point == ProbePoint((4.0, 4.0), 1, 3)
    five.view.set_cursor((4.1, 3.9), 0.1)
    assert five.probe.point == ProbePoint((4.1, 3.9), 0)


def test_what_is_pinned_stays_when_the_mouse_moves(five, heard):
    five.view.set_cursor((1.0, 1.0))
    assert five.probe.point == five.probe.pinned == pinned((4.0, -4.0), 0, 2)
    assert heard == []

    five.probe.release()
    assert five.probe.pinned is None
    assert five.probe.point.place == (1.0, 1.0)


@pytest.mark.parametrize(("place", "clipped"), [((9.0, -7.5), (6.0, -6.0)), ((2.0, 11.0), (2.0, 6.0))])
def test_outside_the_plane_it_is_at_its_edge(document, place, clipped):
    document.view.set_cursor(place)
    assert document.probe.point.place == clipped
    document.probe.pin(place)
    assert document.probe.pinned.place == clipped


@pytest.mark.parametrize("place", [(np.nan, 0.0), 5, -1])
def test_what_is_not_there_is_refused_and_changes_nothing(five, place):
    with pytest.raises(ValueError, match="finite" if place == (np.nan, 0.0) else "0 to 4"):
        five.probe.pin(place)
    assert five.probe.pinned == pinned((4.0, -4.0), 0, 2)


def test_a_pinned_data_point_is_dragged_along(five):
    five.points.move(np.array([2, 4]), [(0.5, 0.25), (1.0, 1.0)])
    assert five.probe.pinned == pinned((0.5, 0.25), 0, 2)
    five.changes.undo()
    assert five.probe.pinned == pinned((4.0, -4.0), 0, 2)


def test_it_keeps_its_point_while_others_come_and_go(five):
    five.points.remove("delete points", np.array([0, 3]))
    assert five.probe.pinned == pinned((4.0, -4.0), 0, 1)
    five.points.add("place point", [(0.0, 0.0)])
    five.changes.undo()
    five.changes.undo()
    assert five.probe.pinned == pinned((4.0, -4.0), 0, 2)


def test_where_it_was_deleted_its_place_stays_pinned_until_undo(five):
    five.view.set(current_class=1)
    five.points.remove("delete points", np.array([1, 2]))
    assert five.probe.pinned == pinned((4.0, -4.0), 1)
    five.changes.undo()
    assert five.probe.pinned == pinned((4.0, -4.0), 0, 2)


def test_of_points_in_one_place_it_keeps_the_one_of_its_class(five):
    five.points.set_data("points", Dataset([*PLACES, PLACES[2]], [0, 1, 1, 1, 0, 0]))
    assert five.probe.pinned == pinned((4.0, -4.0), 0, 5)


def test_points_that_become_values_have_their_value(five):
    five.points.set_kind("values")
    assert five.probe.pinned == pinned((4.0, -4.0), -1.0, 2)
    assert isinstance(five.probe.pinned.label, float)


def test_points_of_a_curve_have_their_height(five):
    five.points.set_kind("curve")
    assert five.probe.pinned == pinned((4.0, -4.0), -1.0, 2)
    five.probe.pin((1.0, 3.0))
    assert five.probe.pinned == pinned((1.0, 3.0), 0.75)


def test_another_data_set_leaves_the_place(five):
    five.points.generate(name="sine")
    assert five.probe.pinned == pinned((4.0, -4.0), five.view.settings.current_value)


def test_a_bare_place_has_the_class_chosen_for_new_points(document, heard):
    document.probe.pin((1.0, 2.0))
    document.view.set(current_class=1)
    assert heard == [pinned((1.0, 2.0), 0), pinned((1.0, 2.0), 1)]


def test_it_is_released_for_another_experiment(five, heard):
    five.begin_anew()
    assert five.probe.point is None
    assert heard[-1] is None


def test_it_outlasts_a_new_run_and_its_undo(five):
    five.learning.reinitialise()
    assert five.probe.pinned == pinned((4.0, -4.0), 0, 2)
    five.changes.undo()
    assert five.probe.pinned == pinned((4.0, -4.0), 0, 2)


def test_going_on_from_a_moment_with_fewer_points_and_its_undo_keep_the_place(trained):
    trained.points.generate(n_points=300)
    trained.probe.pin(299)
    before = trained.probe.pinned
    trained.run.look_back(0)
    trained.changes.continue_from_here()
    assert trained.probe.pinned.place == before.place
    trained.changes.undo()
    assert trained.probe.pinned == before


def test_looking_back_changes_nothing_and_the_mouse_is_on_bare_places(trained):
    first = trained.dataset
    trained.changes.edit_points("points", ReplaceAll(Dataset(PLACES, [0, 1, 0, 1, 0], n_classes=3)))
    trained.probe.pin(2)
    trained.run.look_back(0)
    assert trained.run.shown_dataset is first
    assert trained.probe.pinned == pinned((4.0, -4.0), 0, 2)

    trained.probe.release()
    trained.view.set_cursor((4.0, -4.0), 0.5)
    assert trained.probe.point == ProbePoint((4.0, -4.0), 0)
    trained.run.look_at_present()
    assert trained.probe.point == ProbePoint((4.0, -4.0), 0, 2)
