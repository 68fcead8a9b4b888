"""The mark of the pinned probe point: a ring with four strokes, one look in every view."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Slot
from PySide6.QtGui import QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsObject, QStyleOptionGraphicsItem, QWidget

from gui import theme
from gui.document.probe import Probe
from gui.items.plane_view import PlaneView
from gui.program.guard import guarded
from gui.theme import Theme
from model.data.dataset import PLANE_LIMIT

RADIUS = 7.5
"""Of the ring on a view of the plane, so that a data point's marker is seen inside."""

_REACH = 1.7
"""How far the strokes reach, in radii."""

_HALO_PX = 1.2
_ABOVE_POINTS = 40.0


def mark_reach(radius: float) -> float:
    """Return how far from its middle a mark is drawn."""
    return _REACH * radius + 1.0 + _HALO_PX


def paint_probe_mark(painter: QPainter, centre: QPointF, radius: float, colours: Theme) -> None:
    """Draw the mark, in the colour of texts on a halo of the panel's: it is seen on every colour of a class or map."""
    path = QPainterPath()
    path.addEllipse(centre, radius, radius)
    for dx, dy in ((1, 0), (0, 1), (-1, 0), (0, -1)):
        way = QPointF(dx, dy)
        path.moveTo(centre + way * radius)
        path.lineTo(centre + way * radius * _REACH)
    width = max(min(radius / 4.0, 1.8), 1.0)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, thickness in ((colours.panel, width + 2 * _HALO_PX), (colours.text, width)):
        painter.setPen(QPen(colour, thickness, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        painter.drawPath(path)


def place_on_map(area: QRectF, place: tuple[float, float]) -> QPointF:
    """Return where a place is on a map of the whole plane that fills an area."""
    x, y = ((coordinate + PLANE_LIMIT) / (2 * PLANE_LIMIT) for coordinate in place)
    return QPointF(area.left() + x * area.width(), area.bottom() - y * area.height())


class ProbeMark(QGraphicsObject):
    """Marks the pinned point on a view of the plane.

    Parameters
    ----------
    probe : Probe
    canvas : PlaneView
        Where it adds itself.
    """

    def __init__(self, probe: Probe, canvas: PlaneView) -> None:
        super().__init__()
        self._probe = probe
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)
        self.setZValue(_ABOVE_POINTS)
        canvas.addItem(self, ignoreBounds=True)
        probe.pinned_changed.connect(self._follow)
        theme.manager().changed.connect(self.update)
        self._follow()

    def boundingRect(self) -> QRectF:
        """Return what the mark covers, in pixels about the point."""
        reach = mark_reach(RADIUS)
        return QRectF(-reach, -reach, 2 * reach, 2 * reach)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the mark."""
        paint_probe_mark(painter, QPointF(0.0, 0.0), RADIUS, theme.current())

    @Slot()
    def _follow(self) -> None:
        pinned = self._probe.pinned
        self.setVisible(pinned is not None)
        if pinned is not None:
            self.setPos(*pinned.place)
