"""Reading lessons, from a folder or one zip of it, without trust in what is there."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from model.experiment import SUFFIX, ExperimentError, read_experiment
from model.experiment.archive import checked_zip, open_regular, read_member
from model.lessons.lesson import LESSON_NAME, Lesson, LessonError
from model.lessons.parsing import parse_lesson
from model.types import name_of, shortened

MAX_TEXT_BYTES = 200_000
MAX_EXPERIMENT_BYTES = 20_000_000
"""All experiment files of a lesson together."""

MAX_EXPERIMENTS = 16

_NO_LESSON = "it is not a lesson: a folder, or a zip of one, in which there is lesson.md"
_NEARLY = frozenset({"lesson.md", "lesson.md.txt", "lesson.txt", "lesson.markdown", "lesson"})
_LONGEST_REASON = 300
_UNSEEN = ("Cc", "Cs", "Zl", "Zp")

_log = logging.getLogger(__name__)


def read_lesson(path: str | os.PathLike[str]) -> Lesson:
    """Read a lesson, whatever is in it.

    Parameters
    ----------
    path : path-like
        A folder, the ``lesson.md`` in one, or a zip of a folder or of what is in it. Other files that are there are
        left alone; nothing outside the folder is read, and nothing is unpacked.

    Raises
    ------
    LessonError
        If it cannot be read, or anything in it is not allowed. Where that is a line, the message begins with
        ``lesson.md, line``. Nothing else is raised.
    """
    source = Path(path)
    with _reading(source):
        if source.name == LESSON_NAME:
            source = source.parent
        name = source.resolve().name
        is_folder = source.is_dir()
        if not is_folder:
            name = name.removesuffix(".zip")
        files = _in_folder(source) if is_folder else _in_zip(source)
    text = _text(files.pop(LESSON_NAME))
    lesson = parse_lesson(text, name, files)
    for experiment, data in files.items():
        try:
            read_experiment(io.BytesIO(data), experiment)
        except ExperimentError as error:
            raise LessonError(str(error)) from error
    return lesson


def is_lesson(path: str | os.PathLike[str]) -> bool:
    """Return whether a path is meant as a lesson, whole or not: what has ``lesson.md`` in it, or is that."""
    source = Path(path)
    try:
        if source.is_dir():
            return (source / LESSON_NAME).exists()
        if source.name == LESSON_NAME:
            return True
        with open_regular(source) as file, checked_zip(file, _NO_LESSON) as archive:
            return any(PurePosixPath(name).name == LESSON_NAME for name in archive.namelist())
    except (OSError, ValueError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error, EOFError):
        return False


@contextlib.contextmanager
def _reading(source: Path) -> Iterator[None]:
    """Let what goes wrong with files be a LessonError that names the lesson."""
    try:
        yield
    except LessonError:
        raise
    except FileNotFoundError as error:
        raise _error(source, "there is no such file") from error
    except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, NotImplementedError) as error:
        raise _error(source, "it is incomplete or damaged") from error
    except OSError as error:
        reason = error.strerror or str(error)
        raise _error(source, reason[:1].lower() + reason[1:]) from error
    except (ValueError, RuntimeError) as error:
        raise _error(source, error) from error
    except Exception as error:
        _log.exception("unexpected while reading %s", source)
        raise _error(source, "it is incomplete or damaged") from error


def _error(source: Path, reason: object) -> LessonError:
    text = shortened(" ".join(str(reason).split()).rstrip("."), _LONGEST_REASON)
    return LessonError(f"{name_of(source)} cannot be opened: {text}.")


def _in_folder(folder: Path) -> dict[str, bytes]:
    """Return what the lesson's files in a folder hold; one that leads out of it is refused."""
    with os.scandir(folder) as entries:
        every = sorted(entry.name for entry in entries)
    names = [name for name in every if _is_of_lesson(name)]
    _check_names(names, every)
    files: dict[str, bytes] = {}
    left = MAX_EXPERIMENT_BYTES
    for name in names:
        file_path = folder / name
        if os.path.realpath(file_path) != os.path.join(os.path.realpath(folder), name):
            raise ValueError(f"{name} leads out of the folder")
        limit = MAX_TEXT_BYTES if name == LESSON_NAME else left
        with open_regular(file_path, limit) as file:
            files[name] = file.read(limit + 1)
        if name != LESSON_NAME:
            left -= len(files[name])
    return files


def _in_zip(path: Path) -> dict[str, bytes]:
    with (
        open_regular(path, MAX_EXPERIMENT_BYTES + MAX_TEXT_BYTES) as file,
        checked_zip(file, _NO_LESSON) as archive,
    ):
        members = _members(archive)
        _check_names(list(members), list(members))
        files: dict[str, bytes] = {}
        left = MAX_EXPERIMENT_BYTES
        for name, member in members.items():
            limit = MAX_TEXT_BYTES if name == LESSON_NAME else left
            files[name] = read_member(archive, member, limit).getvalue()
            if name != LESSON_NAME:
                left -= len(files[name])
        return files


def _members(archive: zipfile.ZipFile) -> dict[str, str]:
    """Return the lesson's files in a zip: the name of each in the folder, and in the zip."""
    found = {}
    for member in archive.namelist():
        place = PurePosixPath(member)
        if place.is_absolute() or ".." in place.parts or "\\" in member:
            raise ValueError(f"{shortened(member)} leads out of its folder")
        # What a desktop adds to a zip, such as __MACOSX, is not the person's.
        if not any(part.startswith((".", "__")) for part in place.parts) and not member.endswith("/"):
            found[place] = member
    folders = {place.parent for place in found if place.name == LESSON_NAME and len(place.parts) <= 2}
    if len(folders) != 1:
        raise ValueError(
            _none_of([place.name for place in found])
            if not folders
            else "there are several lessons in it; pack each in a zip of its own"
        )
    folder = folders.pop()
    return {
        place.name: member for place, member in found.items() if place.parent == folder and _is_of_lesson(place.name)
    }


def _is_of_lesson(name: str) -> bool:
    return name == LESSON_NAME or (name.endswith(SUFFIX) and not name.startswith(".") and name.isprintable())


def _none_of(names: list[str]) -> str:
    """Return that there is no lesson, and which file is nearly one: editors hide or add an ending."""
    nearly = next((name for name in names if name != LESSON_NAME and name.casefold() in _NEARLY), None)
    return _NO_LESSON + (f"; rename {nearly} to that" if nearly is not None else "")


def _check_names(names: list[str], every: list[str]) -> None:
    """Raise a ValueError unless there is a lesson among the names, of every file, and not too much with it."""
    if LESSON_NAME not in names:
        raise ValueError(_none_of(every))
    if len(names) > MAX_EXPERIMENTS + 1:
        raise ValueError(f"it may have {MAX_EXPERIMENTS} experiment files; got {len(names) - 1:,}")


def _text(data: bytes) -> str:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise LessonError.at(line, "it is not UTF-8, in which texts must be saved") from error
    for number, line_text in enumerate(text.split("\n"), start=1):
        if any(unicodedata.category(character) in _UNSEEN and character not in "\t\r" for character in line_text):
            raise LessonError.at(number, "there is a control character in it")
    return text
