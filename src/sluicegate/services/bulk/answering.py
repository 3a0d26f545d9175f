"""One question for the rows of a table: every answer equal to that of `ask`."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from sluicegate.core.phrases import Language
from sluicegate.core.reasons import Sentence
from sluicegate.rules.answers import to_json
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError, Facts, needed_faults
from sluicegate.rules.law import Law
from sluicegate.rules.literals import check_figure
from sluicegate.rules.outcomes import outcome_of
from sluicegate.rules.questions import Question, ask, check_answer, default_of, law_on
from sluicegate.rules.recorded import fix_inside
from sluicegate.services.bulk.answers import OUTCOME, Answers, Objects, Refused
from sluicegate.services.bulk.columns import NOT_GIVEN, Column, FactTable, Numbers
from sluicegate.services.bulk.echoes import echoed, follows_row, said
from sluicegate.services.bulk.exploring import Fields, Settled, explore
from sluicegate.services.bulk.fields import Field

Progress = Callable[[int], None]
"""Is told how many rows are done."""


@dataclass(frozen=True)
class Asking:
    """How a question is asked: on which day, under which rules and readings.

    `outcomes` is the language of the sentence that says how a row came out;
    None leaves it out.
    """

    as_of: date | str
    book: RuleBook
    readings: Mapping[str, str] = field(default_factory=dict)
    known_on: date | None = None
    outcomes: Language | None = None


@dataclass(frozen=True, slots=True)
class _Decided:
    """What a decision said: typed values and, where it is wanted, the outcome."""

    values: Mapping[str, Any]
    outcome: Sentence | None


def answer_rows(
    one: Question, table: FactTable, asking: Asking, progress: Progress = lambda _done: None
) -> Answers:
    """Ask a question for every row of a table.

    A row is answered or refused as `ask` would: same values, same faults, same
    messages. Raises BadFactsError when the day or the readings, which hold for
    all rows, are wrong.
    """
    law = _law(one, asking, asking.as_of)
    asker = _Asker(one, table, asking, progress)
    odd = np.zeros(table.size, bool)
    odd[list(table.odd)] = True
    everything = np.arange(table.size)
    asker.ask_alone(everything, np.flatnonzero(odd), {})
    for day, rows in _by_day(table, np.flatnonzero(~odd)):
        if day is NOT_GIVEN:
            asker.settle(rows, law)
            continue
        try:
            own = _law(one, asking, day)
        except BadFactsError:
            asker.ask_alone(rows, np.arange(len(rows)), {})
        else:
            asker.settle(rows, own)
    return asker.answers


def _law(one: Question, asking: Asking, day: date | str) -> Law:
    book, readings = asking.book, asking.readings
    return law_on(one, day, book=book, readings=readings, known_on=asking.known_on)


def _by_day(table: FactTable, rows: Numbers) -> Iterator[tuple[Any, Numbers]]:
    """Yield the rows of each day, with its literal."""
    if table.days is None:
        yield NOT_GIVEN, rows
        return
    codes = table.days.codes[rows]
    order = np.argsort(codes, kind="stable")
    borders = np.flatnonzero(np.diff(codes[order])) + 1
    for group in np.split(rows[order], borders):
        if len(group):
            yield table.days.cell(int(group[0])), group


class _Asker:
    """Asks one question for the rows of one table."""

    def __init__(self, one: Question, table: FactTable, asking: Asking, progress: Progress) -> None:
        self._one, self._table, self._asking = one, table, asking
        self._progress, self._done = progress, 0
        self.answers = Answers(one.spec.answer, table.size)
        self._tied = {other for spec in one.spec.facts for other in spec.needed_when}
        self._tied |= {spec.name for spec in one.spec.facts if spec.needed_when}

    def settle(self, rows: Numbers, law: Law) -> None:
        """Answer rows of one day: those with a bad fact alone, the others by their paths."""
        fields = self._fields(rows, law)
        bad = np.zeros(len(rows), bool)
        for each in fields.values():
            bad |= each.faulty[each.codes]
        self.ask_alone(rows, np.flatnonzero(bad), fields)
        for settled in explore(fields, np.flatnonzero(~bad), lambda facts: self._run(facts, law)):
            self._keep(settled, fields, rows[settled.rows])

    def ask_alone(self, rows: Numbers, chosen: Numbers, fields: Fields) -> None:
        """Ask for some of the rows one by one; those with the same faults share a refusal."""
        known: dict[tuple[int, ...], int] = {}
        groups: list[list[int]] = []
        for number in chosen.tolist():
            key = tuple(
                code if each.faulty[code] or name in self._tied else -1
                for name, each in fields.items()
                for code in [int(each.codes[number])]
            )
            if key not in known or not fields:
                known[key] = len(groups)
                groups.append([])
            groups[known[key]].append(int(rows[number]))
        for group in groups:
            self._note(np.array(group), self._asked(group[0]))

    def _asked(self, row: int) -> Mapping[str, Any] | Refused:
        """Ask for one row as `ask` does."""
        asking, days = self._asking, self._table.days
        day = NOT_GIVEN if days is None else days.cell(row)
        try:
            asked = ask(
                self._one,
                self._table.facts(row),
                as_of=asking.as_of if day is NOT_GIVEN else day,
                book=asking.book,
                readings=asking.readings,
                known_on=asking.known_on,
            )
        except BadFactsError as error:
            return Refused.of(error)
        said = {} if asking.outcomes is None else {OUTCOME: asked.outcome.text(asking.outcomes)}
        return asked.answer_json() | said

    def _fields(self, rows: Numbers, law: Law) -> dict[str, Field]:
        """Return every fact of the question for some rows, each checked by itself."""
        found = {}
        for spec in self._one.spec.facts:
            column = self._table.columns.get(spec.name)
            if column is None:
                column = Column.constant(NOT_GIVEN, len(rows))
            elif len(rows) < self._table.size:
                column = column.taken(rows)
            field = Field(spec, column, lambda part: default_of(part, law))
            _check_limits(field)
            found[spec.name] = field
        return found

    def _run(self, facts: Facts, law: Law) -> _Decided | BadFactsError:
        """Run the decision; what it puts inside lists and maps holds for these facts alone."""
        spec = self._one.spec
        faults = needed_faults(spec.facts, facts) or list(self._one.refuse(facts, law))
        if faults:
            return BadFactsError(faults)
        answer = self._one.decide(facts, law)
        check_answer(spec, answer)
        fix_inside(answer.values.values())
        if self._asking.outcomes is None:
            return _Decided(answer.values, None)
        return _Decided(answer.values, outcome_of(spec, answer.values, facts, law.book))

    def _keep(
        self, settled: Settled[_Decided | BadFactsError], fields: Fields, rows: Numbers
    ) -> None:
        """Keep an outcome for its rows; `rows` are their numbers in the whole table."""
        outcome, recording, language = settled.outcome, settled.recording, self._asking.outcomes
        if isinstance(outcome, BadFactsError):
            self._note(rows, Refused.of(outcome))
            return
        result: dict[str, Any] = {}
        echoes: dict[str, Objects] = {}
        for spec in self._one.spec.answer:
            value = outcome.values[spec.name]
            if follows_row(value, recording):
                echoes[spec.name] = echoed(spec, value, fields, settled.rows)
            else:
                result[spec.name] = to_json(spec.shape, value, spec)
        if outcome.outcome is not None and language is not None:
            text = said(outcome.outcome, language, recording, fields, settled.rows)
            if isinstance(text, str):
                result[OUTCOME] = text
            else:
                echoes[OUTCOME] = text
        self._note(rows, result, echoes)

    def _note(
        self,
        rows: Numbers,
        result: Mapping[str, Any] | Refused,
        echoes: Mapping[str, Objects] | None = None,
    ) -> None:
        self.answers.add(rows, result, echoes or {})
        self._done += len(rows)
        self._progress(self._done)


def _check_limits(field: Field) -> None:
    """Mark the figures that are outside the limits of their field, by exploring them alone."""

    def within(facts: Facts) -> bool:
        try:
            check_figure(field.spec, facts.amount(field.spec.name))
        except ValueError:
            return False
        return True

    alone = {field.spec.name: field.by_code()}
    for settled in explore(alone, np.flatnonzero(field.unbounded), within):
        if not settled.outcome:
            field.faulty[settled.rows] = True
