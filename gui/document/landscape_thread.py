"""The thread that computes loss landscapes: one at a time, a slice of the work after the other."""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QThread, Signal

from model.landscape.directions import Directions
from model.landscape.landscape import Extent, Landscape, LandscapeSettings, landscape
from model.training.settings import Setup
from model.types import FloatArray

_log = logging.getLogger(__name__)

_REST, _FIRST_REST = 5.0, 1.0
"""How many times as long as a slice of the work took the thread rests after it, while something trains: less until the
first resolution is there."""

_LEAST_REST_S = 0.001
_STOP_TIMEOUT_MS = 5000


@dataclass(frozen=True, slots=True, eq=False)
class LandscapeRequest:
    """Which landscape is wanted. It is computed from copies and from what is read-only.

    Attributes
    ----------
    number : int
        Counts the requests; an answer carries it.
    setup : Setup
        Points, network and loss.
    settings : LandscapeSettings
    with_penalty : bool
        Whether what regularization adds is part of the loss.
    origin : ndarray of shape (n_parameters,)
        The weights round which it is.
    paths : tuple of tuple of ndarray of shape (n_parameters,)
        Of training, the moments of each from its beginning on.
    directions : Directions or None
        The plane, where it stands already.
    extent : Extent or None
        The part of it, likewise.
    """

    number: int
    setup: Setup
    settings: LandscapeSettings
    with_penalty: bool
    origin: FloatArray
    paths: tuple[tuple[FloatArray, ...], ...] = ()
    directions: Directions | None = None
    extent: Extent | None = None

    def landscapes(self) -> Iterator[Landscape | None]:
        """Compute it, see :func:`model.landscape.landscape.landscape`."""
        paths = [np.stack(path) for path in self.paths if path]
        directions = self.directions or self.settings.directions(self.setup.network, self.origin, paths)
        yield None
        extent = self.extent or self.settings.extent(directions, paths)
        yield None
        yield from landscape(self.setup, directions, extent, with_penalty=self.with_penalty)


@dataclass(frozen=True, slots=True, eq=False)
class LandscapeAnswer:
    """What became of a request so far: a landscape, or a sentence that says why there is none."""

    number: int
    landscape: Landscape | None = None
    problem: str = ""


class LandscapeThread(QThread):
    """Computes the landscape that was asked for last. What was asked for before is left at once.

    It has no parent and is kept until :meth:`stop`, at the latest when the interpreter ends: Qt aborts a process that
    deletes a thread which still runs.

    Attributes
    ----------
    is_considerate : bool
        Whether it leaves most of the time to others, as to the training.
    """

    answered = Signal()

    def __init__(self) -> None:
        super().__init__()
        atexit.register(self.stop)
        self.is_considerate = False
        self._changed = threading.Condition()
        self._request: LandscapeRequest | None = None
        self._answer: LandscapeAnswer | None = None
        self._stopping = False

    # The window's side

    def ask(self, request: LandscapeRequest | None) -> None:
        """Compute another landscape; None: compute nothing."""
        with self._changed:
            self._request, self._answer = request, None
            self._changed.notify_all()

    def take_answer(self) -> LandscapeAnswer | None:
        """Return the newest answer, if there is one that was not taken yet."""
        with self._changed:
            answer, self._answer = self._answer, None
        return answer

    def stop(self) -> None:
        """End the thread and wait for it."""
        atexit.unregister(self.stop)
        with self._changed:
            self._stopping = True
            self._request = None
            self._changed.notify_all()
        if self.isRunning() and not self.wait(_STOP_TIMEOUT_MS):
            _log.error("the landscape's thread did not end within %d ms", _STOP_TIMEOUT_MS)

    # The thread's side

    def run(self) -> None:
        """Qt calls this in the thread."""
        self.work()

    def work(self) -> None:
        """Answer requests until :meth:`stop`."""
        done: LandscapeRequest | None = None
        while True:
            with self._changed:
                while not self._stopping and self._request in (None, done):
                    self._changed.wait()
                request = done = self._request
            if request is None:
                return
            try:
                self._compute(request)
            except ValueError as error:
                self._post(request, LandscapeAnswer(request.number, problem=str(error)))
            except Exception as error:
                _log.exception("the landscape's thread raised")
                problem = f"The landscape could not be computed: {error}."
                self._post(request, LandscapeAnswer(request.number, problem=problem))

    def _compute(self, request: LandscapeRequest) -> None:
        start, rest = time.perf_counter(), _FIRST_REST
        for made in request.landscapes():
            if self._request is not request:
                return
            if made is not None:
                self._post(request, LandscapeAnswer(request.number, made))
                rest = _REST
            if self.is_considerate:
                time.sleep(max(rest * (time.perf_counter() - start), _LEAST_REST_S))
            start = time.perf_counter()

    def _post(self, request: LandscapeRequest, answer: LandscapeAnswer) -> None:
        """Hand over an answer, unless something else is wanted by now."""
        with self._changed:
            if self._request is not request:
                return
            self._answer = answer
        self.answered.emit()
