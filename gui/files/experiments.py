"""Experiment files in the window: open, save, recent ones, autosave, and what a crash left to restore."""

from __future__ import annotations

import contextlib
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import platformdirs
from PySide6.QtCore import QLockFile, QObject, QSettings, Qt, QTimer, QUuid, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMenu, QMessageBox

from gui.actions.actions import Actions
from gui.document.document import Document
from model.experiment import SUFFIX, Experiment, ExperimentError, load_experiment, recovery_paths, save_experiment

_log = logging.getLogger(__name__)

FILTER = f"NetCanvas experiments (*{SUFFIX})"
AUTOSAVE_INTERVAL_MS = 30_000
MAX_RECENT = 8
_RECENT_KEY = "files/recent"
_UNTITLED = "Untitled"


def recovery_folder() -> Path:
    """Return where unsaved experiments are kept for the case of a crash."""
    return Path(platformdirs.user_state_dir("NetCanvas", appauthor=False)) / "recovery"


class Files(QObject):
    """Connects the window's document with files.

    Parameters
    ----------
    window : QMainWindow
        Its title shows the file; the parent.
    document : Document
    actions : Actions
    """

    def __init__(self, window: QMainWindow, document: Document, actions: Actions) -> None:
        super().__init__(window)
        self._window = window
        self._document = document
        self._path: Path | None = None
        self._saved_state = document.state
        self._is_restored = False
        self._recovery = Recovery(self)
        self._recent = QMenu("Open &Recent", window)
        self._recent.aboutToShow.connect(self._fill_recent)
        for name, handler in (("open", self.ask_and_open), ("save", self.save), ("save_as", self.save_as)):
            actions[name].triggered.connect(handler)
        self._place_recent(actions["save"])
        self._timer = QTimer(self)
        self._timer.setInterval(AUTOSAVE_INTERVAL_MS)
        self._timer.timeout.connect(self.autosave)
        self._timer.start()
        document.undo_stack.indexChanged.connect(self._show_title)
        document.undo_stack.cleanChanged.connect(self._show_title)
        document.playing_changed.connect(self._show_title)
        document.displayed_changed.connect(self._on_displayed_changed)
        self._show_title()

    def close(self) -> None:
        """Take the recovery file away: the program ends as it should."""
        self._timer.stop()
        self._recovery.close()

    def keep_for_next_start(self) -> None:
        """Keep what is unsaved, so that the next start offers it, and let the window close without a question."""
        if self.is_modified:
            self._recovery.keep(self._document.experiment(), self._document.state)
            self._recovery.release()
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
        has_moved = self._document.state != self._saved_state
        return not self._document.undo_stack.isClean() or self._is_restored or (self._path is not None and has_moved)

    def forget_changes(self) -> None:
        """Let what was changed since the last save go without a question."""
        self._saved_state = self._document.state
        self._document.undo_stack.setClean()
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

    # Open

    @Slot()
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
        """Open a file, in the place of the present experiment; say why where that cannot be, and return whether."""
        try:
            experiment = load_experiment(path)
            self._document.open_experiment(experiment)
        except (ExperimentError, ValueError) as error:
            self._say(f"{path.name} could not be opened.", str(error))
            self._forget_recent(path)
            return False
        self._set_path(path)
        self.forget_changes()
        return True

    # Save

    @Slot()
    def save(self) -> bool:
        """Save to the experiment's file, or ask for one; return whether it was saved."""
        return self.save_as() if self._path is None else self._write(self._path)

    @Slot()
    def save_as(self) -> bool:
        """Ask for a file and save to it; return whether it was saved."""
        proposal = str(self._path or Path.home() / f"{_UNTITLED.lower()}{SUFFIX}")
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the experiment", proposal, FILTER)
        if not name:
            return False
        path = Path(name)
        return self._write(path if path.suffix == SUFFIX else path.with_name(path.name + SUFFIX))

    def _write(self, path: Path) -> bool:
        state = self._document.state
        try:
            save_experiment(self._document.experiment(), path)
        except ExperimentError as error:
            self._say(f"{path.name} could not be saved.", str(error))
            return False
        self._document.undo_stack.setClean()
        self._saved_state, self._is_restored = state, False
        self._set_path(path)
        self._recovery.forget()
        return True

    def _set_path(self, path: Path) -> None:
        self._path = path
        recent = [str(path), *(name for name in _recent_files() if name != str(path))]
        QSettings().setValue(_RECENT_KEY, recent[:MAX_RECENT])
        self._show_title()

    def _say(self, sentence: str, reason: str) -> None:
        box = QMessageBox(QMessageBox.Icon.Warning, "NetCanvas", sentence, QMessageBox.StandardButton.Ok, self._window)
        box.setInformativeText(reason)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

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
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "NetCanvas",
            f"Save the changes to {_UNTITLED.lower() if self._path is None else self._path.name}?",
            buttons.Save | buttons.Discard | buttons.Cancel,
            self._window,
        )
        box.setObjectName("unsaved_changes")
        box.setInformativeText("Without saving, the run and what was drawn since the last save are lost.")

        def answered(result: int) -> None:
            if result == buttons.Discard.value:
                self.forget_changes()
                then()
            elif result == buttons.Save.value and self.save():
                then()

        box.finished.connect(answered)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    # Recent files

    def _place_recent(self, before: QAction) -> None:
        for menu in self._window.menuBar().findChildren(QMenu):
            if before in menu.actions():
                menu.insertMenu(before, self._recent)

    @Slot()
    def _fill_recent(self) -> None:
        self._recent.clear()
        for name in _recent_files():
            action = self._recent.addAction(Path(name).name)
            action.setToolTip(name)
            action.setData(name)
            action.triggered.connect(self._on_recent_triggered)
        self._recent.setToolTipsVisible(True)
        if self._recent.isEmpty():
            self._recent.addAction("No recent experiment").setEnabled(False)

    @Slot()
    def _on_recent_triggered(self) -> None:
        action = self.sender()
        assert isinstance(action, QAction)
        self.settle_and_open(Path(str(action.data())))

    def _forget_recent(self, path: Path) -> None:
        QSettings().setValue(_RECENT_KEY, [name for name in _recent_files() if name != str(path)])

    # Recovery

    @Slot()
    def autosave(self) -> None:
        """Keep what is unsaved for the case of a crash, in a thread of its own."""
        if self._document.state != self._saved_state or self._is_restored:
            self._recovery.keep(self._document.experiment(), self._document.state)

    def offer_recovery(self) -> None:
        """Ask whether the experiment that a crash left is to be restored, if there is one."""
        path = self._recovery.newest_left()
        if path is None:
            return
        buttons = QMessageBox.StandardButton
        box = QMessageBox(
            QMessageBox.Icon.Question,
            "NetCanvas",
            "NetCanvas did not end as it should have last time. Restore the unsaved experiment?",
            buttons.Yes | buttons.No,
            self._window,
        )
        box.setObjectName("restore")

        def answered(result: int) -> None:
            if result == buttons.Yes.value:
                self._restore(path)
            self._recovery.remove_left()

        box.finished.connect(answered)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _restore(self, path: Path) -> None:
        try:
            self._document.open_experiment(load_experiment(path))
        except (ExperimentError, ValueError) as error:
            self._say("The unsaved experiment could not be restored.", str(error))
            return
        # It is in no file yet: closing asks.
        self._is_restored = True
        self._show_title()


