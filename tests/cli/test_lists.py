"""`sluicegate lists`: lists are taken in, shown, compared, fetched; designations entered."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from command_line import Ran, sluicegate
from loopback_servers import Page, Received, http_server

JSON = ("--format", "json")
ROWS = [(str(n), f"Unlike Works Number {n}", "Company", "") for n in range(40)]
TODAY = datetime.now(UTC).date()


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """Return an empty node."""
    folder = tmp_path / "bare"
    assert sluicegate("init", folder).code == 0
    return folder


def written(folder: Path, rows: list[tuple[str, str, str, str]], name: str = "own.csv") -> Path:
    """Write a list of one's own."""
    file = folder / name
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["id", "name", "schema", "countries"])
        writer.writerows(rows)
    return file


def lists(node: Path, *words: object) -> Ran:
    return sluicegate("lists", *words, "--node", node)


def taken(node: Path, folder: Path, rows: list[tuple[str, str, str, str]], *more: object) -> Ran:
    """Import a list of one's own as `blocked`."""
    return lists(node, "import", written(folder, rows), "--list", "blocked", *more, *JSON)


def test_a_list_is_taken_in_and_listed(bare: Path, tmp_path: Path) -> None:
    ran = taken(bare, tmp_path, ROWS, "--published", TODAY)
    assert ran.code == 0
    [row] = ran.json["lists"]
    assert (row["list"], row["state"], row["entries"], row["added"]) == (
        "blocked",
        "taken in",
        40,
        40,
    )
    assert row["published"] == TODAY.isoformat()
    [listed] = lists(bare, "list", *JSON).json
    assert (listed["entries"], listed["days"], listed["stale"]) == (40, 0, False)
    assert listed["checksum"] == row["checksum"]
    shown = lists(bare, "show", "blocked", *JSON).json
    assert [one["counts"] for one in shown["versions"]] == [{"blocked": 40}]
    [again] = taken(bare, tmp_path, ROWS).json["lists"]
    assert again["state"] == "unchanged"
    table = lists(bare, "list")
    assert "blocked" in table.out
    assert lists(bare, "show", "none").code == 2


def test_rows_that_cannot_be_read_are_told_and_written(bare: Path, tmp_path: Path) -> None:
    rejects = tmp_path / "bad.csv"
    rows = [*ROWS, ("x", "", "Company", "")]
    ran = taken(bare, tmp_path, rows, "--rejects", rejects)
    assert ran.json["lists"][0]["problems"] == 1
    assert "own.csv:42" in ran.err
    [bad] = csv.DictReader(rejects.read_text(encoding="utf-8").splitlines())
    assert bad["line"] == "42"


def test_a_list_that_is_refused_leaves_the_old_one_in_use(bare: Path, tmp_path: Path) -> None:
    taken(bare, tmp_path, ROWS, "--published", "2026-01-10")
    small = taken(bare, tmp_path, ROWS[:10])
    assert small.code == 2
    assert small.json["lists"][0]["state"] == "refused"
    assert "blocked: has 10 entries, 40 before" in small.err
    old = taken(bare, tmp_path, ROWS[1:], "--published", "2026-01-09")
    assert (old.code, "older than the version in use" in old.err) == (2, True)
    empty = taken(bare, tmp_path, [])
    assert (empty.code, empty.out) == (2, "")
    none = lists(bare, "import", tmp_path / "none.csv")
    assert none.code == 2
    assert lists(bare, "list", *JSON).json[0]["entries"] == 40
    accepted = taken(bare, tmp_path, ROWS[:10], "--accept-smaller", "cleaned up")
    assert accepted.code == 0
    [_, last] = lists(bare, "show", "blocked", *JSON).json["versions"]
    assert last["accepted_smaller"] == "cleaned up"


def test_a_trial_keeps_nothing(bare: Path, tmp_path: Path) -> None:
    ran = taken(bare, tmp_path, ROWS, "--dry-run")
    assert ran.json["lists"][0]["state"] == "would be taken in"
    assert "dry run" in ran.err
    assert lists(bare, "list", *JSON).json == []


def test_versions_are_compared(bare: Path, tmp_path: Path) -> None:
    taken(bare, tmp_path, ROWS, "--published", "2026-01-10")
    later = [("0", "Brask Optics", "Company", "AD"), *ROWS[2:], ("77", "Quorvane", "Company", "")]
    taken(bare, tmp_path, later, "--published", "2026-02-10")
    ran = lists(bare, "diff", "blocked", *JSON)
    assert ran.code == 0
    found = ran.json
    assert [one["name"] for one in found["added"]] == ["Quorvane"]
    assert [one["entry"] for one in found["removed"]] == ["1"]
    [renamed] = found["renamed"]
    assert renamed["fields"] == [
        "names: Unlike Works Number 0 -> Brask Optics",
        "countries:  -> AD",
    ]
    assert found["changed"] == []
    assert "blocked: 1 added, 1 removed, 1 renamed, 0 changed" in ran.err
    back = lists(bare, "diff", "blocked", "--from", "2026-02-10", "--to", "2026-01-10")
    assert "1 added, 1 removed" in back.err
    assert lists(bare, "diff", "blocked", "--from", "1999").code == 2
    rows = lists(bare, "diff", "blocked", "--format", "csv").csv
    assert [one["change"] for one in rows] == ["added", "removed", "renamed"]


def test_an_old_list_is_told_everywhere(bare: Path, tmp_path: Path) -> None:
    day = TODAY - timedelta(days=500)
    ran = taken(bare, tmp_path, ROWS, "--published", day)
    assert "is 500 days old, 400 are allowed" in ran.err
    [check] = [
        one for one in sluicegate("doctor", bare, *JSON).json["checks"] if one["check"] == "lists"
    ]
    assert (check["state"], "blocked is 500 days old" in check["finding"]) == ("warning", True)


