"""The loss panel: losses over the steps, or the confusion matrix, and how good the answers are as figures."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QSignalBlocker, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLabel, QWidget

from gui import theme
from gui.document.document import Document
from gui.items.confusion_view import ConfusionView
from gui.items.legend import LOSS_NAMES, LossLine, loss_pen, paint_loss_sample
from gui.items.lines_item import LinesItem
from gui.items.plane_view import style_axes
from gui.items.scales import decade_above, decade_below, round_up
from gui.items.schedule_curve import ScheduleCurve
from gui.program.guard import guarded
from gui.widgets.card import Panel, label
from gui.widgets.choices import Segments
from gui.widgets.texts import as_tip
from model.network.losses import LOSSES
from model.types import FloatArray

_BINS = 300
_SCHEDULE_PX = 42
_SMALLEST_LOSS = 1e-12


@dataclass(frozen=True, slots=True)
class _Quantity:
    """A figure of the training points and of the test points.

    Attributes
    ----------
    name : str
        Its attributes of :class:`model.Metrics` are called train_ and test_ this.
    heading : str
        What stands above it; that of the loss says which loss it is.
    tip : str
        With a place for the name of the points.
    width : int
        In pixels, so that nothing moves while the numbers change.
    column : int
        Of the grid.
    write : callable
        Gives a value as text.
    in_classification, in_regression : bool
        Which problem it belongs to.
    """

    name: str
    heading: str
    tip: str
    width: int
    column: int
    write: Callable[[float], str]
    in_classification: bool = False
    in_regression: bool = False

    def is_of(self, *, regression: bool) -> bool:
        """Return whether it belongs to a regression, or to a classification."""
        return self.in_regression if regression else self.in_classification


def _loss_text(value: float) -> str:
    """Return a loss in seven signs or less."""
    if value == 0 or 0.001 <= value < 100:
        return f"{value:.4f}"
    return _short_exponent(f"{value:.3g}" if value >= 100 else f"{value:.2g}")


def _short_exponent(text: str) -> str:
    """Return 1.2e-6 for 1.2e-06, and 4e7 for 4e+07."""
    return re.sub(r"e\+?(-?)0*", r"e\1", text)


def _share_text(value: float) -> str:
    return f"{value:.1%}"


def _r2_text(value: float) -> str:
    """Return a coefficient of determination, which is 1 or less, in six signs or less."""
    text = f"{value:.3f}" if value > -10 else f"{value:.0f}" if value > -10_000 else f"{value:.0e}"
    return _short_exponent(text).replace("-", "−")


_QUANTITIES = (
    _Quantity("loss", "", "Mean loss over the {} points.", 60, 2, _loss_text, True, True),
    _Quantity("accuracy", "accuracy", "Share of the {} points whose class is right.", 58, 3, _share_text, True),
    _Quantity(
        "r2",
        "R²",
        "R² of the {} points: 1 for a perfect answer, 0 for one no better than their mean.",
        54,
        3,
        _r2_text,
        in_regression=True,
    ),
    _Quantity("mae", "MAE", "Mean absolute error over the {} points.", 54, 4, _loss_text, in_regression=True),
)


class LossPanel(Panel):
    """The loss curve: the mean over all training points, and over all test points; or the confusion matrix."""

    def __init__(self, document: Document) -> None:
        super().__init__("Loss")
        self._document = document
        self._what = Segments(
            "Loss view",
            ("Curve", "Confusion"),
            ("The loss over the steps.", "How many points of each class the network takes for each class."),
        )
        self._what.chosen.connect(self._on_what_chosen)
        self._scale = Segments("Loss scale", ("lin", "log"), ("Linear scale.", "Logarithmic scale."))
        self._scale.chosen.connect(self._on_scale_chosen)
        self._set = Segments(
            "Confusion of", ("train", "test"), ("Count the training points.", "Count the test points.")
        )
        self._set.chosen.connect(self._on_set_chosen)
        for segments in (self._what, self._scale, self._set):
            segments.setProperty("dense", True)
        self.header.addWidget(self._what)
        self.header.addStretch(1)
        self.header.addWidget(self._scale)
        self.header.addWidget(self._set)
        figures = QHBoxLayout()
        figures.addLayout(self._figure_rows())
        self._schedule = ScheduleCurve(document, _SCHEDULE_PX)
        self._schedule.setToolTip("The learning rate over the steps, as its schedule has it.")
        figures.addWidget(self._schedule, 1)
        self.body.addLayout(figures)
        self._runs = label(role="small")
        self._runs.setTextFormat(Qt.TextFormat.RichText)
        self._runs.setWordWrap(True)
        self._runs.setToolTip("Pinned runs: their test losses. Train > Compare Runs shows them side by side.")
        self.body.addWidget(self._runs)
        self.view = _curve_view()
        self._test_curve, self._penalised_curve, self._train_curve = LinesItem(), LinesItem(thin=True), LinesItem()
        self._moment_line = LinesItem(thin=True)
        self._pinned_curves: list[LinesItem] = []
        self._pinned_losses: list[tuple[FloatArray, FloatArray]] = []
        for curve in (self._moment_line, self._test_curve, self._penalised_curve, self._train_curve):
            self.view.addItem(curve, ignoreBounds=True)
        self._confusion = ConfusionView(document)
        self.body.addWidget(self.view, 1)
        self.body.addWidget(self._confusion, 1)
        self._is_regression = False
        self._range: tuple[float, float, float, float] | None = None
        document.displayed_changed.connect(self._show_moment)
        document.pinned_changed.connect(self._on_pinned_changed)
        document.view_changed.connect(self._synchronize)
        document.training_changed.connect(self._synchronize)
        document.dataset_changed.connect(self._on_dataset_changed)
        document.moment_changed.connect(self._on_dataset_changed)
        theme.manager().changed.connect(self._on_theme_changed)
        self._on_theme_changed()
        self._synchronize()

    def _figure_rows(self) -> QGridLayout:
        """Return the legend with the present figures: a row for training, one for testing, one for the penalty."""
        grid = QGridLayout()
        grid.setHorizontalSpacing(5)
        grid.setVerticalSpacing(0)
        self._loss_name = label(role="small")
        grid.addWidget(self._loss_name, 0, 0, 1, 3, Qt.AlignmentFlag.AlignRight)
        self._figures: list[tuple[_Quantity, str, QLabel]] = []
        self._headings: list[tuple[_Quantity, QLabel]] = []
        for quantity in _QUANTITIES:
            if quantity.heading:
                heading = label(quantity.heading, "small")
                grid.addWidget(heading, 0, quantity.column, Qt.AlignmentFlag.AlignRight)
                self._headings.append((quantity, heading))
        for row, (kind, text) in enumerate(LOSS_NAMES.items(), start=1):
            grid.addWidget(_LineSample(kind), row, 0)
            grid.addWidget(label(text, "muted"), row, 1)
            for quantity in _QUANTITIES:
                figure = _figure(quantity.tip.format(text), quantity.width)
                grid.addWidget(figure, row, quantity.column)
                self._figures.append((quantity, f"{kind}_{quantity.name}", figure))
        self._penalty_sample = _LineSample("penalised")
        self._penalty = QCheckBox("+ penalty")
        self._penalty.setAccessibleName("Loss with penalty")
        self._penalty.setToolTip(
            "Show also the training loss with the penalty of regularization, which training lowers."
        )
        self._penalty.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._penalty.toggled.connect(self._on_penalty_toggled)
        self._penalised = _figure("Mean loss over the training points with the penalty of regularization.", 60)
        for column, widget in enumerate((self._penalty_sample, self._penalty, self._penalised)):
            grid.addWidget(widget, 3, column)
        grid.setColumnStretch(5, 1)
        return grid

    @Slot()
    def _on_theme_changed(self) -> None:
        colours = theme.current()
        self.view.setBackground(colours.panel)
        style_axes(self.view, colours)
        self.view.getAxis("left").setWidth(44)
        self.view.getAxis("bottom").setHeight(36)
        for name in ("left", "bottom"):
            self.view.getAxis(name).setGrid(70)
        self.view.getAxis("bottom").label.setDefaultTextColor(colours.muted)
        curves: tuple[tuple[LinesItem, LossLine], ...] = (
            (self._train_curve, "train"),
            (self._penalised_curve, "penalised"),
            (self._test_curve, "test"),
        )
        for curve, line in curves:
            pen = loss_pen(line, colours)
            curve.set_pen(pen.color(), pen.style())
        self._moment_line.set_pen(colours.negative)
        self._show_pinned()

    @property
    def _shows_confusion(self) -> bool:
        return self._document.view.show_confusion and not self._document.shown_dataset.is_regression

    @property
    def _is_regularized(self) -> bool:
        return self._document.training_settings.regularization != "none"

    @Slot()
    def _on_dataset_changed(self) -> None:
        # A stroke changes the points many times a second, and the problem never.
        if self._document.shown_dataset.is_regression != self._is_regression:
            self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        """Show what belongs to the problem, and what is chosen; what does not apply is hidden."""
        document, view = self._document, self._document.view
        self._is_regression = is_regression = document.shown_dataset.is_regression
        confusion = self._shows_confusion
        self._schedule.setVisible(document.training_settings.schedule.name != "constant")
        self._show_pinned()
        is_regularized = self._is_regularized
        # The loss's name says what the displayed loss is.
        self._loss_name.setText(LOSSES[document.training_settings.loss].label)
        for segments, choice in (
            (self._what, view.show_confusion),
            (self._scale, view.log_loss),
            (self._set, view.test_confusion),
        ):
            segments.show_choice(int(choice))
        for widget, shown in (
            (self._what, not is_regression),
            (self._scale, not confusion),
            (self._set, confusion),
            (self._penalty_sample, is_regularized),
            (self._penalty, is_regularized),
            (self._penalised, is_regularized),
            (self.view, not confusion),
            (self._confusion, confusion),
            *((widget, quantity.is_of(regression=is_regression)) for quantity, widget in self._headings),
            *((widget, quantity.is_of(regression=is_regression)) for quantity, _, widget in self._figures),
        ):
            widget.setVisible(shown)
        with QSignalBlocker(self._penalty):
            self._penalty.setChecked(view.show_penalty)
        self._range = None
        self._show_moment()

    @Slot(int)
    def _on_what_chosen(self, index: int) -> None:
        self._document.set_view(show_confusion=index == 1)

    @Slot(int)
    def _on_scale_chosen(self, index: int) -> None:
        self._document.set_view(log_loss=index == 1)

    @Slot(int)
    def _on_set_chosen(self, index: int) -> None:
        self._document.set_view(test_confusion=index == 1)

    @Slot(bool)
    def _on_penalty_toggled(self, shown: bool) -> None:
        self._document.set_view(show_penalty=shown)

    @Slot()
    def _show_moment(self) -> None:
        """Show the displayed moment's figures, and the curve up to it."""
        metrics = self._document.displayed.metrics
        for quantity, key, figure in self._figures:
            if not quantity.is_of(regression=self._is_regression):
                continue
            value = getattr(metrics, key)
            figure.setText("–" if value is None else quantity.write(value))
        if self._is_regularized:
            penalised = None if metrics.train_loss is None else metrics.train_loss + metrics.penalty
            self._penalised.setText("–" if penalised is None else _loss_text(penalised))
        if not self._shows_confusion:
            self._show_curve()

    def _show_curve(self) -> None:
        document = self._document
        metrics = document.displayed.metrics
        steps, train, test, penalties = document.curve.thinned(_BINS)
        if metrics.train_loss is not None and (not len(steps) or metrics.step > steps[-1]):
            # The curve's last point may be due only in many steps: the displayed moment is its live end.
            steps = np.append(steps, metrics.step)
            train = np.append(train, metrics.train_loss)
            test = np.append(test, np.nan if metrics.test_loss is None else metrics.test_loss)
            penalties = np.append(penalties, metrics.penalty)
        curves = [(self._train_curve, train), (self._test_curve, test)]
        if document.view.show_penalty and self._is_regularized:
            curves.append((self._penalised_curve, train + penalties))
        else:
            self._penalised_curve.show_lines([])
        everything = [(steps, losses) for _, losses in curves] + self._pinned_losses
        self._fit(np.concatenate([steps for steps, _ in everything]), np.concatenate([loss for _, loss in everything]))
        for curve, losses in curves:
            curve.show_lines([np.stack([steps, self._heights(losses)], axis=1)])
        moment = []
        if document.moment is not None and self._range is not None:
            moment = [np.array([[metrics.step, self._range[2]], [metrics.step, self._range[3]]])]
        self._moment_line.show_lines(moment)

    def _heights(self, losses: FloatArray) -> FloatArray:
        """Return where losses stand on the axis."""
        return np.log10(np.maximum(losses, _SMALLEST_LOSS)) if self._document.view.log_loss else losses

    @Slot()
    def _on_pinned_changed(self) -> None:
        """Show a thin curve for each pinned run, in the colour that the table of runs gives it."""
        for item in self._pinned_curves:
            self.view.removeItem(item)
        self._pinned_curves, self._pinned_losses = [], []
        for run in self._document.pinned:
            steps, train, test, _ = run.curve.thinned(_BINS)
            has_test = bool(np.isfinite(test).any())
            self._pinned_losses.append((steps, test if has_test else train))
            item = LinesItem(thin=True)
            item.setToolTip(as_tip(f"{run.name}: {'test' if has_test else 'training'} loss"))
            self.view.addItem(item, ignoreBounds=True)
            self._pinned_curves.append(item)
        self._show_pinned()
        self._show_curve()

    def _show_pinned(self) -> None:
        colours = theme.current()
        names = [
            f"<span style='color:{colours.run_colour(place).name()}'>■</span>&nbsp;"
            + escape(run.name).replace(" ", "&nbsp;")
            for place, run in enumerate(self._document.pinned)
        ]
        self._runs.setText("&nbsp; ".join(names))
        self._runs.setVisible(bool(names))
        for place, (item, (steps, losses)) in enumerate(zip(self._pinned_curves, self._pinned_losses, strict=True)):
            item.set_pen(colours.run_colour(place))
            item.show_lines([np.stack([steps, self._heights(losses)], axis=1)])

    def _fit(self, steps: FloatArray, losses: FloatArray) -> None:
        """Show all losses between round ends, so that the axes change seldom."""
        losses = losses[np.isfinite(losses)]
        log = self._document.view.log_loss
        x_max = max(round_up(float(steps.max())), 10.0) if len(steps) else 10.0
        largest = float(losses.max()) if len(losses) else 1.0
        if log:
            smallest = max(float(losses.min()) if len(losses) else 0.1, _SMALLEST_LOSS)
            y_min, y_max = np.log10(decade_below(smallest)), np.log10(decade_above(max(largest, smallest * 1.01)))
        else:
            y_min, y_max = 0.0, round_up(largest)
        wanted = (0.0, x_max, float(y_min), float(y_max))
        if wanted != self._range:
            self._range = wanted
            self.view.getAxis("left").setTicks(_decades(wanted[2], wanted[3]) if log else None)
            self.view.setRange(xRange=wanted[:2], yRange=wanted[2:], padding=0.0)


