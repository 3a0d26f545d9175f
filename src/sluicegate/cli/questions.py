"""`sluicegate rules`, for those who ask: the questions and the shapes of their facts."""

from __future__ import annotations

from typing import Annotated

import typer

from sluicegate.cli.output import (
    Exit,
    Format,
    FormatOption,
    LanguageOption,
    NodeRulesOption,
    leave,
    write_json,
    write_rows,
)
from sluicegate.cli.working import rules_of
from sluicegate.core.phrases import Language, phrase
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.schema import answer_schema, facts_schema
from sluicegate.rules.showing import titled
from sluicegate.services.asking import question_named
from sluicegate.services.questions import questions_of

AREAS = {
    "compute_accounting": "compute accounting",
    "export": "export",
    "frontier_reporting": "frontier reporting",
    "hardware": "hardware",
    "institutes": "institutes",
    "kyc": "know your customer",
    "liability": "liability",
    "risk_tier": "risk tier",
    "threshold_rules": "threshold rules",
}
"""The areas of questions, as tables name them."""


def _area(name: str, language: Language) -> str:
    return phrase(AREAS[name], language)


def questions(
    node: NodeRulesOption = None,
    language: LanguageOption = Language.EN,
    form: FormatOption = Format.TABLE,
) -> None:
    """List every question that can be asked; each threshold rule is one, by its id.

    Example: sluicegate rules questions
    """
    rows = [
        {
            "question": name,
            "area": _area(one.spec.area, language) if form is Format.TABLE else one.spec.area,
            "title": titled(one.spec.title, language),
            "facts": [spec.name for spec in one.spec.facts],
        }
        for name, one in sorted(questions_of(rules_of(node)).items())
    ]
    write_rows(rows, ["question", "area", "title", "facts"], form, language=language)


def schema(
    question: Annotated[str, typer.Argument(help="Name of the question.")],
    part: Annotated[str, typer.Option("--part", help="facts or answer.")] = "facts",
    node: NodeRulesOption = None,
) -> None:
    """Print the JSON Schema of a question's facts or answer.

    Example: sluicegate rules schema eu_systemic_risk
    """
    if part not in ("facts", "answer"):
        leave(Exit.USAGE, f"--part {part}: there is no such part; give facts or answer")
    try:
        found = question_named(question, rules_of(node))
    except BadFactsError as error:
        leave(Exit.USAGE, error.faults[0].message)
    write_json(facts_schema(found.spec) if part == "facts" else answer_schema(found.spec))
