import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QSpinBox, QStyle, QStyleOptionComboBox, QToolButton

from gui import theme
from gui.document.view import SPEEDS
from gui.panels.toolbar import Toolbar
from gui.theme import Scheme
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import NumberBox
from gui.widgets.refusal import refusal_of
from model.numbers import typed_number

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def toolbar(document, actions, show):
    return show(
        Toolbar(document.run, document.changes, document.network, document.learning, document.view, actions), 1280, 58
    )


def figure(toolbar, name):
    (found,) = [label for label in toolbar.findChildren(QLabel) if label.accessibleName() == name]
    return found.text()


def choose(box, key):
    index = box.findData(key)
    box.setCurrentIndex(index)
    box.activated.emit(index)


def type_rate(toolbar, named, text, key=Qt.Key.Key_Return):
    box = named(toolbar, "Learning rate", QComboBox)
    box.setFocus()
    box.lineEdit().selectAll()
    QTest.keyClick(box.lineEdit(), Qt.Key.Key_Backspace)
    QTest.keyClicks(box.lineEdit(), text)
    QTest.keyClick(box.lineEdit(), key)
    return box


class TestButtons:
    def test_play_step_epoch_rewind(self, toolbar, document, answered, named, qtbot):
        qtbot.mouseClick(named(toolbar, "Step", QToolButton), LEFT)
        qtbot.waitUntil(lambda: figure(toolbar, "Step") == "1")
        qtbot.mouseClick(named(toolbar, "Epoch", QToolButton), LEFT)
        qtbot.waitUntil(lambda: figure(toolbar, "Epoch") == "1")
        qtbot.mouseClick(toolbar.findChild(QToolButton, "play"), LEFT)
        assert document.run.playing
        qtbot.waitUntil(lambda: int(figure(toolbar, "Step").replace(",", "")) > 1000)
        qtbot.mouseClick(toolbar.findChild(QToolButton, "play"), LEFT)
        assert not document.run.playing
        answered(document)
        assert figure(toolbar, "Step") == f"{document.displayed.step:,}"
        assert figure(toolbar, "Epoch") == f"{document.displayed.epoch:,}"
        qtbot.mouseClick(named(toolbar, "Rewind", QToolButton), LEFT)
        qtbot.waitUntil(lambda: figure(toolbar, "Step") == "0")

    def test_reinitialise_takes_the_next_seed(self, toolbar, document, named, qtbot):
        qtbot.mouseClick(named(toolbar, "Re-initialise", QToolButton), LEFT)
        assert document.network_settings.seed == 1

    def test_the_theme_by_one_click(self, toolbar, qtbot):
        button = toolbar.findChild(QToolButton, "theme")
        try:
            theme.manager().set_scheme(Scheme.LIGHT)
            assert button.accessibleName() == "Change to the dark theme"
            qtbot.mouseClick(button, LEFT)
            assert theme.current().is_dark
            assert button.accessibleName() == "Change to the light theme"
            qtbot.mouseClick(button, LEFT)
            assert not theme.current().is_dark
        finally:
            theme.manager().set_scheme(Scheme.SYSTEM)


class TestSpeed:
    def test_the_slider_goes_through_the_speeds(self, toolbar, document, named):
        slider = named(toolbar, "Speed", QSlider)
        for index, speed in enumerate(SPEEDS):
            slider.setValue(index)
            assert document.view.settings.speed == speed
            shown = "max" if speed is None else f"{speed:,}"
            assert named(toolbar, "Speed", QSpinBox).text() == shown

    @pytest.mark.parametrize(("typed", "speed"), [("37", 37), ("1,500", 1500), ("max", None)])
    def test_a_speed_can_be_typed(self, toolbar, document, named, typed, speed):
        document.view.set(speed=100)
        box = named(toolbar, "Speed", QSpinBox)
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, typed)
        QTest.keyClick(box, Qt.Key.Key_Return)
        assert document.view.settings.speed == speed

    def test_slower_and_faster_go_on_from_a_typed_speed(self, document):
        document.view.set(speed=37)
        document.view.slower()
        assert document.view.settings.speed == 20
        document.view.set(speed=37)
        document.view.faster()
        assert document.view.settings.speed == 50

    def test_it_follows_the_document(self, toolbar, document, named):
        document.view.slower()
        assert named(toolbar, "Speed", QSlider).value() == len(SPEEDS) - 2


