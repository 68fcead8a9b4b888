"""Where an export is written, so that it appears whole or not at all."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from gui.export.errors import ExportError

logger = logging.getLogger(__name__)


class Place:
    """Where a file, or a folder of pictures, is written, and where it is moved to.

    Parameters
    ----------
    path : Path
        Where it will be.
    is_folder : bool
        Whether it is a folder.

    Attributes
    ----------
    part : Path
        Where it is written: in the same folder, so that moving it is one step.
    """

    def __init__(self, path: Path, *, is_folder: bool) -> None:
        self._path = Path(os.path.realpath(path))  # A link stays, and what it points at is replaced.
        self._is_folder = is_folder
        self.part = self._path.with_name(f".netcanvas-{secrets.token_hex(6)}.part")

    def open(self) -> None:
        """Create the part, empty; raise an OSError or an ExportError if that or a later move cannot work."""
        if self._is_folder:
            self._check_folder()
            self.part.mkdir()
        elif self._path.is_dir():
            raise ExportError(f"{self._path} is a folder; choose a name for the file.")
        else:
            self.part.touch(exist_ok=False)

    def keep(self) -> None:
        """Move the part to its place."""
        if self._is_folder and self._path.exists():
            self._check_folder()  # It may have changed since.
            old = self._path.with_name(f"{self.part.name}.old")
            self._path.replace(old)
            try:
                self.part.replace(self._path)
            except OSError:
                old.replace(self._path)
                raise
            shutil.rmtree(old, ignore_errors=True)
        else:
            self.part.replace(self._path)

    def discard(self) -> None:
        """Remove the part if it is there."""
        remove: Callable[[Path], object] = shutil.rmtree if self._is_folder else Path.unlink
        try:
            remove(self.part)
        except FileNotFoundError:
            pass
        except OSError:
            logger.warning("%s could not be removed.", self.part, exc_info=True)

    def _check_folder(self) -> None:
        """Raise an ExportError unless the place is free, or has nothing but pictures of an earlier export."""
        if not self._path.exists():
            return
        if not self._path.is_dir():
            raise ExportError(f"{self._path} is a file; choose a name for a new folder.")
        if any(not entry.match("frame_*.png") for entry in self._path.iterdir()):
            raise ExportError(f"{self._path} holds other files, which would be lost; choose a name for a new folder.")
