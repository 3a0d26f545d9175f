"""Sentences about figures and days, in the language of a catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from fractions import Fraction

from sluicegate.adapters.pictures import for_people
from sluicegate.adapters.report.catalogue import Catalogue
from sluicegate.core.quantities import Exact, percent
from sluicegate.services.findings import Crossing, Finding, ThresholdInForce

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def day_in_words(day: date, say: Catalogue) -> str:
    """Write a day for a sentence.

    >>> [day_in_words(date(2026, 4, 9), Catalogue(language)) for language in ("en", "zh")]
    ['9 April 2026', '2026年4月9日']
    """
    if say.language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def amount_with_unit(value: Exact, unit: str) -> str:
    """Write a figure with its unit; a share as percent.

    >>> amount_with_unit(Fraction(1, 4), "share"), amount_with_unit(10**25, "FLOP")
    ('25 %', '10²⁵\\xa0FLOP')
    """
    return percent(value) if unit == "share" else f"{for_people(value)}\N{NO-BREAK SPACE}{unit}"


def limit_in_words(limit: ThresholdInForce, say: Catalogue) -> str:
    """Write a threshold with the comparator of its text: "more than 10²⁵ FLOP"."""
    words = say.word("comparator", limit.comparator)
    return f"{words} {amount_with_unit(limit.value, limit.unit)}"


def times(amount: Exact, limit: Exact) -> str:
    """Write how many times a limit an amount is, with about three digits.

    >>> times(12 * 10**25, 10**25), times(8 * 10**24, 10**25), times(1, 10**25), times(3, 0)
    ('12', '0.8', '< 0.01', '–')
    """
    if not limit:
        return "–"
    ratio = Fraction(amount) / Fraction(limit)
    if 0 < ratio < Fraction(1, 100):
        return "< 0.01"
    places = 0 if ratio >= 100 else 1 if ratio >= 10 else 2
    return for_people(Fraction(round(ratio, places)))


def crossing_sentences(finding: Finding, as_of: date, say: Catalogue) -> str:
    """Say in words when each estimate passed the finding's threshold; "" without one."""
    limit = finding.threshold
    if limit is None:
        return ""
    words = say("crossing.limit", value=amount_with_unit(limit.value, limit.unit))
    crossing = _past(finding.crossing, as_of)
    sentences = _passed(crossing, words, say)
    if not sentences:
        passed = finding.level.value == "passed" and finding.certainty.value != "cleared"
        key = "crossing.unknown" if passed else "crossing.none"
        sentences = [say(key, limit=words, day=day_in_words(as_of, say))]
    if crossing.projected is not None and crossing.central is None:
        sentences.append(say("crossing.projected", day=day_in_words(crossing.projected, say)))
    return sentence_list(sentences, say)


def sentence_list(sentences: Iterable[str], say: Catalogue) -> str:
    """Join sentences into a paragraph."""
    return ("" if say.language == "zh" else " ").join(sentences)


def _past(crossing: Crossing, as_of: date) -> Crossing:
    """Return the crossing without days to come; that of the central estimate is projected."""
    days = (crossing.high, crossing.central, crossing.low)
    high, central, low = (day if day and day <= as_of else None for day in days)
    ahead = [day for day in (crossing.projected, crossing.central) if day and day > as_of]
    return Crossing(high, central, low, ahead[0] if ahead else None)


def _passed(crossing: Crossing, limit: str, say: Catalogue) -> list[str]:
    days = {"high": crossing.high, "central": crossing.central, "low": crossing.low}
    if crossing.high and crossing.high == crossing.central == crossing.low:
        return [say("crossing.all", limit=limit, day=day_in_words(crossing.high, say))]
    sentences: list[str] = []
    for bound, day in days.items():
        if day is not None:
            named = say("crossing.it") if sentences else limit
            sentences.append(say(f"crossing.{bound}", limit=named, day=day_in_words(day, say)))
    if sentences and crossing.low is None:
        sentences.append(say("crossing.not_low" if crossing.central else "crossing.not_central"))
    return sentences
