"""The dialog of formulas in a window, with the process that computes them."""

import math
import sys

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QObject, QProcess, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QTableView, QToolButton

from gui.dialogs.formula.dialog import FormulaDialog
from gui.items.formula import FormulaView
from gui.widgets.choices import CalmComboBox
from gui.widgets.fields import IntegerBox, NumberBox
from model import Dataset, Network, TrainingSettings
from model.data.generators import GeneratorSettings
from model.experiment import Experiment
from model.explain.names import parameter_text
from model.network.parts import Edge, Unit
from model.run.history import History
from model.run.run import Run
from model.training.settings import Setup

LEFT = Qt.MouseButton.LeftButton
SEED_OUTPUTS = {1: 0.7745389306705989, 10: 0.952052266916697, 100: 0.99467987408843, 999: 0.9994531855343979}
"""Of seed 004's network after so many iterations."""

SEED_PARAMETERS = {
    "w0": 2.4846334374192356,
    "w1_1_1": 0.2056137265599781,
    "w1_1_2": 0.8126079554509478,
    "w1_2_1": 0.6144346065563233,
    "w1_2_2": 0.4324142091373462,
    "w2_1_1": 1.0784676489695095,
    "w2_2_1": 1.4723134021271758,
}
"""After 999 iterations, in the order in which they are trained."""

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def seed_network():
    """Seed 004_541265211640a973.txt's network of one bias for all."""
    network = Network([2, 2, 1], hidden_activation="sigmoid", output_activation="sigmoid", bias="shared")
    network.set_parameters([[[0.2, 0.8], [0.6, 0.4]], [[0.1], [0.5]]], [[0.1, 0.1], [0.1]])
    return network


def load(document, network, points, labels, n_classes=None, **training):
    """Show a network with points, as a file brings them."""
    dataset = Dataset.curve(points) if labels is None else Dataset(points, labels, n_classes=n_classes)
    run = Run(Setup(dataset, network.settings, TrainingSettings(**training)), network.parameters)
    history = History()
    history.append(run.moment())
    document.open_experiment(Experiment(run.setup, GeneratorSettings(), history))


@pytest.fixture
def window(shared_window):
    return shared_window


@pytest.fixture
def opened(window, qtbot, answered):
    """Show a network with points, and the dialog."""
    dialogs = []

    def open_dialog(network, points, labels, n_classes=None, **training):
        load(window.document, network, points, labels, n_classes, **training)
        answered(window.document)
        window.findChild(QObject, "formula").trigger()
        dialog = window.findChild(FormulaDialog)
        qtbot.waitUntil(dialog.isVisible)
        dialogs.append(dialog)
        return dialog

    yield open_dialog
    window.document.probe.release()
    for dialog in dialogs:
        if shiboken6.isValid(dialog):
            dialog.close()


def seed_dialog(opened):
    return opened(seed_network(), [[0.35, 0.9]], [1], n_classes=2, learning_rate=0.3, batch_size=None)


def choose(dialog, name):
    """Click the segment with this accessible name."""
    (button,) = [one for one in dialog.findChildren(QToolButton) if one.accessibleName() == name]
    QTest.mouseClick(button, LEFT)


def press(dialog, text):
    (button,) = [one for one in dialog.findChildren(QPushButton) if one.text().replace("&", "") == text]
    assert button.isVisible()
    assert button.isEnabled()
    QTest.mouseClick(button, LEFT)


def formulas(dialog):
    """The formulas without captions: what stands left of the first = -> all that stands right of it."""
    lines = dialog.findChild(FormulaView).latex
    return dict(line.split(" = ", 1) for line in lines if " = " in line)


def wait_for(qtbot, dialog, name, part=""):
    """Wait for a formula of something, with this in it, and return it."""
    qtbot.waitUntil(lambda: name in formulas(dialog) and part in formulas(dialog)[name])
    return formulas(dialog)[name]


def notes(dialog):
    return " ".join(one.text() for one in dialog.findChildren(QLabel) if one.isVisible())


