r"""Matrices of numbers in formulas, drawn as :mod:`gui.items.numerals` draws numbers.

A formula is cut at those matrices that :func:`gui.items.latex.matrix` writes and that stand in no fraction, index or
parentheses of their own.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.items.numerals import Numerals, numerals

Rows: TypeAlias = tuple[tuple[Numerals, ...], ...]

_MATRIX = re.compile(r"\{\\begin\{bmatrix\}(.*?)\\end\{bmatrix\}\}", re.DOTALL)

_ROW, _COLUMN_GAP, _PADDING, _AXIS, _MIDDLE = 1.22, 0.75, 0.28, 0.26, 0.33
"""Height of a row, space between columns and at the sides, how far the middle of the matrix is above the baseline of
the formula, and that of a number above its own, in sizes of the letters."""

_BRACKET, _SERIF, _SIDE = 0.055, 0.2, 0.12
"""How thick and wide a bracket is, and the space around the matrix."""


@dataclass(frozen=True, slots=True, eq=False)
class MatrixPicture:
    """A matrix of numbers.

    Parameters
    ----------
    rows : Rows
        Of equal length.
    size_px : float
        Of the letters.
    colour : QColor
        Of what has none of its own.
    """

    rows: Rows
    size_px: float
    colour: QColor

    @property
    def _columns(self) -> list[float]:
        """How wide each column is, in sizes of the letters."""
        return [max(entry.width for entry in column) for column in zip(*self.rows, strict=True)]

    @property
    def size(self) -> QSizeF:
        """In pixels of a screen whose scale is 1."""
        columns = self._columns
        width = sum(columns) + (len(columns) - 1) * _COLUMN_GAP + 2 * (_PADDING + _SIDE)
        return QSizeF(width, len(self.rows) * _ROW) * self.size_px

    @property
    def ascent(self) -> float:
        """How far below the upper edge the baseline of the formula is."""
        return (len(self.rows) * _ROW / 2 + _AXIS) * self.size_px

    def paint(self, painter: QPainter, top_left: QPointF) -> None:
        """Draw it, in the units of the painter, whatever scale that has."""
        self._paint_brackets(painter, top_left)
        x = _SIDE + _PADDING
        for number, width in enumerate(self._columns):
            for line, row in enumerate(self.rows):
                entry = row[number]
                place = QPointF(x + (width - entry.width) / 2, (line + 0.5) * _ROW + _MIDDLE)
                entry.paint(painter, top_left + place * self.size_px, self.size_px, self.colour)
            x += width + _COLUMN_GAP

    def _paint_brackets(self, painter: QPainter, top_left: QPointF) -> None:
        painter.save()
        painter.translate(top_left)
        pen = QPen(self.colour, _BRACKET * self.size_px)
        pen.setCapStyle(Qt.PenCapStyle.SquareCap)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        inset, size = _SIDE * self.size_px, self.size
        top, bottom = inset / 2, size.height() - inset / 2
        for x, inward in ((inset, 1.0), (size.width() - inset, -1.0)):
            end = x + inward * _SERIF * self.size_px
            painter.drawPolyline([QPointF(end, top), QPointF(x, top), QPointF(x, bottom), QPointF(end, bottom)])
        painter.restore()


def cut(latex: str) -> list[str | Rows]:
    """Return a formula in parts: LaTeX, and the entries of each matrix of numbers."""
    parts: list[str | Rows] = []
    done = 0
    for match in _MATRIX.finditer(latex):
        rows = _rows(match[1])
        before = latex[done : match.start()]
        if rows is not None and _is_whole(before):
            parts += [before, rows]
            done = match.end()
    if not parts or not _is_whole(latex[done:]):
        return [latex]
    parts.append(latex[done:])
    spaced = [_spaced(part, index, len(parts)) if isinstance(part, str) else part for index, part in enumerate(parts)]
    return [part for part in spaced if part]


def _rows(inside: str) -> Rows | None:
    """Return the entries of a matrix; None where one is no number."""
    rows = []
    for line in inside.split(r"\\"):
        entries = [entry for entry in map(numerals, line.split("&")) if entry is not None]
        if len(entries) != line.count("&") + 1:
            return None
        rows.append(tuple(entries))
    return tuple(rows) if len({len(row) for row in rows}) == 1 else None


def _is_whole(latex: str) -> bool:
    """Return whether LaTeX can stand alone: nothing in it is opened or closed elsewhere, and it wants nothing more."""
    pairs = ((r"(?<!\\)\{", r"(?<!\\)\}"), (r"\\left(?![a-z])", r"\\right(?![a-z])"), (r"\\begin", r"\\end"))
    is_closed = all(len(re.findall(opening, latex)) == len(re.findall(closing, latex)) for opening, closing in pairs)
    return is_closed and not latex.rstrip().endswith(("^", "_"))


def _spaced(latex: str, index: int, count: int) -> str:
    """Return a part with something invisible where its neighbours are, so that signs keep their distance."""
    if not latex.strip():
        return ""
    return ("{}" if index else "") + latex + ("{}" if index < count - 1 else "")
