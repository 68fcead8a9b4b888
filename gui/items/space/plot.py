"""Plot: a relief in its box with points, drawn on any picture: in pixels on a screen, as quads in a file of curves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QWidget

from gui.items.lines_item import paint_lines
from gui.items.pixmaps import KeptPixmap
from gui.items.points_layer import paint_markers
from gui.items.probe_mark import RADIUS, mark_reach, paint_probe_mark
from gui.items.space.box import paint_scale_bar, paint_scales, paint_walls
from gui.items.space.camera import HALF_HEIGHT, Camera, Projection
from gui.items.space.names import paint_names
from gui.items.space.quads import paint_quads
from gui.items.space.raster import Columns, Pixels, heights_at, peeled, pixels_of
from gui.items.space.relief import NOT_FINITE, Relief
from gui.items.space.shading import light_on, lit, smooth_edges, texture_of
from gui.items.space.spots import Spots
from gui.items.surface_item import level_colour
from gui.theme import Theme, figure_font, mixed
from model.types import FloatArray

_HIDDEN_OPACITY = 0.3
_GROUND_OPACITY = 0.9
_TEXELS_PER_UNIT, _LEAST_TEXELS, _MOST_TEXELS = 1.7, 192, 1024
_STEM_PARTS, _STEM_FADING, _MANY_POINTS = (8, 5), (0.4, 0.75), 120
_MOST_STEMS = 1500
"""Of more points the lines to the ground would be a haze."""

_BEHIND_ALL = 10.0
_ON_SURFACE = 0.006
_SLICE_WIDTHS, _MANY_SLICES = (2.0, 1.0), 24
_FULL_SCALE, _SMALLEST_MARKERS = 170.0, 0.6
"""Markers are as large as on the plane where 1 in the box takes this many units of the page; in a smaller box they get
smaller, down to this share."""


@dataclass(frozen=True, slots=True)
class KeptBox:
    """The walls and the scales of a box from one picture of a view to the next."""

    walls: KeptPixmap = field(default_factory=KeptPixmap)
    scales: KeptPixmap = field(default_factory=KeptPixmap)


def paint_space(
    painter: QPainter,
    area: QRectF,
    relief: Relief,
    spots: Spots,
    camera: Camera,
    theme: Theme,
    *,
    scale: float = 1.0,
    bare: bool = False,
    copied: bool = False,
    kept: KeptBox | None = None,
) -> Columns | None:
    """Draw a relief with its points.

    Parameters
    ----------
    area : QRectF
        In the painter's own units.
    scale : float
        Of the markers.
    bare : bool
        Without ticks and names.
    copied : bool
        Draw each kind of marker once and copy it: quick, for a screen.
    kept : KeptBox, optional
        Draw the box again only where it has changed: quick, too.

    Returns
    -------
    Columns or None
        What the eye meets, in pixels of the area, where there is one surface.
    """
    painter.save()
    painter.setClipRect(area)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    projection = Projection.fitting(camera, area, bare=bare)
    in_pixels = isinstance(painter.device(), QImage | QPixmap | QWidget)
    ratio = painter.worldTransform().m11() * painter.device().devicePixelRatioF() if in_pixels else 1.0
    boxes = [[relief.in_box(field) for field in sheet.fields] for sheet in relief.sheets]
    fields = [_columns(z, projection, area, ratio) for z in boxes] if relief.opacity > 0.0 else []
    met = fields[0] if len(fields) == 1 else None
    hiding = met if relief.opacity == 1.0 else None
    box = relief.scales, camera, area.getRect(), theme
    walls = partial(paint_walls, scales=relief.scales, projection=projection, theme=theme)
    _paint_kept(painter, area, None if kept is None else kept.walls, box, walls)
    if in_pixels and fields:
        _paint_pixels(painter, area, relief, fields, theme, ratio)
    elif fields:
        pairs = list(zip(boxes, (sheet.colours for sheet in relief.sheets), strict=True))
        paint_quads(painter, pairs, projection, theme, opacity=relief.opacity, net=len(fields) == 1)
    if boxes:
        _paint_curves(painter, relief, spots, boxes, projection, hiding, theme)
    _paint_slices(painter, relief, projection)
    _paint_spots(painter, relief, spots, projection, hiding, theme, scale, copied=copied)
    if not bare:
        if relief.is_coloured_by_height:
            paint_scale_bar(painter, relief.scales, projection, theme)
        scales = partial(paint_scales, scales=relief.scales, projection=projection, theme=theme)
        _paint_kept(painter, area, None if kept is None else kept.scales, box, scales)
        paint_names(painter, area, relief, projection, theme)
    if not boxes:
        _paint_sentence(painter, area, theme)
    painter.restore()
    return met


def _paint_sentence(painter: QPainter, area: QRectF, theme: Theme) -> None:
    """Write amid the box why there is no surface, on a ground that keeps points and axes out of the letters."""
    room, flags = area.adjusted(12, 0, -12, 0), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
    painter.setFont(figure_font(12))
    ground = QColor(theme.panel)
    ground.setAlphaF(_GROUND_OPACITY)
    painter.fillRect(painter.boundingRect(room, flags, NOT_FINITE).adjusted(-6, -3, 6, 3), ground)
    painter.setPen(theme.text)
    painter.drawText(room, flags, NOT_FINITE)


def _paint_kept(
    painter: QPainter, area: QRectF, kept: KeptPixmap | None, key: object, draw: Callable[[QPainter], object]
) -> None:
    """Draw a part of the box, or copy it from what is kept."""

    def draw_clipped(on: QPainter) -> None:
        on.setClipRect(area)
        draw(on)

    if kept is None:
        draw(painter)
    else:
        kept.paint(painter, area, key, draw_clipped)


def _columns(z: Sequence[FloatArray], projection: Projection, area: QRectF, ratio: float) -> Columns:
    """Return the columns of an area's pixels, `ratio` of which make a unit of the page."""
    own = projection.within(area, ratio)
    return Columns.of(z, own, round(area.width() * ratio), round(area.height() * ratio))


