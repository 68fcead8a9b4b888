"""Training: the cells of a notebook that follow the gradient, or search at random."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from model.network.layout import bias_views, weight_views
from model.network.settings import NetworkSettings
from model.notebook.arrays import array_source
from model.notebook.sources import indented, slope_calls
from model.notebook.updates import update_source
from model.run.history import KeyFrame
from model.training.checkpoint import Checkpoint, epoch_size, order_points
from model.training.optimizers import OPTIMIZERS
from model.training.schedules import SCHEDULES
from model.training.settings import TrainingSettings
from model.training.trainer import CLIP_EPSILON

_ORDERS = {
    "shuffled": "rng.permutation(len(training))",
    "sequential": "np.arange(len(training))",
    "with_replacement": "rng.integers(len(training), size={n_taken})",
}

_EARLY_STOPPING = """
if batch == 0:
    loss = mean_loss(parameters, IS_TEST)
    if loss < best_loss:
        best_loss, best_epoch, best_parameters = loss, epoch, parameters.copy()
    elif epoch - best_epoch >= PATIENCE:
        parameters[:] = best_parameters
        break
"""

_RECORD = """recorded = {}


def record(step):
    recorded[step] = mean_loss(parameters, ~IS_TEST), mean_loss(parameters, IS_TEST)


"""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a notebook says and does to train.

    Attributes
    ----------
    text : str
        Markdown.
    functions, start, loop : str
        Source: the functions, what they begin with, and the loop over the steps.
    """

    text: str
    functions: str
    start: str
    loop: str


def parts_of(first: KeyFrame) -> Parts:
    """Return how a notebook trains from a moment on."""
    if first.training.optimizer == "random_search":
        return _search(first)
    learning = first.training
    label = OPTIMIZERS[learning.optimizer].label
    size = "all points" if learning.batch_size is None else f"{learning.batch_size:,} points"
    text = f"## The steps\n\nBackpropagation gives the gradient of a batch, here of {size}; {label} makes a step of it."
    functions = [_gradient(first.network, learning), update_source(learning.optimizer)]
    if learning.schedule.name != "constant":
        functions.append(schedule_source(learning))
    functions.append(_step(first.network, learning))
    return Parts(text, "\n\n\n".join(functions), _start(first), _loop(first))


def schedule_source(learning: TrainingSettings) -> str:
    """Return the source of what a schedule multiplies the learning rate by; empty where it stays."""
    if learning.schedule.name == "constant":
        return ""
    source = inspect.getsource(SCHEDULES[learning.schedule.name].share).strip()
    source = re.sub(r"^def \w+\(.*\).*:$", "def share(step, period, factor, warm_up):", source, flags=re.MULTILINE)
    return re.sub(r"\b(cos|pi)\b", r"math.\1", source)


def _gradient(settings: NetworkSettings, learning: TrainingSettings) -> str:
    rates = learning.dropout_rates(settings.n_hidden_layers)
    drops = any(rate > 0 for rate in rates)
    lines = [
        "matrices, below, zs, outputs, kept = matrices_of(parameters), [X[:, chosen]], [], [], []",
        "for k, (matrix, activation) in enumerate(zip(matrices, ACTIVATIONS)):",
        "    zs.append(matrix.T @ below[-1])",
        "    outputs.append(activation(zs[-1]))",
    ]
    if drops:
        lines += [
            "    # Neurons are left out at random, and the others count for more.",
            "    mask = np.ones(zs[-1].shape)",
            "    if k < len(DROPOUT) and DROPOUT[k] > 0:",
            "        mask = (rng.random(zs[-1].shape) >= DROPOUT[k]) / (1 - DROPOUT[k])",
            "    kept.append(mask)",
            "    below.append(np.vstack([outputs[-1] * mask, np.ones(len(chosen))]))",
        ]
    else:
        lines[0] = lines[0].replace(", kept", "").removesuffix(", []")
        lines[1] = "for matrix, activation in zip(matrices, ACTIVATIONS):"
        lines += ["    below.append(np.vstack([outputs[-1], np.ones(len(chosen))]))"]
    lines += ["delta = loss_slope(zs[-1], outputs[-1], Y[:, chosen])"]
    if learning.reduction == "mean":
        lines += ["delta = delta / len(chosen)"]
    lines += [
        "gradients = []",
        "for k in reversed(range(len(matrices))):",
        "    gradients.insert(0, (below[k] @ delta.T).ravel())",
        "    if k > 0:",
        "        delta = matrices[k][:-1] @ delta * SLOPES[k - 1](zs[k - 1], outputs[k - 1])"
        + (" * kept[k - 1]" if drops else ""),
    ]
    if settings.layout() is None:
        lines += ["return np.concatenate(gradients)"]
    else:
        lines += ["# A parameter that stands at several places has the sum of their gradients."]
        lines += ["return np.bincount(POSITIONS, np.concatenate(gradients) * FACTORS, len(parameters))"]
    what = "mean loss" if learning.reduction == "mean" else "sum of the losses"
    constants = [f"SLOPES = [{', '.join(slope_calls(settings))}]"]
    if drops:
        constants += [f"DROPOUT = {list(rates)!r}"]
    text = f"Return the derivative of the {what} of some points by each parameter."
    constants += ["", "", _function("gradient_of(parameters, chosen)", text, lines)]
    return "\n".join(constants)


