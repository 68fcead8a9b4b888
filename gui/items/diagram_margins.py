"""Margins of the diagram: how far its first and last layer are from the sides, so that names have room."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from PySide6.QtGui import QFontMetricsF

from gui.items.diagram_layout import SIDE_MARGIN
from gui.theme import figure_font
from model import Dataset, NetworkSettings
from model.network.parts import Unit, unit_name

NAME_GAP = 8.0
"""Between a neuron and its name."""

NAME_PX = 12
_WIDEST_NAME, _WIDEST_NAME_CROWDED, _CROWDED_LAYERS = 80.0, 40.0, 8
_UNIT_HALF = 23.0


def left_margin(settings: NetworkSettings, dataset: Dataset) -> float:
    """Return how far the middle of the inputs is from the left side, so that short names of features have room."""
    names = tuple(unit_name(settings, Unit(0, index), dataset) for index in range(settings.layer_sizes[0]))
    return _margin(names, _widest(settings))


def right_margin(settings: NetworkSettings, dataset: Dataset, most_enlarged: float) -> float:
    """Return how far the middle of the outputs is from the right side, so that short names of its own have room.

    Parameters
    ----------
    dataset : Dataset
        Whose classes or value they are; letters need no more room than there is.
    most_enlarged : float
        How many times as large as usual neurons may be.
    """
    if not (dataset.naming.classes or (dataset.is_regression and dataset.naming.value.name)):
        return SIDE_MARGIN
    last = len(settings.layer_sizes) - 1
    names = tuple(unit_name(settings, Unit(last, index), dataset) for index in range(settings.layer_sizes[last]))
    return _margin(names, _widest(settings), most_enlarged)


def _widest(settings: NetworkSettings) -> float:
    return _WIDEST_NAME_CROWDED if len(settings.layer_sizes) >= _CROWDED_LAYERS else _WIDEST_NAME


@lru_cache(maxsize=16)
def _margin(names: tuple[str, ...], room: float, most_enlarged: float = 1.0) -> float:
    metrics = QFontMetricsF(figure_font(NAME_PX))
    widest = max(map(metrics.horizontalAdvance, names))
    return max(SIDE_MARGIN, float(np.ceil(_UNIT_HALF * most_enlarged + NAME_GAP + min(widest + 2, room))))
