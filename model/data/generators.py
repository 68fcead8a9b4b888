"""Generators: a registry of data sets that are drawn by a rule, each from a NumPy Generator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from model.data.curve_shapes import (
    CURVE_EXTENT,
    CURVE_SHAPES,
    CurveShape,
    curve_rule_formula,
    places_on_plane,
)
from model.data.dataset import CURVE_UNIT, MAX_CLASSES, MIN_CLASSES, Dataset, ProblemKind
from model.data.formula import Formula
from model.data.noise import noisy_classes, noisy_places, noisy_targets
from model.types import FloatArray, IntArray, LabelArray, check_choice, is_number, is_whole

FEWEST_POINTS, MOST_POINTS = 10, 5_000
MAX_LABEL_NOISE = 0.5

_EXTENT = 5.5
"""Points that are spread over the whole plane reach from -5.5 to 5.5, which leaves room for the noise."""

_NONE = (0, 0)
"""The class range of an entry that draws no classes."""


@dataclass(frozen=True, slots=True)
class DataGenerator:
    """One entry of the registry.

    Attributes
    ----------
    name : str
        The key in :data:`GENERATORS`.
    label, tip : str
        What the gallery shows.
    draw : callable
        Draws points and their classes, or their targets, see :data:`Draw`.
    class_range : tuple of int
        The smallest and the largest number of classes that it can draw; 0 and 0 where it draws none.
    kind : str
        What is learned of its points: "classes", "values" or "curve".
    """

    name: str
    label: str
    tip: str
    draw: Draw
    class_range: tuple[int, int] = (2, 2)
    kind: ProblemKind = "classes"


@dataclass(frozen=True, slots=True)
class GeneratorSettings:
    """What the data panel's controls say.

    Attributes
    ----------
    name : str
        A key of :data:`GENERATORS`.
    n_points : int
        How many points, 10 to 5,000.
    noise : float
        Standard deviation of the normal noise added to each coordinate, in data units, 0 to 1. Classes and values are
        those of the place before the noise. On a curve x stays, and the noise is that of the height y, in its own unit.
    n_classes : int
        How many classes, or spiral arms, where the generator leaves a choice.
    training_share : float
        The share of the points that is for training, 0.1 to 1.
    seed : int
        Seed of all that is random here.
    label_noise : float
        The share of the points whose class is replaced by another one, drawn at random, 0 to 0.5. For values, the
        standard deviation of the normal noise added to the target, which stays within -1 to 1. It is nothing on a
        curve.
    rule : str
        The formula f of x1, or x, for the generator ``rule``: class 1 is where x2 > f(x1).
    curve_rule : str
        The formula f of x, or x1, for the generator ``curve_rule``: y = f(x). Where y is beyond -1.5 to 1.5, or no
        number, there are no points.

    Raises
    ------
    ValueError
        If a value is outside its range, or the rule is needed and not a formula.
    """

    name: str = "spiral"
    n_points: int = 240
    noise: float = 0.15
    n_classes: int = 3
    training_share: float = 0.7
    seed: int = 0
    label_noise: float = 0.0
    rule: str = "2*sin(x1)"
    curve_rule: str = "x*sin(2*x)/5"

    def __post_init__(self) -> None:
        check_choice("generator", self.name, GENERATORS)
        if not (is_whole(self.n_classes) and MIN_CLASSES <= self.n_classes <= MAX_CLASSES):
            raise ValueError(f"n_classes must be {MIN_CLASSES} to {MAX_CLASSES}; got {self.n_classes!r}")
        if not (is_whole(self.n_points) and FEWEST_POINTS <= self.n_points <= MOST_POINTS):
            raise ValueError(f"n_points must be {FEWEST_POINTS} to {MOST_POINTS}; got {self.n_points!r}")
        if not (is_number(self.noise) and 0.0 <= self.noise <= 1.0):
            raise ValueError(f"noise must be 0 to 1; got {self.noise!r}")
        if not (is_number(self.training_share) and 0.1 <= self.training_share <= 1.0):
            raise ValueError(f"training_share must be 0.1 to 1; got {self.training_share!r}")
        if not (is_whole(self.seed) and self.seed >= 0):
            raise ValueError(f"seed must be 0 or more; got {self.seed!r}")
        if not (is_number(self.label_noise) and 0.0 <= self.label_noise <= MAX_LABEL_NOISE):
            raise ValueError(f"label_noise must be 0 to {MAX_LABEL_NOISE}; got {self.label_noise!r}")
        if self.name == "rule":
            rule_formula(self.rule)
        if self.name == "curve_rule":
            curve_rule_formula(self.curve_rule)


Draw: TypeAlias = Callable[[np.random.Generator, GeneratorSettings], tuple[FloatArray, LabelArray]]
"""``draw(generator, settings)`` returns points without noise, of shape (n_points, 2), and their classes (integers) or
targets (float64, -1 to 1), of shape (n_points,); those of a curve follow from its points. ``settings.n_classes`` is
within the entry's range."""


