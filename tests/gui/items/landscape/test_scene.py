import numpy as np
import pytest

from gui.items.landscape.scene import (
    LandscapeScene,
    LossScale,
    axis_names,
    loss_at,
    loss_text,
    nearest,
    parameter_name,
    pointed_text,
    resampled,
    share_text,
    summary,
)
from model import Dataset, NetworkSettings
from model.landscape.directions import Directions
from model.landscape.landscape import Extent, Landscape, LandscapeSettings
from model.network.layout import BIAS_KINDS
from model.network.parts import Edge, Unit, bias_position, part_at, weight_position

PLANE = Directions(np.zeros(3), np.eye(3)[0], np.eye(3)[1])


def made_of(losses, **changes):
    values = {"n_points": 5, "n_training": 5, "with_penalty": False, "is_finest": True} | changes
    return Landscape(PLANE, Extent(-1.0, 1.0, -2.0, 2.0), np.array(losses, dtype=np.float64), **values)


def a_bowl(n_side=9):
    x, y = np.meshgrid(np.linspace(-1, 1, n_side), np.linspace(-2, 2, n_side))
    return 0.01 + x**2 + y**2


class TestLossScale:
    def test_reaches_from_the_lowest_loss_to_the_highest(self):
        scale = LossScale.of(a_bowl(), 0.01, log=True)
        np.testing.assert_allclose([scale.loss(0.0), scale.loss(1.0)], [0.01, 5.01])
        shares = scale.shares(a_bowl())
        assert shares.min() == 0.0
        assert shares.max() == 1.0
        np.testing.assert_allclose(scale.loss(float(shares[2, 3])), a_bowl()[2, 3])

    def test_a_linear_one_keeps_the_present_loss_below_its_top(self):
        losses = np.append(np.linspace(0.1, 1.0, 99), 1e6)
        scale = LossScale.of(losses, 0.1, log=False)
        assert scale.low == 0.1
        assert 0.5 <= scale.high <= 2.0
        assert scale.shares(losses)[-1] == 1.0

    @pytest.mark.parametrize("log", [False, True])
    @pytest.mark.parametrize(
        "losses", [np.zeros((9, 9)), np.full((9, 9), 0.3), np.full((9, 9), 1e300), np.full((9, 9), 5e-324)]
    )
    def test_what_is_flat_has_a_scale_of_its_own(self, losses, log):
        scale = LossScale.of(losses, float(losses[0, 0]), log=log)
        assert np.isfinite([scale.low, scale.high]).all()
        assert scale.low < scale.high
        assert np.isfinite(scale.shares(losses)).all()

    @pytest.mark.parametrize("log", [False, True])
    def test_infinite_losses_are_at_its_top_and_nothing_finite_has_none(self, log):
        losses = np.array([[0.0, 1.0], [np.inf, np.nan]])
        scale = LossScale.of(losses, np.nan, log=log)
        assert scale.shares(losses)[1].tolist() == [1.0, 1.0]
        assert scale.shares(losses)[0, 0] == 0.0
        assert LossScale.of(np.full((9, 9), np.inf), None, log=log) is None


def test_a_field_is_resampled_linearly_from_edge_to_edge():
    x, y = np.meshgrid(np.linspace(0.0, 1.0, 9), np.linspace(0.0, 1.0, 9))
    centres = (np.arange(30) + 0.5) / 30
    expected = 2 * centres[np.newaxis] - 3 * centres[:, np.newaxis]
    np.testing.assert_allclose(resampled(2 * x - 3 * y, 30), expected, atol=1e-12)
    assert nearest(x > 0.5, 10)[0].tolist() == [False] * 6 + [True] * 4


def test_the_loss_between_places_and_beside_them():
    made = made_of(a_bowl(33))
    np.testing.assert_allclose(loss_at(made, (0.25, -0.5)), 0.01 + 0.0625 + 0.25, rtol=0.02)
    np.testing.assert_allclose(loss_at(made, (1.0, 2.0)), 5.01)
    np.testing.assert_allclose(loss_at(made, (-1.0, -2.0)), 5.01)
    assert loss_at(made, (1.1, 0.0)) is None
    broken = a_bowl()
    broken[0, 0] = np.inf
    assert pointed_text(made_of(broken), (-1.0, -2.0)) == "no finite loss at (−1, −2)"
    assert pointed_text(made, (5.0, 0.0)) == ""
    assert pointed_text(made, (1.0, -2.0)) == "loss ≈ 5.01 at (1, −2)"


def test_the_summary_says_what_the_losses_are_of():
    scene = LandscapeScene(made_of(a_bowl(), n_points=5, n_training=4000, is_finest=False), ("a", "b"))
    assert summary(scene) == "loss 0.01 to 5 · from 5 of 4,000 points · refining …"
    scene = LandscapeScene(made_of(np.full((9, 9), np.inf), with_penalty=True), ("a", "b"))
    assert summary(scene) == ""
    scene = LandscapeScene(made_of(a_bowl(), with_penalty=True), ("a", "b"), descent=np.ones(2), descent_share=0.123)
    assert summary(scene) == "loss 0.01 to 5 with penalty · 12% of the gradient"


def test_losses_are_written_out_as_long_as_that_is_short():
    losses = {
        0.1512: "0.15",
        9.6e-5: "9.6e−5",
        1.0: "1",
        151.0: "150",
        15123.0: "15,000",
        1.5e6: "1.5e6",
        1e200: "1e200",
    }
    assert {loss: loss_text(loss) for loss in losses} == losses


def test_all_and_nothing_are_said_only_where_they_are_meant():
    shares = {0.0: "0%", 0.001: "< 1%", 0.4: "40%", 0.99: "99%", 0.997: "> 99%", 1.0: "100%"}
    assert {share: share_text(share) for share in shares} == shares


@pytest.mark.parametrize("bias", BIAS_KINDS)
def test_every_number_has_a_name_and_a_place(bias):
    network = NetworkSettings((2, 3, 2, 1), ("tanh", "tanh"), "sigmoid", bias=bias)
    names = {parameter_name(network, position) for position in range(network.n_parameters)}
    assert len(names) == network.n_parameters
    for position in range(network.n_parameters):
        part = part_at(network, position)
        if isinstance(part, Edge):
            assert weight_position(network, part) == position
        else:
            assert bias_position(network, part) == position
    with pytest.raises(ValueError, match="position"):
        part_at(network, network.n_parameters)


def test_directions_are_named_by_what_spans_them():
    network = NetworkSettings((2, 3, 1), ("tanh",), "linear")
    positions = weight_position(network, Edge(0, 1, 2)), bias_position(network, Unit(2, 0))
    values = Dataset([(0.0, 0.0)], [0.5])
    names = axis_names(LandscapeSettings("weights", positions), network, values)
    assert names == ("w x₂ → h1.3", "b of y")
    assert axis_names(LandscapeSettings("path"), network, values) == ("direction 1", "direction 2")
