"""Guards: errors in methods that Qt calls are reported where they are raised.

PySide hands an error from an overridden method on through every Python frame below it that called into Qt, such as the
one that draws a frame. Up to Python 3.11 the process can end on the way, if it was C code that raised (seen with PySide
6.11.3). So what paints, and what hands events on, lets no error out.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec

Parameters = ParamSpec("Parameters")


def report_raised() -> None:
    """Report the exception that is being handled, as if nobody had caught it."""
    sys.excepthook(*sys.exc_info())


def guarded(method: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Return a method that reports what `method` raises, and returns."""

    @functools.wraps(method)
    def guarded_method(*args: Parameters.args, **options: Parameters.kwargs) -> None:
        try:
            method(*args, **options)
        except Exception:
            report_raised()

    return guarded_method
