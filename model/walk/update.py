"""The page of the update: the optimizer's rule with the numbers of one parameter, and all new weights."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from model.network.layout import bias_views, weight_views
from model.network.settings import NetworkSettings
from model.run.history import KeyFrame
from model.training.optimizers import OPTIMIZERS
from model.training.rules import SYMBOLS, WORDS, Quantities, RuleLine, applied, quantities_of
from model.training.step import Descent
from model.types import FloatArray, readable
from model.walk.notation import parameter_name, parameter_symbol, title_of
from model.walk.pages import Block, Line


def update_page(moment: KeyFrame, step: Descent) -> tuple[str, Sequence[Block]]:
    """Return what the optimizer makes of the gradient.

    Parameters
    ----------
    moment : KeyFrame
        Before the step.
    step : Descent
    """
    training, entry = moment.training, OPTIMIZERS[moment.training.optimizer]
    quantities = quantities_of(
        entry, training.optimizer_options, moment.checkpoint.memory, step.before, step.gradient, step.learning_rate
    )
    lines, values, names = applied(entry.rule, quantities)
    position = _position(quantities, step)
    of_one = {name: _entry(value, position) for name, value in values.items()}
    symbol = parameter_symbol(moment.network, position)
    written = SYMBOLS | {"w": symbol, "w'": rf"{symbol}{{}}'"}
    formulas = tuple(part for line in lines for part in _written(line, names, written, of_one))
    name = parameter_name(moment.network, position, moment.dataset)
    text = f"It is the turn of {name}:" if "turn" in values else f"For {name}, which changes most:"
    blocks = [Block(text, formulas), Block(_legend(lines))]
    if position in moment.network.fixed:
        blocks = [Block(f"It is the turn of {name}, which is frozen or pruned: nothing changes.")]
    result = values["w'"]
    if training.regularization == "l1":
        result, block = _shrunk(moment, step, result, position, symbol)
        blocks += block
    sentence = f"{entry.label}: {entry.tip}{_about_rate(moment, step)}{_about_fixed(moment.network)}"
    if training.patience is not None and not _leads_there(result, moment.network, step):
        sentence += (
            " With this step training ends by itself: the test loss falls no more, and the weights of the lowest come "
            "back."
        )
    return sentence, [*blocks, *new_weights(moment.network, step.before, step.after)]


def _legend(lines: Sequence[RuleLine]) -> str:
    """Return what the symbols of a rule are, in a sentence."""
    used = {quantity for line in lines for _, quantity in line.pieces({})} | {"g"}
    (first, meaning), *others = [words for quantity, words in WORDS.items() if quantity in used]
    rest = ", ".join(f"{sign} {meaning}" for sign, meaning in others)
    return f"Here {first} is {meaning}, {rest}; a stroke marks what is new."


def _position(quantities: Quantities, step: Descent) -> int:
    """Return the parameter whose numbers are shown: the one whose turn it is, or the one that changes most."""
    if "turn" in quantities:
        return int(np.argmax(quantities["turn"]))
    change = np.abs(step.after - step.before)
    return int(np.argmax(np.where(np.isfinite(change), change, 0.0)))


def _entry(value: float | FloatArray, position: int) -> float:
    return float(value[position]) if isinstance(value, np.ndarray) else float(value)


def _written(
    line: RuleLine, names: dict[str, str], symbols: dict[str, str], numbers: dict[str, float]
) -> tuple[Line, Line]:
    """Return a line of a rule with symbols, and with numbers."""
    with_symbols = f"{symbols[line.result]} = "
    with_numbers: list[str | float] = [r"\phantom{w}="]
    for latex, quantity in line.pieces(names):
        with_symbols += latex + (symbols[quantity] if quantity else "")
        with_numbers += [latex, *([numbers[quantity]] if quantity else [])]
    return (with_symbols,), (*with_numbers, "=", numbers[line.result])


def _about_rate(moment: KeyFrame, step: Descent) -> str:
    schedule, rate = moment.training.schedule, moment.training.learning_rate
    if schedule.name == "constant":
        return ""
    return readable(f" The schedule has the learning rate {rate:g} at {step.learning_rate:.4g} by now.")


def _about_fixed(settings: NetworkSettings) -> str:
    return " What is frozen or pruned stays as it is." if settings.fixed else ""


def _shrunk(
    moment: KeyFrame, step: Descent, result: FloatArray, position: int, symbol: str
) -> tuple[FloatArray, list[Block]]:
    """Return the parameters after the L1 penalty, and how the one at `position` gets there."""
    rate = float(moment.training.regularization_rate)
    is_weight = moment.network.is_weight
    moved = result - np.where(is_weight, np.sign(step.before) * rate * step.learning_rate, 0.0)
    shrunk = np.where(result * moved < 0.0, 0.0, moved)
    if not is_weight[position] or position in moment.network.fixed:
        return shrunk, [Block("The L1 penalty then pulls each weight towards 0, but no bias.")]
    line: Line = (rf"{symbol}{{}}' - \eta \cdot r \cdot \mathrm{{sign}}({symbol}) =", float(result[position]))
    amount = step.learning_rate * rate * float(np.sign(step.before[position]))
    lines: tuple[Line, ...] = ((*line, "-", amount, "=", float(shrunk[position])),)
    return shrunk, [Block("The L1 penalty then pulls each weight towards 0, and not past it:", lines)]


def _leads_there(result: FloatArray, settings: NetworkSettings, step: Descent) -> bool:
    """Return whether the rule leads where the step leads, but for what is frozen."""
    is_free = np.ones(len(result), dtype=np.bool_)
    is_free[sorted(settings.fixed)] = False
    return bool(np.allclose(result[is_free], step.after[is_free], rtol=1e-6, atol=1e-9, equal_nan=True))


def new_weights(settings: NetworkSettings, before: FloatArray, after: FloatArray) -> list[Block]:
    """Return all weights and biases before and after a step, layer by layer."""
    views = [weight_views(values, settings.layer_sizes, settings.bias) for values in (before, after - before, after)]
    biases = [bias_views(values, settings.layer_sizes, settings.bias) for values in (before, after - before, after)]
    blocks = []
    for number in range(1, len(settings.layer_sizes)):
        old, change, new = (of_layers[number - 1].T for of_layers in views)
        lines: list[Line] = [(rf"\mathbf{{W}}^{{({number})}}{{}}' =", old, "+", change), (r"\phantom{W}=", new)]
        if settings.bias == "per_neuron":
            old, change, new = (of_layers[number - 1] for of_layers in biases)
            lines.append((rf"\mathbf{{b}}^{{({number})}}{{}}' =", old, "+", change, "=", new))
        blocks.append(Block(f"New weights, {title_of(settings, number)}:", tuple(lines)))
    if settings.bias == "shared":
        line: Line = ("w_0' =", float(before[0]), "+", float(after[0] - before[0]), "=", float(after[0]))
        blocks.append(Block("The shared bias:", (line,)))
    return blocks
