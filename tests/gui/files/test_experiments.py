import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox

from gui.document.document import Document
from gui.files import recovery
from gui.files.experiments import ExperimentFiles
from model.experiment import ExperimentError, load_experiment

BUTTONS = QMessageBox.StandardButton

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    monkeypatch.setattr(recovery, "recovery_folder", lambda: tmp_path / "recovery")
    QSettings().remove("files")
    return tmp_path


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.netcanvas"


class Desk(QMainWindow):
    """A window without panels, about a document and its file."""

    def __init__(self):
        super().__init__()
        self.document = Document(self)
        self.files = ExperimentFiles(self, self.document)
        self.show()

    def end(self):
        self.files.close()
        self.document.close()
        self.close()
        self.deleteLater()


@pytest.fixture
def make_desk(qapp):
    desks = []

    def make():
        desks.append(Desk())
        return desks[-1]

    yield make
    for desk in desks:
        desk.end()


@pytest.fixture
def train(qtbot, answered):
    """Let the run of a window take some steps, with points of its own, and pause."""

    def take(window):
        document = window.document
        document.points.add("place point", [[5.0, 5.0], [4.5, 5.0]])
        document.learning.set_training(optimizer="adam", learning_rate=0.01)
        document.run.set_playing(True)
        qtbot.waitUntil(lambda: document.displayed.step >= 120)
        document.run.set_playing(False)
        answered(document)
        return window

    return take


@pytest.fixture
def ran(make_desk, train):
    return train(make_desk())


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


def test_a_wrong_file_leaves_the_open_experiment(ran, path, monkeypatch):
    path.write_bytes(b"PK\x03\x04 this is no zip")
    document = ran.document
    before = (document.dataset, document.network_settings, document.displayed, ran.files.path)
    choose(monkeypatch, "getOpenFileName", path)
    ran.files.forget_changes()
    ran.files.ask_and_open()

    assert "run.netcanvas could not be opened." in sentences(ran)
    assert (document.dataset, document.network_settings, document.displayed, ran.files.path) == before


def test_a_folder_that_is_gone_is_said(ran, tmp_path, monkeypatch):
    choose(monkeypatch, "getSaveFileName", tmp_path / "nowhere" / "run.netcanvas")
    ran.files.save()
    assert "could not be saved" in sentences(ran)
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

    def test_training_alone_is_no_reason_to_ask(self, window, qtbot):
        window.document.run.set_playing(True)
        qtbot.waitUntil(lambda: window.document.displayed.step > 50)
        window.close()
        assert not window.isVisible()


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
    (action,) = menu.actions()
    assert action.text() == "run.netcanvas"
    action.trigger()
    assert other.files.path == path
    path.unlink()
    assert not other.files.open(path)
    file_menu.aboutToShow.emit()
    assert [action.isEnabled() for action in menu.actions()] == [False]


