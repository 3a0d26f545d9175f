"""The other organisation of the proofs: a mirror of the node's own, in which all is named anew."""

from __future__ import annotations

import codecs
import json
import re

from sqlalchemy import insert, select

from principals import OTHER
from sluicegate.adapters.store.models import Base
from sluicegate.adapters.store.present_care import PresentCare
from sluicegate.adapters.store.unit import Unit
from sluicegate.core.identifiers import TenantId
from sluicegate.wiring import OpenNode
from tiny_world import CLOCK, CUSTOMERS, FACILITIES, OWNERSHIP, RUNS


def names() -> tuple[str, ...]:
    """Return the ids and names of the tiny world, the longest first."""
    found = set()
    for text in (CUSTOMERS, OWNERSHIP, FACILITIES, RUNS):
        head, *rows = (line.split(",") for line in text.splitlines())
        for row in rows:
            told = dict(zip(head, row, strict=False))
            found |= {
                value
                for name, value in told.items()
                if value and (name.endswith("_id") or name in ("name", "owner_name", "email"))
            }
    found |= {"mossbank-a", "mossbank-b", "acct-7"}
    return tuple(sorted(found, key=len, reverse=True))


UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
SHORT = r"(?<![0-9a-z-])[a-z]-[0-9a-f]{16}(?![0-9a-f])"
"""How random ids and digests that are cut short are written."""

_IN_SELF = re.compile(
    rf"(?P<name>(?<![\w-])(?:{'|'.join(map(re.escape, names()))})(?![\w-]))"
    rf"|(?P<id>{UUID}|{SHORT})",
    re.IGNORECASE,
)
_MIRROR = str.maketrans("0123456789abcdef", "fedcba9876543210")


def mirrored(text: str) -> str:
    """Return a text of the node's tenant as the other tenant has it: other names, other ids.

    >>> mirrored("Alder Reach Labs (c-lab)")
    'Nyqre Ernpu Ynof (p-yno)'
    """

    def other(found: re.Match[str]) -> str:
        if found["name"] is not None:
            return codecs.encode(found["name"], "rot13")
        kind, dash, rest = found["id"].rpartition("-")
        return f"{kind}{dash}{rest.translate(_MIRROR)}"

    return _IN_SELF.sub(other, text)


_NAMED = frozenset({"name", "owner_name", "address", "stated_purpose", "region", "operator"})
_NAME_IN = re.compile(r'("(?:subject_name|name)":\s?")')
"""Columns with words of other people, and where such words begin in a document."""

_COPIED = (
    *("customers", "ownership", "facilities", "clusters", "runs", "account_map", "passes"),
    "account_signals",
    *("findings", "obligations", "present_customers", "present_groups", "present_runs"),
    "present_worlds",
)
"""Tables that a pass fills or reads; the other tenant has no lake, so its usage is not copied."""


def copy_to_other(node: OpenNode, hostile: str = "") -> None:
    """Give the other tenant a mirror of what was taken in and found; names may be hostile."""
    written = json.dumps(hostile, ensure_ascii=False)[1:-1]
    engine = node.store.engine
    with engine.begin() as connection:
        for name in _COPIED:
            table = Base.metadata.tables[name]
            for row in connection.execute(select(table)).mappings().all():
                values = {
                    key: mirrored(value) if isinstance(value, str) else value
                    for key, value in row.items()
                    if key != "sequence"
                }
                for key, value in values.items():
                    if key in _NAMED and isinstance(value, str):
                        values[key] = hostile + value
                    elif key == "document" and isinstance(value, str):
                        values[key] = _NAME_IN.sub(lambda found: found[1] + written, value)
                values["tenant_id"] = OTHER
                connection.execute(insert(table).values(values))
    with engine.begin() as connection:
        PresentCare(Unit(engine, TenantId(OTHER), CLOCK)).rebuild_in(connection)
