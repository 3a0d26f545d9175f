"""`sluicegate lab forecast`: how many models thresholds will catch, and by what assumptions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

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
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.book import RuleBook
from sluicegate.rules.comparators import Comparator
from sluicegate.wiring import today

if TYPE_CHECKING:
    from sluicegate.services.lab.forecast import ForecastQuestion, Forecasts

_ASSUMED = ("name", "value", "title", "reference")

NamesOption = list[str] | None


def forecast(
    data: Annotated[
        str,
        typer.Option("--data", metavar="NAME|FILE", help="A data set of the node, or a file."),
    ],
    thresholds: Annotated[
        NamesOption,
        typer.Option("--threshold", metavar="FLOP", help="A fixed threshold, e.g. 1e26; repeat."),
    ] = None,
    near: Annotated[
        NamesOption,
        typer.Option(
            "--near", metavar="ORDERS", help="Within so many orders of the largest run; repeat."
        ),
    ] = None,
    rank: Annotated[
        NamesOption,
        typer.Option("--rank", metavar="K", help="The K largest models so far; repeat."),
    ] = None,
    moving: Annotated[
        NamesOption,
        typer.Option("--moving", metavar="ID", help="A threshold that moves, by its id; repeat."),
    ] = None,
    comparator: Annotated[
        Comparator, typer.Option("--comparator", help="How fixed thresholds compare.")
    ] = Comparator.GREATER_THAN,
    scenario: Annotated[
        NamesOption,
        typer.Option("--scenario", help="A named set of assumptions; repeat to compare."),
    ] = None,
    set_: Annotated[
        NamesOption,
        typer.Option("--set", metavar="NAME=VALUE", help="Change an assumption; repeat."),
    ] = None,
    until: Annotated[
        int | None, typer.Option("--until", metavar="YEAR", help="The last year forecast.")
    ] = None,
    check: Annotated[
        str | None,
        typer.Option(
            "--check", metavar="NAME|FILE", help="Later data to set the forecast against."
        ),
    ] = None,
    as_of: AsOfOption = None,
    known_on: Annotated[
        str | None,
        typer.Option("--known-on", metavar="DATE", help="Use the data as known by this day."),
    ] = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Also draw the options side by side into a file.")
    ] = None,
    beside: Annotated[
        bool, typer.Option("--beside", help="Set the options beside each other, a row for a year.")
    ] = False,
    per_year: Annotated[
        bool,
        typer.Option("--per-year", help="Draw, or set beside, each year's models, not all so far."),
    ] = False,
    assumptions: Annotated[
        bool, typer.Option("--assumptions", help="List every assumption with its source instead.")
    ] = False,
    node: NodeOption = HERE,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Forecast how many models lie above thresholds, with percentiles, side by side.

    Without options it forecasts the thresholds of the published forecast. Every
    assumption can be changed by its name; the same seed gives the same figures.

    Example: sluicegate lab forecast --data epoch-notable --threshold 1e25 --threshold 1e26
    --scenario baseline --scenario more_training --set growth_sd=0.3 --node my-node
    """
    from sluicegate.services.lab.forecast import ForecastQuestion
    from sluicegate.services.lab.forecast_options import Tried

    changes = (*(set_ or ()), *(() if until is None else (f"last_year={until}",)))
    question = ForecastQuestion(
        day_option(as_of, "--as-of") or today(),
        Tried(
            tuple(thresholds or ()),
            comparator,
            tuple(near or ()),
            tuple(rank or ()),
            tuple(moving or ()),
        ),
        tuple(scenario or ("baseline",)),
        changes,
        day_option(known_on, "--known-on"),
    )
    found = _forecast(data, check, question, node)
    if svg is not None:
        _draw(found, svg, language, per_year=per_year)
    if beside:
        _write_beside(found, form, language, per_year=per_year)
    else:
        _write(found, form, language, is_assumptions=assumptions)


def _forecast(data: str, check: str | None, question: ForecastQuestion, node: Path) -> Forecasts:
    """Forecast from a file or a data set of the node; a fault ends the command."""
    from sluicegate.frontier.forecast.assumptions import ForecastError
    from sluicegate.services.lab.forecast import forecast_snapshot

    try:
        snapshot, book = _snapshot(data, question.known_on, node)
        later = None if check is None else _snapshot(check, None, node)[0]
        return forecast_snapshot(snapshot, book, question, later)
    except ForecastError as error:
        leave(Exit.USAGE, str(error))


def _snapshot(data: str, known_on: date | None, node: Path) -> tuple[Snapshot, RuleBook]:
    """Read a file or a data set of the node, with the rules that go with it."""
    from sluicegate.services.datasets.reading import snapshot_of

    path = file_named(data)
    if path is None:
        with lab_desk(node) as (opened, desk):
            return snapshot_of(desk, data, known_on), opened.book
    read = read_or_leave(path, None, None)
    tell_problems(read)
    own = node if (node / "sluicegate.toml").is_file() else None
    return read.snapshot, rules_of(own)


def _draw(found: Forecasts, path: Path, language: Language, *, per_year: bool) -> None:
    from sluicegate.wiring.forecast_pictures import forecast_svg

    path.write_text(forecast_svg(found, language, is_per_year=per_year), encoding="utf-8")
    say(f"{path}: drawn")


def _write_beside(found: Forecasts, form: Format, language: Language, *, per_year: bool) -> None:
    from sluicegate.services.lab import forecast_rows as rows

    words = None
    if form is Format.TABLE:
        _tell(found, language)
        words = language
    columns = (rows.Column.YEAR.value, *rows.beside_columns(found, words))
    beside = rows.beside_rows(found, is_per_year=per_year, language=words)
    write_rows(beside, columns, form, language=language)


def _write(found: Forecasts, form: Format, language: Language, *, is_assumptions: bool) -> None:
    from sluicegate.services.lab import forecast_rows as rows

    if is_assumptions:
        assumed = [
            {"scenario": scenario.name, **rows.assumption_row(one, language)}
            for scenario in found.scenarios
            for one in scenario.forecast.assumed.used
        ]
        several = ("scenario",) if len(found.scenarios) > 1 else ()
        write_rows(assumed, (*several, *_ASSUMED), form, language=language)
    elif form is Format.JSON:
        write_json(rows.document_of(found, language))
    elif form is Format.TABLE:
        _tell(found, language)
        columns = [one.value for one in rows.Column]
        if len(found.scenarios) == 1:
            columns.remove(rows.Column.SCENARIO.value)
        if found.later is None:
            columns.remove(rows.Column.RECORDED.value)
        write_rows(rows.short_rows(found), columns, form, language=language)
    else:
        write_rows(rows.rows_of(found), rows.columns_of(found), form, language=language)


def _tell(found: Forecasts, language: Language) -> None:
    """Say on stderr what the rows show, in sentences."""
    from sluicegate.services.lab.forecast import headlines
    from sluicegate.services.lab.forecast_words import option_words

    for scenario in found.scenarios:
        if len(found.scenarios) > 1:
            say(f"\n{scenario.name}")
        for note in scenario.notes:
            say(note.text(language))
        for option in scenario.forecast.options:
            name = option_words(option.option).text(language)
            for said in headlines(option, scenario.forecast.assumed, name):
                say(f"  {said.text(language)}")
