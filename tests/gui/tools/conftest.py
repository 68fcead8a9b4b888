"""What the tools' tests share: a hand on a view that has neither panels nor menus, and measures of a view."""

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage

from gui.items.plane_view import PlaneView
from gui.tools import ToolHand
from model import Dataset
from model.data.edits import ReplaceAll
from model.types import FloatArray

SPARSE = np.array([(-4.0, -4.0), (-4.0, 4.0), (4.0, -4.0), (4.0, 4.0), (3.0, 3.0)])


@pytest.fixture
def canvas(document, keep_plot, hand_on, mouse_aside, qtbot):
    """The mouse on a view alone, the tools of a document in its hand."""
    view = keep_plot(PlaneView("Data canvas", grid=True))
    view.resize(330, 320)
    ToolHand(document.run, document.changes, document.points, document.view, document.probe, view)
    with qtbot.waitExposed(view):
        view.show()
    mouse_aside(view)
    return hand_on(view)


@pytest.fixture
def sparse(document) -> FloatArray:
    """The places of the five points that the document has, of two classes in turn; the last two are neighbours."""
    document.changes.edit_points("points", ReplaceAll(Dataset(SPARSE, [0, 1, 0, 1, 0], n_classes=3)))
    document.changes.undo_stack.clear()
    return SPARSE


@pytest.fixture
def units_at() -> Callable[[PlaneView, QPoint], FloatArray]:
    """Compute the data units of a pixel, from nothing but the plot's rectangle and its range."""

    def compute(view, pixel):
        box = view.box
        rect = view.viewportTransform().mapRect(box.sceneBoundingRect())
        (x_min, x_max), (y_min, y_max) = box.viewRange()
        return np.array(
            [
                x_min + (pixel.x() - rect.left()) / rect.width() * (x_max - x_min),
                y_max - (pixel.y() - rect.top()) / rect.height() * (y_max - y_min),
            ]
        )

    return compute


@pytest.fixture
def half_a_pixel() -> Callable[[PlaneView], float]:
    """Compute how many data units half a pixel of a view is."""

    def compute(view):
        (x_min, x_max), _ = view.box.viewRange()
        return 0.5 * (x_max - x_min) / view.box.width()

    return compute


@pytest.fixture
def pixels() -> Callable[[PlaneView], np.ndarray]:
    """Take what a view shows, 0xffRRGGBB."""

    def take(view):
        image = view.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
        return np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.width()).copy()

    return take
