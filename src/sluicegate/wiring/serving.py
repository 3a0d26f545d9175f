"""What the API and the console are served from: one node with all it is joined to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sluicegate.cases.filings.form import Form
from sluicegate.core.clock import Clock
from sluicegate.core.identifiers import TenantId
from sluicegate.registry.catalogue import Catalogue
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.authority import Authority
from sluicegate.services.access.principals import Principal
from sluicegate.services.access.roles import SHIPPED_ROLES
from sluicegate.services.desk import Desk
from sluicegate.services.identity import Identities
from sluicegate.services.ports import Store
from sluicegate.services.settings import Settings
from sluicegate.wiring.access import authority_of
from sluicegate.wiring.filings import forms_of
from sluicegate.wiring.identity import identities_of, store_of
from sluicegate.wiring.names import NamesAtHand
from sluicegate.wiring.nodes import OpenNode


@dataclass(frozen=True)
class Served:
    """A node at work for many requests at once.

    `store_of` gives the store of a tenant over the node's one database; it raises
    NodeError for a tenant that the node does not serve. `identities` knows who
    people and machines of every tenant are; `forms` are those that can be filed, the
    node's own among them; `roles` are those that the policies know. `public_url` is
    the address at which people reach the console, or None on this machine only.
    `names` keeps the lists with their index for who screens names that they type.
    """

    node: OpenNode
    authority: Authority
    store_of: Callable[[TenantId], Store]
    identities: Identities
    forms: Mapping[str, Form]
    public_url: str | None = None
    roles: tuple[str, ...] = SHIPPED_ROLES
    names: NamesAtHand = field(default_factory=NamesAtHand)

    @property
    def settings(self) -> Settings:
        """The node's settings."""
        return self.node.node.settings

    @property
    def book(self) -> RuleBook:
        """The rules: the shipped ones with the node's own."""
        return self.node.book

    @property
    def catalogue(self) -> Catalogue:
        """The hardware."""
        return self.node.catalogue

    @property
    def clock(self) -> Clock:
        """The clock."""
        return self.node.clock

    @property
    def tenant(self) -> TenantId:
        """The tenant that the node serves unless another one is named."""
        return self.settings.tenant

    @property
    def is_https(self) -> bool:
        """Whether people reach the console over https."""
        return self.public_url is not None and self.public_url.startswith("https://")

    def desk(self, principal: Principal) -> Desk:
        """Return a principal's desk over the store of the principal's own tenant."""
        return Desk(principal, self.store_of(principal.tenant), self.authority, self.clock)


def served_of(node: OpenNode, *, base_url: str | None = None) -> Served:
    """Return an open node at work, with its own policies, accounts and tenants.

    `base_url` is the address under which people and machines reach the node; the
    setting `public_url`, or this machine, if left out.

    Raises:
        NodeError: the node's policies, its provider or its groups have faults.
        RuleFilesError: the node's own forms have faults, each with file and line.
    """
    authority = authority_of(node)
    identities = identities_of(node, base_url=base_url, authority=authority)
    stores = {tenant: store_of(node, tenant) for tenant in node.node.settings.served_tenants}

    def of_tenant(tenant: TenantId) -> Store:
        found = stores.get(tenant)
        return store_of(node, tenant) if found is None else found

    return Served(
        node,
        authority,
        of_tenant,
        identities,
        forms_of(node),
        public_url=base_url or node.node.settings.public_url,
        roles=authority.roles,
    )
