"""Snapshot: a read-only picture of one moment of the training, all that a view needs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.data.dataset import PLANE_LIMIT
from model.network.losses import OUTPUT_ACTIVATIONS
from model.network.network import Network
from model.network.settings import NetworkSettings
from model.network.workspace import Workspace, with_ones
from model.run.history import KeyFrame
from model.run.network_curve import CURVE_RESOLUTION, UNIT_CURVE_RESOLUTION, Curve, CurveSampler
from model.training.metrics import Metrics
from model.types import Array, FloatArray, IntArray, read_only

MAP_RESOLUTION = 40
"""Every neuron's map has this many samples along each axis; the diagram draws it about as large."""

MIN_SURFACE_RESOLUTION, MAX_SURFACE_RESOLUTION = 40, 120
LEAST_MAP_RESOLUTION = 16
"""While training runs, maps of very many neurons, which are drawn small, have no fewer samples along each axis."""

_MAP_SAMPLES = 160_000
"""How many activations all maps may take while training runs; a hundred neurons have all that they have otherwise."""

_UNIT_SAMPLES = 400_000
"""How many activations a surface may take: about 2 ms of NumPy in float32."""


@dataclass(frozen=True, slots=True)
class Plane:
    """A part of the plane of the two coordinates, in data units."""

    x_min: float = -PLANE_LIMIT
    x_max: float = PLANE_LIMIT
    y_min: float = -PLANE_LIMIT
    y_max: float = PLANE_LIMIT


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """The network's answer over a part of the plane.

    Attributes
    ----------
    plane : Plane
        What the samples cover, from edge to edge.
    probabilities : ndarray of shape (n_classes, resolution, resolution) or None
        Classification. float32; the first row is the lowest x2.
    values : ndarray of shape (resolution, resolution) or None
        Values: what the network says, likewise. Of a curve, whose network is not given the height, too: every row is
        the same.
    unit_map : ndarray of shape (resolution, resolution) or None
        The activation of the neuron that was asked for.
    """

    plane: Plane
    probabilities: Array | None
    values: Array | None
    unit_map: Array | None


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """One moment of a run.

    Attributes
    ----------
    run : int
        The number of the run; an answer of an older run is dropped.
    moment : KeyFrame
        What it shows, from which the run could go on.
    network : Network
        That of the moment; its parameters cannot be written.
    unit_maps : tuple of ndarray of shape (n_units, resolution, resolution)
        For every layer, the input first, each neuron's activation over the whole plane; the first row is the lowest x2.
    surface : Surface
    probe : tuple of int or None
        Layer and index of the neuron whose map `surface` holds.
    curve : Curve or None
        Where the points are those of a curve: the network over the x of the surface's plane.
    unit_curves : tuple of ndarray of shape (n_units, UNIT_CURVE_RESOLUTION)
        Likewise, for every layer, the input first, each neuron's activation over the whole plane from left to right;
        empty for another problem.
    confusion : tuple of ndarray of int, each of shape (n_classes, n_classes)
        Of the training and of the test points, see :meth:`model.training.metrics.PointSet.confusion`; both empty in a
        regression.
    """

    run: int
    moment: KeyFrame
    network: Network
    unit_maps: tuple[Array, ...]
    surface: Surface
    probe: tuple[int, int] | None
    confusion: tuple[IntArray, IntArray]
    curve: Curve | None = None
    unit_curves: tuple[FloatArray, ...] = ()

    @property
    def is_regression(self) -> bool:
        """Whether the network was asked for a number and not for a class."""
        return self.moment.dataset.is_regression

    @property
    def metrics(self) -> Metrics:
        """How well the network does."""
        return self.moment.metrics

    @property
    def step(self) -> int:
        """Steps taken since the first weights."""
        return self.moment.step

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self.moment.epoch


class _Sampler:
    """Evaluates networks of one shape at the centres of a grid of cells, in float32."""

    def __init__(self, settings: NetworkSettings, plane: Plane, resolution: int) -> None:
        self.key = (settings, plane, resolution)
        self.resolution = resolution
        centres = (np.arange(resolution, dtype=np.float32) + 0.5) / resolution
        self.x = plane.x_min + centres * (plane.x_max - plane.x_min)
        self.y = plane.y_min + centres * (plane.y_max - plane.y_min)
        # A network that is not given the height says the same in every row.
        self._n_rows = 1 if settings.is_of_curve else resolution
        rows = self.y[: self._n_rows]
        points = np.stack([np.tile(self.x, self._n_rows), np.repeat(rows, resolution)], axis=1)
        self._settings = settings
        self._inputs = with_ones(settings.inputs(points.astype(np.float64)), np.float32)
        self._parameters = np.zeros(settings.n_parameters, dtype=np.float32)
        self._workspace: Workspace = settings.workspace(self._parameters, len(points))

    def sample(self, network: Network) -> list[Array]:
        """Return every layer's activations, the input first, each of shape (n_units, resolution, resolution).

        The arrays are the sampler's own and are overwritten by the next call.
        """
        self._parameters[:] = network.parameters
        self._workspace.forward(self._inputs)
        r = self.resolution
        own = [self._inputs[:-1], *self._workspace.activations]
        layers: list[Array] = [layer.reshape(len(layer), self._n_rows, r) for layer in own]
        self._settings.silence(layers)
        return [np.broadcast_to(layer, (len(layer), r, r)) for layer in layers]


