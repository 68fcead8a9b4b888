"""MomentNumbers: what is computed of a moment of a run when somebody first asks, and kept for the next who do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from model.explain.stuck import StuckUnit, stuck_units
from model.network.network import Network
from model.network.parts import Unit
from model.run.history import KeyFrame
from model.run.step import next_step
from model.training.regularization import REGULARIZATIONS
from model.training.step import Step
from model.types import FloatArray, read_only


class MomentNumbers:
    """The gradient of a moment, the step that follows it, and which neurons learn next to nothing from it.

    Parameters
    ----------
    moment : KeyFrame
        A whole one, as a run gives it.
    """

    def __init__(self, moment: KeyFrame) -> None:
        self.moment = moment

    @cached_property
    def next_step(self) -> Step | None:
        """What the next step is made of; None where none can be taken."""
        return next_step(self.moment)

    @cached_property
    def update(self) -> FloatArray:
        """By how much the next step changes each parameter, of shape (n_parameters,), read-only; 0 without one.

        Not finite where the network diverged.
        """
        step = self.next_step
        if step is None:
            return read_only(np.zeros(self.moment.network.n_parameters))
        with np.errstate(all="ignore"):
            return read_only(step.after - step.before)

    @cached_property
    def gradient(self) -> FloatArray:
        """The derivative of the mean loss over all training points by each parameter, without a penalty.

        Of shape (n_parameters,), read-only; 0 without a training point, not finite where the network diverged.
        """
        moment, training = self.moment, self.moment.dataset.subset(test=False)
        if not len(training):
            return read_only(np.zeros(moment.network.n_parameters))
        network = Network.read_only(moment.network, moment.checkpoint.parameters)
        with np.errstate(all="ignore"):
            gradient = network.gradient(
                training.points, training.labels, moment.training.loss, regression=training.is_regression
            )
        return read_only(gradient)

    @cached_property
    def penalty_gradient(self) -> FloatArray:
        """The derivative of the penalty of regularization by each parameter, of shape (n_parameters,), read-only."""
        training, parameters = self.moment.training, self.moment.checkpoint.parameters
        slopes = REGULARIZATIONS[training.regularization].slope(parameters) * self.moment.network.is_weight
        with np.errstate(all="ignore"):
            return read_only(slopes * training.regularization_rate)

    @cached_property
    def stuck_units(self) -> Mapping[Unit, StuckUnit]:
        """The hidden neurons that are dead or saturated for nearly all training points, and what holds each."""
        network = Network.read_only(self.moment.network, self.moment.checkpoint.parameters)
        return stuck_units(network, self.moment.dataset)
