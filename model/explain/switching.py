"""Switching: where on the plane the neurons of a layer switch, which is where what they sum up is 0."""

from __future__ import annotations

import numpy as np

from model.network.network import Network
from model.types import FloatArray


def sums_on_grid(network: Network, layer: int, x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the pre-activations of a layer's neurons at the crossings of a grid.

    The lines of 0 are those at which a neuron switches. They are straight where the layer is the first one and its
    inputs are the coordinates; behind other layers they are bent.

    Parameters
    ----------
    network : Network
    layer : int
        1 for the first layer with weights.
    x, y : ndarray of shape (n_columns,) and (n_rows,)
        The grid's first and second coordinates, in data units.

    Returns
    -------
    ndarray of shape (n_units, n_rows, n_columns)

    Raises
    ------
    ValueError
        If there is no such layer.
    """
    if not 1 <= layer <= network.n_layers:
        raise ValueError(f"layer must be 1 to {network.n_layers}; got {layer}")
    columns, rows = np.meshgrid(x, y)
    sums = network.pre_activations(np.stack([columns.ravel(), rows.ravel()], axis=1))[layer - 1]
    return np.ascontiguousarray(sums.T).reshape(-1, len(y), len(x))
