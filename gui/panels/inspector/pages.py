"""The pages of the inspector: which there are for what is selected, and which are seen in a given room."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from model.network.parts import Edge, Selection, Unit
from model.network.settings import NetworkSettings

SPACING = 14
"""Pixels between two pages beside each other."""


@dataclass(frozen=True, slots=True)
class PageText:
    """What the choice of a page says."""

    text: str
    tip: str


PAGE_TEXTS: dict[str, PageText] = {
    "weights": PageText("Weights", "The numbers themselves, to be turned."),
    "formula": PageText("Formula", "How it computes, and how its gradients come about, with the numbers of the probe."),
    "activation": PageText("Activation", "Every point on the activation function."),
    "loss": PageText("Loss", "The loss of the probe over what this output says."),
    "along": PageText("Loss along", "The training loss along one number, all others as they are."),
    "course": PageText("Course", "The course of the number over the run."),
}
"""Every page, by the names of `gui.document.view.PAGES`."""

_BESIDE = ("activation", "loss", "along", "course", "formula")
"""Which page is first beside the others where there is room."""

_ROOMY: Mapping[str, int] = {"formula": 380}
"""From how many pixels on a page is read well; it leaves the rest to others."""


def pages_of(settings: NetworkSettings, selection: Selection) -> tuple[str, ...]:
    """Return the pages about what is selected, in their order."""
    match selection:
        case Edge():
            return ("weights", "formula", "along", "course")
        case Unit(0, _):
            return ("weights", "formula", "along")
        case Unit(layer, _) if layer == len(settings.layer_sizes) - 1:
            return ("weights", "formula", "activation", "loss", "along")
        case Unit():
            return ("weights", "formula", "activation", "along")
    return ()


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which pages are seen.

    Attributes
    ----------
    tabs : tuple of str
        Those of which one is chosen; one alone is no choice.
    shown : tuple of str
        Those that are seen: the chosen one, those that have room whatever is chosen, and those that have room now.
    """

    tabs: tuple[str, ...]
    shown: tuple[str, ...]


def arranged(pages: tuple[str, ...], chosen: str, widths: Mapping[str, int], room: int) -> Arrangement:
    """Return which pages are seen in a room.

    Parameters
    ----------
    pages : tuple of str
        In their order, one or more.
    chosen : str
        The page that is wanted; where it is not among them, the first one is shown.
    widths : mapping of str to int
        The least width of each, in pixels.
    room : int
        Pixels.
    """
    beside: list[str] = []
    for page in _BESIDE:
        others = [other for other in pages if other not in (*beside, page)]
        taken = sum(widths[other] + SPACING for other in beside)
        if page in pages and others:
            widest = max(widths[other] for other in others)
            if taken + widths[page] + SPACING + widest <= room:
                beside.append(page)
    tabs = tuple(page for page in pages if page not in beside)
    shown = {*beside, chosen if chosen in tabs else tabs[0]}
    for page in _BESIDE:
        taken = sum(max(widths[other], _ROOMY.get(other, 0)) + SPACING for other in shown)
        if page in tabs and taken + widths[page] <= room:
            shown.add(page)
    return Arrangement(tabs, tuple(page for page in pages if page in shown))
