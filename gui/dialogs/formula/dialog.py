"""The dialog that shows the network as a formula, and trains it by substitution."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QPushButton, QStackedWidget, QVBoxLayout

from gui.dialogs.formula.page import FormulaPage
from gui.dialogs.formula.training_page import TrainingPage
from gui.dialogs.working import WorkingDialog
from gui.document.changes import Changes
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.widgets.card import ElidedLabel
from gui.widgets.choices import Segments
from gui.widgets.screens import set_first_size


class FormulaDialog(WorkingDialog):
    """Two pages: the formula, and training by substitution.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
    view : View
    probe : Probe
    window : QMainWindow
        In front of which it stays, and with which it closes.
    """

    def __init__(self, run: LiveRun, changes: Changes, view: View, probe: Probe, window: QMainWindow) -> None:
        super().__init__(window)
        self.setObjectName("formula_dialog")
        self.setWindowTitle("Formula of the Network")
        self._formula = FormulaPage(run, changes, view, probe)
        self._training = TrainingPage(run, changes, probe)
        self._pages = QStackedWidget()
        self._choice = Segments(
            "Page",
            ("Formula", "Train by substitution"),
            ("The network as a formula.", "Train by putting numbers into the formulas of the derivatives."),
        )
        self._choice.show_choice(0)
        self._choice.chosen.connect(self._on_page_chosen)
        self._status = ElidedLabel("muted")
        self._cancel = QPushButton("Cancel")
        self._cancel.setToolTip("Stop what is computed.  (Esc)")
        self._close = QPushButton("Close")
        self._close.clicked.connect(self.close)
        for page in (self._formula, self._training):
            self._pages.addWidget(page)
            page.busy_changed.connect(self._on_busy_changed)
            page.said.connect(self._status.show_text)
            self._cancel.clicked.connect(page.cancel)
        self._lay_out()
        set_first_size(self, 860, 640)

    def _lay_out(self) -> None:
        top, foot = QHBoxLayout(), QHBoxLayout()
        top.addWidget(self._choice)
        top.addStretch(1)
        foot.addWidget(self._status, 1)
        for button in (self._cancel, self._close):
            button.setAutoDefault(False)
            foot.addWidget(button)
        self._cancel.hide()
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addLayout(top)
        column.addWidget(self._pages, 1)
        column.addLayout(foot)

    @Slot(int)
    def _on_page_chosen(self, index: int) -> None:
        """Show a page; what was said of the other one is over."""
        self._pages.setCurrentIndex(index)
        if self._cancel.isHidden():
            self._status.show_text("")

    @Slot(bool)
    def _on_busy_changed(self, is_busy: bool) -> None:
        self._cancel.setVisible(is_busy)
        self._status.show_text("Computing…" if is_busy else "")

    @Slot()
    def reject(self) -> None:
        """Stop what is computed; otherwise close."""
        if self._cancel.isHidden():
            super().reject()
        else:
            self._formula.cancel()
            self._training.cancel()

    def end_work(self) -> None:
        """Stop what is computed."""
        self._formula.close_workers()
        self._training.close_workers()
