"""Disposing: refused under a hold or before the date, and proved afterwards."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from diligence_world import AT, BOOK, CLOSED, CUSTOMERS, LAST, WORDS, World, small_world
from principals import GROUP, principal
from sluicegate.cases.case import DecisionKind
from sluicegate.cases.commands import Propose
from sluicegate.kyc.diligence.events import About
from sluicegate.kyc.diligence.file import Decision, Document, Ground, Method, Outcome
from sluicegate.kyc.diligence.items import Item
from sluicegate.kyc.diligence.retention import Hold, Records
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.principals import Scope
from sluicegate.services.casework.acting import act
from sluicegate.services.casework.files import attach
from sluicegate.services.casework.opening import NewCase, open_case
from sluicegate.services.casework.sealed import SealedAbout, open_sealed
from sluicegate.services.diligence import disposing
from sluicegate.services.diligence.collecting import Evidence, collect, verify
from sluicegate.services.diligence.deciding import check, decide
from sluicegate.services.diligence.disposing import Disposed, dispose, plan, proof
from sluicegate.services.diligence.holding import add_hold, holds, release_hold
from sluicegate.services.diligence.retaining import retention
from sluicegate.services.diligence.writing import DiligenceRefusedError

GONE = "c-gone"
AFTER = LAST + timedelta(days=1)
SCAN = b"scan of an invented passport of Idris Vantongeren"


def disposed(world: World, on: date = AFTER, who: str = "officer") -> Disposed:
    return dispose(world.desk(who, on), world.parts, GONE, "time is over")


def hold(world: World, customer: str = GONE) -> Hold:
    return add_hold(world.desk("officer"), "M-17", "order of 3 June", customers=[customer])


def refused(world: World, on: date, why: str, who: str = "officer") -> None:
    with pytest.raises(DiligenceRefusedError, match=why):
        disposed(world, on, who)
    assert world.store.diligence.tombstones(GONE) == ()


def manual_case(world: World) -> str:
    new = NewCase(title="Odd invoices", reason="a call", customer_id=GONE, subject_name=GONE)
    return open_case(world.desk("officer"), new).case_id


def close_case(world: World, case_id: str) -> None:
    act(world.desk("officer"), case_id, Propose(DecisionKind.CLOSE, "done"))


@pytest.mark.parametrize("on", [CLOSED, LAST - timedelta(days=1), LAST])
def test_nothing_goes_before_the_day_after_the_last(world: World, on: date) -> None:
    refused(world, on, "kept until 2025-01-31")


def test_the_longer_of_the_rules_counts(world: World) -> None:
    (kept,) = retention(world.desk("auditor"), world.parts, GONE)
    assert kept.kept.rules == {"iaas_proposal": date(2022, 1, 31), "bank_identity": LAST}
    assert kept.kept.keep_until == LAST


def test_a_closing_day_that_nobody_knows_keeps_the_records(world: World) -> None:
    for customer_id in ("c-lab", "c-new"):
        desk = world.desk("officer", date(2090, 1, 1))
        with pytest.raises(DiligenceRefusedError, match="no last day is known"):
            dispose(desk, world.parts, customer_id, "time is over")


def test_a_hold_keeps_the_records_until_it_is_released(world: World) -> None:
    one = hold(world)
    refused(world, AFTER, "M-17")
    with pytest.raises(RefusedError):
        release_hold(world.desk("reviewer"), one.hold_id, "over")
    with pytest.raises(DiligenceRefusedError, match="a reason is needed"):
        release_hold(world.desk("officer"), one.hold_id, " ")
    release_hold(world.desk("officer"), one.hold_id, "matter ended")
    with pytest.raises(DiligenceRefusedError, match="released already"):
        release_hold(world.desk("officer"), one.hold_id, "again")
    assert disposed(world).tombstones
    assert [one.released_by for one in holds(world.desk("auditor"))] == ["user:officer"]


def test_a_hold_on_another_customer_or_other_records_keeps_nothing_here(world: World) -> None:
    hold(world, "c-lab")
    desk = world.desk("officer")
    add_hold(desk, "M-18", "order", customers=[GONE], records=[Records.VERIFICATION])
    assert disposed(world).tombstones


def test_a_hold_on_everybody_keeps_everything(world: World) -> None:
    add_hold(world.desk("officer"), "M-19", "order")
    refused(world, AFTER, "M-19")


@pytest.mark.parametrize("who", ["analyst", "reviewer", "auditor", "viewer"])
def test_only_officers_hold_and_dispose(world: World, who: str) -> None:
    with pytest.raises(RefusedError):
        disposed(world, AFTER, who)
    with pytest.raises(RefusedError):
        add_hold(world.desk(who), "M-20", "order")


def test_an_open_case_keeps_the_records_and_files_of_closed_ones_go(world: World) -> None:
    case_id = manual_case(world)
    attach(world.desk("officer"), case_id, "scan.pdf", "application/pdf", SCAN)
    refused(world, AFTER, "case about the customer is not closed")
    close_case(world, case_id)
    assert disposed(world).files == 1
    (file,) = _attachments(world, case_id)
    assert file is None
    assert proof(world.desk("auditor"), GONE).mentions.by_table["cases"] == 1


def _attachments(world: World, case_id: str) -> list[bytes | None]:
    scope = Scope(world.desk().principal.tenant, None, frozenset({GROUP}))
    case = world.store.cases.find(case_id, scope)
    assert case is not None
    return [
        world.store.cases.attachment(case_id, one.attachment_id, scope) for one in case.attachments
    ]


def test_a_sealed_file_is_not_touched_and_not_told(world: World) -> None:
    member = principal("officer", sealed=[GROUP])
    about = SealedAbout("customer", GONE, GONE, GONE)
    sealed = open_sealed(world.desk(member), about, GROUP, "odd payments")
    attach(world.desk(member), sealed.case_id, "note.txt", "text/plain", b"sealed words")
    done = disposed(world)
    assert (done.files, "cases" in done.mentions.by_table) == (0, False)
    assert _attachments(world, sealed.case_id) == [b"sealed words"]
    said = json.dumps(dict(done.event.data)) + str(proof(world.desk("auditor"), GONE))
    assert sealed.case_id not in said


def test_after_a_disposal_nothing_personal_is_left_and_every_digest_matches(world: World) -> None:
    desk = world.desk("analyst", CLOSED)
    collect(desk, GONE, Item.ADDRESS, "9 Lindenkade", "says Zephyrine Vantongeren")
    scan = Evidence(GONE, Method.DOCUMENTARY, Document.PASSPORT, Outcome.VERIFIED, CLOSED)
    verify(desk, GONE, replace(scan, content=SCAN), book=BOOK)
    before = world.store.diligence.events(About.CUSTOMER, GONE)
    done = disposed(world)
    assert sorted({one.kept_in for one in done.tombstones}) == [
        "customers",
        "diligence_events",
        "ownership",
    ]
    found = proof(world.desk("auditor"), GONE)
    assert (found.holds, found.faults, found.stated_again) == (True, (), ())
    assert (found.disposals, found.tombstones) == (1, len(done.tombstones))
    after = world.store.diligence.events(About.CUSTOMER, GONE)
    assert [one.digest for one in after[: len(before)]] == [one.digest for one in before]
    assert done.event.data["manifest"] in json.dumps([dict(one.data) for one in after])


def test_what_was_disposed_of_is_in_no_file_of_the_node(tmp_path: Path) -> None:
    with small_world(tmp_path) as world:
        for one in ("c-lab", GONE):
            desk = world.desk("analyst", CLOSED)
            collect(desk, one, Item.TELEPHONE, "+31 20 555 0107", "says Zephyrine")
        assert _left(tmp_path) == set(WORDS)
        disposed(world)
        assert _left(tmp_path) == {"Aubrac", "555 0107", "Zephyrine"}


def _left(folder: Path) -> set[str]:
    content = b"".join(path.read_bytes() for path in folder.iterdir())
    return {word for word in WORDS if word.encode() in content}


def test_the_act_holds_the_digest_of_the_disposal_and_no_name(world: World) -> None:
    done = disposed(world)
    acts = [one for one in world.store.acts() if one.name == "diligence_disposed"]
    record = json.loads(acts[0].canonical)["record"]
    assert (len(acts), record["digest"]) == (1, done.event.digest)
    assert [word for word in WORDS if word in world.acts()] == []


def test_a_proof_sees_what_was_written_again_and_what_does_not_match(world: World) -> None:
    assert not proof(world.desk("auditor"), GONE).holds
    done = disposed(world)
    again = {**CUSTOMERS[0], "email": "back@vantongeren.example"}
    world.store.put("customers", [again], at=AT, by="local:operator")
    found = proof(world.desk("auditor"), GONE)
    assert found.holds
    assert [one.kept_in for one in found.stated_again] == ["customers"]
    stone = done.tombstones[0]
    other = replace(stone, disposal_id="x-other")
    assert disposing._manifest([other]) == disposing._manifest([stone])
    assert disposing._manifest([replace(stone, digest="0")]) != disposing._manifest([stone])
    assert disposing._manifest(done.tombstones[1:]) != done.event.data["manifest"]


def test_a_disposal_that_fails_half_way_keeps_everything(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise LookupError

    monkeypatch.setattr(disposing, "write", fails)
    with pytest.raises(LookupError):
        disposed(world)
    assert world.store.diligence.tombstones(GONE) == ()
    assert world.store.diligence.erasable(GONE, tuple(Records))


def test_a_second_disposal_has_nothing_to_erase(world: World) -> None:
    disposed(world)
    with pytest.raises(DiligenceRefusedError, match="Nothing is left"):
        disposed(world)


def test_records_of_verification_have_days_of_their_own(world: World) -> None:
    made = AFTER - timedelta(days=30)
    scan = Evidence(GONE, Method.DOCUMENTARY, Document.PASSPORT, Outcome.VERIFIED, made)
    verify(world.desk("analyst", made), GONE, replace(scan, content=SCAN), book=BOOK)
    refused(world, AFTER, "records of verification: kept until 2030-01-02")
    done = dispose(
        world.desk("officer", AFTER), world.parts, GONE, "time is over", [Records.IDENTITY]
    )
    assert {one.kept_in for one in done.tombstones} == {"customers", "ownership"}
    plans = plan(world.desk("officer", date(2030, 1, 3)), world.parts, GONE)
    assert [(one.retained.kept.records, one.is_due) for one in plans] == [
        (Records.IDENTITY, False),
        (Records.VERIFICATION, True),
    ]


def test_an_account_that_was_opened_again_is_not_closed(world: World) -> None:
    for decision in (Decision.CLOSE, Decision.REOPEN):
        desk = world.desk("analyst", date(2021, 1, 1))
        waits = decide(desk, GONE, decision, Ground.OTHER, "letter", book=BOOK).waits
        assert waits is not None
        check(world.desk("reviewer", date(2021, 1, 1)), GONE, waits.proposal_id, is_approved=True)
    refused(world, date(2090, 1, 1), "no last day is known")


def test_an_applicant_who_was_refused_counts_from_the_refusal(world: World) -> None:
    desk = world.desk("analyst")
    waits = decide(desk, "c-new", Decision.REFUSE, Ground.OTHER, "letter", book=BOOK).waits
    assert waits is not None
    check(world.desk("reviewer"), "c-new", waits.proposal_id, is_approved=True)
    (kept,) = retention(world.desk("auditor"), world.parts, "c-new")
    assert kept.kept.keep_until == date(2031, 6, 30)


def test_a_plan_of_all_lists_those_that_are_closed_and_changes_nothing(world: World) -> None:
    plans = plan(world.desk("officer", AFTER), world.parts)
    assert [(one.retained.customer_id, one.is_due) for one in plans] == [(GONE, True)]
    assert world.store.diligence.tombstones(GONE) == ()
    with pytest.raises(NotFoundError):
        plan(world.desk("officer"), world.parts, "c-nobody")
    with pytest.raises(RefusedError):
        plan(world.desk("auditor"), world.parts)
