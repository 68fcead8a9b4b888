import threading

import av
import pytest
import shiboken6
from PySide6.QtCore import QSettings, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QCheckBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QProgressBar,
    QPushButton,
)

from gui import theme
from gui.dialogs.animation import NOTHING_TRAINED, ExportDialog
from gui.dialogs.animation_form import ExportForm
from gui.dialogs.animation_memory import remembered_settings
from gui.dialogs.dialogs import Dialogs
from gui.dialogs.file_field import FileField
from gui.export.animation.rendering import Renderer
from gui.export.errors import ExportError
from gui.widgets.choices import ChoiceBox
from gui.widgets.fields import IntegerBox, NumberBox, Slider
from model.experiment import load_experiment, save_experiment
from model.experiment.titles import Titles
from tests.gui.refusals import said_under

LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def ran(document, qtbot, answered):
    """A document whose run has taken some hundred steps, and is paused."""
    document.run.set_playing(True)
    qtbot.waitUntil(lambda: document.displayed.step >= 100)
    document.run.set_playing(False)
    answered(document)
    return document


@pytest.fixture
def owner(document, actions, qtbot):
    """A window that the dialog belongs to."""
    theme.manager()
    window = QMainWindow()
    window.resize(300, 200)
    window.dialogs = Dialogs(window, document, actions)
    with qtbot.waitExposed(window):
        window.show()
    yield window
    window.close()
    window.deleteLater()


def settings_in(dialog):
    return dialog.findChild(ExportForm).settings()


def path_in(dialog):
    return dialog.findChild(FileField).path()


class Hand:
    """Fills the dialog in as a person does."""

    def __init__(self, dialog, named):
        self.dialog = dialog
        self._named = named

    def find(self, name, kind):
        return self._named(self.dialog, name, kind)

    def choose(self, name, key):
        box = self.find(name, ChoiceBox)
        box.setCurrentIndex(box.findData(key))
        box.activated.emit(box.currentIndex())

    def type(self, name, text, kind=NumberBox):
        field = self.find(name, kind)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, str(text))
        QTest.keyClick(field, Qt.Key.Key_Return)

    def check(self, name, wanted):
        box = self.find(name, QCheckBox)
        if box.isChecked() != wanted:
            box.click()

    def click(self, text):
        (button,) = [button for button in self.dialog.findChildren(QPushButton) if button.text() == text]
        QTest.mouseClick(button, LEFT)

    def file(self, path):
        self.find("File of the animation", QLineEdit).setText(str(path))

    def small(self):
        """Choose what is written in no time."""
        self.choose("Size", "custom")
        self.type("Width", 160, IntegerBox)
        self.type("Height", 120, IntegerBox)
        self.type("Seconds", 0.5)
        self.type("Frames per second", 10)
        self.type("Hold", 0)

    @property
    def settings(self):
        return settings_in(self.dialog)

    @property
    def message(self):
        message = self.find("Message", QLabel)
        return message.text() if message.isVisible() else ""


@pytest.fixture
def hand(owner, named, qtbot):
    owner.dialogs.export_animation()
    dialog = owner.findChild(ExportDialog)
    qtbot.waitUntil(dialog.isVisible)
    yield Hand(dialog, named)
    if shiboken6.isValid(dialog):
        dialog.close()


def left_in(folder):
    return sorted(entry.name for entry in folder.iterdir() if entry.name not in ("settings", "state"))


def wait_for_end(hand, qtbot):
    qtbot.waitUntil(lambda: not hand.dialog.is_exporting, timeout=20_000)