class SnapshotMaker:
    """Makes snapshots; keeps the grids from one to the next.

    Parameters
    ----------
    map_resolution : int
        Samples of each neuron's map along each axis.
    surface_resolution : int, optional
        Samples of the surface along each axis; by default what can be afforded sixty times a second.
    """

    def __init__(self, map_resolution: int = MAP_RESOLUTION, surface_resolution: int | None = None) -> None:
        self._map_resolution = map_resolution
        self._surface_resolution = surface_resolution
        self._map_sampler: _Sampler | None = None
        self._surface_sampler: _Sampler | None = None
        self._curve_sampler: CurveSampler | None = None
        self._unit_curve_sampler: CurveSampler | None = None

    def make(
        self,
        run: int,
        moment: KeyFrame,
        plane: Plane | None = None,
        probe: tuple[int, int] | None = None,
        confusion: tuple[IntArray, IntArray] | None = None,
        *,
        hurried: bool = False,
    ) -> Snapshot:
        """Return a snapshot of a moment.

        Parameters
        ----------
        plane : Plane
            The part of the plane that the surface covers; by default all of it.
        probe : tuple of int, optional
            Layer and index of a neuron whose map is wanted at the surface's resolution. One that the network does not
            have is ignored.
        confusion : tuple of ndarray, optional
            As in :class:`Snapshot`; by default both are empty.
        hurried : bool
            Whether the next one follows at once, so that the maps of very many neurons may have fewer samples.
        """
        settings = moment.network
        network = Network.read_only(settings, moment.checkpoint.parameters)
        plane = plane or Plane()
        with np.errstate(all="ignore"):
            most = map_resolution(settings) if hurried else MAP_RESOLUTION
            self._map_sampler = _fitting(self._map_sampler, settings, Plane(), min(self._map_resolution, most))
            unit_maps = tuple(read_only(layer.copy()) for layer in self._map_sampler.sample(network))
            resolution = self._surface_resolution or surface_resolution(settings)
            self._surface_sampler = _fitting(self._surface_sampler, settings, plane, resolution)
            layers = self._surface_sampler.sample(network)
            if probe is not None and not (0 <= probe[0] < len(layers) and 0 <= probe[1] < len(layers[probe[0]])):
                probe = None
            unit_map = None if probe is None else read_only(layers[probe[0]][probe[1]].copy())
            if moment.dataset.is_regression:
                surface = Surface(plane, None, read_only(layers[-1][0].copy()), unit_map)
            else:
                surface = Surface(plane, _probabilities(settings, layers[-1]), None, unit_map)
        none = np.zeros((0, 0), dtype=np.intp)
        curve, unit_curves = self._curves(network, plane) if moment.dataset.is_curve else (None, ())
        return Snapshot(run, moment, network, unit_maps, surface, probe, confusion or (none, none), curve, unit_curves)

    def _curves(self, network: Network, plane: Plane) -> tuple[Curve, tuple[FloatArray, ...]]:
        """Return the network over the x of a plane, and each layer's neurons over that of the whole plane."""
        seen = (network.settings, plane.x_min, plane.x_max, CURVE_RESOLUTION)
        whole = (network.settings, -PLANE_LIMIT, PLANE_LIMIT, UNIT_CURVE_RESOLUTION)
        self._curve_sampler = _fitting_curve(self._curve_sampler, seen)
        self._unit_curve_sampler = _fitting_curve(self._unit_curve_sampler, whole)
        return self._curve_sampler.sample(network), self._unit_curve_sampler.layers(network)


def map_resolution(settings: NetworkSettings) -> int:
    """Return how many samples along each axis the neurons' maps of such a network can afford while training runs."""
    affordable = int(np.sqrt(_MAP_SAMPLES / sum(settings.layer_sizes)))
    return min(max(affordable, LEAST_MAP_RESOLUTION), MAP_RESOLUTION)


def surface_resolution(settings: NetworkSettings) -> int:
    """Return how many samples along each axis a surface of such a network can afford."""
    affordable = int(np.sqrt(_UNIT_SAMPLES / sum(settings.layer_sizes[1:])))
    return min(max(affordable, MIN_SURFACE_RESOLUTION), MAX_SURFACE_RESOLUTION)


def _fitting(sampler: _Sampler | None, settings: NetworkSettings, plane: Plane, resolution: int) -> _Sampler:
    return (
        sampler
        if sampler is not None and sampler.key == (settings, plane, resolution)
        else _Sampler(settings, plane, resolution)
    )


def _fitting_curve(sampler: CurveSampler | None, key: tuple[NetworkSettings, float, float, int]) -> CurveSampler:
    return sampler if sampler is not None and sampler.key == key else CurveSampler(*key)


def _probabilities(settings: NetworkSettings, outputs: Array) -> Array:
    """Return the probability of each class, of shape (n_classes, resolution, resolution)."""
    shape = outputs.shape[1:]
    flat = OUTPUT_ACTIVATIONS[settings.output_activation].class_probabilities(outputs.reshape(len(outputs), -1))
    return read_only(np.array(flat.reshape(-1, *shape)))
