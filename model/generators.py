"""Generators: a registry of data sets that are drawn by a rule, each from a NumPy Generator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from model.dataset import PLANE_LIMIT, Dataset
from model.types import FloatArray, IntArray, check_choice

MIN_POINTS, MAX_POINTS = 10, 5_000

Shape = Callable[[np.random.Generator, IntArray, int], FloatArray]
"""``shape(generator, labels, n_classes)`` returns where points of these classes lie without noise, (n_points, 2)."""


@dataclass(frozen=True, slots=True)
class DataGenerator:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`GENERATORS`.
    label, tip : str
        What the gallery shows.
    shape : callable
        Draws the points of given classes, see :data:`Shape`.
    class_range : tuple of int
        The smallest and the largest number of classes that it can draw.
    """

    name: str
    label: str
    tip: str
    shape: Shape
    class_range: tuple[int, int] = (2, 2)


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """What the data panel's controls say.

    Attributes
    ----------
    name : str
        A key of :data:`GENERATORS`.
    n_points : int
        10 to 5,000.
    noise : float
        Standard deviation of the normal noise added to each coordinate, in data units, 0 to 1.
    n_classes : int
        As many classes, or spiral arms, where the generator leaves a choice.
    training_share : float
        The share of the points that is for training, 0.1 to 1.
    seed : int
        Seed of all that is random here.

    Raises
    ------
    ValueError
        If a value is outside its range.
    """

    name: str = "spiral"
    n_points: int = 240
    noise: float = 0.15
    n_classes: int = 3
    training_share: float = 0.7
    seed: int = 0

    def __post_init__(self) -> None:
        check_choice("generator", self.name, GENERATORS)
        if not MIN_POINTS <= self.n_points <= MAX_POINTS:
            raise ValueError(f"n_points must be {MIN_POINTS} to {MAX_POINTS}; got {self.n_points}")
        if not 0.0 <= self.noise <= 1.0:
            raise ValueError(f"noise must be 0 to 1; got {self.noise}")
        if not 0.1 <= self.training_share <= 1.0:
            raise ValueError(f"training_share must be 0.1 to 1; got {self.training_share}")
        if self.seed < 0:
            raise ValueError(f"seed must be 0 or more; got {self.seed}")


def generate(settings: GeneratorSettings) -> Dataset:
    """Draw a data set: points of all classes in equal numbers, with noise, split into training and test points.

    The same settings give the same data set to the bit. Points stay on the plane, -6 to 6.
    """
    entry = GENERATORS[settings.name]
    smallest, largest = entry.class_range
    n_classes = min(max(settings.n_classes, smallest), largest)
    generator = np.random.default_rng(settings.seed)
    labels = np.arange(settings.n_points, dtype=np.intp) % n_classes
    points = entry.shape(generator, labels, n_classes)
    points += generator.normal(0.0, settings.noise, points.shape)
    np.clip(points, -PLANE_LIMIT, PLANE_LIMIT, out=points)
    return Dataset(points, labels, n_classes=n_classes).split(settings.training_share, generator)


def _polar(radius: FloatArray, angle: FloatArray) -> FloatArray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _angles(generator: np.random.Generator, n_points: int) -> FloatArray:
    return generator.uniform(0.0, 2.0 * np.pi, n_points)


def _circle(generator: np.random.Generator, labels: IntArray, n_classes: int) -> FloatArray:
    n_points = len(labels)
    # The square root spreads the inner points evenly over the area of the disk.
    inner = 2.4 * np.sqrt(generator.uniform(0.0, 1.0, n_points))
    outer = generator.uniform(3.6, 5.0, n_points)
    return _polar(np.where(labels == 0, inner, outer), _angles(generator, n_points))


def _xor(generator: np.random.Generator, labels: IntArray, n_classes: int) -> FloatArray:
    size = generator.uniform(0.3, 5.0, (len(labels), 2))
    sign_1 = generator.choice([-1.0, 1.0], len(labels))
    sign_2 = np.where(labels == 0, sign_1, -sign_1)
    return np.stack([size[:, 0] * sign_1, size[:, 1] * sign_2], axis=1)


def _gaussians(generator: np.random.Generator, labels: IntArray, n_classes: int) -> FloatArray:
    angle = np.pi / 4 + 2.0 * np.pi * labels / n_classes
    centre = _polar(np.full(len(labels), 2.8), angle)
    return np.asarray(centre + generator.normal(0.0, 0.75, centre.shape))


def _spiral(generator: np.random.Generator, labels: IntArray, n_classes: int) -> FloatArray:
    along = generator.uniform(0.04, 1.0, len(labels))
    turn = 2.0 * np.pi * labels / n_classes
    return _polar(5.0 * along, 1.5 * np.pi * along + turn)


def _moons(generator: np.random.Generator, labels: IntArray, n_classes: int) -> FloatArray:
    angle = generator.uniform(0.0, np.pi, len(labels))
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    return np.asarray(3.0 * np.where((labels == 0)[:, np.newaxis], upper, -upper))


def _rings(generator: np.random.Generator, labels: IntArray, n_classes: int) -> FloatArray:
    width = 5.0 / n_classes
    radius = width * (labels + generator.uniform(0.3, 0.8, len(labels)))
    return _polar(radius, _angles(generator, len(labels)))


GENERATORS: dict[str, DataGenerator] = {
    entry.name: entry
    for entry in (
        DataGenerator("circle", "Circle", "A disk of one class inside a ring of the other.", _circle),
        DataGenerator("xor", "Xor", "Opposite quadrants share a class.", _xor),
        DataGenerator("gaussians", "Gaussians", "A round cloud of points for each class.", _gaussians, (2, 5)),
        DataGenerator("spiral", "Spiral", "One spiral arm for each class.", _spiral, (2, 5)),
        DataGenerator("moons", "Moons", "Two crescents that reach into each other.", _moons),
        DataGenerator("rings", "Rings", "One ring inside the other.", _rings, (2, 5)),
    )
}
"""Every generator, by name, in the order of the gallery."""
