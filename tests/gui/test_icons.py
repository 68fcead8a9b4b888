import gc
import re

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap

from gui.icons import ICON_FOLDER, icon, icon_names

TRAINING = ["play", "pause", "step", "epoch", "rewind", "reinitialise", "halve", "undo", "redo", "pin"]
DATA = ["tool-point", "tool-brush", "tool-move", "tool-select", "tool-erase", "add", "remove", "delete", "regenerate"]
VIEW = ["fit", "eye", "theme-light", "theme-dark", "close", "netcanvas", "fold", "unfold"]
SURGERY = ["lock", "mute", "split", "prune"]
SIGNS = ["dead", "saturated", "to-do", "done"]
NAMES = [*TRAINING, *DATA, *VIEW, *SURGERY, *SIGNS]

INK = QColor("#1c2430")


@pytest.fixture(autouse=True)
def _application(qapp):
    pass


def image(shown, size=24, ratio=1.0, mode=QIcon.Mode.Normal, state=QIcon.State.Off):
    return shown.pixmap(QSize(size, size), ratio, mode, state).toImage()


def middle(picture):
    return picture.pixelColor(picture.width() // 2, picture.height() // 2)


@pytest.mark.parametrize("name", NAMES)
def test_each_icon_is_drawn_by_the_same_hand(name):
    picture = image(icon(name, INK), 20)
    inked = sum(picture.pixelColor(x, y).alpha() > 128 for x in range(picture.width()) for y in range(picture.height()))
    assert inked > 0.02 * picture.width() * picture.height()
    if name != "netcanvas":
        text = (ICON_FOLDER / f"{name}.svg").read_text(encoding="utf-8")
        assert 'viewBox="0 0 24 24"' in text
        assert 'stroke="currentColor" stroke-width="1.8" stroke-linecap="round"' in text
        assert set(re.findall(r'(?:fill|stroke)="([^"]+)"', text)) <= {"none", "currentColor"}


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_an_icon_has_the_pixels_of_the_screen(ratio):
    assert image(icon("add", INK), 20, ratio).size() == QSize(round(20 * ratio), round(20 * ratio))


def test_colours_follow_mode_and_state():
    shown = icon("add", QColor("#ff0000"), disabled=QColor("#00ff00"), on=QColor("#0000ff"))
    assert middle(image(shown)) == QColor("#ff0000")
    assert middle(image(shown, mode=QIcon.Mode.Active)) == QColor("#ff0000")
    assert middle(image(shown, mode=QIcon.Mode.Disabled)) == QColor("#00ff00")
    assert middle(image(shown, state=QIcon.State.On)) == QColor("#0000ff")


def test_a_disabled_icon_is_fainter_when_nothing_is_said():
    colour = middle(image(icon("add", INK), mode=QIcon.Mode.Disabled))
    assert 0 < colour.alpha() < 128
    assert middle(image(icon("add", INK), state=QIcon.State.On)) == INK


def test_an_icon_is_sharp_at_every_size():
    # The bar of "remove" is 1.8 of 24 units high: 36 pixels of 480, with at most one blurred at each edge.
    picture = image(icon("remove", INK), 240, 2.0)
    column = [picture.pixelColor(240, y).alpha() for y in range(480)]
    assert 34 <= column.count(255) <= 36
    assert column.count(0) >= 442


def test_an_icon_is_painted_by_a_painter_too():
    pixmap = QPixmap(40, 40)
    pixmap.fill(QColor("white"))
    painter = QPainter(pixmap)
    icon("add", QColor("#ff0000")).paint(painter, 0, 0, 40, 40)
    painter.end()
    assert middle(pixmap.toImage()) == QColor("#ff0000")


def test_copies_of_an_icon_live_on():
    first = icon("add", INK)
    second = QIcon(first)
    second.setIsMask(True)  # makes Qt clone the engine
    del first
    gc.collect()
    assert middle(image(second)) == INK
    del second
    gc.collect()


@pytest.mark.parametrize("name", ["", "unknown", "../tokens", "play.svg"])
def test_a_wrong_name_is_refused(name):
    assert name not in icon_names()
    with pytest.raises(ValueError, match="there are: add, "):
        icon(name, INK)


def test_the_marked_entry_of_a_menu_has_a_colour_of_its_own():
    shown = icon("add", INK, marked=QColor("white"))
    assert middle(image(shown, mode=QIcon.Mode.Active)) == QColor("white")
    assert middle(image(shown)) == INK
    assert middle(image(icon("add", INK), mode=QIcon.Mode.Active)) == INK
