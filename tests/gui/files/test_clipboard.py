from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QSpinBox

from gui.dialogs.pending_import import PendingImport
from gui.files.clipboard import Clipboard
from gui.files.experiments import ExperimentFiles
from gui.files.tables import TableFiles
from model import Dataset
from model.data.naming import Axis, Naming
from model.table.points import guess_columns, read_table, write_table

CTRL = Qt.KeyboardModifier.ControlModifier
POINTS = Dataset([[0.5, 1.5], [-2.25, 1 / 3], [4.0, -5.0]], [0, 1, 2], [False, True, False], 3)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def board(bare_window, document):
    return Clipboard(bare_window, document, ExperimentFiles(bare_window, document), TableFiles(bare_window, document))


def test_all_points_or_the_selected_ones_are_copied_for_a_spreadsheet(board, document, clipboard, said):
    document.points.set_data("", POINTS)
    board.copy_points()
    assert clipboard.text().splitlines()[:2] == ["x1\tx2\tclass\tset", "0.5\t1.5\tA\ttrain"]
    assert len(clipboard.text().splitlines()) == 4
    assert said() == "Copied 3 points as a table."
    document.view.select_points(np.array([1]))
    board.copy_points()
    assert clipboard.text() == f"x1\tx2\tclass\tset\n-2.25\t{1 / 3!r}\tB\ttest\n"


def test_without_points_nothing_is_copied(board, document, clipboard, said):
    document.points.clear()
    clipboard.setText("before")
    board.copy_points()
    assert clipboard.text() == "before"
    assert said() == "There are no points to copy."


def test_copied_points_are_pasted_as_they_were(board, document, clipboard, said):
    document.points.set_data("", POINTS)
    board.copy_points()
    board.paste_points()
    data = document.dataset
    assert data.points.tolist() == [*POINTS.points.tolist(), *POINTS.points.tolist()]
    assert data.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert data.is_test.tolist() == [False, True, False] * 2
    assert document.view.selected_points.tolist() == [3, 4, 5]
    assert said() == "Pasted 3 points."
    document.changes.undo()
    assert document.dataset == POINTS


def test_our_own_points_are_pasted_among_values(board, document, clipboard):
    clipboard.setText(write_table(POINTS, separator="\t"))
    document.points.set_kind("values")
    board.paste_points()
    assert document.dataset.labels[-3:].tolist() == [-1.0, 0.0, 1.0]


def test_values_are_copied_and_pasted(board, document, clipboard):
    document.points.set_data("", Dataset([[0, 1], [2, 3]], [0.25, -0.5], None, 0))
    board.copy_points()
    board.paste_points()
    assert document.dataset.labels.tolist() == [0.25, -0.5, 0.25, -0.5]


def test_two_numbers_become_points_of_the_current_class(board, document, clipboard):
    document.points.set_data("", POINTS)
    document.view.set(current_class=2)
    clipboard.setText("0.1 0.2\n-3 4")
    board.paste_points()
    assert document.dataset.points[3:].tolist() == [[0.1, 0.2], [-3, 4]]
    assert document.dataset.labels[3:].tolist() == [2, 2]


def test_two_numbers_and_a_class_are_pasted_at_once(board, document, clipboard, said):
    document.points.set_data("", POINTS)
    before = document.network_settings
    clipboard.setText("1,5\t2\tE\n-3\t4\tB")
    board.paste_points()
    assert document.dataset.points[3:].tolist() == [[1.5, 2], [-3, 4]]
    assert document.dataset.labels[3:].tolist() == [4, 1]
    assert document.network_settings.n_classes == 5
    document.changes.undo()
    assert document.network_settings == before
    assert document.dataset == POINTS
    clipboard.setText("1 2 no\n-3 4 yes")
    board.paste_points()
    assert document.dataset.labels[3:].tolist() == [0, 1]
    assert document.dataset.class_names == ("no", "yes", "C")
    assert said() == "Pasted 2 points; class A is now no, B is now yes.", "the points that were there are, too"


LENGTH, WIDTH = Axis("length", 6.0, 0.25), Axis("width", 3.0, 0.125)
FLOWERS = Dataset(
    [[-4, 4], [0, 2], [4, -4]], [0, 1, 1], None, 2, naming=Naming(LENGTH, WIDTH, Axis("species"), ("setosa", "other"))
)


def test_copied_points_are_in_the_units_and_by_the_names_of_the_person_and_come_back(board, document, clipboard):
    document.points.set_data("", FLOWERS)
    board.copy_points()
    assert clipboard.text().splitlines()[:2] == ["length\twidth\tspecies\tset", "5.0\t3.5\tsetosa\ttrain"]
    board.paste_points()
    assert document.dataset == FLOWERS.take([0, 1, 2, 0, 1, 2])


