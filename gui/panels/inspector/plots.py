"""What the plots of the inspector have in common: a picture, or a sentence where there is nothing to see."""

from __future__ import annotations

import time

import numpy as np
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen

from gui import theme
from gui.document.run import LiveRun
from gui.items.chart import Chart
from gui.panels.inspector.page import Page
from gui.program.guard import guarded
from gui.widgets.page import begin_page

NOT_FINITE = "There is nothing to see: the numbers of the network are not finite."

LEAST_WIDTH, MOST_WIDTH = 186, 360
_LEAST_HEIGHT = 84
_TANGENT_SHARE = 0.15


class PartPlot(Page):
    """A plot about the part of the network that is selected, of the moment that is shown.

    Parameters
    ----------
    run : LiveRun
    name : str
        The object name.
    description : str
        What a screen reader says.
    """

    def __init__(self, run: LiveRun, name: str, description: str) -> None:
        super().__init__(run, name, description)
        self._problem = ""
        theme.measure(self, least_width=LEAST_WIDTH, least_height=_LEAST_HEIGHT)
        theme.manager().changed.connect(self.update)

    def sizeHint(self) -> QSize:
        """Return a size in which everything can be read."""
        return QSize(theme.px(LEAST_WIDTH + 40), theme.px(_LEAST_HEIGHT))

    def renew(self) -> None:
        """Compute the plot, and draw it."""
        self._problem = self.compute()
        self.update()

    @property
    def problem(self) -> str:
        """Why there is nothing to see, in a sentence; otherwise empty."""
        return self._problem

    def compute(self) -> str:
        """Compute what :meth:`paint` shows of the moment that is displayed, or return why there is nothing to see."""
        raise NotImplementedError

    def paint(self, painter: QPainter, room: QRectF, colours: theme.Theme) -> None:
        """Draw what was computed last."""
        raise NotImplementedError

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the plot."""
        start = time.perf_counter()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room, colours = begin_page(painter, self), theme.current()
        if self._problem:
            painter.setFont(theme.figure_font(12))
            painter.setPen(colours.muted)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._problem)
        else:
            self.paint(painter, room, colours)
        painter.end()
        self._pace.note_drawing(time.perf_counter() - start)


def paint_tangent(painter: QPainter, chart: Chart, pen: QPen, x: float, y: float, slope: float) -> None:
    """Draw a piece of the tangent of a curve, about a place on it."""
    reach = _TANGENT_SHARE * (chart.x_range[1] - chart.x_range[0])
    ends = x + np.array([-reach, reach])
    pen.setStyle(Qt.PenStyle.DashLine)
    chart.paint_curve(painter, pen, ends, y + slope * (ends - x))
