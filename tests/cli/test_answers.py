"""An answer on the command line: in words, as a tree, as a document and as a row."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from command_line import Ran, parquet_rows, sluicegate

FACTS = {"operating_in_us": True, "estimate_central": "1e25", "estimate_high": "2e25"}
SECOND_HAND = {"training_compute": "2e26", "foreign_provider": True}


def ask(*words: object, question: str = "kthf_registration", facts: object = None) -> Ran:
    given = json.dumps(FACTS if facts is None else facts)
    command = ("ask", question, "--facts", "-", "--as-of", "2026-06-30", *words)
    ran = sluicegate(*command, stdin=given)
    assert ran.code == 0, ran.err
    return ran


def test_the_outcome_comes_first_then_the_parts_in_order() -> None:
    document = ask("--format", "json").json
    lines = ask().out.splitlines()
    assert lines[0] == document["outcome"]
    heads = [line for line in lines if line and not line.startswith(" ")]
    parts = ["Answer", "Why", "Readings", "Texts", "How sure", "Citations"]
    assert heads[-len(parts) :] == parts
    assert all(f"  {reason}" in lines for reason in document["reasons"])
    sure = lines[lines.index("How sure") : lines.index("Citations")]
    for caveat in document["caveats"]:
        kind, _, places = caveat.removesuffix(".").partition(": ")
        stated = [f"  {caveat}"] if f"  {caveat}" in sure else [f"  {kind}", f"    {places}"]
        assert all(line in sure for line in stated), caveat


def test_what_another_reading_would_give_is_told_in_words_and_in_the_document() -> None:
    document = ask("--format", "json").json
    [other] = document["other_readings"]
    assert (other["reading"], other["value"], other["same"]) == ("estimate_used", "central", False)
    assert other["answer"] == {"must_register": "no"}
    assert f"another reading would give · central estimate = {other['outcome']}" in ask().out
    chosen = ask("--reading", "estimate_used=central", "--format", "json").json
    assert chosen["outcome"] == other["outcome"]


def test_an_answer_names_the_state_of_each_text_and_how_sure_it_is() -> None:
    words = ("--format", "json")
    document = ask(*words, question="korea_ai_basic_act", facts=SECOND_HAND).json
    [text] = [one for one in document["texts"] if one["instrument"] == "kr.ai_basic_act"]
    assert (text["text"], text["enforcement"]) == ("in_force", "enforced")
    assert text["since"] == "2026-01-22"
    assert text["reference"]
    assert "second_hand" in document["marks"]
    said = ask(question="korea_ai_basic_act", facts=SECOND_HAND).out
    assert "  Rests on second-hand text\n    Korea AI Basic Act enforcement decree\n" in said
    assert "law: in force, enforced (from 2026-01-22" in said


@pytest.mark.parametrize("words", [(), ("--explain",)])
def test_an_answer_is_told_in_chinese(words: tuple[str, ...]) -> None:
    english, chinese = ask(*words).out, ask(*words, "--language", "zh").out
    assert "理由" in chinese
    assert "若采另一解释" in chinese
    alike = {line.strip() for line in english.splitlines()}
    alike &= {line.strip() for line in chinese.splitlines()}
    places = {one["text"] for one in ask("--format", "json").json["citations"]}
    assert alike - places <= {""}


def test_the_tree_holds_figures_and_facts_and_is_a_trace_document() -> None:
    told = ask("--explain").out
    assert "kthf.oversight.registration.training_compute = more than 1e25 FLOP" in told
    assert "estimate_high = 2e25 FLOP" in told
    document = ask("--explain", "--format", "json").json
    assert set(document) == {"trace_version", "root"}
    assert document["root"]["label"] == told.splitlines()[0]
    labels = [child["label"] for child in document["root"]["children"]]
    assert labels[2:] == [
        "answer",
        "why",
        "figures",
        "readings",
        "texts",
        "how sure",
        "citations",
        "facts given",
    ]


def test_an_answer_is_a_row_of_a_table(tmp_path: Path) -> None:
    [row] = ask("--format", "csv").csv
    document = ask("--format", "json").json
    assert row["question"] == "kthf_registration"
    assert row["must_register"] == document["answer"]["must_register"]
    assert row["outcome"] == document["outcome"]
    file = tmp_path / "row.parquet"
    file.write_bytes(ask("--format", "parquet").data)
    assert [one["outcome"] for one in parquet_rows(str(file))] == [document["outcome"]]
