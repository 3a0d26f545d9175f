"""The screening benchmark's sets and counts, on invented names."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening_measures import (
    Match,
    alerts_per_thousand,
    f1_of,
    quantile,
    recall_by,
    recall_of,
    share_alerted,
    threshold_of,
)
from screening_perturbed import KINDS, natural, perturbed
from screening_sets import Pair, Query, Split, load_eu, load_us, split_of
from screening_sides import NoControlError, control_python
from screening_sources import NoSourceError, key_of, read_csl, script_of

NAMES = st.lists(
    st.text("abcdefghijklmnoprstuvwyzABCDEFäö'-", min_size=1, max_size=12), min_size=1, max_size=6
).map(" ".join)
ORDER = ("order", "accents")


@given(name=NAMES, kind=st.sampled_from(sorted(KINDS)), seed=st.integers(0, 999), who=st.booleans())
def test_a_perturbed_name_is_another_text_and_the_same_for_the_same_seed(
    name: str, kind: str, seed: int, who: bool
) -> None:
    first = perturbed(name, kind, is_person=who, chance=Random(seed))
    assert first == perturbed(name, kind, is_person=who, chance=Random(seed))
    assert first is None or (first.strip() and first != name)


@pytest.mark.parametrize(
    ("kind", "name", "is_person"),
    [
        ("one slip", "BNC", False),
        ("word dropped", "Jane Example", True),
        ("initial", "Jane Example", True),
        ("legal form", "Jane Example", True),
        ("abridged", "Nowhere Farms", False),
    ],
)
def test_a_name_that_a_kind_would_spoil_is_left_alone(
    kind: str, name: str, is_person: bool
) -> None:
    assert perturbed(name, kind, is_person=is_person, chance=Random(1)) is None


def test_an_initial_keeps_the_family_name() -> None:
    for seed in range(20):
        changed = perturbed("EXAMPLE, Jane Maria", "initial", is_person=True, chance=Random(seed))
        assert changed is not None
        assert changed.endswith("EXAMPLE")


def test_a_listed_person_is_read_in_natural_order_and_a_company_is_not_torn() -> None:
    assert natural("EXAMPLE, Jane Maria") == "Jane Maria EXAMPLE"
    assert natural("NOWHERE TRADING CO., LTD.") == "NOWHERE TRADING CO., LTD."


def test_splits_divide_by_hash_in_the_shares_that_are_stated() -> None:
    counts = Counter(split_of(f"entry-{number}") for number in range(10_000))
    assert counts[Split.TRAIN] == pytest.approx(5000, abs=200)
    assert counts[Split.DEV] == pytest.approx(2000, abs=200)
    assert counts[Split.TEST] == pytest.approx(3000, abs=200)


@pytest.mark.parametrize(
    ("text", "script"),
    [("Jane Example", "LATIN"), ("Иван Пример", "CYRILLIC"), ("例子 A", "CJK"), ("42", "")],
)
def test_the_script_is_that_of_most_letters(text: str, script: str) -> None:
    assert script_of(text) == script


def test_keys_ignore_order_case_accents_and_apostrophes() -> None:
    assert key_of("EXAMPLÉ, Ja'na") == key_of("Jana Example")


@given(st.lists(st.floats(0, 1), min_size=1, max_size=300))
def test_no_more_than_one_clean_name_in_a_hundred_is_above_the_threshold(
    scores: list[float],
) -> None:
    clean = [[Match("x", score)] for score in scores]
    threshold = threshold_of(clean)
    assert sum(score > threshold for score in scores) <= len(scores) / 100 + 1
    assert threshold <= max(scores)


def test_quantiles_lie_between_neighbours_in_proportion() -> None:
    assert quantile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert quantile([0.0, 1.0], 0.75) == 0.75
    assert quantile([5.0], 0.99) == 5.0


def query(kind: str, *answers: str) -> Query:
    return Query("Jane Example", "Person", kind, Split.TEST, frozenset(answers))


def test_recall_asks_for_the_right_entry_at_the_threshold_whatever_stands_before_it() -> None:
    given_matches = [
        [Match("wrong", 0.99), Match("right", 0.80)],
        [Match("wrong", 0.99)],
        [Match("right", 0.79)],
        [],
    ]
    found = recall_of([query("a", "right", "twin")] * 4, given_matches, 0.80)
    assert (found.asked, found.found, found.in_ten, found.in_all) == (4, 0.25, 0.5, 0.5)
    eleventh = [*[Match(f"w{number}", 0.9) for number in range(10)], Match("right", 0.85)]
    late = recall_of([query("a", "right")], [eleventh], 0.80)
    assert (late.found, late.in_ten, late.in_all) == (1.0, 0.0, 1.0)


def test_recall_by_kind_leaves_out_what_nobody_asked() -> None:
    found = recall_by(
        [query("a", "x"), query("b", "x")],
        [[Match("x", 1.0)], []],
        0.5,
        {"both": ["a", "b"], "first": ["a"], "none": ["c"]},
    )
    assert {name: one.found for name, one in found.items()} == {"both": 0.5, "first": 1.0}


def test_alerts_count_entries_and_the_share_counts_names() -> None:
    clean = [[Match("a", 0.9), Match("b", 0.8)], [Match("a", 0.5)], [], []]
    assert alerts_per_thousand(clean, 0.8) == 500
    assert share_alerted(clean, 0.8) == 0.25


def test_f1_is_the_harmonic_mean_at_the_threshold() -> None:
    truth = (True, True, False, False)
    pairs = [Pair("a", "b", "Person", is_match, "", "", Split.DEV) for is_match in truth]
    found = f1_of(pairs, [0.9, 0.1, 0.8, 0.2], 0.8)
    assert (found.precision, found.recall, found.value) == (0.5, 0.5, 0.5)
    assert f1_of(pairs, [0.0] * 4, 0.8).value == 0


EU_COLUMNS = ("schema", "name", "alias", "weakAlias", "previousName")
PERSON_COLUMNS = ("full_name",)


def write(file: Path, columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)


def clean_names(folder: Path, persons: Sequence[str], companies: Sequence[str]) -> None:
    rows = [{"full_name": name} for name in persons]
    write(folder / "negatives/persons_global_dev.csv", PERSON_COLUMNS, rows)
    write(folder / "negatives/persons_us_dev.csv", PERSON_COLUMNS, [])
    text = "\n".join(companies)
    (folder / "negatives/companies_sec_dev.txt").write_text(text, encoding="utf-8")


def test_what_the_eu_part_asks_for_is_not_in_its_list(tmp_path: Path) -> None:
    rows = [
        {
            "schema": "Person",
            "name": f"Ivan Sample{number}",
            "alias": f"Iwan Sempel{number} (Иван Самплев{number}); Ivanko Samplo{number}",
        }
        for number in range(60)
    ]
    write(tmp_path / "nc/eu_journal/invented.csv", EU_COLUMNS, rows)
    clean_names(tmp_path, ["Jane Example", "Ivan Sample3"], ["Nowhere Farms Inc"])
    part = load_eu(tmp_path)
    parties = {one.id: one for one in part.parties}
    assert len(parties) == len(part.positives) == 60
    for one in part.positives:
        (answer,) = one.answers
        assert key_of(one.text) not in map(key_of, parties[answer].names)
        if " to " in one.kind:
            assert script_of(one.text) not in map(script_of, parties[answer].names)
    kinds = {one.kind for one in part.positives}
    assert kinds == {"cyrillic to latin", "latin to cyrillic", "held out"}
    assert [one.text for one in part.clean] == ["Jane Example", "Nowhere Farms Inc"]


CSL_COLUMNS = (
    "source",
    "entity_number",
    "type",
    "name",
    "alt_names",
    "nationalities",
    "dates_of_birth",
)
SDN = "Specially Designated Nationals (SDN) - Treasury Department"


def legacy(number: int, name: str, remarks: str = "-0-") -> str:
    return f'{number},"{name}","individual","X",-0-,-0-,-0-,-0-,-0-,-0-,-0-,"{remarks}"'


def test_the_us_part_asks_for_names_that_the_issuer_added_later(tmp_path: Path) -> None:
    us = tmp_path / "us"
    row = {"source": SDN, "entity_number": "7", "type": "Individual", "name": "EXAMPLE, Jane"}
    later = row | {"alt_names": "EXAMPLE, Jana; JANEY; EKSAMPEL, Zana Maria"}
    write(us / "csl_consolidated_2022-04.csv", CSL_COLUMNS, [later])
    texts = {
        "sdn_2021-07.csv": legacy(7, "EXAMPLE, Jane", "DOB 1970; a.k.a. 'JANEY'."),
        "sdn_alt_2021-07.csv": '7,1,"aka","EXAMPLE, Jana",-0-',
        "sdn_2023-01.csv": "ID\n" + legacy(7, "EXAMPLE, Jane"),
    }
    for name, text in texts.items():
        (us / name).write_text(text + "\n", encoding="utf-8")
    clean_names(tmp_path, ["Joe Sample"], [])
    part = load_us(tmp_path)
    assert [one.weak_names for one in part.parties] == [("JANEY",)]
    later_names = [one for one in part.positives if one.kind == "added later"]
    assert [(one.text, one.answers) for one in later_names] == [
        ("EKSAMPEL, Zana Maria", frozenset({"sdn-7"}))
    ]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoSourceError, match=r"csl_consolidated_2022-04\.csv: not there"):
        read_csl(tmp_path)


def test_a_control_that_cannot_be_made_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("", encoding="utf-8")
    with pytest.raises(NoControlError, match="libicu-dev"):
        control_python(tmp_path, tmp_path / "no-python")
