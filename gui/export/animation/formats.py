"""Formats: a registry of the kinds of file that an animation is written to.

It does without PyAV, which brings FFmpeg along, so that the window can show this table soon; what writes each format
is in :mod:`gui.export.animation.writers`.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from model.types import check_choice, is_number, is_whole

if TYPE_CHECKING:
    from av import VideoFrame

LARGEST_SIDE = 8192
"""Pixels; above it not every player of these formats follows."""

LONGEST_HOLD_S = 60.0
"""The longest delay that each format can note for one picture."""


@dataclass(frozen=True, slots=True)
class Movie:
    """What is to be written.

    Attributes
    ----------
    format : str
        A key of :data:`FORMATS`.
    size : tuple of int
        Width and height in pixels.
    fps : int or float
        Frames per second.
    loop : bool
        Whether it starts again at its end, for ever, in the formats that know of loops.
    hold_s, hold_start_s : float
        Seconds by which the last and the first picture stay longer than the others, 0 to :data:`LONGEST_HOLD_S`.
    samples : tuple of av.VideoFrame
        Pictures from all over the animation, for the formats that look for a palette.

    Raises
    ------
    ValueError
        If the format is unknown, or cannot have this size or frame rate.
    """

    format: str
    size: tuple[int, int]
    fps: float
    loop: bool = True
    hold_s: float = 0.0
    hold_start_s: float = 0.0
    samples: tuple[VideoFrame, ...] = ()

    def __post_init__(self) -> None:
        check_choice("format", self.format, FORMATS)
        entry = FORMATS[self.format]
        step = entry.side_step
        for side in self.size:
            if not (is_whole(side) and step <= side <= LARGEST_SIDE):
                raise ValueError(f"a picture's sides must be {step} to {LARGEST_SIDE} pixels; got {side!r}")
            if side % step:
                raise ValueError(f"{entry.label} needs an even width and height; got {self.size[0]} x {self.size[1]}")
        if not (is_number(self.fps) and 1 <= self.fps <= entry.most_fps):
            raise ValueError(f"{entry.label} shows 1 to {entry.most_fps} frames per second; got {self.fps!r}")
        for which, hold in (("last", self.hold_s), ("first", self.hold_start_s)):
            if not (is_number(hold) and 0 <= hold <= LONGEST_HOLD_S):
                raise ValueError(f"the {which} picture can stay 0 to {LONGEST_HOLD_S:g} seconds longer; got {hold!r}")

    @property
    def rate(self) -> Fraction:
        """Frames per second as a fraction, such as 30000/1001 for 29.97."""
        return Fraction(float(self.fps)).limit_denominator(1001)

    @property
    def tick_s(self) -> Fraction:
        """The unit of time of the file, in seconds."""
        ticks = FORMATS[self.format].ticks_per_second
        return Fraction(1, ticks) if ticks else 1 / self.rate

    def begin(self, index: int) -> int:
        """Return when a picture that is written begins, in units of time, rounded to the nearest one."""
        return self._ticks(index, self.hold_start_s if index > 0 and FORMATS[self.format].notes_delays else 0.0)

    def end(self, n_pictures: int) -> int:
        """Return when the last of so many pictures ends, in units of time, where the format notes its delay."""
        return self._ticks(n_pictures, self.hold_start_s + self.hold_s)

    @property
    def last_delay(self) -> int:
        """How long the last picture stays, in units of time, where the format notes it."""
        return self._ticks(1, self.hold_s)

    def _ticks(self, n_pictures: int, extra_s: float) -> int:
        return round((n_pictures / self.rate + Fraction(float(extra_s))) / self.tick_s)

    def n_repeats(self, hold_s: float) -> int:
        """Return how often a picture is repeated to be held, where the format notes no delay: what comes nearest."""
        return 0 if FORMATS[self.format].notes_delays else round(hold_s * self.rate)

    def n_written(self, n_pictures: int) -> int:
        """Return how many pictures the file has of so many, with those that are repeated."""
        return self.n_repeats(self.hold_start_s) + n_pictures + self.n_repeats(self.hold_s)


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of file.

    Attributes
    ----------
    name : str
        The key in :data:`FORMATS`.
    label : str
        What the window calls it.
    suffix : str
        The file name's end; empty where it is a folder of files.
    tip : str
        One sentence for the person who chooses.
    side_step : int
        Width and height must be multiples of it.
    most_fps : int
        The largest number of frames per second.
    ticks_per_second : int
        Into how many parts it divides a second, 0 if one frame can be its unit of time. Where frames do not fit these
        parts, each begins at the nearest one: no error adds up, and the duration is right to one part.
    loops : bool
        Whether the file says that it starts again at its end.
    notes_delays : bool
        Whether a picture that is held has a longer delay; otherwise it is repeated.
    other_suffixes : tuple of str
        Ends of a name that mean the same.
    one_palette : bool
        Whether samples of the animation make it better: 256 colours chosen once for all of it, not for each picture.
    """

    name: str
    label: str
    suffix: str
    tip: str
    side_step: int = 1
    most_fps: int = 120
    ticks_per_second: int = 0
    loops: bool = False
    notes_delays: bool = False
    other_suffixes: tuple[str, ...] = ()
    one_palette: bool = False

    def nearest_size(self, width: int, height: int) -> tuple[int, int]:
        """Return the size next to this one that the format can have."""
        step = self.side_step
        sides = (min(max(side // step * step, step), LARGEST_SIDE) for side in (width, height))
        return next(sides), next(sides)

    def is_exact(self, fps: float) -> bool:
        """Return whether every frame lasts equally long at this rate."""
        return self.ticks_per_second == 0 or (self.ticks_per_second / Fraction(fps).limit_denominator(1001)) % 1 == 0


FORMATS: dict[str, Format] = {
    entry.name: entry
    for entry in (
        Format("mp4", "MP4 video (H.264)", ".mp4", "Plays everywhere: browsers, slides, phones.", side_step=2),
        Format(
            "webm",
            "WebM video (VP9)",
            ".webm",
            "For the web, in a format that is free of patents.",
            side_step=2,
            ticks_per_second=1000,
        ),
        Format(
            "gif",
            "GIF",
            ".gif",
            "Plays wherever a picture is shown, in 256 colours.",
            most_fps=50,  # Browsers show a delay below 0.02 s as 0.1 s.
            ticks_per_second=100,
            loops=True,
            notes_delays=True,
            one_palette=True,
        ),
        Format(
            "apng",
            "Animated PNG",
            ".png",
            "Every colour as it is; the file is large.",
            loops=True,
            notes_delays=True,
            other_suffixes=(".apng",),
        ),
        Format(
            "webp",
            "Animated WebP",
            ".webp",
            "A small picture that moves, for web pages.",
            ticks_per_second=1000,
            loops=True,
            notes_delays=True,
        ),
        Format("png", "PNG pictures", "", "A folder with one picture for each frame, for other programs."),
    )
}
"""Every format, by name."""
