"""One row of a comparison of regimes, and how it is shown in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sluicegate.core.calendars import Period
from sluicegate.core.exact import decimal_text
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import Exact, flop_text, percent, scientific
from sluicegate.core.reasons import Named, Sentence, say
from sluicegate.rules.answers import Asked
from sluicegate.rules.facts import BadFact
from sluicegate.rules.instruments import Instrument, Limit, ObligationTemplate, Status
from sluicegate.rules.provisions import Provision, Topic
from sluicegate.services.conflicts import Mark, instant
from sluicegate.services.judging import legal_status

_PLACES = 4
_DIGITS = 6
_TOPICS: dict[Topic | None, int] = {topic: number for number, topic in enumerate([*Topic, None])}
"""Where a topic stands among the rows; those without one come last."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The limit with which a provision begins, and the subject's amount where it is known."""

    limit: Limit
    amount: Exact | None

    @property
    def unit(self) -> str:
        """The unit of both, nothing for a share, which is shown in percent."""
        unit = self.limit.in_force.parameter.unit
        return "" if unit in ("share", "count") else unit

    def shown(self, value: Exact) -> str:
        """Return an amount with its unit, in few digits."""
        if self.limit.in_force.parameter.unit == "share":
            return percent(value)
        return f"{scientific(value)} {self.unit}".rstrip()

    @property
    def trigger(self) -> str:
        """The limit as a text writes it, e.g. `> 1e25 FLOP`."""
        return f"{self.limit.comparator.symbol} {self.shown(self.limit.value)}"

    @property
    def margin(self) -> str | None:
        """The amount as a share of the limit, in decimal text."""
        if self.amount is None or not self.limit.value:
            return None
        return decimal_text(Fraction(self.amount) / Fraction(self.limit.value), _PLACES)

    @property
    def distance(self) -> Exact | None:
        """By how much the amount is above the limit; below it, the figure is negative."""
        return None if self.amount is None else self.amount - self.limit.value

    def distance_said(self) -> Sentence | None:
        """Say how far the amount is from the limit."""
        distance = self.distance
        if distance is None:
            return None
        if distance == 0:
            return say("exactly at it")
        shown = self.shown(distance if distance > 0 else -distance)
        return say("{by} above it", by=shown) if distance > 0 else say("{by} below it", by=shown)


@dataclass(frozen=True, slots=True)
class Owed:
    """A duty with its period and its last day, as far as they are known."""

    duty: ObligationTemplate
    period: Period | None
    due: date | None

    def said(self) -> Sentence | None:
        """Say until when it is owed: a day, or a period and what it counts from."""
        if self.period is None:
            return None
        if self.due is not None:
            return say("{due}", due=self.due)
        return say("{period} from {event:term}", period=self.period, event=self.duty.counted_from)


@dataclass(frozen=True, slots=True)
class RegimeRow:
    """What one provision says about the subject.

    `passed` is None when facts are missing, which `needs` names, or leave it
    open; `stands` says whether the text asks for anything on the day, and
    `binding` whether the provision applies as enforced. `due` is the day that
    the question itself gives.
    """

    provision: Provision
    instrument: Instrument
    status: Status | None
    stands: bool
    passed: bool | None
    binding: bool | None
    outcome: Sentence | None
    measured: Measured | None
    due: date | datetime | None
    owed: tuple[Owed, ...]
    needs: tuple[str, ...]
    asked: Asked | None
    refused: tuple[BadFact, ...] = ()
    conflicts: tuple[Mark, ...] = ()
    gaps: tuple[Mark, ...] = ()

    @property
    def rule(self) -> str:
        """The id of the provision or threshold rule."""
        return self.provision.id

    @property
    def applies(self) -> str:
        """Whether it applies on the day as written: yes, no or unknown."""
        if self.passed is None:
            return "unknown"
        return "yes" if self.passed and self.stands else "no"

    @property
    def is_judged(self) -> bool:
        """Whether the facts were enough to judge it, be it that they leave it open."""
        return self.passed is not None or (self.asked is not None and not self.needs)

    @property
    def earliest(self) -> date | datetime | None:
        """The first day on which something is due, if any is known."""
        if self.due is not None:
            return self.due
        return min((one.due for one in self.owed if one.due), key=instant, default=None)

    def place(self) -> tuple[bool, int, str]:
        """Return where the row stands: by topic and id, those that cannot be judged last."""
        return not self.is_judged, _TOPICS[self.provision.topic], self.rule

    def standing(self) -> Sentence:
        """Say what sort of text it is, where it stands and whether it is enforced."""
        if self.status is None:
            return say("{kind:term}: none yet", kind=self.instrument.kind.value)
        return say(
            "{kind:term}: {text:term}, {enforcement:term}",
            kind=self.instrument.kind.value,
            text=self.status.text.value,
            enforcement=self.status.enforcement.value,
        )

    def deadlines(self, language: Language) -> list[str]:
        """Return until when each thing is owed, as it is shown."""
        if self.due is not None:
            return [self.due.isoformat()]
        said = (one.said() for one in self.owed)
        return list(dict.fromkeys(one.text(language) for one in said if one is not None))

    def reasons(self, language: Language) -> list[str]:
        """Return why: the question's reasons, or which fact it cannot read."""
        if self.asked is not None:
            return [one.text(language) for one in self.asked.reasons]
        return [f"{fault.path}: {fault.message}" for fault in self.refused]

    def as_json(self, language: Language = Language.EN) -> dict[str, Any]:
        """Return the row as a document; codes stay codes, texts are in the language."""
        one, home, status, measured = self.provision, self.instrument, self.status, self.measured
        duties = [_in(owed.duty.duty, language) for owed in self.owed]
        distance = None if measured is None else measured.distance_said()
        asked = self.asked
        return {
            "rule": self.rule,
            "regime": home.id,
            "instrument": _in(home.title, language),
            "jurisdiction": home.jurisdiction,
            "title": _in(one.title, language),
            "topic": None if one.topic is None else one.topic.value,
            "effect": one.effect.value,
            "subjects": [kind.value for kind in one.subjects],
            "status": "none yet" if status is None else legal_status(home, status),
            "standing": self.standing().text(language),
            "status_reference": None if status is None else status.reference,
            "question": one.question,
            "applies": self.applies,
            "passed": self.passed,
            "as_written": None if self.passed is None else self.passed and self.stands,
            "binding": self.binding,
            "outcome": None if self.outcome is None else self.outcome.text(language),
            "trigger": None if measured is None else measured.trigger,
            "trigger_value": None if measured is None else _exact(measured.limit.value),
            "trigger_unit": None if measured is None else measured.limit.in_force.parameter.unit,
            "trigger_reference": None
            if measured is None
            else measured.limit.in_force.dated.reference,
            "margin": None if measured is None else measured.margin,
            "distance": None if distance is None else distance.text(language),
            "duties": duties,
            "recipients": list(dict.fromkeys(_in(owed.duty.to, language) for owed in self.owed)),
            "due": None if self.earliest is None else self.earliest.isoformat(),
            "deadlines": self.deadlines(language),
            "needs": list(self.needs),
            "reasons": self.reasons(language),
            "caveats": [] if asked is None else [c.text(language) for c in asked.caveats()],
            "conflicts": [one.sentence.text(language) for one in self.conflicts],
            "gaps": [one.sentence.text(language) for one in self.gaps],
        }


def _exact(value: Exact) -> str:
    return flop_text(value) if isinstance(value, int) else decimal_text(value, _DIGITS)


def _in(text: Named, language: Language) -> str:
    return text.zh if language is Language.ZH else text.en
