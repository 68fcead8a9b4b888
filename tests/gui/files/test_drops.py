import pytest
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QMainWindow

from gui.files.drops import Drops


@pytest.fixture
def dropped():
    return []


@pytest.fixture
def window(qtbot, dropped):
    window = QMainWindow()
    qtbot.addWidget(window)
    view = QGraphicsView(QGraphicsScene(window))
    window.setCentralWidget(view)
    Drops(window, {".csv": dropped.append, ".bad": fail}, lambda path: dropped.append(("other", path)), dropped.append)
    return window


def fail(_path):
    raise RuntimeError("a bug")


def test_the_opener_of_its_suffix_gets_a_file(window, drop, dropped, tmp_path):
    for name in ("a.csv", "b.CSV"):
        assert drop(window, tmp_path / name)
    assert dropped == [tmp_path / "a.csv", tmp_path / "b.CSV"]


def test_any_other_file_is_handed_on_so_that_something_is_said(window, drop, dropped, tmp_path):
    assert drop(window, tmp_path / "picture.png")
    assert dropped == [("other", tmp_path / "picture.png")]


def test_cells_that_are_dropped_are_placed(window, drop_mime, dropped):
    mime = QMimeData()
    mime.setText("1\t2\tA\n3\t4\tB\n")
    assert drop_mime(window, mime)
    assert dropped == ["1\t2\tA\n3\t4\tB\n"]


def test_what_is_neither_a_file_nor_a_text_is_not_taken(window, drop, drop_mime, dropped):
    assert not drop(window)
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/points.csv")])
    assert not drop_mime(window, mime)
    assert dropped == []


def test_of_several_files_none_is_guessed(window, drop, dropped, tmp_path):
    assert drop(window, tmp_path / "a.csv", tmp_path / "b.csv")
    assert dropped == []
    assert window.statusBar().currentMessage() == "2 files were dropped: drop the one that you want to open."
    assert drop(window, tmp_path / "picture.png", tmp_path / "b.csv")
    assert dropped == [tmp_path / "b.csv"]


def test_views_leave_drags_to_the_window(window):
    assert window.acceptDrops()
    view = window.centralWidget()
    assert not view.acceptDrops()
    assert not view.viewport().acceptDrops()


def test_an_error_of_an_opener_is_reported_and_goes_no_further(window, drop, qtbot, tmp_path):
    with qtbot.captureExceptions() as raised:
        assert drop(window, tmp_path / "file.bad")
    assert [str(error) for _kind, error, _trace in raised] == ["a bug"]
