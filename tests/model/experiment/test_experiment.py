"""Experiment files: what is saved comes back to the bit, and a file is whole or as it was."""

import io
import json
import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import asdict, replace
from importlib import metadata
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gui.program.startup import version
from model import Dataset, Metrics, Network, NetworkSettings, Trainer, TrainingSettings
from model.data.generators import GENERATORS, GeneratorSettings, generate
from model.data.naming import Axis, Naming
from model.data.problems import PROBLEMS
from model.experiment import Experiment, ExperimentError, load_experiment, recovery_paths, save_experiment
from model.experiment.settings_json import MAX_DEPTH
from model.network.activations import ACTIVATIONS
from model.network.initializers import INITIALIZERS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES, OUTPUT_ACTIVATIONS
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame
from model.training.checkpoint import DrawnOrder
from model.training.optimizers import OPTIMIZERS, memory_sizes
from model.training.regularization import REGULARIZATIONS
from model.training.schedules import SCHEDULES, Schedule
from model.training.settings import BATCH_ORDERS, REDUCTIONS
from model.training.stopping import WATCHED, Stop
from tests.model.lessons.experiments import generated

ROOT = Path(__file__).resolve().parents[3]


# Made-up experiments

finite = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | finite | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)


@st.composite
def generators(draw):
    name = draw(st.sampled_from(sorted(GENERATORS)))
    return GeneratorSettings(
        name,
        n_points=draw(st.integers(10, 60)),
        noise=draw(st.floats(0, 1)),
        training_share=draw(st.floats(0.1, 1)),
        seed=draw(st.integers(0, 2**64)),
        label_noise=draw(st.floats(0, 0.5)),
        rule=draw(st.sampled_from(["2*sin(x1)", "x**2 − 1"]) if name == "rule" else texts),
        curve_rule=draw(st.sampled_from(["x*sin(2*x)/5", "log(x)"]) if name == "curve_rule" else texts),
    )


@st.composite
def networks(draw, dataset):
    regression = dataset.is_regression
    typed = ["x^2 · 3", "max(x, 1)"] if dataset.is_curve else ["x1^2 · x2", "hypot(x1, x2)"]
    names = [*PROBLEMS[dataset.kind].features, *typed]
    features = draw(st.lists(st.sampled_from(names), unique=True, min_size=1))
    hidden = draw(st.lists(st.integers(1, 5), max_size=3))
    output = draw(st.sampled_from(["tanh", "linear", "sigmoid"] if regression else sorted(OUTPUT_ACTIVATIONS)))
    n_outputs = 1 if regression else max(dataset.n_classes, draw(st.integers(2, 8)))
    shape = NetworkSettings(
        (len(features), *hidden, n_outputs),
        tuple(draw(st.sampled_from(sorted(ACTIVATIONS))) for _ in hidden),
        output,
        initializer=draw(st.sampled_from(sorted(INITIALIZERS))),
        bias=draw(st.sampled_from(sorted(BIAS_KINDS))),
        seed=draw(st.integers(0, 2**32)),
        bias_start=draw(st.none() | st.floats(-1, 1)),
        features=tuple(features),
        standardization=draw(st.just(()) | st.just(tuple((0.1 * i, 1.5) for i in range(len(features))))),
    )
    positions = st.frozensets(st.integers(0, shape.n_parameters - 1), max_size=5)
    units = [(layer, i) for layer, size in enumerate(shape.layer_sizes[:-1]) for i in range(size)]
    return replace(
        shape,
        frozen=draw(positions),
        pruned=draw(positions),
        muted=draw(st.frozensets(st.sampled_from(units), max_size=2)),
    )


