"""`sluicegate rules diff` and `rules timeline`: what changes, when, and for whom."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.asking import MANY, read_literals, read_readings
from sluicegate.cli.output import (
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    NodeRulesOption,
    leave,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option, rules_of
from sluicegate.core.calendars import parse_day
from sluicegate.core.phrases import Language, phrase, term
from sluicegate.core.reasons import Term
from sluicegate.core.reasons import say as sentence
from sluicegate.rules.book import RuleBook, UnknownRuleError
from sluicegate.rules.diff import COLUMNS, Change, differences
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.showing import titled
from sluicegate.rules.timeline import ROW, events
from sluicegate.services.asking import question_named
from sluicegate.services.law_changes import (
    AnswerChange,
    Between,
    Refused,
    changed_answers,
    read_subjects,
)
from sluicegate.wiring import fact_rows, timeline_svg

KINDS = {"published": "published", "known": "known", "status": "status", "value": "value"}
"""The kinds of events, and what they are called."""

HEADS = {
    "from": "from",
    "not_before": "after",
    "until": "until",
    "kind": "event",
    "id": "id",
    "title": "title",
    "what": "what holds",
    "known_from": "known from",
    "reference": "reference",
    "mark": "how sure",
}
"""The columns of a timeline, and their heads."""

TABLE = ("id", "from", "kind", "what", "reference")
"""The columns of a timeline on a screen; the others stand below one of them."""

ANSWER_COLUMNS = ["id", "fields", "before", "after", "outcome_before", "outcome_after"]


def diff(
    earlier: Annotated[str, typer.Argument(metavar="DATE", help="Earlier day.")],
    later: Annotated[str, typer.Argument(metavar="DATE", help="Later day.")],
    facts: Annotated[
        str | None,
        typer.Option(
            "--facts",
            help="Whose answers changed? A JSON or YAML list of {id, facts}; CSV or Parquet.",
        ),
    ] = None,
    question: Annotated[
        str | None, typer.Option("--question", help="The question to ask about them.")
    ] = None,
    reading: Annotated[
        list[str] | None, typer.Option("--reading", metavar="NAME=VALUE", help="Choose a reading.")
    ] = None,
    known_on: KnownOnOption = None,
    node: NodeRulesOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Say in words what a change of law changed between two days, and whose answers.

    Example: sluicegate rules diff 2025-01-01 2026-11-21

    Example: sluicegate rules diff 2025-08-01 2025-08-02 --facts all.yaml --question eu_gpai_duties
    """
    first, last = _days(earlier, later)
    known = day_option(known_on, "--known-on")
    book = rules_of(node)
    if (facts is None) is not (question is None):
        leave(Exit.USAGE, "--facts and --question belong together; give both or neither")
    if facts is None or question is None:
        changes = list(differences(book, first, last, known))
        _write_changes(changes, language, form, is_same_day=first == last)
        return
    try:
        between = Between(question, first, last, known, read_readings(reading or []))
        size, found = _changed(between, facts, book)
    except BadFactsError as error:
        if form is Format.JSON:
            write_json(error.as_json())
        leave(Exit.USAGE, "\n".join(f"{fault.path}: {fault.message}" for fault in error.faults))
    _write_answers(found, size, language, form)


def _changed(
    between: Between, facts: str, book: RuleBook
) -> tuple[int, list[AnswerChange | Refused]]:
    """Return how many subjects a file has, and those whose answers changed."""
    if not facts.lower().endswith(MANY):
        subjects = read_subjects(read_literals(facts))
        return len(subjects), list(changed_answers(between, subjects, book))
    from sluicegate.services.bulk.changes import changed_rows  # numpy: only who needs it waits
    from sluicegate.services.bulk.files import Layout

    spec = question_named(between.question, book).spec
    with fact_rows(Path(facts), spec, layout=Layout.CSV) as rows:
        return rows.size, list(changed_rows(between, rows, book))


def _days(earlier: str, later: str) -> tuple[date, date]:
    try:
        first, last = parse_day(earlier), parse_day(later)
    except ValueError as error:
        leave(Exit.USAGE, str(error))
    if first > last:
        leave(Exit.USAGE, f"{earlier} lies after {later}; give the earlier day first")
    return first, last


