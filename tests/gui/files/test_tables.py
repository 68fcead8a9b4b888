import json
import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QGraphicsView, QMessageBox, QPushButton, QSpinBox

from gui.dialogs.import_table import ImportDialog
from gui.files.tables import NETWORK_FORMATS
from model import Dataset
from model.table.points import dataset_of, guess_columns, read_table, write_table

LEFT = Qt.MouseButton.LeftButton
CTRL, NO_MODIFIER = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

POINTS = Dataset([[0.5, 1.5], [-2.25, 1 / 3], [4.0, -5.0]], [0, 1, 2], [False, True, False], 3)


@pytest.fixture
def document(window):
    return window.document


@pytest.fixture
def clipboard(qapp):
    board = QGuiApplication.clipboard()
    board.clear()
    yield board
    board.clear()


@pytest.fixture
def save_as(monkeypatch):
    """Answer the next file dialog."""

    def answer(path, chosen_filter=""):
        reply = (str(path), chosen_filter) if path else ("", "")
        monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_args: reply)

    return answer


def action(window, name):
    return window.findChild(QAction, name)


def said(window):
    return window.statusBar().currentMessage()


def opened(window):
    dialogs = [dialog for dialog in window.findChildren(ImportDialog) if dialog.isVisible()]
    return dialogs[0] if dialogs else None


def told(window):
    """Return the sentence of the message box, and close it."""
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    text = box.text()
    QTest.keyClick(box, Qt.Key.Key_Escape)
    return text


def accept(dialog):
    QTest.mouseClick(dialog.findChild(QPushButton, "primary"), LEFT)


# In


def test_a_file_is_chosen_and_imported(window, document, tmp_path, monkeypatch):
    before = document.dataset
    path = tmp_path / "points.csv"
    path.write_text(write_table(POINTS))
    folders = []

    def choose(_parent, _title, folder, _filter):
        folders.append(folder)
        return (str(path), "")

    monkeypatch.setattr(QFileDialog, "getOpenFileName", choose)
    QTest.keyClick(window, Qt.Key.Key_I, CTRL)
    assert opened(window).windowTitle() == "Import points.csv"
    accept(opened(window))
    assert document.dataset == POINTS
    assert said(window) == "3 points in 3 classes (A, B, C), 1 of them for testing."
    document.undo()
    assert document.dataset == before
    action(window, "import_data").trigger()
    assert folders == ["", str(tmp_path)]


def test_no_file_chosen_means_nothing(window, monkeypatch):
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: ("", ""))
    action(window, "import_data").trigger()
    assert opened(window) is None


def test_a_file_that_cannot_be_read_is_told(window, tmp_path, monkeypatch):
    for path, reason in ((tmp_path / "gone.csv", "it is no file"), (tmp_path, "it is no file")):
        monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args, path=path: (str(path), ""))
        action(window, "import_data").trigger()
        assert told(window) == f"{path} cannot be read: {reason}."
    large = tmp_path / "large.csv"
    with large.open("wb") as file:
        file.truncate(20_000_001)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(large), ""))
    action(window, "import_data").trigger()
    assert told(window) == f"{large} is too large for a table: allowed are 20,000,000 bytes."


def test_a_dropped_table_is_imported(window, document, tmp_path, drop):
    path = tmp_path / "points.csv"
    path.write_text(write_table(POINTS))
    # A view that took drags would keep them from the window.
    assert not any(view.acceptDrops() for view in window.findChildren(QGraphicsView))
    assert drop(window, path)
    accept(opened(window))
    assert document.dataset == POINTS


# Copy and paste


def test_all_points_or_the_selected_ones_are_copied_for_a_spreadsheet(window, document, clipboard):
    document.set_data("", POINTS)
    QTest.keyClick(window, Qt.Key.Key_C, CTRL)
    assert clipboard.text().splitlines()[:2] == ["x1\tx2\tclass\tset", "0.5\t1.5\tA\ttrain"]
    assert len(clipboard.text().splitlines()) == 4
    assert said(window) == "Copied 3 points as a table."
    document.select_points(np.array([1]))
    QTest.keyClick(window, Qt.Key.Key_C, CTRL)
    assert clipboard.text() == f"x1\tx2\tclass\tset\n-2.25\t{1 / 3!r}\tB\ttest\n"


def test_without_points_nothing_is_copied(window, document, clipboard):
    document.clear_points()
    clipboard.setText("before")
    QTest.keyClick(window, Qt.Key.Key_C, CTRL)
    assert clipboard.text() == "before"
    assert said(window) == "There are no points to copy."


