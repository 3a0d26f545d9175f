"""What is being decided: the case as it stands so far, and the events that come of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from sluicegate.cases.case import Case, CaseEvent, Clock, State
from sluicegate.cases.events import ClockSet, EventKind, Happening, event_of
from sluicegate.cases.folding import Moment, follow
from sluicegate.cases.rules import CaseRules
from sluicegate.core.calendars import legal_day
from sluicegate.core.canonical import digest
from sluicegate.core.reasons import Sentence, say


class NotAllowedNowError(ValueError):
    """Something that cannot be done to a case as it stands: what its state is, what is needed."""

    def __init__(self, case_id: str, reason: Sentence) -> None:
        self.case_id = case_id
        self.reason = reason
        super().__init__(f"case {case_id}: {reason}")


class Docket:
    """A case under a command; each event written is folded at once."""

    def __init__(self, case: Case, by: str, at: datetime, rules: CaseRules) -> None:
        self.case = case
        self.by = by
        self.at = at
        self.rules = rules
        self.events: list[CaseEvent] = []

    @property
    def day(self) -> date:
        """The legal day of the act."""
        return legal_day(self.at)

    def write(self, kind: EventKind, said: Happening, reason: str = "") -> None:
        """Let something have happened."""
        event = event_of(
            self.case.case_id, kind, said, at=self.at, by=self.by, reason=reason.strip()
        )
        self.events.append(event)
        moment = Moment(event.at, event.by, event.reason)
        self.case = follow(self.case.case_id, self.case, kind, said, moment)

    def new_id(self, prefix: str) -> str:
        """Return an id for a part of the case, a digest and never consecutive."""
        return prefix + digest([self.case.case_id, self.case.version, prefix])[:16]

    def refuse(self, reason: Sentence) -> NotAllowedNowError:
        """Return the refusal to raise."""
        return NotAllowedNowError(self.case.case_id, reason)

    def need(self, holds: bool, reason: Sentence) -> None:
        """Go on only when something holds."""
        if not holds:
            raise self.refuse(reason)

    def need_text(self, text: str) -> str:
        """Return a reason that says something."""
        self.need(bool(text.strip()), say("A reason is needed; say why in some words."))
        return text.strip()

    def need_open(self) -> None:
        """Go on only while work is left."""
        self.need(self.case.is_open, say("The case is closed; reopen it first."))

    def need_state(self, states: Collection[State]) -> None:
        """Go on only in some states."""
        self.need_open()
        wanted = [one.value for one in State if one in states]
        self.need(
            self.case.state in states,
            say(
                "The case is {state:term}; this can be done when it is one of: {wanted:term}.",
                state=self.case.state.value,
                wanted=wanted,
            ),
        )

    def clock(self, clock_id: str) -> Clock:
        """Return a clock of the case."""
        for one in self.case.clocks:
            if one.clock_id == clock_id:
                return one
        raise self.refuse(
            say("The case has no clock {clock}; take one of its own.", clock=clock_id)
        )

    def set_clocks(self, kind: EventKind, clocks: Iterable[Clock], reason: str = "") -> None:
        """Write one event for each clock that changes."""
        for one in clocks:
            self.write(kind, ClockSet(one), reason)
