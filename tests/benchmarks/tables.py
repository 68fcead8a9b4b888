"""How fast tables of 90,000 rows are read and written, beside Python's csv module with float() for each number.

Run ``python tests/benchmarks/tables.py``. All that a row of the printed table compares takes turns in one process. With
``--beside FOLDER``, another checkout, its reading of the same tables takes turns with this one's, in processes of their
own.
"""

from __future__ import annotations

import argparse
import csv
import io
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

import numpy as np

N_ROWS, ROUNDS = 90_000, 3

READ = """
import sys, time
from model.table.points import dataset_of, guess_columns, read_table
content = sys.stdin.buffer.read()
best = float("inf")
for _ in range(3):
    start = time.process_time()
    table = read_table(content)
    dataset_of(table, guess_columns(table))
    best = min(best, time.process_time() - start)
print(best)
"""


def texts() -> dict[str, str]:
    """Return tables by what is in them."""
    random = np.random.default_rng(0)
    first, second = random.normal(60.0, 9.0, N_ROWS), random.lognormal(3.0, 1.0, N_ROWS)
    species = np.array(["setosa", "versicolor", "virginica"])[random.integers(0, 3, N_ROWS)]
    pairs = list(zip(first, second, strict=True))
    return {
        "classes": "length,width,species\n"
        + "\n".join(f"{x:.3f},{y:.2f},{name}" for (x, y), name in zip(pairs, species, strict=True)),
        "values, decimal comma": "size;income;price\n"
        + "\n".join(f"{x:.3f};{y:.2f};{x * y:.2f}" for x, y in pairs).replace(".", ","),
        "units in the cells": "size,price\n" + "\n".join(f"{x:.3f} cm,{y:.2f} kg" for x, y in pairs),
    }


def seconds(work: Callable[[], object]) -> float:
    """Return how long a processor works for it."""
    start = time.process_time()
    work()
    return time.process_time() - start


def with_csv(text: str) -> None:
    """Read the numbers of a table with Python alone."""
    for row in list(csv.reader(io.StringIO(text), delimiter=";" if ";" in text else ","))[1:]:
        for cell in row[:2]:
            float(cell.replace(",", ".").split()[0])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--beside", metavar="FOLDER", help="another checkout")
    beside = parser.parse_args().beside

    from model.table.points import dataset_of, guess_columns, read_table, write_table

    print(f"{'table of 90,000 rows':<24}{'read':>8}{'csv':>8}{'ratio':>8}{'written':>9}{'beside':>9}{'ratio':>8}")
    for name, text in texts().items():
        content = text.encode()
        table = read_table(content)
        dataset = dataset_of(table, guess_columns(table)).dataset

        def read(content: bytes = content) -> None:
            table = read_table(content)
            dataset_of(table, guess_columns(table))

        plain = [seconds(lambda text=text: with_csv(text)) for _ in range(ROUNDS)]
        own = [seconds(read) for _ in range(ROUNDS)]
        written = min(seconds(lambda dataset=dataset: write_table(dataset)) for _ in range(ROUNDS))
        line = f"{name:<24}{min(own):7.3f}s{min(plain):7.3f}s{min(own) / min(plain):8.2f}{written:8.3f}s"
        if beside is not None:
            pairs = [[_elsewhere(folder, content) for folder in (ROOT, Path(beside))] for _ in range(ROUNDS)]
            here, there = (min(times) for times in zip(*pairs, strict=True))
            line += f"{there:8.3f}s{here / there:8.2f}"
        print(line)


def _elsewhere(folder: Path, content: bytes) -> float:
    done = subprocess.run([sys.executable, "-c", READ], cwd=folder, input=content, capture_output=True, check=True)
    return float(done.stdout)


if __name__ == "__main__":
    main()
