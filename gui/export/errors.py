"""What can go wrong with an export, in sentences for a person."""

from __future__ import annotations

import errno
from pathlib import Path

ADVICE = {
    errno.ENOSPC: "Make room on that disk, or choose another one.",
    errno.EDQUOT: "Make room on that disk, or choose another one.",
    errno.EACCES: "Choose a folder that you may write to.",
    errno.EPERM: "Choose a folder that you may write to.",
    errno.EROFS: "Choose a folder that you may write to.",
    errno.ENOENT: "Choose a folder that exists.",
    errno.ENOTDIR: "Choose a folder that exists.",
}
"""Number of a system's error -> what a person can do."""

_TAKEN = {
    errno.EISDIR: "is a folder; choose a name for the file",
    errno.EEXIST: "is a file; choose a name for a new folder",
    errno.ENOTEMPTY: "holds other files, which would be lost; choose a name for a new folder",
}
"""The same, where something else is in the place; see :meth:`model.writing.PartFile.open`."""


class ExportError(Exception):
    """An animation could not be written. The text is for a person: what happened, and what to do."""


class ExportCancelledError(ExportError):
    """The animation is not written because :meth:`Encoder.cancel` was called."""


def export_error(path: Path, error: Exception) -> ExportError:
    """Return what a person is told when `error` kept `path` from being written."""
    if isinstance(error, ExportError):
        return error
    # FFmpeg's errors have a number and a text as the system's have, though not all of them are OSErrors.
    number = getattr(error, "errno", None) or 0
    if number in _TAKEN:
        return ExportError(f"{path} {_TAKEN[number]}.")
    reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
    return ExportError(f"{path} cannot be written: {reason}. {ADVICE.get(number, '')}".rstrip())
