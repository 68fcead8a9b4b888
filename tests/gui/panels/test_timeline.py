import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QToolButton, QToolTip

from gui import theme
from gui.panels.timeline.bar import TimelineBar
from gui.panels.timeline.panel import TimelinePanel
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import IntegerBox
from gui.widgets.mark_editor import MarkEditor
from model.experiment import load_experiment, save_experiment
from model.run.history import Event, History

LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def ran(document, qtbot, answered):
    """A document whose run has taken some hundred steps, with a change on the way, and is paused."""
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 150)
    document.learning.set_training(learning_rate=0.05)
    qtbot.waitUntil(lambda: document.displayed.step >= 300)
    document.run.set_playing(False)
    answered(document)
    return document


@pytest.fixture
def panel(ran, actions, show):
    return show(TimelinePanel(ran.run, ran.changes, actions), 1000, 50)


@pytest.fixture
def bar(panel):
    return panel.findChild(TimelineBar)


def at(bar, step):
    return QPoint(round(bar.x_of(step)), 25)


def parameters_at(document, step):
    (frame,) = [frame for frame in document.run.history.frames if frame.step == step]
    return frame.checkpoint.parameters


def test_a_click_pins_the_moment_that_is_shown(panel, ran, named):
    ran.run.look_back(5)
    QTest.mouseClick(named(panel, "Pin This Run", QToolButton), LEFT)
    (pinned,) = ran.pins.runs
    assert pinned.snapshot.step == 5


def test_a_click_shows_the_moment_under_the_mouse(bar, ran):
    QTest.mouseClick(bar, LEFT, pos=at(bar, 100))
    shown = ran.displayed

    assert abs(shown.step - 100) <= 1 + ran.run.history.frames[-1].step / bar.width()
    assert ran.run.moment.step == shown.step
    np.testing.assert_array_equal(shown.network.parameters, parameters_at(ran, shown.step))
    assert shown.metrics == ran.run.moment.metrics


def test_a_step_that_is_typed_is_looked_back_at(panel, ran, named, answered):
    field = named(panel, "Step that is shown", IntegerBox)
    live = ran.displayed.step
    assert field.text() == f"{live:,}"
    for typed in ("100", "7", "999,999"):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        wanted = int(typed.replace(",", ""))
        nearest = min((frame.step for frame in ran.run.history.frames), key=lambda step: abs(step - wanted))
        assert ran.displayed.step == nearest
        assert field.text() == f"{nearest:,}"
    assert ran.run.moment is None
    assert ran.displayed.step == live


def test_a_drag_scrubs_and_its_right_end_is_the_present(bar, ran):
    live = ran.displayed
    QTest.mousePress(bar, LEFT, pos=at(bar, 250))
    seen = []
    for step in (200, 120, 40, 0):
        QTest.mouseMove(bar, at(bar, step))
        seen.append(ran.displayed.step)
    QTest.mouseMove(bar, QPoint(bar.width() + 50, 25))
    QTest.mouseRelease(bar, LEFT, pos=QPoint(bar.width() + 50, 25))

    assert seen == sorted(seen, reverse=True)
    assert seen[-1] == 0
    assert ran.run.moment is None
    assert ran.displayed.step == live.step
    np.testing.assert_array_equal(ran.displayed.network.parameters, live.network.parameters)


def test_keys_go_from_moment_to_moment(bar, ran):
    steps = [frame.step for frame in ran.run.history.frames]
    bar.setFocus()
    for key, place in (
        (Qt.Key.Key_Left, -2),
        (Qt.Key.Key_Left, -3),
        (Qt.Key.Key_Right, -2),
        (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_Left, 0),
        (Qt.Key.Key_PageDown, 10),
        (Qt.Key.Key_PageUp, 0),
    ):
        QTest.keyClick(bar, key)
        assert ran.displayed.step == steps[place]
    QTest.keyClick(bar, Qt.Key.Key_End)
    assert ran.run.moment is None


def test_arrow_keys_belong_to_the_timeline_while_it_has_the_focus(window, qtbot):
    document = window.document
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 50 and len(document.run.history) > 20)
    document.run.set_playing(False)
    bar = window.findChild(TimelineBar)
    bar.setFocus()
    QTest.keyClick(bar, Qt.Key.Key_Left)

    assert document.run.moment is not None


