"""A step walked through page by page: its numbers are those of the chain rule, of training and of differences."""

from dataclasses import replace

import numpy as np
import pytest

from model import Dataset, NetworkSettings, TrainingSettings
from model.data.naming import Axis
from model.data.wording import amount_text
from model.explain.chain_rule import chain_rule
from model.network.layout import weight_views
from model.network.network import Network
from model.run.history import KeyFrame
from model.run.run import Run
from model.run.step import next_step
from model.training.optimizers import OPTIMIZERS
from model.training.schedules import Schedule
from model.training.settings import BATCH_ORDERS, Setup
from model.training.step import Descent, Try
from model.walk.batch import BatchPages
from model.walk.differences import Loss
from model.walk.notation import parameter_name
from model.walk.pages import KINDS, Block, Draft, Heading, Lit, Walk
from model.walk.walk import Subject, batch_walk, point_walk
from tests.moments import cases, moment_of, probe_of

RNG = np.random.default_rng(5)
POINTS = RNG.uniform(-4.0, 4.0, (23, 2))
DATA = Dataset(POINTS, np.arange(23) % 3, np.arange(23) % 5 == 0)
NETWORK = NetworkSettings((2, 4, 3, 3), ("tanh", "softplus"))


def moment_after(steps=3, network=NETWORK, data=DATA, **training):
    run = Run(Setup(data, network, TrainingSettings(**{"batch_size": 5, "learning_rate": 0.1} | training)))
    for _ in range(steps):
        run.advance(1)
    return run.moment()


def walk_of(moment, subject=None):
    step = next_step(moment)
    return batch_walk(moment, step) if subject is None else point_walk(moment, step, subject)


def subject_of(moment, row=0):
    return Subject(tuple(moment.dataset.points[row].tolist()), moment.dataset.labels[row].item(), row)


def page_of(walk, kind, layer=0):
    return next(page for page in walk.pages() if (page.heading.kind, page.heading.layer) == (kind, layer))


def arrays_of(page):
    return [part for block in page.blocks for line in block.lines for part in line if isinstance(part, np.ndarray)]


def shows(page, array):
    """Return whether a page has these numbers, as they are or as a matrix with a row for each unit."""
    return any(
        part.shape == array.shape and np.allclose(part, array, rtol=1e-12, atol=1e-15) for part in arrays_of(page)
    )


def texts_of(page):
    return " ".join([page.sentence, *(block.text for block in page.blocks)])


def kinds_of(walk):
    return [(heading.kind, heading.layer) for heading in walk.headings]


def test_the_pages_go_forward_to_the_loss_and_back():
    ways = [
        ("points", 0),
        *[("forward", n) for n in (1, 2, 3)],
        ("loss", 0),
        *[("backward", n) for n in (3, 2, 1)],
        ("gradient", 0),
        ("update", 0),
        ("check", 0),
    ]
    moment = moment_after()

    assert kinds_of(walk_of(moment)) == ways
    assert kinds_of(walk_of(moment, subject_of(moment))) == ways
    assert {kind for kind, _ in ways} < KINDS.keys()


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_the_chain_multiplied_out_is_the_gradient_at_random_moments(case):
    moment = moment_of(case)
    walks = [walk_of(moment, Subject(tuple(place.tolist()), label)) for place, label in [probe_of(case, moment)]]
    walks += [walk_of(moment, subject_of(moment, 1)), walk_of(moment)]
    for walk in walks:
        for page in walk.pages():
            assert page.sentence
            assert "infinite" not in texts_of(page) or "infinite there" in texts_of(page)
    for walk in walks[: 2 if case.optimizer == "random_search" else 3]:
        check = page_of(walk, "check")
        product, training, differences = arrays_of(check)[:3]
        scale = np.abs(product).max(initial=1e-9)
        np.testing.assert_allclose(product, training, rtol=1e-11, atol=1e-13 * scale)
        np.testing.assert_allclose(product, differences, rtol=1e-7, atol=1e-9 * scale + 1e-10)


