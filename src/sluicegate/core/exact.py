"""Reading and writing text whose numbers are exact.

A literal stands for the decimal as written: JSON and YAML floats become
`Decimal`, never a binary float.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from itertools import repeat
from typing import Any

import yaml

DISPLAY_DIGITS = 12
_MAX_INTEGER_DIGITS = 1000
_MAX_NODES = 1_000_000
_MAX_DEPTH = 100
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

quoted = json.JSONEncoder(ensure_ascii=False).encode
"""Writes a text as JSON; `json.dumps` would make an encoder for each."""
WORDS = {None: "null", True: "true", False: "false"}


class ExactTextError(ValueError):
    """A text that is not the JSON or YAML it should be; `line` counts from 1."""

    def __init__(self, message: str, line: int | None = None) -> None:
        super().__init__(message)
        self.line = line


_YAML = "tag:yaml.org,2002:"
_STR, _SEQ, _MAP, _MERGE = (_YAML + name for name in ("str", "seq", "map", "merge"))
_FLOAT = r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?"
_RESOLVERS = (
    ("bool", re.compile(r"true|True|TRUE|false|False|FALSE"), "tTfF"),
    ("int", re.compile(r"[-+]?(?:0|[1-9][0-9_]*)"), "-+0123456789"),
    ("float", re.compile(_FLOAT), "-+0123456789."),
    ("null", re.compile(r"~|null|Null|NULL|"), "~nN"),
    ("merge", re.compile(r"<<"), "<"),
)
_BY_FIRST = {
    sign: [(_YAML + name, plain.fullmatch) for name, plain, first in _RESOLVERS if sign in first]
    for sign in "tTfF-+0123456789.~nN<"
} | {"": [(_YAML + "null", re.compile("").fullmatch)]}
_ANCHOR = re.compile(r"&\S")


class _ExactLoader(yaml.CSafeLoader):
    """YAML with exact decimals, no timestamps and only true and false as booleans.

    PyYAML's own resolvers would turn `NO` (Norway) into False, `12:30` into a
    number in base 60 and `2025-08-02` into a date; law texts need none of them.
    A block a hundred thousand deep would end the process inside the parser, so
    the depth is counted on the way down.
    """

    depth = 0

    def descend_resolver(self, current_node: Any, _index: Any) -> None:
        """Count one level more; PyYAML calls this before it reads a node."""
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            line = None if current_node is None else current_node.start_mark.line + 1
            raise ExactTextError(f"is nested more than {_MAX_DEPTH} deep", line)

    def ascend_resolver(self) -> None:
        """Count one level less; PyYAML calls this after it has read a node."""
        self.depth -= 1

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        """Return the tag of a node that has none; PyYAML calls this for each node."""
        if kind is yaml.ScalarNode:
            if implicit[0]:
                for tag, matches in _BY_FIRST.get(value[:1], ()):
                    if matches(value):
                        return tag
            return _STR
        return _SEQ if kind is yaml.SequenceNode else _MAP


def _built(loader: _ExactLoader, node: yaml.Node) -> Any:
    """Return the value of a node; half the time of PyYAML's own constructors."""
    tag = node.tag
    if isinstance(node, yaml.ScalarNode):
        if tag == _STR:
            return node.value
        make = _SCALARS.get(tag)
        if make is not None:
            return make(node)
    elif tag == _MAP:
        return _mapping(loader, node)
    elif tag == _SEQ and isinstance(node, yaml.SequenceNode):
        return [_built(loader, part) for part in node.value]
    line = node.start_mark.line + 1
    raise ExactTextError(f"tag {tag.removeprefix(_YAML)!r} cannot stand here", line)


def _integer(node: yaml.ScalarNode) -> int:
    return parse_integer(node.value.replace("_", ""))


def _decimal(node: yaml.ScalarNode) -> Decimal:
    try:
        return Decimal(node.value)
    except InvalidOperation as error:
        line = node.start_mark.line + 1
        raise ExactTextError(f"{node.value!r} is no decimal number", line) from error


def _boolean(node: yaml.ScalarNode) -> bool:
    text = node.value.lower()
    if text not in ("true", "false"):
        raise ExactTextError(f"{text!r} is neither true nor false", node.start_mark.line + 1)
    return bool(text == "true")


_SCALARS: dict[str, Callable[[yaml.ScalarNode], Any]] = {
    _YAML + "bool": _boolean,
    _YAML + "int": _integer,
    _YAML + "float": _decimal,
    _YAML + "null": lambda _node: None,
}


