"""The data panel: gallery, tools, classes, the canvas, and the generator's controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from gui import theme
from gui.actions.actions import Actions
from gui.document.changes import Changes
from gui.document.points import Points
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import NEW_POINTS, View
from gui.items.class_chips import ClassChips
from gui.items.gallery import Gallery
from gui.items.plane_view import PlaneView
from gui.items.points_layer import PointsLayer
from gui.items.probe_mark import ProbeMark
from gui.items.rule_field import RuleField
from gui.items.value_row import ValueRow
from gui.program.guard import guarded
from gui.tools import ToolHand
from gui.widgets.card import Panel, label, tool_button
from gui.widgets.choices import Segments
from gui.widgets.fields import LARGEST_WHOLE, IntegerBox
from gui.widgets.scroll import VerticalScroll
from gui.widgets.slider_field import SliderField
from gui.widgets.texts import as_tip
from model import Dataset
from model.data.dataset import PROBLEM_KINDS, ProblemKind
from model.data.generators import GENERATORS
from model.data.naming import Axis
from model.data.problems import PROBLEMS
from model.data.wording import plane_axes, unit_along, value_name
from model.types import counted

_MIN_WIDTH = 288
_ROW_SPACING = 3
_AXES_PX = 16
"""How much wider than high the plane's view is, for its axes."""
_SMALLEST_CANVAS, _SMALLEST_BESIDE_BRUSH = 140, 132
"""In pixels; where even that has no room, the rows scroll."""
_NUMBER_PX, _RADIUS_PX, _NUMBER_HEIGHT = 56, 38, 18
_POINT_COUNTS = (10, 20, 50, 100, 150, 200, 240, 300, 400, 500, 700, 1000, 1500, 2000, 3000, 4000, 5000)
_BRUSHES = ("brush", "erase")
_CLASS_ACTIONS = ("remove_last_class", "add_class")


@dataclass(frozen=True, slots=True)
class _Number:
    """A number of the card that can be dragged and typed.

    Attributes
    ----------
    caption, tip : str
    values : sequence of float
        Where its slider stops.
    unit : str
    decimals : int
        See :class:`gui.widgets.slider_field.SliderField`.
    """

    caption: str
    tip: str
    values: Sequence[float]
    unit: str = ""
    decimals: int = 0


_HUNDREDTHS = [place / 100 for place in range(101)]
_NUMBERS = {
    "Brush radius": _Number(
        "Brush", "How far from the mouse the brush sprays.", [place / 10 for place in range(2, 31)], decimals=2
    ),
    "Brush rate": _Number("Rate", "Points that the brush sprays in a second.", range(5, 401), "/s"),
    "Points": _Number("Points", "How many points are drawn.", _POINT_COUNTS),
    "Classes": _Number("Classes", "How many classes, or spiral arms.", range(2, 6)),
    "Noise": _Number("Noise", "", _HUNDREDTHS, decimals=3),
    "Label noise": _Number(
        "Label noise", "The share of the points whose class is replaced by another one.", range(51), "%", 1
    ),
    "Value noise": _Number("Label noise", "Standard deviation of the noise on each value.", _HUNDREDTHS[:51], "", 3),
    "Training share": _Number(
        "Training share",
        "The share of all points that is for training, drawn anew; the rest is for testing.",
        range(10, 101),
        "%",
        1,
    ),
}
_ROWS = (("Points", 1), ("Classes", 2), ("Noise", 4), ("Label noise", 5), ("Value noise", 5), ("Training share", 6))
"""Which row of the controls each number has; the rule, where there is one, has the third."""

_NOISE_TIPS: dict[ProblemKind, str] = {
    "classes": "Standard deviation of the noise on each coordinate.",
    "values": "Standard deviation of the noise on each coordinate.",
    "curve": "Standard deviation of the noise on y; x stays.",
}
"""What the noise is for each kind of problem."""

_SEED_TIP = "Of all that is random in the data set."
_DRAWS_ANEW = "The points are your own; this draws others in their place, and undo brings yours back."
_IS_LAID = "It is laid on the points that are there; 0 takes it off again."
"""What the tips add where the points are not the generator's."""


