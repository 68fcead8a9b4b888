"""Texts as a person reads them."""

from __future__ import annotations


def as_sentence(error: Exception) -> str:
    """Return an error's text as a sentence: with a capital letter and a full stop."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:].rstrip('.')}."
