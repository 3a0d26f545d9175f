"""Clusters near the sizes at which rules about clusters begin."""

from sluicegate.demo.chips import B200, H100, H200, Chip
from sluicegate.demo.draft import Draft
from sluicegate.demo.draws import whole_flop
from sluicegate.demo.records import Cluster
from sluicegate.demo.sites import add_cluster
from sluicegate.demo.truth import Pattern, Subject, SubjectKind

_EIGHTEEN, _TWENTY = Pattern.CLUSTER_ABOVE_1E18, Pattern.CLUSTER_ABOVE_1E20
_SINGLE = (
    (_EIGHTEEN, False, ("1.3e18", "4e18"), "400"),
    (_EIGHTEEN, False, ("1.3e18", "4e18"), "200"),
    (_EIGHTEEN, True, ("5.5e17", "8.5e17"), "400"),
    (_EIGHTEEN, True, ("5.5e17", "8.5e17"), "50"),
    (_TWENTY, False, ("1.2e20", "1.8e20"), "400"),
    (_TWENTY, False, ("1.2e20", "1.8e20"), "800"),
    (_TWENTY, True, ("5.5e19", "8.5e19"), "400"),
    (_TWENTY, True, ("1.2e20", "1.8e20"), "50"),
)


def add_machines(draft: Draft) -> None:
    """Add idle clusters of chosen peaks, and pairs with and without a common fabric."""
    for pattern, near_miss, size, gbit in _SINGLE:
        number = len(draft.clusters) + 1
        cluster = _sized(draft, size, (f"syn-fab-{number:03d}", gbit))
        draft.add_pattern(
            pattern,
            Subject(SubjectKind.CLUSTER, id=cluster.cluster_id),
            near_miss=near_miss,
            detail={"peak_flop_per_second": str(_peak(cluster)), "gbit_per_second": gbit},
        )
    _add_between(draft)
    for number in range(1, 3):
        _add_pair(draft, f"syn-fab-joint-{number}")
        _add_pair(draft, None)


def _add_between(draft: Draft) -> None:
    """A large cluster whose fabric is of middling speed: rules differ on it, so no pattern."""
    _sized(draft, ("1.2e20", "1.6e20"), (f"syn-fab-{len(draft.clusters) + 1:03d}", "200"))


def _add_pair(draft: Draft, joint: str | None) -> None:
    """Two clusters of one facility, each of a middling peak, on one fabric or on two."""
    facility = draft.draws.pick(draft.facilities)
    pair = []
    for _ in range(2):
        fabric_id = joint or f"syn-fab-{len(draft.clusters) + 1:03d}"
        chip = draft.draws.pick((H100, H200))
        count = _count(draft, chip, ("6e17", "8.5e17"))
        pair.append(
            add_cluster(
                draft, chip, facility=facility, planned_count=count, fabric=(fabric_id, "400")
            )
        )
    draft.add_pattern(
        Pattern.JOINED_CLUSTERS,
        Subject(SubjectKind.CLUSTER, members=tuple(sorted(c.cluster_id for c in pair))),
        near_miss=joint is None,
        detail={
            "peak_flop_per_second": str(sum(_peak(cluster) for cluster in pair)),
            "fabric_id": joint or "",
        },
    )


def _sized(draft: Draft, size: tuple[str, str], fabric: tuple[str, str]) -> Cluster:
    chip = draft.draws.pick((H100, H200, B200))
    return add_cluster(draft, chip, planned_count=_count(draft, chip, size), fabric=fabric)


def _count(draft: Draft, chip: Chip, size: tuple[str, str]) -> int:
    """Whole machines whose peak lies within a range of FLOP per second."""
    low, high = (whole_flop(rate) for rate in size)
    machine = chip.per_machine * chip.peak_flop_per_second
    return draft.draws.whole(-(-low // machine), high // machine) * chip.per_machine


def _peak(cluster: Cluster) -> int:
    return (cluster.planned_count or 0) * cluster.chip.peak_flop_per_second
