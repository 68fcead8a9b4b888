"""The seeds' networks as the window shows them: the figures of the texts, where a person sees them."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDoubleSpinBox, QSlider, QToolButton, QWidget

from gui.panels.inspector.activation import ActivationPlot
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.output.curve import CurveLayer
from model import TrainingSettings
from model.data.dataset import CURVE_UNIT
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

LEFT = Qt.MouseButton.LeftButton


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
        assert bar.accessibleName() == "without biases: accuracy 70.0%, with: 88.3%"


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


class TestWorkshopOfSigmoids:
    """Seed 003's sums of sigmoids, turned by hand: the curve is that of the text's plots."""

    @pytest.fixture
    def window(self, shared_window):
        return shared_window

    @pytest.fixture
    def curve(self, window, answered, named):
        """A network of x alone with a hidden layer of sigmoids, as many as are asked for; its points are gone."""
        document = window.document

        def make(n_sigmoids):
            QTest.mouseClick(named(window, "Problem: Curve", QToolButton), LEFT)
            document.points.clear()
            document.network.remove_layer()
            document.network.set_activation(1, "sigmoid")
            while document.network_settings.layer_sizes[1] > n_sigmoids:
                document.network.remove_unit(1)
            document.view.set(page="weights")
            answered(document)
            return window

        return make

    @pytest.fixture
    def turn(self, window, answered):
        """Type numbers into the inspector's fields of a neuron."""

        def turn_some(unit, numbers):
            window.document.view.select(unit)
            settle()
            panel = window.findChild(InspectorPanel)
            for name, value in numbers.items():
                boxes = [box for box in panel.findChildren(QDoubleSpinBox) if box.isVisible()]
                field = next(box for box in boxes if box.accessibleName() == name)
                field.setFocus()
                field.selectAll()
                QTest.keyClicks(field, f"{value:g}")
                QTest.keyClick(field, Qt.Key.Key_Return)
            answered(window.document)

        return turn_some

    @pytest.fixture
    def drawn(self, window):
        """Return x and height of what is drawn, by what it is."""

        def read():
            lines = window.findChild(CurveLayer).lines
            return {line.text: (line.vertices[:, 0], line.vertices[:, 1] / CURVE_UNIT) for line in lines}

        return read

    @pytest.mark.parametrize(
        ("weights", "biases", "signs"),
        [
            ([1], [0], [1]),
            ([1000], [0], [1]),
            ([1000], [-500], [1]),
            ([100, 100], [0, -150], [1, -1]),
            ([2, 2], [3, -3], [1, -1]),
            ([5, 5, 2.5], [3, -3, -10], [1, -1, 1]),
        ],
        ids=["one", "steep", "moved", "gap", "hill", "three"],
    )
    def test_what_is_typed_is_the_text_s_sum(self, curve, turn, drawn, weights, biases, signs):
        curve(len(weights))
        for index, (weight, bias) in enumerate(zip(weights, biases, strict=True)):
            turn(Unit(1, index), {"w ← x": weight, "bias": bias})
        turn(Unit(2, 0), {"bias": 0} | {f"w ← h1.{index + 1}": sign for index, sign in enumerate(signs)})
        lines = drawn()
        x, y = lines.pop("y, what the network says")
        parts = [sign * expit(w * x + b) for w, b, sign in zip(weights, biases, signs, strict=True)]
        np.testing.assert_allclose(y, sum(parts), rtol=0, atol=1e-9)
        for (_, added), part in zip(lines.values(), parts, strict=True):
            np.testing.assert_allclose(added, part, rtol=0, atol=1e-9)

    def test_the_slider_turns_the_sigmoid_from_a_step_to_a_line_and_to_the_step_the_other_way(
        self, curve, turn, drawn, answered, qtbot
    ):
        window = curve(1)
        turn(Unit(1, 0), {"w ← x": 1000, "bias": 0})
        turn(Unit(2, 0), {"w ← h1.1": 1, "bias": 0})
        window.document.view.select(Unit(1, 0))
        settle()
        panel = window.findChild(InspectorPanel)
        sliders = [one for one in panel.findChildren(QSlider) if one.isVisible()]
        slider = next(one for one in sliders if one.accessibleName() == "w ← x, slider")
        height = slider.height() // 2
        QTest.mousePress(slider, LEFT, pos=QPoint(slider.width() - 6, height))
        for place, position in ((slider.width() + 20, 1000), (slider.width() // 2, 0), (-20, -1000)):
            QTest.mouseMove(slider, QPoint(place, height))
            qtbot.waitUntil(lambda position=position: abs(slider.value() - position) < 20)
            answered(window.document)
            weight = float(window.document.displayed.network.weights[0][0, 0])
            assert weight == pytest.approx(position, abs=20)
            x, y = drawn()["y, what the network says"]
            np.testing.assert_allclose(y, expit(weight * x), rtol=0, atol=1e-9)
        QTest.mouseRelease(slider, LEFT, pos=QPoint(-20, height))
        assert weight == -1000.0