def test_copied_points_are_pasted_as_they_were(window, document, clipboard):
    document.set_data("", POINTS)
    QTest.keyClick(window, Qt.Key.Key_C, CTRL)
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    data = document.dataset
    assert data.points.tolist() == [*POINTS.points.tolist(), *POINTS.points.tolist()]
    assert data.labels.tolist() == [0, 1, 2, 0, 1, 2]
    assert data.is_test.tolist() == [False, True, False] * 2
    assert document.selected_points.tolist() == [3, 4, 5]
    assert said(window) == "Pasted 3 points."
    QTest.keyClick(window, Qt.Key.Key_Z, CTRL)
    assert document.dataset == POINTS


def test_our_own_points_are_pasted_among_values(window, document, clipboard):
    clipboard.setText(write_table(POINTS, separator="\t"))
    document.set_regression(True)
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert document.dataset.labels[-3:].tolist() == [-1.0, 0.0, 1.0]


def test_values_are_copied_and_pasted(window, document, clipboard):
    document.set_data("", Dataset([[0, 1], [2, 3]], [0.25, -0.5], None, 0))
    QTest.keyClick(window, Qt.Key.Key_C, CTRL)
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert document.dataset.labels.tolist() == [0.25, -0.5, 0.25, -0.5]


def test_two_numbers_become_points_of_the_current_class(window, document, clipboard):
    document.set_data("", POINTS)
    document.set_view(current_class=2)
    clipboard.setText("0.1 0.2\n-3 4")
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert document.dataset.points[3:].tolist() == [[0.1, 0.2], [-3, 4]]
    assert document.dataset.labels[3:].tolist() == [2, 2]


def test_two_numbers_and_a_class_are_pasted_at_once(window, document, clipboard):
    document.set_data("", POINTS)
    before = document.network_settings
    clipboard.setText("1,5\t2\tE\n-3\t4\tB")
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert document.dataset.points[3:].tolist() == [[1.5, 2], [-3, 4]]
    assert document.dataset.labels[3:].tolist() == [4, 1]
    assert document.network_settings.n_classes == 5
    document.undo()
    assert document.network_settings == before
    assert document.dataset == POINTS
    clipboard.setText("1 2 no\n-3 4 yes")
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert document.dataset.labels[3:].tolist() == [0, 1]
    assert said(window) == "Pasted 2 points: A = no, B = yes."


@pytest.mark.parametrize(
    "text",
    [
        "1 2 3 A\n4 5 6 B\n",
        "10 20\n30 40\n",
        "1 2 0.5\n3 4 0.25\n",
        "x1,x2,class,set\n1,oops,A,train\n2,3,A,train\n4,5,A,train\n",
    ],
)
def test_what_is_not_plain_is_asked(window, document, clipboard, text):
    before = document.dataset
    clipboard.setText(text)
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    dialog = opened(window)
    assert dialog.windowTitle() == "Import from the Clipboard"
    assert dialog.pending.adding
    assert dialog.pending.choice.scale == guess_columns(read_table(text)).scale
    dialog.reject()
    assert document.dataset == before


@pytest.mark.parametrize("text", ["", "hello", "several words\nand more words", "1\n2\n3", "a,b\nc\n"])
def test_anything_else_is_refused_with_a_sentence(window, document, clipboard, text):
    before = document.dataset
    clipboard.setText(text)
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert document.dataset is before
    assert opened(window) is None
    assert said(window).endswith((".", "columns."))
    assert "clipboard" in said(window)


def test_a_picture_is_no_table(window, document, clipboard):
    clipboard.setPixmap(window.grab())
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert said(window).startswith("There is no table of points on the clipboard")


def test_a_copied_file_is_opened(window, clipboard, tmp_path):
    path = tmp_path / "points.tsv"
    path.write_text("1\t2\n3\t4\n")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    clipboard.setMimeData(mime)
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert opened(window).windowTitle() == "Import points.tsv"
    opened(window).reject()


def test_in_a_text_field_the_keys_belong_to_it(window, document, clipboard):
    before = document.dataset
    (field,) = [box for box in window.findChildren(QSpinBox) if box.accessibleName() == "Seed" and box.isVisible()][:1]
    field.setFocus()
    field.selectAll()
    editor = field.lineEdit()
    QTest.keyClick(field, Qt.Key.Key_C, CTRL)
    assert clipboard.text() == editor.text()
    clipboard.setText("77")
    field.selectAll()
    QTest.keyClick(field, Qt.Key.Key_V, CTRL)
    assert editor.text() == "77"
    assert document.dataset is before
    assert said(window) == ""


