"""The plots of a race, shared by its window and its pictures: loss curves, boundaries and surfaces of all lanes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen, QTransform

from gui.items.curve.lines import answer_lines
from gui.items.landscape.plot import LandscapePlot, to_page_of
from gui.items.landscape.scene import LandscapeScene
from gui.items.landscape.views import paint_sentence
from gui.items.lines_item import paint_lines, paint_lines_quickly
from gui.items.loss_axes import LossAxes
from gui.items.pixmaps import KeptPixmap
from gui.items.plane_scales import paint_plane_axes, plane_margins, plane_ticks
from gui.items.plot_axes import BOTTOM_AXIS, LEFT_AXIS, even_ticks, paint_axes, paint_grid
from gui.items.points_layer import paint_points
from gui.items.scales import round_up
from gui.items.surface_item import paint_surface
from gui.theme import Theme, figure_font
from model import Dataset
from model.data.dataset import PLANE_LIMIT
from model.run.race import LaneState, seconds_text
from model.run.snapshot import Plane, Snapshot
from model.types import FloatArray, counted, readable

_BINS = 300
_LINE_WIDTH, _BOUNDARY_WIDTH = 1.6, 1.8
_UNIT_HEIGHT, _TITLE_HEIGHT, _FOOT_HEIGHT = 14.0, 20.0, 18.0
_NUMBER_PX, _NUMBER_SIDE = 10, 14.0
_GAP = 12.0
_PLANE_ROOM, _SMALLEST_MARKERS = 380.0, 0.45
_TEXT_PX, _SMALL_PX = 12, 11
_DASHES: tuple[tuple[float, ...], ...] = ((), (5.0, 2.5), (1.2, 2.0), (6.0, 2.0, 1.2, 2.0))
"""Of each lane's boundary, so that colour is not the only sign."""

_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


class Kept:
    """What a plot on a screen keeps from one drawing to the next.

    Attributes
    ----------
    points : KeptPixmap
        The picture of the points.
    landscape : LandscapePlot
    """

    def __init__(self) -> None:
        self.points = KeptPixmap()
        self.landscape = LandscapePlot()


@dataclass(frozen=True, slots=True, eq=False)
class RaceScene:
    """What is drawn of a race, and how.

    Attributes
    ----------
    lanes : tuple of LaneState
        Empty before it has begun.
    snapshots : tuple of Snapshot or None
        Of each lane.
    names : tuple of str
        Of each lane.
    dataset : Dataset
        From which all lanes learn.
    leaders : tuple of int
        Lanes whose loss is the smallest at this step.
    step : int
    test : bool
        Whether the losses are those of the test points.
    log : bool
        Whether their axis is logarithmic.
    by_time : bool
        Whether they are drawn over the time that each lane has computed, and not over the steps.
    regions : bool
        Whether surfaces are drawn as regions, or bands of value.
    test_points : bool
        Whether test points are shown.
    landscape : LandscapeScene or None
        The loss below the paths of the lanes.
    problem : str
        Why there is no landscape, in a sentence.
    kept : Kept or None
        Of a plot on a screen, where lines are drawn quickly, too.
    """

    lanes: tuple[LaneState, ...]
    snapshots: tuple[Snapshot | None, ...]
    names: tuple[str, ...]
    dataset: Dataset
    leaders: tuple[int, ...] = ()
    step: int = 0
    test: bool = False
    log: bool = True
    by_time: bool = False
    regions: bool = False
    test_points: bool = True
    landscape: LandscapeScene | None = None
    problem: str = ""
    kept: Kept | None = None

    def paint_lines(self, painter: QPainter, lines: list[FloatArray], to_page: QTransform, pen: QPen) -> None:
        """Draw lines exactly, or quickly on a screen."""
        (paint_lines if self.kept is None else paint_lines_quickly)(painter, lines, to_page, pen)


def lane_pen(place: int, theme: Theme, width: float = _BOUNDARY_WIDTH, *, dashed: bool = True) -> QPen:
    """Return the pen of a lane's lines."""
    pen = QPen(theme.lane_colour(place), width)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    if dashed and _DASHES[place]:
        pen.setDashPattern(list(_DASHES[place]))
    return pen


