import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.widgets.fields import IntegerBox, NumberBox, Slider
from gui.widgets.refusal import refusal_of

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def sliders(qtbot):
    made = [Slider(name, "", 0, 100) for name in ("first", "second")]
    for slider in made:
        qtbot.addWidget(slider)
        slider.resize(200, 20)
        slider.show()
    return made


def gestures_of_a_drag(slider):
    seen = []
    slider.valueChanged.connect(lambda: seen.append(slider.gesture))
    QTest.mousePress(slider, LEFT, pos=QPoint(20, 10))
    for x in (60, 120):
        QTest.mouseMove(slider, QPoint(x, 10))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(120, 10))
    slider.valueChanged.disconnect()
    assert len(seen) > 1
    return set(seen)


def test_each_drag_is_a_gesture_of_its_own(sliders):
    first, second = sliders
    drags = [gestures_of_a_drag(slider) for slider in (first, second, first)]
    assert [len(drag) for drag in drags] == [1, 1, 1]
    assert len(set.union(*drags)) == 3
    assert -1 not in set.union(*drags)


def test_keys_are_a_gesture_together_until_the_focus_goes(sliders):
    slider = sliders[0]
    drags = gestures_of_a_drag(slider)
    assert slider.gesture == -1
    seen = []
    slider.valueChanged.connect(lambda: seen.append(slider.gesture))
    for _ in range(2):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    QApplication.sendEvent(slider, QFocusEvent(QEvent.Type.FocusOut))
    QTest.keyClick(slider, Qt.Key.Key_Left)
    assert len(seen) == 3
    assert seen[2] not in seen[:2]
    assert {-1, *drags}.isdisjoint(seen)
    assert slider.gesture == -1
    slider.setValue(5)
    assert seen[3] == -1, "what comes from elsewhere is none"


@pytest.mark.parametrize("text", ["-0.5", "−0.5", "-0,5", "−٠٫٥", "-۰٫۵", " -.5 "])
def test_a_number_is_taken_with_any_sign_of_decimals(qtbot, text):
    box = NumberBox("number", "", -1.0, 1.0, 0.1)
    qtbot.addWidget(box)
    box.show()
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, text) if text.isascii() else box.lineEdit().insert(text)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert box.value() == -0.5
    assert box.text() == "−0.5"


@pytest.mark.parametrize(("text", "number"), [("12000", 12000), ("12,000", 12000), ("12.000", 12000), ("١٢٠٠٠", 12000)])
def test_a_whole_number_is_taken_with_any_separator(qtbot, text, number):
    box = IntegerBox("number", "", 1, 100_000)
    qtbot.addWidget(box)
    box.show()
    box.setFocus()
    box.selectAll()
    box.lineEdit().insert(text)
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert (box.value(), box.text()) == (number, "12,000")


def test_what_could_be_two_numbers_is_asked_for(qtbot):
    box = NumberBox("number", "", 0.0, 10_000.0, 0.1)
    qtbot.addWidget(box)
    box.setValue(1500.0)
    box.show()
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert (box.value(), box.text()) == (1500.0, "1,500")
    box.selectAll()
    QTest.keyClicks(box, "2,500")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert refusal_of(box).sentence == "“2,500” could be 2500 or 2.5: type one of them."
    assert box.value() == 1500.0
