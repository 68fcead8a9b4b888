import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from model import Network, NetworkSettings
from model.landscape.directions import along_weights, at_random, of_paths
from model.network.layout import BIAS_KINDS, weight_views


@st.composite
def networks(draw):
    """Networks of every layout, some of their parameters frozen, pruned or muted."""
    sizes = (2, *draw(st.lists(st.integers(1, 4), max_size=3)), draw(st.integers(1, 3)))
    output = "softmax" if sizes[-1] > 1 else "sigmoid"
    bias = draw(st.sampled_from(sorted(BIAS_KINDS)))
    plain = NetworkSettings(sizes, ("tanh",) * (len(sizes) - 2), output, bias=bias, seed=draw(st.integers(0, 99)))
    positions = st.integers(0, plain.n_parameters - 1)
    weights = np.flatnonzero(plain.is_weight).tolist()
    units = st.sampled_from([(layer, 0) for layer in range(len(sizes) - 1)])
    marked = NetworkSettings(
        sizes,
        plain.hidden_activations,
        output,
        bias=bias,
        seed=plain.seed,
        frozen=frozenset(draw(st.lists(positions, max_size=3))),
        pruned=frozenset(draw(st.lists(st.sampled_from(weights), max_size=3))),
        muted=frozenset(draw(st.lists(units, max_size=1))),
    )
    return Network.from_settings(marked)


@settings(deadline=None, max_examples=60)
@given(networks(), st.integers(0, 1000))
def test_random_directions_have_the_norm_of_every_neuron(network, seed):
    free = network.settings.is_weight
    free[sorted(network.settings.fixed)] = False
    if not network.parameters[free].any():
        with pytest.raises(ValueError, match="are 0"):
            at_random(network.settings, network.parameters, seed)
        return

    plane = at_random(network.settings, network.parameters, seed)

    own = np.where(free, network.parameters, 0.0)
    for direction in (plane.first, plane.second):
        assert not direction[~free].any()
        layout = network.settings.layer_sizes, network.settings.bias
        for moved, weights in zip(weight_views(direction, *layout), weight_views(own, *layout), strict=True):
            np.testing.assert_allclose(
                np.linalg.norm(moved, axis=0), np.linalg.norm(weights, axis=0), rtol=1e-12, atol=0
            )


