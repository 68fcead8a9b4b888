"""What the compiled engine trains, and what it leaves to NumPy."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from model.network.activations import ACTIVATIONS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.network.settings import output_loss
from model.training.optimizers import OPTIMIZERS
from model.training.schedules import SCHEDULES
from model.training.settings import Setup

Rule = TypeVar("Rule")

WIDEST, WIDEST_OF_FEW, FEW = 36 * 36, 64 * 64, 48
"""Weights between two layers up to which compiled steps are quicker than NumPy with its BLAS: in batches of any size,
and in batches of few points, which is how many. Measured with ``python tests/benchmarks/training.py --widths`` on a
processor with AVX-512, where BLAS gains most."""

PENALTIES = ("none", "l1", "l2")
"""Regularizations in the order of their codes."""


class Rules(Generic[Rule]):
    """The compiled rules of a registry, numbered in its order.

    Parameters
    ----------
    rules : iterable of Rule or None
        None: what the compiled engine does not have.
    """

    def __init__(self, rules: Mapping[str, Rule | None]) -> None:
        self.all: tuple[Rule, ...] = tuple(dict.fromkeys(rule for rule in rules.values() if rule is not None))

    def code(self, rule: Rule | None) -> int | None:
        """Return the number of a rule; None where it is not among them."""
        return self.all.index(rule) if rule is not None and rule in self.all else None


# As the registries are when the program starts: compiled code knows no others.
ACTIVATION_RULES = Rules({name: entry.compiled for name, entry in ACTIVATIONS.items()})
OUTPUT_RULES = Rules({name: entry.compiled for name, entry in OUTPUT_ACTIVATIONS.items()})
DELTA_RULES = Rules(
    {f"{loss.name} {output}": pair.compiled for loss in LOSSES.values() for output, pair in loss.outputs.items()}
)
UPDATE_RULES = Rules({name: entry.compiled for name, entry in OPTIMIZERS.items()})
SHARE_RULES = Rules({name: entry.share for name, entry in SCHEDULES.items()})


@dataclass(frozen=True, slots=True)
class Codes:
    """The numbers by which compiled code knows the rules of a setup.

    Attributes
    ----------
    activations : tuple of int
        Of the hidden layers.
    output, delta, update, share, penalty : int
    """

    activations: tuple[int, ...]
    output: int
    delta: int
    update: int
    share: int
    penalty: int


def codes_of(setup: Setup) -> Codes | None:
    """Return the numbers of a setup's rules; None where NumPy trains it.

    That is where a rule has no compiled form, as random search has none, and where two layers are so wide that BLAS is
    quicker.
    """
    network, training = setup.network, setup.training
    pair = output_loss(training.loss, network.output_activation)
    activations = [ACTIVATION_RULES.code(ACTIVATIONS[name].compiled) for name in network.hidden_activations]
    others = (
        OUTPUT_RULES.code(OUTPUT_ACTIVATIONS[network.output_activation].compiled),
        DELTA_RULES.code(pair.compiled),
        UPDATE_RULES.code(OPTIMIZERS[training.optimizer].compiled),
        SHARE_RULES.code(SCHEDULES[training.schedule.name].share),
        PENALTIES.index(training.regularization) if training.regularization in PENALTIES else None,
    )
    known = [code for code in (*activations, *others) if code is not None]
    if len(known) < len(activations) + len(others):
        return None
    n_points = setup.dataset.n_training
    n_at_once = min(training.batch_size or n_points, n_points)
    widest = max(n_in * n_out for n_in, n_out in pairwise(network.layer_sizes))
    if widest > (WIDEST_OF_FEW if n_at_once <= FEW else WIDEST):
        return None
    return Codes(tuple(known[: len(activations)]), *known[len(activations) :])
