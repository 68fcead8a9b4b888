from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.export.animation.pacing import chosen_places, chosen_range
from gui.export.animation.settings import PACINGS, AnimationSettings
from model.run.curve import LossCurve
from model.run.history import Event, History
from model.run.run import TrainedRun

SETTINGS = AnimationSettings(seconds=4.0, fps=25)


def steps(run: TrainedRun, settings: AnimationSettings) -> list[float]:
    of_frames = [frame.step for frame in run.history.frames]
    places = chosen_places(run.history, run.curve, settings)
    return np.interp(places, np.arange(len(of_frames)), of_frames).tolist()


@pytest.mark.parametrize("pacing", PACINGS)
def test_every_pacing_goes_from_the_first_to_the_last(runs, pacing):
    shown = steps(runs["spiral"], replace(SETTINGS, pacing=pacing))
    assert len(shown) == 100
    assert (shown[0], shown[-1]) == (0, 300)
    assert shown == sorted(shown)


def test_steps_are_even(runs):
    shown = steps(runs["spiral"], replace(SETTINGS, pacing="steps"))
    assert np.abs(np.array(shown) - np.linspace(0, 300, 100)).max() < 0.01


def test_early_steps_take_longer(runs):
    shown = np.array(steps(runs["spiral"], replace(SETTINGS, pacing="early")))
    wanted = np.expm1(np.linspace(0, np.log1p(300), 100))
    assert np.abs(np.log1p(shown) - np.log1p(wanted)).max() < 0.2
    assert np.count_nonzero(shown < 30) > 50


def test_pacing_by_loss_shows_as_much_fall_of_it_every_second_and_never_stands_still(runs):
    run = runs["spiral"]
    shown = steps(run, replace(SETTINGS, pacing="loss"))
    curve_steps, losses, _, _ = run.curve.thinned(10_000)
    fallen = -np.interp(shown, curve_steps, np.minimum.accumulate(np.log(losses)))
    halfway = (fallen[50] - fallen[0]) / (fallen[-1] - fallen[0])
    assert 0.3 < halfway < 0.7
    assert max(np.diff(shown)) < 300 / 8, "the steps have their share, too"


@pytest.mark.parametrize("seed", range(3))
def test_a_loss_that_rests_or_rises_between_two_falls_does_not_let_the_run_leap(runs, seed):
    rows = runs["spiral"].curve.rows.copy()
    falls = np.interp(rows[:, 0], [0, 20, 60, 75, 120, 122, 180, 300], [0, 0, -3, -3, -5, -4, -5.5, -6])
    rows[:, 1] = np.exp(falls + np.random.default_rng(seed).normal(0, 0.15, len(rows)))
    run = replace(runs["spiral"], curve=LossCurve.from_rows(rows))
    passed = np.diff(steps(run, SETTINGS))
    assert passed[:2].max() < 300 / 99, "it begins slowly"
    # Of 100 frames none is much faster than the one before it or after it.
    faster = passed[1:] / passed[:-1]
    assert faster.max() < 1.7
    assert faster.min() > 1 / 1.7


def test_the_loss_falls_anew_after_a_change(runs):
    rows = runs["spiral"].curve.rows.copy()
    rows[:, 1] = np.exp(np.interp(rows[:, 0], [0, 100, 200, 201, 230, 300], [0, -6, -6.5, -1, -5, -5.5]))
    history = runs["spiral"].history.copy()
    run = replace(runs["spiral"], history=history, curve=LossCurve.from_rows(rows))

    def n_learning() -> int:
        return sum(201 <= step <= 230 for step in steps(run, SETTINGS))

    unnoticed = n_learning()
    history.change_event(None, Event(200, "a note", is_note=True))
    assert n_learning() == unnoticed
    history.note(200, "other points")
    assert n_learning() > 1.5 * unnoticed
    assert n_learning() > 20, "of 100 frames, for a third of all that was learnt"


@pytest.mark.parametrize("pacing", PACINGS)
@given(ends=st.tuples(st.integers(0, 299), st.integers(0, 300)), n_frames=st.integers(1, 50))
def test_a_part_of_the_run(runs, pacing, ends, n_frames):
    first, last = sorted(ends)
    run = runs["spiral"]
    settings = AnimationSettings(pacing=pacing, first_step=first, last_step=last, seconds=n_frames / 10, fps=10)
    chosen = chosen_places(run.history, run.curve, settings)
    assert len(chosen) == n_frames
    assert (np.diff(chosen) >= 0).all()
    assert chosen[-1] == run.history.nearest(last)
    if n_frames > 1:
        assert chosen[0] == run.history.nearest(first)
    exact = chosen_places(run.history, run.curve, replace(settings, exact_steps=True))
    assert (exact == exact.round()).all()
    assert np.abs(exact - chosen).max() <= 0.5


@pytest.mark.parametrize("pacing", PACINGS)
def test_a_history_of_one_frame_and_no_curve(runs, pacing):
    history = History()
    history.append(runs["spiral"].history.frames[0])
    assert chosen_places(history, LossCurve(), replace(SETTINGS, pacing=pacing)).tolist() == [0] * 100


def test_without_a_curve_the_key_frames_say_how_the_loss_fell(runs):
    run = runs["spiral"]
    settings = replace(SETTINGS, pacing="loss")
    with_curve = chosen_places(run.history, run.curve, settings)
    without = chosen_places(run.history, LossCurve(), settings)
    assert np.abs(with_curve - without).max() <= 6


def test_nothing_to_show(runs):
    with pytest.raises(ValueError, match="nothing to show"):
        chosen_places(History(), LossCurve(), SETTINGS)
    with pytest.raises(ValueError, match="must not come after"):
        chosen_places(runs["spiral"].history, LossCurve(), replace(SETTINGS, first_step=9, last_step=3))


@pytest.mark.parametrize(
    ("steps", "sentence"),
    [
        ({"first_step": 300}, "first_step must be before the end of the run, which is step 300; got 300"),
        ({"first_step": 5000}, "first_step must be before the end of the run, which is step 300; got 5,000"),
        ({"last_step": 50_000}, "last_step must be in the run, which ends at step 300; got 50,000"),
    ],
)
def test_steps_that_the_run_does_not_have_are_refused(runs, steps, sentence):
    with pytest.raises(ValueError, match=sentence):
        chosen_range(runs["spiral"].history, replace(SETTINGS, **steps))
