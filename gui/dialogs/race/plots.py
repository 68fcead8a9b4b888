"""RacePlot: a plot of a race in its window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gui import theme
from gui.items.race_plots import Kept, RaceScene
from gui.program.guard import guarded
from gui.theme import Theme
from gui.widgets.page import begin_page, on_page, page_of
from gui.widgets.texts import as_tip


class RacePlot(QWidget):
    """Draws a race as it was shown last.

    Parameters
    ----------
    name : str
        The accessible name.
    paint : callable
        Draws it into an area.
    size : tuple of int
        The smallest width and height.
    read : callable, optional
        Returns what is said of a place in the area, where the mouse rests.
    """

    def __init__(
        self,
        name: str,
        paint: Callable[[QPainter, QRectF, RaceScene, Theme], None],
        size: tuple[int, int],
        read: Callable[[QRectF, RaceScene, QPointF], str] | None = None,
    ) -> None:
        super().__init__()
        self._paint, self._read = paint, read
        self._kept = Kept()
        self._scene: RaceScene | None = None
        self.setAccessibleName(name)
        theme.measure(self, least_width=size[0], least_height=size[1])
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.manager().changed.connect(self.update)

    def show_scene(self, scene: RaceScene) -> None:
        """Draw this from now on."""
        self._scene = replace(scene, kept=self._kept)
        self.update()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        if self._scene is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        try:
            self._paint(painter, begin_page(painter, self), self._scene, theme.current())
        finally:
            painter.end()

    @guarded
    def event(self, event: QEvent) -> bool:
        """Say what there is at the mouse, where it rests."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self._read is not None:
            scene, place = self._scene, on_page(QPointF(event.pos()))
            text = "" if scene is None else self._read(page_of(self), scene, place)
            QToolTip.showText(event.globalPos(), as_tip(text), self)
            return True
        return super().event(event)
