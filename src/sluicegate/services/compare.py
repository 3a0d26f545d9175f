"""The regimes side by side: one subject under every text on a day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, exact, parse_decimal
from sluicegate.core.reasons import Formed, Sentence, Term, say
from sluicegate.rules.book import RuleBook
from sluicegate.rules.deadlines import end_of, start_of
from sluicegate.rules.facts import BadFact, BadFactsError
from sluicegate.rules.fields import Kind as FieldKind
from sluicegate.rules.instruments import Instrument, Kind, ObligationTemplate
from sluicegate.rules.law import Law
from sluicegate.rules.literals import READERS
from sluicegate.rules.provisions import Provision, Relates, SubjectKind, Topic, Wanted
from sluicegate.rules.standing import asks, is_enforced
from sluicegate.services.conflicts import DUTIES, Counted, Mark, Stance, conflicts, gaps
from sluicegate.services.regime_facts import Judged, Subject, provisions_of
from sluicegate.services.regime_rows import Measured, Owed, RegimeRow

OPEN = frozenset({"may", "may_exceed", "undetermined"})
"""Answers by which a question says that the facts leave it open."""

NO_REGIMES = frozenset({Kind.CONFIGURATION, Kind.PAPER})
"""Kinds of text that nobody expects to have a duty: our own settings, and papers."""

PASSED_ON = "passed_on"
"""The subject's fact that says when a threshold was passed; periods are counted from it."""

