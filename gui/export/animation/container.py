"""ContainerWriter: writes pictures with one of FFmpeg's codecs into one of its containers."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import BinaryIO, Protocol

import av
import av.container
from av.video.stream import VideoStream

from gui.export.animation.formats import Movie

FILE_BUFFER_BYTES = 2**20


class Writer(Protocol):
    """What the encoder's thread calls."""

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame."""

    def finish(self) -> None:
        """Write what is still missing at the end, and close; at least one frame has been added."""

    def close(self) -> None:
        """Let go of the file, whatever state it is in; closing twice is allowed."""


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
        self._is_finishing = False
        try:
            self._container = av.open(
                self._file, "w", format=container, container_options=container_options, io_open=self._open_again
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
        self._container.close()
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
        self._file.flush()
        return open(self._file.name, "rb")

    def _encode(self, frame: av.VideoFrame) -> None:
        begin = self.movie.begin(self.n_frames)
        self.n_frames += 1
        frame.time_base = self.movie.tick_s
        frame.pts = begin
        frame.duration = self.movie.begin(self.n_frames) - begin
        self._container.mux(self._stream.encode(frame))
