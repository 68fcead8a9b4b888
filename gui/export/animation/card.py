"""Card: one panel of an animation's picture.

A card draws what stays the same over the animation into the background, once, and the rest for each picture.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.export.animation.run_limits import RunLimits
from gui.export.animation.settings import AnimationSettings
from gui.theme import Theme
from model.run.history import Event, KeyFrame
from model.run.snapshot import Snapshot
from model.types import FloatArray

LINE_WIDTH = 1.7
TICK_PX = 11


@dataclass(frozen=True, slots=True, eq=False)
class AnimatedRun:
    """What does not change over an animation.

    Attributes
    ----------
    settings : AnimationSettings
    theme : Theme
    frames : tuple of KeyFrame
        All that is shown.
    curve : tuple of ndarray
        Steps, training losses and test losses of all that is shown.
    events : tuple of Event
        What a person changed or noted in what is shown.
    limits : RunLimits
        Of the diagram's scales.
    """

    settings: AnimationSettings
    theme: Theme
    frames: tuple[KeyFrame, ...]
    curve: tuple[FloatArray, FloatArray, FloatArray]
    events: tuple[Event, ...]
    limits: RunLimits

    @property
    def with_own_data(self) -> list[KeyFrame]:
        """A moment for each data set and network that is shown."""
        return list({(id(frame.dataset), id(frame.network)): frame for frame in self.frames}.values())


class Card(ABC):
    """One panel.

    Parameters
    ----------
    header, body : QRectF
        Where its title and its picture are.
    run : AnimatedRun

    Attributes
    ----------
    share : float
        How much of the animation has passed at the picture that is drawn, 0 to 1.
    """

    share: float = 0.0

    def __init__(self, header: QRectF, body: QRectF, run: AnimatedRun) -> None:
        self.header, self.body, self.run = header, body, run

    @abstractmethod
    def paint_background(self, painter: QPainter) -> None:
        """Draw what stays the same."""

    @abstractmethod
    def paint(self, painter: QPainter, frame: KeyFrame, snapshot: Snapshot) -> None:
        """Draw the rest, at a moment."""
