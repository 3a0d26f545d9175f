"""A consultation from its first draft to its end, and what each step refuses."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from consultation_world import (
    AFTER,
    CLOSES,
    ISSUED,
    LIMIT,
    NOTE,
    OPENS,
    STARTS,
    World,
)
from principals import machine, principal
from sluicegate.frontier.consultation import Outcome, Party, Stage
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.consultation import running
from sluicegate.services.consultation.drafting import Change, draft, revise
from sluicegate.services.consultation.issuing import issue, withdraw
from sluicegate.services.consultation.running import NewPeriod
from sluicegate.services.consultation.showing import (
    list_consultations,
    read_consultation,
    read_difference,
)
from sluicegate.services.consultation.writing import ConsultationError


@pytest.fixture
def world() -> World:
    """Return an empty store with desks over it."""
    return World()


def test_a_threshold_goes_from_draft_to_issued(world: World) -> None:
    one = world.issued()
    assert one.stage is Stage.ISSUED
    assert one.issued is not None
    assert (one.issued.version, one.issued.on, one.issued.first_day) == (1, ISSUED, STARTS)
    assert one.draft.passages[1] == "The compute of a run counts from its first step."
    assert one.draft.terms is not None
    assert one.draft.terms.value == 10**26


def test_a_period_of_days_ends_that_many_days_after_its_first(world: World) -> None:
    one = world.drafted()
    opened = running.open_period(
        world.desk(), one.consultation_id, NewPeriod(date(2026, 1, 31), days=30)
    )
    assert opened.closes == date(2026, 3, 2)
    longer = running.extend_period(
        world.desk(), one.consultation_id, date(2026, 3, 9), "asked for by three parties"
    )
    assert (longer.closes, longer.extended) == (date(2026, 3, 9), (date(2026, 3, 2),))


def test_a_consultation_closes_only_when_its_last_day_is_over(world: World) -> None:
    one = world.opened()
    with pytest.raises(ConsultationError, match="runs until 2026-04-08"):
        running.close(world.desk(on=CLOSES), one.consultation_id)
    closed = running.close(world.desk(on=CLOSES + timedelta(days=1)), one.consultation_id)
    assert closed.stage is Stage.CLOSED


def test_it_does_not_close_while_comments_wait_and_says_which(world: World) -> None:
    one = world.opened()
    for _ in range(3):
        world.comment(one)
    desk = world.desk(on=AFTER)
    running.reply(desk, one.consultation_id, "2", Outcome.DECLINED, "It is as intended.")
    with pytest.raises(ConsultationError, match="1, 3"):
        running.close(desk, one.consultation_id)


def test_a_comment_after_the_last_day_is_kept_as_late(world: World) -> None:
    one = world.opened()
    on_time = world.comment(one, AFTER, received_on=CLOSES)
    late = world.comment(one, AFTER, received_on=CLOSES + timedelta(days=1))
    now = read_consultation(world.desk(), one.consultation_id)
    assert {each.comment_id: each.is_late for each in now.comments} == {on_time: False, late: True}


def test_a_comment_that_comes_after_closing_holds_up_the_issue(world: World) -> None:
    one = world.closed()
    late = world.comment(one, AFTER)
    officer = world.desk("officer", ISSUED)
    with pytest.raises(ConsultationError, match=f"no reply yet: {late}"):
        issue(officer, one.consultation_id)
    running.reply(world.desk(on=AFTER), one.consultation_id, late, Outcome.OUT_OF_SCOPE, "Late.")
    assert issue(officer, one.consultation_id).stage is Stage.ISSUED


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"passage": 4}, "there is no passage 4"),
        ({"version": 2}, "there is no version 2"),
        ({"received_on": OPENS - timedelta(days=1)}, "came before it"),
        ({"received_on": OPENS + timedelta(days=1)}, "after today"),
        ({"text": "  "}, "text is missing"),
        ({"organisation": ""}, "organisation is missing"),
        ({"text": "\0"}, "cannot be kept"),
    ],
)
def test_a_comment_that_cannot_be_is_refused(
    world: World, given: dict[str, Any], said: str
) -> None:
    one = world.opened()
    with pytest.raises(ConsultationError, match=said):
        world.comment(one, **given)
    assert read_consultation(world.desk(), one.consultation_id).comments == ()


def test_nothing_is_commented_on_before_it_is_open_or_once_it_is_issued(world: World) -> None:
    for one, stage in ((world.drafted(), "drafted"), (world.issued(), "issued")):
        with pytest.raises(ConsultationError, match=f"it is {stage}"):
            world.comment(one, ISSUED)


def test_a_new_version_says_what_changed_and_which_comments_led_to_it(world: World) -> None:
    one = world.closed()
    revised = world.revised(one, LIMIT, value="2e26", text=LIMIT.text + "\n\nOne more.")
    assert (revised.draft.version, revised.draft.led_by) == (2, ("1",))
    found = read_difference(world.desk(), one.consultation_id)
    assert [(each.name, each.before, each.after) for each in found.fields] == [
        ("value", str(10**26), str(2 * 10**26))
    ]
    assert [each.side.value for each in found.lines] == ["both", "both", "both", "after"]
    assert found.lines[-1].text == "One more."


@pytest.mark.parametrize(
    ("why", "value", "said"),
    [
        (Change("Nothing."), "1e26", "says the same"),
        (Change("More.", ("9",)), "2e26", "no comment 9"),
        (Change(""), "2e26", "Say what is changed"),
    ],
)
def test_a_version_without_a_change_or_a_ground_is_refused(
    world: World, why: Change, value: str, said: str
) -> None:
    one = world.closed()
    new = replace(LIMIT, value=value)
    with pytest.raises(ConsultationError, match=said):
        revise(world.desk(), world.book, one.consultation_id, new, why)


def test_a_comment_that_was_accepted_and_led_to_nothing_is_told(world: World) -> None:
    one = world.closed()
    desk = world.desk(on=AFTER)
    running.reply(desk, one.consultation_id, "1", Outcome.ACCEPTED_IN_PART, "The value is raised.")
    now = read_consultation(desk, one.consultation_id)
    assert [each.comment_id for each in now.accepted_without_change] == ["1"]
    assert world.revised(now, LIMIT, value="2e26").accepted_without_change == ()


def test_nothing_is_issued_while_it_is_open(world: World) -> None:
    one = world.opened()
    with pytest.raises(ConsultationError, match="it is open"):
        issue(world.desk("officer", ISSUED), one.consultation_id)


def test_who_drafted_any_version_does_not_issue_it(world: World) -> None:
    officer = world.desk("officer")
    one = draft(officer, world.book, LIMIT)
    running.open_period(world.desk(), one.consultation_id, NewPeriod(OPENS, CLOSES))
    with pytest.raises(RefusedError, match="another person"):
        issue(world.desk("officer", ISSUED), one.consultation_id)
    again = replace(LIMIT, value="2e26")
    revise(world.desk(), world.book, one.consultation_id, again, Change("Raised."))
    running.close(world.desk(on=AFTER), one.consultation_id)
    with pytest.raises(ConsultationError, match="another person"):
        issue(world.desk("officer", ISSUED), one.consultation_id)
    second = principal("officer", identifier="user:second-officer")
    assert issue(world.desk(second, ISSUED), one.consultation_id).stage is Stage.ISSUED


def test_the_command_line_and_machines_issue_nothing(world: World) -> None:
    one = world.closed()
    for desk in (world.operator(ISSUED), world.desk(machine("officer"), ISSUED)):
        with pytest.raises(RefusedError, match="signed in"):
            issue(desk, one.consultation_id)
    for role in ("analyst", "reviewer", "viewer", "engineer"):
        with pytest.raises(RefusedError):
            issue(world.desk(role, ISSUED), one.consultation_id)


def test_nothing_is_issued_for_a_day_that_is_past(world: World) -> None:
    one = world.closed()
    with pytest.raises(ConsultationError, match="begins on 2026-07-01, before today"):
        issue(world.desk("officer", STARTS + timedelta(days=1)), one.consultation_id)


def test_what_is_issued_takes_the_place_of_the_one_before(world: World) -> None:
    older = world.issued()
    newer = draft(
        world.desk(),
        world.book,
        replace(LIMIT, value="3e26", starts="2027-01-01"),
        supersedes=older.consultation_id,
    )
    running.open_period(world.desk(), newer.consultation_id, NewPeriod(OPENS, CLOSES))
    running.close(world.desk(on=AFTER), newer.consultation_id)
    issue(world.desk("officer", STARTS), newer.consultation_id)
    now = read_consultation(world.desk(), older.consultation_id)
    assert (now.stage, now.ended_on, now.ended_by) == (
        Stage.SUPERSEDED,
        date(2027, 1, 1),
        newer.consultation_id,
    )


def test_only_what_is_issued_can_be_superseded(world: World) -> None:
    open_one = world.opened()
    with pytest.raises(ConsultationError, match="not an issued threshold"):
        draft(world.desk(), world.book, LIMIT, supersedes=open_one.consultation_id)


def test_a_draft_is_withdrawn_by_who_drafts_and_the_rest_by_who_issues(world: World) -> None:
    drafted, opened = world.drafted(), world.opened()
    gone = withdraw(world.desk(), drafted.consultation_id, "drawn up twice")
    assert gone.stage is Stage.WITHDRAWN
    with pytest.raises(RefusedError):
        withdraw(world.desk(), opened.consultation_id, "no longer wanted")
    with pytest.raises(ConsultationError, match="reason is missing"):
        withdraw(world.desk("officer"), opened.consultation_id, " ")
    ended = withdraw(world.desk("officer"), opened.consultation_id, "no longer wanted")
    assert ended.why_ended == "no longer wanted"
    with pytest.raises(ConsultationError, match="it is withdrawn"):
        withdraw(world.desk("officer"), opened.consultation_id, "again")


def test_the_roadmap_keeps_what_was_planned_and_what_was_reached(world: World) -> None:
    one = world.drafted()
    name, desk = "Final text", world.desk(on=AFTER)
    running.plan_milestone(desk, one.consultation_id, name, planned=date(2026, 6, 1))
    running.plan_milestone(desk, one.consultation_id, name, planned=date(2026, 6, 15))
    now = running.plan_milestone(desk, one.consultation_id, name, reached=AFTER)
    (only,) = now.milestones
    assert (only.planned, only.reached) == (date(2026, 6, 15), AFTER)
    with pytest.raises(ConsultationError, match="lies ahead"):
        running.plan_milestone(desk, one.consultation_id, name, reached=STARTS)


def test_a_document_is_kept_by_its_digest(world: World) -> None:
    one = world.drafted()
    content = json.dumps({"options": []}).encode()
    now = running.attach(world.desk(), one.consultation_id, "lab/comparison.json", content)
    (kept,) = now.attachments
    assert (kept.name, kept.size) == ("comparison.json", len(content))
    found = running.attachment(world.desk("viewer"), one.consultation_id, kept.digest)
    assert found.content == content
    with pytest.raises(NotFoundError):
        running.attachment(world.desk(), one.consultation_id, "0" * 64)
    with pytest.raises(ConsultationError, match="attached already"):
        running.attach(world.desk(), one.consultation_id, "again.json", content)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"rule": "eu.ai_act"}, "no id of a rule of one's own"),
        ({"comparator": "about"}, "greater_than"),
        ({"value": "many"}, "no figure"),
        ({"value": "-1"}, "not negative"),
        ({"unit": "FLOPS"}, "unit"),
        ({"measure": ""}, "or neither"),
        ({"applies_to": "planet"}, "customer"),
        ({"review_months": "0"}, "number of months"),
        ({"starts": "soon"}, "no day"),
        ({"title": ""}, "title is missing"),
        ({"text": "\n \n"}, "text is missing"),
        ({"subject": "tax"}, "guidance"),
        ({"is_binding": "perhaps"}, "yes, no"),
    ],
)
def test_a_draft_that_no_rule_file_could_hold_is_refused(
    world: World, changed: dict[str, str], said: str
) -> None:
    with pytest.raises(ConsultationError, match=said):
        world.drafted(LIMIT, **changed)
    assert list_consultations(world.desk()) == ()


@pytest.mark.parametrize("explains", [(), ("eu.no_such_text",)])
def test_a_note_names_what_it_explains(world: World, explains: tuple[str, ...]) -> None:
    with pytest.raises(ConsultationError):
        world.drafted(NOTE, explains=explains)


def test_who_may_only_read_drafts_nothing(world: World) -> None:
    with pytest.raises(RefusedError):
        draft(world.desk("viewer"), world.book, LIMIT)
    with pytest.raises(RefusedError):
        list_consultations(world.desk("engineer"))
    with pytest.raises(NotFoundError):
        read_consultation(world.desk("viewer"), "cn-none")


def test_an_act_tells_ids_and_digests_and_no_word_of_what_was_said(world: World) -> None:
    one = world.opened()
    world.comment(one, organisation="Quillon Yards", text="Too low by half.", contact="Ada Quill")
    world.comment(one, text="Between us only.", is_confidential=True)
    desk = world.desk(on=AFTER)
    for name in ("1", "2"):
        running.reply(desk, one.consultation_id, name, Outcome.DECLINED, "Because of section two.")
    said = "".join(act.canonical.decode() for act in world.store.acts())
    assert one.consultation_id in said
    assert said.count('"name":"consultation.commented"') == 2
    for word in ("Quillon", "Too low", "Quill", "Between us", "section two", "Alder Reach"):
        assert word not in said


def test_every_party_and_outcome_can_be_entered(world: World) -> None:
    one = world.opened()
    for party in Party:
        world.comment(one, party=party)
    for number, outcome in enumerate(Outcome, start=1):
        running.reply(world.desk(), one.consultation_id, str(number), outcome, "Reasons.")
    now = read_consultation(world.desk(), one.consultation_id)
    assert [each.party for each in now.comments] == list(Party)
    assert [each.reply.outcome for each in now.comments if each.reply] == list(Outcome)
