"""Looks: what can be chosen of the output in 3D, for the window and for who makes pictures without one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from model.data.dataset import CLASS_LETTERS
from model.data.naming import Axis
from model.numbers import typed_number
from model.types import readable

ANSWER_HEIGHTS = ("likeliest", "each", *CLASS_LETTERS)
"""What its heights are: the probability of the likeliest class, of each, or of one. In a regression all are the
value."""

HEIGHTS = (*ANSWER_HEIGHTS, "neuron_a", "neuron_z", "neuron_za", "layer_a", "layer_z")
"""What they can be, too: the activation or the pre-activation of a neuron, both, or those of its layer."""

COLOURINGS = ("own", "height", "class")
"""What the colours of surfaces say: which surface it is and what the network says, the height, or the class, or the
value, of the nearest point."""

REACHES = (6.0, 10.0, 25.0, 50.0, 100.0)
"""How far from 0 the plane can be shown, in data units."""

MOST_SLICES = 120

_PLAIN = Axis()
_ROUNDING, _DECIMALS = 1e-9, 9


def are_slices(values: Sequence[object]) -> bool:
    """Return whether values can be where there are slices: not too many numbers within the largest reach."""
    are_numbers = all(isinstance(one, int | float) and abs(one) <= REACHES[-1] for one in values)
    return are_numbers and len(values) <= MOST_SLICES


def reach_for(slices: Sequence[float], reach: float) -> float:
    """Return the least reach, from one on, in which all slices can be seen."""
    return next(one for one in REACHES if one >= max([reach, *map(abs, slices)]))


def typed_slices(text: str, axis: Axis = _PLAIN) -> tuple[float, ...]:
    """Return where the slices are that somebody has typed: numbers, and ranges such as -6:6:0.5, each once.

    Parameters
    ----------
    text : str
    axis : Axis, optional
        In whose units it is; what is returned is in those of the plane.

    Raises
    ------
    ValueError
        If something is no number or too large, or there are too many; a sentence for who has typed.
    """
    found: dict[float, None] = {}
    for part in re.split(r"[,;\s]+", text.strip()):
        found |= dict.fromkeys(map(axis.placed, _range(part, axis)) if part else ())
    if len(found) > MOST_SLICES:
        raise ValueError(f"There can be {MOST_SLICES} slices, not {len(found)}.")
    return tuple(found)


def _range(part: str, axis: Axis) -> Sequence[float]:
    """Return the numbers of a part of a list: one, or those from the first in steps to the last."""
    try:
        numbers = [typed_number(number) for number in part.split(":")]
    except ValueError:
        raise ValueError(f"“{readable(part)}” is no number; type such as 0, −1, −10, or −6:6:0.5.") from None
    if not all(abs(axis.placed(number)) <= REACHES[-1] for number in numbers[:2]):
        least, most = (readable(f"{axis.shown(end):g}") for end in (-REACHES[-1], REACHES[-1]))
        raise ValueError(f"Slices lie from {least} to {most}, not at {readable(part)}.")
    if len(numbers) == 1:
        return numbers
    if len(numbers) != 3 or numbers[2] <= 0 or numbers[1] < numbers[0]:
        raise ValueError(f"“{readable(part)}” is no range; type from:to:step, such as −6:6:0.5.")
    low, high, step = numbers
    count = (high - low) / step + _ROUNDING
    if count >= MOST_SLICES:
        raise ValueError(f"There can be {MOST_SLICES} slices; {readable(part)} has more.")
    return [round(low + step * k, _DECIMALS) for k in range(int(count) + 1)]


def slices_text(x2: Sequence[float], axis: Axis = _PLAIN) -> str:
    """Return where slices are as somebody would type it, in the units of an axis."""
    return ", ".join(readable(f"{axis.shown(one):g}") for one in x2)
