"""Trying thresholds on a data set: whom each would have caught, burdened and missed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sluicegate.core.quantities import Exact
from sluicegate.core.reasons import Sentence, say
from sluicegate.frontier.lab import (
    Asked,
    Assumptions,
    LabResult,
    assumptions_of,
    fixed,
    moving_option,
    try_options,
)
from sluicegate.frontier.moving import Moving, WrongRuleError
from sluicegate.frontier.records import Snapshot
from sluicegate.rules.book import RuleBook, UnknownRuleError
from sluicegate.rules.comparators import Comparator
from sluicegate.rules.law import Law
from sluicegate.services.access.actions import Action
from sluicegate.services.datasets import reading as datasets
from sluicegate.services.datasets.errors import UnknownDatasetError
from sluicegate.services.desk import Desk
from sluicegate.services.lab.as_if import held_always, rules_behind

SHOWN_YEARS = 6
"""How many years are shown where none are asked for, the last one that of the day."""

MOST_YEARS = 60
MOST_OPTIONS = 12
_COMPARATORS = (Comparator.GREATER_THAN, Comparator.AT_LEAST)


class LabError(ValueError):
    """Something that the lab cannot try; `sentence` says why and what to do."""

    def __init__(self, sentence: Sentence) -> None:
        self.sentence = sentence
        super().__init__(sentence.text())


@dataclass(frozen=True, slots=True)
class LabQuestion:
    """What to try: thresholds in FLOP, ids of moving rules, the day, and the years shown.

    `known_on` is the day of knowledge: of a kept data set the last snapshot of then or
    before is taken. None is the day asked about. `is_as_if` lets moving rules hold
    before they began.
    """

    thresholds: tuple[Exact, ...]
    moving: tuple[str, ...]
    as_of: date
    known_on: date | None = None
    comparator: Comparator = Comparator.GREATER_THAN
    first_year: int | None = None
    last_year: int | None = None
    is_as_if: bool = False

    @property
    def known_by(self) -> date:
        """The day of knowledge."""
        return self.as_of if self.known_on is None else self.known_on

    @property
    def years(self) -> tuple[int, ...]:
        """The years shown. Raises LabError."""
        last = self.as_of.year if self.last_year is None else self.last_year
        first = last - SHOWN_YEARS + 1 if self.first_year is None else self.first_year
        if last > self.as_of.year:
            sentence = "{year}: is after {day}, the day asked about; ask about a later day."
            raise LabError(say(sentence, year=str(last), day=self.as_of))
        if not 1 <= last - first + 1 <= MOST_YEARS or first < 1:
            raise LabError(
                say(
                    "{first} to {last}: give a first year and a last one, at most {most} years.",
                    first=str(first),
                    last=str(last),
                    most=MOST_YEARS,
                )
            )
        return tuple(range(first, last + 1))


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of trying options, with everything that it rests on.

    `lent` are the data sets of moving rules that were not there; the one tried stood
    in for them.
    """

    question: LabQuestion
    snapshot: Snapshot
    assumed: Assumptions
    result: LabResult
    lent: tuple[str, ...] = ()


def try_on_data_set(desk: Desk, book: RuleBook, name: str, question: LabQuestion) -> Tried:
    """Try options on a data set of the node, as it was known on the day of knowledge.

    Raises LabError, UnknownDatasetError, RefusedError.
    """
    snapshot = datasets.snapshot_of(desk, name, question.known_by)
    return try_on_snapshot(snapshot, book, question, snapshots_for(desk, book, question))


def snapshots_for(desk: Desk, book: RuleBook, question: LabQuestion) -> tuple[Snapshot, ...]:
    """Return the snapshots of the data sets that the moving rules of a question rest on.

    A data set that the node does not have, or did not know by then, has none.
    Raises LabError, RefusedError.
    """
    desk.must(Action.LAB_READ)
    found: list[Snapshot] = []
    for name in sorted(data_sets_of(book, question.moving)):
        try:
            found += datasets.snapshots_of(desk, name, question.known_by)
        except UnknownDatasetError:
            continue
    return tuple(found)


def try_on_snapshot(
    snapshot: Snapshot, book: RuleBook, question: LabQuestion, snapshots: Sequence[Snapshot] = ()
) -> Tried:
    """Try options on a snapshot; moving rules rest on `snapshots`, the snapshot among them.

    Raises LabError.
    """
    _check(question)
    if question.is_as_if:
        book = _as_if(book, question.moving)
    law = Law(book, question.as_of, question.known_on)
    try:
        assumed = assumptions_of(law)
    except ValueError as error:
        raise LabError(say("{problem}", problem=str(error))) from error
    asked = Asked(question.as_of, question.years, assumed)
    known = [one for one in snapshots if _is_other(one, snapshot)]
    lent = data_sets_of(book, question.moving) - {one.name for one in (*known, snapshot)}
    stands_in = [replace(snapshot, name=name) for name in sorted(lent)]
    by = max(question.known_by, snapshot.known_on)
    options = [fixed(value, question.comparator) for value in question.thresholds]
    options += [
        moving_option(Moving.of(book, one), by, (*known, snapshot, *stands_in))
        for one in question.moving
    ]
    try:
        result = try_options(snapshot.models, options, asked)
    except WrongRuleError as error:
        raise LabError(say("{problem}", problem=str(error))) from error
    return Tried(question, snapshot, assumed, result, tuple(sorted(lent)))


def _is_other(one: Snapshot, snapshot: Snapshot) -> bool:
    return (one.name, one.known_on) != (snapshot.name, snapshot.known_on)


def data_sets_of(book: RuleBook, identifiers: Sequence[str]) -> set[str]:
    """Return the data sets that moving rules, and all they are combined from, rest on.

    Raises LabError for a rule that is not there.
    """
    try:
        rules = rules_behind(book, identifiers)
    except UnknownRuleError as error:
        raise LabError(say("{problem}", problem=str(error))) from error
    return {one.data_set for one in rules if one.data_set is not None}


def _as_if(book: RuleBook, identifiers: Sequence[str]) -> RuleBook:
    try:
        return held_always(book, identifiers)
    except UnknownRuleError as error:
        raise LabError(say("{problem}", problem=str(error))) from error


def _check(question: LabQuestion) -> None:
    count = len(question.thresholds) + len(question.moving)
    if not 1 <= count <= MOST_OPTIONS:
        raise LabError(
            say(
                "Give from 1 to {most} thresholds to try; {count} are given.",
                most=MOST_OPTIONS,
                count=count,
            )
        )
    if any(value <= 0 for value in question.thresholds):
        raise LabError(say("A threshold must be above 0 FLOP; give it as 1e26."))
    if question.comparator not in _COMPARATORS:
        known = [one.value for one in _COMPARATORS]
        raise LabError(
            say(
                "{comparator}: a threshold catches what is above it; give one of {known}.",
                comparator=question.comparator.value,
                known=known,
            )
        )
