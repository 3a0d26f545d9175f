"""Settings of long work, webhooks and mail, as values and their readers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from ipaddress import ip_network
from typing import Any


class MailSecurity(Enum):
    """How the connection to a mail server is secured."""

    TLS = "tls"
    STARTTLS = "starttls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """The mail server that notices go through; the password is a setting of its own."""

    host: str
    sender: str
    port: int = 587
    security: MailSecurity = MailSecurity.STARTTLS
    login: str = ""

    def __str__(self) -> str:
        return f"{self.sender} through {self.host}:{self.port} ({self.security.value})"


_EMAIL_FIELDS = frozenset({"host", "sender", "port", "security", "login"})
_ADDRESS = re.compile(r"[^@\s<>,;:\"\\]{1,64}@[A-Za-z0-9.-]{1,253}")
_LARGEST_PORT = 65_535


def is_mail_address(text: str) -> bool:
    """Say whether a text is one plain mail address, without a name or a line break.

    >>> is_mail_address("office@alder-reach.example"), is_mail_address("a@b.example, c@d.example")
    (True, False)
    """
    return _ADDRESS.fullmatch(text) is not None


def read_email(value: Any) -> EmailSettings:
    """Read the table `[notices.email]`."""
    if not isinstance(value, Mapping):
        raise ValueError("is not a table with host and sender")
    unknown = sorted(set(value) - _EMAIL_FIELDS)
    if unknown:
        known = ", ".join(sorted(_EMAIL_FIELDS))
        raise ValueError(f"has no field {', '.join(unknown)}; the fields are {known}")
    host, sender = value.get("host"), value.get("sender")
    if not isinstance(host, str) or not re.fullmatch(r"[A-Za-z0-9.:-]+", host):
        raise ValueError("lacks the host of a mail server, e.g. host = 'mail.example'")
    if not isinstance(sender, str) or not is_mail_address(sender):
        raise ValueError("lacks the sender's address, e.g. sender = 'sluicegate@node.example'")
    words = [one.value for one in MailSecurity]
    security = value.get("security", MailSecurity.STARTTLS.value)
    if security not in words:
        raise ValueError(f"has no security {security!r}; give one of {', '.join(words)}")
    login = value.get("login", "")
    if not isinstance(login, str):
        raise ValueError("has a login that is not text")
    port = read_port(value.get("port", 587))
    return EmailSettings(host, sender, port, MailSecurity(security), login)


def read_port(value: Any) -> int:
    """Read the number of a port."""
    text = str(value).strip()
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,5}", text):
        raise ValueError("is not a port, e.g. 443")
    if not 1 <= int(text) <= _LARGEST_PORT:
        raise ValueError(f"is not a port from 1 to {_LARGEST_PORT}")
    return int(text)


def read_ports(value: Any) -> tuple[int, ...]:
    """Read ports, as a list or as text with commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or not parts:
        raise ValueError("is not a list of ports, e.g. [443, 8443]")
    return tuple(read_port(part) for part in parts)


def read_networks(value: Any) -> tuple[str, ...]:
    """Read networks in CIDR form, as a list or as text with commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise ValueError("is not a list of networks, e.g. ['10.1.0.0/16']")
    return tuple(str(ip_network(str(part).strip())) for part in parts if part != "")


def read_flag(value: Any) -> bool:
    """Read true or false, as such or as a word."""
    if isinstance(value, bool):
        return value
    words = {"true": True, "false": False, "1": True, "0": False}
    found = words.get(str(value).strip().lower())
    if found is None:
        raise ValueError("is neither true nor false")
    return found
