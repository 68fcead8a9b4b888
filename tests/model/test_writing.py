"""Whole files: what is there stays until the new one is complete, and nothing else is left behind."""

import errno
import os
import stat
import sys

import pytest

from model.writing import PartFile, check_place, remove_leftovers, write_whole

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX's modes, links and locks")


@pytest.fixture
def target(tmp_path):
    path = tmp_path / "run.txt"
    path.write_bytes(b"old")
    return path


def names(folder):
    return sorted(os.listdir(folder))


def mode_of(path):
    return stat.S_IMODE(path.stat().st_mode)


def pictures(path):
    """Begin a folder of one picture."""
    part = PartFile(path, is_folder=True)
    part.open()
    (part.path / "frame_00001.png").write_bytes(b"new")
    return part


def test_bytes_and_what_a_function_writes(tmp_path, target):
    write_whole(target, b"new")
    write_whole(tmp_path / "other", lambda file: file.write(b"more"))
    assert (target.read_bytes(), (tmp_path / "other").read_bytes()) == (b"new", b"more")
    assert names(tmp_path) == ["other", "run.txt"]


@pytest.mark.parametrize("is_folder", [False, True])
def test_a_place_is_tried_and_left_as_it_was(tmp_path, target, is_folder):
    place = tmp_path / "frames" if is_folder else target
    check_place(place, is_folder=is_folder)
    assert (names(tmp_path), target.read_bytes()) == (["run.txt"], b"old")
    with pytest.raises(FileNotFoundError):
        check_place(tmp_path / "no" / "run.txt", is_folder=is_folder)
    with pytest.raises((IsADirectoryError, FileExistsError)):
        check_place(target if is_folder else tmp_path, is_folder=is_folder)


def test_a_disk_that_takes_nothing_is_found_by_trying(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("model.writing.os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        check_place(tmp_path / "run.txt")
    assert names(tmp_path) == []


@posix
def test_a_link_stays_and_what_it_leads_to_is_replaced(tmp_path, target):
    (tmp_path / "link").symlink_to(target)
    write_whole(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert target.read_bytes() == b"new"


@posix
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o666])
def test_a_mode_is_kept_and_the_part_is_private(target, mode):
    target.chmod(mode)
    write_whole(target, lambda file: file.write(oct(stat.S_IMODE(os.fstat(file.fileno()).st_mode)).encode()))
    assert mode_of(target) == mode
    assert target.read_bytes() == b"0o600"


@posix
def test_a_new_file_has_the_mode_that_new_files_have(tmp_path):
    (tmp_path / "touched").touch()
    write_whole(tmp_path / "run.txt", b"new")
    assert mode_of(tmp_path / "run.txt") == mode_of(tmp_path / "touched")


@posix
def test_a_folder_keeps_its_mode(tmp_path):
    path = tmp_path / "pictures"
    path.mkdir(0o750)
    part = pictures(path)
    assert mode_of(part.path) == 0o700
    part.keep()
    assert mode_of(path) == 0o750
    assert names(path) == ["frame_00001.png"]
    assert names(tmp_path) == ["pictures"]


def raise_error(*_args, **_options):
    raise OSError(errno.EIO, "Input/output error")


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file(target, monkeypatch, failing):
    with monkeypatch.context() as patches:
        patches.setattr(os, failing, raise_error)
        with pytest.raises(OSError, match="Input/output error"):
            write_whole(target, b"new")
    assert target.read_bytes() == b"old"
    assert names(target.parent) == ["run.txt"]


def test_whatever_is_raised_leaves_the_old_file(target):
    def interrupted(file):
        file.write(b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_whole(target, interrupted)
    assert target.read_bytes() == b"old"
    assert names(target.parent) == ["run.txt"]


def test_says_what_is_in_the_place(tmp_path, target, monkeypatch):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "thesis.txt").touch()
    before = names(tmp_path)
    for path, is_folder, number, sentence in (
        (tmp_path / "folder", False, errno.EISDIR, "it is a folder"),
        (target, True, errno.EEXIST, "it is a file"),
        (tmp_path / "folder", True, errno.ENOTEMPTY, "it holds other files, which would be lost"),
        (tmp_path / "none" / "run.txt", False, errno.ENOENT, "No such file or directory"),
    ):
        with pytest.raises(OSError, match=sentence) as caught:
            PartFile(path, is_folder=is_folder).open()
        assert caught.value.errno == number
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(PermissionError, match="it is write-protected"):
        PartFile(target).open()
    assert names(tmp_path) == before


def test_a_folder_comes_back_where_the_new_one_cannot_take_its_place(tmp_path, monkeypatch):
    path = tmp_path / "pictures"
    pictures(path).keep()
    part, replace = pictures(path), os.replace
    with monkeypatch.context() as patches:
        patches.setattr(os, "replace", lambda old, new: (raise_error if old == part.path else replace)(old, new))
        with pytest.raises(OSError, match="Input/output error"):
            part.keep()
    part.discard()
    part.discard()
    assert names(tmp_path) == ["pictures"]
    assert names(path) == ["frame_00001.png"]


@pytest.mark.parametrize(
    "is_folder", [False, pytest.param(True, marks=pytest.mark.skipif(sys.platform == "win32", reason="no lock"))]
)
def test_what_a_dead_process_left_goes_and_what_a_living_one_writes_stays(tmp_path, is_folder):
    target = tmp_path / "run"
    dead, living, later = (PartFile(target, is_folder=is_folder) for _ in range(3))
    other = PartFile(tmp_path / "other", is_folder=is_folder)
    for part in (dead, other):
        part.open()
        part.discard()
        part.path.mkdir() if is_folder else part.path.touch()
    living.open()
    later.open()
    assert not dead.path.exists()
    assert living.path.exists()
    assert other.path.exists()
    remove_leftovers(tmp_path)
    assert not other.path.exists()
    assert living.path.exists()
    living.keep()
    later.discard()
    assert names(tmp_path) == ["run"]


@pytest.mark.skipif(sys.platform == "win32", reason="no lock")
@pytest.mark.parametrize("is_folder", [False, True])
def test_a_part_that_is_taken_for_a_dead_one_before_it_is_locked_is_created_again(tmp_path, monkeypatch, is_folder):
    import fcntl

    part, lock = PartFile(tmp_path / "run", is_folder=is_folder), fcntl.flock

    def late(descriptor, operation):
        monkeypatch.undo()
        part.path.rmdir() if is_folder else part.path.unlink()
        lock(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", late)
    part.open()
    part.keep()
    assert names(tmp_path) == ["run"]


@pytest.mark.skipif(sys.platform == "win32", reason="no lock")
def test_where_nothing_can_be_locked_nothing_is_removed(tmp_path, monkeypatch):
    import fcntl

    monkeypatch.setattr(fcntl, "flock", raise_error)
    left = PartFile(tmp_path / "run")
    left.path.touch()
    write_whole(tmp_path / "run", b"new")
    assert left.path.exists()


def test_what_cannot_be_removed_is_noted(tmp_path, monkeypatch, caplog):
    part = PartFile(tmp_path / "run")
    part.open()
    monkeypatch.setattr(type(part.path), "unlink", raise_error)
    part.discard()
    assert "could not be removed" in caplog.text


def test_a_part_that_was_never_there_is_not_removed(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(os, "open", raise_error)
    monkeypatch.setattr(type(tmp_path), "unlink", raise_error)
    with pytest.raises(OSError, match="Input"):
        check_place(tmp_path / "run")
    with pytest.raises(OSError, match="Input"):
        write_whole(tmp_path / "run", b"new")
    assert caplog.text == ""
