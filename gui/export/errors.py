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


class ExportError(Exception):
    """An animation could not be written. The text is for a person: what happened, and what to do."""


class ExportCancelledError(ExportError):
    """The animation is not written because :meth:`Encoder.cancel` was called."""


def export_error(path: Path, error: Exception) -> ExportError:
    """Return what a person is told when `error` kept `path` from being written."""
    # FFmpeg's errors have a number and a text as the system's have, though not all of them are OSErrors.
    reason = (getattr(error, "strerror", None) or str(error) or type(error).__name__).rstrip(".")
    advice = ADVICE.get(getattr(error, "errno", None) or 0, "")
    return ExportError(f"{path} cannot be written: {reason}. {advice}".rstrip())
