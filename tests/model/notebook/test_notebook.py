import json
import re
import sys
from types import ModuleType
from unittest.mock import MagicMock

import numpy as np
import pytest

from model import Dataset, NetworkSettings, TrainingSettings
from model.data.generators import GeneratorSettings, generate
from model.data.naming import Axis, Naming
from model.network.activations import ACTIVATIONS
from model.network.layout import BIAS_KINDS
from model.network.losses import LOSSES
from model.notebook.notebook import last_stretch, notebook
from model.notebook.updates import UPDATES
from model.run.history import Event, History
from model.run.record import Recorder
from model.run.run import Run
from model.training.optimizers import OPTIMIZERS
from model.training.schedules import SCHEDULES, Schedule
from model.training.settings import BATCH_ORDERS, Setup

CLASSES = generate(GeneratorSettings("spiral", 40, seed=1))
VALUES = generate(GeneratorSettings("plane", 40, seed=1))
CURVE = generate(GeneratorSettings("sinc", 40, seed=1))
NAMED = CLASSES.named(Naming(Axis("Länge in $", 3.0, 0.25), Axis("<b>*2"), Axis("Art"), ("set\nosa", '"', "C#")))


def network(dataset, **settings):
    n_out = 1 if dataset.is_regression else dataset.n_classes
    features = settings.pop("features", ("x",) if dataset.is_curve else ("x1", "x2"))
    hidden = settings.pop("hidden_activations", ("tanh", "sigmoid"))
    output = settings.pop("output_activation", "tanh" if dataset.is_regression else "softmax")
    sizes = settings.pop("sizes", (len(features), *(4,) * len(hidden), n_out))
    return NetworkSettings(sizes, hidden, output, features=features, **settings)


def trained(dataset, shape=None, n_steps=60, **learning):
    loss = learning.pop("loss", "squared_error" if dataset.is_regression else "cross_entropy")
    setup = Setup(dataset, shape or network(dataset), TrainingSettings(loss=loss, seed=3, **learning))
    recorder = Recorder(Run(setup))
    recorder.advance(n_steps)
    return recorder.kept()


