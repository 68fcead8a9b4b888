"""Whether the learning rate is too high, and whether what a run fell back to is worth going on from.

Both ask how the training loss compares with the one to beat: the run's first, or that of a network which has learned
nothing and says the same everywhere, whichever is larger.
"""

from __future__ import annotations

from collections import deque

import numpy as np

from model.network.network import Network
from model.training.metrics import PointSet
from model.training.settings import Setup
from model.types import FloatArray

_TOO_HIGH = 1.2
"""A run whose loss is above this multiple of the one to beat learns nothing."""

_STEPS, _POINTS = 400, 32
"""So long, in steps and in points of the loss curve, it must have been above more often than not.

With the window's own settings no data set's loss is above nine tenths of the one to beat for half of that time, also
where its batches are noisy; rates that make it jump for ever lie above one and a quarter.
"""

_RUINED_LOSS = 2.0
_HUGE, _HUGE_RATIO = 100.0, 50.0
"""Weights beyond 100, and beyond 50 times the largest first one, are huge."""


def loss_to_beat(setup: Setup, first_loss: float | None) -> float:
    """Return the loss below which a run has learned something.

    Parameters
    ----------
    setup : Setup
        With one training point or more.
    first_loss : float or None
        The training loss with which the run began.
    """
    nothing = Network.from_settings(setup.network, np.zeros(setup.network.n_parameters))
    return max(first_loss or 0.0, first_loss_of(setup, nothing))


def first_loss_of(setup: Setup, first: Network) -> float:
    """Return the training loss that a run of a setup begins with from given weights; 0 without training points."""
    with np.errstate(all="ignore"):
        return PointSet(first, setup.dataset, test=False).mean_loss(first, setup.training.loss) or 0.0


def is_ruined(loss: float | None, to_beat: float, parameters: FloatArray, first: FloatArray) -> bool:
    """Return whether going on from a moment is no good: its loss is far above the one to beat, or its weights huge.

    Parameters
    ----------
    loss : float or None
        Of the training points.
    to_beat : float
        See :func:`loss_to_beat`.
    parameters, first : ndarray of shape (n_parameters,)
        Its parameters, and those with which the run began.
    """
    largest, largest_first = (float(np.abs(values).max(initial=0.0)) for values in (parameters, first))
    return (loss or 0.0) > _RUINED_LOSS * to_beat or largest > max(_HUGE, _HUGE_RATIO * largest_first)


class RateWatch:
    """Finds out, once, that a run jumps above the loss to beat for ever: its learning rate is too high.

    Parameters
    ----------
    setup : Setup
        Of the run, with a learning rate.
    first_loss : float or None
        The training loss with which it began.
    step : int
        From which on it is watched.
    """

    def __init__(self, setup: Setup, first_loss: float | None, step: int) -> None:
        self._setup, self._first_loss, self._since = setup, first_loss, step
        self._to_beat: float | None = None
        self._recent: deque[tuple[int, bool]] = deque()
        self._n_above = 0
        self._has_said = False

    def finds(self, step: int, loss: float | None) -> bool:
        """Take a point of the loss curve, and return whether it is now clear that the rate is too high."""
        if self._has_said or loss is None:
            return False
        if self._to_beat is None:
            # Later than it is asked for: a person who drags a point asks sixty times a second.
            self._to_beat = loss_to_beat(self._setup, self._first_loss)
        is_above = loss > _TOO_HIGH * self._to_beat
        self._recent.append((step, is_above))
        self._n_above += is_above
        while len(self._recent) > _POINTS and self._recent[0][0] <= step - _STEPS:
            self._n_above -= self._recent.popleft()[1]
        lasts = step - self._since >= _STEPS and len(self._recent) >= _POINTS
        self._has_said = lasts and 2 * self._n_above > len(self._recent)
        return self._has_said
