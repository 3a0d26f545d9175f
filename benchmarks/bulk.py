"""How long one question takes for a million subjects, against asking one by one.

Each question is asked for a CSV and a Parquet file of drawn subjects, from the
file to the file of answers. Controls in the same run: DuckDB's own reading of
the file into memory, which is the floor, and `ask` for a sample of the same
rows, one by one. Exits 1 when a threshold question takes longer than the limit,
or when a sampled row differs from its row in bulk; not with --small.
"""

from __future__ import annotations

import argparse
import platform
import random
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import duckdb
import numpy as np

import sluicegate
from sluicegate.core.exact import dump_json, load_json
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.loading import shipped_book
from sluicegate.services.asking import ask_question, question_named
from sluicegate.services.bulk import Asking
from sluicegate.services.bulk.files import Layout, answer_file
from sluicegate.wiring import fact_rows

LIMIT_SECONDS = 10.0
SAMPLE = 2_000
DAY = "2026-06-30"
Draw = Callable[[random.Random], Any]


def amount(low: int, high: int) -> Draw:
    """Return what draws decimal text of FLOP between two powers of ten."""
    return lambda draw: f"{draw.uniform(1, 10):.9f}e{draw.randint(low, high)}"


def day(draw: random.Random) -> str:
    return (date(2025, 1, 1) + timedelta(draw.randrange(700))).isoformat()


def flag(draw: random.Random) -> bool:
    return draw.random() < 0.5


def accounts(draw: random.Random) -> list[dict[str, str]]:
    of = amount(24, 25)
    owners = [f"Owner {draw.randrange(3)}" for _ in range(draw.randint(1, 4))]
    return [
        {"account": f"k{n}", "provider": "p", "beneficial_owner": owner, "compute": of(draw)}
        for n, owner in enumerate(owners)
    ]


def either(*values: Any) -> Draw:
    return lambda draw: draw.choice(values)


@dataclass(frozen=True)
class Case:
    """A question with how its facts are drawn; `judged` when the limit is held against it."""

    question: str
    facts: Mapping[str, Draw]
    judged: bool = True
    part: int = 1


CASES = (
    Case(
        "eu_systemic_risk",
        {
            "training_compute": amount(20, 26),
            "condition_met_on": day,
            "known_it_will_be_met_on": day,
        },
    ),
    Case(
        "kthf_registration",
        {
            "operating_in_us": flag,
            "estimate_low": amount(23, 24),
            "estimate_central": amount(25, 25),
            "estimate_high": amount(26, 27),
        },
    ),
    Case(
        "kyc_trigger",
        {
            "compute_used": amount(22, 26),
            "threshold": either("1e25", "1e26"),
            "approach_share": either(Decimal("0.8"), Decimal("0.9")),
        },
    ),
    Case(
        "sb53_duties",
        {
            "original_run_compute": amount(24, 26),
            "developer_modification_compute": amount(24, 25),
            "revenue_previous_year": lambda draw: draw.randrange(10**9),
        },
    ),
    Case(
        "structuring",
        {"threshold": either("1e26"), "information_shared": flag, "accounts": accounts},
        judged=False,
        part=20,
    ),
    Case("permit_state", {"budget_flop": amount(24, 24), "used_flop": amount(23, 24)}, False, 20),
)
"""The last two are decided by the rows' very values: a list of accounts, a quotient."""


@dataclass(frozen=True)
class Drawn:
    """The files of drawn subjects by form, and the facts of the first of them."""

    files: Mapping[str, Path]
    sample: list[dict[str, Any]]


def drawn(case: Case, rows: int, folder: Path) -> Drawn:
    """Write a CSV and a Parquet file of drawn subjects."""
    draw = random.Random(7)
    columns: dict[str, list[str]] = {"id": [str(number) for number in range(rows)]}
    sample: list[dict[str, Any]] = [{} for _ in range(min(rows, SAMPLE))]
    for name, of in case.facts.items():
        values = [of(draw) for _ in range(rows)]
        columns[name] = [v if isinstance(v, str) else dump_json(v) for v in values]
        for facts, value in zip(sample, values, strict=False):
            facts[name] = value
    files = {form: folder / f"{case.question}.{form}" for form in ("csv", "parquet")}
    arrays = {name: np.array(values, dtype=object) for name, values in columns.items()}
    with duckdb.connect() as engine:
        engine.register("arrays", arrays)
        for form, path in files.items():
            engine.execute(f"COPY (SELECT * FROM arrays) TO '{path}' (FORMAT {form.upper()})")
    return Drawn(files, sample)


