"""Runs and batches of jobs: how a target of FLOP becomes records of use."""

from dataclasses import dataclass, replace

from sluicegate.demo import instants
from sluicegate.demo.chips import MILLIONTHS
from sluicegate.demo.draft import Draft
from sluicegate.demo.draws import whole_flop
from sluicegate.demo.instants import DAY_SECONDS, HOUR_SECONDS
from sluicegate.demo.records import Channel, Cluster, Usage, Utilisation, Wording
from sluicegate.demo.truth import RunTruth

JITTER_BP = 250
SMALL_JOB = ("3.2e24", "7e24")
GAP_DAYS = (2, 4)
WIDEST_BATCH = 256  # accelerators; a batch that asks for more runs longer instead


@dataclass(frozen=True, slots=True)
class Job:
    """A run to be made: about `target_flop` on one cluster within whole days.

    Records of all `pools` overlap in time; each pool has one record a day from the first
    hour to the last.
    """

    customer_id: str
    cluster: Cluster
    target_flop: int
    first_day: int
    days: int
    utilisation: Utilisation
    account: str = ""
    run_id: str = ""
    kind: str = ""
    model_id: str = ""
    declared_flop: str = ""
    pools: int = 1


@dataclass(frozen=True, slots=True)
class Batches:
    """The work of a small customer: `count` jobs spread over a window of days."""

    customer_id: str
    cluster: Cluster
    target_flop: int
    first_day: int
    days: int
    count: int
    utilisation: Utilisation
    account: str = ""
    run_id: str = ""


def wording_for(draft: Draft, cluster: Cluster, *, percent_rented: int) -> Wording:
    """Name a cluster's hardware as a user would: by chip, or by rented machine.

    A bill names machines, whose hours it counts. In the native file only machines with one
    accelerator are named, so that a count of machines is a count of accelerators.
    """
    chip = cluster.chip
    if cluster.channel is Channel.FOCUS:
        return Wording("", draft.draws.pick(chip.instance_types).name)
    if chip.single and cluster.channel is Channel.NATIVE and draft.draws.chance(percent_rented):
        return Wording("", chip.single)
    return Wording(draft.draws.pick(chip.names), "")


def make_run(draft: Draft, job: Job) -> RunTruth:
    """Add the records of a run and return, and keep, what is true of it."""
    start_hour = draft.draws.whole(0, 20)
    size = _size(job, start_hour)
    midnight = instants.midnight(draft.as_of, job.first_day, job.cluster.offset_minutes)
    start = midnight + start_hour * HOUR_SECONDS
    end = start + size.seconds
    per_machine = job.cluster.chip.per_machine
    like = _like(draft, job, wording_for(draft, job.cluster, percent_rented=0))
    flop = 0
    for pool in range(job.pools):
        share = (size.machines + pool) // job.pools
        for since, until in _days(start, end, job.cluster.offset_minutes):
            usage = replace(
                like,
                record_id=draft.new_record_id(),
                millionths=share * per_machine * MILLIONTHS,
                start=since,
                seconds=until - since,
                utilisation_bp=_with_jitter(draft, job.utilisation),
            )
            draft.usage.append(usage)
            flop += usage.flop
    truth = _run_truth(job, start=start, end=end, flop=flop)
    draft.run_truths.append(truth)
    return truth


@dataclass(frozen=True, slots=True)
class _Size:
    """How many machines a run takes and for how long."""

    machines: int
    seconds: int


