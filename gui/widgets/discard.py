"""What is taken out of the window while a person may still hold it."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def discard(widget: QWidget) -> None:
    """Let a widget go, as soon as nothing calls it any more; until then it does nothing more of itself.

    It may be under a pressed button of the mouse, or be clicked twice.
    """
    widget.hide()
    widget.setEnabled(False)
    widget.deleteLater()
