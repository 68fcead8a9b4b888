"""TrainingEngine: what takes the steps of the run, and whether compiled code is there for the next one."""

from __future__ import annotations

import logging
import subprocess
from enum import Enum
from typing import NamedTuple

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from gui.document.run import LiveRun
from model.training.engines import NUMPY, Engine

_log = logging.getLogger(__name__)

_LOOK_MS = 250
"""How often it is looked whether compiling has ended."""


class Compiled(Enum):
    """Whether there is compiled code; the value says in a sentence what that means for a person."""

    UNKNOWN = "Nobody has looked yet whether there is compiled code."
    UNWANTED = "Nothing is compiled, as the environment variable NETCANVAS_ENGINE says."
    MISSING = "The compiled engine, which is several times as fast, needs the Python package numba, which is not there."
    COMPILING = (
        "Faster steps are being compiled in the background, once for this version on this machine. "
        "The next new run takes them."
    )
    READY = "There is compiled code."
    NOWHERE = "Compiled code, which is several times as fast, has nowhere to be kept: {folder} cannot be written."
    FAILED = "Steps cannot be compiled here; the log says why."


class EngineWords(NamedTuple):
    """What takes the steps: in one or two words, and in a few sentences."""

    short: str
    long: str


class TrainingEngine(QObject):
    """Has steps compiled in a process of its own where they are not yet, and says what trains the run.

    Parameters
    ----------
    run : LiveRun
    parent : QObject, optional
    """

    changed = Signal()

    def __init__(self, run: LiveRun, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self._compiled = Compiled.UNKNOWN
        self._process: subprocess.Popen[bytes] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self._look_at_process)

    def close(self) -> None:
        """Look no more; a process that compiles does so to its end, for the next start."""
        self._timer.stop()

    @property
    def compiled(self) -> Compiled:
        """Whether there is compiled code."""
        return self._compiled

    @Slot()
    def prepare(self) -> None:
        """Have compiled code fetched, or made where there is none; for when nobody waits for the window any more."""
        from model.training.compiled import cache

        if not cache.is_wanted():
            self._set(Compiled.UNWANTED)
        elif not cache.is_installed():
            self._set(Compiled.MISSING)
        elif cache.is_ready():
            self._take_ready()
        elif self._process is None:
            self._process = cache.start_build(gently=True)
            self._timer.start()
            self._set(Compiled.COMPILING)

    @Slot()
    def _look_at_process(self) -> None:
        from model.training.compiled import cache

        status = None if self._process is None else self._process.poll()
        if status is None:
            return
        self._timer.stop()
        self._process = None
        if cache.is_ready():
            self._take_ready()
        else:
            _log.warning("Compiling for %s ended with status %s", cache.base_folder(), status)
            self._set(Compiled.NOWHERE if status == cache.NOWHERE else Compiled.FAILED)

    def _take_ready(self) -> None:
        self._run.fetch_engine()
        self._set(Compiled.READY)

    def _set(self, compiled: Compiled) -> None:
        self._compiled = compiled
        self.changed.emit()

    def words(self) -> EngineWords:
        """Return what takes the steps of the displayed run."""
        moment = self._run.displayed.moment
        engine = moment.checkpoint.engine
        if engine is None:
            engine = Engine("compiled") if self._compiled is Compiled.READY else NUMPY
        acting = engine.acting(moment.setup)
        sentences = [_ACTING[acting], *self._reasons(engine, acting), *self._earlier(engine)]
        is_busy = acting == "numpy" and self._compiled is Compiled.COMPILING
        return EngineWords(_SHORT[acting] + (" · compiling" if is_busy else ""), " ".join(sentences))

    def _reasons(self, engine: Engine, acting: str) -> list[str]:
        """Return why NumPy takes the steps."""
        if acting == "compiled":
            return [f"It was made with {engine.version}."] if engine.version else []
        if engine.name == "compiled":
            return ["There is no compiled code for what is set, or it would be slower for layers so wide."]
        if self._compiled is Compiled.READY:
            return ["This run began with NumPy and keeps it, to stay the same run; a new one takes compiled code."]
        return [] if self._compiled is Compiled.UNKNOWN else [self._compiled.value.format(folder=_folder())]

    def _earlier(self, engine: Engine) -> list[str]:
        """Return with what the run began, where that is not there."""
        frames = self._run.history.frames
        first = frames[0].checkpoint.engine if frames else None
        if first is None or first == engine:
            return []
        began = f"compiled code ({first.version})" if first.name == "compiled" else "NumPy"
        return [f"The run began with {began}, which is not here: repeated, it may differ in the last digits."]


_SHORT = {"numpy": "NumPy", "compiled": "Compiled"}

_ACTING = {
    "numpy": "NumPy takes the steps, in turns with the window.",
    "compiled": "Compiled code takes the steps, while the window draws.",
}


def _folder() -> str:
    from model.training.compiled import cache

    return str(cache.base_folder())
