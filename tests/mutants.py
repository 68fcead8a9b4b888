"""Mutants: damaged files, of which each is refused with a sentence or opened, in no time, and reaches nothing else."""

import builtins
import io
import os
import random
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

LONGEST_S = 2.0
_LONGEST_SENTENCE = 1_500


def mutated_bytes(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with some changed, lost or put in."""
    changed = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        at = chance.randrange(max(len(changed), 1))
        match chance.randrange(3):
            case 0 if changed:
                changed[at] = chance.randrange(256)
            case 1:
                del changed[at : at + chance.randint(1, 40)]
            case _:
                changed[at:at] = chance.randbytes(chance.randint(1, 20))
    return bytes(changed)


def watch(patches: pytest.MonkeyPatch) -> list[str]:
    """Return a list that from now on gets whatever is opened, and whatever runs code."""
    seen: list[str] = []

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def note(what: object, *arguments: Any, **options: Any) -> Any:
            # Python runs the code of a module that is imported late.
            if not str(what).startswith("<code object <module>"):
                seen.append(f"{real.__name__} {what}")
            return real(what, *arguments, **options)

        return note

    for module, name in (
        (builtins, "open"),
        (io, "open"),
        (os, "open"),
        (builtins, "eval"),
        (builtins, "exec"),
        (os, "system"),
        (subprocess, "Popen"),
    ):
        patches.setattr(module, name, watched(getattr(module, name)))
    return seen


def is_opened(use: Callable[[], object], refusal: type[Exception]) -> bool:
    """Return whether a mutant is opened and used, or refused: with one sentence, and at once."""
    start = time.thread_time()
    try:
        use()
        opened = True
    except refusal as error:
        opened = False
        sentence = str(error)
        assert sentence
        assert "\n" not in sentence
        assert len(sentence) < _LONGEST_SENTENCE
    assert time.thread_time() - start < LONGEST_S
    return opened
