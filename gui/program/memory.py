"""Memory: what was freed goes back to the system."""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back_memory() -> None:
    """Collect cycles, and hand freed memory to the system, which glibc otherwise keeps for the next time."""
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # Not every C library has it.
        if trim is not None:
            trim(0)
