"""The main window: puts the panels together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from zipfile import is_zipfile

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QSettings, QSize, Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QResizeEvent, QStatusTipEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QHBoxLayout, QMainWindow, QSplitter, QVBoxLayout, QWidget

from gui import theme
from gui.actions.actions import Actions
from gui.dialogs.dialogs import Dialogs
from gui.document.document import Document
from gui.files.clipboard import Clipboard
from gui.files.drops import Drops
from gui.files.experiments import ExperimentFiles
from gui.files.networks import NetworkFiles
from gui.files.tables import SUFFIXES, TableFiles
from gui.items.probed import Probed
from gui.menus import fill_menu_bar
from gui.panels.data import DataPanel
from gui.panels.features import FeaturesPanel
from gui.panels.hints import Hints
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.loss.panel import LossPanel
from gui.panels.network.panel import NetworkPanel
from gui.panels.notice import NoticeBar
from gui.panels.output.panel import OutputPanel
from gui.panels.settings import SettingsPanel, remembered_budget
from gui.panels.status import StatusBar
from gui.panels.step_through.panel import StepThroughPanel
from gui.panels.timeline.panel import TimelinePanel
from gui.panels.toolbar import Toolbar
from gui.program.crash import report_error
from gui.program.guard import report_raised
from gui.widgets.card import GAP
from gui.widgets.focus import finish_with, uses_key
from gui.widgets.stand_in import StandIn
from model.experiment import SUFFIX
from model.network.parts import Unit

_STEP_THROUGH = "Step Through"
"""The panel that takes the place of the inspector for a while; whether it is shown is not remembered."""

_COLUMNS = {
    "left": ("Data", "Features"),
    "middle": ("Network", "Inspector", _STEP_THROUGH),
    "right": ("Output", "Loss"),
}

_ROOMY_HEIGHT = 880
"""In a lower window the features are folded away, until a person decides."""

_LAYOUT_VERSION = 3
"""Raised when a remembered layout of an earlier program no longer fits."""


class MainWindow(QMainWindow):
    """The window on a document of its own.

    Attributes
    ----------
    document : Document
    files : ExperimentFiles
        The experiment's file.
    tables : TableFiles
    networks : NetworkFiles
    clipboard : Clipboard
    dialogs : Dialogs
    hints : Hints
    splitters : dict of str to QSplitter
        By name; "across" holds all columns.
    """

    def __init__(self) -> None:
        super().__init__()
        theme.manager()
        self.document = Document(self)
        self.document.failed.connect(report_error)
        self.document.run.set_history_budget(remembered_budget())
        self.setMinimumSize(1240, 700)
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize()))
        self.files = ExperimentFiles(self, self.document)
        self.tables = TableFiles(self, self.document)
        self.networks = NetworkFiles(self, self.document.run)
        self.clipboard = Clipboard(self, self.document, self.files, self.tables)
        self._panels: dict[str, QWidget] = {}  # Actions ask for them before they are there.
        self.hints = Hints(self._panels, self)
        self._actions = Actions(self, self)
        self.dialogs = Dialogs(self, self.document, self._actions)
        self._probed = Probed(self.document.run, self.document.view, self.document.probe, self)
        self._features = FeaturesPanel(self.document.changes, self.document.network)
        self._panels |= self._make_panels()
        self.splitters = self._split()
        self._stand_in = StandIn(self.splitters["middle"], self._panels[_STEP_THROUGH], self._panels["Inspector"])
        self.setCentralWidget(self._centre())
        self.setStatusBar(StatusBar(self.document.run, self.document.probe, self._probed))
        self._features.folded.connect(self._share_left_column)
        self._restore_layout()
        fill_menu_bar(self.menuBar(), self._actions)
        self._views, self._is_collecting = self.findChildren(QGraphicsView), False
        self.hints.changed.connect(self._actions.synchronize)
        self._openers: dict[str, Callable[[Path], object]] = {
            SUFFIX: self.files.settle_and_open,
            **dict.fromkeys(SUFFIXES, self.tables.open),
        }
        Drops(self, self._openers, self._open_other, self.clipboard.paste_text)
        self.document.run.frame_due.connect(self._draw_frame)
        self.document.view.select(Unit(1, 0))
        # Without this the first button would have the focus, and Space would press it instead of playing.
        self.setFocus()

    def _make_panels(self) -> dict[str, QWidget]:
        """Return the panels by their names, each with the parts of the document that it shows and changes."""
        document = self.document
        run, changes, points, network = document.run, document.changes, document.points, document.network
        learning, view, pins = document.learning, document.view, document.pins
        probe, probed = document.probe, self._probed
        step_through = StepThroughPanel(run, view, probe)
        step_through.closed.connect(partial(self.show_panel, _STEP_THROUGH, False))
        return {
            "Data": DataPanel(run, changes, points, view, probe, self._actions),
            "Network": NetworkPanel(run, changes, network, learning, view, probe, probed, self._actions),
            "Inspector": InspectorPanel(run, changes, network, view, probe, probed, self._actions),
            _STEP_THROUGH: step_through,
            "Output": OutputPanel(run, changes, points, view, probe, pins),
            "Loss": LossPanel(run, changes, view, pins, document.landscape, network, self._actions),
            "Settings": SettingsPanel(run, changes, network, learning),
            "Features": self._features,
        }

    def _split(self) -> dict[str, QSplitter]:
        """Return the splitters, by name; the first holds all panels."""
        columns = {
            name: _splitter(Qt.Orientation.Vertical, [self._panels[panel] for panel in _COLUMNS[name]], sizes)
            for name, sizes in (("left", [590, 180]), ("middle", [540, 240]), ("right", [450, 310]))
        }
        across = _splitter(Qt.Orientation.Horizontal, list(columns.values()), [340, 815, 425])
        for splitter, stretches in (
            (columns["left"], (1, 0)),
            (columns["middle"], (5, 2)),
            (columns["right"], (3, 2)),
            (across, (2, 5, 3)),
        ):
            for index, stretch in enumerate(stretches):
                splitter.setStretchFactor(index, stretch)
        return {"across": across, **columns}

    def _centre(self) -> QWidget:
        document, centre = self.document, QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Toolbar(document.run, document.changes, document.learning, document.view, self._actions))
        inner = QHBoxLayout()
        inner.setContentsMargins(GAP, GAP, GAP, GAP)
        inner.setSpacing(GAP)
        inner.addWidget(self.splitters["across"], 1)
        inner.addWidget(self._panels["Settings"])
        column.addLayout(inner, 1)
        column.addWidget(TimelinePanel(document.run, document.changes))
        NoticeBar(document.run, document.learning, centre)
        return centre

    def open_file(self, path: Path) -> None:
        """Open an experiment, or ask how the points of a table are to be taken."""
        self._openers.get(path.suffix.lower(), self._open_other)(path)

    def _open_other(self, path: Path) -> None:
        """Open a file whose name does not say what it is: an experiment is an archive, and a table is not."""
        (self.files.settle_and_open if is_zipfile(path) else self.tables.open)(path)

    def show_panel(self, name: str, shown: bool) -> None:
        """Show or hide a panel, by its name in the View menu; a column without a panel gives its place away."""
        if name == _STEP_THROUGH and shown:
            self._stand_in.begin()
        elif name in (_STEP_THROUGH, "Inspector"):
            self._stand_in.end()
        if name != _STEP_THROUGH:
            self._panels[name].setVisible(shown)
        for column, names in _COLUMNS.items():
            self.splitters[column].setVisible(any(map(self.is_panel_shown, names)))
        self._actions.synchronize()

    def is_panel_shown(self, name: str) -> bool:
        """Return whether a panel is shown."""
        return name in self._panels and not self._panels[name].isHidden()

    def toggle_panel(self, name: str) -> None:
        """Show a panel that is hidden, and hide one that is shown."""
        self.show_panel(name, not self.is_panel_shown(name))

    @Slot()
    def _share_left_column(self) -> None:
        """Give the features what they need, and the data the rest."""
        self.splitters["left"].setSizes([self.height(), self._features.minimumSizeHint().height()])

    def _restore_layout(self) -> None:
        """Give window, splitters and panels the places that they had at the last end."""
        self.show_panel("Settings", False)
        settings = QSettings()
        if settings.value("layout/version") != str(_LAYOUT_VERSION):
            return
        folded = settings.value("layout/fold_features")
        self._features.folded_by_hand = None if folded is None else folded == "true"
        self.restoreGeometry(_bytes(settings.value("layout/window")))
        for name, splitter in self.splitters.items():
            splitter.restoreState(_bytes(settings.value(f"layout/{name}")))
        for name in self._panels.keys() - {_STEP_THROUGH}:
            self.show_panel(name, settings.value(f"layout/show_{name}", "true") == "true")

    def _save_layout(self) -> None:
        self.show_panel(_STEP_THROUGH, False)
        settings = QSettings()
        settings.setValue("layout/version", str(_LAYOUT_VERSION))
        settings.setValue("layout/window", self.saveGeometry())
        for name, splitter in self.splitters.items():
            settings.setValue(f"layout/{name}", splitter.saveState())
        if self._features.folded_by_hand is not None:
            settings.setValue("layout/fold_features", "true" if self._features.folded_by_hand else "false")
        for name in self._panels.keys() - {_STEP_THROUGH}:
            settings.setValue(f"layout/show_{name}", "true" if self.is_panel_shown(name) else "false")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fold the features where the canvas needs the room, unless a person has decided."""
        by_hand = self._features.folded_by_hand
        self._features.set_folded(self.height() < _ROOMY_HEIGHT if by_hand is None else by_hand)
        super().resizeEvent(event)

    def event(self, event: QEvent) -> bool:
        """Leave a key to the widget with the focus, where that needs it more than a shortcut does."""
        if event.type() == QEvent.Type.UpdateRequest and self._is_collecting:
            return True  # Each scene asks for it; what all of them changed is drawn, and handed to the screen, at once.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            ends_stand_in = event.key() == Qt.Key.Key_Escape and self._stand_in.is_shown
            if ends_stand_in or uses_key(QApplication.focusWidget(), event.key()):
                event.accept()
                return True
        if _is_tip_of_button(event):
            return True
        try:
            return super().event(event)
        except Exception:
            report_raised()
            return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return press the button that has the focus, or end the typing in a field."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            finish_with(QApplication.focusWidget())
        elif event.key() == Qt.Key.Key_Escape:
            self.show_panel(_STEP_THROUGH, False)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _draw_frame(self) -> None:
        """Draw at once all that the new snapshot changed, while training waits for it."""
        self._is_collecting = True
        for view in self._views:
            # A scene collects its changes and tells its views by a posted call.
            QCoreApplication.sendPostedEvents(view.scene(), QEvent.Type.MetaCall.value)
        self._is_collecting = False
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.UpdateRequest))

    def closeEvent(self, event: QCloseEvent) -> None:
        """End the training thread and remember the layout, after unsaved changes have been settled."""
        if self.files.is_modified and self.isVisible():
            event.ignore()
            self.files.settle_and_close()
            return
        self.files.close()
        self._save_layout()
        self.document.close()
        super().closeEvent(event)


def _splitter(orientation: Qt.Orientation, widgets: Sequence[QWidget], sizes: list[int]) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setHandleWidth(GAP)
    splitter.setChildrenCollapsible(False)
    for widget in widgets:
        splitter.addWidget(widget)
    splitter.setSizes(sizes)
    return splitter


def _is_tip_of_button(event: QEvent) -> bool:
    """Return whether the status bar is asked to say what a button does: that has a tip beside it, and hides the state.

    The entries of an open menu have no other place for theirs.
    """
    return isinstance(event, QStatusTipEvent) and bool(event.tip()) and QApplication.activePopupWidget() is None


def _bytes(value: object) -> QByteArray:
    return value if isinstance(value, QByteArray) else QByteArray()
