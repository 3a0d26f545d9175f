"""Role × route × tenant: every call ends as the policies say, and tells nobody outside a thing."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

import pytest

from leak_calls import (
    IS_LONG,
    MISSING,
    REFUSED,
    Answer,
    Calls,
    Cell,
    alike,
    cells_of,
    expected,
    sample,
    source_digest,
    unknown_entries,
)
from leak_hows import RouteId
from leak_routes import entries, walked
from leak_world import LeakWorld, Where
from sluicegate.adapters.policies import CedarAuthority, Statement, shipped_statements
from sluicegate.services.access.authority import Policies

ROUTES = sorted(walked())
STATEMENTS = shipped_statements()
SAMPLE = 3
"""Calls of each route in the short run, after one of each outcome."""

_OF_OTHERS = (Where.PLACE, Where.SEALED, Where.OTHER)


def test_every_route_has_an_entry() -> None:
    """A new route fails here, and by its name below, until the tables say how it is called."""
    without = [str(one) for one in ROUTES if not entries(one)]
    assert not without, (
        f"no entry says how to call {', '.join(without)}; add each to API or CONSOLE "
        "in tests/support/leak_api_routes.py or leak_console_routes.py with what it needs"
    )
    assert unknown_entries(ROUTES) == []


@pytest.mark.parametrize("route", ROUTES, ids=str)
def test_a_route_answers_as_the_policies_say_and_leaks_nothing(
    route: RouteId, world: LeakWorld, calls: Calls
) -> None:
    assert entries(route), f"{route}: add an entry to the table of its face in tests/support"
    cells = list(cells_of(world, route))
    assert cells, f"{route}: nothing of the kind that its entry names is planted"
    wanted = {cell: expected(world, calls.authority.policies, cell) for cell in cells}
    kinds = {cell: (cell.name, wanted[cell], cell.where in _OF_OTHERS) for cell in cells}
    for cell in sample(cells, kinds, SAMPLE):
        answer = calls.call(cell)
        assert answer.status in wanted[cell], f"{cell}: {answer.status}, not {set(wanted[cell])}"
        assert_quiet(calls, cell, answer)
        if cell.where in _OF_OTHERS and answer.status in (REFUSED, MISSING):
            assert_as_if_not_there(calls, cell, answer)


def assert_quiet(calls: Calls, cell: Cell, answer: Answer) -> None:
    """Fail when an answer holds a secret that its reader may not see and did not send."""
    who = calls.world.callers[cell.who].principal
    sent = f"{calls.path(cell)} {cell.how.json} {cell.how.form}"
    secrets = calls.world.secrets
    found = {one for one in secrets.found_by(who, answer.whole) if one not in sent}
    assert not found, f"{cell}: the answer holds {sorted(found)[:5]}"


def assert_as_if_not_there(calls: Calls, cell: Cell, answer: Answer) -> None:
    """Fail when a refusal tells a thing of others from one that is not there."""
    world = calls.world
    if (cell.how.on, Where.NONE) not in world.resources or _is_seen(cell, calls):
        return
    none = replace(cell, where=Where.NONE)
    theirs = [text for (_, where), text in world.things.items() if where is cell.where]
    nones = [text for (_, where), text in world.things.items() if where is Where.NONE]
    assert alike(answer, *theirs) == alike(calls.call(none), *nones), f"{cell}: told apart"


def _is_seen(cell: Cell, calls: Calls) -> bool:
    """Say whether the refusal is one of rights, about a thing that the caller may know of."""
    return expected(calls.world, calls.authority.policies, cell) == {REFUSED}


@pytest.mark.parametrize("statement", STATEMENTS, ids=[one.id for one in STATEMENTS])
def test_the_matrix_notices_that_a_policy_is_gone(
    statement: Statement, world: LeakWorld, calls: Calls
) -> None:
    """Without any one policy a call ends otherwise than before, or than the policies then say."""
    whole = calls.authority.policies
    rest = CedarAuthority(one for one in STATEMENTS if one.id != statement.id)
    noticed = 0
    for cell in _doubted(world, whole, rest):
        before = calls.call(cell)
        calls.authority.policies = rest
        try:
            after = calls.call(cell)
        finally:
            calls.authority.policies = whole
        noticed += after.status != before.status or after.status not in expected(world, rest, cell)
        if noticed and not IS_LONG:
            break
    assert noticed, f"nothing notices that {statement.id} is gone"


def _doubted(world: LeakWorld, whole: Policies, rest: Policies) -> Iterator[Cell]:
    """Yield the calls of which two sets of policies say different things, in a drawn order."""
    cells = [cell for route in ROUTES for cell in cells_of(world, route) if _is_cheap(cell)]
    random.Random(source_digest()).shuffle(cells)
    for cell in cells:
        if expected(world, whole, cell).isdisjoint(expected(world, rest, cell)):
            yield cell


def _is_cheap(cell: Cell) -> bool:
    return cell.route.face == "API" and not cell.how.is_open
