"""Where texts that say something of one subject do not fit together, and where one is silent.

Pure functions over what each text says. Only provisions of one topic are
compared. A conflict is between texts that apply; a gap is where one text asks
for something and another does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import Enum

from sluicegate.core.calendars import Period
from sluicegate.core.reasons import Formed, Named, Sentence, Term, say
from sluicegate.rules.deadlines import end_of
from sluicegate.rules.instruments import Enforcement, TextState
from sluicegate.rules.provisions import Effect, Topic

DUTIES = frozenset({Effect.REQUIRES, Effect.PROHIBITS})
"""What a text may do that another text can fail to do; a permission is no duty."""

_NOTHING: Mapping[Topic, frozenset[str]] = {}

_SOME_DAY = date(2001, 1, 1)
"""Periods in different units are compared by where they end from one day."""


class MarkKind(Enum):
    """What is marked: four kinds of conflict, three of gap."""

    PROHIBITION = "prohibition"
    DEADLINE = "deadline"
    RECIPIENT = "recipient"
    STANDING = "standing"
    ABSENT = "absent"
    NOT_REACHED = "not_reached"
    NOT_IN_FORCE = "not_in_force"


@dataclass(frozen=True, slots=True)
class Counted:
    """A period and the event that it counts from."""

    period: Period
    event: str


@dataclass(frozen=True, slots=True)
class Stance:
    """What one provision says of the subject.

    `applies` is None while it cannot be judged; `stands` says whether its text
    asks for anything on the day, `binding` whether it does so as enforced.
    `place` is where the text applies, or who issued it, and `regime` its key.
    """

    rule: str
    instrument: str
    title: Named
    regime: str
    place: Term | Formed
    topic: Topic | None
    effect: Effect
    applies: bool | None
    stands: bool
    binding: bool
    text: TextState | None = None
    enforcement: Enforcement | None = None
    due: date | datetime | None = None
    periods: tuple[Counted, ...] = ()
    recipients: tuple[Named, ...] = ()

    @property
    def counts(self) -> bool:
        """Whether it applies under a text that asks on the day."""
        return bool(self.applies) and self.stands

    @property
    def name(self) -> Term:
        """The instrument's title as a value of a sentence."""
        return Term(self.title)


@dataclass(frozen=True, slots=True)
class Mark:
    """One conflict or gap: its kind, its topic, the provisions concerned, and a sentence."""

    kind: MarkKind
    topic: Topic
    rules: tuple[str, ...]
    sentence: Sentence


def conflicts(stances: Iterable[Stance]) -> tuple[Mark, ...]:
    """Return every conflict between provisions of one topic that apply, by topic."""
    found: list[Mark] = []
    for topic, group in _by_topic(stances).items():
        applying = [one for one in group if one.counts and one.effect is not Effect.DEFINES]
        requiring = [one for one in applying if one.effect is Effect.REQUIRES]
        for look in (_prohibitions, _standings):
            found += look(topic, applying)
        for look in (_deadlines, _recipients):
            found += look(topic, requiring)
    return tuple(found)


def gaps(
    stances: Sequence[Stance],
    *,
    silent: frozenset[str] = frozenset(),
    elsewhere: Mapping[Topic, frozenset[str]] = _NOTHING,
) -> tuple[Mark, ...]:
    """Return where one text asks for something and another does not, with the reason.

    A regime that has no provision of the topic at all is absent; `elsewhere`
    names those that have one about another kind of subject, and `silent` those
    that are no regimes.
    """
    regimes = {one.regime: one.place for one in stances if one.regime not in silent}
    found: list[Mark] = []
    for topic, group in _by_topic(stances).items():
        asking = [one for one in group if one.counts and one.effect in DUTIES]
        if not asking:
            continue
        found += _below(topic, group, asking)
        known = {one.regime for one in group if one.effect in DUTIES}
        known |= elsewhere.get(topic, frozenset())
        missing = [place for key, place in sorted(regimes.items()) if key not in known]
        if missing:
            said = say(
                "No such duty ({topic:term}) in the texts of: {places}.",
                topic=topic.value,
                places=missing,
            )
            found.append(Mark(MarkKind.ABSENT, topic, (), said))
    return tuple(found)


def _by_topic(stances: Iterable[Stance]) -> Mapping[Topic, list[Stance]]:
    """Return provisions by topic, in the order of the closed set; without a topic there is none."""
    found: dict[Topic, list[Stance]] = {}
    for one in sorted(stances, key=lambda one: one.rule):
        if one.topic is not None:
            found.setdefault(one.topic, []).append(one)
    return {topic: found[topic] for topic in Topic if topic in found}


def _prohibitions(topic: Topic, group: Sequence[Stance]) -> Iterator[Mark]:
    for barring in (one for one in group if one.effect is Effect.PROHIBITS):
        for other in group:
            if other.effect is Effect.PROHIBITS or other.instrument == barring.instrument:
                continue
            yield Mark(
                MarkKind.PROHIBITION,
                topic,
                (barring.rule, other.rule),
                say(
                    "{topic:term}: {barring} prohibits what {other} {effect:term}.",
                    topic=topic.value,
                    barring=barring.name,
                    other=other.name,
                    effect=other.effect.value,
                ),
            )


