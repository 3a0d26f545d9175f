"""Every format, one suite: recognised, read to the same use, skips counted, rejects placed."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sluicegate.adapters.formats.inputs import FileInputs, InputSettings
from sluicegate.adapters.lake.usage_rows import LAKE_COLUMNS
from sluicegate.core.problems import ProblemsError
from sluicegate.registry.catalogue import Catalogue
from sluicegate.registry.native import native_kinds
from sluicegate.services.ports import InputFile, Staged

ON = datetime(2026, 6, 1, tzinfo=UTC).date()
NATIVE = {
    "record_id": "r-1",
    "account": "acct-9",
    "accelerator": "NVIDIA H100 SXM",
    "accelerator_count": "4",
    "start": "2025-01-01T10:00:00Z",
    "end": "2025-01-01T12:00:00Z",
}


def csv_text(rows: list[dict[str, str]], delimiter: str = ",") -> bytes:
    quote = '"{}"'.format if delimiter == "," else "{}".format
    lines = [delimiter.join(rows[0])]
    lines += [
        delimiter.join(quote(value.replace('"', '""')) for value in row.values()) for row in rows
    ]
    return ("\n".join(lines) + "\n").encode()


def parquet(rows: list[dict[str, str]]) -> Callable[[Path], bytes]:
    def make(folder: Path) -> bytes:
        target = folder / "made.parquet"
        names = ", ".join(f'"{name}"' for name in rows[0])
        values = ", ".join(
            "(" + ", ".join("'" + v.replace("'", "''") + "'" for v in row.values()) + ")"
            for row in rows
        )
        with duckdb.connect() as connection:
            connection.execute(
                f"COPY (SELECT * FROM (VALUES {values}) t({names})) TO '{target}' (FORMAT parquet)"
            )
        return target.read_bytes()

    return make


FOCUS = {
    "BillingAccountId": "payer-1",
    "SubAccountId": "acct-9",
    "ChargeCategory": "Usage",
    "ChargeClass": "NULL",
    "ChargePeriodStart": "2025-01-01 10:00:00",
    "ChargePeriodEnd": "2025-01-01 12:00:00",
    "ConsumedQuantity": "1.0",
    "ConsumedUnit": "Hours",
    "ServiceCategory": "Compute",
    "ResourceId": "i-1",
    "ChargeDescription": "$9 per On Demand Linux p5.48xlarge Instance Hour",
    "ProviderName": "Cloud Ltd",
    "Tags": "",
}
SACCT = {
    "JobID": "77",
    "Account": "acct-9",
    "Start": "2025-01-01T11:00:00",
    "End": "2025-01-01T13:00:00",
    "AllocTRES": "cpu=8,gres/gpu:h100=4,gres/gpu=4,node=1",
    "State": "COMPLETED",
}
JOB_TABLE = {
    "id_job": "77",
    "account": "acct-9",
    "time_start": "1735725600",
    "time_end": "1735732800",
    "tres_alloc": "1=20,2=170000,1002=4",
    "state": "3",
}
LABELS = 'gpu="0",UUID="GPU-a",modelName="NVIDIA H100 80GB HBM3",Hostname="n1",account="acct-9"'
TENSOR = "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE"
STAMPS = (1735729200, 1735732800)
EXPOSITION = "".join(
    f"# TYPE {TENSOR} gauge\n{TENSOR}{{{LABELS}}} 0.25 {stamp}000\n" for stamp in STAMPS
)
RANGE = {
    "status": "success",
    "data": {
        "resultType": "matrix",
        "result": [
            {
                "metric": {
                    "__name__": TENSOR,
                    "UUID": "GPU-a",
                    "modelName": "NVIDIA H100 80GB HBM3",
                    "account": "acct-9",
                },
                "values": [[stamp, "0.25"] for stamp in STAMPS],
            }
        ],
    },
}
PODS = {"pod": "p-1", "project": "acct-9", "milli": "4000", "begin": "3600", "stop": "10800"}
PODS_MAPPING = """
name: pods
columns:
  record_id: pod
  account: {column: project}
  accelerator: {constant: NVIDIA H100 SXM}
  accelerator_count: {column: milli, factor: "0.001"}
  start: {column: begin, unit: second, epoch: "2025-01-01T10:00:00+01:00"}
  end: {column: stop, unit: second, epoch: "2025-01-01T10:00:00+01:00"}
