"""Every entry of every registry is chosen in a window, as a person chooses it, trained for 100 steps, and drawn."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QToolButton, QWidget

from gui.panels.settings import SettingsPanel
from gui.panels.toolbar import Toolbar
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
from tests.gui.events import settle

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
def started_anew(window):
    """Give the document the experiment that it began with, other than which an entry shall change nothing."""
    document = window.document
    window.show_panel("Settings", True)
    fresh = document.experiment()

    def start_anew(**training):
        document.open_experiment(fresh)
        document.learning.set_training(**training)
        return document

    return start_anew


@pytest.fixture
def trained_and_drawn(window, qtbot):
    """Train for 100 steps, with every view drawn, and nothing raised in the thread or while painting."""
    document, failures = window.document, []
    document.failed.connect(lambda *report: failures.append(report))

    def train(name):
        first = document.displayed.step
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step >= first + 100 or not document.run.playing)
        document.run.set_playing(False)
        for view in VIEWS:
            assert not window.findChild(QWidget, view).grab().isNull(), name
        assert document.displayed.step >= first + 100, name
        assert np.isfinite(document.displayed.network.parameters).all(), name
        assert np.isfinite(document.displayed.metrics.train_loss), name
        assert not failures, name

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
        (action,) = [
            action for action in button.menu().actions() if action.text().split("\t")[0].split(" ·")[0] == text
        ][:1]
        action.trigger()

    return choose


def chosen(document, box):
    """Return the entry that a box's setting has in the document."""
    training, network = document.training_settings, document.network_settings
    return {
        "Optimizer": training.optimizer,
        "Initializer": network.initializer,
        "Loss": training.loss,
        "Schedule": training.schedule.name,
        "Batch order": training.batch_order,
        "Gradient of a batch": training.reduction,
        "Regularization": training.regularization,
        "Biases": network.bias,
    }[box]


@pytest.mark.parametrize("box", IN_BOXES)
def test_those_of_the_toolbar_and_the_settings_panel(window, started_anew, named, trained_and_drawn, box):
    for name in IN_BOXES[box]:
        document = started_anew(regularization_rate=0.001, learning_rate=0.02)
        choose(named(window.findChild(SettingsPanel if box != "Optimizer" else Toolbar), box, QComboBox), name)
        assert chosen(document, box) == name
        trained_and_drawn(name)


def test_activations(started_anew, choose_in_header, trained_and_drawn):
    for name in ACTIVATIONS:
        document = started_anew()
        choose_in_header("Activation of hidden 1 · tanh", ACTIVATIONS[name].label)
        assert document.network_settings.hidden_activations == (name, "tanh")
        trained_and_drawn(name)


def test_outputs_of_classes(started_anew, choose_in_header, trained_and_drawn):
    for name in OUTPUT_ACTIVATIONS:
        document = started_anew(learning_rate=0.01)
        choose_in_header(f"Activation of output · {document.network_settings.output_activation}", name)
        assert document.network_settings.output_activation == name
        trained_and_drawn(name)


def test_outputs_of_values(window, started_anew, named, choose_in_header, trained_and_drawn):
    for name in REGRESSION_OUTPUTS:
        document = started_anew(learning_rate=0.01)
        document.points.generate(name="plane")
        choose_in_header(f"Activation of output · {document.network_settings.output_activation}", name)
        assert document.network_settings.output_activation == name
        trained_and_drawn(name)
    menu = named(window, f"Activation of output · {REGRESSION_OUTPUTS[-1]}", QToolButton).menu()
    menu.aboutToShow.emit()
    offered = {action.text().split(" ")[0] for action in menu.actions()}
    assert offered & set(OUTPUT_ACTIVATIONS) == set(REGRESSION_OUTPUTS)


def test_generators(window, started_anew, named, trained_and_drawn):
    for name, entry in GENERATORS.items():
        document = started_anew(learning_rate=0.01)
        document.points.set_kind(entry.kind)
        QTest.mouseClick(named(window, f"Data set {entry.label}", QToolButton), Qt.MouseButton.LeftButton)
        assert document.changes.generator_settings.name == name
        assert document.dataset.kind == entry.kind
        trained_and_drawn(name)


def test_features(window, started_anew, named, trained_and_drawn):
    window.resize(1600, 1000)
    window.show_panel("Settings", False)
    for name in FEATURES:
        document = started_anew(learning_rate=0.01)
        settle()
        was_there = name in document.network.features
        QTest.mouseClick(named(window, f"Feature {name}", QToolButton), Qt.MouseButton.LeftButton)
        assert (name in document.network.features) == (not was_there)
        trained_and_drawn(name)