def _step(settings: NetworkSettings, learning: TrainingSettings) -> str:
    penalty, fixed = learning.regularization, bool(settings.fixed)
    lines = ["gradient = gradient_of(parameters, chosen)"]
    if fixed:
        lines += ["before = parameters[FIXED]", "gradient[FIXED] = 0"]
    if penalty == "l2":
        lines += ["gradient = gradient + RATES * parameters"]
    if learning.clip_norm is not None:
        lines += [f"gradient = gradient * min(1, CLIP_NORM / (np.sqrt(gradient @ gradient) + {CLIP_EPSILON!r}))"]
    if penalty == "l1":
        lines += ["signs = np.sign(parameters)"]
    schedule = learning.schedule
    rate = "LEARNING_RATE"
    if schedule.name != "constant":
        rate += f" * share(number, {schedule.period}, {schedule.factor!r}, {schedule.warm_up})"
    lines += [f"rate = {rate}", "update(parameters, gradient, rate, memory, **OPTIONS)"]
    if penalty == "l1":
        lines += [
            "# The penalty moves weights towards 0, and no further.",
            "moved = parameters - signs * RATES * rate",
            "parameters[:] = np.where(parameters * moved < 0, 0, moved)",
        ]
    if fixed:
        lines += ["parameters[FIXED] = before"]
    return _function("step(parameters, chosen, number)", "Take step `number` along the gradient of some points.", lines)


def _start(first: KeyFrame) -> str:
    settings, learning, checkpoint = first.network, first.training, first.checkpoint
    options = {**OPTIMIZERS[learning.optimizer].defaults, **learning.optimizer_options}
    lines = [f"LEARNING_RATE, OPTIONS = {learning.learning_rate!r}, {options!r}"]
    make = OPTIMIZERS[learning.optimizer].make
    assert make is not None
    memory = {**make(settings.n_parameters).memory(), **checkpoint.memory}
    kept = ", ".join(f'"{name}": {_memory_source(array)}' for name, array in memory.items())
    lines += [f"memory = {{{kept}}}"]
    if learning.regularization != "none":
        rates = settings.is_weight * np.float64(learning.regularization_rate)
        lines += [f"RATES = {array_source(rates)}  # Of the penalty on each parameter."]
    if settings.fixed:
        lines += [f"FIXED = {array_source(np.array(sorted(settings.fixed)))}"]
    if learning.clip_norm is not None:
        lines += [f"CLIP_NORM = {learning.clip_norm!r}"]
    return "\n".join([*lines, *_random(checkpoint)])


def _memory_source(array: np.ndarray[tuple[int], np.dtype[np.float64]]) -> str:
    if array.any():
        source = array_source(array)
        return source if source.startswith("np.array") else f"{source}.copy()"
    return f"np.zeros({len(array)})"


def _random(checkpoint: Checkpoint) -> list[str]:
    number, increment, has_half, half = checkpoint.random
    return [
        "rng = np.random.Generator(np.random.PCG64())",
        "rng.bit_generator.state = {",
        '    "bit_generator": "PCG64",',
        f'    "state": {{"state": {number}, "inc": {increment}}},',
        f'    "has_uint32": {has_half},',
        f'    "uinteger": {half},',
        "}",
    ]


