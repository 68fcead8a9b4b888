"""Dialogs: opens the dialogs of the window, each of which is imported when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import shiboken6
from PySide6.QtWidgets import QDialog, QMainWindow

from gui.actions.actions import Actions
from gui.dialogs.asking import note
from gui.document.document import Document
from gui.widgets.screens import fit_dialog


class Dialogs:
    """Opens each dialog of the window, or brings the one that is open to the front.

    Parameters
    ----------
    window : QMainWindow
        In front of which they stay.
    document : Document
    actions : Actions
    """

    def __init__(self, window: QMainWindow, document: Document, actions: Actions) -> None:
        self._window = window
        self._document = document
        self._actions = actions
        self._open: dict[str, QDialog] = {}

    def export_picture(self) -> None:
        """Ask which view goes to which file."""
        from gui.dialogs.picture import PictureDialog
        from gui.export.stills import Stills

        document = self._document
        stills = Stills(self._window, document.run, document.view, document.pins, document.probe, document.landscape)

        def make() -> PictureDialog:
            dialog = PictureDialog(stills, self._window)
            dialog.written.connect(partial(note, self._window))
            return dialog

        self._show("picture", make)

    def export_animation(self) -> None:
        """Ask what an animation of the run shows."""
        from gui.dialogs.animation import ExportDialog

        self._show("animation", lambda: ExportDialog(self._document.run, self._document.changes, self._window))

    def compare_runs(self) -> None:
        """Show the pinned runs side by side."""
        from gui.dialogs.compare import CompareDialog

        self._show("compare", lambda: CompareDialog(self._document.pins, self._document.changes, self._window))

    def race(self) -> None:
        """Let several ways to train the network race beside each other."""
        from gui.dialogs.race.dialog import RaceDialog

        document = self._document
        parts = (document.race, document.run, document.changes, document.view)
        self._show("race", lambda: RaceDialog(*parts, self._window))

    def show_formula(self) -> None:
        """Show the network as a formula."""
        from gui.dialogs.formula.dialog import FormulaDialog

        document = self._document
        parts = (document.run, document.changes, document.view, document.probe)
        self._show("formula", lambda: FormulaDialog(*parts, self._window))

    def show_landscape(self) -> None:
        """Show the loss landscape in a window of its own."""
        from gui.dialogs.landscape import LandscapeDialog

        document = self._document
        parts = (document.landscape, document.run, document.view, document.network)
        self._show("landscape", lambda: LandscapeDialog(*parts, self._window))

    def name_points(self, current_class: int | None = None) -> None:
        """Ask what coordinates, values and classes are called, and in which units they are shown."""
        from gui.dialogs.names import NamesDialog

        points = self._document.points
        self._show("names", lambda: NamesDialog(points, points.dataset, self._window, current_class))

    def list_shortcuts(self) -> None:
        """Show every key, and what the mouse does."""
        from gui.dialogs.shortcuts import ShortcutsDialog

        self._show("shortcuts", lambda: ShortcutsDialog(self._actions, self._window))

    def tell_about(self) -> None:
        """Show what the program is made of."""
        from gui.dialogs.about import AboutDialog

        self._show("about", lambda: AboutDialog(self._document.engine, self._window))

    def _show(self, name: str, make: Callable[[], QDialog]) -> None:
        dialog = self._open.get(name)
        if dialog is None or not shiboken6.isValid(dialog) or not dialog.isVisible():
            dialog = self._open[name] = make()
            fit_dialog(dialog)
            dialog.show()
        dialog.raise_()
        dialog.activateWindow()