def test_numbers_and_names_are_placed_by_those_of_the_points_that_are_there(board, document, clipboard):
    document.points.set_data("", FLOWERS)
    clipboard.setText("6.5\t2.5\tother\n5.5\t3.0\tnew\n5.5\t3.0\tsetosa")
    board.paste_points()
    assert document.dataset.points[3:].tolist() == [[2, -4], [-2, 0], [-2, 0]]
    assert document.dataset.labels[3:].tolist() == [1, 2, 0]
    assert document.dataset.naming == replace(FLOWERS.naming, classes=("setosa", "other", "new"))
    document.changes.undo()
    assert document.dataset == FLOWERS


@pytest.mark.parametrize("header", ["width\tspecies\tlength", "Width\tSpecies\tLength"])
def test_columns_are_found_by_the_names_of_the_points_that_are_there(document, clipboard, header):
    document.points.set_data("", FLOWERS)
    clipboard.setText(f"{header}\n2.5\tother\t6.5\n3.0\tsetosa\t5.5")
    pending = PendingImport(document.changes, document.view, clipboard.text(), adding=True)
    assert (pending.choice.x1, pending.choice.x2, pending.choice.label) == (2, 0, 1)
    assert pending.imported.dataset.points.tolist() == [[2, -4], [-2, 0]]
    assert pending.imported.dataset.labels.tolist() == [1, 0]


def test_plain_points_are_pasted_where_they_are_on_the_plane(board, document, clipboard):
    document.points.set_data("", FLOWERS)
    clipboard.setText("x1\tx2\tclass\tset\n1.0\t-2.0\tB\ttrain\n")
    board.paste_points()
    assert document.dataset.points[3].tolist() == [1, -2]
    assert document.dataset.class_name(document.dataset.labels[3]) == "other"
    assert document.dataset.naming == FLOWERS.naming


def test_where_nothing_is_yet_pasted_points_bring_names_and_units(board, document, clipboard):
    document.points.set_data("", FLOWERS)
    board.copy_points()
    document.points.clear()
    assert document.dataset.naming.is_plain
    clipboard.setText("length\twidth\tspecies\tset\n5.0\t3.5\tsetosa\ttrain\n3.0\t2.5\tother\ttrain\n")
    board.paste_points()
    assert document.dataset.class_names == ("setosa", "other")
    assert (document.dataset.naming.x1.name, document.dataset.naming.value.name) == ("length", "species")


def test_points_of_a_curve_are_copied_and_pasted_with_their_heights(board, document, clipboard):
    curve = Dataset.curve([[0, 1], [2, -3]], [True, False])
    document.points.set_data("", curve)
    board.copy_points()
    assert clipboard.text() == "x\ty\tset\n0.0\t0.25\ttest\n2.0\t-0.75\ttrain\n"
    board.paste_points()
    clipboard.setText("1 0.5\n2 -1.5")
    board.paste_points()
    points = [[0, 1], [2, -3], [0, 1], [2, -3], [1, 2], [2, -6]]
    assert document.dataset.points.tolist() == points
    assert document.dataset.labels.tolist() == [y / 4 for _, y in points]
    assert document.dataset.is_test.tolist()[:4] == [True, False, True, False]
    document.changes.undo()
    document.changes.undo()
    assert document.dataset == curve


def test_our_own_points_of_a_curve_are_pasted_among_others_by_their_height(board, document, clipboard):
    document.points.set_data("", POINTS)
    clipboard.setText(write_table(Dataset.curve([[0, 1], [2, -3]]), separator="\t"))
    board.paste_points()
    assert document.dataset.labels[-2:].tolist() == [1, 0]
    assert document.dataset.points[-2:].tolist() == [[0, 1], [2, -3]]


@pytest.mark.parametrize(
    "text",
    [
        "1 2 3 A\n4 5 6 B\n",
        "10 20\n30 40\n",
        "1 2 0.5\n3 4 0.25\n",
        "x1,x2,class,set\n1,oops,A,train\n2,3,A,train\n4,5,A,train\n",
        "1\t2\tA\n3\t#N/A\tB\n",
        "960\t1.000\tA\n970\t1.100\tB\n",
    ],
)
def test_what_is_not_plain_is_asked(board, document, clipboard, text, opened, bare_window):
    before = document.dataset
    clipboard.setText(text)
    board.paste_points()
    dialog = opened()
    assert dialog.windowTitle() == "Import from the Clipboard"
    assert dialog.pending.adding
    assert dialog.pending.choice.scale == guess_columns(read_table(text)).scale
    dialog.reject()
    assert document.dataset == before


