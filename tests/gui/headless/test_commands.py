import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from tqdm import tqdm

import main
from gui.headless import output, training
from model.experiment import load_experiment

ROOT = Path(main.__file__).parent
TINY = ["--points", "40", "--hidden", "4", "--steps", "60", "--seed", "3"]
SMALL_PICTURE = ["--size", "320x180", "--seconds", "0.5", "--fps", "10", "--hold", "0"]


def run_program(*arguments, **environment):
    variables = {name: value for name, value in {**os.environ, **environment}.items() if value is not None}
    return subprocess.run(
        [sys.executable, "main.py", *map(str, arguments)],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def n_frames(path):
    with av.open(str(path)) as container:
        return sum(1 for _ in container.decode(video=0))


def test_train_then_render_without_a_screen(tmp_path, capsys):
    experiment, movie = tmp_path / "run.netcanvas", tmp_path / "run.mp4"
    assert main.main(["train", "--dataset", "moons", *TINY, "--save", str(experiment)]) == 0
    output = capsys.readouterr()
    assert output.err == ""
    lines = output.out.splitlines()
    assert lines[-2].startswith("step        60")
    assert "accuracy" in lines[-2]
    assert lines[-1] == f"saved {experiment}"
    loaded = load_experiment(experiment)
    assert loaded.history.frames[-1].step == 60
    assert loaded.network.layer_sizes == (2, 4, 2)
    nowhere = {"DISPLAY": None, "WAYLAND_DISPLAY": None, "QT_QPA_PLATFORM": None}
    done = run_program("render", experiment, "--out", movie, *SMALL_PICTURE, "--theme", "dark", **nowhere)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{movie}: 5 frames of 320x180")
    assert n_frames(movie) == 5
    assert sorted(os.listdir(tmp_path)) == ["run.mp4", "run.netcanvas", *other_files(tmp_path)]


def other_files(folder):
    """The folders of the fixture own_settings."""
    return sorted(name for name in os.listdir(folder) if name in ("settings", "state"))


def test_the_last_line_tells_the_frames_that_are_written(tmp_path):
    folder = tmp_path / "frames"
    held = ["--size", "160x120", "--seconds", "0.5", "--fps", "10", "--hold", "1.5", "--hold-start", "0.4"]
    done = run_program("render", "--dataset", "xor", *TINY, "--out", folder, *held)
    assert done.stdout.startswith(f"{folder}: 24 frames of 160x120")
    assert len(list(folder.iterdir())) == 24


def test_render_from_nothing(tmp_path):
    movie = tmp_path / "run.gif"
    done = run_program("render", "--dataset", "sine", *TINY, "--out", movie, *SMALL_PICTURE, "--panels", "surface,loss")
    assert (done.returncode, done.stderr) == (0, "")
    assert n_frames(movie) == 5


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ["render", "--dataset", "spiral", "--points", "3", "--out", "a.mp4"],
            "render: --points must be 10 to 5000; got 3",
        ),
        (["render", "--dataset", "spirals", "--out", "a.mp4"], "render: --dataset must be one of circle,"),
        (["train", "--dataset", "spirals"], "gate, curve_rule; got 'spirals'"),
        (["render", "--dataset", "xor", "--out", "a.mp4", "--hidden", "8,x"], "must be a whole number; got 'x'"),
        (["render", "--dataset", "xor", "--out", "a.mp4", "--activation", "tanhh"], "--activation must be one of"),
        (["render", "--dataset", "xor", "--out", "a.mp4", "--optimizer", "adamm"], "--optimizer must be one of sgd,"),
        (["render", "--dataset", "xor", "--out", "a.mp4", "--size", "wide"], "must be like 1280x720; got 'wide'"),
        (["render", "--dataset", "xor", "--out", "a.mp4", "--size", "321x181"], "needs an even width and height"),
        (
            ["render", "--dataset", "xor", "--out", "a.mp4", "--panels", "net"],
            "--panels: must name panels of network, output, space, hidden, loss, landscape, data; got 'net'",
        ),
        (
            ["render", "--dataset", "xor", "--out", "a.mp4", "--give", "outpt=2"],
            "--give: must name panels of network, output, space, hidden, loss, landscape, data; got 'outpt'",
        ),
        (["render", "--dataset", "xor", "--out", "a.mp4", "--pacing", "slow"], "--pacing must be one of steps, loss,"),
        (["render", "--dataset", "xor", "--out", "a.mp4", "--steps", "0"], "--steps must be 1 or more; got 0"),
        (["render", "--dataset", "xor", "--out", "a.avi"], "--out must end in .mp4 (MP4 video (H.264)), .webm"),
        (["render", "--dataset", "xor", "--out", "a.jpg"], ".png or .apng (Animated PNG)"),
        (["render", "--dataset", "xor", "--steps", "9", "--first-step", "50", "--out", "a.mp4"], "before the end of"),
        (["render", "--dataset", "xor", "--steps", "9", "--last-step", "50", "--out", "a.mp4"], "ends at step 9"),
        (["render", "--out", "a.mp4"], "an experiment file is needed, or --dataset"),
        (["render", "a.netcanvas", "--hidden", "3", "--out", "a.mp4"], "so --hidden cannot be given with it"),
        (["render", "--dataset", "xor"], "the following arguments are required: --out"),
        (["train", "--loss", "cross_entropy", "--output", "tanh"], "cross_entropy"),
        (["train", "--noise", "much"], "must be a number; got 'much'"),
        (["train", "--optimizer-options", "momentum"], "must be like momentum=0.9,weight_decay=0.01; got 'momentum'"),
        (["train", "--dropout", "2"], "--dropout must be 0 or more and below 1; got 2.0"),
        (["train", "--batch-size", "0"], "--batch-size must be 1 or more; got 0"),
        (["train", "--activation", "relu,tanh,elu"], "--activation: 2 hidden layers need as many activations"),
        (["train", "--optimizer", "adam", "--optimizer-options", "betas=1"], "--optimizer-options: betas must be two"),
        (["train", "--dataset", "rule", "--rule", "x1 +"], "--rule: something is missing"),
        (["train", "--dataset", "gaussians", "--classes", "8"], "--classes must be 2 to 5 for gaussians; got 8"),
        (["train", "--dataset", "xor", "--classes", "5"], "--classes must be 2 for xor; got 5"),
        (["train", "--dataset", "sine", "--classes", "2"], "--classes must be left out with sine"),
        (["train", "--rule", "x1"], "--rule must be left out with spiral"),
        (
            ["train", "--curve-rule", "x"],
            "--curve-rule must be left out with spiral; it goes with",
        ),
        (["train", "--dataset", "curve_rule", "--curve-rule", "x+9"], "y = x+9 is nowhere −1.5 to 1.5"),
        (["train", "--dataset", "step", "--label-noise", "0.1"], "--label-noise must be left out with step"),
        (["train", "--dataset", "step", "--features", "x1"], "the network of a curve is given x alone"),
        (["train", "--stop-steps", "0"], "--stop-steps must be 1 or more; got 0"),
        (["train", "--stop-accuracy", "95"], "--stop-accuracy must be above 0 and at most 1; got 95.0"),
        (["train", "--stop-watched", "both", "--stop-loss", "1"], "--stop-watched must be one of training, test"),
        (["train", "--stop-improvement", "0.1"], "--stop-improvement must be left out without --stop-plateau"),
        (["train", "--schedule-period", "9"], "--schedule-period must be left out with the schedule constant"),
        (["train", "--regularization-rate", "1"], "--regularization-rate must be left out without"),
        (["train", "--hidden", ""], "argument --hidden: must be one or more, with commas between them; got ''"),
        (["train", "--hidden", "4,0"], "argument --hidden: must be 1 or more for each layer; got '4,0'"),
        (["train", "--features", "x1,,x2"], "argument --features: must be one or more"),
        (["train", "--hidden", "100", "--save", "a"], "--hidden: a network may have 10 hidden layers of 64 neurons"),
        (["train", "--save", "run.txt"], "--save must end in .netcanvas; got 'run.txt'"),
        (["train", "--save", ""], "--save must be the name of a file; got ''"),
        (["train", "--data", "a.csv", "--points", "20"], "--data has its own points, so --points cannot be given"),
        (
            ["train", "--learning-rat", "1"],
            "no option --learning-rat (did you mean --learning-rate?); see netcanvas train",
        ),
        (["train", "a.csv"], "train: there is no place for a.csv; see netcanvas train --help"),
        (["render", "a.netcanvas", "--data", "a.csv", "--out", "a.mp4"], "so --data cannot be given with it"),
    ],
)
def test_wrong_arguments_say_what_is_allowed(arguments, sentence, capsys):
    try:
        status = main.main(arguments)
    except SystemExit as stop:
        status = stop.code
    errors = capsys.readouterr().err
    assert status == 2
    assert sentence in errors
    assert len(errors.splitlines()) == 1


