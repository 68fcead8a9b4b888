"""StandIn: a panel that takes the place of another for a while."""

from __future__ import annotations

from PySide6.QtWidgets import QSplitter, QWidget

_LEAST_SHARE = 0.6
"""How much of the splitter it gets, unless the other one had more."""


class StandIn:
    """Shows a panel where another one is, and that one as it was when it ends.

    Parameters
    ----------
    splitter : QSplitter
        Holds both, and what is beside them.
    panel, replaced : QWidget
    """

    def __init__(self, splitter: QSplitter, panel: QWidget, replaced: QWidget) -> None:
        self._splitter, self._panel, self._replaced = splitter, panel, replaced
        self._was_shown = False
        self._sizes: list[int] = []
        panel.hide()

    @property
    def is_shown(self) -> bool:
        """Whether it has the place."""
        return not self._panel.isHidden()

    def begin(self) -> None:
        """Take the place."""
        if self.is_shown:
            return
        splitter = self._splitter
        self._was_shown, self._sizes = not self._replaced.isHidden(), splitter.sizes()
        self._replaced.hide()
        self._panel.show()
        own, other = splitter.indexOf(self._panel), splitter.indexOf(self._replaced)
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
        self._panel.hide()
        self._replaced.setVisible(self._was_shown)
        self._splitter.setSizes(self._sizes)
