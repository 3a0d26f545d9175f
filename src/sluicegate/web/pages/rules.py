"""The rules: every text with its status on a day, and one page for each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from starlette.responses import Response

from sluicegate.core.calendars import parse_day
from sluicegate.core.phrases import Language, term
from sluicegate.core.reasons import Sentence
from sluicegate.rules.book import RuleBook
from sluicegate.rules.diff import Change, differences
from sluicegate.rules.instruments import DatedValue, Instrument, Parameter, Status, Title
from sluicegate.rules.showing import limit_words, titled
from sluicegate.rules.timeline import Event, events
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.questions import all_questions
from sluicegate.web.routing import Page, page
from sluicegate.web.visit import Visit
from sluicegate.wiring.pictures import instrument_picture

NO_STATE = "none"
"""The filter for texts that have no status yet."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The day looked at and the day as known on which, as the query gives them."""

    as_of: date
    known_on: date | None
    faults: Mapping[str, str]

    @classmethod
    def of(cls, visit: Visit) -> Looked:
        """Read both days; a text that is no day is a fault, and today stands in for it."""
        faults: dict[str, str] = {}

        def day(name: str) -> date | None:
            text = visit.query.get(name, "").strip()
            try:
                return parse_day(text) if text else None
            except ValueError:
                faults[name] = visit._("This is no day; write e.g. 2026-01-31.")
                return None

        as_of, known_on = day("as_of"), day("known_on")
        return cls(as_of or visit.served.clock.now().date(), known_on, faults)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """One text in the list."""

    one: Instrument
    status: Status | None

    @property
    def state(self) -> str:
        """The state of the text on the day, as a code."""
        return NO_STATE if self.status is None else self.status.text.value


def list_rules(visit: Visit) -> Response:
    """List every text with its status on a day; filters stand in the query."""
    looked = Looked.of(visit)
    rows = [
        RuleRow(one, one.status_on(looked.as_of, looked.known_on))
        for one in sorted(visit.served.book.instruments.values(), key=lambda one: one.id)
    ]
    chosen = {name: visit.query.get(name, "") for name in ("issuer", "state", "jurisdiction")}
    text = visit.query.get("text", "").strip()
    shown = [row for row in rows if _fits(row, chosen, text)]
    return visit.render(
        "rules/list.html",
        rows=shown,
        total=len(rows),
        looked=looked,
        chosen=chosen,
        text=text,
        issuers=_issuers((row.one for row in rows), visit.language),
        states=_labels((row.state for row in rows if row.status), visit.language),
        jurisdictions=_labels((row.one.jurisdiction for row in rows), visit.language),
        no_state=NO_STATE,
    )


def _fits(row: RuleRow, chosen: Mapping[str, str], text: str) -> bool:
    one = row.one
    said = f"{one.id} {one.title.en} {one.title.zh} {one.citation}".casefold()
    return (
        chosen["issuer"] in ("", one.issuer.en)
        and chosen["state"] in ("", row.state)
        and chosen["jurisdiction"] in ("", one.jurisdiction)
        and text.casefold() in said
    )


def _issuers(found: Iterable[Instrument], language: Language) -> list[tuple[str, str]]:
    """Return every issuer once, by its English name, with its name in a language."""
    named = {one.issuer.en: titled(one.issuer, language) for one in found}
    return sorted(named.items(), key=lambda pair: pair[1])


def _labels(codes: Iterable[str], language: Language) -> list[tuple[str, str]]:
    return sorted(
        ((code, term(code, language)) for code in dict.fromkeys(codes) if code),
        key=lambda pair: pair[1],
    )


@dataclass(frozen=True, slots=True)
class ParameterShown:
    """A parameter with its values, the one that holds on the day marked."""

    one: Parameter
    rows: tuple[tuple[DatedValue, str, bool], ...]


def show_rule(visit: Visit) -> Response:
    """Show one text: its status, timeline, parameters, duties, provisions and questions."""
    one = _instrument(visit)
    looked = Looked.of(visit)
    book, language = visit.served.book, visit.language
    return visit.render(
        "rules/show.html",
        one=one,
        looked=looked,
        holding=one.status_on(looked.as_of, looked.known_on),
        statuses=[status for status in one.statuses if _is_known(status, looked)],
        parameters=[_shown(parameter, looked, language) for parameter in one.parameters],
        picture=instrument_picture(one, language, looked.known_on),
        events=_events(events(one, looked.known_on), language),
        questions=_questions_of(one, book),
    )


def _instrument(visit: Visit) -> Instrument:
    identifier = visit.path["instrument"]
    found = visit.served.book.instruments.get(identifier)
    if found is None:
        raise NotFoundError("instrument", identifier[:100])
    return found


def _is_known(one: Status | DatedValue, looked: Looked) -> bool:
    return looked.known_on is None or one.known_from is None or one.known_from <= looked.known_on


def _shown(parameter: Parameter, looked: Looked, language: Language) -> ParameterShown:
    holding = parameter.on(looked.as_of, looked.known_on)
    return ParameterShown(
        parameter,
        tuple(
            (dated, limit_words(parameter, dated.value, language), dated is holding)
            for dated in parameter.values
            if _is_known(dated, looked)
        ),
    )


def _events(found: Iterable[Event], language: Language) -> list[Mapping[str, str | None]]:
    return [event.row(language) for event in found]


def _questions_of(one: Instrument, book: RuleBook) -> list[tuple[str, Title]]:
    """Return the questions that rest on a text, by name, its threshold rules included."""
    asked = [
        (name, question.spec.title)
        for name, question in all_questions().items()
        if one.id in question.spec.instruments
    ]
    return [
        *asked,
        *((rule.id, rule.title) for rule in one.thresholds if rule.id in book.thresholds),
    ]


def show_changes(visit: Visit) -> Response:
    """Say what changed between two days."""
    given = {name: visit.query.get(name, "").strip() for name in ("from", "to")}
    faults: dict[str, str] = {}
    days: dict[str, date] = {}
    for name, text in given.items():
        try:
            if text:
                days[name] = parse_day(text)
        except ValueError:
            faults[name] = visit._("This is no day; write e.g. 2026-01-31.")
    if len(days) == len(given) and days["from"] > days["to"]:
        faults["to"] = visit._("This day lies before the first one; give the earlier day first.")
    groups: Sequence[tuple[Instrument, list[Sentence]]] | None = None
    if len(days) == len(given) and not faults:
        groups = _grouped(differences(visit.served.book, days["from"], days["to"], None))
    return visit.render("rules/changes.html", given=given, faults=faults, groups=groups)


def _grouped(changes: Iterable[Change]) -> list[tuple[Instrument, list[Sentence]]]:
    found = []
    for _, group in groupby(changes, key=lambda change: change.instrument.id):
        held = list(group)
        found.append((held[0].instrument, [change.sentence() for change in held]))
    return found


PAGES: tuple[Page, ...] = (
    page("/rules", list_rules, Action.RULES_READ),
    page("/rules/changes", show_changes, Action.RULES_READ),
    page("/rules/{instrument}", show_rule, Action.RULES_READ),
)
