"""Conditions: what a lesson waits for, as a small language of its own. No code is run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from math import isfinite
from typing import NoReturn, TypeAlias

from model.lessons.facts import FACTS, Fact, FactKind, Value, meant_fact
from model.meant import did_you_mean
from model.types import readable, shortened

MAX_CHARACTERS = 500
_DEEPEST = 20

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)
      | (?P<name>[A-Za-z_][A-Za-z_0-9]*)
      | (?P<text>"[^"]*"|'[^']*'|“[^”]*”)
      | (?P<sign><=|>=|==|!=|<|>|≤|≥|≠|\(|\)|-|−)
    )""",
    re.VERBOSE,
)
_SPACE = re.compile(r"\s*")
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")
_WORDS = ("and", "or", "not")
_SAME_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!="}
_HINTS = {
    "=": "equal is ==",
    "&": "write and",
    ",": "a number is written with a point, as 0.95",
    "%": "a share is a number from 0 to 1, as 0.95",
}
_SIGNS = {"<=": "≤", ">=": "≥", "==": "=", "!=": "≠"}
_NOUNS: dict[FactKind, str] = {"number": "a number", "text": "a text in quotation marks", "truth": "true or not"}


class ConditionError(ValueError):
    """A text is not a condition; the message says where, counted from 1, and what is allowed there."""


@dataclass(frozen=True, slots=True)
class _Constant:
    value: float | str

    @property
    def kind(self) -> FactKind:
        return "text" if isinstance(self.value, str) else "number"

    @property
    def words(self) -> str:
        return f"“{self.value}”" if isinstance(self.value, str) else readable(f"{self.value:,.10g}")


@dataclass(frozen=True, slots=True)
class _Asked:
    fact: Fact

    @property
    def kind(self) -> FactKind:
        return self.fact.kind

    @property
    def words(self) -> str:
        return self.fact.label


_Operand: TypeAlias = _Constant | _Asked


@dataclass(frozen=True, slots=True)
class _Truth:
    fact: Fact


@dataclass(frozen=True, slots=True)
class _Comparison:
    left: _Operand
    sign: str
    right: _Operand


@dataclass(frozen=True, slots=True)
class _Not:
    part: _Node


@dataclass(frozen=True, slots=True)
class _Several:
    """All or any of some parts."""

    word: str
    parts: tuple[_Node, ...]


_Node: TypeAlias = "_Truth | _Comparison | _Not | _Several"