def test_the_doctor_finds_a_damaged_list(bare: Path, tmp_path: Path) -> None:
    taken(bare, tmp_path, ROWS)
    [entries] = (bare / "lists" / "entries").iterdir()
    entries.write_bytes(b"other")
    ran = sluicegate("doctor", bare, *JSON)
    assert ran.code == 1
    [check] = [one for one in ran.json["checks"] if one["check"] == "lists"]
    assert (check["state"], "is not what was written" in check["finding"]) == ("failed", True)
    shown = lists(bare, "show", "blocked:1")
    assert (shown.code, "restore lists/" in shown.err) == (4, True)


def test_a_designation_is_entered_met_and_withdrawn(bare: Path, tmp_path: Path) -> None:
    enter = (
        *("designate", "--name", "Brask Optics Works", "--schema", "Company"),
        *("--list", "blocked", "--document", "Gazette 12", "--dated", "2026-03-31"),
        *("--country", "ad", "--identifier", "lei:5493001KJTIIGC8Y1R12"),
    )
    made = lists(bare, *enter, *JSON).json
    assert (made["state"], made["expected"]) == ("entered", "blocked")
    party = made["party"]
    assert lists(bare, "show", party, *JSON).json["entries"][0]["list"] == "designated"
    ran = taken(bare, tmp_path, [*ROWS, ("77", "BRASK OPTICS WORKS", "Company", "AD")])
    assert ran.json["lists"][0]["designations_met"] == [made["designation"]]
    shown = lists(bare, "show", "blocked:77", *JSON).json
    assert (shown["party"], shown["name"]) == (party, "BRASK OPTICS WORKS")
    [listed] = lists(bare, "list", "--designations", *JSON).json
    assert (listed["state"], listed["met"], listed["party"]) == ("met", "blocked:77", party)
    second = lists(bare, *enter[:2], "Quite Unlike Shipping", *enter[3:11], *JSON).json
    gone = lists(bare, "withdraw", second["designation"], "--reason", "misread")
    assert gone.code == 0
    again = lists(bare, "withdraw", second["designation"], "--reason", "misread")
    assert (again.code, "no longer in force" in again.err) == (2, True)
    wrong = lists(bare, *enter[:11], "--identifier", "lei")
    assert (wrong.code, "KIND:VALUE" in wrong.err) == (2, True)


def test_parties_are_joined_and_parted_by_hand(bare: Path, tmp_path: Path) -> None:
    taken(bare, tmp_path, ROWS)
    first, second = (lists(bare, "show", f"blocked:{n}", *JSON).json["party"] for n in (1, 2))
    assert lists(bare, "join", first, second, "--reason", "one house").code == 0
    shown = lists(bare, "show", second, *JSON).json
    assert {one["entry"] for one in shown["entries"]} == {"1", "2"}
    assert shown["joins"][0]["reason"] == "A person joined the two entries."
    party = shown["party"]
    ran = lists(bare, "split", party, "--entry", "blocked:2", "--reason", "two houses")
    assert ran.code == 0
    assert len(lists(bare, "show", "blocked:1", *JSON).json["entries"]) == 1
    refused = lists(bare, "split", party, "--entry", "blocked:2", "--reason", "again")
    assert refused.code == 2


def test_a_list_is_fetched_or_the_old_one_stays(bare: Path, tmp_path: Path) -> None:
    settings = bare / "sluicegate.toml"
    with http_server() as received:
        settings.write_text(
            settings.read_text(encoding="utf-8")
            + f"\n[webhooks]\nallow_http = true\nports = [{received.port}]\n"
            + 'networks = ["127.0.0.0/8"]\n',
            encoding="utf-8",
        )
        content = written(tmp_path, ROWS).read_bytes()
        received.pages["/own.csv"] = Page(content)
        ran = fetched(bare, received)
        assert (ran.code, ran.json["lists"][0]["state"]) == (0, "taken in")
        assert fetched(bare, received).json["lists"][0]["state"] == "unchanged"
        received.pages["/own.csv"] = Page(content[:400])
        failed = fetched(bare, received)
        assert failed.code == 4
        assert failed.json["lists"][0]["state"] == "failed"
    assert lists(bare, "list", *JSON).json[0]["entries"] == 40
    assert lists(bare, "fetch", "--sha256", "0").code == 2
    nothing = lists(bare, "fetch")
    assert (nothing.code, "no list in use has a known address" in nothing.err) == (2, True)
    unknown = lists(bare, "fetch", "blocked")
    assert (unknown.code, "address is not known" in unknown.err) == (2, True)


def fetched(node: Path, received: Received) -> Ran:
    return lists(node, "fetch", "blocked", "--address", received.at("/own.csv"), *JSON)


def test_a_designation_is_screened_at_once(bare: Path, tmp_path: Path) -> None:
    customers = tmp_path / "customers.csv"
    customers.write_text(
        "source,customer_id,name,customer_kind,country\nx,c-1,Quillon Harbour Works,entity,AD\n",
        encoding="utf-8",
    )
    assert sluicegate("intake", customers, "--node", bare).code == 0
    enter = (
        *("designate", "--name", "Quillon Harbor Works", "--schema", "Company"),
        *("--list", "blocked", "--document", "Gazette 12", "--dated", "2026-03-31"),
    )
    first = lists(bare, *enter, *JSON)
    [match] = first.json["alerts_gained"]
    assert (first.code, f"matches show {match}" in first.err) == (0, True)
    shown = sluicegate("screening", "matches", "show", match, "--node", bare, *JSON).json
    assert (shown["party"], shown["listed"]) == ("c-1", first.json["party"])