_ABOUT = frozenset({PASSED_ON, "subject", "name"})
"""Facts of the subject that no question asks for."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """One subject under every text: rows by topic, then what does not fit together.

    `ignored` are facts that no provision of these subjects asks for.
    """

    as_of: date
    subjects: tuple[SubjectKind, ...]
    rows: tuple[RegimeRow, ...]
    conflicts: tuple[Mark, ...]
    gaps: tuple[Mark, ...]
    ignored: tuple[str, ...] = ()
    known_on: date | None = None

    def as_json(self, language: Language = Language.EN) -> dict[str, Any]:
        """Return the comparison as a document."""

        def marks(found: Sequence[Mark]) -> list[dict[str, Any]]:
            return [
                {
                    "kind": one.kind.value,
                    "topic": one.topic.value,
                    "rules": list(one.rules),
                    "text": one.sentence.text(language),
                }
                for one in found
            ]

        return {
            "as_of": self.as_of.isoformat(),
            "known_on": None if self.known_on is None else self.known_on.isoformat(),
            "subjects": [kind.value for kind in self.subjects],
            "regimes": [row.as_json(language) for row in self.rows],
            "conflicts": marks(self.conflicts),
            "gaps": marks(self.gaps),
            "ignored": list(self.ignored),
        }


def compare(
    facts: Mapping[str, Any],
    *,
    as_of: date,
    book: RuleBook,
    subject: SubjectKind | None = None,
    known_on: date | None = None,
) -> Comparison:
    """Put one subject under every provision and threshold rule that is about its kind.

    `facts` is one flat mapping: each fact under the name by which questions ask
    for it. Without `subject` the fewest kinds are shown that hold every provision
    which the facts settle. Raises BadFactsError for facts that settle none, and
    for a fact that every question which asks for it refuses.
    """
    if not isinstance(facts, Mapping):
        raise BadFactsError([BadFact("facts", "are no object of fields")])
    under = Subject(facts, book, as_of, known_on)
    judged = [(one, under.judge(one)) for one in provisions_of(book)]
    _refuse(facts, judged)
    kinds = _kinds(judged, subject)
    if not kinds:
        message = "settle no provision; give e.g. training_compute, compute_used or destination"
        raise BadFactsError([BadFact("facts", message)])
    shown = [(one, found) for one, found in judged if set(one.subjects) & set(kinds)]
    rows = [_row(one, found, under) for one, found in shown]
    stances = [_stance(row, book) for row in rows]
    silent = frozenset(_regime(h) for h in book.instruments.values() if h.kind in NO_REGIMES)
    clashes, missing = conflicts(stances), gaps(stances, silent=silent, elsewhere=_known(book))
    used = {name for _, found in shown for name in found.given.sources.values()} | _ABOUT
    return Comparison(
        as_of,
        kinds,
        tuple(sorted((_marked(row, clashes, missing) for row in rows), key=RegimeRow.place)),
        clashes,
        missing,
        tuple(name for name in facts if name not in used),
        known_on,
    )


def _known(book: RuleBook) -> dict[Topic, frozenset[str]]:
    """Return which regimes have a duty of each topic, about any kind of subject."""
    found: dict[Topic, set[str]] = {}
    for one in provisions_of(book):
        if one.topic is not None and one.effect in DUTIES:
            found.setdefault(one.topic, set()).add(_regime(book.instrument(one.instrument)))
    return {topic: frozenset(regimes) for topic, regimes in found.items()}


def _refuse(facts: Mapping[str, Any], judged: Sequence[tuple[Provision, Judged]]) -> None:
    """Raise BadFactsError for every fact that no question which asks for it can read."""
    faults: dict[str, BadFact] = {}
    read: set[str] = set()
    for _, found in judged:
        bad = {fault.path.split(".")[0]: fault for fault in found.refused}
        for name, source in found.given.sources.items():
            if name in bad:
                path = source + bad[name].path.removeprefix(name)
                faults.setdefault(source, BadFact(path, bad[name].message))
            elif found.asked is not None or found.refused:
                read.add(source)
    wrong = [faults[name] for name in facts if name in faults and name not in read]
    if wrong:
        raise BadFactsError(wrong)


def _kinds(
    judged: Sequence[tuple[Provision, Judged]], subject: SubjectKind | None
) -> tuple[SubjectKind, ...]:
    """Return the kinds to show: the one asked for, or the fewest that hold all that is settled.

    Many provisions are about several kinds; a customer's facts settle some that
    are about shipments too, which does not make it a shipment.
    """
    if subject is not None:
        return (subject,)
    settled = {
        one.id: one.subjects
        for one, found in judged
        if found.asked is not None and found.given.sources
    }
    chosen: set[SubjectKind] = set()
    while left := [subjects for subjects in settled.values() if not chosen & set(subjects)]:
        counts = {kind: sum(kind in subjects for subjects in left) for kind in SubjectKind}
        chosen.add(max(counts, key=lambda kind: counts[kind]))
    return tuple(kind for kind in SubjectKind if kind in chosen)


def _row(one: Provision, found: Judged, under: Subject) -> RegimeRow:
    law = under.law
    home = law.book.instrument(one.instrument)
    status = law.status(one.instrument)
    passed = _passed(one, found)
    asked = found.asked
    enforced: bool | None = is_enforced(status)
    if one.enforced and asked is not None:
        enforced = _met(one.enforced, found)
    binding = passed if enforced else False
    due = None
    if asked is not None and passed and one.deadline is not None:
        due = asked.answer[one.deadline]
    duties = [law.book.obligations[name] for name in one.obligations]
    needs = found.needs
    if passed is None and asked is not None and "applies" in asked.answer:
        needs = tuple(
            field.name for field in asked.spec.facts[2:] if not asked.facts.has(field.name)
        )
    return RegimeRow(
        provision=one,
        instrument=home,
        status=status,
        stands=asks(home, status),
        passed=passed,
        binding=binding,
        outcome=_outcome(found),
        measured=_measured(one, found, law, under.facts),
        due=due,
        owed=tuple(_owed(duties, under, counts=bool(passed) and one.deadline is None)),
        needs=needs,
        asked=asked,
        refused=found.refused,
    )


def _outcome(found: Judged) -> Sentence | None:
    """Return how the question came out, or why there is nothing to ask."""
    if found.asked is not None:
        return found.asked.outcome
    if found.given.closed is not None:
        name, value = found.given.closed
        return say("No case for this: {name:term} is {value:term}.", name=name, value=value)
    return None


def _passed(one: Provision, found: Judged) -> bool | None:
    """Say whether a provision applies; None while a fact is missing or leaves it open."""
    if found.asked is None:
        return False if found.given.closed is not None else None
    if one.question == one.id and found.asked.answer["applies"] is None:
        return None
    return _met(one.applies, found)


def _met(wanted: Sequence[Wanted], found: Judged) -> bool | None:
    """Say whether an answer, or the facts behind it, meet all that is wanted."""
    asked = found.asked
    if asked is None:
        return None
    met: list[bool | None] = []
    for one in wanted:
        held = asked.answer if one.field in asked.answer else asked.facts
        value = held[one.field]
        spec = next(s for s in (*asked.spec.answer, *asked.spec.facts) if s.name == one.field)
        unsettled = spec.shape.kind is FieldKind.ENUM and (value is None or value in OPEN)
        if unsettled and one.relates is Relates.IS and value not in one.values:
            met.append(None)
        else:
            met.append(one.met_by(value))
    if False in met:
        return False
    return None if None in met else True


def _measured(one: Provision, found: Judged, law: Law, facts: Mapping[str, Any]) -> Measured | None:
    if one.trigger is None:
        return None
    limit = law.limit(one.trigger.parameter)
    return Measured(limit, _amount(one.trigger.field, found, facts))


def _amount(name: str, found: Judged, facts: Mapping[str, Any]) -> Exact | None:
    """Return the subject's amount: what the answer counts, or else what the facts give."""
    asked = found.asked
    if asked is not None:
        value = asked.answer[name] if name in asked.answer else asked.facts[name]
        if not isinstance(value, list):
            return None if value is None else exact(value)
    given = facts.get(found.given.sources.get(name, ""))
    if not isinstance(given, str):
        return None
    try:
        return parse_decimal(given)
    except ValueError:
        return None


