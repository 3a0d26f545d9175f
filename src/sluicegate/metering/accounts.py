"""Which customer an account's usage belongs to, by day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sluicegate.metering.statements import ColumnType, Relation
from sluicegate.registry.records import AccountMapping

UNMAPPED_PREFIX = "unmapped:"
"""How the customer of usage begins whose account nobody mapped on that day."""


@dataclass(frozen=True, slots=True)
class AccountSpan:
    """An account's customer from `first_day` to before `end_day`."""

    source: str
    account: str
    customer_id: str
    first_day: date
    end_day: date


def account_spans(entries: Iterable[AccountMapping]) -> tuple[AccountSpan, ...]:
    """Return the periods of the account map without overlaps, in order.

    A period ends where the next one of the same source and account begins, so
    that no usage can count twice; of two that begin on one day, the one given
    last holds.
    """
    by_account: dict[tuple[str, str], dict[date, AccountMapping]] = {}
    for entry in entries:
        periods = by_account.setdefault((entry.source, entry.account), {})
        periods[entry.valid_from or date.min] = entry
    spans: list[AccountSpan] = []
    for (source, account), periods in sorted(by_account.items()):
        starts = sorted(periods)
        for start, following in zip(starts, [*starts[1:], date.max], strict=True):
            entry = periods[start]
            end = min(entry.valid_to or date.max, following)
            if start < end:
                spans.append(AccountSpan(source, account, entry.customer_id, start, end))
    return tuple(spans)


def account_relation(spans: Iterable[AccountSpan]) -> Relation:
    """Return the spans as the relation `account_map`."""
    rows = [
        (span.source, span.account, span.customer_id, span.first_day, span.end_day)
        for span in spans
    ]
    return Relation.of(
        rows,
        source=ColumnType.TEXT,
        account=ColumnType.TEXT,
        customer_id=ColumnType.TEXT,
        first_day=ColumnType.DAY,
        end_day=ColumnType.DAY,
    )
