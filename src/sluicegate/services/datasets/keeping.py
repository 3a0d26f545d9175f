"""Taking a snapshot of a data set into a node."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sluicegate.core.identifiers import uuid7
from sluicegate.core.problems import Problem
from sluicegate.core.reasons import say
from sluicegate.services.access.actions import Action
from sluicegate.services.datasets.errors import DatasetError
from sluicegate.services.datasets.registry import REGISTRY
from sluicegate.services.desk import Desk
from sluicegate.services.ports.datasets import KeptSnapshot, TableRead

IMPORTED = "dataset_imported"

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}")
_LONGEST_SOURCE = 500


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a table.

    `is_new` is false when the node had these bytes for this day already; then
    nothing was written. `problems` are those of the file.
    """

    kept: KeptSnapshot
    is_new: bool
    problems: tuple[Problem, ...]


def import_snapshot(
    desk: Desk, read: TableRead, file: str, *, is_dry_run: bool = False
) -> Imported:
    """Keep a table that was read as a snapshot of the data set that it names.

    The same bytes for the same day change nothing. Other bytes for a day that has
    a snapshot correct it, and the same bytes for another day correct the day; what
    is corrected stays, and `replaces` names it.

    Raises:
        DatasetError: the name is none or the registry's, nobody is credited, or the
            day is still to come.
        RefusedError: the principal may not.
    """
    desk.must(Action.LAB_LOAD)
    _check(read, desk.now().date().isoformat())
    held = desk.store.datasets.snapshots(read.snapshot.name)
    same = _standing_same(held, read)
    if same is not None:
        return Imported(same, False, read.problems)
    kept = _kept(desk, read, file, _corrected(held, read))
    if not is_dry_run:
        with desk.store.transaction():
            desk.store.datasets.add(kept, read.snapshot)
            _write_act(desk, kept)
    return Imported(kept, True, read.problems)


def _kept(desk: Desk, read: TableRead, file: str, replaces: str) -> KeptSnapshot:
    snapshot, at = read.snapshot, desk.now()
    return KeptSnapshot(
        snapshot_id=str(uuid7(at)),
        name=snapshot.name,
        known_on=snapshot.known_on,
        digest=snapshot.digest,
        source=snapshot.source,
        file=file[:200],
        rows=read.rows,
        models=len(snapshot.models),
        left_out=read.left_out,
        problems=len(read.problems),
        replaces=replaces,
        at=at,
        by=desk.principal.id,
    )


def standing(held: Sequence[KeptSnapshot]) -> tuple[KeptSnapshot, ...]:
    """Return the snapshots that no later one corrects, in order of the days they were known on."""
    corrected = {one.replaces for one in held}
    found = (one for one in held if one.snapshot_id not in corrected)
    return tuple(sorted(found, key=lambda one: (one.name, one.known_on)))


def _standing_same(held: Sequence[KeptSnapshot], read: TableRead) -> KeptSnapshot | None:
    wanted = (read.snapshot.digest, read.snapshot.known_on)
    return next((one for one in standing(held) if (one.digest, one.known_on) == wanted), None)


def _corrected(held: Sequence[KeptSnapshot], read: TableRead) -> str:
    """Return the id of the snapshot that these bytes correct, by their day or by themselves."""
    alike = [
        one.snapshot_id
        for one in standing(held)
        if one.known_on == read.snapshot.known_on or one.digest == read.snapshot.digest
    ]
    if len(alike) > 1:
        sentence = (
            "{name}: these bytes stand under another day, and {day} has a snapshot already;"
            " give the data set another name."
        )
        raise DatasetError(say(sentence, name=read.snapshot.name, day=read.snapshot.known_on))
    return alike[0] if alike else ""


def _check(read: TableRead, today: str) -> None:
    snapshot = read.snapshot
    if not _NAME.fullmatch(snapshot.name):
        raise DatasetError(
            say(
                "{name}: is no name of a data set; use small letters, digits, dots, dashes and"
                " underscores, such as epoch-notable.",
                name=snapshot.name[:80],
            )
        )
    if snapshot.name == REGISTRY:
        raise DatasetError(
            say(
                "{name}: is the node's own registry; give the data set another name.",
                name=snapshot.name,
            )
        )
    if not snapshot.source.strip() or len(snapshot.source) > _LONGEST_SOURCE:
        raise DatasetError(
            say(
                "{name}: nobody is credited; say whose data it is and under which licence,"
                " in at most {most} characters.",
                name=snapshot.name,
                most=_LONGEST_SOURCE,
            )
        )
    if snapshot.known_on.isoformat() > today:
        raise DatasetError(
            say(
                "{name}: {day} is still to come; give the day on which the data was known.",
                name=snapshot.name,
                day=snapshot.known_on,
            )
        )


def _write_act(desk: Desk, kept: KeptSnapshot) -> None:
    record = {
        "snapshot": kept.snapshot_id,
        "dataset": kept.name,
        "known_on": kept.known_on.isoformat(),
        "digest": kept.digest,
        "rows": kept.rows,
        "models": kept.models,
        "left_out": kept.left_out,
        "problems": kept.problems,
        "replaces": kept.replaces,
    }
    reason = f"data set {kept.name} as known on {kept.known_on}"
    desk.store.act(IMPORTED, record, at=kept.at, by=desk.principal.id, reason=reason)
