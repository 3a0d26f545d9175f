"""The settings of a node: one typed object, each value with its source.

A setting is read from `sluicegate.toml`; an environment variable named after
it (SLUICEGATE_TENANT, SLUICEGATE_STORE_URL, ...) goes before the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any
from urllib.parse import urlsplit

from sluicegate.core.identifiers import DEFAULT_TENANT, TenantId
from sluicegate.services.lists.settings import PlannedFetch, read_plan
from sluicegate.services.node import SETTINGS_FILE, NodeError, NodeFolder
from sluicegate.services.ports.notices import DAYS_AHEAD, MOST_DAYS_AHEAD
from sluicegate.services.work.settings import (
    EmailSettings,
    read_email,
    read_flag,
    read_networks,
    read_ports,
)

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


@dataclass(frozen=True, slots=True)
class SettingShown:
    """A setting for people: its value as text, secrets masked, and where it comes from."""

    name: str
    value: str
    source: str


@dataclass(frozen=True)
class Settings:
    """All settings of a node; `regimes` None switches on every regime.

    `engine_memory` is an amount such as 2GB and `engine_threads` a count; None
    leaves either to the engine. `sources` is setting → where its value is from.

    `tenants` are the organisations that an installation serves beside `tenant`.
    `public_url` is the address at which people and machines reach the node.
    `principal_rate`, `tenant_rate` and `address_rate` are requests a second;
    a JSON body has up to `json_kib` and `json_depth` levels, a body of many
    subjects up to `many_mib`, a file up to `upload_mib`.
    Sessions end after `session_idle_minutes` without a request, and after
    `session_absolute_minutes` in any case. `groups` says what each group of the
    provider may do; `oidc_groups_claim` names the claim that lists them.

    Long work that is over is kept `job_keep_days`. Due days are told
    `notice_days_ahead` days ahead, unless a person chooses otherwise.

    The lists of `lists_fetch` are fetched by the worker, each in its hours.

    A match alerts from `screening_threshold`, in ten-thousandths; None leaves it to
    the engine. Everyone is screened at least every `screening_hours`. A command in
    `screening_second_stage` scores what alerts a second time, within so many seconds.

    `exchange_name` is what this provider is called where it compares with
    others, `exchange_partners` the others, as they are called.
    """

    store_url: str
    tenant: TenantId = DEFAULT_TENANT
    roles: tuple[Role, ...] = (Role.PROVIDER,)
    country: str = "US"
    regimes: tuple[str, ...] | None = None
    engine_memory: str | None = None
    engine_threads: int | None = None
    public_url: str | None = None
    tenants: tuple[str, ...] = ()
    principal_rate: int = 200
    tenant_rate: int = 500
    address_rate: int = 20
    json_kib: int = 1024
    json_depth: int = 64
    many_mib: int = 64
    upload_mib: int = 256
    totp: Totp = Totp.REQUIRED
    password_length: int = 12
    session_idle_minutes: int = 30
    session_absolute_minutes: int = 720
    token_minutes: int = 10
    oidc_issuer: str | None = None
    oidc_client_id: str | None = None
    oidc_client_secret: str | None = field(default=None, repr=False)
    oidc_client_secret_file: str | None = None
    oidc_scopes: tuple[str, ...] = ("openid", "profile", "email")
    oidc_groups_claim: str = "groups"
    groups: Mapping[str, GroupGrant] = field(default_factory=dict)
    job_lease_seconds: int = 120
    job_attempts: int = 3
    job_keep_days: int = 90
    webhook_allow_http: bool = False
    webhook_ports: tuple[int, ...] = (443, 80, 8443)
    webhook_networks: tuple[str, ...] = ()
    webhook_timeout_seconds: int = 10
    webhook_retry_days: int = 3
    webhook_disable_days: int = 5
    notice_days_ahead: int = DAYS_AHEAD
    email: EmailSettings | None = None
    email_password: str | None = None
    lists_fetch: tuple[PlannedFetch, ...] = ()
    screening_threshold: int | None = None
    screening_hours: int = 24
    screening_second_stage: str | None = None
    screening_second_stage_seconds: int = 120
    exchange_name: str = ""
    exchange_partners: tuple[str, ...] = ()
    sources: Mapping[str, str] = field(default_factory=dict)

    @property
    def served_tenants(self) -> tuple[TenantId, ...]:
        """The node's own tenant, and every other one that it serves."""
        return tuple(dict.fromkeys((self.tenant, *map(TenantId, self.tenants))))

    def describe(self) -> tuple[SettingShown, ...]:
        """Return every setting with its source, without secrets."""
        return tuple(
            SettingShown(
                setting.name,
                setting.show(getattr(self, setting.name)),
                self.sources.get(setting.name, "default"),
            )
            for setting in _SETTINGS
        )


