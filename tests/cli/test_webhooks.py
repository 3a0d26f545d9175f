"""`sluicegate webhooks`: a signing secret is changed at the command line and shown once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from command_line import sluicegate

JSON = ("--format", "json")
URL = "https:" + "//93.184.215.14/in"


@pytest.fixture
def hook(node: Path) -> str:
    made = sluicegate("webhooks", "add", URL, "--node", node, *JSON).json
    name: str = made["id"]
    return name


def test_a_secret_is_changed_and_the_old_one_signs_for_the_hours_given(
    node: Path, hook: str
) -> None:
    before = datetime.now(UTC)
    ran = sluicegate("webhooks", "rotate", hook, "--keep-old-hours", 2, "--node", node, *JSON)
    [row] = ran.json
    assert row["secret"].startswith("whsec_")
    until = datetime.fromisoformat(row["old_secret_until"])
    assert timedelta(0) <= until - before - timedelta(hours=2) < timedelta(minutes=5)
    assert "not shown again" in ran.err
    [listed] = sluicegate("webhooks", "list", "--node", node, *JSON).json
    assert listed["old_secret_until"] == row["old_secret_until"]
    assert "secret" not in listed
    ended = sluicegate("webhooks", "rotate", hook, "--keep-old-hours", 0, "--node", node, *JSON)
    [last] = ended.json
    assert last["old_secret_until"] is None
    assert last["secret"] != row["secret"]


def test_a_trial_changes_nothing_and_what_is_asked_wrongly_ends_with_2(
    node: Path, hook: str
) -> None:
    trial = sluicegate("webhooks", "rotate", hook, "--dry-run", "--node", node)
    assert (trial.code, trial.out) == (0, "")
    assert f"{URL}: would get a new secret; the old one signs 24 h more" in trial.err
    [listed] = sluicegate("webhooks", "list", "--node", node, *JSON).json
    assert listed["old_secret_until"] is None
    assert sluicegate("webhooks", "rotate", "none", "--node", node).code == 2
    for hours in (-1, 721, "1.5"):
        ran = sluicegate("webhooks", "rotate", hook, "--keep-old-hours", hours, "--node", node)
        assert ran.code == 2