def rule_formula(text: str) -> Formula:
    """Return the formula of a rule, of x1 that may be written x; call it with x1 twice.

    Raises
    ------
    ValueError
        If `text` is not a formula of x1 or x.
    """
    return Formula(text, names=("x1", "x"))


def generate(settings: GeneratorSettings) -> Dataset:
    """Draw a data set, with noise, split into training and test points.

    The same settings give the same data set to the bit, and points stay on the plane, -6 to 6. Classes have equal
    numbers of points before the label noise; only a typed rule that gives one class a tiny part of the plane has fewer
    there.
    """
    entry = GENERATORS[settings.name]
    if entry.kind == "classes":
        smallest, largest = entry.class_range
        settings = replace(settings, n_classes=min(max(settings.n_classes, smallest), largest))
    generator = np.random.default_rng(settings.seed)
    points, labels = entry.draw(generator, settings)
    points = noisy_places(generator, points, settings.noise, is_curve=entry.kind == "curve")
    if entry.kind == "curve":
        return Dataset.curve(points).split(settings.training_share, generator)
    n_classes = settings.n_classes if entry.kind == "classes" else 0
    dataset = Dataset(points, labels, n_classes=n_classes).split(settings.training_share, generator)
    if settings.label_noise == 0.0:
        return dataset
    # Drawn last, so that turning the label noise moves neither a point nor the split.
    if entry.kind == "classes":
        labels = noisy_classes(generator, labels, settings.label_noise, n_classes)
    else:
        labels = noisy_targets(generator, labels, settings.label_noise)
    return dataset.like(dataset.points, labels, dataset.is_test)


def has_drawn(settings: GeneratorSettings, dataset: Dataset) -> bool:
    """Return whether points are those that settings draw, whatever they are called, and whichever are for testing."""
    if dataset.kind != GENERATORS[settings.name].kind or len(dataset) > settings.n_points:
        return False
    drawn = _drawn_last(settings)
    return (
        dataset.n_classes == drawn.n_classes
        and np.array_equal(dataset.points, drawn.points)
        and np.array_equal(dataset.labels, drawn.labels)
    )


@lru_cache(maxsize=1)
def _drawn_last(settings: GeneratorSettings) -> Dataset:
    return generate(settings)


def _classes(settings: GeneratorSettings) -> IntArray:
    """Return the classes in turn, 0 1 2 0 1 2 ..."""
    return np.arange(settings.n_points, dtype=np.intp) % settings.n_classes


def _polar(radius: FloatArray, angle: FloatArray) -> FloatArray:
    return np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _angles(generator: np.random.Generator, n_points: int) -> FloatArray:
    return generator.uniform(0.0, 2.0 * np.pi, n_points)


def _disk_in_ring(
    generator: np.random.Generator, settings: GeneratorSettings, smallest: float
) -> tuple[FloatArray, IntArray]:
    """Draw a disk of class 1 with radius 2.5 in a ring of class 0 between `smallest` and 5, radii uniform.

    Notes
    -----
    These are the radii of TensorFlow Playground's ``classifyCircleData``, where a uniform radius makes the middle of
    the disk dense, and its classes: inside is the positive one.
    """
    labels = _classes(settings)
    inner = generator.uniform(0.0, 2.5, len(labels))
    outer = generator.uniform(smallest, 5.0, len(labels))
    return _polar(np.where(labels == 1, inner, outer), _angles(generator, len(labels))), labels