skip:
- {column: milli, equals: 0, reason: no accelerator}
"""
LINE = json.dumps(NATIVE | {"accelerator_count": 4}).encode() + b"\n"


@dataclass(frozen=True)
class Case:
    """A file in one format that says: four H100 for two hours from 10:00 UTC, by acct-9."""

    name: str
    content: bytes | Callable[[Path], bytes]
    format: str
    says: str
    mapping: str = ""
    utilisation: int | None = None


CASES = [
    Case("usage.csv", csv_text([NATIVE]), "native", "native usage as CSV (6 of 6 columns)"),
    Case("usage.jsonl", LINE, "native", "native usage as JSON lines (6 of 6 columns)"),
    Case("usage.parquet", parquet([NATIVE]), "native", "native usage as Parquet (6 of 6 columns)"),
    Case("bill.csv", csv_text([FOCUS]), "focus", "FOCUS 1.0 billing (13 of 13 columns)"),
    Case("bill.parquet", parquet([FOCUS]), "focus", "FOCUS 1.0 billing (13 of 13 columns)"),
    Case(
        "bill12.csv",
        csv_text(
            [FOCUS | {"InvoiceId": "i", "SkuPriceDetails": '{"InstanceType": "p5.48xlarge"}'}]
        ),
        "focus",
        "FOCUS 1.2 billing",
    ),
    Case("slurm.txt", csv_text([SACCT], "|"), "slurm", "Slurm accounting (6 of 6 columns)"),
    Case(
        "jobs.csv",
        csv_text([JOB_TABLE]),
        "slurm",
        "Slurm accounting",
        "format: slurm\noffset: '-05:00'\ntres: {1002: H100 SXM}\n",
    ),
    Case("dcgm.prom", EXPOSITION.encode(), "dcgm-text", "DCGM metrics", utilisation=2500),
    Case("dcgm.json", json.dumps(RANGE).encode(), "dcgm-json", "DCGM metrics", utilisation=2500),
    Case("pods.csv", csv_text([PODS]), "mapping", "pods by its mapping file", PODS_MAPPING),
]
TEXTS = [case for case in CASES if not case.name.endswith("parquet")]


@dataclass
class Read:
    """A file as it was read."""

    file: InputFile
    staged: Staged
    rows: list[dict[str, Any]]


class Reader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, name: str, content: bytes, mapping: str = "", **settings: Any) -> Read:
        path = self.folder / name
        path.write_bytes(content)
        if mapping:
            settings["mapping"] = self.folder / "mapping.yaml"
            settings["mapping"].write_text(mapping)
        settings.setdefault("offset", "+01:00")
        inputs = FileInputs(InputSettings(self.folder / "lake", Catalogue.load(), ON, **settings))
        file = inputs.inspect(path)
        staged = inputs.stage(file, batches=[])
        with duckdb.connect() as connection:
            columns = ", ".join(LAKE_COLUMNS)
            rows = connection.execute(
                f"SELECT {columns} FROM '{staged.folder}/*.parquet' ORDER BY start_ms, record_id"
            ).fetchall()
        inputs.close()
        return Read(file, staged, [dict(zip(LAKE_COLUMNS, row, strict=True)) for row in rows])


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    return Reader(tmp_path)


def content_of(case: Case, folder: Path) -> bytes:
    return case.content if isinstance(case.content, bytes) else case.content(folder)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_format_is_recognised_in_a_sentence(case: Case, read: Reader, tmp_path: Path) -> None:
    found = read(case.name, content_of(case, tmp_path), case.mapping)
    assert found.file.format == case.format
    assert found.file.message.startswith(f"{case.name}: this looks like {case.says}")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_format_gives_the_use_it_states(case: Case, read: Reader, tmp_path: Path) -> None:
    found = read(case.name, content_of(case, tmp_path), case.mapping)
    assert found.staged.problems == ()
    use = sum(row["accelerators_millionths"] * row["duration_ms"] for row in found.rows)
    devices = 1 if case.format.startswith("dcgm") else 4
    assert use == devices * 10**6 * 7_200_000
    assert {row["accelerator"] for row in found.rows} == {"nvidia-h100-sxm5-80gb"}
    assert {row["account"] for row in found.rows} == {"acct-9"}
    assert {row["utilisation_bp"] for row in found.rows} == {case.utilisation}
    assert found.rows[0]["start_ms"] == 1735725600000
    assert found.rows[-1]["end_ms"] == 1735732800000


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_reading_twice_gives_the_same_digest_and_records(
    case: Case, read: Reader, tmp_path: Path
) -> None:
    content = content_of(case, tmp_path)
    first, again = (read(case.name, content, case.mapping) for _ in range(2))
    assert first.file.digest == again.file.digest
    assert first.rows == again.rows
    other = read(case.name, content, case.mapping, source="another")
    assert other.file.digest != first.file.digest


@pytest.mark.parametrize("case", TEXTS, ids=lambda case: case.name)
def test_compressed_text_reads_the_same(case: Case, read: Reader, tmp_path: Path) -> None:
    content = content_of(case, tmp_path)
    plain = read(case.name, content, case.mapping)
    packed = read(case.name + ".gz", gzip.compress(content), case.mapping)
    assert packed.rows == plain.rows


@pytest.mark.parametrize("kind", native_kinds())
def test_every_native_kind_is_known_from_its_required_columns(kind: str, tmp_path: Path) -> None:
    names = [*native_kinds()[kind].required, *(["accelerator"] if kind == "usage" else [])]
    path = tmp_path / "file.csv"
    path.write_text(",".join(dict.fromkeys(names)) + "\nx\n")
    inputs = FileInputs(InputSettings(tmp_path, Catalogue.load(), ON))
    assert inputs.inspect(path).kind == kind


def test_an_unknown_file_says_what_is_nearest_and_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("record_id,customer_id,accelerator,accelerator_count,start\n1,2,3,4,5\n")
    with pytest.raises(ProblemsError, match=r"nearest to native usage .* lacks end"):
        FileInputs(InputSettings(tmp_path, Catalogue.load(), ON)).inspect(path)


def test_every_billing_row_is_used_skipped_by_reason_or_rejected(read: Reader) -> None:
    rows = [
        FOCUS,
        FOCUS | {"ServiceCategory": "Storage"},
        FOCUS | {"ChargeCategory": "Tax"},
        FOCUS | {"ChargeDescription": "t3.micro hour"},
        FOCUS | {"ConsumedUnit": "GB"},
        FOCUS | {"ChargeClass": "Correction"},
        FOCUS | {"ResourceId": "i-2", "ConsumedQuantity": "-1"},
        FOCUS | {"ResourceId": "i-3", "ConsumedQuantity": "60", "ConsumedUnit": "Minutes"},
        FOCUS | {"ResourceId": "i-4", "ChargeDescription": "p9.96xlarge hour"},
        FOCUS | {"ResourceId": "i-5", "SubAccountId": "NULL", "Tags": '{"Team": "red"}'},
        FOCUS | {"ResourceId": "i-6", "ChargePeriodEnd": "2025-01-01 10:00:00"},
    ]
    found = read("bill.csv", csv_text(rows))
    assert found.staged.accepted == 4
    assert found.staged.skipped == {
        "accelerator instance, but consumed in GB": 1,
        "charge of category Tax, not Usage": 1,
        "no accelerator instance type": 1,
        "service category Storage": 1,
    }
    assert [(p.line, p.field) for p in found.staged.problems] == [
        (7, "ChargeClass"),
        (8, "ConsumedQuantity"),
        (12, "ChargePeriodEnd"),
    ]
    assert found.staged.unknown == {"p9.96xlarge": 1}
    by_team = {row["team"]: row["account"] for row in found.rows}
    assert by_team == {None: "acct-9", "red": "payer-1"}


def test_slurm_steps_and_jobs_without_accelerators_are_skipped(read: Reader) -> None:
    rows = [
        SACCT,
        SACCT | {"JobID": "77.batch"},
        SACCT | {"JobID": "78", "AllocTRES": "cpu=8"},
        SACCT | {"JobID": "79", "End": "Unknown", "State": "RUNNING"},
        SACCT | {"JobID": "80", "Start": "Unknown", "State": "PENDING"},
        SACCT | {"JobID": "81", "AllocTRES": "gres/gpu=2", "State": "CANCELLED by 1000"},
        SACCT | {"JobID": "82", "AllocTRES": "gres/gpu:a100=1,gres/gpu:h100=1"},
        SACCT | {"JobID": "83", "Start": "yesterday"},
    ]
    found = read("slurm.txt", csv_text(rows, "|"))
    assert found.staged.accepted == 2
    assert found.staged.skipped == {
        "job step": 1,
        "no accelerator allocated": 1,
        "not started": 1,
        "still running, with no Elapsed column": 1,
    }
    assert [p.line for p in found.staged.problems] == [8, 9]
    assert found.staged.unknown == {"gpu": 1}
    assert {row["state"] for row in found.rows} == {"completed", "cancelled"}


def test_a_running_job_is_taken_up_to_its_elapsed_time(read: Reader) -> None:
    running = SACCT | {"End": "Unknown", "State": "RUNNING", "Elapsed": "1-02:00:00"}
    found = read("slurm.txt", csv_text([running], "|"))
    assert sum(row["duration_ms"] for row in found.rows) == 26 * 3_600_000
    assert {row["state"] for row in found.rows} == {"running"}


def test_local_times_need_an_offset_and_keep_summer_time(read: Reader) -> None:
    with pytest.raises(ProblemsError, match="no offset is known"):
        read("slurm.txt", csv_text([SACCT], "|"), offset=None)
    over = SACCT | {"Start": "2025-03-30T01:00:00", "End": "2025-03-30T04:00:00"}
    found = read("slurm.txt", csv_text([over], "|"), offset="Europe/Berlin")
    assert [row["duration_ms"] for row in found.rows] == [2 * 3_600_000]
    skipped = SACCT | {"Start": "2025-03-30T02:30:00"}
    found = read("slurm.txt", csv_text([skipped], "|"), offset="Europe/Berlin")
    assert "clocks skip it" in found.staged.problems[0].problem


def test_busy_time_is_never_utilisation(read: Reader) -> None:
    busy = "".join(f"DCGM_FI_DEV_GPU_UTIL{{{LABELS}}} 99 {stamp}000\n" for stamp in STAMPS)
    found = read("dcgm.prom", busy.encode())
    assert [row["utilisation_bp"] for row in found.rows] == [None, None]
    both = read("both.prom", (busy + EXPOSITION).encode())
    assert [row["utilisation_bp"] for row in both.rows] == [2500, 2500]
    mapping = PODS_MAPPING.replace("skip:", "  utilisation: {column: gpu_util}\nskip:")
    with pytest.raises(ProblemsError, match="how long a device was busy"):
        read("pods.csv", csv_text([PODS | {"gpu_util": "0.9"}]), mapping)


def test_a_gap_in_samples_stays_a_gap(read: Reader) -> None:
    stamps = (0, 30, 60, 600)
    text = "".join(f"{TENSOR}{{{LABELS}}} 0.5 {(1735725600 + s) * 1000}\n" for s in stamps)
    found = read("dcgm.prom", text.encode())
    assert [row["duration_ms"] for row in found.rows] == [30_000] * 4


def test_metrics_without_time_or_model_are_rejected(read: Reader) -> None:
    text = f'{TENSOR}{{{LABELS}}} 0.5\n{TENSOR}{{UUID="x"}} 0.5 1735725600000\n' + EXPOSITION
    found = read("dcgm.prom", text.encode())
    assert [(p.line, p.field) for p in found.staged.problems] == [
        (1, "timestamp"),
        (2, "modelName"),
    ]
    assert found.staged.accepted == 2


def test_a_mig_instance_is_a_part_of_its_device(read: Reader) -> None:
    text = EXPOSITION.replace('gpu="0"', 'gpu="0",GPU_I_PROFILE="1g.10gb",GPU_I_ID="7"')
    found = read("dcgm.prom", text.encode())
    part = round(Fraction(1, 7) * 10**6)
    assert {row["accelerators_millionths"] for row in found.rows} == {part}


def test_a_mapping_file_with_slips_names_each(read: Reader) -> None:
    mapping = "kind: usage\ncolumn: {}\ncolumns: {recordid: pod, end: {colum: stop}}\n"
    with pytest.raises(ProblemsError) as caught:
        read("pods.csv", csv_text([PODS]), mapping)
    fields = [problem.field for problem in caught.value.problems]
    assert fields == ["column", "columns.recordid", "columns.end.colum"]
    assert "give columns" in caught.value.problems[0].way_out


def test_a_mapping_may_skip_rows_and_add_durations(read: Reader) -> None:
    mapping = PODS_MAPPING.replace(
        'end: {column: stop, unit: second, epoch: "2025-01-01T10:00:00+01:00"}',
        "end: {start_plus: stop, unit: minute}",
    )
    rows = [PODS | {"stop": "30"}, PODS | {"milli": "0"}, PODS | {"pod": "p-2", "begin": "soon"}]
    found = read("pods.csv", csv_text(rows), mapping)
    assert [row["duration_ms"] for row in found.rows] == [30 * 60_000]
    assert found.staged.skipped == {"no accelerator": 1}
    assert [(p.line, p.field) for p in found.staged.problems] == [(4, "begin")]


def test_parquet_with_typed_columns_reads_as_text_does(read: Reader, tmp_path: Path) -> None:
    target = tmp_path / "typed.parquet"
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'Asia/Tokyo'")
        connection.execute(
            "COPY (SELECT 'r-1' record_id, 'c-1' customer_id, 'H100 SXM' accelerator,"
            " 0.5::DOUBLE accelerator_count, 0.4::DECIMAL(4,2) utilisation,"
            " TIMESTAMPTZ '2025-01-01 10:00:00+00' AS start,"
            f" TIMESTAMPTZ '2025-01-01 12:00:00+00' AS \"end\") TO '{target}'"
        )
    (row,) = read("usage.parquet", target.read_bytes()).rows
    assert (row["accelerators_millionths"], row["utilisation_bp"]) == (500_000, 4000)
    assert (row["start_ms"], row["offset_minutes"]) == (1735725600000, 0)
