"""Reading and writing text whose numbers are exact.

A literal stands for the decimal as written: JSON and YAML floats become
`Decimal`, never a binary float.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import yaml

DISPLAY_DIGITS = 12
_MAX_INTEGER_DIGITS = 4000


class ExactTextError(ValueError):
    """A text that is not the JSON or YAML it should be; `line` counts from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


class _ExactLoader(yaml.CSafeLoader):
    """YAML with exact decimals, no timestamps and only true and false as booleans.

    PyYAML's own resolvers would turn `NO` (Norway) into False, `12:30` into a
    number in base 60 and `2025-08-02` into a date; law texts need none of them.
    """


_ExactLoader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|True|TRUE|false|False|FALSE)$", "tTfF"),
    ("tag:yaml.org,2002:int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("tag:yaml.org,2002:float", r"^[-+]?[0-9]+\.[0-9]*(?:[eE][-+][0-9]+)?$", "-+0123456789"),
    ("tag:yaml.org,2002:null", r"^(?:~|null|Null|NULL|)$", "~nN\0"),
    ("tag:yaml.org,2002:merge", r"^(?:<<)$", "<"),
):
    _ExactLoader.add_implicit_resolver(
        _tag, re.compile(_pattern), [*_first] if _tag[-4:] != "null" else [*"~nN", ""]
    )


def _integer(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> int:
    return parse_integer(str(loader.construct_scalar(node)))


def _decimal(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> Decimal:
    return Decimal(str(loader.construct_scalar(node)))


def _mapping(loader: yaml.CSafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
    loader.flatten_mapping(node)
    result: dict[Any, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if not isinstance(key, str | int | Decimal | bool | None):
            raise ExactTextError("a key must be plain text", key_node.start_mark.line + 1)
        if key in result:
            raise ExactTextError(
                f"key {key!r} stands twice in one block; keep one", key_node.start_mark.line + 1
            )
        result[key] = loader.construct_object(value_node, deep=True)
    return result


_ExactLoader.add_constructor("tag:yaml.org,2002:int", _integer)
_ExactLoader.add_constructor("tag:yaml.org,2002:float", _decimal)
_ExactLoader.add_constructor("tag:yaml.org,2002:map", _mapping)


def parse_integer(text: str) -> int:
    """Read a decimal integer; refuse one too long to be a figure."""
    if len(text) > _MAX_INTEGER_DIGITS:
        raise ExactTextError(f"a number of {len(text)} digits is too long")
    return int(text)


def load_yaml(text: str) -> Any:
    """Read one YAML document; no tag can run anything.

    >>> load_yaml("{a: 0.10, b: 2025-08-02, c: NO, d: 1e25}")
    {'a': Decimal('0.10'), 'b': '2025-08-02', 'c': 'NO', 'd': '1e25'}
    """
    try:
        return yaml.load(text, Loader=_ExactLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        raise ExactTextError(str(error.problem or error), line) from error
    except (yaml.YAMLError, RecursionError) as error:
        raise ExactTextError(f"not YAML: {error}") from error


def _refuse_constant(name: str) -> Any:
    raise ExactTextError(f"{name} is not a number")


def _refuse_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ExactTextError(f"key {twice!r} stands twice in one object; keep one")
    return result


def load_json(text: str) -> Any:
    """Read one JSON document with exact decimals; NaN and double keys are refused.

    >>> load_json('{"share": 0.1}')
    {'share': Decimal('0.1')}
    """
    try:
        return json.loads(
            text,
            parse_float=Decimal,
            parse_int=parse_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_twice,
        )
    except json.JSONDecodeError as error:
        raise ExactTextError(f"not JSON: {error.msg}", error.lineno) from error
    except RecursionError as error:
        raise ExactTextError("not JSON that can be read: nested too deeply") from error


def dump_json(value: Any, *, indent: int | None = None) -> str:
    """Write JSON; `Decimal` and `Fraction` become number literals without a float.

    A quotient that has no finite decimal is rounded for display to twelve
    significant digits.

    >>> dump_json({"share": Fraction(1, 3), "whole": Decimal("2.50")})
    '{"share": 0.333333333333, "whole": 2.50}'
    """
    pad = None if indent is None else " " * indent
    return "".join(_pieces(value, pad, ""))


def _pieces(value: Any, pad: str | None, margin: str) -> list[str]:
    if isinstance(value, Mapping):
        items = [(json.dumps(str(k), ensure_ascii=False) + ": ", v) for k, v in value.items()]
        return _block("{", "}", items, pad, margin)
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return _block("[", "]", [("", item) for item in value], pad, margin)
    return [_scalar(value)]


def _block(
    opening: str, closing: str, items: list[tuple[str, Any]], pad: str | None, margin: str
) -> list[str]:
    if not items:
        return [opening + closing]
    inner = margin if pad is None else margin + pad
    separator = ", " if pad is None else ",\n" + inner
    pieces = [opening if pad is None else f"{opening}\n{inner}"]
    for number, (label, item) in enumerate(items):
        pieces.append(separator + label if number else label)
        pieces.extend(_pieces(item, pad, inner))
    pieces.append(closing if pad is None else f"\n{margin}{closing}")
    return pieces


def _scalar(value: Any) -> str:
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else decimal_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if value is None or isinstance(value, str | bool | int):
        return json.dumps(value, ensure_ascii=False)
    if hasattr(value, "isoformat"):
        return json.dumps(value.isoformat())
    raise TypeError(f"{type(value).__name__} has no exact JSON form")


def decimal_text(value: Fraction, digits: int = DISPLAY_DIGITS) -> str:
    """Write a quotient as a plain decimal, rounded half to even when it has no end.

    >>> decimal_text(Fraction(1, 4)), decimal_text(Fraction(10**25, 3))
    ('0.25', '3333333333333333333333333.33')
    """
    whole_digits = len(str(abs(value.numerator) // value.denominator))
    places = max(digits - whole_digits, 2)
    if value and abs(value) < 1:
        places = digits + len(str(value.denominator // abs(value.numerator))) - 1
    scaled = round(value * 10**places)
    sign, scaled = ("-", -scaled) if scaled < 0 else ("", scaled)
    whole, rest = divmod(scaled, 10**places)
    tail = str(rest).zfill(places).rstrip("0")
    return f"{sign}{whole}.{tail}" if tail else f"{sign}{whole}"
