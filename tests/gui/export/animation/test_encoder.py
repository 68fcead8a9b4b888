"""Each format is decoded again: what went in must come out, whole or not at all."""

import errno
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import av.container
import numpy as np
import pytest
from PySide6.QtGui import QImage, QImageReader

from gui.export.animation import gif, writers
from gui.export.animation.encoder import QUEUE_LENGTH, Encoder
from gui.export.animation.formats import FORMATS, LARGEST_SIDE, Movie
from gui.export.animation.writers import VideoWriter
from gui.export.errors import ExportCancelledError, ExportError
from model.writing import PartFile

SIZES = {"wide": (320, 180), "square": (200, 200), "tall": (180, 320)}
EXACT = {"apng", "png"}
VIDEOS = {"mp4", "webm"}
FPS = 30
N_PICTURES = 12


@dataclass
class Decoded:
    pictures: list[np.ndarray]
    duration_s: float
    pixel_format: str
    loops: bool


@pytest.fixture(autouse=True)
def no_thread_left() -> Iterator[None]:
    before = set(threading.enumerate())
    yield
    left = set(threading.enumerate()) - before
    assert not left, f"the test left behind: {left}"


def picture(size: tuple[int, int], index: int) -> np.ndarray:
    """A gradient that moves, and plain areas of a few colours with hard edges."""
    width, height = size
    x, y = np.meshgrid(np.arange(width), np.arange(height))
    pixels = np.stack([(x + 8 * index) % 256, 255 * y // height, np.full_like(x, 128)], axis=-1).astype(np.uint8)
    pixels[: height // 3] = (250, 250, 250)
    pixels[10:30, 10 + 4 * index : 50 + 4 * index] = (220, 40, 40)
    pixels[35:45, 20:60] = (30, 90, 200)
    return pixels


def few_colours(size: tuple[int, int], index: int) -> np.ndarray:
    pixels = np.full((size[1], size[0], 3), 250, dtype=np.uint8)
    pixels[10:60, 10 + 4 * index : 50 + 4 * index] = (220, 40, 40)
    pixels[80:120, 20:60] = (30, 90, 200)
    return pixels


def target(folder: Path, name: str) -> Path:
    return folder / f"run{FORMATS[name].suffix}"


def export(path: Path, name: str, pictures: Iterable[np.ndarray], fps: float = FPS, **options) -> Path:
    pictures = iter(pictures)
    first = next(pictures)
    height, width = first.shape[:2]
    with Encoder(path, name, (width, height), fps, **options) as encoder:
        encoder.add(first)
        for one in pictures:
            encoder.add(one)
    return path


def decode(path: Path, name: str, fps: float = FPS) -> Decoded:
    if name == "webp":
        return decode_webp(path)
    if name == "png":
        return decode_folder(path, fps)
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = list(container.decode(stream))
        end = (frames[-1].pts + frames[-1].duration) * frames[-1].time_base
        if name in VIDEOS:  # What a player shows.
            end = container.duration / av.time_base
    content = path.read_bytes()
    return Decoded(
        [frame.to_ndarray(format="rgb24") for frame in frames],
        float(end),
        frames[0].format.name,
        # Times to play, 0 for ever.
        loops=b"NETSCAPE2.0\x03\x01\x00\x00" in content
        or content[(at := content.find(b"acTL")) + 8 : at + 12] == bytes(4),
    )


def decode_webp(path: Path) -> Decoded:
    """Read with Qt: FFmpeg writes animated WebP, and does not read it."""
    reader = QImageReader(str(path))
    pictures, duration_ms = [], 0
    while not (image := reader.read()).isNull():
        image = image.convertToFormat(QImage.Format.Format_RGB888)
        rows = np.array(image.constBits()).reshape(image.height(), image.bytesPerLine())
        pictures.append(rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3))
        duration_ms += reader.nextImageDelay()
    return Decoded(pictures, duration_ms / 1000, "", reader.loopCount() == -1)


def decode_folder(path: Path, fps: float) -> Decoded:
    files = sorted(path.iterdir())
    assert [file.name for file in files] == [writers.frame_file_name(1 + index) for index in range(len(files))]
    pictures = []
    for file in files:
        with av.open(str(file)) as container:
            pictures.append(next(container.decode(video=0)).to_ndarray(format="rgb24"))
    return Decoded(pictures, len(files) / fps, "", False)


def mean_error(first: np.ndarray, second: np.ndarray) -> float:
    return float(np.abs(first.astype(int) - second).mean())


@pytest.mark.parametrize("shape", SIZES)
@pytest.mark.parametrize("name", FORMATS)
def test_what_goes_in_comes_out(name: str, shape: str, tmp_path: Path) -> None:
    size = SIZES[shape]
    pictures = [picture(size, index) for index in range(N_PICTURES)]
    path = export(target(tmp_path, name), name, pictures)
    decoded = decode(path, name)
    assert len(decoded.pictures) == N_PICTURES
    assert {one.shape for one in decoded.pictures} == {(size[1], size[0], 3)}
    assert decoded.duration_s == pytest.approx(N_PICTURES / FPS, abs=0.0101 if name == "gif" else 0.0011)
    if name in VIDEOS:
        assert decoded.pixel_format == "yuv420p"
    errors = [mean_error(*pair) for pair in zip(decoded.pictures, pictures, strict=True)]
    assert max(errors) <= (0 if name in EXACT else 3), errors
    # In their order: each is nearest to its own.
    assert mean_error(decoded.pictures[0], pictures[-1]) > 3 * max(errors[0], 1)
    assert os.listdir(tmp_path) == [path.name]


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_of_a_qimage_are_taken_as_they_are(name: str, tmp_path: Path) -> None:
    image = QImage(200, 120, QImage.Format.Format_RGB32)
    image.fill(0x00204060)  # The first byte is no transparency in this format.
    encoder = Encoder(target(tmp_path, name), name, (200, 120), 10)
    encoder.start()
    for _ in range(2):
        encoder.add(np.array(image.constBits()).reshape(120, 200, 4))
        image.fill(0x00A08030)
    decoded = decode(encoder.finish(), name)
    assert mean_error(decoded.pictures[0], np.array([0x20, 0x40, 0x60])) < 3
    assert mean_error(decoded.pictures[-1], np.array([0xA0, 0x80, 0x30])) < 3


def test_rows_may_be_farther_apart_and_odd(tmp_path: Path) -> None:
    wide = picture((151, 77), 0)
    path = export(tmp_path / "run.png", "apng", [wide[:, :101], wide[:, 50:]])
    decoded = decode(path, "apng")
    np.testing.assert_array_equal(decoded.pictures[0], wide[:, :101])
    np.testing.assert_array_equal(decoded.pictures[1], wide[:, 50:])


def test_a_video_begins_with_its_index(tmp_path: Path) -> None:
    content = export(tmp_path / "run.mp4", "mp4", [picture((320, 180), index) for index in range(5)]).read_bytes()
    assert 0 < content.find(b"moov") < content.find(b"mdat")


@pytest.mark.parametrize("has_samples", [True, False])
def test_few_colours_stay_as_they_are_in_a_gif(has_samples: bool, tmp_path: Path) -> None:
    pictures = [few_colours((320, 180), index) for index in range(N_PICTURES)]
    path = export(tmp_path / "run.gif", "gif", pictures, samples=pictures[::3] if has_samples else ())
    decoded = decode(path, "gif")
    assert len(decoded.pictures) == N_PICTURES
    assert max(np.abs(one.astype(int) - two).max() for one, two in zip(decoded.pictures, pictures, strict=True)) <= 1


def test_one_palette_holds_still_what_does_not_move(tmp_path: Path) -> None:
    pictures = [picture((320, 180), index) for index in range(N_PICTURES)]
    one = export(tmp_path / "one.gif", "gif", pictures, samples=pictures[::4])
    decoded = decode(one, "gif")
    assert all((later[35:45, 20:60] == decoded.pictures[0][35:45, 20:60]).all() for later in decoded.pictures)
    assert max(mean_error(*pair) for pair in zip(decoded.pictures, pictures, strict=True)) < 5


def slopes(size: tuple[int, int], index: int) -> np.ndarray:
    """Slopes of many colours, half of which move, beside a plain area."""
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    moving = np.where(y > 0.5, 0.02 * index, 0.0)
    waves = [0.5 + 0.5 * np.sin(4 * x + 3 * y * k + k + moving) for k in (1, 2, 3)]
    pixels = np.rint(90 + 100 * np.stack(waves, axis=-1)).astype(np.uint8)
    pixels[:40] = (250, 250, 250)
    return pixels


def share_in_bands(pixels: np.ndarray) -> float:
    """The share of pixels that are as their neighbour is: next to none of a slope are."""
    return float((pixels[60:, 1:] == pixels[60:, :-1]).all(axis=-1).mean())


def test_slopes_of_many_colours_have_no_bands_in_a_gif_and_nothing_flickers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures = [slopes((320, 240), index) for index in range(6)]
    dithered = decode(export(tmp_path / "run.gif", "gif", pictures, samples=pictures), "gif").pictures
    monkeypatch.setattr(gif, "_is_coarse", lambda *_: False)
    banded = decode(export(tmp_path / "run.gif", "gif", pictures, samples=pictures), "gif").pictures
    assert share_in_bands(dithered[3]) < 0.5 < 0.8 < share_in_bands(banded[3])
    assert mean_error(dithered[3], pictures[3]) < 3
    assert np.abs(dithered[3][:30].astype(int) - pictures[3][:30]).max() <= 1
    # What stands still above the half that moves.
    assert all((later[40:110] == dithered[0][40:110]).all() for later in dithered)


def test_a_gif_of_few_slopes_is_not_dithered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures = [few_colours((320, 180), index) for index in range(3)]
    dithered = []
    monkeypatch.setattr(gif._Dither, "apply", lambda self, pixels: dithered.append(1))
    export(tmp_path / "run.gif", "gif", pictures, samples=pictures)
    assert not dithered


SAME_BYTES = """
import sys
from pathlib import Path
from gui.export.animation.formats import FORMATS
from tests.gui.export.animation.test_encoder import export, slopes, target

pictures = [slopes((320, 240), index) for index in range(12)]
for name in FORMATS:
    export(target(Path(sys.argv[1]) / name, name), name, pictures, samples=pictures[::4], hold_s=0.3)
"""


def test_the_same_pictures_make_the_same_bytes_whatever_was_in_memory_before(tmp_path: Path) -> None:
    written = []
    for fill in ("0", "85", "170"):  # glibc fills with it what it gives out, where that is not new.
        folder = tmp_path / fill
        for name in FORMATS:
            (folder / name).mkdir(parents=True)
        memory = {"MALLOC_PERTURB_": fill, "MALLOC_MMAP_THRESHOLD_": "400000000"}
        subprocess.run(
            [sys.executable, "-c", SAME_BYTES, str(folder)], check=True, timeout=100, env=os.environ | memory
        )
        written.append({name: content_of(target(folder / name, name)) for name in FORMATS})
    for name in FORMATS:
        assert written[0][name] == written[1][name] == written[2][name], name


@pytest.mark.parametrize("fps", [7, 24, 29.97, 50])
@pytest.mark.parametrize("name", FORMATS)
def test_durations_are_exact_to_the_unit_of_the_format(name: str, fps: float, tmp_path: Path) -> None:
    pictures = [picture((64, 64), index) for index in range(47)]
    decoded = decode(export(target(tmp_path, name), name, pictures, fps), name, fps)
    assert len(decoded.pictures) == 47
    assert decoded.duration_s == pytest.approx(47 / fps, abs=0.0101 if name == "gif" else 0.0011)


@pytest.mark.parametrize("name", FORMATS)
def test_the_last_picture_is_held(name: str, tmp_path: Path) -> None:
    pictures = [picture((64, 64), index) for index in range(5)]
    decoded = decode(export(target(tmp_path, name), name, pictures, 10, hold_s=1.5), name, 10)
    assert decoded.duration_s == pytest.approx(2.0, abs=0.0011)
    assert len(decoded.pictures) == (5 if FORMATS[name].loops else 20)
    assert mean_error(decoded.pictures[-1], pictures[-1]) < 5


@pytest.mark.parametrize("name", FORMATS)
def test_the_first_picture_is_held(name: str, tmp_path: Path) -> None:
    pictures = [picture((64, 64), index) for index in range(5)]
    path = export(target(tmp_path, name), name, pictures, 10, hold_s=0.5, hold_start_s=1.2)
    decoded = decode(path, name, 10)
    assert decoded.duration_s == pytest.approx(2.2, abs=0.0011)
    movie = Movie(name, (64, 64), 10, hold_s=0.5, hold_start_s=1.2)
    assert len(decoded.pictures) == movie.n_written(5) == (5 if FORMATS[name].notes_delays else 22)
    begins = begins_of(path, name, 10)
    shown_at = [decoded.pictures[max(index for index, begin in enumerate(begins) if begin <= s)] for s in (1.2, 1.35)]
    for shown, index in zip(shown_at, (0, 1), strict=True):
        assert mean_error(shown, pictures[index]) < 5


def begins_of(path: Path, name: str, fps: float) -> list[float]:
    """When each picture begins, in seconds."""
    if name == "png":
        return [index / fps for index in range(len(list(path.iterdir())))]
    if name == "webp":
        reader = QImageReader(str(path))
        begins = [0.0]
        while not reader.read().isNull():
            begins.append(begins[-1] + reader.nextImageDelay() / 1000)
        return begins[:-1]
    with av.open(str(path)) as container:
        return [float(frame.time) for frame in container.decode(video=0)]


@pytest.mark.parametrize("loop", [True, False])
@pytest.mark.parametrize("name", [name for name, entry in FORMATS.items() if entry.loops])
def test_a_file_says_whether_it_loops(name: str, loop: bool, tmp_path: Path) -> None:
    path = export(target(tmp_path, name), name, [picture((64, 64), index) for index in range(3)], loop=loop)
    assert decode(path, name).loops == loop


@pytest.mark.parametrize("name", FORMATS)
def test_one_picture_is_enough_and_pictures_may_repeat(name: str, tmp_path: Path) -> None:
    still = picture((64, 64), 0)
    one = decode(export(target(tmp_path, name), name, [still]), name)
    assert mean_error(one.pictures[0], still) < 5
    many = decode(export(target(tmp_path, name), name, [still] * 3 + [picture((64, 64), 1)], 10), name, 10)
    assert many.duration_s == pytest.approx(0.4, abs=0.0011)


@pytest.mark.parametrize("name", FORMATS)
def test_cancelling_leaves_the_old_file_and_nothing_else(name: str, tmp_path: Path) -> None:
    path = export(target(tmp_path, name), name, [picture((64, 64), 0)] * 2)
    before = content_of(path)
    encoder = Encoder(path, name, (64, 64), FPS)
    encoder.start()
    for index in range(5):
        encoder.add(picture((64, 64), index))
    encoder.cancel()
    encoder.cancel()
    assert os.listdir(tmp_path) == [path.name]
    assert content_of(path) == before
    with pytest.raises(ExportCancelledError):
        encoder.add(picture((64, 64), 0))
    with pytest.raises(ExportCancelledError):
        encoder.finish()


@pytest.mark.parametrize("name", FORMATS)
def test_an_exception_in_the_block_leaves_the_old_file_and_nothing_else(name: str, tmp_path: Path) -> None:
    path = export(target(tmp_path, name), name, [picture((64, 64), 0)] * 2)
    before = content_of(path)

    def pictures() -> Iterator[np.ndarray]:
        yield picture((64, 64), 3)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        export(path, name, pictures())
    assert os.listdir(tmp_path) == [path.name]
    assert content_of(path) == before


def content_of(path: Path) -> dict[str, bytes]:
    files = [path] if path.is_file() else sorted(path.iterdir())
    return {file.name: file.read_bytes() for file in files}


@pytest.mark.parametrize("name", FORMATS)
def test_a_file_that_is_there_is_replaced(name: str, tmp_path: Path) -> None:
    path = export(target(tmp_path, name), name, [picture((64, 64), 0)] * 5)
    export(path, name, [picture((64, 64), 5), picture((64, 64), 6)])
    decoded = decode(path, name)
    assert len(decoded.pictures) == 2
    assert mean_error(decoded.pictures[0], picture((64, 64), 5)) < 5
    assert os.listdir(tmp_path) == [path.name]


def test_what_a_link_points_at_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "films").mkdir()
    (tmp_path / "run.gif").symlink_to(tmp_path / "films" / "real.gif")
    export(tmp_path / "run.gif", "gif", [picture((64, 64), 0)])
    assert (tmp_path / "run.gif").is_symlink()
    assert os.listdir(tmp_path / "films") == ["real.gif"]


def test_a_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("all of it")
    with pytest.raises(ExportError, match="holds other files"):
        Encoder(tmp_path, "png", (64, 64), FPS).start()
    with pytest.raises(ExportError, match="is a file"):
        Encoder(tmp_path / "thesis.txt", "png", (64, 64), FPS).start()
    with pytest.raises(ExportError, match="is a folder"):
        Encoder(tmp_path, "mp4", (64, 64), FPS).start()
    assert os.listdir(tmp_path) == ["thesis.txt"]


def test_a_folder_that_others_wrote_to_meanwhile_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "run"
    encoder = Encoder(path, "png", (64, 64), FPS)
    encoder.start()
    encoder.add(picture((64, 64), 0))
    path.mkdir()
    (path / "thesis.txt").write_text("all of it")
    with pytest.raises(ExportError, match="holds other files"):
        encoder.finish()
    assert os.listdir(tmp_path) == ["run"]
    assert os.listdir(path) == ["thesis.txt"]


@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_that_does_not_exist_is_said_at_once(name: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"No such file or directory\. Choose a folder that exists"):
        Encoder(target(tmp_path / "nowhere", name), name, (64, 64), FPS).start()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("name", FORMATS)
def test_a_folder_that_cannot_be_written_to_is_said_at_once(name: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(ExportError, match="Choose a folder that you may write to"):
        Encoder(target(tmp_path, name), name, (64, 64), FPS).start()


def test_a_refused_write_is_told_with_advice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_, **__) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(PartFile, "open", refuse)
    with pytest.raises(ExportError, match=r"Permission denied\. Choose a folder that you may write to"):
        Encoder(tmp_path / "run.mp4", "mp4", (64, 64), FPS).start()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 64 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    try:
        subprocess.run(command, check=True, capture_output=True, timeout=20)
    except (OSError, subprocess.SubprocessError):
        pytest.skip("no disk may be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True, timeout=20)


@pytest.mark.parametrize("name", FORMATS)
def test_a_full_disk_leaves_nothing(name: str, small_disk: Path, capfd: pytest.CaptureFixture[str]) -> None:
    random = np.random.default_rng(0)
    with pytest.raises(ExportError, match=r"No space left on device\. Make room"):
        export(
            target(small_disk, name),
            name,
            [random.integers(0, 256, (180, 320, 3), dtype=np.uint8) for _ in range(30)],
        )
    assert os.listdir(small_disk) == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("name", FORMATS)
def test_a_disk_that_is_full_at_the_last_byte_leaves_nothing(
    name: str, small_disk: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (small_disk / "other").write_bytes(bytes(64 * 1024))
    with pytest.raises(ExportError, match="No space left on device"):
        export(target(small_disk, name), name, [picture((64, 64), 0)] * 2)
    assert os.listdir(small_disk) == ["other"]
    assert capfd.readouterr() == ("", "")


def fail_after(n_frames: int) -> Callable[..., None]:
    original = VideoWriter.add

    def add(self: VideoWriter, frame: av.VideoFrame) -> None:
        if self.n_frames >= n_frames:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        original(self, frame)

    return add


def add_until_refused(encoder: Encoder) -> ExportError:
    try:
        while True:
            encoder.add(picture((64, 64), 0))
    except ExportError as error:
        return error


def test_an_error_of_the_thread_is_raised_where_pictures_are_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(VideoWriter, "add", fail_after(3))
    encoder = Encoder(tmp_path / "run.mp4", "mp4", (64, 64), FPS)
    encoder.start()
    error = add_until_refused(encoder)
    assert "No space left on device" in str(error)
    assert os.listdir(tmp_path) == []
    with pytest.raises(ExportError, match="No space left on device"):
        encoder.finish()


def test_an_error_at_the_last_picture_is_raised_by_finish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(VideoWriter, "add", fail_after(2))
    with pytest.raises(ExportError, match="No space left on device"):
        export(tmp_path / "run.webm", "webm", [picture((64, 64), 0)] * 3)
    assert os.listdir(tmp_path) == []


def test_an_unknown_codec_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    original = VideoWriter.__init__

    def open_writer(self, path, movie, container, codec, *options) -> None:
        original(self, path, movie, container, "libnothing", *options)

    monkeypatch.setattr(VideoWriter, "__init__", open_writer)
    with pytest.raises(ExportError, match=r"run.mp4 cannot be written: .*libnothing"):
        export(tmp_path / "run.mp4", "mp4", [picture((64, 64), 0)])
    assert os.listdir(tmp_path) == []


def test_nothing_to_export_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="no picture"), Encoder(tmp_path / "run.mp4", "mp4", (64, 64), FPS):
        pass
    assert os.listdir(tmp_path) == []


class Gate:
    """Holds the thread at each picture until it is opened."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.reached = threading.Event()
        self.opened = threading.Event()
        original = VideoWriter.add

        def add(writer: VideoWriter, frame: av.VideoFrame) -> None:
            self.reached.set()
            assert self.opened.wait(30)
            original(writer, frame)

        monkeypatch.setattr(VideoWriter, "add", add)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    gate = Gate(monkeypatch)
    yield gate
    gate.opened.set()


def in_thread(function: Callable[[], object]) -> threading.Thread:
    thread = threading.Thread(target=function)
    thread.start()
    return thread


def test_a_slow_encoder_makes_the_producer_wait(tmp_path: Path, gate: Gate) -> None:
    encoder = Encoder(tmp_path / "run.mp4", "mp4", (64, 64), FPS)
    encoder.start()
    encoder.add(picture((64, 64), 0))
    assert gate.reached.wait(30)
    for index in range(QUEUE_LENGTH):  # One is being encoded; all of these find room.
        encoder.add(picture((64, 64), index))
    one_more = in_thread(lambda: encoder.add(picture((64, 64), 0)))
    one_more.join(0.2)
    assert one_more.is_alive()
    assert encoder.n_encoded == 0
    gate.opened.set()
    one_more.join(30)
    encoder.finish()
    assert encoder.n_encoded == 2 + QUEUE_LENGTH


def test_cancelling_frees_a_producer_that_waits(tmp_path: Path, gate: Gate) -> None:
    encoder = Encoder(tmp_path / "run.mp4", "mp4", (64, 64), FPS)
    encoder.start()
    seen: list[Exception] = []
    producer = in_thread(lambda: seen.append(add_until_refused(encoder)))
    assert gate.reached.wait(30)
    cancelling = in_thread(encoder.cancel)
    gate.opened.set()
    cancelling.join(30)
    producer.join(30)
    assert [type(error) for error in seen] == [ExportCancelledError]
    assert os.listdir(tmp_path) == []


def test_memory_stays_flat(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The frames that are alive at once, counted over 2,000."""
    alive: list[int] = []
    encoder = Encoder(tmp_path / "run.mp4", "mp4", (32, 32), FPS)
    original = VideoWriter.add

    def add(writer: VideoWriter, frame: av.VideoFrame) -> None:
        alive.append(encoder.n_waiting)
        original(writer, frame)

    monkeypatch.setattr(VideoWriter, "add", add)
    still = picture((32, 32), 0)
    with encoder:
        for _ in range(2000):
            encoder.add(still)
    assert len(alive) == encoder.n_encoded == 2000
    assert max(alive) <= QUEUE_LENGTH


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"format": "avi"}, "format must be one of mp4, webm, gif, apng, webp, png; got 'avi'"),
        ({"size": (321, 180)}, "needs an even width and height; got 321 x 180"),
        ({"size": (320, 0)}, "pixels; got 0"),
        ({"size": (LARGEST_SIDE + 2, 2)}, "pixels"),
        ({"fps": 0}, "1 to 120 frames per second; got 0"),
        ({"fps": float("nan")}, "got nan"),
        ({"format": "gif", "fps": 60}, "GIF shows 1 to 50 frames per second; got 60"),
        ({"hold_s": -1}, "got -1"),
        ({"hold_s": 61}, "the last picture can stay 0 to 60 seconds"),
        ({"hold_start_s": 61}, "the first picture can stay 0 to 60 seconds"),
    ],
)
def test_what_cannot_be_is_said_before_it_starts(options: dict, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=sentence):
        Encoder(**{"path": tmp_path / "run", "format": "mp4", "size": (320, 180), "fps": 30} | options)


