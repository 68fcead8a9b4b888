import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QToolButton

from gui import theme
from gui.widgets.choices import CalmComboBox, ChoiceBox, Segments


@pytest.fixture
def box(bare_window, qtbot):
    box = ChoiceBox(
        "Fruit", {name: (name.capitalize(), f"A {name}.") for name in ("apple", "banana", "cherry", "date")}
    )
    bare_window.setCentralWidget(box)
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    return box


@pytest.mark.parametrize("keys", ["D", "B", [Qt.Key.Key_Down] * 5, [Qt.Key.Key_End], [Qt.Key.Key_Up] * 5])
def test_the_keyboard_chooses_nothing_that_is_not_offered(box, keys):
    chosen = []
    box.chosen.connect(chosen.append)
    box.show_choice("cherry")
    box.offer(["apple", "cherry"])
    for key in keys:
        QTest.keyClick(box, key)
    assert set(chosen) <= {"apple", "cherry"}
    assert box.currentData() in ("apple", "cherry")
    box.offer(["apple", "banana", "cherry", "date"])
    QTest.keyClick(box, Qt.Key.Key_End)
    assert chosen[-1] == "date"


class TestSegments:
    @pytest.fixture
    def segments(self, bare_window, qtbot):
        segments = Segments("Fruit", ("apple", "banana", "cherry"), ("An apple.", "A banana.", "A cherry."))
        bare_window.setCentralWidget(segments)
        qtbot.waitUntil(segments.isVisible)
        return segments

    @pytest.mark.parametrize(("offered", "seen"), [((0, 2), ["apple", "cherry"]), ((1,), []), ((), [])])
    def test_only_what_is_offered_can_be_chosen(self, segments, offered, seen):
        segments.offer(offered)

        assert [button.text() for button in segments.findChildren(QToolButton) if button.isVisible()] == seen

    def test_a_click_tells_what_was_chosen(self, segments):
        chosen = []
        segments.chosen.connect(chosen.append)
        segments.offer((0, 2))
        QTest.mouseClick(segments.findChildren(QToolButton)[2], Qt.MouseButton.LeftButton)

        assert chosen == [2]


def written_width(button, width):
    """How far the text of a button goes that is so wide."""
    button.resize(width, button.height())
    colours = button.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(colours.constBits(), np.uint32).reshape(colours.height(), -1)
    inked = np.flatnonzero((pixels != pixels[0, 0]).any(axis=0))
    return inked[-1] - inked[0] + 1


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("density", ["", "dense", "tight"])
def test_the_least_that_a_segment_asks_for_has_all_of_its_text(bare_window, density, scale):
    theme.manager().set_scale(scale)
    segments = Segments("Fruit", ("apple", "banana"), ("An apple.", "A banana."))
    segments.set_density(density)
    bare_window.setCentralWidget(segments)
    QApplication.processEvents()
    for button in segments.findChildren(QToolButton):
        whole = written_width(button, 2 * button.sizeHint().width())
        assert written_width(button, button.minimumSizeHint().width()) == pytest.approx(whole, abs=2)


def test_a_text_that_is_too_long_for_its_box_ends_with_dots(qtbot):
    def picture(text, kind=CalmComboBox):
        box = kind()
        qtbot.addWidget(box)
        box.addItem(text)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.resize(120, 30)
        return box.grab().toImage()

    long = "Comma, thousands by point"
    cut = [f"{long[:length]}…" for length in range(1, len(long))]
    assert any(picture(long) == picture(text) for text in cut)
    assert not any(picture(long, QComboBox) == picture(text) for text in cut)
    assert picture("Comma") == picture("Comma", QComboBox)
