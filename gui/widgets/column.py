"""Column: cards below each other, or, where they have no room, one at a time behind tabs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from PySide6.QtCore import QByteArray, QEvent, QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gui.program.guard import guarded
from gui.widgets.card import GAP
from gui.widgets.choices import Segments

_TABS_GAP = 4


class Column(QWidget):
    """Cards below each other, with borders that can be dragged, while each has the least height that it needs.

    In a lower window it shows one of them, and tabs above it for the others. One card can also have all the room.

    Parameters
    ----------
    name : str
        What a screen reader calls the tabs.
    cards : mapping of str to QWidget
        By their titles, from above.
    sizes : sequence of int
        The heights that they begin with, in pixels.
    stretches : sequence of int
        What each gets of further room.

    Attributes
    ----------
    splitter : QSplitter
        Holds the cards.
    """

    def __init__(self, name: str, cards: Mapping[str, QWidget], sizes: Sequence[int], stretches: Sequence[int]) -> None:
        super().__init__()
        self._cards, self._first_sizes = dict(cards), list(sizes)
        self._wanted = dict.fromkeys(cards, True)
        self._withheld: Collection[str] = ()
        self._front = next(iter(cards))
        self._alone = ""
        self._are_tabs = False
        self._sizes_below_each_other = list(sizes)
        self._tabs = Segments(name, list(cards), [f"Show {title.lower()} here." for title in cards])
        self._tabs.chosen.connect(self._on_tab_chosen)
        self._tabs.hide()
        self.splitter = splitter_of(Qt.Orientation.Vertical, list(cards.values()), sizes, stretches)
        self.splitter.splitterMoved.connect(self._on_border_moved)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(_TABS_GAP)
        column.addWidget(self._tabs, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.splitter, 1)

    def __contains__(self, name: str) -> bool:
        return name in self._cards

    @property
    def is_empty(self) -> bool:
        """Whether no card is shown."""
        return not self._offered

    @property
    def _offered(self) -> list[str]:
        """The cards that are shown, be it behind a tab."""
        return [name for name, is_wanted in self._wanted.items() if is_wanted and name not in self._withheld]

    @property
    def names(self) -> list[str]:
        """Its cards, from above."""
        return list(self._cards)

    @property
    def is_single(self) -> bool:
        """Whether one card has the room of all."""
        return self._are_tabs or bool(self._alone)

    @property
    def front(self) -> str:
        """The card that is seen where there is room for one."""
        return self._front

    def is_shown(self, name: str) -> bool:
        """Return whether a card is shown, be it behind a tab."""
        return self._wanted[name]

    def is_seen(self, name: str) -> bool:
        """Return whether a card is shown, and not behind another one."""
        return not self._cards[name].isHidden()

    def show_card(self, name: str, shown: bool) -> None:
        """Show or hide a card; one that was hidden comes before the others where there is room for one."""
        if shown and not self._wanted[name]:
            self._front = name
        self._wanted[name] = shown
        self._arrange()

    def withhold(self, names: Collection[str]) -> None:
        """Keep cards of these names out of sight, whether they are shown or not, and no others."""
        self._withheld = names
        self._arrange()

    def show_alone(self, name: str) -> None:
        """Give one card all the room, for as long as it is shown; without a name, each has its own again."""
        self._alone = name
        self._arrange()

    def bring_to_front(self, name: str) -> None:
        """Let a card that is shown be the one that is seen where there is room for one."""
        if self._wanted.get(name):
            self._front = name
            self._arrange()

    def begin_anew(self) -> None:
        """Share the room as at the first start."""
        self._front = next(iter(self._cards))
        self._sizes_below_each_other = list(self._first_sizes)
        if not self._are_tabs:
            self.splitter.setSizes(self._first_sizes)
        self._arrange()

    def save_state(self) -> QByteArray:
        """Return how the room is shared while all cards have theirs."""
        if self.is_single:
            self.splitter.setSizes(self._sizes_below_each_other)
        return self.splitter.saveState()

    def restore_state(self, state: QByteArray) -> None:
        """Share the room as it was saved."""
        if self.splitter.restoreState(state):
            self._sizes_below_each_other = self.splitter.sizes()
        self._arrange()

    @Slot()
    def _on_border_moved(self) -> None:
        self._sizes_below_each_other = self.splitter.sizes()

    @Slot(int)
    def _on_tab_chosen(self, index: int) -> None:
        self.bring_to_front(self.names[index])

    # Room

    def minimumSizeHint(self) -> QSize:
        """Return a size in which any one card has room."""
        cards = [self._cards[name] for name in self._offered]
        width = max((least_size(card).width() for card in cards), default=0)
        highest = max((least_size(card).height() for card in cards), default=0)
        return QSize(width, min(self._height_of(cards), highest + self._tabs.sizeHint().height() + _TABS_GAP))

    @guarded
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many cards as have room."""
        super().resizeEvent(event)
        self._arrange()

    @guarded
    def event(self, event: QEvent) -> bool:
        """Show as many cards as have room where one of them needs more or less."""
        result = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return result

    def _height_of(self, cards: Sequence[QWidget]) -> int:
        """Return how high cards are below each other, at least."""
        between = self.splitter.handleWidth() * max(len(cards) - 1, 0)
        return sum(least_size(card).height() for card in cards) + between

    def _arrange(self) -> None:
        wanted = self._offered
        if self._alone not in wanted:
            self._alone = ""
        was_single = self.is_single
        self._are_tabs = len(wanted) > 1 and self._height_of([self._cards[name] for name in wanted]) > self.height()
        if self._front not in wanted and wanted:
            self._front = wanted[0]
        shown = [self._alone] if self._alone else [self._front] if self._are_tabs else wanted
        for name, card in self._cards.items():
            card.setVisible(name in shown)
        has_tabs = self._are_tabs and not self._alone
        self._tabs.offer([index for index, name in enumerate(self._cards) if name in wanted and has_tabs])
        if has_tabs:
            self._tabs.show_choice(self.names.index(self._front))
        if was_single and not self.is_single:
            self.splitter.setSizes(self._sizes_below_each_other)


def least_size(widget: QWidget) -> QSize:
    """Return the size below which a layout does not go: in each direction the one that is set, or what it needs."""
    set_size, needed = widget.minimumSize(), widget.minimumSizeHint()
    return QSize(set_size.width() or needed.width(), set_size.height() or needed.height())


def splitter_of(
    orientation: Qt.Orientation, widgets: Sequence[QWidget], sizes: Sequence[int], stretches: Sequence[int]
) -> QSplitter:
    """Return widgets with borders between them that can be dragged."""
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(GAP)
    splitter.setChildrenCollapsible(False)
    for index, (widget, stretch) in enumerate(zip(widgets, stretches, strict=True)):
        splitter.addWidget(widget)
        splitter.setStretchFactor(index, stretch)
    splitter.setSizes(list(sizes))
    return splitter
