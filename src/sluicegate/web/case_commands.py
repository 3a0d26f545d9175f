"""What was typed into the form of an act on a case, as the command that it makes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from sluicegate.cases.case import DecisionKind, Priority
from sluicegate.cases.commands import (
    Assign,
    Check,
    Command,
    Comment,
    EnterEvent,
    Escalate,
    Extend,
    Lapse,
    Link,
    Meet,
    OverrideDue,
    Prioritise,
    Propose,
    ReceiveInformation,
    Reopen,
    RequestInformation,
    Snooze,
    TakeBack,
    Wake,
    Withdraw,
)
from sluicegate.core.calendars import parse_day
from sluicegate.web.case_forms import NOBODY, Faults
from sluicegate.web.visit import Visit

_MOST_TEXT = 20_000
"""Characters of one field; longer texts belong into a document."""
_MOST_DIGITS = 9


class CommandFaultsError(ValueError):
    """A form that makes no command: field → what is wrong with it."""

    def __init__(self, faults: Faults) -> None:
        self.faults = faults
        super().__init__("; ".join(f"{name}: {text}" for name, text in faults.items()))


@dataclass
class _Reader:
    """Reads the fields of a form; faults are gathered so that all are shown at once."""

    visit: Visit
    faults: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, *, is_needed: bool = True) -> str:
        """Return a text, without the carriage returns that browsers put in."""
        found = self.visit.text(name).replace("\r\n", "\n")
        if is_needed and not found:
            self.faults[name] = self.visit._("Write something here.")
        if len(found) > _MOST_TEXT:
            self.faults[name] = self.visit._("This is too long; attach it as a file.")
        return found

    def day(self, name: str) -> date:
        """Return a day."""
        text = self.visit.text(name)
        try:
            return parse_day(text)
        except ValueError:
            self.faults[name] = self.visit._("This is no day; write e.g. 2026-01-31.")
            return date.min

    def number(self, name: str) -> int:
        """Return a whole number."""
        text = self.visit.text(name)
        if not (text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS):
            self.faults[name] = self.visit._("This is no whole number; write e.g. 14.")
            return 0
        return int(text)


_Read = Callable[[_Reader], Command]


def _priority(reader: _Reader) -> Priority:
    code = reader.visit.text("priority")
    found = next((one for one in Priority if one.code == code), None)
    if found is None:
        reader.faults["priority"] = reader.visit._("Choose one.")
    return found or Priority.NORMAL


def _assign(reader: _Reader) -> Command:
    to = reader.text("to")
    return Assign(None if to == NOBODY else to, reader.text("reason", is_needed=False))


def _comment(reader: _Reader) -> Command:
    """Read a comment; the form for many cases has one field for reasons and comments."""
    has_text = bool(reader.visit.text("text")) or not reader.visit.text("reason")
    return Comment(reader.text("text" if has_text else "reason"))


def _link(reader: _Reader) -> Command:
    cut = reader.text("cut", is_needed=False)
    reason = reader.text("reason", is_needed=False)
    if cut:
        return Link(cut, is_cut=True, reason=reason)
    return Link(reader.text("case_id"), reason=reason)


def _request(reader: _Reader) -> Command:
    return RequestInformation(
        reader.text("asked_of"), reader.text("what"), reader.text("ground", is_needed=False)
    )


def _check(reader: _Reader) -> Command:
    is_approved = reader.visit.text("verdict") == "approve"
    reason = reader.text("reason", is_needed=not is_approved)
    return Check(reader.text("proposal_id"), is_approved, reason)


def _propose(decision: DecisionKind) -> _Read:
    def read(reader: _Reader) -> Command:
        alerts = tuple(one for one in reader.visit.texts("alerts") if one)
        return Propose(decision, reader.text("reason"), alerts, reader.visit.text("filing"))

    return read


_READS: Mapping[str, _Read] = {
    "assign": _assign,
    "prioritise": lambda r: Prioritise(_priority(r), r.text("reason")),
    "comment": _comment,
    "snooze": lambda r: Snooze(r.day("until"), r.text("reason")),
    "wake": lambda r: Wake(r.text("reason", is_needed=False)),
    "escalate": lambda r: Escalate(r.text("to"), r.text("reason")),
    "request_information": _request,
    "receive_information": lambda r: ReceiveInformation(r.text("request_id"), r.text("summary")),
    "enter_event": lambda r: EnterEvent(r.text("clock_id"), r.day("happened_on"), r.text("reason")),
    "extend": lambda r: Extend(r.text("clock_id"), r.number("days"), r.text("reason")),
    "lapse": lambda r: Lapse(r.text("clock_id"), r.text("reason")),
    "withdraw": lambda r: Withdraw(r.text("clock_id"), r.text("reason")),
    "meet": lambda r: Meet(r.text("clock_id"), r.day("done_on"), r.text("reason")),
    "override_due": lambda r: OverrideDue(r.text("clock_id"), r.day("due"), r.text("reason")),
    "check": _check,
    "take_back": lambda r: TakeBack(r.text("proposal_id"), r.text("reason", is_needed=False)),
    "reopen": lambda r: Reopen(r.text("reason")),
    "link": _link,
    **{one.value: _propose(one) for one in DecisionKind},
}


def read_command(visit: Visit, name: str) -> Command:
    """Return the command that a form makes.

    Raises:
        CommandFaultsError: a field is empty or holds what cannot be read.
    """
    read = _READS.get(name)
    if read is None:
        raise CommandFaultsError({"act": visit._("Choose one.")})
    reader = _Reader(visit)
    command = read(reader)
    if reader.faults:
        raise CommandFaultsError(reader.faults)
    return command