def test_points_are_shown_as_they_were(bar, ran, answered):
    before = ran.dataset
    ran.points.add("place point", [[5.0, 5.0]])
    answered(ran)
    QTest.mouseClick(bar, LEFT, pos=at(bar, 50))

    assert ran.run.shown_dataset == before
    assert len(ran.dataset) == len(before) + 1
    ran.run.look_at_present()
    assert ran.run.shown_dataset is ran.dataset


def test_events_are_marked(bar, ran):
    ran.points.add("place point", [[5.0, 5.0], [4.0, 4.0]])

    assert [event.text for event in ran.run.history.events] == ["learning rate 0.1 → 0.05", "+2 points"]
    colours = {
        bar.grab().toImage().pixelColor(at(bar, ran.run.history.events[0].step) + QPoint(0, dy)).name() for dy in (7, 8)
    }
    assert theme.current().panel.name() not in colours


class TestReadingMarks:
    """What a mark says, and how it is reached."""

    def test_undo_and_redo_leave_one_each(self, bar, ran, qtbot, answered):
        (first,) = ran.run.history.events
        ran.run.step()
        answered(ran)
        ran.changes.undo()
        ran.changes.redo()
        texts = [event.text for event in ran.run.history.events]
        assert texts == [first.text, "undo: learning rate 0.05 → 0.1", "redo: learning rate 0.1 → 0.05"]
        assert ran.run.history.events[1].step == ran.run.step_count

    def test_a_click_near_it_goes_to_its_moment(self, bar, ran):
        (mark,) = ran.run.history.events
        QTest.mouseClick(bar, LEFT, pos=at(bar, mark.step) + QPoint(4, 0))
        history = ran.run.history
        assert ran.displayed.step == history.frames[history.nearest(mark.step)].step

    def test_a_drag_from_it_scrubs(self, bar, ran):
        (mark,) = ran.run.history.events
        QTest.mousePress(bar, LEFT, pos=at(bar, mark.step))
        QTest.mouseMove(bar, at(bar, 0))
        QTest.mouseRelease(bar, LEFT, pos=at(bar, 0))
        assert ran.displayed.step == 0

    def test_keys_go_from_mark_to_mark(self, bar, ran):
        (mark,) = ran.run.history.events
        history = ran.run.history
        bar.setFocus()
        control = Qt.KeyboardModifier.ControlModifier
        QTest.keyClick(bar, Qt.Key.Key_Left, control)
        assert ran.displayed.step == history.frames[history.nearest(mark.step)].step
        QTest.keyClick(bar, Qt.Key.Key_Home)
        QTest.keyClick(bar, Qt.Key.Key_Right, control)
        assert ran.displayed.step == history.frames[history.nearest(mark.step)].step
        QTest.keyClick(bar, Qt.Key.Key_Right, control)
        assert ran.run.moment is None

    def test_the_mouse_on_it_reads_it(self, bar, ran, qtbot):
        (mark,) = ran.run.history.events
        place = at(bar, mark.step)
        QApplication.sendEvent(bar, QHelpEvent(QEvent.Type.ToolTip, place, bar.mapToGlobal(place)))
        qtbot.waitUntil(QToolTip.isVisible)
        assert f"step {mark.step:,}: learning rate 0.1 → 0.05" in QToolTip.text()
        QToolTip.hideText()


