"""SurfaceItem: the network's answer over the plane as a picture, and the lines on it.

Between classes the lines are boundaries; in a regression they join points of the same value, and the one of 0, between
the two colours, is told apart from the others.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import contourpy
import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gui.items.lines_item import LinesPicture, paint_lines
from gui.program.guard import guarded
from gui.theme import Theme, mixed, rgb_array
from model.data.dataset import TARGET_LIMIT
from model.run.snapshot import Plane, Snapshot, Surface
from model.types import Array, FloatArray, read_only

STRENGTH = 0.62
"""How much of a class's colour a certain answer has; the rest is the panel's, so that points stand out."""

CONTOUR_STEP = 0.25
"""The contour lines of a regression are so far apart in value."""

LEVELS = tuple(np.arange(-TARGET_LIMIT, TARGET_LIMIT + CONTOUR_STEP / 2, CONTOUR_STEP).tolist())
"""The values that the contour lines of a regression stand for."""

_N_KEPT = 8
"""For so many answers what is drawn of them is kept: of the last, of one without a part, of pinned runs."""

_REGION_POWER = 24
_LEAST_PROBABILITY = np.float32(1e-12)
_SAME_PLACE_DECIMALS = 6


def class_colours(n_classes: int, theme: Theme) -> NDArray[np.float32]:
    """Return the colours of the first classes, an ndarray of shape (n_classes, 3), 0 to 255."""
    return np.stack([rgb_array(colour) for colour in theme.classes[:n_classes]])


def probability_image(probabilities: Array, theme: Theme, *, regions: bool) -> NDArray[np.uint32]:
    """Return colours 0xffRRGGBB of class probabilities.

    Parameters
    ----------
    probabilities : ndarray of shape (n_classes, n_rows, n_columns)
    theme : Theme
    regions : bool
        Show the likeliest class alone; otherwise blend the classes by their probabilities, and let the colour fade
        where the network is undecided.

    Returns
    -------
    ndarray of shape (n_rows, n_columns)
    """
    n_classes, n_rows, n_columns = probabilities.shape
    p = _finite(probabilities.reshape(n_classes, -1))
    if regions:
        # A high power is the likeliest class, with an edge one sample wide instead of steps.
        p = (p / np.maximum(p.max(axis=0), 1e-30)) ** _REGION_POWER
        p /= np.maximum(p.sum(axis=0), 1e-30)
        strength = np.float32(STRENGTH)
    else:
        strength = np.asarray((p.max(axis=0) - 1.0 / n_classes) * (STRENGTH / (1.0 - 1.0 / n_classes)))
    blended = class_colours(n_classes, theme).T @ p
    background = rgb_array(theme.panel)[:, np.newaxis]
    rgb = (background + (blended - background) * strength).astype(np.uint32)
    packed: NDArray[np.uint32] = (np.uint32(0xFF000000) | (rgb[0] << 16) | (rgb[1] << 8) | rgb[2]).astype(np.uint32)
    return packed.reshape(n_rows, n_columns)


def value_image(values: Array, theme: Theme, *, bands: bool) -> NDArray[np.uint32]:
    """Return colours 0xffRRGGBB of a regression's values, on the diverging scale from -1 to 1.

    Parameters
    ----------
    values : ndarray of shape (n_rows, n_columns)
    theme : Theme
    bands : bool
        One colour between two contour lines; otherwise smoothly.
    """
    shown = _finite(values)
    if bands:
        # Beyond the ends all is one band; a value that is far out would leave the range of its numbers.
        shown = np.clip(shown, -1.0 - CONTOUR_STEP, 1.0 + CONTOUR_STEP)
        shown = np.clip((np.floor(shown / CONTOUR_STEP) + 0.5) * CONTOUR_STEP, -1.0, 1.0)
    return faded(theme.diverging_image(shown, TARGET_LIMIT), theme)


def _finite(values: Array) -> Array:
    """Return values with 0 where there is none, and large ones where there are infinite ones."""
    return values if np.isfinite(values).all() else np.nan_to_num(values)


def faded(colours: NDArray[np.uint32], theme: Theme) -> NDArray[np.uint32]:
    """Return colours 0xffRRGGBB mixed with the panel's, so that points stand out on them."""
    panel = rgb_array(theme.panel)
    result = np.full_like(colours, 0xFF000000)
    for background, shift in zip(panel, (16, 8, 0), strict=True):
        channel = ((colours >> np.uint32(shift)) & np.uint32(255)).astype(np.float32)
        result |= (background + (channel - background) * np.float32(STRENGTH)).astype(np.uint32) << np.uint32(shift)
    return result


