"""Tables of models: what is read, what is told, and that bad rows never lose good ones."""

from __future__ import annotations

import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sluicegate.adapters.datasets import CsvTables, read_bytes, read_snapshot
from sluicegate.core.problems import ProblemsError
from sluicegate.frontier.records import RecordedModel

OWN = "name,developers,published,flop,flop_low,flop_high,open,confidence,cost_usd\n"
GOOD = 'Alder 1,"Example Labs, Inc.; Second Example",2026-01-02,1.5e25,1e25,,yes,Likely,2e6\n'
DAY = date(2026, 7, 1)


def read(text: str) -> tuple[tuple[RecordedModel, ...], list[str]]:
    found = read_bytes(text.encode(), "models.csv", "own", DAY)
    return found.models, [str(one) for one in found.problems]


def test_the_own_layout_is_read_exactly() -> None:
    [model], problems = read(OWN + GOOD)
    assert problems == []
    assert model == RecordedModel(
        name="Alder 1",
        developers=("Example Labs, Inc.", "Second Example"),
        published=date(2026, 1, 2),
        compute=15 * 10**24,
        low=10**25,
        is_open=True,
        confidence="Likely",
        cost_usd=2_000_000,
        line=2,
    )


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("Birch,X,2026-01-02,many,,,,,\n", "compute: 'many' is no number"),
        ("Birch,X,2026-01-02,-1e25,,,,,\n", "compute: '-1e25' is negative"),
        ("Birch,X,2026-01-02,NaN,,,,,\n", "compute: 'NaN' is no number"),
        ("Birch,X,02/01/2026,1e25,,,,,\n", "published: '02/01/2026' is no day"),
        ("Birch,X,2026-02-30,1e25,,,,,\n", "published: '2026-02-30' is no day"),
        (",X,2026-01-02,1e25,,,,,\n", "name: is blank"),
        ("Birch,X,2026-01-02\n", "has 3 cells where 9 belong"),
        ('Birch,"X,2026-01-02,1e25,,,,,\n', "cannot be divided into cells"),
    ],
)
def test_a_bad_row_is_told_with_its_line_and_the_good_ones_are_read(row: str, told: str) -> None:
    models, problems = read(OWN + GOOD + row + GOOD.replace("Alder 1", "Cedar"))
    assert [one.name for one in models] == ["Alder 1", "Cedar"]
    assert len(problems) == 1
    assert problems[0].startswith("models.csv:3:")
    assert told in problems[0]


def test_a_quotation_mark_that_is_never_closed_costs_one_row_of_many() -> None:
    rows = [GOOD.replace("Alder 1", f"Alder {number}") for number in range(50)]
    rows[10] = '"Open' + rows[10]
    models, problems = read(OWN + "".join(rows))
    assert len(models) == 49
    assert [one.split(": ")[0] for one in problems] == ["models.csv:12"]


@pytest.mark.parametrize(
    ("cells", "bounds", "told"),
    [
        ("1e25,2e25,", (None, None), "low: is above"),
        ("1e25,,9e24", (None, None), "high: is below"),
        (",3e25,1e25", (None, None), "high: is below the lower bound"),
        ("1e25,1e24,1e26", (10**24, 10**26), ""),
        (",1e24,", (10**24, None), ""),
    ],
)
def test_bounds_that_enclose_nothing_are_told_and_left_out(
    cells: str, bounds: tuple[int | None, int | None], told: str
) -> None:
    [model], problems = read(OWN + f"Birch,X,2026-01-02,{cells},,,\n")
    assert (model.low, model.high) == bounds
    assert told in "".join(problems)
    assert bool(problems) == bool(told)


def test_epochs_own_names_come_before_the_houses() -> None:
    header = "Model,Publication date,FLOP/$,Training compute (FLOP),Frontier model\n"
    [model], problems = read(header + "Birch,2026-01-02,NaN,1e25,True\n")
    assert (model.compute, model.is_frontier, problems) == (10**25, True, [])


def test_compute_estimated_over_a_figure_is_a_lower_bound_unless_it_is_doubted() -> None:
    header = "Model,Publication date,Training compute (FLOP),"
    header += "Estimated over 1e25 FLOP,Maybe over 1e25 FLOP\n"
    rows = ["A,2026-01-02,,True,\n", "B,2026-01-02,,True,True\n", "C,2026-01-02,2e25,True,\n"]
    models, _ = read(header + "".join(rows))
    assert [one.low for one in models] == [10**25, None, None]


def test_the_day_and_the_name_come_from_the_files_name_where_not_told(tmp_path: Path) -> None:
    path = tmp_path / "alder_models_2026-02.csv.gz"
    path.write_bytes(gzip.compress((OWN + GOOD).encode()))
    found = read_snapshot(path).snapshot
    assert (found.name, found.known_on) == ("alder_models", date(2026, 2, 28))
    told = CsvTables().file(path, "other", DAY, "Example").snapshot
    assert (told.name, told.known_on, told.source) == ("other", DAY, "Example")
    assert told.digest == found.digest


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "is empty"),
        (b"a,b\n1,2\n", "lacks the columns name, published, flop"),
        (OWN.encode(), "holds no model"),
        (b"\x1f\x8b broken", "cannot be unpacked"),
        (OWN.encode() + b"\xff\xfe,X,,,,,,,\n", "models.csv:2: is not UTF-8"),
    ],
)
def test_a_file_of_which_nothing_can_be_used_is_refused(raw: bytes, told: str) -> None:
    with pytest.raises(ProblemsError, match=r"models\.csv") as refused:
        read_bytes(raw, "models.csv", "own", DAY)
    assert told in str(refused.value)


def test_a_file_that_does_not_say_when_it_was_known_is_refused() -> None:
    with pytest.raises(ProblemsError, match="--known-on"):
        read_bytes((OWN + GOOD).encode(), "models.csv")


@settings(max_examples=60)
@given(st.lists(st.text(alphabet='ab,"\n\r;', max_size=12), max_size=6))
def test_whatever_stands_between_good_rows_they_are_read(noise: list[str]) -> None:
    rows = "".join(line + "\n" for line in noise)
    text = OWN + GOOD + rows.replace('"', "") + GOOD.replace("Alder 1", "Cedar")
    names = [one.name for one in read_bytes(text.encode(), "m.csv", "own", DAY).models]
    assert names[0] == "Alder 1"
    assert names[-1] == "Cedar"
