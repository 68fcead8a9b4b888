import sys
from pathlib import Path

import numpy as np
import pytest

from gui.program.memory import give_back_memory, reuse_memory


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


on_linux = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere the system does so by itself")


@on_linux
def test_arrays_of_a_frame_take_the_memory_of_those_of_the_last():
    import resource

    def frame():
        total = np.zeros(150_000)
        for _ in range(10):
            total = total + np.ones(150_000)
        return total.copy(), total * 2

    reuse_memory()
    frame()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    for _ in range(20):
        frame()
    new_pages = resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before
    assert new_pages < 20 * 150_000 * 8 / 4096, "less than one array a frame, of a dozen"


@on_linux
def test_freed_arrays_go_back_to_the_system():
    # Of a size that the C library keeps, between others that stay.
    arrays = [np.ones(12_000) for _ in range(1_000)]
    stay = arrays[::100]
    full = resident_bytes()
    del arrays
    give_back_memory()

    assert full - resident_bytes() > 50_000_000
    assert len(stay) == 10
