"""Snapshots of a node: taken in once, corrected, given as known on a day; and who may."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from sluicegate.adapters.datasets import read_bytes
from sluicegate.services.access.authority import RefusedError
from sluicegate.services.datasets import reading
from sluicegate.services.datasets.errors import DatasetError, UnknownDatasetError
from sluicegate.services.datasets.keeping import IMPORTED, Imported, import_snapshot
from sluicegate.services.desk import Desk
from sluicegate.services.ports.datasets import TableRead
from work_world import person, world

HEADER = "name,developers,published,flop\n"
FIRST, SECOND = date(2026, 1, 31), date(2026, 3, 31)


@pytest.fixture
def desk() -> Iterator[Desk]:
    with world(person("ana", "analyst")) as made:
        yield made.desk(person("ana", "analyst"))


def table(day: date = FIRST, compute: str = "1e25", source: str = "Example Institute") -> TableRead:
    text = f"{HEADER}Alder,Aspen Labs,2026-01-02,{compute}\n,,,\nBad,X,2026-01-02,x\n"
    return read_bytes(text.encode(), "own.csv", "own", day, source)


def take_in(desk: Desk, read: TableRead) -> Imported:
    return import_snapshot(desk, read, "own.csv")


def test_a_snapshot_is_kept_with_what_was_wrong_and_an_act(desk: Desk) -> None:
    done = take_in(desk, table())
    assert (done.is_new, done.kept.rows, done.kept.models, done.kept.left_out) == (True, 2, 1, 1)
    assert [str(one).partition(":")[0] for one in done.problems] == ["own.csv"]
    [act] = [one for one in desk.store.acts() if one.name == IMPORTED]
    assert done.kept.digest.encode() in act.canonical
    assert b"Aspen" not in act.canonical
    assert reading.snapshot_of(desk, "own").models == table().models


def test_the_same_bytes_for_the_same_day_change_nothing(desk: Desk) -> None:
    first = take_in(desk, table())
    again = take_in(desk, table())
    assert (again.is_new, again.kept) == (False, first.kept)
    assert len(desk.store.datasets.snapshots()) == 1
    assert sum(one.name == IMPORTED for one in desk.store.acts()) == 1


def test_a_dry_run_keeps_nothing(desk: Desk) -> None:
    assert import_snapshot(desk, table(), "own.csv", is_dry_run=True).is_new
    assert desk.store.datasets.snapshots() == ()
    assert not any(one.name == IMPORTED for one in desk.store.acts())


def test_other_bytes_for_a_day_correct_it_and_the_old_ones_stay(desk: Desk) -> None:
    old = take_in(desk, table()).kept
    new = take_in(desk, table(compute="2e25")).kept
    assert new.replaces == old.snapshot_id
    assert reading.kept_snapshots(desk, "own") == (new,)
    assert reading.every_snapshot(desk, "own") == (old, new)
    assert reading.snapshot_of(desk, "own").models[0].compute == 2 * 10**25


def test_the_same_bytes_for_another_day_correct_the_day(desk: Desk) -> None:
    old = take_in(desk, table()).kept
    new = take_in(desk, table(SECOND)).kept
    assert new.replaces == old.snapshot_id
    assert [one.known_on for one in reading.kept_snapshots(desk)] == [SECOND]


def test_bytes_that_stand_under_another_day_are_refused_for_a_day_that_is_taken(desk: Desk) -> None:
    take_in(desk, table())
    take_in(desk, table(SECOND, "2e25"))
    with pytest.raises(DatasetError, match="another name"):
        take_in(desk, table(SECOND))


def test_a_data_set_is_given_as_known_on_a_day(desk: Desk) -> None:
    take_in(desk, table(SECOND, "2e25"))
    take_in(desk, table())
    assert reading.snapshot_of(desk, "own", date(2026, 3, 30)).known_on == FIRST
    assert reading.snapshot_of(desk, "own", SECOND).known_on == SECOND
    assert reading.snapshot_of(desk, "own").known_on == SECOND
    days = [one.known_on for one in reading.snapshots_of(desk, "own", date(2026, 3, 30))]
    assert days == [FIRST]
    with pytest.raises(UnknownDatasetError, match=r"its first snapshot is of 2026-01-31"):
        reading.snapshot_of(desk, "own", date(2026, 1, 30))


def test_a_data_set_that_is_not_there_is_told_with_those_that_are(desk: Desk) -> None:
    take_in(desk, table())
    with pytest.raises(UnknownDatasetError, match="own, registry"):
        reading.snapshot_of(desk, "other")


@pytest.mark.parametrize(
    ("name", "source", "day", "told"),
    [
        ("registry", "Example", FIRST, "own registry"),
        ("Own Data", "Example", FIRST, "no name of a data set"),
        ("own", " ", FIRST, "nobody is credited"),
        ("own", "x" * 501, FIRST, "nobody is credited"),
        ("own", "Example", date(2026, 4, 2), "still to come"),
    ],
)
def test_what_is_no_data_set_is_refused(
    desk: Desk, name: str, source: str, day: date, told: str
) -> None:
    read = read_bytes(f"{HEADER}Alder,A,2026-01-02,1e25\n".encode(), "f.csv", name, day, source)
    with pytest.raises(DatasetError, match=told):
        take_in(desk, read)
    assert desk.store.datasets.snapshots() == ()


def test_a_viewer_reads_and_takes_nothing_in() -> None:
    with world() as made:
        viewer = made.desk(person("vic", "viewer"))
        assert reading.kept_snapshots(viewer) == ()
        with pytest.raises(RefusedError):
            take_in(viewer, table())
        nobody = made.desk(person("ada", "administrator"))
        with pytest.raises(RefusedError):
            reading.kept_snapshots(nobody)
