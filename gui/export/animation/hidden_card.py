"""HiddenCard: where a hidden layer puts the plane in an animation's pictures, bending into it if that is wanted."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.export.animation.card import AnimatedRun, Card
from gui.export.animation.headings import paint_panel_title
from gui.export.animation.legends import Legend, LegendBeside
from gui.export.animation.settings import PANEL_NAMES
from gui.items.hidden.look import HiddenLook, share_at
from gui.items.hidden.marks import Marks
from gui.items.hidden.moment import coloured, moment_of
from gui.items.hidden.paint import paint_hidden
from gui.items.space.camera import Camera
from model.explain.hidden_space import VALUES, Axes
from model.run.history import KeyFrame
from model.run.snapshot import Snapshot


class HiddenCard(Card):
    """A layer's sheet of the plane, with its axes and the points."""

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        super().__init__(header, body, run)
        self._legend = LegendBeside(header, PANEL_NAMES["hidden"])
        self._like: dict[int, Axes] = {}

    def paint_background(self, painter: QPainter) -> None:
        """Draw the title."""
        paint_panel_title(painter, self.header, PANEL_NAMES["hidden"], self.run.theme)

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the sheet and the points, as far on their way as so much of the animation has passed."""
        run, settings = self.run, self.run.settings
        legend = Legend.of(coloured(frame.dataset), test_points=settings.test_points)
        self._legend.paint(painter, legend, run.theme, bands=settings.regions)
        moment = moment_of(
            snapshot.network,
            frame.dataset,
            (settings.hidden_layer, settings.hidden_axes),
            run.theme,
            regression=snapshot.is_regression,
            regions=settings.regions,
            like=self._like,
        )
        if moment is not None:
            # Each picture points its components as the one before does.
            layer = moment.space.layer
            self._like |= {layer - 1: moment.space.before, layer: moment.space.axes}
        camera = Camera(settings.azimuth, settings.elevation).turned(-settings.turn * self.share, 0.0)
        look = HiddenLook(share_at(self.share) if settings.bend else VALUES, camera)
        paint_hidden(painter, self.body, moment, look, Marks(settings.test_points), run.theme)