@st.composite
def trainings(draw, dataset, network):
    losses = [name for name, loss in LOSSES.items() if network.output_activation in loss.outputs]
    hidden = network.n_hidden_layers
    optimizer = draw(st.sampled_from(sorted(OPTIMIZERS)))
    options = OPTIMIZERS[optimizer].options
    return TrainingSettings(
        "squared_error" if dataset.is_regression else draw(st.sampled_from(losses)),
        optimizer=optimizer,
        learning_rate=draw(st.floats(1e-4, 0.1) | st.just(1)),
        batch_size=draw(st.none() | st.integers(1, 30)),
        optimizer_options=draw(st.just({}) | st.just({name: option.default for name, option in options.items()})),
        batch_order=draw(st.sampled_from(sorted(BATCH_ORDERS))),
        reduction=draw(st.sampled_from(sorted(REDUCTIONS))),
        regularization=draw(st.sampled_from(sorted(REGULARIZATIONS))),
        regularization_rate=draw(st.floats(0, 0.1)),
        clip_norm=draw(st.none() | st.floats(0.1, 5)),
        schedule=Schedule(draw(st.sampled_from(sorted(SCHEDULES))), period=draw(st.integers(1, 2**62))),
        dropout=draw(st.floats(0, 0.9) | st.lists(st.floats(0, 0.9), min_size=hidden, max_size=hidden).map(tuple)),
        patience=draw(st.none() | st.integers(1, 3)),
        stop=draw(st.just(Stop()) | st.builds(Stop, steps=st.integers(1, 9), loss=st.floats(0.1, 2), watched=watched)),
        seed=draw(st.integers(0, 2**32)),
    )


watched = st.sampled_from(sorted(WATCHED))


@st.composite
def namings(draw, n_classes):
    names = texts.filter(str.strip)
    axes = st.builds(Axis, texts, st.floats(allow_nan=False, allow_infinity=False), st.floats(1e-300, 1e300))
    classes = draw(st.lists(names, max_size=n_classes, unique=True))
    return draw(
        st.sampled_from([Naming(), Naming(classes=classes), Naming(*draw(st.tuples(axes, axes, axes)), classes)])
    )


@st.composite
def experiments(draw):
    generator = draw(generators())
    dataset = generate(generator)
    dataset = dataset.named(draw(namings(dataset.n_classes)))
    network = draw(networks(dataset))
    training = draw(trainings(dataset, network))
    trainer = Trainer(Network.from_settings(network), dataset, training)
    history, curve = History(), LossCurve()
    with np.errstate(all="ignore"):
        for _ in range(draw(st.integers(0, 5))):
            record(trainer, history, curve)
            match draw(st.sampled_from(["train", "train", "rate", "optimizer", "points", "names"])):
                case "rate":
                    trainer.set_settings(replace(trainer.settings, learning_rate=draw(st.floats(1e-4, 0.1))))
                    history.note(trainer.step_count, draw(texts))
                case "optimizer":
                    changed = draw(trainings(dataset, network))
                    trainer.set_settings(changed)
                case "names":
                    trainer.set_dataset(trainer.dataset.named(draw(namings(dataset.n_classes))))
                case "points":
                    old = trainer.dataset
                    trainer.set_dataset(old.like(old.points + 0.5, old.labels, old.is_test))
            trainer.run_steps(draw(st.integers(1, 30)))
    return Experiment(
        trainer.setup,
        generator,
        history,
        curve,
        view=draw(st.dictionaries(texts, json_values, max_size=4)),
        name=draw(texts),
        notes=draw(texts),
    )


def record(trainer, history, curve):
    metrics = trainer.metrics()
    frame = KeyFrame.of(trainer, metrics)
    history.append(frame)
    curve.extend([metrics])


def recorded(n_frames=5, optimizer="adam", n_steps=7, **changes):
    """Return an experiment of a short run, and the trainer that made it."""
    generator = GeneratorSettings("moons", n_points=60)
    dataset = generate(generator)
    training = TrainingSettings(optimizer=optimizer, **changes)
    trainer = Trainer(Network([2, 4, 3, 2]), dataset, training)
    history, curve = History(), LossCurve()
    for index in range(n_frames):
        if index:
            trainer.run_steps(n_steps)
        record(trainer, history, curve)
    history.note(n_steps, "learning rate 0.1")
    view = {"tool": "brush", "speed": None, "plane": [1.5, [2, 3]]}
    return Experiment(trainer.setup, generator, history, curve, view), trainer


# What is equal


