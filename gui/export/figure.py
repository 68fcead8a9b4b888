"""The figure: network, output and losses on one page, with one key for all, as a paper has them."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter

from gui.export.key import Key
from gui.export.network_view import paint_network
from gui.export.views import Scene, all_entries, paint_answer, paint_losses, plane_height
from gui.theme import Theme, figure_font

_PANELS = (paint_network, paint_answer, paint_losses)
_NARROW = 420.0
"""In a narrower page, such as a column of a paper, the panels stand below one another."""

_GAP, _LETTER, _LETTER_PX = 12.0, 18.0, 13
_SURFACE_SHARE = 0.4
_NETWORK_ASPECT, _LOSS_ASPECT, _NARROW_LOSS_ASPECT = 0.62, 0.26, 0.5


def figure_height(width: float, scene: Scene, theme: Theme) -> float:
    """Return how high the figure is in a width."""
    return _areas(width, scene)[-1].bottom() + _GAP + Key(all_entries(scene, theme), width).height


def paint_figure(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the panels, each with its letter, and the key below them."""
    areas = _areas(area.width(), scene)
    for letter, panel, paint in zip("abc", areas, _PANELS, strict=True):
        place = panel.translated(area.topLeft())
        painter.setFont(figure_font(_LETTER_PX, bold=True))
        painter.setPen(theme.text)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, letter)
        paint(painter, place.adjusted(0, _LETTER, 0, 0), scene, theme)
    key = Key(all_entries(scene, theme), area.width())
    key.paint(painter, area.topLeft() + QPointF(0, areas[-1].bottom() + _GAP), theme)


def _areas(width: float, scene: Scene) -> list[QRectF]:
    """Return where network, output and losses are, their letters above them, from the top of a page."""
    if width < _NARROW:
        heights = (
            width * _NETWORK_ASPECT,
            plane_height(width, scene.output_plane, scene.moment.dataset),
            width * _NARROW_LOSS_ASPECT,
        )
        areas, top = [], 0.0
        for height in heights:
            areas.append(QRectF(0, top, width, height + _LETTER))
            top += height + _LETTER + _GAP
        return areas
    right = (width - _GAP) * _SURFACE_SHARE
    height = plane_height(right, scene.output_plane, scene.moment.dataset) + _LETTER
    network = QRectF(0, 0, width - _GAP - right, height)
    output = QRectF(width - right, 0, right, height)
    return [network, output, QRectF(0, height + _GAP, width, width * _LOSS_ASPECT + _LETTER)]
