"""Surgery: changes of a network's shape that keep every parameter that still has a place.

A :class:`Surgery` says for each parameter of the new network at which position of the old vector it was. So it can be
applied to any network of the old shape (the one that trains, the first weights of the run), and its inverse is found by
turning the positions round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from model.data.features import check_features
from model.network.layout import BIAS_KINDS, BiasKind, Number, bias_views, weight_views
from model.network.network import Network
from model.network.settings import NetworkSettings, with_output
from model.types import FloatArray, IntArray, check_choice

_NEW = -1


@dataclass(frozen=True, slots=True, eq=False)
class Surgery:
    """A change of shape.

    Attributes
    ----------
    settings : NetworkSettings
        Of the network after the change.
    sources : ndarray of shape (n_new_parameters,)
        The position of each parameter in the old vector, -1 for a new one.
    fresh : ndarray of shape (n_new_parameters,)
        The values of the new ones.
    factors : ndarray of shape (n_new_parameters,) or None
        What each parameter that was there before is multiplied by; None: all by 1.
    """

    settings: NetworkSettings
    sources: IntArray
    fresh: FloatArray
    factors: FloatArray | None = None

    def apply(self, network: Network) -> Network:
        """Return a network of the new shape; `network` stays as it is."""
        kept = network.parameters[self.sources] if len(network.parameters) else np.zeros_like(self.fresh)
        if self.factors is not None:
            kept = kept * self.factors
        return Network.from_settings(self.settings, np.where(self.sources == _NEW, self.fresh, kept))

    def then(self, second: Surgery) -> Surgery:
        """Return this surgery and another one of the network that it leads to, as one."""
        kept = np.flatnonzero(second.sources != _NEW)
        between = second.sources[kept]
        sources, fresh, factors = second.sources.copy(), second.fresh.copy(), np.ones(len(second.sources))
        sources[kept], fresh[kept] = self.sources[between], self.fresh[between]
        for surgery, rows in ((self, between), (second, kept)):
            if surgery.factors is not None:
                factors[kept] *= surgery.factors[rows]
        return Surgery(second.settings, sources, fresh, factors)

    def inverse(self, before: Network) -> Surgery:
        """Return the surgery that leads back to the shape of `before`.

        What had no place in the new network gets its value in `before` again; the rest stays as training left it.
        """
        sources = np.full(before.settings.n_parameters, _NEW, dtype=np.intp)
        kept = np.flatnonzero(self.sources != _NEW)
        # Where one parameter became several, the first of them goes back.
        sources[self.sources[kept[::-1]]] = kept[::-1]
        factors = None
        if self.factors is not None:
            factors = np.ones(len(sources))
            factors[sources != _NEW] = 1.0 / self.factors[sources[sources != _NEW]]
        return Surgery(before.settings, sources, before.parameters.copy(), factors)


@dataclass(slots=True, eq=False)
class _Places:
    """The positions of a network's parameters, as arrays that can be cut and sewn.

    Attributes
    ----------
    weights : list of ndarray of shape (n_in, n_out)
    biases : list of ndarray of shape (n_out,)
        The same position in every place where the bias is shared; -1 where there is none.
    """

    weights: list[IntArray]
    biases: list[IntArray]

    @classmethod
    def of(cls, settings: NetworkSettings) -> _Places:
        positions = np.arange(settings.n_parameters, dtype=np.intp)
        weights = [view.copy() for view in weight_views(positions, settings.layer_sizes, settings.bias)]
        if settings.bias == "none":
            return cls(weights, [np.full(size, _NEW, dtype=np.intp) for size in settings.layer_sizes[1:]])
        return cls(weights, [view.copy() for view in bias_views(positions, settings.layer_sizes, settings.bias)])

    def insert_unit(self, layer: int, index: int, source: int | None = None) -> None:
        """Make room for a unit of hidden layer `layer`, counted from 1; `source` is the unit that it copies."""
        column = _NEW if source is None else self.weights[layer - 1][:, source]
        bias = _NEW if source is None else self.biases[layer - 1][source]
        row = _NEW if source is None else self.weights[layer][source]
        self.weights[layer - 1] = np.insert(self.weights[layer - 1], index, column, axis=1)
        self.biases[layer - 1] = np.insert(self.biases[layer - 1], index, bias)
        self.weights[layer] = np.insert(self.weights[layer], index, row, axis=0)

    def fit_inputs(self, layer: int, n_in: int) -> None:
        """Give weight layer `layer` as many inputs: the first ones kept, further ones new."""
        kept = self.weights[layer][:n_in]
        new = np.full((n_in - len(kept), kept.shape[1]), _NEW, dtype=np.intp)
        self.weights[layer] = np.concatenate([kept, new])

    def fit_outputs(self, layer: int, n_out: int) -> None:
        """Give weight layer `layer` as many outputs: the first ones kept, further ones new."""
        kept, biases = self.weights[layer][:, :n_out], self.biases[layer][:n_out]
        n_new = n_out - len(biases)
        self.weights[layer] = np.concatenate([kept, np.full((len(kept), n_new), _NEW, dtype=np.intp)], axis=1)
        self.biases[layer] = np.concatenate([biases, np.full(n_new, _NEW, dtype=np.intp)])


def _flat(kind: str, weights: Sequence[NDArray[Number]], biases: Sequence[NDArray[Number]]) -> NDArray[Number]:
    """Return weights and biases in the order of the flat vector, see :mod:`model.network.layout`."""
    if kind == "per_neuron":
        pairs = zip(weights, biases, strict=True)
        return np.concatenate([part for w, b in pairs for part in (w.ravel(), b)])
    start = [biases[-1][:1]] if kind == "shared" else []
    return np.concatenate([*start, *[w.ravel() for w in weights]])


def _surgery(
    before: NetworkSettings, after: NetworkSettings, places: _Places, generator: np.random.Generator | None
) -> Surgery:
    """Return the surgery from one network to another; new parameters are drawn, or 0 where there is no generator."""
    drawn = [
        np.zeros((n_in + 1, n_out)) if generator is None else after.draw_layer(generator, n_in, n_out)
        for n_in, n_out in (weights.shape for weights in places.weights)
    ]
    sources = _flat(after.bias, places.weights, places.biases)
    fresh = _flat(after.bias, [matrix[:-1] for matrix in drawn], [matrix[-1] for matrix in drawn])
    return Surgery(_with_marks(before, after, places, sources), sources, fresh)


def _with_marks(before: NetworkSettings, after: NetworkSettings, places: _Places, sources: IntArray) -> NetworkSettings:
    """Return `after` with what is frozen, pruned and muted in `before`, where it still has a place."""
    if not (before.frozen or before.pruned or before.muted):
        return after
    frozen, pruned = (
        frozenset(np.flatnonzero(np.isin(sources, sorted(marks))).tolist()) for marks in (before.frozen, before.pruned)
    )
    muted = {(0, index) for index, old in enumerate(_old_inputs(before, after)) if (0, old) in before.muted}
    owners = _owners(before)
    for layer, weights in enumerate(places.weights[:-1], start=1):
        for index, column in enumerate(weights.T):
            # A unit is known by any weight that leads to it.
            known = column[column != _NEW]
            if len(known) and tuple(owners[known[0]].tolist()) in before.muted:
                muted.add((layer, index))
    return replace(after, frozen=frozen, pruned=pruned, muted=frozenset(muted))


def _old_inputs(before: NetworkSettings, after: NetworkSettings) -> list[int]:
    """Return which input of `before` each input of `after` was, -1 for a new one."""
    if before.features is None or after.features is None:
        return list(range(after.layer_sizes[0]))
    return [before.features.index(name) if name in before.features else _NEW for name in after.features]


def _owners(settings: NetworkSettings) -> IntArray:
    """Return to which unit each parameter's weight leads, as layer and index, shape (n_parameters, 2)."""
    owners = np.full((settings.n_parameters, 2), _NEW, dtype=np.intp)
    for layer, positions in enumerate(_Places.of(settings).weights, start=1):
        owners[positions, 0] = layer
        owners[positions, 1] = np.arange(positions.shape[1])
    return owners


