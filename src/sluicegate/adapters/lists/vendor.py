"""What another product found for our parties, to be shown beside what ours finds.

CSV or JSON lines, a result a row: `query_id` (the customer, required), `query`
(the name that was screened), `entity` (the listed party as the product calls it,
required), `entity_id`, `list`, `score` (as the product writes it) or `outcome`
(one of the two is required), `comment`, `screened_on`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sluicegate.adapters.lists.ftm import json_lines
from sluicegate.adapters.lists.notes import ROW_WAY_OUT, Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.source import ListFile, ListFileError, files_at
from sluicegate.adapters.lists.tables import TableRows, column_name, column_names, with_header
from sluicegate.adapters.lists.values import clean, one_day
from sluicegate.screening.entries import ListEntry
from sluicegate.services.ports.lists import VendorRead, VendorResult

_HEADERS: Mapping[str, tuple[str, ...]] = {
    "query_id": ("query_id", "customer_id", "client_id", "subject_id"),
    "query": ("query", "query_name", "screened_name", "customer_name", "subject"),
    "entity": ("entity", "entity_name", "match", "match_name", "matched_name", "listed_name"),
    "entity_id": ("entity_id", "match_id", "listed_id"),
    "list": ("list", "list_name", "source", "dataset", "watchlist"),
    "score": ("score", "match_score", "similarity"),
    "outcome": ("outcome", "status", "decision", "disposition"),
    "comment": ("comment", "comments", "note", "notes", "remarks"),
    "screened_on": ("screened_on", "date", "screened_at", "created_at"),
}
_REQUIRED = ("query_id", "entity")


def read_vendor_results(path: Path) -> VendorRead:
    """Read a product's results; raise ListFileError when the file cannot be used."""
    file, notes = files_at(path)[0], Notes()
    head = Head(file.name, file.head)
    if not file.head.strip():
        raise ListFileError(file.name, "is empty", "export the results again")
    if not _knows(head):
        problem = f"has no columns {', '.join(_REQUIRED)} and score or outcome"
        raise ListFileError(file.name, problem, "name the columns as the page on lists says")
    found: dict[VendorResult, None] = {}
    for line, row in _rows(file, head, notes):
        result = _result(row)
        if result.query_id and result.entity:
            found[result] = None
        else:
            problem = f"lacks one of {' and '.join(_REQUIRED)}"
            notes.fault(file.name, line, "", problem, ROW_WAY_OUT)
    return VendorRead(tuple(found), notes.closed())


def _rows(file: ListFile, head: Head, notes: Notes) -> Iterator[tuple[int, Mapping[str, Any]]]:
    if head.text.lstrip().startswith("{"):
        for line, value in json_lines(file, notes):
            yield line, {column_name(str(name)): one for name, one in value.items()}
    else:
        rows = TableRows(file, notes, delimiter=head.delimiter)
        yield from with_header(rows, frozenset())


def _result(row: Mapping[str, Any]) -> VendorResult:
    def at(ours: str) -> str:
        values = (row[name] for name in _HEADERS[ours] if row.get(name) is not None)
        value = next(values, "")
        return clean(str(value)) if isinstance(value, str | int | float) else ""

    return VendorResult(
        at("query_id"),
        at("entity"),
        at("query"),
        at("entity_id"),
        at("list"),
        at("score"),
        at("outcome"),
        at("comment"),
        one_day(at("screened_on")[:10]),
    )


def _knows(head: Head) -> bool:
    names: set[str] = set(head.columns)
    start = head.text.lstrip()
    if start.startswith("{"):
        pieces = start.partition("\n")[0].split('"')
        names = set(column_names(pieces))
    is_result = names.intersection(_HEADERS["score"] + _HEADERS["outcome"])
    return bool(is_result) and all(names.intersection(_HEADERS[one]) for one in _REQUIRED)


def _refuse(part: Part, _notes: Notes) -> Iterator[ListEntry]:
    problem = "holds the results of another product and lists no parties"
    raise ListFileError(part.file.name, problem, "take it in as results, beside ours")


READER = Reader("vendor", "vendor", "results of another product", _knows, _refuse)
