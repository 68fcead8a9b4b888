"""File dialogs that are answered, and files that are dropped."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog, QMainWindow, QWidget

from gui.dialogs.import_table import ImportDialog
from gui.document.document import Document
from gui.files.experiments import ExperimentFiles

COPY, LEFT = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
NO_MODIFIER = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def clipboard(qapp):
    """The clipboard, empty before and after."""
    board = QGuiApplication.clipboard()
    board.clear()
    yield board
    board.clear()


@pytest.fixture(autouse=True)
def no_recent_files(qapp):
    QSettings().remove("files")


@pytest.fixture(autouse=True)
def no_file_dialog_waits(monkeypatch):
    """Fail where a file dialog opens that a test does not answer: nobody else would."""

    def refuse(_parent, title, *_arguments):
        raise AssertionError(f"a file dialog opened: {title}")

    for name in ("getOpenFileName", "getSaveFileName"):
        monkeypatch.setattr(QFileDialog, name, refuse)


class Desk(QMainWindow):
    """A window without panels, about a document and its file."""

    def __init__(self):
        super().__init__()
        self.document = Document(self)
        self.document.view.set(speed=None)
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


@pytest.fixture
def path(tmp_path):
    return tmp_path / "run.netcanvas"


@pytest.fixture
def said(bare_window: QMainWindow) -> Callable[[], str]:
    """Return what stands at the foot of the bare window."""
    return lambda: bare_window.statusBar().currentMessage()


@pytest.fixture
def opened(bare_window: QMainWindow) -> Callable[[], ImportDialog | None]:
    """Return the import dialog that is open in front of the bare window."""

    def find() -> ImportDialog | None:
        dialogs = [dialog for dialog in bare_window.findChildren(ImportDialog) if dialog.isVisible()]
        return dialogs[0] if dialogs else None

    return find


@pytest.fixture
def choose_file(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Answer every file dialog from now on, with nothing for "cancelled"; return where each one begins."""

    def choose(path: object, chosen_filter: str = "") -> list[str]:
        starts: list[str] = []

        def answer(_parent: QWidget, _title: str, start: str, *_filters: str) -> tuple[str, str]:
            starts.append(start)
            return (str(path), chosen_filter) if path else ("", "")

        for name in ("getOpenFileName", "getSaveFileName"):
            monkeypatch.setattr(QFileDialog, name, answer)
        return starts

    return choose


@pytest.fixture
def drop_mime() -> Callable[[QWidget, QMimeData], bool]:
    """Drag something over a widget and drop it; return whether it was taken."""

    def drag_and_drop(widget: QWidget, mime: QMimeData) -> bool:
        place = widget.rect().center()
        enter = QDragEnterEvent(place, COPY, mime, LEFT, NO_MODIFIER)
        QApplication.sendEvent(widget, enter)
        if not enter.isAccepted():
            return False
        move = QDragMoveEvent(place, COPY, mime, LEFT, NO_MODIFIER)
        QApplication.sendEvent(widget, move)
        event = QDropEvent(QPointF(place), COPY, mime, LEFT, NO_MODIFIER)
        QApplication.sendEvent(widget, event)
        return move.isAccepted() and event.isAccepted()

    return drag_and_drop


@pytest.fixture
def drop(drop_mime: Callable[[QWidget, QMimeData], bool]) -> Callable[..., bool]:
    """Drag files over a widget and drop them; return whether they were taken."""

    def drag_and_drop(widget: QWidget, *paths: object) -> bool:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        return drop_mime(widget, mime)

    return drag_and_drop


@pytest.fixture
def save_to(choose_file: Callable[..., list[str]]) -> Callable[[QMainWindow, Path], None]:
    """Save a window's experiment to a file, as by Save As."""

    def save(window: QMainWindow, path: Path) -> None:
        choose_file(path)
        window.files.save_as()
        assert window.files.path == path

    return save
