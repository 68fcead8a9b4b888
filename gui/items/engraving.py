"""Engraving: LaTeX as SVG, by ziamath, which is slow to load; import it where the first formula is shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element

from latex2mathml.commands import CONVERSION_MAP
from ziamath.config import config
from ziamath.nodes.mrow import Mrow
from ziamath.nodes.nodetools import elementtext
from ziamath.operators import operators
from ziamath.tex import tex2mml
from ziamath.zmath import Latex

# Qt draws SVG Tiny 1.2, which has no <symbol> for repeated glyphs.
config.svg2 = False
# Of 24 pixels: exponents of exponents stay as large as can be read.
config.minsizefraction = 1 / 3

_ENVIRONMENT = re.compile(r"\\begin\s*\{([^{}]*)\}")
_AS_WRITTEN = re.compile(r">[^<>]*?(\\[A-Za-z]+)")
"""A command that stands in MathML as it is written."""

_STRETCHY = frozenset(text for (text, _), has in operators.items() if has.get("stretchy", "false") != "false")
"""What stretches where nothing else is said."""

_TRIED_PX = 16.0
_KNOWN_TO_ZIAMATH = ("aligned",)


class _Row(Mrow, tag="mrow"):
    """The row of ziamath, measured once, and only where the answer is used.

    Notes
    -----
    A row is built twice: first without what stretches, to learn how high that becomes. While an outer row is measured
    in this way, the answer is not used, and asking for it in each row doubles the time with each level of nesting. Nor
    is it where nothing stretches, as in most rows.
    """

    def _get_height_nostretch(self, line: Any, **options: Any) -> tuple[float, float]:
        is_used = not options.get("nostretch") and any(map(_stretches, line))
        return super()._get_height_nostretch(line, **options) if is_used else (0.0, 0.0)


def _stretches(node: Element) -> bool:
    """Return whether what stands in a row, or a part of it, may be drawn as high as the row."""
    if node.tag == "mrow":
        return False  # Its parts are as high as this row.
    said = node.get("stretchy")
    is_high = said != "false" if said is not None else elementtext(node) in _STRETCHY
    return is_high or any(map(_stretches, node))


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


def flaw(latex: str) -> str:
    """Return what is wrong with a formula, in words; nothing where it is engraved as it is meant.

    Notes
    -----
    ziamath engraves more than LaTeX takes: it closes braces that are left open, shows commands that it does not know as
    they are written, and leaves out environments.
    """
    depth = 0
    for brace in re.findall(r"[{}]", re.sub(r"\\.", "", latex)):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return "a } has no { before it"
    if depth:
        return "a { has no } behind it"
    for environment in _ENVIRONMENT.findall(latex):
        if environment not in _KNOWN_TO_ZIAMATH and f"\\{environment}" not in CONVERSION_MAP:
            return f"there is no environment {environment}"
    try:
        unknown = _AS_WRITTEN.search(tex2mml(latex))
        engrave(latex, _TRIED_PX, "#000000")
    except Exception:
        # ziamath and latex2mathml raise many kinds, from IndexError to their own.
        return "something is missing, or is no LaTeX that can be shown"
    return "" if unknown is None else f"there is no command {unknown[1]}"
