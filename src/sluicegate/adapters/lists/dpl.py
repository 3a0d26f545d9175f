"""The Denied Persons List as the Bureau of Industry and Security gives it: text divided by tabs."""

from __future__ import annotations

from collections.abc import Iterator

from sluicegate.adapters.lists.drafts import Draft
from sluicegate.adapters.lists.notes import BLANK_PROBLEM, ROW_WAY_OUT, Notes
from sluicegate.adapters.lists.readers import Head, Part, Reader
from sluicegate.adapters.lists.tables import TableRows, with_header
from sluicegate.adapters.lists.values import clean, us_day
from sluicegate.core.canonical import digest
from sluicegate.screening.entries import ListEntry, NameKind, Schema

DENIED = "us_denied_persons"
_COLUMNS = frozenset({"name", "street_address", "effective_date", "expiration_date"})


def read(part: Part, notes: Notes) -> Iterator[ListEntry]:
    """Read the file; rows of one name, country and effective day are one entry.

    The issuer gives no id; the entry's is a digest of these three.
    """
    file = part.file.name
    drafts: dict[tuple[str, ...], Draft] = {}
    for line, row in with_header(TableRows(part.file, notes, delimiter="\t"), _COLUMNS):
        name, country = clean(row["name"]), row.get("country", "").strip()
        if not name:
            notes.fault(file, line, "name", BLANK_PROBLEM, ROW_WAY_OUT)
            continue
        key = name, country, row["effective_date"].strip()
        draft = drafts.get(key)
        if draft is None:
            entry_id = digest(list(key))[:24]
            draft = drafts[key] = Draft(part.list_id or DENIED, entry_id, Schema.LEGAL_ENTITY)
            draft.name(name, NameKind.PRIMARY)
            draft.since = us_day(row["effective_date"])
            draft.until = us_day(row["expiration_date"])
        code = notes.country(country, file, line)
        parts = [row.get(one, "") for one in ("street_address", "city", "state", "postal_code")]
        draft.address([*parts, country], code)
        draft.remark(row.get("action", ""))
        draft.reference = draft.reference or clean(row.get("fr_citation", ""))
    for draft in drafts.values():
        yield draft.entry()


def _knows(head: Head) -> bool:
    return head.delimiter == "\t" and head.columns >= _COLUMNS


READER = Reader("dpl-text", DENIED, "the Denied Persons List as text", _knows, read)
