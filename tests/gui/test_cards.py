"""The panels in windows of every size: what gives way where there is little room, and what is enlarged."""

import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QToolButton, QWidget

from gui import theme
from gui.document.view import LOSS_PAGES
from gui.widgets.screens import room_for

LEFT = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier
SMALL = (960, 540)
PANELS = ("Data", "Network", "Inspector", "Output", "Loss")


@pytest.fixture
def window(shared_window):
    yield shared_window
    shared_window.cards.begin_anew()
    shared_window.resize(1280, 800)
    QApplication.processEvents()


@pytest.fixture
def panel(window):
    def find(name):
        (found,) = [frame for frame in window.findChildren(QFrame, "panel") if frame.accessibleName() == name]
        return found

    return find


@pytest.fixture
def resize(window, qtbot):
    def to(width, height):
        window.resize(width, height)
        qtbot.waitUntil(lambda: (window.width(), window.height()) == (width, height))
        QApplication.processEvents()

    return to


@pytest.fixture
def tab(window, named):
    def find(column, name):
        return named(window, f"Cards of the {column} column: {name}", QToolButton)

    return find


def seen(panel):
    return [name for name in PANELS if panel(name).isVisible()]


def whole(area, widget):
    """Return whether all of a widget is in the area of another."""
    return area.rect().contains(widget.rect().translated(widget.mapTo(area, QPoint())))


def double_click(widget, place):
    QTest.mouseClick(widget, LEFT, pos=place)
    QTest.mouseDClick(widget, LEFT, pos=place)
    QTest.mouseRelease(widget, LEFT, pos=place)


class TestLowWindow:
    @pytest.mark.parametrize("scale", [1.0, 2.0])
    def test_a_full_hd_screen_at_twice_the_size_has_room_for_every_column(self, window, panel, resize, qtbot, scale):
        theme.manager().set_scale(scale)
        resize(*(round(scale * side) for side in SMALL))
        assert seen(panel)[:2] == ["Data", "Network"]
        for page in LOSS_PAGES:
            window.document.view.set(loss_page=page)
            qtbot.waitUntil(lambda: window.cards.minimumSizeHint().width() <= scale * SMALL[0])
        area = next(area for area in window.findChildren(QScrollArea) if area.isAncestorOf(window.cards))
        qtbot.waitUntil(lambda: not area.horizontalScrollBar().isVisible())

    def test_a_column_shows_one_card_and_tabs_for_the_others(self, window, panel, resize, tab, qtbot):
        resize(*SMALL)
        assert seen(panel) == ["Data", "Network", "Output"]
        QTest.mouseClick(tab("middle", "Inspector"), LEFT)
        QTest.mouseClick(tab("right", "Loss"), LEFT)
        assert seen(panel) == ["Data", "Inspector", "Loss"]
        qtbot.waitUntil(lambda: all(whole(window.cards, panel(name)) for name in seen(panel)))

    def test_with_room_again_the_cards_are_as_high_as_before(self, window, panel, resize):
        handle = window.splitters["middle"].handle(1)
        middle = handle.rect().center()
        QTest.mousePress(handle, LEFT, pos=middle)
        QTest.mouseMove(handle, middle - QPoint(0, 80))
        QTest.mouseRelease(handle, LEFT, pos=middle - QPoint(0, 80))
        heights = panel("Network").height(), panel("Inspector").height()
        resize(*SMALL)
        resize(1280, 800)
        assert seen(panel) == list(PANELS)
        assert (panel("Network").height(), panel("Inspector").height()) == pytest.approx(heights, abs=12)

    def test_the_key_of_a_card_that_is_behind_brings_it_to_the_front_and_then_hides_it(self, window, panel, resize):
        resize(*SMALL)
        QTest.keyClick(window, Qt.Key.Key_3, CTRL)
        assert seen(panel) == ["Data", "Inspector", "Output"]
        QTest.keyClick(window, Qt.Key.Key_3, CTRL)
        assert seen(panel) == ["Data", "Network", "Output"]
        assert not window.is_panel_shown("Inspector")

    def test_the_step_through_is_seen_where_it_opens(self, window, panel, resize):
        resize(*SMALL)
        QTest.keyClick(window, Qt.Key.Key_T, CTRL)
        assert panel("Step Through").isVisible()
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert panel("Network").isVisible() or panel("Inspector").isVisible()
        assert not panel("Step Through").isVisible()

    def test_features_that_a_person_unfolds_lie_on_nothing(self, window, panel, resize, named):
        resize(1280, 720)
        QTest.mouseClick(named(window, "Show the features", QToolButton), LEFT)
        QApplication.processEvents()
        features, data = panel("Features"), panel("Data")
        assert features.isVisible()
        assert whole(window.cards, features)
        assert features.height() >= features.minimumSizeHint().height()
        assert not data.isVisible() or not data.geometry().intersects(features.geometry())

    def test_the_settings_take_the_place_of_the_data_where_there_is_no_other(self, window, panel, resize):
        QTest.keyClick(window, Qt.Key.Key_6, CTRL)
        resize(*SMALL)
        assert whole(window.cards, panel("Settings"))
        assert not panel("Data").isVisible()
        assert window.is_panel_shown("Data")
        resize(1600, 700)
        assert panel("Data").isVisible()
        assert panel("Settings").isVisible()


