"""Values of list files: names, countries, days, each in the one form that entries have."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from sluicegate.rules.countries import country_names, is_country
from sluicegate.screening.known_lists import country_spellings

_LONGEST = 500
"""Of a longer text only the beginning is searched for countries and days."""

_ODD = re.compile(r"[\x00-\x1f\x7f\ufeff\s]+")
_NOTHING = frozenset({"", "n/a", "na", "-", "--", "-0-", "none", "unknown", "null", "n/d"})
_NOTHING |= {"none identified", "not available", "not known", "undetermined"}
_LONGEST_NOTHING = 20
_PUNCTUATION = re.compile(r"[^\w]+")
_SMALL = frozenset({"the", "of", "and"})
_MARKS = re.compile(r"\((?:[a-z]|[ivx]+|\d+)\)\s*|\b(?:[a-z]|[ivx]{2,4})\)\s")
_BRACKETS = re.compile(r"\([^()]*\)")
_BETWEEN = re.compile(r"\s*(?:[,;/|]|\.\s|\band/or\b|\band\b|\n)\s*")


def clean(text: str) -> str:
    """Return a text without control characters, outer space and repeated space.

    >>> clean("  Foo \\x00 Bar\\n")
    'Foo Bar'
    """
    if text.isprintable() and "  " not in text:
        return text.strip(" ")
    return _ODD.sub(" ", text).strip(" ")


def is_nothing(text: str) -> bool:
    """Say whether a value only stands for none.

    >>> is_nothing(" N/A "), is_nothing("Nadia")
    (True, False)
    """
    return len(text) <= _LONGEST_NOTHING and text.strip().casefold() in _NOTHING


def _plain(text: str) -> str:
    words = _PUNCTUATION.sub(" ", text.casefold()).split()
    return " ".join("saint" if one == "st" else one for one in words if one not in _SMALL)


@cache
def _codes() -> Mapping[str, str]:
    codes = {_plain(title.en): code for code, title in country_names().items()}
    codes |= {_plain(title.zh): code for code, title in country_names().items()}
    for code, names in country_spellings().items():
        codes |= {_plain(name): code for name in names}
    return codes


def country_code(text: str) -> str:
    """Return the ISO alpha-2 code of a country or nationality as lists write it, or nothing.

    >>> country_code("Korea, North"), country_code("ru"), country_code("Syrian"), country_code("?")
    ('KP', 'RU', 'SY', '')
    """
    return _country_code(text[:_LONGEST])


@lru_cache(maxsize=8192)
def _country_code(text: str) -> str:
    text = text.strip()
    if len(text) == 2 and is_country(text.upper()):
        return text.upper()
    return _codes().get(_plain(text), "")


def countries_in(text: str) -> tuple[str, ...]:
    """Return the codes of all countries or nationalities that a text names, in order.

    >>> countries_in("(a) German, (b) Moroccan"), countries_in("Iranian and US")
    (('DE', 'MA'), ('IR', 'US'))
    """
    return _countries_in(text[:_LONGEST])


@lru_cache(maxsize=8192)
def _countries_in(text: str) -> tuple[str, ...]:
    whole = country_code(text)
    if whole:
        return (whole,)
    bare = _BRACKETS.sub(" ", _MARKS.sub(";", text))
    whole = country_code(bare.strip(" ;"))
    if whole:
        return (whole,)
    codes = (country_code(part.strip(" \"'.")) for part in _BETWEEN.split(bare))
    return tuple(dict.fromkeys(filter(None, codes)))


# -- days

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january",
            "feb february",
            "mar march",
            "apr april",
            "may",
            "jun june",
            "jul july",
            "aug august",
            "sep september sept",
            "oct october",
            "nov november",
            "dec december",
        ),
        1,
    )
    for name in names.split()
}
_ABOUT = re.compile(
    r"\b(?:circa|ca|c|approximately|approx|about|around|between|born|in|dob|or|est|early|late"
    r"|mid|alt|possibly|probably|also|otherwise)\b\.?|[()?~\"]"
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?(?:t\d.*)?")
_DAY_FIRST = re.compile(r"(\d{1,2}|dd)[./-](\d{1,2}|mm)[./-](\d{4})")
_MONTH_FIRST = re.compile(r"(\d{1,2})[./](\d{4})")
_WORDS = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[ .-]+)?([a-z]+)[., -]+(\d{4})")
_AMERICAN = re.compile(r"([a-z]+)\.? (\d{1,2}),? (\d{4})")
_YEARS = re.compile(r"(\d{4})s?")
_RANGE = re.compile(r"\s*(?:\bto\b|\band\b|\buntil\b|–|—|\s-\s)\s*")
_YEAR_RANGE = re.compile(r"(\d{4})\s*[-/]\s*(\d{4})")
_SEVERAL = re.compile(
    r"\s*[;|]\s*|\(?\b[a-zivx]{1,4}\)\s|\(\d+\)\s*|\bor\b|,\s+(?=\d{1,2}[./]|\d{4}\b(?!$))"
)
_EARLIEST, _LATEST = 1000, 2200


def _day(year: int, month: int = 0, day: int = 0) -> str:
    """Return as much of a day as exists: 1970-02-31 is 1970-02, and 1970-00-00 is 1970."""
    if not _EARLIEST <= year < _LATEST:
        return ""
    if not 1 <= month <= 12:
        return f"{year:04d}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return f"{year:04d}-{month:02d}"


def _figure(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _one(text: str) -> str:
    if found := _YEARS.fullmatch(text):
        return _day(int(found[1]))
    if found := _ISO.fullmatch(text):
        return _day(int(found[1]), int(found[2]), int(found[3] or 0))
    if found := _DAY_FIRST.fullmatch(text):
        return _day(int(found[3]), _figure(found[2]), _figure(found[1]))
    if found := _MONTH_FIRST.fullmatch(text):
        return _day(int(found[2]), int(found[1]))
    if found := _WORDS.fullmatch(text):
        month = _MONTHS.get(found[2], 0)
        return _day(int(found[3]), month, int(found[1] or 0)) if month else ""
    if found := _AMERICAN.fullmatch(text):
        month = _MONTHS.get(found[1], 0)
        return _day(int(found[3]), month, int(found[2])) if month else ""
    return ""


def days_in(text: str) -> tuple[str, ...]:
    """Return the days, months or years of a text, each YYYY[-MM[-DD]], in order.

    Of a range both years are kept, for the day lies between them.

    >>> days_in("circa 1960"), days_in("1960 to 1965"), days_in("01 Jan 1970")
    (('1960',), ('1960', '1965'), ('1970-01-01',))
    >>> days_in("17.3.2014"), days_in("00/00/1975"), days_in("nobody knows")
    (('2014-03-17',), ('1975',), ())
    """
    return _days_in(text[:_LONGEST])


@lru_cache(maxsize=16384)
def _days_in(text: str) -> tuple[str, ...]:
    whole = _one(text.strip().casefold())
    if whole:
        return (whole,)
    parts = (_range(part) for part in _SEVERAL.split(text.casefold()))
    return tuple(dict.fromkeys(day for days in parts for day in days))


def _range(text: str) -> tuple[str, ...]:
    ends = [_ABOUT.sub(" ", end).strip(" .,") for end in _RANGE.split(text)]
    if len(ends) == 1 and (found := _YEAR_RANGE.fullmatch(ends[0])):
        ends = [found[1], found[2]]
    days = [_one(" ".join(end.split())) for end in ends if end]
    if "between" in text or (len(days) == 2 and _RANGE.search(text) and " and " not in text):
        days = [day[:4] for day in days]
    return tuple(filter(None, days))


def one_day(text: str) -> date | None:
    """Return a whole day, or None where the text gives none.

    >>> one_day("2014-03-17"), one_day("2014")
    (datetime.date(2014, 3, 17), None)
    """
    found = days_in(text) if text else ()
    return date.fromisoformat(found[0]) if found and len(found[0]) == 10 else None


_US_DAY = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def us_day(text: str) -> date | None:
    """Return a day that is written the American way, month first.

    >>> us_day("06/19/2003"), us_day("2003")
    (datetime.date(2003, 6, 19), None)
    """
    found = _US_DAY.fullmatch(text.strip())
    return one_day(f"{found[3]}-{found[1]}-{found[2]}" if found else text)
