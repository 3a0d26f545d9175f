"""What the API and the console are served from: one node with all it is joined to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sluicegate.core.clock import Clock
from sluicegate.core.identifiers import TenantId
from sluicegate.registry.catalogue import Catalogue
from sluicegate.rules.book import RuleBook
from sluicegate.services.access.authority import Authority
from sluicegate.services.access.principals import Principal
from sluicegate.services.desk import Desk
from sluicegate.services.ports import Store
from sluicegate.services.settings import Settings
from sluicegate.wiring.nodes import OpenNode


@dataclass(frozen=True)
class Served:
    """A node at work for many requests at once.

    `store_of` gives the store of a tenant over the node's one database; it raises
    NodeError for a tenant that the node does not serve. `public_url` is the
    address at which people reach the console, or None on this machine only.
    """

    node: OpenNode
    authority: Authority
    store_of: Callable[[TenantId], Store]
    public_url: str | None = None

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
