"""Why two names match, for people: what each part adds to the score, and sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from sluicegate.core.reasons import Sentence, say
from sluicegate.screening.evidence import Clue
from sluicegate.screening.interplay import interplay
from sluicegate.screening.model import (
    NEAR,
    PartKind,
    Setting,
    features,
    held_back,
    measures,
    model,
    part_of,
    together,
)
from sluicegate.screening.names import POINTS_A_BIT
from sluicegate.screening.normal import normalise
from sluicegate.screening.pairing import Pairs

_LEAST_SHOWN = Fraction(1, 1000)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a score and what it adds; what lowers is negative."""

    name: str
    contribution: float


def parts_of(pairs: Pairs, setting: Setting, found: Sequence[Clue]) -> tuple[Part, ...]:
    """Return what each part adds to the score, in the order in which they are added up.

    The score runs over the log-odds in an S, so what a part adds depends on what
    came before it; the order is fixed, and the parts add up to the score.
    """
    if not len(pairs.asked):
        return ()
    added = dict.fromkeys(PartKind, 0.0)
    coefficients = model().coefficients
    measured = measures(pairs, setting)
    total = 0.0
    for name, amount in features(measured):
        each = float(amount[0]) * coefficients.get(name, 0.0)
        added[part_of(name)] += each
        total += each
    if total >= NEAR and together(measured, np.zeros(1, dtype=np.int64))[0]:
        always, shares = interplay().shares(measured, 0)
        added[PartKind.PRIOR] += always
        for name, share in shares.items():
            added[part_of(name)] += share
    for clue in found:
        added[clue.part] += model().evidence[clue.figure]
    odds = np.cumsum([added[part] for part in PartKind])
    steps = model().scores(held_back(odds, np.full(len(odds), pairs.promise[0])))
    gains = np.diff(steps, prepend=0.0)
    return tuple(
        Part(part.value, round(float(gain), 6))
        for part, gain in zip(PartKind, gains, strict=True)
        if added[part] or part is PartKind.PRIOR
    )


def reasons_of(
    pairs: Pairs, setting: Setting, found: Sequence[Clue], parts: Sequence[Part],
    *, query: str, name: str, score: float, algorithm: str,
) -> tuple[Sentence, ...]:  # fmt: skip
    """Return why a query and a listed name match, a short sentence each."""
    said = [
        say(
            "“{query}” was compared with the listed name “{name}”.",
            query=_shown(query),
            name=_shown(name),
        )
    ]
    if not parts:
        return (*said, say("The two names have no word in common."), _by(algorithm))
    said += _about_words(pairs)
    said += _about_rest(pairs, setting, found)
    if normalise(query).is_cut or normalise(name).is_cut:
        said.append(say("A name is too long: only its beginning was compared."))
    gains = {part.name: _share(part.contribution) for part in parts}
    said.append(say("The score is {score:percent}.", score=_share(score)))
    raised = [name for name, gain in gains.items() if gain >= _LEAST_SHOWN]
    lowered = [name for name, gain in gains.items() if gain <= -_LEAST_SHOWN]
    said += [say("{part:term} adds {gain:percent}.", part=one, gain=gains[one]) for one in raised]
    said += [
        say("{part:term} takes {loss:percent} away.", part=one, loss=-gains[one]) for one in lowered
    ]
    return (*said, _by(algorithm))


_TURNING = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_LONGEST_SHOWN = 300


def _shown(name: str) -> str:
    """Return a name as it may stand in a sentence: it turns and hides no words, and has an end."""
    name = _TURNING.sub("", name)
    return name if len(name) <= _LONGEST_SHOWN else f"{name[:_LONGEST_SHOWN]}…"


def _share(amount: float) -> Fraction:
    return Fraction(round(amount * 1_000_000), 1_000_000)


def _by(algorithm: str) -> Sentence:
    return say("Algorithm: {algorithm}.", algorithm=algorithm)


def _bits(weight: int) -> str:
    return f"{weight / POINTS_A_BIT:.1f}"


def _about_words(pairs: Pairs) -> Iterator[Sentence]:
    """Say which weight of words agrees, and which has no partner."""
    exact, alike = int(pairs.exact[0]), int(pairs.alike[0])
    if exact:
        yield say("Words that are the same weigh {bits} bits of rarity.", bits=_bits(exact))
    if alike:
        yield say("Words that are only alike weigh {bits} bits.", bits=_bits(alike))
    if int(pairs.initials[0]):
        yield say("{count} initials agree with words.", count=int(pairs.initials[0]))
    if int(pairs.lost[0]):
        yield say("Differences in spelling cost {bits} bits.", bits=_bits(int(pairs.lost[0])))
    if int(pairs.left_asked[0]):
        left = _bits(int(pairs.left_asked[0]))
        yield say("Words of the name asked for without a partner weigh {bits} bits.", bits=left)
    if int(pairs.left_listed[0]):
        left = _bits(int(pairs.left_listed[0]))
        yield say("Words of the listed name without a partner weigh {bits} bits.", bits=left)


def _about_rest(pairs: Pairs, setting: Setting, found: Sequence[Clue]) -> Iterator[Sentence]:
    """Say what else agrees or contradicts."""
    if int(pairs.numbers[0]) == 3:
        yield say("The numbers in the names differ.")
    if int(pairs.forms[0]) == 3:
        yield say("The legal forms differ.")
    if bool(setting.kinds_differ[0]):
        yield say("The two are of different kinds.")
    if bool(setting.is_weak[0]):
        yield say("The issuer marks the listed name weak.")
    for clue in found:
        yield _said(clue.figure)


def _said(figure: str) -> Sentence:
    return {
        "birth_same_day": say("The dates of birth agree."),
        "birth_same_month": say("The dates of birth agree in year and month."),
        "birth_same_year": say("The years of birth agree."),
        "birth_close": say("The dates of birth are close but differ."),
        "birth_differs": say("The dates of birth contradict each other."),
        "country_shared": say("A country agrees."),
        "country_differs": say("No country agrees."),
        "identifier_shared": say("An identifier agrees."),
        "address_shared": say("An address agrees."),
    }[figure]