def test_export_writes_a_video(ran, hand, tmp_path, qtbot, monkeypatch):
    opened = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    hand.small()
    hand.file(tmp_path / "mine")
    hand.click("&Export")
    assert hand.find("Progress", QProgressBar).isVisible()
    wait_for_end(hand, qtbot)

    assert left_in(tmp_path) == ["mine.mp4"]
    assert hand.message.startswith("mine.mp4 is written: ")
    assert hand.message.endswith(" 0.5 s.")
    with av.open(str(tmp_path / "mine.mp4")) as container:
        frames = list(container.decode(video=0))
    assert (len(frames), frames[0].width, frames[0].height) == (5, 160, 120)
    hand.click("&Open Folder")
    assert opened == [QUrl.fromLocalFile(str(tmp_path))]
    hand.click("&Play")  # What takes the address answers that nothing plays it.
    assert opened[1:] == [QUrl.fromLocalFile(str(tmp_path / "mine.mp4"))]
    assert hand.message == "The system has no program that plays mine.mp4."


def test_png_pictures_are_a_folder(ran, hand, tmp_path, qtbot):
    hand.small()
    hand.choose("Format", "png")
    hand.file(tmp_path / "pictures")
    hand.click("&Export")
    wait_for_end(hand, qtbot)

    assert len(list((tmp_path / "pictures").glob("frame_*.png"))) == 5
    assert not QImage(str(tmp_path / "pictures" / "frame_00005.png")).isNull()
    assert not any(button.isVisible() for button in hand.dialog.findChildren(QPushButton) if button.text() == "&Play")


def test_training_goes_on_meanwhile(ran, hand, tmp_path, qtbot):
    hand.small()
    hand.type("Seconds", 3)
    hand.file(tmp_path / "run.mp4")
    ran.run.set_playing(True)
    before = ran.displayed.step
    hand.click("&Export")
    qtbot.waitUntil(lambda: ran.displayed.step > before + 20 and hand.dialog.is_exporting)
    wait_for_end(hand, qtbot)
    ran.run.set_playing(False)

    assert left_in(tmp_path) == ["run.mp4"]


def start_long(hand, tmp_path, qtbot):
    hand.small()
    hand.type("Seconds", 600)
    hand.type("Frames per second", 60)
    hand.file(tmp_path / "run.mp4")
    hand.click("&Export")
    qtbot.waitUntil(lambda: hand.find("Progress", QProgressBar).value() > 3)
    assert any(name.endswith(".part") for name in left_in(tmp_path))


def test_cancel_leaves_nothing(ran, hand, tmp_path, qtbot):
    start_long(hand, tmp_path, qtbot)
    qtbot.waitUntil(lambda: "a second" in hand.dialog.pace)
    assert "left" in hand.dialog.pace
    hand.click("Cancel")

    assert left_in(tmp_path) == []
    assert hand.message == "The export was cancelled; nothing is written."
    assert hand.find("Format", ChoiceBox).isEnabled()


@pytest.mark.parametrize("closed", ["dialog", "window"])
def test_closing_leaves_nothing(ran, hand, owner, tmp_path, qtbot, closed):
    start_long(hand, tmp_path, qtbot)
    (hand.dialog if closed == "dialog" else owner).close()

    assert left_in(tmp_path) == []
    qtbot.waitUntil(lambda: not shiboken6.isValid(hand.dialog))


def test_escape_cancels_and_then_closes(ran, hand, tmp_path, qtbot):
    start_long(hand, tmp_path, qtbot)
    QTest.keyClick(hand.dialog, Qt.Key.Key_Escape)
    assert hand.dialog.isVisible()
    assert left_in(tmp_path) == []
    QTest.keyClick(hand.dialog, Qt.Key.Key_Escape)

    qtbot.waitUntil(lambda: not shiboken6.isValid(hand.dialog))


def slow_end(monkeypatch):
    """Let the end of an export wait until it is cancelled, or for the returned event."""
    advance, go_on = Renderer.advance, threading.Event()

    def waiting(rendering):
        if rendering.n_done >= rendering.n_frames:
            go_on.wait(10)
        return advance(rendering)

    monkeypatch.setattr(Renderer, "advance", waiting)
    return go_on


