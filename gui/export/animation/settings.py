"""AnimationSettings: what an animation shows, and how."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from gui.document.looks import HEIGHTS, MOST_SLICES, REACHES, are_slices
from gui.export.animation.formats import FORMATS, Movie
from model.explain.hidden_choice import HIDDEN_AXES, HIDDEN_LAYERS
from model.landscape.landscape import SPANS
from model.network.parts import typed_unit
from model.types import check_choice, is_number, is_whole

PANELS: dict[str, str] = {
    "network": "The diagram with its weights and the neurons' maps.",
    "surface": "The network's answer over the plane, with the points.",
    "space": "The network's answer as a surface in 3D, with the points at their height.",
    "hidden": "Where a hidden layer puts the plane and its points.",
    "loss": "The loss curve up to the moment that is shown.",
    "landscape": "The loss over a plane through the last weights, with the path up to the moment.",
    "data": "The points alone.",
}
"""What an animation can show: name -> what it is, in a sentence."""

PANEL_NAMES = {
    "network": "Network",
    "surface": "Output",
    "space": "Output in 3D",
    "hidden": "Hidden space",
    "loss": "Loss",
    "landscape": "Loss landscape",
    "data": "Data",
}
"""What a panel is called in its picture and beside its switch."""

LAYOUTS: dict[str, str] = {
    "auto": "As it suits the picture's proportions.",
    "wide": "The first panel on the left, the others in a column on its right; in a low picture all in a row.",
    "square": "The first panel above, the others in a row below it; four in two rows.",
    "tall": "All panels in one column.",
}
"""How panels are placed: name -> where they stand, in a sentence."""

PACINGS: dict[str, str] = {
    "steps": "Every second shows as many steps.",
    "loss": "Every second shows as much change of the loss, on a logarithmic scale.",
    "early": "Early steps take longer, later ones less.",
}
"""How the run is spread over the animation: name -> how, in a sentence."""

SCALES: dict[str, str] = {
    "fixed": "The ends of the colours stand for the largest weight and strong answers in all that is shown.",
    "growing": "The ends of the colours stand for the largest weight and strong answers up to the moment.",
}
"""What the colours and widths of weights and maps are measured by: name -> by what, in a sentence."""

TEXT_SIZES: dict[str, float] = {"small": 1.0, "medium": 1.25, "large": 1.6}
"""How large text is, and what is drawn with it: name -> how many times as large as in the window, of 720 rows."""

THEMES = ("light", "dark")
_LOOP_START_HOLD_S = 1.0

MIN_SIDE, MAX_SIDE = 120, 3840
LEAST_GIVEN, MOST_GIVEN = 0.2, 5.0
MOST_TURN = 3600.0

_OBLONG = 1.2
"""A picture is wide or tall if one side is longer than the other by more than this ratio."""


@dataclass(frozen=True, slots=True)
class AnimationSettings:
    """What an animation shows, and how.

    Attributes
    ----------
    format : str
        A key of :data:`gui.export.animation.formats.FORMATS`.
    size : tuple of int
        Width and height in pixels.
    fps : float
        Frames per second.
    seconds : float
        How long the run takes.
    hold_seconds : float
        How long the last frame stays after that.
    hold_start_seconds : float or None
        How long the first frame stays before that; None: a second where it starts again at its end, otherwise not.
    loop : bool
        Whether it starts again at its end, where the format knows that.
    layout : str
        A key of :data:`LAYOUTS`.
    pacing : str
        A key of :data:`PACINGS`.
    exact_steps : bool
        Whether only moments of the run are shown; otherwise the weights flow from one to the next.
    panels : tuple of str
        What is shown: one or more keys of :data:`PANELS`, in the order in which they are placed.
    give : mapping of str to float
        Panel -> how many times the room it has otherwise, against that of the others; 1 for what is not in it.
    text_size : str
        A key of :data:`TEXT_SIZES`.
    scale : str
        A key of :data:`SCALES`.
    theme : str
        A key of :data:`THEMES`.
    regions : bool
        The surface as regions, or bands of value; otherwise as probabilities, or smoothly.
    terms : bool
        Whether a curve is shown with what each neuron adds to it, and their sum.
    height : str
        What the heights of the output in 3D are, an entry of :data:`gui.document.looks.HEIGHTS`.
    neuron : str
        Whose height that is, by its layer and its place in it, such as 1.2; empty: nobody's.
    slices : tuple of float
        At which x2 the output in 3D has slices, which come one by one while the run passes; none: it is whole.
    azimuth : float
        From where it is seen at first, in degrees round the box.
    elevation : float
        How far above its ground that is, 0 to 90 degrees.
    turn : float
        How many degrees what is in 3D turns while the run passes, to the right; below 0 to the left.
    hidden_layer : str
        Which hidden layer the hidden space is of: its number, or "last".
    hidden_axes : str
        Along how many axes it is seen: "2", "3", or "auto", three for a layer of three neurons and two for others.
    bend : bool
        Whether the layer before becomes this one while the run passes.
    switch_lines : bool
        Whether the output has the lines where the neurons of the first hidden layer switch.
    landscape : str
        What spans the plane of the loss landscape, a key of :data:`model.landscape.landscape.SPANS`.
    landscape_in_space : bool
        Whether it is in 3D.
    test_points : bool
        Whether test points are drawn.
    counters : bool
        Whether step, epoch, loss and accuracy are written.
    future : bool
        Whether the loss curve is there from the beginning, faintly.
    marks : bool
        Whether the loss curve has a mark where a person changed or noted something, with its text.
    title : str
        Above the picture; empty: none.
    caption : str
        Below the picture; empty: none.
    first_step : int or None
        Where in the run to begin; None: at its beginning.
    last_step : int or None
        Where in the run to end; None: at its end.

    Raises
    ------
    ValueError
        If a value is not allowed; the message names it and what is.
    """

    format: str = "mp4"
    size: tuple[int, int] = (1280, 720)
    fps: float = 30.0
    seconds: float = 10.0
    hold_seconds: float = 1.5
    hold_start_seconds: float | None = None
    loop: bool = True
    layout: str = "auto"
    pacing: str = "loss"
    exact_steps: bool = False
    panels: tuple[str, ...] = ("network", "surface", "loss")
    give: Mapping[str, float] = field(default_factory=dict)
    text_size: str = "medium"
    scale: str = "fixed"
    theme: str = "light"
    regions: bool = False
    terms: bool = True
    height: str = "likeliest"
    neuron: str = ""
    slices: tuple[float, ...] = ()
    azimuth: float = -62.0
    elevation: float = 30.0
    turn: float = 0.0
    hidden_layer: str = "last"
    hidden_axes: str = "auto"
    bend: bool = False
    switch_lines: bool = False
    landscape: str = "path"
    landscape_in_space: bool = False
    test_points: bool = True
    counters: bool = True
    future: bool = False
    marks: bool = True
    title: str = ""
    caption: str = ""
    first_step: int | None = None
    last_step: int | None = None

    def __post_init__(self) -> None:
        check_choice("format", self.format, FORMATS)
        check_choice("layout", self.layout, LAYOUTS)
        check_choice("pacing", self.pacing, PACINGS)
        check_choice("scale", self.scale, SCALES)
        check_choice("theme", self.theme, THEMES)
        check_choice("landscape", self.landscape, SPANS)
        check_choice("height", self.height, HEIGHTS)
        self._check_space()
        check_choice("hidden_layer", self.hidden_layer, HIDDEN_LAYERS)
        check_choice("hidden_axes", self.hidden_axes, HIDDEN_AXES)
        for panel in self.panels:
            check_choice("panel", panel, PANELS)
        if not self.panels or len(set(self.panels)) != len(self.panels):
            raise ValueError(f"panels must be one or more of {', '.join(PANELS)}, each once; got {self.panels}")
        check_choice("text_size", self.text_size, TEXT_SIZES)
        for panel, weight in self.give.items():
            check_choice("panel", panel, PANELS)
            if not (is_number(weight) and LEAST_GIVEN <= weight <= MOST_GIVEN):
                raise ValueError(f"give must be {LEAST_GIVEN:g} to {MOST_GIVEN:g} for a panel; got {weight!r}")
        width, height = self.size
        if not all(is_whole(side) and MIN_SIDE <= side <= MAX_SIDE for side in (width, height)):
            raise ValueError(f"size must be {MIN_SIDE}x{MIN_SIDE} to {MAX_SIDE}x{MAX_SIDE}; got {width}x{height}")
        if not (is_number(self.fps) and 1 <= self.fps <= FORMATS[self.format].most_fps):
            raise ValueError(f"fps must be 1 to {FORMATS[self.format].most_fps:g} for {self.format}; got {self.fps!r}")
        if not (is_number(self.seconds) and 0.1 <= self.seconds <= 600):
            raise ValueError(f"seconds must be 0.1 to 600; got {self.seconds!r}")
        for name in ("hold_seconds", "hold_start_seconds"):
            hold = getattr(self, name)
            if not ((is_number(hold) and 0 <= hold <= 60) or (hold is None and name == "hold_start_seconds")):
                raise ValueError(f"{name} must be 0 to 60; got {hold!r}")
        for name in ("first_step", "last_step"):
            step = getattr(self, name)
            if step is not None and not (is_whole(step) and step >= 0):
                raise ValueError(f"{name} must be a step of 0 or more, or None; got {step!r}")

    def _check_space(self) -> None:
        """Check how the output is seen in 3D."""
        if self.neuron:
            typed_unit(self.neuron)
        if not are_slices(self.slices):
            raise ValueError(f"slices must be at most {MOST_SLICES} numbers within {REACHES[-1]:g} of 0")
        if not (is_number(self.azimuth) and abs(self.azimuth) <= MOST_TURN):
            raise ValueError(f"azimuth must be {-MOST_TURN:g} to {MOST_TURN:g} degrees; got {self.azimuth!r}")
        if not (is_number(self.elevation) and 0.0 <= self.elevation <= 90.0):
            raise ValueError(f"elevation must be 0 to 90 degrees; got {self.elevation!r}")
        if not (is_number(self.turn) and abs(self.turn) <= MOST_TURN):
            raise ValueError(f"turn must be {-MOST_TURN:g} to {MOST_TURN:g} degrees; got {self.turn!r}")

    @property
    def placing(self) -> str:
        """The layout, chosen by the picture's proportions if it is "auto"."""
        if self.layout != "auto":
            return self.layout
        width, height = self.size
        return "wide" if width > _OBLONG * height else "tall" if height > _OBLONG * width else "square"

    @property
    def n_frames(self) -> int:
        """How many frames the run is spread over; those that are held are not counted again."""
        return max(round(self.seconds * self.fps), 1)

    @property
    def start_hold_s(self) -> float:
        """How long the first frame stays longer than the others, in seconds."""
        if self.hold_start_seconds is not None:
            return self.hold_start_seconds
        return usual_start_hold_s(self.format, loop=self.loop)

    @property
    def total_seconds(self) -> float:
        """How long the animation takes with what is held."""
        return self.n_frames / self.fps + self.start_hold_s + self.hold_seconds

    def movie(self) -> Movie:
        """Return what is to be written.

        Raises
        ------
        ValueError
            If the format cannot have this size or frame rate.
        """
        return Movie(self.format, self.size, self.fps, self.loop, self.hold_seconds, self.start_hold_s)


def usual_start_hold_s(format: str, *, loop: bool) -> float:
    """Return how long the first frame stays if nobody says it: long enough in a loop for the beginning to be seen."""
    return _LOOP_START_HOLD_S if loop and FORMATS[format].loops else 0.0
