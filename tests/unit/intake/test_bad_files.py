"""Files that are broken as files: each gives a clear error, and nothing is lost or half read."""

from __future__ import annotations

import gzip
import resource
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sluicegate.adapters.formats.prescan import LONGEST_LINE, prescan
from sluicegate.core.problems import Problem, ProblemsError
from sluicegate.services.intake import NothingReadableError

Node = Any  # the class stands in conftest, which is no module to import
Write = Callable[[str, str | bytes], Path]
HEADER = "record_id,customer_id,accelerator,accelerator_count,start,end,team\n"
GOOD = "r-1,c-1,NVIDIA H100 SXM,8,2025-01-01T10:00:00+08:00,2025-01-01T12:00:00+08:00,red\n"
TEXT = HEADER + GOOD


def refused(node: Node, file: Path) -> Problem:
    """Return why a file is refused as a whole; nothing of it may be kept."""
    with pytest.raises(NothingReadableError) as caught:
        node.take(file)
    (problem,) = caught.value.problems
    assert problem.file == str(file)
    assert problem.way_out
    assert not [path for path in node.lake.glob("**/*") if path.is_file()]
    return problem


@pytest.mark.parametrize(
    ("content", "says", "line"),
    [
        (b"", "is empty", None),
        (b"\n\n  \n", "is empty", None),
        (HEADER.encode(), "holds a header and no rows", 1),
        (TEXT.encode("utf-16"), "is UTF-16", None),
        (TEXT.encode("utf-16-le"), "NUL", 1),
        ((TEXT + GOOD.replace("red", "r\0d")).encode(), "NUL", 3),
        (TEXT.replace(",", ";").encode(), "divided by ';'", 1),
        (TEXT.replace(",", "\t").encode(), "divided by '\\t'", 1),
        (TEXT.replace("start", "begin").encode(), "lacks start", 1),
        (TEXT.replace("team", "Start").encode(), "start twice", 1),
        (b"PK\x03\x04" + b"x" * 100, "ZIP or Excel", None),
        (b"hello\nworld\n", "no file that is known", 1),
        (b"PAR1" + b"\0" * 100, "Parquet footer", None),
        (b"PAR1" + b"\0" * 100 + b"PAR1", "damaged Parquet", None),
        (gzip.compress(TEXT.encode(), mtime=0)[:-20], "gzip stream ends badly", None),
        (gzip.compress(b"", mtime=0), "is empty", None),
        (
            b'{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"__name__":"DCGM_FI_X"',
            "range",
            None,
        ),
    ],
)
def test_a_broken_file_is_refused_whole_with_a_clear_error(
    node: Node, write: Write, content: bytes, says: str, line: int | None
) -> None:
    problem = refused(node, write("usage.csv", content))
    assert says in problem.problem
    assert problem.line == line


def test_a_parquet_file_cut_short_is_refused(node: Node, tmp_path: Path) -> None:
    whole = tmp_path / "whole.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            f"COPY (SELECT i::VARCHAR AS record_id FROM range(9999) t(i)) TO '{whole}'"
        )
    cut = tmp_path / "cut.parquet"
    cut.write_bytes(whole.read_bytes()[:-1000])
    assert "cut short" in refused(node, cut).problem


def test_a_missing_file_and_a_folder_are_refused(node: Node, tmp_path: Path) -> None:
    assert "cannot be opened" in refused(node, tmp_path / "absent.csv").problem
    assert "cannot be opened" in refused(node, tmp_path).problem


def test_rows_in_latin_1_are_rejected_and_the_others_go_in(node: Node, write: Write) -> None:
    content = (HEADER + GOOD + GOOD.replace("r-1", "r-2").replace("red", "caf\u00e9")).encode(
        "latin-1"
    )
    result = node.take(write("usage.csv", content))
    assert (result.accepted, result.rejected) == (1, 1)
    (problem,) = result.files[0].problems
    assert (problem.line, problem.field) == (3, "team")
    assert "UTF-8" in problem.problem


