"""The steps themselves: one function that takes a burst of them, and holds no lock of Python meanwhile.

Compiled once, for every setup: what differs between setups comes in as numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numba
import numpy as np
from numba import njit
from numba.np.random.generator_core import next_uint32
from numba.np.random.random_methods import random_interval

from model.training.compiled.cache import Kernel
from model.training.compiled.coverage import (
    ACTIVATION_RULES,
    DELTA_RULES,
    FEW,
    OUTPUT_RULES,
    PENALTIES,
    SHARE_RULES,
    UPDATE_RULES,
)
from model.training.compiled.numerics import exact
from model.training.compiled.products import WIDE, add_products, add_products_wide, combine, combine_wide, norm
from model.training.compiled.tiles import LANES
from model.training.settings import BATCH_ORDERS
from model.training.trainer import CLIP_EPSILON
from model.types import Array, FloatArray, IntArray


def _chooser(rules: Sequence[Callable[..., Any]], arguments: str, *body: str) -> Callable[..., Any]:
    """Return a function ``choose(code, ...)`` that applies the rule of that number.

    Compiled code has no tables of functions.

    Parameters
    ----------
    rules : sequence of callable
        Two or more.
    arguments : str
        The names of what it takes besides the code.
    *body : str
        The lines that apply a rule, which is called RULE there. A loop inside is quicker than a loop outside.
    """
    lines, last = [f"def choose(code, {arguments}):"], len(rules) - 1
    for code in range(len(rules)):
        lines.append("    else:" if code == last else f"    {'elif' if code else 'if'} code == {code}:")
        lines += [f"        {line}".replace("RULE", f"rule_{code}") for line in body]
    names: dict[str, Any] = {f"rule_{code}": rule for code, rule in enumerate(rules)}
    exec("\n".join(lines), names)
    return exact(names["choose"])  # type: ignore[no-any-return]


_activate = _chooser(
    [rule.function for rule in ACTIVATION_RULES.all],
    "z, a, layer, n",
    "for k in range(n):",
    "    a[layer + 1, k] = RULE(z[layer, k])",
)
_apply_slope = _chooser(
    [rule.derivative for rule in ACTIVATION_RULES.all],
    "z, a, deltas, layer, layer_of_a, n",
    "for k in range(n):",
    "    deltas[layer, k] *= RULE(z[layer, k], a[layer_of_a, k])",
)
_output = _chooser(
    [exact(rule) for rule in OUTPUT_RULES.all], "z, a, n_units, n_points", "RULE(z, a, n_units, n_points)"
)
_delta = _chooser(
    [exact(rule) for rule in DELTA_RULES.all],
    "z, a, targets, out, n_units, n_points",
    "RULE(z, a, targets, out, n_units, n_points)",
)
_update = _chooser(
    [exact(rule) for rule in UPDATE_RULES.all],
    "parameters, gradient, learning_rate, options, memory",
    "RULE(parameters, gradient, learning_rate, options, memory)",
)
_share = _chooser(
    [exact(rule) for rule in SHARE_RULES.all],
    "step, period, factor, warm_up",
    "return RULE(step, period, factor, warm_up)",
)

_SHUFFLED, _WITH_REPLACEMENT = (list(BATCH_ORDERS).index(name) for name in ("shuffled", "with_replacement"))
_L1, _L2 = PENALTIES.index("l1"), PENALTIES.index("l2")


def _draw_below(generator: np.random.Generator, n: int) -> int:
    """Draw a whole number from 0 up to `n`, which is below 2^32, without it.

    Notes
    -----
    The method of D. Lemire (2019), which takes the upper half of a product of 64 bits and draws again where that is not
    even.
    """
    if n == 1:
        return 0
    size, half = np.uint64(n), np.uint64(0xFFFFFFFF)
    product = np.uint64(next_uint32(generator.bit_generator)) * size
    if product & half < size:
        least = (half - size + np.uint64(1)) % size
        while product & half < least:
            product = np.uint64(next_uint32(generator.bit_generator)) * size
    return int(product >> np.uint64(32))


def _begin_epoch(generator: np.random.Generator, kind: int, n_points: int, order: IntArray) -> None:
    """Order the points anew, with the draws of :func:`model.training.checkpoint.ordered`."""
    # What Generator.integers and Generator.permutation do; numba's own take many times as long to compile.
    if kind == _WITH_REPLACEMENT:
        for i in range(len(order)):
            order[i] = draw_below(generator, n_points)
        return
    for i in range(len(order)):
        order[i] = i
    if kind == _SHUFFLED:
        for i in range(len(order) - 1, 0, -1):
            j = int(random_interval(generator.bit_generator, i))
            order[i], order[j] = order[j], order[i]


def _gather(source: FloatArray, n_rows: int, order: IntArray, first: int, n: int, n_padded: int, out: Array) -> None:
    """Copy columns of `source` in their order; columns that only fill up repeat the first one."""
    for q in range(n_padded):
        column = order[first + (q if q < n else 0)]
        for row in range(n_rows):
            out[row, q] = source[row, column]


def _drop(
    generator: np.random.Generator,
    rate: float,
    kept: Array,
    undropped: Array,
    a: Array,
    layer: int,
    n_units: int,
    n: int,
    n_padded: int,
) -> None:
    """Leave neurons out, with the draws of :class:`model.network.dropout.DroppedActivation`."""
    scale = 1.0 / (1.0 - rate)
    for j in range(n_units):
        for p in range(n):
            kept[layer, j, p] = scale if generator.random() >= rate else 0.0
        for p in range(n, n_padded):
            kept[layer, j, p] = 0.0
        for p in range(n_padded):
            undropped[layer, j, p] = a[layer + 1, j, p]
            a[layer + 1, j, p] *= kept[layer, j, p]


def _regularize_and_clip(
    parameters: FloatArray, gradient: FloatArray, rates: FloatArray, fixed: IntArray, penalty: int, clip_norm: float
) -> None:
    """Do with the gradient what comes before the optimizer."""
    for i in fixed:
        gradient[i] = 0.0
    if penalty == _L2:
        for i in range(len(parameters)):
            gradient[i] += rates[i] * parameters[i]
    if clip_norm < np.inf:
        scale = clip_norm / (norm(gradient) + CLIP_EPSILON)
        if scale < 1.0:
            for i in range(len(gradient)):
                gradient[i] *= scale


def _shrink(parameters: FloatArray, before: FloatArray, rates: FloatArray, learning_rate: float) -> None:
    """Take the step of L1 against the signs that the parameters had; what would cross 0 stops there."""
    for i in range(len(parameters)):
        moved = parameters[i] - np.sign(before[i]) * (rates[i] * learning_rate)
        parameters[i] = 0.0 if parameters[i] * moved < 0.0 else moved


draw_below = exact(_draw_below)
begin_epoch = exact(_begin_epoch)
gather = exact(_gather)
drop = exact(_drop)
regularize_and_clip = exact(_regularize_and_clip)
shrink = exact(_shrink)


def _pass_with(combine: Callable[..., None], add_products: Callable[..., None]) -> Callable[..., None]:
    """Return what takes points through a network and back, with these products."""

    def backpropagate(
        dense: FloatArray,
        gradient: FloatArray,
        sizes: IntArray,
        activations: IntArray,
        output: int,
        delta: int,
        scale: float,
        dropout: FloatArray,
        generator: np.random.Generator,
        blocks: tuple[Array, Array, Array, Array, Array, Array],
        turned: FloatArray,
        n: int,
        n_padded: int,
    ) -> None:
        """Add the gradient of `n` points, which are in the first layer of activations, to `gradient`."""
        z, a, deltas, targets, undropped, kept = blocks
        n_layers = len(sizes) - 1
        width = z.shape[1] * z.shape[2]
        rows_of_z, rows_of_a = z.reshape(n_layers, width), a.reshape(n_layers + 1, width)
        rows_of_deltas = deltas.reshape(n_layers, width)
        last, start = n_layers - 1, 0
        for layer in range(n_layers):
            n_in, n_out = sizes[layer], sizes[layer + 1]
            biases = start + n_in * n_out
            for j in range(n_out):
                for p in range(n_padded):
                    z[layer, j, p] = dense[biases + j]
            combine(z, layer, n_out, a, layer, n_in, dense, start, n_out, 1, n_padded)
            if layer < last:
                _activate(activations[layer], rows_of_z, rows_of_a, layer, n_out * z.shape[2])
                if dropout[layer] > 0.0:
                    drop(generator, dropout[layer], kept, undropped, a, layer, n_out, n, n_padded)
            start = biases + n_out
        _output(output, z[last], a[n_layers], sizes[n_layers], n_padded)
        _delta(delta, z[last], a[n_layers], targets, deltas[last], sizes[n_layers], n_padded)
        for k in range(sizes[n_layers]):
            for p in range(n):
                deltas[last, k, p] *= scale
            for p in range(n, n_padded):
                deltas[last, k, p] = 0.0
        for layer in range(last, -1, -1):
            n_in, n_out = sizes[layer], sizes[layer + 1]
            start -= (n_in + 1) * n_out
            add_products(a, n_in, deltas, layer, n_out, gradient, start, n_padded, turned)
            if layer == 0:
                break
            below = layer - 1
            for i in range(n_in):
                for p in range(n_padded):
                    deltas[below, i, p] = 0.0
            combine(deltas, below, n_in, deltas, layer, n_out, dense, start, 1, n_out, n_padded)
            if dropout[below] > 0.0:
                rows_of_undropped = undropped.reshape(n_layers, width)
                _apply_slope(
                    activations[below], rows_of_z, rows_of_undropped, rows_of_deltas, below, below, n_in * z.shape[2]
                )
                for i in range(n_in):
                    for p in range(n_padded):
                        deltas[below, i, p] *= kept[below, i, p]
            else:
                _apply_slope(activations[below], rows_of_z, rows_of_a, rows_of_deltas, below, layer, n_in * z.shape[2])

    return exact(backpropagate)


backpropagate, backpropagate_wide = _pass_with(combine, add_products), _pass_with(combine_wide, add_products_wide)


def _train(
    parameters: FloatArray,
    inputs: FloatArray,
    all_targets: FloatArray,
    generator: np.random.Generator,
    order: IntArray,
    counts: IntArray,
    sizes: IntArray,
    activations: IntArray,
    codes: IntArray,
    whole: IntArray,
    numbers: FloatArray,
    dropout: FloatArray,
    options: FloatArray,
    memory: FloatArray,
    positions: IntArray,
    factors: FloatArray,
    is_weight: FloatArray,
    fixed: IntArray,
    z: Array,
    a: Array,
    deltas: Array,
    targets: Array,
    undropped: Array,
    kept: Array,
    n_steps: int,
) -> None:
    """Take `n_steps` steps; see :class:`model.training.compiled.bursts.Bursts` for what goes in.

    Parameters
    ----------
    counts : ndarray of int of shape (4,)
        Steps taken, epochs completed, the next batch of this one, and 1 where it begins in an order that is given.
        Changed, as are `parameters`, `order`, `memory`, and what comes after `fixed`.
    """
    output, delta, update, share, penalty = codes[0], codes[1], codes[2], codes[3], codes[4]
    batch_size, order_kind, mean, period, warm_up = whole[0], whole[1], whole[2], whole[3], whole[4]
    base_rate, factor, regularization_rate, clip_norm = numbers[0], numbers[1], numbers[2], numbers[3]
    n_taken, n_block = len(order), z.shape[2]
    is_dense = len(positions) == 0
    dense = parameters if is_dense else np.zeros(len(positions))
    gradient = np.zeros(len(parameters))
    dense_gradient = gradient if is_dense else np.zeros(len(positions))
    rates = is_weight * regularization_rate
    before, of_fixed = np.zeros(len(parameters)), np.zeros(len(fixed))
    blocks = (z, a, deltas, targets, undropped, kept)
    turned = np.zeros(z.shape[1] * n_block)
    is_wide = False
    for layer in range(len(sizes) - 1):
        is_wide = is_wide or sizes[layer] * sizes[layer + 1] >= WIDE
    for _ in range(n_steps):
        if counts[2] == 0 and counts[3] == 0:
            begin_epoch(generator, order_kind, inputs.shape[1], order)
        counts[3] = 0
        start = counts[2] * batch_size
        stop = min(start + batch_size, n_taken)
        for i in range(len(positions)):
            dense[i] = factors[i] * parameters[positions[i]]
        for i in range(len(dense_gradient)):
            dense_gradient[i] = 0.0
        scale = 1.0 / (stop - start) if mean else 1.0
        for first in range(start, stop, n_block):
            n = min(n_block, stop - first)
            n_padded = (n + LANES - 1) // LANES * LANES
            gather(inputs, sizes[0], order, first, n, n_padded, a[0])
            gather(all_targets, len(all_targets), order, first, n, n_padded, targets)
            if is_wide and n_padded <= FEW:
                backpropagate_wide(
                    dense,
                    dense_gradient,
                    sizes,
                    activations,
                    output,
                    delta,
                    scale,
                    dropout,
                    generator,
                    blocks,
                    turned,
                    n,
                    n_padded,
                )
            else:
                backpropagate(
                    dense,
                    dense_gradient,
                    sizes,
                    activations,
                    output,
                    delta,
                    scale,
                    dropout,
                    generator,
                    blocks,
                    turned,
                    n,
                    n_padded,
                )
        if not is_dense:
            for i in range(len(gradient)):
                gradient[i] = 0.0
            for i in range(len(positions)):
                gradient[positions[i]] += factors[i] * dense_gradient[i]
        learning_rate = base_rate * _share(share, counts[0], period, factor, warm_up)
        for i in range(len(fixed)):
            of_fixed[i] = parameters[fixed[i]]
        regularize_and_clip(parameters, gradient, rates, fixed, penalty, clip_norm)
        if penalty == _L1:
            before[:] = parameters
        _update(update, parameters, gradient, learning_rate, options, memory)
        if penalty == _L1:
            shrink(parameters, before, rates, learning_rate)
        for i in range(len(fixed)):
            parameters[fixed[i]] = of_fixed[i]
        counts[0] += 1
        counts[2] += 1
        if stop == n_taken:
            counts[1] += 1
            counts[2] = 0


_VECTOR, _WHOLE = "float64[::1]", "int64[::1]"
_MATRIX, _BLOCK = "float64[:, ::1]", "float64[:, :, ::1]"


def _signature() -> Any:
    """Return the types of what :func:`_train` takes, so that it is compiled once and at once."""
    from numba.core import types

    names = [
        *(_VECTOR, _MATRIX, _MATRIX, "generator", _WHOLE, _WHOLE, _WHOLE, _WHOLE, _WHOLE, _WHOLE),
        *(_VECTOR, _VECTOR, _VECTOR, _VECTOR, _WHOLE, _VECTOR, _VECTOR, _WHOLE),
        *(_BLOCK, _BLOCK, _BLOCK, _MATRIX, _BLOCK, _BLOCK, "int64"),
    ]
    kinds = {
        "generator": types.npy_rng,
        "int64": types.int64,
        _VECTOR: types.float64[::1],
        _WHOLE: types.int64[::1],
        _MATRIX: types.float64[:, ::1],
        _BLOCK: types.float64[:, :, ::1],
    }
    return types.void(*(kinds[name] for name in names))


def compiled_kernel(folder: Path | None) -> Kernel:
    """Compile the steps, or fetch them from a folder where compiled code is kept.

    Parameters
    ----------
    folder : Path or None
        None: compiled code is not kept.
    """
    previous, numba.config.CACHE_DIR = numba.config.CACHE_DIR, "" if folder is None else str(folder)
    try:
        make = njit(_signature(), nogil=True, cache=folder is not None, error_model="numpy", fastmath={"contract"})
        return make(_train)  # type: ignore[no-any-return]
    finally:
        numba.config.CACHE_DIR = previous
