"""Products of layers: sums over units and over points, with the points side by side in memory.

Blocks of numbers have shape (n_layers, n_units, n_points); the first of `n_points` columns are worked on.
"""

from __future__ import annotations

from model.training.compiled.numerics import sums
from model.types import Array, FloatArray


def _combine(
    block: Array,
    layer: int,
    n_out: int,
    below: Array,
    layer_below: int,
    n_in: int,
    weights: FloatArray,
    first: int,
    stride_in: int,
    stride_out: int,
    n_points: int,
) -> None:
    """Add weighted sums of the rows of one layer to the rows of another.

    ``block[layer, j] += sum_i weights[first + i stride_in + j stride_out] below[layer_below, i]``. Two sums over four
    rows at once, so that what is read is used more than once.
    """
    for half in range(n_out // 2):
        j = 2 * half
        start, other = first + j * stride_out, first + (j + 1) * stride_out
        for quarter in range(n_in // 4):
            i = 4 * quarter
            k = i * stride_in
            v0, v1 = weights[start + k], weights[start + k + stride_in]
            v2, v3 = weights[start + k + 2 * stride_in], weights[start + k + 3 * stride_in]
            w0, w1 = weights[other + k], weights[other + k + stride_in]
            w2, w3 = weights[other + k + 2 * stride_in], weights[other + k + 3 * stride_in]
            for p in range(n_points):
                x0, x1 = below[layer_below, i, p], below[layer_below, i + 1, p]
                x2, x3 = below[layer_below, i + 2, p], below[layer_below, i + 3, p]
                block[layer, j, p] += v0 * x0 + v1 * x1 + v2 * x2 + v3 * x3
                block[layer, j + 1, p] += w0 * x0 + w1 * x1 + w2 * x2 + w3 * x3
        for i in range(n_in // 4 * 4, n_in):
            v0, w0 = weights[start + i * stride_in], weights[other + i * stride_in]
            for p in range(n_points):
                block[layer, j, p] += v0 * below[layer_below, i, p]
                block[layer, j + 1, p] += w0 * below[layer_below, i, p]
    for j in range(n_out // 2 * 2, n_out):
        start = first + j * stride_out
        for i in range(n_in):
            v0 = weights[start + i * stride_in]
            for p in range(n_points):
                block[layer, j, p] += v0 * below[layer_below, i, p]


def _add_products(
    below: Array, n_in: int, deltas: Array, layer: int, n_out: int, gradient: FloatArray, first: int, n_points: int
) -> None:
    """Add the sums over points of ``below[layer, i] deltas[layer, j]`` and ``deltas[layer, j]`` to the gradient.

    Its entries for a layer begin at `first`: the weights row by row, then the biases. Four sums at once.
    """
    for half in range(n_in // 2):
        i = 2 * half
        row, next_row = first + i * n_out, first + (i + 1) * n_out
        for other_half in range(n_out // 2):
            j = 2 * other_half
            s0, s1, s2, s3 = 0.0, 0.0, 0.0, 0.0
            for p in range(n_points):
                x0, x1 = below[layer, i, p], below[layer, i + 1, p]
                d0, d1 = deltas[layer, j, p], deltas[layer, j + 1, p]
                s0 += x0 * d0
                s1 += x0 * d1
                s2 += x1 * d0
                s3 += x1 * d1
            gradient[row + j] += s0
            gradient[row + j + 1] += s1
            gradient[next_row + j] += s2
            gradient[next_row + j + 1] += s3
        for j in range(n_out // 2 * 2, n_out):
            s0, s1 = 0.0, 0.0
            for p in range(n_points):
                s0 += below[layer, i, p] * deltas[layer, j, p]
                s1 += below[layer, i + 1, p] * deltas[layer, j, p]
            gradient[row + j] += s0
            gradient[next_row + j] += s1
    for i in range(n_in // 2 * 2, n_in):
        for j in range(n_out):
            s0 = 0.0
            for p in range(n_points):
                s0 += below[layer, i, p] * deltas[layer, j, p]
            gradient[first + i * n_out + j] += s0
    for j in range(n_out):
        s0 = 0.0
        for p in range(n_points):
            s0 += deltas[layer, j, p]
        gradient[first + n_in * n_out + j] += s0


def _norm(vector: FloatArray) -> float:
    """Return the Euclidean norm."""
    total = 0.0
    for i in range(len(vector)):
        total += vector[i] * vector[i]
    return float(total**0.5)


combine = sums(_combine)
add_products = sums(_add_products)
norm = sums(_norm)
