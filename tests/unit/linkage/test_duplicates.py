"""Duplicates by splink: found, the same on every run, and a clear word when it is not there."""

from __future__ import annotations

import sys
from dataclasses import replace
from random import Random

import pytest

from sluicegate.adapters.linkage.duplicates import FEWEST, SplinkDuplicates
from sluicegate.services.ports.links import DuplicatesError, Particulars

STEMS = ("brav", "corv", "drell", "eskan", "farrow", "glim", "harv", "jorv", "kest", "lorv")
ENDS = ("dane", "fell", "grim", "kith", "lund", "mar", "nor", "quist", "ren", "sane")


def batch(pairs: int = 12) -> tuple[list[Particulars], set[tuple[str, str]]]:
    """Return customers of whom some stand twice with a typo, and the true pairs."""
    draws = Random(5)
    rows = []
    for number in range(240):
        name = f"{draws.choice(STEMS)}{draws.choice(STEMS)}{draws.choice(ENDS)} labs"
        address = f"{draws.randint(1, 999)} sample row {draws.randint(100, 999)}"
        telephone = str(draws.randint(10**9, 10**10))
        rows.append(
            Particulars(f"c-{number:03d}", name, address, telephone, f"f{number}.example", "", "us")
        )
    true = set()
    for one in rows[:pairs]:
        twin = f"t-{one.customer}"
        name = one.name.replace("a", "e", 1)
        rows.append(Particulars(twin, name, one.address, one.telephone, "", "", one.country))
        true.add((one.customer, twin))
    return rows, true


def test_true_pairs_are_suggested_in_whatever_order_the_batch_comes() -> None:
    rows, true = batch()
    found = SplinkDuplicates().suggest(rows, least_per_mille=900)
    assert {(one.a, one.b) for one in found} == true
    assert all("address" in one.agreeing for one in found)
    Random(1).shuffle(rows)
    assert SplinkDuplicates().suggest(rows, least_per_mille=900) == found


def test_a_value_that_very_many_share_brings_no_pairs_together() -> None:
    rows, true = batch()
    crowd = [
        Particulars(
            f"x-{number:03d}", f"{end}{number * 7} media", "1 agent street 5", "", "", "", "us"
        )
        for number, end in enumerate(ENDS * 6)
    ]
    found = SplinkDuplicates().suggest([*rows, *crowd], least_per_mille=900)
    assert {(one.a, one.b) for one in found} == true


def test_a_batch_without_any_value_twice_has_no_pairs() -> None:
    rows = [Particulars(f"c-{n:03d}", f"name {n}", "", "", "", "", "us") for n in range(FEWEST)]
    assert list(SplinkDuplicates().suggest(rows, least_per_mille=900)) == []


def test_a_batch_without_a_sure_pair_is_looked_at_all_the_same() -> None:
    """All share an address or a domain with somebody, and nobody has a sure pair."""
    rows, true = batch()
    unsure = [replace(one, telephone="", country=f"{number}") for number, one in enumerate(rows)]
    found = SplinkDuplicates().suggest(unsure, least_per_mille=900)
    assert {(one.a, one.b) for one in found} <= true


def test_too_few_customers_teach_nothing() -> None:
    rows, _ = batch()
    with pytest.raises(DuplicatesError, match="too few to learn from"):
        SplinkDuplicates().suggest(rows[: FEWEST - 1], least_per_mille=900)


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    rows, _ = batch()
    monkeypatch.setitem(sys.modules, "splink", None)
    with pytest.raises(DuplicatesError, match=r"sluicegate\[linkage\]"):
        SplinkDuplicates().suggest(rows, least_per_mille=900)
