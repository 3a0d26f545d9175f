"""`sluicegate exchange` at the command line; approvals are a person's, with an account."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import sluicegate

BASIS = ("--basis", "Invented agreement", "--reference", "Invented Act, section 4")
NAMES = '\n[exchange]\nname = "Provider A"\npartners = ["Provider B"]\n'


@pytest.fixture
def node(tmp_path: Path) -> Path:
    folder = tmp_path / "node"
    assert sluicegate("init", folder).code == 0
    with (folder / "sluicegate.toml").open("a", encoding="utf-8") as settings:
        settings.write(NAMES)
    return folder


def sessions(node: Path) -> list[dict[str, str]]:
    listed: list[dict[str, str]] = sluicegate(
        "exchange", "list", "--node", node, "--format", "json"
    ).json
    return listed


def test_a_proposal_waits_for_a_second_person_and_can_be_withdrawn(node: Path) -> None:
    made = sluicegate("exchange", "propose", "Provider B", *BASIS, "--node", node)
    assert made.code == 0, made.err
    [row] = sessions(node)
    assert (row["side"], row["state"], row["partner"]) == ("asking", "proposed", "Provider B")
    again = sluicegate("exchange", "propose", "Provider B", *BASIS, "--node", node)
    assert again.code == 3
    assert "one a day is compared" in again.err
    gone = sluicegate(
        "exchange", "withdraw", row["session"], "--reason", "by mistake", "--node", node
    )
    assert gone.code == 0
    shown = sluicegate("exchange", "show", row["session"], "--node", node).json
    assert [one["state"] for one in shown["history"]] == ["proposed", "withdrawn"]
    assert shown["basis"] == "Invented agreement"


def test_without_a_legal_basis_nothing_is_compared(node: Path) -> None:
    empty = ("--basis", " ", "--reference", "Invented Act")
    refused = sluicegate("exchange", "propose", "Provider B", *empty, "--node", node)
    assert refused.code == 2
    assert "legal_basis.text: Say on which law" in refused.err
    assert sessions(node) == []


def test_who_is_no_partner_is_refused(node: Path) -> None:
    refused = sluicegate("exchange", "propose", "Provider C", *BASIS, "--node", node)
    assert refused.code == 3
    assert "exchange.partners" in refused.err


def test_sizes_that_do_not_fit_are_bad_usage(node: Path) -> None:
    sizes = ("--levels", "1")
    refused = sluicegate("exchange", "propose", "Provider B", *BASIS, *sizes, "--node", node)
    assert refused.code == 2
    assert "levels" in refused.err


@pytest.mark.parametrize("content", ["", "{", "[]", "[" * 100_000, '{"format": "x"}', "\x00"])
def test_a_file_that_is_no_message_is_told(node: Path, tmp_path: Path, content: str) -> None:
    file = tmp_path / "message.json"
    file.write_text(content, encoding="utf-8")
    for command in ("receive", "finish"):
        more = BASIS if command == "receive" else ()
        refused = sluicegate("exchange", command, file, *more, "--node", node)
        assert refused.code == 2, refused.err
    missing = sluicegate("exchange", "finish", tmp_path / "none.json", "--node", node)
    assert missing.code == 2
    assert "check the path" in missing.err