class TestContinue:
    def test_goes_on_from_the_shown_moment_and_repeats_the_run(self, panel, ran, answered, qtbot):
        end = ran.run.history.frames[-1]
        button = panel.findChild(QPushButton, "continue_from_here")
        assert not button.isEnabled()
        # After the change of the rate: with nothing changed since, the branch is the same run.
        start = next(frame for frame in ran.run.history.frames if frame.training.learning_rate == 0.05)
        ran.run.look_back(ran.run.history.index_at(start.step))
        QTest.mouseClick(button, LEFT)
        answered(ran)

        assert ran.run.moment is None
        assert ran.displayed.step == start.step
        assert ran.run.history.frames[-1].step == start.step
        for _ in range(end.step - start.step):
            ran.run.step()
        qtbot.waitUntil(lambda: ran.displayed.step == end.step)
        np.testing.assert_array_equal(ran.displayed.network.parameters, end.checkpoint.parameters)
        assert ran.displayed.metrics == end.metrics

    def test_undo_brings_back_what_came_after(self, ran, answered):
        end, n_frames = ran.displayed, len(ran.run.history)
        ran.run.look_back(5)
        ran.changes.continue_from_here()
        answered(ran)
        assert ran.training_settings.learning_rate == 0.1
        assert len(ran.run.history) == 6
        ran.changes.undo()
        answered(ran)

        assert ran.training_settings.learning_rate == 0.05
        assert (ran.displayed.step, len(ran.run.history)) == (end.step, n_frames)
        np.testing.assert_array_equal(ran.displayed.network.parameters, end.network.parameters)
        ran.changes.redo()
        answered(ran)
        assert ran.displayed.step == ran.run.history.frames[-1].step == 5

    def test_from_another_shape_and_other_points(self, ran, answered, qtbot):
        n_points = len(ran.dataset)
        ran.network.insert_unit(1)
        ran.network.remove_layer(2)
        ran.points.clear()
        answered(ran)
        ran.run.look_back(3)
        assert ran.displayed.network.settings.layer_sizes == (2, 6, 5, 3)
        ran.changes.continue_from_here()
        answered(ran)

        assert ran.network_settings.layer_sizes == (2, 6, 5, 3)
        assert len(ran.dataset) == n_points
        ran.run.set_playing(True)
        qtbot.waitUntil(lambda: ran.displayed.step > 100)
        ran.run.set_playing(False)
        answered(ran)
        while ran.changes.undo_stack.canUndo():
            ran.changes.undo()
        answered(ran)
        assert ran.displayed.network.settings == ran.network_settings


class TestPlayback:
    def test_plays_the_run_again(self, panel, ran, named, qtbot):
        named(panel, "Playback speed", ChoiceBox).show_choice("4")
        seen = []
        ran.run.moment_changed.connect(lambda: seen.append(ran.displayed.step))
        QTest.mouseClick(named(panel, "Play the run again", QToolButton), LEFT)
        qtbot.waitUntil(lambda: ran.run.moment is None and len(seen) > 5, timeout=8000)

        assert seen == sorted(seen)
        assert seen[0] == 0
        assert not named(panel, "Play the run again", QToolButton).isChecked()

    def test_plays_it_backwards_until_it_is_stopped(self, panel, ran, named, qtbot):
        button = named(panel, "Play the run backwards", QToolButton)
        QTest.mouseClick(button, LEFT)
        qtbot.waitUntil(
            lambda: ran.run.moment is not None and ran.displayed.step < ran.run.history.frames[-1].step - 10
        )
        QTest.mouseClick(button, LEFT)
        step = ran.displayed.step

        assert not button.isChecked()
        assert ran.displayed.step == step


def test_any_change_returns_to_the_present(ran, answered):
    live = ran.displayed.step
    for change in (
        lambda: ran.learning.set_training(learning_rate=0.2),
        lambda: ran.points.add("place point", [[1.0, 1.0]]),
        lambda: ran.network.insert_unit(1),
        lambda: ran.network.set_parameter(0, 0.5),
        ran.changes.undo,
    ):
        ran.run.look_back(10)
        assert ran.run.moment is not None
        change()
        answered(ran)
        assert ran.run.moment is None
        assert ran.displayed.step == live


def test_looking_back_pauses(document, qtbot):
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 60)
    document.run.look_back(10)
    assert not document.run.playing
    document.run.set_playing(True)
    assert document.run.moment is None


def test_both_themes_are_painted(panel, ran):
    pictures = []
    for scheme in (theme.Scheme.LIGHT, theme.Scheme.DARK):
        theme.manager().set_scheme(scheme)
        pictures.append(panel.grab().toImage())

    assert pictures[0] != pictures[1]


def test_ten_thousand_events_are_drawn_as_often_as_there_are_pixels(bar, ran, monkeypatch):
    history = History()
    for frame in ran.run.history.frames:
        history.append(frame)
    monkeypatch.setattr(ran.run, "history", history)
    last = history.frames[-1].step
    for place in range(10_000):
        history.note(round(place / 10_000 * last), f"change {place}")
    n_drawn = 0
    place_of = bar._x_on_page

    def _x_on_page(step):
        nonlocal n_drawn
        n_drawn += 1
        return place_of(step)

    monkeypatch.setattr(bar, "_x_on_page", _x_on_page)
    bar.grab()
    assert min(last, bar.width()) / 2 < n_drawn <= bar.width() + 10


