"""Three dated states of the US list: what differs is what the README of the data counts."""

from __future__ import annotations

import csv
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import pytest

from list_worlds import list_world
from sluicegate.adapters.lists.reading import ListRead, read_list
from sluicegate.screening.changes import list_changes
from sluicegate.screening.entries import ListEntry
from sluicegate.screening.joining import JoinRule, join_entries
from sluicegate.screening.known_lists import known_list
from sluicegate.screening.parties import ListedParty
from sluicegate.services.lists.importing import ImportOptions, import_list
from sluicegate.services.lists.parties import changed_parties, listed_parties
from sluicegate.services.lists.parts import ListParts, ListRefusedError
from sluicegate.services.lists.showing import diff_versions

SDN = "us_sdn"
MOST_CPU_SECONDS = 6.0
"""For the loading of all parties of 14,000 entries; measured at 1.1 on one of two busy cores."""


@pytest.fixture(scope="module")
def us(shared_data: Path) -> Path:
    """Return the folder of the US lists."""
    return shared_data / "screening" / "us"


@pytest.fixture(scope="module")
def early(us: Path) -> ListRead:
    return read_list(us / "sdn_2021-07.csv")


@pytest.fixture(scope="module")
def consolidated(us: Path) -> ListRead:
    return read_list(us / "csl_consolidated_2022-04.csv")


@pytest.fixture(scope="module")
def late(us: Path) -> ListRead:
    return read_list(us / "sdn_2023-01.csv")


def sdn(read: ListRead) -> Sequence[ListEntry]:
    return [one for one in read.entries if one.list_id == SDN]


def test_from_2021_to_2022(early: ListRead, consolidated: ListRead) -> None:
    changes = list_changes(early.entries, sdn(consolidated))
    assert (len(changes.added), len(changes.removed)) == (1_470, 420)


def test_from_2022_to_2023(us: Path, consolidated: ListRead, late: ListRead) -> None:
    changes = list_changes(sdn(consolidated), late.entries)
    assert (len(changes.added), len(changes.removed)) == (1_516, 99)
    raw = renamed_by_bytes(us)
    assert len(raw) == 23
    spaces = {key for key, (old, new) in raw.items() if old.split() == new.split()}
    assert {one.after.entry_id for one in changes.renamed} == set(raw) - spaces


def renamed_by_bytes(us: Path) -> dict[str, tuple[str, str]]:
    """Return the entries whose name differs in the bytes of the files, doubled spaces too."""
    with (us / "csl_consolidated_2022-04.csv").open(encoding="utf-8-sig", newline="") as stream:
        old = {
            row["entity_number"]: row["name"]
            for row in csv.DictReader(stream)
            if "(SDN)" in row["source"]
        }
    with (us / "sdn_2023-01.csv").open(encoding="utf-8-sig", newline="") as stream:
        new = {row[0].strip(): row[1] for row in csv.reader(stream) if len(row) > 1}
    return {key: (old[key], new[key]) for key in old.keys() & new.keys() if old[key] != new[key]}


@dataclass(frozen=True)
class Loaded:
    """A node that took three states in, one after the other, and its parties before the last."""

    parts: ListParts
    before: Sequence[ListedParty]


@pytest.fixture(scope="module")
def node(
    tmp_path_factory: pytest.TempPathFactory,
    early: ListRead,
    consolidated: ListRead,
    late: ListRead,
) -> Loaded:
    world = list_world(tmp_path_factory.mktemp("lists"))
    parts = replace(world.parts, catalogue=known_list)
    import_list(parts, early, ImportOptions(date(2021, 7, 7)))
    import_list(parts, consolidated, ImportOptions(date(2022, 4, 21)))
    before = listed_parties(parts.store, parts.files)
    with pytest.raises(ListRefusedError, match="Give every file of the list, that of its other"):
        import_list(parts, late, ImportOptions(date(2023, 1, 21)))
    import_list(parts, late, ImportOptions(date(2023, 1, 21), "shared without its other names"))
    return Loaded(parts, before)


def test_a_node_tells_the_same_and_loads_in_time(node: Loaded, late: ListRead) -> None:
    changes = diff_versions(node.parts, SDN, "us_csl@2022-04-21", "us_sdn@2023-01-21")
    assert (len(changes.added), len(changes.removed)) == (1_516, 99)
    began = time.process_time()
    parties = listed_parties(node.parts.store, node.parts.files)
    assert time.process_time() - began < MOST_CPU_SECONDS
    entries = [one for party in parties for one in party.entries]
    assert len(entries) == len({one.key for one in entries})
    assert {one.key for one in entries if one.list_id == SDN} == {one.key for one in late.entries}
    assert len(parties) < len(entries), "some stand on several lists"


def test_every_entry_that_stays_keeps_its_party(node: Loaded) -> None:
    after = listed_parties(node.parts.store, node.parts.files)
    held = {one.key: party.party_id for party in node.before for one in party.entries}
    now = {one.key: party.party_id for party in after for one in party.entries}
    assert [key for key in held.keys() & now.keys() if held[key] != now[key]] == []
    changes = changed_parties(node.before, after)
    assert 1_400 < len(changes.added) <= 1_516, "the rest joined parties of other lists"
    assert len(changes.removed) <= 99


def test_lists_of_several_issuers_are_joined_with_reasons(
    shared_data: Path, consolidated: ListRead
) -> None:
    folder = shared_data / "screening"
    journal = read_list(folder / "nc" / "eu_journal")
    entries = [*consolidated.entries, *journal.entries]
    joins = join_entries(entries)
    by_rule = {rule: sum(one.rule is rule for one in joins) for rule in JoinRule}
    assert by_rule[JoinRule.ISSUER] >= 100
    assert by_rule[JoinRule.IDENTIFIER] >= 20
    assert by_rule[JoinRule.NAME] >= 1_000
    known = {one.key: one for one in entries}
    for one in joins:
        if one.rule is JoinRule.NAME:
            dates = known[one.first].birth_dates, known[one.second].birth_dates
            if all(dates):
                assert any(a.startswith(b) or b.startswith(a) for a in dates[0] for b in dates[1])
