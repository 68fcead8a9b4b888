"""How long one training step takes: in NetCanvas with each engine, scikit-learn and PyTorch, and for each optimizer.

Run ``python tests/benchmarks/training.py``. scikit-learn and PyTorch are compared where they can be imported, PyTorch
as it is and, with ``--torch-compile``, its forward and backward passes by ``torch.compile``, which takes long. All do
the same work: one forward pass, one backward pass and one step of plain gradient descent on a batch that is ready.
NetCanvas shuffles each epoch on top of that. Rounds of all libraries take turns, and a row is the median of its rounds.
The last column is what the sums of products alone would take at the pace of a large product in NumPy's BLAS.

``--widths`` compares the engines for wider and wider layers instead, where the compiled one leaves them to NumPy
otherwise, see :data:`model.training.compiled.coverage.WIDEST`.
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import cycle, islice, pairwise
from pathlib import Path
from time import perf_counter
from typing import Any

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")  # as main.py does, before NumPy is imported

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from model import Network, Trainer, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.training.compiled import cache, coverage
from model.training.engines import EngineName
from model.training.optimizers import OPTIMIZERS

try:
    import torch
except ImportError:
    torch = None

try:
    import sklearn
    from sklearn.neural_network import MLPClassifier
except ImportError:
    sklearn = None

LEARNING_RATE = 0.03
N_POINTS = 1000


@dataclass(frozen=True, slots=True)
class Case:
    """One network and its batch size; one output unit is sigmoid, more are softmax."""

    label: str
    layer_sizes: tuple[int, ...]
    activation: str
    batch_size: int


CASES = (
    Case("2-4-2-1 tanh, batch 10", (2, 4, 2, 1), "tanh", 10),
    Case("2-8-8-8-3 tanh, batch 10", (2, 8, 8, 8, 3), "tanh", 10),
    Case("2-4-4-2 relu, batch 100", (2, 4, 4, 2), "relu", 100),
    Case("2-8x6-1 tanh, batch 10", (2, 8, 8, 8, 8, 8, 8, 1), "tanh", 10),
    Case("2-32-32-3 tanh, batch 32", (2, 32, 32, 3), "tanh", 32),
    Case("2-64-64-3 tanh, batch 32", (2, 64, 64, 3), "tanh", 32),
    Case("2-256x3-8 tanh, batch 1000", (2, 256, 256, 256, 8), "tanh", 1000),
)

WIDTHS = (16, 24, 32, 40, 48, 64, 96)
BATCH_SIZES = (1, 10, 32, 100, 1000)

OPTIMIZER_CASE = Case("2-8-8-2 tanh, batch 10", (2, 8, 8, 2), "tanh", 10)

Steps = Callable[[int], None]
"""``steps(n)`` trains for n steps."""

DATASET = generate(GeneratorSettings("moons", n_points=N_POINTS, label_noise=0.05, training_share=1.0))


def batches_of(case: Case) -> list[tuple[np.ndarray, np.ndarray]]:
    """Return the points and labels of one epoch, cut into batches."""
    order = np.random.default_rng(0).permutation(N_POINTS)
    cuts = [order[start : start + case.batch_size] for start in range(0, N_POINTS, case.batch_size)]
    return [(DATASET.points[cut], DATASET.labels[cut]) for cut in cuts]


def netcanvas_steps(case: Case, engine: EngineName = "numpy", **settings_of_training: Any) -> Steps:
    output = "sigmoid" if case.layer_sizes[-1] == 1 else "softmax"
    network = Network(case.layer_sizes, hidden_activation=case.activation, output_activation=output)
    settings = TrainingSettings(learning_rate=LEARNING_RATE, batch_size=case.batch_size, **settings_of_training)
    return Trainer(network, DATASET, settings, engine=engine).run_steps


def compiled_steps(case: Case) -> Steps:
    return netcanvas_steps(case, engine="compiled")


def sklearn_steps(case: Case) -> Steps:
    # With two classes scikit-learn always has one logistic output; for a 2-4-4-2 network that is the lighter work.
    classifier = MLPClassifier(
        hidden_layer_sizes=case.layer_sizes[1:-1],
        activation=case.activation,
        solver="sgd",
        alpha=0.0,
        batch_size=case.batch_size,
        learning_rate_init=LEARNING_RATE,
        momentum=0.0,
        nesterovs_momentum=False,
        random_state=0,
    )
    batches = cycle(batches_of(case))
    classifier.partial_fit(*next(batches), classes=np.array([0, 1]))

    def steps(n_steps: int) -> None:
        for points, labels in islice(batches, n_steps):
            classifier.partial_fit(points, labels)

    return steps


def torch_steps(case: Case, compiled: bool = False) -> Steps:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    activation = {"tanh": torch.nn.Tanh, "relu": torch.nn.ReLU}[case.activation]
    layers: list[torch.nn.Module] = []
    for n_in, n_out in pairwise(case.layer_sizes):
        layers += [torch.nn.Linear(n_in, n_out), activation()]
    network = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.SGD(network.parameters(), lr=LEARNING_RATE)
    if case.layer_sizes[-1] == 1:
        loss_function: torch.nn.Module = torch.nn.BCEWithLogitsLoss()
        ready = [(torch.tensor(x).float(), torch.tensor(y).float().reshape(-1, 1)) for x, y in batches_of(case)]
    else:
        loss_function = torch.nn.CrossEntropyLoss()
        ready = [(torch.tensor(x).float(), torch.tensor(y)) for x, y in batches_of(case)]
    batches = cycle(ready)

    def loss_of(points: Any, targets: Any) -> Any:
        return loss_function(network(points), targets)

    if compiled:
        loss_of = torch.compile(loss_of)
        loss_of(*ready[0]).backward()  # Here it is found out whether it can be.

    def steps(n_steps: int) -> None:
        for points, targets in islice(batches, n_steps):
            optimizer.zero_grad()
            loss_of(points, targets).backward()
            optimizer.step()

    return steps


def torch_compiled_steps(case: Case) -> Steps:
    return torch_steps(case, compiled=True)


LIBRARIES: dict[str, Callable[[Case], Steps] | None] = {
    "NetCanvas": netcanvas_steps,
    "compiled": compiled_steps if cache.is_installed() else None,
    "scikit-learn": sklearn_steps if sklearn else None,
    "PyTorch": torch_steps if torch else None,
    "torch.compile": None,
}


def built(name: str, build: Callable[[Case], Steps], case: Case) -> Steps | None:
    """Return what trains; None where the library cannot, which is said."""
    try:
        return build(case)
    except Exception as error:  # Whatever a compiler that is not there raises.
        print(f"{name} does not work here: {str(error).splitlines()[0]}")
        return None


def measure(runs: dict[str, Steps], n_rounds: int, round_seconds: float) -> dict[str, float]:
    """Return each library's median microseconds per step; in every round each has its turn."""
    n_steps = {}
    for name, steps in runs.items():
        steps(50)
        started = perf_counter()
        steps(50)
        n_steps[name] = max(int(50 * round_seconds / (perf_counter() - started)), 10)
    rounds: dict[str, list[float]] = {name: [] for name in runs}
    for _ in range(n_rounds):
        for name, steps in runs.items():
            started = perf_counter()
            steps(n_steps[name])
            rounds[name].append((perf_counter() - started) / n_steps[name] * 1e6)
    return {name: statistics.median(times) for name, times in rounds.items()}


