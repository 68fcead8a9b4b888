"""The process that computes formulas: it reads requests, and answers each with lines of JSON.

SymPy computes in Python alone. In a thread of the window it would take turns with everything that is drawn and trained,
and could not be stopped; a process can be ended at any time.
"""

from __future__ import annotations

import json
import pickle
import sys
import time
from collections.abc import Iterator
from functools import lru_cache

from gui.dialogs.formula.lines import lines_of
from gui.dialogs.formula.requests import Answer, LinesRequest, Numbers, Request, Subject, TextRequest, TrainingRequest
from model import NetworkSettings
from model.explain.derivation import TEXTS, Derivation
from model.explain.symbolic import SymbolicNetwork
from model.explain.symbolic_training import Descent
from model.types import as_floats

_INTERVAL_S = 0.05
"""How often a training that goes on tells what it did."""


def main() -> None:
    """Answer requests until there are no more."""
    while True:
        try:
            request = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        for answer in answers(request):
            sys.stdout.write(f"{json.dumps(answer, allow_nan=False)}\n")
            sys.stdout.flush()


def answers(request: Request) -> Iterator[Answer]:
    """Answer a request; one that cannot be met with a sentence as its "error"."""
    try:
        match request:
            case LinesRequest():
                yield _lines(request)
            case TextRequest():
                yield _text(request)
            case TrainingRequest():
                yield from _training(request)
    except ValueError as error:
        yield {"error": str(error)}


@lru_cache(maxsize=8)
def _derivation(subject: Subject) -> Derivation:
    network = SymbolicNetwork(subject.settings)
    return Derivation.of(network, subject.outcome, subject.label, subject.loss, subject.by)


@lru_cache(maxsize=8)
def _folded(subject: Subject) -> Derivation:
    return _derivation(subject).folded()


def _lines(request: LinesRequest) -> Answer:
    derivation = _folded(request.subject) if request.is_whole else _derivation(request.subject)
    is_folded = request.is_whole and bool(derivation.steps)
    return {
        "lines": lines_of(derivation, _by_name(derivation, request.numbers), is_result_first=request.is_whole),
        "is_folded": is_folded,
    }


def _text(request: TextRequest) -> Answer:
    derivation = _derivation(request.subject)
    if request.is_whole:
        derivation = derivation.whole()
    return {"text": TEXTS[request.language](derivation, _by_name(derivation, request.numbers))}


def _by_name(derivation: Derivation, numbers: Numbers | None) -> dict[str, float]:
    """Return the numbers by the names of their symbols."""
    if numbers is None:
        return {}
    network = derivation.network
    inputs = None if numbers.point is None else _inputs(network.settings, (numbers.point,))[0]
    return network.numbers(inputs, numbers.parameters)


def _inputs(settings: NetworkSettings, points: tuple[tuple[float, ...], ...]) -> list[list[float]]:
    inputs: list[list[float]] = settings.inputs(as_floats("points", points)).tolist()
    return inputs


def _training(request: TrainingRequest) -> Iterator[Answer]:
    descent = Descent(
        SymbolicNetwork(request.settings),
        _inputs(request.settings, request.points),
        request.labels,
        request.learning_rate,
        one_at_a_time=True,
        loss=request.loss,
        parameters=request.parameters,
        regression=request.is_regression,
    )
    rows: list[tuple[int, str, float, float, float]] = []
    due = time.monotonic()
    try:
        for one in descent.substitutions(request.n_iterations):
            rows.append((one.iteration, one.parameter, one.derivative, one.value, descent.mean_loss()))
            if time.monotonic() > due:
                yield {"rows": rows}
                rows = []
                due = time.monotonic() + _INTERVAL_S
    finally:
        # What was done before the numbers left their range is shown too.
        if rows:
            yield {"rows": rows}
    yield {"parameters": descent.values}


if __name__ == "__main__":
    main()
