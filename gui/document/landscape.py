"""LossLandscape: the loss over a plane through the weights, standing while training walks over it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot

from gui.document.landscape_paths import LandscapePath, ProjectedFrames, frames_of_path, spanning
from gui.document.landscape_thread import LandscapeRequest, LandscapeThread
from gui.document.pins import Pins
from gui.document.run import LiveRun
from gui.document.view import View
from model import Dataset, NetworkSettings
from model.landscape.directions import Directions, Projection
from model.landscape.landscape import Extent, Landscape, LandscapeSettings, usual_weights
from model.network.parts import Edge, same_places, weight_position
from model.run.history import KeyFrame
from model.training.settings import Setup
from model.types import FloatArray

_QUICK = 200_000
"""So many activations have a gradient that can be had often."""

COMPUTING = "Computing …"


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """On what a landscape depends."""

    run: int
    network: NetworkSettings
    spanned_by: tuple[object, ...]
    reach: float
    dataset: Dataset
    loss: tuple[object, ...]

    def has_plane_of(self, other: _Wanted) -> bool:
        """Return whether the same plane serves both."""
        return (self.run, self.network, self.spanned_by) == (other.run, other.network, other.spanned_by)

    def has_losses_of(self, other: _Wanted) -> bool:
        """Return whether the losses are the same where the planes are."""
        return self.dataset is other.dataset and self.loss == other.loss


class LossLandscape(QObject):
    """The landscape that is shown, and the paths on it. It is computed only while somebody looks at it.

    The plane stands while training goes on, so that its path is seen to walk over the landscape. It is renewed when
    the weights leave what is shown of it, when something else is to span it, when another run begins, and when a
    person asks for it. The plane of the main directions is renewed, too, when training rests: its path is longer then.

    Parameters
    ----------
    run : LiveRun
    view : View
    pins : Pins
    parent : QObject, optional
    """

    changed = Signal()

    def __init__(self, run: LiveRun, view: View, pins: Pins, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run, self._view, self._pins = run, view, pins
        self._viewers: set[int] = set()
        self._landscape: Landscape | None = None
        self._setup: Setup | None = None
        self._asked = LandscapeSettings()
        self._problem = ""
        self._wanted: _Wanted | None = None
        self._number = 0
        self._is_answered = True
        self._failed_at: KeyFrame | None = None
        self._spanned_until = 0
        self._directions: Directions | None = None
        self._extent: Extent | None = None
        self._projected: ProjectedFrames | None = None
        self._pinned_paths: dict[int, LandscapePath] = {}
        self._thread = LandscapeThread()
        self._thread.answered.connect(self._on_answered)
        self._thread.start()
        run.displayed_changed.connect(self._follow)
        view.settings_changed.connect(self._follow)
        view.selection_changed.connect(self._on_selection_changed)
        run.playing_changed.connect(self._on_playing_changed)
        pins.changed.connect(self._on_pins_changed)

    def close(self) -> None:
        """End the thread."""
        self._thread.stop()

    def look(self, viewer: QObject, *, seen: bool) -> None:
        """Say that somebody looks at the landscape from now on, or no more."""
        if seen:
            self._viewers.add(id(viewer))
            self._follow()
        else:
            self._viewers.discard(id(viewer))
            if not self._viewers:
                self._leave()

    def _leave(self) -> None:
        """Compute nothing any more; what was not finished is asked for again when somebody looks."""
        self._thread.ask(None)
        if not self._is_answered or (self._landscape is not None and not self._landscape.is_finest):
            self._wanted = None
            self._is_answered = True

    # What there is

    @property
    def landscape(self) -> Landscape | None:
        """The landscape so far; None where there is none, see :attr:`problem`."""
        return self._landscape

    @property
    def problem(self) -> str:
        """Why there is no landscape, in a sentence; empty where there is one."""
        return self._problem if self._landscape is None else ""

    @property
    def is_settled(self) -> bool:
        """Whether what was asked for last has been answered, if only coarsely or by a sentence."""
        return self._is_answered

    @property
    def network(self) -> NetworkSettings | None:
        """The network through whose weights the plane goes."""
        return None if self._setup is None else self._setup.network

    @property
    def asked(self) -> LandscapeSettings:
        """What spans the plane that was asked for last; while nobody looks, the settings may be others already."""
        return self._asked

    @property
    def settings(self) -> LandscapeSettings:
        """What spans the plane, and how far it goes."""
        view = self._view.settings
        weights = self.weights if view.landscape == "weights" else None
        return LandscapeSettings(view.landscape, weights, view.landscape_seed, view.landscape_reach)

    @property
    def weights(self) -> tuple[int, int] | None:
        """The two weights that are chosen, as positions; those of the network's first neuron where none are."""
        network, chosen = self._run.displayed.network.settings, self._view.settings.landscape_weights
        if chosen is not None and max(chosen) < network.n_parameters and chosen[0] != chosen[1]:
            return chosen
        return usual_weights(network)

    @property
    def is_following(self) -> bool:
        """Whether the moment that is shown has a network whose weights have places on the plane."""
        return self._setup is not None and same_places(self._setup.network, self._run.displayed.network.settings)

    @property
    def is_at_present(self) -> bool:
        """Whether the network that can be changed has places on the plane."""
        return self._setup is not None and same_places(self._setup.network, self._run.setup.network)

    @property
    def with_penalty(self) -> bool:
        """Whether the penalty is part of the loss: where the loss view shows the loss with it."""
        regularization = self._run.displayed.moment.training.regularization
        return self._view.settings.show_penalty and regularization != "none"

    def place(self) -> Projection | None:
        """Return where the weights of the moment that is shown lie on the plane."""
        if self._landscape is None or not self.is_following:
            return None
        return self._landscape.directions.project(self._run.displayed.network.parameters[np.newaxis])

    def descent(self) -> tuple[FloatArray, float] | None:
        """Return the way down from there, the gradient turned round and projected, and how much lies in the plane.

        Returns
        -------
        tuple of ndarray of shape (2,) and float, or None
            None where there is no way down: the gradient is 0 or not finite. It is left out, too, while a network
            trains whose gradient takes long.
        """
        if self._landscape is None or not self.is_following or (self._run.playing and not self._is_quick):
            return None
        numbers = self._run.numbers
        gradient = numbers.gradient + (numbers.penalty_gradient if self._landscape.with_penalty else 0.0)
        if not (np.isfinite(gradient).all() and gradient.any()):
            return None
        directions, way = self._landscape.directions, -gradient[np.newaxis]
        components = directions.components(way)[0]
        return (components, float(directions.shares(way)[0])) if np.isfinite(components).all() else None

    @property
    def _is_quick(self) -> bool:
        """Whether the gradient of the moment that is shown takes a few milliseconds at most."""
        moment = self._run.displayed.moment
        return moment.dataset.n_training * sum(moment.network.layer_sizes[1:]) <= _QUICK

    def path(self) -> LandscapePath | None:
        """Return the way of the run on the plane, through its key frames."""
        if self._landscape is None or self._projected is None or not self.is_following:
            return None
        frames, n_passed = self._frames()
        return self._projected.path(frames, n_passed)

    def pinned_paths(self) -> list[tuple[int, LandscapePath]]:
        """Return the ways of those pinned runs whose network has the same shape, with their places among the pins."""
        if self._landscape is None or self._setup is None:
            return []
        for pinned in self._pins.runs:
            if pinned.number not in self._pinned_paths and same_places(pinned.network, self._setup.network):
                projection = self._landscape.directions.project(np.stack(pinned.path))
                path = LandscapePath(projection.places, len(pinned.path), projection.share)
                self._pinned_paths[pinned.number] = path
        found = [(place, self._pinned_paths.get(pinned.number)) for place, pinned in enumerate(self._pins.runs)]
        return [(place, path) for place, path in found if path is not None]

    def _frames(self) -> tuple[list[KeyFrame], int]:
        return frames_of_path(self._run.history.frames, self._run.displayed.moment)

    # What a person does

    def renew(self) -> None:
        """Put the plane through the weights that are shown."""
        self._wanted = None
        self._follow()

    @Slot()
    def _on_selection_changed(self) -> None:
        """Let the weight that is selected be the first of the two, and the one before it the second."""
        selection, network = self._view.selection, self._run.setup.network
        if isinstance(selection, Edge) and self._viewers and self._view.settings.landscape == "weights":
            position, before = weight_position(network, selection), self.weights
            if before is not None and position not in before and position not in network.pruned:
                self._view.set(landscape_weights=(position, before[0]))

    # Following

    @Slot()
    def _on_playing_changed(self) -> None:
        self._thread.is_considerate = self._run.playing
        self._follow()

    @Slot()
    def _on_pins_changed(self) -> None:
        self._pinned_paths = {}
        self._follow()
        self.changed.emit()

    @Slot()
    def _follow(self) -> None:
        """Ask for another landscape where the one that stands does not fit what is shown."""
        if not self._viewers:
            return
        before, wanted = self._wanted, self._now_wanted()
        moment = self._run.displayed.moment
        if before is None or not before.has_plane_of(wanted):
            self._ask(wanted)
        elif before.reach != wanted.reach:
            self._ask(wanted, self._directions)
        elif not before.has_losses_of(wanted):
            self._ask(wanted, self._directions, self._extent)
        elif not self._is_answered:
            return
        elif self._landscape is None:
            if self._failed_at is not moment:
                self._ask(wanted)
        elif self._has_left() or self._has_longer_path():
            self._ask(wanted)

    def _now_wanted(self) -> _Wanted:
        snapshot, settings = self._run.displayed, self.settings
        training = snapshot.moment.training
        spanned_by: tuple[object, ...] = {
            "weights": (settings.spans, settings.positions),
            "random": (settings.spans, settings.seed),
            "path": (settings.spans, self._pins.runs),
        }[settings.spans]
        penalty = (training.regularization, training.regularization_rate) if self.with_penalty else ()
        loss = (training.loss, *penalty)
        network = snapshot.network.settings
        return _Wanted(snapshot.run, network, spanned_by, settings.reach, snapshot.moment.dataset, loss)

    def _has_left(self) -> bool:
        """Return whether the weights that are shown have left what is shown of the plane."""
        place = self.place()
        if place is None or self._landscape is None or not np.isfinite(place.places).all():
            return False
        x, y = place.places[0].tolist()
        return not self._landscape.extent.contains((x, y))

    def _has_longer_path(self) -> bool:
        """Return whether the present has another path than the main directions were found of, and nothing trains."""
        is_at_rest = not self._run.playing and self._run.moment is None
        is_spanning = self._view.settings.landscape == "path"
        return is_spanning and is_at_rest and self._spanned_until != self._run.displayed.step

    def _ask(self, wanted: _Wanted, directions: Directions | None = None, extent: Extent | None = None) -> None:
        moment = self._run.displayed.moment
        if self._landscape is not None and directions is None and not self.is_following:
            self._landscape = None
        if self._landscape is None:
            self._problem = COMPUTING
        self._wanted, self._is_answered, self._failed_at = wanted, False, moment
        if directions is None:
            self._spanned_until = moment.step
        self._directions, self._extent = directions, extent
        self._number += 1
        self._asked = self.settings
        paths = [spanning([frame.checkpoint.parameters for frame in self._frames()[0]])]
        for pinned in self._pins.runs:
            if same_places(pinned.network, moment.network):
                paths.append(spanning(pinned.path))
        self._thread.is_considerate = self._run.playing
        self._thread.ask(
            LandscapeRequest(
                self._number,
                moment.setup,
                self._asked,
                self.with_penalty,
                moment.checkpoint.parameters,
                tuple(paths),
                directions,
                extent,
            )
        )
        self._setup = moment.setup
        self.changed.emit()

    @Slot()
    def _on_answered(self) -> None:
        answer = self._thread.take_answer()
        if answer is None or answer.number != self._number:
            return
        self._is_answered = True
        self._landscape, self._problem = answer.landscape, answer.problem
        if self._landscape is not None:
            self._directions, self._extent = self._landscape.directions, self._landscape.extent
            if self._projected is None or self._projected.directions is not self._directions:
                self._projected = ProjectedFrames(self._directions)
                self._pinned_paths = {}
        self.changed.emit()
        # What was shown meanwhile may want another.
        self._follow()