OUTPUT, LOSS = "a^{(2)}_{1}", "C"


class TestFormula:
    def test_the_seed_s_network_is_one_formula_of_symbols(self, opened, qtbot):
        dialog = seed_dialog(opened)
        assert wait_for(qtbot, dialog, "z^{(1)}_{1}") == "w^{(1)}_{1,1} x_{1} + w^{(1)}_{2,1} x_{2} + 2 w_{0}"
        choose(dialog, "Written as: One formula")
        qtbot.waitUntil(lambda: list(formulas(dialog)) == [OUTPUT])
        assert "z" not in formulas(dialog)[OUTPUT]
        assert "w^{(2)}_{2,1}" in formulas(dialog)[OUTPUT]

    def test_numbers_are_those_of_the_seed(self, opened, qtbot):
        dialog = seed_dialog(opened)
        choose(dialog, "Written with: Numbers")
        assert wait_for(qtbot, dialog, OUTPUT, "0.").endswith("= 0.6499")
        assert formulas(dialog)["z^{(1)}_{1}"] == (r"{0.2} \cdot 0.35 + {0.6} \cdot 0.9 + 2 \cdot {0.1} = 0.81")
        choose(dialog, "Show: Loss")
        assert wait_for(qtbot, dialog, LOSS).endswith(f"= {-math.log(0.6498644775261518):.4g}")

    def test_the_derivative_is_by_what_is_selected_in_the_network(self, opened, window, qtbot):
        dialog = seed_dialog(opened)
        choose(dialog, "Written with: Numbers")
        choose(dialog, "Show: Derivative")
        window.document.view.select(Edge(1, 1, 0))
        name = r"\frac{\partial C}{\partial w^{(2)}_{2,1}}"
        assert wait_for(qtbot, dialog, name).endswith("= {-0.2446}")
        assert "Over all training points the mean derivative is −0.2446." in notes(dialog)
        window.document.view.select(Unit(1, 0))
        assert wait_for(qtbot, dialog, r"\frac{\partial C}{\partial w_{0}}").endswith("= {-0.7889}")
        box = dialog.findChild(CalmComboBox)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert wait_for(qtbot, dialog, r"\frac{\partial C}{\partial w^{(1)}_{1,1}}").endswith("= {-0.002611}")

    def test_numbers_follow_the_moment_that_is_shown(self, opened, window, qtbot):
        dialog = seed_dialog(opened)
        document = window.document
        choose(dialog, "Written with: Numbers")
        wait_for(qtbot, dialog, OUTPUT, "0.6499")
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        after = document.displayed.network.predict([[0.35, 0.9]])[0, 0]
        wait_for(qtbot, dialog, OUTPUT, f"= {after:.4g}")
        document.run.look_back(0)
        wait_for(qtbot, dialog, OUTPUT, "= 0.6499")

    def test_the_pinned_point_is_what_the_formula_is_about(self, opened, window, qtbot):
        dialog = seed_dialog(opened)
        choose(dialog, "Written with: Numbers")
        wait_for(qtbot, dialog, OUTPUT, "0.6499")
        window.document.probe.pin((-1.0, 2.0))
        pinned = window.document.displayed.network.predict([[-1.0, 2.0]])[0, 0]
        wait_for(qtbot, dialog, OUTPUT, f"= {pinned:.4g}")
        assert "Pinned point x₁ = −1, x₂ = 2: class A" in notes(dialog)

    def test_another_training_point_can_be_chosen(self, opened, named, window, qtbot):
        points = [[0.35, 0.9], [-2.0, 1.0], [3.0, 3.0]]
        network = seed_network()
        dialog = opened(network, points, [1, 0, 1], n_classes=2)
        choose(dialog, "Written with: Numbers")
        wait_for(qtbot, dialog, OUTPUT, "0.6499")
        QTest.keyClick(named(dialog, "Training point", IntegerBox), Qt.Key.Key_Up)
        wait_for(qtbot, dialog, OUTPUT, f"= {network.predict(points[1:2])[0, 0]:.4g}")
        assert "x₁ = −2, x₂ = 1: class A" in notes(dialog)

    def test_numbers_follow_a_run_that_plays(self, opened, window, qtbot):
        dialog = seed_dialog(opened)
        choose(dialog, "Written with: Numbers")
        first = wait_for(qtbot, dialog, OUTPUT, "0.6499")
        window.document.run.set_playing(True)
        qtbot.waitUntil(lambda: formulas(dialog).get(OUTPUT, first) != first)
        window.document.run.set_playing(False)
        qtbot.waitUntil(
            lambda: formulas(dialog)[OUTPUT].endswith(
                f"= {window.document.displayed.network.predict([[0.35, 0.9]])[0, 0]:.4g}"
            )
        )

    def test_it_is_copied_as_latex_python_and_sympy(self, opened, qtbot):
        dialog = seed_dialog(opened)
        choose(dialog, "Written with: Numbers")
        choose(dialog, "Written as: One formula")
        wait_for(qtbot, dialog, OUTPUT, "0.6499")
        for language, start in (("LaTeX", "x_{1} = 0.35"), ("Python", "import math"), ("SymPy", "from sympy")):
            QGuiApplication.clipboard().clear()
            press(dialog, f"Copy {language}")
            qtbot.waitUntil(lambda start=start: QGuiApplication.clipboard().text().startswith(start))
            assert f"Copied as {language}." in notes(dialog)
        assert "a2_1 = 1/(exp(" in QGuiApplication.clipboard().text()
        choose(dialog, "Page: Train by substitution")
        assert "Copied as" not in notes(dialog)

    def test_inputs_that_are_formulas_are_said(self, opened, qtbot):
        network = Network([2, 1], output_activation="sigmoid", features=["x1*x2", "sin(x2)"])
        dialog = opened(network, [[0.5, 2.0]], [1], n_classes=2)
        choose(dialog, "Written with: Numbers")
        first = wait_for(qtbot, dialog, "a^{(0)}_{1}")
        assert first.endswith("} = 1")
        assert formulas(dialog)["a^{(0)}_{2}"].endswith(f"= {math.sin(2.0):.4g}")

    def test_a_regression_has_a_value_and_half_the_squared_error(self, opened, qtbot):
        network = Network([2, 1], output_activation="linear")
        network.parameters[:] = [0.5, -1.0, 0.25]
        dialog = opened(network, [[1.0, 0.5]], np.array([-0.5]), loss="squared_error")
        choose(dialog, "Written with: Numbers")
        choose(dialog, "Show: Loss")
        assert wait_for(qtbot, dialog, LOSS).endswith(f"= {(0.25 + 0.5) ** 2 / 2:.4g}")
        assert "y = −0.5" in notes(dialog)

    def test_a_curve_has_its_height_over_x(self, opened, qtbot):
        network = Network([1, 1], output_activation="linear", features=("x",))
        network.parameters[:] = [0.5, 0.25]
        dialog = opened(network, [[2.0, 1.0]], None, loss="squared_error")
        choose(dialog, "Written with: Numbers")
        choose(dialog, "Show: Loss")
        assert wait_for(qtbot, dialog, LOSS).endswith(f"= {(1.25 - 0.25) ** 2 / 2:.4g}")
        assert "x = 2: y = 0.25" in notes(dialog)

    def test_a_step_function_lets_no_derivative_through_and_says_so(self, opened, window, qtbot):
        dialog = opened(
            Network([2, 2, 1], hidden_activation="heaviside", output_activation="sigmoid"), [[1, 1]], [1], n_classes=2
        )
        choose(dialog, "Show: Derivative")
        window.document.view.select(Edge(0, 0, 0))
        assert wait_for(qtbot, dialog, r"\frac{\partial C}{\partial w^{(1)}_{1,1}}")
        assert "The slope of the step function H is 0" in notes(dialog)

    def test_a_large_network_gets_a_sentence(self, opened, qtbot):
        dialog = opened(Network([2, 9, 5, 2]), [[1, 1]], [1], n_classes=2)
        qtbot.waitUntil(lambda: "This network has 89 parameters" in notes(dialog))
        copies = [one for one in dialog.findChildren(QPushButton) if one.text().startswith("Copy")]
        assert [one.isEnabled() for one in copies] == [False] * 3
        choose(dialog, "Page: Train by substitution")
        qtbot.waitUntil(lambda: "at most 60" in notes(dialog))
        assert not next(one for one in dialog.findChildren(QPushButton) if one.text() == "&Train").isEnabled()

    def test_without_a_point_a_loss_is_none(self, opened, qtbot):
        dialog = opened(seed_network(), np.zeros((0, 2)), np.zeros(0, dtype=int), n_classes=2)
        choose(dialog, "Written with: Numbers")
        assert "x_{1}" in wait_for(qtbot, dialog, "z^{(1)}_{1}", "0.2")
        choose(dialog, "Show: Loss")
        qtbot.waitUntil(lambda: "draw one, or pin one" in notes(dialog))
        assert not formulas(dialog)

    def test_weights_beyond_the_range_never_reach_a_formula(self, opened, qtbot):
        network = seed_network()
        network.parameters[2] = np.inf
        dialog = opened(network, [[0.35, 0.9]], [1], n_classes=2)
        wait_for(qtbot, dialog, OUTPUT)
        choose(dialog, "Written with: Numbers")
        qtbot.waitUntil(lambda: "left the range of numbers" in notes(dialog))
        assert not formulas(dialog)


