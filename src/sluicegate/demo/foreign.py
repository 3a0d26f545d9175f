"""Usage in formats of others: FOCUS 1.0 billing and Slurm accounting.

In focus.csv the account is `SubAccountId`. The rented machine stands in `ResourceType` and
in the provider's own column `x_InstanceType` (FOCUS leaves `x_` columns to providers), and
`ConsumedQuantity` counts machine hours. `Tags` name the cluster. Rows of storage and of
network transfer, and a credit, stand between them, as on a real bill.

In slurm.txt instants are without offset, as `sacct` prints them: the cluster's clock is UTC.
Lines of job steps (`.batch`) repeat the resources of their job and are not use of their own,
and the trackable resources give the accelerators with and without their type, as a real
controller does.
"""

import json
from datetime import date
from pathlib import Path

from sluicegate.demo import instants
from sluicegate.demo.chips import MILLIONTHS
from sluicegate.demo.draft import Draft
from sluicegate.demo.instants import HOUR_SECONDS
from sluicegate.demo.native import write_table
from sluicegate.demo.records import Channel, Usage

FOCUS_COLUMNS = (
    *("AvailabilityZone", "BilledCost", "BillingAccountId", "BillingAccountName"),
    *("BillingCurrency", "BillingPeriodEnd", "BillingPeriodStart", "ChargeCategory"),
    *("ChargeClass", "ChargeDescription", "ChargeFrequency", "ChargePeriodEnd"),
    *("ChargePeriodStart", "CommitmentDiscountCategory", "CommitmentDiscountId"),
    *("CommitmentDiscountName", "CommitmentDiscountStatus", "CommitmentDiscountType"),
    *("ConsumedQuantity", "ConsumedUnit", "ContractedCost", "ContractedUnitPrice"),
    *("EffectiveCost", "InvoiceIssuerName", "ListCost", "ListUnitPrice", "PricingCategory"),
    *("PricingQuantity", "PricingUnit", "ProviderName", "PublisherName", "RegionId"),
    *("RegionName", "ResourceId", "ResourceName", "ResourceType", "ServiceCategory"),
    *("ServiceName", "SkuId", "SkuPriceId", "SubAccountId", "SubAccountName", "Tags"),
    "x_InstanceType",
)
SLURM_COLUMNS = (
    *("JobIDRaw", "JobName", "User", "Account", "Cluster", "Partition", "State"),
    *("Start", "End", "ElapsedRaw", "AllocTRES", "NNodes", "NodeList"),
)
_PROVIDER = "Nimbrelcove Cloud (synthetic)"
_FIRST_JOB = 100_001
_OTHER_CHARGE_EVERY = 41
_STEP_EVERY = 11


def write_foreign(folder: Path, draft: Draft) -> None:
    """Write focus.csv and slurm.txt."""
    by_channel: dict[Channel, list[Usage]] = {channel: [] for channel in Channel}
    for usage in draft.usage:
        by_channel[usage.cluster.channel].append(usage)
    for records in by_channel.values():
        records.sort(key=lambda usage: (usage.start, usage.record_id))
    _write_focus(folder / Channel.FOCUS.value, draft, by_channel[Channel.FOCUS])
    _write_slurm(folder / Channel.SLURM.value, by_channel[Channel.SLURM])


def _write_focus(path: Path, draft: Draft, usages: list[Usage]) -> None:
    region_of = {site.facility_id: site.region for site in draft.facilities}
    rows = []
    for number, usage in enumerate(usages):
        charge = _machine_charge(usage, region_of[usage.cluster.facility_id])
        rows.append(charge)
        if number % _OTHER_CHARGE_EVERY == 0:
            rows.append(_other_charge(charge, number))
    write_table(
        path, FOCUS_COLUMNS, [tuple(row.get(name, "") for name in FOCUS_COLUMNS) for row in rows]
    )


def _machine_charge(usage: Usage, region: str) -> dict[str, str]:
    machine = next(
        kind
        for kind in usage.cluster.chip.instance_types
        if kind.name == usage.wording.instance_type
    )
    hours = usage.millionths // MILLIONTHS // machine.accelerators * usage.seconds // HOUR_SECONDS
    cost = _dollars(hours * machine.cents_per_hour)
    unit_price = _dollars(machine.cents_per_hour)
    sku = f"SYN-{machine.name.upper()}"
    tags = {"cluster": usage.cluster.cluster_id, "synthetic": "true", "team": usage.team}
    charge = _charge_of(usage, region)
    charge |= dict.fromkeys(_COSTS, cost)
    charge |= dict.fromkeys(("ListUnitPrice", "ContractedUnitPrice"), unit_price)
    charge |= dict.fromkeys(("ConsumedQuantity", "PricingQuantity"), f"{hours}.000000")
    charge |= dict.fromkeys(("ConsumedUnit", "PricingUnit"), "Hours")
    return charge | {
        "ChargeDescription": f"${unit_price} per {machine.name} machine hour",
        "ResourceId": f"syn-res-{usage.account}-{usage.cluster.cluster_id}",
        "ResourceType": machine.name,
        "ServiceCategory": "Compute",
        "ServiceName": "Nimbrelcove Accelerated Machines",
        "SkuId": sku,
        "SkuPriceId": f"{sku}.ON-DEMAND",
        "Tags": json.dumps(tags, sort_keys=True),
        "x_InstanceType": machine.name,
    }


