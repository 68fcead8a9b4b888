from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Dataset, Network, NetworkSettings, TrainingSettings
from model.data.dataset import PROBLEM_KINDS
from model.data.problems import PROBLEMS
from model.landscape import landscape as landscape_module
from model.landscape.landscape import SPANS, Extent, LandscapeSettings, landscape
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES
from model.run.numbers import MomentNumbers
from model.run.run import Run
from model.training.settings import Setup
from model.training.trainer import Trainer

GENERATOR = np.random.default_rng(3)
POINTS = GENERATOR.uniform(-6.0, 6.0, (40, 2))
CLASSES = Dataset(POINTS, np.arange(40) % 3, np.arange(40) % 4 == 0)
VALUES = Dataset(POINTS, np.sin(POINTS[:, 0]), np.arange(40) % 4 == 0)


def setup_of(data, sizes=(2, 6, 5, 3), loss="cross_entropy", output="softmax", training=None, **network):
    hidden = network.pop("hidden", ("tanh",) * (len(sizes) - 2))
    return Setup(data, NetworkSettings(sizes, hidden, output, **network), training or TrainingSettings(loss=loss))


def moment_of(setup, n_steps=30):
    run = Run(setup)
    run.advance(n_steps)
    return run.moment()


def finest(*args, **kwargs):
    return [made for made in landscape(*args, **kwargs) if made is not None][-1]


def loss_of(setup, parameters, *, with_penalty=False):
    """Return what the loss card shows of a network with these parameters."""
    metrics = Trainer(Network.from_settings(setup.network, parameters), setup.dataset, setup.training).metrics()
    return metrics.train_loss + (metrics.penalty if with_penalty else 0.0)


PAIRS = [(loss, output) for loss, entry in LOSSES.items() for output in entry.outputs]