class TestMarks:
    @pytest.fixture
    def editor(self, bar):
        return bar.findChild(MarkEditor)

    def texts(self, document):
        return [(event.step, event.text, event.is_note) for event in document.run.history.events]

    def write(self, editor, text, end=Qt.Key.Key_Return):
        assert editor.isVisible()
        editor.selectAll()
        QTest.keyClicks(editor, text)
        QTest.keyClick(editor, end)
        assert not editor.isVisible()

    def test_a_double_click_on_a_mark_changes_its_text(self, bar, ran, editor):
        (mark,) = ran.run.history.events
        QTest.mouseDClick(bar, LEFT, pos=at(bar, mark.step))
        assert editor.text() == "learning rate 0.1 → 0.05"
        self.write(editor, "here I halved the rate")
        assert self.texts(ran) == [(mark.step, "here I halved the rate", False)]
        ran.changes.undo()
        assert self.texts(ran) == [(mark.step, "learning rate 0.1 → 0.05", False)]
        ran.changes.redo()
        assert self.texts(ran) == [(mark.step, "here I halved the rate", False)]

    def test_elsewhere_it_adds_a_note_at_the_moment_that_is_shown(self, bar, ran, editor):
        QTest.mouseClick(bar, LEFT, pos=at(bar, 40))
        shown = ran.displayed.step
        before = bar.grab().toImage()
        QTest.mouseDClick(bar, LEFT, pos=at(bar, shown))
        self.write(editor, "the  first bend <b>")
        assert self.texts(ran)[0] == (shown, "the first bend <b>", True)
        assert ran.displayed.step == shown, "whoever writes on a moment goes on looking at it"
        assert bar.grab().toImage() != before
        ran.changes.undo()
        assert len(self.texts(ran)) == 1
        assert ran.displayed.step == shown

    def test_escape_leaves_it_and_going_elsewhere_keeps_it(self, bar, ran, editor):
        bar.setFocus()
        QTest.keyClick(bar, Qt.Key.Key_Home)
        QTest.keyClick(bar, Qt.Key.Key_F2)
        self.write(editor, "nothing", Qt.Key.Key_Escape)
        assert len(self.texts(ran)) == 1
        assert not ran.changes.undo_stack.undoText().startswith("add")
        QTest.keyClick(bar, Qt.Key.Key_F2)
        QTest.keyClicks(editor, "untrained")
        QTest.mouseClick(bar, LEFT, pos=at(bar, 100))
        assert not editor.isVisible()
        assert self.texts(ran)[0] == (0, "untrained", True)

    def test_a_mark_without_a_text_is_removed(self, bar, ran, editor):
        (mark,) = ran.run.history.events
        QTest.mouseDClick(bar, LEFT, pos=at(bar, mark.step))
        editor.clear()
        QTest.keyClick(editor, Qt.Key.Key_Return)
        assert self.texts(ran) == []
        ran.changes.undo()
        assert self.texts(ran) == [(mark.step, mark.text, False)]

    def test_the_menu_edits_adds_and_removes(self, bar, ran, editor, qtbot):
        (mark,) = ran.run.history.events

        def choose(place, text):
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, bar.mapToGlobal(place))
            QApplication.sendEvent(bar, event)
            qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
            menu = QApplication.activePopupWidget()
            (action,) = [action for action in menu.actions() if action.text() == text]
            QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(action).center())

        choose(at(bar, 60), "Add a note here…")
        self.write(editor, "a plateau")
        note = ran.run.history.events[0]
        assert (note.text, note.is_note) == ("a plateau", True)
        assert abs(note.step - 60) <= 1 + ran.run.history.frames[-1].step / bar.width()
        choose(at(bar, note.step), "Remove the mark")
        assert [event.text for event in ran.run.history.events] == [mark.text]

    def test_notes_are_saved_and_there_is_something_to_save(self, bar, ran, editor, tmp_path):
        state = ran.run.state
        ran.changes.mark(None, Event(20, "a note", is_note=True))
        assert ran.run.state != state
        save_experiment(ran.experiment(), tmp_path / "run.netcanvas")
        assert list(load_experiment(tmp_path / "run.netcanvas").history.events) == list(ran.run.history.events)

    def test_what_is_undone_after_the_run_began_anew_changes_nothing(self, ran):
        ran.changes.mark(None, Event(20, "a note", is_note=True))
        ran.run.rewind()
        ran.changes.undo()
        assert list(ran.run.history.events) == []