def _with_hidden(settings: NetworkSettings, hidden_sizes: Sequence[int], activations: Sequence[str]) -> NetworkSettings:
    sizes = (settings.layer_sizes[0], *hidden_sizes, settings.layer_sizes[-1])
    return _unmarked(settings, layer_sizes=sizes, hidden_activations=tuple(activations))


def _unmarked(settings: NetworkSettings, **changes: object) -> NetworkSettings:
    """Return changed settings in which nothing is frozen, pruned or muted: those marks are for another shape."""
    return replace(settings, frozen=frozenset(), pruned=frozenset(), muted=frozenset(), **changes)  # type: ignore[arg-type]  # names and types of NetworkSettings


def insert_unit(settings: NetworkSettings, layer: int, index: int, generator: np.random.Generator) -> Surgery:
    """Put a new neuron into hidden layer `layer`, counted from 1, so that it stands at `index`."""
    hidden = list(settings.layer_sizes[1:-1])
    hidden[layer - 1] += 1
    places = _Places.of(settings)
    places.insert_unit(layer, index)
    return _surgery(settings, _with_hidden(settings, hidden, settings.hidden_activations), places, generator)


def resize_layers(settings: NetworkSettings, hidden_sizes: Sequence[int], generator: np.random.Generator) -> Surgery:
    """Give every hidden layer another size: the first neurons stay, further ones are new."""
    places = _Places.of(settings)
    for layer, size in enumerate(hidden_sizes, start=1):
        places.fit_outputs(layer - 1, size)
        places.fit_inputs(layer, size)
    return _surgery(settings, _with_hidden(settings, hidden_sizes, settings.hidden_activations), places, generator)