def seconds(run: Callable[[], object]) -> float:
    start = perf_counter()
    run()
    return perf_counter() - start


def ask_many(case: Case, file: Path, target: Path) -> None:
    """Answer a file into a file."""
    book = shipped_book()
    one = question_named(case.question, book)
    with fact_rows(file, one.spec, layout=Layout(target.suffix[1:])) as rows:
        answer_file(one, rows, Asking(DAY, book))
        rows.write(target)


def floor(file: Path) -> None:
    """Let DuckDB read the file into memory, which no answer can be faster than."""
    reader = "read_csv" if file.suffix == ".csv" else "read_parquet"
    options = ", all_varchar=true" if file.suffix == ".csv" else ""
    with duckdb.connect() as engine:
        engine.execute(f"CREATE TABLE given AS SELECT * FROM {reader}('{file}'{options})")


def one_by_one(case: Case, sample: list[dict[str, Any]], answers: Path) -> tuple[float, int]:
    """Ask for the first rows alone; return the seconds a row and how many differ."""
    found = load_json(answers.read_text(encoding="utf-8"))
    differ = 0
    start = perf_counter()
    for facts, got in zip(sample, found, strict=False):
        try:
            answer = ask_question(case.question, facts, as_of=DAY).answer_json()
        except BadFactsError as error:
            differ += got["error"] != error.paths[0]
        else:
            differ += dump_json(answer) != dump_json({name: got[name] for name in answer})
    return (perf_counter() - start) / len(sample), differ


def measure(case: Case, rows: int, times: int, folder: Path) -> tuple[float, int]:
    """Measure one question, print its lines; return the slowest median and the differences."""
    rows = max(rows // case.part, 1)
    slowest, differ = 0.0, 0
    made = drawn(case, rows, folder)
    for form, file in made.files.items():
        target = folder / f"answers.{form}"
        asked = median(seconds(partial(ask_many, case, file, target)) for _ in range(times))
        read = median(seconds(partial(floor, file)) for _ in range(times))
        told = folder / "answers.json"
        ask_many(case, file, told)
        alone, odd = one_by_one(case, made.sample, told)
        slowest, differ = max(slowest, asked), differ + odd
        print(
            f"{case.question:18} {form:8} {rows:>9,} {asked:8.2f} {read:8.2f} {asked / read:7.1f}"
            f" {alone * rows:9.1f} {alone * rows / asked:7.1f}"
        )
    return slowest, differ


def main() -> int:
    """Measure every question and say whether the limit holds."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--small", action="store_true", help="few rows, no verdict")
    small = parser.parse_args().small
    rows, times = (5_000, 1) if small else (1_000_000, 3)
    versions = f"duckdb {duckdb.__version__}, numpy {np.__version__}"
    print(f"sluicegate {sluicegate.__version__}, Python {platform.python_version()}, {versions},")
    print(f"{platform.machine()}, median of {times}, from file to file")
    print(
        f"{'question':18} {'file':8} {'rows':>9} {'bulk s':>8} {'read s':>8} {'ratio':>7}"
        f" {'alone s':>9} {'faster':>7}"
    )
    slow, differing = [], 0
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            took, differ = measure(case, rows, times, Path(folder))
        differing += differ
        if case.judged and took > LIMIT_SECONDS:
            slow.append(case.question)
    print(f"limit {LIMIT_SECONDS:.0f} s for a million rows; sampled rows that differ: {differing}")
    if slow:
        print(f"above the limit: {', '.join(slow)}")
    return 1 if (slow or differing) and not small else 0


if __name__ == "__main__":
    sys.exit(main())
