import os

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QGraphicsView, QMessageBox, QPushButton

from gui.dialogs.import_table import ImportDialog
from gui.files.clipboard import Clipboard
from gui.files.experiments import ExperimentFiles
from gui.files.tables import TableFiles
from model import Dataset
from model.table.points import dataset_of, guess_columns, read_table, write_table
from model.table.written import TABLE_FORMATS

CLOSE, CANCEL = QMessageBox.StandardButton.Close, QMessageBox.StandardButton.Cancel
POINTS = Dataset([[0.5, 1.5], [-2.25, 1 / 3], [4.0, -5.0]], [0, 1, 2], [False, True, False], 3)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def tables(bare_window, document):
    return TableFiles(bare_window, document)


def accept(dialog):
    QTest.mouseClick(dialog.findChild(QPushButton, "primary"), Qt.MouseButton.LeftButton)


def test_a_file_is_chosen_and_imported(tables, document, tmp_path, choose_file, opened, said):
    before = document.dataset
    path = tmp_path / "points.csv"
    path.write_text(write_table(POINTS))
    starts = choose_file(path)
    tables.ask_and_import()
    assert opened().windowTitle() == "Import points.csv"
    accept(opened())
    assert document.dataset == POINTS
    assert said() == "3 points in 3 classes (A, B, C), 1 of them for testing."
    document.changes.undo()
    assert document.dataset == before
    tables.ask_and_import()
    assert starts == ["", str(tmp_path)]


def test_no_file_chosen_means_nothing(tables, choose_file, opened):
    choose_file(None)
    tables.ask_and_import()
    assert opened() is None


def test_a_file_that_cannot_be_read_is_told(tables, bare_window, tmp_path, choose_file, answer_box):
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(20_000_001)
    for path, sentence in (
        (tmp_path / "gone.csv", f"{tmp_path / 'gone.csv'} cannot be read: there is no such file."),
        (tmp_path, f"{tmp_path} cannot be read: it is not a file."),
        (large, f"{large} is too large for a table: at most 20,000,000 bytes are allowed."),
    ):
        choose_file(path)
        tables.ask_and_import()
        assert answer_box(bare_window, CLOSE) == sentence


def test_a_table_that_is_dropped_on_the_window_is_imported(window, tmp_path, drop):
    path = tmp_path / "points.csv"
    path.write_text(write_table(POINTS))
    # A view that took drags would keep them from the window.
    assert not any(view.acceptDrops() for view in window.findChildren(QGraphicsView))
    assert drop(window, path)
    accept(window.findChild(ImportDialog))
    assert window.document.dataset == POINTS


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("sheet.xlsx", b"PK\x03\x04 xl/workbook.xml", "sheet.xlsx cannot be imported: this is an Excel workbook;"),
        ("photo.png", b"\x89PNG\r\n", "photo.png cannot be imported: this is a picture;"),
    ],
)
def test_of_a_file_that_is_no_table_it_is_said_what_it_is(
    tables, bare_window, tmp_path, choose_file, answer_box, name, content, sentence
):
    (tmp_path / name).write_bytes(content)
    choose_file(tmp_path / name)
    tables.ask_and_import()
    assert answer_box(bare_window, CLOSE).startswith(sentence)


def test_points_are_exported_and_read_back(tables, document, tmp_path, choose_file, said):
    document.points.set_data("", POINTS)
    for name in ("points.csv", "points"):
        choose_file(tmp_path / name)
        tables.ask_and_export()
        table = read_table((tmp_path / "points.csv").read_bytes())
        assert dataset_of(table, guess_columns(table)).dataset == POINTS
        assert said() == f"Wrote {tmp_path / 'points.csv'}."
        (tmp_path / "points.csv").unlink()


def test_a_file_that_the_dialog_did_not_ask_about_is_not_lost(tables, bare_window, tmp_path, choose_file, answer_box):
    path = tmp_path / "points.csv"
    path.write_text("precious")
    choose_file(tmp_path / "points")
    tables.ask_and_export()
    assert answer_box(bare_window, CANCEL) == f"{path} exists already. It will be replaced."
    assert path.read_text() == "precious"
    tables.ask_and_export()
    answer_box(bare_window, "Replace")
    assert path.read_text().startswith("x1,x2,class,set\n")


def test_what_cannot_be_written_is_told_and_the_old_file_stays(
    tables, bare_window, document, tmp_path, choose_file, monkeypatch, answer_box
):
    choose_file(tmp_path / "nowhere" / "points.csv")
    tables.ask_and_export()
    assert answer_box(bare_window, CLOSE) == (
        f"{tmp_path / 'nowhere' / 'points.csv'} cannot be written: No such file or directory. "
        "Choose a folder that exists."
    )
    path = tmp_path / "out" / "points.csv"
    path.parent.mkdir()
    path.write_text("before")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    choose_file(path)
    tables.ask_and_export()
    assert "No space left on device. Make room on that disk" in answer_box(bare_window, CLOSE)
    assert path.read_text() == "before"
    assert os.listdir(path.parent) == ["points.csv"]
    document.points.clear()
    tables.ask_and_export()
    assert answer_box(bare_window, CLOSE).startswith("There are no points to export.")


@pytest.mark.parametrize(
    ("chosen", "name", "row"),
    [
        ("csv", "p.csv", "0.5,1.5,A,train"),
        ("semicolons", "p.csv", "0,5;1,5;A;train"),
        ("semicolons", "p.tsv", "0,5\t1,5\tA\ttrain"),
        ("tsv", "p.TSV", "0.5\t1.5\tA\ttrain"),
        ("tabs", "p.csv", "0,5;1,5;A;train"),
        ("semicolons", "p.txt", "0,5;1,5;A;train"),
    ],
)
def test_a_table_has_the_signs_of_its_filter_and_its_name(tables, document, tmp_path, choose_file, chosen, name, row):
    document.points.set_data("", POINTS)
    choose_file(tmp_path / name, TABLE_FORMATS[chosen].filter)
    tables.ask_and_export()
    assert (tmp_path / name).read_text().splitlines()[1] == row


def test_the_decimal_sign_is_remembered_for_tables_and_for_what_is_copied(
    tables, document, bare_window, tmp_path, choose_file
):
    document.points.set_data("", POINTS)
    clipboard = Clipboard(bare_window, document, ExperimentFiles(bare_window, document), tables)

    def copied():
        clipboard.copy_points()
        return QGuiApplication.clipboard().text().splitlines()[1]

    assert copied() == "0.5\t1.5\tA\ttrain"
    choose_file(tmp_path / "p.csv", TABLE_FORMATS["semicolons"].filter)
    tables.ask_and_export()
    assert tables.has_decimal_comma
    assert copied() == "0,5\t1,5\tA\ttrain"
    tables.toggle_decimal_comma()
    assert not tables.has_decimal_comma
    assert copied() == "0.5\t1.5\tA\ttrain"
    starts = choose_file(None)
    tables.ask_and_export()
    assert starts == [str(tmp_path / "points.csv")]
