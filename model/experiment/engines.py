"""The engines of the run of an experiment file: from which moment on it has which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.run.history import KeyFrame
from model.training.engines import NUMPY, Engine

MAX_ENGINES = 1_000


@dataclass(frozen=True, slots=True)
class EngineSpan:
    """From which key frame on a run goes on with an engine: up to the next span, or the end."""

    step: int
    engine: Engine


def engine_spans(frames: Sequence[KeyFrame]) -> tuple[EngineSpan, ...]:
    """Return what a run goes on with from its key frames; nothing where that is NumPy all along, or undecided.

    Of very many spans, the last ones.
    """
    spans: list[EngineSpan] = []
    for frame in frames:
        engine = frame.checkpoint.engine or NUMPY
        if engine != (spans[-1].engine if spans else NUMPY):
            spans.append(EngineSpan(frame.step, engine))
    return tuple(spans[-MAX_ENGINES:])


def check_spans(spans: Sequence[EngineSpan]) -> None:
    """Raise a ValueError unless the steps of spans ascend from 0 or more."""
    steps = [span.step for span in spans]
    if steps != sorted(set(steps)) or min(steps, default=0) < 0:
        raise ValueError("the steps of its engines do not ascend")
