"""Requests: what the dialog asks of the process that computes with SymPy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from model import NetworkSettings
from model.explain.names import Outcome


@dataclass(frozen=True, slots=True)
class Subject:
    """What is derived.

    Attributes
    ----------
    settings : NetworkSettings
    outcome : str
        See :meth:`model.explain.derivation.Derivation.of`.
    label : int or float
        The class of the point; in a regression as a float its target.
    loss : str
    by : str
        The parameter of a derivative.
    """

    settings: NetworkSettings
    outcome: Outcome
    label: float
    loss: str
    by: str


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers of a moment.

    Attributes
    ----------
    parameters : tuple of float
        In the order of the flat vector.
    point : tuple of float or None
        The coordinates of a point; None leaves symbols for the inputs.
    """

    parameters: tuple[float, ...]
    point: tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class LinesRequest:
    """Asks for lines to show.

    Attributes
    ----------
    subject : Subject
    numbers : Numbers or None
        None leaves symbols.
    is_whole : bool
        As one formula, folded where that is long; otherwise each step for itself.
    """

    subject: Subject
    numbers: Numbers | None
    is_whole: bool


@dataclass(frozen=True, slots=True)
class TextRequest:
    """Asks for a text to copy; as in :class:`LinesRequest`, but one formula is never folded.

    Attributes
    ----------
    language : str
        A key of :data:`model.explain.derivation.TEXTS`.
    """

    subject: Subject
    numbers: Numbers | None
    is_whole: bool
    language: str


@dataclass(frozen=True, slots=True)
class TrainingRequest:
    """Asks for training by substitution, one parameter at a time.

    Attributes
    ----------
    settings : NetworkSettings
    parameters : tuple of float
        Where it starts.
    points : tuple of tuple of float
        Coordinates.
    labels : tuple of int or float
    loss : str
    learning_rate : float
    n_iterations : int
    is_regression : bool
        Whether the labels are targets.
    """

    settings: NetworkSettings
    parameters: tuple[float, ...]
    points: tuple[tuple[float, ...], ...]
    labels: tuple[float, ...]
    loss: str
    learning_rate: float
    n_iterations: int
    is_regression: bool


Request: TypeAlias = LinesRequest | TextRequest | TrainingRequest
Answer: TypeAlias = dict[str, Any]
"""With "lines" and "is_folded", "text", "rows" of which more will come, "parameters" after them, or an "error"."""
