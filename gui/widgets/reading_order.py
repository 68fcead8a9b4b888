"""The order in which Tab goes through a window: that of reading, as everything stands on the screen now."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QButtonGroup,
    QComboBox,
    QScrollArea,
    QWidget,
)

_LINE_PX = 32
"""What is higher is read where its first line of this height is."""

CARDS = ("panel", "toolbar")
"""Object names of what F6 goes to: cards, and the strips above and below them."""


def stops_in(root: QWidget) -> list[QWidget]:
    """Return what Tab stops at inside a widget, in the order of reading; what stands in a part of it stays together."""
    return list(_stops(root))


def _stops(widget: QWidget) -> Iterator[QWidget]:
    children = widget.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
    for child in _in_rows([child for child in children if _is_seen(child)]):
        yield from _stops(child)
    # What stands on a widget, as the headers on the diagram, comes before it.
    if _is_stop(widget):
        yield widget


def _is_seen(widget: QWidget) -> bool:
    # Where there is too little room, a layout leaves some of what it has none at all.
    return widget.isVisible() and not widget.isWindow() and not widget.size().isEmpty()


def _is_stop(widget: QWidget) -> bool:
    # The line inside a field, and the middle of a view, leave the focus to what is round them. To ask Qt for that,
    # QWidget.focusProxy, would let PySide delete menus elsewhere (6.11.3).
    around = widget.parentWidget()
    is_middle = isinstance(around, QAbstractScrollArea) and around.viewport() is widget
    if not widget.isEnabled() or is_middle or isinstance(around, QAbstractSpinBox | QComboBox):
        return False
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) if group is None else widget is _stop_of(group)


def _stop_of(group: QButtonGroup) -> QAbstractButton | None:
    """Return the one of a group that is a stop, from which arrow keys lead to the others: what is chosen, if any is."""
    buttons = [button for button in group.buttons() if button.isVisible()]
    return next((button for button in buttons if button.isChecked()), buttons[0] if buttons else None)


def _in_rows(widgets: list[QWidget]) -> Iterator[QWidget]:
    """Yield siblings, each of which has a size, row by row from left to right."""
    waiting = sorted(widgets, key=lambda each: (_line(each), each.x()))
    while waiting:
        foot = waiting[0].y() + min(waiting[0].height(), _LINE_PX)
        row = [each for each in waiting if _line(each) < foot]
        yield from sorted(row, key=QWidget.x)
        waiting = waiting[len(row) :]


def _line(widget: QWidget) -> float:
    """Return the middle of a widget's first line."""
    return widget.y() + min(widget.height(), _LINE_PX) / 2


def card_of(widget: QWidget | None) -> QWidget | None:
    """Return the card, or the strip, that a widget stands in."""
    while widget is not None and widget.objectName() not in CARDS:
        widget = widget.parentWidget()
    return widget


def go_on(root: QWidget, *, forward: bool) -> bool:
    """Give the focus to the next stop, or the one before; return whether there is any."""
    stops, focused = stops_in(root), QApplication.focusWidget()
    if not stops:
        return False
    step = 1 if forward else -1
    if focused in stops:
        _stop_at(stops[(stops.index(focused) + step) % len(stops)], forward=forward)
    else:
        _stop_at(stops[0 if forward else -1], forward=forward)
    return True


def go_to_next_card(root: QWidget, *, forward: bool) -> None:
    """Give the focus to the first stop of the next card, or of the one before."""
    first_of: dict[QWidget, QWidget] = {}
    for stop in stops_in(root):
        card = card_of(stop)
        if card is not None:
            first_of.setdefault(card, stop)
    cards, present = list(first_of), card_of(QApplication.focusWidget())
    if not cards:
        return
    step = 1 if forward else -1
    at = cards.index(present) + step if present in first_of else (0 if forward else -1)
    _stop_at(first_of[cards[at % len(cards)]], forward=forward)


def _stop_at(stop: QWidget, *, forward: bool) -> None:
    """Give a widget the focus, and bring it into view where it is scrolled away."""
    stop.setFocus(Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason)
    around = stop.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(stop, 8, 8)
        around = around.parentWidget()