@dataclass(frozen=True, slots=True)
class Condition:
    """What must hold, parsed; equal where the texts are.

    Attributes
    ----------
    text : str
        As it was written.
    """

    text: str
    _root: _Node
    _words: str = ""

    @classmethod
    def parse(cls, text: str) -> Condition:
        """Return the condition of a text, such as ``test_loss < 0.1 and hidden_units <= 5 | few neurons learn it``.

        Comparisons ``< <= > >= == !=`` of facts with numbers and texts, and facts that are true or not, joined by
        ``not``, ``and`` and ``or``, which bind in this order, and by parentheses. Words for it may follow ``|``.

        Raises
        ------
        ConditionError
            If the text is none, or asks for a fact that is not in :data:`model.lessons.facts.FACTS`.
        """
        if len(text) > MAX_CHARACTERS:
            raise ConditionError(f"a condition may have {MAX_CHARACTERS} characters; got {len(text):,}")
        condition, _, words = text.partition("|")
        return cls(text, _Parser(condition.rstrip()).parse(), words.strip())

    @property
    def asked(self) -> str:
        """What it asks for, without its words and spare spaces."""
        return " ".join(self.text.partition("|")[0].split())

    @property
    def names(self) -> frozenset[str]:
        """The facts that it asks for."""
        return frozenset(_names(self._root))

    @property
    def words(self) -> str:
        """The words that it was given, or itself as a person reads it: ``test loss < 0.1 and hidden neurons ≤ 5``."""
        return self._words or _words(self._root)

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The conditions that must all hold, one for each task of a person; itself where it is one, or has words."""
        root = self._root
        if not self._words and isinstance(root, _Several) and root.word == "and":
            return tuple(Condition(self.text, part) for part in root.parts)
        return (self,)

    def holds(self, facts: Mapping[str, Value]) -> bool:
        """Return whether it holds; a comparison with a fact that is not there, or None, does not.

        Parameters
        ----------
        facts : mapping of str to value
            By the names of :data:`model.lessons.facts.FACTS`.
        """
        return _holds(self._root, facts)


def _holds(node: _Node, facts: Mapping[str, Value]) -> bool:
    match node:
        case _Truth(fact):
            return facts.get(fact.name) is True
        case _Not(part):
            return not _holds(part, facts)
        case _Several(word, parts):
            return (all if word == "and" else any)(_holds(part, facts) for part in parts)
        case _Comparison(left, sign, right):
            return _compare(_value(left, facts), sign, _value(right, facts))


def _value(operand: _Operand, facts: Mapping[str, Value]) -> Value:
    return operand.value if isinstance(operand, _Constant) else facts.get(operand.fact.name)


def _compare(left: Value, sign: str, right: Value) -> bool:
    if left is None or right is None:
        return False
    if sign in ("==", "!="):
        return (left == right) is (sign == "==")
    if isinstance(left, str) or isinstance(right, str):
        return False
    return {"<": left < right, "<=": left <= right, ">": left > right, ">=": left >= right}[sign]


def _names(node: _Node) -> set[str]:
    match node:
        case _Truth(fact):
            return {fact.name}
        case _Not(part):
            return _names(part)
        case _Several(_, parts):
            return set().union(*map(_names, parts))
        case _Comparison(left, _, right):
            return {side.fact.name for side in (left, right) if isinstance(side, _Asked)}


def _words(node: _Node) -> str:
    match node:
        case _Truth(fact):
            return fact.label
        case _Not(_Truth(fact)) if fact.opposite:
            return fact.opposite
        case _Not(part):
            return f"not: {_inner(part)}"
        case _Several(word, parts):
            return f" {word} ".join(_inner(part) for part in parts)
        case _Comparison(left, sign, right):
            if isinstance(left, _Asked) and isinstance(right, _Constant) and left.kind == "text":
                return f"{left.words}: {_text_words(str(right.value), is_it=sign == '==')}"
            return f"{left.words} {_SIGNS.get(sign, sign)} {right.words}"


def _text_words(text: str, *, is_it: bool) -> str:
    if not text:
        return "none" if is_it else "any"
    return text if is_it else f"not {text}"


def _inner(node: _Node) -> str:
    return f"({_words(node)})" if isinstance(node, _Several) else _words(node)


def _no_fact(name: str) -> str:
    """Return why a name is no fact, and what was probably meant by it."""
    if name in ("true", "false"):
        return "what is true or not stands alone, as playing or not playing"
    if any(name in fact.choices for fact in FACTS.values()):
        return f'a text stands in quotation marks: "{name}"'
    return f"there is no fact {shortened(name)}{meant_fact(name, FACTS)}; there are {', '.join(FACTS)}"


def _no_number(fact: Fact) -> str:
    """Return that a fact is a text, and which numbers have its name in theirs."""
    numbers = [one.name for one in FACTS.values() if one.kind == "number" and fact.name in one.name.split("_")]
    instead = f"; {' and '.join(numbers)} are numbers" if len(numbers) > 1 else ""
    return f'{fact.name} is a text, such as "{next(iter(fact.choices), "h1.2")}", and no number{instead}'


class _Parser:
    """Reads one condition from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._depth = 0
        self._end = 0
        self._next()

    def parse(self) -> _Node:
        node = self._any()
        if self._kind != "end":
            if self._token in ("is", "equals", "has"):
                self._fail(
                    f"“{self._token}” is no word of a condition: write == for it, and playing or not playing alone"
                )
            self._fail("“and” or “or” may follow here, or nothing")
        return node

    def _next(self) -> None:
        """Go to the next token."""
        self._start = _SPACE.match(self._text, self._end).end()  # type: ignore[union-attr]
        if self._start == len(self._text):
            self._kind, self._token = "end", ""
            return
        found = _TOKEN.match(self._text, self._end)
        if found is None:
            rest = self._text[self._start :]
            hint = next((f": {hint}" for sign, hint in _HINTS.items() if rest.startswith(sign)), "")
            self._fail(f"{shortened(rest)!r} is not part of a condition{hint}")
        self._end = found.end()
        self._kind = str(found.lastgroup)
        self._token = _SAME_SIGNS.get(found[self._kind], found[self._kind])
        if self._token in _WORDS:
            self._kind = "word"

    def _fail(self, reason: str, start: int | None = None) -> NoReturn:
        raise ConditionError(f"at character {(self._start if start is None else start) + 1}: {reason}")

    def _takes(self, kind: str, token: str) -> bool:
        """Return whether this is the present token, and if so go on."""
        if (self._kind, self._token) != (kind, token):
            return False
        self._next()
        return True

    def _any(self) -> _Node:
        parts = [self._all()]
        while self._takes("word", "or"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else _Several("or", tuple(parts))

    def _all(self) -> _Node:
        parts = [self._single()]
        while self._takes("word", "and"):
            parts.append(self._single())
        return parts[0] if len(parts) == 1 else _Several("and", tuple(parts))

    def _single(self) -> _Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            self._fail(f"it is nested more than {_DEEPEST} deep")
        if self._takes("word", "not"):
            node: _Node = _Not(self._single())
        elif self._takes("sign", "("):
            node = self._any()
            if not self._takes("sign", ")"):
                self._fail("a closing parenthesis is missing")
        else:
            node = self._comparison()
        self._depth -= 1
        return node

    def _comparison(self) -> _Node:
        start = self._start
        left = self._operand()
        if self._kind != "sign" or self._token not in _COMPARISONS:
            if isinstance(left, _Asked) and left.kind == "truth":
                return _Truth(left.fact)
            self._fail(f"what stands here must be compared, by one of {' '.join(_COMPARISONS)}", start)
        sign, sign_start = self._token, self._start
        self._next()
        right = self._operand()
        self._check(left, sign, right, start, sign_start)
        if self._kind == "sign" and self._token in _COMPARISONS:
            self._fail("only two can be compared; join two comparisons by “and”")
        return _Comparison(left, sign, right)

    def _check(self, left: _Operand, sign: str, right: _Operand, start: int, sign_start: int) -> None:
        """Refuse a comparison that can never hold, or means nothing."""
        for side in (left, right):
            if isinstance(side, _Asked) and side.kind == "truth":
                name = side.fact.name
                self._fail(f"{name} is true or not, and is not compared: write {name} or not {name}", start)
        if left.kind != right.kind:
            for side in (left, right):
                if isinstance(side, _Asked) and side.kind == "text":
                    self._fail(_no_number(side.fact), start)
            self._fail(f"{_NOUNS[left.kind]} cannot be compared with {_NOUNS[right.kind]}", sign_start)
        if left.kind == "text" and sign not in ("==", "!="):
            self._fail("texts are compared by == and != alone", sign_start)
        for asked, constant in ((left, right), (right, left)):
            if isinstance(asked, _Asked) and isinstance(constant, _Constant) and asked.fact.choices:
                self._check_choice(asked.fact, str(constant.value), start)
            if isinstance(asked, _Asked) and asked.fact.is_share and isinstance(constant, _Constant):
                self._check_share(asked.fact, float(constant.value), start)

    def _check_share(self, fact: Fact, number: float, start: int) -> None:
        if not 0 <= number <= 1:
            self._fail(f"{fact.name} is a share from 0 to 1: write 0.95 for 95%", start)

    def _check_choice(self, fact: Fact, text: str, start: int) -> None:
        if text not in fact.choices:
            allowed = ", ".join(f'"{choice}"' for choice in fact.choices)
            meant = did_you_mean(text, fact.choices)
            self._fail(f'{fact.name} is never "{shortened(text)}", but one of {allowed}{meant}', start)

    def _operand(self) -> _Operand:
        kind, token, start = self._kind, self._token, self._start
        if kind == "sign" and token in ("-", "−"):
            self._next()
            number = self._token
            if self._kind != "number":
                self._fail("a number must follow here")
            self._next()
            return self._constant(f"-{number}")
        if kind not in ("number", "text", "name"):
            self._fail("a fact, a number or a text in quotation marks must follow here")
        self._next()
        if kind == "number":
            return self._constant(token)
        if kind == "text":
            return _Constant(token[1:-1])
        if token not in FACTS:
            self._fail(_no_fact(token), start)
        return _Asked(FACTS[token])

    def _constant(self, number: str) -> _Constant:
        value = float(number)
        if not isfinite(value):
            self._fail(f"{number} is too large a number")
        return _Constant(value)
