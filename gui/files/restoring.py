"""Restoring: what windows that are gone left unsaved is offered, and brought back or not."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QMainWindow

from gui.dialogs.asking import ask, note
from gui.dialogs.recovery import LeftExperiment, RecoveryDialog
from gui.files.recovery import Recovery
from gui.widgets.screens import fit_dialog
from model.types import counted


class Restoring(QObject):
    """Asks what is to become of each experiment that was left.

    Parameters
    ----------
    window : QMainWindow
        In front of which it asks; the parent.
    recovery : Recovery
    restore : callable
        Brings an experiment into the window, and returns why that cannot be, or nothing.
    """

    def __init__(self, window: QMainWindow, recovery: Recovery, restore: Callable[[LeftExperiment], str]) -> None:
        super().__init__(window)
        self._window = window
        self._recovery = recovery
        self._restore = restore
        self._dialog: RecoveryDialog | None = None

    def offer(self) -> bool:
        """Offer what there is; return whether there is anything."""
        found = self._recovery.left()
        if not found:
            return False
        self._dialog = RecoveryDialog(found, self._window)
        self._dialog.restore_chosen.connect(self._on_restore_chosen)
        self._dialog.later_chosen.connect(self._on_later_chosen)
        self._dialog.delete_chosen.connect(self._on_delete_chosen)
        self._dialog.finished.connect(self._on_finished)
        fit_dialog(self._dialog)
        self._dialog.open()
        return True

    @Slot(object)
    def _on_restore_chosen(self, left: LeftExperiment) -> None:
        assert self._dialog is not None
        problem = self._restore(left)
        if problem:
            self._dialog.show_unreadable(left, problem)
            return
        others = self._dialog.n_offered - 1
        self._dialog.settle(left)
        if others:
            # One window has one experiment; the next one may take another.
            self._dialog.accept()
            more = counted(others, "more unsaved experiment")
            note(self._window, f"Restored {left.name}. File > Recover Unsaved has {more}.")

    @Slot(object)
    def _on_later_chosen(self, left: LeftExperiment) -> None:
        self._recovery.put_off_left(left)

    @Slot(object)
    def _on_delete_chosen(self, left: LeftExperiment) -> None:
        assert self._dialog is not None
        sentence = f"Delete what was not saved of {left.name}?"
        ask(self._dialog, "delete", sentence, "It is gone for good then.", {"Delete": lambda: self._delete(left)})

    def _delete(self, left: LeftExperiment) -> None:
        self._recovery.remove_left(left)
        if self._dialog is not None:
            self._dialog.settle(left)

    @Slot()
    def _on_finished(self) -> None:
        self._dialog = None
