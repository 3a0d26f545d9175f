"""Everything that can be done to one case, each act with its own fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Literal, Protocol

from sluicegate.client.shapes import CaseStanding

PriorityName = Literal["urgent", "high", "normal", "low"]
DecisionName = Literal["confirm", "clear", "block", "release", "file", "close"]


class Send(Protocol):
    """Sends an act on one case."""

    def __call__(self, act: str, *, version: int | None = None, **fields: Any) -> CaseStanding:
        """Return the case as it stands after the act."""
        ...


class CaseActs:
    """One case at work; every act returns the case as it stands after it."""

    def __init__(self, send: Send, version: int | None = None) -> None:
        self._send = send
        self._version = version

    def assign(self, to: str | None, reason: str = "") -> CaseStanding:
        """Give the case to a principal, or to nobody."""
        return self._do("assign", to=to, reason=reason)

    def prioritise(self, priority: PriorityName, reason: str) -> CaseStanding:
        """Set the priority against the one that the risk rule gave."""
        return self._do("prioritise", priority=priority, reason=reason)

    def comment(self, text: str) -> CaseStanding:
        """Say something; a comment is never edited."""
        return self._do("comment", text=text)

    def snooze(self, until: date, reason: str) -> CaseStanding:
        """Let the case rest until a day; a change of its findings wakes it before."""
        return self._do("snooze", until=until, reason=reason)

    def wake(self, reason: str = "") -> CaseStanding:
        """End a snooze."""
        return self._do("wake", reason=reason)

    def escalate(self, to: str, reason: str) -> CaseStanding:
        """Hand the case up to a role or a principal, and raise its priority."""
        return self._do("escalate", to=to, reason=reason)

    def request_information(self, asked_of: str, what: str, ground: str = "") -> CaseStanding:
        """Ask someone for information; the clocks that may stop stop."""
        return self._do("request_information", asked_of=asked_of, what=what, ground=ground)

    def receive_information(self, request_id: str, summary: str) -> CaseStanding:
        """Record the answer to a request; the clocks run on from its day."""
        return self._do("receive_information", request_id=request_id, summary=summary)

    def enter_event(self, clock_id: str, happened_on: date, reason: str) -> CaseStanding:
        """Record that what a waiting clock counts from has happened on a day."""
        return self._do("enter_event", clock_id=clock_id, happened_on=happened_on, reason=reason)

    def extend(self, clock_id: str, days: int, reason: str) -> CaseStanding:
        """Give a clock more days, on a ground."""
        return self._do("extend", clock_id=clock_id, days=days, reason=reason)

    def lapse(self, clock_id: str, reason: str) -> CaseStanding:
        """Record that a due day passed without what was owed, and what follows."""
        return self._do("lapse", clock_id=clock_id, reason=reason)

    def withdraw(self, clock_id: str, reason: str) -> CaseStanding:
        """Record that what a clock stands for is no longer asked."""
        return self._do("withdraw", clock_id=clock_id, reason=reason)

    def meet(self, clock_id: str, done_on: date, reason: str) -> CaseStanding:
        """Record that what a clock stands for has been done outside a filing."""
        return self._do("meet", clock_id=clock_id, done_on=done_on, reason=reason)

    def override_due(self, clock_id: str, due: date, reason: str) -> CaseStanding:
        """Set a clock's due day against its calculation: an officer's act."""
        return self._do("override_due", clock_id=clock_id, due=due, reason=reason)

    def propose(
        self, decision: DecisionName, reason: str, *, alerts: Sequence[str] = (), filing: str = ""
    ) -> CaseStanding:
        """Decide, or propose the decision where a second person is needed."""
        fields: dict[str, Any] = {"decision": decision, "reason": reason, "alerts": list(alerts)}
        return self._do("propose", **fields, **({"filing": filing} if filing else {}))

    def check(self, proposal_id: str, *, is_approved: bool, reason: str = "") -> CaseStanding:
        """Approve or reject what another proposed."""
        return self._do("check", proposal_id=proposal_id, is_approved=is_approved, reason=reason)

    def take_back(self, proposal_id: str, reason: str = "") -> CaseStanding:
        """Take one's own proposal back."""
        return self._do("take_back", proposal_id=proposal_id, reason=reason)

    def reopen(self, reason: str) -> CaseStanding:
        """Open a closed case again."""
        return self._do("reopen", reason=reason)

    def link(self, case_id: str, *, is_cut: bool = False, reason: str = "") -> CaseStanding:
        """Link another case, or cut the link."""
        return self._do("link", case_id=case_id, is_cut=is_cut, reason=reason)

    def _do(self, act: str, **fields: Any) -> CaseStanding:
        after = self._send(act, version=self._version, **fields)
        if self._version is not None:
            self._version = after["version"]
        return after
