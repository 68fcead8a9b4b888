"""Recovery: what a crash leaves, and what is kept for the case of one."""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path

import platformdirs
from PySide6.QtCore import QLockFile, QUuid

from model.experiment import SUFFIX, Experiment, ExperimentError, recovery_paths, save_experiment
from model.writing import remove_leftovers

_log = logging.getLogger(__name__)


def recovery_folder() -> Path:
    """Return where unsaved experiments are kept for the case of a crash."""
    return Path(platformdirs.user_state_dir("NetCanvas", appauthor=False)) / "recovery"


class Recovery:
    """The window's own file in the recovery folder, and those that dead programs left there.

    A lock beside each file says whether its program still runs.
    """

    def __init__(self) -> None:
        self._path = recovery_folder() / f"{QUuid.createUuid().toString(QUuid.StringFormat.Id128)}{SUFFIX}"
        self._lock: QLockFile | None = None
        self._kept: object = None
        self._worker: threading.Thread | None = None
        self._left: tuple[Path, QLockFile] | None = None
        self._offered: set[Path] = set()

    # The window's file

    def keep(self, experiment: Experiment, state: object) -> None:
        """Write the experiment, unless that state is kept already or the last one is still being written."""
        if state == self._kept or (self._worker is not None and self._worker.is_alive()):
            return
        if self._lock is None:
            try:
                # What is unsaved is nobody else's to read.
                self._path.parent.mkdir(0o700, parents=True, exist_ok=True)
            except OSError:
                _log.exception("there is no folder for recovery")
                return
            self._lock = _locked(self._path)
        if self._lock is not None:
            self._kept = state
            self._worker = threading.Thread(target=self._write, args=(experiment,), name="autosave")
            self._worker.start()

    def _write(self, experiment: Experiment) -> None:
        try:
            save_experiment(experiment, self._path)
        except ExperimentError:
            # The person works on; it is tried again in half a minute.
            _log.exception("the autosave failed")
            self._kept = None

    def wait(self) -> None:
        """Wait until nothing is being written."""
        if self._worker is not None:
            self._worker.join()

    def forget(self) -> None:
        """Remove the file: what it has is saved elsewhere."""
        self.wait()
        self._kept = None
        if self._lock is not None:
            _remove(self._path)

    def release(self) -> None:
        """Leave the file to the next start."""
        self.wait()
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def close(self) -> None:
        """Remove file and lock."""
        self.forget()
        self.release()

    # What dead programs left

    def next_left(self) -> Path | None:
        """Return the newest file of a dead program that was not returned yet, None if there is none.

        No other window is offered it until one of the next four methods says what becomes of it.
        """
        remove_leftovers(recovery_folder())
        for path in recovery_paths(recovery_folder()):
            lock = None if path in self._offered or path == self._path else _locked(path)
            if lock is not None:
                self._offered.add(path)
                self._left = (path, lock)
                return path
        return None

    def adopt_left(self, state: object) -> None:
        """Go on with the file as this window's own: should this program crash at once, it is still there."""
        if self._left is not None:
            self.close()
            self._path, self._lock = self._left
            self._left, self._kept = None, state

    def remove_left(self) -> None:
        """Remove the file."""
        if self._left is not None:
            _remove(self._left[0])
        self.put_off_left()

    def set_left_aside(self) -> None:
        """Keep the file, which cannot be opened, under a name that is not offered again."""
        if self._left is not None:
            path = self._left[0]
            with contextlib.suppress(OSError):
                path.replace(path.with_suffix(".unreadable"))
                _log.warning("%s cannot be opened and is kept as %s", path.name, path.with_suffix(".unreadable"))
        self.put_off_left()

    def put_off_left(self) -> None:
        """Leave the file to the next start."""
        if self._left is not None:
            self._left[1].unlock()
            self._left = None


def _locked(path: Path) -> QLockFile | None:
    """Return the lock of a recovery file, or None if another program has it."""
    lock = QLockFile(str(path.with_suffix(".lock")))
    lock.setStaleLockTime(0)
    return lock if lock.tryLock(0) else None


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
