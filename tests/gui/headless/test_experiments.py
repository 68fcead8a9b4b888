"""The commands that look at an experiment."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

import main
from model import Network
from model.experiment import load_experiment
from model.scripts.formats import NETWORK_FORMATS
from model.scripts.wording import Wording
from model.table.points import write_table

ROOT = Path(main.__file__).parent


def trained(folder, *arguments):
    path = folder / "run.netcanvas"
    common = ["--steps", "300", "--optimizer", "adam", "--learning-rate", "0.03", "--quiet"]
    assert main.main(["train", *arguments, *common, "--save", str(path)]) == 0
    return path


@pytest.fixture(scope="module")
def classes(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("classes"), "--dataset", "spiral")


@pytest.fixture(scope="module")
def values(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("values"), "--dataset", "sine")


@pytest.fixture(scope="module")
def curve(tmp_path_factory):
    return trained(tmp_path_factory.mktemp("curve"), "--dataset", "two_sigmoids")


@pytest.fixture
def run(capsys):
    """Run a command; return its status, what it writes, and its errors."""

    def command(*arguments):
        status = main.main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return status, captured.out, captured.err

    return command


def test_a_network_does_as_well_as_it_did_in_training(classes, run):
    metrics = load_experiment(classes).history.frames[-1].metrics
    status, out, err = run("evaluate", classes, "--json")
    result = json.loads(out)
    assert (status, err, result["step"]) == (0, "", 300)
    assert result["training"] == {"n_points": 168, "loss": metrics.train_loss, "accuracy": metrics.train_accuracy}
    assert result["test"] == {"n_points": 72, "loss": metrics.test_loss, "accuracy": metrics.test_accuracy}
    lines = run("evaluate", classes)[1].splitlines()
    assert lines[0] == f"{classes} at step 300, epoch {result['epoch']}"
    assert f"accuracy {metrics.train_accuracy:.1%}" in lines[1]
    assert lines[2].split()[:3] == ["test", "72", "points"]


@pytest.mark.parametrize("problem", ["values", "curve"])
def test_values_and_curves_have_r2_and_the_mean_absolute_error(problem, request, run):
    path = request.getfixturevalue(problem)
    metrics = load_experiment(path).history.frames[-1].metrics
    result = json.loads(run("evaluate", path, "--json")[1])
    assert result["test"]["r2"] == metrics.test_r2
    assert result["training"]["mae"] == metrics.train_mae


def test_an_earlier_moment_is_evaluated(classes, run):
    frame = [frame for frame in load_experiment(classes).history.frames if frame.step <= 100][-1]
    result = json.loads(run("evaluate", classes, "--step", 100, "--json")[1])
    assert (result["step"], result["training"]["loss"]) == (frame.step, frame.metrics.train_loss)
    status, _, err = run("evaluate", classes, "--step", 301)
    assert (status, "--step must be 0 to 300" in err) == (2, True)


def test_other_points_come_from_a_table(classes, run, tmp_path):
    experiment, table = load_experiment(classes), tmp_path / "same.csv"
    table.write_text(write_table(experiment.dataset))
    frame = experiment.history.frames[-1]
    network = Network.read_only(frame.network, frame.checkpoint.parameters)
    right = np.mean(network.predicted_classes(experiment.dataset.points) == experiment.dataset.labels)
    result = json.loads(run("evaluate", classes, "--data", table, "--json")[1])
    assert result.keys() & {"training", "test", "table"} == {"table"}
    assert result["table"]["n_points"] == 240
    assert result["table"]["accuracy"] == pytest.approx(right)
    table.write_text("".join(write_table(experiment.dataset).splitlines(keepends=True)[:2]))
    line = run("evaluate", classes, "--data", table)[1].splitlines()[-1]
    assert line.startswith("table           1 point    loss")


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ("x,y,value\n0.5,1,0.25\n1,1,0.75\n0,2,0.1", "has values, and the network knows classes"),
        ("x,y,class\n1,1,A\n1,2,B\n1,3,C\n2,3,D", "has the classes A, B, C, D; the network knows A, B, C"),
        ("x,y\n1,1\n2,3", "has no column of classes or values"),
        ("", "cannot be read as a table of points"),
    ],
)
def test_a_table_that_does_not_go_with_the_network_is_refused(rows, sentence, classes, run, tmp_path):
    table = tmp_path / "points.csv"
    table.write_text(rows)
    status, out, err = run("evaluate", classes, "--data", table)
    assert (status, out) == (1, "")
    assert sentence in err
    assert len(err.splitlines()) == 1


def test_points_outside_the_plane_are_noted(classes, run, tmp_path):
    table = tmp_path / "points.csv"
    table.write_text("x,y,class\n100,1,A\n1,2,B\n")
    status, _, err = run("evaluate", classes, "--data", table)
    assert status == 0
    assert err.startswith("note: 1 of 2 points are outside the plane")


def test_a_curve_is_compared_with_the_x_and_y_of_a_table(run, tmp_path):
    path = trained(tmp_path, "--dataset", "sine_wave", "--noise", "0.02")
    moment = load_experiment(path).history.frames[-1]
    x = np.linspace(-5, 5, 21)
    table = tmp_path / "points.csv"
    rows = [f"{a!r},{b!r},-" for a, b in zip(x.tolist(), np.sin(x).tolist(), strict=True)]
    table.write_text("\n".join(["x,y,remark", *rows]))
    result = json.loads(run("evaluate", path, "--data", table, "--json")[1])["table"]
    network = Network.read_only(moment.network, moment.checkpoint.parameters)
    errors = network.predict(x[:, np.newaxis])[:, 0] - np.sin(x)
    assert result["n_points"] == 21
    assert result["mae"] == pytest.approx(np.abs(errors).mean())
    assert result["loss"] == pytest.approx((errors**2).mean() / 2)


def test_a_curve_is_scaled_as_the_one_was_that_the_network_learned(run, tmp_path):
    years = np.linspace(1900, 2000, 40)
    rows = [f"{year!r},{50 + (year - 1950) / 2!r}" for year in years.tolist()]
    table, other = tmp_path / "points.csv", tmp_path / "other.csv"
    table.write_text("\n".join(["year,height", *rows]))
    other.write_text("\n".join(["year,height", *rows[:10]]))
    path = trained(tmp_path, "--data", str(table), "--training-share", "1")
    result = json.loads(run("evaluate", path, "--data", other, "--scaled-as", table, "--json")[1])["table"]
    assert result["r2"] > 0.9
    whole = json.loads(run("evaluate", path, "--data", table, "--scaled-as", table, "--json")[1])["table"]
    assert whole["loss"] == pytest.approx(load_experiment(path).history.frames[-1].metrics.train_loss, rel=1e-9)


@pytest.mark.parametrize("kind", ["classes", "values"])
def test_other_points_are_scaled_as_those_were_that_the_network_learned(kind, run, tmp_path):
    rng = np.random.default_rng(0)
    first = rng.uniform(0, 900, 60)
    rows = [
        f"{x:.2f},{y:.2f},{('low' if x < 450 else 'high') if kind == 'classes' else x / 3}"
        for x, y in zip(first, rng.uniform(20, 30, 60), strict=True)
    ]
    table, other = tmp_path / "points.csv", tmp_path / "other.csv"
    table.write_text("\n".join(["x,y,target", *rows]))
    # Other points that are all on one side would be scaled otherwise on their own.
    other.write_text("\n".join(["x,y,target", *(row for row in rows if float(row.split(",")[0]) < 500)]))
    path = trained(tmp_path, "--data", str(table), "--training-share", "1")
    result = json.loads(run("evaluate", path, "--data", other, "--scaled-as", table, "--json")[1])["table"]
    assert result["accuracy" if kind == "classes" else "r2"] > 0.9
    whole = json.loads(run("evaluate", path, "--data", table, "--scaled-as", table, "--json")[1])["table"]
    metrics = load_experiment(path).history.frames[-1].metrics
    assert whole["loss"] == pytest.approx(metrics.train_loss, rel=1e-9)
    assert "--scaled-as goes with --data" in run("evaluate", path, "--scaled-as", table)[2]
    # The experiment knows the units itself.
    assert json.loads(run("evaluate", path, "--data", other, "--json")[1])["table"] == result
    if kind == "values":
        unit = load_experiment(path).dataset.naming.value.unit
        assert result["mae"] < 0.2 * unit
        assert whole["mae"] == pytest.approx(metrics.train_mae * unit)


@pytest.mark.parametrize("name", NETWORK_FORMATS)
@pytest.mark.parametrize("problem", ["classes", "values", "curve"])
def test_a_network_goes_to_other_programs_as_from_the_window(name, problem, request, run, tmp_path):
    path = request.getfixturevalue(problem)
    entry, frame = NETWORK_FORMATS[name], load_experiment(path).history.frames[-1]
    network = Network.read_only(frame.network, frame.checkpoint.parameters)
    out = tmp_path / f"network{entry.suffix}"
    status, text, err = run("network", path, "--out", out, "--format", name)
    assert (status, err) == (0, "")
    assert text == f"{out}: {entry.label}, {frame.network.n_parameters} parameters of step 300\n"
    if entry.suffix == ".npz":
        with np.load(out) as arrays:
            assert sum(array.size for array in arrays.values() if array.dtype.kind == "f") >= frame.network.n_parameters
    else:
        assert out.read_bytes() == entry.content(network, Wording.of(frame.dataset))


def test_the_ending_says_the_format_and_none_is_guessed(classes, run, tmp_path):
    assert run("network", classes, "--out", tmp_path / "a.py")[0] == 0
    assert "import numpy" in (tmp_path / "a.py").read_text()
    assert "--out must end in .py, .json, .npz" in run("network", classes, "--out", tmp_path / "a.txt")[2]
    assert "--out must end in .npz" in run("network", classes, "--out", tmp_path / "a.py", "--format", "npz")[2]
    assert "--format must be one of numpy" in run("network", classes, "--out", tmp_path / "a.py", "--format", "c")[2]


def test_names_of_classes_reach_the_script(tmp_path, run):
    table = tmp_path / "points.csv"
    table.write_text("x,y,class\n" + "\n".join(f"{n % 5},{n % 3},{'yes' if n % 2 else 'no'}" for n in range(30)))
    path = trained(tmp_path, "--data", str(table))
    run("network", path, "--out", tmp_path / "net.py")
    assert 'CLASS_NAMES = ["no", "yes"]' in (tmp_path / "net.py").read_text()


def test_no_qt_is_needed_to_evaluate_or_to_write_a_network(classes, tmp_path):
    code = (
        "import sys, main\n"
        f"assert main.main(['evaluate', {str(classes)!r}]) == 0\n"
        f"assert main.main(['network', {str(classes)!r}, '--out', {str(tmp_path / 'a.py')!r}]) == 0\n"
        "sys.exit(' '.join({'PySide6', 'pyqtgraph', 'av'} & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stderr.strip() == ""


# Pictures


def without_screen(*arguments):
    nowhere = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    variables = {name: value for name, value in os.environ.items() if name not in nowhere}
    command = [sys.executable, "main.py", "picture", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False)


def test_a_picture_is_written_without_a_screen(classes, tmp_path):
    out = tmp_path / "figure.png"
    done = without_screen(classes, "--view", "figure", "--width", "85mm", "--out", out, "--theme", "dark")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{out}: figure of all views of step 300, 85 x ")
    image = QImage(str(out))
    assert image.width() == 1004
    assert image.pixelColor(0, 0).lightness() < 60


def test_the_output_in_3d_is_written_as_it_is_seen_from_where_one_says(classes, tmp_path, qapp, monkeypatch):
    monkeypatch.setattr("gui.headless.pictures.without_screen", lambda: qapp)
    monkeypatch.setattr(qapp, "shutdown", lambda: None)
    seen = []
    looks = (
        [],
        ["--azimuth", "30"],
        ["--elevation", "80"],
        ["--height", "each"],
        ["--height", "layer_z", "--neuron", "1.2"],
        ["--height", "neuron_za", "--neuron", "h1.2", "--colors", "height"],
        ["--colors", "class"],
        ["--slices", "0,-1:1:0.5"],
        ["--slices", "0,-1:1:0.5", "--no-surface"],
        ["--slices", "10"],
        ["--reach", "25"],
    )
    for number, options in enumerate(looks):
        out = tmp_path / f"{number}.png"
        assert main.main(["picture", str(classes), "--view", "space", "--out", str(out), *options]) == 0
        seen.append(out.read_bytes())
    assert len(set(seen)) == len(looks)


def test_a_loss_landscape_is_written_along_the_directions_that_one_says(classes, tmp_path, qapp, monkeypatch):
    monkeypatch.setattr("gui.headless.pictures.without_screen", lambda: qapp)
    monkeypatch.setattr(qapp, "shutdown", lambda: None)
    seen = []
    looks = (
        [],
        ["--landscape", "weights"],
        ["--landscape", "path"],
        ["--landscape-seed", "4"],
        ["--landscape-range", "0.5"],
        ["--no-log-landscape"],
    )
    for view in ("landscape", "landscape_space"):
        for number, options in enumerate(looks):
            out = tmp_path / f"{view}{number}.png"
            assert main.main(["picture", str(classes), "--view", view, "--out", str(out), *options]) == 0
            seen.append(out.read_bytes())
    assert len(set(seen)) == 2 * len(looks)


def test_a_curve_is_written_with_its_parts_or_without(curve, tmp_path, qapp, monkeypatch, capsys):
    monkeypatch.setattr("gui.headless.pictures.without_screen", lambda: qapp)
    monkeypatch.setattr(qapp, "shutdown", lambda: None)
    whole, alone = tmp_path / "whole.svg", tmp_path / "alone.svg"
    assert main.main(["picture", str(curve), "--view", "output", "--out", str(whole)]) == 0
    assert main.main(["picture", str(curve), "--view", "output", "--out", str(alone), "--no-terms"]) == 0
    assert b"stroke-dasharray" in whole.read_bytes()
    assert b"stroke-dasharray" not in alone.read_bytes()
    capsys.readouterr()
    assert main.main(["picture", str(curve), "--view", "space", "--out", str(tmp_path / "space.svg")]) == 2
    assert "--view must not be space: the network of the experiment says a curve" in capsys.readouterr().err


def test_a_hidden_space_is_written_as_one_says(classes, tmp_path, qapp, monkeypatch):
    monkeypatch.setattr("gui.headless.pictures.without_screen", lambda: qapp)
    monkeypatch.setattr(qapp, "shutdown", lambda: None)
    seen = []
    for number, options in enumerate(([], ["--hidden-axes", "3"], ["--share", "0.25"], ["--share", "0"])):
        out = tmp_path / f"{number}.png"
        assert main.main(["picture", str(classes), "--view", "hidden", "--out", str(out), *options]) == 0
        seen.append(out.read_bytes())
    assert len(set(seen)) == 4


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--view", "los"],
            "--view must be one of network, output, space, hidden, loss, accuracy, confusion, landscape, "
            "landscape_space, data, figure; got 'los'",
        ),
        (["--view", "window"], "--view must be one of"),
        (["--view", "confusion"], "--view must not be confusion: the points of the experiment have no classes"),
        (["--theme", "blue"], "--theme must be one of light, dark; got 'blue'"),
        (["--step", "301"], "--step must be 0 to 300"),
        (["--view", "space", "--height", "Z"], "--height must be one of likeliest, each, A, B"),
        (["--view", "space", "--colors", "red"], "--colors must be one of own, height, class"),
        (["--view", "space", "--reach", "7"], "--reach must be one of 6, 10, 25, 50, 100; got '7'"),
        (["--view", "space", "--neuron", "1"], "a neuron is its layer and its place in it, such as h1.2; got '1'"),
        (["--view", "space", "--neuron", "9.1"], "--neuron must be one of the network's; got 9.1"),
        (["--view", "space", "--slices", "0,101"], "Slices lie from −100 to 100, not at 101"),
        (["--view", "space", "--slices", "a"], "“a” is no number"),
        (["--view", "space", "--elevation", "91"], "--elevation must be 0 to 90; got 91"),
        (["--view", "space", "--azimuth", "nan"], "--azimuth must be finite; got nan"),
        (["--view", "hidden", "--hidden-layer", "0"], "--hidden-layer must be one of last, 1, 2"),
        (["--view", "hidden", "--hidden-axes", "4"], "--hidden-axes must be one of auto, 2, 3; got '4'"),
        (["--view", "hidden", "--share", "1.5"], "--share must be 0 to 1; got 1.5"),
        (["--view", "landscape", "--landscape", "up"], "--landscape must be one of random, weights, path; got 'up'"),
        (["--view", "landscape", "--landscape-range", "0"], "--landscape-range must be 0.01 to 100; got 0.0"),
        (["--view", "landscape", "--landscape-seed", "-1"], "--landscape-seed must be a whole number of 0 or more"),
        (["--width", "85"], "argument --width: must be a number with px, mm, pt, such as 85mm; got '85'"),
        (["--width", "3mm"], "--width must be 27 to 1058 mm; got 3"),
    ],
)
def test_a_picture_that_cannot_be_is_told(options, sentence, values, tmp_path, qapp, capsys, monkeypatch):
    monkeypatch.setattr("gui.headless.pictures.without_screen", lambda: qapp)
    out = tmp_path / "picture.svg"
    try:
        status = main.main(["picture", str(values), "--out", str(out), *options])
    except SystemExit as stop:
        status = stop.code
    (line,) = capsys.readouterr().err.splitlines()
    assert (status, out.exists()) == (2, False)
    assert sentence in line


def test_the_run_is_written_as_a_notebook(classes, run, tmp_path):
    path = tmp_path / "run.ipynb"
    assert run("notebook", classes, "--out", path)[0] == 0
    assert json.loads(path.read_text())["nbformat"] == 4
    assert "--out must end in .ipynb" in run("notebook", classes, "--out", tmp_path / "a.py")[2]
    assert "cannot be opened" in run("notebook", tmp_path / "none.netcanvas", "--out", path)[2]
