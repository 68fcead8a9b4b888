"""What the program is made of, for ``--version`` and Help > About: versions, and what takes the steps of a run."""

from __future__ import annotations

import platform
from importlib import metadata

from gui.program.startup import version

_PACKAGES = {"NumPy": "numpy", "PySide6": "PySide6_Essentials", "pyqtgraph": "pyqtgraph", "numba": "numba"}
"""What a person knows them by -> what they are installed as."""


def versions() -> dict[str, str]:
    """Return the versions of the program, of Python, and of the packages that matter most, by name."""
    found = {"NetCanvas": version(), "Python": platform.python_version()}
    for name, package in _PACKAGES.items():
        try:
            found[name] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def engine_sentence() -> str:
    """Return what takes the steps of a new run."""
    try:
        from model.training.compiled import cache
    except ImportError as error:
        return f"none, for {error.name} is not installed"
    if not cache.is_wanted():
        return f"NumPy, as the environment variable {cache.ENGINE_VARIABLE} says"
    if not cache.is_installed():
        return "NumPy, for numba is not installed"
    if cache.is_ready():
        return f"compiled, with {cache.version()}"
    return "NumPy, until the window has compiled faster steps in the background"


def all_lines() -> str:
    """Return everything in lines, as a report of a fault needs it."""
    name, *others = (f"{name} {number}" for name, number in versions().items())
    return f"{name}\n{', '.join(others)}\nengine: {engine_sentence()}"