@pytest.mark.parametrize(("output", "loss"), [("softmax", "cross_entropy"), ("sigmoid", "squared_error")])
def test_a_point_is_walked_through_with_every_factor_of_its_chain(output, loss):
    moment = moment_after(network=replace(NETWORK, output_activation=output), loss=loss)
    network = Network.read_only(moment.network, moment.checkpoint.parameters)
    subject = subject_of(moment, 4)
    chain = chain_rule(network, subject.place, subject.label, loss)
    walk = walk_of(moment, subject)

    assert shows(page_of(walk, "points"), chain.targets)
    for layer in chain.layers:
        forward, backward = page_of(walk, "forward", layer.number), page_of(walk, "backward", layer.number)
        for array in (layer.weights.T, layer.inputs, layer.biases, layer.pre_activations, layer.activations):
            assert shows(forward, array)
        for array in (layer.loss_by_activations[np.newaxis], layer.activation_jacobian, layer.delta[np.newaxis]):
            assert shows(backward, array)
        gradient = page_of(walk, "gradient")
        jacobian = layer.pre_activation_jacobian()[:, : layer.weights.size]
        for array in (jacobian, layer.weight_gradient.T, layer.weight_gradient.reshape(1, -1), layer.bias_gradient):
            assert shows(gradient, array)
        np.testing.assert_allclose(layer.delta @ jacobian, layer.weight_gradient.ravel(), rtol=1e-12)
    assert chain.loss_value in page_of(walk, "loss").blocks[0].lines[-1]


def test_a_batch_is_walked_through_with_its_matrices():
    moment = moment_after(dropout=(0.4, 0.0))
    step, walk = next_step(moment), walk_of(moment)

    assert shows(page_of(walk, "points"), step.layers[0].inputs.T)
    for number, layer in enumerate(step.layers, start=1):
        forward, backward = page_of(walk, "forward", number), page_of(walk, "backward", number)
        for array in (layer.inputs.T, layer.pre_activations.T, layer.activations.T):
            assert shows(forward, array)
        assert shows(backward, layer.deltas.T)
        assert shows(page_of(walk, "gradient"), layer.deltas.T @ layer.inputs)
    assert shows(page_of(walk, "forward", 1), step.layers[0].kept.T)
    assert "Dropout" in page_of(walk, "forward", 1).sentence
    assert "Dropout" not in page_of(walk, "forward", 2).sentence
    assert shows(page_of(walk, "loss"), step.losses[np.newaxis])


SETTINGS = [
    {},
    {"regularization": "l2", "regularization_rate": 0.02},
    {"regularization": "l1", "regularization_rate": 0.02},
    {"clip_norm": 0.05},
    {"dropout": 0.4},
    {"reduction": "sum", "schedule": Schedule("cosine", 20, 0.1)},
    {"batch_size": None, "regularization": "l2", "regularization_rate": 0.1, "clip_norm": 0.1},
]
NETWORKS = [
    NETWORK,
    replace(NETWORK, bias="shared"),
    replace(NETWORK, bias="none", muted=frozenset({(1, 2)})),
    replace(NETWORK, frozen=frozenset({0, 3}), pruned=frozenset({5})),
]


@pytest.mark.parametrize("order", sorted(BATCH_ORDERS))
@pytest.mark.parametrize("optimizer", sorted(set(OPTIMIZERS) - {"random_search"}))
def test_the_pages_lead_to_the_weights_of_the_next_step(optimizer, order):
    for settings in SETTINGS:
        for network in NETWORKS:
            moment = moment_after(network=network, optimizer=optimizer, batch_order=order, **settings)
            step, walk = next_step(moment), walk_of(moment)
            pages = BatchPages(moment, step)

            np.testing.assert_allclose(pages.product(), step.data_gradient, rtol=1e-12, atol=1e-15)
            np.testing.assert_allclose(pages.given(pages.product()), step.gradient, rtol=1e-12, atol=1e-15)
            update = page_of(walk, "update")
            of_one = [block for block in update.blocks if not block.text.startswith("New weights") and block.lines]
            ends = [block.lines[-1][-1] for block in of_one if "shared bias:" not in block.text]
            if ends:
                assert min(np.abs(step.after - ends[-1])) < 1e-12
            else:
                assert "which is frozen or pruned: nothing changes" in texts_of(update)
            after = weight_views(step.after, network.layer_sizes, network.bias)
            assert all(shows(update, weights.T) for weights in after)
            assert "training ends" not in update.sentence


def test_the_schedule_and_what_is_frozen_are_told():
    network = replace(NETWORK, frozen=frozenset({0}))
    moment = moment_after(network=network, schedule=Schedule("cosine", 20, 0.1), clip_norm=0.01)
    walk = walk_of(moment)

    assert "The schedule has the learning rate 0.1 at" in page_of(walk, "update").sentence
    assert "frozen or pruned" in texts_of(page_of(walk, "gradient"))
    assert "Clipping: the gradient is longer than allowed" in texts_of(page_of(walk, "gradient"))


def test_one_parameter_has_its_turn():
    moment = moment_after(2, optimizer="coordinate")

    assert "the turn of the weight from x₁ to h1.3" in texts_of(page_of(walk_of(moment), "update"))


