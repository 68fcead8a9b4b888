"""What the program says of itself and of its engine."""

import builtins

import numpy as np
import pytest

from gui.program import versions
from model.training.compiled import cache


@pytest.mark.parametrize(
    ("there", "sentence"),
    [
        ({}, "NumPy, for numba is not installed"),
        ({"is_installed"}, "NumPy, until the window has compiled"),
        ({"is_installed", "is_ready"}, "compiled, with numba 1.2"),
    ],
)
def test_the_engine_of_a_new_run_is_said(there, sentence, monkeypatch):
    monkeypatch.setenv(cache.ENGINE_VARIABLE, "compiled")
    monkeypatch.setattr(cache, "version", lambda: "numba 1.2")
    for name in ("is_installed", "is_ready"):
        monkeypatch.setattr(cache, name, lambda name=name: name in there)

    assert versions.engine_sentence().startswith(sentence)
    assert versions.all_lines().endswith(versions.engine_sentence())


def test_who_wants_numpy_is_told_so(monkeypatch):
    monkeypatch.setenv(cache.ENGINE_VARIABLE, "numpy")

    assert cache.ENGINE_VARIABLE in versions.engine_sentence()


def test_a_package_that_is_not_there_is_said_and_not_raised(monkeypatch):
    monkeypatch.setattr(versions, "_PACKAGES", {"NumPy": "numpy", "numba": "no-such-package"})
    found = versions.versions()

    assert (found["NumPy"], found["numba"]) == (np.__version__, "not installed")


def test_without_numpy_the_version_is_said_all_the_same(monkeypatch):
    original = builtins.__import__

    def without(name, *arguments, **options):
        if name.startswith("model"):
            raise ModuleNotFoundError("No module named 'numpy'", name="numpy")
        return original(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)

    assert versions.all_lines().startswith("NetCanvas ")
    assert versions.engine_sentence() == "none, for numpy is not installed"
