"""Which addresses of the net a node may call, by its settings."""

from __future__ import annotations

from sluicegate.services.ports.addresses import AddressPolicy
from sluicegate.services.settings import Settings


def address_policy(settings: Settings) -> AddressPolicy:
    """Return which addresses a node may call."""
    return AddressPolicy(
        settings.webhook_allow_http, settings.webhook_ports, settings.webhook_networks
    )
