"""ContainerWriter: writes pictures with one of FFmpeg's codecs into one of its containers."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol, TypeVar

import av
import av.container
from av.video.stream import VideoStream

from gui.export.animation.formats import Movie

FILE_BUFFER_BYTES = 2**20

Result = TypeVar("Result")


class Writer(Protocol):
    """What the encoder's thread calls."""

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame."""

    def finish(self) -> None:
        """Write what is still missing at the end, and close; at least one frame has been added."""

    def close(self) -> None:
        """Let go of the file, whatever state it is in; closing twice is allowed."""


class _Target:
    """What FFmpeg writes to. It raises nothing: after an error it takes all and writes nothing, until it is asked.

    FFmpeg goes on where writing has failed, and PyAV prints the errors that nobody takes.

    Parameters
    ----------
    file : BinaryIO
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._error: OSError | None = None

    def write(self, data: bytes) -> int:
        """Write."""
        return self._tried(lambda: self._file.write(data), len(data))

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        return self._tried(lambda: self._file.seek(offset, whence), offset)

    def tell(self) -> int:
        """Return the place."""
        return self._tried(self._file.tell, 0)

    def flush(self) -> None:
        """Have in the file what has been written."""
        self._tried(self._file.flush, None)

    def check(self) -> None:
        """Raise the OSError that there was, if there was one."""
        if self._error is not None:
            raise self._error

    def _tried(self, do: Callable[[], Result], otherwise: Result) -> Result:
        if self._error is None:
            try:
                return do()
            except OSError as error:
                self._error = error
        return otherwise


class ContainerWriter:
    """Writes frames with one codec into one container.

    Parameters
    ----------
    path : Path
        The file.
    movie : Movie
        What is to be written.
    container, codec, pixel_format : str
        FFmpeg's names.
    options, container_options : dict of str to str
        FFmpeg's options for them.
    """

    def __init__(
        self,
        path: Path,
        movie: Movie,
        container: str,
        codec: str,
        pixel_format: str,
        options: dict[str, str],
        container_options: dict[str, str],
    ) -> None:
        self.movie = movie
        self.n_frames = 0
        # FFmpeg is not given the path: where it cannot write a header, PyAV 18 never closes what it opened.
        self._file = open(path, "r+b", buffering=FILE_BUFFER_BYTES)  # noqa: SIM115  `close` closes it
        self._target = _Target(self._file)
        self._is_finishing = False
        try:
            self._container = av.open(
                self._target, "w", format=container, container_options=container_options, io_open=self._open_again
            )
        except Exception:
            self._file.close()
            raise
        try:
            stream = self._container.add_stream(codec, rate=movie.rate, options=options)
            assert isinstance(stream, VideoStream)
            stream.width, stream.height = movie.size
            stream.pix_fmt = pixel_format
            stream.codec_context.time_base = movie.tick_s
        except Exception:
            self.close()
            raise
        self._stream = stream

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame."""
        self._encode(frame)

    def finish(self) -> None:
        """Write what is still missing at the end, and close."""
        self._is_finishing = True
        self._container.mux(self._stream.encode(None))
        self._target.check()
        self._container.close()
        self._target.check()
        self._file.flush()
        os.fsync(self._file.fileno())  # A disk may say only now that it is full.

    def close(self) -> None:
        """Let go of the file, whatever state it is in."""
        # The container first: PyAV 17 reaches for its file even when it is collected.
        for resource in (self._container, self._file):
            with contextlib.suppress(av.FFmpegError, OSError):
                resource.close()

    def _open_again(self, url: str, flags: int, options: dict[str, str]) -> BinaryIO:
        """Open the file for reading, as `faststart` does to move what is in it."""
        if not self._is_finishing:
            raise OSError(errno.ECANCELED, os.strerror(errno.ECANCELED))  # A file that nobody wants is left as it is.
        self._target.flush()
        return open(self._file.name, "rb")

    def _encode(self, frame: av.VideoFrame) -> None:
        begin = self.movie.begin(self.n_frames)
        self.n_frames += 1
        frame.time_base = self.movie.tick_s
        frame.pts = begin
        frame.duration = self.movie.begin(self.n_frames) - begin
        self._container.mux(self._stream.encode(frame))
        self._target.check()
