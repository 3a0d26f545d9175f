"""What is said of a finding that rests on a match which no person has confirmed.

A score proves no identity. Until a person confirms the match, what a text would ask
of the listed party is said with an "if", wherever the finding is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sluicegate.core.reasons import Sentence, say

SAME_PARTY = "the party that was screened is the listed one"
"""The assumption of every match that no person has confirmed."""

UNCONFIRMED = say("This is a candidate: no person has confirmed that the two parties are one.")


def as_candidate(outcome: Sentence, document: Mapping[str, Any]) -> Sentence:
    """Return what a finding comes to; of a candidate with what has to be confirmed first.

    >>> told = as_candidate(say("It is owed."), {"assumptions": [SAME_PARTY]})
    >>> str(told)
    'A candidate. If the party that was screened is the listed one: It is owed.'
    >>> str(as_candidate(say("It is owed."), {"assumptions": []}))
    'It is owed.'
    """
    if SAME_PARTY not in document["assumptions"]:
        return outcome
    return say(
        "A candidate. If the party that was screened is the listed one: {outcome}",
        outcome=outcome,
    )
