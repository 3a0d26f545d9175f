"""The rows that a query leaves and the things that the policies let be read are the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from principals import OTHER, SELF, principal
from sluicegate.adapters.policies import CedarAuthority, shipped_statements
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NOT_THERE
from sluicegate.services.access.principals import Principal, PrincipalKind, Resource, Scope
from sluicegate.services.access.roles import SHIPPED_ROLES, grants

AUTHORITY = CedarAuthority(shipped_statements())
GRANTED = grants(AUTHORITY, SHIPPED_ROLES)
READS = [one for one in Action if one.value.endswith((":read", ":export"))]
TENANTS = st.sampled_from([SELF, OTHER])
PLACES = ["US", "US-CA", "EU", "GB"]
GROUPS = ["suspicion", "night"]


@st.composite
def principals(draw: st.DrawFn) -> Principal:
    kind = draw(st.sampled_from(PrincipalKind))
    return principal(
        draw(st.frozensets(st.sampled_from([*SHIPPED_ROLES, "local.guest"]), max_size=3)),
        draw(TENANTS),
        draw(st.none() | st.frozensets(st.sampled_from(PLACES))),
        draw(st.frozensets(st.sampled_from(GROUPS))),
        kind=kind,
    )


@st.composite
def things(draw: st.DrawFn) -> Resource:
    return Resource(
        draw(st.sampled_from(sorted({one.noun for one in Action}))),
        draw(TENANTS),
        draw(st.sampled_from(["", "x-1", "x-2"])),
        draw(st.none() | st.sampled_from(PLACES)),
        draw(st.none() | st.sampled_from(GROUPS)),
        draw(st.none() | st.sampled_from(["user:analyst", "user:officer"])),
    )


def is_granted(one: Principal, action: Action) -> bool:
    """Say whether a principal may read such things at all: its roles, or being the operator."""
    return one.kind is PrincipalKind.OPERATOR or bool(one.roles & GRANTED[action])


def sees_work(one: Principal, asked_by: str | None) -> bool:
    """Say whether a principal sees the long work of who asked for it, as the list of jobs does."""
    is_own = asked_by in (None, one.id)
    sees_others = one.roles & {"officer", "engineer", "auditor", "administrator"}
    return is_own or one.kind is PrincipalKind.OPERATOR or bool(sees_others)


@given(one=principals(), thing=things())
def test_what_may_be_read_is_what_the_query_leaves(one: Principal, thing: Resource) -> None:
    covered = Scope.of(one).covers(thing)
    for action in READS:
        is_allowed = AUTHORITY.decide(one, action, thing).is_allowed
        is_mine = action is not Action.JOB_READ or sees_work(one, thing.maker)
        assert is_allowed == (covered and is_granted(one, action) and is_mine), action


@given(one=principals(), thing=things(), action=st.sampled_from(Action))
def test_nothing_may_be_done_to_what_the_query_does_not_leave(
    one: Principal, thing: Resource, action: Action
) -> None:
    if not Scope.of(one).covers(thing):
        verdict = AUTHORITY.decide(one, action, thing)
        assert not verdict.is_allowed
        assert thing.id == "" or verdict is NOT_THERE


@given(one=principals(), thing=things(), action=st.sampled_from(Action))
def test_no_refusal_tells_a_sealed_thing_from_none(
    one: Principal, thing: Resource, action: Action
) -> None:
    if thing.sealed_for is not None and thing.sealed_for not in Scope.of(one).sealed_groups:
        assert AUTHORITY.decide(one, action, thing) is NOT_THERE


def test_every_read_is_granted_to_somebody() -> None:
    assert len(READS) > 10
    assert [one for one in READS if not GRANTED[one]] == []
