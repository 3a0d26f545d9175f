"""What happened in a case, told in the language of the page: one line for each event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.cases.case import Case, DecisionKind
from sluicegate.cases.events import (
    Answered,
    Asked,
    Assigned,
    Attached,
    Blocked,
    ClockSet,
    Closed,
    Commented,
    Decided,
    Escalated,
    EventKind,
    Found,
    Happening,
    Named,
    Opened,
    Prioritised,
    Proposed,
    Snoozed,
)
from sluicegate.core.phrases import term
from sluicegate.services.casework.found_again import PASS_REASON
from sluicegate.services.casework.reading import CaseFile, Entry
from sluicegate.services.casework.resting import REST_OVER
from sluicegate.web.case_forms import duty_named
from sluicegate.web.visit import Visit


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline: an event with what it says, and what people wrote.

    `told` is in the language of the page; `written` are texts that someone wrote,
    in whatever language. `is_new` says that it came after the reader's last act.
    """

    entry: Entry
    told: str
    written: tuple[str, ...] = ()
    is_new: bool = False


@dataclass(frozen=True)
class Story:
    """Tells the events of a case."""

    visit: Visit
    file: CaseFile
    named: Callable[[str | None], str]

    @property
    def case(self) -> Case:
        """The case as it stands."""
        return self.file.case

    def lines(self) -> tuple[Line, ...]:
        """Return the timeline, the newest first."""
        mine = [
            place
            for place, one in enumerate(self.file.timeline)
            if one.event.by == self.visit.principal.id
        ]
        last = mine[-1] if mine else None
        lines = [
            self._line(one, is_new=last is not None and place > last)
            for place, one in enumerate(self.file.timeline)
        ]
        return tuple(reversed(lines))

    def after(self, version: int) -> tuple[Line, ...]:
        """Return what happened after a version, the newest first: what another did meanwhile."""
        return tuple(reversed([self._line(one) for one in self.file.timeline[version:]]))

    def _line(self, entry: Entry, *, is_new: bool = False) -> Line:
        reason = entry.event.reason
        why = (reason,) if reason and reason not in _OWN_REASONS else ()
        return Line(entry, self._told(entry), (*self._written(entry), *why), is_new)

    def _written(self, entry: Entry) -> tuple[str, ...]:
        """Return what people wrote in an event, besides why."""
        match entry.said:
            case Commented(text=text) | Answered(summary=text):
                return (text,)
            case Asked(what=what, ground=ground):
                stop = self.visit._("on the ground: %(ground)s", ground=ground)
                return (what, stop) if ground else (what,)
            case _:
                return ()

    def _told(self, entry: Entry) -> str:
        """Return what an event says, in few words beside the name of its kind."""
        _, said = self.visit._, entry.said
        match said:
            case Opened():
                return self._count(len(said.alerts)) if said.alerts else ""
            case Found():
                return self._found(said)
            case Assigned() | Escalated():
                return _("to %(name)s", name=self.named(said.to))
            case Snoozed():
                return _("until %(day)s", day=self._day(said.until))
            case Asked():
                return _("of %(name)s", name=said.asked_of)
            case ClockSet():
                return self._clock(said)
            case Proposed() | Decided():
                return self._decision(said)
            case Named():
                return self._about(entry.kind, said.id)
            case _:
                return self._plain(said)

    def _plain(self, said: Happening) -> str:
        match said:
            case Prioritised():
                return self._term(said.priority.code)
            case Closed():
                return self._term(said.outcome.value)
            case Attached():
                return said.name
            case Blocked():
                return said.customer_id
            case _:
                return ""

    def _decision(self, said: Proposed | Decided) -> str:
        words = self._act(said.decision)
        if said.alerts:
            words += f" · {self._count(len(said.alerts))}"
        if isinstance(said, Decided) and said.proposed_by:
            by = self.visit._("proposed by %(name)s", name=self.named(said.proposed_by))
            words += f" · {by}"
        return words

    def _clock(self, said: ClockSet) -> str:
        duty = duty_named(self.visit)(said.clock)
        if said.clock.due is None:
            return duty
        return self.visit._("%(duty)s, due %(day)s", duty=duty, day=self._day(said.clock.due))

    def _found(self, said: Found) -> str:
        _ = self.visit._
        parts = [self._count(len(said.alerts))] if said.alerts else []
        if said.gone:
            words = self.visit.words.ngettext(
                "%(num)d alert is gone", "%(num)d alerts are gone", len(said.gone)
            )
            parts.append(words % {"num": len(said.gone)})
        if said.voided:
            parts.append(_("a proposal about what has changed no longer stands"))
        if said.clocks:
            parts.append(_("due days were counted again"))
        return " · ".join(parts)

    def _about(self, kind: EventKind, identifier: str) -> str:
        """Return what an id stands for: a proposal by its decision, a file by its name."""
        if kind in (EventKind.APPROVED, EventKind.REJECTED, EventKind.TAKEN_BACK):
            for one in self.file.timeline:
                if isinstance(one.said, Proposed) and one.said.proposal_id == identifier:
                    return self._act(one.said.decision)
        if kind is EventKind.ERASED:
            names = {one.attachment_id: one.name for one in self.case.attachments}
            return names.get(identifier, identifier)
        return "" if kind is EventKind.RELEASED else identifier

    def _count(self, alerts: int) -> str:
        words = self.visit.words.ngettext("%(num)d alert", "%(num)d alerts", alerts)
        return words % {"num": alerts}

    def _act(self, decision: DecisionKind) -> str:
        return self._term(f"act_{decision.value}")

    def _term(self, code: str) -> str:
        return term(code, self.visit.language)

    def _day(self, day: date) -> str:
        return f"{day:%Y-%m-%d}"


_OWN_REASONS = frozenset({PASS_REASON, REST_OVER})
"""Reasons that no person gave; the kind of the event says them already."""


def actors_of(case: Case, timeline: Sequence[Entry]) -> list[str | None]:
    """Return everybody that the page of a case names."""
    found: list[str | None] = [case.assignee, case.escalated_to]
    for one in timeline:
        found.append(one.event.by)
        match one.said:
            case Assigned() | Escalated():
                found.append(one.said.to)
            case Decided():
                found.append(one.said.proposed_by)
            case _:
                pass
    return found
