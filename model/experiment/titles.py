"""Titles: what a person calls an experiment, and says of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Titles:
    """What a person calls an experiment, and says of it.

    Attributes
    ----------
    name : str
        The title of its animations.
    notes : str
        Their first line is the caption of its animations.
    """

    name: str = ""
    notes: str = ""

    @property
    def caption(self) -> str:
        """The line below an animation."""
        return self.notes.partition("\n")[0].strip()

    def with_caption(self, caption: str) -> Titles:
        """Return the same with another caption; what else the notes say stays."""
        _, line_end, rest = self.notes.partition("\n")
        return Titles(self.name, f"{caption}{line_end}{rest}")
