"""Pictures of a race: each of its plots, or all of them, as its window shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from gui.export.key import Entry, Key, point_entries, run_entry
from gui.export.page import UNITS, Page, Paint, encoded, image_of, limits
from gui.items.race_plots import (
    RaceScene,
    lane_pen,
    paint_race_boundaries,
    paint_race_losses,
    paint_race_paths,
    paint_race_surfaces,
    surfaces_height,
)
from gui.theme import Theme, current

_MARGIN, _GAP, _KEY_GAP = 8.0, 12.0, 6.0
_LOSS_ASPECT, _PATHS_ASPECT = 0.6, 0.85


Draw: TypeAlias = Callable[[QPainter, QRectF, RaceScene, Theme], None]
"""What draws a race into an area."""


@dataclass(frozen=True, slots=True)
class RaceView:
    """What there can be a picture of.

    Attributes
    ----------
    label, tip : str
    width : float
        In units of the drawing, where nobody says another.
    paint : callable
        Draws it into an area.
    height : callable
        How high it is in a width.
    """

    label: str
    tip: str
    width: float
    paint: Draw
    height: Callable[[float, RaceScene, Theme], float]


def _lane_entries(scene: RaceScene, theme: Theme) -> list[Entry]:
    return [
        run_entry(f"{place + 1}  {name}", lane_pen(place, theme, dashed=False))
        for place, name in enumerate(scene.names)
    ]


def _boundary_entries(scene: RaceScene, theme: Theme) -> list[Entry]:
    lanes = [run_entry(f"{place + 1}  {name}", lane_pen(place, theme)) for place, name in enumerate(scene.names)]
    return [*lanes, *point_entries(scene.dataset, theme, bands=False, test_points=scene.test_points)]


def _above_key(painter: QPainter, area: QRectF, entries: list[Entry], theme: Theme) -> QRectF:
    """Draw a key at the foot of an area, and return what is left of that."""
    key = Key(entries, area.width())
    key.paint(painter, QPointF(area.left(), area.bottom() - key.height), theme)
    return area.adjusted(0, 0, 0, -key.height - _KEY_GAP)


def _with_key(paint: Draw, entries: Callable[[RaceScene, Theme], list[Entry]]) -> Draw:
    """Return what draws a plot and below it what explains its lines."""

    def draw(painter: QPainter, area: QRectF, scene: RaceScene, theme: Theme) -> None:
        paint(painter, _above_key(painter, area, entries(scene, theme), theme), scene, theme)

    return draw


_paint_losses = _with_key(paint_race_losses, _lane_entries)
_paint_boundaries = _with_key(paint_race_boundaries, _boundary_entries)
_paint_paths = _with_key(paint_race_paths, _lane_entries)


def _boundaries_height(width: float, scene: RaceScene, theme: Theme) -> float:
    return width + _KEY_GAP + Key(_boundary_entries(scene, theme), width).height


def _surfaces_height(width: float, scene: RaceScene, theme: Theme) -> float:
    return surfaces_height(width, len(scene.names))


def _paint_all(painter: QPainter, area: QRectF, scene: RaceScene, theme: Theme) -> None:
    below = surfaces_height(area.width(), len(scene.names))
    above = area.adjusted(0, 0, 0, -below - _GAP)
    middle = above.left() + 0.58 * above.width()
    _paint_losses(painter, QRectF(above.topLeft(), QPointF(middle - _GAP, above.bottom())), scene, theme)
    _paint_boundaries(painter, QRectF(QPointF(middle, above.top()), above.bottomRight()), scene, theme)
    paint_race_surfaces(painter, area.adjusted(0, area.height() - below, 0, 0), scene, theme)


def _height_of_all(width: float, scene: RaceScene, theme: Theme) -> float:
    return _boundaries_height(0.42 * width, scene, theme) + _GAP + surfaces_height(width, len(scene.names))


RACE_VIEWS: dict[str, RaceView] = {
    "race": RaceView("The whole race", "Loss curves, boundaries and surfaces.", 720.0, _paint_all, _height_of_all),
    "race_losses": RaceView(
        "Losses",
        "The loss curve of each lane.",
        480.0,
        _paint_losses,
        lambda width, scene, theme: width * _LOSS_ASPECT,
    ),
    "race_boundaries": RaceView(
        "Boundaries", "The boundaries of all lanes on one plane.", 440.0, _paint_boundaries, _boundaries_height
    ),
    "race_paths": RaceView(
        "Paths",
        "The loss over a plane through the weights, with the path of each lane.",
        480.0,
        _paint_paths,
        lambda width, scene, theme: width * _PATHS_ASPECT,
    ),
    "race_surfaces": RaceView(
        "Surfaces", "The answer of each lane, side by side.", 720.0, paint_race_surfaces, _surfaces_height
    ),
}
"""Every view of a race, by name."""


class RacePictures:
    """Draws the views of a race as they are now.

    Parameters
    ----------
    scene : callable
        Returns what is shown.
    """

    views = RACE_VIEWS

    def __init__(self, scene: Callable[[], RaceScene]) -> None:
        self._scene = scene

    def offered(self) -> list[str]:
        """Return the names of the views that there are now: paths need a landscape."""
        return [name for name in RACE_VIEWS if name != "race_paths" or self._scene().landscape is not None]

    def focused(self) -> str:
        """Return the name of the view that is offered first."""
        return "race"

    def width(self, name: str, unit: str = "px") -> float:
        """Return how wide the picture of a view is if nobody says another width."""
        low, high = limits(unit)
        return min(max(float(round(RACE_VIEWS[name].width / UNITS[unit].units)), low), high)

    def image(self, name: str, width: float | None = None, unit: str = "px", *, room: QSize | None = None) -> QImage:
        """Return a view in pixels, as :meth:`gui.export.stills.Stills.image` does."""
        page, paint = self._drawing(name, width, unit)
        pixels = page.pixels if room is None else page.pixels.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        return image_of(page, paint, current().panel, pixels)

    def encoded(self, name: str, kind: str, width: float | None = None, unit: str = "px") -> bytes:
        """Return a view as the content of a file, as :meth:`gui.export.stills.Stills.encoded` does."""
        page, paint = self._drawing(name, width, unit)
        return encoded(page, kind, paint, current().panel)

    def _drawing(self, name: str, width: float | None, unit: str) -> tuple[Page, Paint]:
        """Return the page of a view, and what draws it there."""
        scene, theme, view = self._scene(), current(), RACE_VIEWS[name]
        width = self.width(name, unit) if width is None else width
        inner = Page(width, unit).size.width() - 2 * _MARGIN
        page = Page(width, unit, (view.height(inner, scene, theme) + 2 * _MARGIN) / (inner + 2 * _MARGIN))
        area = QRectF(_MARGIN, _MARGIN, inner, page.size.height() - 2 * _MARGIN)
        return page, lambda painter: view.paint(painter, area, scene, theme)