def assert_equal(one, other):
    """Compare two experiments to the bit, and in what their frames share."""
    for name in ("setup", "generator", "view", "name", "notes"):
        assert getattr(one, name) == getattr(other, name), name
    # 1 and 1.0 are equal, and not the same.
    assert repr(asdict(one.setup.training)) == repr(asdict(other.setup.training))
    np.testing.assert_array_equal(one.curve.rows, other.curve.rows)
    assert list(one.history.events) == list(other.history.events)
    assert one.history.stride == other.history.stride
    assert one.history.n_bytes == other.history.n_bytes
    for frame, same in zip(one.history.frames, other.history.frames, strict=True):
        assert_equal_frames(frame, same)


def assert_equal_frames(frame, other):
    assert frame.setup == other.setup
    assert repr(frame.metrics) == repr(other.metrics)
    moment, same = frame.checkpoint, other.checkpoint
    for name in ("step_count", "epoch_count", "random", "tries", "finished"):
        assert getattr(moment, name) == getattr(same, name), name
    assert list(moment.memory) == list(same.memory)
    pairs = [
        (moment.parameters, same.parameters),
        *((moment.memory[name], same.memory[name]) for name in moment.memory),
    ]
    assert (moment.order is None, moment.best is None) == (same.order is None, same.best is None)
    assert moment.next_batch == same.next_batch
    if isinstance(moment.order, DrawnOrder):
        assert moment.order == same.order
    elif moment.order is not None:
        pairs.append((moment.order, same.order))
    if moment.best is not None:
        assert (repr(moment.best.loss), moment.best.epoch) == (repr(same.best.loss), same.best.epoch)
        pairs.append((moment.best.parameters, same.best.parameters))
    for array, same_array in pairs:
        assert array.dtype == same_array.dtype
        assert array.tobytes() == same_array.tobytes()
        assert not same_array.flags.writeable


def saved(experiment, folder):
    path = folder / "run.netcanvas"
    save_experiment(experiment, path)
    return load_experiment(path)


def continued(frame):
    trainer = Trainer(Network.from_settings(frame.network), frame.dataset, frame.training)
    trainer.restore(frame.checkpoint)
    return trainer


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(experiments())
def test_what_is_saved_comes_back(tmp_path, experiment):
    check_round_trip(experiment, tmp_path)


@pytest.mark.soak
@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(experiments())
def test_what_is_saved_comes_back_many_times(tmp_path, experiment):
    check_round_trip(experiment, tmp_path)


def check_round_trip(experiment, folder):
    finite_frames = [f for f in experiment.history.frames if np.isfinite(f.checkpoint.parameters).all()]
    if len(finite_frames) < len(experiment.history):
        return
    assert_equal(experiment, saved(experiment, folder))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(experiments().filter(lambda experiment: len(experiment.history)))
def test_a_run_goes_on_to_the_bit(tmp_path, experiment):
    frame = experiment.history.frames[-1]
    if not np.isfinite(frame.checkpoint.parameters).all():
        return
    original, again = continued(frame), continued(saved(experiment, tmp_path).history.frames[-1])
    for trainer in (original, again):
        trainer.run_steps(50)
    assert original.network.parameters.tobytes() == again.network.parameters.tobytes()
    assert repr(original.metrics()) == repr(again.metrics())


def test_the_trainer_that_never_stopped_does_the_same(tmp_path):
    experiment, trainer = recorded(patience=3, dropout=0.2, optimizer="adamw")
    again = continued(saved(experiment, tmp_path).history.frames[-1])
    for one in (trainer, again):
        one.run_steps(500)
    assert trainer.network.parameters.tobytes() == again.network.parameters.tobytes()


