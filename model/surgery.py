"""Surgery: changes of a network's shape that keep every parameter that still has a place.

A :class:`Surgery` says for each parameter of the new network at which position of the old vector it was. So it can be
applied to any network of the old shape (the one that trains, the first weights of the run), and its inverse is found by
turning the positions round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.network import Network, NetworkSettings, with_output
from model.types import FloatArray, IntArray
from model.workspace import layer_matrices

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
    """

    settings: NetworkSettings
    sources: IntArray
    fresh: FloatArray

    def apply(self, network: Network) -> Network:
        """Return a network of the new shape; `network` stays as it is."""
        parameters = np.where(self.sources == _NEW, self.fresh, network.parameters[self.sources])
        return Network.from_settings(self.settings, parameters)

    def inverse(self, before: Network) -> Surgery:
        """Return the surgery that leads back to the shape of `before`.

        What had no place in the new network gets its value in `before` again; the rest stays as training left it.
        """
        sources = np.full(before.settings.n_parameters, _NEW, dtype=np.intp)
        kept = np.flatnonzero(self.sources != _NEW)
        sources[self.sources[kept]] = kept
        return Surgery(before.settings, sources, before.parameters.copy())


def _positions(settings: NetworkSettings) -> list[IntArray]:
    """Return each layer's matrix, shape (n_in + 1, n_out), filled with the positions of its parameters."""
    positions = np.arange(settings.n_parameters, dtype=np.intp)
    return list(layer_matrices(positions, settings.layer_sizes))


def _surgery(
    settings: NetworkSettings, positions: Sequence[IntArray], generator: np.random.Generator | None
) -> Surgery:
    """Return the surgery to `settings`; new parameters are drawn, or 0 where there is no generator."""
    fresh = [
        np.zeros(matrix.shape)
        if generator is None
        else settings.draw_layer(generator, matrix.shape[0] - 1, matrix.shape[1])
        for matrix in positions
    ]
    return Surgery(
        settings,
        np.concatenate([matrix.ravel() for matrix in positions]),
        np.concatenate([matrix.ravel() for matrix in fresh]),
    )


def _with_hidden(settings: NetworkSettings, hidden_sizes: Sequence[int], activations: Sequence[str]) -> NetworkSettings:
    sizes = (settings.layer_sizes[0], *hidden_sizes, settings.layer_sizes[-1])
    return replace(settings, layer_sizes=sizes, hidden_activations=tuple(activations))


def insert_unit(settings: NetworkSettings, layer: int, index: int, generator: np.random.Generator) -> Surgery:
    """Put a new neuron into hidden layer `layer`, counted from 1, so that it stands at `index`."""
    hidden = list(settings.layer_sizes[1:-1])
    hidden[layer - 1] += 1
    positions = _positions(settings)
    positions[layer - 1] = np.insert(positions[layer - 1], index, _NEW, axis=1)
    positions[layer] = np.insert(positions[layer], index, _NEW, axis=0)
    return _surgery(_with_hidden(settings, hidden, settings.hidden_activations), positions, generator)


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
    positions = _positions(settings)
    positions[layer - 1] = np.delete(positions[layer - 1], index, axis=1)
    positions[layer] = np.delete(positions[layer], index, axis=0)
    return _surgery(_with_hidden(settings, hidden, settings.hidden_activations), positions, None)


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
    positions = _positions(settings)
    n_in = settings.layer_sizes[layer - 1]
    positions.insert(layer - 1, np.full((n_in + 1, n_units), _NEW, dtype=np.intp))
    positions[layer] = _fit_inputs(positions[layer], n_units)
    return _surgery(_with_hidden(settings, hidden, activations), positions, generator)


def remove_layer(settings: NetworkSettings, layer: int, generator: np.random.Generator) -> Surgery:
    """Take hidden layer `layer`, counted from 1, out.

    The weights that led from it lead from the neurons of the layer before it, as many as there are.
    """
    hidden = list(settings.layer_sizes[1:-1])
    activations = list(settings.hidden_activations)
    del hidden[layer - 1], activations[layer - 1]
    positions = _positions(settings)
    n_in = settings.layer_sizes[layer - 1]
    del positions[layer - 1]
    positions[layer - 1] = _fit_inputs(positions[layer - 1], n_in)
    return _surgery(_with_hidden(settings, hidden, activations), positions, generator)


def _fit_inputs(positions: IntArray, n_in: int) -> IntArray:
    """Return a layer's positions for `n_in` inputs: the first ones kept, further ones new, the biases kept."""
    kept = positions[: min(n_in, len(positions) - 1)]
    new = np.full((n_in - len(kept), positions.shape[1]), _NEW, dtype=np.intp)
    return np.concatenate([kept, new, positions[-1:]])


def set_activation(settings: NetworkSettings, layer: int, activation: str) -> Surgery:
    """Give hidden layer `layer`, counted from 1, another activation."""
    activations = list(settings.hidden_activations)
    activations[layer - 1] = activation
    return _surgery(replace(settings, hidden_activations=tuple(activations)), _positions(settings), None)


def set_output(
    settings: NetworkSettings,
    n_classes: int,
    output_activation: str,
    generator: np.random.Generator,
    removed_class: int | None = None,
    *,
    single_unit: bool = True,
) -> Surgery:
    """Give the network an output layer for `n_classes`; the units of classes that stay keep their weights.

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
    after = with_output(settings, n_classes, output_activation, single_unit=single_unit)
    positions = _positions(settings)
    output = positions[-1]
    was_single, is_single = settings.layer_sizes[-1] == 1, after.layer_sizes[-1] == 1
    if was_single and not is_single:
        output = np.insert(output, 0, _NEW, axis=1)
        if n_classes == 2:
            return _surgery(after, [*positions[:-1], output], None)
    elif is_single and not was_single:
        if removed_class is not None:
            output = np.delete(output, removed_class, axis=1)
        return _surgery(after, [*positions[:-1], output[:, 1:2]], None)
    n_out = output.shape[1]
    if after.layer_sizes[-1] < n_out:
        gone = n_out - 1 if removed_class is None else removed_class
        output = np.delete(output, gone, axis=1)
    output = output[:, : after.layer_sizes[-1]]
    missing = after.layer_sizes[-1] - output.shape[1]
    output = np.concatenate([output, np.full((len(output), missing), _NEW, dtype=np.intp)], axis=1)
    return _surgery(after, [*positions[:-1], output], generator)
