"""When points of the loss curve and key frames are due: by the step and by what they cost, in arithmetic.

A clock has no say in it, so that the same run gives the same curve and the same key frames on every machine.
"""

from __future__ import annotations

from functools import lru_cache
from math import log2

_STEP_COST = 120_000
_POINT_COST = 300
"""What a step costs beside its points, and a point beside its parameters; a parameter of one point costs 1.

Fitted to the times of steps and evaluations of networks of 71 to 8,707 parameters.
"""

_CALM = 32
"""When a run has settled, this many times what evaluating costs is spent on steps."""

_LONGEST_WAIT, _LEAST_CALM = 2048, 4
"""But a moment is due every 2,048 steps, while steps still cost four times as much as it does."""


@lru_cache(maxsize=64)
def steps_for_evaluation(n_points: int, batch_size: int, n_parameters: int) -> int:
    """Return for how many steps' cost all points are evaluated once: 1, or a power of 2.

    Parameters
    ----------
    n_points : int
        Of training and test.
    batch_size : int
        1 or more.
    n_parameters : int
        Of the network.
    """
    cost = n_parameters + _POINT_COST
    # Backwards costs about twice as much as forwards.
    ratio = n_points * cost / (_STEP_COST + 3 * batch_size * cost)
    return 1 << max(round(log2(ratio)), 0) if ratio > 1 else 1


def point_interval(step: int, n_steps: int) -> int:
    """Return every how many steps a point of the loss curve is due: a power of 2.

    Parameters
    ----------
    step : int
        Steps taken.
    n_steps : int
        What evaluating all points costs, see :func:`steps_for_evaluation`.

    Notes
    -----
    At first it takes as many steps as evaluating costs; from 1,000 steps on the interval doubles whenever the step
    count does, so that a curve of any length stays small. Where evaluating costs much, it doubles no further when that
    no longer matters, until the run is so long that the curve would be large.
    """
    doublings = max((step // 1000).bit_length() - 1, 0)
    calm = min(_CALM * n_steps, max(_LONGEST_WAIT, _LEAST_CALM * n_steps))
    return max(min(n_steps << doublings, calm), 1 << doublings)


def frame_interval(step: int, n_steps: int) -> int:
    """Return every how many steps a key frame of the history is due: a multiple of :func:`point_interval`.

    Notes
    -----
    Every step at first; from about 1,000 steps on every eighth point of the loss curve, or more of them where points
    are rare, so that there are sixty frames and more each time the run doubles.
    """
    eighth, rarer = min((step // 128).bit_length(), 3), max(n_steps.bit_length() - 2, 0)
    return point_interval(step, n_steps) << max(eighth - rarer, 0)
