"""`sluicegate lists`: lists of parties on a node, their versions, and designations by hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
    say,
    write_result,
    write_rows,
)
from sluicegate.cli.working import day_option, node_at
from sluicegate.core.problems import ProblemsError
from sluicegate.screening.changes import EntryChange, ListChanges
from sluicegate.screening.entries import Identifier, ListEntry, Schema
from sluicegate.services.lists import showing
from sluicegate.services.lists.designating import (
    NewDesignation,
    designate,
    list_designations,
    withdraw,
)
from sluicegate.services.lists.fetching import FetchOptions, FetchOutcome
from sluicegate.services.lists.importing import Imported, ImportOptions, import_list
from sluicegate.services.lists.parts import ListParts, ListRefusedError
from sluicegate.services.lists.uniting import join_by_hand, split_by_hand
from sluicegate.services.ports.lists import Designation, KeptVersion, ListFilesError, ListRead
from sluicegate.wiring.lists import fetch_lists, list_parts, read_list_files, write_rejects

app = typer.Typer(no_args_is_help=True, help="Lists of parties: take in, compare, fetch, enter.")

SHOWN = 5
"""Problems printed of each list; --rejects gives all."""

IMPORT_COLUMNS = (
    *("list", "version", "published", "state", "entries", "added", "removed", "renamed"),
    *("changed", "joined", "problems"),
)
LIST_COLUMNS = (
    *("list", "version", "published", "loaded", "entries", "days", "greatest", "stale", "file"),
)
DESIGNATION_COLUMNS = ("designation", "party", "name", "state", "expected", "dated", "document")
CHANGE_COLUMNS = ("change", "list", "entry", "name", "fields")

ReasonOption = Annotated[str, typer.Option("--reason", help="Why; it is kept.")]
SmallerOption = Annotated[
    str,
    typer.Option(
        "--accept-smaller", metavar="REASON", help="Why many entries are gone; it is kept."
    ),
]


@contextmanager
def lists_at(node: Path) -> Iterator[ListParts]:
    """Give a node's lists; what is refused or broken ends the command with advice."""
    with node_at(node) as opened, _told():
        yield list_parts(opened)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except ProblemsError as error:
        leave(Exit.USAGE, str(error))
    except ListRefusedError as error:
        leave(Exit.USAGE, str(error))
    except ListFilesError as error:
        leave(Exit.UNAVAILABLE, str(error))