def test_files_that_cannot_be_read_or_written_end_with_status_1(tmp_path, capsys):
    foreign, nowhere = tmp_path / "foreign.netcanvas", tmp_path / "no" / "a.netcanvas"
    foreign.write_bytes(b"not a zip")
    for arguments, sentence in (
        (["render", foreign, "--out", tmp_path / "a.mp4"], "foreign.netcanvas"),
        (["train", *TINY, "--save", nowhere], "Choose a folder that exists"),
    ):
        assert main.main([str(argument) for argument in arguments]) == 1
        (line,) = capsys.readouterr().err.splitlines()
        assert sentence in line


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_leaves_no_partial_file(number, status, tmp_path):
    folder = tmp_path / "out"
    folder.mkdir()
    command = ["main.py", "render", "--dataset", "xor", *TINY, "--out", str(folder / "run.mp4"), "--seconds", "300"]
    with subprocess.Popen(
        [sys.executable, *command], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as program:
        try:
            end = time.monotonic() + 60
            while not os.listdir(folder) and program.poll() is None:
                assert time.monotonic() < end
                time.sleep(0.02)
            program.send_signal(number)
            _, errors = program.communicate(timeout=30)
        finally:
            program.kill()
    assert program.returncode == status
    assert "Traceback" not in errors
    assert os.listdir(folder) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("moment", ["composer.Composer.paint", "encoder.Encoder.start"])
def test_a_signal_at_a_bad_moment_waits_for_the_picture_or_file(moment, tmp_path):
    """Raised where it comes, it would end a paint before its painter, or lose the file that was just made."""
    module, name, method = moment.split(".")
    out = tmp_path / "out"
    out.mkdir()
    code = (
        "import signal, sys, main\n"
        f"from gui.export.animation.{module} import {name}\n"
        f"original = {name}.{method}\n"
        "def interrupted(self, *arguments):\n"
        "    result = original(self, *arguments)\n"
        "    signal.raise_signal(signal.SIGTERM)\n"
        "    print('gone through')\n"
        "    return result\n"
        f"{name}.{method} = interrupted\n"
        f"sys.exit(main.main({['render', '--dataset', 'xor', *TINY, '--out', str(out / 'run.mp4'), *SMALL_PICTURE]}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (143, "gone through\n", "")
    assert os.listdir(out) == []


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_training_is_stopped_by_a_signal_saves_what_there_is_and_gives_the_handlers_back(
    name, monkeypatch, tmp_path, capsys
):
    number = getattr(signal, name)
    handlers = [signal.getsignal(other) for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)]
    monkeypatch.setattr(training, "metrics_line", lambda *_: signal.raise_signal(number) or "")
    experiment = tmp_path / "run.netcanvas"
    assert main.main(["train", "--steps", "100000", "--save", str(experiment)]) == 128 + number
    assert load_experiment(experiment).history.frames[-1].step == 10_000
    captured = capsys.readouterr()
    assert "note: training was stopped at step 10,000\n" in captured.err
    assert captured.out.splitlines()[-1] == f"saved {experiment}"
    assert [signal.getsignal(other) for other in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)] == handlers


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_run_of_large_steps_is_stopped_at_once_and_saved(tmp_path):
    experiment = tmp_path / "run.netcanvas"
    command = [
        sys.executable,
        "main.py",
        "train",
        "--points",
        "5000",
        "--steps",
        "100000000",
        "--save",
        str(experiment),
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
        try:
            time.sleep(2)
            program.send_signal(signal.SIGTERM)
            start = time.monotonic()
            written, _ = program.communicate(timeout=30)
        finally:
            program.kill()
    assert program.returncode == 143
    assert written.endswith(f"saved {experiment}\n")
    assert load_experiment(experiment).history.frames[-1].step > 0
    assert time.monotonic() - start < 10


def test_training_needs_no_qt():
    code = (
        "import sys, main\n"
        "main.main(['train', '--steps', '5', '--points', '20'])\n"
        "sys.exit(' '.join({'PySide6', 'pyqtgraph', 'av'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stderr.strip() == ""


def test_a_run_ends_where_its_options_say_and_says_so(tmp_path, capsys):
    path = tmp_path / "run.netcanvas"
    assert main.main(["train", "--dataset", "moons", "--stop-epochs", "12", "--json", "--save", str(path)]) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (result["ended"], result["epoch"], result["step"]) == ("epochs_done", 12, 204)
    assert "so many epochs were asked for" in result["note"]
    assert load_experiment(path).training.stop.epochs == 12


def test_a_run_that_diverges_says_so_and_ends_at_its_last_good_moment(capsys):
    assert main.main(["train", "--dataset", "sine", "--activation", "relu", "--learning-rate", "50"]) == 3
    captured = capsys.readouterr()
    sentence = r"netcanvas train: the run diverged at learning rate 50, and ends at step \d+\.\n"
    assert re.fullmatch(sentence, captured.err)
    assert captured.out.splitlines()[-1].split()[1] == captured.err.split()[-1].rstrip(".")


class QuickBar(tqdm):
    def __init__(self, **options):
        super().__init__(**options, mininterval=0)


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(("stream", "shown"), [(io.StringIO(), False), (Terminal(), True)])
def test_progress_is_for_terminals(stream, shown, monkeypatch):
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(output, "tqdm", QuickBar)
    nothing_to_show = ["--first-step", "50", "--last-step", "40"]
    assert main.main(["render", "--dataset", "xor", *TINY, "--out", "a.mp4", *nothing_to_show]) == 2
    assert ("Training:" in stream.getvalue()) is shown
    assert ("60/60" in stream.getvalue()) is shown
    assert "--first-step must not come after --last-step" in stream.getvalue()
    assert main.main(["train", *TINY]) == 0
    assert (stream.getvalue().count("60/60") > 1) is shown
