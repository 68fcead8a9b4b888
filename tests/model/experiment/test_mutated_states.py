"""Mutated texts of a state: each is refused with a sentence or opened, in no time, and reaches nothing."""

import base64
import json
import random
import zlib

import pytest

from model.data.generators import GENERATORS, GeneratorSettings, generate
from model.experiment import Experiment, ExperimentError
from model.experiment.state_text import read_state_text, write_state_text
from model.run.run import Run
from tests.model.experiment.test_state_text import TEXT, packed, trained
from tests.mutants import is_opened, mutated_bytes, watch

_SIGN = "netcanvas:"
_VALUES = [
    None,
    True,
    -1,
    0,
    7,
    10**30,
    1e300,
    -1e-300,
    "x",
    "",
    "__import__('os').system('true')",
    "x1**99999999",
    "exp(exp(exp(x1)))",
    "../../secret",
    "softmax",
    "relu",
    "rule",
    [],
    [2, 64, 64, 64, 64, 64, 64, 2],
    [2, 10**9, 2],
    [[1, 2]] * 500,
    {},
]


def places(value, found=None):
    """Return every part of a JSON value that can be another one: its container, and its key there."""
    found = [] if found is None else found
    for key in value if isinstance(value, dict) else range(len(value)):
        found.append((value, key))
        if isinstance(value[key], dict | list):
            places(value[key], found)
    return found


def mutant(sources, chance):
    """Return a state of which the text, what is packed in it, or values are changed."""
    text = chance.choice(sources)
    if chance.random() < 0.15:
        return mutated_bytes(text.encode(), chance).decode("utf-8", "replace")
    data = zlib.decompress(base64.urlsafe_b64decode(text[len(_SIGN) : -1]))
    if chance.random() < 0.15:
        return packed(mutated_bytes(data, chance))
    value = json.loads(data)
    for _ in range(chance.randint(1, 3)):
        where, key = chance.choice(places(value))
        if chance.random() < 0.15 and isinstance(where, dict):
            del where[key]
        else:
            other, its_key = chance.choice(places(value) or [(where, key)])
            where[key] = json.loads(json.dumps(chance.choice([*_VALUES, other[its_key]])))
    return packed(value)


def use(text):
    """Open a state, and begin its run, as the window does."""
    read = read_state_text(text)
    assert isinstance(read, Experiment)
    run = Run(read.setup, read.history.frames[-1].checkpoint.parameters, engine=None)
    run.advance(1)


@pytest.fixture(scope="module")
def sources():
    drawn = [GeneratorSettings(name) for name in GENERATORS]
    return [TEXT, *(write_state_text(trained(generate(settings), settings, n_steps=1)) for settings in drawn)]


def check(sources, seeds, monkeypatch):
    for text in sources:
        use(text)  # What libraries make when they are first used, they have made then.
    reached, n_opened = watch(monkeypatch), 0
    for seed in seeds:
        text = mutant(sources, random.Random(seed))
        reached.clear()
        n_opened += is_opened(lambda text=text: use(text), ExperimentError)
        assert reached == [], seed
    assert len(seeds) / 20 < n_opened < len(seeds) * 0.9


def test_a_hundred_mutated_states_are_refused_with_a_sentence_or_opened(sources, monkeypatch):
    check(sources, range(100), monkeypatch)


@pytest.mark.soak
def test_a_thousand_mutated_states_are_refused_with_a_sentence_or_opened(sources, monkeypatch):
    check(sources, range(100, 1100), monkeypatch)
