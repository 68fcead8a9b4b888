"""A person's table is learned, and goes to other programs: its names and numbers are the same everywhere."""

import csv
import io
import json

import numpy as np
import pytest

from model import Network, Trainer
from model.data.generators import GeneratorSettings
from model.experiment import Experiment, load_experiment, save_experiment
from model.run.history import History, KeyFrame
from model.scripts.formats import NETWORK_FORMATS
from model.scripts.wording import Wording
from model.table.points import dataset_of, guess_columns, read_table
from model.table.written import TABLE_FORMATS
from model.training.settings import first_setup


def rows_of(kind):
    """Return a header and rows as a person's program would write them."""
    random = np.random.default_rng(5)
    lengths, widths = random.normal(5.8, 0.8, 60), random.normal(3.0, 0.4, 60)
    if kind == "classes":
        species = ["setosa" if length < 5.5 else "Größe, mittel" if length < 6.2 else "virginica" for length in lengths]
        columns = [f"{length:.1f}" for length in lengths], [f"{width:.1f}" for width in widths], species
        return ("sepal length", "sepal width", "species"), list(zip(*columns, strict=True))
    if kind == "values":
        incomes = random.lognormal(10.5, 0.6, 60)
        prices = [f"{0.01 * income * length - 480.25:.2f}" for income, length in zip(incomes, lengths, strict=True)]
        columns = [f"{length:.3f}" for length in lengths], [f"{income:.0f}" for income in incomes], prices
        return ("size", "income", "price"), list(zip(*columns, strict=True))
    years = np.arange(1960, 2020)
    return ("year", "temperature"), [(str(year), f"{14 + 0.3 * np.sin(year / 9):.4f}") for year in years]


def text_of(header, rows):
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue()


def imported(text):
    table = read_table(text.encode())
    return dataset_of(table, guess_columns(table)).dataset


@pytest.fixture(params=["classes", "values", "curve"])
def learned(request, tmp_path):
    """Return a header, rows, and what was opened after they were imported, learned and saved."""
    header, rows = rows_of(request.param)
    dataset = imported(text_of(header, rows)).split(0.8, np.random.default_rng(0))
    assert dataset.kind == request.param
    setup = first_setup(dataset)
    trainer = Trainer(Network.from_settings(setup.network), dataset, setup.training)
    trainer.run_steps(20)
    history = History()
    history.append(KeyFrame.of(trainer))
    save_experiment(Experiment(trainer.setup, GeneratorSettings(), history), tmp_path / "own.netcanvas")
    return header, rows, load_experiment(tmp_path / "own.netcanvas")


def numbers_of(rows, dataset):
    """Return the numbers that stand in rows: coordinates, and values or heights."""
    n_numbers = 3 if dataset.kind == "values" else 2
    return np.array([[float(cell) for cell in row[:n_numbers]] for row in rows])


def test_an_exported_table_has_the_names_and_the_very_numbers(learned):
    header, rows, experiment = learned
    dataset = experiment.dataset
    written = list(csv.reader(io.StringIO(TABLE_FORMATS["csv"].text(dataset))))

    assert written[0] == [*header, "set"]
    np.testing.assert_array_equal(numbers_of(written[1:], dataset), numbers_of(rows, dataset))
    if dataset.kind == "classes":
        assert [row[2] for row in written[1:]] == [row[2] for row in rows]


@pytest.mark.parametrize("entry", TABLE_FORMATS.values(), ids=lambda entry: entry.name)
def test_an_exported_table_becomes_the_same_points_elsewhere(learned, entry):
    _, _, experiment = learned

    assert imported(entry.text(experiment.dataset)) == experiment.dataset


@pytest.mark.parametrize("seed", range(5))
def test_so_does_one_without_names(learned, seed):
    _, rows, _ = learned
    random = np.random.default_rng(seed)
    shuffled = [rows[index] for index in random.permutation(len(rows))]
    dataset = imported("\n".join(",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in shuffled))
    text = TABLE_FORMATS["csv"].text(dataset)

    assert dataset.naming.x1.name == dataset.naming.value.name == ""
    assert imported(text) == dataset, text[:200]


def test_a_script_takes_and_answers_the_same_numbers_and_names(learned):
    _, rows, experiment = learned
    dataset, frame = experiment.dataset, experiment.history.frames[-1]
    network = Network.read_only(frame.network, frame.checkpoint.parameters)
    script = {}
    exec(NETWORK_FORMATS["numpy"].content(network, Wording.of(dataset)).decode(), script)
    points = numbers_of(rows, dataset)[:, : 1 if dataset.is_curve else 2]
    answered = script["predict"](points)

    outputs = network.predict(dataset.points[:, :1] if dataset.is_curve else dataset.points)
    if dataset.is_regression:
        np.testing.assert_allclose(answered, dataset.naming.value.shown(outputs), rtol=1e-12)
    else:
        np.testing.assert_allclose(answered, outputs, rtol=1e-12)
        named = [script["class_name"](output) for output in answered]
        assert named == [dataset.class_name(index) for index in outputs.argmax(axis=1)]


def test_json_says_what_goes_in_and_comes_out(learned):
    header, rows, experiment = learned
    dataset, frame = experiment.dataset, experiment.history.frames[-1]
    network = Network.read_only(frame.network, frame.checkpoint.parameters)
    read = json.loads(NETWORK_FORMATS["json"].content(network, Wording.of(dataset)))

    assert [axis["name"] for axis in (*read["inputs"], read["output"])] == list(header)
    first, given = dataset.points[0], numbers_of(rows, dataset)[0]
    for axis, place, number in zip(read["inputs"], first, given, strict=False):
        assert (number - axis["middle"]) / axis["unit"] == pytest.approx(place, rel=1e-12)
    assert read["class_names"] == (None if dataset.is_regression else list(dataset.class_names))
