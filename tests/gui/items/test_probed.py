"""What the network makes of the probe point, in the moment that is shown."""

import numpy as np
import pytest

from model import Dataset
from model.explain.chain_rule import chain_rule


@pytest.fixture
def trained(document, answered, qtbot):
    """A document whose run has taken a step and is paused."""
    document.run.step()
    qtbot.waitUntil(lambda: document.displayed.step == 1)
    return document


def assert_of_moment(probed, document, place, label):
    snapshot = document.displayed
    outputs = snapshot.network.layer_outputs([place])
    for values, expected in zip(probed.values, outputs, strict=True):
        np.testing.assert_array_equal(values, expected[0])
    rule = chain_rule(snapshot.network, place, label, snapshot.moment.training.loss)
    np.testing.assert_array_equal(probed.chain_rule.gradient(), rule.gradient())
    assert probed.loss == pytest.approx(rule.loss_value, rel=1e-12)


def test_nothing_without_a_point(probed, document):
    assert probed.values is probed.chain_rule is probed.loss is None
    document.probe.pin((1.0, 2.0))
    assert probed.values is not None
    document.probe.release()
    assert probed.values is probed.chain_rule is probed.loss is None


def test_it_is_of_the_displayed_moment_live_and_past(probed, trained):
    document = trained
    document.probe.pin(7)
    point = document.probe.point
    assert_of_moment(probed, document, point.place, point.label)
    document.run.look_back(0)
    assert_of_moment(probed, document, point.place, point.label)
    document.run.look_at_present()
    assert_of_moment(probed, document, point.place, point.label)


def test_it_is_computed_once_for_a_moment(probed, document):
    document.probe.pin((1.0, 2.0))
    assert probed.chain_rule is probed.chain_rule
    assert probed.values is probed.values


def test_it_tells_of_another_point_and_another_moment(probed, document, qtbot):
    with qtbot.waitSignal(probed.changed):
        document.view.set_cursor((1.0, 1.0))
    with qtbot.waitSignal(probed.changed):
        document.run.step()
    with qtbot.waitSignal(probed.changed):
        document.view.set_cursor(None)
    with qtbot.assertNotEmitted(probed.changed, wait=50):
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 2)


@pytest.mark.parametrize("kind", ["values", "curve"])
def test_a_value_where_the_network_has_classes_has_no_loss(probed, trained, answered, kind):
    document = trained
    document.points.set_kind(kind)
    answered(document)
    document.probe.pin(3)
    assert probed.loss is not None
    document.run.look_back(0)
    assert probed.loss is probed.chain_rule is None
    assert probed.values is not None


def test_a_class_without_output_has_no_loss(probed, document, answered, qtbot):
    document.points.set_data("points", Dataset([(1.0, 1.0), (2.0, 2.0)], [0, 1]))
    answered(document)
    document.learning.reinitialise()
    answered(document)
    document.run.step()
    qtbot.waitUntil(lambda: document.displayed.step == 1)
    document.points.set_data("points", Dataset([(1.0, 1.0), (2.0, 2.0), (3.0, 3.0)], [0, 1, 2]))
    answered(document)
    document.probe.pin(2)
    assert probed.loss is not None
    document.run.look_back(0)
    assert document.displayed.network.settings.n_classes == 2
    assert probed.loss is probed.chain_rule is None


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e200])
def test_what_is_not_finite_is_not_there(probed, document, answered, value):
    document.points.generate(name="sine")
    document.network.set_parameter(document.network_settings.n_parameters - 1, value)
    answered(document)
    document.probe.pin((1.0, 2.0))
    assert probed.loss is probed.chain_rule is None
    # At 1e200 the answer is a number, but its square is not.
    assert (probed.values is None) == (value != 1e200)
