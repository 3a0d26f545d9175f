"""A store with desks of people on any day, and a consultation as far as a test wants it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import Any

from empty_stores import empty_store
from principals import operator, principal
from sluicegate.adapters.policies import CedarAuthority, shipped_statements
from sluicegate.adapters.store import SqlStore
from sluicegate.core.clock import FixedClock
from sluicegate.frontier.consultation import Consultation, Outcome, Party
from sluicegate.rules.book import RuleBook
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.principals import Principal
from sluicegate.services.consultation import running
from sluicegate.services.consultation.drafting import Change, NewDraft, draft, revise
from sluicegate.services.consultation.issuing import issue
from sluicegate.services.consultation.running import NewComment, NewPeriod
from sluicegate.services.desk import Desk

AUTHORITY = CedarAuthority(shipped_statements())
BEGIN = date(2026, 3, 2)
OPENS, CLOSES = date(2026, 3, 9), date(2026, 4, 8)
AFTER = date(2026, 4, 20)
ISSUED = date(2026, 5, 4)
STARTS = date(2026, 7, 1)

TEXT = """\
A run is large when its training compute is above the threshold.

The compute of a run counts from its first step.

This threshold is reviewed every year.
"""
LIMIT = NewDraft(
    subject="threshold",
    title="Draft threshold for large runs of Harrow Basin",
    title_zh="哈罗湾大型训练运行阈值草案",
    text=TEXT,
    starts=STARTS.isoformat(),
    rule="local.harrow_basin",
    comparator="greater_than",
    value="1e26",
    is_binding="yes",
    applies_to="run",
    measure="training_compute",
    review_months="12",
    issuer="Harrow Basin Compute Office",
)
NOTE = NewDraft(
    subject="guidance",
    title="Note on counting compute under the AI Act",
    title_zh="关于人工智能法算力计算的说明",
    text="Compute is counted from the first step.\n\nPauses do not end a run.",
    explains=("eu.ai_act",),
)


@dataclass
class World:
    """A store, and the desks of people over it at noon of any day."""

    store: SqlStore = field(default_factory=lambda: empty_store(FixedClock(_noon(BEGIN))))
    book: RuleBook = field(default_factory=shipped_book)

    def desk(self, who: Principal | str = "analyst", on: date = BEGIN) -> Desk:
        """Return the desk of a role or a person, at noon UTC of a day."""
        person = principal(who) if isinstance(who, str) else who
        return Desk(person, self.store, AUTHORITY, FixedClock(_noon(on)))

    def operator(self, on: date = BEGIN) -> Desk:
        """Return the desk of the command line."""
        return self.desk(operator(), on)

    def drafted(self, new: NewDraft = LIMIT, **changed: Any) -> Consultation:
        """Return a consultation that was drafted by the analyst."""
        return draft(self.desk(), self.book, replace(new, **changed))

    def opened(self, new: NewDraft = LIMIT, **changed: Any) -> Consultation:
        """Return one whose period runs."""
        one = self.drafted(new, **changed)
        return running.open_period(
            self.desk(on=OPENS), one.consultation_id, NewPeriod(OPENS, CLOSES)
        )

    def comment(self, one: Consultation, on: date = OPENS, **given: Any) -> str:
        """Enter a comment and return its id."""
        said: Mapping[str, Any] = {
            "organisation": "Alder Reach Labs",
            "party": Party.DEVELOPER,
            "text": "The threshold is too low.",
            **given,
        }
        new = NewComment(**said)
        return running.add_comment(self.desk(on=on), one.consultation_id, new).comment_id

    def closed(self, new: NewDraft = LIMIT, **changed: Any) -> Consultation:
        """Return one that closed with one comment, declined."""
        one = self.opened(new, **changed)
        name = self.comment(one)
        desk = self.desk(on=AFTER)
        running.reply(desk, one.consultation_id, name, Outcome.DECLINED, "It is as intended.")
        return running.close(desk, one.consultation_id)

    def revised(self, one: Consultation, new: NewDraft, **changed: Any) -> Consultation:
        """Return it with one version more, led by its first comment."""
        why = Change("The value is raised.", ("1",))
        desk = self.desk(on=AFTER)
        return revise(desk, self.book, one.consultation_id, replace(new, **changed), why)

    def issued(self, new: NewDraft = LIMIT, *, on: date = ISSUED, **changed: Any) -> Consultation:
        """Return one that an officer issued."""
        one = self.closed(new, **changed)
        return issue(self.desk("officer", on), one.consultation_id)


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
