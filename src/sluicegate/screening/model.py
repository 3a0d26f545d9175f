"""From what agrees between two names to a score: an additive model with its figures as data.

A feature is a stretch of a measure: how much of the stretch from 6 to 10 bits the
matched words fill, for instance. Each adds its amount times its coefficient, in
natural log-odds. What measures say only together is added from a table (`interplay`),
for pairs that are near enough by the features. Agreement never lowers a score and
disagreement never raises it: both were fitted under that condition
(`tools/train_screening.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from sluicegate.core.exact import load_yaml
from sluicegate.screening.interplay import FILE, interplay
from sluicegate.screening.likeness import Floats, Ints
from sluicegate.screening.names import POINTS_A_BIT
from sluicegate.screening.pairing import PROMISING, Pairs
from sluicegate.screening.vocabulary import data_digest, read_bytes

ALGORITHM = "sluicegate-name-2"
"""The algorithm's name and version: another way to score is another version."""

DATA = (
    "coefficients.yaml", "han_words.yaml", FILE, "legal_forms.yaml", "nicknames.yaml",
    "rarity.txt", "script_words.yaml", "words.yaml",
)  # fmt: skip
"""The files whose bytes are part of the algorithm."""

STRETCHES: Mapping[str, tuple[float, ...]] = {
    "matched": (0, 6, 10, 14, 18, 22, 27, 33, 45, 80),
    "left_asked": (0, 4, 8, 14, 30),
    "left_listed": (0, 4, 8, 14, 24, 50),
    "left_both": (0, 4, 8, 14, 30),
    "lost": (0, 1.5, 4, 8, 20),
    "covered_asked": (0.3, 0.6, 0.8, 0.9, 1.0),
    "covered_listed": (0.2, 0.4, 0.6, 0.8, 0.9, 1.0),
    "whole": (0.5, 0.7, 0.8, 0.9, 0.95, 1.0),
    "rarest": (0, 5, 8, 11, 14),
    "given_left": (0, 1, 2),
    "family_left": (0, 1, 2),
}
"""Measures in bits or shares, and where their stretches begin and end."""

_OWN_FOR_ORGANISATIONS = frozenset(
    {
        "left_asked",
        "left_listed",
        "left_both",
        "lost",
        "whole",
        "covered_listed",
        "rarest",
        "given_left",
        "family_left",
    }
)
_BITS_AN_INITIAL = 2.0
_BELOW_ALERT = 0.01


@dataclass(frozen=True, slots=True)
class Setting:
    """What of a pair is not in the names: is the listed party a person, do the kinds differ."""

    is_person: NDArray[np.bool_]
    kinds_differ: NDArray[np.bool_]
    is_weak: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Model:
    """The figures: coefficients by feature, and where and how steeply the score runs.

    `middle` is the log-odds at which an alert is raised, whose score is
    `alert_threshold`; `width` log-odds move the score by one natural log-odd.
    """

    coefficients: Mapping[str, float]
    evidence: Mapping[str, float]
    alert_threshold: float
    middle: float
    width: float
    digest: str

    def scores(self, log_odds: Floats) -> Floats:
        """Return scores from 0 to 1, in millionths; 1 itself is never reached.

        Names prove no identity, so no score is certain.
        """
        at_alert = np.log(self.alert_threshold / (1.0 - self.alert_threshold))
        raw = 1.0 / (1.0 + np.exp(-((log_odds - self.middle) / self.width + at_alert)))
        graded: Floats = np.minimum(np.rint(raw * 1e6), 999_999.0) / 1e6
        return graded


@cache
def model() -> Model:
    """Return the model that the package carries, read once."""
    table = load_yaml(read_bytes("coefficients.yaml").decode("utf-8"))
    return Model(
        coefficients={name: float(figure) for name, figure in table["coefficients"].items()},
        evidence={name: float(figure) for name, figure in table["evidence"].items()},
        alert_threshold=float(table["alert_threshold"]),
        middle=float(table["middle"]),
        width=float(table["width"]),
        digest=data_digest(DATA),
    )


