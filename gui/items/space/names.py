"""Names: which surface or slice is which, written beside them, whatever their colours say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from gui.items.space.camera import Projection
from gui.items.space.raster import heights_at
from gui.items.space.relief import Relief
from gui.theme import Theme, figure_font
from model.types import FloatArray

_TEXT_PX, _GAP, _PADDING = 11, 7.0, 3.0
_MOST_NAMES = 12
_BACKGROUND_ALPHA = 0.8
_CORNERS = np.array([(x, y) for x in (-1.0, 1.0) for y in (-1.0, 1.0)])


@dataclass(frozen=True, slots=True)
class _Name:
    """A text, the place in the box that it names, and its colour."""

    text: str
    place: tuple[float, float, float]
    colour: QColor


def paint_names(painter: QPainter, area: QRectF, relief: Relief, projection: Projection, theme: Theme) -> None:
    """Write the names of slices, or of several surfaces, at the right; of too many slices none."""
    names = _of_slices(relief, projection) if relief.slices else _of_sheets(relief, projection)
    if not 0 < len(names) <= _MOST_NAMES:
        return
    painter.save()
    painter.setFont(figure_font(_TEXT_PX))
    metrics = QFontMetricsF(painter.font())
    feet = [QPointF(x, y) for x, y, _ in projection.seen(np.array([name.place for name in names])).tolist()]
    background = QColor(theme.panel)
    background.setAlphaF(_BACKGROUND_ALPHA)
    taken: list[QRectF] = []
    for foot, name in sorted(zip(feet, names, strict=True), key=lambda one: -one[0].y()):
        width, height = metrics.horizontalAdvance(name.text) + 2 * _PADDING, metrics.height()
        left = max(min(foot.x() + _GAP, area.right() - width), area.left())
        box = _free(QRectF(left, foot.y() - height / 2, width, height), taken)
        painter.setPen(QPen(name.colour, 1.5))
        painter.drawLine(foot, QPointF(box.left(), box.center().y()))
        painter.fillRect(box, background)
        painter.setPen(theme.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name.text)
        taken.append(box)
    painter.restore()


def _free(box: QRectF, taken: Sequence[QRectF]) -> QRectF:
    """Return a box moved upwards until it lies over no other."""
    while True:
        over = [other.top() for other in taken if other.intersects(box)]
        if not over:
            return box
        box = box.translated(0.0, min(over) - box.bottom())


def _of_sheets(relief: Relief, projection: Projection) -> list[_Name]:
    """Return the names of surfaces, at the corner of the box that is farthest right."""
    if not any(sheet.name for sheet in relief.sheets):
        return []
    x, y = max(_CORNERS.tolist(), key=lambda corner: _right(np.array([corner]), projection)[0])
    names = []
    for sheet in relief.sheets:
        if sheet.name:
            fields = [relief.in_box(field) for field in sheet.fields]
            z = float(heights_at(fields, np.array([x]), np.array([y]))[0])
            colour = QColor.fromRgb(int(sheet.colours[-1 if y > 0 else 0, -1 if x > 0 else 0]))
            names.append(_Name(sheet.name, (x, y, z), colour))
    return names


def _of_slices(relief: Relief, projection: Projection) -> list[_Name]:
    """Return the names of slices: at the end of each that is farther right, from the side where it is highest."""
    names = []
    for one in relief.slices:
        ground = relief.on_ground(one.places)
        from_side = projection.camera.elevation == 0.0
        row = int((one.heights if from_side else _right(ground, projection)).argmax())
        z = float(relief.in_box(one.heights[[row]])[0])
        colour = QColor.fromRgb(int(one.colours[row]))
        names.append(_Name(one.name, (float(ground[row, 0]), float(ground[row, 1]), z), colour))
    return names


def _right(ground: FloatArray, projection: Projection) -> FloatArray:
    """Return how far right places of the ground are, an ndarray of shape (n,)."""
    right: FloatArray = projection.seen(np.column_stack([ground, np.zeros(len(ground))]))[:, 0]
    return right
