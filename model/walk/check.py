"""The last page: the product of the chain is the gradient that training uses, and that of central differences."""

from __future__ import annotations

import numpy as np

from model.types import FloatArray, counted
from model.walk.differences import FORMULA, Differences
from model.walk.pages import Block, Line


def check_blocks(product: FloatArray, training: FloatArray, differences: Differences) -> list[Block]:
    """Return the three gradients, and how far they are from each other.

    Parameters
    ----------
    product, training : ndarray of shape (n_parameters,)
        As the pages multiply it out, and as backpropagation in the training has it.
    differences : Differences
    """
    shown = differences.positions
    counts = ~differences.has_corner
    lines: list[Line] = [
        (r"\text{product} =", product[shown][np.newaxis]),
        (r"\text{training} =", training[shown][np.newaxis]),
        (r"\text{differences} =", differences.values[np.newaxis]),
    ]
    blocks = [
        Block(f"The gradient three times, {_which(differences, len(product))}:", tuple(lines)),
        Block(
            "Largest difference between the product of the chain and the gradient that training uses:",
            ((r"\max |\,\text{product} - \text{training}\,| =", largest_difference(product, training)),),
        ),
    ]
    if counts.any():
        off = largest_difference(product[shown][counts], differences.values[counts])
        line: Line = (r"\max |\,\text{product} - \text{differences}\,| =", off)
        blocks.append(Block("Largest difference between the product and central differences:", (line,)))
    blocks.append(Block(_about_corners(differences), (FORMULA,)))
    return blocks


def largest_difference(first: FloatArray, second: FloatArray) -> float:
    """Return the largest difference of two entries in the same place; 0 where there is none."""
    return float(np.max(np.abs(first - second), initial=0.0))


def _which(differences: Differences, n_parameters: int) -> str:
    n = len(differences.positions)
    return "parameter by parameter" if n == n_parameters else f"for {n:,} of {n_parameters:,} parameters"


def _about_corners(differences: Differences) -> str:
    n = int(np.count_nonzero(differences.has_corner))
    text = "Central differences ask for the loss a little to both sides, h being 0.0001:"
    if not n:
        return text
    return (
        f"For {counted(n, 'parameter')} an activation has a corner or a jump between the two sides, where there is no "
        f"slope; they are left out of the largest difference. {text}"
    )
