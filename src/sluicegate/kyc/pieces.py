"""Runs that may be pieces of one: on one hardware, one after the other or started together.

Pieces of a run that is split over time follow one another with short pauses;
pieces of one that is split over accounts start together and last equally long.
Either way they are added up within a stretch of time, and none of them alone
tells how large the whole is.

Cost: a run is compared with those that start before its longest pause is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise

from sluicegate.core.quantities import Exact, whole
from sluicegate.core.reasons import Sentence, say
from sluicegate.kyc.compute import CROSSING
from sluicegate.rules.answers import Answer
from sluicegate.rules.facts import Facts
from sluicegate.rules.law import Law

_DAY = timedelta(days=1)
_LEAST = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run: its account, its legal days from `start` to before `end`, what it ran on.

    `accelerators` is how many were at work at once, `compute` what they did in FLOP.
    `started` and `ended` are instants, None where only the days are known.
    """

    run: str
    account: str
    start: date
    end: date
    hardware: str
    accelerators: Exact
    compute: Exact
    started: datetime | None = None
    ended: datetime | None = None

    def pause_before(self, later: Piece) -> timedelta:
        """Return the time from its end to the start of another; by day without instants."""
        if self.ended is not None and later.started is not None:
            return later.started - self.ended
        return later.start - self.end

    def starts_apart(self, other: Piece) -> timedelta:
        """Return how far apart two start; by day where no instant is known."""
        if self.started is not None and other.started is not None:
            return abs(other.started - self.started)
        return abs(other.start - self.start)

    def lengths(self, other: Piece) -> list[timedelta]:
        """Return how long two lasted, the shorter first; by day where no instants are known."""
        both = (self, other)
        times = [one.ended - one.started for one in both if one.started and one.ended]
        return sorted(times if len(times) == len(both) else [one.end - one.start for one in both])


def _days(count: int) -> timedelta:
    """Return so many days, or all that a calendar can tell apart."""
    return min(count, timedelta.max.days) * _DAY