class TestProcess:
    def test_one_that_does_not_start_is_said_in_a_sentence(self, opened, qtbot, monkeypatch):
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        dialog = seed_dialog(opened)
        qtbot.waitUntil(lambda: "The process that computes formulas has ended; try again." in notes(dialog))

    def test_one_that_is_ended_from_outside_is_said_and_the_next_one_answers(self, opened, named, qtbot):
        points = np.random.default_rng(0).normal(size=(100, 2))
        dialog = opened(Network([2, 5, 2]), points, (points[:, 0] > 0).astype(int))
        train(dialog, named, 0.1, 10_000)
        qtbot.waitUntil(lambda: len(rows(dialog)) > 20)
        for process in dialog.findChildren(QProcess):
            process.kill()
        qtbot.waitUntil(lambda: "The process that computes formulas has ended; try again." in notes(dialog))
        n_rows = len(rows(dialog))
        press(dialog, "Train")
        qtbot.waitUntil(lambda: len(rows(dialog)) > n_rows)

    def test_the_window_stays_quick_while_it_computes(self, opened, named, window, qtbot):
        points = np.random.default_rng(0).normal(size=(100, 2))
        dialog = opened(Network([2, 5, 2]), points, (points[:, 0] > 0).astype(int))
        train(dialog, named, 0.1, 10_000)
        before = window.document.displayed.step
        window.document.run.set_playing(True)
        qtbot.waitUntil(lambda: window.document.displayed.step > before + 50)
        assert len(rows(dialog)) < 10_000 * 27
        window.document.run.set_playing(False)


