from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMessageBox

from gui.files import experiments
from gui.widgets.texts import folder_text
from model.experiment import load_experiment

BUTTONS = QMessageBox.StandardButton
CTRL = Qt.KeyboardModifier.ControlModifier

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def choose(monkeypatch, which, path):
    monkeypatch.setattr(QFileDialog, which, lambda *arguments: (str(path) if path else "", ""))


def menus(window):
    """Return the File menu, and in it the one of recent files."""
    file_menu = window.menuBar().actions()[0].menu()
    (recent,) = [action.menu() for action in file_menu.actions() if action.menu()]
    return file_menu, recent


def sentences(window):
    return " ".join(f"{box.text()} {box.informativeText()}" for box in window.findChildren(QMessageBox))


def test_saves_and_opens_everything(ran, path, monkeypatch, make_desk, answered, qtbot):
    choose(monkeypatch, "getSaveFileName", path)
    assert ran.isWindowModified()
    ran.files.save()
    assert path.exists()
    assert ran.windowTitle() == "run.netcanvas[*] — NetCanvas"
    assert not ran.isWindowModified()

    other = make_desk()
    choose(monkeypatch, "getOpenFileName", path)
    other.files.ask_and_open()
    first, second = ran.document, other.document
    answered(second)
    assert second.dataset == first.dataset
    assert second.network_settings == first.network_settings
    assert second.training_settings == first.training_settings
    assert second.displayed.metrics == first.displayed.metrics
    assert len(second.run.history) == len(first.run.history)
    np.testing.assert_array_equal(second.displayed.network.parameters, first.displayed.network.parameters)
    assert not other.isWindowModified()
    last = first.displayed.step + 30
    for document in (first, second):
        for _ in range(30):
            document.run.step()
        qtbot.waitUntil(lambda document=document: document.displayed.step == last)
    np.testing.assert_array_equal(second.displayed.network.parameters, first.displayed.network.parameters)


def test_how_long_the_run_was_trained_comes_back(ran, path, monkeypatch, make_desk, answered, qtbot):
    start = ran.document.displayed.step
    ran.document.run.set_playing(True)
    qtbot.waitUntil(lambda: ran.document.displayed.step > start + 50)
    ran.document.run.set_playing(False)
    answered(ran.document)
    choose(monkeypatch, "getSaveFileName", path)
    ran.files.save()
    other = make_desk()
    choose(monkeypatch, "getOpenFileName", path)
    other.files.ask_and_open()
    answered(other.document)
    other.document.pins.pin()
    (pinned,) = other.document.pins.runs
    assert pinned.seconds == pytest.approx(ran.document.run.trained_seconds, abs=1e-3)
    assert pinned.seconds > 0.0


def test_a_wrong_file_leaves_the_open_experiment(ran, path, monkeypatch):
    path.write_bytes(b"PK\x03\x04 this is no zip")
    document = ran.document
    before = (document.dataset, document.network_settings, document.displayed, ran.files.path)
    choose(monkeypatch, "getOpenFileName", path)
    ran.files.forget_changes()
    ran.files.ask_and_open()

    assert "run.netcanvas cannot be opened: " in sentences(ran)
    assert (document.dataset, document.network_settings, document.displayed, ran.files.path) == before


@pytest.mark.parametrize("chosen", ["", "broken.netcanvas"])
def test_what_was_to_be_discarded_for_nothing_is_still_unsaved(ran, tmp_path, monkeypatch, answer_box, chosen):
    (tmp_path / "broken.netcanvas").write_bytes(b"PK")
    choose(monkeypatch, "getOpenFileName", chosen and tmp_path / chosen)
    ran.files.ask_and_open()
    answer_box(ran, BUTTONS.Discard)
    assert len(ran.document.dataset) == 242
    assert ran.isWindowModified()
    assert ran.files.is_modified


def test_a_folder_that_is_gone_is_said(ran, tmp_path, monkeypatch):
    choose(monkeypatch, "getSaveFileName", tmp_path / "nowhere" / "run.netcanvas")
    ran.files.save()
    assert "cannot be saved: there is no such folder." in sentences(ran)
    assert ran.isWindowModified()


