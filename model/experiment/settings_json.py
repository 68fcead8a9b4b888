"""The JSON of experiment files: settings as plain values and back, checked against the types of their dataclasses."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from itertools import pairwise
from math import isfinite
from types import NoneType, UnionType
from typing import Any, Literal, NoReturn, TypeAlias, TypeVar, Union, cast, get_args, get_origin, get_type_hints

import numpy as np

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

MAX_JSON_BYTES = 4_000_000
MAX_DEPTH = 12
"""How many lists and objects of the view may stand inside one another."""

MAX_MARKS = 40_000
"""A little more than the parameters of the largest network."""

_LONGEST_INTEGER = 40
_LONGEST_SHOWN = 60

_KINDS: dict[Any, tuple[type, ...]] = {
    int: (int,),
    float: (int, float),
    str: (str,),
    bool: (bool,),
    NoneType: (NoneType,),
}
_NAMES = {int: "a whole number", float: "a number", str: "text", bool: "true or false", NoneType: "null"}

Value = TypeVar("Value")


def read_json(data: bytes) -> JsonValue:
    """Return the value of a JSON text.

    Raises
    ------
    ValueError
        If it is too large, not UTF-8, no JSON, too deep, has a name twice in one object, or a number that is not
        finite or beyond 40 digits.
    """
    if len(data) > MAX_JSON_BYTES:
        raise ValueError(f"its text may have {MAX_JSON_BYTES:,} bytes; got {len(data):,}")
    try:
        text = data.decode("utf-8")
        value = json.loads(
            text,
            parse_int=_integer,
            parse_float=_number,
            parse_constant=_refuse_number,
            object_pairs_hook=_object,
        )
        if "\\u" in text:
            # JSON can name half of a character, which no text may have.
            json.dumps(value, ensure_ascii=False).encode("utf-8")
    except UnicodeError:
        raise ValueError("its text is not UTF-8") from None
    except RecursionError:
        raise ValueError("its text is too deeply nested") from None
    except json.JSONDecodeError as error:
        raise ValueError(f"its text is no JSON: {error}") from None
    return cast(JsonValue, value)


def write_json(value: Mapping[str, Any]) -> bytes:
    """Return JSON in UTF-8; NumPy's numbers become Python's.

    Raises
    ------
    ValueError
        If it would be more than :func:`read_json` takes, or has what JSON has not.
    """
    try:
        data = json.dumps(value, allow_nan=False, ensure_ascii=False, default=_plain_number).encode("utf-8")
    except RecursionError:
        raise ValueError("it is too deeply nested") from None
    except UnicodeEncodeError as error:
        raise ValueError(f"{error.object[error.start]!r} is no character that a file can hold") from None
    if len(data) > MAX_JSON_BYTES:
        raise ValueError(f"its text may have {MAX_JSON_BYTES:,} bytes; got {len(data):,}")
    return data


def _plain_number(value: object) -> JsonValue:
    if isinstance(value, np.integer | np.floating):
        return cast(JsonValue, value.item())
    raise ValueError(f"{_shown(value)} has no form in JSON")


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"the number {text[:_LONGEST_SHOWN]} is not allowed")


def _integer(text: str) -> int:
    # Longer ones would take Python a time that grows with the square of their length.
    return int(text) if len(text) <= _LONGEST_INTEGER else _refuse_number(text)


def _number(text: str) -> float:
    number = float(text)
    return number if isfinite(number) else _refuse_number(text)


def _object(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    value = dict(pairs)
    if len(value) < len(pairs):
        raise ValueError("a name is there twice in one object")
    return value


def json_copy(what: str, value: object, depth: int = MAX_DEPTH) -> JsonValue:
    """Return a copy made of JSON's values alone, with lists in the place of tuples.

    Raises
    ------
    ValueError
        If there is something else in it, or it is too deeply nested.
    """
    if depth == 0:
        raise ValueError(f"{what} may be nested {MAX_DEPTH} deep")
    if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
        return {key: json_copy(what, item, depth - 1) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_copy(what, item, depth - 1) for item in value]
    if value is None or type(value) in (bool, int, str) or (type(value) is float and isfinite(value)):
        return cast(JsonValue, value)
    raise ValueError(f"{what} must be made of what JSON has; got {_shown(value)}")


# Settings


def to_json(value: Any) -> Any:
    """Return a dataclass of settings as JSON's values; a set of positions as runs, see :func:`_runs`."""
    if is_dataclass(value):
        return {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, frozenset):
        ordered = sorted(value)
        return [list(pair) for pair in (ordered if ordered and isinstance(ordered[0], tuple) else _runs(ordered))]
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, Mapping):
        return {key: to_json(item) for key, item in value.items()}
    return value


