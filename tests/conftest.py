"""What every test gets: folders of its own, and time."""

import os
import signal
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")  # as main.py does, before NumPy is imported

# Who starts the tests in the background of a script lets them, and every program that they start, ignore Ctrl+C.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# How long an example takes depends on what else the machine does.
settings.register_profile("netcanvas", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("netcanvas")


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Keep the person's settings and logs out of the tests, here and in programs that a test starts."""
    folder = tmp_path / "settings"
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return folder
