"""The zip of experiment files: written whole or not at all, and read without trust in what it says of itself."""

from __future__ import annotations

import contextlib
import io
import os
import shutil
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping, Set
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from model.types import PARSING
from model.writing import write_whole

JSON_NAME, ARRAYS_NAME = "experiment.json", "arrays.npz"
MEMBERS = frozenset({JSON_NAME, ARRAYS_NAME})

MAX_FILE_BYTES = 160_000_000
MAX_ARRAY_BYTES = 150_000_000
"""All arrays together; the key frames of a run have 64 MB in memory by default."""

NO_EXPERIMENT = "it is not a NetCanvas experiment"

Arrays: TypeAlias = dict[str, NDArray[Any]]

_MAX_MEMBERS = 32
_MAX_DIRECTORY_BYTES = 16_000
_MAX_HEADER_BYTES = 4_000
_CHUNK = 1 << 20
_END = struct.Struct("<4s4H2LH")
_DAMAGED = "it is incomplete or damaged"


# Reading


@contextlib.contextmanager
def open_regular(path: Path, most_bytes: int = MAX_FILE_BYTES) -> Iterator[IO[bytes]]:
    """Open a file to read it, if it is one.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is no regular file, or a larger one.
    """
    # Opening a pipe would wait for somebody to write to it.
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is not a file")
    if status.st_size > most_bytes:
        raise ValueError(f"it may have {most_bytes:,} bytes; got {status.st_size:,}")
    with open(path, "rb") as file:
        yield file


def read_member(archive: zipfile.ZipFile, name: str, limit: int) -> io.BytesIO:
    """Return what a member holds, at most `limit` bytes."""
    size = archive.getinfo(name).file_size
    if size > limit:
        raise ValueError(f"{name} may have {limit:,} bytes; got {size:,}")
    data = io.BytesIO()
    with archive.open(name) as stream:
        shutil.copyfileobj(stream, data, _CHUNK)
    if data.tell() != size:
        raise ValueError(_DAMAGED)
    data.seek(0)
    return data


def checked_zip(file: IO[bytes], foreign: str) -> zipfile.ZipFile:
    """Open a zip of a few members, stored or deflated.

    Parameters
    ----------
    file : file of bytes
        One that can seek.
    foreign : str
        What to say of a file that is not a zip, or has more members than a few.

    Raises
    ------
    ValueError
        If it is none.
    BadZipFile
        If it is damaged.
    """
    _check_end(file, foreign)
    archive = zipfile.ZipFile(file)
    if len(set(archive.namelist())) < len(archive.namelist()):
        raise ValueError("one of its parts is there twice")
    methods = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    if any(info.flag_bits & 1 or info.compress_type not in methods for info in archive.infolist()):
        raise ValueError("it is encrypted or packed in a way that is not allowed")
    return archive


def _check_end(file: IO[bytes], foreign: str) -> None:
    """Refuse a file that does not end as a small zip does: zipfile would make objects of a million entries."""
    start, size = file.read(4), file.seek(0, os.SEEK_END)
    if start not in (b"PK\3\4", b"PK\5\6"):
        raise ValueError(foreign if size else "it is empty")
    file.seek(-min(size, _END.size + 20), os.SEEK_END)
    tail = file.read()
    if len(tail) < _END.size:
        raise ValueError(_DAMAGED)
    name, disk, first_disk, on_disk, n_members, n_bytes, _, comment = _END.unpack(tail[-_END.size :])
    # "PK 6 7" begins what leads to a second, 64-bit directory with counts of its own.
    if name != b"PK\5\6" or disk or first_disk or comment or on_disk != n_members or tail.startswith(b"PK\6\7"):
        raise ValueError(_DAMAGED)
    if n_members > _MAX_MEMBERS or n_bytes > _MAX_DIRECTORY_BYTES:
        raise ValueError(foreign)


def read_arrays(
    archive: zipfile.ZipFile, expected: Mapping[str, tuple[np.dtype[Any], int | None]], optional: Set[str]
) -> Arrays:
    """Return the arrays of the member ``arrays.npz``.

    Parameters
    ----------
    archive : ZipFile
    expected : mapping of str to (dtype, int or None)
        For every array its dtype and, where it has two dimensions, the length of the second.
    optional : set of str
        Which of them may be missing; they have one dimension, and are then empty.

    Raises
    ------
    ValueError
        If there are others, of other types or shapes, or too large ones.
    """
    file = read_member(archive, ARRAYS_NAME, MAX_ARRAY_BYTES + 100_000)
    with checked_zip(file, _DAMAGED) as inner:
        there = set(inner.namelist())
        missing = {name for name in optional if f"{name}.npy" not in there}
        wrong = sorted(there ^ {f"{name}.npy" for name in expected.keys() - missing})
        if wrong:
            raise ValueError(f"{ARRAYS_NAME} lacks arrays or has others: {', '.join(wrong[:3])[:100]}")
        if sum(info.file_size for info in inner.infolist()) > MAX_ARRAY_BYTES:
            raise ValueError(f"its arrays may have {MAX_ARRAY_BYTES:,} bytes")
        return {
            name: np.empty(0, dtype) if name in missing else _read_array(inner, name, dtype, n_columns)
            for name, (dtype, n_columns) in expected.items()
        }


def _read_array(archive: zipfile.ZipFile, name: str, dtype: np.dtype[Any], n_columns: int | None) -> NDArray[Any]:
    member = archive.getinfo(f"{name}.npy")
    with archive.open(member) as stream:
        header = io.BytesIO(stream.read(_MAX_HEADER_BYTES))
    try:
        version = np.lib.format.read_magic(header)
        with PARSING:
            shape, is_fortran, found = np.lib.format.read_array_header_1_0(header)
    except Exception as error:
        # It raises errors of every kind when the header is not one.
        raise ValueError(f"{name} is not in NumPy's format 1.0") from error
    if version != (1, 0) or is_fortran:
        raise ValueError(f"{name} is not in NumPy's format 1.0")
    if found != dtype:
        wanted = dtype.str if dtype.names is None else "a table of its columns"
        raise ValueError(f"{name} must be of type {wanted}; got {str(found)[:60]}")
    if shape[1:] != (() if n_columns is None else (n_columns,)) or len(shape) == 0:
        raise ValueError(f"{name} has the wrong shape {shape}")
    if header.tell() + dtype.itemsize * shape[0] * (n_columns or 1) != member.file_size:
        raise ValueError(f"{name} has fewer or more numbers than it declares")
    with archive.open(member) as stream, PARSING:
        return np.lib.format.read_array(stream, allow_pickle=False)


# Writing


def write_archive(path: Path, json: bytes, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Write an experiment file; what was at `path` is whole until the new one is.

    Raises
    ------
    OSError
        If it cannot be written; the file that was there is as it was.
    """

    def write(file: IO[bytes]) -> None:
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(zipfile.ZipInfo(JSON_NAME), json, zipfile.ZIP_DEFLATED)
            # Numbers of a run hardly shrink, and would take seconds to.
            with archive.open(ARRAYS_NAME, "w") as stream, zipfile.ZipFile(stream, "w") as inner:
                for name, array in arrays.items():
                    with inner.open(f"{name}.npy", "w") as member:
                        np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)

    write_whole(path, write)
