"""Values are read exactly, the same by the scan and by the reader of single rows."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sluicegate.adapters.lake import usage_sql
from sluicegate.adapters.lake.staging import UsageInput, UsageStager
from sluicegate.adapters.lake.usage_rows import LAKE_COLUMNS, UsageReader, read_instant
from sluicegate.registry.catalogue import Catalogue
from sluicegate.registry.native import native_kinds, schema_of

COLUMNS = usage_sql.TEXT_COLUMNS
NAMES = {"chip": "chip", "box": "chip", "sixth": "chip"}


class SmallCatalogue(Catalogue):
    """Knows three names of one chip."""

    def __init__(self) -> None:
        pass

    def resolve(self, text: str, *, on: date | None = None) -> Any:
        class Found:
            stored_as = NAMES.get(text, f"unknown:{text}")

        return Found


offsets = st.sampled_from([0, 60, 480, -300, 330, -570, 840, -840])
instants = st.builds(
    lambda seconds, micros, offset: datetime.fromtimestamp(
        seconds, timezone(timedelta(minutes=offset))
    ).replace(microsecond=micros),
    st.integers(86_400 * 365, 86_400 * 365 * 70),
    st.sampled_from([0, 0, 500, 1500, 250_000, 999_999]),
    offsets,
)
figures = st.one_of(
    st.integers(1, 5000).map(str),
    st.decimals("0.0001", 4000, places=6).map(lambda d: format(d, "f")),
    st.decimals("0.0001", 900, places=12).map(lambda d: format(d, "f")),
    st.sampled_from(["1.0000015", "1.0000025", "2.0000005", "1e2", "1/7", "00.5", "7.50"]),
)
shares = st.one_of(
    st.just(""),
    st.decimals(0, 1, places=4).map(lambda d: format(d, "f")),
    st.decimals(0, 1, places=15).map(lambda d: format(d, "f")),
    st.sampled_from(["0", "1", "1.0", "0.00005", "0.00015", "0.000050000000000001", "0.99995"]),
)


@st.composite
def usage(draw: st.DrawFn) -> dict[str, str]:
    start = draw(instants)
    end = start + draw(st.timedeltas(timedelta(milliseconds=3), timedelta(days=40)))
    other = timezone(timedelta(minutes=draw(offsets)))
    style = draw(st.sampled_from(["T", " "]))
    return {
        "customer_id": draw(st.sampled_from(["c-1", "", "c 2"])),
        "account": draw(st.sampled_from(["a-1", "a,2"])),
        "accelerator": draw(st.sampled_from(["chip", "box", "sixth", "odd"])),
        "accelerator_count": draw(figures),
        "start": start.isoformat(style),
        "end": end.astimezone(other).isoformat(style),
        "utilisation": draw(shares),
        "team": draw(st.sampled_from(["", "red", 'a "b"\nc'])),
        "state": draw(st.sampled_from(["", "IDLE", "completed"])),
    }


def staged(rows: list[dict[str, str]]) -> list[tuple[Any, ...]]:
    """Return the lake rows that staging a CSV file gives."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="")
    writer.writeheader()
    writer.writerows(rows)
    with TemporaryDirectory() as folder:
        file = Path(folder) / "usage.csv"
        file.write_text(text.getvalue(), newline="")
        relation = usage_sql.csv_relation(str(file), COLUMNS, "s", has_lines=False)
        lined = usage_sql.csv_relation(str(file), COLUMNS, "s", has_lines=False)
        lined = lined.replace("NULL::BIGINT AS line", "substr(record_id, 3)::BIGINT AS line")
        given = UsageInput("usage.csv", lambda: iter(()), fast=relation, lined=lined)
        found = UsageStager(Path(folder), SmallCatalogue(), date(2026, 1, 1)).stage(given, [])
        assert found.problems == ()
        with duckdb.connect() as connection:
            names = ", ".join(LAKE_COLUMNS)
            files = f"{found.folder}/*.parquet"
            return connection.execute(
                f"SELECT {names} FROM '{files}' ORDER BY substr(record_id, 3)::BIGINT, segment"
            ).fetchall()


# Shrinking would open an engine a thousand times.
@settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.lists(usage(), min_size=1, max_size=25))
def test_the_scan_and_the_single_row_reader_agree(rows: list[dict[str, str]]) -> None:
    reader = UsageReader(lambda text: NAMES.get(text, f"unknown:{text}"))
    expected: list[tuple[Any, ...]] = []
    for number, row in enumerate(rows):
        row |= {"source": "s", "record_id": f"r-{number}"}
        whole = dict.fromkeys(COLUMNS, "") | row
        expected += [part for part in reader.read(whole) if isinstance(part, tuple)]
    assert staged(rows) == expected


@given(row=usage())
def test_segments_part_a_record_without_loss(row: dict[str, str]) -> None:
    reader = UsageReader(lambda text: text)
    whole = dict.fromkeys(COLUMNS, "") | row | {"source": "s", "record_id": "r"}
    found = [part for part in reader.read(whole) if isinstance(part, tuple)]
    parts: list[dict[str, Any]] = [dict(zip(LAKE_COLUMNS, p, strict=True)) for p in found]
    start, end = read_instant(row["start"]), read_instant(row["end"])
    assert parts[0]["start_ms"] == start.ms
    assert parts[-1]["end_ms"] == end.ms
    for earlier, later in pairwise(parts):
        assert earlier["end_ms"] == later["start_ms"]
        assert (later["start_ms"] + start.offset_minutes * 60_000) % 86_400_000 == 0
    assert sum(part["duration_ms"] for part in parts) == end.ms - start.ms
    for part in parts:
        zone = timezone(timedelta(minutes=start.offset_minutes))
        for ms in (part["start_ms"], part["end_ms"] - 1):
            moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)
            assert moment.astimezone(zone).date() == part["day"]


@pytest.mark.parametrize(
    ("text", "millionths"),
    [("0.0000005", None), ("0.0000015", 2), ("0.0000025", 2), ("1/3", 333333), ("2e3", 2 * 10**9)],
)
def test_a_count_is_rounded_once_half_to_even(text: str, millionths: int | None) -> None:
    row = dict.fromkeys(COLUMNS, "") | {
        "source": "s",
        "record_id": "r",
        "customer_id": "c",
        "accelerator": "chip",
        "accelerator_count": text,
        "start": "2025-01-01T00:00Z",
        "end": "2025-01-01T24:00:00Z",
    }
    (found,) = UsageReader(lambda name: name).read(row)
    if millionths is None:
        assert not isinstance(found, tuple)
    else:
        assert isinstance(found, tuple)
        assert found[LAKE_COLUMNS.index("accelerators_millionths")] == millionths


def test_a_schema_says_what_a_file_must_hold() -> None:
    for kind in native_kinds():
        document = schema_of(kind)
        names = [column["name"] for column in document["columns"]]
        assert set(document["key"]) <= set(names)
        assert all(column["meaning"] for column in document["columns"])
        assert not next(c for c in document["columns"] if c["name"] == "source")["required"]
