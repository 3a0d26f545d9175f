"""The settings of a node: one typed object, each value with its source.

A setting is read from `sluicegate.toml`; an environment variable named after
it (SLUICEGATE_TENANT, SLUICEGATE_STORE_URL, ...) goes before the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sluicegate.core.identifiers import DEFAULT_TENANT, TenantId
from sluicegate.services.lists.settings import PlannedFetch, read_plan
from sluicegate.services.node import SETTINGS_FILE, NodeError, NodeFolder
from sluicegate.services.ports.notices import DAYS_AHEAD, MOST_DAYS_AHEAD
from sluicegate.services.setting_values import (
    GroupGrant,
    Role,
    Totp,
    read_address,
    read_country,
    read_groups,
    read_issuer,
    read_list,
    read_memory,
    read_number,
    read_roles,
    read_score,
    read_text,
    read_threads,
    read_totp,
    show_groups,
    show_plain,
    show_regimes,
    show_score,
    show_secret,
    show_url,
)
from sluicegate.services.work.settings import (
    EmailSettings,
    read_email,
    read_flag,
    read_networks,
    read_ports,
)


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


@dataclass(frozen=True, slots=True)
class _Setting:
    """A setting: its name, its place in the file, its reader and how it is shown."""

    name: str
    place: tuple[str, ...]
    read: Callable[[Any], Any]
    show: Callable[[Any], str] = show_plain

    @property
    def variable(self) -> str:
        return f"SLUICEGATE_{self.name.upper()}"


_MINUTES = read_number(1, 10_080, "minutes")
_PER_SECOND = read_number(1, 100_000, "requests a second")

_SETTINGS = (
    _Setting("tenant", ("tenant",), read_text),
    _Setting("roles", ("roles",), read_roles),
    _Setting("country", ("country",), read_country),
    _Setting("regimes", ("regimes",), read_list, show_regimes),
    _Setting("store_url", ("store", "url"), read_text, show_url),
    _Setting("engine_memory", ("engine", "memory"), read_memory),
    _Setting("engine_threads", ("engine", "threads"), read_threads),
    _Setting("public_url", ("serve", "public_url"), read_address),
    _Setting("tenants", ("serve", "tenants"), read_list),
    _Setting("principal_rate", ("serve", "principal_rate"), _PER_SECOND),
    _Setting("tenant_rate", ("serve", "tenant_rate"), _PER_SECOND),
    _Setting("address_rate", ("serve", "address_rate"), _PER_SECOND),
    _Setting("json_kib", ("serve", "json_kib"), read_number(1, 65_536, "KiB")),
    _Setting("json_depth", ("serve", "json_depth"), read_number(4, 100, "levels")),
    _Setting("many_mib", ("serve", "many_mib"), read_number(1, 16_384, "MiB")),
    _Setting("upload_mib", ("serve", "upload_mib"), read_number(1, 16_384, "MiB")),
    _Setting("totp", ("identity", "totp"), read_totp),
    _Setting("password_length", ("identity", "password_length"), read_number(8, 64, "signs")),
    _Setting("session_idle_minutes", ("identity", "session_idle_minutes"), _MINUTES),
    _Setting("session_absolute_minutes", ("identity", "session_absolute_minutes"), _MINUTES),
    _Setting("token_minutes", ("identity", "token_minutes"), read_number(1, 60, "minutes")),
    _Setting("oidc_issuer", ("identity", "oidc_issuer"), read_issuer),
    _Setting("oidc_client_id", ("identity", "oidc_client_id"), read_text),
    _Setting("oidc_client_secret", ("identity", "oidc_client_secret"), read_text, show_secret),
    _Setting("oidc_client_secret_file", ("identity", "oidc_client_secret_file"), read_text),
    _Setting("oidc_scopes", ("identity", "oidc_scopes"), read_list),
    _Setting("oidc_groups_claim", ("identity", "oidc_groups_claim"), read_text),
    _Setting("groups", ("identity", "groups"), read_groups, show_groups),
    _Setting("job_lease_seconds", ("jobs", "lease_seconds"), read_number(10, 3600, "seconds")),
    _Setting("job_attempts", ("jobs", "attempts"), read_number(1, 20, "attempts")),
    _Setting("job_keep_days", ("jobs", "keep_days"), read_number(1, 3650, "days")),
    _Setting("webhook_allow_http", ("webhooks", "allow_http"), read_flag),
    _Setting("webhook_ports", ("webhooks", "ports"), read_ports),
    _Setting("webhook_networks", ("webhooks", "networks"), read_networks),
    _Setting(
        "webhook_timeout_seconds", ("webhooks", "timeout_seconds"), read_number(1, 60, "seconds")
    ),
    _Setting("webhook_retry_days", ("webhooks", "retry_days"), read_number(1, 30, "days")),
    _Setting("webhook_disable_days", ("webhooks", "disable_days"), read_number(1, 90, "days")),
    _Setting(
        "notice_days_ahead", ("notices", "days_ahead"), read_number(0, MOST_DAYS_AHEAD, "days")
    ),
    _Setting("email", ("notices", "email"), read_email),
    _Setting("email_password", ("notices", "email_password"), read_text, show_secret),
    _Setting("lists_fetch", ("lists", "fetch"), read_plan),
    _Setting("screening_threshold", ("screening", "threshold"), read_score, show_score),
    _Setting("screening_hours", ("screening", "hours"), read_number(1, 720, "hours")),
    _Setting("screening_second_stage", ("screening", "second_stage"), read_text),
    _Setting(
        "screening_second_stage_seconds",
        ("screening", "second_stage_seconds"),
        read_number(1, 3600, "seconds"),
    ),
    _Setting("exchange_name", ("exchange", "name"), read_text),
    _Setting("exchange_partners", ("exchange", "partners"), read_list),
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
            said = "the value" if setting.show is show_secret else repr(value)
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