def test_what_frames_share_is_written_once_and_shared_again(tmp_path):
    experiment, _ = recorded(n_frames=40, n_steps=1, patience=50)
    loaded = saved(experiment, tmp_path)
    frames = loaded.history.frames

    assert len({id(frame.dataset) for frame in frames} | {id(loaded.setup.dataset)}) == 1
    assert len({id(frame.network) for frame in frames} | {id(loaded.setup.network)}) == 1
    assert len({id(frame.training) for frame in frames} | {id(loaded.setup.training)}) == 1
    orders = [frame.checkpoint.order for frame in frames if frame.checkpoint.order is not None]
    assert len(set(orders)) == 8 < len(orders)
    with zipfile.ZipFile(tmp_path / "run.netcanvas") as archive:
        assert len(np.load(io.BytesIO(archive.read("arrays.npz")))["drawn_orders"]) == 8
    bests = [frame.checkpoint.best for frame in frames if frame.checkpoint.best is not None]
    assert len({id(best) for best in bests}) < len(bests)


def test_a_frame_does_not_keep_the_others_in_memory(tmp_path):
    experiment, _ = recorded(n_frames=10)
    for frame in saved(experiment, tmp_path).history.frames:
        for array in (frame.checkpoint.parameters, *frame.checkpoint.memory.values()):
            base = array if array.base is None else array.base
            assert base.nbytes <= frame.checkpoint.n_bytes


def test_a_frame_with_the_memory_of_another_optimizer_goes_on_without(tmp_path):
    experiment, _ = recorded(optimizer="adam")
    setup = replace(experiment.setup, training=replace(experiment.setup.training, optimizer="momentum"))
    frames = [replace(frame, setup=setup) for frame in experiment.history.frames]
    history = History()
    for frame in frames:
        history.append(frame)
    loaded = saved(replace(experiment, history=history), tmp_path).history.frames[-1]

    assert loaded.checkpoint.memory == {}
    one, other = continued(frames[-1]), continued(loaded)
    for trainer in (one, other):
        trainer.run_steps(20)
    assert one.network.parameters.tobytes() == other.network.parameters.tobytes()


def test_frames_that_are_not_finite_are_left_out(tmp_path):
    experiment, _ = recorded()
    last = experiment.history.frames[-1]
    lost = replace(last.checkpoint, parameters=last.checkpoint.parameters * np.inf, step_count=last.step + 1)
    history = experiment.history.copy()
    history.append(replace(last, checkpoint=lost))

    assert [f.step for f in saved(replace(experiment, history=history), tmp_path).history.frames] == [0, 7, 14, 21, 28]

    nothing = History()
    nothing.append(replace(last, checkpoint=lost))
    with pytest.raises(ExperimentError, match="not finite; go back to its start"):
        save_experiment(replace(experiment, history=nothing), tmp_path / "run.netcanvas")


def test_frames_of_a_network_that_no_window_holds_are_left_out(tmp_path):
    experiment, trainer = recorded()
    large = Trainer(Network([2, 65, 2]), trainer.dataset, trainer.settings)
    large.run_steps(29)
    history = experiment.history.copy()
    history.append(KeyFrame.of(large))
    assert [f.step for f in saved(replace(experiment, history=history), tmp_path).history.frames] == [0, 7, 14, 21, 28]


