"""The seeds' networks as the window shows them: the figures of the texts, where a person sees them."""

import numpy as np
import pytest
from PySide6.QtWidgets import QLabel, QWidget

from gui.panels.inspector.activation import ActivationPlot
from gui.panels.inspector.panel import InspectorPanel
from model import TrainingSettings
from model.data.generators import GeneratorSettings
from model.experiment import Experiment
from model.network.parts import Unit
from model.run.history import History
from model.run.run import Run
from model.training.settings import Setup
from tests.gui.events import settle
from tests.seeds import (
    CIRCLE,
    GAUSSIANS,
    circle,
    expit,
    gaussians,
    sigmoid_network,
    softmax_regression,
    untrained_sigmoid_network,
)


@pytest.fixture
def shown(window, answered):
    """Show points with a network, as a file brings them."""

    def show(dataset, network, **training):
        run = Run(Setup(dataset, network.settings, TrainingSettings(**training)), network.parameters)
        history = History()
        history.append(run.moment())
        window.document.open_experiment(Experiment(run.setup, GeneratorSettings(), history))
        answered(window.document)
        settle()
        return window

    return show


class TestSeed000:
    def test_fifty_steps_are_the_text_s_curve(self, shown, qtbot):
        window = shown(
            gaussians(),
            softmax_regression("initial"),
            learning_rate=GAUSSIANS["learning_rate"],
            batch_size=None,
            batch_order="sequential",
            reduction="sum",
        )
        run, costs = window.document.run, []
        for number in range(GAUSSIANS["steps"]):
            run.step()
            qtbot.waitUntil(lambda number=number: run.displayed.step == number + 1)
            costs.append(60 * run.displayed.metrics.train_loss)

        np.testing.assert_allclose(costs, GAUSSIANS["cost_after_each_step"], rtol=0, atol=1e-9)
        np.testing.assert_allclose(run.displayed.network.weights[0], GAUSSIANS["final"]["weights"], rtol=0, atol=1e-9)

    def test_accuracies_with_and_without_biases_are_told_beside_the_output(self, shown):
        window = shown(gaussians(), softmax_regression("final"))
        window.document.view.leave_out("biases")
        settle()

        bar = window.findChild(QWidget, "left_out")
        assert bar.findChild(QLabel).text() == "without biases: accuracy 70.0%, with: 88.3%"


class TestSeed003:
    @pytest.mark.parametrize("network", [untrained_sigmoid_network(), sigmoid_network()], ids=["untrained", "found"])
    def test_every_point_is_on_the_activation_of_each_neuron(self, network, shown):
        window = shown(circle(), network)
        plot = window.findChild(InspectorPanel).findChild(ActivationPlot)
        points = np.array(CIRCLE["points"])
        z_hidden = points @ network.weights[0] + network.biases[0]
        z_out = expit(z_hidden) @ network.weights[1] + network.biases[1]

        for unit, z in (*((Unit(1, i), z_hidden[:, i]) for i in range(3)), (Unit(2, 0), z_out[:, 0])):
            window.document.view.select(unit)
            plot.compute()
            np.testing.assert_allclose(plot.content.z, z, rtol=0, atol=1e-12)
            np.testing.assert_allclose(plot.content.points.points, np.stack([z, expit(z)], axis=1), rtol=0, atol=1e-12)
            np.testing.assert_array_equal(plot.content.points.labels, CIRCLE["labels"])
            for axes, heights in (("a_sum", expit(z)), ("z_sum", z)):
                window.document.view.set(activation_axes=axes)
                plot.compute()
                expected = np.stack([points.sum(axis=1), heights], axis=1)
                np.testing.assert_allclose(plot.content.points.points, expected, rtol=0, atol=1e-12)
            window.document.view.set(activation_axes="a_z")

    def test_the_points_that_the_untrained_network_takes_for_others_are_counted(self, shown):
        window = shown(circle(), untrained_sigmoid_network())
        assert window.document.displayed.confusion[0].tolist() == [[19, 31], [3, 47]]

    def test_the_network_that_was_found_gets_all_right(self, shown):
        window = shown(circle(), sigmoid_network())
        metrics = window.document.displayed.metrics
        assert metrics.train_accuracy == 1.0
        assert metrics.train_loss == pytest.approx(CIRCLE["cross_entropy_mean"], abs=1e-12)
        assert window.document.displayed.confusion[0].tolist() == [[50, 0], [0, 50]]
