"""Pages: what a still is drawn on, of an exact size, as pixels or as curves and letters."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import TypeAlias

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QImage, QImageWriter, QPageSize, QPaintDevice, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from model.types import check_choice, is_number

RATIO = 2.0
"""Pixels of a picture for one of the window."""

PRINT_DPI = 300
"""Pixels for an inch of a page whose size is one of paper."""

SMALLEST_UNITS, LARGEST_UNITS = 100.0, 4000.0
"""The narrowest and the widest page, in units of the drawing."""

_SVG_DPI = 2540
"""So that a hundredth of a millimetre is whole in an SVG's size."""

_UNITS_PER_INCH, _POINTS_PER_INCH, _INCHES_PER_METER = 96.0, 72.0, 1 / 0.0254

Paint: TypeAlias = Callable[[QPainter], None]
"""What draws a page, from 0, 0 to its size in units."""

KINDS: dict[str, tuple[str, str]] = {
    "png": ("PNG", "Pixels: two for each of the window in width and height, or 300 for each inch of paper."),
    "svg": ("SVG", "Curves and letters, sharp at any size; for web pages and drawing programs."),
    "pdf": ("PDF", "Curves and letters, sharp at any size; for papers and print."),
}
"""Kinds of file, by the name's end: what is shown, and a tip."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What a page's width is given in.

    Attributes
    ----------
    label, tip : str
    units : float
        Of the drawing: in one of 96 to the inch, text is as large as on the screen.
    inches : float
        Of the page.
    pixels : float
        Of the picture.
    """

    label: str
    tip: str
    units: float
    inches: float
    pixels: float


def _of_paper(label: str, tip: str, inches: float) -> Unit:
    return Unit(label, tip, inches * _UNITS_PER_INCH, inches, inches * PRINT_DPI)


UNITS: dict[str, Unit] = {
    "px": Unit("px", "Pixels of the picture, two for each of the window.", 1 / RATIO, 1 / _UNITS_PER_INCH, 1.0),
    "mm": _of_paper("mm", "Millimetres of paper: text is 7 to 9 points high.", 1 / 25.4),
    "pt": _of_paper("pt", "Points of paper, 72 to the inch: text is 7 to 9 points high.", 1 / _POINTS_PER_INCH),
}
"""What a page's width can be given in, by name."""


@dataclass(frozen=True, slots=True)
class Page:
    """A page of an exact width.

    Attributes
    ----------
    width : float
        In `unit`.
    unit : str
        A key of :data:`UNITS`.
    aspect : float
        Its height for a width of 1.

    Raises
    ------
    ValueError
        If it is narrower or wider than what can be drawn.
    """

    width: float
    unit: str = "px"
    aspect: float = 1.0

    def __post_init__(self) -> None:
        check_choice("unit", self.unit, UNITS)
        low, high = limits(self.unit)
        if not (is_number(self.width) and low <= self.width <= high):
            raise ValueError(f"width must be {low:g} to {high:g} {self.unit}; got {self.width:g}")

    @property
    def size(self) -> QSizeF:
        """The size in units of the drawing."""
        return self._times(UNITS[self.unit].units)

    @property
    def inches(self) -> QSizeF:
        """The size on paper."""
        return self._times(UNITS[self.unit].inches)

    @property
    def pixels(self) -> QSize:
        """The size of a picture of it."""
        return self._times(UNITS[self.unit].pixels).toSize()

    def _times(self, factor: float) -> QSizeF:
        return QSizeF(self.width, self.width * self.aspect) * factor


def limits(unit: str) -> tuple[float, float]:
    """Return the smallest and the largest whole width of a page in a unit."""
    units = UNITS[unit].units
    return ceil(SMALLEST_UNITS / units), LARGEST_UNITS // units


def image_of(page: Page, paint: Paint, background: QColor, pixels: QSize | None = None) -> QImage:
    """Return a page in pixels, by default in as many as it has."""
    image = QImage(pixels or page.pixels, QImage.Format.Format_RGB32)
    image.fill(background)
    # Text is laid out for the screen's dots, so these are set when all is drawn.
    _draw(image, page, paint, QSizeF(image.size()))
    dots = page.pixels.width() / page.inches.width() * _INCHES_PER_METER
    image.setDotsPerMeterX(round(dots))
    image.setDotsPerMeterY(round(dots))
    return image


def encoded(page: Page, kind: str, paint: Paint, background: QColor) -> bytes:
    """Return a page as the content of a file.

    Parameters
    ----------
    page : Page
    kind : str
        A key of :data:`KINDS`.
    paint : callable
    background : QColor
    """
    check_choice("kind", kind, KINDS)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if kind == "png":
        QImageWriter(buffer, QByteArray(b"png")).write(image_of(page, paint, background))
        return bytes(buffer.data().data())

    def fill_and_paint(painter: QPainter) -> None:
        painter.fillRect(QRectF(0, 0, page.size.width(), page.size.height()), background)
        paint(painter)

    if kind == "svg":
        _draw(_svg(buffer, page), page, fill_and_paint, page.size)
        # Where another machine does not have the font, one like it.
        return re.sub(rb'font-family="([^"]+)"', rb'font-family="\1, sans-serif"', bytes(buffer.data().data()))
    points = QSizeF(*(round(length * _POINTS_PER_INCH, 4) for length in page.inches.toTuple()))
    # Units of the writer are those of the drawing, on a page of whole points.
    _draw(_pdf(buffer, points, page), page, fill_and_paint, page.size)
    return _with_exact_box(bytes(buffer.data().data()), points)


def _draw(device: QPaintDevice, page: Page, paint: Paint, size: QSizeF) -> None:
    painter = QPainter(device)
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(size.width() / page.size.width(), size.height() / page.size.height())
        paint(painter)
    finally:
        painter.end()


def _svg(buffer: QBuffer, page: Page) -> QSvgGenerator:
    # The older version that is Qt's first choice has no clipping: what is zoomed in would hang over the axes.
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(_SVG_DPI)
    generator.setSize((page.inches * _SVG_DPI).toSize())
    generator.setViewBox(QRectF(0, 0, page.size.width(), page.size.height()))
    generator.setTitle("NetCanvas")
    generator.setDescription("")
    return generator


def _pdf(buffer: QBuffer, points: QSizeF, page: Page) -> QPdfWriter:
    writer = QPdfWriter(buffer)
    whole = QSizeF(ceil(points.width()), ceil(points.height()))
    writer.setPageSize(QPageSize(whole, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setResolution(round(page.size.width() / page.inches.width()))
    writer.setTitle("NetCanvas")
    writer.setCreator("NetCanvas")
    return writer


def _with_exact_box(content: bytes, points: QSizeF) -> bytes:
    """Return a PDF file whose page is cut from whole points, which are all that Qt knows, to a size; from its top.

    The text in its place is as long, because the file counts its bytes.
    """

    def exact(found: re.Match[bytes]) -> bytes:
        top = ceil(points.height())
        cut = f"{top - points.height():.4f}"[1:]
        return f"/MediaBox [0 {cut} {points.width():.4f} {top:.4f}".encode().ljust(len(found[0]))

    return re.sub(rb"/MediaBox \[0 0 [\d.]+ [\d.]+", exact, content, count=1)
