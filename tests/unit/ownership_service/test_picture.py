"""The picture of ownership: every kind of holding in words, owners right above what they own."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from ownership_graphs import WORKED, edge, graph, individual
from sluicegate.adapters.pictures.layers import layered
from sluicegate.core.phrases import Language
from sluicegate.registry.records import OwnershipEdge
from sluicegate.services.ownership.pictured import ownership_above
from sluicegate.services.report import Ownership
from sluicegate.wiring.ownership import ownership_svg

HELD = (
    edge("nominee", "c", "0.4", role="nominee"),
    individual("behind", "nominee", role="nominator"),
    edge("range", "c", "0.25|0.5"),
    edge("open", "c"),
    individual("director", "range", substantial_control=True),
    edge("c", "range", "0.1"),
)


def held(*edges: OwnershipEdge, party: str = "c") -> Ownership:
    found = ownership_above(graph(*edges), [party])
    assert found is not None
    return found


def words(svg: str) -> set[str]:
    return {text.strip() for text in ElementTree.fromstring(svg).itertext() if text.strip()}


def test_every_kind_of_holding_says_what_it_is() -> None:
    said = words(ownership_svg(held(*HELD), "c", Language.EN))
    assert {
        "40 %, as nominee",
        "behind the nominee",
        "25 % to 50 %",
        "share not stated",
        "control",
        "10 %",
        "goes back up (circular holding)",
    } <= said
    said_in_chinese = words(ownership_svg(held(*HELD), "c", Language.ZH))
    assert {"40 %，代名持有", "代名人背后", "25 %至50 %", "持股比例未说明"} <= said_in_chinese


def test_lines_differ_by_pattern_and_not_by_words_alone() -> None:
    svg = ownership_svg(held(*HELD), "c", Language.EN)
    drawn = set(re.findall(r'class="(sg-edge[a-z-]*)"', svg))
    assert drawn == {"sg-edge", "sg-edge-control", "sg-edge-open", "sg-edge-nominee"}


def test_an_owner_stands_right_above_what_it_owns() -> None:
    worked = held(*(edge(*one) for one in WORKED), party="A")
    rows = layered(worked.nodes, worked.edges, 5, 6).rows
    assert [set(row) for row in rows] == [
        {"SDN-D", "person-1", "SDN-F", "person-2"},
        {"D", "SDN-B", "E", "trust"},
        {"B", "C", "SDN-A"},
        {"A"},
    ]


def test_names_of_parties_cannot_break_out_of_the_picture() -> None:
    hostile = edge("o", "c", "0.5", owner_name='</text><script>alert("1")</script>&\x01')
    root = ElementTree.fromstring(ownership_svg(held(hostile), "c", Language.EN))
    assert not [one for one in root.iter() if one.tag.endswith("script")]


def test_nobody_above_is_said_in_words() -> None:
    assert "No ownership is recorded." in words(ownership_svg(None, "c", Language.EN))
