"""What stands above a party, read alone, gives the figures of the whole registry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from kyc_console import NAMES, VEILED, kyc_node
from ownership_graphs import WORKED_LISTED
from sluicegate.core.identifiers import PartyId
from sluicegate.services.dossiers.ownership import held_by, standpoint_above
from sluicegate.services.ownership.fifty_percent import Regime
from sluicegate.services.ownership.methods import both_methods
from sluicegate.services.ownership.showing import Standpoint, owners_of
from sluicegate.wiring import OpenNode, opened
from tiny_world import AS_OF, AT, CLOCK


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenNode]:
    folder: Path = kyc_node(tmp_path_factory.mktemp("above") / "node")
    with opened(folder, clock=CLOCK) as one:
        yield one


@pytest.mark.parametrize("known_on", [None, AT], ids=["now", "as known before"])
@pytest.mark.parametrize("party", [*NAMES, VEILED, "c-shell-1", "p-front"])
def test_a_party_read_alone_has_the_figures_of_the_whole(
    node: OpenNode, party: str, known_on: datetime | None
) -> None:
    one = PartyId(party)
    whole = Standpoint.of(node.store, node.book, AS_OF, known_on)
    alone = standpoint_above(node.store, node.book, one, AS_OF, known_on)
    assert alone.knows(one) is whole.knows(one)
    assert owners_of(alone, one) == owners_of(whole, one)
    for regime in Regime:
        wanted = both_methods(whole.graph, one, WORKED_LISTED, regime, whole.law)
        assert both_methods(alone.graph, one, WORKED_LISTED, regime, alone.law) == wanted


def test_only_what_stands_above_is_read(node: OpenNode) -> None:
    alone = standpoint_above(node.store, node.book, PartyId("D"), AS_OF)
    assert not alone.knows(PartyId("C"))
    assert alone.knows(PartyId("SDN-D"))


def test_a_party_that_nobody_names_is_not_known(node: OpenNode) -> None:
    assert not standpoint_above(node.store, node.book, PartyId("c-nobody"), AS_OF).knows(
        PartyId("c-nobody")
    )


@pytest.mark.parametrize("party", ["p-front", "D", "SDN-D"])
def test_what_a_party_holds_is_what_the_whole_registry_says(node: OpenNode, party: str) -> None:
    whole = Standpoint.of(node.store, node.book, AS_OF).graph
    held = held_by(node.store, PartyId(party), AS_OF)
    wanted = [one for some in whole.holdings.values() for one in some if one.owner == party]
    assert held.holdings == tuple(sorted(wanted, key=lambda one: one.owned))
    assert held.holdings
    for one in held.holdings:
        assert held.graph.party(one.owned).name == whole.party(one.owned).name


@pytest.mark.parametrize("party", ["B", "D", "E"])
def test_a_company_between_others_has_its_name(node: OpenNode, party: str) -> None:
    one = PartyId(party)
    whole = Standpoint.of(node.store, node.book, AS_OF)
    alone = standpoint_above(node.store, node.book, one, AS_OF)
    assert alone.graph.party(one) == whole.graph.party(one)
    assert alone.graph.party(one).name
