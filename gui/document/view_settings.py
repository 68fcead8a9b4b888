"""ViewSettings: how the document is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

SPEEDS: tuple[float | None, ...] = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, None)
"""Steps per second that the speed slider offers; None: as fast as possible."""


@dataclass(frozen=True, slots=True)
class ViewSettings:
    """How the document is looked at; not part of undo.

    Attributes
    ----------
    tool : str
        A name of gui.tools.TOOLS.
    current_class : int
        The class of new points in a classification.
    current_value : float
        Their target in a regression, -1 to 1.
    brush_radius : float
        In data units.
    brush_density : float
        Points that the brush sprays in a second.
    regions : bool
        The output as regions of the likeliest class; otherwise as blended probabilities. In a regression as bands of
        value, otherwise smoothly.
    show_test_points : bool
    log_loss : bool
    show_penalty : bool
        Whether the loss view has a curve of the loss with the penalty of regularization.
    show_confusion : bool
        Whether the loss view shows the confusion matrix in the place of the curve.
    test_confusion : bool
        Whether the confusion matrix counts the test points; otherwise the training points.
    speed : float or None
        Steps per second, an entry of SPEEDS.
    """

    tool: str = "point"
    current_class: int = 0
    current_value: float = 1.0
    brush_radius: float = 0.7
    brush_density: float = 40.0
    regions: bool = False
    show_test_points: bool = True
    log_loss: bool = False
    show_penalty: bool = False
    show_confusion: bool = False
    test_confusion: bool = False
    speed: float | None = None


def known_view(values: Mapping[str, object]) -> dict[str, Any]:
    """Return those of the values that a file may bring into a view: its switches, and the speed."""
    known: dict[str, Any] = {}
    for field in fields(ViewSettings):
        value = values.get(field.name)
        if isinstance(field.default, bool) and isinstance(value, bool):
            known[field.name] = value
    speed = values.get("speed")
    if speed is None or (isinstance(speed, int | float) and speed in SPEEDS):
        known["speed"] = speed
    return known
