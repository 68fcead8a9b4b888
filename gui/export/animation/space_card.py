"""SpaceCard: the network's answer in 3D in an animation's pictures, turning if it is wanted."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.export.animation.card import AnimatedRun, Card
from gui.export.animation.headings import paint_panel_title, panel_title_width
from gui.export.animation.legends import LEGEND_GAP, Legend
from gui.export.animation.settings import PANEL_NAMES
from gui.items.pixmaps import KeptPixmap
from gui.items.space.build import relief_of
from gui.items.space.camera import Camera
from gui.items.space.plot import Spots, paint_space
from gui.items.space.relief import Look
from gui.items.space.shown import Shown, heights_of
from gui.theme import figure_font
from model.run.history import KeyFrame
from model.run.snapshot import Plane, Snapshot, SnapshotMaker

_SHOWN: Shown = "likeliest"
_SAMPLES = 120
_NOTE, _NOTE_PX = "A curve has one input: the output shows all of it.", 12


class SpaceCard(Card):
    """The surface over the whole plane, with axes and points."""

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        super().__init__(header, body, run)
        self._maker = SnapshotMaker(1, _SAMPLES)
        left = header.left() + panel_title_width(PANEL_NAMES["space"]) + LEGEND_GAP
        self._legend_row = QRectF(left, header.top(), header.right() - left, header.height())
        self._legend = KeptPixmap()

    def paint_background(self, painter: QPainter) -> None:
        """Draw the title."""
        paint_panel_title(painter, self.header, PANEL_NAMES["space"], self.run.theme)

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the surface and the points, from where it is seen when so much of the animation has passed."""
        run, settings = self.run, self.run.settings
        if snapshot.curve is not None:
            painter.setFont(figure_font(_NOTE_PX))
            painter.setPen(run.theme.muted)
            painter.drawText(self.body, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, _NOTE)
            return
        legend = Legend.of(frame.dataset, run.class_names, test_points=settings.test_points)
        if legend.n_rows(self._legend_row.width()) == 1:
            self._legend.paint(
                painter,
                self._legend_row,
                legend,
                lambda on: legend.paint(on, self._legend_row, run.theme, bands=settings.regions),
            )
        if snapshot.surface.plane != Plane():
            # Another card shows a wider part of the plane.
            snapshot = self._maker.make(0, frame)
        relief = relief_of(snapshot, _SHOWN, run.theme, Look(settings.regions))
        heights = heights_of(snapshot.network, frame.dataset, _SHOWN)
        camera = Camera().turned(-settings.turn * self.share, 0.0)
        spots = Spots(frame.dataset, heights, settings.test_points)
        paint_space(painter, self.body, relief, spots, camera, run.theme)