def _curve_view() -> pg.PlotWidget:
    """Return an empty plot over the steps."""
    view = pg.PlotWidget()
    view.setObjectName("loss_view")
    view.setAccessibleName("Loss curve")
    view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    view.setFrameShape(pg.PlotWidget.Shape.NoFrame)
    view.setMinimumSize(140, 110)
    view.setMouseEnabled(x=False, y=False)
    plot = view.getPlotItem()
    plot.hideButtons()
    plot.setMenuEnabled(False)
    plot.layout.setContentsMargins(0, 4, 10, 0)
    plot.getViewBox().setDefaultPadding(0.0)
    plot.disableAutoRange()
    view.setLabel("bottom", "step")
    return view


def _figure(tip: str, width: int) -> QLabel:
    """Return a label for a number that changes live."""
    figure = label()
    figure.setStyleSheet("font-weight: bold;")
    figure.setFont(theme.figure_font(13, bold=True))
    figure.setFixedWidth(width)
    figure.setAlignment(Qt.AlignmentFlag.AlignRight)
    figure.setToolTip(tip)
    figure.setAccessibleName(tip)
    return figure


def _decades(low: float, high: float) -> list[list[tuple[float, str]]]:
    """Return the ticks of a logarithmic axis: the powers of ten, and 2 and 5 times those where there are few."""
    powers = range(round(low), round(high) + 1)
    every = max(1, len(powers) // 6)
    major = [(float(power), f"{10.0**power:g}") for power in powers if power % every == 0]
    minor = [(power + float(np.log10(factor)), f"{factor * 10.0**power:g}") for power in powers for factor in (2, 5)]
    return [major, minor] if len(powers) <= 3 else [major]


class _LineSample(QWidget):
    """A piece of a curve, beside its name: of the training loss, the test loss, or the one with the penalty."""

    def __init__(self, line: LossLine) -> None:
        super().__init__()
        self._line: LossLine = line
        self.setFixedSize(18, 12)
        theme.manager().changed.connect(self.update)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line as the plot draws it."""
        painter = QPainter(self)
        paint_loss_sample(painter, QPointF(0, 6), self.width(), self._line, theme.current())
        painter.end()
