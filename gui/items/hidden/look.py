"""HiddenLook: how a hidden space is looked at, and where its places are on a page or in the box."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QTransform

from gui.items.space.box import Scale, Scales
from gui.items.space.camera import HALF_HEIGHT, Camera
from model.data.naming import Axis
from model.types import FloatArray

LEAST_ZOOM, MOST_ZOOM = 0.5, 40.0
_ROOM = 1.06
"""How many times as much is shown as there is, so that nothing lies on the frame."""

_FROM_AFAR = Camera()


@dataclass(frozen=True, slots=True)
class HiddenLook:
    """How a hidden space is looked at.

    Attributes
    ----------
    share : float
        How much of the way from the layer before to this one lies behind the points, 0 to 1.
    camera : Camera
        From where three axes are seen.
    zoom : float
        How many times as large two axes are drawn as they fit.
    centre : tuple of float
        What is in the middle then, as shares of half of what fits: (0, 0) is the middle of all.

    Raises
    ------
    ValueError
        If the share is none.
    """

    share: float = 1.0
    camera: Camera = _FROM_AFAR
    zoom: float = 1.0
    centre: tuple[float, float] = (0.0, 0.0)

    def __post_init__(self) -> None:
        if not 0.0 <= self.share <= 1.0:
            raise ValueError(f"share must be 0 to 1; got {self.share}")

    def zoomed(self, factor: float, about: tuple[float, float]) -> HiddenLook:
        """Return the look `factor` times as near; what is at `about`, as `centre` counts, stays where it is."""
        zoom = min(max(self.zoom * factor, LEAST_ZOOM), MOST_ZOOM)
        stays = self.zoom / zoom
        x, y = (at + (middle - at) * stays for at, middle in zip(about, self.centre, strict=True))
        return replace(self, zoom=zoom, centre=(x, y))

    def fitted(self) -> HiddenLook:
        """Return the look at all of it, as at first."""
        return replace(self, zoom=1.0, centre=(0.0, 0.0), camera=Camera())


def share_at(time: float) -> float:
    """Return how much of the way lies behind the points when a share of the time has passed, 0 to 1.

    They go slowly away from each station, and slowly to the next, so that each is seen.
    """
    half, part = divmod(2.0 * time, 1.0)
    return min(0.5 * half + 0.5 * part * part * (3.0 - 2.0 * part), 1.0)


@dataclass(frozen=True, slots=True)
class Frame:
    """A square, or a box, round all that is shown; its axes have one scale.

    Attributes
    ----------
    middle : ndarray of shape (n_axes,)
    half : float
        Half of its width.
    """

    middle: FloatArray
    half: float

    @classmethod
    def round(cls, low: FloatArray, high: FloatArray) -> Frame:
        """Return the frame round what lies between a lowest and a highest place."""
        spans = (high - low) / 2.0
        if len(spans) == 3:
            spans = spans / [1.0, 1.0, HALF_HEIGHT]
        half, middle = float(spans.max()) * _ROOM, (low + high) / 2.0
        # All in one place has a frame, too.
        least = 1e-9 * float(np.abs(middle).max())
        return cls(middle, half if half > least else 1.0 + 1e3 * least)

    def in_box(self, places: FloatArray) -> FloatArray:
        """Return where places are in the frame, from -1 to 1 along each axis, upwards from -HALF_HEIGHT to it."""
        in_box: FloatArray = (places - self.middle) / self.half
        return in_box

    def scales(self, axes: tuple[Axis, ...]) -> Scales:
        """Return what three axes of the box stand for."""
        halves = self.half * np.array([1.0, 1.0, HALF_HEIGHT])
        low, high = (self.middle - halves).tolist(), (self.middle + halves).tolist()
        x, y, z = (Scale(start, end, axis.name, axis) for start, end, axis in zip(low, high, axes, strict=True))
        return x, y, z


def to_page(frame: Frame, look: HiddenLook, plot: QRectF) -> QTransform:
    """Return where places of two axes, as :meth:`Frame.in_box` has them, are in a plot, both axes to one scale."""
    scale = min(plot.width(), plot.height()) / 2.0 * look.zoom
    x, y = look.centre
    return QTransform(scale, 0, 0, -scale, plot.center().x() - x * scale, plot.center().y() + y * scale)


def shown_range(frame: Frame, look: HiddenLook, plot: QRectF) -> tuple[FloatArray, FloatArray]:
    """Return the lowest and the highest place that a plot of two axes shows."""
    to_box = to_page(frame, look, plot).inverted()[0]
    corners = [to_box.map(corner) for corner in (plot.bottomLeft(), plot.topRight())]
    low, high = (np.array(QPointF(corner).toTuple()) * frame.half + frame.middle for corner in corners)
    return low, high
