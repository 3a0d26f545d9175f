"""`sluicegate lineage account`: the compute of models and outputs under a counting rule."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from sluicegate.cli.lineage_reading import (
    PresumeOption,
    QuantityOption,
    ReadingOption,
    leave_for_fields,
    leave_for_graph,
    leave_with,
    options_of,
    read_or_leave,
    rule_option,
    tell_unread,
)
from sluicegate.cli.lineage_subject import Where, found
from sluicegate.cli.output import (
    AsOfOption,
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    leave,
    say,
    write_rows,
)
from sluicegate.cli.working import day_option, rules_of
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, parse_decimal, scientific
from sluicegate.lineage.accounting import Account
from sluicegate.lineage.document import GraphError, Lineage
from sluicegate.lineage.visitors import VISITORS
from sluicegate.rules.law import Law
from sluicegate.services.lineage.asking import (
    Asking,
    account_all,
    account_row,
    account_stated,
    built,
    is_for_one_sweep,
    queries_of,
    total_rows,
)
from sluicegate.services.ports.lineage import (
    LineageInputError,
)
from sluicegate.wiring import today

COLUMNS = (
    *("target", "quantity", "counting_rule", "amount", "low", "high", "complete"),
    *("over_threshold", "excluded_nodes"),
)
_CSV_COLUMNS = (
    *("target", "quantity", "counting_rule", "flop", "flop_per_second", "low", "high"),
    *("complete", "over_threshold", "excluded_nodes"),
)

RuleOption = Annotated[
    str | None,
    typer.Option("--rule", help=f"Counting rule for every answer: {', '.join(VISITORS)}."),
]
TargetOption = Annotated[
    list[str] | None,
    typer.Option("--target", metavar="ID", help="Ask of this node instead of what the file asks."),
]


def account_(
    file: Annotated[
        Path | None, typer.Argument(help="lineage.json, PROV-JSON or OpenLineage events.")
    ] = None,
    node: Annotated[
        Path | None,
        typer.Option("--node", help="A node, for --lineage or --model, and for its own rules."),
    ] = None,
    lineage: Annotated[
        str | None,
        typer.Option("--lineage", help="A kept lineage: id, name, or SOURCE/NAME."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option("--model", help="A model of the registry, by its declared and metered runs."),
    ] = None,
    target: TargetOption = None,
    quantity: QuantityOption = None,
    rule: RuleOption = None,
    seconds_between: Annotated[
        str | None,
        typer.Option("--seconds-between", help="Seconds between two outputs, for the rate."),
    ] = None,
    presume: PresumeOption = True,
    reading: ReadingOption = None,
    traced: Annotated[
        bool, typer.Option("--trace", help="Add every counted node with its figure and role.")
    ] = False,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Account for compute: one row for each query of a file, in order.

    A file that asks nothing gets the training compute of every model and the
    output compute of every output. A bad graph is told as JSON on stdout.

    Example: sluicegate lineage account lineage.json --format json
    """
    asking = Asking(
        tuple(target or ()),
        quantity,
        rule_option(rule),
        _seconds(seconds_between),
        options_of(presume, reading or []),
    )
    if file is None:
        _account_of_node(asking, form, language, (node, lineage, model, as_of, known_on), traced)
        return
    if lineage is not None or model is not None:
        leave(Exit.USAGE, "name a file, or a node with --lineage or --model; not both")
    law = Law(rules_of(node), day_option(as_of, "--as-of") or today())
    read = read_or_leave(file)
    rows: list[dict[str, Any]] = []
    for stated in read.lineages:
        if is_for_one_sweep(stated.nodes, stated.queries, asking):
            with _refused(stated.case):
                rows += _totals(built(stated), law, asking, stated.case, form)
            continue
        with _refused(stated.case):
            accounts = account_stated(stated, law, asking)
        rows += [_row(one, stated.case, form, language, traced=traced) for one in accounts]
        warn(read.has_cases, accounts, stated.case, language)
    tell_unread(read)
    write_rows(rows, columns_of(form, has_cases=read.has_cases), form, language=language)


