"""SpaceView: a relief that a person turns, and that says over which place of the plane the mouse is."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter

from gui import theme
from gui.items.space.camera import LEAST_WITH_NAMES_PX, Projection
from gui.items.space.plot import KeptBox, paint_space
from gui.items.space.raster import Columns
from gui.items.space.relief import Relief
from gui.items.space.spots import Spots
from gui.items.space.turning import TurnedView
from gui.widgets.page import page_of


class SpaceView(TurnedView):
    """Shows a relief in its box. What is under the mouse is a place of the plane, a tuple of two floats.

    Parameters
    ----------
    name : str
        The accessible name.
    bare : bool
        Without ticks and names in any size; otherwise they are left out where a view is too low for them.
    """

    def __init__(self, name: str, *, bare: bool = False) -> None:
        super().__init__(name)
        self._bare = bare
        self._relief: Relief | None = None
        self._spots: Spots | None = None
        self._hiding: Columns | None = None
        self._head_px = 0
        self._box = KeptBox()

    def show_relief(self, relief: Relief, spots: Spots) -> None:
        """Show other heights, or other points."""
        self._relief, self._spots = relief, spots
        self.update()

    def leave_head(self, height_px: int) -> None:
        """Draw the relief below what lies over the head of the view, in pixels."""
        if height_px != self._head_px:
            self._head_px = height_px
            self.update()

    @property
    def plot(self) -> QRectF:
        """Where the relief is drawn, on the page."""
        return page_of(self).adjusted(0, self._head_px / theme.manager().scale, 0, 0)

    @property
    def _is_bare(self) -> bool:
        return self._bare or self.plot.height() < LEAST_WITH_NAMES_PX

    @property
    def units_per_pixel(self) -> float:
        """How many units of the plane one pixel is, across."""
        plane = None if self._relief is None else self._relief.plane
        width = 1.0 if plane is None else plane.x_max - plane.x_min
        scale = Projection.fitting(self.camera, self.plot, bare=self._is_bare).scale * theme.manager().scale
        return width / 2.0 / scale

    def draw(self, painter: QPainter, area: QRectF) -> None:
        """Draw the relief."""
        if self._relief is not None and self._spots is not None:
            self._hiding = paint_space(
                painter,
                self.plot,
                self._relief,
                self._spots,
                self.camera,
                theme.current(),
                bare=self._is_bare,
                copied=True,
                kept=self._box,
            )

    def met(self, position: QPointF) -> tuple[float, float] | None:
        """Return over which place of the plane a place of the page is, None where there is no surface."""
        if self._hiding is None or self._relief is None:
            return None
        plot = self.plot
        ratio = self._hiding.height / max(plot.height(), 1.0)
        met = self._hiding.met((position.x() - plot.left()) * ratio, (position.y() - plot.top()) * ratio)
        return None if met is None else self._relief.on_plane(*met)
