"""Recovery: what a crash leaves, and what is kept for the case of one."""

from __future__ import annotations

import contextlib
import logging
import threading
from pathlib import Path

import platformdirs
from PySide6.QtCore import QLockFile, QObject, QUuid

from model.experiment import SUFFIX, Experiment, ExperimentError, recovery_paths, save_experiment
from model.writing import remove_leftovers

_log = logging.getLogger(__name__)


def recovery_folder() -> Path:
    """Return where unsaved experiments are kept for the case of a crash."""
    return Path(platformdirs.user_state_dir("NetCanvas", appauthor=False)) / "recovery"


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
                # What is unsaved is nobody else's to read.
                self._file.parent.mkdir(0o700, parents=True, exist_ok=True)
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

    def wait(self) -> None:
        """Wait until nothing is being written."""
        if self._worker is not None:
            self._worker.join()

    def forget(self) -> None:
        """Take the file away: what it has is saved elsewhere."""
        self.wait()
        self._kept = None
        with contextlib.suppress(OSError):
            self._file.unlink(missing_ok=True)

    def release(self) -> None:
        """Leave the file to the next start."""
        self.wait()
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
        remove_leftovers(recovery_folder())
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
