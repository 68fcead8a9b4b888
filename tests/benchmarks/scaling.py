"""How the time of a training step grows with units, layers, batch and points, and what of it is matrix products.

Run ``python tests/benchmarks/scaling.py``. One quantity grows at a time, and all sizes of a row take turns. The
exponent is the slope of a line through the logarithms of the larger half of the sizes: 1 means twice the time for twice
the size. The last column is how many times as long a step takes as its matrix products alone, run in buffers of their
own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np

from model import Dataset, Network, Trainer, TrainingSettings

N_CLASSES = 8


@dataclass(frozen=True, slots=True)
class Case:
    """A network, its batch size, and how many points there are."""

    hidden: tuple[int, ...]
    batch_size: int
    n_points: int
    activation: str = "relu"

    @property
    def layer_sizes(self) -> tuple[int, ...]:
        return (2, *self.hidden, N_CLASSES)

    def __str__(self) -> str:
        return f"2-{self.hidden[0]}x{len(self.hidden)}-{N_CLASSES}, batch {self.batch_size:,}, {self.n_points:,} points"


ROWS: dict[str, list[tuple[int, Case]]] = {
    "units": [(n, Case((n, n), 100, 1000)) for n in (8, 16, 32, 64, 128, 256)],
    "layers": [(n, Case((16,) * n, 100, 1000)) for n in (1, 2, 4, 8, 16)],
    "batch": [(n, Case((16, 16), n, 4000)) for n in (10, 40, 160, 640, 2560)],
    "points": [(n, Case((16, 16), 10, n)) for n in (100, 1000, 10_000, 100_000)],
}
LARGEST = [Case((256, 256, 256), 1000, 4000, activation) for activation in ("relu", "tanh")]

Steps = Callable[[int], object]


def network_steps(case: Case) -> Steps:
    generator = np.random.default_rng(0)
    points = generator.uniform(-6.0, 6.0, (case.n_points, 2))
    dataset = Dataset(points, generator.integers(N_CLASSES, size=case.n_points), n_classes=N_CLASSES)
    network = Network(case.layer_sizes, case.activation)
    return Trainer(network, dataset, TrainingSettings(learning_rate=1e-3, batch_size=case.batch_size)).run_steps


def product_steps(case: Case) -> Steps:
    """Return the products of a step alone: forward, the gradient of each matrix, and the deltas of hidden layers."""
    generator = np.random.default_rng(0)
    sizes, n = case.layer_sizes, case.batch_size
    matrices = [generator.normal(size=(n_in + 1, n_out)) for n_in, n_out in pairwise(sizes)]
    inputs = [generator.normal(size=(size + 1, n)) for size in sizes[:-1]]
    outputs = [generator.normal(size=(size, n)) for size in sizes[1:]]
    gradients = [np.empty_like(matrix) for matrix in matrices]
    layers = range(len(matrices))

    def steps(n_steps: int) -> None:
        for _ in range(n_steps):
            for layer in layers:
                np.dot(matrices[layer].T, inputs[layer], out=outputs[layer])
            for layer in reversed(layers):
                np.dot(inputs[layer], outputs[layer].T, out=gradients[layer])
                if layer:
                    np.dot(matrices[layer][:-1], outputs[layer], out=outputs[layer - 1])

    return steps


def measure(runs: Sequence[Steps], n_rounds: int, round_seconds: float) -> list[float]:
    """Return the median microseconds of a step of each run; in every round each has its turn."""
    counts = []
    for steps in runs:
        steps(2)
        started = perf_counter()
        steps(3)
        counts.append(max(int(3 * round_seconds / (perf_counter() - started)), 1))
    rounds: list[list[float]] = [[] for _ in runs]
    for _ in range(n_rounds):
        for times, steps, n_steps in zip(rounds, runs, counts, strict=True):
            started = perf_counter()
            steps(n_steps)
            times.append((perf_counter() - started) / n_steps * 1e6)
    return [statistics.median(times) for times in rounds]


def exponent(sizes: Sequence[int], times: Sequence[float]) -> float:
    """Return the power of the size that the times of the larger half follow."""
    half = len(sizes) // 2
    slope, _ = np.polyfit(np.log(sizes[half:]), np.log(times[half:]), 1)
    return float(slope)


def main() -> None:
    parser = argparse.ArgumentParser(description="How the time of a training step grows.")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--round-seconds", type=float, default=0.1)
    arguments = parser.parse_args()
    for quantity, cases in ROWS.items():
        runs = [make(case) for _, case in cases for make in (network_steps, product_steps)]
        medians = measure(runs, arguments.rounds, arguments.round_seconds)
        times, products = medians[::2], medians[1::2]
        sizes = [size for size, _ in cases]
        print(f"{quantity}: a step takes {quantity} to the power of {exponent(sizes, times):.2f}")
        for (_, case), time, product in zip(cases, times, products, strict=True):
            print(f"  {case!s:<44}{time:>12,.1f} us{time / product:>8.2f}")
    print("largest:")
    for case in LARGEST:
        time, product = measure(
            [network_steps(case), product_steps(case)], arguments.rounds, 5 * arguments.round_seconds
        )
        print(f"  {case!s:<44}{time:>12,.1f} us{time / product:>8.2f}  ({case.activation})")


if __name__ == "__main__":
    main()
