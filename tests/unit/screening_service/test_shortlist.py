"""With the shortlist of a node a run finds what it finds without, and keeps only current names."""

from __future__ import annotations

import stat
import tarfile
from dataclasses import replace
from pathlib import Path

from screening_fakes import ScreeningBench, customer, entry, in_use, listed_party
from sluicegate.adapters.clock import SystemClock
from sluicegate.adapters.node import backup, init_node
from sluicegate.adapters.screened_names import DiskShortlist
from sluicegate.screening.prepared import Prepared
from sluicegate.services.ports.matches import RunKind
from sluicegate.services.screening.engine import Scoring
from sluicegate.services.screening.running import run_screening
from sluicegate.wiring.screening import build_index, shortlist_of

NAMES = ("Ilka Ostergard-Marrantine", "Quillfeather Zelvadoren", "Tand Velkmiren Holdings")
OLD = listed_party("lp-1", entry("1", "OSTERGARD MARRANTINE, Ilka"))
NEW = listed_party("lp-2", entry("2", "ZELVADOREN, Quilfeather"))


def _alerts(bench: ScreeningBench) -> set[tuple[str, str]]:
    return {(one.party_id, one.listed_id) for one in bench.store.matches.matches()}


def _run(bench: ScreeningBench, shortlist: DiskShortlist | None) -> RunKind:
    bench.at = bench.at.replace(hour=bench.at.hour + 1)
    scoring = Scoring(build_index, None, shortlist)
    return run_screening(replace(bench.screen, scoring=scoring)).kind


def _bench() -> ScreeningBench:
    bench = ScreeningBench(in_use(OLD))
    bench.put("customers", *(customer(f"c-{at}", name) for at, name in enumerate(NAMES)))
    return bench


def _held(file: Path) -> set[str]:
    found = Prepared.from_bytes(file.read_bytes())
    return set() if found is None else set(found.texts)


def test_a_delta_finds_the_same_with_a_shortlist_and_without(tmp_path: Path) -> None:
    shortlist = DiskShortlist(tmp_path / "cache" / "names.bin")
    for held in (shortlist, None):
        bench = _bench()
        _run(bench, held)
        bench.lists = in_use(OLD, NEW, version="2")
        assert _run(bench, held) is RunKind.DELTA
        assert _alerts(bench) == {("c-0", "lp-1"), ("c-1", "lp-2")}


def test_the_shortlist_spares_the_engine_those_who_cannot_alert(tmp_path: Path) -> None:
    shortlist = DiskShortlist(tmp_path / "names.bin")
    shortlist.ready(NAMES)
    queries = [{"query": name, "schema": "Person"} for name in NAMES]
    kept = shortlist.may_alert(build_index([NEW.as_entity()]), queries, 7_000)
    assert kept == [False, True, False]


def test_the_file_holds_the_names_that_are_screened_and_no_others(tmp_path: Path) -> None:
    shortlist = DiskShortlist(tmp_path / "cache" / "names.bin")
    bench = _bench()
    _run(bench, shortlist)
    assert _held(shortlist.file) == set(NAMES)
    assert stat.S_IMODE(shortlist.file.stat().st_mode) == 0o600
    bench.put("customers", customer("c-2", NAMES[2], closed="2026-01-01"))
    _run(bench, shortlist)
    assert _held(shortlist.file) == set(NAMES[:2])


def test_a_damaged_file_and_a_place_that_cannot_be_written_change_nothing(tmp_path: Path) -> None:
    file = tmp_path / "names.bin"
    file.write_bytes(b"damaged")
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where a folder should be")
    for shortlist in (DiskShortlist(file), DiskShortlist(blocked / "names.bin")):
        bench = _bench()
        _run(bench, shortlist)
        assert _alerts(bench) == {("c-0", "lp-1")}
    assert _held(file) == set(NAMES)


def test_a_backup_holds_no_cache(tmp_path: Path) -> None:
    node = init_node(tmp_path / "node", clock=SystemClock())
    shortlist_of(node).ready(NAMES)
    assert list((tmp_path / "node" / "cache").iterdir())
    backup(node, tmp_path / "backup.tar.gz")
    with tarfile.open(tmp_path / "backup.tar.gz") as tar:
        assert not [one for one in tar.getnames() if one.startswith("cache")]