def _paint_pixels(
    painter: QPainter, area: QRectF, relief: Relief, fields: list[Columns], theme: Theme, ratio: float
) -> None:
    """Draw the surfaces in pixels."""
    found: list[Pixels] = []
    for sheet, columns in zip(relief.sheets, fields, strict=True):
        colours = lit(sheet.colours, light_on(relief.in_box(sheet.heights), columns.projection))
        n_texels = round(min(max(_TEXELS_PER_UNIT * columns.projection.scale, _LEAST_TEXELS), _MOST_TEXELS))
        pixels = pixels_of(columns, texture_of(colours, theme, n_texels, net=len(fields) == 1))
        if pixels is not None:
            smooth_edges(pixels, columns.projection)
            found.append(pixels)
    if not found:
        return
    painter.save()
    painter.setOpacity(relief.opacity * painter.opacity())
    for picture in found if len(fields) == 1 else peeled(found):
        # The first row is the lowest; the first row of an image is its top.
        colours = np.ascontiguousarray(picture.colours[::-1])
        n_rows, n_columns = colours.shape
        image = QImage(colours.data, n_columns, n_rows, colours.strides[0], QImage.Format.Format_ARGB32_Premultiplied)
        left, top = area.left() + picture.left / ratio, area.top() + picture.top / ratio
        painter.drawImage(QRectF(left, top, n_columns / ratio, n_rows / ratio), image)
    painter.restore()


def _paint_curves(
    painter: QPainter,
    relief: Relief,
    spots: Spots,
    boxes: Sequence[Sequence[FloatArray]],
    projection: Projection,
    hiding: Columns | None,
    theme: Theme,
) -> None:
    """Draw boundaries and contour lines where they are seen: on one surface, otherwise on the ground.

    Those of pinned runs lie there, too. A surface that is seen through has none of its own.
    """
    kinds = [(curves, QPen(theme.run_colour(place), 1.0, Qt.PenStyle.DashLine)) for place, curves in spots.ghosts]
    if hiding is not None:
        kinds += [(relief.levels, QPen(level_colour(theme), 1.0)), (relief.lines, QPen(theme.text, 1.6))]
    for curves, pen in kinds:
        if not curves:
            continue
        ends = np.cumsum([len(curve) for curve in curves])
        ground = relief.on_ground(np.concatenate(curves))
        # What is not finite is a gap.
        beyond = ~(np.abs(ground) <= 1.0 + _ON_SURFACE).all(axis=1)
        ground[beyond] = 0.0
        z = heights_at(boxes[0], ground[:, 0], ground[:, 1]) if hiding is not None else -HALF_HEIGHT
        places = np.column_stack([ground, np.broadcast_to(z + _ON_SURFACE, len(ground))])
        seen = projection.seen(places)[:, :2]
        seen[beyond if hiding is None else beyond | hiding.hides(places)] = np.nan
        paint_lines(painter, np.split(seen, ends[:-1]), QTransform(), pen)


