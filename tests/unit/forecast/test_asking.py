"""Forecasts as people ask for them: options by name, scenarios side by side, rows and sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from drawn_pictures import checked, texts
from forecast_world import TODAY, harbour_models
from moving_world import moving_book
from sluicegate.core.phrases import Language
from sluicegate.frontier.forecast.assumptions import ForecastError
from sluicegate.rules.comparators import Comparator
from sluicegate.rules.loading import shipped_book
from sluicegate.services.lab.forecast import ForecastQuestion, Forecasts, forecast_snapshot
from sluicegate.services.lab.forecast_options import MOST_OPTIONS, Tried
from sluicegate.services.lab.forecast_rows import (
    columns_of,
    document_of,
    level_text,
    rows_of,
    short_rows,
)
from sluicegate.services.lab.forecast_words import option_words
from sluicegate.wiring.forecast_pictures import forecast_svg

FEW = ("simulations=30",)
THREE = Tried(("1e25",), near=("1",), ranks=("5",))


def asked(tried: Tried = THREE, **changes: object) -> ForecastQuestion:
    return replace(ForecastQuestion(TODAY, tried, changes=FEW), **changes)  # type: ignore[arg-type]


def made(tried: Tried = THREE, **changes: object) -> Forecasts:
    return forecast_snapshot(harbour_models(), shipped_book(), asked(tried, **changes))


def test_options_are_named_as_they_were_asked_for() -> None:
    tried = Tried(("1e25", "1234567890123456789012345"), Comparator.AT_LEAST, ("0.5",), ("5",))
    options = [one.option for one in made(tried).scenarios[0].forecast.options]
    assert [one.id for one in options] == [
        *(">=1e25", ">=1234567890123456789012345", "near-0.5", "top-5"),
    ]
    assert [option_words(one).text() for one in options] == [
        *("1e25 FLOP or more", "1.23e24 FLOP or more"),
        *("within 0.5 orders of the largest", "among the 5 largest"),
    ]


def test_without_options_the_paper_s_own_are_forecast() -> None:
    options = [one.option.id for one in made(Tried()).scenarios[0].forecast.options]
    assert options == [
        *(">1e25", ">1e26", ">1e27", ">1e28", ">1e29", "near-0.5", "near-1", "near-1.5"),
    ]


def test_scenarios_stand_side_by_side_over_the_same_random_numbers() -> None:
    found = made(Tried(("1e25", "1e26")), scenarios=("baseline", "more_training"))
    base, more = (one.forecast.options for one in found.scenarios)
    for few, many in zip(base, more, strict=True):
        for a, b in zip(few.years, many.years, strict=True):
            assert all(x <= y for x, y in zip(a.cumulative, b.cumulative, strict=True))
    assert [row["scenario"] for row in rows_of(found)] == ["baseline"] * 14 + ["more_training"] * 14


def test_rows_and_the_document_say_the_same() -> None:
    later = harbour_models(date(2025, 12, 30))
    found = forecast_snapshot(harbour_models(), shipped_book(), asked(), later)
    document = document_of(found)
    rows = list(rows_of(found))
    assert columns_of(found) == list(rows[0])
    told = [
        (option["option"], year["year"], *year["new"].values(), year["recorded"])
        for option in document["scenarios"][0]["options"]
        for year in option["years"]
    ]
    assert [(a, b, c, d, e, None if f is None else f["new"]) for a, b, c, d, e, f in told] == [
        (
            *(row[name] for name in ("option", "year", "new_p5", "new_p50", "new_p95")),
            row["recorded"],
        )
        for row in rows
    ]
    assert document["percentiles"] == ["p5", "p50", "p95"]
    assert document["later"]["known_on"] == "2025-12-30"
    assert [row["recorded"] is not None for row in rows[:7]] == [True, True, *[False] * 5]
    assert len(list(short_rows(found))) == len(rows) == 21
    names = {one["name"] for one in document["scenarios"][0]["assumptions"]}
    assert {"growth_sd", "training_share_2024", "seed"} <= names


def test_one_quantile_alone_is_told() -> None:
    document = document_of(made(changes=(*FEW, "quantiles=0.5")))
    assert document["percentiles"] == ["p50"]
    assert document["scenarios"][0]["headlines"]


def test_sentences_and_titles_are_in_both_languages() -> None:
    english, chinese = (document_of(made(), one)["scenarios"][0] for one in Language)
    assert english["title"] != chinese["title"]
    for part in ("notes", "headlines"):
        assert len(english[part]) == len(chinese[part]) > 0
        assert all(a != b for a, b in zip(english[part], chinese[part], strict=True))
    assert "Years after 2028 are extrapolated here" in english["notes"][1]


def test_a_moving_rule_is_forecast_by_its_own_dates() -> None:
    book = moving_book()
    steps = "local.harbour_levels.planned"
    found = forecast_snapshot(harbour_models(), book, asked(Tried(moving=(steps,))))
    years = {one.year: one for one in found.scenarios[0].forecast.options[0].years}
    assert [level_text(years[year].level[1]) for year in (2024, 2025, 2026)] == [
        *("1e24", "1e24", "5e24"),
    ]
    assert option_words(found.scenarios[0].forecast.options[0].option).text(Language.ZH) != steps


@pytest.mark.parametrize(
    "rule", ["progress", "bounded", "third", "open", "few", "near", "highest", "lowest"]
)
def test_every_form_of_a_moving_rule_can_be_forecast(rule: str) -> None:
    name = f"local.harbour_levels.{rule}"
    found = forecast_snapshot(harbour_models(), moving_book(), asked(Tried(moving=(name,))))
    scenario = found.scenarios[0]
    years = scenario.forecast.options[0].years
    assert len(years) == 7
    held = [note for note in scenario.notes if "is held at its value" in note.text()]
    assert bool(held) == (rule in ("open", "few"))


def test_levels_in_courses_of_events_keep_their_bounds_and_their_choice() -> None:
    names = [f"local.harbour_levels.{one}" for one in ("planned", "progress", "bounded")]
    both = [f"local.harbour_levels.{one}" for one in ("highest", "lowest")]
    question = asked(Tried(moving=(*names, *both)))
    found = forecast_snapshot(harbour_models(), moving_book(), question)
    planned, progress, bounded, highest, lowest = (
        [year.level[1] for year in one.years] for one in found.scenarios[0].forecast.options
    )
    assert highest == [max(pair) for pair in zip(planned, progress, strict=True)]
    assert lowest == [min(pair) for pair in zip(highest, progress, strict=True)]
    assert progress == sorted(progress, reverse=True)
    assert min(bounded) > min(progress)


def test_a_rule_that_looks_back_over_a_window_is_refused() -> None:
    question = asked(Tried(moving=("local.harbour_levels.third_of_late",)))
    with pytest.raises(ForecastError, match="looks back over a window of time"):
        forecast_snapshot(harbour_models(), moving_book(), question)


@pytest.mark.parametrize("rule", sorted(shipped_book().moving))
def test_every_shipped_moving_threshold_can_be_forecast_or_says_why_not(rule: str) -> None:
    moving = shipped_book().moving[rule]
    if moving.unit != "FLOP":
        with pytest.raises(ForecastError, match="only a threshold of training compute"):
            made(Tried(moving=(rule,)))
        return
    found = made(Tried(moving=(rule,))).scenarios[0]
    assert found.forecast.options[0].years


@pytest.mark.parametrize(
    ("tried", "said"),
    [
        (Tried(("much",)), "threshold: much is no figure"),
        (Tried(("0",)), "a threshold of more than 0 FLOP"),
        (Tried(("1e25",), Comparator.LESS_THAN), "counts what is above a threshold"),
        (Tried(ranks=("0",)), "A rank of 0 cannot be forecast"),
        (Tried(ranks=("2.5",)), "A rank of 2.5 cannot be forecast"),
        (Tried(moving=("local.none",)), "There is no moving threshold local.none"),
        (Tried(tuple(f"{n}e25" for n in range(1, MOST_OPTIONS + 2))), "At most 16 options"),
    ],
)
def test_what_cannot_be_forecast_is_refused(tried: Tried, said: str) -> None:
    with pytest.raises(ForecastError) as refused:
        made(tried)
    assert said in str(refused.value)


def test_too_many_scenarios_are_refused() -> None:
    names = ("baseline", "free_2024", "gradient_low", "gradient_high", "more_training")
    with pytest.raises(ForecastError, match="At most 4 scenarios"):
        made(scenarios=names)


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("is_per_year", [False, True])
def test_the_picture_has_a_fan_for_each_option(language: Language, is_per_year: bool) -> None:
    later = harbour_models(date(2025, 12, 30))
    question = asked(Tried(("1e23", "1e26", "1e28", "9e29"), near=("1",)))
    found = forecast_snapshot(harbour_models(), shipped_book(), question, later)
    root = checked(forecast_svg(found, language, is_per_year=is_per_year))
    said = texts(root)
    names = [option_words(one.option).text(language) for one in found.scenarios[0].forecast.options]
    joined = "".join(said).replace(" ", "")
    assert [name for name in names if name.replace(" ", "") not in joined] == []
    assert [str(year) in said for year in (2024, 2030)] == [True, True]
    for one in found.scenarios[0].forecast.options:
        last = one.years[-1]
        assert str((last.new if is_per_year else last.cumulative)[1]) in said


def test_a_picture_of_scenarios_names_them() -> None:
    found = made(Tried(("1e25",)), scenarios=("baseline", "free_2024"))
    said = texts(checked(forecast_svg(found, Language.EN)))
    assert "(Nothing set for 2024)" in " ".join(said)