def _loop(first: KeyFrame) -> str:
    learning, checkpoint = first.training, first.checkpoint
    n_training = first.dataset.n_training
    n_taken, n_batches = epoch_size(n_training, learning)
    size = min(learning.batch_size or n_taken, n_taken)
    lines = ["training = np.flatnonzero(~IS_TEST)", f"batch_size, n_batches = {size}, {n_batches}"]
    if checkpoint.order is not None and checkpoint.is_within_epoch(n_training, learning):
        lines += [
            "# The epoch has begun.",
            f"batch, epoch = {checkpoint.next_batch}, {checkpoint.epoch_count}",
            f"order = {array_source(order_points(checkpoint.order))}",
        ]
    else:
        lines += [f"batch, epoch = 0, {checkpoint.epoch_count}"]
    loop = [
        "if number in moments:",
        "    record(number)",
        "if batch == 0:",
        f"    order = {_ORDERS[learning.batch_order].format(n_taken=n_taken)}",
        "step(parameters, training[order[batch * batch_size : (batch + 1) * batch_size]], number)",
        "batch = (batch + 1) % n_batches",
        "epoch += batch == 0",
    ]
    if learning.patience is not None:
        best = checkpoint.best
        if best is None:
            lines += ["best_loss, best_epoch, best_parameters = np.inf, 0, None"]
        else:
            lines += [f"best_loss, best_epoch = {best.loss!r}, {best.epoch}"]
            lines += [f"best_parameters = {array_source(best.parameters)}"]
        lines += [f"PATIENCE = {learning.patience}"]
        loop += _EARLY_STOPPING.strip().split("\n")
    if n_batches == 0:
        loop = ["pass  # There is no point to learn from."]
    return _in_loop("\n".join(lines), loop)


def _in_loop(before: str, loop: Sequence[str]) -> str:
    return (
        f"{before}\n{_RECORD}# A run that diverges overflows.\n"
        f'with np.errstate(all="ignore"):\n    for number in range(FIRST_STEP, LAST_STEP):\n{indented(loop, 2)}\n'
        "    record(LAST_STEP)\n\n"
        'print("step", LAST_STEP, "training and test loss", *recorded[LAST_STEP])'
    )


def _function(signature: str, text: str, lines: Sequence[str]) -> str:
    return "\n".join([f"def {signature}:", f'    """{text}"""', indented(lines)])


# Random search


def _search(first: KeyFrame) -> Parts:
    settings, learning = first.network, first.training
    options: dict[str, float] = {**OPTIMIZERS["random_search"].defaults, **learning.optimizer_options}  # type: ignore[dict-item]
    ranges = np.full(settings.n_parameters, options["biases"])
    shape = settings.layer_sizes, settings.bias
    for weights in weight_views(ranges, *shape):
        weights[:] = options["hidden_weights"]
    weight_views(ranges, *shape)[-1][:] = options["output_weights"]
    if settings.bias == "per_neuron":
        for biases in bias_views(ranges, *shape):
            biases[:] = options["biases"]
    if first.dataset.is_regression:
        score = ["loss = mean_loss(parameters, ~IS_TEST)", "return -loss if np.isfinite(loss) else -np.inf"]
        text = "minus the loss"
    else:
        score = [
            "z, _ = forward(parameters, X[:, ~IS_TEST])",
            "predicted = z.argmax(axis=0) if len(z) > 1 else z[0] > 0",
            "return (predicted == LABELS[~IS_TEST]).sum()",
        ]
        text = "how many training points are right"
    functions = _function("score_of(parameters)", f"Return what should be large: {text}.", score)
    start = [f"RANGES = {array_source(ranges)}"]
    loop = [
        "if number in moments:",
        "    record(number)",
        "drawn = (rng.random(len(parameters)) * 2 - 1) * RANGES",
        "if score_of(drawn) > best:",
        "    parameters, best = drawn, score_of(drawn)",
    ]
    if settings.fixed:
        start += [f"FIXED = {array_source(np.array(sorted(settings.fixed)))}"]
        loop.insert(3, "drawn[FIXED] = parameters[FIXED]")
    start += [*_random(first.checkpoint)]
    loop_source = _in_loop("best = score_of(parameters)", loop)
    words = "## The steps\n\nEach step draws all weights at random; the best network so far stays."
    return Parts(words, functions, "\n".join(start), loop_source)
