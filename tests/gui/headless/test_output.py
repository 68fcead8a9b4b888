"""What a command tells, and where nobody reads it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import main
from model.experiment import load_experiment

ROOT = Path(main.__file__).parent
TRAIN = ["train", "--steps", "300", "--seed", "3"]

linux = pytest.mark.skipif(sys.platform != "linux", reason="/dev/full and shells of Linux")


def shell(line):
    """Run a line of a shell in which $N is the program."""
    variables = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    variables["N"] = f"{sys.executable} main.py"
    return subprocess.run(
        ["bash", "-c", line], cwd=ROOT, env=variables, capture_output=True, text=True, timeout=60, check=False
    )


@linux
@pytest.mark.parametrize(
    ("line", "status"),
    [
        ("$N train --steps 300 | head -1 >/dev/null; exit ${PIPESTATUS[0]}", 141),
        ("$N train --help | true; exit ${PIPESTATUS[0]}", 0),
        ("$N train --steps 300 >&-", 0),
        ("$N train --steps 300 >&- 2>&- <&-", 0),
        ("$N train --steps 300 2>/dev/full", 0),
        ("$N train --points 1 2>&-", 2),
        ("$N train --points 1 2>/dev/full", 2),
        ("$N --help >&-", 0),
        ("setsid $N train --steps 300 </dev/null", 0),
    ],
)
def test_a_reader_that_is_not_there_or_goes_is_no_fault(line, status):
    done = shell(line)
    assert (done.returncode, done.stderr) == (status, "")


@linux
@pytest.mark.parametrize("command", ["train --steps 300", "train --steps 300 --json", "--help", "train --help"])
def test_a_full_disk_is_told_in_one_sentence(command):
    done = shell(f"$N {command} >/dev/full")
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.endswith("the output cannot be written: no space left on device")


@linux
def test_a_run_that_is_to_be_saved_is_saved_although_nobody_reads(tmp_path):
    pipe, full = tmp_path / "pipe.netcanvas", tmp_path / "full.netcanvas"
    done = shell(f"$N train --steps 300 --save {pipe} | true; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) == (0, "")
    done = shell(f"$N train --steps 300 --save {full} >/dev/full")
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    for path in (pipe, full):
        assert load_experiment(path).history.frames[-1].step == 300


def test_the_result_for_a_program_is_one_object_and_nothing_else(tmp_path, capsys):
    path = tmp_path / "run.netcanvas"
    assert main.main([*TRAIN, "--save", str(path), "--json"]) == 0
    captured = capsys.readouterr()
    result = json.loads(captured.out)
    metrics = load_experiment(path).history.frames[-1].metrics
    assert (result["command"], result["ended"], result["step"], result["saved"]) == (
        "train",
        "completed",
        300,
        str(path),
    )
    assert result["train"] == {"loss": metrics.train_loss, "accuracy": metrics.train_accuracy}
    assert result["test"] == {"loss": metrics.test_loss, "accuracy": metrics.test_accuracy}
    assert captured.err == ""


def test_a_run_that_diverged_is_told_to_programs_and_in_silence_too(capsys):
    arguments = ["train", "--dataset", "sine", "--activation", "relu", "--learning-rate", "50"]
    assert main.main([*arguments, "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["ended"] == "diverged"
    assert main.main([*arguments, "--quiet"]) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "the run diverged" in captured.err


def test_silence_is_silence(capsys):
    assert main.main([*TRAIN, "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")


@linux
def test_a_sign_that_the_encoding_does_not_have_is_no_fault(tmp_path):
    table = tmp_path / "points.csv"
    table.write_text("x,y,class\n" + "".join(f"{n},{n % 3},{'größer' if n % 2 else '−'}\n" for n in range(30)))
    done = shell(f"PYTHONIOENCODING=ascii PYTHONUTF8=0 $N train --steps 30 --data {table} --save {tmp_path}/a")
    assert (done.returncode, done.stderr) == (0, "")
    assert "in 2 classes (?, gr??er)" in done.stdout


@linux
def test_a_network_is_written_although_nobody_reads(tmp_path):
    shell(f"$N train --steps 30 --quiet --save {tmp_path}/run")
    done = shell(f"$N network {tmp_path}/run.netcanvas --out {tmp_path}/net.json | true; exit ${{PIPESTATUS[0]}}")
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads((tmp_path / "net.json").read_text())


def test_without_streams_a_program_of_windows_works(monkeypatch, tmp_path):
    path = tmp_path / "run.netcanvas"
    with monkeypatch.context() as without:
        without.setattr(sys, "stdout", None)
        without.setattr(sys, "stderr", None)
        assert main.main([*TRAIN, "--save", str(path)]) == 0
        with pytest.raises(SystemExit) as stop:
            main.main(["--help"])
        sys.stdout.close()
        sys.stderr.close()
    assert stop.value.code == 0
    assert path.exists()
