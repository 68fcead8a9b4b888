"""Names for arrays, checks and short texts that all parts of the program share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from math import isfinite
from pathlib import PurePath
from threading import RLock
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.meant import did_you_mean

Array: TypeAlias = NDArray[np.floating[Any]]
"""A float64 array in training, float32 in the maps that are only looked at."""

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]

LabelArray: TypeAlias = NDArray[Any]
"""Classes as np.intp, or the targets of a regression as np.float64."""

PARSING = RLock()
"""Held where Python makes a tree of a text, as NumPy does of an array's header: in some versions of Python, such as
3.11.7, that may fail with a SystemError when two threads do it at once."""

_LONGEST_VALUE, _LONGEST_NAME = 81, 31
_EXPONENT = re.compile(r"(?<=\d)e(?:\+|(-))0*(?=\d)")


def is_number(value: object) -> bool:
    """Return whether `value` is a finite real number; True and False are not."""
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool) and isfinite(value)


def is_whole(value: object) -> bool:
    """Return whether `value` is an integer; True and False are not."""
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def as_floats(what: str, value: object) -> FloatArray:
    """Return a copy of `value` as an array of float64; raise a ValueError that names it if it is not numbers."""
    try:
        return np.array(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be numbers, in rows of the same length; got {shown(value)}") from None


def or_nan(value: float | None) -> float:
    """Return a number, NaN for None."""
    return float("nan") if value is None else value


def shortened(text: str, longest: int = _LONGEST_NAME) -> str:
    """Return a text cut to `longest` characters, the last of which is then …."""
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def name_of(path: PurePath) -> str:
    """Return the name of a file or folder as text, with a mark for each byte of it that is none."""
    return re.sub(r"[\ud800-\udfff]", "\ufffd", path.name or str(path))


def shown(value: object) -> str:
    """Return the repr of a value, not too long for a sentence."""
    return shortened(repr(value), _LONGEST_VALUE)


def counted(number: int, noun: str, plural: str = "") -> str:
    """Return ``1 point`` or ``2 points``."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def readable(text: str) -> str:
    """Return a text whose numbers are as a person reads them: −0.5 for -0.5, 1.2e−6 for 1.2e-06 and 4e7 for 4e+07."""
    return _EXPONENT.sub(r"e\1", text).replace("-", "−")


def check_choice(what: str, value: object, allowed: Iterable[str]) -> None:
    """Raise a ValueError that names `value` and what is allowed, unless `value` is one of `allowed`."""
    names = list(allowed)
    if value not in names:
        raise ValueError(f"{what} must be one of {', '.join(names)}; got {value!r}{did_you_mean(value, names)}")


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return `array` itself, now read-only."""
    array.flags.writeable = False
    return array
