import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

import main
from gui.headless.interruption import Signals
from model.run.record import record
from model.training.compiled import cache
from tests.gui.headless.test_settings import parsed

ROOT = Path(main.__file__).parent
TINY = ["--points", "40", "--hidden", "4", "--steps", "60", "--seed", "3"]


def test_each_lane_has_a_line_and_the_winner_is_said(capsys):
    assert main.main(["race", "--dataset", "moons", *TINY]) == 0
    written = capsys.readouterr()
    assert written.err == ""
    heading, *lanes, sentence = written.out.splitlines()
    assert heading.split() == ["lane", "step", "loss", "test", "loss", "time"]
    names = ["SGD 0.1", "Momentum 0.03", "RMSprop 0.01", "Adam 0.01"]
    assert [line[:13].strip() for line in lanes] == names
    losses = [float(re.search(r"60 +(\d+\.\d+)", line)[1]) for line in lanes]
    assert sentence.startswith(f"{names[losses.index(min(losses))]} wins: ")


def test_the_json_has_each_lane_as_train_would_have_trained_it(capsys):
    assert main.main(["race", "--dataset", "moons", *TINY, "--lanes", "sgd,adam=0.02", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert [lane["name"] for lane in result["lanes"]] == ["SGD 0.1", "Adam 0.02"]
    assert (result["step"], result["is_over"], result["by_step"]["at"]) == (60, True, 60)
    from gui.headless.settings import plan_of

    arguments = ["train", "--dataset", "moons", *TINY, "--optimizer", "adam", "--learning-rate", "0.02"]
    alone = record(plan_of(parsed(*arguments)).setup, 60)
    assert result["lanes"][1]["train"]["loss"] == alone.moment.metrics.train_loss
    assert result["by_step"]["losses"]["Adam 0.02"] == alone.moment.metrics.train_loss
    assert set(result["by_time"]["leaders"]) <= {"SGD 0.1", "Adam 0.02"}


def test_rates_are_all_for_one_optimizer(capsys):
    options = ["--optimizer", "momentum", "--optimizer-options", "momentum=0.5", "--rates", "0.01,0.1,0.2"]
    assert main.main(["race", *TINY, *options, "--json"]) == 0
    lanes = json.loads(capsys.readouterr().out)["lanes"]
    assert [(lane["optimizer"], lane["learning_rate"]) for lane in lanes] == [
        ("momentum", 0.01),
        ("momentum", 0.1),
        ("momentum", 0.2),
    ]


@pytest.mark.parametrize(("rates", "status"), [("0.1,1e12", 0), ("1e12,1e13", 3)])
def test_ends_with_3_where_no_lane_is_left(rates, status, capsys):
    assert main.main(["race", *TINY, "--activation", "relu", "--optimizer", "momentum", "--rates", rates]) == status
    written = capsys.readouterr().out
    assert "the run diverged at learning rate 1e+12" in written
    assert ("No lane is left" in written) == (status == 3)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--lanes", "sgd=0.1,adamm"], "--lanes must be one of sgd,"),
        (["--lanes", "sgd=fast,adam"], "--lanes: must be a number; got 'fast'"),
        (["--lanes", "sgd"], "--lanes: a race needs 2 to 4 lanes; got 1"),
        (["--rates", "0.1,0.2,0.3,0.4,0.5"], "--rates: a race needs 2 to 4 lanes; got 5"),
        (["--rates", "0,1"], "--rates must be a number above 0; got 0.0"),
        (["--rates", "1,2", "--lanes", "sgd,adam"], "not allowed with argument"),
    ],
)
def test_lanes_that_cannot_race_are_refused(arguments, sentence, capsys):
    try:
        status = main.main(["race", *arguments])
    except SystemExit as stop:
        status = stop.code
    (line,) = capsys.readouterr().err.splitlines()
    assert status == 2
    assert sentence in line


def test_a_signal_ends_it_with_the_table_of_what_there_is(capsys, monkeypatch):
    calls = iter([False, False, True])

    def have_come(self):
        self.first = 15 if next(calls) else None
        return self.first is not None

    monkeypatch.setattr(Signals, "have_come", have_come)
    assert main.main(["race", "--points", "40", "--steps", "100000"]) == 128 + 15
    assert " leads: " in capsys.readouterr().out.splitlines()[-1]


def test_the_engine_of_each_lane_is_told(capsys, monkeypatch):
    monkeypatch.setattr(cache, "kernel", lambda: None)
    monkeypatch.setattr(cache, "is_installed", lambda: False)
    assert main.main(["race", *TINY, "--engine", "compiled", "--json"]) == 0
    written = capsys.readouterr()
    assert {lane["engine"] for lane in json.loads(written.out)["lanes"]} == {"numpy"}
    assert "NumPy trains" in written.err


def test_each_lane_has_the_engine_that_is_asked_for(capsys, compiled_engine):
    assert main.main(["race", *TINY, "--engine", "compiled", "--json"]) == 0
    assert {lane["engine"] for lane in json.loads(capsys.readouterr().out)["lanes"]} == {"compiled"}


def test_needs_no_qt():
    code = (
        "import sys, main\n"
        "main.main(['race', '--steps', '5', '--points', '20'])\n"
        "sys.exit(' '.join({'PySide6', 'pyqtgraph', 'av'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr.strip() == ""
