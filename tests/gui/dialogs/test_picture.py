import errno
import os

import pytest
import shiboken6
from PySide6.QtCore import QBuffer, QByteArray, QObject, QPoint, QSettings, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter, QPicture
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton

from gui import theme
from gui.dialogs.picture import PictureDialog
from gui.export.stills import VIEWS, Stills, _pdf
from gui.widgets.choices import ChoiceBox

LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def window(shared_window):
    return shared_window


@pytest.fixture
def stills(window):
    return Stills(window, window.document.run)


@pytest.fixture
def dialog(window, qtbot):
    window.findChild(QObject, "export_picture").trigger()
    dialog = window.findChild(PictureDialog)
    qtbot.waitUntil(dialog.isVisible)
    yield dialog
    if shiboken6.isValid(dialog):
        dialog.close()


@pytest.fixture
def fill(dialog, named):
    """Choose a view, a kind and a file in the dialog as a person does."""

    def choose(view, kind, path):
        for name, key in (("View", view), ("Kind of file", kind)):
            box = named(dialog, name, ChoiceBox)
            box.setCurrentIndex(box.findData(key))
            box.activated.emit(box.currentIndex())
        line = named(dialog, "File of the picture", QLineEdit)
        line.clear()
        QTest.keyClicks(line, str(path))

    return choose


def save(dialog):
    button = next(button for button in dialog.findChildren(QPushButton) if button.text() == "Save")
    QTest.mouseClick(button, LEFT)


def message(dialog):
    return " ".join(label.text() for label in dialog.findChildren(QLabel) if label.isVisible())


def colours_of(image):
    small = image.scaled(60, 60)
    return {small.pixelColor(x, y).name() for x in range(60) for y in range(60)}


@pytest.mark.parametrize("view", [name for name in VIEWS if name != "window"])
@pytest.mark.parametrize("scheme", [theme.Scheme.LIGHT, theme.Scheme.DARK])
def test_an_svg_shows_what_the_pixels_show(stills, view, scheme):
    theme.manager().set_scheme(scheme)
    pixels = stills.image(view, 1.0)
    renderer = QSvgRenderer(QByteArray(stills.encoded(view, "svg")))
    drawn = QImage(pixels.size(), QImage.Format.Format_RGB32)
    painter = QPainter(drawn)
    renderer.render(painter)
    painter.end()

    assert renderer.viewBox().size() == pixels.size()
    assert len(colours_of(pixels)) > 4
    assert drawn.pixelColor(QPoint(1, 1)) == pixels.pixelColor(QPoint(1, 1)) == theme.current().panel
    assert mean_difference(drawn, pixels) < 6
    theme.manager().set_scheme(theme.Scheme.SYSTEM)


def mean_difference(first, second):
    size = (80, 80)
    smooth = (Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
    images = [
        image.scaled(*size, *smooth).convertToFormat(QImage.Format.Format_Grayscale8) for image in (first, second)
    ]
    rows = [[image.pixelColor(x, y).value() for x in range(80) for y in range(80)] for image in images]
    return sum(abs(a - b) for a, b in zip(*rows, strict=True)) / 6400


def test_curves_stay_curves_in_an_svg(stills, window):
    n_weights = sum(w.size for w in window.document.displayed.network.weights)

    assert stills.encoded("network", "svg").count(b"<path") >= n_weights


def test_the_views_of_the_window_are_as_before(window, stills):
    view = window.findChild(QObject, "output_view")
    modes = [item.cacheMode() for item in view.scene().items()]
    stills.encoded("output", "pdf")

    assert [item.cacheMode() for item in view.scene().items()] == modes


def test_axes_are_where_the_plot_is_on_a_page():
    # pyqtgraph keeps its axes as pictures of the screen, which are scaled for a device of other dots per inch.
    device = _pdf(QBuffer(), QSize(300, 200))

    assert device.logicalDpiX() == QPicture().logicalDpiX()
    assert (device.width(), device.height()) == (300, 200)


def test_pixels_are_two_for_each_of_the_window(stills, window):
    widget = window.findChild(QObject, "network_view")

    assert stills.image("network").width() == 2 * (widget.width() + 24)
    assert stills.image("window").size() == window.size() * 2


def test_every_view_is_there_in_every_kind(stills):
    for view in stills.shown():
        assert QImage.fromData(stills.encoded(view, "png")).size() == stills.image(view).size()
        assert QSvgRenderer(QByteArray(stills.encoded(view, "svg"))).isValid()
        assert stills.encoded(view, "pdf").startswith(b"%PDF-")


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_save_writes_the_view_and_closes(dialog, fill, stills, tmp_path, kind, qtbot):
    path = tmp_path / f"picture.{kind}"
    fill("network", kind, path)
    with qtbot.waitSignal(dialog.accepted):
        save(dialog)

    content = path.read_bytes()
    if kind == "png":
        assert QImage(str(path)).size() == stills.image("network").size()
    elif kind == "svg":
        assert QSvgRenderer(str(path)).isValid()
    else:
        assert content.startswith(b"%PDF-")
        assert b"%%EOF" in content[-16:]
    assert not list(tmp_path.glob(".netcanvas*"))


def test_the_kind_is_the_end_of_the_name(dialog, fill, tmp_path):
    fill("output", "pdf", tmp_path / "mine")
    save(dialog)

    assert (tmp_path / "mine.pdf").exists()
    assert QSettings().value("picture/kind") == "pdf"


def test_a_file_that_is_there_is_asked_about(dialog, fill, tmp_path, answer_box):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    fill("output", "png", path)
    save(dialog)
    answer_box(dialog, "Cancel")
    assert path.read_bytes() == b"old"
    save(dialog)
    answer_box(dialog, "Replace")
    assert not QImage(str(path)).isNull()


def test_the_file_dialog_s_question_is_enough(dialog, fill, tmp_path, monkeypatch, named):
    path = tmp_path / "picture.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    fill("output", "png", "")
    QTest.mouseClick(named(dialog, "Choose the file of the picture", QPushButton), LEFT)
    save(dialog)

    assert not QImage(str(path)).isNull()


def test_a_folder_that_is_not_there_is_told(dialog, fill, tmp_path):
    fill("output", "png", tmp_path / "nowhere" / "picture.png")
    save(dialog)

    assert "Choose a folder that exists." in message(dialog)


def test_a_full_disk_leaves_nothing(dialog, fill, tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("model.writing.os.fsync", full)
    fill("output", "png", tmp_path / "picture.png")
    save(dialog)

    assert "Make room on that disk" in message(dialog)
    assert not list(tmp_path.glob("*.png"))
    assert not list(tmp_path.glob(".netcanvas*"))


def test_no_name_is_told(dialog, fill):
    fill("output", "png", "")
    save(dialog)

    assert "There is no name" in message(dialog)


def test_only_views_that_are_shown_are_offered(window, stills):
    window.show_panel("Output", False)

    assert "output" not in stills.shown()
    assert stills.focused() == "network"


def test_copy_puts_the_output_on_the_clipboard(window, stills, qtbot):
    window.findChild(QObject, "copy_picture").trigger()

    assert QGuiApplication.clipboard().image().size() == stills.image("output").size()
    QGuiApplication.clipboard().clear()


def test_copy_prefers_the_view_with_the_focus(window, stills):
    window.findChild(QObject, "network_view").setFocus()
    window.findChild(QObject, "copy_picture").trigger()

    assert QGuiApplication.clipboard().image().size() == stills.image("network").size()
    QGuiApplication.clipboard().clear()
