import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QToolButton

from gui.panels.settings import SettingsPanel, remembered_budget
from gui.widgets.fields import IntegerBox, NumberBox
from model.network.initializers import INITIALIZERS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES
from model.training.optimizers import OPTIMIZERS
from model.training.regularization import REGULARIZATIONS
from model.training.schedules import SCHEDULES
from model.training.settings import BATCH_ORDERS, REDUCTIONS
from model.training.stopping import Stop


@pytest.fixture
def panel(document, show):
    return show(SettingsPanel(document.run, document.changes, document.network, document.learning), 326, 760)


def fields(panel):
    """Return the visible number fields by their names; new ones are shown by the next turn of the event loop."""
    QApplication.processEvents()
    kinds = (NumberBox, IntegerBox)
    return [
        (field.accessibleName(), field) for kind in kinds for field in panel.findChildren(kind) if field.isVisible()
    ]


def choose(box, key):
    index = box.findData(key)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def type_number(field, text):
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("name", "registry", "setting"),
    [
        ("Batch order", BATCH_ORDERS, "batch_order"),
        ("Gradient of a batch", REDUCTIONS, "reduction"),
        ("Regularization", REGULARIZATIONS, "regularization"),
        ("Loss", LOSSES, "loss"),
    ],
)
def test_every_entry_of_a_registry_can_be_chosen_and_undone(panel, document, named, name, registry, setting):
    box = named(panel, name, QComboBox)
    for key in reversed(registry):
        choose(box, key)
        assert getattr(document.training_settings, setting) == key
    assert box.currentData() == next(iter(registry))
    document.changes.undo()
    assert box.currentData() == list(registry)[1]


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_shows_its_own_fields_and_its_curve(panel, document, named, name):
    choose(named(panel, "Schedule", QComboBox), name)
    assert document.training_settings.schedule.name == name
    shown = {field for field, _ in fields(panel)} & {"Period", "Factor", "Warm-up"}
    assert shown == {option.replace("_", "-").capitalize() for option in SCHEDULES[name].options}
    assert named(panel, "Learning rate over the steps").isVisible() == (name != "constant")


def test_typed_numbers_of_a_schedule_arrive(panel, document, named):
    choose(named(panel, "Schedule", QComboBox), "cosine")
    type_number(named(panel, "Period", IntegerBox), "123")
    type_number(named(panel, "Factor", NumberBox), "0,25")
    schedule = document.training_settings.schedule
    assert (schedule.period, schedule.factor) == (123, 0.25)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_an_optimizer_has_a_field_for_each_of_its_options(panel, document, name):
    document.learning.set_training(optimizer=name, optimizer_options={})
    for option in OPTIMIZERS[name].options.values():
        numbers = option.default if isinstance(option.default, tuple) else (option.default,)
        for label, number in zip(option.labels, numbers, strict=True):
            assert [field.value() for shown, field in fields(panel) if shown == label] == [number]


def test_an_option_that_is_typed_arrives_with_the_others_as_they_were(panel, document):
    document.learning.set_training(optimizer="adam", optimizer_options={})
    second = next(field for name, field in fields(panel) if name == "Decay of square, β₂")
    type_number(second, "0.5")
    assert document.training_settings.optimizer_options["betas"] == (0.9, 0.5)
    assert document.training_settings.optimizer_options["eps"] == 1e-8


def test_a_penalty_begins_with_a_small_rate(panel, document, named):
    choose(named(panel, "Regularization", QComboBox), "l1")
    assert document.training_settings.regularization_rate == 0.001
    type_number(named(panel, "Regularization rate", NumberBox), "1e-2")
    assert document.training_settings.regularization_rate == 0.01


def test_the_length_of_the_gradient_can_be_limited(panel, document, named):
    (box,) = [box for box in panel.findChildren(QCheckBox) if box.text() == "Scale long gradients down"]
    assert not named(panel, "Longest gradient").isVisible()
    box.click()
    type_number(named(panel, "Longest gradient", NumberBox), "0.5")
    assert document.training_settings.clip_norm == 0.5
    box.click()
    assert document.training_settings.clip_norm is None


