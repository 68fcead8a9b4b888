"""The form of the export dialog: what an animation shows, and how."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QLineEdit, QVBoxLayout, QWidget

from gui import theme
from gui.dialogs.animation_hidden import HiddenChoice
from gui.dialogs.animation_memory import remembered_settings
from gui.dialogs.animation_panels import PanelChoice
from gui.document.looks import ANSWER_HEIGHTS, slices_text, typed_slices
from gui.export.animation.formats import FORMATS
from gui.export.animation.settings import (
    LAYOUTS,
    MAX_SIDE,
    MIN_SIDE,
    MOST_TURN,
    PACINGS,
    SCALES,
    TEXT_SIZES,
    AnimationSettings,
    usual_start_hold_s,
)
from gui.items.landscape.scene import SPAN_TEXTS
from gui.items.space.controls import height_texts
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import IntegerBox, NumberBox
from gui.widgets.forms import Form, titled
from gui.widgets.scroll import Scroll
from gui.widgets.texts import as_tip
from model import Dataset
from model.data.dataset import CLASS_LETTERS
from model.data.wording import plane_axes
from model.experiment.titles import Titles

SIZES: dict[str, tuple[int, int]] = {
    "hd": (1280, 720),
    "full_hd": (1920, 1080),
    "4k": (3840, 2160),
    "square": (1080, 1080),
    "tall": (1080, 1920),
    "small": (640, 360),
}
"""Sizes that are offered by name; any other one can be typed."""

_SIZE_TIPS = {
    "hd": "For a web page or slides.",
    "full_hd": "For a screen.",
    "4k": "For a large screen; it takes its time.",
    "square": "For a feed of pictures.",
    "tall": "For a phone held upright.",
    "small": "For a small file.",
}
_CUSTOM = "custom"
_THEMES = {"light": ("Light", "Dark on light."), "dark": ("Dark", "Light on dark.")}
_TEXT_TIPS = {"small": "As in the window.", "medium": "For a page or a screen.", "large": "For slides and phones."}
_CAPTION_WIDTH, _FIELD_WIDTH = 92, 196
_REGIONS = (
    ("Bands", "One colour between two contour lines."),
    ("Regions", "The colour of the likeliest class alone, instead of probabilities."),
)
"""What regions are called and mean for values, and for classes."""

_SLICES_TIP = "At which x₂ it has slices, such as 0, −1, −10, or −6:6:0.5; they come one by one. Empty: it is whole."
_AZIMUTH_TIP = "From where the output in 3D is seen at first: degrees round the box."
_ELEVATION_TIP = "How far above its ground that is, in degrees."
_MOST_STEPS = 2_000_000_000


class ExportForm(Scroll):
    """Everything about an animation, in groups. What does not apply is hidden.

    Parameters
    ----------
    kind : str
        The kind of problem, by which the answer can be shown in other ways.
    """

    changed = Signal()

    def __init__(self, dataset: Dataset) -> None:
        super().__init__()
        host = QWidget()
        self._column = QVBoxLayout(host)
        self._column.setContentsMargins(0, 0, 10, 0)
        self._column.setSpacing(6)
        self._build_file()
        self._build_picture()
        self._dataset, self._kind = dataset, dataset.kind
        _, self._upright = plane_axes(dataset)
        self._build_shown()
        self._build_time()
        self._column.addStretch(1)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(host)
        theme.measure(self, width=_CAPTION_WIDTH + 12 + _FIELD_WIDTH + 22)
        self._usual_start_hold = 0.0
        self.show_settings(remembered_settings())

    # Building

    def _group(self, title: str) -> Form:
        form = Form(_CAPTION_WIDTH, _FIELD_WIDTH)
        self._column.addWidget(titled(title, form))
        return form

    def _build_file(self) -> None:
        form = self._file = self._group("File")
        self._format = self._choice("Format", {name: (entry.label, entry.tip) for name, entry in FORMATS.items()})
        self._loop = self._check("for ever", "Loop", "It starts again at its end.")
        form.add_row("Format", self._format)
        form.add_row("Loop", self._loop)

    def _build_picture(self) -> None:
        form = self._picture = self._group("Picture")
        sizes = {name: (f"{width} × {height}", _SIZE_TIPS[name]) for name, (width, height) in SIZES.items()}
        self._size = self._choice("Size", {**sizes, _CUSTOM: ("Another size…", "Width and height as you like.")})
        self._width = self._integer("Width", "In pixels.", MIN_SIDE, MAX_SIDE)
        self._height = self._integer("Height", "In pixels.", MIN_SIDE, MAX_SIDE)
        self._layout_choice = self._choice("Layout", {name: (name.capitalize(), tip) for name, tip in LAYOUTS.items()})
        self._text_size = self._choice(
            "Text size", {name: (name.capitalize(), _TEXT_TIPS[name]) for name in TEXT_SIZES}
        )
        self._theme = self._choice("Theme", _THEMES)
        for name, field in (
            ("Size", self._size),
            ("Width", self._width),
            ("Height", self._height),
            ("Layout", self._layout_choice),
            ("Text", self._text_size),
            ("Theme", self._theme),
        ):
            form.add_row(name, field)

    def _build_shown(self) -> None:
        form = self._shown = self._group("Shown")
        self._panels = PanelChoice(without=("space",) if self._kind == "curve" else ())
        self._panels.changed.connect(self._on_changed)
        form.add_row("Panels", self._panels)
        text, tip = _REGIONS[self._kind == "classes"]
        self._regions = self._check(text, text, tip)
        self._terms = self._check("Parts", "Parts", "What each neuron of the last hidden layer adds to the curve.")
        self._test_points = self._check("Test points", "Test points", "The points kept out of training, as rings.")
        self._counters = self._check("Counters", "Counters", "Step, epoch, loss and accuracy.")
        self._future = self._check("Whole loss curve", "Whole loss curve", "It is there from the start, faintly.")
        self._marks = self._check(
            "Marks and notes", "Marks and notes", "On the loss curve, where something was changed or noted."
        )
        self._switch_lines = self._check(
            "Switch lines", "Switch lines", "On the output, where the neurons of the first hidden layer switch."
        )
        checks = (
            self._counters,
            self._regions,
            self._terms,
            self._test_points,
            self._switch_lines,
            self._future,
            self._marks,
        )
        for index, check in enumerate(checks):
            form.add_row("Details" if index == 0 else "", check)
        self._scale = self._choice("Scale", {name: (name.capitalize(), tip) for name, tip in SCALES.items()})
        form.add_row("Scale", self._scale)
        self._hidden = HiddenChoice()
        self._hidden.changed.connect(self._on_changed)
        form.add_row("Hidden", self._hidden)
        self._turn = self._number(
            "Turn in 3D", "Degrees that what is in 3D turns while the run passes.", -MOST_TURN, MOST_TURN, 15.0
        )
        dataset, letters = self._dataset, CLASS_LETTERS[self._dataset.n_classes :]
        heights = [name for name in ANSWER_HEIGHTS if name not in letters]
        self._space_height = self._choice("Height in 3D", {name: height_texts(name, dataset) for name in heights})
        self._slices = self._line("Slices in 3D", _SLICES_TIP)
        self._azimuth = self._number("Azimuth in 3D", _AZIMUTH_TIP, -180.0, 180.0, 15.0)
        self._elevation = self._number("Elevation in 3D", _ELEVATION_TIP, 0.0, 90.0, 5.0)
        for name, field in (
            ("Height 3D", self._space_height),
            ("Slices", self._slices),
            ("Azimuth", self._azimuth),
            ("Elevation", self._elevation),
            ("Turn 3D", self._turn),
        ):
            form.add_row(name, field)
        self._landscape = self._choice("Directions of the landscape", SPAN_TEXTS)
        form.add_row("Landscape", self._landscape)
        self._landscape_in_space = self._check("Landscape in 3D", "Landscape in 3D", "The loss landscape as a surface.")
        form.add_row("", self._landscape_in_space)
        self._title = self._line("Title", "Above the picture; empty: none.")
        self._caption = self._line("Caption", "Below the picture; empty: none.")
        form.add_row("Title", self._title)
        form.add_row("Caption", self._caption)

    def _build_time(self) -> None:
        form = self._group("Time")
        self._seconds = self._number("Seconds", "How long the run takes.", 0.1, 600.0, 1.0)
        self._fps = self._number("Frames per second", "", 1.0, 120.0, 5.0)
        self._hold_start = self._number(
            "Hold at the start", "Seconds for which the first frame stays before that.", 0.0, 60.0, 0.5
        )
        self._hold = self._number("Hold", "Seconds for which the last frame stays after that.", 0.0, 60.0, 0.5)
        self._pacing = self._choice(
            "Pacing", {name: (f"Even in {name}" if name != "early" else "Early steps slower", tip)
                       for name, tip in PACINGS.items()}
        )  # fmt: skip
        self._exact = self._check(
            "exact steps only",
            "Exact steps only",
            "Show only moments of the run, and let nothing flow from one to the next.",
        )
        self._first = self._integer("First step", "Where the animation begins.", 0, _MOST_STEPS, "the beginning")
        self._last = self._integer("Last step", "Where the animation ends.", 0, _MOST_STEPS, "the end")
        for name, field in (
            ("Seconds", self._seconds),
            ("Frames / s", self._fps),
            ("Hold first", self._hold_start),
            ("Hold last", self._hold),
            ("Pacing", self._pacing),
            ("Motion", self._exact),
            ("From step", self._first),
            ("To step", self._last),
        ):
            form.add_row(name, field)

    def _choice(self, name: str, entries: Mapping[str, tuple[str, str]]) -> ChoiceBox:
        box = ChoiceBox(name, entries)
        box.chosen.connect(self._on_changed)
        return box

    def _check(self, text: str, name: str, tip: str) -> QCheckBox:
        check = QCheckBox(text)
        check.setAccessibleName(name)
        check.setToolTip(as_tip(tip))
        check.toggled.connect(self._on_changed)
        return check

    def _number(self, name: str, tip: str, minimum: float, maximum: float, step: float) -> NumberBox:
        box = NumberBox(name, tip, minimum, maximum, step, 3)
        box.valueChanged.connect(self._on_changed)
        return box

    def _integer(self, name: str, tip: str, minimum: int, maximum: int, none_text: str = "") -> IntegerBox:
        box = IntegerBox(name, tip, minimum, maximum, none_text)
        box.valueChanged.connect(self._on_changed)
        return box

    def _line(self, name: str, tip: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(name)
        line.setToolTip(as_tip(tip))
        line.setMaxLength(200)
        line.textChanged.connect(self._on_changed)
        return line

    # Showing

    def show_settings(self, settings: AnimationSettings) -> None:
        """Show settings in the fields, without a signal."""
        with QSignalBlocker(self):
            self._format.show_choice(settings.format)
            size = next((name for name, size in SIZES.items() if size == settings.size), _CUSTOM)
            self._size.show_choice(size)
            self._width.setValue(settings.size[0])
            self._height.setValue(settings.size[1])
            self._layout_choice.show_choice(settings.layout)
            self._theme.show_choice(settings.theme)
            self._pacing.show_choice(settings.pacing)
            self._panels.show_panels(settings.panels, settings.give)
            self._text_size.show_choice(settings.text_size)
            self._scale.show_choice(settings.scale)
            self._loop.setChecked(settings.loop)
            self._regions.setChecked(settings.regions)
            self._terms.setChecked(settings.terms)
            offered = self._space_height.findData(settings.height) >= 0
            self._space_height.show_choice(settings.height if offered else ANSWER_HEIGHTS[0])
            self._slices.setText(slices_text(settings.slices, self._upright))
            self._azimuth.setValue(settings.azimuth)
            self._elevation.setValue(settings.elevation)
            self._turn.setValue(settings.turn)
            self._switch_lines.setChecked(settings.switch_lines)
            self._hidden.show_choice(settings.hidden_layer, settings.hidden_axes, bend=settings.bend)
            self._landscape.show_choice(settings.landscape)
            self._landscape_in_space.setChecked(settings.landscape_in_space)
            self._test_points.setChecked(settings.test_points)
            self._counters.setChecked(settings.counters)
            self._future.setChecked(settings.future)
            self._marks.setChecked(settings.marks)
            self._seconds.setValue(settings.seconds)
            self._fps.setMaximum(FORMATS[settings.format].most_fps)
            self._fps.setValue(settings.fps)
            self._hold.setValue(settings.hold_seconds)
            self._usual_start_hold = usual_start_hold_s(settings.format, loop=settings.loop)
            self._hold_start.setValue(settings.start_hold_s)
            self._exact.setChecked(settings.exact_steps)
            self._first.follow(settings.first_step)
            self._last.follow(settings.last_step)
        self._synchronize()

    def show_titles(self, titles: Titles) -> None:
        """Show the title and the caption that an experiment has, and not those of another one."""
        self._title.setText(titles.name)
        self._caption.setText(titles.caption)

    def titles(self, before: Titles) -> Titles:
        """Return what a person has made of an experiment's titles; what has not been touched is as before."""
        after = before
        if self._title.isModified():
            after = replace(after, name=self._title.text().strip())
        if self._caption.isModified():
            after = after.with_caption(self._caption.text().strip())
        return after

    @Slot()
    def _on_changed(self) -> None:
        if not self.signalsBlocked():
            self._synchronize()
            self.changed.emit()

    def _synchronize(self) -> None:
        """Hide what does not apply."""
        entry = FORMATS[self._format.currentData()]
        panels = self._panels.panels()
        self._file.setRowVisible(self._loop, entry.loops)
        for side in (self._width, self._height):
            self._picture.setRowVisible(side, self._size.currentData() == _CUSTOM)
        self._picture.setRowVisible(self._layout_choice, len(panels) > 1)
        is_curve = self._kind == "curve"
        in_3d = ("landscape",) if self._landscape_in_space.isChecked() else ()
        for field, among in (
            (self._regions, () if is_curve else ("surface", "space", "hidden")),
            (self._terms, ("surface",) if is_curve else ()),
            (self._space_height, ("space",) if self._kind == "classes" else ()),
            (self._slices, ("space",)),
            *((field, ("space", "hidden", *in_3d)) for field in (self._azimuth, self._elevation, self._turn)),
            (self._test_points, ("surface", "space", "hidden", "data")),
            (self._switch_lines, ("surface",)),
            (self._hidden, ("hidden",)),
            (self._landscape, ("landscape",)),
            (self._landscape_in_space, ("landscape",)),
            (self._future, ("loss",)),
            (self._marks, ("loss",)),
            (self._scale, ("network",)),
        ):
            self._shown.setRowVisible(field, any(panel in panels for panel in among))
        with QSignalBlocker(self._fps):
            self._fps.setMaximum(entry.most_fps)
        self._follow_usual_hold()
        self._fps.setToolTip(f"1 to {entry.most_fps} for {entry.label}.")

    def _follow_usual_hold(self) -> None:
        """Hold the first frame as long as is usual for format and loop, unless a person wants it otherwise."""
        before, self._usual_start_hold = (
            self._usual_start_hold,
            usual_start_hold_s(self.format, loop=self._loop.isChecked()),
        )
        if self._hold_start.value() == before:
            with QSignalBlocker(self._hold_start):
                self._hold_start.setValue(self._usual_start_hold)

    # What is chosen

    @property
    def format(self) -> str:
        """The format that is chosen."""
        return str(self._format.currentData())

    @property
    def wanted_size(self) -> tuple[int, int]:
        """The size that is chosen, which the format perhaps cannot have."""
        name = self._size.currentData()
        return SIZES[name] if name in SIZES else (self._width.value(), self._height.value())

    def settings(self) -> AnimationSettings:
        """Return what is chosen, in a size that the format can have.

        Raises
        ------
        ValueError
            If it does not go together; the message is for a person.
        """
        panels, first, last = self._panels.panels(), self._first.number(), self._last.number()
        start_hold = self._hold_start.value()
        if not panels:
            raise ValueError("There is nothing to show: check at least one panel.")
        if first is not None and last is not None and first >= last:
            raise ValueError(f"The last step must come after the first one; they are {last:,} and {first:,}.")
        return AnimationSettings(
            format=self.format,
            size=FORMATS[self.format].nearest_size(*self.wanted_size),
            fps=self._fps.value(),
            seconds=self._seconds.value(),
            hold_seconds=self._hold.value(),
            hold_start_seconds=None if start_hold == self._usual_start_hold else start_hold,
            loop=self._loop.isChecked(),
            layout=self._layout_choice.currentData(),
            pacing=self._pacing.currentData(),
            exact_steps=self._exact.isChecked(),
            panels=panels,
            give=self._panels.give(),
            text_size=self._text_size.currentData(),
            scale=self._scale.currentData(),
            theme=self._theme.currentData(),
            regions=self._regions.isChecked(),
            terms=self._terms.isChecked(),
            height=self._space_height.currentData(),
            slices=typed_slices(self._slices.text(), self._upright),
            azimuth=self._azimuth.value(),
            elevation=self._elevation.value(),
            turn=self._turn.value(),
            hidden_layer=self._hidden.layer,
            hidden_axes=self._hidden.axes,
            bend=self._hidden.bends,
            switch_lines=self._switch_lines.isChecked(),
            landscape=self._landscape.currentData(),
            landscape_in_space=self._landscape_in_space.isChecked(),
            test_points=self._test_points.isChecked(),
            counters=self._counters.isChecked(),
            future=self._future.isChecked(),
            marks=self._marks.isChecked(),
            title=self._title.text().strip(),
            caption=self._caption.text().strip(),
            first_step=first,
            last_step=last,
        )


def size_remark(wanted: Sequence[int], settings: AnimationSettings) -> str:
    """Return a sentence on a size that the format cannot have; empty if it can."""
    if tuple(wanted) == settings.size:
        return ""
    (wide, high), (width, height) = wanted, settings.size
    return f"{FORMATS[settings.format].label} needs even sides: {wide} × {high} becomes {width} × {height}."