def _read_text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("is not text")
    return value.strip()


def _read_country(value: Any) -> str:
    text = _read_text(value)
    if not re.fullmatch(r"[A-Z]{2}", text):
        raise ValueError("is not a country of two capital letters, e.g. US")
    return text


def _read_list(value: Any) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list | tuple):
        raise ValueError("is not a list")
    return tuple(_read_text(part) for part in parts if part != "")


def _read_roles(value: Any) -> tuple[Role, ...]:
    words = _read_list(value)
    known = [role.value for role in Role]
    for word in words:
        if word not in known:
            raise ValueError(f"has no role {word!r}; the roles are {', '.join(known)}")
    if not words:
        raise ValueError("is empty; a node has at least one role")
    return tuple(Role(word) for word in dict.fromkeys(words))


def _read_memory(value: Any) -> str:
    text = _read_text(value)
    if not re.fullmatch(r"[0-9]+(?:\.[0-9]+)? ?(?:[KMGT]i?B|%)", text):
        raise ValueError("is not an amount of memory, e.g. 2GB")
    return text


def _read_threads(value: Any) -> int:
    text = str(value)
    if isinstance(value, bool) or not re.fullmatch(r"[1-9][0-9]{0,3}", text):
        raise ValueError("is not a count of threads, e.g. 2")
    return int(text)


def _read_number(least: int, most: int, unit: str) -> Callable[[Any], int]:
    """Return a reader of whole numbers from `least` to `most`, in words `unit`."""

    def read(value: Any) -> int:
        text = str(value)
        if isinstance(value, bool) or not re.fullmatch(r"[0-9]{1,6}", text):
            raise ValueError(f"is not a count of {unit}, e.g. {least}")
        if not least <= int(text) <= most:
            raise ValueError(f"is not from {least} to {most} {unit}")
        return int(text)

    return read


def _read_totp(value: Any) -> Totp:
    known = [one.value for one in Totp]
    if value not in known:
        raise ValueError(f"is not one of {', '.join(known)}")
    return Totp(value)


def _read_address(value: Any) -> str:
    text = _read_text(value)
    parts = urlsplit(text)
    local = parts.hostname in LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and local):
        raise ValueError("is not an https address (http is for this machine only, 127.0.0.1)")
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValueError("is not a plain address, e.g. https://compute.example")
    return text.rstrip("/")


def _read_issuer(value: Any) -> str:
    """Read an issuer as it is: a slash at its end is a part of its name."""
    _read_address(value)
    return _read_text(value)


def _read_groups(value: Any) -> Mapping[str, GroupGrant]:
    if not isinstance(value, Mapping):
        raise ValueError('is not a table, e.g. analysts = {roles = ["analyst"]}')
    return {group: _read_grant(group, grant) for group, grant in value.items()}


def _read_grant(group: str, grant: Any) -> GroupGrant:
    parts = ("roles", "jurisdictions", "sealed_groups")
    if not isinstance(grant, Mapping) or not set(grant) <= set(parts):
        raise ValueError(f"gives {group!r} something else than {', '.join(parts)}")
    roles = frozenset(_read_list(grant.get("roles", ())))
    if not roles:
        raise ValueError(f'gives {group!r} no role; give e.g. roles = ["analyst"]')
    given = grant.get("jurisdictions")
    return GroupGrant(
        roles,
        None if given is None else frozenset(_read_list(given)),
        frozenset(_read_list(grant.get("sealed_groups", ()))),
    )


