"""GifWriter: writes pictures in 256 colours."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.filter import Graph
from av.filter.context import FilterContext
from numpy.typing import NDArray

from gui.export.animation.container import ContainerWriter
from gui.export.animation.formats import Movie

SIDE_OF_PALETTE = 16

_DITHER = 8
"""How far apart the levels are, of 255, between which an ordered dither chooses."""

_FAR = 8
"""Pixels; what is the same so far to all sides is no slope."""

_SEEN_ERROR, _MOST_SEEN = 5, 0.02
"""A palette is coarse if more than a share of the pixels is off by more levels than this: its steps are seen as bands.

That is so for surfaces of four classes and more. Dithered, a file is 1.4 times as large.
"""


class GifWriter(ContainerWriter):
    """Writes 256 colours: the same for all pictures if there are samples, otherwise each picture's own.

    Where one palette is too coarse for slopes of colour, they are dithered by a pattern that stands still, so that
    nothing flickers.
    """

    def __init__(self, path: Path, movie: Movie) -> None:
        self._dither: _Dither | None = None
        if movie.samples:
            palette = _common_palette(movie)
            self._graph, self._source = _one_palette_graph(movie, palette)
            if _is_coarse(movie, palette):
                self._dither = _Dither(movie.size)
        else:
            self._graph, self._source = _palette_each_graph(movie)
        container_options = {
            "loop": "0" if movie.loop else "-1",
            "final_delay": str(movie.last_delay),
        }
        super().__init__(path, movie, "gif", "gif", "pal8", {}, container_options)

    def add(self, frame: av.VideoFrame) -> None:
        """Write the next frame; it may be changed."""
        if self._dither is not None:
            self._dither.apply(_pixels(frame))
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
        for frame in _ready(self._graph):
            self._encode(frame)


class _Dither:
    """An ordered dither of slopes; plain areas stay as they are.

    Parameters
    ----------
    size : tuple of int
        Width and height of a picture.

    Notes
    -----
    The matrix is Bayer's of 8 x 8 (B. E. Bayer, An optimum method for two-level rendition of continuous-tone pictures,
    1973).
    """

    def __init__(self, size: tuple[int, int]) -> None:
        width, height = size
        matrix = np.zeros((1, 1))
        while len(matrix) < 8:
            matrix = np.block([[4 * matrix, 4 * matrix + 2], [4 * matrix + 3, 4 * matrix + 1]])
        offsets = np.rint(((matrix + 0.5) / 64 - 0.5) * _DITHER)
        tiled = np.tile(offsets, (height // 8 + 1, width // 8 + 1))[:height, :width]
        of_bytes = np.repeat(tiled, 4, axis=1)
        self._more, self._less = np.maximum(of_bytes, 0).astype(np.uint8), np.maximum(-of_bytes, 0).astype(np.uint8)

    def apply(self, pixels: NDArray[np.uint32]) -> None:
        """Change a picture, an ndarray of shape (height, width), in place."""
        differs = np.zeros(pixels.shape, dtype=bool)
        across, down = pixels[:, _FAR:] != pixels[:, :-_FAR], pixels[_FAR:] != pixels[:-_FAR]
        differs[:, _FAR:] |= across
        differs[:, :-_FAR] |= across
        differs[_FAR:] |= down
        differs[:-_FAR] |= down
        mask = np.where(differs, np.uint32(0xFFFFFFFF), np.uint32(0)).view(np.uint8)
        values, more, less = pixels.view(np.uint8), self._more & mask, self._less & mask
        # Added and taken off without going round at 0 and 255.
        np.maximum(values, less, out=values)
        values -= less
        np.minimum(values, ~more, out=values)
        values += more


def _pixels(frame: av.VideoFrame) -> NDArray[np.uint32]:
    """Return a view of a frame's pixels, an ndarray of shape (height, width)."""
    plane = frame.planes[0]
    # PyAV's types do not tell that a plane is a buffer.
    rows: NDArray[np.uint32] = np.frombuffer(plane, np.uint32).reshape(frame.height, -1)  # type: ignore[call-overload]
    return rows[:, : frame.width]


def _ready(graph: Graph) -> Iterator[av.VideoFrame]:
    """Yield the frames that a graph has ready."""
    with contextlib.suppress(av.BlockingIOError, av.EOFError):
        while True:
            yield graph.vpull()


def _add_source(graph: Graph, movie: Movie) -> FilterContext:
    width, height = movie.size
    return graph.add_buffer(width=width, height=height, format=av.VideoFormat("bgr0"), time_base=movie.tick_s)


def _palette_each_graph(movie: Movie) -> tuple[Graph, FilterContext]:
    graph = Graph()
    source = _add_source(graph, movie)
    split = graph.add("split")
    generate = graph.add("palettegen", "stats_mode=single:reserve_transparent=0")
    use = graph.add("paletteuse", "new=1:dither=none")
    graph.link_nodes(source, split, generate)
    generate.link_to(use, 0, 1)
    split.link_to(use, 1, 0)
    use.link_to(graph.add("buffersink"))
    graph.configure()
    return graph, source


def _one_palette_graph(movie: Movie, palette: av.VideoFrame) -> tuple[Graph, FilterContext]:
    graph = Graph()
    use = graph.add("paletteuse", "dither=none")
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


def _is_coarse(movie: Movie, palette: av.VideoFrame) -> bool:
    """Return whether the samples' slopes of colour become bands in a palette."""
    graph, source = _one_palette_graph(movie, palette)
    n_seen = 0
    for index, sample in enumerate(movie.samples):
        sample.pts = index
        source.push(sample)
        for shown in _ready(graph):
            wanted = _pixels(sample).view(np.uint8).reshape(sample.height, sample.width, 4)[..., 2::-1]
            errors = np.abs(shown.to_ndarray(format="rgb24").astype(np.int16) - wanted)
            n_seen += int(np.count_nonzero(errors.max(axis=-1) > _SEEN_ERROR))
    width, height = movie.size
    return n_seen > _MOST_SEEN * width * height * len(movie.samples)
