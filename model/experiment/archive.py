"""The zip of experiment files: written whole or not at all, and read without trust in what it says of itself."""

from __future__ import annotations

import contextlib
import io
import os
import stat
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

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


def open_archive(path: Path) -> contextlib.closing[Archive]:
    """Open an experiment file, in a ``with`` statement.

    Raises
    ------
    OSError
        If it cannot be read.
    ValueError
        If it is not an experiment file.
    """
    # Opening a pipe would wait for somebody to write to it.
    status = os.stat(path)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("it is not a file")
    if status.st_size > MAX_FILE_BYTES:
        raise ValueError(f"it may have {MAX_FILE_BYTES:,} bytes; got {status.st_size:,}")
    file = open(path, "rb")  # noqa: SIM115 - the archive closes it
    try:
        return contextlib.closing(Archive(file, NO_EXPERIMENT))
    except BaseException:
        file.close()
        raise


class Archive:
    """The members of a zip file, each read with a limit.

    Parameters
    ----------
    file : binary file
        Closed by :meth:`close`.
    foreign : str
        What to say of a file that is not a zip.

    Raises
    ------
    ValueError
        If it is not a zip, or one of too many members, encrypted, or compressed in an unusual way.
    """

    def __init__(self, file: IO[bytes], foreign: str = _DAMAGED) -> None:
        _check_end(file, foreign)
        self._file = file
        self._archive = zipfile.ZipFile(file)
        self._members = {info.filename: info for info in self._archive.infolist()}
        if len(self._members) < len(self._archive.infolist()):
            raise ValueError("one of its parts is there twice")
        for info in self._members.values():
            if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise ValueError("it is encrypted or packed in a way that is not allowed")

    @property
    def names(self) -> frozenset[str]:
        """The names of all members."""
        return frozenset(self._members)

    def close(self) -> None:
        """Close the file."""
        self._archive.close()
        self._file.close()

    def size(self, name: str) -> int:
        """Return how many bytes a member says that it has."""
        return self._members[name].file_size

    def member(self, name: str) -> IO[bytes]:
        """Open a member; it gives no more bytes than it says, and its checksum is compared at its end."""
        return self._archive.open(self._members[name])

    def read(self, name: str, limit: int) -> io.BytesIO:
        """Return what a member holds, at most `limit` bytes."""
        size = self.size(name)
        if size > limit:
            raise ValueError(f"{name} may have {limit:,} bytes; got {size:,}")
        data = io.BytesIO()
        with self.member(name) as stream:
            while chunk := stream.read(_CHUNK):
                data.write(chunk)
        if data.tell() != size:
            raise ValueError(_DAMAGED)
        data.seek(0)
        return data


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
        raise ValueError(NO_EXPERIMENT)


def read_arrays(archive: Archive, expected: Mapping[str, tuple[np.dtype[Any], int | None]]) -> Arrays:
    """Return the arrays of the member ``arrays.npz``.

    Parameters
    ----------
    archive : Archive
    expected : mapping of str to (dtype, int or None)
        For every array its dtype and, where it has two dimensions, the length of the second.

    Raises
    ------
    ValueError
        If there are others, of other types or shapes, or too large ones.
    """
    inner = Archive(archive.read(ARRAYS_NAME, MAX_ARRAY_BYTES + 100_000))
    names = {f"{name}.npy": name for name in expected}
    if inner.names != set(names):
        wrong = ", ".join(sorted(inner.names ^ set(names))[:3])
        raise ValueError(f"{ARRAYS_NAME} lacks arrays or has others: {wrong[:100]}")
    if sum(inner.size(member) for member in names) > MAX_ARRAY_BYTES:
        raise ValueError(f"its arrays may have {MAX_ARRAY_BYTES:,} bytes")
    with contextlib.closing(inner):
        return {name: _read_array(inner, member, *expected[name]) for member, name in names.items()}


def _read_array(archive: Archive, member: str, dtype: np.dtype[Any], n_columns: int | None) -> NDArray[Any]:
    name = member.removesuffix(".npy")
    with archive.member(member) as stream:
        header = io.BytesIO(stream.read(_MAX_HEADER_BYTES))
    try:
        version = np.lib.format.read_magic(header)
        shape, is_fortran, found = np.lib.format.read_array_header_1_0(header)
    except Exception as error:
        # Of what is no header it raises errors of every kind.
        raise ValueError(f"{name} is not in NumPy's format 1.0") from error
    if version != (1, 0) or is_fortran:
        raise ValueError(f"{name} is not in NumPy's format 1.0")
    if found != dtype:
        wanted = dtype.str if dtype.names is None else "a table of its columns"
        raise ValueError(f"{name} must be of type {wanted}; got {str(found)[:60]}")
    if len(shape) != (1 if n_columns is None else 2) or shape[1:] != (n_columns,)[: len(shape) - 1]:
        raise ValueError(f"{name} has the wrong shape {shape}")
    if header.tell() + dtype.itemsize * shape[0] * (n_columns or 1) != archive.size(member):
        raise ValueError(f"{name} has fewer or more numbers than it declares")
    with archive.member(member) as stream:
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
