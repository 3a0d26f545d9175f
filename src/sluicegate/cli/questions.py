"""`sluicegate rules`, for those who ask: the questions and the shapes of their facts."""

from __future__ import annotations

from typing import Annotated

import typer

from sluicegate.cli.output import (
    Exit,
    Format,
    FormatOption,
    NodeRulesOption,
    leave,
    write_json,
    write_rows,
)
from sluicegate.cli.working import rules_of
from sluicegate.rules.schema import answer_schema, facts_schema
from sluicegate.services.questions import find_question, questions_of


def questions(node: NodeRulesOption = None, form: FormatOption = Format.TABLE) -> None:
    """List every question that can be asked; each threshold rule is one, by its id.

    Example: sluicegate rules questions
    """
    rows = [
        {
            "question": name,
            "area": one.spec.area,
            "title": one.spec.title.en,
            "facts": [spec.name for spec in one.spec.facts],
        }
        for name, one in sorted(questions_of(rules_of(node)).items())
    ]
    write_rows(rows, ["question", "area", "title", "facts"], form)


def schema(
    question: Annotated[str, typer.Argument(help="Name of the question.")],
    part: Annotated[str, typer.Option("--part", help="facts or answer.")] = "facts",
    node: NodeRulesOption = None,
) -> None:
    """Print the JSON Schema of a question's facts or answer.

    Example: sluicegate rules schema eu_systemic_risk
    """
    found = find_question(question, rules_of(node))
    if found is None or part not in ("facts", "answer"):
        leave(Exit.USAGE, f"{question} {part}: no such question or part; see `rules questions`")
    write_json(facts_schema(found.spec) if part == "facts" else answer_schema(found.spec))
