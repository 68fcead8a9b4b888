"""Notes: what a person should know of the formula that is shown."""

from __future__ import annotations

from math import isfinite, nan

from gui.document.run import LiveRun
from model import Dataset, NetworkSettings, TrainingSettings
from model.data.features import RAW_CURVE_FEATURES, RAW_FEATURES, feature
from model.data.wording import units_text
from model.explain.names import Outcome
from model.network.losses import LOSSES
from model.network.parts import Edge, Unit, bias_position, weight_position
from model.types import counted, readable


def notes_of(
    run: LiveRun,
    training: TrainingSettings,
    outcome: Outcome,
    by: Edge | Unit | None,
    has_numbers: bool,
    is_folded: bool,
) -> list[str]:
    """Return sentences on the formula of the displayed moment: what it is of, and what of it may surprise.

    Parameters
    ----------
    run : LiveRun
    training : TrainingSettings
    outcome : str
    by : Edge, Unit or None
        The weight, or the neuron whose bias a derivative is by; None for the bias that all share.
    has_numbers, is_folded : bool
        Whether the formula has numbers, and steps beside what it is of.
    """
    settings = run.displayed.network.settings
    notes = [*filter(None, [units_text(run.displayed.moment.dataset)])]
    if outcome != "outputs":
        n_points = run.displayed.moment.dataset.n_training
        penalty = "" if training.regularization == "none" else ", and the penalty of the weights"
        notes.append(
            f"C is the {LOSSES[training.loss].label.removeprefix('mean ')} of this point; training lowers its mean "
            f"over {counted(n_points, 'point')}{penalty}."
        )
    if outcome == "derivative":
        notes.append("δ is the derivative of C by z.")
        mean = _mean_derivative(run, by) if has_numbers else nan
        if isfinite(mean):
            notes.append(readable(f"Over all training points the mean derivative is {mean:.4g}."))
        if "heaviside" in settings.hidden_activations:
            notes.append("The slope of the step function H is 0, so no derivative comes through it.")
    elif settings.muted:
        notes.append("Muted neurons count as 0 and are left out.")
    if settings.pruned:
        notes.append("Pruned weights are left out.")
    if is_folded:
        notes.append("Too long to be read in one piece, so parts of it are steps; copied, it is one formula.")
    return notes


def remarks(settings: NetworkSettings, dataset: Dataset, language: str) -> str:
    """Return as comments what a formula that is copied cannot do without: what its inputs are, and in which units.

    Parameters
    ----------
    settings : NetworkSettings
    dataset : Dataset
        Whose quantities the inputs are of.
    language : str
        One of :data:`model.explain.derivation.TEXTS`.

    Returns
    -------
    str
        Whole lines; empty where the inputs are x1 and x2 as the person has them.
    """
    features = settings.features or (RAW_CURVE_FEATURES if settings.is_of_curve else RAW_FEATURES)
    spreads = settings.standardization or ((0.0, 1.0),) * len(features)
    inputs = [
        f"x{place} = {_standardized(feature(name).label, *spread)}"
        for place, (name, spread) in enumerate(zip(features, spreads, strict=True), start=1)
    ]
    is_plain = features == RAW_FEATURES and not settings.standardization
    sentences = ["" if is_plain else f"Inputs: {', '.join(inputs)}.", units_text(dataset)]
    sign = "%" if language == "latex" else "#"
    return "".join(f"{sign} {sentence}\n" for sentence in sentences if sentence)


def _standardized(label: str, mean: float, spread: float) -> str:
    return label if (mean, spread) == (0.0, 1.0) else readable(f"({label} - {mean:.15g}) / {spread:.15g}")


def _mean_derivative(run: LiveRun, by: Edge | Unit | None) -> float:
    """Return the derivative of the mean loss over the training points, as the edges of the diagram show it."""
    position = _position(run.displayed.network.settings, by)
    return nan if position is None else float(run.numbers.gradient[position])


def _position(settings: NetworkSettings, by: Edge | Unit | None) -> int | None:
    """Return where in the flat vector a parameter is."""
    match by:
        case Edge():
            return weight_position(settings, by)
        case Unit():
            return bias_position(settings, by)
    return bias_position(settings, Unit(1, 0)) if settings.bias == "shared" else None
