"""What windows leave that end without saving, and the list that offers it."""

import gc
import json
import os
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMessageBox, QPushButton

from gui.dialogs.recovery import RecoveryDialog, small_picture
from gui.files import recovery
from gui.files.recovery import recovery_folder
from model.data.dataset import CURVE_UNIT
from model.experiment import ExperimentError, load_experiment, save_experiment
from tests.gui.guards import process_deferred_deletes

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

KEY, LEFT = Qt.Key, Qt.MouseButton.LeftButton


@pytest.fixture
def left():
    """Return the experiments in the recovery folder."""
    return lambda: sorted(recovery_folder().glob("*.netcanvas"))


@pytest.fixture
def crashed(make_desk, left):
    """Leave the file of a window that ended without a question, with so many points; of a file, if one is named."""

    def crash(n_points, file=None):
        before = set(left())
        desk = make_desk()
        if file is not None:
            assert desk.files.open(file)
        desk.document.points.clear()
        desk.document.points.add("place point", [[0.1 * number, 0.0] for number in range(n_points)])
        desk.files.keep_for_next_start()
        desk.files.close()
        (path,) = set(left()) - before
        return path

    return crash


@pytest.fixture
def start(make_desk):
    """Open a window and let it offer what was left."""

    def open_window():
        desk = make_desk()
        desk.files.offer_recovery()
        return desk

    return open_window


def listed(window):
    """Return the dialog that offers what was left, None if there is none."""
    return next((dialog for dialog in window.findChildren(RecoveryDialog) if dialog.isVisible()), None)


def rows(window):
    dialog = listed(window)
    return [row for row in dialog._rows if row.isVisible()] if dialog else []


def texts(row):
    return [text.text() for text in row.findChildren(QLabel) if text.isVisibleTo(row) and text.text()]


def press(row, text):
    (button,) = [button for button in row.findChildren(QPushButton) if button.text() == text]
    assert button.isEnabled(), texts(row)
    QTest.mouseClick(button, LEFT)


def row_of(window, path):
    (row,) = [row for row in rows(window) if row.left.path == path]
    return row


def count_crashes(path, n_crashes):
    said = path.with_suffix(".json")
    said.write_text(json.dumps({**json.loads(said.read_text()), "n_crashes": n_crashes}))


class TestRestoring:
    def test_what_a_dead_program_left_is_restored(self, ran, left, start, answered):
        ran.files.keep_for_next_start()
        other = start()
        (row,) = rows(other)
        press(row, "Restore")
        answered(other.document)

        assert listed(other) is None
        assert other.document.dataset == ran.document.dataset
        np.testing.assert_array_equal(
            other.document.displayed.network.parameters, ran.document.displayed.network.parameters
        )
        assert other.isWindowModified()
        assert len(left()) == 1, "another crash, at once, would lose nothing"
        other.files.close()
        assert left() == []
        assert list(recovery_folder().iterdir()) == []

    def test_return_restores_the_first_one(self, crashed, start):
        crashed(3)
        other = start()
        QTest.keyClick(listed(other), KEY.Key_Return)
        assert len(other.document.dataset) == 3

    def test_it_stays_on_the_disk_through_crashes_until_it_is_saved(self, crashed, left, start, path, save_to):
        kept = crashed(3)
        for _ in range(3):
            other = start()
            press(row_of(other, kept), "Restore")
            other.files.recovery._unlock()  # As the system does for a program that was killed.
            assert left() == [kept]
        other = start()
        press(row_of(other, kept), "Restore")
        save_to(other, path)
        assert left() == []

    def test_it_knows_its_file_and_saving_goes_there(self, ran, crashed, start, path, left):
        save_experiment(ran.document.experiment(), path)
        crashed(3, path)
        other = start()
        (row,) = rows(other)
        name, where = texts(row)[:2]
        assert name == "run.netcanvas"
        assert where.startswith("From /")
        assert any(str(path) in text.toolTip() for text in row.findChildren(QLabel))
        press(row, "Restore")
        assert other.windowTitle() == "run.netcanvas[*] — NetCanvas"
        assert other.isWindowModified()
        other.files.save()
        assert len(load_experiment(path).setup.dataset) == 3
        assert left() == []

    def test_saving_asks_where_its_file_has_changed_meanwhile(self, ran, crashed, start, path, answer_box):
        save_experiment(ran.document.experiment(), path)
        crashed(3, path)
        save_experiment(ran.document.experiment(), path)
        other = start()
        press(rows(other)[0], "Restore")
        other.files.save()
        assert "has changed on the disk" in answer_box(other, "Save Anyway")
        assert len(load_experiment(path).setup.dataset) == 3

    def test_discarding_what_was_restored_removes_it(self, crashed, start, left, ran, path, answer_box):
        save_experiment(ran.document.experiment(), path)
        crashed(3)
        other = start()
        press(rows(other)[0], "Restore")
        other.files.settle_and_open(path)
        answer_box(other, QMessageBox.StandardButton.Discard)
        assert other.files.path == path
        assert left() == []

    def test_in_the_middle_of_work_it_asks_first(self, crashed, make_desk, answer_box):
        crashed(3)
        other = make_desk()
        other.document.points.add("place point", [[1.0, 1.0]])
        other.files.settle_and_recover()
        assert listed(other) is None
        answer_box(other, QMessageBox.StandardButton.Discard)
        press(rows(other)[0], "Restore")
        assert len(other.document.dataset) == 3

    def test_where_nothing_was_left_a_menu_says_so(self, make_desk):
        desk = make_desk()
        desk.files.settle_and_recover()
        assert desk.statusBar().currentMessage() == "No unsaved experiment was left behind."


