"""Producing on request: what the scope covers and no more, prepared by one, released by another."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest

from diligence_world import AT, BOOK, CUSTOMERS, WORDS, World
from principals import GROUP, principal
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import say
from sluicegate.kyc.diligence.file import Document, Method, Outcome
from sluicegate.kyc.diligence.production import Part, Production, State
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.casework.sealed import SealedAbout, open_sealed
from sluicegate.services.diligence import producing
from sluicegate.services.diligence.collecting import Evidence, verify
from sluicegate.services.diligence.producing import (
    FURNISH,
    Request,
    deliver,
    due_day,
    preview,
    productions,
    release,
    request,
    withdraw,
)
from sluicegate.services.diligence.writing import DiligenceRefusedError

SCAN = b"scan of an invented passport"
WANTED = Request(
    requester="Department of Examples",
    ground="letter of 3 June",
    customers=("c-gone",),
    parts=tuple(Part),
    received=date(2026, 6, 20),
    duty=FURNISH,
)


def prepared(world: World, wanted: Request = WANTED, who: str = "analyst") -> Production:
    return request(world.desk(who), wanted, book=BOOK)


def released(world: World, wanted: Request = WANTED) -> str:
    found = prepared(world, wanted)
    release(world.desk("reviewer"), found.production_id, is_approved=True)
    return found.production_id


def files_of(content: bytes) -> Mapping[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def test_the_due_day_is_counted_by_the_rule_or_entered(world: World) -> None:
    assert due_day(BOOK, FURNISH, date(2026, 6, 20)) == date(2026, 6, 30)
    assert prepared(world).asked.due == date(2026, 6, 30)
    entered = replace(WANTED, duty="", due=date(2026, 8, 1))
    assert prepared(world, entered).asked.due == date(2026, 8, 1)
    assert [one.asked.due.month for one in productions(world.desk("auditor"))] == [6, 8]


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (replace(WANTED, duty=""), "Give either"),
        (replace(WANTED, due=date(2026, 8, 1)), "Give either"),
        (replace(WANTED, duty="us.iaas_proposal.report_training"), "no duty that is counted"),
        (replace(WANTED, requester=" "), "a reason is needed"),
        (replace(WANTED, ground=""), "a reason is needed"),
        (replace(WANTED, customers=()), "Name the customers"),
        (replace(WANTED, parts=()), "Name the customers"),
        (replace(WANTED, received=date(2026, 7, 1)), "lies in the future"),
    ],
)
def test_a_request_that_lacks_something_is_refused(world: World, wrong: Request, why: str) -> None:
    with pytest.raises(DiligenceRefusedError, match=why):
        prepared(world, wrong)
    assert productions(world.desk("auditor")) == ()


def test_a_customer_that_is_not_there_is_not_produced(world: World) -> None:
    with pytest.raises(NotFoundError):
        prepared(world, replace(WANTED, customers=("c-gone", "c-nobody")))


def test_nobody_releases_their_own_and_nothing_goes_out_before(world: World) -> None:
    found = prepared(world, who="reviewer")
    for who in ("reviewer", "analyst", "operator", "auditor"):
        with pytest.raises(RefusedError):
            release(world.desk(who), found.production_id, is_approved=True)
    with pytest.raises(DiligenceRefusedError, match="waiting for release"):
        deliver(world.desk("analyst"), found.production_id)
    done = release(world.desk("officer"), found.production_id, is_approved=True)
    assert (done.state, done.asked_by, done.checked_by) == (
        *(State.RELEASED, "user:reviewer"),
        "user:officer",
    )


def test_one_human_being_under_two_names_does_not_release(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = prepared(world, who="operator")

    def refuses(*_: object) -> None:
        raise DiligenceRefusedError(
            "p", say("You proposed this yourself; another person must check it.")
        )

    monkeypatch.setattr(producing, "need_other_person", refuses)
    with pytest.raises(DiligenceRefusedError, match="yourself"):
        release(world.desk("reviewer"), found.production_id, is_approved=True)


def test_the_bundle_holds_what_the_scope_covers_and_nothing_else(world: World) -> None:
    wanted = replace(WANTED, parts=(Part.IDENTITY,))
    held = files_of(deliver(world.desk("analyst"), released(world, wanted)).content)
    assert sorted(held) == ["cover.txt", "identity.csv", "identity.json", "index.json"]
    everything = b"".join(held.values()).decode()
    assert "Idris Vantongeren" in everything
    for other in ("Alder Reach", "Aubrac", "Ostrel", "Sandling", "c-lab"):
        assert other not in everything


def test_the_index_gives_the_digest_of_every_file_and_the_rows_agree(world: World) -> None:
    scan = Evidence("c-gone", Method.DOCUMENTARY, Document.PASSPORT, Outcome.VERIFIED, AT.date())
    verify(world.desk("analyst"), "c-gone", replace(scan, content=SCAN), book=BOOK)
    done = deliver(world.desk("analyst"), released(world))
    held = files_of(done.content)
    index = json.loads(held["index.json"])
    assert {one["name"] for one in index["files"]} == set(held) - {"index.json", "cover.txt"}
    for one in index["files"]:
        assert hashlib.sha256(held[one["name"]]).hexdigest() == one["sha256"]
    assert index["digest"] == done.production.digest
    assert SCAN in held.values()
    rows = json.loads(held["identity.json"])
    table = list(csv.DictReader(io.StringIO(held["identity.csv"].decode())))
    assert [row["name"] for row in rows] == [row["name"] for row in table]
    assert "Department of Examples" in held["cover.txt"].decode()
    assert done.production.digest in held["cover.txt"].decode()


def test_a_cell_that_a_spreadsheet_would_run_is_harmless(world: World) -> None:
    evil = {**CUSTOMERS[0], "customer_id": "c-evil", "name": "=cmd()"}
    world.store.put("customers", [evil], at=AT, by="local:operator")
    wanted = replace(WANTED, customers=("c-evil",), parts=(Part.IDENTITY,))
    held = files_of(deliver(world.desk("analyst"), released(world, wanted)).content)
    (row,) = csv.DictReader(io.StringIO(held["identity.csv"].decode()))
    assert not row["name"].startswith("=")


def test_the_same_production_is_the_same_bytes_and_each_delivery_is_recorded(
    world: World,
) -> None:
    name = released(world)
    first = deliver(world.desk("analyst"), name)
    second = deliver(world.desk("officer"), name)
    assert first.content == second.content
    assert first.production.zip_sha256 == hashlib.sha256(first.content).hexdigest()
    names = [one.name for one in world.store.acts()]
    assert names.count("diligence_delivered") == 2
    assert [word for word in WORDS if word in world.acts()] == []
    chinese = files_of(deliver(world.desk("analyst"), name, Language.ZH).content)
    assert "法律依据" in chinese["cover.txt"].decode()


def test_what_came_later_is_not_in_it_and_what_changed_is_refused(world: World) -> None:
    name = released(world)
    before = deliver(world.desk("analyst"), name).content
    later = world.desk("analyst", AT.replace(hour=18))
    scan = Evidence("c-gone", Method.DOCUMENTARY, Document.PASSPORT, Outcome.VERIFIED, AT.date())
    verify(later, "c-gone", scan, book=BOOK)
    assert deliver(later, name).content == before
    old = {**CUSTOMERS[0], "email": "else@vantongeren.example"}
    world.store.put("customers", [old], at=AT, by="local:operator")
    with pytest.raises(DiligenceRefusedError, match="have changed"):
        deliver(later, name)


def test_a_rejected_or_withdrawn_production_does_not_go_out(world: World) -> None:
    rejected, withdrawn = prepared(world), prepared(world)
    reviewer = world.desk("reviewer")
    with pytest.raises(DiligenceRefusedError, match="a reason is needed"):
        release(reviewer, rejected.production_id, is_approved=False)
    release(reviewer, rejected.production_id, is_approved=False, reason="scope too wide")
    withdraw(world.desk("analyst"), withdrawn.production_id, "asked otherwise")
    for one in (rejected, withdrawn):
        with pytest.raises(DiligenceRefusedError, match="does not allow it"):
            deliver(world.desk("analyst"), one.production_id)
        with pytest.raises(DiligenceRefusedError, match="does not allow it"):
            release(reviewer, one.production_id, is_approved=True)


def test_a_sealed_file_is_never_in_it_not_even_for_a_member_of_its_group(world: World) -> None:
    plain = released(world)
    without = deliver(world.desk("analyst"), plain).content
    member = principal("officer", sealed=[GROUP])
    about = SealedAbout("customer", "c-gone", "c-gone", "c-gone")
    sealed = open_sealed(world.desk(member), about, GROUP, "odd payments")
    assert deliver(world.desk(member), plain).content == without
    found = request(world.desk(member), WANTED, book=BOOK)
    content = b"".join(
        one.content for one in preview(world.desk(member), found.production_id).files
    ).decode()
    assert sealed.case_id not in content
    assert "odd payments" not in content


def test_a_preview_is_an_act_and_not_for_everybody(world: World) -> None:
    found = prepared(world)
    assert preview(world.desk("auditor"), found.production_id).digest == found.digest
    assert [one.name for one in world.store.acts()][-1] == "read"
    with pytest.raises(RefusedError):
        preview(world.desk("viewer"), found.production_id)
    with pytest.raises(NotFoundError):
        preview(world.desk("auditor"), "p-nothing")
