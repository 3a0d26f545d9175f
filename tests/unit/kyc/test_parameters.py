"""Every parameter of the kyc instruments moves an answer; settings compare as questions do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from sluicegate.core.calendars import Period
from sluicegate.core.quantities import flop_text
from sluicegate.kyc import QUESTIONS
from sluicegate.kyc.compute import CROSSING, REACHING
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import Value
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}


def asked(name: str, facts: Mapping[str, Any], book: RuleBook = BOOK) -> Asked:
    return ask(BY_NAME[name], facts, as_of=date(2026, 1, 15), book=book)


def value(parameter: str) -> Any:
    return BOOK.parameter(parameter).first().value


def moved(parameter: str, new: Value) -> RuleBook:
    """Return the shipped book with one parameter changed from its first day on."""
    values = BOOK.parameter(parameter).values
    return BOOK.with_values(parameter, [replace(dated, value=new) for dated in values])


# Each entry: a parameter, another value for it, and facts whose answer must move with it.
TRAINED = {"customer_is_us_person": False, "covered_model": True, "transaction_date": "2024-09-05"}
OWNED = [{"owner": "x", "owned": "c", "share": Decimal("0.5")}]


def _owned(regime: str, on_list: str) -> dict[str, Any]:
    return {"regime": regime, "edges": OWNED, "listed": [{"party": "x", "list": on_list}]}


def _days(parameter: str, change: int = 1) -> tuple[str, Value]:
    period = value(parameter)
    return parameter, Period(period.amount + change, period.unit)


def _holder(regime: str) -> dict[str, Any]:
    home = "us.bank_rules" if regime == "bank" else "us.iaas_proposal"
    share = Decimal(flop_text(value(f"{home}.beneficial_owner.share")))
    return {"regime": regime, "holders": [{"holder": "h", "share": share}]}


PROFILE = {"factors": [], "above_threshold": True, "provided": True}


MOVES: list[tuple[tuple[str, Value], str, dict[str, Any]]] = [
    (
        ("us.iaas_proposal.beneficial_owner.share", Fraction(26, 100)),
        "beneficial_owners",
        _holder("iaas_proposal"),
    ),
    (
        ("us.bank_rules.beneficial_owner.share", Fraction(26, 100)),
        "beneficial_owners",
        _holder("bank"),
    ),
    (
        ("us.iaas_proposal.identification.items", ("name",)),
        "iaas_account_opening",
        {"customer_kind": "individual", "collected": ["name"]},
    ),
    (
        ("us.country_groups.macau", ()),
        "kyc_risk_profile",
        {**PROFILE, "links": [{"link": "location", "country": "MO"}]},
    ),
    (
        ("us.country_groups.d5", ("CN",)),
        "kyc_risk_profile",
        {**PROFILE, "links": [{"link": "location", "country": "RU"}]},
    ),
    (
        ("fatf.high_risk_jurisdictions.call_for_action", ("IR",)),
        "kyc_risk_profile",
        {**PROFILE, "links": [{"link": "payment", "country": "KP"}]},
    ),
    (
        ("fatf.high_risk_jurisdictions.increased_monitoring", ()),
        "kyc_risk_profile",
        {**PROFILE, "links": [{"link": "payment", "country": "HT"}]},
    ),
    (
        ("assess.kyc.profile.countries_of_concern", ("FR",)),
        "kyc_risk_profile",
        {**PROFILE, "links": [{"link": "location", "country": "FR"}]},
    ),
    (
        ("assess.kyc.profile.fatf_lists", ("fatf.high_risk_jurisdictions.increased_monitoring",)),
        "kyc_risk_profile",
        {**PROFILE, "links": [{"link": "payment", "country": "HT"}]},
    ),
    (
        ("us.iaas_proposal.identification.items_entity", ()),
        "iaas_account_opening",
        {"customer_kind": "entity", "collected": ["name"]},
    ),
    (
        _days("us.iaas_proposal.records.period"),
        "record_retention",
        {"regime": "iaas_proposal", "last_access": "2025-01-31"},
    ),
    (
        _days("us.bank_rules.records.identity_period"),
        "record_retention",
        {"regime": "bank_identity", "account_closed": "2025-01-31"},
    ),
    (
        _days("us.bank_rules.records.verification_period"),
        "record_retention",
        {"regime": "bank_verification", "record_made": "2025-01-31"},
    ),
    (
        _days("us.iaas_proposal.certification.interval"),
        "iaas_certification_window",
        {"previous_notification": "2025-01-31"},
    ),
    (
        _days("us.iaas_proposal.certification.opens_before"),
        "iaas_certification_window",
        {"previous_notification": "2025-01-31"},
    ),
    (
        _days("us.iaas_proposal.reseller.termination_period"),
        "iaas_reseller_termination",
        {"knowledge_of_no_remedy": "2025-01-31"},
    ),
    (_days("us.iaas_proposal.training_report.period"), "iaas_training_report", TRAINED),
    (
        _days("us.iaas_proposal.training_report.reseller_period"),
        "iaas_training_report",
        {**TRAINED, "through_foreign_reseller": True},
    ),
    (
        _days("us.iaas_proposal.training_report.provider_period_through_reseller"),
        "iaas_training_report",
        {**TRAINED, "through_foreign_reseller": True},
    ),
    (
        ("us.iaas_proposal.exemption.provider_sections", ("7.302",)),
        "iaas_deterrence_exemption",
        {"finding_covers": "provider"},
    ),
    (
        ("us.iaas_proposal.exemption.reseller_sections", ("7.302",)),
        "iaas_deterrence_exemption",
        {"finding_covers": "foreign_reseller"},
    ),
    (
        _days("us.iaas_proposal.special_measure.waiting_period"),
        "iaas_special_measure",
        {"determination": "2025-01-31"},
    ),
    (
        _days("us.iaas_proposal.special_measure.duration"),
        "iaas_special_measure",
        {"determination": "2025-01-31"},
    ),
    (
        ("us.bank_rules.suspicious_report.amount", 5001),
        "sar_deadline",
        {"amount": 5000, "suspect_known": True, "initial_detection": "2025-01-31"},
    ),
    (
        _days("us.bank_rules.suspicious_report.period"),
        "sar_deadline",
        {"amount": 5000, "suspect_known": True, "initial_detection": "2025-01-31"},
    ),
    (
        _days("us.bank_rules.suspicious_report.period_no_suspect"),
        "sar_deadline",
        {"amount": 5000, "suspect_known": False, "initial_detection": "2025-01-31"},
    ),
    (
        ("paper.egan_heim_2023.high_risk.factors", ("sdn_list",)),
        "kyc_high_risk",
        {"factors": ["entity_list"], "above_threshold": True, "provided": True},
    ),
    (
        ("assess.kyc.alerting_lists", ("us_sdn",)),
        "kyc_listed_party",
        {"lists": ["own"], "taken_for_the_party": True},
    ),
    (
        ("us.ofac_50_percent.ownership_share", Fraction(51, 100)),
        "ownership_50_percent",
        _owned("ofac", "sdn"),
    ),
    (
        ("us.ofac_50_percent.lists_that_count", ("sdn_specified",)),
        "ownership_50_percent",
        _owned("ofac", "sdn"),
    ),
    (
        ("us.bis_affiliates.ownership_share", Fraction(51, 100)),
        "ownership_50_percent",
        _owned("bis_affiliates", "meu_list"),
    ),
    (
        ("us.bis_affiliates.lists_that_count", ("entity_list",)),
        "ownership_50_percent",
        _owned("bis_affiliates", "meu_list"),
    ),
    (
        ("assess.kyc.significant_minority_share", Fraction(1, 10)),
        "ownership_50_percent",
        {
            **_owned("ofac", "sdn"),
            "edges": [{"owner": "x", "owned": "c", "share": Decimal("0.2")}],
        },
    ),
]


@pytest.mark.parametrize(("change", "name", "facts"), MOVES, ids=lambda part: str(part)[:60])
def test_an_answer_moves_with_its_parameter(
    change: tuple[str, Value], name: str, facts: dict[str, Any]
) -> None:
    before, after = asked(name, facts), asked(name, facts, book=moved(*change))
    assert before.answer != after.answer
    assert change[0] in {used.id for used in before.parameters}


def test_every_parameter_of_a_question_is_moved_above() -> None:
    mine = {name for question in QUESTIONS for name in question.spec.instruments}
    in_duties = {duty.period for i in mine for duty in BOOK.instrument(i).obligations}
    in_thresholds = {
        name
        for i in mine
        for rule in BOOK.instrument(i).thresholds
        for name in (rule.parameter, rule.approach)
    }
    unmoved = {parameter.id for i in mine for parameter in BOOK.instrument(i).parameters} - {
        change[0] for change, _, _ in MOVES
    }
    # These are settings that the pass hands to the questions as facts.
    handed = ("assess.kyc.rate_alert", "assess.kyc.pieces.", "assess.kyc.profile.")
    own = {name for name in unmoved if name.startswith("assess.kyc.")}
    assert own - in_duties - in_thresholds == {name for name in own if name.startswith(handed)}
    # Groups of countries that no question of this room asks for.
    groups = {f"us.country_groups.{name}" for name in ("a5", "a6", "b", "d1", "d4")}
    # Which entries of a list become one of the lists that the question is asked with.
    called = {"us.bis_affiliates.programmes_that_count"}
    assert unmoved - own - in_duties - in_thresholds == groups | called


def test_settings_compare_as_the_questions_do() -> None:
    settings = [
        one
        for one in BOOK.instrument("assess.kyc").parameters
        if not one.id.startswith(("assess.kyc.pieces.", "assess.kyc.profile."))
    ]
    assert {one.id: one.comparator for one in settings} == {
        "assess.kyc.threshold": CROSSING,
        "assess.kyc.approach_share": REACHING,
        "assess.kyc.significant_minority_share": REACHING,
        "assess.kyc.rate_alert": REACHING,
        "assess.kyc.alerting_lists": None,
    }