def test_the_window_stays_usable_while_the_file_is_put_together(ran, hand, tmp_path, qtbot, monkeypatch):
    go_on = slow_end(monkeypatch)
    hand.small()
    hand.file(tmp_path / "run.mp4")
    hand.click("&Export")
    qtbot.waitUntil(lambda: "put together" in hand.dialog.pace)
    assert left_in(tmp_path) != ["run.mp4"]
    go_on.set()
    wait_for_end(hand, qtbot)

    assert left_in(tmp_path) == ["run.mp4"]


def test_cancel_while_the_file_is_put_together_leaves_nothing(ran, hand, tmp_path, qtbot, monkeypatch):
    go_on = slow_end(monkeypatch)
    cancel = Renderer.cancel
    monkeypatch.setattr(Renderer, "cancel", lambda rendering: (cancel(rendering), go_on.set()))
    hand.small()
    hand.file(tmp_path / "run.mp4")
    hand.click("&Export")
    qtbot.waitUntil(lambda: "put together" in hand.dialog.pace)
    hand.click("Cancel")

    assert left_in(tmp_path) == []
    assert hand.message == "The export was cancelled; nothing is written."


def test_an_error_at_the_end_leaves_nothing(ran, hand, tmp_path, qtbot, monkeypatch):
    go_on = slow_end(monkeypatch)
    hand.small()
    hand.file(tmp_path / "run.mp4")
    hand.click("&Export")
    qtbot.waitUntil(lambda: "put together" in hand.dialog.pace)
    (tmp_path / "run.mp4").mkdir()
    go_on.set()
    wait_for_end(hand, qtbot)

    assert hand.message == f"{tmp_path / 'run.mp4'} is a folder; choose a name for the file."
    assert left_in(tmp_path) == ["run.mp4"]


@pytest.mark.parametrize("error", [ExportError("The disk is full. Make room on it."), RuntimeError("a bug")])
def test_an_error_on_the_way_leaves_nothing(ran, hand, tmp_path, qtbot, monkeypatch, error):
    advance = Renderer.advance

    def failing(rendering):
        if rendering.n_done == 3:
            raise error
        return advance(rendering)

    monkeypatch.setattr(Renderer, "advance", failing)
    hand.small()
    hand.file(tmp_path / "run.mp4")
    if isinstance(error, ExportError):
        hand.click("&Export")
        wait_for_end(hand, qtbot)
        assert hand.message == "The disk is full. Make room on it."
    else:
        with qtbot.captureExceptions() as raised:
            hand.click("&Export")
            wait_for_end(hand, qtbot)
        assert len(raised) == 1

    assert left_in(tmp_path) == []
    assert hand.find("Format", ChoiceBox).isEnabled()


def test_a_folder_that_is_not_there_is_told(ran, hand, tmp_path, qtbot):
    hand.small()
    hand.file(tmp_path / "nowhere" / "run.mp4")
    hand.click("&Export")
    wait_for_end(hand, qtbot)

    assert hand.message.endswith("Choose a folder that exists.")


def test_a_typed_name_that_is_there_is_asked_about(ran, hand, tmp_path, qtbot, answer_box):
    path = tmp_path / "run.mp4"
    path.write_bytes(b"old")
    hand.small()
    hand.file(path)
    hand.click("&Export")
    assert answer_box(hand.dialog, "Cancel") == f"{path} exists already. It will be replaced."
    assert not hand.dialog.is_exporting
    assert path.read_bytes() == b"old"
    hand.click("&Export")
    answer_box(hand.dialog, "Replace")
    wait_for_end(hand, qtbot)

    assert path.stat().st_size > 100


def test_a_run_without_a_step_is_told_and_then_not(document, hand, tmp_path, qtbot):
    assert hand.message == NOTHING_TRAINED
    hand.file(tmp_path / "run.mp4")
    hand.click("&Export")
    assert hand.message == NOTHING_TRAINED
    assert left_in(tmp_path) == []
    assert "shown here when the network has been trained" in hand.find("Preview", QLabel).text()
    document.run.step()

    qtbot.waitUntil(lambda: hand.message == "")
    qtbot.waitUntil(lambda: not picture(hand).isNull())