SIGNS: Mapping[str, int] = {
    "matched": 1,
    "words": 1,
    "whole": 1,
    "rarest": 1,
    "covered_asked": 1,
    "covered_listed": 1,
    "forms_same": 1,
    "left_asked": -1,
    "left_listed": -1,
    "left_both": -1,
    "lost": -1,
    "slips": -1,
    "given_left": -1,
    "family_left": -1,
    "numbers_differ": -1,
    "forms_differ": -1,
    "kinds_differ": -1,
    "weak": -1,
    "number_missing": 0,
    "organisation": 0,
    "letters": 0,
    "total_asked": 0,
    "total_listed": 0,
    "counts_asked": 0,
    "counts_listed": 0,
}
"""Measures looked at together: may a greater amount only raise, only lower, or do either?"""

NEAR = -4.0
"""Log-odds by the features from which on measures are looked at together.

Below it no alert is near: one clean name's pair in fifteen on a real list lies above.
"""


def measures(pairs: Pairs, setting: Setting) -> Mapping[str, Floats]:
    """Return what is measured of every pair: weights in bits, shares, counts, and 0 or 1."""
    bits = 1.0 / POINTS_A_BIT
    matched = (pairs.exact + pairs.alike) * bits + _BITS_AN_INITIAL * pairs.initials
    left_asked, left_listed = pairs.left_asked * bits, pairs.left_listed * bits
    total_asked, total_listed = pairs.total_asked * bits, pairs.total_listed * bits
    flags: Mapping[str, NDArray[np.bool_]] = {
        "base": np.ones(len(pairs.asked), dtype=bool),
        "one_word": (pairs.matched <= 1) & (pairs.counts_listed > 1),
        "one_word_each": (pairs.counts_asked <= 1) & (pairs.counts_listed <= 1),
        "two_words": pairs.matched == 2,
        "numbers_differ": pairs.numbers == 3,
        "number_missing": pairs.numbers == 2,
        "forms_same": pairs.forms == 1,
        "forms_differ": pairs.forms == 3,
        "same": (pairs.left_asked == 0) & (pairs.left_listed == 0) & (pairs.lost == 0),
        "same_order": pairs.whole >= 1.0,
        "organisation": ~setting.is_person,
        "kinds_differ": setting.kinds_differ,
        "weak": setting.is_weak,
    }
    counts: Mapping[str, Ints] = {
        "words": pairs.matched,
        "slips": pairs.slips,
        "letters": pairs.letters,
        "counts_asked": pairs.counts_asked,
        "counts_listed": pairs.counts_listed,
        "given_left": pairs.given_left,
        "family_left": pairs.family_left,
        "initials": np.minimum(pairs.initials, 2),
    }
    return {
        "matched": matched,
        "left_asked": left_asked,
        "left_listed": left_listed,
        "left_both": np.minimum(left_asked, left_listed),
        "lost": pairs.lost * bits,
        "covered_asked": np.minimum(matched / np.maximum(total_asked, bits), 1.0),
        "covered_listed": np.minimum(matched / np.maximum(total_listed, bits), 1.0),
        "whole": np.maximum(pairs.whole, pairs.sorted),
        "rarest": pairs.rarest * bits,
        "total_asked": total_asked,
        "total_listed": total_listed,
        **{name: count.astype(np.float64) for name, count in counts.items()},
        **{name: flag.astype(np.float64) for name, flag in flags.items()},
    }


_WHOLE = (
    *("organisation", "base", "one_word", "one_word_each", "two_words", "numbers_differ"),
    *("number_missing", "forms_same", "forms_differ", "same", "same_order", "kinds_differ"),
    *("weak", "initials"),
)
"""Measures that are features as they are."""


