"""What every test gets: folders of its own, and time."""

import gc
import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # as main.py does, before NumPy is imported

os.environ["NETCANVAS_ENGINE"] = "numpy"  # What a window trains with does not depend on what is compiled already.

# Who starts the tests in the background of a script lets them, and every program that they start, ignore Ctrl+C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes depends on what else the machine does.
settings.register_profile("netcanvas", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("netcanvas")


@pytest.fixture(autouse=True, scope="module")
def what_is_there_already() -> None:
    """Leave out of each collection of garbage, of which many a test asks for some, what is there before the module."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the person's settings and logs out of the tests, here and in programs that a test starts."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return folder


@pytest.fixture(params=["numpy", "compiled"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Let all that trains in a test, a window's runs too, train with each of the engines, if nothing else is said."""
    from model.run.race import Race
    from model.run.record import record
    from model.run.run import Run
    from model.training.trainer import Trainer

    if request.param == "compiled":
        request.getfixturevalue("compiled_engine")
    for function in (Trainer.__init__, Run.__init__, Race.__init__, record):
        *others, last = function.__defaults__ or ()
        assert last == "numpy"
        monkeypatch.setattr(function, "__defaults__", (*others, request.param))
    return str(request.param)


@pytest.fixture
def compiled_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let runs that begin in a window take compiled code, which is made where it is not there yet."""
    from model.training.compiled import cache

    if cache.kernel() is None:
        pytest.skip("numba is not installed")
    monkeypatch.setenv(cache.ENGINE_VARIABLE, "compiled")