def print_optimizers(n_rounds: int, round_seconds: float, engine: EngineName) -> None:
    """Print what a step of each optimizer costs beside one of plain gradient descent."""
    # A search that has ended would cost nothing more: its budget is large, and some labels are wrong.
    options = {"random_search": {"budget": 9e8}}
    runs = {
        name: netcanvas_steps(OPTIMIZER_CASE, engine, optimizer=name, optimizer_options=options.get(name, {}))
        for name, entry in OPTIMIZERS.items()
        if engine == "numpy" or entry.compiled is not None
    }
    medians = measure(runs, n_rounds, round_seconds)
    print(f"\n{OPTIMIZER_CASE.label}, {N_POINTS} points, {engine}: each optimizer, and how many times as long as sgd\n")
    for name, median in medians.items():
        print(f"{name:<26}{median:>12.2f} ({median / medians['sgd']:.2f})")


def print_widths(n_rounds: int, round_seconds: float) -> None:
    """Print how many times as quick compiled steps are, by the width of two hidden layers and the batch size."""
    coverage.WIDEST = coverage.WIDEST_OF_FEW = max(WIDTHS) ** 2
    print("How many times as quick as NumPy compiled code is, with tanh and with relu\n")
    print(f"{'network':<12}" + "".join(f"{f'batch {size}':>16}" for size in BATCH_SIZES))
    for width in WIDTHS:
        cells = []
        for batch_size in BATCH_SIZES:
            ratios = []
            for activation in ("tanh", "relu"):
                case = Case("", (2, width, width, 3), activation, batch_size)
                runs = {"numpy": netcanvas_steps(case), "compiled": compiled_steps(case)}
                medians = measure(runs, n_rounds, round_seconds)
                ratios.append(f"{medians['numpy'] / medians['compiled']:.2f}")
            cells.append(" ".join(ratios))
        print(f"{f'2-{width}-{width}-3':<12}" + "".join(f"{cell:>16}" for cell in cells))


