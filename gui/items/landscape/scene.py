"""LandscapeScene: a loss landscape with what lies on it, and the scale of its heights."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtGui import QColor

from gui.document.landscape import LossLandscape
from gui.document.landscape_paths import LandscapePath
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.scales import losses_top
from gui.theme import Theme
from model.data.dataset import Dataset
from model.landscape.landscape import SPANS, Extent, Landscape, LandscapeSettings
from model.network.parts import Edge, part_at, unit_name
from model.network.settings import NetworkSettings
from model.run.snapshot import Plane
from model.types import BoolArray, FloatArray, readable

SPAN_TEXTS = {
    "random": ("Random", SPANS["random"]),
    "weights": ("Weights", SPANS["weights"]),
    "path": ("Path", SPANS["path"]),
}
"""What the directions of a landscape are called where one chooses them, and a tip."""

_MOST_DECADES = 12.0
_LEAST_SPAN = 1e-9
"""Of what the losses are, a scale covers at least that much: what differs by less is flat."""


@dataclass(frozen=True, slots=True, eq=False)
class LandscapeScene:
    """What is drawn.

    Attributes
    ----------
    landscape : Landscape
    axes : tuple of str
        What its two directions are.
    log : bool
        Whether the loss is on a logarithmic scale.
    loss : float or None
        That of the moment that is shown.
    place : tuple of float or None
        Where its weights are on the plane.
    path : LandscapePath or None
        Of the run.
    pinned : tuple of (int, LandscapePath)
        Of pinned runs, each with its place among the pins.
    descent : ndarray of shape (2,) or None
        The way down from the place.
    descent_share : float
        How much of it lies in the plane, 0 to 1.
    lanes : tuple of (int, LandscapePath)
        Of the lanes of a race, each with its place.
    """

    landscape: Landscape
    axes: tuple[str, str]
    log: bool = True
    loss: float | None = None
    place: tuple[float, float] | None = None
    path: LandscapePath | None = None
    pinned: tuple[tuple[int, LandscapePath], ...] = ()
    descent: FloatArray | None = None
    descent_share: float = 0.0
    lanes: tuple[tuple[int, LandscapePath], ...] = ()

    @property
    def extent(self) -> Extent:
        """The part of the plane that is shown."""
        return self.landscape.extent

    @property
    def plane(self) -> Plane:
        """The same as a plane."""
        extent = self.extent
        return Plane(extent.x_min, extent.x_max, extent.y_min, extent.y_max)

    def others(self, theme: Theme) -> list[tuple[QColor, LandscapePath]]:
        """Return the paths of pinned runs and of lanes, each with its colour."""
        pinned = [(theme.run_colour(place), path) for place, path in self.pinned]
        return pinned + [(theme.lane_colour(place), path) for place, path in self.lanes]


def scene_of(landscape: LossLandscape, run: LiveRun, view: View) -> LandscapeScene | None:
    """Return what is drawn of the moment that is shown; None where there is no landscape."""
    made, network = landscape.landscape, landscape.network
    if made is None or network is None:
        return None
    metrics, place, descent = run.displayed.metrics, landscape.place(), landscape.descent()
    loss = metrics.train_loss
    if loss is not None and made.with_penalty:
        loss += metrics.penalty
    at = None if place is None or not np.isfinite(place.places).all() else place.places[0].tolist()
    return LandscapeScene(
        made,
        axis_names(landscape.asked, network, run.displayed.moment.dataset),
        view.settings.log_landscape,
        loss,
        None if at is None else (at[0], at[1]),
        landscape.path(),
        tuple(landscape.pinned_paths()),
        *(descent or (None,)),
    )


def axis_names(
    settings: LandscapeSettings, network: NetworkSettings, dataset: Dataset | None = None
) -> tuple[str, str]:
    """Return what the two directions of a landscape are called."""
    if settings.spans == "weights" and settings.positions is not None:
        first, second = (parameter_name(network, position, dataset) for position in settings.positions)
        return first, second
    return "direction 1", "direction 2"


def parameter_name(network: NetworkSettings, position: int, dataset: Dataset | None = None) -> str:
    """Return what a number of the network is called, such as ``w x₁ → h1.1``."""
    part = part_at(network, position)
    if isinstance(part, Edge):
        source, target = (unit_name(network, unit, dataset) for unit in part.ends)
        return f"w {source} → {target}"
    return "shared bias" if network.bias == "shared" else f"b of {unit_name(network, part, dataset)}"


@dataclass(frozen=True, slots=True)
class LossScale:
    """What losses are drawn as: 0 for the lowest, 1 for the highest that is shown.

    Attributes
    ----------
    low, high : float
        The losses that this is, or their logarithms to base 10.
    log : bool
    """

    low: float
    high: float
    log: bool

    @classmethod
    def of(cls, losses: FloatArray, present: float | None, *, log: bool) -> LossScale | None:
        """Return the scale of some losses; None where none of them is finite.

        Parameters
        ----------
        losses : ndarray
        present : float or None
            Stays on a linear scale well below its top, however high the others are.
        log : bool
            Where all losses are above 0; otherwise of those that are.
        """
        finite = losses[np.isfinite(losses)]
        if not len(finite):
            return None
        lowest, highest = float(finite.min()), float(finite.max())
        if log and highest > 0:
            logs = np.log10(finite[finite > 0])
            high = float(logs.max())
            return cls(*_apart(max(float(logs.min()), high - _MOST_DECADES), high), True)
        top = losses_top(losses, highest if present is None or not np.isfinite(present) else present)
        return cls(*_apart(lowest, max(min(top, highest), lowest)), False)

    def shares(self, losses: FloatArray) -> FloatArray:
        """Return where losses are on the scale; those that are not finite are at its top."""
        with np.errstate(all="ignore"):
            values = np.log10(losses) if self.log else losses
            shares = (values - self.low) / (self.high - self.low)
        shares[np.isnan(losses)] = 1.0
        return np.clip(shares, 0.0, 1.0)

    def loss(self, share: float) -> float:
        """Return which loss is at a place of the scale."""
        value = self.low + share * (self.high - self.low)
        return float(10.0**value) if self.log else value

    def levels(self, n_most: int) -> list[float]:
        """Return at which places of the scale there are contour lines, evenly."""
        return [(index + 1) / (n_most + 1) for index in range(n_most)]


def _apart(low: float, high: float) -> tuple[float, float]:
    """Return two ends that differ: those of what is flat are moved apart."""
    least = max(abs(low), abs(high), _LEAST_SPAN) * _LEAST_SPAN
    return (low, high) if high - low > least else (low - max(abs(low), 1.0) * 0.05, high + max(abs(high), 1.0) * 0.05)


def resampled(field: FloatArray, n_side: int) -> FloatArray:
    """Return a field at the centres of `n_side` by `n_side` cells, given it at places from edge to edge.

    Parameters
    ----------
    field : ndarray of shape (n, n)
        Finite.
    """
    at = (np.arange(n_side) + 0.5) / n_side * (len(field) - 1)
    left = np.minimum(at.astype(np.intp), len(field) - 2)
    weights = np.zeros((n_side, len(field)))
    rows = np.arange(n_side)
    weights[rows, left] = 1.0 - (at - left)
    weights[rows, left + 1] = at - left
    even: FloatArray = weights @ field @ weights.T
    return even


def nearest(field: BoolArray, n_side: int) -> BoolArray:
    """Return at the same centres whether the nearest place has a mark."""
    at = ((np.arange(n_side) + 0.5) / n_side * (len(field) - 1)).round().astype(np.intp)
    marked: BoolArray = field[np.ix_(at, at)]
    return marked


def loss_at(landscape: Landscape, place: tuple[float, float]) -> float | None:
    """Return the loss at a place between those that were computed; None outside.

    Not finite where one of the four round it is not.
    """
    extent, losses = landscape.extent, landscape.losses
    if not extent.contains(place):
        return None
    last = len(losses) - 1
    column = (place[0] - extent.x_min) / (extent.x_max - extent.x_min) * last
    row = (place[1] - extent.y_min) / (extent.y_max - extent.y_min) * last
    left, below = min(int(column), last - 1), min(int(row), last - 1)
    across, up = column - left, row - below
    corners = losses[below : below + 2, left : left + 2]
    with np.errstate(all="ignore"):
        lower, upper = corners @ np.array([1.0 - across, across])
        return float(lower * (1.0 - up) + upper * up)


def pointed_text(landscape: Landscape, place: tuple[float, float]) -> str:
    """Return what is said of a place."""
    loss = loss_at(landscape, place)
    at = readable(f"({place[0]:.3g}, {place[1]:.3g})")
    if loss is None:
        return ""
    return f"no finite loss at {at}" if not np.isfinite(loss) else f"loss ≈ {readable(f'{loss:.3g}')} at {at}"


def loss_text(loss: float) -> str:
    """Return a loss to two digits: 0.15, 150 and 15,000, and 1.5e6 for what is larger still."""
    return readable(f"{float(f'{loss:.2g}'):,.6g}")


def share_text(share: float) -> str:
    """Return a share in percent; all and nothing are said only where they are meant."""
    if 0.0 < share < 0.005:
        return "< 1%"
    return "> 99%" if 0.995 <= share < 1.0 - 1e-9 else f"{share:.0%}"


def summary(scene: LandscapeScene) -> str:
    """Return what is said of a landscape: its losses, how much of the paths lies in it, and what it is made of."""
    made, parts = scene.landscape, []
    finite = made.losses[np.isfinite(made.losses)]
    if len(finite):
        penalty = " with penalty" if made.with_penalty else ""
        parts.append(f"loss {loss_text(finite.min())} to {loss_text(finite.max())}{penalty}")
    if scene.path is not None and len(scene.path.places) > 1:
        parts.append(f"{share_text(scene.path.share)} of the path in the plane")
    if scene.descent is not None:
        parts.append(f"{share_text(scene.descent_share)} of the gradient")
    parts += [f"{share_text(path.share)} of pinned run {place + 1}" for place, path in scene.pinned]
    if made.n_points < made.n_training:
        parts.append(f"from {made.n_points:,} of {made.n_training:,} points")
    if not made.is_finest:
        parts.append("refining …")
    return " · ".join(parts)