class TestRecovery:
    @pytest.fixture
    def left(self, tmp_path):
        """Return the experiments in the recovery folder."""
        return lambda: sorted((tmp_path / "recovery").glob("*.netcanvas"))

    @pytest.fixture
    def crashed(self, make_desk):
        """Leave the file of a program that crashed, with so many points."""

        def crash(n_points):
            desk = make_desk()
            desk.document.points.clear()
            desk.document.points.add("place point", [[0.1 * number, 0.0] for number in range(n_points)])
            desk.files.keep_for_next_start()

        return crash

    def test_what_a_dead_program_left_is_restored(self, ran, left, make_desk, answered, answer_box):
        ran.files.keep_for_next_start()
        other = make_desk()
        other.files.offer_recovery()
        answer_box(other, BUTTONS.Yes)
        answered(other.document)

        assert other.document.dataset == ran.document.dataset
        np.testing.assert_array_equal(
            other.document.displayed.network.parameters, ran.document.displayed.network.parameters
        )
        assert other.isWindowModified()
        assert len(left()) == 1, "another crash, at once, would lose nothing"
        other.files.close()
        assert left() == []

    def test_what_is_not_wanted_is_forgotten(self, crashed, left, make_desk, answer_box):
        crashed(3)
        other = make_desk()
        other.files.offer_recovery()
        answer_box(other, BUTTONS.No)
        assert not other.isWindowModified()
        assert left() == []

    def test_what_is_put_off_is_offered_again(self, crashed, left, make_desk, answer_box):
        crashed(3)
        for wanted in ("Ask Later", BUTTONS.Yes):
            other = make_desk()
            other.files.offer_recovery()
            answer_box(other, wanted)
            assert len(left()) == 1
        assert len(other.document.dataset) == 3

    def test_escape_puts_it_off(self, crashed, left, make_desk):
        crashed(3)
        other = make_desk()
        other.files.offer_recovery()
        QTest.keyClick(other.findChild(QMessageBox, "restore"), Qt.Key.Key_Escape)
        assert len(left()) == 1

    def test_two_windows_that_crashed_are_both_offered(self, crashed, left, make_desk, answer_box):
        crashed(3)
        crashed(4)
        os.utime(left()[0], (1, 1))
        restored = []
        for _ in range(2):
            other = make_desk()
            other.files.offer_recovery()
            answer_box(other, BUTTONS.Yes)
            restored.append(len(other.document.dataset))
        assert sorted(restored) == [3, 4]

    def test_one_that_does_not_open_is_set_aside_and_the_next_one_is_offered(
        self, crashed, left, make_desk, answer_box, tmp_path
    ):
        crashed(3)
        (tmp_path / "recovery" / "broken.netcanvas").write_bytes(b"PK\x03\x04 cut off")
        other = make_desk()
        other.files.offer_recovery()
        answer_box(other, BUTTONS.Yes)
        told = [box for box in other.findChildren(QMessageBox) if box.isVisible() and not box.objectName()]
        assert told[0].text() == "The unsaved experiment could not be restored."
        told[0].close()
        answer_box(other, BUTTONS.Yes)
        assert len(other.document.dataset) == 3
        assert (tmp_path / "recovery" / "broken.unreadable").read_bytes() == b"PK\x03\x04 cut off"

    def test_a_window_that_lives_is_left_alone(self, ran, make_desk, qtbot, tmp_path):
        ran.files.autosave()
        qtbot.waitUntil(lambda: len(list((tmp_path / "recovery").glob("*.netcanvas"))) == 1)
        other = make_desk()
        other.files.offer_recovery()
        assert not other.findChildren(QMessageBox, "restore")

    def test_saving_and_closing_take_it_away(self, ran, path, monkeypatch, tmp_path):
        ran.files.autosave()
        choose(monkeypatch, "getSaveFileName", path)
        ran.files.save()
        assert not list((tmp_path / "recovery").glob("*.netcanvas"))
        ran.document.points.add("place point", [[1.0, 1.0]])
        ran.files.autosave()
        ran.files.close()
        assert not list((tmp_path / "recovery").glob("*"))

    @pytest.mark.skipif(sys.platform == "win32", reason="POSIX's modes")
    def test_only_the_owner_may_look_and_what_a_killed_save_left_goes(self, ran, tmp_path):
        folder = tmp_path / "recovery"
        ran.files.autosave()
        ran.files.recovery.wait()
        (folder / ".netcanvas-01234567-89abcdef.part").touch()
        ran.files.offer_recovery()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert not list(folder.glob(".netcanvas*"))

    def test_a_full_disk_is_no_reason_to_stop(self, ran, monkeypatch, caplog, tmp_path):
        def fail(experiment, path):
            raise ExperimentError("there is no room on the disk")

        with monkeypatch.context() as patches:
            patches.setattr(recovery, "save_experiment", fail)
            ran.files.autosave()
            ran.files.recovery.wait()
        assert "the autosave failed" in caplog.text
        ran.files.autosave()
        ran.files.recovery.wait()
        assert len(load_experiment(next((tmp_path / "recovery").glob("*.netcanvas"))).setup.dataset) == 242

    def test_what_changed_while_an_autosave_was_written_is_kept_at_a_signal_to_end(
        self, ran, make_desk, monkeypatch, answer_box
    ):
        began, go_on, save = threading.Event(), threading.Event(), recovery.save_experiment

        def save_slowly(experiment, path):
            began.set()
            go_on.wait(10)
            save(experiment, path)

        monkeypatch.setattr(recovery, "save_experiment", save_slowly)
        ran.files.autosave()
        assert began.wait(10)
        ran.document.points.add("place point", [[1.0, 2.0]])
        go_on.set()
        ran.files.keep_for_next_start()
        other = make_desk()
        other.files.offer_recovery()
        answer_box(other, BUTTONS.Yes)
        assert other.document.dataset == ran.document.dataset

    def test_after_a_kill(self, tmp_path, make_desk, answered, monkeypatch, answer_box):
        """The program is killed without any warning; the next start has what was there half a minute before."""
        folder = tmp_path / "killed"
        code = (
            "import sys, time; sys.path.insert(0, sys.argv[1]); from pathlib import Path;"
            "import gui.files.recovery as f;"
            "f.recovery_folder = lambda: Path(sys.argv[2]);"
            "from gui.app import make_application; app = make_application([]);"
            "from gui.main_window import MainWindow; w = MainWindow();"
            "w.document.points.add('place point', [[1.5, 2.5]]); w.files.autosave(); w.files.recovery.wait();"
            "print('kept', flush=True); time.sleep(60)"
        )
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_CONFIG_HOME": str(tmp_path / "config")}
        root = str(Path(recovery.__file__).resolve().parents[2])
        program = subprocess.Popen(
            [sys.executable, "-c", code, root, str(folder)], stdout=subprocess.PIPE, env=environment, text=True
        )
        assert program.stdout is not None
        assert program.stdout.readline() == "kept\n"
        program.kill()
        program.wait()
        program.stdout.close()
        monkeypatch.setattr(recovery, "recovery_folder", lambda: folder)
        window = make_desk()
        window.files.offer_recovery()
        answer_box(window, BUTTONS.Yes)
        answered(window.document)

        np.testing.assert_array_equal(window.document.dataset.points[-1], [1.5, 2.5])
