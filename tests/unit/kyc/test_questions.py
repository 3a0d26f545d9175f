"""The questions of the kyc room: exact edges, and properties on random facts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.quantities import Exact, flop_text
from sluicegate.kyc import QUESTIONS
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.cases import read_cases, run_case
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
CASES = Path(__file__).parents[2] / "rules" / "kyc.yaml"
DAY = date(2026, 1, 15)


def asked(name: str, facts: Mapping[str, Any], on: date = DAY, book: RuleBook = BOOK) -> Asked:
    return ask(BY_NAME[name], facts, as_of=on, book=book)


def answer(
    name: str, facts: Mapping[str, Any], on: date = DAY, book: RuleBook = BOOK
) -> Mapping[str, Any]:
    return asked(name, facts, on, book).answer


def value(parameter: str) -> Any:
    return BOOK.parameter(parameter).first().value


def _decimal(share: Exact) -> Decimal:
    return Decimal(flop_text(share))


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    "case", read_cases("kyc.yaml", CASES.read_text(encoding="utf-8")), ids=lambda case: case["id"]
)
def test_worked_case_comes_out_as_written(case: Mapping[str, Any]) -> None:
    assert run_case(case, BY_NAME.get, BOOK) == []


def test_every_question_of_the_file_has_a_function_and_two_cases() -> None:
    cases = read_cases("kyc.yaml", CASES.read_text(encoding="utf-8"))
    told = [case["question"] for case in cases]
    assert all(told.count(name) >= 2 for name in BY_NAME)
    assert {q.spec.area for q in QUESTIONS} == {"kyc"}
    assert len(BY_NAME) == len(QUESTIONS) == 19


ENTITY_ITEMS = [
    *value("us.iaas_proposal.identification.items"),
    *value("us.iaas_proposal.identification.items_entity"),
]
TRAINED = {"customer_is_us_person": False, "covered_model": True, "transaction_date": "2024-09-05"}


@given(customer=st.booleans(), owners=st.lists(st.booleans(), max_size=5))
def test_one_foreign_person_brings_the_account_in(customer: bool, owners: list[bool]) -> None:
    facts = {"customer_is_us_person": customer, "beneficial_owners_are_us_persons": owners}
    got = answer("iaas_customer_scope", facts)
    assert got["identification_required"] == (False in [customer, *owners])
    assert got["diligence_required"] == (True in [customer, *owners])


@given(data=st.data(), kind=st.sampled_from(["individual", "entity"]), verified=st.booleans())
def test_an_account_opens_when_the_last_item_is_held(
    data: st.DataObject, kind: str, verified: bool
) -> None:
    held = data.draw(st.lists(st.sampled_from(ENTITY_ITEMS)))
    facts = {"customer_kind": kind, "collected": held, "identity_verified": verified}
    got = answer("iaas_account_opening", facts)
    completed = answer("iaas_account_opening", {**facts, "collected": held + got["missing"]})
    assert completed == {"may_open": verified, "missing": []}
    assert not set(got["missing"]) & set(held)
    assert got["may_open"] == (verified and not got["missing"])


@pytest.mark.parametrize(
    ("regime", "parameter"),
    [
        ("iaas_proposal", "us.iaas_proposal.beneficial_owner.share"),
        ("bank", "us.bank_rules.beneficial_owner.share"),
    ],
)
@pytest.mark.parametrize(("step", "counts"), [(-1, False), (0, True), (1, True)])
def test_the_owner_share_counts_exactly_at_it(
    regime: str, parameter: str, step: int, counts: bool
) -> None:
    share = _decimal(Fraction(value(parameter)) + Fraction(step, 10**9))
    facts = {"regime": regime, "holders": [{"holder": "h", "share": share}]}
    assert answer("beneficial_owners", facts)["beneficial_owners"] == (["h"] if counts else [])


@given(
    holders=st.lists(
        st.fixed_dictionaries(
            {
                "holder": st.sampled_from("abcd"),
                "share": st.integers(0, 400).map(lambda n: Decimal(n) / 1000),
                "substantial_control": st.booleans(),
                "control_person": st.booleans(),
            }
        ),
        max_size=8,
    ),
    regime=st.sampled_from(["iaas_proposal", "bank"]),
    data=st.data(),
)
def test_the_order_of_holders_does_not_matter(
    holders: list[dict[str, Any]], regime: str, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(holders))
    one = answer("beneficial_owners", {"regime": regime, "holders": holders})
    two = answer("beneficial_owners", {"regime": regime, "holders": shuffled})
    assert sorted(one["beneficial_owners"]) == sorted(two["beneficial_owners"])
    assert len(set(one["beneficial_owners"])) == len(one["beneficial_owners"])


@given(
    transaction=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    late=st.one_of(st.none(), st.integers(-40, 40)),
    reseller=st.booleans(),
)
def test_report_days_count_from_the_later_start(
    transaction: date, late: int | None, reseller: bool
) -> None:
    knowledge = None if late is None else (transaction + timedelta(late)).isoformat()
    facts = {
        **TRAINED,
        "transaction_date": transaction.isoformat(),
        "knowledge_date": knowledge,
        "through_foreign_reseller": reseller,
    }
    got = answer("iaas_training_report", facts)
    start = transaction + timedelta(max(late or 0, 0))
    if reseller:
        assert got["reseller_to_provider_by"] == start + timedelta(15)
        assert got["provider_to_department_by"] == transaction + timedelta(30)
    else:
        assert got["reseller_to_provider_by"] is None
        assert got["provider_to_department_by"] == start + timedelta(15)


@pytest.mark.parametrize("us_person", [True, False])
@pytest.mark.parametrize("covered", [True, False])
@pytest.mark.parametrize("finding", [True, False])
@pytest.mark.parametrize("reseller", [True, False])
def test_a_finding_never_lifts_the_report(
    us_person: bool, covered: bool, finding: bool, reseller: bool
) -> None:
    got = answer(
        "iaas_training_report",
        {
            "customer_is_us_person": us_person,
            "covered_model": covered,
            "transaction_date": "2024-09-05",
            "through_foreign_reseller": reseller,
            "deterrence_programme_finding": finding,
        },
    )
    assert got["report_required"] == (covered and not us_person)
    assert (got["provider_to_department_by"] is not None) == got["report_required"]
    assert got["identification_required"] == (not us_person and (reseller or not finding))


@given(
    previous=st.dates(date(2000, 1, 1), date(2050, 1, 1)),
    shift=st.integers(-70, 10),
)
def test_the_window_holds_both_its_ends(previous: date, shift: int) -> None:
    window = answer("iaas_certification_window", {"previous_notification": previous.isoformat()})
    filing = window["closes"] + timedelta(shift)
    facts = {"previous_notification": previous.isoformat(), "filing_date": filing.isoformat()}
    assert window["filing_in_window"] is None
    assert (window["closes"] - window["opens"]).days == 60
    assert answer("iaas_certification_window", facts)["filing_in_window"] == (-60 <= shift <= 0)


@given(
    closed=st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2050, 1, 1))),
    access=st.one_of(st.none(), st.dates(date(2000, 1, 1), date(2050, 1, 1))),
)
def test_the_later_day_starts_the_retention(closed: date | None, access: date | None) -> None:
    facts = {
        "regime": "iaas_proposal",
        "account_closed": closed and closed.isoformat(),
        "last_access": access and access.isoformat(),
    }
    got = answer("record_retention", facts)["keep_until"]
    starts = [start for start in (closed, access) if start]
    assert (got is None) == (not starts)
    if starts:
        period = value("us.iaas_proposal.records.period")
        assert got == period.after(max(starts))


@pytest.mark.parametrize("regime", ["iaas_proposal", "bank_identity"])
def test_retention_has_not_begun_without_a_day(regime: str) -> None:
    assert answer("record_retention", {"regime": regime})["keep_until"] is None


@pytest.mark.parametrize(
    ("remedied", "until"),
    [
        (None, "2024-07-01"),
        ("2024-05-31", None),
        ("2024-07-01", None),
        ("2024-07-02", "2024-07-01"),
    ],
)
def test_only_a_remedy_in_time_saves_a_reseller(remedied: str | None, until: str | None) -> None:
    facts = {"knowledge_of_no_remedy": "2024-06-01", "remedied_on": remedied}
    got = answer("iaas_reseller_termination", facts)["terminate_by"]
    assert got == (None if until is None else day(until))


@pytest.mark.parametrize("suspect_known", [True, False])
@pytest.mark.parametrize(
    ("amount", "reported"), [(Decimal("4999.99"), False), (5000, True), (Decimal("5000.01"), True)]
)
def test_a_suspicious_amount_counts_exactly_at_it(
    amount: Any, reported: bool, suspect_known: bool
) -> None:
    facts = {"amount": amount, "suspect_known": suspect_known, "initial_detection": "2024-12-31"}
    got = answer("sar_deadline", facts)
    days = 30 if suspect_known else 60
    assert got["report_required"] == reported
    assert got["due"] == (day("2024-12-31") + timedelta(days) if reported else None)


@given(
    used=st.integers(0, 10**27),
    more=st.integers(0, 10**27),
    threshold=st.integers(0, 10**27),
    share=st.integers(0, 1000),
)
def test_more_compute_never_undoes_a_check(
    used: int, more: int, threshold: int, share: int
) -> None:
    order = ["below", "approaching", "crossed"]

    def state(compute: int) -> int:
        facts = {
            "compute_used": str(compute),
            "threshold": str(threshold),
            "approach_share": Decimal(share) / 1000,
        }
        got = answer("kyc_trigger", facts)
        assert got["checks_required"] == (got["state"] != "below")
        return order.index(got["state"])

    assert state(used) <= state(used + more)
    assert state(threshold) == 1
    assert state(threshold + 1) == 2


@pytest.mark.parametrize(
    ("above", "provided", "record"),
    [
        (True, True, "provision"),
        (True, False, "denial"),
        (False, True, "none"),
        (False, False, "none"),
    ],
)
@pytest.mark.parametrize("factor", [None, *value("paper.egan_heim_2023.high_risk.factors")])
def test_each_factor_is_enough_by_itself(
    factor: str | None, above: bool, provided: bool, record: str
) -> None:
    factors = [] if factor is None else [factor]
    facts = {"factors": factors, "above_threshold": above, "provided": provided}
    risk = factor is not None
    expected = {"high_risk": risk, "report_required": risk, "record": record}
    assert answer("kyc_high_risk", facts) == expected
    assert answer("kyc_risk_profile", facts) == expected | {
        "factors_found": factors,
        "countries_of_concern": [],
        "fatf_jurisdictions": [],
        "fatf_monitored": [],
    }


ACCOUNTS = st.lists(
    st.fixed_dictionaries(
        {
            "account": st.sampled_from("123456"),
            "provider": st.sampled_from(["north", "south"]),
            "beneficial_owner": st.sampled_from(["Vela", "Orin", "Sol"]),
            "compute": st.integers(0, 150).map(str),
            "rate": st.one_of(st.none(), st.integers(0, 20).map(str)),
        }
    ),
    max_size=8,
)


@given(accounts=ACCOUNTS, data=st.data(), shared=st.booleans())
def test_structuring_is_a_crossing_without_a_crossing_account(
    accounts: list[dict[str, Any]], data: st.DataObject, shared: bool
) -> None:
    facts = {
        "threshold": "100",
        "rate_alert": "10",
        "information_shared": shared,
        "accounts": accounts,
    }
    got = answer("structuring", facts)
    for owner, total in got["owner_compute"].items():
        mine = [a for a in accounts if a["beneficial_owner"] == owner]
        assert total == sum(int(a["compute"]) for a in mine)
        north = sum(int(a["compute"]) for a in mine if a["provider"] == "north")
        seen = total > 100 if shared else max(north, total - north) > 100
        assert (owner in got["crossed_owners_visible"]) == seen
        if any(int(a["compute"]) > 100 for a in mine):
            assert owner not in got["structuring_owners_visible"]
    assert set(got["structuring_owners_visible"]) <= set(got["crossed_owners_visible"])
    alerting = {a["account"] for a in accounts if a["rate"] and int(a["rate"]) >= 10}
    assert set(got["rate_alert_accounts"]) == alerting
    shuffled = answer("structuring", {**facts, "accounts": data.draw(st.permutations(accounts))})
    assert {k: sorted(v) for k, v in got.items()} == {k: sorted(v) for k, v in shuffled.items()}


@given(accounts=ACCOUNTS)
def test_pooling_never_hides_an_owner(accounts: list[dict[str, Any]]) -> None:
    apart, pooled = (
        answer(
            "structuring",
            {"threshold": "100", "information_shared": shared, "accounts": accounts},
        )
        for shared in (False, True)
    )
    assert set(apart["crossed_owners_visible"]) <= set(pooled["crossed_owners_visible"])
    assert pooled["rate_alert_accounts"] == []


@pytest.mark.parametrize(
    ("compute", "crossed", "structuring"),
    [
        (["50", "50"], False, False),
        (["50", "50.5"], True, True),
        (["100", "1"], True, True),
        (["101", "1"], True, False),
    ],
)
def test_structuring_at_the_threshold(compute: list[str], crossed: bool, structuring: bool) -> None:
    accounts = [
        {"account": str(n), "provider": "north", "beneficial_owner": "Vela", "compute": one}
        for n, one in enumerate(compute)
    ]
    facts = {"threshold": "100", "information_shared": False, "accounts": accounts}
    got = answer("structuring", facts)
    assert got["crossed_owners_visible"] == (["Vela"] if crossed else [])
    assert got["structuring_owners_visible"] == (["Vela"] if structuring else [])


def test_an_account_told_in_two_entries_is_one_account() -> None:
    entry = {"account": "1", "provider": "north", "beneficial_owner": "Vela", "compute": "60"}
    facts = {"threshold": "100", "information_shared": False, "accounts": [entry, entry]}
    assert answer("structuring", facts)["structuring_owners_visible"] == []


@given(
    accelerators=st.integers(0, 10**6),
    peak=st.integers(0, 10**16),
    hours=st.integers(0, 10**6),
    utilisation=st.integers(0, 100),
)
def test_the_estimate_stays_under_the_bound(
    accelerators: int, peak: int, hours: int, utilisation: int
) -> None:
    facts = {
        "accelerators": accelerators,
        "peak_rate": str(peak),
        "hours": Decimal(hours) / 100,
        "utilisation": Decimal(utilisation) / 100,
    }
    got = answer("theoretical_compute", facts)
    assert got["upper_bound"] == accelerators * peak * hours * 36
    assert got["estimate"] * 100 == got["upper_bound"] * utilisation


@pytest.mark.parametrize(
    ("name", "facts", "errors"),
    [
        (
            "sar_deadline",
            {"amount": -1, "suspect_known": 1},
            ["amount", "suspect_known", "initial_detection"],
        ),
        (
            "theoretical_compute",
            {"accelerators": 1, "peak_rate": 5, "hours": -1},
            ["peak_rate", "hours"],
        ),
        (
            "kyc_high_risk",
            {"factors": ["rumour"], "above_threshold": None},
            ["factors", "above_threshold", "provided"],
        ),
        ("record_retention", {"regime": "bank_verification", "record_made": None}, ["record_made"]),
        (
            "kyc_trigger",
            {"compute_used": "1", "threshold": "1", "approach_share": 1, "extra": 0},
            ["extra"],
        ),
    ],
)
def test_bad_facts_are_refused_in_order(
    name: str, facts: dict[str, Any], errors: list[str]
) -> None:
    with pytest.raises(BadFactsError) as refused:
        asked(name, facts)
    assert refused.value.paths == errors


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_an_answer_gives_its_reasons_and_texts(name: str) -> None:
    cases = read_cases("kyc.yaml", CASES.read_text(encoding="utf-8"))
    case = next(c for c in cases if c["question"] == name and "error" not in c["expected"])
    got = asked(name, case["facts"], day(case["as_of"]))
    assert got.reasons
    assert all(str(reason).endswith(".") for reason in got.reasons)
    assert {citation.text for citation in got.citations} >= set(got.spec.citations)
