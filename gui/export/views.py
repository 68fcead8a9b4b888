"""Views: each panel of a run, drawn on a page in the page's own units.

Every pen has its width in units of the page, and nothing is drawn under a scale of its own: programs that read SVG
differ in what they make of that.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTransform

from gui.document.pins import PinnedRun
from gui.document.probe import ProbePoint
from gui.export.key import Entry, Key, curve_entries, loss_entries, point_entries, run_entry
from gui.items.confusion_view import paint_confusion
from gui.items.curve.lines import answer_lines, curve_lines
from gui.items.hidden.look import HiddenLook
from gui.items.landscape.scene import LandscapeScene
from gui.items.legend import LossLine, loss_pen
from gui.items.lines_item import paint_lines
from gui.items.loss_axes import LossAxes
from gui.items.pinned_lines import pinned_curve
from gui.items.plane_scales import paint_plane_axes, plane_margins, plane_ticks
from gui.items.plot_axes import BOTTOM_AXIS, LEFT_AXIS, paint_axes, paint_grid
from gui.items.points_layer import paint_points
from gui.items.probe_mark import RADIUS, paint_probe_mark
from gui.items.space.build import relief_of
from gui.items.space.camera import Camera
from gui.items.space.plot import paint_space
from gui.items.space.relief import Look
from gui.items.space.shown import shown_of
from gui.items.space.spots import ghosts_of, spots_of
from gui.items.surface_item import paint_surface
from gui.items.switch_lines import paint_switch_lines
from gui.theme import Theme, figure_font
from model import Dataset, Metrics, Network
from model.data.dataset import PLANE_LIMIT
from model.network.losses import LOSSES
from model.network.parts import Unit
from model.run.curve import LossCurve
from model.run.history import KeyFrame
from model.run.snapshot import Plane, Snapshot, SnapshotMaker
from model.training.metrics import confusions
from model.types import FloatArray, IntArray

_LINE_WIDTH = 1.6
_STEP_HEIGHT = 14.0
_KEY_GAP = 6.0
_BINS = 400
_MAP_SAMPLES = 80
_MOST_SAMPLES, _LEAST_SAMPLES = 240, 40
_UNIT_SAMPLES = 4_000_000
"""How many activations a surface may take: about 20 ms."""

_WHOLE, _FROM_AFAR, _AT_REST = Plane(), Camera(), HiddenLook()
_PLANE_ROOM = 380.0
_SMALLEST_MARKERS = 0.6


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """What stills show: a moment of a run, and how it is looked at.

    Attributes
    ----------
    moment : KeyFrame
    dataset : Dataset
        The points; of a run that goes on, those of now.
    curve : LossCurve
    output_plane, data_plane : Plane
        What the two planes show at least.
    camera : Camera
        From where the output in 3D is seen.
    height : str
        What its heights are, an entry of `gui.document.looks.HEIGHTS`.
    selected : Unit or None
        The neuron that is meant by some of these.
    colouring : str
        What its colours say, an entry of `gui.document.looks.COLOURINGS`.
    slices : tuple of float
        Where it has slices, x2.
    sliced_surface : bool
        Whether the surface is seen behind them.
    reach : float
        How far from 0 the plane is shown there.
    probe : ProbePoint or None
        The point that is pinned.
    hidden : tuple of str
        Which hidden layer is shown, and along how many axes: entries of
        :data:`model.explain.hidden_choice.HIDDEN_LAYERS` and HIDDEN_AXES.
    look : HiddenLook
        How it is looked at.
    switch_lines : bool
        Whether the output has the lines where the neurons of a layer switch.
    regions, test_points : bool
        Whether the output is drawn as regions, or bands of value, and whether test points are.
    terms : bool
        Whether the output of a curve has what each neuron adds to it.
    log_loss : bool or None
        Whether the losses' axis is logarithmic; None: where the losses differ by far.
    penalty : bool
        Whether there is a curve of the loss with its penalty.
    test_confusion : bool
        Whether the confusion matrix counts the test points.
    landscape : LandscapeScene or None
        The loss landscape.
    landscape_camera : Camera
        From where that is seen in 3D.
    is_past : bool
        Whether the curve goes on after the moment, which then has a line.
    pinned : tuple of PinnedRun
    before : tuple of Metrics
        How well the network did at the moments before, as far as the timeline has kept them.
    """

    moment: KeyFrame
    dataset: Dataset
    curve: LossCurve
    output_plane: Plane = _WHOLE
    data_plane: Plane = _WHOLE
    camera: Camera = _FROM_AFAR
    height: str = "likeliest"
    selected: Unit | None = None
    colouring: str = "own"
    slices: tuple[float, ...] = ()
    sliced_surface: bool = True
    reach: float = PLANE_LIMIT
    probe: ProbePoint | None = None
    hidden: tuple[str, str] = ("last", "auto")
    look: HiddenLook = _AT_REST
    switch_lines: bool = False
    regions: bool = False
    test_points: bool = True
    terms: bool = True
    log_loss: bool | None = None
    penalty: bool = False
    test_confusion: bool = False
    landscape: LandscapeScene | None = None
    landscape_camera: Camera = _FROM_AFAR
    is_past: bool = False
    pinned: tuple[PinnedRun, ...] = ()
    before: tuple[Metrics, ...] = ()

    def snapshot(self, plane: Plane | None = None) -> Snapshot:
        """Return the numbers of the moment, with its answer over a part of the plane."""
        affordable = int(np.sqrt(_UNIT_SAMPLES / sum(self.moment.network.layer_sizes[1:])))
        resolution = min(max(affordable, _LEAST_SAMPLES), _MOST_SAMPLES)
        return SnapshotMaker(_MAP_SAMPLES, resolution).make(0, self.moment, plane)

    def network(self) -> Network:
        """Return the network of the moment."""
        return Network.read_only(self.moment.network, self.moment.checkpoint.parameters)

    def confusion(self) -> IntArray:
        """Return the confusion matrix of the training points, or of the test points."""
        return confusions(self.snapshot().network, self.moment.dataset)[int(self.test_confusion)]


# Planes


def paint_output(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the network's answer over the plane, with the points and what explains them."""
    paint_answer(painter, above_key(painter, area, _plane_entries(scene, theme), theme), scene, theme)


