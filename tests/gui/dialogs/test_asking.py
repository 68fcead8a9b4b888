import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from gui import theme
from gui.dialogs.asking import LastFolder, ask_about_suffix, message_box
from gui.theme import Scheme

MARKUP = "<h1>points</h1>.csv"
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def parent(qtbot):
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    return widget


def test_a_box_shows_names_as_they_are(parent):
    box = message_box(parent, QMessageBox.Icon.Warning, MARKUP, MARKUP)
    shown = [text for text in box.findChildren(QLabel) if text.text() == MARKUP]
    assert [text.textFormat() for text in shown] == [Qt.TextFormat.PlainText] * 2


@pytest.mark.parametrize("scheme", [Scheme.LIGHT, Scheme.DARK])
@pytest.mark.parametrize(("kind", "colour"), [("Warning", "negative"), ("Question", "accent")])
def test_the_sign_of_a_box_has_the_colour_of_the_theme(parent, kind, colour, scheme):
    theme.manager().set_scheme(scheme)
    try:
        picture = message_box(parent, QMessageBox.Icon[kind], "What now?").iconPixmap().toImage()
        inks = {picture.pixelColor(x, y).name() for x in range(picture.width()) for y in range(picture.height())}
        assert getattr(theme.current(), colour).name() in inks
    finally:
        theme.manager().set_scheme(Scheme.SYSTEM)


@pytest.mark.parametrize(
    ("typed", "there", "asks"),
    [("points.csv", True, False), ("points.CSV", True, False), ("points", False, False), ("points", True, True)],
)
def test_only_a_name_that_the_file_dialog_has_not_asked_about_is_asked_about(
    parent, tmp_path, answer_box, typed, there, asks
):
    path = tmp_path / (typed if "." in typed else f"{typed}.csv")
    if there:
        path.write_bytes(b"before")
    written = []
    ask_about_suffix(parent, tmp_path / typed, (".csv", ".txt"), written.append)
    if asks:
        assert written == []
        answer_box(parent, "Replace")
    assert written == [path]


def test_the_last_folder_is_remembered_while_it_is_there(tmp_path):
    folder = LastFolder("some/folder")
    assert folder.path is None
    (tmp_path / "data").mkdir()
    folder.remember(tmp_path / "data" / "points.csv")
    assert LastFolder("some/folder").path == tmp_path / "data"
    assert LastFolder("another/folder").path is None
    (tmp_path / "data").rmdir()
    assert folder.path is None