@app.command("import")
def import_(
    files: Annotated[list[Path], typer.Argument(help="Files or folders of lists.")],
    list_id: Annotated[
        str | None,
        typer.Option(
            "--list", help="Id of the list, where the file does not tell, e.g. an own one."
        ),
    ] = None,
    published: Annotated[
        str | None,
        typer.Option("--published", metavar="DATE", help="The issuer's day, if the file lacks it."),
    ] = None,
    accept_smaller: SmallerOption = "",
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="CSV file for the rows that were refused.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Take lists into a node: each becomes the version in use, the old one is kept.

    Lists of OFAC, BIS, DoD, the EU, the UN and the UK, FollowTheMoney JSON lines,
    a vendor's results, or an own CSV with a column name. A list that is empty,
    cut off, older than the one in use or much smaller is refused.

    Example: sluicegate lists import consolidated.csv --published 2026-11-20 --node my-node
    """
    day = day_option(published, "--published")
    with lists_at(node) as parts:
        read = read_list_files(files, list_id)
        if rejects is not None:
            write_rejects((problem for one in read for problem in one.problems), rejects)
        rows, refused = [], []
        options = ImportOptions(day, accept_smaller, dry_run=dry_run)
        for one in read:
            try:
                taken = import_list(parts, one, options)
            except ListRefusedError as error:
                refused.append(str(error))
                rows.append(_refused_row(one, str(error)))
                continue
            rows.append(_import_row(one, taken, dry_run=dry_run))
            _tell(one, taken, parts, dry_run=dry_run)
    write_result({"lists": rows}, rows, IMPORT_COLUMNS, form)
    if refused:
        leave(Exit.USAGE, "\n".join(refused))


@app.command("list")
def list_(
    designations: Annotated[
        bool, typer.Option("--designations", help="List what was entered by hand instead.")
    ] = False,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print the lists in use: version, day, entries, how old, how old they may be.

    Example: sluicegate lists list --node my-node
    """
    with lists_at(node) as parts:
        if designations:
            rows = [_designation_row(parts, one) for one in list_designations(parts)]
            write_rows(rows, DESIGNATION_COLUMNS, form)
            return
        rows = [_list_row(one) for one in showing.list_rows(parts)]
    write_rows(rows, LIST_COLUMNS, form)


@app.command("show")
def show(
    name: Annotated[
        str,
        typer.Argument(metavar="ID", help="A list, a party (lp-...) or an entry as LIST:ENTRY."),
    ],
    node: NodeOption = HERE,
    form: FormatOption = Format.JSON,
) -> None:
    """Show a list's versions, or a listed party with its entries and why they are one.

    Example: sluicegate lists show us_sdn:36 --node my-node
    """
    with lists_at(node) as parts:
        if name.startswith("lp-") or ":" in name:
            document = party_document(showing.show_party(parts, name))
            write_result(document, document["entries"], ("list", "entry", "name", "since"), form)
            return
        rows = [_version_row(one) for one in showing.versions_of(parts, name)]
    columns = ("file", "version", "published", "loaded", "entries", "size_bytes", "checksum")
    write_result({"list": name, "versions": rows}, rows, columns, form)


@app.command("diff")
def diff(
    name: Annotated[str, typer.Argument(metavar="LIST", help="Id of a list.")],
    from_: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="VERSION", help="The older version; the one before if left out."
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", metavar="VERSION", help="The newer version; the one in use if left out."
        ),
    ] = None,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compare two versions of a list: entries added, removed, renamed, changed.

    Where two files hold a list, name a version as FILE_LIST@VERSION.

    Example: sluicegate lists diff us_sdn --from us_csl@2022-04-21 --to us_sdn@2023-01-21
    """
    with lists_at(node) as parts:
        changes = showing.diff_versions(parts, name, from_, to)
    document = changes_document(changes)
    rows = [{"change": kind, **row} for kind, rows in document.items() for row in rows]
    write_result({"list": name, **document}, rows, CHANGE_COLUMNS, form)
    counts = ", ".join(f"{len(rows)} {kind}" for kind, rows in document.items())
    say(f"{name}: {counts}")


@app.command("fetch")
def fetch(
    names: Annotated[
        list[str] | None,
        typer.Argument(metavar="LIST", help="Ids of lists; all in use if left out."),
    ] = None,
    address: Annotated[
        list[str] | None,
        typer.Option("--address", help="Another address, e.g. of a mirror; once for each part."),
    ] = None,
    sha256: Annotated[
        str, typer.Option("--sha256", help="The checksum that the file must have.")
    ] = "",
    accept_smaller: SmallerOption = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Fetch lists from their issuers and take them in; what fails leaves the old version in use.

    Size and checksum are verified where the issuer tells them. Proxies of the
    environment (https_proxy, no_proxy) are respected.

    Example: sluicegate lists fetch us_csl un_sc --node my-node
    """
    asked, addresses = names or [], tuple(address or ())
    if (addresses or sha256) and len(asked) != 1:
        leave(Exit.USAGE, "--address and --sha256 are for one list; name it")
    with node_at(node) as opened, _told():
        options = FetchOptions(addresses, sha256, accept_smaller, dry_run)
        found = fetch_lists(opened, asked, options)
    if not found:
        leave(Exit.USAGE, "no list in use has a known address; name a list, e.g. us_csl")
    rows = [_fetch_row(one, dry_run=dry_run) for one in found]
    write_result({"lists": rows}, rows, (*IMPORT_COLUMNS, "problem"), form)
    problems = [one.problem for one in found if one.imported is None]
    if problems:
        leave(Exit.UNAVAILABLE, "\n".join(problems))


