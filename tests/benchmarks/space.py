"""What a frame of the output in 3D, or of a hidden space, costs beside one of the output in 2D.

All are of the same moment, at 560 x 460 with 500 points.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/space.py

A frame is all that is done when a new snapshot comes: its colours and lines, the points' heights, and painting. The two
take turns, so that whatever else the machine does hits both; the ratio is what counts.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QTransform

from gui.app import make_application
from gui.items.hidden.look import HiddenLook
from gui.items.hidden.marks import Marks
from gui.items.hidden.moment import hidden_moment
from gui.items.hidden.paint import paint_hidden
from gui.items.points_layer import paint_points
from gui.items.space.build import relief_of
from gui.items.space.camera import Camera
from gui.items.space.plot import KeptBox, paint_space
from gui.items.space.shown import Shown, heights_of
from gui.items.space.spots import Spots
from gui.items.surface_item import paint_surface
from gui.theme import named
from model.data.dataset import PLANE_LIMIT
from model.data.generators import GeneratorSettings, generate
from model.run.record import record
from model.run.snapshot import Snapshot, SnapshotMaker
from model.training.settings import first_setup

WIDTH, HEIGHT, N_POINTS, N_FRAMES, N_STEPS = 560, 460, 500, 60, 1500
AREA = QRectF(0, 0, WIDTH, HEIGHT)


def trained(name: str, resolution: int) -> Snapshot:
    """Return a moment of a network that has learned for a while."""
    setup = first_setup(generate(GeneratorSettings(name=name, n_points=N_POINTS)))
    moment = record(replace(setup, training=replace(setup.training, optimizer="adam")), N_STEPS).moment
    return SnapshotMaker(surface_resolution=resolution).make(0, moment)


def plane_frame(painter: QPainter, snapshot: Snapshot) -> None:
    """Draw the surface from above, with its lines and the points."""
    per_unit = HEIGHT / (2 * PLANE_LIMIT)
    to_page = QTransform(per_unit, 0, 0, -per_unit, WIDTH / 2, HEIGHT / 2)
    paint_surface(painter, AREA, snapshot.surface, to_page, named("light"), regions=False, line_width=1.6)
    paint_points(painter, snapshot.moment.dataset, to_page, named("light"), copied=True)


def space_frame(
    painter: QPainter, snapshot: Snapshot, camera: Camera, shown: Shown = "likeliest", kept: KeptBox | None = None
) -> None:
    """Draw the surface in 3D, with its lines and the points, as a view does that keeps its box."""
    relief = relief_of(snapshot, shown, named("light"))
    dataset = snapshot.moment.dataset
    spots = Spots(dataset, heights_of(snapshot.network, dataset, shown))
    paint_space(painter, AREA, relief, spots, camera, named("light"), copied=True, kept=kept)


def hidden_frame(painter: QPainter, snapshot: Snapshot, layer: int, n_axes: int) -> None:
    """Draw the sheet of a hidden layer along two axes or three, with its lines and the points."""
    dataset, theme = snapshot.moment.dataset, named("light")
    moment = hidden_moment(
        snapshot.network, dataset, layer, n_axes, theme, regression=dataset.is_regression, regions=False, coarse=True
    )
    paint_hidden(painter, AREA, moment, HiddenLook(), Marks(), theme, copied=True)


def timed(draw: Callable[[QPainter], None]) -> float:
    """Return the milliseconds of the processor that one picture takes."""
    image = QImage(WIDTH, HEIGHT, QImage.Format.Format_RGB32)
    image.fill(named("light").panel)
    start = time.thread_time()
    painter = QPainter(image)
    draw(painter)
    painter.end()
    return (time.thread_time() - start) * 1e3


def print_hidden() -> None:
    """Print a row for each hidden layer, along two axes and along three."""
    print(f"  {'':<26}{'2D':>14}{'hidden, 2 axes':>16}{'hidden, 3 axes':>16}{'/ 2D':>9}")
    for name in ("spiral", "sine"):
        snapshot = trained(name, 120)
        for layer in range(1, snapshot.network.settings.n_hidden_layers + 1):
            found: list[list[float]] = [[], [], []]
            for _ in range(N_FRAMES):
                found[0].append(timed(lambda painter, moment=snapshot: plane_frame(painter, moment)))
                for times, n_axes in zip(found[1:], (2, 3), strict=True):
                    times.append(
                        timed(
                            lambda painter, moment=snapshot, layer=layer, n_axes=n_axes: hidden_frame(
                                painter, moment, layer, n_axes
                            )
                        )
                    )
            cells = [f"{min(times):8.1f}{float(np.median(times)):8.1f}" for times in found]
            ratio = float(np.median(found[1]) / np.median(found[0]))
            print(f"  {f'{name}, hidden {layer}':<24}{''.join(cells)}{ratio:9.2f}")


def main() -> None:
    """Print a row for each kind of surface, and for each hidden layer."""
    make_application(["space-benchmark"])
    print(f"{WIDTH} x {HEIGHT}, {N_POINTS} points, {N_FRAMES} frames each, milliseconds: least, median")
    print(f"  {'':<26}{'2D':>14}{'3D':>14}{'3D turned':>14}{'3D / 2D':>9}")
    for name, shown in (("spiral", "likeliest"), ("spiral", 0), ("spiral", "each"), ("sine", "likeliest")):
        for resolution in (60, 120):
            snapshot = trained(name, resolution)
            found: list[list[float]] = [[], [], []]
            boxes = KeptBox(), KeptBox()
            for frame in range(N_FRAMES):
                turned = Camera(-180.0 + 6.0 * frame)
                found[0].append(timed(lambda painter, moment=snapshot: plane_frame(painter, moment)))
                for times, camera, kept in zip(found[1:], (Camera(), turned), boxes, strict=True):
                    draw = partial(space_frame, snapshot=snapshot, camera=camera, shown=shown, kept=kept)
                    times.append(timed(draw))
            title = f"{name}, {shown if isinstance(shown, str) else 'one class'}, {resolution}²"
            cells = [f"{min(times):7.1f}{float(np.median(times)):7.1f}" for times in found]
            print(f"  {title:<26}{''.join(cells)}{float(np.median(found[1]) / np.median(found[0])):9.2f}")
    print_hidden()


if __name__ == "__main__":
    main()