def test_a_full_data_set_takes_no_more(window, document, clipboard):
    document.set_data("", Dataset(np.zeros((100_000, 2)), np.zeros(100_000, dtype=int)))
    clipboard.setText("1 2\n3 4\n")
    QTest.keyClick(window, Qt.Key.Key_V, CTRL)
    assert "Replace the points instead" in opened(window).pending.problem
    opened(window).reject()
    assert len(document.dataset) == 100_000
    with pytest.raises(ValueError, match="there may be 100,000 points"):
        document.paste_points("", POINTS)
    with pytest.raises(ValueError, match="there may be 100,000 points"):
        document.set_data("", Dataset(np.zeros((100_001, 2)), np.zeros(100_001, dtype=int)))


# Out


def test_points_are_exported_and_read_back(window, document, tmp_path, save_as):
    document.set_data("", POINTS)
    for name in ("points.csv", "points"):
        save_as(tmp_path / name)
        QTest.keyClick(window, Qt.Key.Key_E, CTRL)
        table = read_table((tmp_path / "points.csv").read_bytes())
        assert dataset_of(table, guess_columns(table)).dataset == POINTS
        assert said(window) == f"Wrote {tmp_path / 'points.csv'}."
        (tmp_path / "points.csv").unlink()


def test_a_file_that_the_dialog_did_not_ask_about_is_not_lost(window, tmp_path, save_as):
    path = tmp_path / "points.csv"
    path.write_text("precious")
    save_as(tmp_path / "points")
    action(window, "export_data").trigger()
    assert told(window) == f"{path} exists already."
    assert path.read_text() == "precious"
    action(window, "export_data").trigger()
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    (button,) = [button for button in box.buttons() if button.text() == "Replace"]
    QTest.mouseClick(button, LEFT)
    assert path.read_text().startswith("x1,x2,class,set\n")


def test_what_cannot_be_written_is_told_and_the_old_file_stays(window, document, tmp_path, save_as, monkeypatch):
    save_as(tmp_path / "nowhere" / "points.csv")
    action(window, "export_data").trigger()
    assert told(window) == (
        f"{tmp_path / 'nowhere' / 'points.csv'} cannot be written: No such file or directory. "
        "Choose a folder that exists."
    )
    path = tmp_path / "out" / "points.csv"
    path.parent.mkdir()
    path.write_text("before")

    def full(_descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    save_as(path)
    action(window, "export_data").trigger()
    assert "No space left on device. Make room on that disk" in told(window)
    assert path.read_text() == "before"
    assert os.listdir(path.parent) == ["points.csv"]
    document.clear_points()
    action(window, "export_data").trigger()
    assert told(window).startswith("There are no points to export.")


@pytest.mark.parametrize("regression", [False, True])
@pytest.mark.parametrize("entry", NETWORK_FORMATS, ids=lambda entry: entry.filter)
def test_the_network_is_exported_in_every_format(window, document, answered, tmp_path, save_as, entry, regression):
    document.set_regression(regression)
    answered(document)
    network = document.displayed.network
    save_as(tmp_path / "net", entry.filter)
    action(window, "export_network").trigger()
    path = tmp_path / f"net{entry.suffix}"
    content = path.read_bytes()
    if entry.suffix == ".json":
        assert json.loads(content)["layer_sizes"] == list(network.settings.layer_sizes)
    elif entry.suffix == ".npz":
        with np.load(path) as arrays:
            assert np.array_equal(arrays["weights_1"], network.weights[0])
    else:
        text = content.decode()
        assert ("import torch" in text) == ("PyTorch" in entry.filter)
        assert ("CLASS_NAMES" in text) != regression
    if "NumPy)" in entry.filter:
        done = subprocess.run(
            [sys.executable, str(path), "0.5", "-1.5"], capture_output=True, text=True, check=True, timeout=50
        )
        assert done.stdout.strip()


def test_a_typed_suffix_chooses_the_format(window, tmp_path, save_as):
    save_as(tmp_path / "net.json", NETWORK_FORMATS[0].filter)
    action(window, "export_network").trigger()
    assert json.loads((tmp_path / "net.json").read_text())
    save_as(tmp_path / "net.py", NETWORK_FORMATS[1].filter)
    action(window, "export_network").trigger()
    assert "import torch" in (tmp_path / "net.py").read_text()
    save_as(None)
    action(window, "export_network").trigger()


def test_a_network_that_cannot_be_written_is_told(window, tmp_path, save_as, monkeypatch):
    def refuse(_network, _names):
        raise ValueError("the network has weights that are no finite numbers; reset it")

    monkeypatch.setattr("gui.files.tables.numpy_script", refuse)
    save_as(tmp_path / "net.py", NETWORK_FORMATS[0].filter)
    action(window, "export_network").trigger()
    assert (
        told(window) == "The network cannot be exported: the network has weights that are no finite numbers; reset it."
    )
    assert not (tmp_path / "net.py").exists()