def _owed(duties: Sequence[ObligationTemplate], under: Subject, *, counts: bool) -> Iterator[Owed]:
    """Yield each duty with its period and, where the facts say from when, its last day."""
    passed_on = _passed_on(under.facts) if counts else None
    for duty in duties:
        period = None if duty.period is None else under.law.period(duty.period)
        start = None if passed_on is None else start_of(duty.counted_from, passed_on)
        due = None if period is None or start is None else end_of(period, start)
        yield Owed(duty, period, due)


def _passed_on(facts: Mapping[str, Any]) -> date | None:
    if facts.get(PASSED_ON) is None:
        return None
    try:
        day = READERS[FieldKind.DATE](facts[PASSED_ON])
    except ValueError as error:
        raise BadFactsError([BadFact(PASSED_ON, str(error))]) from error
    assert isinstance(day, date)
    return day


def _regime(home: Instrument) -> str:
    """Return what holds a text together with others: where it applies, or who issued it."""
    return home.jurisdiction or home.issuer.en


def _stance(row: RegimeRow, book: RuleBook) -> Stance:
    home, status = row.instrument, row.status
    owed = [one for one in row.owed if one.duty.id not in _told_elsewhere(row, book)]
    return Stance(
        rule=row.provision.id,
        instrument=home.id,
        title=home.title,
        regime=_regime(home),
        place=Formed(home.jurisdiction, "term") if home.jurisdiction else Term(home.issuer),
        topic=row.provision.topic,
        effect=row.provision.effect,
        applies=row.passed,
        stands=row.stands,
        binding=bool(row.binding),
        text=None if status is None else status.text,
        enforcement=None if status is None else status.enforcement,
        due=row.earliest,
        periods=tuple(
            Counted(one.period, one.duty.counted_from) for one in owed if one.period is not None
        ),
        recipients=tuple({one.duty.to.en: one.duty.to for one in owed}.values()),
    )


def _told_elsewhere(row: RegimeRow, book: RuleBook) -> frozenset[str]:
    """Return the duties of a threshold rule that a provision on another topic speaks of."""
    if row.rule not in book.thresholds:
        return frozenset()
    return frozenset(
        duty
        for other in book.provisions.values()
        if other.topic is not row.provision.topic
        for duty in other.obligations
    )


def _marked(row: RegimeRow, clashes: Sequence[Mark], missing: Sequence[Mark]) -> RegimeRow:
    def of(found: Sequence[Mark]) -> tuple[Mark, ...]:
        return tuple(one for one in found if row.rule in one.rules)

    return replace(row, conflicts=of(clashes), gaps=of(missing))
