"""`sluicegate lab moving`: the page on it is true, its formats agree, its faults are told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from command_line import sluicegate
from drawn_pictures import checked, texts
from pages import Followed, agrees, blocks, follow

PAGE = Path(__file__).resolve().parents[2] / "docs" / "moving-thresholds.md"
LEVEL = "local.harbour_levels.level"
JSON = ("--format", "json")


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Followed]]:
    """Follow the page in a folder of its own, and stay there."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("moving"))
        yield list(follow(blocks(PAGE.read_text(encoding="utf-8"))))


def test_every_command_of_the_page_prints_what_stands_below_it(followed: list[Followed]) -> None:
    for one in followed:
        assert agrees(one.ran.out + one.ran.err, one.expected), (one.words, one.ran.out)
    told = [" ".join(one.words[:3]) for one in followed if one.words[0] == "lab"]
    assert [one for one in told if "moving" in one] == [
        *("lab moving value", "lab moving value", "lab moving series", "lab moving value")
    ]


def test_a_value_as_known_before_a_snapshot_rests_on_the_earlier_one(
    followed: list[Followed],
) -> None:
    asked = ("lab", "moving", "value", LEVEL, "--as-of", "2026-08-15", "--node", "my-node", *JSON)
    now, then = (sluicegate(*asked, *more).json for more in ((), ("--known-on", "2026-07-30")))
    assert (now["value"], then["value"]) == (str(4 * 10**25), str(10**25))
    assert [one["known_on"] for one in (*now["snapshots"], *then["snapshots"])] == [
        *("2026-07-31", "2026-04-30")
    ]
    assert [one["name"] for one in now["models"]] == ["Cedar 1", "Birch 1"]
    assert now["chosen"] == "local.harbour_levels.top_two"


def test_the_picture_of_a_series_stays_in_its_frame_in_both_languages(
    followed: list[Followed],
) -> None:
    for rule in (LEVEL, "kthf.lowered_limits.training_cap", "eu.ai_act.systemic_risk_level"):
        for language in ("en", "zh"):
            days = ("--from", "2020-01-01", "--to", "2020-06-01" if "eu." in rule else "2027-06-01")
            more = ("--svg", "drawn.svg", "--language", language, "--node", "my-node", *JSON)
            ran = sluicegate("lab", "moving", "series", rule, *days, *more)
            assert ran.code == 0, ran.err
            root = checked(Path("drawn.svg").read_text(encoding="utf-8"))
            has_value = any(step["value"] for step in ran.json["steps"])
            nothing = {"en": "The threshold has no value in these days.", "zh": "没有数值"}[
                language
            ]
            assert any(nothing in text for text in texts(root)) != has_value


def test_the_list_has_a_row_for_every_rule_in_every_format(followed: list[Followed]) -> None:
    asked = ("lab", "moving", "list", "--as-of", "2026-08-15", "--node", "my-node")
    rows = sluicegate(*asked, *JSON).json
    ids = [row["id"] for row in rows]
    assert LEVEL in ids
    assert ids == sorted(ids)
    assert [row["id"] for row in sluicegate(*asked, "--format", "csv").csv] == ids
    assert "两者取高" in sluicegate(*asked, "--language", "zh").out


def test_a_rule_is_shown_with_its_parameters_and_in_rules_show(followed: list[Followed]) -> None:
    at_node = ("--node", "my-node")
    shown = sluicegate("lab", "moving", "show", "local.harbour_levels.schedule", *at_node, *JSON)
    values = shown.json["parameters"][0]["values"]
    assert [one["known_from"] for one in values] == ["2026-01-15", "2026-06-15"]
    told = sluicegate("rules", "show", "local.harbour_levels.schedule", *at_node).out
    assert "form: scheduled" in told
    instrument = sluicegate("rules", "show", "local.harbour_levels", *at_node, *JSON).json
    assert [one["id"].rsplit(".", 1)[1] for one in instrument["moving"]] == [
        *("schedule", "top_two", "level")
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("value", "no.such"), "no rule file holds it"),
        (("value", LEVEL, "--data", "nothing"), "there is no such data set here"),
        (("series", LEVEL, "--from", "2026-03-01", "--to", "2026-02-01"), "the earlier day first"),
        (("value", LEVEL, "--as-of", "soon"), "--as-of"),
    ],
)
def test_what_cannot_be_computed_is_told(
    followed: list[Followed], words: tuple[str, ...], told: str
) -> None:
    ran = sluicegate("lab", "moving", *words, "--node", "my-node")
    assert (ran.code, ran.out) == (2, "")
    assert told in ran.err


def test_a_file_stands_in_for_the_data_set_of_a_rule(followed: list[Followed]) -> None:
    Path("near_2026-05-01.csv").write_text(
        "name,developers,published,flop\nDogwood,Dune Labs,2026-01-02,3e26\n", encoding="utf-8"
    )
    rule = "paper.kumar_manning_2025.within_one_order"
    asked = ("--as-of", "2026-05-01", "--data", "near_2026-05-01.csv", *JSON)
    assert sluicegate("lab", "moving", "value", rule, *asked).json["value"] == str(3 * 10**25)
