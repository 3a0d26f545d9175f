"""Worked cases of lists and settings that no question reads: facts, and what follows from them.

A case names what is decided by the settings, the facts, and the answer that a
person wrote down. `DECIDED` decides by the code that the product itself uses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from case_samples import alert, opened_case, owed
from sluicegate.cases.case import Alert, Case, ClockState, DecisionKind
from sluicegate.cases.four_eyes import second_person
from sluicegate.cases.priority import priority_of
from sluicegate.cases.rules import CaseRules, is_kind
from sluicegate.core.exact import load_yaml
from sluicegate.kyc.diligence.decisions import second_person as second_about_customer
from sluicegate.kyc.diligence.file import Decision
from sluicegate.kyc.diligence.purpose import declared_purpose
from sluicegate.kyc.diligence.retention import Answered, Dates, Records, kept_until
from sluicegate.kyc.diligence.settings import DiligenceRules
from sluicegate.kyc.profile import FRONTIER
from sluicegate.rules.book import RuleBook
from sluicegate.rules.law import Law
from sluicegate.screening.entries import ListedName, ListEntry, Schema
from sluicegate.screening.known_lists import ownership_lists, specified_programmes
from sluicegate.services.asking import ask_question

FILE = Path(__file__).resolve().parents[1] / "unit" / "rules" / "settings_by_facts.yaml"
DAY = date(2026, 6, 30)
BROKEN = (LookupError, TypeError, ValueError)
"""What is raised under settings that cannot be meant; it counts as noticed."""

Facts = Mapping[str, Any]


@dataclass(frozen=True)
class SettingCase:
    """What is decided, under the settings of which instrument, by which facts, and the answer."""

    name: str
    decided: str
    instrument: str
    facts: Facts
    expected: str | bool | None

    def answer(self, book: RuleBook) -> str | bool | None:
        """Return what follows from the facts under a book of rules."""
        return DECIDED[self.decided][1](Law(book, DAY), self.facts)


def _alert(facts: Facts) -> Alert:
    level, certainty, standing = str(facts["kind"]).split("/")
    return alert(level=level, certainty=certainty, is_enforced=standing == "enforced")


def _opens(law: Law, facts: Facts) -> bool:
    return is_kind(_alert(facts).kind, CaseRules.of(law).opens)


def _priority(law: Law, facts: Facts) -> str:
    return priority_of([_alert(facts)], [], law.day, CaseRules.of(law)).code


def _second_in_case(law: Law, facts: Facts) -> bool:
    one = _alert(facts)
    case: Case = opened_case([one], [owed()] if facts.get("lapsed") else [])
    if facts.get("lapsed"):
        clocks = tuple(
            replace(clock, state=ClockState.LAPSED) if clock.is_binding else clock
            for clock in case.clocks
        )
        case = replace(case, clocks=clocks)
    if facts.get("sealed"):
        case = replace(case, sealed_for="suspicion")
    decision = DecisionKind(facts["decision"])
    return second_person(case, decision, [one.alert_id], CaseRules.of(law)) is not None


def _second_about_customer(law: Law, facts: Facts) -> bool:
    needed = DiligenceRules(law).second_decisions
    return second_about_customer(Decision(facts["decision"]), needed) is not None


def _purpose(law: Law, facts: Facts) -> str | None:
    found = declared_purpose(facts["stated"], DiligenceRules(law).words)
    return None if found is None else found.value


def _kept(law: Law, facts: Facts) -> str | None:
    def asked(regime: str, _days: Dates) -> Answered:
        given = {
            "regime": regime,
            "account_closed": facts["closed"],
            "last_access": facts["last_access"],
            "record_made": facts["made"],
        }
        found = ask_question("record_retention", given, as_of=law.day, book=law.book)
        return Answered(found.answer["keep_until"], found.reasons)

    days = (date.fromisoformat(facts[name]) for name in ("closed", "last_access", "made"))
    records = Records(facts["records"])
    kept = kept_until(records, DiligenceRules(law).regimes(records.value), Dates(*days), asked)
    return None if kept.keep_until is None else kept.keep_until.isoformat()


def _lists_of_sdn(law: Law, facts: Facts) -> str:
    entry = ListEntry(
        "us_sdn", "1", Schema.PERSON, (ListedName("Ivo Marrant"),), programmes=(facts["programme"],)
    )
    return " ".join(ownership_lists([entry], specified_programmes(law)))


def _far_above(law: Law, facts: Facts) -> bool:
    day = date.fromisoformat(facts["on"])
    then = Law(law.book, day)
    given = {
        "factors": [],
        "above_threshold": False,
        "provided": True,
        "largest_request": facts["requested"],
        "frontier": str(then.amount("assess.kyc.profile.frontier")),
        "far_above": int(then.amount("assess.kyc.profile.far_above")),
    }
    found = ask_question("kyc_risk_profile", given, as_of=day, book=law.book)
    return FRONTIER in found.answer["factors_found"]


Decided = Callable[[Law, Facts], str | bool | None]
_CASEWORK, _DILIGENCE = "assess.casework", "assess.kyc.diligence"
_KYC, _AFFILIATES = "assess.kyc", "us.bis_affiliates"
DECIDED: Mapping[str, tuple[str, Decided]] = {
    "a case is opened": (_CASEWORK, _opens),
    "the priority of a case": (_CASEWORK, _priority),
    "a second person checks the decision in a case": (_CASEWORK, _second_in_case),
    "a second person checks the decision about a customer": (
        _DILIGENCE,
        _second_about_customer,
    ),
    "the purpose that a text states": (_DILIGENCE, _purpose),
    "the lists of an SDN of a programme": (_AFFILIATES, _lists_of_sdn),
    "a request lies far above the frontier": (_KYC, _far_above),
    "the last day on which a record is kept": (_DILIGENCE, _kept),
}
"""What is decided → the instrument whose settings decide it, and how."""


@lru_cache(maxsize=1)
def setting_cases() -> tuple[SettingCase, ...]:
    """Return every case of the file."""
    return tuple(_read(load_yaml(FILE.read_text(encoding="utf-8"))))


def _read(held: Mapping[str, list[Mapping[str, Any]]]) -> Iterator[SettingCase]:
    for decided, rows in held.items():
        for number, row in enumerate(rows, 1):
            facts = {name: value for name, value in row.items() if name != "is"}
            name = f"{decided} {number}"
            yield SettingCase(name, decided, DECIDED[decided][0], facts, row["is"])


def is_noticed(book: RuleBook, instrument: str) -> bool:
    """Say whether some case about the settings of an instrument comes out otherwise."""
    return any(_fails(one, book) for one in setting_cases() if one.instrument == instrument)


def _fails(one: SettingCase, book: RuleBook) -> bool:
    try:
        return one.answer(book) != one.expected
    except BROKEN:
        return True
