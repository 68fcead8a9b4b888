"""ToolHand: puts the chosen tool into the hand that works on a view of the plane."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Qt, Slot

import gui.tools
from gui.document.changes import Changes, UndoableChange
from gui.document.points import Points
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.plane_view import PlaneView
from gui.tools.base import MARKER_RADIUS_PX, Tool


class ToolHand(QObject):
    """Hands what the mouse does on a view to the tool that is chosen.

    Parameters
    ----------
    run : LiveRun
        Whose present every tool works on.
    changes : Changes
    points : Points
    view : View
        Which tool, and where the mouse is.
    canvas : PlaneView
        The hand's parent, too.
    """

    def __init__(self, run: LiveRun, changes: Changes, points: Points, view: View, canvas: PlaneView) -> None:
        super().__init__(canvas)
        self._run, self._changes, self._view = run, changes, view
        self._canvas = canvas
        self._tools = {name: make(changes, points, view, canvas) for name, make in gui.tools.TOOLS.items()}
        self._held: Tool | None = None
        canvas.pressed.connect(self._on_pressed)
        canvas.dragged.connect(self._on_dragged)
        canvas.released.connect(self._on_released)
        canvas.hovered.connect(self._on_hovered)
        canvas.left.connect(self._on_left)
        canvas.fitted_by_double_click.connect(self._on_fitted_by_double_click)
        changes.stroke_ended.connect(self._on_stroke_ended)
        view.settings_changed.connect(self._on_view_changed)
        self._on_view_changed()

    @property
    def _tool(self) -> Tool:
        """The tool of the open stroke, and the chosen one between strokes."""
        return self._held or self._tools[self._view.settings.tool]

    @Slot(QPointF, Qt.KeyboardModifier)
    def _on_pressed(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        # What the tools work on is the present.
        self._run.look_at_present()
        self._index_before = self._changes.undo_stack.index()
        self._held = self._tool
        self._held.press(point, modifiers)

    @Slot(QPointF)
    def _on_dragged(self, point: QPointF) -> None:
        if self._held is not None:
            self._held.drag(point)

    @Slot(QPointF)
    def _on_released(self, point: QPointF) -> None:
        tool, self._held = self._held, None
        if tool is not None:
            tool.release(point)

    @Slot()
    def _on_stroke_ended(self) -> None:
        """Let the tool go when something else has ended its stroke: undo, another data set, a menu."""
        tool, self._held = self._held, None
        if tool is not None:
            tool.let_go()

    @Slot(QPointF)
    def _on_hovered(self, point: QPointF) -> None:
        self._tool.hover(point)
        self._view.set_cursor((point.x(), point.y()), MARKER_RADIUS_PX * self._canvas.units_per_pixel)

    @Slot()
    def _on_left(self) -> None:
        self._tool.leave()
        self._view.set_cursor(None)

    @Slot()
    def _on_fitted_by_double_click(self) -> None:
        """Take back what the first click of the double click did: it was meant for the view."""
        stack = self._changes.undo_stack
        if stack.index() == self._index_before + 1:
            command = stack.command(self._index_before)
            if isinstance(command, UndoableChange):
                command.forget_when_undone()
            stack.undo()

    @Slot()
    def _on_view_changed(self) -> None:
        self._canvas.show_circle(None)
        self._canvas.viewport().setCursor(self._tool.cursor)
