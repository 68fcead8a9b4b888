"""ExperimentFiles: open, save, what is unsaved, and what a crash left to restore."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox

from gui.dialogs.asking import ask, ask_about_suffix, message_box, note, warn
from gui.dialogs.recovery import LeftExperiment
from gui.document.document import Document
from gui.files import recent
from gui.files.claims import OpenFile, Stamp
from gui.files.recovery import Recovery
from gui.files.restoring import Restoring
from model.experiment import SUFFIX, Experiment, ExperimentError, load_experiment, save_experiment
from model.experiment.state_text import read_state_text

FILTER = f"NetCanvas experiments (*{SUFFIX})"
AUTOSAVE_INTERVAL_MS = 30_000

LONG_TRAINING_S = 60.0
"""A run of this long is worth a question, although the same seed would give it again."""

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
        self._file: OpenFile | None = None
        self._saved_state = document.run.state
        self._is_restored = False
        self.recovery = Recovery()
        self._restoring = Restoring(window, self.recovery, self._restore)
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
        """Take the recovery entry away, and let others have the file: the program ends as it should."""
        self._timer.stop()
        self.recovery.close()
        if self._file is not None:
            self._file.release()

    # State

    @property
    def path(self) -> Path | None:
        """The file of the experiment; None: it has none yet."""
        return None if self._file is None else self._file.path

    @property
    def _name(self) -> str:
        return _UNTITLED if self._file is None else self._file.path.name

    @property
    def _is_unkept(self) -> bool:
        """Whether there is anything that the file does not have, be it only that the run has gone on."""
        return self._is_restored or self._document.run.state != self._saved_state

    @property
    def is_modified(self) -> bool:
        """Whether there is something worth a question that the file does not have.

        Without a file that is what a person made, or a run of more than a minute: a short one comes again by itself.
        """
        run, saved = self._document.run, self._saved_state
        has_moved = (run.state.run, run.state.step) != (saved.run, saved.step)
        is_worth = self._file is not None or run.trained_seconds > LONG_TRAINING_S
        is_changed = not self._document.changes.undo_stack.isClean()
        return is_changed or self._is_restored or (is_worth and has_moved)

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
        title = f"{self._name}[*] — NetCanvas"
        if self._window.windowTitle() != title:
            self._window.setWindowTitle(title)
        self._window.setWindowModified(self.is_modified)

    @property
    def recent(self) -> Sequence[Path]:
        """The files that were opened or saved last, the newest first."""
        return recent.recent_files()

    def forget_recent(self) -> None:
        """Let the list of recent files be empty."""
        recent.forget_all()

    # Open

    def ask_and_begin_anew(self) -> None:
        """Begin an experiment as the program does, after what is unsaved has been settled."""
        self.settle(self.begin_anew)

    def ask_and_open(self) -> None:
        """Ask for a file and open it, after what is unsaved has been settled."""
        self.settle(self._ask_for_file)

    def settle_and_open(self, path: Path) -> None:
        """Open a file after what is unsaved has been settled."""
        self.settle(lambda: self.open(path))

    def ask_and_revert(self) -> None:
        """Go back to what the file has, if a person agrees."""
        path = self.path
        if path is None:
            note(self._window, "There is no file to go back to: this experiment was never saved.")
        elif not self._is_unkept:
            note(self._window, f"Nothing was changed since {path.name} was saved.")
        else:
            ask(
                self._window,
                "revert",
                f"Go back to {path.name} as it was saved?",
                "The run and what was drawn since then are lost.",
                {"Revert": lambda: self.open(path)},
            )

    def _ask_for_file(self) -> None:
        folder = str(self.path.parent) if self.path else ""
        name, _ = QFileDialog.getOpenFileName(self._window, "Open an experiment", folder, FILTER)
        if name:
            self.open(Path(name))

    def begin_anew(self) -> None:
        """Begin an experiment as the program does, without a file, whatever is unsaved."""
        self._document.begin_anew()
        self._leave_for(None)

    def open(self, path: Path) -> bool:
        """Open a file instead of the present experiment, or say why that cannot be; return whether it is open."""
        path = path.absolute()  # As it is remembered for the next start, which may be in another folder.
        file = OpenFile(path, Stamp.of(path))
        try:
            self._document.open_experiment(load_experiment(path))
        except (ExperimentError, ValueError) as error:
            warn(self._window, _why(path, error))
            recent.forget(path)
            return False
        self._leave_for(file)
        recent.remember(path)
        if file.is_open_elsewhere:
            note(self._window, f"{path.name} is open in another window too.")
        return True

    def settle_and_open_state(self, text: str) -> None:
        """Open the experiment of a state text after what is unsaved has been settled; say so where it is none."""
        try:
            experiment = read_state_text(text)
        except ExperimentError as error:
            warn(self._window, str(error))
            return
        text = "Opened the state: its points, network, settings and weights."
        self.settle(lambda: self.open_untitled(experiment, text))

    def open_untitled(self, experiment: Experiment, text: str) -> None:
        """Show an experiment that has no file, and say so."""
        self._document.open_experiment(experiment)
        self._leave_for(None)
        note(self._window, text)

    def _leave_for(self, file: OpenFile | None) -> None:
        """Have another file, or none, and nothing of the one before."""
        self.recovery.forget()
        self._set_file(file)
        self.forget_changes()
        self._window.statusBar().clearMessage()

    def _set_file(self, file: OpenFile | None) -> None:
        if self._file is not None and self._file is not file:
            self._file.release()
        self._file = file
        if file is not None:
            file.claim()

    # Save

    def save(self, then: Callable[[], object] = _nothing) -> None:
        """Save to the experiment's file, or ask for one; `then` is called when it is saved."""
        if self._file is None:
            self.save_as(then)
        else:
            self._ask_and_write(self._file, then)

    def save_as(self, then: Callable[[], object] = _nothing) -> None:
        """Ask for a file and save to it; `then` is called when it is saved."""
        proposal = str(self.path or Path.home() / f"{_UNTITLED.lower()}{SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the experiment", proposal, FILTER)
        if name:
            ask_about_suffix(
                self._window, Path(name), (SUFFIX,), lambda path: self._ask_and_write(self._file_at(path), then)
            )

    def _file_at(self, path: Path) -> OpenFile:
        """Return the file at a path: the present one, or one that nothing is known of."""
        return self._file if self._file is not None and self._file.is_at(path) else OpenFile(path)

    def _ask_and_write(self, file: OpenFile, then: Callable[[], object]) -> None:
        """Write a file; where others have to do with it, if a person agrees."""
        if file.has_changed:
            reason = f"{file.path.name} has changed on the disk since it was opened or saved here."
        elif file.is_open_elsewhere:
            reason = f"{file.path.name} is open in another window too."
        else:
            self._write(file, then)
            return
        ask(
            self._window,
            "save_over",
            reason,
            "Saving replaces what is in the file now.",
            {"Save Anyway": lambda: self._write(file, then), "Save As…": lambda: self.save_as(then)},
        )

    def _write(self, file: OpenFile, then: Callable[[], object]) -> None:
        state = self._document.run.state
        try:
            save_experiment(self._document.experiment(), file.path)
        except ExperimentError as error:
            warn(self._window, str(error))
            return
        file.stamp = Stamp.of(file.path)
        self._document.changes.undo_stack.setClean()
        self._saved_state, self._is_restored = state, False
        self._set_file(file)
        recent.remember(file.path)
        self.recovery.forget()
        self._show_title()
        note(self._window, f"Saved {file.path.name}.")
        then()

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
        what = "this experiment" if self._file is None else f"the changes to {self._name}"
        box = message_box(
            self._window,
            QMessageBox.Icon.Question,
            f"Save {what}?",
            "Without saving, the run and what was drawn since the last save are lost.",
            buttons.Save | buttons.Discard | buttons.Cancel,
        )
        box.setObjectName("unsaved_changes")

        def answered(result: int) -> None:
            if result == buttons.Discard.value:
                # What is there now stays unsaved until something else is there: the next question may be cancelled.
                then()
            elif result == buttons.Save.value:
                self.save(then)

        box.finished.connect(answered)
        box.open()

    def settle_and_close(self) -> None:
        """Close the window after what is unsaved has been settled."""
        self.settle(self._close_window)

    def _close_window(self) -> None:
        self.forget_changes()
        self._window.close()

    # Recovery

    @Slot()
    def autosave(self) -> None:
        """Keep what is unsaved for the case of a crash, in a thread of its own."""
        if self._is_unkept:
            self.recovery.keep(self._document.experiment(), self._document.run.state, self._file)

    def keep(self) -> None:
        """Keep what is unsaved, as for the case of a crash, and return when it is on the disk."""
        # An autosave that is under way has what was there when it began.
        self.recovery.wait()
        self.autosave()
        self.recovery.wait()

    def keep_for_next_start(self) -> None:
        """Keep what is unsaved, so that the next start offers it, and let the window close without a question."""
        if self._is_unkept:
            self.keep()
            self.recovery.release()
        self.forget_changes()

    def offer_recovery(self) -> None:
        """Offer what windows that are gone left unsaved, if there is anything."""
        self._restoring.offer()

    def settle_and_recover(self) -> None:
        """Offer what was left, after what is unsaved has been settled, or say that there is nothing."""
        self.settle(self._recover)

    def _recover(self) -> None:
        if not self._restoring.offer():
            note(self._window, "No unsaved experiment was left behind.")

    def _restore(self, left: LeftExperiment) -> str:
        """Go on with what a window left; return why that cannot be, or nothing."""
        try:
            experiment = load_experiment(left.path)
            self.recovery.count_restore(left)
            self._document.open_experiment(experiment)
        except (ExperimentError, ValueError) as error:
            return _why(left.path, error)
        origin = self.recovery.adopt(left, self._document.run.state)
        self._set_file(None if origin.file is None else OpenFile(origin.file, origin.stamp))
        self.forget_changes()
        # Its file does not have it: closing asks.
        self._is_restored = True
        self._show_title()
        return ""


def _why(path: Path, error: Exception) -> str:
    return str(error) if isinstance(error, ExperimentError) else f"{path.name} cannot be opened: {error}."
