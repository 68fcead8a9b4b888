"""A program without a screen: it draws pictures, and shows none."""

from __future__ import annotations

import os
import sys

from PySide6.QtWidgets import QApplication


def without_screen() -> QApplication:
    """Return the application of a program that draws and shows nothing; whoever asks keeps it."""
    if sys.platform == "linux":
        # Elsewhere there always is a screen, and its own fonts.
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from gui.app import make_application

    return make_application(["netcanvas"])
