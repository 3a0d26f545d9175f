"""The picture of a lineage: inside its frame, causes above, every mark in shape and in words."""

from __future__ import annotations

from itertools import combinations
from xml.etree import ElementTree as ET

import pytest

import drawn_lineages as samples
from drawn_lineages import accounted, drawing
from drawn_pictures import SVG, checked, texts
from sluicegate.adapters.pictures import Frame
from sluicegate.adapters.pictures.lineage import lineage_picture
from sluicegate.adapters.pictures.placing import placed
from sluicegate.core.phrases import Language
from sluicegate.lineage.building import lineage_of
from sluicegate.lineage.document import Lineage, NodeKind
from sluicegate.services.lineage.drawing import DrawnLineage
from sluicegate.wiring.lineage_pictures import lineage_svg

FRAME = Frame("Lineage", "A sentence.")
CASES: list[tuple[Lineage, str]] = [
    (samples.fine_tune(), "larch-1-notes"),
    (samples.distillation(), "student"),
    (samples.feedback(), "policy"),
    (samples.merge(), "merged"),
    (samples.agent_output(), "report"),
    (samples.chain(40), "last"),
    (samples.fan(200), "broad"),
    (samples.shared_storage(), "made"),
]
BOXES = ("sg-node-counted", "sg-node-other", "sg-node-out", "sg-box-hidden")


def drawn_svg(lineage: Lineage, target: str, rule: str = "kthf") -> ET.Element:
    return checked(lineage_picture(drawing(lineage, target, rule), FRAME))


@pytest.mark.parametrize(("lineage", "target"), CASES, ids=[target for _, target in CASES])
def test_a_picture_stays_inside_its_frame_and_no_two_boxes_touch(
    lineage: Lineage, target: str
) -> None:
    root = drawn_svg(lineage, target)
    boxes = [
        tuple(float(one.attrib[name]) for name in ("x", "y", "width", "height"))
        for one in root.iter(f"{SVG}rect")
        if one.attrib["class"] in BOXES
    ]
    shown = drawing(lineage, target)
    assert len(boxes) == len(shown.nodes) + sum(one.folded is not None for one in shown.nodes)
    for (x1, y1, wide1, high1), (x2, y2, wide2, high2) in combinations(boxes, 2):
        assert x1 + wide1 < x2 or x2 + wide2 < x1 or y1 + high1 < y2 or y2 + high2 < y1


@pytest.mark.parametrize(("lineage", "target"), CASES, ids=[target for _, target in CASES])
def test_a_cause_stands_above_what_it_led_to(lineage: Lineage, target: str) -> None:
    shown = drawing(lineage, target)
    falls = [(one.cause, one.target) for one in shown.ties]
    at = placed([one.id for one in shown.nodes], falls, 100, 10)
    assert all(at.row[cause] < at.row[led_to] for cause, led_to in falls)
    assert at.row[target] == at.rows - 1
    for (cause, led_to), way in at.ways.items():
        assert len(way) == at.row[led_to] - at.row[cause] - 1


def test_what_is_cut_discarded_or_not_disclosed_says_so() -> None:
    said = set(texts(drawn_svg(samples.distillation(), "student")))
    assert {"cut", "run: not disclosed", "nothing counted", "cut off or discarded"} <= said
    assert "cut by a human's substantial change" in said
    said = set(texts(drawn_svg(samples.feedback(), "policy")))
    assert {"discarded by a human", "discarded after a failure"} <= said
    assert "with its causes ≥ 1.02e24" in texts(drawn_svg(samples.fan(200), "broad"))


def test_signs_differ_by_shape_and_not_by_colour_alone() -> None:
    root = drawn_svg(samples.distillation(), "student")
    lines = {one.attrib["class"] for one in root.iter(f"{SVG}path")}
    assert {"sg-edge", "sg-edge-cut", "sg-cut", "sg-sign-tick", "sg-sign-line"} <= lines


def test_a_presumed_cause_has_a_line_of_its_own() -> None:
    root = drawn_svg(samples.shared_storage(), "made")
    lines = [one.attrib["class"] for one in root.iter(f"{SVG}path")]
    assert lines.count("sg-edge-control") == 4
    assert "presumed cause" in texts(root)


def test_nothing_is_said_in_words() -> None:
    root = checked(lineage_picture(DrawnLineage(), FRAME))
    assert "There is nothing to draw: the lineage is empty." in texts(root)


def test_a_picture_says_in_both_languages_what_it_shows() -> None:
    lineage, target = samples.fan(200), "broad"
    found, shown = accounted(lineage, target), drawing(lineage, target)
    english = checked(lineage_svg(found, shown, Language.EN))
    chinese = checked(lineage_svg(found, shown, Language.ZH))
    assert "further causes: 195" in texts(english)
    assert "另有 195 个成因" in texts(chinese)
    told = english.find(f"{SVG}desc")
    assert told is not None
    assert told.text is not None
    assert told.text.startswith("201 of 202 nodes that lead to it count, at least 1.02e24 FLOP")


def test_names_of_nodes_cannot_break_out_of_the_picture() -> None:
    hostile = '</text><script>alert("1")</script>&\x01'
    lineage = lineage_of([samples.node("h", NodeKind.MODEL, 1, label=hostile)], [])
    root = drawn_svg(lineage, "h")
    assert not [one for one in root.iter() if one.tag.endswith("script")]
