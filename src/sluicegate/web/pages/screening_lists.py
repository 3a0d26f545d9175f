"""Lists of a node: versions, ages, what changed; listed parties; and files that are taken in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from starlette.datastructures import UploadFile
from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.screening.changes import FieldChange, ListChanges
from sluicegate.screening.entries import ListEntry
from sluicegate.screening.known_lists import known_list, known_lists
from sluicegate.services.access.actions import Action
from sluicegate.services.lists import showing
from sluicegate.services.lists.designating import list_designations
from sluicegate.services.lists.parts import ListParts, ListRefusedError, UnknownListError
from sluicegate.services.lists.scheduling import standings
from sluicegate.services.paging import DEFAULT_LIMIT, Cursor, CursorError, filter_digest, page_of
from sluicegate.services.ports.lists import DesignationState, KeptVersion, ListFilesError
from sluicegate.services.work.jobs import ask_job
from sluicegate.services.work.kinds import ListFetchJob, ListImportJob
from sluicegate.web.dossier_parts import BadQueryError
from sluicegate.web.listed_words import list_options, listed_words
from sluicegate.web.pages.sources import UPLOAD_LIMIT, blocks
from sluicegate.web.paging import cursor_of, steps
from sluicegate.web.problems import Problem, problem_page
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import Visit
from sluicegate.wiring.lists import lists_at
from sluicegate.wiring.works import work_files

_UNFIT = 422
_LONGEST = 100
BACK = "/screening/lists"


def _(text: str) -> str:
    """Mark a text for the catalogue; the page translates it."""
    return text


CHANGES: Mapping[str, str] = {
    "added": _("added"),
    "removed": _("removed"),
    "renamed": _("renamed"),
    "changed": _("changed"),
}

LOOKS: Mapping[str, str] = {"added": "good", "removed": "bad", "renamed": "warn"}

ENTRY_FIELDS: Mapping[str, str] = {
    "schema": _("Kind"),
    "names": _("Names"),
    "countries": _("Countries"),
    "birth_dates": _("Birth date"),
    "birth_places": _("Places of birth"),
    "nationalities": _("Nationalities"),
    "identifiers": _("Numbers"),
    "addresses": _("Addresses"),
    "programmes": _("Programmes"),
    "since": _("Listed since"),
    "until": _("Listed until"),
    "reference": _("Reference"),
    "remarks": _("Remarks"),
    "source_url": _("Address of the source"),
    "licence_policy": _("Licence policy"),
}
"""What an issuer can change of an entry, as the page calls it."""


def parts_of(visit: Visit, action: Action = Action.LIST_READ) -> ListParts:
    """Return the lists of the reader's own tenant. Raises RefusedError."""
    return lists_at(visit.served.node, visit.desk, action)


def show_lists(visit: Visit) -> Response:
    """Show the lists in use, and what was entered by hand."""
    return _lists_page(visit, {})


def _lists_page(visit: Visit, faults: Mapping[str, str]) -> Response:
    parts = parts_of(visit)
    rows = showing.list_rows(parts)
    fetchable = [one.list_id for one in rows if known_list(one.version.about.list_id).addresses]
    designations = list_designations(parts)
    return visit.render(
        "screening/lists.html",
        status=_UNFIT if faults else 200,
        rows=rows,
        designations=[
            (one, showing.party_id(parts, one.entry.key)) for one in reversed(designations)
        ],
        in_force=sum(one.state is DesignationState.ENTERED for one in designations),
        fetchable=fetchable,
        planned=standings(parts.store, visit.served.settings.lists_fetch, now=parts.clock.now()),
        known=list_options(visit),
        faults=faults,
        given=visit.text,
        may_load=visit.may(Action.LIST_LOAD),
        may_decide=visit.may(Action.LIST_DECIDE),
        **listed_words(visit),
    )


def take_in(visit: Visit) -> Response:
    """Keep the file of a form and ask for the job that takes its lists in."""
    given = [one for one in visit.form.getlist("file") if isinstance(one, UploadFile)]
    named = [one for one in given if one.filename]
    faults = {}
    if len(named) != 1:
        faults["file"] = visit._("Choose one file.")
    try:
        published = _day(visit.text("published"))
    except ValueError:
        faults["published"] = visit._("This is no day; write e.g. 2026-01-31.")
        published = None
    for name in ("list", "accept_smaller"):
        if len(visit.text(name)) > _LONGEST * (10 if name == "accept_smaller" else 1):
            faults[name] = visit._("This is too long.")
    if faults:
        return _lists_page(visit, faults)
    kept = work_files(visit.served.node).keep(named[0].filename or "", blocks(named[0].file))
    job = ask_job(
        visit.desk,
        ListImportJob(
            kept,
            list_id=visit.text("list") or None,
            published=published,
            accept_smaller=visit.text("accept_smaller"),
            is_dry_run=visit.text("dry_run") == "yes",
        ),
    )
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The list waits to be taken in."))


