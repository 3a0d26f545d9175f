"""`sluicegate lab consult|register|review`: drafts, comments, closing, issue, rules and notes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from command_line import Ran, sluicegate
from consultation_things import NOTE, issued
from principals import principal
from sluicegate.core.clock import FixedClock
from sluicegate.services.consultation.issuing import issue
from sluicegate.services.desk import Desk
from sluicegate.wiring import OpenNode, opened
from sluicegate.wiring.access import authority_of

JSON = ("--format", "json")
DRAFT = """\
subject: threshold
title: Draft threshold for large runs
title_zh: 大型训练运行阈值草案
text: |
  A run is large above it.

  Its first step counts.
starts: 2999-01-01
rule: local.harrow_basin
comparator: greater_than
value: 7e25
is_binding: true
applies_to: run
measure: training_compute
review_months: 12
"""
MAY = FixedClock(datetime(2026, 5, 4, 12, tzinfo=UTC))


@dataclass(frozen=True)
class Desks:
    """A node at work, at a day in May."""

    node: OpenNode

    def of(self, role: str, who: str) -> Desk:
        one = principal(role, identifier=who)
        return Desk(one, self.node.store, authority_of(self.node), MAY)


def consult(node: Path, *words: object) -> Ran:
    return sluicegate("lab", "consult", *words, "--node", node)


def drafted(node: Path, folder: Path, text: str = DRAFT) -> str:
    file = folder / "draft.yaml"
    file.write_text(text, encoding="utf-8")
    ran = consult(node, "draft", file, *JSON)
    assert ran.code == 0, ran.err
    name: str = ran.json["id"]
    return name


def test_a_threshold_goes_from_a_file_to_a_rule_of_the_node(node: Path, tmp_path: Path) -> None:
    name = drafted(node, tmp_path)
    period = ("--from", "2026-04-01", "--to", "2026-04-30")
    assert consult(node, "open", name, *period).code == 0
    said = ("--from", "Example Labs", "--party", "developer", "--text", "Too low.")
    assert consult(node, "comment", name, *said, "--received", "2026-04-02").code == 0
    late = consult(node, "comment", name, *said, "--confidential", *JSON)
    assert (late.json["is_late"], late.json["is_confidential"]) == (True, True)
    waiting = consult(node, "close", name)
    assert (waiting.code, "1, 2" in waiting.err) == (3, True)
    for number in ("1", "2"):
        answer = ("--outcome", "accepted", "--reasons", "It is raised.")
        assert consult(node, "reply", name, number, *answer).code == 0
    told = consult(node, "show", name)
    assert "1  Example Labs: Too low." in told.err
    assert "1  accepted: It is raised." in told.err
    assert consult(node, "close", name).code == 0
    file = tmp_path / "v2.yaml"
    file.write_text(DRAFT.replace("7e25", "9e25"), encoding="utf-8")
    revised = consult(node, "revise", name, file, "--change", "raised", "--led-by", "1", *JSON)
    assert revised.json["versions"][1]["led_by"] == ["1"]
    assert consult(node, "diff", name, *JSON).json["fields"][0]["name"] == "value"
    refused = consult(node, "issue", name)
    assert (refused.code, "signed in" in refused.err) == (3, True)
    assert consult(node, "rule", name).code == 3
    with opened(node, clock=MAY) as opened_node:
        issue(Desks(opened_node).of("officer", "user:second"), name)
    assert consult(node, "rule", name, "--write").code == 0
    assert consult(node, "rule", name, "--write").code == 3
    assert consult(node, "rule", name, "--write", "--replace").code == 0
    checked = sluicegate("rules", "check", "--node", node)
    assert checked.code == 0, checked.out
    shown = sluicegate("rules", "show", "local.harrow_basin.limit", "--node", node, *JSON)
    assert f"Consultation {name}, version 2" in shown.out
    table = sluicegate("lab", "register", "--node", node).out
    assert "33.3 %" in table
    assert "9e25 FLOP" in table
    listed = sluicegate("lab", "register", "--node", node, *JSON).json
    assert "local.harrow_basin.limit" in {one["parameter"] for one in listed}


def test_what_is_exported_holds_nothing_confidential(node: Path, tmp_path: Path) -> None:
    name = drafted(node, tmp_path)
    consult(node, "open", name, "--days", "30")
    said = ("--party", "chip_maker", "--text")
    consult(node, "comment", name, "--from", "Ostrel Optics", *said, "Openly said.")
    consult(node, "comment", name, "--from", "Calder", *said, "Between us.", "--confidential")
    consult(node, "reply", name, "2", "--outcome", "declined", "--reasons", "Noted with care.")
    pages = {
        form: consult(node, "export", name, "--as", form, "--language", language).out
        for form, language in (("html", "zh"), ("json", "en"))
    }
    for text in pages.values():
        assert "Openly said." in text
        for word in ("Calder", "Between us", "Noted with care", "local:"):
            assert word not in text
    assert "default-src 'none'" in pages["html"]
    assert "征求意见" in pages["html"]
    document = json.loads(pages["json"])["consultation"]
    assert document["confidential_comments"] == 1


def test_a_dry_run_keeps_nothing_and_a_bad_draft_is_told(node: Path, tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    file.write_text(DRAFT, encoding="utf-8")
    assert consult(node, "draft", file, "--dry-run").code == 0
    assert consult(node, "list", *JSON).json == []
    for line, said in (
        ("value: many\n", "no figure"),
        ("odd: 1\n", "no such field"),
        ("explains: {a: 1}\n", "explains"),
    ):
        file.write_text(DRAFT.replace("value: 7e25\n", line), encoding="utf-8")
        ran = consult(node, "draft", file)
        assert (ran.code, said in ran.err) == (2, True), ran.err
    assert consult(node, "show", "cn-none").code == 2


@pytest.mark.parametrize("as_of", ["2026-05-03", "2026-06-30"])
def test_a_finding_cites_the_note_that_explains_its_text(node: Path, as_of: str) -> None:
    with opened(node, clock=MAY) as opened_node:
        desks = Desks(opened_node)
        maker = desks.of("analyst", "user:maker")
        name = issued(maker, desks.of("officer", "user:second"), opened_node, NOTE)
    found = sluicegate("assess", "--node", node, "--as-of", as_of, *JSON).json["findings"]
    of_text: list[dict[str, Any]] = [one for one in found if one["instrument"] == "eu.ai_act"]
    assert of_text
    noted = [
        name in cited["text"]
        for one in of_text
        for cited in one["citations"]
        if "Guidance" in cited["text"]
    ]
    assert noted == ([True] * len(of_text) if as_of == "2026-06-30" else [])


def test_a_review_is_set_entered_and_listed_when_due(node: Path) -> None:
    name = "eu.ai_act.systemic_risk.training_compute"
    at = ("--node", node)
    set_ = sluicegate("lab", "review", name, "--every", "12", "--on", "2025-01-31", *at, *JSON)
    assert set_.json[0]["review_due"] == "2026-01-31"
    due = sluicegate("lab", "register", "--due", *at, *JSON).json
    assert [(one["parameter"], one["review"]) for one in due] == [(name, "overdue")]
    entered = sluicegate("lab", "review", name, "--outcome", "It stays.", *at, *JSON)
    assert entered.json[0]["review_outcome"] == "It stays."
    assert sluicegate("lab", "register", "--due", *at, *JSON).json == []
    assert sluicegate("lab", "review", name, *at).code == 2
    assert sluicegate("lab", "review", "eu.no_such", "--every", "3", *at).code == 2
