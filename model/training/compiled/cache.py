"""Compiled code: where it is kept between starts of the program, how it gets there, and how it is fetched.

Compiling takes many seconds, fetching what is compiled a fraction of one. Code is kept in the user's cache folder, in
a folder of its own for what it was made of and for: these sources, this Python, numba and processor. It is compiled in
a process of its own, so that a window stays smooth.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import metadata, util
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import platformdirs

logger = logging.getLogger(__name__)

Kernel: TypeAlias = Callable[..., None]
"""The steps, compiled; see :mod:`model.training.compiled.kernel`."""

FOLDER_VARIABLE = "NETCANVAS_COMPILED"
"""The environment variable that names another folder for compiled code."""

ENGINE_VARIABLE = "NETCANVAS_ENGINE"
"""The environment variable with which a person lets the window compile nothing and train with NumPy: ``numpy``."""

GENTLY = "--gently"
"""The argument of a process that compiles while somebody works in the window."""

NOWHERE = 3
"""The status with which a process that compiles ends where the code cannot be kept."""

_MANIFEST = "manifest.json"
_NEW = "new-"
_LONGEST_S = 3600.0
"""What begins with that is being made, unless it is so old that who made it must have been ended."""

_KEPT = 12
"""So many folders of compiled code, of 2 MB each, are kept: a person may have several Pythons and checkouts."""


def is_installed() -> bool:
    """Return whether numba is there; it is not imported."""
    return util.find_spec("numba") is not None


def is_wanted() -> bool:
    """Return whether the person lets the window compile, see :data:`ENGINE_VARIABLE`."""
    return os.environ.get(ENGINE_VARIABLE) != "numpy"


def folder() -> Path:
    """Return where compiled code for this program, Python and machine is kept; it need not be there."""
    return base_folder() / _identity()


def base_folder() -> Path:
    """Return the folder of all compiled code, of whatever program; it need not be there."""
    given = os.environ.get(FOLDER_VARIABLE)
    return Path(given) if given else Path(platformdirs.user_cache_dir("NetCanvas", appauthor=False), "compiled")


@lru_cache(maxsize=1)
def _identity() -> str:
    """Return what tells compiled code apart that must not be taken for each other's."""
    versions = [f"{name} {metadata.version(name)}" for name in ("numba", "llvmlite", "numpy")]
    options = sorted(f"{name}={value}" for name, value in os.environ.items() if name.startswith("NUMBA_"))
    kernel = Path(__file__).with_name("kernel.py")
    # numba takes what it keeps for that of another program where it was made of another file, or of an older one. In a
    # built program the file is the program.
    made_of = Path(sys.executable) if getattr(sys, "frozen", False) else kernel
    origin = f"{kernel} {made_of.stat().st_mtime_ns}"
    digest = hashlib.sha256("\n".join([sys.version, *versions, *options, _processor(), origin]).encode())
    model = Path(__file__).parents[2]
    for room in ("network", "training"):
        for source in sorted((model / room).rglob("*.py")):
            digest.update(source.read_bytes())
    return digest.hexdigest()[:32]


def version() -> str:
    """Return in short what compiled code is made with, of and for: other code may differ in the last digits."""
    return f"numba {metadata.version('numba')}, {_identity()[:8]}"


def _processor() -> str:
    """Return what the processor is and can do: code for another may end the program."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    found = dict(line.split(":", 1) for line in lines if line.startswith(("model name", "flags", "Features")))
    return f"{platform.machine()} {found}"


def is_ready() -> bool:
    """Return whether compiled code is there, whole, and need only be fetched."""
    if not is_installed():
        return False
    place = folder()
    try:
        digests = json.loads((place / _MANIFEST).read_text(encoding="utf-8"))
        return bool(digests) and digests == _digests(place)
    except (OSError, ValueError):
        return False


def _digests(place: Path) -> dict[str, str]:
    """Return the digest of each file in a folder by its name there; the manifest is none of them."""
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.name != _MANIFEST)
    return {path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def build() -> None:
    """Compile, and put the code where it is kept; what is there already and does not serve goes.

    Raises
    ------
    OSError
        If the folder cannot be written.
    ImportError
        If numba is not there.
    """
    from model.training.compiled.kernel import compiled_kernel

    place = folder()
    place.parent.mkdir(parents=True, exist_ok=True)
    with (
        _alone(place),
        tempfile.TemporaryDirectory(prefix=_NEW, dir=place.parent, ignore_cleanup_errors=True) as made,
    ):
        if is_ready():  # Another process was quicker.
            return
        new = Path(made) / place.name
        new.mkdir()
        compiled_kernel(new)
        (new / _MANIFEST).write_text(json.dumps(_digests(new)), encoding="utf-8")
        shutil.rmtree(place, ignore_errors=True)
        new.replace(place)
        _forget_old(place)


def _lock_of(place: Path) -> Path:
    return place.with_suffix(".lock")


@contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Wait for others that compile for a place, where the system lets them wait, and let others wait meanwhile."""
    try:
        import fcntl
    except ImportError:  # Windows: two may compile at once, and the later one wins.
        yield
        return
    with _lock_of(place).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_old(newest: Path) -> None:
    """Remove folders of other versions, but for the few that were used last."""
    others = [path for path in newest.parent.iterdir() if path.is_dir() and path != newest and not _is_being_made(path)]
    others.sort(key=lambda path: path.stat().st_mtime, reverse=True)
    for path in others[_KEPT - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
        _lock_of(path).unlink(missing_ok=True)


def _is_being_made(path: Path) -> bool:
    return path.name.startswith(_NEW) and time.time() - path.stat().st_mtime < _LONGEST_S


def start_build(*, gently: bool = False) -> subprocess.Popen[bytes]:
    """Start a process that compiles, and return it; :func:`is_ready` is true when it has done so.

    Parameters
    ----------
    gently : bool
        Whether others come first on a busy machine, where the system has such an order.
    """
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    command = [sys.executable, "-m", "model.training.compiled", *([GENTLY] if gently else [])]
    return subprocess.Popen(
        command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


_fetching = Lock()


def kernel() -> Kernel | None:
    """Return the compiled steps; what is not ready is compiled first, which takes many seconds.

    Returns
    -------
    Kernel or None
        None where numba is not there, or does not do.
    """
    with _fetching:
        return _kernel()


def is_at_hand() -> bool:
    """Return whether :func:`kernel` returns without compiling."""
    return _kernel.cache_info().currsize > 0 or is_ready()


def ready_kernel() -> Kernel | None:
    """Return the compiled steps; None where they would have to be compiled first, or the person does not want them."""
    return kernel() if is_wanted() and is_at_hand() else None


@lru_cache(maxsize=1)
def _kernel() -> Kernel | None:
    if not is_installed():
        return None
    try:
        return _fetch()
    except Exception:  # Whatever a foreign compiler raises: NumPy trains as well.
        logger.exception("The compiled engine does not work here")
        return None


def _fetch() -> Kernel:
    if not is_ready() and start_build().wait() < 0:
        raise RuntimeError("compiling was stopped by a signal")
    is_kept = is_ready()
    if is_kept:
        with suppress(OSError):
            os.utime(folder())  # It has been used.
    else:
        logger.warning("Compiled code cannot be kept in %s", folder())
    from model.training.compiled.kernel import compiled_kernel

    return compiled_kernel(folder() if is_kept else None)
