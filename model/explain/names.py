"""What can be asked of a network as a formula, and how its parameters are called, without SymPy."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, TypeAlias

from model.network.parts import Edge, Unit

MAX_PARAMETERS = 60
"""The formulas of a larger network would be too long to read."""

Outcome: TypeAlias = Literal["outputs", "loss", "derivative"]
"""What a formula is of."""


_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def parameter_names(layer_sizes: Sequence[int], bias: str) -> dict[str, Edge | Unit | None]:
    """Return the names of all parameters, in the order of :class:`model.explain.symbolic.SymbolicNetwork`.

    Parameters
    ----------
    layer_sizes : sequence of int
    bias : str
        A key of :data:`model.network.layout.BIAS_KINDS`.

    Returns
    -------
    dict of str to Edge, Unit or None
        The weight, or the neuron whose bias it is; None for the shared bias.
    """
    names: dict[str, Edge | Unit | None] = {"w0": None} if bias == "shared" else {}
    for layer, (n_in, n_out) in enumerate(pairwise(layer_sizes), start=1):
        for i in range(n_in):
            names |= {f"w{layer}_{i + 1}_{j + 1}": Edge(layer - 1, i, j) for j in range(n_out)}
        if bias == "per_neuron":
            names |= {f"b{layer}_{j + 1}": Unit(layer, j) for j in range(n_out)}
    return names


def parameter_text(name: str) -> str:
    """Return the name of a parameter as the formulas show it, for where there is only text: ``w⁽²⁾₁,₂``, ``w₀``."""
    place, *ends = name[1:].split("_")
    if not ends:
        return f"{name[0]}{place.translate(_LOWERED)}"
    return f"{name[0]}⁽{place.translate(_RAISED)}⁾{','.join(ends).translate(_LOWERED)}"