def test_a_step_after_which_training_ends_says_that_the_best_weights_come_back():
    run = Run(Setup(DATA, NETWORK, TrainingSettings(patience=1, learning_rate=5.0, batch_size=None)))
    moment = run.moment()
    while run.trainer.finished is None:
        moment = run.moment()
        run.advance(1)

    assert "training ends by itself" in page_of(walk_of(moment), "update").sentence


def test_random_search_is_drawn_compared_and_kept_or_dropped():
    verdicts = set()
    for steps in range(25):
        moment = moment_after(steps, optimizer="random_search")
        step, walk = next_step(moment), walk_of(moment)
        assert isinstance(step, Try)
        assert [kind for kind, _ in kinds_of(walk)] == ["points", "draw", "compare", "update"]
        assert shows(page_of(walk, "draw"), weight_views(step.drawn, NETWORK.layer_sizes, NETWORK.bias)[0].T)
        lines = page_of(walk, "compare").blocks[0].lines
        is_better = lines[0][1] > lines[1][1]
        assert is_better == np.array_equal(step.after, step.drawn) == ("not better" not in walk.page(2).sentence)
        assert page_of(walk_of(moment, subject_of(moment)), "check").blocks
        verdicts.add(bool(is_better))
    assert verdicts == {True, False}


def test_what_is_not_finite_is_a_sentence():
    moment = moment_after()
    parameters = np.array(moment.checkpoint.parameters)
    parameters[3] = np.inf
    broken = replace(moment.checkpoint, parameters=parameters)
    moment = KeyFrame(broken, moment.metrics, moment.setup)
    for walk in (walk_of(moment), walk_of(moment, subject_of(moment))):
        for page in walk.pages():
            assert all(np.isfinite(array).all() for array in arrays_of(page))
        assert "infinite or not defined" in texts_of(page_of(walk, "forward", 1))


def test_an_output_of_exactly_0_where_it_should_be_1_has_no_factors_but_a_delta():
    network = Network((2, 3), output_activation="softmax")
    network.weights[0][:] = [[400.0, -400.0, 0.0], [0.0, 0.0, 0.0]]
    moment = moment_after(0, network=network.settings)
    moment = KeyFrame(replace(moment.checkpoint, parameters=network.parameters), moment.metrics, moment.setup)
    page = page_of(walk_of(moment, Subject((4.0, 0.0), 1)), "backward", 1)

    assert "infinite there" in texts_of(page)
    assert shows(page, np.array([1.0, -1.0, 0.0]))


def test_without_a_training_point_there_is_no_step_but_a_probe():
    empty = Dataset(np.zeros((0, 2)), np.zeros(0, dtype=int), n_classes=3)
    moment = moment_after(0, data=empty)
    walk, of_probe = walk_of(moment), walk_of(moment, Subject((1.0, 2.0), 2))

    assert len(walk) == 1
    assert "no training point" in walk.page(0).sentence
    assert len(of_probe) == 11
    assert "no training point" in page_of(of_probe, "update").sentence
    assert not page_of(of_probe, "update").blocks


def test_a_label_that_the_network_has_no_output_for_is_a_sentence():
    moment = moment_after()

    assert "no output" in walk_of(moment, Subject((0.0, 0.0), 3)).page(0).sentence
    assert "no output" in walk_of(moment, Subject((0.0, 0.0), 0.5)).page(0).sentence


def test_a_point_says_how_often_the_batch_has_it():
    moment = moment_after()
    row = int(next_step(moment).points[0])
    other = int(np.flatnonzero(DATA.is_test)[0])

    assert "It is among them." in page_of(walk_of(moment, subject_of(moment, row)), "update").sentence
    assert "It is not among them." in page_of(walk_of(moment, subject_of(moment, other)), "update").sentence


@pytest.mark.parametrize("features", [("x",), ("x", "sin(x)")])
def test_a_point_of_a_curve_is_its_x_and_its_height_the_target(features):
    network = NetworkSettings((len(features), 4, 1), ("tanh",), "linear", features=features)
    moment = moment_after(network=network, data=DATA.as_kind("curve"), loss="squared_error")
    x, y = moment.dataset.points[4].tolist()
    page = page_of(walk_of(moment, subject_of(moment, 4)), "points")
    place = page_of(walk_of(moment, Subject((2.0, 2.0), 0.5)), "points")

    said = [amount_text(Axis(), number, 4) for number in (x, y / 4)]
    assert f"Take the point at x = {said[0]} with the target {said[1]}." in page.sentence
    assert "Take the place at x = 2, as if its target were 0.5." in place.sentence
    of_x = [line for block in page.blocks for line in block.lines if line[0] == "x ="]
    assert [line[1].tolist() for line in of_x] == ([] if features == ("x",) else [[x]])
    assert shows(page, np.array([y / 4]))
    assert "the weight from x to h1.1" in parameter_name(network, 0)


