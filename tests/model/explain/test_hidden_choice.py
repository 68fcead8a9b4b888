"""Which hidden space is meant."""

import pytest

from model import NetworkSettings
from model.explain.hidden_choice import HIDDEN_LAYERS, layer_of, n_axes_of


def settings(*hidden):
    return NetworkSettings((2, *hidden, 3), ("tanh",) * len(hidden))


def test_a_layer_that_there_is_not_is_the_last():
    assert [layer_of(settings(4, 3), wanted) for wanted in HIDDEN_LAYERS] == [2, 1, *[2] * (len(HIDDEN_LAYERS) - 2)]
    assert {layer_of(settings(), wanted) for wanted in HIDDEN_LAYERS} == {None}


@pytest.mark.parametrize(
    ("size", "wanted", "n_axes"),
    [(1, "auto", 2), (2, "3", 2), (3, "auto", 3), (3, "2", 2), (4, "auto", 2), (4, "3", 3), (64, "2", 2)],
)
def test_it_has_no_more_axes_than_neurons_and_by_itself_as_many_as_leave_nothing_out(size, wanted, n_axes):
    assert n_axes_of(settings(size), 1, wanted) == n_axes