def fetch(visit: Visit) -> Response:
    """Ask for the job that fetches the lists in use from their issuers."""
    job = ask_job(visit.desk, ListFetchJob())
    return visit.redirect(f"/jobs/{job.job_id}", visit._("The lists wait to be fetched."))


def _day(text: str) -> date | None:
    return parse_day(text) if text else None


def show_list(visit: Visit) -> Response:
    """Show a list with its versions, the newest first."""
    list_id, parts = visit.path["list"], parts_of(visit)
    try:
        versions = showing.versions_of(parts, list_id)
    except UnknownListError:
        return _unknown(visit)
    row = next((one for one in showing.list_rows(parts) if one.list_id == list_id), None)
    return visit.render(
        "screening/list.html",
        list_id=list_id,
        about=known_list(list_id),
        is_known=list_id in known_lists(),
        row=row,
        versions=list(reversed(versions)),
        count_in=lambda version: dict(version.about.counts).get(list_id, version.about.entries),
        earlier={one.version_id: before.version_id for before, one in pairwise(versions)},
        **listed_words(visit),
    )


def _unknown(visit: Visit) -> Response:
    return problem_page(visit, Problem.NOT_FOUND, back=BACK)


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One entry that differs between two versions; `place` is its place among all that do."""

    place: int
    how: str
    entry: ListEntry
    fields: tuple[FieldChange, ...] = ()


def show_changes(visit: Visit) -> Response:
    """Compare two versions of a list: what came, what went, what is other than it was."""
    list_id, parts, query = visit.path["list"], parts_of(visit), visit.query
    try:
        versions = showing.versions_of(parts, list_id)
    except UnknownListError:
        return _unknown(visit)
    back = f"{BACK}/{list_id}"
    earlier, later = query.get("from") or None, query.get("to") or None
    try:
        changes = showing.diff_versions(parts, list_id, earlier, later)
        rows = [one for one in _rows(changes) if _fits(visit, one)]
        made_for = filter_digest({"changes": list_id, **{n: query.get(n) for n in _FILTER}})
        cursor = cursor_of(visit)
        after = 0 if cursor is None else Cursor.decode(cursor, made_for, (int,)).keys[0]
    except ListRefusedError as error:
        return problem_page(visit, Problem.UNFIT, reasons=[error.sentence], back=back)
    except (BadQueryError, CursorError) as error:
        return problem_page(visit, Problem.UNFIT, reasons=[str(error)], back=back)
    except ListFilesError:
        return problem_page(visit, Problem.UNAVAILABLE, back=back)
    rest = [one for one in rows if one.place > int(after or 0)]
    found = page_of(rest[: DEFAULT_LIMIT + 1], DEFAULT_LIMIT, lambda one: (one.place,), made_for)
    counts = {how: len(getattr(changes, how)) for how in CHANGES}
    return visit.render(
        "screening/changes.html",
        list_id=list_id,
        rows=found.rows,
        total=len(rows),
        counts=counts,
        looks=LOOKS,
        how_named={how: visit._(name) for how, name in CHANGES.items()},
        field_named=lambda name: visit._(ENTRY_FIELDS.get(name, name)),
        hows=[
            (how, f"{visit._(name)} ({visit.words.number(counts[how])})")
            for how, name in CHANGES.items()
        ],
        versions=[(one.version_id, _version_text(visit, one)) for one in reversed(versions)],
        chosen={name: query.get(name, "") for name in _FILTER},
        steps=steps(visit, found.next_cursor),
        **listed_words(visit),
    )


_FILTER = ("from", "to", "how", "text")


def _version_text(visit: Visit, version: KeptVersion) -> str:
    about = version.about
    return f"{about.list_id}@{about.version} · {visit.words.plain_day(version.day)}"


def _rows(changes: ListChanges) -> Iterator[ChangeRow]:
    place = 0
    for how, entries in (("added", changes.added), ("removed", changes.removed)):
        for entry in entries:
            place += 1
            yield ChangeRow(place, how, entry)
    for how, changed in (("renamed", changes.renamed), ("changed", changes.changed)):
        for one in changed:
            place += 1
            yield ChangeRow(place, how, one.after, one.fields)


def _fits(visit: Visit, row: ChangeRow) -> bool:
    how, text = visit.query.get("how", ""), visit.query.get("text", "").strip().casefold()
    if how and row.how != how:
        return False
    said = [one.text for one in row.entry.names] + [row.entry.entry_id]
    said += [one.before for one in row.fields]
    return not text or any(text in one.casefold() for one in said)


PAGES: tuple[Page, ...] = (
    page("/screening/lists", show_lists, Action.LIST_READ),
    post("/screening/lists", take_in, Action.LIST_LOAD, body_limit=UPLOAD_LIMIT),
    post("/screening/lists/fetch", fetch, Action.LIST_LOAD),
    page("/screening/lists/{list}", show_list, Action.LIST_READ),
    page("/screening/lists/{list}/changes", show_changes, Action.LIST_READ),
)
