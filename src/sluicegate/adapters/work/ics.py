"""A calendar of due days as an iCalendar file (RFC 5545)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Event

from sluicegate.services.work.calendar import Entry

MEDIA_TYPE = "text/calendar; charset=utf-8"
_PRIORITIES = {1: 1, 2: 3, 3: 5, 4: 9}
"""Priority of a case → that of RFC 5545, where 1 is the highest and 9 the lowest."""


def calendar_bytes(entries: Iterable[Entry], *, title: str, public_url: str = "") -> bytes:
    """Return entries as all-day events; links begin with `public_url`, none without it."""
    calendar = Calendar()
    calendar.add("prodid", "-//Sluicegate//due days//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", title)
    for entry in entries:
        calendar.add_component(_event(entry, public_url.rstrip("/")))
    return bytes(calendar.to_ical())


def _event(entry: Entry, base: str) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.version)
    event.add("dtstart", entry.day)
    event.add("dtend", entry.day + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("transp", "TRANSPARENT")
    event.add("class", "CONFIDENTIAL")
    event.add("priority", _PRIORITIES[entry.priority])
    link = base + entry.link if base else ""
    event.add("description", "\n".join(part for part in (entry.description, link) if part))
    if link:
        event.add("url", link)
    return event
