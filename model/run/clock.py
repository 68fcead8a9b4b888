"""The clock of a run: how long its steps have computed, whatever else the machine did meanwhile."""

from __future__ import annotations

import time

_COARSEST_S = 1e-4


def computing_time() -> float:
    """Return how many seconds the present thread has computed since some moment.

    Where the system counts that too coarsely, as Windows does in ticks of 15.6 ms, it is the time that has passed.
    """
    return time.thread_time() if _IS_FINE else time.perf_counter()


_IS_FINE = time.get_clock_info("thread_time").resolution < _COARSEST_S
