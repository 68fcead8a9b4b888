"""Cells: the sheet of the plane cut into quads, small where it is bent or its colours change, large where it is not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from gui.theme import Theme, mixed
from model.types import FloatArray, IntArray

_T = TypeVar("_T", bound=np.generic)

COARSE = 24
"""Along each side of the sheet there are so many cells where it is flat and of one colour."""

_INVISIBLE, _SMALL = 0.03, 120.0
"""Areas on the page: a smaller cell is not drawn, and a smaller one than the other is not cut."""

_FLAT, _FOLDED = 1.5, 8.0
"""How far from flat a cell may be, in units of the page, and how far a small one may."""

_SEAM = 0.5

_ALIKE = 30
"""How different the colours of a cell's corners may be, of 255."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Quads of the sheet.

    Attributes
    ----------
    corners : ndarray of shape (n_cells, 4 or 8, 2 or 3)
        On the page, going round, with their depth if there is one. Of a fine sheet also what lies between two corners:
        beside a cell that is cut no gap is left.
    colours : ndarray of shape (n_cells,)
        0xffRRGGBB.
    """

    corners: FloatArray
    colours: NDArray[np.uint32]

    def in_order(self, order: IntArray) -> Cells:
        """Return the cells in another order."""
        return Cells(self.corners[order], self.colours[order])

    def quads(self) -> Iterator[tuple[list[QPointF], QColor]]:
        """Return shape and colour of each."""
        for corners, colour in zip(self.corners[:, :, :2].tolist(), self.colours.tolist(), strict=True):
            yield [QPointF(x, y) for x, y in corners], QColor.fromRgb(colour)


def paint_quads(painter: QPainter, quads: Iterable[tuple[list[QPointF], QColor]], opacity: float, theme: Theme) -> None:
    """Fill quads, so that one sees through them on a picture in pixels.

    In a file of curves, whose readers smooth all edges, the ground would shine through between two of them. There they
    are opaque, of the colour that they would have on the ground, and overlap.
    """
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    in_pixels = isinstance(painter.device(), QImage | QPixmap | QWidget)
    painter.setPen(Qt.PenStyle.NoPen)
    if in_pixels:
        painter.setOpacity(painter.opacity() * opacity)
    for quad, colour in quads:
        if in_pixels:
            painter.setBrush(colour)
        else:
            shown = mixed(theme.panel, colour, opacity)
            painter.setBrush(shown)
            painter.setPen(QPen(shown, _SEAM))
        painter.drawPolygon(quad)
    painter.restore()


def cells_of(sheet: FloatArray, colours: NDArray[np.uint32], area: QRectF) -> Cells:
    """Return the cells of a sheet that can be seen.

    Parameters
    ----------
    sheet : ndarray of shape (n + 1, n + 1, 2 or 3)
        Where its vertices are on the page, with their depth if there is one; n is COARSE times a power of 2.
    colours : ndarray of shape (n + 1, n + 1)
        0xffRRGGBB at its vertices.
    area : QRectF
        What is beyond is left out.
    """
    step = (len(sheet) - 1) // COARSE
    is_fine = step > 2
    row, column = (step * places.ravel() for places in np.indices((COARSE, COARSE)))
    found: list[Cells] = []
    while True:
        corners = np.stack(_corners(sheet, row, column, step), axis=1)
        low, high = corners[:, :, :2].min(axis=1), corners[:, :, :2].max(axis=1)
        if step > 1:
            middle = sheet[row + step // 2, column + step // 2, :2]
            low, high = np.minimum(low, middle), np.maximum(high, middle)
        size = _areas(corners)
        seen = (high > area.topLeft().toTuple()).all(axis=1) & (low < area.bottomRight().toTuple()).all(axis=1)
        cut = np.zeros(len(row), dtype=np.bool_)
        if step > 1:
            bend = _bend(sheet, row, column, step)
            uneven = (bend > _FLAT) | _differs(colours, row, column, step)
            cut = seen & ((bend > _FOLDED) | ((size > _SMALL) & uneven))
        seen &= size > _INVISIBLE
        kept = seen & ~cut
        half = step // 2
        outlines = _outlines(sheet, row[kept], column[kept], step) if is_fine else corners[kept]
        found.append(Cells(outlines, colours[row[kept] + half, column[kept] + half]))
        if not cut.any():
            break
        row, column = (places[cut] for places in (row, column))
        row = np.concatenate([row + down for down in (0, 0, half, half)])
        column = np.concatenate([column + right for right in (0, half, 0, half)])
        step = half
    return Cells(*(np.concatenate([getattr(cells, name) for cells in found]) for name in ("corners", "colours")))


def _areas(corners: FloatArray) -> FloatArray:
    """Return about how large quads are on the page, an ndarray of shape (n,): those of their two triangles."""
    a, b, c, d = (corners[:, index, :2] for index in range(4))
    halves = [
        np.abs((q - p)[:, 0] * (r - p)[:, 1] - (q - p)[:, 1] * (r - p)[:, 0]) / 2 for p, q, r in ((a, b, c), (a, c, d))
    ]
    areas: FloatArray = halves[0] + halves[1]
    return areas


def _corners(values: NDArray[_T], row: IntArray, column: IntArray, step: int) -> list[NDArray[_T]]:
    return [
        values[row, column],
        values[row, column + step],
        values[row + step, column + step],
        values[row + step, column],
    ]


def _outlines(sheet: FloatArray, row: IntArray, column: IntArray, step: int) -> FloatArray:
    """Return the corners of cells and the places between them, where there are some, going round, 8 for each."""
    half = step // 2
    ways = ((0, 0), (0, half), (0, step), (half, step), (step, step), (step, step - half), (step, 0), (step - half, 0))
    return np.stack([sheet[row + up, column + right] for up, right in ways], axis=1)


def _bend(sheet: FloatArray, row: IntArray, column: IntArray, step: int) -> FloatArray:
    """Return how far from flat cells are: how far elsewhere a place between their corners lies than they say."""
    half, flat = step // 2, sheet[..., :2]
    a, b, c, d = _corners(flat, row, column, step)
    away = np.maximum.reduce(
        [
            np.abs(flat[row, column + half] - (a + b) / 2),
            np.abs(flat[row + half, column + step] - (b + c) / 2),
            np.abs(flat[row + step, column + half] - (c + d) / 2),
            np.abs(flat[row + half, column] - (a + d) / 2),
            np.abs(flat[row + half, column + half] - (a + b + c + d) / 4),
        ]
    )
    bend: FloatArray = away.max(axis=1)
    return bend


def _differs(colours: NDArray[np.uint32], row: IntArray, column: IntArray, step: int) -> NDArray[np.bool_]:
    """Return which cells have corners of different colours."""
    channels = colours[..., np.newaxis].view(np.uint8)[..., :3]
    corners = np.stack(_corners(channels, row, column, step))
    differs: NDArray[np.bool_] = (corners.max(axis=0) - corners.min(axis=0)).max(axis=1) > _ALIKE
    return differs
