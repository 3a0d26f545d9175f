"""A delta gives what a full screening gives, whatever changed; nothing is seen twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from screening_fakes import (
    ScreeningBench,
    customer,
    entry,
    in_use,
    listed_party,
    owner,
    states,
)
from sluicegate.screening.parties import ListedParty
from sluicegate.services.ports.matches import Match, RunKind
from sluicegate.services.screening.engine import ListsInUse

WORDS = st.sampled_from(["ivo", "lena", "marrant", "quist", "sorrel"])
NAMES = st.lists(WORDS, min_size=1, max_size=3, unique=True).map(" ".join)
LISTS = st.sampled_from(["us_sdn", "eu_fsf"])


@st.composite
def listed(draw: st.DrawFn) -> ListsInUse:
    """Draw lists of up to four parties, of which one may have become a part of another."""
    ids = draw(st.lists(st.sampled_from(["lp-1", "lp-2", "lp-3", "lp-4"]), unique=True))
    parties = [
        listed_party(
            one,
            entry(one, draw(NAMES), list_id=draw(LISTS), birth_dates=tuple(draw(BORN))),
        )
        for one in ids
    ]
    survivors: dict[str, str] = {}
    if len(parties) > 1 and draw(st.booleans()):
        first, last = parties[0], parties.pop()
        survivors = {last.party_id: first.party_id}
        parties[0] = ListedParty(first.party_id, (*first.entries, *last.entries))
    return in_use(*parties, survivors=survivors, version=draw(st.sampled_from("12")))


BORN = st.sampled_from([[], ["1970-01-01"], ["1980-02-02"]])


@st.composite
def rows(draw: st.DrawFn) -> tuple[str, Mapping[str, str]]:
    """Draw a row of the registry: a customer or an owner of one."""
    if draw(st.booleans()):
        born = draw(st.sampled_from(["", "1970-01-01"]))
        closed = draw(st.sampled_from(["", "", "2026-01-01"]))
        more = {"birth_date": born, "closed": closed}
        name = f"c-{draw(st.integers(1, 3))}"
        return "customers", customer(name, draw(NAMES), **more)
    owned = f"c-{draw(st.integers(1, 3))}"
    ended = draw(st.sampled_from(["", "", "2026-02-01"]))
    return "ownership", owner(f"p-{draw(st.integers(1, 2))}", owned, draw(NAMES), valid_to=ended)


@dataclass(frozen=True)
class Allow:
    """A person finds that an open match is none, for some days."""

    days: int


@dataclass(frozen=True)
class Wait:
    """Some days go by."""

    days: int


DAYS = st.integers(1, 3)
STEPS = st.lists(
    st.one_of(listed(), rows(), DAYS.map(Allow), DAYS.map(Wait)), min_size=1, max_size=6
)
"""Lists change, customers and owners change, allowances are entered and end, one after another."""


def _do(step: Any, bench: ScreeningBench) -> None:
    match step:
        case ListsInUse():
            bench.lists = step
        case Allow(days):
            bench.allow_first(days)
        case Wait(days):
            bench.at += timedelta(days=days)
        case (kind, row):
            bench.put(kind, row)


def _outcome(matches: Mapping[Any, Match]) -> dict[Any, Any]:
    """Return what matches say, but for when and by which run, and the versions of lists."""
    return {
        key: replace(one, match_id="", first_seen=None, cause_id="", versions={})  # type: ignore[arg-type]
        for key, one in matches.items()
    }


@settings(max_examples=60, deadline=None)
@given(steps=STEPS)
def test_a_delta_after_any_changes_gives_the_same_as_a_full_screening(
    steps: list[Any],
) -> None:
    in_deltas, in_full = ScreeningBench(), ScreeningBench()
    for bench in (in_deltas, in_full):
        bench.put("customers", customer("c-1", "ivo marrant"))
        bench.put("ownership", owner("p-1", "c-1", "lena quist"))
        bench.run(is_full=True)
    for step in steps:
        for bench in (in_deltas, in_full):
            _do(step, bench)
        delta = in_deltas.run()
        in_full.run(is_full=True)
        assert delta.kind is RunKind.DELTA
        assert _outcome(in_deltas.matches()) == _outcome(in_full.matches())


def test_a_delta_compares_only_what_changed() -> None:
    first = listed_party("lp-1", entry("1", "Ivo Marrant"))
    bench = ScreeningBench(lists=in_use(first))
    bench.put("customers", customer("c-1", "Ivo Marrant"), customer("c-2", "Lena Quist"))
    assert bench.run().scored == 2
    assert bench.run().scored == 0
    bench.put("customers", customer("c-2", "Lena Sorrel"))
    changed = bench.run()
    assert (changed.changed_parties, changed.changed_listed, changed.scored) == (1, 0, 1)
    second = listed_party("lp-2", entry("2", "Lena Sorrel"))
    bench.lists = in_use(first, second)
    added = bench.run()
    assert (added.changed_parties, added.changed_listed, added.scored) == (0, 1, 2)
    assert states(bench.matches().values()) == {("c-1", "lp-1"): "open", ("c-2", "lp-2"): "open"}


def test_another_list_of_the_same_party_is_told_without_another_comparison() -> None:
    one = entry("1", "Ivo Marrant")
    bench = ScreeningBench(lists=in_use(listed_party("lp-1", one)))
    bench.put("customers", customer("c-1", "Ivo Marrant"))
    bench.run()
    bench.lists = in_use(listed_party("lp-1", one, entry("9", "Ivo Marrant", list_id="eu_fsf")))
    run = bench.run()
    assert (run.scored, run.gained, run.lost) == (0, (), ())
    assert bench.matches()["c-1", "lp-1"].lists == ("eu_fsf", "us_sdn")


def test_a_removed_party_closes_its_matches_and_a_new_threshold_screens_everything() -> None:
    """A higher threshold takes no alert away by itself: see test_validation_changes."""
    bench = ScreeningBench(lists=in_use(listed_party("lp-1", entry("1", "Ivo Marrant Sorrel"))))
    bench.put("customers", customer("c-1", "Ivo Marrant"))
    assert len(bench.run().gained) == 1
    bench.threshold = 9_000
    higher = bench.run()
    assert (higher.kind, len(higher.lost)) == (RunKind.FULL, 0)
    bench.threshold = None
    assert bench.run().kind is RunKind.FULL
    bench.lists = in_use()
    assert len(bench.run().lost) == 1
    match = bench.matches()["c-1", "lp-1"]
    assert (match.state.value, match.cause.value, match.epoch) == ("gone", "delisted", 1)


def test_who_stands_behind_many_customers_is_compared_once() -> None:
    bench = ScreeningBench(lists=in_use(listed_party("lp-1", entry("1", "Lena Quist"))))
    bench.put(
        "customers",
        *(customer(f"c-{one}", "Harbour Data", customer_kind="entity") for one in range(10)),
    )
    bench.put("ownership", *(owner("p-1", f"c-{one}", "Lena Quist") for one in range(10)))
    run = bench.run()
    assert (run.screened, run.scored) == (11, 2)
    assert states(bench.matches().values()) == {("p-1", "lp-1"): "open"}


def test_every_pair_alerts_however_many_share_a_name() -> None:
    many = [listed_party(f"lp-{one:03}", entry(str(one), "Ivo Marrant")) for one in range(60)]
    bench = ScreeningBench(lists=in_use(*many))
    bench.put("customers", customer("c-1", "Ivo Marrant"))
    assert len(bench.run().gained) == 60


def test_the_name_that_every_source_gives_is_compared() -> None:
    bench = ScreeningBench(lists=in_use(listed_party("lp-1", entry("1", "Ivo Marrant"))))
    bench.put("customers", customer("c-1", "Ivo Marrant", source="crm"))
    bench.put("customers", customer("c-1", "Lena Quist", source="billing"))
    bench.run()
    ((_, match),) = bench.matches().items()
    assert (match.party_name, match.pair.name) == ("Lena Quist", "Ivo Marrant")
    bench.put("customers", customer("c-1", "Lena Quist", source="crm"))
    assert bench.run().kind is RunKind.DELTA
    assert states(bench.matches().values()) == {("c-1", "lp-1"): "gone"}


def test_only_those_who_are_customers_or_stand_above_one_are_screened() -> None:
    bench = ScreeningBench(lists=in_use(listed_party("lp-1", entry("1", "Lena Quist"))))
    bench.put(
        "customers",
        customer("c-1", "Harbour Data", customer_kind="entity"),
        customer("c-2", "Lena Quist", closed="2026-05-01"),
    )
    bench.put(
        "ownership",
        owner("p-1", "x-1", "Middle One"),
        owner("x-1", "c-1", "Middle Holding", owner_kind="entity", share=""),
        owner("d-1", "c-1", "Lena Quist", share="", role="director", substantial_control="true"),
        owner("p-9", "x-9", "Lena Quist"),
    )
    run = bench.run()
    assert run.screened == 4
    assert states(bench.matches().values()) == {("d-1", "lp-1"): "open"}
