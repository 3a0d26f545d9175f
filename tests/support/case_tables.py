"""Worked cases as tables: one question asked of many places, with the places that answer so.

A table of `tests/rules/tables` has `question`, `as_of` (days), `facts`, the
facts that take the place (`place`), the answer field `field`, `listed` with
the places that get each value, and `others`, the value of every other place of
the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sluicegate.core.exact import load_yaml

TABLES = Path(__file__).resolve().parents[1] / "rules" / "tables"


def table_cases() -> Iterator[Mapping[str, Any]]:
    """Yield every case of every table, in the form of a file of cases."""
    for path in sorted(TABLES.glob("*.yaml")):
        tables = load_yaml(path.read_text(encoding="utf-8"))
        places = sorted({p for table in tables for p in _listed(table)})
        for table in tables:
            yield from _expanded(table, places)


def _listed(table: Mapping[str, Any]) -> dict[str, Any]:
    """Return the value of each place that a table lists."""
    return {place: entry["value"] for entry in table["listed"] for place in entry["places"].split()}


def _expanded(table: Mapping[str, Any], places: list[str]) -> Iterator[Mapping[str, Any]]:
    listed = _listed(table)
    for day in table["as_of"]:
        for place in places:
            yield {
                "id": f"{table['id']} {day} {place}",
                "question": table["question"],
                "as_of": day,
                "facts": {**table["facts"], **dict.fromkeys(table["place"], place)},
                "expected": {table["field"]: listed.get(place, table["others"])},
                "why": table["why"],
                "citation": table["citation"],
            }
