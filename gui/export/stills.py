"""Stills: the views of the window as pictures, in pixels or as curves and letters.

A view is drawn again by what draws the window, not copied from the screen: so it is sharp at any size, and what the
mouse does at that moment is not in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pyqtgraph as pg
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QPoint, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QFontMetricsF,
    QImage,
    QImageWriter,
    QPageSize,
    QPainter,
    QPdfWriter,
    QPicture,
    QRegion,
)
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QApplication, QGraphicsItem, QMainWindow, QWidget

from gui.document.run import LiveRun
from gui.export.errors import ExportError
from gui.items.legend import LOSS_NAMES, LossLine, paint_loss_sample
from gui.items.lines_item import LinesItem
from gui.items.network_diagram import NetworkDiagram
from gui.theme import Theme, current, figure_font
from model import NetworkSettings
from model.run.snapshot import Snapshot

RATIO = 2.0
"""Pixels of a picture for one of the window."""

_MARGIN = 12
_CAPTION_HEIGHT = 26
_LEGEND_HEIGHT = 24
_WIDE_CAPTION_PITCH = 130.0
_LINE_PX = 22


@dataclass(frozen=True, slots=True)
class Subject:
    """What there can be a picture of: a view, or all of the window.

    Attributes
    ----------
    label, tip : str
    widgets : tuple of str
        Object names; the first one that is shown is the view. None: the whole window.
    """

    label: str
    tip: str
    widgets: tuple[str, ...] = ()


VIEWS: dict[str, Subject] = {
    "network": Subject("Network", "The diagram with its weights and the neurons' maps.", ("network_view",)),
    "output": Subject("Output", "The network's answer over the plane, with the points.", ("output_view",)),
    "loss": Subject("Loss", "The loss curve, or the confusion matrix.", ("loss_view", "confusion_view")),
    "data": Subject("Data", "The points alone.", ("data_canvas",)),
    "window": Subject("Whole window", "All of the window, in pixels also in SVG and PDF."),
}
"""Every view, by name."""


class Stills:
    """Draws the views of a window.

    Parameters
    ----------
    window : QMainWindow
        Where the views are looked for, by their object names.
    run : LiveRun
        What they show.
    """

    def __init__(self, window: QMainWindow, run: LiveRun) -> None:
        self._window = window
        self._run = run

    def shown(self) -> list[str]:
        """Return the names of the views that the window shows now."""
        return [name for name in VIEWS if self._widget(name) is not None]

    def focused(self) -> str:
        """Return the name of the view with the focus, otherwise the output; of those that are shown."""
        shown, focus = self.shown(), QApplication.focusWidget()
        for name in shown:
            widget = self._widget(name)
            if name == "window" or widget is None or focus is None:
                continue
            if widget is focus or widget.isAncestorOf(focus):
                return name
        return "output" if "output" in shown else shown[0]

    def _widget(self, name: str) -> QWidget | None:
        if name == "window":
            return self._window
        widgets = (self._window.findChild(QWidget, widget) for widget in VIEWS[name].widgets)
        return next((widget for widget in widgets if widget is not None and widget.isVisible()), None)

    def image(self, name: str, ratio: float = RATIO) -> QImage:
        """Return a view in pixels.

        Parameters
        ----------
        name : str
            One of :meth:`shown`.
        ratio : float
            How many pixels there are for one of the window.
        """
        theme = current()
        size, paint = self._drawing(name, theme)
        image = QImage(size * ratio, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        image.fill(theme.panel)
        painter = QPainter(image)
        paint(painter)
        painter.end()
        return image

    def encoded(self, name: str, kind: str) -> bytes:
        """Return a view as the content of a file.

        Parameters
        ----------
        name : str
            One of :meth:`shown`.
        kind : str
            "png", "svg" or "pdf".
        """
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        if kind == "png":
            QImageWriter(buffer, QByteArray(b"png")).write(self.image(name))
        else:
            theme = current()
            size, paint = self._drawing(name, theme)
            device = _svg(buffer, size) if kind == "svg" else _pdf(buffer, size)
            painter = QPainter(device)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(QRect(QPoint(), size), theme.panel)
            paint(painter)
            painter.end()
        return bytes(buffer.data().data())

    def _drawing(self, name: str, theme: Theme) -> tuple[QSize, Callable[[QPainter], None]]:
        """Return how large a picture is, in pixels of the window, and what draws it."""
        widget = self._widget(name)
        if widget is None:
            raise ExportError(f"{VIEWS[name].label} is not shown; show it with the View menu first.")
        size = widget.size()
        if name == "window":
            return size, lambda painter: painter.drawImage(QRect(QPoint(), size), _grab(widget))
        room = QSize(size.width() + 2 * _MARGIN, size.height() + 2 * _MARGIN)
        place = QRect(QPoint(_MARGIN, _MARGIN), size)
        if name == "network":
            return room, lambda painter: _paint_network(painter, QRectF(place), self._run.displayed, theme)
        legend = _legend_of(widget) if name == "output" else None
        if legend is not None:
            room.setHeight(room.height() + 6 + legend.height())
        elif isinstance(widget, pg.PlotWidget) and name == "loss":
            room.setHeight(room.height() + _LEGEND_HEIGHT)

        def paint(painter: QPainter) -> None:
            if isinstance(widget, pg.PlotWidget):
                _paint_plot(painter, place, widget)
            else:
                _paint_widget(painter, place.topLeft(), widget)
            if legend is not None:
                _paint_widget(painter, place.bottomLeft() + QPoint(0, 7), legend)
            elif isinstance(widget, pg.PlotWidget) and name == "loss":
                has_test = self._run.displayed.metrics.test_loss is not None
                _paint_loss_legend(painter, QPointF(place.left() + 44, place.bottom() + 4), theme, has_test=has_test)

        return room, paint


def _dpi() -> int:
    """Return for how many dots per inch pictures of the screen are: those of axes are scaled on any other device."""
    return QPicture().logicalDpiX()


def _svg(buffer: QBuffer, size: QSize) -> QSvgGenerator:
    # The older version that is Qt's first choice has no clipping: what is zoomed in would hang over the axes.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(_dpi())
    generator.setSize(size)
    generator.setViewBox(QRect(QPoint(), size))
    generator.setTitle("NetCanvas")
    generator.setDescription("")
    return generator


def _pdf(buffer: QBuffer, size: QSize) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    points = QSizeF(size) * (72 / _dpi())
    writer.setPageSize(QPageSize(points, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setResolution(_dpi())
    writer.setTitle("NetCanvas")
    writer.setCreator("NetCanvas")
    return writer


def _grab(window: QWidget) -> QImage:
    """Return all of a window in pixels."""
    image = QImage(window.size() * RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    window.render(image)
    return image


def _paint_widget(painter: QPainter, place: QPoint, widget: QWidget) -> None:
    widget.render(painter, place, QRegion(), QWidget.RenderFlag.DrawChildren)


def _paint_plot(painter: QPainter, place: QRect, view: pg.PlotWidget) -> None:
    source = view.mapToScene(view.viewport().rect()).boundingRect()
    with _without_caches(view):
        view.scene().render(painter, QRectF(QPointF(place.topLeft()), source.size()), source)


@contextmanager
def _without_caches(view: pg.PlotWidget) -> Iterator[None]:
    """Let the items of a plot draw themselves, and not the pictures that they keep of themselves for the screen."""
    cached = [(item, item.cacheMode()) for item in view.scene().items()]
    # Some readers of SVG do not take a path without a point.
    empty = [item for item, _ in cached if isinstance(item, LinesItem) and item.isVisible() and _is_empty(item)]
    scatters = [item for item, _ in cached if isinstance(item, pg.ScatterPlotItem)]
    try:
        for item, _ in cached:
            item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
        for scatter in scatters:
            scatter.setExportMode(True, {"antialias": True})
        for lines in empty:
            lines.hide()
        yield
    finally:
        for lines in empty:
            lines.show()
        for scatter in scatters:
            scatter.setExportMode(False)
        for item, mode in cached:
            item.setCacheMode(mode)


def _is_empty(lines: LinesItem) -> bool:
    return bool(lines.boundingRect().isNull())


def _legend_of(view: QWidget) -> QWidget | None:
    """Return the legend that stands beside a view."""
    panel = view.parentWidget()
    siblings = [] if panel is None else panel.findChildren(QWidget)
    return next((widget for widget in siblings if widget.accessibleName() == "Legend"), None)


def _paint_loss_legend(painter: QPainter, place: QPointF, theme: Theme, *, has_test: bool) -> None:
    """Say which curve is which, in the pens of the curves."""
    painter.setFont(figure_font(12))
    metrics = QFontMetricsF(painter.font())
    x, middle = place.x(), place.y() + metrics.height() / 2
    lines: tuple[LossLine, ...] = ("train", "test") if has_test else ("train",)
    for line in lines:
        text = LOSS_NAMES[line]
        paint_loss_sample(painter, QPointF(x, middle), _LINE_PX, line, theme)
        painter.setPen(theme.muted)
        painter.drawText(QPointF(x + _LINE_PX + 6, place.y() + metrics.ascent()), text)
        x += _LINE_PX + 6 + metrics.horizontalAdvance(text) + 18


def _paint_network(painter: QPainter, area: QRectF, snapshot: Snapshot, theme: Theme) -> None:
    """Draw the diagram, and over each layer its activation."""
    diagram = NetworkDiagram(cached=False)
    diagram.paint(painter, area.adjusted(0, _CAPTION_HEIGHT, 0, 0), snapshot, theme)
    painter.setFont(figure_font(12, bold=True))
    painter.setPen(theme.text)
    columns = diagram.layout.columns
    pitch = float(columns[1] - columns[0])
    for x, text in zip(columns, _captions(snapshot.network.settings, wide=pitch > _WIDE_CAPTION_PITCH), strict=True):
        width = QFontMetricsF(painter.font()).horizontalAdvance(text) + 4
        left = min(max(float(x) - width / 2, area.left()), area.right() - width)
        painter.drawText(QRectF(left, area.top(), width, _CAPTION_HEIGHT - 4), Qt.AlignmentFlag.AlignCenter, text)


def _captions(settings: NetworkSettings, *, wide: bool) -> list[str]:
    """Return what stands over each layer."""
    activations = [*settings.hidden_activations, settings.output_activation]
    names = [*(f"hidden {index}" for index in range(1, len(activations))), "output"]
    layers = [f"{name} · {activation}" for name, activation in zip(names, activations, strict=True)]
    return ["input", *(layers if wide else activations)]
