"""Canonical bytes of a record, and its digest.

The form follows RFC 8785 (JCS) for the values that records hold: text,
integers, exact decimals, booleans, null, lists and objects. A decimal is
written as RFC 8785 writes the double nearest to it; one that a double does not
give back exactly is refused and belongs into text, so no rounding ever enters
a digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sluicegate.core.exact import WORDS, quoted

_LARGEST_SAFE_INTEGER = 2**53 - 1
_MOST_DIGITS = 15
_LEAST_POWER = -6


def canonical_bytes(value: Any) -> bytes:
    """Return the one byte string that stands for a value.

    Keys are sorted by UTF-16 code units as RFC 8785 asks. An integer that a
    double cannot hold exactly is refused; give it as decimal text.

    >>> canonical_bytes({"b": [1, True, None], "a": "水闸"}).decode()
    '{"a":"水闸","b":[1,true,null]}'
    """
    return _text(value).encode("utf-8", errors="strict")


def digest(value: Any) -> str:
    """Return the SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


def _text(value: Any) -> str:
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return "{" + ",".join([f"{quoted(key)}:{_text(value[key])}" for key in _keys(value)]) + "}"
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return "[" + ",".join(map(_text, value)) + "]"
    if value is None or isinstance(value, bool):
        return WORDS[value]
    if isinstance(value, int):
        if abs(value) > _LARGEST_SAFE_INTEGER:
            raise ValueError(f"{value} is too large for a JSON number; write it as text")
        return int.__repr__(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    raise TypeError(f"{type(value).__name__} has no canonical form; write it as text")


def _keys(value: Mapping[Any, Any]) -> list[str]:
    """Return the keys in order of their UTF-16 code units, which is that of ASCII text."""
    for key in value:
        if not isinstance(key, str):
            raise TypeError(f"key {key!r}: a record has text keys only")
    if all(map(str.isascii, value)):
        return sorted(value)
    return sorted(value, key=lambda key: key.encode("utf-16-be"))


def _decimal(value: Decimal) -> str:
    """Write a decimal as ECMAScript writes the same number, without an exponent.

    >>> _decimal(Decimal("0.80")), _decimal(Decimal("2.0"))
    ('0.8', '2')
    """
    if not value.is_finite():
        raise ValueError(f"{value} is no JSON number")
    if value == value.to_integral_value():
        return _text(int(value))
    plain = value.normalize()
    if len(plain.as_tuple().digits) > _MOST_DIGITS or plain.adjusted() < _LEAST_POWER:
        raise ValueError(f"{value} is too fine for a JSON number; write it as text")
    return format(plain, "f")
