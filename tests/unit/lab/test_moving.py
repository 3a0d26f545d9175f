"""Moving thresholds in words and rows: bounds by label, sentences in both languages."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from moving_world import HOME, model, moving_book, snapshot
from sluicegate.core.phrases import Language
from sluicegate.frontier.moving import Known
from sluicegate.rules.book import RuleBook
from sluicegate.services.lab import moving as lab
from sluicegate.services.lab import moving_rows as rows

DAY = date(2026, 7, 1)
CHINESE = re.compile("[\u4e00-\u9fff]")
BOOK = moving_book()
MODELS = (
    replace(model("a", 9 * 10**24, 1, is_open=True), confidence="Confident"),
    replace(model("b", 2 * 10**24, 2, is_open=True), confidence="Speculative"),
    model("c", 10**24, 3, bounds=(10**23, 10**25)),
    model("d", None, 4),
)


def known(book: RuleBook = BOOK) -> Known:
    return lab.known_of([snapshot(MODELS)], book, DAY)


def factor(book: RuleBook, label: str) -> int:
    """Return how far a label lets the true figure lie, as the settings have it."""
    value = book.parameter(f"assess.lab.uncertainty.{label}").first().value
    assert isinstance(value, int)
    return value


def test_a_figure_has_its_own_bounds_else_those_of_its_label() -> None:
    value = lab.moving_value(lab.moving_of(BOOK, f"{HOME}.third"), DAY, None, known())
    assert value.interval is not None
    lows = [9 * 10**24 // factor(BOOK, "confident"), 2 * 10**24 // factor(BOOK, "speculative")]
    assert value.interval.value == 10**24
    assert value.interval.low == sorted([*lows, 10**23])[0]
    highs = [9 * 10**24 * factor(BOOK, "confident"), 2 * 10**24 * factor(BOOK, "speculative")]
    assert value.interval.high == sorted([*highs, 10**25])[1], "the hidden one stands above them"


def test_another_setting_gives_other_bounds() -> None:
    parameter = BOOK.parameter("assess.lab.uncertainty.speculative")
    wider = BOOK.with_values(parameter.id, [replace(parameter.first(), value=1000)])
    rule = f"{HOME}.third"
    before, after = (
        lab.moving_value(lab.moving_of(book, rule), DAY, None, known(book))
        for book in (BOOK, wider)
    )
    assert after.low is not None
    assert before.low is not None
    assert after.low < before.low


@pytest.mark.parametrize("identifier", lab.moving_ids(BOOK))
def test_every_sentence_and_row_is_in_the_language_asked_for(identifier: str) -> None:
    value = lab.moving_value(lab.moving_of(BOOK, identifier), DAY, None, known())
    for language in Language:
        told = [one.text(language) for one in (*rows.told(value, language), rows.stands(value))]
        assert all(bool(CHINESE.search(one)) == (language is Language.ZH) for one in told), told
        kinds = {row["rests_on"] for row in rows.rest_rows(value, language)}
        assert all(bool(CHINESE.search(one)) == (language is Language.ZH) for one in kinds)


def test_a_missing_bound_is_said_and_not_left_blank() -> None:
    value = lab.moving_value(lab.moving_of(BOOK, f"{HOME}.near"), DAY, None, known())
    assert value.high is None
    said = [str(one) for one in rows.told(value, Language.EN)]
    assert any("no upper bound is known" in one for one in said)
    document = rows.value_document(value, Language.EN)
    assert document["high"] is None
    assert int(document["high_stated"]) > int(document["value"])
    assert (document["undisclosed"], document["considered"]) == (1, 4)


def test_an_id_that_no_file_holds_is_told_with_the_nearest() -> None:
    with pytest.raises(lab.MovingError, match=f"did you mean {HOME}.third"):
        lab.moving_of(BOOK, f"{HOME}.thirt")


def test_the_days_of_a_series_follow_what_is_given() -> None:
    today = date(2026, 7, 1)
    assert lab.span_of(today, None, None) == lab.Span(date(2022, 1, 1), today)
    later = date(2027, 5, 1)
    assert lab.span_of(today, later, None) == lab.Span(later, later)
    assert lab.span_of(today, None, date(2020, 3, 1)).first == date(2016, 1, 1)
