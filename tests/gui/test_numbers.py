"""What the window shows as numbers is what is true, at random moments of runs over every choice there is."""

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget

from gui.items.edge_numbers import EdgeNumbers
from gui.items.probed import Probed
from model.data.generators import GeneratorSettings
from model.experiment import Experiment
from model.explain.chain_rule import chain_rule
from model.run.history import History
from tests.gui.events import settle
from tests.moments import alone, assert_equal, cases, exact_gradient, is_precise, moment_of, network_of, probe_of

CASES = list(cases())
EVERYDAY = 16

pytestmark = is_precise


@pytest.fixture
def shown(document, answered):
    """Show a moment as a file brings it."""

    def show(moment):
        history = History()
        history.append(moment)
        document.open_experiment(Experiment(moment.setup, GeneratorSettings(), history))
        answered(document)
        assert document.run.displayed.moment.checkpoint.parameters.tobytes() == moment.checkpoint.parameters.tobytes()
        return document

    return show


def pins_of(case, moment):
    """Yield what can be pinned: a place of the plane with a class or a value, and a data point by its row."""
    place, label = probe_of(case, moment)
    yield tuple(place.tolist()), tuple(place.tolist()), label
    row = case.number % len(moment.dataset)
    yield row, tuple(moment.dataset.points[row].tolist()), moment.dataset.labels[row].item()


@pytest.mark.parametrize(
    "case",
    [*CASES[:EVERYDAY], *(pytest.param(case, marks=pytest.mark.soak) for case in CASES[EVERYDAY:])],
    ids=str,
)
def test_every_number_is_that_of_the_chain_rule_and_of_central_differences(case, shown, qtbot):
    moment = moment_of(case)
    document, owner = shown(moment), QWidget()
    qtbot.addWidget(owner)
    with qtbot.waitExposed(owner):
        owner.show()
    run, view, probe = document.run, document.view, document.probe
    probed = Probed(run, view, probe, owner)
    edges = EdgeNumbers(run, view, probe, probed, owner)
    view.set(edges="gradients")
    settle()
    assert_equal(edges.shown.network.parameters, exact_gradient(moment, moment.dataset.subset(test=False)))

    for pinned, place, label in pins_of(case, moment):
        # A point of a curve has its height, whatever is chosen.
        view.set(**{"current_class": label} if case.n_classes else {"current_value": min(max(label, -1.0), 1.0)})
        probe.pin(pinned)
        settle()
        expected = chain_rule(network_of(moment), place, label, case.loss)
        exact = exact_gradient(moment, alone(moment, place, label))
        for ours, values in zip(probed.values, network_of(moment).layer_outputs([place]), strict=True):
            np.testing.assert_array_equal(ours, values[0])
        np.testing.assert_array_equal(probed.chain_rule.gradient(), expected.gradient())
        assert_equal(probed.chain_rule.gradient(), exact)
        assert_equal(edges.shown.network.parameters, exact)
        assert probed.loss == pytest.approx(exact.loss, rel=1e-12, abs=1e-15)
