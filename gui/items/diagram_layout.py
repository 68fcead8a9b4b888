"""DiagramLayout: where the neurons and weights of a network are drawn, and which of them is at a position."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainterPath

from model.network.parts import Edge, Unit
from model.types import FloatArray, IntArray

_LARGEST_UNIT, _SMALLEST_UNIT = 46.0, 4.0
SIDE_MARGIN = 58.0
"""How far the middle of the first and the last layer is from the side, if nothing else is said."""

_MOST_MARGIN = 0.2
"""No margin takes more of the width."""

_UNIT_PITCH, _LAYER_PITCH = 84.0, 140.0
"""How far apart neurons and layers stand that are not enlarged."""

_CURVE_SAMPLES = 24
_DASH_SAMPLES = 64
_UNIT_TOLERANCE = 2.0
_EDGE_TOLERANCE = 5.0


def column_pitch(n_layers: int, width: float, left_margin: float, right_margin: float = SIDE_MARGIN) -> float:
    """Return how far apart the layers stand in a diagram of this width."""
    return (width - left_margin - min(right_margin, _MOST_MARGIN * width)) / (n_layers - 1)


class DiagramLayout:
    """Places a network of any shape into a rectangle: layers from left to right, each centred.

    Parameters
    ----------
    layer_sizes : sequence of int
    area : QRectF
        What may be used.
    left_margin, right_margin : float
        How far the middle of the first layer is from the left side, and that of the last from the right side, if that
        is not too much of the width.
    most_enlarged : float
        How much larger than usual neurons get where there is room for it.

    Attributes
    ----------
    margins : tuple of float
        The two that were asked for.
    columns : list of float
        The x coordinate of each layer's middle.
    rects : list of list of QRectF
        Each neuron's square, by layer.
    bias_places : list of list of QPointF
        The middle of each neuron's bias, by layer.
    """

    def __init__(
        self,
        layer_sizes: Sequence[int],
        area: QRectF,
        left_margin: float = SIDE_MARGIN,
        right_margin: float = SIDE_MARGIN,
        most_enlarged: float = 1.0,
    ) -> None:
        self.layer_sizes = tuple(layer_sizes)
        self.area = area
        self.margins = left_margin, right_margin
        left_margin = min(left_margin, _MOST_MARGIN * area.width())
        n_layers = len(layer_sizes)
        pitch = column_pitch(n_layers, area.width(), left_margin, right_margin)
        self.column_pitch = pitch
        room = min(area.height() / (_UNIT_PITCH * max(layer_sizes)), pitch / _LAYER_PITCH)
        self._enlarged = min(max(room, 1.0), most_enlarged)
        self.columns = [area.left() + left_margin + layer * pitch for layer in range(n_layers)]
        self.rects = [self._column(x, size) for x, size in zip(self.columns, layer_sizes, strict=True)]
        self.bias_places = [[rect.bottomLeft() + QPointF(0.5, 0) for rect in rects] for rects in self.rects]

    def _column(self, x: float, n_units: int) -> list[QRectF]:
        pitch = min(self.area.height() / n_units, _UNIT_PITCH * self._enlarged)
        size = max(min(_LARGEST_UNIT * self._enlarged, 0.76 * pitch, 0.5 * self.column_pitch), _SMALLEST_UNIT)
        top = self.area.center().y() - pitch * n_units / 2
        return [
            QRectF(round(x - size / 2), round(top + (index + 0.5) * pitch - size / 2), round(size), round(size))
            for index in range(n_units)
        ]

    @property
    def least_pitch(self) -> float:
        """How far apart the neurons of the fullest layer stand."""
        return min(self.area.height() / max(self.layer_sizes), _UNIT_PITCH * self._enlarged)

    def rect(self, unit: Unit) -> QRectF:
        """Return a neuron's square."""
        return self.rects[unit.layer][unit.index]

    @cached_property
    def edges(self) -> IntArray:
        """Layer, source and target of every weight in the order of the weights, shape (n_weights, 3)."""
        sizes = self.layer_sizes
        blocks = []
        for layer in range(len(sizes) - 1):
            source, target = np.divmod(np.arange(sizes[layer] * sizes[layer + 1]), sizes[layer + 1])
            blocks.append(np.stack([np.full_like(source, layer), source, target], axis=1))
        return np.concatenate(blocks)

    @cached_property
    def _ends(self) -> FloatArray:
        """Start x, start y, end x, end y of every weight's curve, shape (n_weights, 4)."""
        right = [np.array([[rect.right(), rect.center().y()] for rect in rects]) for rects in self.rects]
        left = [np.array([[rect.left(), rect.center().y()] for rect in rects]) for rects in self.rects]
        ends = [
            np.concatenate(
                [
                    np.repeat(right[layer], self.layer_sizes[layer + 1], axis=0),
                    np.tile(left[layer + 1], (self.layer_sizes[layer], 1)),
                ],
                axis=1,
            )
            for layer in range(len(self.layer_sizes) - 1)
        ]
        return np.concatenate(ends)

    @cached_property
    def _paths(self) -> dict[int, QPainterPath]:
        return {}

    def path(self, number: int) -> QPainterPath:
        """Return the curve of the weight with this number in :attr:`edges`."""
        path = self._paths.get(number)
        if path is None:
            x0, y0, x1, y1 = (float(value) for value in self._ends[number])
            middle = (x0 + x1) / 2
            path = QPainterPath(QPointF(x0, y0))
            path.cubicTo(middle, y0, middle, y1, x1, y1)
            self._paths[number] = path
        return path

    @cached_property
    def _dashed_paths(self) -> dict[tuple[int, float, float], QPainterPath]:
        return {}

    def dashed_path(self, number: int, dash: float, gap: float) -> QPainterPath:
        """Return the curve of a weight cut into dashes: many times faster to draw than with a dashed pen."""
        key = (number, dash, gap)
        path = self._dashed_paths.get(key)
        if path is None:
            x, y = (row[0] for row in self._samples(np.array([number]), _DASH_SAMPLES))
            along = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
            path = QPainterPath()
            for start in np.arange(0.0, along[-1], dash + gap):
                at = np.linspace(start, min(start + dash, float(along[-1])), 3)
                xs, ys = np.interp(at, along, x).tolist(), np.interp(at, along, y).tolist()
                path.moveTo(xs[0], ys[0])
                path.lineTo(xs[1], ys[1])
                path.lineTo(xs[2], ys[2])
            self._dashed_paths[key] = path
        return path

    def _samples(self, numbers: NDArray[np.intp], n_samples: int) -> tuple[FloatArray, FloatArray]:
        """Return x and y of places on the curves of weights, both of shape (n_numbers, n_samples)."""
        t = np.linspace(0.0, 1.0, n_samples)
        x0, y0, x1, y1 = (column[:, np.newaxis] for column in self._ends[numbers].T)
        # The cubic's inner control points are half-way across, at the height of its ends.
        x = x0 + (x1 - x0) * (1.5 * t * (1 - t) + t**3)
        y = y0 + (y1 - y0) * (3 * t**2 - 2 * t**3)
        return x, y

    def number(self, edge: Edge) -> int:
        """Return the number of a weight in :attr:`edges`."""
        sizes = self.layer_sizes
        before = sum(sizes[layer] * sizes[layer + 1] for layer in range(edge.layer))
        return before + edge.source * sizes[edge.layer + 1] + edge.target

    def unit_at(self, position: QPointF) -> Unit | None:
        """Return the neuron at a position."""
        margin = _UNIT_TOLERANCE
        for layer, rects in enumerate(self.rects):
            for index, rect in enumerate(rects):
                if rect.adjusted(-margin, -margin, margin, margin).contains(position):
                    return Unit(layer, index)
        return None

    def edge_at(self, position: QPointF, numbers: NDArray[np.intp]) -> Edge | None:
        """Return the weight whose curve is nearest to a position, of those with `numbers`; None if none is near."""
        if not len(numbers):
            return None
        x, y = self._samples(numbers, _CURVE_SAMPLES)
        distances = _distance_to_polylines(position.x(), position.y(), x, y)
        nearest = int(np.argmin(distances))
        if distances[nearest] > _EDGE_TOLERANCE:
            return None
        layer, source, target = (int(value) for value in self.edges[numbers[nearest]])
        return Edge(layer, source, target)


def _distance_to_polylines(px: float, py: float, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the distance of a point to each of the polylines, whose vertices are the rows of `x` and `y`."""
    dx, dy = np.diff(x, axis=1), np.diff(y, axis=1)
    along = ((px - x[:, :-1]) * dx + (py - y[:, :-1]) * dy) / np.maximum(dx**2 + dy**2, 1e-12)
    along = np.clip(along, 0.0, 1.0)
    distances: FloatArray = np.hypot(x[:, :-1] + along * dx - px, y[:, :-1] + along * dy - py).min(axis=1)
    return distances
