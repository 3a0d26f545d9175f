"""Which addresses a node may call: a guard against requests forged through it.

Whoever can enter an address (of a webhook, of a list) could otherwise make the
node call what only the node can reach: services of its own machine, its
private network, the cloud's metadata service. A name is resolved once, every
address that it gives is checked, and the connection goes to a checked address.
"""

from __future__ import annotations

import re
import socket
from collections.abc import Callable, Sequence
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from urllib.parse import urlsplit

from sluicegate.services.ports.addresses import (
    AddressPolicy,
    AddressRefusedError,
    CheckedAddress,
)

Resolver = Callable[[str, int], Sequence[str]]
"""Given a name and a port, returns its addresses as text; raises OSError when there are none."""

Address = IPv4Address | IPv6Address

_MOST_CHARACTERS = 2_000
_MOST_NAME = 253
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMERIC = re.compile(r"[0-9]+|0x[0-9a-f]*")
_DEFAULT_PORTS = {"https": 443, "http": 80}

METADATA = frozenset(
    map(
        ip_address,
        (
            "169.254.169.254",
            "169.254.170.2",
            "100.100.100.200",
            "168.63.129.16",
            "192.0.0.192",
            "fd00:ec2::254",
            "fd20:ce::254",
        ),
    )
)
"""Where clouds answer with a machine's credentials; no setting allows them."""

NEVER: tuple[IPv4Network | IPv6Network, ...] = tuple(
    map(
        ip_network,
        (
            "0.0.0.0/8",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "::/128",
            "ff00::/8",
            "::ffff:0:0/96",
            "::/96",
            "64:ff9b::/96",
            "64:ff9b:1::/48",
            "2001::/32",
            "2002::/16",
        ),
    )
)
"""This network, multicast, reserved, and forms of IPv6 that carry another address inside
(mapped, compatible, NAT64, Teredo, 6to4); no setting allows them, except loopback `::1`."""

INNER: tuple[IPv4Network | IPv6Network, ...] = tuple(
    map(
        ip_network,
        (
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "::1/128",
            "100::/64",
            "2001:db8::/32",
            "3fff::/20",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
        ),
    )
)
"""Private, loopback, link-local, shared, documentation; allowed only by a setting that names
the network."""


def resolved(name: str, port: int) -> Sequence[str]:
    """Return the addresses of a name as the machine resolves it."""
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


def checked_address(
    url: str, policy: AddressPolicy, *, resolve: Resolver = resolved
) -> CheckedAddress:
    """Return where an address leads, when a node may call it.

    Raises:
        AddressRefusedError: it may not, for its form, scheme, port or host, or for
            one of the addresses that its name gives, or the name gives none.
    """
    scheme, host, port, target = _parts(url, policy)
    literal = _literal(url, host)
    if literal is not None:
        _check(url, literal, policy)
        return CheckedAddress(scheme, host, port, target, (str(literal),))
    try:
        texts = resolve(host, port)
    except OSError as error:
        raise _refused(url, f"the name {host} has no address", "check the name") from error
    addresses = [_address(url, host, text) for text in texts]
    if not addresses:
        raise _refused(url, f"the name {host} has no address", "check the name")
    for one in addresses:
        _check(url, one, policy)
    return CheckedAddress(scheme, host, port, target, tuple(map(str, addresses)))


def _parts(url: str, policy: AddressPolicy) -> tuple[str, str, int, str]:
    """Return scheme, host, port and target of an address in its plain form."""
    if len(url) > _MOST_CHARACTERS:
        raise _refused(url[:80], "is too long", f"give at most {_MOST_CHARACTERS} characters")
    if any(character <= " " or character in "\\\x7f" for character in url):
        raise _refused(url, "holds a blank, a control character or a backslash", "leave it away")
    if not url.isascii():
        raise _refused(url, "holds characters outside ASCII", "write the name in its xn-- form")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise _refused(
            url, "cannot be read as an address", "give e.g. https://hooks.example/in"
        ) from error
    scheme = parts.scheme.lower()
    schemes = ("https", "http") if policy.allow_http else ("https",)
    if scheme not in schemes:
        raise _refused(url, f"does not begin with {' or '.join(schemes)}", "give such an address")
    if "@" in parts.netloc:
        raise _refused(url, "holds a user or password", "leave it away")
    if "#" in url:
        raise _refused(url, "holds a fragment", "leave away what stands after #")
    host = (parts.hostname or "").lower()
    if not host:
        raise _refused(url, "names no host", "give e.g. https://hooks.example/in")
    port = _DEFAULT_PORTS[scheme] if port is None else port
    if port not in policy.ports:
        allowed = ", ".join(map(str, policy.ports))
        raise _refused(url, f"port {port} is not allowed", f"use one of {allowed}")
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return scheme, host, port, target


def _literal(url: str, host: str) -> Address | None:
    """Return the address that a host is written as; None for a name.

    Only the plain forms are read. 2130706433, 0x7f.1, 0177.0.0.1 and 127.1 mean
    127.0.0.1 to some programs: what ends in a number and is no plain address is
    refused.
    """
    if ":" in host:
        if "%" in host:
            raise _refused(url, "names the zone of an address", "give a public address")
        return _address(url, host, host)
    labels = host.split(".")
    if _NUMERIC.fullmatch(labels[-1]):
        return _address(url, host, host)
    if len(host) > _MOST_NAME or not all(_LABEL.fullmatch(label) for label in labels):
        raise _refused(url, f"{host} is no name of a host", "give a name such as hooks.example")
    return None


def _address(url: str, host: str, text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError as error:
        raise _refused(
            url, f"{host} is no address in plain form", "give four decimal numbers or a name"
        ) from error


def _check(url: str, address: Address, policy: AddressPolicy) -> None:
    if address in METADATA:
        raise _refused(url, f"{address} is a metadata service", "give a public address")
    is_loopback = address == IPv6Address("::1")
    if not is_loopback and any(address in network for network in NEVER):
        raise _refused(url, f"{address} is not an address of one host", "give a public address")
    if any(address in ip_network(network) for network in policy.networks):
        return
    if any(address in network for network in INNER) or not address.is_global:
        raise _refused(
            url,
            f"{address} is not a public address",
            "give a public one, or name its network in the setting webhooks.networks",
        )


def _refused(url: str, problem: str, way_out: str) -> AddressRefusedError:
    """Return the refusal; what may be a password is left out of its text."""
    shown = re.sub(r"//[^/?#]*@", "//***@", url)
    return AddressRefusedError(f"{shown!r}: {problem}; {way_out}")
