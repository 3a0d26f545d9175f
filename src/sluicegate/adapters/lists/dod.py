"""Chinese military companies (section 1260H) as transcribed to CSV."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import BLANK_PROBLEM, ROW_WAY_OUT, Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.tables import TableRows, with_header
from sluicegate.adapters.lists.values import clean, one_day
from sluicegate.core.canonical import digest
from sluicegate.screening.entries import ListEntry, NameKind, Schema

MILITARY = "us_dod_1260h"
_COLUMNS = frozenset({"name", "clean_name", "parent_name", "previous_name"})


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the file; rows of one clean name are one entry, for each listing has a row.

    The issuer gives no id; the entry's is a digest of the clean name. An entry
    whose every listing has ended carries the last of these days.
    """
    drafts: dict[str, Draft] = {}
    is_open: set[str] = set()
    for line, row in with_header(TableRows(part.file, notes), _COLUMNS):
        name = clean(row["clean_name"]) or clean(row["name"]).rstrip("* ")
        if not name:
            notes.fault(part.file.name, line, "name", BLANK_PROBLEM, ROW_WAY_OUT)
            continue
        key = name.casefold()
        if key not in drafts:
            drafts[key] = Draft(part.list_id or MILITARY, digest(key)[:24], Schema.COMPANY)
            drafts[key].name(name, NameKind.PRIMARY)
        draft = drafts[key]
        for text in row.get("alias", "").split(";"):
            draft.name(text)
        for text in row["previous_name"].split(";"):
            draft.name(text, NameKind.FORMER)
        parent = clean(row["parent_name"])
        draft.remark(f"Parent: {parent}" if parent else "", row.get("note", ""))
        begun, ended = one_day(row.get("start_date", "")), one_day(row.get("end_date", ""))
        draft.since = min(filter(None, (draft.since, begun)), default=None)
        draft.until = max(filter(None, (draft.until, ended)), default=None)
        is_open |= {key} if ended is None else set()
        draft.source_url = draft.source_url or clean(row.get("source_url", ""))
    for key, draft in drafts.items():
        draft.until = None if key in is_open else draft.until
        yield draft.entry()


def _knows(head: Head) -> bool:
    return head.columns >= _COLUMNS


READER = Reader("dod-csv", MILITARY, "Chinese military companies as CSV", _knows, read)
