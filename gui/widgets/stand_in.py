"""StandIn: a card that takes the place of another in its column for a while."""

from __future__ import annotations

from gui.widgets.column import Column

_LEAST_SHARE = 0.6
"""How much of the column it gets, unless the other one had more."""


class StandIn:
    """Shows a card where another one is, and that one as it was when it ends.

    Parameters
    ----------
    column : Column
        Holds both, and what is beside them.
    card, replaced : str
        Their names in the column.
    """

    def __init__(self, column: Column, card: str, replaced: str) -> None:
        self._column, self._card, self._replaced = column, card, replaced
        self._was_shown = False
        self._sizes: list[int] = []
        column.show_card(card, False)

    @property
    def is_shown(self) -> bool:
        """Whether it has the place."""
        return self._column.is_shown(self._card)

    def begin(self) -> None:
        """Take the place."""
        if self.is_shown:
            return
        column, splitter = self._column, self._column.splitter
        self._was_shown, self._sizes = column.is_shown(self._replaced), splitter.sizes()
        column.show_card(self._replaced, False)
        column.show_card(self._card, True)
        if column.is_single:
            return
        own, other = column.names.index(self._card), column.names.index(self._replaced)
        total = sum(self._sizes)
        height = max(self._sizes[other], round(_LEAST_SHARE * total))
        rest = total - self._sizes[other]
        sizes = [round(size * (total - height) / rest) if rest else 0 for size in self._sizes]
        sizes[own], sizes[other] = height, 0
        splitter.setSizes(sizes)

    def end(self) -> None:
        """Give the place back."""
        if not self.is_shown:
            return
        column = self._column
        column.show_card(self._card, False)
        column.show_card(self._replaced, self._was_shown)
        if not column.is_single:
            column.splitter.setSizes(self._sizes)
