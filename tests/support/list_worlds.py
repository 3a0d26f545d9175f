"""Lists for tests: entries with invented names, files as a reader gives them, a node's parts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from empty_stores import empty_store
from sluicegate.adapters.list_files import DiskLists
from sluicegate.adapters.lists.reading import ListRead
from sluicegate.core.clock import FixedClock
from sluicegate.core.problems import Problem
from sluicegate.screening.entries import Identifier, ListedName, ListEntry, NameKind, Schema
from sluicegate.screening.known_lists import KnownList, known_list
from sluicegate.services.lists.importing import Imported, ImportOptions, import_list
from sluicegate.services.lists.parts import ListParts

NOW = datetime(2026, 4, 1, 10, tzinfo=UTC)
TODAY = NOW.date()


def person(
    list_id: str, entry_id: str, name: str = "Tarquin Osk Velloran", **more: object
) -> ListEntry:
    """Return a listed person."""
    return entry(list_id, entry_id, name, schema=Schema.PERSON, **more)


def company(
    list_id: str, entry_id: str, name: str = "Quorvane Semiconductors Ltd", **more: object
) -> ListEntry:
    """Return a listed company."""
    return entry(list_id, entry_id, name, schema=Schema.COMPANY, **more)


def entry(list_id: str, entry_id: str, name: str, **more: object) -> ListEntry:
    """Return an entry; `aliases`, `weak` and `numbers` (kind, value, country) are short forms."""
    aliases = more.pop("aliases", ())
    weak = more.pop("weak", ())
    numbers = more.pop("numbers", ())
    assert isinstance(aliases, tuple)
    assert isinstance(weak, tuple)
    assert isinstance(numbers, tuple)
    names = [ListedName(name, NameKind.PRIMARY)]
    names += [ListedName(one) for one in aliases]
    names += [ListedName(one, NameKind.WEAK) for one in weak]
    made = ListEntry(
        list_id,
        entry_id,
        Schema.LEGAL_ENTITY,
        tuple(names),
        identifiers=tuple(Identifier(*one) for one in numbers),
    )
    return replace(made, **more)  # type: ignore[arg-type]


def terms(list_id: str) -> KnownList:
    """Return what is known of a list: a month old at most, a tenth may go."""
    known = known_list(list_id)
    issuer = f"Issuer of {list_id}"
    return replace(known, issuer=issuer, greatest_age_days=30, may_shrink=Fraction(1, 10))


@dataclass
class ListWorld:
    """A node's lists in a folder, with a clock that can be set."""

    folder: Path
    parts: ListParts

    def at(self, days: int) -> ListWorld:
        """Return the same node some days later."""
        clock = FixedClock(NOW + timedelta(days=days))
        return replace(self, parts=replace(self.parts, clock=clock))

    def read(
        self,
        list_id: str,
        entries: Sequence[ListEntry],
        published: date | None = None,
        problems: Sequence[Problem] = (),
    ) -> ListRead:
        """Return a list as a reader gives it, with a file of its own."""
        content = "\n".join(map(repr, entries)).encode()
        checksum = hashlib.sha256(content).hexdigest()
        self.folder.mkdir(exist_ok=True)
        file = self.folder / f"{list_id}-{checksum[:12]}.txt"
        file.write_bytes(content)
        return ListRead(
            list_id=list_id,
            entries=tuple(entries),
            problems=tuple(problems),
            published=published,
            version=checksum[:12] if published is None else published.isoformat(),
            reader="test",
            checksum=checksum,
            size_bytes=len(content),
            files=(file,),
        )

    def load(
        self,
        list_id: str,
        *entries: ListEntry,
        published: date | None = None,
        **options: object,
    ) -> Imported:
        """Take a list in."""
        chosen = ImportOptions(**options)  # type: ignore[arg-type]
        return import_list(self.parts, self.read(list_id, entries, published), chosen)


def list_world(folder: Path) -> ListWorld:
    """Return an empty node's lists."""
    clock = FixedClock(NOW)
    store = empty_store(clock)
    parts = ListParts(store, DiskLists(folder / "lists"), terms, clock, "local:tester")
    return ListWorld(folder / "given", parts)
