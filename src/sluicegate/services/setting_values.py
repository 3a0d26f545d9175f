"""Values of settings: what each kind may be, how it is read and how it is shown.

A reader takes what the file or the environment gives; it raises ValueError with
the rest of a sentence that begins with the setting's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Names of this machine, the only ones that http may be spoken with."""


class Role(Enum):
    """What an organisation is in the oversight of compute."""

    PROVIDER = "provider"
    REGULATOR = "regulator"
    OFFICE = "office"
    DEVELOPER = "developer"
    INSTITUTE = "institute"
    MANUFACTURER = "manufacturer"
    AUDITOR = "auditor"


class Totp(Enum):
    """Whether a local account needs a second factor, a code of an authenticator app."""

    REQUIRED = "required"
    OPTIONAL = "optional"


@dataclass(frozen=True, slots=True)
class GroupGrant:
    """What a group of the organisation's provider may do here.

    `jurisdictions` None means all of them.
    """

    roles: frozenset[str]
    jurisdictions: frozenset[str] | None = None
    sealed_groups: frozenset[str] = frozenset()


def read_text(value: Any) -> str:
    """Read text that is not blank."""
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is not text")
    return value.strip()


def read_country(value: Any) -> str:
    """Read a country's code."""
    text = read_text(value)
    if not re.fullmatch(r"[A-Z]{2}", text):
        raise ValueError("is not a country of two capital letters, e.g. US")
    return text


def read_list(value: Any) -> tuple[str, ...]:
    """Read a list, or text with commas between its parts."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise ValueError("is not a list")
    return tuple(read_text(part) for part in parts if part != "")


def read_roles(value: Any) -> tuple[Role, ...]:
    """Read the roles of a node, each once."""
    words = read_list(value)
    known = [role.value for role in Role]
    for word in words:
        if word not in known:
            raise ValueError(f"has no role {word!r}; the roles are {', '.join(known)}")
    if not words:
        raise ValueError("is empty; a node has at least one role")
    return tuple(Role(word) for word in dict.fromkeys(words))


def read_memory(value: Any) -> str:
    """Read an amount of memory."""
    text = read_text(value)
    if not re.fullmatch(r"[0-9]+(?:\.[0-9]+)? ?(?:[KMGT]i?B|%)", text):
        raise ValueError("is not an amount of memory, e.g. 2GB")
    return text


def read_threads(value: Any) -> int:
    """Read a count of threads."""
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise ValueError("is not a count of threads, e.g. 2")
    return int(text)


def read_number(least: int, most: int, unit: str) -> Callable[[Any], int]:
    """Return a reader of whole numbers from `least` to `most`, in words `unit`."""

    def read(value: Any) -> int:
        text = str(value)
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,6}", text):
            raise ValueError(f"is not a count of {unit}, e.g. {least}")
        if not least <= int(text) <= most:
            raise ValueError(f"is not from {least} to {most} {unit}")
        return int(text)

    return read


def read_totp(value: Any) -> Totp:
    """Read whether a second factor is needed."""
    known = [one.value for one in Totp]
    if value not in known:
        raise ValueError(f"is not one of {', '.join(known)}")
    return Totp(value)


def read_address(value: Any) -> str:
    """Read an https address; http is for this machine only."""
    text = read_text(value)
    parts = urlsplit(text)
    local = parts.hostname in LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ValueError("is not an https address (http is for this machine only, 127.0.0.1)")
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError("is not a plain address, e.g. https://compute.example")
    return text.rstrip("/")


def read_issuer(value: Any) -> str:
    """Read an issuer as it is: a slash at its end is a part of its name."""
    read_address(value)
    return read_text(value)


def read_groups(value: Any) -> Mapping[str, GroupGrant]:
    """Read what each group of the organisation's provider may do."""
    if not isinstance(value, Mapping):
        raise ValueError('is not a table, e.g. analysts = {roles = ["analyst"]}')
    return {group: _read_grant(group, grant) for group, grant in value.items()}


def _read_grant(group: str, grant: Any) -> GroupGrant:
    parts = ("roles", "jurisdictions", "sealed_groups")
    if not isinstance(grant, Mapping) or not set(grant) <= set(parts):
        raise ValueError(f"gives {group!r} something else than {', '.join(parts)}")
    roles = frozenset(read_list(grant.get("roles", ())))
    if not roles:
        raise ValueError(f'gives {group!r} no role; give e.g. roles = ["analyst"]')
    given = grant.get("jurisdictions")
    return GroupGrant(
        roles,
        None if given is None else frozenset(read_list(given)),
        frozenset(read_list(grant.get("sealed_groups", ()))),
    )


def read_score(value: Any) -> int:
    """Read a score from 0 to 1 as ten-thousandths."""
    text = str(value).strip()
    if not re.fullmatch(r"0\.[0-9]{1,4}|1(?:\.0{1,4})?", text):
        raise ValueError("is not a score from 0 to 1 with up to four places, e.g. 0.85")
    return int(Decimal(text) * 10_000)


def show_score(value: int | None) -> str:
    """Show ten-thousandths as a score."""
    return "not set" if value is None else str(Decimal(value) / 10_000)


def show_plain(value: Any) -> str:
    """Show a value that is no secret."""
    if value is None:
        return "not set"
    if isinstance(value, tuple):
        return ", ".join(part.value if isinstance(part, Role) else str(part) for part in value)
    if isinstance(value, Enum):
        return str(value.value)
    return str(value)


def show_regimes(value: Any) -> str:
    """Show which regimes are switched on."""
    return "all" if value is None else show_plain(value)


def show_secret(value: Any) -> str:
    """Show only whether a secret is set."""
    return "not set" if value is None else "***"


def show_groups(value: Mapping[str, GroupGrant]) -> str:
    """Show each group with its roles."""
    shown = [f"{group} ({', '.join(sorted(one.roles))})" for group, one in sorted(value.items())]
    return ", ".join(shown) or "none"


def show_url(value: Any) -> str:
    """Mask what stands between the user's name and the host, and any password parameter."""
    masked = re.sub(r"(://[^:/@]*):.*@", r"\1:***@", str(value))
    return re.sub(r"(?i)(password=)[^&]*", r"\1***", masked)
