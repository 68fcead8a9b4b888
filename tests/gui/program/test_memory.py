import sys
from pathlib import Path

import numpy as np
import pytest

from gui.program.memory import give_back_memory


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system takes it back by itself")
def test_freed_arrays_go_back_to_the_system():
    # Of a size that the C library keeps, between others that stay.
    arrays = [np.ones(12_000) for _ in range(1_000)]
    stay = arrays[::100]
    full = resident_bytes()
    del arrays
    give_back_memory()

    assert full - resident_bytes() > 50_000_000
    assert len(stay) == 10
