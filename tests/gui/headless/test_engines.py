"""``train --engine``: what takes the steps."""

import json

import pytest

import main
from model.training.compiled import cache

TINY = ["train", "--dataset", "moons", "--points", "40", "--hidden", "4", "--steps", "60", "--json"]


@pytest.fixture
def trained(capsys):
    """Return what trains with options, and returns the result and what was said beside it."""

    def train(*options):
        assert main.main([*TINY, *options]) == 0
        output = capsys.readouterr()
        return json.loads(output.out), output.err

    return train


def test_both_engines_lead_to_the_same_figures(trained):
    pytest.importorskip("numba")
    cache.kernel()
    reference, _ = trained()
    named, _ = trained("--engine", "numpy")
    compiled, said = trained("--engine", "compiled")

    assert (reference["engine"], named["engine"], compiled["engine"], said) == ("numpy", "numpy", "compiled", "")
    assert (compiled["step"], compiled["epoch"]) == (reference["step"], reference["epoch"])
    assert compiled["train"] == pytest.approx(reference["train"], rel=1e-9)
    assert compiled["test"] == pytest.approx(reference["test"], rel=1e-9)


def test_what_compiled_code_does_not_cover_is_trained_by_numpy(trained):
    pytest.importorskip("numba")
    result, said = trained("--engine", "compiled", "--optimizer", "random_search")

    assert (result["engine"], said) == ("numpy", "")


def test_without_numba_it_is_said_and_numpy_trains(trained, monkeypatch):
    monkeypatch.setattr(cache, "kernel", lambda: None)
    monkeypatch.setattr(cache, "is_installed", lambda: False)
    result, said = trained("--engine", "compiled")

    assert result["engine"] == "numpy"
    assert said == "note: the compiled engine does not work here, so NumPy trains: is numba installed?\n"


def test_a_person_who_waits_for_the_first_compilation_knows_why(trained, monkeypatch):
    monkeypatch.setattr(cache, "is_installed", lambda: True)
    monkeypatch.setattr(cache, "is_at_hand", lambda: False)
    monkeypatch.setattr(cache, "kernel", lambda: None)
    _, said = trained("--engine", "compiled")

    assert said.startswith("note: compiling, which takes some 20 seconds, once for this version on this machine\n")


def test_an_engine_that_there_is_not_is_named(capsys):
    with pytest.raises(SystemExit) as stop:
        main.main([*TINY, "--engine", "gpu"])

    assert stop.value.code == 2
    assert "gpu" in capsys.readouterr().err
