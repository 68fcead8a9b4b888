"""Recovery: what a crash leaves, and what is kept for the case of one."""

from __future__ import annotations

import contextlib
import json
import logging
import threading
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QLockFile, QUuid

from gui.dialogs.recovery import LeftExperiment
from gui.files.claims import OpenFile, Stamp, lock_of, remove_dead_locks, state_folder
from model.experiment import SUFFIX, Experiment, ExperimentError, recovery_paths, save_experiment
from model.writing import remove_leftovers, write_whole

_log = logging.getLogger(__name__)


def recovery_folder() -> Path:
    """Return where unsaved experiments are kept for the case of a crash."""
    return state_folder() / "recovery"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an experiment in the recovery folder came from, which a small file beside it says.

    Attributes
    ----------
    file : Path or None
        The file that it was opened from or saved to last.
    stamp : Stamp or None
        Of the version of that file which the window knew.
    n_steps : int or None
        How far its run was; None where nothing is known of it.
    n_crashes : int
        How often the program ended unexpectedly after it had been restored.
    """

    file: Path | None = None
    stamp: Stamp | None = None
    n_steps: int | None = None
    n_crashes: int = 0

    @classmethod
    def of(cls, experiment_path: Path) -> Origin:
        """Read what is said of an experiment; what cannot be read says nothing."""
        try:
            said = json.loads(_origin_path(experiment_path).read_bytes())
            file, stamp = said["file"], said["stamp"]
            return cls(
                None if file is None else Path(str(file)),
                None if stamp is None else Stamp(int(stamp[0]), int(stamp[1])),
                None if said["n_steps"] is None else int(said["n_steps"]),
                int(said["n_crashes"]),
            )
        except (OSError, ValueError, LookupError, TypeError, OverflowError):
            return cls()

    def write(self, experiment_path: Path) -> None:
        """Say it beside an experiment.

        Raises
        ------
        OSError
            If that cannot be written.
        """
        stamp = self.stamp
        said = {
            "file": None if self.file is None else str(self.file),
            "stamp": None if stamp is None else [stamp.modified_ns, stamp.n_bytes],
            "n_steps": self.n_steps,
            "n_crashes": self.n_crashes,
        }
        write_whole(_origin_path(experiment_path), json.dumps(said).encode())


class Recovery:
    """The window's own entry in the recovery folder, and those that dead programs left there.

    An entry is an experiment, a file that says where it came from, and a lock that says whether its program still runs.
    """

    def __init__(self) -> None:
        self._path = recovery_folder() / f"{QUuid.createUuid().toString(QUuid.StringFormat.Id128)}{SUFFIX}"
        self._lock: QLockFile | None = None
        self._kept: object = None
        self._origin = Origin()
        self._worker: threading.Thread | None = None
        self._left: dict[Path, QLockFile] = {}

    # The window's entry

    def keep(self, experiment: Experiment, state: object, file: OpenFile | None) -> None:
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
            frames = experiment.history.frames
            self._origin = replace(
                self._origin,
                file=None if file is None else file.path,
                stamp=None if file is None else file.stamp,
                n_steps=frames[-1].step if frames else None,
            )
            self._worker = threading.Thread(target=self._write, args=(experiment, self._origin), name="autosave")
            self._worker.start()

    def _write(self, experiment: Experiment, origin: Origin) -> None:
        try:
            origin.write(self._path)
            save_experiment(experiment, self._path)
        except (OSError, ExperimentError):
            # The person works on; it is tried again in half a minute.
            _log.exception("the autosave failed")
            self._kept = None

    def wait(self) -> None:
        """Wait until nothing is being written."""
        if self._worker is not None:
            self._worker.join()

    def forget(self) -> None:
        """Remove the entry: what it has is saved elsewhere, or not wanted."""
        self.wait()
        self._kept, self._origin = None, Origin()
        if self._lock is not None:
            _remove(self._path)

    def release(self) -> None:
        """Leave the entry to the next start; it did not crash the program."""
        self.wait()
        if self._lock is not None:
            if self._origin.n_crashes:
                _write_origin(replace(self._origin, n_crashes=0), self._path)
            self._unlock()

    def close(self) -> None:
        """Remove the entry and its lock."""
        self.forget()
        self._unlock()

    def _unlock(self) -> None:
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    # What dead programs left

    def left(self) -> list[LeftExperiment]:
        """Return what dead programs left, the newest first, and let no other window be offered it for the time being.

        `adopt`, `remove_left` or `put_off_left` says of each what becomes of it.
        """
        self._tidy()
        found = []
        for path in recovery_paths(recovery_folder()):
            lock = None if path == self._path or path in self._left else _locked(path)
            if lock is None:
                continue
            try:
                saved_at = path.stat().st_mtime
            except OSError:  # Its window has removed it a moment ago.
                lock.unlock()
                continue
            origin = Origin.of(path)
            self._left[path] = lock
            found.append(LeftExperiment(path, origin.file, saved_at, origin.n_steps, origin.n_crashes))
        return found

    def _tidy(self) -> None:
        """Remove what is of no use: half-written files, locks of the dead, and what is said of nothing."""
        folder = recovery_folder()
        remove_leftovers(folder)
        remove_dead_locks(state_folder() / "open")
        for said in folder.glob("*.json"):
            path = said.with_suffix(SUFFIX)
            lock = None if path == self._path or path in self._left else _locked(path)
            if lock is not None:
                if not path.exists():
                    _remove(path)
                lock.unlock()
        remove_dead_locks(folder)

    def count_restore(self, left: LeftExperiment) -> None:
        """Note that it is about to be opened: unless it is saved or closed, it counts as what crashed the program."""
        origin = Origin.of(left.path)
        _write_origin(replace(origin, n_crashes=origin.n_crashes + 1), left.path)

    def adopt(self, left: LeftExperiment, state: object) -> Origin:
        """Go on with it as this window's own entry: should this program crash at once, it is still there."""
        self.close()
        self._path, self._lock = left.path, self._left.pop(left.path)
        self._origin, self._kept = Origin.of(left.path), state
        return self._origin

    def remove_left(self, left: LeftExperiment) -> None:
        """Remove it for good."""
        _remove(left.path)
        self.put_off_left(left)

    def put_off_left(self, left: LeftExperiment) -> None:
        """Leave it to the next start."""
        lock = self._left.pop(left.path, None)
        if lock is not None:
            lock.unlock()


def _origin_path(experiment_path: Path) -> Path:
    return experiment_path.with_suffix(".json")


def _write_origin(origin: Origin, experiment_path: Path) -> None:
    try:
        origin.write(experiment_path)
    except OSError:
        _log.exception("where %s came from could not be noted", experiment_path.name)


def _locked(path: Path) -> QLockFile | None:
    """Return the lock of an entry, or None if another program has it."""
    lock = lock_of(path.with_suffix(".lock"))
    return lock if lock.tryLock(0) else None


def _remove(path: Path) -> None:
    for part in (path, _origin_path(path)):
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
