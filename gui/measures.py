"""Measures: the sizes in pixels that grow with the interface, of widgets and in the style sheet."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QWidget

SCALES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)
"""How large the interface can be."""

_PROPERTY = "measures"
_THINNEST_PX = 2
"""What is no thicker, as a border, stays as it is."""


def remember_measures(widget: QWidget, measures: Mapping[str, int]) -> None:
    """Let a widget know its measures, beside those that it knows already."""
    widget.setProperty(_PROPERTY, (widget.property(_PROPERTY) or {}) | dict(measures))


def apply_measures(widget: QWidget, scale: float, make_font: Callable[..., QFont]) -> None:
    """Give a widget the sizes that it knows at a scale; `make_font` returns a font of a size, bold or not."""
    for name, value in (widget.property(_PROPERTY) or {}).items():
        size = round(value * scale)
        match name:
            case "icon":
                assert isinstance(widget, QAbstractButton)
                widget.setIconSize(QSize(size, size))
            case "font":
                widget.setFont(make_font(size, bold=widget.font().bold()))
                if isinstance(widget, QAbstractSpinBox):
                    # Once it was given a font, its field takes no other one from it.
                    widget.lineEdit().setFont(widget.font())
            case _:
                _SETTERS[name](widget, size)


_SETTERS: dict[str, Callable[[QWidget, int], None]] = {
    "width": QWidget.setFixedWidth,
    "height": QWidget.setFixedHeight,
    "least_width": QWidget.setMinimumWidth,
    "least_height": QWidget.setMinimumHeight,
}


def scaled_sheet(sheet: str, scale: float) -> str:
    """Return a style sheet with all its measures at a scale, but for those of thin lines."""

    def at_scale(found: re.Match[str]) -> str:
        measure = int(found[2])
        if measure <= _THINNEST_PX:
            return found[0]
        # A corner whose radius is more than half of the height is not round at all, and borders do not grow.
        size = math.floor((measure - 1) * scale) + 1 if found[1] else round(measure * scale)
        return f"{found[1] or ''}{max(size, _THINNEST_PX)}px"

    return sheet if scale == 1.0 else re.sub(r"(border-radius: )?\b(\d+)px", at_scale, sheet)
