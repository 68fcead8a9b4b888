"""Composer: draws the pictures of an animation, each from a key frame, at their own size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

import numpy as np
from PySide6.QtCore import QPoint, QRectF
from PySide6.QtGui import QImage, QPainter, QPen

from gui.export.animation import headings
from gui.export.animation.card import AnimatedRun, Card
from gui.export.animation.counters import HEIGHT as COUNTERS_HEIGHT
from gui.export.animation.counters import Counters
from gui.export.animation.hidden_card import HiddenCard
from gui.export.animation.landscape_card import LandscapeCard
from gui.export.animation.layouts import MARGIN, FrameLayout, Headings, body, header, lay_out, pixels_per_unit
from gui.export.animation.loss_card import LossCard
from gui.export.animation.network_card import NetworkCard
from gui.export.animation.pacing import chosen_range
from gui.export.animation.plane_cards import DataCard, PlaneCard, SurfaceCard
from gui.export.animation.run_limits import RunLimits
from gui.export.animation.settings import AnimationSettings
from gui.export.animation.space_card import SpaceCard
from gui.export.animation.texts import FittedText
from gui.items.pixmaps import on_pixels
from gui.theme import named
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame
from model.run.snapshot import MAP_RESOLUTION, Plane, Snapshot, SnapshotMaker
from model.types import FloatArray, or_nan

_PIXELS_PER_SAMPLE = 1.8
_LEAST_SAMPLES, _MOST_SAMPLES = 40, 600
_SPACE_SIDE = 216.0
"""How finely a surface in 3D is sampled: as if it were a plane of this side, in units of the layout."""
_UNIT_SAMPLES = 12_000_000
"""How many activations a surface may take: about 60 ms."""

_MOST_MAP_SAMPLES = 120
_MOST_BINS = 20_000
_RADIUS = 10.0
_LOSS_SHARE = 0.5
_TITLE_SHARE = 0.105
"""How much of the height a title has before it gets smaller: two lines of a picture as it usually is."""

_TITLE_GAP, _MOST_BESIDE = 28.0, 0.72
"""Counters that take more of the width do not stand beside the title."""

_LOW, _HIGHEST_BESIDE, _LEAST_BESIDE_PX = 420.0, 48.0, 15
"""In a picture that is not low, a title beside the counters is no higher than they are, and not small."""

_NETWORK_PER_LAYER, _LEAST_NETWORK, _MOST_NETWORK = 0.25, 0.75, 1.3
"""How much room a network wants for each of its layers, against one of four."""


CARDS: dict[str, type[Card]] = {
    "network": NetworkCard,
    "surface": SurfaceCard,
    "space": SpaceCard,
    "hidden": HiddenCard,
    "loss": LossCard,
    "landscape": LandscapeCard,
    "data": DataCard,
}
"""The card of each panel, by the panel's name."""


