"""`sluicegate lab register|review`: every threshold, its next change, and when to review it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from sluicegate.cli.lab_consult_desk import consulting, kept
from sluicegate.cli.output import (
    HERE,
    AsOfOption,
    DryRunOption,
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    NodeOption,
    leave,
    write_rows,
)
from sluicegate.cli.working import day_option, known_option
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import parse_decimal
from sluicegate.frontier.threshold_register import DUE_SOON_DAYS, Asked, amount_text
from sluicegate.services.consultation.registering import (
    MOST_DAYS,
    MOST_MONTHS,
    entry_json,
    read_register,
    set_review_period,
    set_reviewed,
)

COLUMNS = (
    *("parameter", "comparator", "value", "unit", "since", "next_value", "next_from"),
    *("review", "review_due"),
)

TABLE_COLUMNS = tuple(one for one in COLUMNS if one != "unit")
"""A table writes the unit with each value."""

ParameterArgument = Annotated[
    str, typer.Argument(metavar="PARAMETER", help="Id of a threshold, as the register lists it.")
]


def register(
    due: Annotated[
        bool, typer.Option("--due", help="Only those whose review is overdue or due soon.")
    ] = False,
    soon: Annotated[
        int, typer.Option("--soon", min=0, max=MOST_DAYS, help="Within how many days is soon.")
    ] = DUE_SOON_DAYS,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List every threshold of the rules: value, since when, next known change, review due.

    Example: sluicegate lab register --due --node my-node
    """
    known = day_option(known_on, "--known-on")
    with consulting(node) as (opened, desk):
        day = day_option(as_of, "--as-of") or opened.clock.now().date()
        found = read_register(
            *(desk, opened.book, Asked(day, known, soon)),
            known_at=known_option(known_on),
            is_due=due,
        )
    rows = [_row(entry_json(one, language), form) for one in found]
    write_rows(rows, _columns(form), form, language=language)


def review(
    parameter: ParameterArgument,
    months: Annotated[
        int | None,
        typer.Option("--every", min=1, max=MOST_MONTHS, help="Review it every so many months."),
    ] = None,
    no_period: Annotated[
        bool, typer.Option("--no-period", help="Let the node no longer set a period.")
    ] = False,
    outcome: Annotated[
        str | None, typer.Option("--outcome", help="It was reviewed: what came of it.")
    ] = None,
    on: Annotated[
        str | None,
        typer.Option("--on", metavar="DATE", help="Day of the review, or to count from; today."),
    ] = None,
    consultation: Annotated[
        str, typer.Option("--consultation", metavar="ID", help="The consultation it led to.")
    ] = "",
    node: NodeOption = HERE,
    dry_run: DryRunOption = False,
    form: FormatOption = Format.TABLE,
) -> None:
    """Set how often a threshold is reviewed, or write down that it was.

    Example: sluicegate lab review us_ca.sb53.large_developer.revenue --every 12 --node my-node
    """
    if sum((months is not None, no_period, outcome is not None)) != 1:
        leave(Exit.USAGE, "give one of --every, --no-period and --outcome")
    day = day_option(on, "--on")
    with consulting(node) as (opened, desk), kept(desk, dry_run=dry_run):
        if outcome is None:
            after = set_review_period(desk, opened.book, parameter, months, on=day)
        else:
            after = set_reviewed(
                *(desk, opened.book, parameter, outcome), on=day, consultation=consultation
            )
        write_rows([_row(entry_json(after), form)], _columns(form), form)


def _columns(form: Format) -> tuple[str, ...]:
    return TABLE_COLUMNS if form is Format.TABLE else COLUMNS


def _row(entry: dict[str, Any], form: Format) -> dict[str, Any]:
    """Return an entry as a row; in a table its figures have few digits."""
    if form is not Format.TABLE:
        return entry
    figures = {name: entry[name] for name in ("value", "next_value") if entry[name] is not None}
    written = {
        name: amount_text(parse_decimal(text), entry["unit"]) for name, text in figures.items()
    }
    return entry | written
