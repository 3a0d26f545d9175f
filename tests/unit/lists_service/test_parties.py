"""Entries of one party are one listed party, under an id that stays."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from list_worlds import NOW, TODAY, ListWorld, company, list_world, person
from sluicegate.screening.joining import JoinRule, party_id_of
from sluicegate.screening.parties import ListedParty
from sluicegate.services.lists.parties import (
    changed_parties,
    listed_parties,
    surviving_ids,
    versions_in_use,
)
from sluicegate.services.lists.parts import ListRefusedError, UnknownListError
from sluicegate.services.lists.showing import show_party
from sluicegate.services.lists.uniting import join_by_hand, split_by_hand

BORN = ("1961-03-04",)


def listed(world: ListWorld, **more: object) -> dict[str, ListedParty]:
    """Return the listed parties by id."""
    found = listed_parties(world.parts.store, world.parts.files, **more)  # type: ignore[arg-type]
    return {one.party_id: one for one in found}


def test_entries_of_one_party_on_two_lists_are_one_party_with_both_lists(world: ListWorld) -> None:
    world.load("aaa", person("aaa", "1", "VELLORAN, Tarquin Osk", birth_dates=BORN))
    world.at(1).load("bbb", person("bbb", "x", "Tarquin Osk Velloran", birth_dates=("1961",)))
    [party] = listed(world).values()
    assert party.lists == ("aaa", "bbb")
    assert party.party_id == party_id_of(("aaa", "1"))
    assert surviving_ids(world.parts.store) == {party_id_of(("bbb", "x")): party.party_id}


def test_the_party_that_appeared_first_keeps_its_id(world: ListWorld) -> None:
    world.load("bbb", person("bbb", "x", birth_dates=BORN))
    world.at(1).load("aaa", person("aaa", "1", birth_dates=BORN))
    assert set(listed(world)) == {party_id_of(("bbb", "x"))}


def test_an_entry_that_is_renamed_keeps_its_party(world: ListWorld) -> None:
    world.load("aaa", company("aaa", "1", "Quorvane Semiconductors"))
    before = listed(world)
    world.at(1).load("aaa", company("aaa", "1", "Brask Lithography"))
    after = listed(world)
    assert list(before) == list(after)
    changes = changed_parties(before.values(), after.values())
    assert (changes.added, changes.changed, changes.removed) == ((), tuple(before), ())


def test_an_entry_that_its_issuer_numbers_anew_keeps_its_party(world: ListWorld) -> None:
    others = [company("aaa", f"o-{n}", f"Unlike Works Number {n}") for n in range(20)]
    world.load("aaa", person("aaa", "old", birth_dates=BORN), *others)
    [first] = [one for one in listed(world).values() if one.name.startswith("Tarquin")]
    world.at(1).load("aaa", person("aaa", "new", birth_dates=BORN), *others)
    [again] = [one for one in listed(world).values() if one.name.startswith("Tarquin")]
    assert again.party_id == first.party_id
    assert [one.entry_id for one in again.entries] == ["new"]


def test_an_entry_that_goes_and_comes_again_under_another_number_keeps_its_party(
    world: ListWorld,
) -> None:
    others = [company("aaa", f"o-{n}", f"Unlike Works Number {n}") for n in range(20)]
    gone = person("aaa", "old", birth_dates=BORN)
    world.load("aaa", gone, *others)
    party = party_id_of(("aaa", "old"))
    world.at(1).load("aaa", *others)
    assert party not in listed(world)
    shown = show_party(world.parts, party)
    assert (shown.entries, shown.delisted_on) == ((), TODAY + timedelta(days=1))
    assert shown.name == "Tarquin Osk Velloran"
    world.at(2).load("aaa", person("aaa", "new", birth_dates=BORN), *others)
    assert party in listed(world)
    assert show_party(world.parts, party).delisted_on is None


def test_one_word_of_a_person_parts_and_joins_for_good(world: ListWorld) -> None:
    first = person("aaa", "1", birth_dates=BORN)
    second = person("bbb", "x", birth_dates=BORN)
    world.load("aaa", first)
    world.load("bbb", second)
    [party] = listed(world)
    other = split_by_hand(world.parts, party, [("bbb", "x")], "another Velloran, by his passport")
    assert set(listed(world)) == {party, other}
    more = company("bbb", "y", "Unlike Works")
    world.at(1).load("bbb", second, more)
    assert {party, other} < set(listed(world)), "no rule brings them together again"
    union = join_by_hand(world.at(2).parts, other, party, "the passport was forged")
    assert union.into == party
    assert len(listed(world)) == 2
    assert len(listed(world, known_on=NOW + timedelta(days=1))) == 3, "as it was known then"


def test_taking_out_the_entry_that_appeared_first_takes_the_id_along(world: ListWorld) -> None:
    world.load("aaa", person("aaa", "1", birth_dates=BORN))
    world.load("bbb", person("bbb", "x", birth_dates=BORN))
    world.load("ccc", person("ccc", "q", birth_dates=BORN))
    [party] = listed(world)
    rest = split_by_hand(world.parts, party, [("aaa", "1")], "not the same")
    found = listed(world)
    assert [one.key for one in found[party].entries] == [("aaa", "1")]
    assert [one.key for one in found[rest].entries] == [("bbb", "x"), ("ccc", "q")]
    assert rest == party_id_of(("bbb", "x"))


def test_what_cannot_be_joined_or_parted_is_refused_with_the_reason(world: ListWorld) -> None:
    world.load("aaa", person("aaa", "1"), company("aaa", "2"))
    party, other = party_id_of(("aaa", "1")), party_id_of(("aaa", "2"))
    with pytest.raises(ListRefusedError, match="No reason"):
        join_by_hand(world.parts, party, other, " ")
    with pytest.raises(ListRefusedError, match="one party already"):
        join_by_hand(world.parts, party, party, "why not")
    with pytest.raises(UnknownListError, match="no list has such a party"):
        join_by_hand(world.parts, party, "lp-0", "why not")
    with pytest.raises(ListRefusedError, match="left empty"):
        split_by_hand(world.parts, party, [("aaa", "1")], "why not")
    with pytest.raises(UnknownListError, match="no entry of party"):
        split_by_hand(world.parts, party, [("aaa", "2")], "why not")


def test_an_entry_whose_last_day_is_over_lists_nobody(world: ListWorld) -> None:
    world.load("aaa", person("aaa", "1", until=date(2026, 4, 1)), company("aaa", "2"))
    assert len(listed(world, on=date(2026, 4, 1))) == 2
    assert len(listed(world, on=date(2026, 4, 2))) == 1


def test_the_newer_of_two_files_speaks_for_a_list_that_both_hold(world: ListWorld) -> None:
    kept, removed = company("aaa", "1"), company("aaa", "2", "Unlike Works")
    other = person("zzz", "q")
    world.load("both", kept, removed, other, published=date(2026, 3, 1))
    world.at(1).load("aaa", kept, published=date(2026, 3, 20))
    assert {one.key for party in listed(world).values() for one in party.entries} == {
        kept.key,
        other.key,
    }
    used = versions_in_use(world.parts.store)
    assert {name: one.version for name, one in used.items()} == {
        "aaa": "2026-03-20",
        "zzz": "2026-03-01",
    }


def test_the_reason_of_a_join_is_kept(world: ListWorld) -> None:
    world.load("aaa", person("aaa", "1", birth_dates=BORN))
    world.load("bbb", person("bbb", "x", birth_dates=BORN))
    [party] = listed(world)
    [union] = show_party(world.parts, party).unions
    assert union.join is not None
    assert union.join.rule is JoinRule.NAME
    assert str(union.join.reason) == (
        "Both entries have the name Tarquin Osk Velloran, and the dates of birth agree."
    )


@settings(max_examples=8)  # each makes two stores
@given(data=st.data())
def test_the_order_of_loading_changes_no_id_of_a_party_that_stands_alone(
    data: st.DataObject,
) -> None:
    loads = {
        name: [
            data.draw(
                st.builds(
                    person,
                    st.just(name),
                    st.just(str(number)),
                    st.sampled_from(["Tarquin Osk Velloran", "Ivan Petrov", "Ann Otherwise"]),
                    birth_dates=st.sampled_from([(), ("1961",), ("1970",)]),
                )
            )
            for number in range(data.draw(st.integers(1, 3)))
        ]
        for name in ("aaa", "bbb", "ccc")
    }
    found = []
    for order in (sorted(loads), data.draw(st.permutations(sorted(loads)))):
        with TemporaryDirectory() as folder:
            world = list_world(Path(folder))
            for name in order:
                world.load(name, *loads[name])
            parties = listed(world).values()
            world.parts.store.close()  # type: ignore[attr-defined]
            found.append(
                {one.entries[0].key: one.party_id for one in parties if len(one.entries) == 1}
            )
            assert sum(len(one.entries) for one in parties) == sum(map(len, loads.values()))
    first, second = found
    assert all(
        first[key] == second[key] == party_id_of(key) for key in first.keys() & second.keys()
    )
