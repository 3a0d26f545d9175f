"""A designation by hand is screened at once, and is its list's entry when the list catches up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from list_worlds import TODAY, ListWorld, company
from sluicegate.screening.entries import Identifier, Schema
from sluicegate.screening.joining import party_id_of
from sluicegate.screening.known_lists import DESIGNATED
from sluicegate.screening.parties import ListedParty
from sluicegate.services.lists.designating import (
    NewDesignation,
    designate,
    list_designations,
    withdraw,
)
from sluicegate.services.lists.parties import listed_parties, versions_in_use
from sluicegate.services.lists.parts import ListRefusedError, UnknownListError
from sluicegate.services.lists.showing import show_party
from sluicegate.services.lists.uniting import join_by_hand
from sluicegate.services.ports.lists import DesignationState

NEW = NewDesignation(
    names=("Brask Optics Works", "Brask Lens"),
    schema=Schema.COMPANY,
    expected_list="aaa",
    document="Gazette 12 of 2026",
    dated=date(2026, 3, 31),
    url="https://gazette.example/12",
    weak_names=("BOW",),
    countries=("AD",),
    identifiers=(Identifier("lei", "5493001KJTIIGC8Y1R12"),),
)
OTHERS = [company("aaa", f"o-{n}", f"Unlike Works Number {n}") for n in range(20)]


def listed(world: ListWorld) -> list[ListedParty]:
    return [
        one
        for one in listed_parties(world.parts.store, world.parts.files)
        if not one.name.startswith("Unlike")
    ]


def test_it_is_screened_at_once(world: ListWorld) -> None:
    made = designate(world.parts, NEW)
    [party] = listed(world)
    assert (party.party_id, party.lists) == (made.party_id, (DESIGNATED,))
    assert [one.text for one in party.names] == ["Brask Optics Works", "Brask Lens", "BOW"]
    assert [one.is_weak for one in party.names] == [False, False, True]
    [entry] = party.entries
    assert (entry.reference, entry.source_url) == ("Gazette 12 of 2026", NEW.url)
    assert list(versions_in_use(world.parts.store)) == [DESIGNATED]


def test_it_is_merged_when_its_list_catches_up_and_the_party_stays(world: ListWorld) -> None:
    world.load("aaa", *OTHERS)
    made = designate(world.parts, NEW)
    carried = company("aaa", "77", "BRASK OPTICS WORKS", countries=("AD",))
    taken = world.at(3).load("aaa", carried, *OTHERS)
    [party] = listed(world)
    assert (party.party_id, party.lists) == (made.party_id, ("aaa",))
    [closed] = taken.met
    assert (closed.state, closed.met) == (DesignationState.MET, ("aaa", "77"))
    assert closed.reason == "aaa carries it as 77"
    assert list_designations(world.parts) == (closed,)
    assert show_party(world.parts, made.party_id).name == "BRASK OPTICS WORKS"
    names = [one.name for one in world.parts.store.acts()]
    assert names == ["list_imported", "designation_entered", "designation_met", "list_imported"]
    assert DESIGNATED not in versions_in_use(world.parts.store)
    world.at(4).load("aaa", carried, *OTHERS, company("aaa", "78", "Unlike Works Number 99"))
    assert [one.party_id for one in listed(world)] == [made.party_id]


def test_another_list_that_carries_it_joins_it_and_does_not_close_it(world: ListWorld) -> None:
    designate(world.parts, NEW)
    world.load("bbb", company("bbb", "1", "Brask Optics Works", countries=("AD",)))
    [party] = listed(world)
    assert party.lists == ("bbb", DESIGNATED)
    [open_] = list_designations(world.parts)
    assert open_.state is DesignationState.ENTERED


def test_one_that_its_list_carries_already_is_closed_at_once(world: ListWorld) -> None:
    world.load("aaa", company("aaa", "77", "Brask Optics Works", countries=("AD",)))
    made = designate(world.parts, NEW)
    assert made.designation.state is DesignationState.MET
    [party] = listed(world)
    assert (party.party_id, party.lists) == (made.party_id, ("aaa",))


def test_a_withdrawn_one_lists_nobody_and_is_kept(world: ListWorld) -> None:
    made = designate(world.parts, NEW)
    name = made.designation.designation_id
    with pytest.raises(ListRefusedError, match="No reason"):
        withdraw(world.parts, name, "")
    gone = withdraw(world.parts, name, "misread")
    assert (gone.state, gone.reason) == (DesignationState.WITHDRAWN, "misread")
    assert listed(world) == []
    versions = world.parts.store.lists.designation_versions(name)
    assert [one.version for one in versions] == [1, 2]
    with pytest.raises(ListRefusedError, match="no longer in force"):
        withdraw(world.parts, name, "again")
    with pytest.raises(UnknownListError, match="no such designation"):
        withdraw(world.parts, "none", "why not")


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ({"names": (" ",)}, "has no name"),
        ({"document": " "}, "has no source"),
        ({"expected_list": ""}, "has no list"),
        ({"expected_list": DESIGNATED}, "has no list"),
    ],
)
def test_one_without_name_source_or_list_is_refused(
    world: ListWorld, fault: dict[str, object], said: str
) -> None:
    with pytest.raises(ListRefusedError, match=said):
        designate(world.parts, replace(NEW, **fault))  # type: ignore[arg-type]
    assert list(world.parts.store.acts()) == []


def test_the_act_names_no_name(world: ListWorld) -> None:
    designate(world.parts, NEW)
    [act] = world.parts.store.acts()
    assert act.name == "designation_entered"
    assert "Brask" not in act.canonical.decode()
    assert act.at.date() == TODAY


def test_a_person_may_say_which_entry_it_is(world: ListWorld) -> None:
    made = designate(world.parts, NEW)
    world.load("aaa", company("aaa", "77", "A name quite unlike", countries=("AD",)))
    union = join_by_hand(world.parts, party_id_of(("aaa", "77")), made.party_id, "the notice")
    assert union.into == made.party_id
    [closed] = list_designations(world.parts)
    assert (closed.state, closed.met) == (DesignationState.MET, ("aaa", "77"))
    [party] = listed(world)
    assert (party.party_id, party.lists) == (made.party_id, ("aaa",))