def _write_changes(
    changes: list[Change], language: Language, form: Format, *, is_same_day: bool
) -> None:
    if form is Format.TABLE:
        lines = [line for block in _blocks(changes, language) for line in block]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        said = f"{len(changes)} change{'' if len(changes) == 1 else 's'}"
        say(said + ("; the two days are the same" if is_same_day else ""))
    else:
        write_rows([change.row(language) for change in changes], COLUMNS, form)


def _blocks(changes: Iterable[Change], language: Language) -> Iterator[list[str]]:
    """Yield the sentences of each instrument below its title."""
    for _, group in groupby(changes, key=lambda change: change.instrument.id):
        found = list(group)
        one = found[0].instrument
        title = f"{titled(one.title, language)} ({one.id})"
        yield [title, *(f"  - {change.sentence().text(language)}" for change in found), ""]


def _write_answers(
    found: list[AnswerChange | Refused], asked: int, language: Language, form: Format
) -> None:
    changed = [one for one in found if isinstance(one, AnswerChange)]
    refused = [one for one in found if isinstance(one, Refused)]
    rows = [one.row(language) for one in changed]
    if form is Format.JSON:
        faults = [{"id": one.id, **BadFactsError(one.faults).as_json()} for one in refused]
        write_json({"asked": asked, "changed": rows, "refused": faults})
    elif form is Format.TABLE:
        sys.stdout.write("".join(f"{line}\n" for one in changed for line in _answer(one, language)))
    else:
        write_rows(rows, ANSWER_COLUMNS, form)
    for one in refused:
        say(f"{one.id}: {BadFactsError(one.faults)}")
    say(f"{asked} asked, {len(changed)} changed, {len(refused)} refused on both days")
    if asked and len(refused) == asked:
        leave(Exit.USAGE)


def _answer(one: AnswerChange, language: Language) -> list[str]:
    row = one.row(language)
    return [
        f"{one.id} ({', '.join(one.fields)})",
        f"  {phrase('before', language)}: {row['outcome_before']}",
        f"  {phrase('after', language)}: {row['outcome_after']}",
        "",
    ]


def timeline(
    instrument: Annotated[str, typer.Argument(help="Id of an instrument.")],
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Also draw it into this SVG file.")
    ] = None,
    known_on: KnownOnOption = None,
    node: NodeRulesOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List every dated event of an instrument, and draw it as a picture.

    Example: sluicegate rules timeline eu.ai_act --svg ai_act.svg
    """
    known = day_option(known_on, "--known-on")
    book: RuleBook = rules_of(node)
    try:
        one = book.instrument(instrument)
    except UnknownRuleError as error:
        leave(Exit.USAGE, str(error))
    if svg is not None:
        _write_svg(svg, timeline_svg(one, language, known))
    rows: list[dict[str, Any]] = [event.row(language) for event in events(one, known)]
    if form is Format.TABLE and rows:
        _write_table(rows, language, titled(one.title, language))
    elif form is Format.TABLE and known is not None:
        text = sentence("Nothing of {title} was known on {day}.", title=Term(one.title), day=known)
        say(text.text(language))
    else:
        write_rows(rows, ROW, form)


def _write_table(rows: list[dict[str, Any]], language: Language, title: str) -> None:
    """Write events for people: codes by their labels, what belongs together in one column."""
    heads = {name: phrase(HEADS[name], language) for name in TABLE}
    shown = [
        {
            heads["from"]: _lines(row["from"], *_days_of(row, language, "not_before", "until")),
            heads["kind"]: phrase(KINDS[row["kind"]], language),
            heads["id"]: _lines(row["id"], row["title"]),
            heads["what"]: row["what"],
            heads["reference"]: _lines(
                row["reference"],
                term(row["mark"], language),
                *_days_of(row, language, "known_from"),
            ),
        }
        for row in rows
    ]
    write_rows(shown, list(heads.values()), Format.TABLE, title, language)


def _lines(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _days_of(row: dict[str, Any], language: Language, *names: str) -> Iterator[str]:
    for name in names:
        if row[name]:
            yield f"{phrase(HEADS[name], language)} {row[name]}"


def _write_svg(path: Path, picture: str) -> None:
    try:
        path.write_text(picture, encoding="utf-8")
    except OSError as error:
        leave(Exit.USAGE, f"--svg {path}: cannot be written: {error.strerror}; give another file")