def test_a_run_with_too_much_is_thinned(tmp_path, monkeypatch):
    experiment, _ = recorded(n_frames=50)
    monkeypatch.setattr("model.experiment.experiment.MAX_FRAMES", 20)
    loaded = saved(experiment, tmp_path)
    assert [f.step // 7 for f in loaded.history.frames] == [*range(0, 49, 4), 49]
    assert loaded.history.stride == 4

    monkeypatch.setattr("model.experiment.content.MAX_SETTINGS", 0)
    with pytest.raises(ExperimentError, match="it is larger than a file may be"):
        save_experiment(experiment, tmp_path / "other.netcanvas")


def test_a_run_of_a_larger_budget_is_thinned_when_it_is_opened(tmp_path):
    experiment, _ = recorded(n_frames=100, n_steps=1)
    path = tmp_path / "run.netcanvas"
    save_experiment(experiment, path)
    history = load_experiment(path, budget=100_000).history
    assert history.n_bytes <= 100_000 < experiment.history.n_bytes
    assert (history.frames[0].step, history.frames[-1].step) == (0, 99)


def test_a_curve_that_went_back_is_written_as_it_went_on(tmp_path):
    experiment, _ = recorded()
    curve = LossCurve()
    curve.extend(Metrics(step, 1.0, None) for step in (0, 5, 10, 7, 7, 9))
    assert saved(replace(experiment, curve=curve), tmp_path).curve.rows[:, 0].tolist() == [0, 5, 7, 7, 9]


def test_numbers_of_numpy_are_written(tmp_path):
    experiment, _ = recorded()
    training = replace(experiment.setup.training, learning_rate=np.float32(0.25), batch_size=np.int64(10))
    loaded = saved(replace(experiment, setup=replace(experiment.setup, training=training)), tmp_path)
    assert repr((loaded.setup.training.learning_rate, loaded.setup.training.batch_size)) == "(0.25, 10)"


# What an experiment may be


def test_refuses_what_a_file_cannot_hold():
    experiment, _ = recorded()
    deep = []
    for _ in range(MAX_DEPTH):
        deep = [deep]
    deeper = []
    for _ in range(10_000):
        deeper = [deeper]
    for changes, reason in (
        ({"view": {"a": deep}}, "view may be nested 12 deep"),
        ({"view": {"a": deeper}}, "it is too deeply nested"),
        ({"view": {"a": "x" * 100_000}}, "100,000 bytes"),
        ({"view": {"a": "x" * 4_000_000}}, "its text may have 4,000,000 bytes"),
        ({"view": {"a": object()}}, "no form in JSON"),
        ({"view": {"a": float("nan")}}, "JSON"),
        ({"view": {1: 2}}, "what JSON has"),
        ({"view": {"a": "\ud800"}}, "cannot be written to a file"),
        ({"view": [1]}, "mapping"),
        ({"notes": "x" * 100_001}, "the notes"),
    ):
        with pytest.raises(ValueError, match=reason):
            replace(experiment, **changes)


def test_refuses_what_a_window_cannot_hold():
    experiment, _ = recorded()
    large = Dataset(np.zeros((100_001, 2)), np.zeros(100_001, dtype=int))
    for part, value, reason in (
        ("dataset", large, "100,000 points"),
        ("network", Network([2, 65, 2]).settings, "64 neurons"),
        ("network", Network([2, *[3] * 11, 2]).settings, "10 hidden layers"),
        ("network", Network([3, 2]).settings, "3 inputs need as many features"),
        ("training", TrainingSettings(batch_size=100_001), "batch_size"),
    ):
        setup = replace(experiment.setup, **{part: value})
        with pytest.raises(ValueError, match=reason):
            replace(experiment, setup=setup)


def test_a_seed_that_could_not_be_read_is_not_written(tmp_path):
    experiment, _ = recorded()
    setup = replace(experiment.setup, training=replace(experiment.setup.training, seed=10**50))
    experiment = replace(experiment, setup=setup)
    with pytest.raises(ExperimentError, match=r"run.netcanvas cannot be saved: the number 10+ is not allowed"):
        save_experiment(experiment, tmp_path / "run.netcanvas")


def test_what_is_given_can_change_afterwards():
    view = {"a": [1, (2, 3)]}
    experiment = replace(recorded()[0], view=view)
    view["a"].append(4)
    assert experiment.view == {"a": [1, [2, 3]]}


# The documented format


def test_the_documented_lines_read_a_file(tmp_path):
    text = (ROOT / "resources" / "file-format.md").read_text(encoding="utf-8")
    code = text.split("```python\n")[1].split("```")[0]
    experiment, _ = recorded()
    save_experiment(experiment, tmp_path / "run.netcanvas")
    read = {"path": tmp_path / "run.netcanvas"}
    exec(code, read)

    np.testing.assert_array_equal(read["points"], experiment.setup.dataset.points)
    np.testing.assert_array_equal(read["labels"], experiment.setup.dataset.labels)
    assert read["network"]["layer_sizes"] == [2, 4, 3, 2]
    assert read["frames"]["step"].tolist() == [0, 7, 14, 21, 28]
    for parameters, frame in zip(read["parameters"], experiment.history.frames, strict=True):
        np.testing.assert_array_equal(parameters, frame.checkpoint.parameters)
    assert read["experiment"]["version"] == 2


def test_the_documentation_names_everything(tmp_path):
    text = (ROOT / "resources" / "file-format.md").read_text(encoding="utf-8")
    experiment, _ = recorded()
    save_experiment(experiment, tmp_path / "run.netcanvas")
    read = {"path": tmp_path / "run.netcanvas"}
    exec(text.split("```python\n")[1].split("```")[0], read)

    names = [*read["experiment"], *read["arrays"], *read["frames"].dtype.names, *OPTIMIZERS]
    names += [name for optimizer in OPTIMIZERS for name in memory_sizes(optimizer, 5)]
    assert [name for name in names if f"`{name}`" not in text] == []


# Saving


def test_the_same_experiment_is_the_same_file(tmp_path):
    experiment, _ = recorded()
    save_experiment(experiment, tmp_path / "a.netcanvas")
    save_experiment(load_experiment(tmp_path / "a.netcanvas"), tmp_path / "b.netcanvas")
    assert (tmp_path / "a.netcanvas").read_bytes() == (tmp_path / "b.netcanvas").read_bytes()


def test_names_of_every_kind(tmp_path):
    experiment, _ = recorded()
    for name in ("ä ö 中.netcanvas", "[x]*?.netcanvas", "no suffix", "n" * 250):
        save_experiment(experiment, tmp_path / name)
        assert_equal(experiment, load_experiment(str(tmp_path / name)))
    assert len(list(tmp_path.iterdir())) == 4


CLASSES_ALONE, IN_OWN_UNITS = (
    Naming(classes=("inside", "outside")),
    Naming(Axis("year", 1950.0, 10.0), classes=("yes",)),
)


@pytest.mark.parametrize(("naming", "version"), [(Naming(), 1), (CLASSES_ALONE, 1), (IN_OWN_UNITS, 3)])
def test_names_and_units_come_back_and_earlier_programs_read_what_they_can(naming, version, tmp_path):
    experiment, trainer = recorded()
    trainer.set_dataset(trainer.dataset.named(naming))
    history = History()
    record(trainer, history, LossCurve())
    experiment = replace(experiment, setup=trainer.setup, history=history)
    save_experiment(experiment, tmp_path / "names")
    opened = load_experiment(tmp_path / "names")

    assert opened.dataset.naming == opened.history.frames[-1].dataset.naming == naming
    with zipfile.ZipFile(tmp_path / "names") as archive:
        content = json.loads(archive.read("experiment.json"))
    assert content["version"] == version
    assert content["class_names"] == (list(naming.classes) if version == 1 else [])
    assert ("namings" in content) == ("dataset_namings" in content) == (version == 3)


def test_every_moment_has_the_names_of_its_time(tmp_path):
    experiment, trainer = recorded()
    trainer.set_dataset(trainer.dataset.named(CLASSES_ALONE))
    trainer.run_steps(1)
    record(trainer, experiment.history, experiment.curve)
    save_experiment(replace(experiment, setup=trainer.setup), tmp_path / "names")

    namings = [frame.dataset.naming for frame in load_experiment(tmp_path / "names").history.frames]
    assert namings == [*[Naming()] * (len(namings) - 1), CLASSES_ALONE]


def refused(experiment, path):
    """Return why an experiment cannot be saved; what was there stays, and nothing else is left behind."""
    before = {entry.name: entry.read_bytes() for entry in path.parent.glob("**/*") if entry.is_file()}
    with pytest.raises(ExperimentError) as caught:
        save_experiment(experiment, path)
    after = {entry.name: entry.read_bytes() for entry in path.parent.glob("**/*") if entry.is_file()}
    assert before == after
    assert "\n" not in str(caught.value)
    assert str(caught.value).startswith(f"{path.name} cannot be saved: ")
    return str(caught.value)


def test_a_disk_that_is_full_leaves_the_old_file(tmp_path, monkeypatch):
    experiment, _ = recorded()
    path = tmp_path / "run.netcanvas"
    save_experiment(experiment, path)

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    assert refused(experiment, path) == "run.netcanvas cannot be saved: no space left on device."


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
def test_a_file_that_may_not_grow_leaves_the_old_one(tmp_path):
    import resource

    experiment, _ = recorded(n_frames=30)
    path = tmp_path / "run.netcanvas"
    save_experiment(experiment, path)
    size = path.stat().st_size
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    for limit in (0, 10, 500, size // 2, size - 30, size - 1):
        try:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limits[1]))
            with pytest.raises(ExperimentError, match=r"run.netcanvas cannot be saved: file too large\."):
                save_experiment(experiment, path)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        assert [entry.name for entry in tmp_path.iterdir()] == ["run.netcanvas"]
        assert_equal(experiment, load_experiment(path))


