"""A second scorer: it may take alerts away, never adds one, and fails closed."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from sluicegate.adapters.second_stage import CommandScorer
from sluicegate.screening import Index
from sluicegate.screening.prepared import Prepared
from sluicegate.screening.second_stage import SecondStageError, TwoStages, scores_from

LISTED = [
    {"id": "a", "schema": "Person", "names": ["BELSKY, Arkady"]},
    {"id": "b", "schema": "Person", "names": ["BELSKY, Arkadiy Ivanovich"]},
    {"id": "c", "schema": "Company", "names": ["Volgopribor LLC"]},
]
SCHEMAS = {"a": "Person", "b": "Person", "c": "Company"}


class Doubts:
    """Scores by the listed name; keeps what it was asked."""

    name = "doubts-1"

    def __init__(self, scores: Mapping[str, float]) -> None:
        self.told = scores
        self.asked: list[Mapping[str, Any]] = []

    def scores(self, pairs: Sequence[Mapping[str, Any]]) -> list[float]:
        self.asked += pairs
        return [self.told.get(one["name"], 1.0) for one in pairs]


def test_the_lower_score_counts_and_the_match_says_whose() -> None:
    first = Index.build(LISTED)
    second = Doubts({"BELSKY, Arkady": 0.2})
    index = TwoStages(first, second, SCHEMAS, first.alert_threshold)
    own = {one.entity_id: one.score for one in first.screen(["Arkady Belsky"])[0]}
    found = {one.entity_id: one for one in index.screen(["Arkady Belsky"])[0]}
    assert own["a"] >= first.alert_threshold > found["a"].score == 0.2
    assert "doubts-1" in str(found["a"].reasons[-1])
    assert abs(sum(part.contribution for part in found["a"].parts) - 0.2) < 1e-5
    assert found["b"].score == own["b"]
    assert "doubts-1 (lower of both)" in index.algorithm


def test_only_what_reaches_the_floor_is_asked_about() -> None:
    first = Index.build(LISTED)
    second = Doubts({})
    index = TwoStages(first, second, SCHEMAS, first.alert_threshold)
    query = {"query": "Volgopribor", "schema": "Company", "birth_date": ""}
    index.screen([query, "Nobody Atall"])
    assert second.asked == [
        {"query": "Volgopribor", "name": "Volgopribor LLC", "schema": "Company"}
    ]


def test_an_alert_that_stays_is_never_cut_off_by_one_that_goes() -> None:
    listed = [
        {"id": f"{place:02}", "schema": "Person", "names": [f"BELSKY, Arkady {word}".strip()]}
        for place, word in enumerate(("", "Mr", "Dr", "Sir"))
    ]
    first = Index.build(listed)
    doubted = {str(one["names"][0]): 0.1 for one in listed[:3]}
    index = TwoStages(first, Doubts(doubted), {}, first.alert_threshold)
    (best,) = index.screen(["Arkady Belsky"], limit=1)[0]
    assert best.entity_id == "03"
    assert best.score >= first.alert_threshold


@pytest.mark.parametrize(
    "answer",
    [None, {}, {"scores": [0.5]}, {"scores": [0.5, 2]}, {"scores": [0.5, True]},
     {"scores": [0.5, float("nan")]}, {"error": "no model"}],
)  # fmt: skip
def test_an_answer_that_is_none_is_refused(answer: object) -> None:
    with pytest.raises(SecondStageError, match="2 pairs"):
        scores_from(answer, 2)


SCORER = """
import json, os, sys
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "hello":
        print(json.dumps({"name": "halves"}), flush=True)
    else:
        secret = os.environ.get("SLUICEGATE_SECRET")
        scores = [0.5 if secret is None else 0.9 for _ in asked["pairs"]]
        print(json.dumps({"scores": scores}), flush=True)
"""


def command(tmp_path: Path, source: str) -> str:
    file = tmp_path / "scorer.py"
    file.write_text(source, encoding="utf-8")
    return f"{sys.executable} {file}"


def test_a_command_is_asked_in_lines_and_sees_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLUICEGATE_SECRET", "not for others")
    scorer = CommandScorer(command(tmp_path, SCORER), 30)
    pair = {"query": "A", "name": "B", "schema": "Person"}
    assert scorer.name == "halves"
    assert scorer.scores([pair] * 1_001) == [0.5] * 1_001


COUNTER = """
import json, sys
for number, line in enumerate(sys.stdin):
    asked = json.loads(line)
    scores = [number / 100 for _ in asked.get("pairs", ())]
    print(json.dumps({"name": "counter", "scores": scores}), flush=True)
"""


def test_one_command_serves_every_batch_and_starts_anew_after_it_was_closed(tmp_path: Path) -> None:
    scorer = CommandScorer(command(tmp_path, COUNTER), 30)
    pair = {"query": "A" * 200, "name": "B" * 200, "schema": "Person"}
    assert scorer.name == "counter"
    assert scorer.scores([pair] * 1_001) == [*[0.01] * 1_000, 0.02]
    assert scorer.scores([pair]) == [0.03]
    scorer.close()
    assert scorer.scores([pair]) == [0.0]
    scorer.close()


def test_names_that_cannot_alert_are_left_out_with_a_second_scorer_too() -> None:
    first = Index.build(LISTED)
    index = TwoStages(first, Doubts({}), SCHEMAS, first.alert_threshold)
    names = ["Arkady Belsky", "Nobody Atall"]
    kept = index.may_reach(names, Prepared.of(names), first.alert_threshold)
    assert list(kept) == [True, False]


@pytest.mark.parametrize(
    ("source", "problem"),
    [
        ("raise SystemExit('no model')", "no model"),
        ("print('half')", "no JSON"),
        ("import time; time.sleep(60)", "no answer within 1 seconds"),
    ],
)
def test_a_command_that_fails_stops_screening(tmp_path: Path, source: str, problem: str) -> None:
    with pytest.raises(SecondStageError, match=problem):
        CommandScorer(command(tmp_path, source), 1 if "sleep" in source else 30).scores(
            [{"query": "A", "name": "B", "schema": ""}]
        )


def test_a_command_that_is_not_there_is_named() -> None:
    with pytest.raises(SecondStageError, match="no-such-scorer"):
        _ = CommandScorer("no-such-scorer --now", 5).name
