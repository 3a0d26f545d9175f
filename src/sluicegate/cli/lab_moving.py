"""`sluicegate lab moving`: thresholds that move, on a day, as known on another, and over time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.lab_data import file_named, lab_desk, read_or_leave, tell_problems
from sluicegate.cli.output import (
    HERE,
    AsOfOption,
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    NodeOption,
    leave,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option, rules_of
from sluicegate.core.phrases import Language, term
from sluicegate.frontier.moving import Known
from sluicegate.rules.book import RuleBook
from sluicegate.services.lab import moving as lab
from sluicegate.services.lab import moving_rows as rows
from sluicegate.wiring import today
from sluicegate.wiring.lab_pictures import moving_svg

app = typer.Typer(
    no_args_is_help=True,
    help="Thresholds that move: scheduled, or tied to progress, rank, open weights, developers.",
)

IdArgument = Annotated[str, typer.Argument(metavar="ID", help="Id of a moving threshold.")]
DataOption = Annotated[
    str | None,
    typer.Option(
        "--data",
        metavar="NAME|FILE",
        help="A data set of the node, registry, or a file, in place of the rule's own.",
    ),
]


@app.command("list")
def list_(
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    data: DataOption = None,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List the thresholds that move, each with its level on a day.

    Example: sluicegate lab moving list --as-of 2026-07-23 --node my-node
    """
    day, known_day = day_option(as_of, "--as-of") or today(), day_option(known_on, "--known-on")
    book = _book(node)
    ids = lab.moving_ids(book)
    found = []
    try:
        known = _known(book, ids, data, node)
        for one in ids:
            value = lab.moving_value(lab.moving_of(book, one), day, known_day, known)
            found.append(rows.list_row(value, language))
    except lab.MovingError as error:
        leave(Exit.USAGE, str(error))
    if form is Format.TABLE:
        for row in found:
            row["id"] = f"{row['id']}\n{row['title']}"
            row["form"] = term(f"moving_{row['form']}", language)
            row["mark"] = term(row["mark"], language)
    columns = rows.LIST_COLUMNS if form is Format.TABLE else rows.LIST_FIELDS
    write_rows(found, columns, form, language=language)


@app.command()
def show(
    identifier: IdArgument,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a moving threshold as it is declared, with the dated values it rests on.

    Example: sluicegate lab moving show kthf.lowered_limits.training_cap
    """
    book = _book(node)
    try:
        document = rows.rule_document(lab.moving_of(book, identifier))
    except lab.MovingError as error:
        leave(Exit.USAGE, str(error))
    if form is Format.JSON:
        write_json(document)
        return
    if form is Format.TABLE:
        for line in rows.rule_lines(document, language):
            say(line)
    found = [
        {"role": one["role"], "id": one["id"], "unit": one["unit"], **dated}
        for one in document["parameters"]
        for dated in one["values"]
    ]
    write_rows(found, rows.PARAMETER_COLUMNS, form, language=language)


@app.command()
def value(
    identifier: IdArgument,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    data: DataOption = None,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compute a moving threshold on a day, as known on another, with all that it rests on.

    Only snapshots and dated values known by --known-on are used; without it, all.

    Example: sluicegate lab moving value us.eccn_4e091.control_level --as-of 2026-07-23
    --node my-node
    """
    day, known_day = day_option(as_of, "--as-of") or today(), day_option(known_on, "--known-on")
    book = _book(node)
    try:
        moving = lab.moving_of(book, identifier)
        known = _known(book, (identifier,), data, node)
        found = lab.moving_value(moving, day, known_day, known)
    except lab.MovingError as error:
        leave(Exit.USAGE, str(error))
    if form is Format.JSON:
        write_json(rows.value_document(found, language))
        return
    if form is Format.TABLE:
        for one in (*rows.told(found, language), rows.stands(found)):
            say(one.text(language))
    write_rows(rows.rest_rows(found, language), rows.REST_COLUMNS, form, language=language)


@app.command("series")
def series_(
    identifier: IdArgument,
    first: Annotated[
        str | None, typer.Option("--from", metavar="DATE", help="First day; five years by default.")
    ] = None,
    last: Annotated[
        str | None, typer.Option("--to", metavar="DATE", help="Last day; today if left out.")
    ] = None,
    known_on: KnownOnOption = None,
    then: Annotated[
        bool, typer.Option("--as-known-then", help="Answer each day by what was known on it.")
    ] = False,
    data: DataOption = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Also draw the series into a file.")
    ] = None,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Compute a moving threshold over time: each day on which it changed, and its value.

    One that falls with progress changes every day; it is given for the first of each month.

    Example: sluicegate lab moving series kthf.lowered_limits.training_cap --from 2026-01-01
    --to 2028-12-31
    """
    book = _book(node)
    days = (day_option(first, "--from"), day_option(last, "--to"))
    span = lab.span_of(today(), *days, then=then)
    try:
        known = _known(book, (identifier,), data, node)
        moving, known_day = lab.moving_of(book, identifier), day_option(known_on, "--known-on")
        found = lab.moving_series(moving, span, known_day, known)
    except lab.MovingError as error:
        leave(Exit.USAGE, str(error))
    if svg is not None:
        svg.write_text(moving_svg(found, language), encoding="utf-8")
        say(f"{svg}: drawn")
    if form is Format.JSON:
        write_json(rows.series_document(found, language))
        return
    steps = [rows.step_row(one, language) for one in found.steps]
    if form is Format.TABLE:
        steps = [rows.shortened(one) for one in steps]
    write_rows(steps, rows.STEP_COLUMNS, form, language=language)


def _book(node: Path) -> RuleBook:
    """Return the rules of the node, or the shipped ones where the folder is none."""
    return rules_of(node if _is_node(node) else None)


def _is_node(node: Path) -> bool:
    return node != HERE or (node / "sluicegate.toml").is_file()


def _known(book: RuleBook, ids: Sequence[str], data: str | None, node: Path) -> Known:
    """Return what is known of the data sets: a file, or what the node has; a fault ends it."""
    path = None if data is None else file_named(data)
    if path is not None:
        read = read_or_leave(path, None, None)
        tell_problems(read)
        return lab.known_of([read.snapshot], book, today(), read.snapshot.name)
    if data is None and not _is_node(node):
        return lab.known_of([], book, today())
    with lab_desk(node) as (_, desk):
        return lab.known_at(desk, book, ids, data)
