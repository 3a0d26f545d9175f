"""A lineage as a text tree: the target first, its causes indented below it.

A node that is a cause of several stands in full once, nearest to the target, and
is referred to elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sluicegate.core.phrases import Language, term
from sluicegate.core.quantities import Exact, scientific
from sluicegate.core.reasons import Sentence, say
from sluicegate.services.lineage.drawing import (
    Amount,
    DrawnLineage,
    DrawnNode,
    DrawnTie,
    Folded,
    Standing,
    Tie,
    discard_code,
    kind_code,
)

_MARKS = {
    Standing.COUNTED: "+",
    Standing.LEFT_OUT: "-",
    Standing.UNADDRESSED: "?",
    Standing.WITHOUT: ".",
    Standing.OUT: "x",
}
"""Signs of plain text, so that every terminal shows them."""

_LINES = {Tie.STATED: "──", Tie.PRESUMED: "╌╌", Tie.CUT: "─/"}


@dataclass(frozen=True, slots=True)
class _Step:
    """A line of the tree still to be written: how it is reached, and what stands before it."""

    node: DrawnNode | None
    tie: Tie | None
    before: str
    is_last: bool
    is_whole: bool = True
    folded: Folded | None = None


def tree_lines(drawn: DrawnLineage, language: Language = Language.EN) -> Iterator[str]:
    """Yield the lines of the tree, then what its signs mean.

    A line: sign, name, kind, compute of its own, and what counts with its causes.
    """
    if not drawn.nodes:
        yield say("The lineage is empty.").text(language)
        return
    above: dict[str, list[DrawnTie]] = {}
    for tie in drawn.ties:
        above.setdefault(tie.target, []).append(tie)
    nodes = {node.id: node for node in drawn.nodes}
    homes = _homes(drawn, above)
    targets = [node for node in drawn.nodes if node.is_target]
    waiting = [_Step(node, None, "", is_last=True) for node in reversed(targets)]
    while waiting:
        step = waiting.pop()
        yield _line(step, language)
        if step.node is not None and step.is_whole:
            waiting += reversed(_below(step, above.get(step.node.id, ()), nodes, homes))
    yield from _key(drawn, language)


def _homes(drawn: DrawnLineage, above: Mapping[str, Sequence[DrawnTie]]) -> Mapping[str, str]:
    """Return below which node each stands in full: the first nearest to a target."""
    homes = {node.id: "" for node in drawn.nodes if node.is_target}
    row = list(homes)
    while row:
        further = []
        for one in row:
            for tie in above.get(one, ()):
                if tie.cause not in homes:
                    homes[tie.cause] = one
                    further.append(tie.cause)
        row = further
    return homes


def _below(
    step: _Step,
    ties: Sequence[DrawnTie],
    nodes: Mapping[str, DrawnNode],
    homes: Mapping[str, str],
) -> list[_Step]:
    node = step.node
    if node is None:
        return []
    before = step.before if step.tie is None else step.before + ("   " if step.is_last else "│  ")
    found = [
        _Step(
            nodes[tie.cause],
            tie.tie,
            before,
            is_last=spot == len(ties) and node.folded is None,
            is_whole=homes[tie.cause] == node.id,
        )
        for spot, tie in enumerate(ties, 1)
    ]
    if node.folded is not None:
        found.append(_Step(None, Tie.STATED, before, is_last=True, folded=node.folded))
    return found


def _line(step: _Step, language: Language) -> str:
    lead = "" if step.tie is None else ("└" if step.is_last else "├") + _LINES[step.tie] + " "
    if step.folded is not None:
        return f"{step.before}{lead}… {_folded(step.folded).text(language)}"
    node = step.node
    if node is None:
        raise ValueError("step: has neither a node nor anything folded; give one of them")
    words = [_name(node)]
    if not step.is_whole:
        words.append(say("(see its own line)").text(language))
    else:
        words.append(_own(node, language))
        words.append(_cumulative(node, language))
    if step.tie in (Tie.PRESUMED, Tie.CUT):
        words.append(f"[{term(step.tie.code, language)}]")
    return f"{step.before}{lead}{_MARKS[node.standing]} {'  '.join(filter(None, words))}"


def _name(node: DrawnNode) -> str:
    return f"{node.label} ({node.id})" if node.label and node.label != node.id else node.id


def _own(node: DrawnNode, language: Language) -> str:
    parts = [term(kind_code(node.kind), language)]
    if node.discarded_by is not None:
        parts.append(term(discard_code(node.discarded_by), language))
    if node.compute is not None:
        central = node.compute.central
        told = say("not disclosed") if central is None else say("{flop:sci} FLOP", flop=central)
        parts.append(told.text(language))
    return " · ".join(parts)


def _cumulative(node: DrawnNode, language: Language) -> str:
    amount = node.cumulative
    if amount is None or not (amount.flop or amount.undisclosed):
        return ""
    return say("[with its causes {flop}]", flop=figure(amount)).text(language)


def figure(amount: Amount) -> str:
    """Write an amount for people; one that is not complete is a lower bound.

    >>> figure(Amount(10**25)), figure(Amount(10**25, 2))
    ('1e25', '≥ 1e25')
    """
    flop: Exact = amount.flop
    return f"≥ {scientific(flop)}" if amount.undisclosed else scientific(flop)


def _folded(folded: Folded) -> Sentence:
    if folded.amount.undisclosed:
        return say(
            "further causes: {nodes}, {flop:sci} FLOP counted, {undisclosed} not disclosed",
            nodes=folded.nodes,
            flop=folded.amount.flop,
            undisclosed=folded.amount.undisclosed,
        )
    return say(
        "further causes: {nodes}, {flop:sci} FLOP counted",
        nodes=folded.nodes,
        flop=folded.amount.flop,
    )


def _key(drawn: DrawnLineage, language: Language) -> Iterator[str]:
    """Yield what the signs that were written mean."""
    shown = [one for one in Standing if any(node.standing is one for node in drawn.nodes)]
    yield ""
    yield "   ".join(f"{_MARKS[one]} {term(one.code, language)}" for one in shown)
