"""Imported networks: an experiment around a network of another program."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from model.data.dataset import Dataset
from model.data.generators import GeneratorSettings
from model.data.naming import Naming
from model.experiment.experiment import Experiment
from model.network.layout import layer_matrices
from model.network.losses import LOSSES
from model.network.network import Network
from model.run.history import History
from model.run.run import Run
from model.training.settings import Setup, TrainingSettings


def experiment_around(
    network: Network, naming: Naming, present: Setup, generator: GeneratorSettings
) -> tuple[Experiment, bool]:
    """Return an experiment that begins with a network of another program, and whether it keeps the present points.

    Parameters
    ----------
    network : Network
        On numbers as its naming scales them; on a person's own numbers where that is plain.
    naming : Naming
    present : Setup
        Its points are kept where the network can answer for them: they are then what the network is about, and it is
        written anew for their places on the plane. Its training settings are kept where they go with the network.
    generator : GeneratorSettings
    """
    found = _with_points(network, naming, present)
    if found is None:
        dataset = _no_points(network, naming)
        setup = Setup(dataset, network.settings, _training(network, present.training, dataset))
    else:
        setup, network = found
    history = History()
    history.append(Run(setup, network.parameters).moment())
    return Experiment(setup, generator, history), found is not None


def _with_points(network: Network, naming: Naming, present: Setup) -> tuple[Setup, Network] | None:
    """Return a setup with the present points and the network for their units; None where they do not go together."""
    dataset, own = present.dataset, present.dataset.naming
    if not len(dataset) or (naming.is_scaled and not own.is_scaled):
        return None
    placed = _on_plane_of(network, naming, own)
    if placed is None:
        return None
    if not dataset.is_regression and dataset.n_classes == network.settings.n_classes and naming.classes:
        dataset = dataset.named(replace(own, classes=naming.classes))
    try:
        return Setup(dataset, network.settings, _training(network, present.training, dataset)), placed
    except ValueError:
        return None


def _on_plane_of(network: Network, naming: Naming, own: Naming) -> Network | None:
    """Return a network that takes and gives in the units of `own` what this one does in those of `naming`."""
    settings = network.settings
    result = Network.from_settings(settings, network.parameters)
    matrices = list(layer_matrices(result.parameters, settings.layer_sizes))
    first, last = matrices[0], matrices[-1]
    axes = zip((naming.x1, naming.x2), (own.x1, own.x2), strict=True)
    for row, (axis, place) in enumerate(list(axes)[: settings.layer_sizes[0]]):
        # (person - middle) / unit goes in, and the person's number is that of the place.
        first[-1] += first[row] * axis.placed(place.middle)
        first[row] *= place.unit / axis.unit
    value, own_value = naming.value, own.value
    if (value.middle, value.unit) != (own_value.middle, own_value.unit):
        if settings.output_activation != "linear":
            return None
        last *= value.unit / own_value.unit
        last[-1] += own_value.placed(value.middle)
    return result


def _no_points(network: Network, naming: Naming) -> Dataset:
    settings = network.settings
    none, labels = np.zeros((0, 2)), np.zeros(0)
    if settings.is_of_curve:
        return Dataset.curve(none, naming=naming)
    is_of_values = settings.layer_sizes[-1] == 1 and settings.output_activation != "sigmoid"
    return Dataset(none, labels, n_classes=0 if is_of_values else settings.n_classes, naming=naming)


def _training(network: Network, present: TrainingSettings, dataset: Dataset) -> TrainingSettings:
    """Return the present settings as far as they go with a network and its points."""
    fits = network.settings.output_activation in LOSSES[present.loss].outputs and not dataset.is_regression
    dropout = present.dropout
    if isinstance(dropout, tuple) and len(dropout) != network.settings.n_hidden_layers:
        dropout = 0.0
    return replace(present, loss=present.loss if fits else "squared_error", dropout=dropout)
