"""A comparison of rules, unknowns and distances of a lineage as rows for programs."""

from __future__ import annotations

from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, flop_text
from sluicegate.lineage.comparing import Comparison, Modification, RoleSum
from sluicegate.lineage.unknowns import Unknown
from sluicegate.services.lineage.asking import account_row


def unknown_row(one: Unknown) -> dict[str, Any]:
    """Return an unknown as a row; without an upper bound `high` and `effect` are null."""
    return {
        "node": one.node,
        "knowledge": one.knowledge.value,
        "low": flop_text(one.low),
        "high": _text(one.high),
        "effect": _text(one.effect),
        "source": one.source or None,
    }


def comparison_document(one: Comparison, language: Language = Language.EN) -> dict[str, Any]:
    """Return a target under every rule, with what each makes of each role."""
    return {
        "target": one.target,
        "rules": [
            {
                **account_row(row.account, language=language),
                "roles": [_role_row(role) for role in row.roles],
            }
            for row in one.rows
        ],
        "modification": None
        if one.modification is None
        else _modification(one.modification, language),
        "questions": {name: dict(facts) for name, facts in one.questions.items()},
        "warnings": [said.text(language) for said in one.warnings],
    }


def _role_row(one: RoleSum) -> dict[str, Any]:
    return {
        "role": one.role,
        "treatment": one.treatment.value,
        "nodes": list(one.nodes),
        "flop": flop_text(one.flop),
    }


def _modification(one: Modification, language: Language) -> dict[str, Any]:
    return {
        "developer": one.developer,
        "originals": list(one.originals),
        "original": _text(one.original),
        "modification": flop_text(one.modification),
        "limit_share": flop_text(one.limit_share),
        "above_share": one.above_share,
        "reasons": [said.text(language) for said in one.reasons],
    }


def _text(figure: Exact | None) -> str | None:
    return None if figure is None else flop_text(figure)
