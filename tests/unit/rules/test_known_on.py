"""What became known only later is not used with an earlier knowledge day, in any question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest

from moved_parameters import Probe, worked_probes
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import DatedValue, Instrument
from sluicegate.rules.law import Law
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask
from sluicegate.services.questions import all_questions

BOOK = shipped_book()
LIMIT = "eu.ai_act.systemic_risk.training_compute"
ACT = "eu.ai_act"
DAY = date(2026, 1, 1)


@cache
def as_known(day: date) -> RuleBook:
    """Return the book without anything that became known after a day.

    A parameter of which nothing was known keeps its first value, since a
    question about what the text says needs one, but it does not begin on any
    day: what is not known to be so (a bill's stage, an institute's name) is not
    said of the day.
    """

    def is_known(known_from: date | None) -> bool:
        return known_from is None or known_from <= day

    def known_values(values: tuple[DatedValue, ...]) -> tuple[DatedValue, ...]:
        found = tuple(value for value in values if is_known(value.known_from))
        return found or (replace(values[0], start=date.max),)

    def cut(one: Instrument) -> Instrument:
        parameters = tuple(replace(p, values=known_values(p.values)) for p in one.parameters)
        statuses = tuple(status for status in one.statuses if is_known(status.known_from))
        published = one.published if is_known(one.published) else None
        return replace(one, parameters=parameters, statuses=statuses, published=published)

    return RuleBook.of(map(cut, BOOK.instruments.values()))


def answer(probe: Probe, book: RuleBook, known_on: date | None) -> Any:
    try:
        asked = ask(
            probe.question,
            probe.facts,
            as_of=probe.as_of,
            book=book,
            readings=probe.readings,
            known_on=known_on,
        )
    except BadFactsError as error:
        return error.paths
    return asked.answer_json()


def days_of_news(asked: Asked) -> Iterator[date]:
    """Yield the days on which something that an answer rests on became known."""
    for standing in asked.texts:
        one = standing.instrument
        yield from (day for day in (one.published,) if day is not None)
        yield from (s.known_from for s in one.statuses if s.known_from is not None)
        values = (value for parameter in one.parameters for value in parameter.values)
        yield from (value.known_from for value in values if value.known_from is not None)


@pytest.mark.parametrize("name", sorted(all_questions()))
def test_an_answer_as_known_earlier_is_that_of_the_book_without_the_news(name: str) -> None:
    probes = [probe for probe in worked_probes() if probe.question.name == name]
    if not probes:
        pytest.skip("no worked case is answered yet")
    for probe in probes:
        asked = probe.ask(BOOK)
        assert asked is not None
        for news in set(days_of_news(asked)):
            eve = news - timedelta(days=1)
            assert answer(probe, BOOK, eve) == answer(probe, as_known(eve), None), (probe, eve)


def test_most_questions_rest_on_something_that_became_known() -> None:
    asked = [probe.ask(BOOK) for probe in worked_probes()]
    with_news = {one.question for one in asked if one is not None and any(days_of_news(one))}
    assert len(with_news) > len(all_questions()) // 2


def changed(known_from: date) -> RuleBook:
    """Return the book with a lower limit from its first day on, known from a later day."""
    first = BOOK.parameter(LIMIT).first()
    assert first.start is not None
    later = DatedValue(first.start + timedelta(days=1), 7, "news", first.mark, known_from)
    return BOOK.with_values(LIMIT, [first, later])


def test_a_value_counts_from_the_day_on_which_it_is_known() -> None:
    book = changed(date(2026, 6, 1))
    assert Law(book, DAY, date(2026, 5, 31)).amount(LIMIT) == BOOK.parameter(LIMIT).first().value
    assert Law(book, DAY, date(2026, 6, 1)).amount(LIMIT) == 7
    assert Law(book, DAY).amount(LIMIT) == 7


def test_a_text_is_not_published_before_it_is_known() -> None:
    published = BOOK.instrument(ACT).published
    assert published is not None
    assert Law(BOOK, DAY, published).published(ACT)
    assert not Law(BOOK, DAY, published - timedelta(days=1)).published(ACT)
    assert not Law(BOOK, published - timedelta(days=1), DAY).published(ACT)


def test_an_answer_says_when_no_value_was_known_yet() -> None:
    question = all_questions()["eu_systemic_risk"]
    facts = {"training_compute": "2e25"}
    asked = ask(question, facts, as_of=DAY, book=BOOK, known_on=date(2023, 1, 1))
    assert not asked.answer["chapter_v_applies"]
    assert any("no value was known yet on 2023-01-01" in str(one) for one in asked.caveats())
    asked = ask(question, facts, as_of=DAY, book=BOOK, known_on=DAY)
    assert not any("no value was known yet" in str(one) for one in asked.caveats())
