"""What the timeline costs: recording beside training, memory over a million steps, seeking, and key frames in a minute.

Run ``python tests/benchmarks/history.py``. Training takes the points of the loss curve when they are due, as the
window's thread does; with and without key frames take turns, and the cost is the ratio of their medians.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np

from model import Dataset, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.run.history import History
from model.run.run import Run
from model.run.snapshot import SnapshotMaker
from model.training.settings import Setup


def dataset_of(n_points: int) -> Dataset:
    """Return points of two moons; more than a generator draws are imported."""
    points = generate(GeneratorSettings("moons", n_points=500))
    chosen = np.arange(n_points) % len(points)
    return Dataset(points.points[chosen], points.labels[chosen], points.is_test[chosen], points.n_classes)


def new_run(optimizer: str, dataset: Dataset) -> Run:
    training = TrainingSettings(optimizer=optimizer, learning_rate=0.001, batch_size=10)
    return Run(Setup(dataset, NetworkSettings((2, 8, 8, 2), ("tanh", "tanh")), training))


def train(run: Run, n_steps: int, history: History | None) -> float:
    """Train for about `n_steps` steps with the loss curve, and perhaps key frames; return the seconds."""
    started, last = perf_counter(), run.step + n_steps
    trainer = run.trainer
    while run.step < last:
        if history is None:
            trainer.run_steps(run.steps_to_next_point)
            trainer.metrics()
        else:
            frame = run.advance(run.steps_to_next_point).frame
            if frame is not None:
                history.append(frame)
    return perf_counter() - started


def main() -> None:
    parser = argparse.ArgumentParser(description="What recording a run costs, and how quickly any moment is found.")
    parser.add_argument("--steps", type=int, default=1_000_000)
    parser.add_argument("--optimizer", default="adam")
    parser.add_argument("--seconds", type=float, default=60.0, help="how long key frames are counted (60)")
    arguments = parser.parse_args()

    print(f"2-8-8-2, batch 10, 500 points, {arguments.optimizer}")
    dataset, history = dataset_of(500), History()
    plain, recorded = new_run(arguments.optimizer, dataset), new_run(arguments.optimizer, dataset)
    for label, n_rounds, n_steps in (("first 1,000 steps", 1, 1_000), ("then", 11, 4_000)):
        without, with_frames = [], []
        for _ in range(n_rounds):
            without.append(train(plain, n_steps, None))
            with_frames.append(train(recorded, n_steps, history))
        cost = statistics.median(with_frames) / statistics.median(without) - 1.0
        print(f"  {label:<24}recording costs {cost:6.1%}")
    train(recorded, arguments.steps - recorded.step, history)
    print(
        f"  {recorded.step:,} steps: {len(history):,} key frames in {history.n_bytes / 1e6:.1f} MB, "
        f"stride {history.stride}"
    )
    maker, times = SnapshotMaker(), []
    # The window's maker has made the live pictures before anybody looks back.
    maker.make(0, recorded.moment())
    for index in range(0, len(history), max(len(history) // 200, 1)):
        started = perf_counter()
        frame = history.frames[history.nearest(history.frames[index].step)]
        maker.make(0, frame)
        times.append((perf_counter() - started) * 1000)
    print(f"  seeking a moment: median {statistics.median(times):.1f} ms, longest {max(times):.1f} ms")
    print(f"\n2-8-8-2, batch 10, {arguments.optimizer}, {arguments.seconds:g} s of training alone")
    for n_points in (500, 5_000, 100_000):
        count_frames(n_points, arguments.optimizer, arguments.seconds)


def count_frames(n_points: int, optimizer: str, seconds: float) -> None:
    """Train so long, and print how many moments can be looked back at."""
    run, history, started, evaluating = new_run(optimizer, dataset_of(n_points)), History(), perf_counter(), 0.0
    while perf_counter() - started < seconds:
        run.trainer.run_steps(run.steps_to_next_point - 1)
        before = perf_counter()
        frame = run.advance(1).frame
        evaluating += perf_counter() - before
        if frame is not None:
            history.append(frame)
    elapsed = perf_counter() - started
    print(
        f"  {n_points:>7,} points  {run.step:>10,} steps  {len(history):>6,} key frames"
        f"  {history.n_bytes / 1e6:5.1f} MB  curve and frames take {evaluating / elapsed:5.1%}"
    )


if __name__ == "__main__":
    main()