def _read_score(value: Any) -> int:
    """Read a score from 0 to 1 as ten-thousandths."""
    text = str(value).strip()
    if not re.fullmatch(r"0\.[0-9]{1,4}|1(?:\.0{1,4})?", text):
        raise ValueError("is not a score from 0 to 1 with up to four places, e.g. 0.85")
    return int(Decimal(text) * 10_000)


def _show_score(value: int | None) -> str:
    return "not set" if value is None else str(Decimal(value) / 10_000)


def _show(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, tuple):
        return ", ".join(part.value if isinstance(part, Role) else str(part) for part in value)
    if isinstance(value, Enum):
        return str(value.value)
    return str(value)


def _show_regimes(value: Any) -> str:
    return "all" if value is None else _show(value)


def _show_secret(value: Any) -> str:
    return "not set" if value is None else "***"


def _show_groups(value: Mapping[str, GroupGrant]) -> str:
    shown = [f"{group} ({', '.join(sorted(one.roles))})" for group, one in sorted(value.items())]
    return ", ".join(shown) or "none"


def _show_url(value: Any) -> str:
    """Mask what stands between the user's name and the host, and any password parameter."""
    masked = re.sub(r"(://[^:/@]*):.*@", r"\1:***@", str(value))
    return re.sub(r"(?i)(password=)[^&]*", r"\1***", masked)


@dataclass(frozen=True, slots=True)
class _Setting:
    """A setting: its name, its place in the file, its reader and how it is shown."""

    name: str
    place: tuple[str, ...]
    read: Callable[[Any], Any]
    show: Callable[[Any], str] = _show

    @property
    def variable(self) -> str:
        return f"SLUICEGATE_{self.name.upper()}"


_MINUTES = _read_number(1, 10_080, "minutes")
_PER_SECOND = _read_number(1, 100_000, "requests a second")

