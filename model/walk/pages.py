"""Page: one part of a step, in a sentence and in formulas with numbers; and Walk, all pages in their order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np

from model.network.settings import NetworkSettings
from model.types import FloatArray
from model.walk.notation import title_of

Part: TypeAlias = "str | float | FloatArray"
"""LaTeX; a number; or numbers as an array: of shape (n,) for a column, of shape (n_rows, n_columns) for a matrix."""

Line: TypeAlias = "tuple[Part, ...]"

KINDS: dict[str, str] = {
    "points": "Points",
    "forward": "Forward",
    "loss": "Loss",
    "backward": "Backward",
    "gradient": "Gradient",
    "draw": "Draw",
    "compare": "Compare",
    "update": "Update",
    "check": "Check",
}
"""What a page can be about: name -> what the window calls it."""


@dataclass(frozen=True, slots=True)
class Lit:
    """What is at work, to be lit up; the rest steps back.

    Attributes
    ----------
    layers : frozenset of int
        Whose neurons; the input is 0.
    weights : frozenset of int
        The layers from which the weights lead to the next.
    points : tuple of int
        Rows of the data set.
    """

    layers: frozenset[int] = frozenset()
    weights: frozenset[int] = frozenset()
    points: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """Some lines of formulas that belong together.

    Attributes
    ----------
    text : str
        What they are, in a few words; may be empty.
    lines : tuple of Line
    """

    text: str
    lines: tuple[Line, ...] = ()

    @property
    def is_finite(self) -> bool:
        """Whether every number in it is one."""
        return all(np.isfinite(part).all() for line in self.lines for part in line if not isinstance(part, str))


@dataclass(frozen=True, slots=True)
class Heading:
    """What a page is about.

    Attributes
    ----------
    kind : str
        A key of :data:`KINDS`.
    title : str
    lit : Lit
    layer : int
        The layer with weights, the first being 1; 0 where the page is about no single one.
    """

    kind: str
    title: str
    lit: Lit
    layer: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Page:
    """One page.

    Attributes
    ----------
    heading : Heading
    sentence : str
        What happens there.
    blocks : tuple of Block
    """

    heading: Heading
    sentence: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A page that is not yet made.

    Attributes
    ----------
    heading : Heading
    make : callable
        Returns sentence and blocks.
    """

    heading: Heading
    make: Callable[[], tuple[str, Sequence[Block]]]


Stop: TypeAlias = tuple[str, Callable[[], tuple[str, Sequence[Block]]]]
"""A title, and what makes the page below it."""

PageOfLayer: TypeAlias = Callable[[int], tuple[str, Sequence[Block]]]
"""Makes the page of the layer with a number, the first with weights being 1."""


def there_and_back(
    settings: NetworkSettings,
    rows: tuple[int, ...],
    *,
    points: Stop,
    forward: PageOfLayer,
    loss: Stop,
    backward: PageOfLayer,
    gradient: Stop,
) -> list[Draft]:
    """Return the pages from points forward through the layers to the loss, and backward to the gradient.

    Parameters
    ----------
    settings : NetworkSettings
    rows : tuple of int
        Of the data set: the points that are lit on every page.
    points, forward, loss, backward, gradient
        What makes the pages, in their order.
    """
    last = len(settings.layer_sizes) - 1

    def lit(layers: set[int], weights: set[int]) -> Lit:
        return lit_within(last, layers, weights, rows)

    def of_layer(kind: str, n: int, light: Lit, page: PageOfLayer) -> Draft:
        return Draft(Heading(kind, f"{kind.capitalize()}: {title_of(settings, n)}", light, n), partial(page, n))

    numbers = range(1, last + 1)
    return [
        Draft(Heading("points", points[0], lit({0}, set())), points[1]),
        *(of_layer("forward", n, lit({n - 1, n}, {n - 1}), forward) for n in numbers),
        Draft(Heading("loss", loss[0], lit({last}, set())), loss[1]),
        *(of_layer("backward", n, lit({n, n + 1}, {n}), backward) for n in reversed(numbers)),
        Draft(Heading("gradient", gradient[0], whole_network(last, rows)), gradient[1]),
    ]


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """All pages in their order; each is made when it is first seen.

    Parameters
    ----------
    drafts : tuple of Draft
    """

    drafts: tuple[Draft, ...]
    _made: dict[int, Page] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.drafts)

    @property
    def headings(self) -> tuple[Heading, ...]:
        """What the pages are about."""
        return tuple(draft.heading for draft in self.drafts)

    def page(self, number: int) -> Page:
        """Return the page with this number, the first being 0.

        A block with a number that is infinite or NaN says so and shows none.
        """
        if number not in self._made:
            draft = self.drafts[number]
            with np.errstate(all="ignore"):
                sentence, blocks = draft.make()
            self._made[number] = Page(draft.heading, sentence, tuple(map(_finite, blocks)))
        return self._made[number]

    def pages(self) -> Iterator[Page]:
        """Yield all pages."""
        return map(self.page, range(len(self)))


def _finite(block: Block) -> Block:
    if block.is_finite:
        return block
    return Block(
        f"{block.text} Some of these numbers are infinite or not defined, so no formula can be written.".strip()
    )


def lit_within(n_layers: int, layers: Collection[int], weights: Collection[int], points: tuple[int, ...]) -> Lit:
    """Return a light on parts of a network with `n_layers` layers of weights; what it does not have is left out."""
    return Lit(
        frozenset(layer for layer in layers if layer <= n_layers),
        frozenset(layer for layer in weights if layer < n_layers),
        points,
    )


def whole_network(n_layers: int, points: tuple[int, ...] = ()) -> Lit:
    """Return a light on every neuron and weight of a network with `n_layers` layers of weights, and on some points."""
    return Lit(frozenset(range(n_layers + 1)), frozenset(range(n_layers)), points)
