"""The output panel: the network's answer over the plane, from above or in 3D, and what explains its colours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QStackedLayout, QWidget

from gui.document.changes import Changes
from gui.document.pins import Pins
from gui.document.points import Points
from gui.document.probe import Probe
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.left_out import LeftOut, LeftOutBar
from gui.items.space.output import SpaceOutput
from gui.panels.output.legend import Legend
from gui.panels.output.plane import PlaneOutput
from gui.widgets.card import Panel
from gui.widgets.choices import Segments
from model.network.parts import Unit
from model.run.snapshot import Plane


class OutputPanel(Panel):
    """The decision surface; while a neuron is hovered in the diagram, that neuron's map."""

    def __init__(self, run: LiveRun, changes: Changes, points: Points, view: View, probe: Probe, pins: Pins) -> None:
        super().__init__("Output")
        self._run, self._view = run, view
        self._make_header()
        self._left_out = LeftOut(run, view, self)
        self._legend = Legend(run, changes, view)
        self.canvas = PlaneOutput(run, changes, points, view, probe, pins, self._left_out)
        self._space = SpaceOutput(run, changes, view, probe, self._left_out)
        self._stage = QWidget()
        self._stack = QStackedLayout(self._stage)
        for shown in (self.canvas, self._space):
            shown.explained.connect(self._explain)
            self._stack.addWidget(shown)
        self._left_out_bar = LeftOutBar(self._left_out, view, self._stage)
        self.body.addWidget(self._stage, 1)
        self._make_foot()
        for signal in (changes.dataset_changed, run.moment_changed):
            signal.connect(self._show_problem)
        view.settings_changed.connect(self._synchronize)
        self._show_problem()
        self._synchronize()

    def _make_header(self) -> None:
        """Put beside the title how the answer is shown."""
        self.header.addStretch(1)
        self._dimensions = Segments(
            "Dimensions", ("2D", "3D"), ("The plane from above.", "A surface: the likelier, or the larger, the higher.")
        )
        self._dimensions.setProperty("dense", True)
        self._dimensions.chosen.connect(self._on_dimensions_chosen)
        self.header.addWidget(self._dimensions)
        self._class_mode = self._modes(
            ("Probability", "Regions"),
            ("Class colours blended by the classes' probabilities.", "The colour of the likeliest class alone."),
        )
        self._value_mode = self._modes(
            ("Smooth", "Bands"),
            ("The colour of the value, from −1 to 1.", "One colour between two contour lines, a step of 0.25."),
        )

    def _modes(self, texts: Sequence[str], tips: Sequence[str]) -> Segments:
        """Return buttons for how the surface is drawn, in the header."""
        modes = Segments("Surface", texts, tips)
        modes.chosen.connect(self._on_mode_chosen)
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
        """Offer what goes with classes, or with values."""
        is_regression = self._run.shown_dataset.is_regression
        self._class_mode.setHidden(is_regression)
        self._value_mode.setVisible(is_regression)

    @Slot()
    def _synchronize(self) -> None:
        view = self._view.settings
        for modes in (self._class_mode, self._value_mode):
            modes.show_choice(int(view.regions))
        self._test.setChecked(view.show_test_points)
        self._dimensions.show_choice(int(view.in_space))
        self._legend.update()
        self._show_dimensions()

    def _show_dimensions(self) -> None:
        """Show the plane, or the surface over all of it."""
        in_space = self._view.settings.in_space
        if in_space == (self._stack.currentWidget() is self._space):
            return
        self._stack.setCurrentWidget(self._space if in_space else self.canvas)
        self._left_out_bar.raise_()
        if in_space:
            self._view.look_at(Plane())
        self.canvas.show_output(shown=not in_space)

    @Slot(object)
    def _explain(self, unit: Unit | None) -> None:
        """Say what is shown: a neuron's map, or the network's answer, which alone something may be left out of."""
        self._legend.explain(unit)
        self._left_out_bar.stand_back(unit is not None)

    @Slot(int)
    def _on_dimensions_chosen(self, index: int) -> None:
        self._view.set(in_space=index == 1)

    @Slot(int)
    def _on_mode_chosen(self, index: int) -> None:
        self._view.set(regions=index == 1)

    @Slot(bool)
    def _on_test_toggled(self, shown: bool) -> None:
        self._view.set(show_test_points=shown)
