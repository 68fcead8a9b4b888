"""ScheduleCurve: how the learning rate changes over the steps."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui import theme
from gui.document.run import LiveRun
from gui.program.guard import guarded
from gui.widgets.page import begin_page, page_of
from model.types import readable

_LEAST_WIDTH = 48


class ScheduleCurve(QWidget):
    """The share of the learning rate over the steps, with a dot at the step that is shown."""

    def __init__(self, run: LiveRun, height: int = 60) -> None:
        super().__init__()
        self._run = run
        theme.measure(self, height=height)
        self.setAccessibleName("Learning rate over the steps")
        run.displayed_changed.connect(self.update)

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the curve over four periods, or as far as the run is."""
        room = page_of(self)
        if room.width() < _LEAST_WIDTH:
            return
        colours = theme.current()
        schedule, step = self._run.setup.training.schedule, self._run.displayed.step
        last = max(4 * schedule.period + schedule.warm_up, step)
        area = room.adjusted(4, 6, -4, -6)

        def at(step: float) -> QPointF:
            return QPointF(
                area.left() + area.width() * step / last, area.bottom() - area.height() * schedule.share(int(step))
            )

        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        begin_page(painter, self)
        painter.setPen(QPen(colours.line, 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        painter.setPen(QPen(colours.accent, 1.5))
        painter.drawPolyline([at(last * column / area.width()) for column in range(int(area.width()) + 1)])
        painter.setBrush(colours.accent)
        painter.drawEllipse(at(step), 3.5, 3.5)
        if room.width() >= 2 * _LEAST_WIDTH:
            rate = self._run.setup.training.learning_rate * schedule.share(step)
            painter.setFont(theme.figure_font(11))
            painter.setPen(colours.muted)
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop, readable(f"now {rate:.4g}"))
        painter.end()