class TestOthers:
    def test_two_windows_that_crashed_are_both_offered_the_newest_first(self, crashed, left, start):
        older, newer = crashed(3), crashed(4)
        os.utime(older, (1, 1))
        first = start()
        assert [row.left.path for row in rows(first)] == [newer, older]
        press(rows(first)[0], "Restore")
        assert listed(first) is None, "one window has one experiment"
        assert left() == sorted([older, newer])
        assert "1 more unsaved experiment" in first.statusBar().currentMessage()
        second = start()
        press(row_of(second, older), "Restore")
        assert (len(first.document.dataset), len(second.document.dataset)) == (4, 3)

    def test_later_keeps_one_and_the_list_stays_for_the_others(self, crashed, left, start):
        one, two = crashed(3), crashed(4)
        desk = start()
        press(row_of(desk, one), "Later")
        assert [row.left.path for row in rows(desk)] == [two]
        press(row_of(desk, two), "Later")
        assert listed(desk) is None
        assert len(rows(start())) == len(left()) == 2

    @pytest.mark.parametrize("leave", [lambda dialog: QTest.keyClick(dialog, KEY.Key_Escape), RecoveryDialog.close])
    def test_escape_and_closing_keep_everything(self, crashed, left, start, leave):
        crashed(3), crashed(4)
        desk = start()
        leave(listed(desk))
        assert not desk.isWindowModified()
        assert len(rows(start())) == len(left()) == 2

    def test_one_is_deleted_when_that_is_confirmed(self, crashed, left, start, answer_box):
        one, two = crashed(3), crashed(4)
        desk = start()
        press(row_of(desk, one), "Delete…")
        answer_box(listed(desk), QMessageBox.StandardButton.Cancel)
        assert left() == sorted([one, two])
        press(row_of(desk, one), "Delete…")
        assert answer_box(listed(desk), "Delete") == "Delete what was not saved of Untitled? It is gone for good then."
        assert left() == [two]
        assert [row.left.path for row in rows(desk)] == [two]

    def test_a_window_that_lives_is_left_alone(self, ran, start, left):
        ran.files.keep()
        assert len(left()) == 1
        assert listed(start()) is None

    def test_what_one_window_offers_no_other_one_does(self, crashed, start):
        crashed(3)
        assert len(rows(start())) == 1
        assert rows(start()) == []


def lightness_of(picture):
    """Return how light each pixel is, 0 to 255."""
    grey = picture.convertToFormat(QImage.Format.Format_Grayscale8)
    return np.frombuffer(grey.constBits(), np.uint8).reshape(grey.height(), -1)[:, : grey.width()].astype(float)


