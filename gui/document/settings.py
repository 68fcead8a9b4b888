"""TrainingEdits: how the network learns, and from which first weights."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject

from gui.document.changes import Change, Changes
from gui.document.mark_texts import training_text
from model import Network, NetworkSettings, TrainingSettings

_FIRST_RATE = 0.001


class TrainingEdits(QObject):
    """Changes of how the network learns, each with undo."""

    def __init__(self, changes: Changes, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changes = changes

    @property
    def _settings(self) -> TrainingSettings:
        return self._changes.training_settings

    @property
    def _network(self) -> NetworkSettings:
        return self._changes.network_settings

    def reinitialise(self) -> None:
        """Begin a new run with new weights, the next seed's; a run that plays plays on."""
        self._restart("re-initialise", replace(self._network, seed=self._network.seed + 1))

    def halve_learning_rate(self) -> None:
        """Train on with half the learning rate, after a run that diverged."""
        self.set_training(learning_rate=self._settings.learning_rate / 2)

    def rewind_and_halve(self) -> None:
        """Begin the run again with half the learning rate, as one step of undo."""
        training = replace(self._settings, learning_rate=self._settings.learning_rate / 2)
        self._changes.rewind("rewind and halve the learning rate", training)

    def set_training(self, gesture: int = -1, **changes: Any) -> None:
        """Change how the network learns, without a reset.

        Raises
        ------
        ValueError
            If a value is not allowed.
        """
        settings = replace(self._settings, **changes)
        if settings != self._settings:
            self._changes.perform(training_text(self._settings, settings), Change(training=settings), gesture)

    def regularize(self, name: str) -> None:
        """Take a penalty; one that was never given a rate begins with a small one."""
        rate = self._settings.regularization_rate
        if name != "none" and rate == 0.0:
            rate = _FIRST_RATE
        self.set_training(regularization=name, regularization_rate=rate)

    def set_dropout(self, layer: int, rate: float) -> None:
        """Leave neurons of a hidden layer, counted from 1, out of a training step with this probability.

        Raises
        ------
        ValueError
            If the rate is outside 0 to 1.
        """
        rates = list(self._settings.dropout_rates(self._network.n_hidden_layers))
        if layer > len(rates):
            return
        rates[layer - 1] = rate
        self.set_training(dropout=tuple(rates) if any(rates) else 0.0)

    def set_initial(self, **changes: Any) -> None:
        """Change initializer or seed, and begin a new run with the weights that they give.

        Raises
        ------
        ValueError
            If a value is not allowed.
        """
        self._restart("first weights", replace(self._network, **changes))

    def _restart(self, text: str, settings: NetworkSettings) -> None:
        """Begin a new run; its order of the points has the seed of the weights."""
        if settings != self._network:
            training = replace(self._settings, seed=settings.seed)
            self._changes.perform(text, Change(restart=Network.from_settings(settings), training=training))
