"""The questions: a list, a form for each, and the answer with everything it rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.phrases import Language, chinese_phrases, phrase, term
from sluicegate.core.trace import Figure
from sluicegate.rules import explaining
from sluicegate.rules.answers import Asked
from sluicegate.rules.countries import country_names
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.questions import Question
from sluicegate.rules.showing import titled
from sluicegate.rules.specifications import Spec
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.asking import ask_question, readings_not_chosen
from sluicegate.services.questions import find_question, questions_of
from sluicegate.web.facts_form import PREFIX, FactsForm, FieldShown, Given
from sluicegate.web.faults import fault_text
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import SEE_OTHER, Visit

AS_OF, KNOWN_ON, READING, MORE = "as_of", "known_on", "r.", "more"
LONGEST_QUERY = 6000
"""Characters of a query that an address may hold everywhere; a longer form is answered at once."""

SHOWN = (
    explaining.ANSWER,
    explaining.WHY,
    explaining.FIGURES,
    explaining.READINGS,
    explaining.TEXTS,
    explaining.HOW_SURE,
    explaining.CITATIONS,
    explaining.FACTS,
)


@dataclass(frozen=True, slots=True)
class QuestionRow:
    """One question in the list."""

    name: str
    title: str
    area: str
    facts: int


def list_questions(visit: Visit) -> Response:
    """List every question that can be asked, by area."""
    text = visit.query.get("text", "").strip()
    area = visit.query.get("area", "")
    rows = [
        QuestionRow(name, titled(spec.title, visit.language), spec.area, len(spec.facts))
        for name, spec in _specs(visit)
    ]
    shown = [
        row
        for row in rows
        if area in ("", row.area) and text.casefold() in f"{row.name} {row.title}".casefold()
    ]
    return visit.render(
        "questions/list.html",
        rows=shown,
        total=len(rows),
        areas=[(one, area_name(one, visit.language)) for one in _areas(rows)],
        area=area,
        text=text,
        area_name=lambda one: area_name(one, visit.language),
    )


def _specs(visit: Visit) -> list[tuple[str, Spec]]:
    return [(name, one.spec) for name, one in sorted(questions_of(visit.served.book).items())]


def _areas(rows: Sequence[QuestionRow]) -> list[str]:
    return list(dict.fromkeys(sorted(row.area for row in rows)))


def area_name(area: str, language: Language) -> str:
    """Return the name of an area of questions."""
    return phrase(AREAS[area], language)


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
"""The areas of questions, as the phrases name them."""


def show_form(visit: Visit) -> Response:
    """Show the form of a question, with what its address holds."""
    return _form_page(visit, _question(visit), _given(visit.query.multi_items()))


def send_form(visit: Visit) -> Response:
    """Lead to the answer when an address can hold the facts, or answer at once.

    The button that adds a row to a list shows the form again.
    """
    question = _question(visit)
    given = _given((name, text) for name, text in visit.form.multi_items() if isinstance(text, str))
    more = visit.text(MORE)
    if more:
        return _form_page(visit, question, given, more=more)
    pairs = [(name, text) for name, texts in given.items() for text in texts if text.strip()]
    query = urlencode(pairs)
    if len(query) <= LONGEST_QUERY:
        where = f"/questions/{question.name}/answer?{query}"
        return RedirectResponse(where, status_code=SEE_OTHER)
    return _answer(visit, question, given)


def show_answer(visit: Visit) -> Response:
    """Answer a question from the facts of the address."""
    return _answer(visit, _question(visit), _given(visit.query.multi_items()))


def _question(visit: Visit) -> Question:
    name = visit.path["question"]
    found = find_question(name, visit.served.book)
    if found is None:
        raise NotFoundError("question", name[:100])
    return found


def _given(pairs: Any) -> dict[str, list[str]]:
    """Return what was typed; other parts of a form, such as its token, are left out."""
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        is_ours = name in (AS_OF, KNOWN_ON) or name.startswith((f"{PREFIX}.", READING))
        if is_ours:
            given.setdefault(name, []).append(text)
    return given


def _one(given: Given, name: str) -> str:
    texts = given.get(name, ())
    return texts[0].strip() if texts else ""


def _answer(visit: Visit, question: Question, given: Given) -> Response:
    form = FactsForm(question.spec.facts, visit.language)
    readings = {
        reading.name: text
        for reading in question.spec.readings
        if (text := _one(given, f"{READING}{reading.name}"))
    }
    faults: list[BadFact] = []
    known_on = _known_on(given, faults)
    try:
        asked = ask_question(
            question.name,
            form.literals(given),
            as_of=_one(given, AS_OF) or visit.served.clock.now().date(),
            readings=readings,
            known_on=known_on,
            book=visit.served.book,
        )
    except BadFactsError as error:
        return _form_page(visit, question, given, faults=[*faults, *error.faults])
    if faults:
        return _form_page(visit, question, given, faults=faults)
    return _answer_page(visit, question, asked, given)


def _known_on(given: Given, faults: list[BadFact]) -> date | None:
    text = _one(given, KNOWN_ON)
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        faults.append(BadFact(KNOWN_ON, str(error)))
        return None


def _form_page(
    visit: Visit,
    question: Question,
    given: Given,
    *,
    faults: Sequence[BadFact] = (),
    more: str = "",
) -> Response:
    spec, language = question.spec, visit.language
    said = {fault: fault_text(visit, fault) for fault in faults}
    fields = FactsForm(spec.facts, language).fields(given, faults, more=more, said=said)
    readings = [
        (reading, _one(given, f"{READING}{reading.name}") or reading.default)
        for reading in spec.readings
    ]
    return visit.render(
        "questions/form.html",
        status=422 if faults else 200,
        question=question,
        spec=spec,
        area=area_name(spec.area, language),
        fields=fields,
        readings=readings,
        as_of=_one(given, AS_OF),
        known_on=_one(given, KNOWN_ON),
        faults=[(_place(fault, fields), _label(visit, fault), said[fault]) for fault in faults],
        fault_of={fault.path: said[fault] for fault in faults},
        today=visit.served.clock.now().date(),
        countries=_countries(fields, language),
        meaning=lambda text: meaning_in(text, language),
    )


def _place(fault: BadFact, fields: Sequence[FieldShown]) -> str:
    """Return the id of the control that a fault is about."""
    if fault.path in (AS_OF, KNOWN_ON):
        return fault.path
    if fault.path.startswith("readings."):
        return f"r-{fault.path.removeprefix('readings.')}"
    head = fault.path.split(".")[0]
    return next((field.id for field in fields if field.spec.name == head), "faults")


def _label(visit: Visit, fault: BadFact) -> str:
    """Return the name of what a fault is about: the labels along its path."""
    if fault.path == AS_OF:
        return visit._("On the day")
    if fault.path == KNOWN_ON:
        return visit._("As known on")
    parts = fault.path.removeprefix("readings.").split(".")
    return " › ".join(term(part, visit.language) for part in parts)


def _countries(fields: Sequence[FieldShown], language: Language) -> list[tuple[str, str]]:
    """Return every country by code when a field of the form asks for one."""

    def asks(found: Sequence[FieldShown]) -> bool:
        return any(
            one.kind.value == "country" or asks(one.parts) or any(map(asks, one.rows))
            for one in found
        )

    if not asks(fields):
        return []
    return [(code, titled(name, language)) for code, name in country_names().items()]


def meaning_in(text: str, language: Language) -> str:
    """Return what a field means; "" in Chinese where nobody has translated it."""
    if language is Language.EN:
        return text
    return chinese_phrases().get(text, "")


def _answer_page(visit: Visit, question: Question, asked: Asked, given: Given) -> Response:
    others = readings_not_chosen(asked, book=visit.served.book)
    parts: Mapping[str, Figure] = explaining.sections(asked, others, visit.language)
    query = urlencode([(name, text) for name, texts in given.items() for text in texts])
    return visit.render(
        "questions/answer.html",
        question=question,
        asked=asked,
        outcome=asked.outcome,
        sections=[(label, parts[label]) for label in SHOWN if label in parts],
        opened=frozenset({explaining.ANSWER, explaining.WHY, explaining.READINGS}),
        back=f"/questions/{question.name}?{query}",
        can_send=visit.request.method == "GET",
    )


PAGES: tuple[Page, ...] = (
    page("/questions", list_questions, Action.QUESTION_ASK),
    page("/questions/{question}", show_form, Action.QUESTION_ASK),
    post("/questions/{question}", send_form, Action.QUESTION_ASK),
    page("/questions/{question}/answer", show_answer, Action.QUESTION_ASK),
)
