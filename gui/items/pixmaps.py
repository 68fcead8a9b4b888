"""Pixmaps: pictures that are drawn once and kept, with as many pixels for each unit as the screen has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap, QTransform


def drawn_pixmap(
    size: QSizeF,
    ratio: float,
    draw: Callable[[QPainter], object],
    background: QColor | Qt.GlobalColor = Qt.GlobalColor.transparent,
) -> QPixmap:
    """Return a picture.

    Parameters
    ----------
    size : QSizeF
        In units of what it is shown on; of less than half a pixel it is a pixel.
    ratio : float
        How many pixels there are for a unit.
    draw : callable
        Draws it, with an antialiasing painter.
    background : QColor or Qt.GlobalColor
    """
    pixmap = QPixmap(max(round(size.width() * ratio), 1), max(round(size.height() * ratio), 1))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(background)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    try:
        draw(painter)
    finally:
        painter.end()
    return pixmap


@contextmanager
def on_pixels(painter: QPainter) -> Iterator[QTransform]:
    """Let a painter draw in pixels of its device for a while, which copies a picture many times as fast as scaling it.

    Yields
    ------
    QTransform
        From the units that the painter has otherwise.
    """
    to_pixels = painter.deviceTransform()
    painter.save()
    painter.setWorldTransform((painter.worldTransform().inverted()[0] * to_pixels).inverted()[0])
    try:
        yield to_pixels
    finally:
        painter.restore()


def paint_pixmap(painter: QPainter, place: QPointF, pixmap: QPixmap) -> None:
    """Draw a picture with its pixels on those of the device, so that it stays sharp.

    Parameters
    ----------
    painter : QPainter
        Neither turned nor scaled.
    place : QPointF
        Where the upper left corner is, in the painter's units; it moves to the nearest pixel.
    pixmap : QPixmap
        With as many pixels for each unit as the device.
    """
    paint_pixmaps(painter, [(place, pixmap)])


def paint_pixmaps(painter: QPainter, placed: Iterable[tuple[QPointF, QPixmap]]) -> None:
    """Draw several pictures, each at its place, as :func:`paint_pixmap` does."""
    with on_pixels(painter) as to_pixels:
        for place, pixmap in placed:
            corner = to_pixels.map(place)
            source = QRect(QPoint(0, 0), pixmap.size())
            painter.drawPixmap(QRect(QPoint(round(corner.x()), round(corner.y())), source.size()), pixmap, source)


class KeptPixmap:
    """A picture that is drawn again only where what it shows has changed."""

    def __init__(self) -> None:
        self._key: object = None
        self._pixmap: QPixmap | None = None

    def paint(self, painter: QPainter, area: QRectF, key: object, draw: Callable[[QPainter], object]) -> None:
        """Draw the picture into an area.

        Parameters
        ----------
        key : object
            What it shows; equal ones look alike.
        draw : callable
            Draws it in the units of `painter`, inside `area`.
        """
        if area.isEmpty():
            return
        if self._pixmap is None or key != self._key:

            def draw_moved(on_pixmap: QPainter) -> None:
                on_pixmap.translate(-area.topLeft())
                draw(on_pixmap)

            self._key = key
            self._pixmap = drawn_pixmap(area.size(), painter.deviceTransform().m11(), draw_moved)
        paint_pixmap(painter, area.topLeft(), self._pixmap)
