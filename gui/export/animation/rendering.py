"""Renderer: draws the frames of an animation one after the other, and hands them to the encoder."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QPainter

from gui.export.animation.composer import Composer
from gui.export.animation.encoder import QUEUE_LENGTH, Encoder
from gui.export.animation.formats import FORMATS
from gui.export.animation.moments import Moments
from gui.export.animation.settings import AnimationSettings
from gui.export.errors import ExportError
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame

_N_SAMPLES = 12
_PAUSE_S = 0.004


class Renderer:
    """An animation on its way to a file.

    Whoever owns it calls :meth:`advance` until it returns False; each call takes about as long as one picture does, so
    that a window can call it from a timer. It draws in the caller's thread, and encodes in another one.

    Parameters
    ----------
    settings : AnimationSettings
    history : History
        Copied by who lets the run go on meanwhile.
    curve : LossCurve
    path : str or Path
        The file, or the folder for a format that writes one; replaced when all is written.

    Attributes
    ----------
    n_frames : int
        How many frames are drawn.
    n_done : int
        How many of them have been.
    n_written : int
        How many frames the file will have: those that are held are repeated where the format notes no delay.

    Raises
    ------
    ExportError
        If there is nothing to show, or the format cannot have this size.
    """

    def __init__(
        self,
        settings: AnimationSettings,
        history: History,
        curve: LossCurve,
        path: str | Path,
    ) -> None:
        self._settings = settings
        self._history, self._curve = history, curve
        self.path = Path(path)
        try:
            self.n_written = settings.movie().n_written(settings.n_frames)
            self._moments = Moments(history, curve, settings)
        except ValueError as error:
            text = str(error)
            raise ExportError(f"{text[:1].upper()}{text[1:]}.") from error
        self._composer = Composer(settings)
        self.n_frames = len(self._moments)
        self.n_done = 0
        self._image = self._composer.new_image()
        self._drawn: KeyFrame | None = None
        self._samples: list[NDArray[np.uint8]] = []
        self._to_sample = self._sample_places() if FORMATS[settings.format].one_palette else []
        self._encoder: Encoder | None = None
        self._is_over = False

    def _sample_places(self) -> list[int]:
        places = np.linspace(0, len(self._moments) - 1, _N_SAMPLES).round().astype(int)
        return sorted(set(places.tolist()), reverse=True)

    def advance(self) -> bool:
        """Draw the next frame and hand it to the encoder, or wait a moment for that.

        Returns
        -------
        bool
            False when the file is whole and in its place, or after :meth:`cancel`.

        Raises
        ------
        ExportError
            If it cannot be written. Nothing is left of it then.
        """
        if self._is_over:
            return False
        if self._to_sample:
            self._draw(self._to_sample.pop())
            self._samples.append(pixels_of(self._image))
            return True
        encoder = self._started()
        try:
            # Waiting for an encoder that is slower would keep the window from what else it has to do.
            if encoder.n_waiting >= (QUEUE_LENGTH if self.n_done < self.n_frames else 1):
                time.sleep(_PAUSE_S)
                return True
            if self.n_done < self.n_frames:
                self._draw(self.n_done)
                encoder.add(_view_of(self._image))
                self.n_done += 1
                return True
            encoder.finish()
        except BaseException:
            self.cancel()
            raise
        self._is_over = True
        return False

    def cancel(self) -> None:
        """Stop, and leave no file; harmless after the end."""
        self._is_over = True
        if self._encoder is not None:
            self._encoder.cancel()

    def _started(self) -> Encoder:
        if self._encoder is None:
            s = self._settings
            encoder = Encoder(
                self.path,
                s.format,
                s.size,
                s.fps,
                loop=s.loop,
                hold_s=s.hold_seconds,
                hold_start_s=s.start_hold_s,
                samples=self._samples,
            )
            encoder.start()
            self._encoder = encoder
            self._samples = []
        return self._encoder

    def _draw(self, index: int) -> None:
        """Draw the picture of a frame in the place of the one before; one that looks the same is not drawn again."""
        moment = self._moments[index]
        if self._drawn is not moment or self._settings.turn:
            painter = QPainter(self._image)
            try:
                share = index / max(self.n_frames - 1, 1)
                self._composer.paint(painter, moment, self._history, self._curve, share)
            finally:
                painter.end()
            self._drawn = moment


class Finisher(threading.Thread):
    """Waits for the encoder after the last frame: that takes seconds for a large picture that is held.

    Parameters
    ----------
    rendering : Renderer
        All its frames are drawn.
    """

    def __init__(self, rendering: Renderer) -> None:
        super().__init__(name="end of an export", daemon=True)
        self._rendering = rendering
        self._error: BaseException | None = None

    def run(self) -> None:
        """Advance to the end; nothing is drawn any more."""
        try:
            while self._rendering.advance():
                pass
        except BaseException as error:
            self._error = error

    def goes_on(self) -> bool:
        """Return whether it is not yet at the end; raise what has gone wrong there."""
        if self.is_alive():
            return True
        if self._error is not None:
            raise self._error
        return False


def pixels_of(image: QImage) -> NDArray[np.uint8]:
    """Return a copy of a picture's bytes: blue, green, red, and one that is not looked at.

    Returns
    -------
    ndarray of shape (height, width, 4)
    """
    pixels: NDArray[np.uint8] = _view_of(image).copy()
    return pixels


def _view_of(image: QImage) -> NDArray[np.uint8]:
    """Return the bytes of :func:`pixels_of` where they are; the image must live as long."""
    rows: NDArray[np.uint8] = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    pixels: NDArray[np.uint8] = rows[:, : 4 * image.width()].reshape(image.height(), image.width(), 4)
    return pixels
