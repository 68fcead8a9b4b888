"""Tab goes through the window in the order of reading, with one ring, and F6 from card to card."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QToolButton, QWidget

from gui import theme
from gui.widgets.reading_order import card_of, stops_in
from model.network.parts import Unit

CARDS = ["Toolbar", "Data", "Features", "Network", "Inspector", "Output", "Loss", "Timeline"]
SHIFT = Qt.KeyboardModifier.ShiftModifier
LINE_PX = 32


@pytest.fixture
def window(shared_window):
    shared_window.document.view.select(Unit(1, 0))
    QApplication.processEvents()
    shared_window.setFocus()
    return shared_window


def walked(window, key=Qt.Key.Key_Tab):
    """Return every widget that a key leads to, until it comes round."""
    found = []
    while True:
        QTest.keyClick(QApplication.focusWidget() or window, key)
        focused = QApplication.focusWidget()
        if focused in found:
            return found
        found.append(focused)


def place(window, widget):
    return QRect(widget.mapTo(window, QPoint()), widget.size())


def test_the_cards_come_from_left_to_right_and_in_each_column_from_above(window):
    cards = []
    for widget in walked(window):
        name = card_of(widget).accessibleName()
        if name not in cards[-1:]:
            cards.append(name)
    assert cards == CARDS, "each once"


def test_inside_a_card_it_goes_from_line_to_line_and_from_left_to_right(window):
    stops = walked(window)
    for before, after in pairwise(stops):
        if card_of(before) is not card_of(after) or after.isAncestorOf(before):
            continue  # The diagram comes after the headers that stand on it.
        first, second = place(window, before), place(window, after)
        lines = [rect.top() + min(rect.height(), LINE_PX) / 2 for rect in (first, second)]
        is_right_of = second.left() >= first.right()
        assert is_right_of or lines[1] > lines[0], (before.accessibleName(), after.accessibleName())
        assert lines[1] > lines[0] - LINE_PX or is_right_of, (before.accessibleName(), after.accessibleName())


def test_backwards_it_is_the_same_way(window):
    assert walked(window, Qt.Key.Key_Backtab)[::-1] == walked(window)


def test_everything_that_takes_the_focus_is_reached(window):
    window.show_panel("Settings", True)
    QApplication.processEvents()
    reached = walked(window)
    assert set(reached) == set(stops_in(window))
    assert len(reached) > 60
    for widget in reached:
        assert widget.visibleRegion().boundingRect().isValid() or widget.isVisible()


def test_of_choices_the_chosen_one_is_a_stop_and_arrows_lead_to_the_others(window, named):
    chosen = [each for each in walked(window) if isinstance(each, QAbstractButton) and each.group() is not None]
    groups = [button.group() for button in chosen]
    assert len(set(groups)) == len(groups)
    for button in chosen:
        assert button.isChecked() or button.group().checkedButton() is None
    named(window, "Edges: Weights", QToolButton).setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Right)
    assert QApplication.focusWidget().accessibleName() == "Edges: Gradients"
    assert window.document.displayed.step == 0


def test_f6_goes_from_card_to_card_and_comes_round(window):
    seen = []
    for _ in range(len(CARDS) + 1):
        QTest.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F6)
        seen.append(card_of(QApplication.focusWidget()).accessibleName())
    assert seen == [*CARDS, CARDS[0]]
    QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6, SHIFT)
    assert card_of(QApplication.focusWidget()).accessibleName() == CARDS[-1]


@pytest.mark.parametrize("scheme", [theme.Scheme.LIGHT, theme.Scheme.DARK])
def test_what_has_it_has_a_ring_of_one_colour(window, scheme):
    theme.manager().set_scheme(scheme)
    try:
        ring = theme.rgb_array(theme.current().focus)
        without = {widget: picture(window, widget) for widget in walked(window)}
        window.setFocus()
        for widget in without:
            before = picture(window, widget)
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            after = picture(window, widget)
            changed = (before != after).any(axis=2)
            is_ring = np.abs(after - ring).sum(axis=2) <= 6
            assert (changed & is_ring).sum() >= 8, widget.accessibleName() or widget
            window.setFocus()
    finally:
        theme.manager().set_scheme(theme.Scheme.SYSTEM)


def picture(window, widget):
    """Return the red, green and blue of what is seen of a widget."""
    QApplication.processEvents()
    image = window.grab(place(window, widget).adjusted(-2, -2, 2, 2)).toImage()
    image = image.convertToFormat(image.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[..., 2::-1].astype(int)


@pytest.mark.parametrize("size", [(0, 20), (60, 0), (0, 0)])
def test_what_has_no_room_at_all_is_passed_over(qtbot, size):
    card = QWidget()
    qtbot.addWidget(card)
    fields = [QWidget(card) for _ in range(3)]
    for place, field in enumerate(fields):
        field.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        field.setGeometry(10, 30 * place, 60, 20)
    fields[1].resize(*size)
    with qtbot.waitExposed(card):
        card.show()
    assert fields[1].isVisible()
    assert stops_in(card) == [fields[0], fields[2]]
