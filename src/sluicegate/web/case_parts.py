"""Words that the pages of cases share: names of people, rules and places, days that are left."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sluicegate.core.calendars import legal_day
from sluicegate.core.phrases import term
from sluicegate.rules.showing import titled
from sluicegate.services.casework.colleagues import names_of
from sluicegate.services.detectors import TITLES
from sluicegate.web.rights_form import place_label
from sluicegate.web.visit import Visit

SOON_DAYS = 7
"""Days before a due day from which on it is marked."""


@dataclass(frozen=True, slots=True)
class DueShown:
    """A due day: how many days are left in words, and the look of the mark."""

    day: date
    left: str
    look: str


def due_shown(visit: Visit) -> Callable[[date | None], DueShown | None]:
    """Return what says how many days are left until a due day."""
    today = legal_day(visit.desk.now())

    def shown(day: date | None) -> DueShown | None:
        if day is None:
            return None
        days = (day - today).days
        words = visit.words
        if days < 0:
            text = words.ngettext("%(num)d day late", "%(num)d days late", -days) % {"num": -days}
            return DueShown(day, text, "bad")
        if days == 0:
            return DueShown(day, visit._("today"), "bad")
        text = words.ngettext("%(num)d day left", "%(num)d days left", days) % {"num": days}
        return DueShown(day, text, "warn" if days <= SOON_DAYS else "plain")

    return shown


def rule_title(visit: Visit) -> Callable[[str], str]:
    """Return what names a rule in the language of the page; one that is gone by its id."""
    rules = visit.served.book.thresholds

    def shown(rule: str) -> str:
        found = rules.get(rule)
        title = TITLES.get(rule) if found is None else found.title
        return rule if title is None else titled(title, visit.language)

    return shown


def people_named(visit: Visit, ids: Iterable[str | None]) -> Callable[[str | None], str]:
    """Return what names an actor, or a role to which a case was handed up."""
    known: Mapping[str, str] = names_of(visit.desk, [one for one in ids if one])
    roles = frozenset(visit.served.roles)

    def shown(actor: str | None) -> str:
        if not actor:
            return visit._("nobody")
        if actor in roles:
            return term(actor, visit.language)
        return known.get(actor, actor)

    return shown


def place_named(visit: Visit) -> Callable[[str], str]:
    """Return what names a jurisdiction; a case may be of none."""
    return lambda code: place_label(code, visit.language) if code else "–"