def _standings(topic: Topic, group: Sequence[Stance]) -> Iterator[Mark]:
    """Yield where one text binds and another of the same place and topic does not."""
    for binding in (one for one in group if one.binding):
        for other in group:
            if other.binding or other.regime != binding.regime or other.text is None:
                continue
            if other.instrument == binding.instrument or other.enforcement is None:
                continue
            yield Mark(
                MarkKind.STANDING,
                topic,
                (binding.rule, other.rule),
                say(
                    "{topic:term}: {binding} binds; {other} does not ({text:term},"
                    " {enforcement:term}).",
                    topic=topic.value,
                    binding=binding.name,
                    other=other.name,
                    text=other.text.value,
                    enforcement=other.enforcement.value,
                ),
            )


def instant(due: date | datetime) -> datetime:
    """Return the last instant of a deadline, to compare days with instants; a day ends in UTC."""
    if isinstance(due, datetime):
        return due.astimezone(UTC) if due.tzinfo else due.replace(tzinfo=UTC)
    return datetime.combine(due, time.max, UTC)


def _deadlines(topic: Topic, group: Sequence[Stance]) -> Iterator[Mark]:
    """Yield where several instruments set different days, or different periods, for one thing."""
    dated = [one for one in group if one.due is not None]
    if _differ(dated, lambda one: one.due):
        yield from _of_days(topic, dated)
        return
    timed = [one for one in group if one.periods and one.due is None]
    if _differ(timed, lambda one: one.periods):
        yield from _of_periods(topic, timed)


def _differ(group: Sequence[Stance], part: Callable[[Stance], object]) -> bool:
    """Say whether provisions of several instruments differ in something."""
    by_home: dict[str, set[object]] = {}
    for one in group:
        by_home.setdefault(one.instrument, set()).add(part(one))
    values = list(by_home.values())
    return len(values) > 1 and any(value != values[0] for value in values)


def _of_days(topic: Topic, group: Sequence[Stance]) -> Iterator[Mark]:
    ordered = sorted(group, key=lambda one: (instant(one.due or date.max), one.rule))
    kept = topic is Topic.RECORD_RETENTION
    first = ordered[-1] if kept else ordered[0]
    others = [
        say("{due} ({instrument})", due=one.due, instrument=one.name)
        for one in ordered
        if one is not first
    ]
    template = (
        "{topic:term}: the days differ; the latest, {due} ({instrument}), governs all;"
        " the others: {others}."
        if kept
        else "{topic:term}: the deadlines differ; the earliest is {due} ({instrument});"
        " the others: {others}."
    )
    said = say(template, topic=topic.value, due=first.due, instrument=first.name, others=others)
    yield Mark(MarkKind.DEADLINE, topic, tuple(one.rule for one in ordered), said)


def _length(one: Stance) -> date:
    """Return where the longest period of a provision ends, counted from one fixed day."""
    return max(end_of(counted.period, _SOME_DAY) for counted in one.periods)


def _of_periods(topic: Topic, group: Sequence[Stance]) -> Iterator[Mark]:
    ordered = sorted(group, key=lambda one: (_length(one), one.rule))
    listed = [
        say(
            "{period} from {event:term} ({instrument})",
            period=counted.period,
            event=counted.event,
            instrument=one.name,
        )
        for one in ordered
        for counted in one.periods
    ]
    template = (
        "{topic:term}: the periods differ; the longest, {longest}, governs all: {listed}."
        if topic is Topic.RECORD_RETENTION
        else "{topic:term}: the periods differ: {listed}."
    )
    said = say(template, topic=topic.value, longest=listed[-1], listed=listed)
    yield Mark(MarkKind.DEADLINE, topic, tuple(one.rule for one in ordered), said)


def _recipients(topic: Topic, group: Sequence[Stance]) -> Iterator[Mark]:
    told = [one for one in group if one.recipients]
    if not _differ(told, lambda one: frozenset(to.en for to in one.recipients)):
        return
    listed: dict[tuple[str, ...], Sentence] = {}
    for one in told:
        key = (one.instrument, *(to.en for to in one.recipients))
        recipients = [Term(to) for to in one.recipients]
        listed.setdefault(
            key, say("{recipients} ({instrument})", recipients=recipients, instrument=one.name)
        )
    said = say(
        "{topic:term}: each text names its own recipient: {listed}.",
        topic=topic.value,
        listed=list(listed.values()),
    )
    yield Mark(MarkKind.RECIPIENT, topic, tuple(one.rule for one in told), said)


def _below(topic: Topic, group: Sequence[Stance], asking: Sequence[Stance]) -> Iterator[Mark]:
    """Yield the texts that know a duty which others ask for, and do not ask for it here."""
    homes = {one.instrument for one in asking}
    for one in group:
        if one.effect not in DUTIES or one.instrument in homes or one.applies is None:
            continue
        if not one.stands:
            template = (
                "{topic:term}: {instrument} knows the duty, but has no status yet on this day."
                if one.text is None
                else "{topic:term}: {instrument} knows the duty, but its text is not in force"
                " ({text:term})."
            )
            text = None if one.text is None else one.text.value
            said = say(template, topic=topic.value, instrument=one.name, text=text)
            yield Mark(MarkKind.NOT_IN_FORCE, topic, (one.rule,), said)
        elif not one.applies:
            said = say(
                "{topic:term}: {instrument} knows the duty, but does not reach the subject.",
                topic=topic.value,
                instrument=one.name,
            )
            yield Mark(MarkKind.NOT_REACHED, topic, (one.rule,), said)
