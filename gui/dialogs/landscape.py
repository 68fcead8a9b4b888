"""The loss landscape in a window of its own, which stays while one goes on in the main one."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from gui.document.landscape import LossLandscape
from gui.document.network import NetworkEdits
from gui.document.run import LiveRun
from gui.document.view import View
from gui.items.landscape.page import LandscapePage
from gui.widgets.screens import set_first_size


class LandscapeDialog(QDialog):
    """Shows the landscape as the loss panel does, larger and with more to choose.

    Parameters
    ----------
    landscape : LossLandscape
    run : LiveRun
    view : View
    network : NetworkEdits
    parent : QWidget
        The main window.
    """

    def __init__(
        self, landscape: LossLandscape, run: LiveRun, view: View, network: NetworkEdits, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("loss_landscape")
        self.setWindowTitle("Loss Landscape")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setSizeGripEnabled(True)
        self.page = LandscapePage(landscape, run, view, network)
        column = QVBoxLayout(self)
        column.addWidget(self.page)
        set_first_size(self, 760, 700)
        self.page.shown.setFocus()
