import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Metrics
from model.run.curve import LossCurve


def curve_of(train_losses, test_losses=None, interval=1, penalties=None):
    test_losses = train_losses if test_losses is None else test_losses
    penalties = [0.0] * len(train_losses) if penalties is None else penalties
    curve = LossCurve()
    curve.extend(
        Metrics(index * interval, train, test, penalty=penalty)
        for index, (train, test, penalty) in enumerate(zip(train_losses, test_losses, penalties, strict=True))
    )
    return curve


def test_a_short_curve_is_drawn_as_it_is():
    curve = curve_of([0.9, 0.5, 0.4], [1.0, 0.6, 0.7], interval=10, penalties=[0.0, 0.1, 0.2])

    steps, training, test, penalties = curve.thinned(100)

    np.testing.assert_array_equal(steps, [0, 10, 20])
    np.testing.assert_array_equal(training, [0.9, 0.5, 0.4])
    np.testing.assert_array_equal(test, [1.0, 0.6, 0.7])
    np.testing.assert_array_equal(penalties, [0.0, 0.1, 0.2])


def test_an_empty_curve_has_no_points():
    assert len(LossCurve()) == 0
    assert [len(column) for column in LossCurve().thinned(100)] == [0, 0, 0, 0]


def test_a_missing_loss_leaves_a_gap():
    _, training, test, _ = curve_of([None, 0.5], [0.6, None]).thinned(100)

    np.testing.assert_array_equal(training, [np.nan, 0.5])
    np.testing.assert_array_equal(test, [0.6, np.nan])


def test_points_are_added_at_the_end_however_many():
    curve = LossCurve()
    for step in range(0, 3000, 3):
        curve.extend([Metrics(step + k, float(step + k), None, penalty=2.0 * (step + k)) for k in range(3)])
    curve.extend([])

    steps, training, _, penalties = curve.thinned(3000)

    assert len(curve) == 3000
    np.testing.assert_array_equal(steps, np.arange(3000))
    np.testing.assert_array_equal(training, np.arange(3000))
    np.testing.assert_array_equal(penalties, 2 * np.arange(3000))


@pytest.mark.parametrize(("step", "left"), [(-1, 0), (0, 1), (20, 3), (25, 3), (999, 5)])
def test_going_back_forgets_later_points(step, left):
    curve = curve_of([0.9, 0.8, 0.7, 0.6, 0.5], interval=10)

    curve.forget_after(step)

    assert len(curve) == left
    assert (curve.thinned(100)[0] <= step).all()


@given(
    losses=st.lists(st.floats(0.0, 1e300) | st.just(np.inf) | st.none(), min_size=1, max_size=300),
    n_bins=st.integers(1, 50),
)
def test_a_thinned_curve_keeps_its_ends_and_its_extremes(losses, n_bins):
    curve = curve_of(losses, interval=7)
    whole_steps, whole, *_ = curve.thinned(len(losses))

    steps, training, *_ = curve.thinned(n_bins)

    assert len(steps) <= 2 * (n_bins + 1) + 2
    assert (np.diff(steps) > 0).all()
    assert steps[0] == 0
    assert steps[-1] == 7 * (len(losses) - 1)
    np.testing.assert_array_equal(training, whole[np.isin(whole_steps, steps)])
    if None not in losses:
        assert (training.min(), training.max()) == (min(losses), max(losses))


@given(
    losses=st.lists(st.floats(0.0, 10.0), min_size=1, max_size=400),
    cuts=st.lists(st.integers(1, 400), max_size=6),
    n_bins=st.integers(1, 40),
)
def test_a_growing_curve_is_thinned_like_a_whole_one(losses, cuts, n_bins):
    points = [Metrics(5 * index, loss, None) for index, loss in enumerate(losses)]
    growing, whole, start = LossCurve(), LossCurve(), 0
    for end in sorted({*cuts, len(points)}):
        growing.extend(points[start:end])
        growing.thinned(n_bins)
        start = end
    whole.extend(points)

    np.testing.assert_array_equal(growing.thinned(n_bins), whole.thinned(n_bins))


@given(back=st.integers(0, 99), n_bins=st.integers(1, 20))
def test_a_curve_that_went_back_is_thinned_by_what_is_left(back, n_bins):
    curve, other = (curve_of(np.random.default_rng(1).random(100).tolist()) for _ in range(2))
    curve.thinned(n_bins)

    for each in (curve, other):
        each.forget_after(back)
        each.extend(Metrics(back + 1 + step, 2.0 + step % 3, None) for step in range(50))

    np.testing.assert_array_equal(curve.thinned(n_bins), other.thinned(n_bins))


def test_what_is_drawn_is_a_copy():
    curve = curve_of([0.9, 0.5])
    for column in curve.thinned(100):
        column[:] = -1.0

    np.testing.assert_array_equal(curve.thinned(100)[1], [0.9, 0.5])


def test_penalties_are_thinned_with_their_steps():
    curve = curve_of([1.0 / (1 + step) for step in range(500)], penalties=[0.001 * step for step in range(500)])

    steps, _, _, penalties = curve.thinned(20)

    assert len(steps) < 50
    np.testing.assert_allclose(penalties, 0.001 * steps)


def test_its_rows_make_it_again():
    curve = curve_of([0.9, 0.5, float("inf")], [1.0, None, 0.7], interval=10)
    again = LossCurve.from_rows(curve.rows)
    again.extend([Metrics(30, 0.1, 0.2)])

    np.testing.assert_array_equal(again.rows[:-1], curve.rows)
    np.testing.assert_array_equal(again.rows[-1], [30, 0.1, 0.2, 0.0])
    assert (len(curve), len(again)) == (3, 4)
    assert LossCurve.from_rows(LossCurve().rows).rows.shape == (0, 4)