class TestLearningRate:
    @pytest.mark.parametrize(("text", "rate"), [("0.02", 0.02), ("1000", 1000.0), ("1e-3", 0.001), ("0,5", 0.5)])
    def test_can_be_typed(self, toolbar, document, named, text, rate):
        box = type_rate(toolbar, named, text)
        assert document.training_settings.learning_rate == rate
        assert typed_number(box.currentText().replace(",", "")) == rate
        assert document.changes.undo_stack.count() == 1

    def test_can_be_chosen(self, toolbar, document, named):
        box = named(toolbar, "Learning rate", QComboBox)
        box.setFocus()
        QTest.keyClick(box, Qt.Key.Key_Down)
        assert document.training_settings.learning_rate == float(box.currentText()) != 0.1

    @pytest.mark.parametrize("text", ["fast", "", "-1", "0", "nan", "inf"])
    def test_what_is_none_is_refused_with_a_sentence(self, toolbar, document, named, monkeypatch, text):
        sentences = []
        for module in ("gui.panels.toolbar", "gui.widgets.rate_box"):
            monkeypatch.setattr(f"{module}.refuse", lambda field, sentence: sentences.append(sentence))
        box = type_rate(toolbar, named, text)
        assert document.training_settings.learning_rate == 0.1
        assert box.currentText() == "0.1"
        assert "above 0" in sentences[0]
        assert not document.changes.undo_stack.canUndo()

    def test_the_sentence_is_one(self, toolbar, named, monkeypatch):
        sentences = []
        monkeypatch.setattr("gui.panels.toolbar.refuse", lambda field, sentence: sentences.append(sentence))
        type_rate(toolbar, named, "-1")
        assert sentences[0] == "Learning rate must be a number above 0; got -1.0."

    def test_follows_undo(self, toolbar, document, named):
        document.learning.set_training(learning_rate=0.7)
        box = named(toolbar, "Learning rate", QComboBox)
        assert box.currentText() == "0.7"
        document.changes.undo()
        assert box.currentText() == "0.1"

    def test_a_rate_that_begins_like_one_of_the_list_is_taken_as_typed(self, toolbar, document, named):
        type_rate(toolbar, named, "0.00", Qt.Key.Key_1)
        assert named(toolbar, "Learning rate", QComboBox).currentText() == "0.001"
        type_rate(toolbar, named, "1")
        assert document.training_settings.learning_rate == 1.0