def test_the_suffix_is_added(ran, tmp_path, monkeypatch):
    choose(monkeypatch, "getSaveFileName", tmp_path / "named")
    ran.files.save_as()
    assert ran.files.path == tmp_path / "named.netcanvas"
    load_experiment(tmp_path / "named.netcanvas")


def test_a_file_that_the_dialog_did_not_ask_about_is_not_lost(ran, path, monkeypatch, answer_box):
    path.write_bytes(b"precious")
    choose(monkeypatch, "getSaveFileName", path.with_suffix(""))
    done = []
    ran.files.settle(lambda: done.append("gone on"))
    answer_box(ran, BUTTONS.Save)
    assert answer_box(ran, BUTTONS.Cancel) == f"{path} exists already. It will be replaced."
    assert path.read_bytes() == b"precious"
    assert done == []
    ran.files.settle(lambda: done.append("gone on"))
    answer_box(ran, BUTTONS.Save)
    answer_box(ran, "Replace")
    assert len(load_experiment(path).setup.dataset) == 242
    assert done == ["gone on"]


def test_saving_again_asks_for_no_name(ran, path, monkeypatch):
    choose(monkeypatch, "getSaveFileName", path)
    ran.files.save()
    size = path.stat().st_mtime_ns
    choose(monkeypatch, "getSaveFileName", None)
    ran.document.points.add("place point", [[1.0, 1.0]])
    assert ran.isWindowModified()
    ran.document.changes.undo()
    assert not ran.isWindowModified()
    ran.document.changes.redo()
    ran.files.save()
    assert path.stat().st_mtime_ns != size


class TestClosing:
    @pytest.fixture
    def ran(self, window, train):
        return train(window)

    def test_asks_where_something_is_unsaved(self, ran, answer_box):
        ran.close()
        assert ran.isVisible()
        ran.close()
        answer_box(ran, BUTTONS.Cancel)
        assert ran.isVisible()
        ran.close()
        answer_box(ran, BUTTONS.Discard)
        assert not ran.isVisible()

    def test_saves_where_that_is_wanted(self, ran, path, monkeypatch, answer_box):
        choose(monkeypatch, "getSaveFileName", path)
        ran.close()
        answer_box(ran, BUTTONS.Save)
        assert not ran.isVisible()
        assert len(load_experiment(path).setup.dataset) == 242

    def test_stays_where_saving_fails(self, ran, tmp_path, monkeypatch, answer_box):
        choose(monkeypatch, "getSaveFileName", tmp_path / "nowhere" / "x.netcanvas")
        ran.close()
        answer_box(ran, BUTTONS.Save)
        assert ran.isVisible()

    def test_a_little_training_is_no_reason_to_ask(self, window, qtbot):
        window.document.run.set_playing(True)
        qtbot.waitUntil(lambda: window.document.displayed.step > 50)
        window.close()
        assert not window.isVisible()

    def test_more_than_a_minute_of_it_is(self, window, qtbot, monkeypatch, answer_box):
        monkeypatch.setattr(experiments, "LONG_TRAINING_S", 0.3)
        window.document.run.set_playing(True)
        qtbot.waitUntil(window.isWindowModified)
        window.close()
        assert answer_box(window, BUTTONS.Cancel).startswith("Save this experiment?")
        assert window.isVisible()
        window.close()
        answer_box(window, BUTTONS.Discard)
        assert not window.isVisible()

    def test_a_minute_counts_for_the_run_that_is_there(self, window, qtbot, monkeypatch):
        monkeypatch.setattr(experiments, "LONG_TRAINING_S", 0.3)
        window.document.run.set_playing(True)
        qtbot.waitUntil(window.isWindowModified)
        window.files.forget_changes()
        QTest.keyClick(window, Qt.Key.Key_N, CTRL)
        assert not window.files.is_modified


