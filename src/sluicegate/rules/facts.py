"""Facts of a question: read from literals, refused with the path of each fault.

Order of faults: unknown fields in the order given, then the fields in the
order of the specification; inside a record the same order again.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sluicegate.core.quantities import Exact
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.literals import READERS, check_limits
from sluicegate.rules.literals import shortened as shortened


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

    def maybe_instant(self, name: str) -> datetime | None:
        """Return an instant with its offset, or None when it was not given."""
        return None if self._parts[name] is None else self.instant(name)

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


def read_fact(spec: FieldSpec, raw: Mapping[str, Any], default_of: DefaultOf) -> Any:
    """Return one typed fact of a question, looked at by itself.

    `raw` holds its literal under its name, or nothing when it was not given.
    Raises BadFactsError; what other facts ask of it is said by `needed_faults`.
    """
    faults: list[BadFact] = []
    value = _read_field(spec, raw, spec.name, default_of, faults)
    if faults:
        raise BadFactsError(faults)
    return value


def needed_faults(specs: tuple[FieldSpec, ...], facts: Facts) -> list[BadFact]:
    """Return the facts that are null although others need them, in order."""
    return [
        _needed_fault(spec, "") for spec in specs if spec.needed_when and _is_missed(spec, facts)
    ]


def _needed_fault(spec: FieldSpec, prefix: str) -> BadFact:
    return BadFact(prefix + spec.name, f"is needed with this {', '.join(spec.needed_when)}")


def _is_missed(spec: FieldSpec, facts: Facts) -> bool:
    return not facts.has(spec.name) and any(
        facts[other] in wanted for other, wanted in spec.needed_when.items()
    )


def _instead_of(name: str, names: set[str]) -> str:
    """Return the way out of a field that there is none of: the nearest name that is not given."""
    near = difflib.get_close_matches(name[:100], sorted(names), n=1)
    return f"did you mean {near[0]}?" if near else "leave it out"


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
            problem = f"is not a field of this question; {_instead_of(str(name), known - set(raw))}"
            faults.append(BadFact(f"{prefix}{name}", problem))
    parts: dict[str, Any] = {}
    for spec in specs:
        parts[spec.name] = _read_field(spec, raw, prefix + spec.name, default_of, faults)
    facts = Facts(parts)
    reported = {fault.path for fault in faults}
    late = [
        spec
        for spec in specs
        if spec.needed_when and prefix + spec.name not in reported and _is_missed(spec, facts)
    ]
    _insert_in_order(faults, specs, prefix, late)
    return facts


def _read_field(
    spec: FieldSpec,
    raw: Mapping[Any, Any],
    path: str,
    default_of: DefaultOf,
    faults: list[BadFact],
) -> Any:
    """Read one field of a record: its literal or, where it was not given, its default."""
    if spec.name in raw:
        return _read(spec, raw[spec.name], path, default_of, faults)
    if spec.required:
        meaning = f"{spec.meaning[:1].lower()}{spec.meaning[1:]}"
        faults.append(BadFact(path, f"is missing; give {meaning}"))
        return None
    default = default_of(spec)
    return None if default is None else _read(spec, default, path, default_of, faults)


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
        faults.insert(place, _needed_fault(spec, prefix))


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
        value = READERS[shape.kind](raw)
        check_limits(spec, value)
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
    return READERS[kind](raw)