def products_per_microsecond() -> float:
    """Return how many products of two numbers a microsecond has in a large product of matrices, and sums of them."""
    size = 512
    matrix, out = np.ones((size, size)), np.empty((size, size))
    times = []
    for _ in range(10):
        started = perf_counter()
        np.dot(matrix, matrix, out=out)
        times.append(perf_counter() - started)
    return size**3 / (min(times) * 1e6)


def n_products(case: Case) -> int:
    """Return how many products a step has: forward, to the gradient, and to the layer below."""
    weights = [n_in * n_out for n_in, n_out in pairwise(case.layer_sizes)]
    return case.batch_size * (2 * sum(weights) + sum(weights[1:]))


def main() -> None:
    parser = argparse.ArgumentParser(description="Microseconds per training step, beside scikit-learn and PyTorch.")
    parser.add_argument("--rounds", type=int, default=11)
    parser.add_argument("--round-seconds", type=float, default=0.25)
    parser.add_argument("--torch-compile", action="store_true", help="compare with torch.compile too")
    parser.add_argument("--widths", action="store_true", help="compare the engines by the width of layers instead")
    arguments = parser.parse_args()

    versions = [f"Python {platform.python_version()}", f"NumPy {np.__version__}"]
    versions += [f"scikit-learn {sklearn.__version__}"] if sklearn else []
    versions += [f"PyTorch {torch.__version__}"] if torch else []
    print(", ".join(versions))
    if arguments.torch_compile and torch:
        LIBRARIES["torch.compile"] = torch_compiled_steps
    for name, build in LIBRARIES.items():
        if build is None:
            why = "is not asked for" if name == "torch.compile" and torch else "is not installed here"
            print(f"{name} {why}: its column stays empty.")
    if "OPENBLAS_CORETYPE" in os.environ:
        print("OPENBLAS_CORETYPE is set: NumPy may do without the best instructions of this processor.")
    if arguments.widths:
        print_widths(arguments.rounds, arguments.round_seconds)
        return
    print("Microseconds per step; in brackets, how many times as long as a step of NetCanvas with NumPy.\n")
    print(f"{'network':<28}" + "".join(f"{name:>18}" for name in LIBRARIES) + f"{'products alone':>18}")
    pace = products_per_microsecond()
    for case in CASES:
        runs = {name: steps for name, build in LIBRARIES.items() if build and (steps := built(name, build, case))}
        medians = measure(runs, arguments.rounds, arguments.round_seconds) | {"bound": n_products(case) / pace}
        cells = [
            f"{medians[name]:.2f} ({medians[name] / medians['NetCanvas']:.2f})" if name in medians else "-"
            for name in (*LIBRARIES, "bound")
        ]
        print(f"{case.label:<28}" + "".join(f"{cell:>18}" for cell in cells))
    for engine in ("numpy", "compiled") if cache.is_installed() else ("numpy",):
        print_optimizers(arguments.rounds, arguments.round_seconds, engine)


if __name__ == "__main__":
    main()
