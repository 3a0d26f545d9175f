"""Addresses on other machines that a node may call, and those that it never may."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AddressPolicy:
    """What may be called. `networks` (CIDR) names private networks that are allowed as well."""

    allow_http: bool = False
    ports: tuple[int, ...] = (443, 80, 8443)
    networks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckedAddress:
    """An address that passed every check.

    A connection goes to one of `addresses` and to nothing else; `host` is the
    name for the Host header and for TLS. `target` is the path with its query.
    """

    scheme: str
    host: str
    port: int
    target: str
    addresses: tuple[str, ...]


class AddressRefusedError(ValueError):
    """An address that may not be called, with the reason and the way out."""
