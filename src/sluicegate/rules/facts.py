"""Facts of a question: read from literals, refused with the path of each fault.

Order of faults: unknown fields in the order given, then the fields in the
order of the specification; inside a record the same order again.
"""

from __future__ import annotations

import reprlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sluicegate.core.calendars import parse_day, parse_instant
from sluicegate.core.exact import decimal_text
from sluicegate.core.quantities import Exact, exact, parse_decimal
from sluicegate.rules.countries import is_country
from sluicegate.rules.fields import FieldSpec, Kind, Shape

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60


@dataclass(frozen=True, slots=True)
class BadFact:
    """One fault in the facts of a question."""

    path: str
    message: str


class BadFactsError(ValueError):
    """Facts that the question refuses; `faults` are in the order of the specification."""

    def __init__(self, faults: Iterable[BadFact]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.path}: {fault.message}" for fault in self.faults))

    @property
    def paths(self) -> list[str]:
        """The path of every fault, each once, in order."""
        return list(dict.fromkeys(fault.path for fault in self.faults))

    def as_json(self) -> dict[str, Any]:
        """Return the refusal as every face shows it."""
        return {"error": self.paths[0], "errors": self.paths, "message": str(self)}


class Facts:
    """Checked facts of a question or of one record in them, by name and type.

    The getters only say which type the specification promised; a wrong one is
    a bug in the room, not bad input.
    """

    __slots__ = ("_parts",)

    def __init__(self, parts: Mapping[str, Any]) -> None:
        self._parts = parts

    def __getitem__(self, name: str) -> Any:
        return self._parts[name]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Facts) and self._parts == other._parts

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Facts({dict(self._parts)!r})"

    def has(self, name: str) -> bool:
        """Say whether a nullable fact was given."""
        return self._parts[name] is not None

    def amount(self, name: str) -> Exact:
        """Return a count, rate, share or number, exact."""
        value = self._parts[name]
        if not isinstance(value, int | Fraction) or isinstance(value, bool):
            raise TypeError(f"fact {name} is no figure: {value!r}")
        return value

    def maybe_amount(self, name: str) -> Exact | None:
        """Return a figure, or None when it was not given."""
        return None if self._parts[name] is None else self.amount(name)

    def whole(self, name: str) -> int:
        """Return an integer."""
        value = self._parts[name]
        if not isinstance(value, int) or isinstance(value, bool):
            raise TypeError(f"fact {name} is no integer: {value!r}")
        return value

    def flag(self, name: str) -> bool:
        """Return a boolean."""
        value = self._parts[name]
        if not isinstance(value, bool):
            raise TypeError(f"fact {name} is no boolean: {value!r}")
        return value

    def day(self, name: str) -> date:
        """Return a day."""
        value = self._parts[name]
        if not isinstance(value, date) or isinstance(value, datetime):
            raise TypeError(f"fact {name} is no day: {value!r}")
        return value

    def maybe_day(self, name: str) -> date | None:
        """Return a day, or None when it was not given."""
        return None if self._parts[name] is None else self.day(name)

    def instant(self, name: str) -> datetime:
        """Return an instant with its offset."""
        value = self._parts[name]
        if not isinstance(value, datetime):
            raise TypeError(f"fact {name} is no instant: {value!r}")
        return value

    def text(self, name: str) -> str:
        """Return a text, enum value or country."""
        value = self._parts[name]
        if not isinstance(value, str):
            raise TypeError(f"fact {name} is no text: {value!r}")
        return value

    def maybe_text(self, name: str) -> str | None:
        """Return a text, or None when it was not given."""
        return None if self._parts[name] is None else self.text(name)

    def texts(self, name: str) -> list[str]:
        """Return a list of texts."""
        return [str(item) for item in self._parts[name]]

    def flags(self, name: str) -> list[bool]:
        """Return a list of booleans."""
        return [bool(item) for item in self._parts[name]]

    def records(self, name: str) -> list[Facts]:
        """Return a list of records."""
        return list(self._parts[name])

    def mapping(self, name: str) -> Mapping[Any, Any]:
        """Return a map."""
        value = self._parts[name]
        if not isinstance(value, Mapping):
            raise TypeError(f"fact {name} is no map: {value!r}")
        return value


DefaultOf = Callable[[FieldSpec], Any]
"""Gives the raw default of a field: its literal, or what the rule book holds."""


def read_facts(specs: tuple[FieldSpec, ...], raw: object, default_of: DefaultOf) -> Facts:
    """Check literals against a specification and return typed facts.

    Raises BadFactsError with every fault, in order.
    """
    if not isinstance(raw, Mapping):
        raise BadFactsError([BadFact("facts", "are no object of fields; write {name: value}")])
    faults: list[BadFact] = []
    facts = _read_record(specs, raw, "", default_of, faults)
    if faults:
        raise BadFactsError(faults)
    return facts


