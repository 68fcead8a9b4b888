"""Texts and marks are seen on what they stand on, in both themes, and what is selected looks like nothing else."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QTransform
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolButton

from gui import theme
from gui.items.confusion_view import cell_colour
from gui.items.points_layer import paint_points
from gui.theme import MARK_CONTRAST, TEXT_CONTRAST, Scheme, contrast, legible, mixed, named
from model import Dataset
from model.data.dataset import MAX_CLASSES

BOTH = pytest.mark.parametrize("colours", [named("light"), named("dark")], ids=["light", "dark"])


@pytest.fixture
def both_themes(qapp):
    manager = theme.manager()
    yield [Scheme.LIGHT, Scheme.DARK]
    manager.set_scheme(Scheme.SYSTEM)


def test_of_black_on_white_is_the_largest_there_is():
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21.0)
    assert contrast(QColor("#777777"), QColor("white")) == pytest.approx(4.48, abs=0.01)


class TestTokens:
    @BOTH
    def test_texts(self, colours):
        grounds = (colours.panel, colours.window, colours.chip)
        assert min(contrast(text, ground) for text in (colours.text, colours.muted) for ground in grounds) >= 4.5
        assert contrast(colours.on_accent, colours.accent) >= TEXT_CONTRAST
        assert contrast(colours.on_accent, mixed(colours.accent, colours.text, 0.12)) >= TEXT_CONTRAST
        for colour in (colours.accent, legible(colours.positive, colours), legible(colours.negative, colours)):
            assert contrast(colour, colours.panel) >= TEXT_CONTRAST

    @BOTH
    def test_marks(self, colours):
        names = ("accent", "positive", "negative", "muted", "focus", "selected")
        marks = [*(getattr(colours, name) for name in names), *colours.classes]
        for mark in marks:
            for ground in (colours.panel, colours.window, colours.chip):
                assert contrast(mark, ground) >= MARK_CONTRAST, (mark.name(), ground.name())

    @BOTH
    def test_what_is_selected_has_the_colour_of_no_class_and_no_sign(self, colours):
        others = [colours.accent, colours.positive, colours.negative, *colours.classes]
        for other in others:
            if other.hsvSaturation() > 60:
                apart = abs(other.hue() - colours.selected.hue())
                assert min(apart, 360 - apart) >= 40, other.name()


class TestPlaces:
    @BOTH
    def test_figures_of_the_confusion_matrix(self, colours):
        for share in np.linspace(0.0, 1.0, 21).tolist():
            assert contrast(colours.text, cell_colour(share, colours)) >= TEXT_CONTRAST

    @BOTH
    @pytest.mark.parametrize("is_test", [False, True])
    def test_points_of_every_value_on_the_canvas(self, colours, is_test):
        for value in np.linspace(-1.0, 1.0, 21).tolist():
            dataset = Dataset([[0.0, 0.0]], [value], [is_test])
            assert self.most_contrast(dataset, colours) >= MARK_CONTRAST, value

    @BOTH
    @pytest.mark.parametrize("index", range(MAX_CLASSES))
    def test_points_of_every_class_on_the_canvas(self, colours, index):
        dataset = Dataset([[0.0, 0.0]], [index], n_classes=MAX_CLASSES)
        assert self.most_contrast(dataset, colours) >= MARK_CONTRAST

    @staticmethod
    def most_contrast(dataset, colours):
        """Return the largest contrast with the canvas of what is painted of a point."""
        image = QImage(20, 20, QImage.Format.Format_RGB32)
        image.fill(colours.panel)
        painter = QPainter(image)
        paint_points(painter, dataset, QTransform.fromTranslate(10.0, 10.0), colours)
        painter.end()
        seen = {image.pixelColor(x, y).rgb() for x in range(20) for y in range(20)}
        return max(contrast(QColor.fromRgb(rgb), colours.panel) for rgb in seen)


def shows_its_text(widget):
    """Return whether a text is there to be read: a button may have its icon alone."""
    is_icon = isinstance(widget, QToolButton) and widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    has_icon = isinstance(widget, QToolButton) and not widget.icon().isNull()
    return widget.isVisible() and widget.isEnabled() and bool(widget.text().strip()) and not (is_icon and has_icon)


def test_every_text_of_the_window_that_can_be_used_is_read(both_themes, shared_window):
    """Of what is painted of each, the ground is the commonest colour, and the text the one farthest from it."""
    too_pale = set()
    for scheme in both_themes:
        theme.manager().set_scheme(scheme)
        picture = shared_window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        for widget in [*shared_window.findChildren(QLabel), *shared_window.findChildren(QAbstractButton)]:
            if shows_its_text(widget):
                place = QRect(widget.mapTo(shared_window, QPoint()), widget.size())
                image = picture.copy(place)
                found, counts = np.unique(np.frombuffer(image.constBits(), dtype=np.uint32), return_counts=True)
                ground = QColor.fromRgb(int(found[counts.argmax()]))
                best = max(contrast(QColor.fromRgb(int(rgb)), ground) for rgb in found)
                if best < TEXT_CONTRAST:
                    too_pale.add((scheme.value, widget.text(), round(best, 2)))
    assert not too_pale
