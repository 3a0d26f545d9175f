"""`sluicegate lineage compare|unknowns|what-if`: rules side by side, and what is not known."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from sluicegate.cli.lineage_reading import (
    PresumeOption,
    QuantityOption,
    ReadingOption,
    leave_for_graph,
    options_of,
    rule_option,
)
from sluicegate.cli.lineage_subject import (
    CaseOption,
    FileOption,
    FromNodeOption,
    LineageOption,
    SubjectFound,
    Where,
    found,
)
from sluicegate.cli.output import (
    AsOfOption,
    Exit,
    Format,
    FormatOption,
    KnownOnOption,
    LanguageOption,
    leave,
    say,
    write_result,
)
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, parse_decimal, scientific
from sluicegate.lineage.comparing import compare
from sluicegate.lineage.document import Compute, GraphError, Quantity, Query
from sluicegate.lineage.unknowns import Difference, if_cut, if_cut_off, marginal, unknowns
from sluicegate.services.lineage.asking import account_all, usual_quantity
from sluicegate.services.lineage.compared import (
    comparison_document,
    difference_document,
    unknown_row,
)

_RULES = ("counting_rule", "amount", "threshold", "over_threshold", "counts", "leaves_out")
_UNKNOWNS = ("node", "knowledge", "effect", "low", "high", "source")
_CHANGES = ("what", "as_it_stands", "if_so", "less")

TargetArgument = Annotated[
    str, typer.Argument(metavar="TARGET", help="Id of a model, output or other node.")
]
AssumeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--assume",
        metavar="NODE=FLOP[@SOURCE]",
        help="Count a node at a figure, such as the estimate of a study.",
    ),
]


@contextmanager
def _told() -> Iterator[None]:
    """End the command with advice when something does not fit the graph."""
    try:
        yield
    except GraphError as error:
        leave_for_graph(error, None)
    except ValueError as error:
        leave(Exit.USAGE, str(error))


def compare_(
    target: TargetArgument,
    file: FileOption = None,
    case: CaseOption = None,
    node: FromNodeOption = None,
    lineage: LineageOption = None,
    presume: PresumeOption = True,
    reading: ReadingOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a model under every counting rule: what each counts, leaves out, and why.

    Example: sluicegate lineage compare heron --file lineage.json
    """
    where = Where(file, case, node, lineage, None, as_of, known_on)
    subject = found(where, target)
    with _told():
        options = options_of(presume, reading or [])
        one = compare(subject.lineage, target, subject.law, options)
    document = comparison_document(one, language)
    rows = document["rules"]
    if form is not Format.JSON:
        rows = [_told_rule(row) for row in rows]
    write_result(document, rows, (*_RULES, "does_not_address"), form, language=language)
    if form is Format.TABLE:
        for row in document["rules"]:
            for sentence in row["reasons"]:
                say(f"{row['counting_rule']}: {sentence}")
        for sentence in (document["modification"] or {}).get("reasons", ()):
            say(sentence)
        for sentence in document["warnings"]:
            say(sentence)


def _told_rule(row: dict[str, Any]) -> dict[str, Any]:
    """Return a rule's row with figures of few digits and a line for each role."""

    def sums(name: str) -> str:
        return "; ".join(
            f"{one['role'] or '-'} {scientific(parse_decimal(one['flop']))}" for one in row[name]
        )

    amount = scientific(parse_decimal(row["flop"]))
    return {
        **row,
        "amount": amount if row["complete"] else f"≥ {amount}",
        "threshold": scientific(parse_decimal(row["threshold"])),
        **{name: sums(name) for name in ("counts", "leaves_out", "does_not_address")},
    }