def prepare_surface(snapshot: Snapshot, theme: Theme, *, regions: bool) -> None:
    """Compute what is drawn of a moment's answer over the plane, in any thread: it is then there for whoever asks."""
    surface_image(snapshot.surface, theme, regions=regions)
    boundary_picture(snapshot.surface)
    level_picture(snapshot.surface)


@lru_cache(maxsize=_N_KEPT)
def surface_image(surface: Surface, theme: Theme, *, regions: bool) -> NDArray[np.uint32]:
    """Return the colours of a network's answer, as regions or bands, or smoothly; they are not to be changed."""
    if surface.probabilities is not None:
        return probability_image(surface.probabilities, theme, regions=regions)
    assert surface.values is not None
    return value_image(surface.values, theme, bands=regions)


def paint_surface(
    painter: QPainter,
    area: QRectF,
    surface: Surface,
    to_page: QTransform,
    theme: Theme,
    *,
    regions: bool,
    line_width: float,
) -> None:
    """Draw a network's answer and its lines on a picture, in the picture's own units.

    Parameters
    ----------
    painter : QPainter
    area : QRectF
        Where the part of the plane is that the surface covers.
    surface : Surface
    to_page : QTransform
        From data units to the painter's.
    theme : Theme
    regions : bool
        As regions, or bands of value; otherwise smoothly.
    line_width : float
        Of the boundaries, or the line of 0.
    """
    # The first row of the array is the lowest; the first row of an image is its top.
    colours = np.ascontiguousarray(surface_image(surface, theme, regions=regions)[::-1])
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.drawImage(area, to_image(colours))
    painter.save()
    painter.setClipRect(area)
    paint_lines(painter, level_lines(surface), to_page, QPen(level_colour(theme), 1.0))
    paint_lines(painter, surface_lines(surface), to_page, QPen(theme.text, line_width))
    painter.restore()


def level_colour(theme: Theme) -> QColor:
    """Return the colour of the contour lines of a regression; that of 0 has the text's."""
    return mixed(theme.muted, theme.panel, 0.15)


def class_margins(probabilities: Array) -> list[Array]:
    """Return fields whose zero lines are the boundaries: the lead of a class over the best of the others.

    Notes
    -----
    The lead is the logarithm of a ratio, which is even where a network is sure of itself: between samples that are
    almost 0 and almost 1 nobody could tell where the line is. A boundary lies between two classes, so all of them are
    found without the last class's field.
    """
    logarithms = np.log(np.maximum(probabilities, _LEAST_PROBABILITY))
    if len(logarithms) == 2:
        return [logarithms[0] - logarithms[1]]
    classes = np.arange(len(logarithms))
    return [logarithms[k] - logarithms[classes != k].max(axis=0) for k in classes[:-1]]


@lru_cache(maxsize=_N_KEPT)
def surface_lines(surface: Surface) -> list[FloatArray]:
    """Return the boundaries between classes, or where the value of a regression is 0, in data units.

    Returns
    -------
    list of ndarray of shape (n_vertices, 2)
        Empty where a value is not finite. They are not to be changed.
    """
    if surface.probabilities is not None:
        margins = class_margins(surface.probabilities)
        return [line for margin in margins for line in _lines(surface.plane, margin, [0.0])]
    assert surface.values is not None
    return _lines(surface.plane, surface.values, [0.0])


def drawn_once(lines: Sequence[FloatArray]) -> list[FloatArray]:
    """Return lines without what an earlier one of them draws, so that dashes do not fill each other's gaps.

    Where two of several classes meet, each of them may have a line.

    Returns
    -------
    list of ndarray of shape (n_vertices, 2)
        The same lines; vertices amid what is drawn already are not finite.
    """
    drawn: set[tuple[float, ...]] = set()
    shown = []
    for line in lines:
        places = [tuple(place) for place in np.round(line, _SAME_PLACE_DECIMALS).tolist()]
        known = np.array([place in drawn for place in places])
        amid = known & np.append(True, known[:-1]) & np.append(known[1:], True)
        shown.append(np.where(amid[:, np.newaxis], np.nan, line))
        drawn.update(places)
    return shown


