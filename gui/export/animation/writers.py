"""Writers: one class for each way in which pictures become a file.

A writer is used by one thread. It is given a path that nobody else looks at, and may leave half a file there.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO, Protocol

import av
import av.container
from av.filter import Graph
from av.filter.context import FilterContext
from av.video.codeccontext import VideoCodecContext
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter
from av.video.stream import VideoStream

from gui.export.animation.formats import Movie

BT709 = 1
"""H.273's number for the primaries, the transfer and the matrix of HD video, which browsers assume."""

SIDE_OF_PALETTE = 16

GIF_DITHER = "dither=none"
"""Surfaces of three classes, 10,000 colours, are off by 1 in 255 on average, and steps are hard to see. Dithering hides
them, and makes the file 2.4 times as large, at half the speed (``sierra2_4a``)."""

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


def _mp4_writer(path: Path, movie: Movie) -> Writer:
    # `faststart` moves the index to the front, so that a browser plays before it has all of the file.
    # Without veryfast's second look at each motion vector it takes 12 instead of 20 ms of a processor for 1280 x 720,
    # and the file is 12 % larger.
    options = {"preset": "veryfast", "crf": "18", "x264-params": "subme=1"}
    return VideoWriter(path, movie, "mp4", "libx264", options, {"movflags": "+faststart"})


def _webm_writer(path: Path, movie: Movie) -> Writer:
    # Measured at 1280 x 720 on two cores: `realtime` 63 frames/s, `good` at the same size of file 22.
    options = {"deadline": "realtime", "cpu-used": "6", "row-mt": "1", "tile-columns": "2", "crf": "28", "b:v": "0"}
    return VideoWriter(path, movie, "webm", "libvpx-vp9", options, {})


class GifWriter(ContainerWriter):
    """Writes 256 colours: the same for all pictures if there are samples, otherwise each picture's own."""

    def __init__(self, path: Path, movie: Movie) -> None:
        self._graph, self._source = _one_palette_graph(movie) if movie.samples else _palette_each_graph(movie)
        container_options = {
            "loop": "0" if movie.loop else "-1",
            "final_delay": str(movie.last_delay),
        }
        super().__init__(path, movie, "gif", "gif", "pal8", {}, container_options)

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame."""
        frame.time_base = self.movie.tick_s
        frame.pts = self.movie.begin(self.n_frames)
        self._source.push(frame)
        self._encode_ready()

    def finish(self) -> None:
        """Write what is still missing at the end, and close."""
        self._source.push(None)
        self._encode_ready()
        super().finish()

    def _encode_ready(self) -> None:
        with contextlib.suppress(av.BlockingIOError, av.EOFError):
            while True:
                self._encode(self._graph.vpull())


def _add_source(graph: Graph, movie: Movie) -> FilterContext:
    width, height = movie.size
    return graph.add_buffer(width=width, height=height, format=av.VideoFormat("bgr0"), time_base=movie.tick_s)


def _palette_each_graph(movie: Movie) -> tuple[Graph, FilterContext]:
    graph = Graph()
    source = _add_source(graph, movie)
    split = graph.add("split")
    generate = graph.add("palettegen", "stats_mode=single:reserve_transparent=0")
    use = graph.add("paletteuse", f"new=1:{GIF_DITHER}")
    graph.link_nodes(source, split, generate)
    generate.link_to(use, 0, 1)
    split.link_to(use, 1, 0)
    use.link_to(graph.add("buffersink"))
    graph.configure()
    return graph, source


def _one_palette_graph(movie: Movie) -> tuple[Graph, FilterContext]:
    palette = _common_palette(movie)
    graph = Graph()
    use = graph.add("paletteuse", GIF_DITHER)
    source = _add_source(graph, movie)
    palette_source = graph.add_buffer(
        width=SIDE_OF_PALETTE, height=SIDE_OF_PALETTE, format=palette.format, time_base=movie.tick_s
    )
    source.link_to(use, 0, 0)
    palette_source.link_to(use, 0, 1)
    use.link_to(graph.add("buffersink"))
    graph.configure()
    palette.time_base = movie.tick_s
    palette.pts = 0
    palette_source.push(palette)
    palette_source.push(None)
    return graph, source


def _common_palette(movie: Movie) -> av.VideoFrame:
    graph = Graph()
    # One colour stays free for "as it was", with which the codec saves what does not change.
    generate = graph.add("palettegen", "stats_mode=full:reserve_transparent=1")
    graph.link_nodes(_add_source(graph, movie), generate, graph.add("buffersink")).configure()
    for index, sample in enumerate(movie.samples):
        sample.time_base = movie.tick_s
        sample.pts = index
        graph.vpush(sample)
    graph.vpush(None)
    return graph.vpull()


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
        options = {"quality": "90", "compression_level": "2"}
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
