"""Which faults a question's facts have, and in which order: a second reading of the README.

Written from the description of bad input alone, without the product's reader:
the day, the readings, unknown fields as given, then the fields in the order of
the specification, the same inside a record. Paths have no index; each is told
once. What `bad_input` says is looked at only when nothing else is wrong, so
that it is not reckoned here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sluicegate.rules.countries import country_names
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.specifications import Spec

_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def faults(spec: Spec, facts: Any, as_of: Any, readings: Any) -> list[str]:
    """Return the paths of all faults but those of `bad_input`, each once, in order."""
    found = [*_day(spec, as_of), *_readings(spec, readings)]
    found += _record(spec.facts, facts, "") if isinstance(facts, Mapping) else ["facts"]
    return list(dict.fromkeys(found))


def _day(spec: Spec, as_of: Any) -> Iterator[str]:
    first = spec.first_recorded or date.min
    if not _is_day(as_of) or date.fromisoformat(as_of) < first:
        yield "as_of"


def _readings(spec: Spec, given: Any) -> Iterator[str]:
    known = {reading.name: reading.values for reading in spec.readings}
    yield from (f"readings.{name}" for name in given if name not in known)
    for name, values in known.items():
        if name in given and given[name] not in values:
            yield f"readings.{name}"


def _record(specs: tuple[FieldSpec, ...], raw: Mapping[Any, Any], prefix: str) -> list[str]:
    names = [spec.name for spec in specs]
    found = [f"{prefix}{name}" for name in raw if name not in names]
    for spec in specs:
        found += _field(spec, specs, raw, prefix)
    return found


def _field(
    spec: FieldSpec, specs: tuple[FieldSpec, ...], raw: Mapping[Any, Any], prefix: str
) -> list[str]:
    path = prefix + spec.name
    if spec.name not in raw:
        missing = spec.required or _is_needed(spec, specs, raw)
        return [path] if missing else []
    if raw[spec.name] is None:
        return [] if spec.nullable and not _is_needed(spec, specs, raw) else [path]
    return _value(spec, spec.shape, raw[spec.name], path)


def _is_needed(spec: FieldSpec, specs: tuple[FieldSpec, ...], raw: Mapping[Any, Any]) -> bool:
    for other in specs:
        wanted = spec.needed_when.get(other.name, ())
        held = raw.get(other.name, other.default)
        if wanted and held.__hash__ is not None and held in wanted:
            return True
    return False


def _value(spec: FieldSpec, shape: Shape, raw: Any, path: str) -> list[str]:
    if shape.key is not None and shape.item is not None:
        if not isinstance(raw, Mapping):
            return [path]
        bad_key = any(not _is_key(shape.key, key) for key in raw)
        inner = [found for item in raw.values() for found in _value(spec, shape.item, item, path)]
        return [path] if bad_key else inner
    if shape.item is not None:
        if not isinstance(raw, list | tuple):
            return [path]
        return [found for item in raw for found in _value(spec, shape.item, item, path)]
    if shape.kind is Kind.RECORD:
        return _record(spec.fields, raw, path + ".") if isinstance(raw, Mapping) else [path]
    assert shape.kind is not None
    return [] if _is_literal(shape.kind, raw) and _is_within(spec, shape.kind, raw) else [path]


def _is_key(kind: Kind, raw: Any) -> bool:
    if kind is Kind.INTEGER and isinstance(raw, str):
        return re.fullmatch(r"-?[0-9]+", raw) is not None
    return _is_literal(kind, raw)


def _is_literal(kind: Kind, raw: Any) -> bool:
    """Say whether a value is a literal of a type, as the table of types has it."""
    number = isinstance(raw, int | Decimal) and not isinstance(raw, bool)
    finite = number and (isinstance(raw, int) or raw.is_finite())
    match kind:
        case Kind.COUNTRY:
            return isinstance(raw, str) and raw in country_names()
        case Kind.DATE:
            return _is_day(raw)
        case Kind.DATETIME:
            return _is_instant(raw)
        case Kind.BOOLEAN:
            return isinstance(raw, bool)
        case Kind.INTEGER:
            return isinstance(raw, int) and not isinstance(raw, bool)
        case Kind.NUMBER:
            return finite
        case Kind.TPP:
            return finite and raw >= 0
        case Kind.SHARE:
            return finite and 0 <= raw <= 1
        case Kind.FLOP | Kind.FLOP_PER_SECOND:
            is_text = isinstance(raw, str) and _DECIMAL.fullmatch(raw) is not None
            return is_text and Decimal(raw) >= 0
        case _:
            return isinstance(raw, str)


def _is_within(spec: FieldSpec, kind: Kind, raw: Any) -> bool:
    if spec.values and isinstance(raw, str):
        return raw in spec.values
    figure = Decimal(raw) if kind in (Kind.FLOP, Kind.FLOP_PER_SECOND) else raw
    if not isinstance(figure, int | Decimal) or isinstance(figure, bool):
        return True
    low = spec.minimum is None or figure >= spec.minimum
    above = spec.above is None or figure > spec.above
    return low and above and (spec.maximum is None or figure <= spec.maximum)


def _is_day(raw: Any) -> bool:
    if not isinstance(raw, str) or _DAY.fullmatch(raw) is None:
        return False
    try:
        date.fromisoformat(raw)
    except ValueError:
        return False
    return True


def _is_instant(raw: Any) -> bool:
    if not isinstance(raw, str):
        return False
    try:
        return datetime.fromisoformat(raw).utcoffset() is not None
    except ValueError:
        return False