def paint_number(painter: QPainter, centre: QPointF, place: int, theme: Theme) -> None:
    """Draw a lane's number on a spot of its colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.lane_colour(place))
    spot = QRectF(0, 0, _NUMBER_SIDE, _NUMBER_SIDE)
    spot.moveCenter(centre)
    painter.drawEllipse(spot)
    painter.setFont(figure_font(_NUMBER_PX, bold=True))
    painter.setPen(theme.on_accent)
    painter.drawText(spot, _CENTRE, str(place + 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)


# Losses


@dataclass(frozen=True, slots=True, eq=False)
class _LossFrame:
    """Where the loss curves are drawn, and what its axes stand for."""

    plot: QRectF
    axes: LossAxes
    x_ticks: list[tuple[float, str]]
    curves: list[tuple[FloatArray, FloatArray]]

    @classmethod
    def of(cls, area: QRectF, scene: RaceScene) -> _LossFrame:
        plot = _plot(area).adjusted(0, 0, -_NUMBER_SIDE / 2, -_UNIT_HEIGHT)
        curves = [_curve(lane, scene) for lane in scene.lanes]
        places, losses = (np.concatenate([np.zeros(0), *(curve[part] for curve in curves)]) for part in (0, 1))
        axes = LossAxes.of_growing_run(places, losses, log=scene.log)
        if not scene.by_time:
            return cls(plot, axes, axes.step_ticks(), curves)
        end = round_up(float(places.max()) if len(places) else 0.0)
        return cls(plot, replace(axes, x_range=(0.0, end)), even_ticks(0.0, end, plot.width()), curves)


def paint_race_losses(painter: QPainter, area: QRectF, scene: RaceScene, theme: Theme) -> None:
    """Draw the loss of every lane over the steps or the time, with axes; a number stands at the end of each."""
    frame = _LossFrame.of(area, scene)
    plot, axes, y_ticks = frame.plot, frame.axes, frame.axes.loss_ticks()
    paint_grid(painter, plot, frame.x_ticks, y_ticks, QPen(theme.grid, 1.0))
    painter.save()
    painter.setClipRect(plot.adjusted(-1, -1, 1, 1))
    lines = [axes.places(*curve, plot) for curve in frame.curves]
    for place in _leader_last(scene):
        scene.paint_lines(painter, [lines[place]], QTransform(), lane_pen(place, theme, _LINE_WIDTH, dashed=False))
    painter.restore()
    paint_axes(painter, plot, frame.x_ticks, y_ticks, theme)
    for place in _leader_last(scene):
        ends = lines[place][np.isfinite(lines[place]).all(axis=1)]
        if len(ends):
            paint_number(painter, QPointF(*ends[-1].tolist()), place, theme)
    painter.setFont(figure_font(_NUMBER_PX))
    painter.setPen(theme.muted)
    box = QRectF(plot.left(), plot.bottom() + BOTTOM_AXIS - 4, plot.width(), _UNIT_HEIGHT)
    painter.drawText(box, _CENTRE, "computing time of each lane, s" if scene.by_time else "step")


def losses_text(area: QRectF, scene: RaceScene, at: QPointF) -> str:
    """Return what the loss curves are at a place of their plot, a line for each lane; empty beside the plot."""
    frame = _LossFrame.of(area, scene)
    if not (scene.lanes and frame.plot.contains(at)):
        return ""
    low, high = frame.axes.x_range
    x = low + (at.x() - frame.plot.left()) / frame.plot.width() * (high - low)
    lines = []
    for name, (places, losses) in zip(scene.names, frame.curves, strict=True):
        loss = float(np.interp(x, places, losses, right=np.nan))
        if isfinite(loss):
            lines.append(f"{name}: {readable(f'{loss:.3g}')}")
    heading = f"After {seconds_text(x)} each:" if scene.by_time else f"After {counted(round(x), 'step')}:"
    return "\n".join([heading, *lines]) if lines else ""


def _curve(lane: LaneState, scene: RaceScene) -> tuple[FloatArray, FloatArray]:
    """Return where the points of a lane's curve are along the axis, and the losses there."""
    steps, train, test, _ = lane.trained.curve.thinned(_BINS)
    x = np.interp(steps, lane.trained.curve.rows[:, 0], lane.times) if scene.by_time else steps
    return x, test if scene.test else train


