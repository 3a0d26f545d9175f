"""Customers that listed parties own to half or more: by regime, by how certain it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from ownership_graphs import BOOK, edge
from sluicegate.core.identifiers import DEFAULT_TENANT, PartyId
from sluicegate.registry.records import OwnershipEdge
from sluicegate.services.asking import ask_question
from sluicegate.services.assess import Scope, assess
from sluicegate.services.detectors.listed_ownership import RULES, listed_owners
from sluicegate.services.findings import Certainty, Finding
from sluicegate.services.ownership.fifty_percent import Regime
from sluicegate.services.world import ListedOn
from small_worlds import Small, customer

OFAC, BIS = RULES[Regime.OFAC], RULES[Regime.BIS_AFFILIATES]
ENFORCED, SUSPENDED = date(2025, 10, 15), date(2026, 6, 30)


def on(*lists: str, confirmed: bool = True) -> tuple[ListedOn, ...]:
    return (ListedOn(frozenset(lists), confirmed, ("m-1",), ("Presumption of denial",)),)


def findings(
    edges: Sequence[OwnershipEdge],
    as_of: date = SUSPENDED,
    customers: Sequence[str] = ("c-1",),
    **listed: tuple[ListedOn, ...],
) -> dict[str, Finding]:
    small = Small([customer(one, "DE") for one in customers], edges)
    world = replace(
        small.world(as_of), listed={PartyId(name): found for name, found in listed.items()}
    )
    scope = Scope(detectors={"listed_owners": listed_owners})
    found = assess(world, BOOK, tenant=DEFAULT_TENANT, previous={}, scope=scope).findings
    return {one.rule: one for one in found}


@pytest.mark.parametrize(
    ("share", "is_confirmed", "certainty"),
    [
        ("0.5", True, Certainty.CERTAIN),
        ("0.5", False, Certainty.LIKELY),
        ("0.25|0.75", True, Certainty.POSSIBLE),
        ("0.25|0.75", False, Certainty.POSSIBLE),
        ("0.6|0.75", False, Certainty.LIKELY),
    ],
)
def test_how_certain_a_finding_is(share: str, is_confirmed: bool, certainty: Certainty) -> None:
    found = findings([edge("o", "c-1", share)], o=on("sdn", confirmed=is_confirmed))
    assert {rule: one.certainty for rule, one in found.items()} == {OFAC: certainty}


@pytest.mark.parametrize("share", ["0.4999", "0.1|0.4999", None])
def test_below_half_and_with_an_unstated_share_there_is_no_finding(share: str | None) -> None:
    assert findings([edge("o", "c-1", share)], o=on("sdn")) == {}


def test_confirmed_and_unconfirmed_owners_together_are_likely() -> None:
    held = [edge("o", "c-1", "0.3"), edge("p", "c-1", "0.3")]
    found = findings(held, o=on("sdn"), p=on("sdn", confirmed=False))
    assert found[OFAC].certainty is Certainty.LIKELY


def test_each_regime_counts_its_lists_as_written_and_as_enforced() -> None:
    held = [edge("o", "m", "0.6"), edge("m", "c-1", "0.6")]
    then = findings(held, ENFORCED, o=on("sdn_specified"))
    now = findings(held, SUSPENDED, o=on("sdn_specified"))
    assert {rule: one.as_written for rule, one in then.items()} == {OFAC: True, BIS: True}
    assert {rule: one.as_enforced for rule, one in then.items()} == {OFAC: True, BIS: True}
    assert {rule: one.as_written for rule, one in now.items()} == {OFAC: True, BIS: True}
    assert {rule: one.as_enforced for rule, one in now.items()} == {OFAC: True, BIS: False}
    assert set(findings(held, o=on("entity_list"))) == {BIS}
    assert set(findings(held, date(2025, 9, 28), o=on("entity_list"))) == set()


def test_a_customer_that_is_listed_itself_is_no_matter_of_its_owners() -> None:
    held = [edge("o", "c-1", "0.9"), edge("c-1", "c-2", "0.9")]
    small = {"o": on("sdn"), "c-1": on("sdn")}
    world = replace(
        Small([customer("c-1"), customer("c-2")], held).world(),
        listed={PartyId(name): found for name, found in small.items()},
    )
    scope = Scope(detectors={"listed_owners": listed_owners})
    found = assess(world, BOOK, tenant=DEFAULT_TENANT, previous={}, scope=scope).findings
    assert [one.subject.id for one in found] == ["c-2"]


def test_the_stored_facts_give_the_answer_again() -> None:
    held = [edge("o", "c-1", "0.25|0.75"), edge("q", "c-1", "0.25")]
    found = findings(held, o=on("sdn"))[OFAC].as_json()
    asked = ask_question(found["question"], found["facts"], as_of=found["as_of"])
    assert asked.answer_json() == found["answer"]


def test_the_trace_shows_both_methods_every_owner_and_its_matches() -> None:
    held = [edge("o", "m", "0.6"), edge("m", "c-1", "0.6"), edge("x", "c-1", "0.4")]
    found = findings(held, ENFORCED, o=on("entity_list"))[BIS]
    told = "\n".join(found.trace.lines())
    assert "share in aggregate = 60 %" in told
    assert "multiplied share = 36 %" in told
    assert "path = o → m → c-1" in told
    assert "owner that does not count · x = 40 %" in told
    assert "licence policy = Presumption of denial" in told
    assert "match · m-1" in told


def test_under_the_affiliates_rule_the_most_restrictive_owner_is_owed() -> None:
    held = [edge("o", "c-1", "0.3"), edge("p", "c-1", "0.3")]
    small = Small([customer("c-1", "DE")], held).world(ENFORCED)
    listed = {PartyId("o"): on("entity_list"), PartyId("p"): on("meu_list")}
    scope = Scope(detectors={"listed_owners": listed_owners})
    world = replace(small, listed=listed)
    found = assess(world, BOOK, tenant=DEFAULT_TENANT, previous={}, scope=scope)
    assert found.findings[0].answer["lists"] == {"c-1": ["entity_list", "meu_list"]}
    assert ["most restrictive" in one.duty.en for one in found.obligations] == [True]


def test_a_nominee_that_is_listed_owns_nothing_for_itself() -> None:
    held = [edge("n", "c-1", "0.9", role="nominee"), edge("p", "n", role="nominator")]
    assert findings(held, n=on("sdn")) == {}
    assert set(findings(held, p=on("sdn"))) == {OFAC}
