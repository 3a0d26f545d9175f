"""Shapes of questions, answers, rules and regimes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from sluicegate.api.models.common import Bilingual, Cited, Day, Identifier, Line, Open, Shape


class QuestionRow(Shape):
    """A question in the list."""

    question: str
    area: str
    title: Bilingual
    facts: list[str]
    readings: list[str]


class QuestionList(Shape):
    """All questions that can be asked."""

    items: list[QuestionRow]


class ReadingShown(Shape):
    """A way to understand a text, its values and the one that is taken."""

    name: str
    values: list[str]
    default: str
    meaning: str


class QuestionShown(Shape):
    """A question with the JSON Schemas of its facts and its answer, and an example to send."""

    question: str
    area: str
    title: Bilingual
    notes: str
    first_recorded: Day | None
    readings: list[ReadingShown]
    facts_schema: dict[str, Any]
    answer_schema: dict[str, Any]
    example: AskBody | None


class AskBody(Shape):
    """What is asked: facts, a day and, if wanted, readings and a day of knowledge."""

    facts: Any = Field(description="An object of facts, as the question's schema says.")
    as_of: Any = Field(description="The day asked about.", examples=["2025-09-01"])
    readings: dict[str, Any] = Field(default_factory=dict)
    known_on: Any = Field(None, description="Only what was known on this day.")
    language: Line | None = Field(None, description="en or zh; else as Accept-Language says.")


class ParameterUsed(Shape):
    """A dated value that an answer used."""

    id: str
    value: str | list[str]
    unit: str
    comparator: str | None
    from_: str | None = Field(alias="from")
    reference: str
    mark: str
    in_force: bool


class TextStanding(Shape):
    """A text that an answer rests on, as it stood on the day."""

    instrument: str
    title: str
    text: str | None
    enforcement: str | None
    since: str | None
    reference: str | None
    mark: str | None


class Answer(Shape):
    """An answer with everything it rests on; `answer` has the question's own fields."""

    question: str
    as_of: Day
    answer: dict[str, Any]
    outcome: str
    readings: dict[str, str]
    reasons: list[str]
    citations: list[Cited]
    parameters: list[ParameterUsed]
    texts: list[TextStanding]
    marks: dict[str, list[str]]
    caveats: list[str]
    source_status: str


class AnswerRow(Open):
    """One row of many answers: its place, and the answer or the fault."""

    row: int
    id: str | None = None
    answer: dict[str, Any] | None = None
    outcome: str | None = None
    error: str | None = None
    errors: list[str] | None = None
    message: str | None = None


class RuleRow(Shape):
    """An instrument in the list, with its status on the day."""

    id: str
    title: Bilingual
    issuer: Bilingual
    jurisdiction: str | None
    kind: str
    text: str | None
    enforcement: str | None
    citation: str
    parameters: int
    thresholds: int
    moving: int
    file: str


class RuleList(Shape):
    """Instruments on a day."""

    as_of: Day
    known_on: Day | None
    items: list[RuleRow]


class RuleShown(Open):
    """An instrument or a parameter with its dates, references and marks."""

    id: str
    title: Bilingual


class LawChange(Shape):
    """One change of law, in words."""

    instrument: str
    id: str
    title: str
    what: str
    before: str
    after: str
    since: str
    not_before: str
    reference: str
    mark: str
    sentence: str


class LawChanges(Shape):
    """What changed after one day and no later than another."""

    items: list[LawChange]


class TimelineEvent(Open):
    """A dated event of an instrument."""

    id: str
    kind: str
    what: str


class Timeline(Shape):
    """Every dated event of an instrument."""

    instrument: str
    items: list[TimelineEvent]


class CompareBody(Shape):
    """One subject to be put under every regime."""

    facts: dict[str, Any] = Field(description="Each fact under the name by which questions ask.")
    as_of: Day
    subject: Identifier | None = Field(None, description="run, model, customer or shipment.")
    known_on: Day | None = None


class Comparison(Open):
    """One subject under every text: rows, then what does not fit together."""

    as_of: Day
    known_on: Day | None
    subjects: list[str]
    regimes: list[dict[str, Any]]
    conflicts: list[dict[str, Any]]
    gaps: list[dict[str, Any]]
    ignored: list[str]


QuestionShown.model_rebuild()
