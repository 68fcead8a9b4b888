"""Maps of neurons without a bound have a scale of their own, from 0 where they are never below, and a line at 0."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtTest import QTest

from gui.items.diagram_colours import limits_of, map_colours, map_images
from gui.items.map_scales import goes_below_zero, map_limit, scale_ends
from gui.theme import named
from model import NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.network.activations import ACTIVATIONS
from model.network.parts import Unit
from model.run.record import record
from model.run.snapshot import SnapshotMaker
from model.training.settings import Setup

LIGHT = named("light")
UNBOUNDED = [name for name, activation in ACTIVATIONS.items() if activation.bound is None]


def trained(name, activation, n_steps=250):
    """Return the picture of a network after some training, as by Play."""
    dataset = generate(GeneratorSettings(name=name, n_points=100, n_classes=2))
    training = TrainingSettings(optimizer="adam", learning_rate=0.03)
    settings = NetworkSettings((2, 6, 6, 2), (activation, activation), seed=3)
    return SnapshotMaker().make(0, record(Setup(dataset, settings, training), n_steps).history.frames[-1])


def strength(colours):
    """Return how far from the neutral colour each pixel is, 0 to 1 at an end."""
    rgb = np.stack([(colours >> np.uint32(shift)) & np.uint32(255) for shift in (16, 8, 0)], axis=-1).astype(float)
    neutral, end = (np.array([c.red(), c.green(), c.blue()], float) for c in (LIGHT.neutral, LIGHT.positive))
    return np.linalg.norm(rgb - neutral, axis=-1) / np.linalg.norm(end - neutral)


@pytest.mark.parametrize("name", ["spiral", "circle", "xor"])
def test_after_training_with_relu_every_living_neuron_is_told_apart(qapp, name):
    snapshot = trained(name, "relu")
    images = map_images(snapshot, LIGHT, limits_of(snapshot).maps)
    for layer in (1, 2):
        for maps, image in zip(snapshot.unit_maps[layer], images[layer], strict=True):
            active = maps[::-1] > 0
            if active.mean() > 0.02:
                shades = strength(image)[active]
                assert np.quantile(shades, 0.95) > 0.7, "strong where it is strong"
                assert (shades >= 0.99).mean() < 0.5, "and not all the same"


@pytest.mark.parametrize("activation", UNBOUNDED)
def test_each_neuron_has_the_scale_of_its_own_answers(qapp, activation):
    snapshot = trained("circle", activation, 50)
    for layer in (1, 2):
        for index, maps in enumerate(snapshot.unit_maps[layer]):
            low, high = scale_ends(snapshot, Unit(layer, index))
            assert high == map_limit(snapshot, Unit(layer, index))
            largest = float(np.abs(maps).max())
            assert largest == 0 or 0.2 * largest <= high <= 1.5 * largest * (1 + 1e-6) + 1e-12
            assert (low == 0) == (not goes_below_zero(activation))


def test_which_activations_go_below_zero():
    assert not any(map(goes_below_zero, ("relu", "softplus", "sigmoid", "softmax")))
    assert all(map(goes_below_zero, ("tanh", "leaky_relu", "elu", "linear")))


def test_a_line_marks_where_a_map_begins_to_be_above_zero(qapp):
    snapshot = trained("circle", "relu")
    unit = next(Unit(1, index) for index, maps in enumerate(snapshot.unit_maps[1]) if 0.1 < (maps > 0).mean() < 0.9)
    maps = snapshot.unit_maps[1][unit.index]
    line = map_colours(snapshot, unit, maps, LIGHT) == LIGHT.muted.rgb()
    assert line.any()
    rows, columns = np.nonzero(line)
    for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
        beside = maps[max(row - 1, 0) : row + 1, max(column - 1, 0) : column + 1]
        assert (beside > 0).any()
        assert (beside <= 0).any()


def test_hovering_a_relu_neuron_shows_it_large_with_its_scale(shared_window, answered, qtbot):
    document, window = shared_window.document, shared_window
    document.network.set_activation(1, "relu")
    answered(document)
    view = window.findChild(object, "network_view")
    legend = next(widget for widget in window.findChildren(object) if type(widget).__name__ == "Legend")
    before = legend.grab().toImage()
    living = [index for index, maps in enumerate(document.displayed.unit_maps[1]) if (maps > 0).mean() > 0.2]
    place = view.diagram.layout.rect(Unit(1, living[0])).center()
    QTest.mouseMove(view, QPointF(place).toPoint())
    qtbot.waitUntil(lambda: document.displayed.probe == (1, living[0]))
    qtbot.waitUntil(lambda: legend.grab().toImage() != before)
