"""How likely does a random sample meet what is hidden, and how large must it be?"""

from __future__ import annotations

from collections.abc import Iterable

from sluicegate.core.chances import draws_for, hit_chance
from sluicegate.core.reasons import Beside, Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.law import Law

PAPER = "paper.shavit_2023"


def decide_detection_probability(facts: Facts, law: Law) -> Answer:
    """Return the chance that a sample meets at least one hidden chip or snapshot.

    1 - (1 - share)^size, drawn with replacement from a large fleet. It is
    rounded down in its 50th digit and never up, so it is 1 only when
    everything is hidden and something is drawn.
    """
    law.status(PAPER)
    share, size = facts.amount("hidden_fraction"), facts.whole("sample_size")
    probability = hit_chance(share, size)
    return Answer(
        {"probability": probability},
        [
            say(
                "Each draw hits with a probability of {share}; {size} draws all miss with 1 minus"
                " that, to the power of {size}.",
                share=share,
                size=size,
            ),
            say(
                "At least one draw hits with the rest, about {probability}.",
                probability=probability,
            ),
            _replacement(),
        ],
    )


def refuse_detection_sample_size(facts: Facts, _law: Law) -> Iterable[BadFact]:
    """Refuse certainty, which no sample gives unless everything is hidden."""
    if facts.amount("target_probability") == 1 and facts.amount("hidden_fraction") != 1:
        message = "1 is reached by no sample while something is in the open; give a share below 1"
        yield BadFact("target_probability", message)


def decide_detection_sample_size(facts: Facts, law: Law) -> Answer:
    """Return the smallest sample whose chance of detection reaches a target.

    Reaching it exactly is enough, and the number is exact: no rounding can put
    it one too high or too low. A target of 0 needs no sample.
    """
    law.status(PAPER)
    share, target = facts.amount("hidden_fraction"), facts.amount("target_probability")
    size = draws_for(share, target)
    reached = hit_chance(share, size)
    reasons = [
        say(
            "With {size} draws the probability of detection is about {reached}, at or above the"
            " target of {target}.",
            size=size,
            reached=Beside(reached, target, ""),
            target=Beside(target, reached, ""),
        )
    ]
    if size:
        reasons.append(
            say(
                "With one draw less it is about {reached}, below the target.",
                reached=Beside(hit_chance(share, size - 1), target, ""),
            )
        )
    return Answer({"sample_size": size}, [*reasons, _replacement()])


def _replacement() -> Sentence:
    return say(
        "Reading: draws are random, independent and with replacement, which is near enough for a"
        " small sample of a large fleet."
    )
