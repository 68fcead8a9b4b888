"""Engines: what takes the steps of a training. They differ in speed, and in the last digits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from model.training.compiled.coverage import codes_of
from model.training.settings import Setup
from model.types import check_choice

EngineName: TypeAlias = Literal["numpy", "compiled"]

ENGINES: dict[EngineName, str] = {
    "numpy": "The reference: every step in NumPy.",
    "compiled": "Bursts of steps in compiled code, where there is such code for all that is set; otherwise NumPy.",
}
"""Engines: name -> what it does, in a sentence."""

_LONGEST_VERSION = 200


@dataclass(frozen=True, slots=True)
class Engine:
    """What a run is trained with, from its first step to its last: with another one it would be another run.

    Attributes
    ----------
    name : str
        A key of :data:`ENGINES`.
    version : str
        Of the compiled engine: what its code was made with, of and for; otherwise empty.

    Raises
    ------
    ValueError
        If there is no such engine, or the version is too long.
    """

    name: EngineName
    version: str = ""

    def __post_init__(self) -> None:
        check_choice("engine", self.name, ENGINES)
        if len(self.version) > _LONGEST_VERSION:
            raise ValueError(f"the version of an engine may have {_LONGEST_VERSION} characters")

    def acting(self, setup: Setup) -> EngineName:
        """Return what takes the steps of a setup: NumPy where there is no compiled code for it."""
        return "numpy" if codes_of(setup) is None else self.name


NUMPY = Engine("numpy")


def engine_here(name: EngineName, *, wait: bool = True) -> Engine:
    """Return the engine of a name as it is on this machine; NumPy in the place of one that does not work here.

    Parameters
    ----------
    name : str
        A key of :data:`ENGINES`.
    wait : bool
        Whether code that is not there yet is compiled, which takes many seconds.

    Raises
    ------
    ValueError
        If there is no such engine.
    """
    check_choice("engine", name, ENGINES)
    if name == "compiled":
        from model.training.compiled import cache  # With what a program that starts does without.

        if (cache.kernel() if wait else cache.ready_kernel()) is not None:
            return Engine("compiled", cache.version())
    return NUMPY
