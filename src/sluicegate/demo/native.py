"""The native files: customers, owners, facilities, clusters, runs, accounts, signals, usage."""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from sluicegate.demo import instants
from sluicegate.demo.chips import BASIS_POINTS, MILLIONTHS
from sluicegate.demo.draft import Draft
from sluicegate.demo.noise import break_lines
from sluicegate.demo.reckoning import cluster_truths
from sluicegate.demo.records import (
    SOURCE,
    AccountMapping,
    Channel,
    Cluster,
    Customer,
    Facility,
    Ownership,
    Run,
    Signal,
    Usage,
)
from sluicegate.demo.truth import BrokenLine, ClusterTruth

FACILITY_COLUMNS = ("facility_id", "name", "country", "region", "operator", "power_mw")
CLUSTER_COLUMNS = (
    *("source", "cluster_id", "facility_id", "accelerator", "accelerator_count"),
    *("fabric_id", "fabric_gbit_per_second", "valid_from", "valid_to"),
)
USAGE_COLUMNS = (
    *("source", "record_id", "customer_id", "cluster_id", "resource_id", "accelerator"),
    *("instance_type", "accelerator_count", "start", "end", "utilisation", "run_id"),
    *("team", "state"),
)
Rows = Iterable[Sequence[str]]
_Plain = Customer | Ownership | Run | AccountMapping | Signal | Facility


def write_native(folder: Path, draft: Draft) -> list[BrokenLine]:
    """Write the eight native files; return the broken lines among the usage."""
    customers = [row for _, row in sorted(draft.customers.items())]
    ownership = sorted(draft.ownership, key=lambda row: (row.owned_id, row.owner_id))
    account_map = sorted(draft.account_map, key=lambda row: row.account)
    _write_plain(folder / "customers.csv", _names(Customer), customers)
    _write_plain(folder / "ownership.csv", _names(Ownership), ownership)
    _write_plain(folder / "facilities.csv", FACILITY_COLUMNS, draft.facilities)
    _write_plain(folder / "runs.csv", _names(Run), draft.runs)
    _write_plain(folder / "account_map.csv", _names(AccountMapping), account_map)
    signals = sorted(draft.signals, key=lambda row: (row.customer_id, row.signal, row.value))
    _write_plain(folder / "account_signals.csv", _names(Signal), signals)
    opened = instants.day_of(draft.as_of, -400).isoformat()
    write_table(
        folder / "clusters.csv",
        CLUSTER_COLUMNS,
        [_cluster_row(cluster, opened) for cluster in cluster_truths(draft)],
    )
    return _write_usage(folder / Channel.NATIVE.value, draft)


def write_table(path: Path, columns: Sequence[str], rows: Rows) -> None:
    """Write a UTF-8 CSV with a header."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(rows)


def _names(kind: type[_Plain]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _write_plain(path: Path, columns: Sequence[str], records: Sequence[_Plain]) -> None:
    rows = [(SOURCE, *(getattr(record, name) for name in columns)) for record in records]
    write_table(path, ("source", *columns), rows)


def _cluster_row(cluster: ClusterTruth, opened: str) -> tuple[str, ...]:
    return (
        SOURCE,
        cluster.cluster_id,
        cluster.facility_id,
        cluster.accelerator,
        str(cluster.accelerator_count),
        cluster.fabric_id or "",
        cluster.fabric_gbit_per_second or "",
        opened,
        "",
    )


def _write_usage(path: Path, draft: Draft) -> list[BrokenLine]:
    native = [usage for usage in draft.usage if usage.cluster.channel is Channel.NATIVE]
    native.sort(key=lambda usage: (usage.start, usage.record_id))
    rows = [_usage_row(usage) for usage in native]
    broken = break_lines(draft.draws, path.name, USAGE_COLUMNS, rows)
    write_table(path, USAGE_COLUMNS, rows)
    return broken


def _usage_row(usage: Usage) -> tuple[str, ...]:
    cluster: Cluster = usage.cluster
    offset = cluster.offset_minutes
    return (
        SOURCE,
        usage.record_id,
        usage.customer_id,
        cluster.cluster_id,
        f"{cluster.cluster_id}-{usage.team}",
        usage.wording.accelerator,
        usage.wording.instance_type,
        _decimal(usage.millionths),
        instants.text(usage.start, offset),
        instants.text(usage.start + usage.seconds, offset),
        _share(usage.utilisation_bp) if usage.reported else "",
        usage.run_id,
        usage.team,
        usage.state,
    )


def _decimal(millionths: int) -> str:
    """Millionths as a decimal: whole, or with quarters."""
    whole, rest = divmod(millionths, MILLIONTHS)
    return str(whole) if rest == 0 else f"{whole}.{rest * 100 // MILLIONTHS:02d}"


def _share(basis_points: int) -> str:
    return f"{basis_points // BASIS_POINTS}.{basis_points % BASIS_POINTS:04d}"
