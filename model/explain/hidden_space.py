"""Hidden space: where a layer puts the points of the plane, and how it gets them there from the layer before.

The values of a layer's neurons are the coordinates of a space with as many axes as neurons. What has more axes than can
be drawn is seen along its principal components, the directions in which the points differ most.

The way through a layer has three stations: the values of the layer before, the sums z = W a + b, and the values
a = f(z). The first half of the way is a linear map, which turns, stretches and shifts and leaves lines straight; the
second half is the activation, which bends them. On each half every point moves in a straight line from its one place to
its next. The sums are seen along the axes of the layer's own values, so that the second half is a true picture of a
layer in between, (1 - s) z + s a, at every share s. On the first half two spaces with different numbers of axes may
meet, so there it is the places in the picture that move.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from math import isqrt

import numpy as np

from model.data.dataset import PLANE_LIMIT
from model.network.network import Network
from model.network.settings import NetworkSettings
from model.types import FloatArray, read_only

FINE_CELLS, COARSE_CELLS = 96, 48
"""Cells along each side of the sheet that shows what becomes of the plane."""

_MANY_UNITS = 150
"""Of a network with more neurons the sheet is coarse in any case: a fine one would take 10 ms of NumPy."""

BEFORE, SUMS, VALUES = 0.0, 0.5, 1.0
"""How much of the way through a layer lies behind each of its stations."""

_LEAST_POINTS = 3
"""Of fewer points the places of the sheet take part in finding the components: they alone span next to nothing."""


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """The axes along which the values of a layer are seen.

    Attributes
    ----------
    origin : ndarray of shape (n_values,)
        The values that are seen at 0.
    directions : ndarray of shape (n_axes, n_values)
        Of length 1 and at right angles to each other; zeros for an axis that there is not, because the layer has fewer
        neurons.
    shares : tuple of float or None
        The share of the variance that lies along each axis, of principal components; zeros where nothing varies. None:
        the axes are those of the neurons themselves, the first neuron's first.
    """

    origin: FloatArray
    directions: FloatArray
    shares: tuple[float, ...] | None = None

    @property
    def are_neurons(self) -> bool:
        """Whether each axis is the value of one neuron, so that nothing is left out."""
        return self.shares is None

    def seen(self, values: FloatArray) -> FloatArray:
        """Return where values of shape (n, n_values) are seen, an ndarray of shape (n, n_axes)."""
        with np.errstate(all="ignore"):
            places: FloatArray = (values - self.origin) @ self.directions.T
        return places


def neuron_axes(n_values: int, n_axes: int) -> Axes:
    """Return the axes of the first `n_axes` neurons themselves."""
    return Axes(np.zeros(n_values), np.eye(n_axes, n_values))


def principal_axes(values: FloatArray, n_axes: int, like: Axes | None = None) -> Axes:
    """Return the principal components of values: the directions in which they differ most.

    Parameters
    ----------
    values : ndarray of shape (n, n_values)
    n_axes : int
        At most `n_values`.
    like : Axes, optional
        Axes of a moment before. A component may point either way; it points the way that one does, so that a picture
        does not flip from moment to moment. By default the largest of its numbers is above 0.

    Returns
    -------
    Axes
        Not finite where a value is not.

    Notes
    -----
    The rows of V^T of the singular value decomposition of the centred values, and the squares of the singular values as
    shares of their sum. A tall matrix has the singular values and V of the triangle R of its QR decomposition.
    """
    n_values = values.shape[1]
    scale = float(np.abs(values).max(initial=0.0))
    if not np.isfinite(scale):
        return Axes(np.full(n_values, np.nan), np.eye(n_axes, n_values), (0.0,) * n_axes)
    # Of huge numbers the squares would be infinite.
    scaled = values / (scale or 1.0)
    mean = scaled.mean(axis=0) if len(values) else np.zeros(n_values)
    centred = scaled - mean
    if len(centred) > n_values:
        centred = np.asarray(np.linalg.qr(centred, mode="r"))
    _, singular, directions = np.linalg.svd(centred)
    variances = np.zeros(n_values)
    variances[: len(singular)] = singular**2
    total = float(variances.sum())
    shares = variances[:n_axes] / total if total > 0.0 else np.zeros(n_axes)
    directions = directions[:n_axes]
    directions *= _signs(directions, like)[:, np.newaxis]
    return Axes(mean * (scale or 1.0), directions, tuple(shares.tolist()))


def _signs(directions: FloatArray, like: Axes | None) -> FloatArray:
    """Return 1 or -1 for each direction: which way it points."""
    if like is not None and not like.are_neurons and like.directions.shape == directions.shape:
        along = np.einsum("ij,ij->i", directions, like.directions)
    else:
        along = directions[np.arange(len(directions)), np.abs(directions).argmax(axis=1)]
    return np.where(along < 0.0, -1.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """Where points are seen on their way through a layer.

    Attributes
    ----------
    before, sums, values : ndarray of shape (n_points, n_axes)
        At each of its stations.
    """

    before: FloatArray
    sums: FloatArray
    values: FloatArray

    def at(self, share: float) -> FloatArray:
        """Return where they are when a share of the way, 0 to 1, lies behind them."""
        first, second = (self.before, self.sums) if share < SUMS else (self.sums, self.values)
        part = 2.0 * share - (share >= SUMS)
        if part in (0.0, 1.0):
            return second if part else first
        with np.errstate(all="ignore"):
            places: FloatArray = first * (1.0 - part) + second * part
        return places


@dataclass(frozen=True, eq=False)
class HiddenSpace:
    """A hidden layer's values of points and of the plane.

    Attributes
    ----------
    network : Network
    layer : int
        The first hidden one is 1.
    before, axes : Axes
        Of the layer before, and of this one; before the first layer lies the plane itself, whatever the features are.
    places : ndarray of shape (n_places, 2)
        The places of the plane that the sheet consists of, see :func:`sheet_places`.
    points, sheet : Way
        Of the points, and of these places.
    on_line : bool
        Whether the network knows the first coordinate alone, so that the sheet is a line.
    sheet_sums, sheet_outputs : ndarray of shape (n_places, n_next) and (n_places, n_out)
        The sums of the next layer, and what the network says, at the places of the sheet.
    """

    network: Network
    layer: int
    before: Axes
    axes: Axes
    places: FloatArray = field(repr=False)
    points: Way
    sheet: Way
    on_line: bool
    sheet_sums: FloatArray = field(repr=False)
    sheet_outputs: FloatArray = field(repr=False)

    @property
    def n_axes(self) -> int:
        """How many axes it is seen along."""
        return len(self.axes.directions)

    @property
    def sheet_shape(self) -> tuple[int, int]:
        """How many rows and columns of places the sheet has."""
        n_rows = 1 if self.on_line else isqrt(len(self.places))
        return n_rows, len(self.places) // n_rows

    @cached_property
    def is_finite(self) -> bool:
        """Whether every place can be drawn."""
        ways = (self.points, self.sheet)
        stations = [places for way in ways for places in (way.before, way.sums, way.values)]
        # Half the largest number: the way from one end to the other is finite, too.
        return all(bool((np.abs(places) < _LARGEST).all()) for places in stations)

    @cached_property
    def is_constant(self) -> bool:
        """Whether the layer gives the whole plane the same values."""
        return bool((self.sheet.values == self.sheet.values[0]).all())

    def way_of(self, points: FloatArray) -> Way:
        """Return the way of other points, an ndarray of shape (n, 2)."""
        points = _flattened(points) if self.on_line else points
        sums, layers = self.network.layer_values(points)
        return _way(self.layer, points, sums, layers, self.before, self.axes)

    def limits(self, share: float) -> tuple[FloatArray, FloatArray]:
        """Return the lowest and the highest place of points and sheet when a share of the way lies behind them.

        Between two stations they go evenly from those of the one to those of the other, and all places lie within.

        Returns
        -------
        low, high : ndarray of shape (n_axes,)
        """
        bounds = []
        for end in (np.min, np.max):
            stations = (
                np.stack([end(np.concatenate([a, b]), axis=0)])
                for a, b in zip(self._stations(self.points), self._stations(self.sheet), strict=True)
            )
            bounds.append(Way(*stations).at(share)[0])
        return bounds[0], bounds[1]

    @staticmethod
    def _stations(way: Way) -> tuple[FloatArray, FloatArray, FloatArray]:
        return way.before, way.sums, way.values

    def next_sums(self) -> tuple[FloatArray, FloatArray]:
        """Return how the sums of the next layer follow from a place of the picture: offsets + directions @ place.

        Where this layer has more neurons than there are axes, they are the sums at the places of the layer's space that
        lie in the picture's own plane, through the mean.

        Returns
        -------
        directions : ndarray of shape (n_next, n_axes)
        offsets : ndarray of shape (n_next,)
        """
        matrix = self.network.layer_matrices()[self.layer]
        with np.errstate(all="ignore"):
            return matrix[:-1].T @ self.axes.directions.T, self.axes.origin @ matrix[:-1] + matrix[-1]


_LARGEST = float(np.finfo(np.float64).max) / 4


def hidden_space(
    network: Network,
    layer: int,
    points: FloatArray,
    *,
    n_axes: int,
    coarse: bool = False,
    like: Mapping[int, Axes] | None = None,
) -> HiddenSpace:
    """Return what a hidden layer makes of points and of the plane.

    Of a network that is that of a curve, the plane is the line of the first coordinate, and so are the points.

    Parameters
    ----------
    network : Network
    layer : int
        The first hidden one is 1.
    points : ndarray of shape (n_points, 2)
    n_axes : int
        2 or 3. A layer of as many neurons, or fewer, is seen along these; one of more along principal components of the
        points' values, of fewer than three points along those of the sheet's.
    coarse : bool
        Whether the sheet is coarse, which takes a quarter of the time.
    like : mapping of int to Axes, optional
        The axes of some layers at a moment before, see :func:`principal_axes`.

    Raises
    ------
    ValueError
        If there is no such hidden layer.
    """
    n_hidden = network.settings.n_hidden_layers
    if not 1 <= layer <= n_hidden:
        raise ValueError(f"layer must be 1 to {n_hidden}, the hidden layers; got {layer}")
    on_line = network.settings.is_of_curve
    sheet = sheet_places(sheet_cells(network.settings, coarse=coarse), on_line=on_line)
    places = np.concatenate([np.asarray(points, dtype=np.float64).reshape(-1, 2), sheet])
    places = _flattened(places) if on_line else places
    sums, layers = network.layer_values(places)
    n_points = len(places) - len(sheet)
    like = like or {}
    before, axes = (_axes_of(layers, number, n_points, n_axes, like.get(number)) for number in (layer - 1, layer))
    way = _way(layer, places, sums, layers, before, axes)
    stations = [(part[:n_points], part[n_points:]) for part in (way.before, way.sums, way.values)]
    of_points, of_sheet = (Way(*parts) for parts in zip(*stations, strict=True))
    return HiddenSpace(
        network, layer, before, axes, sheet, of_points, of_sheet, on_line, sums[layer][n_points:], layers[-1][n_points:]
    )


def _flattened(points: FloatArray) -> FloatArray:
    """Return points on the line of the first coordinate."""
    return np.asarray(points * [1.0, 0.0])


def _axes_of(layers: list[FloatArray], layer: int, n_points: int, n_axes: int, like: Axes | None) -> Axes:
    """Return the axes along which a layer is seen; before the first layer those of the plane."""
    values = layers[layer]
    n_values = values.shape[1] if layer else 2
    if n_values <= n_axes:
        return neuron_axes(n_values, n_axes)
    return principal_axes(values[:n_points] if n_points >= _LEAST_POINTS else values[n_points:], n_axes, like)


def _way(
    layer: int, points: FloatArray, sums: list[FloatArray], layers: list[FloatArray], before: Axes, axes: Axes
) -> Way:
    first = layers[layer - 1] if layer > 1 else points
    return Way(before.seen(first), axes.seen(sums[layer - 1]), axes.seen(layers[layer]))


def sheet_cells(settings: NetworkSettings, *, coarse: bool) -> int:
    """Return how many cells the sheet of such a network has along each side."""
    return COARSE_CELLS if coarse or sum(settings.layer_sizes) > _MANY_UNITS else FINE_CELLS


@lru_cache(maxsize=4)
def sheet_places(n_cells: int, *, on_line: bool = False) -> FloatArray:
    """Return the places of the plane that a sheet consists of.

    Returns
    -------
    ndarray of shape (n_places, 2)
        Row by row, the lowest second coordinate first, (n_cells + 1)² of them; on a line a single row with four times
        as many cells.
    """
    if on_line:
        x = np.linspace(-PLANE_LIMIT, PLANE_LIMIT, 4 * n_cells + 1)
        return read_only(np.stack([x, np.zeros_like(x)], axis=1))
    ticks = np.linspace(-PLANE_LIMIT, PLANE_LIMIT, n_cells + 1)
    x, y = np.meshgrid(ticks, ticks)
    return read_only(np.stack([x.ravel(), y.ravel()], axis=1))
