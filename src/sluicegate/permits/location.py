"""How far from a landmark can a device be, and what does that say of its site?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Beside, Sentence, say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law

LIGHT = "paper.location_verification_2024.light.speed"

OBLIGATIONS = {
    "verified": [],
    "inconclusive": ["retry"],
    "contradiction": ["retry", "report_credible_diversion"],
}
"""What follows from each result."""


def decide_location_bound(facts: Facts, law: Law) -> Answer:
    """Return the greatest distance of a device from a landmark that got its signed reply.

    The reply went there and back, no faster than light in vacuum: half the
    time at that speed. Signals in fibre and in networks are slower, so nothing
    is said of how far away the device is at least.
    """
    time = facts.amount("round_trip_ms")
    bound = _bound(time, law)
    return Answer({"max_distance_km": bound}, [_bound_sentence(time, bound, law)])


def decide_location_verification(facts: Facts, law: Law) -> Answer:
    """Say what round trips to landmarks prove of a declared site.

    A site strictly beyond any bound contradicts the reply to that landmark. A
    bound strictly below the distance to the excluded region keeps the device
    out of it; exactly at that distance it may stand on the border. One
    contradiction outweighs every verification. Of several landmarks that
    decide, the first in the order given is named.
    """
    seen = [_Landmark.of(record, law) for record in facts.records("landmarks")]
    result, deciding = "inconclusive", None
    for name, found in (
        ("contradiction", (one for one in seen if one.contradicts)),
        ("verified", (one for one in seen if one.excludes)),
    ):
        deciding = next(found, None)
        if deciding is not None:
            result = name
            break
    return Answer(
        {
            "result": result,
            "deciding_landmark": None if deciding is None else deciding.name,
            "max_distance_km": None if deciding is None else deciding.bound,
            "obligations": OBLIGATIONS[result],
        },
        list(_verification_reasons(seen, deciding, law)),
    )


@dataclass(frozen=True, slots=True)
class _Landmark:
    """A landmark with the bound that its round trip proves; distances in km."""

    name: str
    time: Exact
    bound: Exact
    declared: Exact
    excluded: Exact | None

    @classmethod
    def of(cls, record: Facts, law: Law) -> _Landmark:
        time = record.amount("round_trip_ms")
        return cls(
            record.text("landmark"),
            time,
            _bound(time, law),
            record.amount("declared_site_km"),
            record.maybe_amount("excluded_region_km"),
        )

    @property
    def contradicts(self) -> bool:
        """Whether the declared site is beyond the bound."""
        return self.declared > self.bound

    @property
    def excludes(self) -> bool:
        """Whether the bound ends before the nearest excluded border."""
        return self.excluded is not None and self.bound < self.excluded


def _bound(time: Exact, law: Law) -> Exact:
    return whole(Fraction(law.amount(LIGHT)) * time / 2)


def _bound_sentence(time: Exact, bound: Exact, law: Law) -> Sentence:
    return say(
        "A signed reply after {time} ms comes from at most {bound} km away: half of the time at"
        " {speed} km/ms, the speed of light in vacuum. Real paths are slower, so only this upper"
        " bound is proved.",
        time=time,
        bound=bound,
        speed=law.amount(LIGHT),
    )


def _verification_reasons(
    seen: list[_Landmark], deciding: _Landmark | None, law: Law
) -> Iterator[Sentence]:
    yield say("Landmarks that got a signed reply: {count}.", count=len(seen))
    if deciding is None:
        yield say(
            "No bound is below the declared site's distance, and none is below the distance to an"
            " excluded region. A slow reply proves nothing."
        )
        return
    yield say(
        "{landmark} decides, the first landmark in the order given that does.",
        landmark=deciding.name,
    )
    yield _bound_sentence(deciding.time, deciding.bound, law)
    if deciding.contradicts or deciding.excluded is None:
        yield say(
            "The declared site is {declared} km from {landmark}, beyond the bound of {bound} km.",
            declared=Beside(deciding.declared, deciding.bound, ""),
            landmark=deciding.name,
            bound=Beside(deciding.bound, deciding.declared, ""),
        )
        return
    yield say(
        "The nearest excluded border is {excluded} km from {landmark}, so the bound of {bound} km"
        " ends before it.",
        excluded=Beside(deciding.excluded, deciding.bound, ""),
        landmark=deciding.name,
        bound=Beside(deciding.bound, deciding.excluded, ""),
    )
    yield say("No landmark contradicts the declared site.")
