"""Experiment files that are damaged, foreign or hostile: each is opened or refused, with a sentence and in time."""

import io
import json
import logging
import os
import random
import struct
import subprocess
import sys
import textwrap
import zipfile
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from model import Dataset, Network, Trainer, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.data.naming import Naming
from model.experiment import Experiment, ExperimentError, load_experiment, save_experiment
from model.run.curve import LossCurve
from model.run.history import History, KeyFrame
from model.training.settings import first_setup

ROOT = Path(__file__).resolve().parents[3]
ALLOWED_CALLS = 5_000_000
"""Of functions, in Python and in C: about two seconds of a processor."""


# A file in parts


def recorded(path, generator="moons", optimizer="adam", output="softmax", loss="cross_entropy", **changes):
    settings = GeneratorSettings(generator, n_points=30)
    dataset = generate(settings)
    if not dataset.is_regression:
        dataset = dataset.named(Naming(classes=("inside", "outside")))
    training = TrainingSettings(loss, optimizer=optimizer, **changes)
    size = 1 if dataset.is_regression else 2
    features = ("x", "sin(x)", "max(x, 1)") if dataset.is_curve else ("x1", "x2", "hypot(x1, x2)")
    network = Network([3, 4, 3, size], output_activation=output, features=features)
    trainer = Trainer(network, dataset, training)
    history, curve = History(), LossCurve()
    for _ in range(4):
        frame = KeyFrame.of(trainer)
        history.append(frame)
        curve.extend([frame.metrics])
        trainer.run_steps(4)
    history.note(4, "learning rate 0.1")
    view = {"tool": "brush", "speed": None, "plane": [1.5, [2, 3]]}
    save_experiment(Experiment(trainer.setup, settings, history, curve, view), path)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """Return the bytes of a few experiments."""
    folder = tmp_path_factory.mktemp("experiments")
    recorded(folder / "a", batch_size=4, patience=3)
    recorded(folder / "b", optimizer="coordinate", batch_size=3, batch_order="with_replacement", dropout=(0.1, 0.2))
    recorded(folder / "c", "plane", "random_search", "linear", "squared_error")
    recorded(folder / "d", optimizer="nesterov", batch_size=7, optimizer_options={"momentum": 0.5})
    recorded(folder / "e", "curve_rule", "adam", "tanh", "squared_error")
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def parts_of(data):
    """Return the JSON's value and the arrays of a file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        value = json.loads(archive.read("experiment.json"))
        arrays = dict(np.load(io.BytesIO(archive.read("arrays.npz"))))
    return value, arrays


def file_of(value, arrays, compression=zipfile.ZIP_STORED):
    """Return the bytes of a file; `value` and each array may be bytes already."""
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", compression) as archive:
        for name, array in arrays.items():
            archive.writestr(f"{name}.npy", array if isinstance(array, bytes) else npy(array))
    return zip_of(
        {
            "experiment.json": value if isinstance(value, bytes) else json.dumps(value).encode(),
            "arrays.npz": inner.getvalue(),
        }
    )


def npy(array):
    data = io.BytesIO()
    np.lib.format.write_array(data, np.asarray(array))
    return data.getvalue()


def zip_of(members, compression=zipfile.ZIP_DEFLATED):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", compression) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def opened(data, folder, caplog):
    """Open a file of these bytes; return the experiment, or the sentence with which it is refused."""
    path = folder / "run.netcanvas"
    path.write_bytes(data)
    try:
        result = load_experiment(path)
    except ExperimentError as error:
        result = str(error)
        assert result.startswith("run.netcanvas cannot be opened: ")
        assert result.endswith(".")
        assert len(result) < 400
        assert "\n" not in result
    assert path.read_bytes() == data
    # What no check has foreseen is refused too, but noted.
    assert [record.exc_text for record in caplog.records if record.levelno >= logging.ERROR] == []
    return result


def use(experiment):
    """Do what the window does with an opened experiment."""
    if experiment.history.frames:
        frame = experiment.history.frames[-1]
        trainer = Trainer(Network.from_settings(frame.network), frame.dataset, frame.training)
        trainer.restore(frame.checkpoint)
    else:
        setup = experiment.setup
        trainer = Trainer(Network.from_settings(setup.network), setup.dataset, setup.training)
    trainer.run_steps(25)
    trainer.metrics()
    experiment.curve.thinned(100)
    experiment.history.nearest(3.5) if experiment.history.frames else None


# Mutations


JUNK = (
    None,
    True,
    -1,
    0,
    1,
    2,
    7,
    10**9,
    2**63,
    10**39,
    -0.5,
    0.5,
    1e308,
    "",
    "x1",
    "adam",
    "\ud800",
    "x" * 10_000,
    [],
    {},
    [1],
    [[0, 5]],
    [[0, 10**9]],
    {"a": 1},
    [[]] * 50,
)


def places(value, place=()):
    """Yield where everything is in a JSON value."""
    yield place
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(inner, (*place, key))


def change_json(data, chance):
    value, arrays = parts_of(data)
    for _ in range(chance.choice((1, 1, 1, 3))):
        place = chance.choice(list(places(value))[1:])
        inner = value
        for key in place[:-1]:
            inner = inner[key]
        match chance.choice(("replace", "replace", "replace", "remove", "double", "rename")):
            case "replace":
                inner[place[-1]] = chance.choice(JUNK)
            case "remove":
                del inner[place[-1]]
            case "double" if isinstance(inner, list):
                inner.append(inner[place[-1]])
            case "rename" if isinstance(inner, dict):
                inner["unknown"] = inner.pop(place[-1])
    return file_of(value, arrays)


def change_json_text(data, chance):
    value, arrays = parts_of(data)
    text = json.dumps(value)
    at = chance.randrange(len(text))
    junk = chance.choice(("NaN", "1e999", "[" * 100_000, '{"a":' * 5000, "9" * 100_000, '"', "\\u", ",", "\0", "-"))
    return file_of((text[:at] + junk + text[at + chance.randrange(3) :]).encode(), arrays)


def change_values(data, chance):
    value, arrays = parts_of(data)
    name = chance.choice([name for name in arrays if arrays[name].size])
    array = arrays[name]
    if array.dtype.names is not None:
        array = array[chance.choice(array.dtype.names)]
    flat = array.reshape(-1)
    numbers = (np.nan, np.inf, -np.inf, 1e308, -1e308, -1, 0, 1, 2, 3, 7, 1000, 2**31, 2**62, -(2**63), 2**63 - 1)
    for _ in range(chance.choice((1, 1, 5))):
        with np.errstate(all="ignore"):
            flat[chance.randrange(flat.size)] = np.array(chance.choice(numbers)).astype(flat.dtype)
    if array.base is not arrays[name] and arrays[name].dtype.names is None:
        arrays[name] = flat.reshape(arrays[name].shape)
    return file_of(value, arrays)


def change_bytes_of_array(data, chance):
    value, arrays = parts_of(data)
    name = chance.choice(list(arrays))
    content = bytearray(npy(arrays[name]))
    for _ in range(chance.choice((1, 3, 20))):
        content[chance.randrange(len(content) if chance.random() < 0.5 else 128)] = chance.randrange(256)
    arrays[name] = bytes(content)
    return file_of(value, arrays)


def change_shape(data, chance):
    value, arrays = parts_of(data)
    name = chance.choice(list(arrays))
    array = arrays[name]
    arrays[name] = chance.choice(
        (
            lambda: array[:-1],
            lambda: np.concatenate([array, array]),
            lambda: array[:0],
            lambda: array.reshape(*array.shape, 1),
            lambda: array.reshape(-1)[:1].reshape(()) if array.size else array,
            lambda: np.asfortranarray(array),
            lambda: array[::-1],
            lambda: npy(array)[: -chance.randrange(1, 40)],
            lambda: npy(array) + b"more",
        )
    )()
    return file_of(value, arrays)


def change_type(data, chance):
    value, arrays = parts_of(data)
    name = chance.choice(list(arrays))
    size = max(arrays[name].size, 1)
    kind = chance.choice(("<f4", ">f8", "<c16", "<i4", "<u8", "|S8", "<U4", "|O", "<M8[s]", "|b1", "<f8", "|V8", "no"))
    if kind == "no":
        content = npy(arrays[name])
        arrays[name] = content.replace(b"<f8", b"|O8").replace(b"<i8", b"|O8")
    elif kind == "|O":
        data_ = io.BytesIO()
        np.lib.format.write_array(data_, np.array([print] * size, dtype=object), allow_pickle=True)
        arrays[name] = data_.getvalue()
    else:
        arrays[name] = np.zeros(arrays[name].shape, kind)
    return file_of(value, arrays)


def change_members(data, chance):
    value, arrays = parts_of(data)
    first, second = chance.sample(list(arrays), 2)
    match chance.choice(("swap", "remove", "more", "rename", "deflate")):
        case "swap":
            arrays[first], arrays[second] = arrays[second], arrays[first]
        case "remove":
            del arrays[first]
        case "more":
            arrays[chance.choice(("more", "../points", "a" * 1000, "\n"))] = arrays[first]
        case "rename":
            arrays["x"] = arrays.pop(first)
        case "deflate":
            return file_of(value, arrays, zipfile.ZIP_DEFLATED)
    return file_of(value, arrays)


def change_files(data, chance):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content, arrays = archive.read("experiment.json"), archive.read("arrays.npz")
    return chance.choice(
        (
            lambda: zip_of({"experiment.json": arrays, "arrays.npz": content}),
            lambda: zip_of({"experiment.json": content}),
            lambda: zip_of({"arrays.npz": arrays}),
            lambda: zip_of({"experiment.json": content, "arrays.npz": arrays, "more": b""}),
            lambda: zip_of({"experiment.json": content, "arrays.npz": arrays}, zipfile.ZIP_LZMA),
            lambda: zip_of({"experiment.json": content, "arrays.npz": b""}),
            lambda: zip_of({"experiment.json": content, "arrays.npz": data}),
            lambda: content,
            lambda: arrays,
            lambda: zip_of({f"{i}": b"" for i in range(1000)}),
        )
    )()


def flip_bits(data, chance):
    content = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 10, 100))):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    return bytes(content)


def flip_bits_of_directories(data, chance):
    """Change what the zips say of their members: sizes, offsets, names, flags."""
    content = bytearray(data)
    signatures = (b"PK\1\2", b"PK\3\4", b"PK\5\6")
    starts = [at for at in range(len(data) - 46) if data[at : at + 4] in signatures]
    for _ in range(chance.choice((1, 2, 5))):
        at = chance.choice([*starts, len(data) - 22]) + chance.randrange(4, 46)
        if at < len(content):
            content[at] = chance.choice((0, 1, 255, chance.randrange(256)))
    return bytes(content)


def cut(data, chance):
    return data[: chance.randrange(len(data))]


def move(data, chance):
    first, second, third = sorted(chance.randrange(len(data)) for _ in range(3))
    return chance.choice(
        (
            data[:first] + data[second:third] + data[first:second] + data[third:],
            data[:first] + data[second:],
            data[first:],
            data[:second] + data[first:],
            data + data,
            b"more" + data,
            data + b"more",
        )
    )


MUTATIONS = (
    change_json,
    change_json,
    change_json,
    change_json_text,
    change_values,
    change_values,
    change_values,
    change_bytes_of_array,
    change_shape,
    change_type,
    change_members,
    change_files,
    flip_bits,
    flip_bits_of_directories,
    cut,
    move,
)


def check_mutations(files, folder, caplog, n_mutations, seed=0):
    n_opened = 0
    for index in range(n_mutations):
        chance = random.Random(f"{seed} {index}")
        data = chance.choice(files)
        mutation = chance.choice(MUTATIONS)
        result = opened(mutation(data, chance), folder, caplog)
        if isinstance(result, Experiment):
            n_opened += 1
            try:
                use(result)
            except Exception as error:
                raise AssertionError(f"mutation {index}, {mutation.__name__}, cannot be used") from error
    # Some changes do no harm, but most do.
    assert 0.02 < n_opened / n_mutations < 0.4


def test_damaged_files_are_opened_or_refused(files, tmp_path, caplog):
    check_mutations(files, tmp_path, caplog, 400)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1, 6))
def test_many_damaged_files_are_opened_or_refused(files, tmp_path, caplog, seed):
    check_mutations(files, tmp_path, caplog, 2000, seed)


def test_every_cut_is_refused(files, tmp_path, caplog):
    data = files[0]
    for size in (*range(0, len(data), 37), len(data) - 1):
        assert isinstance(opened(data[:size], tmp_path, caplog), str)


# Sentences


def refusal(data, folder, caplog):
    result = opened(data, folder, caplog)
    assert isinstance(result, str), "it was opened"
    return result.removeprefix("run.netcanvas cannot be opened: ").removesuffix(".")


def test_says_what_a_file_is_not(files, tmp_path, caplog):
    for data, sentence in (
        (b"", "it is empty"),
        (b"x1,x2,label\n0,1,a\n", "it is not a NetCanvas experiment"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "it is not a NetCanvas experiment"),
        (zip_of({"word/document.xml": b"<a/>"}), "it is not a NetCanvas experiment"),
        (zip_of({"experiment.json": b"{}"}), "it is not a NetCanvas experiment"),
        (files[0][:-30], "it is incomplete or damaged"),
        (files[0][:500], "it is incomplete or damaged"),
        (files[0][:10], "it is incomplete or damaged"),
        (file_of(b'{"format": 1, "format": 2}', {}), "a name is there twice in one object"),
    ):
        assert refusal(data, tmp_path, caplog) == sentence


def test_says_that_a_file_is_of_a_newer_version(files, tmp_path, caplog):
    value, _ = parts_of(files[0])
    value |= {"version": 4, "something": "new"}
    data = zip_of({"experiment.json": json.dumps(value), "new.bin": b"new"})
    assert refusal(data, tmp_path, caplog) == "it was made by a newer NetCanvas: version 4, this one reads 3"


def test_a_curve_is_of_the_version_that_has_curves(files, tmp_path, caplog):
    value, arrays = parts_of(files[4])
    experiment = opened(files[4], tmp_path, caplog)

    assert (value["version"], arrays["datasets"]["n_classes"].tolist()) == (2, [-1])
    assert experiment.dataset.is_curve
    np.testing.assert_array_equal(arrays["labels"], experiment.dataset.labels)
    # Heights are made of the points, whatever a file has for them.
    other = opened(file_of(value, arrays | {"labels": arrays["labels"] + 9.0}), tmp_path, caplog)
    assert other.dataset == experiment.dataset


@pytest.mark.parametrize(
    ("setting", "version"),
    [({}, 1), ({"name": "line"}, 2), ({"curve_rule": "x/9"}, 2), ({"name": "plane", "rule": "x"}, 1)],
)
def test_what_draws_curves_is_of_that_version_too_and_nothing_else(setting, version, tmp_path):
    path = tmp_path / "run.netcanvas"
    save_experiment(Experiment(first_setup(Dataset([[0, 0]], [1])), GeneratorSettings(**setting)), path)
    value, _ = parts_of(path.read_bytes())

    assert value["version"] == version
    assert ("curve_rule" in value["generator"]) == (version == 2)
    assert load_experiment(path).generator == GeneratorSettings(**setting)


def test_how_long_a_run_was_trained_is_in_the_file_where_it_is_known(tmp_path):
    path = tmp_path / "run.netcanvas"
    for seconds, version, written in ((0.0, 1, None), (12.3456, 3, 12.346)):
        setup = first_setup(Dataset([[0, 0]], [1]))
        save_experiment(Experiment(setup, GeneratorSettings(), seconds=seconds), path)
        value, _ = parts_of(path.read_bytes())
        assert (value["version"], value.get("seconds")) == (version, written)
        assert load_experiment(path).seconds == (written or 0.0)


@pytest.mark.parametrize(
    ("seconds", "sentence"),
    [
        (-1.0, "seconds must be 0 to 1e+09; got -1.0"),
        (1e10, "seconds must be 0 to 1e+09; got 10000000000.0"),
    ],
)
def test_a_time_that_no_run_takes_is_refused(files, tmp_path, caplog, seconds, sentence):
    value, arrays = parts_of(files[0])
    assert refusal(file_of(value | {"seconds": seconds}, arrays), tmp_path, caplog) == sentence
    with pytest.raises(ValueError, match="seconds must be 0 to"):
        Experiment(first_setup(Dataset([[0, 0]], [1])), GeneratorSettings(), seconds=seconds)


@pytest.mark.parametrize(
    ("n_classes", "features", "sentence"),
    [
        (-1, ["x1", "x2", "x1*x2"], "the network of a curve is given x alone; write the feature x1 with x"),
        (0, ["x", "sin(x)", "3"], "a point has the coordinates x1 and x2; write the feature x with them"),
        (-2, ["x", "sin(x)", "3"], "n_classes must be 2 to 8; got -2"),
        (-1, ["x", "x1", "3"], "features are formulas of x1 and x2, or all of x; got x, x1, 3"),
    ],
)
def test_says_what_does_not_go_with_a_curve(files, tmp_path, caplog, n_classes, features, sentence):
    value, arrays = parts_of(files[4])
    value["networks"][0]["features"] = features
    datasets = arrays["datasets"].copy()
    datasets["n_classes"] = n_classes
    labels = np.clip(arrays["labels"], -1, 1) if n_classes == 0 else arrays["labels"] * 0

    assert sentence in refusal(file_of(value, arrays | {"datasets": datasets, "labels": labels}), tmp_path, caplog)


def changed_value(files, **changes):
    value, arrays = parts_of(files[0])
    for place, change in changes.items():
        inner = value
        *names, last = place.split("__")
        for name in names:
            inner = inner[int(name)] if isinstance(inner, list) else inner[name]
        inner[last] = change
    return file_of(value, arrays)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"version": "1"}, "its version must be a whole number from 1; got '1'"),
        ({"class_names": list("abcdefghi")}, "there may be 8 class_names; got 9"),
        ({"class_names": ["x" * 1001]}, "the name of a class must be text of at most 1,000 characters"),
        ({"namings": [{}], "dataset_namings": [1]}, "dataset_namings must have the number of one of namings"),
        ({"namings": [{}], "dataset_namings": [0, 0]}, "dataset_namings must have the number of one of namings"),
        ({"namings": [{"classes": ["a", "b", "c"]}], "dataset_namings": [0]}, "2 classes cannot have 3 names"),
        ({"namings": [{"x1": {"unit": 0}}], "dataset_namings": [0]}, "unit must be above 0; got 0.0"),
        ({"namings": [{"x3": {}}], "dataset_namings": [0]}, "experiment.namings has the unknown name 'x3'"),
        ({"namings": [{}] * 1001}, "there may be 1,000 namings; got 1,001"),
        ({"color": 1}, "experiment has the unknown name 'color'"),
        ({"generator__noise": "much"}, "experiment.generator.noise must be a number; got 'much'"),
        ({"generator__noise": 2}, "noise must be 0 to 1; got 2"),
        ({"generator": 3}, "experiment.generator must be an object; got 3"),
        ({"networks": [{"hidden_activations": []}]}, "experiment.networks.layer_sizes is missing"),
        ({"networks__0__bias": "some"}, "experiment.networks.bias must be one of per_neuron, none, shared; got 'some'"),
        ({"networks__0__features": "x1"}, "experiment.networks.features must be a list; got 'x1'"),
        ({"networks__0__muted": [[0, 1, 2]]}, "experiment.networks.muted must be a list of 2; got [0, 1, 2]"),
        ({"trainings__0__batch_size": 4.0}, "experiment.trainings.batch_size must be a whole number; got 4.0"),
        ({"trainings__0__dropout": [0.1, "x"]}, "experiment.trainings.dropout must be a number; got 'x'"),
        ({"trainings__0__optimizer_options": []}, "experiment.trainings.optimizer_options must be an object; got []"),
        ({"trainings__0__loss": "mse"}, "loss must be one of cross_entropy"),
        ({"trainings__0__learning_rate": True}, "experiment.trainings.learning_rate must be a number; got True"),
        ({"trainings__0__optimizer": "sgdd"}, "optimizer must be one of sgd, momentum"),
        ({"trainings__0__batch_size": 10**9}, "batch_size may be 100,000; got 1,000,000,000"),
        ({"networks__0__layer_sizes": [3, 65, 3, 2]}, "10 hidden layers of 64 neurons and 8 outputs"),
        ({"networks__0__layer_sizes": [3, 4, 4, 2]}, "a network has 46 parameters; a frame of it has 39"),
        ({"networks__0__features": ["x1", "x2", "__import__('os')"]}, "unknown function '__import__'"),
        ({"networks__0__frozen": [[0, 3], [2, 4]]}, "experiment.networks.frozen must be ascending runs"),
        ({"networks__0__frozen": [[0, 10**9]]}, "there may be 400,000 marks on parameters"),
        ({"network": 1}, "network must be 0 to 0; got 1"),
        ({"stride": 0}, "stride must be 1 to"),
        ({"events": [{"step": 3, "text": "a"}, {"step": 2, "text": "b"}]}, "the steps of its events do not ascend"),
        ({"events": [{"step": 1, "text": "x" * 501}]}, "the text of an event may have 500 characters"),
        ({"trainings": [{}] * 1001}, "there may be 1,000 trainings; got 1,001"),
        ({"networks": [{"features": [f"x1+{i}" for i in range(101)]}]}, "there may be 100 different formulas; got 101"),
        ({"view": {"a": "\ud800"}}, "its text is not UTF-8"),
        ({"view": {"a": float("nan")}}, "the number NaN is not allowed"),
        ({"view": [[[[[[[[[[[[[0]]]]]]]]]]]]]}, "experiment.view must be an object"),
    ],
)
def test_says_what_is_wrong_with_a_setting(files, tmp_path, caplog, changes, sentence):
    assert sentence in refusal(changed_value(files, **changes), tmp_path, caplog)


def test_says_what_is_wrong_with_an_array(files, tmp_path, caplog):
    value, arrays = parts_of(files[0])
    frames = arrays["frames"]

    def with_column(name, rows, numbers):
        table = frames.copy()
        table[name][rows] = numbers
        return {"frames": table}

    nan = arrays["parameters"].copy()
    nan[5] = np.nan
    far = arrays["points"].copy()
    far[0, 0] = np.inf
    other_order = "the order of points of a frame does not go with its data and settings"

    def with_orders(**columns):
        table = arrays["drawn_orders"].copy()
        for name, numbers in columns.items():
            table[name][0] = numbers
        return {"drawn_orders": table}

    memory = arrays["memory"].copy()
    memory[2 * 39] = -1  # the first n_updates
    bests = arrays["bests"].copy()
    bests["n_parameters"] = 38
    two = arrays["is_test"].view(np.uint8) + np.uint8(2)
    many = arrays["datasets"].copy()
    many["n_points"] = 100_001
    for changes, sentence in (
        ({"parameters": nan}, "parameters must be finite; got NaN or infinity"),
        ({"parameters": arrays["parameters"][:-1]}, "parameters has fewer or more numbers than it declares"),
        ({"parameters": arrays["parameters"].astype("<f4")}, "parameters must be of type <f8; got float32"),
        ({"parameters": arrays["parameters"].reshape(4, -1)}, "parameters has the wrong shape (4, 39)"),
        ({"points": far}, "points must be finite"),
        (with_orders(n_points=29), other_order),
        (with_orders(n_taken=29), other_order),
        (with_orders(n_points=0, n_taken=0), other_order),
        (with_orders(n_taken=2**62), other_order),
        (with_orders(kind=3), "kind of a drawn order must be 0 to 2"),
        (with_orders(kind=-1), "kind of a drawn order must be 0 to 2"),
        (with_orders(random=(0, 0, 0, 0, 2, 0)), "random must be 0 to 1"),
        (with_orders(random=(0, 0, 0, 0, 0, 2**32)), "random must be 0 to 4294967295"),
        ({"drawn_orders": arrays["drawn_orders"][:0]}, "order of a frame must be -1 to -1"),
        ({"memory": memory}, "n_updates of adam must be a whole number; got -1.0"),
        ({"frames": frames[::-1]}, "the steps of its frames do not ascend"),
        ({"curve": arrays["curve"][::-1]}, "the steps of its loss curve do not ascend"),
        (with_column("dataset", 1, 1), "dataset of a frame must be 0 to 0; got 0 to 1"),
        (with_column("next_batch", 1, 6), other_order),
        (with_column("n_parameters", [1, 2], [37, 41]), "a network has 39 parameters; a frame of it has 37"),
        (with_column("n_memory", [1, 2], [78, 80]), "the optimizer adam does not remember 78 numbers"),
        (with_column("finished", 1, 9), "finished of a frame must be 0 to 8; got 0 to 9"),
        (with_column("next_batch", 1, 0), "a frame within an epoch has an order of points, and no other frame has one"),
        (with_column("is_known", 1, False), "every frame has a penalty"),
        ({"frames": np.repeat(frames, 8_001)}, "frames may have 32,000 rows; got 32,004"),
        (
            {"bests": bests, "best_parameters": arrays["best_parameters"][: -len(bests)]},
            "the best parameters of a frame are of another network",
        ),
        ({"is_test": two.view(bool)}, "is_test must be 0 or 1"),
        ({"datasets": many}, "a data set may have 100,000 points; got 100,001"),
        ({"points": np.asfortranarray(arrays["points"])}, "points is not in NumPy's format 1.0"),
        ({"points": b"no array"}, "points is not in NumPy's format 1.0"),
    ):
        assert sentence in refusal(file_of(value, {**arrays, **changes}), tmp_path, caplog)


def test_says_what_is_wrong_with_an_order_of_an_earlier_file(tmp_path, caplog):
    value, arrays = parts_of((Path(__file__).parent / "data" / "adam_mid_epoch.netcanvas").read_bytes())
    order = arrays["orders"].copy()
    order[0] = 40
    sentence = "the order of points of a frame does not go with its data and settings"
    assert sentence in refusal(file_of(value, {**arrays, "orders": order}), tmp_path, caplog)


def test_a_member_that_is_there_twice_is_refused(files, tmp_path, caplog):
    data = io.BytesIO(files[0])
    with zipfile.ZipFile(data, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("experiment.json", b"{}")
    assert refusal(data.getvalue(), tmp_path, caplog) == "one of its parts is there twice"


def test_what_no_check_has_foreseen_is_refused_and_noted(files, tmp_path, monkeypatch, caplog):
    def fail(*arguments):
        raise RuntimeError("unforeseen")

    (tmp_path / "run.netcanvas").write_bytes(files[0])
    monkeypatch.setattr("model.experiment.experiment.unpack_frames", fail)
    with pytest.raises(ExperimentError, match="it is incomplete or damaged"):
        load_experiment(tmp_path / "run.netcanvas")
    assert "RuntimeError: unforeseen" in caplog.text


def test_what_is_no_file_is_refused(tmp_path):
    with (tmp_path / "large.netcanvas").open("wb") as file:
        file.truncate(160_000_001)
    for path, reason in (
        (tmp_path / "none.netcanvas", "there is no such file"),
        (tmp_path, "it is not a file"),
        (tmp_path / "large.netcanvas", "it may have 160,000,000 bytes; got 160,000,001"),
        (tmp_path / "a\0b", "null"),
    ):
        with pytest.raises(ExperimentError, match=reason):
            load_experiment(path)
    if hasattr(os, "mkfifo"):
        # Which would be waited for.
        os.mkfifo(tmp_path / "pipe.netcanvas")
        with pytest.raises(ExperimentError, match="it is not a file"):
            load_experiment(tmp_path / "pipe.netcanvas")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def denied(*arguments):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "stat", denied)
    with pytest.raises(ExperimentError, match=r"run.netcanvas cannot be opened: permission denied\."):
        load_experiment("run.netcanvas")


# Bombs


@cache
def large(n_bytes):
    return bytes(n_bytes)


def zip_bomb(files):
    value, arrays = parts_of(files[0])
    arrays["parameters"] = npy(np.zeros(140_000_000 // 8))
    return file_of(value, arrays, zipfile.ZIP_DEFLATED)


def nested_bomb(files):
    with zipfile.ZipFile(io.BytesIO(files[0])) as archive:
        return zip_of({"experiment.json": archive.read("experiment.json"), "arrays.npz": large(400_000_000)})


def json_bomb(files):
    _, arrays = parts_of(files[0])
    return file_of(b"[" + b'{"":0},' * 570_000 + b"0]", arrays)


def view_bomb(files):
    value, arrays = parts_of(files[0])
    text = json.dumps(value)
    return file_of(text.replace('"brush"', "[" + "{}," * 1_300_000 + "0]").encode(), arrays)


def long_json(files):
    value, _ = parts_of(files[0])
    return zip_of({"experiment.json": json.dumps(value).encode() + b" " * 300_000_000, "arrays.npz": b""})


def deep_json(files):
    _, arrays = parts_of(files[0])
    return file_of(b"[" * 3_900_000, arrays)


def formula_bomb(files):
    """As many networks as there may be, with formulas that take long, at most as many as there may be."""
    value, arrays = parts_of(files[0])
    formulas = [f"abs(x1)**0.1{'**0.1' * 35}+{i}" for i in range(100)]
    network = value["networks"][0]
    value["networks"][0] = {**network, "features": ["x1", "x2", "x1*x2"]}
    for i in range(999):
        features = [formulas[(i * 12 + j) % 100] for j in range(12)]
        value["networks"].append({**network, "features": features, "layer_sizes": [12, *network["layer_sizes"][1:]]})
    return file_of(value, arrays)


def frames_bomb(files):
    """As many frames as there may be, all of data of their own."""
    value, arrays = parts_of(files[0])
    n = 32_000
    frames = np.repeat(arrays["frames"][:1], n)
    frames["step"] = np.arange(n)
    frames["dataset"] = np.arange(n) // 7
    frames["best"] = -1
    return file_of(
        value,
        {
            **arrays,
            "frames": frames,
            "parameters": np.ones(39 * n),
            "memory": np.ones(79 * n),
            "datasets": np.tile(arrays["datasets"], 5_000),
            "points": np.ones((150_000, 2)),
            "labels": np.ones(150_000),
            "is_test": np.zeros(150_000, bool),
            "order_sizes": np.array([1_000_000]),
            "orders": np.zeros(1_000_000, dtype=np.int64),
            "bests": arrays["bests"][:0],
            "best_parameters": np.zeros(0),
            "curve": np.ones((1_000_000, 4)),
        },
    )


def largest_file(files):
    """As many bytes as there may be, all of them frames of the largest network."""
    value, arrays = parts_of(files[0])
    network, n_parameters, n = value["networks"][0], 3 * 64 + 64 + 9 * 65 * 64 + 65 * 2, 490
    value["networks"] = [{**network, "layer_sizes": [3, *[64] * 10, 2], "hidden_activations": ["relu"] * 10}]
    frames = np.repeat(arrays["frames"][:1], n)
    frames["step"], frames["n_parameters"], frames["n_memory"], frames["best"] = np.arange(n), n_parameters, 0, -1
    changes = {"frames": frames, "parameters": np.ones(n * n_parameters), "memory": np.zeros(0)}
    return file_of(value, {**arrays, **changes})


def absurd_counts(files):
    value, arrays = parts_of(files[0])
    arrays["datasets"]["n_points"] = 2**62
    header = npy(np.zeros(3)).replace(b"(3,), }      ", b"(99999999999,), }")[: -3 * 8]
    return file_of(value, {**arrays, "parameters": header})


def directory_bomb(files):
    entry = struct.pack("<4s4B4HL2L5H2L", b"PK\1\2", 20, 3, 20, 0, 0, 0, 0, 33, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    n = 2_000_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 65535, 65535, n * len(entry), 4, 0)
    return b"PK\3\4" + entry * n + end


BOMBS = (
    zip_bomb,
    nested_bomb,
    json_bomb,
    view_bomb,
    long_json,
    deep_json,
    formula_bomb,
    frames_bomb,
    largest_file,
    absurd_counts,
    directory_bomb,
)

HARMLESS = (formula_bomb, frames_bomb, largest_file)

LIMITED = """
    import resource, sys
    sys.path.insert(0, sys.argv[1])
    from model.experiment import ExperimentError, load_experiment

    def in_use():
        return int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()

    n_calls = 0

    def count(frame, event, argument):
        global n_calls
        n_calls += event in ("call", "c_call")

    # What Python and NumPy reserve is none of the file's.
    resource.setrlimit(resource.RLIMIT_AS, (in_use() + 460_000_000,) * 2)
    # A single call that takes for ever is ended.
    resource.setrlimit(resource.RLIMIT_CPU, (20, 20))
    sys.setprofile(count)
    try:
        load_experiment(sys.argv[2])
        print("opened")
    except ExperimentError as error:
        print("refused:", error)
    sys.setprofile(None)
    print(n_calls)
    status = dict(line.split(":", 1) for line in open("/proc/self/status"))
    print(int(status["VmHWM"].split()[0]) * 1024)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a limit of memory")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_takes_neither_long_nor_much(files, tmp_path, bomb):
    path = tmp_path / "bomb.netcanvas"
    path.write_bytes(bomb(files))
    finished = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(LIMITED), str(ROOT), str(path)],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    )
    assert finished.returncode == 0, finished.stderr
    # An error that no check has foreseen, such as one of memory, would be logged.
    assert finished.stderr == ""
    sentence, n_calls, n_bytes = finished.stdout.splitlines()
    expected = "opened" if bomb in HARMLESS else "refused: bomb.netcanvas cannot be opened: "
    assert sentence.startswith(expected)
    assert int(n_calls) < ALLOWED_CALLS
    assert int(n_bytes) < 500_000_000


READ_AT_ONCE = """
import sys, threading
from model.experiment import load_experiment
sys.setswitchinterval(1e-5)
barrier = threading.Barrier(3)
def read():
    barrier.wait()
    load_experiment(sys.argv[1])
threads = [threading.Thread(target=read) for _ in range(3)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""


def test_several_threads_read_at_once(tmp_path):
    path = tmp_path / "run.netcanvas"
    save_experiment(Experiment(first_setup(Dataset(np.zeros((4, 2)), [0, 1, 0, 1])), GeneratorSettings()), path)
    # Python's parser is at its most delicate the first time that it makes a tree, and so in a new program.
    program = [sys.executable, "-c", READ_AT_ONCE, str(path)]
    for _ in range(8):
        assert subprocess.run(program, capture_output=True, text=True, check=False).stderr == ""


def test_class_names_of_earlier_files_that_are_blank_or_twice_there_become_letters(files, tmp_path, caplog):
    experiment = opened(changed_value(files, class_names=["", "in", "in"]), tmp_path, caplog)
    assert experiment.dataset.class_names == ("A", "in")
    experiment = opened(changed_value(files, class_names=["B", "B"]), tmp_path, caplog)
    assert experiment.dataset.class_names == ("B", "A")
