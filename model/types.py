"""Names for the arrays and the checks that every part of the model shares."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
"""A float64 array in training, float32 in the maps that are only looked at."""

FloatArray: TypeAlias = NDArray[np.float64]
IntArray: TypeAlias = NDArray[np.intp]
BoolArray: TypeAlias = NDArray[np.bool_]

LabelArray: TypeAlias = NDArray[Any]
"""Classes as np.intp, or the targets of a regression as np.float64."""


def check_choice(what: str, value: object, allowed: Iterable[str]) -> None:
    """Raise a ValueError that names `value` and what is allowed, unless `value` is one of `allowed`."""
    names = list(allowed)
    if value not in names:
        raise ValueError(f"{what} must be one of {', '.join(names)}; got {value!r}")


def read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return `array` itself, from now on not writeable."""
    array.flags.writeable = False
    return array