_COSTS = ("BilledCost", "EffectiveCost", "ListCost", "ContractedCost")


def _charge_of(usage: Usage, region: str) -> dict[str, str]:
    """What every charge of an account and period says."""
    begins = instants.text(usage.start, 0)
    month = date.fromisoformat(begins[:10]).replace(day=1)
    after = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return {
        "BillingAccountId": "SYN-BILLING-01",
        "BillingAccountName": "Synthetic billing account",
        "BillingCurrency": "USD",
        "BillingPeriodStart": f"{month}T00:00:00Z",
        "BillingPeriodEnd": f"{after}T00:00:00Z",
        "ChargeCategory": "Usage",
        "ChargeFrequency": "Usage-Based",
        "ChargePeriodStart": begins,
        "ChargePeriodEnd": instants.text(usage.start + usage.seconds, 0),
        "InvoiceIssuerName": _PROVIDER,
        "PricingCategory": "Standard",
        "ProviderName": _PROVIDER,
        "PublisherName": _PROVIDER,
        "RegionId": region,
        "RegionName": region,
        "SubAccountId": usage.account,
        "SubAccountName": f"Synthetic account {usage.account}",
    }


def _other_charge(machine: dict[str, str], number: int) -> dict[str, str]:
    """A charge without accelerators that a real bill has beside the machines."""
    kind = (number // _OTHER_CHARGE_EVERY) % 3
    cents = 100 + number % 900
    charge = machine | {name: _dollars(cents) for name in _COSTS}
    charge |= {"ListUnitPrice": "0.02", "ContractedUnitPrice": "0.02", "x_InstanceType": ""}
    charge |= dict.fromkeys(("ConsumedQuantity", "PricingQuantity"), f"{cents // 2}.000000")
    if kind == 0:
        return _of_service(charge, "Storage", "Block Storage", "volume", "GB-Months")
    if kind == 1:
        return _of_service(charge, "Networking", "Data Transfer", "transfer", "GB")
    credit = _of_service(charge, "Other", "Goodwill", "", "")
    credit |= {name: f"-{_dollars(cents)}" for name in _COSTS}
    blank = ("ConsumedQuantity", "PricingQuantity", "ListUnitPrice", "ContractedUnitPrice")
    credit |= dict.fromkeys((*blank, "ResourceId", "PricingCategory"), "")
    return credit | {"ChargeCategory": "Credit", "ChargeFrequency": "One-Time"}


def _of_service(
    charge: dict[str, str], category: str, name: str, resource_type: str, unit: str
) -> dict[str, str]:
    sku = f"SYN-{name.upper().replace(' ', '-')}"
    return charge | {
        "ChargeDescription": f"Synthetic charge: {name}",
        "ConsumedUnit": unit,
        "PricingUnit": unit,
        "ResourceId": f"{charge['ResourceId']}-{resource_type}",
        "ResourceType": resource_type,
        "ServiceCategory": category,
        "ServiceName": f"Nimbrelcove {name}",
        "SkuId": sku,
        "SkuPriceId": f"{sku}.ON-DEMAND",
    }


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def _write_slurm(path: Path, usages: list[Usage]) -> None:
    lines = ["|".join(SLURM_COLUMNS)]
    for number, usage in enumerate(usages):
        job = _job_fields(usage, _FIRST_JOB + number)
        lines.append("|".join(job))
        if number % _STEP_EVERY == 0:
            lines.append("|".join((f"{job[0]}.batch", "batch", "", *job[3:])))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _job_fields(usage: Usage, number: int) -> tuple[str, ...]:
    count = usage.millionths // MILLIONTHS
    chip = usage.cluster.chip
    nodes = -(-count // chip.per_machine)
    cpus = count * 16
    tres = (
        f"billing={cpus},cpu={cpus},gres/gpu:{chip.gres}={count},gres/gpu={count},"
        f"mem={count * 128}G,node={nodes}"
    )
    host = usage.cluster.cluster_id
    return (
        str(number),
        f"synthetic-{usage.team}",
        f"{usage.account}_{usage.team}",
        usage.account,
        host,
        "accelerated",
        usage.state.upper(),
        instants.local_text(usage.start, 0),
        instants.local_text(usage.start + usage.seconds, 0),
        str(usage.seconds),
        tres,
        str(nodes),
        f"{host}-n[0001-{nodes:04d}]" if nodes > 1 else f"{host}-n0001",
    )
