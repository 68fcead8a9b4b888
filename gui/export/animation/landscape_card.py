"""LandscapeCard: the loss landscape in an animation's pictures, with the path up to the moment."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.document.landscape_paths import LandscapePath, ProjectedFrames, frames_of_path
from gui.export.animation.card import AnimatedRun, Card
from gui.export.animation.headings import paint_panel_title
from gui.export.animation.settings import PANEL_NAMES
from gui.export.landscape import computed
from gui.items.landscape.plot import LandscapePlot
from gui.items.landscape.scene import LandscapeScene, axis_names
from gui.items.landscape.space import paint_landscape_in_space, relief_of_landscape
from gui.items.landscape.views import paint_sentence
from gui.items.space.camera import Camera
from gui.items.space.relief import Relief
from model.landscape.landscape import LandscapeSettings, usual_weights
from model.network.parts import same_places
from model.run.history import KeyFrame
from model.run.snapshot import Snapshot

_MOST_SLICES = 1500
"""So much is computed at most: two or three seconds."""


class LandscapeCard(Card):
    """The landscape round the last weights that are shown, from above or in 3D.

    It is the same in all pictures, and computed for the first of them.
    """

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        super().__init__(header, body, run)
        last, settings = run.frames[-1], run.settings
        self._chosen = LandscapeSettings(settings.landscape, usual_weights(last.network))
        self._plot, self._problem = LandscapePlot(), ""
        self._scene: LandscapeScene | None = None
        self._relief: Relief | None = None
        try:
            made = computed(run.frames, last, self._chosen, most_slices=_MOST_SLICES)
        except ValueError as error:
            self._problem = str(error)
            return
        names = axis_names(self._chosen, last.network, last.dataset)
        self._frames, _ = frames_of_path(run.frames, last)
        self._projected = ProjectedFrames(made.directions)
        self._path = self._projected.path(self._frames, len(self._frames))
        self._scene = LandscapeScene(made, names, loss=last.metrics.train_loss)
        if settings.landscape_in_space:
            self._relief = relief_of_landscape(self._scene, run.theme)

    def paint_background(self, painter: QPainter) -> None:
        """Draw the title."""
        paint_panel_title(painter, self.header, PANEL_NAMES["landscape"], self.run.theme)

    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the landscape with the path up to a moment, from where it is seen by then."""
        settings, colours = self.run.settings, self.run.theme
        if self._scene is None:
            paint_sentence(painter, self.body, self._problem, colours)
            return
        scene = self._at(self._scene, frame)
        if self._relief is not None:
            camera = Camera(settings.azimuth, settings.elevation).turned(-settings.turn * self.share, 0.0)
            paint_landscape_in_space(painter, self.body, scene, self._relief, camera, colours)
        else:
            room = self.body.adjusted(-6, -4, 6, 2)
            self._plot.paint(painter, room, scene, colours)

    def _at(self, scene: LandscapeScene, frame: KeyFrame) -> LandscapeScene:
        """Return what is drawn at a moment, which may lie between two key frames."""
        if not same_places(frame.network, self.run.frames[-1].network):
            return scene
        place = scene.landscape.directions.project(frame.checkpoint.parameters[np.newaxis]).places
        n_passed = sum(other.time < frame.time for other in self._frames)
        path = LandscapePath(np.concatenate([self._path.places[:n_passed], place]), n_passed + 1, self._path.share)
        x, y = place[0].tolist()
        return LandscapeScene(
            scene.landscape, scene.axes, scene.log, scene.loss, (x, y) if np.isfinite(place).all() else None, path
        )
