"""The program's own lessons in a real window, each followed to its end as a person would."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from gui.widgets.fields import IntegerBox
from gui.widgets.rate_box import RateBox
from tests.gui.dialogs.test_animation import Hand
from tests.gui.lessons.follower import LEFT, Follower
from tests.seeds import CIRCLE, GAUSSIANS


@pytest.fixture
def follower(window, qtbot):
    return Follower(window, qtbot)


def test_the_first_steps(window, follower, qtbot, named, tmp_path):
    document = window.document
    follower.begin(0)
    canvas = named(window, "Data canvas")
    follower.click_at(canvas.viewport(), canvas.viewport().rect().center() + QPoint(31, 17))
    follower.go_on()
    follower.play_until(lambda: document.displayed.step >= 100)
    follower.go_on()
    follower.click_unit(1, 0)
    follower.go_on()
    bar = named(window, "Moments of the run")
    QTest.mouseClick(bar, LEFT, pos=QPoint(bar.width() // 3, bar.height() // 2))
    follower.go_on()
    follower.choose("File", "Export Picture…")
    follower.save(follower.dialog("picture_dialog"), "File of the picture", tmp_path / "seen.png")
    follower.go_on()
    follower.read()
    assert follower.is_left()


def test_softmax_on_three_clouds(follower):
    follower.begin(1)
    follower.read()
    follower.click_unit(1, 0)
    follower.go_on()
    follower.probe()
    follower.go_on()
    follower.read()
    follower.click("Edges: Gradients")
    follower.go_on()
    follower.click("Step")
    follower.go_on()
    n_points = len(GAUSSIANS["labels"])
    costs = GAUSSIANS["cost_after_each_step"]
    assert follower.metrics.train_loss == pytest.approx(costs[0] / n_points, rel=1e-9)
    follower.take_up("Train 49 steps")
    follower.go_on()
    assert follower.metrics.train_loss == pytest.approx(costs[49] / n_points, rel=1e-9)
    follower.click("Surface: Regions")
    follower.go_on()
    assert follower.metrics.train_accuracy == pytest.approx(GAUSSIANS["accuracy_with_biases"])
    follower.choose("View", "Output Without Biases")
    follower.go_on()
    follower.read()
    assert follower.is_left()


def test_a_network_from_scratch(follower, named, tmp_path):
    follower.begin(2)
    follower.read()
    follower.click_unit(2, 0)
    follower.go_on()
    follower.read()
    follower.read()
    follower.probe()
    follower.go_on()
    follower.choose("Train", "Step Through")
    follower.click("Next")
    follower.click("Apply")
    follower.go_on()
    follower.take_up("Train 1,000 steps")
    follower.go_on()
    assert follower.metrics.train_accuracy > 0.98
    follower.choose("File", "Export Animation…")
    dialog = follower.dialog("export_dialog")
    Hand(dialog, named).small()
    follower.save(dialog, "File of the animation", tmp_path / "run.gif")
    follower.go_on()
    dialog.close()
    follower.type_into("Speed", "max")
    follower.play_until(lambda: follower.is_done)
    follower.go_on()
    assert follower.is_left()


def test_what_a_neuron_sees(follower):
    follower.begin(3)
    follower.read()
    follower.click_unit(1, 0)
    follower.go_on()
    follower.choose("View", "Mark Wrong Points")
    follower.go_on()
    follower.turn_to_the_end("w ← x", upwards=True)
    assert not follower.is_done, "the curve is not as steep as the points yet"
    follower.turn_to_the_end("w ← x", upwards=True)
    follower.go_on()
    follower.turn_to_the_end("bias", upwards=True)
    follower.click_unit(1, 1)
    follower.turn_to_the_end("bias", upwards=False)
    follower.go_on()
    follower.play_until(lambda: follower.is_done)
    assert follower.metrics.train_accuracy == 1.0
    follower.go_on()
    assert follower.metrics.train_accuracy == CIRCLE["accuracy"]
    assert follower.metrics.train_loss == pytest.approx(CIRCLE["cross_entropy_mean"], rel=1e-9)
    for index in range(3):
        follower.click_unit(1, index)
    follower.go_on()
    follower.click("Dimensions: 3D")
    follower.go_on()
    follower.read()
    assert follower.seen("Speed", IntegerBox).text() == "100", "so that one sees it learn"
    follower.type_into("Speed", "max")
    follower.play_until(lambda: follower.is_done)
    follower.type_into("Neurons of hidden layer 1", "2")
    follower.drop_down("Hidden activation", "ReLU")
    follower.click("Re-initialise")
    follower.play_until(lambda: best(follower) == 2)
    follower.go_on()
    assert follower.is_left()


def best(follower):
    """Return the record that the step shows."""
    shown = [label.text() for label in follower.panel.findChildren(QLabel) if label.text().startswith("Your best ")]
    value = shown[0].rpartition(" ")[2]
    return None if value == "yet" else float(value.replace(",", ""))


def test_a_network_is_one_formula(follower, qtbot):
    follower.begin(4)
    follower.click_unit(1, 0)
    follower.go_on()
    follower.choose("Network", "Formula…")
    follower.dialog("formula_dialog").close()
    follower.read()
    follower.read()
    for n_steps, output in (("999", 0.9994550920282003), ("6,993", 0.9994531855343979)):
        follower.take_up(f"Train {n_steps} steps")
        qtbot.waitUntil(lambda: follower.is_done)
        assert np.exp(-follower.metrics.train_loss) == pytest.approx(output, rel=1e-12)
        follower.go_on()
    follower.read()
    assert follower.is_left()


def test_your_turn(window, follower, qtbot):
    document = window.document
    follower.begin(5)
    follower.type_into("Neurons of hidden layer 1", "5")
    follower.drop_down("Optimizer", "Adam")
    follower.type_into("Learning rate", "0.03", RateBox)
    follower.type_into("Speed", "max")
    follower.play_until(lambda: follower.is_done)
    assert best(follower) == 5
    follower.go_on()
    follower.click("Show the features")
    document.network._random = np.random.default_rng(7)  # Draws weights that begin with nearly every answer wrong.
    follower.click("Feature x1*x2")
    qtbot.waitUntil(lambda: follower.metrics.test_accuracy < 0.1)
    follower.play_until(lambda: follower.is_done)
    first = best(follower)
    follower.click("Rewind")
    follower.type_into("Learning rate", "1", RateBox)
    for n_steps in range(1, int(first)):
        follower.click("Step")
        qtbot.waitUntil(lambda n_steps=n_steps: document.displayed.step == n_steps)
        QApplication.processEvents()
        if best(follower) < first:
            break
    assert best(follower) < first, "played as fast as possible, some hundred go by before one looks"
    follower.go_on()
    for rate in ("0.1", "1", "0.2"):
        follower.click("Rewind")
        qtbot.waitUntil(lambda: document.displayed.step == 0)
        follower.type_into("Learning rate", rate, RateBox)
        follower.take_up("Train 300 steps")
        qtbot.waitUntil(lambda: document.displayed.step == 300 or document.run.notice is not None)
        if rate != "1":
            qtbot.waitUntil(lambda rate=rate: best(follower) == float(rate))
    follower.go_on()
    follower.read()
    assert follower.is_left()
