"""What one reading of a list finds besides its entries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date

from sluicegate.adapters.lists.values import countries_in, country_code, days_in, is_nothing
from sluicegate.core.problems import Problem

MOST_PROBLEMS = 10_000
"""So many problems are kept one by one; what comes after is counted."""

BLANK_PROBLEM = "is blank"
TWICE_PROBLEM = "is there already"
NAMELESS_PROBLEM = "has no name"
ROW_WAY_OUT = "mend the row; the others were read"
ISSUER_WAY_OUT = "it was left out; ask the issuer"
AGAIN_WAY_OUT = "fetch the file from the issuer again"
"""What several readers say; `services/list_words.py` has the templates of all."""


class Notes:
    """Problems, the issuer's day and version, and what was passed over, by kind."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.more_problems = 0
        self.published: date | None = None
        self.version = ""
        self.passed_over: Counter[str] = Counter()
        self._told: set[tuple[str, str]] = set()

    def fault(self, file: str, line: int | None, field: str, problem: str, way_out: str) -> None:
        """Keep a problem."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(file, line, field, problem, way_out))
        else:
            self.more_problems += 1

    def once(self, about: str, file: str, line: int | None, problem: str, way_out: str) -> None:
        """Keep a problem the first time it comes, for it comes with every row of its kind."""
        if (about, problem) not in self._told:
            self._told.add((about, problem))
            self.fault(file, line, about, problem, way_out)

    def country(self, text: str, file: str, line: int | None = None) -> str:
        """Return the code of one country, or an empty text; an unknown spelling is noted once."""
        code = country_code(text)
        if text and not code and not is_nothing(text):
            self._unknown_country(text, file, line)
        return code

    def countries(self, text: str, file: str, line: int | None = None) -> tuple[str, ...]:
        """Return the codes of the countries or nationalities that a text names."""
        found = countries_in(text)
        if text and not found and not is_nothing(text):
            self._unknown_country(text, file, line)
        return found

    def _unknown_country(self, text: str, file: str, line: int | None) -> None:
        problem = f"{text[:80]!r} is no country that is known"
        way_out = "the entry was read without it; match it by its address"
        self.once("country", file, line, problem, way_out)

    def days(self, text: str, file: str, line: int | None = None) -> tuple[str, ...]:
        """Return the days of birth that a text gives; one that is none is noted."""
        found = days_in(text)
        if text and not found and not is_nothing(text):
            problem = f"{text[:80]!r} is no date that is known"
            self.fault(file, line, "birth date", problem, "the entry was read without it")
        return found

    def closed(self) -> tuple[Problem, ...]:
        """Return every problem; at the end how many more there were."""
        if not self.more_problems:
            return tuple(self.problems)
        problem = f"{self.more_problems} more problems were found"
        last = Problem(self.problems[-1].file, None, "", problem, "mend these first")
        return (*self.problems, last)


def once_each(texts: Iterable[str]) -> tuple[str, ...]:
    """Return texts in order, each once, without empty ones.

    >>> once_each(["b", "", "a", "b"])
    ('b', 'a')
    """
    return tuple(dict.fromkeys(filter(None, texts)))
