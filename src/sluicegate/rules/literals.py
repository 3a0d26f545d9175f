"""Literals of one value: what each kind of a fact accepts, and how a message shows one."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sluicegate.core.calendars import parse_day, parse_instant
from sluicegate.core.exact import decimal_text
from sluicegate.core.quantities import Exact, exact, parse_decimal
from sluicegate.rules.countries import is_country
from sluicegate.rules.fields import FieldSpec, Kind

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


def check_figure(spec: FieldSpec, value: Exact) -> None:
    """Raise ValueError when a figure is outside the limits of its field."""
    assert spec.shape.kind is not None
    check_limits(spec, _BOUNDED.get(spec.shape.kind, _unbounded)(value))


def check_limits(spec: FieldSpec, value: Any) -> None:
    """Raise ValueError when a value is none of its field's, or outside its limits."""
    if spec.values and isinstance(value, str) and value not in spec.values:
        raise ValueError(f"{shortened(value)} is not one of {', '.join(spec.values)}")
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        if spec.minimum is not None and value < spec.minimum:
            raise ValueError(f"{shortened(value)} is below {spec.minimum}")
        if spec.above is not None and value <= spec.above:
            raise ValueError(f"{shortened(value)} is not above {spec.above}")
        if spec.maximum is not None and value > spec.maximum:
            raise ValueError(f"{shortened(value)} is above {spec.maximum}")


def shortened(raw: object) -> str:
    """Return a literal as a message shows it: bounded in length and depth.

    >>> shortened(Decimal("1.40")), shortened("x" * 9)
    ('1.40', "'xxxxxxxxx'")
    """
    if isinstance(raw, Fraction):
        return decimal_text(raw)
    return str(raw) if isinstance(raw, Decimal) else _SHORT.repr(raw)


def _text(raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{shortened(raw)} is no text; quote it")
    if not raw.isascii():
        raw.encode()  # half of a surrogate pair is no text; the error is a ValueError
    return raw


def _boolean(raw: Any) -> bool:
    if not isinstance(raw, bool):
        raise ValueError(f"{shortened(raw)} is neither true nor false")
    return raw


def _integer(raw: Any) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int):
        raise ValueError(f"{shortened(raw)} is no whole number")
    return raw


def _number(raw: Any) -> Exact:
    if isinstance(raw, bool) or not isinstance(raw, int | Decimal | Fraction):
        raise ValueError(f"{shortened(raw)} is no number; write it without quotes")
    if isinstance(raw, Decimal) and not raw.is_finite():
        raise ValueError(f"{shortened(raw)} is no finite number")
    return exact(raw)


def _not_negative(value: Exact) -> Exact:
    if value < 0:
        raise ValueError(f"{shortened(value)} is negative")
    return value


def _flop(raw: Any) -> Exact:
    if not isinstance(raw, str):
        raise ValueError(f"{shortened(raw)} is no quoted decimal text such as '1.5e26'")
    return _not_negative(parse_decimal(raw))


def _share(raw: Any) -> Exact:
    return _part_of_one(_number(raw), raw)


def _part_of_one(value: Exact, raw: object = None) -> Exact:
    if _not_negative(value) > 1:
        shown = shortened(value if raw is None else raw)
        raise ValueError(f"{shown} is above 1; give a share, e.g. 0.4 for 40 percent")
    return value


def _unbounded(value: Exact) -> Exact:
    return value


def _country(raw: Any) -> str:
    text = _text(raw)
    if not is_country(text):
        raise ValueError(f"{shortened(raw)} is no ISO 3166 alpha-2 code")
    return text


def _datetime(raw: Any) -> datetime:
    return parse_instant(_text(raw))


_BOUNDED: dict[Kind, Callable[[Exact], Exact]] = {
    Kind.FLOP: _not_negative,
    Kind.FLOP_PER_SECOND: _not_negative,
    Kind.TPP: _not_negative,
    Kind.SHARE: _part_of_one,
}
"""What a figure of a kind may be, apart from the limits of its field."""

READERS: dict[Kind, Callable[[Any], Any]] = {
    Kind.COUNTRY: _country,
    Kind.DATE: lambda raw: parse_day(_text(raw)),
    Kind.DATETIME: _datetime,
    Kind.BOOLEAN: _boolean,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.FLOP: _flop,
    Kind.FLOP_PER_SECOND: _flop,
    Kind.TPP: lambda raw: _not_negative(_number(raw)),
    Kind.SHARE: _share,
    Kind.ENUM: _text,
    Kind.STRING: _text,
}
"""How the literal of each kind is read; each raises ValueError."""
