"""Composer: draws the pictures of an animation, each from a key frame, at their own size."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPen

from gui.export.animation import headings
from gui.export.animation.cards import CARDS, AnimatedRun, Card, PlaneCard
from gui.export.animation.layouts import SHORT_SIDE, body, header, lay_out
from gui.export.animation.pacing import chosen_range
from gui.export.animation.settings import AnimationSettings
from gui.theme import named
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame
from model.run.snapshot import MAP_RESOLUTION, Plane, Snapshot, SnapshotMaker
from model.types import FloatArray, or_nan

_PIXELS_PER_SAMPLE = 1.5
_LEAST_SAMPLES, _MOST_SAMPLES = 40, 600
_UNIT_SAMPLES = 12_000_000
"""How many activations a surface may take: about 60 ms."""

_MOST_MAP_SAMPLES = 120
_MOST_BINS = 20_000
_RADIUS = 10.0


class Composer:
    """Draws the pictures of an animation.

    What stays the same from picture to picture is kept: text, axes, the points, and the curves of weights that do not
    change. It needs a QApplication, and is used in the window's thread.

    Parameters
    ----------
    settings : AnimationSettings
    class_names : sequence of str
        What the legend calls the classes; letters where there are none.

    Attributes
    ----------
    settings : AnimationSettings
    scale : float
        How many pixels a unit of the layout has: 1 where the picture's shorter side has 720.
    """

    def __init__(self, settings: AnimationSettings, class_names: tuple[str, ...] = ()) -> None:
        self.settings = settings
        width, height = settings.size
        self.scale = min(width, height) / SHORT_SIDE
        self._class_names = class_names
        self._theme = named(settings.theme)
        self._layout = lay_out(
            settings.layout,
            settings.panels,
            (width / self.scale, height / self.scale),
            title=bool(settings.title.strip()),
            counters=settings.counters,
            caption=bool(settings.caption.strip()),
        )
        self._stage: _Stage | None = None
        self._makers: dict[int, SnapshotMaker] = {}

    def card(self, panel: str) -> QRectF:
        """Return where a panel's card is, in pixels of the picture."""
        return self._in_pixels(self._layout.cards[panel])

    def picture_area(self, panel: str) -> QRectF:
        """Return where in its card a panel's picture is, in pixels of the picture; of a plane, all that it shows."""
        card = self._layout.cards[panel]
        area = body(card)
        if issubclass(CARDS[panel], PlaneCard) and self._stage is not None:
            area = self._stage.cards[panel].body
        return self._in_pixels(area)

    def _in_pixels(self, area: QRectF) -> QRectF:
        s = self.scale
        return QRectF(area.left() * s, area.top() * s, area.width() * s, area.height() * s)

    def picture(self, frame: KeyFrame, history: History, curve: LossCurve) -> QImage:
        """Return the picture of a moment.

        Parameters
        ----------
        frame : KeyFrame
            Of `history`.
        history : History
        curve : LossCurve
            Of the same run.

        Returns
        -------
        QImage
            ``Format_RGB32``, of the settings' size.
        """
        image = self.new_image()
        painter = QPainter(image)
        try:
            self.paint(painter, frame, history, curve)
        finally:
            painter.end()
        image.setDevicePixelRatio(1.0)
        return image

    def new_image(self) -> QImage:
        """Return what :meth:`paint` draws on, with nothing on it yet."""
        image = QImage(*self.settings.size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.scale)
        return image

    def paint(self, painter: QPainter, frame: KeyFrame, history: History, curve: LossCurve) -> None:
        """Draw the picture of a moment on a device whose pixel ratio is :attr:`scale`; see :meth:`picture`."""
        stage = self._set_stage(history, curve)
        painter.drawImage(0, 0, stage.background)
        if self.settings.counters:
            rows = headings.counters(frame, test_points=self.settings.test_points)
            beside_title = self._layout.counters.top() == self._layout.title.top() and self._layout.title.width() > 0
            headings.paint_counters(painter, self._layout.counters, rows, self._theme, right=beside_title)
        snapshot = self.snapshot(frame)
        for card in stage.cards.values():
            card.paint(painter, frame, snapshot)

    def snapshot(self, frame: KeyFrame) -> Snapshot:
        """Return the numbers of a moment, sampled as finely as its picture shows them."""
        plane, side = Plane(), 0.0
        if self._stage is not None:
            for card in self._stage.cards.values():
                if isinstance(card, PlaneCard):
                    plane = card.plane
                    side = max(card.body.width(), card.body.height()) * self.scale
        if "surface" not in self.settings.panels:
            side = 0.0
        n_units = sum(frame.network.layer_sizes[1:])
        affordable = int(np.sqrt(_UNIT_SAMPLES / n_units))
        resolution = max(min(ceil(side / _PIXELS_PER_SAMPLE), _MOST_SAMPLES, affordable), _LEAST_SAMPLES)
        if resolution not in self._makers:
            maps = min(ceil(MAP_RESOLUTION * max(self.scale, 1.0)), _MOST_MAP_SAMPLES)
            self._makers[resolution] = SnapshotMaker(maps if "network" in self.settings.panels else 1, resolution)
        return self._makers[resolution].make(0, frame, plane)

    def _set_stage(self, history: History, curve: LossCurve) -> _Stage:
        """Return cards and background, which are made again when there is another run, or more of it."""
        first, last = (history.frames[index] for index in chosen_range(history, self.settings))
        stage = self._stage
        if stage is None or (stage.run.first, stage.run.last, stage.curve) != (first, last, curve):
            shown = self._curve(curve, history, first, last)
            run = AnimatedRun(self.settings, self._theme, first, last, shown, self._class_names)
            cards = {panel: CARDS[panel](header(card), body(card), run) for panel, card in self._layout.cards.items()}
            stage = self._stage = _Stage(run, curve, cards, self._background(cards))
        return stage

    def _curve(
        self, curve: LossCurve, history: History, first: KeyFrame, last: KeyFrame
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return steps, training losses and test losses of what is shown, about two for each pixel."""
        width = self._layout.cards["loss"].width() * self.scale if "loss" in self._layout.cards else 1.0
        whole, part = max(history.frames[-1].step, 1), max(last.step - first.step, 1)
        steps, train, test, _ = curve.thinned(min(ceil(width / 2 * whole / part), _MOST_BINS))
        within = (steps >= first.step) & (steps <= last.step)
        if within.sum() < 2:
            frames = [frame for frame in history.frames if first.step <= frame.step <= last.step]
            steps = np.array([frame.step for frame in frames], dtype=np.float64)
            train = np.array([or_nan(frame.metrics.train_loss) for frame in frames])
            test = np.array([or_nan(frame.metrics.test_loss) for frame in frames])
            return steps, train, test
        return steps[within], train[within], test[within]

    def _background(self, cards: dict[str, Card]) -> QImage:
        """Return what stays the same in all pictures."""
        image = self.new_image()
        image.fill(self._theme.window)
        painter = QPainter(image)
        for panel, card in cards.items():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.line, 1.0))
            painter.setBrush(self._theme.panel)
            painter.drawRoundedRect(self._layout.cards[panel].adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
            card.paint_background(painter)
        if not self._layout.title.isEmpty():
            headings.paint_title(painter, self._layout.title, self.settings.title, self._theme)
        if not self._layout.caption.isEmpty():
            headings.paint_caption(painter, self._layout.caption, self.settings.caption, self._theme)
        painter.end()
        return image


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """What is kept from picture to picture."""

    run: AnimatedRun
    curve: LossCurve
    cards: dict[str, Card]
    background: QImage
