"""Two providers compare with each other, each on its own node."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from empty_stores import empty_store
from principals import principal
from sluicegate.adapters.exchange.intersection import EcdhIntersection
from sluicegate.adapters.exchange.keys import OfferKeys
from sluicegate.adapters.store import SqlStore
from sluicegate.core.clock import FixedClock
from sluicegate.core.exact import dump_json, load_json
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.services.access.authority import RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.exchange.inputs import Inputs
from sluicegate.services.exchange.messages import Answer, Basis, Offer
from sluicegate.services.exchange.sessions import Exchange, ExchangeRefusedError
from sluicegate.services.ports.exchange import (
    Intersection,
    SessionState,
    UnreadableMessageError,
)
from sluicegate.wiring.access import authority_of

T = 10**25
DAY = date(2026, 3, 31)
NOW = datetime(2026, 4, 1, 10, tzinfo=UTC)
BASIS = Basis("Invented agreement between providers", "Invented Act, section 4")


@dataclass
class Provider:
    """One provider: its store, its keys and what it has to compare."""

    store: SqlStore
    keys: OfferKeys
    name: str
    inputs: Inputs
    partners: tuple[str, ...] = ("Provider A", "Provider B")

    def exchange(self, who: str = "officer", at: datetime = NOW) -> Exchange:
        officer = principal("officer", identifier=f"user:{who}")
        desk = Desk(officer, self.store, authority_of(), FixedClock(at))
        others = tuple(one for one in self.partners if one != self.name)
        return Exchange(desk, self.keys, self.name, others, T)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[[str, dict[str, int]], Provider]]:
    stores: list[SqlStore] = []

    def provider(name: str, compute: dict[str, int]) -> Provider:
        store = empty_store(FixedClock(NOW))
        stores.append(store)
        inputs = Inputs(compute, {party: [f"lei:{party}"] for party in compute})
        return Provider(store, OfferKeys(tmp_path / name), name, inputs)

    yield provider
    for store in stores:
        store.close()


@pytest.fixture
def a(make: Callable[[str, dict[str, int]], Provider]) -> Provider:
    return make("Provider A", {"split": 6 * T // 10, "small": T // 10, "only-a": 9 * T // 10})


@pytest.fixture
def b(make: Callable[[str, dict[str, int]], Provider]) -> Provider:
    return make("Provider B", {"split": 5 * T // 10, "small": T // 10, "only-b": 9 * T // 10})


@pytest.fixture(scope="module")
def psi() -> Intersection:
    return EcdhIntersection()


def sent(message: Offer | Answer) -> Any:
    """Return a message as the other side reads it."""
    return load_json(dump_json(message.document()))


def offered(a: Provider, psi: Intersection) -> tuple[str, Offer]:
    session = a.exchange().propose("Provider B", DAY, BASIS, levels=16, elements=64).session
    return session, a.exchange("second").offer(session, a.inputs, psi)


def answered(b: Provider, offer: Offer, psi: Intersection) -> Answer:
    read = Offer.of(sent(offer))
    b.exchange().receive(read, BASIS)
    return b.exchange("second").answer(read.terms.session, read, b.inputs, psi)


def test_only_who_crosses_together_is_learned(a: Provider, b: Provider, psi: Intersection) -> None:
    session, offer = offered(a, psi)
    answer = Answer.of(sent(answered(b, offer, psi)))
    (joint,) = a.exchange().finish(session, answer, psi)
    assert joint.party == "split"
    assert joint.own == 6 * T // 10
    assert joint.other_low == Fraction(T * 8, 16)
    (kept,) = a.store.exchange.found()
    assert (kept.party, kept.partner, kept.other_low) == ("split", "Provider B", joint.other_low)
    assert a.store.exchange.session(session).state is SessionState.FINISHED  # type: ignore[union-attr]
    assert b.store.exchange.found() == ()
    assert not list((a.keys._folder).iterdir())


def test_messages_hold_no_identifier_and_have_the_agreed_size(
    a: Provider, b: Provider, psi: Intersection
) -> None:
    _, offer = offered(a, psi)
    answer = answered(b, offer, psi)
    text = dump_json(offer.document()) + dump_json(answer.document())
    assert "lei:" not in text
    assert "split" not in text
    assert len(psi.answer(offer.request, [f"pad{n}" for n in range(64)], 64).setup) == len(
        answer.answered.setup
    )


def test_neither_the_kept_key_nor_an_act_names_anybody(a: Provider, psi: Intersection) -> None:
    session, _ = offered(a, psi)
    kept = a.keys.find(DEFAULT_TENANT, session)
    assert kept is not None
    assert b"split" in kept
    assert b"lei:" not in kept
    a.exchange().withdraw(session, "Idris Vantongeren asked for it")
    acts = b"".join(one.canonical for one in a.store.acts())
    assert session.encode() in acts
    assert b"Vantongeren" not in acts


def test_two_people_are_needed_on_either_side(a: Provider, b: Provider, psi: Intersection) -> None:
    session = a.exchange().propose("Provider B", DAY, BASIS, levels=16, elements=64).session
    with pytest.raises(RefusedError):
        a.exchange().offer(session, a.inputs, psi)
    offer = a.exchange("second").offer(session, a.inputs, psi)
    b.exchange().receive(offer, BASIS)
    with pytest.raises(RefusedError):
        b.exchange().answer(session, offer, b.inputs, psi)


def test_a_partner_asks_once_a_day_and_only_a_known_one(a: Provider, psi: Intersection) -> None:
    offered(a, psi)
    with pytest.raises(ExchangeRefusedError, match="one a day is compared"):
        a.exchange().propose("Provider B", DAY, BASIS)
    tomorrow = NOW.replace(day=2)
    assert a.exchange(at=tomorrow).propose("Provider B", DAY, BASIS).version == 1
    with pytest.raises(ExchangeRefusedError, match="is no partner"):
        a.exchange().propose("Provider C", DAY, BASIS)


def test_an_offer_is_answered_once_and_by_whom_it_is_for(
    a: Provider, b: Provider, psi: Intersection
) -> None:
    session, offer = offered(a, psi)
    answered(b, offer, psi)
    with pytest.raises(ExchangeRefusedError, match="was taken in before"):
        b.exchange().receive(offer, BASIS)
    with pytest.raises(ExchangeRefusedError, match="does not wait"):
        b.exchange("second").answer(session, offer, b.inputs, psi)
    with pytest.raises(ExchangeRefusedError, match="is for Provider B"):
        replace(a.exchange(), partners=("Provider A",)).receive(offer, BASIS)
    other = replace(b.exchange(), threshold=2 * T)
    with pytest.raises(ExchangeRefusedError, match="agree on one"):
        other.receive(offer, BASIS)


def test_another_answer_or_one_that_was_changed_is_refused(
    a: Provider, b: Provider, psi: Intersection
) -> None:
    session, offer = offered(a, psi)
    answer = answered(b, offer, psi)
    with pytest.raises(ExchangeRefusedError, match="another offer"):
        a.exchange().finish(session, replace(answer, offer="sha256:0"), psi)
    broken = replace(answer, answered=replace(answer.answered, response=b"\x0a\x02xx"))
    with pytest.raises(UnreadableMessageError):
        a.exchange().finish(session, broken, psi)
    assert len(a.exchange().finish(session, answer, psi)) == 1
    with pytest.raises(ExchangeRefusedError, match="waits for no answer"):
        a.exchange().finish(session, answer, psi)


def test_what_is_withdrawn_forgets_its_key(a: Provider, b: Provider, psi: Intersection) -> None:
    session, offer = offered(a, psi)
    answer = answered(b, offer, psi)
    with pytest.raises(ExchangeRefusedError, match="Say why"):
        a.exchange().withdraw(session, " ")
    a.exchange().withdraw(session, "asked by mistake")
    assert not list((a.keys._folder).iterdir())
    with pytest.raises(ExchangeRefusedError, match="waits for no answer"):
        a.exchange().finish(session, answer, psi)


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        (("legal_basis", "text"), " ", "text"),
        (("legal_basis",), None, "legal_basis"),
        (("terms", "threshold_flop"), "1e25", "threshold_flop"),
        (("terms", "levels"), 17, "digest"),
        (("terms", "levels"), True, "levels"),
        (("terms", "as_of"), "soon", "as_of"),
        (("request",), "not base64!", "request"),
        (("format",), "other", "format"),
        (("kind",), "answer", "kind"),
    ],
)
def test_an_offer_with_a_fault_is_refused_with_its_field(
    a: Provider, psi: Intersection, place: tuple[str, ...], value: object, told: str
) -> None:
    _, offer = offered(a, psi)
    document = sent(offer)
    inner = document
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    with pytest.raises(UnreadableMessageError, match=told):
        Offer.of(document)


def test_a_request_of_another_size_is_refused(a: Provider, b: Provider, psi: Intersection) -> None:
    _, offer = offered(a, psi)
    short = replace(offer, request=psi.ask(["one", "two"]).request)
    read = Offer.of(sent(short))
    b.exchange().receive(read, BASIS)
    with pytest.raises(UnreadableMessageError, match="64 were agreed"):
        b.exchange("second").answer(read.terms.session, read, b.inputs, psi)