@dataclass(frozen=True, slots=True)
class Fit:
    """What makes two runs fit together as pieces of one; values of settings.

    `gap` and `start_window` are in days; of two runs in sequence the second
    starts at most `gap` after the first ended. `window` is the longest stretch
    within which pieces are added up, in days. Tolerances are shares of the
    greater of two lengths or sizes.
    """

    gap: int
    start_window: int
    window: int
    duration_tolerance: Fraction
    size_tolerance: Fraction

    def follows(self, one: Piece, later: Piece) -> bool:
        """Say whether a run carries on after another; they may overlap by a day."""
        pause = one.pause_before(later)
        in_time = -_DAY <= pause <= _days(self.gap)
        return self._alike(one, later) and in_time and later.end >= one.end

    def starts_with(self, one: Piece, later: Piece) -> bool:
        """Say whether runs of two accounts start together and last equally long."""
        shorter, longer = (Fraction(time // _LEAST) for time in one.lengths(later))
        return (
            one.account != later.account
            and self._alike(one, later)
            and one.starts_apart(later) <= _days(self.start_window)
            and longer - shorter <= self.duration_tolerance * longer
        )

    def _alike(self, one: Piece, other: Piece) -> bool:
        greater = max(one.accelerators, other.accelerators)
        less = min(one.accelerators, other.accelerators)
        return one.hardware == other.hardware and greater - less <= self.size_tolerance * greater


@dataclass(frozen=True, slots=True)
class Whole:
    """Pieces that fit together, in order of start."""

    pieces: tuple[Piece, ...]
    in_sequence: bool
    together: bool

    @property
    def compute(self) -> Exact:
        """What the pieces did together, in FLOP."""
        return whole(sum((Fraction(one.compute) for one in self.pieces), Fraction(0)))

    @property
    def accounts(self) -> list[str]:
        """The accounts of the pieces, sorted."""
        return sorted({one.account for one in self.pieces})

    @property
    def pattern(self) -> str:
        """How the pieces fit together, as a code."""
        if self.in_sequence and self.together:
            return "sequence_and_coordinated"
        return "sequence" if self.in_sequence else "coordinated"

    @property
    def longest_pause(self) -> int:
        """The longest time with no piece at work, in days."""
        latest, longest = self.pieces[0].end, 0
        for _, later in pairwise(self.pieces):
            longest = max(longest, (later.start - latest).days)
            latest = max(latest, later.end)
        return longest

    def is_split(self, threshold: Exact) -> bool:
        """Say whether the pieces cross together and none of them alone."""
        alone = any(CROSSING.holds(one.compute, threshold) for one in self.pieces)
        return not alone and CROSSING.holds(self.compute, threshold)


def wholes(pieces: Sequence[Piece], fit: Fit) -> list[Whole]:
    """Return what fits together, two pieces or more each, the largest first.

    Of pieces that fit together over a longer time those of one stretch count
    that have done the most.
    """
    found: list[Whole] = []
    for joined in _joined(pieces, fit):
        best = _within(joined.pieces, fit)
        kept = _joined(best, fit) if len(best) < len(joined.pieces) else iter((joined,))
        found.extend(kept)
    return sorted(found, key=lambda one: (-one.compute, one.pieces[0].start, one.pieces[0].run))


def _joined(pieces: Sequence[Piece], fit: Fit) -> Iterator[Whole]:
    """Yield the connected sets of two pieces or more."""
    order = sorted(pieces, key=lambda one: (one.start, one.end, one.run))
    above = list(range(len(order)))
    ties: list[tuple[int, bool]] = []

    def top(number: int) -> int:
        while above[number] != number:
            above[number] = above[above[number]]
            number = above[number]
        return number

    for first, one in enumerate(order):
        latest = max(one.end.toordinal() + fit.gap, one.start.toordinal() + fit.start_window) + 1
        for second in range(first + 1, len(order)):
            later = order[second]
            if later.start.toordinal() > latest:
                break
            follows, starts = fit.follows(one, later), fit.starts_with(one, later)
            if follows or starts:
                above[top(second)] = top(first)
                ties += [(second, True)] * follows + [(second, False)] * starts
    members: dict[int, list[Piece]] = {}
    kinds: dict[int, set[bool]] = {}
    for number, one in enumerate(order):
        members.setdefault(top(number), []).append(one)
    for number, kind in ties:
        kinds.setdefault(top(number), set()).add(kind)
    for head, tied in kinds.items():
        yield Whole(tuple(members[head]), True in tied, False in tied)


def _within(pieces: Sequence[Piece], fit: Fit) -> list[Piece]:
    """Return the pieces of the stretch that did the most; the earliest of equal ones."""
    best: list[Piece] = []
    most = Fraction(-1)
    for first in dict.fromkeys(one.start for one in pieces):
        inside = [
            one for one in pieces if first <= one.start and (one.end - first).days <= fit.window
        ]
        done = sum((Fraction(one.compute) for one in inside), Fraction(0))
        if done > most:
            best, most = inside, done
    return best


def decide_split_run(facts: Facts, law: Law) -> Answer:
    """Say whether runs are pieces that cross a threshold together and none alone.

    Of several sets that fit together the largest that is split is named, and
    the largest of all where none is.
    """
    law.status("paper.egan_heim_2023")
    threshold = facts.amount("threshold")
    found = wholes([_piece(one) for one in facts.records("runs")], _fit(facts))
    if not found:
        values = {"split": False, "pattern": "none", "compute": 0, "pieces": [], "accounts": []}
        return Answer(values, [say("No two of the runs fit together as pieces of one.")])
    named = next((one for one in found if one.is_split(threshold)), found[0])
    values = {
        "split": named.is_split(threshold),
        "pattern": named.pattern,
        "compute": named.compute,
        "pieces": [one.run for one in named.pieces],
        "accounts": named.accounts,
    }
    return Answer(values, _reasons(named, threshold))


def _reasons(found: Whole, threshold: Exact) -> list[Sentence]:
    pieces = found.pieces
    reasons = [
        say(
            "Runs on {hardware} fit together (runs: {count}, accounts: {accounts}): {compute:sci}"
            " FLOP from {start} to before {end}.",
            count=len(pieces),
            accounts=len(found.accounts),
            hardware=pieces[0].hardware,
            compute=found.compute,
            start=pieces[0].start,
            end=max(one.end for one in pieces),
        )
    ]
    if found.in_sequence:
        reasons.append(
            say(
                "They carry on one after the other; the longest pause has {days} days.",
                days=found.longest_pause,
            )
        )
    if found.together:
        reasons.append(
            say("Runs of several accounts among them start together and last equally long.")
        )
    reasons.append(
        say(
            "The largest of them did {largest:sci} FLOP; the threshold is {threshold:sci} FLOP.",
            largest=max(one.compute for one in pieces),
            threshold=threshold,
        )
    )
    return reasons


def _piece(one: Facts) -> Piece:
    return Piece(
        one.text("run"),
        one.text("account"),
        one.day("start"),
        one.day("end"),
        one.text("hardware"),
        one.amount("accelerators"),
        one.amount("compute"),
        one.maybe_instant("started"),
        one.maybe_instant("ended"),
    )


def _fit(facts: Facts) -> Fit:
    return Fit(
        gap=facts.whole("gap_days"),
        start_window=facts.whole("start_window_days"),
        window=facts.whole("window_days"),
        duration_tolerance=Fraction(facts.amount("duration_tolerance")),
        size_tolerance=Fraction(facts.amount("size_tolerance")),
    )
