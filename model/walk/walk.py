"""The two ways through a step: with the batch that training takes next, and with one point."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.data.dataset import Dataset
from model.data.wording import amount_text, label_text, name_text, place_text, units_text
from model.explain.chain_rule import chain_rule
from model.network.network import Network
from model.run.history import KeyFrame
from model.training.step import Step, Try
from model.types import counted
from model.walk.batch import BatchPages
from model.walk.check import check_blocks, largest_difference
from model.walk.differences import Loss
from model.walk.pages import Block, Draft, Heading, Line, Lit, Walk, whole_network
from model.walk.point import PointPages
from model.walk.search import kept, search_drafts
from model.walk.update import update_page

_DECIMALS = 4


@dataclass(frozen=True, slots=True)
class Subject:
    """The one point to walk through a step with.

    Attributes
    ----------
    place : tuple of float
        Its coordinates; those of a curve are x and a height that the network is not given.
    label : int or float
        Its class, or as a float its target.
    row : int or None
        Where it is in the moment's data set; None for a place without a point.
    """

    place: tuple[float, float]
    label: int | float
    row: int | None = None

    def name(self, dataset: Dataset) -> str:
        """Return what a sentence calls it among the points of a data set."""
        place = f"at {place_text(dataset, self.place, _DECIMALS)}"
        if isinstance(self.label, float):
            target = amount_text(dataset.naming.value, self.label, _DECIMALS)
            target = f"{name_text(dataset.naming.value.name)} {target}".strip()
            return (
                f"the point {place} with the target {target}"
                if self.row is not None
                else (f"the place {place}, as if its target were {target}")
            )
        class_ = label_text(dataset, self.label)
        return (
            f"the point {place} of {class_}"
            if self.row is not None
            else (f"the place {place}, as if a point of {class_} were there")
        )


def batch_walk(moment: KeyFrame, step: Step | None) -> Walk:
    """Return the pages of the step that training takes next.

    Parameters
    ----------
    moment : KeyFrame
    step : Descent or Try or None
        What :func:`model.run.step.next_step` says of it.
    """
    if step is None:
        return Walk((Draft(Heading("points", "No step", Lit()), lambda: (why_no_step(moment), ())),))
    if isinstance(step, Try):
        return Walk(tuple(search_drafts(moment, step)))
    pages = BatchPages(moment, step)
    n_layers = len(step.layers)
    everything = whole_network(n_layers, tuple(step.points.tolist()))
    return Walk(
        (
            *pages.drafts(),
            Draft(Heading("update", "The update", everything), lambda: update_page(moment, step)),
            Draft(Heading("check", "The check", everything), lambda: _check_batch(pages)),
        )
    )


def point_walk(moment: KeyFrame, step: Step | None, subject: Subject) -> Walk:
    """Return the pages for one point, and with them the update that the whole batch leads to.

    Parameters
    ----------
    moment : KeyFrame
    step : Descent or Try or None
        What :func:`model.run.step.next_step` says of it.
    subject : Subject
    """
    network = Network.read_only(moment.network, moment.checkpoint.parameters)
    if not moment.setup.has_output_for(subject.label):
        sentence = "The network of this moment has no output for this point's class or value."
        return Walk((Draft(Heading("points", "No point", Lit()), lambda: (sentence, ())),))
    with np.errstate(all="ignore"):
        chain = chain_rule(network, subject.place, subject.label, moment.training.loss)
    rows = () if subject.row is None else (subject.row,)
    name, units = subject.name(moment.dataset), units_text(moment.dataset)
    pages = PointPages(network, chain, subject.place, name, rows, units)
    everything = whole_network(network.n_layers, rows)
    return Walk(
        (
            *pages.drafts(),
            Draft(Heading("update", "The update", everything), lambda: _update_after_point(moment, step, subject)),
            Draft(Heading("check", "The check", everything), lambda: _check_point(moment, pages)),
        )
    )


def why_no_step(moment: KeyFrame) -> str:
    """Return why no step can be taken from a moment, in a sentence."""
    if not np.count_nonzero(~moment.dataset.is_test):
        return "There is no training point to learn from, so there is no step. Draw some points."
    return "Random search has every training point right, so it has nothing left to try."


def _update_after_point(moment: KeyFrame, step: Step | None, subject: Subject) -> tuple[str, Sequence[Block]]:
    """Return the update of the step; a point alone has none."""
    if step is None:
        return why_no_step(moment), ()
    if isinstance(step, Try):
        return kept(moment, step)
    n = len(step.points)
    times = 0 if subject.row is None else int(np.count_nonzero(step.points == subject.row))
    share = ("It is not among them", "It is among them", f"It is among them {times} times")[min(times, 2)]
    sentence, blocks = update_page(moment, step)
    return f"The step learns from {counted(n, 'point')}, not from this one alone. {share}. {sentence}", blocks


# The check


def _check_batch(pages: BatchPages) -> tuple[str, Sequence[Block]]:
    moment, step = pages.moment, pages.step
    product = pages.product()
    by_dropout = [layer.kept for layer in step.layers[:-1]]
    loss = Loss(
        moment.network,
        moment.training.loss,
        step.layers[0].inputs,
        pages.targets,
        by_dropout,
        is_mean=moment.training.reduction == "mean",
    )
    blocks = check_blocks(product, step.data_gradient, loss.differences(step.before))
    given = pages.given(product)
    line: Line = (
        r"\max |\,\text{from the product} - \text{given}\,| =",
        largest_difference(given, step.gradient),
    )
    blocks.insert(2, Block("And what the optimizer is given, with penalty, clipping and frozen parameters:", (line,)))
    return (
        "The matrices of all pages, multiplied out, are the gradient that training uses. Trying out small changes of "
        "each parameter finds the same without any chain rule.",
        blocks,
    )


def _check_point(moment: KeyFrame, pages: PointPages) -> tuple[str, Sequence[Block]]:
    chain, network = pages.chain, pages.network
    training = network.gradient(
        [pages.place], [chain.label], moment.training.loss, regression=moment.dataset.is_regression
    )
    loss = Loss(moment.network, moment.training.loss, chain.layers[0].inputs[np.newaxis], chain.targets[:, np.newaxis])
    differences = loss.differences(np.array(network.parameters, dtype=np.float64))
    sentence = (
        "The product of the Jacobian matrices is the gradient that backpropagation finds in training. Trying out small "
        "changes of each parameter finds the same without any chain rule."
    )
    return sentence, check_blocks(chain.gradient(), training, differences)