_SETTINGS = (
    _Setting("tenant", ("tenant",), _read_text),
    _Setting("roles", ("roles",), _read_roles),
    _Setting("country", ("country",), _read_country),
    _Setting("regimes", ("regimes",), _read_list, _show_regimes),
    _Setting("store_url", ("store", "url"), _read_text, _show_url),
    _Setting("engine_memory", ("engine", "memory"), _read_memory),
    _Setting("engine_threads", ("engine", "threads"), _read_threads),
    _Setting("public_url", ("serve", "public_url"), _read_address),
    _Setting("tenants", ("serve", "tenants"), _read_list),
    _Setting("principal_rate", ("serve", "principal_rate"), _PER_SECOND),
    _Setting("tenant_rate", ("serve", "tenant_rate"), _PER_SECOND),
    _Setting("address_rate", ("serve", "address_rate"), _PER_SECOND),
    _Setting("json_kib", ("serve", "json_kib"), _read_number(1, 65_536, "KiB")),
    _Setting("json_depth", ("serve", "json_depth"), _read_number(4, 100, "levels")),
    _Setting("many_mib", ("serve", "many_mib"), _read_number(1, 16_384, "MiB")),
    _Setting("upload_mib", ("serve", "upload_mib"), _read_number(1, 16_384, "MiB")),
    _Setting("totp", ("identity", "totp"), _read_totp),
    _Setting("password_length", ("identity", "password_length"), _read_number(8, 64, "signs")),
    _Setting("session_idle_minutes", ("identity", "session_idle_minutes"), _MINUTES),
    _Setting("session_absolute_minutes", ("identity", "session_absolute_minutes"), _MINUTES),
    _Setting("token_minutes", ("identity", "token_minutes"), _read_number(1, 60, "minutes")),
    _Setting("oidc_issuer", ("identity", "oidc_issuer"), _read_issuer),
    _Setting("oidc_client_id", ("identity", "oidc_client_id"), _read_text),
    _Setting("oidc_client_secret", ("identity", "oidc_client_secret"), _read_text, _show_secret),
    _Setting("oidc_client_secret_file", ("identity", "oidc_client_secret_file"), _read_text),
    _Setting("oidc_scopes", ("identity", "oidc_scopes"), _read_list),
    _Setting("oidc_groups_claim", ("identity", "oidc_groups_claim"), _read_text),
    _Setting("groups", ("identity", "groups"), _read_groups, _show_groups),
    _Setting("job_lease_seconds", ("jobs", "lease_seconds"), _read_number(10, 3600, "seconds")),
    _Setting("job_attempts", ("jobs", "attempts"), _read_number(1, 20, "attempts")),
    _Setting("job_keep_days", ("jobs", "keep_days"), _read_number(1, 3650, "days")),
    _Setting("webhook_allow_http", ("webhooks", "allow_http"), read_flag),
    _Setting("webhook_ports", ("webhooks", "ports"), read_ports),
    _Setting("webhook_networks", ("webhooks", "networks"), read_networks),
    _Setting(
        "webhook_timeout_seconds", ("webhooks", "timeout_seconds"), _read_number(1, 60, "seconds")
    ),
    _Setting("webhook_retry_days", ("webhooks", "retry_days"), _read_number(1, 30, "days")),
    _Setting("webhook_disable_days", ("webhooks", "disable_days"), _read_number(1, 90, "days")),
    _Setting(
        "notice_days_ahead", ("notices", "days_ahead"), _read_number(0, MOST_DAYS_AHEAD, "days")
    ),
    _Setting("email", ("notices", "email"), read_email),
    _Setting("email_password", ("notices", "email_password"), _read_text, _show_secret),
    _Setting("lists_fetch", ("lists", "fetch"), read_plan),
    _Setting("screening_threshold", ("screening", "threshold"), _read_score, _show_score),
    _Setting("screening_hours", ("screening", "hours"), _read_number(1, 720, "hours")),
    _Setting("screening_second_stage", ("screening", "second_stage"), _read_text),
    _Setting(
        "screening_second_stage_seconds",
        ("screening", "second_stage_seconds"),
        _read_number(1, 3600, "seconds"),
    ),
    _Setting("exchange_name", ("exchange", "name"), _read_text),
    _Setting("exchange_partners", ("exchange", "partners"), _read_list),
)


def read_settings(
    document: Mapping[str, Any], folder: NodeFolder, environment: Mapping[str, str]
) -> Settings:
    """Return the settings of a parsed `sluicegate.toml`; the environment goes first.

    Raises:
        NodeError: a setting that does not exist, or a value that cannot be read.
    """
    given = _flat(document)
    values: dict[str, Any] = {"store_url": f"sqlite:///{folder.store_file.absolute()}"}
    sources: dict[str, str] = {}
    for setting in _SETTINGS:
        written = given.pop(setting.place, None)
        source, value = SETTINGS_FILE, written
        if environment.get(setting.variable):
            source, value = f"environment {setting.variable}", environment[setting.variable]
        if value is None:
            continue
        try:
            values[setting.name] = setting.read(value)
        except ValueError as error:
            place = ".".join(setting.place)
            said = "the value" if setting.show is _show_secret else repr(value)
            raise NodeError(f"{source}, {place}: {said} {error}") from error
        sources[setting.name] = source
    if given:
        unknown = ", ".join(sorted(".".join(place) for place in given))
        known = ", ".join(".".join(setting.place) for setting in _SETTINGS)
        raise NodeError(f"{SETTINGS_FILE}: no such setting: {unknown}; the settings are {known}")
    return Settings(**values, sources=sources)


def _flat(document: Mapping[str, Any]) -> dict[tuple[str, ...], Any]:
    flat: dict[tuple[str, ...], Any] = {}
    for name, value in document.items():
        if isinstance(value, Mapping):
            flat.update({(name, inner): part for inner, part in value.items()})
        else:
            flat[name,] = value
    return flat
