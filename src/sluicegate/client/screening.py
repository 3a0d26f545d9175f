"""Lists of parties and screening: what is on them, who may be on them, and who is not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal, TypedDict, Unpack

from sluicegate.client.calls import Calls, part
from sluicegate.client.shapes import (
    AllowanceShown,
    DesignationMade,
    DesignationRow,
    JobShown,
    Joined,
    ListChangeRow,
    ListedPartyShown,
    ListInUse,
    ListVersions,
    MatchRow,
    MatchShown,
    NamesScreened,
    RunShown,
    ScreeningStanding,
    Split,
)


class MatchList(TypedDict, total=False):
    """Which matches are wanted; without a state, those that are open or confirmed."""

    state: (
        Literal["open", "confirmed", "cleared", "gone"]
        | Sequence[Literal["open", "confirmed", "cleared", "gone"]]
    )
    list: str
    text: str
    party: str
    weak: bool
    order: Literal["score", "newest", "name"]
    limit: int


class NewDesignation(TypedDict, total=False):
    """What else is known of a designation; `schema` is a name of FollowTheMoney."""

    schema: str
    url: str
    weak_names: Sequence[str]
    countries: Sequence[str]
    birth_dates: Sequence[str]
    identifiers: Sequence[Mapping[str, str]]
    addresses: Sequence[str]
    reason: str


class Screening(Calls):
    """Lists and screening as a program works with them."""

    def lists(self) -> list[ListInUse]:
        """List the lists in use: version, day, entries, how old they are and may be."""
        return self._items(ListInUse, "/v1/lists")

    def list_versions(self, list_id: str) -> ListVersions:
        """Return the versions of a list that were taken in, oldest first."""
        return self._read(ListVersions, f"/v1/lists/{part(list_id)}/versions")

    def list_changes(
        self, list_id: str, *, earlier: str | None = None, later: str | None = None
    ) -> Iterator[ListChangeRow]:
        """Yield what differs between two versions; the one in use and the one before it else."""
        query = {"earlier": earlier, "later": later}
        return self._every(ListChangeRow, f"/v1/lists/{part(list_id)}/changes", query)

    def listed_party(self, party: str) -> ListedPartyShown:
        """Return a listed party by its id or by an entry (LIST:ENTRY), with why it is one."""
        return self._read(ListedPartyShown, f"/v1/lists/parties/{part(party)}")

    def join_listed_parties(self, first: str, second: str, reason: str) -> Joined:
        """Make one listed party of two; the older id answers for both."""
        body = {"first": first, "second": second, "reason": reason}
        return self._change(Joined, "/v1/lists/parties/join", body)

    def split_listed_party(self, party: str, entries: Sequence[str], reason: str) -> Split:
        """Take entries (LIST:ENTRY) out of a listed party; no rule joins them with it again."""
        body = {"party": party, "entries": list(entries), "reason": reason}
        return self._change(Split, "/v1/lists/parties/split", body)

    def designations(self) -> list[DesignationRow]:
        """List what was entered by hand before a list carried it."""
        return self._items(DesignationRow, "/v1/lists/designations")

    def add_designation(
        self,
        names: Sequence[str],
        *,
        expected: str,
        document: str,
        dated: date,
        **more: Unpack[NewDesignation],
    ) -> DesignationMade:
        """Enter a designation before the list it is expected on carries it."""
        about = {"names": list(names), "expected": expected, "document": document, "dated": dated}
        return self._change(DesignationMade, "/v1/lists/designations", {**about, **more})

    def withdraw_designation(self, designation_id: str, reason: str) -> DesignationRow:
        """Take a designation back; it is kept, and screened no more."""
        path = f"/v1/lists/designations/{part(designation_id)}/withdraw"
        return self._change(DesignationRow, path, {"reason": reason})

    def import_list(
        self,
        name: str,
        content: bytes,
        *,
        list_id: str | None = None,
        published: date | None = None,
        accept_smaller: str = "",
        dry_run: bool = False,
    ) -> JobShown:
        """Send a list to be taken in, as a job; several files of one list come as one zip."""
        query = {
            "name": name,
            "list": list_id,
            "published": published,
            "accept_smaller": accept_smaller or None,
            "dry_run": dry_run,
        }
        return self._upload(JobShown, "/v1/lists/import", query, content)

    def fetch_lists(self, lists: Sequence[str] = (), *, accept_smaller: str = "") -> JobShown:
        """Fetch lists from their issuers, as a job; all in use whose address is known if none."""
        body = {"lists": list(lists), "accept_smaller": accept_smaller}
        return self._change(JobShown, "/v1/lists/fetch", body)

    def screen_names(
        self, names: Sequence[Mapping[str, str]], *, limit: int = 10, allow_stale: bool = False
    ) -> NamesScreened:
        """Screen names: each with `name`, and `schema`, `birth_date`, `country` where known."""
        body = {"names": list(names), "limit": limit, "allow_stale": allow_stale}
        return self._ask_for(NamesScreened, "/v1/screening/names", body)

    def matches(self, **wanted: Unpack[MatchList]) -> Iterator[MatchRow]:
        """Yield matches of customers, owners and directors with listed parties."""
        return self._every(MatchRow, "/v1/screening/matches", wanted)

    def match(self, match_id: str) -> MatchShown:
        """Return a match with its reasons and all that became of it; the reading is an act."""
        return self._read(MatchShown, f"/v1/screening/matches/{part(match_id)}")

    def screening_status(self) -> ScreeningStanding:
        """Say when the node was screened last, with which lists, and whether that is in order."""
        return self._read(ScreeningStanding, "/v1/screening/status")

    def screening_runs(self, *, limit: int = 50) -> list[RunShown]:
        """List runs of screening, the newest first."""
        return self._items(RunShown, "/v1/screening/runs", {"limit": limit})

    def screening_run(self, run_id: str) -> RunShown:
        """Return a run of screening."""
        return self._read(RunShown, f"/v1/screening/runs/{part(run_id)}")

    def run_screening(self, *, full: bool = False) -> JobShown:
        """Screen what changed since the last run, or everyone, as a job."""
        return self._change(JobShown, "/v1/screening/runs", {"full": full})

    def allowances(self) -> list[AllowanceShown]:
        """List allowances, oldest first: who is not whom, until when, and why."""
        return self._items(AllowanceShown, "/v1/screening/allowances")

    def add_allowance(
        self, match_id: str, reason: str, *, expires: date | None = None
    ) -> AllowanceShown:
        """Enter that the two parties of a match are not one; the next run clears it."""
        body = {"match": match_id, "reason": reason, "expires": expires}
        return self._change(AllowanceShown, "/v1/screening/allowances", body)

    def revoke_allowance(self, allowance_id: str, reason: str) -> AllowanceShown:
        """End an allowance before its day; the next run opens the match again."""
        path = f"/v1/screening/allowances/{part(allowance_id)}/revoke"
        return self._change(AllowanceShown, path, {"reason": reason})
