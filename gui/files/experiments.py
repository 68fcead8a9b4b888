"""ExperimentFiles: open, save, what is unsaved, recent files, and what a crash left to restore."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox

from gui.dialogs.asking import ask_about_suffix, message_box, warn
from gui.document.document import Document
from gui.files.recovery import Recovery
from model.experiment import SUFFIX, ExperimentError, load_experiment, save_experiment

FILTER = f"NetCanvas experiments (*{SUFFIX})"
AUTOSAVE_INTERVAL_MS = 30_000
MAX_RECENT = 8
_RECENT_KEY = "files/recent"
_UNTITLED = "Untitled"


def _nothing() -> None:
    pass


class ExperimentFiles(QObject):
    """Connects the window's document with its file.

    Parameters
    ----------
    window : QMainWindow
        Its title shows the file; the parent.
    document : Document

    Attributes
    ----------
    recovery : Recovery
    """

    def __init__(self, window: QMainWindow, document: Document) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._path: Path | None = None
        self._saved_state = document.run.state
        self._is_restored = False
        self.recovery = Recovery()
        self._timer = QTimer(self)
        self._timer.setInterval(AUTOSAVE_INTERVAL_MS)
        self._timer.timeout.connect(self.autosave)
        self._timer.start()
        document.changes.undo_stack.indexChanged.connect(self._show_title)
        document.changes.undo_stack.cleanChanged.connect(self._show_title)
        document.run.playing_changed.connect(self._show_title)
        document.run.displayed_changed.connect(self._on_displayed_changed)
        self._show_title()

    def close(self) -> None:
        """Take the recovery file away: the program ends as it should."""
        self._timer.stop()
        self.recovery.close()

    def keep_for_next_start(self) -> None:
        """Keep what is unsaved, so that the next start offers it, and let the window close without a question."""
        if self.is_modified:
            # An autosave that is under way has what was there when it began.
            self.recovery.wait()
            self.recovery.keep(self._document.experiment(), self._document.run.state)
            self.recovery.release()
        self.forget_changes()

    # State

    @property
    def path(self) -> Path | None:
        """The file of the experiment; None: it has none yet."""
        return self._path

    @property
    def is_modified(self) -> bool:
        """Whether there is something that the file does not have, or without one something that a person made.

        Training alone makes nothing that the same seed would not make again.
        """
        state, saved = self._document.run.state, self._saved_state
        has_moved = (state.run, state.step) != (saved.run, saved.step)
        is_changed = not self._document.changes.undo_stack.isClean()
        return is_changed or self._is_restored or (self._path is not None and has_moved)

    def forget_changes(self) -> None:
        """Let what was changed since the last save go without a question."""
        self._saved_state = self._document.run.state
        self._document.changes.undo_stack.setClean()
        self._is_restored = False
        self._show_title()

    @Slot()
    def _on_displayed_changed(self) -> None:
        if not self._window.isWindowModified():
            self._show_title()

    @Slot()
    def _show_title(self) -> None:
        name = _UNTITLED if self._path is None else self._path.name
        title = f"{name}[*] — NetCanvas"
        if self._window.windowTitle() != title:
            self._window.setWindowTitle(title)
        self._window.setWindowModified(self.is_modified)

    @property
    def recent(self) -> list[Path]:
        """The files that were opened or saved last, the newest first."""
        names = QSettings().value(_RECENT_KEY, [])
        # A list of one entry comes back as a string.
        names = [names] if isinstance(names, str) else names
        return [Path(str(name)) for name in names] if isinstance(names, list) else []

    # Open

    def ask_and_open(self) -> None:
        """Ask for a file and open it, after what is unsaved has been settled."""
        self.settle(self._ask_for_file)

    def settle_and_open(self, path: Path) -> None:
        """Open a file after what is unsaved has been settled."""
        self.settle(lambda: self.open(path))

    def _ask_for_file(self) -> None:
        folder = str(self._path.parent) if self._path else ""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open an experiment", folder, FILTER)
        if name:
            self.open(Path(name))

    def open(self, path: Path) -> bool:
        """Open a file instead of the present experiment, or say why that cannot be; return whether it is open."""
        try:
            experiment = load_experiment(path)
            self._document.open_experiment(experiment)
        except (ExperimentError, ValueError) as error:
            warn(self._window, f"{path.name} could not be opened.", str(error))
            self._remember(other for other in self.recent if other != path)
            return False
        self._set_path(path)
        self.forget_changes()
        return True

    # Save

    def save(self, then: Callable[[], object] = _nothing) -> None:
        """Save to the experiment's file, or ask for one; `then` is called when it is saved."""
        if self._path is None:
            self.save_as(then)
        else:
            self._write(self._path, then)

    def save_as(self, then: Callable[[], object] = _nothing) -> None:
        """Ask for a file and save to it; `then` is called when it is saved."""
        proposal = str(self._path or Path.home() / f"{_UNTITLED.lower()}{SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the experiment", proposal, FILTER)
        if name:
            ask_about_suffix(self._window, Path(name), (SUFFIX,), lambda path: self._write(path, then))

    def _write(self, path: Path, then: Callable[[], object]) -> None:
        state = self._document.run.state
        try:
            save_experiment(self._document.experiment(), path)
        except ExperimentError as error:
            warn(self._window, f"{path.name} could not be saved.", str(error))
            return
        self._document.changes.undo_stack.setClean()
        self._saved_state, self._is_restored = state, False
        self._set_path(path)
        self.recovery.forget()
        then()

    def _set_path(self, path: Path) -> None:
        self._path = path
        self._remember([path, *(other for other in self.recent if other != path)])
        self._show_title()

    def _remember(self, recent: Iterable[Path]) -> None:
        QSettings().setValue(_RECENT_KEY, [str(path) for path in recent][:MAX_RECENT])

    # Unsaved changes

    def settle(self, then: Callable[[], object]) -> None:
        """Do something that ends the present experiment, after asking what is to become of unsaved changes."""
        if not self.is_modified:
            then()
            return
        asked = self._window.findChild(QMessageBox, "unsaved_changes")
        if asked is not None and asked.isVisible():
            asked.raise_()
            return
        buttons = QMessageBox.StandardButton
        box = message_box(
            self._window,
            QMessageBox.Icon.Question,
            f"Save the changes to {_UNTITLED.lower() if self._path is None else self._path.name}?",
            "Without saving, the run and what was drawn since the last save are lost.",
            buttons.Save | buttons.Discard | buttons.Cancel,
        )
        box.setObjectName("unsaved_changes")

        def answered(result: int) -> None:
            if result == buttons.Discard.value:
                self.forget_changes()
                then()
            elif result == buttons.Save.value:
                self.save(then)

        box.finished.connect(answered)
        box.open()

    # Recovery

    @Slot()
    def autosave(self) -> None:
        """Keep what is unsaved for the case of a crash, in a thread of its own."""
        if self._document.run.state != self._saved_state or self._is_restored:
            self.recovery.keep(self._document.experiment(), self._document.run.state)

    def offer_recovery(self) -> None:
        """Ask whether an experiment that a crash left is to be restored, the newest first, until one is."""
        path = self.recovery.next_left()
        if path is None:
            return
        buttons = QMessageBox.StandardButton
        box = message_box(
            self._window,
            QMessageBox.Icon.Question,
            "NetCanvas ended unexpectedly last time. Restore the unsaved experiment?",
            buttons=buttons.Yes | buttons.No,
        )
        box.setObjectName("restore")
        box.setEscapeButton(box.addButton("Ask Later", QMessageBox.ButtonRole.RejectRole))

        def answered(result: int) -> None:
            if result == buttons.Yes.value:
                self._restore(path)
            elif result == buttons.No.value:
                self.recovery.remove_left()
                self.offer_recovery()
            else:
                self.recovery.put_off_left()

        box.finished.connect(answered)
        box.open()

    def _restore(self, path: Path) -> None:
        try:
            self._document.open_experiment(load_experiment(path))
        except (ExperimentError, ValueError) as error:
            self.recovery.set_left_aside()
            self.offer_recovery()
            warn(self._window, "The unsaved experiment could not be restored.", str(error))
            return
        # It is in no file yet: closing asks.
        self._is_restored = True
        self.recovery.adopt_left(self._document.run.state)
        self._show_title()
