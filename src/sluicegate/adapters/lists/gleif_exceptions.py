"""Reporting exceptions of the GLEIF's level 2: why a party names no parent; XML and CSV.

Source: Reporting Exceptions Format 2.1, which put NON_PUBLIC in the place of five reasons.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sluicegate.adapters.lists.notes import ISSUER_WAY_OUT, Notes
from sluicegate.adapters.lists.readers import Head
from sluicegate.adapters.lists.source import ListFile, ListFileError, files_at
from sluicegate.adapters.lists.tables import TableRows, with_header
from sluicegate.adapters.lists.trees import records, said
from sluicegate.adapters.lists.values import clean

_ROOTS = frozenset({"ReportingExceptionData"})
_COLUMNS = frozenset({"lei", "exception_category"})
_REASONS = range(1, 6)


@dataclass(frozen=True, slots=True)
class ReportingException:
    """The holder of an LEI names no parent of a category; `reasons` are the GLEIF's codes."""

    lei: str
    category: str
    reasons: tuple[str, ...]


def knows_exceptions(head: Head) -> bool:
    """Say whether a file is one of reporting exceptions."""
    return head.root in _ROOTS or head.columns >= _COLUMNS


def read_exceptions(path: Path, notes: Notes | None = None) -> Iterator[ReportingException]:
    """Read a file of reporting exceptions, gzip and zip too; problems go to the notes.

    Raises ListFileError when the file is none of these, cut short or damaged.
    """
    notes = notes or Notes()
    file = files_at(path)[0]
    head = Head(file.name, file.head)
    if not knows_exceptions(head):
        problem = "holds no reporting exceptions of the GLEIF"
        raise ListFileError(file.name, problem, "give the GLEIF's XML or CSV")
    found = _read_xml(file) if head.root else _read_csv(file, notes)
    for number, one in enumerate(found, 1):
        if one.lei and one.category and one.reasons:
            yield one
        else:
            problem = f"record {number} lacks its LEI, its category or its reason"
            notes.fault(file.name, None, "", problem, ISSUER_WAY_OUT)


def _read_xml(file: ListFile) -> Iterator[ReportingException]:
    for element in records(file, frozenset({"Exception"})):
        reasons = [clean(one.text or "") for one in element.iterfind("ExceptionReason")]
        category = said(element, "ExceptionCategory")
        yield ReportingException(said(element, "LEI"), category, tuple(filter(None, reasons)))


def _read_csv(file: ListFile, notes: Notes) -> Iterator[ReportingException]:
    for _line, row in with_header(TableRows(file, notes), _COLUMNS):
        reasons = [clean(row.get(f"exception_reason_{one}", "")) for one in _REASONS]
        lei, category = clean(row["lei"]), clean(row["exception_category"])
        yield ReportingException(lei, category, tuple(filter(None, reasons)))
