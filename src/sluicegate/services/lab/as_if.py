"""Rules that move as if they had always held, for questions about the years before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sluicegate.rules.book import RuleBook
from sluicegate.rules.instruments import DatedValue
from sluicegate.rules.moving import MovingRule


def rules_behind(book: RuleBook, identifiers: Sequence[str]) -> tuple[MovingRule, ...]:
    """Return moving rules and all that they are combined from, each once.

    Raises UnknownRuleError.
    """
    found: dict[str, MovingRule] = {}
    waiting = list(identifiers)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found[name] = book.moving_rule(name)
            waiting += found[name].parts
    return tuple(found.values())


def held_always(book: RuleBook, identifiers: Sequence[str]) -> RuleBook:
    """Return a book in which moving rules held, and were known, before they began.

    Of each parameter the first value holds on every day before its own; what a form
    itself sets, such as the day from which progress is counted, stays.
    Raises UnknownRuleError.
    """
    rules = rules_behind(book, identifiers)
    for rule in rules:
        home = book.instrument(rule.instrument)
        moved = tuple(
            replace(one, start=None, known_from=None) if one.id == rule.id else one
            for one in home.moving
        )
        book = book.with_instrument(replace(home, moving=moved))
    for name in sorted({one for rule in rules for one in rule.parameters.values()}):
        first, *later = book.parameter(name).values
        book = book.with_values(name, [_undated(first), *later])
    return book


def _undated(first: DatedValue) -> DatedValue:
    return replace(first, start=None, not_before=None, known_from=None)