@lru_cache(maxsize=_N_KEPT)
def level_lines(surface: Surface) -> list[FloatArray]:
    """Return the other contour lines of a regression, as :func:`surface_lines` does; between classes there are none."""
    if surface.values is None:
        return []
    return _lines(surface.plane, surface.values, [level for level in LEVELS if level != 0.0])


@lru_cache(maxsize=_N_KEPT)
def boundary_picture(surface: Surface) -> LinesPicture:
    """Return what :func:`surface_lines` are drawn by."""
    return LinesPicture.of(surface_lines(surface))


@lru_cache(maxsize=_N_KEPT)
def level_picture(surface: Surface) -> LinesPicture:
    """Return what :func:`level_lines` are drawn by."""
    return LinesPicture.of(level_lines(surface))


def _lines(plane: Plane, field: Array, levels: Sequence[float]) -> list[FloatArray]:
    """Return the lines on which a field over a part of the plane has one of the levels."""
    return field_lines(*_places(plane, len(field)), field, levels)


def field_lines(x: FloatArray, y: FloatArray, field: Array, levels: Sequence[float]) -> list[FloatArray]:
    """Return the lines on which a field has one of the levels, none where it is not finite.

    Parameters
    ----------
    x, y, field : ndarray of shape (n_rows, n_columns)
        Where the samples of the field are, and what they are.

    Returns
    -------
    list of ndarray of shape (n_vertices, 2)
    """
    if not np.isfinite(field).all():
        return []
    low, high = float(field.min()), float(field.max())
    crossed = [level for level in levels if low < level < high]
    if not crossed:
        return []
    # As contourpy.contour_generator would make it, which first looks for masked samples, for as long as the rest takes.
    contours = contourpy.SerialContourGenerator(
        x,
        y,
        np.asarray(field, dtype=np.float64),
        None,  # type: ignore[arg-type]  # Its stub asks for a mask, itself it does not.
        corner_mask=True,
        line_type=contourpy.LineType.Separate,
        fill_type=contourpy.SerialContourGenerator.default_fill_type,
        quad_as_tri=False,
        z_interp=contourpy.ZInterp.Linear,
    )
    return [np.asarray(line, dtype=np.float64) for level in crossed for line in contours.lines(level)]


@lru_cache(maxsize=4)
def _places(plane: Plane, resolution: int) -> tuple[FloatArray, FloatArray]:
    """Return x and y of the samples of a field, both of shape (resolution, resolution)."""
    centres = (np.arange(resolution) + 0.5) / resolution
    x = plane.x_min + centres * (plane.x_max - plane.x_min)
    y = plane.y_min + centres * (plane.y_max - plane.y_min)
    grid_x, grid_y = np.meshgrid(x, y)
    return read_only(grid_x), read_only(grid_y)


def to_image(colours: NDArray[np.uint32]) -> QImage:
    """Return an image that shows an array of 0xffRRGGBB; the array must live as long as the image."""
    n_rows, n_columns = colours.shape
    return QImage(colours.data, n_columns, n_rows, colours.strides[0], QImage.Format.Format_RGB32)


class SurfaceItem(pg.GraphicsObject):
    """Draws colours over a part of the plane."""

    def __init__(self) -> None:
        super().__init__()
        self._colours = np.zeros((1, 1), dtype=np.uint32)
        self._plane = Plane()

    def show_colours(self, colours: NDArray[np.uint32], plane: Plane) -> None:
        """Show colours, an ndarray of shape (n_rows, n_columns) with the lowest row first."""
        if plane != self._plane:
            self.prepareGeometryChange()
            self._plane = plane
        self._colours = np.ascontiguousarray(colours)
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the part of the plane that is covered."""
        plane = self._plane
        return QRectF(plane.x_min, plane.y_min, plane.x_max - plane.x_min, plane.y_max - plane.y_min)

    @guarded
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the picture, smoothly enlarged."""
        # In data units y points up, so the lowest row of the array comes first: no flip is needed.
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(self.boundingRect(), to_image(self._colours))
