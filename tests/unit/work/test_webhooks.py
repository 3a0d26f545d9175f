"""Events leave the node signed, once each, tried again for days, and never a sealed thing."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.identifiers import FindingId
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.casework.announcing import tell
from sluicegate.services.findings import ChangeKind, FindingChange
from sluicegate.services.ports.addresses import AddressRefusedError
from sluicegate.services.ports.casework import CaseChange
from sluicegate.services.ports.work import Delivery, DeliveryState, EventKind, Webhook
from sluicegate.services.work import webhooks
from sluicegate.services.work.deliveries import (
    JITTER,
    WAITS,
    Answer,
    Endurance,
    Sender,
    deliver_due,
    end_old_secrets,
    wait_after,
)
from sluicegate.services.work.events import Event, SealedEventError, announce, announce_all
from sluicegate.services.work.findings import finding_events
from sluicegate.services.work.signing import secret_bytes, signature
from work_world import START, Outside, PlainBox, World, event, keep, person, world
from work_world import case as a_case

ADMIN = person("adi", "administrator")
NEAR = person("nel", "administrator", jurisdictions=frozenset({"US"}))
URL = "https://hooks.example/in"
_DELIVERY = Delivery(
    "d-1", "w-1", "e-1", EventKind.JOB_DONE, {}, DeliveryState.WAITING, START, START, 1, START
)
OPENED = Event(EventKind.CASE_OPENED, "c-1", "e-1", "US", {"priority": "high"})


@pytest.fixture
def here() -> Iterator[World]:
    with world(ADMIN, NEAR) as made:
        yield made


def subscribe(here: World, who: Any = ADMIN, **more: Any) -> webhooks.Subscribed:
    wanted: dict[str, Any] = {"events": None, "jurisdictions": None, **more}
    check = wanted.pop("check", lambda url: url)
    return webhooks.subscribe(here.desk(who), URL, box=PlainBox(), check=check, **wanted)


def sender(outside: Outside) -> Sender:
    return Sender(outside.post, PlainBox(), "https://node.example/")


def deliver(here: World, outside: Outside) -> int:
    return deliver_due(here.store, sender(outside), here.clock)


def standing(here: World, hook: Webhook) -> list[tuple[str, str, int]]:
    found = here.store.work.deliveries(hook.webhook_id)
    return [(one.kind.value, one.state.value, one.attempts) for one in found]


def test_a_message_is_signed_as_standard_webhooks_asks(here: World) -> None:
    made = subscribe(here)
    announce(here.store, OPENED, at=here.clock.now())
    outside = Outside([Answer(204, 12)])
    assert deliver(here, outside) == 1
    [(url, headers, body)] = outside.posts
    assert url == URL
    assert made.secret.startswith("whsec_")
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    mac = hmac.new(secret_bytes(made.secret), signed, hashlib.sha256).digest()
    assert headers["webhook-signature"] == "v1," + base64.b64encode(mac).decode()
    assert headers["webhook-timestamp"] == str(int(here.clock.now().timestamp()))
    assert json.loads(body) == {
        "type": "case.opened",
        "timestamp": here.clock.now().isoformat(),
        "data": {
            "kind": "case",
            "id": "c-1",
            "jurisdiction": "US",
            "priority": "high",
            "link": "https://node.example/cases/c-1",
        },
    }


def test_the_secret_is_shown_once_and_stands_nowhere_else(here: World) -> None:
    made = subscribe(here)
    raw = secret_bytes(made.secret)
    assert made.webhook.sealed_secret == PlainBox().seal(raw)
    acts = b"".join(act.canonical for act in here.store.acts())
    assert made.secret.encode() not in acts
    assert raw.hex().encode() not in acts
    assert URL.encode() not in acts


def test_an_event_goes_to_who_wants_it_and_once(here: World) -> None:
    every = subscribe(here).webhook
    filed = subscribe(here, events=[EventKind.FILING_FILED]).webhook
    abroad = subscribe(here, jurisdictions=["EU"]).webhook
    for _ in range(2):
        announce(here.store, OPENED, at=here.clock.now())
    announce(here.store, Event(EventKind.JOB_DONE, "j-1", "done"), at=here.clock.now())
    assert [kind for kind, _, _ in standing(here, every)] == ["job.done", "case.opened"]
    assert standing(here, filed) == []
    assert [kind for kind, _, _ in standing(here, abroad)] == ["job.done"]


def test_an_event_is_kept_with_its_change_or_not_at_all(here: World) -> None:
    hook = subscribe(here).webhook

    def fail() -> None:
        with here.store.transaction():
            announce(here.store, OPENED, at=here.clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert standing(here, hook) == []


def test_nothing_sealed_is_ever_announced(here: World) -> None:
    hook = subscribe(here).webhook
    sealed = Event(EventKind.CASE_OPENED, "c-2", "e-2", "US", sealed_for="suspicion")
    with pytest.raises(SealedEventError):
        announce(here.store, OPENED, sealed, at=here.clock.now())
    keep(here.store, a_case("c-2", sealed_for="suspicion"))
    one = a_case("c-2", sealed_for="suspicion")
    tell(here.store, [CaseChange(None, one, (event(one),))], at=here.clock.now())
    assert standing(here, hook) == []


def test_an_event_holds_only_words_of_the_list(here: World) -> None:
    subscribe(here)
    for odd in ({"name": "Ada Quill"}, {"title": "x"}, {"kind": "x"}):
        with pytest.raises(ValueError, match="give only"):
            announce(here.store, Event(EventKind.CASE_OPENED, "c", "e", codes=odd), at=START)


def test_a_failure_is_tried_again_with_growing_waits_and_then_given_up(here: World) -> None:
    hook = subscribe(here).webhook
    announce(here.store, OPENED, at=here.clock.now())
    outside = Outside([Answer(503, 5, "busy")])
    waits, began = [], here.clock.now()
    while (one := here.store.work.deliveries(hook.webhook_id)[0]).state is DeliveryState.WAITING:
        here.clock.instant = max(one.next_at, here.clock.now())
        before = here.clock.now()
        assert deliver(here, outside) == 1
        assert deliver(here, outside) == 0
        waits.append(here.store.work.deliveries(hook.webhook_id)[0].next_at - before)
    assert waits[: len(WAITS)] == sorted(waits[: len(WAITS)])
    assert waits[0] < timedelta(seconds=7)
    assert max(waits) <= WAITS[-1] * (JITTER + 1) / JITTER
    assert Endurance().retry - timedelta(hours=13) < here.clock.now() - began <= Endurance().retry
    tries = here.store.work.attempts(one.delivery_id)
    assert len(tries) == len(waits) == len(outside.posts)
    assert {(t.status, t.answer) for t in tries} == {(503, "busy")}
    assert len({headers["webhook-id"] for _, headers, _ in outside.posts}) == 1
    assert len({body for _, _, body in outside.posts}) == 1


@given(attempt=st.integers(1, 60), name=st.text(min_size=1, max_size=8))
def test_a_wait_is_never_shorter_than_its_step_and_no_fifth_longer(attempt: int, name: str) -> None:
    wait = WAITS[min(attempt, len(WAITS)) - 1]
    one = replace(_DELIVERY, delivery_id=name, attempts=attempt)
    assert wait <= wait_after(one) <= wait * (JITTER + 1) / JITTER


def test_one_that_fails_for_days_is_disabled_with_a_notice_to_who_made_it(here: World) -> None:
    hook = subscribe(here).webhook
    outside = Outside([Answer(None, 5, problem="timeout")])
    for number in range(8):
        wanted = Event(EventKind.CASE_OPENED, "c-1", f"e-{number}")
        announce(here.store, wanted, at=here.clock.now())
        deliver(here, outside)
        here.clock.move(days=1)
    found = here.store.work.webhook(hook.webhook_id)
    assert found is not None
    assert found.disabled_at is not None
    assert found.disabled_at - (found.failing_since or START) == Endurance().disable
    assert "webhook disabled" in [act.name for act in here.store.acts()]
    assert here.store.work.notice_counts() == {"waiting": 1}
    posts = len(outside.posts)
    announce(here.store, Event(EventKind.CASE_OPENED, "c-9", "e-9"), at=here.clock.now())
    deliver(here, outside)
    assert len(outside.posts) == posts
    webhooks.enable_webhook(here.desk(ADMIN), hook.webhook_id)
    outside.answers = [Answer(200, 5)]
    assert webhooks.replay(here.desk(ADMIN), hook.webhook_id, webhooks.Replay()) > 0
    deliver(here, outside)
    assert len(outside.posts) > posts


def test_gone_ends_a_subscription_at_once_and_a_success_forgets_failures(here: World) -> None:
    hook = subscribe(here).webhook
    announce(here.store, OPENED, at=here.clock.now())
    deliver(here, Outside([Answer(500, 1)]))
    assert here.store.work.webhooks()[0].failing_since == here.clock.now()
    here.clock.move(minutes=1)
    deliver(here, Outside([Answer(200, 1)]))
    assert here.store.work.webhooks()[0].failing_since is None
    announce(here.store, Event(EventKind.JOB_DONE, "j", "x"), at=here.clock.now())
    deliver(here, Outside([Answer(410, 1)]))
    assert here.store.work.webhooks()[0].disabled_at == here.clock.now()
    assert standing(here, hook)[0] == ("job.done", "failed", 1)


@pytest.mark.parametrize("status", [204, 500, 410])
def test_one_that_is_removed_while_a_message_is_on_its_way_stays_removed(
    here: World, status: int
) -> None:
    made = subscribe(here)
    hook_id = made.webhook.webhook_id
    here.store.work.set_webhook(replace(made.webhook, failing_since=START))

    def post(url: str, headers: Any, body: bytes) -> Answer:
        webhooks.remove_webhook(here.desk(ADMIN), hook_id)
        return Answer(status, 12)

    announce(here.store, OPENED, at=here.clock.now())
    deliver_due(here.store, Sender(post, PlainBox()), here.clock)
    assert here.store.work.webhook(hook_id) is None


def test_a_removed_one_gets_nothing_more_and_its_log_stays(here: World) -> None:
    hook = subscribe(here).webhook
    announce(here.store, OPENED, at=here.clock.now())
    webhooks.remove_webhook(here.desk(ADMIN), hook.webhook_id)
    outside = Outside([Answer(200, 1)])
    deliver(here, outside)
    assert outside.posts == []
    assert standing(here, hook) == [("case.opened", "failed", 1)]
    assert webhooks.list_webhooks(here.desk(ADMIN)) == ()
    with pytest.raises(NotFoundError):
        webhooks.read_webhook(here.desk(ADMIN), hook.webhook_id)


def test_a_replay_sends_the_same_message_under_the_same_id(here: World) -> None:
    hook = subscribe(here).webhook
    announce(here.store, OPENED, at=here.clock.now())
    outside = Outside([Answer(200, 1)])
    deliver(here, outside)
    [one] = here.store.work.deliveries(hook.webhook_id)
    here.clock.move(days=9)
    again = webhooks.Replay(delivery_id=one.delivery_id)
    assert webhooks.replay(here.desk(ADMIN), hook.webhook_id, again) == 1
    deliver(here, outside)
    (_, first, body), (_, second, body_again) = outside.posts
    assert (first["webhook-id"], body) == (second["webhook-id"], body_again)
    assert first["webhook-timestamp"] != second["webhook-timestamp"]
    since = webhooks.Replay(since=here.clock.now())
    assert webhooks.replay(here.desk(ADMIN), hook.webhook_id, since) == 0
    with pytest.raises(NotFoundError):
        webhooks.replay(here.desk(ADMIN), hook.webhook_id, webhooks.Replay("none"))


def test_a_test_goes_to_one_subscription_alone(here: World) -> None:
    hook, other = subscribe(here, events=[EventKind.JOB_DONE]).webhook, subscribe(here).webhook
    webhooks.send_test(here.desk(ADMIN), hook.webhook_id)
    assert [kind for kind, _, _ in standing(here, hook)] == ["webhook.test"]
    assert standing(here, other) == []


def test_nobody_subscribes_to_places_that_they_do_not_see(here: World) -> None:
    every = subscribe(here).webhook
    near = subscribe(here, NEAR, jurisdictions=["US"]).webhook
    assert [one.webhook_id for one in webhooks.list_webhooks(here.desk(NEAR))] == [near.webhook_id]
    for places in (None, ["US", "EU"], ["EU"]):
        with pytest.raises(RefusedError):
            subscribe(here, NEAR, jurisdictions=places)
    for use in (webhooks.read_webhook, webhooks.remove_webhook, webhooks.list_deliveries):
        with pytest.raises(NotFoundError):
            use(here.desk(NEAR), every.webhook_id)


def test_who_may_not_manage_webhooks_adds_none_and_no_address_is_resolved(here: World) -> None:
    asked: list[str] = []
    for role in ("analyst", "viewer", "auditor"):
        with pytest.raises(RefusedError):
            subscribe(here, person("eve", role), check=asked.append)
    assert asked == []


def test_a_refused_address_leaves_nothing_behind(here: World) -> None:
    def refuse(url: str) -> None:
        raise AddressRefusedError(url)

    with pytest.raises(AddressRefusedError):
        subscribe(here, check=refuse)
    assert here.store.work.webhooks() == ()
    assert list(here.store.acts()) == []


def test_a_pass_tells_of_each_finding_that_is_new_changed_or_gone(here: World) -> None:
    hook = subscribe(here, jurisdictions=["EU"]).webhook
    changes = [
        FindingChange(kind, FindingId(f"f-{kind.value}"), "customer:c-1", rule, "none", "none")
        for kind in ChangeKind
        for rule in ("eu.gpai.systemic", "us.kyc.large")
    ]
    for _ in range(2):
        announce_all(here.store, finding_events(changes, "pass-1"), at=here.clock.now())
    told = here.store.work.deliveries(hook.webhook_id)
    kinds = sorted(one.kind.value for one in told)
    assert kinds == ["finding.changed", "finding.cleared", "finding.new"]
    assert {one.payload["data"]["jurisdiction"] for one in told} == {"EU"}
    assert {one.payload["data"]["subject"] for one in told} == {"customer:c-1"}


def rotated(here: World, hook: Webhook, hours: int = 24) -> webhooks.Subscribed:
    return webhooks.rotate_secret(
        here.desk(ADMIN), hook.webhook_id, box=PlainBox(), keep_old_hours=hours
    )


def signed_with(here: World, *known: webhooks.Subscribed) -> list[int]:
    """Deliver one event; return which secrets its signatures hold for, in their order."""
    announce(here.store, replace(OPENED, occasion=str(here.clock.now())), at=here.clock.now())
    outside = Outside([Answer(200, 1)])
    assert deliver(here, outside) == 1
    [(_, headers, body)] = outside.posts
    name, at = headers["webhook-id"], int(headers["webhook-timestamp"])
    made = [signature(secret_bytes(one.secret), name, at, body) for one in known]
    return [made.index(one) for one in headers["webhook-signature"].split(" ")]


def test_both_secrets_sign_until_the_old_one_ends(here: World) -> None:
    first = subscribe(here)
    second = rotated(here, first.webhook, 48)
    assert second.secret != first.secret
    assert second.webhook.old_secret_until == here.clock.now() + timedelta(hours=48)
    assert signed_with(here, first, second) == [1, 0]
    here.clock.move(hours=47, minutes=59)
    assert signed_with(here, first, second) == [1, 0]
    here.clock.move(minutes=1)
    assert signed_with(here, first, second) == [1]


def test_a_secret_that_others_may_know_ends_at_once_and_of_three_the_oldest_does(
    here: World,
) -> None:
    first = subscribe(here)
    second = rotated(here, first.webhook, 720)
    third = rotated(here, first.webhook)
    assert signed_with(here, first, second, third) == [2, 1]
    here.clock.move(seconds=1)
    fourth = rotated(here, first.webhook, 0)
    assert fourth.webhook.old_secret_until is None
    assert signed_with(here, first, second, third, fourth) == [3]
    with pytest.raises(ValueError, match="from 0 to 720"):
        rotated(here, first.webhook, 721)
    with pytest.raises(ValueError, match="from 0 to 720"):
        rotated(here, first.webhook, -1)


def test_an_old_secret_is_removed_from_the_store_when_it_ends(here: World) -> None:
    made = subscribe(here)
    rotated(here, made.webhook, 1)
    assert end_old_secrets(here.store, now=here.clock.now()) == 0
    here.clock.move(hours=1)
    assert end_old_secrets(here.store, now=here.clock.now()) == 1
    assert end_old_secrets(here.store, now=here.clock.now()) == 0
    [kept] = here.store.work.webhooks()
    assert (kept.sealed_old_secret, kept.old_secret_until) == (None, None)
    names = [act.name for act in here.store.acts()]
    assert names == ["webhook added", "webhook secret rotated", "webhook old secret ended"]


def test_rotating_is_for_who_manages_webhooks_and_no_act_holds_a_secret(here: World) -> None:
    made = subscribe(here)
    second = rotated(here, made.webhook)
    acts = b"".join(act.canonical for act in here.store.acts())
    for one in (made, second):
        assert one.secret.encode() not in acts
        assert secret_bytes(one.secret).hex().encode() not in acts
    for who, error in ((person("eve", "auditor"), RefusedError), (NEAR, NotFoundError)):
        with pytest.raises(error):
            webhooks.rotate_secret(here.desk(who), made.webhook.webhook_id, box=PlainBox())
    webhooks.remove_webhook(here.desk(ADMIN), made.webhook.webhook_id)
    with pytest.raises(NotFoundError):
        rotated(here, made.webhook)


def test_of_two_who_rotate_at_once_neither_loses_the_secret_shown(here: World) -> None:
    made = subscribe(here)

    class Meanwhile(PlainBox):
        """Seals a secret while another person rotates, once."""

        other: webhooks.Subscribed | None = None

        def seal(self, secret: bytes) -> str:
            if self.other is None:
                self.other = made
                self.other = rotated(here, made.webhook)
            return super().seal(secret)

    box = Meanwhile()
    last = webhooks.rotate_secret(here.desk(ADMIN), made.webhook.webhook_id, box=box)
    assert box.other is not None
    assert signed_with(here, made, box.other, last) == [2, 1]
