"""The hidden space of a layer as a still picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.export.key import point_entries
from gui.export.views import Scene, above_key
from gui.items.hidden.marks import Marks
from gui.items.hidden.moment import coloured, moment_of
from gui.items.hidden.paint import paint_hidden
from gui.theme import Theme


def paint_hidden_space(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw where a hidden layer puts the plane and its points, and what explains them."""
    points, regression = coloured(scene.dataset), scene.moment.dataset.is_regression
    entries = point_entries(points, theme, bands=scene.regions, test_points=scene.test_points)
    area = above_key(painter, area, entries, theme)
    moment = moment_of(scene.network(), points, scene.hidden, theme, regression=regression, regions=scene.regions)
    pinned = None if scene.probe is None else scene.probe.place
    paint_hidden(painter, area, moment, scene.look, Marks(scene.test_points, pinned=pinned), theme)
