"""Memory: what was freed is used again at once, or goes back to the system."""

from __future__ import annotations

import ctypes
import gc
import sys

_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_KEPT_BYTES, _LARGE_BYTES = 32 << 20, 4 << 20


def reuse_memory() -> None:
    """Let memory of up to some megabytes be used again as soon as it is freed.

    Notes
    -----
    Of itself glibc takes each array of 128 kB and more from the system and gives it back at once
    (https://man7.org/linux/man-pages/man3/mallopt.3.html). The pages, which come cleared and one by one, then take
    longer than what is computed in them: a frame that needs ten megabytes for a moment would take a third longer.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
        mallopt(_M_TRIM_THRESHOLD, _KEPT_BYTES)


def give_back_memory() -> None:
    """Collect cycles, and hand freed memory to the system, which glibc otherwise keeps for the next time."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # Not every C library has it.
        if trim is not None:
            trim(0)