@settings(deadline=None, max_examples=40)
@given(
    st.sampled_from(PAIRS),
    st.sampled_from(sorted(BIAS_KINDS)),
    st.sampled_from(sorted(ACTIVATIONS)),
    st.sampled_from(PROBLEM_KINDS),
    st.booleans(),
    st.data(),
)
def test_a_landscape_of_two_weights_is_the_network_evaluated_there(pair, bias, hidden, kind, marked, data):
    loss, output = pair if kind == "classes" else ("squared_error", "linear")
    features = PROBLEMS[kind].raw_features
    sizes = (len(features), 3, 4, 3 if kind == "classes" else 1)
    points = CLASSES if kind == "classes" else VALUES.as_kind(kind)
    marks = {"frozen": frozenset({1, 5}), "pruned": frozenset({2}), "muted": frozenset({(1, 1)})} if marked else {}
    setup = setup_of(points, sizes, loss, output, hidden=(hidden, "tanh"), bias=bias, features=features, **marks)
    network = Network.from_settings(setup.network)
    positions = st.sampled_from([n for n in range(setup.network.n_parameters) if n not in setup.network.pruned])
    chosen = tuple(data.draw(st.lists(positions, min_size=2, max_size=2, unique=True)))
    plane = LandscapeSettings("weights", chosen).directions(setup.network, network.parameters)
    extent = Extent(-3.0, 2.0, -1.0, 4.0)

    first = next(made for made in landscape(setup, plane, extent) if made is not None)

    assert first.losses.shape == (9, 9)
    for row, column in ((0, 0), (3, 7), (8, 2)):
        parameters = network.parameters.copy()
        parameters[list(chosen)] = -3.0 + 5.0 * column / 8, -1.0 + 5.0 * row / 8
        np.testing.assert_allclose(first.losses[row, column], loss_of(setup, parameters), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("spans", SPANS)
@pytest.mark.parametrize("with_penalty", [False, True])
@pytest.mark.parametrize("regularization", ["l1", "l2"])
def test_it_passes_through_the_loss_that_is_shown_with_its_slope(spans, with_penalty, regularization):
    training = TrainingSettings(regularization=regularization, regularization_rate=0.1, learning_rate=0.1)
    setup = setup_of(CLASSES, training=training)
    run = Run(setup)
    path = [run.moment().checkpoint.parameters]
    for _ in range(5):
        run.advance(4)
        path.append(run.moment().checkpoint.parameters)
    moment = run.moment()
    chosen = LandscapeSettings(spans, (0, 30))
    plane = chosen.directions(setup.network, moment.checkpoint.parameters, [np.array(path)])
    x, y = plane.start
    extent = Extent(x - 1e-4, x + 1e-4, y - 1e-4, y + 1e-4)

    made = next(made for made in landscape(setup, plane, extent, with_penalty=with_penalty) if made is not None)

    shown = moment.metrics.train_loss + (moment.metrics.penalty if with_penalty else 0.0)
    np.testing.assert_allclose(made.losses[4, 4], shown, rtol=1e-13)
    assert made.with_penalty == with_penalty
    numbers = MomentNumbers(moment)
    gradient = numbers.gradient + (numbers.penalty_gradient if with_penalty else 0.0)
    slopes = (made.losses[4, 8] - made.losses[4, 0]) / 2e-4, (made.losses[8, 4] - made.losses[0, 4]) / 2e-4
    np.testing.assert_allclose(slopes, (gradient @ plane.first, gradient @ plane.second), rtol=1e-5, atol=1e-7)


def test_finer_ones_keep_the_coarser_places():
    setup = setup_of(CLASSES)
    plane = LandscapeSettings(seed=4).directions(setup.network, Network.from_settings(setup.network).parameters)
    made = [one for one in landscape(setup, plane, Extent(-1, 1, -1, 1)) if one is not None]
    assert [len(one.losses) for one in made] == [9, 17, 33, 65]
    assert [one.is_finest for one in made] == [False, False, False, True]
    for coarse, fine in pairwise(made):
        np.testing.assert_array_equal(fine.losses[::2, ::2], coarse.losses)
    places = Extent(-1, 1, -1, 1).places(65)
    for row, column in ((1, 3), (40, 7), (64, 63)):
        expected = loss_of(setup, plane.at(places[row, column][np.newaxis])[0])
        np.testing.assert_allclose(made[-1].losses[row, column], expected, rtol=1e-12)


def test_work_comes_in_slices_and_ends_when_it_is_left():
    setup = setup_of(CLASSES)
    plane = LandscapeSettings().directions(setup.network, Network.from_settings(setup.network).parameters)
    steps = landscape(setup, plane, Extent(-1, 1, -1, 1))
    assert next(steps) is None
    steps.close()
    with pytest.raises(StopIteration):
        next(steps)


def test_many_points_are_seen_in_part_at_first_and_very_many_always(monkeypatch):
    setup = setup_of(CLASSES)  # 14 neurons, 30 training points
    plane = LandscapeSettings().directions(setup.network, Network.from_settings(setup.network).parameters)
    monkeypatch.setattr(landscape_module, "_QUICK", 81 * 14 * 10)
    made = [one for one in landscape(setup, plane, Extent(-1, 1, -1, 1)) if one is not None]
    assert [(len(one.losses), one.n_points) for one in made] == [(9, 10), (9, 30), (17, 30), (33, 30), (65, 30)]
    assert not np.array_equal(made[0].losses, made[1].losses)
    np.testing.assert_allclose(made[1].losses[4, 4], loss_of(setup, plane.origin), rtol=1e-13)

    monkeypatch.setattr(landscape_module, "_WHOLE", 33 * 33 * 14 * 20)
    made = [one for one in landscape(setup, plane, Extent(-1, 1, -1, 1)) if one is not None]
    assert [(len(one.losses), one.n_points) for one in made] == [(9, 10), (9, 20), (17, 20), (33, 20)]
    assert made[-1].is_finest
    assert all(one.n_training == 30 for one in made)


def test_losses_that_overflow_are_not_finite_and_no_warning():
    setup = setup_of(VALUES, (2, 3, 1), "squared_error", "linear", hidden=("relu",))
    network = Network.from_settings(setup.network)
    plane = LandscapeSettings("weights", (0, 9)).directions(setup.network, network.parameters)
    made = finest(setup, plane, Extent(-1e99, 1e99, -1e99, 1e99))
    assert np.isinf(made.losses).any()
    assert np.isfinite(made.losses).any()


def test_without_a_training_point_there_is_a_sentence():
    setup = setup_of(Dataset(POINTS[:2], np.array([0, 1]), np.array([True, True])), (2, 3, 2))
    plane = LandscapeSettings().directions(setup.network, Network.from_settings(setup.network).parameters)
    with pytest.raises(ValueError, match="no training point"):
        finest(setup, plane, Extent(-1, 1, -1, 1))


@pytest.mark.parametrize("sizes", [(1, 1), (2, 1, 1)])
def test_the_smallest_networks_have_a_landscape(sizes):
    features = ("x1",) if sizes[0] == 1 else None
    setup = setup_of(Dataset(POINTS[:1], np.array([1])), sizes, output="sigmoid", features=features)
    setup = replace(setup, dataset=Dataset(POINTS[:1], np.array([1])))
    network = Network.from_settings(setup.network)
    for chosen in (LandscapeSettings(), LandscapeSettings("weights", (0, 1))):
        plane = chosen.directions(setup.network, network.parameters)
        assert np.isfinite(finest(setup, plane, chosen.extent(plane)).losses).all()


def test_the_extent_holds_the_present_and_the_path():
    setup = setup_of(CLASSES)
    run = Run(replace(setup, training=TrainingSettings(learning_rate=1.0)))
    path = [run.moment().checkpoint.parameters]
    for _ in range(10):
        run.advance(10)
        path.append(run.moment().checkpoint.parameters)
    path = np.array(path)
    for spans in SPANS:
        chosen = LandscapeSettings(spans, (0, 30))
        plane = chosen.directions(setup.network, path[-1], [path])
        extent = chosen.extent(plane, [path])
        assert all(extent.contains(place) for place in plane.project(path).places)
        assert extent.contains(plane.start)
        near = replace(chosen, reach=0.1).extent(plane, [path])
        assert near.contains(plane.start)
        np.testing.assert_allclose((near.x_max - near.x_min) * 10, extent.x_max - extent.x_min)


@pytest.mark.parametrize(
    "wrong", [{"spans": "up"}, {"seed": -1}, {"seed": 1.5}, {"reach": 0.0}, {"reach": float("nan")}, {"reach": 1e9}]
)
def test_settings_that_say_nothing_are_refused(wrong):
    with pytest.raises(ValueError, match=next(iter(wrong))):
        LandscapeSettings(**wrong)


@pytest.mark.parametrize("ends", [(0.0, 0.0, 0.0, 1.0), (1.0, 0.0, 0.0, 1.0), (0.0, np.inf, 0.0, 1.0)])
def test_an_extent_without_area_is_refused(ends):
    with pytest.raises(ValueError, match="finite ends"):
        Extent(*ends)
