"""The main window: puts the panels together."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import is_zipfile

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QSize, Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QStatusTipEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QMainWindow, QSplitter, QVBoxLayout, QWidget

from gui import theme
from gui.actions.actions import Actions
from gui.actions.menus.lessons import own_lessons
from gui.cards import LESSON, STEP_THROUGH, Cards, as_bytes
from gui.dialogs.dialogs import Dialogs
from gui.document.document import Document
from gui.files.clipboard import Clipboard
from gui.files.drops import Drops
from gui.files.experiments import ExperimentFiles
from gui.files.networks import NetworkFiles
from gui.files.tables import SUFFIXES, TableFiles
from gui.items.plane_view import PlaneView
from gui.items.probed import Probed
from gui.lessons import LESSON_SUFFIXES
from gui.menus import fill_menu_bar
from gui.panels.data import DataPanel
from gui.panels.features import FeaturesPanel
from gui.panels.hints import Hints
from gui.panels.inspector.panel import InspectorPanel
from gui.panels.lesson import LessonPanel
from gui.panels.loss.panel import LossPanel
from gui.panels.network.panel import NetworkPanel
from gui.panels.notice import NoticeBar
from gui.panels.output.panel import OutputPanel
from gui.panels.settings import SettingsPanel, remembered_budget
from gui.panels.status import StatusBar
from gui.panels.step_through.panel import StepThroughPanel
from gui.panels.timeline.panel import TimelinePanel
from gui.panels.toolbar import Toolbar
from gui.program import motion
from gui.program.crash import report_error
from gui.program.guard import guarded
from gui.widgets.focus import finish_with, uses_key
from gui.widgets.panning import SPACE
from gui.widgets.reading_order import go_on, go_to_next_card
from gui.widgets.screens import keep_on_screen
from gui.widgets.scroll import Scroll
from model.experiment import SUFFIX
from model.network.parts import Unit
from model.scripts import ONNX_SUFFIX

if TYPE_CHECKING:
    from gui.lessons.lessons import Lessons

_LEAST_SIZE = QSize(640, 400)
"""Below the size that the panels need, the window scrolls."""


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
    cards : Cards
        The panels in their columns.
    """

    def __init__(self) -> None:
        super().__init__()
        themes = theme.manager()
        motion.apply_motion()
        with themes.dressing_last():
            self._build()
        # Without this the first button would have the focus, and Space would press it instead of playing.
        self.setFocus()

    def _build(self) -> None:
        """Make all that the window has, and put it together."""
        self.document = Document(self)
        self.document.failed.connect(report_error)
        self.document.run.set_history_budget(remembered_budget())
        self.setMinimumSize(_LEAST_SIZE)
        self.resize(QSize(1440, 900))
        self.files = ExperimentFiles(self, self.document)
        self.tables = TableFiles(self, self.document)
        self.networks = NetworkFiles(self, self.document, self.files)
        self.clipboard = Clipboard(self, self.document, self.files, self.tables)
        self._panels: dict[str, QWidget] = {}  # Actions ask for them before they are there.
        self.hints = Hints(self._panels, self)
        self._actions = Actions(self, self)
        self.dialogs = Dialogs(self, self.document, self._actions)
        self._lesson_panel = LessonPanel(self.document.lesson)
        self._probed = Probed(self.document.run, self.document.view, self.document.probe, self)
        self._panels |= self._make_panels()
        self.cards = Cards(self._panels)
        self.cards.changed.connect(self._actions.synchronize)
        self.setCentralWidget(self._centre())
        self.setStatusBar(StatusBar(self.document.run, self.document.engine, self.document.probe, self._probed))
        for view in self.findChildren(PlaneView):
            view.renaming_asked.connect(self._actions["names"].trigger)
        self._restore_layout()
        fill_menu_bar(self.menuBar(), self._actions)
        self._views, self._is_collecting = self.findChildren(QGraphicsView), False
        self.hints.changed.connect(self._actions.synchronize)
        self.hints.lesson_asked.connect(self._begin_first_lesson)
        self.document.lesson.opened.connect(self._on_lesson_opened)
        self._openers: dict[str, Callable[[Path], object]] = {
            SUFFIX: self.files.settle_and_open,
            ONNX_SUFFIX: self.networks.open,
            **dict.fromkeys(SUFFIXES, self.tables.open),
            **dict.fromkeys(LESSON_SUFFIXES, self._open_lesson),
        }
        Drops(self, self._openers, self._open_other, self.clipboard.paste_text)
        self.document.run.frame_due.connect(self._draw_frame)
        self.document.view.select(Unit(1, 0))

    def _make_panels(self) -> dict[str, QWidget]:
        """Return the panels by their names, each with the parts of the document that it shows and changes."""
        document = self.document
        run, changes, points, network = document.run, document.changes, document.points, document.network
        learning, view, pins = document.learning, document.view, document.pins
        probe, probed = document.probe, self._probed
        step_through = StepThroughPanel(run, view, probe)
        step_through.closed.connect(partial(self.show_panel, STEP_THROUGH, False))
        diagram = NetworkPanel(run, changes, network, learning, view, probe, probed, self._actions)
        inspector = InspectorPanel(run, changes, network, view, probe, probed, self._actions)
        diagram.opened.connect(partial(self.show_panel, "Inspector", True))
        diagram.opened.connect(inspector.take_focus)
        return {
            "Data": DataPanel(run, changes, points, view, probe, self._actions),
            "Network": diagram,
            "Inspector": inspector,
            STEP_THROUGH: step_through,
            "Output": OutputPanel(run, changes, points, view, probe, pins),
            "Loss": LossPanel(run, changes, view, pins, document.landscape, network, self._actions),
            "Settings": SettingsPanel(run, changes, network, learning),
            "Features": FeaturesPanel(changes, network),
            LESSON: self._lesson_panel,
        }

    def _centre(self) -> QWidget:
        document, centre = self.document, QWidget()
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        network, learning = document.network, document.learning
        column.addWidget(Toolbar(document.run, document.changes, network, learning, document.view, self._actions))
        column.addWidget(self.cards, 1)
        column.addWidget(TimelinePanel(document.run, document.changes, self._actions))
        NoticeBar(document.run, document.learning, self.cards, self.cards.across)
        scroll = Scroll(centre)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        return scroll

    @cached_property
    def lessons(self) -> Lessons:
        """What opens lessons and leaves them."""
        from gui.lessons.lessons import Lessons

        return Lessons(self, self.document, self.files, self.cards, self._lesson_panel, self._actions)

    @Slot()
    def _begin_first_lesson(self) -> None:
        self.lessons.settle_and_open(own_lessons()[0])

    @Slot()
    def _on_lesson_opened(self) -> None:
        """Let the hints go: a lesson says where to begin."""
        if self.hints.are_shown and self.document.lesson.lesson is not None:
            self.hints.hide()

    def open_file(self, path: Path) -> None:
        """Open an experiment or a lesson, or ask how the points of a table are to be taken."""
        self._openers.get(path.suffix.lower(), self._open_other)(path)

    def _open_lesson(self, path: Path) -> None:
        """Open a lesson; a table can be written as Markdown, and an experiment is an archive, too."""
        from model.lessons.reading import is_lesson

        is_meant = is_lesson(path) or (path.suffix.lower() == ".zip" and not is_zipfile(path))
        (self.lessons.settle_and_open if is_meant else self._open_other)(path)

    def _open_other(self, path: Path) -> None:
        """Open a file whose name does not say what it is: an experiment is an archive, and a table is not."""
        if path.is_dir():
            self.lessons.settle_and_open(path)
        else:
            (self.files.settle_and_open if is_zipfile(path) else self.tables.open)(path)

    @property
    def splitters(self) -> dict[str, QSplitter]:
        """The splitters between the panels, by name; "across" holds all columns."""
        return self.cards.splitters

    def show_panel(self, name: str, shown: bool) -> None:
        """Show or hide a panel, by its name in the View menu."""
        self.cards.show_panel(name, shown)

    def may_show(self, name: str) -> bool:
        """Return whether a panel can be shown, which a lesson may not want."""
        return name not in self._panels or not self.cards.is_withheld(name)

    def is_panel_shown(self, name: str) -> bool:
        """Return whether a panel is shown."""
        return name in self._panels and self.cards.is_shown(name)

    def toggle_panel(self, name: str) -> None:
        """Show a panel that is not seen, and hide one that is."""
        self.cards.toggle_panel(name)

    @property
    def enlarged_panel(self) -> str:
        """The panel that has the room of all; empty for none."""
        return self.cards.enlarged if self._panels else ""

    def toggle_enlarged(self) -> None:
        """Give one panel the room of all, or each its own again."""
        self.cards.toggle_enlarged()

    def reset_layout(self) -> None:
        """Show the panels, and share the room, as at the first start."""
        self.cards.begin_anew()

    def toggle_full_screen(self) -> None:
        """Give the window the whole screen, or its place again."""
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _restore_layout(self) -> None:
        """Give window and panels the places that they had at the last end, on the screen that there is now."""
        if self.cards.restore():
            self.restoreGeometry(as_bytes(QSettings().value("layout/window")))
        keep_on_screen(self)

    def _save_layout(self) -> None:
        self.cards.save()
        QSettings().setValue("layout/window", self.saveGeometry())

    @guarded
    def event(self, event: QEvent) -> bool:
        """Leave a key to the widget with the focus, where that needs it more than a shortcut does."""
        if event.type() == QEvent.Type.UpdateRequest and self._is_collecting:
            return True  # Each scene asks for it; what all of them changed is drawn, and handed to the screen, at once.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            ends_it = event.key() == Qt.Key.Key_Escape and self.cards.is_for_a_while
            pans = event.key() == Qt.Key.Key_Space and self._may_pan()
            if ends_it or pans or uses_key(QApplication.focusWidget(), event.key()):
                event.accept()
                return True
        if event.type() == QEvent.Type.WindowDeactivate:
            SPACE.release()  # Another window is told when it goes up.
        if _is_tip_of_button(event):
            return True
        return super().event(event)

    @guarded
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Return press the button that has the focus, or end the typing in a field; Escape ends what is on top."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            finish_with(QApplication.focusWidget())
        elif event.key() == Qt.Key.Key_Escape:
            self.cards.end_for_a_while()
        elif event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and self._may_pan():
            SPACE.press()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Let Tab go through the window in the order of reading."""
        return go_on(self, forward=forward)

    def go_to_next_card(self, *, forward: bool) -> None:
        """Give the keyboard to the next card, or the one before."""
        go_to_next_card(self, forward=forward)

    @guarded
    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Play, or pause, when Space goes up where a drag could have panned, and none has."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat() and SPACE.release():
            self._actions["play"].trigger()
        super().keyReleaseEvent(event)

    def _may_pan(self) -> bool:
        """Return whether Space is not the focus widget's own key, and the mouse is where a drag with it pans."""
        is_over = any(view.viewport().underMouse() for view in self._views if isinstance(view, PlaneView))
        return is_over and not uses_key(QApplication.focusWidget(), Qt.Key.Key_Space)

    @Slot()
    def _draw_frame(self) -> None:
        """Draw at once all that the new snapshot changed, while training waits for it."""
        self._is_collecting = True
        try:
            for view in self._views:
                # A scene collects its changes and tells its views by a posted call.
                QCoreApplication.sendPostedEvents(view.scene(), QEvent.Type.MetaCall.value)
        finally:
            self._is_collecting = False
        QCoreApplication.sendEvent(self, QEvent(QEvent.Type.UpdateRequest))

    @guarded
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


def _is_tip_of_button(event: QEvent) -> bool:
    """Return whether the status bar is asked to say what a button does: that has a tip beside it, and hides the state.

    The entries of an open menu have no other place for theirs.
    """
    return isinstance(event, QStatusTipEvent) and bool(event.tip()) and QApplication.activePopupWidget() is None