class TestOtherSettings:
    def test_batch_size_changes_without_a_reset(self, toolbar, document, answered, named, qtbot):
        document.run.step()
        qtbot.waitUntil(lambda: document.displayed.step == 1)
        box = named(toolbar, "Batch size", QSpinBox)
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, "32")
        qtbot.keyClick(box, Qt.Key.Key_Return)
        answered(document)
        assert document.training_settings.batch_size == 32
        assert document.displayed.step == 1

    def test_one_activation_for_all_hidden_layers(self, toolbar, document, named):
        box = named(toolbar, "Hidden activation", QComboBox)
        document.network.set_activation(1, "sin")
        assert (box.currentIndex(), box.placeholderText()) == (-1, "mixed")
        choose(box, "relu")
        assert document.network_settings.hidden_activations == ("relu", "relu")
        assert box.currentText() == "ReLU"
        document.changes.undo()
        assert document.network_settings.hidden_activations == ("sin", "tanh")
        while document.network_settings.n_hidden_layers:
            document.network.remove_layer()
        assert not box.isEnabled()

    def test_the_loss(self, toolbar, document, named):
        box = named(toolbar, "Loss", QComboBox)
        choose(box, "squared_error")
        assert document.training_settings.loss == "squared_error"
        document.changes.undo()
        assert box.currentData() == "cross_entropy"

    def test_regularization_and_its_rate(self, toolbar, document, named, qtbot):
        rate = named(toolbar, "Regularization rate", NumberBox)
        assert rate.isHidden()
        choose(named(toolbar, "Regularization", QComboBox), "l2")
        assert (document.training_settings.regularization, rate.text()) == ("l2", "0.001")
        assert not rate.isHidden()
        rate.setFocus()
        rate.selectAll()
        qtbot.keyClicks(rate, "0,05")
        qtbot.keyClick(rate, Qt.Key.Key_Return)
        assert document.training_settings.regularization_rate == 0.05

    @pytest.mark.parametrize("typed", ["0", "-3", "1.5"])
    def test_no_batch_size_is_taken_for_another(self, toolbar, document, named, qtbot, typed):
        box = named(toolbar, "Batch size", QSpinBox)
        box.setFocus()
        box.selectAll()
        qtbot.keyClicks(box, typed)
        qtbot.keyClick(box, Qt.Key.Key_Return)
        assert "from 1 to 100,000, or “all”" in refusal_of(box).sentence
        assert document.training_settings.batch_size == 10


@pytest.mark.parametrize("width", [1024, 1280, 1600])
def test_nothing_is_cut_off(toolbar, document, named, width):
    document.learning.regularize("l2")
    toolbar.resize(width, toolbar.height())
    toolbar.grab()
    buttons = [button for button in toolbar.findChildren(QToolButton) if not button.isHidden()]
    for button in buttons:
        needed = button.sizeHint()
        assert button.width() >= needed.width(), button.accessibleName()
    for label in [label for label in toolbar.findChildren(QLabel) if label.isVisible()]:
        assert label.width() >= label.fontMetrics().horizontalAdvance(label.text()), label.text()
    for box in [box for box in toolbar.findChildren(QComboBox) if box.isVisible()]:
        assert room_of(box) >= longest_of(box), box.accessibleName()
    right = max(child.mapTo(toolbar, QPoint(child.width(), 0)).x() for child in buttons)
    assert right <= width


@pytest.mark.parametrize("scale", [0.8, 1.0, 1.25, 1.5, 2.0])
def test_each_choice_can_be_read_in_its_field(toolbar, document, qtbot, scale):
    theme.manager().set_scale(scale)
    try:
        toolbar.resize(4000, toolbar.sizeHint().height())
        fields = toolbar.findChildren(ChoiceBox)
        qtbot.waitUntil(lambda: all(field.isVisible() for field in fields))
        assert [field.accessibleName() for field in fields if room_of(field) < longest_of(field)] == []
    finally:
        theme.manager().set_scale(1.0)


def room_of(box):
    """Return how wide a text may be in a field that drops down."""
    option = QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()


def longest_of(box):
    return max(box.fontMetrics().horizontalAdvance(box.itemText(index)) for index in range(box.count()))


@pytest.mark.parametrize(("step", "epoch"), [(0, 0), (123_456_789, 1_234_567)])
def test_counters_have_room_for_long_runs(toolbar, document, step, epoch):
    for name, value in (("Step", step), ("Epoch", epoch)):
        (label,) = [label for label in toolbar.findChildren(QLabel) if label.accessibleName() == name]
        label.setText(f"{value:,}" if value < 1_000_000 else f"{value / 1e6:,.3f} M")
        assert label.width() >= label.sizeHint().width()


def test_the_button_of_the_animation_comes_where_there_is_room(toolbar, named):
    button = named(toolbar, "Export Animation…", QToolButton)
    for width, shown in ((1280, False), (1600, True), (1300, False)):
        toolbar.resize(width, toolbar.height())
        assert button.isHidden() != shown
