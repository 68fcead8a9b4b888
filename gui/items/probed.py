"""Probed: the network's values, and the whole chain rule, at the probe point in the displayed moment."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from PySide6.QtCore import QObject, Slot

from gui.document.probe import Probe, ProbePoint
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.derived import Derived
from model import Dataset
from model.explain.chain_rule import ChainRule, chain_rule
from model.network.losses import OUTPUT_ACTIVATIONS
from model.run.snapshot import Snapshot
from model.training.metrics import PointSet
from model.types import FloatArray, read_only


class Probed(Derived):
    """Computes at the probe point what is asked for, always of the displayed moment, and keeps it as long as that.

    Parameters
    ----------
    run : LiveRun
    view : View
    probe : Probe
    parent : QObject

    Notes
    -----
    `changed` tells of another point at once, and of other moments as often as can be afforded; who draws each frame
    anyway may ask each time. Nothing is computed that nobody asks for.
    """

    def __init__(self, run: LiveRun, view: View, probe: Probe, parent: QObject) -> None:
        super().__init__(run, view, parent)
        self._probe = probe
        self._kept: _AtPoint | None = None
        probe.changed.connect(self._on_probe_changed)

    @property
    def values(self) -> list[FloatArray] | None:
        """The activations of each layer, the input first, arrays of shape (n_units,); a muted neuron's are 0.

        None where there is no probe point, or a value is not finite.
        """
        at_point = self._at_point
        return None if at_point is None else at_point.values

    @property
    def probabilities(self) -> FloatArray | None:
        """The probability of each class, of shape (n_classes,); None in a regression and where there are no values."""
        at_point = self._at_point
        return None if at_point is None else at_point.probabilities

    @property
    def chain_rule(self) -> ChainRule | None:
        """Every factor of the derivative of the point's loss; None where there is no point, or a factor is not finite.

        None, too, where the displayed moment has no output for the point's class or value.
        """
        at_point = self._at_point
        return None if at_point is None else at_point.chain_rule

    @property
    def gradient(self) -> FloatArray | None:
        """The derivative of the point's loss by each parameter, laid out as these; not finite after divergence.

        None where the displayed moment has no output for the point's class or value. It is the chain rule's product,
        computed as training does, in a fraction of the time.
        """
        at_point = self._at_point
        return None if at_point is None else at_point.gradient

    @property
    def loss(self) -> float | None:
        """The point's loss, without what regularization adds; None where the chain rule has none."""
        at_point = self._at_point
        return None if at_point is None else at_point.loss

    @property
    def is_wanted(self) -> bool:
        """Whether there is a probe point."""
        return self._probe.point is not None

    def compute(self) -> None:
        """Forget what was computed for a point or a moment that is gone."""
        if not self.is_wanted:
            self._kept = None

    @Slot()
    def _on_probe_changed(self) -> None:
        self._pace.ask(urgent=True)

    @property
    def _at_point(self) -> _AtPoint | None:
        point, snapshot = self._probe.point, self._run.displayed
        if point is None:
            return None
        if self._kept is None or self._kept.snapshot is not snapshot or self._kept.point != point:
            self._kept = _AtPoint(snapshot, point)
        return self._kept


class _AtPoint:
    """What a moment's network makes of one point; each is computed when it is first asked for."""

    def __init__(self, snapshot: Snapshot, point: ProbePoint) -> None:
        self.snapshot, self.point = snapshot, point

    @property
    def _has_output(self) -> bool:
        return self.snapshot.moment.setup.has_output_for(self.point.label)

    @cached_property
    def values(self) -> list[FloatArray] | None:
        layers = [values[0] for values in self.snapshot.network.layer_outputs([self.point.place])]
        return layers if _all_finite(*layers) else None

    @cached_property
    def probabilities(self) -> FloatArray | None:
        if self.values is None or self.snapshot.is_regression:
            return None
        output = OUTPUT_ACTIVATIONS[self.snapshot.network.settings.output_activation]
        with np.errstate(all="ignore"):
            found = output.class_probabilities(self.values[-1][:, np.newaxis])[:, 0]
        probabilities: FloatArray = np.asarray(found, dtype=np.float64)
        return probabilities if _all_finite(probabilities) else None

    @cached_property
    def chain_rule(self) -> ChainRule | None:
        if not self._has_output:
            return None
        with np.errstate(all="ignore"):
            rule = chain_rule(
                self.snapshot.network, self.point.place, self.point.label, self.snapshot.moment.training.loss
            )
        of_layers = [
            factors
            for layer in rule.layers
            for factors in (layer.weights, layer.pre_activations, layer.activations, layer.delta, layer.weight_gradient)
        ]
        is_finite = _all_finite(np.float64(rule.loss_value), rule.loss_by_inputs, *of_layers)
        return rule if is_finite and rule.has_finite_factors else None

    @cached_property
    def gradient(self) -> FloatArray | None:
        if not self._has_output:
            return None
        point, loss = self.point, self.snapshot.moment.training.loss
        with np.errstate(all="ignore"):
            gradient = self.snapshot.network.gradient(
                [point.place], [point.label], loss, regression=self.snapshot.is_regression
            )
        return read_only(gradient)

    @cached_property
    def loss(self) -> float | None:
        if not self._has_output:
            return None
        network, moment = self.snapshot.network, self.snapshot.moment
        if self.snapshot.is_regression:
            point = moment.dataset.like([self.point.place], [self.point.label])
        else:
            point = Dataset([self.point.place], [self.point.label], n_classes=network.settings.n_classes)
        with np.errstate(all="ignore"):
            loss = PointSet(network, point, test=False).mean_loss(network, moment.training.loss)
        return loss if loss is not None and np.isfinite(loss) else None


def _all_finite(*arrays: FloatArray | np.float64) -> bool:
    return all(np.isfinite(array).all() for array in arrays)
