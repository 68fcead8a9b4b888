"""Fixtures of the tests of the model."""

import pytest

from model.run.record import record
from model.run.run import Run, trainer_at
from model.training.compiled import cache
from model.training.engines import ENGINES
from model.training.trainer import Trainer


@pytest.fixture(params=ENGINES)
def engine(request, monkeypatch):
    """Let all that trains in a test train with each of the engines, if nothing else is said."""
    if request.param == "compiled" and not cache.is_installed():
        pytest.skip("numba is not installed")
    for function in (Trainer.__init__, Run.__init__, record, trainer_at):
        *others, last = function.__defaults__
        assert last == "numpy"
        monkeypatch.setattr(function, "__defaults__", (*others, request.param))
    return request.param
