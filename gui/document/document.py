"""Document: the only mutable state of the window. Panels show it and ask it; nothing else holds state."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from gui.document.commands import Branch, Change
from gui.document.points import Drawing, standardization_of
from gui.document.view_settings import known_view
from model import Network, NetworkSettings, TrainingSettings
from model.data.features import FEATURES, RAW_FEATURES
from model.data.generators import GeneratorSettings, generate
from model.experiment import Experiment
from model.network.layout import BiasKind
from model.network.losses import LOSSES
from model.network.parts import Edge, Unit, unit_positions, weight_position
from model.network.settings import MAX_HIDDEN_LAYERS, MAX_UNITS
from model.network.surgery import (
    Surgery,
    insert_layer,
    insert_unit,
    remove_layer,
    remove_unit,
    set_activation,
    set_bias,
    set_features,
    set_marks,
    set_output,
    split_unit,
)
from model.training.optimizers import OPTIMIZERS


class Document(Drawing):
    """What the window shows and a person changes: data, network, settings, and the undo stack beside the run.

    Notes
    -----
    Built up in layers: Session has the run, Looking the view, Editing the undo stack, Drawing the points; this one the
    network and its training.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        generator_settings = GeneratorSettings()
        dataset = generate(generator_settings)
        network_settings = NetworkSettings((2, 6, 5, dataset.n_classes), ("tanh", "tanh"))
        super().__init__(dataset, generator_settings, network_settings, TrainingSettings(learning_rate=0.1), parent)

    def reinitialise(self) -> None:
        """Begin a new run with new weights, the next seed's; a run that plays plays on."""
        self._restart("re-initialise", replace(self._network_settings, seed=self._network_settings.seed + 1))

    def halve_learning_rate(self) -> None:
        """Train on with half the learning rate, after a run that diverged."""
        self.set_training(learning_rate=self._training_settings.learning_rate / 2)
        self._set_event(None)

    def insert_unit(self, layer: int) -> None:
        """Add a neuron at the end of a hidden layer, counted from 1, while there is room."""
        size = self._network_settings.layer_sizes[layer]
        if size < MAX_UNITS:
            self._operate("add neuron", insert_unit(self._network_settings, layer, size, self._random))

    def remove_unit(self, layer: int, index: int | None = None) -> None:
        """Remove a neuron of a hidden layer, counted from 1, by default the last; one always stays."""
        size = self._network_settings.layer_sizes[layer]
        if size > 1:
            removed = size - 1 if index is None else index
            if self._selection == Unit(layer, removed):
                # The next neuron moves into its place, and it is another one.
                self.select(None)
            self._operate("remove neuron", remove_unit(self._network_settings, layer, removed))

    def split_unit(self, unit: Unit) -> None:
        """Make two of a hidden neuron, while there is room; the function stays the same.

        Raises
        ------
        ValueError
            If the bias is shared.
        """
        if self._network_settings.layer_sizes[unit.layer] < MAX_UNITS:
            self._operate("split neuron", split_unit(self._network_settings, unit.layer, unit.index, self._random))

    def insert_layer(self) -> None:
        """Add a hidden layer before the output, like the one before it, while there is room."""
        settings = self._network_settings
        if settings.n_hidden_layers < MAX_HIDDEN_LAYERS:
            size = settings.layer_sizes[-2] if settings.n_hidden_layers else 4
            activation = settings.hidden_activations[-1] if settings.n_hidden_layers else "tanh"
            layer = settings.n_hidden_layers + 1
            rates = self._training_settings.dropout
            training = replace(self._training_settings, dropout=(*rates, 0.0)) if isinstance(rates, tuple) else None
            surgery = insert_layer(settings, layer, size, activation, self._random)
            self.perform("add layer", Change(surgery=surgery, training=training))

    def remove_layer(self, layer: int | None = None) -> None:
        """Remove a hidden layer, counted from 1, by default the last."""
        settings = self._network_settings
        if settings.n_hidden_layers:
            chosen = settings.n_hidden_layers if layer is None else layer
            rates, training = self._training_settings.dropout, None
            if isinstance(rates, tuple):
                training = replace(self._training_settings, dropout=(*rates[: chosen - 1], *rates[chosen:]))
            surgery = remove_layer(settings, chosen, self._random)
            self.perform("remove layer", Change(surgery=surgery, training=training))

    def set_activation(self, layer: int, name: str) -> None:
        """Give a hidden layer, counted from 1, an activation."""
        if self._network_settings.hidden_activations[layer - 1] != name:
            self._operate("activation", set_activation(self._network_settings, layer, name))

    def set_output(self, activation: str, *, single_unit: bool) -> None:
        """Choose what the outputs are; a loss that does not go with them gives way to the squared error."""
        surgery = set_output(
            self._network_settings, self._dataset.n_classes, activation, self._random, single_unit=single_unit
        )
        if surgery.settings != self._network_settings:
            fits = activation in LOSSES[self._training_settings.loss].outputs
            training = None if fits else replace(self._training_settings, loss="squared_error")
            self.perform("output", Change(surgery=surgery, training=training))

    def set_bias(self, kind: BiasKind) -> None:
        """Choose which neurons have a bias; the weights stay."""
        if kind != self._network_settings.bias:
            self._operate("bias", set_bias(self._network_settings, kind))

    def set_dropout(self, layer: int, rate: float) -> None:
        """Leave neurons of a hidden layer, counted from 1, out of a training step with this probability.

        Raises
        ------
        ValueError
            If the rate is outside 0 to 1.
        """
        rates = list(self._training_settings.dropout_rates(self._network_settings.n_hidden_layers))
        rates[layer - 1] = rate
        self.set_training(dropout=tuple(rates) if any(rates) else 0.0)

    # Files

    @property
    def state(self) -> object:
        """What is different whenever there is something else to save."""
        return self.undo_stack.index(), self._run, self._live.step

    def experiment(self) -> Experiment:
        """Return all that a file has to keep."""
        present = self._present()
        present.history.append(present.frame)
        return Experiment(
            dataset=self._dataset,
            generator=self._generator_settings,
            network=self._network_settings,
            training=self._training_settings,
            history=present.history,
            curve=present.curve,
            view=asdict(self._view),
        )

    def open_experiment(self, experiment: Experiment) -> None:
        """Show an experiment in the place of the present one, paused at the end of its run."""
        self.end_stroke()
        self.set_playing(False)
        self.undo_stack.clear()
        self.select_points(np.empty(0, dtype=np.intp))
        self.set_view(**known_view(experiment.view))
        self._generator_settings = experiment.generator
        frame = experiment.history.frames[-1]
        change = Change(generator=experiment.generator, branch=Branch(frame, experiment.history, experiment.curve))
        self._apply(change)

    # Features

    @property
    def features(self) -> tuple[str, ...]:
        """What the network is given of a point, see :mod:`model.data.features`."""
        return self._network_settings.features or RAW_FEATURES

    def toggle_feature(self, name: str) -> None:
        """Give the network one feature more or less; one always stays. The weights of the others are kept.

        Raises
        ------
        ValueError
            If `name` is no formula of x1 and x2, or there are too many.
        """
        if name in self.features:
            names = [other for other in self.features if other != name]
        else:
            # Those of the registry keep their order, whenever they come; typed formulas follow.
            names = sorted([*self.features, name], key=[*FEATURES, *self.features, name].index)
        if names:
            self._set_features("features", names, standardized=bool(self._network_settings.standardization))

    def set_standardized(self, standardized: bool) -> None:
        """Bring every feature to mean 0 and spread 1 over the training points as they are now, or leave them."""
        self._set_features("standardize", self.features, standardized=standardized)

    def _set_features(self, text: str, names: Sequence[str], *, standardized: bool) -> None:
        standardization = standardization_of(self._dataset, names) if standardized else ()
        surgery = set_features(self._network_settings, names, standardization, self._random)
        if surgery.settings != self._network_settings:
            self._operate(text, surgery)

    # Freezing, pruning, muting

    def is_frozen(self, part: Unit | Edge) -> bool:
        """Return whether training leaves a weight alone, or all weights into a neuron and its bias."""
        positions = self._positions(part)
        return bool(positions) and self._network_settings.frozen.issuperset(positions)

    def set_frozen(self, part: Unit | Edge, frozen: bool) -> None:
        """Let training leave a weight alone, or all weights into a neuron and its bias; or let it change them again."""
        marked, positions = self._network_settings.frozen, frozenset(self._positions(part))
        self._mark("freeze" if frozen else "unfreeze", frozen=marked | positions if frozen else marked - positions)

    def is_layer_frozen(self, layer: int) -> bool:
        """Return whether training leaves every weight into a layer alone, and its neurons' own biases."""
        return self._network_settings.frozen.issuperset(self._layer_positions(layer))

    def set_layer_frozen(self, layer: int, frozen: bool) -> None:
        """Let training leave every weight into a layer and its neurons' own biases alone, or not."""
        marked, positions = self._network_settings.frozen, self._layer_positions(layer)
        text = "freeze layer" if frozen else "unfreeze layer"
        self._mark(text, frozen=marked | positions if frozen else marked - positions)

    def set_pruned(self, edge: Edge, pruned: bool) -> None:
        """Take a weight out, so that it stays 0, or let it come back."""
        marked, position = self._network_settings.pruned, {weight_position(self._network_settings, edge)}
        self._mark("prune" if pruned else "unprune", pruned=marked | position if pruned else marked - position)

    def set_muted(self, unit: Unit, muted: bool) -> None:
        """Let the output of an input or hidden neuron count as zero, or not."""
        marked, place = self._network_settings.muted, {(unit.layer, unit.index)}
        self._mark("mute" if muted else "unmute", muted=marked | place if muted else marked - place)

    def _positions(self, part: Unit | Edge) -> list[int]:
        if isinstance(part, Edge):
            return [weight_position(self._network_settings, part)]
        return unit_positions(self._network_settings, part)

    def _layer_positions(self, layer: int) -> frozenset[int]:
        settings = self._network_settings
        units = (Unit(layer, index) for index in range(settings.layer_sizes[layer]))
        return frozenset(position for unit in units for position in unit_positions(settings, unit))

    def _mark(self, text: str, **marks: Any) -> None:
        surgery = set_marks(self._network_settings, **marks)
        if surgery.settings != self._network_settings:
            self._operate(text, surgery)

    def _operate(self, text: str, surgery: Surgery) -> None:
        self.perform(text, Change(surgery=surgery))

    def set_initial(self, **changes: Any) -> None:
        """Change initializer or seed, and begin a new run with the weights that they give.

        Raises
        ------
        ValueError
            If a value is not allowed.
        """
        self._restart("first weights", replace(self._network_settings, **changes))

    def _restart(self, text: str, settings: NetworkSettings) -> None:
        """Begin a new run; its order of the points has the seed of the weights."""
        if settings != self._network_settings:
            training = replace(self._training_settings, seed=settings.seed)
            self.perform(text, Change(restart=Network.from_settings(settings), training=training))

    def set_training(self, gesture: int = -1, **changes: Any) -> None:
        """Change how the network learns, without a reset.

        Raises
        ------
        ValueError
            If a value is not allowed.
        """
        settings = replace(self._training_settings, **changes)
        if settings != self._training_settings:
            self.perform(_difference(self._training_settings, settings), Change(training=settings), gesture)

    def set_parameter(self, position: int, value: float, gesture: int = -1) -> None:
        """Give one weight or bias a value, during training or not."""
        self.perform("turn a weight", Change(parameter=(position, value)), gesture)


def _difference(before: TrainingSettings, after: TrainingSettings) -> str:
    """Return in a few words what of the settings has changed."""
    names = [field.name for field in fields(before) if getattr(before, field.name) != getattr(after, field.name)]
    if "optimizer" in names:
        return f"optimizer {OPTIMIZERS[after.optimizer].label}"
    name = names[0]
    value = getattr(after, name)
    if name == "schedule":
        value = after.schedule.name
    elif name == "optimizer_options":
        return "optimizer options"
    elif value is None:
        value = "all" if name == "batch_size" else "off"
    shown = f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
    return f"{name.replace('_', ' ')} {shown}"
