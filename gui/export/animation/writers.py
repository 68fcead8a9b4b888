"""Writers: one class for each way in which pictures become a file.

A writer is used by one thread. It is given a path that nobody else looks at, and may leave half a file there.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import av.container
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from gui.export.animation.container import ContainerWriter, Writer
from gui.export.animation.formats import Movie
from gui.export.animation.gif import GifWriter

BT709 = 1
"""H.273's number for the primaries, the transfer and the matrix of HD video, which browsers assume."""


class VideoWriter(ContainerWriter):
    """Writes a video of 4:2:0 in the colours of HD; the first and the last picture are held by being repeated."""

    def __init__(
        self,
        path: Path,
        movie: Movie,
        container: str,
        codec: str,
        options: dict[str, str],
        container_options: dict[str, str],
    ) -> None:
        super().__init__(path, movie, container, codec, "yuv420p", options, container_options)
        context = self._stream.codec_context
        context.colorspace = context.color_primaries = context.color_trc = BT709
        context.color_range = ColorRange.MPEG
        context.thread_count = min(os.cpu_count() or 1, 16)
        self._reformatter = VideoReformatter()
        self._last: av.VideoFrame | None = None

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame."""
        is_first = self._last is None
        # Averaging over each chroma sample's area was nearest to the original among swscale's ways, and costs 2 ms.
        self._last = self._reformatter.reformat(
            frame,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=Interpolation.AREA,
        )
        for _ in range(1 + (self.movie.n_repeats(self.movie.hold_start_s) if is_first else 0)):
            self._encode(self._last)

    def finish(self) -> None:
        """Write what is still missing at the end, and close."""
        assert self._last is not None
        for _ in range(self.movie.n_repeats(self.movie.hold_s)):
            self._encode(self._last)
        super().finish()


def _has_avx512() -> bool:
    """Return whether x264 would use AVX-512, with which its macroblock tree reads memory that it has not written.

    Then what was in memory before decides over a file: the same film is another one in the next export. x264 (build
    165) cannot be told to leave out one set of instructions, only which to use.
    """
    try:
        return "avx512f" in Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False  # Not Linux.


def _mp4_writer(path: Path, movie: Movie) -> Writer:
    # `faststart` moves the index to the front, so that a browser plays before it has all of the file.
    # Without veryfast's second look at each motion vector it takes 12 instead of 20 ms of a processor for 1280 x 720,
    # and the file is 12 % larger.
    parameters = "subme=1:asm=avx2" if _has_avx512() else "subme=1"
    options = {"preset": "veryfast", "crf": "18", "x264-params": parameters}
    return VideoWriter(path, movie, "mp4", "libx264", options, {"movflags": "+faststart"})


def _webm_writer(path: Path, movie: Movie) -> Writer:
    # Measured at 1280 x 720 on two cores: `realtime` 63 frames/s, `good` at the same size of file 22.
    options = {"deadline": "realtime", "cpu-used": "6", "row-mt": "1", "tile-columns": "2", "crf": "28", "b:v": "0"}
    # Otherwise Matroska numbers its parts at random, and no two files are the same.
    return VideoWriter(path, movie, "webm", "libvpx-vp9", options, {"fflags": "+bitexact"})


class ApngWriter(ContainerWriter):
    """Writes an animated PNG, in which every colour stays as it is."""

    def __init__(self, path: Path, movie: Movie) -> None:
        final_delay = (1 / movie.rate + Fraction(movie.hold_s)).limit_denominator(1000)
        container_options = {"plays": "0" if movie.loop else "1", "final_delay": str(final_delay)}
        # Plain areas and text come out smaller and faster without one of PNG's predictions.
        options = {"pred": "none", "compression_level": "3"}
        super().__init__(path, movie, "apng", "apng", "rgb24", options, container_options)
        self._reformatter = VideoReformatter()

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame."""
        self._encode(self._reformatter.reformat(frame, format="rgb24"))


class WebpWriter(ContainerWriter):
    """Writes an animated WebP. The compressed pictures stay in memory until the end: libwebp puts them together."""

    def __init__(self, path: Path, movie: Movie) -> None:
        # At 90 plain areas have faint blocks beside what is drawn on them; without loss it is more than twice as large.
        options = {"quality": "96", "compression_level": "2"}
        container_options = {"loop": "0" if movie.loop else "1"}
        super().__init__(path, movie, "webp", "libwebp_anim", "bgra", options, container_options)
        self._reformatter = VideoReformatter()

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame."""
        self._encode(self._reformatter.reformat(frame, format="bgra"))

    def finish(self) -> None:
        """Write what is still missing at the end, and close."""
        super().finish()
        _set_webp_duration(self._file, self.movie.end(self.n_frames))
        self._file.flush()


def _set_webp_duration(file: BinaryIO, duration_ms: int) -> None:
    """Make the last picture of an animated WebP last until `duration_ms`.

    FFmpeg does not tell libwebp when the animation ends. A picture that was repeated is there once, and lasts longer.

    Notes
    -----
    A file is a list of chunks: four letters, the size, the content filled up to an even size. An ``ANMF`` chunk has
    its duration in ms in the 3 bytes at 12 (Google, WebP Container Specification).
    """
    file.seek(12)
    last_place, earlier_ms, last_ms = None, 0, 0
    while header := file.read(8):
        place, size = file.tell(), int.from_bytes(header[4:], "little")
        if header[:4] == b"ANMF":
            file.seek(place + 12)
            earlier_ms += last_ms
            last_place, last_ms = place + 12, int.from_bytes(file.read(3), "little")
        file.seek(place + size + size % 2)
    if last_place is not None:
        file.seek(last_place)
        file.write(max(duration_ms - earlier_ms, 1).to_bytes(3, "little"))


class PngWriter:
    """Writes a folder of numbered pictures; the first and the last one are held by being repeated."""

    def __init__(self, path: Path, movie: Movie) -> None:
        self._folder = path
        self._movie = movie
        self._n_written = 0
        context = av.CodecContext.create("png", "w")
        assert isinstance(context, VideoCodecContext)
        context.width, context.height = movie.size
        context.pix_fmt = "rgb24"
        context.time_base = movie.tick_s
        context.options = {"pred": "none", "compression_level": "3"}
        context.thread_count = min(os.cpu_count() or 1, 16)
        self._context = context
        self._reformatter = VideoReformatter()
        self._last: av.VideoFrame | None = None

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame."""
        is_first = self._last is None
        self._last = self._reformatter.reformat(frame, format="rgb24")
        for _ in range(1 + (self._movie.n_repeats(self._movie.hold_start_s) if is_first else 0)):
            self._write(self._last)

    def finish(self) -> None:
        """Write what is still missing at the end, and close."""
        for _ in range(self._movie.n_repeats(self._movie.hold_s)):
            self._write(self._last)
        self._write(None)

    def close(self) -> None:
        """Do nothing: no file stays open."""

    def _write(self, frame: av.VideoFrame | None) -> None:
        for packet in self._context.encode(frame):
            self._n_written += 1
            (self._folder / frame_file_name(self._n_written)).write_bytes(bytes(packet))


def frame_file_name(number: int) -> str:
    """Return the name of a picture in a folder of them, which are counted from 1."""
    return f"frame_{number:05d}.png"


WRITERS: dict[str, Callable[[Path, Movie], Writer]] = {
    "mp4": _mp4_writer,
    "webm": _webm_writer,
    "gif": GifWriter,
    "apng": ApngWriter,
    "webp": WebpWriter,
    "png": PngWriter,
}
"""What opens a file of each format, by the format's name."""
