"""The day on which the demo's year ends: as told, fixed for a seed, or the end of last month."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from command_line import sluicegate
from sluicegate.cli import demo as demo_command
from sluicegate.cli.demo import last_full_month
from sluicegate.services.node import NodeError

ASKED = "asked for"


@pytest.mark.parametrize(
    ("given", "until"),
    [
        ((), date(2026, 2, 28)),
        (("--seed", "7"), date(2026, 6, 30)),
        (("--until", "2025-04-30"), date(2025, 4, 30)),
        (("--seed", "7", "--until", "2025-04-30"), date(2025, 4, 30)),
    ],
)
def test_the_year_ends_as_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: tuple[str, ...], until: date
) -> None:
    asked: list[object] = []

    def run_demo(*_: object, **options: object) -> None:
        asked.append(options["until"])
        raise NodeError(ASKED)

    monkeypatch.setattr(demo_command, "run_demo", run_demo)
    monkeypatch.setattr(demo_command, "today", lambda: date(2026, 3, 31))
    ran = sluicegate("demo", *given, "--node", tmp_path / "node")
    assert ASKED in ran.err
    assert asked == [until]


def test_a_year_that_is_no_day_is_refused(tmp_path: Path) -> None:
    ran = sluicegate("demo", "--until", "2026-02-30", "--node", tmp_path / "node")
    assert ran.code == 2
    assert "--until: '2026-02-30' is not a day that exists" in ran.err


@pytest.mark.parametrize(
    ("day", "last"),
    [
        (date(2026, 3, 1), date(2026, 2, 28)),
        (date(2026, 1, 31), date(2025, 12, 31)),
        (date(2028, 3, 15), date(2028, 2, 29)),
    ],
)
def test_the_last_full_month_is_over(day: date, last: date) -> None:
    assert last_full_month(day) == last
