"""What a person probably meant by a name that there is not."""

from __future__ import annotations

from collections.abc import Iterable

_LEAST_LIKE = 0.7
"""How alike two names must be, 1 being the same; with less "at" would be "data"."""


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """Return " (did you mean spiral?)" for a name that is nearly a known one, in capitals or not; otherwise nothing."""
    # Imported when somebody has erred, which few starts of the program see.
    from difflib import get_close_matches

    plain = {_plain(one): one for one in known}
    near = get_close_matches(_plain(str(name)), plain, n=1, cutoff=_LEAST_LIKE)
    return f" (did you mean {plain[near[0]]}?)" if near else ""


def _plain(name: str) -> str:
    return name.lower().replace(" ", "_").replace("-", "_")
