"""Whether a list may be taken in, and whether the one in use is too old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sluicegate.core.reasons import Sentence, say
from sluicegate.services.lists.parts import (
    Catalogue,
    ListRefusedError,
    StaleListError,
)
from sluicegate.services.lists.state import carriers_of, current_versions
from sluicegate.services.ports import Store
from sluicegate.services.ports.lists import KeptVersion, ListRead

_FEW = 20
"""Entries of a part of a file that may all go at once: a short list does end."""


def check_read(
    read: ListRead, published: date | None, current: KeptVersion | None, catalogue: Catalogue
) -> None:
    """Refuse what cannot be the next version: a register, an empty list, one older than in use.

    Raises:
        ListRefusedError: with what is wrong and what to do.
    """
    if catalogue(read.list_id).is_register:
        raise ListRefusedError(
            say(
                "{list}: is a register of all, not a list to screen against; nothing is taken in.",
                list=read.list_id,
            )
        )
    if not read.entries:
        raise ListRefusedError(
            say(
                "{list}: the file holds no entry that can be read; the version in use stays. "
                "Get the file again, and look at its problems with --rejects.",
                list=read.list_id,
            )
        )
    if current is None:
        return
    before = current.about.published
    if before is not None and published is not None and published < before:
        raise ListRefusedError(
            say(
                "{list}: the file is of {published}, older than the version in use of {before}, "
                "which stays. Get the newest file.",
                list=read.list_id,
                published=published,
                before=before,
            )
        )


def shrinking(
    read: ListRead,
    current: KeptVersion | None,
    speaker: KeptVersion | None,
    catalogue: Catalogue,
) -> Sentence | None:
    """Say that a file, or a list in it, has lost more entries or names than its issuer's may.

    `speaker` is the version, maybe of another file, that speaks for the list until
    now: the first file of a list's own is held against it.
    """
    counts = Counter(one.list_id for one in read.entries)
    compared: list[tuple[str, int, int]] = []
    if current is not None:
        compared.append((read.list_id, current.about.entries, len(read.entries)))
        compared += [(name, before, counts[name]) for name, before in current.about.counts]
    elif speaker is not None and (before := dict(speaker.about.counts)[read.list_id]) >= _FEW:
        compared.append((read.list_id, before, counts[read.list_id]))
    for name, before, now in compared:
        share = catalogue(name).may_shrink
        is_few = name != read.list_id and before < _FEW
        if before and not is_few and Fraction(before - now, before) > share:
            return say(
                "{list}: has {now} entries, {before} before; more than {share:percent} of them are "
                "gone. The version in use stays. Get the file again; if the issuer did remove so "
                "many, say so with --accept-smaller and the reason.",
                list=name,
                now=now,
                before=before,
                share=share,
            )
    return None if current is None else _fewer_names(read, current, catalogue)


def _fewer_names(read: ListRead, current: KeptVersion, catalogue: Catalogue) -> Sentence | None:
    """Say that a file has lost more names than entries may go, as one read without its aliases."""
    now, before = sum(len(one.names) for one in read.entries), current.about.names
    share = catalogue(read.list_id).may_shrink
    if before < _FEW or Fraction(before - now, before) <= share:
        return None
    return say(
        "{list}: its entries have {now} names, {before} before; more than {share:percent} of them "
        "are gone. The version in use stays. Give every file of the list, that of its other names "
        "too; if the issuer did remove so many, say so with --accept-smaller and the reason.",
        list=read.list_id,
        now=now,
        before=before,
        share=share,
    )


@dataclass(frozen=True, slots=True)
class ListAge:
    """How old the version is that speaks for a list, in days, and how old it may be.

    `since` is the issuer's day, or that of the loading where it is not known, or
    that on which the issuer's address last gave the same version.
    """

    list_id: str
    version: str
    since: date
    days: int
    greatest: int

    @property
    def is_stale(self) -> bool:
        """Whether it is older than it may be."""
        return self.days > self.greatest

    @property
    def sentence(self) -> Sentence:
        """Say how old it is."""
        if self.is_stale:
            return say(
                "{list}: version {version} is {days} days old, {greatest} are allowed; fetch or "
                "import the newest one.",
                list=self.list_id,
                version=self.version,
                days=self.days,
                greatest=self.greatest,
            )
        return say(
            "{list}: version {version} is {days} days old, {greatest} are allowed.",
            list=self.list_id,
            version=self.version,
            days=self.days,
            greatest=self.greatest,
        )


def ages(store: Store, catalogue: Catalogue, today: date) -> Sequence[ListAge]:
    """Return how old the current version of each list is, in order of lists."""
    confirmed = store.lists.confirmations()
    versions = current_versions(store.lists.versions())
    found = []
    for name, one in sorted(carriers_of(versions).items()):
        since = one.day
        if one.version_id in confirmed:
            since = max(since, confirmed[one.version_id].at.date())
        greatest = catalogue(name).greatest_age_days
        days = max((today - since) // timedelta(days=1), 0)
        found.append(ListAge(name, one.about.version, since, days, greatest))
    return tuple(found)


def require_fresh(
    store: Store,
    catalogue: Catalogue,
    today: date,
    *,
    lists: Collection[str] | None = None,
    allow_stale: bool = False,
) -> Sequence[ListAge]:
    """Go on only when there are lists to screen with and none is too old; return their ages.

    `lists` narrows to those that are asked for; each of them must be there.
    `allow_stale` goes on with old ones.

    Raises:
        StaleListError: no list is there, one that is asked for is missing, or one is too old.
    """
    found = [one for one in ages(store, catalogue, today) if lists is None or one.list_id in lists]
    missing = sorted(set(lists or ()) - {one.list_id for one in found})
    if missing:
        raise StaleListError(
            say(
                "{lists}: is not loaded; run: sluicegate lists import FILE, or lists fetch.",
                lists=missing,
            )
        )
    if not found:
        raise StaleListError(
            say("No list is loaded; run: sluicegate lists import FILE, or lists fetch.")
        )
    stale = [one for one in found if one.is_stale]
    if stale and not allow_stale:
        raise StaleListError(
            say(
                "{count} of {all} lists are older than they may be. {first}",
                count=len(stale),
                all=len(found),
                first=stale[0].sentence,
            )
        )
    return found
