"""What it costs to stay below a threshold by splitting a run, and what counting recovers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from sluicegate.core.quantities import Exact
from sluicegate.frontier.records import RecordedModel
from sluicegate.rules.comparators import Comparator

_MOST_DOUBLINGS = 400
"""No run is split more often than this: it would take more pieces than could ever be trained."""


@dataclass(frozen=True, slots=True)
class Split:
    """The least number of pieces with which a run stays below a threshold.

    `pieces` 1: it is below as it is. `extra` is what all pieces together need beyond
    the whole run to be worth as much, as a share of it.
    """

    pieces: int
    extra: Fraction


def kept_share(pieces: int, loss: Fraction) -> Fraction:
    """Return the share of compute that is worth something when pieces are merged.

    Every doubling of the number loses a share; a number between two doublings
    loses as much as the next.

    >>> kept_share(1, Fraction(1, 10)), kept_share(3, Fraction(1, 10))
    (Fraction(1, 1), Fraction(81, 100))
    """
    return (1 - loss) ** (pieces - 1).bit_length()


def escapes(
    compute: Exact, threshold: Exact, comparator: Comparator, pieces: int, loss: Fraction
) -> bool:
    """Say whether no piece passes the threshold when a run is split so often, losses made up."""
    piece = Fraction(compute) / (kept_share(pieces, loss) * pieces)
    return not comparator.holds(piece, threshold)


def least_split(
    compute: Exact, threshold: Exact, comparator: Comparator, loss: Fraction
) -> Split | None:
    """Return the least split with which no piece passes; None where no number of pieces helps.

    >>> least_split(3 * 10**26, 10**26, Comparator.GREATER_THAN, Fraction(0))
    Split(pieces=3, extra=Fraction(0, 1))
    """
    if threshold <= 0:
        return None
    for doublings in range(_MOST_DOUBLINGS):
        share = (1 - loss) ** doublings
        piece_of_one = Fraction(compute) / share
        least = max(piece_of_one // threshold, 1)
        if comparator.holds(piece_of_one / least, threshold):
            least += 1
        first = 1 if doublings == 0 else (1 << (doublings - 1)) + 1
        if max(least, first) <= 1 << doublings:
            return Split(max(least, first), 1 / share - 1)
    return None


def through_base(
    models: Sequence[RecordedModel], caught: Iterable[RecordedModel]
) -> tuple[RecordedModel, ...]:
    """Return the models that are not caught but derive, in any number of steps, from a caught one.

    Their causes hold at least the compute of that one, so that counting over the
    causal graph catches them too. Models are found by the name of their base.
    """
    derived: dict[str, list[int]] = {}
    for place, one in enumerate(models):
        for name in _bases(one):
            derived.setdefault(name, []).append(place)
    taken = {id(one) for one in caught}
    waiting = [one.name for one in models if id(one) in taken]
    seen, found = set(waiting), set()
    while waiting:
        for place in derived.get(waiting.pop(), ()):
            one = models[place]
            if id(one) not in taken:
                found.add(place)
            if one.name not in seen:
                seen.add(one.name)
                waiting.append(one.name)
    return tuple(models[place] for place in sorted(found))


def _bases(model: RecordedModel) -> tuple[str, ...]:
    """Return the models that a model names as its base: the whole text, and its parts by comma."""
    text = (model.base_model or "").strip()
    parts = [part.strip() for part in text.split(",")]
    return tuple(dict.fromkeys(part for part in (text, *parts) if part and part != model.name))


def added_up(
    models: Sequence[RecordedModel], threshold: Exact, comparator: Comparator
) -> Mapping[str, Exact]:
    """Return the developers none of whose models passes though all together do, with the sum."""
    sums: dict[str, list[Exact]] = {}
    for one in models:
        if one.compute is not None:
            for name in one.developers:
                sums.setdefault(name, []).append(one.compute)
    return {
        name: sum(values)
        for name, values in sorted(sums.items())
        if comparator.holds(sum(values), threshold)
        and not any(comparator.holds(value, threshold) for value in values)
    }
