"""Every entry of every registry is chosen in the window, as a person chooses it, trained for 100 steps, and drawn."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QMenu, QToolButton, QWidget

from model.data.features import FEATURES
from model.data.generators import GENERATORS
from model.network.activations import ACTIVATIONS
from model.network.initializers import INITIALIZERS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.training.optimizers import OPTIMIZERS
from model.training.regularization import REGULARIZATIONS
from model.training.schedules import SCHEDULES
from model.training.settings import BATCH_ORDERS, REDUCTIONS

VIEWS = ("data_canvas", "network_view", "output_view", "loss_view", "unit_map")
IN_BOXES = {
    "Optimizer": OPTIMIZERS,
    "Initializer": INITIALIZERS,
    "Loss": LOSSES,
    "Schedule": SCHEDULES,
    "Batch order": BATCH_ORDERS,
    "Gradient of a batch": REDUCTIONS,
    "Regularization": REGULARIZATIONS,
    "Biases": BIAS_KINDS,
}
REGRESSION_OUTPUTS = ("linear", "tanh")

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def trained_and_drawn(window, qtbot):
    """Train for 100 steps, with every view drawn, and nothing raised in the thread or while painting."""
    document, failures = window.document, []
    document.failed.connect(lambda *report: failures.append(report))

    def train():
        first = document.displayed.step
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step >= first + 100 or not document.run.playing)
        document.run.set_playing(False)
        for view in VIEWS:
            assert not window.findChild(QWidget, view).grab().isNull()
        assert document.displayed.step >= first + 100
        assert np.isfinite(document.displayed.network.parameters).all()
        assert np.isfinite(document.displayed.metrics.train_loss)
        assert not failures

    return train


def choose(box, key):
    index = box.findData(key)
    assert index >= 0
    assert not box.view().isRowHidden(index)
    box.setFocus()
    box.setCurrentIndex(index)
    box.activated.emit(index)


@pytest.fixture
def choose_in_header(window, named):
    """Choose an entry of the menu that a layer's header opens."""

    def choose(header, text):
        button = named(window, header, QToolButton)
        button.menu().aboutToShow.emit()
        (action,) = [action for action in button.menu().actions() if action.text().split(" ")[0] == text][:1]
        action.trigger()

    return choose


@pytest.mark.parametrize(("box", "name"), [(box, name) for box, entries in IN_BOXES.items() for name in entries])
def test_of_the_toolbar_and_the_settings_panel(window, named, trained_and_drawn, box, name):
    window.show_panel("Settings", True)
    window.document.learning.set_training(regularization_rate=0.001, learning_rate=0.02)
    choose(named(window, box, QComboBox), name)
    document = window.document
    chosen = {
        "Optimizer": document.training_settings.optimizer,
        "Initializer": document.network_settings.initializer,
        "Loss": document.training_settings.loss,
        "Schedule": document.training_settings.schedule.name,
        "Batch order": document.training_settings.batch_order,
        "Gradient of a batch": document.training_settings.reduction,
        "Regularization": document.training_settings.regularization,
        "Biases": document.network_settings.bias,
    }
    assert chosen[box] == name
    trained_and_drawn()


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_activations(window, choose_in_header, trained_and_drawn, name):
    choose_in_header("Activation of hidden 1 · tanh", name)
    assert window.document.network_settings.hidden_activations == (name, "tanh")
    trained_and_drawn()


@pytest.mark.parametrize("regression", [False, True])
@pytest.mark.parametrize("name", OUTPUT_ACTIVATIONS)
def test_outputs(window, choose_in_header, trained_and_drawn, name, regression):
    document = window.document
    document.learning.set_training(learning_rate=0.01)
    if regression:
        if name not in REGRESSION_OUTPUTS:
            menu = window.findChild(QWidget, "network_view").findChildren(QMenu)[-1]
            menu.aboutToShow.emit()
            assert not [action for action in menu.actions() if action.text().startswith(name)]
            return
        document.points.generate(name="plane")
    choose_in_header(f"Activation of output · {document.network_settings.output_activation}", name)
    assert document.network_settings.output_activation == name
    trained_and_drawn()


@pytest.mark.parametrize("name", GENERATORS)
def test_generators(window, named, trained_and_drawn, name):
    entry = GENERATORS[name]
    window.document.points.set_regression(entry.is_regression)
    window.document.learning.set_training(learning_rate=0.01)
    QTest.mouseClick(named(window, f"Data set {entry.label}", QToolButton), Qt.MouseButton.LeftButton)
    assert window.document.changes.generator_settings.name == name
    assert window.document.dataset.is_regression == entry.is_regression
    trained_and_drawn()


@pytest.mark.parametrize("name", FEATURES)
def test_features(window, named, trained_and_drawn, name):
    document = window.document
    document.learning.set_training(learning_rate=0.01)
    QTest.mouseClick(named(window, "Show the features", QToolButton), Qt.MouseButton.LeftButton)
    was_there = name in document.network.features
    QTest.mouseClick(named(window, f"Feature {name}", QToolButton), Qt.MouseButton.LeftButton)
    assert (name in document.network.features) == (not was_there)
    trained_and_drawn()