def features(measured: Mapping[str, Floats]) -> Iterator[tuple[str, Floats]]:
    """Yield each feature's name and its amount in every pair, 0 to 1 (initials: 0 to 2)."""
    for name, edges in STRETCHES.items():
        for low, high in pairwise(edges):
            amount = np.clip(measured[name] - low, 0.0, high - low) / (high - low)
            yield f"{name} {low:g}-{high:g}", amount
            if name in _OWN_FOR_ORGANISATIONS:
                yield f"organisation {name} {low:g}-{high:g}", amount * measured["organisation"]
    for name in _WHOLE:
        yield name, measured[name]


def log_odds(pairs: Pairs, setting: Setting) -> Floats:
    """Return the natural log-odds of every pair from the names alone.

    Features are added one after the other, so that a pair has the same figure in
    whatever company it is scored.
    """
    measured = measures(pairs, setting)
    total = np.zeros(len(pairs.asked), dtype=np.float64)
    coefficients = model().coefficients
    for name, amount in features(measured):
        figure = coefficients.get(name, 0.0)
        if figure:
            total += amount * figure
    near = np.flatnonzero(total >= NEAR)
    total[near] += together(measured, near)
    return total


def together(measured: Mapping[str, Floats], rows: Ints) -> Floats:
    """Return what the measures of some pairs add together, in natural log-odds.

    It never raises a pair whose numbers differ: a 46th institute is not the 47th,
    however alike their names are.
    """
    gained = interplay().odds(measured, rows)
    return np.where(measured["numbers_differ"][rows] > 0.0, np.minimum(gained, 0.0), gained)


def held_back(odds: Floats, promise: Ints) -> Floats:
    """Return log-odds with those of pairs that promise too little kept below an alert.

    Such a pair is compared only while there is room for it, which depends on who
    else is listed; so it may be shown, but it never alerts.
    """
    just_below = model().middle - _BELOW_ALERT
    return np.where(promise >= PROMISING, odds, np.minimum(odds, just_below))


class PartKind(Enum):
    """The parts of a score, in the order in which they are added up."""

    PRIOR = "score_prior"
    """What the score is before anything is compared."""
    MATCHED = "score_matched_words"
    """How rare the words are that agree."""
    COVERED = "score_words_in_common"
    """Which share of either name agrees."""
    SPELLING = "score_spelling"
    """How alike the names are as they are written."""
    LEFT = "score_words_without_partner"
    NUMBERS = "score_numbers"
    LEGAL_FORM = "score_legal_form"
    KIND = "score_kind_of_party"
    WEAK = "score_weak_alias"
    BIRTH = "score_birth_date"
    COUNTRY = "score_country"
    IDENTIFIER = "score_identifier"
    ADDRESS = "score_address"
    SECOND_STAGE = "score_second_stage"
    """What a second scorer takes away."""


_MEASURES: Mapping[PartKind, tuple[str, ...]] = {
    PartKind.PRIOR: (
        "base", "organisation", "letters", "total_asked", "total_listed", "counts_asked",
        "counts_listed",
    ),
    PartKind.MATCHED: (
        "matched", "rarest", "one_word", "one_word_each", "two_words", "initials", "words",
    ),
    PartKind.COVERED: ("covered_asked", "covered_listed", "same", "same_order"),
    PartKind.SPELLING: ("whole", "lost", "slips"),
    PartKind.LEFT: ("left_asked", "left_listed", "left_both", "given_left", "family_left"),
    PartKind.NUMBERS: ("numbers_differ", "number_missing"),
    PartKind.LEGAL_FORM: ("forms_same", "forms_differ"),
    PartKind.KIND: ("kinds_differ",),
    PartKind.WEAK: ("weak",),
}  # fmt: skip
_PARTS = {measure: part for part, measures in _MEASURES.items() for measure in measures}


def part_of(feature: str) -> PartKind:
    """Return the part of an explanation that a feature belongs to."""
    name = feature if feature in _PARTS else feature.removeprefix("organisation ")
    return _PARTS[name.split(" ")[0]]
