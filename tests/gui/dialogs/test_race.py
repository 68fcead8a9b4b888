import itertools

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QObject, QPoint, QSettings, Qt
from PySide6.QtGui import QHelpEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QToolButton,
    QToolTip,
    QWidget,
)

from gui import theme
from gui.dialogs.picture import PictureDialog
from gui.dialogs.race.cards import RaceCards
from gui.dialogs.race.dialog import RaceDialog
from gui.dialogs.race.lanes import LaneTable
from gui.dialogs.race.plots import RacePlot
from gui.export.race import RacePictures
from gui.theme import Scheme
from gui.widgets.card import GAP
from gui.widgets.choices import ChoiceBox, Segments
from gui.widgets.rate_box import RateBox
from model.data.dataset import PROBLEM_KINDS

LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(shared_window):
    return shared_window


@pytest.fixture
def race(window):
    window.document.race.use_preset("optimizers")
    window.document.race.set_start("present")
    return window.document.race


@pytest.fixture
def dialog(window, race, qtbot):
    window.findChild(QObject, "race").trigger()
    dialog = window.findChild(RaceDialog)
    qtbot.waitUntil(dialog.isActiveWindow)
    yield dialog
    if shiboken6.isValid(dialog):
        dialog.close()
    race.set_start("present")


@pytest.fixture
def press(dialog):
    """Click a button by its text."""

    def click(text):
        (button,) = [b for b in dialog.findChildren(QPushButton) if b.text().replace("&", "") == text]
        QTest.mouseClick(button, LEFT)
        return button

    return click


@pytest.fixture
def set_steps(dialog, named):
    def type_steps(steps):
        box = named(dialog, "Steps", QSpinBox)
        box.setFocus()
        box.selectAll()
        QTest.keyClicks(box, str(steps))
        QTest.keyClick(box, Qt.Key.Key_Return)

    return type_steps


@pytest.fixture
def raced(dialog, race, press, set_steps, qtbot):
    """Let the lanes of the dialog race to their end."""

    def run(steps=40):
        focused = dialog.focusWidget()
        set_steps(steps)
        if focused is not None:
            focused.setFocus(Qt.FocusReason.TabFocusReason)
        press("Start")
        qtbot.waitUntil(lambda: race.is_over and not race.playing)
        return race.report.state

    return run


def text_of(dialog, named, name="Result of the race"):
    return named(dialog, name, QLabel).text()


def picture_of(widget):
    return widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)


