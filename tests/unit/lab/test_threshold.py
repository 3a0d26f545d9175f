"""The lab's answers: sentences, rows and pictures that say what the figures say."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from drawn_pictures import checked, texts
from sluicegate.core.phrases import Language
from sluicegate.core.quantities import parse_decimal
from sluicegate.core.reasons import Sentence
from sluicegate.frontier.records import RecordedModel, Snapshot
from sluicegate.rules.comparators import Comparator
from sluicegate.rules.loading import shipped_book
from sluicegate.services.lab.threshold import (
    MOST_OPTIONS,
    LabError,
    LabQuestion,
    Tried,
    try_on_snapshot,
)
from sluicegate.services.lab.threshold_rows import COLUMNS, Rows, document, rows_of
from sluicegate.services.lab.threshold_words import (
    about_option,
    about_the_data,
    about_the_frontier,
)
from sluicegate.wiring.lab_pictures import options_svg

AS_OF = date(2025, 6, 30)
MOVING = "paper.kumar_manning_2025.within_one_order"
CHINESE = re.compile("[\u4e00-\u9fff]")


def model(name: str, developer: str, day: str, compute: str | None) -> RecordedModel:
    figure = None if compute is None else parse_decimal(compute)
    return RecordedModel(
        name, (developer,), date.fromisoformat(day), figure, confidence="Confident"
    )


MODELS = (
    model("Alder 1", "Aspen Labs", "2023-03-01", "1e25"),
    model("Birch 1", "Beech Works", "2023-06-01", "2e24"),
    model("Alder 2", "Aspen Labs", "2024-03-01", "1e26"),
    model("Birch 2", "Beech Works", "2024-06-01", "8e24"),
    replace(model("Birch 2 Chat", "Beech Works", "2024-07-01", None), base_model="Alder 2"),
    model("Alder 3", "Aspen Labs", "2025-02-01", "3e26"),
)
SNAPSHOT = Snapshot("own", AS_OF, MODELS, "d" * 64, "Example Institute")


def asked(*thresholds: str, moving: tuple[str, ...] = (), **more: object) -> LabQuestion:
    figures = tuple(parse_decimal(text) for text in thresholds)
    made = LabQuestion(figures, moving, AS_OF, first_year=2023)
    return replace(made, **more)  # type: ignore[arg-type]


def tried(question: LabQuestion, snapshot: Snapshot = SNAPSHOT) -> Tried:
    return try_on_snapshot(snapshot, shipped_book(), question)


def said(found: Tried) -> list[Sentence]:
    return [
        *about_the_data(found),
        *about_the_frontier(found),
        *(one for option in found.result.options for one in about_option(found, option)),
    ]


def test_the_sentences_say_whom_it_catches_burdens_and_misses_and_how_to_move_it() -> None:
    told = " ".join(map(str, said(tried(asked("5e24")))))
    assert "own, as known on 2025-06-30: 6 models published by 2025-06-30, with the" in told
    assert "a model is at the frontier from 3e25 FLOP, 10 % of it" in told
    assert "2024: a threshold between 8e24 and 1e26 FLOP would have missed no frontier" in told
    assert "Above 5e24 FLOP it would have caught 4 models of 2 developers from 2023 to" in told
    assert "not at the frontier at the end of the year (1): Beech Works." in told
    assert "At the frontier it would have missed 1 model below it, and 0 models" in told
    assert "catches models that come from a caught one: Birch 2 Chat." in told
    assert "which is 6 times as high" in told


@pytest.mark.parametrize(
    ("threshold", "told"),
    [
        ("4e26", "stands above the largest known run"),
        ("6e25", "it is 2 times the lower edge of the frontier"),
        ("3e25", "it stands at the lower edge of the frontier"),
        ("1e25", "it is below the lower edge of the frontier, which is 3 times as high"),
    ],
)
def test_where_an_option_stands_against_the_frontier(threshold: str, told: str) -> None:
    assert told in str(said(tried(asked(threshold)))[-1])


def test_every_sentence_has_its_chinese() -> None:
    found = tried(asked("5e24", "4e26", moving=(MOVING,)))
    for one in said(found):
        assert CHINESE.search(one.text(Language.ZH)), one
    assert "5e24" in " ".join(one.text(Language.ZH) for one in said(found))


def test_data_that_became_known_later_is_told() -> None:
    later = replace(SNAPSHOT, known_on=date(2026, 1, 1))
    told = " ".join(map(str, about_the_data(tried(asked("1e25"), later))))
    assert "became known after 2025-06-30" in told


def test_a_moving_threshold_stands_beside_fixed_ones_and_says_on_what_it_rests() -> None:
    found = tried(asked("1e25", moving=(MOVING,)))
    assert [one.option.id for one in found.result.options] == ["1e25", MOVING]
    assert found.result.options[1].level.value == 3 * 10**25
    assert found.lent
    assert "the one tried stands in for it" in " ".join(map(str, about_the_data(found)))


def test_a_moving_rule_can_be_tried_as_if_it_had_always_held() -> None:
    question = asked(moving=(MOVING,))
    [as_it_is] = tried(question).result.options
    found = tried(replace(question, is_as_if=True))
    [as_if] = found.result.options
    assert [year.level.value for year in as_it_is.years] == [None, None, 3 * 10**25]
    assert [year.level.value for year in as_if.years] == [10**24, 10**25, 3 * 10**25]
    assert "as if they had held" in " ".join(map(str, about_the_data(found)))


def test_a_moving_threshold_uses_no_snapshot_of_after_the_day_of_knowledge() -> None:
    later = Snapshot("epoch_notable", date(2025, 7, 1), (replace(MODELS[-1], compute=10**28),))
    name = shipped_book().moving_rule(MOVING).data_set or ""
    own, after = replace(SNAPSHOT, name=name), replace(later, name=name)
    question = asked(moving=(MOVING,))
    alone = try_on_snapshot(own, shipped_book(), question)
    beside = try_on_snapshot(own, shipped_book(), question, (own, after))
    assert alone.result.options[0].level == beside.result.options[0].level


def test_rows_and_the_document_say_the_same() -> None:
    found = tried(asked("5e24", "1e26"))
    whole = document(found)
    years = rows_of(found, Rows.YEARS)
    assert [row["caught"] for row in years] == [1, 2, 1, 0, 0, 1]
    assert [row["option"] for row in years] == ["5e24"] * 3 + ["1e26"] * 3
    assert [one["caught"] for one in whole["options"][0]["years"]] == [1, 2, 1]
    for wanted in Rows:
        for row in rows_of(found, wanted):
            assert set(COLUMNS[wanted]) <= set(row)
    models = rows_of(found, Rows.MODELS)
    assert models[0]["flop"] == "10000000000000000000000000"
    assert {row["standing"] for row in models} <= {"certain", "likely"}


def test_the_comparator_moves_what_stands_at_the_threshold() -> None:
    above = tried(asked("1e26")).result.options[0]
    at = tried(asked("1e26", comparator=Comparator.AT_LEAST)).result.options[0]
    assert (len(above.caught), len(at.caught)) == (1, 2)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        (asked(), "Give from 1 to"),
        (asked(*["1e25"] * (MOST_OPTIONS + 1)), f"; {MOST_OPTIONS + 1} are given"),
        (asked("0"), "above 0 FLOP"),
        (asked("1e25", comparator=Comparator.LESS_THAN), "catches what is above it"),
        (asked("1e25", last_year=2026), "is after 2025-06-30"),
        (asked("1e25", first_year=2025, last_year=2024), "give a first year and a last one"),
        (asked("1e25", first_year=1900), "at most 60 years"),
        (asked(moving=("paper.no_such",)), "no rule file holds it"),
    ],
)
def test_what_cannot_be_tried_is_refused_with_a_way_out(question: LabQuestion, told: str) -> None:
    with pytest.raises(LabError, match=re.escape(told)):
        tried(question)


@pytest.mark.parametrize(
    ("parameter", "value", "label"),
    [
        ("frontier.share", Fraction(1, 2), "Confident"),
        ("splitting.loss", Fraction(2, 5), "Confident"),
        ("splitting.ways", ("3",), "Confident"),
        ("uncertainty.confident", 2, "Confident"),
        ("uncertainty.likely", 2, "Likely"),
        ("uncertainty.speculative", 2, "Speculative"),
        ("uncertainty.unlabelled", 2, ""),
    ],
)
def test_every_assumption_moves_the_answer(parameter: str, value: object, label: str) -> None:
    book, name = shipped_book(), f"assess.lab.{parameter}"
    [dated] = book.parameter(name).values
    moved = book.with_values(name, [replace(dated, value=value)])  # type: ignore[arg-type]
    models = tuple(replace(one, confidence=label) for one in MODELS)
    snapshot, question = replace(SNAPSHOT, models=models), asked("4e24")
    before, after = (document(try_on_snapshot(snapshot, each, question)) for each in (book, moved))
    assert before["options"] != after["options"]


@pytest.mark.parametrize("language", Language)
def test_the_picture_holds_every_option_inside_its_frame(language: Language) -> None:
    found = tried(asked("5e24", "1e26", moving=(MOVING,)))
    root = checked(options_svg(found, language))
    drawn = texts(root)
    assert any(text.startswith("T1") and "> 5e24 FLOP" in text for text in drawn)
    assert any(MOVING in text for text in drawn)
    hints = [one.text for one in root.iter("{http://www.w3.org/2000/svg}title")]
    assert any("Alder 3: 3e26 FLOP, 2025-02-01" in (hint or "") for hint in hints)


def test_a_picture_without_models_is_drawn_all_the_same() -> None:
    empty = replace(SNAPSHOT, models=())
    found = tried(asked("1e25"), empty)
    checked(options_svg(found, Language.EN))
    assert "No model of the data set states its compute by then." in map(str, said(found))
