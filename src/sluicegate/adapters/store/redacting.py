"""Documents that name a customer: the words go, the document with its digest stays.

Findings, obligations, cases, matches, drafts of filings and notes are records of
what was found and decided. They stay, with the id of the customer where its name
stood. Only rows that speak of the customer by its id are touched, so that a
namesake keeps its name; sealed files are left alone, as an erasing would tell of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, LargeBinary, Row, insert, or_, update

from sluicegate.adapters.store.models import table
from sluicegate.adapters.store.unit import Unit
from sluicegate.cases.filings.filing import FilingState
from sluicegate.core.canonical import digest
from sluicegate.core.exact import load_json
from sluicegate.frontier.consultation import Happening
from sluicegate.kyc.diligence.events import About, Kind
from sluicegate.kyc.diligence.items import is_placeholder
from sluicegate.kyc.diligence.redaction import ERASED_WORDS, Redaction
from sluicegate.registry.records import CustomerKind
from sluicegate.services.ports.diligence import Disposal, Tombstone
from sluicegate.services.present.keys import name_key


@dataclass(frozen=True, slots=True)
class _Named:
    """Where a table names customers: columns with JSON, with plain text, and with an id."""

    documents: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()


HISTORIES: Mapping[str, _Named] = {
    "findings": _Named(documents=("document",)),
    "obligations": _Named(documents=("document",)),
    "case_events": _Named(documents=("data",), texts=("reason",), ids=("case_id",)),
    "filing_versions": _Named(documents=("document",), texts=("reason",), ids=("filing_id",)),
    "match_versions": _Named(documents=("document",)),
    "allowances": _Named(documents=("document",)),
    "ownership_diligence": _Named(
        texts=("searched", "found", "left_open", "reason"), ids=("party_id",)
    ),
    "link_decisions": _Named(texts=("reason",), ids=("a", "b")),
    "consultation_events": _Named(documents=("document",)),
    "consultation_confidential": _Named(documents=("document",)),
}
"""Tables that only grow; each row that is touched leaves a tombstone under its sequence."""

_READ: Mapping[str, _Named] = {
    "cases": _Named(texts=("title", "subject_name"), ids=("case_id", "customer_id")),
    "case_documents": _Named(documents=("document",), ids=("case_id",)),
    "present_findings": _Named(texts=("subject_name",), ids=("customer_id", "subject_id")),
    "standing_matches": _Named(texts=("name_key", "names"), ids=("party_id",)),
    "present_changes": _Named(texts=("subject_name",), ids=("customer_id", "subject")),
    "present_customers": _Named(documents=("document",), texts=("name",), ids=("customer_id",)),
    "present_groups": _Named(documents=("document",), texts=("name",), ids=("group_id",)),
    "present_runs": _Named(documents=("document",), texts=("name",), ids=("customer_id",)),
    "jobs": _Named(documents=("parameters", "result")),
    "webhook_deliveries": _Named(documents=("payload",)),
    "kept_requests": _Named(texts=("body",)),
}
"""Tables that are folded from others or kept for a while; nothing of them is owed a tombstone."""

_KEYED = {
    **dict.fromkeys(("cases", "present_findings"), "subject_name"),
    **dict.fromkeys(("present_groups", "present_runs", "present_customers"), "name"),
}
"""Table with a column `name_key` → the column that it folds."""

_WORDS = ("address", "email", "telephone", "registration_number", "payment_source")


def redaction_of(unit: Unit, connection: Connection, customer_id: str) -> Redaction:
    """Return the words by which a customer and the individuals who own it are named.

    They are read before anything is erased. An owner who owns another customer
    too keeps its name outside this customer's own records.
    """
    words: dict[str, str] = {}
    customers, owners = table("customers"), table("ownership")
    for row in connection.execute(
        unit.rows(customers).where(customers.c.customer_id == customer_id)
    ):
        words.update({word: ERASED_WORDS for name in _WORDS if (word := getattr(row, name))})
        words.update(dict.fromkeys(row.ip_addresses or (), ERASED_WORDS))
        words |= dict.fromkeys((row.name, name_key(row.name)), customer_id)
    own = unit.rows(owners).where(
        owners.c.owned_id == customer_id, owners.c.owner_kind == CustomerKind.INDIVIDUAL
    )
    for row in connection.execute(own).all():
        others = unit.rows(owners, owners.c.sequence).where(
            owners.c.owner_id == row.owner_id, owners.c.owned_id != customer_id
        )
        if row.owner_name and connection.execute(others.limit(1)).first() is None:
            words |= dict.fromkeys((row.owner_name, name_key(row.owner_name)), row.owner_id)
    words.update(dict.fromkeys(_entered(unit, connection, customer_id), ERASED_WORDS))
    words.update(dict.fromkeys(_consulted(unit, connection, customer_id), ERASED_WORDS))
    return Redaction(
        {
            word: said
            for word, said in words.items()
            if word.casefold() != said.casefold() and not is_placeholder(word)
        }
    )


def redact(
    unit: Unit, connection: Connection, said: Redaction, disposal: Disposal
) -> Iterator[Tombstone]:
    """Take words out of every row that speaks of a customer; yield what histories leave."""
    about = _Speaking.of(unit, connection, disposal.customer_id, said)
    for name, named in HISTORIES.items():
        for row in about.rows(name, named):
            changed = _changed(said, named, row)
            if changed:
                yield _entombed(unit, connection, name, row, changed, disposal)
    for name, named in _READ.items():
        for row in about.rows(name, named):
            changed = _changed(said, named, row)
            if changed and name in _KEYED:
                shown = _KEYED[name]
                changed["name_key"] = name_key(changed.get(shown, getattr(row, shown)))
            if changed:
                _write(unit, connection, name, row, changed)


def digest_of(row: Row[Any], fields: Collection[str]) -> str:
    """Return what a tombstone says of a document: the digest of what stands there now."""
    return digest({name: getattr(row, name) for name in fields})


@dataclass(frozen=True)
class _Speaking:
    """The rows that speak of a customer: by its id, or in one of its cases or drafts."""

    unit: Unit
    connection: Connection
    named: frozenset[str]
    ids: frozenset[str]
    sealed: frozenset[str]

    @classmethod
    def of(cls, unit: Unit, connection: Connection, customer_id: str, said: Redaction) -> _Speaking:
        """Find what is about a customer, or about an owner whose name goes with it."""
        cases, filings = table("cases"), table("filings")
        own = connection.execute(
            unit.rows(cases, cases.c.case_id, cases.c.sealed_for).where(
                cases.c.customer_id == customer_id
            )
        ).all()
        ordinary = {row.case_id for row in own if row.sealed_for is None}
        drafts = connection.execute(
            unit.rows(filings, filings.c.filing_id).where(
                filings.c.case_id.in_(ordinary), filings.c.sealed_for.is_(None)
            )
        ).scalars()
        sealed = {row.case_id for row in own if row.sealed_for is not None}
        named = frozenset({customer_id, *said.words.values()} - {ERASED_WORDS})
        ids = frozenset({*named, *ordinary, *drafts})
        return cls(unit, connection, named, ids, frozenset(sealed))

    def rows(self, name: str, named: _Named) -> Iterator[Row[Any]]:
        """Yield the rows of a table that speak of the customer and are not sealed."""
        rows = table(name)
        wanted: list[ColumnElement[bool]] = [rows.c[column].in_(self.ids) for column in named.ids]
        for column in (*named.documents, *named.texts):
            if isinstance(rows.c[column].type, LargeBinary):
                wanted.append(rows.c[column].is_not(None))
            else:
                wanted += [rows.c[column].contains(one, autoescape=True) for one in self.named]
        query = self.unit.rows(rows).where(or_(*wanted)).order_by(rows.c.sequence)
        if "sealed_for" in rows.c:
            query = query.where(rows.c.sealed_for.is_(None))
        is_filing = name == "filing_versions"
        filed = filed_of(self.unit, self.connection, self.ids) if is_filing else frozenset()
        for row in self.connection.execute(query).all():
            by_id = any(getattr(row, column) in self.ids for column in named.ids)
            if (by_id or self._speaks(row, named)) and not (
                self.sealed & {getattr(row, "case_id", None)}
                or getattr(row, "filing_id", None) in filed
            ):
                yield row

    def _speaks(self, row: Row[Any], named: _Named) -> bool:
        ids = "|".join(map(re.escape, sorted(self.named)))
        whole = re.compile(rf"(?<![\w-])(?:{ids})(?![\w-])")
        texts = (getattr(row, column) for column in (*named.documents, *named.texts))
        return any(text and whole.search(_plain(text)) for text in texts)


def filed_of(unit: Unit, connection: Connection, filings: Collection[str]) -> frozenset[str]:
    """Return which of these filings went out: they stay as the authority received them."""
    versions = table("filing_versions")
    query = unit.rows(versions, versions.c.filing_id).where(
        versions.c.filing_id.in_(filings), versions.c.state == FilingState.FILED.value
    )
    return frozenset(connection.execute(query).scalars())


def _entered(unit: Unit, connection: Connection, customer_id: str) -> Iterator[str]:
    """Yield what people entered by hand of a customer."""
    events = table("diligence_events")
    query = unit.rows(events, events.c.private).where(
        events.c.about == About.CUSTOMER.value,
        events.c.subject == customer_id,
        events.c.kind == Kind.COLLECTED.value,
        events.c.private.is_not(None),
    )
    for private in connection.execute(query).scalars():
        value = load_json(private).get("value")
        if value:
            yield value


def _consulted(unit: Unit, connection: Connection, customer_id: str) -> Iterator[str]:
    """Yield the contact persons of a customer's comments in consultations."""
    for name in ("consultation_events", "consultation_confidential"):
        events = table(name)
        query = unit.rows(events, events.c.document).where(
            events.c.kind == Happening.COMMENTED.value,
            events.c.document.contains(customer_id, autoescape=True),
        )
        for document in connection.execute(query).scalars():
            said = load_json(document)
            if said.get("customer") == customer_id and said.get("contact"):
                yield said["contact"]


