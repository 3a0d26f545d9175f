"""The picture of an instrument over time: everything in its frame, nothing on top of another."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drawn_pictures import SVG, checked, texts
from sluicegate.adapters.pictures import timeline_frame, timeline_picture
from sluicegate.adapters.pictures.svg import text_width, wrap
from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Mark
from sluicegate.rules.instruments import (
    Comparator,
    DatedValue,
    Enforcement,
    Instrument,
    Kind,
    Parameter,
    Status,
    TextState,
    Title,
    Value,
)
from sluicegate.rules.loading import shipped_book

BOOK = shipped_book()
DAY = date(2025, 1, 31)


def drawn(one: Instrument, language: Language, known_on: date | None = None) -> ET.Element:
    return checked(timeline_picture(one, timeline_frame(one, language), language, known_on))


def places(root: ET.Element) -> Iterator[tuple[float, float, float, str]]:
    """Yield baseline, left and right edge of every text, by the widths that the picture uses."""
    for one in root.iter(f"{SVG}text"):
        words = "".join(one.itertext())
        wide = text_width(words, 11 if "sg-text" not in one.attrib["class"].split() else 12)
        x = float(one.attrib["x"]) - (wide / 2 if one.get("text-anchor") == "middle" else 0)
        yield float(one.attrib["y"]), x, x + wide, words


def assert_nothing_overlaps(root: ET.Element) -> None:
    width = float(root.attrib["viewBox"].split()[2])
    found = sorted(places(root))
    for base, left, right, words in found:
        assert left >= 0, words
        assert right <= width + 1, words
        for other, start, end, others in found:
            if words != others and abs(base - other) < 9:
                assert right <= start + 1 or end <= left + 1, (words, others)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("name", sorted(BOOK.instruments))
def test_every_instrument_is_drawn_without_texts_that_overlap(
    name: str, language: Language
) -> None:
    one = BOOK.instruments[name]
    root = drawn(one, language)
    assert_nothing_overlaps(root)
    shown = texts(root)
    for parameter in one.parameters:
        title = parameter.title.zh if language is Language.ZH else parameter.title.en
        first = wrap(title, 836, 2)[0].rstrip("…")
        assert any(line.startswith(first[:20]) for line in shown), title


titles = st.builds(Title, st.text(max_size=120), st.text(max_size=80))
days = st.none() | st.dates(date(1, 1, 1), date(9999, 12, 31)) | st.dates(DAY, date(2025, 12, 31))


@st.composite
def values(draw: st.DrawFn, unit: str) -> tuple[DatedValue, ...]:
    starts = sorted(draw(st.sets(days, min_size=1, max_size=5)), key=lambda d: d or date.min)
    found = []
    for start in starts:
        value: Value = draw(st.integers(0, 10**30))
        if unit == "list":
            value = tuple(draw(st.lists(st.text())))
        before = None if start is None else draw(st.none() | st.dates(max_value=start))
        found.append(DatedValue(start, value, "s. 1", Mark.FOUND, draw(days), before))
    return tuple(found)


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    starts = sorted(draw(st.sets(days, max_size=4)), key=lambda d: d or date.min)
    statuses = [
        Status(
            start,
            draw(st.sampled_from(TextState)),
            draw(st.sampled_from(Enforcement)),
            "s. 1",
            Mark.FOUND,
            draw(days),
        )
        for start in starts
    ]
    parameters = []
    for number in range(draw(st.integers(0, 3))):
        unit = draw(st.sampled_from(["FLOP", "list"]))
        comparator = Comparator.AT_LEAST if unit == "FLOP" else None
        parameters.append(
            Parameter(f"x.p{number}", "x", draw(titles), unit, comparator, draw(values(unit)))
        )
    title = draw(titles)
    return Instrument(
        "x", title, title, "s. 1", Kind.LAW, draw(days), tuple(statuses), tuple(parameters)
    )


@settings(max_examples=60, deadline=None)
@given(one=instruments(), language=st.sampled_from(Language), known_on=days)
def test_any_instrument_stays_inside_its_frame(
    one: Instrument, language: Language, known_on: date | None
) -> None:
    drawn(one, language, known_on)


def quarters(count: int) -> Instrument:
    """Return an instrument whose one figure changes every day, for many days."""
    found = tuple(
        DatedValue(DAY + timedelta(days=n), 10**6 + n, "s. 1", Mark.FOUND, None)
        for n in range(count)
    )
    title = Title("Limit", "限额")
    parameter = Parameter("x.p", "x", title, "FLOP", Comparator.AT_LEAST, found)
    return Instrument("x", title, title, "s. 1", Kind.LAW, None, (), (parameter,))


def test_values_too_close_for_their_bars_stand_in_rows_below() -> None:
    root = drawn(quarters(30), Language.EN)
    assert_nothing_overlaps(root)
    assert {str(10**6 + n) for n in range(30)} <= {words.split(" · ")[0] for words in texts(root)}


def test_a_day_that_is_not_known_is_hatched_and_what_became_known_is_marked() -> None:
    groups = drawn(BOOK.instruments["us.country_groups"], Language.EN)
    assert "the day lies somewhere in this range" in texts(groups)
    assert [one for one in groups.iter() if one.get("class") == "sg-hatched"]
    rule = BOOK.instruments["us.bis_affiliates"]
    assert "published, or became known" in texts(drawn(rule, Language.EN))
    assert "公布或为人所知之日" in texts(drawn(rule, Language.ZH))


def test_what_is_not_known_yet_is_not_drawn() -> None:
    rule = BOOK.instruments["us.bis_affiliates"]
    before = " ".join(texts(drawn(rule, Language.EN, date(2025, 10, 31))))
    assert "suspended" not in before
    assert "suspended" in " ".join(texts(drawn(rule, Language.EN)))
