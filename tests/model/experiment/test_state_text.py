import base64
import json
import random
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import Dataset
from model.data.generators import GENERATORS, GeneratorSettings, generate
from model.data.naming import Axis, Naming
from model.experiment import Experiment, ExperimentError
from model.experiment.state_text import MAX_STATE_POINTS, is_state_text, read_state_text, write_state_text
from model.run.history import History
from model.run.run import Run
from model.training.settings import first_setup


def trained(dataset, generator=None, n_steps=50):
    run = Run(first_setup(dataset))
    run.advance(n_steps)
    history = History()
    history.append(run.moment())
    return Experiment(run.setup, generator or GeneratorSettings(), history, name="Übung 1")


def drawn(n_points=12, seed=0, n_classes=3):
    random = np.random.default_rng(seed)
    points = random.uniform(-6, 6, (n_points, 2))
    return Dataset(points, random.integers(0, n_classes, n_points), random.random(n_points) < 0.3, n_classes)


NAMING = Naming(Axis("Länge", 3.0, 0.25), Axis("x²"), Axis("Art"), ("setosa", "<b>"))
DATASETS = {
    "named": drawn().named(NAMING),
    "classes": drawn(),
    "values": Dataset([[1.0, 2.0], [0.1, -3.0]], [0.25, -1.0], [False, True]),
    "curve": Dataset.curve([[-1.0, 2.0], [0.5, 0.1]]),
    "none": Dataset(np.zeros((0, 2)), np.zeros(0), n_classes=2),
}


def assert_same_state(read, experiment):
    assert read.setup == experiment.setup
    assert read.generator == experiment.generator
    assert read.name == experiment.name
    present = experiment.history.frames[-1].checkpoint.parameters
    np.testing.assert_array_equal(read.history.frames[-1].checkpoint.parameters, present)
    assert read.history.frames[-1].step == 0


@pytest.mark.parametrize("name", DATASETS)
def test_points_settings_and_weights_come_back_to_the_bit(name):
    experiment = trained(DATASETS[name], n_steps=0 if name == "none" else 50)
    assert_same_state(read_state_text(write_state_text(experiment)), experiment)


@pytest.mark.parametrize("name", GENERATORS)
def test_points_of_a_generator_are_its_settings(name):
    generator = GeneratorSettings(name=name, n_points=1_000, noise=0.1)
    experiment = trained(generate(generator), generator, n_steps=3)
    text = write_state_text(experiment)
    assert len(text) < 2_500
    assert_same_state(read_state_text(text), experiment)


def test_names_of_a_generator_s_points_stay():
    experiment = trained(generate(GeneratorSettings()).named(NAMING))
    text = write_state_text(experiment)
    assert len(text) < 2_500
    assert_same_state(read_state_text(text), experiment)


def test_a_state_survives_a_mail():
    experiment = trained(drawn())
    text = write_state_text(experiment)
    lines = "\n".join(f"> {text[i : i + 70]}" for i in range(0, len(text), 70))
    assert_same_state(read_state_text(f"Dear class,\n\n{lines}\n\nSee you on Monday. A."), experiment)


def test_more_points_than_a_text_may_have_are_worth_a_file():
    with pytest.raises(ExperimentError, match="201 points that no generator draws are too many for a text"):
        write_state_text(trained(drawn(MAX_STATE_POINTS + 1), n_steps=0))


@pytest.mark.parametrize("text", ["", "hello", "0.5,1.5,A", "net canvas: x"])
def test_other_texts_are_no_state(text):
    assert not is_state_text(text)
    with pytest.raises(ExperimentError, match="does not begin with"):
        read_state_text(text)


TEXT = write_state_text(trained(drawn()))


@pytest.mark.parametrize("cut", [*range(10, len(TEXT), 150), len(TEXT) - 1])
def test_a_cut_state_says_that_a_part_is_missing(cut):
    with pytest.raises(ExperimentError, match="a part of it is missing or was changed"):
        read_state_text(TEXT[:cut])


def packed(value):
    data = json.dumps(value).encode() if not isinstance(value, bytes) else value
    return f"netcanvas:{base64.urlsafe_b64encode(zlib.compress(data)).decode()}."


def unpacked():
    return json.loads(zlib.decompress(base64.urlsafe_b64decode(TEXT[len("netcanvas:") : -1])))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"format": "other"}, "it is not a state"),
        ({"version": 2}, "made by a newer NetCanvas"),
        ({"version": "1"}, "version must be a whole number"),
        ({"parameters": [1.0]}, "parameters"),
        ({"parameters": [1e400]}, "Infinity is not allowed"),
        ({"run": 1}, "run"),
        (
            {"points": {"coordinates": [[0, 0]] * 201, "labels": [0] * 201, "is_test": [False] * 201, "n_classes": 2}},
            "201",
        ),
    ],
)
def test_a_state_that_is_not_allowed_is_refused_with_a_sentence(change, sentence):
    with pytest.raises(ExperimentError, match=sentence):
        read_state_text(packed({**unpacked(), **change}))


def test_a_state_that_would_fill_the_memory_is_refused():
    with pytest.raises(ExperimentError, match="its text may have 4,000,000 bytes"):
        read_state_text(packed(b" " * 100_000_000))


@given(st.randoms(use_true_random=False))
def test_a_changed_state_is_refused_or_opened(source: random.Random):
    value = unpacked()
    places = [(value, key) for key in value]
    for part in ("network", "training", "generator", "points"):
        places += [(value[part], key) for key in value[part]]
    for _ in range(source.randint(1, 3)):
        where, key = source.choice(places)
        where[key] = source.choice([None, -1, 0, 1e300, 10**30, "x", [], [[1, 2]], {}, True, source.choice(places)[1]])
    try:
        assert isinstance(read_state_text(packed(value)), Experiment)
    except ExperimentError as refused:
        assert str(refused).startswith("The state cannot be opened: ")  # noqa: PT017
