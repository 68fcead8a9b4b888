"""The output panel: the network's answer over the plane, or where a hidden layer puts the plane."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedLayout, QWidget

from gui import theme
from gui.document.changes import Changes
from gui.document.pins import Pins
from gui.document.points import Points
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.left_out import LeftOut, LeftOutBar
from gui.panels.output.legend import Legend
from gui.panels.output.plane import PlaneOutput
from gui.widgets.card import Panel
from gui.widgets.choices import Segments, TitleChoice
from model.network.parts import Unit
from model.run.snapshot import Plane

if TYPE_CHECKING:
    from gui.items.hidden.output import HiddenOutput
    from gui.items.space.output import SpaceOutput

_SHOWN = {
    "output": ("Output", "The network's answer over the plane."),
    "hidden": ("Hidden", "The hidden space: where a hidden layer puts the plane and its points."),
}
"""For each of `gui.document.view.SHOWS` what the title says, and a tip."""
_LEAST_PX = 312
_HEADER_GAP = 5
_WHY_FLAT = "A curve has one input, x, and its height is y: 2D shows all of it."


class OutputPanel(Panel):
    """The decision surface, or a hovered neuron's map; or else the hidden space of a layer."""

    def __init__(self, run: LiveRun, changes: Changes, points: Points, view: View, probe: Probe, pins: Pins) -> None:
        super().__init__("Output")
        self._run, self._view = run, view
        self._make_header()
        self._left_out = LeftOut(run, view, self)
        self._legend = Legend(run, changes, view)
        self.canvas = PlaneOutput(run, changes, points, view, probe, pins, self._left_out)
        self._changes, self._probe, self._pins = changes, probe, pins
        self._stage = QWidget()
        self._stack = QStackedLayout(self._stage)
        self._add(self.canvas)
        self._left_out_bar = LeftOutBar(self._left_out, view, self._stage)
        self.body.addWidget(self._stage, 1)
        self._make_foot()
        for signal in (changes.dataset_changed, run.moment_changed):
            signal.connect(self._show_problem)
        view.settings_changed.connect(self._synchronize)
        self._show_problem()
        # One width for all that it shows, so that the cards beside it stay where they are.
        theme.measure(self, least_width=_LEAST_PX)

    def _add(self, shown: PlaneOutput | SpaceOutput | HiddenOutput) -> None:
        """Let the panel show something else, too."""
        shown.explained.connect(self._explain)
        self._stack.addWidget(shown)

    @cached_property
    def _space(self) -> SpaceOutput:
        """The answer in 3D, made when it is first shown."""
        from gui.items.space.output import SpaceOutput

        space = SpaceOutput(self._run, self._changes, self._view, self._probe, self._pins, self._left_out)
        self._add(space)
        return space

    @cached_property
    def _hidden(self) -> HiddenOutput:
        """The hidden space, made when it is first shown."""
        from gui.items.hidden.output import HiddenOutput

        hidden = HiddenOutput(self._run, self._changes, self._view, self._probe)
        self._add(hidden)
        hidden.axes_changed.connect(self._show_dimensions)
        return hidden

    def _make_header(self) -> None:
        """Let the title offer what is shown, and put beside it how."""
        self._what = TitleChoice("The card shows", _SHOWN)
        self.header.setSpacing(_HEADER_GAP)
        self.header.replaceWidget(self.title, self._what)
        self.title.hide()
        self._what.chosen.connect(self._on_what_chosen)
        self.header.addStretch(1)
        self._dimensions = _dimensions(
            "Dimensions", "The plane from above.", "A surface: the likelier, or the larger, the higher."
        )
        self._dimensions.chosen.connect(self._on_dimensions_chosen)
        self._axes = _dimensions(
            "Axes", "Along two axes: neurons, or components.", "Along three axes, turned by dragging."
        )
        self._axes.chosen.connect(self._on_axes_chosen)
        for segments in (self._dimensions, self._axes):
            self.header.addWidget(segments)
        self._class_mode = self._modes(
            ("Probability", "Regions"),
            ("Class colours blended by the classes' probabilities.", "The colour of the likeliest class alone."),
        )
        self._value_mode = self._modes(
            ("Smooth", "Bands"),
            ("The colour of the value, as the scale below says.", "One colour between two contour lines."),
        )
        self._curve_mode = self._modes(
            ("Curve", "Parts"),
            (
                "What the network says, alone.",
                "With it, dashed, what each neuron of the last hidden layer adds: its activation times its weight.",
            ),
            setting="terms",
        )

    def _modes(self, texts: Sequence[str], tips: Sequence[str], setting: str = "regions") -> Segments:
        """Return buttons for how the answer is drawn, in the header."""
        modes = Segments("Surface", texts, tips)
        modes.set_density("tight")
        modes.chosen.connect(lambda index: self._view.set(**{setting: index == 1}))
        self.header.addWidget(modes)
        return modes

    def _make_foot(self) -> None:
        """Put what explains the colours below the plane, and beside it what shows the test points."""
        foot = QHBoxLayout()
        self._test = QCheckBox("Test points ○")
        self._test.setToolTip("Show the points that are kept out of training, as rings.")
        self._test.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._test.toggled.connect(self._on_test_toggled)
        foot.addWidget(self._legend, 1)
        foot.addWidget(self._test)
        self.body.addLayout(foot)

    @Slot()
    def _show_problem(self) -> None:
        """Offer what goes with classes, with values, or with a curve."""
        self._dimensions.withhold(1, _WHY_FLAT if self._run.shown_dataset.is_curve else "")
        self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        view = self._view.settings
        self._what.show_choice(view.shows)
        for modes in (self._class_mode, self._value_mode):
            modes.show_choice(int(view.regions))
        self._curve_mode.show_choice(int(view.terms))
        self._test.setChecked(view.show_test_points)
        self._dimensions.show_choice(int(self._is_in_space))
        self._legend.update()
        self._show_stage()
        self._show_dimensions()

    def _show_stage(self) -> None:
        """Show the plane, the surface over all of it, or the hidden space."""
        shown, reach = self._shown(), self._view.settings.reach
        if self._is_in_space and not self._is_hidden_space:
            self._view.look_at(Plane(-reach, reach, -reach, reach))
        if shown is self._stack.currentWidget():
            return
        self._stack.setCurrentWidget(shown)
        self._left_out_bar.raise_()
        if self._is_hidden_space:
            self._view.look_at(Plane())
        self.canvas.show_output(shown=shown is self.canvas)

    def _shown(self) -> PlaneOutput | SpaceOutput | HiddenOutput:
        if self._is_hidden_space:
            return self._hidden
        return self._space if self._is_in_space else self.canvas

    @property
    def _is_hidden_space(self) -> bool:
        return self._view.settings.shows == "hidden"

    @property
    def _is_in_space(self) -> bool:
        return self._view.settings.in_space and not self._run.shown_dataset.is_curve

    @Slot()
    def _show_dimensions(self) -> None:
        """Offer two dimensions and three, where there are both, and what goes with the kind of problem."""
        is_hidden, kind = self._is_hidden_space, self._run.shown_dataset.kind
        n_axes, is_choice = self._hidden.axes_offered if is_hidden else (2, False)
        self._dimensions.setHidden(is_hidden)
        self._axes.setVisible(is_hidden and is_choice)
        self._axes.show_choice(n_axes - 2)
        for modes, is_offered in (
            (self._class_mode, kind == "classes"),
            (self._value_mode, kind == "values"),
            (self._curve_mode, kind == "curve" and not is_hidden),
        ):
            modes.setVisible(is_offered)

    @Slot(object)
    def _explain(self, unit: Unit | None) -> None:
        """Say what is shown: a neuron's map, or the network's answer, which alone something may be left out of."""
        self._legend.explain(unit)
        is_other = self._is_hidden_space or (self._is_in_space and self._space.shows_neurons)
        self._left_out_bar.stand_back(unit is not None or is_other)

    @Slot(str)
    def _on_what_chosen(self, shows: str) -> None:
        self._view.set(shows=shows)

    @Slot(int)
    def _on_dimensions_chosen(self, index: int) -> None:
        self._view.set(in_space=index == 1)

    @Slot(int)
    def _on_axes_chosen(self, index: int) -> None:
        self._view.set(hidden_axes=str(index + 2))

    @Slot(bool)
    def _on_test_toggled(self, shown: bool) -> None:
        self._view.set(show_test_points=shown)


def _dimensions(name: str, flat: str, solid: str) -> Segments:
    """Return the choice between two and three dimensions, with a tip for each."""
    segments = Segments(name, ("2D", "3D"), (flat, solid))
    segments.set_density("tight")
    return segments
