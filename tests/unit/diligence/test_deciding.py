"""Refusing, restricting, closing: recorded with a ground, checked by another person where asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from diligence_world import AT, BOOK, WORDS, World
from moved_parameters import moved
from principals import principal
from sluicegate.core.quantities import Flop
from sluicegate.kyc.diligence.file import Decision, DiligenceFile, Ground, Standing
from sluicegate.rules.facts import BadFactsError
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.diligence import deciding
from sluicegate.services.diligence.deciding import Request, check, decide, record_served, take_back
from sluicegate.services.diligence.writing import DiligenceRefusedError, file_of

LAB = "c-lab"
THRESHOLD = Flop(10**26)


def decided(world: World, decision: Decision, who: str = "analyst") -> deciding.Outcome:
    desk = world.desk(who)
    return decide(desk, LAB, decision, Ground.ITEMS_MISSING, "no owners named", book=BOOK)


def proposed(world: World, decision: Decision = Decision.REFUSE) -> str:
    waits = decided(world, decision).waits
    assert waits is not None
    return waits.proposal_id


def file(world: World) -> DiligenceFile:
    return file_of(world.desk("auditor"), LAB)


def test_a_restriction_holds_at_once_and_its_lifting_waits(world: World) -> None:
    assert decided(world, Decision.RESTRICT).waits is None
    assert file(world).standing is Standing.RESTRICTED
    lifting = proposed(world, Decision.LIFT)
    assert file(world).standing is Standing.RESTRICTED
    check(world.desk("reviewer"), LAB, lifting, is_approved=True)
    assert file(world).standing is Standing.OPEN


@pytest.mark.parametrize("decision", [Decision.REFUSE, Decision.CLOSE])
def test_refusing_and_closing_wait_for_another_person(world: World, decision: Decision) -> None:
    waits = proposed(world, decision)
    after = check(world.desk("reviewer"), LAB, waits, is_approved=True, reason="seen")
    (one,) = after.decisions
    assert (one.by, one.checked_by) == ("user:analyst", "user:reviewer")
    assert (after.closed_on, after.proposals) == (AT.date(), ())


def test_nobody_checks_their_own_proposal_and_the_command_line_checks_none(world: World) -> None:
    waits = proposed(world)
    for who in ("analyst", "operator", "auditor"):
        with pytest.raises(RefusedError):
            check(world.desk(who), LAB, waits, is_approved=True)
    both = principal(["analyst", "reviewer"], identifier="user:analyst")
    with pytest.raises(RefusedError, match="another person"):
        check(world.desk(both), LAB, waits, is_approved=True)
    assert file(world).standing is Standing.OPEN


def test_the_same_human_being_at_the_command_line_and_in_the_console_is_one_person(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = world.desk("operator")
    waits = decide(desk, LAB, Decision.CLOSE, Ground.OTHER, "letter", book=BOOK).waits
    assert waits is not None
    mine = frozenset({"user:reviewer", "local:operator"})
    monkeypatch.setattr(deciding, "acting_names", lambda _: mine)
    with pytest.raises(DiligenceRefusedError, match="proposed this yourself"):
        check(world.desk("reviewer"), LAB, waits.proposal_id, is_approved=True)
    check(world.desk("reviewer"), LAB, waits.proposal_id, is_approved=False, reason="not mine")
    assert file(world).proposals == ()


def test_a_rejection_needs_a_reason_and_leaves_the_customer_as_it_was(world: World) -> None:
    waits = proposed(world)
    with pytest.raises(DiligenceRefusedError, match="a reason is needed"):
        check(world.desk("reviewer"), LAB, waits, is_approved=False)
    after = check(world.desk("reviewer"), LAB, waits, is_approved=False, reason="too early")
    assert (after.standing, after.decisions) == (Standing.OPEN, ())
    with pytest.raises(NotFoundError):
        check(world.desk("reviewer"), LAB, waits, is_approved=True)


def test_only_who_proposed_takes_it_back(world: World) -> None:
    waits = proposed(world)
    with pytest.raises(DiligenceRefusedError, match="Only whoever proposed"):
        take_back(world.desk("officer"), LAB, waits)
    assert take_back(world.desk("analyst"), LAB, waits).proposals == ()


def test_a_proposal_that_no_longer_fits_is_not_approved(world: World) -> None:
    first, second = proposed(world, Decision.REFUSE), proposed(world, Decision.CLOSE)
    check(world.desk("reviewer"), LAB, first, is_approved=True)
    with pytest.raises(DiligenceRefusedError, match="does not allow it"):
        check(world.desk("reviewer"), LAB, second, is_approved=True)


def test_a_setting_says_which_decisions_wait(world: World) -> None:
    name = "assess.kyc.diligence.second_person.decisions"
    strict = moved(BOOK, name, ("restrict",))
    desk = world.desk("analyst")
    ground = Ground.OTHER
    assert decide(desk, LAB, Decision.RESTRICT, ground, "x", book=strict).waits is not None
    assert decide(desk, LAB, Decision.CLOSE, ground, "x", book=strict).waits is None


def test_a_decision_needs_a_reason_and_no_day_to_come(world: World) -> None:
    desk = world.desk("analyst")
    with pytest.raises(DiligenceRefusedError, match="a reason is needed"):
        decide(desk, LAB, Decision.RESTRICT, Ground.OTHER, " ", book=BOOK)
    tomorrow = AT.date() + timedelta(days=1)
    with pytest.raises(DiligenceRefusedError, match="lies in the future"):
        decide(desk, LAB, Decision.CLOSE, Ground.OTHER, "x", book=BOOK, on=tomorrow)
    past = date(2026, 1, 2)
    waits = decide(desk, LAB, Decision.CLOSE, Ground.OTHER, "x", book=BOOK, on=past).waits
    assert waits is not None
    after = check(world.desk("reviewer"), LAB, waits.proposal_id, is_approved=True)
    assert after.closed_on == past


@pytest.mark.parametrize(
    ("compute", "provided", "record"),
    [
        (THRESHOLD + 1, False, "denial"),
        (THRESHOLD + 1, True, "provision"),
        (THRESHOLD, False, "none"),
        (THRESHOLD, True, "none"),
    ],
)
def test_provision_and_denial_above_the_threshold_are_recorded(
    world: World, compute: int, provided: bool, record: str
) -> None:
    request = Request(Flop(compute), provided, ())
    asked = record_served(world.desk("analyst"), LAB, request, "order 17", book=BOOK)
    assert asked.answer_json()["record"] == record
    (kept,) = file(world).served
    assert (kept.compute, kept.was_provided, kept.record) == (compute, provided, record)


def test_a_denial_to_a_high_risk_customer_is_to_be_reported(world: World) -> None:
    request = Request(THRESHOLD, False, ("entity_list",))
    asked = record_served(world.desk("analyst"), LAB, request, "order 17", book=BOOK)
    assert asked.answer_json()["report_required"] is True
    wrong = replace(request, factors=("bad_mood",))
    with pytest.raises(BadFactsError):
        record_served(world.desk("analyst"), LAB, wrong, "order 17", book=BOOK)
    assert len(file(world).served) == 1


def test_every_decision_is_an_act_without_what_people_wrote(world: World) -> None:
    desk = world.desk("analyst")
    why = "Zephyrine Aubrac of 9 Lindenkade"
    waits = decide(desk, LAB, Decision.REFUSE, Ground.HIGH_RISK, why, book=BOOK).waits
    assert waits is not None
    check(world.desk("reviewer"), LAB, waits.proposal_id, is_approved=True, reason=why)
    record_served(desk, LAB, Request(THRESHOLD, False), why, book=BOOK)
    names = [one.name for one in world.store.acts()]
    assert names == ["diligence_proposed", "diligence_decided", "diligence_served"]
    assert [word for word in WORDS if word in world.acts()] == []
