"""What a rule file says that can be read but cannot be meant: dates, and rules never reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sluicegate.rules.book import RuleBook
from sluicegate.rules.date_checks import date_problems
from sluicegate.rules.instruments import RuleFault
from sluicegate.rules.loading import LOCAL_PREFIX, Gathered
from sluicegate.rules.moving_checks import moving_notices
from sluicegate.rules.places import Places, Spotted
from sluicegate.rules.reach_checks import reach_problems


def check_gathered(gathered: Gathered) -> list[RuleFault]:
    """Return every fault of rule files: what cannot be read, and what cannot be meant.

    Files whose rules name what is not there are looked at no further.
    """
    broken = {fault.file for fault in gathered.faults}
    sound = {name: text for name, text in gathered.texts.items() if name not in broken}
    return sorted([*gathered.faults, *check_book(gathered.book, sound)], key=_order)


def check_book(book: RuleBook, texts: Mapping[str, str]) -> list[RuleFault]:
    """Return what is wrong in the files of a sound book that are given as name → text."""
    found: list[Spotted] = []
    for home in book.instruments.values():
        if home.file in texts:
            own = home.id.startswith(LOCAL_PREFIX)
            found += date_problems(home)
            found += moving_notices(book, home)
            found += reach_problems(book, home, own=own)
    return located(found, texts)


def located(found: Collection[Spotted], texts: Mapping[str, str]) -> list[RuleFault]:
    """Return faults with the lines on which they stand."""
    places = {name: Places(text) for name, text in texts.items()}
    return [one.fault(places.get(one.spot.instrument.file)) for one in found]


def _order(fault: RuleFault) -> tuple[str, int]:
    return fault.file, fault.line or 0
