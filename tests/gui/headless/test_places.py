"""Where a command writes: tried before the work, and never over what is read."""

import os
import stat
import subprocess
import sys

import pytest

import main
from gui.headless import places, training
from model.experiment import ExperimentError, load_experiment, save_experiment

TINY = ["--points", "40", "--hidden", "4", "--steps", "60"]


@pytest.fixture
def experiment(tmp_path):
    path = tmp_path / "run.netcanvas"
    assert main.main(["train", *TINY, "--quiet", "--save", str(path)]) == 0
    return path


@pytest.mark.parametrize("kind", ["itself", "hard link", "symbolic link", "another way", "link to it"])
def test_nothing_is_written_over_the_experiment_that_is_read(kind, experiment, tmp_path, capsys, monkeypatch):
    before = experiment.read_bytes()
    source, out = experiment, tmp_path / "film.mp4"
    if kind == "itself":
        source = out = experiment.rename(tmp_path / "experiment.mp4")
    elif kind == "hard link":
        os.link(experiment, out)
    elif kind == "symbolic link":
        out.symlink_to(experiment)
    elif kind == "another way":
        source = out = experiment.rename(tmp_path / "experiment.mp4")
        (tmp_path / "folder").symlink_to(tmp_path)
        out = tmp_path / "folder" / ".." / tmp_path.name / "experiment.mp4"
    else:
        source, experiment = tmp_path / "link.netcanvas", experiment.rename(out)
        source.symlink_to(out)
    assert main.main(["render", str(source), "--out", str(out), "--format", "mp4"]) == 2
    assert "is the file that is read; choose another name" in capsys.readouterr().err
    assert source.read_bytes() == before


@pytest.mark.parametrize("command", ["render {} --format mp4 --out {}", "picture {} --out {}", "network {} --out {}"])
def test_nothing_but_an_experiment_gets_the_name_of_one(command, experiment, tmp_path, capsys):
    arguments = command.format(experiment, tmp_path / "other.netcanvas").split()
    assert main.main(arguments) == 2
    assert "--out must not end in .netcanvas" in capsys.readouterr().err
    assert not (tmp_path / "other.netcanvas").exists()


def test_a_table_is_not_written_over_by_its_experiment(tmp_path, capsys):
    table = tmp_path / "points.netcanvas"
    table.write_text("x,y,class\n1,2,A\n3,4,B\n")
    assert main.main(["train", "--data", str(table), "--save", str(table)]) == 2
    assert "is the file that is read" in capsys.readouterr().err


@pytest.fixture
def no_training(monkeypatch):
    def never(*_):
        raise AssertionError("the place is tried before the training")

    monkeypatch.setattr(training, "record", never)


def refused(path, capsys):
    assert main.main(["train", "--save", str(path)]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.usefixtures("no_training")
def test_a_place_that_takes_no_file_is_told_before_the_training(tmp_path, capsys, monkeypatch):
    folder = tmp_path / "folder.netcanvas"
    folder.mkdir()
    assert "is a folder; choose a name for the file" in refused(folder, capsys)
    assert "Choose a folder that exists" in refused(tmp_path / "no" / "run.netcanvas", capsys)
    kept = tmp_path / "kept.netcanvas"
    kept.write_bytes(b"old")
    kept.chmod(stat.S_IRUSR)
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    assert "write-protected" in refused(kept, capsys)
    assert kept.read_bytes() == b"old"
    assert not list(tmp_path.glob(".netcanvas*"))


@pytest.mark.usefixtures("no_training")
@pytest.mark.skipif(sys.platform != "linux", reason="needs a small disk of its own")
def test_a_full_disk_is_told_before_the_training(tmp_path, capsys):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(disk)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root mounts disks")
    try:
        assert "Make room on that disk" in refused(disk / "run.netcanvas", capsys)
        assert os.listdir(disk) == []
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_disk_that_fills_meanwhile_loses_neither_the_old_file_nor_the_run(experiment, tmp_path, capsys, monkeypatch):
    before, elsewhere = experiment.read_bytes(), tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.setattr(training.tempfile, "gettempdir", lambda: str(elsewhere))

    def fill(content, path):
        if path == experiment:
            raise ExperimentError("run.netcanvas cannot be saved: no space left on device.")
        save_experiment(content, path)

    monkeypatch.setattr(training, "save_experiment", fill)
    assert main.main(["train", *TINY, "--save", str(experiment)]) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.endswith("no space left on device. What was there is unchanged.")
    (other,) = elsewhere.iterdir()
    assert second.endswith(f"the run is saved as {other} instead.")
    assert experiment.read_bytes() == before
    assert load_experiment(other).history.frames[-1].step == 60


@pytest.mark.parametrize(("typed", "name"), [("run", "run.netcanvas"), ("run.NETCANVAS", "run.NETCANVAS")])
def test_the_ending_of_an_experiment_is_added_and_told(typed, name, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main.main(["train", *TINY, "--save", typed]) == 0
    assert capsys.readouterr().out.endswith(f"saved {name}\n")
    assert os.listdir(tmp_path).count(name) == 1


@pytest.mark.parametrize("name", ["run.txt", "run.v2", "run.csv"])
def test_another_ending_is_refused(name):
    with pytest.raises(ValueError, match=r"--save must end in \.netcanvas"):
        places.experiment_name(name)
