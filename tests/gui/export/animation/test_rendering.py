import os
import threading
from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest

from gui.export.animation.composer import Composer
from gui.export.animation.rendering import Renderer, pixels_of
from gui.export.animation.settings import AnimationSettings
from gui.export.errors import ExportCancelledError, ExportError
from model.run.history import History

SETTINGS = {"size": (320, 180), "seconds": 1.0, "fps": 20.0, "hold_seconds": 0.0}


@pytest.fixture(autouse=True)
def no_thread_left():
    before = set(threading.enumerate())
    yield
    assert not set(threading.enumerate()) - before


def finish(rendering: Renderer) -> Path:
    while rendering.advance():
        pass
    return rendering.path


def decode(path: Path) -> list[np.ndarray]:
    paths = sorted(path.iterdir()) if path.is_dir() else [path]
    pictures = []
    for one in paths:
        with av.open(str(one)) as container:
            pictures += [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]
    return pictures


@pytest.mark.parametrize(
    ("name", "file"), [("mp4", "run.mp4"), ("gif", "run.gif"), ("png", "run"), ("apng", "run.png")]
)
def test_all_frames_arrive_and_the_ends_are_the_moments(qapp, runs, name, file, tmp_path):
    run = runs["spiral"]
    settings = AnimationSettings(format=name, **SETTINGS)
    rendering = Renderer(settings, run.history, run.curve, tmp_path / file)
    assert rendering.n_frames == 20
    pictures = decode(finish(rendering))
    assert rendering.n_done == 20
    assert len(pictures) == 20
    composer = Composer(settings)
    for index in (0, -1):
        wanted = pixels_of(composer.picture(run.history.frames[index], run.history, run.curve))[..., 2::-1]
        error = np.abs(pictures[index].astype(int) - wanted).mean()
        assert error < (0.01 if name in ("png", "apng") else 4), error
    assert os.listdir(tmp_path) == [file]


def test_what_turns_is_drawn_anew_where_the_run_stands_still(qapp, runs, tmp_path):
    history = History()
    for frame in list(runs["spiral"].history.frames)[:2]:
        history.append(frame)
    settings = AnimationSettings(format="png", **{**SETTINGS, "panels": ("space",), "exact_steps": True, "turn": 90.0})
    pictures = decode(finish(Renderer(settings, history, runs["spiral"].curve, tmp_path / "run")))
    assert all((one != other).any() for one, other in pairwise(pictures))


def test_what_is_the_same_is_drawn_once(qapp, runs, tmp_path, monkeypatch):
    history = History()
    for frame in list(runs["spiral"].history.frames)[:3]:
        history.append(frame)
    drawn = []
    original = Composer.paint
    monkeypatch.setattr(
        Composer,
        "paint",
        lambda self, painter, frame, *rest: drawn.append(frame) or original(self, painter, frame, *rest),
    )
    pictures = decode(
        finish(
            Renderer(
                AnimationSettings(exact_steps=True, **SETTINGS), history, runs["spiral"].curve, tmp_path / "run.mp4"
            )
        )
    )
    assert len(pictures) == 20
    assert drawn == list(history.frames)


@pytest.mark.parametrize("n_calls", [0, 1, 10, 19])
@pytest.mark.parametrize("name", ["mp4", "gif"])
def test_cancel_leaves_nothing(qapp, runs, name, n_calls, tmp_path):
    run = runs["spiral"]
    rendering = Renderer(AnimationSettings(format=name, **SETTINGS), run.history, run.curve, tmp_path / f"run.{name}")
    for _ in range(n_calls):
        rendering.advance()
    rendering.cancel()
    rendering.cancel()
    assert not rendering.advance()
    assert os.listdir(tmp_path) == []


def test_no_call_waits_for_a_slow_encoder(qapp, runs, tmp_path, monkeypatch):
    run = runs["spiral"]
    rendering = Renderer(AnimationSettings(**SETTINGS), run.history, run.curve, tmp_path / "run.mp4")
    may_go_on = threading.Event()
    from gui.export.animation.writers import VideoWriter

    original = VideoWriter.add
    monkeypatch.setattr(VideoWriter, "add", lambda self, frame: may_go_on.wait(20) and original(self, frame))
    for _ in range(40):
        assert rendering.advance()
    assert rendering.n_done < rendering.n_frames
    may_go_on.set()
    assert len(decode(finish(rendering))) == 20


def test_errors_are_sentences(qapp, runs, tmp_path):
    run = runs["spiral"]
    with pytest.raises(ExportError, match="even width and height"):
        Renderer(AnimationSettings(size=(321, 181)), run.history, run.curve, tmp_path / "run.mp4")
    with pytest.raises(ExportError, match="nothing to show"):
        Renderer(AnimationSettings(), History(), run.curve, tmp_path / "run.mp4")
    with pytest.raises(ExportError, match="Choose a folder that exists"):
        finish(Renderer(AnimationSettings(**SETTINGS), run.history, run.curve, tmp_path / "nowhere" / "run.mp4"))


def test_an_error_of_the_encoder_ends_it_without_a_file(qapp, runs, tmp_path, monkeypatch):
    from gui.export.animation.writers import VideoWriter

    def fail(self, frame):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(VideoWriter, "add", fail)
    run = runs["spiral"]
    with pytest.raises(ExportError, match="Make room") as caught:
        finish(Renderer(AnimationSettings(**SETTINGS), run.history, run.curve, tmp_path / "run.mp4"))
    assert not isinstance(caught.value, ExportCancelledError)
    assert os.listdir(tmp_path) == []
