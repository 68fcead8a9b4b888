"""The loss landscape from above: colours, contour lines with their losses, and the paths of runs."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF, QTransform

from gui.document.landscape_paths import LandscapePath
from gui.items.landscape.scene import LandscapeScene, LossScale, loss_text, nearest, resampled
from gui.items.lines_item import paint_lines, paint_winding_line
from gui.items.plot_axes import BOTTOM_AXIS, LEFT_AXIS, even_ticks, paint_axes
from gui.items.surface_item import field_lines, to_image
from gui.theme import Theme, figure_font, mixed, rgb_array
from model.types import FloatArray

NOTHING_FINITE = "No loss of this landscape is finite: the numbers are too large."

N_LEVELS = 11
_CELLS = 160
_STOPS = (0.0, 0.4, 0.75, 1.0)
_STRENGTHS = (0.85, 0.46, 0.20, 0.03)
"""How much of the accent's colour losses there have; the rest is the panel's."""

_TABLE = 256
_NOT_FINITE = 0.30
_HALO_PX, _PATH_PX, _PINNED_PX = 3.4, 1.7, 1.4
_DOT_PX, _START_PX = 4.5, 2.8
ARROW_LENGTH, _TIP_PX = 30.0, 6.0
_LEAST_LABELLED, _LABEL_GAP, _TEXT_PX = 170.0, 52.0, 11


@lru_cache(maxsize=4)
def _table(theme: Theme) -> NDArray[np.uint32]:
    """Return colours 0xffRRGGBB from the lowest loss to the highest: the lower, the more of the accent's there is."""
    panel, accent = rgb_array(theme.panel), rgb_array(theme.accent)
    stops = np.stack([panel + (accent - panel) * strength for strength in _STRENGTHS])
    shares = np.linspace(0.0, 1.0, _TABLE)
    r, g, b = (np.interp(shares, _STOPS, channel).round().astype(np.uint32) for channel in stops.T)
    return np.asarray(np.uint32(0xFF000000) | (r << 16) | (g << 8) | b, dtype=np.uint32)


def loss_colours(scene: LandscapeScene, scale: LossScale, theme: Theme, n_side: int = _CELLS) -> NDArray[np.uint32]:
    """Return the colours of a landscape at the centres of cells, of shape (n_side, n_side), lowest row first.

    Where the loss is not finite it is grey.
    """
    losses = scene.landscape.losses
    shares = resampled(scale.shares(losses), n_side)
    colours: NDArray[np.uint32] = _table(theme)[np.clip(shares * (_TABLE - 1) + 0.5, 0, _TABLE - 1).astype(np.intp)]
    beyond = nearest(~np.isfinite(losses), n_side)
    if beyond.any():
        colours[beyond] = mixed(theme.panel, theme.muted, _NOT_FINITE).rgb()
    return colours


def contour_lines(scene: LandscapeScene, scale: LossScale, level: float) -> list[FloatArray]:
    """Return the lines on which the loss has a level, a place of the scale, on the plane."""
    losses = scene.landscape.losses
    places = scene.extent.places(len(losses))
    return field_lines(places[..., 0], places[..., 1], scale.shares(losses), [level])


