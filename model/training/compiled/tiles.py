"""Tiles: a few rows of sums of products that stay in the processor's registers until they are complete.

A compiler that is given loops alone keeps the sums in memory, and where a batch is small takes several times as long.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

LANES = 4
"""Numbers side by side in a vector; a processor with shorter registers takes it in parts."""

_NUMBER, _WHOLE = ir.DoubleType(), ir.IntType(64)
_VECTOR = ir.VectorType(_NUMBER, LANES)
_ALL_FROM_FIRST = ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES)
_CONTRACT = ("contract",)
"""A product and a sum may become one instruction, which rounds once."""


class _Place:
    """Where numbers of an array are loaded from and stored to, while instructions are written."""

    def __init__(self, context: Any, builder: Any, kind: Any, array: Any) -> None:
        self._builder = builder
        self._data = context.make_array(kind)(context, builder, array).data

    def _at(self, index: Any) -> Any:
        return self._builder.gep(self._data, [index], inbounds=True)

    def _vector_at(self, index: Any) -> Any:
        return self._builder.bitcast(self._at(index), _VECTOR.as_pointer())

    def vector(self, index: Any) -> Any:
        """Load a vector."""
        return self._builder.load(self._vector_at(index), align=8)

    def repeated(self, index: Any) -> Any:
        """Load a number into all places of a vector."""
        undefined = ir.Constant(_VECTOR, ir.Undefined)
        first = self._builder.insert_element(undefined, self._builder.load(self._at(index)), ir.IntType(32)(0))
        return self._builder.shuffle_vector(first, undefined, _ALL_FROM_FIRST)

    def store(self, vector: Any, index: Any) -> None:
        """Store a vector."""
        self._builder.store(vector, self._vector_at(index), align=8)


def tile(n_rows: int, n_vectors: int) -> Callable[..., None]:
    """Return a function for compiled code that adds weighted sums of rows to a few rows of a few columns.

    ``function(out, out_start, out_stride, x, x_start, x_stride, weights, start, term_stride, row_stride, n_terms)``
    does, for `n_rows` rows ``r`` and ``LANES * n_vectors`` columns ``c`` of arrays seen as one row of numbers::

        out[out_start + r out_stride + c] += sum_t weights[start + t term_stride + r row_stride]
                                                   x[x_start + t x_stride + c]
    """

    # numba wants each argument by its name.
    def add(
        typing_context: Any,
        out: Any,
        out_start: Any,
        out_stride: Any,
        x: Any,
        x_start: Any,
        x_stride: Any,
        weights: Any,
        start: Any,
        term_stride: Any,
        row_stride: Any,
        n_terms: Any,
    ) -> Any:
        whole = types.int64
        kinds = (out, whole, whole, x, whole, whole, weights, whole, whole, whole, whole)
        return types.void(*kinds), generate

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        out, out_start, out_stride, x, x_start, x_stride, weights, start, term_stride, row_stride, n_terms = arguments
        results, terms, factors = (
            _Place(context, builder, signature.args[number], array)
            for number, array in ((0, out), (3, x), (6, weights))
        )
        places = [
            builder.add(builder.add(out_start, builder.mul(out_stride, _WHOLE(row))), _WHOLE(LANES * vector))
            for row in range(n_rows)
            for vector in range(n_vectors)
        ]
        firsts = [results.vector(place) for place in places]
        before, loop, end = builder.block, builder.append_basic_block("terms"), builder.append_basic_block("sums")
        is_any = builder.icmp_signed(">", n_terms, _WHOLE(0))
        builder.cbranch(is_any, loop, end)

        builder.position_at_end(loop)
        counters = [(builder.phi(_WHOLE), first) for first in (_WHOLE(0), x_start, start)]
        number, x_at, weight_at = (counter for counter, _ in counters)
        sums = [builder.phi(_VECTOR) for _ in firsts]
        vectors = [terms.vector(builder.add(x_at, _WHOLE(LANES * vector))) for vector in range(n_vectors)]
        longer = []
        for row in range(n_rows):
            factor = factors.repeated(builder.add(weight_at, builder.mul(row_stride, _WHOLE(row))))
            for vector in range(n_vectors):
                product = builder.fmul(factor, vectors[vector], flags=_CONTRACT)
                longer.append(builder.fadd(sums[row * n_vectors + vector], product, flags=_CONTRACT))
        for (counter, first), step in zip(counters, (_WHOLE(1), x_stride, term_stride), strict=True):
            counter.add_incoming(first, before)
            counter.add_incoming(builder.add(counter, step), loop)
        for partial, first, sum_ in zip(sums, firsts, longer, strict=True):
            partial.add_incoming(first, before)
            partial.add_incoming(sum_, loop)
        builder.cbranch(builder.icmp_signed("<", builder.add(number, _WHOLE(1)), n_terms), loop, end)

        builder.position_at_end(end)
        complete = [builder.phi(_VECTOR) for _ in firsts]
        for whole, first, sum_ in zip(complete, firsts, longer, strict=True):
            whole.add_incoming(first, before)
            whole.add_incoming(sum_, loop)
        for place, whole in zip(places, complete, strict=True):
            results.store(whole, place)
        return context.get_dummy_value()

    return intrinsic(add)  # type: ignore[no-any-return]
