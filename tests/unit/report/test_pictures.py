"""Pictures stay inside their frame and well-formed, whatever the data."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_pictures import checked, texts
from sluicegate.adapters.pictures import (
    Bar,
    CrossingMark,
    Frame,
    Language,
    ThresholdChart,
    bar_chart,
    ownership_picture,
    threshold_chart,
)
from sluicegate.adapters.pictures.marks import PASSINGS
from sluicegate.adapters.pictures.style import DARK, LIGHT
from sluicegate.core.estimates import Estimate, Method
from sluicegate.rules.instruments import Comparator, Title
from sluicegate.services.report import (
    DayPoint,
    HoldingEdge,
    PartyNode,
    StepState,
    ThresholdLine,
    ThresholdStep,
)

FRAME = Frame("A <title> & more", "A \x00 sentence.")

amounts = st.one_of(
    st.just(0),
    st.integers(0, 10**40),
    st.fractions(0, 1, max_denominator=10**6),
    st.integers(0, 400).map(lambda exponent: 10**exponent),
)
days = st.dates(date(1, 1, 1), date(9999, 12, 31))


@st.composite
def series(draw: st.DrawFn) -> tuple[DayPoint, ...]:
    first = draw(days)
    gap = draw(st.sampled_from([1, 1, 1, 7, 400]))
    points = []
    for number in range(draw(st.integers(0, 12)) * draw(st.sampled_from([1, 1, 33]))):
        ordinal = first.toordinal() + number * gap
        if ordinal > date.max.toordinal():
            break
        bounds = sorted(draw(st.tuples(amounts, amounts, amounts, amounts)))
        ceiling = bounds[3] if draw(st.booleans()) else None
        low, central, high = bounds[:3]
        points.append(DayPoint(date.fromordinal(ordinal), low, central, high, ceiling))
    return tuple(points)


@st.composite
def lines(draw: st.DrawFn) -> ThresholdLine:
    starts = sorted(draw(st.sets(days, min_size=1, max_size=3)))
    ends: list[date | None] = [*starts[1:], draw(st.one_of(st.none(), st.just(date.max)))]
    steps = tuple(
        ThresholdStep(start, end, draw(amounts), draw(st.sampled_from(StepState)), "s. 1")
        for start, end in zip(starts, ends, strict=True)
    )
    title = Title(draw(st.text(max_size=80)), draw(st.text(max_size=80)))
    return ThresholdLine("rule", title, title, draw(st.sampled_from(Comparator)), steps)


marks = st.builds(
    CrossingMark, st.sampled_from(["high", "central", "low", "projected"]), days, amounts
)
languages: st.SearchStrategy[Language] = st.sampled_from(["en", "zh"])


@settings(max_examples=60, deadline=None)
@given(
    points=series(),
    limits=st.lists(lines(), max_size=5),
    crossings=st.lists(marks, max_size=5),
    as_of=st.one_of(st.none(), days),
    language=languages,
)
def test_any_series_is_drawn_inside_the_picture(
    points: tuple[DayPoint, ...],
    limits: list[ThresholdLine],
    crossings: list[CrossingMark],
    as_of: date | None,
    language: Language,
) -> None:
    checked(threshold_chart(ThresholdChart(points, limits, crossings, as_of), FRAME, language))


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(
        st.tuples(st.text(max_size=60), st.tuples(amounts, amounts, amounts)), max_size=9
    ),
    limits=st.lists(lines(), max_size=4),
    language=languages,
)
def test_any_amounts_are_drawn_inside_the_bar_chart(
    rows: list[tuple[str, tuple[int, int, int]]], limits: list[ThresholdLine], language: Language
) -> None:
    bars = []
    for name, bounds in rows:
        low, central, high = sorted(bounds)
        bars.append(Bar(name, Estimate(low, central, high, high, Method.HARDWARE)))
    checked(bar_chart(bars, FRAME, limits, language))


ids = st.sampled_from([f"p{number}" for number in range(14)])


@settings(max_examples=80, deadline=None)
@given(
    names=st.lists(st.text(max_size=50), min_size=14, max_size=14),
    count=st.integers(0, 14),
    pairs=st.lists(st.tuples(ids, ids, st.one_of(st.none(), st.fractions(0, 1))), max_size=30),
    language=languages,
)
def test_any_ownership_is_drawn_inside_the_picture(
    names: list[str],
    count: int,
    pairs: list[tuple[str, str, Fraction | None]],
    language: Language,
) -> None:
    """Circles, loops, parties that nobody holds, and edges to unknown parties included."""
    nodes = [PartyNode(f"p{number}", names[number]) for number in range(count)]
    edges = [HoldingEdge(owner, owned, share, share is None) for owner, owned, share in pairs]
    checked(ownership_picture(nodes, edges, FRAME, language))


def _line(*steps: ThresholdStep) -> ThresholdLine:
    title = Title("Large training", "大规模训练")
    return ThresholdLine("act.large", title, title, Comparator.GREATER_THAN, steps)


def _steady(days_long: int) -> tuple[DayPoint, ...]:
    first = date(2026, 1, 1)
    return tuple(
        DayPoint(first + timedelta(days=n), n * 10**23, 2 * n * 10**23, 3 * n * 10**23)
        for n in range(days_long)
    )


def test_a_threshold_is_drawn_only_on_the_days_on_which_it_is_in_force() -> None:
    points = _steady(101)
    step = ThresholdStep(date(2026, 2, 20), date(2026, 3, 12), 10**25, StepState.IN_FORCE, "s. 1")
    root = checked(threshold_chart(ThresholdChart(points, [_line(step)]), FRAME))
    drawn = [one for one in root if one.get("class") == "sg-limit-in_force"]
    (start, _), (end, _) = (
        tuple(map(float, pair)) for pair in re.findall(r"([\d.]+) ([\d.]+)", drawn[0].attrib["d"])
    )
    axis = next(one for one in root if one.get("class") == "sg-axis")
    left, right = float(axis.attrib["x1"]), float(axis.attrib["x2"])
    assert (start - left) / (right - left) == pytest.approx(0.5, abs=0.001)
    assert (end - left) / (right - left) == pytest.approx(0.7, abs=0.001)


def test_a_threshold_outside_the_days_shown_is_not_drawn() -> None:
    step = ThresholdStep(date(2027, 1, 1), None, 10**25, StepState.IN_FORCE, "s. 1")
    root = checked(threshold_chart(ThresholdChart(_steady(50), [_line(step)]), FRAME))
    assert len([one for one in root if one.get("class") == "sg-limit-in_force"]) == 1, (
        "only the sample in the legend"
    )


def test_a_changed_threshold_is_drawn_as_a_step() -> None:
    steps = (
        ThresholdStep(None, date(2026, 2, 1), 10**26, StepState.NOT_LAW, "s. 1"),
        ThresholdStep(date(2026, 2, 1), None, 10**25, StepState.NOT_LAW, "s. 2"),
    )
    root = checked(threshold_chart(ThresholdChart(_steady(60), [_line(*steps)]), FRAME))
    paths = [one for one in root if one.get("class") == "sg-limit-not_law"]
    assert len(paths) == 4, "two levels, the step between them, and the sample in the legend"
    assert "not law (proposal, guidance, own setting)" in texts(root)


def test_marks_of_each_bound_have_a_shape_of_their_own() -> None:
    day = date(2026, 1, 20)
    shapes = set()
    for passing in PASSINGS:
        mark = CrossingMark(passing, day, 10**24, "act.large")
        root = checked(threshold_chart(ThresholdChart(_steady(40), (), [mark]), FRAME))
        drawn = next(one for one in root if one.get("class") == f"sg-mark-{passing}")
        shapes.add((drawn.tag, len(drawn.get("points", "").split())))
        assert day.isoformat() in texts(root)
    assert len(shapes) == 4


def test_an_empty_series_says_so_in_words() -> None:
    english = texts(checked(threshold_chart(ThresholdChart(()), FRAME)))
    chinese = texts(checked(threshold_chart(ThresholdChart(()), FRAME, "zh")))
    assert "No compute is recorded in this period." in english
    assert "此期间没有算力用量记录。" in chinese


def test_the_axis_shows_every_power_of_ten_near_the_end() -> None:
    root = checked(threshold_chart(ThresholdChart(_steady(100)), FRAME))
    assert {"10²³", "10²⁴", "10²⁵", "10²⁶"} <= set(texts(root))


def test_parties_beyond_the_depth_are_counted_at_the_party_they_hang_on() -> None:
    nodes = [PartyNode(f"n{depth}", f"Firm {depth}", is_subject=depth == 0) for depth in range(9)]
    edges = [HoldingEdge(f"n{depth}", f"n{depth + 1}", Fraction(1)) for depth in range(8)]
    shown = texts(checked(ownership_picture(nodes, edges, FRAME)))
    assert "Firm 4" in shown
    assert "Firm 5" not in shown
    assert "4 more" in shown


def test_a_wide_row_always_shows_the_subject() -> None:
    nodes = [PartyNode(f"n{number}", f"Firm {number}") for number in range(20)]
    nodes[19] = PartyNode("n19", "The subject", is_subject=True)
    nodes.append(PartyNode("top", "Owner"))
    edges = [HoldingEdge("top", f"n{number}", Fraction(1, 2)) for number in range(20)]
    shown = texts(checked(ownership_picture(nodes, edges, FRAME)))
    assert "The subject" in shown
    assert "14 more" in shown


def test_control_without_shares_is_named_and_dashed() -> None:
    nodes = [PartyNode("a", "Owner", True), PartyNode("b", "Owned")]
    root = checked(ownership_picture(nodes, [HoldingEdge("a", "b", None, True)], FRAME))
    assert "control" in texts(root)
    assert any(one.get("class") == "sg-edge-control" for one in root)


def test_names_are_escaped_and_shortened() -> None:
    name = '<script>alert("x")</script>' * 9
    svg = ownership_picture([PartyNode("a", name)], [], FRAME)
    checked(svg)
    assert "<script" not in svg
    assert max(map(len, texts(ET.fromstring(svg)))) < 40


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_lines_stand_out_from_the_ground(colours: dict[str, str]) -> None:
    for text in ("ink", "quiet", "limit"):
        for ground in ("ground", "box"):
            assert _contrast(colours[text], colours[ground]) >= 4.5, (text, ground)
    for line in ("central", "ceiling", "axis"):
        assert _contrast(colours[line], colours["ground"]) >= 3, line
    assert _contrast(colours["ink"], colours["subject"]) >= 4.5
    assert LIGHT.keys() == DARK.keys()
