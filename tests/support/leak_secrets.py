"""Texts of which it is known who may see them: planted words, ids and names, found in answers."""

from __future__ import annotations

import codecs
import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, LargeBinary, select

from leak_mirror import SHORT, UUID, names
from sluicegate.adapters.store.models import Base
from sluicegate.core.identifiers import TenantId
from sluicegate.services.access.jurisdictions import jurisdiction_of
from sluicegate.services.access.principals import Principal, Resource, Scope

_NAMES = "|".join(map(re.escape, (*names(), *(codecs.encode(one, "rot13") for one in names()))))
TOKEN = re.compile(
    rf"canary[0-9a-f]{{10}}|{UUID}|{SHORT}|(?<![0-9a-f])[0-9a-f]{{64}}(?![0-9a-f])"
    rf"|(?<![\w-])(?:{_NAMES})(?![\w-])",
    re.IGNORECASE,
)
"""What in a text may be a secret: canaries, ids, digests, names of the worlds."""


@dataclass
class Secrets:
    """Texts that some may see: each with the things whose readers may see it."""

    of: dict[str, set[Resource]] = field(default_factory=dict)
    hostile: str = ""
    """What stands before every canary in a text, and after names that a pass found."""
    _number: int = 0

    def plant(self, label: str) -> str:
        """Return a new canary; `label` says in a failure what it was planted as."""
        return self.hostile + self.plain(label)

    def plain(self, label: str) -> str:
        """Return a new canary for where only plain words may stand, such as an address."""
        self._number += 1
        drawn = hashlib.sha256(f"{self._number} {label}".encode()).hexdigest()[:10]
        return f"canary{drawn} {label}"

    def found_by(self, who: Principal | None, text: str) -> set[str]:
        """Return the secrets in a text that lie outside the sight of who reads it."""
        scope = None if who is None else Scope.of(who)
        found = set()
        for match in TOKEN.finditer(text):
            things = self.of.get(match[0].casefold())
            if things and (scope is None or not any(map(scope.covers, things))):
                found.add(match[0])
        return found


def gather(secrets: Secrets, engine: Engine) -> None:
    """Find every token in every row, and whose it is by the row's own columns."""
    tables = list(Base.metadata.sorted_tables)
    homes = [one for one in tables if one.name in ("cases", "findings", "filings")]
    others = [one for one in tables if one not in homes and one.name not in _SECOND_HAND]
    late = [one for one in tables if one.name in _SECOND_HAND]
    cases: dict[tuple[str, str], Resource] = {}
    places: dict[tuple[str, str], str | None] = {}
    with engine.connect() as connection:
        for table in (*homes, *others, *late):
            if "tenant_id" not in table.c:
                continue
            for resource, token in _tokens(connection, table, cases, places):
                known = secrets.of.setdefault(token, set())
                if table not in late or not known:
                    known.add(resource)


_SECOND_HAND = frozenset(
    {"acts", "jobs", "webhook_deliveries", "webhook_attempts", "notices", "kept_requests"}
    | {"obligations", "case_alerts", "present_findings", "present_obligations", "present_changes"}
)
"""Tables whose rows name things by id; whose those are stands in the tables of the things."""


_DIGEST_SIGNS = 64
"""Signs of a digest; of these only those of files are secret, others tell of equal contents."""


def _tokens(
    connection: Connection,
    table: Any,
    cases: dict[tuple[str, str], Resource],
    places: dict[tuple[str, str], str | None],
) -> Iterator[tuple[Resource, str]]:
    for row in connection.execute(select(table)).mappings():
        tenant = TenantId(row["tenant_id"])
        place, sealed = row.get("jurisdiction") or None, row.get("sealed_for") or None
        if table.name == "findings" and row["document"] is not None:
            place = jurisdiction_of(json.loads(row["document"])["instrument"])
        resource = Resource("", tenant, "", place, sealed)
        if table.name in ("cases",):
            cases[tenant, row["case_id"]] = resource
        elif row.get("case_id"):
            resource = cases.get((tenant, row["case_id"]), resource)
        for column in table.c:
            value = row[column.name]
            if column.name in ("tenant_id", "pass_id", "digest") or not value:
                continue
            if isinstance(value, bytes) and isinstance(column.type, LargeBinary):
                value = value.decode("utf-8", errors="replace")
            if isinstance(value, tuple | list):
                value = " ".join(map(str, value))
            for match in TOKEN.finditer(value if isinstance(value, str) else ""):
                if len(match[0]) != _DIGEST_SIGNS or column.name == "sha256":
                    yield resource, match[0].casefold()