def test_the_frames_that_are_told_are_those_written(ran, hand, tmp_path, qtbot):
    hand.small()
    hand.type("Hold", 1.5)
    hand.type("Hold at the start", 0.3)
    hand.file(tmp_path / "run.mp4")
    assert hand.dialog.summary.startswith("23 frames of 160 × 120, 2.3 s.")
    hand.click("&Export")
    wait_for_end(hand, qtbot)
    assert hand.message.endswith(" 2.3 s.")
    with av.open(str(tmp_path / "run.mp4")) as container:
        assert len(list(container.decode(video=0))) == 23

    hand.choose("Format", "gif")
    assert hand.dialog.summary.startswith("5 frames of 160 × 120, 2.3 s.")


def test_the_start_is_held_in_what_loops_unless_it_is_said(ran, hand):
    def hold():
        return hand.find("Hold at the start", NumberBox).value()

    assert (hold(), hand.settings.start_hold_s) == (0, 0)
    hand.choose("Format", "gif")
    assert (hold(), hand.settings.start_hold_s) == (1, 1)
    assert "12.5 s." in hand.dialog.summary
    hand.check("Loop", False)
    assert hold() == 0
    hand.type("Hold at the start", 2)
    hand.check("Loop", True)
    assert (hold(), hand.settings.start_hold_s) == (2, 2)
    hand.choose("Format", "mp4")
    assert hold() == 2


def test_odd_sides_are_rounded_and_it_is_said(ran, hand):
    hand.small()
    hand.type("Width", 161, IntegerBox)

    assert "161 × 120 becomes 160 × 120" in hand.dialog.summary
    assert hand.settings.size == (160, 120)
    hand.choose("Format", "gif")
    assert hand.settings.size == (161, 120)
    assert "becomes" not in hand.dialog.summary


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("Seconds", "ten", NumberBox),
        ("Seconds", "0", NumberBox),
        ("Frames per second", "1e9", NumberBox),
        ("Hold", "-1", NumberBox),
        ("First step", "1.5", IntegerBox),
        ("Last step", "-4", IntegerBox),
        ("Width", "90", IntegerBox),
    ],
)
def test_nonsense_is_refused_with_a_sentence(ran, hand, named, name, text, kind, qtbot):
    hand.choose("Size", "custom")
    before, field = hand.settings, named(hand.dialog, name, kind)
    hand.type(name, text, kind)

    qtbot.waitUntil(lambda: said_under(field).startswith(f"“{text.replace('-', '−')}” is not a "))
    assert hand.settings == before
    assert not hand.dialog.is_exporting


def test_what_does_not_go_together_is_told(ran, hand):
    for panel in ("network", "output", "loss"):
        hand.check(f"Show {panel}", False)
    assert hand.message == "There is nothing to show: check at least one panel."
    hand.check("Show data", True)
    assert hand.message == ""
    hand.type("First step", 40, IntegerBox)
    hand.type("Last step", 20, IntegerBox)
    assert hand.message.startswith("The last step must come after the first one")
    hand.type("Last step", "the end", IntegerBox)
    assert hand.settings.last_step is None
    last = ran.run.history.frames[-1].step
    hand.type("Last step", last + 1, IntegerBox)
    assert hand.message == f"The run has {last:,} steps: the animation cannot end at step {last + 1:,}."
    hand.type("Last step", "the end", IntegerBox)
    hand.type("First step", 1_000_000, IntegerBox)
    assert "must begin before the last one" in hand.message


