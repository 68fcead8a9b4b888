import numpy as np
import pytest

from gui.document.functions import FUNCTIONS, show_function
from gui.document.notices import NO_POINTS
from model.data.dataset import CURVE_UNIT
from model.network.parts import Unit, exists
from tests.seeds import expit

X = np.linspace(-6.0, 6.0, 97)

CURVES = {
    "heaviside": lambda x: (x >= 0.0).astype(float),
    "sigmoid": expit,
    "gap": lambda x: expit(100 * x) - expit(100 * x - 150),
    "hill": lambda x: expit(2 * x + 3) - expit(2 * x - 3),
    "three": lambda x: expit(5 * x + 3) - expit(5 * x - 3) + expit(2.5 * x - 10),
}


def said(document, points):
    return document.displayed.network.predict(points)


@pytest.mark.parametrize("name", CURVES)
def test_a_curve_is_the_seed_s_function_of_x(document, answered, name):
    show_function(document, name)
    answered(document)
    assert document.dataset.is_curve
    found = said(document, np.column_stack([X, np.zeros_like(X)]))[:, 0]
    assert found == pytest.approx(CURVES[name](X), abs=1e-9)
    assert np.abs(found).max() * CURVE_UNIT <= 6.0, "all of it is seen"


@pytest.mark.parametrize("weight", [-1000.0, -5.0, 0.0, 0.1, 1000.0])
def test_the_sigmoid_s_weight_stretches_it_and_turns_it_round(document, answered, weight):
    show_function(document, "sigmoid")
    document.network.set_parameter(0, weight)
    answered(document)
    assert said(document, np.column_stack([X, X]))[:, 0] == pytest.approx(expit(weight * X), abs=1e-9)


@pytest.mark.parametrize("train", ["toggle_playing", "step", "run_epoch"])
def test_nothing_is_missing_until_a_function_without_points_is_trained(document, answered, train):
    show_function(document, "softmax")
    answered(document)
    assert document.run.notice is None
    getattr(document.run, train)()
    assert document.run.notice == NO_POINTS
    document.run.set_playing(False)


def test_softmax_is_a_surface_over_its_two_inputs(document, answered):
    show_function(document, "softmax")
    answered(document)
    places = np.random.default_rng(0).uniform(-10, 10, (50, 2))
    expected = np.exp(places[:, 0]) / np.exp(places).sum(axis=1)
    assert said(document, places)[:, 0] == pytest.approx(expected, abs=1e-9)
    settings = document.view.settings
    assert (settings.in_space, settings.height, settings.reach) == (True, "A", 10.0)


def test_cross_entropy_is_seen_over_what_the_network_says(document, answered):
    show_function(document, "cross_entropy")
    answered(document)
    assert document.probe.pinned.index == 0
    assert document.view.settings.page == "loss"
    expected = -np.log([1 / (1 + np.exp(-0.5)), 1 / (1 + np.exp(-2.5))]).mean()
    assert document.displayed.metrics.train_loss == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_each_is_one_step_of_undo_and_selects_what_it_is_about(document, answered, name):
    document.run.step()
    answered(document)
    before, step = document.dataset, document.displayed.step
    show_function(document, name)
    assert isinstance(document.view.selection, Unit)
    assert exists(document.network_settings, document.view.selection)
    assert document.changes.undo_stack.count() == 1
    assert document.changes.undo_stack.undoText().startswith("show ")
    answered(document)
    document.changes.undo_stack.undo()
    answered(document)
    assert document.dataset == before
    assert document.displayed.step == step
    document.changes.undo_stack.redo()
    assert document.dataset == FUNCTIONS[name].make()[0]