def paint_data(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the points alone, and what explains them."""
    dataset = scene.dataset
    plot = above_key(painter, area, _point_entries(scene, theme), theme).marginsRemoved(plane_margins(dataset))
    plane = fitted(scene.data_plane, plot)
    ticks = plane_ticks(plane, plot, dataset)
    paint_grid(painter, plot, *ticks, QPen(theme.grid, 1.0))
    _paint_points(painter, plot, plane, scene, theme)
    paint_plane_axes(painter, plot, plane, dataset, theme)


def paint_answer(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the network's answer over the plane, or its curve, with axes and points."""
    dataset = scene.moment.dataset
    plot = area.marginsRemoved(plane_margins(dataset))
    plane = fitted(scene.output_plane, plot)
    to_page, ticks = _to_page(plane, plot), plane_ticks(plane, plot, dataset)
    snapshot = scene.snapshot(plane)
    if snapshot.curve is None:
        paint_surface(painter, plot, snapshot.surface, to_page, theme, regions=scene.regions, line_width=_LINE_WIDTH)
    else:
        paint_grid(painter, plot, *ticks, QPen(theme.grid, 1.0))
    painter.save()
    painter.setClipRect(plot)
    for place, run in enumerate(scene.pinned):
        if (run.snapshot.curve is None) == (snapshot.curve is None):
            paint_lines(painter, answer_lines(run.snapshot), to_page, pinned_pen(theme, place))
    for line in curve_lines(snapshot, theme, terms=scene.terms, width=_LINE_WIDTH):
        paint_lines(painter, [line.vertices], to_page, line.pen)
    if scene.switch_lines:
        paint_switch_lines(painter, scene.network(), scene.selected, plane, to_page, plot, theme)
    painter.restore()
    _paint_points(painter, plot, plane, scene, theme)
    if scene.probe is not None:
        painter.save()
        painter.setClipRect(plot)
        paint_probe_mark(painter, to_page.map(QPointF(*scene.probe.place)), RADIUS, theme)
        painter.restore()
    paint_plane_axes(painter, plot, plane, dataset, theme)


def paint_output_in_space(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the network's answer in 3D, with the points at their height and what explains them."""
    area = above_key(painter, area, _plane_entries(scene, theme), theme)
    snapshot = scene.snapshot(Plane(-scene.reach, scene.reach, -scene.reach, scene.reach))
    shown = shown_of(snapshot, scene.height, scene.selected)
    look = Look(scene.regions, scene.colouring, scene.slices, scene.sliced_surface)
    spots = spots_of(
        snapshot.network,
        scene.dataset,
        shown,
        test_points=scene.test_points,
        probe=scene.probe,
        ghosts=ghosts_of(scene.pinned),
    )
    paint_space(painter, area, relief_of(snapshot, shown, theme, look), spots, scene.camera, theme)


def output_height(width: float, scene: Scene, theme: Theme) -> float:
    """Return how high the answer's plane is in a width, with what explains it."""
    key = Key(_plane_entries(scene, theme), _key_width(width))
    return plane_height(width, scene.output_plane, scene.moment.dataset) + _KEY_GAP + key.height


def data_height(width: float, scene: Scene, theme: Theme) -> float:
    """Return how high the points' plane is in a width, with what explains it."""
    key = Key(_point_entries(scene, theme), _key_width(width))
    return plane_height(width, scene.data_plane, scene.dataset) + _KEY_GAP + key.height


def plane_height(width: float, plane: Plane, dataset: Dataset) -> float:
    """Return how high a part of the plane is in a width, with its axes."""
    plot = QRectF(0, 0, width, width).marginsRemoved(plane_margins(dataset))
    return width - plot.height() + plot.width() * (plane.y_max - plane.y_min) / (plane.x_max - plane.x_min)


def all_entries(scene: Scene, theme: Theme) -> list[Entry]:
    """Return what explains all views of a scene."""
    return [*_answer_entries(scene, theme), *loss_entries(list(_curves(scene)), theme), *pinned_entries(scene, theme)]


def _plane_entries(scene: Scene, theme: Theme) -> list[Entry]:
    return [*_answer_entries(scene, theme), *pinned_entries(scene, theme)]


def _answer_entries(scene: Scene, theme: Theme) -> list[Entry]:
    """Return what explains the points, and the lines of a curve."""
    moment, points = scene.moment, _point_entries(scene, theme)
    return [*curve_entries(moment.network, theme, terms=scene.terms), *points] if moment.dataset.is_curve else points


def _point_entries(scene: Scene, theme: Theme) -> list[Entry]:
    return point_entries(scene.dataset, theme, bands=scene.regions, test_points=scene.test_points)


def above_key(painter: QPainter, area: QRectF, entries: list[Entry], theme: Theme) -> QRectF:
    """Draw a key at the foot of an area, and return what is left of that."""
    key = Key(entries, _key_width(area.width()))
    key.paint(painter, QPointF(area.left() + LEFT_AXIS, area.bottom() - key.height), theme)
    return area.adjusted(0, 0, 0, -key.height - _KEY_GAP)


def _key_width(width: float) -> float:
    return max(width - LEFT_AXIS, 60.0)


def pinned_entries(scene: Scene, theme: Theme) -> list[Entry]:
    """Return what the lines of the pinned runs are called."""
    return [run_entry(run.name, pinned_pen(theme, place)) for place, run in enumerate(scene.pinned)]


def pinned_pen(theme: Theme, place: int) -> QPen:
    """Return the pen of the pinned run at a place."""
    return QPen(theme.run_colour(place), 1.0, Qt.PenStyle.DashLine)


def fitted(plane: Plane, plot: QRectF) -> Plane:
    """Return what a plot of this shape shows, both axes to one scale, so that all of a part of the plane is seen."""
    width, height = plane.x_max - plane.x_min, plane.y_max - plane.y_min
    units = max(width / plot.width(), height / plot.height())
    x, y = (plane.x_min + plane.x_max) / 2, (plane.y_min + plane.y_max) / 2
    half_width, half_height = units * plot.width() / 2, units * plot.height() / 2
    return Plane(x - half_width, x + half_width, y - half_height, y + half_height)


def _plot(area: QRectF) -> QRectF:
    """Return what the axes leave of an area, with room for half a figure at their ends."""
    return area.adjusted(LEFT_AXIS, 6, -8, -BOTTOM_AXIS)


def _to_page(plane: Plane, plot: QRectF) -> QTransform:
    per_unit = plot.width() / (plane.x_max - plane.x_min)
    x, y = plot.left() - plane.x_min * per_unit, plot.bottom() + plane.y_min * per_unit
    return QTransform(per_unit, 0, 0, -per_unit, x, y)


def _paint_points(painter: QPainter, plot: QRectF, plane: Plane, scene: Scene, theme: Theme) -> None:
    scale = min(max(min(plot.width(), plot.height()) / _PLANE_ROOM, _SMALLEST_MARKERS), 1.0)
    painter.save()
    painter.setClipRect(plot)
    to_page = _to_page(plane, plot)
    paint_points(painter, scene.dataset, to_page, theme, test_points=scene.test_points, scale=scale)
    painter.restore()


# Losses


def paint_loss(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the loss over the steps, and what explains the curves."""
    entries = [*loss_entries(list(_curves(scene)), theme), *pinned_entries(scene, theme)]
    paint_losses(painter, above_key(painter, area, entries, theme), scene, theme)


def paint_losses(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the loss over the steps, with axes."""
    curves = _curves(scene)
    plot = _plot(area).adjusted(0, 0, 0, -_STEP_HEIGHT)
    pinned = [pinned_curve(run.curve, _BINS) for run in scene.pinned]
    steps, losses = (np.concatenate(parts) for parts in zip(*curves.values(), *pinned, strict=True))
    axes = LossAxes.of_whole_run(steps, losses, log=scene.log_loss)
    ticks = axes.step_ticks(), axes.loss_ticks()
    paint_grid(painter, plot, *ticks, QPen(theme.grid, 1.0))
    painter.save()
    painter.setClipRect(plot)
    for place, curve in enumerate(pinned):
        _paint_curve(painter, axes.places(*curve, plot), pinned_pen(theme, place))
    for line in reversed(curves):
        _paint_curve(painter, axes.places(*curves[line], plot), loss_pen(line, theme, _LINE_WIDTH))
    if scene.is_past:
        x = float(axes.places(np.array([float(scene.moment.step)]), np.ones(1), plot)[0, 0])
        painter.setPen(QPen(theme.negative, 1.0))
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()))
    painter.restore()
    paint_axes(painter, plot, *ticks, theme)
    painter.setFont(figure_font(10))
    painter.setPen(theme.muted)
    box = QRectF(plot.left(), plot.bottom() + BOTTOM_AXIS - 4, plot.width(), _STEP_HEIGHT)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"step ({LOSSES[scene.moment.training.loss].label.lower()})")


def _curves(scene: Scene) -> dict[LossLine, tuple[FloatArray, FloatArray]]:
    """Return steps and losses of each line that there is, up to the moment if it is the newest."""
    curve, metrics = scene.curve, scene.moment.metrics
    if not len(curve) or metrics.step > curve.rows[-1, 0]:
        # The curve's last point may be due only in many steps: the moment is its end.
        curve = curve.copy()
        curve.extend([metrics])
    steps, train, test, penalties = curve.thinned(_BINS)
    curves: dict[LossLine, tuple[FloatArray, FloatArray]] = {"train": (steps, train)}
    if scene.test_points and np.isfinite(test).any():
        curves["test"] = steps, test
    if scene.penalty:
        curves["penalised"] = steps, train + penalties
    return curves


def _paint_curve(painter: QPainter, places: FloatArray, pen: QPen) -> None:
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    paint_lines(painter, [places], QTransform(), pen)


def paint_matrix(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the confusion matrix."""
    paint_confusion(painter, area, scene.confusion(), scene.moment.dataset.class_names, theme)
