"""A match with both of its sides as they are now: what a person needs in order to judge it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sluicegate.registry.records import Customer, OwnershipEdge
from sluicegate.screening.entries import ListEntry
from sluicegate.services.access.actions import Action
from sluicegate.services.access.authority import NotFoundError
from sluicegate.services.access.principals import Resource
from sluicegate.services.desk import Desk
from sluicegate.services.dossiers.stated import Knowledge
from sluicegate.services.lists.parts import ListParts, UnknownListError
from sluicegate.services.lists.showing import show_party
from sluicegate.services.ports.lists import GoneEntry
from sluicegate.services.ports.matches import Allowance, Match, Outcome
from sluicegate.services.ports.present import FindingRow
from sluicegate.services.screening.engine import ListsInUse

MATCH = "match"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class ScreenedSide:
    """What the registry says of the screened party today.

    `customer` is None for an owner or director who is no customer, and for whoever
    may not read customers; `holdings` are what they have of the customers whom the
    last pass found under the match.
    """

    party_id: str
    name: str
    customer: Customer | None
    holdings: tuple[OwnershipEdge, ...]


@dataclass(frozen=True, slots=True)
class ListedSide:
    """The listed party as lists have it now; `party_id` answers for it after any merge.

    `gone` are entries that their lists have no more, known only where none stands.
    """

    party_id: str
    entries: tuple[ListEntry, ...]
    gone: tuple[GoneEntry, ...] = ()

    @property
    def shown(self) -> tuple[ListEntry, ...]:
        """The entries that stand, else those that are gone, each as it was last."""
        return self.entries or tuple(one.entry for one in self.gone)


@dataclass(frozen=True, slots=True)
class MatchBeside:
    """A match with both sides, what became of it, and where it stands in the work.

    `allowances` are those of the pair, the newest first; `findings` are those of
    the last pass, as far as the principal may see findings.
    """

    match: Match
    screened: ScreenedSide
    listed: ListedSide
    outcomes: Sequence[Outcome]
    allowances: Sequence[Allowance]
    findings: Sequence[FindingRow]


def match_beside(
    desk: Desk, parts: ListParts, lists: ListsInUse | None, match_id: str
) -> MatchBeside:
    """Return a match with both sides; the reading is an act.

    `lists` are those in use, None where the node has none any more.

    Raises:
        NotFoundError: there is no such match.
        RefusedError: the principal may read no cases.
        ListFilesError: entries of a list are missing or damaged.
    """
    match = desk.store.matches.match(match_id)
    if match is None:
        desk.must(Action.CASE_READ)
        raise NotFoundError(MATCH, match_id)
    desk.read(Action.CASE_READ, Resource(MATCH, desk.principal.tenant, match_id))
    findings = tuple(_findings(desk, match))
    listed_id = match.listed_id if lists is None else lists.surviving(match.listed_id)
    pair = (match.party_id, listed_id)
    allowances = [
        one
        for one in desk.store.matches.allowances()
        if (one.party_id, one.listed_id if lists is None else lists.surviving(one.listed_id))
        == pair
    ]
    return MatchBeside(
        match=match,
        screened=_screened(desk, match, [one.customer_id for one in findings]),
        listed=listed_side(parts, lists, match.listed_id),
        outcomes=desk.store.matches.outcomes(match_id),
        allowances=allowances[::-1],
        findings=findings,
    )


def listed_side(parts: ListParts, lists: ListsInUse | None, party_id: str) -> ListedSide:
    """Return a listed party as lists have it now, or as they had it last.

    One that stands is taken from the lists in use, which are in memory already;
    for one that is gone the files are read.
    """
    answers = party_id if lists is None else lists.surviving(party_id)
    standing = None if lists is None else lists.parties.get(answers)
    if standing is not None:
        return ListedSide(answers, standing.entries)
    try:
        found = show_party(parts, party_id)
    except UnknownListError:
        return ListedSide(answers, ())
    return ListedSide(found.party_id, found.entries, found.gone)


def _findings(desk: Desk, match: Match) -> Iterator[FindingRow]:
    """Yield the open findings that rest on a match, as far as the principal may see them."""
    if not desk.may(Action.FINDING_READ).is_allowed:
        return
    for name in desk.store.matches.findings_of(match.match_id):
        row = desk.store.present.finding(desk.scope, name)
        if row is not None:
            yield row


def _screened(desk: Desk, match: Match, customers: Sequence[str]) -> ScreenedSide:
    party = match.party_id
    if not desk.may(Action.CUSTOMER_READ).is_allowed:
        return ScreenedSide(party, match.party_name, None, ())
    known = Knowledge(desk.store, _today(desk))
    versions = known.versions("customers", "customer_id", {party}, Customer)
    holding = known.holding("customers", versions)
    below = {one for one in customers if one and one != party}
    return ScreenedSide(
        party_id=party,
        name=match.party_name,
        customer=holding[0] if holding else None,
        holdings=tuple(_holdings(known, party, below)),
    )


def _holdings(known: Knowledge, party: str, below: set[str]) -> Iterator[OwnershipEdge]:
    """Yield what a party has of customers, or of what stands between, step by step upward."""
    seen: set[str] = set()
    waiting = set(below)
    while waiting and len(seen) < _AT_ONCE:
        versions = known.versions("ownership", "owned_id", waiting, OwnershipEdge)
        edges = known.holding("ownership", versions)
        yield from (one for one in edges if one.owner_id == party)
        seen |= waiting
        waiting = {str(one.owner_id) for one in edges if one.owner_id != party} - seen


def _today(desk: Desk) -> date:
    return desk.now().date()
