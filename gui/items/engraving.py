"""Engraving: LaTeX as SVG, by ziamath, which is slow to load; import it where the first formula is shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ziamath.config import config
from ziamath.nodes.mrow import Mrow
from ziamath.zmath import Latex

# Qt draws SVG Tiny 1.2, which has no <symbol> for repeated glyphs.
config.svg2 = False
# Of 24 pixels: exponents of exponents stay as large as can be read.
config.minsizefraction = 1 / 3


class _Row(Mrow, tag="mrow"):
    """The row of ziamath, measured once.

    Notes
    -----
    A row is built twice: first without what stretches, to learn how high that becomes. While an outer row is measured
    in this way, the answer is not used, and asking for it in each row doubles the time with each level of nesting.
    """

    def _get_height_nostretch(self, line: Any, **options: Any) -> tuple[float, float]:
        return (0.0, 0.0) if options.get("nostretch") else super()._get_height_nostretch(line, **options)


@dataclass(frozen=True, slots=True)
class Engraving:
    """A formula as a picture.

    Attributes
    ----------
    svg : bytes
    descent : float
        How far it reaches below the baseline, in pixels.
    """

    svg: bytes
    descent: float


def engrave(latex: str, size_px: float, colour: str) -> Engraving:
    """Return a formula as a picture.

    Parameters
    ----------
    latex : str
    size_px : float
        Of the letters.
    colour : str
        Such as "#1c2430".

    Raises
    ------
    Exception
        Of any kind, where the LaTeX is wrong or has what ziamath does not know.
    """
    formula = Latex(latex, size=size_px, color=colour)
    return Engraving(formula.svg().encode(), formula.margin - formula.getyofst())
