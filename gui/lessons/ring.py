"""Ring: points at a part of the window, and stays round it wherever that goes."""

from __future__ import annotations

import shiboken6
from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt, QTimer, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMainWindow, QWidget

from gui import theme
from gui.lessons.places import Place, find, in_window
from gui.program.guard import guarded

_WIDTH_PX, _HALO_PX, _HALO = 2.5, 7.0, 0.3
_DISTANCE_PX = 7
_RADIUS_PX = 8.0
_LEAST_SEEN_PX = 6
_FOLLOWED = frozenset(
    {
        QEvent.Type.Move,
        QEvent.Type.Resize,
        QEvent.Type.Show,
        QEvent.Type.Hide,
        QEvent.Type.LayoutRequest,
        QEvent.Type.ParentChange,
    }
)


class Ring(QWidget):
    """A ring over the window that lets the mouse through. It is hidden while what it points at is not seen.

    Parameters
    ----------
    window : QMainWindow
    name : str
        What it points at, see :func:`gui.lessons.places.find`.
    """

    def __init__(self, window: QMainWindow, name: str) -> None:
        super().__init__(window)
        self.setObjectName("lesson_ring")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        self._window, self._name = window, name
        self._place: Place | None = None
        self._followed: list[QWidget] = []
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.place)
        theme.manager().changed.connect(self.update)
        window.installEventFilter(self)
        self.place()

    @property
    def target(self) -> Place | None:
        """What it points at now."""
        return self._place

    @guarded
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what it points at once the window is laid out."""
        if event.type() in _FOLLOWED:
            self._timer.start(0)
        return False

    @Slot()
    def follow(self) -> None:
        """Look again where it belongs: what is drawn there may be elsewhere."""
        self._timer.start(0)

    @Slot()
    def place(self) -> None:
        """Be round what it points at, as far as that is seen."""
        self._place = find(self._window, self._name)
        self._follow(self._place)
        area = QRect() if self._place is None else _seen_area(self._place)
        is_seen = area.width() >= _LEAST_SEEN_PX and area.height() >= _LEAST_SEEN_PX
        if is_seen:
            around = area.adjusted(-_DISTANCE_PX, -_DISTANCE_PX, _DISTANCE_PX, _DISTANCE_PX)
            self.setGeometry(around.intersected(self._window.rect()))
            self.raise_()
        self.setVisible(is_seen)

    def _follow(self, place: Place | None) -> None:
        """Hear of all that moves what it points at."""
        for followed in self._followed:
            if shiboken6.isValid(followed):
                followed.removeEventFilter(self)
        self._followed = []
        widget: QWidget | None = None if place is None else place.widget
        while widget is not None and widget is not self._window:
            widget.installEventFilter(self)
            self._followed.append(widget)
            widget = widget.parentWidget()

    @guarded
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ring."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        accent, halo = theme.current().accent, QColor(theme.current().accent)
        halo.setAlphaF(_HALO)
        for colour, width in ((halo, _HALO_PX), (accent, _WIDTH_PX)):
            inset = _HALO_PX / 2
            painter.setPen(QPen(colour, width))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), _RADIUS_PX, _RADIUS_PX)
        painter.end()


def _seen_area(place: Place) -> QRect:
    """Return the part of a place that is seen, in its window."""
    widget = place.widget
    if not widget.isVisible():
        return QRect()
    area = place.area().intersected(widget.rect())
    seen = in_window(widget, area)
    shown: QWidget | None = widget.parentWidget()
    while shown is not None and not shown.isWindow():
        seen = seen.intersected(in_window(shown, shown.rect()))
        shown = shown.parentWidget()
    return seen