def split_unit(settings: NetworkSettings, layer: int, index: int, generator: np.random.Generator) -> Surgery:
    """Make two neurons of the one at `index` of hidden layer `layer`, counted from 1; the function stays the same.

    Both have the weights that came in and share those that went out, unevenly: equal halves would learn the same for
    ever.

    Raises
    ------
    ValueError
        If the bias is shared: the new edges would add it once more.

    Notes
    -----
    Net2Net's wider operator (Chen et al. 2015), with uneven shares instead of noise.
    """
    if settings.bias == "shared":
        raise ValueError("a neuron cannot be split where the bias is shared: each new edge would add it once more")
    hidden = list(settings.layer_sizes[1:-1])
    hidden[layer - 1] += 1
    places = _Places.of(settings)
    places.insert_unit(layer, index + 1, source=index)
    after = _with_hidden(settings, hidden, settings.hidden_activations)
    surgery = _surgery(settings, after, places, None)
    factors = np.ones(after.n_parameters)
    outgoing = weight_views(factors, after.layer_sizes, after.bias)[layer]
    shares = generator.uniform(0.3, 0.7, outgoing.shape[1])
    outgoing[index], outgoing[index + 1] = shares, 1.0 - shares
    return replace(surgery, factors=factors)


def remove_unit(settings: NetworkSettings, layer: int, index: int) -> Surgery:
    """Take the neuron at `index` out of hidden layer `layer`, counted from 1.

    Raises
    ------
    ValueError
        If it is the layer's only neuron.
    """
    hidden = list(settings.layer_sizes[1:-1])
    if hidden[layer - 1] == 1:
        raise ValueError("a layer keeps at least one neuron; remove the layer instead")
    hidden[layer - 1] -= 1
    places = _Places.of(settings)
    places.weights[layer - 1] = np.delete(places.weights[layer - 1], index, axis=1)
    places.biases[layer - 1] = np.delete(places.biases[layer - 1], index)
    places.weights[layer] = np.delete(places.weights[layer], index, axis=0)
    return _surgery(settings, _with_hidden(settings, hidden, settings.hidden_activations), places, None)


def insert_layer(
    settings: NetworkSettings, layer: int, n_units: int, activation: str, generator: np.random.Generator
) -> Surgery:
    """Put a new hidden layer in, so that it is layer `layer`, counted from 1.

    The weights that led to the next layer go on from the new layer's neurons, as many as there are.
    """
    hidden = list(settings.layer_sizes[1:-1])
    activations = list(settings.hidden_activations)
    hidden.insert(layer - 1, n_units)
    activations.insert(layer - 1, activation)
    places = _Places.of(settings)
    n_in = settings.layer_sizes[layer - 1]
    places.weights.insert(layer - 1, np.full((n_in, n_units), _NEW, dtype=np.intp))
    places.biases.insert(layer - 1, np.full(n_units, _NEW, dtype=np.intp))
    places.fit_inputs(layer, n_units)
    return _surgery(settings, _with_hidden(settings, hidden, activations), places, generator)


def remove_layer(settings: NetworkSettings, layer: int, generator: np.random.Generator) -> Surgery:
    """Take hidden layer `layer`, counted from 1, out.

    The weights that led from it lead from the neurons of the layer before it, as many as there are.
    """
    hidden = list(settings.layer_sizes[1:-1])
    activations = list(settings.hidden_activations)
    del hidden[layer - 1], activations[layer - 1]
    places = _Places.of(settings)
    n_in = settings.layer_sizes[layer - 1]
    del places.weights[layer - 1], places.biases[layer - 1]
    places.fit_inputs(layer - 1, n_in)
    return _surgery(settings, _with_hidden(settings, hidden, activations), places, generator)


def set_activation(settings: NetworkSettings, layer: int, activation: str) -> Surgery:
    """Give hidden layer `layer`, counted from 1, another activation."""
    activations = list(settings.hidden_activations)
    activations[layer - 1] = activation
    return _relabelled(replace(settings, hidden_activations=tuple(activations)))


def set_activations(settings: NetworkSettings, activations: Sequence[str]) -> Surgery:
    """Give every hidden layer its activation."""
    return _relabelled(replace(settings, hidden_activations=tuple(activations)))


def _relabelled(settings: NetworkSettings) -> Surgery:
    """Return the surgery to settings of the same shape; every parameter stays where it is."""
    n_parameters = settings.n_parameters
    return Surgery(settings, np.arange(n_parameters, dtype=np.intp), np.zeros(n_parameters))