def _read_record(
    specs: tuple[FieldSpec, ...],
    raw: Mapping[Any, Any],
    prefix: str,
    default_of: DefaultOf,
    faults: list[BadFact],
) -> Facts:
    known = {spec.name for spec in specs}
    for name in raw:
        if name not in known:
            faults.append(BadFact(f"{prefix}{name}", "is not a field of this question"))
    parts: dict[str, Any] = {}
    for spec in specs:
        path = prefix + spec.name
        if spec.name in raw:
            parts[spec.name] = _read(spec, raw[spec.name], path, default_of, faults)
        elif spec.required:
            faults.append(
                BadFact(path, f"is missing; give {spec.meaning[:1].lower()}{spec.meaning[1:]}")
            )
            parts[spec.name] = None
        else:
            default = default_of(spec)
            parts[spec.name] = (
                None if default is None else _read(spec, default, path, default_of, faults)
            )
    reported = {fault.path for fault in faults}
    late = [
        spec
        for spec in specs
        if spec.needed_when
        and parts[spec.name] is None
        and prefix + spec.name not in reported
        and any(parts.get(other) in wanted for other, wanted in spec.needed_when.items())
    ]
    _insert_in_order(faults, specs, prefix, late)
    return Facts(parts)


def _insert_in_order(
    faults: list[BadFact], specs: tuple[FieldSpec, ...], prefix: str, late: list[FieldSpec]
) -> None:
    """Put the faults of needed fields where the specification has them."""
    order = {prefix + spec.name: number for number, spec in enumerate(specs)}
    for spec in late:
        mine = order[prefix + spec.name]
        place = len(faults)
        for number, fault in enumerate(faults):
            head = prefix + fault.path[len(prefix) :].split(".")[0]
            if fault.path.startswith(prefix) and order.get(head, -1) > mine:
                place = number
                break
        needed = ", ".join(spec.needed_when)
        faults.insert(place, BadFact(prefix + spec.name, f"is needed with this {needed}"))


def _read(
    spec: FieldSpec, raw: Any, path: str, default_of: DefaultOf, faults: list[BadFact]
) -> Any:
    if raw is None:
        if not spec.nullable:
            faults.append(BadFact(path, "is null; give a value"))
        return None
    return _read_shape(spec, spec.shape, raw, path, default_of, faults)


def _read_shape(
    spec: FieldSpec,
    shape: Shape,
    raw: Any,
    path: str,
    default_of: DefaultOf,
    faults: list[BadFact],
) -> Any:
    if shape.is_list and shape.item is not None:
        if not isinstance(raw, list | tuple):
            faults.append(BadFact(path, f"{shortened(raw)} is no list; write [a, b]"))
            return None
        return [_read_shape(spec, shape.item, item, path, default_of, faults) for item in raw]
    if shape.key is not None and shape.item is not None:
        return _read_map(spec, shape.key, shape.item, raw, path, default_of, faults)
    if shape.kind is Kind.RECORD:
        if not isinstance(raw, Mapping):
            faults.append(BadFact(path, f"{shortened(raw)} is no record; write {{name: value}}"))
            return None
        return _read_record(spec.fields, raw, path + ".", default_of, faults)
    assert shape.kind is not None
    try:
        value = _SCALARS[shape.kind](raw)
        _check_limits(spec, value)
    except ValueError as error:
        faults.append(BadFact(path, str(error)))
        return None
    return value


def _read_map(
    spec: FieldSpec,
    key_kind: Kind,
    item: Shape,
    raw: Any,
    path: str,
    default_of: DefaultOf,
    faults: list[BadFact],
) -> Any:
    if not isinstance(raw, Mapping):
        faults.append(BadFact(path, f"{shortened(raw)} is no map; write {{key: value}}"))
        return None
    result: dict[Any, Any] = {}
    for raw_key, raw_item in raw.items():
        try:
            key = _map_key(key_kind, raw_key)
        except ValueError as error:
            faults.append(BadFact(path, f"key {shortened(raw_key)}: {error}"))
            continue
        result[key] = _read_shape(spec, item, raw_item, path, default_of, faults)
    return result


def _map_key(kind: Kind, raw: Any) -> Any:
    if kind is Kind.INTEGER and isinstance(raw, str) and raw.lstrip("-").isdigit():
        return int(raw)
    if kind is Kind.ENUM:
        return _text(raw)
    return _SCALARS[kind](raw)


def _check_limits(spec: FieldSpec, value: Any) -> None:
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
    value = _not_negative(_number(raw))
    if value > 1:
        raise ValueError(f"{shortened(raw)} is above 1; give a share, e.g. 0.4 for 40 percent")
    return value


def _country(raw: Any) -> str:
    text = _text(raw)
    if not is_country(text):
        raise ValueError(f"{shortened(raw)} is no ISO 3166 alpha-2 code")
    return text


def _datetime(raw: Any) -> datetime:
    return parse_instant(_text(raw))


_SCALARS: dict[Kind, Callable[[Any], Any]] = {
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
