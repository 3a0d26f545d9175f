"""Facilities and clusters where the use of the world takes place."""

from dataclasses import dataclass

from sluicegate.demo.chips import A100, B200, H100, H200, L4, MI300X, TPU_V5E, Chip
from sluicegate.demo.draft import Draft
from sluicegate.demo.records import Channel, Cluster, Facility

_PACIFIC, _SINGAPORE, _UTC = -420, 480, 0
_SITES = (
    *(("US", "us-west", _PACIFIC), ("US", "us-west", _PACIFIC), ("US", "us-south", _PACIFIC)),
    *(("US", "us-central", _PACIFIC), ("CA", "ca-west", _PACIFIC), ("SG", "ap-south", _SINGAPORE)),
    *(("SG", "ap-south", _SINGAPORE), ("AU", "ap-west", _SINGAPORE), ("GB", "eu-west", _UTC)),
    *(("SE", "eu-north", _UTC), ("FR", "eu-west", _UTC), ("DE", "eu-central", _UTC)),
)
_OPERATOR = "Nimbrelcove Cloud (synthetic)"
_FABRIC_SPEEDS = ("200", "400", "800")


@dataclass(frozen=True, slots=True)
class Sites:
    """Clusters that several customers share, by size and by the file their use arrives in."""

    large: tuple[Cluster, ...]
    large_focus: tuple[Cluster, ...]
    large_slurm: tuple[Cluster, ...]
    small: tuple[Cluster, ...]
    small_focus: tuple[Cluster, ...]
    small_slurm: tuple[Cluster, ...]


def open_sites(draft: Draft) -> Sites:
    """Add the facilities and the shared clusters."""
    for number, (country, region, offset) in enumerate(_SITES, start=1):
        draft.facilities.append(
            Facility(
                facility_id=f"syn-f-{number:03d}",
                name=f"{draft.names.place()} Campus (synthetic)",
                country=country,
                region=region,
                operator=_OPERATOR,
                power_mw=str(draft.draws.whole(8, 400)),
                offset_minutes=offset,
            )
        )
    native, focus, slurm = Channel.NATIVE, Channel.FOCUS, Channel.SLURM
    frontier = (H100, H200, B200, MI300X, H100, H100, H200, B200, H100, MI300X)
    mixed = (H100, A100, L4, A100, TPU_V5E, H100, L4, A100, H200, L4, A100, TPU_V5E, L4, H100)
    return Sites(
        large=_shared(draft, frontier, native),
        large_focus=_shared(draft, (H100, H100, B200, H200, H100, H100, B200, H100), focus),
        large_slurm=_shared(draft, (H100, H200, H100, B200, H100, H100, H200, B200), slurm),
        small=_shared(draft, mixed, native),
        small_focus=_shared(draft, (L4, A100, H100), focus),
        small_slurm=_shared(draft, (A100, H100, L4), slurm),
    )


def _shared(draft: Draft, chips: tuple[Chip, ...], channel: Channel) -> tuple[Cluster, ...]:
    return tuple(add_cluster(draft, chip, channel=channel) for chip in chips)


def add_cluster(
    draft: Draft,
    chip: Chip,
    *,
    channel: Channel = Channel.NATIVE,
    facility: Facility | None = None,
    planned_count: int | None = None,
    fabric: tuple[str, str] | None = None,
) -> Cluster:
    """Add a cluster; `fabric` is (fabric_id, Gbit/s as text), drawn when it is not given.

    Billing and scheduler files are in UTC, so clusters of those channels keep UTC.
    """
    if facility is None:
        facility = draft.draws.pick(draft.facilities)
    number = len(draft.clusters) + 1
    if fabric is None:
        fabric = (f"syn-fab-{number:03d}", draft.draws.pick(_FABRIC_SPEEDS))
    cluster = Cluster(
        cluster_id=f"syn-k-{number:03d}",
        facility_id=facility.facility_id,
        chip=chip,
        channel=channel,
        offset_minutes=facility.offset_minutes if channel is Channel.NATIVE else _UTC,
        fabric_id=fabric[0],
        fabric_gbit_per_second=fabric[1],
        planned_count=planned_count,
    )
    draft.clusters.append(cluster)
    return cluster
