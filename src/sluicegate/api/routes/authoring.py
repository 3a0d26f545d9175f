"""Rules in the making: begun, checked, tested and covered before a node takes them."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Response
from pydantic import Field, StringConstraints

from sluicegate.api.models.common import Bilingual, Day, Identifier, Line, Shape
from sluicegate.api.parts import DeskOf, LanguageOf, PartsOf
from sluicegate.api.problems import bad_field
from sluicegate.api.rendering import told
from sluicegate.api.routing import ExactRoute
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import CaseFileError, read_cases
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import Kind, RuleFault, Severity, Title
from sluicegate.rules.loading import gather, read_book
from sluicegate.services.access.actions import Action
from sluicegate.services.asking import check_cases
from sluicegate.services.authoring import Draft, DraftError, draft_rule
from sluicegate.services.checking import check_rules
from sluicegate.services.coverage import coverage
from sluicegate.services.law_changes import (
    AnswerChange,
    Between,
    Refused,
    changed_answers,
    read_subjects,
)

router = APIRouter(prefix="/v1", tags=["rules"], route_class=ExactRoute)

_MOST_FILES, _MOST_SUBJECTS = 50, 2_000
FileText = Annotated[str, StringConstraints(strict=True, max_length=2_000_000)]
Files = Annotated[
    dict[Line, FileText],
    Field(max_length=_MOST_FILES, description="Name of a file → its text, as YAML."),
]
CASES = "cases.yaml"
"""What a text of cases is called in what is said of it."""


class RulesBody(Shape):
    """Rule files to be checked beside the node's own."""

    files: Files


class RuleFaultShown(Shape):
    """What is wrong in a rule file, and the way out."""

    file: str
    line: int | None
    severity: str
    path: str
    problem: str
    way_out: str


class RulesChecked(Shape):
    """What was found in rule files; only mistakes keep a node from taking them."""

    faults: list[RuleFaultShown]
    mistakes: int
    notices: int


class CasesBody(Shape):
    """Worked cases as a text, and rule files that are not the node's yet."""

    cases: FileText
    files: Files = Field(default_factory=dict)


class CaseFailure(Shape):
    """One field of one case that came out otherwise."""

    id: str
    question: str
    field: str
    expected: Any
    got: Any


class CasesTested(Shape):
    """How worked cases came out."""

    passed: int
    failed: list[CaseFailure]


class Untouched(Shape):
    """Something of a rule that no case touches."""

    kind: str
    name: str


class CoveredPart(Shape):
    """How much of one instrument or question cases touch."""

    about: str
    touched: int
    of: int
    percent: str
    untouched: list[Untouched]


class RulesCovered(Shape):
    """How much of the rules cases touch; `refused` are cases that gave no answer."""

    cases: int
    refused: list[str]
    touched: int
    of: int
    percent: str
    about: list[CoveredPart]


class RuleDraftBody(Shape):
    """What is known of a text at first."""

    id: Identifier = Field(examples=["local.harbour_act"])
    title: Bilingual
    start: Day | None = Field(None, description="Day from which it stands; today if left out.")
    kind: Line = Field("law", description="law, proposal, bill, paper, …")
    jurisdiction: Line = ""
    citation: Line = ""


class RuleDrafted(Shape):
    """A rule file with an example of each block, and cases that pass."""

    name: str
    rule: str
    cases: str


class SubjectsBody(Shape):
    """Subjects to ask about on two days."""

    earlier: Day
    later: Day
    question: Identifier
    subjects: list[Any] = Field(
        max_length=_MOST_SUBJECTS, description="Each an object of id and facts."
    )
    readings: dict[Identifier, Identifier] = Field(default_factory=dict)
    known_on: Day | None = None


class AnswerChanged(Shape):
    """A subject whose answer differs, with the fields and the outcome before and after."""

    id: str
    fields: list[str]
    before: dict[str, Any]
    after: dict[str, Any]
    outcome_before: str
    outcome_after: str


