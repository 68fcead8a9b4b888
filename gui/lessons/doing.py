"""Doing: what a lesson does in the window, by the ways that a person's own changes take, each with undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any, Protocol, TypeAlias

from PySide6.QtCore import QObject, Slot

from gui.actions.series import PANELS
from gui.document.document import Document
from gui.document.view import known_view
from model.data.generators import GeneratorSettings
from model.lessons.lesson import Do, Lesson, LessonError
from model.network.parts import Unit, exists
from model.training.settings import TrainingSettings

STEP_THROUGH = "Step Through"


class Desk(Protocol):
    """Where the cards are."""

    def reveal(self, name: str) -> None:
        """Let a card be seen."""

    def show_panel(self, name: str, shown: bool) -> None:
        """Show a card, or hide it."""


Doing: TypeAlias = Callable[[Document, Desk, Lesson, Any], object]
"""Does something with document and cards, of a lesson, with the value of the action."""


def _open(document: Document, desk: Desk, lesson: Lesson, name: str) -> None:
    document.show_experiment("open the lesson's experiment", lesson.experiment(name))


def _generate(document: Document, desk: Desk, lesson: Lesson, settings: GeneratorSettings) -> None:
    document.points.generate(**asdict(settings))


def _clear(document: Document, desk: Desk, lesson: Lesson, value: None) -> None:
    document.points.clear()
    document.run.hush_points()


def _set(document: Document, desk: Desk, lesson: Lesson, value: tuple[str, Any]) -> None:
    name, chosen = value
    network, learning = document.network, document.learning
    match name:
        case "activation":
            network.set_activations(chosen)
        case "output_activation":
            is_single = document.network_settings.layer_sizes[-1] == 1
            network.set_output(chosen, single_unit=is_single and chosen != "softmax")
        case "bias":
            network.set_bias(chosen)
        case "optimizer":
            learning.set_training(optimizer=chosen, optimizer_options={})
        case "regularization":
            learning.regularize(chosen)
        case _ if name in TrainingSettings.__dataclass_fields__ and name != "seed":
            learning.set_training(**{name: chosen})
        case _:
            learning.set_initial(**{name: chosen})


def _play(document: Document, desk: Desk, lesson: Lesson, value: None) -> None:
    if not document.run.playing:
        document.toggle_playing()


def _scrub(document: Document, desk: Desk, lesson: Lesson, step: int) -> None:
    document.run.look_back(document.run.history.nearest(step))


def _select(document: Document, desk: Desk, lesson: Lesson, unit: Unit | None) -> None:
    if exists(document.network_settings, unit):
        document.view.select(unit)


def _probe(document: Document, desk: Desk, lesson: Lesson, place: tuple[float, ...]) -> None:
    if place:
        document.probe.pin((place[0], place[1]))
    else:
        document.probe.release()


def _show(document: Document, desk: Desk, lesson: Lesson, name: str) -> None:
    card = card_named(name) or name
    if card == STEP_THROUGH:
        desk.show_panel(card, True)
    else:
        desk.reveal(card)


def _look(document: Document, desk: Desk, lesson: Lesson, value: tuple[str, Any]) -> None:
    document.view.set(**view_of(value))


DOINGS: Mapping[str, Doing] = {
    "open": _open,
    "generate": _generate,
    "clear": _clear,
    "features": lambda document, desk, lesson, names: document.network.set_features(names),
    "layers": lambda document, desk, lesson, sizes: document.network.set_layers(sizes),
    "set": _set,
    "train": lambda document, desk, lesson, n_steps: document.step(n_steps),
    "play": _play,
    "pause": lambda document, *_: document.run.set_playing(False),
    "rewind": lambda document, *_: document.changes.rewind(),
    "reinitialise": lambda document, *_: document.learning.reinitialise(),
    "scrub": _scrub,
    "present": lambda document, *_: document.run.look_at_present(),
    "select": _select,
    "probe": _probe,
    "show": _show,
    "view": _look,
}
"""For every action of :data:`model.lessons.actions.ACTIONS` what does it."""


def card_named(name: str) -> str | None:
    """Return the card of a name, in capitals or not; None where there is none."""
    return next((card for card in (*PANELS, STEP_THROUGH) if card.casefold() == name.casefold()), None)


def view_of(value: tuple[str, Any]) -> dict[str, Any]:
    """Return what a setting of the view is to be; nothing where there is none such, or it cannot be that."""
    name, chosen = value
    return known_view({name: None if (name, chosen) == ("speed", "max") else chosen})


class Doer(QObject):
    """Does one action after the other; what follows training waits until that is through.

    Parameters
    ----------
    document : Document
    desk : Desk
    complain : callable
        Is told in a sentence what could not be done.
    parent : QObject
    """

    def __init__(self, document: Document, desk: Desk, complain: Callable[[str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._desk, self._complain = document, desk, complain
        self._lesson: Lesson | None = None
        self._waiting: list[Do] = []
        self._training: tuple[int, int] | None = None  # The run of the last action, and until which step it trains.
        self._is_doing = False
        document.run.displayed_changed.connect(self._go_on)
        # Whoever plays or pauses meanwhile, and what pauses by itself, has ended what was trained.
        document.run.playing_changed.connect(self._on_stopped)
        document.run.stopped.connect(self._on_stopped)

    def do(self, lesson: Lesson, actions: Sequence[Do]) -> None:
        """Do some actions of a lesson, after those that are not done yet."""
        self._lesson = lesson
        self._waiting += actions
        self._go_on()

    def forget(self) -> None:
        """Leave what is not done yet."""
        self._waiting.clear()
        self._training = None

    @Slot()
    def _on_stopped(self) -> None:
        if not self._is_doing:
            self._training = None
            self._go_on()

    @Slot()
    def _go_on(self) -> None:
        if not self._waiting or self._is_doing or self._is_training:
            return
        self._is_doing = True
        is_one = len(self._waiting) == 1
        try:
            with nullcontext() if is_one else self._document.changes.as_one_step("what the lesson did"):
                while self._waiting and not self._is_training:
                    self._do_next(self._waiting.pop(0))
        finally:
            self._is_doing = False

    @property
    def _is_training(self) -> bool:
        """Whether steps are still to be taken; of a run that was rewound or left none are."""
        run = self._document.run
        if self._training is None or not run.setup.dataset.n_training:
            return False
        number, last_step = self._training
        return run.state.run == number and run.step_count < last_step

    def _do_next(self, action: Do) -> None:
        assert self._lesson is not None
        run, value = self._document.run, action.value
        try:
            DOINGS[action.action](self._document, self._desk, self._lesson, value)
        except ValueError as error:
            self.forget()
            self._complain(str(LessonError.at(action.line, error)))
            return
        n_steps = value if action.action == "train" and isinstance(value, int) else 0
        self._training = (run.state.run, run.step_count + n_steps)