def count_of(image, colour):
    """Count the pixels that are nearly of a colour."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    wanted = [colour.blue(), colour.green(), colour.red()]
    return int((np.abs(pixels[..., :3].astype(int) - wanted).max(axis=2) < 40).sum())


class TestLanes:
    def test_a_preset_fills_the_table(self, dialog, race, named):
        box = named(dialog, "Preset", ChoiceBox)
        box.setFocus()
        while box.currentData() != "rates":
            box.setCurrentIndex(box.currentIndex() + 1)
        box.activated.emit(box.currentIndex())
        rates = [named(dialog, f"Learning rate of lane {n}", QComboBox).currentText() for n in (1, 2, 3, 4)]
        assert rates == ["0.003", "0.01", "0.03", "0.1"]
        assert box.currentText() == "Presets…"

    def test_a_lane_is_changed_doubled_and_taken_out(self, dialog, race, named, press):
        for _ in range(2):
            QTest.mouseClick(named(dialog, "Remove lane 4" if len(race.lanes) == 4 else "Remove lane 3"), LEFT)
        assert race.names == ("SGD 0.1", "Momentum 0.03")
        assert not named(dialog, "Remove lane 1").isEnabled()
        optimizer = named(dialog, "Optimizer of lane 2", ChoiceBox)
        optimizer.setFocus()
        QTest.keyClicks(optimizer, "Ada")
        assert race.lanes[1].optimizer in ("adam", "adagrad")
        rate = named(dialog, "Learning rate of lane 2", QComboBox)
        rate.lineEdit().selectAll()
        QTest.keyClicks(rate.lineEdit(), "0.25")
        QTest.keyClick(rate.lineEdit(), Qt.Key.Key_Return)
        assert race.lanes[1].learning_rate == 0.25
        QTest.mouseClick(named(dialog, "Duplicate lane 2"), LEFT)
        assert race.lanes[2] == race.lanes[1]
        press("Add Lane")
        assert race.lanes[3] == dialog.parent().document.training_settings
        assert not named(dialog, "Duplicate lane 1").isEnabled()

    def test_a_rate_that_is_none_is_refused(self, dialog, race, named, monkeypatch):
        sentences = []
        monkeypatch.setattr("gui.dialogs.race.lanes.refuse", lambda field, sentence: sentences.append(sentence))
        edit = named(dialog, "Learning rate of lane 1", QComboBox).lineEdit()
        edit.selectAll()
        QTest.keyClicks(edit, "-1")
        QTest.keyClick(edit, Qt.Key.Key_Return)
        assert "above 0" in sentences[0]
        assert edit.text() == "0.1"

    def test_random_search_has_no_rate(self, dialog, race, named):
        race.set_lane(0, optimizer="random_search", optimizer_options={})
        assert not named(dialog, "Learning rate of lane 1", QComboBox).isEnabled()

    def test_other_batch_sizes_are_told_to_have_other_batches(self, dialog, race, named):
        assert not named(dialog, "Note on the race", QLabel).isVisible()
        race.use_preset("batches")
        assert "batches of their own" in text_of(dialog, named, "Note on the race")


class TestRacing:
    def test_the_result_is_said_and_each_lane_has_its_loss(self, dialog, raced, named, race):
        assert text_of(dialog, named).startswith("All lanes begin with the same weights")
        state = raced()
        leader = race.names[state.by_step().leaders[0]]
        assert text_of(dialog, named).startswith(f"{leader} wins: ")
        assert " after 40 steps. By time, " in text_of(dialog, named)
        for row, loss in zip(dialog.findChildren(QWidget, "lane"), state.by_step().losses, strict=True):
            texts = [label.accessibleName() for label in row.findChildren(QLabel)]
            assert any(text.startswith(f"loss {loss:.3g}") for text in texts)

    def test_space_starts_and_pauses_right_steps_and_home_restarts(self, dialog, race, qtbot, set_steps):
        set_steps(1_000_000)
        dialog.setFocus()
        QTest.keyClick(dialog, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: race.report is not None and race.report.state.step > 5)
        QTest.keyClick(dialog, Qt.Key.Key_Space)
        assert not race.playing
        qtbot.waitUntil(lambda: race.report.number == race._number and not race.report.is_playing)
        step = race.report.state.step
        QTest.keyClick(dialog, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda: race.report.state.step == step + 1)
        QTest.keyClick(dialog, Qt.Key.Key_Home)
        assert race.report is None
        assert not race.has_begun

    @pytest.mark.parametrize("how", ["mouse", "tab"])
    def test_space_after_the_end_does_not_restart(self, dialog, race, raced, press, qtbot, how):
        if how == "tab":
            (start,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "&Start"]
            start.setFocus(Qt.FocusReason.TabFocusReason)
        raced(10)
        QTest.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_Space)
        assert race.has_begun
        assert race.report.state.step == 10

    def test_the_window_s_run_pauses(self, window, dialog, race, press, qtbot, set_steps):
        window.document.run.set_playing(True)
        set_steps(1_000_000)
        press("Start")
        assert not window.document.run.playing
        qtbot.waitUntil(lambda: race.report is not None and race.report.state.step > 5)
        window.document.run.set_playing(True)
        assert not race.playing
        assert any(button.text() == "&Go On" for button in dialog.findChildren(QPushButton))
        window.document.run.set_playing(False)

    def test_more_steps_let_it_go_on(self, dialog, race, raced, press, named, set_steps, qtbot):
        raced(10)
        button = press("Go On")
        assert not button.isEnabled()
        assert "With more steps it goes on." in text_of(dialog, named, "Note on the race")
        set_steps(25)
        assert button.isEnabled()
        press("Go On")
        qtbot.waitUntil(lambda: race.report.state.step == 25)

    def test_a_lane_that_diverges_says_so(self, dialog, race, named, raced):
        race.set_lane(1, learning_rate=1e9)
        raced(60)
        row = dialog.findChildren(QWidget, "lane")[1]
        (result,) = [label for label in row.findChildren(QLabel) if "diverged" in label.accessibleName()]
        assert "diverged at learning rate 1e+09" in result.toolTip().replace("\n", " ")

    def test_other_points_in_the_window_are_told(self, window, dialog, raced, named):
        raced(10)
        window.document.points.generate(noise=0.4)
        assert "goes on with its own" in text_of(dialog, named, "Note on the race")

    def test_without_points_it_cannot_start(self, window, dialog, named):
        window.document.points.clear()
        assert "no training point" in text_of(dialog, named, "Note on the race")
        (start,) = [button for button in dialog.findChildren(QPushButton) if button.text() == "&Start"]
        assert not start.isEnabled()

    @pytest.mark.parametrize("how", ["escape", "close", "window"])
    def test_closing_ends_it(self, window, dialog, race, press, qtbot, set_steps, how):
        set_steps(1_000_000)
        press("Start")
        qtbot.waitUntil(lambda: race.report is not None)
        if how == "escape":
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
            assert dialog.isVisible()
            assert not race.playing
            QTest.keyClick(dialog, Qt.Key.Key_Escape)
        elif how == "close":
            press("Close")
        else:
            window.hide()
        qtbot.waitUntil(lambda: not shiboken6.isValid(dialog) or not dialog.isVisible())
        assert not race.has_begun
        window.show()


def test_the_end_of_the_window_amid_a_race_ends_its_thread(make_window, qtbot):
    window = make_window()
    window.findChild(QObject, "race").trigger()
    race = window.document.race
    race.set_goal(1_000_000)
    race.set_playing(True)
    qtbot.waitUntil(lambda: race.report is not None)
    thread = race._thread
    window.files.forget_changes()
    window.close()
    assert thread.isFinished()


def note_of(dialog):
    (note,) = [text for text in dialog.findChildren(QLabel) if text.accessibleName() == "Note on the race"]
    return note.text() if note.isVisible() else ""


class TestLanesBecome:
    def test_the_run_with_undo(self, window, dialog, raced, race, named, answered):
        document = window.document
        before = document.training_settings
        button = named(dialog, "Continue lane 4 as the run", QToolButton)
        assert not button.isEnabled()
        raced(30)
        QTest.mouseClick(button, LEFT)
        answered(document)
        assert document.training_settings == race.report.state.lanes[3].training
        assert document.displayed.step == 30
        assert "The window goes on with" in note_of(dialog)
        document.changes.undo()
        assert document.training_settings == before

    def test_pinned(self, window, dialog, raced, named, press):
        raced(10)
        QTest.mouseClick(named(dialog, "Pin lane 2", QToolButton), LEFT)
        (pinned,) = window.document.pins.runs
        assert pinned.training.optimizer == "momentum"
        assert "is pinned: Train > Compare Runs shows it" in note_of(dialog)
        press("Restart")
        assert "is pinned" not in note_of(dialog)


class TestPlots:
    @pytest.mark.parametrize("name", ["Losses of the race", "Boundaries of the race"])
    @pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
    def test_each_lane_has_a_line_of_its_colour(self, dialog, raced, named, name, scheme):
        try:
            theme.manager().set_scheme(scheme)
            raced(200)
            image = picture_of(named(dialog, name, RacePlot))
            for place in range(3):
                assert count_of(image, theme.current().lane_colour(place)) > 5
        finally:
            theme.manager().set_scheme(Scheme.SYSTEM)

    def test_the_losses_at_the_mouse_are_told(self, dialog, raced, named, race):
        raced(100)
        plot = named(dialog, "Losses of the race", RacePlot)
        place = QPoint(plot.width() // 2, 80)
        QApplication.sendEvent(plot, QHelpEvent(QHelpEvent.Type.ToolTip, place, plot.mapToGlobal(place)))
        heading, *lines = QToolTip.text().split("\n")
        assert heading.startswith("After ")
        assert [line.split(": ")[0] for line in lines] == list(race.names)
        QToolTip.hideText()

    def test_paths_are_drawn_over_their_landscape_and_saved(self, dialog, raced, named, qtbot):
        raced(60)
        plot = named(dialog, "Paths of the race", RacePlot)
        assert not plot.isVisible()
        QTest.mouseClick(named(dialog, "Compare: Paths", QToolButton), LEFT)
        assert plot.isVisible()
        pictures = RacePictures(dialog.findChild(RaceCards).scene)
        qtbot.waitUntil(lambda: "race_paths" in pictures.offered())
        qtbot.waitUntil(lambda: count_of(picture_of(plot), theme.current().lane_colour(2)) > 20)
        assert any(text.text().startswith("In the plane: ") for text in dialog.findChildren(QLabel))
        assert b"<svg" in pictures.encoded("race_paths", "svg")
        QTest.mouseClick(named(dialog, "Compare: Answers", QToolButton), LEFT)
        assert not plot.isVisible()

    def test_surfaces_are_those_of_each_lane(self, dialog, raced, named, race):
        raced(300)
        image = picture_of(named(dialog, "Surfaces of the race", RacePlot))
        width = image.width() // 4
        parts = [image.copy(n * width, 22, width - 12, 120) for n in range(4)]
        assert len({bytes(part.constBits()) for part in parts}) == 4

    def test_what_is_shown_is_chosen_and_remembered(self, dialog, raced, named, qtbot):
        raced(100)
        plot = named(dialog, "Losses of the race", RacePlot)
        pictures = [picture_of(plot)]
        for name, text in (("Over", "time"), ("Losses of", "test"), ("Scale of the losses", "lin")):
            QTest.mouseClick(named(dialog, f"{name}: {text}", QToolButton), LEFT)
            pictures.append(picture_of(plot))
        for before, after in itertools.pairwise(pictures):
            assert before != after
        settings = QSettings()
        assert [settings.value(f"race/{key}") for key in ("by_time", "test", "log")] == ["true", "true", "false"]

    def test_test_losses_are_not_offered_without_test_points(self, window, dialog, named):
        assert named(dialog, "Losses of", Segments).isVisible()
        window.document.points.set_training_share(1.0)
        assert not named(dialog, "Losses of", Segments).isVisible()

    @pytest.mark.parametrize("kind", PROBLEM_KINDS)
    def test_every_kind_of_problem_is_drawn(self, window, dialog, race, raced, named, kind):
        window.document.points.set_kind(kind)
        before = picture_of(named(dialog, "Surfaces of the race", RacePlot))
        state = raced(50)
        assert state.by_step().leaders
        assert picture_of(named(dialog, "Surfaces of the race", RacePlot)) != before
        image = picture_of(named(dialog, "Boundaries of the race", RacePlot))
        assert count_of(image, theme.current().lane_colour(2)) > 5

    @pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
    def test_are_saved_as_a_picture(self, dialog, raced, press, named, qtbot, tmp_path, kind):
        raced(20)
        press("Save Picture…")
        asking = dialog.findChild(PictureDialog)
        qtbot.waitUntil(asking.isVisible)
        box = named(asking, "Kind of file", ChoiceBox)
        box.setCurrentIndex(box.findData(kind))
        box.activated.emit(box.currentIndex())
        line = named(asking, "File of the picture", QLineEdit)
        line.clear()
        QTest.keyClicks(line, str(tmp_path / "race"))
        (save,) = [button for button in asking.findChildren(QPushButton) if button.text() == "Save"]
        QTest.mouseClick(save, LEFT)
        content = (tmp_path / f"race.{kind}").read_bytes()
        assert content.startswith({"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}[kind])
        assert f"Wrote {tmp_path / f'race.{kind}'}." in named(dialog, "Note on the race").text()


def test_fits_into_a_small_screen(dialog):
    assert dialog.minimumSizeHint().width() <= 1240
    assert dialog.minimumSizeHint().height() <= 640
    assert dialog.findChild(RacePlot).mapTo(dialog, QPoint()).x() > 0


def test_twice_as_large_it_fits_into_a_screen_of_1920_pixels_and_captions_stand_over_fields(dialog, qtbot):
    try:
        theme.manager().set_scale(2.0)
        cards, lanes = dialog.findChild(RaceCards), dialog.findChild(LaneTable).parentWidget()
        QApplication.processEvents()
        needed = cards.minimumSizeHint().width() + lanes.width() + 3 * GAP
        assert needed <= 0.97 * 1920
        for caption, field in (("Optimizer", ChoiceBox), ("Learning rate", RateBox), ("Batch", QSpinBox)):
            (heading,) = [text for text in lanes.findChildren(QLabel) if text.text() == caption]
            below = next(each for each in lanes.findChildren(field) if each.isVisible())
            qtbot.waitUntil(
                lambda heading=heading, below=below: (
                    heading.mapTo(dialog, QPoint()).x() == below.mapTo(dialog, QPoint()).x()
                )
            )
    finally:
        theme.manager().set_scale(1.0)
