"""Collecting, verifying, rating and reviewing: what is missing, and when that blocks opening."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from diligence_world import AT, BOOK, WORDS, World
from sluicegate.core.quantities import Flop
from sluicegate.kyc.diligence.file import Band, Document, Method, Outcome, Purpose
from sluicegate.kyc.diligence.items import Item
from sluicegate.kyc.diligence.rating import Factor
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.diligence.collecting import (
    Evidence,
    collect,
    drop,
    enter_contract,
    evidence,
    state_purpose,
    verify,
)
from sluicegate.services.diligence.rating import rate, review
from sluicegate.services.diligence.standing import DiligenceStatus, reviews_due, status
from sluicegate.services.diligence.writing import DiligenceRefusedError

LAB = "c-lab"
SCAN = b"scan of an invented passport of Thierne Aubrac"
PASSPORT = Evidence(
    LAB, Method.DOCUMENTARY, Document.PASSPORT, Outcome.VERIFIED, AT.date(), content=SCAN
)


def seen(world: World, customer_id: str = LAB) -> DiligenceStatus:
    return status(world.desk("auditor"), customer_id, book=BOOK)


def fill(world: World) -> None:
    desk = world.desk("analyst")
    for item in seen(world).opening.missing:
        collect(desk, LAB, item, f"value of {item.value}")
    for party in (LAB, "p-2"):
        verify(desk, LAB, replace(PASSPORT, party=party), book=BOOK)


def test_what_is_missing_blocks_opening_until_it_is_held_and_everyone_is_verified(
    world: World,
) -> None:
    before = seen(world)
    assert set(before.opening.missing) == {
        *(Item.ADDRESS, Item.LOCATIONS_OF_USE, Item.PAYMENT_SOURCE, Item.TELEPHONE),
        Item.IP_ADDRESSES,
    }
    assert before.placeholders == (Item.TELEPHONE,)
    assert (before.opening.blocks, before.unverified) == (True, (LAB, "p-2"))
    fill(world)
    after = seen(world)
    assert (after.opening.missing, after.unverified, after.opening.blocks) == ((), (), False)


def test_the_proposal_binds_nobody_and_says_so(world: World) -> None:
    opening = seen(world).opening
    assert not opening.is_enforced
    assert {one.as_json()["text"] for one in opening.answer.texts} == {"proposed"}


def test_a_domestic_customer_of_domestic_owners_is_outside_and_nothing_blocks(
    world: World,
) -> None:
    owner = {
        "source": "register",
        "owner_id": "p-2",
        "owned_id": LAB,
        "owner_name": "Thierne Aubrac",
        "owner_kind": "individual",
        "owner_country": "US",
        "share": "1",
    }
    world.store.put("ownership", [owner], at=AT, by="local:operator")
    opening = seen(world).opening
    assert opening.scope.answer_json()["identification_required"] is False
    assert opening.missing
    assert not opening.blocks


def test_evidence_is_read_back_as_an_act_and_only_under_its_customer(world: World) -> None:
    event = verify(world.desk("analyst"), LAB, PASSPORT, book=BOOK)
    assert evidence(world.desk("reviewer"), LAB, event.event_id) == SCAN
    assert [one.name for one in world.store.acts()][-1] == "read"
    with pytest.raises(NotFoundError):
        evidence(world.desk("reviewer"), "c-new", event.event_id)
    with pytest.raises(RefusedError):
        evidence(world.desk("viewer"), LAB, event.event_id)


def test_evidence_that_expires_no_longer_verifies_and_adds_to_the_risk(world: World) -> None:
    passing = replace(PASSPORT, expires=AT.date() + timedelta(days=10))
    verify(world.desk("analyst"), LAB, passing, book=BOOK)
    later = world.desk("auditor", AT + timedelta(days=11))
    found = status(later, LAB, book=BOOK)
    assert LAB in found.unverified
    assert [one.party for one in found.expired] == [LAB]
    assert Factor.EVIDENCE_EXPIRED in {one.factor for one in found.reckoned.factors}
    assert LAB not in seen(world).unverified


@pytest.mark.parametrize("value", ["", "N/A", " - "])
def test_a_placeholder_is_not_taken_for_an_item(world: World, value: str) -> None:
    with pytest.raises(DiligenceRefusedError, match="stands for no value"):
        collect(world.desk("analyst"), LAB, Item.TELEPHONE, value)


def test_only_what_a_person_entered_is_taken_back_and_with_a_reason(world: World) -> None:
    desk = world.desk("analyst")
    with pytest.raises(DiligenceRefusedError, match="nobody entered"):
        drop(desk, LAB, Item.EMAIL, "wrong")
    collect(desk, LAB, Item.EMAIL, "desk@alder-reach.example")
    with pytest.raises(DiligenceRefusedError, match="a reason is needed"):
        drop(desk, LAB, Item.EMAIL, "  ")
    drop(desk, LAB, Item.EMAIL, "of somebody else")
    assert Item.EMAIL not in seen(world).file.items


@pytest.mark.parametrize(
    "wrong",
    [
        replace(PASSPORT, checked_on=AT.date() + timedelta(days=1)),
        replace(PASSPORT, content=b""),
        replace(PASSPORT, note="x" * 4_001),
        replace(PASSPORT, note="half \ud800"),
    ],
)
def test_evidence_that_cannot_be_kept_is_refused(world: World, wrong: Evidence) -> None:
    with pytest.raises(DiligenceRefusedError):
        verify(world.desk("analyst"), LAB, wrong, book=BOOK)
    assert seen(world).file.version == 0


@pytest.mark.parametrize("who", ["auditor", "viewer", "engineer", "administrator"])
def test_whoever_only_reads_collects_nothing(world: World, who: str) -> None:
    with pytest.raises(RefusedError):
        collect(world.desk(who), LAB, Item.EMAIL, "desk@alder-reach.example")


def test_a_customer_that_no_source_names_is_not_there(world: World) -> None:
    for name in ("c-nobody", "c\0", "\ud800"):
        with pytest.raises(NotFoundError):
            collect(world.desk("analyst"), name, Item.EMAIL, "desk@alder-reach.example")
        with pytest.raises(NotFoundError):
            status(world.desk("analyst"), name, book=BOOK)


def test_a_rating_says_why_and_falls_when_what_it_rests_on_is_gone(world: World) -> None:
    desk = world.desk("analyst")
    before = rate(desk, LAB, book=BOOK)
    assert before.file.rating is not None
    assert before.file.rating.band is Band.MEDIUM
    assert {one.factor: str(one.why) for one in before.reckoned.factors} == {
        Factor.IDENTITY_NOT_VERIFIED: "Not verified: c-lab, p-2.",
        Factor.ITEMS_MISSING: str(before.reckoned.factors[1].why),
    }
    fill(world)
    assert seen(world).is_stale
    with pytest.raises(DiligenceRefusedError, match="rate first"):
        review(desk, LAB, "looked", book=BOOK)
    after = rate(desk, LAB, book=BOOK)
    assert (after.reckoned.band, after.is_stale) == (Band.LOW, False)
    assert after.file.review_by == date(2029, 6, 30)


def test_a_person_raises_a_rating_with_a_reason_and_never_lowers_it(world: World) -> None:
    desk = world.desk("analyst")
    with pytest.raises(DiligenceRefusedError, match="a reason is needed"):
        rate(desk, LAB, book=BOOK, raise_to=Band.HIGH)
    for band in (Band.LOW, Band.MEDIUM):
        with pytest.raises(DiligenceRefusedError, match="only be raised"):
            rate(desk, LAB, book=BOOK, raise_to=band, reason="news")
    raised = rate(desk, LAB, book=BOOK, raise_to=Band.HIGH, reason="news")
    assert raised.file.rating is not None
    assert raised.file.rating.stands is Band.HIGH
    assert raised.file.review_by == date(2026, 12, 30)


def test_a_review_comes_forward_and_is_never_put_off(world: World) -> None:
    desk = world.desk("analyst")
    with pytest.raises(DiligenceRefusedError, match="rate first"):
        review(desk, LAB, "looked", book=BOOK)
    rate(desk, LAB, book=BOOK)
    for wrong in (AT.date(), date(2027, 7, 1)):
        with pytest.raises(DiligenceRefusedError, match="no later than 2027-06-30"):
            review(desk, LAB, "looked", book=BOOK, next_by=wrong)
    done = review(desk, LAB, "looked", book=BOOK, next_by=date(2026, 9, 30))
    assert (done.file.reviewed_on, done.file.review_by) == (AT.date(), date(2026, 9, 30))
    assert not reviews_due(world.desk("auditor"), date(2026, 9, 29))
    (due,) = reviews_due(world.desk("auditor"), date(2026, 9, 30))
    assert due.customer_id == LAB


def test_a_purpose_and_a_contract_that_a_person_entered_go_before_the_registry(
    world: World,
) -> None:
    assert seen(world).purpose.declared is Purpose.DEPLOYMENT
    desk = world.desk("analyst")
    state_purpose(desk, LAB, Purpose.TRAINING, "annex 2")
    enter_contract(desk, LAB, Flop(10**24), "annex 3")
    found = seen(world)
    assert found.purpose.declared is Purpose.TRAINING
    assert (found.file.contract, found.purpose.beyond_contract) == (10**24, False)


def test_declared_runs_above_the_contract_are_seen(world: World) -> None:
    run = {"source": "crm", "run_id": "r-1", "customer_id": LAB, "declared_flop": "3e24"}
    world.store.put("runs", [run], at=AT, by="local:operator")
    enter_contract(world.desk("analyst"), LAB, Flop(10**24))
    found = seen(world)
    assert found.purpose.beyond_contract is True
    assert Factor.BEYOND_CONTRACT in {one.factor for one in found.reckoned.factors}


def test_no_act_holds_what_describes_a_human_being(world: World) -> None:
    desk = world.desk("analyst")
    collect(desk, LAB, Item.ADDRESS, "9 Lindenkade", "says Zephyrine Aubrac")
    verify(desk, LAB, replace(PASSPORT, note="number of Thierne Aubrac"), book=BOOK)
    rate(desk, LAB, book=BOOK, raise_to=Band.HIGH, reason="Zephyrine Aubrac called")
    said = world.acts()
    assert [word for word in WORDS if word in said] == []
    assert said.count("diligence_") >= 3
