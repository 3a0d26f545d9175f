"""How many accelerators make a rate, and what rate do linked clusters make together?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import say
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import BadFact, Facts
from sluicegate.rules.law import Law, comparison

PROPOSAL = "kthf.oversight"
FIGURE = f"{PROPOSAL}.cluster_verification.peak_rate"


def decide_accelerator_equivalents(facts: Facts, law: Law) -> Answer:
    """Return the smallest whole number of accelerators that reaches a rate.

    Both rates are dense peaks in the format that the facts state, as the
    proposal names none. A rate of 0 needs no accelerator.
    """
    law.status(PROPOSAL)
    rate = facts.amount("cluster_flop_per_second")
    peak = facts.amount("accelerator_peak_flop_per_second")
    numeric_format = facts.text("numeric_format")
    number = -int(-Fraction(rate) // peak)
    return Answer(
        {"accelerators": number, "numeric_format": numeric_format},
        [
            say(
                "{rate:sci} FLOP/s over {peak:sci} FLOP/s for each accelerator is about {quotient},"
                " rounded up to {number}.",
                rate=rate,
                peak=peak,
                quotient=Fraction(rate) / peak,
                number=number,
            ),
            say(
                "Both rates are in {numeric_format:term}; in another format the number differs.",
                numeric_format=numeric_format,
            ),
        ],
    )


def refuse_linked_cluster_rate(facts: Facts, _law: Law) -> Iterable[BadFact]:
    """Refuse links that begin or end at no cluster of the map; the beginnings come first."""
    known = facts.mapping("clusters")
    for end in ("from", "to"):
        for link in facts.records("high_speed_links"):
            name = link.text(end)
            if name not in known:
                message = f"{name!r:.60} is no key of clusters; add it or correct the link"
                yield BadFact(f"high_speed_links.{end}", message)


def decide_linked_cluster_rate(facts: Facts, law: Law) -> Answer:
    """Return the rate of the largest group of linked clusters, and whether it meets the figure.

    Clusters joined by high-speed links, also through a third, are one group;
    a cluster without a link, or with one to itself, is a group of its own.
    The largest group has the highest sum of rates; of several with the same
    sum it is the one with the name that comes first in order. "Capable of" is
    met by the figure itself. Without clusters there is no group and no rate.
    """
    groups = _linked(
        facts.mapping("clusters"),
        [(link.text("from"), link.text("to")) for link in facts.records("high_speed_links")],
    )
    largest = min(groups, key=lambda group: (-group.rate, group.names), default=_Group((), 0))
    limit = law.limit(FIGURE)
    return Answer(
        {
            "groups": len(groups),
            "largest_group": list(largest.names),
            "largest_rate": largest.rate,
            "at_least_1e18": limit.passed_by(largest.rate),
        },
        [
            say(
                "Clusters: {clusters}; groups that links make of them: {groups}; the largest by"
                " rate: {names}.",
                clusters=len(facts.mapping("clusters")),
                groups=len(groups),
                names=largest.names,
            ),
            say(
                "Rates are in {numeric_format:term}; the proposal names no format.",
                numeric_format=facts.text("numeric_format"),
            ),
            comparison("The largest group's rate", largest.rate, limit),
        ],
    )


@dataclass(frozen=True, slots=True)
class _Group:
    """Clusters that links join, by name in order, with the sum of their rates in FLOP/s."""

    names: tuple[str, ...]
    rate: Exact


def _linked(rates: Mapping[str, Exact], links: Iterable[tuple[str, str]]) -> list[_Group]:
    """Return the groups that links make of clusters; each link names two of them."""
    head = {name: name for name in rates}

    def head_of(name: str) -> str:
        while head[name] != name:
            head[name] = head[head[name]]
            name = head[name]
        return name

    for one, other in links:
        head[head_of(one)] = head_of(other)
    members: dict[str, list[str]] = {}
    for name in sorted(rates):
        members.setdefault(head_of(name), []).append(name)
    return [
        _Group(tuple(names), whole(sum(rates[name] for name in names)))
        for names in members.values()
    ]
