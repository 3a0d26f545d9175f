"""`sluicegate lab data`: snapshots of data sets about models, taken in, listed and shown."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.jobs import desk_of
from sluicegate.cli.output import (
    HERE,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    NodeOption,
    leave,
    say,
    write_json,
    write_result,
    write_rows,
)
from sluicegate.cli.working import day_option, node_at
from sluicegate.core.problems import ProblemsError
from sluicegate.services.datasets import keeping, reading
from sluicegate.services.datasets.errors import DatasetError
from sluicegate.services.datasets.registry import REGISTRY
from sluicegate.services.desk import Desk
from sluicegate.services.ports.datasets import TableRead
from sluicegate.wiring import OpenNode
from sluicegate.wiring.datasets import read_table_file, write_problems

app = typer.Typer(no_args_is_help=True, help="Data sets about models, as snapshots of a day.")

SHOWN = 5
"""Problems of a file that are printed; --rejects gives all."""

LIST_COLUMNS = ("name", "known_on", "models", "left_out", "problems", "source", "at")
SHOW_COLUMNS = ("name", "developers", "published", "flop", "low", "high", "confidence", "open")


@contextmanager
def lab_desk(node: Path) -> Iterator[tuple[OpenNode, Desk]]:
    """Open a node for a command of the lab; what cannot be done ends it with the reason."""
    with node_at(node) as opened, desk_of(opened) as desk:
        try:
            yield opened, desk
        except DatasetError as error:
            leave(Exit.USAGE, str(error))


def read_or_leave(path: Path, name: str | None, day: date | None, source: str = "") -> TableRead:
    """Read a table; a file of which nothing can be used ends the command."""
    try:
        return read_table_file(path, name, day, source)
    except ProblemsError as error:
        leave(Exit.USAGE, str(error))


def tell_problems(read: TableRead, shown: int = SHOWN) -> None:
    """Say what was wrong in a table, the first of it line by line."""
    for problem in read.problems[:shown]:
        say(str(problem))
    if len(read.problems) > shown:
        say(f"and {len(read.problems) - shown} more; --rejects FILE of lab data import gives all")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A table of Epoch AI, or an own CSV; .gz too.")],
    name: Annotated[
        str | None, typer.Option("--name", help="Name of the data set; by the file if left out.")
    ] = None,
    known_on: Annotated[
        str | None,
        typer.Option(
            "--known-on", metavar="DATE", help="Day on which it was known; by the file's name."
        ),
    ] = None,
    source: Annotated[
        str, typer.Option("--source", help='Whom to credit, e.g. "Epoch AI, CC BY 4.0".')
    ] = "",
    rejects: Annotated[
        Path | None, typer.Option("--rejects", help="CSV file for everything that was wrong.")
    ] = None,
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Take a table of models into a node as a snapshot of a data set; the old ones stay.

    Bad rows are told with their line and left out. The same bytes for the same day
    change nothing.

    Example: sluicegate lab data import models_2026-07-23.csv --name epoch-notable
    --source "Epoch AI, CC BY 4.0" --node my-node
    """
    read = read_or_leave(file, name, day_option(known_on, "--known-on"), source)
    if rejects is not None:
        write_problems(read.problems, rejects)
    with lab_desk(node) as (_, desk):
        done = keeping.import_snapshot(desk, read, file.name, is_dry_run=dry_run)
    tell_problems(read)
    state = "unchanged" if not done.is_new else "would be new" if dry_run else "new"
    row = {**reading.snapshot_row(done.kept), "state": state}
    write_rows([row], ("name", "known_on", "state", "models", "left_out", "problems"), form)


@app.command("list")
def list_(
    corrected: Annotated[
        bool, typer.Option("--corrected", help="Also list snapshots that a later one corrects.")
    ] = False,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the snapshots of a node's data sets; its own registry is one too.

    Example: sluicegate lab data list --node my-node
    """
    with lab_desk(node) as (_, desk):
        kept = list(reading.kept_snapshots(desk))
        if corrected:
            names = dict.fromkeys(one.name for one in kept)
            kept = [one for name in names for one in reading.every_snapshot(desk, name)]
        has_registry = REGISTRY in reading.names(desk)
    write_rows([reading.snapshot_row(one) for one in kept], LIST_COLUMNS, form)
    if has_registry and form is Format.TABLE:
        say(f"{REGISTRY}: the node's own runs, as its last pass measured them")


@app.command()
def show(
    data: Annotated[str, typer.Argument(metavar="NAME|FILE", help="A data set, or a file.")],
    known_on: Annotated[
        str | None,
        typer.Option("--known-on", metavar="DATE", help="The snapshot of this day or before."),
    ] = None,
    node: NodeOption = HERE,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show the models of a data set as known on a day, or of a file before it is taken in.

    Example: sluicegate lab data show epoch-notable --known-on 2026-07-23 --node my-node
    """
    day = day_option(known_on, "--known-on")
    path = file_named(data)
    if path is not None:
        read = read_or_leave(path, None, day)
        tell_problems(read)
        snapshot = read.snapshot
    else:
        with lab_desk(node) as (_, desk):
            snapshot = reading.snapshot_of(desk, data, day)
    rows = [reading.model_row(one) for one in snapshot.models]
    document = {
        "name": snapshot.name,
        "known_on": snapshot.known_on.isoformat(),
        "digest": snapshot.digest,
        "source": snapshot.source,
        "models": rows,
    }
    title = f"{snapshot.name}, known on {snapshot.known_on}: {len(rows)} models"
    if form is Format.JSON:
        write_json(document)
    else:
        write_result(document, rows, SHOW_COLUMNS, form, title)


def file_named(data: str) -> Path | None:
    """Return the file that a text names; None where it is no file, and so a data set's name."""
    path = Path(data)
    if path.is_file():
        return path
    if data.lower().endswith((".csv", ".csv.gz")):
        leave(
            Exit.USAGE,
            f"{data}: there is no such file; check its path, or give the name of a data set",
        )
    return None
