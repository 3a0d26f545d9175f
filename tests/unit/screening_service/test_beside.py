"""Another product's results beside our matches: whose is a pair, and why it is none of ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import pytest

from principals import principal
from screening_fakes import (
    ScreeningBench,
    customer,
    entry,
    fake_engine,
    in_use,
    listed_party,
)
from sluicegate.adapters.policies import CedarAuthority, shipped_statements
from sluicegate.core.clock import FixedClock
from sluicegate.services.access.authority import RefusedError
from sluicegate.services.desk import Desk
from sluicegate.services.ports.lists import VendorResult
from sluicegate.services.screening.beside import (
    Comparison,
    Side,
    Vendor,
    beside_rows,
    compare_results,
)
from sluicegate.services.screening.engine import ListsInUse, Scoring
from sluicegate.services.screening.parts import NodeScreening

AUTHORITY = CedarAuthority(shipped_statements())
QUIST = listed_party("lp-1", entry("36", "Lena Quist", "Quist Lena Marie"))
MARRANT = listed_party("lp-2", entry("37", "Ivo Marrant Sorrel Vane"))


class Known:
    """Lists that every moment knows."""

    def __init__(self, lists: ListsInUse | None) -> None:
        self.lists = lists

    def in_use(self, *, on: date, known_on: datetime | None = None) -> ListsInUse | None:
        """The lists of the bench."""
        return self.lists


@pytest.fixture(scope="module")
def bench() -> ScreeningBench:
    made = ScreeningBench(in_use(QUIST, MARRANT))
    made.put("customers", customer("c-1", "Lena Quist"), customer("c-2", "Ivo Marrant"))
    made.run()
    return made


def compared(
    bench: ScreeningBench,
    results: Sequence[VendorResult],
    role: str = "analyst",
    lists: ListsInUse | None = None,
) -> Comparison:
    store = bench.store
    who = principal(role, tenant=store.tenant)
    desk = Desk(who, store, AUTHORITY, FixedClock(bench.at))
    screening = NodeScreening(Known(lists or bench.lists), Scoring(fake_engine, None))
    return compare_results(desk, screening, Vendor("Other"), results)


@pytest.mark.parametrize(
    "result",
    [
        VendorResult("c-1", "Lena Quist"),
        VendorResult("c-1", "QUIST, Lena"),
        VendorResult("c-1", "Lena Marie Quist"),
        VendorResult("c-1", "Called Otherwise", entity_id="36"),
    ],
    ids=["name", "order", "alias", "id"],
)
def test_a_pair_is_the_same_by_a_name_or_an_id_of_an_entry(
    bench: ScreeningBench, result: VendorResult
) -> None:
    (row,) = compared(bench, [result]).rows
    assert (row.side, row.result, row.why) == (Side.BOTH, result, None)
    assert row.match is not None
    assert row.match.listed_id == "lp-1"


def test_a_match_that_they_lack_is_ours_alone(bench: ScreeningBench) -> None:
    found = compared(bench, [])
    assert [(one.side, one.result) for one in found.rows] == [(Side.OURS, None)]
    assert found.counts == {Side.BOTH: 0, Side.OURS: 1, Side.THEIRS: 0}


@pytest.mark.parametrize(
    ("result", "why"),
    [
        (VendorResult("c-none", "Lena Quist"), "No customer, owner or director"),
        (VendorResult("c-2", "Nobody Listed"), "No list in use here"),
        (VendorResult("c-2", "Ivo Marrant Sorrel Vane"), "It scores 0.5 here, below the 0.6 "),
        (VendorResult("c-2", "Lena Quist"), "It scores 0 here"),
    ],
    ids=["nobody", "unlisted", "below", "nothing in common"],
)
def test_a_result_of_theirs_alone_says_why_it_is_no_match_here(
    bench: ScreeningBench, result: VendorResult, why: str
) -> None:
    *_ours, row = compared(bench, [result]).rows
    assert (row.side, row.match) == (Side.THEIRS, None)
    assert row.why is not None
    assert row.why.text().startswith(why)


def test_what_was_not_screened_since_is_said_to_alert(bench: ScreeningBench) -> None:
    new = in_use(QUIST, MARRANT, listed_party("lp-3", entry("38", "Ivo Marrant")))
    *_ours, row = compared(bench, [VendorResult("c-2", "Ivo Marrant")], lists=new).rows
    assert row.why is not None
    assert "run the screening" in row.why.text()


def test_a_row_says_what_both_say(bench: ScreeningBench) -> None:
    theirs = VendorResult("c-1", "Lena Quist", list_name="L", score="93%", outcome="open")
    (row,) = beside_rows(compared(bench, [theirs]).rows)
    assert row["party"] == "c-1"
    assert (row["their_score"], row["their_outcome"], row["their_list"]) == ("93%", "open", "L")
    assert (row["score"], row["state"], row["lists"]) == ("1", "open", ["us_sdn"])


def test_who_may_read_no_cases_compares_nothing(bench: ScreeningBench) -> None:
    with pytest.raises(RefusedError):
        compared(bench, [], role="engineer")
