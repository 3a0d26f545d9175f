"""Model weights: what counts, what a published base allows, and the order of the tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sluicegate.core.phrases import Language
from sluicegate.core.quantities import flop_text
from sluicegate.export import QUESTIONS
from sluicegate.lineage import QUESTIONS as MEASURES
from sluicegate.rules.answers import Asked
from sluicegate.rules.book import RuleBook
from sluicegate.rules.facts import BadFactsError
from sluicegate.rules.instruments import Value
from sluicegate.rules.loading import shipped_book
from sluicegate.rules.questions import ask

BOOK = shipped_book()
BY_NAME = {question.name: question for question in (*QUESTIONS, *MEASURES)}
TODAY, ANNOUNCED = date(2026, 8, 1), date(2025, 5, 13)
WEIGHTS = "us.eccn_4e091"
FLOPS = st.integers(0, 4 * 10**26)
HUNDREDTHS = st.integers(0, 100).map(lambda n: Decimal(n) / 100)
RECORDS = st.fixed_dictionaries(
    {
        "generator": st.sampled_from(["Tern", "Gull", "Auk"]),
        "generator_published": st.booleans(),
        "data_published": st.booleans(),
        "share_of_operations": HUNDREDTHS,
        "generation_flop": st.integers(0, 10**26).map(flop_text),
        "generator_training_flop": FLOPS.map(flop_text),
    }
)
DATA = st.lists(RECORDS, max_size=5)


def asked(
    own: int, on: date = TODAY, book: RuleBook = BOOK, reading: str | None = None, **more: Any
) -> Asked:
    """Ask about weights that took some operations; other figures are given by fact."""
    facts = {"published": False, "own_training_flop": own, **more}
    literals = {name: flop_text(v) if type(v) is int else v for name, v in facts.items()}
    readings = {} if reading is None else {"allowance_reference": reading}
    return ask(BY_NAME["weights_4e091"], literals, as_of=on, book=book, readings=readings)


def answer(own: int, **more: Any) -> dict[str, Any]:
    return dict(asked(own, **more).answer)


def figure(parameter: str) -> int:
    value = BOOK.parameter(f"{WEIGHTS}.{parameter}").first().value
    assert isinstance(value, int)
    return value


def moved(parameter: str, value: Value) -> RuleBook:
    identifier = f"{WEIGHTS}.{parameter}"
    values = BOOK.parameter(identifier).values
    return BOOK.with_values(identifier, [replace(dated, value=value) for dated in values])


def record(
    generator: str,
    share: str,
    generation: int,
    training: int,
    *,
    weights_public: bool = False,
    data_public: bool = False,
) -> dict[str, Any]:
    return {
        "generator": generator,
        "generator_published": weights_public,
        "data_published": data_public,
        "share_of_operations": Decimal(share),
        "generation_flop": flop_text(generation),
        "generator_training_flop": flop_text(training),
    }


# The tests in turn.


@given(
    published=st.booleans(),
    own=FLOPS,
    base=st.none() | FLOPS,
    level=st.none() | FLOPS,
    reading=st.sampled_from(["base_model", "exclusion_level"]),
    data=DATA,
)
def test_the_first_test_that_fits_decides(
    published: bool,
    own: int,
    base: int | None,
    level: int | None,
    reading: str,
    data: list[dict[str, Any]],
) -> None:
    more: dict[str, Any] = {
        "published_base_training_flop": base,
        "exclusion_level_flop": level,
        "synthetic_data": data,
        "reading": reading,
    }
    of_level = reading == "exclusion_level" and base is not None
    if of_level and level is None:
        with pytest.raises(BadFactsError) as refused:
            asked(own, published=published, **more)
        assert refused.value.paths == ["exclusion_level_flop"]
        return
    found = answer(own, published=published, **more)
    allowance = None
    if base is not None:
        reference = level if of_level else base
        assert reference is not None
        allowance = max(Fraction(25, 10) * 10**25, Fraction(reference, 4))
    counted = found["counted_flop"]
    if published:
        expected = "published"
    elif allowance is not None and own <= allowance:
        expected = "derived_within_allowance"
    elif counted < 10**26:
        expected = "below_1e26"
    elif level is not None and counted < level:
        expected = "below_exclusion_level"
    else:
        expected = "at_or_above_1e26"
    assert found["reason"] == expected
    assert found["controlled"] == (expected == "at_or_above_1e26")
    assert found["allowance_flop"] == allowance
    assert counted >= own + (base or 0)


@pytest.mark.parametrize(("more", "controlled"), [(-1, False), (0, True), (1, True)])
def test_control_begins_at_the_figure_of_the_heading(more: int, controlled: bool) -> None:
    for limit in (figure("training_compute"), 10**25):
        book = moved("training_compute", limit)
        assert answer(limit + more, book=book)["controlled"] == controlled


@pytest.mark.parametrize(("more", "controlled"), [(-1, False), (0, True), (1, True)])
def test_exactly_the_exclusion_level_is_controlled(more: int, controlled: bool) -> None:
    level = 3 * 10**26
    assert answer(level + more, exclusion_level_flop=level)["controlled"] == controlled


def test_an_exclusion_level_below_the_figure_frees_nothing_more() -> None:
    assert answer(10**26, exclusion_level_flop=5 * 10**25)["controlled"]
    assert answer(10**26 - 1, exclusion_level_flop=5 * 10**25)["reason"] == "below_1e26"


@pytest.mark.parametrize(("more", "within"), [(-1, True), (0, True), (1, False)])
def test_exactly_the_allowance_is_within(more: int, within: bool) -> None:
    floor, share = figure("derived.allowance_floor"), Fraction(1, 4)
    for base in (9 * 10**25, 4 * floor, 4 * 10**26):
        allowance = max(floor, int(base * share))
        found = answer(allowance + more, published_base_training_flop=base)
        assert (found["reason"] == "derived_within_allowance") == within
        assert found["allowance_flop"] == allowance
    book = moved("derived.allowance_share", Fraction(1, 2))
    found = answer(10**26 + more, published_base_training_flop=2 * 10**26, book=book)
    assert (found["reason"] == "derived_within_allowance") == within
    book = moved("derived.allowance_floor", 10**26)
    found = answer(10**26 + more, published_base_training_flop=0, book=book)
    assert (found["reason"] == "derived_within_allowance") == within


def test_a_base_that_took_nothing_is_a_base() -> None:
    found = answer(10**26, published_base_training_flop=0)
    assert found["allowance_flop"] == figure("derived.allowance_floor")
    assert answer(10**26)["allowance_flop"] is None


def test_the_reading_changes_the_reference_alone() -> None:
    more = {"published_base_training_flop": 2 * 10**26, "exclusion_level_flop": 10**27}
    by_base = answer(6 * 10**25, **more)
    by_level = answer(6 * 10**25, reading="exclusion_level", **more)
    assert by_base["allowance_flop"] == 5 * 10**25
    assert by_level["allowance_flop"] == 25 * 10**25
    assert by_base["counted_flop"] == by_level["counted_flop"]
    assert (by_base["reason"], by_level["reason"]) == (
        "below_exclusion_level",
        "derived_within_allowance",
    )


# Synthetic data.


@pytest.mark.parametrize(
    ("records", "added"),
    [
        pytest.param([record("Tern", "0.10", 5, 100)], 0, id="exactly the share"),
        pytest.param([record("Tern", "0.100001", 5, 100)], 105, id="more than the share"),
        pytest.param([record("Tern", "0.5", 5, 100, weights_public=True)], 5, id="public weights"),
        pytest.param([record("Tern", "0.5", 5, 100, data_public=True)], 0, id="public data"),
        pytest.param(
            [record("Tern", "0.06", 5, 100), record("Tern", "0.05", 7, 100)],
            112,
            id="variants count together, the training once",
        ),
        pytest.param(
            [record("Tern", "0.06", 5, 100), record("Tern", "0.04", 7, 100)],
            0,
            id="variants together exactly at the share",
        ),
        pytest.param(
            [record("Tern", "0.06", 5, 100), record("Tern", "0.05", 7, 300)],
            312,
            id="of two figures for one training the larger",
        ),
        pytest.param(
            [record("Tern", "0.06", 5, 100), record("Gull", "0.05", 7, 300)],
            0,
            id="two generators are not added up",
        ),
        pytest.param(
            [record("Tern", "0.2", 5, 100), record("Gull", "0.2", 7, 300)],
            312,
            id="of two generators only the largest training",
        ),
        pytest.param(
            [
                record("Tern", "0.2", 5, 100),
                record("Gull", "0.2", 7, 300, weights_public=True),
            ],
            112,
            id="a public generator's training does not hide another's",
        ),
        pytest.param(
            [record("Tern", "0.2", 5, 100), record("Gull", "0.10", 7, 300)],
            105,
            id="a generator at the share adds no training",
        ),
        pytest.param(
            [
                record("Tern", "0.06", 5, 100, weights_public=True),
                record("Tern", "0.05", 7, 300),
            ],
            312,
            id="one variant with private weights",
        ),
        pytest.param(
            [
                record("Tern", "0.2", 5, 100, weights_public=True),
                record("Tern", "0.9", 7, 300, data_public=True),
            ],
            5,
            id="a variant whose data is public plays no part",
        ),
    ],
)
def test_what_synthetic_data_adds(records: list[dict[str, Any]], added: int) -> None:
    found = answer(1000, synthetic_data=records)
    assert found["counted_flop"] == 1000 + added
    assert answer(1000, synthetic_data=records[::-1]) == found
    on_base = answer(1000, published_base_training_flop=500, synthetic_data=records)
    assert on_base["counted_flop"] == 1500 + added


@given(own=FLOPS, data=DATA, shuffled=st.data())
def test_the_order_of_records_changes_nothing(
    own: int, data: list[dict[str, Any]], shuffled: st.DataObject
) -> None:
    other = shuffled.draw(st.permutations(data))
    assert answer(own, synthetic_data=data) == answer(own, synthetic_data=other)


@given(own=FLOPS, data=DATA, one=RECORDS)
def test_more_data_never_lowers_the_count(
    own: int, data: list[dict[str, Any]], one: dict[str, Any]
) -> None:
    before = answer(own, synthetic_data=data)
    after = answer(own, synthetic_data=[*data, one])
    assert after["counted_flop"] >= before["counted_flop"]
    assert after["controlled"] or not before["controlled"]
    if one["data_published"]:
        assert after == before


@given(own=FLOPS, data=DATA, one=RECORDS)
def test_a_record_may_be_given_in_two_parts(
    own: int, data: list[dict[str, Any]], one: dict[str, Any]
) -> None:
    part = {**one, "share_of_operations": Decimal(0), "generation_flop": "0"}
    assert answer(own, synthetic_data=[*data, one, part]) == answer(
        own, synthetic_data=[*data, one]
    )


@given(own=FLOPS, base=FLOPS, data=DATA)
def test_the_count_is_that_of_the_measuring_room(
    own: int, base: int, data: list[dict[str, Any]]
) -> None:
    """The runs of one model, told to the other question, add up to the same operations."""
    runs: list[dict[str, Any]] = [
        {"role": "base", "compute": flop_text(base)},
        {"role": "finetune", "compute": flop_text(own)},
    ]
    training: dict[str, int] = {}
    for one in data:
        if one["data_published"]:
            continue
        name = one["generator"]
        runs.append(
            {
                "role": "synthetic_data_generation",
                "compute": one["generation_flop"],
                "generator": name,
                "share_of_training": one["share_of_operations"],
            }
        )
        if not one["generator_published"]:
            given_flop = int(one["generator_training_flop"])
            training[name] = max(training.get(name, 0), given_flop)
    for name, flop in training.items():
        teacher = {"role": "teacher_training", "compute": flop_text(flop), "generator": name}
        runs.append(teacher)
    facts = {"counting_rule": "us_4e091", "runs": runs}
    measured = ask(BY_NAME["training_compute"], facts, as_of=TODAY, book=BOOK).answer
    found = answer(own, published_base_training_flop=base, synthetic_data=data)
    assert found["counted_flop"] == measured["counted_compute"]
    assert measured["unaddressed_compute"] == 0


# Days and words.


@pytest.mark.parametrize(
    ("day", "practice"),
    [
        (date(2025, 1, 13), "not_yet_due"),
        (date(2025, 5, 12), "not_yet_due"),
        (ANNOUNCED, "suspended"),
        (TODAY, "suspended"),
    ],
)
def test_the_control_is_never_enforced(day: date, practice: str) -> None:
    found = dict(asked(2 * 10**26, on=day).answer)
    assert (found["controlled"], found["enforcement"]) == (True, practice)


@pytest.mark.parametrize(
    "more",
    [
        {"published": True},
        {"published_base_training_flop": 4 * 10**26},
        {"exclusion_level_flop": 10**27},
        {"exclusion_level_flop": 10**25},
        {"synthetic_data": [record("Tern", "0.2", 5, 100)]},
    ],
)
def test_an_answer_is_told_in_both_languages(more: Mapping[str, Any]) -> None:
    found = asked(10**26, **more)
    for language in Language:
        told = [found.outcome.text(language), *(one.text(language) for one in found.reasons)]
        assert not any("{" in text for text in told)
