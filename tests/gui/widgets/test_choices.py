import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gui.widgets.choices import ChoiceBox


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
