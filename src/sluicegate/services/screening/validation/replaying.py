"""A change of screening replayed over history: which alerts it gains and which it loses.

History is the runs of the node: each is done again with what was known then, and
held against what stood after it. A file of a list is replayed against what is
known now, taken in on trial and let go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sluicegate.services.ports.matches import Match, MatchState, Pair, ScreeningRun
from sluicegate.services.ports.store import Store
from sluicegate.services.ports.validation import ReplayedMoment, Shift
from sluicegate.services.screening.allowances import PairKey
from sluicegate.services.screening.engine import ListsInUse, Scored, Scoring
from sluicegate.services.screening.screened import Screened, screened_at

MOMENTS = 3
"""How many runs with different lists are replayed."""


class PastLists(Protocol):
    """The lists of a node as they were known."""

    def known(self, *, on: date, known_on: datetime | None) -> ListsInUse | None:
        """Return what there was to screen against on a day, as known at an instant."""
        ...


@dataclass(frozen=True)
class Past:
    """Who was screened against what, at a run or now."""

    screened: Screened
    lists: ListsInUse


def past_of(store: Store, lists: PastLists, on: date, known_on: datetime | None) -> Past:
    """Return who was to be screened against what on a day, as known at an instant.

    Raises:
        ListFilesError: files of a list of then are missing or damaged.
    """
    known = lists.known(on=on, known_on=known_on)
    return Past(screened_at(store, on, known_on), known or ListsInUse({}))


def runs_to_replay(store: Store, most: int = MOMENTS) -> list[ScreeningRun]:
    """Return the last run, and before it the last one with each other state of the lists."""
    found: list[ScreeningRun] = []
    for run in store.matches.runs(limit=1_000):
        if len(found) < most and all(dict(one.versions) != dict(run.versions) for one in found):
            found.append(run)
    return found


def replay_run(
    store: Store, lists: PastLists, scoring: Scoring, run: ScreeningRun
) -> ReplayedMoment:
    """Do a run again with a way of screening, and hold it against what stood after it."""
    past = past_of(store, lists, run.as_of, run.at)
    found = _found(scoring, past)
    held = {
        (one.party_id, one.listed_id): one
        for one in store.matches.matches(known_on=run.at)
        if one.state is not MatchState.GONE
    }
    return _moment(_About(run.run_id, run.at, run.as_of, past), held, found, scoring)


def replay_lists(
    store: Store, now: Past, trial: ListsInUse, scoring: Scoring, *, at: datetime, on: date
) -> ReplayedMoment:
    """Screen who is screened now against lists on trial, and hold it against those in use.

    A pair that a person cleared raised no alert, so it is not lost.
    """
    past = Past(now.screened, trial)
    standing = _stand(store)
    before = _found(scoring, now)
    after = _found(scoring, past)
    gained = [
        _shift(key, None, after[key].score, "", trial)
        for key in sorted(after.keys() - _survived(before, trial))
    ]
    lost = [
        _shift(key, before[key].score, None, standing.get(key, ""), now.lists)
        for key in sorted(before)
        if (key[0], trial.surviving(key[1])) not in after
        and standing.get(key) != MatchState.CLEARED.value
    ]
    judged = _judged(standing, lambda key: (key[0], trial.surviving(key[1])) in after)
    return ReplayedMoment(
        run_id="",
        at=at,
        as_of=on,
        screened=len(now.screened.parties),
        listed=len(trial.parties),
        before=len(before),
        after=len(after),
        **judged,
        gained=tuple(gained),
        lost=tuple(lost),
    )


def _survived(pairs: Mapping[PairKey, Pair], trial: ListsInUse) -> set[PairKey]:
    return {(party, trial.surviving(listed)) for party, listed in pairs}


@dataclass(frozen=True)
class _About:
    run_id: str
    at: datetime
    as_of: date
    past: Past


def _found(scoring: Scoring, past: Past) -> Mapping[PairKey, Pair]:
    scored = scoring.index(past.lists.parties.values())
    return scored.pairs(list(past.screened.parties.values()))


def _moment(
    about: _About, held: Mapping[PairKey, Match], found: Mapping[PairKey, Pair], scoring: Scoring
) -> ReplayedMoment:
    """Hold what a way of screening finds against what stood.

    A pair that a person cleared raised no alert, so it is not lost.
    """
    past = about.past
    gained = [
        _shift(key, _kept_score(found[key], held), found[key].score, "", past.lists)
        for key in sorted(found.keys() - held.keys())
    ]
    lost = [
        _shift(
            key,
            held[key].pair.score,
            _score_of(key, past, scoring),
            held[key].state.value,
            past.lists,
        )
        for key in sorted(held.keys() - found.keys())
        if held[key].state.is_alert
    ]
    standing = {key: one.state.value for key, one in held.items()}
    return ReplayedMoment(
        run_id=about.run_id,
        at=about.at,
        as_of=about.as_of,
        screened=len(past.screened.parties),
        listed=len(past.lists.parties),
        before=len(held),
        after=len(found),
        **_judged(standing, found.__contains__),
        gained=tuple(gained),
        lost=tuple(lost),
    )


def _kept_score(pair: Pair, held: Mapping[PairKey, Match]) -> int | None:
    """Return what a gained pair scored before: the same, where the algorithm is the same."""
    algorithms = {one.pair.algorithm for one in held.values()}
    return pair.score if algorithms == {pair.algorithm} else None


def _score_of(key: PairKey, past: Past, scoring: Scoring) -> int | None:
    """Return what a pair scores that does not alert; None where one of the two is not there."""
    party, listed = past.screened.parties.get(key[0]), past.lists.parties.get(key[1])
    if party is None or listed is None:
        return None
    one = Scored(scoring.index([listed]).index, 1)
    pair = one.pairs([party]).get(key)
    return None if pair is None else pair.score


def _stand(store: Store) -> dict[PairKey, str]:
    return {
        (one.party_id, one.listed_id): one.state.value
        for one in store.matches.matches()
        if one.state is not MatchState.GONE
    }


def _judged(standing: Mapping[PairKey, str], alerts: Callable[[PairKey], bool]) -> dict[str, int]:
    """Count the matches that a person judged, and those of them that would still alert."""
    counts: dict[str, int] = {}
    for name, state in (("confirmed", MatchState.CONFIRMED), ("cleared", MatchState.CLEARED)):
        keys = [key for key, stood in standing.items() if stood == state.value]
        counts[name] = len(keys)
        counts[f"{name}_kept"] = sum(alerts(key) for key in keys)
    return counts


def _shift(
    key: PairKey, before: int | None, after: int | None, stood: str, lists: ListsInUse
) -> Shift:
    listed = lists.parties.get(lists.surviving(key[1]))
    name, on = ("", ()) if listed is None else (listed.name, listed.lists)
    return Shift(*key, before, after, stood, name, on)