def test_a_file_that_is_write_protected_stays(tmp_path, monkeypatch):
    experiment, _ = recorded()
    path = tmp_path / "run.netcanvas"
    save_experiment(experiment, path)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert refused(experiment, path) == "run.netcanvas cannot be saved: it is write-protected."


def test_a_place_that_is_none(tmp_path):
    experiment, _ = recorded()
    assert refused(experiment, tmp_path / "none" / "run.netcanvas").endswith("there is no such folder.")
    (tmp_path / "folder.netcanvas").mkdir()
    assert refused(experiment, tmp_path / "folder.netcanvas").endswith("it is a folder.")


def test_the_newest_recovery_comes_first(tmp_path):
    assert recovery_paths(tmp_path / "none") == []
    experiment, _ = recorded()
    for name, age in (("a", 20), ("b", 10), ("c", 30)):
        path = tmp_path / f"{name}.netcanvas"
        save_experiment(experiment, path)
        os.utime(path, (time.time() - age,) * 2)
    (tmp_path / "notes.txt").touch()
    assert [path.stem for path in recovery_paths(tmp_path)] == ["b", "a", "c"]


def test_a_file_names_the_version_of_the_checkout_and_not_what_pip_noted_of_it(tmp_path, monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda package: "0.1.0")
    save_experiment(generated("xor", Network([2, 2])), tmp_path / "run.netcanvas")
    with zipfile.ZipFile(tmp_path / "run.netcanvas") as archive:
        assert json.loads(archive.read("experiment.json"))["program"] == f"NetCanvas {version()}"


