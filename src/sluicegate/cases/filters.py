"""What of the queue is wanted and in which order: also a query string, so that a view is a link."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TypeVar

from sluicegate.cases.case import CaseKind, Priority, State
from sluicegate.core.calendars import parse_day

ME = "me"
NOBODY = "nobody"
ALL = "all"

Member = TypeVar("Member", bound=Enum)


class Order(Enum):
    """How cases come: the most pressing first, or those that are due soonest."""

    PRIORITY = "priority"
    """By priority, then due day, then id."""
    DUE = "due"
    """By due day, those without one last, then priority, then id."""


class FilterError(ValueError):
    """A filter that cannot be read: which part, what is wrong, and what may stand there."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(f"{field}: {message}")


@dataclass(frozen=True, slots=True)
class Filter:
    """What of the cases is wanted; an empty filter is the queue of what wants work now.

    `states` empty means what wants work: new, open, waiting or pending;
    `has_all_states` means every state. `assignee` is a principal's id, `me` or
    `nobody`. `text` is found anywhere in the subject's name, whatever its case, or is
    the subject's or customer's id. `is_mine_to_check` keeps what waits for a second
    person and was proposed by another. `due_before` is a day after the last
    one wanted. `order` says how the cases come.
    """

    states: tuple[State, ...] = ()
    has_all_states: bool = False
    kinds: tuple[CaseKind, ...] = ()
    priorities: tuple[Priority, ...] = ()
    jurisdictions: tuple[str, ...] = ()
    assignee: str = ""
    rule: str = ""
    subject_kind: str = ""
    subject: str = ""
    customer: str = ""
    due_before: date | None = None
    is_escalated: bool = False
    is_mine_to_check: bool = False
    text: str = ""
    order: Order = Order.PRIORITY

    @classmethod
    def from_query(cls, query: Mapping[str, str | Sequence[str]]) -> Filter:
        """Read a filter from the parts of a query string; lists are split at commas.

        Raises:
            FilterError: an unknown key, or a value that cannot stand there.
        """
        unknown = sorted(set(query) - set(KEYS))
        if unknown:
            known = ", ".join(KEYS)
            raise FilterError(unknown[0], f"is no part of a filter; give one of {known}")
        given = {name: _words(value) for name, value in query.items()}

        def one(name: str) -> str:
            found = given.get(name, ())
            if len(found) > 1:
                raise FilterError(name, "is given more than once; give it once")
            return found[0] if found else ""

        states = given.get("state", ())
        return cls(
            states=() if states == (ALL,) else _members("state", State, states),
            has_all_states=states == (ALL,),
            kinds=_members("kind", CaseKind, given.get("kind", ())),
            priorities=_priorities(given.get("priority", ())),
            jurisdictions=given.get("jurisdiction", ()),
            assignee=one("assignee"),
            rule=one("rule"),
            subject_kind=one("subject_kind"),
            subject=one("subject"),
            customer=one("customer"),
            due_before=_day("due_before", one("due_before")),
            is_escalated=_yes("escalated", one("escalated")),
            is_mine_to_check=_yes("to_check", one("to_check")),
            text=_text(query.get("text", "")),
            order=_order(one("order")),
        )

    def as_query(self) -> dict[str, str]:
        """Return the filter as parts of a query string; what is not asked for is left out."""
        parts = {
            "state": ALL if self.has_all_states else _joined(one.value for one in self.states),
            "kind": _joined(one.value for one in self.kinds),
            "priority": _joined(one.name.lower() for one in self.priorities),
            "jurisdiction": _joined(self.jurisdictions),
            "assignee": self.assignee,
            "rule": self.rule,
            "subject_kind": self.subject_kind,
            "subject": self.subject,
            "customer": self.customer,
            "due_before": "" if self.due_before is None else self.due_before.isoformat(),
            "escalated": "yes" if self.is_escalated else "",
            "to_check": "yes" if self.is_mine_to_check else "",
            "text": self.text,
            "order": "" if self.order is Order.PRIORITY else self.order.value,
        }
        return {name: value for name, value in parts.items() if value}


KEYS = (
    *("state", "kind", "priority", "jurisdiction", "assignee", "rule", "subject_kind"),
    *("subject", "customer", "due_before", "escalated", "to_check", "text", "order"),
)
"""The parts of a filter, as a query string names them."""

_MOST_CHARACTERS = 200


def _words(value: str | Sequence[str]) -> tuple[str, ...]:
    parts = [value] if isinstance(value, str) else list(value)
    words = [word.strip() for part in parts for word in part.split(",")]
    return tuple(dict.fromkeys(word for word in words if word))


def _text(value: str | Sequence[str]) -> str:
    parts = [value] if isinstance(value, str) else list(value)
    text = " ".join(parts).strip()
    if len(text) > _MOST_CHARACTERS:
        raise FilterError("text", f"is longer than {_MOST_CHARACTERS} characters; shorten it")
    if "\0" in text:
        raise FilterError("text", "has a character that no name has; leave it out")
    return text


def _members(name: str, kind: type[Member], words: Iterable[str]) -> tuple[Member, ...]:
    known = {str(one.value): one for one in kind}
    for word in words:
        if word not in known:
            raise FilterError(name, f"{word!r} is not known; give one of {', '.join(known)}")
    return tuple(known[word] for word in words)


def _order(word: str) -> Order:
    return _members("order", Order, [word])[0] if word else Order.PRIORITY


def _priorities(words: Iterable[str]) -> tuple[Priority, ...]:
    known = {one.name.lower(): one for one in Priority}
    for word in words:
        if word not in known:
            raise FilterError("priority", f"{word!r} is not known; give one of {', '.join(known)}")
    return tuple(known[word] for word in words)


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        return parse_day(text)
    except ValueError as error:
        raise FilterError(name, str(error)) from error


def _yes(name: str, text: str) -> bool:
    if text not in ("", "yes", "no"):
        raise FilterError(name, f"{text!r} is neither yes nor no")
    return text == "yes"


def _joined(words: Iterable[str]) -> str:
    return ",".join(words)
