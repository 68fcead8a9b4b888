"""Films flow: nothing stands still that moves in the run, nothing leaps, and nothing flows over a change."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gui.export.animation.composer import Composer
from gui.export.animation.moments import Moments
from gui.export.animation.rendering import pixels_of
from gui.export.animation.settings import PACINGS, AnimationSettings
from model import NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.run.history import Event, History, KeyFrame
from model.run.record import record
from model.run.run import Run, TrainedRun
from model.training.settings import Setup

FEW_STEPS = 30
SMOOTH = AnimationSettings(size=(320, 180), seconds=10.0, fps=30.0, pacing="steps", counters=False)
"""Without counters: numbers change from step to step, and do not flow."""


@pytest.fixture(scope="module", params=["moons", "spiral"])
def short(request) -> TrainedRun:
    """A run of 30 steps of seed 002's network, two hidden layers of four ReLUs."""
    dataset = generate(GeneratorSettings(name=request.param, n_points=100, n_classes=2, seed=1))
    network = NetworkSettings((2, 4, 4, 2), ("relu", "relu"), seed=1)
    return record(Setup(dataset, network, TrainingSettings(learning_rate=0.3)), FEW_STEPS)


def all_of(moments: Moments) -> list[KeyFrame]:
    return [moments[index] for index in range(len(moments))]


def lengths(moments: list[KeyFrame]) -> np.ndarray:
    """How far the parameters go from each moment to the next."""
    return np.linalg.norm(np.diff([moment.checkpoint.parameters for moment in moments], axis=0), axis=1)


def test_a_run_of_thirty_steps_flows_over_ten_seconds(short):
    moments = all_of(Moments(short.history, short.curve, SMOOTH))
    times = np.array([moment.time for moment in moments])
    np.testing.assert_allclose(times, np.linspace(0, FEW_STEPS, 300), atol=1e-9)
    steps = lengths(list(short.history.frames))
    moved = lengths(moments)
    assert moved.min() > 0
    # Ten frames go the way of one step, so that no frame goes farther than a tenth of the longest.
    assert moved.max() <= 1.01 * steps.max() * FEW_STEPS / 299
    assert [moment.step for moment in moments] == np.floor(times + 1e-9).astype(int).tolist()


def test_consecutive_pictures_differ_and_none_leaps(qapp, short):
    # Numbers do not flow.
    composer = Composer(replace(SMOOTH, counters=False))
    moments = Moments(short.history, short.curve, SMOOTH)
    pictures = [
        pixels_of(composer.picture(moments[index], short.history, short.curve))[..., :3].astype(np.int16)
        for index in range(60, 160)
    ]
    changes = np.array([np.abs(after - before).mean() for before, after in pairwise(pictures)])
    assert changes.min() > 0
    exact = Moments(short.history, short.curve, replace(SMOOTH, exact_steps=True))
    leaps = [
        np.abs(
            pixels_of(composer.picture(exact[index], short.history, short.curve))[..., :3].astype(np.int16)
            - pixels_of(composer.picture(exact[index - 10], short.history, short.curve))[..., :3]
        ).mean()
        for index in range(70, 160, 10)
    ]
    # What would be one leap is spread over ten frames: most have next to nothing of it, and none more than a half, as
    # where all ReLUs are silent in a part of the plane, whose one answer changes from one class to the other.
    assert changes.max() < max(leaps) / 2
    assert np.quantile(changes, 0.9) < max(leaps) / 3


def test_no_weight_suddenly_hides_another(qapp, short):
    # In a small picture the curves are thick for their distance.
    composer, moments = Composer(SMOOTH), Moments(short.history, short.curve, SMOOTH)
    before = None
    for moment in all_of(moments):
        pixels = pixels_of(composer.picture(moment, short.history, short.curve))[..., :3].astype(np.int16)
        card = composer.card("network").toRect()
        network = pixels[card.top() : card.bottom(), card.left() : card.right()]
        if before is not None:
            # The line at 0 of a map may go on by a pixel.
            assert np.count_nonzero(np.abs(network - before).max(axis=2) >= 60) < 6, moment.time
        before = network


@pytest.mark.parametrize("pacing", PACINGS)
def test_no_pacing_stands_still(runs, pacing):
    run = runs["spiral"]
    moved = lengths(all_of(Moments(run.history, run.curve, replace(SMOOTH, pacing=pacing))))
    assert moved.min() > 0


def test_exact_steps_are_moments_of_the_run_alone(short):
    moments = all_of(Moments(short.history, short.curve, replace(SMOOTH, exact_steps=True)))
    assert {id(moment) for moment in moments} == {id(frame) for frame in short.history.frames}


def test_the_ends_are_key_frames(runs):
    run = runs["spiral"]
    moments = Moments(run.history, run.curve, SMOOTH)
    assert moments[0] is run.history.frames[0]
    assert moments[len(moments) - 1] is run.history.frames[-1]


def changed_run(by_hand: bool) -> History:
    """Ten steps, a change between two of them, and ten steps more."""
    dataset = generate(GeneratorSettings(name="moons", n_points=40))
    run = Run(Setup(dataset, NetworkSettings((2, 3, 2), ("tanh",)), TrainingSettings()))
    history = History()
    for step in range(21):
        if step == 10:
            history.append(run.moment())
            history.note(10, "changed")
            if by_hand:
                run.set_parameter(0, 5.0)
            else:
                run.revise(replace(run.setup, training=replace(run.setup.training, learning_rate=0.5)))
        history.append(run.moment())
        run.advance(1)
    return history


@pytest.mark.parametrize("by_hand", [True, False])
def test_nothing_flows_over_a_change(short, by_hand):
    history = changed_run(by_hand)
    moments = all_of(Moments(history, short.curve, replace(SMOOTH, seconds=4.0)))
    before = [moment for moment in moments if 9 <= moment.time < 10]
    assert len(before) > 3
    assert {id(moment) for moment in before} == {id(history.frames[9])}
    flowing = [moment for moment in moments if moment.time != moment.step]
    assert {moment.step for moment in flowing} == set(range(20)) - {9}


def test_a_note_stops_nothing(short):
    history = short.history.copy()
    history.change_event(None, Event(10, "a bend", is_note=True))
    assert lengths(all_of(Moments(history, short.curve, SMOOTH))).min() > 0


def test_the_same_moment_is_the_same_object(short):
    moments = Moments(short.history, short.curve, SMOOTH)
    assert moments[17] is moments[17]
