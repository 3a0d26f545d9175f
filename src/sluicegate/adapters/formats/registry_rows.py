"""Files of the registry kinds: every row checked, every fault collected."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from sluicegate.adapters.formats.reading import Item, Rejected, Skipped
from sluicegate.adapters.lake.problem_log import KEPT_PROBLEMS
from sluicegate.core.problems import Problem
from sluicegate.registry.catalogue import Catalogue, ResolutionKind
from sluicegate.registry.native import ColumnType, Fault, check_row, native_kinds
from sluicegate.services.ports import RowsRead

OnReject = Callable[[int, Mapping[str, str], list[Fault]], None]


@dataclass
class _Reading:
    kind: str
    file: str
    catalogue: Catalogue
    on_reject: OnReject | None
    rows: list[Mapping[str, str]] = field(default_factory=list)
    seen: dict[tuple[str, ...], tuple[int, Mapping[str, str]]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    rejected: int = 0
    unchanged: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)

    def take(self, item: Item) -> None:
        if isinstance(item, Skipped):
            self.skipped[item.reason] += 1
        elif isinstance(item, Rejected):
            self.reject(item.line, item.original, list(item.faults))
        else:
            row = self._clean(item.values)
            faults = check_row(self.kind, row) or self._repeat(item.line, row)
            if faults:
                self.reject(item.line, item.original, faults)

    def _clean(self, values: Mapping[str, str]) -> dict[str, str]:
        row = {}
        for column in native_kinds()[self.kind].columns:
            text = values.get(column.name, "").strip()
            if text:
                row[column.name] = text
        return row

    def _repeat(self, line: int, row: Mapping[str, str]) -> list[Fault]:
        """Enter a row whose key is new; the same row again is unchanged."""
        key = (*(row[name] for name in native_kinds()[self.kind].key), row.get("valid_from", ""))
        first = self.seen.get(key)
        if first is None:
            self.seen[key] = (line, row)
            self.rows.append(self._resolved(row))
        elif first[1] == row:
            self.unchanged += 1
        else:
            column = native_kinds()[self.kind].key[1]
            problem = f"{row[column]!r} stands on line {first[0]} already, with other values"
            return [Fault(column, problem, "give each row one id, or remove one of the two")]
        return []

    def _resolved(self, row: Mapping[str, str]) -> Mapping[str, str]:
        found = dict(row)
        for column in native_kinds()[self.kind].columns:
            if column.type is ColumnType.NAME and column.name in row:
                resolution = self.catalogue.resolve(row[column.name])
                found[column.name] = resolution.stored_as
                if resolution.kind is ResolutionKind.UNKNOWN:
                    self.unknown[row[column.name]] += 1
        return found

    def reject(self, line: int, original: Mapping[str, str], faults: list[Fault]) -> None:
        self.rejected += 1
        self.problem_count += len(faults)
        for fault in faults[: KEPT_PROBLEMS - len(self.problems)]:
            self.problems.append(
                Problem(self.file, line, fault.field, fault.problem, fault.way_out)
            )
        if self.on_reject:
            self.on_reject(line, original, faults)


def read_rows(
    kind: str, file: str, items: Iterable[Item], catalogue: Catalogue, on_reject: OnReject | None
) -> RowsRead:
    """Check the rows of a file; names of accelerators become ids of the catalogue."""
    reading = _Reading(kind, file, catalogue, on_reject)
    for item in items:
        reading.take(item)
    return RowsRead(
        tuple(reading.rows),
        reading.unchanged,
        reading.rejected,
        tuple(reading.problems),
        reading.problem_count,
        dict(sorted(reading.skipped.items())),
        dict(sorted(reading.unknown.items())),
    )
