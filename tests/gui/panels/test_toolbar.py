import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QSlider, QSpinBox, QToolButton

from gui import theme
from gui.document.view import SPEEDS
from gui.panels.toolbar import Toolbar
from gui.theme import Scheme
from model.network.initializers import INITIALIZERS
from model.numbers import typed_number

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def toolbar(document, actions, show):
    return show(Toolbar(document.run, document.changes, document.learning, document.view, actions), 1280, 58)


def figure(toolbar, name):
    (found,) = [label for label in toolbar.findChildren(QLabel) if label.accessibleName() == name]
    return found.text()


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
        qtbot.waitUntil(lambda: document.displayed.step > 1000)
        assert figure(toolbar, "Step") == f"{document.displayed.step:,}"
        qtbot.mouseClick(toolbar.findChild(QToolButton, "play"), LEFT)
        assert not document.run.playing
        qtbot.mouseClick(named(toolbar, "Rewind", QToolButton), LEFT)
        qtbot.waitUntil(lambda: figure(toolbar, "Step") == "0")

    def test_reinitialise_takes_the_next_seed(self, toolbar, document, named, qtbot):
        qtbot.mouseClick(named(toolbar, "Re-initialise", QToolButton), LEFT)
        assert document.network_settings.seed == 1
        assert named(toolbar, "Seed", QSpinBox).value() == 1

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
            shown = "max" if speed is None else f"{speed:g}"
            assert any(label.text() == shown for label in toolbar.findChildren(QLabel))

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

    def test_the_initializers_are_the_registry(self, toolbar, document, named):
        box = named(toolbar, "Initializer", QComboBox)
        assert [box.itemText(index) for index in range(box.count())] == [entry.label for entry in INITIALIZERS.values()]
        box.setFocus()
        shown = box.currentIndex()
        QTest.keyClick(box, Qt.Key.Key_Up if shown else Qt.Key.Key_Down)
        assert document.network_settings.initializer == box.currentData() != "xavier_uniform"

    def test_the_seed_begins_a_new_run(self, toolbar, document, answered, named, qtbot):
        first = document.displayed.network.parameters[0]
        box = named(toolbar, "Seed", QSpinBox)
        box.setFocus()
        qtbot.keyClick(box, Qt.Key.Key_Up)
        answered(document)
        assert document.network_settings.seed == 1
        assert document.displayed.network.parameters[0] != first
        document.changes.undo()
        assert box.value() == 0


@pytest.mark.parametrize("width", [1280, 1600])
def test_nothing_is_cut_off(toolbar, document, named, width):
    toolbar.resize(width, toolbar.height())
    toolbar.grab()
    buttons = [button for button in toolbar.findChildren(QToolButton) if not button.isHidden()]
    for button in buttons:
        needed = button.sizeHint()
        assert button.width() >= needed.width(), button.accessibleName()
    for label in toolbar.findChildren(QLabel):
        assert label.width() >= label.fontMetrics().horizontalAdvance(label.text()), label.text()
    for box in toolbar.findChildren(QComboBox):
        longest = max(box.fontMetrics().horizontalAdvance(box.itemText(index)) for index in range(box.count()))
        assert box.width() >= longest + 24, box.accessibleName()
    right = max(child.mapTo(toolbar, QPoint(child.width(), 0)).x() for child in buttons)
    assert right <= width


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
