import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from model import Dataset
from model.data.dataset import PROBLEM_KINDS
from model.data.edits import InsertPoints, MovePoints, RemovePoints, ReplaceAll, remove_class

coordinates = st.floats(-6.0, 6.0)


@st.composite
def datasets(draw, max_points=8):
    n_points, n_classes = draw(st.integers(0, max_points)), draw(st.integers(2, 8))
    dataset = Dataset(*draw(new_points(n_points, n_classes)), n_classes)
    return dataset.as_kind(draw(st.sampled_from(PROBLEM_KINDS)))


@st.composite
def new_points(draw, n_points, n_classes):
    """Draw the points, labels and sets of `n_points` points."""
    return (
        draw(hnp.arrays(np.float64, (n_points, 2), elements=coordinates)),
        draw(hnp.arrays(np.intp, n_points, elements=st.integers(0, n_classes - 1))),
        draw(hnp.arrays(np.bool_, n_points)),
    )


@st.composite
def ascending_indices(draw, n_points):
    chosen = draw(st.sets(st.integers(0, n_points - 1))) if n_points else ()
    return np.array(sorted(chosen), dtype=np.intp)


@st.composite
def edits(draw, dataset):
    """Draw any edit that fits `dataset`."""
    n_points = len(dataset)
    kind = draw(st.sampled_from(["append", "insert", "remove", "move", "replace"]))
    if kind == "append":
        return InsertPoints(*draw(new_points(draw(st.integers(0, 4)), max(dataset.n_classes, 2))))
    if kind == "insert":
        n_new = draw(st.integers(0, 4))
        places = draw(st.permutations(range(n_points + n_new)))[:n_new]
        return InsertPoints(
            *draw(new_points(n_new, max(dataset.n_classes, 2))), np.array(sorted(places), dtype=np.intp)
        )
    if kind == "replace":
        return ReplaceAll(draw(datasets()))
    indices = draw(ascending_indices(n_points))
    if kind == "remove":
        return RemovePoints(indices)
    return MovePoints(indices, draw(hnp.arrays(np.float64, (len(indices), 2), elements=coordinates)))


@given(st.data())
def test_undoing_any_sequence_of_edits_leads_back(data):
    start = data.draw(datasets())
    dataset, states, inverses = start, [], []
    for _ in range(data.draw(st.integers(1, 6))):
        edit = data.draw(edits(dataset))
        states.append(dataset)
        inverses.append(edit.inverse(dataset))
        dataset = edit.apply(dataset)

    for state, inverse in zip(reversed(states), reversed(inverses), strict=True):
        dataset = inverse.apply(dataset)
        assert dataset == state
    assert dataset == start


@given(st.data())
def test_redoing_an_undone_edit_leads_forward_again(data):
    before = data.draw(datasets())
    edit = data.draw(edits(before))
    after = edit.apply(before)

    undo = edit.inverse(before)
    redo = undo.inverse(after)

    assert redo.apply(undo.apply(after)) == after


@pytest.fixture
def dataset():
    return Dataset([[0, 0], [1, 1], [2, 2]], [0, 1, 2], [False, True, False], n_classes=4)


def test_insert_appends(dataset):
    after = InsertPoints(np.array([[5.0, 6.0]]), np.array([3]), np.array([True])).apply(dataset)

    np.testing.assert_array_equal(after.points, [[0, 0], [1, 1], [2, 2], [5, 6]])
    np.testing.assert_array_equal(after.labels, [0, 1, 2, 3])
    np.testing.assert_array_equal(after.is_test, [False, True, False, True])


def test_insert_puts_points_where_they_shall_stand_afterwards(dataset):
    new = np.array([[7.0, 7.0], [8.0, 8.0], [9.0, 9.0]])
    edit = InsertPoints(new, np.array([3, 3, 3]), np.zeros(3, dtype=np.bool_), np.array([0, 2, 5]))

    after = edit.apply(dataset)

    np.testing.assert_array_equal(after.points[:, 0], [7, 0, 8, 1, 2, 9])
    np.testing.assert_array_equal(after.labels, [3, 0, 3, 1, 2, 3])


def test_remove_takes_out_these_points_alone(dataset):
    after = RemovePoints(np.array([0, 2])).apply(dataset)

    assert after == Dataset([[1, 1]], [1], [True], n_classes=4)


def test_move_changes_coordinates_alone(dataset):
    after = MovePoints(np.array([2]), np.array([[-4.0, 5.0]])).apply(dataset)

    assert after == Dataset([[0, 0], [1, 1], [-4, 5]], dataset.labels, dataset.is_test, n_classes=4)


def test_replace_takes_the_other_data_set(dataset):
    other = Dataset([[3, 3]], [1])

    assert ReplaceAll(other).apply(dataset) is other


@given(st.data())
def test_an_edit_leaves_the_data_set_it_is_applied_to(data):
    before = data.draw(datasets())
    same = before.like(before.points, before.labels, before.is_test)

    edit = data.draw(edits(before))
    edit.inverse(before).apply(edit.apply(before))

    assert before == same


def test_removing_a_class_moves_the_ones_above_down(dataset):
    assert remove_class(dataset, 1) == Dataset([[0, 0], [2, 2]], [0, 1], [False, False], n_classes=3)


def test_the_last_two_classes_stay():
    with pytest.raises(ValueError, match="n_classes must be 2 to 8; got 1"):
        remove_class(Dataset([[0, 0]], [0]), 0)