@pytest.mark.parametrize("own", [False, True])
def test_a_table_by_its_own_names_takes_the_place_of_an_example_and_joins_own_points(
    board, document, clipboard, opened, bare_window, own
):
    if own:
        document.points.paste("paste points", document.dataset.take([0, 1, 2]))
    clipboard.setText("Zeit [s];Höhe (mm)\n" + "".join(f"{x},5;{200 + x * x}\n" for x in range(12)))
    board.paste_points()
    dialog = opened()
    assert dialog.pending.adding is own
    assert dialog.pending.imported.dataset.is_curve is not own
    dialog.reject()


@pytest.mark.parametrize(
    "text", ["", "hello", "several words\nand more words", "1\n2\n3", "a,b\nc\n", "Hi, all\nbye, you"]
)
def test_anything_else_is_refused_with_a_sentence(board, document, clipboard, text, said, opened):
    before = document.dataset
    clipboard.setText(text)
    board.paste_points()
    assert document.dataset is before
    assert opened() is None
    assert said().endswith((".", "columns."))
    assert "clipboard" in said()


def test_a_picture_is_no_table(board, document, clipboard, said, bare_window):
    clipboard.setPixmap(bare_window.grab())
    board.paste_points()
    assert said().startswith("There is no table of points on the clipboard")


def test_a_copied_file_is_opened(board, clipboard, tmp_path, opened, bare_window):
    path = tmp_path / "points.tsv"
    path.write_text("1\t2\n3\t4\n")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    clipboard.setMimeData(mime)
    board.paste_points()
    assert opened().windowTitle() == "Import points.tsv"
    opened().reject()


def test_of_several_copied_files_none_is_guessed(board, document, clipboard, tmp_path, opened, said):
    before = document.dataset
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("a.csv", "b.csv")])
    clipboard.setMimeData(mime)
    board.paste_points()
    assert said() == "2 files are on the clipboard: copy the one whose points you want."
    assert opened() is None
    assert document.dataset is before


@pytest.mark.parametrize(
    "text",
    [
        "[[0.5, 1.5, 0],\n [2.5, -1.5, 1]]",
        "array([[ 0.5,  1.5,  0. ],\n       [ 2.5, -1.5,  1. ]])",
        "X = [(0.5, 1.5), (2.5, -1.5)]\ny = [0, 1]",
        "| x | y | c |\n|---|---|---|\n| 0.5 | 1.5 | A |\n| 2.5 | -1.5 | B |",
        "\t0,5\t1,5\tA\t\n\t2,5\t-1,5\tB\t\n",
        "# x y c\n0.5 1.5 A\n2.5 -1.5 B\n",
    ],
)
def test_what_programs_and_pages_write_is_pasted(board, document, clipboard, text, opened):
    clipboard.setText(text)
    board.paste_points()
    if opened() is not None:
        QTest.mouseClick(opened().findChild(QPushButton, "primary"), Qt.MouseButton.LeftButton)
    assert document.dataset.points[-2:].tolist() == [[0.5, 1.5], [2.5, -1.5]]
    assert document.dataset.labels[-2:].tolist() == [0, 1]


def test_a_full_data_set_takes_no_more(board, document, clipboard, opened):
    document.points.set_data("", Dataset(np.zeros((100_000, 2)), np.zeros(100_000, dtype=int)))
    clipboard.setText("1 2\n3 4\n")
    board.paste_points()
    assert "Replace the points instead" in opened().pending.problem
    opened().reject()
    assert len(document.dataset) == 100_000
    with pytest.raises(ValueError, match="there may be 100,000 points"):
        document.points.paste("", POINTS)
    with pytest.raises(ValueError, match="there may be 100,000 points"):
        document.points.set_data("", Dataset(np.zeros((100_001, 2)), np.zeros(100_001, dtype=int)))


def test_in_a_text_field_the_keys_belong_to_it(window, clipboard):
    before = window.document.dataset
    (field,) = [
        box for box in window.findChildren(QSpinBox) if box.accessibleName() == "Data seed" and box.isVisible()
    ][:1]
    field.setFocus()
    field.selectAll()
    editor = field.lineEdit()
    QTest.keyClick(field, Qt.Key.Key_C, CTRL)
    assert clipboard.text() == editor.text()
    clipboard.setText("77")
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_V, CTRL)
    assert editor.text() == "77"
    assert window.document.dataset is before
    assert window.statusBar().currentMessage() == ""