def test_a_page_is_made_when_it_is_first_seen_and_kept():
    made = []
    drafts = [Draft(Heading("points", f"{n}", Lit()), lambda n=n: (made.append(n) or "!", [])) for n in range(3)]
    walk = Walk(tuple(drafts))
    assert made == []
    assert walk.page(1) is walk.page(1)
    assert made == [1]
    assert len(walk) == 3


def test_a_block_with_infinite_numbers_says_so_in_the_place_of_its_formula():
    blocks = [Block("Good:", ((np.ones(2),),)), Block("Bad:", (("z", np.nan),))]
    page = Walk((Draft(Heading("points", "", Lit()), lambda: ("", blocks)),)).page(0)

    assert page.blocks[0].lines
    assert not page.blocks[1].lines
    assert page.blocks[1].text.startswith("Bad: Some of these numbers")


def test_the_light_is_on_what_is_at_work():
    moment = moment_after()
    headings = {(h.kind, h.layer): h.lit for h in walk_of(moment).headings}
    points = tuple(next_step(moment).points.tolist())

    assert headings["points", 0] == Lit(frozenset({0}), frozenset(), points)
    assert headings["forward", 2] == Lit(frozenset({1, 2}), frozenset({1}), points)
    assert headings["loss", 0] == Lit(frozenset({3}), frozenset(), points)
    assert headings["backward", 3] == Lit(frozenset({3}), frozenset(), points)
    assert headings["backward", 1] == Lit(frozenset({1, 2}), frozenset({1}), points)
    assert headings["update", 0] == Lit(frozenset(range(4)), frozenset(range(3)), points)


def test_a_corner_between_two_losses_is_told():
    settings = NetworkSettings((2, 1, 1), ("relu",), "linear")
    loss = Loss(settings, "squared_error", np.array([[1.0, 0.0]]), np.array([[1.0]]))
    found = loss.differences(np.array([0.0, 1.0, 0.0, 1.0, 0.0]))

    assert found.has_corner.tolist() == [True, False, True, False, False]
    np.testing.assert_allclose(found.values[[1, 3, 4]], [0.0, 0.0, -1.0], atol=1e-9)


def test_a_large_network_is_checked_at_some_of_its_parameters():
    settings = NetworkSettings((2, *[64] * 10, 3), ("tanh",) * 10)
    data = Dataset(RNG.uniform(-4, 4, (300, 2)), np.arange(300) % 3)
    moment = moment_after(0, settings, data, batch_size=None)
    check = page_of(walk_of(moment), "check")

    assert "for 13 of 37,827 parameters" in check.blocks[0].text
    assert isinstance(next_step(moment), Descent)


def test_every_symbol_of_a_rule_is_explained():
    texts = {
        name: texts_of(page_of(walk_of(moment_after(optimizer=name)), "update"))
        for name in OPTIMIZERS
        if name != "random_search"
    }

    assert "Here g is the gradient, η the learning rate; a stroke marks what is new." in texts["coordinate"]
    assert "v the velocity, η the learning rate, μ how much of the velocity is kept" in texts["momentum"]
    signs = ("m the mean of past", "s past gradients", "β₁ how", "β₂ how", "ε what")
    assert all(sign in texts["adam"] for sign in signs)
    assert "λ the weight decay" in texts["adamw"]
    assert "λ" not in texts["adam"]


def test_muted_neurons_and_slopes_that_are_all_0_are_told():
    network = replace(NETWORK, hidden_activations=("tanh", "heaviside"), muted=frozenset({(0, 1), (1, 0), (1, 2)}))
    moment = moment_after(network=network)
    for walk in (walk_of(moment), walk_of(moment, subject_of(moment))):
        assert "What comes from 1 muted input counts as 0." in page_of(walk, "forward", 1).sentence
        assert "What comes from 2 muted neurons counts as 0." in page_of(walk, "forward", 2).sentence
        assert "muted" not in page_of(walk, "forward", 3).sentence
        assert "neither hidden 2 nor what is before it learns" in page_of(walk, "backward", 2).sentence
        assert "neither" not in page_of(walk, "backward", 1).sentence
    assert "bias" not in texts_of(page_of(walk_of(moment_after(network=replace(NETWORK, bias="none"))), "forward", 1))
