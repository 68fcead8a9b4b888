"""Whole files: each is written beside its place, and moved there when it is complete."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import secrets
import shutil
import stat
import sys
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

_START = ".netcanvas-"
_TRIED_BYTES = 65_536

_log = logging.getLogger(__name__)


class PartFile:
    """A file, or a folder of pictures, that is written beside its place: what is there stays until it is complete.

    Parameters
    ----------
    target : Path
        Its place. Of a link, what it leads to is replaced, and not the link.
    is_folder : bool
        Whether it is a folder of pictures.

    Raises
    ------
    OSError
        If no file can have that name.

    Attributes
    ----------
    path : Path
        Where it is written: in the same folder, so that moving it is one step.

    Notes
    -----
    It is locked while its process lives, whatever ends it; what a dead process has left is removed when the same target
    is written next. A target that is replaced keeps its mode, and until then only its owner may read the part.
    """

    def __init__(self, target: Path, *, is_folder: bool = False) -> None:
        try:
            self._target = Path(os.path.realpath(target))
        except ValueError as error:
            raise OSError(errno.EINVAL, "its name has a NUL character") from error
        self._is_folder = is_folder
        self._start = f"{_START}{zlib.crc32(os.fsencode(self._target.name)):08x}-"
        self.path = self._target.parent / f"{self._start}{secrets.token_hex(4)}.part"
        self._descriptor: int | None = None
        self._closing = threading.Lock()

    def open(self) -> None:
        """Create the part, empty.

        Raises
        ------
        OSError
            If that or a later move cannot work.
        """
        is_new = self._mode_to_keep() is None
        remove_leftovers(self._target.parent, self._start)
        # Until it is locked, another process may take it for a dead one's.
        while not self.path.exists():
            self._close()
            if self._is_folder:
                self.path.mkdir(0o777 if is_new else 0o700)
            else:
                flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
                self._descriptor = os.open(self.path, flags, 0o666 if is_new else 0o600)
            # Where it cannot be locked, nobody removes it either.
            with contextlib.suppress(OSError):
                if self._descriptor is None:
                    self._descriptor = os.open(self.path, os.O_RDONLY)
                _lock(self._descriptor, wait=True)

    def keep(self) -> None:
        """Move the part to its place, when it is on the disk.

        Raises
        ------
        OSError
            If that fails; what is in its place is as it was.
        """
        mode = self._mode_to_keep()  # It may have changed since.
        if mode is not None:
            os.chmod(self.path, mode)
        if not self._is_folder and self._descriptor is not None:
            os.fsync(self._descriptor)
        if sys.platform == "win32":
            self._close()  # Windows does not move an open file.
        if self._is_folder and mode is not None:
            self._swap_folders()
        else:
            os.replace(self.path, self._target)
        self._close()
        _sync_folder(self._target.parent)

    def discard(self) -> None:
        """Remove the part if it is there."""
        self._close()
        if not os.path.lexists(self.path):
            return  # A disk that is read only refuses to remove even what is not there.
        try:
            _remove(self.path)
        except FileNotFoundError:
            pass
        except OSError:
            _log.warning("%s could not be removed.", self.path, exc_info=True)

    def _mode_to_keep(self) -> int | None:
        """Return the mode of what is replaced, None where nothing is there; raise an OSError if it must not be."""
        if not self._target.exists():
            return None
        if not self._is_folder and self._target.is_dir():
            raise IsADirectoryError(errno.EISDIR, "it is a folder")
        if self._is_folder and not self._target.is_dir():
            raise FileExistsError(errno.EEXIST, "it is a file")
        if self._is_folder and any(not entry.match("frame_*.png") for entry in self._target.iterdir()):
            raise OSError(errno.ENOTEMPTY, "it holds other files, which would be lost")
        if not os.access(self._target, os.W_OK):
            raise PermissionError(errno.EACCES, "it is write-protected")
        return stat.S_IMODE(self._target.stat().st_mode)

    def _swap_folders(self) -> None:
        old = self.path.with_name(f".old{self.path.name}")
        os.replace(self._target, old)
        try:
            os.replace(self.path, self._target)
        except OSError:
            os.replace(old, self._target)
            raise
        shutil.rmtree(old, ignore_errors=True)

    def _close(self) -> None:
        # Once, although who writes and who cancels may both let go: the number may be another file's by then.
        with self._closing:
            descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def write_whole(path: Path, content: bytes | Callable[[BinaryIO], object]) -> None:
    """Write a file, so that it is there whole and on the disk, or as it was.

    Parameters
    ----------
    path : Path
    content : bytes or callable
        What is in it, or what writes that into a file that it is given.

    Raises
    ------
    OSError
        If it cannot be written; nothing is left behind then.
    """
    part = PartFile(path)
    try:
        part.open()
        with open(part.path, "r+b") as file:
            if callable(content):
                content(file)
            else:
                file.write(content)
        part.keep()
    except BaseException:
        part.discard()
        raise


def check_place(path: Path, *, is_folder: bool = False) -> None:
    """Try whether a file, or a folder of pictures, could be written, and leave everything as it is.

    Raises
    ------
    OSError
        If it could not: its folder is missing or write-protected, something else is there, or the disk is full.
    """
    part = PartFile(path, is_folder=is_folder)
    try:
        part.open()
        with open(part.path / "frame_0.png" if is_folder else part.path, "wb") as file:
            file.write(bytes(_TRIED_BYTES))
            file.flush()
            os.fsync(file.fileno())
    finally:
        part.discard()


def remove_leftovers(folder: Path, start: str = _START) -> None:
    """Remove the parts in a folder that dead processes have left; `start` is how their names begin."""
    with contextlib.suppress(OSError):
        for path in [Path(entry.path) for entry in os.scandir(folder) if entry.name.startswith(start)]:
            with contextlib.suppress(OSError):
                if sys.platform == "win32":
                    path.unlink()  # Which Windows refuses while it is open.
                    continue
                descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
                try:
                    _lock(descriptor, wait=False)
                    _remove(path)
                finally:
                    os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _lock(descriptor: int, *, wait: bool) -> None:
    """Lock a file or folder until it is closed or the process ends; wait for who has it, or raise an OSError."""
    if sys.platform != "win32":
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


def _sync_folder(folder: Path) -> None:
    """Have the folder's new entry on the disk; where that is not possible the file is whole all the same."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