def unknowns_(
    target: TargetArgument,
    file: FileOption = None,
    case: CaseOption = None,
    node: FromNodeOption = None,
    lineage: LineageOption = None,
    rule: Annotated[str, typer.Option("--rule", help="Counting rule.")] = "kthf",
    quantity: QuantityOption = None,
    assume: AssumeOption = None,
    presume: PresumeOption = True,
    reading: ReadingOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show what is not known behind a target, and how far each can move the total.

    The largest effect stands first; what has no upper bound stands before all others.

    Example: sluicegate lineage unknowns heron --file lineage.json --assume teacher=2e25@study
    """
    subject = found(Where(file, case, node, lineage, None, as_of, known_on), target)
    with _told():
        query = _query(subject, target, quantity, rule)
        options = options_of(presume, reading or [], _assumed(assume))
        rows = [unknown_row(one) for one in unknowns(subject.lineage, query, subject.law, options)]
        (total,) = account_all(subject.lineage, [query], subject.law, options)
    document = {"target": target, "complete": total.complete, "unknowns": rows}
    shown = rows if form is not Format.TABLE else [_told_unknown(row) for row in rows]
    write_result(document, shown, _UNKNOWNS, form, language=language)
    say(f"{target}: {_span(total.amount, total.low, total.high)} FLOP")


def _told_unknown(row: dict[str, Any]) -> dict[str, Any]:
    told = {
        name: "unbounded" if row[name] is None else scientific(parse_decimal(row[name]))
        for name in ("effect", "low", "high")
    }
    return {**row, **told}


def _span(amount: Exact, low: Exact, high: Exact | None) -> str:
    most = "no bound" if high is None else scientific(high)
    return f"{scientific(amount)} (from {scientific(low)} to {most})"


def what_if(
    target: TargetArgument,
    without: Annotated[
        list[str] | None,
        typer.Option("--without", metavar="NODE", help="As if the node had never been."),
    ] = None,
    cut: Annotated[
        list[str] | None,
        typer.Option("--cut", metavar="CAUSE,TARGET", help="As if a human had cut this cause."),
    ] = None,
    cut_off: Annotated[
        list[str] | None,
        typer.Option("--cut-off", metavar="NODE", help="As if all that a node gave had been cut."),
    ] = None,
    file: FileOption = None,
    case: CaseOption = None,
    node: FromNodeOption = None,
    lineage: LineageOption = None,
    rule: Annotated[str, typer.Option("--rule", help="Counting rule.")] = "kthf",
    quantity: QuantityOption = None,
    assume: AssumeOption = None,
    presume: PresumeOption = True,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Show a total as it stands and as it would be without a node, or with a cause cut.

    Example: sluicegate lineage what-if heron --cut-off teacher --file lineage.json
    """
    if not (without or cut or cut_off):
        leave(Exit.USAGE, "give --without NODE, --cut CAUSE,TARGET or --cut-off NODE")
    subject = found(Where(file, case, node, lineage, None, as_of, known_on), target)
    changes: list[tuple[str, Difference]] = []
    with _told():
        query = _query(subject, target, quantity, rule)
        options = options_of(presume, [], _assumed(assume))
        graph, law = subject.lineage, subject.law
        for one in without or []:
            changes.append((f"without {one}", marginal(graph, query, law, one, options)))
        for one in cut or []:
            changes.append((f"cut {one}", if_cut(graph, query, law, [_pair(one)], options)))
        for one in cut_off or []:
            changes.append((f"cut off {one}", if_cut_off(graph, query, law, one, options)))
    rows = [difference_document(what, one, language) for what, one in changes]
    shown = rows if form is Format.JSON else [_told_change(what, one) for what, one in changes]
    write_result({"target": target, "changes": rows}, shown, _CHANGES, form, language=language)


def _told_change(what: str, one: Difference) -> dict[str, Any]:
    return {
        "what": what,
        "as_it_stands": scientific(one.account.amount),
        "if_so": scientific(one.without.amount),
        "less": scientific(one.less),
    }


def _query(subject: SubjectFound, target: str, quantity: Quantity | None, rule: str) -> Query:
    if target not in subject.lineage.places:
        leave(Exit.USAGE, f"{target}: no node has this id; check it")
    if quantity is Quantity.INFERENCE_COMPUTE_RATE:
        leave(Exit.USAGE, "--quantity: a rate lies between two outputs; ask lineage account")
    wanted = quantity or usual_quantity(subject.lineage, target)
    return Query((target,), wanted, rule_option(rule) or rule)


def _assumed(given: list[str] | None) -> dict[str, Compute]:
    """Read --assume; what cannot be read ends the command."""
    found_figures: dict[str, Compute] = {}
    for text in given or []:
        name, equals, told = text.rpartition("=")
        figure, _, source = told.partition("@")
        try:
            amount = parse_decimal(figure)
        except ValueError as error:
            leave(Exit.USAGE, f"--assume {text}: {error}")
        if not equals or not name or amount < 0:
            leave(Exit.USAGE, f"--assume {text}: write NODE=FLOP@SOURCE, e.g. teacher=2e25@study")
        found_figures[name] = Compute.of(amount, source=source)
    return found_figures


def _pair(text: str) -> tuple[str, str]:
    cause, comma, target = text.partition(",")
    if not comma:
        leave(Exit.USAGE, f"--cut {text}: write CAUSE,TARGET")
    return cause, target