def rows(dialog):
    model = dialog.findChild(QTableView).model()
    return [
        [model.index(row, column).data() for column in range(model.columnCount())] for row in range(model.rowCount())
    ]


def train(dialog, named, rate, iterations):
    choose(dialog, "Page: Train by substitution")
    for box, value in (
        (named(dialog, "Learning rate", NumberBox), rate),
        (named(dialog, "Iterations", IntegerBox), iterations),
    ):
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, str(value))
        QTest.keyClick(box, Qt.Key.Key_Return)
    press(dialog, "Train")


class TestTraining:
    def test_the_figures_are_those_of_seed_004(self, opened, named, window, qtbot):
        dialog = seed_dialog(opened)
        before = window.document.displayed.network.parameters.copy()
        train(dialog, named, 0.3, 999)
        qtbot.waitUntil(lambda: len(rows(dialog)) == 999 * 7 and "Computing" not in notes(dialog))
        shown = rows(dialog)
        assert shown[0][:4] == ["1", "w₀", "−0.788936", f"{0.1 + 0.3 * 0.7889359843485577:.6g}"]
        for iteration, output in SEED_OUTPUTS.items():
            assert float(shown[7 * iteration - 1][4]) == pytest.approx(-math.log(output), rel=1e-5)
        for row, (name, value) in zip(shown[-7:], SEED_PARAMETERS.items(), strict=True):
            assert (row[0], row[1], row[3]) == ("999", parameter_text(name), f"{value:.6g}")
        assert (window.document.displayed.network.parameters == before).all()

    def test_the_weights_become_the_network_s_in_one_step_of_undo(self, opened, named, window, qtbot):
        dialog, document = seed_dialog(opened), window.document
        before = document.displayed.network.parameters.copy()
        train(dialog, named, 0.3, 10)
        qtbot.waitUntil(lambda: len(rows(dialog)) == 70 and "Computing" not in notes(dialog))
        press(dialog, "Use These Weights")
        qtbot.waitUntil(lambda: document.displayed.network.predict([[0.35, 0.9]])[0, 0] > 0.95)
        assert document.displayed.network.predict([[0.35, 0.9]])[0, 0] == pytest.approx(0.952052266916697, rel=1e-12)
        assert document.changes.undo_stack.count() == 1
        document.changes.undo()
        qtbot.waitUntil(lambda: np.array_equal(document.displayed.network.parameters, before))

    def test_cancel_ends_it_at_once_and_what_it_came_to_can_be_used(self, opened, named, window, qtbot):
        points = np.random.default_rng(0).normal(size=(200, 2))
        dialog = opened(Network([2, 5, 2]), points, (points[:, 0] > 0).astype(int))
        train(dialog, named, 0.1, 10_000)
        qtbot.waitUntil(lambda: len(rows(dialog)) > 20)
        (process,) = dialog._training.findChildren(QProcess)
        press(dialog, "Cancel")
        n_rows = len(rows(dialog))
        assert process.state() == QProcess.ProcessState.NotRunning
        QTest.qWait(200)
        assert len(rows(dialog)) == n_rows < 10_000 * 27
        press(dialog, "Use These Weights")
        assert window.document.changes.undo_stack.count() == 1

    def test_numbers_that_leave_their_range_end_it_with_a_sentence(self, opened, named, qtbot):
        dialog = opened(
            Network([2, 1], output_activation="linear"),
            [[3.0, 3.0], [-3.0, 2.0]],
            np.array([1.0, -1.0]),
            loss="squared_error",
        )
        train(dialog, named, 900, 1000)
        qtbot.waitUntil(lambda: "try a smaller learning rate" in notes(dialog))
        assert all("nan" not in cell and "inf" not in cell for row in rows(dialog) for cell in row)


def test_escape_stops_what_is_computed_and_then_closes(opened, named, qtbot):
    points = np.random.default_rng(0).normal(size=(100, 2))
    dialog = opened(Network([2, 5, 2]), points, (points[:, 0] > 0).astype(int))
    train(dialog, named, 0.1, 10_000)
    qtbot.waitUntil(lambda: len(rows(dialog)) > 20)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    assert "Computing" not in notes(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))


def test_the_window_closes_while_it_is_computed(make_window, named, qtbot):
    window = make_window()
    load(window.document, Network([2, 5, 2]), [[1.0, 2.0], [2.0, 1.0]], [0, 1])
    window.findChild(QObject, "formula").trigger()
    dialog = window.findChild(FormulaDialog)
    choose(dialog, "Page: Train by substitution")
    press(dialog, "Train")
    processes = dialog._training.findChildren(QProcess)
    assert processes
    window.files.forget_changes()
    window.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog) or not dialog.isVisible())
