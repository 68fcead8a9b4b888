"""Engines: what takes the steps of a training. They differ in speed, and in the last digits."""

from __future__ import annotations

from typing import Literal, TypeAlias

EngineName: TypeAlias = Literal["numpy", "compiled"]

ENGINES: dict[EngineName, str] = {
    "numpy": "The reference: every step in NumPy.",
    "compiled": "Bursts of steps in compiled code, where there is such code for all that is set; otherwise NumPy.",
}
"""Engines: name -> what it does, in a sentence."""