@pytest.mark.parametrize(
    "wrong",
    [
        np.zeros((64, 60, 3), np.uint8),
        np.zeros((64, 64), np.uint8),
        np.zeros((64, 64, 3)),
        np.zeros((64, 64, 2), np.uint8),
    ],
)
def test_a_picture_of_another_shape_is_refused(wrong: np.ndarray, tmp_path: Path) -> None:
    encoder = Encoder(tmp_path / "run.mp4", "mp4", (64, 64), FPS)
    encoder.start()
    with pytest.raises(ValueError, match="a picture must be uint8 of shape"):
        encoder.add(wrong)
    encoder.cancel()


def test_an_encoder_is_used_in_its_order(tmp_path: Path) -> None:
    encoder = Encoder(tmp_path / "run.mp4", "mp4", (64, 64), FPS)
    encoder.cancel()  # Before it starts, harmless.
    with pytest.raises(RuntimeError, match="not been started"):
        encoder.add(picture((64, 64), 0))


def test_formats_say_what_fits_them() -> None:
    assert FORMATS["mp4"].nearest_size(321, 1) == (320, 2)
    assert FORMATS["gif"].nearest_size(321, 99_999) == (321, LARGEST_SIDE)
    assert [fps for fps in (10, 20, 24, 25, 30, 50) if FORMATS["gif"].is_exact(fps)] == [10, 20, 25, 50]
    assert FORMATS["mp4"].is_exact(29.97)
    assert not FORMATS["webp"].is_exact(30)
