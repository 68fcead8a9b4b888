"""The loss landscape in pictures and films: computed for them, where no window has done so."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPen

from gui.document.landscape_paths import ProjectedFrames, frames_of_path, spanning
from gui.export.key import Key, run_entry
from gui.export.views import Scene
from gui.items.landscape.plot import LandscapePlot
from gui.items.landscape.scene import LandscapeScene, axis_names
from gui.items.landscape.space import paint_landscape_in_space, relief_of_landscape
from gui.items.landscape.views import paint_sentence
from gui.items.plot_axes import LEFT_AXIS
from gui.theme import Theme
from model.landscape.landscape import Landscape, LandscapeSettings, landscape
from model.run.history import KeyFrame
from model.run.numbers import MomentNumbers

_KEY_GAP, _LINE_WIDTH = 6.0, 1.4
NONE = "There is no loss landscape to draw."


def computed(
    frames: Sequence[KeyFrame],
    moment: KeyFrame,
    settings: LandscapeSettings,
    *,
    with_penalty: bool = False,
    most_slices: int | None = None,
) -> Landscape:
    """Return the landscape round a moment of a run.

    Parameters
    ----------
    frames : sequence of KeyFrame
        Of the run.
    moment : KeyFrame
    settings : LandscapeSettings
    with_penalty : bool
        Whether what regularization adds counts.
    most_slices : int, optional
        After how many slices of the work a coarser one will do; by default it is computed in full.

    Raises
    ------
    ValueError
        If there is none; a sentence for a person says why.
    """
    path = np.stack(spanning([frame.checkpoint.parameters for frame in frames_of_path(frames, moment)[0]]))
    directions = settings.directions(moment.network, moment.checkpoint.parameters, [path])
    found: Landscape | None = None
    steps = landscape(moment.setup, directions, settings.extent(directions, [path]), with_penalty=with_penalty)
    for number, made in enumerate(steps):
        found = made or found
        if found is not None and most_slices is not None and number >= most_slices:
            break
    assert found is not None
    return found


def scene_at(
    frames: Sequence[KeyFrame],
    moment: KeyFrame,
    settings: LandscapeSettings,
    *,
    log: bool = True,
    with_penalty: bool = False,
) -> LandscapeScene:
    """Return what is drawn of the landscape round a moment, with the path of the run.

    Raises
    ------
    ValueError
        If there is no landscape; a sentence for a person says why.
    """
    made = computed(frames, moment, settings, with_penalty=with_penalty)
    numbers = MomentNumbers(moment)
    way = -(numbers.gradient + (numbers.penalty_gradient if with_penalty else 0.0))[np.newaxis]
    is_down = bool(np.isfinite(way).all() and way.any())
    loss = moment.metrics.train_loss
    return LandscapeScene(
        made,
        axis_names(settings, moment.network, moment.dataset),
        log,
        None if loss is None else loss + (moment.metrics.penalty if with_penalty else 0.0),
        made.directions.start,
        ProjectedFrames(made.directions).path(*frames_of_path(frames, moment)),
        descent=made.directions.components(way)[0] if is_down else None,
        descent_share=float(made.directions.shares(way)[0]) if is_down else 0.0,
    )


# Stills


def paint_landscape(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the loss landscape from above, and what explains the paths of pinned runs."""
    area = _above_key(painter, area, scene, theme)
    if scene.landscape is None:
        paint_sentence(painter, area, NONE, theme)
    else:
        LandscapePlot().paint(painter, area, scene.landscape, theme)


def paint_landscape_space(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> None:
    """Draw the loss landscape in 3D, and what explains the paths of pinned runs."""
    area, shown = _above_key(painter, area, scene, theme), scene.landscape
    if shown is None:
        paint_sentence(painter, area, NONE, theme)
    else:
        paint_landscape_in_space(painter, area, shown, relief_of_landscape(shown, theme), scene.landscape_camera, theme)


def _above_key(painter: QPainter, area: QRectF, scene: Scene, theme: Theme) -> QRectF:
    """Draw which path is that of which pinned run at the foot of an area, and return what is left of that."""
    places = [] if scene.landscape is None else [place for place, _ in scene.landscape.pinned]
    entries = [
        run_entry(scene.pinned[place].name, QPen(theme.run_colour(place), _LINE_WIDTH))
        for place in places
        if place < len(scene.pinned)
    ]
    if not entries:
        return area
    key = Key(entries, max(area.width() - LEFT_AXIS, 60.0))
    key.paint(painter, QPointF(area.left() + LEFT_AXIS, area.bottom() - key.height), theme)
    return area.adjusted(0, 0, 0, -key.height - _KEY_GAP)