def set_features(
    settings: NetworkSettings,
    features: Sequence[str],
    standardization: Sequence[tuple[float, float]],
    generator: np.random.Generator,
) -> Surgery:
    """Make the inputs of other features; those that stay keep their weights.

    Raises
    ------
    ValueError
        If a feature is wrong, see :func:`model.data.features.check_features`.
    """
    check_features(features)
    after = _unmarked(
        settings,
        features=tuple(features),
        standardization=tuple(standardization),
        layer_sizes=(len(features), *settings.layer_sizes[1:]),
    )
    places = _Places.of(settings)
    # A row more, of new weights, at index -1.
    rows = np.concatenate([places.weights[0], np.full((1, places.weights[0].shape[1]), _NEW, dtype=np.intp)])
    places.weights[0] = rows[_old_inputs(settings, after)]
    return _surgery(settings, after, places, generator)


def set_bias(settings: NetworkSettings, kind: BiasKind) -> Surgery:
    """Give the network another kind of bias; its weights stay.

    From a shared bias to one for each neuron the function stays the same: each gets what was added for all its edges.
    From none, biases begin at 0. What becomes shared begins at 0, too.
    """
    check_choice("bias", kind, BIAS_KINDS)
    places = _Places.of(settings)
    if settings.bias == "per_neuron" != kind:
        places.biases = [np.full_like(biases, _NEW) for biases in places.biases]
    surgery = _surgery(settings, _unmarked(settings, bias=kind), places, None)
    if settings.bias == "shared" and kind == "per_neuron":
        factors = np.ones(surgery.settings.n_parameters)
        for biases, (n_in, _) in zip(
            bias_views(factors, settings.layer_sizes, kind), pairwise(settings.layer_sizes), strict=True
        ):
            biases[:] = n_in
        return replace(surgery, factors=factors)
    return surgery


def set_marks(
    settings: NetworkSettings,
    *,
    frozen: frozenset[int] | None = None,
    pruned: frozenset[int] | None = None,
    muted: frozenset[tuple[int, int]] | None = None,
) -> Surgery:
    """Freeze parameters, prune weights or mute neurons; what is not given stays.

    A pruned weight becomes 0; one that comes back begins at 0.
    """
    after = replace(
        settings,
        frozen=settings.frozen if frozen is None else frozen,
        pruned=settings.pruned if pruned is None else pruned,
        muted=settings.muted if muted is None else muted,
    )
    surgery = _relabelled(after)
    surgery.sources[sorted(after.pruned - settings.pruned)] = _NEW
    return surgery


def set_parameters(settings: NetworkSettings, parameters: FloatArray) -> Surgery:
    """Give every parameter a value; a pruned weight stays 0."""
    fresh = np.array(parameters, dtype=np.float64)
    fresh[sorted(settings.pruned)] = 0.0
    return Surgery(settings, np.full(settings.n_parameters, _NEW, dtype=np.intp), fresh)


def set_output(
    settings: NetworkSettings,
    n_classes: int,
    output_activation: str,
    generator: np.random.Generator,
    removed_class: int | None = None,
    *,
    single_unit: bool = True,
) -> Surgery:
    """Give the network an output layer for `n_classes`, 0 for a regression; units of classes that stay keep weights.

    Parameters
    ----------
    removed_class : int, optional
        The class that goes where classes become fewer; by default the last.
    single_unit : bool
        Let one unit answer, where there are two classes and the activation allows it.

    Notes
    -----
    One sigmoid unit is the unit of class 1 beside a class 0 whose pre-activation is always 0: from sigmoid to softmax
    the function stays the same.
    """
    after = with_output(_unmarked(settings), n_classes, output_activation, single_unit=single_unit)
    sizes = after.layer_sizes
    places = _Places.of(settings)
    # The biases as one more row, so that both are cut alike.
    output = np.concatenate([places.weights[-1], places.biases[-1][np.newaxis]])
    was_single, is_single = settings.layer_sizes[-1] == 1, sizes[-1] == 1
    draws: np.random.Generator | None = generator
    if was_single and not is_single:
        output = np.insert(output, 0, _NEW, axis=1)
        draws = None if n_classes == 2 else generator
    elif is_single and not was_single:
        if removed_class is not None:
            output = np.delete(output, removed_class, axis=1)
        output, draws = output[:, 1:2], None
    if sizes[-1] < output.shape[1]:
        gone = output.shape[1] - 1 if removed_class is None else removed_class
        output = np.delete(output, gone, axis=1)
    output = output[:, : sizes[-1]]
    missing = sizes[-1] - output.shape[1]
    output = np.concatenate([output, np.full((len(output), missing), _NEW, dtype=np.intp)], axis=1)
    if settings.bias == "shared":
        output[-1] = 0
    places.weights[-1], places.biases[-1] = output[:-1], output[-1]
    return _surgery(settings, after, places, draws)
