"""ToolHand: puts the chosen tool into the hand that works on a view of the plane."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, Slot
from PySide6.QtWidgets import QMenu

import gui.tools
from gui import theme
from gui.document.changes import Changes
from gui.document.points import Points
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.undoing import UndoableChange
from gui.document.view import View
from gui.icons import icon
from gui.items.plane_view import PlaneView
from gui.tools.base import HIT_RADIUS_PX, MARKER_RADIUS_PX, Tool, on_plane
from gui.widgets.texts import as_tip


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
    probe : Probe
        What the right button, or the Menu key, offers to pin.
    canvas : PlaneView
        The hand's parent, too.
    """

    def __init__(
        self, run: LiveRun, changes: Changes, points: Points, view: View, probe: Probe, canvas: PlaneView
    ) -> None:
        super().__init__(canvas)
        self._run, self._changes, self._view, self._probe = run, changes, view, probe
        self._canvas = canvas
        self._tools = {name: make(changes, points, view, probe, canvas) for name, make in gui.tools.TOOLS.items()}
        self._held: Tool | None = None
        self._menu = QMenu(canvas)
        self._menu.setToolTipsVisible(True)
        canvas.menu_asked.connect(self._on_menu_asked)
        canvas.pressed.connect(self._on_pressed)
        canvas.dragged.connect(self._on_dragged)
        canvas.released.connect(self._on_released)
        canvas.hovered.connect(self._on_hovered)
        canvas.left.connect(self._on_left)
        canvas.fitted_by_double_click.connect(self._on_fitted_by_double_click)
        canvas.pan_ended.connect(self._on_pan_ended)
        changes.stroke_ended.connect(self._on_stroke_ended)
        view.settings_changed.connect(self._on_view_changed)
        self._on_view_changed()

    @property
    def _tool(self) -> Tool:
        """The tool of the open stroke, and the chosen one between strokes."""
        return self._held or self._tools[self._view.settings.tool]

    @Slot(QPointF, Qt.KeyboardModifier)
    def _on_pressed(self, point: QPointF, modifiers: Qt.KeyboardModifier) -> None:
        self._held = self._tool
        if self._held.changes_points:
            self._run.look_at_present()
        self._index_before = self._changes.undo_stack.index()
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
        self._tool.take_back()

    @Slot(QPointF, QPoint)
    def _on_menu_asked(self, point: QPointF, position: QPoint) -> None:
        """Offer to pin the data point or the place under the mouse, and to release what is pinned."""
        place, reach = on_plane(point), HIT_RADIUS_PX * self._canvas.units_per_pixel
        is_point = isinstance(self._probe.target(place, reach), int)
        self._menu.clear()
        text, tip = "Probe This Point" if is_point else "Probe Here", "See every number of the network there."
        pin = self._menu.addAction(text, partial(self._probe.pin_near, place, reach))
        pin.setIcon(icon("tool-probe", theme.current().text))
        pin.setToolTip(as_tip(tip))
        if self._probe.pinned is not None:
            self._menu.addAction("Release Probe", self._probe.release).setToolTip("Pin no point.")
        self._menu.popup(position)

    @Slot()
    def _on_view_changed(self) -> None:
        self._canvas.show_circle(None)
        self._canvas.viewport().setCursor(self._tool.cursor)

    @Slot()
    def _on_pan_ended(self) -> None:
        self._canvas.viewport().setCursor(self._tool.cursor)
