"""`sluicegate lineage picture` and `tree`: what led to a model or an output, and what counts."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from sluicegate.cli.lineage_account import (
    PresumeOption,
    QuantityOption,
    ReadingOption,
    leave_for_fields,
    leave_for_graph,
    options_of,
    read_or_leave,
    rule_option,
)
from sluicegate.cli.output import (
    AsOfOption,
    Exit,
    Format,
    FormatOption,
    LanguageOption,
    leave,
    say,
    write_json,
    write_rows,
)
from sluicegate.cli.working import day_option, rules_of
from sluicegate.core.phrases import Language
from sluicegate.lineage.accounting import Account
from sluicegate.lineage.document import GraphError
from sluicegate.lineage.tallying import Ground
from sluicegate.rules.law import Law
from sluicegate.services.lineage.asking import Asking, account_all, built, queries_of
from sluicegate.services.lineage.captions import sentences_of
from sluicegate.services.lineage.drawing import DrawnLineage, drawing_document, node_row
from sluicegate.services.lineage.pictured import AS_A_PICTURE, Limits, drawn
from sluicegate.services.lineage.tree import tree_lines
from sluicegate.services.ports.lineage import LineageInputError, StatedLineage
from sluicegate.wiring import today
from sluicegate.wiring.lineage_pictures import lineage_svg

_COLUMNS = (
    *("id", "label", "kind", "standing", "discarded_by", "flop", "cumulative"),
    *("hidden_nodes", "hidden_flop"),
)
_IN_TREE = Limits(depth=12, in_row=12)

FileArgument = Annotated[
    Path, typer.Argument(help="lineage.json, PROV-JSON or OpenLineage events.")
]
TargetOption = Annotated[
    str | None,
    typer.Option("--target", metavar="ID", help="What to draw; else what the file asks for first."),
]
CaseOption = Annotated[
    str | None, typer.Option("--case", help="Which case of a file of cases; else the first.")
]
RuleOption = Annotated[
    str | None, typer.Option("--rule", help="Counting rule; else that of the file, or kthf.")
]


DepthOption = Annotated[
    int, typer.Option("--depth", min=1, max=100, help="Rows of causes above the target.")
]


def picture(
    file: FileArgument,
    target: TargetOption = None,
    quantity: QuantityOption = None,
    rule: RuleOption = None,
    case: CaseOption = None,
    svg: Annotated[
        Path | None, typer.Option("--svg", help="Draw into this file; else to stdout.")
    ] = None,
    depth: DepthOption = AS_A_PICTURE.depth,
    in_row: Annotated[
        int, typer.Option("--in-row", min=1, max=50, help="Causes drawn in each row.")
    ] = AS_A_PICTURE.in_row,
    presume: PresumeOption = True,
    reading: ReadingOption = None,
    as_of: AsOfOption = None,
    language: LanguageOption = Language.EN,
) -> None:
    """Draw what led to a model or an output: what counts, what is cut, what is not disclosed.

    Causes stand above what they led to. What lies deeper or wider than is drawn
    stands in boxes that say how many nodes they hold and what counts of them.

    Example: sluicegate lineage picture lineage.json --target m-1 --svg m-1.svg
    """
    asked = Asking(
        () if target is None else (target,),
        quantity,
        rule_option(rule),
        options=options_of(presume, reading or []),
    )
    made = _made(file, case, asked, as_of, Limits(depth, in_row))
    text = lineage_svg(made.account, made.drawn, language)
    if svg is None:
        sys.stdout.write(text + "\n")
        return
    svg.write_text(text, encoding="utf-8")
    for one in sentences_of(made.account, made.drawn):
        say(one.text(language))
    say(f"{svg}: drawn")


def tree(
    file: FileArgument,
    target: TargetOption = None,
    quantity: QuantityOption = None,
    rule: RuleOption = None,
    case: CaseOption = None,
    depth: DepthOption = _IN_TREE.depth,
    in_row: Annotated[
        int, typer.Option("--in-row", min=1, max=500, help="Causes written at each depth.")
    ] = _IN_TREE.in_row,
    presume: PresumeOption = True,
    reading: ReadingOption = None,
    as_of: AsOfOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print what led to a model or an output as a tree, its causes indented below it.

    A node that is a cause of several stands in full once, nearest to the target.

    Example: sluicegate lineage tree lineage.json --target m-1 --rule eu_ai_act
    """
    asked = Asking(
        () if target is None else (target,),
        quantity,
        rule_option(rule),
        options=options_of(presume, reading or []),
    )
    made = _made(file, case, asked, as_of, Limits(depth, in_row))
    if form is Format.TABLE:
        sys.stdout.writelines(f"{line}\n" for line in tree_lines(made.drawn, language))
        for one in sentences_of(made.account, made.drawn):
            say(one.text(language))
    elif form is Format.JSON:
        write_json(drawing_document(made.drawn))
    else:
        write_rows([node_row(one) for one in made.drawn.nodes], _COLUMNS, form)


@dataclass(frozen=True, slots=True)
class _Made:
    """An account and what is drawn of it."""

    account: Account
    drawn: DrawnLineage


def _made(file: Path, case: str | None, asked: Asking, as_of: str | None, limits: Limits) -> _Made:
    """Account for the first thing asked of a file; what cannot be done ends the command."""
    law = Law(rules_of(None), day_option(as_of, "--as-of") or today())
    stated = _chosen(read_or_leave(file).lineages, case)
    try:
        lineage = built(stated)
        queries = queries_of(lineage, () if asked.targets else stated.queries, asked)
        if not queries:
            leave(Exit.USAGE, f"{file}: has no model and no output; name a node with --target")
        found = account_all(lineage, queries[:1], law, asked.options)[0]
    except GraphError as error:
        leave_for_graph(error, stated.case)
    except LineageInputError as error:
        leave_for_fields(error.faults)
    except ValueError as error:
        leave(Exit.USAGE, str(error))
    ground = Ground(lineage, law, found.counting_rule, asked.options)
    return _Made(found, drawn(ground, found, limits))


def _chosen(lineages: Sequence[StatedLineage], case: str | None) -> StatedLineage:
    """Return the case named, or the first of a file."""
    found = next((one for one in lineages if case is None or one.case == case), None)
    if found is None:
        known = ", ".join(one.case for one in lineages[:8] if one.case) or "none"
        leave(Exit.USAGE, f"--case {case}: is not in the file; its cases: {known}")
    return found
