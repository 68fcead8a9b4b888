"""Directions: a plane through the parameters of a network, spanned in one of three ways, and what lies in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from model.network.layout import weight_views
from model.network.settings import NetworkSettings
from model.types import BoolArray, FloatArray, is_whole, read_only

MAX_PATH_POINTS = 100
"""Of a longer path, so many decide on its main directions."""

_LEAST_SHARE = 1e-9
"""A second direction that explains less of a path than this is none: it is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Where parameters lie on a plane.

    Attributes
    ----------
    places : ndarray of shape (n, 2)
        The nearest places of the plane; not finite where the parameters are not.
    shares : ndarray of shape (n,)
        Of the squared distance to the plane's origin, how much lies in the plane, 0 to 1; 1 for the origin itself.
    share : float
        The same of all squared distances together.
    """

    places: FloatArray
    shares: FloatArray
    share: float


@dataclass(frozen=True, slots=True, eq=False)
class Directions:
    """A plane through the parameters of a network.

    A place (x, y) stands for the parameters ``origin + (x - start[0]) * first + (y - start[1]) * second``.

    Attributes
    ----------
    origin, first, second : ndarray of shape (n_parameters,)
        Finite, read-only.
    start : tuple of float
        The place of the origin.

    Raises
    ------
    ValueError
        If something is not finite, or both directions are 0.
    """

    origin: FloatArray
    first: FloatArray
    second: FloatArray
    start: tuple[float, float] = (0.0, 0.0)
    _inverse: FloatArray = field(init=False, repr=False)

    def __post_init__(self) -> None:
        for name in ("origin", "first", "second"):
            array = np.array(getattr(self, name), dtype=np.float64)
            if not np.isfinite(array).all():
                raise ValueError("The numbers of the network are not finite.")
            object.__setattr__(self, name, read_only(array))
        if not (self.first.any() or self.second.any()):
            raise ValueError("All weights that could be moved are 0, and so are directions in proportion to them.")
        object.__setattr__(self, "_inverse", np.linalg.pinv(np.stack([self.first, self.second])))

    def at(self, places: FloatArray) -> FloatArray:
        """Return the parameters at places of shape (n, 2), an ndarray of shape (n, n_parameters)."""
        steps = np.asarray(places, dtype=np.float64) - self.start
        parameters: FloatArray = self.origin + steps[:, :1] * self.first + steps[:, 1:] * self.second
        return parameters

    def components(self, changes: FloatArray) -> FloatArray:
        """Return how far changes of the parameters lead along the two directions.

        Parameters
        ----------
        changes : ndarray of shape (n, n_parameters)
            Such as a descending gradient.

        Returns
        -------
        ndarray of shape (n, 2)
            Of the orthogonal projection. Where the directions are parallel, or one of them is 0, the smallest numbers
            that give it.
        """
        with np.errstate(all="ignore"):
            components: FloatArray = changes @ self._inverse
        return components

    def shares(self, changes: FloatArray) -> FloatArray:
        """Return how much of the squared length of changes lies in the plane, 0 to 1, an ndarray of shape (n,)."""
        inside, squares = self._squares(changes)
        return _ratio(inside, squares)

    def project(self, parameters: FloatArray) -> Projection:
        """Return where parameters of shape (n, n_parameters), such as those of a path, lie on the plane."""
        with np.errstate(all="ignore"):
            changes = np.asarray(parameters, dtype=np.float64) - self.origin
        inside, squares = self._squares(changes)
        finite = np.isfinite(squares)
        share = _ratio(inside[finite].sum(keepdims=True), squares[finite].sum(keepdims=True))
        return Projection(self.components(changes) + self.start, _ratio(inside, squares), float(share[0]))

    def _squares(self, changes: FloatArray) -> tuple[FloatArray, FloatArray]:
        """Return the squared lengths of what lies in the plane, and of all, in a common unit."""
        steps = self.components(changes)
        with np.errstate(all="ignore"):
            finite = np.abs(changes[np.isfinite(changes)])
            unit = float(finite.max()) if finite.size else 0.0
            scale = 1.0 / unit if 0.0 < unit < np.inf and np.isfinite(1.0 / unit) else 1.0
            inside = (steps[:, :1] * self.first + steps[:, 1:] * self.second) * scale
            return np.einsum("ij,ij->i", inside, inside), np.einsum("ij,ij->i", changes * scale, changes * scale)


def _ratio(part: FloatArray, whole: FloatArray) -> FloatArray:
    """Return part / whole, at most 1, and 1 where the whole is 0."""
    with np.errstate(all="ignore"):
        return np.where(whole > 0.0, np.minimum(part / whole, 1.0), 1.0)


def along_weights(network: NetworkSettings, origin: FloatArray, positions: tuple[int, int]) -> Directions:
    """Return the plane of two parameters, all others as they are; its places are their values.

    Parameters
    ----------
    network : NetworkSettings
    origin : ndarray of shape (n_parameters,)
    positions : tuple of int
        Of the two in the flat vector.

    Raises
    ------
    ValueError
        If they are the same, the network does not have one of them, or one is pruned; or numbers are not finite.
    """
    first, second = positions
    if not all(0 <= position < network.n_parameters for position in positions) or first == second:
        raise ValueError("Two different weights of the network are needed.")
    if network.pruned.intersection(positions):
        raise ValueError("A pruned weight stays 0: choose another.")
    axes = np.zeros((2, network.n_parameters))
    axes[0, first] = axes[1, second] = 1.0
    return Directions(origin, axes[0], axes[1], (float(origin[first]), float(origin[second])))


def at_random(network: NetworkSettings, origin: FloatArray, seed: int = 0) -> Directions:
    """Return a plane along two random directions that are normalised by neuron.

    Parameters
    ----------
    network : NetworkSettings
    origin : ndarray of shape (n_parameters,)
    seed : int
        The same seed gives the same random numbers.

    Raises
    ------
    ValueError
        If all weights are 0, which leaves no direction; or numbers are not finite.

    Notes
    -----
    Filter-wise normalisation of Li, Xu, Taylor, Studer and Goldstein, Visualizing the Loss Landscape of Neural Nets,
    2018, section 4: the direction's weights into a neuron are drawn from a normal distribution and scaled to the
    Euclidean norm of the network's weights into this neuron. So a step of 1 changes every neuron by as much as there is
    of it. Biases stay, as they do in the authors' program; so do parameters that training leaves alone, frozen or
    pruned ones, and only the others count in the norms.
    """
    if not (is_whole(seed) and seed >= 0):
        raise ValueError(f"seed must be a whole number of 0 or more; got {seed!r}")
    if not np.isfinite(origin).all():
        raise ValueError("The numbers of the network are not finite.")
    generator = np.random.default_rng(seed)
    first, second = (_normalised(generator.standard_normal(len(origin)), network, origin) for _ in range(2))
    return Directions(origin, first, second)


def _normalised(direction: FloatArray, network: NetworkSettings, origin: FloatArray) -> FloatArray:
    """Return a direction whose norms by neuron are those of the weights at the origin."""
    moved = _free_weights(network)
    drawn, own = (np.where(moved, array, 0.0) for array in (direction, origin))
    views = (weight_views(array, network.layer_sizes, network.bias) for array in (drawn, own))
    for weights, present in zip(*views, strict=True):
        norms = _column_norms(weights)
        np.multiply(weights, _column_norms(present) / np.where(norms > 0.0, norms, 1.0), out=weights)
    return drawn


def _column_norms(matrix: FloatArray) -> FloatArray:
    """Return the Euclidean norm of each column, which does not overflow for large entries."""
    largest = np.abs(matrix).max(axis=0)
    scale = np.where(largest > 0.0, largest, 1.0)
    norms: FloatArray = np.sqrt(np.square(matrix / scale).sum(axis=0)) * scale
    return norms


def _free_weights(network: NetworkSettings) -> BoolArray:
    """Return which parameters are weights that training may change."""
    free = network.is_weight
    free[sorted(network.fixed)] = False
    return free


def of_paths(network: NetworkSettings, origin: FloatArray, paths: Sequence[FloatArray], seed: int = 0) -> Directions:
    """Return the plane through an origin that lies nearest to paths of training: their two main directions.

    Parameters
    ----------
    network : NetworkSettings
    origin : ndarray of shape (n_parameters,)
        Such as the present weights.
    paths : sequence of ndarray of shape (n_moments, n_parameters)
        Each from its beginning on; moments that are not finite do not count.
    seed : int
        Of the second direction where the paths have but one, as after a single step: a random one as in
        :func:`at_random`, at right angles to the first.

    Raises
    ------
    ValueError
        If no path leads anywhere yet; or numbers are not finite.

    Notes
    -----
    The first two right singular vectors of the differences between the moments and the origin, as in section 7 of the
    paper named in :func:`at_random`. The differences are not centred: the plane goes through the origin. They have
    length 1, and point so that the first path begins at the left, below.
    """
    if not np.isfinite(origin).all():
        raise ValueError("The numbers of the network are not finite.")
    with np.errstate(all="ignore"):
        changes = np.concatenate([_thinned(path) - origin for path in paths] or [np.zeros((0, len(origin)))])
    changes = changes[np.isfinite(changes).all(axis=1)]
    largest = float(np.abs(changes).max()) if changes.size else 0.0
    if largest == 0.0:
        raise ValueError("There is no path yet: train a few steps, or choose other directions.")
    _, strengths, axes = np.linalg.svd(changes / largest, full_matrices=False)
    has_two = len(strengths) > 1 and strengths[1] > _LEAST_SHARE * strengths[0]
    second = axes[1] if has_two else _beside(axes[0], network, origin, seed)
    first, second = (axis if float(changes[0] @ axis) <= 0.0 else -axis for axis in (axes[0], second))
    return Directions(origin, first, second)


def _thinned(path: FloatArray) -> FloatArray:
    """Return at most MAX_PATH_POINTS moments of a path, its ends among them."""
    if len(path) <= MAX_PATH_POINTS:
        return path
    kept: FloatArray = path[np.linspace(0, len(path) - 1, MAX_PATH_POINTS).round().astype(np.intp)]
    return kept


def _beside(axis: FloatArray, network: NetworkSettings, origin: FloatArray, seed: int) -> FloatArray:
    """Return a direction of length 1 at right angles to an axis; zeros where there is none."""
    drawn = _normalised(np.random.default_rng(seed).standard_normal(len(axis)), network, origin)
    largest = float(np.abs(drawn).max())
    if largest == 0.0:
        return drawn
    drawn /= largest
    beside = drawn - (drawn @ axis) * axis
    beside -= (beside @ axis) * axis  # Once more, for what rounding leaves.
    length = float(np.linalg.norm(beside))
    return beside / length if length > _LEAST_SHARE * float(np.linalg.norm(drawn)) else np.zeros_like(axis)
