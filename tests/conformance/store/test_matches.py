"""Matches, allowances and runs of screening, the same on every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DatabaseError

from sluicegate.adapters.store import SqlStore
from sluicegate.adapters.store.models import table
from sluicegate.services.ports.matches import (
    Allowance,
    AllowanceState,
    Baseline,
    Cause,
    Match,
    MatchCell,
    MatchOrder,
    MatchPlace,
    MatchQuery,
    MatchState,
    Pair,
    Reason,
    RunKind,
    ScorePart,
    ScreeningRun,
    Trigger,
)

AT = datetime(2026, 4, 1, 10, tzinfo=UTC)
BY = "local:test"
PAIR = Pair(
    "c-1",
    "lp-1",
    9_120,
    "Ivo Marrant",
    "MARRANT, Ivo",
    False,
    (ScorePart("matched_words", 6_000), ScorePart("spelling", -120)),
    (Reason("The score is {score:percent}.", {"score": {"fraction": "114/125"}}),),
    "words-1",
)
MATCH = Match(
    match_id="m-1",
    pair=PAIR,
    key="lp-1",
    party_name="Ivo Marrant",
    party_schema="Person",
    party_essence="p" * 8,
    listed_name="MARRANT, Ivo",
    listed_schema="Person",
    listed_essence="l" * 8,
    entries={"us_sdn/1": "e" * 8},
    lists=("us_sdn",),
    factors=("sdn_list",),
    ownership=("sdn",),
    licence_policies=("presumption of denial",),
    versions={"us_sdn": "2026-03-01"},
    threshold=7_000,
    state=MatchState.OPEN,
    epoch=1,
    first_seen=AT,
    cause=Cause.SCORED,
    cause_id="r-1",
)
ALLOWANCE = Allowance(
    allowance_id="a-1",
    party_id="c-1",
    listed_id="lp-1",
    state=AllowanceState.STANDING,
    reason="another birth date",
    expires=date(2027, 4, 1),
    party_essence="p" * 8,
    listed_essence="l" * 8,
    entries={"us_sdn/1": "e" * 8},
    score=9_120,
    made_by=BY,
    made_at=AT,
)
RUN = ScreeningRun(
    run_id="r-1",
    kind=RunKind.DELTA,
    trigger=Trigger.SCHEDULE,
    at=AT,
    by=BY,
    as_of=date(2026, 4, 1),
    algorithm="words-1",
    threshold=7_000,
    versions={"us_sdn": "2026-03-01"},
    stale=("us_sdn",),
    screened=3,
    listed=2,
    changed_parties=1,
    changed_listed=0,
    removed_listed=0,
    scored=1,
    alerts=1,
    gained=("m-1",),
    lost=(),
    cpu_milliseconds=12,
)


def test_a_match_is_kept_in_versions_with_an_outcome_for_each_change(store: SqlStore) -> None:
    matches = store.matches
    matches.write_matches([MATCH], run_id="r-1", at=AT, by=BY)
    better = replace(MATCH, pair=replace(PAIR, score=9_500))
    matches.write_matches([better], run_id="r-2", at=AT + timedelta(days=1), by=BY)
    cleared = replace(
        better, state=MatchState.CLEARED, cause=Cause.ALLOWED, cause_id="a-1", epoch=1
    )
    matches.write_matches([cleared], run_id="r-3", at=AT + timedelta(days=2), by=BY)
    assert [one.match for one in matches.match_versions("m-1")] == [MATCH, better, cleared]
    assert matches.match("m-1") == cleared
    assert matches.match("m-2") is None
    told = [(one.before, one.after, one.cause, one.run_id) for one in matches.outcomes("m-1")]
    assert told == [
        (None, MatchState.OPEN, Cause.SCORED, "r-1"),
        (MatchState.OPEN, MatchState.CLEARED, Cause.ALLOWED, "r-3"),
    ]
    assert [one.match_id for one in matches.outcomes(run_id="r-3")] == ["m-1"]
    assert matches.outcomes(run_id="r-2") == []


def test_matches_are_read_by_state_and_as_known_at_an_instant(store: SqlStore) -> None:
    other = replace(MATCH, match_id="m-0", pair=replace(PAIR, party_id="p-1"))
    store.matches.write_matches([MATCH, other], run_id="r-1", at=AT, by=BY)
    gone = replace(MATCH, state=MatchState.GONE, cause=Cause.DELISTED)
    store.matches.write_matches([gone], run_id="r-2", at=AT + timedelta(days=1), by=BY)
    assert store.matches.matches() == [other, gone]
    assert store.matches.matches(states=[MatchState.OPEN]) == [other]
    before = AT + timedelta(hours=1)
    assert store.matches.matches(states=[MatchState.OPEN], known_on=before) == [other, MATCH]


def test_an_allowance_is_kept_in_versions(store: SqlStore) -> None:
    ended = replace(ALLOWANCE, state=AllowanceState.EXPIRED)
    assert store.matches.allowances_changed_at() is None
    store.matches.write_allowances([ALLOWANCE, ended], at=AT, by=BY)
    assert store.matches.allowances() == [ended]
    versions = store.matches.allowance_versions("a-1")
    assert [(one.number, one.allowance) for one in versions] == [(1, ALLOWANCE), (2, ended)]
    assert store.matches.allowances_changed_at() == AT


def test_runs_are_read_newest_first(store: SqlStore) -> None:
    later = replace(RUN, run_id="r-2", at=AT + timedelta(days=1), kind=RunKind.FULL)
    store.matches.add_run(RUN)
    store.matches.add_run(later)
    assert store.matches.runs() == [later, RUN]
    assert store.matches.runs(limit=1) == [later]
    assert (store.matches.run("r-1"), store.matches.run("r-9")) == (RUN, None)


def test_a_baseline_is_written_over_where_it_changed(store: SqlStore) -> None:
    first = Baseline({"c-1": "a", "c-2": "b"}, {"lp-1": "x"})
    store.matches.set_baseline(Baseline(), first, at=AT)
    assert store.matches.baseline() == first
    second = Baseline({"c-2": "c", "c-3": "d"}, {"lp-1": "x", "lp-2": "y"})
    store.matches.set_baseline(first, second, at=AT)
    assert store.matches.baseline() == second


def test_it_is_known_when_the_registry_changed(store: SqlStore) -> None:
    assert store.matches.registry_changed_at() is None
    row = {"source": "crm", "customer_id": "c-1", "name": "Pell Weather"}
    store.put("customers", [{**row, "customer_kind": "entity", "country": "NO"}], at=AT, by=BY)
    assert store.matches.registry_changed_at() == AT


def test_no_tenant_sees_anothers_matches(store: SqlStore, other_tenant: SqlStore) -> None:
    store.matches.write_matches([MATCH], run_id="r-1", at=AT, by=BY)
    store.matches.write_allowances([ALLOWANCE], at=AT, by=BY)
    store.matches.add_run(RUN)
    store.matches.set_baseline(Baseline(), Baseline({"c-1": "a"}, {}), at=AT)
    theirs = other_tenant.matches
    assert (theirs.matches(), theirs.match("m-1"), theirs.outcomes("m-1")) == ([], None, [])
    assert (theirs.allowances(), theirs.allowance_versions("a-1")) == ([], [])
    assert (theirs.runs(), theirs.baseline()) == ([], Baseline())
    theirs.set_baseline(Baseline({"c-1": "a"}, {}), Baseline(), at=AT)
    assert store.matches.baseline() == Baseline({"c-1": "a"}, {})


@pytest.mark.parametrize(
    "name", ["match_versions", "match_outcomes", "allowances", "screening_runs"]
)
def test_history_is_never_edited(store: SqlStore, name: str) -> None:
    store.matches.write_matches([MATCH], run_id="r-1", at=AT, by=BY)
    store.matches.write_allowances([ALLOWANCE], at=AT, by=BY)
    store.matches.add_run(RUN)
    rows = table(name)
    for statement in (delete(rows), update(rows).values(recorded_by="local:other")):
        with pytest.raises(DatabaseError), store.engine.begin() as connection:
            connection.execute(statement)


def _several(store: SqlStore) -> list[Match]:
    """Write matches that differ in what lists filter and order by; return them as they stand."""
    found = []
    for place, (name, score, state, lists) in enumerate(
        (
            ("Ivo Marrant", 9_120, MatchState.OPEN, ("us_sdn",)),
            ("ÉMILE Öst", 9_900, MatchState.OPEN, ("eu_fsf", "us_sdn")),
            ("ana petrov", 7_100, MatchState.GONE, ("us_entity",)),
            ("Zoë Lind", 9_120, MatchState.CLEARED, ("us_sdn",)),
            ("Bo Marr", 8_000, MatchState.CONFIRMED, ("us_entity",)),
        )
    ):
        pair = replace(
            PAIR,
            party_id=f"C-{place}",
            score=score,
            name=name,
            alias=f"Alias {place}",
            is_weak=place == 4,
            algorithm="words-2" if place == 1 else "words-1",
        )
        found.append(
            replace(
                MATCH,
                match_id=f"m-{place}",
                pair=pair,
                party_name=name,
                listed_name=f"Listed {place}",
                state=state,
                lists=lists,
                first_seen=AT - timedelta(hours=place % 3),
            )
        )
    before = [replace(one, state=MatchState.OPEN, party_name="Somebody else") for one in found]
    store.matches.write_matches(before, run_id="r-1", at=AT, by=BY)
    store.matches.write_matches(found, run_id="r-2", at=AT + timedelta(days=1), by=BY)
    return found


_KEYS = {
    MatchOrder.SCORE: lambda one: (-one.pair.score, one.match_id),
    MatchOrder.NEWEST: lambda one: (-one.first_seen.timestamp(), one.match_id),
    MatchOrder.NAME: lambda one: (one.party_name.casefold(), one.match_id),
}


@pytest.mark.parametrize("order", MatchOrder, ids=lambda one: one.value)
def test_matches_are_paged_as_they_stand_in_each_order(store: SqlStore, order: MatchOrder) -> None:
    every = _several(store)
    wanted = MatchQuery(order=order)
    told: list[Match] = []
    after: MatchPlace | None = None
    while found := store.matches.page(wanted, after, 2):
        told += [one.match for one in found]
        after = found[-1].place
    assert told == sorted(every, key=_KEYS[order])


@pytest.mark.parametrize(
    ("wanted", "places"),
    [
        (MatchQuery(states=frozenset({MatchState.OPEN, MatchState.CONFIRMED})), "014"),
        (MatchQuery(list_id="us_sdn"), "013"),
        (MatchQuery(list_id="us"), ""),
        (MatchQuery(is_weak=True), "4"),
        (MatchQuery(is_weak=False, states=frozenset({MatchState.GONE})), "2"),
        (MatchQuery(text="émile öST"), "1"),
        (MatchQuery(text="marr"), "04"),
        (MatchQuery(text="alias 3"), "3"),
        (MatchQuery(text="c-4"), "4"),
        (MatchQuery(text="4"), "4"),
        (MatchQuery(text="somebody"), ""),
        (MatchQuery(text="\0"), "01234"),
        (MatchQuery(text="%"), ""),
        (MatchQuery(party_id="C-2"), "2"),
        (MatchQuery(party_id="c-2"), ""),
        (MatchQuery(party_id="\0"), ""),
    ],
)
def test_matches_are_filtered(store: SqlStore, wanted: MatchQuery, places: str) -> None:
    _several(store)
    found = store.matches.page(wanted, None, 10)
    assert sorted(one.match.match_id for one in found) == [f"m-{place}" for place in places]


def test_matches_are_counted_by_what_they_have_alike(store: SqlStore) -> None:
    _several(store)
    counts = store.matches.counts(MatchQuery(text="marr", states=frozenset({MatchState.GONE})))
    assert counts == {
        MatchCell(MatchState.OPEN, False, ("us_sdn",)): 1,
        MatchCell(MatchState.CONFIRMED, True, ("us_entity",)): 1,
    }
    assert sum(store.matches.counts(MatchQuery()).values()) == 5


def test_alerts_that_were_made_otherwise_are_counted(store: SqlStore) -> None:
    _several(store)
    counted = store.matches.count_otherwise_made
    assert counted("words-1", 7_000) == 1  # another algorithm
    assert counted("words-1", 8_001) == 2  # and the confirmed one below the score
    assert counted("words-2", 7_000) == 2


def test_a_match_names_the_findings_of_the_last_pass_that_rest_on_it(store: SqlStore) -> None:
    matches = store.matches
    matches.set_findings({("m-1", "f-2"), ("m-1", "f-1"), ("m-2", "f-1")}, at=AT)
    assert matches.findings_of("m-1") == ["f-1", "f-2"]
    matches.set_findings({("m-1", "f-1"), ("m-3", "f-3")}, at=AT)
    assert [matches.findings_of(one) for one in ("m-1", "m-2", "m-3")] == [["f-1"], [], ["f-3"]]
