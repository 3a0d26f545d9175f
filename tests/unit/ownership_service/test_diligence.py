"""Records of diligence: what opens one, that a pass repeats nothing, and how people work it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from empty_stores import empty_store
from ownership_graphs import LAW, WORKED_LISTED, edge, graph, individual, listed, worked
from principals import AllowAll, AllowNone, operator
from sluicegate.adapters.store import SqlStore
from sluicegate.core.clock import FixedClock
from sluicegate.core.exact import load_json
from sluicegate.core.identifiers import DEFAULT_TENANT, PartyId
from sluicegate.core.phrases import Language
from sluicegate.registry.records import OwnershipEdge
from sluicegate.services.access.authority import NotFoundError, RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.ownership.diligence import (
    PASS_APPLIED,
    WRITTEN,
    DiligenceError,
    Written,
    close,
    diligence_id,
    note,
    open_after_pass,
    reason_text,
    shown,
)
from sluicegate.services.ownership.diligence import listed as records
from sluicegate.services.ownership.gaps import gaps_of
from sluicegate.services.ports.ownership_diligence import (
    DiligenceState,
    Gap,
    Ground,
    OwnershipDiligence,
)

AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
C = PartyId("c-1")
ID = diligence_id(DEFAULT_TENANT, C)
MINORITY = Gap(Ground.SIGNIFICANT_MINORITY.value, "ofac", "0.3", ("s",))
UNKNOWN = Gap(Ground.UNKNOWN_SHARE.value, "ofac", "0", ("s",))


@pytest.fixture
def store() -> Iterator[SqlStore]:
    with empty_store(FixedClock(AT)) as opened:
        yield opened


def after(store: SqlStore, gaps: Sequence[Gap], hours: int = 0) -> tuple[OwnershipDiligence, ...]:
    at = AT + timedelta(hours=hours)
    found: Mapping[PartyId, Sequence[Gap]] = {C: gaps} if gaps else {}
    return open_after_pass(store, found, tenant=DEFAULT_TENANT, at=at, by="local:ada")


def desk(store: SqlStore) -> Desk:
    return Desk(operator(), store, AllowAll(), FixedClock(AT + timedelta(days=1)))


def grounds(gaps: Sequence[Gap]) -> list[str]:
    return [one.ground for one in gaps]


@pytest.mark.parametrize(
    ("edges", "ground"),
    [
        ([edge("s", "c", "0.25"), edge("o", "c", "0.75")], "significant_minority"),
        ([edge("s", "c"), edge("o", "c", "0.75")], "unknown_share"),
        ([edge("s", "c", "0.2|0.6"), edge("o", "c", "0.3")], "unknown_share"),
        ([edge("s", "c", "0.1"), edge("o", "c", "0.5")], "unknown_remainder"),
        ([edge("o", "c", "0.5")], "unknown_remainder"),
        ([edge("s", "c", substantial_control=True)], "control_by_listed"),
        ([edge("n", "c", "1", role="nominee")], "nominee_unexplained"),
        ([edge("u", "c", role="unspecified: unknown"), edge("o", "c", "1")], "owner_not_named"),
    ],
)
def test_what_calls_for_diligence(edges: list[OwnershipEdge], ground: str) -> None:
    gaps = gaps_of(graph(*edges), listed(s="sdn"), LAW)
    assert ground in grounds(gaps[PartyId("c")])


@pytest.mark.parametrize(
    "edges",
    [
        [edge("s", "c", "0.24"), edge("o", "c", "0.76")],
        [edge("s", "c", "0.1"), edge("o", "c", "0.51|0.9")],
        [edge("s", "c", "0.1|0.4"), edge("o", "c", "0.51")],
        [edge("o", "c", "0.51")],
        [individual("d", "c", role="director")],
        [edge("s", "c", "0.9")],
    ],
)
def test_what_calls_for_none(edges: list[OwnershipEdge]) -> None:
    assert gaps_of(graph(*edges), listed(s="sdn"), LAW) == {}


def test_a_range_that_may_be_enough_calls_for_diligence_where_it_is_stated() -> None:
    edges = [edge("s", "m", "0.2|0.6"), edge("o", "m", "0.4")]
    below = [edge("m", "c", "0.5"), edge("o", "c", "0.5")]
    gaps = gaps_of(graph(*edges, *below), listed(s="sdn"), LAW)
    assert gaps == {PartyId("m"): (Gap(Ground.UNKNOWN_SHARE.value, "ofac", "0.2", ("s",)),)}


def test_in_the_worked_case_only_c_calls_for_diligence() -> None:
    gaps = gaps_of(worked(), WORKED_LISTED, LAW)
    minority = Gap(Ground.SIGNIFICANT_MINORITY.value, "ofac", "0.48", ("E",))
    assert gaps == {PartyId("C"): (minority,)}


def test_a_pass_opens_a_record_once(store: SqlStore) -> None:
    assert [one.version for one in after(store, [MINORITY])] == [1]
    assert after(store, [MINORITY], hours=1) == ()
    assert [one.name for one in store.acts()] == [PASS_APPLIED]
    last = store.ownership_diligence.last()
    assert [(one.party_id, one.state, one.gaps) for one in last] == [
        ("c-1", DiligenceState.OPEN, (MINORITY,))
    ]


def test_what_has_changed_is_a_new_version_and_nothing_is_closed_by_a_pass(
    store: SqlStore,
) -> None:
    after(store, [MINORITY])
    after(store, [MINORITY, UNKNOWN], hours=1)
    after(store, [], hours=2)
    versions = store.ownership_diligence.versions(ID)
    assert [(one.state, len(one.gaps)) for one in versions] == [
        (DiligenceState.OPEN, 1),
        (DiligenceState.OPEN, 2),
        (DiligenceState.OPEN, 0),
    ]


def test_people_write_what_was_searched_found_and_left_open(store: SqlStore) -> None:
    after(store, [MINORITY])
    here = desk(store)
    note(here, ID, Written(searched="register of X", left_open="who holds 40 %"), reason="call")
    told = note(here, ID, Written(found="Mina Aster"))
    assert (told.searched, told.found, told.left_open) == (
        "register of X",
        "Mina Aster",
        "who holds 40 %",
    )
    assert [one.version for one in shown(here, ID)] == [1, 2, 3]


def test_acts_hold_a_digest_and_nothing_that_people_wrote(store: SqlStore) -> None:
    after(store, [MINORITY])
    note(desk(store), ID, Written(found="Mina Aster"), reason="said by Mina Aster")
    close(desk(store), ID, reason="Mina Aster owns it")
    written = [one for one in store.acts() if one.name == WRITTEN]
    assert [load_json(one.canonical.decode())["record"]["version"] for one in written] == [2, 3]
    assert all(b"Mina" not in one.canonical for one in store.acts())


def test_the_reason_of_a_pass_has_both_languages_and_that_of_a_person_its_own(
    store: SqlStore,
) -> None:
    (opened,) = after(store, [MINORITY])
    assert reason_text(opened, Language.EN).startswith("What is known")
    assert reason_text(opened, Language.ZH).startswith("已知")
    closed = close(desk(store), ID, reason="the register is clear")
    assert reason_text(closed, Language.ZH) == "the register is clear"


def test_a_closed_record_opens_when_something_else_is_left_open(store: SqlStore) -> None:
    after(store, [MINORITY])
    assert close(desk(store), ID, reason="explained").state is DiligenceState.CLOSED
    assert after(store, [MINORITY], hours=1) == (), "what was explained stays explained"
    assert after(store, [], hours=2) == ()
    reopened = after(store, [MINORITY, UNKNOWN], hours=3)
    assert [(one.version, one.state) for one in reopened] == [(3, DiligenceState.OPEN)]


@pytest.mark.parametrize(
    ("do", "problem"),
    [
        (lambda here: note(here, ID, Written()), "Nothing was written"),
        (lambda here: note(here, ID, Written(found="  ")), "Nothing was written"),
        (lambda here: note(here, ID, Written(found="x" * 20_001)), "too long"),
        (lambda here: close(here, ID, reason=" "), "needs a reason"),
    ],
)
def test_what_is_refused(store: SqlStore, do: Callable[[Desk], object], problem: str) -> None:
    after(store, [MINORITY])
    with pytest.raises(DiligenceError, match=problem):
        do(desk(store))


def test_a_closed_record_takes_no_note_and_is_not_closed_twice(store: SqlStore) -> None:
    after(store, [MINORITY])
    close(desk(store), ID, reason="explained")
    with pytest.raises(DiligenceError, match="is closed"):
        note(desk(store), ID, Written(found="more"))
    with pytest.raises(DiligenceError, match="closed already"):
        close(desk(store), ID, reason="again")


def test_an_id_that_is_not_there_and_who_may_not_look(store: SqlStore) -> None:
    with pytest.raises(NotFoundError):
        shown(desk(store), "d-none")
    with pytest.raises(NotFoundError):
        note(desk(store), "d-none", Written(found="x"))
    after(store, [MINORITY])
    nobody = Desk(operator(), store, AllowNone(), FixedClock(AT))
    for refused in (
        lambda: records(nobody),
        lambda: shown(nobody, ID),
        lambda: close(nobody, ID, reason="x"),
    ):
        with pytest.raises(RefusedError):
            refused()
    assert [one.version for one in records(desk(store), DiligenceState.OPEN)] == [1]