def test_the_contract_s_own_sentence_is_shown(ran, hand, monkeypatch):
    def refuse(form):
        raise ValueError("fps must be 1 to 50 for gif; got 60.0")

    # Not the settings themselves: the preview may still be making its own.
    monkeypatch.setattr(ExportForm, "settings", refuse)
    hand.check("Counters", False)

    assert hand.message == "Fps must be 1 to 50 for gif; got 60.0."


def test_a_slider_gives_a_panel_more_room(ran, hand, qtbot):
    qtbot.waitUntil(lambda: not hand.find("Preview", QLabel).pixmap().isNull())
    before = hand.find("Preview", QLabel).pixmap().toImage()
    slider = hand.find("Room for output", Slider)
    slider.setFocus()
    for _ in range(4):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    assert hand.settings.give == {"surface": 2.0}
    qtbot.waitUntil(lambda: hand.find("Preview", QLabel).pixmap().toImage() != before)
    hand.check("Show output", False)
    assert not slider.isEnabled()


def test_the_output_in_3d_can_turn(ran, hand):
    assert not hand.find("Turn in 3D", NumberBox).isVisible()
    hand.check("Show output in 3d", True)
    turn = hand.find("Turn in 3D", NumberBox)
    assert turn.isVisible()
    turn.setFocus()
    turn.selectAll()
    QTest.keyClicks(turn, "90")
    QTest.keyClick(turn, Qt.Key.Key_Return)
    assert hand.settings.turn == 90.0
    assert "space" in hand.settings.panels


def test_from_where_the_output_in_3d_is_seen_and_what_its_heights_are(ran, hand):
    hand.check("Show output in 3d", True)
    hand.choose("Height in 3D", "each")
    for name, text in (("Azimuth in 3D", "15"), ("Elevation in 3D", "70")):
        field = hand.find(name, NumberBox)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Return)
    assert (hand.settings.height, hand.settings.azimuth, hand.settings.elevation) == ("each", 15.0, 70.0)
    slices = hand.find("Slices in 3D", QLineEdit)
    slices.setText("0, −1:1:0.5")
    assert hand.settings.slices == (0.0, -1.0, -0.5, 0.5, 1.0)
    chosen = hand.settings
    hand.dialog.close()
    assert remembered_settings().slices == chosen.slices


def test_a_hidden_space_is_filmed_of_the_layer_that_is_chosen(ran, hand):
    assert not hand.find("Hidden layer", ChoiceBox).isVisibleTo(hand.dialog)
    hand.check("Show hidden space", True)
    assert hand.find("Hidden layer", ChoiceBox).isVisibleTo(hand.dialog)
    assert hand.find("Turn in 3D", NumberBox).isVisibleTo(hand.dialog)
    hand.choose("Hidden layer", "1")
    hand.choose("Axes of the hidden space", "3")
    hand.check("Bend the hidden space", True)
    chosen = hand.settings
    assert (chosen.hidden_layer, chosen.hidden_axes, chosen.bend) == ("1", "3", True)
    assert "hidden" in chosen.panels


def test_the_lines_where_neurons_switch_are_filmed(ran, hand):
    assert not hand.settings.switch_lines
    hand.check("Switch lines", True)
    assert hand.settings.switch_lines
    hand.check("Show output", False)
    assert not hand.find("Switch lines", QCheckBox).isVisibleTo(hand.dialog)


def test_how_a_film_looks_is_chosen_and_kept_for_the_next_one(ran, hand):
    assert hand.settings.placing == "wide"
    hand.choose("Size", "tall")
    assert hand.settings.placing == "tall", "the layout is chosen by the size"
    hand.choose("Text size", "large")
    hand.choose("Scale", "growing")
    hand.check("Whole loss curve", True)
    hand.check("Marks and notes", False)
    chosen = hand.settings
    assert (chosen.text_size, chosen.scale, chosen.future, chosen.marks) == ("large", "growing", True, False)
    hand.dialog.close()
    assert remembered_settings().text_size == "large"
    assert remembered_settings().placing == "tall"


