"""The picture of linked customers stays inside its frame and shows every pair."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drawn_pictures import SVG, checked, texts
from sluicegate.adapters.pictures import Frame, LinkedPair, LinkWords, links_picture

FRAME = Frame("Who is linked", "A sentence.")
WORDS = LinkWords("holds the two together", "does not hold them")


@given(
    names=st.lists(st.text(max_size=40), min_size=1, max_size=24),
    draws=st.lists(st.tuples(st.integers(0, 23), st.integers(0, 23), st.booleans()), max_size=30),
)
def test_a_picture_of_links_stays_inside_its_frame(
    names: list[str], draws: list[tuple[int, int, bool]]
) -> None:
    keys = {f"c-{number}": name for number, name in enumerate(names)}
    ids = list(keys)
    pairs = [
        LinkedPair(ids[a % len(ids)], ids[b % len(ids)], 1, holds, "device")
        for a, b, holds in draws
    ]
    root = checked(links_picture(keys, pairs, FRAME, WORDS))
    lines = [one for one in root.iter(f"{SVG}line") if one.attrib["class"] != "sg-sample"]
    assert len(lines) >= len(pairs)


@pytest.mark.parametrize("count", range(1, 25))
def test_no_two_customers_stand_on_each_other(count: int) -> None:
    keys = {f"c-{number}": "Wickham Reed" for number in range(count)}
    root = checked(links_picture(keys, [], FRAME, WORDS))
    boxes = [
        tuple(float(one.attrib[name]) for name in ("x", "y", "width", "height"))
        for one in root.iter(f"{SVG}rect")
        if one.attrib["class"] == "sg-box"
    ]
    assert len(boxes) == count
    for (x1, y1, wide, high), (x2, y2, _, _) in combinations(boxes, 2):
        assert abs(x1 - x2) > wide or abs(y1 - y2) > high


def test_what_does_not_hold_is_drawn_otherwise_and_explained() -> None:
    keys = {"c-1": "Wickham Reed", "c-2": "Harrowgate Pell", "c-3": "Sallow Ferry"}
    pairs = [
        LinkedPair("c-1", "c-2", 2, True, "device, email"),
        LinkedPair("c-2", "c-3", 1, False, "address"),
    ]
    root = checked(links_picture(keys, pairs, FRAME, WORDS))
    assert [one.attrib["class"] for one in root.findall(f"{SVG}line")][:2] == [
        "sg-edge",
        "sg-edge-open",
    ]
    shown = texts(root)
    assert {"Wickham Reed", "c-3", WORDS.holds, WORDS.does_not_hold} <= set(shown)


def test_what_holds_alone_needs_no_word_for_the_rest() -> None:
    pairs = [LinkedPair("c-1", "c-2", 1, True, "device")]
    root = checked(links_picture({"c-1": "A", "c-2": "B"}, pairs, FRAME, WORDS))
    assert WORDS.does_not_hold not in texts(root)
