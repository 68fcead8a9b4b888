"""The figures of the loss panel: how good the answers are, of the training points and of the test points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QCheckBox, QGridLayout, QLabel, QWidget

from gui import theme
from gui.items.legend import LOSS_NAMES, LossLine, paint_loss_sample
from gui.program.guard import guarded
from gui.widgets.card import label, live_figure
from gui.widgets.page import begin_page
from gui.widgets.texts import as_tip
from model import Metrics, TrainingSettings
from model.data.naming import Axis
from model.network.losses import LOSSES
from model.types import readable


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
    has_units : bool
        Whether it is in the units of the values.
    """

    name: str
    heading: str
    tip: str
    width: int
    column: int
    write: Callable[[float], str]
    in_classification: bool = False
    in_regression: bool = False
    has_units: bool = False

    def is_of(self, *, regression: bool) -> bool:
        """Return whether it belongs to a regression, or to a classification."""
        return self.in_regression if regression else self.in_classification


def _loss_text(value: float) -> str:
    """Return a loss in six signs or less, or seven with an exponent."""
    if value == 0 or 0.001 <= value < 100:
        return f"{value:.{4 if value < 9.99995 else 3}f}"
    return readable(f"{value:.3g}" if value >= 100 else f"{value:.2g}")


def _error_text(value: float) -> str:
    """Return an error in somebody's units, in seven signs or less."""
    return f"{value:.0f}" if 100 <= value < 1e6 else _loss_text(value)


def _share_text(value: float) -> str:
    return f"{value:.1%}"


def _r2_text(value: float) -> str:
    """Return a coefficient of determination, which is 1 or less, in six signs or less."""
    text = f"{value:.3f}" if value > -10 else f"{value:.0f}" if value > -10_000 else f"{value:.0e}"
    return readable(text)


_FIGURE_PX, _FIGURE_HEIGHT = 13, 16

_QUANTITIES = (
    _Quantity(
        name="loss",
        heading="",
        tip="Mean loss over the {} points.",
        width=60,
        column=2,
        write=_loss_text,
        in_classification=True,
        in_regression=True,
    ),
    _Quantity(
        name="accuracy",
        heading="accuracy",
        tip="Share of the {} points whose class is right.",
        width=58,
        column=3,
        write=_share_text,
        in_classification=True,
    ),
    _Quantity(
        name="r2",
        heading="R²",
        tip="R² of the {} points: 1 for a perfect answer, 0 for one no better than their mean.",
        width=54,
        column=3,
        write=_r2_text,
        in_regression=True,
    ),
    _Quantity(
        name="mae",
        heading="MAE",
        tip="Mean absolute error over the {} points.",
        has_units=True,
        width=54,
        column=4,
        write=_error_text,
        in_regression=True,
    ),
)


class Figures(QGridLayout):
    """The legend with the present figures: a row for training, one for testing, one for the penalty."""

    def __init__(self) -> None:
        super().__init__()
        self.setHorizontalSpacing(5)
        self.setVerticalSpacing(0)
        self._is_regression = self._is_regularized = False
        self._loss_name = label(role="small")
        self.addWidget(self._loss_name, 0, 0, 1, 3, Qt.AlignmentFlag.AlignRight)
        self._figures: list[tuple[_Quantity, str, QLabel]] = []
        self._headings: list[tuple[_Quantity, QLabel]] = []
        for quantity in _QUANTITIES:
            if quantity.heading:
                heading = label(quantity.heading, "small")
                self.addWidget(heading, 0, quantity.column, Qt.AlignmentFlag.AlignRight)
                self._headings.append((quantity, heading))
        for row, (kind, text) in enumerate(LOSS_NAMES.items(), start=1):
            self.addWidget(_LineSample(kind), row, 0)
            self.addWidget(label(text, "muted"), row, 1)
            for quantity in _QUANTITIES:
                figure = _figure(quantity.tip.format(text), quantity.width)
                self.addWidget(figure, row, quantity.column)
                self._figures.append((quantity, f"{kind}_{quantity.name}", figure))
        self._penalty_sample = _LineSample("penalised")
        self.penalty = QCheckBox("penalty")
        self.penalty.setAccessibleName("Loss with penalty")
        self.penalty.setToolTip(
            as_tip("Show also the training loss with the penalty of regularization, which training lowers.")
        )
        self.penalty.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._penalised = _figure("Mean loss over the training points with the penalty of regularization.", 60)
        for column, widget in enumerate((self._penalty_sample, self.penalty, self._penalised)):
            self.addWidget(widget, 3, column)
        self.setColumnStretch(5, 1)

    def show_problem(self, training: TrainingSettings, *, regression: bool, curve: bool) -> None:
        """Show the figures that belong to the problem; the others are hidden.

        Parameters
        ----------
        training : TrainingSettings
        regression : bool
        curve : bool
            Whether the loss curve is shown, in which there may be the loss with its penalty.
        """
        self._is_regression = regression
        self._is_regularized = training.regularization != "none" and curve
        # The loss's name says what the displayed loss is.
        self._loss_name.setText(LOSSES[training.loss].label)
        for widget in (self._penalty_sample, self.penalty, self._penalised):
            widget.setVisible(self._is_regularized)
        for quantity, heading in self._headings:
            heading.setVisible(quantity.is_of(regression=regression))
        for quantity, _, figure in self._figures:
            figure.setVisible(quantity.is_of(regression=regression))
        # While the panel is hidden nothing else does, and it would ask for the room of what is hidden in it.
        self.invalidate()

    def show_metrics(self, metrics: Metrics, values: Axis) -> None:
        """Show the figures of a moment, errors in the units of its values."""
        for quantity, key, figure in self._figures:
            if quantity.is_of(regression=self._is_regression):
                value = getattr(metrics, key)
                if quantity.has_units and value is not None:
                    value *= values.unit
                figure.setText("–" if value is None else quantity.write(value))
        if self._is_regularized:
            penalised = None if metrics.train_loss is None else metrics.train_loss + metrics.penalty
            self._penalised.setText("–" if penalised is None else _loss_text(penalised))


def _figure(tip: str, width: int) -> QLabel:
    """Return a label for a number that changes live."""
    figure = live_figure(_FIGURE_PX, width, _FIGURE_HEIGHT)
    figure.setAlignment(Qt.AlignmentFlag.AlignRight)
    figure.setToolTip(as_tip(tip))
    figure.setAccessibleName(tip)
    return figure


class _LineSample(QWidget):
    """A piece of a curve, beside its name: of the training loss, the test loss, or the one with the penalty."""

    def __init__(self, line: LossLine) -> None:
        super().__init__()
        self._line: LossLine = line
        theme.measure(self, width=18, height=12)
        theme.manager().changed.connect(self.update)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the line as the plot draws it."""
        painter = QPainter(self)
        room = begin_page(painter, self)
        paint_loss_sample(painter, QPointF(0, 6), room.width(), self._line, theme.current())
        painter.end()
