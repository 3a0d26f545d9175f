"""`sluicegate lab threshold`: whom thresholds would have caught, burdened and missed."""

from __future__ import annotations

from fractions import Fraction
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
    LanguageOption,
    NodeOption,
    leave,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option, rules_of
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, parse_decimal, scientific, whole
from sluicegate.rules.comparators import Comparator
from sluicegate.services.lab.threshold import (
    LabError,
    LabQuestion,
    Tried,
    try_on_data_set,
    try_on_snapshot,
)
from sluicegate.services.lab.threshold_heads import HEADS
from sluicegate.services.lab.threshold_rows import COLUMNS, SHORT, Rows, document, rows_of
from sluicegate.services.lab.threshold_words import (
    about_option,
    about_the_data,
    about_the_frontier,
)
from sluicegate.wiring import today
from sluicegate.wiring.lab_pictures import options_svg

_FIGURES = ("level", "flop", "largest", "frontier_level", "extra")

DataOption = Annotated[
    str,
    typer.Option(
        "--data", metavar="NAME|FILE", help="A data set of the node, registry, or a file."
    ),
]


def threshold(
    data: DataOption,
    thresholds: Annotated[
        list[str] | None,
        typer.Option("--threshold", metavar="FLOP", help="A fixed threshold, e.g. 1e26; repeat."),
    ] = None,
    moving: Annotated[
        list[str] | None,
        typer.Option("--moving", metavar="ID", help="A threshold that moves, by its id; repeat."),
    ] = None,
    as_of: AsOfOption = None,
    known_on: Annotated[
        str | None,
        typer.Option(
            "--known-on", metavar="DATE", help="Use data known by this day; the day asked about."
        ),
    ] = None,
    comparator: Annotated[
        Comparator, typer.Option("--comparator", help="How fixed thresholds compare.")
    ] = Comparator.GREATER_THAN,
    first: Annotated[
        int | None, typer.Option("--from", metavar="YEAR", help="First year shown.")
    ] = None,
    last: Annotated[
        int | None, typer.Option("--to", metavar="YEAR", help="Last year shown.")
    ] = None,
    as_if: Annotated[
        bool,
        typer.Option("--as-if-always", help="Let rules that move hold before they began."),
    ] = False,
    rows: Annotated[
        Rows, typer.Option("--rows", help="Which rows to write in a table, CSV or Parquet.")
    ] = Rows.YEARS,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Also draw the options side by side into a file.")
    ] = None,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Try thresholds on a data set: whom they would have caught, burdened and missed, and why.

    Several options stand side by side. The sentences say what the rows mean, what is
    not known, what it costs to evade by splitting, and which way each option should move.

    Example: sluicegate lab threshold --data epoch-notable --threshold 1e25 --threshold 1e26
    --as-of 2026-07-23 --node my-node
    """
    day, known = day_option(as_of, "--as-of"), day_option(known_on, "--known-on")
    question = LabQuestion(
        tuple(_figure(text) for text in thresholds or ()),
        tuple(moving or ()),
        day or today(),
        known,
        comparator,
        first,
        last,
        as_if,
    )
    tried = _tried(data, question, node)
    if svg is not None:
        svg.write_text(options_svg(tried, language), encoding="utf-8")
        say(f"{svg}: drawn")
    if form is Format.JSON:
        write_json(document(tried, language))
        return
    found = rows_of(tried, rows)
    if form is Format.TABLE:
        tell(tried, language)
        found = [
            {name: _short(value) if name in _FIGURES else value for name, value in row.items()}
            for row in found
        ]
    is_short = form is Format.TABLE and rows is Rows.YEARS
    columns = SHORT if is_short else COLUMNS[rows]
    if form is Format.TABLE and language is not Language.EN:
        heads = {name: HEADS[name].text(language) for name in columns}
        found = [{heads[name]: row[name] for name in columns} for row in found]
        columns = tuple(heads.values())
    write_rows(found, columns, form, language=language)


def _tried(data: str, question: LabQuestion, node: Path) -> Tried:
    """Try the options on a file or on a data set of the node; a fault ends the command."""
    path = file_named(data)
    try:
        if path is None:
            with lab_desk(node) as (opened, desk):
                return try_on_data_set(desk, opened.book, data, question)
        read = read_or_leave(path, None, None)
        tell_problems(read)
        own = node if (node / "sluicegate.toml").is_file() else None
        return try_on_snapshot(read.snapshot, rules_of(own), question)
    except LabError as error:
        leave(Exit.USAGE, str(error))


def tell(tried: Tried, language: Language) -> None:
    """Say on stderr what the rows show, in sentences."""
    for one in (*about_the_data(tried), *about_the_frontier(tried)):
        say(one.text(language))
    for option in tried.result.options:
        say(f"\n{option.option.id}")
        for one in about_option(tried, option):
            say(f"  {one.text(language)}")


def _figure(text: str) -> Exact:
    try:
        return parse_decimal(text)
    except ValueError as error:
        leave(Exit.USAGE, f"--threshold: {error}")


def _short(value: str | None) -> str | None:
    """Return a figure with few digits, for a table; other formats keep all of them."""
    return None if value is None else scientific(whole(Fraction(value)))
