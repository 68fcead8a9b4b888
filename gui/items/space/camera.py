"""Camera: from where a height field is seen, and where on a page that puts each place of its box."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import cos, hypot, isfinite, radians, sin

import numpy as np
from PySide6.QtCore import QRectF

from model.types import FloatArray

HALF_HEIGHT = 0.62
"""Of the box, whose ground goes from -1 to 1."""

LEAST_ZOOM, MOST_ZOOM = 0.5, 8.0

_SIDE_ROOM, _TOP_ROOM, _BOTTOM_ROOM = 34.0, 14.0, 34.0
"""What ticks and names need round the box, in units of the page."""

_BARE_ROOM = 3.0

_LEAST_SCALE = 8.0

LEAST_WITH_NAMES_PX = 130
"""A lower view has its room for the surface alone, without ticks and names."""


@dataclass(frozen=True, slots=True)
class Camera:
    """From where the box is seen: from far away, so that what is equally long looks equally long.

    Attributes
    ----------
    azimuth : float
        Degrees from the first axis towards the second, at which the eye is; any number, kept from -180 to 180.
    elevation : float
        Degrees above the ground, 0 to 90.
    zoom : float
        How many times as large as it fits.

    Raises
    ------
    ValueError
        If one of them is not a number in its range.
    """

    azimuth: float = -62.0
    elevation: float = 30.0
    zoom: float = 1.0

    def __post_init__(self) -> None:
        if not isfinite(self.azimuth):
            raise ValueError(f"azimuth must be finite; got {self.azimuth}")
        if not 0.0 <= self.elevation <= 90.0:
            raise ValueError(f"elevation must be 0 to 90; got {self.elevation}")
        if not LEAST_ZOOM <= self.zoom <= MOST_ZOOM:
            raise ValueError(f"zoom must be {LEAST_ZOOM:g} to {MOST_ZOOM:g}; got {self.zoom}")
        object.__setattr__(self, "azimuth", (self.azimuth + 180.0) % 360.0 - 180.0)

    def turned(self, azimuth: float, elevation: float) -> Camera:
        """Return the camera turned by degrees; it stops over the box and on the ground."""
        return replace(self, azimuth=self.azimuth + azimuth, elevation=min(max(self.elevation + elevation, 0.0), 90.0))

    def zoomed(self, factor: float) -> Camera:
        """Return the camera `factor` times as near, within its limits."""
        return replace(self, zoom=min(max(self.zoom * factor, LEAST_ZOOM), MOST_ZOOM))


@dataclass(frozen=True, slots=True)
class Projection:
    """Where places of the box are on a page.

    The box goes from -1 to 1 on the ground and from -HALF_HEIGHT to HALF_HEIGHT upwards. The camera sees a
    place some way to the right of the middle, some way up, and some way farther off.

    Attributes
    ----------
    camera : Camera
    x, y : float
        The middle of the box, in units of the page.
    scale : float
        Units of the page for 1 in the box.
    """

    camera: Camera
    x: float
    y: float
    scale: float

    @classmethod
    def fitting(cls, camera: Camera, area: QRectF, *, bare: bool = False) -> Projection:
        """Return the projection that shows all of the box in an area, at every azimuth in the same size.

        Parameters
        ----------
        bare : bool
            Without room for ticks and names.
        """
        side, top, bottom = (_BARE_ROOM,) * 3 if bare else (_SIDE_ROOM, _TOP_ROOM, _BOTTOM_ROOM)
        e = radians(camera.elevation)
        reach = hypot(1.0, 1.0)
        up = reach * sin(e) + HALF_HEIGHT * cos(e)
        width = area.width() - 2 * side
        height = area.height() - top - bottom
        scale = max(min(width / (2 * reach), height / (2 * up)), _LEAST_SCALE) * camera.zoom
        return cls(camera, area.center().x(), area.center().y() + (top - bottom) / 2, scale)

    def within(self, area: QRectF, ratio: float) -> Projection:
        """Return the projection into the pixels of an area, `ratio` of which make a unit of the page."""
        x, y = (self.x - area.left()) * ratio, (self.y - area.top()) * ratio
        return Projection(self.camera, x, y, self.scale * ratio)

    @property
    def turn(self) -> tuple[float, float]:
        """Cosine and sine of the azimuth."""
        azimuth = radians(self.camera.azimuth)
        return cos(azimuth), sin(azimuth)

    @property
    def tilt(self) -> tuple[float, float]:
        """Cosine and sine of the elevation."""
        elevation = radians(self.camera.elevation)
        return cos(elevation), sin(elevation)

    def seen(self, places: FloatArray) -> FloatArray:
        """Return for places of the box, an ndarray of shape (n, 3), where they are on the page and how far away.

        Returns
        -------
        ndarray of shape (n, 3)
            Right and down in units of the page, and the distance from the middle along the ground, in those of the
            box; what is farther has more of it.
        """
        (turn_cos, turn_sin), (tilt_cos, tilt_sin) = self.turn, self.tilt
        x, y, z = np.asarray(places, dtype=np.float64).T
        right = turn_cos * y - turn_sin * x
        away = -(turn_cos * x + turn_sin * y)
        up = tilt_sin * away + tilt_cos * z
        return np.column_stack([self.x + self.scale * right, self.y - self.scale * up, away])
