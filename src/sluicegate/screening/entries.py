"""What an issuer's list says: entries with their names, as read and never mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum


class Schema(Enum):
    """What kind of thing is listed; the names are those of FollowTheMoney."""

    PERSON = "Person"
    ORGANISATION = "Organization"
    COMPANY = "Company"
    LEGAL_ENTITY = "LegalEntity"
    """A person or an organisation: the list does not say which."""
    VESSEL = "Vessel"
    AIRPLANE = "Airplane"
    ADDRESS = "Address"
    """A place listed without a party, such as an address of the Entity List."""


class NameKind(Enum):
    """What the issuer says a name is."""

    PRIMARY = "primary"
    ALIAS = "alias"
    FORMER = "former"
    NOW = "now"
    """Now known as (OFAC: nka)."""
    WEAK = "weak"
    """Marked weak or low quality by the issuer: searchable, and always shown as weak."""
    SCRIPT = "script"
    """The primary name in its own script."""


@dataclass(frozen=True, slots=True)
class ListedName:
    """A name of an entry as the issuer writes it."""

    text: str
    kind: NameKind = NameKind.ALIAS
    language: str = ""

    @property
    def is_weak(self) -> bool:
        """Whether the issuer marks it weak."""
        return self.kind is NameKind.WEAK


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or code of a party: passport, registration, LEI, IMO, SWIFT, tax, e-mail, address.

    `kind` is a code of `data/vocabularies/lists.yaml`; `country` is ISO alpha-2
    or empty.
    """

    kind: str
    value: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class ListEntry:
    """A party in one version of one list.

    `list_id` and `entry_id` name it; `entry_id` is the issuer's own, or where the
    issuer gives none a digest of what does not change (the reader says of what).
    Countries are ISO alpha-2, upper case; dates of birth are YYYY, YYYY-MM or
    YYYY-MM-DD as far as the list says. `programmes` are the issuer's codes.
    `since` is the day of designation, `until` the last day on which the entry
    counts (Denied Persons expire); None where the list says none. `same_as`
    names entries of other lists that the issuer itself says are the same party,
    as (list_id, entry_id). `licence_policy` is what the Entity List says.
    """

    list_id: str
    entry_id: str
    schema: Schema
    names: tuple[ListedName, ...]
    countries: tuple[str, ...] = ()
    birth_dates: tuple[str, ...] = ()
    birth_places: tuple[str, ...] = ()
    nationalities: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    reference: str = ""
    remarks: str = ""
    source_url: str = ""
    licence_policy: str = ""
    same_as: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> tuple[str, str]:
        """The list and the entry."""
        return self.list_id, self.entry_id

    @property
    def primary_name(self) -> str:
        """The first name, by which it is shown."""
        return self.names[0].text if self.names else self.entry_id


@dataclass(frozen=True, slots=True)
class ListVersion:
    """A version of a list as it was loaded.

    `list_id` is the file's list; a file such as the US Consolidated Screening
    List holds entries of several, counted in `counts` by list. `version` is what
    the issuer calls it, or its date, or the start of the checksum. `published`
    is the issuer's day, None where the file does not tell and nobody gave one.
    `checksum` is the SHA-256 of the file's bytes.
    """

    list_id: str
    version: str
    issuer: str
    published: date | None
    loaded_at: datetime
    checksum: str
    size_bytes: int
    reader: str
    counts: tuple[tuple[str, int], ...]
    names: int
    source: str = ""

    @property
    def entries(self) -> int:
        """How many entries it holds."""
        return sum(count for _, count in self.counts)