def test_what_does_not_apply_is_hidden(ran, hand):
    def shows(name, kind):
        return hand.find(name, kind).isVisibleTo(hand.dialog)

    assert not shows("Loop", QCheckBox)
    assert not shows("Width", IntegerBox)
    assert shows("Layout", ChoiceBox)
    hand.choose("Format", "gif")
    assert shows("Loop", QCheckBox)
    assert hand.find("Frames per second", NumberBox).maximum() == 50
    hand.choose("Size", "custom")
    assert shows("Width", IntegerBox)
    assert shows("Regions", QCheckBox)
    hand.check("Show output", False)
    assert not shows("Regions", QCheckBox)
    assert not shows("Test points", QCheckBox)
    hand.check("Show network", False)
    assert not shows("Layout", ChoiceBox)


def test_the_kind_is_the_end_of_the_name(ran, hand, tmp_path):
    hand.file(tmp_path / "run.mp4")
    names = []
    for name in ("gif", "png", "webm"):
        hand.choose("Format", name)
        names.append(path_in(hand.dialog).name)

    assert names == ["run.gif", "run", "run.webm"]


def test_a_name_may_end_in_apng(ran, hand, tmp_path, qtbot):
    hand.small()
    hand.choose("Format", "apng")
    assert path_in(hand.dialog).suffix == ".png"
    hand.file(tmp_path / "mine.apng")
    hand.click("&Export")
    wait_for_end(hand, qtbot)
    assert left_in(tmp_path) == ["mine.apng"]
    hand.choose("Format", "mp4")
    assert path_in(hand.dialog).name == "mine.mp4"


def test_choices_are_remembered_but_the_part_of_the_run(ran, hand, owner, tmp_path, qtbot):
    hand.small()
    hand.choose("Format", "webp")
    hand.choose("Theme", "dark")
    hand.check("Show data", True)
    hand.check("Exact steps only", True)
    hand.type("First step", 5, IntegerBox)
    hand.file(tmp_path / "mine.webp")
    hand.click("&Export")
    wait_for_end(hand, qtbot)
    chosen = hand.settings
    hand.dialog.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(hand.dialog))
    owner.dialogs.export_animation()
    dialog = owner.findChild(ExportDialog)

    again = settings_in(dialog)
    assert (again.format, again.theme, again.panels) == ("webp", "dark", chosen.panels)
    assert (again.size, again.exact_steps) == ((160, 120), True)
    assert again.first_step is None
    assert path_in(dialog) == tmp_path / "run.webp"
    dialog.close()


def open_again(owner, dialog, qtbot):
    dialog.close()
    qtbot.waitUntil(lambda: not shiboken6.isValid(dialog))
    owner.dialogs.export_animation()
    return owner.findChild(ExportDialog)


def test_title_and_caption_belong_to_the_experiment(ran, hand, owner, tmp_path, qtbot):
    for name, text in (("Title", "Two moons"), ("Caption", "Adam, 0.02")):
        hand.find(name, QLineEdit).setFocus()
        QTest.keyClicks(hand.find(name, QLineEdit), text)
    dialog = open_again(owner, hand.dialog, qtbot)
    assert (settings_in(dialog).title, settings_in(dialog).caption) == ("Two moons", "Adam, 0.02")
    save_experiment(ran.experiment(), tmp_path / "run.netcanvas")

    assert not ran.changes.undo_stack.isClean()
    ran.changes.undo()
    assert settings_in(dialog).title == ""
    ran.changes.redo()
    ran.begin_anew()
    assert (settings_in(dialog).title, settings_in(dialog).caption) == ("", ""), "another experiment"
    ran.open_experiment(load_experiment(tmp_path / "run.netcanvas"))
    assert (settings_in(dialog).title, settings_in(dialog).caption) == ("Two moons", "Adam, 0.02")
    dialog.close()


