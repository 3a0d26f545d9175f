"""`sluicegate lists`: lists of parties on a node, their versions, and designations by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli import list_hand
from sluicegate.cli.list_desk import lists_at, told
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
from sluicegate.services.lists import showing
from sluicegate.services.lists.designating import list_designations
from sluicegate.services.lists.fetching import FetchOptions
from sluicegate.services.lists.importing import Imported, ImportOptions, import_list
from sluicegate.services.lists.parts import ListParts, ListRefusedError
from sluicegate.services.lists.rows import (
    DESIGNATION_COLUMNS,
    changes_document,
    designation_row,
    fetch_row,
    import_row,
    list_row,
    party_document,
    refused_row,
    version_row,
)
from sluicegate.services.ports.lists import ListRead
from sluicegate.wiring.lists import fetch_lists, read_list_files, write_rejects

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
CHANGE_COLUMNS = ("change", "list", "entry", "name", "fields")

SmallerOption = Annotated[
    str,
    typer.Option(
        "--accept-smaller", metavar="REASON", help="Why many entries are gone; it is kept."
    ),
]


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
                rows.append(refused_row(one, error.sentence))
                continue
            rows.append(import_row(one, taken, dry_run=dry_run))
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
            rows = [designation_row(parts, one) for one in list_designations(parts)]
            write_rows(rows, DESIGNATION_COLUMNS, form)
            return
        rows = [list_row(one) for one in showing.list_rows(parts)]
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
        rows = [version_row(one) for one in showing.versions_of(parts, name)]
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
    with node_at(node) as opened, told():
        options = FetchOptions(addresses, sha256, accept_smaller, dry_run)
        found = fetch_lists(opened, asked, options)
    if not found:
        leave(Exit.USAGE, "no list in use has a known address; name a list, e.g. us_csl")
    rows = [fetch_row(one, dry_run=dry_run) for one in found]
    write_result({"lists": rows}, rows, (*IMPORT_COLUMNS, "problem"), form)
    problems = [str(one.problem) for one in found if one.imported is None]
    if problems:
        leave(Exit.UNAVAILABLE, "\n".join(problems))


app.command("designate")(list_hand.designate_)
app.command("withdraw")(list_hand.withdraw_)
app.command("join")(list_hand.join)
app.command("split")(list_hand.split)


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