def _paint_slices(painter: QPainter, relief: Relief, projection: Projection) -> None:
    """Draw slices, all pieces of one colour at once."""
    if not relief.slices:
        return
    pieces, colours = [], []
    for one in relief.slices:
        places = np.column_stack([relief.on_ground(one.places), relief.in_box(one.heights)])
        seen = projection.seen(places)[:, :2]
        # Each piece is a line of its own, with a gap after it.
        pieces.append(np.stack([seen[:-1], seen[1:], np.full_like(seen[1:], np.nan)], axis=1))
        colours.append(one.colours[1:])
    all_pieces, all_colours = np.concatenate(pieces), np.concatenate(colours)
    width = _SLICE_WIDTHS[len(relief.slices) > _MANY_SLICES]
    for colour in np.unique(all_colours).tolist():
        pen = QPen(QColor.fromRgb(colour), width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
        paint_lines(painter, [all_pieces[all_colours == colour].reshape(-1, 2)], QTransform(), pen)


def _paint_spots(
    painter: QPainter,
    relief: Relief,
    spots: Spots,
    projection: Projection,
    hiding: Columns | None,
    theme: Theme,
    scale: float,
    *,
    copied: bool,
) -> None:
    """Draw the points from the farthest to the nearest, each with a line to the ground; what is hidden faintly."""
    dataset, heights = spots.dataset, np.atleast_2d(spots.heights)
    ground = np.tile(relief.on_ground(dataset.points), (len(heights), 1))
    rows, heights = np.tile(np.arange(len(dataset)), len(heights)), heights.ravel()
    shown = np.isfinite(heights) & (np.abs(ground) <= 1.0).all(axis=1)
    if not spots.test_points:
        shown &= ~dataset.is_test[rows]
    rows = rows[shown]
    places = np.column_stack([ground[shown], relief.in_box(heights[shown]) + _ON_SURFACE])
    seen = projection.seen(places)
    hidden = np.zeros(len(rows), dtype=np.bool_) if hiding is None else hiding.hides(places)
    _paint_stems(painter, places, projection, hiding, theme)
    order = np.argsort(-seen[:, 2] - _BEHIND_ALL * hidden, kind="stable")
    opacities = np.where(hidden, _HIDDEN_OPACITY, 1.0)[order]
    scale *= min(max(projection.scale / _FULL_SCALE, _SMALLEST_MARKERS), 1.0)
    paint_markers(painter, dataset, rows[order], seen[order, :2], theme, opacities, scale=scale, copied=copied)
    if spots.probe is not None:
        _paint_probe(painter, relief, spots.probe, projection, theme, scale)


def _paint_stems(
    painter: QPainter, places: FloatArray, projection: Projection, hiding: Columns | None, theme: Theme
) -> None:
    """Draw a line from each place to the ground, where it is seen."""
    if not 0 < len(places) <= _MOST_STEMS:
        return
    are_many = len(places) > _MANY_POINTS
    shares = np.linspace(0.0, 1.0, _STEM_PARTS[are_many] + 1)
    parts = np.repeat(places[:, np.newaxis], len(shares), axis=1)
    parts[:, :, 2] += (-HALF_HEIGHT - parts[:, :, 2]) * shares
    flat = parts.reshape(-1, 3)
    # One line with a gap after each stem, and where it is hidden.
    stems = np.full((len(places), len(shares) + 1, 2), np.nan)
    seen = projection.seen(flat)[:, :2]
    if hiding is not None:
        seen[hiding.hides(flat)] = np.nan
    stems[:, :-1] = seen.reshape(len(places), len(shares), 2)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    colour = mixed(theme.muted, theme.panel, _STEM_FADING[are_many])
    paint_lines(painter, [stems.reshape(-1, 2)], QTransform(), QPen(colour, 1.0))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_probe(
    painter: QPainter, relief: Relief, probe: FloatArray, projection: Projection, theme: Theme, scale: float
) -> None:
    """Draw the pinned point's mark on each surface, with a line to the ground."""
    ground = relief.on_ground(probe[:, :2])
    if (np.abs(ground) > 1.0).any() or not len(probe):
        return
    tops = projection.seen(np.column_stack([ground, relief.in_box(probe[:, 2])]))
    (foot,) = projection.seen(np.array([(*ground[0], -HALF_HEIGHT)]))
    reach = mark_reach(RADIUS * scale)
    below_mark = QPointF(float(foot[0]), float(tops[:, 1].min()) + reach)
    if foot[1] > below_mark.y():
        painter.setPen(QPen(theme.text, 1.0, Qt.PenStyle.DashLine))
        painter.drawLine(below_mark, QPointF(float(foot[0]), float(foot[1])))
    for x, y, _ in tops.tolist():
        paint_probe_mark(painter, QPointF(x, y), RADIUS * scale, theme)
