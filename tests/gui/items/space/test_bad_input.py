"""Whatever the numbers of a network are: a surface or a sentence, and never a number on an axis that is none."""

import re

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from gui.document.looks import COLOURINGS, HEIGHTS
from gui.items.space.build import relief_of
from gui.items.space.camera import Camera
from gui.items.space.plot import paint_space
from gui.items.space.relief import NOT_FINITE, Look
from gui.items.space.shown import height_at, heights_of, shown_of
from gui.items.space.spots import Spots
from gui.theme import named
from model import Dataset, Network
from model.data.generators import GeneratorSettings, generate
from model.network.parts import Unit
from model.run.record import record
from model.run.snapshot import SnapshotMaker
from model.training.settings import first_setup
from tests.gui.items.space.moments import Noting, snapshot_of
from tests.seeds import gaussians

pytestmark = pytest.mark.usefixtures("qapp")

NO_POINTS = Dataset(np.empty((0, 2)), [], None, 3)
ONE_POINT = Dataset([[0.5, 0.5]], [1], None, 3)
VALUES = generate(GeneratorSettings(name="plane", n_points=30))


def all_equal(value, dataset, *sizes):
    output = "linear" if dataset.is_regression else "softmax"
    network = Network([2, *sizes, 1 if dataset.is_regression else 3], output_activation=output)
    network.parameters[:] = value
    return snapshot_of(network, dataset)


def dead():
    network = Network([2, 3, 3], hidden_activation="relu")
    network.biases[0][:] = -1e5
    return snapshot_of(network, gaussians())


def after_a_step():
    moment = record(first_setup(gaussians()), 1).moment
    return SnapshotMaker(40, 60).make(0, moment)


MOMENTS = {
    "constant": lambda: all_equal(0.0, gaussians(), 3),
    "huge": lambda: all_equal(1e6, VALUES, 3),
    "huger": lambda: all_equal(1e30, VALUES, 3),
    "not finite": lambda: all_equal(1e200, VALUES, 3),
    "not finite between": lambda: all_equal(1e308, gaussians(), 2),
    "no points": lambda: all_equal(0.3, NO_POINTS, 2),
    "one point": lambda: all_equal(0.3, ONE_POINT, 2),
    "one by one": lambda: snapshot_of(Network([1, 1, 1], output_activation="sigmoid", features=("x1",)), GAUSSIAN_PAIR),
    "dead": dead,
    "one step": after_a_step,
}
GAUSSIAN_PAIR = Dataset([[1.0, 1.0], [-1.0, 0.0]], [0, 1], None, 2)


@pytest.mark.parametrize("height", [height for height in HEIGHTS if height not in "CDEFGH"])
@pytest.mark.parametrize("name", MOMENTS)
def test_every_height_is_drawn_or_a_sentence_stands_there(name, height):
    snapshot, theme, area = MOMENTS[name](), named("light"), QRectF(0, 0, 240, 200)
    dataset = snapshot.moment.dataset
    shown = shown_of(snapshot, height, Unit(1, 0))
    with np.errstate(all="ignore"):
        heights = heights_of(snapshot.network, dataset, shown)
        probe = height_at(snapshot.network, (1.0, 1.0), 0.5 if dataset.is_regression else 0, shown)
    marks = np.array([(1.0, 1.0, one) for one in probe if np.isfinite(one)]).reshape(-1, 3)
    for place, colouring in enumerate(COLOURINGS):
        look = Look(False, colouring, (0.0, -4.0) if place else (), surface=place == 1)
        image = QImage(240, 200, QImage.Format.Format_RGB32)
        image.fill(theme.panel)
        painter = Noting(image)
        relief = relief_of(snapshot, shown, theme, look)
        paint_space(painter, area, relief, Spots(dataset, heights, True, marks), Camera(), theme, copied=True)
        painter.end()
        texts = [text for text, _ in painter.texts]
        assert not [text for text in texts if re.search(r"\b(nan|inf)\b", text)]
        assert np.isfinite([relief.low, relief.high]).all()
        assert relief.low < relief.high
        assert relief.sheets or NOT_FINITE in texts
