"""A target with too much behind it is refused over HTTP, with the way out."""

from __future__ import annotations

import pytest

from kept_lineages import keep_chain
from served_api import Caller
from sluicegate.services.lineage.bounding import MOST_WAITED_FOR
from sluicegate.wiring import OpenNode
from sluicegate.wiring.identity import operator_desk


@pytest.fixture(scope="module")
def long_one(node: OpenNode) -> str:
    """A lineage with one node too many behind its model."""
    return keep_chain(operator_desk(node), MOST_WAITED_FOR, "long_1")


@pytest.mark.parametrize(
    "asked",
    [
        *("accounts?target=end", "compare?target=end", "unknowns?target=end"),
        *("what-if?target=end&without=run-7", "picture?target=end", "tree?target=end"),
    ],
)
def test_too_much_is_refused_with_the_way_out(caller: Caller, long_one: str, asked: str) -> None:
    got = caller.get(f"/v1/lineages/{long_one}/{asked}")
    assert got.status == 422
    assert "sluicegate lineage account" in got.text


def test_a_target_with_less_behind_it_is_answered(caller: Caller, long_one: str) -> None:
    got = caller.get(f"/v1/lineages/{long_one}/accounts?target=run-99").json()
    assert [one["flop"] for one in got["items"]] == ["100"]
