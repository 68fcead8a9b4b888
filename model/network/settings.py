"""NetworkSettings: the shape of a network and the names of its functions, as one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from model.data.features import check_features, feature, feature_values, is_of_curve
from model.network.activations import ACTIVATIONS
from model.network.dropout import DroppedActivation
from model.network.initializers import INITIALIZERS
from model.network.layout import (
    BIAS_KINDS,
    BiasKind,
    DenseLayout,
    count_parameters,
    dense_layout,
    weight_views,
)
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS, OutputLoss
from model.network.workspace import HiddenFunction, Workspace
from model.types import Array, BoolArray, FloatArray, check_choice, is_number, is_whole

MAX_HIDDEN_LAYERS = 10


MAX_UNITS = 64
"""The largest shape that the window offers and draws; the model itself has no limit."""


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """What a network is, without its numbers.

    Attributes
    ----------
    layer_sizes : tuple of int
        Units of each layer, the input features first, at least two layers.
    hidden_activations : tuple of str
        A key of :data:`model.network.activations.ACTIVATIONS` for each hidden layer.
    output_activation : str
        A key of :data:`model.network.losses.OUTPUT_ACTIVATIONS`.
    initializer : str
        How new weights are drawn: a key of :data:`model.network.initializers.INITIALIZERS`.
    bias : str
        Which neurons have a bias: a key of :data:`model.network.layout.BIAS_KINDS`.
    seed : int
        Seed of the first weights.
    initializer_scale : float
        Range, spread or value of the initializers that have one, 0 or more.
    bias_start : float or None
        What every bias begins with; None: what the initializer gives.
    features : tuple of str or None
        What the inputs are: formulas of the two coordinates x1 and x2, or of x alone along a curve, see
        :mod:`model.data.features`. None: points go in as they are; with two inputs that means x1 and x2.
    standardization : tuple of tuple of float
        Mean and spread of each feature, which are taken off it and divided out; empty: features go in as they are.
    frozen, pruned : frozenset of int
        Positions in the flat vector of parameters that training leaves alone, and of weights that are taken out: they
        stay 0.
    muted : frozenset of tuple of int
        Layer and index of neurons, inputs among them, whose output counts as zero.

    Raises
    ------
    ValueError
        If a name or a size is not allowed; the message names it and what is.
    """

    layer_sizes: tuple[int, ...]
    hidden_activations: tuple[str, ...]
    output_activation: str = "softmax"
    initializer: str = "xavier_uniform"
    bias: BiasKind = "per_neuron"
    seed: int = 0
    initializer_scale: float = 0.5
    bias_start: float | None = None
    features: tuple[str, ...] | None = None
    standardization: tuple[tuple[float, float], ...] = ()
    frozen: frozenset[int] = frozenset()
    pruned: frozenset[int] = frozenset()
    muted: frozenset[tuple[int, int]] = frozenset()

    def __post_init__(self) -> None:
        if len(self.layer_sizes) < 2:
            raise ValueError(f"layer_sizes needs an input and an output layer; got {list(self.layer_sizes)}")
        for size in self.layer_sizes:
            if not (is_whole(size) and size >= 1):
                raise ValueError(f"every layer needs 1 unit or more, a whole number; got {list(self.layer_sizes)}")
        if len(self.hidden_activations) != len(self.layer_sizes) - 2:
            raise ValueError(
                f"{len(self.layer_sizes) - 2} hidden layers need as many activations; got {self.hidden_activations}"
            )
        for name in self.hidden_activations:
            check_choice("hidden activation", name, ACTIVATIONS)
        check_choice("output activation", self.output_activation, OUTPUT_ACTIVATIONS)
        check_choice("initializer", self.initializer, INITIALIZERS)
        check_choice("bias", self.bias, BIAS_KINDS)
        if self.layer_sizes[-1] < OUTPUT_ACTIVATIONS[self.output_activation].min_units:
            raise ValueError(f"a {self.output_activation} output has 2 units or more; got {self.layer_sizes[-1]}")
        if not (is_whole(self.seed) and self.seed >= 0):
            raise ValueError(f"seed must be 0 or more; got {self.seed!r}")
        if not (is_number(self.initializer_scale) and self.initializer_scale >= 0):
            raise ValueError(f"initializer_scale must be a number of 0 or more; got {self.initializer_scale!r}")
        if self.bias_start is not None and not is_number(self.bias_start):
            raise ValueError(f"bias_start must be a finite number, or None; got {self.bias_start!r}")
        if self.features is None and self.layer_sizes[0] == 2:
            object.__setattr__(self, "features", ("x1", "x2"))
        self._check_features()
        self._check_marks()

    def _check_features(self) -> None:
        n_inputs = self.layer_sizes[0]
        if self.features is not None:
            check_features(self.features)
            if len(self.features) != n_inputs:
                raise ValueError(f"{len(self.features)} features need as many units of the first layer; got {n_inputs}")
        if self.standardization and len(self.standardization) != n_inputs:
            raise ValueError(f"standardization needs {n_inputs} pairs of numbers; got {len(self.standardization)}")
        for mean, spread in self.standardization:
            if not (is_number(mean) and is_number(spread) and spread > 0):
                raise ValueError(f"standardization needs finite means and spreads above 0; got {mean} and {spread}")

    def _check_marks(self) -> None:
        for what, marked in (("frozen", self.frozen), ("pruned", self.pruned)):
            if marked and not 0 <= min(marked) <= max(marked) < self.n_parameters:
                raise ValueError(f"{what} must be positions of 0 to {self.n_parameters - 1}; got {sorted(marked)}")
        for layer, index in self.muted:
            if not (0 <= layer < len(self.layer_sizes) - 1 and 0 <= index < self.layer_sizes[layer]):
                raise ValueError(f"muted must be neurons of the input or a hidden layer; got {(layer, index)}")

    def draw_layer(self, generator: np.random.Generator, n_in: int, n_out: int) -> FloatArray:
        """Draw a new layer's matrix, an ndarray of shape (n_in + 1, n_out) whose last row holds the biases."""
        matrix = INITIALIZERS[self.initializer].draw(generator, n_in, n_out, self.initializer_scale)
        if self.bias_start is not None:
            matrix[-1] = self.bias_start
        return matrix

    @property
    def n_parameters(self) -> int:
        """How many weights and biases the network has."""
        return count_parameters(self.layer_sizes, self.bias)

    @property
    def n_coordinates(self) -> int:
        """How many numbers a point has: 1 along a curve, of which the network is given x alone."""
        if self.features is None:
            return self.layer_sizes[0]
        return 1 if self.is_of_curve else 2

    @property
    def is_of_curve(self) -> bool:
        """Whether its features are formulas of x alone."""
        return self.features is not None and is_of_curve(self.features)

    @property
    def is_of_plane(self) -> bool:
        """Whether it needs both coordinates of a point; of a constant feature neither this nor `is_of_curve` holds."""
        return self.features is None or any(feature(name).is_of_plane for name in self.features)

    @property
    def fixed(self) -> frozenset[int]:
        """Positions of the parameters that training does not change: frozen or pruned."""
        return self.frozen | self.pruned

    @property
    def n_hidden_layers(self) -> int:
        """How many layers lie between the input and the output."""
        return len(self.hidden_activations)

    @property
    def n_classes(self) -> int:
        """How many classes the outputs tell apart."""
        return max(self.layer_sizes[-1], 2)

    @property
    def is_weight(self) -> BoolArray:
        """Which parameters are weights and no biases, a new ndarray of shape (n_parameters,)."""
        result = np.zeros(self.n_parameters, dtype=np.bool_)
        for weights in weight_views(result, self.layer_sizes, self.bias):
            weights[:] = True
        return result

    def layout(self) -> DenseLayout | None:
        """Return how the flat vector becomes the layers' matrices; None where it is them already."""
        return dense_layout(self.layer_sizes, self.bias, self.muted)

    def workspace(
        self,
        parameters: Array,
        n_points: int,
        dropout: Sequence[float] = (),
        generator: np.random.Generator | None = None,
    ) -> Workspace:
        """Return buffers for passes of `n_points` points through a network with these `parameters`.

        Parameters
        ----------
        dropout : sequence of float
            A rate for each hidden layer, for training; empty: none.
        generator : numpy.random.Generator, optional
            What decides which neurons are left out.
        """
        hidden: list[HiddenFunction] = [ACTIVATIONS[name] for name in self.hidden_activations]
        for index, rate in enumerate(dropout):
            if rate > 0.0 and generator is not None:
                hidden[index] = DroppedActivation(ACTIVATIONS[self.hidden_activations[index]], rate, generator)
        return Workspace(parameters, self.layer_sizes, hidden, self.output_activation, n_points, self.layout())

    def inputs(self, points: FloatArray) -> FloatArray:
        """Return the values of the input layer for points of shape (n_points, n_coordinates).

        Along a curve points may have a second coordinate, which does not count.
        """
        values = points if self.features is None else feature_values(self.features, points)
        if self.standardization:
            means, spreads = np.array(self.standardization).T
            values = (values - means) / spreads
        return values

    def silence(self, layers: Sequence[Array]) -> None:
        """Write 0 into the rows of muted neurons; one array of shape (n_units, ...) for each layer, input first."""
        for layer, index in self.muted:
            layers[layer][index] = 0.0


def output_loss(loss: str, output_activation: str) -> OutputLoss:
    """Return the stable form of a loss for an output activation.

    Raises
    ------
    ValueError
        If the loss is unknown or does not go with the output activation.
    """
    check_choice("loss", loss, LOSSES)
    check_choice(f"output activation for {loss}", output_activation, LOSSES[loss].outputs)
    return LOSSES[loss].outputs[output_activation]


def with_output(
    settings: NetworkSettings, n_classes: int, output_activation: str, *, single_unit: bool = True
) -> NetworkSettings:
    """Return the settings with an output layer for `n_classes`; a single unit where that is wanted and can serve.

    With 0 classes, a regression, there is a single unit.
    """
    can_be_single = n_classes == 2 and OUTPUT_ACTIVATIONS[output_activation].min_units == 1
    n_out = 1 if n_classes == 0 or (single_unit and can_be_single) else n_classes
    return replace(settings, layer_sizes=(*settings.layer_sizes[:-1], n_out), output_activation=output_activation)
