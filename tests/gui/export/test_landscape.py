"""The loss landscape in pictures and films."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter

from gui.export.animation.composer import Composer
from gui.export.animation.settings import AnimationSettings
from gui.export.landscape import computed, paint_landscape, paint_landscape_space, scene_at
from gui.export.views import Scene
from gui.theme import named
from model import NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.landscape.landscape import SPANS, LandscapeSettings, landscape, usual_weights
from model.run.curve import LossCurve
from model.run.history import History
from model.run.run import Run
from model.training.settings import Setup


@pytest.fixture(scope="module")
def run():
    """Key frames and losses of a short run."""
    data = generate(GeneratorSettings(name="gaussians", n_points=60, n_classes=2))
    run = Run(Setup(data, NetworkSettings((2, 3, 2), ("tanh",)), TrainingSettings(learning_rate=0.2)))
    history, curve = History(), LossCurve()
    for _ in range(12):
        history.append(run.moment())
        curve.extend([run.moment().metrics])
        run.advance(10)
    return history, curve


def settings_of(spans, network):
    return LandscapeSettings(spans, usual_weights(network))


def drawn(paint, scene, theme="light"):
    image = QImage(360, 300, QImage.Format.Format_RGB32)
    image.fill(named(theme).panel)
    painter = QPainter(image)
    paint(painter, QRectF(0, 0, 360, 300), scene, named(theme))
    painter.end()
    return image


@pytest.mark.parametrize("spans", SPANS)
def test_a_scene_is_the_model_s_landscape_with_the_whole_path(run, spans):
    frames = run[0].frames
    moment = frames[-1]
    settings = settings_of(spans, moment.network)
    scene = scene_at(frames, moment, settings)
    path = np.stack([frame.checkpoint.parameters for frame in frames])
    directions = settings.directions(moment.network, moment.checkpoint.parameters, [path])
    *_, expected = landscape(moment.setup, directions, settings.extent(directions, [path]))
    np.testing.assert_array_equal(scene.landscape.losses, expected.losses)
    np.testing.assert_allclose(scene.path.places, directions.project(path).places, atol=1e-12)
    np.testing.assert_allclose(scene.path.share, directions.project(path).share)
    assert scene.path.n_passed == len(frames)
    assert scene.loss == moment.metrics.train_loss


def test_a_past_moment_has_the_later_path_too(run):
    frames = run[0].frames
    scene = scene_at(frames, frames[4], settings_of("path", frames[0].network))
    assert scene.path.n_passed == 5 < len(scene.path.places) == len(frames)
    np.testing.assert_allclose(scene.place, scene.path.places[4], atol=1e-12)


def test_a_coarse_one_will_do_where_time_is_short(run):
    frames = run[0].frames
    made = computed(frames, frames[-1], settings_of("random", frames[0].network), most_slices=0)
    assert len(made.losses) == 9


def test_stills_show_it_or_say_that_there_is_none(run, qapp):
    history, curve = run
    moment = history.frames[-1]
    scene = Scene(moment, moment.dataset, curve)
    shown = replace(scene, landscape=scene_at(history.frames, moment, settings_of("path", moment.network)))
    images = [drawn(paint, one) for paint in (paint_landscape, paint_landscape_space) for one in (scene, shown)]
    assert images[0] == images[2], "the same sentence"
    assert images[1] != images[0]
    assert images[3] != images[1]
    assert drawn(paint_landscape, shown, "dark") != images[1]


def test_a_film_walks_along_the_path_and_turns(run, qapp):
    history, curve = run
    settings = AnimationSettings(size=(320, 240), panels=("landscape",), counters=False)
    first, middle, last = (history.frames[row] for row in (0, 6, -1))
    composer = Composer(settings)
    pictures = [composer.picture(frame, history, curve) for frame in (first, middle, last)]
    assert len({bytes(picture.constBits()) for picture in pictures}) == 3
    turning = Composer(replace(settings, landscape_in_space=True, turn=90.0))
    assert turning.picture(last, history, curve, 0.0) != turning.picture(last, history, curve, 1.0)


def test_a_film_of_a_run_without_a_step_has_a_sentence(run, qapp):
    history = History()
    history.append(run[0].frames[0])
    settings = AnimationSettings(size=(320, 240), panels=("landscape",))
    random = Composer(replace(settings, landscape="random")).picture(history.frames[0], history, run[1])
    assert Composer(settings).picture(history.frames[0], history, run[1]) != random
