"""A moment of a run without its biases, or without a neuron: to see what they do."""

from __future__ import annotations

from dataclasses import replace

from model.network.layout import bias_views
from model.network.parts import Unit
from model.run.history import KeyFrame
from model.run.run import trainer_at
from model.types import read_only


def without_biases(moment: KeyFrame) -> KeyFrame:
    """Return a moment with the same weights and every bias 0, and how well that does."""
    settings = moment.network
    parameters = moment.checkpoint.parameters.copy()
    if settings.bias != "none":
        for biases in bias_views(parameters, settings.layer_sizes, settings.bias):
            biases[:] = 0.0
    checkpoint = replace(moment.checkpoint, parameters=read_only(parameters))
    return _measured(replace(moment, checkpoint=checkpoint))


def without_unit(moment: KeyFrame, unit: Unit) -> KeyFrame:
    """Return a moment in which a neuron's output, or an input, counts as 0, and how well that does."""
    muted = moment.network.muted | {(unit.layer, unit.index)}
    network = replace(moment.network, muted=muted)
    return _measured(replace(moment, setup=replace(moment.setup, network=network)))


def _measured(moment: KeyFrame) -> KeyFrame:
    return KeyFrame.of(trainer_at(moment))