class TestTheList:
    def test_says_what_each_is_and_shows_it(self, crashed, ran, start, path, qtbot):
        save_experiment(ran.document.experiment(), path)
        kept = crashed(3, path)
        os.utime(kept, (1_700_000_000, 1_700_000_000))
        (row,) = rows(start())
        steps = load_experiment(kept).history.frames[-1].step
        when = texts(row)[2]
        assert "November 2023, " in when
        assert when.endswith(f" · {steps:,} steps")
        qtbot.waitUntil(lambda: not row.picture.pixmap().isNull())
        image = row.picture.pixmap().toImage()
        assert len({image.pixel(x, y) for x in range(image.width()) for y in range(image.height())}) > 20

    def test_of_a_curve_it_shows_the_curve(self, document, answered):
        document.points.set_kind("curve")
        document.points.clear()
        answered(document)
        side = 88
        picture = small_picture(document.experiment(), side)
        darkest = [min(range(side), key=lambda y, x=x: picture.pixelColor(x, y).lightness()) for x in range(4, 84, 8)]
        x = [[(column + 0.5) / side * 12 - 6] for column in range(4, 84, 8)]
        said = side / 2 - document.displayed.network.predict(x)[:, 0] * CURVE_UNIT * side / 12
        np.testing.assert_allclose(darkest, said, atol=1.5)

    def test_a_larger_picture_shows_the_same_larger(self, document):
        experiment = document.experiment()
        small, large = small_picture(experiment, 88), small_picture(experiment, 176)
        reduced = large.scaled(88, 88, mode=Qt.TransformationMode.SmoothTransformation)
        assert np.abs(lightness_of(small) - lightness_of(reduced)).mean() < 7.5

    def test_a_large_data_set_is_drawn_in_little_time(self, make_desk, start, qtbot):
        desk = make_desk()
        desk.document.points.add("points", np.random.default_rng(0).uniform(-5, 5, (90_000, 2)))
        desk.files.keep_for_next_start()
        began = time.monotonic()
        other = start()
        assert time.monotonic() - began < 0.5, "the list waits for no file"
        (row,) = rows(other)
        qtbot.waitUntil(lambda: not row.picture.pixmap().isNull())

    def test_nothing_is_left_of_it_when_it_is_closed(self, crashed, make_desk, qtbot):
        crashed(3)
        desk = make_desk()
        gc.collect()
        gc.disable()
        try:
            for _ in range(2):
                desk.files.settle_and_recover()
                (row,) = rows(desk)
                qtbot.waitUntil(lambda row=row: not row.picture.pixmap().isNull())
                del row
                listed(desk).close()
                process_deferred_deletes()
                assert not [thing for thing in gc.get_objects() if isinstance(thing, RecoveryDialog)]
        finally:
            gc.enable()

    def test_the_name_of_a_file_is_shown_as_it_is(self, ran, crashed, start, tmp_path):
        path = tmp_path / "<b>bold & new.netcanvas"
        save_experiment(ran.document.experiment(), path)
        crashed(3, path)
        (row,) = rows(start())
        assert texts(row)[0] == path.name
        assert all(text.textFormat() == Qt.TextFormat.PlainText for text in row.findChildren(QLabel) if text.text())

    @pytest.mark.parametrize("said", [None, b"", b"[]", b'{"file": 3}', b'{"file": "x", "stamp": ["a"], "n_steps": 1}'])
    def test_what_says_nothing_of_itself_is_offered_all_the_same(self, crashed, start, said):
        path = crashed(3)
        path.with_suffix(".json").unlink() if said is None else path.with_suffix(".json").write_bytes(said)
        desk = start()
        assert texts(rows(desk)[0])[:2] == ["Untitled", "Not saved yet"]
        press(rows(desk)[0], "Restore")
        assert len(desk.document.dataset) == 3

    def test_one_that_crashed_the_program_twice_is_not_restored_by_default(self, crashed, start):
        suspicious, harmless = crashed(3), crashed(4)
        count_crashes(suspicious, 2)
        os.utime(harmless, (1, 1))
        desk = start()
        assert any("ended unexpectedly 2 times after" in text for text in texts(row_of(desk, suspicious)))
        QTest.keyClick(listed(desk), KEY.Key_Return)
        assert len(desk.document.dataset) == 4
        desk = start()
        QTest.keyClick(listed(desk), KEY.Key_Return)
        assert listed(desk) is None
        assert len(desk.document.dataset) == 240
        desk = start()
        press(row_of(desk, suspicious), "Restore")
        assert len(desk.document.dataset) == 3

    def test_restores_that_no_good_end_follows_are_counted(self, crashed, start):
        path = crashed(3)
        for n_crashes in range(3):
            desk = start()
            (row,) = rows(desk)
            assert row.left.n_crashes == n_crashes
            press(row, "Restore")
            desk.files.recovery._unlock()
        desk = start()
        press(rows(desk)[0], "Restore")
        desk.files.keep_for_next_start()
        assert row_of(start(), path).left.n_crashes == 0


