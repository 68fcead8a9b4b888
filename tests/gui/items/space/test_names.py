"""What is written beside surfaces and slices, and along the axis of the sum."""

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gui.items.space.build import relief_of
from gui.items.space.camera import Camera, Projection
from gui.items.space.plot import paint_space
from gui.items.space.relief import Look
from gui.items.space.shown import PreActivation, Several
from gui.items.space.spots import Spots
from gui.theme import named
from model import Dataset
from model.network.parts import Unit
from tests.gui.items.space.moments import Noting, snapshot_of
from tests.seeds import circle, sigmoid_network

pytestmark = pytest.mark.usefixtures("qapp")

AREA = QRectF(0, 0, 480, 400)
LAYER = Several(tuple(Unit(1, index) for index in range(3)))
BOTH = Several((PreActivation(1, 0), Unit(1, 0)))
OVER_THE_SUM = Camera(-45.0, 0.0)


def texts(shown, look=None, camera=None, bare=False):
    image = QImage(480, 400, QImage.Format.Format_RGB32)
    painter = Noting(image)
    relief = relief_of(snapshot_of(sigmoid_network(), circle()), shown, named("light"), look or Look())
    nobody = Spots(Dataset(np.empty((0, 2)), [], None, 2), np.empty(0))
    paint_space(painter, AREA, relief, nobody, camera or Camera(), named("light"), bare=bare)
    painter.end()
    return painter.texts


@pytest.mark.parametrize(
    ("shown", "look", "names"),
    [
        (LAYER, Look(), {"h1.1", "h1.2", "h1.3"}),
        (LAYER, Look(colouring="height"), {"h1.1", "h1.2", "h1.3"}),
        (BOTH, Look(colouring="class"), {"z", "a"}),
        ("each", Look(), {"A", "B"}),
        (1, Look(slices=(0.0, -1.0, -6.0)), {"x₂ = 0", "x₂ = −1", "x₂ = −6"}),
        (LAYER, Look(slices=(0.0,)), {"h1.1", "h1.2", "h1.3"}),
    ],
)
@pytest.mark.parametrize("camera", [Camera(), Camera(135, 10), Camera(20, 90), OVER_THE_SUM])
def test_each_surface_and_slice_is_named_within_the_picture(shown, look, names, camera):
    written = [(text, box) for text, box in texts(shown, look, camera) if text in names]
    assert {text for text, _ in written} == names
    for index, (text, box) in enumerate(written):
        assert AREA.left() <= box.left(), text
        assert box.right() <= AREA.right() + 1, text
        for other, other_box in written[index + 1 :]:
            assert not box.intersects(other_box), (text, other)


def test_of_many_slices_none_is_named():
    written = texts(1, Look(slices=tuple(np.linspace(-6, 6, 30).tolist())))
    assert not [text for text, _ in written if text.startswith("x₂ =")]


def test_a_single_surface_has_no_name_beside_the_axes():
    assert [text for text, _ in texts(Unit(1, 0))].count("h1.1") == 1, "the axis"


def test_without_ticks_nothing_is_written():
    assert texts(LAYER, bare=True) == []


def test_seen_over_the_sum_of_the_coordinates_ticks_stand_at_their_sums():
    written = texts(1, Look(slices=(0.0,), surface=False), OVER_THE_SUM)
    assert "x₁ + x₂" in [text for text, _ in written]
    projection = Projection.fitting(OVER_THE_SUM, AREA)
    bottom = projection.seen(np.array([[0.0, 0.0, -0.62]]))[0, 1]
    sums = {text: box.center().x() for text, box in written if box.top() >= bottom and text.strip("−").isdigit()}
    assert len(sums) >= 5
    for text, x in sums.items():
        half = float(text.replace("−", "-")) / 2 / 6
        assert x == pytest.approx(projection.seen(np.array([[half, half, 0.0]]))[0, 0], abs=0.6)
        # Whatever the two coordinates are.
        assert x == pytest.approx(projection.seen(np.array([[half * 2, 0.0, 0.0]]))[0, 0], abs=0.6)