def check_kills(folder, n_kills, seed=0):
    """End a process that saves, again and again, at a random moment: the file is always the one or the other."""
    path = folder / "run.netcanvas"
    chance = random.Random(seed)
    seen, n_left = set(), 0
    for _ in range(n_kills):
        program = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("save_forever.py")), str(path)],
            stdout=subprocess.PIPE,
            text=True,
        )
        try:
            assert program.stdout.readline() == "old\n"
            time.sleep(chance.uniform(0, 0.15))
        finally:
            program.send_signal(signal.SIGKILL)
            program.communicate(timeout=30)
        experiment = load_experiment(path)
        seen.add(experiment.name)
        assert len(experiment.history) == {"old": 10, "new": 400}[experiment.name]
        assert continued(experiment.history.frames[-1]).step_count == experiment.history.frames[-1].step
        left = [entry for entry in folder.iterdir() if entry != path]
        assert len(left) <= 1
        n_left += len(left)
    save_experiment(experiment, path)
    assert list(folder.iterdir()) == [path]
    return seen, n_left


@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
def test_a_killed_process_leaves_a_whole_file(tmp_path):
    check_kills(tmp_path, 15)


@pytest.mark.soak
@pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")
@pytest.mark.parametrize("seed", range(1, 6))
def test_two_hundred_killed_processes_leave_whole_files(tmp_path, seed):
    seen, n_left = check_kills(tmp_path, 40, seed)
    assert seen == {"old", "new"}
    assert n_left > 0, "none was ended while it wrote"


def test_a_living_process_keeps_its_temporary_file(tmp_path):
    experiment, _ = recorded()
    path = tmp_path / "run.netcanvas"
    program = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("save_forever.py")), str(path)], stdout=subprocess.PIPE, text=True
    )
    try:
        program.stdout.readline()
        for _ in range(30):
            save_experiment(experiment, path)
        assert program.poll() is None
    finally:
        program.kill()
        program.communicate(timeout=30)
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