def test_a_seed_decides_on_random_directions():
    network = Network((2, 6, 5, 3))
    one, same, other = (at_random(network.settings, network.parameters, seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.first, same.first)
    np.testing.assert_array_equal(one.second, same.second)
    assert not np.allclose(one.first, other.first)
    # Within a neuron the numbers are those of a normal distribution, scaled.
    drawn = np.random.default_rng(1).standard_normal(len(network.parameters))
    ratios = one.first[:6] / drawn[:6], one.first[6:12] / drawn[6:12]
    np.testing.assert_allclose(*ratios, rtol=1e-12)


def test_huge_weights_have_random_directions_and_infinite_ones_a_sentence():
    network = Network((2, 3, 2))
    network.weights[0][:] = 1e200
    plane = at_random(network.settings, network.parameters)
    assert np.linalg.norm(plane.first[:2] / 1e200) > 0
    network.weights[0][0, 0] = np.inf
    for make in (
        lambda: at_random(network.settings, network.parameters),
        lambda: along_weights(network.settings, network.parameters, (0, 1)),
        lambda: of_paths(network.settings, network.parameters, [np.zeros((3, 17))]),
    ):
        with pytest.raises(ValueError, match="not finite"):
            make()


@pytest.mark.parametrize(
    ("positions", "message"), [((1, 1), "two different"), ((0, 17), "two different"), ((0, 2), "pruned")]
)
def test_weights_that_span_no_plane_are_refused_in_a_sentence(positions, message):
    network = NetworkSettings((2, 3, 2), ("tanh",), pruned=frozenset({2}))
    with pytest.raises(ValueError, match=rf"(?i){message}"):
        along_weights(network, np.zeros(17), positions)


def test_places_of_two_weights_are_their_values():
    network = Network((2, 3, 2))
    plane = along_weights(network.settings, network.parameters, (4, 11))
    changed = network.parameters.copy()
    changed[4], changed[11] = 0.25, -7.0
    np.testing.assert_array_equal(plane.at(np.array([[0.25, -7.0]]))[0], changed)
    projected = plane.project(np.stack([network.parameters, changed]))
    np.testing.assert_allclose(projected.places, [network.parameters[[4, 11]], (0.25, -7.0)], rtol=1e-14)
    np.testing.assert_allclose(projected.shares, 1.0)
    changed[0] += 3.0
    assert 0.0 < plane.project(changed[np.newaxis]).share < 1.0


def a_path(n_moments=30, n_parameters=23, seed=0):
    return np.random.default_rng(seed).standard_normal((n_moments, n_parameters)).cumsum(axis=0)


NETWORK = NetworkSettings((2, 4, 2, 1), ("tanh", "tanh"), "sigmoid")


def test_main_directions_are_those_of_the_singular_value_decomposition():
    path = a_path(n_parameters=NETWORK.n_parameters)
    plane = of_paths(NETWORK, path[-1], [path])
    _, strengths, axes = np.linalg.svd(path - path[-1])
    for direction, axis in zip((plane.first, plane.second), axes, strict=False):
        np.testing.assert_allclose(np.abs(direction @ axis), 1.0, rtol=1e-12)
    projected = plane.project(path)
    np.testing.assert_allclose(projected.share, (strengths[:2] ** 2).sum() / (strengths**2).sum(), rtol=1e-12)
    assert (projected.places[0] <= 0).all()
    np.testing.assert_allclose(projected.places[-1], 0.0, atol=1e-12)


def test_two_paths_share_their_main_directions_and_a_moment_that_is_not_finite_does_not_count():
    one, other = (a_path(n_parameters=NETWORK.n_parameters, seed=seed) for seed in (1, 2))
    broken = np.concatenate([one, np.full((1, one.shape[1]), np.inf)])
    plane = of_paths(NETWORK, one[-1], [broken, other])
    changes = np.concatenate([one, other]) - one[-1]
    axes = np.linalg.svd(changes)[2]
    np.testing.assert_allclose(np.abs(plane.first @ axes[0]), 1.0, rtol=1e-12)
    projected = plane.project(broken)
    assert np.isfinite(projected.places[:-1]).all()
    assert not np.isfinite(projected.places[-1]).any()
    assert 0.0 <= projected.share <= 1.0


@pytest.mark.parametrize("sizes", [(2, 4, 2, 1), (1, 1)])
def test_a_single_step_has_a_second_direction_at_right_angles(sizes):
    network = Network(sizes, output_activation="sigmoid", bias="none")
    step = np.stack([network.parameters, network.parameters * 0.9])
    plane = of_paths(network.settings, network.parameters, [step])
    np.testing.assert_allclose(np.linalg.norm(plane.first), 1.0)
    assert abs(plane.first @ plane.second) < 1e-12
    # A network of one number has no other direction.
    np.testing.assert_allclose(np.linalg.norm(plane.second), float(len(network.parameters) > 1))
    np.testing.assert_allclose(plane.project(step).shares, 1.0)


def test_without_a_path_there_are_no_main_directions():
    network = Network((2, 3, 2))
    for paths in ([], [network.parameters[np.newaxis]]):
        with pytest.raises(ValueError, match="no path yet"):
            of_paths(network.settings, network.parameters, paths)


@settings(deadline=None, max_examples=40)
@given(networks(), st.integers(0, 100))
def test_the_projection_of_a_change_leaves_what_is_at_right_angles(network, seed):
    generator = np.random.default_rng(seed)
    network.parameters[:] = generator.standard_normal(len(network.parameters))
    try:
        plane = at_random(network.settings, network.parameters, seed)
    except ValueError:
        return
    change = generator.standard_normal((1, len(network.parameters)))
    x, y = plane.components(change)[0]
    inside = x * plane.first + y * plane.second
    for direction in (plane.first, plane.second):
        assert abs((change[0] - inside) @ direction) < 1e-9
    np.testing.assert_allclose(plane.shares(change)[0], (inside @ inside) / (change[0] @ change[0]), rtol=1e-9)
