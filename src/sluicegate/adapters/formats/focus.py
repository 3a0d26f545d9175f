"""FOCUS billing, versions 1.0 to 1.2: hours of accelerator instances as usage.

Columns used: ProviderName, BillingAccountId, SubAccountId, ResourceId,
ChargeCategory, ChargeClass, ChargePeriodStart, ChargePeriodEnd,
ConsumedQuantity, ConsumedUnit, ServiceCategory, RegionId, Tags (cluster, run,
team), and for the instance type any column named ...InstanceType,
SkuPriceDetails, SkuMeter, ChargeDescription, ResourceType. Times are UTC where
they carry no offset, as the specification says.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fractions import Fraction

from sluicegate.adapters.formats.local_time import local_to_instant
from sluicegate.adapters.formats.reading import (
    Item,
    Likelihood,
    ReadOptions,
    Rejected,
    Row,
    Sample,
    Shape,
    Skipped,
    words,
)
from sluicegate.adapters.formats.tables import table_rows
from sluicegate.core.canonical import digest
from sluicegate.core.quantities import parse_decimal
from sluicegate.registry.catalogue import Catalogue, ResolutionKind
from sluicegate.registry.native import Fault

_VERSION_1_0 = words(
    """AvailabilityZone BilledCost BillingAccountId BillingAccountName BillingCurrency
    BillingPeriodEnd BillingPeriodStart ChargeCategory ChargeClass ChargeDescription
    ChargeFrequency ChargePeriodEnd ChargePeriodStart CommitmentDiscountCategory
    CommitmentDiscountId CommitmentDiscountName CommitmentDiscountStatus
    CommitmentDiscountType ConsumedQuantity ConsumedUnit ContractedCost ContractedUnitPrice
    EffectiveCost InvoiceIssuerName ListCost ListUnitPrice PricingCategory PricingQuantity
    PricingUnit ProviderName PublisherName RegionId RegionName ResourceId ResourceName
    ResourceType ServiceCategory ServiceName SkuId SkuPriceId SubAccountId SubAccountName Tags"""
)
_VERSION_1_1 = words(
    """CapacityReservationId CapacityReservationStatus CommitmentDiscountQuantity
    CommitmentDiscountUnit ServiceSubcategory SkuMeter SkuPriceDetails"""
)
_VERSION_1_2 = words(
    """BillingAccountType InvoiceId PricingCurrency PricingCurrencyContractedUnitPrice
    PricingCurrencyEffectiveCost PricingCurrencyListUnitPrice SubAccountType"""
)
_REQUIRED = (
    "BillingAccountId",
    "ChargeCategory",
    "ChargePeriodEnd",
    "ChargePeriodStart",
    "ConsumedQuantity",
    "ConsumedUnit",
    "ServiceCategory",
)
_IDENTITY = words(
    """ProviderName BillingAccountId SubAccountId ResourceId RegionId AvailabilityZone SkuId
    SkuPriceId SkuMeter ChargeDescription ChargePeriodStart ChargePeriodEnd ChargeFrequency
    PricingCategory CommitmentDiscountId CommitmentDiscountStatus CapacityReservationId
    ConsumedUnit x_InstanceType Tags"""
)
_HOURS = {
    "hour": Fraction(1),
    "hours": Fraction(1),
    "hrs": Fraction(1),
    "instance-hours": Fraction(1),
    "minute": Fraction(1, 60),
    "minutes": Fraction(1, 60),
    "second": Fraction(1, 3600),
    "seconds": Fraction(1, 3600),
}
_TAG_COLUMNS = {
    "cluster": "cluster_id",
    "cluster_id": "cluster_id",
    "run": "run_id",
    "run_id": "run_id",
    "team": "team",
}
_CATEGORIES = ("Compute", "AI and Machine Learning")
# Words that may name an instance type of one of the large clouds.
_TYPE_WORD = re.compile(
    r"(?:ml\.)?[a-z][a-z0-9-]{1,14}\.(?:metal|nano|micro|small|medium|(?:\d{1,2}x?)?x?large)\b"
    r"|\b(?:a2|a3|a4x?|g2|g4)-[a-z]+-\d+[a-z]*\b|\bct\d[a-z]*-[a-z]+-\d+t\b"
    r"|\b(?:Standard_)?N[CDGV]\w+\b|\b(?:BM|VM)\.GPU[\w.]+"
)
# Families of accelerator instances: one of them that the catalogue lacks is kept as unknown.
_ACCELERATOR_FAMILY = re.compile(
    r"(?:ml\.)?(?:p\d|g\d|trn\d|inf\d|dl\d)[a-z0-9-]*\.|a[234]x?-|g[24]-|ct\d|(?:Standard_)?N[CDGV]"
    r"|(?:BM|VM)\.GPU"
)


class FocusFormat:
    """FOCUS 1.0, 1.1 and 1.2 as CSV, JSON lines or Parquet."""

    name = "focus"

    def looks_like(self, sample: Sample) -> Likelihood:
        """Count the specification's columns among the file's."""
        known = {*_VERSION_1_0, *_VERSION_1_1, *_VERSION_1_2}
        present = set(sample.columns)
        version = "1.0"
        if present & set(_VERSION_1_1):
            version = "1.1"
        if present & set(_VERSION_1_2):
            version = "1.2"
        matched = len(present & known)
        missing = tuple(name for name in _REQUIRED if name not in present)
        if sample.shape not in (Shape.DELIMITED, Shape.JSON_LINES, Shape.PARQUET):
            matched = 0
        title = f"FOCUS {version} billing"
        return Likelihood("usage", title, matched, len(sample.columns), missing)

    def read(self, sample: Sample, options: ReadOptions) -> Iterator[Item]:
        """Yield instance hours; every other row is skipped with its reason."""
        types = _InstanceTypes(options.catalogue, sample.columns)
        for item in table_rows(sample):
            if isinstance(item, Rejected):
                yield item
            else:
                row = {name: "" if text == "NULL" else text for name, text in item.values.items()}
                yield _usage(item.line, row, item.original, types, options)


class _InstanceTypes:
    """Finds the accelerator instance type that a billing row speaks of."""

    def __init__(self, catalogue: Catalogue, columns: tuple[str, ...]) -> None:
        self._catalogue = catalogue
        self._own = [name for name in columns if name.lower().endswith("instancetype")]
        self._known: dict[str, bool] = {}

    def of(self, row: Mapping[str, str]) -> str | None:
        """Return the type, known or of an accelerator family, or None."""
        for text in self._stated(row):
            if self._is_accelerator(text):
                return text
        for column in ("SkuMeter", "ChargeDescription", "ResourceType"):
            for match in _TYPE_WORD.finditer(row.get(column, "")):
                if self._is_accelerator(match.group()):
                    return match.group()
        return None

    def _stated(self, row: Mapping[str, str]) -> Iterator[str]:
        for column in self._own:
            if row.get(column):
                yield row[column]
        details = row.get("SkuPriceDetails", "")
        if "nstanceType" in details:
            try:
                document = json.loads(details)
            except json.JSONDecodeError:
                return
            if isinstance(document, dict):
                for name, value in document.items():
                    if name.lower().endswith("instancetype") and isinstance(value, str):
                        yield value

    def _is_accelerator(self, text: str) -> bool:
        found = self._known.get(text)
        if found is None:
            resolution = self._catalogue.resolve(text)
            found = resolution.kind is ResolutionKind.INSTANCE_TYPE
            found = found or _ACCELERATOR_FAMILY.match(text) is not None
            self._known[text] = found
        return found


def _usage(
    line: int,
    row: Mapping[str, str],
    original: Mapping[str, str],
    types: _InstanceTypes,
    options: ReadOptions,
) -> Item:
    category = row["ChargeCategory"]
    if category not in ("Usage", ""):
        return Skipped(line, f"charge of category {category}, not Usage")
    if row["ServiceCategory"] not in _CATEGORIES:
        return Skipped(line, f"service category {row['ServiceCategory']}")
    instance_type = types.of(row)
    if instance_type is None:
        return Skipped(line, "no accelerator instance type")
    unit = row["ConsumedUnit"]
    hours_each = _HOURS.get(unit.lower())
    if hours_each is None:
        return Skipped(line, f"accelerator instance, but consumed in {unit or 'no unit'}")
    for column in ("CommitmentDiscountStatus", "CapacityReservationStatus"):
        if row.get(column) == "Unused":
            return Skipped(line, f"{column} Unused")
    if row.get("ChargeClass") == "Correction":
        way_out = "read the corrected export of the period; the same rows then replace the old ones"
        fault = Fault("ChargeClass", "is a correction that does not name what it corrects", way_out)
        return Rejected(line, original, (fault,))
    return _record(line, row, original, instance_type, hours_each, options)


def _record(
    line: int,
    row: Mapping[str, str],
    original: Mapping[str, str],
    instance_type: str,
    hours_each: Fraction,
    options: ReadOptions,
) -> Item:
    faults = []
    count = Fraction(0)
    start, end = row["ChargePeriodStart"], row["ChargePeriodEnd"]
    try:
        start, end = local_to_instant(start, UTC), local_to_instant(end, UTC)
        span = datetime.fromisoformat(end) - datetime.fromisoformat(start)
        period = Fraction(span.days * 86_400 + span.seconds) + Fraction(span.microseconds, 10**6)
        if period <= 0:
            problem = f"{row['ChargePeriodEnd']} is not after ChargePeriodStart"
            faults.append(Fault("ChargePeriodEnd", problem, "correct or swap the two"))
        else:
            hours = Fraction(parse_decimal(row["ConsumedQuantity"])) * hours_each
            each = options.catalogue.resolve(instance_type).count
            count = hours * 3600 / period * each
            if hours <= 0:
                return _without_quantity(line, row, original, hours)
    except ValueError as error:
        way_out = "give ISO 8601 times and a decimal quantity, as FOCUS asks"
        faults.append(Fault("ChargePeriodStart", str(error), way_out))
    if faults:
        return Rejected(line, original, tuple(faults))
    identity = digest([row.get(name, "") for name in _IDENTITY])
    values = {
        "source": options.source,
        "record_id": f"focus-{identity[:32]}",
        "account": row.get("SubAccountId") or row["BillingAccountId"],
        "resource_id": row.get("ResourceId", ""),
        **_tagged(row.get("Tags", "")),
        "instance_type": instance_type,
        "accelerator_count": str(count),
        "start": start,
        "end": end,
        "state": "used",
    }
    return Row(line, values, original)


def _tagged(tags: str) -> dict[str, str]:
    """Return cluster, run and team where the tags name them."""
    if not tags:
        return {}
    try:
        document = json.loads(tags)
    except json.JSONDecodeError:
        return {}
    if not isinstance(document, dict):
        return {}
    found = {}
    for name, value in document.items():
        column = _TAG_COLUMNS.get(str(name).lower())
        if column and isinstance(value, str):
            found[column] = value
    return found


def _without_quantity(
    line: int, row: Mapping[str, str], original: Mapping[str, str], hours: Fraction
) -> Item:
    if hours == 0:
        return Skipped(line, "nothing consumed")
    problem = f"{row['ConsumedQuantity']} is negative"
    way_out = "read the corrected export of the period"
    return Rejected(line, original, (Fault("ConsumedQuantity", problem, way_out),))
