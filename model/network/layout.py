"""Layout: where every weight and bias lies in the flat vector of parameters, for each kind of bias.

Kinds of bias, see :data:`BIAS_KINDS`, and the order of the flat vector:

- per_neuron: for each layer its weights row by row, then its biases;
- none: the same without the biases;
- shared: one scalar, then the weights of each layer row by row: the order in which seed 004_541265211640a973.txt
  trains.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Any, Literal, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from model.types import Array, FloatArray, IntArray, read_only

Number = TypeVar("Number", bound=np.generic)

BiasKind: TypeAlias = Literal["per_neuron", "none", "shared"]

BIAS_KINDS: dict[str, str] = {
    "per_neuron": "Every neuron has a bias of its own.",
    "none": "No neuron has a bias.",
    "shared": "One bias serves all neurons, added once for each edge that comes in.",
}
"""Kinds of bias: name -> what it means, in a sentence."""


def count_parameters(layer_sizes: Sequence[int], bias: str) -> int:
    """Return how many weights and biases a network has."""
    n_weights = sum(n_in * n_out for n_in, n_out in pairwise(layer_sizes))
    return n_weights + {"per_neuron": sum(layer_sizes[1:]), "none": 0, "shared": 1}[bias]


def layer_matrices(parameters: NDArray[Number], layer_sizes: Sequence[int]) -> Iterator[NDArray[Number]]:
    """Yield each layer's matrix of shape (n_in + 1, n_out), a view of `parameters`; the last row holds the biases.

    Of several vectors, as rows of `parameters`, the matrices have shape (n, n_in + 1, n_out).
    """
    start = 0
    for n_in, n_out in pairwise(layer_sizes):
        stop = start + (n_in + 1) * n_out
        yield parameters[..., start:stop].reshape(*parameters.shape[:-1], n_in + 1, n_out)
        start = stop


def weight_views(parameters: NDArray[Number], layer_sizes: Sequence[int], bias: str) -> list[NDArray[Number]]:
    """Return each layer's weights, of shape (n_in, n_out), views of `parameters`."""
    if bias == "per_neuron":
        return [matrix[:-1] for matrix in layer_matrices(parameters, layer_sizes)]
    start = 1 if bias == "shared" else 0
    views = []
    for n_in, n_out in pairwise(layer_sizes):
        views.append(parameters[start : start + n_in * n_out].reshape(n_in, n_out))
        start += n_in * n_out
    return views


def bias_views(parameters: NDArray[Number], layer_sizes: Sequence[int], bias: str) -> list[NDArray[Number]]:
    """Return each layer's biases, of shape (n_out,).

    Views of `parameters`: where the bias is shared, every entry of every view is the one scalar. Where there is none,
    read-only zeros.
    """
    if bias == "per_neuron":
        return [matrix[-1] for matrix in layer_matrices(parameters, layer_sizes)]
    if bias == "none":
        return [read_only(np.zeros(n_out, dtype=parameters.dtype)) for n_out in layer_sizes[1:]]
    writeable = bool(parameters.flags.writeable)
    return [
        np.lib.stride_tricks.as_strided(parameters, (n_out,), (0,), writeable=writeable) for n_out in layer_sizes[1:]
    ]


class DenseLayout:
    """How the flat vector becomes one matrix of shape (n_in + 1, n_out) for each layer, and its gradient comes back.

    Parameters
    ----------
    layer_sizes : sequence of int
    bias : str
        A key of :data:`BIAS_KINDS`.
    muted : iterable of tuple of int
        Layer and index of neurons whose output counts as zero.

    Attributes
    ----------
    n_parameters : int
        Of the flat vector.
    size : int
        Entries of all matrices together.
    positions : ndarray of int of shape (size,)
        Which parameter each entry is made of.
    factors : ndarray of shape (size,)
        What it is multiplied by.

    Notes
    -----
    Every entry of the matrices is a factor times one parameter. A shared bias is added once for each incoming edge, so
    its factor is the number of inputs; the weights that lead from a muted neuron have the factor 0.
    """

    def __init__(self, layer_sizes: Sequence[int], bias: str, muted: Iterable[tuple[int, int]] = ()) -> None:
        self.n_parameters = count_parameters(layer_sizes, bias)
        self._layer_sizes = tuple(layer_sizes)
        self.size = count_parameters(layer_sizes, "per_neuron")
        positions = np.arange(self.n_parameters, dtype=np.intp)
        self.positions: IntArray = np.zeros(self.size, dtype=np.intp)
        self.factors: FloatArray = np.zeros(self.size)
        self._scratch: FloatArray = np.zeros(self.size)
        blocks = zip(self.matrices(self.positions), self.matrices(self.factors), strict=True)
        weights = weight_views(positions, layer_sizes, bias)
        biases = bias_views(positions, layer_sizes, bias)
        for layer, (places, factors) in enumerate(blocks):
            n_in = layer_sizes[layer]
            places[:-1], factors[:-1] = weights[layer], 1.0
            places[-1] = biases[layer]
            factors[-1] = {"per_neuron": 1.0, "none": 0.0, "shared": float(n_in)}[bias]
            for muted_layer, index in muted:
                if muted_layer == layer:
                    factors[index] = 0.0

    def matrices(self, dense: NDArray[Number]) -> list[NDArray[Number]]:
        """Return each layer's matrix, a view of a vector of :attr:`size` entries."""
        return list(layer_matrices(dense, self._layer_sizes))

    def expand(self, parameters: Array, out: Array) -> None:
        """Write the matrices' entries into `out`, an ndarray of shape (size,)."""
        np.take(parameters, self.positions, out=out, mode="clip")
        np.multiply(out, self.factors, out=out)

    def collect(self, dense_gradient: Array, out: Array) -> None:
        """Write the gradient by the parameters into `out`, given that by the matrices' entries."""
        np.multiply(dense_gradient, self.factors, out=self._scratch)
        out[:] = np.bincount(self.positions, weights=self._scratch, minlength=self.n_parameters)


def dense_layout(layer_sizes: Sequence[int], bias: str, muted: Iterable[Any] = ()) -> DenseLayout | None:
    """Return the layout that a network needs; None where the flat vector is the matrices already."""
    return None if bias == "per_neuron" and not muted else DenseLayout(layer_sizes, bias, muted)
