"""`sluicegate diligence`: from what is missing to what is disposed of, at the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from command_line import Ran, sluicegate

AS_OF = ("--as-of", "2026-06-30")
OLD = """\
source,customer_id,name,customer_kind,country,address,email,opened,closed
crm,c-old,Yvane Thornquist,individual,NL,4 Ravelin,y@thornquist.example,2008-02-01,2010-01-31
"""
WORDS = (b"Thornquist", b"thornquist", b"Ravelin", b"Zephyrine")


@pytest.fixture
def node(node: Path, tmp_path: Path) -> Path:
    """Return a node after a pass, with a customer that was closed long ago, of its own."""
    old = tmp_path / "old.csv"
    old.write_text(OLD, encoding="utf-8")
    assert sluicegate("intake", old, "--node", node).code == 0
    assert sluicegate("assess", "--node", node, *AS_OF).code == 0
    return node


def diligence(node: Path, *words: object, stdin: str | None = None) -> Ran:
    return sluicegate("diligence", *words, "--node", node, stdin=stdin)


def status(node: Path, customer: str) -> dict[str, Any]:
    found: dict[str, Any] = diligence(node, "status", customer, "--format", "json").json
    return found


def test_a_customer_is_collected_verified_rated_and_reviewed(node: Path, tmp_path: Path) -> None:
    before = status(node, "c-tuner")
    assert (before["blocks_opening"], before["opening_is_enforced"]) == (True, False)
    assert "telephone" in before["missing"]
    for item in before["missing"]:
        ran = diligence(node, "collect", "c-tuner", item, "--value", "-", stdin=f"held {item}\n")
        assert ran.code == 0, ran.err
    scan = tmp_path / "extract.pdf"
    scan.write_bytes(b"an invented extract")
    verified = diligence(
        *(node, "verify", "c-tuner", "--method", "documentary"),
        *("--document", "register_extract", "--file", scan),
    )
    assert verified.code == 0, verified.err
    after = status(node, "c-tuner")
    assert (after["missing"], after["blocks_opening"], after["unverified"]) == ([], False, [])
    copy = tmp_path / "copy.pdf"
    event = after["verifications"][0]["id"]
    assert diligence(node, "evidence", "c-tuner", event, "--output", copy).code == 0
    assert copy.read_bytes() == scan.read_bytes()

    assert diligence(node, "review", "c-tuner", "--reason", "looked").code == 3
    assert diligence(node, "rate", "c-tuner").code == 0
    assert diligence(node, "review", "c-tuner", "--reason", "looked").code == 0
    assert diligence(node, "due", "--format", "json").json == []
    (due,) = diligence(node, "due", "--by", "2090-01-01", "--format", "json").json
    assert due["customer_id"] == "c-tuner"
    assert diligence(node, "drop", "c-tuner", "telephone", "--reason", "wrong").code == 0
    assert status(node, "c-tuner")["missing"] == ["telephone"]


def test_a_status_for_people_says_that_the_text_is_a_proposal(node: Path) -> None:
    ran = diligence(node, "status", "c-lab")
    assert ran.code == 0
    assert "proposed, not binding" in ran.err
    chinese = diligence(node, "status", "c-lab", "--language", "zh")
    assert "拟议" in chinese.err
    assert "缺少" in chinese.out + chinese.err


def test_use_unlike_the_stated_purpose_and_beyond_the_contract_is_seen(node: Path) -> None:
    assert status(node, "c-lab")["purpose"]["declared"] is None
    assert diligence(node, "purpose", "c-lab", "deployment").code == 0
    assert diligence(node, "contract", "c-lab", "--compute", "5e24").code == 0
    found = status(node, "c-lab")
    assert (found["purpose"]["seen"], found["purpose"]["differs"]) == ("training", True)
    assert found["purpose"]["beyond_contract"] is True
    factors = {one["factor"] for one in found["rating"]["factors"]}
    assert {"purpose_differs", "beyond_contract"} <= factors
    assert {"threshold_crossed", "threshold_approaching"} & factors
    assert diligence(node, "contract", "c-lab", "--compute", "much").code == 2


def test_a_refusal_waits_for_a_second_person_and_can_be_taken_back(node: Path) -> None:
    words = ("--ground", "items_missing", "--reason", "no owners named")
    ran = diligence(node, "refuse", "c-lab", *words, "--format", "json")
    (waits,) = ran.json["proposals"]
    assert (ran.code, ran.json["standing"], waits["decision"]) == (0, "open", "refuse")
    assert diligence(node, "refuse", "c-lab", *words).code == 3
    assert diligence(node, "take-back", "c-lab", waits["id"]).code == 0
    assert diligence(node, "restrict", "c-lab", *words, "--dry-run").code == 0
    assert status(node, "c-lab")["standing"] == "open"
    assert diligence(node, "restrict", "c-lab", *words).code == 0
    assert status(node, "c-lab")["standing"] == "restricted"
    assert diligence(node, "lift", "c-lab", "--ground", "resolved", "--reason", "named").code == 0
    assert status(node, "c-lab")["proposals"][0]["decision"] == "lift"


def test_provision_and_denial_are_recorded(node: Path) -> None:
    words = ("--reason", "order 17", "--format", "json")
    denied = diligence(node, "deny", "c-lab", "--compute", "3e26", *words)
    assert (denied.code, denied.json["record"]) == (0, "denial")
    given = diligence(node, "provide", "c-lab", "--compute", "3e26", *words)
    assert (given.code, given.json["record"]) == (0, "provision")
    assert [one["record"] for one in status(node, "c-lab")["served"]] == ["denial", "provision"]
    wrong = ("--factor", "bad_mood", *words)
    assert diligence(node, "deny", "c-lab", "--compute", "3e26", *wrong).code == 2


def test_disposal_is_refused_under_a_hold_and_proved_afterwards(node: Path) -> None:
    collected = ("collect", "c-old", "telephone", "--value", "+31 20 555 0108")
    assert diligence(node, *collected, "--reason", "says Zephyrine").code == 0
    assert _left(node) == set(WORDS)
    held = diligence(
        *(node, "hold", "add", "--matter", "M-17", "--ground", "order", "--customer", "c-old")
    )
    hold_id = held.err.split(":")[0]
    refused = diligence(node, "dispose", "c-old", "--reason", "time is over")
    assert (refused.code, "M-17" in refused.err) == (3, True)
    assert diligence(node, "proof", "c-old").code == 1
    assert diligence(node, "hold", "release", hold_id, "--reason", "ended").code == 0
    (hold,) = diligence(node, "hold", "list", "--format", "json").json
    assert hold["released_at"]

    listed = diligence(node, "dispose", "--dry-run", "--format", "json").json
    assert [(one["customer_id"], one["may_go"]) for one in listed] == [("c-old", True)]
    assert _left(node) == set(WORDS)
    done = diligence(node, "dispose", "c-old", "--reason", "time is over", "--format", "json")
    assert (done.code, done.json[0]["rows"]) == (0, 2)
    assert _left(node) == set()
    found = diligence(node, "proof", "c-old", "--format", "json")
    assert (found.code, found.json["holds"], found.json["faults"]) == (0, True, [])
    assert sluicegate("doctor", node).code == 0
    assert sluicegate("assess", "--node", node, *AS_OF).code == 0
    assert _left(node) == set()


def _left(node: Path) -> set[bytes]:
    content = b"".join(path.read_bytes() for path in node.rglob("*") if path.is_file())
    return {word for word in WORDS if word in content}


def test_the_same_file_taken_in_again_brings_nothing_back(node: Path, tmp_path: Path) -> None:
    assert diligence(node, "dispose", "c-old", "--reason", "time is over").code == 0
    again = tmp_path / "again.csv"
    again.write_text(OLD.replace("\n", "\r\n"), encoding="utf-8")
    ran = sluicegate("intake", again, "--node", node, "--format", "json")
    assert (ran.json["accepted"], ran.json["unchanged"]) == (0, 1)
    assert _left(node) == set()


def test_a_closing_day_that_nobody_knows_keeps_the_records(node: Path) -> None:
    ran = diligence(node, "dispose", "c-lab", "--reason", "time is over")
    assert (ran.code, "no last day is known" in ran.err) == (3, True)
    (kept,) = diligence(node, "retention", "c-lab", "--format", "json").json
    assert (kept["keep_until"], kept["may_go"]) == (None, False)
    assert kept["rules"]["iaas_proposal"] is not None
    assert diligence(node, "dispose", "c-lab", "--as-of", "2090-01-01").code == 2
    assert diligence(node, "dispose", "c-nobody", "--dry-run").code == 2


def test_a_production_is_prepared_and_does_not_go_out_unreleased(
    node: Path, tmp_path: Path
) -> None:
    asked = ("--requester", "Commerce", "--ground", "letter", "--customer", "c-lab")
    duty = ("--duty", "us.iaas_proposal.furnish_programme", "--received", "2026-06-20")
    ran = diligence(node, "produce", "request", *asked, *duty, "--format", "json")
    (made,) = ran.json
    assert (ran.code, made["state"], made["due"]) == (0, "requested", "2026-06-30")
    name = made["production_id"]
    out = tmp_path / "bundle.zip"
    assert diligence(node, "produce", "bundle", name, "--output", out).code == 3
    assert not out.exists()
    files = diligence(node, "produce", "preview", name, "--format", "json").json
    assert "identity.csv" in {one["name"] for one in files}
    assert diligence(node, "produce", "withdraw", name, "--reason", "asked otherwise").code == 0
    (left,) = diligence(node, "produce", "list", "--format", "json").json
    assert left["state"] == "withdrawn"
    assert diligence(node, "produce", "request", *asked).code == 3


def test_a_dry_run_keeps_nothing(node: Path) -> None:
    words = ("collect", "c-lab", "telephone", "--value", "+1 202 555 0199", "--dry-run")
    ran = diligence(node, *words)
    assert (ran.code, "nothing was kept" in ran.err) == (0, True)
    assert "telephone" in status(node, "c-lab")["missing"]
