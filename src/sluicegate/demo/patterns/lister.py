"""Putting parties on the invented lists of a world, and drawing those who are they."""

from dataclasses import dataclass
from datetime import date

from sluicegate.demo import instants
from sluicegate.demo.draft import Draft, Party
from sluicegate.demo.listed_names import ListedNames, PersonName
from sluicegate.demo.patterns.honest import modest_use
from sluicegate.demo.records import ListedKind, Listing, PartyKind
from sluicegate.demo.sites import Sites
from sluicegate.demo.truth import Pattern

BLOCKED = "us_sdn"
ENTITIES = "us_entity"
OWN = "own"
OLDER_DAYS = 30
"""So many days before the end of the year the older version of each list was made."""
_COUNTRIES = ("AE", "KE", "SG", "ZA", "BR")


@dataclass(frozen=True, slots=True)
class Drawn:
    """A customer that was drawn: what holds of it, what only seems to, and who is listed.

    `parties` are ids of those at or above the customer who are on a list, and
    `entries` are theirs, or those of others whom the customer is only like.
    """

    customer_id: str
    parties: tuple[str, ...]
    entries: tuple[str, ...]
    holds: tuple[Pattern, ...] = (Pattern.LISTED_PARTY,)
    seems: tuple[Pattern, ...] = ()


class Lister:
    """Draws listed parties, and owners and customers that are they."""

    def __init__(self, draft: Draft, sites: Sites) -> None:
        self.draft = draft
        self.draws = draft.draws
        self.names = ListedNames(draft.draws)
        self._sites = sites

    def country(self) -> str:
        """A country of a listed party and of its customer."""
        return self.draws.pick(_COUNTRIES)

    def put(self, list_id: str, name: str, kind: ListedKind, country: str, **more: str) -> str:
        """Put a party on a list since long ago; return the id of its entry."""
        number = len(self.draft.listings) + 1
        entry_id = f"syn-l-{number:04d}"
        since = day_from_end(self.draft, -self.draws.whole(200, 1500)).isoformat()
        particulars = {"since": since, **more}
        listing = Listing(list_id, entry_id, name, kind, country, **particulars)
        self.draft.listings.append(listing)
        return entry_id

    def person(self, name: PersonName, country: str, list_id: str = BLOCKED, **more: str) -> str:
        """Put a person on a list, as issuers write names; return the id of the entry."""
        return self.put(list_id, name.as_listed, ListedKind.PERSON, country, **more)

    def owner(self, country: str, list_id: str = BLOCKED) -> tuple[Party, str]:
        """A listed person as an owner, with the id of the entry."""
        name = self.names.person()
        entry = self.person(name, country, list_id)
        return self.draft.add_party(PartyKind.INDIVIDUAL, country, name.plain), entry

    def firm_owner(self, country: str) -> tuple[Party, str]:
        """A firm of the entity list as an owner, its first word written as two."""
        name = self.names.firm()
        entry = self.put(ENTITIES, f"{name.plain} LLC", ListedKind.FIRM, country)
        return self.draft.add_party(PartyKind.ENTITY, country, f"{name.parted} LLC"), entry

    def customer(self, country: str, name: str | None = None, *, born: str = "") -> str:
        """A customer with the use of a small one, open to the end; a person where a day is given.

        The particulars that are not told are drawn.
        """
        draft = self.draft
        kind = PartyKind.INDIVIDUAL if born else PartyKind.ENTITY
        customer_id = draft.add_customer(Pattern.LISTED_PARTY, country, kind=kind, name=name)
        modest_use(draft, self._sites, customer_id)
        draft.amend(customer_id, closed="")
        if born:
            draft.amend(customer_id, birth_date=born)
        return customer_id

    def holders(self, customer_id: str, country: str, *per_milles: int) -> None:
        """Give a customer owners whom no list names."""
        for per_mille in per_milles:
            holder = self.draft.add_party(PartyKind.INDIVIDUAL, country)
            self.draft.own(holder, customer_id, per_mille, role="shareholder")

    def born(self, low: int, high: int) -> str:
        """A day of birth between two years."""
        draws = self.draws
        return date(draws.whole(low, high), draws.whole(1, 12), draws.whole(1, 28)).isoformat()


def day_from_end(draft: Draft, days: int) -> date:
    """The day so many days from the end of the year."""
    return instants.day_of(draft.as_of, instants.USAGE_DAYS + days)