def _leader_last(scene: RaceScene) -> list[int]:
    """Return the lanes in the order in which they are drawn: who leads lies over the others."""
    return sorted(range(len(scene.lanes)), key=lambda place: (place in scene.leaders, -place))


# Planes


def paint_race_boundaries(painter: QPainter, area: QRectF, scene: RaceScene, theme: Theme) -> None:
    """Draw the boundaries of all lanes over the points, where each says 0, or its curve through them, with axes."""
    plot = _square(area.marginsRemoved(plane_margins(scene.dataset)))
    paint_grid(painter, plot, *plane_ticks(Plane(), plot, scene.dataset), QPen(theme.grid, 1.0))
    _paint_points(painter, plot, scene, theme)
    painter.save()
    painter.setClipRect(plot)
    for place in _leader_last(scene):
        snapshot = scene.snapshots[place]
        if snapshot is not None:
            scene.paint_lines(painter, answer_lines(snapshot), _to_page(plot), lane_pen(place, theme))
    painter.restore()
    paint_plane_axes(painter, plot, Plane(), scene.dataset, theme)


def paint_race_paths(painter: QPainter, area: QRectF, scene: RaceScene, theme: Theme) -> None:
    """Draw the loss over a plane through the weights with the path of each lane, its number at the end."""
    landscape = scene.landscape
    if landscape is None:
        paint_sentence(painter, area, scene.problem, theme)
        return
    plot = LandscapePlot() if scene.kept is None else scene.kept.landscape
    plot.paint(painter, area, landscape, theme)
    to_page = to_page_of(landscape, plot.area)
    for place, path in landscape.lanes:
        end = path.places[-1]
        if np.isfinite(end).all():
            at = to_page.map(QPointF(*end.tolist()))
            if plot.area.contains(at):
                paint_number(painter, at, place, theme)


def shares_text(scene: RaceScene) -> str:
    """Return how much of each path lies in the plane of the landscape, lane by lane."""
    if scene.landscape is None:
        return ""
    shares = ", ".join(f"{path.share:.0%}" for _, path in scene.landscape.lanes)
    return f"In the plane: {shares}" if shares else ""


def paint_race_surfaces(painter: QPainter, area: QRectF, scene: RaceScene, theme: Theme) -> None:
    """Draw the answer of each lane beside the others', with its name above and its loss below."""
    for place, cell in enumerate(_cells(area, len(scene.names))):
        title, foot = QRectF(cell.topLeft(), cell.size()), QRectF(cell)
        title.setHeight(_TITLE_HEIGHT)
        foot.setTop(cell.bottom() - _FOOT_HEIGHT)
        room = cell.adjusted(0.5, _TITLE_HEIGHT, -0.5, -_FOOT_HEIGHT)
        side = min(room.width(), room.height())
        plot = QRectF(room.center().x() - side / 2, room.top(), side, side)
        paint_number(painter, QPointF(plot.left() + _NUMBER_SIDE / 2, title.center().y()), place, theme)
        is_leader = place in scene.leaders and len(scene.leaders) < len(scene.names)
        _paint_text(painter, _beside_number(title, plot), scene.names[place], theme, bold=is_leader)
        _paint_surface(painter, plot, place, scene, theme)
        foot.moveTop(plot.bottom() + 2)
        foot.setLeft(plot.left())
        if place < len(scene.lanes):
            _paint_text(painter, foot, lane_text(scene.lanes[place], scene), theme, muted=True)


