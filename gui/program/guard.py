"""Guards: errors in methods that Qt calls are reported where they are raised.

PySide hands an error from an overridden method on through every Python frame below it that called into Qt, such as the
one that draws a frame. Up to Python 3.11 the process can end on the way, if it was C code that raised (seen with PySide
6.11.3). So what paints, and what hears of events, lets no error out.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from typing import ParamSpec, TypeVar, cast

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result", bound="bool | None")


def guarded(method: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Return a method that reports what `method` raises, as if nobody had caught it, and returns.

    To Qt, that means of an event that it has not been handled.
    """

    @functools.wraps(method)
    def guarded_method(*args: Parameters.args, **options: Parameters.kwargs) -> Result:
        try:
            return method(*args, **options)
        except Exception:
            sys.excepthook(*sys.exc_info())
            # Of a method that returns nothing Qt does not look at it.
            return cast(Result, False)

    return guarded_method