class SubjectRefused(Shape):
    """A subject whose facts the question refuses on both days."""

    id: str
    error: str
    errors: list[str]
    message: str


class AnswersChanged(Shape):
    """Whose answers a change of law changed."""

    asked: int
    changed: list[AnswerChanged]
    refused: list[SubjectRefused]


@router.post("/rules/check", response_model=RulesChecked, operation_id="check_rules")
def check(body: RulesBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Check rule files beside the node's own; every fault with its file and line. Nothing is kept.

    A notice is worth a look, such as a parameter that nothing uses.
    """
    desk.must(Action.RULES_READ)
    checked = check_rules(gather(body.files.items(), base=parts.served.book, local=True))
    mistakes = checked.count(Severity.MISTAKE)
    return told(
        {
            "faults": [_fault(one) for one in checked.faults],
            "mistakes": mistakes,
            "notices": len(checked.faults) - mistakes,
        }
    )


def _fault(one: RuleFault) -> dict[str, Any]:
    found = {name: getattr(one, name) for name in RuleFaultShown.model_fields}
    return {**found, "severity": one.severity.value}


def _book(body: CasesBody, book: RuleBook) -> RuleBook:
    return read_book(body.files.items(), base=book, local=True) if body.files else book


@router.post("/rules/test", response_model=CasesTested, operation_id="test_rules")
def test(body: CasesBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Run worked cases against the node's rules, with further rule files when some are sent."""
    desk.must(Action.QUESTION_ASK)
    try:
        tested = check_cases({CASES: body.cases}, book=_book(body, parts.served.book))
    except CaseFileError as error:
        raise bad_field("cases", str(error)) from error
    return told(tested.as_json())


@router.post("/rules/coverage", response_model=RulesCovered, operation_id="cover_rules")
def cover(body: CasesBody, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """Say which values, statuses, levels, outcomes and readings no worked case touches.

    With rule files, those and the node's own count; without, the shipped ones.
    """
    desk.must(Action.QUESTION_ASK)
    try:
        cases = read_cases(CASES, body.cases)
    except CaseFileError as error:
        raise bad_field("cases", str(error)) from error
    book = _book(body, parts.served.book)
    return told(coverage(cases, book, own=bool(body.files)).as_json(language))


@router.post("/rules/draft", response_model=RuleDrafted, operation_id="draft_rule")
def draft(body: RuleDraftBody, desk: DeskOf, parts: PartsOf) -> Response:
    """Begin a rule file with an example of each block, and cases that pass; nothing is kept."""
    desk.must(Action.RULES_READ)
    kinds = {one.value: one for one in Kind}
    if body.kind not in kinds:
        raise bad_field("kind", f"is none of {', '.join(kinds)}")
    wanted = Draft(
        id=body.id,
        title=Title(body.title.en, body.title.zh),
        day=body.start or desk.now().date(),
        kind=kinds[body.kind],
        jurisdiction=body.jurisdiction,
        citation=body.citation,
    )
    try:
        made = draft_rule(wanted, parts.served.book)
    except DraftError as error:
        raise bad_field("id", str(error)) from error
    return told({"name": made.name, "rule": made.rule, "cases": made.cases})


@router.post("/rules/diff", response_model=AnswersChanged, operation_id="diff_answers")
def diff(body: SubjectsBody, desk: DeskOf, parts: PartsOf, language: LanguageOf) -> Response:
    """Say whose answers changed between two days."""
    desk.must(Action.QUESTION_ASK)
    if body.earlier > body.later:
        raise bad_field("later", "lies before the earlier day; give it first")
    subjects = read_subjects(body.subjects)
    between = Between(body.question, body.earlier, body.later, body.known_on, body.readings)
    found = list(changed_answers(between, subjects, parts.served.book))
    return told(
        {
            "asked": len(subjects),
            "changed": [one.row(language) for one in found if isinstance(one, AnswerChange)],
            "refused": [
                {"id": one.id, **BadFactsError(one.faults).as_json()}
                for one in found
                if isinstance(one, Refused)
            ],
        }
    )