@pytest.mark.parametrize("name", INITIALIZERS)
def test_the_scale_is_shown_where_the_initializer_has_one(panel, document, named, name):
    document.learning.set_initial(initializer=name)
    assert named(panel, "Initializer scale").isVisible() == (INITIALIZERS[name].scale is not None)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # the offscreen platform, of the tool tip
def test_a_number_that_cannot_be_is_refused_and_the_one_before_stays(panel, document, named):
    choose(named(panel, "Regularization", QComboBox), "l2")
    field = named(panel, "Regularization rate", NumberBox)
    for text in ("-1", "1000", "many"):
        type_number(field, text)
        field.clearFocus()
        assert document.training_settings.regularization_rate == 0.001
        assert field.text() == "0.001"


@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("schedule", ["constant", "cosine"])
def test_every_optimizer_trains_a_hundred_steps_in_the_thread(panel, document, qtbot, optimizer, schedule):
    document.learning.set_training(
        optimizer=optimizer,
        optimizer_options={},
        learning_rate=0.01,
        schedule=document.training_settings.schedule.__class__(schedule, warm_up=10),
        regularization="l2",
        regularization_rate=1e-4,
    )
    first = document.displayed.metrics
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 100)
    document.run.set_playing(False)
    metrics = document.displayed.metrics
    if OPTIMIZERS[optimizer].make is None:
        # Random search looks at the points that are right, and not at the loss.
        assert metrics.train_accuracy > first.train_accuracy
    else:
        assert metrics.train_loss < first.train_loss
    panel.grab()


@pytest.mark.parametrize("bias", BIAS_KINDS)
def test_every_kind_of_bias_can_be_chosen_and_undone(panel, document, named, answered, bias):
    box = named(panel, "Biases", QComboBox)
    before = [weights.copy() for weights in document.displayed.network.weights]
    choose(box, bias)
    answered(document)

    assert document.network_settings.bias == bias
    for own, expected in zip(document.displayed.network.weights, before, strict=True):
        np.testing.assert_array_equal(own, expected)
    while document.changes.undo_stack.canUndo():
        document.changes.undo()
    assert document.network_settings.bias == box.currentData() == "per_neuron"


def test_without_biases_there_is_no_first_bias(panel, document, named):
    assert named(panel, "First bias", NumberBox).isHidden()
    document.learning.set_initial(bias_start=0.5)
    assert "First bias" in dict(fields(panel))
    document.network.set_bias("none")
    assert "First bias" not in dict(fields(panel))


class TestDropout:
    def test_each_hidden_layer_has_a_field(self, panel, document):
        first = dict(fields(panel))["Dropout of hidden layer 1"]
        type_number(first, "0.3")
        assert document.training_settings.dropout == (0.3, 0.0)
        type_number(dict(fields(panel))["Dropout of hidden layer 2"], "0.5")
        assert document.training_settings.dropout == (0.3, 0.5)
        type_number(first, "0")
        type_number(dict(fields(panel))["Dropout of hidden layer 2"], "0")
        assert document.training_settings.dropout == 0.0

    def test_rates_follow_the_layers(self, panel, document, answered):
        document.learning.set_dropout(1, 0.1)
        document.learning.set_dropout(2, 0.2)
        document.network.insert_layer()
        answered(document)
        assert document.training_settings.dropout == (0.1, 0.2, 0.0)
        document.network.remove_layer(1)
        answered(document)
        assert document.training_settings.dropout == (0.2, 0.0)
        assert [dict(fields(panel))[f"Dropout of hidden layer {layer}"].value() for layer in (1, 2)] == [0.2, 0.0]
        document.changes.undo()
        document.changes.undo()
        assert document.training_settings.dropout == (0.1, 0.2)

    def test_without_hidden_layers_there_is_none(self, panel, document):
        document.network.remove_layer()
        document.network.remove_layer()
        assert not [name for name, _ in fields(panel) if name.startswith("Dropout")]


def test_early_stopping_has_a_patience(panel, document, named):
    switch = named(panel, "Early stopping", QCheckBox)
    assert "Patience" not in dict(fields(panel))
    switch.setChecked(True)
    assert document.training_settings.patience == 20
    type_number(dict(fields(panel))["Patience"], "7")
    assert document.training_settings.patience == 7
    switch.setChecked(False)
    assert document.training_settings.patience is None


