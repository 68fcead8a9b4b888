"""NetworkEdits: what is done to the network, its shape, its features and single weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject

from gui.document.changes import Change, Changes
from gui.document.points import standardization_of
from gui.document.view import View
from model import Network, NetworkSettings, TrainingSettings
from model.data.features import check_problem
from model.data.problems import PROBLEMS, Problem
from model.network.layout import BiasKind
from model.network.losses import LOSSES
from model.network.parts import Edge, Selection, Unit, exists, unit_positions, weight_position
from model.network.settings import MAX_HIDDEN_LAYERS, MAX_UNITS
from model.network.surgery import (
    Surgery,
    insert_layer,
    insert_unit,
    remove_layer,
    remove_unit,
    resize_layers,
    set_activation,
    set_activations,
    set_bias,
    set_features,
    set_marks,
    set_output,
    set_parameters,
    split_unit,
)
from model.types import FloatArray


class NetworkEdits(QObject):
    """Changes of the network, each without losing the other weights, and each with undo.

    A layer, neuron or weight that is gone meanwhile, as it can be when a menu was open, is passed over.
    """

    def __init__(self, changes: Changes, view: View, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._changes = changes
        self._view = view
        self._random = np.random.default_rng()

    @property
    def _settings(self) -> NetworkSettings:
        return self._changes.network_settings

    @property
    def _training(self) -> TrainingSettings:
        return self._changes.training_settings

    def _has_hidden(self, layer: int) -> bool:
        return 1 <= layer <= self._settings.n_hidden_layers

    def insert_unit(self, layer: int) -> None:
        """Add a neuron at the end of a hidden layer, counted from 1, while there is room."""
        size = self._settings.layer_sizes[layer] if self._has_hidden(layer) else MAX_UNITS
        if size < MAX_UNITS:
            self._operate("add neuron", insert_unit(self._settings, layer, size, self._random))

    def remove_unit(self, layer: int, index: int | None = None) -> None:
        """Remove a neuron of a hidden layer, counted from 1, by default the last; one always stays."""
        size = self._settings.layer_sizes[layer] if self._has_hidden(layer) else 1
        removed = size - 1 if index is None else index
        if size > 1 and removed < size:
            if self._view.selection == Unit(layer, removed):
                # The next neuron moves into its place, and it is another one.
                self._view.select(None)
            self._operate("remove neuron", remove_unit(self._settings, layer, removed))

    def can_remove(self, part: Selection) -> bool:
        """Return whether :meth:`remove` takes something out: an output is there for its class, and one input stays."""
        if part is None or not exists(self._settings, part):
            return False
        if isinstance(part, Edge):
            return weight_position(self._settings, part) not in self._settings.pruned
        return self._has_hidden(part.layer) or (part.layer == 0 and len(self.features) > 1)

    def remove(self, part: Selection) -> None:
        """Take out what can be: prune a weight, remove a hidden neuron, the last one with its layer, or an input."""
        if not self.can_remove(part):
            return
        if isinstance(part, Edge):
            self.set_pruned(part, True)
        elif isinstance(part, Unit) and part.layer == 0:
            self.toggle_feature(self.features[part.index])
        elif isinstance(part, Unit) and self._settings.layer_sizes[part.layer] > 1:
            self.remove_unit(part.layer, part.index)
        elif isinstance(part, Unit):
            self.remove_layer(part.layer)

    def resize_layers(self, sizes: Sequence[int]) -> None:
        """Give every hidden layer its number of neurons; further ones are new, the first ones stay.

        Raises
        ------
        ValueError
            If there is not one size for each layer, or one is outside 1 to MAX_UNITS.
        """
        settings = self._settings
        if len(sizes) != settings.n_hidden_layers or not all(1 <= size <= MAX_UNITS for size in sizes):
            raise ValueError(f"every hidden layer must have 1 to {MAX_UNITS} neurons; got {list(sizes)}")
        if tuple(sizes) != settings.layer_sizes[1:-1]:
            self._operate("neurons", resize_layers(settings, sizes, self._random))

    def resize_layer(self, layer: int, size: int) -> None:
        """Give one hidden layer, counted from 1, its number of neurons."""
        if self._has_hidden(layer):
            sizes = list(self._settings.layer_sizes[1:-1])
            sizes[layer - 1] = size
            self.resize_layers(sizes)

    def make_alike(self, layer: int) -> None:
        """Give every hidden layer size and activation of one of them, counted from 1."""
        if self._has_hidden(layer):
            settings = self._settings
            sizes = [settings.layer_sizes[layer]] * settings.n_hidden_layers
            surgery = resize_layers(settings, sizes, self._random)
            activations = [settings.hidden_activations[layer - 1]] * settings.n_hidden_layers
            self._operate("hidden layers", surgery.then(set_activations(surgery.settings, activations)))

    def split_unit(self, unit: Unit) -> None:
        """Make two of a hidden neuron, while there is room; the function stays the same.

        Raises
        ------
        ValueError
            If the bias is shared.
        """
        if exists(self._settings, unit) and self._settings.layer_sizes[unit.layer] < MAX_UNITS:
            self._operate("split neuron", split_unit(self._settings, unit.layer, unit.index, self._random))

    def insert_layer(self) -> None:
        """Add a hidden layer before the output, like the one before it, while there is room."""
        settings = self._settings
        if settings.n_hidden_layers < MAX_HIDDEN_LAYERS:
            size = settings.layer_sizes[-2] if settings.n_hidden_layers else 4
            activation = settings.hidden_activations[-1] if settings.n_hidden_layers else "tanh"
            layer = settings.n_hidden_layers + 1
            rates = self._training.dropout
            training = replace(self._training, dropout=(*rates, 0.0)) if isinstance(rates, tuple) else None
            surgery = insert_layer(settings, layer, size, activation, self._random)
            self._changes.perform("add layer", Change(surgery=surgery, training=training))

    def remove_layer(self, layer: int | None = None) -> None:
        """Remove a hidden layer, counted from 1, by default the last."""
        settings = self._settings
        chosen = settings.n_hidden_layers if layer is None else layer
        if self._has_hidden(chosen):
            rates, training = self._training.dropout, None
            if isinstance(rates, tuple):
                training = replace(self._training, dropout=(*rates[: chosen - 1], *rates[chosen:]))
            surgery = remove_layer(settings, chosen, self._random)
            self._changes.perform("remove layer", Change(surgery=surgery, training=training))

    def set_activation(self, layer: int, name: str) -> None:
        """Give a hidden layer, counted from 1, an activation."""
        if self._has_hidden(layer) and self._settings.hidden_activations[layer - 1] != name:
            self._operate("activation", set_activation(self._settings, layer, name))

    def set_activations(self, name: str) -> None:
        """Give every hidden layer the same activation."""
        activations = (name,) * self._settings.n_hidden_layers
        if activations != self._settings.hidden_activations:
            self._operate("activations", set_activations(self._settings, activations))

    def set_output(self, activation: str, *, single_unit: bool) -> None:
        """Choose what the outputs are; the loss follows where it must, and where it had to before.

        One that does not go with the outputs gives way to the squared error, and where that was the only one, outputs
        that have a cross-entropy bring it back.
        """
        surgery = set_output(
            self._settings,
            self._changes.dataset.n_classes,
            activation,
            self._random,
            single_unit=single_unit,
        )
        if surgery.settings != self._settings:
            has_cross_entropy = () if self._changes.dataset.is_regression else LOSSES["cross_entropy"].outputs
            training = None
            if activation not in LOSSES[self._training.loss].outputs:
                training = replace(self._training, loss="squared_error")
            elif activation in has_cross_entropy and self._settings.output_activation not in has_cross_entropy:
                training = replace(self._training, loss="cross_entropy")
            self._changes.perform("output", Change(surgery=surgery, training=training))

    def set_bias(self, kind: BiasKind) -> None:
        """Choose which neurons have a bias; the weights stay."""
        if kind != self._settings.bias:
            self._operate("bias", set_bias(self._settings, kind))

    # Features

    @property
    def features(self) -> tuple[str, ...]:
        """What the network is given of a point, see :mod:`model.data.features`."""
        return self._settings.features or self._problem.raw_features

    @property
    def _problem(self) -> Problem:
        return PROBLEMS[self._changes.dataset.kind]

    def toggle_feature(self, name: str) -> None:
        """Give the network one feature more or less; one always stays. The weights of the others are kept.

        Raises
        ------
        ValueError
            If `name` is not a formula of x1 and x2, or of x where the points are those of a curve, or there are too
            many.
        """
        check_problem([name], self._changes.dataset.kind)
        if name in self.features:
            names = [other for other in self.features if other != name]
        else:
            # Those of the registry keep their order, whenever they come; typed formulas follow.
            names = sorted([*self.features, name], key=[*self._problem.features, *self.features, name].index)
        if names:
            self._set_features("features", names, standardized=bool(self._settings.standardization))

    def set_features(self, names: Sequence[str]) -> None:
        """Give the network these features. The weights of those that stay are kept.

        Raises
        ------
        ValueError
            If there are none or too many, or one is not a formula of x1 and x2, or of x along a curve.
        """
        check_problem(names, self._changes.dataset.kind)
        if tuple(names) != self.features:
            self._set_features("features", names, standardized=bool(self._settings.standardization))

    def set_layers(self, sizes: Sequence[int]) -> None:
        """Begin a new run of a network with hidden layers of these sizes, from the weights that its seed gives.

        Layers that were there keep their activation; further ones have that of the last.

        Raises
        ------
        ValueError
            If there are too many layers, or one is outside 1 to MAX_UNITS.
        """
        settings = self._settings
        if len(sizes) > MAX_HIDDEN_LAYERS or not all(1 <= size <= MAX_UNITS for size in sizes):
            raise ValueError(f"there may be {MAX_HIDDEN_LAYERS} layers of 1 to {MAX_UNITS} neurons; got {list(sizes)}")
        if tuple(sizes) == settings.layer_sizes[1:-1]:
            return
        named = settings.hidden_activations or ("tanh",)
        activations = (*named, *named[-1:] * len(sizes))[: len(sizes)]
        none = frozenset[int]()
        settings = replace(
            settings,
            layer_sizes=(settings.layer_sizes[0], *sizes, settings.layer_sizes[-1]),
            hidden_activations=activations,
            frozen=none,
            pruned=none,
            muted=frozenset(),
        )
        has_rates = isinstance(self._training.dropout, tuple)
        training = replace(self._training, dropout=0.0) if has_rates else self._training
        self._changes.perform("hidden layers", Change(restart=Network.from_settings(settings), training=training))

    def set_standardized(self, standardized: bool) -> None:
        """Bring every feature to mean 0 and spread 1 over the training points as they are now, or leave them."""
        self._set_features("standardize", self.features, standardized=standardized)

    def _set_features(self, text: str, names: Sequence[str], *, standardized: bool) -> None:
        standardization = standardization_of(self._changes.dataset, names) if standardized else ()
        surgery = set_features(self._settings, names, standardization, self._random)
        if surgery.settings != self._settings:
            self._operate(text, surgery)

    # Freezing, pruning, muting, turning

    def is_frozen(self, part: Unit | Edge) -> bool:
        """Return whether training leaves a weight alone, or all weights into a neuron and its bias."""
        positions = self._positions(part)
        return bool(positions) and self._settings.frozen.issuperset(positions)

    def set_frozen(self, part: Unit | Edge, frozen: bool) -> None:
        """Let training leave a weight alone, or all weights into a neuron and its bias; or let it change them again."""
        marked, positions = self._settings.frozen, frozenset(self._positions(part))
        self._mark("freeze" if frozen else "unfreeze", frozen=marked | positions if frozen else marked - positions)

    def is_layer_frozen(self, layer: int) -> bool:
        """Return whether training leaves every weight into a layer alone, and its neurons' own biases."""
        return self._settings.frozen.issuperset(self._layer_positions(layer))

    def set_layer_frozen(self, layer: int, frozen: bool) -> None:
        """Let training leave every weight into a layer and its neurons' own biases alone, or not."""
        marked, positions = self._settings.frozen, self._layer_positions(layer)
        text = "freeze layer" if frozen else "unfreeze layer"
        self._mark(text, frozen=marked | positions if frozen else marked - positions)

    def set_pruned(self, edge: Edge, pruned: bool) -> None:
        """Take a weight out, so that it stays 0, or let it come back."""
        marked, position = self._settings.pruned, frozenset(self._positions(edge))
        self._mark("prune" if pruned else "unprune", pruned=marked | position if pruned else marked - position)

    def set_muted(self, unit: Unit, muted: bool) -> None:
        """Let the output of an input or hidden neuron count as zero, or not."""
        marked, place = self._settings.muted, {(unit.layer, unit.index)} if exists(self._settings, unit) else set()
        self._mark("mute" if muted else "unmute", muted=marked | place if muted else marked - place)

    def set_parameter(self, position: int, value: float, gesture: int = -1) -> None:
        """Give one weight or bias a value, during training or not; a pruned weight stays 0."""
        if position < self._settings.n_parameters and position not in self._settings.pruned:
            self._changes.perform("turn a weight", Change(parameter=(position, value)), gesture)

    def set_parameters(self, parameters: FloatArray, text: str) -> None:
        """Give every weight and bias a value, as one step of undo; a pruned weight stays 0.

        Parameters
        ----------
        parameters : ndarray of shape (n_parameters,)
            Finite. Of another number of parameters, as of a network that was there before, it is passed over.
        text : str
            What the undo menu calls it.
        """
        if parameters.shape == (self._settings.n_parameters,):
            self._operate(text, set_parameters(self._settings, parameters))

    def _positions(self, part: Unit | Edge) -> list[int]:
        if not exists(self._settings, part):
            return []
        if isinstance(part, Edge):
            return [weight_position(self._settings, part)]
        return unit_positions(self._settings, part)

    def _layer_positions(self, layer: int) -> frozenset[int]:
        settings = self._settings
        size = settings.layer_sizes[layer] if layer < len(settings.layer_sizes) else 0
        units = (Unit(layer, index) for index in range(size))
        return frozenset(position for unit in units for position in unit_positions(settings, unit))

    def _mark(self, text: str, **marks: Any) -> None:
        surgery = set_marks(self._settings, **marks)
        if surgery.settings != self._settings:
            self._operate(text, surgery)

    def _operate(self, text: str, surgery: Surgery) -> None:
        self._changes.perform(text, Change(surgery=surgery))
