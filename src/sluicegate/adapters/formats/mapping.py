"""Any table, by a mapping file: which column, factor and time goes into which native column."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from sluicegate.adapters.formats.local_time import (
    ToInstant,
    epoch_to_instant,
    local_to_instant,
    zone_of,
)
from sluicegate.adapters.formats.reading import (
    Item,
    Likelihood,
    ReadOptions,
    Rejected,
    Row,
    Sample,
    Shape,
    Skipped,
    words,
)
from sluicegate.adapters.formats.tables import table_rows
from sluicegate.core.calendars import parse_instant
from sluicegate.core.exact import ExactTextError, load_yaml
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.registry.native import Fault, native_kinds, read_figure

_TOP = frozenset(
    words("name kind columns skip delimiter offset tres format interval_seconds null_values")
)
_TARGET_KEYS = frozenset(
    words(
        "column columns separator constant default factor times unit epoch format offset start_plus"
        " values"
    )
)
_SKIP_KEYS = frozenset({"column", "equals", "empty", "below", "reason"})
_UNIT_MS = {"millisecond": 1, "second": 1000, "minute": 60_000, "hour": 3_600_000}
# Columns that say a device was busy. They are no share of its peak, whatever a mapping says.
_BUSY = ("gpu_util", "gpuutil", "duty_cycle", "dutycycle", "utilization.gpu", "sm_active")


def read_mapping(path: Path) -> Mapping[str, Any]:
    """Read a mapping file and check its keys; raise ProblemsError with every fault."""
    try:
        document = load_yaml(path.read_text(encoding="utf-8"))
    except OSError as error:
        problem = f"cannot be opened: {error.strerror or error}"
        raise _refused(path, None, "", problem, "check the name") from error
    except (ExactTextError, UnicodeDecodeError) as error:
        line = getattr(error, "line", None)
        raise _refused(path, line, "", str(error), "give a YAML mapping in UTF-8") from error
    if not isinstance(document, Mapping):
        raise _refused(path, 1, "", "is no mapping", "begin with kind: usage and columns:")
    problems = list(_faults(document))
    if problems:
        listed = [Problem(str(path), None, f.field, f.problem, f.way_out) for f in problems]
        raise ProblemsError(listed)
    return document


def _faults(document: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _unknown_keys("", document, _TOP)
    kind = document.get("kind", "usage")
    if kind not in native_kinds():
        yield Fault(
            "kind", f"{kind!r} is no native kind", f"give one of {', '.join(native_kinds())}"
        )
        return
    for name, target in document.get("columns", {}).items():
        if name not in native_kinds()[kind].names:
            near = difflib.get_close_matches(name, native_kinds()[kind].names, 1)
            way_out = f"give {near[0]}" if near else "see the columns of the kind"
            yield Fault(f"columns.{name}", f"is no column of {kind}", way_out)
        elif not isinstance(target, str | Mapping):
            way_out = "give a column's name, or keys such as {column: x, factor: 0.001}"
            yield Fault(f"columns.{name}", "is neither a name nor keys", way_out)
        elif isinstance(target, Mapping):
            yield from _unknown_keys(f"columns.{name}.", target, _TARGET_KEYS)
        if name == "utilisation":
            yield from _busy_fault(target)
    for number, condition in enumerate(document.get("skip", ())):
        yield from _unknown_keys(f"skip[{number}].", condition, _SKIP_KEYS)


def _busy_fault(target: Any) -> Iterator[Fault]:
    source = str(target.get("column", "") if isinstance(target, Mapping) else target).lower()
    if any(word in source for word in _BUSY):
        problem = f"{source!r} says how long a device was busy, not how much it computed"
        yield Fault("columns.utilisation", problem, "leave utilisation out; a prior then bounds it")


def _unknown_keys(
    place: str, document: Mapping[str, Any], known: frozenset[str]
) -> Iterator[Fault]:
    for key in document:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, 1)
            way_out = f"give {near[0]}" if near else f"give one of {', '.join(sorted(known))}"
            yield Fault(f"{place}{key}", "is not a key of a mapping file", way_out)


class MappingFormat:
    """A table read by a mapping file."""

    name = "mapping"

    def __init__(self, mapping: Mapping[str, Any]) -> None:
        self._mapping = mapping
        self._kind: str = mapping.get("kind", "usage")
        self._columns = {
            name: {"column": target} if isinstance(target, str) else dict(target)
            for name, target in mapping["columns"].items()
        }

    def looks_like(self, sample: Sample) -> Likelihood:
        """Count the source columns that the mapping names among the file's."""
        wanted = dict.fromkeys(self._sources())
        present = set(sample.columns)
        missing = tuple(name for name in wanted if name not in present)
        title = f"{self._mapping.get('name', 'a table')} by its mapping file"
        if sample.shape not in (Shape.DELIMITED, Shape.JSON_LINES, Shape.PARQUET):
            return Likelihood(self._kind, title, 0, len(wanted), tuple(wanted))
        matched = max(len(wanted) - len(missing), 1)
        return Likelihood(self._kind, title, matched, len(wanted), missing)

    def _sources(self) -> Iterator[str]:
        for target in self._columns.values():
            if "column" in target:
                yield target["column"]
            if "times" in target:
                yield target["times"]
            yield from target.get("columns", ())
            plus = target.get("start_plus")
            if isinstance(plus, str) and not _is_number(plus):
                yield plus
        for condition in self._mapping.get("skip", ()):
            yield condition["column"]

    def read(self, sample: Sample, options: ReadOptions) -> Iterator[Item]:
        """Yield mapped rows; rows that meet a skip condition are counted by its reason."""
        busy = next((word for word in _BUSY if word in sample.file.name.lower()), None)
        if busy and "utilisation" in self._columns:
            problem = f"the file holds {busy}: how long a device was busy, not how much it computed"
            way_out = "leave utilisation out of the mapping file; a prior then bounds it"
            raise _refused(sample.file, None, "columns.utilisation", problem, way_out)
        nulls = frozenset(map(str, self._mapping.get("null_values", ())))
        for item in table_rows(sample):
            if isinstance(item, Rejected):
                yield item
                continue
            row = {name: "" if text in nulls else text for name, text in item.values.items()}
            reason = self._skip_reason(row)
            if reason is not None:
                yield Skipped(item.line, reason)
                continue
            yield self._mapped(item, row, options)

    def _skip_reason(self, row: Mapping[str, str]) -> str | None:
        for condition in self._mapping.get("skip", ()):
            text = row[condition["column"]].strip()
            met = "equals" in condition and text == str(condition["equals"])
            met = met or (condition.get("empty", False) and not text)
            if "below" in condition and text and _is_number(text):
                met = met or Fraction(text) < Fraction(str(condition["below"]))
            if met:
                return str(condition.get("reason", f"{condition['column']} is {text or 'empty'}"))
        return None

    def _mapped(self, item: Row, row: Mapping[str, str], options: ReadOptions) -> Item:
        values = {"source": options.source}
        faults = []
        for name, target in sorted(self._columns.items(), key=lambda part: part[0] == "end"):
            if "start_plus" in target and "start" not in values:
                continue
            try:
                values[name] = self._value(name, target, row, values, options)
            except ValueError as error:
                source = str(target.get("column", name))
                faults.append(Fault(source, str(error), "correct the value or the mapping file"))
        if faults:
            return Rejected(item.line, item.original, tuple(faults))
        return Row(item.line, values, item.original)

    def _value(
        self,
        name: str,
        target: Mapping[str, Any],
        row: Mapping[str, str],
        values: Mapping[str, str],
        options: ReadOptions,
    ) -> str:
        if "constant" in target:
            return str(target["constant"])
        if "start_plus" in target:
            return _plus(values["start"], target, row)
        if "columns" in target:
            parts: Sequence[str] = [row[column] for column in target["columns"]]
            return str(target.get("separator", ":")).join(parts)
        text = row[target["column"]].strip()
        if not text:
            return str(target.get("default", ""))
        if "values" in target:
            return str(target["values"].get(text, text))
        if name in ("start", "end") and ("unit" in target or "format" in target or "." not in name):
            return self._to_instant(target, options)(text)
        if "factor" in target or "times" in target:
            figure = read_figure(text) * Fraction(str(target.get("factor", 1)))
            if "times" in target:
                figure *= read_figure(row[target["times"]].strip() or "0")
            return str(figure)
        return text

    def _to_instant(self, target: Mapping[str, Any], options: ReadOptions) -> ToInstant:
        offset = target.get("offset", self._mapping.get("offset", options.offset))
        if "unit" in target or "epoch" in target:
            epoch_text = str(target.get("epoch", "1970-01-01T00:00:00+00:00"))
            epoch = parse_instant(epoch_text)
            zone = zone_of(str(offset)) if offset else timezone(epoch.utcoffset() or timedelta(0))
            unit = _UNIT_MS[target.get("unit", "second")]
            return lambda text: epoch_to_instant(_plain(text), unit, zone, epoch)
        local = zone_of(str(offset)) if offset else None
        form = target.get("format")

        def read(text: str) -> str:
            if form:
                parsed = datetime.strptime(text, str(form))  # noqa: DTZ007 the zone follows
                text = parsed.isoformat()
            return text if local is None else local_to_instant(text, local)

        return read


def _plus(start: str, target: Mapping[str, Any], row: Mapping[str, str]) -> str:
    """Return the start plus a duration, on the clock."""
    stated = target["start_plus"]
    text = str(stated) if _is_number(str(stated)) else row[str(stated)].strip()
    span = Fraction(_plain(text)) * _UNIT_MS[target.get("unit", "second")]
    begun = parse_instant(start)
    until = begun.astimezone(UTC) + timedelta(microseconds=round(span * 1000))
    return until.astimezone(begun.tzinfo).isoformat()


def _plain(text: str) -> str:
    """Return a number without an exponent."""
    try:
        return format(Decimal(text), "f")
    except ArithmeticError as error:
        raise ValueError(f"{text!r} is no number") from error


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except ArithmeticError:
        return False


def _refused(path: Path, line: int | None, name: str, problem: str, way_out: str) -> ProblemsError:
    return ProblemsError([Problem(str(path), line, name, problem, way_out)])
