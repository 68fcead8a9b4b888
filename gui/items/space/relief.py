"""Relief: what is shown in space of a moment: heights over the plane, their colours, and the scale that they have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gui.items.space.box import Scale, Scales
from gui.items.space.camera import HALF_HEIGHT
from gui.items.space.slices import Slice
from model.data.naming import Axis
from model.run.snapshot import Plane
from model.types import Array, FloatArray

_PLAIN = Axis(), Axis(), Axis()

NOT_FINITE = "Some values are not finite: there is no surface to draw."


@dataclass(frozen=True, slots=True)
class Look:
    """How what is shown in space looks.

    Attributes
    ----------
    regions : bool
        As regions of the likeliest class, or bands of value; otherwise smoothly.
    colouring : str
        What the colours say, an entry of `gui.document.looks.COLOURINGS`.
    slices : tuple of float
        Where there are slices, x2.
    surface : bool
        Whether the surface is seen behind its slices.
    """

    regions: bool = False
    colouring: str = "own"
    slices: tuple[float, ...] = ()
    surface: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Sheet:
    """One surface.

    Attributes
    ----------
    fields : tuple of ndarray of shape (n, n)
        Heights at the centres of cells that cover the plane, the first row the lowest x2. It is the highest of them.
    colours : ndarray of shape (n, n)
        0xffRRGGBB.
    name : str
        Which of several it is.
    """

    fields: tuple[Array, ...]
    colours: NDArray[np.uint32]
    name: str = ""

    @property
    def heights(self) -> Array:
        """The highest of the fields, an ndarray of shape (n, n)."""
        highest: Array = np.maximum.reduce(self.fields)
        return highest


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """What is shown in space.

    Attributes
    ----------
    plane : Plane
        What the ground of the box is.
    low, high : float
        What the heights of its bottom and top are.
    name : str
        What the heights are.
    sheets : tuple of Sheet
        None where a value is not finite.
    lines, levels : tuple of ndarray of shape (n_vertices, 2)
        Boundaries and contour lines to be drawn on a single sheet, in data units.
    slices : tuple of Slice
    opacity : float
        Of the sheets; of less than 1 one sees through them, at 0 they are not drawn.
    is_coloured_by_height : bool
        Whether colours follow the upright axis.
    axes : tuple of str
        What the two coordinates are.
    units : tuple of Axis
        In whose numbers the two coordinates and the heights are written.
    """

    plane: Plane
    low: float
    high: float
    name: str
    sheets: tuple[Sheet, ...]
    lines: tuple[FloatArray, ...] = ()
    levels: tuple[FloatArray, ...] = ()
    slices: tuple[Slice, ...] = ()
    opacity: float = 1.0
    is_coloured_by_height: bool = False
    axes: tuple[str, str] = ("x₁", "x₂")
    units: tuple[Axis, Axis, Axis] = _PLAIN

    @property
    def scales(self) -> Scales:
        """What the axes of the box stand for."""
        plane = self.plane
        return (
            Scale(plane.x_min, plane.x_max, self.axes[0], self.units[0]),
            Scale(plane.y_min, plane.y_max, self.axes[1], self.units[1]),
            Scale(self.low, self.high, self.name, self.units[2]),
        )

    def on_ground(self, places: FloatArray) -> FloatArray:
        """Return where places of the plane, an ndarray of shape (n, 2), are on the ground of the box."""
        plane = self.plane
        low, high = np.array([plane.x_min, plane.y_min]), np.array([plane.x_max, plane.y_max])
        on_ground: FloatArray = (places - low) * (2.0 / (high - low)) - 1.0
        return on_ground

    def on_plane(self, x: float, y: float) -> tuple[float, float]:
        """Return which place of the plane is at a place of the ground of the box."""
        plane = self.plane
        return (
            plane.x_min + (x + 1.0) / 2.0 * (plane.x_max - plane.x_min),
            plane.y_min + (y + 1.0) / 2.0 * (plane.y_max - plane.y_min),
        )

    def in_box(self, heights: Array) -> FloatArray:
        """Return how high heights are in the box; those beyond its bottom or top are there."""
        shares = (np.asarray(heights, dtype=np.float64) - self.low) / (self.high - self.low)
        in_box: FloatArray = (np.clip(shares, 0.0, 1.0) * 2.0 - 1.0) * HALF_HEIGHT
        return in_box
