"""A store with a few invented customers for due diligence, and desks of people at any day."""

from __future__ import annotations

import shutil
import tempfile
from atexit import register
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, NoReturn

from principals import operator, principal
from sluicegate.adapters.copies import DiskCopies
from sluicegate.adapters.policies import CedarAuthority, shipped_statements
from sluicegate.adapters.store import SqlStore, open_store
from sluicegate.core.clock import FixedClock
from sluicegate.core.identifiers import DEFAULT_TENANT
from sluicegate.registry.catalogue import Catalogue
from sluicegate.rules.loading import shipped_book
from sluicegate.services.access.principals import Principal
from sluicegate.services.desk import Desk
from sluicegate.services.parts import NodeParts
from sluicegate.services.ports.reports import ReportFolder
from sluicegate.services.settings import Settings

BOOK = shipped_book()
AUTHORITY = CedarAuthority(shipped_statements())
CLOSED = date(2020, 1, 31)
LAST = date(2025, 1, 31)
"""The last day on which data of a customer closed on that day is kept, by the longer rule."""
AT = datetime(2026, 6, 30, 9, tzinfo=UTC)
CUSTOMERS = [
    {
        "source": "crm",
        "customer_id": "c-gone",
        "name": "Idris Vantongeren",
        "customer_kind": "individual",
        "country": "NL",
        "address": "9 Lindenkade, Harrow",
        "email": "idris@vantongeren.example",
        "telephone": "+31 20 555 0107",
        "payment_source": "card of I. Vantongeren",
        "ip_addresses": "192.0.2.77",
        "opened": "2018-05-01",
        "closed": CLOSED.isoformat(),
    },
    {
        "source": "crm",
        "customer_id": "c-lab",
        "name": "Alder Reach Labs",
        "customer_kind": "entity",
        "country": "US",
        "email": "office@alder-reach.example",
        "telephone": "N/A",
        "stated_purpose": "inference serving",
        "opened": "2024-01-01",
    },
    {
        "source": "crm",
        "customer_id": "c-new",
        "name": "Ostrel Optics",
        "customer_kind": "entity",
        "country": "JP",
    },
]
OWNERS = [
    {
        "source": "register",
        "owner_id": "p-1",
        "owned_id": "c-gone",
        "owner_name": "Mirea Sandling",
        "owner_kind": "individual",
        "share": "0.6",
    },
    {
        "source": "register",
        "owner_id": "p-2",
        "owned_id": "c-lab",
        "owner_name": "Thierne Aubrac",
        "owner_kind": "individual",
        "owner_country": "FR",
        "share": "1",
    },
]
WORDS = ("Vantongeren", "Lindenkade", "555 0107", "192.0.2.77", "Sandling", "Aubrac", "Zephyrine")
"""What of these describes human beings, with a name that tests write into reasons."""


class _NoLake:
    """A lake that nobody reads, as no usage was taken in."""

    def __getattr__(self, name: str) -> NoReturn:
        raise AssertionError(f"the lake was asked for {name}")


@dataclass(frozen=True)
class World:
    """A store, and the desks of people over it."""

    store: SqlStore
    folder: Path

    def desk(self, who: str | Principal = "officer", on: date | datetime = AT) -> Desk:
        """Return the desk of a role, a principal or the operator, on a day."""
        actor = (
            (operator() if who == "operator" else principal(who)) if isinstance(who, str) else who
        )
        at = on if isinstance(on, datetime) else datetime.combine(on, time(9), UTC)
        return Desk(actor, self.store, AUTHORITY, FixedClock(at))

    @property
    def parts(self) -> NodeParts:
        """The node's parts; there is no usage."""
        lake: Any = _NoLake()
        catalogue: Any = Catalogue
        reports: Any = ReportFolder
        return NodeParts(
            self.store,
            lake,
            catalogue,
            BOOK,
            FixedClock(AT),
            Settings(store_url="sqlite://"),
            reports,
            DiskCopies(
                DEFAULT_TENANT,
                *(self.folder / name for name in ("reports", "work", "validation", "cache")),
            ),
        )

    def acts(self) -> str:
        """Return everything that acts say, as one text."""
        return "\n".join(one.canonical.decode() + one.reason for one in self.store.acts())


@lru_cache(maxsize=1)
def _made() -> Path:
    """Return a database with the customers; it is made once and copied."""
    folder = Path(tempfile.mkdtemp(prefix="sluicegate-test-"))
    register(shutil.rmtree, folder, ignore_errors=True)
    with open_store(f"sqlite:///{folder / 'state.db'}", clock=FixedClock(AT)) as store:
        store.put("customers", CUSTOMERS, at=AT, by="local:operator")
        store.put("ownership", OWNERS, at=AT, by="local:operator")
        store.diligence.settle()
    return folder / "state.db"


@contextmanager
def small_world(folder: Path) -> Iterator[World]:
    """Give a world of its own in a folder."""
    place = folder / "state.db"
    shutil.copy(_made(), place)
    with open_store(f"sqlite:///{place}", clock=FixedClock(AT)) as store:
        yield World(store, folder)