def _circle(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    return _disk_in_ring(generator, settings, 3.5)


def _thin_circle(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    # Seed 003 "suppresses the outer circle's variance".
    return _disk_in_ring(generator, settings, 5.0)


def _xor(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    labels = _classes(settings)
    size = generator.uniform(0.3, 5.0, (len(labels), 2))
    sign_1 = generator.choice([-1.0, 1.0], len(labels))
    sign_2 = np.where(labels == 0, sign_1, -sign_1)
    return np.stack([size[:, 0] * sign_1, size[:, 1] * sign_2], axis=1), labels


def _checkerboard(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    labels = _classes(settings)
    n_fields, margin = 4, 0.05
    column = generator.integers(0, n_fields, len(labels))
    # Every second row of the column has the class.
    row = 2 * generator.integers(0, n_fields // 2, len(labels)) + (column + labels) % 2
    inside = generator.uniform(margin, 1.0 - margin, (len(labels), 2))
    fields = np.stack([column, row], axis=1) + inside
    return np.asarray(fields * (2.0 * _EXTENT / n_fields) - _EXTENT), labels


def _gaussians(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    labels = _classes(settings)
    angle = np.pi / 4 + 2.0 * np.pi * labels / settings.n_classes
    centre = _polar(np.full(len(labels), 2.8), angle)
    return np.asarray(centre + generator.normal(0.0, 0.75, centre.shape)), labels


def _three_gaussians(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    """Draw seed 000's data: ``randn(n, 2) * 0.8 + mean + rand(n, 2)`` for three means."""
    labels = _classes(settings)
    mean = np.array([[-3.0, 0.0], [0.0, 0.0], [2.0, 0.0]])[labels]
    normal = 0.8 * generator.standard_normal(mean.shape)
    return np.asarray(normal + mean + generator.uniform(0.0, 1.0, mean.shape)), labels


def _segments(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    """Draw seed 003's homework: a line whose middle third is of one class, and both ends of the other."""
    labels = _classes(settings)
    middle = generator.uniform(-1.6, 1.6, len(labels))
    end = generator.uniform(1.8, 5.0, len(labels)) * generator.choice([-1.0, 1.0], len(labels))
    return np.stack([np.where(labels == 1, middle, end), np.zeros(len(labels))], axis=1), labels


def _spiral(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    labels = _classes(settings)
    along = generator.uniform(0.04, 1.0, len(labels))
    turn = 2.0 * np.pi * labels / settings.n_classes
    return _polar(5.0 * along, 1.5 * np.pi * along + turn), labels


def _moons(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    labels = _classes(settings)
    angle = generator.uniform(0.0, np.pi, len(labels))
    upper = np.stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25], axis=1)
    return np.asarray(3.0 * np.where((labels == 0)[:, np.newaxis], upper, -upper)), labels


def _rings(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    labels = _classes(settings)
    width = 5.0 / settings.n_classes
    radius = width * (labels + generator.uniform(0.3, 0.8, len(labels)))
    return _polar(radius, _angles(generator, len(labels))), labels


def _uniform(generator: np.random.Generator, n_points: int) -> FloatArray:
    return generator.uniform(-_EXTENT, _EXTENT, (n_points, 2))


def _rule(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, IntArray]:
    """Draw points that are uniform on each side of the rule, as many above it as below where there is room."""
    n_points = settings.n_points
    candidates = _uniform(generator, 20 * n_points)
    x1, x2 = candidates[:, 0], candidates[:, 1]
    above = x2 > rule_formula(settings.rule)(x1, x1)
    n_above = int(above.sum())
    wanted = min(max(n_points // 2, n_points - (len(above) - n_above)), n_above)
    chosen = np.concatenate([np.flatnonzero(~above)[: n_points - wanted], np.flatnonzero(above)[:wanted]])
    chosen = generator.permutation(chosen)
    return candidates[chosen], above[chosen].astype(np.intp)


def _plane(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, FloatArray]:
    points = _uniform(generator, settings.n_points)
    return points, np.asarray(points.sum(axis=1) / (2.0 * _EXTENT))


# x1, x2 and sign of each bump.
_BUMPS = (
    (-4.0, 2.5, 1.0),
    (0.0, 2.5, -1.0),
    (4.0, 2.5, 1.0),
    (-4.0, -2.5, -1.0),
    (0.0, -2.5, 1.0),
    (4.0, -2.5, -1.0),
)


def _multi_gaussian(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, FloatArray]:
    """Draw the bumps of TensorFlow Playground's ``regressGaussian``: cones of radius 2 that do not overlap."""
    points = _uniform(generator, settings.n_points)
    bumps = np.array(_BUMPS)
    distance = np.linalg.norm(points[:, np.newaxis] - bumps[:, :2], axis=2)
    return points, np.maximum(0.0, 1.0 - distance / 2.0) @ bumps[:, 2]


def _sine(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, FloatArray]:
    points = _uniform(generator, settings.n_points)
    return points, np.asarray(np.sin(points[:, 0]))


def _along(shape: CurveShape) -> Draw:
    """Return what draws the points of a shape."""

    def draw(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, FloatArray]:
        x = generator.uniform(-CURVE_EXTENT, CURVE_EXTENT, settings.n_points)
        y = shape.heights(x) + generator.normal(0.0, shape.spread, len(x))
        return _on_curve(x, y)

    return draw


def _curve_rule(generator: np.random.Generator, settings: GeneratorSettings) -> tuple[FloatArray, FloatArray]:
    formula = curve_rule_formula(settings.curve_rule)
    x = places_on_plane(formula, generator, settings.n_points)
    return _on_curve(x, formula(x, x))


def _on_curve(x: FloatArray, y: FloatArray) -> tuple[FloatArray, FloatArray]:
    return np.stack([x, CURVE_UNIT * y], axis=1), y


GENERATORS: dict[str, DataGenerator] = {
    entry.name: entry
    for entry in (
        DataGenerator("circle", "Circle", "A disk of one class inside a ring of the other.", _circle),
        DataGenerator(
            "thin_circle",
            "Thin circle",
            "A disk of one class inside a circle without width of the other.",
            _thin_circle,
        ),
        DataGenerator("xor", "Xor", "Opposite quadrants share a class.", _xor),
        DataGenerator("checkerboard", "Checkerboard", "Four by four fields in two classes.", _checkerboard),
        DataGenerator("gaussians", "Gaussians", "A round cloud of points for each class.", _gaussians, (2, 5)),
        DataGenerator(
            "three_gaussians",
            "Three Gaussians",
            "Three clouds side by side that overlap: softmax regression can separate most of them.",
            _three_gaussians,
            (3, 3),
        ),
        DataGenerator("segments", "Segments", "A line with one class in the middle, the other at its ends.", _segments),
        DataGenerator("spiral", "Spiral", "One spiral arm for each class.", _spiral, (2, 5)),
        DataGenerator("moons", "Moons", "Two crescents that reach into each other.", _moons),
        DataGenerator("rings", "Rings", "One ring inside the other.", _rings, (2, 5)),
        DataGenerator("rule", "Rule", "One class above a curve that you type, the other below it.", _rule),
        DataGenerator("plane", "Plane", "A value that rises evenly along the diagonal.", _plane, _NONE, "values"),
        DataGenerator(
            "multi_gaussian", "Multi-Gaussian", "Six bumps, three up and three down.", _multi_gaussian, _NONE, "values"
        ),
        DataGenerator("sine", "Sine", "A value that waves from left to right.", _sine, _NONE, "values"),
        *(
            DataGenerator(shape.name, shape.label, shape.tip, _along(shape), _NONE, "curve")
            for shape in CURVE_SHAPES.values()
        ),
        DataGenerator("curve_rule", "y = f(x)", "The curve of a formula that you type.", _curve_rule, _NONE, "curve"),
    )
}
"""Every generator, by name, in the order of the gallery."""
