"""The risk rules of casework on a day: what opens a case, what it weighs, who must check.

They are settings of a node (`assess.casework`); a node that sets one under
`local.casework` has its own instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from sluicegate.cases.case import DecisionKind, Priority
from sluicegate.core.calendars import Period
from sluicegate.rules.law import Law

SHIPPED = "assess.casework"
OWN = "local.casework"


@dataclass(frozen=True)
class CaseRules:
    """Settings of casework in force on a day, with the law from which periods are read.

    `opens`, `high`, `normal` and `second_clear` hold kinds of alerts, such as
    passed/certain/enforced, with * for any word.
    """

    law: Law
    opens: tuple[str, ...]
    high: tuple[str, ...]
    normal: tuple[str, ...]
    urgent_within: Period
    high_within: Period
    own_days: Mapping[Priority, Period]
    snooze_longest: Period
    second_decisions: frozenset[DecisionKind]
    second_clear: tuple[str, ...]
    second_close: frozenset[str]
    attachment_bytes: int

    @classmethod
    def of(cls, law: Law) -> CaseRules:
        """Read the rules of a day; a node's own go before the shipped ones."""

        def named(name: str) -> str:
            own = f"{OWN}.{name}"
            return own if own in law.book.parameters else f"{SHIPPED}.{name}"

        return cls(
            law=law,
            opens=law.texts(named("opens")),
            high=law.texts(named("priority.high")),
            normal=law.texts(named("priority.normal")),
            urgent_within=law.period(named("priority.urgent_within")),
            high_within=law.period(named("priority.high_within")),
            own_days={one: law.period(named(f"own_day.{one.name.lower()}")) for one in Priority},
            snooze_longest=law.period(named("snooze_longest")),
            second_decisions=frozenset(
                DecisionKind(one) for one in law.texts(named("second_person.decisions"))
            ),
            second_clear=law.texts(named("second_person.clear")),
            second_close=law.members(named("second_person.close")),
            attachment_bytes=int(law.amount(named("attachment_bytes"))),
        )


@lru_cache(maxsize=4_096)
def is_kind(kind: str, patterns: tuple[str, ...]) -> bool:
    """Say whether a kind of alert is among those written with * for any word.

    >>> is_kind("passed/likely/enforced", ("passed/certain/*", "passed/*/enforced"))
    True
    """
    parts = kind.split("/")
    return any(
        all(asked in ("*", part) for asked, part in zip(one.split("/"), parts, strict=False))
        for one in patterns
    )
