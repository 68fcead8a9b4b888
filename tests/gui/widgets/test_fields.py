import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.widgets.fields import Slider

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
