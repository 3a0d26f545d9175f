"""Licence exceptions: who may use which, what is counted, and what is owed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.calendars import Period
from sluicegate.core.phrases import Language
from sluicegate.export import QUESTIONS
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import Value
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in QUESTIONS}
RULE, ANNOUNCED, TODAY = date(2025, 1, 13), date(2025, 5, 13), date(2026, 8, 1)
DAYS = st.dates(RULE, date(2027, 12, 31))
PLACES = st.sampled_from(
    ["US", "CN", "HK", "MO", "RU", "KZ", "SA", "IL", "AE", "KH", "FR", "TW", "IN", "BR"]
)
PARENTS = st.none() | PLACES
AIA = BOOK.parameter("us.ai_diffusion.aia_list").first().value
SUBMISSION = "us.licence_exceptions.aia.submission"
LIMIT = "us.licence_exceptions.lpp.annual_limit"
NOTICE = "us.licence_exceptions.lpp.prior_notice"
COPY = "us.licence_exceptions.lpp.copy_period"
LEAD = "us.nac_aca.notice_period"


def asked(
    name: str, facts: Mapping[str, Any], on: date = TODAY, book: RuleBook = BOOK, **more: Any
) -> Asked:
    return ask(BY_NAME[name], facts, as_of=on, book=book, **more)


def answer(name: str, facts: Mapping[str, Any], on: date = TODAY) -> dict[str, Any]:
    return dict(asked(name, facts, on).answer)


def figure(parameter: str) -> int:
    value = BOOK.parameter(parameter).first().value
    assert isinstance(value, int)
    return value


def period(parameter: str) -> Period:
    value = BOOK.parameter(parameter).first().value
    assert isinstance(value, Period)
    return value


def moved(parameter: str, value: Value) -> RuleBook:
    values = BOOK.parameter(parameter).values
    return BOOK.with_values(parameter, [replace(dated, value=value) for dated in values])


def is_d5_or_macau(place: str | None, on: date) -> bool:
    if place is None:
        return False
    found = answer("destination_class", {"destination": place}, on)
    return bool(found["class"] == "D5_OR_MACAU")


def chips(
    place: str, seat: str, top: str | None = None, tpp: Any = 1, **more: Any
) -> dict[str, Any]:
    return {
        "consignee_location": place,
        "consignee_hq": seat,
        "ultimate_parent_hq": top,
        "consignee_cumulative_tpp": tpp,
        **more,
    }


def lpp(tpp: Any, *others: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    facts = {
        "ultimate_parent": "Mirador",
        "consignee_hq": "CL",
        "destination": "CL",
        "transaction": "export",
        "shipment_date": "2026-06-01",
        "shipment_tpp": tpp,
        "prior_shipments": list(others),
    }
    return {**facts, **more}


def other(tpp: Any, day: str = "2026-01-01", parent: str = "Mirador") -> dict[str, Any]:
    return {"date": day, "ultimate_parent": parent, "tpp": tpp}


# AIA for chips.


@given(place=PLACES, seat=PLACES, top=PARENTS, training=st.booleans(), day=DAYS)
def test_chips_need_every_end_on_the_aia_list(
    place: str, seat: str, top: str | None, training: bool, day: date
) -> None:
    assert isinstance(AIA, tuple)
    facts = chips(place, seat, top, trains_4e091_for_outside_aia=training)
    found = answer("aia_exception_chips", facts, day)
    ends = [place, seat, *([] if top is None else [top])]
    on_list = all(end in AIA for end in ends)
    assert found["available"] == (on_list and not training)
    assert found["certification_required"] == found["available"]
    if place not in AIA:
        assert found["reason"] == "location_outside_aia"
    elif not on_list:
        assert found["reason"] == "headquarters_outside_aia"
    else:
        assert found["reason"] == ("training_for_outside_aia" if training else "conditions_met")


@pytest.mark.parametrize(("more", "submitted"), [(-1, False), (0, True), (1, True)])
def test_the_certification_goes_to_bis_at_the_figure(more: int, submitted: bool) -> None:
    for value in (figure(SUBMISSION), figure(SUBMISSION) // 2):
        book = moved(SUBMISSION, value)
        facts = chips("JP", "JP", tpp=value + more)
        found = asked("aia_exception_chips", facts, book=book).answer
        assert found["submit_certification_to_bis"] == submitted
        assert found["certification_required"]


def test_nothing_is_submitted_for_an_exception_that_does_not_serve() -> None:
    found = answer("aia_exception_chips", chips("SG", "JP", tpp=10 * figure(SUBMISSION)))
    assert not found["submit_certification_to_bis"]


# AIA for weights.


@given(place=PLACES, seat=PLACES, top=PARENTS, secure=st.booleans(), day=DAYS)
def test_weights_need_one_headquarters_on_the_list_and_none_in_d5(
    place: str, seat: str, top: str | None, secure: bool, day: date
) -> None:
    assert isinstance(AIA, tuple)
    facts = {
        "location": place,
        "consignee_hq": seat,
        "ultimate_parent_hq": top,
        "facility_meets_security_paragraphs": secure,
    }
    found = answer("aia_exception_weights", facts, day)
    out = is_d5_or_macau(seat, day) or is_d5_or_macau(top, day)
    if is_d5_or_macau(place, day):
        expected = "location_d5_or_macau"
    elif out or not {seat, top} & {*AIA}:
        expected = "headquarters_outside_aia"
    else:
        expected = "conditions_met" if secure else "facility_security_not_met"
    assert found["reason"] == expected
    assert found["available"] == (expected == "conditions_met")
    assert found["enforcement"] == ("not_yet_due" if day < ANNOUNCED else "suspended")


# The practice of the agency.


@given(place=PLACES, seat=PLACES, top=PARENTS, day=DAYS)
def test_the_practice_is_that_of_the_rule_that_added_the_exceptions(
    place: str, seat: str, top: str | None, day: date
) -> None:
    expected = "not_yet_due" if day < ANNOUNCED else "suspended"
    ends = {"consignee_hq": seat, "ultimate_parent_hq": top}
    for name, facts in (
        ("aia_exception_chips", chips(place, seat, top)),
        ("lpp_exception", lpp(1, destination=place, **ends)),
        ("acm_exception", {"location": place, "purpose": "production", **ends}),
    ):
        assert answer(name, facts, day)["enforcement"] == expected, name


def test_before_anybody_knew_of_the_rule_nothing_was_due() -> None:
    early = date(2025, 1, 12)
    for name, facts in (
        ("aia_exception_chips", chips("JP", "JP")),
        ("lpp_exception", lpp(1)),
        ("acm_exception", {"location": "MY", "consignee_hq": "MY", "purpose": "production"}),
    ):
        found = asked(name, facts, known_on=early).answer
        assert found["enforcement"] == "not_yet_due", name


# LPP.


def test_exactly_the_limit_is_covered_and_reached() -> None:
    limit = figure(LIMIT)
    found = answer("lpp_exception", lpp(1, other(limit - 1)))
    assert found["eligible"]
    assert found["remaining_tpp"] == 0
    assert "consignee_notifies_limit_reached" in found["obligations"]
    below = answer("lpp_exception", lpp(1, other(limit - 2)))
    assert below["remaining_tpp"] == 1
    assert "consignee_notifies_limit_reached" not in below["obligations"]
    above = answer("lpp_exception", lpp(Decimal("1.000001"), other(limit - 1)))
    assert above["reason"] == "annual_limit_exceeded"
    assert above["obligations"] == []
    assert above["calendar_year_tpp"] == limit + Fraction(1, 10**6)


def test_the_limit_moves_with_the_book() -> None:
    for limit in (10, 20):
        book = moved(LIMIT, limit)
        assert asked("lpp_exception", lpp(limit), book=book).answer["eligible"]
        assert not asked("lpp_exception", lpp(limit + 1), book=book).answer["eligible"]


@pytest.mark.parametrize(("more", "told"), [(-1, False), (0, True), (1, True)])
def test_a_large_shipment_is_told_beforehand(more: int, told: bool) -> None:
    found = answer("lpp_exception", lpp(figure(NOTICE) + more))
    assert found["prior_notice_required"] == told
    assert ("prior_notice_to_bis" in found["obligations"]) == told


def test_only_the_shipment_itself_asks_for_a_notice() -> None:
    found = answer("lpp_exception", lpp(1, other(figure(NOTICE))))
    assert not found["prior_notice_required"]


@pytest.mark.parametrize(
    ("day", "parent", "counts"),
    [
        ("2026-01-01", "Mirador", True),
        ("2026-12-31", "Mirador", True),
        ("2025-12-31", "Mirador", False),
        ("2027-01-01", "Mirador", False),
        ("2026-06-01", "Mirador Sur", False),
        ("2026-06-01", "mirador", False),
        ("2026-06-01", "Mirador ", False),
    ],
)
def test_what_counts_is_the_parent_in_the_calendar_year(
    day: str, parent: str, counts: bool
) -> None:
    found = answer("lpp_exception", lpp(5, other(7, day, parent)))
    assert found["calendar_year_tpp"] == (12 if counts else 5)


def test_the_year_is_that_of_the_shipment_not_of_the_day_asked_about() -> None:
    facts = lpp(5, other(7), shipment_date="2027-01-01")
    assert answer("lpp_exception", facts, date(2026, 6, 1))["calendar_year_tpp"] == 5


@given(
    tpps=st.lists(st.integers(0, 2 * 10**7), max_size=5),
    more=st.integers(0, 10**7),
    data=st.data(),
)
def test_other_shipments_only_take_from_what_is_left(
    tpps: list[int], more: int, data: st.DataObject
) -> None:
    others = [other(tpp) for tpp in tpps]
    found = answer("lpp_exception", lpp(3, *others))
    assert found["calendar_year_tpp"] == 3 + sum(tpps)
    assert found["eligible"] == (found["calendar_year_tpp"] <= figure(LIMIT))
    shuffled = data.draw(st.permutations(others))
    assert answer("lpp_exception", lpp(3, *shuffled)) == found
    grown = answer("lpp_exception", lpp(3, *others, other(more)))
    assert found["eligible"] or not grown["eligible"]
    assert grown["remaining_tpp"] == max(0, figure(LIMIT) - 3 - sum(tpps) - more)


@given(place=PLACES, seat=PLACES, top=PARENTS, transfer=st.booleans(), day=DAYS)
def test_lpp_looks_at_d5_then_at_the_transaction_then_at_the_limit(
    place: str, seat: str, top: str | None, transfer: bool, day: date
) -> None:
    kind = "in_country_transfer" if transfer else "reexport"
    ends = {"destination": place, "consignee_hq": seat, "ultimate_parent_hq": top}
    found = answer("lpp_exception", lpp(10**9, transaction=kind, **ends), day)
    if is_d5_or_macau(place, day):
        expected = "destination_d5_or_macau"
    elif is_d5_or_macau(seat, day) or is_d5_or_macau(top, day):
        expected = "headquarters_d5_or_macau"
    else:
        expected = "in_country_transfer_not_authorised" if transfer else "annual_limit_exceeded"
    assert found["reason"] == expected
    assert not found["eligible"]
    assert found["obligations"] == []
    assert not found["prior_notice_required"]


@given(shipped=st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_the_copy_is_due_calendar_days_after_the_shipment(shipped: date) -> None:
    found = answer("lpp_exception", lpp(1, shipment_date=shipped.isoformat()))
    assert found["certification_copy_due"] == shipped + timedelta(days=period(COPY).amount)


# NAC and ACA.


@given(
    place=PLACES,
    seat=PLACES,
    top=PARENTS,
    eccn=st.sampled_from(["3A090.a", "3A090.b", "4A090.a", "4A090.b"]),
    data_centre=st.booleans(),
    transaction=st.sampled_from(["export", "reexport", "in_country_transfer"]),
    day=DAYS,
)
def test_nac_and_aca_share_all_but_data_centre_chips(
    place: str,
    seat: str,
    top: str | None,
    eccn: str,
    data_centre: bool,
    transaction: str,
    day: date,
) -> None:
    facts = {
        "eccn": eccn,
        "data_centre": data_centre,
        "destination": place,
        "consignee_hq": seat,
        "ultimate_parent_hq": top,
        "transaction": transaction,
        "shipment_date": "2026-07-01",
    }
    found = answer("nac_aca_exception", facts, day)
    by_place = is_d5_or_macau(place, day)
    by_seat = is_d5_or_macau(seat, day) or is_d5_or_macau(top, day)
    if data_centre and eccn.endswith(".a"):
        expected = "none"
    elif by_place and transaction == "in_country_transfer":
        expected = "ACA"
    else:
        expected = "NAC" if by_place or by_seat else "ACA"
    assert found["exception"] == expected
    assert (found["notify_by"] is not None) == (expected == "NAC")


@given(shipped=st.dates(date(2024, 1, 1), date(2030, 12, 31)))
def test_the_notice_is_given_calendar_days_before_the_shipment(shipped: date) -> None:
    facts = {
        "eccn": "3A090.b",
        "data_centre": True,
        "destination": "MO",
        "consignee_hq": "MO",
        "transaction": "export",
        "shipment_date": shipped.isoformat(),
    }
    notify_by = answer("nac_aca_exception", facts)["notify_by"]
    assert shipped - notify_by == timedelta(days=period(LEAD).amount)


# ACM.


@pytest.mark.parametrize(
    ("government", "purpose", "reason"),
    [
        (None, "development", "conditions_met"),
        (None, "production", "conditions_met"),
        (None, "storage_before_shipment", "conditions_met"),
        (None, "data_centre_use", "purpose_not_covered"),
        ("US", "production", "conditions_met"),
        ("US", "data_centre_use", "purpose_not_covered"),
        ("MY", "production", "government_controlled"),
        ("MY", "data_centre_use", "government_controlled"),
        ("HK", "production", "government_controlled"),
    ],
)
def test_acm_serves_private_makers(government: str | None, purpose: str, reason: str) -> None:
    facts = {
        "location": "MY",
        "consignee_hq": "NL",
        "government_controlled_by": government,
        "purpose": purpose,
    }
    found = answer("acm_exception", facts)
    assert (found["reason"], found["available"]) == (reason, reason == "conditions_met")
    inside = answer("acm_exception", {**facts, "ultimate_parent_hq": "HK"})
    assert inside["reason"] == "d5_or_macau"


# All of them.


@pytest.mark.parametrize("end", ["consignee_hq", "ultimate_parent_hq"])
def test_a_headquarters_in_d5_takes_every_exception_but_nac(end: str) -> None:
    for code in ("CN", "HK", "MO", "RU"):
        seats = {"consignee_hq": "US", "ultimate_parent_hq": "US", end: code}
        held = [
            answer("aia_exception_chips", {**chips("JP", "US"), **seats})["available"],
            answer(
                "aia_exception_weights",
                {"location": "JP", "facility_meets_security_paragraphs": True, **seats},
            )["available"],
            answer("lpp_exception", lpp(1, **seats))["eligible"],
            answer("acm_exception", {"location": "MY", "purpose": "production", **seats})[
                "available"
            ],
        ]
        assert held == [False] * 4, code


@pytest.mark.parametrize(
    ("name", "facts"),
    [
        ("aia_exception_chips", chips("JP", "JP", tpp=3 * 10**8)),
        ("lpp_exception", lpp(4 * 10**6)),
        ("acm_exception", {"location": "MY", "consignee_hq": "NL", "purpose": "production"}),
    ],
)
def test_an_answer_shows_where_the_exception_itself_stands(
    name: str, facts: Mapping[str, Any]
) -> None:
    found = asked(name, facts)
    shown = {one.instrument.id: one for one in found.texts}
    assert shown["us.licence_exceptions"].status is not None
    for language in Language:
        assert found.outcome.text(language)
        assert not any("{" in reason.text(language) for reason in found.reasons)


def test_a_date_that_is_none_is_refused_in_the_order_of_the_fields() -> None:
    facts = lpp(-1, shipment_date="2026-02-30", destination="UK")
    with pytest.raises(BadFactsError) as refused:
        asked("lpp_exception", facts)
    assert refused.value.paths == ["destination", "shipment_date", "shipment_tpp"]
