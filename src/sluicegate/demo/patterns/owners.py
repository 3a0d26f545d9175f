"""Customers of the United States with a foreign person behind them, and look-alikes."""

from collections.abc import Callable

from sluicegate.demo import instants
from sluicegate.demo.draft import Draft, Party
from sluicegate.demo.patterns.honest import modest_use
from sluicegate.demo.records import PartyKind
from sluicegate.demo.sites import Sites
from sluicegate.demo.truth import Pattern, Subject, SubjectKind

_HOME = "US"
_ABROAD = ("CH", "AE", "SG", "BR", "KR", "ZA", "GB", "JP")


def add_foreign_owners(draft: Draft, sites: Sites) -> None:
    """Add customers that are foreign behind a domestic face, and others that only look so."""
    for near_miss, ways in ((False, _OWNED), (True, _NOT_OWNED)):
        for way, arrange in ways:
            customer_id = draft.add_customer(Pattern.FOREIGN_OWNER, _HOME)
            country = draft.draws.pick(_ABROAD)
            owner = draft.add_party(PartyKind.INDIVIDUAL, country)
            arrange(draft, customer_id, owner)
            modest_use(draft, sites, customer_id)
            draft.add_pattern(
                Pattern.FOREIGN_OWNER,
                Subject(SubjectKind.CUSTOMER, id=customer_id),
                near_miss=near_miss,
                detail={"way": way, "owner_id": owner.party_id, "owner_country": country},
            )


def _home_holders(draft: Draft, customer_id: str, per_milles: tuple[int, ...]) -> None:
    for per_mille in per_milles:
        holder = draft.add_party(PartyKind.INDIVIDUAL, _HOME)
        draft.own(holder, customer_id, per_mille, role="shareholder")


def _direct_majority(draft: Draft, customer_id: str, owner: Party) -> None:
    share = draft.draws.whole(600, 1000)
    draft.own(owner, customer_id, share, controls=True)


def _direct_large_part(draft: Draft, customer_id: str, owner: Party) -> None:
    share = draft.draws.whole(260, 390)
    draft.own(owner, customer_id, share)
    _home_holders(draft, customer_id, (300, 300))


def _through_shell(draft: Draft, customer_id: str, owner: Party) -> None:
    shell = draft.add_party(PartyKind.ENTITY, _HOME)
    draft.own(owner, shell.party_id, draft.draws.whole(750, 1000), controls=True)
    draft.own(shell, customer_id, draft.draws.whole(600, 1000), controls=True)


def _through_two_shells(draft: Draft, customer_id: str, owner: Party) -> None:
    holding = draft.add_party(PartyKind.ENTITY, _HOME)
    shell = draft.add_party(PartyKind.ENTITY, _HOME)
    draft.own(owner, holding.party_id, draft.draws.whole(850, 1000), controls=True)
    draft.own(holding, shell.party_id, draft.draws.whole(850, 1000), controls=True)
    draft.own(shell, customer_id, draft.draws.whole(700, 1000), controls=True)


def _without_shares(draft: Draft, customer_id: str, owner: Party) -> None:
    draft.own(
        owner,
        customer_id,
        None,
        controls=True,
        without_shares=True,
        role="appoints the board under an agreement",
    )
    _home_holders(draft, customer_id, (400, 300, 300))


def _just_too_little(draft: Draft, customer_id: str, owner: Party) -> None:
    draft.own(owner, customer_id, 249, role="investor")
    _home_holders(draft, customer_id, (380, 371))


def _little(draft: Draft, customer_id: str, owner: Party) -> None:
    draft.own(owner, customer_id, 100, role="investor")
    _home_holders(draft, customer_id, (450, 450))


def _little_through_shell(draft: Draft, customer_id: str, owner: Party) -> None:
    shell = draft.add_party(PartyKind.ENTITY, _HOME)
    partner = draft.add_party(PartyKind.INDIVIDUAL, _HOME)
    draft.own(owner, shell.party_id, draft.draws.whole(200, 240), role="investor")
    draft.own(partner, shell.party_id, 760, controls=True)
    draft.own(shell, customer_id, draft.draws.whole(600, 800), controls=True)


def _sold(draft: Draft, customer_id: str, owner: Party) -> None:
    ended = instants.day_of(draft.as_of, instants.USAGE_DAYS - draft.draws.whole(40, 200))
    draft.own(owner, customer_id, draft.draws.whole(600, 1000), valid_to=ended.isoformat())
    _home_holders(draft, customer_id, (450, 450))


_Arrange = Callable[[Draft, str, Party], None]
_OWNED: tuple[tuple[str, _Arrange], ...] = (
    ("majority held directly", _direct_majority),
    ("large part held directly", _direct_large_part),
    ("held through a domestic company", _through_shell),
    ("held through two domestic companies", _through_two_shells),
    ("control without shares", _without_shares),
)
_NOT_OWNED: tuple[tuple[str, _Arrange], ...] = (
    ("24.9 percent held directly", _just_too_little),
    ("10 percent held directly", _little),
    ("small part of a domestic company that owns", _little_through_shell),
    ("majority sold before the as-of day", _sold),
)
