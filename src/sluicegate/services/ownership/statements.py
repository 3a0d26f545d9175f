"""Statements of ownership as others make them: parties, relationships, their interests.

The words are those of the Beneficial Ownership Data Standard (BODS) v0.4, which
says most: a statement is about one record (a party or a relationship) on one
day; a later statement about the same record takes the place of the earlier.
Shares are percentages there and stay so here; a share of the registry is a
fraction from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from fractions import Fraction
from typing import Any

_HUNDRED = 100


class RecordType(Enum):
    """What a statement is about."""

    ENTITY = "entity"
    PERSON = "person"
    RELATIONSHIP = "relationship"


class RecordStatus(Enum):
    """Where a record stands in its series of statements."""

    NEW = "new"
    UPDATED = "updated"
    CLOSED = "closed"


class Directness(Enum):
    """Whether somebody stands between the owner and the owned."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    UNKNOWN = "unknown"


SHAREHOLDING = "shareholding"
NOMINEE = "nominee"
NOMINATOR = "nominator"
CONTROL_INTERESTS = frozenset(
    {
        "appointmentOfBoard",
        "otherInfluenceOrControl",
        "seniorManagingOfficial",
        "controlViaCompanyRulesOrArticles",
        "controlByLegalFramework",
        "settlor",
        "trustee",
        "protector",
    }
)
"""Interests that direct a party by other means than shares."""

OTHER_INTERESTS = frozenset(
    {
        "votingRights",
        "beneficiaryOfLegalArrangement",
        "rightsToSurplusAssetsOnDissolution",
        "rightsToProfitOrIncome",
        "rightsGrantedByContract",
        "conditionalRightsGrantedByContract",
        "boardMember",
        "boardChair",
        "unknownInterest",
        "unpublishedInterest",
        "enjoymentAndUseOfAssets",
        "rightToProfitOrIncomeFromAssets",
    }
)
INTEREST_TYPES = CONTROL_INTERESTS | OTHER_INTERESTS | {SHAREHOLDING, NOMINEE, NOMINATOR}
"""The codelist interestType of BODS v0.4."""

REASONS = frozenset(
    {
        "noBeneficialOwners",
        "subjectUnableToConfirmOrIdentifyBeneficialOwner",
        "interestedPartyHasNotProvidedInformation",
        "subjectExemptFromDisclosure",
        "interestedPartyExemptFromDisclosure",
        "unknown",
        "informationUnknownToPublisher",
    }
)
"""The codelist unspecifiedReason of BODS v0.4."""


@dataclass(frozen=True, slots=True)
class Unspecified:
    """Who cannot be named, and why: a code of REASONS and the source's own words."""

    reason: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class StatedShare:
    """How much of an interest is held, in percent from 0 to 100; exact, or its bounds.

    An exclusive bound is not itself reached.
    """

    exact: Fraction | None = None
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    exclusive_minimum: Fraction | None = None
    exclusive_maximum: Fraction | None = None

    @property
    def low(self) -> Fraction | None:
        """The least it can be as a fraction from 0 to 1; None where nothing is said."""
        return _fraction(self.exact, self.minimum, self.exclusive_minimum)

    @property
    def high(self) -> Fraction | None:
        """The most it can be as a fraction from 0 to 1; None where nothing is said."""
        return _fraction(self.exact, self.maximum, self.exclusive_maximum)

    @property
    def is_stated(self) -> bool:
        """Whether anything is said."""
        return self.low is not None or self.high is not None

    @classmethod
    def between(cls, low: Fraction, high: Fraction) -> StatedShare:
        """Return the share of two ends that are fractions from 0 to 1."""
        if low == high:
            return cls(exact=low * _HUNDRED)
        return cls(minimum=low * _HUNDRED, maximum=high * _HUNDRED)


def _fraction(*stated: Fraction | None) -> Fraction | None:
    found = next((one for one in stated if one is not None), None)
    return None if found is None else Fraction(found) / _HUNDRED


@dataclass(frozen=True, slots=True)
class Interest:
    """One interest of a party in another; `type` is a code of INTEREST_TYPES or empty.

    `rest` holds what the standard allows and nothing here reads.
    """

    type: str
    directness: Directness | None = None
    is_beneficial: bool | None = None
    share: StatedShare | None = None
    start: date | None = None
    end: date | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatedParty:
    """What is said of a person or an entity.

    `type` is the code of BODS (knownPerson, registeredEntity, …); `names` come
    with the one by which it is shown first; `countries` are ISO alpha-2 codes of
    nationality or of registration, as stated. `unspecified` says why somebody
    unknown or anonymous is not named.
    """

    is_person: bool
    type: str
    subtype: str = ""
    names: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    birth_date: str = ""
    identifiers: tuple[tuple[str, str], ...] = ()
    unspecified: Unspecified | None = None
    is_component: bool = False
    rest: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StatedRelationship:
    """Interests of one party in another; each side is a record's id or the reason it is not named.

    `components` are the records that tell the chain of an indirect relationship.
    `has_interests` is false where the source gave no list of interests at all.
    """

    subject: str | Unspecified
    interested_party: str | Unspecified
    interests: tuple[Interest, ...] = ()
    has_interests: bool = True
    is_component: bool = False
    components: tuple[str, ...] | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement; `stated_on` is the day or instant as written, `line` where it begins.

    `rest` holds where it was published and from which source it comes, as the
    statement gives it.
    """

    statement_id: str
    record_id: str
    declaration_subject: str
    stated_on: str
    status: RecordStatus | None
    record: StatedParty | StatedRelationship
    line: int | None = None
    rest: Mapping[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        """The legal day of the statement."""
        return date.fromisoformat(self.stated_on[:10])

    @property
    def type(self) -> RecordType:
        """What it is about."""
        if isinstance(self.record, StatedRelationship):
            return RecordType.RELATIONSHIP
        return RecordType.PERSON if self.record.is_person else RecordType.ENTITY

    @property
    def publisher(self) -> str:
        """Who published it, as far as it says."""
        details = self.rest.get("publicationDetails")
        publisher = details.get("publisher") if isinstance(details, Mapping) else None
        name = publisher.get("name", "") if isinstance(publisher, Mapping) else ""
        return name if isinstance(name, str) else ""
