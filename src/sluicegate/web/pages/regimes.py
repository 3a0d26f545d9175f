"""One subject under every text: facts in, then duties by topic with conflicts and gaps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from starlette.responses import RedirectResponse, Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.phrases import Language, term
from sluicegate.core.reasons import Sentence, Term, shown
from sluicegate.rules.book import RuleBook
from sluicegate.rules.countries import country_names
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.fields import FieldSpec, Kind, Shape
from sluicegate.rules.provisions import SubjectKind
from sluicegate.rules.showing import titled
from sluicegate.services.access.actions import Action
from sluicegate.services.compare import PASSED_ON, Comparison, compare
from sluicegate.services.questions import find_question
from sluicegate.services.regime_facts import provisions_of
from sluicegate.services.regime_rows import RegimeRow
from sluicegate.web.facts_form import PREFIX, FactsForm, Given
from sluicegate.web.faults import fault_text
from sluicegate.web.pages.questions import LONGEST_QUERY, meaning_in
from sluicegate.web.routing import Page, page, post
from sluicegate.web.visit import SEE_OTHER, Visit

_OTHER = "other_duties"
_PARTS = ("subject", "as_of", "known_on")


def facts_about(kind: SubjectKind, book: RuleBook) -> tuple[FieldSpec, ...]:
    """Return every fact that some text asks for about a kind of subject, none of them needed.

    A fact that texts ask for in two shapes is asked for in the plainer one.
    """
    found: dict[str, FieldSpec] = {
        PASSED_ON: FieldSpec(PASSED_ON, Shape(Kind.DATE), "The day on which a limit was passed")
    }
    for one in provisions_of(book):
        question = find_question(one.question, book)
        if question is None or kind not in one.subjects:
            continue
        names, fixed = dict(one.from_fact), dict(one.facts)
        for spec in question.spec.facts:
            if spec.name in fixed:
                continue
            name = names.get(spec.name, spec.name)
            if name not in found or found[name].shape.is_list:
                found[name] = replace(spec, name=name, required=False)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class RowShown:
    """One provision in the comparison, ready to be read."""

    row: RegimeRow
    document: dict[str, Any]

    @property
    def applies(self) -> str:
        """Whether it applies, as a code."""
        return "undetermined" if self.row.applies == "unknown" else self.row.applies


def show_regimes(visit: Visit) -> Response:
    """Show the form and, once facts are in the address, the comparison."""
    return _page(visit, _given(visit.query.multi_items()))


def send_regimes(visit: Visit) -> Response:
    """Lead to the comparison when an address can hold the facts, or compare at once."""
    given = _given((name, text) for name, text in visit.form.multi_items() if isinstance(text, str))
    more = visit.text("more")
    if more:
        return _page(visit, given, more=more)
    query = urlencode([(n, text) for n, texts in given.items() for text in texts if text.strip()])
    if len(query) <= LONGEST_QUERY:
        return RedirectResponse(f"/regimes?{query}", status_code=SEE_OTHER)
    return _page(visit, given)


def _given(pairs: Any) -> dict[str, list[str]]:
    given: dict[str, list[str]] = {}
    for name, text in pairs:
        if name in _PARTS or name.startswith(f"{PREFIX}."):
            given.setdefault(name, []).append(text)
    return given


def _one(given: Given, name: str) -> str:
    texts = given.get(name, ())
    return texts[0].strip() if texts else ""


def _page(visit: Visit, given: Given, *, more: str = "") -> Response:
    kinds = {kind.value: kind for kind in SubjectKind}
    kind = kinds.get(_one(given, "subject"), SubjectKind.RUN)
    book = visit.served.book
    form = FactsForm(facts_about(kind, book), visit.language)
    literals = form.literals(given)
    faults: list[BadFact] = []
    found: Comparison | None = None
    if literals and not more:
        days = {name: _day(given, name, faults) for name in ("as_of", "known_on")}
        try:
            if not faults:
                found = compare(
                    literals,
                    as_of=days["as_of"] or visit.served.clock.now().date(),
                    book=book,
                    subject=kind,
                    known_on=days["known_on"],
                )
        except BadFactsError as error:
            faults += error.faults
    said = {fault: fault_text(visit, fault) for fault in faults}
    fields = form.fields(given, faults, more=more, said=said)
    return visit.render(
        "regimes.html",
        status=422 if faults else 200,
        kinds=[(one.value, term(one.value, visit.language)) for one in SubjectKind],
        kind=kind.value,
        fields=fields,
        as_of=_one(given, "as_of"),
        known_on=_one(given, "known_on"),
        today=visit.served.clock.now().date(),
        faults=[(_place(fault), _label(visit, fault), said[fault]) for fault in faults],
        fault_of={fault.path: said[fault] for fault in faults},
        meaning=lambda text: meaning_in(text, visit.language),
        countries=[(code, titled(name, visit.language)) for code, name in country_names().items()],
        found=found,
        topics=[] if found is None else _topics(found, visit.language),
        waiting=[] if found is None else _waiting(found.rows, visit.language),
        conflicts=[] if found is None else _unique(mark.sentence for mark in found.conflicts),
        gaps=[] if found is None else _unique(mark.sentence for mark in found.gaps),
    )


def _day(given: Given, name: str, faults: list[BadFact]) -> date | None:
    text = _one(given, name)
    try:
        return parse_day(text) if text else None
    except ValueError as error:
        faults.append(BadFact(name, str(error)))
        return None


def _place(fault: BadFact) -> str:
    head = fault.path.split(".")[0]
    return head if head in _PARTS else f"{PREFIX}-{head}"


def _label(visit: Visit, fault: BadFact) -> str:
    names = {"as_of": visit._("On the day"), "known_on": visit._("As known on")}
    head = fault.path.split(".")[0]
    return names.get(head) or visit._("Facts") if head == "facts" else term(head, visit.language)


def _topics(found: Comparison, language: Language) -> list[tuple[str, list[RowShown]]]:
    judged = [row for row in found.rows if row.is_judged]
    return [
        (topic, [RowShown(row, row.as_json(language)) for row in rows])
        for topic, rows in groupby(judged, key=_topic)
    ]


def _topic(row: RegimeRow) -> str:
    topic = row.provision.topic
    return _OTHER if topic is None else topic.value


def _waiting(
    rows: Sequence[RegimeRow], language: Language
) -> list[tuple[str, tuple[str, ...], list[str]]]:
    """Return provisions that cannot be judged: the text, the facts it needs, and for what."""
    waiting: dict[tuple[str, tuple[str, ...]], list[RegimeRow]] = {}
    for row in rows:
        if not row.is_judged:
            waiting.setdefault((row.instrument.id, tuple(row.needs)), []).append(row)
    return [
        (
            titled(held[0].instrument.title, language),
            tuple(term(name, language) for name in needs),
            [shown(Term(row.provision.title), language) for row in held],
        )
        for (_, needs), held in waiting.items()
    ]


def _unique(sentences: Any) -> list[Sentence]:
    return list({one.text(): one for one in sentences}.values())


PAGES: tuple[Page, ...] = (
    page("/regimes", show_regimes, Action.QUESTION_ASK),
    post("/regimes", send_regimes, Action.QUESTION_ASK),
)
