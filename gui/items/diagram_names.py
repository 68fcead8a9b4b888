"""NamePainter: writes the names of inputs and outputs beside a diagram."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from typing import TypeAlias

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from gui.items.diagram_layout import DiagramLayout
from gui.items.diagram_margins import NAME_GAP, NAME_PX
from gui.items.diagram_marks import SMALLEST_SIGN_UNIT
from gui.items.pixmaps import KeptPixmap
from gui.theme import Theme, figure_font
from model import Dataset, NetworkSettings
from model.network.parts import Unit, unit_name
from model.run.snapshot import Snapshot

_Name: TypeAlias = tuple[QRectF, Qt.AlignmentFlag, str]


class NamePainter:
    """Writes names, and keeps a picture of those on either side until one of them changes.

    Parameters
    ----------
    cached : bool
        Whether pictures are kept; otherwise names stay texts.
    """

    def __init__(self, *, cached: bool) -> None:
        self._cached = cached
        self._of: tuple[DiagramLayout, NetworkSettings, Dataset] | None = None
        self._names: tuple[list[_Name], list[_Name]] = [], []
        self._n_namings = 0
        self._kept = KeptPixmap(), KeptPixmap()

    def paint(self, painter: QPainter, layout: DiagramLayout, snapshot: Snapshot, ratio: float, theme: Theme) -> None:
        """Write the names of a moment, those that have no room cut or left out.

        Parameters
        ----------
        ratio : float
            Pixels of a kept picture for one of the painter's units.
        """
        self._name(layout, snapshot.network.settings, snapshot.moment.dataset)
        area, left, right = layout.area, layout.rects[0][0].left(), layout.rects[-1][0].right()
        parts = (
            QRectF(area.left(), area.top(), left - area.left(), area.height()),
            QRectF(right, area.top(), area.right() - right, area.height()),
        )
        for part, names, kept in zip(parts, self._names, self._kept, strict=True):
            write = partial(_write, names=names, colour=theme.muted)
            if self._cached:
                kept.paint(painter, part, (self._n_namings, ratio, theme), write)
            else:
                write(painter)

    def _name(self, layout: DiagramLayout, settings: NetworkSettings, dataset: Dataset) -> None:
        """Find the names and their places, unless they are those of the last picture."""
        of = (layout, settings, dataset)
        if self._of is None or any(one is not other for one, other in zip(of, self._of, strict=True)):
            self._of, self._n_namings = of, self._n_namings + 1
            self._names = list(_placed(*of, is_left=True)), list(_placed(*of, is_left=False))


def _placed(layout: DiagramLayout, settings: NetworkSettings, dataset: Dataset, *, is_left: bool) -> Iterator[_Name]:
    """Yield where the names of the inputs, or of the outputs, stand, and these as they have room."""
    metrics, area, layer = QFontMetricsF(figure_font(NAME_PX)), layout.area, 0 if is_left else len(layout.rects) - 1
    rects = layout.rects[layer]
    if rects[0].height() < SMALLEST_SIGN_UNIT:
        return
    side = Qt.AlignmentFlag.AlignRight if is_left else Qt.AlignmentFlag.AlignLeft
    for index, rect in enumerate(rects):
        name = unit_name(settings, Unit(layer, index), dataset)
        left, right = (area.left(), rect.left() - NAME_GAP) if is_left else (rect.right() + NAME_GAP, area.right())
        text = metrics.elidedText(name, Qt.TextElideMode.ElideRight, right - left - is_left)
        if is_left or text.strip("…"):
            place = QRectF(left, rect.top(), right - left, rect.height())
            yield place, side | Qt.AlignmentFlag.AlignVCenter, text


def _write(painter: QPainter, names: Sequence[_Name], colour: QColor) -> None:
    painter.setFont(figure_font(NAME_PX))
    painter.setPen(colour)
    for place, alignment, name in names:
        painter.drawText(place, alignment, name)
