"""`sluicegate lineage picture` and `tree`: what led to a model or an output, and what counts."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

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
    write_json,
    write_rows,
)
from sluicegate.core.phrases import Language
from sluicegate.lineage.accounting import Account
from sluicegate.lineage.document import GraphError
from sluicegate.lineage.tallying import Ground
from sluicegate.lineage.visitors import SCHEME, VISITORS
from sluicegate.services.lineage.asking import Asking, account_all, queries_of
from sluicegate.services.lineage.captions import sentences_of
from sluicegate.services.lineage.drawing import DrawnLineage, drawing_document, node_row
from sluicegate.services.lineage.pictured import AS_A_PICTURE, Limits, drawn
from sluicegate.services.lineage.tree import tree_lines
from sluicegate.wiring.lineage_pictures import lineage_svg

_COLUMNS = (
    *("id", "label", "kind", "standing", "discarded_by", "flop", "cumulative"),
    *("hidden_nodes", "hidden_flop"),
)
_IN_TREE = Limits(depth=12, in_row=12)

TargetArgument = Annotated[
    str, typer.Argument(metavar="TARGET", help="Id of a model, output or other node.")
]
RuleOption = Annotated[str, typer.Option("--rule", help=f"One of {', '.join(VISITORS)}.")]
DepthOption = Annotated[
    int, typer.Option("--depth", min=1, max=100, help="Rows of causes above the target.")
]


def picture(
    target: TargetArgument,
    file: FileOption = None,
    case: CaseOption = None,
    node: FromNodeOption = None,
    lineage: LineageOption = None,
    quantity: QuantityOption = None,
    rule: RuleOption = SCHEME,
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
    known_on: KnownOnOption = None,
    language: LanguageOption = Language.EN,
) -> None:
    """Draw what led to a model or an output: what counts, what is cut, what is not disclosed.

    Causes stand above what they led to. What lies deeper or wider than is drawn
    stands in boxes that say how many nodes they hold and what counts of them.

    Example: sluicegate lineage picture heron --file lineage.json --svg heron.svg
    """
    where = Where(file, case, node, lineage, None, as_of, known_on)
    options = options_of(presume, reading or [])
    asked = Asking((target,), quantity, rule_option(rule), options=options)
    made = _made(where, asked, Limits(depth, in_row))
    text = lineage_svg(made.account, made.drawn, language)
    if svg is None:
        sys.stdout.write(text + "\n")
        return
    svg.write_text(text, encoding="utf-8")
    for one in sentences_of(made.account, made.drawn):
        say(one.text(language))
    say(f"{svg}: drawn")


def tree(
    target: TargetArgument,
    file: FileOption = None,
    case: CaseOption = None,
    node: FromNodeOption = None,
    lineage: LineageOption = None,
    quantity: QuantityOption = None,
    rule: RuleOption = SCHEME,
    depth: DepthOption = _IN_TREE.depth,
    in_row: Annotated[
        int, typer.Option("--in-row", min=1, max=500, help="Causes written at each depth.")
    ] = _IN_TREE.in_row,
    presume: PresumeOption = True,
    reading: ReadingOption = None,
    as_of: AsOfOption = None,
    known_on: KnownOnOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """Print what led to a model or an output as a tree, its causes indented below it.

    A node that is a cause of several stands in full once, nearest to the target.

    Example: sluicegate lineage tree heron --file lineage.json --rule eu_ai_act
    """
    where = Where(file, case, node, lineage, None, as_of, known_on)
    options = options_of(presume, reading or [])
    asked = Asking((target,), quantity, rule_option(rule), options=options)
    made = _made(where, asked, Limits(depth, in_row))
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


def _made(where: Where, asked: Asking, limits: Limits) -> _Made:
    """Account for the target of a lineage; what cannot be done ends the command."""
    subject = found(where, asked.targets[0])
    try:
        queries = queries_of(subject.lineage, (), asked)
        (one,) = account_all(subject.lineage, queries, subject.law, asked.options)
    except GraphError as error:
        leave_for_graph(error, where.case)
    except ValueError as error:
        leave(Exit.USAGE, str(error))
    ground = Ground(subject.lineage, subject.law, one.counting_rule, asked.options)
    return _Made(one, drawn(ground, one, limits))
