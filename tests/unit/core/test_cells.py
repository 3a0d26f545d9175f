"""No cell of a CSV file is a formula, and figures stay figures."""

from __future__ import annotations

import re

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.adapters.fact_files.results import harmless_sql
from sluicegate.core.cells import FIGURE, FORMULA_SIGNS, harmless

HOSTILE = (
    '=HYPERLINK("http://x.example","y")',
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\n=1+1",
    "-",
    "=",
    "+1e",
    "-3\n",
)
PLAIN = ("", "Harrow Basin", "-3", "+4.50", "1e25", "-1.2E-7", "2026-04-01", "'=1", " =1")
CELLS = st.text(st.sampled_from("=+-@\t\r\n'0.12eE x水"), max_size=8)


@pytest.mark.parametrize("cell", HOSTILE)
def test_what_may_be_a_formula_begins_with_an_apostrophe(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", PLAIN)
def test_figures_days_and_names_stay_as_they_are(cell: str) -> None:
    assert harmless(cell) == cell


@given(CELLS)
def test_no_cell_begins_like_a_formula_but_figures(cell: str) -> None:
    told = harmless(cell)
    assert told.removeprefix("'") == cell.removeprefix("'") or told == f"'{cell}"
    assert not told.startswith(FORMULA_SIGNS) or re.fullmatch(FIGURE, told)


def test_the_engine_writes_cells_as_the_product_does() -> None:
    rows = [(cell,) for cell in (*HOSTILE, *PLAIN)]
    with duckdb.connect() as engine:
        engine.execute("CREATE TABLE t (c VARCHAR)")
        engine.executemany("INSERT INTO t VALUES (?)", rows)
        found = engine.execute(f"SELECT c, {harmless_sql('c')} FROM t").fetchall()
    assert len(found) == len(rows)
    assert [told for _, told in found] == [harmless(cell) for cell, _ in found]
