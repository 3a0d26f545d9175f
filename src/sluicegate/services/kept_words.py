"""What was written out in English and kept, told in the language of who reads it.

A pass keeps names of subjects and counts of days as English text, an intake its
problems. Each was written from a template of TEMPLATES, by which it is read
back here; so what was kept long ago can be read as well. Text of no template,
such as a name, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sluicegate.core.calendars import Period, PeriodUnit
from sluicegate.core.phrases import Language
from sluicegate.core.problems import Problem
from sluicegate.core.reasons import PLACE, Sentence
from sluicegate.rules.instruments import Title
from sluicegate.services import intake_words, list_words, ownership_words
from sluicegate.services.intake_words import MESSAGES

UNDECLARED_RUN = "{customer}: undeclared run of {day}"
"""The name of a run that nobody declared."""

CALCULATIONS = (
    "before the threshold was passed, {day}",
    "before the threshold is passed, for which no day is projected",
    "before the threshold is passed, projected for {day}",
    "continuous, from {day}",
    "no period; from {event:term}",
    "no period; {event:term}",
    "{period} from {event:term}, which has not been entered",
    "{period} from {event:term}, {day}",
)
"""How the due day of an obligation was counted; an event is a code, kept with spaces."""

PROBLEMS = (*list_words.PROBLEMS, *ownership_words.PROBLEMS, *intake_words.PROBLEMS)
WAYS_OUT = (*list_words.WAYS_OUT, *ownership_words.WAYS_OUT, *intake_words.WAYS_OUT)
"""More exact templates stand before those that fit more, which the intake's end with."""

TEMPLATES = (UNDECLARED_RUN, *CALCULATIONS, *PROBLEMS, *WAYS_OUT, *MESSAGES)
"""Every template of a kept text; each has a Chinese form."""

_DAY = r"\d{4}-\d\d-\d\d"
_PERIOD = r"\d+ (?:hour|day|week|month|year)s?"
_PATTERNS = {"day": _DAY, "period": _PERIOD, "event": r"[a-z0-9 ]+", "count": r"\d+"}


def subject_name(name: str, language: Language) -> str:
    """Return the name of a subject as it is told in a language.

    >>> subject_name("Dunmere: undeclared run of 2026-03-01", Language.ZH)
    'Dunmere：2026-03-01 开始的未申报运行'
    >>> subject_name("Dunmere", Language.ZH)
    'Dunmere'
    """
    return _told(name, language, (UNDECLARED_RUN,))


def calculation_text(text: str, language: Language) -> str:
    """Return how a due day was counted, in a language.

    >>> calculation_text("2 weeks from condition met or known, 2026-03-01", Language.ZH)
    '自条件满足或预知将满足之日起2周，自2026-03-01起算'
    """
    return _told(text, language, CALCULATIONS)


def problem_text(text: str, language: Language) -> str:
    """Return what is wrong with a row or a file, in a language.

    >>> problem_text("'9' is above 1", Language.ZH)
    "'9' 大于 1"
    """
    return _told(text, language, PROBLEMS)


def way_out_text(text: str, language: Language) -> str:
    """Return what to do about a problem, in a language."""
    return _told(text, language, WAYS_OUT)


def problems_text(problems: Iterable[Problem], language: Language) -> str:
    """Return problems with their places and ways out, one a line, in a language.

    >>> found = Problem("a.csv", 2, "share", "'9' is above 1", "check the name")
    >>> problems_text([found], Language.ZH)
    "a.csv:2：share：'9' 大于 1；请检查名称"
    """
    if language is Language.EN:
        return "\n".join(map(str, problems))
    lines = []
    for one in problems:
        place = one.file if one.line is None else f"{one.file}:{one.line}"
        field = f"{one.field}：" if one.field else ""
        problem = problem_text(one.problem, language)
        lines.append(f"{place}：{field}{problem}；{way_out_text(one.way_out, language)}")
    return "\n".join(lines)


def problems_sentence(problems: Sequence[Problem]) -> Sentence:
    """Return problems as one sentence that is there in both languages."""
    en, zh = (problems_text(problems, one) for one in (Language.EN, Language.ZH))
    return Sentence(Title(en, zh))


def message_text(text: str, language: Language) -> str:
    """Return what an intake says of a file as a whole, in a language."""
    return _told(text, language, MESSAGES)


def in_language(document: Mapping[str, Any], language: Language) -> dict[str, Any]:
    """Return a document with the names and counts of days that it holds, in a language.

    >>> in_language({"subject_name": "Dunmere: undeclared run of 2026-03-01"}, Language.ZH)
    {'subject_name': 'Dunmere：2026-03-01 开始的未申报运行'}
    """
    kept = {"subject_name": subject_name, "title": subject_name, "calculation": calculation_text}
    return {
        name: kept[name](value, language) if name in kept and isinstance(value, str) else value
        for name, value in document.items()
    }


def _told(text: str, language: Language, templates: Sequence[str]) -> str:
    if language is Language.EN:
        return text
    said = _read_back(text, tuple(templates))
    return text if said is None else said.text(language)


@lru_cache(maxsize=4096)
def _read_back(text: str, templates: tuple[str, ...]) -> Sentence | None:
    """Return the sentence that a text was written from; the first template that fits."""
    for template in templates:
        found = _pattern(template).fullmatch(text)
        if found is not None:
            return Sentence(template, _values(found.groupdict()))
    return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """Return what a text of a template looks like; each place is a group of its name."""
    parts = []
    at = 0
    for place in PLACE.finditer(template):
        parts.append(re.escape(template[at : place.start()]))
        parts.append(f"(?P<{place[1]}>{_PATTERNS.get(place[1], '.+')})")
        at = place.end()
    parts.append(re.escape(template[at:]))
    return re.compile("".join(parts), re.DOTALL)


def _values(texts: Mapping[str, str]) -> dict[str, Any]:
    return {name: _value(name, text) for name, text in texts.items()}


def _value(name: str, text: str) -> Any:
    if name == "event":
        return text.replace(" ", "_")
    if name == "period":
        amount, unit = text.split(" ")
        return Period(int(amount), PeriodUnit(unit.removesuffix("s")))
    return text
