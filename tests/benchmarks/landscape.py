"""How soon a loss landscape is there, coarsely and in full.

    python tests/benchmarks/landscape.py

The longest slice of the work is how long it keeps anything else waiting that wants the interpreter.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np

from model import Network, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.landscape.landscape import LandscapeSettings, landscape
from model.training.settings import Setup

CASES = (((6, 5), 240), ((64,) * 10, 5000))


def measure(hidden: tuple[int, ...], n_points: int) -> None:
    """Compute a landscape in full, and print when each resolution was there."""
    data = generate(GeneratorSettings(name="spiral", n_points=n_points, n_classes=3))
    network = NetworkSettings((2, *hidden, 3), ("tanh",) * len(hidden))
    setup = Setup(data, network, TrainingSettings())
    settings = LandscapeSettings()
    directions = settings.directions(network, Network.from_settings(network).parameters)
    shape = "-".join(map(str, network.layer_sizes)) if len(hidden) < 5 else f"{len(hidden)} x {hidden[0]}"
    print(f"\n{shape}, {n_points:,} points")
    slices = []
    start = before = time.perf_counter()
    for made in landscape(setup, directions, settings.extent(directions)):
        now = time.perf_counter()
        slices.append(now - before)
        if made is not None:
            side, points = len(made.losses), f"{made.n_points:,} of {made.n_training:,} training points"
            print(f"  {side:>2} x {side:<2}  {now - start:>8.3f} s   {points}")
        before = time.perf_counter()
    typical, long = np.percentile(slices, (50, 99)) * 1e3
    print(f"  slices: median {typical:.1f} ms, 99th percentile {long:.1f} ms, {len(slices):,} of them")


if __name__ == "__main__":
    for case in CASES:
        measure(*case)
