"""What is wrong with a fact, as a sentence: for forms of the console and problems of the API.

The questions speak English and to programs; these are the same faults for
people, in both languages. One that has no words of its own stays as it was said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence, say
from sluicegate.rules.facts import BadFact

Words = Callable[[re.Match[str]], Sentence]


def fault_sentence(message: str) -> Sentence | None:
    """Return what a fault says, or None where it has no words of its own.

    >>> str(fault_sentence("is missing; give FLOP as decimal text"))
    'is needed'
    >>> fault_sentence("1.5 is no whole number").text(Language.ZH)
    '1.5 不是整数'
    """
    for pattern, words in _TABLE:
        found = pattern.fullmatch(message)
        if found is not None:
            return words(found)
    return None


def fault_text(message: str, language: Language) -> str:
    """Return what a fault says in a language; English is told as the question says it."""
    said = None if language is Language.EN else fault_sentence(message)
    return message if said is None else said.text(language)


def faults_text(faults: Iterable[BadFact], language: Language) -> str:
    """Return all faults in a language, each behind its path."""
    between, sign = ("；", "：") if language is Language.ZH else ("; ", ": ")
    return between.join(f"{one.path}{sign}{fault_text(one.message, language)}" for one in faults)


def _labels(text: str) -> list[Sentence]:
    return [say("{name:term}", name=one.strip()) for one in text.split(",")]


def _needed_with(found: re.Match[str]) -> Sentence:
    return say("is needed with what was given for: {names}", names=_labels(found[1]))


def _no_choice(found: re.Match[str]) -> Sentence:
    return say("{value} is none of the choices", value=found[1])


def _below(found: re.Match[str]) -> Sentence:
    return say("{value} is below {bound}", value=found[1], bound=found[2])


def _not_above(found: re.Match[str]) -> Sentence:
    return say("{value} is not above {bound}", value=found[1], bound=found[2])


def _no_share(found: re.Match[str]) -> Sentence:
    return say("{value} is above 1; give a share, for example 0.4 or 40 %", value=found[1])


def _above(found: re.Match[str]) -> Sentence:
    return say("{value} is above {bound}", value=found[1], bound=found[2])


def _early(found: re.Match[str]) -> Sentence:
    return say(
        "{day} lies before {first}, the first day that is recorded", day=found[1], first=found[2]
    )


def _none_of(found: re.Match[str]) -> Sentence:
    return say("is none of {known}", known=found[1])


_DAY = r"(.+) is not a day (?:such as|that exists).*"
_INSTANT = r"(.+) is not an instant such as .*"
_NO_NUMBER = r"(.+) is no (?:number; .*|finite number)"
_NO_TEXT = r"(.+) is not decimal text such as .*"

_TABLE: tuple[tuple[re.Pattern[str], Words], ...] = tuple(
    (re.compile(pattern, re.DOTALL), words)
    for pattern, words in (
        (r"is missing; give .*", lambda _: say("is needed")),
        (r"is null; give a value", lambda _: say("is needed")),
        (r"is needed with this (.+)", _needed_with),
        (r"(.+) is not one of (.+)", _no_choice),
        (r"(.+) is below (.+)", _below),
        (r"(.+) is not above (.+)", _not_above),
        (r"(.+) is above 1; give a share, .*", _no_share),
        (r"(.+) is above ([0-9./e+-]+)", _above),
        (r"(.+) is negative", lambda one: say("{value} is negative", value=one[1])),
        (_NO_NUMBER, lambda one: say("{value} is no number", value=one[1])),
        (r"(.+) is no whole number", lambda one: say("{value} is no whole number", value=one[1])),
        (
            r"(.+) is neither true nor false",
            lambda one: say("{value} is neither yes nor no", value=one[1]),
        ),
        (
            r"(.+) is no ISO 3166 alpha-2 code",
            lambda one: say(
                "{value} is no code of a country; write two letters, for example US", value=one[1]
            ),
        ),
        (_DAY, lambda one: say("{value} is no day; write e.g. 2026-01-31", value=one[1])),
        (
            _INSTANT,
            lambda one: say(
                "{value} is no instant; write e.g. 2026-01-31T09:00:00+00:00", value=one[1]
            ),
        ),
        (_NO_TEXT, lambda one: say("{value} is no number; write e.g. 1.5e26", value=one[1])),
        (r"(.+) is no map; .*", lambda one: say("{value} is no map", value=one[1])),
        (r"(.+) is no list; .*", lambda one: say("{value} is no list", value=one[1])),
        (r"(\S+) lies before (\S+), the first day that is recorded", _early),
        (r"is none of (.+)", _none_of),
        (r"is no fact of .*", lambda _: say("is not asked for here")),
        (
            r"lies before the earlier day; give it first",
            lambda _: say("lies before the earlier day"),
        ),
        (r"is no instant such as .*", lambda _: say("is no instant with an offset")),
        (r"has no offset; .*", lambda _: say("is no instant with an offset")),
        (r"is not a day as text; .*", lambda _: say("is no day; write e.g. 2026-01-31")),
        (r"is too far ahead; .*", lambda _: say("is too far ahead")),
        (
            r"has no value; write (?:--reading )?NAME=VALUE",
            lambda _: say("has no value; write NAME=VALUE"),
        ),
        (r"is no jurisdiction; .*", lambda _: say("is no jurisdiction")),
    )
)
