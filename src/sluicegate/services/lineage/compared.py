"""Rules side by side, unknowns and "what if" as documents for people and programs."""

from __future__ import annotations

from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.lineage.comparing import Comparison, Modification, RoleSum, Row
from sluicegate.lineage.counting import Treatment
from sluicegate.lineage.unknowns import Difference, Unknown
from sluicegate.services.lineage.asking import account_row

_PARTS = {
    Treatment.COUNTED: "counts",
    Treatment.LEFT_OUT: "leaves_out",
    Treatment.UNADDRESSED: "does_not_address",
}


def comparison_document(one: Comparison, language: Language = Language.EN) -> dict[str, Any]:
    """Return a target under every rule: totals, what each rule makes of each role, and why."""
    return {
        "target": one.target,
        "rules": [_rule(row, language) for row in one.rows],
        "modification": None
        if one.modification is None
        else _modification(one.modification, language),
        "questions": {name: dict(facts) for name, facts in one.questions.items()},
        "warnings": [sentence.text(language) for sentence in one.warnings],
    }


def _rule(row: Row, language: Language) -> dict[str, Any]:
    parts: dict[str, list[dict[str, Any]]] = {name: [] for name in _PARTS.values()}
    for role in row.roles:
        parts[_PARTS[role.treatment]].append(_role(role))
    return {**account_row(row.account, language=language), **parts}


def _role(one: RoleSum) -> dict[str, Any]:
    return {"role": one.role, "flop": flop_text(one.flop), "nodes": list(one.nodes)}


def _modification(one: Modification, language: Language) -> dict[str, Any]:
    return {
        "developer": one.developer,
        "originals": list(one.originals),
        "original": _text(one.original),
        "modification": flop_text(one.modification),
        "limit_share": one.limit_share,
        "above_share": one.above_share,
        "reasons": [sentence.text(language) for sentence in one.reasons],
    }


def unknown_row(one: Unknown) -> dict[str, Any]:
    """Return what is not known of a node as a row; `effect` and `high` None are unbounded."""
    return {
        "node": one.node,
        "knowledge": one.knowledge.value,
        "low": flop_text(one.low),
        "high": _text(one.high),
        "effect": _text(one.effect),
        "source": one.source,
    }


def difference_document(
    what: str, one: Difference, language: Language = Language.EN
) -> dict[str, Any]:
    """Return a total as it stands and as it would be; `less` is by how much it falls."""
    return {
        "what": what,
        "less": flop_text(one.less),
        "as_it_stands": account_row(one.account, language=language),
        "if_so": account_row(one.without, language=language),
    }


def _text(figure: Exact | None) -> str | None:
    return None if figure is None else flop_text(figure)
