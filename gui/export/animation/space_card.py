"""SpaceCard: the network's answer in 3D in an animation's pictures, turning if it is wanted."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from gui.document.looks import reach_for
from gui.export.animation.card import AnimatedRun, Card
from gui.export.animation.headings import paint_panel_title
from gui.export.animation.legends import Legend, LegendBeside
from gui.export.animation.settings import PANEL_NAMES
from gui.items.space.build import relief_of
from gui.items.space.camera import Camera
from gui.items.space.plot import paint_space
from gui.items.space.relief import Look
from gui.items.space.shown import shown_of
from gui.items.space.spots import spots_of
from gui.theme import figure_font
from model.data.dataset import PLANE_LIMIT
from model.network.parts import typed_unit
from model.run.history import KeyFrame
from model.run.snapshot import MAP_RESOLUTION, Plane, Snapshot, SnapshotMaker

_SAMPLES = 120
_NOTE, _NOTE_PX = "A curve has one input: the output shows all of it.", 12


class SpaceCard(Card):
    """The surface over the whole plane, with axes and points."""

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        super().__init__(header, body, run)
        self._maker = SnapshotMaker(MAP_RESOLUTION, _SAMPLES)
        self._legend = LegendBeside(header, PANEL_NAMES["space"])

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
        legend = Legend.of(frame.dataset, test_points=settings.test_points)
        self._legend.paint(painter, legend, run.theme, bands=settings.regions)
        reach = reach_for(settings.slices, PLANE_LIMIT)
        plane = Plane(-reach, reach, -reach, reach)
        needs_maps = bool(settings.neuron) and snapshot.unit_maps[0].shape[-1] < MAP_RESOLUTION
        if snapshot.surface.plane != plane or needs_maps:
            # Another card shows another part of the plane, or nobody else needs maps.
            snapshot = self._maker.make(0, frame, plane)
        shown = shown_of(snapshot, settings.height, typed_unit(settings.neuron) if settings.neuron else None)
        n_slices = ceil(self.share * len(settings.slices))
        slices = settings.slices[: max(n_slices, 1)]
        relief = relief_of(snapshot, shown, run.theme, Look(settings.regions, slices=slices))
        camera = Camera(settings.azimuth, settings.elevation).turned(-settings.turn * self.share, 0.0)
        spots = spots_of(snapshot.network, frame.dataset, shown, test_points=settings.test_points)
        paint_space(painter, self.body, relief, spots, camera, run.theme)