def test_a_dropped_experiment_is_opened(ran, path, monkeypatch, make_window, answered, drop):
    choose(monkeypatch, "getSaveFileName", path)
    ran.files.save()
    other = make_window()
    assert drop(other, path)
    answered(other.document)

    assert other.files.path == path
    assert other.document.dataset == ran.document.dataset


def test_recent_files_are_offered(ran, path, monkeypatch, make_window):
    choose(monkeypatch, "getSaveFileName", path)
    ran.files.save()
    other = make_window()
    file_menu, menu = menus(other)
    file_menu.aboutToShow.emit()
    action, clear = menu.actions()
    assert action.text() == f"run.netcanvas — {folder_text(path)}"
    assert str(path) in action.toolTip()
    action.trigger()
    assert other.files.path == path
    clear.trigger()
    file_menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]
    assert other.files.open(path)
    path.unlink()
    assert not other.files.open(path)
    file_menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]


def test_a_file_named_from_where_the_program_was_started_is_found_at_the_next_start(
    ran, path, make_desk, monkeypatch, save_to
):
    save_to(ran, path)
    ran.files.forget_recent()
    monkeypatch.chdir(path.parent)
    other = make_desk()
    assert other.files.open(Path(path.name))
    monkeypatch.chdir("/")
    assert other.files.recent == [path]


class TestSavingOver:
    """Others may have to do with the file that is saved."""

    @pytest.fixture
    def saved(self, ran, path, monkeypatch):
        choose(monkeypatch, "getSaveFileName", path)
        ran.files.save()
        assert ran.statusBar().currentMessage() == "Saved run.netcanvas."
        ran.document.points.add("place point", [[1.0, 1.0]])
        return ran

    @pytest.fixture
    def other(self, saved, make_desk, path):
        other = make_desk()
        assert other.files.open(path)
        return other

    def test_where_nobody_has_there_is_no_question(self, saved, path):
        saved.files.save()
        assert len(load_experiment(path).setup.dataset) == 243
        assert not saved.findChildren(QMessageBox)

    def test_what_changed_on_the_disk_is_asked_about(self, saved, path, answer_box):
        path.write_bytes(b"of another program")
        saved.files.save()
        sentence = answer_box(saved, BUTTONS.Cancel)
        assert sentence.startswith("run.netcanvas has changed on the disk since it was opened or saved here.")
        assert path.read_bytes() == b"of another program"
        assert saved.isWindowModified()
        saved.files.save()
        answer_box(saved, "Save Anyway")
        assert len(load_experiment(path).setup.dataset) == 243
        saved.document.points.add("place point", [[1.0, 2.0]])
        saved.files.save()
        assert len(load_experiment(path).setup.dataset) == 244

    def test_it_can_go_to_another_file(self, saved, path, monkeypatch, answer_box):
        path.write_bytes(b"of another program")
        done = []
        choose(monkeypatch, "getSaveFileName", path.with_name("mine.netcanvas"))
        saved.files.save(lambda: done.append("gone on"))
        answer_box(saved, "Save As…")
        assert path.read_bytes() == b"of another program"
        assert len(load_experiment(path.with_name("mine.netcanvas")).setup.dataset) == 243
        assert (saved.files.path, done) == (path.with_name("mine.netcanvas"), ["gone on"])

    def test_escape_and_return_save_nothing(self, saved, path):
        path.write_bytes(b"of another program")
        for key in (Qt.Key.Key_Escape, Qt.Key.Key_Return):
            saved.files.save()
            (box,) = [box for box in saved.findChildren(QMessageBox) if box.isVisible()]
            QTest.keyClick(box, key)
            assert not box.isVisible()
        assert path.read_bytes() == b"of another program"

    def test_one_that_is_gone_is_written_again(self, saved, path):
        path.unlink()
        saved.files.save()
        assert len(load_experiment(path).setup.dataset) == 243

    def test_a_second_window_says_that_it_is_one(self, other):
        assert other.statusBar().currentMessage() == "run.netcanvas is open in another window too."

    def test_the_second_window_asks_and_then_the_first_one_too(self, saved, other, path, answer_box):
        other.document.points.clear()
        other.files.save()
        assert answer_box(other, BUTTONS.Cancel).startswith("run.netcanvas is open in another window too.")
        other.files.save()
        answer_box(other, "Save Anyway")
        saved.files.save()
        assert "has changed on the disk" in answer_box(saved, BUTTONS.Cancel)
        assert len(load_experiment(path).setup.dataset) == 0

    def test_so_does_a_window_that_saves_as_that_file(self, saved, make_desk, path, monkeypatch, answer_box, tmp_path):
        other = make_desk()
        (tmp_path / "link.netcanvas").symlink_to(path)
        choose(monkeypatch, "getSaveFileName", tmp_path / "link.netcanvas")
        other.files.save_as()
        assert answer_box(other, BUTTONS.Cancel).startswith("link.netcanvas is open in another window too.")
        assert other.files.path is None

    def test_saving_as_ones_own_file_by_another_name_asks_nothing(self, saved, path, monkeypatch, tmp_path):
        (tmp_path / "link.netcanvas").symlink_to(path)
        choose(monkeypatch, "getSaveFileName", tmp_path / "link.netcanvas")
        saved.files.save_as()
        assert len(load_experiment(path).setup.dataset) == 243

    @pytest.mark.parametrize("leave", ["close", "begin_anew"])
    def test_when_the_first_window_has_left_it_the_second_one_is_alone(self, saved, other, path, leave):
        getattr(saved.files, leave)()
        other.document.points.clear()
        other.files.save()
        assert len(load_experiment(path).setup.dataset) == 0

    def test_nothing_lies_beside_the_file(self, saved, other, path):
        assert [file.name for file in path.parent.iterdir() if file.is_file()] == ["run.netcanvas"]

    def test_saving_needs_no_folder_of_the_program(self, make_desk, path, tmp_path, save_to):
        (tmp_path / "state").mkdir()
        (tmp_path / "state" / "NetCanvas").touch()
        desk = make_desk()
        save_to(desk, path)
        assert path.exists()


