"""`sluicegate links`: find, list, show, cut, restore, accept and suggest on a node."""

from __future__ import annotations

from pathlib import Path

import pytest

from command_line import sluicegate

JSON = ("--format", "json")
SIGNALS = """\
source,customer_id,signal,value,first_seen,last_seen
portal,c-small-1,device,dev-7f31aa,2026-01-04,2026-05-30
portal,c-small-3,device,dev-7f31aa,2026-02-04,2026-06-01
portal,c-base,payment_instrument,fp-9931cc,2026-01-04,
portal,c-small-3,payment_instrument,fp-9931cc,2026-01-04,
"""
GROUP = "linked-c-base"


@pytest.fixture
def linked(node: Path, tmp_path: Path) -> Path:
    """Return a node with signals that link three small customers."""
    file = tmp_path / "account_signals.csv"
    file.write_text(SIGNALS, encoding="utf-8")
    ran = sluicegate("intake", file, "--node", node, *JSON)
    assert (ran.code, ran.json["accepted"]) == (0, 4)
    return node


def test_the_columns_of_signals_are_printed_and_the_number_of_a_card_is_refused(
    node: Path, tmp_path: Path
) -> None:
    schema = sluicegate("intake", "--schema", "account_signals", *JSON).json
    assert schema["key"] == ["source", "customer_id", "signal", "value"]
    file = tmp_path / "signals.csv"
    card = "4111 1111 1111 1111"
    file.write_text(
        f"customer_id,signal,value\nc-base,payment_instrument,{card}\nc-base,smell,musk\n",
        encoding="utf-8",
    )
    ran = sluicegate("intake", file, "--node", node, *JSON)
    assert (ran.json["accepted"], ran.json["rejected"]) == (0, 2)
    assert "is the number of a payment card" in ran.out
    assert "4111" not in ran.out + ran.err


def test_links_are_found_listed_shown_cut_and_restored(linked: Path) -> None:
    at = ("--node", linked)
    none = sluicegate("links", "list", *at, *JSON)
    assert none.json["groups"] == []
    assert "run: sluicegate links find" in none.err
    found = sluicegate("links", "find", *at, *JSON).json
    assert (found["groups"], found["linked_customers"]) == (1, 3)
    assert sluicegate("links", "list", *at, *JSON).json["groups"] == [
        {"group": GROUP, "members": 3, "links": 2}
    ]
    shown = sluicegate("links", "show", "c-small-1", *at, *JSON).json
    assert shown["group"] == GROUP
    assert shown["members"] == ["c-base", "c-small-1", "c-small-3"]
    assert {one["kind"] for one in shown["links"]} == {"device", "payment_instrument"}
    chinese = sluicegate("links", "show", GROUP, *at, *JSON, "--language", "zh").json
    assert "设备" in chinese["links"][0]["why"] + chinese["links"][1]["why"]
    pair = ("c-small-3", "c-small-1")
    dry = sluicegate("links", "cut", *pair, "--reason", "a shared room", "--dry-run", *at, *JSON)
    assert (dry.code, "nothing was kept" in dry.err) == (0, True)
    assert sluicegate("links", "list", "--decisions", *at, *JSON).json == []
    [cut] = sluicegate("links", "cut", *pair, "--reason", "a shared room", *at, *JSON).json
    assert (cut["verdict"], cut["still_together"]) == ("cut", False)
    assert sluicegate("links", "show", "c-small-3", *at, *JSON).json["members"] == [
        "c-base",
        "c-small-3",
    ]
    sluicegate("links", "find", *at)
    assert sluicegate("links", "show", "c-small-1", *at).code == 2
    [back] = sluicegate("links", "restore", *pair, "--reason", "one hand", *at, *JSON).json
    assert (back["still_together"], back["group"]) == (True, GROUP)
    decisions = sluicegate("links", "list", "--decisions", *at, "--format", "csv").csv
    assert [one["verdict"] for one in decisions] == ["cut", "restored"]


def test_a_customer_is_cut_out_of_its_group_at_once(linked: Path) -> None:
    at = ("--node", linked)
    sluicegate("links", "find", *at)
    ran = sluicegate("links", "cut", "c-small-3", GROUP, "--reason", "a shared room", *at, *JSON)
    assert [one["verdict"] for one in ran.json] == ["cut", "cut"]
    assert sluicegate("links", "list", *at, *JSON).json["groups"] == []


def test_what_cannot_be_done_ends_with_2_and_says_why(linked: Path) -> None:
    at = ("--node", linked)
    for words in (("cut", "c-lab", "c-grow"), ("restore", "c-lab", "c-grow")):
        ran = sluicegate("links", *words, "--reason", "why not", *at)
        assert ran.code == 2
        assert ("c-lab" in ran.err, "c-grow" in ran.err) == (True, True)
    ran = sluicegate("links", "accept", "c-small-1", "c-small-3", "--reason", "one", *at)
    assert (ran.code, "held together already" in ran.err) == (2, True)
    assert sluicegate("links", "show", "gone", *at).code == 2


def test_too_few_customers_for_duplicates_are_unavailable(linked: Path) -> None:
    ran = sluicegate("links", "suggest", "--node", linked)
    assert ran.code == 4
    assert "too few to learn from" in ran.err


def test_a_pass_keeps_what_it_finds_and_a_linked_group_is_possible_at_most(linked: Path) -> None:
    ran = sluicegate("assess", "--node", linked, "--as-of", "2026-06-30", *JSON)
    assert sluicegate("links", "list", "--node", linked, *JSON).json["as_of"] == "2026-06-30"
    about = [one for one in ran.json["findings"] if one["subject"].startswith("linked_group:")]
    assert {one["certainty"] for one in about} <= {"possible", "cleared"}