class Recovery(QObject):
    """One file in the recovery folder for this window, and the files that other, dead ones left there.

    A lock beside each file says whether its program still runs.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        folder = recovery_folder()
        self._file = folder / f"{QUuid.createUuid().toString(QUuid.StringFormat.Id128)}{SUFFIX}"
        self._lock: QLockFile | None = None
        self._kept: object = None
        self._worker: threading.Thread | None = None
        self._left: list[tuple[Path, QLockFile]] = []

    def keep(self, experiment: Experiment, state: object) -> None:
        """Write the experiment, unless that state is kept already or the last one is still being written."""
        if state == self._kept or (self._worker is not None and self._worker.is_alive()):
            return
        if not self._locked():
            return
        self._kept = state
        self._worker = threading.Thread(target=self._write, args=(experiment,), name="autosave")
        self._worker.start()

    def _locked(self) -> bool:
        if self._lock is None:
            try:
                self._file.parent.mkdir(parents=True, exist_ok=True)
            except OSError:
                _log.exception("there is no folder for recovery")
                return False
            lock = QLockFile(str(self._file.with_suffix(".lock")))
            lock.setStaleLockTime(0)
            if not lock.tryLock(0):
                return False
            self._lock = lock
        return True

    def _write(self, experiment: Experiment) -> None:
        try:
            save_experiment(experiment, self._file)
        except ExperimentError:
            # The person works on; the next time is in half a minute.
            _log.exception("the autosave failed")

    def forget(self) -> None:
        """Take the file away: what it has is saved elsewhere."""
        if self._worker is not None:
            self._worker.join()
        self._kept = None
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)

    def release(self) -> None:
        """Leave the file to the next start."""
        if self._worker is not None:
            self._worker.join()
        if self._lock is not None:
            self._lock.unlock()
        self._file = self._file.with_name(f"ended{SUFFIX}.none")
        self._lock = None

    def close(self) -> None:
        """Take file and lock away."""
        self.forget()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def newest_left(self) -> Path | None:
        """Return the newest file of a program that is dead, None where there is none."""
        self._left = []
        for path in recovery_paths(recovery_folder()):
            lock = QLockFile(str(path.with_suffix(".lock")))
            lock.setStaleLockTime(0)
            if path != self._file and lock.tryLock(0):
                self._left.append((path, lock))
        return self._left[0][0] if self._left else None

    def remove_left(self) -> None:
        """Take the files of dead programs away."""
        for path, lock in self._left:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            lock.unlock()
        self._left = []


def _recent_files() -> list[str]:
    names = QSettings().value(_RECENT_KEY, [])
    # A list of one entry comes back as a string.
    return [names] if isinstance(names, str) else [str(name) for name in names] if isinstance(names, list) else []