class TestStop:
    @pytest.mark.parametrize(
        ("switch", "typed", "rule", "value", "sentence"),
        [
            ("Stop after steps", "500", "steps", 500, "after every 500 steps"),
            ("Stop after epochs", "1", "epochs", 1, "after every 1 epoch"),
            ("Stop at a loss", "0.2", "loss", 0.2, "at a training loss of 0.2"),
            ("Stop at an accuracy", "0.9", "accuracy", 0.9, "at a training accuracy of 0.9"),
            ("Stop on a plateau", "30", "plateau", 30, "has not fallen by 1% in 30 epochs"),
        ],
    )
    def test_each_rule_is_switched_on_typed_said_and_undone(
        self, panel, document, named, qtbot, switch, typed, rule, value, sentence
    ):
        box = named(panel, switch, QCheckBox)
        assert f"{switch}: value" not in dict(fields(panel))
        QTest.keyClick(box, Qt.Key.Key_Space)
        type_number(dict(fields(panel))[f"{switch}: value"], typed)
        assert getattr(document.training_settings.stop, rule) == value
        shown = [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]
        assert [text for text in shown if sentence in text and text.endswith("Play goes on from there.")]
        document.changes.undo()
        document.changes.undo()
        assert not document.training_settings.stop.is_set
        assert not box.isChecked()

    def test_what_decides_is_asked_where_something_is_measured(self, panel, document, named, qtbot):
        assert not named(panel, "Points that decide: test", QToolButton).isVisible()
        document.learning.set_training(stop=Stop(plateau=30))
        QApplication.processEvents()
        qtbot.mouseClick(named(panel, "Points that decide: test", QToolButton), Qt.MouseButton.LeftButton)
        type_number(dict(fields(panel))["Fall on a plateau"], "2.5")
        assert document.training_settings.stop == Stop(plateau=30, improvement=0.025, watched="test")

    def test_of_values_it_is_r2(self, panel, document, named):
        document.points.set_kind("values")
        assert named(panel, "Stop at an accuracy", QCheckBox).text() == "R² ≥"


def test_what_random_search_does_not_use_is_hidden(panel, document):
    document.learning.set_training(optimizer="random_search", optimizer_options={}, regularization="l2", patience=5)
    names = [name for name, _ in fields(panel)]

    assert {"Budget, tries", "Biases, ±", "Hidden weights, ±", "Output weights, ±"} <= set(names)
    assert not {"Regularization rate", "Patience", "Dropout of hidden layer 1"} & set(names)
    document.changes.undo()
    assert {"Regularization rate", "Patience"} & {name for name, _ in fields(panel)} == set()
    assert "Dropout of hidden layer 1" in dict(fields(panel))


@pytest.mark.parametrize("kind", ["values", "curve"])
def test_a_regression_offers_the_squared_error_alone(panel, document, named, kind):
    document.points.set_kind(kind)
    box = named(panel, "Loss", QComboBox)

    assert box.currentData() == "squared_error"
    assert [box.itemData(row) for row in range(box.count()) if not box.view().isRowHidden(row)] == ["squared_error"]


def test_the_timeline_s_memory_is_remembered(panel, document, named, show):
    field = named(panel, "Memory of the timeline", IntegerBox)
    assert (field.value(), document.run.history_budget) == (64, 64_000_000)
    type_number(field, "8")
    assert document.run.history_budget == 8_000_000
    document.learning.reinitialise()
    assert document.run.history_budget == 8_000_000
    assert remembered_budget() == 8_000_000


@pytest.mark.parametrize(
    ("kept", "megabytes"), [(None, 64), ("8", 8), ("0", 1), ("-3", 1), ("99999", 4_000), ("much", 64), ("", 64)]
)
def test_a_remembered_memory_is_one_that_the_field_can_show(kept, megabytes):
    if kept is not None:
        QSettings().setValue("timeline/megabytes", kept)
    assert remembered_budget() == megabytes * 1_000_000


def test_the_panel_shows_the_timeline_s_memory_and_does_not_set_it(document, named, show):
    QSettings().setValue("timeline/megabytes", 8)
    document.run.set_history_budget(16_000_000)
    panel = show(SettingsPanel(document.run, document.changes, document.network, document.learning), 326, 760)
    assert named(panel, "Memory of the timeline", IntegerBox).value() == 16
    assert document.run.history_budget == 16_000_000
