"""Allowances entered by hand: who may, with what reason, and what ends them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from screening_fakes import DAY, ScreeningBench, customer, entry, in_use, listed_party, states
from sluicegate.core.clock import FixedClock
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError, RefusedError, Verdict
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource
from sluicegate.services.desk import Desk
from sluicegate.services.ports.matches import Allowance, AllowanceState, Match, MatchState
from sluicegate.services.screening.allowing import (
    AllowanceRefusedError,
    NewAllowance,
    allow,
    check_allowance,
    list_allowances,
    revoke,
)
from sluicegate.services.screening.settling import match_id_of

BOOK = shipped_book()
ONE = entry("1", "Ivo Marrant", birth_dates=("1970-01-01",))


class FourEyes:
    """Permits everything, but that nobody checks what they made."""

    def decide(self, principal: Principal, action: Action, resource: Resource) -> Verdict:
        """Say whether something may be done."""
        is_own = action is Action.CASE_CHECK and resource.maker == principal.id
        return Verdict(not is_own)


@pytest.fixture
def bench() -> ScreeningBench:
    made = ScreeningBench(lists=in_use(listed_party("lp-1", ONE)))
    made.put("customers", customer("c-1", "Ivo Marrant"))
    made.run()
    return made


def desk(bench: ScreeningBench, who: str = "user:ana") -> Desk:
    principal = Principal(who, PrincipalKind.PERSON, bench.store.tenant, "", frozenset())
    return Desk(principal, bench.store, FourEyes(), FixedClock(bench.at))


def match(bench: ScreeningBench) -> Match:
    return bench.matches()["c-1", "lp-1"]


def allowed(bench: ScreeningBench, expires: date | None = None) -> Allowance:
    new = NewAllowance(match(bench).match_id, "another birth date", expires)
    return allow(desk(bench), new, BOOK)


def test_an_allowance_clears_the_match_at_the_next_run(bench: ScreeningBench) -> None:
    made = allowed(bench)
    assert made.state is AllowanceState.STANDING
    assert match(bench).state is MatchState.OPEN
    run = bench.run()
    assert (run.lost, match(bench).state) == ((made_match(bench),), MatchState.CLEARED)
    assert match(bench).cause_id == made.allowance_id
    assert list_allowances(desk(bench)) == [made]


def made_match(bench: ScreeningBench) -> str:
    return match_id_of(bench.store.tenant, "c-1", "lp-1")


def test_an_allowance_ends_on_its_day_and_the_match_opens_anew(bench: ScreeningBench) -> None:
    last = bench.at.date() + timedelta(days=2)
    allowed(bench, last)
    bench.run()
    bench.at += timedelta(days=2)
    assert bench.run().gained == ()
    bench.at += timedelta(days=1)
    assert bench.run().gained == (made_match(bench),)
    assert (match(bench).state, match(bench).epoch) == (MatchState.OPEN, 2)
    assert bench.store.matches.allowances()[0].state is AllowanceState.EXPIRED


Change = Callable[[ScreeningBench], None]


def _another_birth_date(bench: ScreeningBench) -> None:
    bench.lists = in_use(listed_party("lp-1", entry("1", "Ivo Marrant")))


def _another_alias(bench: ScreeningBench) -> None:
    alias = entry("1", "Ivo Marrant", "Ivo Quist", birth_dates=("1970-01-01",))
    bench.lists = in_use(listed_party("lp-1", alias))


def _another_list(bench: ScreeningBench) -> None:
    more = entry("9", "Ivo Marrant", list_id="eu_fsf")
    bench.lists = in_use(listed_party("lp-1", ONE, more))


def _another_country(bench: ScreeningBench) -> None:
    bench.put("customers", customer("c-1", "Ivo Marrant", country="BE"))


@pytest.mark.parametrize(
    ("change", "state"),
    [
        (_another_birth_date, AllowanceState.LISTED_CHANGED),
        (_another_alias, AllowanceState.LISTED_CHANGED),
        (_another_list, AllowanceState.LISTED_CHANGED),
        (_another_country, AllowanceState.PARTY_CHANGED),
    ],
)
def test_a_material_change_of_either_side_opens_the_match(
    bench: ScreeningBench, change: Change, state: AllowanceState
) -> None:
    allowed(bench)
    bench.run()
    change(bench)
    assert bench.run().gained == (made_match(bench),)
    assert bench.store.matches.allowances()[0].state is state


def test_a_new_version_of_a_list_that_says_the_same_ends_nothing(bench: ScreeningBench) -> None:
    allowed(bench)
    bench.run()
    remarked = entry("1", "Ivo Marrant", birth_dates=("1970-01-01",), remarks="seen again")
    bench.lists = in_use(listed_party("lp-1", remarked), version="2")
    assert bench.run().gained == ()
    assert match(bench).state is MatchState.CLEARED


def test_a_merge_that_makes_a_better_match_opens_it(bench: ScreeningBench) -> None:
    near = listed_party("lp-2", entry("2", "Ivo Marrant Sorrel"))
    bench.lists = in_use(near)
    bench.run()
    (weaker,) = (one for one in bench.matches().values() if one.listed_id == "lp-2")
    allow(desk(bench), NewAllowance(weaker.match_id, "not him"), BOOK)
    bench.run()
    better = listed_party("lp-0", ONE, *near.entries)
    bench.lists = in_use(better, survivors={"lp-2": "lp-0"})
    bench.run()
    assert states(bench.matches().values())["c-1", "lp-0"] == "open"
    assert bench.store.matches.allowances()[0].state is AllowanceState.LISTED_CHANGED


def test_a_confirmed_match_is_allowed_only_with_a_second_person(bench: ScreeningBench) -> None:
    confirmed = bench.matches()["c-1", "lp-1"]
    told = replace(confirmed, state=MatchState.CONFIRMED, decision="e-1")
    bench.store.matches.write_matches([told], run_id="r", at=bench.at, by="local:test")
    made = allowed(bench)
    assert made.state is AllowanceState.PROPOSED
    bench.run()
    assert match(bench).state is MatchState.CONFIRMED
    with pytest.raises(RefusedError):
        check_allowance(desk(bench), made.allowance_id, is_approved=True)
    bo = desk(bench, "user:bo")
    with pytest.raises(AllowanceRefusedError, match="reason"):
        check_allowance(bo, made.allowance_id, is_approved=False)
    checked = check_allowance(bo, made.allowance_id, is_approved=True)
    assert (checked.state, checked.checked_by) == (AllowanceState.STANDING, "user:bo")
    bench.run()
    assert match(bench).state is MatchState.CLEARED
    with pytest.raises(AllowanceRefusedError, match="wait"):
        check_allowance(bo, made.allowance_id, is_approved=True)


def test_a_rejected_allowance_clears_nothing_and_a_revoked_one_no_more(
    bench: ScreeningBench,
) -> None:
    made = allowed(bench)
    bench.run()
    with pytest.raises(AllowanceRefusedError, match="reason"):
        revoke(desk(bench), made.allowance_id, " ")
    assert revoke(desk(bench), made.allowance_id, "false papers").state is AllowanceState.REVOKED
    with pytest.raises(AllowanceRefusedError, match="over"):
        revoke(desk(bench), made.allowance_id, "again")
    assert bench.run().gained == (made_match(bench),)


@pytest.mark.parametrize(
    ("reason", "expires", "told"),
    [
        (" ", None, "reason"),
        ("x", DAY - timedelta(days=400), "over"),
        ("x", DAY + timedelta(days=4_000), "latest"),
    ],
)
def test_what_cannot_be_entered_says_why(
    bench: ScreeningBench, reason: str, expires: date | None, told: str
) -> None:
    with pytest.raises(AllowanceRefusedError, match=told):
        allow(desk(bench), NewAllowance(match(bench).match_id, reason, expires), BOOK)
    assert bench.store.matches.allowances() == []


def test_nothing_is_allowed_twice_nor_where_nothing_matches(bench: ScreeningBench) -> None:
    allowed(bench)
    with pytest.raises(AllowanceRefusedError, match="stands or waits"):
        allowed(bench)
    bench.run()
    with pytest.raises(AllowanceRefusedError, match="no alert"):
        allowed(bench)
    with pytest.raises(NotFoundError):
        allow(desk(bench), NewAllowance("m-none", "x"), BOOK)
    with pytest.raises(NotFoundError):
        revoke(desk(bench), "a-none", "x")
