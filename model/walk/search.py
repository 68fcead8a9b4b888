"""The pages of random search, which draws whole networks and follows no gradient."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.network.layout import bias_views, weight_views
from model.network.network import Network
from model.network.settings import NetworkSettings
from model.run.history import KeyFrame
from model.training.metrics import PointSet
from model.training.optimizers import OPTIMIZERS
from model.training.step import Try
from model.types import counted
from model.walk.notation import title_of
from model.walk.pages import Block, Draft, Heading, Line, Lit, whole_network
from model.walk.update import new_weights


def search_drafts(moment: KeyFrame, step: Try) -> list[Draft]:
    """Return the pages of one try."""
    training = np.flatnonzero(~moment.dataset.is_test)
    rows = tuple(training.tolist())
    everything = whole_network(len(moment.network.layer_sizes) - 1, rows)
    return [
        Draft(
            Heading("points", "All training points", Lit(frozenset({0}), points=rows)),
            lambda: (
                f"{_label(moment)} asks all {counted(len(training), 'training point')} at each try, and follows no "
                "gradient.",
                (),
            ),
        ),
        Draft(
            Heading("draw", "The draw", everything),
            lambda: ("All weights and biases are drawn at random.", _drawn_weights(moment.network, step)),
        ),
        Draft(Heading("compare", "The comparison", everything), lambda: _compared(moment, step)),
        Draft(Heading("update", "The update", everything), lambda: kept(moment, step)),
    ]


def _label(moment: KeyFrame) -> str:
    return OPTIMIZERS[moment.training.optimizer].label


def _scores(moment: KeyFrame, step: Try) -> tuple[float, float]:
    """Return how well the best network so far and the drawn one do: points that are right, or the loss."""
    scores = []
    for parameters in (step.before, step.drawn):
        network = Network.read_only(moment.network, parameters)
        points = PointSet(network, moment.dataset, test=False)
        if moment.dataset.is_regression:
            loss = points.mean_loss(network, moment.training.loss)
            scores.append(float("nan") if loss is None else loss)
        else:
            scores.append(float(points.count_right(network)))
    return scores[0], scores[1]


def _is_kept(step: Try) -> bool:
    return bool(np.array_equal(step.after, step.drawn))


def _compared(moment: KeyFrame, step: Try) -> tuple[str, Sequence[Block]]:
    best, drawn = _scores(moment, step)
    what = "loss" if moment.dataset.is_regression else "right"
    verdict = "better: it becomes the best" if _is_kept(step) else "not better: it is dropped"
    lines: tuple[Line, ...] = (
        (rf"\text{{{what}}}_{{\text{{drawn}}}} =", drawn),
        (rf"\text{{{what}}}_{{\text{{best}}}} =", best),
    )
    measure = (
        "The loss over the training points:" if moment.dataset.is_regression else "Training points that are right:"
    )
    return f"The drawn network is {verdict}.", [Block(measure, lines)]


def kept(moment: KeyFrame, step: Try) -> tuple[str, Sequence[Block]]:
    """Return what is kept after a try: the drawn network if it is better than the best so far."""
    whose = (
        "The drawn weights are the new ones" if _is_kept(step) else "The weights stay those of the best network so far"
    )
    return f"{whose}.", new_weights(moment.network, step.before, step.after)


def _drawn_weights(settings: NetworkSettings, step: Try) -> list[Block]:
    """Return the weights that random search has drawn, layer by layer."""
    weights = weight_views(step.drawn, settings.layer_sizes, settings.bias)
    biases = bias_views(step.drawn, settings.layer_sizes, settings.bias)
    blocks = []
    for number, (of_layer, own) in enumerate(zip(weights, biases, strict=True), start=1):
        lines: list[Line] = [(rf"\mathbf{{W}}^{{({number})}} =", of_layer.T)]
        if settings.bias != "none":
            lines.append((rf"\mathbf{{b}}^{{({number})}} =", own))
        blocks.append(Block(f"{title_of(settings, number).capitalize()}:", tuple(lines)))
    return blocks
