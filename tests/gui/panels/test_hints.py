import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QToolButton

from gui import theme
from gui.items.loss_plot import LossPlot
from gui.panels.hints import HINTS

LEFT = Qt.MouseButton.LeftButton


def lines(window):
    return [frame for frame in window.findChildren(QFrame) if frame.property("role") == "hint" and frame.isVisible()]


def texts(window):
    return [line.findChild(QLabel).text() for line in lines(window)]


@pytest.fixture
def hinting(window, qtbot):
    window.hints.show_at_first_start()
    qtbot.waitUntil(lambda: len(lines(window)) == len(HINTS))
    return window


def test_at_the_first_start_each_card_says_where_to_begin(hinting):
    assert sorted(texts(hinting)) == sorted(HINTS.values())
    for line in lines(hinting):
        words = line.findChild(QLabel)
        needed = words.fontMetrics().boundingRect(
            QRect(0, 0, words.width(), 1000), Qt.TextFlag.TextWordWrap, words.text()
        )
        assert needed.height() <= words.height()
        assert line.parentWidget().rect().contains(line.geometry())


def test_a_hint_goes_with_its_button_and_the_last_one_for_good(hinting, qtbot):
    for left in range(len(HINTS) - 1, -1, -1):
        QTest.mouseClick(lines(hinting)[0].findChild(QToolButton), LEFT)
        qtbot.waitUntil(lambda left=left: len(lines(hinting)) == left)
    hinting.hints.show_at_first_start()
    assert not lines(hinting)


def test_a_double_click_is_no_more_than_a_click(hinting, qtbot):
    button = lines(hinting)[0].findChild(QToolButton)
    for press in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):
        press(button, LEFT)
    qtbot.waitUntil(lambda: len(lines(hinting)) == len(HINTS) - 1)


def test_all_hints_can_be_skipped_and_are_back_from_the_help_menu(hinting, qtbot):
    QTest.mouseClick(hinting.findChild(QPushButton, "hide_hints"), LEFT)
    qtbot.waitUntil(lambda: not lines(hinting))
    action = hinting.findChild(QAction, "first_steps")
    assert not action.isChecked()
    action.trigger()
    qtbot.waitUntil(lambda: len(lines(hinting)) == len(HINTS))
    assert action.isChecked()
    action.trigger()
    qtbot.waitUntil(lambda: not lines(hinting))


def test_who_has_used_the_program_before_gets_no_hints(window):
    QSettings().setValue("layout/version", "1")
    window.hints.show_at_first_start()
    assert not lines(window)


def test_a_card_with_a_hint_has_room_for_all_that_it_shows(hinting, qtbot):
    hinting.resize(1366, 768)
    plot = hinting.findChild(LossPlot)
    card = hinting._panels["Loss"]
    margin = card.body.contentsMargins().bottom()
    qtbot.waitUntil(lambda: card.height() - plot.geometry().bottom() > margin)


def test_a_hint_is_as_high_as_its_words_when_the_interface_was_larger_for_a_while(hinting, qtbot):
    words = next(line for line in lines(hinting) if HINTS["Data"] in line.accessibleName()).findChild(QLabel)
    theme.manager().set_scale(1.5)
    qtbot.waitUntil(lambda: words.height() >= 2 * words.fontMetrics().height())
    theme.manager().set_scale(1.0)
    hinting.resize(1900, 1000)
    qtbot.waitUntil(lambda: words.fontMetrics().height() <= words.height() < 3 * words.fontMetrics().height())
    assert words.minimumHeight() < 2.5 * words.fontMetrics().height()