@app.command("designate")
def designate_(
    name: Annotated[list[str], typer.Option("--name", help="A name; the first one is shown.")],
    list_id: Annotated[
        str, typer.Option("--list", help="The list that will carry it, e.g. us_sdn.")
    ],
    document: Annotated[str, typer.Option("--document", help="The document that published it.")],
    dated: Annotated[str, typer.Option("--dated", metavar="DATE", help="The document's day.")],
    schema: Annotated[Schema, typer.Option("--schema", help="What it is.")] = Schema.LEGAL_ENTITY,
    url: Annotated[str, typer.Option("--url", help="Where the document is.")] = "",
    weak_name: Annotated[
        list[str] | None, typer.Option("--weak-name", help="A name that tells little.")
    ] = None,
    country: Annotated[
        list[str] | None, typer.Option("--country", help="A country, two letters.")
    ] = None,
    birth_date: Annotated[
        list[str] | None, typer.Option("--birth-date", help="YYYY, YYYY-MM or YYYY-MM-DD.")
    ] = None,
    identifier: Annotated[
        list[str] | None,
        typer.Option(
            "--identifier", metavar="KIND:VALUE[:COUNTRY]", help="A number, e.g. imo:9187629."
        ),
    ] = None,
    place: Annotated[list[str] | None, typer.Option("--address", help="An address.")] = None,
    reason: Annotated[str, typer.Option("--reason", help="Why it is entered; it is kept.")] = "",
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Enter a designation before its list carries it; it is screened at once.

    When a version of the list carries it, the two become one party and the
    designation is closed.

    Example: sluicegate lists designate --name Brask --list us_sdn --document G12 --dated 2026-11-20
    """
    day = day_option(dated, "--dated")
    assert day is not None
    new = NewDesignation(
        names=tuple(name),
        schema=schema,
        expected_list=list_id,
        document=document,
        dated=day,
        url=url,
        weak_names=tuple(weak_name or ()),
        countries=tuple(one.upper() for one in country or ()),
        birth_dates=tuple(birth_date or ()),
        identifiers=tuple(map(_identifier, identifier or ())),
        addresses=tuple(place or ()),
        reason=reason,
    )
    with lists_at(node) as parts:
        made = designate(parts, new)
        row = _designation_row(parts, made.designation)
    row["joins"] = [str(one.reason) for one in made.joins]
    write_result(row, [row], DESIGNATION_COLUMNS, form)


@app.command("withdraw")
def withdraw_(
    designation: Annotated[str, typer.Argument(help="Id of a designation.")],
    reason: ReasonOption,
    node: NodeOption = HERE,
) -> None:
    """Take a designation back; it is kept, and screened no more.

    Example: sluicegate lists withdraw 019d2f6a-1c00-7000-8000-000000000000 --reason "misread"
    """
    with lists_at(node) as parts:
        withdraw(parts, designation, reason)
    say(f"{designation}: withdrawn")


@app.command("join")
def join(
    first: Annotated[str, typer.Argument(metavar="PARTY", help="A listed party (lp-...).")],
    second: Annotated[str, typer.Argument(metavar="PARTY", help="Another listed party.")],
    reason: ReasonOption,
    node: NodeOption = HERE,
) -> None:
    """Make one listed party of two; the older id answers for both.

    Example: sluicegate lists join lp-1f0c lp-77ab --reason "the same passport" --node my-node
    """
    with lists_at(node) as parts:
        union = join_by_hand(parts, first, second, reason)
    say(f"{union.party_id}: is a part of {union.into} now")


@app.command("split")
def split(
    party: Annotated[str, typer.Argument(help="A listed party (lp-...).")],
    entry: Annotated[
        list[str], typer.Option("--entry", metavar="LIST:ENTRY", help="An entry to take out.")
    ],
    reason: ReasonOption,
    node: NodeOption = HERE,
) -> None:
    """Take entries out of a listed party; no rule joins them with it again.

    Example: sluicegate lists split lp-1f0c --entry eu_fsf:EU.77 --reason "another person"
    """
    with lists_at(node) as parts:
        parted = split_by_hand(parts, party, [showing.key_of(one) for one in entry], reason)
    say(f"{parted}: is a party of its own now")


def party_document(party: showing.PartyShown) -> dict[str, Any]:
    """Return a listed party as a document."""
    gone = {one.entry.key: one.gone_on for one in party.gone}
    every = (*party.entries, *(one.entry for one in party.gone))
    return {
        "party": party.party_id,
        "name": party.name,
        "delisted_on": _day(party.delisted_on),
        "entries": [{**entry_row(one), "gone_on": _day(gone.get(one.key))} for one in every],
        "joins": [
            {
                "party": one.party_id,
                "into": one.into or None,
                "reason": one.reason if one.join is None else str(one.join.reason),
                "at": one.at.isoformat(),
                "by": one.by,
            }
            for one in party.unions
        ],
    }


def entry_row(entry: ListEntry) -> dict[str, Any]:
    """Return an entry of a list as a row."""
    return {
        "list": entry.list_id,
        "entry": entry.entry_id,
        "schema": entry.schema.value,
        "name": entry.primary_name,
        "names": [one.text for one in entry.names if not one.is_weak],
        "weak_names": [one.text for one in entry.names if one.is_weak],
        "countries": [*entry.countries, *entry.nationalities],
        "birth_dates": list(entry.birth_dates),
        "identifiers": [
            {"kind": one.kind, "value": one.value, "country": one.country or None}
            for one in entry.identifiers
        ],
        "addresses": list(entry.addresses),
        "programmes": list(entry.programmes),
        "since": _day(entry.since),
        "until": _day(entry.until),
    }


def changes_document(changes: ListChanges) -> dict[str, list[dict[str, Any]]]:
    """Return what differs between two versions as a document."""

    def whole(entries: Sequence[ListEntry]) -> list[dict[str, Any]]:
        return [_changed_row(one, ()) for one in entries]

    def parts(changed: Sequence[EntryChange]) -> list[dict[str, Any]]:
        return [
            _changed_row(
                one.after,
                [f"{part.field}: {part.before} -> {part.after}" for part in one.fields],
            )
            for one in changed
        ]

    return {
        "added": whole(changes.added),
        "removed": whole(changes.removed),
        "renamed": parts(changes.renamed),
        "changed": parts(changes.changed),
    }


def _changed_row(entry: ListEntry, fields: Sequence[str]) -> dict[str, Any]:
    name = entry.primary_name
    row = {"list": entry.list_id, "entry": entry.entry_id, "name": name}
    return {**row, "fields": list(fields)}


def _import_row(read: ListRead, taken: Imported, *, dry_run: bool) -> dict[str, Any]:
    about, changes = taken.version.about, taken.changes
    state = "unchanged" if not taken.is_new else "would be taken in" if dry_run else "taken in"
    return {
        "list": about.list_id,
        "version": about.version,
        "published": _day(about.published),
        "state": state,
        "entries": about.entries,
        "names": about.names,
        "counts": dict(about.counts),
        "added": len(changes.added),
        "removed": len(changes.removed),
        "renamed": len(changes.renamed),
        "changed": len(changes.changed),
        "joined": len(taken.joins),
        "designations_met": [one.designation_id for one in taken.met],
        "problems": len(read.problems),
        "checksum": about.checksum,
        "size_bytes": about.size_bytes,
        "reader": about.reader,
    }


def _refused_row(read: ListRead, problem: str) -> dict[str, Any]:
    return {
        "list": read.list_id,
        "version": read.version,
        "published": _day(read.published),
        "state": "refused",
        "entries": len(read.entries),
        "problems": len(read.problems),
        "problem": problem,
    }


def _tell(read: ListRead, taken: Imported, parts: ListParts, *, dry_run: bool) -> None:
    """Say on stderr what a person should know: problems, age, designations that were met."""
    for problem in read.problems[:SHOWN]:
        say(str(problem))
    if len(read.problems) > SHOWN:
        say(f"{read.list_id}: and {len(read.problems) - SHOWN} more; give --rejects FILE")
    for one in taken.met:
        say(f"{read.list_id}: carries the designation {one.designation_id}, which is closed")
    if dry_run:
        say("dry run: nothing was kept")
        return
    held = {name for name, _ in taken.version.about.counts}
    for row in showing.list_rows(parts):
        if row.list_id in held and row.age.is_stale:
            say(str(row.age.sentence))


def _fetch_row(one: FetchOutcome, *, dry_run: bool) -> dict[str, Any]:
    if one.imported is None:
        return {"list": one.list_id, "state": "failed", "problem": one.problem}
    about, changes = one.imported.version.about, one.imported.changes
    state = "unchanged" if not one.imported.is_new else "taken in"
    return {
        "list": about.list_id,
        "version": about.version,
        "published": _day(about.published),
        "state": f"would be {state}" if dry_run and one.imported.is_new else state,
        "entries": about.entries,
        "added": len(changes.added),
        "removed": len(changes.removed),
        "renamed": len(changes.renamed),
        "changed": len(changes.changed),
        "joined": len(one.imported.joins),
        "problems": one.imported.version.problems,
        "checksum": about.checksum,
        "size_bytes": about.size_bytes,
    }


def _list_row(row: showing.ListRow) -> dict[str, Any]:
    about = row.version.about
    return {
        "list": row.list_id,
        "version": about.version,
        "published": _day(about.published),
        "loaded": about.loaded_at.isoformat(),
        "entries": row.entries,
        "days": row.age.days,
        "greatest": row.age.greatest,
        "stale": row.age.is_stale,
        "file": about.list_id,
        "issuer": about.issuer,
        "checksum": about.checksum,
    }


def _version_row(version: KeptVersion) -> dict[str, Any]:
    about = version.about
    return {
        "file": about.list_id,
        "version": about.version,
        "version_id": version.version_id,
        "issuer": about.issuer,
        "published": _day(about.published),
        "loaded": about.loaded_at.isoformat(),
        "entries": about.entries,
        "names": about.names,
        "counts": dict(about.counts),
        "problems": version.problems,
        "size_bytes": about.size_bytes,
        "checksum": about.checksum,
        "reader": about.reader,
        "source": about.source,
        "accepted_smaller": version.excuse or None,
        "by": version.by,
    }


def _designation_row(parts: ListParts, one: Designation) -> dict[str, Any]:
    return {
        "designation": one.designation_id,
        "party": showing.party_id(parts, one.entry.key),
        "name": one.entry.primary_name,
        "state": one.state.value,
        "expected": one.expected_list,
        "dated": one.dated.isoformat(),
        "document": one.document,
        "url": one.url or None,
        "met": None if one.met is None else ":".join(one.met),
        "reason": one.reason,
        "by": one.by,
    }


def _identifier(text: str) -> Identifier:
    kind, _, rest = text.partition(":")
    value, _, country = rest.partition(":")
    if not kind or not value:
        leave(Exit.USAGE, f"--identifier {text}: give KIND:VALUE or KIND:VALUE:COUNTRY")
    return Identifier(kind, value, country.upper())


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
