"""What explains the lines of a curve's picture, in the window, its pictures and animations."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from gui.items.curve.lines import curve_pen, sum_pen, term_pen
from gui.theme import Theme
from model import NetworkSettings

SAMPLE_PX = 22.0
_APART_PX = 3.0
_WIDTH_PX = 1.8


@dataclass(frozen=True, slots=True)
class KeyLine:
    """What lines of a look stand for.

    Attributes
    ----------
    text : str
    pens : tuple of QPen
        One, or two that stand for the same.
    short : str
        The text where there is little room.
    """

    text: str
    pens: tuple[QPen, ...]
    short: str

    def paint(self, painter: QPainter, area: QRectF) -> None:
        """Draw samples of the lines from the left to the right of an area."""
        middle, first = area.center().y(), -_APART_PX * (len(self.pens) - 1)
        for number, pen in enumerate(self.pens):
            y = middle + first + 2 * _APART_PX * number
            painter.setPen(pen)
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))


def key_lines(settings: NetworkSettings, theme: Theme, *, terms: bool) -> list[KeyLine]:
    """Return what stands for what in the picture of a curve: what is said, what each neuron adds, and the sum.

    Parameters
    ----------
    settings : NetworkSettings
    theme : Theme
    terms : bool
        Whether the picture shows what each neuron adds.
    """
    answer = (curve_pen(theme, _WIDTH_PX),)
    if not terms:
        return [KeyLine("y", answer, "y")]
    total = "Σ a·w" if settings.bias == "none" else "Σ a·w + b"
    added = KeyLine("a·w of each neuron", (term_pen(theme, 1.0), term_pen(theme, -1.0)), "a·w")
    if settings.output_activation == "linear":
        return [KeyLine(f"y = {total}", answer, "y"), added]
    said = KeyLine(f"y = {settings.output_activation}(z)", answer, "y")
    return [said, added, KeyLine(f"z = {total}", (sum_pen(theme),), "z")]
