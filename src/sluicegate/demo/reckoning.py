"""The truth of a finished world, reckoned from its records."""

from collections import defaultdict
from collections.abc import Sequence

from sluicegate.demo.chips import MILLIONTHS
from sluicegate.demo.draft import Draft
from sluicegate.demo.records import Cluster, Usage
from sluicegate.demo.truth import ClusterTruth, CustomerTruth, UnmappedAccount

_MACHINE = 8
_FEWEST_MACHINES = 8


def customer_truths(draft: Draft) -> tuple[CustomerTruth, ...]:
    """True use and control of each customer, by id."""
    flop: dict[str, int] = defaultdict(int)
    for usage in draft.usage:
        flop[usage.customer_id] += usage.flop
    return tuple(
        CustomerTruth(
            customer_id=customer_id,
            controller=draft.controller(customer.account_of or customer_id),
            account_of=customer.account_of or None,
            pattern=draft.pattern_of(customer_id),
            flop=flop[customer_id],
            utilisation_bp=draft.own_utilisation_of(customer_id),
        )
        for customer_id, customer in sorted(draft.customers.items())
    )


def unmapped_accounts(draft: Draft) -> tuple[UnmappedAccount, ...]:
    """Use of accounts that belong to nobody known."""
    of_account: dict[str, list[Usage]] = defaultdict(list)
    for usage in draft.usage:
        if not usage.customer_id:
            of_account[usage.account].append(usage)
    return tuple(
        UnmappedAccount(
            account=account,
            file=records[0].cluster.channel.value,
            flop=sum(usage.flop for usage in records),
            utilisation_bp=records[0].utilisation_bp,
        )
        for account, records in sorted(of_account.items())
    )


def cluster_truths(draft: Draft) -> tuple[ClusterTruth, ...]:
    """Clusters with their size: as planned, or room for their greatest use at one time."""
    greatest = _greatest_use(draft.usage)
    return tuple(
        _cluster_truth(cluster, greatest.get(cluster.cluster_id, 0)) for cluster in draft.clusters
    )


def _cluster_truth(cluster: Cluster, greatest_millionths: int) -> ClusterTruth:
    count = cluster.planned_count
    if count is None:
        machines = greatest_millionths * 9 // 8 // MILLIONTHS // _MACHINE + 1
        count = max(machines, _FEWEST_MACHINES) * _MACHINE
    return ClusterTruth(
        cluster_id=cluster.cluster_id,
        facility_id=cluster.facility_id,
        accelerator=cluster.chip.names[0],
        accelerator_count=count,
        peak_flop_per_second=count * cluster.chip.peak_flop_per_second,
        fabric_id=cluster.fabric_id or None,
        fabric_gbit_per_second=cluster.fabric_gbit_per_second or None,
    )


def _greatest_use(usages: Sequence[Usage]) -> dict[str, int]:
    """Per cluster, the most accelerators in use at one time, in millionths."""
    changes: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for usage in usages:
        events = changes[usage.cluster.cluster_id]
        events.append((usage.start, usage.millionths))
        events.append((usage.start + usage.seconds, -usage.millionths))
    greatest = {}
    for cluster_id, events in changes.items():
        in_use = most = 0
        for _, change in sorted(events):  # at one instant, what ends comes first
            in_use += change
            most = max(most, in_use)
        greatest[cluster_id] = most
    return greatest
