"""Is telemetry complete, and does the custodian's report agree with it?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain, islice, pairwise

from sluicegate.core.quantities import whole
from sluicegate.core.reasons import Beside, Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.instruments import Comparator
from sluicegate.rules.law import Law

PROPOSAL = "kthf.oversight"
LISTED = "assess.permits.telemetry.listed_counters"

AGREEING = Comparator.AT_MOST
"""A difference of exactly the tolerance is accepted."""


def decide_telemetry_chain(facts: Facts, law: Law) -> Answer:
    """Say whether the counters of a device's telemetry are complete and in order.

    Each step is held against the counter received just before: one more is in
    order, more than one more is a gap, the same a repeat, less a fall. A chain
    without a step, of one counter or none, is in order. Missing is what lies
    between the lowest and the highest counter and never came, whenever; so a
    counter that comes late is a fall and fills its place. A list of missing
    counters longer than the setting is cut, and the answer says so.
    """
    law.status(PROPOSAL)
    counters = list(facts["counters"])
    steps = [_step(before, after) for before, after in pairwise(counters)]
    issues = [issue for issue in _ISSUES if issue in steps]
    absent = _Absent.between(counters)
    listed = absent.first(int(law.amount(LISTED))) if absent.count else []
    return Answer(
        {"complete": not issues, "issues": issues, "missing_counters": listed},
        list(_chain_reasons(counters, steps, absent, listed)),
    )


_IN_ORDER = "next"
_ISSUES = {
    "gap": "Steps that leave out at least one counter: {count}.",
    "repeat": "Steps to the same counter again: {count}.",
    "fall": "Steps down to a lower counter: {count}.",
}
"""Every kind of fault in the order in which they are named, with how a reason says it."""


def _step(before: int, after: int) -> str:
    if after == before:
        return "repeat"
    if after < before:
        return "fall"
    return _IN_ORDER if after == before + 1 else "gap"


@dataclass(frozen=True, slots=True)
class _Absent:
    """The counters that never came, as ranges in order; never written out as a whole."""

    ranges: Sequence[range]
    count: int

    @classmethod
    def between(cls, counters: Sequence[int]) -> _Absent:
        """Return what is absent between the lowest and the highest counter."""
        came = sorted(set(counters))
        holes = [range(low + 1, high) for low, high in pairwise(came) if high > low + 1]
        return cls(holes, sum(hole.stop - hole.start for hole in holes))

    def first(self, number: int) -> list[int]:
        """Return the lowest of them, no more than a number."""
        return list(islice(chain.from_iterable(self.ranges), number))

    @property
    def ends(self) -> tuple[int, int]:
        """The lowest and the highest of them."""
        return self.ranges[0].start, self.ranges[-1].stop - 1


def _chain_reasons(
    counters: Sequence[int], steps: Sequence[str], absent: _Absent, listed: Sequence[int]
) -> Iterator[Sentence]:
    yield say("Counters received: {count}.", count=len(counters))
    for issue, template in _ISSUES.items():
        if issue in steps:
            yield say(template, count=steps.count(issue))
    if len(steps) == steps.count(_IN_ORDER):
        yield say("No counter is out of order: each is the one before plus 1.")
    if not absent.count:
        yield say("No counter between the lowest and the highest is missing.")
        return
    lowest, highest = absent.ends
    yield say(
        "Counters that never came although others around them did: {count}, the lowest {lowest} and"
        " the highest {highest}.",
        count=absent.count,
        lowest=lowest,
        highest=highest,
    )
    if len(listed) < absent.count:
        yield say(
            "The answer lists only the {listed} lowest of them, as many as the setting allows.",
            listed=len(listed),
        )


def decide_custodian_reconciliation(facts: Facts, law: Law) -> Answer:
    """Say whether a custodian's report agrees with telemetry.

    The difference, up or down, is relative to the telemetry total, and one of
    exactly the tolerance still agrees.
    """
    law.status(PROPOSAL)
    measured, reported = facts.amount("telemetry_flop"), facts.amount("custodian_report_flop")
    tolerance = facts.amount("tolerance")
    gap = max(reported - measured, measured - reported)
    difference = whole(Fraction(1, measured) * gap)
    reconciled = AGREEING.holds(difference, tolerance)
    return Answer(
        {"reconciled": reconciled, "relative_difference": difference},
        [
            say(
                "Telemetry totals {measured:sci} FLOP; the custodian declares {reported:sci} FLOP.",
                measured=Beside(measured, reported),
                reported=Beside(reported, measured),
            ),
            say(
                "Relative to telemetry they differ by {difference}, at or below the tolerance of"
                " {tolerance}."
                if reconciled
                else "Relative to telemetry they differ by {difference}, above the tolerance of"
                " {tolerance}.",
                difference=Beside(difference, tolerance, ""),
                tolerance=Beside(tolerance, difference, ""),
            ),
        ],
    )
