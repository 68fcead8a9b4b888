"""The encoder: takes the pictures of an animation one by one, and makes a file of them in a thread of its own.

So drawing and encoding overlap, and the bounded queue between them keeps memory flat over any length. The file appears
whole or not at all: it is written beside its place, and moved there at the end.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, NoReturn

import numpy as np
from numpy.typing import NDArray

from gui.export.animation.formats import FORMATS, Movie
from gui.export.errors import ExportCancelledError, ExportError, export_error
from model.writing import PartFile

if TYPE_CHECKING:
    from av import VideoFrame

logger = logging.getLogger(__name__)

QUEUE_LENGTH = 8
"""How many pictures wait at most, so that neither side stands still when the other takes longer for one."""


class Encoder:
    """Makes a file of pictures.

    Parameters
    ----------
    path : str or Path
        The file, or the folder for a format that writes one; it is replaced at the end, and untouched until then.
    format : str
        A key of :data:`gui.export.animation.formats.FORMATS`.
    size : tuple of int
        Width and height of each picture in pixels.
    fps : int or float
        Frames per second.
    loop : bool
        Whether it starts again at its end, for ever, in the formats that know of loops.
    hold_s, hold_start_s : float
        Seconds by which the last and the first picture stay longer than the others. GIF, APNG and WebP note a longer
        delay, the other formats repeat the picture, as often as comes nearest.
    samples : iterable of ndarray
        Pictures from all over the animation, a dozen or so, as :meth:`add` takes them. With them a GIF gets one palette
        for all its pictures: what stands still is written once, and cannot flicker. Without, each picture has its own
        palette. The other formats do not look at them.

    Raises
    ------
    ValueError
        If the format is unknown, or cannot have this size or frame rate.

    Notes
    -----
    `n` pictures last ``n / fps + hold_s + hold_start_s`` seconds, to the format's unit of time: see
    :attr:`gui.export.animation.formats.Format.ticks_per_second`.

    Used with ``with``, it starts, and at the end it finishes, or cancels where the block is left by an exception. One
    thread adds and finishes; any thread may cancel.

    Examples
    --------
    >>> with Encoder("run.mp4", "mp4", (1280, 720), fps=30) as encoder:  # doctest: +SKIP
    ...     for picture in pictures:
    ...         encoder.add(picture)
    """

    def __init__(
        self,
        path: str | Path,
        format: str,
        size: tuple[int, int],
        fps: float,
        *,
        loop: bool = True,
        hold_s: float = 0.0,
        hold_start_s: float = 0.0,
        samples: Iterable[NDArray[np.uint8]] = (),
    ) -> None:
        self.path = Path(path)
        self._movie = Movie(format, size, fps, loop, hold_s, hold_start_s)
        if FORMATS[format].one_palette:
            self._movie = replace(self._movie, samples=tuple(_as_frame(sample, size) for sample in samples))
        self._part = PartFile(self.path, is_folder=not FORMATS[format].suffix)
        self._changed = threading.Condition()
        # All that follows is read and written with `_changed` held.
        self._waiting: deque[VideoFrame] = deque()
        self._n_added = 0
        self._n_encoded = 0
        self._is_complete = False
        self._is_cancelled = False
        self._error: Exception | None = None
        self._thread: threading.Thread | None = None

    @property
    def n_encoded(self) -> int:
        """How many pictures have been encoded so far."""
        with self._changed:
            return self._n_encoded

    @property
    def n_waiting(self) -> int:
        """How many pictures wait to be encoded; 0 after an error, which the next :meth:`add` tells."""
        with self._changed:
            return 0 if self._has_failed() else len(self._waiting)

    def start(self) -> None:
        """Make room for the file, and start the thread.

        Raises
        ------
        ExportError
            If the folder does not exist or cannot be written to, or if something else is in the file's place.
        """
        if self._thread is not None:
            raise RuntimeError("an Encoder starts once")
        try:
            self._part.open()
        except OSError as error:
            raise export_error(self.path, error) from error
        self._thread = threading.Thread(target=self._run, name=f"encoder of {self.path.name}", daemon=True)
        self._thread.start()

    def add(self, picture: NDArray[np.uint8]) -> None:
        """Take the next picture; wait while the queue is full.

        Parameters
        ----------
        picture : ndarray of shape (height, width, 3) or (height, width, 4)
            Red, green and blue; or the bytes of a ``QImage.Format_RGB32``: blue, green, red and one that is not looked
            at. It is copied, so it may be painted over at once. Rows may be farther apart than they are long.

        Raises
        ------
        ExportError
            If encoding failed, at this picture or an earlier one, or was cancelled. The file is gone then.
        ValueError
            If the picture has another shape or type.
        """
        if self._thread is None:
            raise RuntimeError("the Encoder has not been started")
        frame = _as_frame(picture, self._movie.size)
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < QUEUE_LENGTH or self._has_failed())
            if not self._has_failed():
                self._waiting.append(frame)
                self._n_added += 1
                self._changed.notify_all()
                return
        self._give_up()

    def finish(self) -> Path:
        """Wait until all pictures are encoded, and move the file to its place.

        Returns
        -------
        Path
            The file, or the folder.

        Raises
        ------
        ExportError
            If there is no picture, or if encoding failed or was cancelled. The file is gone then.
        """
        with self._changed:
            self._is_complete = True
            self._changed.notify_all()
        self._join()
        with self._changed:  # So that nobody cancels from here on.
            if not self._has_failed() and self._n_added == 0:
                self._error = ExportError("There is no picture to export.")
            if not self._has_failed():
                try:
                    self._part.keep()
                except OSError as error:
                    self._error = error
                else:
                    return self.path
        self._give_up()

    def cancel(self) -> None:
        """Stop, and remove what has been written; harmless after the end.

        It waits for the picture that is being encoded. Who adds or finishes at this moment gets an
        :class:`ExportCancelledError`.
        """
        with self._changed:
            self._is_cancelled = True
            self._changed.notify_all()
        self._join()
        self._part.discard()

    def __enter__(self) -> Encoder:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            self.cancel()
        elif not self._is_complete:
            self.finish()

    def _has_failed(self) -> bool:
        return self._is_cancelled or self._error is not None

    def _join(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _give_up(self) -> NoReturn:
        """Remove the file and say why."""
        self._join()
        self._part.discard()
        if self._error is None:
            raise ExportCancelledError("The export was cancelled.")
        if isinstance(self._error, ExportError):
            raise self._error
        raise export_error(self.path, self._error) from self._error

    def _run(self) -> None:
        """Encode until all is done; the thread's only function."""
        try:
            self._encode_all()
        except Exception as error:  # Whatever it is, it must reach the thread that adds.
            logger.info("Encoding %s failed.", self.path, exc_info=True)
            with self._changed:
                self._error = error
                self._waiting.clear()
                self._changed.notify_all()

    def _encode_all(self) -> None:
        from gui.export.animation.writers import WRITERS  # With PyAV, which is not needed before an export.

        writer = WRITERS[self._movie.format](self._part.path, self._movie)
        try:
            while (frame := self._take()) is not None:
                writer.add(frame)
                with self._changed:
                    self._n_encoded += 1
            with self._changed:
                is_wanted = self._n_encoded > 0 and not self._is_cancelled
            if is_wanted:
                writer.finish()
        finally:
            writer.close()

    def _take(self) -> VideoFrame | None:
        """Wait for the next picture; None when there will be none."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_complete or self._is_cancelled)
            if self._is_cancelled or not self._waiting:
                return None
            frame = self._waiting.popleft()
            self._changed.notify_all()
            return frame


def _as_frame(picture: NDArray[np.uint8], size: tuple[int, int]) -> VideoFrame:
    """Copy a picture into a frame of FFmpeg's."""
    from av import VideoFrame  # Not needed before an export.

    width, height = size
    if picture.dtype != np.uint8 or picture.shape[:2] != (height, width) or picture.shape[2:] not in ((3,), (4,)):
        raise ValueError(
            f"a picture must be uint8 of shape ({height}, {width}, 3 or 4); got {picture.dtype} of {picture.shape}"
        )
    frame = VideoFrame(width, height, "bgr0")
    plane = frame.planes[0]
    # PyAV's types do not tell that a plane is a buffer.
    rows: NDArray[np.uint8] = np.frombuffer(plane, np.uint8).reshape(height, plane.line_size)  # type: ignore[call-overload]
    pixels = rows[:, : 4 * width].reshape(height, width, 4)
    if picture.shape[2] == 4:
        pixels[:] = picture
    else:
        pixels[:, :, :3] = picture[:, :, ::-1]
    return frame
