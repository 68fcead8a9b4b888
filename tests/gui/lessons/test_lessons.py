"""Lessons in a real window: opened, followed with mouse and keys, and left."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, QSize, Qt
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLabel, QMessageBox, QPushButton, QToolButton, QWidget

from gui import theme
from gui.items.prose import Prose
from gui.lessons.places import find, in_window
from gui.lessons.ring import Ring
from gui.panels.lesson import LessonPanel
from gui.panels.notice import NoticeBar
from gui.theme import Scheme
from gui.widgets.rate_box import RateBox
from model.experiment import save_experiment
from model.network.parts import Unit
from tests.gui.walk import cut_texts, outside

LEFT = Qt.MouseButton.LeftButton

SHORT = """\
title: Two steps
minutes: 1

## Train
The loss is $L$. Press **Play**.

> do: layers 3
> point: Play
> until: steps >= 5
> until: hidden_units <= 5

## Look
> do: view in_space on
> point: h1.2
> offer: select h1.2
> until: selected == "h1.2"
"""

WRONG = (
    ("title: x\n\n## a\n> until: tset_loss < 1\n", 4, "tset_loss"),
    ("title: x\n\n## a\n> point: Warp drive\n", 4, "Warp drive"),
    ("title: x\nhide: Warp drive\n\n## a\n", 2, "Warp drive"),
    ("title: x\n\n## a\nFine: $x_1$.\n\n## b\nOne $x^2$ and\n\n$\\frac{1}$\n", 9, "\\frac{1}"),
    ("title: x\n\n## a\n\nFine.\n> do: play\n\nOne $x^2$,\ntwo $y = \\foo{b}$.\n", 9, "there is no command \\foo"),
    ("title: x\n\n## a\n$$\nx_{1\n$$\n", 4, "a { has no } behind it"),
    ("title: x\n\n## a\n> point: File > Formula\n", 4, "File > Formula"),
    ("title: x\n\n## a\n> do: show Warp drive\n", 4, "Warp drive"),
    ("title: x\n\n## a\n> do: view warp on\n", 4, "warp"),
)
"""Texts, the line that is wrong in each, and what is said of it."""


def marks(panel):
    return [
        widget.accessibleName()
        for widget in panel.findChildren(QWidget)
        if widget.accessibleName().startswith(("Done: ", "To do: ")) and widget.isVisible()
    ]


def texts(panel):
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def rings(window):
    return [ring for ring in window.findChildren(Ring) if ring.isVisible()]


def boxes(window):
    return [box for box in window.findChildren(QMessageBox) if box.isVisible()]


def test_it_is_followed_from_its_first_step_to_its_last_with_the_mouse(window, begin, press, named, qtbot, answered):
    panel = begin(SHORT)
    document = window.document
    assert document.network_settings.layer_sizes[1:-1] == (3,), "which the step has done"
    assert {"Two steps", "Train", "step 1 of 2"} <= set(texts(panel))
    assert panel.findChild(Prose).formulas == ("L",)
    qtbot.waitUntil(lambda: marks(panel) == ["To do: steps ≥ 5", "Done: hidden neurons ≤ 5"])
    QTest.mouseClick(named(window, "Play", QToolButton), LEFT)
    qtbot.waitUntil(lambda: marks(panel) == ["Done: steps ≥ 5", "Done: hidden neurons ≤ 5"])
    assert document.run.playing, "it is ticked while training goes on"
    document.run.set_playing(False)
    assert panel.findChild(QPushButton, "lesson_next").property("primary")
    press(panel, "Next")
    assert document.view.settings.in_space
    qtbot.waitUntil(lambda: [mark.split(":")[0] for mark in marks(panel)] == ["To do"])
    press(panel, "Do it")
    qtbot.waitUntil(lambda: [mark.split(":")[0] for mark in marks(panel)] == ["Done"])
    assert document.view.selection == Unit(1, 1)
    press(panel, "Back")
    qtbot.waitUntil(lambda: marks(panel) == ["Done: steps ≥ 5", "Done: hidden neurons ≤ 5"])  # It stays so.
    assert document.network_settings.layer_sizes[1:-1] == (3,)
    press(panel, "Next")
    press(panel, "Finish")
    assert not panel.isVisible()
    assert not rings(window)


def test_it_can_be_followed_with_keys_alone(window, begin, qtbot):
    panel = begin(SHORT)
    qtbot.waitUntil(lambda: window.cards.across.x() > panel.width())
    step_next = panel.findChild(QPushButton, "lesson_next")
    for _ in range(20):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        if QApplication.focusWidget() is step_next:
            break
    assert QApplication.focusWidget() is step_next
    QTest.keyClick(step_next, Qt.Key.Key_Return)
    assert "step 2 of 2" in texts(panel)


class TestRing:
    def test_it_is_round_what_the_step_names_and_goes_with_it(self, window, begin, press, qtbot):
        panel = begin(SHORT)
        play = window.findChild(QToolButton, "play")
        qtbot.waitUntil(lambda: [around(ring, play) for ring in rings(window)] == [True])
        assert rings(window)[0].testAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        press(panel, "Next")
        qtbot.waitUntil(lambda: bool(rings(window)) and not around(rings(window)[0], play))
        area = find(window, "h1.2")
        (ring,) = rings(window)
        assert ring.geometry().contains(in_window(area.widget, area.area()))

    def test_it_follows_when_the_window_is_laid_out_anew(self, window, begin, press, qtbot):
        panel = begin(SHORT)
        press(panel, "Next")
        qtbot.waitUntil(lambda: len(rings(window)) == 1)
        before = rings(window)[0].geometry()
        window.resize(1100, 700)

        def has_followed():
            place = find(window, "h1.2")
            now = in_window(place.widget, place.area())
            return bool(rings(window)) and rings(window)[0].geometry().contains(now) and now != QRect()

        qtbot.waitUntil(lambda: has_followed() and rings(window)[0].geometry() != before)
        window.show_panel("Network", False)
        qtbot.waitUntil(lambda: not rings(window))
        window.show_panel("Network", True)
        qtbot.waitUntil(has_followed)

    def test_instead_of_a_button_without_room_it_is_round_the_menu_that_does_the_same(self, window, begin, qtbot):
        button = next(each for each in window.findChildren(QToolButton) if each.accessibleName() == "Step Through")
        window.resize(1024, 700)
        begin("title: x\n\n## a\n> point: Step Through\n")
        qtbot.waitUntil(lambda: [ring.target.menu for ring in rings(window)] == ["train"])
        window.resize(2000, 700)
        qtbot.waitUntil(lambda: [ring.target.widget for ring in rings(window)] == [button])

    def test_of_an_entry_of_a_menu_it_is_round_the_menu(self, window, begin, qtbot):
        begin("title: x\n\n## a\n> point: Network > Formula\n> point: Mark Wrong Points\n")
        qtbot.waitUntil(lambda: [ring.target.menu for ring in rings(window)] == ["network", "view"])

    def test_a_card_that_is_behind_comes_to_the_front(self, window, begin, qtbot):
        window.resize(1024, 600)
        window.show_panel("Loss", False)
        begin("title: x\n\n## a\n> point: Loss curve\n")
        qtbot.waitUntil(lambda: len(rings(window)) == 1)
        assert window.is_panel_shown("Loss")


def around(ring, widget):
    return ring.geometry().contains(in_window(widget, widget.rect()))


def test_what_it_does_is_taken_back_by_undo(window, begin, press, qtbot):
    panel = begin("title: x\n\n## a\n> offer: generate moons\n> offer: set learning_rate 0.5\n> offer: layers 2 2\n")
    document = window.document
    before = document.changes.generator_settings, document.training_settings, document.network_settings
    for text in ("Generate Moons", "Set learning rate to 0.5", "Give it hidden layers of 2, 2"):
        press(panel, f"Do it: {text}")
    assert document.changes.generator_settings.name == "moons"
    assert document.training_settings.learning_rate == 0.5
    assert document.network_settings.layer_sizes[1:-1] == (2, 2)
    for _ in range(3):
        window.findChild(QAction, "undo").trigger()
    assert (document.changes.generator_settings, document.training_settings, document.network_settings) == before


def test_what_a_step_does_at_once_is_taken_back_at_once(window, begin, press, qtbot):
    done = "do: generate moons", "do: set learning_rate 0.5", "do: layers 2 2", "do: select h1.2", "do: view regions on"
    panel = begin("title: x\n\n## a\nText.\n\n## b\n" + "\n".join(f"> {each}" for each in done))
    document = window.document
    undo, redo = window.findChild(QAction, "undo"), window.findChild(QAction, "redo")

    def state():
        return document.changes.generator_settings, document.training_settings, document.network_settings

    before = state()
    assert not undo.isEnabled()
    press(panel, "Next")
    after = state()
    assert [kept != now for kept, now in zip(before, after, strict=True)] == [True, True, True]
    assert undo.text() == "&Undo what the lesson did"
    undo.trigger()
    assert state() == before
    assert not undo.isEnabled()
    redo.trigger()
    assert state() == after


def test_what_changes_nothing_is_no_step_of_undo(window, begin):
    begin("title: x\n\n## a\n> do: select h1.2\n> do: view regions on\n> do: view mark_wrong on\n")
    assert not window.findChild(QAction, "undo").isEnabled()


def test_what_follows_training_waits_for_it(window, begin, qtbot):
    begin("title: x\n\n## a\n> do: train 40\n> do: scrub 10\n> until: scrubbed\n")
    document = window.document
    qtbot.waitUntil(lambda: document.run.moment is not None)
    assert document.run.step_count == 40


@pytest.mark.parametrize("end", ["rewind", "pause", "nothing to learn from", "divergence"])
def test_it_trains_again_however_the_training_before_has_ended(window, begin, press, qtbot, end):
    panel = begin("title: x\n\n## a\n> offer: train 9000\n> offer: train 30\n")
    document, run = window.document, window.document.run
    if end == "divergence":
        document.points.generate(name="plane")
        document.learning.set_training(learning_rate=10.0, optimizer="sgd")
    if end == "nothing to learn from":
        document.points.clear()
    press(panel, "Do it: Train 9,000 steps")
    if end == "divergence":
        qtbot.waitUntil(lambda: run.notice is not None)
        window.findChild(QAction, "undo").trigger()
        window.findChild(QAction, "undo").trigger()
    elif end == "nothing to learn from":
        window.findChild(QAction, "undo").trigger()
    else:
        qtbot.waitUntil(lambda: run.step_count > 0)
    if end == "pause":
        for _ in range(2):
            QTest.mouseClick(window.findChild(QToolButton, "play"), LEFT)
    else:
        window.findChild(QAction, "rewind").trigger()
    before = run.step_count
    press(panel, "Do it: Train 30 steps")
    qtbot.waitUntil(lambda: run.step_count - before >= 30)


@pytest.mark.parametrize("action", ["clear", "open empty.netcanvas"])
def test_without_points_a_lesson_begins_in_silence_and_play_says_what_is_missing(
    window, write, press, qtbot, tmp_path, action
):
    document = window.document
    document.points.clear()
    save_experiment(document.experiment(), tmp_path / "empty.netcanvas")
    window.files.forget_changes()
    text = f"title: x\n\n## a\n> do: {action}\n> until: points > 0\n\n## b\nText.\n"
    window.open_file(write(text, empty=(tmp_path / "empty.netcanvas").read_bytes()))
    panel, bar = window.findChild(LessonPanel), window.findChild(NoticeBar)
    qtbot.waitUntil(panel.isVisible)
    assert len(document.dataset) == 0
    assert not bar.isVisible()
    QTest.mouseClick(window.findChild(QToolButton, "play"), LEFT)
    qtbot.waitUntil(bar.isVisible)
    assert "no training point" in document.run.notice.text
    QTest.mouseClick(window.findChild(QToolButton, "play"), LEFT)
    document.points.add("place point", [(0.0, 0.0)])
    assert "one class" in document.run.notice.text, "of what a person does it is said at once"
    for width in (1024, 1280, 1600):
        window.resize(width, 720)
        QApplication.processEvents()
        said, read = (in_window(each, each.rect()) for each in (bar, panel))
        assert not said.intersects(read), f"the lesson's buttons are not covered at {width}"
        assert window.rect().contains(said)


class TestHidingAndLimits:
    def test_cards_tools_and_settings_are_hidden_and_given_back(self, window, begin, named, qtbot):
        fields = {"rate": named(window, "Learning rate", RateBox), "brush": named(window, "Brush", QToolButton)}
        caption = next(label for label in window.findChildren(QLabel) if label.text() == "Learning rate")
        brush, show_loss = window.findChild(QAction, "tool_brush"), window.findChild(QAction, "show_loss")
        begin("title: x\nhide: Loss, Learning rate, Brush\n\n## a\nText.\n")
        loss = next(panel for name, panel in window._panels.items() if name == "Loss")
        assert not loss.isVisible()
        assert not any(widget.isVisible() for widget in (*fields.values(), caption))
        assert not show_loss.isEnabled()
        assert not brush.isVisible()
        window.resize(1400, 820)
        window.document.view.set(tool="move")
        QApplication.processEvents()
        assert not any(widget.isVisible() for widget in fields.values()), "whatever is laid out meanwhile"
        window.lessons.leave()
        qtbot.waitUntil(lambda: all(widget.isVisible() for widget in (*fields.values(), caption, loss)))
        assert show_loss.isEnabled()
        assert brush.isVisible()

    @pytest.mark.parametrize(
        ("hidden", "key", "held", "actions"),
        [
            ("Brush", Qt.Key.Key_B, Qt.KeyboardModifier.NoModifier, ("tool_brush",)),
            ("Network", Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier, ("add_layer", "edges_updates")),
            ("Dimensions", Qt.Key.Key_D, Qt.KeyboardModifier.NoModifier, ("in_space",)),
            ("Race", Qt.Key.Key_R, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier, ("race",)),
            ("Data", Qt.Key.Key_M, Qt.KeyboardModifier.NoModifier, ("tool_move", "class_2", "regenerate")),
        ],
    )
    def test_menus_and_keys_do_not_lead_to_what_is_hidden(self, window, begin, hidden, key, held, actions):
        document = window.document
        begin(f"title: x\nhide: {hidden}\n\n## a\nText.\n")

        def state():
            dialogs = [each for each in window.findChildren(QDialog) if each.isVisible()]
            return document.view.settings, document.network_settings, dialogs

        before = state()
        QTest.keyClick(window, key, held)
        document.points.generate(name="spiral", noise=0.2)  # Whatever the window brings up to date meanwhile.
        QTest.keyClick(window, key, held)
        found = [window.findChild(QAction, action) for action in actions]
        assert state()[1:] == before[1:]
        assert state()[0].tool == before[0].tool
        assert state()[0].in_space == before[0].in_space
        assert not any(action.isVisible() or action.isEnabled() for action in found)
        assert all(window.findChild(QAction, way_back).isVisible() for way_back in ("undo", "redo"))
        window.lessons.leave()
        assert all(action.isVisible() and action.isEnabled() for action in found)

    def test_a_limit_that_is_broken_is_told_and_nothing_counts_until_it_holds(self, window, begin, qtbot):
        panel = begin("title: x\nlimit: hidden_units <= 5\n\n## a\n> until: hidden_layers >= 1\n")
        qtbot.waitUntil(lambda: any("hidden neurons ≤ 5" in text for text in texts(panel)))
        document = window.document
        assert not document.lesson.progress.is_done
        document.network.set_layers((2,))
        qtbot.waitUntil(lambda: document.lesson.progress.is_done)
        assert not any("hidden neurons ≤ 5" in text for text in texts(panel))


def test_the_best_of_a_challenge_is_remembered(window, begin, qtbot):
    text = "title: x\n\n## a\n> until: learning_rate < 1\n> best: learning_rate higher\n"
    panel = begin(text)
    qtbot.waitUntil(lambda: any("Your best learning rate: 0.1" in text for text in texts(panel)))
    window.document.learning.set_training(learning_rate=0.7)
    qtbot.waitUntil(lambda: "Your best learning rate: 0.7" in texts(panel))
    window.document.learning.set_training(learning_rate=0.2)
    for name, other, is_same in (
        (
            "reworded",
            text.replace("title: x", "title: y").replace("## a", "## b\nWords").replace("< 1", "<  1 | so"),
            True,
        ),
        ("harder", text.replace("< 1", "< 0.9"), False),
        ("limited", text.replace("\n\n", "\nlimit: hidden_units < 99\n\n", 1), False),
        ("other data", text.replace("> until", "> do: generate moons n_points=50\n> until"), False),
        ("other look", text.replace("> until", "> do: view regions on\n> until"), True),
        ("x", text, True),
    ):
        window.lessons.leave()
        window.files.forget_changes()
        begin(other, name)
        assert ("Your best learning rate: 0.7" in texts(panel)) == is_same, name
    assert "0.7" in str(QSettings().value("lessons/records"))


class TestOpening:
    def test_a_folder_its_text_or_a_zip_is_opened(self, window, write, tmp_path):
        folder, packed = write(SHORT), tmp_path / "packed.zip"
        shutil.make_archive(str(packed.with_suffix("")), "zip", tmp_path, "own")
        for path in (folder, folder / "lesson.md", packed):
            window.open_file(path)
            assert window.document.lesson.lesson.title == "Two steps", path
            window.lessons.leave()
            window.files.forget_changes()

    def test_a_zip_that_cannot_be_looked_into_is_refused_with_a_sentence(self, window, write, tmp_path):
        write(SHORT)
        packed = Path(shutil.make_archive(str(tmp_path / "packed"), "zip", tmp_path, "own"))
        for content in (b"no zip at all", packed.read_bytes().replace(b"PK\1\2", b"PK\0\0")):
            packed.write_bytes(content)
            window.open_file(packed)
            (box,) = boxes(window)
            assert "packed.zip cannot be opened" in box.text()
            box.close()

    def test_from_the_menu_after_unsaved_work_is_settled(self, window, write, monkeypatch, qtbot):
        folder = write(SHORT)
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(folder / "lesson.md"), ""))
        window.document.network.insert_unit(1)
        window.findChild(QAction, "open_lesson").trigger()
        (box,) = boxes(window)
        assert window.document.lesson.lesson is None
        QTest.mouseClick(box.button(QMessageBox.StandardButton.Discard), LEFT)
        qtbot.waitUntil(lambda: window.document.lesson.lesson is not None)
        assert not window.files.is_modified, "what it begins with comes again with it"
        leave = window.findChild(QAction, "leave_lesson")
        assert leave.isEnabled()
        leave.trigger()
        assert window.document.lesson.lesson is None
        assert not leave.isEnabled()

    def test_what_is_wrong_in_it_is_told_with_file_and_line(self, window, write):
        for number, (text, line, word) in enumerate(WRONG):
            window.open_file(write(text, f"wrong{number}"))
            (box,) = boxes(window)
            assert box.text().startswith(f"lesson.md, line {line}: ")
            assert word in box.text()
            box.close()
        assert window.document.lesson.lesson is None

    def test_what_cannot_be_done_is_told_with_its_line(self, window, begin):
        begin("title: x\n\n## a\n> do: generate plane\n> do: set loss cross_entropy\n")
        (box,) = boxes(window)
        assert box.text().startswith("lesson.md, line 5: ")
        box.close()


class TestRoom:
    def test_nothing_is_cut_in_a_small_window_with_large_letters(self, window, begin):
        theme.manager().set_scale(1.1)
        window.resize(1024, 600)
        begin(SHORT)
        for number in range(2):
            window.document.lesson.turn_to(number)
            QApplication.processEvents()
            assert [fault for fault in (*cut_texts(window), *outside(window)) if "Lesson" in fault] == []
        theme.manager().set_scale(1.0)

    def test_its_width_is_remembered(self, window, begin, qtbot):
        panel = begin(SHORT)
        handle = window.splitters["beside"].handle(1)
        middle = handle.rect().center()
        QTest.mousePress(handle, LEFT, pos=middle)
        QTest.mouseMove(handle, middle + QPoint(40, 0))
        QTest.mouseRelease(handle, LEFT, pos=middle + QPoint(40, 0))
        width = panel.width()
        window.cards.save()
        window.lessons.leave()
        window.splitters["beside"].setSizes([300, 900])
        assert window.cards.restore()
        window.cards.show_panel("Lesson", True)
        qtbot.waitUntil(lambda: abs(panel.width() - width) <= 2)
        window.cards.show_panel("Lesson", False)


def test_the_first_start_offers_the_first_lesson(window, qtbot):
    window.hints.show()
    button = window.findChild(QPushButton, "first_lesson")
    qtbot.waitUntil(button.isVisible)
    QTest.mouseClick(button, LEFT)
    qtbot.waitUntil(lambda: window.document.lesson.lesson is not None)
    assert window.findChild(LessonPanel).isVisible()
    assert not window.hints.are_shown


def test_the_text_of_the_step_is_read_in_both_themes(window, begin):
    panel = begin(SHORT)
    for scheme in (Scheme.LIGHT, Scheme.DARK):
        theme.manager().set_scheme(scheme)
        text = panel.findChild(Prose)
        place = QRect(text.mapTo(window, QPoint()), QSize(text.width(), 40))
        picture = window.grab(place).toImage().convertToFormat(QImage.Format.Format_RGB32)
        found = np.unique(np.frombuffer(picture.constBits(), dtype=np.uint32))
        best = max(theme.contrast(QColor.fromRgb(int(rgb)), theme.current().panel) for rgb in found)
        assert best >= theme.TEXT_CONTRAST
    theme.manager().set_scheme(Scheme.SYSTEM)


def test_a_lesson_is_made_of_the_present_experiment_and_opens(window, tmp_path, monkeypatch, qtbot):
    folder = tmp_path / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(folder), ""))
    window.document.points.generate(name="moons")
    window.findChild(QAction, "new_lesson").trigger()
    assert str(folder) in window.statusBar().currentMessage()
    window.files.forget_changes()
    window.open_file(folder)
    qtbot.waitUntil(lambda: window.document.lesson.lesson is not None)
    assert window.document.changes.generator_settings.name == "moons"
    window.findChild(QAction, "new_lesson").trigger()
    (box,) = boxes(window)
    assert "mine" in box.text()
    box.close()
