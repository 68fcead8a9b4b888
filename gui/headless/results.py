"""Figures of a moment, for a person and for a program."""

from __future__ import annotations

from typing import Any

from model import Metrics
from model.training.metrics import Evaluation

_FORMATS = {"loss": ("loss", ".6f"), "accuracy": ("accuracy", ".1%"), "r2": ("R2", ".4f"), "mae": ("MAE", ".4f")}
"""Figure -> its name and format."""


def metrics_line(metrics: Metrics, epoch: int) -> str:
    """Return the figures of a moment in one line."""
    parts = [f"step {metrics.step:>9,}", f"epoch {epoch:>7,}"]
    for prefix, key in (("", "train"), ("test ", "test")):
        for name in ("loss", "accuracy", "r2"):
            value = getattr(metrics, f"{key}_{name}")
            if value is not None:
                parts.append(f"{prefix}{_FORMATS[name][0]} {value:{_FORMATS[name][1]}}")
    return "   ".join(parts)


def values_of_metrics(metrics: Metrics, epoch: int, unit: float = 1.0) -> dict[str, Any]:
    """Return the figures of a moment by name; those that there are not are left out.

    Parameters
    ----------
    metrics : Metrics
    epoch : int
    unit : float
        How much of the person's a value of 1 is: in these units is what values are wrong by.
    """
    values: dict[str, Any] = {"step": metrics.step, "epoch": epoch}
    for key in ("train", "test"):
        figures = {name: getattr(metrics, f"{key}_{name}") for name in _FORMATS}
        values[key] = _in_own_units(figures, unit)
    return values


def evaluation_line(name: str, n_points: int, evaluation: Evaluation, unit: float = 1.0) -> str:
    """Return the figures of a set of points in one line; `unit` as for :func:`values_of_metrics`."""
    figures = values_of_evaluation(evaluation, unit)
    formats = _FORMATS if unit == 1.0 else _FORMATS | {"mae": ("MAE", ".5g")}
    texts = [f"{formats[key][0]} {figure:{formats[key][1]}}" for key, figure in figures.items()]
    return "   ".join([f"{name:<9} {n_points:>7,} {'point' if n_points == 1 else 'points':<6}", *texts])


def values_of_evaluation(evaluation: Evaluation, unit: float = 1.0) -> dict[str, float]:
    """Return the figures of a set of points by name, as :func:`values_of_metrics` does."""
    return _in_own_units({name: getattr(evaluation, name) for name in _FORMATS}, unit)


def _in_own_units(figures: dict[str, float | None], unit: float) -> dict[str, float]:
    return {name: figure * unit if name == "mae" else figure for name, figure in figures.items() if figure is not None}
