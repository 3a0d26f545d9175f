"""A world while it is being drawn: what the patterns add their parties, runs and use to."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from sluicegate.demo import instants
from sluicegate.demo.draws import Draws
from sluicegate.demo.names import Names, email, lei
from sluicegate.demo.records import (
    AccountMapping,
    Channel,
    Cluster,
    Customer,
    Facility,
    Lineage,
    Listing,
    Ownership,
    PartyKind,
    Run,
    Signal,
    Usage,
    Utilisation,
)
from sluicegate.demo.truth import (
    Pattern,
    PatternTruth,
    RunTruth,
    Subject,
    UnknownAccelerator,
)

COUNTRIES = (
    *("US", "US", "US", "US", "US", "US", "GB", "GB", "DE", "DE", "FR", "NL", "SE", "CA", "CA"),
    *("JP", "JP", "SG", "SG", "KR", "IN", "IN", "BR", "AU", "ZA", "AE", "CH", "PL", "MX", "KE"),
)


@dataclass(frozen=True, slots=True)
class Party:
    """A person or firm that owns customers without being one."""

    party_id: str
    name: str
    kind: PartyKind
    country: str


class Draft:
    """A growing world. Identifiers are handed out here, so that none is used twice."""

    def __init__(self, *, seed: int, customers: int, as_of: date) -> None:
        self.seed = seed
        self.as_of = as_of
        self.draws = Draws(seed)
        self.names = Names(self.draws)
        self.customers: dict[str, Customer] = {}
        self.ownership: list[Ownership] = []
        self.facilities: list[Facility] = []
        self.clusters: list[Cluster] = []
        self.runs: list[Run] = []
        self.account_map: list[AccountMapping] = []
        self.signals: list[Signal] = []
        self.listings: list[Listing] = []
        self.lineages: list[Lineage] = []
        self.usage: list[Usage] = []
        self.run_truths: list[RunTruth] = []
        self.patterns: list[PatternTruth] = []
        self.unknown_accelerators: list[UnknownAccelerator] = []
        self._pattern_of: dict[str, Pattern] = {}
        self._controller_of: dict[str, str] = {}
        self._utilisation_of: dict[str, int] = {}
        self._free_numbers = self.draws.shuffled(range(1, customers + 1))
        self._parties = 0
        self._runs = 0

    # Parties

    @property
    def customers_left(self) -> int:
        """How many customers the world still has room for."""
        return len(self._free_numbers)

    def add_customer(
        self,
        pattern: Pattern,
        country: str,
        *,
        kind: PartyKind = PartyKind.ENTITY,
        name: str | None = None,
    ) -> str:
        """Add a customer with drawn particulars and return its id."""
        if not self._free_numbers:
            raise ValueError("customers: too few for the patterns of the world; ask for more")
        number = self._free_numbers.pop()
        customer_id = f"syn-c-{number:06d}"
        entity = kind is PartyKind.ENTITY
        if name is None:
            name = self.names.organisation(country) if entity else self.names.person()
        draws, names = self.draws, self.names
        born = date(draws.whole(1950, 2004), draws.whole(1, 12), draws.whole(1, 28))
        opened = instants.day_of(self.as_of, -draws.whole(20, 900))
        self.customers[customer_id] = Customer(
            customer_id=customer_id,
            name=name,
            customer_kind=kind.value,
            country=country,
            address=names.address(country),
            email=email(name),
            telephone=names.telephone() if draws.chance(90) else "",
            registration_number=f"SYN-{country}-{number:07d}" if entity else "",
            lei=lei(number) if entity and draws.chance(40) else "",
            birth_date="" if entity else born.isoformat(),
            payment_source=names.payment(),
            ip_addresses=names.ip_addresses() if draws.chance(95) else "",
            opened=opened.isoformat(),
            closed="",
            stated_purpose=names.purpose() if draws.chance(80) else "",
            account_of="",
        )
        self._pattern_of[customer_id] = pattern
        return customer_id

    def amend(self, customer_id: str, **changes: str) -> None:
        """Replace particulars of a customer."""
        self.customers[customer_id] = replace(self.customers[customer_id], **changes)

    def pattern_of(self, customer_id: str) -> Pattern:
        """The pattern that a customer was made for."""
        return self._pattern_of[customer_id]

    def own_utilisation_of(self, customer_id: str) -> int | None:
        """Basis points of a customer's records outside runs that do not report their own."""
        return self._utilisation_of.get(customer_id)

    def add_party(self, kind: PartyKind, country: str, name: str | None = None) -> Party:
        """Make a person or firm that can own."""
        self._parties += 1
        if name is None:
            entity = kind is PartyKind.ENTITY
            name = self.names.organisation(country) if entity else self.names.person()
        return Party(f"syn-p-{self._parties:05d}", name, kind, country)

    def customer_as_party(self, customer_id: str) -> Party:
        """A customer as an owner of others."""
        customer = self.customers[customer_id]
        kind = PartyKind(customer.customer_kind)
        return Party(customer_id, customer.name, kind, customer.country)

    def own(
        self,
        owner: Party,
        owned_id: str,
        per_mille: int | None,
        *,
        controls: bool = False,
        without_shares: bool = False,
        role: str = "",
        valid_to: str = "",
    ) -> None:
        """Add an ownership edge; `controls` says that the owner decides for the owned.

        `without_shares` marks control by other means in the file.
        """
        valid_from = instants.day_of(self.as_of, -self.draws.whole(900, 2500))
        self.ownership.append(
            Ownership(
                owner_id=owner.party_id,
                owned_id=owned_id,
                owner_name=owner.name,
                owner_kind=owner.kind.value,
                owner_country=owner.country,
                share="" if per_mille is None else f"{per_mille // 1000}.{per_mille % 1000:03d}",
                share_low="",
                share_high="",
                substantial_control="true" if without_shares else "false",
                role=role,
                valid_from=valid_from.isoformat(),
                valid_to=valid_to,
            )
        )
        if controls:
            self._controller_of[owned_id] = owner.party_id

    def controller(self, party_id: str) -> str:
        """The party at the top of the chain of control above a customer or party."""
        while party_id in self._controller_of:
            party_id = self._controller_of[party_id]
        return party_id

    def map_account(self, account: str, customer_id: str) -> None:
        """Say to whom an account of a foreign format belongs, for the whole year."""
        opened = self.customers[customer_id].opened
        self.account_map.append(AccountMapping(account, customer_id, opened, ""))

    def new_account(self, channel: Channel) -> str:
        """A new account name in the manner of a format."""
        self._parties += 1
        if channel is Channel.FOCUS:
            return f"9900{self._parties:08d}"
        return f"syn_project_{self._parties:05d}"

    # Use

    def new_run_id(self) -> str:
        """An id for a declared run."""
        self._runs += 1
        return f"syn-r-{self._runs:05d}"

    def new_record_id(self) -> str:
        """An id for a usage record."""
        return f"syn-u-{len(self.usage) + 1:07d}"

    def utilisation(self, *, percent_reported: int = 40) -> Utilisation:
        """Draw how well a run uses its hardware: wider when the records report it."""
        if self.draws.chance(percent_reported):
            return Utilisation(self.draws.whole(1800, 5700), reported=True)
        return Utilisation(self.draws.whole(2400, 4800), reported=False)

    def set_own_utilisation(self, customer_id: str, utilisation: Utilisation) -> None:
        """Keep the utilisation of a customer's records outside runs, unless they report it."""
        if not utilisation.reported:
            self._utilisation_of[customer_id] = utilisation.basis_points

    def add_pattern(
        self,
        pattern: Pattern,
        subject: Subject,
        *,
        near_miss: bool,
        detail: Mapping[str, str],
        flop: int | None = None,
    ) -> None:
        """Note an example of a pattern in the truth."""
        self.patterns.append(PatternTruth(pattern, near_miss, subject, flop, dict(detail)))
