import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from gui.document.notices import too_high
from gui.panels.notice import NoticeBar

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def notice(document, show):
    floor = show(QWidget(), 1080, 500)
    return NoticeBar(document.run, document.learning, floor)


@pytest.fixture
def diverged(document, notice, qtbot):
    for layer in (1, 2):
        document.network.set_activation(layer, "linear")
    document.learning.set_training(learning_rate=1000.0)
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: not document.run.playing)
    return notice


def text(notice):
    return notice.findChild(QLabel).text()


def button(notice, text="Halve the learning rate"):
    (found,) = [button for button in notice.findChildren(QPushButton) if button.text() == text]
    return found


def test_nothing_to_say_shows_nothing(notice):
    assert not notice.isVisible()


def test_no_points(notice, document):
    document.points.clear()
    assert notice.isVisible()
    assert "click on the canvas" in text(notice)
    assert notice.accessibleName() == text(notice)
    assert not button(notice).isVisible()
    document.changes.undo()
    assert not notice.isVisible()


def test_one_class(notice, document):
    document.points.clear()
    document.points.add("place point", [(0.0, 0.0)])
    assert "one class" in text(notice)


def test_what_begins_again_is_offered_first_where_the_last_moment_is_no_good(notice, document, qtbot):
    document.run.tell(too_high(0.5))
    assert button(notice, "Rewind and halve").isVisible()
    assert button(notice, "Rewind and halve").objectName() == "primary"
    assert button(notice).objectName() == ""
    document.network.set_parameter(0, 3.0)
    qtbot.mouseClick(button(notice, "Rewind and halve"), LEFT)
    assert document.training_settings.learning_rate == 0.05
    assert not notice.isVisible()


def test_a_run_that_diverged_is_halved_by_one_click(diverged, document, qtbot):
    assert diverged.isVisible()
    assert "diverged at learning rate 1000" in text(diverged)
    qtbot.mouseClick(button(diverged), LEFT)
    assert document.training_settings.learning_rate == 500.0
    assert not diverged.isVisible()


def test_playing_works_again(diverged, document, qtbot):
    document.learning.set_training(learning_rate=0.001)
    assert not diverged.isVisible()
    step = document.displayed.step
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step > step)


def test_its_button_takes_no_focus_away_from_the_space_key(diverged, qtbot):
    assert not button(diverged).focusPolicy() & Qt.FocusPolicy.ClickFocus


@pytest.mark.parametrize("width", [560, 1080, 1600])
def test_stays_inside_at_the_foot(diverged, width, qtbot):
    floor = diverged.parentWidget()
    floor.resize(width, 500)
    qtbot.waitUntil(lambda: abs(diverged.geometry().center().x() - width // 2) <= 1)
    assert floor.rect().contains(diverged.geometry())
    label = diverged.findChild(QLabel)
    room = QFontMetrics(label.font()).boundingRect(0, 0, label.width(), 1000, Qt.TextFlag.TextWordWrap, label.text())
    assert room.height() <= label.height()
    assert room.width() <= label.width()