class DataPanel(Panel):
    """Where a data set is chosen, drawn and changed."""

    def __init__(
        self, run: LiveRun, changes: Changes, points: Points, view: View, probe: Probe, actions: Actions
    ) -> None:
        super().__init__("Data")
        self._run, self._changes, self._points, self._view = run, changes, points, view
        self._actions = actions
        theme.measure(self, least_width=_MIN_WIDTH)
        self._rows = VerticalScroll()
        self._rows.column.setSpacing(_ROW_SPACING)
        self._problem = Segments(
            "Problem",
            [problem.label for problem in PROBLEMS.values()],
            [problem.tip for problem in PROBLEMS.values()],
        )
        self._problem.set_density("tight")
        self._problem.chosen.connect(self._on_problem_chosen)
        self._summary = label(role="muted")
        self.header.addWidget(self._problem)
        self.header.addStretch(1)
        self.header.addWidget(self._summary)
        rows = self._rows.column
        self._gallery = Gallery()
        self._gallery.chosen.connect(self._on_generator_chosen)
        rows.addWidget(self._gallery)
        rows.addLayout(self._tool_row())
        self._chips = ClassChips(points, actions.classes, [actions[name] for name in _CLASS_ACTIONS], actions["names"])
        self._value_row = ValueRow(view)
        rows.addWidget(self._chips)
        rows.addWidget(self._value_row)
        rows.addLayout(self._new_points_choice())
        self.canvas = PlaneView("Data canvas", grid=True)
        self._canvas_host = _CanvasHost(self.canvas)
        self.canvas.setObjectName("data_canvas")
        self._layer = PointsLayer(self.canvas, 0.85)
        self._mark = ProbeMark(probe, self.canvas)
        self._hand = ToolHand(run, changes, points, view, probe, self.canvas)
        rows.addWidget(self._canvas_host, 1)
        self._names: dict[str, QLabel] = {}
        self._numbers: dict[str, SliderField] = {}
        rows.addLayout(self._controls())
        rows.addLayout(self._foot())
        self.body.addWidget(self._rows, 1)
        changes.dataset_changed.connect(self._show_points)
        run.moment_changed.connect(self._show_moment)
        view.points_selected.connect(self._show_points)
        view.lit_changed.connect(self._show_points)
        for signal in (changes.dataset_changed, changes.generator_changed, view.settings_changed):
            signal.connect(self._synchronize)
        theme.manager().changed.connect(self._show_points)
        self._show_points()
        self._synchronize()

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much in the header as has room."""
        super().resizeEvent(event)
        self._show_summary()

    # Building

    def _tool_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(2)
        for action in self._actions.tools:
            row.addWidget(tool_button(action, role="tool"))
        row.addStretch(1)
        row.addWidget(tool_button(self._actions["undo"], role="tool"))
        row.addWidget(tool_button(self._actions["redo"], role="tool"))
        return row

    def _new_points_choice(self) -> QHBoxLayout:
        """Return the choice of what points are for that are placed from now on, beside how many are for testing."""
        row = QHBoxLayout()
        row.setSpacing(5)
        self._new_points = Segments(
            "New points",
            ("train", "test"),
            ("Points that you place are learned.", "Points that you place are kept out of training, to test by them."),
        )
        self._new_points.setProperty("low", True)
        self._new_points.set_density("tight")
        self._new_points.chosen.connect(lambda index: self._view.set(new_points=NEW_POINTS[index]))
        self._test_count = label(role="muted")
        row.addWidget(label("New points", "muted"))
        row.addWidget(self._new_points)
        row.addStretch(1)
        row.addWidget(self._test_count)
        return row

    def _controls(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(2)
        for name, number in _NUMBERS.items():
            field = SliderField(name, number.tip, number.values, number.unit, number.decimals)
            field.slider.setProperty("dense", True)
            theme.measure(field.box, width=_NUMBER_PX, height=_NUMBER_HEIGHT)
            field.changed.connect(partial(self._on_number_changed, name))
            self._names[name], self._numbers[name] = label(number.caption, "muted"), field
        grid.addLayout(self._brush_row(), 0, 0, 1, 2)
        for name, row in _ROWS:
            grid.addWidget(self._names[name], row, 0)
            grid.addWidget(self._numbers[name], row, 1)
        rule = RuleField(self._changes, self._points)
        grid.addWidget(rule.caption, 3, 0)
        grid.addWidget(rule, 3, 1)
        return grid

    def _brush_row(self) -> QHBoxLayout:
        """Return radius and rate of the brush in one row, for the canvas needs the height."""
        row = QHBoxLayout()
        row.setSpacing(8)
        for name, width in (("Brush radius", _RADIUS_PX), ("Brush rate", _NUMBER_PX)):
            theme.measure(self._numbers[name].box, width=width, height=_NUMBER_HEIGHT)
            row.addWidget(self._names[name])
            row.addWidget(self._numbers[name], 1)
        return row

    def _foot(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(label("Data seed", "muted"))
        self._seed = IntegerBox("Data seed", _SEED_TIP, 0, LARGEST_WHOLE)
        theme.measure(self._seed, width=54)
        self._seed.valueChanged.connect(self._on_seed_changed)
        row.addWidget(self._seed)
        row.addStretch(1)
        row.addWidget(tool_button(self._actions["regenerate"], text=True))
        return row

    # Showing

    @Slot()
    def _show_points(self) -> None:
        view, dataset = self._view, self._run.shown_dataset
        self.canvas.show_axes(dataset)
        self._layer.show(dataset, theme.current(), selected=view.selected_points, lit=view.lit)

    @Slot()
    def _show_moment(self) -> None:
        self._show_points()
        if self._run.shown_dataset is not self._counted:
            self._show_counts()

    @Slot()
    def _synchronize(self) -> None:
        """Show the document's data, generator and tool as they are."""
        dataset, generator, view = self._changes.dataset, self._changes.generator_settings, self._view.settings
        self._show_counts()
        self._problem.show_choice(PROBLEM_KINDS.index(dataset.kind))
        are_drawn = self._points.are_drawn
        self._gallery.show_choice(generator.name if are_drawn else None, dataset.kind)
        self._chips.setVisible(dataset.kind == "classes")
        self._value_row.setVisible(dataset.kind == "values")
        self._value_row.show_units(dataset.naming.value)
        self._new_points.show_choice(NEW_POINTS.index(view.new_points))
        said = self._count("Brush radius", plane_axes(dataset))
        self._numbers["Brush radius"].describe(_with_remark(_NUMBERS["Brush radius"].tip, said))
        self._show_number("Brush radius", view.brush_radius, view.tool in _BRUSHES)
        self._show_number("Brush rate", view.brush_density, view.tool == "brush")
        theme.measure(
            self._canvas_host, least_height=_SMALLEST_BESIDE_BRUSH if view.tool in _BRUSHES else _SMALLEST_CANVAS
        )
        self._show_number("Points", generator.n_points)
        is_own = not are_drawn and len(dataset) > 0
        share = dataset.n_training / len(dataset) if is_own else generator.training_share
        self._show_number("Training share", 100 * share)
        self._show_classes()
        self._show_noise(are_drawn)
        for name, caption in (("Points", "Points"), ("Classes", "Arms" if generator.name == "spiral" else "Classes")):
            self._names[name].setText(caption if are_drawn else f"{caption} anew")
            self._numbers[name].describe(_with_remark(_NUMBERS[name].tip, "" if are_drawn else _DRAWS_ANEW))
        self._seed.follow(generator.seed)
        self._seed.setToolTip(as_tip(_with_remark(_SEED_TIP, "" if are_drawn else _DRAWS_ANEW)))

    def _show_counts(self) -> None:
        """Count the points that are on the canvas."""
        self._counted = self._run.shown_dataset
        self._show_summary()
        self._chips.show_classes(self._changes.dataset, self._counted)
        self._test_count.setText(f"{self._counted.n_test:,} for testing")

    def _show_summary(self) -> None:
        """Say how many points there are, and for what, as far as that has room beside the choice of the problem."""
        dataset, margins = self._run.shown_dataset, self.body.contentsMargins()
        taken = self.title.sizeHint().width() + self._problem.sizeHint().width() + 3 * self.header.spacing()
        room = self.contentsRect().width() - margins.left() - margins.right() - taken
        points = counted(len(dataset), "point")
        texts = (f"{points}, {dataset.n_test:,} for testing", points, f"{len(dataset):,}")
        width_of = self._summary.fontMetrics().horizontalAdvance
        self._summary.setText(next((text for text in texts if width_of(text) <= room), texts[-1]))
        self._summary.setToolTip(as_tip(_summary(dataset)))

    def _show_classes(self) -> None:
        """Show how many classes are drawn, or would be in the place of a person's own points."""
        generator, kind = self._changes.generator_settings, self._changes.dataset.kind
        smallest, largest = GENERATORS[generator.name].class_range
        has_choice = kind == "classes" and smallest < largest
        self._show_number("Classes", generator.n_classes, has_choice)

    def _show_noise(self, are_drawn: bool) -> None:
        """Show what noise was drawn, or laid on a person's own points."""
        dataset, (noise, label_noise) = self._changes.dataset, self._points.noise
        kind, value = dataset.kind, (replace(dataset.naming.value, name=value_name(dataset)),)
        said = {
            "Noise": self._count("Noise", value if kind == "curve" else plane_axes(dataset)),
            "Value noise": self._count("Value noise", value),
        }
        self._show_number("Noise", noise)
        self._show_number("Label noise", 100 * label_noise, kind == "classes")
        self._show_number("Value noise", label_noise, kind == "values")
        for name, tip in (
            ("Noise", _NOISE_TIPS[kind]),
            *((name, _NUMBERS[name].tip) for name in ("Label noise", "Value noise")),
        ):
            remark = _with_remark(tip, said.get(name, ""))
            self._numbers[name].describe(_with_remark(remark, "" if are_drawn else _IS_LAID))

    def _count(self, name: str, axes: Sequence[Axis]) -> str:
        """Let a number count as the person does along axes; return what is to be said where it cannot."""
        unit, said = unit_along(axes)
        self._numbers[name].count_in(unit)
        return said

    def _show_number(self, name: str, value: float, visible: bool = True) -> None:
        self._numbers[name].follow(value)
        for widget in (self._names[name], self._numbers[name]):
            widget.setVisible(visible)

    # What a person does

    @Slot(int)
    def _on_problem_chosen(self, index: int) -> None:
        self._points.set_kind(PROBLEM_KINDS[index])

    @Slot(str)
    def _on_generator_chosen(self, name: str) -> None:
        self._points.generate(name=name)
        self._synchronize()

    def _on_number_changed(self, name: str, value: float, gesture: int) -> None:
        if name == "Brush radius":
            self._view.set(brush_radius=value)
        elif name == "Brush rate":
            self._view.set(brush_density=value)
        elif name == "Points":
            self._points.generate(gesture, n_points=round(value))
        elif name == "Classes":
            self._points.generate(gesture, n_classes=round(value))
        elif name == "Noise":
            self._points.set_noise(noise=value, gesture=gesture)
        elif name == "Label noise":
            self._points.set_noise(label_noise=value / 100, gesture=gesture)
        elif name == "Value noise":
            self._points.set_noise(label_noise=value, gesture=gesture)
        else:
            self._points.set_training_share(value / 100, gesture)

    @Slot(int)
    def _on_seed_changed(self, seed: int) -> None:
        self._points.generate(seed=seed)


class _CanvasHost(QWidget):
    """Shows a view of the plane as a square in the middle, or, where there is more height, over all of it."""

    def __init__(self, view: PlaneView) -> None:
        super().__init__()
        self._view = view
        view.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the view its square, beside and above its axes, or all."""
        width = min(self.width(), self.height() + _AXES_PX)
        self._view.setGeometry((self.width() - width) // 2, 0, width, self.height())


def _with_remark(tip: str, remark: str) -> str:
    return f"{tip} {remark}".strip()


def _summary(dataset: Dataset) -> str:
    """Return a sentence on what there is."""
    kinds = {
        "classes": f"in {counted(dataset.n_classes, 'class', 'classes')}",
        "values": "with values",
        "curve": "of a curve",
    }
    training, test = counted(dataset.n_training, "training point"), counted(dataset.n_test, "test point")
    return f"{training} and {test}, {kinds[dataset.kind]}."
