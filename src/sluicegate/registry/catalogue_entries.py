"""Reading catalogue entries: checked, exact, every fault collected with its way out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sluicegate.core.calendars import parse_day
from sluicegate.core.problems import Problem
from sluicegate.core.quantities import NumericFormat, parse_decimal
from sluicegate.registry.hardware import (
    METERING_DIVISOR,
    Accelerator,
    Evidence,
    EvidenceKind,
    InstanceType,
    OtherPeak,
)

LOCAL_SOURCE = Evidence(EvidenceKind.LOCAL, "the node's own file")

_REQUIRED = ("id", "name", "manufacturer", "valid_from", "peaks")
_ACCELERATOR_FIELDS = frozenset(
    (
        *_REQUIRED,
        *("aliases", "short_names", "other_peaks", "die_area_mm2", "process_nm", "planar"),
        *("memory_bytes", "memory_bandwidth_bytes_per_second", "tdp_w", "data_centre"),
        *("evidence", "note"),
    )
)
_GROUP_REQUIRED = ("provider", "accelerator", "types")
_GROUP_FIELDS = frozenset((*_GROUP_REQUIRED, "interconnect", "evidence"))
_EVIDENCED = {
    "memory": "memory_bytes",
    "bandwidth": "memory_bandwidth_bytes_per_second",
    "die": "die_area_mm2",
    "process": "process_nm",
    "tdp": "tdp_w",
}
_FORMATS = {known.value: known for known in NumericFormat}


class _EntryError(ValueError):
    """One fault in one entry: field, problem, way out."""

    def __init__(self, field: str, problem: str, way_out: str) -> None:
        super().__init__(problem)
        self.field, self.problem, self.way_out = field, problem, way_out


@dataclass(frozen=True, slots=True)
class Source:
    """The document that entries are read from, with the sources it names.

    `sources` is None for a user's own file, whose entries need no evidence.
    """

    file: str
    sources: Mapping[str, Evidence] | None

    def evidence(self, source_id: str) -> Evidence:
        """Return a named source; an entry error where the document has none of that name."""
        if self.sources is None:
            return LOCAL_SOURCE
        if source_id not in self.sources:
            raise _EntryError(
                "evidence", f"source {source_id!r} is not listed", "add it to sources"
            )
        return self.sources[source_id]


@dataclass(frozen=True, slots=True)
class ReadAccelerators:
    """The accelerators that could be read, and what was wrong with the others."""

    items: tuple[Accelerator, ...]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class ReadInstanceTypes:
    """The instance types that could be read, and what was wrong with the others."""

    items: tuple[InstanceType, ...]
    problems: tuple[Problem, ...]


def read_sources(document: Mapping[str, Any]) -> dict[str, Evidence]:
    """Return the sources a shipped document names, by their short id."""
    return {
        str(key): Evidence(EvidenceKind(item["kind"]), str(item["text"]))
        for key, item in document.get("sources", {}).items()
    }


def read_accelerators(entries: Iterable[Any], source: Source) -> ReadAccelerators:
    """Read the list `accelerators` of a document."""
    items, problems = [], []
    for number, entry in enumerate(entries, start=1):
        try:
            items.append(_accelerator(entry, source))
        except _EntryError as error:
            problems.append(_problem(source, _label(entry, f"accelerator {number}"), error))
    return ReadAccelerators(tuple(items), tuple(problems))


def read_instance_types(
    groups: Iterable[Any], accelerator_ids: frozenset[str], source: Source
) -> ReadInstanceTypes:
    """Read the list `instance_types`: groups of types of one provider and accelerator."""
    items: list[InstanceType] = []
    problems = []
    for number, group in enumerate(groups, start=1):
        try:
            items += _instance_types(group, accelerator_ids, source)
        except _EntryError as error:
            problems.append(_problem(source, f"instance_types group {number}", error))
    return ReadInstanceTypes(tuple(items), tuple(problems))


def _problem(source: Source, label: str, error: _EntryError) -> Problem:
    return Problem(source.file, None, error.field, f"{label}: {error.problem}", error.way_out)


def _label(entry: Any, otherwise: str) -> str:
    return str(entry.get("id", otherwise)) if isinstance(entry, Mapping) else otherwise


def _accelerator(entry: Any, source: Source) -> Accelerator:
    _require_fields(entry, _ACCELERATOR_FIELDS, _REQUIRED)
    peaks = _peaks(entry["peaks"])
    other_peaks = tuple(
        OtherPeak(str(name), _whole(item, "bits"), _whole(item, "peak"))
        for name, item in entry.get("other_peaks", {}).items()
    )
    area = _number(entry, "die_area_mm2")
    accelerator = Accelerator(
        id=str(entry["id"]),
        name=str(entry["name"]),
        manufacturer=str(entry["manufacturer"]),
        valid_from=_day(entry["valid_from"]),
        aliases=tuple(map(str, entry.get("aliases", ()))),
        short_names={
            str(name): tuple(map(str, among))
            for name, among in entry.get("short_names", {}).items()
        },
        peaks=peaks,
        other_peaks=other_peaks,
        memory_bytes=_whole_or_none(entry, "memory_bytes"),
        memory_bandwidth_bytes_per_second=_whole_or_none(
            entry, "memory_bandwidth_bytes_per_second"
        ),
        die_area_mm2=None if area is None else Fraction(area),
        process_nm=_whole_or_none(entry, "process_nm"),
        planar=_flag(entry, "planar"),
        tdp_w=_whole_or_none(entry, "tdp_w"),
        data_centre=_flag(entry, "data_centre") is not False,
        evidence=_evidence(entry, source),
        note=str(entry.get("note") or ""),
    )
    if accelerator.metering_peak % METERING_DIVISOR:
        raise _EntryError(
            "peaks",
            f"the metering peak {accelerator.metering_peak} is no multiple of {METERING_DIVISOR}, "
            "so FLOP per millisecond and basis point would not be whole",
            "round it up to the next multiple",
        )
    return accelerator


def _peaks(entry: Any) -> dict[NumericFormat, int]:
    if not isinstance(entry, Mapping) or not entry:
        raise _EntryError("peaks", "no peak is given", 'give at least one, e.g. {bf16: "989.5e12"}')
    unknown = [str(key) for key in entry if key not in _FORMATS]
    if unknown:
        raise _EntryError(
            "peaks", f"{unknown[0]!r} is no numeric format", f"use one of {', '.join(_FORMATS)}"
        )
    return {_FORMATS[key]: _whole(entry, key) for key in entry}


def _evidence(entry: Mapping[str, Any], source: Source) -> dict[str, Evidence]:
    valued = [*entry["peaks"], *entry.get("other_peaks", {})]
    valued += [short for short, name in _EVIDENCED.items() if entry.get(name) is not None]
    if source.sources is None:
        return dict.fromkeys(valued, LOCAL_SOURCE)
    found = {
        value: source.evidence(source_id)
        for source_id, values in entry.get("evidence", {}).items()
        for value in str(values).split()
    }
    if sorted(found) != sorted(valued):
        odd = sorted(set(found) ^ set(valued))
        raise _EntryError("evidence", f"does not fit the values: {odd}", "name each value once")
    return found


def _instance_types(
    group: Any, accelerator_ids: frozenset[str], source: Source
) -> list[InstanceType]:
    _require_fields(group, _GROUP_FIELDS, _GROUP_REQUIRED)
    accelerator_id = str(group["accelerator"])
    if accelerator_id not in accelerator_ids:
        raise _EntryError(
            "accelerator",
            f"{accelerator_id!r} is not in the catalogue",
            "add it, or correct the id",
        )
    evidence = source.evidence(str(group.get("evidence", "")))
    interconnect = group.get("interconnect")
    return [
        InstanceType(
            str(group["provider"]),
            str(name),
            accelerator_id,
            _count(str(name), str(count)),
            None if interconnect is None else str(interconnect),
            evidence,
        )
        for name, count in group["types"].items()
    ]


def _count(name: str, text: str) -> Fraction:
    """Read a count: decimal text, or a quotient such as 1/6."""
    above, _, below = text.partition("/")
    try:
        count = Fraction(parse_decimal(above)) / Fraction(parse_decimal(below or "1"))
    except (ValueError, ZeroDivisionError):
        count = Fraction(0)
    if count <= 0:
        raise _EntryError("types", f"{name}: {text!r} is no count", 'give e.g. "8" or "1/6"')
    return count


def _require_fields(entry: Any, allowed: frozenset[str], required: tuple[str, ...]) -> None:
    if not isinstance(entry, Mapping):
        raise _EntryError("", f"{entry!r} is no block of fields", f"give {', '.join(required)}")
    for key in entry:
        if key not in allowed:
            raise _EntryError(
                str(key), "is no field of an entry", f"use {', '.join(sorted(allowed))}"
            )
    for key in required:
        if not entry.get(key):
            raise _EntryError(key, "is missing", f"give {key}")


def _number(entry: Mapping[str, Any], field: str) -> int | Fraction | None:
    value = entry.get(field)
    if value is None:
        return None
    try:
        number = parse_decimal(str(value))
    except ValueError as error:
        raise _EntryError(field, str(error), 'give decimal text, e.g. "80e9"') from error
    if number <= 0:
        raise _EntryError(field, f"{value} is not above 0", "leave it out where it is not known")
    return number


def _whole(entry: Mapping[str, Any], field: str) -> int:
    number = _number(entry, field)
    if not isinstance(number, int):
        raise _EntryError(field, f"{entry.get(field)} is no whole number", "give a whole number")
    return number


def _whole_or_none(entry: Mapping[str, Any], field: str) -> int | None:
    return None if entry.get(field) is None else _whole(entry, field)


def _flag(entry: Mapping[str, Any], field: str) -> bool | None:
    value = entry.get(field)
    if value is not None and not isinstance(value, bool):
        raise _EntryError(field, f"{value!r} is neither true nor false", "give true or false")
    return value


def _day(value: Any) -> date:
    try:
        return parse_day(str(value))
    except ValueError as error:
        raise _EntryError("valid_from", str(error), "give a day, e.g. 2024-03-18") from error
