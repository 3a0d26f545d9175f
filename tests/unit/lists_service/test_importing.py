"""A list is taken in whole or not at all; what is refused leaves the old version in use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from list_worlds import NOW, TODAY, ListWorld, company, person, terms
from sluicegate.adapters.list_files import DiskLists
from sluicegate.core.problems import Problem
from sluicegate.services.lists.checking import ages, require_fresh
from sluicegate.services.lists.condition import check_lists
from sluicegate.services.lists.importing import ImportOptions, import_list
from sluicegate.services.lists.parties import listed_parties, versions_in_use
from sluicegate.services.lists.parts import ListRefusedError, StaleListError, UnknownListError
from sluicegate.services.lists.showing import diff_versions, list_rows, versions_of
from sluicegate.services.node import CheckState
from sluicegate.services.ports.lists import KeptFile, ListFilesError

MANY = [company("aaa", str(n), f"Unlike Works Number {n}") for n in range(100)]


def acts(world: ListWorld) -> list[str]:
    return [one.name for one in world.parts.store.acts()]


def test_a_version_keeps_issuer_date_counts_checksum_and_size(world: ListWorld) -> None:
    taken = world.load("aaa", *MANY, person("ccc", "1"), published=date(2026, 3, 30))
    [kept] = world.parts.store.lists.versions()
    assert kept == taken.version
    about = kept.about
    assert (about.list_id, about.issuer) == ("aaa", "Issuer of aaa")
    assert (about.published, about.loaded_at) == (date(2026, 3, 30), NOW)
    assert (about.counts, about.entries, about.names) == ((("aaa", 100), ("ccc", 1)), 101, 101)
    [file] = kept.files
    assert (file.checksum, file.size_bytes) == (about.checksum, about.size_bytes)
    assert world.parts.files.faults(kept) == []
    [act] = world.parts.store.acts()
    record = json.loads(act.canonical)["record"]
    assert record["checksum"] == about.checksum
    assert record["counts"] == {"aaa": 100, "ccc": 1}
    assert (record["added"], record["removed"]) == (101, 0)
    assert "Works" not in act.canonical.decode()


def test_the_same_file_is_taken_in_once(world: ListWorld) -> None:
    first = world.load("aaa", *MANY)
    again = world.at(1).load("aaa", *MANY)
    assert (again.is_new, again.version) == (False, first.version)
    assert acts(world) == ["list_imported"]


def test_an_empty_list_is_refused_and_the_old_version_stays(world: ListWorld) -> None:
    first = world.load("aaa", *MANY)
    bad = Problem("aaa.csv", 1, "", "is no row", "correct it")
    read = world.read("aaa", (), problems=[bad])
    with pytest.raises(ListRefusedError, match=r"holds no entry .* version in use stays"):
        import_list(world.parts, read, ImportOptions(accept_smaller="never mind"))
    assert world.parts.store.lists.versions() == (first.version,)
    assert acts(world) == ["list_imported", "list_refused"]


def test_a_day_given_does_not_overrule_the_day_that_the_file_tells(world: ListWorld) -> None:
    told = world.read("aaa", MANY, date(2026, 1, 5))
    with pytest.raises(ListRefusedError, match=r"of 2026-01-05, not of 2026-06-01; leave"):
        import_list(world.parts, told, ImportOptions(date(2026, 6, 1)))
    taken = import_list(world.parts, told, ImportOptions(date(2026, 1, 5)))
    assert (taken.is_new, taken.version.about.published) == (True, date(2026, 1, 5))


def test_a_list_that_lost_too_much_needs_a_reason(world: ListWorld) -> None:
    world.load("aaa", *MANY)
    assert world.at(1).load("aaa", *MANY[:90]).is_new, "a tenth may go"
    with pytest.raises(ListRefusedError, match=r"aaa: has 80 entries, 90 before; more than 10 %"):
        world.at(2).load("aaa", *MANY[:80])
    assert len(listed_parties(world.parts.store, world.parts.files)) == 90
    taken = world.at(2).load("aaa", *MANY[:80], accept_smaller="the issuer's notice 12 says so")
    assert taken.version.excuse == "the issuer's notice 12 says so"
    assert len(taken.changes.removed) == 10


def test_a_list_without_its_other_names_is_refused(world: ListWorld) -> None:
    named = [
        replace(one, names=(*one.names, replace(one.names[0], text=f"{one.primary_name} Group")))
        for one in MANY
    ]
    world.load("aaa", *named)
    with pytest.raises(ListRefusedError, match=r"have 100 names, 200 before; more than 10 %"):
        world.at(1).load("aaa", *MANY)
    assert world.at(1).load("aaa", *MANY, accept_smaller="they are gone").is_new


def test_the_first_file_of_a_list_is_held_against_the_file_that_spoke_for_it(
    world: ListWorld,
) -> None:
    inner = [person("ccc", str(n), f"Person Number {n}x") for n in range(40)]
    world.load("aaa", *MANY, *inner, published=date(2026, 3, 30))
    with pytest.raises(ListRefusedError, match=r"ccc: has 30 entries, 40 before"):
        world.at(1).load("ccc", *inner[:30], published=date(2026, 3, 31))
    assert world.at(1).load("ccc", *inner[:30], published=date(2026, 3, 29)).is_new, "not in use"
    assert world.at(2).load("bbb", *MANY[:1]).is_new, "nobody spoke for it"


def test_a_list_inside_a_file_may_not_vanish_unseen(world: ListWorld) -> None:
    inner = [person("ccc", str(n), f"Person Number {n}x") for n in range(20)]
    world.load("aaa", *MANY, *MANY[:0], *inner)
    more = [company("aaa", f"m{n}", f"Newer Works Number {n}") for n in range(30)]
    with pytest.raises(ListRefusedError, match="ccc: has 0 entries, 20 before"):
        world.at(1).load("aaa", *MANY, *more)


def test_an_older_list_is_refused(world: ListWorld) -> None:
    world.load("aaa", *MANY, published=date(2026, 3, 30))
    with pytest.raises(ListRefusedError, match=r"is of 2026-03-29, older than .* of 2026-03-30"):
        world.at(1).load("aaa", *MANY[:99], published=date(2026, 3, 29))


def test_a_dry_run_keeps_nothing_and_tells_what_would_change(world: ListWorld) -> None:
    world.load("aaa", *MANY)
    tried = world.at(1).load("aaa", *MANY[1:], person("aaa", "new"), dry_run=True)
    assert [one.entry_id for one in tried.changes.added] == ["new"]
    assert [one.entry_id for one in tried.changes.removed] == ["0"]
    assert len(world.parts.store.lists.versions()) == 1
    with pytest.raises(ListRefusedError):
        world.at(1).load("aaa", dry_run=True)
    assert acts(world) == ["list_imported"]


def test_a_list_grows_stale_and_says_so(world: ListWorld) -> None:
    world.load("aaa", *MANY, published=TODAY - timedelta(days=30))
    store = world.parts.store
    [age] = ages(store, terms, TODAY)
    assert (age.days, age.greatest, age.is_stale) == (30, 30, False)
    assert len(require_fresh(store, terms, TODAY)) == 1
    tomorrow = TODAY + timedelta(days=1)
    with pytest.raises(StaleListError, match=r"1 of 1 lists are older .* is 31 days old"):
        require_fresh(store, terms, tomorrow)
    assert len(require_fresh(store, terms, tomorrow, allow_stale=True)) == 1


def test_without_the_list_that_is_asked_for_nothing_is_screened(world: ListWorld) -> None:
    store = world.parts.store
    with pytest.raises(StaleListError, match="No list is loaded"):
        require_fresh(store, terms, TODAY)
    world.load("aaa", *MANY)
    with pytest.raises(StaleListError, match="bbb: is not loaded"):
        require_fresh(store, terms, TODAY, lists=["aaa", "bbb"], allow_stale=True)


def test_the_issuers_address_that_gives_a_version_again_makes_it_young(world: ListWorld) -> None:
    world.load("aaa", *MANY, published=TODAY - timedelta(days=90))
    later = world.at(5)
    assert not later.load("aaa", *MANY, from_issuer=True).is_new
    [age] = ages(world.parts.store, terms, TODAY + timedelta(days=5))
    assert (age.days, age.is_stale) == (0, False)
    assert acts(world) == ["list_imported", "list_confirmed"]


def test_damaged_or_missing_files_are_told_and_never_read(world: ListWorld) -> None:
    taken = world.load("aaa", *MANY)
    store, files = world.parts.store, world.parts.files
    assert check_lists(store, files, terms, TODAY).state is CheckState.OK
    [place] = Path(world.folder.parent / "lists" / "entries").iterdir()
    content = place.read_bytes()
    place.write_bytes(content[:-20] + bytes(20))
    with pytest.raises(ListFilesError, match="is not what was written; restore"):
        listed_parties(store, files)
    check = check_lists(store, files, terms, TODAY)
    assert check.state is CheckState.FAILED
    assert "is not what was written" in check.finding
    place.unlink()
    with pytest.raises(ListFilesError, match="is missing"):
        listed_parties(store, files)
    [bytes_] = Path(world.folder.parent / "lists" / "files").glob("*/*")
    bytes_.write_bytes(b"other")
    assert len(files.faults(taken.version)) == 2


def test_the_doctor_warns_of_an_old_list(world: ListWorld) -> None:
    world.load("aaa", *MANY, published=TODAY - timedelta(days=31))
    check = check_lists(world.parts.store, world.parts.files, terms, TODAY)
    assert (check.state, check.finding) == (
        CheckState.WARNING,
        "aaa is 31 days old, 30 allowed",
    )


def test_versions_are_listed_and_compared(world: ListWorld) -> None:
    world.load("aaa", *MANY, published=date(2026, 3, 1))
    with pytest.raises(UnknownListError, match="one version only"):
        diff_versions(world.parts, "aaa")
    renamed = company("aaa", "1", "Brask Lithography", countries=("AD",))
    world.at(1).load("aaa", renamed, *MANY[2:], person("aaa", "new"), published=date(2026, 3, 9))
    changes = diff_versions(world.parts, "aaa")
    assert [one.entry_id for one in changes.added] == ["new"]
    assert [one.entry_id for one in changes.removed] == ["0"]
    [change] = changes.renamed
    assert [(one.field, one.before, one.after) for one in change.fields] == [
        ("names", "Unlike Works Number 1", "Brask Lithography"),
        ("countries", "", "AD"),
    ]
    assert changes.changed == ()
    back = diff_versions(world.parts, "aaa", "2026-03-09", "aaa@2026-03-01")
    assert [one.entry_id for one in back.added] == ["0"]
    with pytest.raises(UnknownListError, match="aaa@2026-03-01, aaa@2026-03-09"):
        diff_versions(world.parts, "aaa", "2026-01-01")
    assert len(versions_of(world.parts, "aaa")) == 2
    [row] = list_rows(world.parts)
    assert (row.list_id, row.entries, row.version.about.version) == ("aaa", 100, "2026-03-09")


def test_what_was_known_before_is_what_counted_then(world: ListWorld) -> None:
    world.load("aaa", *MANY)
    world.at(2).load("aaa", *MANY, person("aaa", "new"))
    store, files = world.parts.store, world.parts.files
    then = NOW + timedelta(days=1)
    assert len(listed_parties(store, files, known_on=then)) == 100
    assert len(listed_parties(store, files)) == 101
    before, now = versions_in_use(store, known_on=then), versions_in_use(store)
    assert before["aaa"].checksum != now["aaa"].checksum


def test_of_two_who_take_in_a_list_at_once_one_tries_again(world: ListWorld) -> None:
    world.load("aaa", *MANY)
    plain = world.parts.files

    class Interrupted(DiskLists):
        """Somebody else takes in a version while the files are copied."""

        def keep(self, files: Sequence[Path]) -> tuple[KeptFile, ...]:
            world.parts = replace(world.parts, files=plain)
            world.load("aaa", *MANY[1:])
            return super().keep(files)

    world.parts = replace(world.parts, files=Interrupted(world.folder.parent / "lists"))
    with pytest.raises(ListRefusedError, match="somebody took in another version meanwhile"):
        world.load("aaa", *MANY[2:])
    assert len(listed_parties(world.parts.store, plain)) == 99