def _mapping(loader: _ExactLoader, node: yaml.Node) -> dict[Any, Any]:
    if not isinstance(node, yaml.MappingNode):
        raise ExactTextError("this is no block of fields", node.start_mark.line + 1)
    own = sum(key_node.tag != _MERGE for key_node, _ in node.value)
    if own < len(node.value):
        loader.flatten_mapping(node)  # puts what is merged in before the block's own fields
    merged = len(node.value) - own
    result: dict[Any, Any] = {}
    seen: set[Any] = set()
    for number, (key_node, value_node) in enumerate(node.value):
        key = _built(loader, key_node)
        if not isinstance(key, str | int | Decimal | bool | None):
            raise ExactTextError("a key must be plain text", key_node.start_mark.line + 1)
        if key in seen:
            raise ExactTextError(
                f"key {key!r} stands twice in one block; keep one", key_node.start_mark.line + 1
            )
        if number >= merged:
            seen.add(key)
        result[key] = _built(loader, value_node)
    return result


def parse_integer(text: str) -> int:
    """Read a decimal integer; refuse one too long to be a figure."""
    if len(text) > _MAX_INTEGER_DIGITS:
        raise ExactTextError(f"a number of {len(text)} digits is too long")
    try:
        return int(text)
    except ValueError as error:
        raise ExactTextError(f"{text!r} is no whole number") from error


def _require_bounded(node: yaml.Node | None) -> None:
    """Refuse a document that names itself, nests too deeply, or grows through its anchors."""
    sizes: dict[int, int] = {}
    open_nodes: set[int] = set()

    def size(node: yaml.Node) -> int:
        line = node.start_mark.line + 1
        if id(node) in open_nodes or len(open_nodes) > _MAX_DEPTH:
            raise ExactTextError("an anchor holds itself or nests too deeply", line)
        if id(node) not in sizes:
            open_nodes.add(id(node))
            total = 1 + sum(map(size, _below(node)))
            open_nodes.discard(id(node))
            if total > _MAX_NODES:
                raise ExactTextError(f"holds more than {_MAX_NODES} parts, aliases counted", line)
            sizes[id(node)] = total
        return sizes[id(node)]

    if node is not None:
        size(node)


def _below(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def load_yaml(text: str) -> Any:
    """Read one YAML document; no tag can run anything.

    >>> load_yaml("{a: 0.10, b: 2025-08-02, c: NO, d: 1e25}")
    {'a': Decimal('0.10'), 'b': '2025-08-02', 'c': 'NO', 'd': '1e25'}
    """
    try:
        loader = _ExactLoader(text)
        node = loader.get_single_node()
        if len(text) > _MAX_NODES or _ANCHOR.search(text):
            _require_bounded(node)
        return None if node is None else _built(loader, node)
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
        value = json.loads(
            text,
            parse_float=Decimal,
            parse_int=parse_integer,
            parse_constant=_refuse_constant,
            object_pairs_hook=_refuse_twice,
        )
        if _SURROGATE.search(text):
            dump_json(value).encode()
        return value
    except json.JSONDecodeError as error:
        raise ExactTextError(f"not JSON: {error.msg}", error.lineno) from error
    except UnicodeEncodeError as error:
        raise ExactTextError("half of a surrogate pair stands alone in a text") from error
    except RecursionError as error:
        raise ExactTextError("not JSON that can be read: nested too deeply") from error


def dump_json(value: Any, *, indent: int | None = None) -> str:
    """Write JSON; `Decimal` and `Fraction` become number literals without a float.

    A quotient that has no finite decimal is rounded for display to twelve
    significant digits.

    >>> dump_json({"share": Fraction(1, 3), "whole": Decimal("2.50")})
    '{"share": 0.333333333333, "whole": 2.50}'
    """
    pieces: list[str] = []
    _write(value, None if indent is None else " " * indent, "", pieces.append)
    return "".join(pieces)


def _write(value: Any, pad: str | None, margin: str, take: Callable[[str], None]) -> None:
    """Give a value piece by piece; `margin` is what stands before a line of it."""
    if isinstance(value, str):
        take(quoted(value))
    elif isinstance(value, Mapping):
        labels = [f"{quoted(str(key))}: " for key in value]
        _write_block("{}", labels, value.values(), pad, margin, take)
    elif isinstance(value, Sequence) and not isinstance(value, bytes):
        _write_block("[]", repeat("", len(value)), value, pad, margin, take)
    else:
        take(_scalar(value))


def _write_block(
    brackets: str,
    labels: Iterable[str],
    items: Collection[Any],
    pad: str | None,
    margin: str,
    take: Callable[[str], None],
) -> None:
    if not items:
        take(brackets)
        return
    inner = margin if pad is None else margin + pad
    separator = ", " if pad is None else ",\n" + inner
    before = brackets[0] if pad is None else f"{brackets[0]}\n{inner}"
    for label, item in zip(labels, items, strict=True):
        take(before + label)
        before = separator
        _write(item, pad, inner, take)
    take(brackets[1] if pad is None else f"\n{margin}{brackets[1]}")


def _scalar(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return WORDS[value]
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else decimal_text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    if hasattr(value, "isoformat"):
        return quoted(value.isoformat())
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
