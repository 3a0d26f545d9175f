"""What an outsider sees of a consultation, what stays inside, and what a disposal takes out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from consultation_world import AFTER, ISSUED, LIMIT, World
from sluicegate.core.canonical import digest
from sluicegate.frontier.consultation import Outcome
from sluicegate.frontier.drafts import said
from sluicegate.services.consultation import running
from sluicegate.services.consultation.exporting import FORMAT, publish
from sluicegate.services.consultation.issuing import issue
from sluicegate.services.consultation.showing import read_consultation
from sluicegate.services.consultation.writing import ConsultationError
from sluicegate.services.ports.diligence import Disposal

SECRET = "Our next run takes three months."
ANSWER = "We have noted the three months."


@pytest.fixture(scope="module")
def world() -> World:
    """Return a world for reading: one consultation, issued, with a confidential comment."""
    return World()


@pytest.fixture(scope="module")
def name(world: World) -> str:
    """Return the id of the consultation."""
    one = world.opened()
    world.comment(one, contact="Ada Quill", customer="c-lab")
    world.comment(one, text=SECRET, organisation="Ostrel Optics", is_confidential=True)
    world.comment(one, AFTER, text="Too late, but all the same.")
    desk, key = world.desk(on=AFTER), one.consultation_id
    running.reply(desk, key, "1", Outcome.ACCEPTED, "It is raised.")
    running.reply(desk, key, "2", Outcome.ACCEPTED_IN_PART, ANSWER)
    running.reply(desk, key, "3", Outcome.OUT_OF_SCOPE, "It came late.")
    running.attach(desk, key, "comparison.json", b'{"options": []}')
    running.plan_milestone(desk, key, "Final text", planned=ISSUED)
    now = world.revised(running.close(desk, key), LIMIT, value="2e26")
    assert now.draft.led_by == ("1",)
    issue(world.desk("officer", ISSUED), key)
    return key


@pytest.fixture(scope="module")
def document(world: World, name: str) -> dict[str, Any]:
    """Return what is published."""
    return publish(world.desk("viewer", ISSUED), name).document


def test_an_outsider_sees_drafts_comments_replies_and_the_change(document: dict[str, Any]) -> None:
    assert document["format"] == FORMAT
    assert [one["comment"] for one in document["comment_list"]] == ["1", "3"]
    assert [one["is_late"] for one in document["comment_list"]] == [False, True]
    assert [one["outcome"] for one in document["comment_list"]] == ["accepted", "out_of_scope"]
    assert document["versions"][1]["led_by"] == ["1"]
    assert document["changes"][0]["fields"][0]["name"] == "value"
    assert document["milestones"] == [
        {"name": "Final text", "planned": ISSUED.isoformat(), "reached": None}
    ]
    assert document["attachments"][0]["name"] == "comparison.json"
    assert (document["issued_version"], document["stage"]) == (2, "issued")


def test_what_was_said_in_confidence_is_only_counted(document: dict[str, Any]) -> None:
    assert document["confidential_comments"] == 1
    text = json.dumps(document)
    for word in (SECRET, ANSWER, "Ostrel", "Ada Quill", "c-lab", "user:"):
        assert word not in text


def test_the_digest_of_a_version_can_be_made_again_from_what_is_published(
    world: World, name: str, document: dict[str, Any]
) -> None:
    for held, shown in zip(
        read_consultation(world.desk(), name).drafts, document["versions"], strict=True
    ):
        parts = {part: shown[part] for part in (*said(held), "version")}
        assert digest(parts) == shown["digest"]


def test_a_reader_sees_that_there_is_a_confidential_comment_and_nothing_of_it(
    world: World, name: str
) -> None:
    shown = read_consultation(world.desk("viewer"), name).comment("2")
    assert shown is not None
    assert shown.is_withheld
    assert (shown.text, shown.organisation, shown.party) == ("", "", None)
    assert shown.reply is not None
    assert shown.reply.reasons == ""
    whole = read_consultation(world.desk("analyst"), name).comment("2")
    assert whole is not None
    assert (whole.text, whole.reply and whole.reply.reasons) == (SECRET, ANSWER)


def test_a_draft_is_not_public(world: World) -> None:
    with pytest.raises(ConsultationError, match="never opened"):
        publish(world.desk(), world.drafted().consultation_id)


def test_a_disposal_takes_a_customer_and_its_contact_out_of_its_comments() -> None:
    world = World()
    customer = {
        "source": "crm",
        "customer_id": "c-gone",
        "name": "Idris Vantongeren",
        "customer_kind": "individual",
        "country": "NL",
    }
    at = datetime(2026, 4, 1, 9, tzinfo=UTC)
    world.store.put("customers", [customer], at=at, by="ana")
    one = world.opened()
    told: dict[str, Any] = {
        "organisation": "Idris Vantongeren",
        "customer": "c-gone",
        "contact": "Mirea Sandling",
    }
    world.comment(one, text="Mirea Sandling speaks for Idris Vantongeren.", **told)
    world.comment(one, text="In confidence, from Mirea Sandling.", is_confidential=True, **told)
    world.comment(one, organisation="Idris Vantongeren Yards", text="Another party.")
    disposal = Disposal("x-1", "c-gone", "bank_identity", at, "user:officer")
    with world.store.transaction():
        stones = list(
            world.store.diligence.redact(world.store.diligence.redaction("c-gone"), disposal)
        )
    assert {stone.kept_in for stone in stones} == {
        "consultation_events",
        "consultation_confidential",
    }
    first, second, third = read_consultation(world.desk(), one.consultation_id).comments
    assert first.organisation == second.organisation == "c-gone"
    assert first.contact == second.contact == "[erased]"
    assert first.text == "[erased] speaks for c-gone."
    assert "Sandling" not in second.text
    assert third.organisation == "Idris Vantongeren Yards"
