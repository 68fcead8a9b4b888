import numpy as np
import pytest

from gui.document.looks import slices_text, typed_slices
from gui.items.space.build import relief_of
from gui.items.space.relief import Look
from gui.items.space.shown import PreActivation, Several
from gui.items.space.slices import next_slice
from gui.theme import named
from model import Network
from model.data.generators import GeneratorSettings, generate
from model.network.parts import Unit
from model.run.snapshot import Plane
from tests.gui.items.space.moments import snapshot_of
from tests.seeds import gaussians

pytestmark = pytest.mark.usefixtures("qapp")


def sliced(network, dataset, shown, *x2, **look):
    return relief_of(snapshot_of(network, dataset), shown, named("light"), Look(slices=x2, **look))


class TestHeights:
    @pytest.mark.parametrize("shown", ["likeliest", "each", 1, Unit(1, 2), Unit(2, 0), PreActivation(1, 0)])
    def test_each_curve_has_the_network_s_own_numbers(self, shown):
        network = Network([2, 4, 3], seed=1)
        found = sliced(network, gaussians(), shown, 0.0, -2.5)
        n_surfaces = 3 if shown == "each" else 1
        assert [one.x2 for one in found.slices] == [0.0, -2.5] * n_surfaces
        for place, one in enumerate(found.slices):
            assert np.array_equal(one.places[[0, -1]], [[-6.0, one.x2], [6.0, one.x2]])
            probabilities = network.predict(one.places)
            expected = {
                "likeliest": probabilities.max(axis=1),
                "each": probabilities[:, place // 2],
                1: probabilities[:, 1],
                Unit(1, 2): network.layer_outputs(one.places)[1][:, 2],
                Unit(2, 0): probabilities[:, 0],
                PreActivation(1, 0): network.pre_activations(one.places)[0][:, 0],
            }[shown]
            assert one.heights == pytest.approx(expected, abs=1e-12)

    def test_each_of_several_surfaces_has_its_own_slices_and_they_are_named_as_it(self):
        parts = (PreActivation(1, 1), Unit(1, 1))
        found = sliced(Network([2, 4, 3], seed=1), gaussians(), Several(parts), 1.0)
        assert [one.name for one in found.slices] == ["z", "a"]
        assert np.tanh(found.slices[0].heights) == pytest.approx(found.slices[1].heights)

    def test_those_of_a_value_have_its_colours_and_say_where_they_are(self):
        dataset = generate(GeneratorSettings(name="plane"))
        (one,) = sliced(Network([2, 3, 1], output_activation="linear", seed=3), dataset, "likeliest", -1.5).slices
        assert one.name == "x₂ = −1.5"
        assert 1 < len(np.unique(one.colours)) <= 24

    def test_what_lies_beyond_the_plane_is_left_out(self):
        assert [one.x2 for one in sliced(Network([2, 3, 3]), gaussians(), 0, 7.0, 2.0, -6.0).slices] == [2.0, -6.0]

    @pytest.mark.parametrize(("surface", "opacity"), [(True, 0.25), (False, 0.0)])
    def test_the_surface_fades_behind_them_or_is_left_away(self, surface, opacity):
        assert sliced(Network([2, 3, 3]), gaussians(), "likeliest", 0.0, surface=surface).opacity == opacity
        assert sliced(Network([2, 3, 3]), gaussians(), "likeliest", surface=surface).opacity == 1.0

    @pytest.mark.parametrize("colouring", ["own", "height", "class"])
    @pytest.mark.parametrize("shown", ["likeliest", "each", 2, Unit(1, 1), Several((Unit(1, 0), Unit(1, 1)))])
    def test_a_curve_has_the_colour_of_the_surface_where_it_lies(self, colouring, shown):
        found = sliced(Network([2, 3, 3], seed=5), gaussians(), shown, 0.0, colouring=colouring)
        for one in found.slices:
            assert one.colours.shape == one.heights.shape
            assert np.all(one.colours >> np.uint32(24) == 255)


class TestNext:
    def test_it_fills_the_widest_gap_and_begins_in_the_middle(self):
        x2 = ()
        for _ in range(7):
            x2 = (*x2, next_slice(x2, Plane()))
        assert x2 == (0.0, -6.0, 6.0, -3.0, 3.0, -4.5, -1.5)

    def test_many_come_to_lie_evenly(self):
        x2 = ()
        for _ in range(65):
            x2 = (*x2, next_slice(x2, Plane()))
        assert np.diff(sorted(x2)).max() < 0.4


class TestTyped:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", ()),
            ("0", (0,)),
            ("10 , 5, 0, −1, -5 -10", (10, 5, 0, -1, -5, -10)),
            ("-1:1:0.5", (-1, -0.5, 0, 0.5, 1)),
            ("0; 0:0.3:0.1", (0, 0.1, 0.2, 0.3)),
            ("-50:49.9:5", tuple(range(-50, 50, 5))),
        ],
    )
    def test_a_list_is_read(self, text, expected):
        assert typed_slices(text) == expected
        assert typed_slices(slices_text(expected)) == expected

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("0, x", "“x” is no number"),
            ("nan", "“nan” is no number"),
            ("101", "Slices lie from −100 to 100, not at 101."),
            ("1e999", "not at 1e999"),
            ("0:1", "type from:to:step"),
            ("0:1:0", "type from:to:step"),
            ("1:0:1", "type from:to:step"),
            ("0:inf:1", "“0:inf:1” is no number"),
            ("-50:50:0.16", "There can be 120 slices; −50:50:0.16 has more."),
            ("0:1:1e-300", "There can be 120 slices"),
            (",".join(map(str, np.linspace(0, 1, 121))), "There can be 120 slices, not 121."),
        ],
    )
    def test_what_cannot_be_is_refused_in_a_sentence(self, text, sentence):
        with pytest.raises(ValueError, match=sentence.replace("+", r"\+")):
            typed_slices(text)