def run(book):
    """Run the cells of a notebook as Jupyter does, and return the names that they leave."""
    names = {}
    for cell in json.loads(book)["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), "cell", "exec"), names)
    return names


@pytest.fixture(autouse=True)
def matplotlib(monkeypatch):
    package = ModuleType("matplotlib")
    package.pyplot = MagicMock()
    monkeypatch.setitem(sys.modules, "matplotlib", package)
    monkeypatch.setitem(sys.modules, "matplotlib.pyplot", package.pyplot)
    return package.pyplot


def assert_same_run(run_of, **options):
    names = run(notebook(run_of.history, run_of.curve, **options))
    last = run_of.history.frames[-1]
    assert len(names["WINDOW"]) > 1
    assert names["difference"] < 1e-9
    assert set(names["recorded"]) >= {last.step}
    np.testing.assert_allclose(names["parameters"], last.checkpoint.parameters, rtol=0, atol=1e-9)
    return names


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_each_activation(activation):
    assert_same_run(trained(CLASSES, network(CLASSES, hidden_activations=(activation, "tanh", activation))))


@pytest.mark.parametrize(("loss", "output"), [(loss, output) for loss in LOSSES for output in LOSSES[loss].outputs])
def test_each_loss_with_each_output(loss, output):
    assert_same_run(trained(CLASSES, network(CLASSES, output_activation=output), loss=loss))


@pytest.mark.parametrize("optimizer", [*UPDATES, "random_search"])
@pytest.mark.parametrize("dataset", [CLASSES, VALUES], ids=["classes", "values"])
def test_each_optimizer(dataset, optimizer):
    options = {"momentum": {"weight_decay": 0.01}, "adam": {"betas": (0.8, 0.9)}}.get(optimizer, {})
    assert_same_run(trained(dataset, optimizer=optimizer, optimizer_options=options, learning_rate=0.01))


def test_all_optimizers_that_follow_the_gradient_have_an_update():
    assert UPDATES.keys() == {name for name, entry in OPTIMIZERS.items() if entry.kind is not None}


LEARNING = {
    **{f"schedule {name}": {"schedule": Schedule(name, 20, 0.4, 10)} for name in SCHEDULES},
    **{f"order {name}": {"batch_order": name} for name in BATCH_ORDERS},
    "l1": {"regularization": "l1", "regularization_rate": 0.02},
    "l2": {"regularization": "l2", "regularization_rate": 0.02},
    "sum": {"reduction": "sum", "learning_rate": 0.003},
    "clip": {"clip_norm": 0.1},
    "dropout": {"dropout": (0.0, 0.4)},
    "all points": {"batch_size": None},
    "odd batches": {"batch_size": 7},
    "early stopping": {"patience": 2, "learning_rate": 1.0},
}


@pytest.mark.parametrize("name", LEARNING)
def test_each_way_to_train(name):
    assert_same_run(trained(CLASSES, n_steps=150, **LEARNING[name]))


SHAPES = {
    **{f"bias {kind}": {"bias": kind} for kind in BIAS_KINDS},
    "formulas": {"features": ("x1", "sin(x2)", "x1*x2^2", "max(x1, 0.5)"), "standardization": ((0.0, 1.0),) * 4},
    "fixed": {"frozen": frozenset({1, 5}), "pruned": frozenset({8})},
    "muted": {"muted": frozenset({(1, 2), (2, 0)})},
    "no hidden layer": {"hidden_activations": ()},
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("optimizer", ["sgd", "random_search"])
def test_each_shape(name, optimizer):
    assert_same_run(trained(CLASSES, network(CLASSES, **SHAPES[name]), optimizer=optimizer))


@pytest.mark.parametrize(
    "dataset",
    [CURVE, VALUES, NAMED, generate(GeneratorSettings("moons", 600))],
    ids=["curve", "values", "named", "many"],
)
def test_each_kind_of_points(dataset, matplotlib):
    assert_same_run(trained(dataset), name="A `*title*` <b>")
    assert matplotlib.show.call_count == 2


def test_two_classes_of_one_output():
    moons = generate(GeneratorSettings("moons", 40))
    assert_same_run(trained(moons, network(moons, output_activation="sigmoid", sizes=(2, 4, 4, 1))))


def test_it_goes_on_from_the_last_change_in_the_middle_of_an_epoch():
    setup = Setup(CLASSES, network(CLASSES), TrainingSettings(optimizer="adam", dropout=0.2))
    recorder = Recorder(Run(setup))
    recorder.advance(13)
    recorder.run.set_parameter(0, 1.5)
    first = recorder.run.moment()
    whole = History()
    whole.append(first)
    whole.set_events([Event(13, "turned w"), Event(40, "look", is_note=True)])
    recorder.advance(50)
    whole.append(recorder.run.moment())
    trained_run = recorder.kept()
    names = run(notebook(whole, trained_run.curve))
    assert names["FIRST_STEP"] == 13
    assert names["difference"] < 1e-9


def test_only_moments_after_the_last_change_count():
    run_of = trained(CLASSES, n_steps=400)
    history = run_of.history.copy()
    middle = history.frames[len(history) // 2].step
    history.set_events([Event(middle, "learning rate 0.03 → 0.1")])
    stretch = last_stretch(history, run_of.curve)
    assert stretch.first.step == middle
    assert not stretch.is_whole
    assert last_stretch(run_of.history, run_of.curve).is_whole


def test_a_run_that_has_not_begun_is_drawn_all_the_same():
    names = run(notebook(trained(CLASSES, n_steps=0).history, trained(CLASSES, n_steps=0).curve))
    assert names["FIRST_STEP"] == names["LAST_STEP"] == 0


def test_a_person_s_text_is_no_markdown_and_no_code():
    name = "]( `# <script>\n# %%\nraise SystemExit"
    book = json.loads(notebook(trained(NAMED).history, trained(NAMED).curve, name))
    title = "".join(book["cells"][0]["source"]).splitlines()[0]
    assert re.sub(r"\\(.)", r"\1", title) == "# " + " ".join(name.split())


def test_without_points_nothing_is_trained():
    empty = Dataset(np.zeros((0, 2)), np.zeros(0), n_classes=2)
    history = History()
    history.append(Run(Setup(empty, network(empty), TrainingSettings())).moment())
    names = run(notebook(history, trained(CLASSES).curve))
    assert np.isnan(names["recorded"][0]).all()
