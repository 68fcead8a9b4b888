"""Random search: whole networks drawn at random until one has every point right."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import numpy as np

from model.network.layout import bias_views, weight_views
from model.network.network import Network
from model.training.metrics import PointSet
from model.training.optimizers import OPTIMIZERS
from model.types import FloatArray


class RandomSearch:
    """Draws all parameters from given ranges again and again and keeps the best network so far.

    In a classification the best has the most points right, in a regression the smallest loss. The network's first
    parameters count as the best so far, but not as a try.

    Parameters
    ----------
    network : Network
        Its parameters are always those of the best network so far. What is frozen or pruned stays.
    points : PointSet
        All of them are asked at each try.
    loss : str
        Decides in a regression.
    generator : numpy.random.Generator
    is_regression : bool
    **options : float
        Those of :data:`model.training.optimizers.OPTIMIZERS`: the ranges of weights and biases, and the most tries.

    Attributes
    ----------
    n_tries, last_try : int
        How many tries there were, and the last that is allowed.

    Notes
    -----
    The search of seed 003_4c0ebcf6972e1ebf.txt, with its ranges as defaults.
    """

    def __init__(
        self,
        network: Network,
        points: PointSet,
        loss: str,
        generator: np.random.Generator,
        *,
        is_regression: bool = False,
        **options: float,
    ) -> None:
        numbers: dict[str, Any] = OPTIMIZERS["random_search"].defaults | options
        self.n_tries = 0
        self.last_try = self._budget = int(numbers["budget"])
        self._network = network
        self._points = points
        self._loss = loss
        self._generator = generator
        self._is_regression = is_regression
        settings = network.settings
        self._ranges = np.full(settings.n_parameters, numbers["biases"])
        for weights in weight_views(self._ranges, settings.layer_sizes, settings.bias):
            weights[:] = numbers["hidden_weights"]
        weight_views(self._ranges, settings.layer_sizes, settings.bias)[-1][:] = numbers["output_weights"]
        if settings.bias == "per_neuron":
            for own in bias_views(self._ranges, settings.layer_sizes, settings.bias):
                own[:] = numbers["biases"]
        self._fixed = np.array(sorted(settings.fixed), dtype=np.intp)
        self._best = network.parameters.copy()
        with np.errstate(all="ignore"):
            self._best_score = self._score()

    def _score(self) -> float:
        """Return what should be large: how many points are right, or minus the loss."""
        if self._is_regression:
            loss = self._points.mean_loss(self._network, self._loss)
            return -float("inf") if loss is None or not np.isfinite(loss) else -loss
        return float(self._points.count_right(self._network))

    @property
    def is_all_right(self) -> bool:
        """Whether every training point has its class."""
        return not self._is_regression and self._best_score == self._points.n_points

    @property
    def is_spent(self) -> bool:
        """Whether no try is left."""
        return self.n_tries >= self.last_try

    def extend(self) -> None:
        """Allow the same number of tries again."""
        self.last_try = self.n_tries + self._budget

    def try_once(self) -> None:
        """Draw one network; the network keeps the better of it and the best so far."""
        parameters = self._network.parameters
        self._draw(self._generator, parameters)
        self.n_tries += 1
        score = self._score()
        if score > self._best_score:
            self._best_score = score
            self._best[:] = parameters
        else:
            parameters[:] = self._best

    def next_drawn(self) -> FloatArray:
        """Return the parameters that the next try will draw, without trying them."""
        parameters: FloatArray = np.empty_like(self._best)
        self._draw(deepcopy(self._generator), parameters)
        return parameters

    def _draw(self, generator: np.random.Generator, out: FloatArray) -> None:
        generator.random(out=out)
        np.multiply(out, 2.0, out=out)
        np.subtract(out, 1.0, out=out)
        np.multiply(out, self._ranges, out=out)
        if len(self._fixed):
            out[self._fixed] = self._best[self._fixed]