def _changed(said: Redaction, named: _Named, row: Row[Any]) -> dict[str, Any]:
    """Return the columns of a row that are other without the words."""
    found: dict[str, Any] = {}
    for column in named.documents:
        text = getattr(row, column)
        if text is not None:
            found[column] = said.document(text)
    for column in named.texts:
        text = getattr(row, column)
        if isinstance(text, bytes):
            found[column] = said.file(text)
        elif text is not None:
            found[column] = said.text(text)
    return {column: text for column, text in found.items() if text != getattr(row, column)}


def _entombed(
    unit: Unit,
    connection: Connection,
    name: str,
    row: Row[Any],
    changed: Mapping[str, Any],
    disposal: Disposal,
) -> Tombstone:
    fields = tuple(changed)
    stone = Tombstone(
        disposal_id=disposal.disposal_id,
        customer_id=disposal.customer_id,
        kept_in=name,
        row_id=str(row.sequence),
        fields=fields,
        digest=digest({column: changed[column] for column in fields}),
        rule=disposal.rule,
        at=disposal.at,
        by=disposal.by,
    )
    written = {
        **unit.stamp(unit.instant(disposal.at)),
        "recorded_by": disposal.by,
        "disposal_id": disposal.disposal_id,
        "customer_id": disposal.customer_id,
        "kept_in": name,
        "row_id": stone.row_id,
        "fields": fields,
        "salt": "",
        "digest": stone.digest,
        "rule": disposal.rule,
    }
    connection.execute(insert(table("erasures")), [written])
    _write(unit, connection, name, row, changed)
    return stone


def _write(
    unit: Unit, connection: Connection, name: str, row: Row[Any], changed: Mapping[str, Any]
) -> None:
    rows = table(name)
    connection.execute(
        update(rows)
        .where(rows.c.tenant_id == unit.tenant, rows.c.sequence == row.sequence)
        .values(changed)
    )


def _plain(text: str | bytes) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