class Composer:
    """Draws the pictures of an animation.

    What stays the same from picture to picture is kept: text, axes, the points, and the curves of weights that do not
    change. It needs a QApplication, and is used in the window's thread.

    Parameters
    ----------
    settings : AnimationSettings
    reduction : float
        How large the picture is against the one of the settings' size, with the same layout: 1, or less for a preview.

    Attributes
    ----------
    settings : AnimationSettings
    reduction : float
    scale : float
        How many pixels a unit of the layout has.
    """

    def __init__(self, settings: AnimationSettings, reduction: float = 1.0) -> None:
        self.settings = settings
        self.reduction = reduction
        self._unreduced = pixels_per_unit(settings.size, settings.text_size)
        self.scale = self._unreduced * reduction
        self._theme = named(settings.theme)
        self._stage: _Stage | None = None
        self._makers: dict[int, SnapshotMaker] = {}

    def card(self, panel: str) -> QRectF:
        """Return where a panel's card is in the last picture, in pixels; empty where there is no room for it."""
        return self._in_pixels(self._shown().layout.cards.get(panel, QRectF()))

    def picture_area(self, panel: str) -> QRectF:
        """Return where in its card a panel's picture is, in pixels; of a plane, all that it shows."""
        return self._in_pixels(self._shown().cards[panel].body)

    def _shown(self) -> _Stage:
        if self._stage is None:
            raise ValueError("there is no picture yet")
        return self._stage

    def _in_pixels(self, area: QRectF) -> QRectF:
        s = self.scale
        return QRectF(area.left() * s, area.top() * s, area.width() * s, area.height() * s)

    def picture(self, frame: KeyFrame, history: History, curve: LossCurve, share: float = 0.0) -> QImage:
        """Return the picture of a moment.

        Parameters
        ----------
        frame : KeyFrame
            Of `history`.
        history : History
        curve : LossCurve
            Of the same run.
        share : float
            How much of the animation has passed, 0 to 1.

        Returns
        -------
        QImage
            ``Format_RGB32``, of the settings' size, or smaller by the reduction.
        """
        image = self.new_image()
        painter = QPainter(image)
        try:
            self.paint(painter, frame, history, curve, share)
        finally:
            painter.end()
        image.setDevicePixelRatio(1.0)
        return image

    def new_image(self) -> QImage:
        """Return what :meth:`paint` draws on, with nothing on it yet."""
        width, height = (round(side * self.reduction) for side in self.settings.size)
        image = QImage(width, height, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(self.scale)
        return image

    def paint(self, painter: QPainter, frame: KeyFrame, history: History, curve: LossCurve, share: float = 0.0) -> None:
        """Draw the picture of a moment on a device whose pixel ratio is :attr:`scale`; see :meth:`picture`."""
        stage = self._set_stage(history, curve)
        with on_pixels(painter):
            painter.drawImage(QPoint(0, 0), stage.background)
        if not stage.layout.counters.isEmpty():
            row, beside_title = stage.layout.counters, stage.layout.counters.left() > stage.layout.title.left()
            stage.counters.paint(
                painter, row, frame, self._theme, right=beside_title and not stage.layout.title.isEmpty()
            )
        snapshot = self.snapshot(frame)
        for card in stage.cards.values():
            card.share = share
            card.paint(painter, frame, snapshot)

    def snapshot(self, frame: KeyFrame) -> Snapshot:
        """Return the numbers of a moment, sampled as finely as its picture shows them."""
        plane, side = Plane(), 0.0
        if self._stage is not None:
            for card in self._stage.cards.values():
                if isinstance(card, PlaneCard):
                    plane = card.plane
                    side = float(np.sqrt(card.body.width() * card.body.height())) * self.scale
        if "surface" not in self.settings.panels:
            side = _SPACE_SIDE * self.scale if "space" in self.settings.panels else 0.0
        n_units = sum(frame.network.layer_sizes[1:])
        affordable = int(np.sqrt(_UNIT_SAMPLES / n_units))
        resolution = max(min(ceil(side / _PIXELS_PER_SAMPLE), _MOST_SAMPLES, affordable), _LEAST_SAMPLES)
        if resolution not in self._makers:
            maps = min(ceil(MAP_RESOLUTION * max(self.scale, 1.0)), _MOST_MAP_SAMPLES)
            self._makers[resolution] = SnapshotMaker(maps if "network" in self.settings.panels else 1, resolution)
        return self._makers[resolution].make(0, frame, plane)

    def _set_stage(self, history: History, curve: LossCurve) -> _Stage:
        """Return cards and background, which are made again when there is another run, or more of it."""
        first, last = chosen_range(history, self.settings)
        key = (history.frames[first], history.frames[last], tuple(history.events), curve)
        stage = self._stage
        if stage is None or stage.key != key:
            settings = self.settings
            frames = tuple(history.frames[first : last + 1])
            shown = self._curve(curve, history, frames[0], frames[-1])
            events = tuple(event for event in history.events if frames[0].step <= event.step <= frames[-1].step)
            limits = RunLimits(frames, settings.scale)
            run = AnimatedRun(settings, self._theme, frames, shown, events, limits)
            counters = Counters(frames, shown[1], test_points=settings.test_points)
            layout, title, caption = self._laid_out(frames, counters)
            cards = {panel: CARDS[panel](header(card), body(card), run) for panel, card in layout.cards.items()}
            stage = _Stage(key, layout, cards, counters, self._background(layout, cards, title, caption))
            self._stage = stage
        return stage

    def _laid_out(self, frames: Sequence[KeyFrame], counters: Counters) -> tuple[FrameLayout, FittedText, FittedText]:
        """Return where everything stands, and title and caption in lines that have room."""
        settings = self.settings
        width, height = (side / self._unreduced for side in settings.size)
        inner = width - 2 * MARGIN
        title = headings.fitted_title(settings.title, inner, _TITLE_SHARE * height)
        counters_width = 0.0
        if settings.counters and title.lines:
            room = inner - counters.least_width - _TITLE_GAP
            highest, least_px = (_HIGHEST_BESIDE, 0) if height < _LOW else (COUNTERS_HEIGHT, _LEAST_BESIDE_PX)
            beside = headings.fitted_title(settings.title, room, highest)
            fits = beside.height <= highest and beside.px >= least_px
            if fits and counters.least_width <= _MOST_BESIDE * inner:
                title = beside
                counters_width = min(counters.width, inner - title.width - _TITLE_GAP)
        caption = headings.fitted_caption(settings.caption, inner)
        rows = Headings(title.height, COUNTERS_HEIGHT if settings.counters else 0.0, caption.height, counters_width)
        layers = max(len(frame.network.layer_sizes) for frame in frames)
        own = min(max(_NETWORK_PER_LAYER * layers, _LEAST_NETWORK), _MOST_NETWORK)
        weights = {**settings.give, "network": own * settings.give.get("network", 1.0)}
        return lay_out(settings.placing, settings.panels, (width, height), rows, weights), title, caption

    def _curve(
        self, curve: LossCurve, history: History, first: KeyFrame, last: KeyFrame
    ) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return steps, training losses and test losses of what is shown, about two for each pixel."""
        width = self.settings.size[0] * self.reduction * _LOSS_SHARE
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

    def _background(
        self,
        layout: FrameLayout,
        cards: dict[str, Card],
        title: FittedText,
        caption: FittedText,
    ) -> QImage:
        """Return what stays the same in all pictures."""
        image = self.new_image()
        image.fill(self._theme.window)
        painter = QPainter(image)
        for panel, card in cards.items():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(self._theme.line, 1.0))
            painter.setBrush(self._theme.panel)
            painter.drawRoundedRect(layout.cards[panel].adjusted(0.5, 0.5, -0.5, -0.5), _RADIUS, _RADIUS)
            card.paint_background(painter)
        for row, text in ((layout.title, title), (layout.caption, caption)):
            if not row.isEmpty():
                headings.paint_heading(painter, row, text, self._theme)
        painter.end()
        image.setDevicePixelRatio(1.0)
        return image


@dataclass(frozen=True, slots=True, eq=False)
class _Stage:
    """What is kept from picture to picture."""

    key: tuple[object, ...]
    layout: FrameLayout
    cards: dict[str, Card]
    counters: Counters
    background: QImage
