"""Plots about one weight or bias: the loss along it, and its course over the run."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen, QPolygonF

from gui.document.run import LiveRun
from gui.items.chart import Chart
from gui.items.scales import losses_top, round_up
from gui.panels.inspector.plots import NOT_FINITE, PartPlot, paint_tangent
from gui.panels.inspector.rows import Parameter
from gui.theme import Theme
from model import Dataset, NetworkSettings
from model.network.parts import same_places
from model.run.history import KeyFrame
from model.training.section import LossSection
from model.types import FloatArray, readable

_LEAST_RANGE = 3.0
_MOST_VALUES, _LEAST_VALUES = 61, 9
_AFFORDABLE = 600_000
"""How many points in all a curve may ask."""

_LONGEST = -1.23e-05
"""A number that is as long as they come."""

_DOT_PX, _LEAST_ARROW_PX, _TIP_PX = 4.0, 7.0, 5.0


class ParameterPlot(PartPlot):
    """A plot about one number of the network."""

    parameter: Parameter | None = None

    def show_parameter(self, parameter: Parameter | None) -> None:
        """Show another number; None: nothing."""
        if parameter != self.parameter:
            self.parameter = parameter
            self.follow()

    def compute(self) -> str:
        """Compute what is seen of the number in the moment that is displayed, or return why that cannot be."""
        moment = self._run.displayed.moment
        if self.parameter is None or not np.isfinite(moment.checkpoint.parameters).all():
            return NOT_FINITE
        position, n_parameters = self.parameter.position, len(moment.checkpoint.parameters)
        # Until the inspector follows a network of another shape, the number may be that of the one before.
        if position >= n_parameters or not same_places(moment.network, self._run.setup.network):
            return "The network of this moment has another shape: the number is not in it."
        return self.compute_at(moment, position)

    def compute_at(self, moment: KeyFrame, position: int) -> str:
        """Do so for the number at `position` of the flat vector, where all of it is finite."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """The loss along a parameter.

    Attributes
    ----------
    values, losses : ndarray of shape (n_values,)
        The curve; the present value is one of them.
    value, loss, slope : float
        The present value, the loss that is shown with it, and the derivative there.
    next_value : float or None
        Where the next step leads; None where there is none.
    """

    values: FloatArray
    losses: FloatArray
    value: float
    loss: float
    slope: float
    next_value: float | None


class LossAlongPlot(ParameterPlot):
    """The training loss along one number with all others as they are: training rolls down this curve."""

    def __init__(self, run: LiveRun) -> None:
        super().__init__(run, "loss_along_plot", "Training loss along the number, all others as they are")
        self._made: tuple[Dataset, NetworkSettings, str, LossSection] | None = None
        self._section: Section | None = None

    @property
    def section(self) -> Section | None:
        """What is drawn; None where there is nothing to see."""
        return None if self.problem else self._section

    def compute_at(self, moment: KeyFrame, position: int) -> str:
        """Ask the network for the loss at many values."""
        if not moment.dataset.n_training:
            return "There is no training point, and so no loss."
        parameters = moment.checkpoint.parameters
        value = float(parameters[position])
        section = self._section_of(moment.dataset, moment.network, moment.training.loss)
        limit = max(_LEAST_RANGE, round_up(abs(value)))
        n_values = min(max(_AFFORDABLE // section.n_points, _LEAST_VALUES), _MOST_VALUES)
        values = np.sort(np.append(np.linspace(-limit, limit, n_values), value))
        losses = section.losses(parameters, position, values)
        loss = float(losses[np.searchsorted(values, value)])
        if not np.isfinite(loss):
            return NOT_FINITE
        step = self._run.numbers.next_step
        after = None if step is None else float(step.after[position])
        self._section = Section(values, losses, value, loss, float(self._run.numbers.gradient[position]), after)
        return ""

    def _section_of(self, dataset: Dataset, network: NetworkSettings, loss: str) -> LossSection:
        made = self._made
        if made is None or made[0] is not dataset or made[1:3] != (network, loss):
            self._made = made = (dataset, network, loss, LossSection(dataset, network, loss))
        return made[3]

    def paint(self, painter: QPainter, room: QRectF, colours: Theme) -> None:
        """Draw the curve, the present value on it with its tangent, and the next step as an arrow."""
        section = self._section
        if section is None or self.parameter is None:
            return
        chart = Chart.within(
            room, (float(section.values[0]), float(section.values[-1])), (0.0, losses_top(section.losses, section.loss))
        )
        letter = "b" if self.parameter.is_bias else "w"
        change = None if section.next_value is None else section.next_value - section.value
        # The longest numbers decide, so that the words stay while the numbers change.
        is_short = not chart.has_room(_text(letter, _LONGEST, _LONGEST))
        text = _text(letter, section.slope, change, is_short=is_short)
        chart.paint_frame(painter, colours, f"loss along {self.parameter.name}", text)
        chart.paint_curve(painter, QPen(colours.accent, 1.6), section.values, section.losses)
        paint_tangent(painter, chart, QPen(colours.muted, 1.2), section.value, section.loss, section.slope)
        place = chart.at(section.value, section.loss)
        if section.next_value is not None:
            end = chart.at(min(max(section.next_value, chart.x_range[0]), chart.x_range[1]), section.loss)
            _paint_arrow(painter, place, end, colours)
        _paint_dot(painter, place, colours)


class CoursePlot(ParameterPlot):
    """The course of one number over the run."""

    def __init__(self, run: LiveRun) -> None:
        super().__init__(run, "course_plot", "Course of the number over the run")
        self._steps: FloatArray = np.zeros(0)
        self._values: FloatArray = np.zeros(0)
        self._place = (0.0, 0.0)

    @property
    def course(self) -> tuple[FloatArray, FloatArray]:
        """What is drawn: steps and values."""
        return self._steps, self._values

    def compute_at(self, moment: KeyFrame, position: int) -> str:
        """Take the number from every key frame where it is at the same place."""
        frames = [frame for frame in self._run.history.frames if same_places(frame.network, moment.network)]
        if self._run.moment is None:
            frames.append(moment)
        self._place = float(moment.step), float(moment.checkpoint.parameters[position])
        self._steps = np.array([frame.step for frame in frames], dtype=np.float64)
        self._values = np.array([frame.checkpoint.parameters[position] for frame in frames])
        return ""

    def paint(self, painter: QPainter, room: QRectF, colours: Theme) -> None:
        """Draw the course, and the value at the moment that is shown."""
        finite = self._values[np.isfinite(self._values)]
        if self.parameter is None or not len(finite):
            return
        low, high = min(float(finite.min()), 0.0), max(float(finite.max()), 0.0)
        limits = (-round_up(-low) if low < 0 else 0.0, round_up(high) if high > 0 or low == 0 else 0.0)
        first = float(self._steps.min())
        chart = Chart.within(room, (first, max(float(self._steps.max()), first + 1.0)), limits)
        step, value = self._place
        text = readable(f"{value:.4g} at step {step:,.0f}")
        chart.paint_frame(painter, colours, f"{self.parameter.name} over the run", text)
        chart.paint_curve(painter, QPen(colours.accent, 1.6), self._steps, self._values)
        _paint_dot(painter, chart.at(step, value), colours)


def _text(letter: str, slope: float, change: float | None, *, is_short: bool = False) -> str:
    """Return what stands below the title of the loss along a number: its derivative, and what the next step changes."""
    if is_short:
        text = f"∂C/∂{letter} {slope:+.2g}" + ("" if change is None else f", next {change:+.2g}")
    else:
        text = f"∂C/∂{letter} = {slope:+.3g}" + ("" if change is None else f" · next step {change:+.3g}")
    return readable(text)


def _paint_dot(painter: QPainter, place: QPointF, colours: Theme) -> None:
    painter.setPen(QPen(colours.panel, 1.0))
    painter.setBrush(colours.accent)
    painter.drawEllipse(place, _DOT_PX, _DOT_PX)


def _paint_arrow(painter: QPainter, start: QPointF, end: QPointF, colours: Theme) -> None:
    """Draw an arrow along the axis, unless it would be too short to be seen."""
    length = end.x() - start.x()
    if abs(length) < _LEAST_ARROW_PX:
        return
    back = _TIP_PX if length < 0 else -_TIP_PX
    painter.setPen(QPen(colours.negative, 1.6))
    painter.drawLine(start, end)
    painter.setBrush(colours.negative)
    painter.drawPolygon(QPolygonF([end, end + QPointF(back, -_TIP_PX / 2), end + QPointF(back, _TIP_PX / 2)]))
