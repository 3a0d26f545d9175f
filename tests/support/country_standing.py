"""Where every place stands by the country groups, reckoned with plain sets.

A place may be in several groups, so that one list alone does not decide. These
are the four sets that the questions on exports ask of, on each day on which a
group changes, without the code of the product.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import shipped_book

GROUPS = "us.country_groups"
REQUIREMENT = date(2023, 11, 17)
"""First day for which the questions on licences are answered."""
CLASSES = date(2025, 1, 13)
"""First day for which those on classes and authorisations are answered."""


def standing(book: RuleBook, day: date) -> tuple[frozenset[str], ...]:
    """Return who is covered since 2023, in D:5 or Macau, on the AIA list, fit for an NVEU."""

    def of(identifier: str) -> set[str]:
        parameter = book.parameters[identifier]
        value = (parameter.on(day) or parameter.first()).value
        assert isinstance(value, tuple)
        return set(value)

    a5, a6, b, d1, d4, d5, macau = (
        of(f"{GROUPS}.{name}") for name in ("a5", "a6", "b", "d1", "d4", "d5", "macau")
    )
    aia = of("us.ai_diffusion.aia_list")
    covered, closed = ((d1 | d4 | d5) - (a5 | a6)) | macau, d5 | macau
    if day < CLASSES:
        return frozenset(covered), frozenset(closed)
    national = (a5 | a6 | b | d1 | d4 | aia) - closed
    return tuple(map(frozenset, (covered, closed, aia - closed, national)))


@lru_cache(maxsize=1)
def days() -> tuple[date, ...]:
    """Return every day around a change of a group, from the first that is answered for."""
    starts = {
        dated.start
        for parameter in shipped_book().parameters.values()
        if parameter.instrument == GROUPS
        for dated in parameter.values
        if dated.start is not None
    }
    near = {start + timedelta(days=step) for start in starts for step in (-1, 0, 1)}
    return tuple(sorted(day for day in near if day >= REQUIREMENT))


@lru_cache(maxsize=1)
def _shipped() -> tuple[tuple[frozenset[str], ...], ...]:
    return tuple(standing(shipped_book(), day) for day in days())


def no_place_stands_otherwise(book: RuleBook) -> bool:
    """Say whether every place stands as in the shipped book, on every day that is answered for."""
    return tuple(standing(book, day) for day in days()) == _shipped()
