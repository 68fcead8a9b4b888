"""The surgery that fits a network to another kind of problem: to its inputs, and to its output."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.data.dataset import Dataset, ProblemKind
from model.data.features import MAX_FEATURES, translated
from model.data.problems import PROBLEMS
from model.network.settings import NetworkSettings
from model.network.surgery import Surgery, set_features, set_marks, set_output


def change_problem(
    settings: NetworkSettings, before: Dataset, after: Dataset, generator: np.random.Generator
) -> Surgery:
    """Give a network the inputs and the output for a data set of another kind; all that has a place there is kept.

    Between the plane and a curve the features of x1 become the same of x and keep their weights. Those of x2 go where
    there is no such coordinate; where x1 comes in as it is, x2 does so, too, once there is one.

    Parameters
    ----------
    settings : NetworkSettings
        With features, for `before`.
    before, after : Dataset
    generator : numpy.random.Generator
        Draws new weights.
    """
    learned_a_number = before.is_regression and after.is_regression
    output = settings.output_activation if learned_a_number else PROBLEMS[after.kind].output_activation
    surgery = set_output(settings, after.n_classes, output, generator, single_unit=after.is_regression)
    if before.is_curve == after.is_curve:
        return surgery
    return surgery.then(_change_coordinates(surgery.settings, after.kind, generator))


def _change_coordinates(settings: NetworkSettings, kind: ProblemKind, generator: np.random.Generator) -> Surgery:
    """Return the surgery between the features of the plane and those of a curve."""
    there = {old: new for old, new in translated(settings.features or (), kind).items() if new is not None}
    if not there:
        # Of nothing but x2 there is no place to go: x begins anew.
        fresh = set_features(settings, ("x1",), _spreads(settings, ("x1",)), generator)
        return fresh.then(_change_coordinates(fresh.settings, kind, generator))
    kept = set_features(settings, tuple(there), _spreads(settings, tuple(there)), generator)
    renamed = set_marks(replace(kept.settings, features=tuple(there.values())))
    surgery = kept.then(renamed)
    names = tuple(there.values())
    if kind != "curve" and "x1" in names and len(names) < MAX_FEATURES:
        names = ("x1", "x2", *(name for name in names if name != "x1"))
        surgery = surgery.then(set_features(renamed.settings, names, _spreads(renamed.settings, names), generator))
    return surgery


def _spreads(settings: NetworkSettings, names: tuple[str, ...]) -> tuple[tuple[float, float], ...]:
    """Return the standardization of features of which some may be new; those are as they are."""
    if not settings.standardization:
        return ()
    known = dict(zip(settings.features or (), settings.standardization, strict=True))
    return tuple(known.get(name, (0.0, 1.0)) for name in names)
