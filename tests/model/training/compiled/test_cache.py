"""Compiled code is fetched where it is whole and of this program and machine, and made where it is not."""

import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

import model
from model import Dataset, Network, Trainer, TrainingSettings
from model.training.compiled import cache

pytest.importorskip("numba")

WITHOUT = """
import sys
import numpy as np
from model import Dataset, Network, Trainer, TrainingSettings
trainer = Trainer(Network([2, 3, 2]), Dataset(np.eye(2), [0, 1]), TrainingSettings())
trainer.run_steps(10)
assert trainer.engine == "numpy"
print(*sys.modules)
"""


@pytest.fixture(scope="module")
def made():
    """Return a folder of compiled code as it is made."""
    if not cache.is_ready():
        cache.build()  # Or wait for the process that does.
    assert cache.is_ready()
    return cache.folder()


@pytest.fixture
def place(made, tmp_path, monkeypatch):
    """Return where the program looks for compiled code: nothing is there."""
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "compiled"))
    assert cache.folder().parent == tmp_path / "compiled"
    return cache.folder()


@pytest.fixture
def quick(made, monkeypatch):
    """Let compiling take no time: what is made is copied. Return the folders that it was made for."""
    folders = []

    def compile_quickly(folder):
        folders.append(folder)
        if folder is not None and not any(folder.iterdir()):
            shutil.copytree(made, folder, dirs_exist_ok=True)
            (folder / "manifest.json").unlink()
        return len(folders)

    monkeypatch.setattr("model.training.compiled.kernel.compiled_kernel", compile_quickly)
    monkeypatch.setattr(cache, "start_build", BuiltHere)
    return folders


@pytest.fixture
def fetched_anew():
    """Forget the steps that this process has, before and after the test."""
    cache._kernel.cache_clear()
    yield
    cache._kernel.cache_clear()


class BuiltHere:
    """A process that compiles, in this one."""

    def wait(self):
        try:
            cache.build()
        except OSError:
            return 1
        return 0


def trained():
    points = np.random.default_rng(0).uniform(-3.0, 3.0, (20, 2))
    trainer = Trainer(Network([2, 3, 2]), Dataset(points, np.arange(20) % 2), TrainingSettings(), engine="compiled")
    trainer.run_steps(10)
    return trainer


def files_of(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file())


def test_what_is_made_is_fetched_and_not_compiled_again(made):
    from model.training.compiled.kernel import compiled_kernel

    before = [(path, path.stat().st_mtime_ns) for path in files_of(made)]
    kernel = compiled_kernel(made)

    assert (sum(kernel.stats.cache_hits.values()), sum(kernel.stats.cache_misses.values())) == (1, 0)
    assert [(path, path.stat().st_mtime_ns) for path in files_of(made)] == before


def test_a_first_start_compiles_and_a_second_one_does_not(place, quick):
    assert not cache.is_ready()
    cache._fetch()
    assert cache.is_ready()
    assert len(quick) == 2  # made, and fetched
    assert [path.name for path in place.parent.iterdir() if path.is_dir()] == [place.name]

    os.utime(place, (1, 1))
    cache._fetch()
    assert quick[2:] == [place]
    assert place.stat().st_mtime > 1, "it has been used"


def test_two_that_start_at_once_compile_once(place, quick):
    threads = [threading.Thread(target=cache.build) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert cache.is_ready()
    if os.name == "posix":
        assert len(quick) == 1


def cut_off(file):
    file.write_bytes(file.read_bytes()[:-7])


def with_another_byte(file):
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


@pytest.mark.parametrize("damage", [Path.unlink, cut_off, with_another_byte])
@pytest.mark.parametrize("number", range(3))
def test_what_is_damaged_is_made_again(made, place, quick, damage, number):
    shutil.copytree(made, place)
    assert cache.is_ready()

    assert len(files_of(place)) == 3
    damage(files_of(place)[number])
    assert not cache.is_ready()
    cache._fetch()
    assert cache.is_ready()
    assert files_of(place) == [place / path.relative_to(made) for path in files_of(made)]


def test_what_somebody_else_put_there_is_not_taken(made, place):
    shutil.copytree(made, place)
    (place / "more.nbc").write_bytes(b"code")

    assert not cache.is_ready()


@pytest.mark.parametrize("other", ["processor", "version"])
def test_code_for_another_machine_or_version_is_another_folder(made, monkeypatch, other):
    own = cache.folder()
    cache._identity.cache_clear()
    if other == "processor":
        monkeypatch.setattr(cache, "_processor", lambda: "another")
    else:
        monkeypatch.setattr("importlib.metadata.version", lambda name: "99.0")
    try:
        assert cache.folder() != own
        assert not cache.is_ready()
    finally:
        cache._identity.cache_clear()


def test_where_nothing_can_be_kept_it_is_compiled_for_this_start(place, quick, caplog, fetched_anew):
    place.parent.write_text("no folder", encoding="utf-8")

    assert cache._fetch() == 1
    assert quick == [None]
    assert "cannot be kept" in caplog.text


def test_without_numba_numpy_trains(made, monkeypatch, fetched_anew):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)

    assert not cache.is_installed()
    assert not cache.is_ready()
    assert cache.kernel() is None
    trainer = trained()
    assert (trainer.engine, trainer.step_count) == ("numpy", 10)


def test_where_compiling_fails_numpy_trains(monkeypatch, caplog, fetched_anew):
    def fail():
        raise SystemError("a foreign compiler")

    monkeypatch.setattr(cache, "_fetch", fail)
    trainer = trained()

    assert (trainer.engine, trainer.step_count) == ("numpy", 10)
    assert "a foreign compiler" in caplog.text


def test_the_folders_that_were_used_last_are_kept(place, monkeypatch):
    monkeypatch.setattr(cache, "_KEPT", 4)
    for number in range(6):
        folder = place.parent / f"old-{number}"
        folder.mkdir(parents=True)
        os.utime(folder, (number, number))
    place.mkdir()

    (place.parent / "old-0.lock").touch()
    (place.parent / "new-abc").mkdir()
    (place.parent / "new-left").mkdir()
    os.utime(place.parent / "new-left", (0, 0))

    cache._forget_old(place)

    left = sorted(path.name for path in place.parent.iterdir())
    assert left == sorted([place.name, "new-abc", "old-3", "old-4", "old-5"])


def test_a_process_of_its_own_finds_what_is_made_and_ends(made):
    assert cache.start_build().wait(timeout=60) == 0


def test_a_program_that_trains_with_numpy_does_without_numba():
    checkout = Path(model.__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], cwd=checkout, capture_output=True, text=True, check=True, timeout=60
    )

    assert "model.training.trainer" in done.stdout.split()
    assert not {"numba", "llvmlite", "model.training.compiled.cache"} & set(done.stdout.split())