def _runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Return ascending positions as runs: 3 4 5 9 is (3, 6) and (9, 10)."""
    runs: list[tuple[int, int]] = []
    for position in positions:
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs


def from_json(kind: type[Value], value: JsonValue, what: str) -> Value:
    """Return the value of a type that JSON stands for.

    Parameters
    ----------
    kind : type
        A dataclass of settings, or what its attributes are annotated with.
    value : JSON value
    what : str
        What it is, for the message.

    Raises
    ------
    ValueError
        If it is of another type, has an unknown name or lacks a needed one, or the dataclass refuses it.
    """
    return cast(Value, _converted(kind, value, what))


def _converted(kind: Any, value: JsonValue, what: str) -> Any:
    if kind is Any:
        return value
    if kind in _KINDS:
        if type(value) not in _KINDS[kind]:
            _refuse(what, _NAMES[kind], value)
        return value
    if is_dataclass(kind):
        return _dataclass(kind, value, what)
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        if value not in arguments:
            _refuse(what, f"one of {', '.join(map(str, arguments))}", value)
        return value
    if origin in (Union, UnionType):
        return _one_of(arguments, value, what)
    if origin is frozenset and arguments == (int,):
        return _positions(value, what)
    if origin in (tuple, frozenset) and isinstance(value, list):
        if origin is tuple and arguments[-1] is not Ellipsis:
            if len(value) != len(arguments):
                _refuse(what, f"a list of {len(arguments)}", value)
            return tuple(_converted(inner, item, what) for inner, item in zip(arguments, value, strict=True))
        return origin(_converted(arguments[0], item, what) for item in value)
    if isinstance(value, dict) and origin not in (tuple, frozenset):
        return {name: _converted(arguments[1], item, f"{what}.{name}") for name, item in value.items()}
    return _refuse(what, "an object" if origin not in (tuple, frozenset) else "a list", value)


def _one_of(kinds: tuple[Any, ...], value: JsonValue, what: str) -> Any:
    """Return the value of the first of some types that it can be of."""
    reasons = []
    for kind in kinds:
        try:
            return _converted(kind, value, what)
        except ValueError as error:
            reasons.append(str(error))
    raise ValueError(reasons[0])


def _positions(value: JsonValue, what: str) -> frozenset[int]:
    runs = cast("tuple[tuple[int, int], ...]", _converted(tuple[tuple[int, int], ...], value, what))
    edges = [edge for run in runs for edge in run]
    if edges and (edges[0] < 0 or edges[-1] > MAX_MARKS or any(first >= second for first, second in pairwise(edges))):
        raise ValueError(f"{what} must be ascending runs of positions below {MAX_MARKS}; got {_shown(value)}")
    return frozenset(position for first, stop in runs for position in range(first, stop))


@lru_cache(maxsize=16)
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _dataclass(kind: Any, value: JsonValue, what: str) -> Any:
    if not isinstance(value, dict):
        _refuse(what, "an object", value)
    hints = _hints(kind)
    for name in value:
        if name not in hints:
            raise ValueError(f"{what} has the unknown name {_shown(name)}")
    for field in fields(kind):
        if field.name not in value and field.default is MISSING and field.default_factory is MISSING:
            raise ValueError(f"{what} lacks {field.name}")
    return kind(**{name: _converted(hints[name], item, f"{what}.{name}") for name, item in value.items()})


def _refuse(what: str, wanted: str, value: object) -> NoReturn:
    raise ValueError(f"{what} must be {wanted}; got {_shown(value)}")


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
