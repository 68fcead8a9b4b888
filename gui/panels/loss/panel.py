"""The loss panel: losses over the steps, the confusion matrix or the landscape, and how good the answers are."""

from __future__ import annotations

from functools import partial
from html import escape

from PySide6.QtCore import QSignalBlocker, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gui import theme
from gui.actions.actions import Actions
from gui.document.changes import Changes
from gui.document.landscape import LossLandscape
from gui.document.network import NetworkEdits
from gui.document.pins import Pins
from gui.document.run import LiveRun
from gui.document.view import LOSS_PAGES, View
from gui.items.accuracy_plot import AccuracyPlot
from gui.items.confusion_view import ConfusionView
from gui.items.loss_plot import LossPlot
from gui.items.read_plot import LEAST_HEIGHT
from gui.items.schedule_curve import ScheduleCurve
from gui.panels.loss.figures import Figures
from gui.widgets.card import Panel, label
from gui.widgets.choices import Segments
from gui.widgets.later import Later
from gui.widgets.pace import ReadingPace
from gui.widgets.texts import as_tip

_SCHEDULE_PX = 42
_HEADER_GAP = 5


class LossPanel(Panel):
    """The loss over the steps, the confusion matrix, or the loss over a plane through the weights.

    Parameters
    ----------
    run : LiveRun
    changes : Changes
    view : View
    pins : Pins
    landscape : LossLandscape
    network : NetworkEdits
    actions : Actions
    """

    def __init__(
        self,
        run: LiveRun,
        changes: Changes,
        view: View,
        pins: Pins,
        landscape: LossLandscape,
        network: NetworkEdits,
        actions: Actions,
    ) -> None:
        super().__init__("Loss")
        self._run, self._changes, self._view, self._pins = run, changes, view, pins
        self._build_header()
        self._over_plot = QWidget()
        self._row = QHBoxLayout(self._over_plot)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(2)
        self._figures = Figures()
        self._figures.penalty.toggled.connect(self._on_penalty_toggled)
        self._row.addLayout(self._figures)
        self._schedule = ScheduleCurve(run, _SCHEDULE_PX)
        self._schedule.setToolTip("The learning rate over the steps, as its schedule has it.")
        self._row.addWidget(self._schedule, 1)
        self.body.addWidget(self._over_plot)
        self._runs = label(role="small")
        self._runs.setTextFormat(Qt.TextFormat.RichText)
        self._runs.setWordWrap(True)
        self._runs.setToolTip(as_tip("Pinned runs: their test losses. Train > Compare Runs shows them side by side."))
        self.body.addWidget(self._runs)
        self.plot = LossPlot(run, changes, view, pins)
        self._accuracy = AccuracyPlot(run, pins)
        self._confusion = ConfusionView(run, view)
        self._landscape = Later(partial(_landscape_page, landscape, run, view, network, actions["loss_landscape"]))
        self.body.addWidget(self.plot, 1)
        self.body.addWidget(self._accuracy, 1)
        self.body.addWidget(self._confusion, 1)
        self.body.addWidget(self._landscape, 1)
        self._is_regression = False
        self._pace = ReadingPace(self._show_moment, self)
        run.displayed_changed.connect(self._on_displayed_changed)
        run.playing_changed.connect(self._on_displayed_changed)
        pins.changed.connect(self._show_pinned)
        view.settings_changed.connect(self._synchronize)
        changes.training_changed.connect(self._synchronize)
        changes.dataset_changed.connect(self._on_dataset_changed)
        run.moment_changed.connect(self._on_dataset_changed)
        theme.manager().changed.connect(self._show_pinned)
        theme.manager().scale_changed.connect(self._share_height)
        self._synchronize()

    def _build_header(self) -> None:
        self._what = Segments(
            "Loss view",
            ("Curve", "%", "Confusion", "Landscape"),
            (
                "The loss over the steps.",
                "How much is right over the steps: the accuracy, or of values R².",
                "How many points of each class the network takes for each class.",
                "The loss over a plane through the weights, and the path of the training on it.",
            ),
        )
        self._scale = Segments("Loss scale", ("lin", "log"), ("Linear scale.", "Logarithmic scale."))
        self._set = Segments(
            "Confusion of", ("train", "test"), ("Count the training points.", "Count the test points.")
        )
        self._what.chosen.connect(self._on_what_chosen)
        self._scale.chosen.connect(self._on_scale_chosen)
        self._set.chosen.connect(self._on_set_chosen)
        for segments in (self._what, self._scale, self._set):
            segments.set_density("tight")
        self.header.setSpacing(_HEADER_GAP)
        self.header.addWidget(self._what)
        self.header.addStretch(1)

    @property
    def _page(self) -> str:
        """What is shown: values have no confusion matrix."""
        page = self._view.settings.loss_page
        return "curve" if page == "confusion" and self._run.shown_dataset.is_regression else page

    @Slot()
    def _on_dataset_changed(self) -> None:
        # A stroke changes the points many times a second, and the problem never.
        if self._run.shown_dataset.is_regression != self._is_regression:
            self._synchronize()

    @Slot()
    def _synchronize(self) -> None:
        """Show what belongs to the problem, and what is chosen; what does not apply is hidden."""
        training, view = self._changes.training_settings, self._view.settings
        self._is_regression = self._run.shown_dataset.is_regression
        page = self._page
        # Values have more figures, and fewer pages.
        where = self.header if self._is_regression else self._row
        for segments in (self._scale, self._set):
            where.addWidget(segments, 0, Qt.AlignmentFlag.AlignTop)
        self._schedule.setVisible(training.schedule.name != "constant")
        self._what.rename(LOSS_PAGES.index("accuracy"), "R²" if self._is_regression else "%")
        self._what.offer([index for index, name in enumerate(LOSS_PAGES) if self._is_offered(name)])
        for segments, choice in (
            (self._what, LOSS_PAGES.index(page)),
            (self._scale, int(view.log_loss)),
            (self._set, int(view.test_confusion)),
        ):
            segments.show_choice(choice)
        for widget, shown in (
            (self._scale, page == "curve"),
            (self._set, page == "confusion"),
            (self._over_plot, page != "landscape"),
            (self.plot, page == "curve"),
            (self._accuracy, page == "accuracy"),
            (self._confusion, page == "confusion"),
            (self._landscape, page == "landscape"),
        ):
            widget.setVisible(shown)
        self._figures.show_problem(training, regression=self._is_regression, curve=page == "curve")
        self._share_height()
        with QSignalBlocker(self._figures.penalty):
            self._figures.penalty.setChecked(view.show_penalty)
        self._show_pinned()
        self._show_moment()

    @Slot()
    def _share_height(self) -> None:
        """Let every page need the same height, or the card above would move where there is little."""
        least = max(theme.px(LEAST_HEIGHT), self._confusion.minimumSizeHint().height())
        self.plot.setMinimumHeight(least)
        self._accuracy.setMinimumHeight(least)
        self._landscape.setMinimumHeight(self._over_plot.sizeHint().height() + self.body.spacing() + least)

    def _is_offered(self, page: str) -> bool:
        return page != "confusion" or not self._is_regression

    @Slot(int)
    def _on_what_chosen(self, index: int) -> None:
        self._view.set(loss_page=LOSS_PAGES[index])

    @Slot(int)
    def _on_scale_chosen(self, index: int) -> None:
        self._view.set(log_loss=index == 1)

    @Slot(int)
    def _on_set_chosen(self, index: int) -> None:
        self._view.set(test_confusion=index == 1)

    @Slot(bool)
    def _on_penalty_toggled(self, shown: bool) -> None:
        self._view.set(show_penalty=shown)

    @Slot()
    def _on_displayed_changed(self) -> None:
        self._pace.follow(live=self._run.playing and self._run.moment is None)

    def _show_moment(self) -> None:
        """Show the displayed moment's figures, and the curve up to it."""
        displayed = self._run.displayed
        self._figures.show_metrics(displayed.metrics, displayed.moment.dataset.naming.value)
        if self._page == "curve":
            self.plot.refresh()

    @Slot()
    def _show_pinned(self) -> None:
        """Name the pinned runs, in the colours of their curves."""
        colours = theme.current()
        names = [
            f"<span style='color:{colours.run_colour(place).name()}'>■</span>&nbsp;"
            + escape(run.name).replace(" ", "&nbsp;")
            for place, run in enumerate(self._pins.runs)
        ]
        self._runs.setText("&nbsp; ".join(names))
        self._runs.setVisible(bool(names))


def _landscape_page(
    landscape: LossLandscape, run: LiveRun, view: View, network: NetworkEdits, to_window: QAction
) -> QWidget:
    """Return the page of the landscape, whose views are imported with it."""
    from gui.items.landscape.page import LandscapePage

    return LandscapePage(landscape, run, view, network, to_window)
