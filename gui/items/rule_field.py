"""RuleField: where a formula is typed by which a generator draws."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Slot

from gui.document.changes import Changes
from gui.document.points import Points
from gui.widgets.card import label
from gui.widgets.fields import EntryField
from gui.widgets.refusal import refuse
from gui.widgets.texts import as_sentence, as_tip
from model.data.dataset import ProblemKind


@dataclass(frozen=True, slots=True)
class _Rule:
    """What a typed formula is to a generator.

    Attributes
    ----------
    kind : str
        Of the problem.
    setting : str
        Its name in :class:`model.data.generators.GeneratorSettings`.
    caption, tip : str
        What stands before its field, and what the field says.
    """

    kind: ProblemKind
    setting: str
    caption: str
    tip: str


_RULES = {
    "rule": _Rule(
        "classes",
        "rule",
        "x₂ >",
        "Class B is where x₂ is above this formula of x1, such as 2*sin(x1) or x1^2/4 - 1.",
    ),
    "curve_rule": _Rule(
        "curve", "curve_rule", "y =", "The points are on the curve of this formula of x, such as sin(2*x) or x^3/60."
    ),
}
"""The rules that can be typed, by their generators."""


class RuleField(EntryField):
    """Shows the rule of the present generator where it has one. Return enters another one, and so does leaving it.

    Attributes
    ----------
    caption : QLabel
        What stands before it.
    """

    def __init__(self, changes: Changes, points: Points) -> None:
        super().__init__("Rule", "")
        self._changes, self._points = changes, points
        self.caption = label(role="muted")
        self.entered.connect(self._enter)
        for signal in (changes.dataset_changed, changes.generator_changed):
            signal.connect(self._synchronize)
        self._synchronize()

    @property
    def _rule(self) -> _Rule | None:
        """What is typed here; None where the generator has no rule, or draws for another problem."""
        rule = _RULES.get(self._changes.generator_settings.name)
        return rule if rule is not None and rule.kind == self._changes.dataset.kind else None

    @Slot()
    def _synchronize(self) -> None:
        rule = self._rule
        for widget in (self.caption, self):
            # What is in no panel yet would become a window of its own.
            if rule is None or widget.parentWidget() is not None:
                widget.setHidden(rule is None)
        if rule is not None:
            self.caption.setText(rule.caption)
            self.setToolTip(as_tip(rule.tip))
            if not self.hasFocus():
                self.setText(getattr(self._changes.generator_settings, rule.setting))

    @Slot()
    def _enter(self) -> None:
        """Draw by a typed rule, or say at the field what is wrong with it; the one before is kept."""
        rule, text = self._rule, self.text().strip()
        before = "" if rule is None else getattr(self._changes.generator_settings, rule.setting)
        if rule is None or text == before:
            return
        change: dict[str, Any] = {rule.setting: text}
        try:
            self._points.generate(**change)
        except ValueError as error:
            refuse(self, as_sentence(error))
            if not self.hasFocus():
                self.setText(before)
        else:
            self.clearFocus()
