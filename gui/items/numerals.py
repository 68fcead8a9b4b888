r"""Numerals: the numbers of a formula, drawn letter by letter in the font of the formulas.

Symbols stay as they are while a network learns, and their pictures are kept. Numbers are other ones in each moment, and
a picture of them by :mod:`gui.items.engraving` takes some hundred times as long as this one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetricsF, QPainter, QPainterPath

_TOKEN = re.compile(
    r"\s*(?:"
    r"\\textcolor\{(?P<colour>#[0-9a-f]{6})\}\{"
    r"|\^\{(?P<power>-?\d+)\}"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign>[-+=]|\\(?:cdots?|[vd]dots)(?![a-z]))"
    r"|(?:\\(?:left|right|big[lr]?))?(?P<parenthesis>[()])"
    r"|(?P<empty>\{\})|(?P<begin>\{)|(?P<end>\}))"
)
_LETTERS = {"-": "−", r"\cdot": "⋅", r"\cdots": "⋯", r"\vdots": "⋮", r"\ddots": "⋱"}
_SPACES = {"=": 5 / 18, "+": 4 / 18, "−": 4 / 18, "⋅": 4 / 18, "⋯": 3 / 18}
"""On either side of a sign between numbers, in sizes of the letters; the TeXbook, chapter 18."""

_DRAWN_PX = 64.0
_ASCENT, _DESCENT = 0.78, 0.24
_POWER_SIZE, _POWER_RISE = 0.7, 0.45


@dataclass(frozen=True, slots=True)
class _Letter:
    """A letter, where it is, and how large, all in sizes of the letters."""

    text: str
    x: float
    colour: str
    size: float = 1.0
    rise: float = 0.0


@dataclass(frozen=True, slots=True)
class Numerals:
    """Numbers and signs in a row.

    Attributes
    ----------
    width, ascent, descent : float
        In sizes of the letters.
    """

    letters: tuple[_Letter, ...]
    width: float
    ascent: float = _ASCENT
    descent: float = _DESCENT

    def paint(self, painter: QPainter, baseline: QPointF, size_px: float, colour: QColor) -> None:
        """Draw them from a place on the baseline on; `colour` is that of what has none of its own."""
        for letter in self.letters:
            scale = size_px * letter.size / _DRAWN_PX
            painter.save()
            painter.translate(baseline.x() + letter.x * size_px, baseline.y() - letter.rise * size_px)
            painter.scale(scale, scale)
            painter.fillPath(_outline(letter.text)[0], QColor(letter.colour) if letter.colour else colour)
            painter.restore()


class _Row:
    """Puts letters beside each other."""

    def __init__(self) -> None:
        self.letters: list[_Letter] = []
        self.width = 0.0
        self.colours = [""]

    def put(self, text: str, *, space: float = 0.0, size: float = 1.0, rise: float = 0.0) -> None:
        """Add a text, with space on either side."""
        self.width += space
        for letter in text:
            self.letters.append(_Letter(letter, self.width, self.colours[-1], size, rise))
            self.width += size * _outline(letter)[1]
        self.width += space


def numerals(latex: str) -> Numerals | None:
    """Return a formula of numbers, signs and parentheses alone; None of any other."""
    row = _Row()
    end, follows_number = 0, False
    for match in _TOKEN.finditer(latex):
        if match.start() != end:
            return None
        end, kind = match.end(), match.lastgroup
        if kind == "sign":
            sign = _LETTERS.get(match["sign"], match["sign"])
            # A sign that follows none is that of the number after it, and close to that.
            row.put(sign, space=_SPACES.get(sign, 0.0) if follows_number or sign not in "+−" else 0.0)
        elif kind == "power":
            row.put(match["power"].replace("-", "−"), size=_POWER_SIZE, rise=_POWER_RISE)
        elif kind in ("number", "parenthesis"):
            row.put(match[kind])
        elif kind in ("colour", "begin"):
            row.colours.append(match["colour"] or row.colours[-1])
        elif kind == "end":
            row.colours.pop()
        if not row.colours:
            return None
        follows_number = kind in ("number", "power", "empty", "end") or match[0].endswith((")", "s"))
    is_whole = not latex[end:].strip() and len(row.colours) == 1
    return Numerals(tuple(row.letters), row.width) if is_whole and row.letters else None


def split_numerals(latex: str) -> tuple[str, Numerals] | None:
    """Return a formula as what stands before its last numbers, which may be empty, and those; None if it has none.

    The numbers begin with the first sign of equality after which there is nothing else.
    """
    whole = numerals(latex)
    if whole is not None:
        return "", whole
    depth = 0
    for match in re.finditer(r"[{}]|=", latex):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if match[0] == "=" and depth == 0:
            rest = numerals("{}" + latex[match.start() :])
            if rest is not None:
                return latex[: match.start()].rstrip(), rest
    return None


@cache
def _outline(letter: str) -> tuple[QPainterPath, float]:
    """Return the outline of a letter of :data:`_DRAWN_PX`, and its width in sizes of the letters."""
    font = _font()
    path = QPainterPath()
    path.addText(QPointF(), font, letter)
    return path, QFontMetricsF(font).horizontalAdvance(letter) / _DRAWN_PX


@cache
def _font() -> QFont:
    """Return the font with which ziamath draws."""
    data = resources.files("ziamath.fonts").joinpath("STIXTwoMath-Regular.ttf").read_bytes()
    families = QFontDatabase.applicationFontFamilies(QFontDatabase.addApplicationFontFromData(data))
    font = QFont(families)
    font.setPixelSize(round(_DRAWN_PX))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font
