"""The displayed moment without its biases or without a neuron, and the bar that says so."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from gui import theme
from gui.document.run import LiveRun
from gui.document.view import View
from gui.icons import icon
from gui.items.derived import Derived
from gui.widgets.card import label
from gui.widgets.texts import as_tip
from model.network.parts import Unit, exists, unit_name
from model.run.history import KeyFrame
from model.run.snapshot import Snapshot, SnapshotMaker
from model.run.without import without_biases, without_unit
from model.types import readable, shortened

_LEFT_PX, _TOP_PX = 36, 8
_LONGEST_NAME = 12


class LeftOut(Derived):
    """Makes a snapshot of what the network would say without what a person leaves out; none where that is nothing."""

    def __init__(self, run: LiveRun, view: View, shown_by: QWidget) -> None:
        super().__init__(run, view, shown_by, shown_by)
        self._maker = SnapshotMaker()
        self._snapshot: Snapshot | None = None
        view.left_out_changed.connect(self._pace.work)

    @property
    def snapshot(self) -> Snapshot | None:
        """What the network would say; None where nothing is left out."""
        return self._snapshot

    @property
    def text(self) -> str:
        """What is left out, and how well the network does without it and with it, in a line."""
        if self._snapshot is None:
            return ""
        moment, left_out = self._run.displayed.moment, self._view.left_out
        regression = moment.dataset.is_regression
        what = unit_name(moment.network, left_out, moment.dataset) if isinstance(left_out, Unit) else "biases"
        what = shortened(what, _LONGEST_NAME)
        without, measure = _rating(self._snapshot.moment), "R²" if regression else "accuracy"
        return f"without {what}" + (f": {measure} {without}, with: {_rating(moment)}" if without else "")

    @property
    def short_text(self) -> str:
        """The same where there is little room, without what is measured."""
        return self.text.replace(" accuracy", "").replace(" R²", "")

    @property
    def is_wanted(self) -> bool:
        """Whether something is left out."""
        return self._view.left_out is not None

    def compute(self) -> None:
        """Make the snapshot, or forget it."""
        left_out, moment = self._view.left_out, self._run.displayed.moment
        is_there = not isinstance(left_out, Unit) or exists(moment.network, left_out)
        if left_out is None or not is_there:
            self._snapshot = None
        else:
            changed = without_unit(moment, left_out) if isinstance(left_out, Unit) else without_biases(moment)
            self._snapshot = self._maker.make(self._run.displayed.run, changed, self._run.displayed.surface.plane)


class LeftOutBar(QFrame):
    """Floats at the head of a view of the output while something is left out, says what that does, and ends it."""

    def __init__(self, left_out: LeftOut, view: View, parent: QWidget) -> None:
        super().__init__(parent)
        self._left_out, self._floor = left_out, parent
        self._stands_back = False
        self.setObjectName("left_out")
        self.setProperty("role", "notice")
        self.setToolTip(
            as_tip(
                "How many of the training points are right, or how well their values are met. "
                "The dashed line is the boundary, or the curve, as it is."
            )
        )
        self._text = label()
        self._close = QToolButton()
        self._close.setProperty("role", "round")
        self._close.setToolTip("Show the output as it is.")
        self._close.setAccessibleName("Show the output as it is")
        self._close.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._close.clicked.connect(lambda: view.leave_out(None))
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 3, 4, 3)
        row.setSpacing(4)
        row.addWidget(self._text)
        row.addWidget(self._close)
        left_out.changed.connect(self._synchronize)
        theme.manager().changed.connect(self._synchronize)
        self._synchronize()

    def stand_back(self, stands_back: bool) -> None:
        """Hide while the view shows something else than the network's answer, such as a neuron's map."""
        self._stands_back = stands_back
        self.setVisible(bool(self._left_out.text) and not stands_back)

    @Slot()
    def _synchronize(self) -> None:
        text = self._left_out.text
        self.setAccessibleName(text)
        self._text.setText(text)
        if self.sizeHint().width() > self._floor.width():
            self._text.setText(self._left_out.short_text)
        self._close.setIcon(icon("close", theme.current().text))
        self.adjustSize()
        self.move(min(_LEFT_PX, self._floor.width() - self.width()), _TOP_PX)
        self.stand_back(self._stands_back)


def _rating(moment: KeyFrame) -> str:
    """Return how much of the training points is right, or R² in a regression; empty where there is none."""
    metrics = moment.metrics
    if metrics.train_accuracy is not None:
        return f"{metrics.train_accuracy:.1%}"
    return "" if metrics.train_r2 is None else readable(f"{metrics.train_r2:.3f}")
