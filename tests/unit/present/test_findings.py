"""What people and machines read of findings is what the pass found, within their scope."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import tiny_world
from principals import AllowAll, AllowNone, principal
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.access.jurisdictions import jurisdiction_of
from sluicegate.services.access.principals import Principal
from sluicegate.services.desk import Desk
from sluicegate.services.findings import Assessment
from sluicegate.services.paging import CursorError
from sluicegate.services.ports.present import (
    ChangedHow,
    FindingFilter,
    FindingOrder,
    ObligationFilter,
)
from sluicegate.services.present.findings import (
    changes,
    counts,
    finding,
    findings,
    obligations,
    passes,
)
from sluicegate.services.present.keys import amount_key, day_key, day_of, name_key, prefix_end
from sluicegate.wiring import OpenNode, opened
from tiny_world import AS_OF, AT, CLOCK, pass_over

ANALYST = principal("analyst")


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenNode]:
    folder = tiny_world.tiny_node(tmp_path_factory.mktemp("present") / "node")
    with opened(folder, clock=CLOCK) as one:
        yield one


@pytest.fixture(scope="module")
def assessment(node: OpenNode) -> Assessment:
    return pass_over(node).assessment


def desk_of(node: OpenNode, who: Principal = ANALYST) -> Desk:
    return Desk(who, node.store, AllowAll(), CLOCK)


def test_findings_come_in_the_order_of_the_pass(node: OpenNode, assessment: Assessment) -> None:
    desk = desk_of(node)
    first = findings(desk, limit=3)
    rows = list(first.rows)
    cursor = first.next_cursor
    while cursor is not None:
        page = findings(desk, cursor=cursor, limit=3)
        rows += page.rows
        cursor = page.next_cursor
    assert Counter(row.finding_id for row in rows) == Counter(
        str(one.id) for one in assessment.findings
    )
    rank = ["certain", "likely", "possible", "cleared"]
    gravity = [(rank.index(one.facets.certainty), not one.facets.is_enforced) for one in rows]
    assert gravity == sorted(gravity)
    with pytest.raises(CursorError, match="another filter or order"):
        findings(desk, FindingFilter(order=FindingOrder.DUE), first.next_cursor)


def test_counts_tell_what_another_choice_would_give(node: OpenNode, assessment: Assessment) -> None:
    desk = desk_of(node)
    plain = Counter(one.rule for one in assessment.findings)
    whole = counts(desk)
    assert whole.total == len(assessment.findings)
    assert whole.by["rule"] == plain
    [(rule, count)] = plain.most_common(1)
    chosen = counts(desk, FindingFilter(rules=frozenset({rule})))
    assert chosen.total == count
    assert chosen.by["rule"] == plain
    certain = Counter(one.certainty.value for one in assessment.findings if one.rule == rule)
    assert chosen.by["certainty"] == certain
    assert sum(whole.by["is_enforced"].values()) == whole.total


def test_one_finding_is_its_document_with_what_is_owed(
    node: OpenNode, assessment: Assessment
) -> None:
    for one in assessment.findings:
        shown = finding(desk_of(node), one.id)
        assert shown.is_open
        assert shown.document["reasons"] == list(one.reasons)
        owed = {duty.id for duty in assessment.obligations if duty.finding == one.id}
        assert {duty.obligation_id for duty in shown.obligations} == owed


def test_a_scope_of_one_jurisdiction_sees_no_other(node: OpenNode, assessment: Assessment) -> None:
    desk = desk_of(node, principal("analyst", jurisdictions=["EU"]))
    expected = {
        str(one.id) for one in assessment.findings if jurisdiction_of(one.instrument) == "EU"
    }
    assert expected
    assert {row.finding_id for row in findings(desk, limit=500).rows} == expected
    assert counts(desk).total == len(expected)
    assert set(counts(desk).by["jurisdiction"]) == {"EU"}
    assert {row.finding_id for row in obligations(desk, limit=500).rows} <= expected
    assert {row.finding_id for row in changes(desk, limit=500).rows} == expected
    for one in assessment.findings:
        if one.id not in expected:
            with pytest.raises(NotFoundError) as outside:
                finding(desk, one.id)
            assert str(outside.value) == str(NotFoundError("finding", one.id))


def test_obligations_come_by_due_day(node: OpenNode, assessment: Assessment) -> None:
    rows = obligations(desk_of(node), limit=500).rows
    assert [row.due or date.max for row in rows] == sorted(
        one.due or date.max for one in assessment.obligations
    )
    binding = obligations(desk_of(node), ObligationFilter(is_binding=True), limit=500).rows
    assert {row.obligation_id for row in binding} == {
        one.id for one in assessment.obligations if one.binding
    }


def test_who_may_not_read_findings_is_refused_everything(node: OpenNode) -> None:
    desk = Desk(ANALYST, node.store, AllowNone(), CLOCK)
    for read in (findings, counts, obligations, changes, passes):
        with pytest.raises(RefusedError):
            read(desk)
    with pytest.raises(RefusedError):
        finding(desk, "f-none")


@pytest.mark.parametrize("identifier", ["f-none", "", "\0", "\ud800"])
def test_a_finding_that_never_was_is_not_found(node: OpenNode, identifier: str) -> None:
    with pytest.raises(NotFoundError):
        finding(desk_of(node), identifier)


def test_a_later_pass_is_told_as_changes(tmp_path: Path) -> None:
    folder = tiny_world.tiny_node(tmp_path / "node")
    with opened(folder, clock=CLOCK) as node:
        desk = desk_of(node)
        early = pass_over(node, AS_OF - timedelta(days=120)).assessment
        late = pass_over(node, at=AT + timedelta(hours=1)).assessment
        told = changes(desk, early.pass_id, limit=500).rows
        new = {row.finding_id for row in told if row.how is ChangedHow.NEW}
        gone = {row.finding_id for row in told if row.how is ChangedHow.CLEARED}
        before = {str(one.id) for one in early.findings}
        after = {str(one.id) for one in late.findings}
        assert (new, gone) == (after - before, before - after)
        assert new
        assert [row.pass_id for row in passes(desk).rows] == [late.pass_id, early.pass_id]
        for one in gone:
            assert not finding(desk, one).is_open
        with pytest.raises(NotFoundError):
            changes(desk, "no-pass")
        assert node.store.present.faults() == []


amounts = st.one_of(st.integers(0, 10**30), st.fractions(0, 10**6).map(lambda f: round(f, 6)))


@given(amounts, amounts)
def test_amount_keys_put_the_larger_first(one: Fraction | int, two: Fraction | int) -> None:
    if one != two:
        assert (amount_key(one) < amount_key(two)) is (one > two)
    assert amount_key(one) < amount_key(None)


@given(st.dates(), st.dates())
def test_day_keys_put_the_nearer_first(one: date, two: date) -> None:
    assert (day_key(one) < day_key(two)) is (one < two)
    assert day_key(one) < day_key(None)
    assert day_of(day_key(one)) == one


@given(st.text(), st.text())
def test_a_name_begins_with_what_its_key_begins_with(prefix: str, rest: str) -> None:
    begins, whole = name_key(prefix), name_key(prefix + rest)
    if whole.startswith(begins):
        assert begins <= whole < prefix_end(begins)