class TestUnreadable:
    @pytest.fixture
    def broken(self):
        recovery_folder().mkdir(parents=True, exist_ok=True)
        path = recovery_folder() / "broken.netcanvas"
        path.write_bytes(b"PK\x03\x04 cut off")
        return path

    def test_it_is_shown_with_its_place_and_kept(self, broken, crashed, start, qtbot):
        kept = crashed(3)
        os.utime(kept, (1, 1))
        desk = start()
        qtbot.waitUntil(lambda: any(str(broken) in text for text in texts(row_of(desk, broken))))
        assert [button.isEnabled() for button in row_of(desk, broken).findChildren(QPushButton)] == [False, True, True]
        QTest.keyClick(listed(desk), KEY.Key_Return)
        assert len(desk.document.dataset) == 3
        assert broken.read_bytes() == b"PK\x03\x04 cut off"

    def test_a_restore_that_fails_keeps_it_and_the_list(self, broken, start):
        desk = start()
        press(row_of(desk, broken), "Restore")  # Before it has been read for its picture.
        assert any(str(broken) in text for text in texts(row_of(desk, broken)))
        assert not desk.isWindowModified()
        assert broken.exists()


class TestAutosave:
    def test_saving_and_closing_take_it_away(self, ran, path, left, save_to):
        ran.files.keep()
        save_to(ran, path)
        assert left() == []
        ran.document.points.add("place point", [[1.0, 1.0]])
        ran.files.keep()
        ran.files.close()
        assert not list(recovery_folder().glob("*"))

    def test_a_run_that_only_trained_is_kept_at_a_signal_to_end(self, make_desk, start, qtbot):
        desk = make_desk()
        desk.document.run.set_playing(True)
        qtbot.waitUntil(lambda: desk.document.displayed.step > 50)
        desk.files.keep_for_next_start()
        assert not desk.files.is_modified
        kept = desk.document.run.step_count
        other = start()
        assert rows(other)[0].left.n_steps == kept

    @pytest.mark.skipif(sys.platform == "win32", reason="POSIX's modes")
    def test_only_the_owner_may_look_and_what_a_killed_save_left_goes(self, ran):
        folder = recovery_folder()
        ran.files.keep()
        (folder / ".netcanvas-01234567-89abcdef.part").touch()
        (folder / "0123.json").touch()
        ran.files.offer_recovery()
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert len({path.stem for path in folder.iterdir()}) == 1

    def test_a_full_disk_is_no_reason_to_stop(self, ran, monkeypatch, caplog, left):
        def fail(experiment, path):
            raise ExperimentError("there is no room on the disk")

        with monkeypatch.context() as patches:
            patches.setattr(recovery, "save_experiment", fail)
            ran.files.keep()
        assert "the autosave failed" in caplog.text
        ran.files.keep()
        assert len(load_experiment(left()[0]).setup.dataset) == 242

    def test_what_changed_while_an_autosave_was_written_is_kept_at_a_signal_to_end(self, ran, start, monkeypatch):
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
        other = start()
        press(rows(other)[0], "Restore")
        assert other.document.dataset == ran.document.dataset

    def test_after_a_kill(self, start, answered):
        """The program is killed without any warning; the next start has what was there half a minute before."""
        code = (
            "import sys, time; sys.path.insert(0, sys.argv[1]);"
            "from gui.app import make_application; app = make_application([]);"
            "from gui.main_window import MainWindow; w = MainWindow();"
            "w.document.points.add('place point', [[1.5, 2.5]]); w.files.keep();"
            "print('kept', flush=True); time.sleep(60)"
        )
        environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
        root = str(Path(recovery.__file__).resolve().parents[2])
        program = subprocess.Popen(
            [sys.executable, "-c", code, root], stdout=subprocess.PIPE, env=environment, text=True
        )
        assert program.stdout is not None
        assert program.stdout.readline() == "kept\n"
        program.kill()
        program.wait()
        program.stdout.close()
        window = start()
        press(rows(window)[0], "Restore")
        answered(window.document)

        np.testing.assert_array_equal(window.document.dataset.points[-1], [1.5, 2.5])
        window.files.close()
        assert list(recovery_folder().iterdir()) == [], "nor is its lock there any more"
