"""One scale for a whole run: the same at every moment, or never smaller than before."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from gui.export.animation.composer import Composer
from gui.export.animation.rendering import pixels_of
from gui.export.animation.run_limits import RunLimits
from gui.export.animation.settings import AnimationSettings
from gui.items.diagram_colours import limits_of, weight_limit
from model import Network, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.run.record import record
from model.run.run import TrainedRun
from model.run.snapshot import SnapshotMaker
from model.training.settings import Setup


@pytest.fixture(scope="module")
def growing() -> TrainedRun:
    """A run whose weights and maps grow by far, and fall between."""
    training = TrainingSettings(optimizer="adam", learning_rate=0.05)
    dataset = generate(GeneratorSettings(n_points=60, seed=1))
    return record(Setup(dataset, NetworkSettings((2, 6, 3), ("relu",), seed=1), training), 400)


def test_a_fixed_scale_has_room_for_all_that_is_shown(growing):
    frames = growing.history.frames
    limits = RunLimits(frames, "fixed")
    fixed = {limits.at(frame.time) for frame in frames}
    assert len(fixed) == 1
    (one,) = fixed
    networks = [Network.read_only(frame.network, frame.checkpoint.parameters) for frame in frames]
    assert one.weights == max(map(weight_limit, networks))
    shown = [limits_of(SnapshotMaker().make(0, frame)).maps for frame in frames[::20]]
    for layer in range(3):
        largest = np.max([maps[layer] for maps in shown], axis=0)
        assert (np.array(one.maps[layer]) >= largest).all()


def test_maps_of_an_activation_without_bound_have_colours_from_the_beginning_to_the_end(growing):
    frames = growing.history.frames
    limits = RunLimits(frames, "fixed")
    snapshots = [SnapshotMaker().make(0, frame) for frame in frames[::20]]
    ends = np.array(limits.at(0).maps[1])[:, np.newaxis, np.newaxis]
    answers = [np.abs(snapshot.unit_maps[1]) / ends for snapshot in snapshots]
    strongest = [float(answer.max()) for answer in answers]
    assert min(strongest) > 0.4, "pale at no moment"
    over = [float((answer > 1.0).sum() / (answer > 0).sum()) for answer in answers]
    assert max(over) < 0.3, "most of it can be told apart at every moment"


def test_a_growing_scale_begins_small_and_never_shrinks(growing):
    frames = growing.history.frames
    limits = RunLimits(frames, "growing")
    at = [limits.at(frame.time) for frame in frames]
    assert at[0].weights < at[-1].weights
    assert sum(at[0].maps[1]) < sum(at[-1].maps[1])
    for before, after in pairwise(at):
        assert after.weights >= before.weights
        for old, new in zip(before.maps, after.maps, strict=True):
            assert (np.array(new) >= old).all()
    assert at[-1].weights == RunLimits(frames, "fixed").at(0).weights


def test_between_two_key_frames_there_is_room_for_the_next(growing):
    frames = growing.history.frames
    limits = RunLimits(frames, "growing")
    for before, after in pairwise(frames[:50]):
        assert limits.at((before.step + after.step) / 2) == limits.at(after.time)


@pytest.mark.parametrize("scale", ["fixed", "growing"])
def test_the_legend_stays_where_the_scale_is_fixed(qapp, growing, scale):
    composer = Composer(AnimationSettings(panels=("network",), scale=scale))
    frames = growing.history.frames
    first, last = (
        pixels_of(composer.picture(frames[index], growing.history, growing.curve)) for index in (0, len(frames) - 1)
    )
    area = composer.picture_area("network")
    bottom, left = round(area.bottom()), round(area.left())
    legends = [pixels[bottom - 26 : bottom, left : left + 500] for pixels in (first, last)]
    assert (legends[0] == legends[1]).all() == (scale == "fixed")


def test_a_run_that_diverged_keeps_the_scale_of_what_can_be_shown(qapp, growing):
    history = growing.history.copy()
    last = history.frames[-1]
    infinite = replace(
        last,
        checkpoint=replace(last.checkpoint, step_count=last.step + 1, parameters=last.checkpoint.parameters * np.inf),
        metrics=replace(last.metrics, step=last.step + 1, train_loss=float("inf")),
    )
    history.append(infinite)
    assert RunLimits(history.frames, "fixed").at(0).weights == RunLimits(growing.history.frames, "fixed").at(0).weights
    composer = Composer(AnimationSettings(size=(640, 360)))
    for frame in (history.frames[0], infinite):
        assert not composer.picture(frame, history, growing.curve).isNull()
