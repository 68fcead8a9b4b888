"""Pacing: when in a run each frame of an animation is."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from gui.export.animation.settings import AnimationSettings
from gui.items.loss_axes import SMALLEST_LOSS
from model.run.curve import LossCurve
from model.run.history import History
from model.types import FloatArray

_STEPS_SHARE = 0.25
"""How much of the pacing by loss belongs to the steps, so that the picture never stands still."""

_GROWTH = 12.0
"""How fast the pacing by loss gets faster at most: e times as fast in this part of an animation."""

_START = 0.15
"""How fast it is at the beginning at most, against one with as many steps in every second, before it is eased."""

_BINS = 20_000


def chosen_range(history: History, settings: AnimationSettings) -> tuple[int, int]:
    """Return the numbers of the first and the last key frame that an animation shows.

    Raises
    ------
    ValueError
        If there is none, a step is not in the run, or the first step comes after the last.
    """
    if not len(history):
        raise ValueError("there is nothing to show: the run has no key frame yet")
    first_step, last_step = settings.first_step, settings.last_step
    end = history.frames[-1].step
    if first_step is not None and first_step >= end:
        raise ValueError(f"first_step must be before the end of the run, which is step {end:,}; got {first_step:,}")
    if last_step is not None and last_step > end:
        raise ValueError(f"last_step must be in the run, which ends at step {end:,}; got {last_step:,}")
    if first_step is not None and last_step is not None and first_step > last_step:
        raise ValueError(f"first_step must not come after last_step; got {first_step:,} and {last_step:,}")
    first = 0 if first_step is None else history.nearest(first_step)
    last = len(history) - 1 if last_step is None else history.nearest(last_step)
    return first, max(first, last)


def chosen_places(history: History, curve: LossCurve, settings: AnimationSettings) -> FloatArray:
    """Return for each frame of an animation which moment it shows.

    Parameters
    ----------
    history : History
    curve : LossCurve
        Of the same run.
    settings : AnimationSettings

    Returns
    -------
    ndarray of shape (settings.n_frames,)
        Numbers of key frames, of which a fraction is the way from one to the next; never falling, from the first of the
        chosen range to its last. A single one is the last. For exact steps alone they are whole.

    Raises
    ------
    ValueError
        If there is nothing to show, see :func:`chosen_range`.
    """
    first, last = chosen_range(history, settings)
    steps = np.array([frame.step for frame in history.frames[first : last + 1]], dtype=np.float64)
    clock = _clock(steps, history, curve, settings.pacing, first)
    wanted = np.linspace(0.0, 1.0, settings.n_frames) if settings.n_frames > 1 else np.ones(1)
    if settings.exact_steps:
        # The key frame whose time is nearest.
        return first + np.searchsorted((clock[1:] + clock[:-1]) / 2, wanted).astype(np.float64)
    places: FloatArray = first + np.interp(wanted, clock, np.arange(len(clock), dtype=np.float64))
    # Where the last key frames are due at the same time, it is the last one that is meant.
    places[-1] = last
    return places


def _clock(steps: FloatArray, history: History, curve: LossCurve, pacing: str, first: int) -> FloatArray:
    """Return when each key frame is due, from 0 to 1."""
    if pacing == "early":
        return _share(np.log1p(steps))
    if pacing == "steps":
        return _share(steps)
    known, losses, _, _ = curve.thinned(_BINS)
    if not np.isfinite(losses).any():
        frames = history.frames[first : first + len(steps)]
        known = steps
        losses = np.array(
            [np.nan if frame.metrics.train_loss is None else frame.metrics.train_loss for frame in frames]
        )
    finite = np.isfinite(losses)
    if not finite.any():
        return _share(steps)
    within = finite & (known >= steps[0])
    finite = within if within.any() else finite
    changes = [event.step for event in history.events if not event.is_note]
    fallen = np.interp(steps, known[finite], _fallen(known[finite], losses[finite], changes))
    if fallen[-1] <= fallen[0]:
        return _share(steps)
    return _share(_eased(_STEPS_SHARE * _share(steps) + (1.0 - _STEPS_SHARE) * _share(fallen), steps))


def _fallen(steps: FloatArray, losses: FloatArray, changes: Sequence[int]) -> FloatArray:
    """Return how far the logarithm of the loss has fallen up to each step; after each change it falls anew."""
    fallen = np.zeros(len(steps))
    starts = [0, *np.searchsorted(steps, sorted(changes), side="right").tolist(), len(steps)]
    for start, end in pairwise(starts):
        lowest = np.minimum.accumulate(np.log(np.maximum(losses[start:end], SMALLEST_LOSS)))
        fallen[start:end] = fallen[max(start - 1, 0)] + lowest[:1] - lowest
    return fallen


def _eased(clock: FloatArray, steps: FloatArray) -> FloatArray:
    """Return a clock by which the run begins slowly, and nowhere is suddenly faster, as it is where the loss rises.

    Notes
    -----
    A run whose speed, in steps, differs from place to place by no more than `_GROWTH` times their distance in steps
    gets faster as ``exp(_GROWTH * t)`` at most, and slower likewise. So each speed becomes the lowest that all others
    allow: ``min over j of speed[j] + _GROWTH * |place[i] - place[j]|``.
    """
    durations, distances = np.diff(clock), np.diff(steps)
    moves = (durations > 0) & (distances > 0)
    start = _START * (steps[-1] - steps[0])
    speeds = np.concatenate([[start], distances[moves] / durations[moves]])
    away = _GROWTH * np.concatenate([steps[:1], ((steps[1:] + steps[:-1]) / 2)[moves]])
    from_before = np.minimum.accumulate(speeds - away) + away
    from_after = np.minimum.accumulate((speeds + away)[::-1])[::-1] - away
    durations[moves] = distances[moves] / np.minimum(from_before, from_after)[1:]
    return np.concatenate([[0.0], np.cumsum(durations)])


def _share(values: FloatArray) -> FloatArray:
    """Return rising values brought to 0 to 1; all of them 0 where there is one alone."""
    extent = values[-1] - values[0]
    return (values - values[0]) / extent if extent > 0 else np.zeros_like(values)
