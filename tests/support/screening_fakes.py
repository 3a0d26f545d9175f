"""An engine whose scores are plain to see, lists made by hand, and a store to screen in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import count
from typing import Any

from sluicegate.adapters.store import SqlStore, open_store
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import TenantId
from sluicegate.core.reasons import say
from sluicegate.rules.loading import shipped_book
from sluicegate.screening.entries import ListedName, ListEntry, NameKind, Schema
from sluicegate.screening.parties import ListedParty
from sluicegate.services.ports.matches import (
    Allowance,
    AllowanceState,
    Match,
    MatchState,
    ScreeningRun,
)
from sluicegate.services.screening.engine import ListsInUse, Scoring
from sluicegate.services.screening.running import Screen, run_screening

AT = datetime(2026, 7, 1, 9, tzinfo=UTC)
DAY = date(2026, 6, 30)
ALGORITHM = "words-in-common-1"


@dataclass(frozen=True)
class FakeCompared:
    """A listed party as the fake compared it."""

    entity_id: str
    score: float
    name: str
    is_weak: bool
    parts: tuple[tuple[str, float], ...]
    reasons: tuple[Any, ...]


@dataclass(frozen=True)
class FakeIndex:
    """Scores by the share of words in common; another birth date takes half of it away."""

    entities: Sequence[Mapping[str, Any]]
    asked: list[int] = field(default_factory=list)
    alert_threshold: float = 0.6
    algorithm: str = ALGORITHM

    def screen(self, queries: Sequence[Mapping[str, Any]], limit: int) -> list[list[FakeCompared]]:
        """Return the nearest entities of each query."""
        self.asked.append(len(queries))
        return [self._nearest(one)[:limit] for one in queries]

    def _nearest(self, query: Mapping[str, Any]) -> list[FakeCompared]:
        found = [self._compared(query, one) for one in self.entities]
        return sorted(found, key=lambda one: (-one.score, one.entity_id))

    def _compared(self, query: Mapping[str, Any], entity: Mapping[str, Any]) -> FakeCompared:
        words = set(query["query"].casefold().split())
        best = (0.0, "", False)
        for text, is_weak in (
            *((one, False) for one in entity["names"]),
            *((one, True) for one in entity["weak_names"]),
        ):
            others = set(text.casefold().split())
            share = len(words & others) / max(len(words | others), 1)
            best = max(best, (share, text, is_weak))
        born, dates = query.get("birth_date"), entity["birth_dates"]
        is_other = bool(born and dates and born not in dates)
        score = best[0] / 2 if is_other else best[0]
        reasons = (say("The name is like the listed name {alias}.", alias=best[1]),)
        return FakeCompared(entity["id"], score, best[1], best[2], (("name", best[0]),), reasons)


def fake_engine(entities: Sequence[Mapping[str, Any]]) -> FakeIndex:
    """Build a fake index."""
    return FakeIndex(list(entities))


def entry(
    entry_id: str, *names: str, list_id: str = "us_sdn", weak: Sequence[str] = (), **more: Any
) -> ListEntry:
    """Return an entry of a list."""
    listed = [ListedName(one, NameKind.PRIMARY) for one in names]
    listed += [ListedName(one, NameKind.WEAK) for one in weak]
    return ListEntry(list_id, entry_id, more.pop("schema", Schema.PERSON), tuple(listed), **more)


def listed_party(party_id: str, *entries: ListEntry) -> ListedParty:
    """Return a listed party of entries."""
    return ListedParty(party_id, entries)


def in_use(
    *parties: ListedParty,
    version: str = "1",
    survivors: Mapping[str, str] | None = None,
    stale: Sequence[str] = (),
) -> ListsInUse:
    """Return lists in use that hold some parties."""
    names = sorted({name for one in parties for name in one.lists})
    return ListsInUse(
        {one.party_id: one for one in parties},
        dict.fromkeys(names, version),
        survivors or {},
        tuple(stale),
    )


def customer(customer_id: str, name: str, **more: str) -> dict[str, str]:
    """Return a row of a customer, an individual unless told."""
    row = {"source": "crm", "customer_id": customer_id, "name": name}
    return {**row, "customer_kind": "individual", "country": "NL", **more}


def owner(owner_id: str, owned_id: str, name: str, **more: str) -> dict[str, str]:
    """Return a row of an owner, an individual with all shares unless told."""
    row = {"source": "register", "owner_id": owner_id, "owned_id": owned_id, "owner_name": name}
    return {**row, "owner_kind": "individual", "share": "1", **more}


_TENANTS = count(1)


@cache
def _database() -> SqlStore:
    return open_store("sqlite://", clock=FixedClock(AT))


def _own_store() -> SqlStore:
    """Return the store of a tenant of its own: migrations are run once for all benches."""
    return SqlStore(_database().engine, TenantId(f"bench-{next(_TENANTS)}"), FixedClock(AT))


@dataclass
class ScreeningBench:
    """An empty store with what screening needs; the clock goes on by an hour a run."""

    lists: ListsInUse = field(default_factory=in_use)
    threshold: int | None = None
    at: datetime = AT
    store: SqlStore = field(default_factory=_own_store)

    def put(self, kind: str, *rows: Mapping[str, str]) -> None:
        """Take rows of the registry in."""
        self.store.put(kind, rows, at=self.at, by="local:test")

    @property
    def screen(self) -> Screen:
        """What a run is made with now."""
        return Screen(
            store=self.store,
            lists=self.lists,
            scoring=Scoring(fake_engine, self.threshold),
            book=shipped_book(),
            tenant=self.store.tenant,
            as_of=DAY,
            at=self.at,
            by="local:test",
        )

    def run(self, *, is_full: bool = False) -> ScreeningRun:
        """Screen, an hour after the last time."""
        self.at += timedelta(hours=1)
        return run_screening(replace(self.screen, is_full=is_full))

    def allow_first(self, days: int) -> None:
        """Enter that the first open match is none, for some days."""
        found = (one for _, one in sorted(self.matches().items()) if one.state is MatchState.OPEN)
        match = next(found, None)
        if match is None:
            return
        allowance = Allowance(
            allowance_id=f"a-{self.at:%d%H}-{match.party_id}-{match.listed_id}",
            party_id=match.party_id,
            listed_id=match.listed_id,
            state=AllowanceState.STANDING,
            reason="another birth date",
            expires=self.at.date() + timedelta(days=days - 1),
            party_essence=match.party_essence,
            listed_essence=match.listed_essence,
            entries=match.entries,
            score=match.pair.score,
            made_by="local:test",
            made_at=self.at,
        )
        self.store.matches.write_allowances([allowance], at=self.at, by="local:test")

    def matches(self) -> dict[tuple[str, str], Match]:
        """Return every match as it stands, by its pair."""
        return {(one.party_id, one.listed_id): one for one in self.store.matches.matches()}


def states(matches: Iterable[Match]) -> dict[tuple[str, str], str]:
    """Return pair → how its match stands."""
    return {(one.party_id, one.listed_id): one.state.value for one in matches}
