"""A customer's file: what is held, who is verified, and which decision its standing allows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.identifiers import CustomerId
from sluicegate.kyc.diligence.decisions import FROM, second_person, why_not
from sluicegate.kyc.diligence.events import About, Event, Kind, salted
from sluicegate.kyc.diligence.file import AFTER, Decision, DiligenceFile, Standing
from sluicegate.kyc.diligence.folding import fold
from sluicegate.kyc.diligence.items import (
    Item,
    Origin,
    held_items,
    is_placeholder,
    placeholders,
)
from sluicegate.registry.records import Customer, CustomerKind
from sluicegate.rules.specifications import specifications

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
DAY = AT.date()
ADA, BO = "user:ada", "user:bo"


def customer(**given: Any) -> Customer:
    values: dict[str, Any] = {
        "source": "crm",
        "customer_id": CustomerId("c-1"),
        "name": "Pell Weather",
        "customer_kind": CustomerKind.ENTITY,
        "country": "NO",
        **given,
    }
    return Customer(**values)


def events(*said: tuple[Kind, dict[str, Any]], by: str = ADA) -> list[Event]:
    return [
        Event(
            *(f"e-{number}", About.CUSTOMER, "c-1", number, kind),
            *(AT + timedelta(minutes=number), by, data),
        )
        for number, (kind, data) in enumerate(said, 1)
    ]


def verification(outcome: str = "verified", expires: str | None = None) -> tuple[Kind, Any]:
    data = {
        "party": "c-1",
        "method": "documentary",
        "document": "passport",
        "outcome": outcome,
        "checked_on": DAY.isoformat(),
        "expires": expires,
    }
    return Kind.VERIFIED, data


def decided(decision: Decision, on: date = DAY) -> tuple[Kind, Any]:
    data = {"decision": decision.value, "ground": "other", "on": on.isoformat()}
    return Kind.DECIDED, data


def proposed(decision: Decision) -> tuple[Kind, Any]:
    return Kind.PROPOSED, decided(decision)[1]


def test_items_are_those_that_the_question_knows() -> None:
    (field,) = [
        one for one in specifications()["iaas_account_opening"].facts if one.name == "collected"
    ]
    assert sorted(one.value for one in Item) == sorted(field.values)


@pytest.mark.parametrize(
    "text",
    [
        *("", "  ", "N/A", "n.a.", "NA", "none", "NULL", "unknown", "Not Stated", "TBD"),
        *("to be advised", "-", "---", "???", "xxx", "000", "test", "未知", "无", "待补"),
    ],
)
def test_a_placeholder_stands_for_no_value(text: str) -> None:
    assert is_placeholder(text)


@pytest.mark.parametrize(
    "text",
    ["Nadia Test", "Tbilisi", "NATO Avenue 1", "Example Street 2", "0-1-2", "10 Null Road", "无锡"],
)
def test_a_value_that_looks_like_one_is_a_value(text: str) -> None:
    assert not is_placeholder(text)


def test_what_sources_state_is_held_and_what_a_person_entered_goes_before_it() -> None:
    stated = customer(email="office@pell.example", telephone="N/A", ip_addresses=("192.0.2.1",))
    held = held_items(stated, owners_named=True, by_hand={Item.EMAIL: AT, Item.TELEPHONE: AT})
    assert {one.item: one.origin for one in held} == {
        Item.NAME: Origin.REGISTRY,
        Item.JURISDICTION_OF_ORGANISATION: Origin.REGISTRY,
        Item.BENEFICIAL_OWNER_NAMES: Origin.REGISTRY,
        Item.EMAIL: Origin.HAND,
        Item.TELEPHONE: Origin.HAND,
        Item.IP_ADDRESSES: Origin.REGISTRY,
    }
    assert placeholders(stated) == (Item.TELEPHONE,)
    assert held_items(None, owners_named=False, by_hand={}) == ()


def test_a_name_that_was_erased_is_not_held() -> None:
    held = held_items(customer(name="c-1"), owners_named=False, by_hand={})
    assert Item.NAME not in {one.item for one in held}


def test_an_individual_has_no_jurisdiction_of_organisation() -> None:
    person = customer(customer_kind=CustomerKind.INDIVIDUAL)
    held = held_items(person, owners_named=False, by_hand={})
    assert [one.item for one in held] == [Item.NAME]


def test_an_item_is_held_until_it_is_taken_back() -> None:
    entered = (Kind.COLLECTED, {"item": "email"})
    assert set(fold("c-1", events(entered)).items) == {Item.EMAIL}
    assert fold("c-1", events(entered, (Kind.DROPPED, {"item": "email"}))).items == {}


@pytest.mark.parametrize(
    ("said", "is_verified"),
    [
        ([], False),
        ([verification()], True),
        ([verification("doubtful")], False),
        ([verification("failed"), verification()], True),
        ([verification(), verification("failed")], False),
        ([verification(), verification("doubtful")], False),
        ([verification(expires="2026-06-30")], True),
        ([verification(expires="2026-06-29")], False),
        ([verification(), verification(expires="2026-06-29")], True),
        ([verification(expires="2026-06-29"), verification("failed"), verification()], True),
    ],
)
def test_who_is_verified_on_a_day(said: Sequence[tuple[Kind, Any]], is_verified: bool) -> None:
    file = fold("c-1", events(*said))
    assert file.verified("c-1", DAY) is is_verified
    assert not file.verified("p-1", DAY)


@pytest.mark.parametrize("decision", list(Decision))
@pytest.mark.parametrize("standing", list(Standing))
def test_a_decision_is_made_from_the_standings_that_allow_it(
    standing: Standing, decision: Decision
) -> None:
    allowed = {
        (Standing.OPEN, Decision.REFUSE),
        (Standing.RESTRICTED, Decision.REFUSE),
        (Standing.REFUSED, Decision.RECONSIDER),
        (Standing.OPEN, Decision.RESTRICT),
        (Standing.RESTRICTED, Decision.LIFT),
        (Standing.OPEN, Decision.CLOSE),
        (Standing.RESTRICTED, Decision.CLOSE),
        (Standing.CLOSED, Decision.REOPEN),
    }
    refusal = why_not(DiligenceFile("c-1", standing=standing), decision)
    assert (refusal is None) is ((standing, decision) in allowed)


def test_every_decision_can_be_undone() -> None:
    for standing in set(Standing) - {Standing.OPEN}:
        back = [one for one in Decision if standing in FROM[one] and AFTER[one] is Standing.OPEN]
        assert back, standing


@given(st.lists(st.sampled_from(list(Decision)), max_size=12))
def test_whatever_is_tried_the_standing_follows_from_allowed_decisions_alone(
    tried: list[Decision],
) -> None:
    said: list[tuple[Kind, Any]] = []
    standing = Standing.OPEN
    for decision in tried:
        if why_not(fold("c-1", events(*said)), decision) is None:
            said.append(decided(decision))
            standing = AFTER[decision]
    file = fold("c-1", events(*said))
    assert file.standing is standing
    assert len(file.decisions) == len(said)
    assert (file.closed_on is not None) is (standing in (Standing.CLOSED, Standing.REFUSED))


def test_a_proposal_waits_and_no_second_of_its_kind_is_made() -> None:
    file = fold("c-1", events(proposed(Decision.REFUSE)))
    assert file.standing is Standing.OPEN
    refusal = why_not(file, Decision.REFUSE)
    assert refusal is not None
    assert "waits for a second person already" in str(refusal)
    assert why_not(file, Decision.RESTRICT) is None


def test_a_check_names_both_people_and_ends_the_proposal() -> None:
    first, second = events(
        proposed(Decision.CLOSE),
        (
            Kind.DECIDED,
            {**decided(Decision.CLOSE)[1], "proposal": "e-1", "proposed_by": ADA},
        ),
        by=BO,
    )
    file = fold("c-1", [first, second])
    assert file.proposals == ()
    (one,) = file.decisions
    assert (one.by, one.checked_by, file.standing) == (ADA, BO, Standing.CLOSED)


@pytest.mark.parametrize("end", [Kind.REJECTED, Kind.TAKEN_BACK])
def test_a_proposal_that_is_rejected_or_taken_back_leaves_everything(end: Kind) -> None:
    file = fold("c-1", events(proposed(Decision.CLOSE), (end, {"proposal": "e-1"})))
    assert (file.proposals, file.standing, file.closed_on) == ((), Standing.OPEN, None)


def test_settings_say_which_decisions_need_a_second_person() -> None:
    assert second_person(Decision.RESTRICT, frozenset({"refuse"})) is None
    assert "second person" in str(second_person(Decision.REFUSE, frozenset({"refuse"})))


def test_the_digest_of_an_event_outlives_its_words() -> None:
    (event,) = events((Kind.COLLECTED, {"item": "email"}))
    private = {"value": "office@pell.example"}
    kept = Event(
        *(event.event_id, event.about, event.subject, event.version, event.kind, event.at),
        *(event.by, event.data, private, False, salted("ab", private)),
    )
    erased = Event(
        *(event.event_id, event.about, event.subject, event.version, event.kind, event.at),
        *(event.by, event.data, None, True, salted("ab", private)),
    )
    assert kept.digest == erased.digest != event.digest