def test_a_window_that_is_smaller_still_scrolls(window, panel, resize):
    resize(700, 420)
    scroll = window.centralWidget()
    assert isinstance(scroll, QScrollArea)
    scroll.horizontalScrollBar().setValue(scroll.horizontalScrollBar().maximum())
    output = panel("Output")
    assert output.isVisible()
    assert output.mapTo(window, output.rect().topRight()).x() < window.width()


class TestEnlarging:
    @pytest.mark.parametrize("size", [(1280, 800), SMALL])
    @pytest.mark.parametrize("name", ["Network", "Output", "Data"])
    def test_a_double_click_on_the_title_row_and_back(self, window, panel, resize, size, name):
        resize(*size)
        before = seen(panel)
        card = panel(name)
        width, place = card.width(), QPoint(16, 10)
        double_click(card, place)
        QApplication.processEvents()
        assert seen(panel) == [name]
        assert card.width() > width + 300
        double_click(card, place)
        QApplication.processEvents()
        assert seen(panel) == before
        assert card.width() == pytest.approx(width, abs=12)

    def test_escape_brings_the_others_back_and_keeps_the_selection(self, window, panel, resize):
        double_click(panel("Loss").title, QPoint(2, 2))
        assert seen(panel) == ["Loss"]
        selection = window.document.view.selection
        QTest.keyClick(window, Qt.Key.Key_Escape)
        assert seen(panel) == list(PANELS)
        assert window.document.view.selection == selection

    def test_showing_another_panel_ends_it(self, window, panel):
        window.cards.enlarge("Output")
        QTest.keyClick(window, Qt.Key.Key_1, CTRL)
        assert "Network" in seen(panel)


class TestScreen:
    def test_a_window_of_a_screen_that_is_gone_opens_within_the_present_one(self, make_window):
        first = make_window()
        first.setGeometry(QRect(2500, 1400, 1900, 1100))
        first.files.forget_changes()
        first.close()
        second = make_window(width=None)
        available = QGuiApplication.primaryScreen().availableGeometry()
        assert available.contains(second.frameGeometry()) or not room_for(second).contains(QRect(0, 0, 640, 400))
        assert second.width() <= max(available.width(), second.minimumWidth())

    def test_the_card_in_front_is_remembered(self, make_window, named):
        first = make_window(*SMALL)
        QTest.mouseClick(named(first, "Cards of the right column: Loss", QToolButton), LEFT)
        first.files.forget_changes()
        first.close()
        assert QSettings().value("layout/front_right") == "Loss"
        second = make_window(*SMALL)
        assert second.cards.columns["right"].is_seen("Loss")


def test_a_notice_lies_above_the_timeline(window, resize, named, qtbot):
    timeline = window.findChild(QWidget, "timeline")
    for size in ((1280, 800), SMALL):
        resize(*size)
        window.document.points.clear()
        notice = window.findChild(QFrame, "notice")
        qtbot.waitUntil(notice.isVisible)
        foot = notice.mapTo(window, notice.rect().bottomLeft()).y()
        assert foot < timeline.mapTo(window, QPoint()).y()
        assert whole(window.cards, notice)
        window.document.changes.undo()
