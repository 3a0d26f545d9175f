"""Files into a node: what is accepted, unchanged, corrected, rejected, and kept."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from sluicegate.services.intake import NothingReadableError
from sluicegate.services.ports import UsageBatch

Node = Any  # the class stands in conftest, which is no module to import
Write = Callable[[str, str | bytes], Path]
HEADER = "source,record_id,customer_id,accelerator,accelerator_count,start,end,utilisation,state\n"
GOOD = "s,r-1,c-1,NVIDIA H100 SXM,8,2025-01-01T10:00:00+08:00,2025-01-01T12:00:00+08:00,0.4,\n"


def row(record: str = "r-1", **changes: str) -> str:
    """Return a usage line; by default a good one."""
    values = dict(zip(HEADER.strip().split(","), GOOD.strip().split(","), strict=True))
    values |= {"record_id": record} | changes
    return ",".join(values.values()) + "\n"


def test_a_good_row_reaches_the_lake_as_integers(node: Node, write: Write) -> None:
    result = node.take(write("usage.csv", HEADER + GOOD))
    assert (result.accepted, result.rejected, result.unchanged) == (1, 0, 0)
    columns = "day, start_ms, end_ms, offset_minutes, duration_ms, accelerator"
    assert node.usage(columns + ", accelerators_millionths, utilisation_bp") == [
        (
            date(2025, 1, 1),
            1735696800000,
            1735704000000,
            480,
            7200000,
            "nvidia-h100-sxm5-80gb",
            8000000,
            4000,
        )
    ]


def test_the_same_file_again_changes_nothing(node: Node, write: Write) -> None:
    file = write("usage.csv", HEADER + GOOD + row("r-2"))
    node.take(file)
    before = sorted(node.lake.glob("**/*"))
    result = node.take(file)
    assert (result.accepted, result.unchanged) == (0, 2)
    assert sorted(node.lake.glob("**/*")) == before
    assert len(node.store.usage_batches()) == 1


def test_the_same_rows_in_another_file_change_nothing(node: Node, write: Write) -> None:
    node.take(write("a.csv", HEADER + GOOD + row("r-2")))
    result = node.take(write("b.csv", HEADER + row("r-2") + GOOD + row("r-3")))
    assert (result.accepted, result.unchanged) == (1, 2)
    assert [r[0] for r in node.usage("record_id")] == ["r-1", "r-2", "r-3"]


def test_a_corrected_record_replaces_the_old_one(node: Node, write: Write) -> None:
    node.take(write("a.csv", HEADER + GOOD + row("r-2")))
    result = node.take(write("b.csv", HEADER + row("r-1", accelerator_count="4")))
    assert (result.accepted, result.files[0].corrected) == (1, 1)
    again = node.take(write("c.csv", HEADER + row("r-1", accelerator_count="2")))
    assert again.files[0].corrected == 1
    assert node.usage("record_id, accelerators_millionths") == [("r-1", 2000000), ("r-2", 8000000)]
    assert [batch.superseding for batch in node.store.usage_batches()] == [False, True, True]


def test_reading_old_and_new_files_in_turn_keeps_the_correction(node: Node, write: Write) -> None:
    old, new = write("a.csv", HEADER + GOOD), write("b.csv", HEADER + row(accelerator_count="4"))
    node.take(old, new)
    result = node.take(old, new)
    assert (result.accepted, result.unchanged) == (0, 2)
    assert node.usage("accelerators_millionths") == [(4000000,)]


def test_old_and_new_files_with_rejects_in_turn_keep_the_correction(
    node: Node, write: Write
) -> None:
    bad = row("r-9", accelerator_count="0")
    old = write("a.csv", HEADER + GOOD + bad)
    new = write("b.csv", HEADER + row(accelerator_count="4") + bad)
    node.take(old, new)
    result = node.take(old, new)
    assert (result.accepted, result.rejected, result.unchanged) == (0, 2, 2)
    assert node.usage("accelerators_millionths") == [(4000000,)]


def test_a_record_over_midnights_is_divided_by_its_own_days(node: Node, write: Write) -> None:
    line = row(start="2024-02-28T22:30:00+08:00", end="2024-03-01T01:00:00.250+08:00")
    node.take(write("usage.csv", HEADER + line))
    assert node.usage("segment, day, duration_ms, record_end_ms - end_ms") == [
        (0, date(2024, 2, 28), 5400000, 90000250),
        (1, date(2024, 2, 29), 86400000, 3600250),
        (2, date(2024, 3, 1), 3600250, 0),
    ]


def test_a_record_that_ends_at_midnight_has_one_day(node: Node, write: Write) -> None:
    line = row(start="2025-01-01T23:00:00+08:00", end="2025-01-02T00:00:00+08:00")
    node.take(write("usage.csv", HEADER + line))
    assert node.usage("segment, day, record_end_ms") == [(0, date(2025, 1, 1), None)]


def test_clocks_that_change_within_a_record_do_not_change_its_time(
    node: Node, write: Write
) -> None:
    line = row(start="2025-03-30T01:30:00+01:00", end="2025-03-30T03:30:00+02:00")
    node.take(write("usage.csv", HEADER + line))
    assert node.usage("duration_ms, offset_minutes") == [(3600000, 60)]


def test_the_count_is_of_accelerators_also_with_an_instance_type(node: Node, write: Write) -> None:
    header = HEADER.replace("accelerator,", "instance_type,")
    node.take(write("usage.csv", header + row(accelerator="p5.48xlarge", accelerator_count="12")))
    assert node.usage("accelerator, accelerators_millionths") == [
        ("nvidia-h100-sxm5-80gb", 12000000)
    ]


def test_an_unknown_accelerator_is_kept_bounded_and_listed(node: Node, write: Write) -> None:
    result = node.take(write("usage.csv", HEADER + GOOD + row("r-2", accelerator="Zorbeck ZX")))
    (unknown,) = result.files[0].unknown_accelerators
    assert (unknown.name, unknown.records) == ("Zorbeck ZX", 1)
    assert unknown.bounded_by
    assert ("r-2", "unknown:Zorbeck ZX") in node.usage("record_id, accelerator")


@pytest.mark.parametrize(
    ("changes", "field", "problem"),
    [
        ({"end": "2025-01-01T09:00:00+08:00"}, "end", "before the start"),
        ({"end": "2025-01-01T10:00:00+08:00"}, "end", "is the start"),
        ({"end": "9999-12-31T10:00:00+08:00"}, "end", "is a placeholder"),
        ({"start": "1965-01-01T10:00:00+08:00"}, "start", "negative time"),
        ({"start": "2025-01-01T10:00:00"}, "start", "has no offset"),
        ({"start": "2025-02-29T10:00:00Z"}, "start", "no day or time"),
        ({"start": "1735696800"}, "start", "not an instant"),
        ({"start": "2025-01-01T10:00:00+15:00"}, "start", "14 hours"),
        ({"end": "2125-01-01T10:00:00Z"}, "end", "days after the start"),
        ({"accelerator_count": "0"}, "accelerator_count", "not above zero"),
        ({"accelerator_count": "-1"}, "accelerator_count", "not above zero"),
        ({"accelerator_count": "8 GPUs"}, "accelerator_count", "not decimal text"),
        ({"accelerator_count": "0.0000001"}, "accelerator_count", "too small"),
        ({"accelerator_count": ""}, "accelerator_count", "is empty"),
        ({"utilisation": "1.4"}, "utilisation", "above 1"),
        ({"utilisation": "1.00000000001"}, "utilisation", "above 1"),
        ({"utilisation": "-0.1"}, "utilisation", "below 0"),
        ({"utilisation": "40%"}, "utilisation", "not decimal text"),
        ({"state": "exploded"}, "state", "not a known state"),
        ({"record_id": ""}, "record_id", "is empty"),
        ({"customer_id": ""}, "customer_id", "is empty"),
        ({"accelerator": ""}, "accelerator", "is empty"),
    ],
)
def test_a_bad_row_is_rejected_with_its_place_and_good_rows_go_in(
    node: Node, write: Write, changes: dict[str, str], field: str, problem: str
) -> None:
    name = "usage.csv"
    result = node.take(
        write(name, HEADER + GOOD + row(**({"record": "r-2"} | changes)) + row("r-3"))
    )
    assert (result.accepted, result.rejected) == (2, 1)
    (found,) = result.files[0].problems
    assert (Path(found.file).name, found.line, found.field) == (name, 3, field)
    assert problem in found.problem
    assert found.way_out
    assert [r[0] for r in node.usage("record_id")] == ["r-1", "r-3"]


def test_every_fault_of_a_row_is_named(node: Node, write: Write) -> None:
    bad = row("r-2", accelerator_count="x", utilisation="2", state="odd")
    result = node.take(write("usage.csv", HEADER + bad))
    fields = [problem.field for problem in result.files[0].problems]
    assert sorted(fields) == ["accelerator_count", "state", "utilisation"]
    assert (result.rejected, result.files[0].problem_count) == (1, 3)


def test_a_repeated_row_is_unchanged_and_a_different_one_names_the_first(
    node: Node, write: Write
) -> None:
    lines = HEADER + GOOD + row("r-2") + GOOD + row("r-1", accelerator_count="4")
    result = node.take(write("usage.csv", lines))
    assert (result.accepted, result.unchanged, result.rejected) == (2, 1, 1)
    (problem,) = result.files[0].problems
    assert (problem.line, problem.field) == (5, "record_id")
    assert "line 2" in problem.problem
    assert node.usage("record_id, accelerators_millionths")[0] == ("r-1", 8000000)


def test_lines_are_physical_lines_also_after_a_quoted_line_end(node: Node, write: Write) -> None:
    header = HEADER.replace("state", "team")
    lines = header + row(state='"a\nteam"') + row("r-2", utilisation="7")
    result = node.take(write("usage.csv", lines))
    assert [problem.line for problem in result.files[0].problems] == [4]
    assert node.usage("team") == [("a\nteam",)]


def test_a_missing_source_is_filled_in(node: Node, write: Write) -> None:
    lines = "".join(line.split(",", 1)[1] for line in (HEADER, GOOD))
    node.take(write("usage.csv", lines), source="cluster-a")
    assert node.usage("source") == [("cluster-a",)]


def test_compressed_and_crlf_files_read_the_same(node: Node, write: Write) -> None:
    text = (HEADER + GOOD + row("r-2")).replace("\n", "\r\n")
    packed = write("usage.csv.gz", gzip.compress(b"\xef\xbb\xbf" + text.encode()))
    assert node.take(packed).accepted == 2
    result = node.take(write("usage.csv", HEADER + GOOD + row("r-2")))
    assert (result.accepted, result.unchanged) == (0, 2)


def test_a_file_whose_name_looks_like_a_pattern_is_read(node: Node, write: Write) -> None:
    write("usage1.csv", HEADER + row("r-7"))
    result = node.take(write("usage[1].csv", HEADER + GOOD))
    assert result.accepted == 1
    assert result.files[0].file.endswith("usage[1].csv")
    assert [r[0] for r in node.usage("record_id")] == ["r-1"]


def test_a_dry_run_says_the_same_and_keeps_nothing(node: Node, write: Write) -> None:
    usage = write("usage.csv", HEADER + GOOD + row("r-2", utilisation="3"))
    accounts = write("accounts.csv", "source,account,customer_id\ns,a-1,c-1\n")
    dry = node.take(usage, accounts, dry_run=True)
    assert not node.usage("record_id")
    assert not list(node.store.records("account_map"))
    assert not node.store.usage_batches()
    assert not node.staged_files()
    assert node.take(usage, accounts).document() == dry.document()


def test_when_a_batch_cannot_be_entered_its_files_are_gone(
    node: Node, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: UsageBatch) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(node.store, "add_usage_batch", refuse)
    with pytest.raises(RuntimeError):
        node.take(write("usage.csv", HEADER + GOOD))
    assert not [path for path in node.lake.glob("**/*") if path.is_file()]
    assert not list(node.store.acts())


def test_rejects_keep_the_row_and_can_be_mended_and_read(
    node: Node, write: Write, tmp_path: Path
) -> None:
    rejects = tmp_path / "rejects.csv"
    bad = row("r-2", utilisation="4", state="odd")
    accounts = write("accounts.csv", "source,account,customer_id\ns,,c-1\n")
    node.take(write("usage.csv", HEADER + GOOD + bad), accounts, rejects=rejects)
    with rejects.open(newline="") as stream:
        found = list(csv.DictReader(stream))
    assert [entry["line"] for entry in found] == ["3", "2"]
    assert found[0]["record_id"] == "r-2"
    assert found[0]["field"].split(" | ") == ["state", "utilisation"]
    assert (found[1]["customer_id"], found[1]["field"]) == ("c-1", "account")
    mended = rejects.read_text().replace(",4,odd", ",0.4,idle").splitlines()[:2]
    result = node.take(write("mended.csv", "\n".join(mended) + "\n"))
    assert (result.accepted, result.rejected) == (1, 0)


def test_every_file_leaves_one_act(node: Node, write: Write) -> None:
    node.take(
        write("usage.csv", HEADER + GOOD),
        write("accounts.csv", "source,account,customer_id\ns,a-1,c-1\n"),
    )
    assert [act.name for act in node.store.acts()].count("intake") == 2


def test_registry_rows_are_put_and_stay_unchanged(node: Node, write: Write) -> None:
    text = (
        "customer_id,name,customer_kind,country,birth_date\n"
        "c-1,Ilse Vand,individual,DE,1980-02-29\n"
        "c-2,Ohm AG,entity,XX,\n"
        "c-1,Ilse Vand,individual,DE,1980-02-29\n"
        "c-1,Ilse Wand,individual,DE,1980-02-29\n"
        "c-3,Late Ltd,entity,FR,1981-02-29\n"
    )
    result = node.take(write("customers.csv", text))
    assert (result.accepted, result.unchanged, result.rejected) == (1, 1, 3)
    places = [(problem.line, problem.field) for problem in result.files[0].problems]
    assert places == [(3, "country"), (5, "customer_id"), (6, "birth_date")]
    more = text + "c-4,New Co,entity,FR,\n"
    again = node.take(write("customers-2.csv", more))
    assert (again.accepted, again.unchanged) == (1, 2)


def test_a_cluster_of_an_unknown_accelerator_is_kept_and_listed(node: Node, write: Write) -> None:
    text = "cluster_id,facility_id,accelerator,accelerator_count\nk-1,f-1,Zorbeck ZX,64\n"
    result = node.take(write("clusters.csv", text))
    assert [u.name for u in result.files[0].unknown_accelerators] == ["Zorbeck ZX"]
    (cluster,) = node.store.records("clusters")
    assert cluster.accelerator == "unknown:Zorbeck ZX"


def test_one_bad_file_does_not_stop_the_others(node: Node, write: Write) -> None:
    result = node.take(write("empty.csv", ""), write("usage.csv", HEADER + GOOD))
    assert result.accepted == 1
    assert not result.files[0].is_readable
    assert "is empty" in result.files[0].message


def test_no_readable_file_is_an_error_that_names_each(node: Node, write: Write) -> None:
    with pytest.raises(NothingReadableError) as caught:
        node.take(write("a.csv", ""), Path("/nowhere/b.csv"))
    assert len(caught.value.problems) == 2


def test_progress_comes_to_the_end_and_never_goes_back(node: Node, write: Write) -> None:
    told: list[tuple[int, int]] = []

    def progress(_: str, done: int, total: int) -> None:
        told.append((done, total))

    node.take(write("usage.csv", HEADER + GOOD), progress=progress)
    done = [step for step, _ in told]
    assert done == sorted(done)
    assert done[-1] == told[-1][1] > 0


def test_a_column_with_a_slip_in_its_name_is_mentioned(node: Node, write: Write) -> None:
    text = HEADER.replace("utilisation", "utilization") + GOOD
    message = node.take(write("usage.csv", text)).files[0].message
    assert "utilization (did you mean utilisation?)" in message


def test_the_result_has_the_fixed_shape(node: Node, write: Write) -> None:
    document: dict[str, Any] = node.take(write("usage.csv", HEADER + GOOD)).document()
    assert {"accepted", "rejected", "unchanged", "files"} <= set(document)
    assert document["files"][0]["kind"] == "usage"
