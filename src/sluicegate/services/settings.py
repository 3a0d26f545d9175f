"""The settings of a node: one typed object, each value with its source.

A setting is read from `sluicegate.toml`; an environment variable named after
it (SLUICEGATE_TENANT, SLUICEGATE_STORE_URL, ...) goes before the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sluicegate.core.identifiers import DEFAULT_TENANT, TenantId
from sluicegate.services.node import SETTINGS_FILE, NodeError, NodeFolder


class Role(Enum):
    """What an organisation is in the oversight of compute."""

    PROVIDER = "provider"
    REGULATOR = "regulator"
    OFFICE = "office"
    DEVELOPER = "developer"
    INSTITUTE = "institute"
    MANUFACTURER = "manufacturer"
    AUDITOR = "auditor"


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
    """

    store_url: str
    tenant: TenantId = DEFAULT_TENANT
    roles: tuple[Role, ...] = (Role.PROVIDER,)
    country: str = "US"
    regimes: tuple[str, ...] | None = None
    engine_memory: str | None = None
    engine_threads: int | None = None
    sources: Mapping[str, str] = field(default_factory=dict)

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


def _show(value: Any) -> str:
    if value is None:
        return "not set"
    if isinstance(value, tuple):
        return ", ".join(part.value if isinstance(part, Role) else str(part) for part in value)
    return str(value)


def _show_regimes(value: Any) -> str:
    return "all" if value is None else _show(value)


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


_SETTINGS = (
    _Setting("tenant", ("tenant",), _read_text),
    _Setting("roles", ("roles",), _read_roles),
    _Setting("country", ("country",), _read_country),
    _Setting("regimes", ("regimes",), _read_list, _show_regimes),
    _Setting("store_url", ("store", "url"), _read_text, _show_url),
    _Setting("engine_memory", ("engine", "memory"), _read_memory),
    _Setting("engine_threads", ("engine", "threads"), _read_threads),
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
            raise NodeError(f"{source}, {place}: {value!r} {error}") from error
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