@contextmanager
def _refused(case: str | None) -> Iterator[None]:
    """End the command when a graph is none, or when a field or query does not fit."""
    try:
        yield
    except GraphError as error:
        leave_for_graph(error, case)
    except LineageInputError as error:
        leave_for_fields(error.faults)
    except ValueError as error:
        leave_with(str(error).partition(":")[0], (), str(error), case)


def _account_of_node(
    asking: Asking,
    form: Format,
    language: Language,
    where: tuple[Path | None, str | None, str | None, str | None, str | None],
    traced: bool,
) -> None:
    """Account for a kept lineage, or for a model as the node knows it."""
    node, lineage, model, as_of, known_on = where
    subject = found(Where(None, None, node, lineage, model, as_of, known_on))
    if subject.models and not asking.targets:
        asking = replace(asking, targets=subject.models)
    if is_for_one_sweep(subject.lineage.nodes, subject.queries, asking):
        with _refused(None):
            rows = _totals(subject.lineage, subject.law, asking, None, form)
        write_rows(rows, columns_of(form, has_cases=False), form, language=language)
        return
    with _refused(None):
        queries = queries_of(subject.lineage, subject.queries, asking)
        accounts = account_all(subject.lineage, queries, subject.law, asking.options)
    rows = [_row(one, None, form, language, traced=traced) for one in accounts]
    if subject.models:
        gaps = [gap.as_row() for gap in subject.gaps]
        rows = [{**row, "declared_and_metered": gaps} for row in rows]
    warn(False, accounts, None, language)
    write_rows(rows, columns_of(form, has_cases=False), form, language=language)


def _totals(
    lineage: Lineage, law: Law, asking: Asking, case: str | None, form: Format
) -> list[dict[str, Any]]:
    """Return the totals of very many models and outputs, and say that they have no trace."""
    rows = [
        row if case is None else {"case": case, **row} for row in total_rows(lineage, law, asking)
    ]
    say(f"{len(rows)} models and outputs: totals only; name one with --target for its trace")
    if form is Format.TABLE:
        for row in rows:
            amount, unit = (
                (row["flop"], "FLOP") if "flop" in row else (row["flop_per_second"], "FLOP/s")
            )
            row["amount"] = f"{scientific(parse_decimal(amount))} {unit}"
            row["low"] = scientific(parse_decimal(row["low"]))
            row["high"] = "" if row["high"] is None else scientific(parse_decimal(row["high"]))
    return rows


def columns_of(form: Format, *, has_cases: bool) -> tuple[str, ...]:
    """Return the columns of rows of accounts in a format."""
    columns = COLUMNS if form is Format.TABLE else _CSV_COLUMNS
    return ("case", *columns) if has_cases else columns


def _row(
    one: Account, case: str | None, form: Format, language: Language, *, traced: bool
) -> dict[str, Any]:
    row = account_row(one, case, traced=traced, language=language)
    if form is Format.TABLE:
        unit = "FLOP/s" if one.is_rate else "FLOP"
        row["amount"] = f"{scientific(one.amount)} {unit}"
        row["low"] = scientific(one.low)
        row["high"] = "" if one.high is None else scientific(one.high)
        row["target"] = ", ".join(one.targets)
    return row


def warn(
    has_cases: bool, accounts: Sequence[Account], case: str | None, language: Language
) -> None:
    """Write the warnings of accounts to stderr, each once."""
    told: dict[str, None] = {}
    for one in accounts:
        for sentence in one.warnings:
            told[f"{', '.join(one.targets)}: {sentence.text(language)}"] = None
    for text in told:
        say(f"{case}: {text}" if has_cases else text)


def _seconds(text: str | None) -> Exact | None:
    if text is None:
        return None
    try:
        seconds = parse_decimal(text)
    except ValueError as error:
        leave(Exit.USAGE, f"--seconds-between: {error}")
    if seconds <= 0:
        leave(Exit.USAGE, f"--seconds-between {text}: give more than nothing")
    return seconds
