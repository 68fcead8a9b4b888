"""OpenFile: the file of a window's experiment, which others may change, and which another window may have open too."""

from __future__ import annotations

import hashlib
import logging
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from PySide6.QtCore import QLockFile

_log = logging.getLogger(__name__)


def state_folder() -> Path:
    """Return the folder of what the program keeps for itself from one start to the next."""
    return Path(platformdirs.user_state_dir("NetCanvas", appauthor=False))


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells two versions of a file apart without reading them.

    Attributes
    ----------
    modified_ns : int
        When it was written, in nanoseconds since 1970.
    n_bytes : int
    """

    modified_ns: int
    n_bytes: int

    @classmethod
    def of(cls, path: Path) -> Stamp | None:
        """Return the stamp of a file as it is now; None where there is none."""
        try:
            status = path.stat()
        except (OSError, ValueError):
            return None
        return cls(status.st_mtime_ns, status.st_size)


class OpenFile:
    """A file that this window has read or written, and means to write again.

    Parameters
    ----------
    path : Path
    stamp : Stamp, optional
        Of the version that the window knows.

    Notes
    -----
    The window that had it open first holds a lock, in the program's own folder, until it ends or goes to another file.
    The lock of a program that was killed holds nobody up.
    """

    def __init__(self, path: Path, stamp: Stamp | None = None) -> None:
        self.path = path
        self.stamp = stamp
        self._place = _place_of(path)
        self._lock: QLockFile | None = None

    def is_at(self, path: Path) -> bool:
        """Return whether a path, perhaps by way of links, leads to this file."""
        return _place_of(path) == self._place

    @property
    def has_changed(self) -> bool:
        """Whether there is another version on the disk than the window knows; one that is gone has nothing to lose."""
        return self.stamp is not None and Stamp.of(self.path) not in (None, self.stamp)

    @property
    def is_open_elsewhere(self) -> bool:
        """Whether another window has it open."""
        if self._lock is not None:
            return False
        lock = self._new_lock()
        if lock is None or lock.tryLock(0):
            return False
        return lock.error() == QLockFile.LockError.LockFailedError

    def claim(self) -> None:
        """Take it for this window's own, unless another has it."""
        if self._lock is None:
            lock = self._new_lock()
            if lock is not None and lock.tryLock(0):
                self._lock = lock

    def release(self) -> None:
        """Let another window have it."""
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _new_lock(self) -> QLockFile | None:
        """Return the file's lock, which nobody holds yet by that; None where there is no folder for it."""
        folder = state_folder() / "open"
        try:
            folder.mkdir(0o700, parents=True, exist_ok=True)
        except OSError:
            _log.exception("there is no folder for the locks of open files")
            return None
        return lock_of(folder / f"{hashlib.sha256(os.fsencode(self._place)).hexdigest()[:32]}.lock")


def _place_of(path: Path) -> str:
    """Return where a path leads by way of all links; one that no file can have, with a NUL, leads to itself."""
    try:
        return os.path.realpath(path)
    except ValueError:
        return str(path)


def lock_of(path: Path) -> QLockFile:
    """Return a lock that is held as long as its process lives; it is not locked yet."""
    lock = QLockFile(str(path))
    lock.setStaleLockTime(0)
    return lock


def remove_dead_locks(folder: Path) -> None:
    """Remove the locks in a folder that dead processes have left."""
    for path in folder.glob("*.lock"):
        lock = lock_of(path)
        if lock.tryLock(0):
            lock.unlock()
