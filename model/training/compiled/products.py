"""Products of layers: sums over units and over points, with the points side by side in memory.

Blocks of numbers have shape (n_layers, n_units, n_columns); the first `n_points` columns are worked on, a multiple of
:data:`~model.training.compiled.tiles.LANES`. Each product is here twice: in loops, which are quicker over many points
or few units, and in tiles, see :mod:`model.training.compiled.tiles`, for wide layers and few points.
"""

from __future__ import annotations

from collections.abc import Callable

from model.training.compiled.numerics import exact, sums
from model.training.compiled.tiles import LANES, tile
from model.types import Array, FloatArray

WIDE = 144
"""Weights between two layers from which on tiles are quicker than loops, where points are few."""


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
    below: Array,
    n_in: int,
    deltas: Array,
    layer: int,
    n_out: int,
    gradient: FloatArray,
    first: int,
    n_points: int,
    turned: FloatArray,
) -> None:
    """Add the sums over points of ``below[layer, i] deltas[layer, j]`` and ``deltas[layer, j]`` to the gradient.

    Its entries for a layer begin at `first`: the weights row by row, then the biases. Four sums at once; `turned` is
    not used.
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


def _strip(n_vectors: int) -> Callable[..., None]:
    """Return what does for any number of rows what :func:`~model.training.compiled.tiles.tile` does for a few."""
    four, one = tile(4, n_vectors), tile(1, n_vectors)

    def strip(
        out: Array,
        out_start: int,
        out_stride: int,
        n_rows: int,
        x: Array,
        x_start: int,
        x_stride: int,
        weights: Array,
        start: int,
        term_stride: int,
        row_stride: int,
        n_terms: int,
    ) -> None:
        for quarter in range(n_rows // 4):
            place, first = out_start + 4 * quarter * out_stride, start + 4 * quarter * row_stride
            four(out, place, out_stride, x, x_start, x_stride, weights, first, term_stride, row_stride, n_terms)
        for row in range(n_rows // 4 * 4, n_rows):
            place, first = out_start + row * out_stride, start + row * row_stride
            one(out, place, out_stride, x, x_start, x_stride, weights, first, term_stride, row_stride, n_terms)

    return exact(strip)


_strip_1, _strip_3 = _strip(1), _strip(3)


def _add_sums(
    out: Array,
    out_start: int,
    out_stride: int,
    n_rows: int,
    n_columns: int,
    x: Array,
    x_start: int,
    x_stride: int,
    weights: Array,
    start: int,
    term_stride: int,
    row_stride: int,
    n_terms: int,
) -> None:
    """Add weighted sums of rows to rows, for a multiple of LANES columns; see :mod:`model.training.compiled.tiles`."""
    column = 0
    while column < n_columns:
        place, first = out_start + column, x_start + column
        if n_columns - column >= 3 * LANES:
            _strip_3(
                out, place, out_stride, n_rows, x, first, x_stride, weights, start, term_stride, row_stride, n_terms
            )
            column += 3 * LANES
        else:
            _strip_1(
                out, place, out_stride, n_rows, x, first, x_stride, weights, start, term_stride, row_stride, n_terms
            )
            column += LANES


def _multiply_rest(
    below: Array,
    n_in: int,
    deltas: Array,
    layer: int,
    n_done: int,
    n_out: int,
    gradient: FloatArray,
    first: int,
    n_points: int,
) -> None:
    """Add the sums over points of ``below[layer, i] deltas[layer, j]`` for the last few units, from `n_done` on."""
    for i in range(n_in):
        for j in range(n_done, n_out):
            total = 0.0
            for p in range(n_points):
                total += below[layer, i, p] * deltas[layer, j, p]
            gradient[first + i * n_out + j] += total


def _combine_wide(
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
    """Do what :func:`_combine` does, with tiles."""
    stride, x_stride = block.shape[2], below.shape[2]
    place, source = layer * block.shape[1] * stride, layer_below * below.shape[1] * x_stride
    add_sums(
        block, place, stride, n_out, n_points, below, source, x_stride, weights, first, stride_in, stride_out, n_in
    )


def _add_products_wide(
    below: Array,
    n_in: int,
    deltas: Array,
    layer: int,
    n_out: int,
    gradient: FloatArray,
    first: int,
    n_points: int,
    turned: FloatArray,
) -> None:
    """Do what :func:`_add_products` does, with tiles.

    `turned` is space for the deltas with the units side by side; what does not fill a vector of units is left to loops.
    """
    n_full, stride = n_out // LANES * LANES, below.shape[2]
    for p in range(n_points):
        for j in range(n_full):
            turned[p * n_full + j] = deltas[layer, j, p]
    source = layer * below.shape[1] * stride
    add_sums(gradient, first, n_out, n_in, n_full, turned, 0, n_full, below, source, 1, stride, n_points)
    multiply_rest(below, n_in, deltas, layer, n_full, n_out, gradient, first, n_points)
    for j in range(n_out):
        total = 0.0
        for p in range(n_points):
            total += deltas[layer, j, p]
        gradient[first + n_in * n_out + j] += total


def _norm(vector: FloatArray) -> float:
    """Return the Euclidean norm."""
    total = 0.0
    for i in range(len(vector)):
        total += vector[i] * vector[i]
    return float(total**0.5)


combine = sums(_combine)
add_products = sums(_add_products)
norm = sums(_norm)
add_sums = exact(_add_sums)
multiply_rest = sums(_multiply_rest)
combine_wide = exact(_combine_wide)
add_products_wide = sums(_add_products_wide)
