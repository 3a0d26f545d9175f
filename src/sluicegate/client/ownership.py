"""Ownership, the 50 percent rules, what is not known, and customers that belong together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    BothMethodsShown,
    JobShown,
    LinkDecided,
    LinkDecision,
    LinkedGroupRow,
    LinkedGroupShown,
    LinksCut,
    LinksNotUsed,
    OwnershipOfParty,
    OwnershipRecord,
    OwnershipRecordShown,
    OwnersOfParty,
    SuggestedLink,
)

Regime = Literal["ofac", "bis_affiliates"]


class Ownership(Calls):
    """Who owns whom, and who belongs together."""

    def ownership(
        self, party: str, *, as_of: date | None = None, known_on: date | None = None
    ) -> OwnershipOfParty:
        """Return every holding above a party; the reading is an act."""
        query = {"as_of": as_of, "known_on": known_on}
        return self._read(OwnershipOfParty, f"/v1/ownership/{part(party)}", query)

    def ownership_picture(self, party: str, *, as_of: date | None = None) -> bytes:
        """Return owners above what they own as SVG; the reading is an act."""
        return self._file(f"/v1/ownership/{part(party)}/picture", {"as_of": as_of})

    def owners(
        self, party: str, *, as_of: date | None = None, known_on: date | None = None
    ) -> OwnersOfParty:
        """Return the beneficial owners of a party, by share and by control; an act."""
        query = {"as_of": as_of, "known_on": known_on}
        return self._read(OwnersOfParty, f"/v1/ownership/{part(party)}/owners", query)

    def fifty_percent(
        self,
        party: str | None = None,
        *,
        regime: Regime | Sequence[Regime] | None = None,
        listed: Mapping[str, str] | None = None,
        as_of: date | None = None,
    ) -> Iterator[BothMethodsShown]:
        """Yield what listed parties own, by both methods; `listed` adds party → list."""
        given = [f"{name}={text}" for name, text in (listed or {}).items()]
        query = {"party": party, "regime": regime, "listed": given, "as_of": as_of}
        return self._every(BothMethodsShown, "/v1/ownership/fifty-percent", query)

    def export_ownership(
        self, *, to: Literal["bods", "ftm"] = "bods", party: str | None = None, lines: bool = False
    ) -> bytes:
        """Return ownership as statements of BODS 0.4 or entities of FollowTheMoney; an act."""
        return self._file("/v1/ownership/export", {"to": to, "party": party, "lines": lines})

    def import_ownership(
        self,
        name: str,
        content: bytes,
        *,
        source: str | None = None,
        same: Mapping[str, str] | None = None,
        dry_run: bool = False,
    ) -> JobShown:
        """Send statements to be read into the registry, as a job; `same` is record → party."""
        pairs = [f"{record}={party}" for record, party in (same or {}).items()]
        query = {"name": name, "source": source, "same": pairs, "dry_run": dry_run}
        return self._upload(JobShown, "/v1/ownership/import", query, content)

    def ownership_records(
        self, *, state: Literal["open", "closed"] | None = None
    ) -> list[OwnershipRecord]:
        """List the records of what of an ownership is not known."""
        return self._items(OwnershipRecord, "/v1/ownership/diligence", {"state": state})

    def ownership_record(self, record_id: str) -> OwnershipRecordShown:
        """Return a record with every version; the reading is an act."""
        return self._read(OwnershipRecordShown, f"/v1/ownership/diligence/{part(record_id)}")

    def note_ownership_record(
        self,
        record_id: str,
        *,
        searched: str | None = None,
        found: str | None = None,
        left_open: str | None = None,
        reason: str = "",
    ) -> OwnershipRecord:
        """Write down what was searched, found and left open; earlier versions stay."""
        body = {"searched": searched, "found": found, "left_open": left_open, "reason": reason}
        path = f"/v1/ownership/diligence/{part(record_id)}/note"
        return self._change(OwnershipRecord, path, body)

    def close_ownership_record(self, record_id: str, reason: str) -> OwnershipRecord:
        """Close a record, with the reason why nothing more needs to be known."""
        path = f"/v1/ownership/diligence/{part(record_id)}/close"
        return self._change(OwnershipRecord, path, {"reason": reason})

    def linked_groups(self) -> Iterator[LinkedGroupRow]:
        """Yield the groups of linked customers as they were last found."""
        return self._every(LinkedGroupRow, "/v1/links/groups")

    def linked_group(self, group: str) -> LinkedGroupShown:
        """Return a group, by its id or by a customer in it, with what links it; an act."""
        return self._read(LinkedGroupShown, f"/v1/links/groups/{part(group)}")

    def link_decisions(self) -> list[LinkDecision]:
        """List everything that people decided about links, oldest first."""
        return self._items(LinkDecision, "/v1/links/decisions")

    def links_not_used(self, customer: str | None = None, *, limit: int = 50) -> LinksNotUsed:
        """Return what was found and links nobody; asked of one customer it is an act."""
        return self._read(LinksNotUsed, "/v1/links/unused", {"customer": customer, "limit": limit})

    def suggested_links(self) -> list[SuggestedLink]:
        """List pairs that a model takes for one customer, until somebody accepts or cuts them."""
        return self._items(SuggestedLink, "/v1/links/suggestions")

    def find_links(
        self, *, as_of: str | None = None, suggest: bool = False, least_per_mille: int = 900
    ) -> JobShown:
        """Find what links customers, as a job; with `suggest` a model suggests duplicates too."""
        body = {"as_of": as_of, "suggest": suggest, "least_per_mille": least_per_mille}
        return self._change(JobShown, "/v1/links/find", body)

    def cut_link(self, one: str, other: str, reason: str) -> LinksCut:
        """Cut the link between two customers, or between one and a group; it stays cut."""
        return self._change(LinksCut, "/v1/links/cut", _pair(one, other, reason))

    def restore_link(self, one: str, other: str, reason: str) -> LinkDecided:
        """Take a cut back: the links between the two count again as they are found."""
        return self._change(LinkDecided, "/v1/links/restore", _pair(one, other, reason))

    def accept_link(self, one: str, other: str, reason: str) -> LinkDecided:
        """Hold two customers together that belong together."""
        return self._change(LinkDecided, "/v1/links/accept", _pair(one, other, reason))


def _pair(one: str, other: str, reason: str) -> dict[str, str]:
    return {"one": one, "other": other, "reason": reason}
