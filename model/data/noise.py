"""Noise on points: on their places, and on what they are labelled with. Generators draw it, and so may a person."""

from __future__ import annotations

import numpy as np

from model.data.dataset import CURVE_UNIT, PLANE_LIMIT, TARGET_LIMIT, Dataset
from model.types import FloatArray, IntArray, LabelArray


def noisy_places(generator: np.random.Generator, points: FloatArray, noise: float, *, is_curve: bool) -> FloatArray:
    """Return places with normal noise on each coordinate, or of a curve on y alone; they stay on the plane.

    Parameters
    ----------
    generator : numpy.random.Generator
    points : ndarray of shape (n_points, 2)
        In data units.
    noise : float
        Standard deviation in data units; of a curve in the unit of its height.
    is_curve : bool
    """
    places: FloatArray = points.copy()
    if is_curve:
        places[:, 1] += generator.normal(0.0, CURVE_UNIT * noise, len(points))
    else:
        places += generator.normal(0.0, noise, points.shape)
    np.clip(places, -PLANE_LIMIT, PLANE_LIMIT, out=places)
    return places


def noisy_classes(generator: np.random.Generator, classes: LabelArray, share: float, n_classes: int) -> IntArray:
    """Return classes with a share of them replaced; a larger share replaces the same ones and more."""
    chosen = generator.permutation(len(classes))[: round(share * len(classes))]
    steps = generator.integers(1, n_classes, len(classes))
    noisy = classes.astype(np.intp)
    noisy[chosen] = (noisy[chosen] + steps[chosen]) % n_classes
    return noisy


def noisy_targets(generator: np.random.Generator, targets: LabelArray, noise: float) -> FloatArray:
    """Return target values with normal noise; they stay within -1 to 1."""
    return np.clip(targets + generator.normal(0.0, noise, len(targets)), -TARGET_LIMIT, TARGET_LIMIT)


def lay_noise(dataset: Dataset, noise: float, label_noise: float, seed: int) -> Dataset:
    """Return points with noise laid on them; what is for testing stays so, and without noise all are as they were.

    Parameters
    ----------
    dataset : Dataset
    noise, label_noise : float
        As :class:`model.data.generators.GeneratorSettings` has them.
    seed : int
        The same one lays the same noise, only more or less of it; neither kind depends on the other.
    """
    of_places, of_labels = (np.random.default_rng([seed, which]) for which in (0, 1))
    points, labels = dataset.points, dataset.labels
    if noise:
        points = noisy_places(of_places, points, noise, is_curve=dataset.is_curve)
    if label_noise and dataset.kind == "classes":
        labels = noisy_classes(of_labels, labels, label_noise, dataset.n_classes)
    elif label_noise and dataset.kind == "values":
        labels = noisy_targets(of_labels, labels, label_noise)
    return dataset.like(points, labels, dataset.is_test)
