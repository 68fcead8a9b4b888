"""RaceCards: the plots of a race in its window, and how they are looked at."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QSettings, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.dialogs.race.plots import RacePlot
from gui.document.race import LiveRace
from gui.document.race_landscape import RaceLandscape
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.landscape.scene import LandscapeScene
from gui.items.race_plots import (
    RaceScene,
    losses_text,
    paint_race_boundaries,
    paint_race_losses,
    paint_race_paths,
    paint_race_surfaces,
    shares_text,
)
from gui.widgets.card import GAP, ElidedLabel, Panel
from gui.widgets.choices import Segments
from model.data.dataset import ProblemKind

_HEADER_GAP = 4
_FIRST_LOOKS = {"by_time": False, "test": False, "log": True}
"""How the losses are drawn, until a person chooses: a field of RaceScene -> its value."""

_TITLES: dict[ProblemKind, tuple[str, str]] = {
    "classes": ("Boundaries", "Surfaces"),
    "values": ("Lines of 0", "Surfaces"),
    "curve": ("Curves", "Each curve"),
}
"""Kind of problem -> what the plot of all lanes and the plots of each are called."""


class RaceCards(QWidget):
    """Three cards: the losses, all lanes over each other, and each lane for itself.

    Parameters
    ----------
    race : LiveRace
    run : LiveRun
        What is shown before the race begins.
    view : View
    """

    looks_changed = Signal()

    def __init__(self, race: LiveRace, run: LiveRun, view: View) -> None:
        super().__init__()
        self._race, self._run, self._view = race, run, view
        self._looks = {
            "by_time": Segments(
                "Over",
                ("steps", "time"),
                ("Losses over the steps.", "Losses over the time that each lane has computed."),
            ),
            "test": Segments(
                "Losses of",
                ("train", "test"),
                ("The loss over the training points decides.", "The loss over the test points decides."),
            ),
            "log": Segments("Scale of the losses", ("lin", "log"), ("Linear scale.", "Logarithmic scale.")),
        }
        settings = QSettings()
        for name, segments in self._looks.items():
            remembered = settings.value(f"race/{name}", _as_text(_FIRST_LOOKS[name]))
            segments.show_choice(int(remembered == _as_text(True)))
            segments.chosen.connect(self._on_look_chosen)
        self._what = Segments(
            "Compare",
            ("Answers", "Paths"),
            (
                "What all lanes answer, on one plane.",
                "The paths of all lanes through the weights, over the loss on the plane that lies nearest to them.",
            ),
        )
        self._what.chosen.connect(self._on_what_chosen)
        self._losses = RacePlot("Losses of the race", paint_race_losses, (280, 200), losses_text)
        self._boundaries = RacePlot("Boundaries of the race", paint_race_boundaries, (200, 200))
        self._paths = RacePlot("Paths of the race", paint_race_paths, (200, 180))
        self._shares = ElidedLabel("small")
        self._surfaces = RacePlot("Surfaces of the race", paint_race_surfaces, (480, 150))
        self._lay_out()
        self._landscape = RaceLandscape(race, self)
        self._landscape.changed.connect(self.follow)
        self._on_what_chosen(0)

    def _lay_out(self) -> None:
        losses, together, each = Panel("Loss"), Panel("Boundaries"), Panel("Surfaces")
        self._titles = together.title, each.title
        for panel, choices in ((losses, self._looks.values()), (together, [self._what]), (each, [])):
            panel.header.setSpacing(_HEADER_GAP)
            panel.header.addStretch(1)
            for segments in choices:
                segments.set_density("tight")
                panel.header.addWidget(segments)
        losses.body.addWidget(self._losses, 1)
        for plot in (self._boundaries, self._paths):
            together.body.addWidget(plot, 1)
        together.body.addWidget(self._shares)
        each.body.addWidget(self._surfaces, 1)
        above, column = QHBoxLayout(), QVBoxLayout(self)
        for layout in (above, column):
            layout.setSpacing(GAP)
            layout.setContentsMargins(0, 0, 0, 0)
        above.addWidget(losses, 6)
        above.addWidget(together, 4)
        column.addLayout(above, 11)
        column.addWidget(each, 9)

    def close_threads(self) -> None:
        """End what computes the landscape."""
        self._landscape.close()

    def scene(self) -> RaceScene:
        """Return what the plots show."""
        report, names, view = self._race.report, self._race.names, self._view.settings
        looks: dict[str, Any] = {name: segments.choice == 1 for name, segments in self._looks.items()}
        looks |= {"regions": view.regions, "test_points": view.show_test_points, "problem": self._landscape.problem}
        if report is None:
            return RaceScene((), (None,) * len(names), names, self._run.shown_dataset, **looks)
        state = report.state
        dataset = state.lanes[0].trained.moment.dataset
        looks["test"] &= dataset.n_test > 0
        standing = state.by_step(test=looks["test"])
        leaders, made = standing.leaders, self._landscape.landscape
        if made is not None:
            loss = standing.losses[leaders[0]] if leaders else None
            axes = ("direction 1", "direction 2")
            looks["landscape"] = LandscapeScene(made, axes, looks["log"], loss, lanes=self._landscape.paths())
        return RaceScene(state.lanes, report.snapshots, names, dataset, leaders, state.step, **looks)

    @Slot()
    def follow(self) -> None:
        """Show how the race stands now."""
        scene = self.scene()
        self._looks["test"].setVisible(scene.dataset.n_test > 0)
        together, each = _TITLES[scene.dataset.kind]
        for title, text in zip(self._titles, ("Paths" if self._what.choice == 1 else together, each), strict=True):
            title.setText(text.upper())
        self._shares.show_text(shares_text(scene), "How much of each lane's path lies in the plane.")
        for plot in (self._losses, self._boundaries, self._paths, self._surfaces):
            plot.show_scene(scene)

    @Slot()
    def _on_look_chosen(self) -> None:
        """Show the losses as they are chosen, now and the next time."""
        settings = QSettings()
        for name, segments in self._looks.items():
            settings.setValue(f"race/{name}", _as_text(segments.choice == 1))
        self.follow()
        self.looks_changed.emit()

    @Slot(int)
    def _on_what_chosen(self, index: int) -> None:
        """Show the answers of all lanes, or their paths, which are computed only then."""
        has_paths = index == 1
        self._what.show_choice(index)
        self._boundaries.setVisible(not has_paths)
        for shown in (self._paths, self._shares):
            shown.setVisible(has_paths)
        self._landscape.look(seen=has_paths)
        self.follow()


def _as_text(is_on: bool) -> str:
    return "true" if is_on else "false"
