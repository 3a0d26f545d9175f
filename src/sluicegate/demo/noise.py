"""What goes wrong in real files: accounts nobody knows, hardware nobody knows, broken lines."""

from collections.abc import Callable, Sequence

from sluicegate.demo import instants
from sluicegate.demo.chips import MILLIONTHS
from sluicegate.demo.draft import Draft
from sluicegate.demo.draws import Draws
from sluicegate.demo.instants import HOUR_SECONDS, USAGE_DAYS
from sluicegate.demo.records import Channel, Usage, Wording
from sluicegate.demo.sites import Sites
from sluicegate.demo.truth import BrokenLine, Pattern, UnknownAccelerator
from sluicegate.demo.work import Batches, make_batches

_UNKNOWN = ("Zorbeck ZX-9", "Quillon NPU-4", "TX-Prototype B")
_UNMAPPED_SIZE = ("2e19", "5e21")


def add_unmapped_accounts(draft: Draft, sites: Sites) -> None:
    """Add use of two billing and two scheduler accounts that account_map leaves out."""
    for cluster in (*sites.small_focus[:2], *sites.small_slurm[:2]):
        batches = Batches(
            customer_id="",
            cluster=cluster,
            target_flop=draft.draws.flop(*_UNMAPPED_SIZE),
            first_day=draft.draws.whole(0, 100),
            days=200,
            count=draft.draws.whole(6, 14),
            utilisation=draft.utilisation(percent_reported=0),
            account=draft.new_account(cluster.channel),
        )
        make_batches(draft, batches)


def add_unknown_accelerators(draft: Draft) -> None:
    """Add a few hours on invented hardware to small customers of the native file."""
    honest = [
        usage
        for usage in draft.usage[:: max(len(draft.usage) // 997, 1)]
        if usage.cluster.channel is Channel.NATIVE and not usage.run_id
        if draft.pattern_of(usage.customer_id) is Pattern.HONEST
    ]
    for name in _UNKNOWN:
        like = draft.draws.pick(honest)
        records = []
        for _ in range(draft.draws.whole(2, 4)):
            usage = _hours_on(draft, name, like)
            draft.usage.append(usage)
            records.append(usage.record_id)
        draft.unknown_accelerators.append(
            UnknownAccelerator(name, like.customer_id, tuple(records))
        )


def _hours_on(draft: Draft, name: str, like: Usage) -> Usage:
    day = draft.draws.whole(0, USAGE_DAYS - 2)
    return Usage(
        record_id=draft.new_record_id(),
        customer_id=like.customer_id,
        account="",
        cluster=like.cluster,
        wording=Wording(name, ""),
        millionths=draft.draws.whole(1, 8) * MILLIONTHS,
        start=instants.midnight(draft.as_of, day, like.cluster.offset_minutes),
        seconds=draft.draws.whole(1, 10) * HOUR_SECONDS,
        utilisation_bp=like.utilisation_bp,
        reported=False,
        run_id="",
        team=like.team,
        state=like.state,
    )


Row = dict[str, str]


def _ends_before_start(row: Row) -> None:
    row["start"], row["end"] = row["end"], row["start"]


def _negative_count(row: Row) -> None:
    row["accelerator_count"] = "-8"


def _too_much_utilisation(row: Row) -> None:
    row["utilisation"] = "1.7"


def _no_offset(row: Row) -> None:
    row["start"] = row["start"][:19]


def _no_instant(row: Row) -> None:
    row["end"] = "last Tuesday"


_FAULTS: tuple[tuple[str, Callable[[Row], None]], ...] = (
    ("end before start", _ends_before_start),
    ("negative accelerator_count", _negative_count),
    ("utilisation above 1", _too_much_utilisation),
    ("start without an offset", _no_offset),
    ("end is not an instant", _no_instant),
)


def break_lines(
    draws: Draws, file: str, columns: Sequence[str], rows: list[tuple[str, ...]]
) -> list[BrokenLine]:
    """Put three to five broken copies of rows among the rows; return where they stand.

    A broken row has a record id of its own, so that rejecting it loses nothing else.
    """
    faults = draws.some(_FAULTS, draws.whole(3, len(_FAULTS)))
    places = sorted(draws.whole(1, len(rows) - 1) + number for number in range(len(faults)))
    broken = []
    for number, (place, (why, spoil)) in enumerate(zip(places, faults, strict=True), start=1):
        row = dict(zip(columns, rows[place], strict=True))
        row["record_id"] = f"syn-broken-{number}"
        spoil(row)
        rows.insert(place, tuple(row[column] for column in columns))
        broken.append((row["record_id"], why))
    line_of = {row[1]: line for line, row in enumerate(rows, start=2)}
    return [BrokenLine(file, line_of[record_id], why) for record_id, why in broken]
