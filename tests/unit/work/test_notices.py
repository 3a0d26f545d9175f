"""People hear what they asked for, in their language, and nothing that they may not know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from sluicegate.cases.case import Case, DecisionKind, Proposal, State
from sluicegate.core.phrases import Language
from sluicegate.services.access.principals import Principal, Scope
from sluicegate.services.ports.casework import CaseChange
from sluicegate.services.ports.work import (
    EventKind,
    NewNotice,
    NoticeKind,
    NoticeState,
    Webhook,
    Wishes,
)
from sluicegate.services.work import webhooks
from sluicegate.services.work.due import StoreDue
from sluicegate.services.work.mail import SUBJECTS, Mail, MailError
from sluicegate.services.work.notices import (
    WAITS,
    Post,
    announce_due,
    choose,
    my_wishes,
    notify,
    remind,
    send_digests,
    send_due_notices,
)
from sluicegate.services.work.telling import tell_people
from work_world import AUTHORITY, START, Outside, PlainBox, World, case, event, keep, person, world

ANA = person("ana", "analyst")
BEN = person("ben", "analyst")
EVE = person("eve", "reviewer", jurisdictions=frozenset({"EU"}))
RAY = person("ray", "reviewer", sealed_groups=frozenset({"suspicion"}))
TODAY = START.date()
EVERY = frozenset(NoticeKind)


@pytest.fixture
def here() -> Iterator[World]:
    with world(ANA, BEN, EVE, RAY) as made:
        yield made


def wish(here: World, who: Principal, **more: Any) -> None:
    values: dict[str, Any] = {"kinds": EVERY, "address": f"{who.name}@mail.example", **more}
    choose(here.desk(who), Wishes(who.id, **values))


def post_of(here: World, outside: Outside) -> Post:
    return Post(outside.mail, here.people, AUTHORITY, "https://node.example")


def sent(here: World) -> list[Mail]:
    outside = Outside()
    send_due_notices(here.store, post_of(here, outside), here.clock)
    return outside.mails


def changed(before: Case | None, after: Case, by: Principal = BEN) -> CaseChange:
    return CaseChange(before, after, (event(after, after.version, by.id),))


def tell(here: World, *changes: CaseChange) -> list[Mail]:
    tell_people(here.store, changes, at=here.clock.now())
    return sent(here)


def test_nobody_is_told_anything_until_they_ask_for_it(here: World) -> None:
    one = case("c-1", assignee=ANA.id)
    keep(here.store, one)
    assert tell(here, changed(None, one)) == []
    wish(here, ANA, kinds=frozenset({NoticeKind.CHECKED}))
    assert tell(here, changed(None, replace(one, version=2))) == []


def test_who_is_given_a_case_is_told_with_a_link_and_no_name(here: World) -> None:
    wish(here, ANA)
    one = case("c-1", assignee=ANA.id)
    keep(here.store, one)
    [mail] = tell(here, changed(None, one))
    assert (mail.to, mail.subject) == ("ana@mail.example", "A case was assigned to you")
    assert "https://node.example/cases/c-1" in mail.text
    for personal in ("Tern Hollow", "c-shell-1", "ben", "customer"):
        assert personal not in mail.text + mail.subject
    assert sent(here) == []


def test_nobody_is_told_of_what_they_did_themselves(here: World) -> None:
    wish(here, ANA)
    one = case("c-1", assignee=ANA.id)
    keep(here.store, one)
    assert tell(here, changed(None, one, by=ANA)) == []


def test_an_escalation_and_a_check_are_told(here: World) -> None:
    wish(here, ANA)
    wish(here, RAY)
    proposal = Proposal("p-1", DecisionKind.CONFIRM, "clear", ANA.id, START)
    plain = case("c-1")
    up = replace(plain, escalated_to=RAY.id, version=2)
    proposed = replace(up, proposals=(proposal,), state=State.PENDING, version=3)
    keep(here.store, proposed)
    assert [m.subject for m in tell(here, changed(plain, up))] == ["A case was escalated to you"]
    [mail] = tell(here, changed(up, proposed, by=ANA))
    assert (mail.to, mail.subject) == ("ray@mail.example", "A proposal waits for your check")
    [mail] = tell(here, changed(proposed, replace(up, version=4), by=RAY))
    assert (mail.to, mail.subject) == ("ana@mail.example", "Your proposal was checked")


def test_who_may_not_check_is_not_told_that_a_check_waits(here: World) -> None:
    for who in (ANA, BEN, EVE):
        wish(here, who)
    proposal = Proposal("p-1", DecisionKind.CONFIRM, "clear", ANA.id, START)
    one = case("c-1", proposals=(proposal,), state=State.PENDING)
    keep(here.store, one)
    assert tell(here, changed(case("c-1"), one, by=ANA)) == []


def test_a_sealed_case_is_told_to_its_group_alone_and_never_by_its_id(here: World) -> None:
    wish(here, ANA)
    wish(here, RAY)
    for to, count in ((ANA, 0), (RAY, 1)):
        one = case(f"c-{to.name}", assignee=to.id, sealed_for="suspicion")
        keep(here.store, one)
        mails = tell(here, changed(None, one))
        assert len(mails) == count
        for mail in mails:
            assert one.case_id not in mail.text
            assert "/cases" not in mail.text
    assert here.store.work.notice_counts() == {}


def test_a_case_outside_ones_places_or_a_closed_account_gets_no_mail(here: World) -> None:
    wish(here, EVE)
    wish(here, ANA)
    keep(here.store, case("c-1"))
    for who in (EVE, ANA):
        notify(
            here.store, NewNotice(who.id, NoticeKind.ESCALATED, "c-1", who.id), at=here.clock.now()
        )
    here.people.known.pop(ANA.id)
    assert sent(here) == []
    assert here.store.work.notice_counts() == {"dropped": 2}


def test_a_person_reads_in_their_language(here: World) -> None:
    wish(here, ANA)
    here.people.languages[ANA.id] = Language.ZH
    one = case("c-1", assignee=ANA.id)
    keep(here.store, one)
    [mail] = tell(here, changed(None, one))
    assert mail.subject == "一个案件已分配给您"
    assert "在此打开" in mail.text


def test_every_kind_has_a_subject_in_both_languages() -> None:
    assert set(SUBJECTS) == set(NoticeKind)
    for one in SUBJECTS.values():
        assert one.text(Language.ZH) != one.text(Language.EN)


@pytest.mark.parametrize(("is_final", "tries"), [(True, 1), (False, len(WAITS) + 1)])
def test_a_mail_that_is_not_taken_is_tried_again_unless_that_is_in_vain(
    here: World, is_final: bool, tries: int
) -> None:
    wish(here, ANA)
    keep(here.store, case("c-1"))
    notify(here.store, NewNotice(ANA.id, NoticeKind.ESCALATED, "c-1", "k"), at=here.clock.now())
    tried = []

    def refuse(mail: Mail) -> None:
        tried.append(mail)
        raise MailError("mail server: refused", is_final=is_final)

    post = Post(refuse, here.people, AUTHORITY)
    for _ in range(20):
        send_due_notices(here.store, post, here.clock)
        here.clock.move(hours=9)
    assert len(tried) == tries
    assert here.store.work.notice_counts() == {NoticeState.FAILED.value: 1}


def test_without_a_mail_server_notices_are_dropped(here: World) -> None:
    wish(here, ANA)
    keep(here.store, case("c-1"))
    notify(here.store, NewNotice(ANA.id, NoticeKind.ESCALATED, "c-1", "k"), at=here.clock.now())
    send_due_notices(here.store, Post(None, here.people, AUTHORITY), here.clock)
    assert here.store.work.notice_counts() == {"dropped": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"address": "no address"},
        {"address": "a@b.example, c@d.example"},
        {"address": "a@b.example\nBcc: x@y.example"},
        {"address": ""},
        {"days_ahead": -1},
        {"days_ahead": 1000},
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(here: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="give"):
        wish(here, ANA, **wrong)
    assert my_wishes(here.desk(ANA)) == Wishes(ANA.id)


def test_one_chooses_for_oneself_alone_and_the_address_enters_no_act(here: World) -> None:
    choose(here.desk(ANA), Wishes(BEN.id, EVERY, "ana@mail.example"))
    assert my_wishes(here.desk(BEN)) == Wishes(BEN.id)
    assert my_wishes(here.desk(ANA)).address == "ana@mail.example"
    assert all(b"mail.example" not in act.canonical for act in here.store.acts())


def due(here: World) -> StoreDue:
    return StoreDue(here.store, here.clock)


def test_due_days_are_told_once_to_whose_case_it_is(here: World) -> None:
    wish(here, ANA, days_ahead=3)
    wish(here, BEN, days_ahead=30)
    near, far = TODAY + timedelta(days=3), TODAY + timedelta(days=4)
    keep(
        here.store,
        case("c-1", near, assignee=ANA.id),
        case("c-2", far, assignee=ANA.id),
        case("c-3", near),
        case("c-4", near, assignee=ANA.id, state=State.CLOSED),
    )
    for _ in range(2):
        remind(here.store, here.people, due(here), now=here.clock.now())
    [mail] = sent(here)
    assert "/cases/c-1" in mail.text
    here.clock.move(days=1)
    remind(here.store, here.people, due(here), now=here.clock.now())
    assert ["/cases/c-2" in mail.text for mail in sent(here)] == [True]


def test_webhooks_are_told_of_due_days_but_of_no_sealed_one(here: World) -> None:
    hook = webhooks.subscribe(
        here.desk(person("adi", "administrator")),
        "https://hooks.example/in",
        events=None,
        jurisdictions=None,
        box=PlainBox(),
        check=str,
    ).webhook
    near = TODAY + timedelta(days=2)
    keep(here.store, case("c-1", near), case("c-2", near, sealed_for="suspicion"))
    every = Scope(ANA.tenant, None, frozenset({"suspicion"}))
    for _ in range(2):
        announce_due(here.store, due(here), every, now=here.clock.now())
    [one] = here.store.work.deliveries(hook.webhook_id)
    assert (one.kind, one.payload["data"]["id"]) == (EventKind.CASE_DUE_SOON, "c-1")
    assert one.payload["data"]["due"] == near.isoformat()


@pytest.mark.parametrize(("days_ahead", "told"), [(0, 0), (9, 0), (10, 1), (60, 1)])
def test_webhooks_are_told_as_many_days_ahead_as_is_set(
    here: World, days_ahead: int, told: int
) -> None:
    keep(here.store, case("c-1", TODAY + timedelta(days=10)))
    hook = Webhook("w-1", "https://hooks.example/in", None, None, "sealed", "user:adi", START)
    here.store.work.add_webhook(hook)
    now, every = here.clock.now(), Scope(ANA.tenant)
    announce_due(here.store, due(here), every, now=now, days_ahead=days_ahead)
    assert len(here.store.work.deliveries("w-1")) == told


def test_a_daily_mail_lists_due_days_without_sealed_cases_and_comes_once_a_day(
    here: World,
) -> None:
    wish(here, RAY, digest=True)
    wish(here, ANA, digest=True)
    keep(
        here.store,
        case("c-1", TODAY + timedelta(days=2), assignee=RAY.id),
        case("c-2", TODAY - timedelta(days=2), assignee=RAY.id),
        case("c-3", TODAY, assignee=RAY.id, sealed_for="suspicion"),
        case("c-4", date(2026, 12, 1), assignee=RAY.id),
    )
    outside = Outside()
    for _ in range(3):
        send_digests(here.store, post_of(here, outside), due(here), now=here.clock.now())
    [mail] = outside.mails
    assert (mail.to, mail.subject) == ("ray@mail.example", "Due days that come near: 2")
    assert mail.text.index("c-2") < mail.text.index("c-1")
    assert "c-3" not in mail.text
    assert "c-4" not in mail.text
    here.clock.move(hours=15)
    send_digests(here.store, post_of(here, outside), due(here), now=here.clock.now())
    assert len(outside.mails) == 1
    here.clock.move(hours=6)
    send_digests(here.store, post_of(here, outside), due(here), now=here.clock.now())
    assert len(outside.mails) == 2