def _paint_surface(painter: QPainter, plot: QRectF, place: int, scene: RaceScene, theme: Theme) -> None:
    snapshot = scene.snapshots[place] if place < len(scene.snapshots) else None
    if snapshot is not None and snapshot.curve is None:
        surface, to_page = snapshot.surface, _to_page(plot)
        width = _LINE_WIDTH if scene.kept is None else 1.0
        paint_surface(painter, plot, surface, to_page, theme, regions=scene.regions, line_width=width)
    _paint_points(painter, plot, scene, theme)
    if snapshot is not None and snapshot.curve is not None:
        painter.save()
        painter.setClipRect(plot)
        pen = lane_pen(place, theme, dashed=False)
        scene.paint_lines(painter, answer_lines(snapshot), _to_page(plot), pen)
        painter.restore()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    is_leader = place in scene.leaders and len(scene.leaders) < len(scene.names)
    painter.setPen(QPen(theme.lane_colour(place), 2.0) if is_leader else QPen(theme.line, 1.0))
    painter.drawRect(plot)


def lane_text(lane: LaneState, scene: RaceScene) -> str:
    """Return the loss of a lane, how long it has computed, and why it has ended, if it has."""
    if lane.has_diverged:
        return f"diverged after step {lane.trained.moment.step:,}"
    loss = lane.loss_at_step(scene.step, test=scene.test)
    parts = [readable(f"loss {loss:.3g}") if isfinite(loss) else "", _ENDINGS.get(lane.trained.how, "")]
    if lane.trained.is_rate_too_high:
        parts.append("rate too high")
    return " · ".join(filter(None, [*parts, seconds_text(lane.seconds)]))


_ENDINGS = {
    "early_stopping": "stopped early",
    "all_right": "all right",
    "budget_spent": "no try left",
    "steps_done": "steps done",
    "epochs_done": "epochs done",
    "loss_reached": "loss reached",
    "accuracy_reached": "accuracy reached",
    "plateau": "plateau",
}


def surfaces_height(width: float, n_lanes: int) -> float:
    """Return how high the surfaces of a number of lanes are side by side in a width."""
    return (width - (n_lanes - 1) * _GAP) / n_lanes + _TITLE_HEIGHT + _FOOT_HEIGHT + 2


def _cells(area: QRectF, count: int) -> list[QRectF]:
    width = (area.width() - (count - 1) * _GAP) / max(count, 1)
    return [QRectF(area.left() + n * (width + _GAP), area.top(), width, area.height()) for n in range(count)]


def _beside_number(title: QRectF, plot: QRectF) -> QRectF:
    return QRectF(plot.left() + _NUMBER_SIDE + 5, title.top(), plot.width() - _NUMBER_SIDE - 5, title.height())


def _paint_text(
    painter: QPainter, box: QRectF, text: str, theme: Theme, *, bold: bool = False, muted: bool = False
) -> None:
    painter.setFont(figure_font(_SMALL_PX if muted else _TEXT_PX, bold=bold))
    painter.setPen(theme.muted if muted else theme.text)
    shown = QFontMetricsF(painter.font()).elidedText(text, Qt.TextElideMode.ElideRight, box.width())
    painter.drawText(box, _LEFT, shown)


def _paint_points(painter: QPainter, plot: QRectF, scene: RaceScene, theme: Theme) -> None:
    scale = min(max(plot.width() / _PLANE_ROOM, _SMALLEST_MARKERS), 1.0)

    def draw(painter: QPainter) -> None:
        painter.setClipRect(plot)
        paint_points(painter, scene.dataset, _to_page(plot), theme, test_points=scene.test_points, scale=scale)

    if scene.kept is not None:
        key = (scene.dataset, scene.test_points, plot.size(), theme.is_dark)
        scene.kept.points.paint(painter, plot, key, draw)
        return
    painter.save()
    draw(painter)
    painter.restore()


def _plot(area: QRectF) -> QRectF:
    """Return what the axes leave of an area, with room for half a figure at their ends."""
    return area.adjusted(LEFT_AXIS, 6, -8, -BOTTOM_AXIS)


def _square(area: QRectF) -> QRectF:
    side = min(area.width(), area.height())
    return QRectF(area.center().x() - side / 2, area.top(), side, side)


def _to_page(plot: QRectF) -> QTransform:
    """Return what leads from the plane to a plot of all of it."""
    per_unit = plot.width() / (2 * PLANE_LIMIT)
    return QTransform(per_unit, 0, 0, -per_unit, plot.center().x(), plot.center().y())
