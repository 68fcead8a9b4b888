"""The JSON of experiment files: settings as plain values and back, checked against the types of their dataclasses."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import is_dataclass
from functools import lru_cache, partial
from itertools import pairwise
from math import isfinite
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, NoReturn, TypeAlias, TypeVar, Union, cast, get_args, get_origin

import numpy as np

from model.types import shortened, shown

if TYPE_CHECKING:
    from cattrs import Converter

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

MAX_JSON_BYTES = 4_000_000
MAX_DEPTH = 12
"""How many lists and objects of the view may stand inside one another."""

MAX_MARKS = 40_000
"""A little more than the parameters of the largest network."""

_LONGEST_INTEGER = 40
_LONGEST_SHOWN = 60

_KINDS: dict[Any, tuple[tuple[type, ...], str]] = {
    int: ((int,), "a whole number"),
    float: ((int, float), "a number"),
    str: ((str,), "text"),
    bool: ((bool,), "true or false"),
}
"""What JSON may have for an attribute of a type, and what it is called."""

Value = TypeVar("Value")
Hook: TypeAlias = Callable[[Any, Any], Any]


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
        raise ValueError(f"its text is not JSON: {error}") from None
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
        raise ValueError(f"{error.object[error.start]!r} cannot be written to a file") from None
    if len(data) > MAX_JSON_BYTES:
        raise ValueError(f"its text may have {MAX_JSON_BYTES:,} bytes; got {len(data):,}")
    return data


def _plain_number(value: object) -> JsonValue:
    if isinstance(value, np.integer | np.floating):
        return cast(JsonValue, value.item())
    raise ValueError(f"{shown(value)} has no form in JSON")


def _refuse_number(text: str) -> NoReturn:
    raise ValueError(f"the number {shortened(text, _LONGEST_SHOWN)} is not allowed")


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
    """Return a copy made of JSON's values alone, with lists instead of tuples.

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
    raise ValueError(f"{what} must be made of what JSON has; got {shown(value)}")


# Settings


def to_json(settings: Any) -> Any:
    """Return a dataclass of settings as what JSON has; a set of positions as runs, see :func:`_runs`."""
    return _converter().unstructure(settings)


def from_json(kind: type[Value], value: JsonValue, what: str) -> Value:
    """Return the dataclass of settings that a JSON value stands for.

    Parameters
    ----------
    kind : type
    value : JSON value
    what : str
        What it is, for the message.

    Raises
    ------
    ValueError
        If it is of another type, has an unknown name or lacks a needed one, or the dataclass refuses it.
    """
    try:
        return _converter().structure(value, kind)
    except Exception as error:
        raise _plain(error, what) from None


def _plain(error: Exception, what: str) -> Exception:
    """Return the first error of those that cattrs has grouped by dataclass and attribute, with its place."""
    from cattrs import ClassValidationError, ForbiddenExtraKeysError

    while isinstance(error, ClassValidationError):
        noted, others = error.group_exceptions()
        if others:
            error = others[0]
        else:
            error, what = noted[0][0], f"{what}.{noted[0][1].name}"
    if isinstance(error, _WrongTypeError):
        return ValueError(f"{what} {error}")
    if isinstance(error, KeyError):
        return ValueError(f"{what} is missing")
    if isinstance(error, ForbiddenExtraKeysError):
        return ValueError(f"{what} has the unknown name {shown(min(error.extra_fields))}")
    return error


class _WrongTypeError(ValueError):
    """Says what a value must be, to be read after its place."""

    def __init__(self, wanted: str, value: object) -> None:
        super().__init__(f"must be {wanted}; got {shown(value)}")


@lru_cache(maxsize=1)
def _converter() -> Converter:
    """Return what makes settings of JSON's values and back, as strictly as they are annotated."""
    # Not before the first file: it takes 50 ms to import.
    from cattrs import Converter

    # Of a list its first error is enough; there may be millions.
    converter = Converter(detailed_validation=False, forbid_extra_keys=True)
    for kind, (types, name) in _KINDS.items():
        converter.register_structure_hook(kind, partial(_check_value, types, name))
    hooks: tuple[tuple[Callable[[Any], bool], Hook], ...] = (
        (lambda kind: get_origin(kind) is Literal, _literal),
        (lambda kind: get_origin(kind) in (Union, UnionType) and NoneType not in get_args(kind), _number_or_list),
        (lambda kind: get_origin(kind) in (tuple, frozenset), _sequence),
        (lambda kind: get_origin(kind) in (dict, Mapping), _mapping),
        (lambda kind: kind == frozenset[int], _positions),
    )
    for applies, hook in hooks:
        converter.register_structure_hook_func(applies, hook)
    converter.register_structure_hook_factory(is_dataclass, _settings)
    converter.register_unstructure_hook_func(lambda kind: kind == frozenset[int], _runs)
    converter.register_unstructure_hook_func(lambda kind: kind == frozenset[tuple[int, int]], sorted)
    return converter


def _check_value(types: tuple[type, ...], name: str, value: Any, _: Any = None) -> Any:
    if type(value) not in types:
        raise _WrongTypeError(name, value)
    return value


def _literal(value: Any, kind: Any) -> Any:
    if value not in get_args(kind):
        raise _WrongTypeError(f"one of {', '.join(get_args(kind))}", value)
    return value


def _number_or_list(value: Any, kind: Any) -> Any:
    number, numbers = get_args(kind)
    return _converter().structure(value, numbers if isinstance(value, list) else number)


def _sequence(value: Any, kind: Any) -> Any:
    _check_value((list,), "a list", value)
    origin, kinds = get_origin(kind), get_args(kind)
    if origin is frozenset or kinds[-1] is Ellipsis:
        kinds = kinds[:1] * len(value)
    if len(value) != len(kinds):
        raise _WrongTypeError(f"a list of {len(kinds)}", value)
    return origin(map(_converter().structure, value, kinds))


def _mapping(value: Any, kind: Any) -> Any:
    _check_value((dict,), "an object", value)
    return {name: _converter().structure(item, get_args(kind)[1]) for name, item in value.items()}


def _settings(kind: Any) -> Hook:
    from cattrs.gen import make_dict_structure_fn

    structure = make_dict_structure_fn(kind, _converter(), _cattrs_detailed_validation=True)
    return lambda value, _: structure(_check_value((dict,), "an object", value), kind)


def _runs(positions: Iterable[int]) -> list[tuple[int, int]]:
    """Return positions as runs: 3 4 5 9 is (3, 6) and (9, 10)."""
    runs: list[tuple[int, int]] = []
    for position in sorted(positions):
        if runs and runs[-1][1] == position:
            runs[-1] = (runs[-1][0], position + 1)
        else:
            runs.append((position, position + 1))
    return runs


def _positions(value: Any, _: Any) -> frozenset[int]:
    runs = _sequence(value, tuple[tuple[int, int], ...])
    edges = [edge for run in runs for edge in run]
    if edges and (edges[0] < 0 or edges[-1] > MAX_MARKS or any(first >= second for first, second in pairwise(edges))):
        raise _WrongTypeError(f"ascending runs of positions below {MAX_MARKS}", value)
    return frozenset(position for first, stop in runs for position in range(first, stop))