class LandscapePlot:
    """Draws landscapes from above, and keeps what stays the same while a path grows on one.

    Attributes
    ----------
    area : QRectF
        Where the plane is in what was drawn last.
    """

    def __init__(self) -> None:
        self.area = QRectF()
        self._key: tuple[object, ...] = ()
        self._colours: NDArray[np.uint32] = np.zeros((1, 1), dtype=np.uint32)
        self._contours: list[tuple[float, list[FloatArray]]] = []

    def paint(self, painter: QPainter, room: QRectF, scene: LandscapeScene, theme: Theme) -> None:
        """Draw a landscape with axes and paths."""
        self.area = area = room.adjusted(LEFT_AXIS, 6, -8, -BOTTOM_AXIS)
        scale = LossScale.of(scene.landscape.losses, scene.loss, log=scene.log)
        if scale is None:
            painter.setFont(figure_font(12))
            painter.setPen(theme.muted)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, NOTHING_FINITE)
            return
        self._prepare(scene, scale, theme)
        to_page = to_page_of(scene, area)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setClipRect(area)
        painter.drawImage(area, to_image(self._colours))
        pen = QPen(mixed(theme.muted, theme.panel, 0.25), 1.0)
        for _, lines in self._contours:
            paint_lines(painter, lines, to_page, pen)
        if min(area.width(), area.height()) >= _LEAST_LABELLED:
            self._paint_labels(painter, scale, to_page, theme)
        _paint_names(painter, area, scene, theme)
        paint_paths(painter, scene, to_page, theme)
        painter.restore()
        extent = scene.extent
        x_ticks = even_ticks(extent.x_min, extent.x_max, area.width())
        y_ticks = even_ticks(extent.y_min, extent.y_max, area.height())
        paint_axes(painter, area, x_ticks, y_ticks, theme, text_px=_TEXT_PX)

    def _prepare(self, scene: LandscapeScene, scale: LossScale, theme: Theme) -> None:
        key = (scene.landscape, scale, theme)
        if key != self._key:
            self._key = key
            self._colours = np.ascontiguousarray(loss_colours(scene, scale, theme)[::-1])
            self._contours = [(level, contour_lines(scene, scale, level)) for level in scale.levels(N_LEVELS)]

    def _paint_labels(self, painter: QPainter, scale: LossScale, to_page: QTransform, theme: Theme) -> None:
        """Write its loss on the longest line of each level, where there is room."""
        painter.setFont(figure_font(_TEXT_PX))
        metrics = QFontMetricsF(painter.font())
        taken: list[QPointF] = []
        for level, lines in self._contours:
            longest = max(lines, key=len, default=None)
            if longest is None:
                continue
            for row in (len(longest) // 2, len(longest) // 4, 3 * len(longest) // 4):
                place = to_page.map(QPointF(*longest[row].tolist()))
                text = loss_text(scale.loss(level))
                box = metrics.boundingRect(text).adjusted(-3, 0, 3, 0)
                box.moveCenter(place)
                free = all((place - other).manhattanLength() > _LABEL_GAP for other in taken)
                if free and self.area.contains(box):
                    taken.append(place)
                    painter.setPen(Qt.PenStyle.NoPen)
                    painter.setBrush(_translucent(theme.panel, 0.72))
                    painter.drawRoundedRect(box, 3, 3)
                    painter.setPen(theme.text)
                    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
                    break


def to_page_of(scene: LandscapeScene, area: QRectF) -> QTransform:
    """Return what leads from places of the plane to those of a page on which an area shows all of it."""
    extent = scene.extent
    across, up = area.width() / (extent.x_max - extent.x_min), area.height() / (extent.y_max - extent.y_min)
    return QTransform(across, 0, 0, -up, area.left() - extent.x_min * across, area.bottom() + extent.y_min * up)


def paint_paths(painter: QPainter, scene: LandscapeScene, to_page: QTransform, theme: Theme) -> None:
    """Draw the paths of other runs in their colours, that of the run, where it is, and its way down."""
    for colour, path in scene.others(theme):
        _paint_path(painter, path.places, to_page, QPen(colour, _PINNED_PX), theme)
        _paint_dot(painter, path.places[-1], to_page, _DOT_PX - 1, colour, theme)
    if scene.path is not None:
        paint_own_path(painter, scene.path, to_page, theme)
    if scene.place is None:
        return
    at = np.array(scene.place)
    if scene.descent is not None and scene.descent.any():
        x, y = (scene.descent / np.abs(scene.descent).max()).tolist()
        way = QPointF(x * to_page.m11(), y * to_page.m22())
        paint_arrow(painter, to_page.map(QPointF(*scene.place)), way, theme)
    _paint_dot(painter, at, to_page, _DOT_PX, theme.text, theme)


def paint_own_path(painter: QPainter, path: LandscapePath, to_page: QTransform, theme: Theme) -> None:
    """Draw the path of the run: what comes after the moment that is shown in dots."""
    passed, later = path.places[: path.n_passed], path.places[path.n_passed - 1 :]
    if len(later) > 1:
        _paint_path(painter, later, to_page, later_pen(theme), theme)
    if len(passed) > 1:
        _paint_path(painter, passed, to_page, QPen(theme.text, _PATH_PX), theme)
        _paint_dot(painter, passed[0], to_page, _START_PX, theme.panel, theme, theme.text)


def later_pen(theme: Theme) -> QPen:
    """Return what draws the part of a path that comes after the moment that is shown."""
    return QPen(theme.text, _PINNED_PX, Qt.PenStyle.DotLine)


def path_pens(pen: QPen, theme: Theme) -> list[QPen]:
    """Return what draws a path, one over the other: below a line a rim, so that it is seen on every colour.

    Between dots more would be seen of a rim than of them.
    """
    return [QPen(theme.panel, _HALO_PX), pen] if pen.style() == Qt.PenStyle.SolidLine else [pen]


def _paint_path(painter: QPainter, places: FloatArray, to_page: QTransform, pen: QPen, theme: Theme) -> None:
    for one in path_pens(pen, theme):
        paint_winding_line(painter, places, to_page, one)


def _paint_dot(
    painter: QPainter,
    place: FloatArray,
    to_page: QTransform,
    radius: float,
    colour: QColor,
    theme: Theme,
    rim: QColor | None = None,
) -> None:
    if np.isfinite(place).all():
        painter.setPen(QPen(rim or theme.panel, 1.4))
        painter.setBrush(colour)
        painter.drawEllipse(to_page.map(QPointF(*place.tolist())), radius, radius)


def paint_arrow(
    painter: QPainter, start: QPointF, way: QPointF, theme: Theme, *, arrow_length: float = ARROW_LENGTH
) -> None:
    """Draw an arrow of a fixed length that leads along a way on the page; none where there is no way."""
    length = float(np.hypot(way.x(), way.y()))
    if not 0.0 < length < np.inf:
        return
    along = QPointF(way.x() / length, way.y() / length)
    beside = QPointF(-along.y(), along.x())
    tip = start + along * arrow_length
    foot = tip - along * _TIP_PX
    for colour, width in ((theme.panel, _HALO_PX), (theme.negative, 1.8)):
        painter.setPen(QPen(colour, width))
        painter.setBrush(colour)
        painter.drawLine(start, foot)
        painter.drawPolygon(QPolygonF([tip, foot + beside * (_TIP_PX / 2), foot - beside * (_TIP_PX / 2)]))


def _paint_names(painter: QPainter, area: QRectF, scene: LandscapeScene, theme: Theme) -> None:
    """Write what the directions are, the first at the right end of its axis, the second at the top of its own."""
    painter.setFont(figure_font(_TEXT_PX))
    metrics = QFontMetricsF(painter.font())
    first, second = scene.axes
    for text, is_first in ((f"{first} →", True), (f"↑ {second}", False)):
        width, height = metrics.horizontalAdvance(text) + 6, metrics.height()
        box = QRectF(area.left() + 3, area.top() + 3, width, height)
        if is_first:
            box.moveBottomRight(area.bottomRight() - QPointF(3, 3))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_translucent(theme.panel, 0.6))
        painter.drawRoundedRect(box, 3, 3)
        painter.setPen(theme.text)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)


def _translucent(colour: QColor, opacity: float) -> QColor:
    result = QColor(colour)
    result.setAlphaF(opacity)
    return result