def test_notes_of_several_lines_are_kept(ran, hand, owner, qtbot):
    long_name = "a long name " * 40
    ran.changes.set_titles(Titles(long_name, "the caption\nand more\nof it"))
    assert hand.settings.caption == "the caption"
    dialog = open_again(owner, hand.dialog, qtbot)
    assert ran.changes.titles == Titles(long_name, "the caption\nand more\nof it"), "nobody has touched it"
    line = next(line for line in dialog.findChildren(QLineEdit) if line.accessibleName() == "Caption")
    line.setFocus()
    QTest.keyClicks(line, "!")
    dialog.close()
    assert ran.changes.titles == Titles(long_name, "the caption!\nand more\nof it")


def test_what_is_remembered_wrongly_is_forgotten(ran, owner):
    QSettings().setValue("export/animation", '{"format": "betamax", "size": [1, 2], "panels": []}')
    owner.dialogs.export_animation()
    dialog = owner.findChild(ExportDialog)

    assert settings_in(dialog).format == "mp4"
    dialog.close()


def test_it_is_opened_once(ran, hand, owner):
    owner.dialogs.export_animation()

    assert len(owner.findChildren(ExportDialog)) == 1


def picture(hand):
    return hand.find("Preview", QLabel).pixmap().toImage()


def place(hand):
    return hand.find("Time of the preview", NumberBox).text(), hand.find("Step of the preview", IntegerBox).text()


def enter(box, text):
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text)
    QTest.keyClick(box, Qt.Key.Key_Tab)


def test_the_moment_of_the_preview_can_be_typed(ran, hand, qtbot):
    qtbot.waitUntil(lambda: place(hand)[0] == "10.0 s")
    last = ran.run.history.frames[-1].step
    seconds, step = hand.find("Time of the preview", NumberBox), hand.find("Step of the preview", IntegerBox)
    slider = hand.find("Moment of the preview", Slider)
    enter(seconds, "2,5")
    qtbot.waitUntil(lambda: abs(slider.value() - 250) < 5 and step.value() < last)
    assert seconds.text() == "2.5 s"
    before = picture(hand)
    enter(step, str(last - 1))
    qtbot.waitUntil(lambda: slider.value() > 260 and picture(hand) != before)
    assert step.value() >= last - 1
    enter(seconds, "0")
    qtbot.waitUntil(lambda: place(hand) == ("0.0 s", "0"))
    assert slider.value() == 0
    enter(step, str(last + 1))
    assert "is not a whole number from 0 to" in said_under(step)


def test_the_preview_shows_the_moment_and_the_theme(ran, hand, qtbot):
    hand.choose("Theme", "light")
    qtbot.waitUntil(lambda: not picture(hand).isNull())
    qtbot.waitUntil(lambda: picture(hand).pixelColor(2, 2).lightness() > 200)
    assert place(hand) == ("10.0 s", f"{ran.run.history.frames[-1].step:,}")
    last = picture(hand)
    slider = hand.find("Moment of the preview", Slider)
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: place(hand) == ("0.0 s", "0"))
    assert picture(hand) != last
    hand.choose("Theme", "dark")
    qtbot.waitUntil(lambda: picture(hand).pixelColor(2, 2).lightness() < 60)
    assert picture(hand).pixelColor(2, 2) == theme.named("dark").window


def test_the_preview_has_the_shape_of_the_animation(ran, hand, qtbot):
    hand.choose("Size", "tall")

    qtbot.waitUntil(lambda: picture(hand).height() * 9 == pytest.approx(picture(hand).width() * 16, rel=0.02))


def test_a_large_interface_shows_a_film_larger_as_a_whole(ran, hand, qtbot):
    hand.choose("Size", "hd")
    dialog = hand.find("Preview", QLabel).window()
    dialog.resize(3000, 1800)
    qtbot.waitUntil(lambda: picture(hand).width() == 1280)
    theme.manager().set_scale(1.25)
    dialog.resize(3000, 1801)
    qtbot.waitUntil(lambda: picture(hand).width() == 1600)