class TestNewAndRevert:
    def test_new_asks_and_then_begins_as_the_program_does(self, window, path, train, answer_box, answered):
        first = window.document.experiment()
        train(window)
        QTest.keyClick(window, Qt.Key.Key_N, CTRL)
        answer_box(window, BUTTONS.Cancel)
        assert len(window.document.dataset) == 242
        QTest.keyClick(window, Qt.Key.Key_N, CTRL)
        answer_box(window, BUTTONS.Discard)
        answered(window.document)

        assert window.windowTitle() == "Untitled[*] — NetCanvas"
        assert not window.isWindowModified()
        assert not window.document.changes.undo_stack.canUndo()
        assert window.document.run.setup == first.setup
        assert window.document.displayed.step == 0
        np.testing.assert_array_equal(
            window.document.displayed.network.parameters, first.history.frames[-1].checkpoint.parameters
        )

    def test_another_experiment_says_nothing_of_the_one_before(self, ran, path, monkeypatch):
        choose(monkeypatch, "getSaveFileName", path)
        ran.files.save()
        assert ran.statusBar().currentMessage() == f"Saved {path.name}."
        ran.files.begin_anew()
        assert ran.statusBar().currentMessage() == ""

    def test_revert_goes_back_to_the_file_when_that_is_confirmed(self, ran, path, monkeypatch, answer_box):
        ran.files.ask_and_revert()
        assert "never saved" in ran.statusBar().currentMessage()
        choose(monkeypatch, "getSaveFileName", path)
        ran.files.save()
        ran.files.ask_and_revert()
        assert "Nothing was changed" in ran.statusBar().currentMessage()
        ran.document.points.clear()
        ran.files.ask_and_revert()
        answer_box(ran, BUTTONS.Cancel)
        assert len(ran.document.dataset) == 0
        ran.files.ask_and_revert()
        answer_box(ran, "Revert")
        assert len(ran.document.dataset) == 242
        assert not ran.isWindowModified()
