"""The invented lists: two versions of each, as a list of one's own is written."""

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from sluicegate.demo.draft import Draft
from sluicegate.demo.native import write_table
from sluicegate.demo.patterns.lister import OLDER_DAYS
from sluicegate.demo.records import Listing

FOLDER = "lists"
"""Holds a folder for each day on which lists were made, and in it a file for each list."""

COLUMNS = (
    *("id", "name", "schema", "aliases", "weak_names", "former_names", "countries"),
    *("birth_dates", "identifiers", "programmes", "since", "remarks"),
)
PROGRAMME = "SYNTHETIC-DEMO"
REMARK = "Invented for a demo: no such person or firm exists, and no issuer listed it."


def write_lists(folder: Path, draft: Draft) -> None:
    """Write what each list held on its two days: a month before the year's end, and at it."""
    for day in (draft.as_of - timedelta(days=OLDER_DAYS), draft.as_of):
        place = folder / FOLDER / day.isoformat()
        place.mkdir(parents=True, exist_ok=True)
        for list_id in sorted({one.list_id for one in draft.listings}):
            standing = [
                one for one in draft.listings if one.list_id == list_id and _stands(one, day)
            ]
            write_table(place / f"{list_id}.csv", COLUMNS, [_row(one) for one in standing])


def _stands(listing: Listing, day: date) -> bool:
    text = day.isoformat()
    return listing.since <= text and (not listing.until or text < listing.until)


def _row(listing: Listing) -> Sequence[str]:
    return (
        listing.entry_id,
        listing.name,
        listing.kind.value,
        listing.aliases,
        listing.weak_names,
        listing.former_names,
        listing.country,
        listing.birth_date,
        listing.identifiers,
        PROGRAMME,
        listing.since,
        REMARK,
    )