def _size(job: Job, start_hour: int) -> _Size:
    """The fewest machines that do the work within the days, and the whole hours they need."""
    chip = job.cluster.chip
    hourly = (
        chip.flop_per_second_per_bp * job.utilisation.basis_points * chip.per_machine * HOUR_SECONDS
    )
    machines = max(-(-job.target_flop // (hourly * (job.days * 24 - start_hour))), job.pools)
    hours = (job.target_flop + hourly * machines // 2) // (hourly * machines)
    return _Size(machines, max(hours, 1) * HOUR_SECONDS)


def _like(draft: Draft, job: Job | Batches, wording: Wording) -> Usage:
    """What all records of a job share; number, size and time are still to be filled in."""
    return Usage(
        record_id="",
        customer_id=job.customer_id,
        account=job.account,
        cluster=job.cluster,
        wording=wording,
        millionths=0,
        start=0,
        seconds=0,
        utilisation_bp=job.utilisation.basis_points,
        reported=job.utilisation.reported,
        run_id=job.run_id,
        team=draft.names.team(),
        state="completed",
    )


def _days(start: int, end: int, offset_minutes: int) -> list[tuple[int, int]]:
    """Cut a span at each midnight of its place."""
    spans = []
    while start < end:
        into_day = (start + offset_minutes * 60) % DAY_SECONDS
        until = min(end, start + DAY_SECONDS - into_day)
        spans.append((start, until))
        start = until
    return spans


def _with_jitter(draft: Draft, utilisation: Utilisation) -> int:
    """A record's own utilisation: it moves from record to record only where it is reported."""
    if not utilisation.reported:
        return utilisation.basis_points
    return utilisation.basis_points + draft.draws.whole(-JITTER_BP, JITTER_BP)


def _run_truth(job: Job, *, start: int, end: int, flop: int) -> RunTruth:
    return RunTruth(
        run_id=job.run_id or None,
        customer_id=job.customer_id,
        cluster_id=job.cluster.cluster_id,
        start=instants.text(start, job.cluster.offset_minutes),
        end=instants.text(end, job.cluster.offset_minutes),
        flop=flop,
        kind=job.kind or None,
        model_id=job.model_id or None,
        declared_flop=job.declared_flop or None,
        utilisation_bp=None if job.utilisation.reported else job.utilisation.basis_points,
    )


def make_small_runs(draft: Draft, whole: Job) -> int:
    """Make about `target_flop` as undeclared runs that are small each, one after the other.

    They share a customer and cluster, with days between them and different sizes, so that
    they are not one run. Returns the FLOP made.
    """
    low, high = (whole_flop(size) for size in SMALL_JOB)
    count = draft.draws.whole(-(-whole.target_flop // high), max(whole.target_flop // low, 1))
    slot = whole.days // count
    made = 0
    for number in range(count):
        percent = draft.draws.whole(93, 107)
        part = replace(
            whole,
            target_flop=whole.target_flop * percent // (100 * count),
            first_day=whole.first_day + number * slot,
            days=max(slot - draft.draws.whole(*GAP_DAYS), 2),
        )
        made += make_run(draft, part).flop
    return made


def make_batches(draft: Draft, batches: Batches) -> int:
    """Add a small customer's jobs and return the FLOP made."""
    draws, cluster = draft.draws, batches.cluster
    plan = _plan(draft, batches)
    wording = wording_for(draft, cluster, percent_rented=35)
    like = _like(draft, batches, wording)
    slot, step = batches.days * DAY_SECONDS // plan.count, plan.step
    begin = instants.midnight(draft.as_of, batches.first_day, cluster.offset_minutes)
    made = 0
    for number in range(plan.count):
        lasting = plan.seconds * draws.whole(60, 140) // 100
        lasting = max(1, min(lasting, slot) // step) * step
        free = max(slot - lasting, 0) // step
        usage = replace(
            like,
            record_id=draft.new_record_id(),
            millionths=plan.millionths,
            start=begin + number * slot // step * step + draws.whole(0, free) * step,
            seconds=lasting,
            utilisation_bp=_with_jitter(draft, batches.utilisation),
            state="completed" if draws.chance(93) else "failed",
        )
        draft.usage.append(usage)
        made += usage.flop
    return made


@dataclass(frozen=True, slots=True)
class _Plan:
    """Jobs of a batch: how many, how wide, how long on average, in steps of what time."""

    count: int
    millionths: int
    seconds: int
    step: int


def _plan(draft: Draft, batches: Batches) -> _Plan:
    unit, step = _grain(draft, batches.cluster)
    rate = batches.cluster.chip.flop_per_second_per_bp * batches.utilisation.basis_points
    work = batches.target_flop * MILLIONTHS // rate  # millionths of accelerators x seconds
    count = max(1, min(batches.count, work // (unit * step)))
    longest = batches.days * DAY_SECONDS // count * 2 // 3
    wished = min(longest, draft.draws.pick((2, 6, 12, 24, 72, 120)) * HOUR_SECONDS)
    if work // (count * wished) > WIDEST_BATCH * MILLIONTHS:
        wished = longest
    units = max(1, (work // count + wished * unit // 2) // (wished * unit))
    return _Plan(count, units * unit, work // (count * units * unit), step)


def _grain(draft: Draft, cluster: Cluster) -> tuple[int, int]:
    """The least (millionths of accelerators, seconds) of a channel.

    Billing counts whole machines and hours; elsewhere a few users take a quarter of a chip.
    """
    if cluster.channel is Channel.FOCUS:
        return cluster.chip.instance_types[0].accelerators * MILLIONTHS, HOUR_SECONDS
    if cluster.channel is Channel.SLURM or not draft.draws.chance(10):
        return MILLIONTHS, 60
    return MILLIONTHS // 4, 60