def test_a_rejected_latin_1_row_keeps_its_bytes(node: Node, write: Write, tmp_path: Path) -> None:
    content = (HEADER + GOOD.replace("red", "caf\u00e9")).encode("latin-1")
    node.take(write("usage.csv", content), rejects=tmp_path / "rejects.csv")
    assert b"caf\xe9" in (tmp_path / "rejects.csv").read_bytes()


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("r-2,c-1,NVIDIA H100 SXM,8\n", "has 4 fields, the header 7"),
        (GOOD.replace("r-1", "r-2").replace("red", "red,blue"), "has 8 fields"),
        (GOOD.replace("r-1", "r-2").replace("red", '"red"x'), "cannot be divided"),
    ],
)
def test_ragged_rows_are_rejected_and_the_others_go_in(
    node: Node, write: Write, line: str, says: str
) -> None:
    result = node.take(write("usage.csv", TEXT + line + GOOD.replace("r-1", "r-3")))
    assert (result.accepted, result.rejected) == (2, 1)
    (problem,) = result.files[0].problems
    assert problem.line == 3
    assert says in problem.problem


def test_a_quote_that_is_never_closed_is_a_rejected_row(node: Node, write: Write) -> None:
    result = node.take(write("usage.csv", TEXT + GOOD.replace("r-1", "r-2").replace("red", '"red')))
    assert (result.accepted, result.rejected) == (1, 1)
    assert result.files[0].problems[0].line == 3


def test_a_byte_order_mark_and_blank_lines_do_no_harm(node: Node, write: Write) -> None:
    result = node.take(write("usage.csv", b"\xef\xbb\xbf" + (TEXT + "\n\n").encode()))
    assert (result.accepted, result.rejected) == (1, 0)


def test_json_lines_that_are_broken_are_rejected_by_line(node: Node, write: Write) -> None:
    names = HEADER.strip().split(",")
    good = dict(zip(names, GOOD.strip().split(","), strict=True))
    pairs = ", ".join(f'"{name}": "{value}"' for name, value in good.items())
    lines = [f"{{{pairs}}}", '{"record_id": ', "[1]", '{"record_id": {"a": 1}}', ""]
    result = node.take(write("usage.jsonl", "\n".join(lines)))
    assert (result.accepted, result.rejected) == (1, 3)
    assert [problem.line for problem in result.files[0].problems] == [2, 3, 4]


def test_many_bad_rows_are_all_counted_and_the_first_are_shown(node: Node, write: Write) -> None:
    bad = GOOD.replace("2025-01-01T12", "2025-01-01T09")
    rows = "".join(bad.replace("r-1", f"r-{number}") for number in range(3000))
    result = node.take(write("usage.csv", TEXT.replace("r-1", "good") + rows))
    assert (result.accepted, result.rejected) == (1, 3000)
    assert (len(result.files[0].problems), result.files[0].problem_count) == (1000, 3000)


def test_a_line_of_64_mb_is_refused_after_its_first_mebibyte(node: Node, tmp_path: Path) -> None:
    file = tmp_path / "usage.csv"
    with file.open("wb") as stream:
        stream.write(TEXT.encode())
        for _ in range(64):
            stream.write(b"x" * 2**20)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()
    problem = refused(node, file)
    assert problem.line == 3
    assert str(LONGEST_LINE) in problem.problem
    assert time.monotonic() - began < 5
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024


def test_a_gigabyte_on_one_line_packed_small_is_refused_quickly(tmp_path: Path) -> None:
    file = tmp_path / "usage.csv.gz"
    packer = zlib.compressobj(1, zlib.DEFLATED, 31)
    block = b"x" * 2**20
    with file.open("wb") as stream:
        for _ in range(1024):
            stream.write(packer.compress(block))
        stream.write(packer.flush())
    began = time.monotonic()
    with pytest.raises(ProblemsError, match="line is longer"):
        prescan(file)
    assert time.monotonic() - began < 5


def test_a_line_at_the_limit_is_no_fault_of_the_file(node: Node, write: Write) -> None:
    team = "x" * (LONGEST_LINE - len(GOOD))
    result = node.take(write("usage.csv", HEADER + GOOD.replace("red", team)))
    assert result.accepted == 1
