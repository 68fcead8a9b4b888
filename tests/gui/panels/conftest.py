"""A panel on its own, beside a document."""

from collections.abc import Callable, Iterator

import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot


@pytest.fixture
def show(
    qtbot: QtBot,
    keep_plot: Callable[[pg.PlotWidget], pg.PlotWidget],
    mouse_aside: Callable[[QWidget], None],
) -> Iterator[Callable[..., QWidget]]:
    """Show a panel in a size; it is closed at the end."""
    panels: list[QWidget] = []

    def show_panel(panel: QWidget, width: int, height: int) -> QWidget:
        panels.append(panel)
        for plot in panel.findChildren(pg.PlotWidget):
            keep_plot(plot)
        panel.resize(width, height)
        with qtbot.waitExposed(panel):
            panel.show()
        with qtbot.waitActive(panel):
            panel.activateWindow()
        mouse_aside(panel)
        return panel

    yield show_panel
    for panel in panels:
        panel.close()
        panel.deleteLater()
